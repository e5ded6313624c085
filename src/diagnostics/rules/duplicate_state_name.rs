//! Two states have the same name.

use std::collections::HashMap;

use crate::diagnostics::rule::{Check, Finding, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::ScopeId;
use crate::semantic::Facts;
use crate::spec::Field;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "duplicate-state-name",
    code: "DUPLICATE_STATE_NAME",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds states with the same name, in one scope or in several.",
    doc: "The name of a state is unique within the whole state machine, branches and item processors included.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}]}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}]}}}"#,
    link: "https://states-language.net/spec.html#state-types",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    if are_distinct(facts) {
        return;
    }
    let mut states: Vec<_> = facts
        .lowered
        .machine
        .all_states()
        .filter_map(|(id, _)| facts.lowered.source_map.state_member(id))
        .filter_map(|member| facts.parse.node(member).parent())
        .collect();
    states.sort_by_key(|states| states.id());
    states.dedup();
    let mut keys: Vec<_> =
        states.iter().flat_map(|states| states.members()).map(|member| member.key_node()).collect();
    keys.sort_by_key(|key| key.id());
    // All but the first in the order of the text are reported. Nothing is read in the map's order.
    let mut seen = HashMap::with_capacity(keys.len());
    for key in keys {
        let name = key.text().unwrap_or_default();
        match seen.get(&name) {
            Some(first) => {
                let finding = Finding::new(Some(key), key.range(), format!("Duplicate State name: {name}"));
                ctx.push(finding.related(*first, "The first state of this name"));
            }
            None => {
                seen.insert(name, key.range());
            }
        }
    }
}

/// Whether the names are certain to be different, which is sooner told than where one stands twice.
fn are_distinct(facts: &Facts<'_>) -> bool {
    let (machine, source_map) = (&facts.lowered.machine, &facts.lowered.source_map);
    let scopes = (0..).map(ScopeId).take(machine.scopes.len());
    let states =
        scopes.filter_map(|id| source_map.scope_node(facts.parse, id)?.value_of(Field::States.name()));
    // Of states of the same scope and name the model has only one.
    if states.map(|states| states.members().count()).sum::<usize>() != machine.states.len() {
        return false;
    }
    let mut names: Vec<&str> = machine.states.iter().map(|state| &*state.name).collect();
    // Each scope has them in order: little is left to do.
    names.sort();
    names.is_sorted_by(|a, b| a < b)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn in_one_scope_and_in_several() {
        check_states(
            r#""A": {"Type": "Pass", "Next": "B"},
"B": {"Type": "Succeed"},
"B": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}]}"#,
            expect![[r#"
                "B": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}]}
                ^^^
                error DUPLICATE_STATE_NAME: Duplicate State name: B
                "B": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}]}
                                                                                                ^^^
                error DUPLICATE_STATE_NAME: Duplicate State name: A
            "#]],
        );
    }
}
