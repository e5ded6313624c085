//! Mocked tasks.

use super::Reply;
use crate::model::State;
use crate::simulator::frame::FrameId;
use crate::simulator::{MockReply, Simulation, StatesError};

impl Simulation {
    /// The next answer of a state's mock.
    pub(super) fn call_mock(&mut self, id: FrameId, state: &State) -> Result<Reply, String> {
        let Some(state_id) = self.activation(id).map(|activation| activation.state) else {
            return Err(format!("'{}' is not running", state.name));
        };
        let n_calls = self.mock_calls.entry(state_id).or_default();
        let call = *n_calls;
        *n_calls += 1;
        match self.scenario.mocks.reply(&state.name, call) {
            Some(MockReply::Return(result)) => Ok(Reply::Success(result.clone())),
            Some(MockReply::Throw { error, cause }) => {
                Ok(Reply::Failure(StatesError { name: error.clone(), cause: cause.clone(), place: None }))
            }
            None => Err(format!("The mock of '{}' has no answer to call {call}, counted from 0", state.name)),
        }
    }
}
