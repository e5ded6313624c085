//! What a request over HTTP is answered: status, headers and body.
//!
//! Pure: the same database and request give the same answer. Order of checks, as AWS has it: the method and the type
//! of the body, then whether the body is JSON, then the operation, then the operation's own checks.

use std::hash::{BuildHasher, RandomState};

use serde_json::{Value, json};

use crate::dynamodb::{Body, Database, Error, Operation, Request};

/// The parts of an HTTP request that matter.
#[derive(Clone, Copy, Debug)]
pub struct Message<'m> {
    /// The method, such as `POST`.
    pub method: &'m str,
    /// The header `Content-Type`.
    pub content_type: Option<&'m str>,
    /// The header `X-Amz-Target`: version and name of the operation.
    pub target: Option<&'m str>,
    /// The header `Authorization`. Only the scope in it counts, for the region of ARNs.
    pub authorization: Option<&'m str>,
    /// The body.
    pub body: &'m [u8],
}

/// An HTTP response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status: 200, 400 for a request that cannot be carried out, 404 for one that is not of the protocol.
    pub status: u16,
    /// The header `Content-Type`, where there is one.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: String,
}

impl Answer {
    /// The header `x-amz-crc32`, which SDKs check.
    pub fn crc32(&self) -> u32 {
        crc32fast::hash(self.body.as_bytes())
    }

    fn json(status: u16, body: &Value) -> Answer {
        Answer { status, content_type: Some(JSON_1_0), body: body.to_string() }
    }

    /// The answer to a request that made the service fail.
    pub(super) fn internal_error() -> Answer {
        let body = json!({
            "__type": "com.amazonaws.dynamodb.v20120810#InternalServerError",
            "message": "The request processing has failed because of an unknown error",
        });
        Answer::json(500, &body)
    }

    /// The answer when requests under way fill the memory set aside for them.
    pub(super) fn unavailable() -> Answer {
        let body = json!({
            "__type": "com.amazon.coral.availability#ThrottlingException",
            "message": "Too many bytes of requests are under way",
        });
        Answer::json(400, &body)
    }

    /// The answer to a body above the limit.
    pub(super) fn too_large() -> Answer {
        Answer { status: 413, content_type: None, body: String::new() }
    }
}

const JSON_1_0: &str = "application/x-amz-json-1.0";
/// Operations whose answers have no body.
const WITHOUT_OUTPUT: [&str; 2] = ["TagResource", "UntagResource"];
/// The version of the API that targets name.
const VERSION: &str = "DynamoDB_20120810";
/// The region where a request does not say one.
const REGION: &str = "us-east-1";
/// The account where a request does not say one; it is the one of AWS's examples. Twelve zeros are nobody's account, so
/// that an ARN with them names what is not the caller's.
const ACCOUNT: &str = "123456789012";

/// Answers a request.
///
/// # Example
///
/// ```
/// use asl_lsp::dynamodb::Database;
/// use asl_lsp::endpoint::{Message, answer};
///
/// let request = Message {
///     method: "POST",
///     content_type: Some("application/x-amz-json-1.0"),
///     target: Some("DynamoDB_20120810.ListTables"),
///     authorization: None,
///     body: b"{}",
/// };
/// let answer = answer(&mut Database::default(), &request);
/// assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"TableNames":[]}"#));
/// ```
pub fn answer(database: &mut Database, message: &Message<'_>) -> Answer {
    let scope = Scope::of(message.authorization.unwrap_or_default());
    if message.method == "GET" {
        let body = format!("healthy: dynamodb.{}.amazonaws.com ", scope.region);
        return Answer { status: 200, content_type: None, body };
    }
    let content_type = message.content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let is_json = matches!(content_type, JSON_1_0 | "application/json");
    if message.method != "POST" || !(is_json || message.body.is_empty()) {
        return Answer { status: 404, content_type: None, body: "<UnknownOperationException/>\n".to_owned() };
    }
    // Without a body, an operation is still looked up before the body is missed.
    let body = if message.body.is_empty() { Ok(Body::default()) } else { Body::read(message.body) };
    let Ok(body) = body else { return Answer::json(400, &malformed()) };
    let operation = message.target.and_then(|target| target.split_once('.'));
    let Some((VERSION, operation)) = operation else {
        return Answer::json(400, &Error::UnknownOperationException.to_json());
    };
    if let (Ok(_), false) = (Operation::from_name(operation), body.is_object()) {
        return Answer::json(400, &malformed());
    }
    database.set_owner(scope.region, scope.account);
    match Request::parse(operation, body).and_then(|request| database.execute(&request)) {
        Ok(response) => {
            // AWS: what has no output answers with nothing, which is no JSON.
            let body = if WITHOUT_OUTPUT.contains(&operation) { String::new() } else { response.to_text() };
            Answer { status: 200, content_type: Some(JSON_1_0), body }
        }
        Err(error) => Answer::json(400, &error.to_json()),
    }
}

