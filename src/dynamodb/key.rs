//! Keys: which attributes make up a key, extracting them from items, and their order.
//!
//! Knows nothing of expressions and requests.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::sync::Arc;

use super::attribute::{AttributeType, AttributeValue};
use super::hash::Hash;
use super::item::{AnyItem, Item};
use super::message::{self, Message};
use super::number::Number;
use super::text::KeyText;
use crate::spec::quota;

/// One attribute of a key: its name and type, which is S, N or B.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyAttribute {
    /// The attribute's name.
    pub name: Arc<str>,
    /// S, N or B.
    pub kind: AttributeType,
}

/// The part that an attribute plays in a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyRole {
    Partition,
    Sort,
}

impl KeyRole {
    pub(super) const ALL: [KeyRole; 2] = [KeyRole::Partition, KeyRole::Sort];

    /// What AWS's API calls it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            KeyRole::Partition => "HASH",
            KeyRole::Sort => "RANGE",
        }
    }
}

/// The key of a table or index: a partition key and perhaps a sort key.
///
/// Either may have further attributes in a global secondary index, and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySchema {
    /// The first attribute of the partition key, which AWS's API calls HASH.
    pub partition: KeyAttribute,
    /// The further attributes of the partition key.
    pub more_partition: Vec<KeyAttribute>,
    /// The first attribute of the sort key, which AWS's API calls RANGE.
    pub sort: Option<KeyAttribute>,
    /// The further attributes of the sort key.
    pub more_sort: Vec<KeyAttribute>,
}

impl KeySchema {
    /// The attributes of the key, in the order in which it sorts: the partition key first.
    pub fn attributes(&self) -> impl Iterator<Item = &KeyAttribute> {
        self.partition_attributes().chain(self.sort_attributes())
    }

    /// The attributes of the partition key.
    pub fn partition_attributes(&self) -> impl Iterator<Item = &KeyAttribute> {
        std::iter::once(&self.partition).chain(&self.more_partition)
    }

    /// The attributes of the sort key.
    pub fn sort_attributes(&self) -> impl Iterator<Item = &KeyAttribute> {
        self.sort.iter().chain(&self.more_sort)
    }

    /// The attributes, each with the part it plays.
    pub(super) fn elements(&self) -> impl Iterator<Item = (&KeyAttribute, KeyRole)> {
        let partition = self.partition_attributes().map(|attribute| (attribute, KeyRole::Partition));
        partition.chain(self.sort_attributes().map(|attribute| (attribute, KeyRole::Sort)))
    }

    /// Whether the partition key or the sort key has several attributes.
    pub fn is_multi_attribute(&self) -> bool {
        !(self.more_partition.is_empty() && self.more_sort.is_empty())
    }

    /// Refuses a value of so many bytes that is too long for its place in the key.
    pub(super) fn check_length(&self, attribute: &KeyAttribute, bytes: usize) -> Result<(), Message> {
        match bytes > self.bytes_max(attribute) {
            false => Ok(()),
            true if self.is_of_partition(attribute) => Err(message::partition_key_too_long()),
            true => Err(message::sort_key_too_long()),
        }
    }

    /// How long the value of one of the attributes may be.
    fn bytes_max(&self, attribute: &KeyAttribute) -> usize {
        match self.is_of_partition(attribute) {
            true => quota::PARTITION_KEY_BYTES_MAX,
            false => quota::SORT_KEY_BYTES_MAX,
        }
    }

    fn is_of_partition(&self, attribute: &KeyAttribute) -> bool {
        self.partition_attributes().any(|other| other == attribute)
    }

    /// Whether an attribute of that name belongs to the key.
    pub fn contains(&self, name: &str) -> bool {
        self.attributes().any(|attribute| &*attribute.name == name)
    }
}

/// The value of a key attribute. Values of one type are ordered as DynamoDB orders them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyValue {
    /// A string, ordered by its UTF-8 bytes.
    S(KeyText),
    /// A number, ordered by value.
    N(Number),
    /// Bytes, ordered as unsigned.
    B(triomphe::Arc<[u8]>),
}

