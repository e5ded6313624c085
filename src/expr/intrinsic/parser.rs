//! Parser of intrinsic functions.
//!
//! Recovers at commas and parentheses, so that one mistake costs one argument. Nesting beyond what AWS takes is an
//! error; nesting beyond [`quota::EXPRESSION_NESTING_MAX`] is not followed.

use serde_json::Number;

use super::{Argument, ArgumentKind, Call, StringLiteral};
use crate::expr::path::{self, Dialect};
use crate::expr::{ExprError, too_deep, too_long};
use crate::spec::intrinsic::{Intrinsic, PREFIX, STRING_ESCAPES};
use crate::spec::quota;
use crate::text::TextRange;

pub(super) fn parse(text: &str) -> (Call, Vec<ExprError>) {
    let mut parser = Parser { text, pos: 0, errors: Vec::new() };
    if text.len() > quota::EXPRESSION_BYTES_MAX {
        parser.error(too_long("expression"), 0, text.len());
        parser.pos = text.len();
    }
    parser.skip_blanks();
    let call = parser.parse_call(1);
    parser.skip_blanks();
    if parser.pos < text.len() {
        parser.error("Expected the end of the expression after ')'", parser.pos, text.len());
    }
    (call, parser.errors)
}

struct Parser<'t> {
    text: &'t str,
    pos: usize,
    errors: Vec<ExprError>,
}

