//! JSON types, names and other constraints of the model, and which error comes first.

use serde_json::{Value, json};

use crate::{DETECTED, NOT_FOUND, Port, SERIALIZATION, constraint, constraint_of, table};

const ENUM_OLD: &str = "satisfy enum value set";

#[test]
fn json_types_come_first() {
    let mut port = Port::new();
    let mut wrong =
        |operation: &str, body: Value, text: &str| port.refuses(operation, body, SERIALIZATION, text);
    wrong("PutItem", json!({"TableName": 5}), "NUMBER_VALUE cannot be converted to String");
    wrong("PutItem", json!({"TableName": 5.5}), "DECIMAL_VALUE cannot be converted to String");
    wrong("PutItem", json!({"TableName": true}), "TRUE_VALUE cannot be converted to String");
    wrong("PutItem", json!({"TableName": false}), "FALSE_VALUE cannot be converted to String");
    wrong("PutItem", json!({"TableName": []}), "Unrecognized collection type class java.lang.String");
    wrong("PutItem", json!({"TableName": {}}), "Start of structure or map found where not expected");
    wrong("PutItem", json!({"Item": "x"}), "Unexpected field type");
    wrong(
        "PutItem",
        json!({"Item": []}),
        "Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>",
    );
    wrong("PutItem", json!({"Item": {"a": "x"}}), "Unexpected value type in payload");
    wrong(
        "PutItem",
        json!({"Item": {"a": []}}),
        "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue",
    );
    wrong("PutItem", json!({"Item": {"a": {"S": 1}}}), "NUMBER_VALUE cannot be converted to String");
    wrong("PutItem", json!({"Item": {"a": {"N": 123}}}), "NUMBER_VALUE cannot be converted to String");
    wrong(
        "PutItem",
        json!({"Item": {"a": {"B": 1}}}),
        "only base-64-encoded strings are convertible to bytes",
    );
    wrong(
        "PutItem",
        json!({"Item": {"a": {"B": "12345"}}}),
        "Base64 encoded length is expected a multiple of 4 bytes but found: 5",
    );
    for text in ["=+/=", "+/+=", "!!!!"] {
        let item = json!({"a": {"B": text}});
        wrong("PutItem", json!({"Item": item}), "Invalid last non-pad Base64 character dectected");
    }
    wrong("PutItem", json!({"Item": {"a": {"BOOL": "maybe"}}}), "Unexpected token received from parser");
    wrong("PutItem", json!({"Item": {"a": {"SS": "x"}}}), "Unexpected field type");
    wrong("PutItem", json!({"Item": {"a": {"SS": [5]}}}), "NUMBER_VALUE cannot be converted to String");
    wrong("PutItem", json!({"Item": {"a": {"L": [5]}}}), "Unexpected value type in payload");
    wrong("Scan", json!({"Limit": "x"}), "STRING_VALUE cannot be converted to Integer");
    wrong("Scan", json!({"Limit": true}), "TRUE_VALUE cannot be converted to Integer");
    wrong("Scan", json!({"ConsistentRead": 5}), "NUMBER_VALUE cannot be converted to Boolean");
    wrong("Scan", json!({"ConsistentRead": []}), "Unrecognized collection type class java.lang.Boolean");
    wrong("Scan", json!({"AttributesToGet": "x"}), "Unexpected field type");
    wrong("Scan", json!({"ScanFilter": {"a": 5}}), "Unexpected value type in payload");
    wrong("CreateTable", json!({"KeySchema": [5]}), "Unexpected value type in payload");
    wrong(
        "CreateTable",
        json!({"KeySchema": [[]]}),
        "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.KeySchemaElement",
    );
    wrong("CreateTable", json!({"KeySchema": {}}), "Start of structure or map found where not expected");
    wrong(
        "CreateTable",
        json!({"ProvisionedThroughput": {"ReadCapacityUnits": "x"}}),
        "STRING_VALUE cannot be converted to Long",
    );
}

#[test]
fn json_types_come_before_names() {
    let mut port = Port::new();
    let operations = ["PutItem", "UpdateItem", "DeleteItem", "GetItem", "Query", "Scan"];
    for operation in operations {
        let body = json!({"TableName": "", "ReturnConsumedCapacity": 5});
        port.refuses(operation, body, SERIALIZATION, "NUMBER_VALUE cannot be converted to String");
    }
    for operation in ["PutItem", "UpdateItem", "DeleteItem"] {
        for member in ["ReturnItemCollectionMetrics", "ReturnValuesOnConditionCheckFailure"] {
            let body = json!({"TableName": "", member: {}});
            port.refuses(
                operation,
                body,
                SERIALIZATION,
                "Start of structure or map found where not expected",
            );
        }
    }
}

#[test]
fn booleans_may_be_words() {
    let mut port = Port::new();
    for (word, value) in [("true", true), ("1", true), ("YES", true), ("false", false), ("no", false)] {
        let item = json!({"pk": {"S": "a"}, "flag": {"BOOL": word}});
        port.put("one", item);
        let item = port.ok("GetItem", json!({"TableName": "one", "Key": {"pk": {"S": "a"}}}));
        assert_eq!(item["Item"]["flag"]["BOOL"], value);
    }
}

#[test]
fn absent_and_unknown_members() {
    let mut port = Port::new();
    let body =
        json!({"TableName": "one", "Item": {"pk": {"S": "a"}}, "ConditionExpression": null, "Banana": 5});
    port.answers("PutItem", body, json!({}));
}

