//! Frames: the scopes that are running, each at one state.

use std::sync::Arc;

use serde_json::Value;

use super::Json;
use super::clock::Time;
use super::trace::VisitId;
use crate::model::StateId;

/// A frame of a simulation; later ones have greater numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct FrameId(pub(super) u32);

/// A scope that is running.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// The frame whose Parallel or Map state runs this one.
    pub(super) parent: Option<FrameId>,
    /// Which branch or iteration of it this is.
    pub(super) idx: usize,
    /// The state to enter when none is running.
    pub(super) next: Option<StateId>,
    /// The state that is running.
    pub(super) activation: Option<Activation>,
    /// The input of the next state.
    pub(super) input: Json,
    /// The variables that can be read here.
    pub(super) variables: Variables,
    /// When it goes on.
    pub(super) time: Time,
    /// The event that its next one follows.
    pub(super) last_event: u32,
    /// The item of the innermost Map around it, for the context object.
    pub(super) map_item: Option<Arc<Value>>,
}

impl Frame {
    /// Whether the frame can go on by itself, now or later.
    pub(super) fn is_runnable(&self) -> bool {
        !matches!(&self.activation, Some(Activation { phase: Phase::Children(_), .. }))
    }
}

/// A state that is running.
#[derive(Clone, Debug)]
pub(super) struct Activation {
    pub(super) state: StateId,
    pub(super) visit: VisitId,
    pub(super) entered_event: u32,
    pub(super) entered_time: Time,
    /// The state's input as it came.
    pub(super) input: Json,
    /// By retrier: how often it has retried.
    pub(super) retries: Vec<u32>,
    pub(super) phase: Phase,
}

impl Activation {
    pub(super) fn new(state: StateId, visit: VisitId, input: Json, time: Time) -> Self {
        let retries = Vec::new();
        Self { state, visit, entered_event: 0, entered_time: time, input, retries, phase: Phase::Running }
    }

    /// `$$.State.RetryCount`.
    pub(super) fn retry_count(&self) -> u32 {
        self.retries.iter().sum()
    }
}

/// How far a state has come.
#[derive(Clone, Debug)]
pub(super) enum Phase {
    /// To be run, again if need be.
    Running,
    /// A Wait that ends at the frame's time with this output.
    Waiting(Json),
    /// Branches or iterations have to end first.
    Children(Box<Children>),
}

/// The branches or iterations of a state.
#[derive(Clone, Debug)]
pub(super) struct Children {
    /// The outputs so far.
    pub(super) outputs: Vec<Option<Json>>,
    /// How many have ended.
    pub(super) n_done: usize,
    /// The next item to start; items that are running or done come before it.
    pub(super) next: usize,
    /// The input of each iteration; empty for a Parallel.
    pub(super) items: Arc<[Item]>,
    /// The event that the state's own next ones follow: of the child that ended last.
    pub(super) last_event: u32,
    /// When the last one ended.
    pub(super) time: Time,
}

/// An item of a Map.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) input: Json,
    /// `$$.Map.Item`.
    pub(super) context: Arc<Value>,
}

/// The variables of a scope, over those of the scopes around it.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    own: imbl::OrdMap<Arc<str>, Json>,
    outer: Option<Arc<Variables>>,
}

impl Variables {
    pub(super) fn get(&self, name: &str) -> Option<&Json> {
        let mut scope = Some(self);
        while let Some(variables) = scope {
            if let Some(value) = variables.own.get(name) {
                return Some(value);
            }
            scope = variables.outer.as_deref();
        }
        None
    }

    pub(super) fn assign(&mut self, assigned: &[(Arc<str>, Json)]) {
        for (name, value) in assigned {
            self.own.insert(name.clone(), value.clone());
        }
    }

    /// The variables of a scope within this one.
    pub(super) fn nested(&self) -> Variables {
        Variables { own: imbl::OrdMap::new(), outer: Some(Arc::new(self.clone())) }
    }

    /// All that can be read, by name.
    pub(super) fn all(&self) -> Vec<(Arc<str>, Json)> {
        let mut all = std::collections::BTreeMap::new();
        let mut scope = Some(self);
        while let Some(variables) = scope {
            for (name, value) in &variables.own {
                all.entry(name.clone()).or_insert_with(|| value.clone());
            }
            scope = variables.outer.as_deref();
        }
        all.into_iter().collect()
    }
}
