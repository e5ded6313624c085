//! Query and Scan.

use std::sync::Arc;

use super::value::invalid_value;
use super::{ENVELOPE, Message};

pub(in crate::dynamodb) fn key_conditions_missing() -> Message {
    Message::bare(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
    )
}

pub(in crate::dynamodb) fn condition_count() -> Message {
    Message::bare("Conditions can be of length 1 or 2 only")
}

pub(in crate::dynamodb) fn not_indexable() -> Message {
    Message::bare("Attempted conditional constraint is not an indexable operation")
}

pub(in crate::dynamodb) fn one_condition_per_key() -> Message {
    let older = "KeyConditionExpressions must only contain one condition per key";
    Message::bare(older).with_newer(format!("Invalid KeyConditionExpression: {older}"))
}

/// More conditions than the key of what is queried has attributes.
pub(in crate::dynamodb) fn more_conditions_than_keys(conditions: usize, keys: usize) -> Message {
    condition_count().with_newer(format!(
        "The number of query conditions ({conditions}) exceeds the number of key attributes defined in the schema ({keys})"
    ))
}

pub(in crate::dynamodb) fn invalid_key_operator(operator: &str) -> Message {
    Message::bare(format!("Invalid operator used in KeyConditionExpression: {operator}"))
}

pub(in crate::dynamodb) fn key_condition_nested_path() -> Message {
    Message::bare("KeyConditionExpressions cannot have conditions on nested attributes")
}

pub(in crate::dynamodb) fn key_condition_nested_operation() -> Message {
    Message::bare("KeyConditionExpressions cannot contain nested operations")
}

pub(in crate::dynamodb) fn invalid_key_condition(what: &str) -> Message {
    Message::bare(format!("Invalid condition in KeyConditionExpression: {what}"))
}

pub(in crate::dynamodb) fn key_condition_missing(name: &str) -> Message {
    Message::bare(format!("Query condition missed key schema element: {name}"))
}

pub(in crate::dynamodb) fn key_condition_not_supported() -> Message {
    Message::bare("Query key condition not supported")
}

/// Of a key of several attributes. Worded after the text on sort keys: of AWS's own it is known that it names the
/// `HASH` key and `equality`.
pub(in crate::dynamodb) fn partition_key_condition_incomplete(names: &[Arc<str>]) -> Message {
    Message::bare(format!(
        "HASH key attributes {} must have equality conditions specified in the query",
        names.join(", ")
    ))
}

/// `names` are attributes of the sort key that come before `last`, which has a condition.
pub(in crate::dynamodb) fn sort_key_condition_incomplete(names: &[Arc<str>], last: &str) -> Message {
    Message::bare(format!(
        "RANGE key attributes {} must have equality conditions specified in the query because a condition is \
         present on key attribute {last}",
        names.join(", ")
    ))
}

pub(in crate::dynamodb) fn key_condition_type() -> Message {
    invalid_value("Condition parameter type does not match schema type")
}

pub(in crate::dynamodb) fn filter_on_key(filter: &str, name: &str) -> Message {
    Message::bare(format!(
        "{filter} can only contain non-primary key attributes: Primary key attribute: {name}"
    ))
}

pub(in crate::dynamodb) fn no_such_index(name: &str) -> Message {
    Message::bare(format!("The table does not have the specified index: {name}"))
}

pub(in crate::dynamodb) fn consistent_read_of_global_index() -> Message {
    Message::bare("Consistent reads are not supported on global secondary indexes")
}

pub(in crate::dynamodb) fn global_index_is_not_whole(name: &str) -> Message {
    invalid_value(format_args!(
        "Select type ALL_ATTRIBUTES is not supported for global secondary index {name} because its projection \
         type is not ALL"
    ))
}

pub(in crate::dynamodb) fn global_index_does_not_project(name: &str, attributes: &[&str]) -> Message {
    invalid_value(format_args!("Global secondary index {name} does not project [{}]", attributes.join(", ")))
}

/// In a statement, where AWS does not say which index.
pub(in crate::dynamodb) fn no_such_index_in_statement() -> Message {
    Message::bare("The table does not have the specified index")
}

/// In a statement, where AWS has other words.
pub(in crate::dynamodb) fn consistent_statement_on_global_index() -> Message {
    Message::bare("Strongly consistent read is not supported on Global Secondary Indexes")
}

pub(in crate::dynamodb) fn index_does_not_project_filter(name: &str, attributes: &[String]) -> Message {
    invalid_value(format_args!(
        "Secondary index {name} does not project one or more filter attributes: [{}]",
        attributes.join(", ")
    ))
}

pub(in crate::dynamodb) fn select_needs_attributes() -> Message {
    let text =
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES";
    Message::bare(text).with_newer(format!("{ENVELOPE}{text}"))
}

pub(in crate::dynamodb) fn select_needs_index() -> Message {
    Message::bare("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
}

pub(in crate::dynamodb) fn select_excludes(parameter: &str, select: &str) -> Message {
    Message::bare(format!("Cannot specify the {parameter} when choosing to get {select}"))
}

pub(in crate::dynamodb) fn starting_key_of_other_segment() -> Message {
    Message::bare(
        "The provided Exclusive start key does not map to the provided Segment and TotalSegments values.",
    )
}

pub(in crate::dynamodb) fn starting_key_invalid() -> Message {
    Message::bare("The provided starting key is invalid")
}

/// The same of a scan, which used to say more of it.
pub(in crate::dynamodb) fn starting_key_of_scan_invalid() -> Message {
    starting_key_does_not_match().with_newer("The provided starting key is invalid")
}

pub(in crate::dynamodb) fn starting_key_does_not_match() -> Message {
    Message::bare("The provided starting key is invalid: The provided key element does not match the schema")
}

pub(in crate::dynamodb) fn starting_key_outside() -> Message {
    Message::bare("The provided starting key is outside query boundaries based on provided conditions")
}

pub(in crate::dynamodb) fn starting_key_outside_range() -> Message {
    Message::bare("The provided starting key does not match the range key predicate")
}

pub(in crate::dynamodb) fn total_segments_missing() -> Message {
    Message::bare(
        "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    )
}

pub(in crate::dynamodb) fn segment_missing() -> Message {
    Message::bare(
        "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
    )
}

pub(in crate::dynamodb) fn segment_too_large(segment: i64, segments: i64) -> Message {
    let newer = "The Segment parameter is zero-based and must be less than parameter TotalSegments";
    let older = format!("{newer}: Segment: {segment} is not less than TotalSegments: {segments}");
    Message::bare(older).with_newer(newer)
}
