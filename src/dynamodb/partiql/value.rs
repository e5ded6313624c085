//! Literals, and the parameters that question marks stand for.
//!
//! AWS: what is wrong with a literal is told with its place, which begins at `root` for each attribute.

use std::sync::Arc;

use super::Problem;
use super::lexer::{Token, TokenKind};
use super::parser::{Parsed, Parser};
use crate::dynamodb::attribute::{AttributeType, AttributeValue};
use crate::dynamodb::item::Item;
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::number::{Number, NumberError};
use crate::spec::quota;
use crate::text::TextRange;

impl Parser<'_> {
    /// A value that stands for itself, or a parameter.
    pub(super) fn literal(&mut self) -> Parsed<AttributeValue> {
        match self.accept_parameter()? {
            Some(value) => Ok(value),
            None => self.nested_literal("root", 0),
        }
    }

    /// The item of an INSERT: each of its attributes begins a place of its own.
    pub(super) fn item(&mut self) -> Parsed<Item> {
        let range = self.token().range;
        if let Some(value) = self.accept_parameter()? {
            let AttributeValue::M(item) = value else {
                return Err(Problem::malformed("Expected a tuple after VALUE", range));
            };
            return Ok(Item::clone(&item));
        }
        if !self.accept("{") {
            return Err(Problem::malformed("Expected a tuple after VALUE", range));
        }
        let attributes = self.elements("}", |parser, _| Ok((parser.member_name()?, parser.literal()?)))?;
        Ok(attributes.into_iter().collect())
    }

    fn accept_parameter(&mut self) -> Parsed<Option<AttributeValue>> {
        let range = self.token().range;
        if *self.peek() != TokenKind::Parameter {
            return Ok(None);
        }
        self.next();
        let value = self.parameters.get(self.used).cloned();
        self.used += 1;
        match value {
            Some(value) => Ok(Some(value)),
            None => Err(Problem::rule(message::parameter_count_differs(), range)),
        }
    }

    /// `levels` counts the lists and maps around the value; the recursion ends at [`quota::ATTRIBUTE_NESTING_MAX`].
    fn nested_literal(&mut self, place: &str, levels: usize) -> Parsed<AttributeValue> {
        if levels >= quota::ATTRIBUTE_NESTING_MAX {
            return Err(Problem::rule(message::literal_too_deep(place), self.token().range));
        }
        if let Some(name) = self.function_name() {
            return Err(self.unsupported_in_literal(&name, place));
        }
        let Token { kind, range } = self.next();
        match kind {
            TokenKind::Text(text) => Ok(AttributeValue::S(text.into())),
            TokenKind::Number(text) => self.number(&text, place, range),
            TokenKind::Symbol("-" | "+") => {
                self.back();
                self.signed_number(place)
            }
            TokenKind::Word(word) if word.eq_ignore_ascii_case("true") => Ok(AttributeValue::Bool(true)),
            TokenKind::Word(word) if word.eq_ignore_ascii_case("false") => Ok(AttributeValue::Bool(false)),
            TokenKind::Word(word) if word.eq_ignore_ascii_case("null") => Ok(AttributeValue::Null),
            TokenKind::Symbol("[") => {
                let values = self.elements("]", |parser, index| {
                    parser.nested_literal(&format!("{place}[{index}]"), levels + 1)
                })?;
                Ok(AttributeValue::L(values.into()))
            }
            TokenKind::Symbol("{") => {
                let members = self.elements("}", |parser, _| {
                    let name = parser.member_name()?;
                    let value = parser.nested_literal(&format!("{place}.{name}"), levels + 1)?;
                    Ok((name, value))
                })?;
                Ok(AttributeValue::M(members.into_iter().collect()))
            }
            TokenKind::Symbol("<<") => {
                let start = self.at;
                let members = self.elements(">>", |parser, _| parser.nested_literal(place, levels))?;
                let texts = self.numbers_since(start);
                set(members, &texts, place).map_err(|message| Problem::rule(message, range))
            }
            TokenKind::Parameter => {
                self.back();
                Err(self.unsupported_in_literal("Parameter", place))
            }
            TokenKind::Symbol(_) | TokenKind::Quoted(_) | TokenKind::Word(_) | TokenKind::End => {
                self.back();
                Err(self.unexpected())
            }
        }
    }

    fn signed_number(&mut self, place: &str) -> Parsed<AttributeValue> {
        let mut negative = false;
        loop {
            if self.accept("-") {
                negative = !negative;
            } else if !self.accept("+") {
                break;
            }
        }
        match self.next() {
            Token { kind: TokenKind::Number(text), range } => {
                let sign = if negative { "-" } else { "" };
                self.number(&format!("{sign}{text}"), place, range)
            }
            token => Err(Problem::malformed("Expected a number", token.range)),
        }
    }

    fn number(&self, text: &str, place: &str, range: TextRange) -> Parsed<AttributeValue> {
        Number::parse_in_statement(text).map(AttributeValue::N).map_err(|error| match error {
            NumberError::NotNumeric => Problem::malformed("", range),
            error => Problem::rule(message::bad_number(error, error, text).at_place(place), range),
        })
    }

    /// The numbers from a token on, as they are written.
    fn numbers_since(&self, start: usize) -> Vec<String> {
        let tokens = self.tokens.get(start..self.at).unwrap_or_default();
        let numbers = tokens.iter().filter_map(|token| match &token.kind {
            TokenKind::Number(text) => Some(text.clone()),
            _ => None,
        });
        numbers.collect()
    }

    fn unsupported_in_literal(&self, what: &str, place: &str) -> Problem {
        let range = self.token().range;
        Problem::rule(message::unsupported_in_literal(what, place, &self.position(range)), range)
    }

    fn member_name(&mut self) -> Parsed<Arc<str>> {
        let token = self.next();
        let TokenKind::Text(name) = token.kind else {
            return Err(Problem::malformed("Expected a name in single quotes", token.range));
        };
        self.expect(":")?;
        Ok(name.into())
    }

    /// Elements up to a closing symbol, none allowed; each is told its index.
    fn elements<T>(
        &mut self,
        close: &'static str,
        mut element: impl FnMut(&mut Self, usize) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        let mut elements = Vec::new();
        if self.accept(close) {
            return Ok(elements);
        }
        loop {
            elements.push(element(self, elements.len())?);
            if !self.accept(",") {
                break;
            }
        }
        self.expect(close)?;
        Ok(elements)
    }
}

