//! What tasks answer.
//!
//! DynamoDB's answers are followed closely: what an action returns depends on its parameters, and what items hold is told
//! by the keys and items that the machine itself writes. Of other services the published shapes are known; as a service
//! may come to answer more, their objects are open.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::Value;

use super::{Member, Shape};
use crate::model::{Payload, State, StateBody, StateId, StateMachine};
use crate::spec::context::TASK_FIELD;
use crate::spec::dynamodb::parameter;
use crate::spec::mock_schema::{self, answer_shape};
use crate::spec::resource::{ATTRIBUTE_TYPES, SDK_METADATA, answer};
use crate::spec::{Pattern, Resource, ServiceKind};

/// Levels of an answer that are followed.
const LEVELS_MAX: usize = 8;
/// Levels of an attribute value that are followed.
const ATTRIBUTE_LEVELS_MAX: usize = 2;
/// Attributes of one table that are kept.
const ATTRIBUTES_MAX: usize = 128;

/// What is known of tasks before anything is inferred.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// By state: what it answers, where it is a task.
    by_state: Vec<Shape>,
    /// The items of tables, as far as the machine writes them.
    items: BTreeMap<Arc<str>, Shape>,
}

/// What a resource answers whatever it is asked.
#[derive(Debug)]
struct Answer {
    shape: Shape,
    is_dynamodb: bool,
    /// Whether the task waits for more than the response.
    is_job: bool,
}

/// What of a request to DynamoDB decides about what is known of the answer: most tasks of a table ask alike.
#[derive(PartialEq, Eq, Hash)]
struct Request<'a> {
    resource: &'a str,
    table: Option<&'a str>,
    /// The attributes of the key with their types, as far as they are written out.
    key: Vec<(&'a str, &'a str)>,
    /// Whether only some attributes are asked for.
    is_partial: bool,
    asks_for_attributes: bool,
    asks_for_capacity: bool,
    asks_for_metrics: bool,
}

impl Answer {
    fn new(resource: &Resource<'_>) -> Self {
        Self {
            shape: plain(resource),
            is_dynamodb: resource.is_dynamodb(),
            is_job: resource.pattern != Pattern::RequestResponse,
        }
    }
}

impl Answers {
    /// Looks at all tasks of a machine.
    pub(super) fn new(machine: &StateMachine) -> Self {
        let mut answers = Self { by_state: vec![Shape::Any; machine.states.len()], items: BTreeMap::new() };
        // Each ARN is taken apart once. Nothing is read in the order of the maps.
        let mut by_resource: HashMap<&str, Option<Answer>> = HashMap::new();
        let mut attributes: BTreeMap<&str, BTreeMap<Arc<str>, Shape>> = BTreeMap::new();
        let tasks = || {
            machine.states.iter().enumerate().filter_map(|(idx, state)| match &state.body {
                StateBody::Task(task) => Some((idx, state, &*task.resource)),
                _ => None,
            })
        };
        for (_, state, arn) in tasks() {
            let answer = by_resource
                .entry(arn)
                .or_insert_with(|| Resource::parse(arn).map(|resource| Answer::new(&resource)));
            if answer.as_ref().is_some_and(|answer| answer.is_dynamodb)
                && let Some(arguments) = &state.arguments
                && let Some(table) = text(arguments, parameter::TABLE_NAME)
            {
                let known = attributes.entry(table).or_default();
                let maps = [parameter::KEY, parameter::ITEM];
                for map in maps.iter().filter_map(|name| Part::Payload(arguments).get(name)) {
                    note_attributes(map, known);
                }
            }
        }
        // Of items in tables of which nothing is known, nothing is.
        let any = if attributes.is_empty() { None } else { Some(attribute_value(ATTRIBUTE_LEVELS_MAX)) };
        let item = |known: BTreeMap<Arc<str>, Shape>| {
            let members = known.into_iter().map(|(name, shape)| Member { name, shape, is_certain: false });
            Shape::object(members.collect(), any.clone())
        };
        answers.items =
            attributes.into_iter().map(|(table, known)| (Arc::from(table), item(known))).collect();
        let mut by_request: HashMap<Request<'_>, Shape> = HashMap::new();
        for (idx, state, arn) in tasks() {
            let Some(Some(answer)) = by_resource.get(arn) else { continue };
            // AWS: whoever is given the token answers for a job too (callback/test_sync_with_task_token).
            if answer.is_job && reads_token(state) {
                continue;
            }
            let shape = match &state.arguments {
                Some(arguments) if answer.is_dynamodb && !matches!(arguments, Payload::Expr(_)) => by_request
                    .entry(Request::new(arn, arguments))
                    .or_insert_with_key(|request| answers.dynamodb(&answer.shape, request, any.as_ref()))
                    .clone(),
                _ => answer.shape.clone(),
            };
            if let Some(slot) = answers.by_state.get_mut(idx) {
                *slot = shape;
            }
        }
        answers
    }

