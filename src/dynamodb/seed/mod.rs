//! Seeding: a database made of CreateTable requests with items.
//!
//! `file.rs` makes such requests of the files people have, `template.rs` of CloudFormation's, `yaml.rs` reads YAML.

mod file;
mod template;
mod yaml;

pub use self::file::Seeds;

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::Database;
use super::error::{Error, Failure};
use super::json::{Json, Object};
use super::message::TextGeneration;
use super::operation::{self, Operation, Strictness, TableRequest};
use super::request;
use super::table::Table;
use super::validate::Attributes;
use super::wire::Members;

/// Why tables cannot be made of some JSON. `Display` names the table and item and gives the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedError {
    /// The position of the table in the array; `None` when the JSON is no array.
    pub table_idx: Option<usize>,
    /// The table's name, as far as it has one.
    pub table: Option<String>,
    /// The position of the offending item in `Items`, if it is one.
    pub item_idx: Option<usize>,
    /// What is wrong, in AWS's words where AWS has any.
    pub reason: String,
}

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.table, self.table_idx) {
            (Some(name), _) => write!(f, "table `{name}`")?,
            (None, Some(index)) => write!(f, "table {index}")?,
            (None, None) => f.write_str("tables")?,
        }
        if let Some(index) = self.item_idx {
            write!(f, ", item {index}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for SeedError {}

pub(super) fn database(tables: &Value) -> Result<Database, SeedError> {
    let Value::Array(tables) = tables else {
        let reason = "expected an array of tables, each with TableName, KeySchema and AttributeDefinitions";
        return Err(SeedError { table_idx: None, table: None, item_idx: None, reason: reason.to_owned() });
    };
    let mut database = Database::default();
    for (index, value) in tables.iter().enumerate() {
        let named = value.get("TableName").and_then(Value::as_str);
        let at = |(item_idx, reason): (Option<usize>, String)| SeedError {
            table_idx: Some(index),
            table: named.map(str::to_owned),
            item_idx,
            reason,
        };
        let table = seeded(value).map_err(at)?;
        let name = Arc::clone(table.name());
        if database.tables.insert(name, Arc::new(table)).is_some() {
            return Err(at((None, "a table of this name is already there".to_owned())));
        }
    }
    Ok(database)
}

/// What a table may have. A request of the API may have more, which is ignored; here it would be a slip of the pen.
const MEMBERS: &[&str] = &[
    "TableName",
    "KeySchema",
    "AttributeDefinitions",
    "Items",
    "BillingMode",
    "ProvisionedThroughput",
    "OnDemandThroughput",
    "WarmThroughput",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "StreamSpecification",
    "SSESpecification",
    "TableClass",
    "DeletionProtectionEnabled",
    "Tags",
    "TimeToLiveSpecification",
];

/// One table with its items; an error has the item's position, if it is about one.
fn seeded(value: &Value) -> Result<Table, (Option<usize>, String)> {
    let whole = |failure| (None, reason(failure, Operation::CreateTable));
    let members = Members::new(value.into()).map_err(|_| (None, "expected an object".to_owned()))?;
    if let Some(name) = members.names().find(|name| !MEMBERS.contains(name)) {
        return Err((None, format!("unknown member `{name}`")));
    }
    let request = TableRequest::parse(members, Strictness::Seed).map_err(whole)?;
    let mut table = request.into_table(0);
    set_time_to_live(&mut table, members).map_err(|error| whole(error.into()))?;
    let Some(items) = members.list("Items").map_err(|error| whole(error.into()))? else { return Ok(table) };
    for (index, item) in items.iter().enumerate() {
        put(&mut table, item).map_err(|reason| (Some(index), reason))?;
    }
    Ok(table)
}

/// The time to live, which CloudFormation's tables have and CreateTable requests have not.
fn set_time_to_live(table: &mut Table, members: Members<'_>) -> Result<(), Error> {
    let Some(specification) = members.structure("TimeToLiveSpecification")? else { return Ok(()) };
    if specification.boolean("Enabled")?.unwrap_or_default() {
        table.definition_mut().ttl_attribute = specification.string("AttributeName")?.map(Arc::from);
    }
    Ok(())
}

fn put(table: &mut Table, item: Json<'_>) -> Result<(), String> {
    let in_words = |failure| reason(failure, Operation::PutItem);
    let Json::Object(attributes) = item else {
        return Err("expected an object of attributes such as {\"id\": {\"S\": \"1\"}}".to_owned());
    };
    let read = Attributes::of(attributes).map_err(|error| in_words(error.into()))?;
    let item = read.checked().map_err(|message| in_words(message.into()))?;
    let key = operation::checked_key(table, &item).map_err(|message| in_words(message.into()))?;
    let item = table.item_of(&item);
    if table.put(key, item).is_some() {
        return Err("an earlier item has the same key".to_owned());
    }
    Ok(())
}

/// What is wrong with an attribute of an item, in AWS's words where AWS has any.
pub fn attribute_problem(name: &str, value: &Value) -> Option<String> {
    let in_words = |failure| reason(failure, Operation::PutItem);
    let attributes = serde_json::Map::from_iter([(name.to_owned(), value.clone())]);
    match Attributes::of(Object::Tree(&attributes)) {
        Ok(read) => read.checked().err().map(|message| in_words(message.into())),
        Err(error) => Some(in_words(error.into())),
    }
}

fn reason(failure: Failure, operation: Operation) -> String {
    match request::to_error(failure, TextGeneration::Before2026, operation) {
        Error::SerializationException { message } => {
            format!("{message} (attribute values are objects such as {{\"N\": \"5\"}}, numbers are strings)")
        }
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use super::*;

    fn table(more: Value) -> Value {
        let mut table = json!({
            "TableName": "Orders",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        });
        for (name, value) in more.as_object().unwrap() {
            table[name] = value.clone();
        }
        table
    }

    #[track_caller]
    fn check(tables: Value, expected: Expect) {
        let text = match Database::from_tables(&tables) {
            Ok(database) => database.to_json().to_string(),
            Err(error) => error.to_string(),
        };
        expected.assert_eq(&text);
    }

    #[test]
    fn tables_and_items_are_in_order() {
        let items = json!([{"id": {"S": "b"}, "n": {"N": "1.0"}}, {"id": {"S": "a"}}]);
        let spare = json!([
            {"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "spare", "AttributeType": "N"},
        ]);
        check(
            json!([
                table(json!({"Items": items})),
                table(json!({"TableName": "All", "AttributeDefinitions": spare}))
            ]),
            expect![[
                r#"{"All":{"Items":[]},"Orders":{"Items":[{"id":{"S":"a"}},{"id":{"S":"b"},"n":{"N":"1"}}]}}"#
            ]],
        );
        check(json!([]), expect!["{}"]);
    }

    #[test]
    fn mistakes_name_the_place() {
        let items = |items: Value| json!([table(json!({"Items": items}))]);
        check(
            json!({}),
            expect![[
                r#"tables: expected an array of tables, each with TableName, KeySchema and AttributeDefinitions"#
            ]],
        );
        check(json!([5]), expect!["table 0: expected an object"]);
        check(
            json!([{"KeySchema": []}]),
            expect!["table 0: The parameter 'TableName' is required but was not present in the request"],
        );
        check(json!([table(json!({"items": []}))]), expect!["table `Orders`: unknown member `items`"]);
        check(
            json!([table(json!({"KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}]}))]),
            expect![[
                r#"table `Orders`: One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [x], AttributeDefinitions: [id]"#
            ]],
        );
        check(
            json!([table(json!({})), table(json!({}))]),
            expect!["table `Orders`: a table of this name is already there"],
        );
        check(
            items(json!([{"id": {"S": "a"}}, {"id": "b"}])),
            expect![[
                r#"table `Orders`, item 1: Unexpected value type in payload (attribute values are objects such as {"N": "5"}, numbers are strings)"#
            ]],
        );
        check(
            items(json!([{"id": {"S": "a"}, "n": {"N": 5}}])),
            expect![[
                r#"table `Orders`, item 0: NUMBER_VALUE cannot be converted to String (attribute values are objects such as {"N": "5"}, numbers are strings)"#
            ]],
        );
        check(
            items(json!([{"id": {"S": "a"}, "n": {"N": "five"}}])),
            expect!["table `Orders`, item 0: The parameter cannot be converted to a numeric value: five"],
        );
        check(
            items(json!([{"id": {"N": "1"}}])),
            expect![[
                r#"table `Orders`, item 0: One or more parameter values were invalid: Type mismatch for key id expected: S actual: N"#
            ]],
        );
        check(
            items(json!([{"id": {"S": "a"}}, {"id": {"S": "a"}}])),
            expect!["table `Orders`, item 1: an earlier item has the same key"],
        );
        check(
            items(json!(["a"])),
            expect![[
                r#"table `Orders`, item 0: expected an object of attributes such as {"id": {"S": "1"}}"#
            ]],
        );
    }
}
