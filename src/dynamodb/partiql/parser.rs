//! The grammar of statements, by recursive descent with a bound on its depth.

use std::sync::Arc;

use super::lexer::{Token, TokenKind, tokenize};
use super::{Problem, Returning, Select, Statement};
use crate::dynamodb::attribute::{AttributeType, AttributeValue};
use crate::dynamodb::expression::condition::Condition;
use crate::dynamodb::expression::path::{DocumentPath, Step};
use crate::dynamodb::expression::update::{Action, Update, Value};
use crate::dynamodb::message;
use crate::spec::quota;
use crate::text::TextRange;

pub(super) type Parsed<T> = Result<T, Problem>;

/// Parses a whole statement.
pub(super) fn statement(text: &str, parameters: &[AttributeValue]) -> Parsed<Statement> {
    let mut parser = Parser { text, tokens: tokenize(text)?, at: 0, parameters, used: 0, depth: 0 };
    let statement = parser.statement()?;
    parser.accept(";");
    if *parser.peek() != TokenKind::End {
        return Err(parser.left_over());
    }
    if parser.used != parameters.len() {
        let whole = TextRange::from_usize(0..text.len());
        return Err(Problem::rule(message::parameter_count_differs(), whole));
    }
    Ok(statement)
}

/// Words that name no attribute unless they are quoted: PartiQL's own, as far as its statements are made of them.
const KEYWORDS: &[&str] = &[
    "ALL",
    "AND",
    "AS",
    "ASC",
    "AT",
    "BETWEEN",
    "BY",
    "CASE",
    "CAST",
    "CROSS",
    "DELETE",
    "DESC",
    "DISTINCT",
    "ELSE",
    "END",
    "ESCAPE",
    "EXCEPT",
    "FALSE",
    "FROM",
    "FULL",
    "GROUP",
    "HAVING",
    "IN",
    "INNER",
    "INSERT",
    "INTERSECT",
    "INTO",
    "IS",
    "JOIN",
    "LEFT",
    "LIKE",
    "LIMIT",
    "MISSING",
    "NATURAL",
    "NOT",
    "NULL",
    "ON",
    "OR",
    "ORDER",
    "OUTER",
    "PIVOT",
    "REMOVE",
    "RETURNING",
    "RIGHT",
    "SELECT",
    "SET",
    "THEN",
    "TRUE",
    "UNION",
    "UNPIVOT",
    "UPDATE",
    "VALUE",
    "VALUES",
    "WHEN",
    "WHERE",
];

/// The keywords that stand between two operands.
const OPERATORS: &[&str] = &["AND", "BETWEEN", "IN", "IS", "LIKE", "OR"];

fn is_one_of(words: &[&str], word: &str) -> bool {
    words.iter().any(|other| other.eq_ignore_ascii_case(word))
}

