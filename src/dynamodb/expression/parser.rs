//! The grammars of expressions, by recursive descent with a bound on its depth.
//!
//! Parsing stops at the first syntax error, as AWS does: there is no tree for a broken expression. The size is
//! checked before anything else, so the work is bounded too.

use super::Problem;
use super::ast::{
    Clauses, Comparator, Condition, Function, Operand, Path, PathElement, PathElementKind, PathElements,
    Section, SetValue, Update, Value,
};
use super::check;
use super::lexer::{Token, TokenKind, token_after};
use crate::dynamodb::message;
use crate::spec::quota;
use crate::text::TextRange;

const CONDITION_KEYWORDS: &[&str] = &["AND", "OR", "NOT", "BETWEEN", "IN"];
const UPDATE_KEYWORDS: &[&str] = &["SET", "REMOVE", "ADD", "DELETE"];

type Parsed<T> = Result<T, Problem>;

/// Parses a condition, filter or key condition.
pub(super) fn condition(text: &str) -> Parsed<Condition<'_>> {
    let mut parser = Parser::new(text, CONDITION_KEYWORDS)?;
    let node = parser.disjunction()?;
    let condition = parser.as_condition(node)?;
    parser.finish()?;
    Ok(*condition)
}

/// Parses an update expression.
pub(super) fn update(text: &str) -> Parsed<Update<'_>> {
    if text.len() > quota::DYNAMODB_EXPRESSION_BYTES_MAX {
        return Err(Problem::new(message::update_too_large(), TextRange::from_usize(0..text.len())));
    }
    let mut parser = Parser::new(text, UPDATE_KEYWORDS)?;
    let mut sections = Vec::new();
    while parser.peek() != TokenKind::End {
        sections.push(parser.section()?);
    }
    parser.finish()?;
    Ok(Update { sections })
}

/// Parses a projection expression.
pub(super) fn projection(text: &str) -> Parsed<Vec<Path<'_>>> {
    let mut parser = Parser::new(text, &[])?;
    let paths = parser.separated(Parser::path)?;
    parser.finish()?;
    Ok(paths)
}

