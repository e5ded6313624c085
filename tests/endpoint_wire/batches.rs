//! BatchGetItem and BatchWriteItem.

use serde_json::{Value, json};

use crate::{DETECTED, NOT_FOUND, Port, constraint};

fn put(key: &str) -> Value {
    json!({"PutRequest": {"Item": {"pk": {"S": key}}}})
}

fn delete(key: &str) -> Value {
    json!({"DeleteRequest": {"Key": {"pk": {"S": key}}}})
}

fn write(requests: Value) -> Value {
    json!({"RequestItems": {"one": requests}})
}

fn get(keys: Value) -> Value {
    json!({"RequestItems": {"one": {"Keys": keys}}})
}

fn key(key: &str) -> Value {
    json!({"pk": {"S": key}})
}

#[test]
fn writes() {
    let mut port = Port::new();
    port.answers("BatchWriteItem", write(json!([put("a"), put("b")])), json!({"UnprocessedItems": {}}));
    port.answers(
        "BatchWriteItem",
        write(json!([delete("a"), delete("none")])),
        json!({"UnprocessedItems": {}}),
    );
    port.answers(
        "BatchGetItem",
        get(json!([key("a"), key("b")])),
        json!({"Responses": {"one": [{"pk": {"S": "b"}}]}, "UnprocessedKeys": {}}),
    );
}

#[test]
fn mistakes_in_writes() {
    let mut port = Port::new();
    port.invalid(
        "BatchWriteItem",
        json!({"RequestItems": {}}),
        "The requestItems parameter is required for BatchWriteItem",
    );
    let duplicates = "Provided list of item keys contains duplicates";
    port.invalid("BatchWriteItem", write(json!([put("a"), put("a")])), duplicates);
    port.invalid("BatchWriteItem", write(json!([put("a"), delete("a")])), duplicates);
    // One bad element fails the whole, and nothing is written.
    let bad = json!({"PutRequest": {"Item": {"x": {"S": "a"}}}});
    port.invalid(
        "BatchWriteItem",
        write(json!([put("a"), bad])),
        "The provided key element does not match the schema",
    );
    let bad = json!({"DeleteRequest": {"Key": {"x": {"S": "a"}}}});
    port.invalid(
        "BatchWriteItem",
        write(json!([put("a"), bad])),
        "The provided key element does not match the schema",
    );
    let elsewhere = json!({"RequestItems": {"one": [put("a")], "none": [put("a")]}});
    port.refuses("BatchWriteItem", elsewhere, NOT_FOUND, "Requested resource not found");
    port.answers("Scan", json!({"TableName": "one"}), json!({"Items": [], "Count": 0, "ScannedCount": 0}));
    let many: Vec<Value> = (0..26).map(|number| put(&number.to_string())).collect();
    let shown: Vec<String> = (0..26)
        .map(|number| {
            format!(
                "WriteRequest(putRequest=PutRequest(item={{pk=AttributeValue(s={number}, n=null, b=null, iNT=null, \
                 dECIMAL=null, dOUBLE=null, sS=null, nS=null, bS=null, iNTSET=null, dECIMALSET=null, \
                 dOUBLESET=null, m=null, l=null, nULL=null, bOOL=null)}}, workloadProfileName=null), \
                 deleteRequest=null)"
            )
        })
        .collect();
    port.invalid(
        "BatchWriteItem",
        write(many.into()),
        &format!(
            "{DETECTED}Value '{{one=[{}]}}' at 'requestItems' failed to satisfy constraint: Map value must satisfy \
             constraint: [Member must have length less than or equal to 25, Member must have length greater than or \
             equal to 1]",
            shown.join(", ")
        ),
    );
}

#[test]
fn mistakes_in_reads() {
    let mut port = Port::new();
    port.invalid(
        "BatchGetItem",
        json!({"RequestItems": {}}),
        &constraint("RequestItems", "have length greater than or equal to 1"),
    );
    Port::older().invalid(
        "BatchGetItem",
        json!({"RequestItems": {}}),
        "The requestItems parameter is required for BatchGetItem",
    );
    port.invalid(
        "BatchGetItem",
        get(json!([key("a"), key("a")])),
        "Provided list of item keys contains duplicates",
    );
    port.invalid(
        "BatchGetItem",
        get(json!([{"x": {"S": "a"}}])),
        "The provided key element does not match the schema",
    );
    let many: Vec<Value> = (0..101).map(|number| key(&number.to_string())).collect();
    port.invalid(
        "BatchGetItem",
        get(many.into()),
        &constraint("RequestItems.one.member.Keys", "have length less than or equal to 100"),
    );
    let two: Vec<Value> =
        (0..60).map(|number| json!({"pk": {"S": "a"}, "sk": {"N": number.to_string()}})).collect();
    let one: Vec<Value> = (0..60).map(|number| key(&number.to_string())).collect();
    port.invalid(
        "BatchGetItem",
        json!({"RequestItems": {"one": {"Keys": one}, "two": {"Keys": two}}}),
        "Too many items requested for the BatchGetItem call",
    );
    port.refuses(
        "BatchGetItem",
        json!({"RequestItems": {"none": {"Keys": [key("a")]}}}),
        NOT_FOUND,
        "Requested resource not found",
    );
    // Expressions have no envelope in reads.
    port.invalid(
        "BatchGetItem",
        json!({"RequestItems": {"one": {"Keys": [key("a")], "ProjectionExpression": "status"}}}),
        "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: status",
    );
}

