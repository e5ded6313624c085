//! PutItem: stores an item, replacing the one with the same key.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html>

use super::write::{self, Change, Reports, Write};
use crate::dynamodb::Database;
use crate::dynamodb::error::Failure;
use crate::dynamodb::legacy::{self, Comparisons};
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::{self, Attributes, Constraints, Placeholders};
use crate::dynamodb::wire::Members;

/// A write of a whole item.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct PutItem {
    write: Write,
    return_old: bool,
    reports: Reports,
}

impl PutItem {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<PutItem, Failure> {
        let item = Attributes::read(members, "Item")?;
        let placeholders = Placeholders::read(members)?;
        let condition = members.string("ConditionExpression")?;
        let expected = Comparisons::read(members, "Expected")?;
        let return_values = members.string("ReturnValues")?;

        let mut constraints = Constraints::default();
        constraints.require(item.is_some(), "item");
        let (return_values, reports) = write::returns(return_values, members, &mut constraints)?;
        let item_on_failure = validate::item_on_failure(members, "", &mut constraints)?;
        expected.constrain("expected", &mut constraints);
        // All is read: now what is wrong is told, the name first.
        let table = validate::table_name(members, constraints)?;

        legacy::refuse_mixed(members, &["Expected", "ConditionalOperator"], &["ConditionExpression"])?;
        placeholders.need_expression(&[("ConditionExpression", condition)])?;
        let item = item.map(Attributes::checked).transpose()?.unwrap_or_default();
        let return_old = write::returns_old_or_nothing(return_values)?;
        write::check_size(&item)?;
        let expected = expected.condition()?;
        let mut scope = placeholders.into_scope()?;
        let guard = write::last_condition(condition, expected, item_on_failure, &mut scope)?;
        Ok(PutItem { write: Write { table, change: Change::Put(item), guard }, return_old, reports })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let written = self.write.carry_out(database, self.reports)?;
        let old = if self.return_old { written.old.clone() } else { None };
        Ok(written.respond(old))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::dynamodb::operation::testing::{check, check_all};

