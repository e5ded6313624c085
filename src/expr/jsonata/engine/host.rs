//! The functions that we give to the engine: AWS's own, and those of JSONata that need a bound or the caller's chance.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use jsonata_core::evaluator::{Evaluator, EvaluatorError};
use jsonata_core::value::JValue;
use serde_json::Value;

use super::rewrite::NOW;
use super::value::to_integer;
use crate::expr::hash::hex_digest;
use crate::expr::intrinsic::integer_range;
use crate::expr::java::java_random;
use crate::expr::{Entropy, SeededEntropy};
use crate::spec::quota;

/// The functions that this file gives to the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Host {
    Partition,
    Range,
    Hash,
    Random,
    Uuid,
    Parse,
    Pad,
    Shuffle,
    /// Not a function: the expression asks for the time.
    Now,
    /// `$distinct`, under a name of our own: the engine's compares each element with every other.
    Distinct,
    /// Not for users: counts what is put together.
    Measure,
    /// Not for users: checks what `$join` and `$replace` may make.
    Product,
    /// Not for users: checks the number given to `$formatInteger`.
    Numeral,
    /// Not for users: checks the picture of a time.
    Picture,
}

impl Host {
    const NAMED: [Host; 8] = [
        Host::Partition,
        Host::Range,
        Host::Hash,
        Host::Random,
        Host::Uuid,
        Host::Parse,
        Host::Pad,
        Host::Shuffle,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Host::Partition => "partition",
            Host::Range => "range",
            Host::Hash => "hash",
            Host::Random => "random",
            Host::Uuid => "uuid",
            Host::Parse => "parse",
            Host::Pad => "pad",
            Host::Shuffle => "shuffle",
            Host::Now => NOW,
            Host::Distinct => "asl distinct",
            Host::Measure => "asl measure",
            Host::Product => "asl product",
            Host::Numeral => "asl numeral",
            Host::Picture => "asl picture",
        }
    }

    pub(super) fn named(name: &str) -> Option<Host> {
        Self::NAMED.into_iter().find(|host| host.name() == name)
    }
}

type HostResult = Result<JValue, EvaluatorError>;

fn failure(message: impl Into<String>) -> EvaluatorError {
    EvaluatorError::EvaluationError(message.into())
}

/// Registers the functions that a program names.
pub(super) fn register(
    evaluator: &mut Evaluator,
    hosts: &BTreeSet<Host>,
    entropy: &mut dyn Entropy,
) -> Result<(), EvaluatorError> {
    let chance = [Host::Random, Host::Uuid, Host::Shuffle].iter().any(|host| hosts.contains(host));
    let seed = if chance { entropy.next_u64() } else { 0 };
    let source = Rc::new(RefCell::new(SeededEntropy::new(seed)));
    for host in hosts {
        let name = host.name();
        match host {
            Host::Partition => evaluator.register_fn(name, partition)?,
            Host::Range => evaluator.register_fn(name, range)?,
            Host::Hash => evaluator.register_fn(name, hash)?,
            Host::Parse => evaluator.register_fn(name, parse)?,
            Host::Pad => evaluator.register_fn_override(name, pad)?,
            Host::Random => {
                let source = Rc::clone(&source);
                evaluator.register_fn_override(name, move |args: &[JValue]| random(args, &source))?;
            }
            Host::Uuid => {
                let source = Rc::clone(&source);
                evaluator.register_fn(name, move |_: &[JValue]| {
                    Ok(JValue::string(source.borrow_mut().uuid_v4()))
                })?;
            }
            Host::Shuffle => {
                let source = Rc::clone(&source);
                evaluator.register_fn_override(name, move |args: &[JValue]| shuffle(args, &source))?;
            }
            Host::Measure => {
                let used = Cell::new(0usize);
                evaluator.register_fn(name, move |args: &[JValue]| measure(args, &used))?;
            }
            Host::Distinct => evaluator.register_fn(name, distinct)?,
            Host::Product => evaluator.register_fn(name, product)?,
            Host::Numeral => evaluator.register_fn(name, numeral)?,
            Host::Picture => evaluator.register_fn(name, picture)?,
            Host::Now => {}
        }
    }
    Ok(())
}

fn argument(args: &[JValue], idx: usize) -> &JValue {
    args.get(idx).unwrap_or(&JValue::Undefined)
}

fn type_error(index: usize, function: Host) -> EvaluatorError {
    failure(format!(
        "T0410: Argument {index} of function \"{}\" does not match function signature",
        function.name()
    ))
}

fn integer_argument(args: &[JValue], idx: usize, function: Host) -> Result<i64, EvaluatorError> {
    let number = argument(args, idx).as_f64().ok_or_else(|| type_error(idx + 1, function))?;
    to_integer(number.trunc()).ok_or_else(|| type_error(idx + 1, function))
}

fn text_argument(args: &[JValue], idx: usize, function: Host) -> Result<&str, EvaluatorError> {
    argument(args, idx).as_str().ok_or_else(|| type_error(idx + 1, function))
}

