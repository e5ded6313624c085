//! Names of errors in `ErrorEquals`: those of the service that the task calls, spelled as its integration spells
//! them, then the reserved ones.

use super::{CompletionKind, Draft, Insert, Item, Scene};
use crate::ide::context::state_kind;
use crate::ide::doc;
use crate::spec::resource::{DYNAMODB_ERROR_PREFIXES, DYNAMODB_ERRORS, SERVICE_ERRORS};
use crate::spec::{CatchScope, ERROR_NAMES, ErrorName, Resource, StateKind};
use crate::syntax::{Member, Node};

/// The names that the array does not have yet.
pub(super) fn names(scene: &Scene<'_>, array: Option<Node<'_>>) -> Vec<Item> {
    let has = |name: &str| {
        array.is_some_and(|array| array.elements().any(|it| it.text().is_some_and(|text| text == name)))
    };
    all(scene)
        .into_iter()
        .filter(|name| !has(name))
        .map(|name| Item {
            kind: CompletionKind::ErrorName,
            detail: None,
            documentation: doc::error_name(&name)
                .unwrap_or_else(|| "An error that the service reports.".to_owned())
                .into(),
            insert: Insert::Value(Draft::Fixed(name.clone())),
            label: name,
        })
        .collect()
}

/// The same as arrays of one name, where there is no array yet.
pub(super) fn lists(scene: &Scene<'_>) -> Vec<Item> {
    let list = |item: Item| Item {
        insert: Insert::Value(Draft::InlineArray(vec![Draft::Text(item.label.clone())])),
        ..item
    };
    names(scene, None).into_iter().map(list).collect()
}

fn all(scene: &Scene<'_>) -> Vec<String> {
    let kind = scene.ctx.state.and_then(Member::value).and_then(state_kind);
    names_of_errors(scene.ctx.resource().as_deref(), kind)
}

/// The names that a state of a type and with a resource may catch.
pub(in crate::ide) fn names_of_errors(arn: Option<&str>, kind: Option<StateKind>) -> Vec<String> {
    let resource = arn.and_then(Resource::parse);
    let mut names = Vec::new();
    if let Some(resource) = resource.filter(Resource::is_dynamodb)
        && let Some((kind, prefix)) = DYNAMODB_ERROR_PREFIXES.iter().find(|(kind, _)| *kind == resource.kind)
    {
        let own = DYNAMODB_ERRORS.iter().filter(|(_, only, _)| only.is_none_or(|only| only == *kind));
        names.extend(own.map(|(name, _, _)| format!("{prefix}{name}")));
    }
    let others =
        SERVICE_ERRORS.iter().filter(|(service, _)| resource.is_some_and(|it| it.service == *service));
    names.extend(others.flat_map(|(_, errors)| errors.iter().map(|(name, _)| (*name).to_owned())));
    // What nothing catches is of no use here.
    let reserved = ERROR_NAMES.iter().filter(|error| error.catch != CatchScope::Nothing);
    names.extend(reserved.filter(|error| can_raise(kind, error)).map(|error| error.name.to_owned()));
    names
}

/// Whether a state of a type can raise an error; any may, where the type is not known.
fn can_raise(kind: Option<StateKind>, error: &ErrorName) -> bool {
    match error.name {
        ErrorName::BRANCH_FAILED => kind.is_none_or(|kind| kind == StateKind::Parallel),
        ErrorName::EXCEED_TOLERATED_FAILURE_THRESHOLD
        | ErrorName::ITEM_READER_FAILED
        | ErrorName::RESULT_WRITER_FAILED => kind.is_none_or(|kind| kind == StateKind::Map),
        ErrorName::HEARTBEAT_TIMEOUT => kind.is_none_or(|kind| kind == StateKind::Task),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::testing::{check, check_edit, check_yaml_edit, state, task};

    #[test]
    fn names_of_errors() {
        let catch = |action: &str, names: &str| {
            task(action, "{}").replace(
                "\"End\"",
                &format!("\"Catch\": [{{\"ErrorEquals\": {names}, \"Next\": \"B\"}}], \"End\""),
            )
        };
        check(
            &catch("dynamodb:putItem", "[\"<|>\"]"),
            2,
            expect![
                "DynamoDB.ConditionalCheckFailedException, DynamoDB.ProvisionedThroughputExceededException … 19 more"
            ],
        );
        check(
            &catch("aws-sdk:dynamodb:putItem", "[<|>]"),
            2,
            expect![
                "DynamoDb.ConditionalCheckFailedException, DynamoDb.ProvisionedThroughputExceededException … 20 more"
            ],
        );
        check(
            &catch("lambda:invoke", "[\"States.ALL\", <|>]"),
            2,
            expect!["Lambda.ServiceException, Lambda.AWSLambdaException … 15 more"],
        );
        check(
            &catch("lambda:invoke", "<|>"),
            2,
            expect!["Lambda.ServiceException, Lambda.AWSLambdaException … 16 more"],
        );
        check_edit(
            &catch("lambda:invoke", "[\"States.T<|>\" \"X\"]"),
            "States.Timeout",
            expect![[
                r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {}, "Catch": [{"ErrorEquals": ["States.Timeout", "X"], "Next": "B"}], "End": true}, "B": {"Type": "Succeed"}}}"#
            ]],
        );
    }

    #[test]
    fn yaml_error_names() {
        check_yaml_edit(
            "StartAt: A\nStates:\n  A:\n    Type: Task\n    Retry:\n      - ErrorEquals:\n          - <|>\n",
            "States.Timeout",
            expect![[r#"
            StartAt: A
            States:
              A:
                Type: Task
                Retry:
                  - ErrorEquals:
                      - States.Timeout
        "#]],
        );
    }

    #[test]
    fn names_of_errors_that_the_state_can_raise() {
        let catch = |body: &str| state(&format!(r#"{body}, "Catch": [{{"ErrorEquals": ["<|>"]}}]"#));
        check(
            &catch(r#""Type": "Parallel""#),
            20,
            expect![
                "States.ALL, States.TaskFailed, States.Timeout, States.Permissions, States.QueryEvaluationError, States.BranchFailed, States.Http.Socket, States.IntrinsicFailure, States.NoChoiceMatched, States.ParameterPathFailure, States.ResultPathMatchFailure, States.DataLimitExceeded"
            ],
        );
        check(
            &catch(r#""Type": "Task", "Resource": "arn:aws:states:::lambda:invoke""#),
            3,
            expect![
                "Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException … 15 more"
            ],
        );
    }
}
