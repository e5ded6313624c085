//! A definition as the simulator and the rules see it: what it says, without where it says it.
//!
//! Lowering makes a [`StateMachine`] of any tree, however broken, with a [`SourceMap`] that leads back to the text
//! and the errors on the way. The model has no ranges and the map has nothing else: white space and the order of
//! states change the map only, and two definitions that mean the same are equal and have the same fingerprint.

mod choice;
mod fingerprint;
mod lower;
mod payload;
mod retry;
mod source_map;
mod state;

use std::sync::Arc;

pub use choice::{ChoiceRule, Comparand, Test};
pub use fingerprint::Fingerprint;
pub use lower::{LowerError, LowerErrorKind, Lowered, is_filled_in, lower};
pub use payload::{Expression, FieldPath, Payload, Slot, SlotId};
pub use retry::{Catcher, Retrier};
pub use source_map::{ObjectInfo, SourceMap, StateNameUse};
pub use state::{
    Distributed, Instant, ItemBatcher, ItemReader, MapState, NumberField, PathField, ResultPath,
    ResultWriter, State, StateBody, TaskState, TextField, Transition, WaitFor,
};

use crate::spec::QueryLanguage;

/// A state of a [`StateMachine`]: its index in [`StateMachine::states`].
///
/// States are numbered by scope and name, not by where they stand, so that moving one changes no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateId(pub u32);

/// A set of states with a start: the machine itself, a branch of a Parallel or the processor of a Map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(pub u32);

impl ScopeId {
    /// The state machine's own states.
    pub const ROOT: ScopeId = ScopeId(0);
}

/// A state machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct StateMachine {
    /// The language of expressions where a state says nothing else.
    pub query_language: QueryLanguage,
    /// How long an execution may run, in seconds.
    pub timeout_seconds: Option<i64>,
    /// All scopes; the first is the root.
    pub scopes: Vec<Scope>,
    /// All states, nested ones included.
    pub states: Vec<State>,
    /// What keeps the machine as a whole from being run.
    pub problems: Vec<Problem>,
}

/// A set of states with a start.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Scope {
    /// The Parallel or Map state it belongs to; none for the root.
    pub owner: Option<StateId>,
    /// Where it starts.
    pub start_at: Option<Transition>,
    /// Its states, by name.
    pub states: Vec<StateId>,
}

/// What keeps a state from being run, found when it was lowered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    /// The field that is wrong, from the state; empty for the state itself.
    pub field: FieldPath,
    /// What is wrong, in the words of the diagnostic.
    pub message: Arc<str>,
}

impl StateMachine {
    /// The state of an id that came from this machine.
    pub fn state(&self, id: StateId) -> Option<&State> {
        self.states.get(id.0 as usize)
    }

    /// The scope of an id that came from this machine.
    pub fn scope(&self, id: ScopeId) -> Option<&Scope> {
        self.scopes.get(id.0 as usize)
    }

    /// The states of a scope with their ids, by name.
    pub fn states_of(&self, scope: ScopeId) -> impl Iterator<Item = (StateId, &State)> {
        let ids = self.scope(scope).map(|scope| scope.states.as_slice()).unwrap_or_default();
        ids.iter().filter_map(|&id| Some((id, self.state(id)?)))
    }

    /// The state of this name in a scope.
    pub fn find(&self, scope: ScopeId, name: &str) -> Option<StateId> {
        let ids = self.scope(scope)?.states.as_slice();
        let name_of = |id: &StateId| self.state(*id).map(|state| &*state.name);
        let idx = ids.binary_search_by(|id| name_of(id).cmp(&Some(name))).ok()?;
        ids.get(idx).copied()
    }

    /// All states with their ids.
    pub fn all_states(&self) -> impl Iterator<Item = (StateId, &State)> {
        (0..).map(StateId).zip(&self.states)
    }

    /// The states that a state is nested in, the outermost first, and the state itself: for display.
    pub fn path_of(&self, id: StateId) -> Vec<&str> {
        let mut path = Vec::new();
        let mut next = self.state(id);
        while let Some(state) = next {
            path.push(&*state.name);
            next = self.scope(state.scope).and_then(|scope| self.state(scope.owner?));
        }
        path.reverse();
        path
    }
}
