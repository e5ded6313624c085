//! What the parts of strings are, for highlighting: expressions, names of states, variables and errors.
//!
//! Whatever the grammar of an editor colours by itself (keys, punctuation, plain strings, numbers) is left to it.

use super::Analysis;
use super::context::{Context, Role, walk};
use super::expressions::{Expression, ExpressionLanguage, expression, is_dynamodb_template};
use super::path_tokens::{PathTokenKind, path_tokens};
use crate::dynamodb::expression as dynamodb;
use crate::expr::jsonata;
use crate::spec::context::STATES_VARIABLE;
use crate::spec::dynamodb::parameter;
use crate::spec::jsonata::JsonataFunction;
use crate::spec::{StateKind, ValueKind};
use crate::syntax::{Member, Node};
use crate::text::TextRange;

macro_rules! token_types {
    ($($variant:ident $name:literal: $doc:literal;)*) => {
        /// What a part of a string is. The names are those of the language server protocol's standard types, so that
        /// every theme has colours for them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum SemanticTokenType { $(#[doc = $doc] $variant),* }

        impl SemanticTokenType {
            /// All types, in the order of the legend.
            pub const ALL: &[SemanticTokenType] = &[$(SemanticTokenType::$variant),*];

            /// The name of the standard type.
            pub const fn name(self) -> &'static str {
                match self { $(SemanticTokenType::$variant => $name),* }
            }
        }
    };
}

token_types! {
    State "class": "The name of a state: its key, and wherever a transition gives it.";
    StateType "type": "The type of a state.";
    Resource "namespace": "The resource of a task.";
    ErrorName "enumMember": "The name of an error.";
    Delimiter "macro": "What begins and ends an expression of JSONata.";
    Variable "variable": "A variable, also `$`, `$$`, `$states` and `@`.";
    Property "property": "A name of a member of the data.";
    Function "function": "A function.";
    Parameter "parameter": "A parameter of a function, or a placeholder of an expression of DynamoDB.";
    Keyword "keyword": "A word of an expression language: `and`, `true`, `SET`.";
    Operator "operator": "An operator.";
    Text "string": "A string in an expression.";
    Number "number": "A number in an expression.";
    Regexp "regexp": "A regular expression.";
    Comment "comment": "A comment in an expression.";
}

/// What more is known of a part of a string: bits, in the order of [`SemanticModifiers::NAMES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SemanticModifiers(pub u32);

impl SemanticModifiers {
    /// The standard modifiers of the protocol, in the order of the legend.
    pub const NAMES: [&str; 3] = ["declaration", "readonly", "defaultLibrary"];
    /// It defines what it names: a state's key, a variable that `Assign` sets.
    const DECLARATION: Self = Self(1);
    /// It is given, not assigned: `$`, `$$`, `$states`.
    const READONLY: Self = Self(2);
    /// The language has it: functions, reserved error names.
    const DEFAULT_LIBRARY: Self = Self(4);
    const NONE: Self = Self(0);
}

/// A part of a string with what it is. It never spans lines of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SemanticToken {
    /// Where it is.
    pub range: TextRange,
    /// What it is.
    pub kind: SemanticTokenType,
    /// What more is known of it.
    pub modifiers: SemanticModifiers,
}

use SemanticModifiers as Modifiers;
use SemanticTokenType as Type;

pub(super) fn semantic_tokens(analysis: &Analysis, range: TextRange) -> Vec<SemanticToken> {
    let mut acc = Acc { range, tokens: Vec::new() };
    if let Some(root) = analysis.parse().root() {
        walk(root, |ctx, member, node| {
            if !touch(node.range(), range) {
                return false;
            }
            keys(&mut acc, ctx, node);
            match expression(ctx, member, node) {
                Some(expression) => acc.expression(&expression),
                None if node.is_string() => value(&mut acc, ctx, node),
                None => {}
            }
            true
        });
    }
    acc.tokens.sort_by_key(|token| token.range);
    acc.tokens
}

fn touch(a: TextRange, b: TextRange) -> bool {
    a.start() <= b.end() && b.start() <= a.end()
}

