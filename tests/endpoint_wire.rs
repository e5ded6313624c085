//! DynamoDB's behaviour on the wire, statement by statement: exact texts, the order of checks, limits and shapes.
//!
//! What stands here is known of AWS. The texts are those of the service's newer validation layer, unless a test says
//! that it is about the older one.

#![allow(clippy::unwrap_used)]

#[path = "endpoint_wire/batches.rs"]
mod batches;
#[path = "endpoint_wire/deep.rs"]
mod deep;
#[path = "endpoint_wire/expressions.rs"]
mod expressions;
#[path = "endpoint_wire/multi_attribute_keys.rs"]
mod multi_attribute_keys;
#[path = "endpoint_wire/names.rs"]
mod names;
#[path = "endpoint_wire/partiql.rs"]
mod partiql;
#[path = "endpoint_wire/reads.rs"]
mod reads;
#[path = "endpoint_wire/sizes.rs"]
mod sizes;
#[path = "endpoint_wire/tables.rs"]
mod tables;
#[path = "endpoint_wire/transactions.rs"]
mod transactions;
#[path = "endpoint_wire/updates.rs"]
mod updates;
#[path = "endpoint_wire/values.rs"]
mod values;

use asl_lsp::dynamodb::{Database, TextGeneration};
use asl_lsp::endpoint::{Message, answer};
use serde_json::{Value, json};

// The types of errors.
pub(crate) const VALIDATION: &str = "com.amazon.coral.validate#ValidationException";
pub(crate) const SERIALIZATION: &str = "com.amazon.coral.service#SerializationException";
pub(crate) const DENIED: &str = "com.amazon.coral.service#AccessDeniedException";
pub(crate) const NOT_FOUND: &str = "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException";
pub(crate) const IN_USE: &str = "com.amazonaws.dynamodb.v20120810#ResourceInUseException";
pub(crate) const CONDITION_FAILED: &str = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
pub(crate) const CANCELED: &str = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
/// What the newer layer puts before many texts of the operations that write one item.
pub(crate) const DETECTED: &str = "1 validation error detected: ";

/// A database behind the protocol.
pub(crate) struct Port {
    database: Database,
    /// What was answered otherwise than expected, all told at the end.
    problems: Vec<String>,
}

impl Drop for Port {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert!(self.problems.is_empty(), "\n{}\n", self.problems.join("\n\n"));
        }
    }
}

impl Port {
    /// Tables `one` (`pk`, a string), `two` (`pk`, a string; `sk`, a number; two global and two local indexes) and
    /// `binary` (`pk` and `sk`, binary), all empty.
    pub(crate) fn new() -> Port {
        let mut port = Port::empty(TextGeneration::Since2026);
        port.ok("CreateTable", table("one", json!([["pk", "S"]]), json!({})));
        port.ok("CreateTable", table("binary", json!([["pk", "B"], ["sk", "B"]]), json!({})));
        let index = |name: &str, keys: &[&str], projection: Value| {
            let roles = ["HASH", "RANGE"];
            let schema: Vec<Value> = keys
                .iter()
                .zip(roles)
                .map(|(key, role)| json!({"AttributeName": key, "KeyType": role}))
                .collect();
            json!({"IndexName": name, "KeySchema": schema, "Projection": projection})
        };
        let mut two = table(
            "two",
            json!([["pk", "S"], ["sk", "N"]]),
            json!({
                "GlobalSecondaryIndexes": [
                    index("gsi", &["gk"], json!({"ProjectionType": "ALL"})),
                    index("gsi-keys", &["gk", "lk"], json!({"ProjectionType": "KEYS_ONLY"})),
                ],
                "LocalSecondaryIndexes": [
                    index("lsi", &["pk", "lk"], json!({"ProjectionType": "ALL"})),
                    index("lsi-some", &["pk", "lk"], json!({
                        "ProjectionType": "INCLUDE", "NonKeyAttributes": ["a"],
                    })),
                ],
            }),
        );
        let more = [
            json!({"AttributeName": "gk", "AttributeType": "S"}),
            json!({"AttributeName": "lk", "AttributeType": "N"}),
        ];
        two["AttributeDefinitions"].as_array_mut().unwrap().extend(more);
        port.ok("CreateTable", two);
        port
    }

    /// The same with the texts in use until 2026.
    pub(crate) fn older() -> Port {
        let mut older = Port::empty(TextGeneration::Before2026);
        older.database = Port::new().database.clone().with_text_generation(TextGeneration::Before2026);
        older
    }

