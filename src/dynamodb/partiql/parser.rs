//! The grammar of statements, by recursive descent with a bound on its depth.

use std::sync::Arc;

use super::lexer::{Token, TokenKind, tokenize};
use super::{Problem, ProblemKind, Returning, Select, Statement};
use crate::dynamodb::attribute::{AttributeType, AttributeValue, Item};
use crate::dynamodb::expression::ast::Comparator;
use crate::dynamodb::expression::condition::{self, Condition, Operand};
use crate::dynamodb::expression::path::{DocumentPath, Step};
use crate::dynamodb::expression::update::{Action, Value};
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::number::Number;
use crate::spec::quota;
use crate::text::TextRange;

type Parsed<T> = Result<T, Problem>;

/// Parses a whole statement.
pub(super) fn statement(text: &str, parameters: &[AttributeValue]) -> Parsed<Statement> {
    let mut parser = Parser { tokens: tokenize(text)?, at: 0, parameters, used: 0, depth: 0 };
    let statement = parser.statement()?;
    parser.accept(";");
    if *parser.peek() != TokenKind::End {
        return Err(parser.unexpected());
    }
    if parser.used != parameters.len() {
        let whole = TextRange::from_usize(0..text.len());
        return Err(Problem::rule(message::parameter_count_differs(), whole));
    }
    Ok(statement)
}

struct Parser<'p> {
    tokens: Vec<Token>,
    at: usize,
    parameters: &'p [AttributeValue],
    /// Parameters that question marks have taken so far.
    used: usize,
    depth: usize,
}

