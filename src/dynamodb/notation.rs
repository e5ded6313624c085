//! The notation in which the service shows requests within its messages: what its classes print of themselves.
//!
//! AWS: recorded of puts whose items have one string, and of keys of one attribute. Everything else is written by the
//! same rule, without a recording: deletes, other types, and several attributes, for whose order in an item the service
//! has none. Binary values are what Java prints of its buffers.

use std::fmt::Write as _;

use smol_str::SmolStr;

use super::attribute::{AttributeType, AttributeValue};
use super::item::GivenItem;
use super::key::KeySchema;

/// Where a text ends, so that a request of many small attributes does not become a message of hundreds of megabytes.
const BYTES_MAX: usize = 65_536;

/// The members of a value in the order in which they are shown. Those without a type are of the service's own.
const MEMBERS: [(&str, Option<AttributeType>); 16] = [
    ("s", Some(AttributeType::S)),
    ("n", Some(AttributeType::N)),
    ("b", Some(AttributeType::B)),
    ("iNT", None),
    ("dECIMAL", None),
    ("dOUBLE", None),
    ("sS", Some(AttributeType::Ss)),
    ("nS", Some(AttributeType::Ns)),
    ("bS", Some(AttributeType::Bs)),
    ("iNTSET", None),
    ("dECIMALSET", None),
    ("dOUBLESET", None),
    ("m", Some(AttributeType::M)),
    ("l", Some(AttributeType::L)),
    ("nULL", Some(AttributeType::Null)),
    ("bOOL", Some(AttributeType::Bool)),
];

/// The key of a table or an index.
pub(super) fn key_schema(schema: &KeySchema) -> String {
    let elements = schema.elements();
    let elements = elements.map(|(attribute, role)| {
        format!("SchemaElement: key{{{}:{}:{}}}", attribute.name, attribute.kind, role.as_str())
    });
    format!("Schema:[{}]", elements.collect::<Vec<_>>().join(", "))
}

/// One write of BatchWriteItem: the item to put, and the key to delete.
pub(super) struct WriteRequest<'r> {
    pub(super) put: Option<&'r GivenItem>,
    pub(super) delete: Option<&'r GivenItem>,
}

/// The writes of a table, as a map of one entry.
pub(super) fn write_requests<'r>(table: &str, requests: impl Iterator<Item = WriteRequest<'r>>) -> String {
    let mut out = format!("{{{table}=");
    list(&mut out, requests, |out, request| {
        let put = |out: &mut String, item: &GivenItem| {
            out.push_str("PutRequest(item=");
            attributes(out, item.iter());
            out.push_str(", workloadProfileName=null)");
        };
        let delete = |out: &mut String, key: &GivenItem| {
            out.push_str("DeleteRequest(key=");
            attributes(out, key.iter());
            out.push(')');
        };
        out.push_str("WriteRequest(putRequest=");
        or_null(out, request.put, put);
        out.push_str(", deleteRequest=");
        or_null(out, request.delete, delete);
        out.push(')');
    });
    out.push('}');
    if out.len() > BYTES_MAX {
        let end = out.char_indices().map(|(index, _)| index).take_while(|index| *index <= BYTES_MAX).last();
        out.truncate(end.unwrap_or_default());
        out.push('…');
    }
    out
}

fn attributes<'i>(out: &mut String, attributes: impl Iterator<Item = (&'i SmolStr, &'i AttributeValue)>) {
    out.push('{');
    for (index, (name, attribute)) in attributes.enumerate() {
        if out.len() > BYTES_MAX {
            return;
        }
        out.push_str(if index > 0 { ", " } else { "" });
        out.push_str(name);
        out.push('=');
        value(out, attribute);
    }
    out.push('}');
}

/// Items nest 32 levels at most, and so deep goes the recursion.
fn value(out: &mut String, value: &AttributeValue) {
    out.push_str("AttributeValue(");
    for (index, (name, kind)) in MEMBERS.iter().enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        out.push_str(name);
        out.push('=');
        if *kind == Some(value.kind()) { inner(out, value) } else { out.push_str("null") }
    }
    out.push(')');
}

fn inner(out: &mut String, value_of: &AttributeValue) {
    match value_of {
        AttributeValue::S(text) => out.push_str(text),
        AttributeValue::N(number) => out.push_str(&number.to_string()),
        AttributeValue::B(bytes) => buffer(out, bytes),
        AttributeValue::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        AttributeValue::Null => out.push_str("true"),
        AttributeValue::Ss(set) => list(out, set.iter(), |out, text| out.push_str(text)),
        AttributeValue::Ns(set) => list(out, set.iter(), |out, number| out.push_str(&number.to_string())),
        AttributeValue::Bs(set) => list(out, set.iter(), |out, bytes| buffer(out, bytes)),
        AttributeValue::L(values) => list(out, values.iter(), value),
        AttributeValue::M(item) => attributes(out, item.iter()),
    }
}

fn buffer(out: &mut String, bytes: &[u8]) {
    let length = bytes.len();
    // Writing to a text does not fail.
    let _ = write!(out, "java.nio.HeapByteBuffer[pos=0 lim={length} cap={length}]");
}

