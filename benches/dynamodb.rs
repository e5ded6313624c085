//! The in-memory DynamoDB in process: from a request's JSON to the response's. The aims, and the figures of the fastest
//! peer (which keeps its tables in SQLite), stand in each bench's comment.

#![allow(clippy::expect_used)]

use std::hint::black_box;

use asl_lsp::dynamodb::{Database, Request};
use divan::Bencher;
use divan::counter::ItemsCount;
use serde_json::{Value, json};

fn main() {
    divan::main();
}

/// An item of about a kilobyte.
fn item(partition: usize, sort: usize) -> Value {
    json!({
        "pk": {"S": format!("partition-{partition:06}")}, "sk": {"N": sort.to_string()},
        "name": {"S": "x".repeat(400)}, "note": {"S": "y".repeat(400)}, "count": {"N": "5"},
        "tags": {"SS": ["red", "green"]}, "place": {"M": {"lat": {"N": "48.2"}, "lon": {"N": "16.37"}}},
    })
}

/// A table with this many items, a hundred in each partition.
fn database(count: usize) -> Database {
    let items: Vec<Value> = (0..count).map(|number| item(number / 100, number % 100)).collect();
    Database::from_tables(&json!([{
        "TableName": "items",
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        "AttributeDefinitions": [
            {"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "N"},
        ],
        "Items": items,
    }]))
    .expect("the table")
}

fn key() -> Value {
    json!({"pk": {"S": "partition-000005"}, "sk": {"N": "50"}})
}

/// Parses and carries out a request, as a call in process does.
fn bench(bencher: Bencher<'_, '_>, operation: &str, body: &Value) {
    let mut database = database(10_000);
    bencher.bench_local(|| {
        let request = Request::parse(operation, black_box(body)).expect("a request");
        database.execute(&request).expect("a response")
    });
}

/// Aim: under 0.5 µs; peer 4.6.
#[divan::bench]
fn get(bencher: Bencher<'_, '_>) {
    bench(bencher, "GetItem", &json!({"TableName": "items", "Key": key()}));
}

/// An item of 1 KB. Aim: under 1.5 µs; peer 10.6.
#[divan::bench]
fn put(bencher: Bencher<'_, '_>) {
    bench(bencher, "PutItem", &json!({"TableName": "items", "Item": item(5, 50)}));
}

/// Aim: under 3 µs; peer 20.5.
#[divan::bench]
fn conditional_update(bencher: Bencher<'_, '_>) {
    let body = json!({
        "TableName": "items", "Key": key(), "UpdateExpression": "SET #c = #c + :one, note = :note",
        "ConditionExpression": "attribute_exists(pk) AND #c > :zero", "ExpressionAttributeNames": {"#c": "count"},
        "ExpressionAttributeValues": {":one": {"N": "1"}, ":zero": {"N": "0"}, ":note": {"S": "short"}},
    });
    bench(bencher, "UpdateItem", &body);
}

/// A partition of 100 items. Aim: under 30 µs.
#[divan::bench]
fn query_100(bencher: Bencher<'_, '_>) {
    let body = json!({
        "TableName": "items", "KeyConditionExpression": "pk = :p",
        "ExpressionAttributeValues": {":p": {"S": "partition-000005"}},
    });
    bench(bencher, "Query", &body);
}

/// The same, its response as JSON.
#[divan::bench]
fn query_100_json(bencher: Bencher<'_, '_>) {
    let mut database = database(10_000);
    let body = json!({
        "TableName": "items", "KeyConditionExpression": "pk = :p",
        "ExpressionAttributeValues": {":p": {"S": "partition-000005"}},
    });
    bencher.bench_local(|| database.call("Query", black_box(&body)).expect("a response"));
}

/// Two puts, an update and a check. Aim: under 8 µs.
#[divan::bench]
fn transact_write_4(bencher: Bencher<'_, '_>) {
    let put = |sort: usize| {
        json!({"Put": {"TableName": "items", "Item": {
            "pk": {"S": "partition-000001"}, "sk": {"N": sort.to_string()}, "name": {"S": "short"},
        }}})
    };
    let update = json!({"Update": {
        "TableName": "items", "Key": key(), "UpdateExpression": "SET note = :n",
        "ExpressionAttributeValues": {":n": {"S": "short"}},
    }});
    let check = json!({"ConditionCheck": {
        "TableName": "items", "Key": {"pk": {"S": "partition-000002"}, "sk": {"N": "1"}},
        "ConditionExpression": "attribute_exists(pk)",
    }});
    bench(bencher, "TransactWriteItems", &json!({"TransactItems": [put(1), put(2), update, check]}));
}

/// A copy of a database of 100,000 items. Aim: under 1 µs.
#[divan::bench]
fn snapshot(bencher: Bencher<'_, '_>) {
    let database = database(100_000);
    bencher.bench(|| database.clone());
}

/// 10,000 items of 1 KB made one after the other; a process with 100,000 should stay under 130 MB.
#[divan::bench(sample_count = 10)]
fn fill_10_000(bencher: Bencher<'_, '_>) {
    let items: Vec<Value> = (0..10_000).map(|number| item(number / 100, number % 100)).collect();
    bencher.counter(ItemsCount::new(10_000_usize)).bench(|| {
        let mut database = database(0);
        for item in &items {
            let body = json!({"TableName": "items", "Item": item});
            database.call("PutItem", &body).expect("a response");
        }
        database
    });
}
