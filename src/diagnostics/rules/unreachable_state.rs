//! States are named by others, but no execution comes to them.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "unreachable-state",
    code: "unreachable-state",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds states that only other unreachable states lead to.",
    doc: "States may name each other in a circle, or follow a state that nothing leads to: then no execution comes to them, although each is named by another. AWS accepts this.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "Next": "B"}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Succeed"}}}"#,
    link: "https://states-language.net/spec.html#transitions",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    let source_map = &facts.lowered.source_map;
    for (id, state) in facts.lowered.machine.all_states() {
        // In a scope that is itself not reached, only the state around it is reported; without a start that
        // exists, only the start.
        let scope_is_entered = facts.graph.scope(state.scope).is_reached
            && facts
                .lowered
                .machine
                .scope(state.scope)
                .and_then(|scope| scope.start_at.as_ref())
                .is_some_and(|start| start.target.is_some());
        let has_open_transition = facts.graph.scope(state.scope).has_open_transition;
        if has_open_transition
            || !scope_is_entered
            || facts.graph.is_reached(id)
            || !facts.graph.is_led_to(id)
        {
            continue;
        }
        let Some(key) = source_map.state_key(facts.parse, id) else { continue };
        let message = format!("No execution comes to \"{}\": only unreachable states lead to it", state.name);
        ctx.report_unnecessary(source_map.state_node(facts.parse, id), key.range(), message);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn a_circle() {
        check_states(
            r#""A": {"Type": "Succeed"},
"B": {"Type": "Pass", "Next": "C"},
"C": {"Type": "Pass", "Next": "B"}"#,
            expect![[r#"
                "B": {"Type": "Pass", "Next": "C"},
                ^^^
                warning unreachable-state: No execution comes to "B": only unreachable states lead to it
                "C": {"Type": "Pass", "Next": "B"}
                ^^^
                warning unreachable-state: No execution comes to "C": only unreachable states lead to it
            "#]],
        );
    }
}
