//! What requests have in common: model constraints, placeholders, conditions, keys.
//!
//! AWS looks at a request in a fixed order, which decides what a user is told first: JSON types; constraints of
//! the model; parameters that exclude each other; attribute values; the item's size; expressions; then the table,
//! its key, the condition, and the update. An operation's `parse` calls these checks in that order up to the
//! expressions, its `run` does the rest.

use std::fmt::Display;
use std::sync::Arc;

use smol_str::SmolStr;

use super::attribute::AttributeValue;
use super::capacity::CapacityDetail;
use super::error::{Error, Failure};
use super::expression::condition::Condition;
use super::expression::path::DocumentPath;
use super::expression::projection::Projection;
use super::expression::scope::Scope;
use super::expression::update::Update;
use super::item::{AnyItem, GivenItem};
use super::json::{Json, Object};
use super::key::KeyValue;
use super::message::{self, BrokenConstraint, Message, NewerAlone};
use super::table::Table;
use super::wire::{self, Members, ValueReader};
use crate::spec::quota;

/// Broken constraints of the service's model, which AWS reports together.
#[derive(Default)]
pub(super) struct Constraints {
    // Apart, because the newer layer has another order in places.
    older: Vec<String>,
    newer: Vec<String>,
    /// What the newer layer tells in the place of all.
    newer_alone: Option<NewerAlone>,
    /// Whether a required member is missing.
    misses: bool,
}

/// Constraints reported at most.
const CONSTRAINTS_REPORTED_MAX: usize = 10;

impl Constraints {
    /// Notes that a value breaks a rule, worded to follow `Member must`.
    pub(super) fn note(&mut self, value: Option<&str>, path: &str, rule: &str) {
        self.note_broken(message::constraint(value, path, rule));
    }

    /// Notes a broken constraint for which both layers have the same words.
    pub(super) fn note_same(&mut self, text: String) {
        self.note_broken(BrokenConstraint { older: text.clone(), newer: text });
    }

    /// Notes a broken constraint.
    pub(super) fn note_broken(&mut self, broken: BrokenConstraint) {
        self.note_in_older(broken.older);
        self.note_in_newer(broken.newer);
    }

    /// Notes what comes here in the older layer; in the newer one it comes elsewhere.
    pub(super) fn note_in_older(&mut self, text: String) {
        push_bounded(&mut self.older, text);
    }

    /// Notes what comes here in the newer layer; in the older one it comes elsewhere.
    pub(super) fn note_in_newer(&mut self, text: String) {
        push_bounded(&mut self.newer, text);
    }

    /// Notes a broken constraint beside which the newer layer tells no others; the last such counts.
    pub(super) fn note_newer_alone(&mut self, broken: BrokenConstraint) {
        self.newer_alone = Some(NewerAlone::InEnvelope(broken.newer.clone()));
        self.note_broken(broken);
    }

    /// Notes the absence of a required member, whose path is made into text only then.
    pub(super) fn require(&mut self, present: bool, path: impl Display) {
        if !present {
            self.misses = true;
            self.note(None, &path.to_string(), "not be null");
        }
    }

    /// Finds the meaning of an enumerated value; the order of `options` is that of the text.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        value: Option<&str>,
        path: &str,
        options: &[(&str, T)],
    ) -> Option<T> {
        let value = value?;
        let found = options.iter().find(|(name, _)| *name == value).map(|(_, meaning)| *meaning);
        if found.is_none() {
            self.note(Some(value), path, &enumeration(options));
        }
        found
    }

    /// Notes a number below its minimum.
    pub(super) fn at_least(&mut self, value: Option<i64>, path: &str, minimum: i64) {
        if let Some(value) = value.filter(|value| *value < minimum) {
            self.note(
                Some(&value.to_string()),
                path,
                &format!("have value greater than or equal to {minimum}"),
            );
        }
    }

    /// Notes a number above its maximum.
    pub(super) fn at_most(&mut self, value: Option<i64>, path: &str, maximum: i64) {
        if let Some(value) = value.filter(|value| *value > maximum) {
            self.note(Some(&value.to_string()), path, &format!("have value less than or equal to {maximum}"));
        }
    }

    /// Notes a name that is too short or too long.
    pub(super) fn length(&mut self, name: &str, path: &str, length_min: usize) {
        if name.len() < length_min {
            self.note(Some(name), path, &format!("have length greater than or equal to {length_min}"));
        }
        if name.len() > 255 {
            self.note(Some(name), path, "have length less than or equal to 255");
        }
    }

    /// Notes a name with other characters than names have.
    pub(super) fn name_bytes(&mut self, name: &str, path: &str) {
        if !name.bytes().all(is_name_byte) {
            self.note(Some(name), path, "satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
        }
    }

    /// Notes what is wrong with a table's name; `length_min` is 3 where only a name is accepted, 1 where an ARN is too.
    pub(super) fn table_name(&mut self, name: Option<&str>, path: impl Display, length_min: usize) {
        match name {
            None => self.require(false, path),
            Some(name) if name.starts_with("arn:") && length_min == 1 => {}
            Some(name) if (3..256).contains(&name.len()) && name.bytes().all(is_name_byte) => {}
            Some(name) => {
                let path = path.to_string();
                self.length(name, &path, length_min);
                if !name.is_empty() {
                    self.name_bytes(name, &path);
                }
            }
        }
    }

    /// # Errors
    ///
    /// All broken constraints in one text.
    pub(super) fn finish(self) -> Result<(), Message> {
        if self.older.is_empty() {
            return Ok(());
        }
        // AWS: what is missing is noticed by the older layer, which then tells everything.
        Err(match self.misses {
            true => message::constraints(&self.older, &self.older, None),
            false => message::constraints(&self.older, &self.newer, self.newer_alone),
        })
    }
}

