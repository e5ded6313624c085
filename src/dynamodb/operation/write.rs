//! What the operations that write one item share: the condition and the reports in the response.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::dynamodb::attribute::Item;
use crate::dynamodb::capacity::{CapacityDetail, Consumed, Kind};
use crate::dynamodb::error::{Error, Failure};
use crate::dynamodb::expression::condition::Condition;
use crate::dynamodb::expression::scope::Scope;
use crate::dynamodb::index::IndexKind;
use crate::dynamodb::key::PrimaryKey;
use crate::dynamodb::response::Response;
use crate::dynamodb::table::Table;
use crate::dynamodb::validate::{self, Constraints};
use crate::dynamodb::wire::{self, Members};

/// A condition and whether its failure shows the item.
#[derive(Clone, Debug, Default)]
pub(super) struct Guard {
    pub(super) condition: Option<Condition>,
    pub(super) item_on_failure: bool,
}

impl Guard {
    /// Evaluates the condition.
    ///
    /// # Errors
    ///
    /// `ConditionalCheckFailedException`, or a violation by a path the table's keys do not allow.
    pub(super) fn check(&self, table: &Table, old: Option<&Arc<Item>>) -> Result<(), Failure> {
        validate::condition_keys_are_scalar(table, self.condition.as_ref())?;
        let nothing = Item::new();
        let item = old.map_or(&nothing, |item| &**item);
        if self.condition.as_ref().is_none_or(|condition| condition.holds(item)) {
            return Ok(());
        }
        let item = old.filter(|_| self.item_on_failure).map(Arc::clone);
        Err(Error::ConditionalCheckFailedException { item }.into())
    }
}

/// What the response of a write reports besides attributes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reports {
    pub(super) capacity: CapacityDetail,
    pub(super) collections: bool,
}

impl Reports {
    pub(super) fn read(members: Members<'_>, constraints: &mut Constraints) -> Result<Reports, Error> {
        Ok(Reports {
            capacity: validate::capacity_detail(members, constraints)?,
            collections: validate::collection_metrics(members, constraints)?,
        })
    }

    /// What replacing one version of an item by another consumes, computed only if it is wanted.
    pub(super) fn consumed(&self, table: &Table, old: Option<&Item>, new: Option<&Item>) -> Option<Value> {
        if self.capacity == CapacityDetail::None {
            return None;
        }
        Consumed::write(table, old, new).report(table.name(), self.capacity, Kind::Plain)
    }

    pub(super) fn collection(&self, table: &Table, key: &PrimaryKey) -> Option<Value> {
        if self.collections { collection_metrics(table, key) } else { None }
    }

    /// Adds the reports to a response.
    pub(super) fn add_to(response: Response, consumed: Option<Value>, collection: Option<Value>) -> Response {
        response.with_json("ConsumedCapacity", consumed).with_json("ItemCollectionMetrics", collection)
    }
}

/// The size of an item collection, which only tables with a local index have.
pub(super) fn collection_metrics(table: &Table, key: &PrimaryKey) -> Option<Value> {
    table.indexes().find(|index| index.kind == IndexKind::Local)?;
    let value = wire::value_to_json(&key.partition.clone().into());
    let mut collection = serde_json::Map::new();
    collection.insert(table.key_schema().partition.name.to_string(), value);
    Some(json!({"ItemCollectionKey": collection, "SizeEstimateRangeGB": [0.0, 1.0]}))
}

/// ReturnValues of PutItem and DeleteItem: whether the old item is wanted.
pub(super) fn returns_old(value: Option<&str>, constraints: &mut Constraints) -> Option<ReturnValues> {
    constraints.one_of(value, "returnValues", RETURN_VALUES)
}

/// The parameter ReturnValues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ReturnValues {
    #[default]
    None,
    AllOld,
    AllNew,
    UpdatedOld,
    UpdatedNew,
}

/// The values of ReturnValues in the order of AWS's text.
pub(super) const RETURN_VALUES: &[(&str, ReturnValues)] = &[
    ("ALL_NEW", ReturnValues::AllNew),
    ("UPDATED_OLD", ReturnValues::UpdatedOld),
    ("ALL_OLD", ReturnValues::AllOld),
    ("NONE", ReturnValues::None),
    ("UPDATED_NEW", ReturnValues::UpdatedNew),
];

/// Parses the condition of a write and refuses placeholders that are left over. `expected` is the condition that
/// the older parameters give; a request has only one of the two.
pub(super) fn last_condition(
    text: Option<&str>,
    expected: Option<Condition>,
    item_on_failure: bool,
    scope: &mut Scope<'_>,
) -> Result<Guard, Failure> {
    let condition = validate::condition(text, scope)?.or(expected);
    validate::all_used(scope)?;
    Ok(Guard { condition, item_on_failure })
}
