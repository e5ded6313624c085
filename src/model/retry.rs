//! Retriers and catchers.

use std::sync::Arc;

use serde_json::Number;

use super::payload::Payload;
use super::state::{ResultPath, Transition};

/// When and how often to try again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Retrier {
    /// The errors it is for.
    pub error_equals: Vec<Arc<str>>,
    /// Before the first retry.
    pub interval_seconds: i64,
    /// Retries, not counting the first try.
    pub max_attempts: i64,
    /// By what the interval grows with each retry; 1 or more.
    pub backoff_rate: Number,
    /// The longest interval.
    pub max_delay_seconds: Option<i64>,
    /// Whether to wait a random part of the interval.
    pub has_full_jitter: bool,
}

/// Where to go with an error.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Catcher {
    /// The errors it is for.
    pub error_equals: Vec<Arc<str>>,
    /// Where to put the error output within the input; JSONPath only.
    pub result_path: ResultPath,
    /// The state's output instead of the error output; JSONata only.
    pub output: Option<Payload>,
    /// The variables to set; `$` is the error output in JSONPath.
    pub assign: Option<Payload>,
    /// Where to go.
    pub next: Option<Transition>,
}
