//! The graph of transitions: what is reached from the start, what is led to at all.

use crate::model::{ScopeId, StateId, StateMachine, Transition};
use crate::spec::StateKind;

/// The graph of a machine's transitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// By state: whether a transition from another state, or `StartAt`, leads to it.
    is_led_to: Vec<bool>,
    /// By state: whether an execution can come to it.
    is_reached: Vec<bool>,
    /// By state: whether a way leads from it to a state that ends its scope, or that is not understood.
    can_end: Vec<bool>,
    /// By scope.
    scopes: Vec<ScopeFacts>,
}

/// What is known of a scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScopeFacts {
    /// Whether it has a state that ends it.
    pub has_terminal_state: bool,
    /// Whether an execution can come to it.
    pub is_reached: bool,
    /// Whether some transition in it leads to a state that is filled in when the definition is deployed, or may do so:
    /// a state that is not understood.
    pub has_open_transition: bool,
}

impl Graph {
    /// The graph of a machine.
    pub fn new(machine: &StateMachine) -> Self {
        let mut graph = Graph {
            is_led_to: vec![false; machine.states.len()],
            is_reached: vec![false; machine.states.len()],
            can_end: vec![false; machine.states.len()],
            scopes: vec![ScopeFacts::default(); machine.scopes.len()],
        };
        for (id, state) in machine.all_states() {
            if let Some(scope) =
                graph.scopes.get_mut(state.scope.0 as usize).filter(|_| state.kind().is_none())
            {
                scope.has_open_transition = true;
            }
            for transition in state.transitions() {
                graph.note_open(state.scope, transition);
                if let Some(target) = transition.target.filter(|target| *target != id) {
                    set(&mut graph.is_led_to, target);
                }
            }
            let is_terminal = state.is_end || state.kind().is_some_and(StateKind::is_terminal);
            if let Some(scope) = graph.scopes.get_mut(state.scope.0 as usize).filter(|_| is_terminal) {
                scope.has_terminal_state = true;
            }
        }
        for (id, scope) in (0..).map(ScopeId).zip(&machine.scopes) {
            let Some(start) = &scope.start_at else { continue };
            graph.note_open(id, start);
            if let Some(target) = start.target {
                set(&mut graph.is_led_to, target);
            }
        }
        graph.reach(machine);
        graph.find_ends(machine);
        graph
    }

    /// Whether a transition from another state, or `StartAt`, names the state.
    pub fn is_led_to(&self, id: StateId) -> bool {
        self.is_led_to.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Whether an execution can come to the state.
    pub fn is_reached(&self, id: StateId) -> bool {
        self.is_reached.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Whether a way leads from the state to one that ends its scope. So it is taken to be where a state on the way is
    /// not understood.
    pub fn can_end(&self, id: StateId) -> bool {
        self.can_end.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// What is known of a scope.
    pub fn scope(&self, id: ScopeId) -> ScopeFacts {
        self.scopes.get(id.0 as usize).copied().unwrap_or_default()
    }

    fn note_open(&mut self, scope: ScopeId, transition: &Transition) {
        if let Some(facts) = self.scopes.get_mut(scope.0 as usize).filter(|_| transition.is_open()) {
            facts.has_open_transition = true;
        }
    }

    /// Goes back from the states that end their scope.
    fn find_ends(&mut self, machine: &StateMachine) {
        let mut before: Vec<Vec<StateId>> = vec![Vec::new(); machine.states.len()];
        let mut todo = Vec::new();
        for (id, state) in machine.all_states() {
            let ends = state.is_end || state.kind().is_none_or(StateKind::is_terminal);
            let is_open = |transition: &Transition| transition.target.is_none();
            if ends || !state.problems.is_empty() || state.transitions().any(is_open) {
                todo.push(id);
            }
            for target in state.transitions().filter_map(|transition| transition.target) {
                if let Some(sources) = before.get_mut(target.0 as usize) {
                    sources.push(id);
                }
            }
        }
        while let Some(id) = todo.pop() {
            if !self.can_end(id) {
                set(&mut self.can_end, id);
                todo.extend(before.get(id.0 as usize).into_iter().flatten());
            }
        }
    }

    fn reach(&mut self, machine: &StateMachine) {
        let mut scopes = vec![ScopeId::ROOT];
        let mut states: Vec<StateId> = Vec::new();
        while let Some(scope) = scopes.pop() {
            if let Some(facts) = self.scopes.get_mut(scope.0 as usize) {
                facts.is_reached = true;
            }
            let start = machine.scope(scope).and_then(|scope| scope.start_at.as_ref());
            states.extend(start.and_then(|start| start.target));
            while let Some(id) = states.pop() {
                if self.is_reached(id) {
                    continue;
                }
                set(&mut self.is_reached, id);
                if let Some(state) = machine.state(id) {
                    states.extend(state.transitions().filter_map(|transition| transition.target));
                    scopes.extend(state.scopes());
                }
            }
        }
    }
}

fn set(flags: &mut [bool], id: StateId) {
    if let Some(flag) = flags.get_mut(id.0 as usize) {
        *flag = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lower;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    /// The names of the states that are reached; those only led to in parentheses.
    #[track_caller]
    fn check(states: &str, expected: &str) {
        let text = format!(r#"{{"StartAt": "A", "States": {states}}}"#);
        let machine = lower(&parse_json(SourceText::new(&text), 64)).machine;
        let graph = Graph::new(&machine);
        let shown: Vec<String> = machine
            .all_states()
            .filter_map(|(id, state)| match (graph.is_reached(id), graph.is_led_to(id)) {
                (true, _) => Some(state.name.to_string()),
                (false, true) => Some(format!("({})", state.name)),
                (false, false) => None,
            })
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn next_catch_and_choices_lead_on() {
        check(
            r#"{"A": {"Type": "Task", "Next": "B", "Catch": [{"ErrorEquals": ["E"], "Next": "C"}]},
                "B": {"Type": "Choice", "Choices": [{"Next": "D"}], "Default": "E"},
                "C": {}, "D": {}, "E": {}, "F": {}}"#,
            "A B C D E",
        );
    }

    #[test]
    fn a_cycle_beside_the_flow_is_led_to_but_not_reached() {
        check(
            r#"{"A": {"Type": "Succeed"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "Next": "B"}}"#,
            "A (B) (C)",
        );
    }

    #[test]
    fn a_state_does_not_lead_to_itself() {
        check(r#"{"A": {"Type": "Succeed"}, "B": {"Type": "Pass", "Next": "B"}}"#, "A");
    }

    #[test]
    fn branches_of_a_reached_state_are_reached() {
        check(
            r#"{"A": {"Type": "Parallel", "End": true, "Branches": [
                {"StartAt": "B", "States": {"B": {"Type": "Succeed"}, "X": {"Type": "Succeed"}}}]}}"#,
            "A B",
        );
    }
}
