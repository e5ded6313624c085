//! A variable that nothing reads.

use std::collections::HashMap;

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::{FieldPath, StateId};
use crate::semantic::{Assignment, Facts};
use crate::syntax::Node;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "unused-variable",
    code: "unused-variable",
    severity: Severity::Hint,
    since: "0.1.0",
    summary: "Finds variables that are assigned and never read.",
    doc: "The assignment has no effect; perhaps the name is misspelt there or where it is read.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"x": 1}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "B"}, "B": {"Type": "Pass", "Parameters": {"x.$": "$x"}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let mut keys = AssignedKeys::new(ctx.facts);
    for assignment in ctx.facts.variables.assignments.iter().filter(|assignment| !assignment.is_read) {
        if let Some(key) = keys.get(assignment) {
            let message = format!("Nothing reads the variable ${}", assignment.name);
            ctx.report_unnecessary(Some(key), key.range(), message);
        }
    }
}

/// The keys that name variables. Each object of variables is looked through once.
pub(super) struct AssignedKeys<'f, 'a> {
    facts: &'f Facts<'a>,
    /// By state and object of variables in it, by variable.
    objects: HashMap<(StateId, FieldPath), HashMap<String, Node<'a>>>,
}

impl<'f, 'a> AssignedKeys<'f, 'a> {
    pub(super) fn new(facts: &'f Facts<'a>) -> Self {
        Self { facts, objects: HashMap::new() }
    }

    /// The key that names the variable.
    pub(super) fn get(&mut self, assignment: &Assignment) -> Option<Node<'a>> {
        let facts = self.facts;
        let Assignment { state, field, .. } = assignment;
        let keys = self.objects.entry((*state, field.clone())).or_insert_with(|| {
            let mut keys = HashMap::new();
            let object = facts.lowered.source_map.field_node(facts.parse, *state, field);
            for member in object.into_iter().flat_map(Node::members) {
                let key = member.key();
                let name = key.strip_suffix(".$").unwrap_or(&key);
                keys.entry(name.to_owned()).or_insert_with(|| member.key_node());
            }
            keys
        });
        keys.get(&*assignment.name).copied()
    }
}
