//! The machine that a state alone is tested in.

use std::sync::Arc;

use crate::model::{ScopeId, State, StateBody, StateId, StateMachine, Transition};
use crate::spec::Field;

/// The name of a state that is tested without a machine.
///
/// AWS: its errors and its context object call it so (test_state/test_parallel_state_empty_branches).
pub const LONE_STATE_NAME: &str = "StateName";

/// The text of a machine with a single state of this name, of which the text is given: what AWS makes of a definition
/// that is one state.
pub fn machine_around_state(name: &str, state: &str) -> String {
    let [start_at, states] = [Field::StartAt, Field::States].map(Field::name);
    let name = serde_json::Value::from(name);
    format!(r#"{{"{start_at}":{name},"{states}":{{{name}:{state}}}}}"#)
}

/// The state of this name: one of the machine's own, or the first of those nested in them.
pub(super) fn find(machine: &StateMachine, name: &str) -> Option<StateId> {
    let nested = || machine.all_states().find(|(_, state)| &*state.name == name).map(|(id, _)| id);
    machine.find(ScopeId::ROOT, name).or_else(nested)
}

/// The machine with this state at its start. States that it leads to and that are not there are made up: they are
/// only named.
pub(super) fn alone(machine: &StateMachine, id: StateId) -> StateMachine {
    let mut alone = machine.clone();
    alone.problems.clear();
    let Some(mut state) = machine.state(id).cloned() else { return alone };
    for transition in transitions(&mut state) {
        if transition.target.is_none() {
            transition.target = Some(stand_in(&mut alone, &transition.name));
        }
    }
    let start = Transition { name: state.name.clone(), target: Some(id) };
    if let Some(root) = alone.scopes.first_mut() {
        root.start_at = Some(start);
    }
    if let Some(slot) = alone.states.get_mut(id.0 as usize) {
        *slot = state;
    }
    alone
}

fn transitions(state: &mut State) -> Vec<&mut Transition> {
    let mut all: Vec<&mut Transition> = state.next.iter_mut().collect();
    all.extend(state.catch.iter_mut().filter_map(|catcher| catcher.next.as_mut()));
    if let StateBody::Choice { rules, default } = &mut state.body {
        all.extend(rules.iter_mut().filter_map(|rule| rule.next.as_mut()));
        all.extend(default.as_mut());
    }
    all
}

fn stand_in(machine: &mut StateMachine, name: &Arc<str>) -> StateId {
    let id = StateId(u32::try_from(machine.states.len()).unwrap_or(u32::MAX));
    machine.states.push(State::unknown(name.clone(), ScopeId::ROOT, machine.query_language));
    id
}
