//! Whole states, DynamoDB's actions first, and whole state machines.

use super::{CompletionKind, Draft, Insert, Item, Key, Scene, field, parameter, state_name};
use crate::ide::doc;
use crate::spec::dynamodb::parameter as name;
use crate::spec::dynamodb::{action, operation_name, optimized_actions};
use crate::spec::resource::{DYNAMODB, OPTIMIZED_PREFIX, SDK_PREFIX};
use crate::spec::service::COMMON_CALLS;
use crate::spec::{Field, ObjectSpec, Owner, QueryLanguage, Resource, StateKind};
use crate::syntax::Node;

/// States to be put into a `States` object.
pub(super) fn states(scene: &Scene<'_>, object: Node<'_>) -> Vec<Item> {
    let mut actions: Vec<&ObjectSpec> = optimized_actions().collect();
    // Writing an item comes before reading it.
    actions.sort_by_key(|action| action.parameter(name::ITEM).is_none());
    let dynamodb = actions.into_iter().map(|action| task(scene, object, action, OPTIMIZED_PREFIX));
    let common = COMMON_SDK_ACTIONS.iter().filter_map(|name| action(name));
    let sdk = common.map(|action| task(scene, object, action, SDK_PREFIX));
    let calls = COMMON_CALLS.iter().map(|(label, name, arn)| call(scene, object, label, name, arn));
    let plain = StateKind::ALL.into_iter().map(|kind| state(scene, object, kind));
    dynamodb.chain(sdk).chain(calls).chain(plain).collect()
}

/// The actions of the AWS SDK integration that have a snippet.
const COMMON_SDK_ACTIONS: &[&str] = &["query", "scan", "batchWriteItem", "transactWriteItems"];

fn arguments_field(scene: &Scene<'_>) -> Field {
    match scene.ctx.language {
        QueryLanguage::JsonPath => Field::Parameters,
        QueryLanguage::Jsonata => Field::Arguments,
    }
}

/// A Task that calls what an ARN names, with what that needs.
fn call(scene: &Scene<'_>, object: Node<'_>, label: &str, name: &str, arn: &str) -> Item {
    let resource = Resource::parse(arn);
    let parameters = resource.map(|resource| parameter::required(scene, &resource));
    let mut members = vec![
        member(Field::Type, Draft::Fixed(StateKind::Task.name().to_owned())),
        member(Field::Resource, Draft::Fixed(arn.to_owned())),
    ];
    members.extend(parameters.map(|draft| member(arguments_field(scene), draft)));
    members.push(onward(scene));
    Item {
        label: label.to_owned(),
        kind: CompletionKind::Snippet,
        detail: Some("Task".to_owned()),
        documentation: doc::resource(arn).unwrap_or_default().into(),
        insert: Insert::Member(Key::Hole(new_name(scene, object, name)), Draft::Object(members)),
    }
}

/// A Task that calls an action of DynamoDB.
fn task(scene: &Scene<'_>, object: Node<'_>, action: &ObjectSpec, prefix: &str) -> Item {
    let arn = format!("{prefix}{DYNAMODB}:{}", action.name);
    call(scene, object, &format!("DynamoDB {}", action.name), &operation_name(action.name), &arn)
}

fn state(scene: &Scene<'_>, object: Node<'_>, kind: StateKind) -> Item {
    let draft = field::object(scene, Owner::State(kind), 0);
    let Draft::Object(members) = draft else { return value_state(kind, draft) };
    let mut members: Vec<(String, Draft)> = members
        .into_iter()
        .filter(|(key, _)| key != Field::Next.name() && key != Field::End.name())
        .map(|(key, draft)| match Field::from_name(&key) {
            Some(Field::Type) => member(Field::Type, Draft::Fixed(kind.name().to_owned())),
            _ => (key, draft),
        })
        .collect();
    if kind == StateKind::Fail {
        members.push(member(Field::Error, Draft::Text("Failed".to_owned())));
        members.push(member(Field::Cause, Draft::Text(String::new())));
    }
    if !kind.is_terminal() && kind != StateKind::Choice {
        members.push(onward(scene));
    }
    let name = new_name(scene, object, kind.name());
    Item {
        label: kind.name().to_owned(),
        kind: CompletionKind::Snippet,
        detail: Some("state".to_owned()),
        documentation: doc::state_kind(kind).into(),
        insert: Insert::Member(Key::Hole(name), Draft::Object(members)),
    }
}