impl KeyValue {
    /// The key value in an attribute value, if it has one of the three types keys may have.
    pub fn new(value: &AttributeValue) -> Option<KeyValue> {
        match value {
            AttributeValue::S(text) => Some(KeyValue::S(text.into())),
            AttributeValue::N(number) => Some(KeyValue::N(*number)),
            AttributeValue::B(bytes) => Some(KeyValue::B(bytes.clone())),
            _ => None,
        }
    }

    /// Bytes the value counts for in the limits of keys, which numbers never reach.
    pub(super) fn bytes(&self) -> usize {
        match self {
            KeyValue::S(text) => text.as_bytes().len(),
            KeyValue::B(bytes) => bytes.len(),
            KeyValue::N(_) => 1,
        }
    }

    /// The least value after all that begin with this one; `None` if there is none.
    pub(super) fn after_prefix(&self) -> Option<KeyValue> {
        match self {
            KeyValue::N(_) => None,
            KeyValue::B(bytes) => {
                let mut bytes = bytes.to_vec();
                while bytes.pop_if(|byte| *byte == u8::MAX).is_some() {}
                let last = bytes.last_mut()?;
                *last += 1;
                Some(KeyValue::B(bytes.into()))
            }
            KeyValue::S(text) => {
                // Code points order as their bytes do, so the next character is the next beginning.
                let text = text.to_text();
                let text = text.trim_end_matches(char::MAX);
                let last = text.chars().next_back()?;
                let next = (last..=char::MAX).nth(1)?;
                let start = text.get(..text.len() - last.len_utf8())?;
                Some(KeyValue::S(format!("{start}{next}").as_str().into()))
            }
        }
    }

    /// The hash of some values and this one.
    pub(super) fn hash(&self, before: Hash) -> Hash {
        match self {
            KeyValue::S(text) => before.with(text.as_bytes()),
            KeyValue::N(number) => before.with(number.to_string().as_bytes()),
            KeyValue::B(bytes) => before.with(bytes),
        }
    }

    /// Compares what few keys are: bytes, and values of two types.
    fn cmp_rest(&self, other: &KeyValue) -> Ordering {
        match (self, other) {
            (KeyValue::B(a), KeyValue::B(b)) => a.cmp(b),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            KeyValue::S(_) => 0,
            KeyValue::N(_) => 1,
            KeyValue::B(_) => 2,
        }
    }
}

impl From<KeyValue> for AttributeValue {
    fn from(value: KeyValue) -> AttributeValue {
        match value {
            KeyValue::S(text) => AttributeValue::S(text.to_text()),
            KeyValue::N(number) => AttributeValue::N(number),
            KeyValue::B(bytes) => AttributeValue::B(bytes),
        }
    }
}

impl Ord for KeyValue {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (KeyValue::S(a), KeyValue::S(b)) => a.cmp(b),
            (KeyValue::N(a), KeyValue::N(b)) => a.cmp(b),
            _ => self.cmp_rest(other),
        }
    }
}

impl PartialOrd for KeyValue {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The key of one item in a table, ordered by partition key, then sort key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrimaryKey {
    /// The value of the partition key.
    pub partition: KeyValue,
    /// The value of the sort key, in tables that have one.
    pub sort: Option<KeyValue>,
}

impl Ord for PrimaryKey {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.partition.cmp(&other.partition).then_with(|| match (&self.sort, &other.sort) {
            (Some(a), Some(b)) => a.cmp(b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        })
    }
}

impl PartialOrd for PrimaryKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PrimaryKey {
    /// The key's attributes, by name.
    pub(super) fn to_item(&self, schema: &KeySchema) -> Item {
        let partition = (Arc::clone(&schema.partition.name), self.partition.clone().into());
        let sort = schema.sort.as_ref().zip(self.sort.as_ref());
        std::iter::once(partition)
            .chain(sort.map(|(attribute, value)| (Arc::clone(&attribute.name), value.clone().into())))
            .collect()
    }
}

// ---------------------------------------------------------------------------------------------- order of places

/// A place in the order of keys: a key, or an edge before or after all keys that begin alike.
///
/// Maps are ordered by whole keys; queries ask for the keys that share a beginning, in either direction. Comparing
/// places part by part lets both be looked up in one map.
pub(super) trait Place {
    /// The part at an index; past the last one, [`Part::End`].
    fn part(&self, index: usize) -> Part<'_>;
}

/// A part of a place; the order of the variants is their order in a map.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part<'k> {
    /// Before every key that begins as the parts so far.
    Before,
    /// The key has no more parts.
    End,
    /// A sort key where there is none.
    Absent,
    /// The value of a key attribute.
    Value(&'k KeyValue),
    /// After every key that begins as the parts so far.
    After,
}

impl<'k> Part<'k> {
    pub(super) fn optional(value: Option<&'k KeyValue>) -> Part<'k> {
        value.map_or(Part::Absent, Part::Value)
    }
}

impl Place for PrimaryKey {
    fn part(&self, index: usize) -> Part<'_> {
        match index {
            0 => Part::Value(&self.partition),
            1 => Part::optional(self.sort.as_ref()),
            _ => Part::End,
        }
    }
}

/// The edge before or after all keys that begin with some values.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    /// The values of the first attributes of the key.
    pub(super) values: Vec<KeyValue>,
    pub(super) side: Side,
}

