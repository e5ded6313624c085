//! Ranges of keys, and the one that a query reads once its key condition meets the key of a table or index.

use std::sync::Arc;

use crate::dynamodb::attribute::AttributeValue;
use crate::dynamodb::expression::key_condition::{KeyCondition, KeyTest};
use crate::dynamodb::item::Item;
use crate::dynamodb::key::{self, Edge, KeyAttribute, KeySchema, KeyValue, Place, Side};
use crate::dynamodb::message::{self, Message};

/// Keys that follow one another.
pub(super) struct KeyRange {
    /// Before the first.
    pub(super) lower: Edge,
    /// After the last.
    pub(super) upper: Edge,
}

impl KeyRange {
    /// The keys that begin with some values and whose next value a test lets through.
    pub(super) fn new(prefix: &[KeyValue], test: Option<&KeyTest>) -> KeyRange {
        let edge = |value: Option<KeyValue>, side| Edge {
            values: prefix.iter().cloned().chain(value).collect(),
            side,
        };
        let of = |value: &AttributeValue, side| edge(KeyValue::new(value), side);
        let (before, after) = (|| edge(None, Side::Before), || edge(None, Side::After));
        let (lower, upper) = match test {
            None => (before(), after()),
            Some(KeyTest::Equal(value)) => (of(value, Side::Before), of(value, Side::After)),
            Some(KeyTest::Less(value)) => (before(), of(value, Side::Before)),
            Some(KeyTest::LessOrEqual(value)) => (before(), of(value, Side::After)),
            Some(KeyTest::Greater(value)) => (of(value, Side::After), after()),
            Some(KeyTest::GreaterOrEqual(value)) => (of(value, Side::Before), after()),
            Some(KeyTest::Between(lower, upper)) => (of(lower, Side::Before), of(upper, Side::After)),
            Some(KeyTest::BeginsWith(value)) => {
                // Without a value after the prefix, everything to the end begins with it.
                let upper = KeyValue::new(value).and_then(|value| value.after_prefix());
                let upper = upper.map_or_else(after, |value| edge(Some(value), Side::Before));
                (of(value, Side::Before), upper)
            }
        };
        KeyRange { lower, upper }
    }

    /// Whether a place lies between the edges.
    pub(super) fn contains(&self, place: &(dyn Place + 'static)) -> bool {
        place > (&self.lower as &dyn Place) && place < (&self.upper as &dyn Place)
    }
}

/// A key condition that fits what it is for: one partition, and which sort keys in it.
pub(super) struct QueriedKeys<'q> {
    /// The values of the partition key, then those of the attributes of the sort key before the tested one.
    prefix: Vec<KeyValue>,
    /// The test of the last attribute of the sort key that the condition names.
    test: Option<&'q KeyTest>,
}

