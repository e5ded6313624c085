//! DynamoDB's JSON: members of requests with their types, attribute values both ways.
//!
//! Two kinds of mistakes are told apart, as AWS does. A JSON value of the wrong type ends reading at once with a
//! `SerializationException`. A value that is well typed but breaks a rule (an empty set, a bad number) is
//! remembered by [`ValueReader`], because AWS reports it only after other checks.
//!
//! Knows nothing of tables and operations.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value};
use smol_str::SmolStr;
use triomphe::Arc;

use super::attribute::{AttributeType, AttributeValue, GivenItem, Item};
use super::error::Error;
use super::json::{Array, Json, Object};
use super::message::{self, Message};
use super::number::{Number, NumberError};
use super::text::Text;
use crate::spec::quota;

/// The members of a JSON object in a request. A member that is `null` counts as absent.
#[derive(Clone, Copy)]
pub(super) struct Members<'a> {
    object: Object<'a>,
    /// Which lengths the names have, a bit for each: most members an operation asks for are not there.
    lengths: u64,
}

impl<'a> Members<'a> {
    /// # Errors
    ///
    /// `SerializationException` when the value is no object.
    pub(super) fn new(value: Json<'a>) -> Result<Members<'a>, Error> {
        match value {
            Json::Object(object) => Ok(Members::of(object)),
            _ => Err(serialization("Unexpected field type")),
        }
    }

    fn of(object: Object<'a>) -> Members<'a> {
        let lengths = object.iter().fold(0, |lengths, (name, _)| lengths | length_bit(name));
        Members { object, lengths }
    }

    pub(super) fn get(self, name: &str) -> Option<Json<'a>> {
        if self.lengths & length_bit(name) == 0 {
            return None;
        }
        self.object.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn string(self, name: &str) -> Result<Option<&'a str>, Error> {
        self.get(name).map(string).transpose()
    }

    pub(super) fn boolean(self, name: &str) -> Result<Option<bool>, Error> {
        self.get(name).map(boolean).transpose()
    }

    pub(super) fn integer(self, name: &str) -> Result<Option<i64>, Error> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match value {
            // AWS: a fraction is cut off.
            Json::Number(number) => Ok(number.as_i64().or_else(|| number.as_f64().and_then(truncate))),
            other => Err(wrong_scalar(other, "Integer", "class java.lang.Integer")),
        }
    }

    /// An integer of 64 bits, for which AWS has another word.
    pub(super) fn long(self, name: &str) -> Result<Option<i64>, Error> {
        self.get(name)
            .filter(|value| !matches!(value, Json::Number(_)))
            .map_or(Ok(()), |value| Err(wrong_scalar(value, "Long", "class java.lang.Long")))?;
        self.integer(name)
    }

    pub(super) fn list(self, name: &str) -> Result<Option<Array<'a>>, Error> {
        self.get(name).map(list).transpose()
    }

    pub(super) fn strings(self, name: &str) -> Result<Option<Vec<&'a str>>, Error> {
        self.list(name)?.map(|values| values.iter().map(string).collect()).transpose()
    }

    /// A member whose own members have any names.
    pub(super) fn map(self, name: &str) -> Result<Option<Object<'a>>, Error> {
        self.get(name).map(|value| map(value, || element_class(name))).transpose()
    }

    /// The same with texts in it, by name.
    pub(super) fn texts(self, name: &str) -> Result<Option<Vec<(&'a str, &'a str)>>, Error> {
        let Some(map) = self.map(name)? else { return Ok(None) };
        let present = map.iter().filter(|(_, value)| !value.is_null());
        present.map(|(key, value)| Ok((key, string(value)?))).collect::<Result<_, Error>>().map(Some)
    }

    /// The same with structures in it, by name.
    pub(super) fn entries(self, name: &str) -> Result<Option<Vec<(&'a str, Members<'a>)>>, Error> {
        let Some(map) = self.map(name)? else { return Ok(None) };
        let present = map.iter().filter(|(_, value)| !value.is_null());
        let entries = present.map(|(key, value)| Ok((key, element(value, || element_class(name))?)));
        entries.collect::<Result<_, Error>>().map(Some)
    }

    pub(super) fn structure(self, name: &str) -> Result<Option<Members<'a>>, Error> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match value {
            Json::Object(object) => Ok(Some(Members::of(object))),
            Json::Array(_) => Err(unrecognized(&format!("class {PACKAGE}{name}"))),
            _ => Err(serialization("Unexpected field type")),
        }
    }

    pub(super) fn structures(self, name: &str) -> Result<Option<Vec<Members<'a>>>, Error> {
        self.get(name).map(|value| structures(name, value)).transpose()
    }

    /// All members as lists of structures, by name.
    pub(super) fn all_structures(self) -> impl Iterator<Item = Result<(&'a str, Vec<Members<'a>>), Error>> {
        let present = self.object.iter().filter(|(_, value)| !value.is_null());
        present.map(|(name, value)| Ok((name, structures(name, value)?)))
    }

    pub(super) fn names(self) -> impl Iterator<Item = &'a str> {
        self.object.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name)
    }
}

