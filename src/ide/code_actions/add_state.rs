//! A transition that leads nowhere: add the state.

use super::scene::Scene;
use super::{CodeAction, CodeActionKind};
use crate::model::StateNameUse;
use crate::spec::{Field, StateKind};
use crate::syntax::edit::{Draft, insert_member};

pub(super) fn actions(scene: &Scene<'_>, acc: &mut Vec<CodeAction>) {
    let (parse, lowered) = (scene.parse(), scene.analysis.lowered());
    let is_it = |it: &&StateNameUse| it.node == scene.node.id() && it.target.is_none();
    let Some(used) = lowered.source_map.state_name_uses().iter().find(is_it) else { return };
    let Some(name) = scene.node.text().filter(|name| !name.is_empty()) else { return };
    let scope = lowered.source_map.scope_node(parse, used.scope);
    let Some(states) = scope.and_then(|scope| scope.value_of(Field::States.name())) else { return };
    let draft = Draft::Object(vec![
        (Field::Type.name().to_owned(), Draft::Fixed(StateKind::Pass.name().to_owned())),
        (Field::End.name().to_owned(), Draft::Raw(true.to_string())),
    ]);
    // Behind the state that leads there, where it is one of the same scope.
    let after = scene.state.filter(|state| state.node().parent() == Some(states));
    acc.push(CodeAction {
        title: format!("Add state \"{name}\""),
        kind: CodeActionKind::QuickFix,
        fixes: &["MISSING_TRANSITION_TARGET"],
        range: scene.node.range(),
        is_preferred: true,
        edits: insert_member(parse, states, after, &name, &draft).into_iter().collect(),
        disabled: None,
    });
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::ide::code_actions::testing::check;

    #[test]
    fn behind_the_state_that_leads_there() {
        check(
            r#"{
  "States": {
    "A": {
      "Type": "Pass",
      "Next": "<|>N"
    },
    "B": {}
  }
}"#,
            "Add state",
            expect![[r#"
                {
                  "States": {
                    "A": {
                      "Type": "Pass",
                      "Next": "N"
                    },
                    "N": {
                      "Type": "Pass",
                      "End": true
                    },
                    "B": {}
                  }
                }"#]],
        );
    }

    #[test]
    fn of_start_at() {
        check(
            r#"{"StartAt": "<|>A", "States": {}}"#,
            "Add state",
            expect![[r#"
            {"StartAt": "A", "States": {"A": {
              "Type": "Pass",
              "End": true
            }}}"#]],
        );
    }

    #[test]
    fn not_where_there_is_one() {
        check(r#"{"StartAt": "<|>A", "States": {"A": {}}}"#, "Add state", expect!["not offered"]);
    }
}
