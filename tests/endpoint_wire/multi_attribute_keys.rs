//! Global secondary indexes whose partition key or sort key has several attributes.

use serde_json::{Value, json};

use crate::{Port, VALIDATION, table, with, with_values};

const PARAMETER: &str = "One or more parameter values were invalid: ";
const PARTIQL: &str = "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE keys.";

/// An index: each attribute of its key is `h…` of the partition key or `r…` of the sort key.
fn index(name: &str, attributes: &[&str], projection: &str) -> Value {
    let element = |name: &&str| {
        let role = if name.starts_with('h') { "HASH" } else { "RANGE" };
        json!({"AttributeName": name, "KeyType": role})
    };
    let key: Vec<Value> = attributes.iter().map(element).collect();
    json!({"IndexName": name, "KeySchema": key, "Projection": {"ProjectionType": projection}})
}

/// Definitions: attributes whose names end with `n` are numbers.
fn definitions(names: &[&str]) -> Value {
    let kind = |name: &str| if name.ends_with('n') { "N" } else { "S" };
    names.iter().map(|name| json!({"AttributeName": name, "AttributeType": kind(name)})).collect()
}

/// A table `places` (`pk`, a string) with an index `full` by `h1`, `h2n`, then `r1`, `r2n`, `r3`; one `keys` of the
/// same partitions without sort key, which has the keys only; and one `one` by `h1` alone.
fn port() -> Port {
    let mut port = Port::new();
    let indexes = [
        index("full", &["h1", "h2n", "r1", "r2n", "r3"], "ALL"),
        index("keys", &["h1", "h2n"], "KEYS_ONLY"),
        index("one", &["h1"], "ALL"),
    ];
    let more = json!({
        "GlobalSecondaryIndexes": indexes,
        "AttributeDefinitions": definitions(&["pk", "h1", "h2n", "r1", "r2n", "r3"]),
    });
    port.ok("CreateTable", table("places", json!([["pk", "S"]]), more));
    for (pk, r1, r2, r3) in [
        ("e", "b", "1", "x"),
        ("d", "a", "10", "x"),
        ("c", "a", "9", "z"),
        ("b", "a", "9", "y"),
        ("a", "a", "9", "y"),
    ] {
        port.put("places", item(pk, json!({"r1": {"S": r1}, "r2n": {"N": r2}, "r3": {"S": r3}})));
    }
    port.put("places", item("z", json!({"r1": {"S": "a"}, "r3": {"S": "x"}})));
    port
}

fn item(pk: &str, more: Value) -> Value {
    with(json!({"pk": {"S": pk}, "h1": {"S": "h"}, "h2n": {"N": "1"}, "v": {"S": pk}}), more)
}

/// A query of the index `full`; `:h` and `:one` are the values of its partition.
fn query(condition: &str, more: Value) -> Value {
    let values = json!({
        ":h": {"S": "h"}, ":one": {"N": "1"}, ":a": {"S": "a"}, ":nine": {"N": "9"}, ":y": {"S": "y"}, ":z": {"S": "z"},
    });
    let body = json!({"TableName": "places", "IndexName": "full", "KeyConditionExpression": condition});
    with(with_values(body, condition, values), more)
}

/// The table's keys of the items that are answered.
#[track_caller]
fn keys(port: &mut Port, body: Value) -> String {
    let answer = port.ok("Query", body);
    let keys = answer["Items"].as_array().unwrap().iter().map(|item| item["pk"]["S"].as_str().unwrap());
    keys.collect::<Vec<_>>().join("")
}

#[test]
fn attributes_sort_one_after_another() {
    let mut port = port();
    let all = "h1 = :h AND h2n = :one";
    assert_eq!(keys(&mut port, query(all, json!({}))), "abcde");
    assert_eq!(keys(&mut port, query(all, json!({"ScanIndexForward": false}))), "edcba");
    for (more, expected) in [
        ("r1 = :a", "abcd"),
        ("r1 > :a", "e"),
        ("r1 = :a AND r2n > :nine", "d"),
        ("r1 = :a AND r2n <= :nine", "abc"),
        ("r1 = :a AND r2n = :nine AND begins_with(r3, :y)", "ab"),
        ("r1 = :a AND r2n = :nine AND r3 BETWEEN :z AND :z", "c"),
        ("r3 = :y AND r2n = :nine AND r1 = :a", "ab"),
    ] {
        assert_eq!(keys(&mut port, query(&format!("{more} AND {all}"), json!({}))), expected, "{more}");
    }
}

