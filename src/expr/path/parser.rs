//! Parser of JSONPath, faithful to what the library accepts and to the words with which it refuses the rest.
//!
//! Recursion happens only through filters and function arguments and is bounded by [`quota::EXPRESSION_NESTING_MAX`].

use super::filter::parse_filter;
use super::{Argument, Call, Dialect, Name, Path, Root, Segment, SegmentKind};
use crate::expr::{ExprError, too_deep, too_long};
use crate::spec::quota;
use crate::text::TextRange;

/// Parses a whole text.
pub(super) fn parse(text: &str, dialect: Dialect) -> Result<Path, ExprError> {
    if text.len() > quota::EXPRESSION_BYTES_MAX {
        return Err(ExprError::new(too_long("path"), TextRange::from_usize(0..text.len())));
    }
    if dialect == Dialect::Library && !text.starts_with(['$', '@']) {
        return parse(&format!("$.{text}"), Dialect::Library);
    }
    Parser::new(text, 0, text.len(), 0, dialect).parse_path()
}

/// Parses the path that lies at `range` of a longer text, as filters and intrinsic functions hold them.
///
/// Ranges are relative to the longer text; positions in messages to the path.
pub(in crate::expr) fn parse_at(
    text: &str,
    range: std::ops::Range<usize>,
    depth: usize,
    dialect: Dialect,
) -> Result<Path, ExprError> {
    if depth > quota::EXPRESSION_NESTING_MAX {
        return Err(ExprError::new(too_deep(), TextRange::from_usize(range)));
    }
    Parser::new(text, range.start, range.end, depth, dialect).parse_path()
}

