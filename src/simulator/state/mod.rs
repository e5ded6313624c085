//! What each type of state does.

mod choice;
mod distributed_map;
mod fail;
mod map;
mod parallel;
mod pass;
mod task;
mod task_events;
mod wait;

use serde_json::Value;

pub(super) use self::task::TaskLimits;
pub(super) use self::task_events::TaskEvents;
use super::frame::{Frame, FrameId, Phase};
use super::{Flow, Halt, Json, Simulation, StatesError, Time, event::EventDetails as E};
use crate::model::{State, StateBody};
use crate::spec::StateKind;

impl Simulation {
    /// Runs a state that has just been entered, or again after a failure.
    pub(super) fn run_state(&mut self, id: FrameId, state: &State) -> Result<Flow, Halt> {
        match &state.body {
            StateBody::Task(task) => self.run_task(id, state, task),
            StateBody::Pass { result } => self.run_pass(id, state, result.as_ref()),
            StateBody::Choice { rules, default } => self.run_choice(id, state, rules, default.as_ref()),
            StateBody::Wait(wait) => self.run_wait(id, state, wait),
            StateBody::Succeed => {
                let input = self.effective_input(id, state)?;
                self.pass_on(id, state, &input)
            }
            StateBody::Fail { error, cause } => self.run_fail(id, state, error.as_ref(), cause.as_ref()),
            StateBody::Parallel { branches } => self.run_parallel(id, state, branches),
            StateBody::Map(map) => self.run_map(id, state, map),
            StateBody::Unknown => Ok(Flow::Suspend),
        }
    }

    /// Goes on with a state that waited, or tries it again.
    pub(super) fn resume(&mut self, id: FrameId) -> Result<Flow, Halt> {
        let machine = self.machine.clone();
        let Some(activation) = self.activation(id) else { return Ok(Flow::Suspend) };
        let Some(state) = machine.state(activation.state) else { return Ok(Flow::Suspend) };
        match &activation.phase {
            Phase::Waiting(input) => {
                let input = input.clone();
                self.set_phase(id, Phase::Running);
                self.pass_on(id, state, &input)
            }
            Phase::Task(_) => match self.take_phase(id) {
                Some(Phase::Task(pending)) => self.end_task(id, state, *pending),
                _ => Ok(Flow::Suspend),
            },
            Phase::Execution(_) => self.continue_execution(id, state),
            Phase::Request(_) => self.continue_request(id, state),
            Phase::Running | Phase::Children(_) => self.run_state(id, state),
        }
    }

    /// A branch or iteration has ended with an output.
    pub(super) fn child_ended(&mut self, parent: FrameId, child: &Frame, output: Json) -> Result<Flow, Halt> {
        let machine = self.machine.clone();
        let Some(state) = self.activation(parent).and_then(|activation| machine.state(activation.state))
        else {
            return Ok(Flow::Suspend);
        };
        if is_distributed(state) {
            return self.child_execution_ended(parent, state, child, Ok(output));
        }
        let is_map = state.kind() == Some(StateKind::Map);
        let history = self.history(parent);
        let mut last_event = child.last_event;
        if is_map {
            let details = E::MapIterationSucceeded { name: state.name.clone(), index: child.idx };
            last_event = self.event(history, child.last_event, child.time, details);
        }
        let Some(Phase::Children(children)) =
            self.activation_mut(parent).map(|activation| &mut activation.phase)
        else {
            return Ok(Flow::Suspend);
        };
        if let Some(slot) = children.outputs.get_mut(child.idx) {
            *slot = Some(output);
        }
        children.n_done += 1;
        if child.time >= children.time {
            children.time = child.time;
            children.last_event = last_event;
        }
        if children.n_done < children.outputs.len() {
            if is_map {
                // AWS: an iteration that takes another's place follows the last event within that one.
                self.start_iterations(parent, child.last_event, child.time);
            }
            return Ok(Flow::Children);
        }
        let outputs = std::mem::take(&mut children.outputs);
        let (last_event, time) = (children.last_event, children.time);
        self.set_phase(parent, Phase::Running);
        let details = if is_map { E::MapStateSucceeded } else { E::ParallelStateSucceeded };
        self.event(history, last_event, time, details);
        if let Some(frame) = self.frames.get_mut(&parent) {
            frame.last_event = last_event;
            frame.time = time;
        }
        let unwrap = |output: Option<Json>| output.map_or(Value::Null, |output| Value::clone(&output));
        let result = Json::new(Value::Array(outputs.into_iter().map(unwrap).collect()));
        self.finish(parent, state, result)
    }

    /// A branch or iteration has failed: the others are given up and the state fails with the same error.
    pub(super) fn child_failed(
        &mut self,
        parent: FrameId,
        child: &Frame,
        error: StatesError,
    ) -> Result<Flow, Halt> {
        let machine = self.machine.clone();
        let Some(state) = self.activation(parent).and_then(|activation| machine.state(activation.state))
        else {
            return Ok(Flow::Suspend);
        };
        if is_distributed(state) {
            return self.child_execution_ended(parent, state, child, Err(error));
        }
        let is_map = state.kind() == Some(StateKind::Map);
        let history = self.history(parent);
        if is_map {
            let details = E::MapIterationFailed { name: state.name.clone(), index: child.idx };
            self.event(history, child.last_event, child.time, details);
        } else if let Some(activation) = &child.activation
            && machine.state(activation.state).and_then(State::kind) == Some(StateKind::Task)
        {
            // AWS: the task that failed counts as aborted too (callback/test_sqs_failure_in_wait_for_task_tok…).
            self.event(history, child.last_event, child.time, E::TaskStateAborted);
        }
        self.abort_children(parent, child.last_event, child.time);
        if let Some(frame) = self.frames.get_mut(&parent) {
            frame.last_event = child.last_event;
            frame.time = child.time;
        }
        self.set_phase(parent, Phase::Running);
        let outcome = self.handle_failure(parent, error);
        // AWS: a state that is retried says nothing of its failure; MapStateFailed comes once, at the end.
        let details = if is_map { E::MapStateFailed } else { E::ParallelStateFailed };
        match &outcome {
            Ok(Flow::Exit { .. }) | Err(Halt::Failed(_)) => {
                self.frame_event(parent, details);
            }
            _ => {}
        }
        match outcome {
            Err(Halt::Failed(error)) => {
                self.fail_frame(parent, error);
                Ok(Flow::Suspend)
            }
            outcome => outcome,
        }
    }

    /// Gives up a frame because a sibling failed. All its events follow the one that failed.
    pub(super) fn abort_frame(&mut self, frame: &Frame, last_event: u32, time: Time) {
        let machine = self.machine.clone();
        if let Some(activation) = &frame.activation {
            self.trace.visit_mut(activation.visit, |visit| {
                visit.status = super::VisitStatus::Aborted;
                visit.exited = Some(time);
            });
            if machine.state(activation.state).and_then(State::kind) == Some(StateKind::Task) {
                self.event(frame.history, last_event, time, E::TaskStateAborted);
            }
        }
        let parent = frame.parent.and_then(|parent| self.activation(parent));
        if let Some(state) = parent.and_then(|activation| machine.state(activation.state))
            && state.kind() == Some(StateKind::Map)
        {
            let details = E::MapIterationAborted { name: state.name.clone(), index: frame.idx };
            self.event(frame.history, last_event, time, details);
        }
    }
}

fn is_distributed(state: &State) -> bool {
    matches!(&state.body, StateBody::Map(map) if map.distributed.is_some())
}
