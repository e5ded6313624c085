//! What the tests of the sources share: every edit that is offered has to leave a valid document.

use expect_test::Expect;

use super::Completion;
use crate::ide::Analysis;
use crate::ide::testing::{CURSOR, analyse, analyse_as, fixture, run, yaml_fixture};
use crate::text::apply_edits;

/// The labels, in order; at most the first `n_max`.
#[track_caller]
pub(super) fn check(text: &str, n_max: usize, expected: Expect) {
    let (analysis, offset) = fixture(text);
    let completions = analysis.completion(offset, None);
    apply_all(text, &analysis, &completions);
    let labels: Vec<&str> = completions.iter().take(n_max).map(|it| it.label.as_str()).collect();
    let more = completions.len().saturating_sub(n_max);
    let more = if more > 0 { format!(" … {more} more") } else { String::new() };
    expected.assert_eq(&format!("{}{more}", labels.join(", ")));
}

/// As [`check`], in YAML.
#[track_caller]
pub(super) fn check_yaml(text: &str, n_max: usize, expected: Expect) {
    let (analysis, offset) = yaml_fixture(text);
    let completions = analysis.completion(offset, None);
    apply_all(text, &analysis, &completions);
    let labels: Vec<&str> = completions.iter().take(n_max).map(|it| it.label.as_str()).collect();
    expected.assert_eq(&labels.join(", "));
}

/// As [`check_edit`], in YAML.
#[track_caller]
pub(super) fn check_yaml_edit(text: &str, label: &str, expected: Expect) {
    let (analysis, offset) = yaml_fixture(text);
    let completions = analysis.completion(offset, None);
    apply_all(text, &analysis, &completions);
    let completion = completions.iter().find(|it| it.label == label);
    expected.assert_eq(&apply(&analysis, completion.expect("it is offered")));
}

/// The document with one of them.
#[track_caller]
pub(super) fn check_edit(text: &str, label: &str, expected: Expect) {
    let (analysis, offset) = fixture(text);
    let completions = analysis.completion(offset, None);
    apply_all(text, &analysis, &completions);
    let completion = completions.iter().find(|it| it.label == label);
    expected.assert_eq(&apply(&analysis, completion.expect("it is offered")));
}

pub(super) fn apply(analysis: &Analysis, completion: &Completion) -> String {
    let mut edits = completion.additional_edits.clone();
    edits.push(completion.edit.clone());
    apply_edits(analysis.source().as_str(), &edits)
}

/// Applies each and looks whether the document is as valid as before, and all of it documented.
#[track_caller]
pub(super) fn apply_all(text: &str, analysis: &Analysis, completions: &[Completion]) {
    let n_errors = analysis.parse().errors().len();
    for completion in completions {
        let label = &completion.label;
        assert!(!analysis.documentation(completion).is_empty(), "{label} is not documented");
        let result = apply(analysis, completion);
        let after = analyse_as(analysis.parse().format(), &result);
        let errors = after.parse().errors();
        assert!(errors.len() <= n_errors, "{label} in {text}:\n{result}\n{errors:?}");
        if let Some(snippet) = &completion.snippet {
            let filled = fill(snippet);
            let bare = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(bare(&filled), bare(&completion.edit.new_text), "{label}: {snippet}");
        }
        let replaced = analysis.source().slice(completion.edit.range);
        assert_eq!(replaced.starts_with('"'), completion.filter_text.starts_with('"'), "{label}");
    }
}

/// A snippet with what stands in its places.
fn fill(snippet: &str) -> String {
    let mut text = String::new();
    let mut chars = snippet.chars().peekable();
    let mut is_inside = false;
    while let Some(char) = chars.next() {
        match char {
            '\\' => text.extend(chars.next()),
            '$' => {
                is_inside = chars.next_if_eq(&'{').is_some();
                while chars.next_if(char::is_ascii_digit).is_some() {}
                if is_inside {
                    assert_eq!(chars.next(), Some(':'), "{snippet}");
                }
            }
            '}' if is_inside => is_inside = false,
            _ => text.push(char),
        }
    }
    text
}

pub(super) fn state(body: &str) -> String {
    format!("{{\"StartAt\": \"A\", \"States\": {{\"A\": {{{body}}}, \"B\": {{\"Type\": \"Succeed\"}}}}}}")
}

pub(super) fn task(action: &str, parameters: &str) -> String {
    state(&format!(
        "\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::{action}\", \"Parameters\": {parameters}, \"End\": true"
    ))
}

/// As [`check`], after a run from an input.
#[track_caller]
pub(super) fn check_run(text: &str, input: serde_json::Value, n_max: usize, expected: Expect) {
    let (analysis, offset) = fixture(text);
    let run = run(&analyse(&text.replacen(CURSOR, "", 1)), input);
    let completions = analysis.completion(offset, Some(&run));
    apply_all(text, &analysis, &completions);
    let shown = |it: &Completion| format!("{} ({})", it.label, it.detail.as_deref().unwrap_or_default());
    let labels: Vec<String> = completions.iter().take(n_max).map(shown).collect();
    expected.assert_eq(&labels.join(", "));
}

/// A Pass `A` with a result, and a state `B` that gets it.
pub(super) fn after_pass(result: &str, body: &str) -> String {
    format!(
        "{{\"StartAt\": \"A\", \"States\": {{\"A\": {{\"Type\": \"Pass\", \"Result\": {result}, \"Next\": \"B\", \"Assign\": {{\"v\": {{\"w\": 1}}}}}}, \"B\": {{{body}}}}}}}"
    )
}
