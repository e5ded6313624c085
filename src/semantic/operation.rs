//! The operations of DynamoDB that tasks ask for, those within batches and transactions one by one.
//!
//! What only the execution or the deployment knows (`.$` keys, `{% … %}`, `${…}`) is [`Given::Dynamic`]: nothing can be
//! said of it.

use std::borrow::Cow;

use crate::expr::jsonata::OPEN;
use crate::model::{Lowered, State, StateBody, StateId, is_filled_in};
use crate::spec::dynamodb::{self, Holds, ObjectSpec, Parameter, parameter};
use crate::spec::resource;
use crate::spec::{Field, QueryLanguage, Resource, ServiceKind, service};
use crate::syntax::{Node, NodeKind, Parse};

/// A request of a task, or a part of one: an operation of DynamoDB, or a call of another service.
#[derive(Clone, Debug)]
pub struct Operation<'a> {
    /// The task.
    pub state: StateId,
    /// What it takes.
    pub spec: &'static ObjectSpec,
    /// How the task calls DynamoDB: the optimized integration takes fewer parameters.
    pub service: ServiceKind,
    /// The object that holds its parameters.
    pub object: Node<'a>,
    /// The table's name, where it is written down.
    pub table: Option<Cow<'a, str>>,
    language: QueryLanguage,
    /// The members of `object`: every rule asks for them.
    given: Vec<Entry<'a>>,
    /// The parameters with known values, in the order of its `spec`: so do most.
    known: Vec<(&'static Parameter, Node<'a>)>,
}

/// What an operation says of a parameter.
#[derive(Clone, Copy, Debug)]
pub enum Given<'a> {
    /// Nothing.
    Absent,
    /// Something that is not known before the execution.
    Dynamic,
    /// A value.
    Known(Node<'a>),
}

/// A member of a map that an operation gives.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Its key, without `.$`.
    pub name: Cow<'a, str>,
    /// The key as a node.
    pub key: Node<'a>,
    /// Its value; none where it is not known.
    pub value: Option<Node<'a>>,
}

impl<'a> Operation<'a> {
    /// What is said of a parameter.
    pub fn given(&self, name: &str) -> Given<'a> {
        given(&self.given, name)
    }

    /// The parameters whose values are known, in the order of its `spec`.
    pub fn known(&self) -> impl Iterator<Item = (&'static Parameter, Node<'a>)> {
        self.known.iter().copied()
    }

    /// The key of a parameter.
    pub fn key_of(&self, name: &str) -> Option<Node<'a>> {
        self.given.iter().rfind(|entry| entry.name == name).map(|entry| entry.key)
    }

    /// All that is given.
    pub fn all_given(&self) -> &[Entry<'a>] {
        &self.given
    }

    /// What to underline where something is missing: the key of the object, or the object.
    pub fn place(&self) -> Node<'a> {
        let member = self.object.parent().filter(|parent| parent.kind() == NodeKind::Member);
        member.and_then(|member| member.children().next()).unwrap_or(self.object)
    }

    fn new(
        state: StateId,
        spec: &'static ObjectSpec,
        service: ServiceKind,
        object: Node<'a>,
        language: QueryLanguage,
    ) -> Self {
        let given: Vec<_> = entries(object, language).collect();
        let known =
            spec.parameters.iter().filter_map(|parameter| match self::given(&given, parameter.name) {
                Given::Known(node) => Some((parameter, node)),
                Given::Absent | Given::Dynamic => None,
            });
        let known = known.collect();
        Self { state, spec, service, object, table: None, language, given, known }
    }

    /// A part of the operation.
    fn part(&self, spec: &'static ObjectSpec, object: Node<'a>, table: Option<Cow<'a, str>>) -> Self {
        Self { table, ..Self::new(self.state, spec, self.service, object, self.language) }
    }

    /// The members of a map, or of the operation itself.
    pub fn entries(&self, map: Node<'a>) -> Vec<Entry<'a>> {
        self.each_entry(map).collect()
    }

    /// As [`Operation::entries`], one after the other.
    pub fn each_entry(&self, map: Node<'a>) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        entries(map, self.language)
    }

    /// The members of the map that a parameter holds; none where it or all of it is not known.
    pub fn map(&self, name: &str) -> Option<Vec<Entry<'a>>> {
        match self.given(name) {
            Given::Known(node) if node.is_object() => Some(self.entries(node)),
            _ => None,
        }
    }

    /// Whether a value is known before the execution.
    pub fn is_known(&self, node: Node<'a>) -> bool {
        !is_dynamic(node, self.language)
    }
}

/// Finds all operations, in the order of the states.
pub(super) fn operations<'a>(parse: &'a Parse, lowered: &'a Lowered) -> Vec<Operation<'a>> {
    let mut found = Vec::new();
    for (id, state) in lowered.machine.all_states() {
        let StateBody::Task(task) = &state.body else { continue };
        let Some(resource) = Resource::parse(&task.resource).filter(Resource::is_dynamodb) else { continue };
        let Some(node) = lowered.source_map.state_node(parse, id) else { continue };
        found.extend(task_requests(id, state, node, &resource));
    }
    found
}

/// What a task asks of the service that it calls: the parts of the request, then the request itself. Nothing where that
/// service is not known, or where the state's input is the request.
pub fn task_requests<'a>(
    id: StateId,
    state: &State,
    node: Node<'a>,
    resource: &Resource<'_>,
) -> Vec<Operation<'a>> {
    let mut found = Vec::new();
    let Some(spec) = service::action(resource) else { return found };
    if resource.kind == ServiceKind::Optimized && !resource.is_known() {
        return found;
    }
    let field = match state.query_language {
        QueryLanguage::JsonPath => Field::Parameters,
        QueryLanguage::Jsonata => Field::Arguments,
    };
    let object = node.value_of(field.name());
    let is_known = |object: &Node<'_>| object.is_object() && !is_dynamic(*object, state.query_language);
    if let Some(object) = object.filter(is_known) {
        add(Operation::new(id, spec, resource.kind, object, state.query_language), &mut found);
    }
    found
}