/// AWS says nothing of what is wrong with a body that is no JSON.
fn malformed() -> Value {
    json!({"__type": "com.amazon.coral.service#SerializationException"})
}

/// Where and as whom a request is made, as its signature says.
#[derive(Debug, PartialEq, Eq)]
struct Scope<'m> {
    region: &'m str,
    account: &'m str,
}

impl<'m> Scope<'m> {
    /// Reads `… Credential=AKID/20260131/eu-west-1/dynamodb/aws4_request, …`. An access key of twelve digits is an
    /// account, so that several can be told apart.
    fn of(authorization: &'m str) -> Scope<'m> {
        let credential = authorization.split_once("Credential=").map_or("", |(_, credential)| credential);
        let mut parts = credential.split('/');
        let key = parts.next().unwrap_or_default();
        let region = parts.nth(1).unwrap_or_default();
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let is_region = (1..=32).contains(&region.len()) && region.bytes().all(is_name);
        let is_account = key.len() == ACCOUNT.len() && key.bytes().all(|byte| byte.is_ascii_digit());
        Scope {
            region: if is_region { region } else { REGION },
            account: if is_account { key } else { ACCOUNT },
        }
    }
}

/// Ids for responses: 52 digits and capital letters each, as AWS's.
#[derive(Debug)]
pub struct RequestIds {
    state: u64,
}

impl RequestIds {
    /// Ids that follow from a number.
    pub const fn seeded(seed: u64) -> RequestIds {
        RequestIds { state: seed }
    }

    /// Ids that differ from those of other processes.
    pub(super) fn random() -> RequestIds {
        RequestIds::seeded(RandomState::new().hash_one(0))
    }

