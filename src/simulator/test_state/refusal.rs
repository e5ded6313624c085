//! What AWS refuses of a request, in its words.

use serde_json::Value;

use super::TestStateRequest;
use super::context;
use super::mock::{self, MockedReply};
use crate::model::{State, StateBody};
use crate::spec::{ExceptionName, Resource, StateKind};

/// Why a state is not tested.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The definition cannot be used.
    #[error("{0}")]
    InvalidDefinition(String),
    /// Something else of the request cannot.
    #[error("{0}")]
    Validation(String),
    /// AWS might test it, this simulation cannot: why.
    #[error("{0}")]
    Blocked(String),
}

impl Refusal {
    /// The refusal of a definition with mistakes; each with its code, its message and the place of the value it is
    /// about, a JSON Pointer.
    pub fn invalid_definition<'a>(mistakes: impl Iterator<Item = (&'a str, &'a str, &'a str)>) -> Self {
        let mistakes = mistakes.map(|(code, message, place)| {
            format!("{code}: {message} at {}", if place.is_empty() { "/" } else { place })
        });
        let list = mistakes.collect::<Vec<_>>().join(", ");
        Self::InvalidDefinition(format!("Invalid State Machine Definition: '{list}'"))
    }

    /// The name of the exception, or `BLOCKED`.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::InvalidDefinition(_) => ExceptionName::INVALID_DEFINITION,
            Refusal::Validation(_) => ExceptionName::VALIDATION,
            Refusal::Blocked(_) => "BLOCKED",
        }
    }
}

/// Checks what can be checked before the state runs, and gives what its mock comes to.
pub(super) fn check(request: &TestStateRequest, state: &State) -> Result<Option<MockedReply>, Refusal> {
    let refuse = |message: String| Err(Refusal::Validation(message));
    let configured = || {
        let n_retries = request.configuration.retrier_retry_count.unwrap_or(0);
        let call = request.scenario.mocks.call(&state.name, n_retries);
        call.map(|call| MockedReply::from(&call.reply))
    };
    let kind = state.kind();
    let reply = match &request.mock {
        Some(mock) => {
            mock.check_members()?;
            if !kind.is_some_and(StateKind::can_retry) {
                let name = kind.map(StateKind::name).unwrap_or_default();
                return refuse(format!("State type '{name}' is not supported when a mock is specified"));
            }
            if request.reveals_secrets {
                return refuse(
                    "TestState does not support RevealSecrets when a mock is specified.".to_owned(),
                );
            }
            Some(mock.reply()?)
        }
        None => configured(),
    };
    if reply.is_none() {
        if request.configuration.map_iteration_failure_count.is_some() {
            let field = "MapIterationFailureCount";
            return refuse(format!("TestState does not support {field} when a mock is not specified."));
        }
        if matches!(kind, Some(StateKind::Map | StateKind::Parallel)) {
            return Err(Refusal::InvalidDefinition(unsupported_kind()));
        }
        if kind == Some(StateKind::Task) && !request.has_role {
            return refuse("RoleArn must be specified when testing a Task state".to_owned());
        }
    }
    if let Some(given) = &request.scenario.context {
        context::check(given, state)?;
    }
    if let Some(MockedReply::Result(result)) = &reply {
        let mode = request.mock.as_ref().map(|mock| mock.field_validation_mode);
        check_result(state, result, mode.unwrap_or(mock::FieldValidationMode::None))?;
    }
    Ok(reply)
}

fn unsupported_kind() -> String {
    let kinds = [
        StateKind::Task,
        StateKind::Wait,
        StateKind::Pass,
        StateKind::Succeed,
        StateKind::Fail,
        StateKind::Choice,
    ];
    let kinds = kinds.map(StateKind::name).join(", ");
    format!("TestState API does not support Map or Parallel states. Supported state types include: [{kinds}]")
}

/// Whether a state may have such a result.
fn check_result(state: &State, result: &Value, mode: mock::FieldValidationMode) -> Result<(), Refusal> {
    let refuse = |message: &str| Err(Refusal::Validation(message.to_owned()));
    match &state.body {
        StateBody::Task(task) => match Resource::parse(&task.resource) {
            Some(resource) => mock::check_result(&resource, result, mode),
            None => Ok(()),
        },
        // A distributed Map that writes its results somewhere says where, in an object.
        StateBody::Map(map) => {
            let writer = map.distributed.as_ref().and_then(|distributed| distributed.result_writer.as_ref());
            let is_written = writer.is_some_and(|writer| writer.resource.is_some());
            if result.is_array() || (is_written && result.is_object()) {
                return Ok(());
            }
            refuse("Mocked result must be an array.")
        }
        StateBody::Parallel { branches } => match result.as_array() {
            None => refuse("Mocked result must be an array."),
            Some(outputs) if outputs.len() != branches.len() => {
                refuse("Mocked result must contain the same number of items as number of Parallel branches.")
            }
            Some(_) => Ok(()),
        },
        _ => Ok(()),
    }
}
