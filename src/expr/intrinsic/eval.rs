//! Evaluation of intrinsic functions, one function for each row of the table.

use std::borrow::Cow;
use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Number, Value};

use super::{Argument, ArgumentKind, Call};
use crate::expr::hash::hex_digest;
use crate::expr::java::to_java_string;
use crate::expr::path::{Path, compare_numbers};
use crate::expr::{Cost, Entropy, EvalError, EvalErrorKind, Scope, SeededEntropy};
use crate::spec::intrinsic::{HASH_ALGORITHMS, IntrinsicFunction};
use crate::spec::quota;
use crate::text::TextRange;

pub(super) fn evaluate(
    call: &Call,
    scope: &dyn Scope,
    entropy: &mut dyn Entropy,
) -> Result<Value, EvalError> {
    let mut evaluator = Evaluator { scope, entropy, bytes_left: quota::INTRINSIC_BYTES_MAX };
    let value = evaluator.call(call);
    scope.spend(Cost::values((quota::INTRINSIC_BYTES_MAX - evaluator.bytes_left) / BYTES_OF_VALUE));
    value
}

/// How the JSONPath library begins what it says of an index into something that is no array.
const INDEX_INTO_OTHER: &str = "Filter: ";

/// Bytes that count as one value read.
const BYTES_OF_VALUE: usize = 8;

struct Evaluator<'s, 'e> {
    scope: &'s dyn Scope,
    entropy: &'e mut dyn Entropy,
    /// How much data the calls may still take in, so that `States.Array($, $, …)` cannot fill the memory.
    bytes_left: usize,
}

/// The evaluated arguments of one call.
struct Arguments<'c, 'v> {
    call: &'c Call,
    values: Vec<Cow<'v, Value>>,
}

