//! The function whose arguments are being typed, with the parameter that is due.

use super::Analysis;
use super::context::{context, member_of};
use super::expressions::{ExpressionLanguage, expression};
use super::path_tokens::open_calls;
use crate::expr::jsonata::{self, Symbol, TokenKind};
use crate::spec::intrinsic::{Arity, Intrinsic};
use crate::spec::jsonata::JsonataFunction;
use crate::syntax::NodeKind;
use crate::text::{TextRange, TextSize};

/// A function's signature at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureHelp {
    /// The function with its parameters and result.
    pub label: String,
    /// What it does, in Markdown.
    pub documentation: String,
    /// Where the parameters are in the label.
    pub parameters: Vec<TextRange>,
    /// Which of them is due; none when there are more arguments than parameters.
    pub active_parameter: Option<usize>,
}

pub(super) fn signature_help(analysis: &Analysis, offset: TextSize) -> Option<SignatureHelp> {
    let node = analysis.parse().node_at(offset).filter(|node| node.is_string())?;
    let member = node.parent().filter(|parent| parent.kind() == NodeKind::Member).and_then(member_of);
    let member = member.filter(|member| member.key_node() != node);
    let expression = expression(&context(node), member, node)?;
    let at = expression.offset_of(offset);
    match expression.language {
        ExpressionLanguage::JsonPath => {
            let (name, n_commas) = open_calls(expression.text(), at).pop()?;
            intrinsic(expression.text().get(name.to_usize())?, n_commas)
        }
        ExpressionLanguage::Jsonata => {
            let (name, argument_idx) = jsonata_call(expression.text(), at)?;
            jsonata_function(&name, argument_idx)
        }
        ExpressionLanguage::DynamoDb(_) => None,
    }
}

fn intrinsic(name: &str, argument_idx: usize) -> Option<SignatureHelp> {
    let function = Intrinsic::find(name)?;
    let label = function.signature();
    let repeats = function.parameters.last().is_some_and(|last| last.arity == Arity::Repeated);
    let last_idx = function.parameters.len().saturating_sub(1);
    let limits = if function.limits.is_empty() { String::new() } else { format!("\n\n{}", function.limits) };
    Some(SignatureHelp {
        parameters: parameters(&label),
        active_parameter: match argument_idx {
            idx if idx <= last_idx && !function.parameters.is_empty() => Some(idx),
            _ => repeats.then_some(last_idx),
        },
        documentation: format!("{}{limits}", function.doc),
        label,
    })
}

fn jsonata_function(name: &str, argument_idx: usize) -> Option<SignatureHelp> {
    let function = JsonataFunction::find(name)?;
    let label = function.signature();
    Some(SignatureHelp {
        parameters: parameters(&label),
        active_parameter: (argument_idx < function.parameters.len()).then_some(argument_idx),
        documentation: function.doc.to_owned(),
        label,
    })
}

/// Where the parameters of a signature are: the parts between its outermost parentheses.
fn parameters(label: &str) -> Vec<TextRange> {
    let (Some(open), Some(close)) = (label.find('('), label.rfind(')')) else { return Vec::new() };
    let mut ranges = Vec::new();
    let mut start = open + 1;
    for (at, _) in
        label.match_indices(", ").chain([(close, "")]).filter(|(at, _)| (open + 1..=close).contains(at))
    {
        if at > start {
            ranges.push(TextRange::from_usize(start..at));
        }
        start = at + 2;
    }
    ranges
}

/// The built-in function that is called around an offset, without `$`, and which of its arguments is there.
fn jsonata_call(text: &str, offset: TextSize) -> Option<(String, usize)> {
    let (ast, _) = jsonata::parse(text);
    // The open brackets: the function that is called, if it is a call, and the argument so far.
    let mut open: Vec<(Option<String>, usize)> = Vec::new();
    let mut before: [Option<jsonata::Token>; 2] = [None, None];
    for token in ast.tokens.iter().filter(|token| token.kind != TokenKind::Comment) {
        if token.range.start() >= offset || token.kind == TokenKind::End {
            break;
        }
        match token.kind {
            TokenKind::Operator(Symbol::OpenParen) => {
                let name = before[1].filter(|it| it.kind == TokenKind::Variable);
                let name =
                    name.and_then(|it| text.get(it.range.to_usize())).and_then(|it| it.strip_prefix('$'));
                // `value ~> $f(…)` gives the first argument before the function.
                let is_chained = before[0].is_some_and(|it| it.kind == TokenKind::Operator(Symbol::Chain));
                open.push((name.map(str::to_owned), usize::from(is_chained)));
            }
            TokenKind::Operator(Symbol::OpenBracket | Symbol::OpenBrace) => open.push((None, 0)),
            TokenKind::Operator(Symbol::CloseParen | Symbol::CloseBracket | Symbol::CloseBrace) => {
                open.pop();
            }
            TokenKind::Operator(Symbol::Comma) => {
                if let Some((_, idx)) = open.last_mut() {
                    *idx += 1;
                }
            }
            _ => {}
        }
        before = [before[1], Some(*token)];
    }
    open.into_iter().rev().find_map(|(name, idx)| Some((name?, idx)))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::ide::testing::fixture;

    #[track_caller]
    fn check(language: &str, expression: &str, expected: Expect) {
        let key = if language == "JSONata" { "v" } else { "v.$" };
        let (analysis, offset) = fixture(&format!(
            r#"{{"QueryLanguage": "{language}", "States": {{"A": {{"Type": "Pass", "Assign": {{"{key}": "{expression}"}}}}}}}}"#
        ));
        let shown = analysis.signature_help(offset).map(|it| {
            let active = it
                .active_parameter
                .and_then(|idx| it.parameters.get(idx))
                .map(|range| &it.label[range.to_usize()]);
            format!("{} | {}", it.label, active.unwrap_or("-"))
        });
        expected.assert_eq(&shown.unwrap_or_default());
    }

    #[test]
    fn intrinsic_functions() {
        let check = |text: &str, expected: Expect| check("JSONPath", text, expected);
        check(
            "States.MathAdd(<|>",
            expect!["States.MathAdd(first: number, second: number): number | first: number"],
        );
        check(
            "States.MathAdd(1, <|>)",
            expect!["States.MathAdd(first: number, second: number): number | second: number"],
        );
        check(
            "States.Format('{}, {}', $.a, States.UUID(), <|>",
            expect!["States.Format(template: string, ...arguments: any): string | ...arguments: any"],
        );
        check(
            "States.Format('{}', States.ArrayLength(<|>",
            expect!["States.ArrayLength(array: array): number | array: array"],
        );
        check("States.UUID(<|>)", expect!["States.UUID(): string | -"]);
        check("States.UUID()<|>", expect![""]);
        check("States.Nope(<|>)", expect![""]);
    }

    #[test]
    fn functions_of_jsonata() {
        let check = |text: &str, expected: Expect| check("JSONata", text, expected);
        check(
            "{% $substring(<|>",
            expect!["$substring(text: string, start: number, length?: number): string | text: string"],
        );
        check(
            "{% $substring('a, b', <|>) %}",
            expect!["$substring(text: string, start: number, length?: number): string | start: number"],
        );
        check(
            "{% $states.input ~> $split(<|>) %}",
            expect![
                "$split(text: string, separator: string | regex, limit?: number): array | separator: string | regex"
            ],
        );
        check(
            "{% $map([1, 2<|>], $f) %}",
            expect!["$map(array: array, function: function): array | array: array"],
        );
        check("{% $uuid(1, <|>) %}", expect!["$uuid(): string | -"]);
        check("{% $mine(<|>) %}", expect![""]);
    }
}