fn push_bounded(texts: &mut Vec<String>, text: String) {
    if texts.len() < CONSTRAINTS_REPORTED_MAX {
        texts.push(text);
    }
}

/// The rule of an enumeration.
pub(super) fn enumeration<T>(options: &[(&str, T)]) -> String {
    let names: Vec<&str> = options.iter().map(|(name, _)| *name).collect();
    format!("satisfy enum value set: [{}]", names.join(", "))
}

/// The table a request for data names, by name or ARN, once nothing else about the request is wrong.
///
/// # Errors
///
/// AWS reports a bad table name alone, before any other constraint; but in the older texts an empty one is the last of all
/// broken constraints.
pub(super) fn table_name(members: Members<'_>, mut constraints: Constraints) -> Result<SmolStr, Failure> {
    note_empty_table_name(members, &mut constraints)?;
    table_name_after_note(members, constraints)
}

/// Notes an empty table name among other broken constraints.
pub(super) fn note_empty_table_name(
    members: Members<'_>,
    constraints: &mut Constraints,
) -> Result<(), Error> {
    if members.string("TableName")? == Some("") {
        constraints.note_broken(message::empty_table_name());
    }
    Ok(())
}

/// As [`table_name`], where an empty name was noted before.
pub(super) fn table_name_after_note(
    members: Members<'_>,
    mut constraints: Constraints,
) -> Result<SmolStr, Failure> {
    let name = members.string("TableName")?;
    if name == Some("") {
        constraints.newer_alone = Some(NewerAlone::Counted(message::empty_table_name().newer));
    } else {
        check_table_name(name, "tableName", 1)?;
    }
    constraints.finish()?;
    Ok(name_of_arn(name.unwrap_or_default()))
}

/// The name in a table's ARN, or the name itself.
pub(super) fn name_of_arn(name: &str) -> SmolStr {
    let table = name.strip_prefix("arn:").and_then(|arn| arn.split_once(":table/")).map(|(_, table)| table);
    table.map_or(name, |table| table.split('/').next().unwrap_or(table)).into()
}

/// Checks a table name; `length_min` is 3 where only a name is accepted, 1 where an ARN is too.
pub(super) fn check_table_name(name: Option<&str>, path: &str, length_min: usize) -> Result<(), Message> {
    let mut constraints = Constraints::default();
    constraints.table_name(name, path, length_min);
    constraints.finish()
}

/// Checks a table name that is the key of a map, where an ARN may stand too.
pub(super) fn check_batch_table_name(name: &str) -> Result<(), Message> {
    if name.starts_with("arn:") { Ok(()) } else { check_table_name(Some(name), "requestItems", 3) }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}

/// The parameter ReturnConsumedCapacity.
pub(super) fn capacity_detail(
    members: Members<'_>,
    constraints: &mut Constraints,
) -> Result<CapacityDetail, Error> {
    let options = [
        ("INDEXES", CapacityDetail::Indexes),
        ("TOTAL", CapacityDetail::Total),
        ("NONE", CapacityDetail::None),
    ];
    let value = members.string("ReturnConsumedCapacity")?;
    Ok(constraints.one_of(value, "returnConsumedCapacity", &options).unwrap_or_default())
}

/// The parameter ReturnItemCollectionMetrics: whether metrics are wanted.
pub(super) fn collection_metrics(members: Members<'_>, constraints: &mut Constraints) -> Result<bool, Error> {
    let value = members.string("ReturnItemCollectionMetrics")?;
    let options = [("SIZE", true), ("NONE", false)];
    Ok(constraints.one_of(value, "returnItemCollectionMetrics", &options).unwrap_or_default())
}