/// The bit of a name's length; long names share one.
const fn length_bit(name: &str) -> u64 {
    if name.len() < 63 { 1 << name.len() } else { 1 << 63 }
}

fn serialization(message: impl Into<String>) -> Error {
    Error::SerializationException { message: message.into() }
}

fn truncate(number: f64) -> Option<i64> {
    // Through decimal text: casting a float would saturate without a word.
    format!("{:.0}", number.trunc()).parse().ok()
}

fn wrong_scalar(value: Json<'_>, wanted: &str, class: &str) -> Error {
    serialization(match value {
        Json::Number(number) if number.is_f64() => format!("DECIMAL_VALUE cannot be converted to {wanted}"),
        Json::Number(_) => format!("NUMBER_VALUE cannot be converted to {wanted}"),
        Json::Bool(true) => format!("TRUE_VALUE cannot be converted to {wanted}"),
        Json::Bool(false) => format!("FALSE_VALUE cannot be converted to {wanted}"),
        Json::Text(_) => format!("STRING_VALUE cannot be converted to {wanted}"),
        Json::Array(_) => return unrecognized(class),
        Json::Object(_) | Json::Null => "Start of structure or map found where not expected".to_owned(),
    })
}

/// A text that is no member of its own.
///
/// # Errors
///
/// `SerializationException` for any other value.
pub(super) fn string(value: Json<'_>) -> Result<&str, Error> {
    match value {
        Json::Text(text) => Ok(text),
        other => Err(wrong_scalar(other, "String", "class java.lang.String")),
    }
}

fn boolean(value: Json<'_>) -> Result<bool, Error> {
    match value {
        Json::Bool(flag) => Ok(flag),
        Json::Text(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Ok(true),
            "false" | "0" | "no" => Ok(false),
            _ => Err(serialization("Unexpected token received from parser")),
        },
        other => Err(wrong_scalar(other, "Boolean", "class java.lang.Boolean")),
    }
}

fn list(value: Json<'_>) -> Result<Array<'_>, Error> {
    match value {
        Json::Array(values) => Ok(values),
        Json::Object(_) => Err(serialization("Start of structure or map found where not expected")),
        _ => Err(serialization("Unexpected field type")),
    }
}

/// A map of values of a class, which only a message asks for.
fn map(value: Json<'_>, class: impl FnOnce() -> &'static str) -> Result<Object<'_>, Error> {
    match value {
        Json::Object(object) => Ok(object),
        Json::Array(_) => Err(match class() {
            TEXT => unrecognized("java.util.Map<java.lang.String, java.lang.String>"),
            class => unrecognized(&format!("java.util.Map<java.lang.String, {PACKAGE}{class}>")),
        }),
        _ => Err(serialization("Unexpected field type")),
    }
}

