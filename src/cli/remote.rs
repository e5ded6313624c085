//! `simulate --dynamodb-endpoint`: answers what a simulation asks of tables that are elsewhere.

use anyhow::Result;

use crate::simulator::{RemoteAnswer, RemoteRequest};

/// The tables that a simulation asks.
#[cfg(feature = "remote-dynamodb")]
pub(super) struct RemoteTables {
    endpoint: crate::remote::Endpoint,
    allows_writes: bool,
    /// Requests that were sent.
    n_sent: usize,
}

/// No tables: this build reaches none.
#[cfg(not(feature = "remote-dynamodb"))]
pub(super) enum RemoteTables {}

/// Requests that one simulation may send. A loop would send them for ever, and somebody may pay for each.
#[cfg(feature = "remote-dynamodb")]
const REQUESTS_MAX: usize = 10_000;

#[cfg(feature = "remote-dynamodb")]
impl RemoteTables {
    /// The tables at an address.
    ///
    /// # Errors
    ///
    /// The address is none, or credentials are missing.
    pub(super) fn new(url: &str, allows_writes: bool) -> Result<RemoteTables> {
        let endpoint = crate::remote::Endpoint::new(url, crate::remote::Limits::DEFAULT)?;
        Ok(RemoteTables { endpoint, allows_writes, n_sent: 0 })
    }

    /// Sends a request, if it may be sent.
    pub(super) fn answer(&mut self, request: &RemoteRequest) -> RemoteAnswer {
        let RemoteRequest { operation, body } = request;
        let url = self.endpoint.url();
        if !self.allows_writes && !crate::dynamodb::only_reads(operation, body) {
            return RemoteAnswer::Unavailable(format!(
                "{operation} writes, and the tables at {url} are only read: allow it with --allow-writes"
            ));
        }
        if self.n_sent >= REQUESTS_MAX {
            return RemoteAnswer::Unavailable(format!(
                "One simulation sends at most {REQUESTS_MAX} requests to {url}"
            ));
        }
        self.n_sent += 1;
        match self.endpoint.call(operation, body) {
            Ok(answer) => remote_answer(answer, operation, url),
            Err(error) => RemoteAnswer::Unavailable(error.to_string()),
        }
    }

    /// What stands in the place of the tables at the end.
    pub(super) fn summary(&self) -> String {
        let requests = if self.n_sent == 1 { "request" } else { "requests" };
        format!("The tables are remote and not shown: {} {requests} to {}", self.n_sent, self.endpoint.url())
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

#[cfg(feature = "remote-dynamodb")]
fn remote_answer(answer: crate::remote::Answer, operation: &str, url: &str) -> RemoteAnswer {
    match answer {
        crate::remote::Answer::Success { body, request_id } => RemoteAnswer::Success { body, request_id },
        crate::remote::Answer::Failure { code, message, .. } if OF_CREDENTIALS.contains(&code.as_str()) => {
            RemoteAnswer::Unavailable(format!("{url} does not accept the credentials: {code}: {message}"))
        }
        crate::remote::Answer::Failure { code, .. } if code == "UnknownOperationException" => {
            RemoteAnswer::Unavailable(format!("{url} does not know the operation {operation}"))
        }
        crate::remote::Answer::Failure { code, message, status, request_id } => {
            RemoteAnswer::Failure { code, message, status, request_id }
        }
    }
}

#[cfg(not(feature = "remote-dynamodb"))]
impl RemoteTables {
    /// This build reaches no tables.
    ///
    /// # Errors
    ///
    /// Always: how to build with them.
    pub(super) fn new(_: &str, _: bool) -> Result<RemoteTables> {
        anyhow::bail!(
            "--dynamodb-endpoint: this asl-lsp was built without it: build with --features remote-dynamodb"
        )
    }

    pub(super) fn answer(&mut self, _: &RemoteRequest) -> RemoteAnswer {
        match *self {}
    }

    pub(super) fn summary(&self) -> String {
        match *self {}
    }
}