impl<'q> QueriedKeys<'q> {
    /// # Errors
    ///
    /// The condition names other attributes than the key has, leaves out one that it needs, compares one in a way that
    /// gives no range, or with what no key is.
    pub(super) fn new(condition: &'q KeyCondition, schema: &KeySchema) -> Result<QueriedKeys<'q>, Message> {
        let (conditions, keys) = (condition.terms.len(), schema.attributes().count());
        if conditions > keys.max(2) {
            return Err(message::more_conditions_than_keys(conditions, keys));
        }
        let find = |attribute: &KeyAttribute| {
            condition.terms.iter().find(|term| *term.name == *attribute.name).map(|term| &term.test)
        };
        if schema.is_multi_attribute() {
            check_multi_attribute(schema, find)?;
        } else if !matches!(find(&schema.partition), Some(KeyTest::Equal(_))) {
            return Err(match find(&schema.partition) {
                Some(_) => message::key_condition_not_supported(),
                None => message::key_condition_missing(&schema.partition.name),
            });
        }
        if schema.attributes().filter(|attribute| find(attribute).is_some()).count() < conditions {
            return Err(match schema.attributes().find(|attribute| find(attribute).is_none()) {
                Some(expected) => message::key_condition_missing(&expected.name),
                None => message::key_condition_not_supported(),
            });
        }
        let mut prefix = Vec::new();
        for attribute in schema.partition_attributes() {
            let Some(test) = find(attribute) else { continue };
            check_values(schema, attribute, test)?;
            prefix.extend(test.values().next().and_then(KeyValue::new));
        }
        let mut last = None;
        for attribute in schema.sort_attributes() {
            let Some(test) = find(attribute) else { break };
            check_values(schema, attribute, test)?;
            // The one before is not the last, so it is an equality.
            prefix.extend(last.replace(test).and_then(|test| test.values().next()).and_then(KeyValue::new));
        }
        Ok(QueriedKeys { prefix, test: last })
    }

    /// Where the keys lie in the order of all.
    pub(super) fn range(&self) -> KeyRange {
        KeyRange::new(&self.prefix, self.test)
    }

    /// The place to start after must lie within the range.
    pub(super) fn check_start(&self, schema: &KeySchema, start: &Item) -> Result<(), Message> {
        let partition = schema.partition_attributes().count();
        let value = |attribute: &KeyAttribute| key::value_of(attribute, start);
        if self.test.is_some() {
            let conditions = self.prefix.len() + 1 - partition;
            let sort = schema.sort_attributes().take(conditions).filter_map(value);
            let values = self.prefix.iter().take(partition).cloned().chain(sort).collect();
            let place = Edge { values, side: Side::Before };
            let KeyRange { lower, upper } = self.range();
            let place: &dyn Place = &place;
            // An edge before a key lies on the lower bound when the key is the first of the range.
            if place < (&lower as &dyn Place) || place >= (&upper as &dyn Place) {
                return Err(message::starting_key_outside_range());
            }
        }
        let is_in_partition = schema
            .partition_attributes()
            .zip(&self.prefix)
            .all(|(attribute, wanted)| value(attribute).as_ref() == Some(wanted));
        if is_in_partition { Ok(()) } else { Err(message::starting_key_outside()) }
    }
}

/// Checks which attributes of a key of several a condition tests: by equality every one of the partition key, and of
/// the sort key every one before the last that it names.
fn check_multi_attribute<'q>(
    schema: &KeySchema,
    find: impl Fn(&KeyAttribute) -> Option<&'q KeyTest>,
) -> Result<(), Message> {
    let is_open = |attribute: &&KeyAttribute| !matches!(find(attribute), Some(KeyTest::Equal(_)));
    let names = |attribute: &KeyAttribute| Arc::clone(&attribute.name);
    let open: Vec<Arc<str>> = schema.partition_attributes().filter(is_open).map(names).collect();
    if !open.is_empty() {
        return Err(message::partition_key_condition_incomplete(&open));
    }
    let sort: Vec<&KeyAttribute> = schema.sort_attributes().collect();
    let Some(last) = sort.iter().rposition(|attribute| find(attribute).is_some()) else { return Ok(()) };
    let open: Vec<Arc<str>> = sort.iter().take(last).copied().filter(is_open).map(names).collect();
    match (open.is_empty(), sort.get(last)) {
        (false, Some(last)) => Err(message::sort_key_condition_incomplete(&open, &last.name)),
        _ => Ok(()),
    }
}

/// Checks that the values an attribute is compared with are such as it may have in a key.
fn check_values(schema: &KeySchema, attribute: &KeyAttribute, test: &KeyTest) -> Result<(), Message> {
    for value in test.values() {
        if value.kind() != attribute.kind {
            return Err(message::key_condition_type());
        }
        let bytes = KeyValue::new(value).map_or(0, |value| value.bytes());
        if bytes == 0 && !matches!(test, KeyTest::BeginsWith(_)) {
            return Err(message::key_empty(&attribute.name, attribute.kind));
        }
        schema.check_length(attribute, bytes)?;
    }
    Ok(())
}
