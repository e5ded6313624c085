//! A longest delay that is shorter than the first.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::spec::Field;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "retry-delay",
    code: "retry-delay",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds retriers whose `MaxDelaySeconds` are not greater than `IntervalSeconds`.",
    doc: "The delay between retries begins with `IntervalSeconds` and grows up to `MaxDelaySeconds`, which the specification therefore demands to be greater.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 10, "MaxDelaySeconds": 5}], "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 2, "MaxDelaySeconds": 5}], "End": true}}}"#,
    link: "https://states-language.net/spec.html#retrying-after-error",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    for (idx, retrier) in view.state.retry.iter().enumerate() {
        let Some(longest) = retrier.max_delay_seconds else { continue };
        if longest > retrier.interval_seconds {
            continue;
        }
        let entries = view.node.value_of(Field::Retry.name());
        let entry = entries.and_then(|entries| entries.element(idx));
        if let Some(node) = entry.and_then(|entry| entry.value_of(Field::MaxDelaySeconds.name())) {
            let message = format!(
                "'{}' must be greater than '{}', {}",
                Field::MaxDelaySeconds.name(),
                Field::IntervalSeconds.name(),
                retrier.interval_seconds
            );
            ctx.report(Some(node), node.range(), message);
        }
    }
}
