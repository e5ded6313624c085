//! A state that nothing leads to: remove it.

use super::scene::Scene;
use super::{CodeAction, CodeActionKind};
use crate::semantic::Graph;
use crate::syntax::edit::remove_children;

pub(super) fn actions(scene: &Scene<'_>, acc: &mut Vec<CodeAction>) {
    let (Some(id), Some(state)) = (scene.state_id(), scene.state) else { return };
    // On its name or its beginning, not anywhere within.
    let is_on_key = state.key_node() == scene.node || state.value() == Some(scene.node);
    let Some(states) = state.node().parent().filter(|_| is_on_key) else { return };
    if Graph::new(&scene.analysis.lowered().machine).is_reached(id) {
        return;
    }
    acc.push(CodeAction {
        title: format!("Remove state \"{}\", which is never reached", state.key()),
        kind: CodeActionKind::QuickFix,
        fixes: &["unreachable-state"],
        range: state.node().range(),
        is_preferred: false,
        edits: remove_children(states, &[state.node()]),
        disabled: None,
    });
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::code_actions::testing::check;

    #[test]
    fn with_its_comma() {
        let text = "{\"StartAt\": \"A\", \"States\": {\n  \"A\": {\"Type\": \"Succeed\"},\n  \"<|>B\": {\"Type\": \"Succeed\"}\n}}";
        check(
            text,
            "Remove state",
            expect![[r#"
            {"StartAt": "A", "States": {
              "A": {"Type": "Succeed"}
            }}"#]],
        );
        check(
            &text.replace("<|>B", "B").replace("\"A\": {", "\"<|>A\": {"),
            "Remove state",
            expect!["not offered"],
        );
    }
}
