//! BatchGetItem: reads many items of several tables by their keys; missing ones are left out.
//!
//! Tables come in the order of their names, items in the order of the request. AWS promises no order.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html>

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use smol_str::SmolStr;

use crate::dynamodb::Database;
use crate::dynamodb::capacity::{CapacityDetail, Consumed, Kind};
use crate::dynamodb::error::{Error, Failure};
use crate::dynamodb::expression::projection::Projection;
use crate::dynamodb::item::GivenItem;
use crate::dynamodb::json::Json;
use crate::dynamodb::key::{self, PrimaryKey};
use crate::dynamodb::legacy::AttributesToGet;
use crate::dynamodb::message;
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::{self, Attributes, Constraints, Placeholders};
use crate::dynamodb::wire::{self, Members};
use crate::spec::quota;

/// A read of many items.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct BatchGetItem {
    tables: BTreeMap<SmolStr, Keys>,
    capacity: CapacityDetail,
}

/// What is read from one table.
#[derive(Clone, Debug)]
struct Keys {
    keys: Vec<GivenItem>,
    projection: Option<Projection>,
    consistent: bool,
    /// The request for this table without its keys, to repeat for those that were not processed.
    rest: Map<String, Value>,
}

/// The request for one table, as read.
struct Parameters<'r> {
    keys: Option<Vec<Attributes>>,
    placeholders: Placeholders<'r>,
    projection: Option<&'r str>,
    attributes: AttributesToGet<'r>,
    consistent: bool,
    members: Members<'r>,
}

