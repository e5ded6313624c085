//! Attribute values of DynamoDB: their types, and the attributes of an item.

use super::value::{booleans, item as value_item};
use super::{CompletionKind, Draft, Insert, Item, Key, Scene, dynamodb_parameter};
use crate::ide::context::member_of;
use crate::ide::doc;
use crate::spec::dynamodb_sdk::DYNAMODB_SDK_ACTIONS;
use crate::spec::resource::{ATTRIBUTE_TYPES, parameter};
use crate::spec::{DYNAMODB_ACTIONS, Field, Owner, ParameterKind, QueryLanguage, Resource, StateKind};
use crate::syntax::{Member, Node, NodeKind};

/// What an object or array in a payload template is to DynamoDB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TemplateRole {
    /// The parameters of the action.
    Parameters,
    /// A map from names to attribute values.
    AttributeMap,
    /// An attribute value.
    AttributeValue,
    /// A list of attribute values.
    List,
    /// Nothing that is known.
    Other,
}

/// What an object or array within the parameters of a DynamoDB task is.
pub(super) fn template_role(scene: &Scene<'_>, node: Node<'_>) -> TemplateRole {
    let is_arguments = scene.ctx.field.is_some_and(|spec| {
        matches!(spec.field, Field::Parameters | Field::Arguments)
            && spec.owners.contains(&Owner::State(StateKind::Task))
    });
    let is_task = scene.ctx.state.and_then(Member::value).is_some_and(|state| {
        crate::ide::context::state_kind(state) == Some(StateKind::Task)
            && scene.ctx.object.is_some_and(|(object, _)| object == state)
    });
    let is_dynamodb =
        scene.ctx.resource().as_deref().and_then(Resource::parse).is_some_and(|it| it.is_dynamodb());
    let Some(template) = scene.ctx.template.filter(|_| is_arguments && is_task && is_dynamodb) else {
        return TemplateRole::Other;
    };
    // The keys from the parameters down to the node.
    let mut steps = Vec::new();
    let mut at = node;
    while at != template {
        let Some(parent) = at.parent() else { return TemplateRole::Other };
        match parent.kind() {
            NodeKind::Member => {
                steps.push(parent.children().next().and_then(Node::text));
                let Some(object) = parent.parent() else { return TemplateRole::Other };
                at = object;
            }
            _ => {
                steps.push(None);
                at = parent;
            }
        }
    }
    steps.into_iter().rev().fold(TemplateRole::Parameters, |role, key| step(role, key.as_deref()))
}

fn step(role: TemplateRole, key: Option<&str>) -> TemplateRole {
    match (role, key) {
        (TemplateRole::Parameters, Some(key)) => {
            let actions = DYNAMODB_ACTIONS.iter().chain(DYNAMODB_SDK_ACTIONS);
            let kinds = actions.filter_map(|action| action.parameter(key)).map(|it| it.kind);
            let mut maps =
                kinds.filter(|it| matches!(it, ParameterKind::AttributeMap | ParameterKind::Values));
            maps.next().map_or(TemplateRole::Other, |_| TemplateRole::AttributeMap)
        }
        (TemplateRole::AttributeMap, Some(_)) => TemplateRole::AttributeValue,
        (TemplateRole::AttributeValue, Some("M")) => TemplateRole::AttributeMap,
        (TemplateRole::AttributeValue, Some("L")) => TemplateRole::List,
        (TemplateRole::List, None) => TemplateRole::AttributeValue,
        _ => TemplateRole::Other,
    }
}

/// The types an attribute value may have, or the attributes of the table's key that a map lacks.
pub(super) fn members(scene: &Scene<'_>, object: Node<'_>) -> Vec<Item> {
    let others =
        || object.members().filter(|it| scene.current.is_none_or(|current| current.node() != it.node()));
    match template_role(scene, object) {
        // It has exactly one.
        TemplateRole::AttributeValue if others().next().is_some() => Vec::new(),
        TemplateRole::AttributeValue => types(scene.ctx.language),
        TemplateRole::AttributeMap => {
            let is_missing = |name: &str| !others().any(|it| it.key_is(name));
            let facts = dynamodb_parameter::table_facts(scene);
            let mut items: Vec<Item> = Vec::new();
            for (name, kind) in facts.key.iter().filter(|(name, _)| is_missing(name)) {
                items.push(attribute(name, kind, "key of the table"));
            }
            let is_item = object.parent().and_then(member_of).is_some_and(|it| it.key_is(parameter::ITEM));
            let is_key = |name: &str| facts.key.iter().any(|(key, _)| key == name);
            for (name, kind) in facts.attributes.iter().filter(|(name, _)| is_item && is_missing(name)) {
                if !is_key(name) {
                    items.push(attribute(name, kind, "attribute of the table"));
                }
            }
            items
        }
        TemplateRole::Parameters | TemplateRole::List | TemplateRole::Other => Vec::new(),
    }
}