/// What may still turn out to be an operand of a comparison or a condition: `(f(a))` is both.
enum Node<'a> {
    // Boxed: it passes through many frames of the stack for each level.
    Condition(Box<Condition<'a>>),
    Operand(Operand<'a>),
}

struct Parser<'a> {
    text: &'a str,
    // A window of three tokens moves over the text: the grammars look no further.
    before: Option<Token>,
    current: Token,
    after: Token,
    keywords: &'static [&'static str],
    depth: usize,
    operators: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, keywords: &'static [&'static str]) -> Parsed<Parser<'a>> {
        let whole = TextRange::from_usize(0..text.len());
        if text.len() > quota::DYNAMODB_EXPRESSION_BYTES_MAX {
            return Err(Problem::new(message::expression_too_large(text.len()), whole));
        }
        let current = token_after(text, 0);
        if current.kind == TokenKind::End {
            return Err(Problem::new(message::expression_empty(), whole));
        }
        let after = token_after(text, current.range.to_usize().end);
        Ok(Parser { text, before: None, current, after, keywords, depth: 0, operators: 0 })
    }

    fn finish(&self) -> Parsed<()> {
        if self.peek() != TokenKind::End {
            return Err(self.syntax_error());
        }
        if self.operators > quota::DYNAMODB_OPERATORS_MAX {
            return Err(self.too_many_operators());
        }
        Ok(())
    }

    // ------------------------------------------------------------------------------------------- conditions

    fn disjunction(&mut self) -> Parsed<Node<'a>> {
        self.joined("OR", Parser::conjunction, Condition::Or)
    }

    fn conjunction(&mut self) -> Parsed<Node<'a>> {
        self.joined("AND", Parser::negation, Condition::And)
    }

    fn joined(
        &mut self,
        keyword: &str,
        term: fn(&mut Self) -> Parsed<Node<'a>>,
        join: fn(Vec<Condition<'a>>) -> Condition<'a>,
    ) -> Parsed<Node<'a>> {
        let first = term(self)?;
        if !self.at_keyword(keyword) {
            return Ok(first);
        }
        let mut terms = vec![*self.as_condition(first)?];
        while self.accept_keyword(keyword) {
            self.operators += 1;
            let node = term(self)?;
            terms.push(*self.as_condition(node)?);
        }
        Ok(Node::Condition(Box::new(join(terms))))
    }

    fn negation(&mut self) -> Parsed<Node<'a>> {
        if !self.accept_keyword("NOT") {
            return self.comparison();
        }
        self.operators += 1;
        self.deeper(1, |parser| {
            let node = parser.negation()?;
            let inner = parser.as_condition(node)?;
            Ok(Node::Condition(Box::new(Condition::Not(inner))))
        })
    }

    fn comparison(&mut self) -> Parsed<Node<'a>> {
        let node = self.primary()?;
        match (self.comparison_operator(), node) {
            (None, node) => Ok(node),
            (Some(_), Node::Condition(_)) => Err(self.syntax_error()),
            (Some(operator), Node::Operand(left)) => self.compared(left, &operator),
        }
    }

    /// The comparison of an operand, from its operator on.
    fn compared(&mut self, left: Operand<'a>, operator: &Operator) -> Parsed<Node<'a>> {
        self.next();
        self.operators += 1;
        let start = left.range();
        Ok(Node::Condition(Box::new(match *operator {
            Operator::Comparator(comparator) => {
                let right = self.operand()?;
                let range = start.cover(right.range());
                Condition::Compare { comparator, left, right, range }
            }
            Operator::Between => {
                let lower = self.operand()?;
                if !self.accept_keyword("AND") {
                    return Err(self.syntax_error());
                }
                let upper = self.operand()?;
                let range = start.cover(upper.range());
                Condition::Between { operands: Box::new([left, lower, upper]), range }
            }
            Operator::In => {
                self.expect(TokenKind::LeftParen)?;
                let list = self.separated(Parser::operand)?;
                let end = self.expect(TokenKind::RightParen)?;
                let range = start.cover(end.range);
                if list.len() > quota::DYNAMODB_IN_LIST_LEN_MAX {
                    return Err(Problem::new(message::too_many_in_operands(list.len()), range));
                }
                Condition::In { operand: left, list, range }
            }
        })))
    }

    fn comparison_operator(&self) -> Option<Operator> {
        let comparator = match self.peek() {
            TokenKind::Equal => Comparator::Equal,
            TokenKind::NotEqual => Comparator::NotEqual,
            TokenKind::Less => Comparator::Less,
            TokenKind::LessOrEqual => Comparator::LessOrEqual,
            TokenKind::Greater => Comparator::Greater,
            TokenKind::GreaterOrEqual => Comparator::GreaterOrEqual,
            _ if self.at_keyword("BETWEEN") => return Some(Operator::Between),
            _ if self.at_keyword("IN") => return Some(Operator::In),
            _ => return None,
        };
        Some(Operator::Comparator(comparator))
    }

    fn primary(&mut self) -> Parsed<Node<'a>> {
        if self.peek() != TokenKind::LeftParen {
            return self.simple_operand().map(Node::Operand);
        }
        let open = self.next();
        // Parentheses take more of the stack than `NOT` and functions do, and there are fewer that are not redundant.
        self.deeper(3, |parser| {
            let inner = parser.disjunction()?;
            let range = open.range.cover(parser.expect(TokenKind::RightParen)?.range);
            Ok(match inner {
                Node::Condition(inner) => Node::Condition(Box::new(Condition::Parens { inner, range })),
                Node::Operand(inner) => Node::Operand(Operand::Parens { inner: Box::new(inner), range }),
            })
        })
    }

    /// Takes a node for a condition, which among operands only a function can be.
    fn as_condition(&self, node: Node<'a>) -> Parsed<Box<Condition<'a>>> {
        match node {
            Node::Condition(condition) => Ok(condition),
            Node::Operand(Operand::Function(function)) => Ok(Box::new(Condition::Function(function))),
            Node::Operand(Operand::Parens { inner, range }) => {
                let inner = self.as_condition(Node::Operand(*inner))?;
                Ok(Box::new(Condition::Parens { inner, range }))
            }
            Node::Operand(Operand::Path(_) | Operand::Value(_)) => Err(self.syntax_error()),
        }
    }

    // --------------------------------------------------------------------------------------------- operands

    fn operand(&mut self) -> Parsed<Operand<'a>> {
        if self.peek() != TokenKind::LeftParen {
            return self.simple_operand();
        }
        let open = self.next();
        self.deeper(1, |parser| {
            let inner = Box::new(parser.operand()?);
            let range = open.range.cover(parser.expect(TokenKind::RightParen)?.range);
            Ok(Operand::Parens { inner, range })
        })
    }

    fn simple_operand(&mut self) -> Parsed<Operand<'a>> {
        match self.peek() {
            TokenKind::ValuePlaceholder => self.value().map(Operand::Value),
            TokenKind::Name
                if self.peek_second() == TokenKind::LeftParen
                    && !self.is_keyword(self.slice(self.token())) =>
            {
                self.function().map(|function| Operand::Function(Box::new(function)))
            }
            _ => self.path().map(Operand::Path),
        }
    }

    fn function(&mut self) -> Parsed<Function<'a>> {
        let name = self.next();
        self.expect(TokenKind::LeftParen)?;
        if self.depth >= quota::DYNAMODB_EXPRESSION_NESTING_MAX {
            // No function takes the result of one that takes a result.
            let function = self.slice(name);
            let known =
                check::CONDITION_FUNCTIONS.contains(&function) || check::UPDATE_FUNCTIONS.contains(&function);
            let message = if known { message::function_misused } else { message::invalid_function };
            return Err(Problem::new(message(function), name.range));
        }
        let arguments = self.deeper(1, |parser| parser.separated(Parser::operand))?;
        let end = self.expect(TokenKind::RightParen)?;
        Ok(Function {
            name: self.slice(name),
            name_range: name.range,
            arguments,
            range: name.range.cover(end.range),
        })
    }

    fn value(&mut self) -> Parsed<Value<'a>> {
        let token = self.expect(TokenKind::ValuePlaceholder)?;
        Ok(Value { name: self.slice(token), range: token.range })
    }

    fn path(&mut self) -> Parsed<Path<'a>> {
        let first = self.path_name()?;
        let mut path = Path { elements: PathElements::One(first), range: first.range };
        loop {
            let element = match self.peek() {
                TokenKind::Dot => {
                    self.next();
                    self.path_name()?
                }
                TokenKind::LeftBracket => self.path_index()?,
                _ => return Ok(path),
            };
            path.range = path.range.cover(element.range);
            path.elements.push(element);
        }
    }

    fn path_name(&mut self) -> Parsed<PathElement<'a>> {
        let token = self.token();
        let text = self.slice(token);
        let kind = match token.kind {
            TokenKind::Name if !self.is_keyword(text) => PathElementKind::Name(text),
            TokenKind::NamePlaceholder => PathElementKind::Placeholder(text),
            _ => return Err(self.syntax_error()),
        };
        self.next();
        Ok(PathElement { kind, range: token.range })
    }

    fn path_index(&mut self) -> Parsed<PathElement<'a>> {
        let open = self.expect(TokenKind::LeftBracket)?;
        let digits = self.expect(TokenKind::Digits)?;
        let close = self.expect(TokenKind::RightBracket)?;
        let kind = PathElementKind::Index(self.slice(digits));
        Ok(PathElement { kind, range: open.range.cover(close.range) })
    }

    // ---------------------------------------------------------------------------------------------- updates

    fn section(&mut self) -> Parsed<Section<'a>> {
        let keyword_range = self.token().range;
        let clauses = if self.accept_keyword("SET") {
            Clauses::Set(self.separated(Parser::assignment)?)
        } else if self.accept_keyword("REMOVE") {
            Clauses::Remove(self.separated(Parser::path)?)
        } else if self.accept_keyword("ADD") {
            Clauses::Add(self.separated(Parser::path_and_value)?)
        } else if self.accept_keyword("DELETE") {
            Clauses::Delete(self.separated(Parser::path_and_value)?)
        } else {
            return Err(self.syntax_error());
        };
        Ok(Section { clauses, keyword_range })
    }

    fn assignment(&mut self) -> Parsed<(Path<'a>, SetValue<'a>)> {
        let path = self.path()?;
        self.expect(TokenKind::Equal)?;
        Ok((path, self.set_value()?))
    }

    fn set_value(&mut self) -> Parsed<SetValue<'a>> {
        // One pair of parentheses may stand around a sum, as in `SET a = (b + :c)`.
        if self.peek() == TokenKind::LeftParen {
            self.next();
            return self.deeper(1, |parser| {
                let value = parser.set_value()?;
                parser.expect(TokenKind::RightParen)?;
                Ok(value)
            });
        }
        let left = self.operand()?;
        let join = match self.peek() {
            TokenKind::Plus => SetValue::Plus,
            TokenKind::Minus => SetValue::Minus,
            _ => return Ok(SetValue::Operand(left)),
        };
        self.next();
        self.operators += 1;
        Ok(join(left, self.operand()?))
    }

    fn path_and_value(&mut self) -> Parsed<(Path<'a>, Value<'a>)> {
        Ok((self.path()?, self.value()?))
    }

    // ----------------------------------------------------------------------------------------------- tokens

    fn separated<T>(&mut self, element: fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let first = element(self)?;
        // Room for one where there is one: most lists of arguments have no second.
        let mut elements = Vec::with_capacity(if self.peek() == TokenKind::Comma { 4 } else { 1 });
        elements.push(first);
        while self.peek() == TokenKind::Comma {
            self.next();
            elements.push(element(self)?);
        }
        Ok(elements)
    }

    fn deeper<T>(&mut self, levels: usize, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth + levels > quota::DYNAMODB_EXPRESSION_NESTING_MAX {
            return Err(self.too_deep());
        }
        self.depth += levels;
        let result = parse(self);
        self.depth -= levels;
        result
    }

    /// What AWS would find first in an expression that is deeper than can be right: each pair of parentheses that is not
    /// redundant has an operator within it, and so has each level of `NOT`.
    fn too_deep(&mut self) -> Problem {
        if self.operators > quota::DYNAMODB_OPERATORS_MAX {
            return self.too_many_operators();
        }
        let range = self.token().range;
        let (mut open, mut at) = (0_usize, 0);
        loop {
            let token = token_after(self.text, at);
            at = token.range.to_usize().end;
            match token.kind {
                TokenKind::LeftParen => open += 1,
                TokenKind::RightParen => open = open.saturating_sub(1),
                TokenKind::End => break,
                _ => {}
            }
        }
        if open == 0 {
            return Problem::new(message::redundant_parentheses(), range);
        }
        while self.peek() != TokenKind::End {
            self.next();
        }
        self.syntax_error()
    }

    fn too_many_operators(&self) -> Problem {
        Problem::new(message::too_many_operators(), TextRange::from_usize(0..self.text.len()))
    }

    fn token(&self) -> Token {
        self.current
    }

    fn peek(&self) -> TokenKind {
        self.token().kind
    }

    fn peek_second(&self) -> TokenKind {
        self.after.kind
    }

    fn next(&mut self) -> Token {
        let token = self.current;
        self.before = Some(token);
        self.current = self.after;
        self.after = token_after(self.text, self.current.range.to_usize().end);
        token
    }

    fn expect(&mut self, kind: TokenKind) -> Parsed<Token> {
        if self.peek() == kind { Ok(self.next()) } else { Err(self.syntax_error()) }
    }

    fn at_keyword(&self, keyword: &str) -> bool {
        let token = self.token();
        token.kind == TokenKind::Name && self.slice(token).eq_ignore_ascii_case(keyword)
    }

    fn is_keyword(&self, word: &str) -> bool {
        self.keywords.iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
    }

    fn accept_keyword(&mut self, keyword: &str) -> bool {
        let found = self.at_keyword(keyword);
        if found {
            self.next();
        }
        found
    }

    fn slice(&self, token: Token) -> &'a str {
        self.text.get(token.range.to_usize()).unwrap_or_default()
    }

    /// The current token is none that may stand here.
    fn syntax_error(&self) -> Problem {
        let token = self.token();
        let text = if token.kind == TokenKind::End { "<EOF>" } else { self.slice(token) };
        let before = self.before.unwrap_or(token);
        let after = if self.after.kind == TokenKind::End { token } else { self.after };
        // At the end, `near` shows the last token alone, without the white space after it.
        let end = if token.kind == TokenKind::End { before.range.end() } else { after.range.end() };
        let near = TextRange::new(before.range.start(), end);
        let near = self.text.get(near.to_usize()).unwrap_or_default();
        Problem::new(message::syntax_error(text, near), token.range)
    }
}

