//! Values nested deeper than DynamoDB takes them: at 33 levels and, where its newer layer gives up on a request, at 63.

use serde_json::{Value, json};

use crate::{DETECTED, Port, with};

const NESTED: &str = "Nesting Levels have exceeded supported limits: \
                      Attributes in the item have nested levels beyond supported limit";

/// A text within so many maps.
fn deep(levels: usize) -> Value {
    (0..levels).fold(json!({"S": "leaf"}), |inner, _| json!({"M": {"n": inner}}))
}

/// A write with a condition on a value so deep, in a table that does not exist.
fn with_deep_condition(levels: usize, more: Value) -> Value {
    let body = json!({
        "TableName": "none", "Key": {"pk": {"S": "a"}},
        "ConditionExpression": "a = :deep", "ExpressionAttributeValues": {":deep": deep(levels)},
    });
    with(body, more)
}

#[test]
fn past_62_levels_the_older_layer_answers_writes_of_one_item() {
    let mut port = Port::new();
    let newer = format!("{DETECTED}{NESTED}");
    for (levels, expected) in [(40, newer.as_str()), (62, newer.as_str())] {
        port.invalid("PutItem", json!({"TableName": "none", "Item": {"pk": deep(levels)}}), expected);
        port.invalid("DeleteItem", json!({"TableName": "none", "Key": {"pk": deep(levels)}}), expected);
    }
    for levels in [63, 100, 400] {
        port.invalid("PutItem", json!({"TableName": "none", "Item": {"pk": deep(levels)}}), NESTED);
        port.invalid("UpdateItem", json!({"TableName": "none", "Key": {"pk": deep(levels)}}), NESTED);
        let in_values = format!("ExpressionAttributeValues contains invalid value: {NESTED} for key :deep");
        port.invalid("DeleteItem", with_deep_condition(levels, json!({})), &in_values);
    }
}

#[test]
fn bad_values_of_enumerations_are_told_as_the_older_layer_does() {
    let mut port = Port::new();
    let bad = |levels: usize| with_deep_condition(levels, json!({"ReturnValues": "x"}));
    port.invalid(
        "DeleteItem",
        bad(40),
        &format!(
            "{DETECTED}Failed to satisfy constraint: \
             Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"
        ),
    );
    port.invalid(
        "DeleteItem",
        bad(63),
        &format!(
            "{DETECTED}Value 'x' at 'returnValues' failed to satisfy constraint: \
             Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"
        ),
    );
    port.invalid(
        "DeleteItem",
        with_deep_condition(100, json!({"ReturnValues": "UPDATED_NEW"})),
        "ReturnValues can only be ALL_OLD or NONE",
    );
    port.invalid(
        "PutItem",
        json!({
            "TableName": "none", "Item": {"pk": {"S": "a"}},
            "Expected": {"a": {"Value": deep(100)}, "b": {"Exists": false}}, "ConditionalOperator": "XOR",
        }),
        &format!(
            "{DETECTED}Value 'XOR' at 'conditionalOperator' failed to satisfy constraint: \
             Member must satisfy enum value set: [OR, AND]"
        ),
    );
}

#[test]
fn other_operations_are_read_as_ever() {
    let mut port = Port::new();
    for levels in [40, 100] {
        port.invalid("GetItem", json!({"TableName": "none", "Key": {"pk": deep(levels)}}), NESTED);
        let put = json!({"PutRequest": {"Item": {"pk": deep(levels)}}});
        port.invalid("BatchWriteItem", json!({"RequestItems": {"none": [put]}}), NESTED);
    }
    // What is no parameter is no part of the request.
    port.answers(
        "GetItem",
        json!({"TableName": "one", "Key": {"pk": {"S": "a"}}, "More": deep(100)}),
        json!({}),
    );
}

#[test]
fn transactions_tell_the_first_action_that_is_wrong() {
    let mut port = Port::new();
    let mut bad = |actions: Value, expected: &str| {
        port.invalid("TransactWriteItems", json!({"TransactItems": actions}), expected);
    };
    let put = |item: Value| json!({"Put": {"TableName": "none", "Item": item}});
    let nameless = || put(json!({"pk": {"S": "a"}, "": {"S": "x"}}));
    let delete = |levels: usize| json!({"Delete": {"TableName": "none", "Key": {"pk": deep(levels)}}});
    bad(json!([put(json!({"pk": deep(40)})), nameless()]), NESTED);
    bad(json!([nameless(), put(json!({"pk": deep(100)}))]), "Empty attribute name");
    let mut mistyped = put(json!({"pk": {"S": "a"}}));
    mistyped["Put"]["ConditionExpression"] = json!("a = = b");
    let syntax = r#"Invalid ConditionExpression: Syntax error; token: "=", near: "= = b""#;
    bad(json!([delete(40), mistyped]), NESTED);
    bad(json!([mistyped, delete(100)]), syntax);
    // In one action the condition is looked at before the key's values.
    let mut both = delete(100);
    both["Delete"]["ConditionExpression"] = json!("a = = b");
    bad(json!([both]), syntax);
}

#[test]
fn names_at_the_top_come_before_depth_and_names_within_after_it() {
    let mut port = Port::new();
    let mut bad = |item: Value, expected: &str| {
        let put = json!({"PutRequest": {"Item": item}});
        port.invalid("BatchWriteItem", json!({"RequestItems": {"none": [put]}}), expected);
    };
    bad(json!({"a": deep(40), "": {"S": "x"}}), "Empty attribute name");
    bad(json!({"a": {"M": {"": {"S": "x"}}}, "b": deep(40)}), NESTED);
    bad(json!({"a": {"M": {"": {"S": "x"}}}, "b": deep(31)}), "Empty attribute name");
}