/// `$partition(array, size)`.
///
/// AWS: `$partition([0], 2)` is `[[0]]`, not unwrapped (intrinsic_functions/test_array_partition). Chunks of size 0 and
/// of an empty array are nothing.
fn partition(args: &[JValue]) -> HostResult {
    let single;
    let items: &[JValue] = match argument(args, 0) {
        JValue::Undefined => return Ok(JValue::Undefined),
        JValue::Array(items) => items,
        other => {
            single = other;
            std::slice::from_ref(single)
        }
    };
    match usize::try_from(integer_argument(args, 1, Host::Partition)?) {
        Ok(size) if size > 0 && !items.is_empty() => {
            Ok(JValue::array(items.chunks(size).map(|chunk| JValue::array(chunk.to_vec())).collect()))
        }
        Ok(_) => Ok(JValue::Undefined),
        Err(_) => Err(type_error(2, Host::Partition)),
    }
}

/// `$range(first, last, step)`.
///
/// AWS: a range of one element is that element (intrinsic_functions/test_array_range). Without a step, or with one
/// that leads away from the last number, it is nothing.
fn range(args: &[JValue]) -> HostResult {
    let number = |idx| integer_argument(args, idx, Host::Range);
    if argument(args, 2).is_undefined() {
        return Ok(JValue::Undefined);
    }
    let Some(numbers) =
        integer_range(number(0)?, number(1)?, number(2)?, quota::JSONATA_RANGE_LEN_MAX).map_err(failure)?
    else {
        return Err(failure("Expression evaluation memory limit exceeded"));
    };
    // Within the range of i64 that came from doubles, so the way back is exact.
    Ok(JValue::sequence(numbers.into_iter().map(|n| JValue::Number(n as f64)).collect()).unwrap_sequence())
}

fn hash(args: &[JValue]) -> HostResult {
    // AWS: without an algorithm it is nothing.
    if argument(args, 1).is_undefined() {
        return Ok(JValue::Undefined);
    }
    let (data, algorithm) = (text_argument(args, 0, Host::Hash)?, text_argument(args, 1, Host::Hash)?);
    hex_digest(data, algorithm).map(JValue::string).ok_or_else(|| type_error(2, Host::Hash))
}

fn parse(args: &[JValue]) -> HostResult {
    if argument(args, 0).is_undefined() {
        return Ok(JValue::Undefined);
    }
    let text = text_argument(args, 0, Host::Parse)?;
    let value: Value =
        serde_json::from_str(text).map_err(|_| failure(format!("Unable to parse the JSON text {text:?}")))?;
    Ok(JValue::from(value))
}

/// `$random([seed])`: a number from 0 up to 1; the same seed gives the same number.
///
/// AWS: with a seed it is the first number of Java's `Random`.
fn random(args: &[JValue], source: &RefCell<SeededEntropy>) -> HostResult {
    let number = match argument(args, 0) {
        JValue::Undefined => source.borrow_mut().next_f64(),
        JValue::Number(seed) => java_random(*seed as i64),
        _ => return Err(type_error(1, Host::Random)),
    };
    Ok(JValue::Number(number))
}

fn shuffle(args: &[JValue], source: &RefCell<SeededEntropy>) -> HostResult {
    let mut items = match argument(args, 0) {
        JValue::Array(items) => items.to_vec(),
        other => return Ok(other.clone()),
    };
    let mut source = source.borrow_mut();
    for last_idx in (1..items.len()).rev() {
        let choices = u64::try_from(last_idx).unwrap_or(u64::MAX).saturating_add(1);
        let idx = usize::try_from(source.next_u64() % choices).unwrap_or(0);
        items.swap(last_idx, idx);
    }
    Ok(JValue::array(items))
}

/// `$pad(text, width, characters)`, with a bound on the width.
fn pad(args: &[JValue]) -> HostResult {
    if argument(args, 0).is_undefined() {
        return Ok(JValue::Undefined);
    }
    let text = text_argument(args, 0, Host::Pad)?;
    let width = integer_argument(args, 1, Host::Pad)?;
    let filler = match argument(args, 2) {
        JValue::Undefined => " ",
        JValue::String(filler) if filler.is_empty() => " ",
        JValue::String(filler) => filler,
        _ => return Err(type_error(3, Host::Pad)),
    };
    let len = text.chars().count();
    let wanted = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
    if wanted > quota::JSONATA_PAD_LEN_MAX {
        return Err(failure(format!("The width of $pad exceeds {} characters", quota::JSONATA_PAD_LEN_MAX)));
    }
    let filling: String = filler.chars().cycle().take(wanted.saturating_sub(len)).collect();
    Ok(JValue::string(if width < 0 { format!("{filling}{text}") } else { format!("{text}{filling}") }))
}

