//! Whether a value is as expected.

use serde_json::Value;

/// Strings that stand for any value of a kind.
pub const PLACEHOLDERS: [(&str, &str); 8] = [
    ("<any>", "any value, which has to be there"),
    ("<string>", "any string"),
    ("<number>", "any number"),
    ("<boolean>", "`true` or `false`"),
    ("<array>", "any array"),
    ("<object>", "any object"),
    ("<uuid>", "a UUID"),
    ("<timestamp>", "a time such as `2026-01-31T09:00:00Z`"),
];

pub(super) const PLACEHOLDERS_TEXT: &str = "The output. An object may have other members than these, unless `exactly` is \
    `true`; arrays are compared element by element. In the place of a value that differs from run to run, one of \
    `\"<any>\"`, `\"<string>\"`, `\"<number>\"`, `\"<boolean>\"`, `\"<array>\"`, `\"<object>\"`, `\"<uuid>\"` and \
    `\"<timestamp>\"` can stand.";

/// Where a value is otherwise than expected.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Difference {
    /// The JSON Pointer from the value that is compared.
    pub(super) pointer: String,
    /// What was expected there; none for nothing.
    pub(super) expected: Option<Value>,
    /// What is there; none for nothing.
    pub(super) actual: Option<Value>,
}

/// All places where a value is otherwise than expected, in the order of what is expected.
///
/// Recursive, but never deeper than what is expected, whose nesting the parser bounds.
pub(super) fn differences(expected: &Value, actual: &Value, is_exact: bool) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(expected, actual, is_exact, &mut String::new(), &mut found);
    found
}

/// Whether a value is as expected.
pub(super) fn is_match(expected: &Value, actual: &Value, is_exact: bool) -> bool {
    differences(expected, actual, is_exact).is_empty()
}

fn compare(
    expected: &Value,
    actual: &Value,
    is_exact: bool,
    pointer: &mut String,
    found: &mut Vec<Difference>,
) {
    let differs = |expected: Option<&Value>, actual: Option<&Value>, pointer: &str| Difference {
        pointer: pointer.to_owned(),
        expected: expected.cloned(),
        actual: actual.cloned(),
    };
    match (expected, actual) {
        (Value::String(text), _) if is_placeholder(text) => {
            if !fits(text, actual) {
                found.push(differs(Some(expected), Some(actual), pointer));
            }
        }
        (Value::Object(expected), Value::Object(actual)) => {
            for (key, value) in expected {
                within(pointer, key, |pointer| match actual.get(key) {
                    Some(actual) => compare(value, actual, is_exact, pointer, found),
                    None => found.push(differs(Some(value), None, pointer)),
                });
            }
            let others = actual.iter().filter(|(key, _)| is_exact && !expected.contains_key(*key));
            for (key, value) in others {
                within(pointer, key, |pointer| found.push(differs(None, Some(value), pointer)));
            }
        }
        (Value::Array(expected), Value::Array(actual)) => {
            for idx in 0..expected.len().max(actual.len()) {
                within(pointer, &idx.to_string(), |pointer| match (expected.get(idx), actual.get(idx)) {
                    (Some(expected), Some(actual)) => compare(expected, actual, is_exact, pointer, found),
                    (expected, actual) => found.push(differs(expected, actual, pointer)),
                });
            }
        }
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => {}
        _ if expected == actual => {}
        _ => found.push(differs(Some(expected), Some(actual), pointer)),
    }
}

fn within(pointer: &mut String, key: &str, look: impl FnOnce(&mut String)) {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
    look(pointer);
    pointer.truncate(length);
}

pub(super) fn is_placeholder(text: &str) -> bool {
    PLACEHOLDERS.iter().any(|(placeholder, _)| *placeholder == text)
}

/// Whether a value is of the kind that a placeholder stands for.
fn fits(placeholder: &str, actual: &Value) -> bool {
    match placeholder {
        "<string>" => actual.is_string(),
        "<number>" => actual.is_number(),
        "<boolean>" => actual.is_boolean(),
        "<array>" => actual.is_array(),
        "<object>" => actual.is_object(),
        "<uuid>" => actual.as_str().is_some_and(is_uuid),
        "<timestamp>" => actual.as_str().is_some_and(|text| crate::expr::parse_timestamp(text).is_some()),
        _ => true,
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(idx, byte)| match idx {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The places that differ.
    #[track_caller]
    fn check(expected: Value, actual: Value, is_exact: bool, places: &[&str]) {
        let found = differences(&expected, &actual, is_exact);
        let found: Vec<&str> = found.iter().map(|it| it.pointer.as_str()).collect();
        assert_eq!(found, places);
    }

    #[test]
    fn objects_may_have_more_members() {
        check(json!({"a": 1}), json!({"a": 1.0, "b": 2}), false, &[]);
        check(json!({"a": 1}), json!({"a": 1, "b": 2}), true, &["/b"]);
        check(json!({"a": {"b/c": 1}}), json!({"a": {}}), false, &["/a/b~1c"]);
    }

    #[test]
    fn arrays_are_compared_element_by_element() {
        check(json!([{"a": 1}]), json!([{"a": 1, "b": 2}]), false, &[]);
        check(json!([1]), json!([1, 2]), false, &["/1"]);
        check(json!([1, 2]), json!([2]), false, &["/0", "/1"]);
    }

    #[test]
    fn placeholders_stand_for_kinds() {
        let actual =
            json!({"id": "a4b6f0e2-8d3e-4a43-9c28-6a7b1e0c5d11", "at": "2026-01-31T09:00:00Z", "n": 1});
        check(json!({"id": "<uuid>", "at": "<timestamp>", "n": "<number>"}), actual.clone(), false, &[]);
        check(
            json!({"id": "<timestamp>", "at": "<uuid>", "n": "<string>"}),
            actual,
            false,
            &["/id", "/at", "/n"],
        );
        check(json!({"x": "<any>"}), json!({}), false, &["/x"]);
    }

    #[test]
    fn all_placeholders_are_told_of() {
        for (placeholder, _) in PLACEHOLDERS {
            assert!(PLACEHOLDERS_TEXT.contains(placeholder), "{placeholder}");
        }
    }
}
