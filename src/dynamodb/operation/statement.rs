//! What the operations that take PartiQL share: reading statements, and turning them into reads and writes.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use smol_str::SmolStr;

use super::key_plan::KeyPlan;
use super::read::Read;
use super::write::{self, Change, Guard, Write};
use crate::dynamodb::attribute::AttributeValue;
use crate::dynamodb::error::{Error, Failure};
use crate::dynamodb::expression::ast::Comparator;
use crate::dynamodb::expression::condition::{Condition, Operand};
use crate::dynamodb::expression::path::DocumentPath;
use crate::dynamodb::expression::projection::Projection;
use crate::dynamodb::hash::Hash;
use crate::dynamodb::item::{GivenItem, Item};
use crate::dynamodb::key::{KeyAttribute, KeySchema};
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::partiql::{Returning, Select, Statement};
use crate::dynamodb::response::Response;
use crate::dynamodb::table::Table;
use crate::dynamodb::validate::{self, Constraints};
use crate::dynamodb::wire::{self, Members, ValueReader};
use crate::spec::quota;

/// A statement as read, its parameters not yet filled in.
pub(super) struct Parameters<'r> {
    text: Option<&'r str>,
    values: Option<Vec<AttributeValue>>,
    problem: Option<Message>,
    pub(super) item_on_failure: bool,
}

/// A statement with its parameters filled in, or why it is none.
#[derive(Clone, Debug)]
pub(super) enum Parsed {
    Statement(Statement),
    /// A parameter breaks a rule of values, which comes before the statement is looked at.
    BadParameter(Failure),
    BadStatement(Failure),
}

impl Parsed {
    pub(super) fn into_result(self) -> Result<Statement, Failure> {
        match self {
            Parsed::Statement(statement) => Ok(statement),
            Parsed::BadParameter(failure) | Parsed::BadStatement(failure) => Err(failure),
        }
    }
}

impl<'r> Parameters<'r> {
    /// Reads a statement; `path` is where it stands in the request, with a dot at its end if it is not the top.
    pub(super) fn read(
        members: Members<'r>,
        path: &str,
        constraints: &mut Constraints,
    ) -> Result<Parameters<'r>, Error> {
        let text = members.string("Statement")?;
        constraints.require(text.is_some(), format!("{path}statement"));
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
        let mut reader = ValueReader::of_statement();
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

    /// What tells this statement with these parameters from others.
    pub(super) fn fingerprint(&self) -> String {
        let values: Value = self.values.iter().flatten().map(wire::value_to_json).collect();
        let text = self.text.unwrap_or_default();
        let hash = Hash::START.with(text.as_bytes()).with(b"\0").with(values.to_string().as_bytes());
        format!("{:016x}", hash.value())
    }

