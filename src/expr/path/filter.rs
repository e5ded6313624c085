//! Filters: `[?(@.price < 10 && @.tags contains 'new')]`.
//!
//! Grammar of the library: `||` binds looser than `&&`, `!` and parentheses; a comparison has a path or literal on
//! each side; a path alone asks whether it exists. A comparison whose operator or right side cannot be read is
//! taken for a path alone, so the error is reported at what follows.

use std::borrow::Cow;
use std::cmp::Ordering;

use regex::{Regex, RegexBuilder};
use serde_json::{Number, Value};

use super::eval::Reader;
use super::parser::{Parser, parse_at, unescape};
use super::{Dialect, Path, Root};
use crate::expr::java::number_to_string;
use crate::expr::{EvalError, EvalErrorKind, ExprError};
use crate::spec::quota;
use crate::text::TextRange;

/// A condition on an item.
#[derive(Clone, Debug)]
pub enum Filter {
    /// Any of the conditions.
    Or(Vec<Filter>),
    /// All of the conditions.
    And(Vec<Filter>),
    /// Not the condition.
    Not(Box<Filter>),
    /// The path leads somewhere, or, after `!`, does not.
    Exists {
        /// The path.
        path: Path,
        /// Whether it has to lead somewhere.
        expected: bool,
    },
    /// A comparison of two values.
    Compare(Comparison),
}

/// A comparison of two values.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The value before the operator.
    pub left: Operand,
    /// The operator.
    pub operator: Operator,
    /// Where the operator is written.
    pub operator_range: TextRange,
    /// The value after the operator.
    pub right: Operand,
}

/// One side of a comparison.
#[derive(Clone, Debug)]
pub struct Operand {
    /// What it is.
    pub kind: OperandKind,
    /// Where it is written.
    pub range: TextRange,
}

/// What one side of a comparison is.
#[derive(Clone, Debug)]
pub enum OperandKind {
    /// A path, from the item (`@`) or the document (`$`).
    Path(Path),
    /// A JSON value; strings may be in single quotes.
    Literal(Value),
    /// A regular expression; it has to match the whole text.
    Regex(Regex),
}

macro_rules! operators {
    ($($variant:ident $text:literal $doc:literal,)*) => {
        /// The operators of a comparison.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Operator {
            $(#[doc = $doc] $variant,)*
        }

        impl Operator {
            /// Every operator, for completion.
            pub const ALL: &'static [Operator] = &[$(Operator::$variant,)*];

            /// The operator as it is written.
            pub const fn text(self) -> &'static str {
                match self { $(Operator::$variant => $text,)* }
            }

            /// What the operator asks, in one sentence.
            pub const fn doc(self) -> &'static str {
                match self { $(Operator::$variant => $doc,)* }
            }
        }
    };
}

operators! {
    Equal "==" "Equal; a number and a string are equal when they print alike.",
    NotEqual "!=" "Not equal.",
    StrictEqual "===" "Equal and of one type.",
    StrictNotEqual "!==" "Not equal or not of one type.",
    Less "<" "Less, of numbers or strings.",
    LessOrEqual "<=" "Less or equal, of numbers or strings.",
    Greater ">" "Greater, of numbers or strings.",
    GreaterOrEqual ">=" "Greater or equal, of numbers or strings.",
    Matches "=~" "The regular expression matches the whole text, or an element of the array.",
    In "in" "The left value is an element of the right array.",
    NotIn "nin" "The left value is no element of the right array.",
    SubsetOf "subsetof" "Every element of the left array is in the right array.",
    AnyOf "anyof" "The arrays have an element in common.",
    NoneOf "noneof" "The arrays have no element in common.",
    All "all" "The left array has every element of the right array.",
    Contains "contains" "The left string or array contains the right value.",
    Size "size" "The left string or array has this length.",
    Empty "empty" "The left string or container is empty, or not, as the right side says.",
}

impl Operator {
    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operator| operator.text().eq_ignore_ascii_case(text))
    }
}

impl Filter {
    pub(super) fn for_each_path(&self, visit: &mut dyn FnMut(&Path)) {
        match self {
            Filter::Or(filters) | Filter::And(filters) => {
                for filter in filters {
                    filter.for_each_path(visit);
                }
            }
            Filter::Not(filter) => filter.for_each_path(visit),
            Filter::Exists { path, .. } => visit(path),
            Filter::Compare(comparison) => {
                for operand in [&comparison.left, &comparison.right] {
                    if let OperandKind::Path(path) = &operand.kind {
                        visit(path);
                    }
                }
            }
        }
    }
}

// ---- parsing ----

/// Why a part of a filter could not be read.
enum Failure {
    /// The library says what is wrong, and a comparison may fall back to a path alone.
    Refused(ExprError),
    /// The library gives up on the whole filter, at the parser's position.
    Broken,
}

