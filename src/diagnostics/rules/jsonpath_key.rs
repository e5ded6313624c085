//! A key for a path under JSONata.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::spec::{Field, QueryLanguage};
use crate::syntax::Node;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "jsonpath-key",
    code: "jsonpath-key",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds keys that end in `.$` in states whose query language is JSONata.",
    doc: "Only under JSONPath does `.$` at the end of a key make its value a path. Under JSONata the key is taken as it is, with the `.$`, and the value as text: write `\"key\": \"{% $states.input.path %}\"`.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"x.$": "$.x"}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"x": "{% $states.input.x %}"}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    if view.state.query_language != QueryLanguage::Jsonata || !view.node.raw().contains(".$\"") {
        return;
    }
    for member in view.node.members() {
        let holds_states = [Field::Branches, Field::ItemProcessor, Field::Iterator, Field::Comment];
        if holds_states.iter().any(|field| member.key_is(field.name())) {
            continue;
        }
        let mut todo: Vec<Node<'_>> = member.value().into_iter().collect();
        while let Some(node) = todo.pop() {
            todo.extend(node.elements());
            for member in node.members() {
                todo.extend(member.value());
                if member.key().ends_with(".$") {
                    let key = member.key_node();
                    let message = "Under JSONata a key that ends in .$ is nothing special: \
                                   expressions are strings of the form {% … %}";
                    ctx.report(Some(key), key.range(), message);
                }
            }
        }
    }
}
