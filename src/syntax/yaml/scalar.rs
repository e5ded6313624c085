//! What a plain scalar stands for: the core schema of YAML 1.2.
//!
//! <https://yaml.org/spec/1.2.2/#103-core-schema>

use serde_json::Number;

use crate::syntax::tree::NodeKind;
use crate::syntax::tree::StringStyle;

/// The kind of node that a plain scalar is.
pub(super) fn kind(text: &str) -> NodeKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => NodeKind::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => NodeKind::Bool,
        _ if number(text).is_some() => NodeKind::Number,
        _ => NodeKind::String(StringStyle::Plain),
    }
}

/// The number that a plain scalar stands for; none where it is no number, or one that JSON does not have.
pub(crate) fn number(text: &str) -> Option<Number> {
    let first = text.bytes().next()?;
    if !first.is_ascii_digit() && !matches!(first, b'-' | b'+' | b'.') {
        return None;
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+')).map(Number::from);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return u64::from_str_radix(digits, 8).ok().filter(|_| !digits.starts_with('+')).map(Number::from);
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => digits.split_at(at),
        None => (digits, ""),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}{exponent}").parse().ok()
}

/// Whether a text can stand without quotes, as one that is read as a string.
pub(crate) fn is_plain(text: &str, is_flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let is_indicator = "-?:,[]{}#&*!|>'\"%@`=".contains(first) || first.is_whitespace();
    let is_cut = [": ", " #"].iter().any(|cut| text.contains(cut))
        || (is_flow && text.contains([',', '[', ']', '{', '}']))
        || text.chars().any(char::is_control);
    let is_string = kind(text) == NodeKind::String(StringStyle::Plain);
    is_string && !is_indicator && !is_cut && !text.ends_with([':', ' ']) && text != "<<"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = number(text).map_or("none".to_owned(), |number| number.to_string());
        assert_eq!(found, expected);
    }

    #[test]
    fn numbers_of_the_core_schema() {
        check("12", "12");
        check("+12", "12");
        check("-3.50", "-3.5");
        check(".5", "0.5");
        check("1.", "1");
        check("007", "7");
        check("0x1F", "31");
        check("0o17", "15");
        check("1e3", "1000.0");
    }

    #[test]
    fn what_is_no_number() {
        check("1_000", "none");
        check("12:30", "none");
        check("1e", "none");
        check("-", "none");
        check(".", "none");
        check(".inf", "none");
        check("2024-01-01", "none");
        check("1e999", "none");
    }

    #[test]
    fn words_of_the_core_schema() {
        assert_eq!(kind("~"), NodeKind::Null);
        assert_eq!(kind("True"), NodeKind::Bool);
        assert_eq!(kind("yes"), NodeKind::String(StringStyle::Plain));
    }
}
