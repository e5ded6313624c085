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
    /// Where the string ends in the document.
    end: TextSize,
    /// Where it stands, if the text is not written there, letter by letter.
    place: Option<TextRange>,
}

impl<'a> Decoded<'a> {
    /// A text that is not written where it stands: all of it is in all of the range.
    pub(super) fn at(text: Cow<'a, str>, place: TextRange) -> Self {
        Self { text, start: place.start(), seams: Vec::new(), end: place.end(), place: Some(place) }
    }

    /// Whether the text is written where it stands, so that a part of it can be changed there.
    pub fn is_written(&self) -> bool {
        self.place.is_none()
    }

    /// The document's range that a range of the text was written as.
    pub fn to_source(&self, range: TextRange) -> TextRange {
        if let Some(place) = self.place {
            return place;
        }
        TextRange::new(self.source_offset(range.start()), self.source_offset(range.end()))
    }

    /// The place in the text of a place in the document; inside an escape sequence, the character's start.
    pub fn from_source(&self, offset: TextSize) -> TextSize {
        if self.place.is_some() {
            return 0;
        }
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
        (self.start + source + (decoded - from)).min(self.end)
    }
}

/// What stands between the quotes of a string.
pub(super) fn between_quotes(raw: &str) -> Option<&str> {
    raw.get(1..raw.len().checked_sub(1)?)
}

/// The text a string as written stands for. What is no valid escape sequence stands for itself.
pub(super) fn text(raw: &str, style: StringStyle) -> Cow<'_, str> {
    if style == StringStyle::Quoted {
        return Cow::Borrowed(between_quotes(raw).unwrap_or_default());
    }
    let (inner, _) = inner(raw, style);
    match Escapes::of(inner, style) {
        None => Cow::Borrowed(inner),
        Some(escapes) => Cow::Owned(unescape(inner, escapes, |_, _| ())),
    }
}

/// As [`text`], with the map back. `start` is where `raw` begins in the document.
pub(super) fn decode(raw: &str, style: StringStyle, start: TextSize) -> Decoded<'_> {
    let (inner, skipped) = inner(raw, style);
    let end = start + clip(raw.len());
    let start = start + skipped;
    let Some(escapes) = Escapes::of(inner, style) else {
        return Decoded { text: Cow::Borrowed(inner), start, seams: Vec::new(), end, place: None };
    };
    let mut seams = Vec::new();
    let text = unescape(inner, escapes, |decoded, source| seams.push((clip(decoded), clip(source))));
    Decoded { text: Cow::Owned(text), start, seams, end, place: None }
}

/// The way back for a text that is known, of a string in YAML that is written on several lines. What is folded,
/// indented or escaped makes runs of white space differ; between them the letters are the same.
pub(super) fn align<'a>(text: &'a str, raw: &str, style: StringStyle, start: TextSize) -> Decoded<'a> {
    let (inner, mut skipped) = inner(raw, style);
    let mut source = inner;
    if style == StringStyle::Block {
        let header = inner.find('\n').map_or(inner.len(), |end| end + 1);
        source = inner.get(header..).unwrap_or_default();
        skipped += clip(header);
    }
    let body = source;
    let escapes = Escapes::of(body, style);
    let mut seams = Vec::new();
    let mut rest = text;
    while !rest.is_empty() && !source.is_empty() {
        let blank = |text: &str| text.len() - text.trim_start().len();
        let (in_text, in_source) = (blank(rest), blank(source));
        let word = |text: &str| text.find(char::is_whitespace).unwrap_or(text.len());
        let (mut take_text, mut take_source) = (in_text, in_source);
        if in_text == 0 && in_source == 0 {
            let same = word(rest).min(word(source));
            let escape = escapes.and_then(|escapes| source.find(escapes.first()));
            match escape {
                Some(0) => {
                    let (character, len) = escapes.map_or((None, 1), |escapes| escapes.read(source));
                    (take_text, take_source) = (character.map_or(0, char::len_utf8), len);
                }
                Some(at) if at < same => (take_text, take_source) = (at, at),
                _ => (take_text, take_source) = (same, same),
            }
        }
        rest = rest.get(take_text..).unwrap_or_default();
        source = source.get(take_source..).unwrap_or_default();
        if take_text != take_source || in_source > 0 {
            seams.push((clip(text.len() - rest.len()), clip(body.len() - source.len())));
        }
    }
    // White space before the first letter, as the indentation of a block, comes before all of the text.
    Decoded {
        text: Cow::Borrowed(text),
        start: start + skipped,
        seams,
        end: start + clip(raw.len()),
        place: None,
    }
}