/// A map of attribute values that is no member of its own.
///
/// # Errors
///
/// `SerializationException` for any other value.
pub(super) fn attribute_map(value: Json<'_>) -> Result<Object<'_>, Error> {
    map(value, || ATTRIBUTE_VALUE)
}

/// A structure within a list or a map.
fn element(value: Json<'_>, class: impl FnOnce() -> &'static str) -> Result<Members<'_>, Error> {
    object(value, class).map(Members::of)
}

fn object(value: Json<'_>, class: impl FnOnce() -> &'static str) -> Result<Object<'_>, Error> {
    match value {
        Json::Object(object) => Ok(object),
        Json::Array(_) => Err(unrecognized(&format!("class {PACKAGE}{}", class()))),
        _ => Err(serialization("Unexpected value type in payload")),
    }
}

/// The structures of a list that is the member of that name.
fn structures<'a>(name: &str, value: Json<'a>) -> Result<Vec<Members<'a>>, Error> {
    list(value)?.iter().map(|value| element(value, || element_class(name))).collect()
}

/// Where the classes are that messages name.
const PACKAGE: &str = "com.amazonaws.dynamodb.v20120810.";
const ATTRIBUTE_VALUE: &str = "AttributeValue";
/// Stands for the class of texts, which is in another package.
const TEXT: &str = "String";

/// The class of what is in a list or map, for messages.
fn element_class(member: &str) -> &'static str {
    match member {
        "AttributeDefinitions" => "AttributeDefinition",
        "AttributeUpdates" => "AttributeValueUpdate",
        "Expected" => "ExpectedAttributeValue",
        "ExpressionAttributeNames" => TEXT,
        "GlobalSecondaryIndexUpdates" => "GlobalSecondaryIndexUpdate",
        "GlobalSecondaryIndexes" => "GlobalSecondaryIndex",
        "KeyConditions" | "QueryFilter" | "ScanFilter" => "Condition",
        "KeySchema" => "KeySchemaElement",
        "LocalSecondaryIndexes" => "LocalSecondaryIndex",
        "RequestItems" => "KeysAndAttributes",
        "Statements" => "BatchStatementRequest",
        "Tags" => "Tag",
        "TransactItems" => "TransactWriteItem",
        "TransactStatements" => "ParameterizedStatement",
        _ => ATTRIBUTE_VALUE,
    }
}

fn unrecognized(kind: &str) -> Error {
    serialization(format!("Unrecognized collection type {kind}"))
}

fn binary(value: Json<'_>) -> Result<Arc<[u8]>, Error> {
    let Json::Text(text) = value else {
        return Err(match value {
            Json::Array(_) | Json::Object(_) => {
                wrong_scalar(value, "ByteBuffer", "class java.nio.ByteBuffer")
            }
            _ => serialization("only base-64-encoded strings are convertible to bytes"),
        });
    };
    if text.len() % 4 != 0 {
        let found = text.len();
        return Err(serialization(format!(
            "Base64 encoded length is expected a multiple of 4 bytes but found: {found}"
        )));
    }
    // AWS: the spelling is the service's. It says the same of a wrong symbol anywhere.
    BASE64
        .decode(text)
        .map(Arc::from)
        .map_err(|_| serialization("Invalid last non-pad Base64 character dectected"))
}

/// Reads attribute values and remembers the first rule one of them breaks.
#[derive(Default)]
pub(super) struct ValueReader {
    problem: Option<Message>,
    /// Whether the problem is a map with an empty name in it, which gives way to values nested too deep.
    gives_way: bool,
    /// Whether the values are parameters of a statement, whose numbers are read in another way.
    of_statement: bool,
}

impl ValueReader {
    /// A reader of the parameters of a statement.
    pub(super) fn of_statement() -> ValueReader {
        ValueReader { of_statement: true, ..ValueReader::default() }
    }

    /// The first broken rule, in the order of reading.
    pub(super) fn into_problem(self) -> Option<Message> {
        self.problem
    }

