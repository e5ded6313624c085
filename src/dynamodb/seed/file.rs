//! Files that tables are made of, as people have them.
//!
//! - A tables file: a JSON array of CreateTable requests, each with an optional `Items` array.
//! - The AWS CLI's `--cli-input-json` of create-table and put-item, and what `describe-table` prints.
//! - A batch-write-item request, whole (`RequestItems`) or as `--request-items` takes it.
//! - A CloudFormation or SAM template with tables in it.
//! - What `aws dynamodb scan` or `query` prints. It does not name its table: the file's name up to its first dot does,
//!   or whoever adds the file.
//!
//! All of them in JSON or YAML. Several files make one database, so that one can declare a table and another fill it.

use serde_json::{Map, Value, json};

use super::{SeedError, template, yaml};
use crate::dynamodb::Database;

/// Tables and items collected from files.
///
/// # Example
///
/// ```
/// use asl_lsp::dynamodb::Seeds;
///
/// let template = "
/// Resources:
///   Orders:
///     Type: AWS::Serverless::SimpleTable
/// ";
/// let mut seeds = Seeds::default();
/// seeds.add("template.yaml", template, None).unwrap();
/// seeds.add("Orders.json", r#"{"Items": [{"id": {"S": "1"}}], "Count": 1}"#, None).unwrap();
/// let database = seeds.database().unwrap();
/// assert_eq!(database.table("Orders").unwrap().len(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Seeds {
    tables: Vec<Declared>,
    items: Vec<Items>,
}

/// A table as a file declares it.
#[derive(Clone, Debug)]
struct Declared {
    file: String,
    /// A CreateTable request, with `Items` if it has any.
    request: Value,
}

/// Items that a file puts into a table.
#[derive(Clone, Debug)]
struct Items {
    file: String,
    /// Where the items stand in the file.
    path: String,
    table: String,
    items: Vec<Value>,
}

impl Seeds {
    /// Adds a file by its name and text. `table` names the table of a scan's output; it is not for other files.
    ///
    /// # Errors
    ///
    /// What the file is not, with its name and the place in it.
    pub fn add(&mut self, file: &str, text: &str, table: Option<&str>) -> Result<(), String> {
        let value = parse(text).map_err(|what| format!("{file} {what}"))?;
        self.add_value(file, value, table).map_err(|what| format!("{file}: {what}"))
    }

    fn add_value(&mut self, file: &str, value: Value, table: Option<&str>) -> Result<(), String> {
        let mut declare = |request| self.tables.push(Declared { file: file.to_owned(), request });
        let members = match value {
            Value::Array(tables) => {
                tables.into_iter().for_each(declare);
                return Ok(());
            }
            Value::Object(members) => members,
            _ => return Err(UNKNOWN.to_owned()),
        };
        let has = |name: &str| members.contains_key(name);
        if has("Resources") {
            let tables = template::tables(&Value::Object(members))?;
            if tables.is_empty() {
                return Err("the template has no DynamoDB table".to_owned());
            }
            tables.into_iter().for_each(declare);
        } else if has("KeySchema") {
            declare(Value::Object(members));
        } else if let Some(Value::Object(table)) = members.get("Table") {
            declare(described(table));
        } else if let (Some(name), Some(item)) =
            (members.get("TableName").and_then(Value::as_str), members.get("Item"))
        {
            self.put(file, "Item", name, vec![item.clone()]);
        } else if let Some(Value::Object(requests)) = members.get("RequestItems") {
            self.write(file, "RequestItems.", requests)?;
        } else if let Some(Value::Array(items)) = members.get("Items") {
            let named = file.rsplit(['/', '\\']).next().and_then(|name| name.split('.').next());
            let name = table.or(named).unwrap_or_default();
            self.put(file, "Items", name, items.clone());
        } else if !members.is_empty() && members.values().all(Value::is_array) {
            self.write(file, "", &members)?;
        } else {
            return Err(UNKNOWN.to_owned());
        }
        Ok(())
    }

    fn put(&mut self, file: &str, path: &str, table: &str, items: Vec<Value>) {
        let (file, path, table) = (file.to_owned(), path.to_owned(), table.to_owned());
        self.items.push(Items { file, path, table, items });
    }

