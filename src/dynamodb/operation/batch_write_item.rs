//! BatchWriteItem: puts and deletes many items in several tables, without conditions.
//!
//! One bad element or unknown table fails the whole batch and nothing is written.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html>

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use smol_str::SmolStr;

use super::write::{self, Change, Guard, Reports, Write};
use crate::dynamodb::Database;
use crate::dynamodb::capacity::{CapacityDetail, Consumed, Kind};
use crate::dynamodb::error::{Error, Failure};
use crate::dynamodb::item::{AnyItem as _, GivenItem};
use crate::dynamodb::key::{KeyAttribute, PrimaryKey};
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::notation::{self, WriteRequest};
use crate::dynamodb::response::Response;
use crate::dynamodb::table::Table;
use crate::dynamodb::validate::{self, Attributes, Constraints};
use crate::dynamodb::wire::Members;
use crate::spec::quota;

/// A write of many items.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct BatchWriteItem {
    tables: BTreeMap<SmolStr, Vec<Write>>,
    reports: Reports,
}

/// One write as read.
struct Parameters {
    put: Option<Option<Attributes>>,
    delete: Option<Option<Attributes>>,
}

impl Parameters {
    fn read(members: Members<'_>) -> Result<Parameters, Error> {
        let inner = |request: &str, member: &str| {
            members.structure(request)?.map(|request| Attributes::read(request, member)).transpose()
        };
        Ok(Parameters { put: inner("PutRequest", "Item")?, delete: inner("DeleteRequest", "Key")? })
    }

    fn constrain(&self, path: &str, constraints: &mut Constraints) {
        if let Some(None) = self.put {
            constraints.require(false, format!("{path}.putRequest.item"));
        }
        if let Some(None) = self.delete {
            constraints.require(false, format!("{path}.deleteRequest.key"));
        }
    }

    fn check(self, table: &SmolStr) -> Result<Write, Failure> {
        let change = match (self.put.flatten(), self.delete.flatten()) {
            (Some(item), None) => {
                let item = item.checked()?;
                write::check_size(&item)?;
                Change::Put(item)
            }
            (None, Some(key)) => Change::Delete { key: key.checked()? },
            // AWS: the same text for a request of nothing.
            (None, None) | (Some(_), Some(_)) => return Err(message::value_has_two_types().into()),
        };
        Ok(Write { table: table.clone(), change, guard: Guard::default() })
    }
}

/// The writes of all tables in the service's notation.
fn shown(tables: &[(&str, Vec<Parameters>)]) -> String {
    let tables = tables.iter().map(|(name, writes)| shown_of(name, writes));
    let entry = |map: String| {
        map.strip_prefix('{').and_then(|map| map.strip_suffix('}')).unwrap_or_default().to_owned()
    };
    format!("{{{}}}", tables.map(entry).collect::<Vec<_>>().join(", "))
}

/// The writes of a table in the service's notation, as a map of one entry.
fn shown_of(table: &str, writes: &[Parameters]) -> String {
    fn item(attributes: &Option<Option<Attributes>>) -> Option<&GivenItem> {
        attributes.as_ref()?.as_ref().map(|attributes| &attributes.item)
    }
    let requests = writes.iter().map(|it| WriteRequest { put: item(&it.put), delete: item(&it.delete) });
    notation::write_requests(table, requests)
}

impl BatchWriteItem {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<BatchWriteItem, Failure> {
        let requests = members.structure("RequestItems")?;
        let mut tables = Vec::new();
        for request in requests.iter().flat_map(|requests| requests.all_structures()) {
            let (name, writes) = request?;
            let writes = writes.into_iter().map(Parameters::read).collect::<Result<Vec<_>, _>>()?;
            tables.push((name, writes));
        }
        let mut constraints = Constraints::default();
        constraints.require(requests.is_some(), "requestItems");
        for (name, writes) in &tables {
            let path = format!("requestItems.{name}.member");
            if writes.is_empty() || writes.len() > quota::BATCH_WRITES_MAX {
                constraints.note_same(message::batch_write_length(&shown_of(name, writes)));
            }
            for (write, number) in writes.iter().zip(1..) {
                write.constrain(&format!("{path}.{number}.member"), &mut constraints);
            }
        }
        let reports = Reports::read(members, &mut constraints)?;
        constraints.finish()?;
        if tables.is_empty() {
            return Err(message::batch_empty("BatchWriteItem").into());
        }
        if tables.iter().any(|(name, _)| validate::check_batch_table_name(name).is_err()) {
            return Err(message::batch_table_names(&shown(&tables)).into());
        }
        if tables.iter().map(|(_, writes)| writes.len()).sum::<usize>() > quota::BATCH_WRITES_MAX {
            return Err(message::too_many_items("BatchWriteItem").into());
        }
        let tables = tables.into_iter().map(|(name, writes)| {
            let name = validate::name_of_arn(name);
            let writes = writes.into_iter().map(|write| write.check(&name)).collect::<Result<_, _>>()?;
            Ok((name, writes))
        });
        Ok(BatchWriteItem { tables: tables.collect::<Result<_, Failure>>()?, reports })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let keys = self.locate(database)?;
        let mut consumed = Vec::new();
        let mut collections = Map::new();
        for ((name, writes), keys) in self.tables.iter().zip(keys) {
            let mut used = Consumed::default();
            let mut metrics: Vec<Value> = Vec::new();
            for (write, key) in writes.iter().zip(keys) {
                let table = database.existing(name)?;
                let old = table.get(&key).cloned();
                let new = write.after(table, &key, old.as_ref())?;
                if self.reports.capacity != CapacityDetail::None {
                    used.add(Consumed::write(table, old.as_ref(), new.as_ref()));
                }
                if let Some(collection) = self.reports.collection(table, &key)
                    && !metrics.contains(&collection)
                {
                    metrics.push(collection);
                }
                write::store(database, name, key, old.is_some(), new)?;
            }
            if !metrics.is_empty() {
                collections.insert(name.to_string(), Value::Array(metrics));
            }
            consumed.extend(used.report(name, self.reports.capacity, Kind::Plain));
        }
        let collections = (!collections.is_empty()).then_some(Value::Object(collections));
        Ok(Response::default()
            .with_json("UnprocessedItems", Some(json!({})))
            .with_json("ItemCollectionMetrics", collections)
            .with_json("ConsumedCapacity", (!consumed.is_empty()).then_some(Value::Array(consumed))))
    }