pub(super) struct Parser<'p> {
    text: &'p str,
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    pub(super) parameters: &'p [AttributeValue],
    /// Parameters that question marks have taken so far.
    pub(super) used: usize,
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
            let table = self.written_table()?;
            let update = self.actions()?;
            let condition = self.where_clause()?;
            let returning = self.returning()?;
            return Ok(Statement::Update { table, update, condition, returning });
        }
        if self.accept_word("FROM") {
            let table = self.written_table()?;
            let condition = self.where_clause()?;
            let update = self.actions()?;
            let returning = self.returning()?;
            return Ok(Statement::Update { table, update, condition, returning });
        }
        if self.accept_word("DELETE") {
            self.expect_word("FROM")?;
            let table = self.written_table()?;
            let condition = self.where_clause()?;
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
        let aggregate = self.aggregate();
        let paths = match aggregate.is_some() || self.accept("*") {
            true => None,
            false => Some(self.separated(Parser::column)?),
        };
        self.expect_word("FROM")?;
        let (table, index) = self.source()?;
        let refused_column = aggregate.map(|range| message::unexpected_path_component(&self.position(range)));
        if let (Some(refused), Some(range), None) = (&refused_column, aggregate, &index) {
            return Err(Problem::rule(refused.clone(), range));
        }
        self.refuse_alias()?;
        let condition = if self.accept_word("WHERE") { Some(self.condition()?) } else { None };
        let mut order = Vec::new();
        if self.accept_word("ORDER") {
            self.expect_word("BY")?;
            order = self.separated(|parser| {
                let name = parser.name()?;
                let descending = parser.accept_word("DESC");
                if !descending {
                    parser.accept_word("ASC");
                }
                Ok((name, descending))
            })?;
        }
        if self.accept_word("LIMIT") {
            let range = self.token().range;
            return Err(Problem::rule(message::clause_not_supported("LIMIT", &self.position(range)), range));
        }
        for clause in ["GROUP", "HAVING", "JOIN"] {
            if self.at_word(clause) {
                return Err(self.malformed("Unsupported clause in SELECT statement"));
            }
        }
        Ok(Select { table, index, paths, condition, order, refused_column })
    }

    /// Takes `COUNT(*)` or another call like it as the only column, which no table answers.
    fn aggregate(&mut self) -> Option<TextRange> {
        let range = self.token().range;
        self.function_name()?;
        let kind = |offset: usize| self.tokens.get(self.at + offset).map(|token| &token.kind);
        let is_call = kind(2) == Some(&TokenKind::Symbol("*"))
            && kind(3) == Some(&TokenKind::Symbol(")"))
            && matches!(kind(4), Some(TokenKind::Word(word)) if word.eq_ignore_ascii_case("FROM"));
        self.at += if is_call { 4 } else { 0 };
        is_call.then_some(range)
    }

    fn column(&mut self) -> Parsed<DocumentPath> {
        let range = self.token().range;
        if self.function_name().is_some() {
            return Err(Problem::rule(message::unexpected_path_component(&self.position(range)), range));
        }
        self.path()
    }

    fn insert(&mut self) -> Parsed<Statement> {
        self.expect_word("INTO")?;
        let range = self.token().range;
        let (table, index) = self.source()?;
        if index.is_some() {
            return Err(Problem::rule(message::index_in_insert(&self.position(range)), range));
        }
        if !self.accept_word("VALUE") {
            return Err(self.left_over());
        }
        Ok(Statement::Insert { table, item: self.item()? })
    }

    fn actions(&mut self) -> Parsed<Update> {
        let range = self.token().range;
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
        Update::of_actions(actions).map_err(|message| Problem::rule(message, range))
    }

    /// The WHERE clause of a write. AWS: that it is missing is noticed with the table at hand.
    fn where_clause(&mut self) -> Parsed<Condition> {
        match self.accept_word("WHERE") {
            true => self.condition(),
            false => Ok(Condition::And(Vec::new())),
        }
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

    /// The table of an update or deletion.
    fn written_table(&mut self) -> Parsed<Arc<str>> {
        let range = self.token().range;
        if !matches!(self.peek(), TokenKind::Quoted(_)) && !self.at_name() {
            return Err(self.malformed("Expected identifier for simple path"));
        }
        let (table, index) = self.source()?;
        if index.is_some() {
            return Err(Problem::rule(message::write_on_index(), range));
        }
        self.refuse_alias()?;
        Ok(table)
    }

    /// A table and perhaps an index of it.
    fn source(&mut self) -> Parsed<(Arc<str>, Option<Arc<str>>)> {
        let range = self.token().range;
        let table = self.name()?;
        let index = if self.accept(".") { Some(self.name()?) } else { None };
        if *self.peek() == TokenKind::Symbol(".") {
            return Err(Problem::rule(message::path_too_long_in_from(), range));
        }
        if table.is_empty() || index.as_ref().is_some_and(|index| index.is_empty()) {
            return Err(Problem::rule(message::path_component_empty(), range));
        }
        Ok((table, index))
    }

    fn refuse_alias(&self) -> Parsed<()> {
        match self.at_word("AS") || self.at_name() || matches!(self.peek(), TokenKind::Quoted(_)) {
            true => Err(Problem::rule(message::alias_in_from(), self.token().range)),
            false => Ok(()),
        }
    }

    // ---------------------------------------------------------------------------------------------- updates

    fn assignment(&mut self) -> Parsed<(DocumentPath, Action)> {
        let path = self.path()?;
        self.expect("=")?;
        match self.function_name().as_deref() {
            Some("set_add") => self.set_change("SET_ADD", path, Action::Add),
            Some("set_delete") => self.set_change("SET_DELETE", path, Action::Delete),
            _ => Ok((path, Action::Set(self.sum()?))),
        }
    }

    /// A call that changes the set at `path`, which is its first argument too.
    fn set_change(
        &mut self,
        name: &str,
        path: DocumentPath,
        action: fn(AttributeValue) -> Action,
    ) -> Parsed<(DocumentPath, Action)> {
        let range = self.token().range;
        self.at += 2;
        let first = self.token().range;
        let arguments = self.deeper(|parser| parser.separated(Parser::update_operand))?;
        self.expect(")")?;
        let [target, members] = <[Value; 2]>::try_from(arguments).map_err(|_| {
            Problem::rule(message::set_function_argument_count(name, &self.position(range)), range)
        })?;
        if target != Value::Path(path.clone()) {
            return Err(Problem::rule(message::set_function_target(name, &self.position(range)), range));
        }
        match members {
            Value::Literal(members)
                if matches!(members.kind(), AttributeType::Ss | AttributeType::Ns | AttributeType::Bs) =>
            {
                Ok((path, action(members)))
            }
            _ => Err(Problem::rule(message::set_function_members(name, &self.position(first)), first)),
        }
    }

    fn sum(&mut self) -> Parsed<Value> {
        let range = self.token().range;
        let left = self.update_operand()?;
        let (operator, join): (_, fn(_, _) -> Value) = if self.accept("+") {
            ("+", Value::Plus)
        } else if self.accept("-") {
            ("-", Value::Minus)
        } else {
            return Ok(left);
        };
        let right = self.update_operand()?;
        for operand in [&left, &right] {
            if let Value::Literal(value) = operand
                && value.kind() != AttributeType::N
            {
                return Err(Problem::rule(message::operand_type(operator, value.kind().as_str()), range));
            }
        }
        Ok(join(Box::new(left), Box::new(right)))
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
            _ => Err(self.unknown_function(&name, range)),
        }
    }

    // --------------------------------------------------------------------------------------- paths, values

    pub(super) fn at_path(&self) -> bool {
        matches!(self.peek(), TokenKind::Quoted(_)) || self.at_name()
    }

    /// Whether a name without quotes stands here.
    fn at_name(&self) -> bool {
        matches!(self.peek(), TokenKind::Word(word) if !is_one_of(KEYWORDS, word))
    }

    pub(super) fn path(&mut self) -> Parsed<DocumentPath> {
        let range = self.token().range;
        if !self.at_path() {
            return Err(self.unexpected());
        }
        let mut path = DocumentPath::attribute(self.name()?);
        loop {
            let step = if self.accept(".") {
                if !self.at_path() {
                    return Err(self.malformed("Invalid path dot component"));
                }
                Step::Name(self.name()?.into())
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
        if let TokenKind::Text(name) = self.peek() {
            let step = Step::Name(name.into());
            self.next();
            return Ok(step);
        }
        let sign = if self.accept("-") { "-" } else { "" };
        let Token { kind: TokenKind::Number(digits), range } = self.token() else {
            return Err(self.unexpected());
        };
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.unexpected());
        }
        self.next();
        let index = digits.parse::<i32>().ok().filter(|index| sign.is_empty() || *index == 0);
        match index.and_then(|index| usize::try_from(index).ok()) {
            Some(index) => Ok(Step::Index(index)),
            None => {
                let message = message::list_index_too_large(&format!("{sign}{digits}"));
                Err(Problem::rule(message.at(&self.position(range)), range))
            }
        }
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

    // ----------------------------------------------------------------------------------------------- tokens

    pub(super) fn separated<T>(&mut self, element: fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut elements = vec![element(self)?];
        while self.accept(",") {
            elements.push(element(self)?);
        }
        Ok(elements)
    }

    pub(super) fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= quota::STATEMENT_NESTING_MAX {
            return Err(Problem::rule(message::statement_too_deep(), self.token().range));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    /// The name of a function, in lower case, if a call stands here.
    pub(super) fn function_name(&self) -> Option<String> {
        let TokenKind::Word(word) = self.peek() else { return None };
        let open = self.tokens.get(self.at + 1).map(|token| &token.kind) == Some(&TokenKind::Symbol("("));
        open.then(|| word.to_ascii_lowercase())
    }

    pub(super) fn token(&self) -> Token {
        let end = || Token { kind: TokenKind::End, range: TextRange::default() };
        self.tokens.get(self.at).or(self.tokens.last()).cloned().unwrap_or_else(end)
    }

    pub(super) fn peek(&self) -> &TokenKind {
        self.tokens.get(self.at).map_or(&TokenKind::End, |token| &token.kind)
    }

    pub(super) fn next(&mut self) -> Token {
        let token = self.token();
        self.at += 1;
        token
    }

    pub(super) fn accept(&mut self, symbol: &'static str) -> bool {
        let found = *self.peek() == TokenKind::Symbol(symbol);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, symbol: &'static str) -> Parsed<()> {
        if self.accept(symbol) { Ok(()) } else { Err(self.unexpected()) }
    }

    pub(super) fn at_word(&self, keyword: &str) -> bool {
        matches!(self.peek(), TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    pub(super) fn accept_word(&mut self, keyword: &str) -> bool {
        let found = self.at_word(keyword);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect_word(&mut self, keyword: &str) -> Parsed<()> {
        if self.accept_word(keyword) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Goes back over one token.
    pub(super) fn back(&mut self) {
        self.at = self.at.saturating_sub(1);
    }

    /// Where in the statement a range is, as AWS writes it: line and column from 1, and how many characters.
    pub(super) fn position(&self, range: TextRange) -> String {
        let range = range.to_usize();
        let before = self.text.get(..range.start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        let length = self.text.get(range).unwrap_or_default().chars().count();
        format!("{line}:{column}:{length}")
    }

    pub(super) fn unexpected(&self) -> Problem {
        self.malformed(match self.peek() {
            TokenKind::Word(word) if is_one_of(OPERATORS, word) => "Unexpected operator",
            TokenKind::Symbol("=" | "<>" | "!=" | "<" | "<=" | ">" | ">=") => "Unexpected operator",
            TokenKind::Word(word) if is_one_of(KEYWORDS, word) => "Unexpected keyword",
            _ => "Unexpected term",
        })
    }

    /// More than a statement.
    pub(super) fn left_over(&self) -> Problem {
        self.malformed("Unexpected token after expression")
    }

    pub(super) fn malformed(&self, what: &str) -> Problem {
        Problem::malformed(what, self.token().range)
    }
}