/// The keys of an object that are names.
fn keys(acc: &mut Acc, ctx: &Context<'_>, object: Node<'_>) {
    let is_variables =
        ctx.template == Some(object) && ctx.field.is_some_and(|spec| spec.value == ValueKind::Variables);
    let kind = match ctx.role {
        Role::States => Type::State,
        Role::Template if is_variables => Type::Variable,
        _ => return,
    };
    for member in object.members() {
        let key = member.key_node();
        if !touch(key.range(), acc.range) {
            continue;
        }
        let Some(decoded) = key.decoded() else { continue };
        let name = decoded.text.strip_suffix(".$").filter(|_| is_variables).unwrap_or(&decoded.text);
        acc.add(decoded.to_source(TextRange::from_usize(0..name.len())), kind, Modifiers::DECLARATION);
    }
}

/// A string that is no expression.
fn value(acc: &mut Acc, ctx: &Context<'_>, node: Node<'_>) {
    let Some(decoded) = node.decoded() else { return };
    let whole = decoded.to_source(TextRange::from_usize(0..decoded.text.len()));
    match ctx.role {
        Role::Field(spec) if spec.value == ValueKind::StateName => {
            acc.add(whole, Type::State, Modifiers::NONE)
        }
        Role::Field(spec)
            if spec.value == ValueKind::StateType && StateKind::from_name(&decoded.text).is_some() =>
        {
            acc.add(whole, Type::StateType, Modifiers::DEFAULT_LIBRARY);
        }
        Role::Field(spec) if spec.value == ValueKind::Resource => {
            acc.add(whole, Type::Resource, Modifiers::NONE)
        }
        Role::Element(spec) if spec.value == ValueKind::ErrorNames => {
            let is_reserved = crate::spec::ErrorName::from_name(&decoded.text).is_some();
            let modifiers = if is_reserved { Modifiers::DEFAULT_LIBRARY } else { Modifiers::NONE };
            acc.add(whole, Type::ErrorName, modifiers);
        }
        // What a `#name` stands for.
        Role::Template if is_dynamodb_template(ctx) && is_in_names(node) => {
            acc.add(whole, Type::Property, Modifiers::NONE);
        }
        _ => {}
    }
}

