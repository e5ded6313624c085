//! `End` instead of `Next`, and the other way round; one of them where there is none.

use super::scene::Scene;
use super::{CodeAction, CodeActionKind};
use crate::ide::context::state_kind;
use crate::spec::{Field, Owner, field_spec};
use crate::syntax::edit::{Draft, insert_member, rename_key, replace_value};
use crate::syntax::{Member, Node};
use crate::text::TextEdit;

pub(super) fn actions(scene: &Scene<'_>, acc: &mut Vec<CodeAction>) {
    let Some(object) = scene.state_object() else { return };
    let admits_end =
        state_kind(object).is_some_and(|kind| field_spec(Owner::State(kind), Field::End).is_some());
    if !admits_end {
        return;
    }
    let own = |field: Field| object.get(field.name());
    let is_at = |member: Member<'_>| member.node().range().touches(scene.range.start());
    let mut add = |title: String, kind: CodeActionKind, node: Node<'_>, edits: Vec<TextEdit>| {
        acc.push(CodeAction {
            title,
            kind,
            fixes: &["MISSING_END_STATE", "SCHEMA_VALIDATION_FAILED"],
            range: node.range(),
            is_preferred: false,
            edits,
            disabled: None,
        });
    };
    match (own(Field::Next), own(Field::End)) {
        (Some(next), None) if is_at(next) => {
            let edits = with(scene, next, Field::End, &Draft::Raw(true.to_string()));
            add("End here instead".to_owned(), CodeActionKind::Rewrite, next.node(), edits);
        }
        (None, Some(end)) if is_at(end) => {
            if let Some(name) = following(scene) {
                let edits = with(scene, end, Field::Next, &Draft::Fixed(name.clone()));
                add(format!("Go on to \"{name}\" instead"), CodeActionKind::Rewrite, end.node(), edits);
            }
        }
        (None, None) => {
            let Some(state) = scene.state else { return };
            let is_own = scene.member.is_some_and(|member| member.node().parent() == Some(object));
            if scene.node != object && scene.node != state.key_node() && !is_own {
                return;
            }
            let insert = |field: Field, draft: &Draft| -> Vec<TextEdit> {
                insert_member(scene.parse(), object, None, field.name(), draft).into_iter().collect()
            };
            let edits = insert(Field::End, &Draft::Raw(true.to_string()));
            add("End here".to_owned(), CodeActionKind::QuickFix, state.node(), edits);
            if let Some(name) = following(scene) {
                let edits = insert(Field::Next, &Draft::Fixed(name.clone()));
                add(format!("Go on to \"{name}\""), CodeActionKind::QuickFix, state.node(), edits);
            }
        }
        _ => {}
    }
}

/// The edits that make another field of a member.
fn with(scene: &Scene<'_>, member: Member<'_>, field: Field, draft: &Draft) -> Vec<TextEdit> {
    let value = member.value().map(|value| replace_value(scene.parse(), value, draft));
    rename_key(member, field.name()).into_iter().chain(value).collect()
}

/// The state that stands behind this one.
fn following(scene: &Scene<'_>) -> Option<String> {
    let state = scene.state?;
    let states = state.node().parent()?;
    let mut behind = states.members().skip_while(|it| it.node() != state.node()).skip(1);
    Some(behind.next()?.key().into_owned())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::code_actions::testing::check;

    #[test]
    fn from_one_to_the_other() {
        check(
            r#"{"States": {"A": {"Type": "Pass", "Next": <|>"B"}, "B": {}}}"#,
            "End here",
            expect![[r#"{"States": {"A": {"Type": "Pass", "End": true}, "B": {}}}"#]],
        );
        check(
            r#"{"States": {"A": {"Type": "Pass", "E<|>nd": true}, "B": {}}}"#,
            "Go on to",
            expect![[r#"{"States": {"A": {"Type": "Pass", "Next": "B"}, "B": {}}}"#]],
        );
    }

    #[test]
    fn where_there_is_none() {
        check(
            r#"{"States": {"A<|>": {"Type": "Pass"}, "B": {}}}"#,
            "End here",
            expect![[r#"{"States": {"A": {"Type": "Pass", "End": true}, "B": {}}}"#]],
        );
        check(
            r#"{"States": {"A<|>": {"Type": "Pass"}, "B": {}}}"#,
            "Go on to",
            expect![[r#"{"States": {"A": {"Type": "Pass", "Next": "B"}, "B": {}}}"#]],
        );
        check(r#"{"States": {"A<|>": {"Type": "Fail"}, "B": {}}}"#, "End here", expect!["not offered"]);
    }
}