    /// Takes the items of a batch-write-item request, which must only put.
    fn write(&mut self, file: &str, path: &str, requests: &Map<String, Value>) -> Result<(), String> {
        for (table, writes) in requests {
            let path = format!("{path}{table}");
            let writes = writes.as_array().ok_or_else(|| format!("{path}: expected an array"))?;
            let items = writes.iter().enumerate().map(|(index, write)| {
                let item = write.pointer("/PutRequest/Item");
                item.cloned().ok_or_else(|| format!("{path}.{index}: expected a PutRequest with an Item"))
            });
            let items = items.collect::<Result<Vec<_>, _>>()?;
            self.put(file, &path, table, items);
        }
        Ok(())
    }

    /// The tables as CreateTable requests with their items: what [`Database::from_tables`] takes.
    ///
    /// # Errors
    ///
    /// Items of a table that no file declares.
    pub fn tables(&self) -> Result<Value, String> {
        let mut tables: Vec<Value> = self.tables.iter().map(|table| table.request.clone()).collect();
        for more in &self.items {
            let named =
                |table: &&mut Value| table.get("TableName").and_then(Value::as_str) == Some(&more.table);
            let Some(table) = tables.iter_mut().find(named) else {
                return Err(format!(
                    "{}: {}: no file declares the table `{}`: give its CreateTable request or a template, too",
                    more.file, more.path, more.table
                ));
            };
            if let Value::Object(members) = table {
                let items = members.entry("Items").or_insert_with(|| json!([]));
                if let Value::Array(items) = items {
                    items.extend(more.items.iter().cloned());
                }
            }
        }
        Ok(Value::Array(tables))
    }

    /// The database of the files.
    ///
    /// # Errors
    ///
    /// The first table or item that cannot be created, with the file it comes from and AWS's reason.
    pub fn database(&self) -> Result<Database, String> {
        Database::from_tables(&self.tables()?).map_err(|error| self.explain(&error))
    }

    /// An error about the tables of these files, with the name of the file and the place in it.
    pub fn explain(&self, error: &SeedError) -> String {
        let Some(declared) = error.table_idx.and_then(|index| self.tables.get(index)) else {
            return error.to_string();
        };
        let own = declared.request.get("Items").and_then(Value::as_array).map_or(0, Vec::len);
        let Some(mut index) = error.item_idx.and_then(|index| index.checked_sub(own)) else {
            return format!("{}: {error}", declared.file);
        };
        let name = declared.request.get("TableName").and_then(Value::as_str).unwrap_or_default();
        for more in self.items.iter().filter(|items| items.table == name) {
            match index.checked_sub(more.items.len()) {
                Some(rest) => index = rest,
                None => return format!("{}: {}.{index}: {}", more.file, more.path, error.reason),
            }
        }
        format!("{}: {error}", declared.file)
    }
}

const UNKNOWN: &str = "neither CreateTable requests, nor a batch-write-item or put-item request, nor a template, nor the \
                       output of a scan";

/// Reads JSON, or YAML where the text does not begin as JSON does.
fn parse(text: &str) -> Result<Value, String> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with(['{', '[']) {
        return serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"));
    }
    yaml::parse(text).map_err(|what| format!("is not YAML: {what}"))
}