impl Parser<'_> {
    fn error(&mut self, message: impl Into<String>, start: usize, end: usize) {
        self.errors.push(ExprError::new(message, TextRange::from_usize(start..end.max(start))));
    }

    fn current(&self) -> Option<u8> {
        self.text.as_bytes().get(self.pos).copied()
    }

    fn slice(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        while self.current().is_some_and(|c| c.is_ascii_whitespace()) {
            self.pos += 1;
        }
    }

    /// `States.Name(…)`, at its name. `nesting` counts the calls around it and itself: AWS does so, too, when it says
    /// that ten may be nested.
    fn parse_call(&mut self, nesting: usize) -> Call {
        let start = self.pos;
        while self.current().is_some_and(|c| c.is_ascii_alphanumeric() || c == b'.' || c == b'_') {
            self.pos += 1;
        }
        let name_end = self.pos;
        let name = self.slice(start, name_end).to_owned();
        let row = Intrinsic::find(&name);
        if row.is_none() {
            self.error(unknown_function(&name), start, name_end);
        } else if nesting > quota::INTRINSIC_NESTING_MAX {
            let message = format!("Intrinsic functions may be nested {} deep", quota::INTRINSIC_NESTING_MAX);
            self.error(message, start, name_end);
        }
        self.skip_blanks();
        let mut arguments = Vec::new();
        let mut arguments_range = TextRange::from_usize(name_end..name_end);
        if self.current() == Some(b'(') {
            self.pos += 1;
            let open = self.pos;
            let closed = self.parse_arguments(&mut arguments, nesting);
            arguments_range = TextRange::from_usize(open..if closed { self.pos - 1 } else { self.pos });
        } else {
            self.error("Expected '(' after the name of the function", name_end, name_end);
        }
        if let Some(row) = row {
            self.check_arity(row, &arguments, TextRange::from_usize(start..self.pos));
        }
        Call {
            function: row.map(|row| row.function),
            name,
            name_range: TextRange::from_usize(start..name_end),
            arguments,
            arguments_range,
            range: TextRange::from_usize(start..self.pos),
        }
    }

    fn check_arity(&mut self, row: &Intrinsic, arguments: &[Argument], range: TextRange) {
        let (min, max) = (row.arguments_min(), row.arguments_max());
        let n_arguments = arguments.len();
        if n_arguments >= min && max.is_none_or(|max| n_arguments <= max) {
            return;
        }
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let expected = match max {
            Some(max) if max == min => format!("{min} argument{}", plural(min)),
            Some(max) => format!("{min} to {max} arguments"),
            None => format!("at least {min} argument{}", plural(min)),
        };
        let message = format!("{} takes {expected}, not {n_arguments}", row.name);
        // What is too much is underlined, or the whole call where something is missing.
        let surplus = max.and_then(|max| arguments.get(max)).zip(arguments.last());
        let range = surplus.map_or(range, |(first, last)| first.range.cover(last.range));
        self.errors.push(ExprError::new(message, range));
    }

    /// Arguments up to and including the closing parenthesis; whether there was one.
    fn parse_arguments(&mut self, arguments: &mut Vec<Argument>, nesting: usize) -> bool {
        self.skip_blanks();
        if self.current() == Some(b')') {
            self.pos += 1;
            return true;
        }
        loop {
            self.skip_blanks();
            let start = self.pos;
            let kind = self.parse_argument(nesting);
            arguments.push(Argument { kind, range: TextRange::from_usize(start..self.pos) });
            self.skip_blanks();
            let after = self.pos;
            self.skip_to_separator();
            if self.pos > after {
                self.error("Expected ',' or ')'", after, self.pos);
            }
            match self.current() {
                Some(b',') => self.pos += 1,
                Some(_) => {
                    self.pos += 1;
                    return true;
                }
                None => {
                    self.error("Expected ')' at the end of the arguments", self.text.len(), self.text.len());
                    return false;
                }
            }
        }
    }

    fn parse_argument(&mut self, nesting: usize) -> ArgumentKind {
        let start = self.pos;
        match self.current() {
            Some(b'\'') => self.parse_string(),
            Some(b'$') => self.parse_path(nesting),
            Some(b'-' | b'0'..=b'9') => self.parse_number(),
            Some(c) if c.is_ascii_alphabetic() => {
                let len = self.slice(start, self.text.len()).find(|c: char| !c.is_ascii_alphanumeric());
                let end = len.map_or(self.text.len(), |len| start + len);
                match self.slice(start, end) {
                    "true" | "false" => {
                        let value = self.slice(start, end) == "true";
                        self.pos = end;
                        ArgumentKind::Bool(value)
                    }
                    "null" => {
                        self.pos = end;
                        ArgumentKind::Null
                    }
                    _ if nesting >= quota::EXPRESSION_NESTING_MAX => {
                        self.error(too_deep(), start, self.text.len());
                        self.pos = self.text.len();
                        ArgumentKind::Error
                    }
                    _ => ArgumentKind::Call(self.parse_call(nesting + 1)),
                }
            }
            Some(b'"') => {
                self.skip_double_quoted();
                self.error("Strings are written in single quotes", start, self.pos);
                ArgumentKind::Error
            }
            _ => {
                self.skip_to_separator();
                self.error("Expected a string, number, path or intrinsic function", start, self.pos);
                ArgumentKind::Error
            }
        }
    }

    fn skip_double_quoted(&mut self) {
        self.pos += 1;
        while let Some(c) = self.current() {
            self.pos += 1;
            if c == b'"' {
                break;
            }
        }
    }

    /// Moves to the next comma or closing parenthesis of this call.
    fn skip_to_separator(&mut self) {
        let mut nesting = 0usize;
        while let Some(c) = self.current() {
            match c {
                b',' | b')' if nesting == 0 => return,
                b'(' => nesting += 1,
                b')' => nesting -= 1,
                _ => {}
            }
            self.pos += 1;
        }
    }

    fn parse_string(&mut self) -> ArgumentKind {
        let start = self.pos;
        self.pos += 1;
        while let Some(c) = self.current() {
            match c {
                b'\'' => {
                    let raw = self.slice(start + 1, self.pos).to_owned();
                    self.pos += 1;
                    return ArgumentKind::String(StringLiteral { raw });
                }
                b'\\' => {
                    let escape = self.pos;
                    self.pos += 1;
                    if let Some(escaped) = self.slice(self.pos, self.text.len()).chars().next() {
                        self.pos += escaped.len_utf8();
                        // AWS: refused at creation (scenarios/test_illegal_escapes).
                        if !STRING_ESCAPES.contains(&escaped) {
                            let message =
                                format!("'\\{escaped}' is not an escape; only \\' \\{{ \\}} and \\\\ are");
                            self.error(message, escape, self.pos);
                        }
                    }
                }
                _ => self.pos += 1,
            }
        }
        self.error("The string is not closed", start, self.text.len());
        ArgumentKind::Error
    }

    fn parse_number(&mut self) -> ArgumentKind {
        let start = self.pos;
        while self.current().is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'+' | b'.')) {
            self.pos += 1;
        }
        let text = self.slice(start, self.pos);
        match serde_json::from_str::<Number>(text) {
            Ok(number) => ArgumentKind::Number(number),
            Err(_) => {
                let message = format!("'{text}' is not a number");
                self.error(message, start, self.pos);
                ArgumentKind::Error
            }
        }
    }

    /// A path ends at a comma, parenthesis or blank that is not within its own brackets.
    fn parse_path(&mut self, nesting: usize) -> ArgumentKind {
        let start = self.pos;
        let (mut brackets, mut parens) = (0usize, 0usize);
        while let Some(c) = self.current() {
            let outside = brackets == 0 && parens == 0;
            match c {
                b'[' => brackets += 1,
                b']' => brackets = brackets.saturating_sub(1),
                b'(' => parens += 1,
                b')' if parens == 0 => break,
                b')' => parens -= 1,
                b',' | b' ' | b'\t' | b'\n' | b'\r' if outside => break,
                b'\'' | b'"' if !outside => self.skip_quoted(c),
                _ => {}
            }
            self.pos += 1;
        }
        if brackets > 0 || parens > 0 {
            // A bracket that is never closed must not swallow the other arguments.
            self.pos = start;
            while self.current().is_some_and(|c| !matches!(c, b',' | b')' | b' ')) {
                self.pos += 1;
            }
        }
        match path::parse_at(self.text, start..self.pos, nesting, Dialect::StepFunctions) {
            Ok(path) => ArgumentKind::Path(path),
            Err(error) => {
                self.errors.push(error);
                ArgumentKind::Error
            }
        }
    }

    /// Moves to the quote that closes the one at the cursor.
    fn skip_quoted(&mut self, quote: u8) {
        let mut pos = self.pos + 1;
        while let Some(&c) = self.text.as_bytes().get(pos) {
            if c == b'\\' {
                pos += 1;
            } else if c == quote {
                self.pos = pos;
                return;
            }
            pos += 1;
        }
    }
}

fn unknown_function(name: &str) -> String {
    if name.is_empty() {
        return format!("Expected an intrinsic function such as {PREFIX}Format");
    }
    let same_but_case = crate::spec::intrinsic::INTRINSICS
        .iter()
        .find(|row| row.name.eq_ignore_ascii_case(name) || row.name.trim_start_matches(PREFIX) == name);
    match same_but_case {
        Some(row) => format!("Unknown intrinsic function '{name}'; did you mean {}?", row.name),
        None => format!("Unknown intrinsic function '{name}'"),
    }
}
