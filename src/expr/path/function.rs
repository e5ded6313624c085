//! The functions that may end a path: `$.prices.sum()`.

use serde_json::{Number, Value};

use super::eval::Reader;
use super::{Argument, Call};
use crate::expr::java::to_java_string;
use crate::expr::{EvalError, EvalErrorKind};
use crate::text::TextRange;

/// A function of the JSONPath library.
#[derive(Clone, Copy, Debug)]
pub struct PathFunction {
    /// Its name, without parentheses.
    pub name: &'static str,
    /// What it gives, in one sentence.
    pub doc: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Min,
    Max,
    Avg,
    Sum,
    Stddev,
    Length,
    Concat,
    Append,
    Keys,
    First,
    Last,
    Index,
}

macro_rules! functions {
    ($($name:literal $kind:ident $doc:literal,)*) => {
        /// Every function of the library, in the order of its documentation.
        pub const FUNCTIONS: &[PathFunction] =
            &[$(PathFunction { name: $name, doc: $doc, kind: Kind::$kind },)*];
    };
}

functions! {
    "min" Min "The smallest number of an array.",
    "max" Max "The largest number of an array.",
    "avg" Avg "The mean of the numbers of an array.",
    "stddev" Stddev "The standard deviation of the numbers of an array.",
    "sum" Sum "The sum of the numbers of an array.",
    "length" Length "The number of elements of an array or of members of an object; null for anything else.",
    "size" Length "The same as length().",
    "concat" Concat "The strings of an array and of the arguments, joined.",
    "append" Append "The array with the arguments added at its end.",
    "keys" Keys "The names of the members of an object.",
    "first" First "The first element of an array.",
    "last" Last "The last element of an array.",
    "index" Index "The element of an array at an index; negative indices count from the end.",
}

/// The arguments of a call, evaluated.
pub(super) struct Arguments {
    values: Vec<Value>,
}

impl Arguments {
    pub(super) fn evaluate(
        call: &Call,
        reader: &Reader<'_, '_>,
        range: TextRange,
    ) -> Result<Self, EvalError> {
        let mut values = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            reader.visit(1, range)?;
            values.push(match argument {
                Argument::Json(value) => value.clone(),
                Argument::Path(path) => reader.read(path, reader.document())?.into_owned(),
            });
        }
        Ok(Self { values })
    }

    /// Puts a value before the others.
    pub(super) fn prepend(&mut self, value: Value) {
        self.values.insert(0, value);
    }

    /// The arguments and, of arrays, their elements.
    fn flat(&self) -> impl Iterator<Item = &Value> {
        self.values.iter().flat_map(|value| match value {
            Value::Array(items) => items.as_slice(),
            other => std::slice::from_ref(other),
        })
    }
}

impl PathFunction {
    /// The function of this name.
    pub fn find(name: &str) -> Option<&'static PathFunction> {
        FUNCTIONS.iter().find(|function| function.name == name)
    }

    pub(super) fn call(
        &self,
        value: &Value,
        arguments: &Arguments,
        range: TextRange,
    ) -> Result<Value, EvalError> {
        let invalid = |message: String| EvalError::new(EvalErrorKind::PathInvalid, message, range);
        match self.kind {
            Kind::Min | Kind::Max | Kind::Avg | Kind::Sum | Kind::Stddev => {
                aggregate(self.kind, value, arguments).ok_or_else(|| {
                    invalid("Aggregation function attempted to calculate value using empty array".to_owned())
                })
            }
            Kind::Length => Ok(match (arguments.values.first(), value) {
                (Some(Value::Array(items)), _) | (None, Value::Array(items)) => items.len().into(),
                (Some(Value::Object(members)), _) | (None, Value::Object(members)) => members.len().into(),
                _ => Value::Null,
            }),
            Kind::Concat => {
                let own = value.as_array().map(Vec::as_slice).unwrap_or_default();
                let mut text: String = own.iter().filter_map(Value::as_str).collect();
                for argument in arguments.flat() {
                    text.push_str(&to_java_string(argument));
                }
                Ok(Value::String(text))
            }
            Kind::Append => {
                let mut value = value.clone();
                if let Value::Array(items) = &mut value {
                    items.extend(arguments.values.iter().cloned());
                }
                Ok(value)
            }
            Kind::Keys => Ok(match value {
                Value::Object(members) => members.keys().cloned().map(Value::String).collect(),
                _ => Value::Null,
            }),
            Kind::First | Kind::Last | Kind::Index => {
                let index = match self.kind {
                    Kind::First => Some(0),
                    Kind::Last => Some(-1),
                    _ => arguments.flat().find_map(Value::as_i64),
                };
                let (Some(index), Value::Array(items)) = (index, value) else {
                    return Err(invalid(
                        "Aggregation function attempted to calculate value using empty array".to_owned(),
                    ));
                };
                let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
                let place = if index < 0 { len.saturating_add(index) } else { index };
                usize::try_from(place)
                    .ok()
                    .and_then(|place| items.get(place))
                    .cloned()
                    .ok_or_else(|| invalid(format!("Target index:{index} larger than object count:{len}")))
            }
        }
    }
}

/// The numbers of the array and of the arguments, reduced; nothing when there is none.
fn aggregate(kind: Kind, value: &Value, arguments: &Arguments) -> Option<Value> {
    let own = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
    for number in own.iter().chain(arguments.flat()).filter_map(Value::as_f64) {
        count += 1.0;
        sum += number;
        squares += number * number;
        min = min.min(number);
        max = max.max(number);
    }
    if count == 0.0 {
        return None;
    }
    let result = match kind {
        Kind::Min => min,
        Kind::Max => max,
        Kind::Avg => sum / count,
        Kind::Stddev => (squares / count - sum * sum / count / count).sqrt(),
        _ => sum,
    };
    Some(Number::from_f64(result).map_or(Value::Null, Value::Number))
}
