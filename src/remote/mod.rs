//! A DynamoDB elsewhere: DynamoDB Local, LocalStack, Alternator, AWS itself, or `asl-lsp dynamodb`.
//!
//! Speaks DynamoDB's protocol and nothing more: an operation and a body go out, signed with the user's credentials, and
//! a response comes back, within limits of time and size. Knows neither simulations nor which requests may be made;
//! callers decide that.
//!
//! Implements <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html>.

mod credentials;
mod signature;

use std::time::Duration;

use serde_json::Value;
use thiserror::Error;
use ureq::http::Uri;

use self::credentials::{Credentials, Profile};
use self::signature::Request;
use crate::spec::quota;

/// What requests may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a request may take, from the connection to the last byte of the answer.
    pub timeout: Duration,
    /// Bytes of the body of an answer.
    pub body_bytes_max: u64,
}

impl Limits {
    /// Limits for somebody who waits for the answer.
    pub const DEFAULT: Limits = Limits {
        timeout: Duration::from_secs(quota::REMOTE_ANSWER_SECONDS_MAX),
        body_bytes_max: quota::REMOTE_ANSWER_BYTES_MAX,
    };
}

/// A DynamoDB that is reached over HTTP.
#[derive(Debug)]
pub struct Endpoint {
    agent: ureq::Agent,
    url: String,
    host: String,
    region: String,
    credentials: Credentials,
    /// Why the credentials are made up, where they are.
    why_made_up: Option<String>,
    limits: Limits,
}

/// What an endpoint answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The request was carried out.
    Success {
        /// The body of the response.
        body: Value,
        /// The service's id of the request.
        request_id: Option<String>,
    },
    /// The service refused the request.
    Failure {
        /// The name of the error without namespace.
        code: String,
        /// Its text.
        message: String,
        /// The status of the response.
        status: u16,
        /// The service's id of the request.
        request_id: Option<String>,
    },
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum Error {
    /// The address is none of a service.
    #[error("{url} is no address such as http://localhost:8000")]
    NoUrl {
        /// What was given.
        url: String,
    },
    /// HTTPS is asked of a build without it.
    #[error("this build of asl-lsp has no HTTPS: build it with --features remote-https")]
    NoHttps,
    /// There are no credentials for an endpoint that checks them.
    #[error("there are no credentials: {reason}")]
    NoCredentials {
        /// Where they were looked for.
        reason: String,
    },
    /// The endpoint cannot be reached, or breaks off.
    #[error("{url} cannot be reached: {reason}")]
    Unreachable {
        /// The address.
        url: String,
        /// What went wrong.
        reason: String,
    },
    /// The certificate is signed by nobody who is trusted.
    #[error(
        "the certificate of {url} is signed by nobody whom this system trusts: add who signed it, or on Linux name a \
         file of the certificates to trust in SSL_CERT_FILE"
    )]
    UnknownIssuer {
        /// The address.
        url: String,
    },
    /// The time is over.
    #[error("{url} did not answer {operation} within {} seconds", .timeout.as_secs_f64())]
    TimedOut {
        /// The address.
        url: String,
        /// What was asked.
        operation: String,
        /// How long it was waited for.
        timeout: Duration,
    },
    /// The answer is longer than is read.
    #[error("{url} answered {operation} with more than {limit} bytes")]
    TooLarge {
        /// The address.
        url: String,
        /// What was asked.
        operation: String,
        /// Bytes that are read.
        limit: u64,
    },
    /// The answer is not one of DynamoDB's.
    #[error("{url} did not answer {operation} as DynamoDB does: status {status}")]
    NoDynamoDb {
        /// The address.
        url: String,
        /// What was asked.
        operation: String,
        /// The status of the response.
        status: u16,
    },
}

/// The region of requests where nothing says one, which an endpoint that is not AWS's does not mind.
const REGION: &str = "us-east-1";

