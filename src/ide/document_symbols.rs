//! The outline: states in the order of the text, those of branches and iterations within their state.

use super::Analysis;
use crate::model::{NumberField, State, StateBody, StateId, TextField, WaitFor};
use crate::spec::{Resource, StateKind};
use crate::text::TextRange;

/// A state in the outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentSymbol {
    /// The state's name.
    pub name: String,
    /// Its type; none when it has none that is known.
    pub kind: Option<StateKind>,
    /// Its type and what it does, in a few words: `Task · dynamodb:getItem`.
    pub detail: String,
    /// Its name and value.
    pub range: TextRange,
    /// Its name.
    pub selection_range: TextRange,
    /// The states in it, in the order of the text.
    pub children: Vec<DocumentSymbol>,
}

pub(super) fn document_symbols(analysis: &Analysis) -> Vec<DocumentSymbol> {
    let (parse, lowered) = (analysis.parse(), analysis.lowered());
    // Nested states have greater numbers than the state they are in: from the last to the first, the children of a
    // state are complete when its turn comes.
    let mut children: Vec<Vec<DocumentSymbol>> = vec![Vec::new(); lowered.machine.states.len()];
    let mut roots = Vec::new();
    let ids: Vec<StateId> = lowered.machine.all_states().map(|(id, _)| id).collect();
    for id in ids.into_iter().rev() {
        let mut inner = children.get_mut(id.0 as usize).map(std::mem::take).unwrap_or_default();
        inner.sort_by_key(|symbol| symbol.range);
        let (Some(state), Some(key)) = (lowered.machine.state(id), lowered.source_map.state_key(parse, id))
        else {
            continue;
        };
        let range = lowered.source_map.state_member(id).map_or(key.range(), |node| parse.node(node).range());
        let symbol = DocumentSymbol {
            name: state.name.to_string(),
            kind: state.kind(),
            detail: detail(state),
            range,
            selection_range: key.range(),
            children: inner,
        };
        let owner = lowered.machine.scope(state.scope).and_then(|scope| scope.owner);
        match owner.and_then(|owner| children.get_mut(owner.0 as usize)) {
            Some(siblings) => siblings.push(symbol),
            None => roots.push(symbol),
        }
    }
    roots.sort_by_key(|symbol| symbol.range);
    roots
}

fn detail(state: &State) -> String {
    let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let does = match &state.body {
        StateBody::Task(task) => Resource::parse(&task.resource)
            .map(|resource| format!("{}:{}", resource.resource_type(), resource.resource_name()))
            .unwrap_or_default(),
        StateBody::Choice { rules, .. } => count(rules.len(), "rule", "rules"),
        StateBody::Parallel { branches } => count(branches.len(), "branch", "branches"),
        StateBody::Map(map) if map.distributed.is_some() => "distributed".to_owned(),
        StateBody::Wait(WaitFor::Seconds(NumberField::Literal(seconds))) => format!("{seconds} s"),
        StateBody::Fail { error: Some(TextField::Literal(error)), .. } => error.to_string(),
        _ => String::new(),
    };
    let kind = state.kind().map_or("", StateKind::name);
    if does.is_empty() { kind.to_owned() } else { format!("{kind} · {does}") }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::testing::analyse;

    fn show(symbols: &[DocumentSymbol], analysis: &Analysis, depth: usize, shown: &mut String) {
        for symbol in symbols {
            let name = analysis.source().slice(symbol.selection_range);
            *shown += &format!("{}{name} ({}) {:?}\n", "  ".repeat(depth), symbol.detail, symbol.range);
            show(&symbol.children, analysis, depth + 1, shown);
        }
    }

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let analysis = analyse(text);
        let mut shown = String::new();
        show(&analysis.document_symbols(), &analysis, 0, &mut shown);
        expected.assert_eq(&shown);
    }

    #[test]
    fn nested_states_lie_within_theirs() {
        check(
            r#"{"States": {"P": {"Type": "Parallel", "Branches": [
{"States": {"Y": {"Type": "Pass"}}}, {"States": {"X": {"Type": "Wait"}}}]},
"A": {"Type": "Map", "ItemProcessor": {"States": {"B": {}}}}}}"#,
            expect![[r#"
                "P" (Parallel · 2 branches) 12..126
                  "Y" (Pass) 64..85
                  "X" (Wait) 101..122
                "A" (Map) 128..188
                  "B" () 178..185
            "#]],
        );
    }

    #[test]
    fn states_say_what_they_do() {
        check(
            r#"{"States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"},
"C": {"Type": "Choice", "Choices": [{}]}, "W": {"Type": "Wait", "Seconds": 5}, "F": {"Type": "Fail", "Error": "E"}}}"#,
            expect![[r#"
                "T" (Task · sqs:sendMessage.waitForTaskToken) 12..98
                "C" (Choice · 1 rule) 100..140
                "W" (Wait · 5 s) 142..177
                "F" (Fail · E) 179..214
            "#]],
        );
    }

    #[test]
    fn half_typed_states_are_there() {
        check(
            r#"{"States": {"A": {"Type": "Pass", "Next": "#,
            expect![[r#"
                "A" (Pass) 12..41
            "#]],
        );
    }
}
