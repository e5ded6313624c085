//! Parser of JSONata for the editor: keeps every range, reports every mistake, always gives a tree.
//!
//! Operator precedence as in JSONata 2.0.6. Nesting of brackets is bounded by [`quota::EXPRESSION_NESTING_MAX`] and
//! the depth of the tree by [`quota::EXPRESSION_DEPTH_MAX`], so no walk of the tree can exhaust the stack.

use super::ast::{Ast, Name, Node, NodeKind};
use super::lexer::{Expect, Lexer, Symbol, Token, TokenKind};
use crate::expr::{ExprError, too_long};
use crate::spec::quota;
use crate::text::TextRange;

/// What is said of an expression with more levels than are followed, or more operators in a row.
pub(super) fn too_deep() -> String {
    let (levels, operators) = (quota::EXPRESSION_NESTING_MAX, quota::EXPRESSION_DEPTH_MAX);
    format!(
        "The expression is nested too deeply: at most {levels} levels, or {operators} operators in a row, are read"
    )
}

/// Parses an expression, without `{%` and `%}`. The errors are in the order of the text.
///
/// # Example
///
/// ```
/// use asl_lsp::expr::jsonata::parse;
///
/// let (ast, errors) = parse("$states.input.total * $rate");
/// assert!(errors.is_empty());
/// let names: Vec<_> = ast.references().into_iter().map(|found| found.variable.text).collect();
/// assert_eq!(names, ["states", "rate"]);
///
/// let (_, errors) = parse("$sum([1, 2)");
/// assert_eq!(errors[0].message, "Expected ']', found ')'");
/// ```
pub fn parse(text: &str) -> (Ast, Vec<ExprError>) {
    let mut parser = Parser::new(if text.len() > quota::EXPRESSION_BYTES_MAX { "" } else { text });
    if text.len() > quota::EXPRESSION_BYTES_MAX {
        parser.error(too_long("expression"), TextRange::from_usize(0..text.len()));
        parser.gave_up = true;
    }
    let root = parser.parse_all();
    let Parser { lexer, mut tokens, mut errors, .. } = parser;
    tokens.extend(lexer.comments);
    tokens.sort_by_key(|token| token.range.start());
    errors.extend(lexer.errors);
    errors.sort_by_key(|error| error.range.start());
    (Ast { root, tokens }, errors)
}

/// The tree of an expression; none when it is nested more deeply than our parsers follow.
pub(super) fn parse_shallow(text: &str) -> Option<Ast> {
    let mut parser = Parser::new(text);
    let root = parser.parse_all();
    (!parser.gave_up).then_some(Ast { root, tokens: parser.tokens })
}

struct Parser<'t> {
    text: &'t str,
    lexer: Lexer<'t>,
    /// The token at the cursor.
    current: Token,
    /// The end of the token before it.
    previous_end: u32,
    tokens: Vec<Token>,
    errors: Vec<ExprError>,
    nesting: usize,
    /// Set at the first sign of too much nesting; the rest of the text is then passed over.
    gave_up: bool,
}

/// How tightly an operator binds to its left operand; 0 for what ends an operand.
fn left_power(symbol: Symbol) -> u8 {
    match symbol {
        Symbol::OpenBracket | Symbol::OpenParen | Symbol::At | Symbol::Hash => 80,
        Symbol::Dot => 75,
        Symbol::OpenBrace => 70,
        Symbol::Star | Symbol::Slash | Symbol::Percent => 60,
        Symbol::Plus | Symbol::Minus | Symbol::Ampersand => 50,
        Symbol::Equal
        | Symbol::NotEqual
        | Symbol::Less
        | Symbol::Greater
        | Symbol::LessOrEqual
        | Symbol::GreaterOrEqual
        | Symbol::Caret
        | Symbol::Chain
        | Symbol::In => 40,
        Symbol::And => 30,
        Symbol::Or => 25,
        Symbol::Question | Symbol::Coalesce | Symbol::Default => 20,
        Symbol::Bind => 10,
        Symbol::Range
        | Symbol::Descendants
        | Symbol::CloseBracket
        | Symbol::CloseBrace
        | Symbol::CloseParen
        | Symbol::Comma
        | Symbol::Semicolon
        | Symbol::Colon
        | Symbol::Pipe
        | Symbol::Not
        | Symbol::Tilde => 0,
    }
}