impl<'r> Parameters<'r> {
    fn read(members: Members<'r>) -> Result<Parameters<'r>, Error> {
        let keys = members.list("Keys")?;
        let keys = keys.map(|keys| keys.iter().map(Attributes::of_value).collect::<Result<_, _>>());
        Ok(Parameters {
            keys: keys.transpose()?,
            placeholders: Placeholders::read_names(members)?,
            projection: members.string("ProjectionExpression")?,
            attributes: AttributesToGet::read(members)?,
            consistent: members.boolean("ConsistentRead")?.unwrap_or_default(),
            members,
        })
    }

    fn check(self) -> Result<Keys, Failure> {
        self.placeholders.need_expression(&[("ProjectionExpression", self.projection)])?;
        let keys = self.keys.unwrap_or_default().into_iter().map(Attributes::checked);
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        let attributes = self.attributes.projection()?;
        let mut scope = self.placeholders.into_scope()?;
        let projection = validate::projection(self.projection, &mut scope)?.or(attributes);
        validate::all_used(&scope)?;
        // At most a hundred keys, so every two of them can be compared.
        if keys.iter().zip(1..).any(|(key, next)| keys.iter().skip(next).any(|other| other == key)) {
            return Err(message::duplicate_keys().into());
        }
        Ok(Keys { keys, projection, consistent: self.consistent, rest: rest(self.members)? })
    }
}

/// The request for one table without its keys.
fn rest(members: Members<'_>) -> Result<Map<String, Value>, Error> {
    let object = |texts: Vec<(&str, &str)>| texts.into_iter().collect::<Value>();
    let given = [
        ("AttributesToGet", members.strings("AttributesToGet")?.map(Value::from)),
        ("ConsistentRead", members.boolean("ConsistentRead")?.map(Value::from)),
        ("ExpressionAttributeNames", members.texts("ExpressionAttributeNames")?.map(object)),
        ("ProjectionExpression", members.string("ProjectionExpression")?.map(Value::from)),
    ];
    Ok(given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

impl BatchGetItem {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<BatchGetItem, Failure> {
        let requests = members.entries("RequestItems")?;
        let present = requests.iter().flatten();
        let tables = present.map(|(name, request)| Ok((*name, Parameters::read(*request)?)));
        let tables = tables.collect::<Result<Vec<_>, Error>>()?;
        let mut constraints = Constraints::default();
        constraints.require(requests.is_some(), "requestItems");
        for (name, table) in &tables {
            let path = format!("requestItems.{name}.member");
            constraints.require(table.keys.is_some(), format!("{path}.keys"));
            if let Some(keys) = &table.keys {
                if keys.is_empty() {
                    constraints.note(
                        Some("[]"),
                        &format!("{path}.keys"),
                        "have length greater than or equal to 1",
                    );
                }
                if keys.len() > quota::BATCH_READS_MAX {
                    constraints.note_same(message::too_many_keys(name));
                }
            }
            table.attributes.constrain(&format!("{path}.attributesToGet"), &mut constraints);
        }
        let capacity = validate::capacity_detail(members, &mut constraints)?;
        constraints.finish()?;
        if tables.is_empty() {
            return Err(message::batch_get_empty().into());
        }
        if tables.iter().any(|(name, _)| validate::check_batch_table_name(name).is_err()) {
            let shown = members.get("RequestItems").map(Json::to_value).unwrap_or_default();
            return Err(message::batch_table_names(&shown.to_string()).into());
        }
        let count = tables.iter().filter_map(|(_, table)| table.keys.as_ref()).map(Vec::len).sum::<usize>();
        if count > quota::BATCH_READS_MAX {
            return Err(message::too_many_items("BatchGetItem").into());
        }
        // AWS: what may not stand beside each other for a table may not in the request.
        let with = |name: &str| tables.iter().any(|(_, table)| table.members.has(name));
        if with("AttributesToGet") && with("ProjectionExpression") {
            return Err(message::mixed_parameters(&["AttributesToGet"], &["ProjectionExpression"]).into());
        }
        let tables =
            tables.into_iter().map(|(name, table)| Ok((validate::name_of_arn(name), table.check()?)));
        Ok(BatchGetItem { tables: tables.collect::<Result<_, Failure>>()?, capacity })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let located = self.locate(database)?;
        let mut responses = Map::new();
        let mut unprocessed = Map::new();
        let mut consumed = Vec::new();
        let mut bytes = 0;
        for ((name, request), (table, keys)) in self.tables.iter().zip(located) {
            let mut items = Vec::new();
            let mut left = Vec::new();
            let mut used = Consumed::default();
            for (key, given) in keys.iter().zip(&request.keys) {
                if bytes >= quota::BATCH_READ_BYTES_MAX {
                    left.push(wire::item_to_json(&given.clone().into()));
                    continue;
                }
                let item = table.get(key);
                let item_bytes = item.map_or(0, |item| item.size_bytes());
                bytes += item_bytes;
                used.add(Consumed::read(item_bytes, request.consistent));
                items.extend(item.map(|item| match &request.projection {
                    Some(projection) => wire::item_to_json(&projection.apply(item)),
                    None => wire::item_to_json(item),
                }));
            }
            responses.insert(name.to_string(), Value::Array(items));
            if !left.is_empty() {
                let mut rest = request.rest.clone();
                rest.insert("Keys".to_owned(), Value::Array(left));
                unprocessed.insert(name.to_string(), Value::Object(rest));
            }
            consumed.extend(used.report(name, self.capacity, Kind::Plain));
        }
        Ok(Response::default()
            .with_json("Responses", Some(Value::Object(responses)))
            .with_json("UnprocessedKeys", Some(Value::Object(unprocessed)))
            .with_json("ConsumedCapacity", (!consumed.is_empty()).then_some(Value::Array(consumed))))
    }

    /// The tables with the keys in them, once all of them are known to be right.
    fn locate<'d>(
        &self,
        database: &'d Database,
    ) -> Result<Vec<(&'d crate::dynamodb::Table, Vec<PrimaryKey>)>, Failure> {
        let mut located = Vec::new();
        for (name, request) in &self.tables {
            let table = database.existing(name)?;
            let keys = request.keys.iter().map(|key| key::of_request(table.key_schema(), key));
            let keys = keys.collect::<Result<Vec<_>, _>>()?;
            located.push((table, keys));
        }
        Ok(located)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::dynamodb::operation::testing::check;

    #[test]
    fn reads_several_tables() {
        check(
            "BatchGetItem",
            json!({
                "RequestItems": {
                    "two": {
                        "Keys": [
                            {"pk": {"S": "a"}, "sk": {"N": "2"}}, {"pk": {"S": "a"}, "sk": {"N": "3"}},
                            {"pk": {"S": "a"}, "sk": {"N": "1"}},
                        ],
                        "ProjectionExpression": "v",
                    },
                    "one": {"Keys": [{"pk": {"S": "a"}}], "ProjectionExpression": "n", "ConsistentRead": true},
                },
                "ReturnConsumedCapacity": "TOTAL",
            }),
            expect![[
                r#"{"Responses":{"one":[{"n":{"N":"5"}}],"two":[{"v":{"S":"two"}},{"v":{"S":"one"}}]},"UnprocessedKeys":{},"ConsumedCapacity":[{"TableName":"one","CapacityUnits":1.0},{"TableName":"two","CapacityUnits":1.5}]}"#
            ]],
        );
    }

    #[test]
    fn mistakes() {
        let get = |keys: Value| json!({"RequestItems": {"one": {"Keys": keys}}});
        let key = json!({"pk": {"S": "a"}});
        check(
            "BatchGetItem",
            json!({}),
            expect![[
                r#"ValidationException: 1 validation error detected: Value null at 'requestItems' failed to satisfy constraint: Member must not be null"#
            ]],
        );
        check(
            "BatchGetItem",
            json!({"RequestItems": {}}),
            expect!["ValidationException: The requestItems parameter is required for BatchGetItem"],
        );
        check(
            "BatchGetItem",
            get(json!([])),
            expect![[
                r#"ValidationException: 1 validation error detected: Value '[]' at 'requestItems.one.member.keys' failed to satisfy constraint: Member must have length greater than or equal to 1"#
            ]],
        );
        check(
            "BatchGetItem",
            get(json!([key, key])),
            expect!["ValidationException: Provided list of item keys contains duplicates"],
        );
        check(
            "BatchGetItem",
            get(json!([{"x": {"S": "a"}}])),
            expect!["ValidationException: The provided key element does not match the schema"],
        );
        check(
            "BatchGetItem",
            get((0..101).map(|_| key.clone()).collect()),
            expect![[
                r#"ValidationException: 1 validation error detected: Value at 'RequestItems.one.member.Keys' failed to satisfy constraint: Member must have length less than or equal to 100"#
            ]],
        );
        check(
            "BatchGetItem",
            json!({"RequestItems": {"none": {"Keys": [key]}}}),
            expect!["ResourceNotFoundException: Requested resource not found"],
        );
    }
}