fn attribute(name: &str, kind: &str, what: &str) -> Item {
    Item {
        label: name.to_owned(),
        kind: CompletionKind::Parameter,
        detail: Some(format!("{what} · {kind}")),
        documentation: doc::attribute_type(kind).unwrap_or_default().into(),
        insert: Insert::Member(Key::Fixed(name.to_owned()), draft(kind)),
    }
}

/// All types, then in JSONPath those whose value can come from the input.
fn types(language: QueryLanguage) -> Vec<Item> {
    let item = |key: String, kind: &str, draft: Draft| Item {
        kind: CompletionKind::AttributeType,
        detail: ATTRIBUTE_TYPES
            .iter()
            .find(|(known, _)| *known == kind)
            .map(|(_, text)| text.replace('`', "")),
        documentation: doc::attribute_type(kind).unwrap_or_default().into(),
        insert: Insert::Member(Key::Fixed(key.clone()), draft),
        label: key,
    };
    let mut items: Vec<Item> =
        ATTRIBUTE_TYPES.iter().map(|(kind, _)| item((*kind).to_owned(), kind, held(kind))).collect();
    if language == QueryLanguage::JsonPath {
        // A number has to be made a string of.
        let from_input = [
            ("S", "$."),
            ("N", "States.Format('{}', $.)"),
            ("BOOL", "$."),
            ("M", "$."),
            ("L", "$."),
            ("SS", "$."),
        ];
        items.extend(
            from_input
                .into_iter()
                .map(|(kind, path)| item(format!("{kind}.$"), kind, Draft::Text(path.to_owned()))),
        );
    }
    items
}

/// What a type holds, to begin with.
fn held(kind: &str) -> Draft {
    let list = |text: &str| Draft::InlineArray(vec![Draft::Text(text.to_owned())]);
    match kind {
        "N" => Draft::Text("0".to_owned()),
        "BOOL" | "NULL" => Draft::Raw("true".to_owned()),
        "M" => Draft::Object(Vec::new()),
        "L" => Draft::InlineArray(Vec::new()),
        "SS" | "BS" => list(""),
        "NS" => list("0"),
        _ => Draft::Text(String::new()),
    }
}

/// An attribute value of a type.
pub(super) fn draft(kind: &str) -> Draft {
    Draft::Inline(vec![(kind.to_owned(), held(kind))])
}

/// Whole attribute values, and `true` and `false` within one.
pub(super) fn values(scene: &Scene<'_>, member: Member<'_>) -> Vec<Item> {
    let Some(object) = member.node().parent() else { return Vec::new() };
    match (template_role(scene, object), &*member.key()) {
        (TemplateRole::AttributeMap, _) => whole(),
        (TemplateRole::AttributeValue, kind @ "BOOL") => {
            booleans(&doc::attribute_type(kind).unwrap_or_default())
        }
        (TemplateRole::AttributeValue, kind @ "NULL") => {
            vec![value_item("true", held(kind), doc::attribute_type(kind).unwrap_or_default())]
        }
        _ => Vec::new(),
    }
}

/// Attribute values as elements of a list.
pub(super) fn elements(scene: &Scene<'_>, array: Node<'_>) -> Vec<Item> {
    if template_role(scene, array) == TemplateRole::List { whole() } else { Vec::new() }
}

fn whole() -> Vec<Item> {
    let item = |(kind, text): &(&str, &str)| Item {
        kind: CompletionKind::AttributeType,
        detail: Some(text.replace('`', "")),
        ..value_item(kind, draft(kind), doc::attribute_type(kind).unwrap_or_default())
    };
    ATTRIBUTE_TYPES.iter().map(item).collect()
}
