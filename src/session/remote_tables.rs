//! Tables elsewhere: answers what a simulation asks of them, within limits.
//!
//! Asks nobody before it is asked. Which addresses may be named, and by whom, is up to the caller.

use anyhow::Result;
use serde_json::Value;

use crate::simulator::{RemoteAnswer, RemoteRequest};
#[cfg(feature = "remote-dynamodb")]
use crate::spec::quota;

/// Whether a simulation may write to the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemoteWrites {
    /// It may.
    Allowed,
    /// It may not, and ends where it wants to.
    Refused {
        /// What allows it, such as `--allow-writes`.
        allowed_by: &'static str,
    },
}

/// The tables that a simulation asks.
#[cfg(feature = "remote-dynamodb")]
#[derive(Debug)]
pub struct RemoteTables {
    endpoint: crate::remote::Endpoint,
    writes: RemoteWrites,
    /// Requests that were sent.
    n_sent: usize,
}

/// No tables: this build reaches none.
#[cfg(not(feature = "remote-dynamodb"))]
#[derive(Debug)]
pub enum RemoteTables {}

#[cfg(feature = "remote-dynamodb")]
impl RemoteTables {
    /// The tables at an address.
    ///
    /// # Errors
    ///
    /// The address is none, or credentials are missing.
    pub fn new(url: &str, writes: RemoteWrites) -> Result<RemoteTables> {
        let endpoint = crate::remote::Endpoint::new(url, crate::remote::Limits::DEFAULT)?;
        Ok(RemoteTables { endpoint, writes, n_sent: 0 })
    }

    /// Sends a request, if it may be sent, and waits for the answer.
    pub fn answer(&mut self, request: &RemoteRequest) -> RemoteAnswer {
        let RemoteRequest { operation, body } = request;
        let url = self.endpoint.url();
        if let RemoteWrites::Refused { allowed_by } = self.writes
            && !crate::dynamodb::only_reads(operation, body)
        {
            return RemoteAnswer::Unavailable(format!(
                "{operation} writes, and the tables at {url} are only read: allow it with {allowed_by}"
            ));
        }
        if self.n_sent >= quota::REMOTE_REQUESTS_MAX {
            return RemoteAnswer::Unavailable(format!(
                "One simulation sends at most {} requests to {url}",
                quota::REMOTE_REQUESTS_MAX
            ));
        }
        self.n_sent += 1;
        match self.endpoint.call(operation, body) {
            Ok(answer) => self.remote_answer(answer, operation),
            Err(error) => RemoteAnswer::Unavailable(error.to_string()),
        }
    }

    /// Puts what stands in the place of the tables into the report of a simulation.
    pub fn replace_tables(&self, report: &mut Value) {
        if let Value::Object(report) = report {
            report.shift_remove("tables");
            report.insert("remoteTables".to_owned(), self.summary().into());
        }
    }

    /// What stands in the place of the tables at the end.
    pub fn summary(&self) -> String {
        let requests = if self.n_sent == 1 { "request" } else { "requests" };
        format!("The tables are remote and not shown: {} {requests} to {}", self.n_sent, self.endpoint.url())
    }

    fn remote_answer(&self, answer: crate::remote::Answer, operation: &str) -> RemoteAnswer {
        let url = self.endpoint.url();
        match answer {
            crate::remote::Answer::Success { body, request_id } => RemoteAnswer::Success { body, request_id },
            crate::remote::Answer::Failure { code, message, .. }
                if OF_CREDENTIALS.contains(&code.as_str()) =>
            {
                let made_up = self.endpoint.why_made_up().map(|why| format!(". They were made up: {why}"));
                let made_up = made_up.unwrap_or_default();
                RemoteAnswer::Unavailable(format!(
                    "{url} does not accept the credentials: {code}: {message}{made_up}"
                ))
            }
            crate::remote::Answer::Failure { code, .. } if code == "UnknownOperationException" => {
                RemoteAnswer::Unavailable(format!("{url} does not know the operation {operation}"))
            }
            crate::remote::Answer::Failure { code, message, status, request_id } => {
                RemoteAnswer::Failure { code, message, status, request_id }
            }
        }
    }
}

/// Errors that say something of the request's signature and nothing of the task. Step Functions would not get them.
#[cfg(feature = "remote-dynamodb")]
const OF_CREDENTIALS: &[&str] = &[
    "ExpiredTokenException",
    "IncompleteSignatureException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "UnrecognizedClientException",
];

#[cfg(not(feature = "remote-dynamodb"))]
impl RemoteTables {
    /// This build reaches no tables.
    ///
    /// # Errors
    ///
    /// Always: how to build with them.
    pub fn new(_: &str, _: RemoteWrites) -> Result<RemoteTables> {
        anyhow::bail!("this asl-lsp was built without remote tables: build with --features remote-dynamodb")
    }

    /// Nobody is asked.
    pub fn answer(&mut self, _: &RemoteRequest) -> RemoteAnswer {
        match *self {}
    }

    /// There is no report.
    pub fn replace_tables(&self, _: &mut Value) {
        match *self {}
    }

    /// There is nothing to say.
    pub fn summary(&self) -> String {
        match *self {}
    }
}

#[cfg(all(test, feature = "remote-dynamodb"))]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn requests_are_counted() {
        // Nobody listens at this port, which is not given to anybody.
        let url = "http://127.0.0.1:1";
        let Ok(endpoint) = crate::remote::Endpoint::new(url, crate::remote::Limits::DEFAULT) else { return };
        let n_sent = quota::REMOTE_REQUESTS_MAX - 1;
        let writes = RemoteWrites::Refused { allowed_by: "nothing" };
        let mut tables = RemoteTables { endpoint, writes, n_sent };
        let request =
            RemoteRequest { operation: Arc::from("ListTables"), body: serde_json::json!({}).into() };
        let limit = "One simulation sends at most 10000 requests to http://127.0.0.1:1";
        let mut refused =
            || matches!(tables.answer(&request), RemoteAnswer::Unavailable(text) if text == limit);
        assert_eq!([refused(), refused()], [false, true]);
    }
}