fn or_null<T>(out: &mut String, thing: Option<&T>, write: impl Fn(&mut String, &T)) {
    match thing {
        Some(thing) => write(out, thing),
        None => out.push_str("null"),
    }
}

/// Stops after the text has become too long.
fn list<T>(out: &mut String, things: impl Iterator<Item = T>, write: impl Fn(&mut String, T)) {
    out.push('[');
    for (index, thing) in things.enumerate() {
        if out.len() > BYTES_MAX {
            return;
        }
        out.push_str(if index > 0 { ", " } else { "" });
        write(out, thing);
    }
    out.push(']');
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use super::*;
    use crate::dynamodb::json::Object;
    use crate::dynamodb::wire::ValueReader;

    fn item(attributes: &Value) -> GivenItem {
        ValueReader::default().item(Object::Tree(attributes.as_object().unwrap())).unwrap()
    }

    #[track_caller]
    fn check(put: Option<Value>, delete: Option<Value>, expected: Expect) {
        let (put, delete) = (put.as_ref().map(item), delete.as_ref().map(item));
        let request = WriteRequest { put: put.as_ref(), delete: delete.as_ref() };
        // What a value does not have says nothing here.
        expected.assert_eq(&write_requests("one", [request].into_iter()).replace("=null, ", "=… "));
    }

    #[test]
    fn a_put_of_a_string_as_it_was_recorded() {
        let put = item(&json!({"pk": {"S": "a"}}));
        let request = WriteRequest { put: Some(&put), delete: None };
        assert_eq!(
            write_requests("one", [request].into_iter()),
            "{one=[WriteRequest(putRequest=PutRequest(item={pk=AttributeValue(s=a, n=null, b=null, iNT=null, \
             dECIMAL=null, dOUBLE=null, sS=null, nS=null, bS=null, iNTSET=null, dECIMALSET=null, dOUBLESET=null, \
             m=null, l=null, nULL=null, bOOL=null)}, workloadProfileName=null), deleteRequest=null)]}"
        );
    }

    #[test]
    fn values() {
        check(
            Some(json!({"l": {"L": [{"BOOL": false}, {"NULL": true}]}, "m": {"M": {"n": {"N": "1.0"}}}})),
            None,
            expect![[
                r#"{one=[WriteRequest(putRequest=PutRequest(item={l=AttributeValue(s=… n=… b=… iNT=… dECIMAL=… dOUBLE=… sS=… nS=… bS=… iNTSET=… dECIMALSET=… dOUBLESET=… m=… l=[AttributeValue(s=… n=… b=… iNT=… dECIMAL=… dOUBLE=… sS=… nS=… bS=… iNTSET=… dECIMALSET=… dOUBLESET=… m=… l=… nULL=… bOOL=false), AttributeValue(s=… n=… b=… iNT=… dECIMAL=… dOUBLE=… sS=… nS=… bS=… iNTSET=… dECIMALSET=… dOUBLESET=… m=… l=… nULL=true, bOOL=null)], nULL=… bOOL=null), m=AttributeValue(s=… n=… b=… iNT=… dECIMAL=… dOUBLE=… sS=… nS=… bS=… iNTSET=… dECIMALSET=… dOUBLESET=… m={n=AttributeValue(s=… n=1, b=… iNT=… dECIMAL=… dOUBLE=… sS=… nS=… bS=… iNTSET=… dECIMALSET=… dOUBLESET=… m=… l=… nULL=… bOOL=null)}, l=… nULL=… bOOL=null)}, workloadProfileName=null), deleteRequest=null)]}"#
            ]],
        );
        check(
            None,
            Some(json!({"b": {"B": "AAEC"}, "s": {"SS": ["x", "y"]}, "t": {"NS": ["1", "2"]}})),
            expect![[
                r#"{one=[WriteRequest(putRequest=… deleteRequest=DeleteRequest(key={b=AttributeValue(s=… n=… b=java.nio.HeapByteBuffer[pos=0 lim=3 cap=3], iNT=… dECIMAL=… dOUBLE=… sS=… nS=… bS=… iNTSET=… dECIMALSET=… dOUBLESET=… m=… l=… nULL=… bOOL=null), s=AttributeValue(s=… n=… b=… iNT=… dECIMAL=… dOUBLE=… sS=[x, y], nS=… bS=… iNTSET=… dECIMALSET=… dOUBLESET=… m=… l=… nULL=… bOOL=null), t=AttributeValue(s=… n=… b=… iNT=… dECIMAL=… dOUBLE=… sS=… nS=[1, 2], bS=… iNTSET=… dECIMALSET=… dOUBLESET=… m=… l=… nULL=… bOOL=null)}))]}"#
            ]],
        );
    }

    #[test]
    fn long_texts_end() {
        let put = item(&json!({"a": {"L": vec![json!({"S": "é"}); 100_000]}}));
        let request = || WriteRequest { put: Some(&put), delete: None };
        let text = write_requests("one", std::iter::repeat_with(request).take(1_000));
        assert!((BYTES_MAX..BYTES_MAX + 8).contains(&text.len()), "{}", text.len());
        assert!(text.ends_with('…'));
    }
}
