//! Parser of filters.

use regex::RegexBuilder;
use serde_json::{Number, Value};

use super::{Comparison, Filter, Operand, OperandKind, Operator};
use crate::expr::path::Dialect;
use crate::expr::path::parser::{Parser, parse_at, unescape};
use crate::expr::{ExprError, too_deep};
use crate::spec::quota;
use crate::text::TextRange;

/// Why a part of a filter could not be read.
enum Failure {
    /// The library says what is wrong, and a comparison may fall back to a path alone.
    Refused(ExprError),
    /// The library gives up on the whole filter, at the parser's position.
    Broken,
    /// It is above a limit of ours, whatever the library would make of the rest.
    Limit(ExprError),
}

/// Parses the condition in `condition`, parentheses included, of the step at `step`.
pub(in crate::expr::path) fn parse_filter(
    text: &str,
    step: std::ops::Range<usize>,
    condition: std::ops::Range<usize>,
    depth: usize,
) -> Result<Filter, ExprError> {
    let mut parser = FilterParser { inner: Parser::part(text, step.clone(), condition, depth) };
    let parsed = parser.parse_or().and_then(|filter| {
        parser.skip_blanks();
        match parser.inner.current() {
            None => Ok(filter),
            Some(_) => {
                let rest = parser.inner.slice(parser.inner.pos, parser.inner.end);
                Err(parser.refuse(
                    format!("Expected end of filter expression instead of: {rest}"),
                    parser.inner.pos,
                    parser.inner.end,
                ))
            }
        }
    });
    parsed.map_err(|failure| match failure {
        Failure::Refused(error) | Failure::Limit(error) => error,
        Failure::Broken => {
            let pos = parser.inner.pos;
            let found = parser.inner.slice(pos, parser.inner.end).chars().next();
            let message = format!(
                "Failed to parse filter: {}, error on position: {}, char: {}",
                text.get(step.clone()).unwrap_or_default(),
                parser.inner.position(pos),
                found.map(String::from).unwrap_or_default(),
            );
            let end = pos + found.map_or(0, char::len_utf8);
            ExprError::new(message, TextRange::from_usize(pos..end))
        }
    })
}

struct FilterParser<'t> {
    inner: Parser<'t>,
}