/// The parameter ReturnValuesOnConditionCheckFailure: whether a failed condition shows the item. `path` is where its
/// structure stands in the request, with a dot at its end if it is not the top.
pub(super) fn item_on_failure(
    members: Members<'_>,
    path: impl Display,
    constraints: &mut Constraints,
) -> Result<bool, Error> {
    let value = members.string("ReturnValuesOnConditionCheckFailure")?;
    if value.is_none() {
        return Ok(false);
    }
    let path = format!("{path}returnValuesOnConditionCheckFailure");
    Ok(constraints.one_of(value, &path, &[("ALL_OLD", true), ("NONE", false)]).unwrap_or_default())
}

/// Attributes read from a request, with the first rule one of them breaks.
pub(super) struct Attributes {
    pub(super) item: GivenItem,
    problem: Option<Message>,
}

impl Attributes {
    /// Reads the attributes in a member of the request; `None` where there is no such member.
    pub(super) fn read(members: Members<'_>, name: &str) -> Result<Option<Attributes>, Error> {
        members.map(name)?.map(Attributes::of).transpose()
    }

    /// Reads attributes from an object.
    pub(super) fn of_value(value: Json<'_>) -> Result<Attributes, Error> {
        Attributes::of(wire::attribute_map(value)?)
    }

    /// Reads attributes by name.
    pub(super) fn of(object: Object<'_>) -> Result<Attributes, Error> {
        let mut reader = ValueReader::default();
        let item = reader.item(object)?;
        Ok(Attributes { item, problem: reader.into_problem() })
    }

    /// The attributes, once they are to be checked.
    pub(super) fn checked(self) -> Result<GivenItem, Message> {
        self.problem.map_or(Ok(self.item), Err)
    }
}

/// ExpressionAttributeNames and ExpressionAttributeValues as read, not yet checked.
pub(super) struct Placeholders<'r> {
    names: Option<Vec<(&'r str, &'r str)>>,
    values: Option<Vec<(&'r str, AttributeValue, Option<Message>)>>,
}

const NAMES: &str = "ExpressionAttributeNames";
const VALUES: &str = "ExpressionAttributeValues";

impl<'r> Placeholders<'r> {
    /// Reads the names alone, for operations that have no values.
    pub(super) fn read_names(members: Members<'r>) -> Result<Placeholders<'r>, Error> {
        Ok(Placeholders { names: members.texts(NAMES)?, values: None })
    }

    /// Reads names and values.
    pub(super) fn read(members: Members<'r>) -> Result<Placeholders<'r>, Error> {
        let Placeholders { names, .. } = Placeholders::read_names(members)?;
        let values = match members.map(VALUES)? {
            None => None,
            Some(values) => {
                let read = values.iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| {
                    let mut reader = ValueReader::default();
                    let value = reader.value(value)?;
                    Ok((key, value, reader.into_problem()))
                });
                Some(read.collect::<Result<_, Error>>()?)
            }
        };
        Ok(Placeholders { names, values })
    }

    /// Refuses placeholders without expressions: `(parameter, text)` for every expression the operation has.
    pub(super) fn need_expression(&self, expressions: &[(&str, Option<&str>)]) -> Result<(), Message> {
        if expressions.iter().any(|(_, text)| text.is_some()) {
            return Ok(());
        }
        if self.names.is_some() {
            return Err(message::placeholders_without_expression(NAMES, ""));
        }
        if self.values.is_some() {
            let names: Vec<&str> = expressions.iter().map(|(name, _)| *name).collect();
            let verb = if names.len() == 1 { "is" } else { "are" };
            let suffix = format!(": {} {verb} null", names.join(" and "));
            return Err(message::placeholders_without_expression(VALUES, &suffix));
        }
        Ok(())
    }

    /// Checks both maps and makes them usable.
    pub(super) fn into_scope(self) -> Result<Scope<'r>, Message> {
        let names = not_empty(self.names, NAMES)?;
        for (key, name) in &names {
            check_placeholder(NAMES, key, b'#')?;
            message::check_placeholder_name(key, name)?;
        }
        let values = not_empty(self.values, VALUES)?;
        for (key, _, problem) in &values {
            check_placeholder(VALUES, key, b':')?;
            if let Some(problem) = problem {
                return Err(message::in_expression_values(problem.clone(), key));
            }
        }
        Ok(Scope::new(names, values.into_iter().map(|(key, value, _)| (key, value))))
    }
}

