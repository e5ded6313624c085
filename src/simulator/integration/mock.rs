//! Mocked tasks.

use super::Reply;
use crate::model::State;
use crate::simulator::frame::FrameId;
use crate::simulator::{MockReply, Simulation, StatesError};

impl Simulation {
    /// The next answer of a state's mock, if it has one.
    pub(super) fn call_mock(&mut self, id: FrameId, state: &State) -> Option<Reply> {
        if !self.scenario.mocks.has(&state.name) {
            return None;
        }
        let state_id = self.activation(id)?.state;
        let n_calls = self.mock_calls.entry(state_id).or_default();
        let call = *n_calls;
        *n_calls += 1;
        Some(match self.scenario.mocks.reply(&state.name, call)? {
            MockReply::Return(result) => Reply::Success(result.clone()),
            MockReply::Throw { error, cause } => {
                Reply::Failure(StatesError { name: error.clone(), cause: cause.clone(), place: None })
            }
        })
    }
}
