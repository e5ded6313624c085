//! A simulation that can be moved back and forth.
//!
//! Going back is running again: a simulation gives the same steps every time, so some of its states are kept, and
//! what lies between is run anew. What somebody changed by hand is kept with the step at which it was, and changed
//! again on the way.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::simulator::{FrameNumber, Json, Simulation, Situation, Step, VisitId};

/// States of the simulation that are kept at most.
const CHECKPOINTS_MAX: usize = 128;
/// Running scopes in all of them together: what a copy costs.
const CHECKPOINT_FRAMES_MAX: usize = 100_000;
/// Steps between two of them, at first.
const INTERVAL_STEPS: u64 = 16;

/// What somebody changed by hand.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// The input of the state that a frame is about to enter.
    Input(FrameNumber, Json),
    /// A variable in a frame.
    Variable(FrameNumber, Arc<str>, Json),
}

/// What the step from a position did.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move {
    /// The frame that went on; none where nothing of this execution did.
    pub(super) frame: Option<FrameNumber>,
    /// The visit that began.
    pub(super) entered: Option<VisitId>,
}

/// A simulation with its past.
#[derive(Debug)]
pub(super) struct Timeline {
    now: Simulation,
    n_steps: u64,
    /// By the number of steps before it; the one of 0 is always there. Without the edits at that step.
    checkpoints: BTreeMap<u64, Simulation>,
    interval: u64,
    edits: BTreeMap<u64, Vec<Edit>>,
    /// The moves so far, and those after this position that were undone.
    moves: Vec<Move>,
}

impl Timeline {
    pub(super) fn new(start: Simulation) -> Self {
        Self {
            now: start.clone(),
            n_steps: 0,
            checkpoints: BTreeMap::from([(0, start)]),
            interval: INTERVAL_STEPS,
            edits: BTreeMap::new(),
            moves: Vec::new(),
        }
    }

    /// The simulation as it is.
    pub(super) fn now(&self) -> &Simulation {
        &self.now
    }

    /// How many steps it has done.
    pub(super) fn n_steps(&self) -> u64 {
        self.n_steps
    }

    /// The frame that goes on next.
    pub(super) fn due(&mut self) -> Option<FrameNumber> {
        self.now.due_frame()
    }

    /// The moves up to here.
    pub(super) fn moves(&self) -> &[Move] {
        let n_steps = usize::try_from(self.n_steps).unwrap_or(usize::MAX);
        self.moves.get(..n_steps).unwrap_or(&self.moves)
    }

    /// Does the next step.
    pub(super) fn forward(&mut self) -> Step {
        let frame = self.now.due_frame();
        let n_visits = self.now.trace().visits.len();
        let step = self.now.step();
        self.n_steps += 1;
        let has_entered = self.now.trace().visits.len() > n_visits;
        let entered = u32::try_from(n_visits).ok().filter(|_| has_entered).map(VisitId);
        if self.moves.len() as u64 == self.n_steps - 1 {
            self.moves.push(Move { frame, entered });
        }
        self.apply_edits();
        if self.n_steps.is_multiple_of(self.interval) && step == Step::Advanced {
            self.keep();
        }
        step
    }

    /// Goes to the position after so many steps.
    pub(super) fn go_to(&mut self, n_steps: u64) {
        let nearest = self.checkpoints.range(..=n_steps).next_back();
        let Some((&at, checkpoint)) = nearest else { return };
        // Running on from here is shorter.
        if !(at..=n_steps).contains(&self.n_steps) {
            self.now = checkpoint.clone();
            self.n_steps = at;
            self.apply_edits();
        }
        while self.n_steps < n_steps {
            if self.forward() == Step::Finished {
                return;
            }
        }
    }

    /// Changes something here. What came after is forgotten. Says whether it could be changed.
    pub(super) fn edit(&mut self, edit: Edit) -> bool {
        if !apply(&mut self.now, &edit) {
            return false;
        }
        let later = self.n_steps + 1;
        self.checkpoints.split_off(&later);
        self.edits.split_off(&later);
        self.moves.truncate(usize::try_from(self.n_steps).unwrap_or(usize::MAX));
        let edits = self.edits.entry(self.n_steps).or_default();
        // Of an input only the last counts.
        if let Edit::Input(frame, _) = &edit {
            edits.retain(|other| !matches!(other, Edit::Input(number, _) if number == frame));
        }
        edits.push(edit);
        true
    }

