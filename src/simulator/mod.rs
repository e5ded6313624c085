//! Executes state machines: one step at a time, on virtual time, against an in-memory DynamoDB.
//!
//! A [`Simulation`] is a value. It advances when [`Simulation::step`] is called and at no other time, can be cloned
//! at any step for little, and gives the same bytes for the same machine and [`Scenario`]. It knows nothing of
//! documents: places are [`StateId`]s and [`FieldPath`]s, and whoever has a source map finds them in the text.
//!
//! What is deliberately absent: real time, threads, input and output, recursion over states. Frames form an explicit
//! stack (a tree, where branches run side by side); pausing means not calling `step`.
//!
//! What AWS does is judged by recordings of AWS: a comment "AWS:" names what was recorded.

mod clock;
mod context;
mod data_flow;
mod detached;
mod effort;
mod ending;
mod error;
mod event;
mod exchange;
mod frame;
mod inspect;
mod integration;
mod item_reader;
mod mocks;
mod nested;
mod objects;
mod report;
mod result_writer;
mod retry;
mod scenario;
mod size;
mod state;
mod test_state;
mod trace;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

pub use clock::Time;
pub use error::{ErrorPlace, StatesError};
pub use event::{EventDetails, HistoryEvent, TaskRef};
pub use exchange::{RemoteAnswer, RemoteRequest};
pub use inspect::{FrameNumber, FrameView, Situation};
pub use integration::{is_simulated, without_metadata};
pub use mocks::{MockConfigError, MockReply, MockedCall, Mocks};
pub use nested::NestedMachine;
pub use objects::Objects;
pub use report::{history_json, report_json};
pub use scenario::{Names, Scenario};
pub use test_state::{
    ErrorDetails, FieldValidationMode, Inspection, InspectionLevel, LONE_STATE_NAME, Mock, MockError,
    Refusal, StateConfiguration, TestStateAnswer, TestStateFormatError, TestStateRequest, TestStatus,
    machine_around_state, test_state,
};
pub use trace::{Blocked, NestedExecution, Outcome, Stages, TableChange, Trace, Visit, VisitId, VisitStatus};

use self::detached::Detached;
use self::effort::Effort;
use self::event::EventDetails as E;
use self::exchange::Exchange;
use self::frame::{Activation, Frame, FrameId, Frames, HistoryId, Phase};
use crate::expr::SeededEntropy;
use crate::model::{FieldPath, ScopeId, State, StateId, StateMachine};
use crate::spec::quota;

/// A payload. Shared, never changed.
pub type Json = Arc<Value>;

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It went on; there is more to do.
    Advanced,
    /// It waits for an answer from outside: see [`Simulation::pending_request`]. Only where the scenario says that the
    /// tables are remote.
    Awaiting,
    /// The execution has ended, or cannot go on.
    Finished,
}

/// How much may be done before control returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Steps.
    pub n_steps: u64,
}

impl Budget {
    /// So many steps.
    pub const fn steps(n_steps: u64) -> Self {
        Self { n_steps }
    }
}

/// An execution in progress.
///
/// # Example
///
/// ```
/// use std::sync::Arc;
/// use asl_lsp::{model, simulator::{Budget, Scenario, Simulation}, syntax, text::SourceText};
///
/// let text = r#"{"StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "Result": 1, "End": true}}}"#;
/// let machine = model::lower(&syntax::parse_json(SourceText::new(text), 64)).machine;
/// let mut simulation = Simulation::new(machine, Arc::new(Scenario::default()));
/// simulation.run(Budget::steps(100));
/// assert_eq!(simulation.trace().outcome.output().unwrap().to_string(), "1");
/// ```
#[derive(Clone, Debug)]
pub struct Simulation {
    machine: Arc<StateMachine>,
    scenario: Arc<Scenario>,
    /// Running scopes; a slot is emptied when its scope has ended, and never used again.
    frames: Frames,
    next_frame: u32,
    entropy: SeededEntropy,
    /// By history of a child execution of a distributed Map: its events so far, which nobody sees.
    child_events: BTreeMap<HistoryId, u32>,
    /// By execution: the bytes of its variables, where it has any.
    variable_bytes: BTreeMap<HistoryId, usize>,
    /// Bytes of the payloads and items that the trace keeps, about.
    n_kept_bytes: usize,
    /// What item readers read and result writers have written.
    objects: Objects,
    /// Executions that were started and that nobody waits for.
    detached: Detached,
    /// The ARNs of the executions that were started here and in those that were started here.
    started_arns: BTreeSet<Arc<str>>,
    /// Executions that were started here and in those that were started here.
    n_started: usize,
    /// Events of the executions that were started here and have ended.
    n_nested_events: usize,
    /// How often each state's mock has answered.
    mock_calls: BTreeMap<StateId, u32>,
    /// What the expressions of the step have taken.
    effort: Effort,
    /// What is asked outside.
    exchange: Exchange,
    trace: Trace,
}

