//! TransactWriteItems and TransactGetItems.

use serde_json::{Value, json};

use crate::{CANCELED, DETECTED, NOT_FOUND, Port, VALIDATION};

fn put(key: &str) -> Value {
    json!({"Put": {"TableName": "one", "Item": {"pk": {"S": key}}}})
}

fn check(key: &str, condition: &str) -> Value {
    json!({"ConditionCheck": {"TableName": "one", "Key": {"pk": {"S": key}}, "ConditionExpression": condition}})
}

fn update(key: &str, expression: &str) -> Value {
    json!({"Update": {"TableName": "one", "Key": {"pk": {"S": key}}, "UpdateExpression": expression}})
}

fn write(actions: Value) -> Value {
    json!({"TransactItems": actions})
}

fn get(key: &str) -> Value {
    json!({"Get": {"TableName": "one", "Key": {"pk": {"S": key}}}})
}

#[test]
fn all_or_nothing() {
    let mut port = Port::new();
    port.answers("TransactWriteItems", write(json!([put("a"), put("b")])), json!({}));
    let body =
        write(json!([put("c"), check("a", "attribute_not_exists(pk)"), check("b", "attribute_exists(pk)")]));
    let (status, answer) = port.call("TransactWriteItems", &body);
    assert_eq!(status, 400);
    assert_eq!(
        answer,
        json!({
            "__type": CANCELED,
            "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, None]",
            "CancellationReasons": [
                {"Code": "None"},
                {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"},
                {"Code": "None"},
            ],
        })
    );
    assert_eq!(port.ok("Scan", json!({"TableName": "one"}))["Count"], 2);
}

#[test]
fn a_failed_condition_shows_the_item() {
    let mut port = Port::new();
    port.put("one", json!({"pk": {"S": "a"}}));
    let mut guarded = check("a", "attribute_not_exists(pk)");
    guarded["ConditionCheck"]["ReturnValuesOnConditionCheckFailure"] = json!("ALL_OLD");
    let (_, answer) = port.call("TransactWriteItems", &write(json!([guarded])));
    assert_eq!(
        answer["CancellationReasons"],
        json!([{
            "Item": {"pk": {"S": "a"}}, "Code": "ConditionalCheckFailed", "Message": "The conditional request failed",
        }])
    );
}

#[test]
fn mistakes_in_the_request() {
    let mut port = Port::new();
    let length = |value: &str, rule: &str| {
        format!(
            "{DETECTED}Value '{value}' at 'transactItems' failed to satisfy constraint: Member must have length {rule}"
        )
    };
    port.invalid("TransactWriteItems", write(json!([])), &length("[]", "greater than or equal to 1"));
    port.invalid("TransactGetItems", write(json!([])), &length("[]", "greater than or equal to 1"));
    let many: Vec<Value> = (0..101).map(|number| put(&number.to_string())).collect();
    let (_, answer) = port.call("TransactWriteItems", &write(many.into()));
    assert_eq!(answer["__type"], VALIDATION);
    let message = answer["message"].as_str().unwrap();
    assert!(message.ends_with("at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100"), "{message}");
    port.invalid(
        "TransactWriteItems",
        write(json!([put("a"), update("a", "SET x = pk")])),
        "Transaction request cannot include multiple operations on one item",
    );
    port.invalid(
        "TransactWriteItems",
        write(json!([put("a"), {}])),
        "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request",
    );
    port.invalid(
        "TransactGetItems",
        write(json!([get("a"), get("b"), get("a")])),
        "Transaction request cannot include multiple operations on one item",
    );
    // What is wrong with an expression is wrong with the whole request.
    port.invalid(
        "TransactWriteItems",
        write(json!([put("a"), check("b", "status = pk")])),
        "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status",
    );
    port.invalid(
        "TransactWriteItems",
        write(json!([check("b", "x = :undefined")])),
        "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :undefined",
    );
    let elsewhere = json!({"Put": {"TableName": "none", "Item": {"pk": {"S": "a"}}}});
    port.refuses(
        "TransactWriteItems",
        write(json!([put("a"), elsewhere])),
        NOT_FOUND,
        "Requested resource not found",
    );
    let without = json!({"ConditionCheck": {"TableName": "one", "Key": {"pk": {"S": "a"}}}});
    let (_, answer) = port.call("TransactWriteItems", &write(json!([without])));
    assert_eq!(answer["__type"], VALIDATION);
}

#[test]
fn mistakes_that_cancel() {
    let mut port = Port::new();
    port.put("one", json!({"pk": {"S": "a"}, "s": {"S": "x"}}));
    let mut cancels = |actions: Value, codes: &str| {
        let text = format!(
            "Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
        );
        port.refuses("TransactWriteItems", write(actions), CANCELED, &text);
    };
    let bad_key = json!({"Delete": {"TableName": "one", "Key": {"pk": {"N": "1"}}}});
    // The first such action alone has a reason; conditions are not looked at any more.
    cancels(json!([check("a", "attribute_not_exists(pk)"), bad_key, bad_key]), "None, ValidationError, None");
    cancels(json!([put("b"), update("a", "SET n = s + s")]), "None, ValidationError");
    let no_key = json!({"Put": {"TableName": "one", "Item": {"x": {"S": "a"}}}});
    cancels(json!([no_key]), "ValidationError");
    let big =
        json!({"Put": {"TableName": "one", "Item": {"pk": {"S": "c"}, "b": {"S": "x".repeat(410_000)}}}});
    port.invalid(
        "TransactWriteItems",
        write(json!([put("b"), big])),
        "Item size has exceeded the maximum allowed size",
    );
}

#[test]
fn empty_keys_fail_the_request() {
    let mut port = Port::new();
    let not_valid = "One or more parameter values are not valid. ";
    let empty = "The AttributeValue for a key attribute cannot contain an empty string value.";
    for action in [put(""), update("", "SET x = pk"), check("", "attribute_exists(pk)")] {
        port.invalid("TransactWriteItems", write(json!([action])), &format!("{not_valid}{empty} Key: pk"));
    }
    let indexed = json!({"pk": {"S": "a"}, "sk": {"N": "1"}, "gk": {"S": ""}});
    port.invalid(
        "TransactWriteItems",
        write(json!([{"Put": {"TableName": "two", "Item": indexed}}])),
        &format!(
            "{not_valid}A value specified for a secondary index key is not supported. {empty} \
             IndexName: gsi, IndexKey: gk"
        ),
    );
    let update = json!({"Update": {
        "TableName": "two", "Key": {"pk": {"S": "a"}, "sk": {"N": "1"}}, "UpdateExpression": "SET gk = :e",
        "ExpressionAttributeValues": {":e": {"S": ""}},
    }});
    port.invalid(
        "TransactWriteItems",
        write(json!([update])),
        &format!(
            "{not_valid}The update expression attempted to update a secondary index key to a value that is not \
             supported. {empty}"
        ),
    );
}

#[test]
fn the_reasons_are_those_of_the_single_operations() {
    let mut port = Port::new();
    let mut reason = |action: Value, text: &str| {
        let (_, answer) = port.call("TransactWriteItems", &write(json!([action])));
        assert_eq!(answer["CancellationReasons"], json!([{"Code": "ValidationError", "Message": text}]));
    };
    let item = |item: Value| json!({"Put": {"TableName": "two", "Item": item}});
    let mismatch = "One or more parameter values were invalid: Type mismatch for ";
    reason(
        item(json!({"pk": {"N": "5"}, "sk": {"N": "1"}})),
        &format!("{mismatch}key pk expected: S actual: N"),
    );
    reason(
        item(json!({"pk": {"S": "a"}, "sk": {"N": "1"}, "gk": {"L": []}})),
        &format!("{mismatch}Index Key gk Expected: S Actual: L IndexName: gsi"),
    );
    let delete = json!({"Delete": {"TableName": "one", "Key": {"pk": {"N": "5"}}}});
    reason(delete, "The provided key element does not match the schema");
}

#[test]
fn sizes_of_expressions() {
    let mut port = Port::new();
    let long = |expression: String| check("a", &expression);
    let condition = format!("a = :v{}", " AND a = :v".repeat(373));
    port.invalid(
        "TransactWriteItems",
        write(json!([long(condition)])),
        "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4109",
    );
    let expression = format!("SET {}", vec!["a = :v"; 600].join(", "));
    port.invalid(
        "TransactWriteItems",
        write(json!([update("a", &expression)])),
        "Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;",
    );
}

#[test]
fn a_repeated_transaction_consumes_reads() {
    let mut port = Port::new();
    let body =
        json!({"TransactItems": [put("a")], "ClientRequestToken": "t", "ReturnConsumedCapacity": "TOTAL"});
    let consumed = |kind: &str| json!({"TableName": "one", "CapacityUnits": 2.0, kind: 2.0});
    port.answers(
        "TransactWriteItems",
        body.clone(),
        json!({"ConsumedCapacity": [consumed("WriteCapacityUnits")]}),
    );
    port.answers("TransactWriteItems", body, json!({"ConsumedCapacity": [consumed("ReadCapacityUnits")]}));
}

#[test]
fn tokens() {
    let mut port = Port::new();
    let with_token = |key: &str| json!({"TransactItems": [put(key)], "ClientRequestToken": "t"});
    port.answers("TransactWriteItems", with_token("a"), json!({}));
    port.ok("DeleteItem", json!({"TableName": "one", "Key": {"pk": {"S": "a"}}}));
    port.answers("TransactWriteItems", with_token("a"), json!({}));
    assert_eq!(port.ok("Scan", json!({"TableName": "one"}))["Count"], 0);
    let (status, answer) = port.call("TransactWriteItems", &with_token("b"));
    assert_eq!(status, 400);
    assert_eq!(answer["__type"], "com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException");
    let token = "t".repeat(37);
    port.invalid(
        "TransactWriteItems",
        json!({"TransactItems": [put("a")], "ClientRequestToken": token}),
        &format!(
            "{DETECTED}Value '{token}' at 'clientRequestToken' failed to satisfy constraint: \
             Member must have length less than or equal to 36"
        ),
    );
}

#[test]
fn reads() {
    let mut port = Port::new();
    port.put("one", json!({"pk": {"S": "a"}}));
    let mut body = write(json!([get("none"), get("a")]));
    port.answers("TransactGetItems", body.clone(), json!({"Responses": [{}, {"Item": {"pk": {"S": "a"}}}]}));
    body["ReturnConsumedCapacity"] = json!("TOTAL");
    let answer = port.ok("TransactGetItems", body);
    assert_eq!(
        answer["ConsumedCapacity"],
        json!([{"TableName": "one", "CapacityUnits": 4.0, "ReadCapacityUnits": 4.0}])
    );
    // Without an item, as if there was none.
    let mut projected = get("a");
    projected["Get"]["ProjectionExpression"] = json!("gone");
    port.answers("TransactGetItems", write(json!([projected])), json!({"Responses": [{}]}));
    let bad = json!({"Get": {"TableName": "one", "Key": {"x": {"S": "a"}}}});
    port.refuses(
        "TransactGetItems",
        write(json!([get("a"), bad])),
        CANCELED,
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ValidationError]",
    );
}