/// How tightly `-` binds to its operand.
const NEGATION_POWER: u8 = 70;

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Self {
        let mut lexer = Lexer::new(text);
        let current = lexer.next(Expect::Operand);
        Self {
            text,
            lexer,
            current,
            previous_end: 0,
            tokens: Vec::new(),
            errors: Vec::new(),
            nesting: 0,
            gave_up: false,
        }
    }

    /// Moves on and gives the token that was at the cursor.
    fn advance(&mut self, expect: Expect) -> Token {
        let token = self.current;
        if token.kind != TokenKind::End {
            self.tokens.push(token);
            self.previous_end = token.range.end();
            self.current = self.lexer.next(expect);
        }
        token
    }

    fn at(&self, symbol: Symbol) -> bool {
        self.current.kind == TokenKind::Operator(symbol)
    }

    fn eat(&mut self, symbol: Symbol, expect: Expect) -> bool {
        let found = self.at(symbol);
        if found {
            self.advance(expect);
        }
        found
    }

    fn slice(&self, range: TextRange) -> &'t str {
        self.text.get(range.to_usize()).unwrap_or_default()
    }

    /// Reports a mistake, but only the first one at a place.
    fn error(&mut self, message: impl Into<String>, range: TextRange) {
        if !self.gave_up && self.errors.last().is_none_or(|error| error.range != range) {
            self.errors.push(ExprError::new(message, range));
        }
    }

    fn found(&self) -> String {
        match self.current.kind {
            TokenKind::End => "the end".to_owned(),
            _ => format!("'{}'", self.slice(self.current.range)),
        }
    }

    /// Takes a closing bracket, or reports its absence.
    fn close(&mut self, symbol: Symbol) {
        if !self.eat(symbol, Expect::Operator) {
            let message = format!("Expected '{}', found {}", symbol.text(), self.found());
            self.error(message, self.current.range);
        }
    }

    fn give_up(&mut self) {
        if !self.gave_up {
            let range = TextRange::from_usize(self.current.range.to_usize().start..self.text.len());
            self.error(too_deep(), range);
            self.gave_up = true;
            self.current = Token {
                kind: TokenKind::End,
                range: TextRange::from_usize(self.text.len()..self.text.len()),
            };
        }
    }

    fn node(&mut self, kind: NodeKind, start: u32) -> Node {
        let range = TextRange::new(start, self.previous_end.max(start));
        let mut node = Node { kind, range, depth: 1 };
        node.depth += node.children().iter().map(|child| child.depth).max().unwrap_or(0);
        if node.depth > quota::EXPRESSION_DEPTH_MAX {
            self.give_up();
            node.kind = NodeKind::Error(Vec::new());
            node.depth = 1;
        }
        node
    }

    fn parse_all(&mut self) -> Node {
        if self.current.kind == TokenKind::End {
            self.error("Expected an expression", self.current.range);
            return Node { kind: NodeKind::Error(Vec::new()), range: self.current.range, depth: 1 };
        }
        let root = self.expression(0);
        if self.current.kind == TokenKind::End {
            return root;
        }
        let start = root.range.start();
        let message = format!("Expected an operator or the end, found {}", self.found());
        self.error(message, self.current.range);
        let mut parts = vec![root];
        while self.current.kind != TokenKind::End {
            let before = self.current.range;
            let n_errors = self.errors.len();
            parts.push(self.expression(0));
            // One mistake is enough: what follows it is read for its names only.
            self.errors.truncate(n_errors);
            if self.current.range == before {
                self.advance(Expect::Operand);
            }
        }
        self.node(NodeKind::Error(parts), start)
    }

    /// An expression whose operators bind more tightly than `power`.
    fn expression(&mut self, power: u8) -> Node {
        self.nesting += 1;
        if self.nesting > quota::EXPRESSION_NESTING_MAX {
            self.give_up();
        }
        let mut left = self.operand();
        while let TokenKind::Operator(symbol) = self.current.kind {
            if left_power(symbol) <= power || self.gave_up {
                break;
            }
            left = self.operator(symbol, left);
        }
        self.nesting -= 1;
        left
    }

    // ---- operands ----

    fn operand(&mut self) -> Node {
        let token = self.current;
        let start = token.range.start();
        match token.kind {
            TokenKind::String | TokenKind::Number | TokenKind::Literal | TokenKind::Regex => {
                let text = self.slice(token.range);
                if token.kind == TokenKind::Number && text.parse::<f64>().is_ok_and(f64::is_infinite) {
                    self.error(format!("The number {text} is too large"), token.range);
                }
                self.advance(Expect::Operator);
                self.node(NodeKind::Literal, start)
            }
            TokenKind::Name => {
                self.advance(Expect::Operator);
                let name = self.slice(token.range).to_owned();
                self.node(NodeKind::Field(name), start)
            }
            TokenKind::QuotedName => {
                self.advance(Expect::Operator);
                let name = self.slice(token.range).trim_matches('`').to_owned();
                self.node(NodeKind::Field(name), start)
            }
            TokenKind::Variable => {
                self.advance(Expect::Operator);
                let name = self.variable_name(token);
                self.node(NodeKind::Variable(name), start)
            }
            TokenKind::Operator(symbol) => self.operand_of_symbol(symbol, start),
            TokenKind::Comment | TokenKind::End => {
                let message = format!("Expected an expression, found {}", self.found());
                self.error(message, token.range);
                Node { kind: NodeKind::Error(Vec::new()), range: TextRange::empty(start), depth: 1 }
            }
        }
    }

    fn variable_name(&self, token: Token) -> String {
        self.slice(token.range).strip_prefix('$').unwrap_or_default().to_owned()
    }

    fn operand_of_symbol(&mut self, symbol: Symbol, start: u32) -> Node {
        match symbol {
            Symbol::Minus => {
                self.advance(Expect::Operand);
                let operand = self.expression(NEGATION_POWER);
                self.node(NodeKind::Negation(Box::new(operand)), start)
            }
            Symbol::Star => self.leaf(NodeKind::Wildcard, start),
            Symbol::Descendants => self.leaf(NodeKind::Descendants, start),
            Symbol::Percent => self.leaf(NodeKind::Parent, start),
            // Where an operand is due, the words are names of fields.
            Symbol::And | Symbol::Or | Symbol::In => {
                self.leaf(NodeKind::Field(symbol.text().to_owned()), start)
            }
            Symbol::OpenParen => self.block(start),
            Symbol::OpenBracket => self.array(start),
            Symbol::OpenBrace => {
                let pairs = self.pairs();
                self.node(NodeKind::Object(pairs), start)
            }
            Symbol::Pipe => self.transform(start),
            _ => {
                let message = format!("Expected an expression, found {}", self.found());
                self.error(message, self.current.range);
                // A bracket or separator belongs to what is around it.
                let ends_operand = left_power(symbol) == 0 || symbol == Symbol::Question;
                if !ends_operand {
                    self.advance(Expect::Operand);
                    let part = self.expression(left_power(symbol));
                    return self.node(NodeKind::Error(vec![part]), start);
                }
                if matches!(symbol, Symbol::Not | Symbol::Tilde | Symbol::Question) {
                    self.advance(Expect::Operand);
                }
                Node { kind: NodeKind::Error(Vec::new()), range: TextRange::empty(start), depth: 1 }
            }
        }
    }

    fn leaf(&mut self, kind: NodeKind, start: u32) -> Node {
        self.advance(Expect::Operator);
        self.node(kind, start)
    }

    fn block(&mut self, start: u32) -> Node {
        self.advance(Expect::Operand);
        let mut nodes = Vec::new();
        while !self.at(Symbol::CloseParen) && self.current.kind != TokenKind::End {
            nodes.push(self.expression(0));
            if !self.eat(Symbol::Semicolon, Expect::Operand) {
                break;
            }
        }
        self.close(Symbol::CloseParen);
        self.node(NodeKind::Block(nodes), start)
    }

    fn array(&mut self, start: u32) -> Node {
        self.advance(Expect::Operand);
        let mut items = Vec::new();
        if !self.at(Symbol::CloseBracket) {
            loop {
                let item_start = self.current.range.start();
                let mut item = self.expression(0);
                if self.eat(Symbol::Range, Expect::Operand) {
                    let to = self.expression(0);
                    item = self.node(NodeKind::Range(Box::new([item, to])), item_start);
                }
                items.push(item);
                if !self.eat(Symbol::Comma, Expect::Operand) {
                    break;
                }
            }
        }
        self.close(Symbol::CloseBracket);
        self.node(NodeKind::Array(items), start)
    }

    /// `{key: value, …}`, at its brace.
    fn pairs(&mut self) -> Vec<[Node; 2]> {
        self.advance(Expect::Operand);
        let mut pairs = Vec::new();
        if !self.at(Symbol::CloseBrace) {
            loop {
                let key = self.expression(0);
                let value = if self.eat(Symbol::Colon, Expect::Operand) {
                    self.expression(0)
                } else {
                    let message = format!("Expected ':', found {}", self.found());
                    let range = self.current.range;
                    if self.errors.last().is_none_or(|error| error.range != range) {
                        self.error(message, range);
                    }
                    Node {
                        kind: NodeKind::Error(Vec::new()),
                        range: TextRange::empty(range.start()),
                        depth: 1,
                    }
                };
                pairs.push([key, value]);
                if !self.eat(Symbol::Comma, Expect::Operand) {
                    break;
                }
            }
        }
        self.close(Symbol::CloseBrace);
        pairs
    }

    // |location|update[, delete]|
    fn transform(&mut self, start: u32) -> Node {
        self.advance(Expect::Operand);
        let mut parts = vec![self.expression(0)];
        if self.eat(Symbol::Pipe, Expect::Operand) {
            parts.push(self.expression(0));
            if self.eat(Symbol::Comma, Expect::Operand) {
                parts.push(self.expression(0));
            }
            self.close(Symbol::Pipe);
        } else {
            self.close(Symbol::Pipe);
        }
        self.node(NodeKind::Transform(parts), start)
    }

    // ---- operators ----

    fn operator(&mut self, symbol: Symbol, left: Node) -> Node {
        let start = left.range.start();
        let operator_range = self.current.range;
        match symbol {
            Symbol::Dot => {
                self.advance(Expect::Operand);
                let step = self.expression(left_power(symbol));
                self.path(left, step, start)
            }
            Symbol::OpenBracket => {
                if matches!(left.kind, NodeKind::GroupBy { .. }) {
                    self.error("A filter cannot follow a grouping", operator_range);
                }
                self.advance(Expect::Operand);
                if self.eat(Symbol::CloseBracket, Expect::Operator) {
                    return self.node(NodeKind::KeepArray(Box::new(left)), start);
                }
                let condition = self.expression(0);
                self.close(Symbol::CloseBracket);
                self.node(NodeKind::Filter { parts: Box::new([left, condition]) }, start)
            }
            Symbol::OpenParen => self.call(left, start),
            Symbol::OpenBrace => {
                if matches!(left.kind, NodeKind::GroupBy { .. }) {
                    self.error("A step can have one grouping only", operator_range);
                }
                let pairs = self.pairs();
                self.node(NodeKind::GroupBy { base: Box::new(left), pairs }, start)
            }
            Symbol::At | Symbol::Hash => {
                let is_late = matches!(left.kind, NodeKind::Filter { .. } | NodeKind::Sort { .. });
                if symbol == Symbol::At && is_late {
                    self.error("'@' must come before filters and sorting", operator_range);
                }
                self.advance(Expect::Operand);
                match self.variable(symbol) {
                    Some(variable) => self.node(NodeKind::Focus { base: Box::new(left), variable }, start),
                    None => self.node(NodeKind::Error(vec![left]), start),
                }
            }
            Symbol::Caret => self.sort(left, start),
            Symbol::Question => {
                self.advance(Expect::Operand);
                let mut parts = vec![left, self.expression(0)];
                if self.eat(Symbol::Colon, Expect::Operand) {
                    parts.push(self.expression(0));
                }
                self.node(NodeKind::Conditional(parts), start)
            }
            Symbol::Bind => self.bind(left, start),
            Symbol::Coalesce | Symbol::Default => {
                let message =
                    format!("'{}' is not an operator of JSONata 2.0.6, which AWS has", symbol.text());
                self.error(message, operator_range);
                self.binary(symbol, left, start)
            }
            _ => self.binary(symbol, left, start),
        }
    }

    /// One more step of a path; in one go, as a path may have thousands.
    fn path(&mut self, left: Node, step: Node, start: u32) -> Node {
        self.check_step(&step);
        match left {
            Node { kind: NodeKind::Path(mut steps), depth, .. } => {
                let depth = depth.max(step.depth + 1);
                steps.push(step);
                Node { kind: NodeKind::Path(steps), range: TextRange::new(start, self.previous_end), depth }
            }
            first => {
                self.check_step(&first);
                self.node(NodeKind::Path(vec![first, step]), start)
            }
        }
    }

    fn binary(&mut self, operator: Symbol, left: Node, start: u32) -> Node {
        let operator_range = self.advance(Expect::Operand).range;
        let right = self.expression(left_power(operator));
        let operands = Box::new([left, right]);
        self.node(NodeKind::Binary { operator, operator_range, operands }, start)
    }

    /// Numbers, booleans and null cannot be steps of a path; strings are names of fields there.
    fn check_step(&mut self, step: &Node) {
        let text = self.slice(step.range);
        if matches!(step.kind, NodeKind::Literal) && !text.starts_with(['"', '\'', '/']) {
            self.error(format!("{text} cannot be a step of a path"), step.range);
        }
    }

    /// The variable that has to follow `@`, `#` or stand in a list of parameters.
    fn variable(&mut self, after: Symbol) -> Option<Name> {
        let token = self.current;
        if token.kind == TokenKind::Variable {
            self.advance(Expect::Operator);
            return Some(Name { text: self.variable_name(token), range: token.range });
        }
        let message = format!("Expected a variable after '{}', found {}", after.text(), self.found());
        self.error(message, token.range);
        None
    }

    fn bind(&mut self, left: Node, start: u32) -> Node {
        self.advance(Expect::Operand);
        let variable = match &left.kind {
            NodeKind::Variable(name) => Some(Name { text: name.clone(), range: left.range }),
            _ => {
                self.error("Only a variable can stand before ':='", left.range);
                None
            }
        };
        // To the right: `$a := $b := 1`.
        let value = self.expression(left_power(Symbol::Bind) - 1);
        match variable {
            Some(variable) => self.node(NodeKind::Bind { variable, value: Box::new(value) }, start),
            None => self.node(NodeKind::Error(vec![left, value]), start),
        }
    }

    fn sort(&mut self, left: Node, start: u32) -> Node {
        self.advance(Expect::Operand);
        let mut terms = Vec::new();
        if self.eat(Symbol::OpenParen, Expect::Operand) {
            loop {
                if self.at(Symbol::Less) || self.at(Symbol::Greater) {
                    self.advance(Expect::Operand);
                }
                terms.push(self.expression(0));
                if !self.eat(Symbol::Comma, Expect::Operand) {
                    break;
                }
            }
            self.close(Symbol::CloseParen);
        } else {
            let message = format!("Expected '(' after '^', found {}", self.found());
            self.error(message, self.current.range);
        }
        self.node(NodeKind::Sort { base: Box::new(left), terms }, start)
    }

    /// `(…)` after what is called; after `function` or `λ` it is a list of parameters.
    fn call(&mut self, function: Node, start: u32) -> Node {
        let open = self.advance(Expect::Operand).range;
        let mut arguments = Vec::new();
        if !self.at(Symbol::CloseParen) {
            loop {
                if self.at(Symbol::Question) {
                    let placeholder = self.current.range.start();
                    self.advance(Expect::Operator);
                    let node = self.node(NodeKind::Placeholder, placeholder);
                    arguments.push(node);
                } else {
                    arguments.push(self.expression(0));
                }
                if !self.eat(Symbol::Comma, Expect::Operand) {
                    break;
                }
            }
        }
        let arguments_range = TextRange::new(open.end(), self.current.range.start().max(open.end()));
        self.close(Symbol::CloseParen);
        let is_definition =
            matches!(&function.kind, NodeKind::Field(name) if name == "function" || name == "λ");
        if is_definition && (self.at(Symbol::OpenBrace) || self.at(Symbol::Less)) {
            return self.lambda(arguments, start);
        }
        if is_definition {
            let message = format!("Expected '{{' and the body of the function, found {}", self.found());
            self.error(message, self.current.range);
        }
        self.node(NodeKind::Call { function: Box::new(function), arguments, arguments_range }, start)
    }

    fn lambda(&mut self, arguments: Vec<Node>, start: u32) -> Node {
        let mut parameters = Vec::new();
        for argument in arguments {
            match argument.kind {
                NodeKind::Variable(text) => parameters.push(Name { text, range: argument.range }),
                _ => self.error("A parameter of a function is a variable", argument.range),
            }
        }
        let signature = self.at(Symbol::Less).then(|| self.signature());
        let body = if self.eat(Symbol::OpenBrace, Expect::Operand) {
            let body = self.expression(0);
            self.close(Symbol::CloseBrace);
            body
        } else {
            let message = format!("Expected '{{' and the body of the function, found {}", self.found());
            self.error(message, self.current.range);
            Node { kind: NodeKind::Error(Vec::new()), range: TextRange::empty(self.previous_end), depth: 1 }
        };
        self.node(NodeKind::Lambda { parameters, signature, body: Box::new(body) }, start)
    }

    /// `<a<n>s?:b>`: brackets nest.
    fn signature(&mut self) -> TextRange {
        let start = self.current.range.start();
        let mut nesting = 0usize;
        loop {
            match self.current.kind {
                TokenKind::Operator(Symbol::Less) => {
                    let before = self.slice(TextRange::new(start, self.current.range.start()));
                    if nesting > 0 && !before.ends_with(['a', 'f']) {
                        self.error("Only types a and f have types of their own", self.current.range);
                    }
                    nesting += 1;
                }
                TokenKind::Operator(Symbol::Greater) => nesting = nesting.saturating_sub(1),
                TokenKind::Operator(Symbol::OpenBrace) | TokenKind::End => {
                    let message = format!("Expected '>' at the end of the signature, found {}", self.found());
                    self.error(message, self.current.range);
                    break;
                }
                _ => {}
            }
            self.advance(Expect::Operator);
            if nesting == 0 {
                break;
            }
        }
        TextRange::new(start, self.previous_end)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// Prints the errors of an expression with carets under their places.
    #[track_caller]
    fn check_errors(text: &str, expected: Expect) {
        let rendered: Vec<String> = parse(text)
            .1
            .iter()
            .map(|error| {
                let carets = "^".repeat(text[error.range.to_usize()].chars().count().max(1));
                let before = text[..error.range.start() as usize].chars().count();
                format!("{text}\n{}{carets} {}", " ".repeat(before), error.message)
            })
            .collect();
        expected.assert_eq(&rendered.join("\n"));
    }

    /// Prints what an expression reads: variables with their fields, then what it reads of an input.
    #[track_caller]
    fn check_references(text: &str, expected: Expect) {
        let (ast, _) = parse(text);
        let mut lines: Vec<String> = ast
            .references()
            .iter()
            .map(|found| {
                let fields: Vec<&str> = found.fields.iter().map(|field| field.text.as_str()).collect();
                let kind = if found.builtin.is_some() { "built-in " } else { "" };
                format!(
                    "{kind}{} [{}] {:?}",
                    found.variable.text,
                    fields.join(" "),
                    &text[found.range.to_usize()]
                )
            })
            .collect();
        lines.extend(
            ast.top_level_references()
                .iter()
                .map(|name| format!("top level: {} {:?}", name.text, name.range)),
        );
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn states_and_variables_are_found() {
        check_references(
            "$states.input.order.total * $rate + $sum($states.result.lines[price > $least].price)",
            expect![[r#"
                states [input order total] "$states.input.order.total"
                rate [] "$rate"
                built-in sum [] "$sum"
                states [result lines] "$states.result.lines"
                least [] "$least""#]],
        );
    }

    #[test]
    fn own_variables_are_left_out() {
        check_references(
            "( $a := $b; $f := function($x){ $x + $a + $f($y) }; $f($a) )",
            expect![[r#"
            b [] "$b"
            y [] "$y""#]],
        );
        check_references("( $f := function(){ $later }; $later := 1; $f() )", expect![""]);
        check_references("( $order := $order & '!'; $order )", expect![[r#"order [] "$order""#]]);
        check_references("( ( $inner := 1 ); $inner )", expect![[r#"inner [] "$inner""#]]);
        check_references(
            "$states.input.a@$x#$i.b[$x = $i]",
            expect![[r#"states [input a] "$states.input.a""#]],
        );
    }

    #[test]
    fn fields_outside_of_paths_are_found() {
        check_references("phone", expect!["top level: phone 0..5"]);
        check_references(
            "$map($states.input.list, function($v){ $v.name & name })",
            expect![[r#"
                built-in map [] "$map"
                states [input list] "$states.input.list"
                top level: name 49..53"#]],
        );
        check_references(
            "{'a': $, 'b': $$.x, 'c': $states.input.(a + b)}",
            expect![[r#"
            states [input] "$states.input"
            top level: $ 6..7
            top level: $$ 14..16"#]],
        );
        check_references(
            "$states.input.list[type = 'x']^(>age).name{kind: $count(age)}",
            expect![[r#"
                states [input list] "$states.input.list"
                built-in count [] "$count""#]],
        );
    }

    #[test]
    fn brackets_are_expected() {
        check_errors(
            "$sum([1, 2)",
            expect![[r#"
            $sum([1, 2)
                      ^ Expected ']', found ')'"#]],
        );
        check_errors(
            "$sum(1",
            expect![[r#"
            $sum(1
                  ^ Expected ')', found the end"#]],
        );
        check_errors(
            "{'a' 1}",
            expect![[r#"
            {'a' 1}
                 ^ Expected ':', found '1'"#]],
        );
    }

    #[test]
    fn operands_are_expected() {
        check_errors(
            "1 +",
            expect![[r#"
            1 +
               ^ Expected an expression, found the end"#]],
        );
        check_errors(
            "$a.",
            expect![[r#"
            $a.
               ^ Expected an expression, found the end"#]],
        );
        check_errors(
            "* & = 1",
            expect![[r#"
            * & = 1
                ^ Expected an expression, found '='"#]],
        );
        check_errors(
            "",
            expect![[r#"

            ^ Expected an expression"#]],
        );
        check_errors(
            "$a $b",
            expect![[r#"
            $a $b
               ^^ Expected an operator or the end, found '$b'"#]],
        );
    }

    #[test]
    fn strings_and_the_like_are_closed() {
        check_errors(
            "'abc",
            expect![[r#"
            'abc
            ^^^^ The string is not closed; expected '"#]],
        );
        check_errors(
            "$a /* note",
            expect![[r#"
            $a /* note
               ^^^^^^^ The comment is not closed"#]],
        );
        check_errors(
            r#""a\q\u12""#,
            expect![[r#"
            "a\q\u12"
              ^^ '\q' is not an escape
            "a\q\u12"
                ^^ Expected four hexadecimal digits after \u"#]],
        );
        check_errors("$match($s, /a(/)/)", expect![""]);
    }

    #[test]
    fn later_operators_are_refused() {
        check_errors(
            "$a ?? 1",
            expect![[r#"
            $a ?? 1
               ^^ '??' is not an operator of JSONata 2.0.6, which AWS has"#]],
        );
        check_errors(
            "$a ?: 1",
            expect![[r#"
            $a ?: 1
               ^^ '?:' is not an operator of JSONata 2.0.6, which AWS has"#]],
        );
    }

    #[test]
    fn functions_are_defined_with_variables() {
        check_errors(
            "function(x){ 1 }",
            expect![[r#"
            function(x){ 1 }
                     ^ A parameter of a function is a variable"#]],
        );
        check_errors(
            "function($x) 1",
            expect![[r#"
                function($x) 1
                             ^ Expected '{' and the body of the function, found '1'"#]],
        );
        check_errors(
            "1 := 2",
            expect![[r#"
            1 := 2
            ^ Only a variable can stand before ':='"#]],
        );
    }

    #[test]
    fn names_after_a_mistake_are_still_read() {
        check_references(
            "$sum([$a, $b) + $c",
            expect![[r#"
                built-in sum [] "$sum"
                a [] "$a"
                b [] "$b"
                c [] "$c""#]],
        );
    }

    #[test]
    fn nesting_is_bounded() {
        for text in [
            "(".repeat(10_000),
            "[".repeat(10_000),
            "-".repeat(10_000),
            "$a{1:".repeat(5_000),
            "1+".repeat(30_000),
            "$a:=".repeat(10_000),
            "a?".repeat(20_000),
            "function(){".repeat(5_000),
            "$a[0]".repeat(10_000),
        ] {
            let (ast, errors) = parse(&text);
            assert!(!errors.is_empty());
            ast.references();
            ast.top_level_references();
        }
        let path = "a.".repeat(20_000) + "a";
        assert_eq!(parse(&path).1, []);
    }

    #[test]
    fn every_prefix_of_an_expression_parses() {
        let text = "( $f := function($x, $y)<nn:n>{ $x.a[b > 'é'].{`k k`: $y}^(<c) ~> $map(λ($v){$v & /r[/]e/i}) };\
                    [1..3, {'a': -1.5e3}]@$i#$n.*.** ? |$|{'z': %}, 'q'| : $f(?, null)[] /* end */ )";
        for (end, _) in text.char_indices() {
            let (ast, _) = parse(&text[..end]);
            ast.references();
            ast.bindings_at(u32::try_from(end).unwrap());
            ast.call_at(u32::try_from(end).unwrap());
        }
        assert_eq!(parse(text).1, []);
    }

    #[test]
    fn bindings_are_those_around_and_before() {
        let text = "( $a := 1; $f := function($x){ ( $b := 2;  ) }; $c := 3 )";
        let offset = text.find("  )").unwrap() + 1;
        let names: Vec<String> = parse(text)
            .0
            .bindings_at(u32::try_from(offset).unwrap())
            .into_iter()
            .map(|name| name.text)
            .collect();
        assert_eq!(names, ["b", "x", "a"]);
    }

    #[test]
    fn the_innermost_call_is_found() {
        let text = "$sum($map($a, $b), 1)";
        let call = |offset| {
            let (ast, _) = parse(text);
            ast.call_at(offset).map(|node| text[node.range.to_usize()].to_owned())
        };
        assert_eq!(call(12).as_deref(), Some("$map($a, $b)"));
        assert_eq!(call(19).as_deref(), Some("$sum($map($a, $b), 1)"));
        assert_eq!(call(2), None);
    }
}