    /// The attributes of a table's items, as far as the machine writes them.
    pub(super) fn item(&self, table: &str) -> Option<&Shape> {
        self.items.get(table)
    }

    /// What a task answers.
    pub(super) fn of(&self, id: StateId) -> Shape {
        self.by_state.get(id.0 as usize).cloned().unwrap_or(Shape::Any)
    }

    /// What DynamoDB answers to a request. `any` is any attribute value; none where the machine names no table.
    fn dynamodb(&self, base: &Shape, request: &Request<'_>, any: Option<&Shape>) -> Shape {
        let Shape::Object(object) = base else { return base.clone() };
        let item = request.table.and_then(|table| self.items.get(table));
        let member = |member: &Member| match &*member.name {
            answer::ATTRIBUTES if !request.asks_for_attributes => None,
            answer::CONSUMED_CAPACITY if !request.asks_for_capacity => None,
            answer::ITEM_COLLECTION_METRICS if !request.asks_for_metrics => None,
            answer::ITEM => match any {
                Some(any) => Some(Member { shape: own_item(item, request, any), ..member.clone() }),
                None => Some(member.clone()),
            },
            answer::ATTRIBUTES => {
                let shape = item.cloned().unwrap_or_else(|| member.shape.clone());
                Some(Member { shape, ..member.clone() })
            }
            answer::ITEMS => {
                let shape = item.map_or(member.shape.clone(), |item| Shape::array_of(item.clone()));
                Some(Member { shape, ..member.clone() })
            }
            _ => Some(member.clone()),
        };
        Shape::object(object.members().iter().filter_map(member).collect(), object.rest().cloned())
    }
}

impl<'a> Request<'a> {
    fn new(resource: &'a str, arguments: &'a Payload) -> Self {
        let part = |name: &str| Part::Payload(arguments).get(name);
        let is_given = |name: &&str| part(name).is_some();
        // Whether a parameter asks for more than nothing, or may do.
        let asks = |name: &str| part(name).is_some_and(|value| value.text() != Some(answer::NONE));
        Self {
            resource,
            table: text(arguments, parameter::TABLE_NAME),
            key: part(parameter::KEY).map(key_types).unwrap_or_default(),
            is_partial: [parameter::PROJECTION, parameter::ATTRIBUTES_TO_GET].iter().any(is_given),
            asks_for_attributes: asks(parameter::RETURN_VALUES),
            asks_for_capacity: asks(parameter::RETURN_CONSUMED_CAPACITY),
            asks_for_metrics: asks(parameter::RETURN_ITEM_COLLECTION_METRICS),
        }
    }
}

/// The item that is read: its key is the one that is asked for.
fn own_item(item: Option<&Shape>, request: &Request<'_>, any: &Shape) -> Shape {
    let mut members = item.map(|item| item.members().to_vec()).unwrap_or_default();
    for (name, kind) in &request.key {
        let value = Shape::closed(vec![Member::certain(kind, Shape::string())]);
        members.push(Member { name: Arc::from(*name), shape: value, is_certain: !request.is_partial });
    }
    Shape::object(members, Some(any.clone()))
}

/// Whether the task's arguments have its token in them.
fn reads_token(state: &State) -> bool {
    let slots = state.arguments.iter().flat_map(Payload::slots);
    let token = format!(".{TASK_FIELD}");
    slots.into_iter().any(|slot| slot.expr.text().contains(&token))
}

/// The attributes of a key whose type is written out.
fn key_types(key: Part<'_>) -> Vec<(&str, &str)> {
    let of = |name| {
        let value = key.get(name)?;
        match value.keys().as_slice() {
            [kind] if matches!(*kind, "S" | "N" | "B") => Some((name, *kind)),
            _ => None,
        }
    };
    key.keys().into_iter().filter_map(of).collect()
}

/// Notes the types with which attributes are written. Others may write them otherwise, so their values are open.
fn note_attributes(map: Part<'_>, known: &mut BTreeMap<Arc<str>, Shape>) {
    for name in map.keys() {
        let Some(value) = map.get(name) else { continue };
        let [kind] = value.keys()[..] else { continue };
        if !ATTRIBUTE_TYPES.iter().any(|(name, _)| *name == kind) || known.len() >= ATTRIBUTES_MAX {
            continue;
        }
        // Joined with what has the type already, it would change nothing.
        if known.get(name).is_some_and(|old| old.members().iter().any(|member| *member.name == *kind)) {
            continue;
        }
        let shape = Shape::open(vec![Member::possible(kind, held(kind, 1))]);
        let joined = known.get(name).map_or(shape.clone(), |old| old.join(&shape));
        known.insert(Arc::from(name), joined);
    }
}

