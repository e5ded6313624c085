//! YAML as the JSON it stands for, with CloudFormation's short intrinsic functions written out: `!Ref a` becomes
//! `{"Ref": "a"}`, `!Sub a` becomes `{"Fn::Sub": "a"}`.
//!
//! Knows nothing of templates otherwise. Builds with a stack of its own, so that no document makes it recurse.

use std::collections::BTreeMap;

use crate::spec::quota;
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::{Map, Value};

/// A sequence or mapping being read.
struct Open {
    anchor: usize,
    tag: Option<String>,
    value: Collection,
}

enum Collection {
    Sequence(Vec<Value>),
    /// With the key whose value comes next.
    Mapping(Map<String, Value>, Option<String>),
}

/// Reads the first document of a text.
///
/// # Errors
///
/// What is wrong and where, as `line 3, column 5: …`.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    let mut reader = Reader::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| at(error.marker(), error.info()))?;
        if let Some(value) = reader.event(event).map_err(|what| at(&span.start, &what))? {
            return Ok(value);
        }
    }
    Ok(Value::Null)
}

fn at(marker: &saphyr_parser::Marker, what: &str) -> String {
    format!("line {}, column {}: {what}", marker.line(), marker.col() + 1)
}

#[derive(Default)]
struct Reader {
    open: Vec<Open>,
    /// Values with an anchor, and how many values each is.
    anchors: BTreeMap<usize, (Value, usize)>,
    values: usize,
}

impl Reader {
    /// Takes an event; gives the document's value once it is whole.
    fn event(&mut self, event: Event<'_>) -> Result<Option<Value>, String> {
        let name = |tag: Option<std::borrow::Cow<'_, Tag>>| {
            tag.filter(|tag| tag.handle == "!").map(|tag| tag.suffix.clone())
        };
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = tag.is_some() || style != ScalarStyle::Plain;
                let value = if is_text { Value::from(text.into_owned()) } else { plain(&text) };
                self.close(with_function(value, name(tag)), anchor)
            }
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor).cloned();
                let (value, count) = known.ok_or("an alias of something that is not there")?;
                self.count(count)?;
                self.close(value, 0)
            }
            Event::SequenceStart(anchor, tag) => {
                self.start(anchor, name(tag), Collection::Sequence(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.start(anchor, name(tag), Collection::Mapping(Map::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return Ok(None) };
                let value = match open.value {
                    Collection::Sequence(values) => Value::Array(values),
                    Collection::Mapping(members, _) => Value::Object(members),
                };
                self.close(with_function(value, open.tag), open.anchor)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(None),
        }
    }

    fn start(
        &mut self,
        anchor: usize,
        tag: Option<String>,
        value: Collection,
    ) -> Result<Option<Value>, String> {
        if self.open.len() >= quota::SEED_LEVELS_MAX {
            return Err(format!("more than {} levels", quota::SEED_LEVELS_MAX));
        }
        self.open.push(Open { anchor, tag, value });
        Ok(None)
    }

    fn count(&mut self, values: usize) -> Result<(), String> {
        self.values = self.values.saturating_add(values);
        let limit = quota::SEED_VALUES_MAX;
        if self.values > limit { Err(format!("more than {limit} values")) } else { Ok(()) }
    }

    /// Puts a value where it belongs.
    fn close(&mut self, value: Value, anchor: usize) -> Result<Option<Value>, String> {
        self.count(1)?;
        if anchor != 0 {
            let count = count(&value);
            self.anchors.insert(anchor, (value.clone(), count));
            self.count(count)?;
        }
        let Some(open) = self.open.last_mut() else { return Ok(Some(value)) };
        match &mut open.value {
            Collection::Sequence(values) => values.push(value),
            Collection::Mapping(members, key) => match key.take() {
                None => *key = Some(key_text(value)?),
                Some(key) => {
                    members.insert(key, value);
                }
            },
        }
        Ok(None)
    }
}

fn key_text(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        _ => Err("a key that is no text".to_owned()),
    }
}

/// The values a value comes to. Its depth is bounded by [`quota::SEED_LEVELS_MAX`] and by that of what aliases repeat.
fn count(value: &Value) -> usize {
    let mut todo = vec![value];
    let mut count = 0;
    while let Some(value) = todo.pop() {
        count += 1;
        match value {
            Value::Array(values) => todo.extend(values),
            Value::Object(members) => todo.extend(members.values()),
            _ => {}
        }
    }
    count
}

/// Writes a short intrinsic function out.
fn with_function(value: Value, tag: Option<String>) -> Value {
    let Some(tag) = tag.filter(|tag| !tag.is_empty()) else { return value };
    let name = if matches!(tag.as_str(), "Ref" | "Condition") { tag } else { format!("Fn::{tag}") };
    Value::Object(Map::from_iter([(name, value)]))
}

/// A plain scalar, which may be a number or another value.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match text.parse::<i64>() {
            Ok(number) => Value::from(number),
            Err(_) if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) => text
                .parse::<f64>()
                .ok()
                .and_then(serde_json::Number::from_f64)
                .map_or_else(|| Value::from(text), Value::Number),
            Err(_) => Value::from(text),
        },
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&parse(text).map_or_else(|error| error, |value| value.to_string()));
    }

    #[test]
    fn values() {
        check(
            "a: 1\nb: [x, '1', 2.5, true, ~, 2010-09-09]\nc: |\n  text\n",
            expect![[r#"{"a":1,"b":["x","1",2.5,true,null,"2010-09-09"],"c":"text\n"}"#]],
        );
        check("&a [1, 2]", expect!["[1,2]"]);
        check("a: &x {b: 1}\nc: *x", expect![[r#"{"a":{"b":1},"c":{"b":1}}"#]]);
        check("", expect!["null"]);
    }

    #[test]
    fn short_functions() {
        check(
            "a: !Ref Name\nb: !Sub '${Name}-x'\nc: !Join ['-', [a, !Ref B]]\nd: !GetAtt A.B",
            expect![[
                r#"{"a":{"Ref":"Name"},"b":{"Fn::Sub":"${Name}-x"},"c":{"Fn::Join":["-",["a",{"Ref":"B"}]]},"d":{"Fn::GetAtt":"A.B"}}"#
            ]],
        );
    }

    #[test]
    fn mistakes() {
        check("a: [1", expect!["line 2, column 1: while parsing a flow sequence, expected ',' or ']'"]);
        check("? [a]\n: b", expect!["line 1, column 5: a key that is no text"]);
        check(&"[".repeat(100_000), expect!["line 1, column 256: recursion limit exceeded"]);
        let lines: Vec<String> =
            (1..30).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}, *a{0}]", n - 1)).collect();
        check(
            &format!("a0: &a0 [1]\n{}", lines.join("\n")),
            expect!["line 10, column 25: more than 1000000 values"],
        );
    }
}
