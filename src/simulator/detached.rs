//! Executions that were started and that nobody waits for, in the order in which something happens in them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::{Simulation, Time};

/// When something happens next in an execution, or none if it has ended; then its number, which is the order of starts.
type Due = (Option<Time>, u32);

/// The executions. Finding the next one does not depend on how many there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Detached {
    queue: BTreeMap<Due, Simulation>,
    /// Where each is in the queue, by the ARN of the execution.
    places: BTreeMap<Arc<str>, Due>,
    n_pushed: u32,
}

impl Detached {
    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// When something happens next in any of them: at once, if one has ended.
    pub(super) fn due_time(&self) -> Option<Option<Time>> {
        self.queue.first_key_value().map(|(&(time, _), _)| time)
    }

    /// Adds an execution that has just been started.
    pub(super) fn push(&mut self, simulation: Simulation) {
        self.n_pushed += 1;
        self.put_back(self.n_pushed, simulation);
    }

    /// Takes out the execution in which something happens next, with its number.
    pub(super) fn pop_due(&mut self) -> Option<(u32, Simulation)> {
        let ((_, number), simulation) = self.queue.pop_first()?;
        self.places.remove(&simulation.scenario.names.execution_arn);
        Some((number, simulation))
    }

    /// Puts an execution back that was taken out.
    pub(super) fn put_back(&mut self, number: u32, mut simulation: Simulation) {
        let due = (simulation.due_time(), number);
        self.places.insert(simulation.scenario.names.execution_arn.clone(), due);
        self.queue.insert(due, simulation);
    }

    /// Takes out the execution of an ARN, if it has this input.
    pub(super) fn remove(&mut self, arn: &str, input: &Value) -> Option<Simulation> {
        let due = self.places.get(arn).copied()?;
        self.queue.get(&due).filter(|it| *it.scenario.input == *input)?;
        self.places.remove(arn);
        self.queue.remove(&due)
    }

    /// Gives all up.
    pub(super) fn clear(&mut self) {
        self.queue.clear();
        self.places.clear();
    }
}
