//! Text that looks like an expression of JSONata and is none.

use super::no_dollar::{looks_like_path, may_hold_path};
use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::expr::jsonata::{CLOSE, OPEN, delimited};
use crate::spec::{Field, QueryLanguage};
use crate::syntax::Node;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "jsonata-text",
    code: "jsonata-text",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds `{% … %}` in states whose query language is JSONPath, and strings under JSONata that begin with `{%` or end with `%}` but not both.",
    doc: "A string is an expression only under `\"QueryLanguage\": \"JSONata\"`, and only if it begins with `{%` and ends with `%}`, without anything around. Every other string is taken as it is.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"x": "{% $states.input.x %}"}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"x": "{% $states.input.x %}"}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    let raw = view.node.raw();
    let is_jsonata = view.state.query_language == QueryLanguage::Jsonata;
    let is_of_interest = raw.contains(OPEN) || raw.contains(CLOSE) || (is_jsonata && may_hold_path(raw));
    if !is_of_interest {
        return;
    }
    for member in view.node.members() {
        let others = [Field::Branches, Field::ItemProcessor, Field::Iterator, Field::Comment, Field::Result];
        if others.iter().any(|field| member.key_is(field.name())) {
            continue;
        }
        // A field of JSONPath has its own error.
        let is_template = TEMPLATES.iter().any(|field| member.key_is(field.name()));
        let mut todo: Vec<Node<'_>> = member.value().into_iter().collect();
        while let Some(node) = todo.pop() {
            todo.extend(node.elements());
            todo.extend(node.members().filter_map(|member| member.value()));
            let Some(text) = node.text() else { continue };
            let message = match view.state.query_language {
                QueryLanguage::JsonPath if delimited(&text).is_some() => {
                    "Under JSONPath this is text and no expression: the state lacks \"QueryLanguage\": \"JSONata\""
                }
                QueryLanguage::Jsonata if is_half(text.trim()) => {
                    "This is text and no expression: those begin with {% and end with %}"
                }
                QueryLanguage::Jsonata if delimited(&text).is_none() && delimited(text.trim()).is_some() => {
                    "This is text and no expression: nothing may stand before {% or after %}"
                }
                QueryLanguage::Jsonata if is_template && looks_like_path(&text) => {
                    "Under JSONata this is text and no path or function: those are expressions between {% and %}"
                }
                _ => continue,
            };
            ctx.report(Some(node), node.range(), message);
        }
    }
}

/// The fields of JSONata with values in which there may be expressions.
const TEMPLATES: [Field; 6] =
    [Field::Arguments, Field::Output, Field::Assign, Field::ItemSelector, Field::Items, Field::Choices];

fn is_half(text: &str) -> bool {
    text.starts_with(OPEN) != text.ends_with(CLOSE)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn halves_and_blanks() {
        check_states(
            r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "End": true, "Output": {
"open": "{% 1", "closed": "1 %}", "around": " {% 1 %}", "path": "$.a", "text": "100 {% off", "right": "{% 1 %}"}}"#,
            expect![[r#"
                "open": "{% 1", "closed": "1 %}", "around": " {% 1 %}", "path": "$.a", "text": "100 {% off", "right": "{% 1 %}"}}
                        ^^^^^^
                warning jsonata-text: This is text and no expression: those begin with {% and end with %}
                "open": "{% 1", "closed": "1 %}", "around": " {% 1 %}", "path": "$.a", "text": "100 {% off", "right": "{% 1 %}"}}
                                          ^^^^^^
                warning jsonata-text: This is text and no expression: those begin with {% and end with %}
                "open": "{% 1", "closed": "1 %}", "around": " {% 1 %}", "path": "$.a", "text": "100 {% off", "right": "{% 1 %}"}}
                                                            ^^^^^^^^^^
                warning jsonata-text: This is text and no expression: nothing may stand before {% or after %}
                "open": "{% 1", "closed": "1 %}", "around": " {% 1 %}", "path": "$.a", "text": "100 {% off", "right": "{% 1 %}"}}
                                                                                ^^^^^
                warning jsonata-text: Under JSONata this is text and no path or function: those are expressions between {% and %}
            "#]],
        );
    }
}
