//! Names of errors in `ErrorEquals`: those of the service that the task calls, spelled as its integration spells
//! them, then the reserved ones.

use super::{CompletionKind, Draft, Insert, Item, Scene};
use crate::ide::doc;
use crate::spec::resource::{DYNAMODB_ERROR_PREFIXES, DYNAMODB_ERRORS};
use crate::spec::{CatchScope, ERROR_NAMES, Resource};
use crate::syntax::Node;

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
            documentation: doc::error_name(&name).unwrap_or_default(),
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
    let arn = scene.ctx.resource();
    let resource = arn.as_deref().and_then(Resource::parse).filter(Resource::is_dynamodb);
    let mut names = Vec::new();
    if let Some(resource) = resource
        && let Some((kind, prefix)) = DYNAMODB_ERROR_PREFIXES.iter().find(|(kind, _)| *kind == resource.kind)
    {
        let own = DYNAMODB_ERRORS.iter().filter(|(_, only, _)| only.is_none_or(|only| only == *kind));
        names.extend(own.map(|(name, _, _)| format!("{prefix}{name}")));
    }
    // What nothing catches is of no use here.
    let reserved = ERROR_NAMES.iter().filter(|error| error.catch != CatchScope::Nothing);
    names.extend(reserved.map(|error| error.name.to_owned()));
    names
}
