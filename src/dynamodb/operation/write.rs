//! Writing one item: what PutItem, UpdateItem and DeleteItem do, and batches, transactions and statements with them.

use serde_json::{Value, json};
use smol_str::SmolStr;

use crate::dynamodb::Database;
use crate::dynamodb::capacity::{CapacityDetail, Consumed, Kind};
use crate::dynamodb::error::{Error, Failure};
use crate::dynamodb::expression::condition::Condition;
use crate::dynamodb::expression::scope::Scope;
use crate::dynamodb::expression::update::Update;
use crate::dynamodb::index::IndexKind;
use crate::dynamodb::item::{GivenItem, Item};
use crate::dynamodb::key::{self, PrimaryKey};
use crate::dynamodb::message::{self, BrokenConstraint, Message};
use crate::dynamodb::response::Response;
use crate::dynamodb::table::Table;
use crate::dynamodb::validate::{self, Constraints, IndexKeyProblem};
use crate::dynamodb::wire::{self, Members};
use crate::spec::quota;

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
    pub(super) fn check(&self, table: &Table, old: Option<&Item>) -> Result<(), Failure> {
        validate::condition_keys_are_scalar(table, self.condition.as_ref())?;
        let holds = |condition: &Condition| match old {
            Some(item) => condition.holds(item),
            None => condition.holds(&Item::default()),
        };
        if self.condition.as_ref().is_none_or(holds) {
            return Ok(());
        }
        let item = old.filter(|_| self.item_on_failure).cloned();
        Err(Error::ConditionalCheckFailedException { item }.into())
    }
}

/// A change of one item, or only a look at it.
#[derive(Clone, Debug)]
pub(super) struct Write {
    pub(super) table: SmolStr,
    pub(super) change: Change,
    pub(super) guard: Guard,
}

/// What a write does with the item of a key.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Put(GivenItem),
    Update {
        key: GivenItem,
        update: Option<Update>,
    },
    Delete {
        key: GivenItem,
    },
    /// Nothing: only the condition counts.
    Check {
        key: GivenItem,
    },
}

/// What a write has done.
pub(super) struct Written {
    pub(super) old: Option<Item>,
    pub(super) new: Option<Item>,
    consumed: Option<Value>,
    collection: Option<Value>,
}

impl Write {
    /// The key the write is about, once it fits the table.
    pub(super) fn key(&self, table: &Table) -> Result<PrimaryKey, Message> {
        match &self.change {
            Change::Put(item) => {
                let key = key::of_item(table.key_schema(), item)?;
                validate::index_keys(table, item, |_| true).map_err(|problem| match problem {
                    IndexKeyProblem::Value(message) => message,
                    IndexKeyProblem::Empty { index, name, kind } => {
                        message::index_key_empty(&name, kind, &index)
                    }
                })?;
                Ok(key)
            }
            Change::Update { key, update } => {
                let key = key::of_request(table.key_schema(), key)?;
                check_paths(table, update.as_ref())?;
                Ok(key)
            }
            Change::Delete { key } | Change::Check { key } => key::of_request(table.key_schema(), key),
        }
    }

    /// The item as the write leaves it.
    pub(super) fn after(
        &self,
        table: &Table,
        key: &PrimaryKey,
        old: Option<&Item>,
    ) -> Result<Option<Item>, Message> {
        match &self.change {
            Change::Put(item) => Ok(Some(table.item_of(item))),
            Change::Update { update, .. } => updated(table, key, old, update.as_ref()),
            Change::Delete { .. } => Ok(None),
            Change::Check { .. } => Ok(old.cloned()),
        }
    }

    /// Carries the write out.
    pub(super) fn carry_out(&self, database: &mut Database, reports: Reports) -> Result<Written, Failure> {
        let table = database.existing(&self.table)?;
        let key = self.key(table)?;
        if let Change::Put(item) = &self.change
            && self.guard.condition.is_none()
            && reports.are_none()
        {
            // Nothing depends on the item that is replaced, so it need not be looked for first.
            let table = database.existing_mut(&self.table)?;
            let new = table.item_of(item);
            let old = table.put(key, new.clone());
            return Ok(Written { old, new: Some(new), consumed: None, collection: None });
        }
        let old = table.get(&key).cloned();
        self.guard.check(table, old.as_ref())?;
        let new = self.after(table, &key, old.as_ref())?;
        let consumed = reports.consumed(table, old.as_ref(), new.as_ref());
        let collection = reports.collection(table, &key);
        store(database, &self.table, key, old.is_some(), new.clone())?;
        Ok(Written { old, new, consumed, collection })
    }
}

impl Written {
    /// The report of consumed capacity alone.
    pub(super) fn into_consumed(self) -> Option<Value> {
        self.consumed
    }

    /// The response, with the attributes the request asked for.
    pub(super) fn respond(self, attributes: Option<Item>) -> Response {
        Response::default()
            .with_item("Attributes", attributes)
            .with_json("ConsumedCapacity", self.consumed)
            .with_json("ItemCollectionMetrics", self.collection)
    }
}