/// The request that would make the table of a description.
fn described(table: &Map<String, Value>) -> Value {
    let keep = |from: &Map<String, Value>, names: &[&str]| -> Map<String, Value> {
        names.iter().filter_map(|name| Some(((*name).to_owned(), from.get(*name)?.clone()))).collect()
    };
    let mut request =
        keep(table, &["TableName", "KeySchema", "AttributeDefinitions", "DeletionProtectionEnabled"]);
    for kind in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
        let Some(indexes) = table.get(kind).and_then(Value::as_array) else { continue };
        let indexes = indexes.iter().filter_map(Value::as_object);
        let indexes =
            indexes.map(|index| Value::Object(keep(index, &["IndexName", "KeySchema", "Projection"])));
        request.insert(kind.to_owned(), indexes.collect());
    }
    Value::Object(request)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    const ORDERS: &str = r#"{
        "TableName": "Orders",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]
    }"#;

    /// Adds files and shows the items of the database, or what is wrong.
    #[track_caller]
    fn check(files: &[(&str, &str)], expected: Expect) {
        let mut seeds = Seeds::default();
        let added = files.iter().try_for_each(|(file, text)| seeds.add(file, text, None));
        let database = added.and_then(|()| seeds.database());
        expected.assert_eq(&database.map_or_else(|error| error, |database| database.to_json().to_string()));
    }

    #[test]
    fn every_kind() {
        let batch = r#"{"Orders": [{"PutRequest": {"Item": {"id": {"S": "batch"}}}}]}"#;
        check(
            &[
                ("create.json", ORDERS),
                ("batch.json", batch),
                ("whole.json", &format!(r#"{{"RequestItems": {}}}"#, batch.replace("batch", "whole"))),
                ("put.json", r#"{"TableName": "Orders", "Item": {"id": {"S": "put"}}}"#),
                ("some/Orders.scan.json", r#"{"Items": [{"id": {"S": "scan"}}], "ScannedCount": 1}"#),
                (
                    "more.yaml",
                    "- TableName: More\n  KeySchema: [{AttributeName: id, KeyType: HASH}]\n  AttributeDefinitions: [{AttributeName: id, AttributeType: N}]\n  Items: [{id: {N: '1'}}]",
                ),
            ],
            expect![[
                r#"{"More":{"Items":[{"id":{"N":"1"}}]},"Orders":{"Items":[{"id":{"S":"batch"}},{"id":{"S":"put"}},{"id":{"S":"scan"}},{"id":{"S":"whole"}}]}}"#
            ]],
        );
        let described =
            format!(r#"{{"Table": {}}}"#, ORDERS.replacen('{', r#"{"TableStatus": "ACTIVE", "#, 1));
        check(&[("described.json", &described)], expect![[r#"{"Orders":{"Items":[]}}"#]]);
        let template = format!(
            r#"{{"Resources": {{"X": {{"Type": "AWS::DynamoDB::Table", "Properties": {ORDERS}}}}}}}"#
        );
        check(&[("template.json", &template)], expect![[r#"{"Orders":{"Items":[]}}"#]]);
    }

    #[test]
    fn mistakes_name_the_file_and_the_place() {
        check(
            &[("a.json", "{")],
            expect!["a.json is not JSON: EOF while parsing an object at line 1 column 1"],
        );
        check(
            &[("a.yaml", "a: [")],
            expect![
                "a.yaml is not YAML: line 2, column 1: while parsing a node, did not find expected node content"
            ],
        );
        check(
            &[("a.json", "{}")],
            expect![
                "a.json: neither CreateTable requests, nor a batch-write-item or put-item request, nor a template, nor the output of a scan"
            ],
        );
        check(&[("a.json", r#"{"Resources": {}}"#)], expect!["a.json: the template has no DynamoDB table"]);
        check(
            &[("a.json", r#"{"Orders": [{"DeleteRequest": {}}]}"#)],
            expect!["a.json: Orders.0: expected a PutRequest with an Item"],
        );
        check(
            &[("a/Orders.json", r#"{"Items": []}"#)],
            expect![
                "a/Orders.json: Items: no file declares the table `Orders`: give its CreateTable request or a template, too"
            ],
        );
        check(
            &[("a.json", &ORDERS.replace("HASH", "x"))],
            expect![
                "a.json: table `Orders`: 1 validation error detected: Value 'x' at 'keySchema.1.member.keyType' failed to satisfy constraint: Member must satisfy enum value set: [HASH, RANGE]"
            ],
        );
        check(
            &[("a.json", ORDERS), ("b.json", ORDERS)],
            expect!["b.json: table `Orders`: a table of this name is already there"],
        );
        check(
            &[
                ("a.json", &ORDERS.replacen('{', r#"{"Items": [{"id": {"S": "1"}}], "#, 1)),
                ("b.json", r#"{"Orders": [{"PutRequest": {"Item": {"id": {"S": "2"}}}}]}"#),
                ("Orders.json", r#"{"Items": [{"id": {"S": "3"}}, {"id": {"N": "4"}}]}"#),
            ],
            expect![
                "Orders.json: Items.1: One or more parameter values were invalid: Type mismatch for key id expected: S actual: N"
            ],
        );
        check(
            &[("a.json", &ORDERS.replacen('{', r#"{"Items": [{"id": {"S": 1}}], "#, 1))],
            expect![[
                r#"a.json: table `Orders`, item 0: NUMBER_VALUE cannot be converted to String (attribute values are objects such as {"N": "5"}, numbers are strings)"#
            ]],
        );
    }
}
