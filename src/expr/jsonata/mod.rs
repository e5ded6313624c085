//! JSONata.

/// The expression between `{%` and `%}`, without blanks at its ends; none in any other text.
pub fn delimited(text: &str) -> Option<&str> {
    Some(text.strip_prefix("{%")?.strip_suffix("%}")?.trim())
}
