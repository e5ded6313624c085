//! The port: requests over loopback, clients that behave badly, and requests that are made to hurt.

#![allow(clippy::unwrap_used)]

#[path = "common/port.rs"]
mod port;

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use asl_lsp::dynamodb::{Database, TextGeneration};
use asl_lsp::endpoint::{Limits, Message, answer};
use expect_test::{Expect, expect};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use self::port::{Port, orders};

fn database() -> Database {
    orders().with_text_generation(TextGeneration::Since2026)
}

fn start(limits: Limits) -> Port {
    Port::open(database(), limits)
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

fn head(operation: &str, length: usize) -> String {
    format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.0\r\n\
         X-Amz-Target: DynamoDB_20120810.{operation}\r\nContent-Length: {length}\r\n\r\n"
    )
}

/// A response: its status line and headers, and its body.
#[derive(Debug)]
struct Response {
    head: String,
    bytes: Vec<u8>,
    body: String,
}

impl Response {
    fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).unwrap().1
    }

    fn status(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }
}

/// Reads one response. `None` when the server closes the connection instead.
fn read(stream: &TcpStream) -> Option<Response> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        match reader.read_line(&mut head) {
            Ok(0) => return None,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return None,
            read => drop(read.unwrap()),
        }
    }
    let mut response = Response { head, bytes: Vec::new(), body: String::new() };
    response.bytes = vec![0; response.header("content-length").parse().unwrap()];
    reader.read_exact(&mut response.bytes).unwrap();
    response.body = String::from_utf8_lossy(&response.bytes).into_owned();
    Some(response)
}

fn request(mut stream: &TcpStream, operation: &str, body: &Value) -> Option<Response> {
    let body = body.to_string();
    let text = head(operation, body.len()) + &body;
    stream.write_all(text.as_bytes()).ok()?;
    read(stream)
}

fn get_item() -> Value {
    json!({"TableName": "orders", "Key": {"id": {"S": "1"}}})
}

