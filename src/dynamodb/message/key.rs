//! Keys of items and of indexes.

use super::Message;
use super::value::invalid_value;
use crate::dynamodb::attribute::AttributeType;

pub(in crate::dynamodb) fn key_does_not_match() -> Message {
    Message::bare("The provided key element does not match the schema")
}

pub(in crate::dynamodb) fn key_missing_in_item(name: &str) -> Message {
    invalid_value(format_args!("Missing the key {name} in the item"))
}

pub(in crate::dynamodb) fn key_type_mismatch(
    name: &str,
    expected: AttributeType,
    actual: AttributeType,
) -> Message {
    invalid_value(format_args!("Type mismatch for key {name} expected: {expected} actual: {actual}"))
}

pub(in crate::dynamodb) fn index_key_type_mismatch(
    name: &str,
    expected: AttributeType,
    actual: AttributeType,
    index: &str,
) -> Message {
    invalid_value(format_args!(
        "Type mismatch for Index Key {name} Expected: {expected} Actual: {actual} IndexName: {index}"
    ))
}

fn empty_key_value(kind: AttributeType) -> &'static str {
    if kind == AttributeType::B { "binary" } else { "string" }
}

/// An empty key value, in an item to put or in a `Key`.
pub(in crate::dynamodb) fn key_empty(name: &str, kind: AttributeType) -> Message {
    Message::of_request(format!(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain \
         an empty {} value. Key: {name}",
        empty_key_value(kind)
    ))
}

pub(in crate::dynamodb) fn index_key_empty(name: &str, kind: AttributeType, index: &str) -> Message {
    Message::of_request(format!(
        "One or more parameter values are not valid. A value specified for a secondary index key is not \
         supported. The AttributeValue for a key attribute cannot contain an empty {} value. \
         IndexName: {index}, IndexKey: {name}",
        empty_key_value(kind)
    ))
}

pub(in crate::dynamodb) fn updated_index_key_empty(kind: AttributeType) -> Message {
    Message::of_request(format!(
        "One or more parameter values are not valid. The update expression attempted to update a secondary \
         index key to a value that is not supported. The AttributeValue for a key attribute cannot contain \
         an empty {} value.",
        empty_key_value(kind)
    ))
}

pub(in crate::dynamodb) fn partition_key_too_long() -> Message {
    invalid_value("Size of hashkey has exceeded the maximum size limit of2048 bytes")
}

pub(in crate::dynamodb) fn sort_key_too_long() -> Message {
    invalid_value("Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
}

pub(in crate::dynamodb) fn cannot_update_key(name: &str) -> Message {
    invalid_value(format_args!("Cannot update attribute {name}. This attribute is part of the key"))
}

pub(in crate::dynamodb) fn key_must_be_scalar(label: &str, name: &str) -> Message {
    Message::bare(format!(
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: {label}: {name}"
    ))
}