    /// Reads attributes by name.
    ///
    /// # Errors
    ///
    /// `SerializationException` when a part has the wrong JSON type.
    pub(super) fn item(&mut self, object: Object<'_>) -> Result<GivenItem, Error> {
        // AWS: what is wrong with a name is noticed before what is with a value.
        object.iter().filter(|(_, value)| !value.is_null()).for_each(|(name, _)| self.name(name));
        self.attributes(object, 0)
    }

    /// Notes what is wrong with the name of an attribute.
    pub(super) fn name(&mut self, name: &str) {
        if let Err(problem) = message::check_attribute_name(name) {
            self.note(problem);
        }
    }

    /// Reads one value.
    ///
    /// # Errors
    ///
    /// `SerializationException` when a part has the wrong JSON type.
    pub(super) fn value(&mut self, value: Json<'_>) -> Result<AttributeValue, Error> {
        self.nested(value, 0)
    }

    fn attributes(&mut self, object: Object<'_>, levels: usize) -> Result<GivenItem, Error> {
        // Room for a key, and for most maps.
        let mut attributes = Vec::with_capacity(8);
        for (name, value) in object.iter().filter(|(_, value)| !value.is_null()) {
            if name.is_empty() {
                self.gives_way |= self.problem.is_none();
            }
            self.name(name);
            attributes.push((SmolStr::new(name), self.nested(value, levels)?));
        }
        Ok(GivenItem::of_distinct(attributes))
    }

    /// `levels` counts the lists and maps around the value; the recursion ends at [`quota::ATTRIBUTE_NESTING_MAX`].
    fn nested(&mut self, value: Json<'_>, levels: usize) -> Result<AttributeValue, Error> {
        if levels >= quota::ATTRIBUTE_NESTING_MAX {
            // AWS: how deep values are is known before the names in maps are looked at.
            if std::mem::take(&mut self.gives_way) {
                self.problem = None;
            }
            self.note(message::nesting_too_deep());
            return Ok(AttributeValue::Null);
        }
        match self.text_or_number(value) {
            Some(value) => Ok(value),
            None => self.any(value, levels),
        }
    }

    /// What most values are, before all that a value can be is looked at.
    fn text_or_number(&mut self, value: Json<'_>) -> Option<AttributeValue> {
        let Json::Object(object) = value else { return None };
        let mut members = object.iter();
        match (members.next()?, members.next()) {
            (("S", Json::Text(text)), None) => Some(AttributeValue::S(text.into())),
            (("N", Json::Text(text)), None) => Some(AttributeValue::N(self.number(text))),
            _ => None,
        }
    }

