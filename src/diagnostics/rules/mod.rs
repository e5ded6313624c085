//! The rules, one a file.

pub(super) mod assumed_table;
pub(super) mod doubtful_filter;
pub(super) mod duplicate_key;
pub(super) mod duplicate_state_name;
pub(super) mod dynamodb_attribute_value;
pub(super) mod dynamodb_parameter;
pub(super) mod express;
pub(super) mod impossible_path;
pub(super) mod invalid_json;
pub(super) mod missing_end_state;
pub(super) mod missing_transition_target;
pub(super) mod schema;
pub(super) mod unknown_resource;
pub(super) mod unreachable_state;

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::diagnostics::{Config, RULES, check as check_rules};
    use crate::model::lower;
    use crate::semantic::Facts;
    use crate::syntax::parse_json;
    use crate::text::{ColumnEncoding, SourceText};

    fn diagnose(text: &str) -> Vec<super::super::Diagnostic> {
        let parse = parse_json(SourceText::new(text), crate::spec::quota::DOCUMENT_NESTING_MAX);
        let lowered = lower(&parse);
        check_rules(&Facts::new(&parse, &lowered), &Config::default())
    }

    /// Each finding as its line of the document, carets under it, and what it says.
    #[track_caller]
    pub(crate) fn check(text: &str, expected: Expect) {
        let source = SourceText::new(text);
        let mut shown = String::new();
        for found in diagnose(text) {
            let at = source.line_column(found.range.start(), ColumnEncoding::Utf32);
            let line = source.slice(source.line_range(at.line)).replace('\t', " ");
            let width = source.slice(found.range).lines().next().unwrap_or_default().chars().count().max(1);
            shown += &format!("{line}\n{}{}\n", " ".repeat(at.column as usize), "^".repeat(width));
            shown += &format!("{} {}: {}\n", found.severity.name(), found.code, found.message);
        }
        expected.assert_eq(&shown);
    }

    /// As [`check`], of the states of a machine that starts at `A`.
    #[track_caller]
    pub(crate) fn check_states(states: &str, expected: Expect) {
        check(&format!("{{\"StartAt\": \"A\", \"States\": {{\n{states}\n}}}}"), expected);
    }

    #[test]
    fn every_rule_finds_its_failing_example_and_not_its_passing_one() {
        for rule in RULES {
            let has_code = |text| diagnose(text).iter().any(|found| found.code == rule.code);
            assert!(has_code(rule.failing), "{}: nothing in the failing example", rule.name);
            let found = diagnose(rule.passing);
            assert!(!found.iter().any(|found| found.code == rule.code), "{}: {found:?}", rule.name);
        }
    }

    #[test]
    fn names_are_unique_and_texts_are_there() {
        for rule in RULES {
            assert_eq!(RULES.iter().filter(|other| other.name == rule.name).count(), 1, "{}", rule.name);
            assert!(rule.summary.ends_with('.') && !rule.doc.is_empty(), "{}", rule.name);
            assert!(rule.link.starts_with("https://"), "{}", rule.name);
            let is_aws = rule.code.chars().all(|c| c.is_ascii_uppercase() || c == '_');
            assert!(is_aws || rule.code == rule.name, "{}", rule.name);
        }
    }

    #[test]
    fn a_valid_machine_has_no_findings() {
        check_states(r#""A": {"Type": "Pass", "End": true}"#, expect![""]);
    }
}
