//! The events of a YAML document, with byte offsets, and what is left out to get them all.
//!
//! The scanner stops at the first mistake. A mistake costs the line or the value it is in: it is reported, blanked out
//! without moving anything else, and the text is scanned again. So the rest of a document keeps its tree while one of
//! its lines is half typed.

use std::borrow::Cow;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use crate::syntax::tree::SyntaxErrorKind;
use crate::text::TextRange;

/// How often a text is scanned again at most. What is behind the last mistake then is left out.
const ATTEMPTS_MAX: usize = 24;

/// How many bytes are scanned at most for one document, all attempts together.
const SCANNED_BYTES_MAX: usize = 8 << 20;

/// An event with its range in bytes.
#[derive(Debug)]
pub(super) struct Scanned {
    pub(super) kind: Kind,
    pub(super) range: TextRange,
}

/// What happens.
#[derive(Debug)]
pub(super) enum Kind {
    /// A scalar as it is to be understood.
    Scalar { value: String, style: ScalarStyle, anchor: usize, tag: Option<String> },
    /// Begins a mapping, or a sequence.
    Open { is_mapping: bool, anchor: usize, tag: Option<String> },
    /// Ends it.
    Close,
    /// Stands for what has the anchor.
    Alias(usize),
    /// Another document begins.
    NextDocument,
}

/// A mistake that was left out.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) kind: SyntaxErrorKind,
    pub(super) range: TextRange,
}

/// The events of a text, as far as it could be understood, and the mistakes in it.
pub(super) fn scan(original: &str) -> (Vec<Scanned>, Vec<Mistake>) {
    let (mut events, mistakes) = scan_all(original);
    if !mistakes.is_empty() && !original.is_ascii() {
        // Where a character of several bytes was blanked out, an event may be within it.
        let floor = |at: u32| (0..=at).rev().find(|&at| original.is_char_boundary(at as usize)).unwrap_or(0);
        for event in &mut events {
            event.range = TextRange::new(floor(event.range.start()), floor(event.range.end()));
        }
    }
    (events, mistakes)
}

fn scan_all(original: &str) -> (Vec<Scanned>, Vec<Mistake>) {
    let mut text = Cow::Borrowed(original);
    let mut mistakes = Vec::new();
    let mut n_bytes = 0;
    loop {
        let (events, failure) = events(&text);
        n_bytes += text.len();
        let Some((at, info)) = failure else { return (events, mistakes) };
        let is_last = mistakes.len() >= ATTEMPTS_MAX || n_bytes >= SCANNED_BYTES_MAX;
        let candidates = suspects(&text, at);
        let chosen = match candidates.as_slice() {
            [] => None,
            [only] => Some(only.clone()),
            // The first of those without which the scanner comes furthest.
            several => {
                let reached = |range: &Range<usize>| events_end(&blanked(&text, range.clone()));
                n_bytes += several.len() * text.len();
                several.iter().rev().max_by_key(|range| reached(range)).cloned()
            }
        };
        let range = chosen.unwrap_or(at..text.len());
        let kind = mistake(text.get(range.clone()).unwrap_or_default(), &info);
        mistakes.push(Mistake { kind, range: TextRange::from_usize(trimmed(&text, range.clone())) });
        if is_last || range.is_empty() {
            return (events, mistakes);
        }
        text = Cow::Owned(blanked(&text, range));
    }
}

/// What the scanner says of a mistake, in our words.
fn mistake(text: &str, info: &str) -> SyntaxErrorKind {
    let text = text.trim();
    let value = text.split_once(": ").map_or(text, |(_, value)| value.trim_start());
    if value.trim_start_matches("- ").starts_with("{%") {
        return SyntaxErrorKind::UnquotedExpression;
    }
    if info.contains("tab") {
        return SyntaxErrorKind::Tab;
    }
    let is_unclosed = info.contains("end of stream") || info.contains("invalid indentation");
    if text.contains(['"', '\'']) && info.contains("quoted scalar") && is_unclosed {
        return SyntaxErrorKind::UnterminatedString;
    }
    if info.contains("unknown anchor") {
        return SyntaxErrorKind::UnknownAnchor;
    }
    if info.contains("simple key") {
        return SyntaxErrorKind::Expected("a colon and a value after this key");
    }
    if text.starts_with(['{', '[']) || info.contains("flow") {
        return SyntaxErrorKind::Expected("a comma or a closing bracket");
    }
    let is_word = !text.contains(':') && info.contains("mapping values");
    if is_word {
        return SyntaxErrorKind::Expected("a colon and a value after this key");
    }
    if ["indent", "did not find expected", "mapping values"].iter().any(|part| info.contains(part)) {
        return SyntaxErrorKind::Indentation;
    }
    SyntaxErrorKind::InvalidYaml
}