impl<'s> Evaluator<'s, '_> {
    fn call(&mut self, call: &Call) -> Result<Value, EvalError> {
        let Some(function) = call.function else {
            let message = format!("Unknown intrinsic function '{}'", call.name);
            return Err(EvalError::new(EvalErrorKind::IntrinsicFailure, message, call.name_range));
        };
        let mut values = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            let value = self.argument(argument)?;
            self.charge(&value, argument.range, quota::DOCUMENT_NESTING_MAX)?;
            values.push(value);
        }
        let arguments = Arguments { call, values };
        match function {
            IntrinsicFunction::Format => format(&arguments),
            IntrinsicFunction::StringToJson => string_to_json(&arguments),
            IntrinsicFunction::JsonToString => json_to_string(&arguments),
            IntrinsicFunction::Array => {
                Ok(Value::Array(arguments.values.into_iter().map(Cow::into_owned).collect()))
            }
            IntrinsicFunction::ArrayPartition => array_partition(&arguments),
            IntrinsicFunction::ArrayContains => array_contains(&arguments),
            IntrinsicFunction::ArrayRange => array_range(&arguments),
            IntrinsicFunction::ArrayGetItem => array_get_item(&arguments),
            IntrinsicFunction::ArrayLength => Ok(arguments.array(0)?.len().into()),
            IntrinsicFunction::ArrayUnique => array_unique(&arguments),
            IntrinsicFunction::Base64Encode => Ok(STANDARD.encode(arguments.short_text(0)?).into()),
            IntrinsicFunction::Base64Decode => base64_decode(&arguments),
            IntrinsicFunction::Hash => hash(&arguments),
            IntrinsicFunction::JsonMerge => json_merge(&arguments),
            IntrinsicFunction::MathRandom => math_random(&arguments, self.entropy),
            IntrinsicFunction::MathAdd => math_add(&arguments),
            IntrinsicFunction::StringSplit => string_split(&arguments),
            IntrinsicFunction::UUID => Ok(self.entropy.uuid_v4().into()),
        }
    }

    fn argument(&mut self, argument: &Argument) -> Result<Cow<'s, Value>, EvalError> {
        Ok(match &argument.kind {
            ArgumentKind::String(literal) => {
                // The template of States.Format keeps its escapes until it is filled.
                Cow::Owned(Value::String(literal.value()))
            }
            ArgumentKind::Number(number) => Cow::Owned(Value::Number(number.clone())),
            ArgumentKind::Bool(flag) => Cow::Owned(Value::Bool(*flag)),
            ArgumentKind::Null => Cow::Owned(Value::Null),
            ArgumentKind::Path(path) => {
                path.evaluate(self.scope).map_err(|error| self.missing_argument(path, error))?
            }
            ArgumentKind::Call(call) => Cow::Owned(self.call(call)?),
            ArgumentKind::Error => {
                let message = "The argument is not valid";
                return Err(EvalError::new(EvalErrorKind::IntrinsicFailure, message, argument.range));
            }
        })
    }

    /// What AWS says of a path among the arguments that leads to nothing.
    ///
    /// AWS: it quotes the state's input even of a path into the context object, which it writes with a single `$`; and
    /// it hands on what its JSONPath library says of an index into something that is no array.
    fn missing_argument(&self, path: &Path, error: EvalError) -> EvalError {
        let is_missing = matches!(error.kind, EvalErrorKind::PathNotFound | EvalErrorKind::IndexBeyondEnd);
        if !is_missing || error.message.starts_with(INDEX_INTO_OTHER) {
            return error;
        }
        let text = path.text();
        let written = text.strip_prefix('$').filter(|rest| rest.starts_with('$')).unwrap_or(text);
        let message = format!(
            "The JsonPath argument for the field '{written}' could not be found in the input '{}'",
            self.scope.input()
        );
        EvalError { message, ..error }
    }

    fn charge(&mut self, value: &Value, range: TextRange, depth_left: usize) -> Result<(), EvalError> {
        let exceeded =
            || EvalError::limit(quota::INTRINSIC_BYTES_MAX, "bytes given to intrinsic functions", range);
        if depth_left == 0 {
            return Err(EvalError::limit(quota::DOCUMENT_NESTING_MAX, "levels of values", range));
        }
        let bytes = match value {
            Value::String(text) => text.len() + 2,
            _ => 8,
        };
        self.bytes_left = self.bytes_left.checked_sub(bytes).ok_or_else(exceeded)?;
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.charge(item, range, depth_left - 1)),
            Value::Object(members) => {
                for (name, member) in members {
                    self.bytes_left = self.bytes_left.checked_sub(name.len()).ok_or_else(exceeded)?;
                    self.charge(member, range, depth_left - 1)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

impl Arguments<'_, '_> {
    fn value(&self, idx: usize) -> Result<&Value, EvalError> {
        self.values.get(idx).map(Cow::as_ref).ok_or_else(|| self.failure("Too few arguments"))
    }

    fn failure(&self, message: impl Into<String>) -> EvalError {
        EvalError::new(EvalErrorKind::IntrinsicFailure, message, self.call.range)
    }

    fn failure_at(&self, idx: usize, message: impl Into<String>) -> EvalError {
        let range = self.call.arguments.get(idx).map_or(self.call.range, |argument| argument.range);
        EvalError::new(EvalErrorKind::IntrinsicFailure, message, range)
    }

    fn wrong_type(&self, idx: usize, expected: &str) -> EvalError {
        self.failure_at(idx, format!("Argument {} of {} must be {expected}", idx + 1, self.call.name))
    }

    fn text(&self, idx: usize) -> Result<&str, EvalError> {
        self.value(idx)?.as_str().ok_or_else(|| self.wrong_type(idx, "a string"))
    }

    fn short_text(&self, idx: usize) -> Result<&str, EvalError> {
        let text = self.text(idx)?;
        if text.chars().count() > quota::INTRINSIC_TEXT_CHARS_MAX {
            let limit = quota::INTRINSIC_TEXT_CHARS_MAX;
            return Err(self.wrong_type(idx, &format!("a string of at most {limit} characters")));
        }
        Ok(text)
    }

    fn array(&self, idx: usize) -> Result<&Vec<Value>, EvalError> {
        self.value(idx)?.as_array().ok_or_else(|| self.wrong_type(idx, "an array"))
    }

    /// A number, rounded half up as Java rounds.
    ///
    /// AWS: -1.5 gives -1, 1.5 gives 2 (intrinsic_functions/test_math_add).
    fn integer(&self, idx: usize) -> Result<i64, EvalError> {
        let expected = || self.wrong_type(idx, "an integer");
        let Value::Number(number) = self.value(idx)? else { return Err(expected()) };
        match number.as_i64() {
            Some(integer) => Ok(integer),
            None => round_half_up(number.as_f64().ok_or_else(expected)?).ok_or_else(expected),
        }
    }
}

fn round_half_up(number: f64) -> Option<i64> {
    let rounded = (number + 0.5).floor();
    // Within 2^53 the conversion is exact; beyond it there is nothing to round.
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    if rounded.abs() <= EXACT_MAX { format!("{rounded:.0}").parse().ok() } else { None }
}

fn format(arguments: &Arguments<'_, '_>) -> Result<Value, EvalError> {
    let computed;
    let template: &str = match arguments.call.arguments.first().map(|argument| &argument.kind) {
        Some(ArgumentKind::String(literal)) => &literal.raw,
        _ => {
            computed = arguments.text(0)?;
            computed
        }
    };
    let mut text = String::with_capacity(template.len());
    let mut next_idx = 1;
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            '{' if chars.peek() == Some(&'}') => {
                chars.next();
                let Some(value) = arguments.values.get(next_idx) else {
                    return Err(
                        arguments.failure_at(0, "The template has more '{}' than there are arguments")
                    );
                };
                text.push_str(&to_java_string(value));
                next_idx += 1;
            }
            other => text.push(other),
        }
    }
    if next_idx < arguments.values.len() {
        return Err(arguments.failure_at(next_idx, "There are more arguments than '{}' in the template"));
    }
    Ok(Value::String(text))
}

