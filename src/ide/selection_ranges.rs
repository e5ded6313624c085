//! What a selection grows to: the part of an expression, the expression, the string, the member, the object.

use super::Analysis;
use super::context::{context, member_of};
use super::expressions::{Expression, ExpressionLanguage, expression};
use super::path_tokens::path_tokens;
use crate::dynamodb::expression::tokenize;
use crate::expr::jsonata;
use crate::syntax::{Node, NodeKind};
use crate::text::{TextRange, TextSize};

/// The ranges around an offset, the innermost first, each within the next.
pub(super) fn selection_ranges(analysis: &Analysis, offset: TextSize) -> Vec<TextRange> {
    let whole = TextRange::new(0, analysis.source().len());
    let mut ranges = Vec::new();
    let mut node = analysis.parse().node_at(offset);
    if let Some(node) = node.filter(|node| node.is_string()) {
        in_string(node, offset, &mut ranges);
    }
    while let Some(at) = node {
        let range = at.range();
        let inner = TextRange::new(range.start() + 1, range.end().saturating_sub(1));
        if matches!(at.kind(), NodeKind::Object | NodeKind::Array) && inner.touches(offset) {
            ranges.push(trimmed(analysis, inner));
        }
        ranges.push(range);
        node = at.parent();
    }
    ranges.push(whole);
    let mut grown: Vec<TextRange> = Vec::new();
    for range in ranges {
        let is_more = grown.last().is_none_or(|last| *last != range && range.contains_range(*last));
        if is_more && range.touches(offset) && (!range.is_empty() || range == whole) {
            grown.push(range);
        }
    }
    grown
}

/// A range without the blanks at its ends.
fn trimmed(analysis: &Analysis, range: TextRange) -> TextRange {
    let text = analysis.source().slice(range);
    let start = text.len() - text.trim_start().len();
    let start = range.start() + TextSize::try_from(start).unwrap_or_default();
    TextRange::at(start, TextSize::try_from(text.trim().len()).unwrap_or_default())
}

fn in_string(node: Node<'_>, offset: TextSize, ranges: &mut Vec<TextRange>) {
    let member = node.parent().filter(|parent| parent.kind() == NodeKind::Member).and_then(member_of);
    let is_key = member.is_some_and(|member| member.key_node() == node);
    if let Some(expression) = expression(&context(node), member, node).filter(|_| !is_key) {
        let at = expression.offset_of(offset);
        parts(&expression, at, ranges);
        let text = expression.text();
        let start = text.len() - text.trim_start().len();
        ranges.push(expression.to_source(TextRange::from_usize(start..start + text.trim().len())));
    }
    if let Some(decoded) = node.decoded() {
        ranges.push(decoded.to_source(TextRange::from_usize(0..decoded.text.len())));
    }
}

/// The parts of an expression around a place in it.
fn parts(expression: &Expression<'_>, at: TextSize, ranges: &mut Vec<TextRange>) {
    let text = expression.text();
    let token = |found: Option<TextRange>| found.map(|range| expression.to_source(range));
    match expression.language {
        ExpressionLanguage::JsonPath => {
            let tokens = path_tokens(text);
            ranges.extend(token(tokens.iter().map(|it| it.range).find(|range| range.touches(at))));
        }
        ExpressionLanguage::DynamoDb(_) => {
            ranges.extend(token(tokenize(text).iter().map(|it| it.range).find(|range| range.touches(at))));
        }
        ExpressionLanguage::Jsonata => {
            let (ast, _) = jsonata::parse(text);
            let mut around = Vec::new();
            let mut node = Some(&ast.root);
            while let Some(it) = node {
                around.push(expression.to_source(it.range));
                node = it.children().into_iter().find(|child| child.range.touches(at));
            }
            ranges.extend(around.into_iter().rev());
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::ide::testing::fixture;

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let (analysis, offset) = fixture(text);
        let ranges = analysis.selection_ranges(offset);
        let shown: Vec<&str> = ranges.iter().map(|range| analysis.source().slice(*range)).collect();
        expected.assert_eq(&shown.join("\n"));
    }

    #[test]
    fn from_a_word_to_the_document() {
        check(
            r#"{"States": {"A": {"Comment": "a<|> b", "End": true}}}"#,
            expect![[r#"
            a b
            "a b"
            "Comment": "a b"
            "Comment": "a b", "End": true
            {"Comment": "a b", "End": true}
            "A": {"Comment": "a b", "End": true}
            {"A": {"Comment": "a b", "End": true}}
            "States": {"A": {"Comment": "a b", "End": true}}
            {"States": {"A": {"Comment": "a b", "End": true}}}"#]],
        );
    }

    #[test]
    fn within_expressions() {
        check(
            r#"{"QueryLanguage": "JSONata", "States": {"A": {"Type": "Pass", "Output": "{% $sum($states.in<|>put.n) + 1 %}"}}}"#,
            expect![[r#"
                input
                $states.input.n
                $sum($states.input.n)
                $sum($states.input.n) + 1
                {% $sum($states.input.n) + 1 %}
                "{% $sum($states.input.n) + 1 %}"
                "Output": "{% $sum($states.input.n) + 1 %}"
                "Type": "Pass", "Output": "{% $sum($states.input.n) + 1 %}"
                {"Type": "Pass", "Output": "{% $sum($states.input.n) + 1 %}"}
                "A": {"Type": "Pass", "Output": "{% $sum($states.input.n) + 1 %}"}
                {"A": {"Type": "Pass", "Output": "{% $sum($states.input.n) + 1 %}"}}
                "States": {"A": {"Type": "Pass", "Output": "{% $sum($states.input.n) + 1 %}"}}
                "QueryLanguage": "JSONata", "States": {"A": {"Type": "Pass", "Output": "{% $sum($states.input.n) + 1 %}"}}
                {"QueryLanguage": "JSONata", "States": {"A": {"Type": "Pass", "Output": "{% $sum($states.input.n) + 1 %}"}}}"#]],
        );
        check(
            r#"{"States": {"A": {"Type": "Pass", "InputPath": "$.a<|>b.c"}}}"#,
            expect![[r#"
            ab
            $.ab.c
            "$.ab.c"
            "InputPath": "$.ab.c"
            "Type": "Pass", "InputPath": "$.ab.c"
            {"Type": "Pass", "InputPath": "$.ab.c"}
            "A": {"Type": "Pass", "InputPath": "$.ab.c"}
            {"A": {"Type": "Pass", "InputPath": "$.ab.c"}}
            "States": {"A": {"Type": "Pass", "InputPath": "$.ab.c"}}
            {"States": {"A": {"Type": "Pass", "InputPath": "$.ab.c"}}}"#]],
        );
    }

    #[test]
    fn in_what_is_half_typed() {
        check(r#"{"a": [1, <|>"#, expect![[r#"{"a": [1, "#]]);
        check("<|>", expect![""]);
    }
}
