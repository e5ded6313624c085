//! Consumed capacity: units of reads and writes, and how responses report them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use smol_str::SmolStr;

use super::attribute::AttributeValue;
use super::index::{IndexDefinition, IndexKind};
use super::item::Item;
use super::key::{self, KeyValues};
use super::table::Table;

/// How much a request wants to know about the capacity it consumed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum CapacityDetail {
    #[default]
    None,
    Total,
    Indexes,
}

/// How an operation uses capacity: transactions use that of tables twice and report it as reads or writes too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    TransactionalRead,
    TransactionalWrite,
}

/// Units consumed by one or more accesses to one table. In halves, since half a unit is the least.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Consumed {
    table_halves: u64,
    indexes: Vec<(String, IndexKind, u64)>,
}

impl Consumed {
    /// Reading `bytes` from a table.
    pub(super) fn read(bytes: usize, consistent: bool) -> Consumed {
        Consumed { table_halves: read_halves(bytes, consistent), indexes: Vec::new() }
    }

    /// Reading `bytes` from an index.
    pub(super) fn read_index(name: &str, kind: IndexKind, bytes: usize, consistent: bool) -> Consumed {
        Consumed { table_halves: 0, indexes: vec![(name.to_owned(), kind, read_halves(bytes, consistent))] }
    }

    /// Replacing one version of an item by another, in the table and its indexes.
    pub(super) fn write(table: &Table, old: Option<&Item>, new: Option<&Item>) -> Consumed {
        let size = |item: Option<&Item>| item.map_or(0, Item::size_bytes);
        let indexes = table.indexes().filter_map(|index| {
            let units = match (Entry::of(table, index, old), Entry::of(table, index, new)) {
                (None, None) => 0,
                (Some(entry), None) | (None, Some(entry)) => write_units(entry.bytes),
                (Some(old), Some(new)) if old.key != new.key => {
                    write_units(old.bytes) + write_units(new.bytes)
                }
                (Some(old), Some(new)) if old.attributes != new.attributes => {
                    write_units(old.bytes.max(new.bytes))
                }
                (Some(_), Some(_)) => 0,
            };
            (units > 0).then(|| (index.name.to_string(), index.kind, units * 2))
        });
        let bytes = u64::try_from(size(old).max(size(new))).unwrap_or(u64::MAX);
        Consumed { table_halves: write_units(bytes) * 2, indexes: indexes.collect() }
    }

    /// Adds what another access to the same table consumed.
    pub(super) fn add(&mut self, other: Consumed) {
        self.table_halves += other.table_halves;
        for (name, kind, halves) in other.indexes {
            match self.indexes.iter_mut().find(|(known, ..)| *known == name) {
                Some((_, _, sum)) => *sum += halves,
                None => self.indexes.push((name, kind, halves)),
            }
        }
    }

    /// The member `ConsumedCapacity` of a response, if the request wants it.
    pub(super) fn report(&self, table: &str, detail: CapacityDetail, kind: Kind) -> Option<Value> {
        if detail == CapacityDetail::None {
            return None;
        }
        // AWS: a transaction uses twice the capacity of the table, not of the indexes.
        let table_halves = if kind == Kind::Plain { self.table_halves } else { self.table_halves * 2 };
        let total = table_halves + self.indexes.iter().map(|(_, _, halves)| halves).sum::<u64>();
        let mut report = Map::new();
        report.insert("TableName".to_owned(), table.into());
        report.extend(units(total, kind));
        if detail == CapacityDetail::Indexes {
            report.insert("Table".to_owned(), Value::Object(units(table_halves, kind)));
            for (member, wanted) in
                [("LocalSecondaryIndexes", IndexKind::Local), ("GlobalSecondaryIndexes", IndexKind::Global)]
            {
                let indexes: Map<String, Value> = self
                    .indexes
                    .iter()
                    .filter(|(_, kind, _)| *kind == wanted)
                    .map(|(name, _, halves)| (name.clone(), Value::Object(units(*halves, kind))))
                    .collect();
                if !indexes.is_empty() {
                    report.insert(member.to_owned(), Value::Object(indexes));
                }
            }
        }
        Some(Value::Object(report))
    }
}

/// Units consumed by accesses to several tables.
#[derive(Debug, Default)]
pub(super) struct ConsumedByTable {
    tables: BTreeMap<SmolStr, Consumed>,
}

impl ConsumedByTable {
    /// Adds what an access to a table consumed.
    pub(super) fn add(&mut self, table: &str, consumed: Consumed) {
        self.tables.entry(SmolStr::new(table)).or_default().add(consumed);
    }

    /// The member `ConsumedCapacity` of a response, a list in the order of the tables' names, if the request wants it.
    pub(super) fn report(&self, detail: CapacityDetail, kind: Kind) -> Option<Value> {
        let reports = self.tables.iter().filter_map(|(table, consumed)| consumed.report(table, detail, kind));
        let reports: Vec<Value> = reports.collect();
        (!reports.is_empty()).then_some(Value::Array(reports))
    }
}

/// What an index holds of one item.
struct Entry<'i> {
    key: KeyValues,
    attributes: Vec<(&'i SmolStr, &'i AttributeValue)>,
    bytes: u64,
}

impl<'i> Entry<'i> {
    fn of(table: &Table, index: &IndexDefinition, item: Option<&'i Item>) -> Option<Entry<'i>> {
        let (item, table_key) = (item?, table.key_schema());
        Some(Entry {
            key: key::of_indexed(&index.key_schema, item)?,
            attributes: item.iter().filter(|(name, _)| index.projects(name, table_key)).collect(),
            bytes: index.projected_bytes(item, table_key),
        })
    }
}

fn units(halves: u64, kind: Kind) -> Map<String, Value> {
    let halves = u32::try_from(halves).unwrap_or(u32::MAX);
    let units = json!(f64::from(halves) / 2.0);
    let mut map = Map::new();
    map.insert("CapacityUnits".to_owned(), units.clone());
    match kind {
        Kind::Plain => None,
        Kind::TransactionalRead => map.insert("ReadCapacityUnits".to_owned(), units),
        Kind::TransactionalWrite => map.insert("WriteCapacityUnits".to_owned(), units),
    };
    map
}

fn read_halves(bytes: usize, consistent: bool) -> u64 {
    let pages = u64::try_from(bytes.div_ceil(4_096).max(1)).unwrap_or(u64::MAX / 4);
    if consistent { pages * 2 } else { pages }
}

fn write_units(bytes: u64) -> u64 {
    bytes.div_ceil(1_024).max(1)
}
