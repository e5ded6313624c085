//! What each state outputs, at the end of the line on which it opens.

use std::collections::BTreeMap;

use super::Analysis;
use super::preview;
use super::run::{Projection, Run, StateRun};
use crate::model::StateId;
use crate::simulator::{Outcome, StatesError, Visit, VisitStatus};
use crate::text::{ColumnEncoding, TextRange, TextSize};

/// Characters of the value in a tooltip.
const TOOLTIP_CHARS_MAX: usize = 4_000;

/// A note at the end of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlayHint {
    /// Where it stands: the end of a line.
    pub offset: TextSize,
    /// The note.
    pub label: String,
    /// More of it, in Markdown.
    pub tooltip: Option<String>,
}

/// The hints of the states that open within `range`, in the order of the text, with labels of at most about
/// `label_chars_max` characters.
pub(super) fn inlay_hints(
    analysis: &Analysis,
    run: &Run,
    range: TextRange,
    label_chars_max: usize,
) -> Vec<InlayHint> {
    let lowered = analysis.lowered();
    let (parse, source) = (analysis.parse(), analysis.source());
    let projection = run.project(&lowered.machine, analysis.fingerprint());
    let mut states: Vec<(TextRange, StateId)> = lowered
        .machine
        .all_states()
        .filter_map(|(id, _)| Some((lowered.source_map.state_key(parse, id)?.range(), id)))
        .collect();
    states.sort();
    let line_of = |key: TextRange| source.line_column(key.start(), ColumnEncoding::Utf8).line;
    let mut n_on_line: BTreeMap<u32, usize> = BTreeMap::new();
    let in_range: Vec<_> = states
        .into_iter()
        .map(|(key, id)| (line_of(key), id))
        .filter(|(line, _)| range.touches(source.line_range(*line).end()))
        .collect();
    for (line, _) in &in_range {
        *n_on_line.entry(*line).or_default() += 1;
    }
    let hint = |(line, id): (u32, StateId)| {
        let hint = state_hint(&projection, id, label_chars_max)?;
        let is_alone = n_on_line.get(&line).is_none_or(|n_states| *n_states == 1);
        let name = lowered.machine.state(id).map(|state| &*state.name).unwrap_or_default();
        let label = if is_alone { hint.0 } else { format!("{name}: {}", hint.0) };
        Some(InlayHint { offset: source.line_range(line).end(), label, tooltip: hint.1 })
    };
    in_range.into_iter().filter_map(hint).collect()
}

/// The label and tooltip of a state; none while nothing true can be said.
fn state_hint(
    projection: &Projection<'_>,
    id: StateId,
    chars_max: usize,
) -> Option<(String, Option<String>)> {
    let Some(StateRun { visit, n_visits }) = projection.state(id) else {
        let is_over = projection.run.trace.outcome.is_final();
        return (projection.is_current && is_over).then(|| ("not reached".to_owned(), None));
    };
    let times = if n_visits > 1 { format!("×{n_visits} ") } else { String::new() };
    let rest = chars_max.saturating_sub(times.chars().count());
    let (label, tooltip) = match &visit.status {
        VisitStatus::Succeeded => succeeded(visit, rest),
        VisitStatus::Caught(error) => caught(projection, visit, error, rest),
        VisitStatus::Failed(error) => failed(error, rest),
        VisitStatus::Blocked => blocked(&projection.run.trace.outcome, rest),
        VisitStatus::Aborted => ("aborted".to_owned(), None),
        VisitStatus::Running => ("did not end".to_owned(), None),
    };
    let n_retries = match visit.n_retries {
        0 => String::new(),
        1 => " after 1 retry".to_owned(),
        n_retries => format!(" after {n_retries} retries"),
    };
    Some((format!("{times}{label}{n_retries}"), tooltip))
}

fn succeeded(visit: &Visit, chars_max: usize) -> (String, Option<String>) {
    let Some(output) = &visit.stages.output else { return ("⇒".to_owned(), None) };
    let shown = preview::line(output, chars_max.saturating_sub(2));
    let mut label = format!("⇒ {shown}");
    // A write answers nothing but metadata: what it wrote says more.
    if shown == "{}"
        && let Some(written) = written(visit, chars_max.saturating_sub(label.chars().count() + 3))
    {
        label = format!("{label} · {written}");
    }
    (label, Some(preview::json_block(output, TOOLTIP_CHARS_MAX)))
}

/// The first change of a table in a visit.
fn written(visit: &Visit, chars_max: usize) -> Option<String> {
    let change = visit.tables.as_ref()?;
    let diff = change.before.diff(&change.after);
    let table = diff.first()?;
    let (before, after) = table.items.first()?.to_json();
    let (arrow, item) = match (&before, &after) {
        (_, Some(after)) => ("←", after),
        (Some(before), None) => ("−", before),
        (None, None) => return None,
    };
    let head = format!("{} {arrow} ", table.table);
    let rest = chars_max.saturating_sub(head.chars().count());
    Some(head + &preview::line(item, rest))
}

