//! The text a string stands for, and the way between places in it and places in the document.

use std::borrow::Cow;

use super::tree::StringStyle;
use crate::text::{TextRange, TextSize};

/// The text of a string, with the way back to the document.
#[derive(Clone, Debug)]
pub struct Decoded<'a> {
    /// The text the string stands for.
    pub text: Cow<'a, str>,
    /// Where the text begins in the document: after the opening quote.
    start: TextSize,
    /// Where the decoded text and the source part: (decoded offset, source offset relative to `start`)
    /// after each escape sequence. Empty for most strings.
    seams: Vec<(TextSize, TextSize)>,
}

impl Decoded<'_> {
    /// The document's range that a range of the text was written as.
    pub fn to_source(&self, range: TextRange) -> TextRange {
        TextRange::new(self.source_offset(range.start()), self.source_offset(range.end()))
    }

    /// The place in the text of a place in the document; inside an escape sequence, the character's start.
    pub fn from_source(&self, offset: TextSize) -> TextSize {
        let source = offset.saturating_sub(self.start);
        let before = self.seams.partition_point(|seam| seam.1 <= source);
        let (decoded, base) =
            before.checked_sub(1).and_then(|i| self.seams.get(i)).copied().unwrap_or((0, 0));
        let limit = self.seams.get(before).map_or(TextSize::MAX, |next| next.0.saturating_sub(1));
        let end = TextSize::try_from(self.text.len()).unwrap_or(TextSize::MAX);
        let mut at = (decoded + (source - base)).min(limit).min(end);
        while !self.text.is_char_boundary(at as usize) {
            at -= 1;
        }
        at
    }

    fn source_offset(&self, decoded: TextSize) -> TextSize {
        let before = self.seams.partition_point(|seam| seam.0 <= decoded);
        let (from, source) = before.checked_sub(1).and_then(|i| self.seams.get(i)).copied().unwrap_or((0, 0));
        self.start + source + (decoded - from)
    }
}

/// The text a string as written stands for. What is no valid escape sequence stands for itself.
pub(super) fn text(raw: &str, style: StringStyle) -> Cow<'_, str> {
    let (inner, _) = inner(raw, style);
    if style == StringStyle::Bare || !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    Cow::Owned(unescape(inner, |_, _| ()))
}

/// As [`text`], with the map back. `start` is where `raw` begins in the document.
pub(super) fn decode(raw: &str, style: StringStyle, start: TextSize) -> Decoded<'_> {
    let (inner, skipped) = inner(raw, style);
    let start = start + skipped;
    if style == StringStyle::Bare || !inner.contains('\\') {
        return Decoded { text: Cow::Borrowed(inner), start, seams: Vec::new() };
    }
    let mut seams = Vec::new();
    let clip = |n: usize| TextSize::try_from(n).unwrap_or(TextSize::MAX);
    let text = unescape(inner, |decoded, source| seams.push((clip(decoded), clip(source))));
    Decoded { text: Cow::Owned(text), start, seams }
}

/// The part between the quotes, and how many bytes lie before it.
fn inner(raw: &str, style: StringStyle) -> (&str, TextSize) {
    match style {
        StringStyle::Quoted => {
            let inner = raw.strip_prefix('"').unwrap_or(raw);
            (inner.strip_suffix('"').unwrap_or(inner), 1)
        }
        StringStyle::Unterminated => (raw.strip_prefix('"').unwrap_or(raw), 1),
        StringStyle::Bare | StringStyle::Missing => (raw, 0),
    }
}

fn unescape(inner: &str, mut seam: impl FnMut(usize, usize)) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        let (plain, escape) = rest.split_at(at);
        text.push_str(plain);
        let (character, len) = escape_sequence(escape);
        text.push(character);
        rest = escape.get(len..).unwrap_or_default();
        seam(text.len(), inner.len() - rest.len());
    }
    text.push_str(rest);
    text
}

/// The character an escape sequence stands for, and the sequence's length in bytes.
fn escape_sequence(escape: &str) -> (char, usize) {
    let simple = match escape.as_bytes().get(1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => {
            let unit = |at: usize| u32::from_str_radix(escape.get(at..at + 4)?, 16).ok();
            let Some(first) = unit(2) else { return ('\\', 1) };
            if (0xD800..0xDC00).contains(&first)
                && escape.get(6..8) == Some("\\u")
                && let Some(second) = unit(8).filter(|second| (0xDC00..0xE000).contains(second))
            {
                let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12);
            }
            return (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 6);
        }
        _ => return ('\\', 1),
    };
    (simple, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(raw: &str) -> Decoded<'_> {
        decode(raw, StringStyle::Quoted, 10)
    }

    #[test]
    fn escapes_are_decoded() {
        assert_eq!(decoded(r#""a\n\"\u00e9\ud83d\ude00\/""#).text, "a\n\"é😀/");
    }

    #[test]
    fn a_lone_surrogate_is_the_replacement_character() {
        assert_eq!(decoded(r#""\ud83dx""#).text, "\u{fffd}x");
    }

    #[test]
    fn what_is_no_escape_stands_for_itself() {
        assert_eq!(decoded(r#""\q\u12""#).text, r"\q\u12");
    }

    #[test]
    fn ranges_lead_back_to_the_document() {
        // The text is a"b; its b was written at offset 14 (10 + quote + a + two for the escape).
        assert_eq!(decoded(r#""a\"b""#).to_source(TextRange::new(2, 3)), TextRange::new(14, 15));
        assert_eq!(decoded(r#""a\"b""#).to_source(TextRange::new(1, 2)), TextRange::new(12, 14));
    }

    #[test]
    fn places_in_the_document_lead_into_the_text() {
        let text = decoded(r#""a\"b""#);
        assert_eq!([11, 12, 13, 14, 15].map(|offset| text.from_source(offset)), [0, 1, 1, 2, 3]);
    }
}
