//! What of a machine several runs have reached.

use std::collections::BTreeMap;

use crate::model::{StateBody, StateId, StateMachine};
use crate::simulator::Trace;

/// A part of a machine that a run reaches or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// A state.
    State(StateId),
    /// A rule of a Choice, by its index from 0.
    Rule(StateId, usize),
    /// The `Default` of a Choice.
    Default(StateId),
    /// A retrier, by its index from 0.
    Retrier(StateId, usize),
    /// A catcher, by its index from 0.
    Catcher(StateId, usize),
}

/// How often each part of a machine was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    counts: BTreeMap<Reached, u64>,
}

impl Coverage {
    /// Nothing reached yet.
    pub fn new(machine: &StateMachine) -> Self {
        let mut counts = BTreeMap::new();
        for (id, state) in machine.all_states() {
            counts.insert(Reached::State(id), 0);
            if let StateBody::Choice { rules, default } = &state.body {
                counts.extend((0..rules.len()).map(|idx| (Reached::Rule(id, idx), 0)));
                counts.extend(default.iter().map(|_| (Reached::Default(id), 0)));
            }
            counts.extend((0..state.retry.len()).map(|idx| (Reached::Retrier(id, idx), 0)));
            counts.extend((0..state.catch.len()).map(|idx| (Reached::Catcher(id, idx), 0)));
        }
        Self { counts }
    }

    /// Adds what a run of the same machine reached.
    pub fn add(&mut self, trace: &Trace, machine: &StateMachine) {
        for visit in &trace.visits {
            let id = visit.state;
            self.count(Reached::State(id));
            let is_choice =
                machine.state(id).is_some_and(|state| matches!(state.body, StateBody::Choice { .. }));
            match visit.rule {
                Some(idx) => self.count(Reached::Rule(id, idx)),
                None if is_choice && visit.next.is_some() => self.count(Reached::Default(id)),
                None => {}
            }
            for &idx in &visit.retriers {
                self.count(Reached::Retrier(id, idx));
            }
            if let Some(idx) = visit.catcher {
                self.count(Reached::Catcher(id, idx));
            }
        }
    }

    fn count(&mut self, part: Reached) {
        if let Some(count) = self.counts.get_mut(&part) {
            *count += 1;
        }
    }

    /// All parts with how often they were reached: states with what is in them, in the machine's order.
    pub fn counts(&self) -> impl Iterator<Item = (Reached, u64)> {
        self.counts.iter().map(|(part, count)| (*part, *count))
    }

    /// The parts that were never reached. Of a state that was not, its rules, retriers and catchers are left out.
    pub fn missed(&self) -> Vec<Reached> {
        let is_missed = |part: Reached| self.counts.get(&part) == Some(&0);
        let is_told = |part: &Reached| match part {
            Reached::State(_) => true,
            part => !is_missed(Reached::State(part.state())),
        };
        self.counts.keys().copied().filter(|part| is_missed(*part)).filter(is_told).collect()
    }
}

impl Reached {
    /// The state it is or is in.
    pub fn state(&self) -> StateId {
        match *self {
            Reached::State(id)
            | Reached::Rule(id, _)
            | Reached::Default(id)
            | Reached::Retrier(id, _)
            | Reached::Catcher(id, _) => id,
        }
    }

    /// What it is called: `GetOrder`, or `rule 2 of Choose`; parts are counted from 1.
    pub fn label(&self, machine: &StateMachine) -> String {
        let name = machine.path_of(self.state()).join("/");
        match *self {
            Reached::State(_) => name,
            Reached::Rule(_, idx) => format!("rule {} of {name}", idx + 1),
            Reached::Default(_) => format!("Default of {name}"),
            Reached::Retrier(_, idx) => format!("retrier {} of {name}", idx + 1),
            Reached::Catcher(_, idx) => format!("catcher {} of {name}", idx + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::model::lower;
    use crate::simulator::{Budget, MockReply, Mocks, Scenario, Simulation};
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    #[test]
    fn parts_that_were_not_reached() {
        let text = json!({"StartAt": "Choose", "States": {
            "Choose": {"Type": "Choice", "Default": "Call", "Choices": [
                {"Variable": "$.x", "IsPresent": true, "Next": "End"}, {"Variable": "$.y", "IsPresent": true, "Next": "End"}]},
            "Call": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "End",
                "Parameters": {"FunctionName": "f"},
                "Retry": [{"ErrorEquals": ["A"]}, {"ErrorEquals": ["B"], "MaxAttempts": 1}],
                "Catch": [{"ErrorEquals": ["C"], "Next": "End"}, {"ErrorEquals": ["B"], "Next": "End"}]},
            "End": {"Type": "Succeed"},
            "Never": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
                "Retry": [{"ErrorEquals": ["A"]}]},
        }});
        let machine = lower(&parse_json(SourceText::new(&text.to_string()), 64)).machine;
        let throw = MockReply::Throw { error: Some(Arc::from("B")), cause: None };
        let scenario = Scenario { mocks: Mocks::default().with("Call", throw.into()), ..Scenario::default() };
        let mut simulation = Simulation::new(machine.clone(), Arc::new(scenario));
        simulation.run(Budget::steps(1_000));
        let mut coverage = Coverage::new(&machine);
        coverage.add(simulation.trace(), &machine);
        let missed: Vec<String> = coverage.missed().iter().map(|part| part.label(&machine)).collect();
        let expected =
            ["Never", "rule 1 of Choose", "rule 2 of Choose", "retrier 1 of Call", "catcher 1 of Call"];
        assert_eq!(missed, expected);
    }
}
