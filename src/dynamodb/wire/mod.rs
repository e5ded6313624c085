//! DynamoDB's JSON: members of requests with their types, attribute values both ways.
//!
//! Two kinds of mistakes are told apart, as AWS does. A JSON value of the wrong type ends reading at once with a
//! `SerializationException`. A value that is well typed but breaks a rule (an empty set, a bad number) is
//! remembered by [`ValueReader`], because AWS reports it only after other checks.
//!
//! Knows nothing of tables and operations.

mod print;
mod value;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use triomphe::Arc;

use super::error::Error;
use super::json::{Array, Json, Object};

pub(super) use self::print::{
    item_to_json, value_in_message, value_to_json, write_item, write_list, write_text,
};
pub(super) use self::value::ValueReader;

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