#[test]
fn answers_end_at_16_mb() {
    let mut port = Port::new();
    let keys: Vec<Value> = (0..50).map(|number| key(&number.to_string())).collect();
    for number in 0..50 {
        port.put("one", json!({"pk": {"S": number.to_string()}, "b": {"S": "x".repeat(400_000)}}));
    }
    let answer = port.ok("BatchGetItem", get(keys.into()));
    let answered = answer["Responses"]["one"].as_array().unwrap().len();
    let left = answer["UnprocessedKeys"]["one"]["Keys"].as_array().unwrap().len();
    assert_eq!((answered + left, answered * 400_000 <= 17_000_000), (50, true));
    assert!(left > 0);
}

#[test]
fn what_batches_consume() {
    let mut port = Port::new();
    let mut body = write(json!([put("a"), put("b")]));
    body["ReturnConsumedCapacity"] = json!("TOTAL");
    port.answers(
        "BatchWriteItem",
        body,
        json!({
            "UnprocessedItems": {}, "ConsumedCapacity": [{"TableName": "one", "CapacityUnits": 2.0}],
        }),
    );
    let mut body = get(json!([key("a"), key("none")]));
    body["ReturnConsumedCapacity"] = json!("TOTAL");
    let answer = port.ok("BatchGetItem", body);
    assert_eq!(answer["ConsumedCapacity"], json!([{"TableName": "one", "CapacityUnits": 1.0}]));
}

#[test]
fn constraints_name_tables_as_they_are() {
    Port::new().invalid(
        "BatchGetItem",
        get(json!([])),
        &constraint("RequestItems.one.member.Keys", "have length greater than or equal to 1"),
    );
}

#[test]
fn the_parameters_of_all_tables_are_of_one_kind() {
    let mut port = Port::new();
    let body = json!({"RequestItems": {
        "one": {"Keys": [key("a")], "AttributesToGet": ["a"]},
        "two": {"Keys": [{"pk": {"S": "a"}, "sk": {"N": "1"}}], "ProjectionExpression": "a"},
    }});
    port.invalid(
        "BatchGetItem",
        body,
        "Can not use both expression and non-expression parameters in the same request: \
         Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}",
    );
}

#[test]
fn names_of_tables_are_map_keys() {
    let mut port = Port::new();
    let rule = "at 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: \
                [Member must have length less than or equal to 255, Member must have length greater than or equal to 3, \
                Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]";
    // As JSON in one of the two, and in the service's notation in the other.
    port.invalid(
        "BatchGetItem",
        json!({"RequestItems": {"a b": {"Keys": [key("a")]}}}),
        &format!("{DETECTED}Value '{{\"a b\":{{\"Keys\":[{{\"pk\":{{\"S\":\"a\"}}}}]}}}}' {rule}"),
    );
    port.invalid(
        "BatchWriteItem",
        json!({"RequestItems": {"ab": [delete("a")]}}),
        &format!(
            "{DETECTED}Value '{{ab=[WriteRequest(putRequest=null, deleteRequest=DeleteRequest(key=\
             {{pk=AttributeValue(s=a, n=null, b=null, iNT=null, dECIMAL=null, dOUBLE=null, sS=null, nS=null, bS=null, \
             iNTSET=null, dECIMALSET=null, dOUBLESET=null, m=null, l=null, nULL=null, bOOL=null)}}))]}}' {rule}"
        ),
    );
}

#[test]
fn an_exponent_beyond_32_bits_turns_small() {
    let number = json!({"N": "1e2147483647"});
    let put = json!({"PutRequest": {"Item": {"pk": {"S": "a"}, "n": number}}});
    let underflow =
        "Number underflow. Attempting to store a number with magnitude smaller than supported range";
    Port::new().invalid("BatchWriteItem", write(json!([put])), underflow);
    let overflow = "Number overflow. Attempting to store a number with magnitude larger than supported range";
    Port::new().invalid(
        "PutItem",
        json!({"TableName": "one", "Item": {"pk": {"S": "a"}, "n": number}}),
        &format!("{DETECTED}{overflow}"),
    );
}