    /// The keys of all writes, once they are known to be right and distinct.
    fn locate(&self, database: &Database) -> Result<Vec<Vec<PrimaryKey>>, Failure> {
        let mut located = Vec::new();
        for (name, writes) in &self.tables {
            let table = database.existing(name)?;
            let keys = writes.iter().map(|write| key(table, write));
            located.push(keys.collect::<Result<Vec<PrimaryKey>, _>>()?);
        }
        for keys in &located {
            let mut sorted: Vec<&PrimaryKey> = keys.iter().collect();
            sorted.sort();
            if sorted.iter().zip(sorted.iter().skip(1)).any(|(a, b)| a == b) {
                return Err(message::duplicate_keys().into());
            }
        }
        Ok(located)
    }
}

/// AWS: a batch says of an item without its key what other operations say of a bad `Key`.
fn key(table: &Table, write: &Write) -> Result<PrimaryKey, Message> {
    if let Change::Put(item) = &write.change {
        let fits =
            |key: &KeyAttribute| item.attribute(&key.name).is_some_and(|value| value.kind() == key.kind);
        if !table.key_schema().attributes().all(fits) {
            return Err(message::key_does_not_match());
        }
    }
    write.key(table)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::dynamodb::operation::testing::check_all;

    #[test]
    fn puts_and_deletes() {
        check_all(
            &[
                (
                    "BatchWriteItem",
                    json!({
                        "RequestItems": {
                            "one": [
                                {"PutRequest": {"Item": {"pk": {"S": "new"}}}},
                                {"DeleteRequest": {"Key": {"pk": {"S": "a"}}}},
                            ],
                            "two": [{"DeleteRequest": {"Key": {"pk": {"S": "a"}, "sk": {"N": "1"}}}}],
                        },
                        "ReturnConsumedCapacity": "TOTAL", "ReturnItemCollectionMetrics": "SIZE",
                    }),
                ),
                ("Scan", json!({"TableName": "one"})),
                ("Scan", json!({"TableName": "two", "Select": "COUNT"})),
            ],
            expect![[r#"
                {"UnprocessedItems":{},"ItemCollectionMetrics":{"two":[{"ItemCollectionKey":{"pk":{"S":"a"}},"SizeEstimateRangeGB":[0.0,1.0]}]},"ConsumedCapacity":[{"TableName":"one","CapacityUnits":2.0},{"TableName":"two","CapacityUnits":3.0}]}
                {"Items":[{"pk":{"S":"new"}}],"Count":1,"ScannedCount":1}
                {"Count":3,"ScannedCount":3}"#]],
        );
    }

    #[test]
    fn mistakes_write_nothing() {
        let write = |writes: Value| json!({"RequestItems": {"one": writes}});
        let put = json!({"PutRequest": {"Item": {"pk": {"S": "a"}}}});
        let delete = json!({"DeleteRequest": {"Key": {"pk": {"S": "a"}}}});
        let bad = json!({"PutRequest": {"Item": {"pk": {"N": "1"}}}});
        let mut both = put.clone();
        both["DeleteRequest"] = delete["DeleteRequest"].clone();
        check_all(
            &[
                ("BatchWriteItem", json!({})),
                ("BatchWriteItem", json!({"RequestItems": {}})),
                ("BatchWriteItem", write(json!([]))),
                ("BatchWriteItem", write(json!([{}]))),
                ("BatchWriteItem", write(json!([both]))),
                ("BatchWriteItem", write(json!([{"PutRequest": {}}]))),
                ("BatchWriteItem", write(json!([put, delete]))),
                ("BatchWriteItem", write(json!([delete, bad]))),
                (
                    "GetItem",
                    json!({"TableName": "one", "Key": {"pk": {"S": "a"}}, "ProjectionExpression": "n"}),
                ),
            ],
            expect![[r#"
                ValidationException: 1 validation error detected: Value null at 'requestItems' failed to satisfy constraint: Member must not be null
                ValidationException: The requestItems parameter is required for BatchWriteItem
                ValidationException: 1 validation error detected: Value '{one=[]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]
                ValidationException: Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes
                ValidationException: Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes
                ValidationException: 1 validation error detected: Value null at 'requestItems.one.member.1.member.putRequest.item' failed to satisfy constraint: Member must not be null
                ValidationException: Provided list of item keys contains duplicates
                ValidationException: The provided key element does not match the schema
                {"Item":{"n":{"N":"5"}}}"#]],
        );
    }
}
