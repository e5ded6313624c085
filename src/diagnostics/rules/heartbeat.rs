//! A heartbeat that comes too late.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::{NumberField, StateBody};
use crate::spec::Field;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "heartbeat",
    code: "heartbeat",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds `HeartbeatSeconds` that are not less than `TimeoutSeconds`.",
    doc: "The task fails with `States.Timeout` before a heartbeat is missed.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"Token.$": "$$.Task.Token"}, "TimeoutSeconds": 60, "HeartbeatSeconds": 60, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"Token.$": "$$.Task.Token"}, "TimeoutSeconds": 60, "HeartbeatSeconds": 20, "End": true}}}"#,
    link: "https://states-language.net/spec.html#task-state",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    let StateBody::Task(task) = &view.state.body else { return };
    let seconds = |field: &Option<NumberField>| match field {
        Some(NumberField::Literal(number)) => number.as_f64(),
        _ => None,
    };
    let (Some(timeout), Some(heartbeat)) = (seconds(&task.timeout_seconds), seconds(&task.heartbeat_seconds))
    else {
        return;
    };
    if heartbeat >= timeout
        && let Some(node) = view.node.value_of(Field::HeartbeatSeconds.name())
    {
        let (field, limit) = (Field::HeartbeatSeconds.name(), Field::TimeoutSeconds.name());
        ctx.report(Some(node), node.range(), format!("'{field}' must be less than '{limit}', {timeout}"));
    }
}
