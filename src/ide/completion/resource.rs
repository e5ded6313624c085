//! Resources: what a Task may call, DynamoDB first.

use super::{CompletionKind, Draft, Insert, Item, Scene};
use crate::ide::context::Role;
use crate::ide::doc;
use crate::spec::dynamodb_sdk::DYNAMODB_SDK_ACTIONS;
use crate::spec::resource::{DYNAMODB, ITEM_READER_ARNS, OWN_ARNS, RESULT_WRITER_ARNS, SDK_PREFIX};
use crate::spec::{DYNAMODB_ACTIONS, Owner, RESOURCES, ResourceSpec};

pub(super) fn resources(scene: &Scene<'_>) -> Vec<Item> {
    let known = |arn: &&str| item((*arn).to_owned(), None);
    match scene.ctx.role {
        Role::Object(Owner::ItemReader) => return ITEM_READER_ARNS.iter().map(known).collect(),
        Role::Object(Owner::ResultWriter) => return RESULT_WRITER_ARNS.iter().map(known).collect(),
        _ => {}
    }
    let (dynamodb, others): (Vec<_>, Vec<_>) = RESOURCES.iter().partition(|spec| spec.service == DYNAMODB);
    let action_doc =
        |action: &str| DYNAMODB_ACTIONS.iter().find(|known| known.name == action).map(|known| known.doc);
    let mut items: Vec<Item> = Vec::new();
    let add = |items: &mut Vec<Item>, specs: Vec<&ResourceSpec>| {
        for spec in specs {
            items.extend(spec.arns().map(|arn| item(arn, action_doc(spec.action))));
        }
    };
    add(&mut items, dynamodb);
    let sdk = DYNAMODB_ACTIONS.iter().map(|action| (action.name, action.doc));
    let only_sdk = DYNAMODB_SDK_ACTIONS.iter().map(|action| (action.name, action.doc));
    for (action, text) in only_sdk.chain(sdk) {
        items.push(item(format!("{SDK_PREFIX}{DYNAMODB}:{action}"), Some(text)));
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
        detail: detail.map(str::to_owned),
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