impl Endpoint {
    /// An endpoint, with the credentials and the region of the environment and of the user's profile.
    ///
    /// Connects to nothing yet. An endpoint that is not AWS's is given made-up credentials if there are none.
    ///
    /// # Errors
    ///
    /// [`Error::NoUrl`], [`Error::NoHttps`], [`Error::NoCredentials`].
    pub fn new(url: &str, limits: Limits) -> Result<Endpoint, Error> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Endpoint::with_profile(url, limits, &Profile::of(variable))
    }

    fn with_profile(url: &str, limits: Limits, profile: &Profile) -> Result<Endpoint, Error> {
        let no_url = || Error::NoUrl { url: url.to_owned() };
        let uri: Uri = url.parse().map_err(|_| no_url())?;
        let (scheme, authority) = (uri.scheme_str().ok_or_else(no_url)?, uri.authority().ok_or_else(no_url)?);
        let is_plain =
            matches!(uri.path(), "" | "/") && uri.query().is_none() && !authority.as_str().contains('@');
        if !matches!(scheme, "http" | "https") || !is_plain {
            return Err(no_url());
        }
        if scheme == "https" && !cfg!(feature = "remote-https") {
            return Err(Error::NoHttps);
        }
        let host = authority.host();
        let region_of_host = region_of_host(host);
        let (credentials, why_made_up) = match profile.credentials() {
            Ok(credentials) => (credentials, None),
            Err(reason) if region_of_host.is_none() => (Credentials::made_up(), Some(reason)),
            Err(reason) => return Err(Error::NoCredentials { reason }),
        };
        let region = region_of_host.or_else(|| profile.region.clone()).unwrap_or_else(|| REGION.to_owned());
        Ok(Endpoint {
            agent: agent(host, limits),
            url: format!("{scheme}://{authority}/"),
            host: authority.as_str().to_owned(),
            region,
            credentials,
            why_made_up,
            limits,
        })
    }

    /// The address, as messages name it.
    pub fn url(&self) -> &str {
        self.url.trim_end_matches('/')
    }

    /// Why requests are signed with credentials that are made up, where they are: an endpoint that checks them refuses.
    pub fn why_made_up(&self) -> Option<&str> {
        self.why_made_up.as_deref()
    }

    /// Sends a request and waits for the answer.
    ///
    /// # Errors
    ///
    /// Any [`Error`] about the answer: there is none, it takes too long, or it is not one of DynamoDB's.
    pub fn call(&self, operation: &str, body: &Value) -> Result<Answer, Error> {
        let body = body.to_string();
        let target = format!("DynamoDB_20120810.{operation}");
        let request = Request {
            host: &self.host,
            target: &target,
            body: body.as_bytes(),
            region: &self.region,
            time: jiff::Timestamp::now(),
        };
        let mut call = self.agent.post(&self.url);
        for (name, value) in request.signed_headers(&self.credentials) {
            call = call.header(name, value);
        }
        let mut response = call.send(&body).map_err(|error| self.error(operation, error))?;
        let status = response.status().as_u16();
        let request_id = response.headers().get("x-amzn-requestid").and_then(|id| id.to_str().ok());
        let request_id = request_id.map(str::to_owned);
        let reader = response.body_mut().with_config().limit(self.limits.body_bytes_max);
        let text = reader.read_to_vec().map_err(|error| self.error(operation, error))?;
        let body = serde_json::from_slice(&text).ok().filter(Value::is_object);
        answer(status, body, request_id).ok_or_else(|| Error::NoDynamoDb {
            url: self.url().to_owned(),
            operation: operation.to_owned(),
            status,
        })
    }

    fn error(&self, operation: &str, error: ureq::Error) -> Error {
        let (url, operation) = (self.url().to_owned(), operation.to_owned());
        match error {
            ureq::Error::Timeout(_) => Error::TimedOut { url, operation, timeout: self.limits.timeout },
            ureq::Error::BodyExceedsLimit(limit) => Error::TooLarge { url, operation, limit },
            // The library for TLS is ureq's own; its errors are known by their texts.
            ureq::Error::Io(error) if error.to_string().ends_with("UnknownIssuer") => {
                Error::UnknownIssuer { url }
            }
            ureq::Error::Io(error) => Error::Unreachable { url, reason: error.to_string() },
            error => Error::Unreachable { url, reason: error.to_string() },
        }
    }
}

