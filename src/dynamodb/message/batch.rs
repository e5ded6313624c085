//! Batches.

use super::constraint::constraint;
use super::{ENVELOPE, Message};

pub(in crate::dynamodb) fn batch_empty(operation: &str) -> Message {
    Message::bare(format!("The requestItems parameter is required for {operation}"))
}

pub(in crate::dynamodb) fn batch_get_empty() -> Message {
    let newer = constraint(None, "requestItems", "have length greater than or equal to 1").newer;
    batch_empty("BatchGetItem").with_newer(format!("{ENVELOPE}{newer}"))
}

/// AWS: worded without the value in both generations.
pub(in crate::dynamodb) fn too_many_keys(table: &str) -> String {
    format!(
        "Value at 'RequestItems.{table}.member.Keys' failed to satisfy constraint: \
         Member must have length less than or equal to 100"
    )
}

/// The constraint of a map's values; `requests` is how [`notation`](super::notation) writes the map.
pub(in crate::dynamodb) fn batch_write_length(requests: &str) -> String {
    format!(
        "Value '{requests}' at 'requestItems' failed to satisfy constraint: \
         Map value must satisfy constraint: [Member must have length less than or equal to 25, \
         Member must have length greater than or equal to 1]"
    )
}

/// The constraint of a map's keys. AWS: BatchGetItem shows the map as JSON, BatchWriteItem in the service's notation.
pub(in crate::dynamodb) fn batch_table_names(requests: &str) -> Message {
    Message::bare(format!(
        "{ENVELOPE}Value '{requests}' at 'requestItems' failed to satisfy constraint: \
         Map keys must satisfy constraint: [Member must have length less than or equal to 255, \
         Member must have length greater than or equal to 3, \
         Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]"
    ))
}

pub(in crate::dynamodb) fn too_many_items(operation: &str) -> Message {
    Message::bare(format!("Too many items requested for the {operation} call"))
}

pub(in crate::dynamodb) fn duplicate_keys() -> Message {
    Message::bare("Provided list of item keys contains duplicates")
}