    fn any(&mut self, value: Json<'_>, levels: usize) -> Result<AttributeValue, Error> {
        let members = object(value, || ATTRIBUTE_VALUE)?;
        let mut found = None;
        for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            let Some(kind) = AttributeType::from_name(name) else { continue };
            let value = self.typed(kind, value, levels)?;
            if found.is_some() {
                self.note(message::value_has_two_types());
            }
            found = Some(value);
        }
        Ok(found.unwrap_or_else(|| {
            self.note(message::value_empty());
            AttributeValue::Null
        }))
    }

    fn typed(
        &mut self,
        kind: AttributeType,
        value: Json<'_>,
        levels: usize,
    ) -> Result<AttributeValue, Error> {
        Ok(match kind {
            AttributeType::S => AttributeValue::S(string(value)?.into()),
            AttributeType::N => AttributeValue::N(self.number(string(value)?)),
            AttributeType::B => AttributeValue::B(binary(value)?),
            AttributeType::Bool => AttributeValue::Bool(boolean(value)?),
            AttributeType::Null => {
                if !boolean(value)? {
                    self.note(message::null_is_false());
                }
                AttributeValue::Null
            }
            AttributeType::Ss => self.string_set(list(value)?)?,
            AttributeType::Ns => self.number_set(list(value)?)?,
            AttributeType::Bs => self.binary_set(list(value)?)?,
            AttributeType::L => {
                let values = list(value)?.iter().map(|value| self.nested(value, levels + 1));
                AttributeValue::L(values.collect::<Result<Vec<_>, _>>()?.into())
            }
            AttributeType::M => AttributeValue::M(self.attributes(attribute_map(value)?, levels + 1)?.into()),
        })
    }

    fn number(&mut self, text: &str) -> Number {
        let number = match self.of_statement {
            true => Number::parse_in_statement(text),
            false => Number::parse(text),
        };
        number.unwrap_or_else(|error| {
            // AWS: the older layer has numbers of fewer bits, as statements do.
            // Of larger exponents no text of the older layer is known.
            let older = Number::parse_in_statement(text).err();
            let older = older.filter(|older| *older == NumberError::Underflow).unwrap_or(error);
            self.note(message::bad_number(error, older, text));
            Number::ZERO
        })
    }

    fn string_set(&mut self, values: Array<'_>) -> Result<AttributeValue, Error> {
        let mut set: Vec<Text> =
            values.iter().map(|value| string(value).map(Text::from)).collect::<Result<_, _>>()?;
        self.sort_set(AttributeType::Ss, &mut set, values, |text| text.into());
        Ok(AttributeValue::Ss(set.into()))
    }

    fn number_set(&mut self, values: Array<'_>) -> Result<AttributeValue, Error> {
        let mut set: Vec<Number> =
            values.iter().map(|value| Ok(self.number(string(value)?))).collect::<Result<_, Error>>()?;
        self.sort_set(AttributeType::Ns, &mut set, values, |text| {
            Number::parse(text).unwrap_or(Number::ZERO)
        });
        Ok(AttributeValue::Ns(set.into()))
    }

    fn binary_set(&mut self, values: Array<'_>) -> Result<AttributeValue, Error> {
        let mut set: Vec<Arc<[u8]>> = values.iter().map(binary).collect::<Result<_, _>>()?;
        self.sort_set(AttributeType::Bs, &mut set, values, |text| {
            BASE64.decode(text).unwrap_or_default().into()
        });
        Ok(AttributeValue::Bs(set.into()))
    }

    /// `values` are the members as sent; `read` makes a member of its text once more, where what is wrong has to be
    /// told.
    fn sort_set<T: Ord>(
        &mut self,
        kind: AttributeType,
        set: &mut Vec<T>,
        values: Array<'_>,
        read: impl Fn(&str) -> T,
    ) {
        if set.is_empty() {
            self.note(message::set_empty(kind));
        }
        set.sort();
        let count = set.len();
        set.dedup();
        if set.len() < count {
            let texts: Vec<&str> = values.iter().filter_map(|value| string(value).ok()).collect();
            let arranged = up_to_repetition_in_order(&texts, read);
            self.note(message::set_has_duplicates(kind, &texts, &arranged));
        }
    }

    fn note(&mut self, problem: Message) {
        self.problem.get_or_insert(problem);
    }
}

/// The members of a set, those before the first repeated one in their order.
fn up_to_repetition_in_order<'t, T: Ord>(texts: &[&'t str], read: impl Fn(&str) -> T) -> Vec<&'t str> {
    let mut before = BTreeMap::new();
    let mut rest = texts.iter().copied();
    for text in rest.by_ref() {
        let member = read(text);
        if before.contains_key(&member) {
            return before.into_values().chain([text]).chain(rest).collect();
        }
        before.insert(member, text);
    }
    before.into_values().collect()
}

/// An item in attribute-value JSON, members by name.
pub(super) fn item_to_json(item: &Item) -> Value {
    Value::Object(item.iter().map(|(name, value)| (name.to_string(), value_to_json(value))).collect())
}