/// The members of a map that may be left out but not be empty.
fn not_empty<T>(members: Option<Vec<T>>, map: &str) -> Result<Vec<T>, Message> {
    match members {
        Some(members) if members.is_empty() => Err(message::placeholders_empty(map)),
        members => Ok(members.unwrap_or_default()),
    }
}

fn check_placeholder(map: &str, key: &str, first: u8) -> Result<(), Message> {
    let word = key.as_bytes().strip_prefix(&[first]).unwrap_or_default();
    if word.is_empty() || !word.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
        return Err(message::placeholder_syntax(map, key));
    }
    if key.len() > quota::PLACEHOLDER_BYTES_MAX {
        return Err(message::placeholder_too_long(map, key.len()));
    }
    Ok(())
}

/// Parses the condition of a write, if it has one.
pub(super) fn condition(text: Option<&str>, scope: &mut Scope<'_>) -> Result<Option<Condition>, Failure> {
    let parse = |text| Condition::parse(text, scope);
    let condition = text.map(parse).transpose();
    condition.map_err(|problem| problem.into_violation("ConditionExpression").into())
}

/// Parses an update, if there is one.
pub(super) fn update(text: Option<&str>, scope: &mut Scope<'_>) -> Result<Option<Update>, Failure> {
    let update = text.map(|text| Update::parse(text, scope)).transpose();
    update.map_err(|problem| problem.into_violation("UpdateExpression").into())
}

/// Parses a projection, if there is one.
pub(super) fn projection(text: Option<&str>, scope: &mut Scope<'_>) -> Result<Option<Projection>, Failure> {
    let projection = text.map(|text| Projection::parse(text, scope)).transpose();
    projection.map_err(|problem| problem.into_violation("ProjectionExpression").into())
}

/// Refuses placeholders that no expression uses.
pub(super) fn all_used(scope: &Scope<'_>) -> Result<(), Message> {
    scope.unused().map_or(Ok(()), Err)
}

/// Refuses paths that lead into a key attribute, which has no inside.
pub(super) fn keys_are_scalar<'p>(
    table: &Table,
    paths: impl IntoIterator<Item = &'p DocumentPath>,
) -> Result<(), Message> {
    for path in paths.into_iter().filter(|path| !path.rest.is_empty()) {
        if table.key_schema().contains(&path.root) {
            return Err(message::key_must_be_scalar("Key", &path.root));
        }
        if table.indexes().any(|index| index.key_schema.contains(&path.root)) {
            return Err(message::key_must_be_scalar("IndexKey", &path.root));
        }
    }
    Ok(())
}

/// The same for the paths of a condition.
pub(super) fn condition_keys_are_scalar(table: &Table, condition: Option<&Condition>) -> Result<(), Message> {
    let mut paths = Vec::new();
    if let Some(condition) = condition {
        condition.each_path(&mut |path| {
            if !path.rest.is_empty() {
                paths.push(path);
            }
        });
    }
    keys_are_scalar(table, paths)
}

/// Why an index cannot take an attribute of an item.
pub(super) enum IndexKeyProblem {
    /// It has another type, or is longer than a key.
    Value(Message),
    Empty {
        index: Arc<str>,
        name: Arc<str>,
        kind: super::AttributeType,
    },
}

/// Checks the index keys of an item to be stored; `changed` limits the check to some attributes.
pub(super) fn index_keys(
    table: &Table,
    item: &impl AnyItem,
    changed: impl Fn(&str) -> bool,
) -> Result<(), IndexKeyProblem> {
    let keys = || {
        let keys =
            table.indexes().flat_map(|index| index.key_schema.attributes().map(move |key| (index, key)));
        keys.filter_map(|(index, key)| {
            Some((index, key, item.attribute(&key.name).filter(|_| changed(&key.name))?))
        })
    };
    for (index, key, value) in keys() {
        if value.kind() != key.kind {
            let message = message::index_key_type_mismatch(&key.name, key.kind, value.kind(), &index.name);
            return Err(IndexKeyProblem::Value(message));
        }
    }
    // Of the types that keys have, as is known now.
    let bytes = |value: &AttributeValue| KeyValue::new(value).map_or(0, |value| value.bytes());
    for (index, key, value) in keys() {
        if bytes(value) == 0 {
            let (index, name) = (Arc::clone(&index.name), Arc::clone(&key.name));
            return Err(IndexKeyProblem::Empty { index, name, kind: value.kind() });
        }
    }
    keys()
        .try_for_each(|(index, key, value)| index.key_schema.check_length(key, bytes(value)))
        .map_err(IndexKeyProblem::Value)
}
