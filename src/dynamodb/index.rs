//! Secondary indexes: definitions, and the entries of each, kept beside a table's items.
//!
//! An entry shares the whole item with the table; what an index projects is decided when it is read. An item
//! without all the index's key attributes, or with one of another type, has no entry.

use std::borrow::Borrow;
use std::sync::Arc;

use super::item::Item;
use super::key::{self, KeySchema, KeyValues, Part, Place, PrimaryKey};
use super::sorted_map::SortedMap;

/// What a secondary index is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexDefinition {
    /// The index's name, unique within its table.
    pub name: Arc<str>,
    /// Global or local.
    pub kind: IndexKind,
    /// The index's key, which need not be unique.
    pub key_schema: KeySchema,
    /// Which attributes a read of the index returns.
    pub projection: IndexProjection,
    /// Capacity units for reads and writes, zero when the table is billed by request.
    pub throughput: Throughput,
}

/// The two kinds of secondary index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexKind {
    /// Any key; read with eventual consistency only.
    Global,
    /// The table's partition key with another sort key.
    Local,
}

/// Which attributes an index holds besides the keys of table and index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexProjection {
    /// Every attribute.
    All,
    /// None.
    KeysOnly,
    /// The named ones.
    Include(Vec<Arc<str>>),
}

/// Provisioned capacity units per second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Throughput {
    /// Units for reads.
    pub read_units: u64,
    /// Units for writes.
    pub write_units: u64,
}

/// Orders the entries of an index: by its key, then by the table's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct IndexKey {
    pub(super) values: KeyValues,
    pub(super) primary: PrimaryKey,
}

impl Place for IndexKey {
    fn part(&self, index: usize) -> Part<'_> {
        match index.checked_sub(self.values.part_count()) {
            None => self.values.part(index),
            Some(index) => self.primary.part(index),
        }
    }
}

impl<'k> Borrow<dyn Place + 'k> for IndexKey {
    fn borrow(&self) -> &(dyn Place + 'k) {
        self
    }
}

/// A secondary index with its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Index {
    pub(super) definition: Arc<IndexDefinition>,
    pub(super) entries: SortedMap<IndexKey, Item>,
    pub(super) bytes: u64,
}

impl Index {
    pub(super) fn new(definition: IndexDefinition) -> Index {
        Index { definition: Arc::new(definition), entries: SortedMap::new(), bytes: 0 }
    }

    /// Brings the index up to date with one item's change.
    pub(super) fn change(
        &mut self,
        primary: &PrimaryKey,
        old: Option<&Item>,
        new: Option<&Item>,
        table_key: &KeySchema,
    ) {
        let old_key = old.and_then(|item| self.key(primary, item));
        let new_key = new.and_then(|item| self.key(primary, item));
        if let (Some(key), Some(item)) = (&old_key, old) {
            self.bytes = self.bytes.saturating_sub(self.definition.projected_bytes(item, table_key));
            if Some(key) != new_key.as_ref() {
                self.entries.remove(key);
            }
        }
        if let (Some(key), Some(item)) = (new_key, new) {
            self.bytes += self.definition.projected_bytes(item, table_key);
            self.entries.insert(key, item.clone());
        }
    }

    fn key(&self, primary: &PrimaryKey, item: &Item) -> Option<IndexKey> {
        let values = key::of_indexed(&self.definition.key_schema, item)?;
        Some(IndexKey { values, primary: primary.clone() })
    }
}

impl IndexDefinition {
    /// Whether a read of the index has an attribute.
    pub fn projects(&self, name: &str, table_key: &KeySchema) -> bool {
        let included = match &self.projection {
            IndexProjection::All => true,
            IndexProjection::KeysOnly => false,
            IndexProjection::Include(names) => names.iter().any(|other| &**other == name),
        };
        included || self.key_schema.contains(name) || table_key.contains(name)
    }

    /// The part of an item that a read of the index has.
    pub(super) fn project(&self, item: &Item, table_key: &KeySchema) -> Item {
        if self.projection == IndexProjection::All {
            return item.clone();
        }
        let projected = item
            .iter()
            .filter(|(name, _)| self.projects(name, table_key))
            .map(|(name, value)| (name.clone(), value.clone()));
        projected.collect()
    }

    /// Bytes an item takes in the index.
    pub(super) fn projected_bytes(&self, item: &Item, table_key: &KeySchema) -> u64 {
        let attributes = item.iter().filter(|(name, _)| self.projects(name, table_key));
        let bytes: usize = attributes.map(|(name, value)| name.len() + value.size_bytes()).sum();
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}
