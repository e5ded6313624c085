//! What is read of a value: its parts and what they are read as, and an example that has them all.

use serde_json::{Map, Value, json};

use crate::spec::mock_schema::Shape;

/// Levels of an example. Nobody reads deeper, and shapes of services may go on without an end.
const DEPTH_MAX: usize = 16;

/// What a value is read as.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Anything.
    Any,
    /// A string.
    Text,
    /// A number.
    Number,
    /// A number as text, as attribute values of DynamoDB hold it.
    NumberText,
    /// `true` or `false`.
    Boolean,
    /// A moment.
    Timestamp,
    /// An array.
    Array,
    /// This very value: it is compared with it.
    Exactly(Value),
}

/// What is read of a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Want {
    kind: Option<Kind>,
    /// Members in the order they were first read.
    members: Vec<(String, Want)>,
    element: Option<Box<Want>>,
}

/// A step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A member.
    Name(String),
    /// Any of the elements.
    Each,
}

impl Want {
    /// Whether nothing is read.
    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty() && self.element.is_none()
    }

    /// Notes that what the steps lead to is read. What it is read as first, or more exactly, counts.
    pub(super) fn note(&mut self, steps: &[Step], kind: Kind) {
        let mut want = self;
        for step in steps {
            let part = match step {
                Step::Name(name) => want.member(name),
                Step::Each => Some(&mut **want.element.get_or_insert_default()),
            };
            want = match part {
                Some(part) => part,
                None => return,
            };
        }
        if matches!(want.kind, None | Some(Kind::Any)) {
            want.kind = Some(kind);
        }
    }

    /// A member, which is made if it is not there.
    fn member(&mut self, name: &str) -> Option<&mut Want> {
        if self.get(name).is_none() {
            self.members.push((name.to_owned(), Want::default()));
        }
        self.members.iter_mut().find(|(known, _)| known == name).map(|(_, want)| want)
    }

    /// What is read of a member.
    pub(super) fn get(&self, name: &str) -> Option<&Want> {
        self.members.iter().find(|(known, _)| known == name).map(|(_, want)| want)
    }

    /// The members that are read.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &Want)> {
        self.members.iter().map(|(name, want)| (name.as_str(), want))
    }

    /// A value that has all that is read; strings are named after what holds them.
    ///
    /// Recursive, but never deeper than expressions reach.
    pub(super) fn example(&self, name: &str) -> Value {
        if !self.members.is_empty() {
            let member = |(name, want): &(String, Want)| (name.clone(), want.example(name));
            return Value::Object(self.members.iter().map(member).collect());
        }
        if let Some(element) = &self.element {
            return json!([element.example(name.strip_suffix('s').unwrap_or(name))]);
        }
        match &self.kind {
            None | Some(Kind::Any | Kind::Text) => json!(format!("{name}-1")),
            Some(Kind::Number) => json!(1),
            Some(Kind::NumberText) => json!("1"),
            Some(Kind::Boolean) => json!(true),
            Some(Kind::Timestamp) => json!("2026-01-31T09:00:00Z"),
            Some(Kind::Array) => json!([format!("{}-1", name.strip_suffix('s').unwrap_or(name))]),
            Some(Kind::Exactly(value)) => value.clone(),
        }
    }
}

/// An answer that a service could give, with all that it always has and all that is read of it.
pub(super) fn answer(shape: &Shape, want: &Want, name: &str) -> Value {
    answer_within(shape, want, name, 0)
}

fn answer_within(shape: &Shape, want: &Want, name: &str, depth: usize) -> Value {
    if depth > DEPTH_MAX {
        return Value::Null;
    }
    let nothing = Want::default();
    match shape {
        Shape::Any => want.example(name),
        Shape::Text { chars_min, chars_max } => {
            let text = match &want.kind {
                Some(Kind::Exactly(Value::String(text))) => text.clone(),
                Some(Kind::NumberText) => "1".to_owned(),
                _ => format!("{name}-1"),
            };
            let padded = format!("{text:-<width$}", width = (*chars_min).min(1_024));
            json!(padded.chars().take(*chars_max).collect::<String>())
        }
        Shape::OneOf(values) => {
            let wanted = match &want.kind {
                Some(Kind::Exactly(Value::String(text))) => values.iter().find(|value| **value == text),
                _ => None,
            };
            json!(wanted.or(values.first()))
        }
        Shape::Number { min, max } => {
            let wanted = match &want.kind {
                Some(Kind::Exactly(value)) => value.as_f64(),
                _ => None,
            };
            let number = wanted.unwrap_or(1.0).clamp(*min, *max);
            // Whole numbers are written as such.
            if number.fract() == 0.0 && number.abs() < 1e15 { json!(number as i64) } else { json!(number) }
        }
        Shape::Boolean => match &want.kind {
            Some(Kind::Exactly(value @ Value::Bool(_))) => value.clone(),
            _ => json!(true),
        },
        Shape::List(element) => match &want.element {
            Some(wanted) => json!([answer_within(element, wanted, name, depth + 1)]),
            None => json!([]),
        },
        Shape::Map(value) => {
            let member =
                |(name, want): (&str, &Want)| (name.to_owned(), answer_within(value, want, name, depth + 1));
            Value::Object(want.members().map(member).collect())
        }
        Shape::Structure(members) => {
            let mut made = Map::new();
            for member in *members {
                let wanted = want.get(member.name);
                if member.is_required || wanted.is_some() {
                    let wanted = wanted.unwrap_or(&nothing);
                    made.insert(
                        member.name.to_owned(),
                        answer_within(member.shape, wanted, member.name, depth + 1),
                    );
                }
            }
            Value::Object(made)
        }
    }
}
