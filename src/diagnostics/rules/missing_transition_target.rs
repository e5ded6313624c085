//! A transition names no state, or nothing names a state.

use crate::diagnostics::rule::{Check, Finding, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::Scope;
use crate::semantic::Facts;
use crate::spec::Field;
use crate::syntax::Node;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "missing-transition-target",
    code: "MISSING_TRANSITION_TARGET",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds transitions to states that do not exist, and states that no transition leads to.",
    doc: "`StartAt`, `Next` and `Default` name a state of the same scope: a branch or an item processor cannot lead out of itself, nor into another. Every state but the first must be named by another one.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "C"}, "B": {"Type": "Succeed"}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}}"#,
    link: "https://states-language.net/spec.html#transitions",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    let source_map = &facts.lowered.source_map;
    for name in source_map.state_name_uses().iter().filter(|name| name.target.is_none()) {
        let node = facts.parse.node(name.node);
        let target = node.text().unwrap_or_default();
        // Names that are filled in later, with quotes or without.
        if target.contains("${") || !node.is_string() {
            continue;
        }
        // The name may be one of those that are filled in later.
        if facts.lowered.machine.scope(name.scope).is_some_and(|scope| has_open_name(facts, scope)) {
            continue;
        }
        // Without states there is a finding already, or they are filled in later.
        let scope = source_map.scope_node(facts.parse, name.scope);
        if !scope.and_then(|scope| scope.value_of(Field::States.name())).is_some_and(Node::is_object) {
            continue;
        }
        let mut message = format!("Missing '{}' target: {target}", name.field.name());
        let elsewhere = facts.lowered.machine.all_states().find(|(_, state)| *state.name == *target);
        let Some((id, state)) = elsewhere else {
            ctx.report(Some(node), node.range(), message);
            continue;
        };
        let owner = facts.lowered.machine.scope(state.scope).and_then(|scope| scope.owner);
        let owner = owner.and_then(|owner| facts.lowered.machine.state(owner));
        message += &match owner {
            Some(owner) => {
                format!(". The state is within \"{}\", into which nothing leads but its start", owner.name)
            }
            None => ". The state is outside, and nothing leads out of a branch or iteration but its end"
                .to_owned(),
        };
        let mut finding = Finding::new(Some(node), node.range(), message);
        if let Some(key) = source_map.state_key(facts.parse, id) {
            finding = finding.related(key.range(), "The state of this name");
        }
        ctx.push(finding);
    }
    for (id, state) in facts.lowered.machine.all_states() {
        // AWS: of a machine without `StartAt` nothing more is said.
        let has_start =
            facts.lowered.machine.scope(state.scope).is_some_and(|scope| scope.start_at.is_some());
        let is_open = state.name.contains("${");
        if !has_start
            || is_open
            || facts.graph.is_led_to(id)
            || facts.graph.scope(state.scope).has_open_transition
        {
            continue;
        }
        let Some(key) = source_map.state_key(facts.parse, id) else { continue };
        let node = source_map.state_node(facts.parse, id);
        ctx.report_unnecessary(node, key.range(), format!("State \"{}\" is not reachable.", state.name));
    }
}

/// Whether the name of some state in a scope is filled in when the definition is deployed.
fn has_open_name(facts: &Facts<'_>, scope: &Scope) -> bool {
    let mut states = scope.states.iter().filter_map(|id| facts.lowered.machine.state(*id));
    states.any(|state| state.name.contains("${"))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::{check, check_states};

    #[test]
    fn every_field_that_names_a_state() {
        check_states(
            r#""A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "X"}], "Default": "Y"},
"B": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true,
"Catch": [{"ErrorEquals": ["E"], "Next": "Z"}]}"#,
            expect![[r#"
                "A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "X"}], "Default": "Y"},
                                                                                                ^^^
                error MISSING_TRANSITION_TARGET: Missing 'Next' target: X
                "A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "X"}], "Default": "Y"},
                                                                                                                  ^^^
                error MISSING_TRANSITION_TARGET: Missing 'Default' target: Y
                "B": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true,
                ^^^
                error MISSING_TRANSITION_TARGET: State "B" is not reachable.
                "Catch": [{"ErrorEquals": ["E"], "Next": "Z"}]}
                                                         ^^^
                error MISSING_TRANSITION_TARGET: Missing 'Next' target: Z
            "#]],
        );
    }

    #[test]
    fn start_at() {
        check(
            r#"{"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}"#,
            expect![[r#"
            {"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}
                        ^^^
            error MISSING_TRANSITION_TARGET: Missing 'StartAt' target: B
            {"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}
                                        ^^^
            error MISSING_TRANSITION_TARGET: State "A" is not reachable.
        "#]],
        );
    }

    #[test]
    fn a_branch_does_not_lead_out() {
        check_states(
            r#""A": {"Type": "Parallel", "Next": "B", "Branches": [
{"StartAt": "C", "States": {"C": {"Type": "Pass", "Next": "B"}, "D": {"Type": "Succeed"}}}]},
"B": {"Type": "Succeed"}"#,
            expect![[r#"
                {"StartAt": "C", "States": {"C": {"Type": "Pass", "Next": "B"}, "D": {"Type": "Succeed"}}}]},
                                                                          ^^^
                error MISSING_TRANSITION_TARGET: Missing 'Next' target: B. The state is outside, and nothing leads out of a branch or iteration but its end
                {"StartAt": "C", "States": {"C": {"Type": "Pass", "Next": "B"}, "D": {"Type": "Succeed"}}}]},
                                                                                ^^^
                error MISSING_TRANSITION_TARGET: State "D" is not reachable.
            "#]],
        );
    }

    #[test]
    fn without_a_start_or_states_there_is_nothing_to_lead_to() {
        check(
            r#"{"States": {"A": {"Type": "Succeed"}}}"#,
            expect![[r#"
            {"States": {"A": {"Type": "Succeed"}}}
            ^
            error SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt]
        "#]],
        );
        check(
            r#"{"StartAt": "A"}"#,
            expect![[r#"
            {"StartAt": "A"}
            ^
            error SCHEMA_VALIDATION_FAILED: These fields are required: [States]
        "#]],
        );
    }

    #[test]
    fn a_state_that_is_not_understood_may_lead_anywhere() {
        check_states(
            r#""A": {"Type": "Pas", "Next": "B"}, "B": {"Type": "Succeed"}"#,
            expect![[r#"
            "A": {"Type": "Pas", "Next": "B"}, "B": {"Type": "Succeed"}
                          ^^^^^
            error SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]
        "#]],
        );
    }

    #[test]
    fn a_name_that_is_filled_in_may_be_any() {
        check(
            r#"{"StartAt": "Start", "States": {"${First}": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}}"#,
            expect![[""]],
        );
    }
}
