//! An action that DynamoDB's optimized integration does not have: call it through the AWS SDK.

use super::scene::Scene;
use super::{CodeAction, CodeActionKind};
use crate::ide::context::Role;
use crate::spec::resource::SDK_PREFIX;
use crate::spec::{Resource, ServiceKind, ValueKind, dynamodb};
use crate::syntax::edit::replace_text;
use crate::text::TextRange;

pub(super) fn actions(scene: &Scene<'_>, acc: &mut Vec<CodeAction>) {
    let is_resource = matches!(scene.ctx.role, Role::Field(spec) if spec.value == ValueKind::Resource);
    let Some(arn) = scene.node.text().filter(|_| is_resource) else { return };
    let Some(resource) = Resource::parse(&arn).filter(Resource::is_dynamodb) else { return };
    let lower = |name: &str| name.to_ascii_lowercase();
    // The spelling counts: `GetItem` and `getitem` are none.
    let Some(action) = dynamodb::sdk_actions().find(|name| lower(name) == lower(resource.action)) else {
        return;
    };
    let is_optimized = dynamodb::is_optimized(action);
    let right = match resource.kind {
        ServiceKind::Optimized if is_optimized => arn.replace(resource.action, action),
        _ => format!("{SDK_PREFIX}{}:{action}{}", resource.service, resource.pattern.suffix()),
    };
    if right == *arn {
        return;
    }
    let whole = TextRange::from_usize(0..arn.len());
    acc.push(CodeAction {
        title: format!("Change to \"{right}\""),
        kind: CodeActionKind::QuickFix,
        fixes: &["SCHEMA_VALIDATION_FAILED", "dynamodb-action"],
        range: scene.node.range(),
        is_preferred: true,
        edits: replace_text(scene.node, whole, &right).into_iter().collect(),
        disabled: None,
    });
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::ide::code_actions::testing::check;

    #[track_caller]
    fn check_arn(arn: &str, expected: Expect) {
        check(
            &format!(r#"{{"States": {{"A": {{"Type": "Task", "Resource": "{arn}<|>"}}}}}}"#),
            "Change to",
            expected,
        );
    }

    #[test]
    fn what_the_optimized_integration_lacks() {
        check_arn(
            "arn:aws:states:::dynamodb:query",
            expect![[
                r#"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query"}}}"#
            ]],
        );
        check_arn(
            "arn:aws:states:::dynamodb:GetItem",
            expect![[
                r#"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem"}}}"#
            ]],
        );
        check_arn(
            "arn:aws:states:::aws-sdk:dynamodb:Query",
            expect![[
                r#"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query"}}}"#
            ]],
        );
        check_arn("arn:aws:states:::dynamodb:getItem", expect!["not offered"]);
    }
}