/// An attribute value of any type.
fn attribute_value(levels: usize) -> Shape {
    let member = |(kind, _): &(&str, &str)| Member::possible(kind, held(kind, levels));
    Shape::closed(ATTRIBUTE_TYPES.iter().map(member).collect())
}

/// What an attribute value of a type holds.
fn held(kind: &str, levels: usize) -> Shape {
    let inner = |levels: usize| {
        if levels == 0 { Shape::Any } else { attribute_value(levels - 1) }
    };
    match kind {
        "BOOL" | "NULL" => Shape::boolean(),
        "SS" | "NS" | "BS" => Shape::array_of(Shape::string()),
        "L" => Shape::array_of(inner(levels)),
        "M" => Shape::object(Vec::new(), Some(inner(levels))),
        _ => Shape::string(),
    }
}

/// A part of a template, which is not copied to be looked at.
#[derive(Clone, Copy)]
enum Part<'a> {
    Payload(&'a Payload),
    Value(&'a Value),
}

impl<'a> Part<'a> {
    fn get(self, name: &str) -> Option<Part<'a>> {
        match self {
            Part::Payload(Payload::Literal(value)) => value.get(name).map(Part::Value),
            Part::Payload(Payload::Object(members)) => {
                members.iter().rfind(|(key, _)| &**key == name).map(|(_, payload)| Part::Payload(payload))
            }
            Part::Payload(_) => None,
            Part::Value(value) => value.get(name).map(Part::Value),
        }
    }

    fn keys(self) -> Vec<&'a str> {
        match self {
            Part::Payload(payload) => payload.keys(),
            Part::Value(value) => {
                value.as_object().map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
            }
        }
    }

    fn text(self) -> Option<&'a str> {
        match self {
            Part::Payload(Payload::Literal(value)) => value.as_str(),
            Part::Payload(_) => None,
            Part::Value(value) => value.as_str(),
        }
    }
}

fn text<'a>(arguments: &'a Payload, name: &str) -> Option<&'a str> {
    Part::Payload(arguments).get(name)?.text()
}

/// What a resource answers whatever it is asked.
fn plain(resource: &Resource<'_>) -> Shape {
    let Some(schema) = answer_shape(resource) else { return Shape::Any };
    let is_closed = resource.is_dynamodb();
    let shape = convert(schema, is_closed, LEVELS_MAX);
    let Shape::Object(object) = &shape else { return shape };
    if resource.kind != ServiceKind::Optimized {
        return shape;
    }
    // Jobs that were waited for, and mocks, have none of it.
    let [http, metadata] = SDK_METADATA;
    let mut members = object.members().to_vec();
    members.push(Member::possible(
        http,
        Shape::open(vec![
            Member::certain(answer::ALL_HTTP_HEADERS, Shape::open(Vec::new())),
            Member::certain(answer::HTTP_HEADERS, Shape::open(Vec::new())),
            Member::certain(answer::HTTP_STATUS_CODE, Shape::number()),
        ]),
    ));
    members.push(Member::possible(
        metadata,
        Shape::open(vec![Member::certain(answer::REQUEST_ID, Shape::string())]),
    ));
    Shape::object(members, object.rest().cloned())
}

/// A published shape as ours.
fn convert(schema: &mock_schema::Shape, is_closed: bool, levels: usize) -> Shape {
    if levels == 0 {
        return Shape::Any;
    }
    match schema {
        mock_schema::Shape::Any => Shape::Any,
        mock_schema::Shape::Text { .. } | mock_schema::Shape::OneOf(_) => Shape::string(),
        mock_schema::Shape::Number { .. } => Shape::number(),
        mock_schema::Shape::Boolean => Shape::boolean(),
        mock_schema::Shape::List(element) => Shape::array_of(convert(element, is_closed, levels - 1)),
        mock_schema::Shape::Map(value) => {
            Shape::object(Vec::new(), Some(convert(value, is_closed, levels - 1)))
        }
        mock_schema::Shape::Structure(members) => {
            let member = |member: &mock_schema::Member| Member {
                name: Arc::from(member.name),
                shape: convert(member.shape, is_closed, levels - 1),
                is_certain: member.is_required,
            };
            Shape::object(members.iter().map(member).collect(), (!is_closed).then_some(Shape::Any))
        }
    }
}
