//! What a definition tells of the DynamoDB tables it uses.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::dynamodb::{Database, SeedError};
use crate::model::{Payload, StateBody, StateId, StateMachine};
use crate::spec::Resource;
use crate::spec::dynamodb::parameter;

/// A table that a definition uses, with a key that is made up from what the definition says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssumedTable {
    /// Its name, as `TableName` has it.
    pub name: Arc<str>,
    /// The attributes of its key with their types (`S`, `N` or `B`): the partition key, perhaps a sort key.
    pub key: Vec<(Arc<str>, Arc<str>)>,
    /// How the key is known.
    pub source: KeySource,
    /// The first state that uses it.
    pub state: StateId,
}

/// How the key of a table is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A task names it in `Key`.
    Key,
    /// It is the first attribute of an `Item`.
    FirstAttribute,
}

/// The keys of a table that somebody declared.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TableSchema {
    /// The partition key, perhaps a sort key.
    pub key: Vec<KeyAttribute>,
    /// The keys of its indexes, by name.
    pub indexes: BTreeMap<String, Vec<KeyAttribute>>,
}

/// An attribute of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyAttribute {
    /// Its name.
    pub name: String,
    /// Its type, `S`, `N` or `B`; empty where the declaration lacks it.
    pub kind: String,
}

impl TableSchema {
    /// The tables of a JSON array of CreateTable requests, by name. What has not their form is left out.
    pub fn declared(requests: &Value) -> BTreeMap<String, TableSchema> {
        let requests = requests.as_array().map(Vec::as_slice).unwrap_or_default();
        let named = |request: &Value| {
            Some((request.get(parameter::TABLE_NAME)?.as_str()?.to_owned(), TableSchema::of(request)))
        };
        requests.iter().filter_map(named).collect()
    }

    fn of(request: &Value) -> TableSchema {
        let list =
            |of: &Value, name: &str| of.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let text =
            |of: &Value, name: &str| of.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let types: BTreeMap<String, String> = list(request, "AttributeDefinitions")
            .iter()
            .map(|definition| (text(definition, "AttributeName"), text(definition, "AttributeType")))
            .collect();
        let key = |of: &Value| -> Vec<KeyAttribute> {
            list(of, "KeySchema")
                .iter()
                .map(|element| {
                    let name = text(element, "AttributeName");
                    let kind = types.get(&name).cloned().unwrap_or_default();
                    KeyAttribute { name, kind }
                })
                .collect()
        };
        let indexes = ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"];
        let indexes = indexes.into_iter().flat_map(|name| list(request, name));
        TableSchema {
            key: key(request),
            indexes: indexes.map(|index| (text(&index, "IndexName"), key(&index))).collect(),
        }
    }
}

/// The tables that a definition uses, by name. Those whose key cannot be guessed, and those that DynamoDB would refuse to
/// create, are left out: their tasks find no table.
///
/// The attributes of a `Key` anywhere in the machine are the table's key, the first as partition key; failing
/// that, the first attribute of an `Item` is.
pub fn assume_tables(machine: &StateMachine) -> Vec<AssumedTable> {
    let mut tables: BTreeMap<Arc<str>, AssumedTable> = BTreeMap::new();
    for (state_id, state) in machine.all_states() {
        let StateBody::Task(task) = &state.body else { continue };
        if !Resource::parse(&task.resource).is_some_and(|resource| resource.is_dynamodb()) {
            continue;
        }
        let Some(arguments) = &state.arguments else { continue };
        let Some(Value::String(name)) = arguments.literal_of(parameter::TABLE_NAME) else { continue };
        // A key that is known is not looked for again: most tables have many tasks.
        if tables.get(name.as_str()).is_some_and(|known| known.source == KeySource::Key) {
            continue;
        }
        let name: Arc<str> = Arc::from(name.as_str());
        let from_key =
            arguments.get(parameter::KEY).map(|key| attributes(&key, 2)).filter(|key| !key.is_empty());
        let from_item =
            arguments.get(parameter::ITEM).map(|item| attributes(&item, 1)).filter(|key| !key.is_empty());
        let found = from_key.map(|key| (key, KeySource::Key));
        let Some((key, source)) = found.or(from_item.map(|key| (key, KeySource::FirstAttribute))) else {
            continue;
        };
        let table = AssumedTable { name: name.clone(), key, source, state: state_id };
        match tables.get_mut(&name) {
            None => {
                tables.insert(name, table);
            }
            Some(known) if known.source == KeySource::FirstAttribute && source == KeySource::Key => {
                known.key = table.key;
                known.source = source;
            }
            Some(_) => {}
        }
    }
    let can_be_created =
        |table: &AssumedTable| Database::from_tables(&json!([table.create_request()])).is_ok();
    tables.into_values().filter(can_be_created).collect()
}

