//! Names of variables: Unicode identifiers.
//!
//! <https://www.unicode.org/reports/tr31/#Default_Identifier_Syntax>. AWS also takes `_` at the beginning.

use std::sync::LazyLock;

use regex::Regex;

/// Whether a text is an identifier.
pub fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first == '_' || first.is_alphabetic()) && chars.all(is_identifier_part)
}

/// Whether a character may stand within an identifier.
pub(crate) fn is_identifier_part(c: char) -> bool {
    // The standard library knows letters and digits, but neither marks nor connectors.
    static CONTINUES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{ID_Continue}$").ok());
    if c.is_ascii() || c.is_alphabetic() {
        return c == '_' || c.is_alphanumeric();
    }
    CONTINUES.as_ref().is_some_and(|continues| continues.is_match(c.encode_utf8(&mut [0; 4])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_marks_and_connectors() {
        assert!(["a", "_x1", "é", "日本", "हिन्दी", "a·b", "a\u{301}"].into_iter().all(is_identifier));
        assert!(!["", "1a", "a-b", "a b", "😀", "a€", "\u{301}a"].into_iter().any(is_identifier));
    }
}
