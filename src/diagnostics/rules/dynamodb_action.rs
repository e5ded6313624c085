//! An action of DynamoDB that the AWS SDK does not have.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::semantic::is_unknown_sdk_action;
use crate::spec::Field;
use crate::spec::dynamodb::sdk_actions;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "dynamodb-action",
    code: "dynamodb-action",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds actions in `arn:aws:states:::aws-sdk:dynamodb:…` that DynamoDB does not have.",
    doc: "AWS refuses a definition with an action that it does not know. The names are those of the API with a small first letter: `query`, `transactWriteItems`.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:putItems", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:deleteItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    let Some(resource) = view.resource.filter(is_unknown_sdk_action) else { return };
    // One that differs in case only is refused for certain: there is a rule for that.
    if sdk_actions().any(|known| known.eq_ignore_ascii_case(resource.action)) {
        return;
    }
    if let Some(node) = view.node.value_of(Field::Resource.name()) {
        let message = format!("DynamoDB has no action {}", resource.action);
        ctx.report(Some(node), node.range(), message);
    }
}