/// The region that a host of AWS names: `dynamodb.eu-west-1.amazonaws.com`. None for other hosts.
fn region_of_host(host: &str) -> Option<String> {
    let (labels, _) = host.split_once(".amazonaws.com")?;
    labels.rsplit('.').next().map(str::to_owned)
}

fn agent(host: &str, limits: Limits) -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(limits.timeout));
    #[cfg(feature = "remote-https")]
    let config = config.tls_config(
        ureq::tls::TlsConfig::builder().root_certs(ureq::tls::RootCerts::PlatformVerifier).build(),
    );
    let is_local = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    // A proxy of the environment knows another machine by these names.
    let config = if is_local { config.proxy(None) } else { config };
    config.build().into()
}

/// What a response means; none for what is not DynamoDB's.
fn answer(status: u16, body: Option<Value>, request_id: Option<String>) -> Option<Answer> {
    let body = body?;
    if status == 200 {
        return Some(Answer::Success { body, request_id });
    }
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let code = text("__type")?;
    let code = code.rsplit_once('#').map_or(code, |(_, code)| code).to_owned();
    let message = text("message").or_else(|| text("Message")).unwrap_or_default().to_owned();
    Some(Answer::Failure { code, message, status, request_id })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn endpoint(url: &str) -> Result<Endpoint, Error> {
        Endpoint::with_profile(url, Limits::DEFAULT, &Profile::default())
    }

    #[test]
    fn addresses() {
        assert_eq!(endpoint("http://localhost:8000").unwrap().url(), "http://localhost:8000");
        assert_eq!(endpoint("http://[::1]:8000/").unwrap().url(), "http://[::1]:8000");
        for url in [
            "",
            "localhost",
            "localhost:8000",
            "ftp://localhost",
            "http://a/b",
            "http://a?b",
            "http://a@b",
            "/",
        ] {
            let error = endpoint(url).unwrap_err().to_string();
            assert_eq!(error, format!("{url} is no address such as http://localhost:8000"));
        }
    }

    #[test]
    fn regions() {
        assert_eq!(region_of_host("dynamodb.eu-west-1.amazonaws.com").as_deref(), Some("eu-west-1"));
        assert_eq!(region_of_host("dynamodb.cn-north-1.amazonaws.com.cn").as_deref(), Some("cn-north-1"));
        assert_eq!(region_of_host("localhost"), None);
    }

    #[test]
    fn aws_wants_credentials() {
        let error = endpoint("http://dynamodb.eu-west-1.amazonaws.com").unwrap_err();
        assert!(matches!(error, Error::NoCredentials { .. }), "{error}");
    }

    #[test]
    fn responses() {
        let failure = |body: Value| answer(400, Some(body), None);
        let expected = Answer::Failure {
            code: "ValidationException".to_owned(),
            message: "No".to_owned(),
            status: 400,
            request_id: None,
        };
        let wire = json!({"__type": "com.amazon.coral.validate#ValidationException", "message": "No"});
        assert_eq!(failure(wire).unwrap(), expected);
        assert_eq!(failure(json!({"__type": "ValidationException", "Message": "No"})).unwrap(), expected);
        assert_eq!(failure(json!({"error": "No"})), None);
        assert_eq!(answer(200, None, None), None);
        assert_eq!(
            answer(200, Some(json!({})), None),
            Some(Answer::Success { body: json!({}), request_id: None })
        );
    }
}
