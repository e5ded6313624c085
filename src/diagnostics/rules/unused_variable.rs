//! A variable that nothing reads.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
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
    let facts = ctx.facts;
    for assignment in facts.variables.assignments.iter().filter(|assignment| !assignment.is_read) {
        if let Some(key) = assigned_key(facts, assignment) {
            let message = format!("Nothing reads the variable ${}", assignment.name);
            ctx.report_unnecessary(Some(key), key.range(), message);
        }
    }
}

/// The key that names the variable.
pub(super) fn assigned_key<'a>(facts: &Facts<'a>, assignment: &Assignment) -> Option<Node<'a>> {
    let object = facts.lowered.source_map.field_node(facts.parse, assignment.state, &assignment.field)?;
    let member = object.members().find(|member| {
        let key = member.key();
        key.strip_suffix(".$").unwrap_or(&key) == &*assignment.name
    });
    member.map(|member| member.key_node())
}