/// A cursor over the bytes of a part of a text. Positions always lie on character boundaries where text is cut,
/// because only ASCII characters are looked for.
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    /// Where the part begins: positions in messages count from here.
    base: usize,
    pub(super) pos: usize,
    pub(super) end: usize,
    pub(super) depth: usize,
    dialect: Dialect,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, base: usize, end: usize, depth: usize, dialect: Dialect) -> Self {
        let trimmed_end = text.get(base..end).map_or(end, |part| base + part.trim_end_matches(' ').len());
        Self { text, base, pos: base, end: trimmed_end, depth, dialect }
    }

    /// A parser of the condition of a filter; positions in messages count from the start of its step.
    pub(super) fn part(
        text: &'t str,
        step: std::ops::Range<usize>,
        condition: std::ops::Range<usize>,
        depth: usize,
    ) -> Self {
        Self {
            text,
            base: step.start,
            pos: condition.start,
            end: condition.end,
            depth,
            dialect: Dialect::Library,
        }
    }

    pub(super) fn byte(&self, pos: usize) -> Option<u8> {
        if pos < self.end { self.text.as_bytes().get(pos).copied() } else { None }
    }

    pub(super) fn current(&self) -> Option<u8> {
        self.byte(self.pos)
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end.min(self.end).max(start)).unwrap_or_default()
    }

    /// A position as the library counts it, in UTF-16 units from the start of the path.
    pub(super) fn position(&self, pos: usize) -> usize {
        self.text.get(self.base..pos).map_or(pos - self.base, |part| part.encode_utf16().count())
    }

    /// An error at `pos..end`, or at the character at `pos`, or at the end of the path.
    pub(super) fn error(&self, message: impl Into<String>, pos: usize, end: usize) -> ExprError {
        let start = pos.min(self.end);
        // What was expected at `end` may be missing, and a longer character in its place.
        let end = self.boundary(end.max(start + 1));
        ExprError::new(message, TextRange::from_usize(start..end))
    }

    /// The first boundary of a character from `pos` on, or the end of the path.
    fn boundary(&self, pos: usize) -> usize {
        (pos..self.end).find(|&pos| self.text.is_char_boundary(pos)).unwrap_or(self.end)
    }

    fn is_tail(&self) -> bool {
        self.pos + 1 >= self.end
    }

    fn skip_blanks_from(&self, mut pos: usize) -> usize {
        while self.byte(pos) == Some(b' ') {
            pos += 1;
        }
        pos
    }

    fn find(&self, from: usize, wanted: u8) -> Option<usize> {
        (from..self.end).find(|&pos| self.byte(pos) == Some(wanted))
    }

    fn parse_path(mut self) -> Result<Path, ExprError> {
        let leading = self.text.get(self.base..self.end).unwrap_or_default();
        if leading.ends_with('.') {
            return Err(self.error("Path must not end with a '.' or '..'", self.end - 1, self.end));
        }
        let (root, root_range) = self.parse_root()?;
        let mut segments = Vec::new();
        if self.pos < self.end {
            if !matches!(self.current(), Some(b'.' | b'[')) {
                let message =
                    format!("Illegal character at position {} expected '.' or '['", self.position(self.pos));
                return Err(self.error(message, self.pos, self.pos));
            }
            loop {
                self.parse_segment(&mut segments)?;
                if segments.len() > quota::PATH_SEGMENTS_MAX {
                    let most = quota::PATH_SEGMENTS_MAX;
                    let message = format!("The path has too many steps: at most {most} are read");
                    return Err(self.error(message, self.base, self.end));
                }
                // The library stops at the last character whatever it is.
                if self.is_tail() {
                    break;
                }
            }
        }
        Ok(Path { text: leading.into(), root, root_range, segments })
    }

    fn parse_root(&mut self) -> Result<(Root, TextRange), ExprError> {
        let start = self.pos;
        let root = match self.current() {
            Some(b'@') if self.dialect == Dialect::Library => Root::Item,
            Some(b'$') => Root::Input,
            _ => return Err(self.error("Path must start with '$'", start, self.end)),
        };
        self.pos += 1;
        if self.dialect == Dialect::Library {
            return Ok((root, TextRange::from_usize(start..self.pos)));
        }
        if self.current() == Some(b'$') {
            self.pos += 1;
            return Ok((Root::Context, TextRange::from_usize(start..self.pos)));
        }
        let name: &str = {
            let rest = self.slice(self.pos, self.end);
            let len = rest.find(|c: char| !is_name_char(c)).unwrap_or(rest.len());
            rest.get(..len).unwrap_or_default()
        };
        self.pos += name.len();
        let range = TextRange::from_usize(start..self.pos);
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            let message = format!("'{name}' is not the name of a variable");
            return Err(ExprError::new(message, range));
        }
        let root = if name.is_empty() { Root::Input } else { Root::Variable(name.to_owned()) };
        Ok((root, range))
    }

    fn parse_segment(&mut self, segments: &mut Vec<Segment>) -> Result<(), ExprError> {
        let start = self.pos;
        if self.current() == Some(b'.') {
            if self.byte(self.pos + 1) == Some(b'.') {
                self.pos += 2;
                segments
                    .push(Segment { kind: SegmentKind::Scan, range: TextRange::from_usize(start..self.pos) });
            } else {
                self.pos += 1;
            }
            if self.current() == Some(b'.') {
                let message = format!("Character '.' on position {} is not valid.", self.position(self.pos));
                return Err(self.error(message, self.pos, self.pos));
            }
        }
        let after_scan = segments.last().is_some_and(|last| {
            matches!(last.kind, SegmentKind::Scan) && last.range.start() as usize == start
        });
        let token_start = self.pos;
        let kind = match self.current() {
            Some(b'[') => self.parse_bracket()?,
            Some(b'*') => {
                self.pos += 1;
                SegmentKind::Wildcard
            }
            _ => self.parse_property_or_function()?,
        };
        let start = if after_scan { token_start } else { start };
        segments.push(Segment { kind, range: TextRange::from_usize(start..self.pos) });
        Ok(())
    }

    fn could_not_parse(&self, pos: usize) -> ExprError {
        self.error(
            format!("Could not parse token starting at position {}", self.position(pos)),
            pos,
            self.end,
        )
    }

    // .name or name(…)
    fn parse_property_or_function(&mut self) -> Result<SegmentKind, ExprError> {
        let start = self.pos;
        if matches!(self.current(), None | Some(b'[' | b'*' | b'.' | b' ')) {
            return Err(self.could_not_parse(start));
        }
        let mut end = start;
        let mut is_function = false;
        while let Some(c) = self.byte(end) {
            match c {
                b' ' => {
                    let message = format!(
                        "Use bracket notion ['my prop'] if your property contains blank characters. position: {}",
                        self.position(start)
                    );
                    return Err(self.error(message, start, self.end));
                }
                b'.' | b'[' => break,
                b'(' => {
                    is_function = true;
                    break;
                }
                _ => end += 1,
            }
        }
        let name = Name { text: self.slice(start, end).to_owned(), range: TextRange::from_usize(start..end) };
        self.pos = end;
        if !is_function {
            return Ok(SegmentKind::Properties(vec![name]));
        }
        let arguments = self.parse_arguments(&name)?;
        Ok(SegmentKind::Function(Call { name, arguments }))
    }

    /// `(…)`: JSON values and paths, separated by commas.
    fn parse_arguments(&mut self, function: &Name) -> Result<Vec<Argument>, ExprError> {
        let open = self.pos;
        let Some(close) = self.matching_close(open, b'(', b')', true, false) else {
            let message = format!("Arguments to function: '{}' are not closed properly.", function.text);
            return Err(self.error(message, function.range.start() as usize, self.end));
        };
        let mut arguments = Vec::new();
        for range in self.split_arguments(open + 1, close) {
            let part = self.slice(range.start, range.end);
            let start = range.start + (part.len() - part.trim_start().len());
            let part = part.trim();
            match part.as_bytes().first() {
                Some(b'$' | b'@') => {
                    let end = start + part.len();
                    let path = parse_at(self.text, start..end, self.depth + 1, Dialect::Library)?;
                    arguments.push(Argument::Path(path));
                }
                Some(b'{' | b'"' | b'-' | b'0'..=b'9') => match serde_json::from_str(part) {
                    Ok(value) => arguments.push(Argument::Json(value)),
                    Err(_) => {
                        let message = format!("Could not parse the argument {part}");
                        return Err(self.error(message, start, start + part.len()));
                    }
                },
                // The library passes over whatever else stands there.
                _ => {}
            }
        }
        self.pos = close + 1;
        Ok(arguments)
    }

    fn split_arguments(&self, start: usize, end: usize) -> Vec<std::ops::Range<usize>> {
        let mut parts = Vec::new();
        let (mut nesting, mut in_string, mut part_start, mut pos) = (0usize, false, start, start);
        while pos < end {
            match self.byte(pos) {
                Some(b'\\') if in_string => pos += 1,
                Some(b'"') => in_string = !in_string,
                Some(b'(' | b'[' | b'{') if !in_string => nesting += 1,
                Some(b')' | b']' | b'}') if !in_string => nesting = nesting.saturating_sub(1),
                Some(b',') if !in_string && nesting == 0 => {
                    parts.push(part_start..pos);
                    part_start = pos + 1;
                }
                _ => {}
            }
            pos += 1;
        }
        parts.push(part_start..end);
        parts
    }

    fn parse_bracket(&mut self) -> Result<SegmentKind, ExprError> {
        let open = self.pos;
        let first = self.skip_blanks_from(open + 1);
        match self.byte(first) {
            Some(quote @ (b'\'' | b'"')) => self.parse_bracket_names(quote),
            Some(b'0'..=b'9' | b'-' | b':') => self.parse_bracket_numbers(),
            Some(b'*') => {
                let close = self.skip_blanks_from(first + 1);
                if self.byte(close) != Some(b']') {
                    let position = self.position(first + 1);
                    let message = format!("Expected wildcard token to end with ']' on position {position}");
                    return Err(self.error(message, open, close + 1));
                }
                self.pos = close + 1;
                Ok(SegmentKind::Wildcard)
            }
            Some(b'?') => self.parse_bracket_filter(first),
            _ => Err(self.bracket_error(open)),
        }
    }

    fn bracket_error(&self, open: usize) -> ExprError {
        let message = format!(
            "Could not parse token starting at position {}. Expected ?, ', 0-9, * ",
            self.position(open)
        );
        let end = self.find(open, b']').map_or(self.end, |close| close + 1);
        self.error(message, open, end)
    }

    // ['a'], ['a','b'], ["a"]
    fn parse_bracket_names(&mut self, quote: u8) -> Result<SegmentKind, ExprError> {
        let open = self.pos;
        let mut names = Vec::new();
        let (mut in_name, mut escaped, mut after_comma) = (false, false, false);
        let mut name_start = open + 1;
        let mut last_quote = open;
        let mut pos = open + 1;
        while let Some(c) = self.byte(pos) {
            if escaped {
                escaped = false;
            } else if c == b'\\' {
                escaped = true;
            } else if c == b']' && !in_name {
                if after_comma {
                    return Err(self.empty_name(pos));
                }
                break;
            } else if c == quote && in_name {
                if !matches!(self.byte(self.skip_blanks_from(pos + 1)), Some(b']' | b',')) {
                    let message = format!(
                        "Property must be separated by comma or Property must be terminated close square bracket at index {}",
                        self.position(pos)
                    );
                    return Err(self.error(message, name_start - 1, pos + 1));
                }
                names.push(Name {
                    text: unescape_name(self.slice(name_start, pos), quote),
                    range: TextRange::from_usize(name_start..pos),
                });
                last_quote = pos;
                in_name = false;
            } else if c == quote {
                name_start = pos + 1;
                in_name = true;
                after_comma = false;
            } else if c == b',' && !in_name {
                if after_comma {
                    return Err(self.empty_name(pos));
                }
                after_comma = true;
            }
            pos += 1;
        }
        if in_name {
            let message = format!("Property has not been closed - missing closing {}", char::from(quote));
            return Err(self.error(message, name_start - 1, self.end));
        }
        let close = self.skip_blanks_from(last_quote + 1);
        if self.byte(close) != Some(b']') || names.is_empty() {
            return Err(self.error("Property has not been closed - missing closing ]", open, self.end));
        }
        self.pos = close + 1;
        Ok(SegmentKind::Properties(names))
    }

    fn empty_name(&self, pos: usize) -> ExprError {
        self.error(format!("Found empty property at index {}", self.position(pos)), pos, pos)
    }

    // [1], [1,2], [1:], [1:2], [:2]
    fn parse_bracket_numbers(&mut self) -> Result<SegmentKind, ExprError> {
        let open = self.pos;
        let Some(close) = self.find(open, b']') else { return Err(self.bracket_error(open)) };
        let text = self.slice(open + 1, close).trim();
        if !text.bytes().all(|c| c.is_ascii_digit() || matches!(c, b',' | b'-' | b':' | b' ')) {
            return Err(self.bracket_error(open));
        }
        let kind = if text.contains(':') { parse_slice(text) } else { parse_indices(text) };
        match kind {
            Ok(kind) => {
                self.pos = close + 1;
                Ok(kind)
            }
            Err(message) => Err(self.error(message, open, close + 1)),
        }
    }

    // [?(…)]
    fn parse_bracket_filter(&mut self, question: usize) -> Result<SegmentKind, ExprError> {
        let open = self.pos;
        let paren = self.skip_blanks_from(question + 1);
        if self.byte(paren) == Some(b'(')
            && let Some(close_paren) = self.matching_close(paren, b'(', b')', true, true)
        {
            let close = self.skip_blanks_from(close_paren + 1);
            if self.byte(close) == Some(b']') {
                let filter =
                    parse_filter(self.text, open..close + 1, paren..close_paren + 1, self.depth + 1)?;
                self.pos = close + 1;
                return Ok(SegmentKind::Filter(Box::new(filter)));
            }
        }
        if matches!(self.byte(paren), Some(b']' | b','))
            && let Some(close) = self.find(open, b']')
        {
            let message = format!(
                "Not enough predicates supplied for filter [{}] at position {}",
                self.slice(open + 1, close),
                self.position(open)
            );
            return Err(self.error(message, open, close + 1));
        }
        Err(self.bracket_error(open))
    }

    /// The position of the character that closes the one at `open`, not looking into strings in single quotes and,
    /// if asked, into regular expressions.
    pub(super) fn matching_close(
        &self,
        open: usize,
        open_char: u8,
        close_char: u8,
        skip_strings: bool,
        skip_regex: bool,
    ) -> Option<usize> {
        let mut nesting = 0usize;
        let mut pos = open;
        while let Some(c) = self.byte(pos) {
            if c == open_char {
                nesting += 1;
            } else if c == close_char {
                nesting = nesting.saturating_sub(1);
                if nesting == 0 {
                    return Some(pos);
                }
            } else if (skip_strings && matches!(c, b'\'' | b'"')) || (skip_regex && c == b'/') {
                pos = self.closing_delimiter(pos, c).unwrap_or(pos);
            }
            pos += 1;
        }
        None
    }

    fn closing_delimiter(&self, open: usize, delimiter: u8) -> Option<usize> {
        let mut pos = open + 1;
        while let Some(c) = self.byte(pos) {
            if c == b'\\' {
                pos += 1;
            } else if c == delimiter {
                return Some(pos);
            }
            pos += 1;
        }
        None
    }
}