fn is_in_names(node: Node<'_>) -> bool {
    let object = node.parent().and_then(Node::parent);
    let member = object.and_then(Node::parent).and_then(super::context::member_of);
    member.is_some_and(|member: Member<'_>| member.key_is(parameter::EXPRESSION_ATTRIBUTE_NAMES))
}

struct Acc {
    range: TextRange,
    tokens: Vec<SemanticToken>,
}

impl Acc {
    fn add(&mut self, range: TextRange, kind: Type, modifiers: Modifiers) {
        if !range.is_empty() && touch(range, self.range) {
            self.tokens.push(SemanticToken { range, kind, modifiers });
        }
    }

    fn expression(&mut self, expression: &Expression<'_>) {
        match expression.language {
            ExpressionLanguage::JsonPath => self.path(expression),
            ExpressionLanguage::Jsonata => self.jsonata(expression),
            ExpressionLanguage::DynamoDb(_) => self.dynamodb(expression),
        }
    }

    fn path(&mut self, expression: &Expression<'_>) {
        for token in path_tokens(expression.text()) {
            let (kind, modifiers) = match token.kind {
                PathTokenKind::Input | PathTokenKind::Context | PathTokenKind::Item => {
                    (Type::Variable, Modifiers::READONLY)
                }
                PathTokenKind::Variable => (Type::Variable, Modifiers::NONE),
                PathTokenKind::Property => (Type::Property, Modifiers::NONE),
                PathTokenKind::Function => (Type::Function, Modifiers::DEFAULT_LIBRARY),
                PathTokenKind::String => (Type::Text, Modifiers::NONE),
                PathTokenKind::Number => (Type::Number, Modifiers::NONE),
                PathTokenKind::Literal => (Type::Keyword, Modifiers::NONE),
                PathTokenKind::Operator => (Type::Operator, Modifiers::NONE),
                PathTokenKind::Open | PathTokenKind::Close | PathTokenKind::Comma => continue,
            };
            self.add(expression.to_source(token.range), kind, modifiers);
        }
    }

    fn jsonata(&mut self, expression: &Expression<'_>) {
        for range in expression.delimiters() {
            self.add(range, Type::Delimiter, Modifiers::NONE);
        }
        let text = expression.text();
        let (ast, _) = jsonata::parse(text);
        for (at, token) in ast.tokens.iter().enumerate() {
            let written = text.get(token.range.to_usize()).unwrap_or_default();
            let (kind, modifiers) = match token.kind {
                jsonata::TokenKind::String => (Type::Text, Modifiers::NONE),
                jsonata::TokenKind::Number => (Type::Number, Modifiers::NONE),
                jsonata::TokenKind::Name if written == "function" || written == "λ" => {
                    (Type::Keyword, Modifiers::NONE)
                }
                jsonata::TokenKind::Name | jsonata::TokenKind::QuotedName => {
                    (Type::Property, Modifiers::NONE)
                }
                jsonata::TokenKind::Variable => {
                    let next = ast.tokens.get(at + 1).map(|next| next.kind);
                    variable(written.get(1..).unwrap_or_default(), next)
                }
                jsonata::TokenKind::Literal => (Type::Keyword, Modifiers::NONE),
                jsonata::TokenKind::Regex => (Type::Regexp, Modifiers::NONE),
                jsonata::TokenKind::Comment => (Type::Comment, Modifiers::NONE),
                jsonata::TokenKind::Operator(symbol) => match symbol {
                    jsonata::Symbol::And | jsonata::Symbol::Or | jsonata::Symbol::In => {
                        (Type::Keyword, Modifiers::NONE)
                    }
                    _ if "()[]{},;.".contains(symbol.text()) => continue,
                    _ => (Type::Operator, Modifiers::NONE),
                },
                jsonata::TokenKind::End => continue,
            };
            self.add(expression.to_source(token.range), kind, modifiers);
        }
    }

    fn dynamodb(&mut self, expression: &Expression<'_>) {
        use dynamodb::TokenKind as K;
        let text = expression.text();
        let tokens = dynamodb::tokenize(text);
        for (at, token) in tokens.iter().enumerate() {
            let written = text.get(token.range.to_usize()).unwrap_or_default();
            let is_call = tokens.get(at + 1).is_some_and(|next| next.kind == K::LeftParen);
            let (kind, modifiers) = match token.kind {
                K::Name if is_dynamodb_keyword(written) => (Type::Keyword, Modifiers::NONE),
                K::Name if is_call => (Type::Function, Modifiers::DEFAULT_LIBRARY),
                K::Name => (Type::Property, Modifiers::NONE),
                K::NamePlaceholder | K::ValuePlaceholder => (Type::Parameter, Modifiers::NONE),
                K::Digits => (Type::Number, Modifiers::NONE),
                K::Equal
                | K::NotEqual
                | K::Less
                | K::LessOrEqual
                | K::Greater
                | K::GreaterOrEqual
                | K::Plus
                | K::Minus => (Type::Operator, Modifiers::NONE),
                K::LeftParen
                | K::RightParen
                | K::LeftBracket
                | K::RightBracket
                | K::Comma
                | K::Dot
                | K::Unknown
                | K::End => continue,
            };
            self.add(expression.to_source(token.range), kind, modifiers);
        }
    }
}

/// What a variable of JSONata is, without its `$`.
fn variable(name: &str, next: Option<jsonata::TokenKind>) -> (Type, Modifiers) {
    let is_called = next == Some(jsonata::TokenKind::Operator(jsonata::Symbol::OpenParen));
    match name {
        "" | "$" | STATES_VARIABLE => (Type::Variable, Modifiers::READONLY),
        _ if JsonataFunction::find(name).is_some() => (Type::Function, Modifiers::DEFAULT_LIBRARY),
        _ if is_called => (Type::Function, Modifiers::NONE),
        _ => (Type::Variable, Modifiers::NONE),
    }
}

/// The words of DynamoDB's expressions; their case does not matter.
fn is_dynamodb_keyword(word: &str) -> bool {
    ["AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"]
        .iter()
        .any(|keyword| keyword.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::testing::{analyse, range_fixture};

    fn show(analysis: &Analysis, tokens: &[SemanticToken]) -> String {
        let one = |token: &SemanticToken| {
            let named = (0..).zip(Modifiers::NAMES).filter(|(bit, _)| token.modifiers.0 & (1 << bit) != 0);
            let modifiers: String = named.map(|(_, name)| format!(" {name}")).collect();
            format!("{} {}{modifiers}\n", analysis.source().slice(token.range), token.kind.name())
        };
        tokens.iter().map(one).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let analysis = analyse(text);
        let tokens = analysis.semantic_tokens(TextRange::new(0, analysis.source().len()));
        expected.assert_eq(&show(&analysis, &tokens));
    }

    #[test]
    fn expressions_within_a_transaction() {
        check(
            r##"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:transactWriteItems", "Parameters": {"TransactItems": [{"Update": {"UpdateExpression": "SET #s = :v", "ExpressionAttributeNames": {"#s": "status"}}}, {"Put": {"Item": {"ConditionExpression": {"S": "a = b"}}}}]}}}}"##,
            expect![[r#"
                A class declaration
                Task type defaultLibrary
                arn:aws:states:::aws-sdk:dynamodb:transactWriteItems namespace
                SET keyword
                #s parameter
                = operator
                :v parameter
                status property
            "#]],
        );
    }

    #[test]
    fn names() {
        check(
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:x", "Assign": {"v.$": "$.a"}, "Catch": [{"ErrorEquals": ["States.ALL", "E"], "Next": "B"}]}}}"#,
            expect![[r#"
                A class
                A class declaration
                Task type defaultLibrary
                arn:x namespace
                v variable declaration
                $ variable readonly
                a property
                States.ALL enumMember defaultLibrary
                E enumMember
                B class
            "#]],
        );
    }

    #[test]
    fn paths_and_intrinsic_functions() {
        check(
            r#"{"States": {"A": {"Type": "Pass", "InputPath": "$.a[0]", "Parameters": {"x.$": "States.Format('\u007b} x', $$.State.Name)", "y": "$.no"}}}}"#,
            expect![[r#"
                A class declaration
                Pass type defaultLibrary
                $ variable readonly
                a property
                0 number
                States.Format function defaultLibrary
                '\u007b} x' string
                $$ variable readonly
                State property
                Name property
            "#]],
        );
    }

    #[test]
    fn jsonata() {
        check(
            r#"{"QueryLanguage": "JSONata", "States": {"A": {"Type": "Pass", "Output": "{% $sum($states.input.items[n > 1].\"p q\") and $v /* c */ = /x/i %}", "Comment": "{% no %}"}}}"#,
            expect![[r#"
                A class declaration
                Pass type defaultLibrary
                {% macro
                $sum function defaultLibrary
                $states variable readonly
                input property
                items property
                n property
                > operator
                1 number
                \"p q\" string
                and keyword
                $v variable
                /* c */ comment
                = operator
                /x/i regexp
                %} macro
            "#]],
        );
    }

    #[test]
    fn expressions_of_dynamodb() {
        check(
            r##"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "Parameters": {"FilterExpression": "size(#n) >= :v AND a[0].b = :w", "ExpressionAttributeNames": {"#n": "name"}}}}}"##,
            expect![[r##"
                A class declaration
                Task type defaultLibrary
                arn:aws:states:::aws-sdk:dynamodb:query namespace
                size function defaultLibrary
                #n parameter
                >= operator
                :v parameter
                AND keyword
                a property
                0 number
                b property
                = operator
                :w parameter
                name property
            "##]],
        );
    }

    #[test]
    fn what_is_half_typed() {
        check(
            r#"{"QueryLanguage": "JSONata", "States": {"A": {"Type": "Pass", "Output": "{% $sum($states."#,
            expect![[r#"
                A class declaration
                Pass type defaultLibrary
                {% macro
                $sum function defaultLibrary
                $states variable readonly
            "#]],
        );
    }

    #[test]
    fn only_what_is_visible() {
        let (analysis, range) = range_fixture(
            r#"{"StartAt": "A", "States": {"A": {"Type": <|>"Pass"<|>, "Next": "B"}, "B": {"Type": "Fail"}}}"#,
        );
        expect![[r#"
            Pass type defaultLibrary
        "#]]
        .assert_eq(&show(&analysis, &analysis.semantic_tokens(range)));
    }
}