    fn empty(generation: TextGeneration) -> Port {
        Port { database: Database::default().with_text_generation(generation), problems: Vec::new() }
    }

    /// The status and body that a request is answered.
    pub(crate) fn call(&mut self, operation: &str, body: &Value) -> (u16, Value) {
        let target = format!("DynamoDB_20120810.{operation}");
        let text = body.to_string();
        let message = Message {
            method: "POST",
            content_type: Some("application/x-amz-json-1.0"),
            target: Some(&target),
            authorization: None,
            body: text.as_bytes(),
        };
        let answer = answer(&mut self.database, &message);
        // Some operations have nothing to say when they succeed.
        let value =
            if answer.body.is_empty() { Value::Null } else { serde_json::from_str(&answer.body).unwrap() };
        (answer.status, value)
    }

    /// The answer to a request that succeeds.
    #[track_caller]
    pub(crate) fn ok(&mut self, operation: &str, body: Value) -> Value {
        let (status, answer) = self.call(operation, &body);
        assert_eq!(status, 200, "{operation} {body}: {answer}");
        answer
    }

    #[track_caller]
    fn compare(&mut self, request: &str, answer: &str, expected: &str) {
        if answer != expected {
            let line = std::panic::Location::caller();
            self.problems.push(format!("{line}\n{request}\n  answer:   {answer}\n  expected: {expected}"));
        }
    }

    /// Compares the answer to a request that succeeds.
    #[track_caller]
    pub(crate) fn answers(&mut self, operation: &str, body: Value, expected: Value) {
        let request = format!("{operation} {body}");
        let answer = self.ok(operation, body);
        self.compare(&request, &answer.to_string(), &expected.to_string());
    }

    /// Compares type and message of the answer to a request that fails.
    #[track_caller]
    pub(crate) fn refuses(&mut self, operation: &str, body: Value, kind: &str, message: &str) {
        let (status, answer) = self.call(operation, &body);
        let key = if [SERIALIZATION, CANCELED, DENIED].contains(&kind) { "Message" } else { "message" };
        let found = format!("{status} {} {}", answer["__type"], answer[key]);
        let expected = format!("400 {} {}", Value::from(kind), Value::from(message));
        let request = format!("{operation} {}", body.to_string().chars().take(300).collect::<String>());
        self.compare(&request, &found, &expected);
    }

    /// Compares the message of a `ValidationException`.
    #[track_caller]
    pub(crate) fn invalid(&mut self, operation: &str, body: Value, message: &str) {
        self.refuses(operation, body, VALIDATION, message);
    }

    /// Puts an item.
    #[track_caller]
    pub(crate) fn put(&mut self, table: &str, item: Value) {
        self.answers("PutItem", json!({"TableName": table, "Item": item}), json!({}));
    }
}

/// A CreateTable request: `keys` are `[name, type]`, first of the partition key.
pub(crate) fn table(name: &str, keys: Value, more: Value) -> Value {
    let keys: Vec<&Value> = keys.as_array().into_iter().flatten().collect();
    let schema: Vec<Value> = keys
        .iter()
        .zip(["HASH", "RANGE"])
        .map(|(key, role)| json!({"AttributeName": key[0], "KeyType": role}))
        .collect();
    let attributes: Vec<Value> =
        keys.iter().map(|key| json!({"AttributeName": key[0], "AttributeType": key[1]})).collect();
    with(
        json!({
            "TableName": name, "KeySchema": schema, "AttributeDefinitions": attributes,
            "BillingMode": "PAY_PER_REQUEST",
        }),
        more,
    )
}

/// A request with some members added or replaced.
pub(crate) fn with(mut body: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// A request with those of some values that its expression uses.
pub(crate) fn with_values(mut body: Value, expression: &str, mut values: Value) -> Value {
    let words: Vec<&str> = expression.split(|c: char| !c.is_alphanumeric() && c != ':').collect();
    values.as_object_mut().unwrap().retain(|name, _| words.contains(&name.as_str()));
    if values != json!({}) {
        body["ExpressionAttributeValues"] = values;
    }
    body
}

/// `Value at … failed to satisfy constraint`, as the newer layer words a lower bound.
pub(crate) fn constraint(path: &str, rule: &str) -> String {
    format!("{DETECTED}Value at '{path}' failed to satisfy constraint: Member must {rule}")
}

/// `Value … at … failed to satisfy constraint`, as the older layer words all of them and the newer one the others.
pub(crate) fn constraint_of(value: &str, path: &str, rule: &str) -> String {
    format!("{DETECTED}Value {value} at '{path}' failed to satisfy constraint: Member must {rule}")
}