    /// What the frame that is due does next.
    pub(super) fn situation(&mut self) -> Option<(FrameNumber, Situation)> {
        let due = self.now.due_frame()?;
        self.now.frame(due).map(|frame| (due, frame.situation))
    }

    fn apply_edits(&mut self) {
        for edit in self.edits.get(&self.n_steps).into_iter().flatten() {
            apply(&mut self.now, edit);
        }
    }

    fn keep(&mut self) {
        if self.edits.contains_key(&self.n_steps) {
            return;
        }
        self.checkpoints.insert(self.n_steps, self.now.clone());
        let n_frames = || self.checkpoints.values().map(|kept| kept.frames().count()).sum::<usize>();
        if self.checkpoints.len() <= CHECKPOINTS_MAX && n_frames() <= CHECKPOINT_FRAMES_MAX {
            return;
        }
        self.interval = self.interval.saturating_mul(2);
        let interval = self.interval;
        self.checkpoints.retain(|at, _| at.is_multiple_of(interval));
    }
}

fn apply(simulation: &mut Simulation, edit: &Edit) -> bool {
    match edit {
        Edit::Input(frame, input) => simulation.set_input(*frame, input.clone()),
        Edit::Variable(frame, name, value) => simulation.set_variable(*frame, name, value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::model::lower;
    use crate::simulator::Scenario;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    /// Counts from 0 to 200, two steps a number.
    fn counting() -> Timeline {
        let text = r#"{"StartAt": "More", "States": {
            "More": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 200, "Next": "Add"}], "Default": "Done"},
            "Add": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "More"},
            "Done": {"Type": "Succeed"}}}"#;
        let machine = lower(&parse_json(SourceText::new(text), 64)).machine;
        let scenario = Scenario { input: Arc::new(json!({"n": 0})), ..Scenario::default() };
        Timeline::new(Simulation::new(machine, Arc::new(scenario)))
    }

    fn input(timeline: &mut Timeline) -> String {
        let due = timeline.due().unwrap();
        timeline.now().frame(due).unwrap().input.to_string()
    }

    #[test]
    fn every_position_is_the_same_when_it_is_come_back_to() {
        let mut timeline = counting();
        let mut inputs = Vec::new();
        loop {
            inputs.push(input(&mut timeline));
            if timeline.forward() == Step::Finished {
                break;
            }
        }
        let n_steps = timeline.n_steps();
        for at in [400, 399, 250, 17, 16, 15, 0, 3, 40] {
            timeline.go_to(at);
            assert_eq!(input(&mut timeline), inputs[usize::try_from(at).unwrap()], "at {at}");
        }
        timeline.go_to(n_steps);
        assert_eq!(timeline.now().trace().outcome.output().unwrap().to_string(), r#"{"n":200}"#);
    }

    #[test]
    fn a_change_is_made_again_on_the_way() {
        let mut timeline = counting();
        timeline.go_to(20);
        assert!(timeline.edit(Edit::Input(FrameNumber(0), Arc::new(json!({"n": 190})))));
        while timeline.forward() == Step::Advanced {}
        assert_eq!(timeline.now().trace().visits.len(), 20 + 10 * 2 + 2);
        timeline.go_to(2);
        assert_eq!(input(&mut timeline), r#"{"n":1}"#);
        timeline.go_to(20);
        assert_eq!(input(&mut timeline), r#"{"n":190}"#);
    }

    #[test]
    fn checkpoints_are_bounded() {
        let mut timeline = counting();
        timeline.interval = 1;
        while timeline.forward() == Step::Advanced {}
        assert!(timeline.checkpoints.len() <= CHECKPOINTS_MAX, "{}", timeline.checkpoints.len());
        timeline.go_to(1);
        assert_eq!(input(&mut timeline), r#"{"n":0}"#);
    }
}