#[test]
fn what_transactions_consume() {
    let mut port = Port::new();
    let mut body = write(json!([put("a"), check("b", "attribute_not_exists(pk)")]));
    body["ReturnConsumedCapacity"] = json!("TOTAL");
    port.answers(
        "TransactWriteItems",
        body,
        json!({
            "ConsumedCapacity": [{"TableName": "one", "CapacityUnits": 4.0, "WriteCapacityUnits": 4.0}],
        }),
    );
}

#[test]
fn constraints_say_in_which_action() {
    let put = json!({
        "TableName": "one", "Item": {"pk": {"S": "a"}}, "ReturnValuesOnConditionCheckFailure": "x",
    });
    Port::new().invalid(
        "TransactWriteItems",
        json!({"TransactItems": [{"Put": put}]}),
        &format!(
            "{DETECTED}Value 'x' at 'transactItems.1.member.put.returnValuesOnConditionCheckFailure' failed to satisfy \
             constraint: Member must satisfy enum value set: [ALL_OLD, NONE]"
        ),
    );
}

#[test]
fn constraints_of_table_names_say_in_which_action() {
    let mut port = Port::new();
    let mut bad = |operation: &str, path: &str, action: Value| {
        let text = format!(
            "{DETECTED}Value 'a!' at 'transactItems.1.member.{path}.tableName' failed to satisfy constraint: \
             Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
        );
        port.invalid(operation, write(json!([action])), &text);
    };
    bad("TransactWriteItems", "put", json!({"Put": {"TableName": "a!", "Item": {"pk": {"S": "a"}}}}));
    bad("TransactWriteItems", "delete", json!({"Delete": {"TableName": "a!", "Key": {"pk": {"S": "a"}}}}));
    bad("TransactGetItems", "get", json!({"Get": {"TableName": "a!", "Key": {"pk": {"S": "a"}}}}));
}

#[test]
fn four_megabytes() {
    let put = |pk: usize| {
        let item = json!({"pk": {"S": pk.to_string()}, "x": {"S": "x".repeat(400_000)}});
        json!({"Put": {"TableName": "one", "Item": item}})
    };
    let actions: Vec<Value> = (0..11).map(put).collect();
    Port::new().invalid(
        "TransactWriteItems",
        write(actions.into()),
        "Transaction payload size cannot exceed 4MB",
    );
}
