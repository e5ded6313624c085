//! Broken constraints of the service's model.

use super::{ENVELOPE, Message};

/// Several broken constraints of the service's model, `(older, newer)` each; `newer_alone` is what the newer layer tells
/// in the place of all.
pub(in crate::dynamodb) fn constraints(broken: &[(String, String)], newer_alone: Option<&str>) -> Message {
    let join = |pick: fn(&(String, String)) -> &str| {
        let plural = if broken.len() == 1 { "error" } else { "errors" };
        let list: Vec<&str> = broken.iter().map(pick).collect();
        format!("{} validation {plural} detected: {}", broken.len(), list.join("; "))
    };
    let older = join(|(older, _)| older);
    match newer_alone {
        Some(newer) if newer.starts_with("Value ") => {
            Message::bare(older).with_newer(format!("{ENVELOPE}{newer}"))
        }
        // AWS: where the newer layer has no envelope, this one has no count either.
        Some(newer) => Message::enveloped(older).with_newer(newer).of_value(),
        None => Message::bare(older).with_newer(join(|(_, newer)| newer)),
    }
}

/// One broken constraint. `value` is absent where the request has none; `path` is in the model's lower camel case.
///
/// AWS: the newer layer has other words for lower bounds only. What is missing, too long, or none of the values or
/// characters that are allowed is told as before.
pub(in crate::dynamodb) fn constraint(value: Option<&str>, path: &str, rule: &str) -> (String, String) {
    let shown = value.map_or_else(|| "null".to_owned(), |value| format!("'{value}'"));
    let older = format!("Value {shown} at '{path}' failed to satisfy constraint: Member must {rule}");
    let newer = if rule.contains(" greater than or equal to ") {
        format!("Value at '{}' failed to satisfy constraint: Member must {rule}", pascal_case(path))
    } else {
        older.clone()
    };
    (older, newer)
}

/// An empty name of a table in a request for data. An ARN may stand there too, so that the bound is not a name's.
pub(in crate::dynamodb) fn empty_table_name() -> (String, String) {
    constraint(Some(""), "tableName", "have length greater than or equal to 1")
}

/// The newer layer words a bad ReturnValues in a way of its own, spelling mistake included.
pub(in crate::dynamodb) fn return_values(value: &str, rule: &str) -> (String, String) {
    let newer = "Failed to satisfy constraint: Member must satisfy enum value set: \
                 [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]";
    (constraint(Some(value), "returnValues", rule).0, newer.to_owned())
}

/// The newer layer words a bad ConditionalOperator in a way of its own.
pub(in crate::dynamodb) fn conditional_operator(value: &str, rule: &str) -> (String, String) {
    let newer = "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]";
    (constraint(Some(value), "conditionalOperator", rule).0, newer.to_owned())
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
