//! Query and Scan, their pages, and what reads consume.

use serde_json::{Value, json};

use crate::{DETECTED, Port, constraint, constraint_of, with, with_values};

/// A port whose table `two` has items with `pk` a and `sk` from 1 to 5; those with odd numbers are in the indexes.
fn port() -> Port {
    let mut port = Port::new();
    for number in 1..=5 {
        let mut item = json!({
            "pk": {"S": "a"}, "sk": {"N": number.to_string()}, "a": {"S": "kept"}, "v": {"S": format!("v{number}")},
        });
        if number % 2 == 1 {
            item["gk"] = json!({"S": "g"});
            item["lk"] = json!({"N": (10 - number).to_string()});
        }
        port.put("two", item);
    }
    port
}

fn query(condition: &str, more: Value) -> Value {
    let values =
        json!({":p": {"S": "a"}, ":n": {"N": "3"}, ":m": {"N": "4"}, ":s": {"S": "x"}, ":g": {"S": "g"}});
    let body = json!({"TableName": "two", "KeyConditionExpression": condition});
    with(with_values(body, condition, values), more)
}

#[track_caller]
fn keys(answer: &Value) -> Vec<&str> {
    answer["Items"].as_array().unwrap().iter().map(|item| item["sk"]["N"].as_str().unwrap()).collect()
}

#[test]
fn key_conditions() {
    let mut port = port();
    for (condition, expected) in [
        ("pk = :p", vec!["1", "2", "3", "4", "5"]),
        ("pk = :p AND sk = :n", vec!["3"]),
        ("pk = :p AND sk < :n", vec!["1", "2"]),
        ("pk = :p AND sk <= :n", vec!["1", "2", "3"]),
        ("sk > :n AND pk = :p", vec!["4", "5"]),
        ("pk = :p AND sk >= :n", vec!["3", "4", "5"]),
        ("pk = :p AND sk BETWEEN :n AND :m", vec!["3", "4"]),
        ("(pk = :p) AND (sk BETWEEN :n AND :m)", vec!["3", "4"]),
        ("(pk = :p AND sk = :n)", vec!["3"]),
        ("(pk = :p AND (sk = :n))", vec!["3"]),
        ("pk = :p AND :m <= sk", vec!["4", "5"]),
    ] {
        assert_eq!(keys(&port.ok("Query", query(condition, json!({})))), expected, "{condition}");
    }
    port.invalid(
        "Query",
        json!({"TableName": "two"}),
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
    );
    let mut bad = |condition: &str, text: &str| port.invalid("Query", query(condition, json!({})), text);
    bad("sk = :n", "Query condition missed key schema element: pk");
    bad("pk > :p", "Query key condition not supported");
    bad("pk = :p OR sk = :n", "Invalid operator used in KeyConditionExpression: OR");
    bad("NOT pk = :p", "Invalid operator used in KeyConditionExpression: NOT");
    bad("pk <> :p", "Invalid operator used in KeyConditionExpression: <>");
    bad(
        "pk = :p AND pk = :s",
        "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key",
    );
    bad("pk = :p AND sk.x = :n", "KeyConditionExpressions cannot have conditions on nested attributes");
    bad("pk = :p AND size(sk) = :n", "KeyConditionExpressions cannot contain nested operations");
    bad("pk = :p AND :n = :m", "Invalid condition in KeyConditionExpression: No key attribute specified");
    bad(
        "pk = sk",
        "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
    );
    bad(
        "pk = :p AND sk = :s",
        "One or more parameter values were invalid: Condition parameter type does not match schema type",
    );
    bad(
        "pk = :p AND begins_with(sk, :s)",
        "One or more parameter values were invalid: Condition parameter type does not match schema type",
    );
    bad("pk = :p AND v = :s", "Query condition missed key schema element: sk");
    bad("((pk = :p))", "Invalid KeyConditionExpression: The expression has redundant parentheses;");
    bad("", "Invalid KeyConditionExpression: The expression can not be empty;");
    bad(
        "pk = :undefined",
        "Invalid KeyConditionExpression: An expression attribute value used in expression is not defined; attribute value: :undefined",
    );
}