/// A value in attribute-value JSON, such as `{"N": "5"}`.
pub(super) fn value_to_json(value: &AttributeValue) -> Value {
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
pub(super) fn write_text(out: &mut Vec<u8>, text: &str) {
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
pub(super) fn write_list<T>(
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
pub(super) fn write_item(out: &mut Vec<u8>, item: &Item) {
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
pub(super) fn value_in_message(value: &AttributeValue) -> String {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::dynamodb::TextGeneration;
    use crate::dynamodb::message::Layer;

    #[track_caller]
    fn check(value: Value, expected: &str) {
        let mut reader = ValueReader::default();
        let actual = match reader.value(Json::from(&value)) {
            Err(error) => format!("{}: {error}", error.code()),
            Ok(read) => match reader.into_problem() {
                Some(problem) => problem.render(TextGeneration::Before2026, Layer::Enveloped),
                None => value_to_json(&read).to_string(),
            },
        };
        assert_eq!(actual, expected);
    }

    #[test]
    fn values_round_trip() {
        check(json!({"S": ""}), r#"{"S":""}"#);
        check(json!({"N": "01.50"}), r#"{"N":"1.5"}"#);
        check(json!({"B": "AAEC"}), r#"{"B":"AAEC"}"#);
        check(json!({"BOOL": "true"}), r#"{"BOOL":true}"#);
        check(json!({"NULL": true, "S": null}), r#"{"NULL":true}"#);
        check(json!({"NS": ["10", "9"]}), r#"{"NS":["9","10"]}"#);
        check(
            json!({"L": [{"M": {"b": {"S": "x"}, "a": {"SS": ["y"]}}}]}),
            r#"{"L":[{"M":{"a":{"SS":["y"]},"b":{"S":"x"}}}]}"#,
        );
    }

    #[test]
    fn wrong_json_types() {
        check(json!({"N": 5}), "SerializationException: NUMBER_VALUE cannot be converted to String");
        check(json!({"N": 5.5}), "SerializationException: DECIMAL_VALUE cannot be converted to String");
        check(json!({"S": true}), "SerializationException: TRUE_VALUE cannot be converted to String");
        check(
            json!({"S": ["x"]}),
            "SerializationException: Unrecognized collection type class java.lang.String",
        );
        check(json!("x"), "SerializationException: Unexpected value type in payload");
        check(json!({"L": "x"}), "SerializationException: Unexpected field type");
        check(json!({"BOOL": "maybe"}), "SerializationException: Unexpected token received from parser");
        check(
            json!({"B": "abcde"}),
            "SerializationException: Base64 encoded length is expected a multiple of 4 bytes but found: 5",
        );
    }

    #[test]
    fn broken_rules() {
        check(
            json!({}),
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
        );
        check(
            json!({"S": "a", "N": "1"}),
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
        );
        check(
            json!({"NULL": false}),
            "One or more parameter values were invalid: Null attribute value types must have the value of true",
        );
        check(
            json!({"SS": []}),
            "One or more parameter values were invalid: An string set  may not be empty",
        );
        check(
            json!({"SS": ["a", "a"]}),
            "One or more parameter values were invalid: Input collection [a, a] contains duplicates.",
        );
        check(json!({"NS": ["1", "1.0"]}), "Input collection contains duplicates");
        check(
            json!({"BS": ["Yg==", "Yg=="]}),
            "One or more parameter values were invalid: Input collection [Yg==, Yg==]of type BS contains duplicates.",
        );
        check(json!({"N": "dog"}), "The parameter cannot be converted to a numeric value: dog");
        check(json!({"N": ""}), "The parameter cannot be converted to a numeric value");
    }

    #[test]
    fn deep_values_are_refused_not_followed() {
        let nested = |levels: usize| (0..levels).fold(json!({"S": "x"}), |inner, _| json!({"L": [inner]}));
        let mut reader = ValueReader::default();
        assert_eq!(reader.value(Json::from(&nested(31))).unwrap().nesting_levels(), 32);
        assert_eq!(reader.into_problem(), None);
        let text = "Nesting Levels have exceeded supported limits: \
                    Attributes in the item have nested levels beyond supported limit";
        check(nested(32), text);
        check(nested(300), text);
    }
}