/// Whether a new client is served.
#[track_caller]
fn check_alive(server: &Port) {
    let response = request(&connect(server.address), "GetItem", &get_item()).unwrap();
    assert_eq!(response.body, r#"{"Item":{"id":{"S":"1"},"total":{"N":"5"}}}"#);
}

// Requests

#[test]
fn requests_follow_each_other_on_a_connection() {
    let server = start(Limits::DEFAULT);
    let stream = connect(server.address);
    let put = json!({"TableName": "orders", "Item": {"id": {"S": "2"}}});
    assert_eq!(request(&stream, "PutItem", &put).unwrap().body, "{}");
    let response = request(&stream, "Scan", &json!({"TableName": "orders", "Select": "COUNT"})).unwrap();
    assert_eq!(response.body, r#"{"Count":2,"ScannedCount":2}"#);
    assert_eq!(response.status(), "200");
    assert_eq!(response.header("content-type"), "application/x-amz-json-1.0");
    assert_eq!(response.header("x-amz-crc32"), crc32fast::hash(response.body.as_bytes()).to_string());
    assert_eq!(response.header("x-amzn-requestid").len(), 52);
    assert_eq!(response.header("server"), "Server");
    let error = request(&stream, "Scan", &json!({})).unwrap();
    assert_eq!(error.status(), "400");
    assert_eq!(
        error.body,
        r#"{"__type":"com.amazon.coral.validate#ValidationException","message":"1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"}"#
    );
    assert_eq!(server.stop().table("orders").unwrap().len(), 2);
}

#[test]
fn bodies_may_be_compressed() {
    let server = start(Limits::DEFAULT);
    let mut stream = connect(server.address);
    let mut call = |operation: &str, header: &str, body: &[u8]| {
        let head = head(operation, body.len()).replace("\r\n\r\n", &format!("\r\n{header}\r\n\r\n"));
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        read(&stream).unwrap()
    };
    let item = json!({"id": {"S": "2"}, "t": {"S": "x".repeat(5_000)}});
    let put = json!({"TableName": "orders", "Item": item}).to_string();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(put.as_bytes()).unwrap();
    assert_eq!(call("PutItem", "Content-Encoding: gzip", &encoder.finish().unwrap()).body, "{}");
    let get = json!({"TableName": "orders", "Key": {"id": {"S": "2"}}}).to_string();
    // Of several lists of what a client takes, the last counts.
    let header = "Accept-Encoding: identity\r\nAccept-Encoding: br, gzip";
    let response = call("GetItem", header, get.as_bytes());
    assert_eq!(response.header("content-encoding"), "gzip");
    assert_eq!(response.header("x-amz-crc32"), crc32fast::hash(&response.bytes).to_string());
    let mut text = String::new();
    GzDecoder::new(&*response.bytes).read_to_string(&mut text).unwrap();
    assert_eq!(text, json!({"Item": item}).to_string());
    let plain = call("GetItem", "Accept-Encoding: br", get.as_bytes());
    assert_eq!(plain.body, text);
}

#[test]
fn arns_have_the_region_of_the_signature() {
    let server = start(Limits::DEFAULT);
    let mut stream = connect(server.address);
    let body = r#"{"TableName": "orders"}"#;
    let credential = "AKID/20260131/eu-west-1/dynamodb/aws4_request";
    let authorization =
        format!("Authorization: AWS4-HMAC-SHA256 Credential={credential}, Signature=0\r\nHost");
    let text = head("DescribeTable", body.len()).replace("Host", &authorization) + body;
    stream.write_all(text.as_bytes()).unwrap();
    let table: Value = serde_json::from_str(&read(&stream).unwrap().body).unwrap();
    assert_eq!(table["Table"]["TableArn"], "arn:aws:dynamodb:eu-west-1:123456789012:table/orders");
}

#[test]
fn health() {
    let server = start(Limits::DEFAULT);
    let mut stream = connect(server.address);
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    assert_eq!(read(&stream).unwrap().body, "healthy: dynamodb.us-east-1.amazonaws.com ");
}

// Clients that behave badly

#[test]
fn bodies_end_at_16_mb() {
    let server = start(Limits::DEFAULT);
    let mut stream = connect(server.address);
    let length = 16 * 1_048_576 + 1;
    stream.write_all(head("PutItem", length).as_bytes()).unwrap();
    stream.write_all(&vec![b' '; length]).unwrap();
    assert_eq!(read(&stream).unwrap().status(), "413");

    // A client that does not say beforehand how much it sends.
    let mut stream = connect(server.address);
    let chunked = head("PutItem", 0).replace("Content-Length: 0", "Transfer-Encoding: chunked");
    stream.write_all(chunked.as_bytes()).unwrap();
    for _ in 0..17 {
        stream.write_all(b"100000\r\n").unwrap();
        stream.write_all(&vec![b' '; 0x10_0000]).unwrap();
        stream.write_all(b"\r\n").unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    assert_eq!(read(&stream).unwrap().status(), "413");
    check_alive(&server);
}

#[test]
fn bodies_share_a_limit() {
    let server = start(Limits { bodies_bytes_max: 1_000, ..Limits::DEFAULT });
    let mut patient = connect(server.address);
    patient.write_all(head("GetItem", 900).as_bytes()).unwrap();
    patient.write_all(&[b' '; 800]).unwrap();
    let mut refused = connect(server.address);
    // The server may take the two in any order, but has no room for both.
    refused.write_all(head("GetItem", 900).as_bytes()).unwrap();
    refused.write_all(&[b' '; 900]).unwrap();
    patient.write_all(&[b' '; 100]).unwrap();
    let mut types: Vec<String> =
        [read(&refused), read(&patient)].map(|response| response.unwrap().body).into();
    types.sort();
    expect![[r#"
        {"__type":"com.amazon.coral.service#SerializationException"}
        {"__type":"com.amazon.coral.service#SerializationException"}"#]]
    .assert_eq(&types.join("\n"));
    check_alive(&server);
}

#[test]
fn bodies_that_have_no_room_are_refused() {
    let body = get_item().to_string();
    let server = start(Limits { bodies_bytes_max: body.len(), ..Limits::DEFAULT });
    let mut stream = connect(server.address);
    stream.write_all((head("GetItem", body.len()) + &body).as_bytes()).unwrap();
    assert_eq!(read(&stream).unwrap().status(), "200");
    stream.write_all((head("GetItem", body.len() + 1) + &body + " ").as_bytes()).unwrap();
    assert!(read(&stream).unwrap().body.contains("Too many bytes of requests are under way"));
}

#[test]
fn connections_up_to_the_limit_are_served() {
    let server = start(Limits { connections_max: 2, ..Limits::DEFAULT });
    let streams = [connect(server.address), connect(server.address)];
    for stream in &streams {
        assert_eq!(request(stream, "GetItem", &get_item()).unwrap().status(), "200");
    }
    assert!(request(&connect(server.address), "GetItem", &get_item()).is_none());
    // Those that are open go on.
    assert_eq!(request(&streams[1], "GetItem", &get_item()).unwrap().status(), "200");
}

#[test]
fn headers_are_limited() {
    let server = start(Limits::DEFAULT);
    let mut stream = connect(server.address);
    let long = format!("Host: {}\r\nHost", "x".repeat(100_000));
    // The server may answer before it has read everything.
    let _ = stream.write_all(head("GetItem", 0).replace("Host", &long).as_bytes());
    assert!(read(&stream).is_none_or(|response| response.status() == "431"));
    let mut stream = connect(server.address);
    let _ = stream.write_all(head("GetItem", 0).replace("Host", &"a: b\r\n".repeat(500)).as_bytes());
    assert!(read(&stream).is_none_or(|response| response.status() == "431"));
    check_alive(&server);
}

#[test]
fn half_a_request_is_not_waited_for() {
    let server = start(Limits { request_timeout: Duration::from_millis(50), ..Limits::DEFAULT });
    for half in ["", "POST / HT", "POST / HTTP/1.1\r\nHost: loc", &head("GetItem", 100), "\u{0}\u{0}\r\n\r\n"]
    {
        let mut stream = connect(server.address);
        stream.write_all(half.as_bytes()).unwrap();
        let start = Instant::now();
        assert!(read(&stream).is_none_or(|response| response.status() == "400"), "{half:?}");
        assert!(start.elapsed() < Duration::from_secs(10));
    }
    check_alive(&server);
}

#[test]
fn a_thousand_connections() {
    let server = start(Limits { connections_max: 100, ..Limits::DEFAULT });
    let mut waiting = Vec::new();
    for number in 0..1_000 {
        let stream = TcpStream::connect(server.address).unwrap();
        // Most systems let a process open about a thousand files.
        if number < 200 {
            waiting.push(stream);
        }
    }
    drop(waiting);
    // The server notices one after the other that its clients have left.
    let start = Instant::now();
    while request(&connect(server.address), "GetItem", &get_item()).is_none() {
        assert!(start.elapsed() < Duration::from_secs(20));
    }
    check_alive(&server);
}

#[test]
fn the_end_waits_for_requests_under_way() {
    let server = start(Limits::DEFAULT);
    let mut stream = connect(server.address);
    assert!(request(&stream, "GetItem", &get_item()).is_some());
    let body = json!({"TableName": "orders", "Item": {"id": {"S": "last"}}}).to_string();
    stream.write_all(head("PutItem", body.len()).as_bytes()).unwrap();
    let idle = connect(server.address);
    let last = thread::spawn(move || {
        stream.write_all(body.as_bytes()).unwrap();
        read(&stream).map(|response| response.body)
    });
    let answered = last.join().unwrap();
    let database = server.stop();
    assert_eq!(answered.as_deref(), Some("{}"));
    assert_eq!(database.table("orders").unwrap().len(), 2);
    assert!(read(&idle).is_none());
}

// The command

#[cfg(unix)]
#[test]
fn the_command_says_where_it_listens_and_ends_when_asked_to() {
    for signal in ["-INT", "-TERM"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_asl-lsp"));
        command.args(["dynamodb", "--port", "0", "--tables", "examples/inventory.tables.json"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let mut contents = String::new();
        output.read_line(&mut contents).unwrap();
        assert_eq!(contents, "1 table, 1 item\n");
        let url = line.split(' ').nth(2).unwrap();
        assert_eq!(line, format!("Listening on {url} (aws --endpoint-url {url} dynamodb list-tables)\n"));
        let address = url.strip_prefix("http://").unwrap().parse().unwrap();
        let tables = request(&connect(address), "ListTables", &json!({})).unwrap();
        assert_eq!(tables.body, r#"{"TableNames":["Inventory"]}"#);
        let id = child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        assert!(child.wait().unwrap().success());
    }
}

/// What the command says where it cannot start.
#[track_caller]
fn check_start(arguments: &[&str], expected: &str) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_asl-lsp")).arg("dynamodb").args(arguments).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(errors.starts_with(expected), "{errors}");
}

#[test]
fn the_command_says_why_it_does_not_start() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    check_start(
        &["--host", "localhost", "--port", &port],
        &format!("error: cannot listen on 127.0.0.1:{port} (--port 0 takes a port that is free): "),
    );
    check_start(
        &["--host", "example.com"],
        "error: invalid value 'example.com' for '--host <ADDRESS>': neither an IP address nor localhost",
    );
    check_start(&["--tables", "none.json"], "error: --tables: cannot read none.json: ");
}

// Requests that are made to hurt

/// Compares the beginning of an answer, which must come soon.
#[track_caller]
fn check(operation: &str, body: &str, expected: Expect) {
    check_bytes(operation, body.as_bytes(), expected);
}

#[track_caller]
fn check_bytes(operation: &str, body: &[u8], expected: Expect) {
    let start = Instant::now();
    let target = format!("DynamoDB_20120810.{operation}");
    let message = Message {
        method: "POST",
        content_type: Some("application/x-amz-json-1.0"),
        target: Some(&target),
        authorization: None,
        body,
    };
    let answer = answer(&mut database(), &message);
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    let kind = body["__type"].as_str().and_then(|kind| kind.split('#').nth(1)).unwrap_or("success");
    let message = body["message"].as_str().or(body["Message"].as_str()).unwrap_or_default();
    expected.assert_eq(&format!("{kind}: {}", message.chars().take(200).collect::<String>()));
}

#[track_caller]
fn check_condition(condition: &str, expected: Expect) {
    let body = json!({
        "TableName": "orders", "Item": {"id": {"S": "1"}}, "ConditionExpression": condition,
        "ExpressionAttributeValues": {":v": {"N": "1"}},
    });
    check("PutItem", &body.to_string(), expected);
}

#[test]
fn expressions() {
    let nested = |depth: usize| format!("{}total = :v{}", "(".repeat(depth), ")".repeat(depth));
    check_condition(
        &nested(2_000),
        expect![
            "ValidationException: 1 validation error detected: Invalid ConditionExpression: The expression has redundant parentheses;"
        ],
    );
    check_condition(
        &nested(20_000),
        expect![
            "ValidationException: 1 validation error detected: Invalid ConditionExpression: Expression size has exceeded the maximum allowed size;"
        ],
    );
    check_condition(
        &"(".repeat(4_096),
        expect![[
            r#"ValidationException: 1 validation error detected: Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "(""#
        ]],
    );
    check_condition(
        &")".repeat(4_096),
        expect![[
            r#"ValidationException: 1 validation error detected: Invalid ConditionExpression: Syntax error; token: ")", near: "))""#
        ]],
    );
    check_condition(
        &format!("{}total = :v", "NOT ".repeat(1_000)),
        expect![
            "ValidationException: 1 validation error detected: Invalid ConditionExpression: The expression contains too many operators; operator count: 301"
        ],
    );
    check_condition(
        &format!("{}total = :v", "NOT (".repeat(600)),
        expect![[
            r#"ValidationException: 1 validation error detected: Invalid ConditionExpression: Syntax error; token: "<EOF>", near: ":v""#
        ]],
    );
    check_condition(
        &format!("{}a{}", "size(".repeat(600), ")".repeat(600)),
        expect![
            "ValidationException: 1 validation error detected: Invalid ConditionExpression: The function is not allowed to be used this way in an expression; function: size"
        ],
    );
    check_condition(
        &format!("total = :v{}", " AND total = :v".repeat(250)),
        expect![
            "ValidationException: 1 validation error detected: Invalid ConditionExpression: The expression contains too many operators; operator count: 301"
        ],
    );
    check_condition(
        &format!("total = :v{}", " OR total = :v".repeat(250)),
        expect![
            "ValidationException: 1 validation error detected: Invalid ConditionExpression: The expression contains too many operators; operator count: 301"
        ],
    );
    check_condition(
        &format!("total IN ({}:v)", ":v,".repeat(1_000)),
        expect![
            "ValidationException: 1 validation error detected: Invalid ConditionExpression: The IN operator is provided with too many operands; number of operands: 1001"
        ],
    );
    check_condition(
        &format!("a{} = :v", ".a".repeat(2_000)),
        expect![
            "ValidationException: 1 validation error detected: Invalid ConditionExpression: The document path has too many nesting elements; nesting levels: 2001"
        ],
    );
    check_condition(
        &format!("a{} = :v", "[0]".repeat(1_300)),
        expect![
            "ValidationException: 1 validation error detected: Invalid ConditionExpression: The document path has too many nesting elements; nesting levels: 1301"
        ],
    );
    check_condition(
        "a[99999999999999999999] = :v",
        expect![
            "ValidationException: 1 validation error detected: Invalid ConditionExpression: List index is not within the allowable range; index: [99999999999999999999]"
        ],
    );
    check_condition(
        "missing = missing2 OR missing.x > :v",
        expect![
            "ValidationException: 1 validation error detected: Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: missing"
        ],
    );
}

#[track_caller]
fn check_update(update: &str, expected: Expect) {
    let body = json!({
        "TableName": "orders", "Key": {"id": {"S": "1"}}, "UpdateExpression": update,
        "ExpressionAttributeValues": {":v": {"N": "1"}},
    });
    check("UpdateItem", &body.to_string(), expected);
}

#[test]
fn updates() {
    check_update(
        &format!("SET a = {}:v{}", "(".repeat(2_000), ")".repeat(2_000)),
        expect![
            "ValidationException: 1 validation error detected: Invalid UpdateExpression: The expression has redundant parentheses;"
        ],
    );
    check_update(
        &format!("SET a = {}:v{}", "if_not_exists(a,".repeat(240), ")".repeat(240)),
        expect!["success: "],
    );
    check_update(
        &format!("SET a = :v{}", " + :v".repeat(800)),
        expect![[
            r#"ValidationException: 1 validation error detected: Invalid UpdateExpression: Syntax error; token: "+", near: ":v + :v""#
        ]],
    );
    check_update(
        &format!("REMOVE a{}", ", a".repeat(1_300)),
        expect![
            "ValidationException: 1 validation error detected: Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]"
        ],
    );
}

fn put(attribute: &str) -> String {
    format!(r#"{{"TableName": "orders", "Item": {{"id": {{"S": "1"}}, "a": {attribute}}}}}"#)
}

#[test]
fn numbers() {
    check(
        "PutItem",
        &put(r#"{"N": "1e999999999"}"#),
        expect![
            "ValidationException: 1 validation error detected: Number overflow. Attempting to store a number with magnitude larger than supported range"
        ],
    );
    check(
        "PutItem",
        &put(r#"{"N": "1e-999999999"}"#),
        expect![
            "ValidationException: 1 validation error detected: Number underflow. Attempting to store a number with magnitude smaller than supported range"
        ],
    );
    check(
        "PutItem",
        &put(r#"{"N": "1e99999999999999999999999"}"#),
        expect![
            "ValidationException: 1 validation error detected: The parameter cannot be converted to a numeric value: 1e99999999999999999999999"
        ],
    );
    check(
        "PutItem",
        &put(r#"{"N": "0e999999999"}"#),
        expect![
            "ValidationException: 1 validation error detected: Number overflow. Attempting to store a number with magnitude larger than supported range"
        ],
    );
    check(
        "PutItem",
        &put(&format!(r#"{{"N": "{}"}}"#, "9".repeat(1_000_000))),
        expect![
            "ValidationException: 1 validation error detected: Number overflow. Attempting to store a number with magnitude larger than supported range"
        ],
    );
    check("PutItem", &put(&format!(r#"{{"N": "{}1"}}"#, "0".repeat(1_000_000))), expect!["success: "]);
    check(
        "Query",
        r#"{"TableName": "orders", "Limit": 1e300}"#,
        expect![
            "ValidationException: Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
        ],
    );
}

#[test]
fn sets() {
    let set = |count: usize| {
        let members: Vec<String> = (0..count).map(|number| format!(r#""{number}""#)).collect();
        members.join(",")
    };
    check("PutItem", &put(&format!(r#"{{"SS": [{}]}}"#, set(10_000))), expect!["success: "]);
    check("PutItem", &put(&format!(r#"{{"NS": [{}]}}"#, set(10_000))), expect!["success: "]);
    check(
        "PutItem",
        &put(&format!(r#"{{"NS": [{}]}}"#, set(1_000_000))),
        expect!["ValidationException: Item size has exceeded the maximum allowed size"],
    );
    check(
        "PutItem",
        &put(&format!(r#"{{"SS": [{},"7"]}}"#, set(10_000))),
        expect![[
            r#"ValidationException: 1 validation error detected: One or more parameter values were invalid: Input collection ["0", "1", "10", "100", "1000", "1001", "1002", "1003", "1004", "1005", "1006", "1007", "1008", "1009", "101", "#
        ]],
    );
}

#[test]
fn documents() {
    let deep =
        |open: &str, depth: usize, close: &str| open.repeat(depth) + r#"{"S":"x"}"# + &close.repeat(depth);
    check(
        "PutItem",
        &put(&deep(r#"{"L":["#, 33, "]}")),
        expect![
            "ValidationException: 1 validation error detected: Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"
        ],
    );
    check(
        "PutItem",
        &put(&deep(r#"{"M":{"a":"#, 60, "}}")),
        expect![
            "ValidationException: 1 validation error detected: Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"
        ],
    );
    check(
        "PutItem",
        &put(&deep(r#"{"L":["#, 100_000, "]}")),
        expect![
            "ValidationException: Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"
        ],
    );
    check("PutItem", &"[".repeat(16 * 1_048_576), expect!["SerializationException: "]);
    check("PutItem", &r#"{"a":"#.repeat(3_000_000), expect!["SerializationException: "]);
    check(
        "PutItem",
        &put(&format!(r#"{{"L":[{}{{"NULL":true}}]}}"#, r#"{"NULL":true},"#.repeat(1_000_000))),
        expect!["ValidationException: Item size has exceeded the maximum allowed size"],
    );
    let members: Vec<String> = (0..500_000).map(|number| format!(r#""{number}":0"#)).collect();
    check(
        "PutItem",
        &format!("{{{}}}", members.join(",")),
        expect![
            "ValidationException: 1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"
        ],
    );
    check(
        "ExecuteStatement",
        &json!({"Statement": "(".repeat(8_000)}).to_string(),
        expect![
            "ValidationException: Statement wasn't well formed, can't be processed: Expected data manipulation"
        ],
    );
    let statement = format!("SELECT * FROM orders WHERE {}a = 1{}", "(".repeat(3_000), ")".repeat(3_000));
    check(
        "ExecuteStatement",
        &json!({"Statement": statement}).to_string(),
        expect!["ValidationException: The expression has exceeded the maximum nesting depth"],
    );
    let statement = format!("INSERT INTO orders VALUE {{'id': {}1{}}}", "[".repeat(3_000), "]".repeat(3_000));
    check(
        "ExecuteStatement",
        &json!({"Statement": statement}).to_string(),
        expect![
            "ValidationException: Nesting Levels have exceeded supported limits under root[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]"
        ],
    );
}

#[test]
fn statements() {
    let select =
        |condition: &str| json!({"Statement": format!("SELECT * FROM orders WHERE {condition}")}).to_string();
    let either = "(id = '1' OR id = '2')";
    check(
        "ExecuteStatement",
        &select(&[either; 300].join(" AND ")),
        expect!["ValidationException: Too many decomposed read operations for a given query."],
    );
    check(
        "ExecuteStatement",
        &select(&["id = '1'"; 600].join(" OR ")),
        expect!["ValidationException: Too many decomposed read operations for a given query."],
    );
    check(
        "ExecuteStatement",
        &select(&format!("id IN [{}'1']", "'2', ".repeat(1_300))),
        expect![
            "ValidationException: The IN operator is provided with too many operands; number of operands: 1301"
        ],
    );
    check(
        "ExecuteStatement",
        &select(&format!("{}id = '1'", "NOT ".repeat(2_000))),
        expect!["ValidationException: The expression has exceeded the maximum nesting depth"],
    );
    check(
        "ExecuteStatement",
        &select(&format!("id = '1' /*{}", "/*".repeat(4_000))),
        expect!["ValidationException: Statement wasn't well formed, can't be processed: "],
    );
    check(
        "ExecuteStatement",
        &select(&format!("a = {}1", "-".repeat(8_000))),
        expect![
            "ValidationException: Statement wasn't well formed, can't be processed: Missing right-hand side expression of infix operator"
        ],
    );
    check(
        "ExecuteStatement",
        &select("a = 1e999999999"),
        expect![
            "ValidationException: Number overflow. Attempting to store a number with magnitude larger than supported range under root"
        ],
    );
}

#[test]
fn bodies_that_are_hardly_json() {
    check_bytes("PutItem", b"{\"TableName\": \"\xff\xfe\"}", expect!["SerializationException: "]);
    check("PutItem", r#"{"TableName": "\ud800"}"#, expect!["SerializationException: "]);
    check(
        "PutItem",
        &put(r#"{"B": "\u00ff==="}"#),
        expect![
            "SerializationException: Base64 encoded length is expected a multiple of 4 bytes but found: 5"
        ],
    );
    check("PutItem", &put(r#"{"S": "x", "S": "y"}"#), expect!["success: "]);
    let table = r#""TableName": "orders","#;
    check(
        "GetItem",
        &format!(r#"{{{}"Key": {{"id": {{"S": "1"}}}}}}"#, table.repeat(100_000)),
        expect!["success: "],
    );
}
