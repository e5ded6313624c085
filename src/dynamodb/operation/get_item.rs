//! GetItem: reads one item by its key.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html>

use smol_str::SmolStr;

use crate::dynamodb::Database;
use crate::dynamodb::capacity::{CapacityDetail, Consumed, Kind};
use crate::dynamodb::error::Failure;
use crate::dynamodb::expression::projection::Projection;
use crate::dynamodb::item::GivenItem;
use crate::dynamodb::key;
use crate::dynamodb::legacy::{self, AttributesToGet};
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::{self, Attributes, Constraints, Placeholders};
use crate::dynamodb::wire::Members;

/// A read of one item.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct GetItem {
    table: SmolStr,
    key: GivenItem,
    projection: Option<Projection>,
    consistent: bool,
    capacity: CapacityDetail,
}

impl GetItem {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<GetItem, Failure> {
        let key = Attributes::read(members, "Key")?;
        let placeholders = Placeholders::read_names(members)?;
        let projection = members.string("ProjectionExpression")?;
        let attributes = AttributesToGet::read(members)?;
        let consistent = members.boolean("ConsistentRead")?.unwrap_or_default();

        let mut constraints = Constraints::default();
        constraints.require(key.is_some(), "key");
        attributes.constrain("attributesToGet", &mut constraints);
        let capacity = validate::capacity_detail(members, &mut constraints)?;
        // All is read: now what is wrong is told, the name first.
        let table = validate::table_name(members, constraints)?;

        legacy::refuse_mixed(members, &["AttributesToGet"], &["ProjectionExpression"])?;
        placeholders.need_expression(&[("ProjectionExpression", projection)])?;
        let key = key.map(Attributes::checked).transpose()?.unwrap_or_default();
        let attributes = attributes.projection()?;
        let mut scope = placeholders.into_scope()?;
        let projection = validate::projection(projection, &mut scope)?.or(attributes);
        validate::all_used(&scope)?;
        Ok(GetItem { table, key, projection, consistent, capacity })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let table = database.existing(&self.table)?;
        let key = key::of_request(table.key_schema(), &self.key)?;
        validate::keys_are_scalar(table, self.projection.iter().flat_map(Projection::paths))?;
        let item = table.get(&key);
        let consumed = (self.capacity != CapacityDetail::None)
            .then(|| Consumed::read(item.map_or(0, |item| item.size_bytes()), self.consistent))
            .and_then(|consumed| consumed.report(table.name(), self.capacity, Kind::Plain));
        let item = item.map(|item| match &self.projection {
            Some(projection) => projection.apply(item),
            None => item.clone(),
        });
        Ok(Response::default().with_item("Item", item).with_json("ConsumedCapacity", consumed))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::dynamodb::operation::testing::check;

    #[test]
    fn missing_item_gives_no_item() {
        check("GetItem", json!({"TableName": "one", "Key": {"pk": {"S": "nobody"}}}), expect!["{}"]);
    }

    #[test]
    fn projection_of_nested_parts() {
        check(
            "GetItem",
            json!({
                "TableName": "one",
                "Key": {"pk": {"S": "a"}},
                "ProjectionExpression": "l[2], l[0], #m.b[0], nothing, l[9]",
                "ExpressionAttributeNames": {"#m": "m"},
            }),
            expect![[r#"{"Item":{"l":{"L":[{"N":"0"},{"N":"2"}]},"m":{"M":{"b":{"L":[{"S":"deep"}]}}}}}"#]],
        );
    }

    #[test]
    fn unknown_members_are_ignored() {
        let body = json!({"TableName": "one", "Key": {"pk": {"S": "x"}}, "ExpressionAttributeValues": {":v": 5}, "X": 1});
        check("GetItem", body, expect!["{}"]);
    }

    #[test]
    fn attributes_to_get() {
        let get = |names: serde_json::Value| json!({"TableName": "one", "Key": {"pk": {"S": "a"}}, "AttributesToGet": names});
        check(
            "GetItem",
            get(json!(["s", "absent", "n"])),
            expect![[r#"{"Item":{"n":{"N":"5"},"s":{"S":"text"}}}"#]],
        );
        check(
            "GetItem",
            get(json!(["s", "n", "s"])),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Duplicate value in attribute name: s"#
            ]],
        );
        check(
            "GetItem",
            get(json!([])),
            expect![[
                r#"ValidationException: 1 validation error detected: Value '[]' at 'attributesToGet' failed to satisfy constraint: Member must have length greater than or equal to 1"#
            ]],
        );
        let mut both = get(json!(["s"]));
        both["ProjectionExpression"] = "n".into();
        check(
            "GetItem",
            both,
            expect![[
                r#"ValidationException: Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"#
            ]],
        );
    }

    #[test]
    fn capacity() {
        check(
            "GetItem",
            json!({"TableName": "one", "Key": {"pk": {"S": "x"}}, "ReturnConsumedCapacity": "TOTAL"}),
            expect![[r#"{"ConsumedCapacity":{"TableName":"one","CapacityUnits":0.5}}"#]],
        );
        check(
            "GetItem",
            json!({
                "TableName": "one", "Key": {"pk": {"S": "x"}},
                "ReturnConsumedCapacity": "INDEXES", "ConsistentRead": true,
            }),
            expect![[
                r#"{"ConsumedCapacity":{"TableName":"one","CapacityUnits":1.0,"Table":{"CapacityUnits":1.0}}}"#
            ]],
        );
    }

    #[test]
    fn an_expression_error_wins_over_a_missing_table() {
        check(
            "GetItem",
            json!({"TableName": "none", "Key": {"pk": {"S": "x"}}, "ProjectionExpression": "!!"}),
            expect![[
                r#"ValidationException: Invalid ProjectionExpression: Syntax error; token: "!", near: "!!""#
            ]],
        );
        check(
            "GetItem",
            json!({"TableName": "none", "Key": {"k": {"S": "x"}}}),
            expect!["ResourceNotFoundException: Requested resource not found"],
        );
        check(
            "GetItem",
            json!({"TableName": "one", "Key": {"k": {"S": "x"}}}),
            expect!["ValidationException: The provided key element does not match the schema"],
        );
        check(
            "GetItem",
            json!({"TableName": "one", "Key": {"pk": {"N": "1"}}}),
            expect!["ValidationException: The provided key element does not match the schema"],
        );
        check(
            "GetItem",
            json!({"TableName": "one", "Key": {"pk": {"S": ""}}}),
            expect![
                "ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"
            ],
        );
    }

    #[test]
    fn constraints() {
        check(
            "GetItem",
            json!({}),
            expect![[
                r#"ValidationException: 1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"#
            ]],
        );
        check(
            "GetItem",
            json!({"TableName": ""}),
            expect![
                "ValidationException: 2 validation errors detected: Value null at 'key' failed to satisfy constraint: Member must not be null; Value '' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 1"
            ],
        );
        check(
            "GetItem",
            json!({"TableName": "/test-table", "Key": {}}),
            expect![[
                r#"ValidationException: 1 validation error detected: Value '/test-table' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"#
            ]],
        );
        check(
            "GetItem",
            json!({"TableName": "one", "ReturnConsumedCapacity": "hi"}),
            expect![[
                r#"ValidationException: 2 validation errors detected: Value null at 'key' failed to satisfy constraint: Member must not be null; Value 'hi' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"#
            ]],
        );
    }
}