    /// Parses the statement.
    pub(super) fn parse(self) -> Parsed {
        if let Some(problem) = self.problem {
            return Parsed::BadParameter(problem.into());
        }
        let statement = Statement::parse(self.text.unwrap_or_default(), &self.values.unwrap_or_default());
        let checked = statement.and_then(|statement| {
            validate::check_table_name(Some(statement.table()), "tableName", 3)?;
            Ok(statement)
        });
        checked.map_or_else(Parsed::BadStatement, Parsed::Statement)
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
    let key = || DocumentPath::attribute(Arc::clone(&schema.partition.name));
    let (exists, absent) = (|| Condition::Exists(key()), || Condition::NotExists(key()));
    let (change, guard, returning) = match statement {
        Statement::Select(_) => return Ok(None),
        Statement::Insert { item, .. } => {
            let item = GivenItem::from(item.clone());
            write::check_size(&item)?;
            (Change::Put(item), guard(absent()), Returning::Nothing)
        }
        Statement::Update { update, condition, returning, .. } => {
            let (key, rest) = key_of_write(schema, condition)?;
            let condition = all(std::iter::once(exists()).chain(rest));
            (Change::Update { key, update: Some(update.clone()) }, guard(condition), *returning)
        }
        Statement::Delete { condition, returning, .. } => {
            let (key, rest) = key_of_write(schema, condition)?;
            let guard = match rest.is_empty() {
                true => Guard { condition: None, item_on_failure },
                // AWS: what is not there is deleted whatever else the clause says.
                false => guard(Condition::Or(vec![absent(), all(rest)])),
            };
            (Change::Delete { key }, guard, *returning)
        }
        Statement::Exists(select) => {
            let condition = select.condition.as_ref().ok_or_else(message::exists_without_condition)?;
            let (key, rest) = split_key(schema, condition).ok_or_else(message::exists_without_condition)?;
            if rest.is_empty() {
                return Err(message::exists_without_condition().into());
            }
            let condition = all(std::iter::once(exists()).chain(rest));
            (Change::Check { key }, guard(condition), Returning::Nothing)
        }
    };
    let write = Write { table: SmolStr::new(table.name()), change, guard };
    Ok(Some(StatementWrite { write, returning, is_insert: matches!(statement, Statement::Insert { .. }) }))
}

impl StatementWrite {
    /// The item the statement returns.
    pub(super) fn returned(&self, old: Option<&Item>, new: Option<&Item>) -> Option<Item> {
        let touched = |item: Option<&Item>| {
            let Change::Update { update: Some(update), .. } = &self.write.change else { return None };
            let touched = update.touched(item?);
            (!touched.is_empty()).then_some(touched)
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

/// The key of the one item that a write is about, and what else must hold.
fn key_of_write(schema: &KeySchema, condition: &Condition) -> Result<(GivenItem, Vec<Condition>), Message> {
    let (key, rest) = split_key(schema, condition).ok_or_else(message::where_without_keys)?;
    let other = rest.iter().filter_map(equality).find(|(name, _)| schema.contains(name));
    match other {
        Some((name, _)) => Err(message::where_with_several_keys(name)),
        None => Ok((key, rest)),
    }
}

/// Splits a WHERE clause into the key of one item and what else must hold, if it tells a whole key. What says the same
/// of the key again is left out.
fn split_key(schema: &KeySchema, condition: &Condition) -> Option<(GivenItem, Vec<Condition>)> {
    let mut key: BTreeMap<&SmolStr, &AttributeValue> = BTreeMap::new();
    let mut rest = Vec::new();
    for term in terms(condition) {
        match equality(term) {
            Some((name, value))
                if schema.contains(name) && key.get(name).is_none_or(|known| *known == value) =>
            {
                key.insert(name, value);
            }
            _ => rest.push(term.clone()),
        }
    }
    let is_whole = key.len() == schema.attributes().count();
    let key = key.into_iter().map(|(name, value)| (name.clone(), value.clone()));
    is_whole.then(|| (key.collect(), rest))
}

/// The terms that must all hold.
fn terms(condition: &Condition) -> Vec<&Condition> {
    match condition {
        Condition::And(inner) => inner.iter().flat_map(terms).collect(),
        other => vec![other],
    }
}

/// The attribute and value of a term `name = value`.
fn equality(term: &Condition) -> Option<(&SmolStr, &AttributeValue)> {
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

/// The key of the one item a SELECT is about, as batches and transactions want it: nothing else is in its clause.
pub(super) fn single_key(select: &Select, table: &Table, operation: &str) -> Result<GivenItem, Message> {
    check_source(select, table)?;
    let schema = table.key_schema();
    let refused = || message::select_without_key(operation);
    let condition = select.condition.as_ref().ok_or_else(refused)?;
    if select.index.is_some() {
        return Err(refused());
    }
    // A key value of another type is told in another way, as that of a key.
    let plan = KeyPlan::new(condition, schema);
    let of_type = message::key_type_in_statement;
    match plan {
        Err(message) if schema.attributes().all(|attribute| of_type(&attribute.name) != message) => {
            return Err(message);
        }
        _ => {}
    }
    match split_key(schema, &without_lists(condition)) {
        Some((key, rest)) if rest.is_empty() => Ok(key),
        _ => Err(refused()),
    }
}

/// Checks what AWS tells of a SELECT before it looks at the keys in it.
fn check_source(select: &Select, table: &Table) -> Result<(), Message> {
    let index = select.index.as_ref().and_then(|name| table.index(name));
    if index.is_some_and(|index| index.definition.key_schema.is_multi_attribute()) {
        return Err(message::multi_attribute_key_in_statement());
    }
    select.refused_column.clone().map_or(Ok(()), Err)
}

/// A clause in which a list of one value is that value.
fn without_lists(condition: &Condition) -> Condition {
    let terms = terms(condition).into_iter().map(|term| match term {
        Condition::In(operand, list) => match &**list {
            [only] => Condition::Compare(Comparator::Equal, operand.clone(), only.clone()),
            _ => term.clone(),
        },
        other => other.clone(),
    });
    all(terms)
}

/// The projection of a SELECT.
pub(super) fn projection(select: &Select) -> Option<Projection> {
    select.paths.clone().map(Projection::columns)
}

/// Reads a page of what a SELECT asks for.
pub(super) fn page(read: &Read, select: &Select, table: &Table) -> Result<Response, Failure> {
    check_source(select, table)?;
    let source = read.source(table)?;
    let start = read.start(source, message::starting_key_invalid)?;
    let plan = match &select.condition {
        Some(condition) => KeyPlan::new(condition, source.key_schema())?,
        None => None,
    };
    let order = Order::new(select, source.key_schema(), plan.as_ref())?;
    if let (Some(index), Some(plan)) = (source.index, &plan) {
        let definition = &index.definition;
        let missing = plan.unprojected(|name| definition.projects(name, table.key_schema()));
        if !missing.is_empty() {
            return Err(message::index_does_not_project_filter(&definition.name, &missing).into());
        }
    }
    let Some(plan) = plan else {
        return Ok(read.page(source, source.all(start.as_ref())));
    };
    let mut ranges = plan.into_ranges(order.partitions_descending, order.descending);
    if let Some(start) = &start {
        let first = ranges
            .iter()
            .position(|range| range.contains(&*start.place))
            .ok_or_else(message::next_token_invalid)?;
        ranges.drain(..first);
    }
    let mut after = start.as_ref();
    let items = ranges.into_iter().flat_map(|range| source.within(&range, after.take(), !order.descending));
    Ok(read.page(source, items))
}

/// The order in which a SELECT reads its ranges.
struct Order {
    partitions_descending: bool,
    /// Whether sort keys descend.
    descending: bool,
}

impl Order {
    fn new(select: &Select, schema: &KeySchema, plan: Option<&KeyPlan>) -> Result<Order, Message> {
        if select.order.is_empty() {
            return Ok(Order { partitions_descending: false, descending: false });
        }
        if select.condition.is_none() {
            return Err(message::order_without_where());
        }
        if let Some((name, _)) = select.order.iter().find(|(name, _)| !schema.contains(name)) {
            return Err(message::order_by_other_attribute(name));
        }
        let plan = plan.ok_or_else(message::order_without_partition)?;
        let descending = |wanted: &KeyAttribute| {
            select.order.iter().find(|(name, _)| *name == wanted.name).map(|(_, descending)| *descending)
        };
        let partitions = descending(&schema.partition);
        if partitions.is_none() && plan.has_several_partitions() {
            return Err(message::order_of_several_partitions());
        }
        // AWS: sort keys that are not ordered by descend where partition keys are.
        let sorts = schema.sort.as_ref().and_then(descending);
        Ok(Order { partitions_descending: partitions.unwrap_or_default(), descending: sorts.unwrap_or(true) })
    }
}

/// A page's token: its last key, so that nothing has to be remembered between two pages, and what it is a page of.
pub(super) fn next_token(last: &Value, fingerprint: &str) -> String {
    BASE64.encode(json!({"last": last, "of": fingerprint}).to_string())
}

/// The key in a page's token.
pub(super) fn start_of_token(token: &str, fingerprint: &str) -> Result<Item, Failure> {
    let invalid = message::next_token_invalid;
    let bytes = BASE64.decode(token).map_err(|_| invalid())?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|_| invalid())?;
    let last = value.get("last").ok_or_else(invalid)?;
    let attributes = validate::Attributes::of_value(last.into()).map_err(|_| invalid())?;
    if value.get("of").and_then(Value::as_str) != Some(fingerprint) {
        return Err(message::next_token_of_other_request().into());
    }
    Ok(attributes.checked().map_err(|_| invalid())?.into())
}
