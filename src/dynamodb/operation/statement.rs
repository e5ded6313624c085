//! What the operations that take PartiQL share: reading statements, and turning them into reads and writes.

use std::ops::Bound;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

use super::read::{Read, Source};
use super::write::{self, Change, Guard, Write};
use crate::dynamodb::attribute::{AttributeValue, Item};
use crate::dynamodb::error::{Error, Failure};
use crate::dynamodb::expression::ast::Comparator;
use crate::dynamodb::expression::condition::{Condition, Operand};
use crate::dynamodb::expression::path::DocumentPath;
use crate::dynamodb::expression::projection::Projection;
use crate::dynamodb::expression::update::Update;
use crate::dynamodb::key::{Edge, KeySchema, KeyValue, Side};
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::partiql::{Returning, Select, Statement};
use crate::dynamodb::response::Response;
use crate::dynamodb::table::Table;
use crate::dynamodb::validate::{self, Constraints};
use crate::dynamodb::wire::{Members, ValueReader};
use crate::spec::quota;

/// A statement as read, its parameters not yet filled in.
pub(super) struct Parameters<'r> {
    text: Option<&'r str>,
    values: Option<Vec<AttributeValue>>,
    problem: Option<Message>,
    pub(super) item_on_failure: bool,
}

impl<'r> Parameters<'r> {
    /// Reads a statement; `path` is where it stands in the request, with a dot at its end if it is not the top.
    pub(super) fn read(
        members: Members<'r>,
        path: &str,
        constraints: &mut Constraints,
    ) -> Result<Parameters<'r>, Error> {
        let text = members.string("Statement")?;
        constraints.require(text.is_some(), &format!("{path}statement"));
        match text.map(|text| text.chars().count()) {
            Some(0) => {
                constraints.note(text, &format!("{path}statement"), "have length greater than or equal to 1");
            }
            Some(count) if count > quota::STATEMENT_CHARS_MAX => {
                let limit = quota::STATEMENT_CHARS_MAX;
                let rule = format!("have length less than or equal to {limit}");
                constraints.note(text, &format!("{path}statement"), &rule);
            }
            _ => {}
        }
        let mut reader = ValueReader::default();
        let values = members.list("Parameters")?;
        let values = values.map(|values| values.iter().map(|value| reader.value(value)).collect());
        let values: Option<Vec<AttributeValue>> = values.transpose()?;
        if values.as_ref().is_some_and(Vec::is_empty) {
            constraints.note(
                Some("[]"),
                &format!("{path}parameters"),
                "have length greater than or equal to 1",
            );
        }
        let item_on_failure = validate::item_on_failure(members, path, constraints)?;
        Ok(Parameters { text, values, problem: reader.into_problem(), item_on_failure })
    }

    /// Parses the statement.
    pub(super) fn statement(self) -> Result<Statement, Failure> {
        if let Some(problem) = self.problem {
            return Err(problem.into());
        }
        let statement = Statement::parse(self.text.unwrap_or_default(), &self.values.unwrap_or_default())?;
        validate::check_table_name(Some(statement.table()), "tableName", 3)?;
        Ok(statement)
    }
}

// ------------------------------------------------------------------------------------------------------- writes

/// A write with what it returns.
pub(super) struct StatementWrite {
    pub(super) write: Write,
    pub(super) returning: Returning,
    pub(super) is_insert: bool,
}

/// The write a statement asks for; `None` for SELECT.
///
/// Which attributes are keys decides what of a WHERE clause is the key and what a condition, so this needs the
/// table.
pub(super) fn write_of(
    statement: &Statement,
    table: &Table,
    item_on_failure: bool,
) -> Result<Option<StatementWrite>, Failure> {
    let schema = table.key_schema();
    let guard = |condition| Guard { condition: Some(condition), item_on_failure };
    let exists = || Condition::Exists(DocumentPath::attribute(Arc::clone(&schema.partition.name)));
    let (change, guard, returning) = match statement {
        Statement::Select(_) => return Ok(None),
        Statement::Insert { item, .. } => {
            write::check_size(item)?;
            let absent = Condition::NotExists(DocumentPath::attribute(Arc::clone(&schema.partition.name)));
            (Change::Put(Arc::new(item.clone())), guard(absent), Returning::Nothing)
        }
        Statement::Update { actions, condition, returning, .. } => {
            let (key, rest) = split_key(schema, condition)?;
            let update = Update::of_actions(actions.clone()).map_err(Failure::from)?;
            let condition = all(std::iter::once(exists()).chain(rest));
            (Change::Update { key, update: Some(update) }, guard(condition), *returning)
        }
        Statement::Delete { condition, returning, .. } => {
            let (key, rest) = split_key(schema, condition)?;
            let guard = match rest.is_empty() {
                true => Guard { condition: None, item_on_failure },
                false => guard(all(rest)),
            };
            (Change::Delete { key }, guard, *returning)
        }
        Statement::Exists(select) => {
            let condition = select.condition.as_ref().ok_or_else(message::where_without_keys)?;
            let (key, rest) = split_key(schema, condition)?;
            let condition = all(std::iter::once(exists()).chain(rest));
            (Change::Check { key }, guard(condition), Returning::Nothing)
        }
    };
    let write = Write { table: Arc::clone(table.name()), change, guard };
    Ok(Some(StatementWrite { write, returning, is_insert: matches!(statement, Statement::Insert { .. }) }))
}

