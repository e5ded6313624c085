//! How large values are as compact JSON, without printing them.

use serde_json::Value;

/// AWS's text for a result that is too large; `task` is the state, the resource type or the ARN.
pub(super) fn too_large(task: &str) -> String {
    format!(
        "The state/task '{task}' returned a result with a size exceeding the maximum number of bytes service limit."
    )
}

/// Whether a value takes at most so many bytes as compact JSON. Stops counting when it does not.
pub(super) fn fits(value: &Value, bytes_max: usize) -> bool {
    measure(value, bytes_max).is_some()
}

/// The bytes that a value takes as compact JSON.
pub(super) fn json_len(value: &Value) -> usize {
    measure(value, usize::MAX).unwrap_or(usize::MAX)
}

/// The bytes of a value, if they are at most so many.
fn measure(value: &Value, bytes_max: usize) -> Option<usize> {
    let mut total: usize = 0;
    let mut todo = vec![value];
    while let Some(value) = todo.pop() {
        let bytes = match value {
            Value::Null | Value::Bool(true) => 4,
            Value::Bool(false) => 5,
            Value::Number(number) => number_len(number),
            Value::String(text) => string_len(text),
            Value::Array(elements) => {
                todo.extend(elements);
                1 + elements.len().max(1)
            }
            Value::Object(members) => {
                todo.extend(members.values());
                1 + members.len().max(1) + members.keys().map(|key| string_len(key) + 1).sum::<usize>()
            }
        };
        total = total.checked_add(bytes).filter(|total| *total <= bytes_max)?;
    }
    Some(total)
}

fn number_len(number: &serde_json::Number) -> usize {
    match number.as_u64() {
        Some(n) => n.checked_ilog10().map_or(1, |digits| digits as usize + 1),
        None => number.to_string().len(),
    }
}

fn string_len(text: &str) -> usize {
    let escapes = text.bytes().map(|byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 1,
        0..0x20 => 5,
        _ => 0,
    });
    2 + text.len() + escapes.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sizes_are_those_of_compact_json() {
        for value in [
            json!(null),
            json!([]),
            json!({}),
            json!([1, -2.5, "a\n\u{1}é"]),
            json!({"a": {"b": [true, false]}}),
            json!(10),
        ] {
            let len = serde_json::to_string(&value).unwrap().len();
            assert!(fits(&value, len) && !fits(&value, len - 1), "{value}");
            assert_eq!(json_len(&value), len, "{value}");
        }
    }
}
