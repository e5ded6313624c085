//! What happened in a simulation: events, visits to states, the outcome.

use std::sync::Arc;

use super::clock::Time;
use super::error::StatesError;
use super::event::HistoryEvent;
use super::size::memory;
use super::{Assigned, Json, Names, Objects};
use crate::dynamodb::Database;
use crate::model::{FieldPath, StateId};

/// What has happened in a simulation. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The history.
    pub events: imbl::Vector<HistoryEvent>,
    /// Every time a state was entered, in order.
    pub visits: imbl::Vector<Visit>,
    /// How it ended, or did not.
    pub outcome: Outcome,
    /// The tables as they are.
    pub database: Database,
    /// The virtual time.
    pub now: Time,
    /// The objects that result writers have written.
    pub written: Objects,
    /// The executions that tasks started, as they ended.
    pub executions: imbl::Vector<Arc<NestedExecution>>,
}

/// An execution that a task started.
#[derive(Clone, Debug)]
pub struct NestedExecution {
    /// Its names and those of its state machine.
    pub names: Names,
    /// Its input.
    pub input: Json,
    /// Its history.
    pub events: Arc<[HistoryEvent]>,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a simulation ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It has not ended.
    Running,
    /// `SUCCEEDED`.
    Succeeded {
        /// The execution's output.
        output: Json,
    },
    /// `FAILED`.
    Failed {
        /// Why.
        error: StatesError,
    },
    /// `TIMED_OUT`: the machine's `TimeoutSeconds`, or the longest time an execution may take, are over.
    TimedOut,
    /// `ABORTED`: somebody stopped it.
    Aborted,
    /// It cannot be simulated any further.
    Blocked(Blocked),
}

/// What keeps a simulation from going on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// The state that cannot be run; none for the machine as a whole.
    pub state: Option<StateId>,
    /// The field it is about.
    pub field: FieldPath,
    /// Why, and what can be done.
    pub reason: String,
}

impl Outcome {
    /// Whether nothing more will happen.
    pub fn is_final(&self) -> bool {
        !matches!(self, Outcome::Running)
    }

    /// The status as `DescribeExecution` names it, or `BLOCKED`.
    pub fn status(&self) -> &'static str {
        match self {
            Outcome::Running => "RUNNING",
            Outcome::Succeeded { .. } => "SUCCEEDED",
            Outcome::Failed { .. } => "FAILED",
            Outcome::TimedOut => "TIMED_OUT",
            Outcome::Aborted => "ABORTED",
            Outcome::Blocked(_) => "BLOCKED",
        }
    }

    /// The output of a successful execution.
    pub fn output(&self) -> Option<&Json> {
        match self {
            Outcome::Succeeded { output } => Some(output),
            _ => None,
        }
    }
}

/// The number of a visit: its index in [`Trace::visits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VisitId(pub u32);

/// One visit to a state.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The state.
    pub state: StateId,
    /// How it went.
    pub status: VisitStatus,
    /// Its data on the way.
    pub stages: Stages,
    /// Where it went.
    pub next: Option<StateId>,
    /// The variables it set.
    pub assigned: Assigned,
    /// How often it was retried.
    pub n_retries: u32,
    /// The retriers that had it retried, by their indices, one for each retry.
    pub retriers: Vec<usize>,
    /// The catcher that took its error: its index.
    pub catcher: Option<usize>,
    /// The rule of a Choice that held: its index; none for `Default`.
    pub rule: Option<usize>,
    /// The event of its entry.
    pub entered_event: u32,
    /// When it was entered.
    pub entered: Time,
    /// When it was left.
    pub exited: Option<Time>,
    /// The tables before and after, where it could change them.
    pub tables: Option<Box<TableChange>>,
}

/// The tables before and after a task.
#[derive(Clone, Debug)]
pub struct TableChange {
    /// Before.
    pub before: Database,
    /// After.
    pub after: Database,
}

/// How a visit went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VisitStatus {
    /// It has not ended.
    Running,
    /// It ended with an output.
    Succeeded,
    /// It failed, and a catcher took the error.
    Caught(StatesError),
    /// It failed.
    Failed(StatesError),
    /// It was given up because another branch or iteration failed.
    Aborted,
    /// It cannot be simulated.
    Blocked,
}