/// AWS: blank text is null (intrinsic_functions/test_string_to_json).
fn string_to_json(arguments: &Arguments<'_, '_>) -> Result<Value, EvalError> {
    let text = arguments.text(0)?;
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(text).map_err(|_| arguments.wrong_type(0, "JSON text"))
}

fn json_to_string(arguments: &Arguments<'_, '_>) -> Result<Value, EvalError> {
    let value = arguments.value(0)?;
    serde_json::to_string(value)
        .map(Value::String)
        .map_err(|_| arguments.failure("The value cannot be printed"))
}

fn array_partition(arguments: &Arguments<'_, '_>) -> Result<Value, EvalError> {
    let items = arguments.array(0)?;
    match usize::try_from(arguments.integer(1)?) {
        Ok(size) if size > 0 => Ok(items.chunks(size).map(|chunk| Value::Array(chunk.to_vec())).collect()),
        _ => Err(arguments.wrong_type(1, "a positive integer")),
    }
}

fn array_contains(arguments: &Arguments<'_, '_>) -> Result<Value, EvalError> {
    let wanted = arguments.value(1)?;
    Ok(Value::Bool(arguments.array(0)?.iter().any(|item| equal(item, wanted))))
}

/// Equality in which 1 equals 1.0. The depth of both values has been checked.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            compare_numbers(left, right) == Some(std::cmp::Ordering::Equal)
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, value)| right.get(name).is_some_and(|other| equal(value, other)))
        }
        (left, right) => left == right,
    }
}

fn array_range(arguments: &Arguments<'_, '_>) -> Result<Value, EvalError> {
    let (first, last, step) = (arguments.integer(0)?, arguments.integer(1)?, arguments.integer(2)?);
    let most = quota::ARRAY_RANGE_LEN_MAX;
    match integer_range(first, last, step, most) {
        Ok(Some(numbers)) => Ok(numbers.into()),
        Ok(None) => Err(arguments.failure_at(2, format!("A range may have at most {most} elements"))),
        Err(message) => Err(arguments.failure_at(2, message)),
    }
}

/// The integers from `first` to `last`; nothing if there are more than `most`.
pub(in crate::expr) fn integer_range(
    first: i64,
    last: i64,
    step: i64,
    most: usize,
) -> Result<Option<Vec<i64>>, String> {
    if step == 0 {
        return Err("The step of a range must not be 0".to_owned());
    }
    let mut numbers = Vec::new();
    let mut number = first;
    while if step > 0 { number <= last } else { number >= last } {
        if numbers.len() == most {
            return Ok(None);
        }
        numbers.push(number);
        match number.checked_add(step) {
            Some(next) => number = next,
            None => break,
        }
    }
    Ok(Some(numbers))
}