/// Parses the condition in `condition`, parentheses included, of the step at `step`.
pub(super) fn parse_filter(
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
        Failure::Refused(error) => error,
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
        Failure::Refused(ExprError::new(message, TextRange::from_usize(start..end.max(start))))
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
            return Err(self.refuse("The expression is nested too deeply", start, self.inner.end));
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
            Err(Failure::Broken) => return Err(Failure::Broken),
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
            .size_limit(1 << 20)
            .build();
        match regex {
            Ok(regex) => Ok(OperandKind::Regex(regex)),
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
fn parse_decimal(text: &str) -> Option<Number> {
    if let Ok(integer) = text.parse::<i64>() {
        return Some(integer.into());
    }
    if !text.bytes().any(|c| c.is_ascii_digit()) {
        return None;
    }
    text.parse::<f64>().ok().and_then(Number::from_f64)
}

// ---- evaluation ----

/// Why a filter has no answer.
enum Abort {
    /// An operand has the wrong type: the item does not pass, not even through `!`.
    NotApplicable,
    /// The whole path fails.
    Error(EvalError),
}

type Answer = Result<bool, Abort>;

impl Filter {
    /// Whether an item passes.
    pub(super) fn accepts(&self, item: &Value, reader: &Reader<'_, '_>) -> Result<bool, EvalError> {
        match self.holds(item, reader) {
            Ok(answer) => Ok(answer),
            Err(Abort::NotApplicable) => Ok(false),
            Err(Abort::Error(error)) => Err(error),
        }
    }

    fn holds(&self, item: &Value, reader: &Reader<'_, '_>) -> Answer {
        match self {
            Filter::Or(filters) => {
                for filter in filters {
                    if filter.holds(item, reader)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Filter::And(filters) => {
                for filter in filters {
                    if !filter.holds(item, reader)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Filter::Not(filter) => filter.holds(item, reader).map(|answer| !answer),
            Filter::Exists { path, expected } => {
                let start = if path.root() == &Root::Item { item } else { reader.document() };
                match reader.requiring_properties().read(path, start) {
                    Ok(_) => Ok(*expected),
                    Err(error) => absent_or_abort(error).map(|()| !*expected),
                }
            }
            Filter::Compare(comparison) => comparison.holds(item, reader),
        }
    }
}

/// `Ok` when the error says that there is nothing at the path.
fn absent_or_abort(error: EvalError) -> Result<(), Abort> {
    match error.kind {
        EvalErrorKind::PathNotFound => Ok(()),
        EvalErrorKind::PathInvalid => Err(Abort::NotApplicable),
        EvalErrorKind::UndefinedVariable
        | EvalErrorKind::IntrinsicFailure
        | EvalErrorKind::ReferencePathConflict
        | EvalErrorKind::LimitExceeded => Err(Abort::Error(error)),
    }
}

/// The value of an operand: none when its path leads nowhere.
type Side<'v> = Option<Cow<'v, Value>>;

impl Comparison {
    fn holds(&self, item: &Value, reader: &Reader<'_, '_>) -> Answer {
        if self.operator == Operator::Matches {
            return match (&self.left.kind, &self.right.kind) {
                (OperandKind::Regex(_), OperandKind::Regex(_)) => Ok(false),
                (OperandKind::Regex(regex), other) | (other, OperandKind::Regex(regex)) => {
                    Ok(side(other, item, reader)?.is_some_and(|value| matches_any(regex, &value)))
                }
                _ => Ok(false),
            };
        }
        let left = side(&self.left.kind, item, reader)?;
        let right = side(&self.right.kind, item, reader)?;
        let (left, right) = (left.as_deref(), right.as_deref());
        match self.operator {
            Operator::Equal => Ok(equal(left, right)),
            Operator::NotEqual => Ok(!equal(left, right)),
            Operator::StrictEqual => Ok(same_type(left, right) && equal(left, right)),
            Operator::StrictNotEqual => Ok(!(same_type(left, right) && equal(left, right))),
            Operator::Less => Ok(order(left, right).is_some_and(Ordering::is_lt)),
            Operator::LessOrEqual => Ok(order(left, right).is_some_and(Ordering::is_le)),
            Operator::Greater => Ok(order(left, right).is_some_and(Ordering::is_gt)),
            Operator::GreaterOrEqual => Ok(order(left, right).is_some_and(Ordering::is_ge)),
            Operator::Matches => Ok(false),
            Operator::In => is_in(left, right),
            Operator::NotIn => is_in(left, right).map(|answer| !answer),
            Operator::SubsetOf => compare_lists(left, right, |left, right| {
                left.iter().all(|l| right.iter().any(|r| equal(Some(l), Some(r))))
            }),
            Operator::AnyOf => compare_lists(left, right, have_common_element),
            Operator::NoneOf => compare_lists(left, right, |left, right| !have_common_element(left, right)),
            Operator::All => contains_all(left, right),
            Operator::Contains => Ok(match (left, right) {
                (Some(Value::String(left)), Some(Value::String(right))) => left.contains(right.as_str()),
                (Some(Value::Array(left)), right) => left.iter().any(|l| equal(right, Some(l))),
                _ => false,
            }),
            Operator::Size => Ok(match (left, right.and_then(Value::as_f64)) {
                (Some(Value::String(text)), Some(size)) => text.encode_utf16().count() as f64 == size.trunc(),
                (Some(Value::Array(items)), Some(size)) => items.len() as f64 == size.trunc(),
                _ => false,
            }),
            Operator::Empty => match right {
                Some(Value::Bool(expected)) => Ok(match left {
                    Some(Value::String(text)) => text.is_empty() == *expected,
                    Some(Value::Array(items)) => items.is_empty() == *expected,
                    Some(Value::Object(members)) => members.is_empty() == *expected,
                    _ => false,
                }),
                _ => Err(Abort::NotApplicable),
            },
        }
    }
}

fn side<'v>(operand: &'v OperandKind, item: &'v Value, reader: &Reader<'v, '_>) -> Result<Side<'v>, Abort> {
    match operand {
        OperandKind::Literal(value) => Ok(Some(Cow::Borrowed(value))),
        OperandKind::Regex(_) => Err(Abort::NotApplicable),
        OperandKind::Path(path) => {
            let start = if path.root() == &Root::Item { item } else { reader.document() };
            match reader.read(path, start) {
                Ok(value) => Ok(Some(value)),
                Err(error) => absent_or_abort(error).map(|()| None),
            }
        }
    }
}

fn matches_any(regex: &Regex, value: &Value) -> bool {
    let matches = |value: &Value| match value {
        Value::String(text) => regex.is_match(text),
        Value::Number(number) => regex.is_match(&number_to_string(number)),
        Value::Bool(flag) => regex.is_match(if *flag { "true" } else { "false" }),
        Value::Null | Value::Array(_) | Value::Object(_) => regex.is_match(""),
    };
    match value {
        Value::Array(items) => items.iter().any(matches),
        other => matches(other),
    }
}

/// Equality as the library has it: what is absent equals nothing, not even null.
fn equal(left: Option<&Value>, right: Option<&Value>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return false };
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => compare_numbers(left, right) == Some(Ordering::Equal),
        (Value::String(text), Value::Number(number)) => *text == number_to_string(number),
        (Value::Number(number), Value::String(text)) => parse_decimal(text)
            .is_some_and(|parsed| compare_numbers(number, &parsed) == Some(Ordering::Equal)),
        (left, right) => left == right,
    }
}

fn same_type(left: Option<&Value>, right: Option<&Value>) -> bool {
    match (left, right) {
        (Some(Value::Array(_) | Value::Object(_)), Some(Value::Array(_) | Value::Object(_))) => true,
        (Some(left), Some(right)) => std::mem::discriminant(left) == std::mem::discriminant(right),
        _ => false,
    }
}

fn order(left: Option<&Value>, right: Option<&Value>) -> Option<Ordering> {
    match (left?, right?) {
        (Value::Number(left), Value::Number(right)) => compare_numbers(left, right),
        (Value::String(left), Value::String(right)) => Some(left.encode_utf16().cmp(right.encode_utf16())),
        (Value::String(text), Value::Number(number)) => Some(text.as_str().cmp(&number_to_string(number))),
        (Value::Number(number), Value::String(text)) => Some(number_to_string(number).as_str().cmp(text)),
        _ => None,
    }
}

/// Compares two numbers by value: integers exactly, else as doubles.
pub(crate) fn compare_numbers(left: &Number, right: &Number) -> Option<Ordering> {
    let integer = |n: &Number| n.as_i64().map(i128::from).or_else(|| n.as_u64().map(i128::from));
    match (integer(left), integer(right)) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

fn is_in(left: Option<&Value>, right: Option<&Value>) -> Answer {
    match right {
        Some(Value::Array(items)) => Ok(items.iter().any(|item| equal(left, Some(item)))),
        Some(Value::Object(_)) => Ok(false),
        _ => Err(Abort::NotApplicable),
    }
}

fn compare_lists(
    left: Option<&Value>,
    right: Option<&Value>,
    compare: impl Fn(&[Value], &[Value]) -> bool,
) -> Answer {
    match (left, right) {
        (Some(Value::Array(left)), Some(Value::Array(right))) => Ok(compare(left, right)),
        (Some(Value::Array(_) | Value::Object(_)), Some(Value::Array(_) | Value::Object(_))) => Ok(false),
        _ => Err(Abort::NotApplicable),
    }
}

fn have_common_element(left: &[Value], right: &[Value]) -> bool {
    left.iter().any(|l| right.iter().any(|r| equal(Some(l), Some(r))))
}

fn contains_all(left: Option<&Value>, right: Option<&Value>) -> Answer {
    let Some(Value::Array(required)) = right else { return Err(Abort::NotApplicable) };
    match left {
        Some(Value::Array(items)) => {
            Ok(required.iter().all(|wanted| items.iter().any(|item| equal(Some(wanted), Some(item)))))
        }
        Some(Value::Object(_)) => Ok(true),
        _ => Ok(false),
    }
}
