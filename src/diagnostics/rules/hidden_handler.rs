//! A retrier or catcher that never gets an error.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::diagnostics::rule::Finding;
use crate::spec::intrinsic::PREFIX;
use crate::spec::{ErrorName, Field};
use crate::syntax::Node;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "hidden-handler",
    code: "hidden-handler",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds names in `ErrorEquals` that an earlier retrier or catcher takes.",
    doc: "The first entry that matches an error is the one that counts, for a retrier also when its attempts are used up. `States.TaskFailed` matches every error of a task but `States.Timeout`, `States.ALL` matches every error.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "Catch": [{"ErrorEquals": ["E"], "Next": "B"}, {"ErrorEquals": ["E"], "Next": "B"}], "Next": "B"}, "B": {"Type": "Succeed"}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "Catch": [{"ErrorEquals": ["E"], "Next": "B"}, {"ErrorEquals": ["F"], "Next": "B"}], "Next": "B"}, "B": {"Type": "Succeed"}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    if view.state.retry.len() < 2 && view.state.catch.len() < 2 {
        return;
    }
    for field in [Field::Retry, Field::Catch] {
        let mut seen: BTreeMap<Cow<'_, str>, Node<'_>> = BTreeMap::new();
        for entry in view.node.value_of(field.name()).into_iter().flat_map(Node::elements) {
            let names = entry.value_of(Field::ErrorEquals.name()).into_iter().flat_map(Node::elements);
            let names: Vec<_> = names.filter_map(|name| Some((name.text()?, name))).collect();
            for (text, name) in &names {
                let all = seen.get(ErrorName::ALL).filter(|_| *text != ErrorName::RUNTIME);
                let is_of_task = !text.starts_with(PREFIX);
                let failed = seen.get(ErrorName::TASK_FAILED).filter(|_| is_of_task);
                let Some(first) = seen.get(text).or(all).or(failed) else { continue };
                let taken = first.text().unwrap_or_default();
                let message = format!("An earlier entry takes this error: {taken}");
                let finding = Finding::new(Some(*name), name.range(), message).unnecessary();
                ctx.push(finding.related(first.range(), "The entry that takes it"));
            }
            for (text, name) in names {
                seen.entry(text).or_insert(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn by_name_and_by_pattern() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
"Retry": [{"ErrorEquals": ["States.TaskFailed"]}, {"ErrorEquals": ["E", "States.Timeout"]}],
"Catch": [{"ErrorEquals": ["E"], "Next": "B"}, {"ErrorEquals": ["F", "E"], "Next": "B"}]},
"B": {"Type": "Succeed"}"#,
            expect![[r#"
                "Retry": [{"ErrorEquals": ["States.TaskFailed"]}, {"ErrorEquals": ["E", "States.Timeout"]}],
                                                                                   ^^^
                warning hidden-handler: An earlier entry takes this error: States.TaskFailed
                "Catch": [{"ErrorEquals": ["E"], "Next": "B"}, {"ErrorEquals": ["F", "E"], "Next": "B"}]},
                                                                                     ^^^
                warning hidden-handler: An earlier entry takes this error: E
            "#]],
        );
    }
}