#[test]
fn items_without_an_attribute_of_the_key_are_not_there() {
    let mut port = port();
    let all = || query("h1 = :h AND h2n = :one", json!({}));
    let update = |expression: &str, more: Value| {
        let body = json!({"TableName": "places", "Key": {"pk": {"S": "z"}}, "UpdateExpression": expression});
        with(body, more)
    };
    port.ok("UpdateItem", update("SET r2n = :n", json!({"ExpressionAttributeValues": {":n": {"N": "2"}}})));
    assert_eq!(keys(&mut port, all()), "zabcde");
    port.ok("UpdateItem", update("REMOVE h2n", json!({})));
    assert_eq!(keys(&mut port, all()), "abcde");
    port.invalid(
        "UpdateItem",
        update("SET r2n = :n", json!({"ExpressionAttributeValues": {":n": {"S": "2"}}})),
        &format!("{PARAMETER}Type mismatch for Index Key r2n Expected: N Actual: S IndexName: full"),
    );
}

#[test]
fn pages_end_with_every_key() {
    let mut port = port();
    let all = |more: Value| query("h1 = :h AND h2n = :one", more);
    let answer = port.ok("Query", all(json!({"Limit": 2})));
    let last = json!({
        "h1": {"S": "h"}, "h2n": {"N": "1"}, "pk": {"S": "b"}, "r1": {"S": "a"}, "r2n": {"N": "9"}, "r3": {"S": "y"},
    });
    assert_eq!(answer["LastEvaluatedKey"], last);
    assert_eq!(keys(&mut port, all(json!({"ExclusiveStartKey": last}))), "cde");
    let mut without = last.clone();
    without.as_object_mut().unwrap().remove("r2n");
    port.invalid("Query", all(json!({"ExclusiveStartKey": without})), "The provided starting key is invalid");
    let elsewhere = with(last.clone(), json!({"h2n": {"N": "2"}}));
    port.invalid(
        "Query",
        all(json!({"ExclusiveStartKey": elsewhere})),
        "The provided starting key is outside query boundaries based on provided conditions",
    );
    port.invalid(
        "Query",
        query("h1 = :h AND h2n = :one AND r1 = :a AND r2n > :nine", json!({"ExclusiveStartKey": last})),
        "The provided starting key does not match the range key predicate",
    );
    let scan =
        json!({"TableName": "places", "IndexName": "full", "ExclusiveStartKey": last, "Select": "COUNT"});
    port.answers("Scan", scan, json!({"Count": 3, "ScannedCount": 3}));
}

#[test]
fn segments_are_of_whole_partition_keys() {
    let mut port = port();
    for n in 0..16 {
        let pk = format!("other {n}");
        port.put("places", item(&pk, json!({"h2n": {"N": n.to_string()}})));
    }
    let mut count = |segment: usize| {
        let scan = json!({
            "TableName": "places", "IndexName": "keys", "Select": "COUNT", "Segment": segment, "TotalSegments": 2,
        });
        port.ok("Scan", scan)["Count"].as_u64().unwrap()
    };
    let counts = [count(0), count(1)];
    assert_eq!(counts.iter().sum::<u64>(), 6 + 16);
    // All share the first attribute.
    assert!(!counts.contains(&0), "{counts:?}");
}

#[test]
fn what_an_index_projects() {
    let mut port = port();
    let body = query("h1 = :h AND h2n = :one", json!({"IndexName": "keys", "Limit": 1}));
    let key = json!({"h1": {"S": "h"}, "h2n": {"N": "1"}, "pk": {"S": "a"}});
    port.answers(
        "Query",
        body,
        json!({"Items": [key], "Count": 1, "ScannedCount": 1, "LastEvaluatedKey": key}),
    );
}

#[test]
fn key_conditions() {
    let mut port = port();
    let mut bad = |condition: &str, text: &str| port.invalid("Query", query(condition, json!({})), text);
    let equality = "must have equality conditions specified in the query";
    bad("h1 = :h", &format!("HASH key attributes h2n {equality}"));
    bad("h1 = :h AND h2n > :one", &format!("HASH key attributes h2n {equality}"));
    bad(
        "h1 = :h AND h2n = :one AND r2n = :nine",
        &format!("RANGE key attributes r1 {equality} because a condition is present on key attribute r2n"),
    );
    bad(
        "h1 = :h AND h2n = :one AND r1 > :a AND r3 = :y",
        &format!(
            "RANGE key attributes r1, r2n {equality} because a condition is present on key attribute r3"
        ),
    );
    bad("h1 = :h AND h2n = :one AND v = :a", "Query condition missed key schema element: r1");
    bad(
        "h1 = :h AND h2n = :one AND r1 = :nine",
        &format!("{PARAMETER}Condition parameter type does not match schema type"),
    );
    let filtered = query("h1 = :h AND h2n = :one", json!({"FilterExpression": "attribute_exists(r3)"}));
    port.invalid(
        "Query",
        filtered,
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: r3",
    );
}

