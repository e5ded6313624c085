//! Errors of the States Language: values that retriers and catchers see.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Json;
use crate::model::FieldPath;
use crate::spec::{CatchScope, ErrorName};
use crate::text::TextRange;

/// An error of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatesError {
    /// Its name; a Fail state may give none.
    pub name: Option<Arc<str>>,
    /// What happened, in AWS's words.
    pub cause: Option<Arc<str>>,
    /// The expression that raised it.
    pub place: Option<ErrorPlace>,
}

/// The expression that raised an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorPlace {
    /// The field, from its state.
    pub field: FieldPath,
    /// The part of the expression, in bytes of its decoded text.
    pub range: TextRange,
}

impl StatesError {
    /// An error with a name and a cause.
    pub fn new(name: &str, cause: impl Into<String>) -> Self {
        Self { name: Some(Arc::from(name)), cause: Some(Arc::from(cause.into())), place: None }
    }

    /// The error of a state that took too long; it has no cause.
    pub fn timeout() -> Self {
        Self::without_cause(ErrorName::TIMEOUT)
    }

    /// An error that has no cause.
    pub fn without_cause(name: &str) -> Self {
        Self { name: Some(Arc::from(name)), cause: None, place: None }
    }

    /// Whether a task took too long or was silent for too long.
    pub fn is_timeout(&self) -> bool {
        [ErrorName::TIMEOUT, ErrorName::HEARTBEAT_TIMEOUT].map(Some).contains(&self.name.as_deref())
    }

    /// The error of a Map of which too many iterations failed.
    pub fn too_many_failures() -> Self {
        Self::new(
            ErrorName::EXCEED_TOLERATED_FAILURE_THRESHOLD,
            "The specified tolerated failure threshold was exceeded",
        )
    }

    /// The error of an execution whose history is full.
    pub fn history_full() -> Self {
        let limit = crate::spec::quota::HISTORY_EVENTS_MAX;
        let cause = format!("The execution reached the maximum number of history events ({limit}).");
        Self::new(ErrorName::RUNTIME, cause)
    }

    /// The same error with the expression that raised it.
    pub fn at(mut self, field: &FieldPath, range: TextRange) -> Self {
        self.place = Some(ErrorPlace { field: field.clone(), range });
        self
    }

    /// What a catcher hands on: `{"Error", "Cause"}`.
    pub fn output(&self) -> Json {
        let text = |text: &Option<Arc<str>>| text.as_deref().map_or(Value::Null, Value::from);
        Arc::new(json!({"Error": text(&self.name), "Cause": text(&self.cause)}))
    }

    /// Whether one of these names, as `ErrorEquals` has them, is for this error.
    ///
    /// AWS: `States.Runtime` is caught by nothing, not even by its own name (recorded with a bad `OutputPath`).
    pub fn is_matched_by(&self, names: &[Arc<str>]) -> bool {
        let own = self.name.as_deref();
        let scope = own.and_then(ErrorName::from_name).map_or(CatchScope::NameAndAll, |error| error.catch);
        names.iter().any(|name| match &**name {
            _ if scope == CatchScope::Nothing => false,
            name if Some(name) == own => true,
            ErrorName::ALL => true,
            // A task that is silent for too long has timed out, says AWS of this name.
            ErrorName::TIMEOUT => own == Some(ErrorName::HEARTBEAT_TIMEOUT),
            ErrorName::TASK_FAILED => own != Some(ErrorName::TIMEOUT),
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(error: &str, name: &str, is_matched: bool) {
        assert_eq!(
            StatesError::new(error, "").is_matched_by(&[Arc::from(name)]),
            is_matched,
            "{error} by {name}"
        );
    }

    #[test]
    fn what_catches_what() {
        check("Custom", "Custom", true);
        check("Custom", "Other", false);
        check("Custom", "States.ALL", true);
        check("Custom", "States.TaskFailed", true);
        check("States.Timeout", "States.TaskFailed", false);
        check("States.Timeout", "States.ALL", true);
        check("States.Timeout", "States.HeartbeatTimeout", false);
        check("States.HeartbeatTimeout", "States.HeartbeatTimeout", true);
        check("States.HeartbeatTimeout", "States.Timeout", true);
        check("States.HeartbeatTimeout", "States.TaskFailed", true);
        check("States.DataLimitExceeded", "States.ALL", true);
        check("States.DataLimitExceeded", "States.DataLimitExceeded", true);
        check("States.Runtime", "States.ALL", false);
        check("States.Runtime", "States.Runtime", false);
    }
}
