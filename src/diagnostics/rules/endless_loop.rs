//! States that no way leads out of.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::StateId;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "endless-loop",
    code: "endless-loop",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds states from which no end can be reached.",
    doc: "The states lead only to each other, so that an execution that comes to them ends when it fails or runs out of time or events. Add a Choice state that leads out of the loop, or an end.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "B"}], "Default": "Z"}, "B": {"Type": "Wait", "Seconds": 1, "Next": "C"}, "C": {"Type": "Pass", "Next": "B"}, "Z": {"Type": "Succeed"}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "B"}], "Default": "Z"}, "B": {"Type": "Wait", "Seconds": 1, "Next": "C"}, "C": {"Type": "Pass", "Next": "A"}, "Z": {"Type": "Succeed"}}}"#,
    link: "https://states-language.net/spec.html#terminal-state",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    let machine = &facts.lowered.machine;
    let is_stuck = |id: StateId| facts.graph.is_reached(id) && !facts.graph.can_end(id);
    // Where the loops are entered: one finding for a mistake.
    let mut entries = Vec::new();
    let mut enter = |target: Option<StateId>| entries.extend(target.filter(|target| is_stuck(*target)));
    for scope in &machine.scopes {
        enter(scope.start_at.as_ref().and_then(|start| start.target));
    }
    for (id, state) in machine.all_states().filter(|(id, _)| facts.graph.is_reached(*id)) {
        if !is_stuck(id) {
            state.transitions().for_each(|transition| enter(transition.target));
        }
    }
    entries.sort_unstable();
    entries.dedup();
    for id in entries {
        let Some(state) = machine.state(id) else { continue };
        // Without any end in the whole scope there is a finding already.
        if !facts.graph.scope(state.scope).has_terminal_state {
            continue;
        }
        let source_map = &facts.lowered.source_map;
        let Some(key) = source_map.state_key(facts.parse, id) else { continue };
        let message = format!("No way leads from \"{}\" to an end", state.name);
        ctx.report(source_map.state_node(facts.parse, id), key.range(), message);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn a_loop_and_what_leads_to_it() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Next": "Z", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}]},
"B": {"Type": "Pass", "Next": "C"},
"C": {"Type": "Pass", "Next": "C"},
"Z": {"Type": "Succeed"}"#,
            expect![[r#"
                "B": {"Type": "Pass", "Next": "C"},
                ^^^
                warning endless-loop: No way leads from "B" to an end
            "#]],
        );
    }
}