/// The tables to simulate a machine with: those declared, a JSON array of CreateTable requests with `Items`, and those
/// that the machine uses but nobody declared, empty and with the key that is assumed.
///
/// # Errors
///
/// A table or item that cannot be created.
pub fn database(machine: &StateMachine, declared: Option<&Value>) -> Result<Database, SeedError> {
    let mut requests = match declared {
        Some(Value::Array(requests)) => requests.clone(),
        // Not an array: the database says what it should be.
        Some(other) => return Database::from_tables(other),
        None => Vec::new(),
    };
    let is_declared = |name: &str| {
        requests
            .iter()
            .any(|request| request.get(parameter::TABLE_NAME).and_then(Value::as_str) == Some(name))
    };
    let assumed: Vec<Value> = assume_tables(machine)
        .iter()
        .filter(|table| !is_declared(&table.name))
        .map(AssumedTable::create_request)
        // A name that is being typed may be too short for a table: AWS's error comes from the task that uses it.
        .filter(|request| Database::from_tables(&json!([request])).is_ok())
        .collect();
    requests.extend(assumed);
    Database::from_tables(&Value::Array(requests))
}

impl AssumedTable {
    /// The CreateTable request that declares the table.
    pub fn create_request(&self) -> Value {
        let key = self.key.iter().zip(["HASH", "RANGE"]);
        let schema: Vec<Value> =
            key.map(|((name, _), kind)| json!({"AttributeName": &**name, "KeyType": kind})).collect();
        let definitions: Vec<Value> = self
            .key
            .iter()
            .map(|(name, kind)| json!({"AttributeName": &**name, "AttributeType": &**kind}))
            .collect();
        json!({
            "TableName": &*self.name,
            "KeySchema": schema,
            "AttributeDefinitions": definitions,
            "BillingMode": "PAY_PER_REQUEST",
        })
    }
}

/// The first attributes of a map of attribute values, with their types.
fn attributes(map: &Payload, n_max: usize) -> Vec<(Arc<str>, Arc<str>)> {
    let typed = |name: &&str| {
        let value = map.get(name)?;
        let kind = value.keys().into_iter().find(|kind| matches!(*kind, "S" | "N" | "B")).map(Arc::from);
        Some((Arc::from(*name), kind?))
    };
    map.keys().iter().filter_map(typed).take(n_max).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::model::lower;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    #[track_caller]
    fn check(tasks: &[(&str, &str)], expected: Expect) {
        let states: Vec<String> = tasks
            .iter()
            .enumerate()
            .map(|(i, (action, parameters))| {
                format!(r#""S{i}": {{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:{action}", "Parameters": {parameters}}}"#)
            })
            .collect();
        let text = format!(r#"{{"StartAt": "S0", "States": {{{}}}}}"#, states.join(","));
        let machine = lower(&parse_json(SourceText::new(&text), 64)).machine;
        let tables: Vec<String> = assume_tables(&machine)
            .iter()
            .map(|table| format!("{} {:?} {:?}", table.name, table.key, table.source))
            .collect();
        expected.assert_eq(&tables.join("\n"));
    }

    #[test]
    fn a_key_decides_over_an_item() {
        check(
            &[
                ("putItem", r#"{"TableName": "Tab", "Item": {"a": {"S": "1"}, "id": {"N": "2"}}}"#),
                ("getItem", r#"{"TableName": "Tab", "Key": {"id": {"N.$": "$.id"}, "at": {"S": "x"}}}"#),
            ],
            expect![[r#"Tab [("id", "N"), ("at", "S")] Key"#]],
        );
    }

    #[test]
    fn the_first_attribute_of_an_item_else() {
        check(
            &[("putItem", r#"{"TableName": "Tab", "Item": {"OrderId": {"S": "1"}, "Status": {"S": "2"}}}"#)],
            expect![[r#"Tab [("OrderId", "S")] FirstAttribute"#]],
        );
    }

    #[test]
    fn a_table_that_dynamodb_refuses_is_not_assumed() {
        check(&[("putItem", r#"{"TableName": "no table", "Item": {"id": {"S": "1"}}}"#)], expect![""]);
        check(&[("putItem", r#"{"TableName": "T", "Item": {"id": {"S": "1"}}}"#)], expect![""]);
    }

    #[test]
    fn nothing_is_guessed_from_paths() {
        check(
            &[
                ("putItem", r#"{"TableName.$": "$.t", "Item.$": "$.item"}"#),
                ("getItem", r#"{"TableName": "Tab", "Key.$": "$.k"}"#),
            ],
            expect![""],
        );
    }
}