fn value_state(kind: StateKind, draft: Draft) -> Item {
    Item {
        label: kind.name().to_owned(),
        kind: CompletionKind::Snippet,
        detail: Some("state".to_owned()),
        documentation: doc::state_kind(kind).into(),
        insert: Insert::Member(Key::Hole(kind.name().to_owned()), draft),
    }
}

/// Where a new state goes: to a state that nothing leads to yet, else nowhere.
fn onward(scene: &Scene<'_>) -> (String, Draft) {
    match state_name::next(scene) {
        Some(name) => member(Field::Next, Draft::Text(name)),
        None => member(Field::End, Draft::Raw("true".to_owned())),
    }
}

fn member(field: Field, draft: Draft) -> (String, Draft) {
    (field.name().to_owned(), draft)
}

/// The name of a new state: one that a transition already gives, else one that no state of the scope has.
fn new_name(scene: &Scene<'_>, states: Node<'_>, base: &str) -> String {
    if let Some(name) = state_name::missing(scene) {
        return name;
    }
    let is_free = |name: &String| states.get(name).is_none();
    let numbered = (2..1_000).map(|number| format!("{base}{number}"));
    std::iter::once(base.to_owned()).chain(numbered).find(is_free).unwrap_or_else(|| base.to_owned())
}

/// State machines for an empty document.
pub(super) fn machines() -> Vec<Item> {
    let name = "First";
    let end = member(Field::End, Draft::Raw("true".to_owned()));
    let pass = Draft::Object(vec![member(Field::Type, Draft::Text(StateKind::Pass.name().to_owned())), end]);
    let machine = Draft::Object(vec![
        member(Field::Comment, Draft::Text(String::new())),
        member(Field::StartAt, Draft::Text(name.to_owned())),
        member(Field::States, Draft::Object(vec![(name.to_owned(), pass)])),
    ]);
    vec![Item {
        label: "State machine".to_owned(),
        kind: CompletionKind::Snippet,
        detail: Some("with one state".to_owned()),
        documentation: format!(
            "A state machine: where it starts, and its states.\n\n{}",
            doc::link(Owner::Machine.link())
        )
        .into(),
        insert: Insert::Value(machine),
    }]
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::testing::{check, check_edit, check_yaml_edit};

    #[test]
    fn whole_states() {
        let text = "{\n  \"StartAt\": \"Put\",\n  \"States\": {\n    \"Put\": {\n      \"Type\": \"Task\",\n      \"Resource\": \"arn:aws:states:::dynamodb:putItem\",\n      \"Parameters\": {\n        \"TableName\": \"Orders\",\n        \"Item\": {\n          \"OrderId\": { \"S\": \"1\" }\n        }\n      },\n      \"Next\": \"Get\"\n    },\n    <|>\n    \"Last\": {\n      \"Type\": \"Succeed\"\n    }\n  }\n}\n";
        check(
            text,
            20,
            expect![
                "DynamoDB putItem, DynamoDB getItem, DynamoDB updateItem, DynamoDB deleteItem, DynamoDB query, DynamoDB scan, DynamoDB batchWriteItem, DynamoDB transactWriteItems, Lambda invoke, Step Functions startExecution, SQS sendMessage, SNS publish, EventBridge putEvents, Task, Pass, Choice, Wait, Succeed, Fail, Parallel … 1 more"
            ],
        );
        check_edit(
            text,
            "DynamoDB getItem",
            expect![[r#"
            {
              "StartAt": "Put",
              "States": {
                "Put": {
                  "Type": "Task",
                  "Resource": "arn:aws:states:::dynamodb:putItem",
                  "Parameters": {
                    "TableName": "Orders",
                    "Item": {
                      "OrderId": { "S": "1" }
                    }
                  },
                  "Next": "Get"
                },
                "Get": {
                  "Type": "Task",
                  "Resource": "arn:aws:states:::dynamodb:getItem",
                  "Parameters": {
                    "TableName": "Orders",
                    "Key": {
                      "OrderId": { "S": "" }
                    }
                  },
                  "Next": "Last"
                },
                "Last": {
                  "Type": "Succeed"
                }
              }
            }
        "#]],
        );
        check_edit(
            "{\"States\": {<|>}}",
            "DynamoDB updateItem",
            expect![[r##"
        {"States": {"UpdateItem": {
          "Type": "Task",
          "Resource": "arn:aws:states:::dynamodb:updateItem",
          "Parameters": {
            "TableName": "",
            "Key": {
              "id": { "S": "" }
            },
            "UpdateExpression": "SET #name = :value",
            "ExpressionAttributeNames": { "#name": "name" },
            "ExpressionAttributeValues": { ":value": { "S": "" } }
          },
          "End": true
        }}}"##]],
        );
        check_edit(
            "{\"QueryLanguage\": \"JSONata\", \"States\": {<|>}}",
            "DynamoDB deleteItem",
            expect![[r#"
        {"QueryLanguage": "JSONata", "States": {"DeleteItem": {
          "Type": "Task",
          "Resource": "arn:aws:states:::dynamodb:deleteItem",
          "Arguments": {
            "TableName": "",
            "Key": {
              "id": { "S": "" }
            }
          },
          "End": true
        }}}"#]],
        );
        check_edit(
            "{\"States\": {\"<|>\"}}",
            "Choice",
            expect![[r#"
        {"States": {"Choice": {
          "Type": "Choice",
          "Choices": [
            {
              "Variable": "$.",
              "StringEquals": "",
              "Next": ""
            }
          ]
        }}}"#]],
        );
        check_edit(
            "{\"States\": {\"Map\": {\"Type\": \"Pass\"}, <|>}}",
            "Map",
            expect![[r#"
        {"States": {"Map": {"Type": "Pass"}, "Map2": {
          "Type": "Map",
          "ItemProcessor": {
            "StartAt": "First",
            "States": {
              "First": {
                "Type": "Pass",
                "End": true
              }
            }
          },
          "Next": "Map"
        }}}"#]],
        );
        check_edit(
            "<|>",
            "State machine",
            expect![[r#"
        {
          "Comment": "",
          "StartAt": "First",
          "States": {
            "First": {
              "Type": "Pass",
              "End": true
            }
          }
        }"#]],
        );
    }

    #[test]
    fn yaml_whole_states() {
        check_yaml_edit(
            "StartAt: A\nStates:\n  <|>\n",
            "DynamoDB putItem",
            expect![[r#"
            StartAt: A
            States:
              A:
                Type: Task
                Resource: arn:aws:states:::dynamodb:putItem
                Parameters:
                  TableName: ''
                  Item:
                    id: { S: '' }
                End: true
        "#]],
        );
    }

    #[test]
    fn snippets_of_other_tasks() {
        let machine = "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    <|>\n  }\n}";
        check_edit(
            machine,
            "DynamoDB query",
            expect![[r##"
        {
          "StartAt": "A",
          "States": {
            "A": {
              "Type": "Task",
              "Resource": "arn:aws:states:::aws-sdk:dynamodb:query",
              "Parameters": {
                "TableName": "",
                "KeyConditionExpression": "#key = :value",
                "ExpressionAttributeNames": { "#key": "id" },
                "ExpressionAttributeValues": { ":value": { "S": "" } }
              },
              "End": true
            }
          }
        }"##]],
        );
        check_edit(
            machine,
            "Lambda invoke",
            expect![[r#"
        {
          "StartAt": "A",
          "States": {
            "A": {
              "Type": "Task",
              "Resource": "arn:aws:states:::lambda:invoke",
              "Parameters": {
                "FunctionName": "",
                "Payload.$": "$"
              },
              "End": true
            }
          }
        }"#]],
        );
    }
}
