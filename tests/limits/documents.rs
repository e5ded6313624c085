//! Limits of definitions.

use std::sync::Arc;

use asl_lsp::diagnostics::{Config, Severity};
use asl_lsp::ide::Analysis;
use asl_lsp::spec::quota;
use asl_lsp::syntax::Format;
use asl_lsp::text::SourceText;
use serde_json::{Value, json};

/// The errors in a definition, as `code: message`.
fn errors_of(text: &str) -> Vec<String> {
    let analysis = Analysis::new(SourceText::new(text), Format::Json, Arc::new(Config::default()));
    let errors = analysis.diagnostics().iter().filter(|found| found.severity == Severity::Error);
    errors.map(|error| format!("{}: {}", error.code, error.message)).collect()
}

/// At the limit nothing is found, one above it an error with this in it.
#[track_caller]
fn check(at: &str, above: &str, expected: &str) {
    assert_eq!(errors_of(at), Vec::<String>::new());
    let found = errors_of(above);
    assert!(found.iter().any(|error| error.contains(expected)), "{found:?}");
}

fn one_state(state: &Value) -> String {
    json!({"StartAt": "A", "States": {"A": state}}).to_string()
}

#[track_caller]
fn check_state(state: impl Fn(usize) -> Value, limit: usize, expected: &str) {
    check(&one_state(&state(limit)), &one_state(&state(limit + 1)), expected);
}

#[test]
fn definition_chars_max() {
    let state = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}, "Comment": ""}"#;
    let of_length =
        |n_chars: usize| state.replace("\"\"", &format!("\"{}\"", "é".repeat(n_chars - state.len())));
    let limit = quota::DEFINITION_CHARS_MAX;
    check(&of_length(limit), &of_length(limit + 1), "AWS accepts up to 1048576");
}

#[test]
fn document_nesting_max() {
    // Three levels are around it.
    let state = |depth: usize| {
        let (open, close) = ("[".repeat(depth - 3), "]".repeat(depth - 3));
        format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Pass", "Result": {open}{close}, "End": true}}}}}}"#
        )
    };
    let limit = quota::DOCUMENT_NESTING_MAX;
    check(&state(limit), &state(limit + 1), "TOO_DEEPLY_NESTED: Nested more than 512 levels deep");
}

#[test]
fn syntax_errors_shown_max() {
    let count = |n_mistakes: usize| errors_of(&format!("{{\"a\": [{}]}}", "?,".repeat(n_mistakes))).len();
    let limit = quota::SYNTAX_ERRORS_SHOWN_MAX;
    // One more of them is about the comma behind the last, and what is missing is found as well.
    let others = count(1) - 2;
    assert_eq!(count(limit - 1), limit + others);
    assert_eq!(count(limit), limit + others);
}

#[test]
fn state_name_chars_max() {
    let machine = |n_chars: usize| {
        let name = "é".repeat(n_chars);
        json!({"StartAt": name.clone(), "States": {name: {"Type": "Succeed"}}}).to_string()
    };
    let limit = quota::STATE_NAME_CHARS_MAX;
    check(&machine(limit), &machine(limit + 1), "The name of a state has 1 to 80 characters");
}

#[test]
fn variable_name_chars_max() {
    let state = |n_chars: usize| json!({"Type": "Pass", "Assign": {"v".repeat(n_chars): 1}, "End": true});
    check_state(state, quota::VARIABLE_NAME_CHARS_MAX, "80");
}

#[test]
fn label_chars_max() {
    let state = |n_chars: usize| {
        json!({
            "Type": "Map",
            "Label": "l".repeat(n_chars),
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "B",
                "States": {"B": {"Type": "Pass", "End": true}},
            },
            "End": true,
        })
    };
    check_state(state, quota::LABEL_CHARS_MAX, "A label has at most 40 characters");
}

#[test]
fn seconds_max() {
    let state = |seconds: usize| {
        let arn = "arn:aws:states:::lambda:invoke";
        json!({"Type": "Task", "Resource": arn, "Parameters": {"FunctionName": "f"}, "TimeoutSeconds": seconds, "End": true})
    };
    check_state(state, usize::try_from(quota::SECONDS_MAX).unwrap(), "99999999");
}

#[test]
fn retry_delay_seconds_max() {
    let state = |seconds: usize| {
        let arn = "arn:aws:states:::lambda:invoke";
        let retry = json!([{"ErrorEquals": ["States.ALL"], "MaxDelaySeconds": seconds}]);
        json!({"Type": "Task", "Resource": arn, "Parameters": {"FunctionName": "f"}, "Retry": retry, "End": true})
    };
    check_state(state, usize::try_from(quota::RETRY_DELAY_SECONDS_MAX).unwrap(), "31622400");
}

#[test]
fn item_reader_items_max() {
    let state = |n_items: usize| {
        json!({
            "Type": "Map",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "JSON", "MaxItems": n_items},
                "Parameters": {"Bucket": "b", "Key": "k"},
            },
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "B",
                "States": {"B": {"Type": "Pass", "End": true}},
            },
            "End": true,
        })
    };
    check_state(state, usize::try_from(quota::ITEM_READER_ITEMS_MAX).unwrap(), "100000000");
}
