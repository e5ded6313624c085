//! `States.ALL` with other names, or before other entries.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::spec::{ErrorName, Field};
use crate::syntax::Node;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "states-all",
    code: "states-all",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds `States.ALL` that does not stand alone in the last retrier or catcher.",
    doc: "It matches every error, so that names beside it and entries after it have no effect. The specification demands that it stands alone in the last entry.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "Catch": [{"ErrorEquals": ["States.ALL", "E"], "Next": "B"}], "Next": "B"}, "B": {"Type": "Succeed"}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "Catch": [{"ErrorEquals": ["E"], "Next": "B"}, {"ErrorEquals": ["States.ALL"], "Next": "B"}], "Next": "B"}, "B": {"Type": "Succeed"}}}"#,
    link: "https://states-language.net/spec.html#errors",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    if view.state.retry.is_empty() && view.state.catch.is_empty() {
        return;
    }
    for field in [Field::Retry, Field::Catch] {
        let entries: Vec<Node<'_>> =
            view.node.value_of(field.name()).into_iter().flat_map(Node::elements).collect();
        for (idx, entry) in entries.iter().enumerate() {
            let names = entry.value_of(Field::ErrorEquals.name());
            let names: Vec<Node<'_>> = names.into_iter().flat_map(Node::elements).collect();
            let all = names.iter().find(|name| name.text().is_some_and(|name| name == ErrorName::ALL));
            let Some(all) = all else { continue };
            let message = if names.len() > 1 {
                "States.ALL stands alone: it matches every error already"
            } else if idx + 1 < entries.len() {
                "States.ALL stands in the last entry: what follows has no effect"
            } else {
                continue;
            };
            ctx.report(Some(*all), all.range(), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn not_alone_and_not_last() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
"Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}],
"Catch": [{"ErrorEquals": ["E", "States.ALL"], "Next": "B"}]},
"B": {"Type": "Succeed"}"#,
            expect![[r#"
                "Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}],
                                           ^^^^^^^^^^^^
                warning states-all: States.ALL stands in the last entry: what follows has no effect
                "Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}],
                                                                            ^^^
                warning hidden-handler: An earlier entry takes this error: States.ALL
                "Catch": [{"ErrorEquals": ["E", "States.ALL"], "Next": "B"}]},
                                                ^^^^^^^^^^^^
                warning states-all: States.ALL stands alone: it matches every error already
            "#]],
        );
    }
}