impl FilterParser<'_> {
    fn refuse(&self, message: impl Into<String>, start: usize, end: usize) -> Failure {
        Failure::Refused(self.inner.error(message, start, end))
    }

    fn skip_blanks(&mut self) {
        while self.inner.current() == Some(b' ') {
            self.inner.pos += 1;
        }
    }

    fn eat(&mut self, token: &str) -> bool {
        self.skip_blanks();
        let found = self.inner.slice(self.inner.pos, self.inner.end).starts_with(token);
        if found {
            self.inner.pos += token.len();
        }
        found
    }

    fn parse_or(&mut self) -> Result<Filter, Failure> {
        let mut filters = vec![self.parse_and()?];
        while self.eat("||") {
            filters.push(self.parse_and()?);
        }
        Ok(single_or(filters, Filter::Or))
    }

    fn parse_and(&mut self) -> Result<Filter, Failure> {
        let mut filters = vec![self.parse_operand_of_and()?];
        while self.eat("&&") {
            filters.push(self.parse_operand_of_and()?);
        }
        Ok(single_or(filters, Filter::And))
    }

    fn parse_operand_of_and(&mut self) -> Result<Filter, Failure> {
        self.skip_blanks();
        let start = self.inner.pos;
        self.inner.depth += 1;
        if self.inner.depth > quota::EXPRESSION_NESTING_MAX {
            return Err(self.refuse(too_deep(), start, self.inner.end));
        }
        let filter = self.parse_nested(start);
        self.inner.depth -= 1;
        filter
    }

    fn parse_nested(&mut self, start: usize) -> Result<Filter, Failure> {
        if self.inner.current() == Some(b'!') {
            self.inner.pos += 1;
            self.skip_blanks();
            if matches!(self.inner.current(), Some(b'$' | b'@')) {
                self.inner.pos = start;
            } else {
                return Ok(Filter::Not(Box::new(self.parse_operand_of_and()?)));
            }
        }
        if self.inner.current() == Some(b'(') {
            self.inner.pos += 1;
            let filter = self.parse_or()?;
            if !self.eat(")") {
                let pos = self.inner.pos;
                return Err(self.refuse("Expected character: )", pos, pos + 1));
            }
            return Ok(filter);
        }
        self.parse_comparison()
    }

    fn parse_comparison(&mut self) -> Result<Filter, Failure> {
        self.skip_blanks();
        let negated = self.eat("!");
        let left = self.parse_operand()?;
        let after_left = self.inner.pos;
        match self.parse_operator_and_right() {
            Ok((operator, operator_range, right)) => {
                return Ok(Filter::Compare(Comparison { left, operator, operator_range, right }));
            }
            Err(failure @ (Failure::Broken | Failure::Limit(_))) => return Err(failure),
            Err(Failure::Refused(_)) => self.inner.pos = after_left,
        }
        match left.kind {
            OperandKind::Path(path) => Ok(Filter::Exists { path, expected: !negated }),
            _ => Err(Failure::Refused(ExprError::new("Expected path node", left.range))),
        }
    }

    fn parse_operator_and_right(&mut self) -> Result<(Operator, TextRange, Operand), Failure> {
        self.skip_blanks();
        let start = self.inner.pos;
        let is_symbol = |c: u8| matches!(c, b'<' | b'>' | b'=' | b'~' | b'!');
        if self.inner.current().is_some_and(is_symbol) {
            while self.inner.current().is_some_and(is_symbol) {
                self.inner.pos += 1;
            }
        } else {
            while self.inner.current().is_some_and(|c| c != b' ') {
                self.inner.pos += 1;
            }
        }
        let text = self.inner.slice(start, self.inner.pos);
        let Some(operator) = Operator::parse(text) else {
            return Err(self.refuse(
                format!("Filter operator {text} is not supported!"),
                start,
                self.inner.pos,
            ));
        };
        let operator_range = TextRange::from_usize(start..self.inner.pos);
        let right = self.parse_operand()?;
        Ok((operator, operator_range, right))
    }

    fn parse_operand(&mut self) -> Result<Operand, Failure> {
        self.skip_blanks();
        let start = self.inner.pos;
        let kind = match self.inner.current() {
            Some(b'$' | b'@') => self.parse_path()?,
            Some(quote @ (b'\'' | b'"')) => self.parse_string(quote)?,
            Some(b't' | b'f') => self.parse_word(&["true", "false"], "Expected boolean literal")?,
            Some(b'n') => self.parse_word(&["null"], "Expected <null> value")?,
            Some(open @ (b'{' | b'[')) => self.parse_json(open)?,
            Some(b'/') => self.parse_regex()?,
            _ => self.parse_number()?,
        };
        Ok(Operand { kind, range: TextRange::from_usize(start..self.inner.pos) })
    }

    fn parse_path(&mut self) -> Result<OperandKind, Failure> {
        let start = self.inner.pos;
        self.inner.pos += 1;
        while let Some(c) = self.inner.current() {
            match c {
                b'[' => match self.inner.matching_close(self.inner.pos, b'[', b']', true, false) {
                    Some(close) => self.inner.pos = close + 1,
                    None => {
                        return Err(self.refuse(
                            "Square brackets does not match in filter",
                            self.inner.pos,
                            self.inner.end,
                        ));
                    }
                },
                b'<' | b'>' | b'=' | b'~' | b'!' | b' ' => break,
                b')' if !self.closes_call(start) => break,
                _ => self.inner.pos += 1,
            }
        }
        parse_at(self.inner.text, start..self.inner.pos, self.inner.depth + 1, Dialect::Library)
            .map(OperandKind::Path)
            .map_err(Failure::Refused)
    }

    /// Whether the parenthesis at the cursor closes an empty call such as `.length()`.
    fn closes_call(&self, path_start: usize) -> bool {
        let before = self.inner.slice(path_start, self.inner.pos).trim_end_matches(' ');
        before.ends_with('(') && before.contains('.')
    }

    fn parse_string(&mut self, quote: u8) -> Result<OperandKind, Failure> {
        let start = self.inner.pos;
        let mut pos = start + 1;
        while let Some(c) = self.inner.byte(pos) {
            if c == quote {
                self.inner.pos = pos + 1;
                return Ok(OperandKind::Literal(Value::String(unescape(self.inner.slice(start + 1, pos)))));
            }
            pos += if c == b'\\' { 2 } else { 1 };
        }
        let message = format!("String literal does not have matching quotes. Expected {}", char::from(quote));
        Err(self.refuse(message, start, self.inner.end))
    }

    fn parse_word(&mut self, words: &[&str], message: &str) -> Result<OperandKind, Failure> {
        let start = self.inner.pos;
        let rest = self.inner.slice(start, self.inner.end);
        let Some(word) = words.iter().find(|word| rest.starts_with(**word)) else {
            return Err(self.refuse(message, start, start + 1));
        };
        self.inner.pos += word.len();
        let value = match *word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => Value::Null,
        };
        Ok(OperandKind::Literal(value))
    }

    fn parse_json(&mut self, open: u8) -> Result<OperandKind, Failure> {
        let start = self.inner.pos;
        let close_char = if open == b'[' { b']' } else { b'}' };
        let Some(close) = self.inner.matching_close(start, open, close_char, true, false) else {
            return Err(self.refuse("String not closed. Expected '", start, self.inner.end));
        };
        self.inner.pos = close + 1;
        let text = self.inner.slice(start, close + 1);
        match serde_json::from_str(text).or_else(|_| serde_json::from_str(&with_double_quotes(text))) {
            Ok(value) => Ok(OperandKind::Literal(value)),
            Err(_) => Err(self.refuse(format!("Could not parse the value {text}"), start, close + 1)),
        }
    }

    fn parse_regex(&mut self) -> Result<OperandKind, Failure> {
        let start = self.inner.pos;
        let mut pos = start + 1;
        while self.inner.byte(pos).is_some_and(|c| c != b'/') {
            pos += if self.inner.byte(pos) == Some(b'\\') { 2 } else { 1 };
        }
        if self.inner.byte(pos).is_none() {
            return Err(self.refuse("Pattern not closed. Expected /", start, self.inner.end));
        }
        let pattern = self.inner.slice(start + 1, pos);
        let mut end = pos + 1;
        while self.inner.byte(end).is_some_and(|c| c.is_ascii_alphabetic()) {
            end += 1;
        }
        let flags = self.inner.slice(pos + 1, end);
        self.inner.pos = end;
        let regex = RegexBuilder::new(&format!("^(?:{})$", pattern.replace("\\/", "/")))
            .case_insensitive(flags.contains('i'))
            .multi_line(false)
            .dot_matches_new_line(flags.contains('s'))
            .ignore_whitespace(flags.contains('x'))
            .size_limit(quota::PATH_REGEX_BYTES_MAX)
            .build();
        match regex {
            Ok(regex) => Ok(OperandKind::Regex(regex)),
            Err(regex::Error::CompiledTooBig(most)) => {
                let message =
                    format!("The regular expression takes more than {most} bytes when it is compiled");
                Err(Failure::Limit(self.inner.error(message, start, end)))
            }
            Err(_) => Err(self.refuse(format!("Unsupported regular expression /{pattern}/"), start, end)),
        }
    }

    fn parse_number(&mut self) -> Result<OperandKind, Failure> {
        let start = self.inner.pos;
        while self
            .inner
            .current()
            .is_some_and(|c| c.is_ascii_digit() || matches!(c, b'-' | b'.' | b'e' | b'E'))
        {
            self.inner.pos += 1;
        }
        match parse_decimal(self.inner.slice(start, self.inner.pos)) {
            Some(number) => Ok(OperandKind::Literal(Value::Number(number))),
            None => Err(Failure::Broken),
        }
    }
}