fn caught(
    projection: &Projection<'_>,
    visit: &Visit,
    error: &StatesError,
    chars_max: usize,
) -> (String, Option<String>) {
    let next = visit.next.and_then(|id| projection.run.machine.state(id));
    let (label, tooltip) = failed(error, chars_max);
    (next.map_or(label.clone(), |next| format!("{label} → {}", next.name)), tooltip)
}

fn failed(error: &StatesError, chars_max: usize) -> (String, Option<String>) {
    let name = error.name.as_deref().unwrap_or("failed");
    let cause = error.cause.as_deref().map(|cause| preview::escape(&preview::clip(cause, TOOLTIP_CHARS_MAX)));
    (format!("✗ {}", preview::clip(name, chars_max.saturating_sub(2))), cause)
}

fn blocked(outcome: &Outcome, chars_max: usize) -> (String, Option<String>) {
    let Outcome::Blocked(blocked) = outcome else { return ("blocked".to_owned(), None) };
    let label = format!("⏸ {}", preview::clip(&blocked.reason, chars_max.saturating_sub(2)));
    (label, Some(preview::escape(&blocked.reason)))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use super::*;
    use crate::ide::testing::{analyse, run};

    /// The lines that have hints, with them.
    fn show(analysis: &Analysis, run: &Run, chars_max: usize) -> String {
        let source = analysis.source();
        let all = TextRange::new(0, source.len());
        let hints = analysis.inlay_hints(run, all, chars_max).into_iter().map(|hint| {
            let line = source.line_column(hint.offset, ColumnEncoding::Utf8).line;
            format!("{}  {}\n", source.slice(source.line_range(line)), hint.label)
        });
        hints.collect()
    }

    #[track_caller]
    fn check(text: &str, input: Value, expected: Expect) {
        let analysis = analyse(text);
        let run = run(&analysis, input);
        expected.assert_eq(&show(&analysis, &run, 80));
    }

    #[test]
    fn items_are_plain_values() {
        check(
            r#"{"StartAt": "Save", "States": {
"Save": {
  "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem",
  "Parameters": {"TableName": "Orders", "Item": {"OrderId": {"S": "001"}, "Status": {"S": "Created"}}},
  "Next": "Get"},
"Get": {
  "Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
  "Parameters": {"TableName": "Orders", "Key": {"OrderId": {"S": "001"}}},
  "End": true}}}"#,
            json!({}),
            expect![[r#"
                "Save": {  ⇒ {} · Orders ← {OrderId: "001", Status: "Created"}
                "Get": {  ⇒ {Item: {OrderId: "001", Status: "Created"}}
            "#]],
        );
    }

    #[test]
    fn failed_caught_and_not_reached() {
        check(
            r#"{"StartAt": "Get", "States": {
"Get": {
  "Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem",
  "Parameters": {"TableName": "Orders", "Key": {"Id": {"S": "1"}}, "ConditionExpression": "attribute_exists(Id)"},
  "Catch": [{"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "Next": "Stop"}],
  "Next": "Done"},
"Done": {"Type": "Succeed"},
"Stop": {"Type": "Fail", "Error": "Gone"}}}"#,
            json!({}),
            expect![[r#"
                "Get": {  ✗ DynamoDB.ConditionalCheckFailedException → Stop
                "Done": {"Type": "Succeed"},  not reached
                "Stop": {"Type": "Fail", "Error": "Gone"}}}  ✗ Gone
            "#]],
        );
    }

    #[test]
    fn several_visits_and_several_states_on_a_line() {
        check(
            r#"{"StartAt": "More", "States": {
"More": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 3, "Next": "Add"}], "Default": "Done"}, "Done": {"Type": "Succeed"},
"Add": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "More"}}}"#,
            json!({"n": 1}),
            expect![[r#"
                "More": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 3, "Next": "Add"}], "Default": "Done"}, "Done": {"Type": "Succeed"},  More: ×3 ⇒ {n: 3}
                "More": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 3, "Next": "Add"}], "Default": "Done"}, "Done": {"Type": "Succeed"},  Done: ⇒ {n: 3}
                "Add": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "More"}}}  ×2 ⇒ {n: 3}
            "#]],
        );
    }

    #[test]
    fn a_blocked_state_says_why() {
        check(
            r#"{"StartAt": "A", "States": {
"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}, "End": true}
}}"#,
            json!({}),
            expect![[r#"
                "A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}, "End": true}  ⏸ sqs:sendMessage is not simulated: mock the state 'A' in a MockConfigFile.json …
            "#]],
        );
    }

    #[test]
    fn an_older_run_is_shown_where_nothing_changed() {
        let old = analyse(
            "{\"StartAt\": \"A\", \"States\": {\n\"A\": {\"Type\": \"Pass\", \"Result\": 1, \"Next\": \"B\"},\n\"B\": {\"Type\": \"Succeed\"}}}",
        );
        let run = run(&old, json!({}));
        let new = analyse(
            "{\"StartAt\": \"A\", \"States\": {\n\n\"A\": {\"Type\": \"Pass\", \"Result\": 2, \"Next\": \"B\"},\n\"B\": {\"Type\": \"Succeed\"}}}",
        );
        expect![[r#"
            "B": {"Type": "Succeed"}}}  ⇒ 1
        "#]]
        .assert_eq(&show(&new, &run, 80));
    }
}
