//! Fixtures for the tests of operations.

use expect_test::Expect;
use serde_json::{Value, json};

use crate::dynamodb::Database;

/// A database with the table `one` (key `pk`, a string) and the table `two` (key `pk`, a string, and `sk`, a number).
pub(super) fn database() -> Database {
    Database::from_tables(&json!([
        {
            "TableName": "one",
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "Items": [{
                "pk": {"S": "a"},
                "n": {"N": "5"},
                "s": {"S": "text"},
                "tags": {"SS": ["x", "y"]},
                "l": {"L": [{"N": "0"}, {"N": "1"}, {"N": "2"}]},
                "m": {"M": {"a": {"N": "1"}, "b": {"L": [{"S": "deep"}]}}},
            }],
        },
        {
            "TableName": "two",
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            "AttributeDefinitions": [
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "N"},
                {"AttributeName": "gk", "AttributeType": "S"},
                {"AttributeName": "lk", "AttributeType": "N"},
            ],
            "GlobalSecondaryIndexes": [{
                "IndexName": "gsi",
                "KeySchema": [{"AttributeName": "gk", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }],
            "LocalSecondaryIndexes": [{
                "IndexName": "lsi",
                "KeySchema": [
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "lk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }],
            "Items": [
                {"pk": {"S": "a"}, "sk": {"N": "1"}, "gk": {"S": "g"}, "lk": {"N": "9"}, "v": {"S": "one"}},
                {"pk": {"S": "a"}, "sk": {"N": "2"}, "gk": {"S": "g"}, "lk": {"N": "8"}, "v": {"S": "two"}},
                {"pk": {"S": "a"}, "sk": {"N": "10"}, "v": {"S": "ten"}},
                {"pk": {"S": "b"}, "sk": {"N": "-1"}, "gk": {"S": "h"}, "v": {"S": "minus"}},
            ],
        },
    ]))
    .unwrap()
}

/// A request with some members added or replaced.
pub(super) fn with(mut body: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// The answer to one request, as JSON text, or the code and text of its error.
pub(super) fn answer(database: &mut Database, operation: &str, body: &Value) -> String {
    match database.call(operation, body) {
        Ok(response) => response.to_string(),
        Err(error) => format!("{}: {error}", error.code()),
    }
}

/// Compares the answers of one request after the other, one a line.
#[track_caller]
pub(super) fn check_all(requests: &[(&str, Value)], expected: Expect) {
    let mut database = database();
    let lines: Vec<String> =
        requests.iter().map(|(operation, body)| answer(&mut database, operation, body)).collect();
    expected.assert_eq(&lines.join("\n"));
}

/// Compares the answer of one request.
#[track_caller]
pub(super) fn check(operation: &str, body: Value, expected: Expect) {
    check_all(&[(operation, body)], expected);
}
