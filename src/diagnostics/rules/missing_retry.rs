//! A DynamoDB task that does not retry when it is throttled.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::spec::resource::{DYNAMODB_ERROR_PREFIXES, THROTTLING};
use crate::spec::{ErrorName, Field, Resource};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "missing-retry",
    code: "missing-retry",
    severity: Severity::Hint,
    since: "0.1.0",
    summary: "Finds DynamoDB tasks without a retrier for throttling.",
    doc: "DynamoDB refuses requests beyond the capacity of a table or account with `ProvisionedThroughputExceededException`, `ThrottlingException` or `RequestLimitExceeded`, which pass by themselves. Retry them with a growing interval.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}}, "Retry": [{"ErrorEquals": ["States.TaskFailed"]}], "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    let Some(resource) = view.resource.filter(Resource::is_dynamodb) else { return };
    let prefix = DYNAMODB_ERROR_PREFIXES.iter().find(|(kind, _)| *kind == resource.kind);
    let Some((_, prefix)) = prefix else { return };
    let takes = |name: &str| {
        name == ErrorName::ALL
            || name == ErrorName::TASK_FAILED
            || name.strip_prefix(prefix).is_some_and(|error| THROTTLING.contains(&error))
    };
    if view.state.retry.iter().any(|retrier| retrier.error_equals.iter().any(|name| takes(name))) {
        return;
    }
    if let Some(node) = view.node.value_of(Field::Resource.name()) {
        let message = format!("The task is not retried when it is throttled ({prefix}{})", THROTTLING[0]);
        ctx.report(Some(node), node.range(), message);
    }
}