    /// The next id.
    pub fn next_id(&mut self) -> [u8; 52] {
        const SYMBOLS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
        let mut id = [0; 52];
        // As many as 64 bits are enough for.
        for part in id.chunks_mut(12) {
            // SplitMix64: well mixed bits from a counter.
            self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut bits = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            bits ^= bits >> 31;
            for (place, shift) in part.iter_mut().zip((0..60).step_by(5)) {
                let symbol = usize::try_from((bits >> shift) & 31).unwrap_or_default();
                *place = SYMBOLS.get(symbol).copied().unwrap_or(b'A');
            }
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    const LIST: Message<'_> = Message {
        method: "POST",
        content_type: Some(JSON_1_0),
        target: Some("DynamoDB_20120810.ListTables"),
        authorization: None,
        body: b"{}",
    };

    #[track_caller]
    fn check(message: Message<'_>, expected: Expect) {
        let answer = answer(&mut Database::default(), &message);
        let content_type = answer.content_type.unwrap_or("-");
        expected.assert_eq(&format!("{} {content_type} {}", answer.status, answer.body));
    }

    #[test]
    fn operations() {
        check(LIST, expect![[r#"200 application/x-amz-json-1.0 {"TableNames":[]}"#]]);
        check(
            Message { content_type: Some("application/json; charset=utf-8"), ..LIST },
            expect![[r#"200 application/x-amz-json-1.0 {"TableNames":[]}"#]],
        );
        for target in [
            None,
            Some("ListTables"),
            Some("DynamoDB_20120810.listTables"),
            Some("DynamoDB_20111205.ListTables"),
            Some("DynamoDBStreams_20120810.ListStreams"),
        ] {
            check(
                Message { target, ..LIST },
                expect![[
                    r#"400 application/x-amz-json-1.0 {"__type":"com.amazon.coral.service#UnknownOperationException"}"#
                ]],
            );
        }
        check(
            Message { target: Some("DynamoDB_20120810.CreateBackup"), ..LIST },
            expect![[
                r#"400 application/x-amz-json-1.0 {"__type":"com.amazon.coral.service#UnknownOperationException","message":"CreateBackup is not supported by this in-memory DynamoDB"}"#
            ]],
        );
    }

    #[test]
    fn errors() {
        let get = Message { target: Some("DynamoDB_20120810.GetItem"), ..LIST };
        check(
            Message { body: br#"{"TableName": 5}"#, ..get },
            expect![[
                r#"400 application/x-amz-json-1.0 {"__type":"com.amazon.coral.service#SerializationException","Message":"NUMBER_VALUE cannot be converted to String"}"#
            ]],
        );
        check(
            Message { body: br#"{"TableName": "none", "Key": {"a": {"S": "b"}}}"#, ..get },
            expect![[
                r#"400 application/x-amz-json-1.0 {"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"Requested resource not found"}"#
            ]],
        );
        check(
            Message { body: br#"{"TableName": "none", "Key": {"a": {}}}"#, ..get },
            expect![[
                r#"400 application/x-amz-json-1.0 {"__type":"com.amazon.coral.validate#ValidationException","message":"Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"}"#
            ]],
        );
    }

    #[test]
    fn what_is_no_request_of_the_protocol() {
        check(
            Message { method: "GET", body: b"", ..LIST },
            expect![[r#"200 - healthy: dynamodb.us-east-1.amazonaws.com "#]],
        );
        for message in [
            Message { content_type: Some("text/plain"), ..LIST },
            Message { content_type: None, ..LIST },
            Message { method: "PUT", ..LIST },
        ] {
            check(message, expect!["404 - <UnknownOperationException/>\n"]);
        }
        // A body that is no JSON is noticed before the operation is, one that is no object after it.
        for message in [
            Message { body: b"{", ..LIST },
            Message { body: b"\"\xff\"", ..LIST },
            Message { body: b"hello", target: None, ..LIST },
            Message { body: b"", ..LIST },
            Message { body: b"[]", ..LIST },
        ] {
            check(
                message,
                expect![[
                    r#"400 application/x-amz-json-1.0 {"__type":"com.amazon.coral.service#SerializationException"}"#
                ]],
            );
        }
        check(
            Message { body: b"", target: None, ..LIST },
            expect![[
                r#"400 application/x-amz-json-1.0 {"__type":"com.amazon.coral.service#UnknownOperationException"}"#
            ]],
        );
    }

    #[test]
    fn arns_are_of_the_scope_that_signs() {
        let scope = |region, account| Scope { region, account };
        let of = |credential: &str| format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host");
        assert_eq!(
            Scope::of(&of("AKID/20260131/eu-west-1/dynamodb/aws4_request")),
            scope("eu-west-1", ACCOUNT)
        );
        assert_eq!(
            Scope::of(&of("210987654321/20260131/eu-west-1/dynamodb/aws4_request")),
            scope("eu-west-1", "210987654321")
        );
        assert_eq!(Scope::of(&of("AKID/20260131/\"quote/dynamodb")), scope(REGION, ACCOUNT));
        assert_eq!(Scope::of("Basic abc"), scope(REGION, ACCOUNT));
    }

    #[test]
    fn request_ids() {
        let mut ids = RequestIds::seeded(1);
        let (first, second) = (ids.next_id(), ids.next_id());
        assert_ne!(first, second);
        assert!(first.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()));
    }
}