fn array_get_item(arguments: &Arguments<'_, '_>) -> Result<Value, EvalError> {
    let items = arguments.array(0)?;
    let index = arguments.integer(1)?;
    usize::try_from(index).ok().and_then(|index| items.get(index)).cloned().ok_or_else(|| {
        arguments
            .failure_at(1, format!("The index {index} is not within the array of length {}", items.len()))
    })
}

fn array_unique(arguments: &Arguments<'_, '_>) -> Result<Value, EvalError> {
    let mut seen = HashSet::new();
    let unique = arguments.array(0)?.iter().filter(|item| seen.insert(canonical_text(item))).cloned();
    Ok(unique.collect())
}

/// A text that equal values share: members sorted, 1.0 as 1.
fn canonical_text(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical_text).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(members) => {
            let mut members: Vec<String> = members
                .iter()
                .map(|(name, member)| format!("{}:{}", Value::from(name.as_str()), canonical_text(member)))
                .collect();
            members.sort_unstable();
            format!("{{{}}}", members.join(","))
        }
        Value::Number(number) => match number.as_f64() {
            Some(double) if number.is_f64() && double.fract() == 0.0 && double.abs() < 1e15 => {
                format!("{double:.0}")
            }
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

fn base64_decode(arguments: &Arguments<'_, '_>) -> Result<Value, EvalError> {
    let bytes =
        STANDARD.decode(arguments.short_text(0)?).map_err(|_| arguments.wrong_type(0, "Base64 text"))?;
    Ok(Value::String(String::from_utf8_lossy(&bytes).into_owned()))
}

fn hash(arguments: &Arguments<'_, '_>) -> Result<Value, EvalError> {
    let data = arguments.short_text(0)?;
    let algorithm = arguments.text(1)?;
    hex_digest(data, algorithm)
        .map(Value::String)
        .ok_or_else(|| arguments.wrong_type(1, &format!("one of {}", HASH_ALGORITHMS.join(", "))))
}

fn json_merge(arguments: &Arguments<'_, '_>) -> Result<Value, EvalError> {
    let object =
        |idx| arguments.value(idx)?.as_object().ok_or_else(|| arguments.wrong_type(idx, "an object"));
    let (first, second) = (object(0)?, object(1)?);
    if arguments.value(2)? != &Value::Bool(false) {
        return Err(arguments.wrong_type(2, "false: AWS merges one level only"));
    }
    let mut merged = first.clone();
    merged.extend(second.iter().map(|(name, member)| (name.clone(), member.clone())));
    Ok(Value::Object(merged))
}

fn math_random(arguments: &Arguments<'_, '_>, entropy: &mut dyn Entropy) -> Result<Value, EvalError> {
    let (start, end) = (arguments.integer(0)?, arguments.integer(1)?);
    let span = i128::from(end) - i128::from(start);
    if span <= 0 {
        return Err(arguments.failure_at(1, "The end must be greater than the start"));
    }
    let bits = match arguments.values.len() {
        3 => SeededEntropy::new(arguments.integer(2)?.cast_unsigned()).next_u64(),
        _ => entropy.next_u64(),
    };
    // The bias is below 2^-32 for the spans AWS allows.
    let number = i128::from(start) + i128::from(bits).rem_euclid(span);
    Ok(i64::try_from(number).map(Number::from).map_or(Value::Null, Value::Number))
}

fn math_add(arguments: &Arguments<'_, '_>) -> Result<Value, EvalError> {
    let (first, second) = (arguments.integer(0)?, arguments.integer(1)?);
    first.checked_add(second).map(Value::from).ok_or_else(|| arguments.failure("The sum is too large"))
}

/// AWS: the second argument is a set of characters, and empty parts are left out
/// (intrinsic_functions/test_string_split).
fn string_split(arguments: &Arguments<'_, '_>) -> Result<Value, EvalError> {
    let (text, delimiters) = (arguments.text(0)?, arguments.text(1)?);
    Ok(text.split(|c| delimiters.contains(c)).filter(|part| !part.is_empty()).map(Value::from).collect())
}
