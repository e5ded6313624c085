//! A variable that has a value on some paths only.

use super::undefined_variable::may_assign_more;
use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::semantic::Presence;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "sometimes-undefined-variable",
    code: "sometimes-undefined-variable",
    severity: Severity::Information,
    since: "0.1.0",
    summary: "Finds variables that are read where some path to the state has not assigned them.",
    doc: "On such a path the execution fails when it comes to the state. Assign the variable at the start, or ask with `IsPresent` or `$exists`.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Assign": {"x": 1}, "Next": "B"}], "Default": "B"}, "B": {"Type": "Pass", "Parameters": {"x.$": "$x"}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Assign": {"x": 1}, "Next": "B"}], "Default": "B", "Assign": {"x": 2}}, "B": {"Type": "Pass", "Parameters": {"x.$": "$x"}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    if may_assign_more(facts) {
        return;
    }
    for read in &facts.variables.reads {
        if read.is_tested || read.presence != Presence::Sometimes {
            continue;
        }
        let source_map = &facts.lowered.source_map;
        let place = source_map.slot_range(facts.parse, read.slot, read.range);
        if let Some((node, range)) = place {
            let message = format!("The variable ${} has no value on some paths to this state", read.name);
            ctx.report(Some(node), range, message);
        }
    }
}
