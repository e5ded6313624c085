//! Payload templates: JSON with expressions in it.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde_json::Value;

use crate::expr::Expr;
use crate::expr::jsonata::Program;

/// Where a field stands within its state: the keys and indices from the state, joined by `/` (`Output/result`).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldPath(Arc<str>);

impl FieldPath {
    /// The path of the state itself.
    pub fn root() -> Self {
        Self(Arc::from(""))
    }

    /// The path of a field from its state.
    pub fn new(path: &str) -> Self {
        Self(Arc::from(path))
    }

    /// The path of a member or element.
    pub fn join(&self, key: &str) -> Self {
        if self.0.is_empty() { Self(Arc::from(key)) } else { Self(Arc::from(format!("{}/{key}", self.0))) }
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path as AWS writes it in causes and events: keys after `/`, indices in brackets (`Choices[1]/Condition`).
    ///
    /// A key that is a number is taken for an index, since the path does not tell them apart.
    pub fn location(&self) -> String {
        let mut location = String::with_capacity(self.0.len() + 2);
        for key in self.0.split('/') {
            let is_index = !key.is_empty() && key.bytes().all(|b| b.is_ascii_digit());
            if is_index && !location.is_empty() {
                location.push_str(&format!("[{key}]"));
                continue;
            }
            if !location.is_empty() {
                location.push('/');
            }
            location.push_str(key);
        }
        location
    }

    /// The last key: `value.$` of `Parameters/value.$`.
    pub fn last(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

impl fmt::Debug for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An expression of either query language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expression {
    /// A path or an intrinsic function.
    JsonPath(Expr),
    /// What stands between `{%` and `%}`.
    Jsonata(Program),
}

impl Expression {
    /// The expression as it was written, without the delimiters of JSONata.
    pub fn text(&self) -> &str {
        match self {
            Expression::JsonPath(expr) => expr.text(),
            Expression::Jsonata(program) => program.text(),
        }
    }
}

/// An expression and the field it stands in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    /// The expression.
    pub expr: Expression,
    /// The field, with the `.$` of its key.
    pub field: FieldPath,
    /// Where it is in the [`SourceMap`](super::SourceMap).
    pub id: SlotId,
}

/// Identifies a [`Slot`] of a machine: they are counted as the machine is read.
///
/// No part of what a slot is, so that all are equal: a state stays what it is when another one gets an expression.
#[derive(Clone, Copy, Debug)]
pub struct SlotId(pub(super) u32);

impl PartialEq for SlotId {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for SlotId {}

impl Hash for SlotId {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// JSON in which some values are expressions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Payload {
    /// JSON without expressions.
    Literal(Arc<Value>),
    /// An object with an expression somewhere in it; keys without their `.$`.
    Object(Vec<(Arc<str>, Payload)>),
    /// An array with an expression somewhere in it.
    Array(Vec<Payload>),
    /// An expression.
    Expr(Box<Slot>),
}

impl Payload {
    /// The value, where there is no expression in it.
    pub fn literal(&self) -> Option<&Value> {
        match self {
            Payload::Literal(value) => Some(value),
            _ => None,
        }
    }

    /// The payload of a member; none where this is no object or has no such member. A literal's members are
    /// literals.
    pub fn get(&self, key: &str) -> Option<Payload> {
        match self {
            Payload::Literal(value) => value.get(key).map(|value| Payload::Literal(Arc::new(value.clone()))),
            Payload::Object(members) => {
                members.iter().rfind(|(name, _)| &**name == key).map(|(_, payload)| payload.clone())
            }
            Payload::Array(_) | Payload::Expr(_) => None,
        }
    }

    /// The value of a member, where there is no expression in it; cheaper than [`Payload::get`].
    pub fn literal_of(&self, key: &str) -> Option<&Value> {
        match self {
            Payload::Literal(value) => value.get(key),
            Payload::Object(members) => members.iter().rfind(|(name, _)| &**name == key)?.1.literal(),
            Payload::Array(_) | Payload::Expr(_) => None,
        }
    }

    /// The keys of an object, as they are written without `.$`; none of anything else.
    pub fn keys(&self) -> Vec<&str> {
        match self {
            Payload::Literal(value) => {
                value.as_object().map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
            }
            Payload::Object(members) => members.iter().map(|(name, _)| &**name).collect(),
            Payload::Array(_) | Payload::Expr(_) => Vec::new(),
        }
    }

    /// All expressions in it, in the order of the text.
    pub fn slots(&self) -> Vec<&Slot> {
        let mut slots = Vec::new();
        self.collect_slots(&mut slots);
        slots
    }

    /// As [`Payload::slots`], into a list that is there.
    ///
    /// Recursive, but never deeper than the nesting that the parser admits.
    pub(super) fn collect_slots<'a>(&'a self, slots: &mut Vec<&'a Slot>) {
        match self {
            Payload::Literal(_) => {}
            Payload::Object(members) => members.iter().for_each(|(_, payload)| payload.collect_slots(slots)),
            Payload::Array(elements) => elements.iter().for_each(|payload| payload.collect_slots(slots)),
            Payload::Expr(slot) => slots.push(slot),
        }
    }
}
