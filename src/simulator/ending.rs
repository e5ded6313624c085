//! How scopes and executions end: with an output or an error, with a sibling, or from outside, when the time is over or
//! somebody stops the execution.

use super::event::EventDetails as E;
use super::frame::{Frame, FrameId, HistoryId};
use super::{Json, Outcome, Simulation, StatesError, Time, VisitId};
use crate::spec::quota;

impl Simulation {
    /// Ends a scope with its output.
    pub(super) fn end_frame(&mut self, id: FrameId, output: Json) {
        let Some(frame) = self.remove_frame(id) else { return };
        match frame.parent {
            None => {
                self.event(
                    frame.history,
                    frame.last_event,
                    frame.time,
                    E::ExecutionSucceeded { output: output.clone() },
                );
                if !self.trace.outcome.is_final() {
                    self.trace.outcome = Outcome::Succeeded { output };
                }
            }
            Some(parent) => {
                let result = self.child_ended(parent, &frame, output);
                self.settle(parent, result);
            }
        }
    }

    /// Ends a scope with an error that nothing in it took.
    pub(super) fn fail_frame(&mut self, id: FrameId, error: StatesError) {
        let Some(frame) = self.remove_frame(id) else { return };
        if let Some(activation) = &frame.activation {
            self.trace.fail_visit(activation.visit, error.clone(), frame.time);
        }
        match frame.parent {
            None => self.fail_execution(frame.last_event, frame.time, error),
            Some(parent) => {
                let result = self.child_failed(parent, &frame, error);
                self.settle(parent, result);
            }
        }
    }

    fn fail_execution(&mut self, last_event: u32, time: Time, error: StatesError) {
        let details = E::ExecutionFailed { error: error.name.clone(), cause: error.cause.clone() };
        self.event(HistoryId::MAIN, last_event, time, details);
        if !self.trace.outcome.is_final() {
            self.trace.outcome = Outcome::Failed { error };
        }
    }

    /// Removes the frames below one, as when a sibling failed.
    pub(super) fn abort_children(&mut self, parent: FrameId, last_event: u32, time: Time) {
        let below: Vec<FrameId> =
            self.frames.iter().map(|(id, _)| id).filter(|id| self.is_below(*id, parent)).collect();
        for id in below {
            let Some(mut frame) = self.remove_frame(id) else { continue };
            self.stop_awaited_by(&mut frame, time);
            self.abort_frame(&frame, last_event, time);
        }
    }

    /// Takes a frame away, and with it the variables of its scope.
    fn remove_frame(&mut self, id: FrameId) -> Option<Frame> {
        let frame = self.frames.remove(&id)?;
        let own = frame.variables.own_bytes();
        if let Some(total) = self.variable_bytes.get_mut(&frame.history).filter(|_| own > 0) {
            *total = total.saturating_sub(own);
        }
        Some(frame)
    }

    /// The bytes of all variables of an execution.
    pub(super) fn variable_bytes(&self, history: HistoryId) -> usize {
        self.variable_bytes.get(&history).copied().unwrap_or_default()
    }

    fn is_below(&self, id: FrameId, ancestor: FrameId) -> bool {
        let parents = std::iter::successors(self.frames.get(&id).and_then(|frame| frame.parent), |id| {
            self.frames.get(id).and_then(|frame| frame.parent)
        });
        parents.into_iter().any(|id| id == ancestor)
    }

    /// Ends the execution if it is over or stopped before this moment. Says whether it is.
    pub(super) fn end_before(&mut self, time: Time) -> bool {
        let deadline = self.deadline();
        match self.scenario.stop_time.filter(|stop| *stop <= deadline) {
            Some(stop) if time >= stop => self.stop(stop),
            _ if time > deadline => self.time_out(deadline),
            _ => return false,
        }
        true
    }

    /// When the execution runs out of time.
    fn deadline(&self) -> Time {
        let seconds = self.machine.timeout_seconds.unwrap_or(i64::MAX);
        let limit = if self.scenario.is_express {
            quota::EXPRESS_EXECUTION_SECONDS_MAX
        } else {
            quota::STANDARD_EXECUTION_SECONDS_MAX
        };
        self.scenario.start_time.plus_seconds(seconds.min(i64::try_from(limit).unwrap_or(i64::MAX)))
    }

    fn time_out(&mut self, deadline: Time) {
        let error = StatesError::timeout();
        for visit in self.open_visits() {
            self.trace.fail_visit(visit, error.clone(), deadline);
        }
        self.stop_awaited(deadline);
        self.trace.now = deadline;
        // AWS: this event follows none, and it alone names the error: the execution has neither error nor cause.
        self.event(HistoryId::MAIN, 0, deadline, E::ExecutionTimedOut);
        self.trace.outcome = Outcome::TimedOut;
    }

    pub(super) fn stop(&mut self, time: Time) {
        for visit in self.open_visits() {
            self.trace.visit_mut(visit, |visit| {
                visit.status = super::VisitStatus::Aborted;
                visit.exited = Some(time);
            });
        }
        self.stop_awaited(time);
        self.trace.now = time;
        // AWS: the event follows none (sfn_api/test_stop_execution).
        self.event(HistoryId::MAIN, 0, time, E::ExecutionAborted);
        self.trace.outcome = Outcome::Aborted;
    }

    fn open_visits(&self) -> Vec<VisitId> {
        self.frames.iter().filter_map(|(_, frame)| Some(frame.activation.as_ref()?.visit)).collect()
    }
}
