//! Whether an item passes a filter.

use std::borrow::Cow;
use std::cmp::Ordering;

use regex::Regex;
use serde_json::{Number, Value};

use super::parser::parse_decimal;
use super::{Comparison, Filter, OperandKind, Operator};
use crate::expr::java::number_to_string;
use crate::expr::path::Root;
use crate::expr::path::eval::Reader;
use crate::expr::{EvalError, EvalErrorKind};

/// Why a filter has no answer.
enum Abort {
    /// An operand has the wrong type: the item does not pass, not even through `!`.
    NotApplicable,
    /// The whole path fails.
    Error(EvalError),
}

type Answer = Result<bool, Abort>;

impl Filter {
    /// Whether an item passes.
    pub(in crate::expr::path) fn accepts(
        &self,
        item: &Value,
        reader: &Reader<'_, '_>,
    ) -> Result<bool, EvalError> {
        match self.holds(item, reader) {
            Ok(answer) => Ok(answer),
            Err(Abort::NotApplicable) => Ok(false),
            Err(Abort::Error(error)) => Err(error),
        }
    }

    fn holds(&self, item: &Value, reader: &Reader<'_, '_>) -> Answer {
        match self {
            Filter::Or(filters) => {
                for filter in filters {
                    if filter.holds(item, reader)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Filter::And(filters) => {
                for filter in filters {
                    if !filter.holds(item, reader)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Filter::Not(filter) => filter.holds(item, reader).map(|answer| !answer),
            Filter::Exists { path, expected } => {
                let start = if path.root() == &Root::Item { item } else { reader.document() };
                match reader.requiring_properties().read(path, start) {
                    Ok(_) => Ok(*expected),
                    Err(error) => absent_or_abort(error).map(|()| !*expected),
                }
            }
            Filter::Compare(comparison) => comparison.holds(item, reader),
        }
    }
}

/// `Ok` when the error says that there is nothing at the path.
fn absent_or_abort(error: EvalError) -> Result<(), Abort> {
    match error.kind {
        EvalErrorKind::PathNotFound | EvalErrorKind::IndexBeyondEnd => Ok(()),
        EvalErrorKind::PathInvalid => Err(Abort::NotApplicable),
        EvalErrorKind::UndefinedVariable
        | EvalErrorKind::IntrinsicFailure
        | EvalErrorKind::ReferencePathConflict
        | EvalErrorKind::LimitExceeded => Err(Abort::Error(error)),
    }
}

/// The value of an operand: none when its path leads nowhere.
type Side<'v> = Option<Cow<'v, Value>>;

impl Comparison {
    fn holds(&self, item: &Value, reader: &Reader<'_, '_>) -> Answer {
        if self.operator == Operator::Matches {
            return match (&self.left.kind, &self.right.kind) {
                (OperandKind::Regex(_), OperandKind::Regex(_)) => Ok(false),
                (OperandKind::Regex(regex), other) | (other, OperandKind::Regex(regex)) => {
                    Ok(side(other, item, reader)?.is_some_and(|value| matches_any(regex, &value)))
                }
                _ => Ok(false),
            };
        }
        let left = side(&self.left.kind, item, reader)?;
        let right = side(&self.right.kind, item, reader)?;
        let (left, right) = (left.as_deref(), right.as_deref());
        match self.operator {
            Operator::Equal => Ok(equal(left, right)),
            Operator::NotEqual => Ok(!equal(left, right)),
            Operator::StrictEqual => Ok(same_type(left, right) && equal(left, right)),
            Operator::StrictNotEqual => Ok(!(same_type(left, right) && equal(left, right))),
            Operator::Less => Ok(order(left, right).is_some_and(Ordering::is_lt)),
            Operator::LessOrEqual => Ok(order(left, right).is_some_and(Ordering::is_le)),
            Operator::Greater => Ok(order(left, right).is_some_and(Ordering::is_gt)),
            Operator::GreaterOrEqual => Ok(order(left, right).is_some_and(Ordering::is_ge)),
            Operator::Matches => Ok(false),
            Operator::In => is_in(left, right),
            Operator::NotIn => is_in(left, right).map(|answer| !answer),
            Operator::SubsetOf => compare_lists(left, right, |left, right| {
                left.iter().all(|l| right.iter().any(|r| equal(Some(l), Some(r))))
            }),
            Operator::AnyOf => compare_lists(left, right, have_common_element),
            Operator::NoneOf => compare_lists(left, right, |left, right| !have_common_element(left, right)),
            Operator::All => contains_all(left, right),
            Operator::Contains => Ok(match (left, right) {
                (Some(Value::String(left)), Some(Value::String(right))) => left.contains(right.as_str()),
                (Some(Value::Array(left)), right) => left.iter().any(|l| equal(right, Some(l))),
                _ => false,
            }),
            Operator::Size => Ok(match (left, right.and_then(Value::as_f64)) {
                (Some(Value::String(text)), Some(size)) => text.encode_utf16().count() as f64 == size.trunc(),
                (Some(Value::Array(items)), Some(size)) => items.len() as f64 == size.trunc(),
                _ => false,
            }),
            Operator::Empty => match right {
                Some(Value::Bool(expected)) => Ok(match left {
                    Some(Value::String(text)) => text.is_empty() == *expected,
                    Some(Value::Array(items)) => items.is_empty() == *expected,
                    Some(Value::Object(members)) => members.is_empty() == *expected,
                    _ => false,
                }),
                _ => Err(Abort::NotApplicable),
            },
        }
    }
}

fn side<'v>(operand: &'v OperandKind, item: &'v Value, reader: &Reader<'v, '_>) -> Result<Side<'v>, Abort> {
    match operand {
        OperandKind::Literal(value) => Ok(Some(Cow::Borrowed(value))),
        OperandKind::Regex(_) => Err(Abort::NotApplicable),
        OperandKind::Path(path) => {
            let start = if path.root() == &Root::Item { item } else { reader.document() };
            match reader.read(path, start) {
                Ok(value) => Ok(Some(value)),
                Err(error) => absent_or_abort(error).map(|()| None),
            }
        }
    }
}

fn matches_any(regex: &Regex, value: &Value) -> bool {
    let matches = |value: &Value| match value {
        Value::String(text) => regex.is_match(text),
        Value::Number(number) => regex.is_match(&number_to_string(number)),
        Value::Bool(flag) => regex.is_match(if *flag { "true" } else { "false" }),
        Value::Null | Value::Array(_) | Value::Object(_) => regex.is_match(""),
    };
    match value {
        Value::Array(items) => items.iter().any(matches),
        other => matches(other),
    }
}

/// Equality as the library has it: what is absent equals nothing, not even null.
fn equal(left: Option<&Value>, right: Option<&Value>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return false };
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => compare_numbers(left, right) == Some(Ordering::Equal),
        (Value::String(text), Value::Number(number)) => *text == number_to_string(number),
        (Value::Number(number), Value::String(text)) => parse_decimal(text)
            .is_some_and(|parsed| compare_numbers(number, &parsed) == Some(Ordering::Equal)),
        (left, right) => left == right,
    }
}

fn same_type(left: Option<&Value>, right: Option<&Value>) -> bool {
    match (left, right) {
        (Some(Value::Array(_) | Value::Object(_)), Some(Value::Array(_) | Value::Object(_))) => true,
        (Some(left), Some(right)) => std::mem::discriminant(left) == std::mem::discriminant(right),
        _ => false,
    }
}

fn order(left: Option<&Value>, right: Option<&Value>) -> Option<Ordering> {
    match (left?, right?) {
        (Value::Number(left), Value::Number(right)) => compare_numbers(left, right),
        (Value::String(left), Value::String(right)) => Some(left.encode_utf16().cmp(right.encode_utf16())),
        (Value::String(text), Value::Number(number)) => Some(text.as_str().cmp(&number_to_string(number))),
        (Value::Number(number), Value::String(text)) => Some(number_to_string(number).as_str().cmp(text)),
        _ => None,
    }
}

/// Compares two numbers by value: integers exactly, else as doubles.
pub(crate) fn compare_numbers(left: &Number, right: &Number) -> Option<Ordering> {
    let integer = |n: &Number| n.as_i64().map(i128::from).or_else(|| n.as_u64().map(i128::from));
    match (integer(left), integer(right)) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

fn is_in(left: Option<&Value>, right: Option<&Value>) -> Answer {
    match right {
        Some(Value::Array(items)) => Ok(items.iter().any(|item| equal(left, Some(item)))),
        Some(Value::Object(_)) => Ok(false),
        _ => Err(Abort::NotApplicable),
    }
}

fn compare_lists(
    left: Option<&Value>,
    right: Option<&Value>,
    compare: impl Fn(&[Value], &[Value]) -> bool,
) -> Answer {
    match (left, right) {
        (Some(Value::Array(left)), Some(Value::Array(right))) => Ok(compare(left, right)),
        (Some(Value::Array(_) | Value::Object(_)), Some(Value::Array(_) | Value::Object(_))) => Ok(false),
        _ => Err(Abort::NotApplicable),
    }
}

fn have_common_element(left: &[Value], right: &[Value]) -> bool {
    left.iter().any(|l| right.iter().any(|r| equal(Some(l), Some(r))))
}

fn contains_all(left: Option<&Value>, right: Option<&Value>) -> Answer {
    let Some(Value::Array(required)) = right else { return Err(Abort::NotApplicable) };
    match left {
        Some(Value::Array(items)) => {
            Ok(required.iter().all(|wanted| items.iter().any(|item| equal(Some(wanted), Some(item)))))
        }
        Some(Value::Object(_)) => Ok(true),
        _ => Ok(false),
    }
}
