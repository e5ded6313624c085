//! Values in a short, readable form: attribute values of DynamoDB as plain ones, metadata of calls left out.
//!
//! Nothing here is a format that anybody parses. Everything is bounded: long values end in `…`.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::spec::resource::SDK_METADATA;

/// Nesting that a preview shows.
const DEPTH_MAX: usize = 12;
/// Rows of a table of attributes.
const ROWS_MAX: usize = 40;
/// Characters of a value in a table of attributes.
const CELL_CHARS_MAX: usize = 60;

/// A value on one line, of at most `chars_max` characters.
pub(super) fn line(value: &Value, chars_max: usize) -> String {
    let mut writer = Writer { text: String::new(), n_chars: 0, chars_max: chars_max.max(2), is_full: false };
    writer.value(value, 0);
    writer.text
}

/// A value as indented JSON, of at most about `chars_max` characters, with metadata of calls left out.
pub(super) fn json(value: &Value, chars_max: usize) -> String {
    let text = match without_metadata(value) {
        Some(rest) => serde_json::to_string_pretty(&rest),
        None => serde_json::to_string_pretty(value),
    };
    clip(&text.unwrap_or_default(), chars_max)
}

/// As [`json`], as a block of Markdown.
pub(super) fn json_block(value: &Value, chars_max: usize) -> String {
    format!("```json\n{}\n```", json(value, chars_max))
}

/// An item of DynamoDB as a table of Markdown; none where it is none.
pub(super) fn item_table(item: &Value) -> Option<String> {
    let item = item.as_object().filter(|item| !item.is_empty())?;
    let mut table = String::from("| attribute | type | value |\n| --- | --- | --- |\n");
    for (name, value) in item.iter().take(ROWS_MAX) {
        let kind = attribute(value).map(|(kind, _)| kind)?;
        let text = line(value, CELL_CHARS_MAX);
        let _ = writeln!(table, "| {} | {kind} | {} |", cell(name), cell(&text));
    }
    if item.len() > ROWS_MAX {
        let _ = writeln!(table, "| … | | {} more |", item.len() - ROWS_MAX);
    }
    Some(table)
}

/// The first characters of a text, with `…` where there are more.
pub(super) fn clip(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        Some((at, _)) => text.get(..at).unwrap_or_default().to_owned() + "…",
        None => text.to_owned(),
    }
}

/// A number with its digits in groups of three: `99,999,999`.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap_or_default())
        .collect();
    format!("{}{}", if number < 0 { "-" } else { "" }, groups.join(","))
}

/// A text as code within a line of Markdown.
pub(super) fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// A text as a line of Markdown without markup.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
            escaped.push('\\');
        }
        escaped.push(if character == '\n' { ' ' } else { character });
    }
    escaped
}

fn cell(text: &str) -> String {
    code(&text.replace('|', "\\|").replace('\n', " "))
}

fn without_metadata(value: &Value) -> Option<Value> {
    let map = value.as_object().filter(|map| SDK_METADATA.iter().any(|name| map.contains_key(*name)))?;
    let rest = map.iter().filter(|(name, _)| !SDK_METADATA.contains(&name.as_str()));
    Some(Value::Object(rest.map(|(name, value)| (name.clone(), value.clone())).collect()))
}

