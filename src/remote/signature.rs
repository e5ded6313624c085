//! Signature Version 4 of a request to DynamoDB, which is always a `POST` of JSON to `/`.
//!
//! Written out because it is a page for requests of this one form, and the SDK's crate for all forms brings 26 others.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::fmt::Write as _;

use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

use super::credentials::Credentials;

const CONTENT_TYPE: &str = "application/x-amz-json-1.0";

/// What is signed.
pub(super) struct Request<'a> {
    /// The host with its port, as the request's header has it.
    pub(super) host: &'a str,
    /// The header `X-Amz-Target`.
    pub(super) target: &'a str,
    pub(super) body: &'a [u8],
    pub(super) region: &'a str,
    pub(super) time: jiff::Timestamp,
}

impl Request<'_> {
    /// The headers of the request, the signature among them.
    pub(super) fn signed_headers(&self, credentials: &Credentials) -> Vec<(&'static str, String)> {
        let time = self.time.strftime("%Y%m%dT%H%M%SZ").to_string();
        let day = self.time.strftime("%Y%m%d").to_string();
        // By name, as the signature wants them.
        let mut headers = vec![
            ("content-type", CONTENT_TYPE.to_owned()),
            ("host", self.host.to_owned()),
            ("x-amz-date", time.clone()),
        ];
        if let Some(token) = &credentials.session_token {
            headers.push(("x-amz-security-token", token.clone()));
        }
        headers.push(("x-amz-target", self.target.to_owned()));
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let mut canonical = "POST\n/\n\n".to_owned();
        for (name, value) in &headers {
            let _ = writeln!(canonical, "{name}:{}", value.trim());
        }
        let _ = write!(canonical, "\n{names}\n{}", hex(&Sha256::digest(self.body)));
        let scope = format!("{day}/{}/dynamodb/aws4_request", self.region);
        let text =
            format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(canonical.as_bytes())));
        let secret = format!("AWS4{}", credentials.secret_access_key);
        let parts = [day.as_str(), self.region, "dynamodb", "aws4_request"];
        let key = parts.iter().fold(secret.into_bytes(), |key, part| hmac(&key, part.as_bytes()));
        let signature = hex(&hmac(&key, text.as_bytes()));
        let id = &credentials.access_key_id;
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}");
        // The client writes the host itself.
        headers.retain(|(name, _)| *name != "host");
        headers.push(("authorization", authorization));
        headers
    }
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    // Keys may have any length, so this never fails.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// What is expected was made by the AWS SDK's own crate, `aws-sigv4` 1.6.4.
    #[track_caller]
    fn check(session_token: Option<&str>, expected: Expect) {
        let credentials = Credentials {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
            session_token: session_token.map(str::to_owned),
        };
        let request = Request {
            host: "localhost:8000",
            target: "DynamoDB_20120810.ListTables",
            body: b"{}",
            region: "eu-west-1",
            time: jiff::Timestamp::from_second(1_440_938_160).unwrap(),
        };
        let headers = request.signed_headers(&credentials);
        expected.assert_eq(&headers.iter().find(|(name, _)| *name == "authorization").unwrap().1);
    }

    #[test]
    fn signatures() {
        check(
            None,
            expect![
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/dynamodb/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=e86a8e277a5aca7ea21e82fd718f684fa87304f6a0c46c29a586b89ed26190f9"
            ],
        );
        check(
            Some("TOKEN"),
            expect![
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/dynamodb/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=30d104db8eb431219abf3aee7a99cb3009e0c8bd65b5c3d89fb09b837a22a006"
            ],
        );
    }
}
