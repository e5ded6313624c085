//! A filter in a path that the JSONPath library does not understand.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "doubtful-filter",
    code: "doubtful-filter",
    // Definitions with such filters are deployed; that they never work is not certain.
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds filters of paths that cannot be read.",
    doc: "A filter compares with a literal or a path: `$.list[?(@.status == 'ok')]`. A text in it needs quotes.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "$.list[?(@.status == ok)]", "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "$.list[?(@.status == 'ok')]", "End": true}}}"#,
    link: "https://states-language.net/spec.html#path",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    for error in facts.lowered.errors.iter().filter(|error| error.kind.is_doubtful()) {
        ctx.report(Some(facts.parse.node(error.node)), error.range, error.message());
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn a_text_without_quotes() {
        check_states(
            r#""A": {"Type": "Pass", "Parameters": {"p.$": "$.list[?(@.status == ok)]"}, "End": true}"#,
            expect![[r#"
                "A": {"Type": "Pass", "Parameters": {"p.$": "$.list[?(@.status == ok)]"}, "End": true}
                                                                                  ^
                warning doubtful-filter: The filter of this path cannot be read: Failed to parse filter: [?(@.status == ok)], error on position: 15, char: o
            "#]],
        );
    }
}
