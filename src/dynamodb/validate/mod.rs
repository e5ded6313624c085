//! What requests have in common: the table's name, model constraints, attributes, expressions and placeholders, keys.
//!
//! AWS looks at a request in a fixed order, which decides what a user is told first: JSON types; constraints of
//! the model; parameters that exclude each other; attribute values; the item's size; expressions; then the table,
//! its key, the condition, and the update. An operation's `parse` calls these checks in that order up to the
//! expressions, its `run` does the rest.

mod constraints;
mod placeholders;

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
use super::message::{self, Message, NewerAlone};
use super::table::Table;
use super::wire::{self, Members, ValueReader};

pub(super) use constraints::{Constraints, enumeration, index_name_rule};
pub(super) use placeholders::Placeholders;

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
        constraints.tell_newer_alone(NewerAlone::Counted(message::empty_table_name().newer));
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
