//! What is wrong with a definition, and what may be: one rule a file.
//!
//! A rule has opinions about [`Facts`] and finds none of its own. Codes and words are AWS's where AWS has them.

mod config;
mod rule;
mod rules;

pub use config::{Config, WorkflowType};
pub use rule::{RULES, Rule};

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
    /// Whether what is underlined has no effect and can be shown faded.
    pub is_unnecessary: bool,
}

/// Runs all rules.
///
/// The findings are sorted by their place in the document.
pub fn check(facts: &Facts<'_>, config: &Config) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in RULES {
        (rule.check)(&mut rule::Reporter::new(facts, config, rule, &mut found));
    }
    found.sort_by(|a, b| (a.range, a.severity, a.code).cmp(&(b.range, b.severity, b.code)));
    found
}