/// Puts the new item or removes the old one. A table that nothing happens to stays shared with its snapshots.
pub(super) fn store(
    database: &mut Database,
    table: &str,
    key: PrimaryKey,
    existed: bool,
    new: Option<Item>,
) -> Result<(), Error> {
    match new {
        Some(item) => {
            database.existing_mut(table)?.put(key, item);
        }
        None if existed => {
            database.existing_mut(table)?.remove(&key);
        }
        None => {}
    }
    Ok(())
}

/// Refuses an item above the limit.
pub(super) fn check_size(item: &GivenItem) -> Result<(), Message> {
    if item.size_bytes() > quota::ITEM_BYTES_MAX { Err(message::item_too_large()) } else { Ok(()) }
}

/// The key of an item to be put, once its size and its attributes fit the table.
pub(in crate::dynamodb) fn checked_key(table: &Table, item: &GivenItem) -> Result<PrimaryKey, Message> {
    check_size(item)?;
    let change = Change::Put(item.clone());
    Write { table: SmolStr::new(table.name()), change, guard: Guard::default() }.key(table)
}

/// Refuses an update of key attributes or of parts of scalars.
fn check_paths(table: &Table, update: Option<&Update>) -> Result<(), Message> {
    let Some(update) = update else { return Ok(()) };
    if let Some(path) = update.paths().find(|path| table.key_schema().contains(&path.root)) {
        return Err(message::cannot_update_key(&path.root));
    }
    validate::keys_are_scalar(table, update.paths())
}

/// The item after an update; `None` where there is no item before and none after.
fn updated(
    table: &Table,
    key: &PrimaryKey,
    old: Option<&Item>,
    update: Option<&Update>,
) -> Result<Option<Item>, Message> {
    let created;
    let before = match old {
        Some(item) => item,
        None => {
            created = key.to_item(table.key_schema());
            &created
        }
    };
    let Some(update) = update else { return Ok(Some(before.clone())) };
    let after = update.apply(before, old.is_some())?;
    if old.is_none() && !update.creates() {
        return Ok(None);
    }
    if after.nesting_levels() > quota::ATTRIBUTE_NESTING_MAX {
        return Err(message::updated_nesting_too_deep());
    }
    if after.size_bytes() > quota::ITEM_BYTES_MAX {
        return Err(message::updated_item_too_large());
    }
    let changed = |name: &str| before.get(name) != after.get(name);
    validate::index_keys(table, &after, changed).map_err(|problem| match problem {
        IndexKeyProblem::Value(message) => message,
        IndexKeyProblem::Empty { kind, .. } => message::updated_index_key_empty(kind),
    })?;
    Ok(Some(after))
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

    /// Whether nothing is to be reported.
    pub(super) fn are_none(&self) -> bool {
        self.capacity == CapacityDetail::None && !self.collections
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
}

/// The size of an item collection, which only tables with a local index have.
pub(super) fn collection_metrics(table: &Table, key: &PrimaryKey) -> Option<Value> {
    table.indexes().find(|index| index.kind == IndexKind::Local)?;
    let value = wire::value_to_json(&key.partition.clone().into());
    let mut collection = serde_json::Map::new();
    collection.insert(table.key_schema().partition.name.to_string(), value);
    Some(json!({"ItemCollectionKey": collection, "SizeEstimateRangeGB": [0.0, 1.0]}))
}

/// What PutItem and DeleteItem are to return and to report.
pub(super) fn returns(
    return_values: Option<&str>,
    members: Members<'_>,
    constraints: &mut Constraints,
) -> Result<(Option<ReturnValues>, Reports), Error> {
    // AWS: the newer layer tells a bad ReturnValues after what it is to report, as UpdateItem always does.
    let (return_values, newer) = match return_values.map(ReturnValues::read) {
        Some(Err(broken)) => {
            constraints.note_in_older(broken.older);
            (None, Some(broken.newer))
        }
        Some(Ok(meaning)) => (Some(meaning), None),
        None => (None, None),
    };
    let capacity = validate::capacity_detail(members, constraints)?;
    if let Some(newer) = newer {
        constraints.note_in_newer(newer);
    }
    let collections = validate::collection_metrics(members, constraints)?;
    Ok((return_values, Reports { capacity, collections }))
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

impl ReturnValues {
    /// # Errors
    ///
    /// The value is none of them.
    pub(super) fn read(value: &str) -> Result<ReturnValues, BrokenConstraint> {
        let found = RETURN_VALUES.iter().find(|(name, _)| *name == value).map(|(_, meaning)| *meaning);
        found.ok_or_else(|| message::return_values(value, &validate::enumeration(RETURN_VALUES)))
    }
}

/// The values of ReturnValues in the order of AWS's text.
const RETURN_VALUES: &[(&str, ReturnValues)] = &[
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

/// PutItem and DeleteItem return the old item or nothing.
pub(super) fn returns_old_or_nothing(value: Option<ReturnValues>) -> Result<bool, Message> {
    match value.unwrap_or_default() {
        ReturnValues::None => Ok(false),
        ReturnValues::AllOld => Ok(true),
        ReturnValues::AllNew | ReturnValues::UpdatedOld | ReturnValues::UpdatedNew => {
            Err(message::only_all_old_or_none())
        }
    }
}
