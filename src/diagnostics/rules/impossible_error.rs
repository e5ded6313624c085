//! An error of DynamoDB under a name that the task never gives it.

use super::unknown_error_name::error_names;
use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::spec::resource::{self, DYNAMODB_ERROR_PREFIXES, DYNAMODB_ERRORS};
use crate::spec::{Pattern, ServiceKind};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "impossible-error",
    code: "impossible-error",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds names of DynamoDB's errors in `ErrorEquals` that this task never reports.",
    doc: "The optimized integration (`arn:aws:states:::dynamodb:…`) reports errors as `DynamoDB.…`, the AWS SDK integration (`arn:aws:states:::aws-sdk:dynamodb:…`) as `DynamoDb.…`. A request that DynamoDB refuses is `DynamoDB.AmazonDynamoDBException` for the one and `DynamoDb.DynamoDbException` for the other, never `ValidationException`. An entry for another name never matches.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}}, "Catch": [{"ErrorEquals": ["DynamoDb.ResourceNotFoundException"], "Next": "B"}], "Next": "B"}, "B": {"Type": "Succeed"}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}}, "Catch": [{"ErrorEquals": ["DynamoDB.ResourceNotFoundException"], "Next": "B"}], "Next": "B"}, "B": {"Type": "Succeed"}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    let Some(resource) = view.resource else { return };
    // What a function, another execution or an API reports is its own affair.
    let is_open = matches!(resource.kind, ServiceKind::LambdaFunction | ServiceKind::Activity)
        || resource.pattern != Pattern::RequestResponse
        || OPEN_SERVICES.contains(&resource.service);
    if is_open {
        return;
    }
    for name in error_names(view) {
        let text = name.text().unwrap_or_default();
        let is_bare = resource.is_dynamodb() && DYNAMODB_ERRORS.iter().any(|(known, ..)| *known == text);
        let (prefix, error) = match text.split_once('.') {
            Some(parts) => parts,
            None if is_bare => (resource::DYNAMODB, &*text),
            None => continue,
        };
        if !prefix.eq_ignore_ascii_case(resource::DYNAMODB) {
            continue;
        }
        if !resource.is_dynamodb() {
            ctx.report(
                Some(name),
                name.range(),
                format!("{} reports no errors of DynamoDB", resource.service),
            );
            continue;
        }
        let right = DYNAMODB_ERROR_PREFIXES.iter().find(|(kind, _)| *kind == resource.kind);
        let Some((_, right)) = right else { continue };
        let refused = DYNAMODB_ERRORS
            .iter()
            .find(|(known, only, _)| *only == Some(resource.kind) && REFUSALS.contains(known));
        let refused = refused.map_or("", |(name, ..)| name);
        let expected = if REFUSALS.contains(&error) { refused } else { error };
        let expected = format!("{right}{expected}");
        if expected != text {
            let kind = if resource.kind == ServiceKind::Sdk { "AWS SDK" } else { "optimized" };
            let message = format!("The {kind} integration reports this error as {expected}");
            ctx.report(Some(name), name.range(), message);
        }
    }
}

/// The names of a request that DynamoDB refuses: the API's own and those of the two integrations.
const REFUSALS: [&str; 3] = ["ValidationException", "AmazonDynamoDBException", "DynamoDbException"];
/// Services that report errors of others.
const OPEN_SERVICES: [&str; 5] = ["lambda", "states", "sfn", "http", "apigateway"];

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn of_both_integrations() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Next": "B", "Parameters": {"TableName": "Orders", "Key.$": "$.k"},
"Retry": [{"ErrorEquals": ["DynamoDb.ThrottlingException", "DynamoDB.ValidationException", "Dynamodb.InternalServerError", "DynamoDB.AmazonDynamoDBException"]}]},
"B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem", "Next": "C", "Parameters": {"TableName": "Orders", "Key.$": "$.k"},
"Retry": [{"ErrorEquals": ["DynamoDB.ThrottlingException", "DynamoDb.DynamoDbException"]}]},
"C": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true, "Retry": [{"ErrorEquals": ["DynamoDB.ThrottlingException"]}]}"#,
            expect![[r#"
                "Retry": [{"ErrorEquals": ["DynamoDb.ThrottlingException", "DynamoDB.ValidationException", "Dynamodb.InternalServerError", "DynamoDB.AmazonDynamoDBException"]}]},
                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                warning impossible-error: The optimized integration reports this error as DynamoDB.ThrottlingException
                "Retry": [{"ErrorEquals": ["DynamoDb.ThrottlingException", "DynamoDB.ValidationException", "Dynamodb.InternalServerError", "DynamoDB.AmazonDynamoDBException"]}]},
                                                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                warning impossible-error: The optimized integration reports this error as DynamoDB.AmazonDynamoDBException
                "Retry": [{"ErrorEquals": ["DynamoDb.ThrottlingException", "DynamoDB.ValidationException", "Dynamodb.InternalServerError", "DynamoDB.AmazonDynamoDBException"]}]},
                                                                                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                warning impossible-error: The optimized integration reports this error as DynamoDB.InternalServerError
                "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem", "Next": "C", "Parameters": {"TableName": "Orders", "Key.$": "$.k"},
                                                                                                                                                             ^^
                warning impossible-path: `$.k` leads to nothing: `$` has only `Item`, `SdkHttpMetadata`, `SdkResponseMetadata` here.
                "Retry": [{"ErrorEquals": ["DynamoDB.ThrottlingException", "DynamoDb.DynamoDbException"]}]},
                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                warning impossible-error: The AWS SDK integration reports this error as DynamoDb.ThrottlingException
                "C": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true, "Retry": [{"ErrorEquals": ["DynamoDB.ThrottlingException"]}]}
                                                                                                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                warning impossible-error: sqs reports no errors of DynamoDB
            "#]],
        );
    }
}
