//! What the rules are told from outside.

use std::collections::BTreeSet;

/// The type of the state machine that a definition is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum WorkflowType {
    /// Up to a year, with a history.
    #[default]
    Standard,
    /// Up to five minutes; no jobs, callbacks or activities.
    Express,
}

/// What the rules are told from outside.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Config {
    /// The type of the state machine.
    pub workflow_type: WorkflowType,
    /// The tables that are declared elsewhere, about which nothing has to be assumed.
    pub declared_tables: BTreeSet<String>,
}