/// What an attribute value of DynamoDB holds.
enum Held<'a> {
    Text(&'a str),
    Number(&'a str),
    Plain(&'a Value),
    Null,
    Map(&'a Map<String, Value>),
    List(&'a [Value]),
    Numbers(&'a [Value]),
}

/// The type and content of an attribute value; none where it is none.
fn attribute(value: &Value) -> Option<(&str, Held<'_>)> {
    let map = value.as_object().filter(|map| map.len() == 1)?;
    let (kind, inner) = map.iter().next()?;
    let is_text = |value: &Value| value.is_string();
    let held = match (kind.as_str(), inner) {
        ("S" | "B", Value::String(text)) => Held::Text(text),
        ("N", Value::String(text)) => Held::Number(text),
        ("BOOL", Value::Bool(_)) => Held::Plain(inner),
        ("NULL", Value::Bool(true)) => Held::Null,
        ("M", Value::Object(map)) => Held::Map(map),
        ("L", Value::Array(list)) => Held::List(list),
        ("SS" | "BS", Value::Array(set)) if set.iter().all(is_text) => Held::List(set),
        ("NS", Value::Array(set)) if set.iter().all(is_text) => Held::Numbers(set),
        _ => return None,
    };
    Some((kind, held))
}

struct Writer {
    text: String,
    n_chars: usize,
    chars_max: usize,
    is_full: bool,
}

impl Writer {
    fn push(&mut self, text: &str) {
        if self.is_full {
            return;
        }
        let n_chars = text.chars().count();
        if self.n_chars + n_chars < self.chars_max {
            self.n_chars += n_chars;
            self.text.push_str(text);
            return;
        }
        let rest = self.chars_max.saturating_sub(self.n_chars + 1);
        self.text.extend(text.chars().take(rest));
        self.text.push('…');
        self.is_full = true;
    }

    fn value(&mut self, value: &Value, depth: usize) {
        if self.is_full {
            return;
        }
        if depth > DEPTH_MAX {
            return self.push("…");
        }
        if let Some((_, held)) = attribute(value) {
            return self.held(held, depth);
        }
        match value {
            Value::Object(map) => self.map(map, depth),
            Value::Array(list) => self.list(list, depth),
            Value::String(text) => self.string(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => self.push(&value.to_string()),
        }
    }

    fn held(&mut self, held: Held<'_>, depth: usize) {
        match held {
            Held::Text(text) => self.string(text),
            Held::Number(text) => self.push(text),
            Held::Plain(value) => self.push(&value.to_string()),
            Held::Null => self.push("null"),
            Held::Map(map) => self.map(map, depth),
            Held::List(list) => self.list(list, depth),
            Held::Numbers(set) => {
                let numbers: Vec<&str> = set.iter().filter_map(Value::as_str).collect();
                self.push(&format!("[{}]", numbers.join(", ")));
            }
        }
    }

    fn map(&mut self, map: &Map<String, Value>, depth: usize) {
        self.push("{");
        let shown = map.iter().filter(|(name, _)| !SDK_METADATA.contains(&name.as_str()));
        for (idx, (name, value)) in shown.enumerate() {
            if self.is_full {
                return;
            }
            if idx > 0 {
                self.push(", ");
            }
            let is_word =
                !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-$#:".contains(c));
            if is_word {
                self.push(name);
            } else {
                self.string(name);
            }
            self.push(": ");
            self.value(value, depth + 1);
        }
        self.push("}");
    }

    fn list(&mut self, list: &[Value], depth: usize) {
        self.push("[");
        for (idx, value) in list.iter().enumerate() {
            if self.is_full {
                return;
            }
            if idx > 0 {
                self.push(", ");
            }
            self.value(value, depth + 1);
        }
        self.push("]");
    }

    /// A string in quotes; a long one leaves room for what follows.
    fn string(&mut self, text: &str) {
        let limit = (self.chars_max / 2).max(8);
        self.push(&Value::from(clip(text, limit)).to_string());
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(value: Value, expected: Expect) {
        expected.assert_eq(&line(&value, 60));
    }

    #[test]
    fn attribute_values_are_plain() {
        check(
            json!({"Item": {"id": {"S": "1"}, "n": {"N": "4.50"}, "ok": {"BOOL": true}, "no": {"NULL": true}}}),
            expect![[r#"{Item: {id: "1", n: 4.50, ok: true, no: null}}"#]],
        );
        check(
            json!({"m": {"M": {"l": {"L": [{"S": "a"}, {"N": "1"}]}}}, "s": {"NS": ["1", "2"]}}),
            expect![[r#"{m: {l: ["a", 1]}, s: [1, 2]}"#]],
        );
    }

    #[test]
    fn what_only_looks_like_one_stays() {
        check(json!({"a": {"S": 1}, "b": {"M": []}}), expect!["{a: {S: 1}, b: {M: []}}"]);
    }

    #[test]
    fn metadata_is_left_out() {
        check(
            json!({"SdkHttpMetadata": {"HttpStatusCode": 200}, "SdkResponseMetadata": {"RequestId": "x"}}),
            expect!["{}"],
        );
    }

    #[test]
    fn long_values_are_cut() {
        check(
            json!((0..100).collect::<Vec<_>>()),
            expect!["[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, …"],
        );
        check(
            json!({"a": "x".repeat(100), "b": 1}),
            expect![[r#"{a: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…", b: 1}"#]],
        );
        assert!(line(&json!("é".repeat(500)), 60).chars().count() <= 60);
    }

    #[test]
    fn keys_that_are_no_words_are_quoted() {
        check(json!({"a b": 1, "": 2, "a-b": 3}), expect![[r#"{"a b": 1, "": 2, a-b: 3}"#]]);
    }

    #[test]
    fn an_item_is_a_table() {
        let item = json!({"Id": {"S": "a|b"}, "N": {"N": "1"}});
        expect![[r#"
            | attribute | type | value |
            | --- | --- | --- |
            | `Id` | S | `"a\|b"` |
            | `N` | N | `1` |
        "#]]
        .assert_eq(&item_table(&item).unwrap());
        assert_eq!(item_table(&json!({"a": 1})), None);
    }
}
