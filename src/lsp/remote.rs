//! A DynamoDB elsewhere: simulations on command ask it, and simulations while somebody types are told what it answered.
//!
//! Which one it is, only `initialize` says: see `config::remote_settings`. Nothing is sent but by a command.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::config::RemoteSettings;
use crate::dynamodb::only_reads;
use crate::session::{RemoteTables, RemoteWrites};
use crate::simulator::{RemoteAnswer, RemoteRequest};
use crate::spec::quota;

/// The setting that allows writes.
const ALLOWED_BY: &str = "the setting asl-lsp.dynamodbAllowWrites";

/// A DynamoDB elsewhere.
#[derive(Debug)]
pub(super) struct Remote {
    url: Arc<str>,
    writes: RemoteWrites,
    known: Mutex<Known>,
}

/// What was asked and answered in this session, of reads.
#[derive(Debug, Default)]
struct Known {
    answers: BTreeMap<Question, RemoteAnswer>,
    n_bytes: usize,
}

/// The operation, and the text of the body.
type Question = (Arc<str>, String);

/// The tables of one simulation on command.
pub(super) struct Asking {
    remote: Arc<Remote>,
    tables: RemoteTables,
}

impl Remote {
    /// Connects to nothing yet.
    pub(super) fn new(settings: RemoteSettings) -> Remote {
        let writes = if settings.allows_writes {
            RemoteWrites::Allowed
        } else {
            RemoteWrites::Refused { allowed_by: ALLOWED_BY }
        };
        Remote { url: Arc::from(settings.url), writes, known: Mutex::default() }
    }

    /// The address.
    pub(super) fn url(&self) -> Arc<str> {
        Arc::clone(&self.url)
    }

    /// The tables, for one simulation.
    ///
    /// # Errors
    ///
    /// The address is none, or credentials are missing.
    pub(super) fn tables(self: &Arc<Self>) -> Result<Asking, String> {
        let tables = RemoteTables::new(&self.url, self.writes);
        let tables = tables.map_err(|error| format!("dynamodbEndpoint: {error:#}"))?;
        Ok(Asking { remote: Arc::clone(self), tables })
    }

    /// What was answered to a read in this session. Nothing is sent.
    pub(super) fn recall(&self, request: &RemoteRequest) -> RemoteAnswer {
        let RemoteRequest { operation, body } = request;
        let unknown = || {
            let why = if only_reads(operation, body) {
                "was not asked this yet"
            } else {
                "is written to on command only"
            };
            RemoteAnswer::Unavailable(format!(
                "{} {why}: {operation} waits for \"Simulate with the tables at {0}\"",
                self.url
            ))
        };
        self.known().answers.get(&question(request)).cloned().unwrap_or_else(unknown)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asking {
    /// Sends a request, if it may be sent, and keeps the answer to a read.
    pub(super) fn ask(&mut self, request: &RemoteRequest) -> RemoteAnswer {
        let answer = self.tables.answer(request);
        let is_answered = !matches!(answer, RemoteAnswer::Unavailable(_));
        if is_answered {
            let is_read = only_reads(&request.operation, &request.body);
            self.remote.known().note(request, is_read, &answer);
        }
        answer
    }

    /// Puts what stands in the place of the tables into the report of a simulation.
    pub(super) fn replace_tables(&self, report: &mut Value) {
        self.tables.replace_tables(report);
    }
}

impl Known {
    fn note(&mut self, request: &RemoteRequest, is_read: bool, answer: &RemoteAnswer) {
        // A write may make any answer before it untrue.
        if !is_read {
            *self = Known::default();
            return;
        }
        let question = question(request);
        let n_bytes = question.1.len() + answer_bytes(answer);
        if self.n_bytes + n_bytes > quota::REMOTE_KNOWN_BYTES_MAX {
            *self = Known::default();
        }
        self.n_bytes += n_bytes;
        self.answers.insert(question, answer.clone());
    }
}

fn question(request: &RemoteRequest) -> Question {
    (Arc::clone(&request.operation), request.body.to_string())
}

fn answer_bytes(answer: &RemoteAnswer) -> usize {
    match answer {
        RemoteAnswer::Success { body, .. } => body.to_string().len(),
        RemoteAnswer::Failure { message, .. } => message.len(),
        RemoteAnswer::Unavailable(reason) => reason.len(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn get(key: &str) -> RemoteRequest {
        let body = json!({"TableName": "t", "Key": {"id": {"S": key}}});
        RemoteRequest { operation: Arc::from("GetItem"), body: Arc::new(body) }
    }

    fn answer(text: String) -> RemoteAnswer {
        RemoteAnswer::Success { body: json!({ "Item": text }), request_id: None }
    }

    #[test]
    fn reads_are_known_until_something_is_written() {
        let settings = RemoteSettings { url: "http://localhost:8000".to_owned(), allows_writes: false };
        let remote = Remote::new(settings);
        let (read, one) = (get("1"), answer("one".to_owned()));
        remote.known().note(&read, true, &one);
        assert_eq!(remote.recall(&read), one);
        assert_eq!(
            remote.recall(&get("2")),
            RemoteAnswer::Unavailable(
                "http://localhost:8000 was not asked this yet: GetItem waits for \
                 \"Simulate with the tables at http://localhost:8000\""
                    .to_owned()
            )
        );
        let write = RemoteRequest { operation: Arc::from("PutItem"), ..get("1") };
        remote.known().note(&write, false, &one);
        assert_ne!(remote.recall(&read), one);
    }

    #[test]
    fn what_is_kept_has_a_limit() {
        let mut known = Known::default();
        for number in 0..40 {
            known.note(&get(&number.to_string()), true, &answer("x".repeat(1_048_576)));
            assert!(known.n_bytes <= quota::REMOTE_KNOWN_BYTES_MAX);
        }
        assert!(known.answers.len() < 40);
    }
}
