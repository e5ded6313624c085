//! The grammar of conditions.

use super::lexer::TokenKind;
use super::parser::{Parsed, Parser};
use super::{Problem, ProblemKind};
use crate::dynamodb::attribute::{AttributeType, AttributeValue};
use crate::dynamodb::expression::ast::Comparator;
use crate::dynamodb::expression::condition::{self, Condition, Operand};
use crate::dynamodb::message;
use crate::spec::quota;
use crate::text::TextRange;

/// A part of a condition: what is true or false can be compared as well.
enum Term {
    Condition(Condition),
    Operand(Operand),
}

impl Term {
    fn into_operand(self) -> Operand {
        match self {
            Term::Condition(condition) => Operand::Holds(Box::new(condition)),
            Term::Operand(operand) => operand,
        }
    }
}

/// The types that a condition may ask for, as PartiQL calls them.
const TYPES: &[(&str, AttributeType)] = &[
    ("BOOL", AttributeType::Bool),
    ("BOOLEAN", AttributeType::Bool),
    ("STRING", AttributeType::S),
    ("NUMBER", AttributeType::N),
    ("BINARY", AttributeType::B),
    ("LIST", AttributeType::L),
    ("MAP", AttributeType::M),
];

/// PartiQL's other types, of which it is not known what DynamoDB takes for one.
const OTHER_TYPES: &[&str] = &[
    "ANY",
    "BAG",
    "BLOB",
    "CHAR",
    "CHARACTER",
    "CLOB",
    "DECIMAL",
    "DOUBLE",
    "FLOAT",
    "INT",
    "INT4",
    "INT8",
    "INTEGER",
    "NUMERIC",
    "REAL",
    "SEXP",
    "SMALLINT",
    "STRUCT",
    "SYMBOL",
    "TIMESTAMP",
    "TUPLE",
    "VARCHAR",
];

