//! Nothing ends the execution.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::{ScopeId, Transition};
use crate::spec::Field;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "missing-end-state",
    code: "MISSING_END_STATE",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds state machines, branches and item processors without a state that ends them.",
    doc: "At least one state must have `\"End\": true` or be of type `Succeed` or `Fail`.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": true}}}"#,
    link: "https://states-language.net/spec.html#terminal-state",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    for (scope_id, scope) in (0..).map(ScopeId).zip(&facts.lowered.machine.scopes) {
        // A state that is half typed may become the one.
        let is_unfinished = scope.states.iter().any(|&id| {
            facts.lowered.machine.state(id).is_none_or(|state| {
                state.kind().is_none()
                    || !state.problems.is_empty()
                    || state.transitions().any(Transition::is_open)
            })
        });
        if facts.graph.scope(scope_id).has_terminal_state || scope.states.is_empty() || is_unfinished {
            continue;
        }
        let Some(node) = facts.lowered.source_map.scope_node(facts.parse, scope_id) else { continue };
        let key = node.get(Field::States.name()).map(|member| member.key_node().range());
        let range = key.unwrap_or(node.opening());
        ctx.report(Some(node), range, "Workflow has no terminal state");
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn of_a_branch() {
        check_states(
            r#""A": {"Type": "Parallel", "End": true, "Branches": [
{"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 1, "Next": "B"}}}]}"#,
            expect![[r#"
                {"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 1, "Next": "B"}}}]}
                                 ^^^^^^^^
                error MISSING_END_STATE: Workflow has no terminal state
            "#]],
        );
    }
}