#[test]
fn table_names() {
    let mut port = Port::new();
    let older = |value: &str, rule: &str| constraint_of(&format!("'{value}'"), "tableName", rule);
    let long = "a".repeat(256);
    for operation in ["PutItem", "GetItem", "UpdateItem", "DeleteItem", "Query", "Scan"] {
        let mut bad = |name: &str, text: &str| {
            port.invalid(operation, json!({"TableName": name, "Item": {}, "Key": {}}), text);
        };
        bad("", &constraint("TableName", "have length greater than or equal to 1"));
        bad("a;", &older("a;", "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"));
        bad(&long, &older(&long, "have length less than or equal to 255"));
    }
    for (name, rule) in [
        ("ab", "have length greater than or equal to 3"),
        (long.as_str(), "have length less than or equal to 255"),
        ("a b c", "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
    ] {
        port.invalid("CreateTable", table(name, json!([["pk", "S"]]), json!({})), &older(name, rule));
    }
    // Names and ARNs both name a table.
    let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/one";
    port.answers("GetItem", json!({"TableName": arn, "Key": {"pk": {"S": "a"}}}), json!({}));
}

#[test]
fn missing_names() {
    let mut port = Port::new();
    for operation in ["PutItem", "GetItem", "UpdateItem", "DeleteItem", "Query", "Scan"] {
        port.invalid(operation, json!({}), &constraint_of("null", "tableName", "not be null"));
    }
    let required = "The parameter 'TableName' is required but was not present in the request";
    for operation in ["CreateTable", "DescribeTable", "DeleteTable", "UpdateTable"] {
        port.invalid(operation, json!({}), required);
    }
    let mut older = Port::older();
    older.invalid(
        "PutItem",
        json!({}),
        &format!("{DETECTED}Value null at 'tableName' failed to satisfy constraint: Member must not be null"),
    );
}

#[test]
fn constraints_are_collected() {
    let mut port = Port::older();
    let more = json!({
        "ReturnConsumedCapacity": "hi", "ReturnItemCollectionMetrics": "hi", "ReturnValues": "hi", "Item": {},
    });
    let value = |path: &str, values: &str| {
        format!("Value 'hi' at '{path}' failed to satisfy constraint: Member must {ENUM_OLD}: [{values}]")
    };
    let others = format!(
        "{}; {}; {}",
        value("returnValues", "ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW"),
        value("returnConsumedCapacity", "INDEXES, TOTAL, NONE"),
        value("returnItemCollectionMetrics", "SIZE, NONE"),
    );
    let mut body = more.clone();
    body["TableName"] = json!("");
    let empty = "have length greater than or equal to 1";
    Port::new().invalid("PutItem", body.clone(), &constraint("TableName", empty));
    port.invalid(
        "PutItem",
        body,
        &format!(
            "4 validation errors detected: {others}; Value '' at 'tableName' failed to satisfy constraint: Member \
             must {empty}"
        ),
    );
    let mut body = more;
    body["TableName"] = json!("one");
    port.invalid("PutItem", body.clone(), &format!("3 validation errors detected: {others}"));
    let newer = format!(
        "3 validation errors detected: {}; Failed to satisfy constraint: \
         Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]; {}",
        value("returnConsumedCapacity", "INDEXES, TOTAL, NONE"),
        value("returnItemCollectionMetrics", "SIZE, NONE"),
    );
    Port::new().invalid("PutItem", body, &newer);
}

#[test]
fn each_check_comes_before_the_next() {
    let mut port = Port::new();
    // JSON types, then the model, then expression parameters, values, the size, expressions, the table, the key, the
    // condition. Each request breaks two rules.
    port.refuses(
        "PutItem",
        json!({"TableName": "", "Item": {"a": {"N": 5}}}),
        SERIALIZATION,
        "NUMBER_VALUE cannot be converted to String",
    );
    port.invalid(
        "PutItem",
        json!({"TableName": "one", "Expected": {}, "ConditionExpression": "x"}),
        &constraint_of("null", "item", "not be null"),
    );
    port.invalid(
        "PutItem",
        json!({"TableName": "one", "Item": {"a": {}}, "Expected": {}, "ConditionExpression": "x"}),
        &format!(
            "{DETECTED}Can not use both expression and non-expression parameters in the same request: \
             Non-expression parameters: {{Expected}} Expression parameters: {{ConditionExpression}}"
        ),
    );
    port.invalid(
        "PutItem",
        json!({"TableName": "one", "Item": {"a": {}}, "ReturnValues": "ALL_NEW"}),
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
    );
    let big = json!({"a": {"S": "x".repeat(500_000)}});
    port.invalid(
        "PutItem",
        json!({"TableName": "one", "Item": big, "ConditionExpression": "!"}),
        "Item size has exceeded the maximum allowed size",
    );
    port.invalid(
        "PutItem",
        json!({"TableName": "none", "Item": {}, "ConditionExpression": "!"}),
        &format!("{DETECTED}Invalid ConditionExpression: Syntax error; token: \"!\", near: \"!\""),
    );
    port.refuses(
        "PutItem",
        json!({"TableName": "none", "Item": {}}),
        NOT_FOUND,
        "Requested resource not found",
    );
    port.invalid(
        "PutItem",
        json!({"TableName": "one", "Item": {}, "ConditionExpression": "attribute_exists(pk)"}),
        "One or more parameter values were invalid: Missing the key pk in the item",
    );
}
