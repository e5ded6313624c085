//! The document is no JSON.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::spec::quota;
use crate::syntax::SyntaxErrorKind;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "invalid-json",
    code: "INVALID_JSON_DESCRIPTION",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds mistakes in the JSON.",
    doc: "AWS refuses a definition that is not JSON: a comma or bracket is missing, a string has no closing quote, or there is a comment. JSON has no comments; use a `Comment` field.",
    failing: r#"{"StartAt": "A" "States": {"A": {"Type": "Succeed"}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#,
    link: "https://www.rfc-editor.org/rfc/rfc8259",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    // A text that is no JSON at all has a mistake at every word: the first ones say so.
    for error in ctx.facts.parse.errors().iter().take(quota::SYNTAX_ERRORS_SHOWN_MAX) {
        // An empty document is, in AWS's words, no JSON object: the schema rule says so. Depth has a rule too.
        if !matches!(error.kind, SyntaxErrorKind::Empty | SyntaxErrorKind::TooDeep(_)) {
            let node = ctx.facts.parse.node_at(error.range.start());
            ctx.report(node, error.range, error.message());
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check;
    use super::*;
    use crate::diagnostics::Diagnostic;
    use crate::model::lower;
    use crate::semantic::Facts;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    #[test]
    fn what_is_no_json_has_a_limited_number_of_errors() {
        let source = SourceText::new(&"{]".repeat(1_000));
        let parse = parse_json(source, quota::DOCUMENT_NESTING_MAX);
        let lowered = lower(&parse);
        let found = crate::diagnostics::check(&Facts::new(&parse, &lowered), &Config::default());
        let is_syntax = |found: &&Diagnostic| found.code == RULE.code;
        assert_eq!(found.iter().filter(is_syntax).count(), quota::SYNTAX_ERRORS_SHOWN_MAX);
    }

    #[test]
    fn a_half_typed_value_is_one_error() {
        check(
            "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"Next\": \n}}}",
            expect![[r#"
                {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": 
                                                                        ^
                error INVALID_JSON_DESCRIPTION: Expected a value after the colon
            "#]],
        );
    }
}
