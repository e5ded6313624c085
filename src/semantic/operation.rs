//! The operations of DynamoDB that tasks ask for, those within batches and transactions one by one.
//!
//! What only the execution or the deployment knows (`.$` keys, `{% … %}`, `${…}`) is [`Given::Dynamic`]: nothing can be
//! said of it.

use std::borrow::Cow;

use crate::expr::jsonata::OPEN;
use crate::model::{Lowered, StateBody, StateId};
use crate::spec::dynamodb::{BATCH_READ, Holds, OperationSpec, Parameter};
use crate::spec::resource::{self, parameter};
use crate::spec::{Field, QueryLanguage, Resource, ServiceKind};
use crate::syntax::{Node, NodeKind, Parse};

/// An operation of DynamoDB that a task asks for.
#[derive(Clone, Debug)]
pub struct Operation<'a> {
    /// The task.
    pub state: StateId,
    /// What it takes.
    pub spec: &'static OperationSpec,
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

    fn new(
        state: StateId,
        spec: &'static OperationSpec,
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
    fn part(&self, spec: &'static OperationSpec, object: Node<'a>, table: Option<Cow<'a, str>>) -> Self {
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
        let Some(spec) = OperationSpec::of_action(resource.action) else { continue };
        if resource.kind == ServiceKind::Optimized && !resource.is_known() {
            continue;
        }
        let field = match state.query_language {
            QueryLanguage::JsonPath => Field::Parameters,
            QueryLanguage::Jsonata => Field::Arguments,
        };
        // Without parameters the state's input is the request: nothing is known of it.
        let object = lowered.source_map.state_node(parse, id).and_then(|node| node.value_of(field.name()));
        let Some(object) = object.filter(|object| object.is_object()) else { continue };
        let language = state.query_language;
        add(Operation::new(id, spec, resource.kind, object, language), &mut found);
    }
    found
}

fn add<'a>(mut operation: Operation<'a>, found: &mut Vec<Operation<'a>>) {
    if let Given::Known(name) = operation.given(parameter::TABLE_NAME) {
        operation.table = name.text();
    }
    for (parameter, parts) in operation.known() {
        match parameter.holds {
            Holds::BatchReads => {
                for table in operation.each_entry(parts) {
                    let Some(object) = table.value.filter(|value| value.is_object()) else { continue };
                    let table = Some(table.name).filter(|name| !name.contains("${"));
                    found.push(operation.part(&BATCH_READ, object, table));
                }
            }
            Holds::BatchWrites => {
                for table in operation.each_entry(parts) {
                    let requests = table.value.into_iter().flat_map(Node::elements);
                    let name = Some(table.name).filter(|name| !name.contains("${"));
                    for request in requests {
                        add_parts(&operation, request, name.clone(), found);
                    }
                }
            }
            Holds::Transaction => {
                for request in parts.elements() {
                    add_parts(&operation, request, None, found);
                }
            }
            _ => {}
        }
    }
    found.push(operation);
}

fn add_parts<'a>(
    operation: &Operation<'a>,
    request: Node<'a>,
    table: Option<Cow<'a, str>>,
    found: &mut Vec<Operation<'a>>,
) {
    for part in operation.each_entry(request) {
        let Some(spec) = OperationSpec::of_part(&part.name) else { continue };
        let Some(object) = part.value.filter(|value| value.is_object()) else { continue };
        let mut inner = operation.part(spec, object, table.clone());
        if let Given::Known(name) = inner.given(parameter::TABLE_NAME) {
            inner.table = name.text();
        }
        found.push(inner);
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
        NodeKind::Error | NodeKind::Substitution => true,
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
        && !crate::spec::dynamodb::sdk_actions().any(|action| action == resource.action)
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
