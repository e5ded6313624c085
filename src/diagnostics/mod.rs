//! What is wrong with a definition, and what may be: one rule a file.
//!
//! A rule has opinions about [`Facts`] and finds none of its own. Codes and words are AWS's where AWS has them.

mod config;
mod reference;
mod rule;
mod rules;
mod suppression;

pub use config::{Config, Level, WorkflowType};
pub use reference::{code_link, explain, reference};
pub use rule::{RULES, Rule, rules_of};

use crate::semantic::Facts;
use crate::syntax::NodeId;
use crate::text::TextRange;

/// AWS's code for an object that has not the form it needs. Findings of other codes are about the machine as a whole.
pub const SCHEMA_VALIDATION_FAILED: &str = "SCHEMA_VALIDATION_FAILED";

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// AWS refuses the definition, or the execution always fails.
    Error,
    /// It is most likely not what is meant.
    Warning,
    /// It is good to know.
    Information,
    /// It could be better.
    Hint,
}

impl Severity {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information => "information",
            Severity::Hint => "hint",
        }
    }
}

/// A finding of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's name, which tells apart rules with the same code.
    pub rule: &'static str,
    /// The rule's code.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to underline.
    pub range: TextRange,
    /// The value it is about; its JSON Pointer is the location that AWS gives.
    pub node: Option<NodeId>,
    /// How what is underlined can be shown.
    pub tag: Option<Tag>,
    /// Other places that have to do with it.
    pub related: Vec<Related>,
}

/// How what is underlined can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tag {
    /// It has no effect: faded.
    Unnecessary,
    /// There is something newer: struck through.
    Deprecated,
}

/// Another place that has to do with a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The place.
    pub range: TextRange,
    /// What is there.
    pub message: String,
}

/// Runs all rules.
///
/// The findings are sorted by their place in the document. Those that the document suppresses or the configuration
/// turns off are left out.
pub fn check(facts: &Facts<'_>, config: &Config) -> Vec<Diagnostic> {
    let mut found = rule::run(facts, config);
    suppression::apply(facts, &mut found);
    found.retain_mut(|diagnostic| {
        let level = config.levels.get(diagnostic.rule).or_else(|| config.levels.get(diagnostic.code));
        match level {
            Some(Level::Off) => return false,
            Some(Level::On(severity)) => diagnostic.severity = *severity,
            None => {}
        }
        true
    });
    found.sort_by(|a, b| (a.range, a.severity, a.code).cmp(&(b.range, b.severity, b.code)));
    found
}
