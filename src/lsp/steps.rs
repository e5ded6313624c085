//! Simulations as they are kept, and going back and forth in them.
//!
//! A simulation does the same steps every time, so that an earlier step is shown by running up to it again. Nothing of
//! what lies between is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::dynamodb::Database;
use crate::ide::{Run, RunStep};
use crate::model::StateMachine;
use crate::simulator::{RemoteAnswer, RemoteRequest, Scenario, Simulation, Step};

/// A simulation that has come to its end, or as far as its time went. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Ran {
    pub(super) run: Arc<Run>,
    /// How many steps it took.
    pub(super) n_steps: usize,
    /// The tables before.
    pub(super) before: Database,
    /// What tables elsewhere answered, in the order in which they were asked, for who runs it again.
    pub(super) answers: Arc<[RemoteAnswer]>,
}

/// A step of a simulation. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct View {
    /// What has happened up to it.
    pub(super) run: Arc<Run>,
    /// Its number, from 1.
    pub(super) step: usize,
    /// The tables before it.
    pub(super) before: Database,
}

/// How far to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// To the end.
    End,
    /// Up to the step of this number.
    Step(usize),
    /// Up to the step that records this event.
    Event(u32),
}

/// Where running came to.
pub(super) struct Stand {
    simulation: Simulation,
    n_steps: usize,
    /// The tables before the last step.
    before_last: Database,
    /// The tables before the first.
    before_first: Database,
    answers: Vec<RemoteAnswer>,
}

/// Runs a machine as far as the goal, to its end, or until the time is over. None when it was cancelled. `ask` is for the
/// tables of scenarios whose tables are elsewhere.
pub(super) fn run_to(
    machine: Arc<StateMachine>,
    scenario: Scenario,
    goal: Goal,
    cancel: &AtomicBool,
    time_max: Duration,
    ask: &mut dyn FnMut(&RemoteRequest) -> RemoteAnswer,
) -> Option<Stand> {
    let start = Instant::now();
    let before = scenario.database.clone();
    let mut simulation = Simulation::new(machine, Arc::new(scenario));
    let (mut n_steps, mut before_last, mut answers) = (0, before.clone(), Vec::new());
    loop {
        let is_there = match goal {
            Goal::End => false,
            Goal::Step(step) => n_steps >= step,
            Goal::Event(id) => n_steps > 0 && simulation.trace().events.last().is_some_and(|it| it.id >= id),
        };
        if is_there || simulation.trace().outcome.is_final() {
            break;
        }
        if goal != Goal::End {
            before_last = simulation.trace().database.clone();
        }
        n_steps += 1;
        match (simulation.step(), simulation.pending_request().cloned()) {
            (Step::Awaiting, Some(request)) => {
                let answer = ask(&request);
                answers.push(answer.clone());
                simulation.answer(answer);
            }
            (Step::Advanced, _) => {}
            (Step::Awaiting | Step::Finished, _) => break,
        }
        // After each step: one may take a microsecond or, where an expression or an answer from elsewhere is slow, seconds.
        if cancel.load(Ordering::Relaxed) {
            return None;
        }
        if start.elapsed() > time_max {
            break;
        }
    }
    Some(Stand { simulation, n_steps, before_last, before_first: before, answers })
}

impl Stand {
    /// As the end of a simulation, whose tables are at an address if they are elsewhere.
    pub(super) fn into_ran(self, tables_at: Option<Arc<str>>) -> Ran {
        let machine = Arc::clone(self.simulation.machine());
        let run = Run::new(machine, self.simulation.into_trace()).with_tables_at(tables_at);
        let answers = self.answers.into();
        Ran { run: Arc::new(run), n_steps: self.n_steps, before: self.before_first, answers }
    }

    /// As a step of a simulation.
    pub(super) fn into_view(self, whole: &Ran) -> View {
        let machine = Arc::clone(self.simulation.machine());
        let step = RunStep { number: self.n_steps, n_steps: whole.n_steps };
        let run = Run::new(machine, self.simulation.into_trace()).at_step(step);
        let run = run.with_tables_at(whole.run.tables_at.clone());
        View { run: Arc::new(run), step: self.n_steps, before: self.before_last }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lower;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    /// How many steps a machine takes that ends after three, and whether it has ended.
    fn run(cancel: bool, time_max: Duration) -> Option<(usize, bool)> {
        let text = r#"{"StartAt": "A", "States": {
            "A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "End": true}}}"#;
        let machine = lower(&parse_json(SourceText::new(text), 64)).machine;
        let (cancel, mut ask) =
            (AtomicBool::new(cancel), |_: &RemoteRequest| RemoteAnswer::Unavailable(String::new()));
        let stand = run_to(machine, Scenario::default(), Goal::End, &cancel, time_max, &mut ask)?;
        Some((stand.n_steps, stand.simulation.trace().outcome.is_final()))
    }

    #[test]
    fn time_ends_a_run_between_two_steps() {
        assert_eq!(run(false, Duration::MAX), Some((3, true)));
        assert_eq!(run(false, Duration::ZERO), Some((1, false)));
    }

    #[test]
    fn a_run_is_given_up_between_two_steps() {
        assert_eq!(run(true, Duration::MAX), None);
    }
}
