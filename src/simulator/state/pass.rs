//! Pass: hands its input on, or a result of its own.

use std::sync::Arc;

use serde_json::Value;

use crate::model::State;
use crate::simulator::data_flow::Extra;
use crate::simulator::frame::FrameId;
use crate::simulator::{Flow, Halt, Simulation};
use crate::spec::QueryLanguage;

impl Simulation {
    pub(super) fn run_pass(
        &mut self,
        id: FrameId,
        state: &State,
        result: Option<&Arc<Value>>,
    ) -> Result<Flow, Halt> {
        let input = self.effective_input(id, state)?;
        if state.query_language == QueryLanguage::Jsonata {
            return self.pass_on(id, state, &input);
        }
        let parameters = self.arguments(id, state, &input, Extra::default())?;
        self.finish(id, state, result.cloned().unwrap_or(parameters))
    }
}
