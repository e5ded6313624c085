//! The JSON of requests: a body that came as text, or a tree that a caller in process has, looked at in the same way.
//!
//! A text is read in one pass into one list of nodes that borrows from it: no allocation for a value, a name or a
//! container, and no recursion, so that depth costs no stack. What is no JSON is [`Malformed`], without a word where: AWS
//! says none either.
//!
//! Knows nothing of what requests mean.
//!
//! Implements <https://www.rfc-editor.org/rfc/rfc8259>. Escapes and numbers are read by `serde_json`.

mod reader;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::slice;

use serde_json::{Map, Number, Value, map};
use thiserror::Error;

use super::hash::Hash;
use reader::Flat;

/// The body of a request: JSON that is not understood yet. By default there is none, which is no object.
///
/// # Example
///
/// ```
/// use asl_lsp::dynamodb::{Body, Database, Request};
///
/// let body = Body::read(br#"{"Limit": 5}"#).unwrap();
/// let request = Request::parse("ListTables", body).unwrap();
/// let response = Database::default().execute(&request).unwrap();
/// assert_eq!(response.to_text(), r#"{"TableNames":[]}"#);
/// assert!(Body::read(b"{").is_err());
/// ```
#[derive(Debug, Default)]
pub struct Body<'b> {
    source: Source<'b>,
}

