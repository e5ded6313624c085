//! What the rules are told from outside.

use std::collections::BTreeMap;

use super::Severity;
use crate::semantic::TableSchema;

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
    /// The tables that are declared elsewhere, by name, about which nothing has to be assumed.
    pub declared_tables: BTreeMap<String, TableSchema>,
    /// How bad findings are, by the code or the name of their rule, where it is not as the rule says. The name of a
    /// rule goes before its code.
    pub levels: BTreeMap<String, Level>,
}

/// How bad somebody wants findings to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// They are not wanted.
    Off,
    /// They have this severity.
    On(Severity),
}

impl Level {
    /// The words for it.
    pub const NAMES: [&str; 5] = ["off", "error", "warning", "information", "hint"];

    /// The level of this word.
    pub fn from_name(name: &str) -> Option<Level> {
        let severity = match name {
            "off" => return Some(Level::Off),
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            "information" => Severity::Information,
            "hint" => Severity::Hint,
            _ => return None,
        };
        Some(Level::On(severity))
    }
}