impl StatementWrite {
    /// The item the statement returns.
    pub(super) fn returned(&self, old: Option<&Arc<Item>>, new: Option<&Arc<Item>>) -> Option<Arc<Item>> {
        let touched = |item: Option<&Arc<Item>>| {
            let Change::Update { update: Some(update), .. } = &self.write.change else { return None };
            let touched = update.touched(item?);
            (!touched.is_empty()).then(|| Arc::new(touched))
        };
        match self.returning {
            Returning::Nothing => None,
            Returning::AllOld => old.cloned(),
            Returning::AllNew => new.cloned(),
            Returning::ModifiedOld => touched(old),
            Returning::ModifiedNew => touched(new),
        }
    }
}

fn all(terms: impl IntoIterator<Item = Condition>) -> Condition {
    Condition::And(terms.into_iter().collect())
}

/// Splits a WHERE clause into the key of one item and what else must hold.
fn split_key(schema: &KeySchema, condition: &Condition) -> Result<(Arc<Item>, Vec<Condition>), Message> {
    let mut key = Item::new();
    let mut rest = Vec::new();
    for term in terms(condition) {
        match equality(term) {
            Some((name, value)) if schema.contains(name) && !key.contains(name) => {
                key.insert(Arc::clone(name), value.clone());
            }
            _ => rest.push(term.clone()),
        }
    }
    if key.len() != schema.attributes().count() {
        return Err(message::where_without_keys());
    }
    Ok((Arc::new(key), rest))
}

/// The terms that must all hold.
fn terms(condition: &Condition) -> Vec<&Condition> {
    match condition {
        Condition::And(inner) => inner.iter().flat_map(terms).collect(),
        other => vec![other],
    }
}

/// The attribute and value of a term `name = value`.
fn equality(term: &Condition) -> Option<(&Arc<str>, &AttributeValue)> {
    match term {
        Condition::Compare(Comparator::Equal, Operand::Path(path), Operand::Value(value))
        | Condition::Compare(Comparator::Equal, Operand::Value(value), Operand::Path(path))
            if path.rest.is_empty() =>
        {
            Some((&path.root, value))
        }
        _ => None,
    }
}

// -------------------------------------------------------------------------------------------------------- reads

/// The key of the one item a SELECT is about, as batches and transactions want it, with the rest of its condition.
pub(super) fn single_key(select: &Select, table: &Table) -> Result<(Arc<Item>, Option<Condition>), Message> {
    if select.index.is_some() {
        return Err(message::select_without_key());
    }
    let condition = select.condition.as_ref().ok_or_else(message::select_without_key)?;
    let (key, rest) = split_key(table.key_schema(), condition).map_err(|_| message::select_without_key())?;
    Ok((key, (!rest.is_empty()).then(|| all(rest))))
}

/// The projection of a SELECT.
pub(super) fn projection(select: &Select) -> Option<Projection> {
    select.paths.clone().map(Projection::columns)
}

/// Reads a page of what a SELECT asks for.
pub(super) fn page(read: &Read, select: &Select, table: &Table) -> Result<Response, Failure> {
    let source = read.source(table)?;
    let start = read.start(source)?;
    let partition = partition(select, source);
    let descending = descending(select, source, partition.is_some())?;
    let edges = partition.map(|partition| {
        let edge = |side| Edge { partition: partition.clone(), sort: None, side };
        (edge(Side::Before), edge(Side::After))
    });
    let (mut lower, mut upper) = match &edges {
        Some((lower, upper)) => (Bound::Included(lower as _), Bound::Excluded(upper as _)),
        None => (Bound::Unbounded, Bound::Unbounded),
    };
    if let Some(start) = &start {
        *(if descending { &mut upper } else { &mut lower }) = Bound::Excluded(&*start.place);
    }
    Ok(read.page(source, source.between(lower, upper, !descending)))
}

/// The partition that a SELECT is confined to, if its condition says so.
fn partition(select: &Select, source: Source<'_>) -> Option<KeyValue> {
    let attribute = &source.key_schema().partition;
    terms(select.condition.as_ref()?)
        .into_iter()
        .filter_map(equality)
        .find(|(name, value)| **name == attribute.name && value.kind() == attribute.kind)
        .and_then(|(_, value)| KeyValue::new(value))
}

fn descending(select: &Select, source: Source<'_>, in_partition: bool) -> Result<bool, Message> {
    let Some((name, descending)) = &select.order else { return Ok(false) };
    if !in_partition {
        return Err(message::order_without_partition());
    }
    if !source.key_schema().contains(name) {
        return Err(message::order_by_other_attribute(name));
    }
    Ok(*descending)
}

/// A page's token: its last key, so that nothing has to be remembered between two pages.
pub(super) fn next_token(last: &Value) -> String {
    BASE64.encode(last.to_string())
}

/// The key in a page's token.
pub(super) fn start_of_token(token: &str) -> Result<Arc<Item>, Failure> {
    let bytes = BASE64.decode(token).map_err(|_| message::next_token_invalid())?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|_| message::next_token_invalid())?;
    let attributes = validate::Attributes::of_value(&value).map_err(|_| message::next_token_invalid())?;
    Ok(attributes.checked().map_err(|_| message::next_token_invalid())?)
}
