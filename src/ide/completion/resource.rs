//! Resources: what a Task may call, DynamoDB first.

use super::{CompletionKind, Draft, Insert, Item, Scene};
use crate::ide::context::Role;
use crate::ide::doc;
use crate::spec::dynamodb::{ACTIONS, is_optimized};
use crate::spec::resource::{DYNAMODB, ITEM_READER_ARNS, OWN_ARNS, RESULT_WRITER_ARNS, SDK_PREFIX};
use crate::spec::{ObjectSpec, Owner, RESOURCES, Resource, ResourceSpec, service};

pub(super) fn resources(scene: &Scene<'_>) -> Vec<Item> {
    let known = |arn: &&str| item((*arn).to_owned(), None);
    match scene.ctx.role {
        Role::Object(Owner::ItemReader) => return ITEM_READER_ARNS.iter().map(known).collect(),
        Role::Object(Owner::ResultWriter) => return RESULT_WRITER_ARNS.iter().map(known).collect(),
        _ => {}
    }
    let (dynamodb, others): (Vec<_>, Vec<_>) = RESOURCES.iter().partition(|spec| spec.service == DYNAMODB);
    let action_doc = |arn: &str| Some(service::action(&Resource::parse(arn)?)?.doc);
    let mut items: Vec<Item> = Vec::new();
    let add = |items: &mut Vec<Item>, specs: Vec<&ResourceSpec>| {
        for spec in specs {
            items.extend(spec.arns().map(|arn| {
                let doc = action_doc(&arn);
                item(arn, doc)
            }));
        }
    };
    add(&mut items, dynamodb);
    let (both, only_sdk): (Vec<&ObjectSpec>, Vec<&ObjectSpec>) =
        ACTIONS.iter().partition(|action| is_optimized(action.name));
    for action in only_sdk.into_iter().chain(both) {
        items.push(item(format!("{SDK_PREFIX}{DYNAMODB}:{}", action.name), Some(action.doc)));
    }
    add(&mut items, others);
    items.extend(OWN_ARNS.iter().map(|(arn, text)| Item {
        insert: Insert::Value(Draft::Text((*arn).to_owned())),
        ..item((*arn).to_owned(), Some(text))
    }));
    items
}

fn item(arn: String, detail: Option<&str>) -> Item {
    Item {
        kind: CompletionKind::Resource,
        detail: detail.map(|text| text.replace('`', "")),
        documentation: match (doc::resource(&arn), detail) {
            (Some(known), Some(text)) if !known.contains(text) => format!("{known}\n\n{text}"),
            (Some(known), _) => known,
            (None, text) => text.unwrap_or_default().to_owned(),
        }
        .into(),
        insert: Insert::Value(Draft::Fixed(arn.clone())),
        label: arn,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::testing::{check, check_edit, state};

    #[test]
    fn resources() {
        check(
            &state(r#""Type": "Task", "Resource": "<|>""#),
            7,
            expect![
                "arn:aws:states:::dynamodb:getItem, arn:aws:states:::dynamodb:putItem, arn:aws:states:::dynamodb:updateItem, arn:aws:states:::dynamodb:deleteItem, arn:aws:states:::aws-sdk:dynamodb:query, arn:aws:states:::aws-sdk:dynamodb:scan, arn:aws:states:::aws-sdk:dynamodb:batchGetItem … 127 more"
            ],
        );
        check(
            &state(r#""Type": "Map", "ItemReader": {"Resource": "<|>"}"#),
            20,
            expect!["arn:aws:states:::s3:getObject, arn:aws:states:::s3:listObjectsV2"],
        );
        check_edit(
            &state(r#""Type": "Task", "Resource": "arn:aws:states:::dyn<|>""#),
            "arn:aws:states:::dynamodb:getItem",
            expect![[
                r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem"}, "B": {"Type": "Succeed"}}}"#
            ]],
        );
    }
}
