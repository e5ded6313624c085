//! What tasks answer.
//!
//! DynamoDB's answers are followed closely: what an action returns depends on its parameters, and what items hold is told
//! by the keys and items that the machine itself writes. Of other services the published shapes are known; as a service
//! may come to answer more, their objects are open.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::{Member, Shape};
use crate::model::{Payload, State, StateBody, StateMachine, TaskState};
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
    /// What resources answer, by ARN, which is so taken apart once.
    by_resource: BTreeMap<Arc<str>, Answer>,
    /// The items of tables, as far as the machine writes them.
    items: BTreeMap<Arc<str>, Shape>,
    /// An attribute value of any type.
    attribute_value: Option<Shape>,
}

/// What a resource answers whatever it is asked.
#[derive(Debug)]
struct Answer {
    shape: Shape,
    is_dynamodb: bool,
    /// Whether the task waits for more than the response.
    is_job: bool,
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
        let mut answers = Self::default();
        let mut attributes: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Shape>> = BTreeMap::new();
        for state in &machine.states {
            let StateBody::Task(task) = &state.body else { continue };
            let is_dynamodb = match answers.by_resource.get(&task.resource) {
                Some(known) => known.is_dynamodb,
                None => {
                    let Some(resource) = Resource::parse(&task.resource) else { continue };
                    answers.by_resource.insert(task.resource.clone(), Answer::new(&resource));
                    resource.is_dynamodb()
                }
            };
            if is_dynamodb
                && let Some(arguments) = &state.arguments
                && let Some(table) = text(arguments, parameter::TABLE_NAME)
            {
                let known = attributes.entry(Arc::from(table)).or_default();
                let maps = [parameter::KEY, parameter::ITEM];
                for map in maps.iter().filter_map(|name| Part::Payload(arguments).get(name)) {
                    note_attributes(map, known);
                }
            }
        }
        if !attributes.is_empty() {
            let any = attribute_value(ATTRIBUTE_LEVELS_MAX);
            let item = |known: BTreeMap<Arc<str>, Shape>| {
                let members =
                    known.into_iter().map(|(name, shape)| Member { name, shape, is_certain: false });
                Shape::object(members.collect(), Some(any.clone()))
            };
            answers.items = attributes.into_iter().map(|(table, known)| (table, item(known))).collect();
            answers.attribute_value = Some(any);
        }
        answers
    }

    /// The attributes of a table's items, as far as the machine writes them.
    pub(super) fn item(&self, table: &str) -> Option<&Shape> {
        self.items.get(table)
    }

    /// What a task answers.
    pub(super) fn of(&self, state: &State, task: &TaskState) -> Shape {
        let Some(answer) = self.by_resource.get(&task.resource) else { return Shape::Any };
        // AWS: whoever is given the token answers for a job too (callback/test_sync_with_task_token).
        if answer.is_job && reads_token(state) {
            return Shape::Any;
        }
        match &state.arguments {
            Some(arguments) if answer.is_dynamodb && !matches!(arguments, Payload::Expr(_)) => {
                self.dynamodb(&answer.shape, arguments)
            }
            _ => answer.shape.clone(),
        }
    }

    /// What DynamoDB answers to these parameters.
    fn dynamodb(&self, base: &Shape, arguments: &Payload) -> Shape {
        let Shape::Object(object) = base else { return base.clone() };
        let item = text(arguments, parameter::TABLE_NAME).and_then(|table| self.items.get(table));
        let own = self.own_item(item, arguments);
        let member = |member: &Member| match &*member.name {
            answer::ATTRIBUTES if !asks(arguments, parameter::RETURN_VALUES) => None,
            answer::CONSUMED_CAPACITY if !asks(arguments, parameter::RETURN_CONSUMED_CAPACITY) => None,
            answer::ITEM_COLLECTION_METRICS
                if !asks(arguments, parameter::RETURN_ITEM_COLLECTION_METRICS) =>
            {
                None
            }
            answer::ITEM => Some(Member { shape: own.clone().unwrap_or(Shape::Any), ..member.clone() }),
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
        let own_members = object.members().iter().filter_map(|it| {
            if *it.name == *answer::ITEM && own.is_none() { Some(it.clone()) } else { member(it) }
        });
        Shape::object(own_members.collect(), object.rest().cloned())
    }

    /// The item that is read: its key is the one that is asked for.
    fn own_item(&self, item: Option<&Shape>, arguments: &Payload) -> Option<Shape> {
        let mut members = item.map(|item| item.members().to_vec()).unwrap_or_default();
        let is_partial = [parameter::PROJECTION, parameter::ATTRIBUTES_TO_GET]
            .iter()
            .any(|name| Part::Payload(arguments).get(name).is_some());
        let key = Part::Payload(arguments).get(parameter::KEY);
        for (name, kind) in key.into_iter().flat_map(key_types) {
            let value = Shape::closed(vec![Member::certain(kind, Shape::string())]);
            members.push(Member { name, shape: value, is_certain: !is_partial });
        }
        Some(Shape::object(members, Some(self.attribute_value.clone()?)))
    }
}

/// Whether the task's arguments have its token in them.
fn reads_token(state: &State) -> bool {
    let slots = state.arguments.iter().flat_map(Payload::slots);
    let token = format!(".{TASK_FIELD}");
    slots.into_iter().any(|slot| slot.expr.text().contains(&token))
}

/// The attributes of a key whose type is written out.
fn key_types(key: Part<'_>) -> Vec<(Arc<str>, &str)> {
    let of = |name| {
        let value = key.get(name)?;
        match value.keys().as_slice() {
            [kind] if matches!(*kind, "S" | "N" | "B") => Some((Arc::from(name), *kind)),
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

/// Whether a parameter asks for more than nothing, or may do.
fn asks(arguments: &Payload, name: &str) -> bool {
    Part::Payload(arguments).get(name).is_some_and(|value| value.text() != Some(answer::NONE))
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
