//! What happens when a state fails: retriers, then catchers.
//!
//! <https://states-language.net/spec.html#errors>

use std::sync::Arc;

use super::data_flow::{Extra, target};
use super::frame::{FrameId, Phase};
use super::{Flow, Halt, Simulation, StatesError, VisitStatus};
use crate::expr::Entropy;
use crate::model::{Retrier, State};
use crate::spec::{Field, QueryLanguage};

impl Simulation {
    /// Tries again, goes where a catcher leads, or hands the error back.
    pub(super) fn handle_failure(&mut self, id: FrameId, error: StatesError) -> Result<Flow, Halt> {
        let machine = self.machine.clone();
        let Some(state) = self.activation(id).and_then(|activation| machine.state(activation.state)) else {
            return Err(error.into());
        };
        if let Some((retrier, delay_ms)) = self.next_delay(id, state, &error) {
            if let Some(frame) = self.frames.get_mut(&id) {
                frame.time = frame.time.plus_millis(delay_ms);
            }
            self.set_phase(id, Phase::Running);
            if let Some(visit) = self.activation(id).map(|activation| activation.visit) {
                self.trace.visit_mut(visit, |visit| {
                    visit.n_retries += 1;
                    visit.retriers.push(retrier);
                });
            }
            return Ok(Flow::Suspend);
        }
        self.catch(id, state, error)
    }

    /// The retrier that wants another try, and how long to wait before it, in milliseconds; none when there is to be
    /// no other.
    fn next_delay(&mut self, id: FrameId, state: &State, error: &StatesError) -> Option<(usize, i64)> {
        let (idx, retrier) =
            state.retry.iter().enumerate().find(|(_, retrier)| error.is_matched_by(&retrier.error_equals))?;
        let activation = self.activation_mut(id)?;
        activation.retries.resize(state.retry.len(), 0);
        let n_retries = activation.retries.get_mut(idx)?;
        if i64::from(*n_retries) >= retrier.max_attempts {
            return None;
        }
        let delay_ms = delay_ms(retrier, *n_retries);
        *n_retries += 1;
        if !retrier.has_full_jitter {
            return Some((idx, delay_ms));
        }
        // Milliseconds of delays are far below 2^53.
        Some((idx, (self.entropy.next_f64() * delay_ms as f64) as i64))
    }

    pub(super) fn catch(&mut self, id: FrameId, state: &State, error: StatesError) -> Result<Flow, Halt> {
        let catcher =
            state.catch.iter().enumerate().find(|(_, catcher)| error.is_matched_by(&catcher.error_equals));
        let Some((idx, catcher)) = catcher else { return Err(error.into()) };
        let Some((input, visit)) =
            self.activation(id).map(|activation| (activation.input.clone(), activation.visit))
        else {
            return Err(error.into());
        };
        let error_output = error.output();
        let (output, assigned) = match state.query_language {
            QueryLanguage::JsonPath => {
                let output = self.put_result(id, &catcher.result_path, &input, error_output.clone())?;
                (output, self.assign(id, catcher.assign.as_ref(), &error_output, Extra::default())?)
            }
            QueryLanguage::Jsonata => {
                let extra = Extra { error_output: Some(&error_output), ..Extra::default() };
                let output = match &catcher.output {
                    Some(payload) => self.payload(id, payload, &input, extra)?,
                    None => Arc::clone(&error_output),
                };
                (output, self.assign(id, catcher.assign.as_ref(), &input, extra)?)
            }
        };
        self.check_size(id, state, &output)?;
        let Some(transition) = &catcher.next else { return Err(error.into()) };
        let next = target(transition, Field::Next)?;
        self.trace.visit_mut(visit, |visit| {
            visit.status = VisitStatus::Caught(error);
            visit.catcher = Some(idx);
        });
        Ok(Flow::Exit { output, next: Some(next), assigned })
    }
}

/// The wait before a retry, without jitter, in milliseconds.
pub(super) fn delay_ms(retrier: &Retrier, n_retries: u32) -> i64 {
    let rate = retrier.backoff_rate.as_f64().unwrap_or(2.0);
    let seconds = retrier.interval_seconds as f64 * rate.powi(i32::try_from(n_retries).unwrap_or(i32::MAX));
    let longest = retrier.max_delay_seconds.map_or(f64::MAX, |seconds| seconds as f64);
    // A float converts to the nearest integer there is.
    (seconds.min(longest) * 1_000.0) as i64
}
