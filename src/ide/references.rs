//! All places of a name: of a state or of a variable.

use super::Analysis;
use super::symbols::{Symbol, Use};
use crate::text::{TextRange, TextSize};

/// How a place uses a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceKind {
    /// It leads to a state, or reads a variable.
    Read,
    /// It assigns a variable.
    Write,
    /// It is a state's key.
    Name,
}

/// A place that gives a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The name, without quotes and `$`.
    pub range: TextRange,
    /// How it is used.
    pub kind: ReferenceKind,
}

impl Reference {
    /// Whether the place defines the name rather than uses it.
    pub fn is_definition(&self) -> bool {
        matches!(self.kind, ReferenceKind::Name | ReferenceKind::Write)
    }
}

pub(super) fn references(analysis: &Analysis, offset: TextSize) -> Vec<Reference> {
    let symbols = analysis.symbols();
    let Some(at) = symbols.at(offset) else { return Vec::new() };
    let of = symbols.of(&at.symbol).map(|it| Reference {
        range: it.range,
        kind: match (it.used, &it.symbol) {
            (Use::Reference, _) => ReferenceKind::Read,
            (Use::Definition, Symbol::State { .. }) => ReferenceKind::Name,
            (Use::Definition, Symbol::Variable { .. }) => ReferenceKind::Write,
        },
    });
    of.collect()
}

