//! Stable hashes of a machine and its states, by which a simulation is known to be still valid.

use std::hash::{Hash, Hasher};

use super::{StateId, StateMachine};

/// A hash of what a state or machine means. Equal for equal models, in every process of the same build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Fingerprint(pub u64);

impl StateMachine {
    /// The fingerprint of the whole machine.
    pub fn fingerprint(&self) -> Fingerprint {
        of(self)
    }

    /// The fingerprint of one state alone, its nested states not included.
    pub fn state_fingerprint(&self, id: StateId) -> Fingerprint {
        self.state(id).map(of).unwrap_or_default()
    }
}

fn of(value: &impl Hash) -> Fingerprint {
    // Its keys are fixed: stable within a build, which is as long as a trace lives.
    let mut hasher = std::hash::DefaultHasher::new();
    value.hash(&mut hasher);
    Fingerprint(hasher.finish())
}