/// The parts of a text that can have led to a mistake that was noticed at an offset, the likeliest first: brackets that are
/// not closed, a line before that is no more than a word, the value or the line itself.
fn suspects(text: &str, at: usize) -> Vec<Range<usize>> {
    let at = at.min(text.len());
    let (start, end) = line(text, at);
    let before = text.get(start..at).unwrap_or_default();
    let colon = before.find(": ").or(before.find(":\t"));
    let above = line_above(text, start).filter(|_| colon.is_none());
    let (words, others): (Vec<_>, Vec<_>) = above.into_iter().partition(|above| is_word(text, above));
    let mut found: Vec<_> =
        open_bracket(text, at).map(|bracket| bracket..line(text, bracket).1).into_iter().collect();
    found.extend(words);
    if let Some(colon) = colon {
        found.push(start + colon + 1..end);
    }
    found.push(start..end);
    found.extend(others);
    found.retain(|range| !text.get(range.clone()).unwrap_or_default().trim().is_empty());
    found
}

/// The range of the line of an offset, without its end.
fn line(text: &str, at: usize) -> (usize, usize) {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| at + end);
    (start, end)
}

/// The last line before that is not blank.
fn line_above(text: &str, start: usize) -> Option<Range<usize>> {
    let before = text.get(..start)?.trim_end();
    let (start, end) = line(text, before.len());
    (!before.is_empty()).then_some(start..end)
}

/// Whether a line is no more than a word or two, as of a key that is half typed.
fn is_word(text: &str, range: &Range<usize>) -> bool {
    let line = text.get(range.clone()).unwrap_or_default().trim();
    !line.contains(':') && !line.starts_with("- ")
}

/// The last bracket before an offset that is not closed before it. Quotes are not looked at: this is a guess.
fn open_bracket(text: &str, at: usize) -> Option<usize> {
    /// A list in brackets is seldom longer.
    const DISTANCE_MAX: usize = 4_096;
    let mut n_closed = 0_usize;
    for (idx, byte) in text.as_bytes().iter().enumerate().take(at).rev().take(DISTANCE_MAX) {
        match byte {
            b'}' | b']' => n_closed += 1,
            b'{' | b'[' if n_closed == 0 => return Some(idx),
            b'{' | b'[' => n_closed -= 1,
            _ => {}
        }
    }
    None
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (part.len() - part.trim_start().len());
    start..start + part.trim().len()
}

/// The text with blanks in a place, every other byte where it was.
fn blanked(text: &str, range: Range<usize>) -> String {
    let mut blanked = String::with_capacity(text.len());
    blanked.push_str(text.get(..range.start).unwrap_or_default());
    for character in text.get(range.clone()).unwrap_or_default().chars() {
        match character {
            '\n' | '\r' => blanked.push(character),
            _ => blanked.extend(std::iter::repeat_n(' ', character.len_utf8())),
        }
    }
    blanked.push_str(text.get(range.end..).unwrap_or_default());
    blanked
}

/// How far the scanner comes.
fn events_end(text: &str) -> usize {
    events(text).1.map_or(usize::MAX, |(at, _)| at)
}

/// The events up to the first mistake, and where and what that is.
fn events(text: &str) -> (Vec<Scanned>, Option<(usize, String)>) {
    let offsets = Offsets::new(text);
    let mut parser = Parser::new_from_str(text);
    let mut events = Vec::new();
    let mut n_documents = 0;
    while let Some(next) = parser.next_event() {
        let (event, span) = match next {
            Ok(next) => next,
            Err(error) => return (events, Some(failure(&error, &offsets))),
        };
        let tag = |tag: Option<Cow<'_, saphyr_parser::Tag>>| tag.map(|tag| tag.to_string());
        let kind = match event {
            Event::Scalar(value, style, anchor, found) => {
                Kind::Scalar { value: value.into_owned(), style, anchor, tag: tag(found) }
            }
            Event::SequenceStart(anchor, found) => Kind::Open { is_mapping: false, anchor, tag: tag(found) },
            Event::MappingStart(anchor, found) => Kind::Open { is_mapping: true, anchor, tag: tag(found) },
            Event::SequenceEnd | Event::MappingEnd => Kind::Close,
            Event::Alias(anchor) => Kind::Alias(anchor),
            Event::DocumentStart(_) => {
                n_documents += 1;
                if n_documents == 1 {
                    continue;
                }
                Kind::NextDocument
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => continue,
        };
        let range = TextRange::from_usize(offsets.byte(span.start.index())..offsets.byte(span.end.index()));
        events.push(Scanned { kind, range });
    }
    (events, None)
}

fn failure(error: &ScanError, offsets: &Offsets<'_>) -> (usize, String) {
    (offsets.byte(error.marker().index()), error.info().to_owned())
}

/// The way from the scanner's places, counted in characters, to bytes.
struct Offsets<'a> {
    text: &'a str,
    /// The byte of every 64th character; none for a text of single bytes.
    marks: Vec<usize>,
}

impl<'a> Offsets<'a> {
    fn new(text: &'a str) -> Self {
        let marks = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(64).map(|(byte, _)| byte).collect()
        };
        Self { text, marks }
    }

    fn byte(&self, character: usize) -> usize {
        if self.marks.is_empty() {
            return character.min(self.text.len());
        }
        let Some(&mark) = self.marks.get(character / 64) else { return self.text.len() };
        let rest = self.text.get(mark..).unwrap_or_default();
        rest.char_indices().nth(character % 64).map_or(self.text.len(), |(byte, _)| mark + byte)
    }
}
