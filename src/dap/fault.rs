//! Errors of states: whether a step raised one, and who takes it.

use serde_json::{Value, json};

use super::breakpoints::ErrorKind;
use crate::simulator::{EventDetails, HistoryEvent, Outcome, Simulation, StatesError, VisitId, VisitStatus};

/// What went wrong in a step.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) kind: ErrorKind,
    /// The visit in which it did.
    pub(super) visit: Option<VisitId>,
    pub(super) error: Option<StatesError>,
    /// Why nothing can be simulated any further.
    pub(super) blocked: Option<String>,
    /// The simulation after the step that is about to be done.
    pub(super) ahead: Box<Simulation>,
}

/// A visit as it was before a step.
pub(super) struct Watched {
    pub(super) visit: VisitId,
    pub(super) is_running: bool,
    pub(super) n_retries: u32,
}

impl Fault {
    /// What went wrong in the step that a simulation has just done: the visits that it may have ended, and the events
    /// before it.
    pub(super) fn find(after: &Simulation, watched: &[Watched], n_events: usize) -> Option<Fault> {
        let trace = after.trace();
        let visit_of = |watched: &Watched| trace.visits.get(watched.visit.0 as usize);
        let visits = || watched.iter().filter_map(|watched| Some((watched, visit_of(watched)?)));
        let retried = visits().find(|(watched, visit)| visit.n_retries > watched.n_retries);
        let caught = visits()
            .find(|(watched, visit)| watched.is_running && matches!(visit.status, VisitStatus::Caught(_)));
        let failed = visits()
            .find(|(watched, visit)| watched.is_running && matches!(visit.status, VisitStatus::Failed(_)));
        let blocked = match &trace.outcome {
            Outcome::Blocked(blocked) => Some(blocked.reason.clone()),
            _ => None,
        };
        // An execution may fail where no state does: its time is over, or its history is full.
        let of_execution = match &trace.outcome {
            Outcome::Failed { error } => Some(error.clone()),
            Outcome::TimedOut => Some(StatesError::timeout()),
            _ => None,
        };
        let kind = if retried.is_some() {
            ErrorKind::Retried
        } else if caught.is_some() {
            ErrorKind::Caught
        } else if failed.is_some() || blocked.is_some() || of_execution.is_some() {
            ErrorKind::Failed
        } else {
            return None;
        };
        // The innermost knows best.
        let innermost = failed.or(caught).or(retried);
        let error = innermost.and_then(|(_, visit)| match &visit.status {
            VisitStatus::Failed(error) | VisitStatus::Caught(error) => Some(error.clone()),
            _ => last_error(trace.events.iter().skip(n_events)),
        });
        Some(Fault {
            kind,
            visit: innermost.map(|(watched, _)| watched.visit),
            error: error.or(of_execution),
            blocked,
            ahead: Box::new(after.clone()),
        })
    }

    /// The error on one line.
    pub(super) fn text(&self) -> String {
        match (&self.error, &self.blocked) {
            (Some(error), _) => error_text(error),
            (None, Some(reason)) => reason.clone(),
            (None, None) => String::new(),
        }
    }

    /// The error as `exceptionInfo` tells it.
    pub(super) fn to_json(&self) -> Value {
        let name = self.error.as_ref().and_then(|error| error.name.as_deref());
        let cause = self.error.as_ref().and_then(|error| error.cause.as_deref());
        let cause = cause.or(self.blocked.as_deref());
        let id = name.unwrap_or(if self.blocked.is_some() { "cannot be simulated" } else { "error" });
        json!({
            "exceptionId": id,
            "description": cause.unwrap_or_default(),
            "breakMode": if self.kind == ErrorKind::Failed { "unhandled" } else { "always" },
            "details": {"typeName": id, "message": cause.unwrap_or_default()},
        })
    }
}

/// The last error that events tell of.
fn last_error<'a>(events: impl Iterator<Item = &'a HistoryEvent>) -> Option<StatesError> {
    use EventDetails as E;
    let error = |event: &HistoryEvent| {
        let (name, cause) = match &event.details {
            E::TaskFailed { error, cause, .. }
            | E::LambdaFunctionFailed { error, cause }
            | E::ActivityFailed { error, cause } => (error.clone(), cause.clone()),
            E::EvaluationFailed { error, cause, .. } => (Some(error.clone()), Some(cause.clone())),
            E::TaskTimedOut { error, .. } | E::LambdaFunctionTimedOut { error, .. } => (error.clone(), None),
            _ => return None,
        };
        Some(StatesError { name, cause, place: None })
    };
    events.filter_map(error).last()
}

/// An error on one line.
pub(super) fn error_text(error: &StatesError) -> String {
    let name = error.name.as_deref().unwrap_or("an error without a name");
    match &error.cause {
        Some(cause) => format!("{name}: {cause}"),
        None => name.to_owned(),
    }
}
