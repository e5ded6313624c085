//! Wait: moves virtual time on.

use serde_json::Value;

use crate::model::{Instant, NumberField, State, WaitFor};
use crate::simulator::data_flow::{Extra, Fault};
use crate::simulator::frame::{FrameId, Phase};
use crate::simulator::{Flow, Halt, Simulation, Time};
use crate::spec::{QueryLanguage, quota};
use crate::text::TextRange;

impl Simulation {
    pub(super) fn run_wait(&mut self, id: FrameId, state: &State, wait: &WaitFor) -> Result<Flow, Halt> {
        let input = self.effective_input(id, state)?;
        let Some(now) = self.frames.get(&id).map(|frame| frame.time) else { return Ok(Flow::Suspend) };
        let until = match wait {
            WaitFor::Seconds(seconds) => self.wait_seconds(id, seconds, &input, now)?,
            WaitFor::Until(instant) => self.wait_until(id, state, instant, &input)?,
            WaitFor::Nothing => now,
        };
        let days = until.millis_since(now) / 86_400_000;
        if days >= quota::WAIT_DAYS_MAX {
            return Err(self.runtime_error(id, "Wait state delay is too long."));
        }
        if let Some(frame) = self.frames.get_mut(&id) {
            frame.time = until.max(now);
        }
        self.set_phase(id, Phase::Waiting(input));
        Ok(Flow::Suspend)
    }

    fn wait_seconds(
        &mut self,
        id: FrameId,
        seconds: &NumberField,
        input: &Value,
        now: Time,
    ) -> Result<Time, Halt> {
        let slot = match seconds {
            NumberField::Literal(number) => {
                // Between 0 and 99,999,999, as lowering has checked.
                return Ok(now.plus_seconds(number.as_f64().unwrap_or_default() as i64));
            }
            NumberField::Expr(slot) => slot,
        };
        let path = slot.expr.text();
        let value = match self.evaluate(id, slot, input, Extra::default()) {
            Ok(value) => value,
            Err(Fault::Query(fault)) => return Err(self.query_fault(id, slot, fault)),
            Err(Fault::Eval(error)) => {
                let message = format!("The SecondsPath parameter does not reference an input value: {path}");
                return Err(self.runtime_error_at(id, slot, error.range, &message));
            }
        };
        if matches!(slot.expr, crate::model::Expression::Jsonata(_)) {
            let value = self.expect_type(id, slot, value, "number")?;
            let seconds = value.as_f64().unwrap_or_default();
            if seconds < 0.0 || seconds.fract() != 0.0 {
                let why = format!(
                    "{seconds} seconds: AWS's answer to what is no whole number from 0 up is not known"
                );
                return Err(Halt::Blocked(slot.field.clone(), why));
            }
            return Ok(now.plus_seconds(seconds as i64));
        }
        let whole = TextRange::from_usize(0..path.len());
        let seconds = match &*value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        let shown = match &*value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        match seconds {
            None => {
                let message =
                    format!("The SecondsPath parameter cannot be parsed as a long value: {path} == {shown}");
                Err(self.runtime_error_at(id, slot, whole, &message))
            }
            Some(seconds) if seconds < 0 => {
                let message =
                    format!("The SecondsPath parameter references a negative value: {path} == {shown}");
                Err(self.runtime_error_at(id, slot, whole, &message))
            }
            Some(seconds) => Ok(now.plus_seconds(seconds)),
        }
    }

    fn wait_until(
        &mut self,
        id: FrameId,
        state: &State,
        instant: &Instant,
        input: &Value,
    ) -> Result<Time, Halt> {
        let slot = match instant {
            Instant::Literal(text) => {
                return Ok(crate::expr::parse_timestamp(text).map(Time::from).unwrap_or_default());
            }
            Instant::Expr(slot) => slot,
        };
        let path = slot.expr.text();
        let value = match self.evaluate(id, slot, input, Extra::default()) {
            Ok(value) => value,
            Err(Fault::Query(fault)) => return Err(self.query_fault(id, slot, fault)),
            Err(Fault::Eval(error)) => {
                let message =
                    format!("The TimestampPath parameter does not reference an input value: {path}");
                return Err(self.runtime_error_at(id, slot, error.range, &message));
            }
        };
        let whole = TextRange::from_usize(0..path.len());
        let parsed = value.as_str().and_then(crate::expr::parse_timestamp).map(Time::from);
        if state.query_language == QueryLanguage::Jsonata && parsed.is_none() {
            let value = self.expect_type(id, slot, value, "string")?;
            let shown = value.as_str().unwrap_or_default();
            let message = format!(
                "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {shown}"
            );
            return Err(self.evaluation_failed(id, Some(&slot.field), &message));
        }
        parsed.ok_or_else(|| {
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let message = format!(
                "The TimestampPath parameter does not reference a valid ISO-8601 extended \
                 offset date-time format string: {path} == {shown}"
            );
            self.runtime_error_at(id, slot, whole, &message)
        })
    }
}