enum Operator {
    Comparator(Comparator),
    Between,
    In,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamodb::TextGeneration;
    use crate::dynamodb::message::Layer;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check<T: std::fmt::Debug>(result: Parsed<T>, expected: Expect) {
        let text = match result {
            Ok(_) => "no error".to_owned(),
            Err(problem) => {
                format!(
                    "{:?} {}",
                    problem.range,
                    problem.message.render(TextGeneration::Before2026, Layer::Enveloped)
                )
            }
        };
        expected.assert_eq(&text);
    }

    #[test]
    fn well_formed() {
        for text in [
            "a = :b",
            "NOT a = :b AND (c <> :d or size(e) between :f and :g)",
            "#a.b[0].#c in (:x, :y, d)",
            "attribute_exists(a) AND NOT NOT contains(a, b)",
            "(a) = (:b)",
            "(attribute_exists(a))",
        ] {
            check(condition(text), expect!["no error"]);
        }
        for text in [
            "SET a = :b, c.d[1] = if_not_exists(c, :zero) + :one REMOVE e, f ADD g :h delete i :j",
            "set a = (b - :c)",
            "SET a = list_append(if_not_exists(a, :empty), :b)",
        ] {
            check(update(text), expect!["no error"]);
        }
        check(projection("a, b.c, #d[3][4]"), expect!["no error"]);
    }