/// Adds an operation behind the parts it is made of. It calls itself as deep as the table of parameters nests.
fn add<'a>(mut operation: Operation<'a>, found: &mut Vec<Operation<'a>>) {
    if let Given::Known(name) = operation.given(parameter::TABLE_NAME) {
        operation.table = name.text();
    }
    for (parameter, value) in operation.known() {
        let Some(spec) = parameter.holds.object() else { continue };
        if !matches!(parameter.holds, Holds::ByTable(_)) {
            add_parts(&operation, spec, value, operation.table.as_ref(), found);
            continue;
        }
        for table in operation.each_entry(value) {
            let name = Some(table.name).filter(|name| !name.contains("${"));
            if let Some(value) = table.value {
                add_parts(&operation, spec, value, name.as_ref(), found);
            }
        }
    }
    found.push(operation);
}

/// Adds what an object, or a list of objects, is made of.
fn add_parts<'a>(
    operation: &Operation<'a>,
    spec: &'static ObjectSpec,
    value: Node<'a>,
    table: Option<&Cow<'a, str>>,
    found: &mut Vec<Operation<'a>>,
) {
    let elements = value.elements();
    for object in std::iter::once(value).chain(elements).filter(|object| object.is_object()) {
        if !spec.is_union {
            add(operation.part(spec, object, table.cloned()), found);
            continue;
        }
        for part in operation.entries(object) {
            let spec = spec.parameter(&part.name).and_then(|parameter| parameter.holds.object());
            let inner = part.value.filter(|value| value.is_object());
            if let (Some(spec), Some(inner)) = (spec, inner) {
                add(operation.part(spec, inner, table.cloned()), found);
            }
        }
    }
}

fn given<'a>(given: &[Entry<'a>], name: &str) -> Given<'a> {
    match given.iter().rfind(|entry| entry.name == name) {
        None => Given::Absent,
        Some(Entry { value: Some(value), .. }) => Given::Known(*value),
        Some(_) => Given::Dynamic,
    }
}

fn entries(map: Node<'_>, language: QueryLanguage) -> impl Iterator<Item = Entry<'_>> {
    map.members().map(move |member| {
        let key = member.key();
        let is_expression = language == QueryLanguage::JsonPath && key.ends_with(".$");
        let name = match key {
            Cow::Borrowed(key) if is_expression => Cow::Borrowed(key.strip_suffix(".$").unwrap_or(key)),
            Cow::Owned(key) if is_expression => Cow::Owned(key.strip_suffix(".$").unwrap_or(&key).to_owned()),
            key => key,
        };
        let value = member.value().filter(|value| !is_expression && !is_dynamic(*value, language));
        Entry { name, key: member.key_node(), value }
    })
}

/// What only the execution or the deployment knows, or the parser could not read.
fn is_dynamic(node: Node<'_>, language: QueryLanguage) -> bool {
    match node.kind() {
        NodeKind::Error => true,
        _ if is_filled_in(node) => true,
        NodeKind::String(_) => node.text().is_some_and(|text| {
            text.contains("${") || (language == QueryLanguage::Jsonata && text.starts_with(OPEN))
        }),
        _ => false,
    }
}

/// Whether a resource is an action of DynamoDB's SDK integration that does not exist.
pub fn is_unknown_sdk_action(resource: &Resource<'_>) -> bool {
    resource.service == resource::DYNAMODB
        && resource.kind == ServiceKind::Sdk
        && !dynamodb::sdk_actions().any(|action| action == resource.action)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::model::lower;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    #[track_caller]
    fn check(action: &str, parameters: &str, expected: Expect) {
        let text = format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:{action}", "Parameters": {parameters}}}}}}}"#
        );
        let parse = parse_json(SourceText::new(&text), 64);
        let lowered = lower(&parse);
        let shown: Vec<String> = operations(&parse, &lowered)
            .iter()
            .map(|found| format!("{} {:?} {}", found.spec.name, found.table, found.object.raw()))
            .collect();
        expected.assert_eq(&shown.join("\n"));
    }

    #[test]
    fn a_table_by_path_is_not_known() {
        check(
            "getItem",
            r#"{"TableName.$": "$.t", "Key": {}}"#,
            expect![[r#"getItem None {"TableName.$": "$.t", "Key": {}}"#]],
        );
    }

    #[test]
    fn parts_of_batches_and_transactions() {
        check(
            "batchWriteItem",
            r#"{"RequestItems": {"T": [{"PutRequest": {"Item": {}}}, {"DeleteRequest": {"Key": {}}}]}}"#,
            expect![[r#"
                PutRequest Some("T") {"Item": {}}
                DeleteRequest Some("T") {"Key": {}}
                batchWriteItem None {"RequestItems": {"T": [{"PutRequest": {"Item": {}}}, {"DeleteRequest": {"Key": {}}}]}}"#]],
        );
        check(
            "transactWriteItems",
            r#"{"TransactItems": [{"Put": {"TableName": "T", "Item.$": "$.i"}}]}"#,
            expect![[r#"
                Put Some("T") {"TableName": "T", "Item.$": "$.i"}
                transactWriteItems None {"TransactItems": [{"Put": {"TableName": "T", "Item.$": "$.i"}}]}"#]],
        );
    }
}