impl Parser<'_> {
    fn statement(&mut self) -> Parsed<Statement> {
        if self.at_word("SELECT") {
            return self.select().map(Statement::Select);
        }
        if self.accept_word("EXISTS") {
            self.expect("(")?;
            let select = self.select()?;
            self.expect(")")?;
            return Ok(Statement::Exists(select));
        }
        if self.accept_word("INSERT") {
            return self.insert();
        }
        if self.accept_word("UPDATE") {
            return self.update();
        }
        if self.accept_word("DELETE") {
            self.expect_word("FROM")?;
            let (table, _) = self.table(false)?;
            let condition = self.required_condition()?;
            let range = self.token().range;
            let returning = self.returning()?;
            let clause = match returning {
                Returning::Nothing | Returning::AllOld => {
                    return Ok(Statement::Delete { table, condition, returning });
                }
                Returning::AllNew => "ALL NEW *",
                Returning::ModifiedOld => "MODIFIED OLD *",
                Returning::ModifiedNew => "MODIFIED NEW *",
            };
            return Err(Problem::rule(message::returning_in_delete(clause), range));
        }
        match self.peek() {
            TokenKind::End => Err(self.unexpected()),
            _ => Err(self.malformed("Expected data manipulation")),
        }
    }

    fn select(&mut self) -> Parsed<Select> {
        self.expect_word("SELECT")?;
        let paths = match self.accept("*") {
            true => None,
            false => Some(self.separated(Parser::path)?),
        };
        self.expect_word("FROM")?;
        let (table, index) = self.table(true)?;
        let condition = if self.accept_word("WHERE") { Some(self.disjunction()?) } else { None };
        let mut order = None;
        if self.accept_word("ORDER") {
            self.expect_word("BY")?;
            let name = self.name()?;
            let descending = self.accept_word("DESC");
            if !descending {
                self.accept_word("ASC");
            }
            if self.accept(",") {
                return Err(self.unsupported("ORDER BY more than one attribute"));
            }
            order = Some((name, descending));
        }
        for clause in ["GROUP", "LIMIT", "HAVING", "JOIN"] {
            if self.at_word(clause) {
                return Err(self.malformed("Unsupported clause in SELECT statement"));
            }
        }
        Ok(Select { table, index, paths, condition, order })
    }

    fn insert(&mut self) -> Parsed<Statement> {
        self.expect_word("INTO")?;
        let (table, _) = self.table(false)?;
        self.expect_word("VALUE")?;
        let range = self.token().range;
        match self.literal()? {
            AttributeValue::M(item) => Ok(Statement::Insert { table, item: Item::clone(&item) }),
            _ => Err(Problem::malformed("Expected a tuple after VALUE", range)),
        }
    }

    fn update(&mut self) -> Parsed<Statement> {
        let (table, _) = self.table(false)?;
        let mut actions = Vec::new();
        loop {
            if self.accept_word("SET") {
                actions.append(&mut self.separated(Parser::assignment)?);
            } else if self.accept_word("REMOVE") {
                let paths = self.separated(Parser::path)?;
                actions.extend(paths.into_iter().map(|path| (path, Action::Remove)));
            } else {
                break;
            }
        }
        if actions.is_empty() {
            return Err(self.unexpected());
        }
        let condition = self.required_condition()?;
        let returning = self.returning()?;
        Ok(Statement::Update { table, actions, condition, returning })
    }

    fn required_condition(&mut self) -> Parsed<Condition> {
        if !self.accept_word("WHERE") {
            return Err(Problem::rule(message::where_without_keys(), self.token().range));
        }
        self.disjunction()
    }

    fn returning(&mut self) -> Parsed<Returning> {
        if !self.accept_word("RETURNING") {
            return Ok(Returning::Nothing);
        }
        let all = self.accept_word("ALL");
        if !all {
            self.expect_word("MODIFIED")?;
        }
        let old = self.accept_word("OLD");
        if !old {
            self.expect_word("NEW")?;
        }
        self.expect("*")?;
        Ok(match (all, old) {
            (true, true) => Returning::AllOld,
            (true, false) => Returning::AllNew,
            (false, true) => Returning::ModifiedOld,
            (false, false) => Returning::ModifiedNew,
        })
    }

    /// A table and, where one is allowed, an index of it.
    fn table(&mut self, index_fits: bool) -> Parsed<(Arc<str>, Option<Arc<str>>)> {
        let range = self.token().range;
        let table = self.name()?;
        let index = if index_fits && self.accept(".") { Some(self.name()?) } else { None };
        if index_fits && *self.peek() == TokenKind::Symbol(".") {
            return Err(Problem::rule(message::path_too_long_in_from(), range));
        }
        if table.is_empty() || index.as_ref().is_some_and(|index| index.is_empty()) {
            return Err(Problem::rule(message::path_component_empty(), range));
        }
        Ok((table, index))
    }

    // ------------------------------------------------------------------------------------------- conditions

    fn disjunction(&mut self) -> Parsed<Condition> {
        self.joined("OR", Parser::conjunction, Condition::Or)
    }

    fn conjunction(&mut self) -> Parsed<Condition> {
        self.joined("AND", Parser::negation, Condition::And)
    }

    fn joined(
        &mut self,
        keyword: &str,
        term: fn(&mut Self) -> Parsed<Condition>,
        join: fn(Vec<Condition>) -> Condition,
    ) -> Parsed<Condition> {
        let mut terms = vec![term(self)?];
        while self.accept_word(keyword) {
            terms.push(term(self)?);
        }
        match terms.pop() {
            Some(only) if terms.is_empty() => Ok(only),
            Some(last) => {
                terms.push(last);
                Ok(join(terms))
            }
            None => Err(self.unexpected()),
        }
    }

    fn negation(&mut self) -> Parsed<Condition> {
        if !self.accept_word("NOT") {
            return self.comparison();
        }
        let inner = self.deeper(Parser::negation)?;
        Ok(Condition::Not(Box::new(inner)))
    }

    fn comparison(&mut self) -> Parsed<Condition> {
        if self.accept("(") {
            let inner = self.deeper(Parser::disjunction)?;
            self.expect(")")?;
            return Ok(inner);
        }
        if let Some(condition) = self.condition_function()? {
            return Ok(condition);
        }
        let left = self.operand()?;
        if self.accept_word("IS") {
            return self.type_test(left);
        }
        let negated = self.accept_word("NOT");
        let condition = if self.accept_word("BETWEEN") {
            let lower = self.operand()?;
            self.expect_word("AND")?;
            let upper = self.operand()?;
            self.check_ordered("BETWEEN", [&left, &lower, &upper])?;
            Condition::Between(left, lower, upper)
        } else if self.accept_word("IN") {
            Condition::In(left, self.list()?)
        } else if negated {
            return Err(self.unexpected());
        } else {
            let comparator = self.comparator()?;
            let right = self.operand()?;
            if !matches!(comparator, Comparator::Equal | Comparator::NotEqual) {
                self.check_ordered(comparator.as_str(), [&left, &right])?;
            }
            Condition::Compare(comparator, left, right)
        };
        Ok(if negated { Condition::Not(Box::new(condition)) } else { condition })
    }

    fn comparator(&mut self) -> Parsed<Comparator> {
        let comparator = match self.peek() {
            TokenKind::Symbol("=") => Comparator::Equal,
            TokenKind::Symbol("<>" | "!=") => Comparator::NotEqual,
            TokenKind::Symbol("<") => Comparator::Less,
            TokenKind::Symbol("<=") => Comparator::LessOrEqual,
            TokenKind::Symbol(">") => Comparator::Greater,
            TokenKind::Symbol(">=") => Comparator::GreaterOrEqual,
            _ => return Err(self.unexpected()),
        };
        self.next();
        Ok(comparator)
    }

    fn check_ordered<const COUNT: usize>(&self, operator: &str, operands: [&Operand; COUNT]) -> Parsed<()> {
        let range = self.token().range;
        condition::check_ordered(operator, operands, range)
            .map_err(|problem| Problem::rule(problem.message, problem.range))
    }

    fn list(&mut self) -> Parsed<Vec<Operand>> {
        let close = if self.accept("(") {
            ")"
        } else {
            self.expect("[")?;
            "]"
        };
        let list = self.separated(Parser::operand)?;
        self.expect(close)?;
        Ok(list)
    }

    fn type_test(&mut self, operand: Operand) -> Parsed<Condition> {
        let negated = self.accept_word("NOT");
        let range = self.token().range;
        let condition = if self.accept_word("MISSING") {
            let Operand::Path(path) = operand else {
                return Err(Problem::malformed("Expected a path", range));
            };
            return Ok(if negated { Condition::Exists(path) } else { Condition::NotExists(path) });
        } else if self.accept_word("NULL") {
            Condition::HasType(operand, AttributeType::Null)
        } else if let TokenKind::Word(word) = self.peek() {
            let kind = match word.to_ascii_uppercase().as_str() {
                "STRING" => AttributeType::S,
                "NUMBER" => AttributeType::N,
                "BINARY" => AttributeType::B,
                "BOOLEAN" => AttributeType::Bool,
                "LIST" => AttributeType::L,
                "MAP" => AttributeType::M,
                _ => return Err(self.unexpected()),
            };
            self.next();
            Condition::HasType(operand, kind)
        } else {
            return Err(self.unexpected());
        };
        Ok(if negated { Condition::Not(Box::new(condition)) } else { condition })
    }

    /// A function that is true or false, if one stands here.
    fn condition_function(&mut self) -> Parsed<Option<Condition>> {
        let range = self.token().range;
        let Some(name) = self.function_name() else { return Ok(None) };
        if name == "size" {
            return Ok(None);
        }
        self.at += 2;
        let arguments = self.deeper(|parser| parser.separated(Parser::operand))?;
        self.expect(")")?;
        let count = arguments.len();
        let mut arguments = arguments.into_iter();
        let condition = match (name.as_str(), arguments.next(), arguments.next(), arguments.next()) {
            ("begins_with", Some(operand), Some(prefix), None) => Condition::BeginsWith(operand, prefix),
            ("contains", Some(container), Some(member), None) => Condition::Contains(container, member),
            ("attribute_type", Some(operand), Some(Operand::Value(AttributeValue::S(kind))), None) => {
                let kind = AttributeType::from_name(&kind)
                    .ok_or_else(|| Problem::rule(message::invalid_type_name(&kind), range))?;
                Condition::HasType(operand, kind)
            }
            ("attribute_exists", Some(Operand::Path(path)), None, _) => Condition::Exists(path),
            ("attribute_not_exists", Some(Operand::Path(path)), None, _) => Condition::NotExists(path),
            (
                "begins_with" | "contains" | "attribute_type" | "attribute_exists" | "attribute_not_exists",
                ..,
            ) => {
                return Err(Problem::rule(message::operand_count(&name, count), range));
            }
            _ => return Err(Problem::rule(message::invalid_function(&name), range)),
        };
        Ok(Some(condition))
    }

    /// The name of a function, in lower case, if a call stands here.
    fn function_name(&self) -> Option<String> {
        let TokenKind::Word(word) = self.peek() else { return None };
        let open = self.tokens.get(self.at + 1).map(|token| &token.kind) == Some(&TokenKind::Symbol("("));
        open.then(|| word.to_ascii_lowercase())
    }

    fn operand(&mut self) -> Parsed<Operand> {
        if let Some(name) = self.function_name() {
            let range = self.token().range;
            if name != "size" {
                return Err(Problem::rule(message::invalid_function(&name), range));
            }
            self.at += 2;
            let inner = self.deeper(Parser::operand)?;
            self.expect(")")?;
            return Ok(Operand::Size(Box::new(inner)));
        }
        match self.at_path() {
            true => self.path().map(Operand::Path),
            false => self.literal().map(Operand::Value),
        }
    }

    // ---------------------------------------------------------------------------------------------- updates

    fn assignment(&mut self) -> Parsed<(DocumentPath, Action)> {
        let path = self.path()?;
        self.expect("=")?;
        if let Some(name) = self.function_name().filter(|name| name == "set_add" || name == "set_delete") {
            self.at += 2;
            let range = self.token().range;
            if self.path()? != path {
                let kind = ProblemKind::Unsupported("set_add and set_delete of another attribute");
                return Err(Problem { kind, range });
            }
            self.expect(",")?;
            let members = self.literal()?;
            self.expect(")")?;
            return Ok((
                path,
                if name == "set_add" { Action::Add(members) } else { Action::Delete(members) },
            ));
        }
        Ok((path, Action::Set(self.sum()?)))
    }

    fn sum(&mut self) -> Parsed<Value> {
        let left = self.update_operand()?;
        let join = if self.accept("+") {
            Value::Plus
        } else if self.accept("-") {
            Value::Minus
        } else {
            return Ok(left);
        };
        Ok(join(Box::new(left), Box::new(self.update_operand()?)))
    }

    fn update_operand(&mut self) -> Parsed<Value> {
        let Some(name) = self.function_name() else {
            return match self.at_path() {
                true => self.path().map(Value::Path),
                false => self.literal().map(Value::Literal),
            };
        };
        let range = self.token().range;
        self.at += 2;
        let arguments = self.deeper(|parser| parser.separated(Parser::update_operand))?;
        self.expect(")")?;
        let count = arguments.len();
        let mut arguments = arguments.into_iter();
        match (name.as_str(), arguments.next(), arguments.next(), arguments.next()) {
            ("list_append", Some(first), Some(second), None) => {
                Ok(Value::ListAppend(Box::new(first), Box::new(second)))
            }
            ("if_not_exists", Some(Value::Path(path)), Some(otherwise), None) => {
                Ok(Value::IfNotExists(path, Box::new(otherwise)))
            }
            ("list_append" | "if_not_exists", ..) => {
                Err(Problem::rule(message::operand_count(&name, count), range))
            }
            _ => Err(Problem::rule(message::invalid_function(&name), range)),
        }
    }

    // --------------------------------------------------------------------------------------- paths, values

    fn at_path(&self) -> bool {
        match self.peek() {
            TokenKind::Quoted(_) => true,
            TokenKind::Word(word) => {
                !["true", "false", "null", "missing"].contains(&&*word.to_ascii_lowercase())
            }
            _ => false,
        }
    }

    fn path(&mut self) -> Parsed<DocumentPath> {
        let range = self.token().range;
        let mut path = DocumentPath::attribute(self.name()?);
        loop {
            let step = if self.accept(".") {
                Step::Name(self.name()?)
            } else if self.accept("[") {
                let step = self.index()?;
                self.expect("]")?;
                step
            } else {
                break;
            };
            path.rest.push(step);
        }
        if path.rest.len() >= quota::ATTRIBUTE_NESTING_MAX {
            return Err(Problem::rule(message::path_too_deep(path.rest.len() + 1), range));
        }
        Ok(path)
    }

    fn index(&mut self) -> Parsed<Step> {
        let token = self.token();
        let step = match &token.kind {
            TokenKind::Number(digits) => {
                digits.parse::<u32>().ok().and_then(|index| usize::try_from(index).ok())
            }
            TokenKind::Text(name) => {
                let step = Step::Name(Arc::from(name.as_str()));
                self.next();
                return Ok(step);
            }
            _ => None,
        };
        let step = step.map(Step::Index).ok_or_else(|| self.unexpected())?;
        self.next();
        Ok(step)
    }

    fn name(&mut self) -> Parsed<Arc<str>> {
        match self.peek() {
            TokenKind::Word(name) | TokenKind::Quoted(name) => {
                let name = Arc::from(name.as_str());
                self.next();
                Ok(name)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn literal(&mut self) -> Parsed<AttributeValue> {
        let Token { kind, range } = self.next();
        match kind {
            TokenKind::Parameter => {
                let value = self.parameters.get(self.used).cloned();
                self.used += 1;
                value.ok_or_else(|| Problem::rule(message::parameter_count_differs(), range))
            }
            TokenKind::Text(text) => Ok(AttributeValue::S(text.into())),
            TokenKind::Number(text) => self.number(&text, range),
            TokenKind::Symbol(sign @ ("-" | "+")) => match self.next() {
                Token { kind: TokenKind::Number(text), range } => {
                    self.number(&format!("{sign}{text}"), range)
                }
                token => Err(Problem::malformed("Expected a number", token.range)),
            },
            TokenKind::Word(word) => match word.to_ascii_lowercase().as_str() {
                "true" => Ok(AttributeValue::Bool(true)),
                "false" => Ok(AttributeValue::Bool(false)),
                "null" => Ok(AttributeValue::Null),
                _ => Err(Problem::malformed("Unexpected term", range)),
            },
            TokenKind::Symbol("[") => {
                let values = self.nested("]", Parser::literal)?;
                Ok(AttributeValue::L(Arc::new(values)))
            }
            TokenKind::Symbol("{") => {
                let members = self.nested("}", Parser::member)?;
                Ok(AttributeValue::M(Arc::new(members.into_iter().collect())))
            }
            TokenKind::Symbol("<<") => {
                let members = self.nested(">>", Parser::literal)?;
                set(members).map_err(|message| Problem::rule(message, range))
            }
            TokenKind::Symbol(_) | TokenKind::Quoted(_) | TokenKind::End => {
                self.at = self.at.saturating_sub(1);
                Err(self.unexpected())
            }
        }
    }

    fn number(&self, text: &str, range: TextRange) -> Parsed<AttributeValue> {
        let number = Number::parse(text).map(AttributeValue::N);
        number.map_err(|error| Problem::rule(message::bad_number(error, text), range))
    }

    fn member(&mut self) -> Parsed<(Arc<str>, AttributeValue)> {
        let token = self.next();
        let TokenKind::Text(name) = token.kind else {
            return Err(Problem::malformed("Expected a name in single quotes", token.range));
        };
        self.expect(":")?;
        Ok((name.into(), self.literal()?))
    }

    /// Elements up to a closing symbol, none allowed.
    fn nested<T>(&mut self, close: &'static str, element: fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        if self.accept(close) {
            return Ok(Vec::new());
        }
        if self.depth >= quota::ATTRIBUTE_NESTING_MAX {
            return Err(Problem::rule(message::nesting_too_deep(), self.token().range));
        }
        let elements = self.deeper(|parser| parser.separated(element))?;
        self.expect(close)?;
        Ok(elements)
    }

    // ----------------------------------------------------------------------------------------------- tokens

    fn separated<T>(&mut self, element: fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut elements = vec![element(self)?];
        while self.accept(",") {
            elements.push(element(self)?);
        }
        Ok(elements)
    }

    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= quota::DYNAMODB_EXPRESSION_NESTING_MAX {
            return Err(Problem::rule(message::expression_too_deep(), self.token().range));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn token(&self) -> Token {
        let end = || Token { kind: TokenKind::End, range: TextRange::default() };
        self.tokens.get(self.at).or(self.tokens.last()).cloned().unwrap_or_else(end)
    }

    fn peek(&self) -> &TokenKind {
        self.tokens.get(self.at).map_or(&TokenKind::End, |token| &token.kind)
    }

    fn next(&mut self) -> Token {
        let token = self.token();
        self.at += 1;
        token
    }

    fn accept(&mut self, symbol: &'static str) -> bool {
        let found = *self.peek() == TokenKind::Symbol(symbol);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &'static str) -> Parsed<()> {
        if self.accept(symbol) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn at_word(&self, keyword: &str) -> bool {
        matches!(self.peek(), TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    fn accept_word(&mut self, keyword: &str) -> bool {
        let found = self.at_word(keyword);
        self.at += usize::from(found);
        found
    }

    fn expect_word(&mut self, keyword: &str) -> Parsed<()> {
        if self.accept_word(keyword) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn unexpected(&self) -> Problem {
        self.malformed(match self.peek() {
            TokenKind::End => "Unexpected end of statement",
            TokenKind::Word(_) => "Unexpected keyword",
            _ => "Unexpected term",
        })
    }

    fn malformed(&self, what: &str) -> Problem {
        Problem::malformed(what, self.token().range)
    }

    fn unsupported(&self, what: &'static str) -> Problem {
        Problem { kind: ProblemKind::Unsupported(what), range: self.token().range }
    }
}

/// A set of members of one type: strings, numbers or binary.
fn set(members: Vec<AttributeValue>) -> Result<AttributeValue, Message> {
    fn sorted<T: Ord>(kind: AttributeType, count: usize, mut members: Vec<T>) -> Result<Arc<[T]>, Message> {
        members.sort();
        members.dedup();
        match members.len() == count {
            true => Ok(members.into()),
            false => Err(message::set_has_duplicates(kind, &[])),
        }
    }
    let count = members.len();
    let (mut texts, mut numbers, mut binaries) = (Vec::new(), Vec::new(), Vec::new());
    for member in members {
        match member {
            AttributeValue::S(text) => texts.push(text),
            AttributeValue::N(number) => numbers.push(number),
            AttributeValue::B(bytes) => binaries.push(bytes),
            _ => return Err(message::malformed_statement("Sets hold strings, numbers or binary values")),
        }
    }
    match (texts.len() == count, numbers.len() == count, binaries.len() == count) {
        _ if count == 0 => Err(message::set_empty(AttributeType::Ss)),
        (true, ..) => sorted(AttributeType::Ss, count, texts).map(AttributeValue::Ss),
        (_, true, _) => sorted(AttributeType::Ns, count, numbers).map(AttributeValue::Ns),
        (_, _, true) => sorted(AttributeType::Bs, count, binaries).map(AttributeValue::Bs),
        _ => Err(message::malformed_statement("Sets hold values of one type")),
    }
}