/// The data of a state on its way, in the words of AWS's `TestState`.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "AWS's names for the stages")]
pub struct Stages {
    pub input: Json,
    pub after_input_path: Option<Json>,
    pub after_parameters: Option<Json>,
    pub after_arguments: Option<Json>,
    pub after_items_path: Option<Json>,
    pub result: Option<Json>,
    pub after_result_selector: Option<Json>,
    pub after_result_path: Option<Json>,
    pub output: Option<Json>,
}

impl Stages {
    /// The stages that the data came through, in their order, named as AWS's `TestState` names them.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &Json)> {
        let stages = [
            ("input", Some(&self.input)),
            ("afterInputPath", self.after_input_path.as_ref()),
            ("afterParameters", self.after_parameters.as_ref()),
            ("afterArguments", self.after_arguments.as_ref()),
            ("afterItemsPath", self.after_items_path.as_ref()),
            ("result", self.result.as_ref()),
            ("afterResultSelector", self.after_result_selector.as_ref()),
            ("afterResultPath", self.after_result_path.as_ref()),
            ("output", self.output.as_ref()),
        ];
        stages.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }
}

impl Trace {
    pub(super) fn new(database: Database) -> Self {
        Self {
            events: imbl::Vector::new(),
            visits: imbl::Vector::new(),
            outcome: Outcome::Running,
            database,
            now: Time::default(),
            written: Objects::default(),
            executions: imbl::Vector::new(),
        }
    }

    /// The visits to a state, in order.
    pub fn visits_to(&self, state: StateId) -> impl Iterator<Item = &Visit> {
        self.visits.iter().filter(move |visit| visit.state == state)
    }

    pub(super) fn last_event_id(&self) -> u32 {
        self.events.last().map_or(0, |event| event.id)
    }

    pub(super) fn push_event(&mut self, event: HistoryEvent) {
        self.events.push_back(event);
    }

    pub(super) fn begin_visit(&mut self, state: StateId, input: Json, time: Time) -> VisitId {
        let id = VisitId(u32::try_from(self.visits.len()).unwrap_or(u32::MAX));
        self.visits.push_back(Visit {
            state,
            status: VisitStatus::Running,
            stages: Stages { input, ..Stages::default() },
            next: None,
            assigned: None,
            n_retries: 0,
            retriers: Vec::new(),
            catcher: None,
            rule: None,
            entered_event: 0,
            entered: time,
            exited: None,
            tables: None,
        });
        id
    }

    pub(super) fn visit_mut(&mut self, id: VisitId, write: impl FnOnce(&mut Visit)) {
        if let Some(visit) = self.visits.get_mut(id.0 as usize) {
            write(visit);
        }
    }

    pub(super) fn end_visit(
        &mut self,
        id: VisitId,
        output: Json,
        assigned: Assigned,
        next: Option<StateId>,
        time: Time,
    ) {
        self.visit_mut(id, |visit| {
            if visit.status == VisitStatus::Running {
                visit.status = VisitStatus::Succeeded;
            }
            visit.stages.output = Some(output);
            visit.assigned = assigned;
            visit.next = next;
            visit.exited = Some(time);
        });
    }

    /// The bytes that a visit keeps beside its input, about.
    pub(super) fn new_bytes(&self, id: VisitId) -> usize {
        let Some(visit) = self.visits.get(id.0 as usize) else { return 0 };
        let mut total = 0_usize;
        let mut last = &visit.stages.input;
        // A stage that changes nothing shares the value of the one before.
        for (_, value) in visit.stages.named() {
            if !Arc::ptr_eq(last, value) && !Arc::ptr_eq(&visit.stages.input, value) {
                total = total.saturating_add(memory(value));
            }
            last = value;
        }
        total
    }

    pub(super) fn fail_visit(&mut self, id: VisitId, error: StatesError, time: Time) {
        self.visit_mut(id, |visit| {
            visit.status = VisitStatus::Failed(error);
            visit.exited = Some(time);
        });
    }

    pub(super) fn block_visits(&mut self, state: StateId) {
        let open = self
            .visits
            .iter()
            .rposition(|visit| visit.state == state && visit.status == VisitStatus::Running);
        if let Some(visit) = open.and_then(|idx| self.visits.get_mut(idx)) {
            visit.status = VisitStatus::Blocked;
        }
    }
}
