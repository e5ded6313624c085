//! The document is no JSON.

use crate::diagnostics::rule::Reporter;
use crate::diagnostics::{Rule, Severity};
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
    check,
};

fn check(ctx: &mut Reporter<'_>) {
    for error in ctx.facts.parse.errors() {
        // An empty document is, in AWS's words, no JSON object: the schema rule says so.
        if error.kind != SyntaxErrorKind::Empty {
            let node = ctx.facts.parse.node_at(error.range.start());
            ctx.report(node, error.range, error.message());
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check;

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
