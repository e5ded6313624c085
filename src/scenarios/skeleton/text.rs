//! JSON as people write it by hand: on one line what fits there.

use std::fmt::Write as _;

use serde_json::Value;

/// Characters of a line.
const LINE_CHARS_MAX: usize = 96;

/// The text of a file that holds a value.
pub(super) fn text(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, 0, &mut text);
    text + "\n"
}

/// Recursive, but never deeper than an example is.
fn write(value: &Value, indent: usize, key_chars: usize, text: &mut String) {
    let line = line(value);
    if indent + key_chars + line.chars().count() < LINE_CHARS_MAX {
        text.push_str(&line);
        return;
    }
    let inner = indent + 2;
    let part = |text: &mut String, idx: usize| {
        let _ = write!(text, "{}\n{:inner$}", if idx == 0 { "" } else { "," }, "");
    };
    match value {
        Value::Object(members) => {
            text.push('{');
            for (idx, (key, value)) in members.iter().enumerate() {
                part(text, idx);
                let key = Value::from(key.as_str()).to_string();
                let _ = write!(text, "{key}: ");
                write(value, inner, key.chars().count() + 2, text);
            }
            let _ = write!(text, "\n{:indent$}}}", "");
        }
        Value::Array(elements) => {
            text.push('[');
            for (idx, element) in elements.iter().enumerate() {
                part(text, idx);
                write(element, inner, 0, text);
            }
            let _ = write!(text, "\n{:indent$}]", "");
        }
        other => {
            let _ = write!(text, "{other}");
        }
    }
}

fn line(value: &Value) -> String {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let member =
                |(key, value): (&String, &Value)| format!("{}: {}", Value::from(key.as_str()), line(value));
            format!("{{ {} }}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Value::Array(elements) => {
            format!("[{}]", elements.iter().map(line).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