/// A side of the keys that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

impl Place for Edge {
    fn part(&self, index: usize) -> Part<'_> {
        match (self.values.get(index), self.side) {
            (Some(value), _) => Part::Value(value),
            (None, Side::Before) => Part::Before,
            (None, Side::After) => Part::After,
        }
    }
}

impl Ord for dyn Place + '_ {
    fn cmp(&self, other: &Self) -> Ordering {
        let mut index = 0;
        loop {
            let part = self.part(index);
            match part.cmp(&other.part(index)) {
                Ordering::Equal if matches!(part, Part::Value(_) | Part::Absent) => index += 1,
                order => return order,
            }
        }
    }
}

impl PartialOrd for dyn Place + '_ {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for dyn Place + '_ {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for dyn Place + '_ {}

impl<'k> Borrow<dyn Place + 'k> for PrimaryKey {
    fn borrow(&self) -> &(dyn Place + 'k) {
        self
    }
}

// --------------------------------------------------------------------------------------------------- extraction

/// The key of an item to be put into a table.
pub(super) fn of_item(schema: &KeySchema, item: &impl AnyItem) -> Result<PrimaryKey, Message> {
    let value = |attribute: &KeyAttribute| match item.attribute(&attribute.name) {
        None => Err(message::key_missing_in_item(&attribute.name)),
        Some(value) if value.kind() != attribute.kind => {
            Err(message::key_type_mismatch(&attribute.name, attribute.kind, value.kind()))
        }
        Some(value) => Ok(value),
    };
    let partition = value(&schema.partition)?;
    let sort = schema.sort.as_ref().map(value).transpose()?;
    checked(schema, partition, sort)
}

/// The key given as the `Key` of a request: exactly the key's attributes.
pub(super) fn of_request(schema: &KeySchema, key: &impl AnyItem) -> Result<PrimaryKey, Message> {
    let value = |attribute: &KeyAttribute| {
        let value = key.attribute(&attribute.name).filter(|value| value.kind() == attribute.kind);
        value.ok_or_else(message::key_does_not_match)
    };
    if key.count() != schema.attributes().count() {
        return Err(message::key_does_not_match());
    }
    let partition = value(&schema.partition)?;
    let sort = schema.sort.as_ref().map(value).transpose()?;
    checked(schema, partition, sort)
}

/// The values of an index's key, in the order of its attributes. Few keys have more than two.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KeyValues {
    pub(super) first: KeyValue,
    pub(super) second: Option<KeyValue>,
    rest: Box<[KeyValue]>,
}

impl KeyValues {
    /// How many parts of a place they are.
    pub(super) fn part_count(&self) -> usize {
        2 + self.rest.len()
    }

    /// One of the parts.
    pub(super) fn part(&self, index: usize) -> Part<'_> {
        match index {
            0 => Part::Value(&self.first),
            1 => Part::optional(self.second.as_ref()),
            _ => Part::optional(self.rest.get(index - 2)),
        }
    }
}

