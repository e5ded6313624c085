//! Names of states, wherever a transition is written.

use super::{CompletionKind, Documentation, Draft, Insert, Item, Scene};
use crate::ide::context::state_kind;
use crate::ide::doc;
use crate::ide::preview;
use crate::model::ScopeId;
use crate::semantic::Graph;
use crate::spec::{Field, StateKind};
use crate::syntax::{Node, NodeId};

/// A state that a transition may name.
pub(super) struct Candidate<'a> {
    pub(super) name: String,
    pub(super) node: Option<Node<'a>>,
    /// Whether another state, or `StartAt`, leads to it.
    pub(super) is_led_to: bool,
    /// Whether it is the state in which the transition is written.
    pub(super) is_self: bool,
}

/// The states of the scope: those that nothing leads to first, the state itself last.
pub(super) fn names(scene: &Scene<'_>) -> Vec<Item> {
    let item = |candidate: Candidate<'_>| {
        let kind = candidate.node.and_then(state_kind);
        let note = if candidate.is_self {
            " · this state"
        } else if candidate.is_led_to {
            ""
        } else {
            " · nothing leads here yet"
        };
        Item {
            detail: Some(format!("{}{note}", kind.map_or("state", StateKind::name))),
            documentation: match candidate.node {
                Some(node) => Documentation::State(node.id()),
                None => Documentation::Text(format!("**{}**", preview::escape(&candidate.name))),
            },
            kind: CompletionKind::State,
            insert: Insert::Value(Draft::Fixed(candidate.name.clone())),
            label: candidate.name,
        }
    };
    candidates(scene).into_iter().map(item).collect()
}

/// What a state is: its name, its comment, what it calls, its type.
pub(super) fn documentation(state: Node<'_>) -> String {
    let name = state.parent().and_then(|member| member.children().next()).and_then(Node::text);
    let text = |field: Field| state.value_of(field.name()).and_then(Node::text);
    let comment = text(Field::Comment).map(|comment| format!("\n\n{}", preview::escape(&comment)));
    let resource = text(Field::Resource).map(|arn| format!("\n\n{}", preview::code(&arn)));
    let kind = state_kind(state).map(|kind| format!("\n\n{}", doc::state_kind(kind)));
    format!(
        "**{}**{}{}{}",
        preview::escape(&name.unwrap_or_default()),
        comment.unwrap_or_default(),
        resource.unwrap_or_default(),
        kind.unwrap_or_default()
    )
}

/// The scope as the model knows it.
fn scope_id(scene: &Scene<'_>) -> Option<ScopeId> {
    let lowered = scene.analysis.lowered();
    let mut scopes = (0..).map(ScopeId).take(lowered.machine.scopes.len());
    scopes.find(|id| lowered.source_map.scope_node(scene.analysis.parse(), *id) == scene.ctx.scope)
}

/// A name that a transition of the scope gives and no state has yet.
pub(super) fn missing(scene: &Scene<'_>) -> Option<String> {
    let (parse, scope) = (scene.analysis.parse(), scope_id(scene)?);
    let uses = scene.analysis.lowered().source_map.state_name_uses().iter();
    let names = uses.filter(|it| it.scope == scope && it.target.is_none());
    let mut names = names.filter_map(|it| parse.node(it.node).text()).filter(|name| !name.is_empty());
    names.next().map(std::borrow::Cow::into_owned)
}

/// The states of the scope, in the order in which they are offered.
pub(super) fn candidates<'a>(scene: &Scene<'a>) -> Vec<Candidate<'a>> {
    let Some(scope) = scene.ctx.scope else { return Vec::new() };
    let lowered = scene.analysis.lowered();
    let graph = Graph::new(&lowered.machine);
    let states = scope_id(scene).into_iter().flat_map(|scope| lowered.machine.states_of(scope));
    let led_to = states.map(|(id, _)| id).filter(|id| graph.is_led_to(*id));
    let mut led_to: Vec<NodeId> = led_to.filter_map(|id| lowered.source_map.state_member(id)).collect();
    led_to.sort_unstable();
    let own = scene.ctx.state.map(|state| state.node());
    let states = scope.value_of(Field::States.name()).into_iter().flat_map(Node::members);
    let mut found: Vec<Candidate<'a>> = states
        .map(|member| {
            let name = member.key().into_owned();
            Candidate {
                is_led_to: led_to.binary_search(&member.node().id()).is_ok(),
                is_self: Some(member.node()) == own,
                node: member.value(),
                name,
            }
        })
        .filter(|candidate| !candidate.name.is_empty())
        // A key that is being typed is no state yet.
        .filter(|candidate| {
            candidate.node.is_some() || scene.current.is_none_or(|it| !it.key_is(&candidate.name))
        })
        .collect();
    found.sort_by_key(|candidate| (candidate.is_self, candidate.is_led_to));
    found
}

/// The state that most likely follows: the first one that nothing leads to.
pub(super) fn next(scene: &Scene<'_>) -> Option<String> {
    candidates(scene).into_iter().find(|it| !it.is_self && !it.is_led_to).map(|it| it.name)
}

/// As [`next`], or any other state where each is led to.
pub(super) fn next_or_any(scene: &Scene<'_>) -> Option<String> {
    candidates(scene).into_iter().find(|it| !it.is_self).map(|it| it.name)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::testing::{check, check_edit, check_yaml, state};

    #[test]
    fn names_of_states() {
        let states = |transition: &str| {
            format!(
                r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Pass", {transition}}}, "B": {{"Type": "Pass", "Next": "C"}}, "C": {{"Type": "Succeed"}}, "D": {{"Type": "Fail"}}}}}}"#
            )
        };
        // Nothing leads to B and D yet; A itself comes last.
        check(&states(r#""Next": "<|>""#), 20, expect!["B, D, C, A"]);
        check(&states(r#""Next": <|>"#), 20, expect!["B, D, C, A"]);
        check(&states(r#""Catch": [{"ErrorEquals": ["States.ALL"], "Next": "<|>"}]"#), 20, expect![""]);
        check(r#"{"StartAt": "<|>", "States": {"A": {}, "B": {}}}"#, 20, expect!["A, B"]);
        check(&state(r#""Type": "Choice", "Default": "<|>""#), 20, expect!["B, A"]);
        check(&state(r#""Type": "Choice", "Choices": [{"Next": "<|>"}]"#), 20, expect!["B, A"]);
    }

    #[test]
    fn a_key_that_is_being_typed_is_no_state() {
        check_edit(
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "Wa<|>"}}"#,
            "Wait",
            expect![[r#"
                {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {
                  "Type": "Wait",
                  "Seconds": 1,
                  "End": true
                }}}"#]],
        );
    }

    #[test]
    fn names_are_those_of_the_scope() {
        check(
            r#"{"States": {"A": {"Type": "Map", "ItemProcessor": {"StartAt": "<|>", "States": {"X": {}, "Y": {}}}}}}"#,
            20,
            expect!["X, Y"],
        );
        check(
            r#"{"States": {"A": {"Type": "Parallel", "Branches": [{"States": {"X": {"Type": "Pass", "Next": "<|>"}, "Y": {}}}]}}}"#,
            20,
            expect!["Y, X"],
        );
    }

    #[test]
    fn yaml_names_of_states() {
        check_yaml(
            "StartAt: <|>\nStates:\n  A:\n    Type: Pass\n    Next: B\n  B:\n    Type: Succeed\n",
            4,
            expect!["A, B"],
        );
    }
}
