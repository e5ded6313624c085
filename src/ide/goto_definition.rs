//! From a place that names a state or reads a variable to where it is defined.

use super::Analysis;
use super::symbols::{Symbol, Use};
use crate::syntax::{Node, NodeKind};
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

/// A state has one definition; a variable one for every `Assign` that sets it.
pub(super) fn goto_definition(analysis: &Analysis, offset: TextSize) -> Vec<Definition> {
    let (parse, symbols) = (analysis.parse(), analysis.symbols());
    let Some(at) = symbols.at(offset) else { return Vec::new() };
    // The key of a state leads nowhere; an Assign leads to the others.
    if at.used == Use::Definition && matches!(at.symbol, Symbol::State { .. }) {
        return Vec::new();
    }
    let definitions = symbols.of(&at.symbol).filter(|it| it.used == Use::Definition);
    let definition = |node: Node<'_>, selection_range: TextRange| {
        let member = node.parent().filter(|parent| parent.kind() == NodeKind::Member);
        let range = member.map_or(node.range(), Node::range);
        Definition { origin: at.range, range, selection_range }
    };
    definitions.map(|it| definition(parse.node(it.node), it.range)).collect()
}

#[cfg(test)]
mod tests {
    use crate::ide::testing::fixture;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let (analysis, offset) = fixture(text);
        let found = analysis.goto_definition(offset);
        let source = analysis.source();
        let shown: Vec<&str> = found
            .iter()
            .map(|found| {
                assert_eq!(source.slice(found.origin), source.slice(found.selection_range));
                source.slice(found.range)
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn from_every_kind_of_transition() {
        let states = |a: &str, b: &str, c: &str, d: &str| {
            format!(
                r#"{{"StartAt": "A{a}", "States": {{"A": {{"Type": "Task", "Next": "{b}B", "Catch": [{{"Next": "B{c}"}}]}},
"B": {{"Type": "Choice", "Default": "{d}A"}}}}}}"#
            )
        };
        let b = [r#""B": {"Type": "Choice", "Default": "A"}"#];
        let a = [r#""A": {"Type": "Task", "Next": "B", "Catch": [{"Next": "B"}]}"#];
        check(&states("<|>", "", "", ""), &a);
        check(&states("", "<|>", "", ""), &b);
        check(&states("", "", "<|>", ""), &b);
        check(&states("", "", "", "<|>"), &a);
    }

    #[test]
    fn names_are_those_of_the_same_scope() {
        check(
            r#"{"States": {"A": {"Type": "Pass"}, "M": {"Type": "Map", "ItemProcessor": {"StartAt": "<|>A", "States": {}}}}}"#,
            &[],
        );
    }

    #[test]
    fn from_a_variable_to_all_that_assign_it() {
        check(
            r#"{"States": {"A": {"Type": "Pass", "Assign": {"v": 1}, "InputPath": "$v<|>"}, "B": {"Type": "Pass", "Assign": {"v": [2]}}}}"#,
            &[r#""v": 1"#, r#""v": [2]"#],
        );
    }

    #[test]
    fn nowhere_else() {
        check(r#"{"Comment": "<|>A", "States": {"A": {}}}"#, &[]);
        check("<|>", &[]);
    }
}