/// What running a part of a state came to.
#[derive(Debug)]
enum Flow {
    /// The state is done with this output; `None` ends the scope.
    Exit { output: Json, next: Option<StateId>, assigned: Assigned },
    /// The state waits: the frame's time and phase are set.
    Suspend,
    /// Other frames have to end first.
    Children,
}

/// Variables that a state sets, with their values.
pub type Assigned = Option<Arc<[(Arc<str>, Json)]>>;

/// Why a state did not come to an end.
#[derive(Debug)]
enum Halt {
    /// An error, which a retrier or catcher may take.
    Failed(StatesError),
    /// Something that cannot be simulated.
    Blocked(FieldPath, String),
}

impl From<StatesError> for Halt {
    fn from(error: StatesError) -> Self {
        Halt::Failed(error)
    }
}

impl Simulation {
    /// An execution that has not begun.
    pub fn new(machine: Arc<StateMachine>, scenario: Arc<Scenario>) -> Self {
        let entropy = SeededEntropy::new(scenario.seed);
        let trace = Trace::new(scenario.database.clone());
        let mut simulation = Self {
            machine,
            scenario: scenario.clone(),
            frames: Frames::default(),
            next_frame: 0,
            entropy,
            detached: Detached::default(),
            started_arns: BTreeSet::new(),
            n_started: 0,
            n_nested_events: 0,
            mock_calls: BTreeMap::new(),
            effort: Effort::default(),
            exchange: Exchange::Idle,
            child_events: BTreeMap::new(),
            variable_bytes: BTreeMap::new(),
            n_kept_bytes: 0,
            objects: scenario.objects.clone(),
            trace,
        };
        simulation.start();
        simulation
    }

    /// The machine that is executed.
    pub fn machine(&self) -> &Arc<StateMachine> {
        &self.machine
    }

