//! The states of a scope in the order in which an execution comes to them.

use std::collections::BTreeSet;

use super::scene::Scene;
use super::{CodeAction, CodeActionKind};
use crate::model::{ScopeId, StateId};
use crate::spec::Field;
use crate::text::TextEdit;

pub(super) fn actions(scene: &Scene<'_>, acc: &mut Vec<CodeAction>) {
    let Some(member) = scene.member.filter(|member| member.key_is(Field::States.name())) else { return };
    let (Some(states), Some(scope_node)) = (member.value(), member.node().parent()) else { return };
    if member.key_node() != scene.node && states != scene.node {
        return;
    }
    let (parse, lowered) = (scene.parse(), scene.analysis.lowered());
    let mut scopes = (0..).map(ScopeId).take(lowered.machine.scopes.len());
    let scope = scopes.find(|id| lowered.source_map.scope_node(parse, *id) == Some(scope_node));
    let Some(scope) = scope else { return };
    let written: Vec<_> = states.members().map(|it| it.node()).collect();
    let sorted: Vec<_> = flow(scene, scope)
        .into_iter()
        .filter_map(|id| lowered.source_map.state_member(id))
        .map(|id| parse.node(id))
        .collect();
    // Where a name is given twice, one of the states has no number.
    if sorted.len() != written.len() || sorted == written {
        return;
    }
    let moves = written.iter().zip(&sorted).filter(|(old, new)| old != new);
    acc.push(CodeAction {
        title: "Sort the states by flow".to_owned(),
        kind: CodeActionKind::Rewrite,
        fixes: &[],
        range: member.node().range(),
        is_preferred: false,
        edits: moves.map(|(old, new)| TextEdit::new(old.range(), new.raw())).collect(),
        disabled: None,
    });
}

/// The states of a scope: what is reached first comes first, depth first along `Next`; then those that are not reached.
fn flow(scene: &Scene<'_>, scope: ScopeId) -> Vec<StateId> {
    let machine = &scene.analysis.lowered().machine;
    let start = machine.scope(scope).and_then(|it| it.start_at.as_ref()).and_then(|it| it.target);
    let (mut order, mut seen) = (Vec::new(), BTreeSet::new());
    let mut stack: Vec<StateId> = start.into_iter().collect();
    while let Some(id) = stack.pop() {
        let Some(state) = machine.state(id).filter(|_| seen.insert(id)) else { continue };
        order.push(id);
        // Rules before what follows when none holds, as they are written; the last one pushed comes first.
        let default = state.transitions().filter_map(|it| it.target);
        let mut targets: Vec<StateId> = default.collect();
        targets.reverse();
        stack.extend(targets);
    }
    let parse = scene.parse();
    let mut rest: Vec<StateId> =
        machine.states_of(scope).map(|(id, _)| id).filter(|id| !seen.contains(id)).collect();
    rest.sort_by_key(|id| scene.analysis.lowered().source_map.state_key(parse, *id).map(|key| key.range()));
    order.extend(rest);
    order
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::code_actions::testing::check;

    #[test]
    fn by_flow() {
        check(
            r#"{"StartAt": "A", "Sta<|>tes": {
"X": {"Type": "Succeed"},
"C": {"Type": "Pass", "End": true},
"B": {"Type": "Choice", "Choices": [{"Next": "D"}], "Default": "C"},
"D": {"Type": "Succeed"},
"A": {"Type": "Pass", "Next": "B"}
}}"#,
            "Sort",
            expect![[r#"
                {"StartAt": "A", "States": {
                "A": {"Type": "Pass", "Next": "B"},
                "B": {"Type": "Choice", "Choices": [{"Next": "D"}], "Default": "C"},
                "C": {"Type": "Pass", "End": true},
                "D": {"Type": "Succeed"},
                "X": {"Type": "Succeed"}
                }}"#]],
        );
    }

    #[test]
    fn not_what_is_sorted() {
        check(
            r#"{"StartAt": "A", "States<|>": {"A": {"Next": "B"}, "B": {}}}"#,
            "Sort",
            expect!["not offered"],
        );
    }
}