/// A set of members of one type, strings or numbers; `numbers` are those as written.
fn set(members: Vec<AttributeValue>, numbers: &[String], place: &str) -> Result<AttributeValue, Message> {
    fn is_set<T: Ord>(members: &mut [T]) -> bool {
        members.sort();
        members.is_sorted_by(|one, other| one < other)
    }
    let count = members.len();
    let (mut texts, mut values) = (Vec::new(), Vec::new());
    for member in members {
        match member {
            AttributeValue::S(text) => texts.push(text),
            AttributeValue::N(number) => values.push(number),
            _ => return Err(message::bag_of_other_types()),
        }
    }
    if count == 0 {
        return Err(message::bag_empty());
    }
    if texts.len() == count {
        let written: Vec<String> = texts.iter().map(ToString::to_string).collect();
        let written: Vec<&str> = written.iter().map(String::as_str).collect();
        return match is_set(&mut texts) {
            true => Ok(AttributeValue::Ss(texts.into())),
            false => Err(message::set_has_duplicates(AttributeType::Ss, &written, &written)),
        };
    }
    if values.len() == count {
        return match is_set(&mut values) {
            true => Ok(AttributeValue::Ns(values.into())),
            false => Err(message::bag_has_duplicate_numbers(numbers, place)),
        };
    }
    Err(message::bag_of_other_types())
}
