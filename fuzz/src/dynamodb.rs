//! The in-memory DynamoDB.

use asl_lsp::dynamodb::Database;
use asl_lsp::dynamodb::expression::{
    ExpressionError, parse_condition, parse_projection, parse_update, tokenize,
};
use asl_lsp::endpoint::{Message, answer};
use serde_json::{Value, json};

use super::input::{parts, text};

/// Parses an expression as each kind: printed and parsed again it is the same.
pub fn dynamodb_expression(data: &[u8]) {
    let text = text(data);
    let _ = tokenize(&text);
    let (condition, errors) = parse_condition(&text);
    printed_again(&text, condition.map(|it| it.to_string()), &errors, |text| {
        let (again, errors) = parse_condition(text);
        (again.map(|it| it.to_string()), errors)
    });
    let (update, errors) = parse_update(&text);
    printed_again(&text, update.map(|it| it.to_string()), &errors, |text| {
        let (again, errors) = parse_update(text);
        (again.map(|it| it.to_string()), errors)
    });
    let (paths, errors) = parse_projection(&text);
    assert!(paths.is_some() || !errors.is_empty(), "no paths and no mistake");
}

fn printed_again(
    text: &str,
    printed: Option<String>,
    errors: &[ExpressionError],
    parse: impl Fn(&str) -> (Option<String>, Vec<ExpressionError>),
) {
    match printed {
        Some(printed) if errors.is_empty() => {
            let (again, errors) = parse(&printed);
            assert!(errors.is_empty(), "{text} printed is {printed}: {errors:?}");
            assert_eq!(again, Some(printed), "{text}");
        }
        printed => assert!(printed.is_some() || !errors.is_empty(), "nothing parsed and no mistake"),
    }
}

/// Sends requests, `Operation {body}` each, with a zero byte between them.
///
/// An answer is one of the protocol, its body is JSON, and a request that was refused changed nothing.
pub fn dynamodb_request(data: &[u8]) {
    let mut database = tables();
    for request in parts(data) {
        let (operation, body) = request.split_once(' ').unwrap_or((&request, "{}"));
        let target = format!("DynamoDB_20120810.{operation}");
        let before = database.clone();
        let answer = answer(
            &mut database,
            &Message {
                method: "POST",
                content_type: Some("application/x-amz-json-1.0"),
                target: Some(&target),
                authorization: None,
                body: body.as_bytes(),
            },
        );
        let body = serde_json::from_str::<Value>(&answer.body);
        assert!(body.is_ok(), "{request}: {}", answer.body);
        match answer.status {
            200 => {}
            400 => assert!(before.diff(&database).is_empty(), "refused, it changed something: {request}"),
            status => panic!("{status}: {request}"),
        }
    }
}

/// Two tables with items, one with indexes.
fn tables() -> Database {
    let attribute = |name: &str| json!({"AttributeName": name, "AttributeType": "S"});
    let key = |name: &str, kind: &str| json!({"AttributeName": name, "KeyType": kind});
    let declared = json!([
        {
            "TableName": "Orders",
            "AttributeDefinitions": [attribute("id")],
            "KeySchema": [key("id", "HASH")],
            "BillingMode": "PAY_PER_REQUEST",
            "Items": [
                {"id": {"S": "1"}, "n": {"N": "1"}, "list": {"L": [{"S": "a"}, {"N": "2"}]}, "set": {"SS": ["x", "y"]}},
                {"id": {"S": "2"}, "map": {"M": {"deep": {"M": {"deeper": {"BOOL": true}}}}}, "bytes": {"B": "AAEC"}},
            ],
        },
        {
            "TableName": "Lines",
            "AttributeDefinitions": [attribute("id"), attribute("line"), attribute("state")],
            "KeySchema": [key("id", "HASH"), key("line", "RANGE")],
            "BillingMode": "PAY_PER_REQUEST",
            "GlobalSecondaryIndexes": [{
                "IndexName": "by-state",
                "KeySchema": [key("state", "HASH"), key("line", "RANGE")],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["n"]},
            }],
            "LocalSecondaryIndexes": [{
                "IndexName": "local",
                "KeySchema": [key("id", "HASH"), key("state", "RANGE")],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }],
            "Items": [
                {"id": {"S": "1"}, "line": {"S": "a"}, "state": {"S": "open"}, "n": {"N": "1"}},
                {"id": {"S": "1"}, "line": {"S": "b"}},
                {"id": {"S": "2"}, "line": {"S": "a"}, "state": {"S": "open"}},
            ],
        },
    ]);
    Database::from_tables(&declared).unwrap_or_default()
}
