//! Whole states, DynamoDB's actions first, and whole state machines.

use super::{CompletionKind, Draft, Insert, Item, Key, Scene, dynamodb_parameter, field, state_name};
use crate::ide::doc;
use crate::spec::dynamodb_sdk::DYNAMODB_SDK_ACTIONS;
use crate::spec::resource::{DYNAMODB, OPTIMIZED_PREFIX, SDK_PREFIX, lambda_invoke, parameter};
use crate::spec::{DYNAMODB_ACTIONS, DynamoDbAction, Field, Owner, QueryLanguage, Resource, StateKind};
use crate::syntax::Node;

/// States to be put into a `States` object.
pub(super) fn states(scene: &Scene<'_>, object: Node<'_>) -> Vec<Item> {
    let mut actions: Vec<&DynamoDbAction> = DYNAMODB_ACTIONS.iter().collect();
    // Writing an item comes before reading it.
    actions.sort_by_key(|action| action.parameter(parameter::ITEM).is_none());
    let dynamodb = actions.into_iter().map(|action| task(scene, object, action, OPTIMIZED_PREFIX));
    let common = DYNAMODB_SDK_ACTIONS.iter().filter(|action| COMMON_SDK_ACTIONS.contains(&action.name));
    let sdk = common.map(|action| task(scene, object, action, SDK_PREFIX));
    let plain = StateKind::ALL.into_iter().map(|kind| state(scene, object, kind));
    dynamodb.chain(sdk).chain([lambda(scene, object)]).chain(plain).collect()
}

/// The actions of the AWS SDK integration that have a snippet.
const COMMON_SDK_ACTIONS: &[&str] = &["query", "scan", "batchWriteItem", "transactWriteItems"];

fn arguments_field(scene: &Scene<'_>) -> Field {
    match scene.ctx.language {
        QueryLanguage::JsonPath => Field::Parameters,
        QueryLanguage::Jsonata => Field::Arguments,
    }
}

/// A Task that invokes a Lambda function with its input.
fn lambda(scene: &Scene<'_>, object: Node<'_>) -> Item {
    let text = |text: &str| Draft::Text(text.to_owned());
    let payload = match scene.ctx.language {
        QueryLanguage::JsonPath => (format!("{}.$", lambda_invoke::PAYLOAD), text("$")),
        QueryLanguage::Jsonata => (lambda_invoke::PAYLOAD.to_owned(), text("{% $states.input %}")),
    };
    let parameters = Draft::Object(vec![(lambda_invoke::FUNCTION_NAME.to_owned(), text("")), payload]);
    let members = vec![
        member(Field::Type, Draft::Fixed(StateKind::Task.name().to_owned())),
        member(Field::Resource, Draft::Fixed(lambda_invoke::ARN.to_owned())),
        member(arguments_field(scene), parameters),
        onward(scene),
    ];
    Item {
        label: "Lambda invoke".to_owned(),
        kind: CompletionKind::Snippet,
        detail: Some("Task".to_owned()),
        documentation: doc::resource(lambda_invoke::ARN).unwrap_or_default().into(),
        insert: Insert::Member(Key::Hole(new_name(scene, object, "Invoke")), Draft::Object(members)),
    }
}

fn task(scene: &Scene<'_>, object: Node<'_>, action: &DynamoDbAction, prefix: &str) -> Item {
    let arn = format!("{prefix}{DYNAMODB}:{}", action.name);
    let arguments = arguments_field(scene);
    let parameters = Resource::parse(&arn).map(|resource| {
        let mut draft = dynamodb_parameter::required(scene, &resource);
        // An update without an expression changes nothing.
        if let (Draft::Object(members), Some(_)) =
            (&mut draft, action.parameter(parameter::UPDATE_EXPRESSION))
        {
            let one = |key: &str, draft: Draft| Draft::Inline(vec![(key.to_owned(), draft)]);
            let names = one("#name", Draft::Text("name".to_owned()));
            let values = one(":value", super::attribute_value::draft("S"));
            let expression = Draft::Text("SET #name = :value".to_owned());
            members.push((parameter::UPDATE_EXPRESSION.to_owned(), expression));
            members.push((parameter::EXPRESSION_ATTRIBUTE_NAMES.to_owned(), names));
            members.push((parameter::EXPRESSION_ATTRIBUTE_VALUES.to_owned(), values));
        }
        // A query is about one partition key.
        if let (Draft::Object(members), Some(condition)) =
            (&mut draft, action.parameter(parameter::KEY_CONDITION_EXPRESSION))
        {
            let key = dynamodb_parameter::key_of_table(scene);
            let (name, kind) = key.first().map_or(("id", "S"), |(name, kind)| (name.as_str(), kind.as_str()));
            let one = |key: &str, draft: Draft| Draft::Inline(vec![(key.to_owned(), draft)]);
            members.push((condition.name.to_owned(), Draft::Text("#key = :value".to_owned())));
            let names = one("#key", Draft::Text(name.to_owned()));
            members.push((parameter::EXPRESSION_ATTRIBUTE_NAMES.to_owned(), names));
            let values = one(":value", super::attribute_value::draft(kind));
            members.push((parameter::EXPRESSION_ATTRIBUTE_VALUES.to_owned(), values));
        }
        draft
    });
    let mut members = vec![
        member(Field::Type, Draft::Fixed(StateKind::Task.name().to_owned())),
        member(Field::Resource, Draft::Fixed(arn.clone())),
    ];
    members.extend(parameters.map(|draft| member(arguments, draft)));
    members.push(onward(scene));
    let name = new_name(scene, object, &DynamoDbAction::operation(action.name));
    Item {
        label: format!("DynamoDB {}", action.name),
        kind: CompletionKind::Snippet,
        detail: Some("Task".to_owned()),
        documentation: doc::resource(&arn).unwrap_or_default().into(),
        insert: Insert::Member(Key::Hole(name), Draft::Object(members)),
    }
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
