//! `simulate --dynamodb-endpoint`: simulations against tables behind a port, which is our own `dynamodb`'s.

#![cfg(feature = "remote-dynamodb")]
#![allow(clippy::unwrap_used)]

#[path = "common/command.rs"]
mod command;
#[path = "common/port.rs"]
mod port;

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use asl_lsp::remote::{Endpoint, Error, Limits};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

use command::Done;
use port::{Port, orders};

/// Simulates one task against an address. Its output and errors, with `URL` for the address, then the exit code.
fn simulate(test: &str, address: SocketAddr, resource: &str, arguments: Value, flags: &[&str]) -> String {
    let state = json!({"Type": "Task", "Resource": resource, "Arguments": arguments, "End": true});
    let machine = json!({"QueryLanguage": "JSONata", "StartAt": "Ask", "States": {"Ask": state}});
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("remote");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{test}.asl.json"));
    fs::write(&path, machine.to_string()).unwrap();
    let url = format!("http://{address}");
    let given = ["simulate", path.to_str().unwrap(), "--dynamodb-endpoint", &url];
    let Done { code, output, errors } = command::run(&[&given, flags].concat());
    format!("{}{code}", (output + &errors).replace(&url, "URL"))
}

const GET: &str = "arn:aws:states:::aws-sdk:dynamodb:getItem";
const PUT: &str = "arn:aws:states:::dynamodb:putItem";

fn get(table: &str) -> Value {
    json!({"TableName": table, "Key": {"id": {"S": "1"}}})
}

fn put(condition: Option<&str>) -> Value {
    let mut request = json!({"TableName": "orders", "Item": {"id": {"S": "1"}, "total": {"N": "6"}}});
    if let Some(condition) = condition {
        request["ConditionExpression"] = json!(condition);
    }
    request
}

#[track_caller]
fn check(test: &str, resource: &str, arguments: Value, flags: &[&str], items: Value, expected: Expect) {
    let server = Port::open(orders(), asl_lsp::endpoint::Limits::DEFAULT);
    expected.assert_eq(&simulate(test, server.address, resource, arguments, flags));
    assert_eq!(server.stop().to_json()["orders"]["Items"], items);
}

fn unchanged() -> Value {
    json!([{"id": {"S": "1"}, "total": {"N": "5"}}])
}

#[test]
fn a_read() {
    check(
        "read",
        GET,
        get("orders"),
        &[],
        unchanged(),
        expect![[r#"
        Ask  {"Item": {"id": {"S": "1"}, "total": {"N": "5"}}}

        SUCCEEDED  {"Item": {"id": {"S": "1"}, "total": {"N": "5"}}}

        The tables are remote and not shown: 1 request to URL
        0"#]],
    );
}

#[test]
fn a_read_as_json() {
    let server = Port::open(orders(), asl_lsp::endpoint::Limits::DEFAULT);
    let text = simulate("json", server.address, GET, get("orders"), &["--format", "json"]);
    let report: Value = serde_json::from_str(text.strip_suffix('0').unwrap()).unwrap();
    assert_eq!(report["output"]["Item"]["total"]["N"], "5");
    assert_eq!(report["remoteTables"], "The tables are remote and not shown: 1 request to URL");
    assert_eq!(report.get("tables"), None);
}

#[test]
fn a_write_that_is_not_allowed() {
    check(
        "refused",
        PUT,
        put(None),
        &[],
        unchanged(),
        expect![[r#"
        Ask  cannot be simulated

        BLOCKED at Ask (Resource)  PutItem writes, and the tables at URL are only read: allow it with --allow-writes

        The tables are remote and not shown: 0 requests to URL
        1"#]],
    );
    let statement = json!({"Statement": "DELETE FROM orders WHERE id = '1'"});
    let execute = "arn:aws:states:::aws-sdk:dynamodb:executeStatement";
    check(
        "statement",
        execute,
        statement,
        &[],
        unchanged(),
        expect![[r#"
        Ask  cannot be simulated

        BLOCKED at Ask (Resource)  ExecuteStatement writes, and the tables at URL are only read: allow it with --allow-writes

        The tables are remote and not shown: 0 requests to URL
        1"#]],
    );
}

#[test]
fn a_write_that_is_allowed() {
    let written = json!([{"id": {"S": "1"}, "total": {"N": "6"}}]);
    check(
        "write",
        PUT,
        put(None),
        &["--allow-writes"],
        written,
        expect![[r#"
        Ask  {}

        SUCCEEDED  {}

        The tables are remote and not shown: 1 request to URL

        SdkHttpMetadata and SdkResponseMetadata are left out here; --format json shows them.
        0"#]],
    );
}

#[test]
fn errors_of_the_service() {
    // The id of the request is the service's, and another each time.
    let server = Port::open(orders(), asl_lsp::endpoint::Limits::DEFAULT);
    let fails = |test: &str, resource: &str, arguments: Value, expected: Expect| {
        let text = simulate(test, server.address, resource, arguments, &["--allow-writes"]);
        let line = text.lines().find(|line| line.starts_with("FAILED")).unwrap();
        let (before, rest) = line.split_once("Request ID: ").unwrap();
        expected.assert_eq(&format!("{before}Request ID: …{}", &rest[52..]));
    };
    fails(
        "condition",
        PUT,
        put(Some("attribute_not_exists(id)")),
        expect![
            "FAILED  DynamoDB.ConditionalCheckFailedException: The conditional request failed (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; Request ID: …; Proxy: null)"
        ],
    );
    fails(
        "missing",
        GET,
        get("none"),
        expect![
            "FAILED  DynamoDb.ResourceNotFoundException: Requested resource not found (Service: DynamoDb, Status Code: 400, Request ID: …)"
        ],
    );
    fails(
        "validation",
        GET,
        json!({"TableName": "orders", "Key": {"no": {"S": "1"}}}),
        expect![
            "FAILED  DynamoDb.DynamoDbException: The provided key element does not match the schema (Service: DynamoDb, Status Code: 400, Request ID: …)"
        ],
    );
}

#[test]
fn nobody_there() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let text = simulate("nobody", address, GET, get("orders"), &[]);
    // How the refusal reads is the system's.
    let blocked = "BLOCKED at Ask (Resource)  URL cannot be reached: Connection refused";
    assert!(text.lines().any(|line| line.starts_with(blocked)), "{text}");
}

#[test]
fn an_endpoint_that_does_not_answer() {
    // Connections are taken by the system and never answered.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let limits = Limits { timeout: Duration::from_millis(200), ..Limits::DEFAULT };
    let error = Endpoint::new(&url, limits).unwrap().call("GetItem", &get("orders")).unwrap_err();
    assert_eq!(error.to_string(), format!("{url} did not answer GetItem within 0.2 seconds"));
}

#[test]
fn an_answer_that_is_too_long() {
    let server = Port::open(orders(), asl_lsp::endpoint::Limits::DEFAULT);
    let url = format!("http://{}", server.address);
    let limits = Limits { body_bytes_max: 10, ..Limits::DEFAULT };
    let error = Endpoint::new(&url, limits).unwrap().call("GetItem", &get("orders")).unwrap_err();
    assert!(matches!(error, Error::TooLarge { limit: 10, .. }), "{error}");
}

#[test]
fn flags() {
    let done = |flags: &[&str]| simulate("flags", "127.0.0.1:1".parse().unwrap(), GET, get("orders"), flags);
    for flag in ["--ttl", "--tables=x.json", "--state=Ask"] {
        assert!(done(&[flag]).contains("cannot be used with"), "{flag}");
    }
}