#[test]
fn parameters() {
    let mut port = port();
    let mut bad = |more: Value, text: &str| port.invalid("Query", query("pk = :p", more), text);
    bad(json!({"Limit": 0}), &constraint("Limit", "have value greater than or equal to 1"));
    bad(json!({"IndexName": "none"}), "The table does not have the specified index: none");
    bad(
        json!({"IndexName": "gsi", "ConsistentRead": true}),
        "Consistent reads are not supported on global secondary indexes",
    );
    bad(
        json!({"IndexName": "gsi-keys", "Select": "ALL_ATTRIBUTES"}),
        "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary \
         index gsi-keys because its projection type is not ALL",
    );
    bad(
        json!({"Select": "ALL_PROJECTED_ATTRIBUTES"}),
        "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
    );
    bad(
        json!({"Select": "COUNT", "ProjectionExpression": "v"}),
        "Cannot specify the ProjectionExpression when choosing to get COUNT",
    );
    bad(
        json!({"Select": "x"}),
        &constraint_of(
            "'x'",
            "select",
            "satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]",
        ),
    );
    let filter = json!({"FilterExpression": "sk > :n", "ExpressionAttributeValues": {":p": {"S": "a"}, ":n": {"N": "1"}}});
    bad(filter, "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk");
    port.invalid(
        "Query",
        query(
            "gk = :g",
            json!({
                "IndexName": "gsi-keys", "FilterExpression": "lk > :n",
                "ExpressionAttributeValues": {":g": {"S": "g"}, ":n": {"N": "1"}},
            }),
        ),
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: lk",
    );
    port.invalid(
        "Scan",
        json!({"TableName": "two", "Limit": 0}),
        &constraint("Limit", "have value greater than or equal to 1"),
    );
    let mut older = Port::older();
    older.invalid(
        "Scan",
        json!({"TableName": "two", "Limit": 0}),
        &format!("{DETECTED}Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
    );
    // Query words this in the newer way in both.
    older.invalid(
        "Query",
        query("pk = :p", json!({"Limit": 0})),
        &constraint("Limit", "have value greater than or equal to 1"),
    );
}

#[test]
fn select() {
    let mut port = port();
    port.answers(
        "Query",
        query("pk = :p", json!({"Select": "COUNT"})),
        json!({"Count": 5, "ScannedCount": 5}),
    );
    let text =
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES";
    let scan = json!({"TableName": "two", "Select": "SPECIFIC_ATTRIBUTES"});
    port.invalid("Scan", scan.clone(), &format!("{DETECTED}{text}"));
    Port::older().invalid("Scan", scan, text);
    let first = |answer: Value| answer["Items"][0].clone();
    // Global indexes hold the keys of the table; a local one can fetch what it does not hold.
    assert_eq!(
        first(port.ok("Query", query("gk = :g", json!({"IndexName": "gsi-keys"})))),
        json!({"gk": {"S": "g"}, "lk": {"N": "5"}, "pk": {"S": "a"}, "sk": {"N": "5"}})
    );
    assert_eq!(
        first(port.ok("Query", query("pk = :p", json!({"IndexName": "lsi-some"})))),
        json!({"a": {"S": "kept"}, "lk": {"N": "5"}, "pk": {"S": "a"}, "sk": {"N": "5"}})
    );
    assert_eq!(
        first(
            port.ok("Query", query("pk = :p", json!({"IndexName": "lsi-some", "ProjectionExpression": "v"})))
        ),
        json!({"v": {"S": "v5"}})
    );
    port.invalid(
        "Query",
        query("gk = :g", json!({"IndexName": "gsi-keys", "ProjectionExpression": "v"})),
        "One or more parameter values were invalid: Global secondary index gsi-keys does not project [v]",
    );
}

#[test]
fn pages() {
    let mut port = port();
    let answer = port.ok("Query", query("pk = :p", json!({"Limit": 2})));
    assert_eq!(answer["LastEvaluatedKey"], json!({"pk": {"S": "a"}, "sk": {"N": "2"}}));
    // The limit counts what is looked at, not what the filter leaves.
    let filtered = query(
        "pk = :p",
        json!({
            "Limit": 4, "FilterExpression": "v = :v", "ExpressionAttributeValues": {":p": {"S": "a"}, ":v": {"S": "v4"}},
        }),
    );
    let answer = port.ok("Query", filtered);
    assert_eq!((&answer["Count"], &answer["ScannedCount"]), (&json!(1), &json!(4)));
    // As many as the limit: there is a last key though nothing follows.
    let answer = port.ok("Query", query("pk = :p", json!({"Limit": 5})));
    assert_eq!(answer["LastEvaluatedKey"], json!({"pk": {"S": "a"}, "sk": {"N": "5"}}));
    let answer = port.ok("Query", query("pk = :p", json!({"Limit": 6})));
    assert_eq!(answer.get("LastEvaluatedKey"), None);
    let index = port.ok("Query", query("gk = :g", json!({"IndexName": "gsi", "Limit": 1})));
    let last = json!({"gk": {"S": "g"}, "pk": {"S": "a"}, "sk": {"N": "1"}});
    assert_eq!(index["LastEvaluatedKey"], last);
    let next = port.ok("Query", query("gk = :g", json!({"IndexName": "gsi", "ExclusiveStartKey": last})));
    assert_eq!(keys(&next), ["3", "5"]);
}

#[test]
fn starting_keys() {
    let mut port = port();
    let start = |key: Value| json!({"ExclusiveStartKey": key});
    // The item need not exist.
    let answer = port.ok("Query", query("pk = :p", start(json!({"pk": {"S": "a"}, "sk": {"N": "2.5"}}))));
    assert_eq!(keys(&answer), ["3", "4", "5"]);
    let mut bad =
        |condition: &str, key: Value, text: &str| port.invalid("Query", query(condition, start(key)), text);
    bad("pk = :p", json!({"pk": {"S": "a"}}), "The provided starting key is invalid");
    bad(
        "pk = :p",
        json!({"pk": {"S": "a"}, "sk": {"N": "1"}, "x": {"S": "y"}}),
        "The provided starting key is invalid",
    );
    bad(
        "pk = :p",
        json!({"pk": {"S": "a"}, "sk": {"S": "1"}}),
        "The provided starting key is invalid: The provided key element does not match the schema",
    );
    bad(
        "pk = :p",
        json!({"pk": {"S": "b"}, "sk": {"N": "1"}}),
        "The provided starting key is outside query boundaries based on provided conditions",
    );
    bad(
        "pk = :p AND sk > :n",
        json!({"pk": {"S": "a"}, "sk": {"N": "1"}}),
        "The provided starting key does not match the range key predicate",
    );
    let scan = json!({"TableName": "two", "ExclusiveStartKey": {"x": {"S": "y"}}});
    port.invalid("Scan", scan.clone(), "The provided starting key is invalid");
    Port::older().invalid(
        "Scan",
        scan,
        "The provided starting key is invalid: The provided key element does not match the schema",
    );
}

#[test]
fn segments() {
    let mut port = port();
    let mut bad =
        |more: Value, text: &str| port.invalid("Scan", with(json!({"TableName": "two"}), more), text);
    bad(
        json!({"Segment": 0}),
        "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    );
    bad(
        json!({"TotalSegments": 2}),
        "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
    );
    bad(
        json!({"Segment": 5, "TotalSegments": 5}),
        "The Segment parameter is zero-based and must be less than parameter TotalSegments",
    );
    bad(
        json!({"Segment": -1, "TotalSegments": 5}),
        &constraint("Segment", "have value greater than or equal to 0"),
    );
}

#[test]
fn a_page_ends_at_a_megabyte() {
    let mut port = Port::new();
    for number in 0..4 {
        port.put(
            "two",
            json!({"pk": {"S": "a"}, "sk": {"N": number.to_string()}, "b": {"S": "x".repeat(400_000)}}),
        );
    }
    let answer = port.ok("Query", query("pk = :p", json!({"Select": "COUNT"})));
    assert_eq!((&answer["Count"], &answer["LastEvaluatedKey"]["sk"]), (&json!(3), &json!({"N": "2"})));
}

#[test]
fn what_reads_consume() {
    let mut port = port();
    let get = |key: &str, more: Value| {
        with(json!({"TableName": "one", "Key": {"pk": {"S": key}}, "ReturnConsumedCapacity": "TOTAL"}), more)
    };
    port.put("one", json!({"pk": {"S": "big"}, "b": {"S": "x".repeat(4_096)}}));
    let units = |answer: Value| answer["ConsumedCapacity"]["CapacityUnits"].as_f64().unwrap();
    assert_eq!(units(port.ok("GetItem", get("none", json!({})))), 0.5);
    assert_eq!(units(port.ok("GetItem", get("none", json!({"ConsistentRead": true})))), 1.0);
    assert_eq!(units(port.ok("GetItem", get("big", json!({})))), 1.0);
    assert_eq!(units(port.ok("GetItem", get("big", json!({"ConsistentRead": true})))), 2.0);
    let answer = port.ok("Query", query("pk = :p", json!({"ReturnConsumedCapacity": "TOTAL"})));
    assert_eq!(answer["ConsumedCapacity"], json!({"TableName": "two", "CapacityUnits": 0.5}));
    let index = json!({"ReturnConsumedCapacity": "INDEXES", "IndexName": "gsi"});
    let answer = port.ok("Query", query("gk = :g", index));
    assert_eq!(
        answer["ConsumedCapacity"],
        json!({
            "TableName": "two", "CapacityUnits": 0.5, "Table": {"CapacityUnits": 0.0},
            "GlobalSecondaryIndexes": {"gsi": {"CapacityUnits": 0.5}},
        })
    );
    for more in [json!({"ReturnConsumedCapacity": "NONE"}), json!({})] {
        assert_eq!(port.ok("Query", query("pk = :p", more)).get("ConsumedCapacity"), None);
    }
}

#[test]
fn what_writes_consume() {
    let mut port = Port::new();
    let put = |bytes: usize| {
        json!({
            "TableName": "one", "Item": {"pk": {"S": "a"}, "b": {"S": "x".repeat(bytes)}}, "ReturnConsumedCapacity": "TOTAL",
        })
    };
    let units = |answer: Value| answer["ConsumedCapacity"]["CapacityUnits"].as_f64().unwrap();
    assert_eq!(units(port.ok("PutItem", put(1))), 1.0);
    assert_eq!(units(port.ok("PutItem", put(2_000))), 2.0);
    // The larger of the two versions counts.
    assert_eq!(units(port.ok("PutItem", put(1))), 2.0);
    let delete = json!({"TableName": "one", "Key": {"pk": {"S": "none"}}, "ReturnConsumedCapacity": "TOTAL"});
    assert_eq!(units(port.ok("DeleteItem", delete)), 1.0);
    let item = json!({"pk": {"S": "a"}, "sk": {"N": "1"}, "gk": {"S": "g"}, "lk": {"N": "1"}});
    let body = json!({
        "TableName": "two", "Item": item, "ReturnConsumedCapacity": "INDEXES", "ReturnItemCollectionMetrics": "SIZE",
    });
    port.answers("PutItem", body, json!({
        "ConsumedCapacity": {
            "TableName": "two", "CapacityUnits": 5.0, "Table": {"CapacityUnits": 1.0},
            "LocalSecondaryIndexes": {"lsi": {"CapacityUnits": 1.0}, "lsi-some": {"CapacityUnits": 1.0}},
            "GlobalSecondaryIndexes": {"gsi": {"CapacityUnits": 1.0}, "gsi-keys": {"CapacityUnits": 1.0}},
        },
        "ItemCollectionMetrics": {"ItemCollectionKey": {"pk": {"S": "a"}}, "SizeEstimateRangeGB": [0.0, 1.0]},
    }));
}

#[test]
fn the_older_parameters() {
    let mut port = port();
    let equal = |value: Value| json!({"ComparisonOperator": "EQ", "AttributeValueList": [value]});
    let key = json!({"pk": equal(json!({"S": "a"}))});
    let query = |more: Value| with(json!({"TableName": "two", "KeyConditions": key}), more);
    let filter = json!({"v": equal(json!({"S": "v4"}))});
    assert_eq!(keys(&port.ok("Query", query(json!({"QueryFilter": filter})))), ["4"]);
    // An older key condition goes with the other expressions.
    let more = json!({"FilterExpression": "v = :v", "ExpressionAttributeValues": {":v": {"S": "v4"}}});
    assert_eq!(keys(&port.ok("Query", query(more))), ["4"]);
    let alone = "ConditionalOperator cannot be used without Filter or Expected";
    let two = "ConditionalOperator can only be used when Filter or Expected has two or more elements";
    let operator = |more: Value| with(json!({"TableName": "two", "ConditionalOperator": "AND"}), more);
    port.invalid("Scan", operator(json!({})), alone);
    port.invalid("Scan", operator(json!({"ScanFilter": {}})), alone);
    port.invalid("Scan", operator(json!({"ScanFilter": filter})), two);
    port.invalid("Query", operator(json!({})), alone);
    port.invalid("Query", query(json!({"ConditionalOperator": "AND", "QueryFilter": filter})), two);
    let mixed = "Can not use both expression and non-expression parameters in the same request: ";
    port.invalid(
        "Query",
        query(
            json!({"QueryFilter": filter, "ConditionalOperator": "AND", "KeyConditionExpression": "pk = :p"}),
        ),
        &format!(
            "{mixed}Non-expression parameters: {{QueryFilter, ConditionalOperator, KeyConditions}} \
             Expression parameters: {{KeyConditionExpression}}"
        ),
    );
    port.invalid(
        "Scan",
        json!({"TableName": "two", "ScanFilter": filter, "ProjectionExpression": "v"}),
        &format!(
            "{mixed}Non-expression parameters: {{ScanFilter}} Expression parameters: {{ProjectionExpression}}"
        ),
    );
}

#[test]
fn indexes_that_a_write_does_not_touch_cost_nothing() {
    let mut port = Port::new();
    let item = json!({"pk": {"S": "a"}, "sk": {"N": "1"}, "gk": {"S": "g"}, "lk": {"N": "1"}});
    let put = json!({"TableName": "two", "Item": item, "ReturnConsumedCapacity": "INDEXES"});
    port.ok("PutItem", put.clone());
    // The same item again: nothing changes in an index.
    let again = port.ok("PutItem", put)["ConsumedCapacity"].clone();
    assert_eq!(again, json!({"TableName": "two", "CapacityUnits": 1.0, "Table": {"CapacityUnits": 1.0}}));
    let update = json!({
        "TableName": "two", "Key": {"pk": {"S": "a"}, "sk": {"N": "1"}}, "UpdateExpression": "SET gk = :g",
        "ExpressionAttributeValues": {":g": {"S": "moved"}}, "ReturnConsumedCapacity": "INDEXES",
    });
    let moved = port.ok("UpdateItem", update)["ConsumedCapacity"].clone();
    assert_eq!(moved["GlobalSecondaryIndexes"]["gsi"]["CapacityUnits"], 2.0);
    assert_eq!(moved["LocalSecondaryIndexes"], json!({"lsi": {"CapacityUnits": 1.0}}));
}

#[test]
fn a_partition_key_alone_has_one_condition() {
    let body = json!({
        "TableName": "one", "KeyConditionExpression": "pk = :v AND a = :v",
        "ExpressionAttributeValues": {":v": {"S": "x"}},
    });
    Port::new().invalid("Query", body, "Query key condition not supported");
}

#[test]
fn starting_keys_are_of_their_segment() {
    let mut port = Port::new();
    port.put("one", json!({"pk": {"S": "a"}}));
    let scan = |segment: usize| json!({"TableName": "one", "Segment": segment, "TotalSegments": 2});
    let has_it = usize::from(port.ok("Scan", scan(0))["Count"] == 0);
    let start = json!({"ExclusiveStartKey": {"pk": {"S": "a"}}});
    port.ok("Scan", with(scan(has_it), start.clone()));
    port.invalid(
        "Scan",
        with(scan(1 - has_it), start),
        "The provided Exclusive start key does not map to the provided Segment and TotalSegments values.",
    );
}