    #[test]
    fn syntax_errors_name_the_token_and_its_neighbours() {
        check(
            update("INVALID SYNTAX HERE"),
            expect![[r#"0..7 Syntax error; token: "INVALID", near: "INVALID SYNTAX""#]],
        );
        check(update("ADD hits : incr"), expect![[r#"9..10 Syntax error; token: ":", near: "hits : incr""#]]);
        check(update("SET a = :b, "), expect![[r#"12..12 Syntax error; token: "<EOF>", near: ",""#]]);
        check(
            condition("pk = :pk AND __type = :t"),
            expect![[r#"13..14 Syntax error; token: "_", near: "AND __""#]],
        );
        check(condition("a"), expect![[r#"1..1 Syntax error; token: "<EOF>", near: "a""#]]);
        check(condition("(a = :b) = :c"), expect![[r#"9..10 Syntax error; token: "=", near: ") = :c""#]]);
        check(condition("and = :c"), expect![[r#"0..3 Syntax error; token: "and", near: "and =""#]]);
        check(projection("!!"), expect![[r#"0..1 Syntax error; token: "!", near: "!!""#]]);
        check(projection("a[:b]"), expect![[r#"2..4 Syntax error; token: ":b", near: "[:b]""#]]);
    }

    #[test]
    fn a_hundred_levels_are_followed() {
        // What is true of the innermost pair is that of the whole; the tree is dropped at its end.
        let terms = format!("a < :b{}{}", " OR (a < :b".repeat(100), ")".repeat(100));
        check(condition(&terms), expect!["no error"]);
    }

    #[test]
    fn bounds() {
        check(condition("  "), expect!["0..2 The expression can not be empty;"]);
        check(
            projection(&"a".repeat(4_097)),
            expect!["0..4097 Expression size has exceeded the maximum allowed size; expression size: 4097"],
        );
        let terms = vec!["a<:b"; 152].join(" OR ");
        check(
            condition(&terms),
            expect!["0..1212 The expression contains too many operators; operator count: 301"],
        );
        check(
            condition(&"(".repeat(4_096)),
            expect![[r#"4096..4096 Syntax error; token: "<EOF>", near: "(""#]],
        );
        let parens = format!("{}a < :b{}", "(".repeat(2_000), ")".repeat(2_000));
        check(condition(&parens), expect!["101..102 The expression has redundant parentheses;"]);
        check(
            condition(&"NOT ".repeat(1_000)),
            expect!["0..4000 The expression contains too many operators; operator count: 301"],
        );
        check(
            update(&format!("SET a={}", "f(".repeat(1_500))),
            expect!["610..611 Invalid function name; function: f"],
        );
        check(
            condition(&format!("a < {}", "size(".repeat(680))),
            expect![
                "1514..1518 The function is not allowed to be used this way in an expression; function: size"
            ],
        );
    }
}