fn clip(n: usize) -> TextSize {
    TextSize::try_from(n).unwrap_or(TextSize::MAX)
}

/// The part between the quotes, and how many bytes lie before it.
fn inner(raw: &str, style: StringStyle) -> (&str, TextSize) {
    match style {
        StringStyle::Quoted | StringStyle::Escaped | StringStyle::DoubleQuoted => {
            let inner = raw.strip_prefix('"').unwrap_or(raw);
            (inner.strip_suffix('"').unwrap_or(inner), 1)
        }
        StringStyle::Unterminated => (raw.strip_prefix('"').unwrap_or(raw), 1),
        StringStyle::SingleQuoted => {
            let inner = raw.strip_prefix('\'').unwrap_or(raw);
            (inner.strip_suffix('\'').unwrap_or(inner), 1)
        }
        StringStyle::Bare
        | StringStyle::Missing
        | StringStyle::Plain
        | StringStyle::Block
        | StringStyle::Tagged => (raw, 0),
    }
}

/// What escape sequences a string can have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    /// Those of JSON.
    Json,
    /// `''` for a quote.
    DoubledQuote,
    /// Those of a string in double quotes in YAML.
    Yaml,
}

impl Escapes {
    /// Those of a style, if there is one in the text.
    fn of(inner: &str, style: StringStyle) -> Option<Self> {
        let escapes = match style {
            StringStyle::Escaped | StringStyle::Unterminated => Escapes::Json,
            StringStyle::SingleQuoted => Escapes::DoubledQuote,
            StringStyle::DoubleQuoted => Escapes::Yaml,
            StringStyle::Quoted
            | StringStyle::Bare
            | StringStyle::Missing
            | StringStyle::Plain
            | StringStyle::Block
            | StringStyle::Tagged => return None,
        };
        inner.contains(escapes.first()).then_some(escapes)
    }

    /// What each begins with.
    fn first(self) -> char {
        match self {
            Escapes::Json | Escapes::Yaml => '\\',
            Escapes::DoubledQuote => '\'',
        }
    }

    /// The character that the sequence at the beginning stands for, none for the end of a line, and its length in bytes.
    fn read(self, escape: &str) -> (Option<char>, usize) {
        match self {
            Escapes::Json => {
                let (character, len) = escape_sequence(escape);
                (Some(character), len)
            }
            Escapes::DoubledQuote => (Some('\''), if escape.starts_with("''") { 2 } else { 1 }),
            Escapes::Yaml => yaml_escape_sequence(escape),
        }
    }
}

fn unescape(inner: &str, escapes: Escapes, mut seam: impl FnMut(usize, usize)) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find(escapes.first()) {
        let (plain, escape) = rest.split_at(at);
        text.push_str(plain);
        let (character, len) = escapes.read(escape);
        text.extend(character);
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

/// As [`escape_sequence`], in YAML: <https://yaml.org/spec/1.2.2/#57-escaped-characters>.
fn yaml_escape_sequence(escape: &str) -> (Option<char>, usize) {
    let code = |digits: usize| {
        let code = escape.get(2..2 + digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        (Some(code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)), 2 + digits)
    };
    let simple = match escape.as_bytes().get(1) {
        Some(b'0') => '\0',
        Some(b'a') => '\u{7}',
        Some(b'v') => '\u{b}',
        Some(b'e') => '\u{1b}',
        Some(b' ') => ' ',
        Some(b'\t') => '\t',
        Some(b'N') => '\u{85}',
        Some(b'_') => '\u{a0}',
        Some(b'L') => '\u{2028}',
        Some(b'P') => '\u{2029}',
        Some(b'x') => return code(2),
        Some(b'U') => return code(8),
        // The line goes on in the next one.
        Some(b'\n') => return (None, 2 + blanks_at_start(escape.get(2..).unwrap_or_default())),
        Some(b'\r') => {
            let rest = escape.get(2..).unwrap_or_default();
            let len = usize::from(rest.starts_with('\n'));
            return (None, 2 + len + blanks_at_start(rest.get(len..).unwrap_or_default()));
        }
        _ => {
            let (character, len) = escape_sequence(escape);
            return (Some(character), len);
        }
    };
    (Some(simple), 2)
}

fn blanks_at_start(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(raw: &str) -> Decoded<'_> {
        decode(raw, StringStyle::Escaped, 10)
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
