//! Tables: a definition, the items in the order of their keys, and the indexes kept up to date with them.
//!
//! This is the only module that changes items. A clone shares everything with its original and costs as much as
//! a few reference counts.

use std::sync::Arc;

use imbl::OrdMap;
use serde_json::Value;

use super::index::{Index, IndexDefinition, Throughput};
use super::item::{GivenItem, Item};
use super::key::{KeyAttribute, KeySchema, PrimaryKey};
use super::names::KnownNames;
use super::sorted_map::SortedMap;

/// What a table is, apart from its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The table's name.
    pub name: Arc<str>,
    /// The attributes that keys of table and indexes use, in the order of the request.
    pub attributes: Vec<KeyAttribute>,
    /// The table's key.
    pub key_schema: KeySchema,
    /// Whether capacity is provisioned or paid by request.
    pub billing: Billing,
    /// When the table was created, in milliseconds since 1970.
    pub created_millis: u64,
    /// Whether DeleteTable is refused.
    pub deletion_protection: bool,
    /// The storage class, where one was asked for.
    pub table_class: Option<TableClass>,
    /// When UpdateTable changed the storage class, in milliseconds since 1970.
    pub table_class_millis: Option<u64>,
    /// The stream's view type, while a stream is enabled. Nothing is ever written to it.
    pub stream_view: Option<String>,
    /// The key the table is encrypted with, as it was named, where it is another than DynamoDB's own.
    pub encryption_key: Option<Arc<str>>,
    /// The bounds of what is read and written on demand, where there are such.
    pub on_demand: Option<OnDemand>,
    /// The attribute that holds the time to live, while it is enabled. Nothing expires by itself.
    pub ttl_attribute: Option<Arc<str>>,
    /// Tags by key.
    pub tags: OrdMap<Arc<str>, Arc<str>>,
}

/// What storage costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableClass {
    /// The one without being asked for.
    #[default]
    Standard,
    /// For data that is hardly read.
    InfrequentAccess,
}

impl TableClass {
    pub(super) const ALL: [TableClass; 2] = [TableClass::Standard, TableClass::InfrequentAccess];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            TableClass::Standard => "STANDARD",
            TableClass::InfrequentAccess => "STANDARD_INFREQUENT_ACCESS",
        }
    }
}

/// How capacity is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Billing {
    /// By request.
    PayPerRequest,
    /// A number of units per second.
    Provisioned(Throughput),
}

/// How many units a second may be read and written on demand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnDemand {
    /// Read request units, -1 for any number.
    pub read_units_max: Option<i64>,
    /// Write request units, -1 for any number.
    pub write_units_max: Option<i64>,
}

/// A table with its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    // Shared, so that copying a table before its first change does not copy its definition.
    definition: Arc<Definition>,
    // One ordered map instead of a map of partitions: a query is a range of it, a scan all of it.
    items: SortedMap<PrimaryKey, Item>,
    indexes: Vec<Index>,
    bytes: u64,
    /// What the items share.
    names: KnownNames,
}

impl Table {
    /// An empty table.
    pub(super) fn new(definition: Definition, indexes: Vec<IndexDefinition>) -> Table {
        Table {
            definition: Arc::new(definition),
            items: SortedMap::new(),
            indexes: indexes.into_iter().map(Index::new).collect(),
            bytes: 0,
            names: KnownNames::default(),
        }
    }

    /// What the table is.
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The table's name.
    pub fn name(&self) -> &Arc<str> {
        &self.definition.name
    }

    /// The table's key.
    pub fn key_schema(&self) -> &KeySchema {
        &self.definition.key_schema
    }

    /// The items in the order of their partition keys, within one in the order of their sort keys.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = (&PrimaryKey, &Item)> {
        self.items.iter()
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether the table has no items.
    pub fn is_empty(&self) -> bool {
        self.items.len() == 0
    }

    /// Bytes of all items.
    pub fn size_bytes(&self) -> u64 {
        self.bytes
    }

    /// The item of a key.
    pub fn get(&self, key: &PrimaryKey) -> Option<&Item> {
        self.items.get(key)
    }

    /// The definitions of the secondary indexes, in the order of their creation.
    pub fn indexes(&self) -> impl Iterator<Item = &IndexDefinition> {
        self.indexes.iter().map(|index| &*index.definition)
    }

    /// The items, for comparing two versions of a table.
    pub(super) fn item_map(&self) -> &SortedMap<PrimaryKey, Item> {
        &self.items
    }

    /// An index with its entries.
    pub(super) fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| &*index.definition.name == name)
    }

    /// The indexes with their entries.
    pub(super) fn index_entries(&self) -> &[Index] {
        &self.indexes
    }

    /// An item as this table keeps it.
    pub(super) fn item_of(&self, given: &GivenItem) -> Item {
        given.to_item(&self.names)
    }

    /// Puts an item whose key is `key` and returns the one it replaces.
    pub(super) fn put(&mut self, key: PrimaryKey, item: Item) -> Option<Item> {
        let item = item.with_shared_names(&mut self.names);
        if !self.indexes.is_empty() {
            let old = self.items.get(&key);
            for index in &mut self.indexes {
                index.change(&key, old, Some(&item), &self.definition.key_schema);
            }
        }
        self.bytes += bytes_of(&item);
        let old = self.items.insert(key, item);
        self.bytes = self.bytes.saturating_sub(old.as_ref().map_or(0, bytes_of));
        old
    }

    /// Removes an item and returns it.
    pub(super) fn remove(&mut self, key: &PrimaryKey) -> Option<Item> {
        let old = self.items.remove(key)?;
        self.bytes = self.bytes.saturating_sub(bytes_of(&old));
        for index in &mut self.indexes {
            index.change(key, Some(&old), None, &self.definition.key_schema);
        }
        Some(old)
    }

    /// The definition, to be changed.
    pub(super) fn definition_mut(&mut self) -> &mut Definition {
        Arc::make_mut(&mut self.definition)
    }

    /// Adds an index and fills it from the items there are.
    pub(super) fn add_index(&mut self, definition: IndexDefinition) {
        let mut index = Index::new(definition);
        for (key, item) in self.items.iter() {
            index.change(key, None, Some(item), &self.definition.key_schema);
        }
        self.indexes.push(index);
    }

    /// Drops an index; says whether there was one of that name.
    pub(super) fn drop_index(&mut self, name: &str) -> bool {
        let count = self.indexes.len();
        self.indexes.retain(|index| &*index.definition.name != name);
        self.indexes.len() < count
    }

    /// Changes the provisioned capacity of an index; says whether there is one of that name.
    pub(super) fn set_index_throughput(&mut self, name: &str, throughput: Throughput) -> bool {
        let index = self.indexes.iter_mut().find(|index| &*index.definition.name == name);
        index.map(|index| Arc::make_mut(&mut index.definition).throughput = throughput).is_some()
    }

    /// The items in attribute-value JSON, in the order of their keys.
    pub fn items_to_json(&self) -> Value {
        self.items.iter().map(|(_, item)| super::wire::item_to_json(item)).collect()
    }
}

fn bytes_of(item: &Item) -> u64 {
    u64::try_from(item.size_bytes()).unwrap_or(u64::MAX)
}
