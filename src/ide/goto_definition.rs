//! From a place that names a state to the state.

use super::Analysis;
use crate::text::{TextRange, TextSize};

/// Where something is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The name that was asked about.
    pub origin: TextRange,
    /// The definition as a whole.
    pub range: TextRange,
    /// The name in it.
    pub selection_range: TextRange,
}

pub(super) fn goto_definition(analysis: &Analysis, offset: TextSize) -> Option<Definition> {
    let (parse, source_map) = (analysis.parse(), &analysis.lowered().source_map);
    let node = parse.node_at(offset)?;
    let used = source_map.state_name_uses().iter().find(|used| used.node == node.id())?;
    let target = used.target?;
    let key = source_map.state_key(parse, target)?;
    let range = source_map.state_member(target).map_or(key.range(), |node| parse.node(node).range());
    Some(Definition { origin: node.range(), range, selection_range: key.range() })
}

#[cfg(test)]
mod tests {
    use crate::ide::testing::fixture;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let (analysis, offset) = fixture(text);
        let found = analysis.goto_definition(offset);
        let line = found.map(|found| {
            let source = analysis.source();
            assert_eq!(source.slice(found.origin), source.slice(found.selection_range));
            source.slice(found.range)
        });
        assert_eq!(line, expected);
    }

    #[test]
    fn from_every_kind_of_transition() {
        let states = |a: &str, b: &str, c: &str, d: &str| {
            format!(
                r#"{{"StartAt": "A{a}", "States": {{"A": {{"Type": "Task", "Next": "{b}B", "Catch": [{{"Next": "B{c}"}}]}},
"B": {{"Type": "Choice", "Default": "{d}A"}}}}}}"#
            )
        };
        let b = Some(r#""B": {"Type": "Choice", "Default": "A"}"#);
        let a = Some(r#""A": {"Type": "Task", "Next": "B", "Catch": [{"Next": "B"}]}"#);
        check(&states("<|>", "", "", ""), a);
        check(&states("", "<|>", "", ""), b);
        check(&states("", "", "<|>", ""), b);
        check(&states("", "", "", "<|>"), a);
    }

    #[test]
    fn names_are_those_of_the_same_scope() {
        check(
            r#"{"States": {"A": {"Type": "Pass"}, "M": {"Type": "Map", "ItemProcessor": {"StartAt": "<|>A", "States": {}}}}}"#,
            None,
        );
    }

    #[test]
    fn nowhere_else() {
        check(r#"{"Comment": "<|>A", "States": {"A": {}}}"#, None);
        check("<|>", None);
    }
}
