//! Stable hashes of a machine and its states, by which a simulation is known to be still valid.

use std::hash::{Hash, Hasher};

use super::{ScopeId, State, StateBody, StateId, StateMachine, Transition};

/// A hash of what a state or machine means. Equal for equal models, in every process of the same build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Fingerprint(pub u64);

impl StateMachine {
    /// The fingerprint of the whole machine.
    pub fn fingerprint(&self) -> Fingerprint {
        of(self)
    }

    /// The fingerprint of one state alone, its nested states not included. It is the same in every machine that has
    /// such a state, whatever the numbers of its states.
    pub fn state_fingerprint(&self, id: StateId) -> Fingerprint {
        self.state(id).map(|state| of(&unnumbered(state.clone()))).unwrap_or_default()
    }
}

/// The state without the numbers of states and scopes, which another state may shift.
fn unnumbered(mut state: State) -> State {
    let forget = |transition: Option<&mut Transition>| {
        if let Some(target) = transition.and_then(|transition| transition.target.as_mut()) {
            *target = StateId(0);
        }
    };
    state.scope = ScopeId::ROOT;
    forget(state.next.as_mut());
    state.catch.iter_mut().for_each(|catcher| forget(catcher.next.as_mut()));
    match &mut state.body {
        StateBody::Choice { rules, default } => {
            forget(default.as_mut());
            rules.iter_mut().for_each(|rule| forget(rule.next.as_mut()));
        }
        StateBody::Parallel { branches } => branches.fill(ScopeId::ROOT),
        StateBody::Map(map) => map.processor = map.processor.map(|_| ScopeId::ROOT),
        _ => {}
    }
    state
}

fn of(value: &impl Hash) -> Fingerprint {
    // Its keys are fixed: stable within a build, which is as long as a trace lives.
    let mut hasher = std::hash::DefaultHasher::new();
    value.hash(&mut hasher);
    Fingerprint(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lower;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    fn machine(states: &str) -> std::sync::Arc<StateMachine> {
        let text = format!("{{\"StartAt\": \"B\", \"States\": {{{states}}}}}");
        lower(&parse_json(SourceText::new(&text), 64)).machine
    }

    #[test]
    fn another_state_changes_the_machine_and_no_other_state() {
        let states = r#""B": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "C"}], "Default": "D"},
"C": {"Type": "Map", "ItemProcessor": {"StartAt": "X", "States": {"X": {"Type": "Succeed"}}}, "Next": "D"}, "D": {"Type": "Succeed"}"#;
        let added = r#""A": {"Type": "Pass", "InputPath": "$.a", "Next": "B"}"#;
        let (old, new) = (machine(states), machine(&format!("{added}, {states}")));
        assert_ne!(old.fingerprint(), new.fingerprint());
        for (id, state) in old.all_states().filter(|(_, state)| state.scope == ScopeId::ROOT) {
            let id_now = new.find(ScopeId::ROOT, &state.name).unwrap();
            assert_ne!(id, id_now);
            assert_eq!(old.state_fingerprint(id), new.state_fingerprint(id_now), "{}", state.name);
        }
    }
}
