//! `Retry` for errors that pass by themselves, and a `Catch`.

use super::scene::Scene;
use super::{CodeAction, CodeActionKind};
use crate::ide::context::state_kind;
use crate::spec::resource::{DYNAMODB_ERROR_PREFIXES, THROTTLING};
use crate::spec::{ErrorName, Field, Resource, StateKind};
use crate::syntax::edit::{Draft, insert_element, insert_member};
use crate::syntax::{Member, Node};
use crate::text::TextEdit;

pub(super) fn actions(scene: &Scene<'_>, acc: &mut Vec<CodeAction>) {
    let (Some(object), Some(state)) = (scene.state_object(), scene.state) else { return };
    // At the state's name, or at one of its fields that says what it does.
    let openers = [Field::Type, Field::Resource, Field::Retry, Field::Catch];
    let is_at = scene.node == state.key_node()
        || scene.node == object
        || openers
            .iter()
            .filter_map(|field| object.get(field.name()))
            .any(|member| member.key_node() == scene.node || member.value() == Some(scene.node));
    if !is_at || !state_kind(object).is_some_and(StateKind::can_retry) {
        return;
    }
    let mut add = |title: &str, fixes: &'static [&'static str], edit: Option<TextEdit>| {
        acc.push(CodeAction {
            title: title.to_owned(),
            kind: if fixes.is_empty() { CodeActionKind::Rewrite } else { CodeActionKind::QuickFix },
            fixes,
            range: state.node().range(),
            is_preferred: !fixes.is_empty(),
            edits: edit.into_iter().collect(),
            disabled: None,
        });
    };
    if let Some(errors) = throttling(scene, object) {
        let retrier = draft(vec![
            (Field::ErrorEquals, Draft::Array(errors.into_iter().map(Draft::Fixed).collect())),
            (Field::IntervalSeconds, Draft::Raw(1.to_string())),
            (Field::MaxAttempts, Draft::Raw(5.to_string())),
            (Field::BackoffRate, Draft::Raw(2.to_string())),
        ]);
        add(
            "Retry when DynamoDB is throttled",
            &["missing-retry"],
            append(scene, object, Field::Retry, retrier),
        );
    }
    if object.get(Field::Catch.name()).is_none()
        && let Some(next) = target(state)
    {
        let catcher = draft(vec![
            (Field::ErrorEquals, Draft::InlineArray(vec![Draft::Fixed(ErrorName::ALL.to_owned())])),
            (Field::Next, Draft::Fixed(next)),
        ]);
        add("Catch all errors", &[], append(scene, object, Field::Catch, catcher));
    }
}

fn draft(members: Vec<(Field, Draft)>) -> Draft {
    Draft::Object(members.into_iter().map(|(field, draft)| (field.name().to_owned(), draft)).collect())
}

/// The throttling errors of the task, as its integration spells them, if none of them is retried.
fn throttling(scene: &Scene<'_>, object: Node<'_>) -> Option<Vec<String>> {
    let arn = scene.arn()?;
    let resource = Resource::parse(&arn).filter(Resource::is_dynamodb)?;
    let (_, prefix) = DYNAMODB_ERROR_PREFIXES.iter().find(|(kind, _)| *kind == resource.kind)?;
    let errors: Vec<String> = THROTTLING.iter().map(|name| format!("{prefix}{name}")).collect();
    let catch_all = [ErrorName::ALL, ErrorName::TASK_FAILED];
    let is_retried =
        object.value_of(Field::Retry.name()).into_iter().flat_map(Node::elements).any(|retrier| {
            let names = retrier.value_of(Field::ErrorEquals.name()).into_iter().flat_map(Node::elements);
            names
                .filter_map(Node::text)
                .any(|name| catch_all.contains(&&*name) || errors.contains(&name.into_owned()))
        });
    (!is_retried).then_some(errors)
}

/// The edit that adds to an array of the state, or makes it.
fn append(scene: &Scene<'_>, object: Node<'_>, field: Field, element: Draft) -> Option<TextEdit> {
    match object.value_of(field.name()).filter(|it| it.is_array()) {
        Some(array) => {
            // One for all errors has to stay the last.
            let is_for_all = |it: &Node<'_>| it.raw().contains(ErrorName::ALL);
            let last = array.elements().filter(|it| !is_for_all(it)).last();
            let is_first = last.is_none() && array.elements().next().is_some();
            if is_first { None } else { insert_element(scene.parse(), array, last, &element) }
        }
        None => {
            let before = [Field::Next, Field::End].iter().find_map(|field| object.get(field.name()));
            let members: Vec<Member<'_>> = object.members().collect();
            let at = members.iter().position(|it| before.is_some_and(|before| before.node() == it.node()));
            let after = at.and_then(|at| at.checked_sub(1)).and_then(|at| members.get(at)).copied();
            insert_member(scene.parse(), object, after, field.name(), &Draft::Array(vec![element]))
        }
    }
}

/// Another state of the scope, to be caught in: one that fails, if there is one, else the last.
fn target(state: Member<'_>) -> Option<String> {
    let states = state.node().parent()?;
    let others = || states.members().filter(|it| it.node() != state.node());
    let fails = |it: &Member<'_>| it.value().and_then(state_kind) == Some(StateKind::Fail);
    Some(others().find(fails).or_else(|| others().last())?.key().into_owned())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::code_actions::testing::check;

    #[test]
    fn throttling_is_retried() {
        check(
            r#"{
  "States": {
    "A<|>": {
      "Type": "Task",
      "Resource": "arn:aws:states:::aws-sdk:dynamodb:query",
      "End": true
    }
  }
}"#,
            "Retry",
            expect![[r#"
                {
                  "States": {
                    "A": {
                      "Type": "Task",
                      "Resource": "arn:aws:states:::aws-sdk:dynamodb:query",
                      "Retry": [
                        {
                          "ErrorEquals": [
                            "DynamoDb.ProvisionedThroughputExceededException",
                            "DynamoDb.ThrottlingException",
                            "DynamoDb.RequestLimitExceeded"
                          ],
                          "IntervalSeconds": 1,
                          "MaxAttempts": 5,
                          "BackoffRate": 2
                        }
                      ],
                      "End": true
                    }
                  }
                }"#]],
        );
    }

    #[test]
    fn not_twice() {
        check(
            r#"{"States": {"A<|>": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Retry": [{"ErrorEquals": ["States.ALL"]}]}}}"#,
            "Retry",
            expect!["not offered"],
        );
    }

    #[test]
    fn errors_are_caught() {
        check(
            r#"{"States": {"A": {"Type": "<|>Map", "End": true}, "F": {"Type": "Fail"}, "B": {"Type": "Pass"}}}"#,
            "Catch",
            expect![[r#"
                {"States": {"A": {"Type": "Map", "Catch": [
                  {
                    "ErrorEquals": ["States.ALL"],
                    "Next": "F"
                  }
                ], "End": true}, "F": {"Type": "Fail"}, "B": {"Type": "Pass"}}}"#]],
        );
    }
}
