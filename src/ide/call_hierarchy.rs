//! What leads to a state, and where it leads.

use super::Analysis;
use super::symbols::Symbol;
use crate::model::{StateId, StateNameUse};
use crate::spec::StateKind;
use crate::text::{TextRange, TextSize};

/// A state in the hierarchy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallHierarchyItem {
    /// Its name.
    pub name: String,
    /// Its type; none when it has none that is known.
    pub kind: Option<StateKind>,
    /// Its name and value.
    pub range: TextRange,
    /// Its name, quotes included.
    pub selection_range: TextRange,
}

/// A state that leads to another, or that another leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The state at the other end.
    pub item: CallHierarchyItem,
    /// The transitions, in the state that leads on, in the order of the text.
    pub ranges: Vec<TextRange>,
}

pub(super) fn prepare_call_hierarchy(analysis: &Analysis, offset: TextSize) -> Option<CallHierarchyItem> {
    item(analysis, state_named_at(analysis, offset)?)
}

/// The states with transitions to the one that is named at an offset; of the first state in a branch or iteration the
/// state around it.
pub(super) fn incoming_calls(analysis: &Analysis, offset: TextSize) -> Vec<Call> {
    let Some(id) = state_named_at(analysis, offset) else { return Vec::new() };
    let parse = analysis.parse();
    let source_map = &analysis.lowered().source_map;
    let uses = source_map.state_name_uses().iter().filter(|it| it.target == Some(id));
    let from = uses.filter_map(|it| {
        let range = parse.node(it.node).range();
        Some((source_map.state_at(parse, range.start())?, range))
    });
    grouped(analysis, from)
}

/// The states that the one named at an offset has transitions to; those that its branches or iterations begin with, too.
pub(super) fn outgoing_calls(analysis: &Analysis, offset: TextSize) -> Vec<Call> {
    let Some(id) = state_named_at(analysis, offset) else { return Vec::new() };
    let parse = analysis.parse();
    let source_map = &analysis.lowered().source_map;
    let Some(member) = source_map.state_member(id).map(|member| parse.node(member).range()) else {
        return Vec::new();
    };
    let range = |it: &StateNameUse| parse.node(it.node).range();
    let uses = source_map.state_name_uses().iter().filter(|it| member.contains_range(range(it)));
    let own = uses.filter(|it| source_map.state_at(parse, range(it).start()) == Some(id));
    grouped(analysis, own.filter_map(|it| Some((it.target?, range(it)))))
}

fn state_named_at(analysis: &Analysis, offset: TextSize) -> Option<StateId> {
    match &analysis.symbols().at(offset)?.symbol {
        Symbol::State { scope, name } => analysis.lowered().machine.find(*scope, name),
        Symbol::Variable { .. } => None,
    }
}

fn item(analysis: &Analysis, id: StateId) -> Option<CallHierarchyItem> {
    let (parse, lowered) = (analysis.parse(), analysis.lowered());
    let state = lowered.machine.state(id)?;
    let selection_range = lowered.source_map.state_key(parse, id)?.range();
    let range = lowered.source_map.state_member(id).map_or(selection_range, |node| parse.node(node).range());
    Some(CallHierarchyItem { name: state.name.to_string(), kind: state.kind(), range, selection_range })
}

/// Transitions by the state at their other end, in the order in which these come first.
fn grouped(analysis: &Analysis, found: impl Iterator<Item = (StateId, TextRange)>) -> Vec<Call> {
    let mut groups: Vec<(StateId, Vec<TextRange>)> = Vec::new();
    for (id, range) in found {
        match groups.iter_mut().find(|(group, _)| *group == id) {
            Some((_, ranges)) => ranges.push(range),
            None => groups.push((id, vec![range])),
        }
    }
    let call = |(id, ranges)| Some(Call { item: item(analysis, id)?, ranges });
    groups.into_iter().filter_map(call).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::ide::testing::fixture;

    const TEXT: &str = r#"{"StartAt": "A", "States": {
"A": {"Type": "Task", "Next": "C", "Catch": [{"Next": "C"}, {"Next": "P"}]},
"C": {"Type": "Choice", "Choices": [{"Next": "C"}], "Default": "Nowhere"},
"P": {"Type": "Parallel", "Next": "C", "Branches": [{"StartAt": "X", "States": {"X": {"Type": "Pass", "Next": "Y"}, "Y": {"Type": "Succeed"}}}]}}}"#;

    #[track_caller]
    fn check(key: &str, expected: Expect) {
        let (analysis, offset) =
            fixture(&TEXT.replace(&format!("\"{key}\": {{"), &format!("\"<|>{key}\": {{")));
        let show = |calls: Vec<Call>| {
            let one = |it: &Call| format!("{} ×{}", it.item.name, it.ranges.len());
            calls.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        let item = analysis.prepare_call_hierarchy(offset).unwrap();
        assert_eq!(item.name, key);
        let (from, to) = (analysis.incoming_calls(offset), analysis.outgoing_calls(offset));
        expected.assert_eq(&format!("{} → {key} → {}", show(from), show(to)));
    }

    #[test]
    fn transitions_lead_on() {
        check("A", expect![" → A → C ×2, P ×1"]);
        check("C", expect!["A ×2, C ×1, P ×1 → C → C ×1"]);
    }

    #[test]
    fn branches_begin_in_the_state_around_them() {
        check("P", expect!["A ×1 → P → C ×1, X ×1"]);
        check("X", expect!["P ×1 → X → Y ×1"]);
        check("Y", expect!["X ×1 → Y → "]);
    }
}