impl Parser<'_> {
    /// A whole condition.
    pub(super) fn condition(&mut self) -> Parsed<Condition> {
        let range = self.token().range;
        let term = self.disjunction()?;
        self.as_condition(term, range)
    }

    fn as_condition(&self, term: Term, range: TextRange) -> Parsed<Condition> {
        match term {
            Term::Condition(condition) => Ok(condition),
            Term::Operand(_) if self.at_end_of_expression() => {
                Err(Problem::malformed("Unexpected term", range))
            }
            Term::Operand(_) => Err(self.left_over()),
        }
    }

    fn disjunction(&mut self) -> Parsed<Term> {
        self.joined("OR", Parser::conjunction, Condition::Or)
    }

    fn conjunction(&mut self) -> Parsed<Term> {
        self.joined("AND", Parser::negation, Condition::And)
    }

    fn joined(
        &mut self,
        keyword: &str,
        term: fn(&mut Self) -> Parsed<Term>,
        join: fn(Vec<Condition>) -> Condition,
    ) -> Parsed<Term> {
        let range = self.token().range;
        let first = term(self)?;
        if !self.at_word(keyword) {
            return Ok(first);
        }
        let mut terms = vec![self.as_condition(first, range)?];
        while self.accept_word(keyword) {
            self.expect_right_side()?;
            let range = self.token().range;
            let term = term(self)?;
            terms.push(self.as_condition(term, range)?);
        }
        Ok(Term::Condition(join(terms)))
    }

    fn negation(&mut self) -> Parsed<Term> {
        if !self.accept_word("NOT") {
            return self.comparison();
        }
        let range = self.token().range;
        let inner = self.deeper(Parser::negation)?;
        let inner = self.as_condition(inner, range)?;
        Ok(Term::Condition(Condition::Not(Box::new(inner))))
    }

    fn comparison(&mut self) -> Parsed<Term> {
        let left = self.term()?;
        if self.accept_word("IS") {
            return self.type_test(left.into_operand()).map(Term::Condition);
        }
        let negated = self.accept_word("NOT");
        let condition = if self.accept_word("BETWEEN") {
            let lower = self.right_side()?;
            self.expect_word("AND")?;
            let upper = self.right_side()?;
            let left = left.into_operand();
            self.check_ordered("BETWEEN", [&left, &lower, &upper])?;
            Condition::Between(Box::new([left, lower, upper]))
        } else if self.accept_word("IN") {
            Condition::In(left.into_operand(), self.list()?)
        } else if negated {
            return Err(self.unexpected());
        } else if let Some(comparator) = self.comparator() {
            let (left, right) = (left.into_operand(), self.right_side()?);
            if !matches!(comparator, Comparator::Equal | Comparator::NotEqual) {
                self.check_ordered(comparator.as_str(), [&left, &right])?;
            }
            Condition::Compare(comparator, left, right)
        } else {
            return Ok(left);
        };
        Ok(Term::Condition(if negated { Condition::Not(Box::new(condition)) } else { condition }))
    }

    fn comparator(&mut self) -> Option<Comparator> {
        let comparator = match self.peek() {
            TokenKind::Symbol("=") => Comparator::Equal,
            TokenKind::Symbol("<>" | "!=") => Comparator::NotEqual,
            TokenKind::Symbol("<") => Comparator::Less,
            TokenKind::Symbol("<=") => Comparator::LessOrEqual,
            TokenKind::Symbol(">") => Comparator::Greater,
            TokenKind::Symbol(">=") => Comparator::GreaterOrEqual,
            _ => return None,
        };
        self.next();
        Some(comparator)
    }

    fn right_side(&mut self) -> Parsed<Operand> {
        self.expect_right_side()?;
        Ok(self.term()?.into_operand())
    }

    fn expect_right_side(&self) -> Parsed<()> {
        match self.at_end_of_expression() {
            true => Err(self.malformed("Missing right-hand side expression of infix operator")),
            false => Ok(()),
        }
    }

    fn at_end_of_expression(&self) -> bool {
        matches!(self.peek(), TokenKind::End | TokenKind::Symbol(";" | ")"))
    }

    fn check_ordered<const COUNT: usize>(&self, operator: &str, operands: [&Operand; COUNT]) -> Parsed<()> {
        let range = self.token().range;
        Ok(condition::check_ordered(operator, operands, range)?)
    }

    fn list(&mut self) -> Parsed<Vec<Operand>> {
        let range = self.token().range;
        let close = if self.accept("(") {
            ")"
        } else {
            self.expect("[")?;
            "]"
        };
        let list = self.deeper(|parser| parser.separated(|parser| Ok(parser.term()?.into_operand())))?;
        self.expect(close)?;
        match list.len() {
            count if count > quota::DYNAMODB_IN_LIST_LEN_MAX => {
                Err(Problem::rule(message::too_many_in_operands(count), range))
            }
            _ => Ok(list),
        }
    }

    fn type_test(&mut self, operand: Operand) -> Parsed<Condition> {
        let negated = self.accept_word("NOT");
        let range = self.token().range;
        if self.accept_word("MISSING") {
            let Operand::Path(path) = operand else {
                return Err(Problem::malformed("Expected a path", range));
            };
            return Ok(if negated { Condition::Exists(path) } else { Condition::NotExists(path) });
        }
        let word = match self.peek() {
            TokenKind::Word(word) => word.to_ascii_uppercase(),
            _ => String::new(),
        };
        let kind = match TYPES.iter().find(|(name, _)| *name == word) {
            Some((_, kind)) => *kind,
            None if word == "NULL" => AttributeType::Null,
            None if OTHER_TYPES.contains(&&*word) => return Err(self.unsupported("IS with this type")),
            None => return Err(self.malformed("Expected type name")),
        };
        self.next();
        let condition = Condition::HasType(operand, kind);
        Ok(if negated { Condition::Not(Box::new(condition)) } else { condition })
    }

    /// What can stand on one side of an operator.
    fn term(&mut self) -> Parsed<Term> {
        if self.accept("(") {
            let inner = self.deeper(Parser::disjunction)?;
            self.expect(")")?;
            return Ok(inner);
        }
        if let Some(name) = self.function_name() {
            return self.function(&name);
        }
        Ok(Term::Operand(match self.at_path() {
            true => Operand::Path(self.path()?),
            false => Operand::Value(self.literal()?),
        }))
    }

    fn function(&mut self, name: &str) -> Parsed<Term> {
        let range = self.token().range;
        let names =
            ["size", "attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"];
        if !names.contains(&name) {
            return Err(self.unknown_function(name, range));
        }
        self.at += 2;
        let arguments = match self.accept(")") {
            true => Vec::new(),
            false => {
                let arguments =
                    self.deeper(|parser| parser.separated(|parser| Ok(parser.term()?.into_operand())))?;
                self.expect(")")?;
                arguments
            }
        };
        // AWS: a statement tells the types in an order of its own.
        if let ("attribute_type", [_, Operand::Value(AttributeValue::S(kind))]) = (name, &*arguments)
            && AttributeType::from_name(kind).is_none()
        {
            return Err(Problem::rule(message::invalid_type_name_in_statement(kind), range));
        }
        Ok(match name {
            "size" => Term::Operand(condition::size_of(arguments, range)?),
            _ => Term::Condition(condition::function(name, arguments, range)?),
        })
    }

    pub(super) fn unknown_function(&self, name: &str, range: TextRange) -> Problem {
        Problem::rule(message::unknown_function_in_statement(name, &self.position(range)), range)
    }

    pub(super) fn unsupported(&self, what: &'static str) -> Problem {
        Problem { kind: ProblemKind::Unsupported(what), range: self.token().range }
    }
}