#[derive(Debug, Default)]
enum Source<'b> {
    #[default]
    None,
    Flat(Flat<'b>),
    Tree(&'b Value),
}

/// A text that is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the body is no JSON")]
pub struct Malformed;

impl<'b> Body<'b> {
    /// Reads a body from its text, in UTF-8.
    ///
    /// # Errors
    ///
    /// [`Malformed`] for anything but one JSON value with white space around it.
    pub fn read(text: &'b [u8]) -> Result<Body<'b>, Malformed> {
        let text = str::from_utf8(text).map_err(|_| Malformed)?;
        Ok(Body { source: Source::Flat(reader::read(text)?) })
    }

    /// Whether a text is nested deeper than [`REQUEST_LEVELS_MAX`](crate::spec::quota::REQUEST_LEVELS_MAX). What is deeper
    /// is left out.
    pub fn is_deep(&self) -> bool {
        matches!(&self.source, Source::Flat(flat) if flat.is_deep)
    }

    /// Whether the body is an object, as all requests are.
    pub fn is_object(&self) -> bool {
        matches!(self.json(), Json::Object(_))
    }

    pub(super) fn json(&self) -> Json<'_> {
        match &self.source {
            Source::None => Json::Null,
            // A text that was read has a value.
            Source::Flat(flat) => Values { nodes: &flat.nodes }.next().unwrap_or(Json::Null),
            Source::Tree(value) => Json::from(*value),
        }
    }
}

impl<'b> From<&'b Value> for Body<'b> {
    fn from(value: &'b Value) -> Body<'b> {
        Body { source: Source::Tree(value) }
    }
}

/// A value, wherever it lies.
#[derive(Clone, Copy)]
pub(super) enum Json<'j> {
    Null,
    Bool(bool),
    Number(&'j Number),
    Text(&'j str),
    Array(Array<'j>),
    Object(Object<'j>),
}

/// The values of an array.
#[derive(Clone, Copy)]
pub(super) enum Array<'j> {
    Flat(Values<'j>),
    Tree(&'j [Value]),
}

/// The members of an object, whose names differ.
#[derive(Clone, Copy)]
pub(super) enum Object<'j> {
    Flat(Values<'j>),
    Tree(&'j Map<String, Value>),
}

impl Json<'_> {
    pub(super) fn is_null(self) -> bool {
        matches!(self, Json::Null)
    }

    /// A copy of it, to be shown. Recursive, over no more levels than are read.
    pub(super) fn to_value(self) -> Value {
        match self {
            Json::Null => Value::Null,
            Json::Bool(flag) => Value::Bool(flag),
            Json::Number(number) => Value::Number(number.clone()),
            Json::Text(text) => Value::from(text),
            Json::Array(values) => values.iter().map(Json::to_value).collect(),
            Json::Object(object) => object.iter().map(|(name, value)| (name, value.to_value())).collect(),
        }
    }
}

impl<'j> From<&'j Value> for Json<'j> {
    fn from(value: &'j Value) -> Json<'j> {
        match value {
            Value::Null => Json::Null,
            Value::Bool(flag) => Json::Bool(*flag),
            Value::Number(number) => Json::Number(number),
            Value::String(text) => Json::Text(text),
            Value::Array(values) => Json::Array(Array::Tree(values)),
            Value::Object(map) => Json::Object(Object::Tree(map)),
        }
    }
}

impl<'j> Array<'j> {
    /// The values in their order.
    pub(super) fn iter(self) -> impl Iterator<Item = Json<'j>> {
        match self {
            Array::Flat(values) => Elements::Flat(values),
            Array::Tree(values) => Elements::Tree(values.iter()),
        }
    }

    /// Tells the values from others that came in the same way.
    pub(super) fn fingerprint(self) -> Hash {
        let mut hash = Hash::START;
        // A hash takes any text.
        let _ = match self {
            Array::Flat(values) => write!(hash, "{:?}", values.nodes),
            Array::Tree(values) => write!(hash, "{values:?}"),
        };
        hash
    }
}

enum Elements<'j> {
    Flat(Values<'j>),
    Tree(slice::Iter<'j, Value>),
}

impl<'j> Iterator for Elements<'j> {
    type Item = Json<'j>;

    fn next(&mut self) -> Option<Json<'j>> {
        match self {
            Elements::Flat(values) => values.next(),
            Elements::Tree(values) => values.next().map(Json::from),
        }
    }
}

impl<'j> Object<'j> {
    /// The member of that name.
    pub(super) fn get(self, name: &str) -> Option<Json<'j>> {
        // An operation asks for a dozen members of a request that has a few: looking at all of them is faster than
        // hashing each name.
        match self {
            Object::Flat(values) => values.find(name),
            Object::Tree(map) => {
                map.iter().find(|(other, _)| *other == name).map(|(_, value)| Json::from(value))
            }
        }
    }

    /// Names and values in their order.
    pub(super) fn iter(self) -> impl Iterator<Item = (&'j str, Json<'j>)> {
        match self {
            Object::Flat(values) => Entries::Flat(values),
            Object::Tree(map) => Entries::Tree(map.iter()),
        }
    }
}

enum Entries<'j> {
    Flat(Values<'j>),
    Tree(map::Iter<'j>),
}

impl<'j> Iterator for Entries<'j> {
    type Item = (&'j str, Json<'j>);

    fn next(&mut self) -> Option<(&'j str, Json<'j>)> {
        match self {
            Entries::Flat(values) => values.member(),
            Entries::Tree(map) => map.next().map(|(name, value)| (name.as_str(), Json::from(value))),
        }
    }
}

/// Values of a text, one after the other.
#[derive(Clone, Copy)]
pub(super) struct Values<'j> {
    nodes: &'j [Node<'j>],
}

impl<'j> Iterator for Values<'j> {
    type Item = Json<'j>;

    fn next(&mut self) -> Option<Json<'j>> {
        let (node, rest) = self.nodes.split_first()?;
        let (nodes, rest) = rest.split_at_checked(node.len())?;
        self.nodes = rest;
        Some(match node {
            Node::Null => Json::Null,
            Node::Bool(flag) => Json::Bool(*flag),
            Node::Number(number) => Json::Number(number),
            Node::Text(text) => Json::Text(text),
            Node::Array(_) => Json::Array(Array::Flat(Values { nodes })),
            Node::Object(_) => Json::Object(Object::Flat(Values { nodes })),
        })
    }
}

impl<'j> Values<'j> {
    /// The value after a name.
    fn find(mut self, name: &str) -> Option<Json<'j>> {
        while let [Node::Text(other), rest @ ..] = self.nodes {
            self.nodes = rest;
            if other == name {
                return self.next();
            }
            let (value, _) = rest.split_first()?;
            self.nodes = rest.get(1 + value.len()..)?;
        }
        None
    }

    /// The next value as a name, and the value after it.
    fn member(&mut self) -> Option<(&'j str, Json<'j>)> {
        match self.next()? {
            Json::Text(name) => Some((name, self.next()?)),
            _ => None,
        }
    }
}

/// A value or the name of a member, in the order of the text. What is in a container follows it.
#[derive(Clone, Debug)]
enum Node<'t> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'t, str>),
    /// An array of so many nodes.
    Array(usize),
    /// An object of so many nodes, each value after its name.
    Object(usize),
}

impl Node<'_> {
    /// How many nodes are in this one.
    const fn len(&self) -> usize {
        match self {
            Node::Array(len) | Node::Object(len) => *len,
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_tree_looks_the_same() {
        let value = json!({"a": [1, {"b": null}], "c": "text", "d": [], "e": {}});
        assert_eq!(Body::from(&value).json().to_value(), value);
    }

    #[test]
    fn nodes_stay_small() {
        assert_eq!(std::mem::size_of::<Node<'_>>(), 24);
    }
}