    #[test]
    fn replaces_the_whole_item() {
        check_all(
            &[
                (
                    "PutItem",
                    json!({"TableName": "one", "Item": {"pk": {"S": "b"}}, "ReturnValues": "ALL_OLD"}),
                ),
                ("PutItem", json!({"TableName": "one", "Item": {"pk": {"S": "b"}, "x": {"N": "1e2"}}})),
                (
                    "PutItem",
                    json!({"TableName": "one", "Item": {"pk": {"S": "b"}}, "ReturnValues": "ALL_OLD"}),
                ),
                ("GetItem", json!({"TableName": "one", "Key": {"pk": {"S": "b"}}})),
            ],
            expect![[r#"
                {}
                {}
                {"Attributes":{"pk":{"S":"b"},"x":{"N":"100"}}}
                {"Item":{"pk":{"S":"b"}}}"#]],
        );
    }

    #[test]
    fn conditions() {
        let put = |condition: &str| {
            json!({
                "TableName": "one", "Item": {"pk": {"S": "a"}}, "ConditionExpression": condition,
                "ExpressionAttributeValues": {":v": {"N": "4"}},
                "ReturnValuesOnConditionCheckFailure": "NONE",
            })
        };
        check(
            "PutItem",
            put("attribute_not_exists(pk) OR n < :v"),
            expect!["ConditionalCheckFailedException: The conditional request failed"],
        );
        check("PutItem", put("attribute_exists(pk) AND n > :v"), expect!["{}"]);
        check("PutItem", put("absent <> :v"), expect!["{}"]);
        check(
            "PutItem",
            put("absent = :v"),
            expect!["ConditionalCheckFailedException: The conditional request failed"],
        );
        check(
            "PutItem",
            put("status = :v"),
            expect![[
                r#"ValidationException: Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status"#
            ]],
        );
        check(
            "PutItem",
            put("size(a)"),
            expect![[
                r#"ValidationException: Invalid ConditionExpression: The function is not allowed to be used this way in an expression; function: size"#
            ]],
        );
        check(
            "PutItem",
            put("((n = :v))"),
            expect![[
                r#"ValidationException: Invalid ConditionExpression: The expression has redundant parentheses;"#
            ]],
        );
        check(
            "PutItem",
            put("n = :v AND #n = :w"),
            expect![[
                r#"ValidationException: Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #n"#
            ]],
        );
        check(
            "PutItem",
            put("n = :w"),
            expect![[
                r#"ValidationException: Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :w"#
            ]],
        );
        check(
            "PutItem",
            put("attribute_exists(pk)"),
            expect![[
                r#"ValidationException: Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}"#
            ]],
        );
        check(
            "PutItem",
            put("n = n AND n = :v"),
            expect![[
                r#"ValidationException: Invalid ConditionExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [n]"#
            ]],
        );
        check(
            "PutItem",
            put("pk.x = :v"),
            expect![[
                r#"ValidationException: Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk"#
            ]],
        );
    }

    #[test]
    fn a_failed_condition_shows_the_item_if_asked() {
        use crate::dynamodb::{Error, Item};
        let mut database = crate::dynamodb::operation::testing::database();
        let before = database.clone();
        let mut put = |value: &str| {
            database.call(
                "PutItem",
                &json!({
                    "TableName": "one", "Item": {"pk": {"S": "a"}},
                    "ConditionExpression": "attribute_not_exists(pk)",
                    "ReturnValuesOnConditionCheckFailure": value,
                }),
            )
        };
        let Err(Error::ConditionalCheckFailedException { item: Some(item) }) = put("ALL_OLD") else {
            panic!()
        };
        assert_eq!(Item::len(&item), 6);
        assert_eq!(put("NONE"), Err(Error::ConditionalCheckFailedException { item: None }));
        assert_eq!(before, database);
    }

    #[test]
    fn keys() {
        check(
            "PutItem",
            json!({"TableName": "one"}),
            expect![[
                r#"ValidationException: 1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null"#
            ]],
        );
        check(
            "PutItem",
            json!({"TableName": "one", "Item": {}}),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Missing the key pk in the item"#
            ]],
        );
        check(
            "PutItem",
            json!({"TableName": "one", "Item": {"pk": {"N": "1"}}}),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N"#
            ]],
        );
        check(
            "PutItem",
            json!({"TableName": "one", "Item": {"pk": {"S": ""}}}),
            expect![[
                r#"ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"#
            ]],
        );
        check(
            "PutItem",
            json!({"TableName": "one", "Item": {"pk": {"S": "x".repeat(2049)}}}),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"#
            ]],
        );
        check(
            "PutItem",
            json!({"TableName": "two", "Item": {"pk": {"S": "a"}, "sk": {"N": "1"}, "gk": {"NULL": true}}}),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Type mismatch for Index Key gk Expected: S Actual: NULL IndexName: gsi"#
            ]],
        );
        check(
            "PutItem",
            json!({"TableName": "two", "Item": {"pk": {"S": "a"}, "sk": {"N": "1"}, "gk": {"S": ""}}}),
            expect![[
                r#"ValidationException: One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: gsi, IndexKey: gk"#
            ]],
        );
    }

    #[test]
    fn item_size_includes_names() {
        let item = |bytes: usize| json!({"TableName": "one", "Item": {"pk": {"S": "a"}, "b": {"S": "x".repeat(bytes)}}});
        check("PutItem", item(409_600 - 4), expect!["{}"]);
        check(
            "PutItem",
            item(409_600 - 3),
            expect!["ValidationException: Item size has exceeded the maximum allowed size"],
        );
    }

    #[test]
    fn parameters() {
        check(
            "PutItem",
            json!({"TableName": "one", "Item": {"pk": {"S": "a"}}, "ReturnValues": "ALL_NEW"}),
            expect!["ValidationException: ReturnValues can only be ALL_OLD or NONE"],
        );
        check(
            "PutItem",
            json!({
                "TableName": "one", "ReturnValues": "x",
                "ReturnConsumedCapacity": "y", "ReturnItemCollectionMetrics": "z",
            }),
            expect![
                "ValidationException: 4 validation errors detected: Value null at 'item' failed to satisfy constraint: Member must not be null; Value 'x' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]; Value 'y' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; Value 'z' at 'returnItemCollectionMetrics' failed to satisfy constraint: Member must satisfy enum value set: [SIZE, NONE]"
            ],
        );
        check(
            "PutItem",
            json!({"TableName": "one", "Item": {"pk": {"S": "a"}}, "ExpressionAttributeNames": {"#a": "b"}}),
            expect![[
                r#"ValidationException: ExpressionAttributeNames can only be specified when using expressions"#
            ]],
        );
        check(
            "PutItem",
            json!({"TableName": "one", "Item": {"pk": {"S": "a"}}, "ExpressionAttributeValues": {}}),
            expect![[
                r#"ValidationException: ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"#
            ]],
        );
    }

    #[test]
    fn expected() {
        let put = |expected: serde_json::Value| json!({"TableName": "one", "Item": {"pk": {"S": "a"}}, "Expected": expected});
        check("PutItem", put(json!({"n": {"Value": {"N": "5.0"}}})), expect!["{}"]);
        check(
            "PutItem",
            put(json!({"n": {"Exists": false}})),
            expect!["ConditionalCheckFailedException: The conditional request failed"],
        );
        check(
            "PutItem",
            put(
                json!({"n": {"ComparisonOperator": "BETWEEN", "AttributeValueList": [{"N": "4"}, {"N": "6"}]}}),
            ),
            expect!["{}"],
        );
        check(
            "PutItem",
            put(json!({"tags": {"ComparisonOperator": "NOT_CONTAINS", "AttributeValueList": [{"S": "z"}]}})),
            expect!["{}"],
        );
        check(
            "PutItem",
            put(
                json!({"absent": {"ComparisonOperator": "NOT_CONTAINS", "AttributeValueList": [{"S": "z"}]}}),
            ),
            expect!["ConditionalCheckFailedException: The conditional request failed"],
        );
        check(
            "PutItem",
            put(json!({"absent": {"ComparisonOperator": "NE", "AttributeValueList": [{"S": "z"}]}})),
            expect!["{}"],
        );
        check(
            "PutItem",
            put(json!({"n": {}})),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Value must be provided when Exists is null for Attribute: n"#
            ]],
        );
        check(
            "PutItem",
            put(json!({"n": {"Exists": true}})),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Value must be provided when Exists is true for Attribute: n"#
            ]],
        );
        check(
            "PutItem",
            put(json!({"n": {"ComparisonOperator": "EQ"}})),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: n"#
            ]],
        );
        check(
            "PutItem",
            put(json!({"n": {"ComparisonOperator": "GT", "AttributeValueList": [{"SS": ["x"]}]}})),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: ComparisonOperator GT is not valid for SS AttributeValue type"#
            ]],
        );
        check(
            "PutItem",
            put(json!({"n": {"ComparisonOperator": "BETWEEN", "AttributeValueList": [{"N": "1"}]}})),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Invalid number of argument(s) for the BETWEEN ComparisonOperator"#
            ]],
        );
        check(
            "PutItem",
            put(json!({"n": {"ComparisonOperator": "HM"}})),
            expect![[
                r#"ValidationException: 1 validation error detected: Value 'HM' at 'expected.n.member.comparisonOperator' failed to satisfy constraint: Member must satisfy enum value set: [IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS]"#
            ]],
        );
    }

    #[test]
    fn conditional_operator() {
        let put = |operator: &str, expected: serde_json::Value| {
            json!({
                "TableName": "one", "Item": {"pk": {"S": "a"}},
                "Expected": expected, "ConditionalOperator": operator,
            })
        };
        let two = json!({"n": {"Value": {"N": "5"}}, "s": {"Value": {"S": "other"}}});
        check(
            "PutItem",
            put("AND", two.clone()),
            expect!["ConditionalCheckFailedException: The conditional request failed"],
        );
        check("PutItem", put("OR", two), expect!["{}"]);
        check(
            "PutItem",
            put("OR", json!({"n": {"Value": {"N": "5"}}})),
            expect![[
                r#"ValidationException: ConditionalOperator can only be used when Filter or Expected has two or more elements"#
            ]],
        );
        check(
            "PutItem",
            put("OR", json!(null)),
            expect!["ValidationException: ConditionalOperator cannot be used without Filter or Expected"],
        );
        let mut mixed = put("AND", json!({"n": {"Value": {"N": "5"}}}));
        mixed["ConditionExpression"] = "n = :n".into();
        check(
            "PutItem",
            mixed,
            expect![[
                r#"ValidationException: Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {Expected, ConditionalOperator} Expression parameters: {ConditionExpression}"#
            ]],
        );
    }

    #[test]
    fn reports() {
        check(
            "PutItem",
            json!({
                "TableName": "two",
                "Item": {"pk": {"S": "a"}, "sk": {"N": "1"}, "gk": {"S": "other"}, "lk": {"N": "9"}},
                "ReturnConsumedCapacity": "INDEXES", "ReturnItemCollectionMetrics": "SIZE",
            }),
            expect![[
                r#"{"ConsumedCapacity":{"TableName":"two","CapacityUnits":4.0,"Table":{"CapacityUnits":1.0},"LocalSecondaryIndexes":{"lsi":{"CapacityUnits":1.0}},"GlobalSecondaryIndexes":{"gsi":{"CapacityUnits":2.0}}},"ItemCollectionMetrics":{"ItemCollectionKey":{"pk":{"S":"a"}},"SizeEstimateRangeGB":[0.0,1.0]}}"#
            ]],
        );
    }
}
