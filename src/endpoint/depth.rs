//! Bodies nested deeper than JSON is read.
//!
//! Reading recurses, so it has to end somewhere, while DynamoDB has an answer for what lies deeper: no value there is
//! ever looked into, but the rest of the request is. Such a body is cut before it is read.
//!
//! Knows JSON's brackets and texts, and nothing of requests.

use serde::de::IgnoredAny;

use crate::spec::quota;

/// The body with what is deeper than [`quota::REQUEST_LEVELS_MAX`] left out, so that the objects and lists on the last
/// level are empty; `None` for what is no JSON.
pub(super) fn cut(body: &[u8]) -> Option<Vec<u8>> {
    // Only values are made by recursion.
    serde_json::from_slice::<IgnoredAny>(body).ok()?;
    let mut kept = Vec::with_capacity(body.len());
    let mut levels: usize = 0;
    let mut in_text = false;
    let mut is_escaped = false;
    for byte in body.iter().copied() {
        let closes = !in_text && matches!(byte, b'}' | b']');
        levels -= usize::from(closes && levels > 0);
        if levels < quota::REQUEST_LEVELS_MAX {
            kept.push(byte);
        }
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = in_text,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => levels += 1,
            _ => {}
        }
    }
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last level with something on it.
    const LAST: usize = quota::REQUEST_LEVELS_MAX - 1;

    fn nested(levels: usize, inside: &str) -> String {
        format!("{}{inside}{}", "[".repeat(levels), "]".repeat(levels))
    }

    #[track_caller]
    fn check(body: &str, expected: Option<String>) {
        let kept = cut(body.as_bytes()).map(|kept| String::from_utf8(kept).unwrap());
        assert_eq!(kept, expected);
    }

    #[test]
    fn what_is_not_deep_stays() {
        let texts = r#"{"a]": "\"[", "b\\": [1]}"#;
        check(&nested(LAST - 1, texts), Some(nested(LAST - 1, r#"{"a]": "\"[", "b\\": []}"#)));
        check(&nested(LAST - 2, texts), Some(nested(LAST - 2, texts)));
        check(&nested(LAST, texts), Some(nested(LAST, "{}")));
    }

    #[test]
    fn however_deep_the_rest_is() {
        check(&nested(300_000, "\"x\""), Some(nested(LAST + 1, "")));
        check(
            &format!(r#"{{"a": {}, "b": 1}}"#, nested(5_000, "")),
            Some(format!(r#"{{"a": {}, "b": 1}}"#, nested(LAST, ""))),
        );
    }

    #[test]
    fn what_is_no_json_below_is_none() {
        check(&nested(200, "x"), None);
        check(&format!("{}]", nested(200, "")), None);
        check(&"[".repeat(200), None);
    }
}
