//! Fail: ends its scope with an error.

use std::sync::Arc;

use serde_json::Value;

use crate::model::{State, TextField};
use crate::simulator::frame::FrameId;
use crate::simulator::{Flow, Halt, Json, Simulation, StatesError};

impl Simulation {
    pub(super) fn run_fail(
        &mut self,
        id: FrameId,
        state: &State,
        error: Option<&TextField>,
        cause: Option<&TextField>,
    ) -> Result<Flow, Halt> {
        let input = self.effective_input(id, state)?;
        let name = error.map(|field| self.text(id, field, &input)).transpose()?;
        let cause = cause.map(|field| self.text(id, field, &input)).transpose()?;
        let error = StatesError { name: name.map(as_text), cause: cause.map(as_text), place: None };
        Err(Halt::Failed(error))
    }
}

/// A string as it is, anything else as JSON.
fn as_text(value: Json) -> Arc<str> {
    match &*value {
        Value::String(text) => Arc::from(text.as_str()),
        other => Arc::from(other.to_string()),
    }
}
