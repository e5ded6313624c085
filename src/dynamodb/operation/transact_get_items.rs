//! TransactGetItems: reads up to a hundred items at one moment.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html>

use serde_json::{Value, json};
use smol_str::SmolStr;

use super::transact_write_items::{cancelled, check_count, check_distinct};
use crate::dynamodb::Database;
use crate::dynamodb::capacity::{CapacityDetail, Consumed, ConsumedByTable, Kind};
use crate::dynamodb::error::Failure;
use crate::dynamodb::expression::projection::Projection;
use crate::dynamodb::item::GivenItem;
use crate::dynamodb::key;
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::{self, Attributes, Constraints, Placeholders};
use crate::dynamodb::wire::{self, Members};

/// A read of several items at once.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct TransactGetItems {
    gets: Vec<Get>,
    capacity: CapacityDetail,
}

#[derive(Clone, Debug)]
struct Get {
    table: SmolStr,
    key: GivenItem,
    projection: Option<Projection>,
}

impl TransactGetItems {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<TransactGetItems, Failure> {
        let items = members.structures("TransactItems")?;
        let mut parameters = Vec::new();
        let mut constraints = Constraints::default();
        check_count(items.as_ref().map(Vec::len), &mut constraints);
        for (item, number) in items.iter().flatten().zip(1..) {
            let path = format!("transactItems.{number}.member.get");
            let Some(get) = item.structure("Get")? else {
                constraints.require(false, &path);
                continue;
            };
            let key = Attributes::read(get, "Key")?;
            let (name, projection) = (get.string("TableName")?, get.string("ProjectionExpression")?);
            constraints.table_name(name, format_args!("{path}.tableName"), 1);
            constraints.require(key.is_some(), format!("{path}.key"));
            parameters.push((name, key, projection, Placeholders::read_names(get)?));
        }
        let capacity = validate::capacity_detail(members, &mut constraints)?;
        constraints.finish()?;
        let mut gets = Vec::new();
        for (name, key, projection, placeholders) in parameters {
            placeholders.need_expression(&[("ProjectionExpression", projection)])?;
            let key = key.map(Attributes::checked).transpose()?.unwrap_or_default();
            let mut scope = placeholders.into_scope()?;
            let projection = validate::projection(projection, &mut scope)?;
            validate::all_used(&scope)?;
            gets.push(Get { table: validate::name_of_arn(name.unwrap_or_default()), key, projection });
        }
        Ok(TransactGetItems { gets, capacity })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        for get in &self.gets {
            database.existing(&get.table)?;
        }
        let mut keys = Vec::new();
        for (get, index) in self.gets.iter().zip(0..) {
            let table = database.existing(&get.table)?;
            let key = key::of_request(table.key_schema(), &get.key);
            keys.push(key.map_err(|message| cancelled(self.gets.len(), index, &message))?);
        }
        check_distinct(self.gets.iter().map(|get| &*get.table).zip(&keys).collect())?;
        let mut responses = Vec::new();
        let mut consumed = ConsumedByTable::default();
        for (get, key) in self.gets.iter().zip(&keys) {
            let item = database.existing(&get.table)?.get(key);
            let bytes = item.map_or(0, |item| item.size_bytes());
            consumed.add(&get.table, Consumed::read(bytes, true));
            let shown = match (item, &get.projection) {
                (Some(item), Some(projection)) => {
                    Some(projection.apply(item)).filter(|item| !item.is_empty())
                }
                (item, _) => item.cloned(),
            };
            responses
                .push(shown.map_or_else(|| json!({}), |item| json!({"Item": wire::item_to_json(&item)})));
        }
        Ok(Response::default()
            .with_json("Responses", Some(Value::Array(responses)))
            .with_json("ConsumedCapacity", consumed.report(self.capacity, Kind::TransactionalRead)))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::dynamodb::operation::testing::check;

    #[test]
    fn answers_in_order() {
        let get = |pk: &str| json!({"Get": {"TableName": "one", "Key": {"pk": {"S": pk}}, "ProjectionExpression": "n"}});
        check(
            "TransactGetItems",
            json!({"TransactItems": [get("nobody"), get("a")], "ReturnConsumedCapacity": "TOTAL"}),
            expect![[
                r#"{"Responses":[{},{"Item":{"n":{"N":"5"}}}],"ConsumedCapacity":[{"TableName":"one","CapacityUnits":4.0,"ReadCapacityUnits":4.0}]}"#
            ]],
        );
    }

    #[test]
    fn mistakes() {
        let get = |get: Value| json!({"TransactItems": [{"Get": {"TableName": "one", "Key": {"pk": {"S": "a"}}}}, {"Get": get}]});
        check(
            "TransactGetItems",
            json!({}),
            expect![[
                r#"ValidationException: 1 validation error detected: Value null at 'transactItems' failed to satisfy constraint: Member must not be null"#
            ]],
        );
        check(
            "TransactGetItems",
            json!({"TransactItems": []}),
            expect![[
                r#"ValidationException: 1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1"#
            ]],
        );
        check(
            "TransactGetItems",
            json!({"TransactItems": [{}]}),
            expect![[
                r#"ValidationException: 1 validation error detected: Value null at 'transactItems.1.member.get' failed to satisfy constraint: Member must not be null"#
            ]],
        );
        check(
            "TransactGetItems",
            get(json!({"TableName": "one", "Key": {"x": {"S": "a"}}})),
            expect![[
                r#"TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [None, ValidationError]"#
            ]],
        );
        check(
            "TransactGetItems",
            get(json!({"TableName": "none", "Key": {"x": {"S": "a"}}})),
            expect!["ResourceNotFoundException: Requested resource not found"],
        );
    }
}