/// The places of the state's name at an offset that are written alike, so that they can be typed at once. None for a
/// name that stands only once.
pub(super) fn linked_editing_ranges(analysis: &Analysis, offset: TextSize) -> Vec<TextRange> {
    let symbols = analysis.symbols();
    let Some(at) = symbols.at(offset) else { return Vec::new() };
    let is_key = symbols.of(&at.symbol).any(|it| it.used == Use::Definition);
    if !is_key || !matches!(at.symbol, Symbol::State { .. }) {
        return Vec::new();
    }
    let source = analysis.source();
    let ranges: Vec<TextRange> = symbols.of(&at.symbol).map(|it| it.range).collect();
    let written = source.slice(at.range);
    let are_alike = ranges.iter().all(|range| source.slice(*range) == written);
    if are_alike && ranges.len() > 1 { ranges } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::ide::testing::{fixture, marked};

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let (analysis, offset) = fixture(text);
        let found = analysis.references(offset);
        let shown = found.iter().map(|it| (it.range, format!("{:?}", it.kind)));
        expected.assert_eq(&marked(&analysis, shown));
    }

    #[test]
    fn of_a_state() {
        check(
            r#"{"StartAt": "A<|>", "States": {
"A": {"Type": "Task", "Next": "B", "Catch": [{"Next": "A"}]},
"B": {"Type": "Choice", "Default": "A"},
"M": {"Type": "Map", "ItemProcessor": {"StartAt": "A", "States": {}}}}}"#,
            expect![[r#"
                {"StartAt": "A", "States": {
                             ^ Read
                "A": {"Type": "Task", "Next": "B", "Catch": [{"Next": "A"}]},
                 ^ Name
                "A": {"Type": "Task", "Next": "B", "Catch": [{"Next": "A"}]},
                                                                       ^ Read
                "B": {"Type": "Choice", "Default": "A"},
                                                    ^ Read
            "#]],
        );
    }

    #[test]
    fn of_a_state_that_is_not_there_yet() {
        check(
            r#"{"StartAt": "A", "States": {"A": {"Next": "B<|>"}, "C": {"Next": "B"}"#,
            expect![[r#"
                {"StartAt": "A", "States": {"A": {"Next": "B"}, "C": {"Next": "B"}
                                                           ^ Read
                {"StartAt": "A", "States": {"A": {"Next": "B"}, "C": {"Next": "B"}
                                                                               ^ Read
            "#]],
        );
    }

    #[test]
    fn of_a_variable_in_both_languages() {
        check(
            r#"{"StartAt": "A", "States": {
"A": {"Type": "Pass", "Assign": {"n.$": "States.MathAdd($n, $.n)"}, "InputPath": "$n.a", "Next": "B"},
"B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"x": "{% $<|>n & \"n\" & $map([1], function($n) { $n }) %}"}}}}"#,
            expect![[r#"
                "A": {"Type": "Pass", "Assign": {"n.$": "States.MathAdd($n, $.n)"}, "InputPath": "$n.a", "Next": "B"},
                                                  ^ Write
                "A": {"Type": "Pass", "Assign": {"n.$": "States.MathAdd($n, $.n)"}, "InputPath": "$n.a", "Next": "B"},
                                                                         ^ Read
                "A": {"Type": "Pass", "Assign": {"n.$": "States.MathAdd($n, $.n)"}, "InputPath": "$n.a", "Next": "B"},
                                                                                                   ^ Read
                "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"x": "{% $n & \"n\" & $map([1], function($n) { $n }) %}"}}}}
                                                                                       ^ Read
            "#]],
        );
    }

    #[test]
    fn an_inner_scope_reads_the_variable_around_it() {
        check(
            r#"{"QueryLanguage": "JSONata", "States": {
"A": {"Type": "Pass", "Assign": {"<|>v": 1}},
"M": {"Type": "Map", "ItemProcessor": {"States": {"B": {"Type": "Pass", "Output": "{% $v %}"}}}},
"D": {"Type": "Map", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "States": {"C": {"Type": "Pass", "Output": "{% $v %}"}}}}}}"#,
            expect![[r#"
                "A": {"Type": "Pass", "Assign": {"v": 1}},
                                                  ^ Write
                "M": {"Type": "Map", "ItemProcessor": {"States": {"B": {"Type": "Pass", "Output": "{% $v %}"}}}},
                                                                                                       ^ Read
            "#]],
        );
    }

    #[test]
    fn variables_of_sibling_scopes_differ() {
        check(
            r#"{"States": {"P": {"Type": "Parallel", "Branches": [
{"States": {"A": {"Type": "Pass", "Assign": {"v<|>": 1}}}},
{"States": {"B": {"Type": "Pass", "Assign": {"v": 1}, "OutputPath": "$v"}}}]}}}"#,
            expect![[r#"
                {"States": {"A": {"Type": "Pass", "Assign": {"v": 1}}}},
                                                              ^ Write
            "#]],
        );
    }

    #[test]
    fn expressions_that_are_half_typed_count() {
        check(
            r#"{"States": {"A": {"Type": "Pass", "Assign": {"v<|>": 1}, "OutputPath": "$v[", "Parameters": {"a.$": "States.Format('{}', $v"#,
            expect![[r#"
                {"States": {"A": {"Type": "Pass", "Assign": {"v": 1}, "OutputPath": "$v[", "Parameters": {"a.$": "States.Format('{}', $v
                                                              ^ Write
                {"States": {"A": {"Type": "Pass", "Assign": {"v": 1}, "OutputPath": "$v[", "Parameters": {"a.$": "States.Format('{}', $v
                                                                                      ^ Read
                {"States": {"A": {"Type": "Pass", "Assign": {"v": 1}, "OutputPath": "$v[", "Parameters": {"a.$": "States.Format('{}', $v
                                                                                                                                       ^ Read
            "#]],
        );
    }

    #[track_caller]
    fn check_linked(text: &str, expected: usize) {
        let (analysis, offset) = fixture(text);
        assert_eq!(analysis.linked_editing_ranges(offset).len(), expected);
    }

    #[test]
    fn a_key_and_its_references_are_linked_when_written_alike() {
        check_linked(r#"{"StartAt": "A", "States": {"<|>A": {"Next": "A"}}}"#, 3);
        check_linked(r#"{"StartAt": "\u0041", "States": {"<|>A": {}}}"#, 0);
        check_linked(r#"{"StartAt": "<|>A", "States": {}}"#, 0);
    }
}
