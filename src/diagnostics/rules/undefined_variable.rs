//! A variable that has no value where it is read.

use crate::diagnostics::rule::Finding;
use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::Problem;
use crate::semantic::{Facts, Presence};
use crate::spec::Field;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "undefined-variable",
    code: "undefined-variable",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds variables that are read where no path to the state has assigned them.",
    doc: "Under JSONPath the execution ends with `States.Runtime`, under JSONata the expression fails. What a state assigns is there from the next state on; a branch or iteration keeps its variables to itself; a distributed Map sees none from outside.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"y": 1}, "Next": "B"}, "B": {"Type": "Pass", "Parameters": {"x.$": "$x"}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "B"}, "B": {"Type": "Pass", "Parameters": {"x.$": "$x"}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    let machine = &facts.lowered.machine;
    if may_assign_more(facts) {
        return;
    }
    for read in &facts.variables.reads {
        if read.is_tested {
            continue;
        }
        let name = &read.name;
        let (why, other) = match read.presence {
            Presence::Always | Presence::Sometimes => continue,
            Presence::Nowhere => ("is assigned nowhere".to_owned(), None),
            Presence::Afterwards => (
                "gets its value only after this state: all expressions of a state see the old values"
                    .to_owned(),
                None,
            ),
            Presence::OutsideDistributed => {
                ("is assigned outside of the distributed Map, which sees only its items".to_owned(), None)
            }
            Presence::Elsewhere(id) => {
                let state = machine.state(id).map(|state| &*state.name).unwrap_or_default();
                (
                    format!("has no value here: only \"{state}\" assigns it, and that does not come to here"),
                    Some(id),
                )
            }
        };
        let source_map = &facts.lowered.source_map;
        let place = source_map.slot_range(facts.parse, read.slot, read.range);
        let Some((node, range)) = place else { continue };
        let mut finding = Finding::new(Some(node), range, format!("The variable ${name} {why}"));
        if let Some(key) = other.and_then(|id| source_map.state_key(facts.parse, id)) {
            finding = finding.related(key.range(), format!("Assigns ${name}"));
        }
        ctx.push(finding);
    }
}

/// Whether something that is filled in later, or not understood, may assign variables or lead on from where they are.
pub(super) fn may_assign_more(facts: &Facts<'_>) -> bool {
    facts.lowered.machine.all_states().any(|(_, state)| {
        let is_about_assign =
            |problem: &Problem| problem.field.as_str().split('/').any(|key| key == Field::Assign.name());
        facts.graph.scope(state.scope).has_open_transition || state.problems.iter().any(is_about_assign)
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::{check, check_states};

    #[test]
    fn by_data_flow() {
        check_states(
            r#""A": {"Type": "Pass", "Assign": {"x": 1, "y.$": "$x"}, "Next": "M"},
"M": {"Type": "Map", "Next": "Z", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B", "States": {
"B": {"Type": "Pass", "Parameters": {"x.$": "$x"}, "Assign": {"inner": 1}, "End": true}}}},
"Z": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $inner + $x + $y + $nowhere %}", "End": true}"#,
            expect![[r#"
                "A": {"Type": "Pass", "Assign": {"x": 1, "y.$": "$x"}, "Next": "M"},
                                                                 ^^
                warning undefined-variable: The variable $x gets its value only after this state: all expressions of a state see the old values
                "B": {"Type": "Pass", "Parameters": {"x.$": "$x"}, "Assign": {"inner": 1}, "End": true}}}},
                                                             ^^
                warning undefined-variable: The variable $x is assigned outside of the distributed Map, which sees only its items
                "Z": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $inner + $x + $y + $nowhere %}", "End": true}
                                                                                ^^^^^^
                warning undefined-variable: The variable $inner has no value here: only "B" assigns it, and that does not come to here
                "Z": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $inner + $x + $y + $nowhere %}", "End": true}
                                                                                                   ^^^^^^^^
                warning undefined-variable: The variable $nowhere is assigned nowhere
            "#]],
        );
    }

    #[test]
    fn what_is_filled_in_may_assign() {
        check(
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": "${variables}", "Next": "B"},
"B": {"Type": "Pass", "Parameters": {"x.$": "$x"}, "End": true}}}"#,
            expect![[""]],
        );
    }
}
