//! A simulation that was run, and the way from its states to those of a document that may have changed since.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Fingerprint, StateBody, StateId, StateMachine};
use crate::simulator::{Outcome, Trace, Visit, VisitStatus};
use crate::spec::Resource;

/// A simulation of one version of a machine.
#[derive(Clone, Debug)]
pub struct Run {
    /// The machine that was run. Its ids are the trace's.
    pub machine: Arc<StateMachine>,
    /// The machine's fingerprint: the run is true of every document with the same one.
    pub fingerprint: Fingerprint,
    /// What happened.
    pub trace: Trace,
    /// Which step of it this is, where it is not all of it.
    pub step: Option<RunStep>,
    /// The address of the tables, where they are elsewhere.
    pub tables_at: Option<Arc<str>>,
}

/// A step of a simulation that went further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunStep {
    /// Its number, from 1.
    pub number: usize,
    /// How many there are.
    pub n_steps: usize,
}

/// What happened in a state.
#[derive(Clone, Copy, Debug)]
pub(super) struct StateRun<'a> {
    /// The last visit.
    pub(super) visit: &'a Visit,
    /// How many visits there were.
    pub(super) n_visits: usize,
}

/// A run seen from a document.
#[derive(Debug)]
pub(super) struct Projection<'a> {
    /// Whether the document still means what was run.
    pub(super) is_current: bool,
    /// The run.
    pub(super) run: &'a Run,
    /// By state of the run's machine.
    states: BTreeMap<StateId, StateRun<'a>>,
    /// From the document's states to the run's, where those are others.
    ids: BTreeMap<StateId, StateId>,
}

impl Run {
    /// A run of a machine.
    pub fn new(machine: Arc<StateMachine>, trace: Trace) -> Self {
        Self { fingerprint: machine.fingerprint(), machine, trace, step: None, tables_at: None }
    }

    /// The run as one whose tables are elsewhere.
    #[must_use]
    pub fn with_tables_at(self, address: Option<Arc<str>>) -> Self {
        Self { tables_at: address, ..self }
    }

    /// Whether anything went wrong in it; if not, there are no findings about it, whatever document it is of.
    pub fn went_wrong(&self) -> bool {
        let has_failed = |visit: &Visit| matches!(visit.status, VisitStatus::Failed(_));
        matches!(self.trace.outcome, Outcome::Blocked(_) | Outcome::Failed { .. })
            || self.trace.visits.iter().any(has_failed)
    }

    /// The run as one up to a step.
    #[must_use]
    pub fn at_step(self, step: RunStep) -> Self {
        Self { step: Some(step), ..self }
    }

    /// The run as seen from another version of the machine.
    ///
    /// While a new run is under way the values of states that did not change remain true enough to be shown, those
    /// of all others are hidden.
    pub(super) fn project(&self, machine: &StateMachine, fingerprint: Fingerprint) -> Projection<'_> {
        let mut states: BTreeMap<StateId, StateRun<'_>> = BTreeMap::new();
        for visit in &self.trace.visits {
            let entry = states.entry(visit.state).or_insert(StateRun { visit, n_visits: 0 });
            *entry = StateRun { visit, n_visits: entry.n_visits + 1 };
        }
        let is_current = self.fingerprint == fingerprint;
        let ids = if is_current { BTreeMap::new() } else { self.unchanged(machine) };
        Projection { is_current, run: self, states, ids }
    }

    fn unchanged(&self, machine: &StateMachine) -> BTreeMap<StateId, StateId> {
        let known: BTreeMap<_, _> =
            self.machine.all_states().map(|(id, _)| (self.machine.path_of(id), id)).collect();
        let same = |id: StateId| {
            let old = *known.get(&machine.path_of(id))?;
            (self.machine.state_fingerprint(old) == machine.state_fingerprint(id)).then_some((id, old))
        };
        machine.all_states().filter_map(|(id, _)| same(id)).collect()
    }
}

/// Whether a state is a task that asks DynamoDB.
pub(super) fn asks_tables(machine: &StateMachine, id: StateId) -> bool {
    let body = machine.state(id).map(|state| &state.body);
    let Some(StateBody::Task(task)) = body else { return false };
    Resource::parse(&task.resource).is_some_and(|resource| resource.is_dynamodb())
}

impl<'a> Projection<'a> {
    /// What happened in a state of the document; none when it was not visited, or has changed since.
    pub(super) fn state(&self, id: StateId) -> Option<StateRun<'a>> {
        let id = if self.is_current { id } else { *self.ids.get(&id)? };
        self.states.get(&id).copied()
    }
}
