//! What a rule is, and the list of all.

use super::rules::{
    assumed_table, doubtful_filter, duplicate_key, duplicate_state_name, dynamodb_attribute_value,
    dynamodb_parameter, express, impossible_path, invalid_json, missing_end_state, missing_transition_target,
    schema, unknown_resource, unreachable_state,
};
use super::{Config, Diagnostic, Severity};
use crate::semantic::Facts;
use crate::syntax::Node;
use crate::text::TextRange;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name: unique, in kebab case.
    pub name: &'static str,
    /// The code of its findings: AWS's where AWS has one, else the name.
    pub code: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// The version that brought it.
    pub since: &'static str,
    /// What it finds, in one sentence.
    pub summary: &'static str,
    /// Why that is wrong and what to do about it, in Markdown.
    pub doc: &'static str,
    /// A definition in which it finds something.
    pub failing: &'static str,
    /// One like it in which it finds nothing.
    pub passing: &'static str,
    /// The part of the specification or AWS page it is from.
    pub link: &'static str,
    /// Looks for it.
    pub check: fn(&mut Reporter<'_>),
}

/// All rules.
pub const RULES: &[Rule] = &[
    invalid_json::RULE,
    schema::RULE,
    doubtful_filter::RULE,
    unknown_resource::RULE,
    express::RULE,
    missing_transition_target::RULE,
    unreachable_state::RULE,
    missing_end_state::RULE,
    duplicate_state_name::RULE,
    duplicate_key::RULE,
    impossible_path::RULE,
    dynamodb_parameter::RULE,
    dynamodb_attribute_value::RULE,
    assumed_table::RULE,
];

/// What a rule looks at and writes its findings to.
pub struct Reporter<'a> {
    /// What is known of the document.
    pub facts: &'a Facts<'a>,
    /// What was told from outside.
    pub config: &'a Config,
    rule: &'static Rule,
    found: &'a mut Vec<Diagnostic>,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(
        facts: &'a Facts<'a>,
        config: &'a Config,
        rule: &'static Rule,
        found: &'a mut Vec<Diagnostic>,
    ) -> Self {
        Self { facts, config, rule, found }
    }

    /// Reports a finding about a value; what is underlined may be another part of the document.
    pub fn report(&mut self, node: Option<Node<'_>>, range: TextRange, message: impl Into<String>) {
        self.push(node, range, message.into(), false);
    }

    /// As [`Reporter::report`], of something that has no effect and can be shown faded.
    pub fn report_unnecessary(
        &mut self,
        node: Option<Node<'_>>,
        range: TextRange,
        message: impl Into<String>,
    ) {
        self.push(node, range, message.into(), true);
    }

    fn push(&mut self, node: Option<Node<'_>>, range: TextRange, message: String, is_unnecessary: bool) {
        let Rule { code, severity, .. } = self.rule;
        let node = node.map(Node::id);
        self.found.push(Diagnostic { code, severity: *severity, message, range, node, is_unnecessary });
    }
}