#[test]
fn older_key_conditions() {
    let mut port = port();
    let equal = |value: Value| json!({"ComparisonOperator": "EQ", "AttributeValueList": [value]});
    let conditions = json!({
        "h1": equal(json!({"S": "h"})), "h2n": equal(json!({"N": "1"})), "r1": equal(json!({"S": "a"})),
    });
    let body = |index: &str| json!({"TableName": "places", "IndexName": index, "KeyConditions": conditions});
    assert_eq!(keys(&mut port, body("full")), "abcd");
    port.invalid("Query", body("one"), "Conditions can be of length 1 or 2 only");
}

#[test]
fn indexes_come_and_go() {
    let mut port = port();
    let create = index("later", &["h1", "h2n", "r3"], "ALL");
    let body = json!({
        "TableName": "places", "AttributeDefinitions": definitions(&["h1", "h2n", "r3"]),
        "GlobalSecondaryIndexUpdates": [{"Create": create}],
    });
    port.ok("UpdateTable", body);
    let by_r3 = query("h1 = :h AND h2n = :one AND r3 >= :y", json!({"IndexName": "later"}));
    assert_eq!(keys(&mut port, by_r3), "abc");
    let described = port.ok("DescribeTable", json!({"TableName": "places"}))["Table"].clone();
    let later = described["GlobalSecondaryIndexes"].as_array().unwrap();
    let later = later.iter().find(|index| index["IndexName"] == "later").unwrap();
    assert_eq!(later["KeySchema"], create["KeySchema"]);
    let delete = json!([{"Delete": {"IndexName": "later"}}]);
    port.ok("UpdateTable", json!({"TableName": "places", "GlobalSecondaryIndexUpdates": delete}));
}

#[test]
fn mistakes_in_keys() {
    let mut port = port();
    let mut bad = |attributes: &[&str], text: &str| {
        let mut names = [&["pk"], attributes].concat();
        names.sort_unstable();
        names.dedup();
        let more = json!({
            "GlobalSecondaryIndexes": [index("bad", attributes, "ALL")], "AttributeDefinitions": definitions(&names),
        });
        port.invalid("CreateTable", table("new-table", json!([["pk", "S"]]), more), text);
    };
    bad(
        &["h1", "h2", "h3", "h4", "h5"],
        &format!("{PARAMETER}The KeySchema exceeds the maximum allowed number of HASH key attributes"),
    );
    bad(
        &["h1", "r1", "r2", "r3", "r4", "r5"],
        &format!("{PARAMETER}The KeySchema exceeds the maximum allowed number of RANGE key attributes"),
    );
    bad(
        &["h1", "r1", "h2"],
        &format!("{PARAMETER}All HASH key attributes must precede RANGE key attributes in the KeySchema"),
    );
    bad(&["h1", "h1"], "The KeySchema contains multiple key attributes with the same name");
    bad(&["r1", "h1"], "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
    // A table has no such key, nor has a local index.
    let mut body = table("new-table", json!([["pk", "S"]]), json!({}));
    body["KeySchema"] = index("", &["h1", "r1", "r2"], "ALL")["KeySchema"].clone();
    body["AttributeDefinitions"] = definitions(&["h1", "r1", "r2"]);
    let (_, answer) = port.call("CreateTable", &body);
    assert_eq!(answer["__type"], VALIDATION);
    let text = answer["message"].as_str().unwrap();
    assert!(text.ends_with("Member must have length less than or equal to 2"), "{text}");
}

#[test]
fn statements_do_not_read_them() {
    let mut port = port();
    let execute = |statement: &str| json!({"Statement": statement});
    for statement in [
        "SELECT * FROM places.full",
        "SELECT * FROM places.full WHERE h1 = 'h' AND h2n = 1",
        "SELECT * FROM places.keys WHERE h1 = 1",
        "SELECT * FROM places.full ORDER BY v",
        "SELECT COUNT(*) FROM places.full",
    ] {
        port.invalid("ExecuteStatement", execute(statement), PARTIQL);
    }
    let answer = port.ok("ExecuteStatement", execute("SELECT pk FROM places.one WHERE h1 = 'h'"));
    assert_eq!(answer["Items"].as_array().unwrap().len(), 6);
    let (_, answer) = port.call("ExecuteStatement", &execute("SELECT COUNT(*) FROM places.one"));
    assert_eq!(answer["__type"], VALIDATION);
    port.answers("ExecuteStatement", execute("DELETE FROM places WHERE pk = 'a'"), json!({"Items": []}));
    let batch = json!({"Statements": [execute("SELECT * FROM places.full"), execute("SELECT v FROM places WHERE pk = 'b'")]});
    let error = json!({"Code": "ValidationError", "Message": PARTIQL});
    port.answers(
        "BatchExecuteStatement",
        batch,
        json!({"Responses": [
            {"Error": error},
            {"TableName": "places", "Item": {"v": {"S": "b"}}},
        ]}),
    );
}