fn single_or(mut filters: Vec<Filter>, many: fn(Vec<Filter>) -> Filter) -> Filter {
    match filters.pop() {
        Some(only) if filters.is_empty() => only,
        Some(last) => {
            filters.push(last);
            many(filters)
        }
        None => many(filters),
    }
}

/// `['a','b']` as JSON: the library accepts strings in single quotes.
fn with_double_quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let mut delimiter = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (delimiter, c) {
            (_, '\\') => match chars.next() {
                Some('\'') => out.push('\''),
                Some(escaped) => out.extend(['\\', escaped]),
                None => out.push('\\'),
            },
            (None, '\'' | '"') => {
                delimiter = Some(c);
                out.push('"');
            }
            (Some(quote), _) if c == quote => {
                delimiter = None;
                out.push('"');
            }
            (Some('\''), '"') => out.push_str("\\\""),
            _ => out.push(c),
        }
    }
    out
}

/// A number as Java's decimal type reads it: `01`, `.5` and `5.` are numbers there.
pub(super) fn parse_decimal(text: &str) -> Option<Number> {
    if let Ok(integer) = text.parse::<i64>() {
        return Some(integer.into());
    }
    if !text.bytes().any(|c| c.is_ascii_digit()) {
        return None;
    }
    text.parse::<f64>().ok().and_then(Number::from_f64)
}
