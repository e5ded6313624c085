//! An error of DynamoDB as the other integration spells it: `DynamoDb.` for the AWS SDK, `DynamoDB.` for the optimized
//! one.

use super::scene::Scene;
use super::{CodeAction, CodeActionKind};
use crate::ide::context::Role;
use crate::spec::resource::{DYNAMODB_ERROR_PREFIXES, DYNAMODB_ERRORS};
use crate::spec::{Resource, ServiceKind, ValueKind};
use crate::syntax::edit::replace_text;
use crate::text::TextRange;

pub(super) fn actions(scene: &Scene<'_>, acc: &mut Vec<CodeAction>) {
    let is_error = matches!(scene.ctx.role, Role::Element(spec) if spec.value == ValueKind::ErrorNames);
    let Some(name) = scene.node.text().filter(|_| is_error) else { return };
    let arn = scene.arn();
    let Some(resource) = arn.as_deref().and_then(Resource::parse).filter(Resource::is_dynamodb) else {
        return;
    };
    let own = DYNAMODB_ERROR_PREFIXES.iter().find(|(kind, _)| *kind == resource.kind);
    let Some((_, prefix)) = own else { return };
    let Some((written, rest)) = name.split_once('.') else { return };
    // Whatever the case: `dynamodb.` is neither.
    let is_meant = format!("{written}.").eq_ignore_ascii_case(prefix);
    let right = format!("{prefix}{}", own_name(rest, resource.kind));
    if !is_meant || right == name {
        return;
    }
    let whole = TextRange::from_usize(0..name.len());
    acc.push(CodeAction {
        title: format!("Change to \"{right}\""),
        kind: CodeActionKind::QuickFix,
        fixes: &["impossible-error", "unknown-error-name"],
        range: scene.node.range(),
        is_preferred: true,
        edits: replace_text(scene.node, whole, &right).into_iter().collect(),
        disabled: None,
    });
}

/// The name of an error in an integration, also of the one that is called differently in the other.
fn own_name(name: &str, kind: ServiceKind) -> &str {
    let errors = DYNAMODB_ERRORS.iter();
    let Some((_, Some(only), meaning)) = errors.clone().find(|(error, ..)| *error == name) else {
        return name;
    };
    if *only == kind {
        return name;
    }
    let mut twins = errors.filter(|(_, other, same)| *other == Some(kind) && same == meaning);
    twins.next().map_or(name, |(twin, ..)| *twin)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::ide::code_actions::testing::check;

    #[track_caller]
    fn check_name(arn: &str, name: &str, expected: Expect) {
        check(
            &format!(
                r#"{{"States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::{arn}", "Catch": [{{"ErrorEquals": ["<|>{name}"]}}]}}}}}}"#
            ),
            "Change to",
            expected,
        );
    }

    #[test]
    fn by_the_integration_of_the_task() {
        check_name(
            "dynamodb:putItem",
            "DynamoDb.ConditionalCheckFailedException",
            expect![[
                r#"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Catch": [{"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"]}]}}}"#
            ]],
        );
        check_name(
            "aws-sdk:dynamodb:putItem",
            "DynamoDB.AmazonDynamoDBException",
            expect![[
                r#"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:putItem", "Catch": [{"ErrorEquals": ["DynamoDb.DynamoDbException"]}]}}}"#
            ]],
        );
        check_name("dynamodb:putItem", "DynamoDB.ConditionalCheckFailedException", expect!["not offered"]);
        check_name("sqs:sendMessage", "DynamoDb.X", expect!["not offered"]);
    }
}