/// `$distinct(array)`.
fn distinct(args: &[JValue]) -> HostResult {
    if args.len() > 1 {
        return Err(failure("T0410: Argument 2 of function \"distinct\" does not match function signature"));
    }
    let items = match argument(args, 0) {
        JValue::Array(items) if items.len() > 1 => items,
        other => return Ok(other.clone()),
    };
    let mut seen = HashSet::new();
    let mut key = String::new();
    let mut unique = Vec::new();
    for item in items.iter() {
        key.clear();
        write_key(item, &mut key, quota::DOCUMENT_NESTING_MAX);
        if !seen.contains(key.as_str()) {
            seen.insert(key.clone());
            unique.push(item.clone());
        }
    }
    let mut result = JValue::array(unique);
    if items.sequence {
        result.mark_sequence();
    }
    Ok(result)
}

/// A text that equal values share, whatever the order of their members.
fn write_key(value: &JValue, key: &mut String, depth_left: usize) {
    let Some(depth_left) = depth_left.checked_sub(1) else { return };
    match value {
        JValue::Array(items) => {
            key.push('[');
            for item in items.iter() {
                write_key(item, key, depth_left);
                key.push(',');
            }
            key.push(']');
        }
        JValue::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_unstable_by_key(|(name, _)| *name);
            key.push('{');
            for (name, member) in sorted {
                key.push_str(&format!("{name:?}:"));
                write_key(member, key, depth_left);
                key.push(',');
            }
            key.push('}');
        }
        JValue::String(text) => key.push_str(&format!("{text:?}")),
        // Functions are equal to themselves alone; which of them stays makes no difference to a result.
        other => key.push_str(&format!("{other:?}")),
    }
}

/// Gives back its argument, unless too much has been put together.
fn measure(args: &[JValue], used: &Cell<usize>) -> HostResult {
    let value = argument(args, 0);
    match add_size(value, used.get(), quota::DOCUMENT_NESTING_MAX) {
        Some(size) => {
            used.set(size);
            Ok(value.clone())
        }
        None => Err(failure(too_much(quota::JSONATA_VALUES_MAX, "values"))),
    }
}

/// What is said of an expression that makes more than so much.
pub(super) fn too_much(limit: usize, unit: &str) -> String {
    format!("The expression makes too much data: more than {limit} {unit}")
}

/// Adds the number of values in a value, a long string counting as several; nothing when that is too much. Values
/// that are shared count each time, as they would in a result.
fn add_size(value: &JValue, size: usize, depth_left: usize) -> Option<usize> {
    let depth_left = depth_left.checked_sub(1)?;
    let own = match value {
        JValue::String(text) => 1 + text.len() / 16,
        _ => 1,
    };
    let size = size + own;
    if size > quota::JSONATA_VALUES_MAX {
        return None;
    }
    match value {
        JValue::Array(items) => items.iter().try_fold(size, |size, item| add_size(item, size, depth_left)),
        JValue::Object(members) => {
            members.values().try_fold(size, |size, member| add_size(member, size, depth_left))
        }
        _ => Some(size),
    }
}

/// Gives back the first argument, unless what `$join` or `$replace` makes of it is too much: the length of the list times
/// that of the separator, or of the text times that of the replacement. With four arguments the third is `$replace`'s, and the
/// last the context, which is the text where there are two or the third is a number.
fn product(args: &[JValue]) -> HostResult {
    let len = |value: &JValue| match value {
        JValue::String(text) => text.len(),
        JValue::Array(items) => items.len(),
        _ => 0,
    };
    let first = argument(args, 0);
    let (text, replacement) = match (argument(args, 2), args.get(3)) {
        (_, None) => (first, argument(args, 1)),
        (JValue::Null | JValue::Undefined | JValue::Number(_), Some(context)) => (context, argument(args, 1)),
        (third, Some(_)) => (first, third),
    };
    if len(text).saturating_mul(len(replacement)) > quota::JSONATA_PRODUCT_BYTES_MAX {
        return Err(failure(too_much(quota::JSONATA_PRODUCT_BYTES_MAX, "bytes")));
    }
    Ok(first.clone())
}

/// Gives back a number, unless the engine could not print it: not finite, or with too many of Roman's M's.
fn numeral(args: &[JValue]) -> HostResult {
    const ROMAN_MAX: f64 = 1e6;
    let value = argument(args, 0);
    if let JValue::Number(number) = value {
        if !number.is_finite() {
            return Err(failure(format!("D1001: Number out of range: {number}")));
        }
        let may_be_roman = match argument(args, 1) {
            JValue::String(picture) => picture.starts_with(['I', 'i']),
            _ => true,
        };
        if may_be_roman && number.abs() > ROMAN_MAX {
            return Err(failure(format!("A Roman numeral stands for at most {ROMAN_MAX}")));
        }
    }
    Ok(value.clone())
}

/// Gives back the picture of a time, unless it asks for a width of more than four digits: `[Y,1000000000]`.
fn picture(args: &[JValue]) -> HostResult {
    const DIGITS_MAX: usize = 4;
    let value = argument(args, 0);
    if let JValue::String(picture) = value {
        let is_long = |part: &str| part.chars().take_while(|c| c.is_numeric()).count() > DIGITS_MAX;
        if picture.contains('[') && picture.split([',', '-']).skip(1).any(|part| is_long(part.trim_start())) {
            return Err(failure(format!("A width in a picture has at most {DIGITS_MAX} digits")));
        }
    }
    Ok(value.clone())
}
