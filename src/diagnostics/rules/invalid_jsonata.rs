//! An expression of JSONata that cannot be parsed.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "invalid-jsonata",
    code: "INVALID_JSONATA_EXPRESSION",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds JSONata expressions that cannot be parsed.",
    doc: "AWS parses every expression between `{%` and `%}` when the state machine is created and refuses the definition if one has a mistake. What is underlined is where the expression can no longer be understood; the text is JSONata's own.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 1 + %}", "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 1 + 1 %}", "End": true}}}"#,
    link: "https://docs.jsonata.org/overview",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    for error in facts.lowered.errors.iter().filter(|error| error.kind.is_jsonata()) {
        ctx.report(Some(facts.parse.node(error.node)), error.range, error.message());
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn at_its_place() {
        check_states(
            r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "End": true, "Output": {
"open": "{% $sum([1, 2) %}", "end": "{% \"a\" & %}", "none": "{%%}", "bound": "{% a := 1 %}",
"filled": "{% $x + ${n} %}"}}"#,
            expect![[r#"
                "open": "{% $sum([1, 2) %}", "end": "{% \"a\" & %}", "none": "{%%}", "bound": "{% a := 1 %}",
                                      ^
                error INVALID_JSONATA_EXPRESSION: Expected "]", got ")"
                "open": "{% $sum([1, 2) %}", "end": "{% \"a\" & %}", "none": "{%%}", "bound": "{% a := 1 %}",
                                                        ^^^^^^^
                error INVALID_JSONATA_EXPRESSION: Unexpected end of expression
                "open": "{% $sum([1, 2) %}", "end": "{% \"a\" & %}", "none": "{%%}", "bound": "{% a := 1 %}",
                                                                                ^
                error INVALID_JSONATA_EXPRESSION: Unexpected end of expression
                "open": "{% $sum([1, 2) %}", "end": "{% \"a\" & %}", "none": "{%%}", "bound": "{% a := 1 %}",
                                                                                                  ^
                error INVALID_JSONATA_EXPRESSION: The left side of := must be a variable name (start with $)
            "#]],
        );
    }
}
