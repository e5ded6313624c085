//! Broken constraints of the service's model.

use super::{ENVELOPE, Message};

/// A broken constraint in the words of both layers.
pub(in crate::dynamodb) struct BrokenConstraint {
    pub(in crate::dynamodb) older: String,
    pub(in crate::dynamodb) newer: String,
}

/// What the newer layer tells in the place of all that is broken.
pub(in crate::dynamodb) enum NewerAlone {
    /// With the count of one, whatever the operation.
    Counted(String),
    /// AWS: with the count only in the operations that have the envelope, as if it were one.
    InEnvelope(String),
}

/// All broken constraints, each list in the order in which its layer tells them.
pub(in crate::dynamodb) fn constraints(
    older: &[String],
    newer: &[String],
    newer_alone: Option<NewerAlone>,
) -> Message {
    let joined = |texts: &[String]| {
        let plural = if texts.len() == 1 { "error" } else { "errors" };
        format!("{} validation {plural} detected: {}", texts.len(), texts.join("; "))
    };
    let older = joined(older);
    match newer_alone {
        Some(NewerAlone::Counted(text)) => Message::bare(older).with_newer(format!("{ENVELOPE}{text}")),
        Some(NewerAlone::InEnvelope(text)) => Message::enveloped(older).with_newer(text).of_value(),
        None => Message::bare(older).with_newer(joined(newer)),
    }
}

/// One broken constraint. `value` is absent where the request has none; `path` is in the model's lower camel case.
///
/// AWS: the newer layer has other words for lower bounds only. What is missing, too long, or none of the values or
/// characters that are allowed is told as before.
pub(in crate::dynamodb) fn constraint(value: Option<&str>, path: &str, rule: &str) -> BrokenConstraint {
    let shown = value.map_or_else(|| "null".to_owned(), |value| format!("'{value}'"));
    let older = format!("Value {shown} at '{path}' failed to satisfy constraint: Member must {rule}");
    let newer = if rule.contains(" greater than or equal to ") {
        format!("Value at '{}' failed to satisfy constraint: Member must {rule}", pascal_case(path))
    } else {
        older.clone()
    };
    BrokenConstraint { older, newer }
}

/// An empty name of a table in a request for data. An ARN may stand there too, so that the bound is not a name's.
pub(in crate::dynamodb) fn empty_table_name() -> BrokenConstraint {
    constraint(Some(""), "tableName", "have length greater than or equal to 1")
}

/// The newer layer words a bad ReturnValues in a way of its own, spelling mistake included.
pub(in crate::dynamodb) fn return_values(value: &str, rule: &str) -> BrokenConstraint {
    let newer = "Failed to satisfy constraint: Member must satisfy enum value set: \
                 [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]";
    BrokenConstraint { newer: newer.to_owned(), ..constraint(Some(value), "returnValues", rule) }
}

/// The newer layer words a bad ConditionalOperator in a way of its own.
pub(in crate::dynamodb) fn conditional_operator(value: &str, rule: &str) -> BrokenConstraint {
    let newer = "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]";
    BrokenConstraint { newer: newer.to_owned(), ..constraint(Some(value), "conditionalOperator", rule) }
}

/// Capitalizes the names of members; a key of a map, such as a table's name, stays as it is.
fn pascal_case(path: &str) -> String {
    let capitalize = |member: &str| {
        let mut chars = member.chars();
        chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
    };
    // What is between the first member and the last is a key, which may have dots, and the word for what is at it.
    match (path.split_once('.'), path.rsplit_once('.')) {
        (Some((first, _)), Some((rest, last))) => {
            let between = rest.get(first.len()..).unwrap_or_default();
            format!("{}{between}.{}", capitalize(first), capitalize(last))
        }
        _ => capitalize(path),
    }
}

/// A parameter that is checked by hand before the model.
pub(in crate::dynamodb) fn parameter_required(name: &str) -> Message {
    Message::bare(format!("The parameter '{name}' is required but was not present in the request"))
}
