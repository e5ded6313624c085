//! `Iterator`, and `Parameters` of a Map: their newer names.

use super::scene::Scene;
use super::{CodeAction, CodeActionKind};
use crate::ide::context::state_kind;
use crate::spec::{Field, StateKind};
use crate::syntax::edit::rename_key;

pub(super) fn actions(scene: &Scene<'_>, acc: &mut Vec<CodeAction>) {
    let Some(object) = scene.state_object().filter(|it| state_kind(*it) == Some(StateKind::Map)) else {
        return;
    };
    for (old, new) in [(Field::Iterator, Field::ItemProcessor), (Field::Parameters, Field::ItemSelector)] {
        let Some(member) = object.get(old.name()) else { continue };
        let is_at = member.key_node().range().touches(scene.range.start());
        if !is_at || object.get(new.name()).is_some() {
            continue;
        }
        acc.push(CodeAction {
            title: format!("Rename {} to {}", old.name(), new.name()),
            kind: CodeActionKind::QuickFix,
            fixes: &["deprecated-field"],
            range: member.key_node().range(),
            is_preferred: true,
            edits: rename_key(member, new.name()).into_iter().collect(),
            disabled: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::code_actions::testing::check;

    #[test]
    fn only_of_a_map() {
        check(
            r#"{"States": {"A": {"Type": "Map", "It<|>erator": {}}}}"#,
            "Rename Iterator",
            expect![[r#"{"States": {"A": {"Type": "Map", "ItemProcessor": {}}}}"#]],
        );
        check(
            r#"{"States": {"A": {"Type": "Map", "Parameters<|>": {}}}}"#,
            "Rename Parameters",
            expect![[r#"{"States": {"A": {"Type": "Map", "ItemSelector": {}}}}"#]],
        );
        check(
            r#"{"States": {"A": {"Type": "Task", "Parameters<|>": {}}}}"#,
            "Rename",
            expect!["not offered"],
        );
    }
}
