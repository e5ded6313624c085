//! Parameters of the DynamoDB action that a task calls, and their values.

use super::attribute_value::{self, TemplateRole, template_role};
use super::table::{self, TableFacts};
use super::value::{booleans, item as value_item};
use super::{CompletionKind, Draft, Insert, Item, Key, Scene};
use crate::ide::doc;
use crate::spec::dynamodb_sdk::dynamodb_parameters;
use crate::spec::resource::parameter;
use crate::spec::{ActionParameter, ParameterKind, QueryLanguage, Resource, ServiceKind};
use crate::syntax::{Member, Node};

/// What stands for an attribute whose name is not known.
const SOME_NAME: &str = "id";

/// The parameters that are missing, required ones first, then those that may come from the input.
pub(super) fn parameters(scene: &Scene<'_>, object: Node<'_>) -> Vec<Item> {
    if template_role(scene, object) != TemplateRole::Parameters {
        return Vec::new();
    }
    let arn = scene.ctx.resource();
    let Some(resource) = arn.as_deref().and_then(Resource::parse) else { return Vec::new() };
    let is_there = |name: &str| {
        object.members().any(|member| {
            let key = member.key();
            let is_it = key == name || key.strip_suffix(".$") == Some(name);
            is_it && scene.current.is_none_or(|current| current.node() != member.node())
        })
    };
    let missing: Vec<&ActionParameter> =
        all(&resource).into_iter().filter(|parameter| !is_there(parameter.name)).collect();
    let (first, last): (Vec<_>, Vec<_>) = missing.into_iter().partition(|parameter| parameter.is_required);
    let (last, older): (Vec<_>, Vec<_>) =
        last.into_iter().partition(|parameter: &&ActionParameter| parameter.kind != ParameterKind::Legacy);
    let mut items: Vec<Item> =
        first.iter().chain(&last).map(|it| item(&resource, it, it.name, draft(scene, it))).collect();
    if scene.ctx.language == QueryLanguage::JsonPath {
        let from_input = first.iter().chain(&last).filter(|parameter| {
            matches!(
                parameter.kind,
                ParameterKind::TableName | ParameterKind::AttributeMap | ParameterKind::Values
            )
        });
        items.extend(from_input.map(|it| {
            let draft = Draft::Text("$.".to_owned());
            item(&resource, it, &format!("{}.$", it.name), draft)
        }));
    }
    items.extend(older.iter().map(|it| item(&resource, it, it.name, draft(scene, it))));
    items
}

fn item(resource: &Resource<'_>, parameter: &ActionParameter, key: &str, draft: Draft) -> Item {
    let need = if parameter.is_required { "required · " } else { "" };
    Item {
        label: key.to_owned(),
        kind: CompletionKind::Parameter,
        detail: Some(format!("{need}{}", resource.action)),
        documentation: doc::parameter(resource, parameter.name).unwrap_or_default().into(),
        insert: Insert::Member(Key::Fixed(key.to_owned()), draft),
    }
}

/// Values of parameters that have only a few, and names of tables that the definition uses.
pub(super) fn values(scene: &Scene<'_>, member: Member<'_>) -> Vec<Item> {
    let Some(object) = member.node().parent() else { return Vec::new() };
    if template_role(scene, object) != TemplateRole::Parameters {
        return Vec::new();
    }
    let arn = scene.ctx.resource();
    let Some(resource) = arn.as_deref().and_then(Resource::parse) else { return Vec::new() };
    let key = member.key();
    let Some(parameter) = all(&resource).into_iter().find(|it| *it.name == *key) else { return Vec::new() };
    let documentation = doc::parameter(&resource, &key).unwrap_or_default();
    let text = |value: &str| value_item(value, Draft::Fixed(value.to_owned()), documentation.clone());
    match parameter.kind {
        ParameterKind::Boolean => booleans(&documentation),
        ParameterKind::Enum(values) => values.iter().map(|value| text(value)).collect(),
        ParameterKind::TableName => table_names(scene).iter().map(|name| text(name)).collect(),
        ParameterKind::AttributeMap | ParameterKind::Values | ParameterKind::Names => {
            vec![value_item("{ … }", draft(scene, parameter), documentation)]
        }
        ParameterKind::IndexName => table_facts(scene).indexes.iter().map(|name| text(name)).collect(),
        ParameterKind::Expression
        | ParameterKind::Texts
        | ParameterKind::Legacy
        | ParameterKind::Number
        | ParameterKind::Text
        | ParameterKind::ValueList
        | ParameterKind::Requests
        | ParameterKind::List
        | ParameterKind::Object => Vec::new(),
    }
}

/// The parameters of the action that a resource calls.
fn all(resource: &Resource<'_>) -> Vec<&'static ActionParameter> {
    dynamodb_parameters(resource.action, resource.kind == ServiceKind::Sdk)
}

/// The required parameters, as an object.
pub(super) fn required(scene: &Scene<'_>, resource: &Resource<'_>) -> Draft {
    let needed = all(resource).into_iter().filter(|parameter| parameter.is_required);
    Draft::Object(needed.map(|it| (it.name.to_owned(), draft(scene, it))).collect())
}

fn draft(scene: &Scene<'_>, parameter: &ActionParameter) -> Draft {
    let attribute = |name: &str, kind: &str| (name.to_owned(), attribute_value::draft(kind));
    match parameter.kind {
        ParameterKind::TableName => Draft::Text(table_names(scene).first().cloned().unwrap_or_default()),
        ParameterKind::AttributeMap => {
            let key: Vec<_> = key_of_table(scene).iter().map(|(name, kind)| attribute(name, kind)).collect();
            Draft::Object(if key.is_empty() { vec![attribute(SOME_NAME, "S")] } else { key })
        }
        ParameterKind::Values => Draft::Object(vec![attribute(":value", "S")]),
        ParameterKind::Names => Draft::Object(vec![("#name".to_owned(), Draft::Text("name".to_owned()))]),
        ParameterKind::Expression => Draft::Text(String::new()),
        ParameterKind::Boolean => Draft::Raw("true".to_owned()),
        ParameterKind::Enum(values) => Draft::Text(values.first().copied().unwrap_or_default().to_owned()),
        ParameterKind::Texts => Draft::InlineArray(vec![Draft::Text(String::new())]),
        ParameterKind::IndexName => {
            Draft::Text(table_facts(scene).indexes.first().cloned().unwrap_or_default())
        }
        ParameterKind::Number => Draft::Raw("1".to_owned()),
        ParameterKind::Text => Draft::Text(String::new()),
        ParameterKind::ValueList => Draft::InlineArray(vec![attribute_value::draft("S")]),
        ParameterKind::List => Draft::InlineArray(Vec::new()),
        ParameterKind::Legacy | ParameterKind::Requests | ParameterKind::Object => Draft::Object(Vec::new()),
    }
}

/// The tables that are declared or that other tasks use, without the name that is being typed.
fn table_names(scene: &Scene<'_>) -> Vec<String> {
    let mut names = table::names(scene);
    let typed = scene.current.and_then(Member::value).and_then(Node::text);
    names.retain(|name| typed.as_deref() != Some(name));
    names
}

/// What is known of the table that the task names, or of the only one there is.
pub(super) fn table_facts(scene: &Scene<'_>) -> TableFacts {
    let named = scene.ctx.template.and_then(|it| it.value_of(parameter::TABLE_NAME)).and_then(Node::text);
    table::facts(scene, named.as_deref())
}

/// The key of that table.
pub(super) fn key_of_table(scene: &Scene<'_>) -> Vec<(String, String)> {
    table_facts(scene).key
}
