//! What something in a file of scenarios means: from the table of the format, and of states from the definition.

use super::ScenarioDocument;
use crate::ide::hover::state_head;
use crate::ide::{Analysis, Hover, preview};
use crate::scenarios::{KeyRole, MemberSpec, PLACEHOLDERS, Role, key_role, member_of_key, role, state_names};
use crate::spec::Field;
use crate::syntax::Node;
use crate::text::TextSize;

pub(super) fn hover(
    document: &ScenarioDocument,
    offset: TextSize,
    definition: Option<&Analysis>,
) -> Option<Hover> {
    let node = document.parse().node_at(offset)?;
    let root = document.parse().root()?;
    let is_state = state_names(root).iter().any(|name| name.node == node);
    let markdown = match member_of_key(node) {
        _ if is_state => state(definition?, &node.text()?)?,
        Some(member) => match key_role(role(member.node().parent()?), &member.key()) {
            KeyRole::Member(spec) => of_member(spec),
            KeyRole::Scenario => format!("**{}**: a scenario.", preview::escape(&member.key())),
            KeyRole::State(_) | KeyRole::Other => return None,
        },
        None => of_value(node)?,
    };
    Some(Hover { range: node.range(), markdown })
}

/// What a member of the format means.
pub(super) fn of_member(spec: &MemberSpec) -> String {
    format!("**{}**\n\n{}", spec.name, spec.doc)
}

/// A state of the definition, in a few words.
pub(super) fn state(definition: &Analysis, name: &str) -> Option<String> {
    let lowered = definition.lowered();
    let (id, _) = lowered.machine.all_states().find(|(_, state)| *state.name == *name)?;
    let key = lowered.source_map.state_key(definition.parse(), id);
    let value = key.and_then(Node::parent).and_then(|member| member.children().nth(1));
    let comment = value.and_then(|value| value.value_of(Field::Comment.name())?.text());
    let comment = comment.map(|comment| format!("\n\n{}", preview::escape(&comment)));
    Some(format!("{}{}", state_head(definition, id), comment.unwrap_or_default()))
}

/// A placeholder, else the member whose value it is.
fn of_value(node: Node<'_>) -> Option<String> {
    if let Some(text) = node.text()
        && let Some((placeholder, meaning)) =
            PLACEHOLDERS.iter().find(|(placeholder, _)| *placeholder == text)
    {
        return Some(format!("`{placeholder}`: {meaning}"));
    }
    match role(node) {
        Role::Value(spec) if !node.is_object() && !node.is_array() => Some(of_member(spec)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::testing::{definition, fixture};
    use crate::syntax::Format;

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let (document, offset) = fixture(Format::Json, text);
        let found = document.hover(offset, Some(&definition()));
        let shown = found.map(|it| format!("{}: {}", document.source().slice(it.range), it.markdown));
        expected.assert_eq(&shown.unwrap_or_default());
    }

    #[test]
    fn members_have_the_text_of_the_table() {
        check(r#"{"scenarios": {"a": {"expect": {"retr<|>ies"#, expect![""]);
        check(
            r#"{"scenarios": {"a": {"se<|>ed": 1}}}"#,
            expect![[r#"
                "seed": **seed**

                Where chance comes from: the same number, the same ids, tokens and random numbers."#]],
        );
        check(
            r#"{"type": "STANDA<|>RD"}"#,
            expect![[r#"
            "STANDARD": **type**

            The type of the state machine; `STANDARD` without it."#]],
        );
    }

    #[test]
    fn states_are_summed_up() {
        check(
            r#"{"mocks": {"Lo<|>ad": {}}}"#,
            expect![[r#"
            "Load": **Load** · Task · dynamodb:getItem

            Reads an order."#]],
        );
        check(
            r#"{"scenarios": {"a": {"expect": {"path": ["P<|>ay"]}}}}"#,
            expect![[r#""Pay": **Pay** · Task · lambda:invoke"#]],
        );
        check(r#"{"mocks": {"Go<|>ne": {}}}"#, expect![""]);
    }

    #[test]
    fn placeholders_and_names() {
        check(
            r#"{"scenarios": {"a": {"expect": {"output": {"id": "<uu<|>id>"}}}}}"#,
            expect![[r#""<uuid>": `<uuid>`: a UUID"#]],
        );
        check(r#"{"scenarios": {"a<|>": {}}}"#, expect![[r#""a": **a**: a scenario."#]]);
    }
}
