//! Values on their way into the engine and out of it.

use jsonata_core::value::JValue;
use serde_json::{Map, Number, Value};

use super::Error;
use super::host::too_much;
use super::survey::Reads;
use crate::expr::Scope;
use crate::spec::context::{STATES_CONTEXT, STATES_ERROR_OUTPUT, STATES_INPUT, STATES_RESULT};
use crate::spec::quota;

fn too_deep() -> Error {
    Error::new("", format!("The value is nested more than {} levels deep", quota::DOCUMENT_NESTING_MAX))
}

/// `$states`, as far as it is read. The context object is asked for only when it is.
pub(super) fn states(scope: &dyn Scope, reads: &Reads) -> Result<JValue, Error> {
    let mut members = Vec::with_capacity(2);
    let depth = quota::DOCUMENT_NESTING_MAX;
    if let Some(reads) = reads.member(STATES_INPUT) {
        members.push((STATES_INPUT.to_owned(), import(scope.input(), reads, depth)?));
    }
    if let Some(reads) = reads.member(STATES_CONTEXT) {
        members.push((STATES_CONTEXT.to_owned(), import(scope.context(), reads, depth)?));
    }
    if let (Some(reads), Some(result)) = (reads.member(STATES_RESULT), scope.result()) {
        members.push((STATES_RESULT.to_owned(), import(result, reads, depth)?));
    }
    if let (Some(reads), Some(error)) = (reads.member(STATES_ERROR_OUTPUT), scope.error_output()) {
        members.push((STATES_ERROR_OUTPUT.to_owned(), import(error, reads, depth)?));
    }
    Ok(JValue::object(members.into_iter().collect()))
}

/// Converts the part of a value that is read. A path maps over arrays, so what is read of an array is read of each
/// of its elements.
pub(super) fn import(value: &Value, reads: &Reads, depth_left: usize) -> Result<JValue, Error> {
    if depth_left == 0 {
        return Err(too_deep());
    }
    Ok(match value {
        Value::Null => JValue::Null,
        Value::Bool(flag) => JValue::Bool(*flag),
        Value::Number(number) => JValue::Number(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => JValue::string(text.as_str()),
        Value::Array(items) => {
            let items = items.iter().map(|item| import(item, reads, depth_left - 1));
            JValue::array(items.collect::<Result<_, _>>()?)
        }
        Value::Object(members) => match reads {
            Reads::All => JValue::object(
                members
                    .iter()
                    .map(|(name, member)| Ok((name.clone(), import(member, reads, depth_left - 1)?)))
                    .collect::<Result<_, Error>>()?,
            ),
            Reads::Members(wanted) => {
                let mut found = Vec::with_capacity(wanted.len());
                for (name, reads) in wanted {
                    if let Some(member) = members.get(name) {
                        found.push((name.clone(), import(member, reads, depth_left - 1)?));
                    }
                }
                JValue::object(found.into_iter().collect())
            }
        },
    })
}

/// Converts a result; nothing when it is undefined.
pub(super) fn export(
    value: &JValue,
    n_values: &mut usize,
    depth_left: usize,
) -> Result<Option<Value>, Error> {
    if depth_left == 0 {
        return Err(too_deep());
    }
    *n_values += 1;
    if *n_values > quota::JSONATA_VALUES_MAX {
        return Err(Error::new("", too_much(quota::JSONATA_VALUES_MAX, "values")));
    }
    Ok(Some(match value {
        JValue::Undefined => return Ok(None),
        JValue::Null => Value::Null,
        JValue::Bool(flag) => Value::Bool(*flag),
        JValue::Number(number) => Value::Number(export_number(*number)?),
        JValue::String(text) => Value::String(text.to_string()),
        JValue::Array(items) => {
            let mut exported = Vec::with_capacity(items.len());
            for item in items.iter() {
                exported.extend(export(item, n_values, depth_left - 1)?);
            }
            Value::Array(exported)
        }
        JValue::Object(members) => {
            let mut exported = Map::with_capacity(members.len());
            for (name, member) in members.iter() {
                if let Some(member) = export(member, n_values, depth_left - 1)? {
                    exported.insert(name.clone(), member);
                }
            }
            Value::Object(exported)
        }
        JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => return Err(Error::unsupported()),
    }))
}

/// Integers below 10^21 are printed as integers, as JavaScript does.
fn export_number(number: f64) -> Result<Number, Error> {
    match to_integer(number) {
        Some(integer) => Ok(integer.into()),
        None => Number::from_f64(number)
            .ok_or_else(|| Error::parse(&format!("D1001: Number out of range: {number}"))),
    }
}

/// The number as an integer, if it is one that fits.
pub(super) fn to_integer(number: f64) -> Option<i64> {
    // 2^63 is a double; its neighbours are 1024 away.
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    #[allow(clippy::cast_possible_truncation)]
    let integer = (number.fract() == 0.0 && (-BOUND..BOUND).contains(&number)).then_some(number as i64);
    integer
}
