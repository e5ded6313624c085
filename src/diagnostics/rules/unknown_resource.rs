//! `Resource` names nothing that a Task can call.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::StateBody;
use crate::semantic::is_unknown_sdk_action;
use crate::spec::dynamodb::{optimized_actions, sdk_actions};
use crate::spec::{Field, ServiceKind, resource};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "unknown-resource",
    code: crate::diagnostics::SCHEMA_VALIDATION_FAILED,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds a `Resource` that is no ARN, or names an integration that does not exist.",
    doc: "DynamoDB has four optimized integrations: `getItem`, `putItem`, `updateItem` and `deleteItem`. All its other actions are called through the AWS SDK integration: `arn:aws:states:::aws-sdk:dynamodb:query`.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:query", "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    let StateBody::Task(task) = &view.state.body else { return };
    let arn = &task.resource;
    let misspelt = view
        .resource
        .filter(is_unknown_sdk_action)
        .and_then(|parts| sdk_actions().find(|known| known.eq_ignore_ascii_case(parts.action)));
    if view.resource.is_some_and(|parts| parts.is_known()) && misspelt.is_none() {
        return;
    }
    let Some(node) = view.node.value_of(Field::Resource.name()) else { return };
    if !node.is_string() || arn.contains("${") {
        return;
    }
    let Some(parts) = view.resource else {
        ctx.report(Some(node), node.range(), "Value is not a valid resource ARN");
        return;
    };
    let mut message = format!(
        "The resource provided {arn} is not recognized. The value is not a valid resource ARN, \
         or the resource is not available in this region."
    );
    if parts.service == resource::DYNAMODB && parts.kind == ServiceKind::Optimized {
        let known = optimized_actions().find(|action| action.name.eq_ignore_ascii_case(parts.action));
        message += &match known {
            Some(action) => format!(" The action is written '{}'.", action.name),
            None => format!(" Use {}{}:{}.", resource::SDK_PREFIX, parts.service, parts.action),
        };
    }
    if let Some(service) = parts.sdk_service() {
        message += &format!(" The service is written '{service}'.");
    } else if parts.kind == ServiceKind::Sdk
        && parts.action.starts_with(|first: char| first.is_ascii_uppercase())
    {
        message += " The action begins with a small letter.";
    }
    if let Some(known) = misspelt {
        message += &format!(" The action is written '{known}'.");
    }
    ctx.report(Some(node), node.range(), message);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn query_and_spelling() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:query", "Next": "B"},
"B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:PutItem", "Next": "C"},
"C": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem.sync", "Next": "D"},
"D": {"Type": "Task", "Resource": "getItem", "End": true}"#,
            expect![[r#"
                "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:query", "Next": "B"},
                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                error SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::dynamodb:query is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. Use arn:aws:states:::aws-sdk:dynamodb:query.
                "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:PutItem", "Next": "C"},
                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                error SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::dynamodb:PutItem is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. The action is written 'putItem'.
                "C": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem.sync", "Next": "D"},
                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                error SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::dynamodb:getItem.sync is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. The action is written 'getItem'.
                "D": {"Type": "Task", "Resource": "getItem", "End": true}
                                                  ^^^^^^^^^
                error SCHEMA_VALIDATION_FAILED: Value is not a valid resource ARN
            "#]],
        );
    }

    #[test]
    fn names_of_sdk_integrations_have_a_form() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:GetObject", "Next": "B"},
"B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:states:startExecution", "Next": "C"},
"C": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:rds-data:executeStatement", "Next": "D"},
"D": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:rdsdata:executeStatement", "End": true}"#,
            expect![[r#"
                "A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:GetObject", "Next": "B"},
                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                error SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::aws-sdk:s3:GetObject is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. The action begins with a small letter.
                "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:states:startExecution", "Next": "C"},
                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                error SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::aws-sdk:states:startExecution is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. The service is written 'sfn'.
                "C": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:rds-data:executeStatement", "Next": "D"},
                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                error SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::aws-sdk:rds-data:executeStatement is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.
            "#]],
        );
    }

    #[test]
    fn callbacks_of_bedrock_and_eks_exist() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::bedrock:invokeModel.waitForTaskToken", "Parameters": {"ModelId": "x", "Body.$": "$$.Task.Token"}, "Next": "B"},
"B": {"Type": "Task", "Resource": "arn:aws:states:::eks:runJob.waitForTaskToken", "Parameters": {"ClusterName": "x", "Job.$": "$$.Task.Token"}, "End": true}"#,
            expect![[""]],
        );
    }
}