    /// What it is executed with.
    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }

    /// What has happened so far.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// What has happened, without a copy.
    pub fn into_trace(self) -> Trace {
        self.trace
    }

    /// Runs until the end, until something is asked outside, or until the budget is used up.
    pub fn run(&mut self, budget: Budget) -> Step {
        for _ in 0..budget.n_steps {
            match self.step() {
                Step::Advanced => {}
                step @ (Step::Awaiting | Step::Finished) => return step,
            }
        }
        self.standing()
    }

    /// How it stands between two steps.
    fn standing(&self) -> Step {
        match self.exchange {
            _ if self.is_finished() => Step::Finished,
            Exchange::Asked(_) => Step::Awaiting,
            Exchange::Idle | Exchange::Answered(_) => Step::Advanced,
        }
    }

    /// Does the next thing: enters a state, tries a task again, ends a wait, or ends a branch.
    pub fn step(&mut self) -> Step {
        self.effort = Effort::default();
        if self.pending_request().is_some() || self.step_detached() {
            return self.standing();
        }
        if self.trace.outcome.is_final() {
            return Step::Finished;
        }
        let Some(id) = self.frames.due() else {
            self.block(None, FieldPath::root(), "No state is left to run".to_owned());
            return Step::Finished;
        };
        if let Some(frame) = self.frames.get(&id) {
            let time = frame.time;
            self.trace.now = self.trace.now.max(time);
            if self.end_before(time) {
                return self.standing();
            }
        }
        self.advance(id);
        self.standing()
    }

    fn start(&mut self) {
        let input = self.scenario.input.clone();
        self.trace.now = self.scenario.start_time;
        let role_arn = self.scenario.names.role_arn.clone();
        let started = E::ExecutionStarted { input: input.clone(), role_arn };
        self.event(HistoryId::MAIN, 0, self.scenario.start_time, started);
        if let Some(problem) = self.machine.problems.first().cloned() {
            return self.block(None, problem.field, problem.message.to_string());
        }
        self.push_frame(None, 0, ScopeId::ROOT, input, 0, self.scenario.start_time);
    }

    /// Adds a frame for a scope, at its first state.
    fn push_frame(
        &mut self,
        parent: Option<FrameId>,
        idx: usize,
        scope: ScopeId,
        input: Json,
        last_event: u32,
        time: Time,
    ) -> FrameId {
        let id = FrameId(self.next_frame);
        self.next_frame += 1;
        let start = self.machine.scope(scope).and_then(|scope| scope.start_at.as_ref());
        let target = start.and_then(|start| start.target);
        let variables =
            parent.and_then(|parent| self.frames.get(&parent)).map(|parent| parent.variables.nested());
        let outer = parent.and_then(|parent| self.frames.get(&parent));
        let map_item = outer.and_then(|outer| outer.map_item.clone());
        let history = outer.map_or(HistoryId::MAIN, |outer| outer.history);
        let child_execution = outer.and_then(|outer| outer.child_execution.clone());
        let frame = Frame {
            parent,
            idx,
            next: target,
            activation: None,
            input,
            variables: variables.unwrap_or_default(),
            time,
            last_event,
            history,
            child_execution,
            map_item,
        };
        self.frames.insert(id, frame);
        if target.is_none() {
            let owner = self.machine.scope(scope).and_then(|scope| scope.owner);
            let reason = match start {
                Some(start) => format!("StartAt names no state: {}", start.name),
                None => "There is no StartAt".to_owned(),
            };
            self.block(owner, FieldPath::root(), reason);
        }
        id
    }

    fn advance(&mut self, id: FrameId) {
        let Some(frame) = self.frames.get(&id) else { return };
        let result = match (&frame.activation, frame.next) {
            (None, Some(state)) => self.enter(id, state),
            (Some(_), _) => self.resume(id),
            (None, None) => return self.block(None, FieldPath::root(), "No state is left to run".to_owned()),
        };
        self.settle(id, result);
    }

    /// Acts on what a state came to.
    fn settle(&mut self, id: FrameId, mut result: Result<Flow, Halt>) {
        if let Err(Halt::Failed(error)) = result {
            result = self.handle_failure(id, error);
        }
        match result {
            Ok(Flow::Suspend | Flow::Children) => {}
            Ok(Flow::Exit { output, next, assigned }) => self.exit(id, output, next, assigned),
            Err(Halt::Failed(error)) => self.fail_frame(id, error),
            Err(Halt::Blocked(field, reason)) => {
                let state = self.frames.get(&id).and_then(|frame| frame.activation.as_ref()).map(|a| a.state);
                self.block(state, field, reason);
            }
        }
    }

    fn enter(&mut self, id: FrameId, state_id: StateId) -> Result<Flow, Halt> {
        let machine = self.machine.clone();
        let Some(state) = machine.state(state_id) else { return Ok(Flow::Suspend) };
        self.begin(id, state_id, state)?;
        if self.trace.outcome.is_final() {
            return Ok(Flow::Suspend);
        }
        self.run_state(id, state)
    }

    /// Begins the visit to a state, without running it.
    fn begin(&mut self, id: FrameId, state_id: StateId, state: &State) -> Result<(), Halt> {
        let Some(frame) = self.frames.get(&id) else { return Ok(()) };
        let (input, time, last_event, history) =
            (frame.input.clone(), frame.time, frame.last_event, frame.history);
        let visit = self.trace.begin_visit(state_id, input.clone(), time);
        let activation = Activation::new(state_id, visit, input.clone(), time);
        if let Some(frame) = self.frames.get_mut(&id) {
            frame.activation = Some(activation);
        }
        if let Some(problem) = state.problems.first() {
            return Err(Halt::Blocked(problem.field.clone(), problem.message.to_string()));
        }
        let Some(kind) = state.kind() else {
            return Err(Halt::Blocked(FieldPath::root(), "The state has no type that is known".to_owned()));
        };
        let entered =
            self.event(history, last_event, time, E::StateEntered { kind, name: state.name.clone(), input });
        if self.trace.outcome.is_final() {
            return Ok(());
        }
        if let Some(frame) = self.frames.get_mut(&id) {
            frame.last_event = entered;
            if let Some(activation) = &mut frame.activation {
                activation.entered_event = entered;
            }
        }
        self.trace.visit_mut(visit, |visit| visit.entered_event = entered);
        Ok(())
    }

    /// Ends a state and goes to the next, or ends the scope.
    fn exit(&mut self, id: FrameId, output: Json, next: Option<StateId>, assigned: Assigned) {
        let Some(frame) = self.frames.get_mut(&id) else { return };
        let Some(activation) = frame.activation.take() else { return };
        let (time, last_event, history) = (frame.time, frame.last_event, frame.history);
        if let Some(assigned) = &assigned {
            let before = frame.variables.own_bytes();
            frame.variables.assign(assigned);
            let after = frame.variables.own_bytes();
            let total = self.variable_bytes.entry(history).or_default();
            *total = total.saturating_sub(before).saturating_add(after);
        }
        let Some(frame) = self.frames.get_mut(&id) else { return };
        frame.input = output.clone();
        frame.next = next;
        let machine = self.machine.clone();
        let Some(state) = machine.state(activation.state) else { return };
        self.trace.end_visit(activation.visit, output.clone(), assigned.clone(), next, time);
        let n_bytes = self.trace.new_bytes(activation.visit);
        self.keep(n_bytes, Some(activation.state));
        if let Some(kind) = state.kind() {
            let name = state.name.clone();
            let exited = self.event(
                history,
                last_event,
                time,
                E::StateExited { kind, name, output: output.clone(), assigned },
            );
            if let Some(frame) = self.frames.get_mut(&id) {
                frame.last_event = exited;
            }
        }
        if next.is_none() && !self.trace.outcome.is_final() {
            self.end_frame(id, output);
        }
    }

    /// Counts what the trace keeps from now on. The simulation does not go on when that is too much.
    fn keep(&mut self, n_bytes: usize, state: Option<StateId>) {
        self.n_kept_bytes = self.n_kept_bytes.saturating_add(n_bytes);
        if self.n_kept_bytes > quota::SIMULATION_BYTES_MAX && !self.trace.outcome.is_final() {
            let limit = quota::SIMULATION_BYTES_MAX / 1_048_576;
            let reason = format!("The simulation keeps more than {limit} MiB of payloads and items");
            self.block(state, FieldPath::root(), reason);
        }
    }

    fn block(&mut self, state: Option<StateId>, field: FieldPath, reason: String) {
        if let Some(state) = state {
            self.trace.block_visits(state);
        }
        self.trace.outcome = Outcome::Blocked(Blocked { state, field, reason });
    }

    /// Writes an event and returns its id. At the limit the execution fails instead.
    fn event(&mut self, history: HistoryId, previous: u32, time: Time, details: EventDetails) -> u32 {
        if self.trace.outcome.is_final() {
            return self.trace.last_event_id();
        }
        if history != HistoryId::MAIN {
            // The events of a child execution are only counted: its errors name them by number.
            let n_events = self.child_events.entry(history).or_default();
            *n_events += 1;
            return *n_events;
        }
        let id = self.trace.last_event_id() + 1;
        let is_last = matches!(
            details,
            E::ExecutionFailed { .. }
                | E::ExecutionSucceeded { .. }
                | E::ExecutionTimedOut
                | E::ExecutionAborted
        );
        if id as usize >= quota::HISTORY_EVENTS_MAX && !is_last && !self.scenario.is_express {
            let error = StatesError::history_full();
            let details = E::ExecutionFailed { error: error.name.clone(), cause: error.cause.clone() };
            self.trace.push_event(HistoryEvent { id, previous: self.trace.last_event_id(), time, details });
            self.trace.outcome = Outcome::Failed { error };
            return id;
        }
        self.trace.push_event(HistoryEvent { id, previous, time, details });
        id
    }

    /// Writes an event of the state that a frame runs, chained to the frame's last one.
    fn frame_event(&mut self, id: FrameId, details: EventDetails) -> u32 {
        let Some(frame) = self.frames.get(&id) else { return 0 };
        let event = self.event(frame.history, frame.last_event, frame.time, details);
        if let Some(frame) = self.frames.get_mut(&id) {
            frame.last_event = event;
        }
        event
    }

    /// The history that a frame's events are written to.
    fn history(&self, id: FrameId) -> HistoryId {
        self.frames.get(&id).map_or(HistoryId::MAIN, |frame| frame.history)
    }

    fn activation(&self, id: FrameId) -> Option<&Activation> {
        self.frames.get(&id)?.activation.as_ref()
    }

    fn activation_mut(&mut self, id: FrameId) -> Option<&mut Activation> {
        self.frames.get_mut(&id)?.activation.as_mut()
    }

    /// Notes a stage of the data of the state that a frame runs.
    fn note(&mut self, id: FrameId, write: impl FnOnce(&mut Stages)) {
        if let Some(visit) = self.activation(id).map(|activation| activation.visit) {
            self.trace.visit_mut(visit, |visit| write(&mut visit.stages));
        }
    }

    /// The phase of the state that a frame runs, which is then merely running.
    fn take_phase(&mut self, id: FrameId) -> Option<Phase> {
        Some(std::mem::replace(&mut self.activation_mut(id)?.phase, Phase::Running))
    }

    fn set_phase(&mut self, id: FrameId, phase: Phase) {
        if let Some(activation) = self.activation_mut(id) {
            activation.phase = phase;
        }
    }
}
