//! How Java prints JSON values, which shows through in `States.Format` and in the messages of AWS's JSONPath library;
//! and how it finds chance, which shows through in `$random` with a seed.

use serde_json::{Number, Value};

use crate::spec::quota;

/// The text of a value as Java's `toString` gives it: strings bare, objects `{a=1, b=[]}`, null `null`.
///
/// AWS: `States.Format('{}', $.object)` gives this text (intrinsic_functions/test_format_2). Values nested deeper
/// than a document may be are cut off with `…`.
///
/// # Example
///
/// ```
/// use asl_lsp::expr::to_java_string;
/// use serde_json::json;
///
/// assert_eq!(to_java_string(&json!({"Arg1": 1, "Arg2": [true, "x"]})), "{Arg1=1, Arg2=[true, x]}");
/// ```
pub fn to_java_string(value: &Value) -> String {
    let mut text = String::new();
    write_value(value, &mut text, quota::DOCUMENT_NESTING_MAX);
    text
}

/// The first number that `new java.util.Random(seed).nextDouble()` gives, in `0.0..1.0`.
///
/// <https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Random.html>.
pub(crate) fn java_random(seed: i64) -> f64 {
    const MULTIPLIER: u64 = 0x5_DEEC_E66D;
    const MASK: u64 = (1 << 48) - 1;
    let mut state = (seed.cast_unsigned() ^ MULTIPLIER) & MASK;
    let mut next = |n_bits: u32| {
        state = state.wrapping_mul(MULTIPLIER).wrapping_add(0xB) & MASK;
        state >> (48 - n_bits)
    };
    let bits = (next(26) << 27) + next(27);
    // 53 bits fit a double exactly.
    bits as f64 / (1_u64 << 53) as f64
}

/// The name of the Java class that holds a value in AWS's JSONPath library.
pub(crate) fn class_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "java.lang.Boolean",
        Value::String(_) => "java.lang.String",
        Value::Array(_) => "java.util.ArrayList",
        Value::Object(_) => "java.util.LinkedHashMap",
        Value::Number(number) => match number.as_i64() {
            Some(n) if i32::try_from(n).is_ok() => "java.lang.Integer",
            Some(_) => "java.lang.Long",
            None if number.is_u64() => "java.math.BigInteger",
            None => "java.lang.Double",
        },
    }
}

/// The text of a number as Java prints an integer or a double.
pub(crate) fn number_to_string(number: &Number) -> String {
    if number.is_f64() { double_to_string(number.as_f64().unwrap_or(f64::NAN)) } else { number.to_string() }
}

fn write_value(value: &Value, out: &mut String, depth_left: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number_to_string(number)),
        Value::String(text) => out.push_str(text),
        Value::Array(_) | Value::Object(_) if depth_left == 0 => out.push('…'),
        Value::Array(items) => {
            out.push('[');
            for (item_idx, item) in items.iter().enumerate() {
                if item_idx > 0 {
                    out.push_str(", ");
                }
                write_value(item, out, depth_left - 1);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (member_idx, (name, member)) in members.iter().enumerate() {
                if member_idx > 0 {
                    out.push_str(", ");
                }
                out.push_str(name);
                out.push('=');
                write_value(member, out, depth_left - 1);
            }
            out.push('}');
        }
    }
}

/// `Double.toString`: plain from 0.001 up to 10^7, else one digit before the point and an exponent.
fn double_to_string(number: f64) -> String {
    let magnitude = number.abs();
    if number == 0.0 || (1e-3..1e7).contains(&magnitude) {
        return format!("{number:?}");
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        Some((digits, exponent)) => format!("{digits}E{exponent}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn chance_is_that_of_java() {
        assert_eq!(java_random(42), 0.727_563_680_032_868_1);
    }

    #[test]
    fn doubles_print_as_in_java() {
        let text = |n: f64| double_to_string(n);
        assert_eq!(text(1.0), "1.0");
        assert_eq!(text(0.001), "0.001");
        assert_eq!(text(0.0001), "1.0E-4");
        assert_eq!(text(12_345_678.5), "1.23456785E7");
        assert_eq!(text(1e21), "1.0E21");
        assert_eq!(text(-0.0), "-0.0");
    }

    #[test]
    fn deep_values_are_cut_off() {
        let mut deep = json!([]);
        for _ in 0..2_000 {
            deep = Value::Array(vec![deep]);
        }
        assert!(to_java_string(&deep).contains('…'));
    }
}
