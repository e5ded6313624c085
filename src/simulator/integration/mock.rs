//! Mocked tasks.

use std::sync::Arc;

use serde_json::Value;

use super::{Answer, Reply};
use crate::model::State;
use crate::simulator::frame::FrameId;
use crate::simulator::{MockReply, MockedCall, Simulation, StatesError};
use crate::spec::ServiceKind;

impl Simulation {
    /// The next answer of a state's mock, if it has one.
    ///
    /// A mock in the form of `lambda:invoke`, `{"StatusCode", "Payload"}`, serves a task that names the function itself
    /// too: its result is then the payload (AWS: local_mocking/test_map_state_lambda).
    pub(super) fn call_mock(&mut self, id: FrameId, state: &State, kind: ServiceKind) -> Option<Answer> {
        if !self.scenario.mocks.has(&state.name) {
            return None;
        }
        let state_id = self.activation(id)?.state;
        let n_calls = self.mock_calls.entry(state_id).or_default();
        let call = *n_calls;
        *n_calls += 1;
        let call = self.scenario.mocks.call(&state.name, call)?;
        let reply = match &call.reply {
            MockReply::Return(result) => {
                let payload = result
                    .get(PAYLOAD)
                    .filter(|_| kind == ServiceKind::LambdaFunction && is_invocation(result));
                Reply::Success(payload.map_or_else(|| result.clone(), |payload| Arc::new(payload.clone())))
            }
            MockReply::Throw { error, cause } => {
                Reply::Failure(StatesError { name: error.clone(), cause: cause.clone(), place: None })
            }
            MockReply::Nothing => Reply::Nothing,
        };
        let MockedCall { reply: _, after_ms, heartbeat_ms, worker_name } = call.clone();
        Some(Answer { reply, after_ms, heartbeat_ms, worker_name })
    }
}

const STATUS_CODE: &str = "StatusCode";
const PAYLOAD: &str = "Payload";

/// Whether a result has the form of `lambda:invoke` and nothing else.
fn is_invocation(result: &Value) -> bool {
    result
        .as_object()
        .is_some_and(|map| map.len() == 2 && map.contains_key(STATUS_CODE) && map.contains_key(PAYLOAD))
}
