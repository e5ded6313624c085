//! Ends that come from outside of the states: the time is over, or somebody stops the execution.

use super::event::EventDetails as E;
use super::frame::HistoryId;
use super::{Outcome, Simulation, StatesError, Time, VisitId};
use crate::spec::quota;

impl Simulation {
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
        let last_event = self.trace.last_event_id();
        self.trace.now = deadline;
        self.event(HistoryId::MAIN, last_event, deadline, E::ExecutionTimedOut);
        self.trace.outcome = Outcome::TimedOut;
    }

    pub(super) fn stop(&mut self, time: Time) {
        for visit in self.open_visits() {
            self.trace.visit_mut(visit, |visit| {
                visit.status = super::VisitStatus::Aborted;
                visit.exited = Some(time);
            });
        }
        self.trace.now = time;
        // AWS: the event follows none (sfn_api/test_stop_execution).
        self.event(HistoryId::MAIN, 0, time, E::ExecutionAborted);
        self.trace.outcome = Outcome::Aborted;
    }

    fn open_visits(&self) -> Vec<VisitId> {
        self.frames.iter().filter_map(|(_, frame)| Some(frame.activation.as_ref()?.visit)).collect()
    }
}
