//! Items and values as answers and messages have them.

use base64::Engine as _;
use serde_json::{Map, Value};

use super::BASE64;
use crate::dynamodb::attribute::AttributeValue;
use crate::dynamodb::item::Item;
use crate::dynamodb::number::Number;

/// An item in attribute-value JSON, members by name.
pub(in crate::dynamodb) fn item_to_json(item: &Item) -> Value {
    Value::Object(item.iter().map(|(name, value)| (name.to_string(), value_to_json(value))).collect())
}

/// A value in attribute-value JSON, such as `{"N": "5"}`.
pub(in crate::dynamodb) fn value_to_json(value: &AttributeValue) -> Value {
    let inner = match value {
        AttributeValue::S(text) => Value::from(&**text),
        AttributeValue::N(number) => Value::from(number.to_string()),
        AttributeValue::B(bytes) => Value::from(BASE64.encode(bytes)),
        AttributeValue::Bool(flag) => Value::Bool(*flag),
        AttributeValue::Null => Value::Bool(true),
        AttributeValue::Ss(set) => set.iter().map(|text| Value::from(&**text)).collect(),
        AttributeValue::Ns(set) => set.iter().map(|number| Value::from(number.to_string())).collect(),
        AttributeValue::Bs(set) => set.iter().map(|bytes| Value::from(BASE64.encode(bytes))).collect(),
        AttributeValue::L(list) => list.iter().map(value_to_json).collect(),
        AttributeValue::M(map) => item_to_json(map),
    };
    let mut object = Map::with_capacity(1);
    object.insert(value.kind().as_str().to_owned(), inner);
    Value::Object(object)
}

/// Writes a text as JSON.
pub(in crate::dynamodb) fn write_text(out: &mut Vec<u8>, text: &str) {
    // Most texts need no escapes. Looking at all bytes without a way out goes many bytes at a time.
    let is_plain =
        text.bytes().fold(true, |is_plain, byte| is_plain & !matches!(byte, 0..0x20 | b'"' | b'\\'));
    if is_plain {
        out.reserve(text.len() + 2);
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        // Writing to memory does not fail.
        let _ = serde_json::to_writer(out, text);
    }
}

/// Writes members between two brackets.
pub(in crate::dynamodb) fn write_list<T>(
    out: &mut Vec<u8>,
    brackets: &[u8; 2],
    members: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut Vec<u8>, T),
) {
    let [open, close] = *brackets;
    out.push(open);
    for (index, member) in members.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(out, member);
    }
    out.push(close);
}

/// Writes what [`item_to_json`] makes.
pub(in crate::dynamodb) fn write_item(out: &mut Vec<u8>, item: &Item) {
    write_list(out, b"{}", item.iter(), |out, (name, value)| {
        write_text(out, name);
        out.push(b':');
        write_value(out, value);
    });
}

/// Writes what [`value_to_json`] makes; the depth is that of items, which is bounded.
fn write_value(out: &mut Vec<u8>, value: &AttributeValue) {
    // No name of a type has anything to escape.
    out.extend_from_slice(b"{\"");
    out.extend_from_slice(value.kind().as_str().as_bytes());
    out.extend_from_slice(b"\":");
    match value {
        AttributeValue::S(text) => write_text(out, text),
        AttributeValue::N(number) => write_number(out, *number),
        AttributeValue::B(bytes) => write_text(out, &BASE64.encode(bytes)),
        AttributeValue::Bool(flag) => out.extend_from_slice(if *flag { b"true" } else { b"false" }),
        AttributeValue::Null => out.extend_from_slice(b"true"),
        AttributeValue::Ss(set) => write_list(out, b"[]", set.iter(), |out, text| write_text(out, text)),
        AttributeValue::Ns(set) => {
            write_list(out, b"[]", set.iter(), |out, number| write_number(out, *number));
        }
        AttributeValue::Bs(set) => {
            write_list(out, b"[]", set.iter(), |out, bytes| write_text(out, &BASE64.encode(bytes)));
        }
        AttributeValue::L(list) => write_list(out, b"[]", list.iter(), write_value),
        AttributeValue::M(map) => write_item(out, map),
    }
    out.push(b'}');
}

/// Writes a number as the text it is in JSON.
fn write_number(out: &mut Vec<u8>, number: Number) {
    out.push(b'"');
    number.write(out);
    out.push(b'"');
}

/// A value as messages show it, such as `{N:1}`.
pub(in crate::dynamodb) fn value_in_message(value: &AttributeValue) -> String {
    let text = match value {
        AttributeValue::S(text) => text.to_string(),
        AttributeValue::N(number) => number.to_string(),
        other => match value_to_json(other) {
            Value::Object(map) => map.values().map(Value::to_string).collect(),
            _ => String::new(),
        },
    };
    format!("{{{}:{text}}}", value.kind())
}