/// The key of an item that is in an index, whose attributes may be missing or no keys: then it is not.
pub(super) fn of_indexed(schema: &KeySchema, item: &Item) -> Option<KeyValues> {
    // What was there before the index was made may be no key: it stays out of the index.
    let mut values = schema.attributes().map(|attribute| {
        let value = value_of(attribute, item)?;
        (1..=schema.bytes_max(attribute)).contains(&value.bytes()).then_some(value)
    });
    let first = values.next()??;
    let second = match values.next() {
        Some(value) => Some(value?),
        None => None,
    };
    Some(KeyValues { first, second, rest: values.collect::<Option<_>>()? })
}

/// The value of a key attribute, if the item has one of the right type.
pub(super) fn value_of(attribute: &KeyAttribute, item: &Item) -> Option<KeyValue> {
    let value = item.get(&attribute.name)?;
    (value.kind() == attribute.kind).then(|| KeyValue::new(value)).flatten()
}

/// The key of values of the right types, once their sizes are those of keys.
fn checked(
    schema: &KeySchema,
    partition: &AttributeValue,
    sort: Option<&AttributeValue>,
) -> Result<PrimaryKey, Message> {
    let checked =
        |attribute: &KeyAttribute, value: &AttributeValue, max: usize, too_long: fn() -> Message| {
            let value = KeyValue::new(value).ok_or_else(message::key_does_not_match)?;
            match value.bytes() {
                0 => Err(message::key_empty(&attribute.name, attribute.kind)),
                bytes if bytes > max => Err(too_long()),
                _ => Ok(value),
            }
        };
    let too_long = message::partition_key_too_long;
    let partition = checked(&schema.partition, partition, quota::PARTITION_KEY_BYTES_MAX, too_long)?;
    let sort = match (&schema.sort, sort) {
        (Some(attribute), Some(value)) => {
            Some(checked(attribute, value, quota::SORT_KEY_BYTES_MAX, message::sort_key_too_long)?)
        }
        _ => None,
    };
    Ok(PrimaryKey { partition, sort })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_ordered_by_bytes() {
        let mut keys: Vec<KeyValue> = ["é", "z", "a", "\u{10000}", "\u{ffff}", "B"]
            .into_iter()
            .map(|text| KeyValue::S(text.into()))
            .collect();
        keys.sort();
        let expected = ["B", "a", "z", "é", "\u{ffff}", "\u{10000}"].map(|text| KeyValue::S(text.into()));
        assert_eq!(keys, expected);
    }

    #[test]
    fn after_a_prefix() {
        let text = |text: &str| KeyValue::S(text.into());
        assert_eq!(text("ab").after_prefix(), Some(text("ac")));
        assert_eq!(text("a\u{d7ff}").after_prefix(), Some(text("a\u{e000}")));
        assert_eq!(text("a\u{10ffff}").after_prefix(), Some(text("b")));
        assert_eq!(text("\u{10ffff}").after_prefix(), None);
        assert_eq!(text("").after_prefix(), None);
        let bytes = |bytes: &[u8]| KeyValue::B(bytes.into());
        assert_eq!(bytes(&[1, 255, 255]).after_prefix(), Some(bytes(&[2])));
        assert_eq!(bytes(&[255]).after_prefix(), None);
    }

    #[test]
    fn edges_enclose_the_keys_that_begin_alike() {
        let value = |text: &str| KeyValue::S(text.into());
        let key = |partition: &str, sort: Option<&str>| PrimaryKey {
            partition: value(partition),
            sort: sort.map(value),
        };
        let edge = |side, sort: Option<&str>| {
            let values = std::iter::once("p").chain(sort).map(value).collect();
            Edge { values, side }
        };
        let places: [Box<dyn Place>; 9] = [
            Box::new(key("o", Some("z"))),
            Box::new(edge(Side::Before, None)),
            Box::new(key("p", None)),
            Box::new(key("p", Some("a"))),
            Box::new(edge(Side::Before, Some("b"))),
            Box::new(key("p", Some("b"))),
            Box::new(edge(Side::After, Some("b"))),
            Box::new(key("p", Some("ba"))),
            Box::new(edge(Side::After, None)),
        ];
        assert!(places.iter().is_sorted_by(|a, b| (**a).cmp(&**b).is_lt()));
    }

    #[test]
    fn key_values_stay_small() {
        assert_eq!(std::mem::size_of::<KeyValue>(), 24);
    }
}
