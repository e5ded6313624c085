//! A branch or iteration assigns a variable from outside.

use super::unused_variable::AssignedKeys;
use crate::diagnostics::rule::Finding;
use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "outer-variable",
    code: "outer-variable",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds assignments within a Parallel or Map state to a variable that is assigned outside of it.",
    doc: "States within a Parallel or Map state read the variables around them but cannot assign them, nor have variables of the same name. Give the variable another name and hand its value out with the state's output.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "P"}, "P": {"Type": "Parallel", "Next": "Z", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "Assign": {"x": 2}, "End": true}}}]}, "Z": {"Type": "Pass", "Parameters": {"x.$": "$x"}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "P"}, "P": {"Type": "Parallel", "Next": "Z", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "Assign": {"y": 2}, "End": true}}}]}, "Z": {"Type": "Pass", "Parameters": {"x.$": "$x"}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    let mut keys = AssignedKeys::new(facts);
    for assignment in &facts.variables.assignments {
        let Some(outer) = assignment.outer else { continue };
        let Some(key) = keys.get(assignment) else { continue };
        let name = &assignment.name;
        let message =
            format!("${name} is a variable of an outer scope, which can be read here but not assigned");
        let mut finding = Finding::new(Some(key), key.range(), message);
        if let Some(state) = facts.lowered.source_map.state_key(facts.parse, outer) {
            finding = finding.related(state.range(), format!("Assigns ${name}"));
        }
        ctx.push(finding);
    }
}