fn parse_indices(text: &str) -> Result<SegmentKind, String> {
    if text.contains(' ') && text.split(',').any(|part| part.trim().contains(' ')) {
        return Err(format!("Failed to parse ArrayIndexOperation: {text}"));
    }
    let indices: Result<Vec<i32>, String> = text
        .split(',')
        .map(|part| {
            let part = part.trim();
            part.parse().map_err(|_| format!("Failed to parse token in ArrayIndexOperation: {part}"))
        })
        .collect();
    indices.map(SegmentKind::Indices)
}

/// Only the first two numbers count: the library knows no step.
fn parse_slice(text: &str) -> Result<SegmentKind, String> {
    let failed = || format!("Failed to parse SliceOperation: {text}");
    let mut parts = text.split(':').map(|part| match part {
        "" => Ok(None),
        number => number.parse::<i32>().map(Some).map_err(|_| failed()),
    });
    let from = parts.next().unwrap_or(Ok(None))?;
    let to = parts.next().unwrap_or(Ok(None))?;
    if from.is_none() && to.is_none() {
        return Err(failed());
    }
    Ok(SegmentKind::Slice { from, to })
}

/// Whether a character may stand in the name of a variable. Close to Unicode's ID_Continue, which std does not know.
fn is_name_char(c: char) -> bool {
    crate::expr::identifier::is_identifier_part(c)
}

/// Resolves the escapes of Java strings; an unknown escape stands for its character.
/// The name between quotes.
///
/// AWS: a backslash before the other kind of quote stands for itself (scenarios/test_escape_sequence_parsing).
fn unescape_name(text: &str, quote: u8) -> String {
    let other = if quote == b'\'' { "\\\"" } else { "\\'" };
    text.split(other).map(unescape).collect::<Vec<_>>().join(other)
}

pub(super) fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('u') => {
                let digits: String = chars.clone().take(4).collect();
                match u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32) {
                    Some(unicode) if digits.len() == 4 => {
                        out.push(unicode);
                        chars.nth(3);
                    }
                    _ => out.push('u'),
                }
            }
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    out
}
