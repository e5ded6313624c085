//! The rules, one a file.

pub(super) mod assumed_table;
pub(super) mod context_field;
pub(super) mod deprecated_field;
pub(super) mod distributed_field;
pub(super) mod doubtful_filter;
pub(super) mod duplicate_key;
pub(super) mod duplicate_label;
pub(super) mod duplicate_state_name;
pub(super) mod dynamodb_action;
pub(super) mod dynamodb_attribute_value;
pub(super) mod dynamodb_expression;
pub(super) mod dynamodb_function_value;
pub(super) mod dynamodb_key;
pub(super) mod dynamodb_key_update;
pub(super) mod dynamodb_parameter;
pub(super) mod dynamodb_placeholder;
pub(super) mod dynamodb_schema;
pub(super) mod endless_loop;
pub(super) mod express;
pub(super) mod express_map;
pub(super) mod function_arguments;
pub(super) mod heartbeat;
pub(super) mod hidden_handler;
pub(super) mod impossible_error;
pub(super) mod impossible_path;
pub(super) mod intrinsic_arguments;
pub(super) mod invalid_json;
pub(super) mod invalid_jsonata;
pub(super) mod invalid_label;
pub(super) mod invalid_state_name;
pub(super) mod item_reader;
pub(super) mod jsonata_text;
pub(super) mod jsonata_type;
pub(super) mod jsonpath_key;
pub(super) mod missing_end_state;
pub(super) mod missing_parameter;
pub(super) mod missing_retry;
pub(super) mod missing_task_token;
pub(super) mod missing_transition_target;
pub(super) mod no_dollar;
pub(super) mod no_path;
pub(super) mod outer_variable;
pub(super) mod retry_delay;
pub(super) mod schema;
pub(super) mod sometimes_undefined_variable;
pub(super) mod states_all;
pub(super) mod states_scope;
pub(super) mod static_result;
pub(super) mod too_deeply_nested;
pub(super) mod top_level_reference;
pub(super) mod undefined_variable;
pub(super) mod unknown_error_name;
pub(super) mod unknown_function;
pub(super) mod unknown_resource;
pub(super) mod unknown_states_field;
pub(super) mod unknown_suppression;
pub(super) mod unreachable_state;
pub(super) mod unused_variable;
pub(super) mod useless_suppression;
pub(super) mod version;

#[cfg(test)]
pub(super) mod tests {
    use expect_test::{Expect, expect};

    use super::missing_retry;
    use crate::diagnostics::{Config, Diagnostic, RULES, Severity, check as check_rules};
    use crate::model::lower;
    use crate::semantic::Facts;
    use crate::syntax::parse_json;
    use crate::text::{ColumnEncoding, SourceText};

    fn diagnose(text: &str, config: &Config) -> Vec<Diagnostic> {
        let parse = parse_json(SourceText::new(text), crate::spec::quota::DOCUMENT_NESTING_MAX);
        let lowered = lower(&parse);
        check_rules(&Facts::new(&parse, &lowered), config)
    }

    /// Each finding as its line of the document, carets under it, and what it says.
    #[track_caller]
    pub(crate) fn check(text: &str, expected: Expect) {
        check_with(&Config::default(), text, expected);
    }

    #[track_caller]
    fn check_with(config: &Config, text: &str, expected: Expect) {
        let source = SourceText::new(text);
        let mut shown = String::new();
        for found in diagnose(text, config) {
            // Hints about what every task could do better would be everywhere.
            if found.rule == missing_retry::RULE.name && !text.contains("\"Comment\": \"hints\"") {
                continue;
            }
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

    /// As [`check_states`], with a configuration.
    #[track_caller]
    pub(crate) fn check_states_with(config: &Config, states: &str, expected: Expect) {
        check_with(config, &format!("{{\"StartAt\": \"A\", \"States\": {{\n{states}\n}}}}"), expected);
    }

    #[test]
    fn every_rule_finds_its_failing_example_and_not_its_passing_one() {
        for rule in RULES {
            let config = (rule.config)();
            let of_rule = |text| {
                let found = diagnose(text, &config);
                found.into_iter().filter(|found| found.rule == rule.name).collect::<Vec<_>>()
            };
            assert!(!of_rule(rule.failing).is_empty(), "{}: nothing in the failing example", rule.name);
            let found = of_rule(rule.passing);
            assert!(found.is_empty(), "{}: {found:?}", rule.name);
            let errors = diagnose(rule.passing, &config);
            let is_error = |found: &&Diagnostic| found.severity == Severity::Error;
            assert_eq!(errors.iter().find(is_error), None, "{}: the passing example", rule.name);
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
