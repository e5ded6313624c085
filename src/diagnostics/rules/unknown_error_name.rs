//! A name with the prefix `States.` that is no error.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::spec::intrinsic::PREFIX;
use crate::spec::{ERROR_NAMES, ErrorName, Field};
use crate::syntax::Node;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "unknown-error-name",
    code: "unknown-error-name",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds names in `ErrorEquals` that begin with `States.` and are none of the reserved ones.",
    doc: "Only the errors of the specification begin with `States.`; an entry for another such name never matches. Names are case-sensitive.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "Catch": [{"ErrorEquals": ["States.Failed"], "Next": "B"}], "Next": "B"}, "B": {"Type": "Succeed"}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "Catch": [{"ErrorEquals": ["States.TaskFailed"], "Next": "B"}], "Next": "B"}, "B": {"Type": "Succeed"}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    for name in error_names(view) {
        let text = name.text().unwrap_or_default();
        let is_known = ErrorName::from_name(&text).is_some() || ErrorName::is_http_status(&text);
        if !text.starts_with(PREFIX) || is_known || text.contains("${") {
            continue;
        }
        let similar = ERROR_NAMES.iter().find(|known| known.name.eq_ignore_ascii_case(&text));
        let hint = similar.map(|known| format!("; it is written {}", known.name)).unwrap_or_default();
        ctx.report(Some(name), name.range(), format!("There is no error {text}{hint}"));
    }
}

/// The strings in all `ErrorEquals` of a state.
pub(super) fn error_names<'a>(view: &StateView<'a>) -> Vec<Node<'a>> {
    if view.state.retry.is_empty() && view.state.catch.is_empty() {
        return Vec::new();
    }
    let entries =
        [Field::Retry, Field::Catch].into_iter().filter_map(|field| view.node.value_of(field.name()));
    let lists =
        entries.flat_map(Node::elements).filter_map(|entry| entry.value_of(Field::ErrorEquals.name()));
    lists.flat_map(Node::elements).filter(|name| name.is_string()).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn case_counts() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
"Retry": [{"ErrorEquals": ["States.timeout", "States.Foo", "Foo"]}]}"#,
            expect![[r#"
                "Retry": [{"ErrorEquals": ["States.timeout", "States.Foo", "Foo"]}]}
                                           ^^^^^^^^^^^^^^^^
                warning unknown-error-name: There is no error States.timeout; it is written States.Timeout
                "Retry": [{"ErrorEquals": ["States.timeout", "States.Foo", "Foo"]}]}
                                                             ^^^^^^^^^^^^
                warning unknown-error-name: There is no error States.Foo
            "#]],
        );
    }

    #[test]
    fn http_tasks_name_the_status() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "End": true,
"Retry": [{"ErrorEquals": ["States.Http.StatusCode.429", "States.Http.Socket", "States.Http.StatusCode.x"]}]}"#,
            expect![[r#"
                "Retry": [{"ErrorEquals": ["States.Http.StatusCode.429", "States.Http.Socket", "States.Http.StatusCode.x"]}]}
                                                                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^
                warning unknown-error-name: There is no error States.Http.StatusCode.x
            "#]],
        );
    }
}
