//! What each state outputs, at the end of the line on which it opens.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Analysis;
use super::graph::condition;
use super::preview;
use super::run::{Projection, Run, StateRun, asks_tables};
use crate::model::{StateBody, StateId};
use crate::simulator::{Outcome, StatesError, Visit, VisitStatus, without_metadata};
use crate::spec::Field;
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

/// How hints look.
#[derive(Clone, Copy, Debug)]
pub struct HintStyle<'a> {
    /// Characters of a label at most, more or less.
    pub label_chars_max: usize,
    /// Whether they stand behind the state's name, and not at the end of its line.
    pub is_after_name: bool,
    /// The run before: what has come out differently since is marked.
    pub previous: Option<&'a Run>,
}

/// What stands before a hint that the last edit, or another scenario, has changed.
const CHANGED: &str = "Δ ";
/// What stands before the hint of a task whose tables are elsewhere.
const REMOTE: &str = "☁ ";

/// The hints of the states that open within `range`, in the order of the text.
pub(super) fn inlay_hints(
    analysis: &Analysis,
    run: &Run,
    range: TextRange,
    style: HintStyle<'_>,
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
    let changed = style.previous.map(|previous| changed_states(run, previous)).unwrap_or_default();
    let hint = |(line, id): (u32, StateId)| {
        let mut hint = state_hint(&projection, id, style.label_chars_max)?;
        if projection.is_current && changed.contains(&id) {
            hint.0.insert_str(0, CHANGED);
        }
        let is_alone = style.is_after_name || n_on_line.get(&line).is_none_or(|n_states| *n_states == 1);
        let name = lowered.machine.state(id).map(|state| &*state.name).unwrap_or_default();
        let label = if is_alone { hint.0 } else { format!("{name}: {}", hint.0) };
        let key = lowered.source_map.state_key(parse, id).filter(|_| style.is_after_name);
        let offset = key.map_or(source.line_range(line).end(), |key| key.range().end());
        Some(InlayHint { offset, label, tooltip: hint.1 })
    };
    in_range.into_iter().filter_map(hint).collect()
}

/// The states that came out otherwise than in a run before: of both runs' machines, by name.
fn changed_states(run: &Run, previous: &Run) -> BTreeSet<StateId> {
    let last_visits = |run: &Run| -> BTreeMap<String, (StateId, Visit)> {
        let mut last = BTreeMap::new();
        for visit in &run.trace.visits {
            last.insert(run.machine.path_of(visit.state).join("/"), (visit.state, visit.clone()));
        }
        last
    };
    let before = last_visits(previous);
    let is_changed = |name: &str, visit: &Visit| {
        before.get(name).is_none_or(|(_, old)| {
            old.status != visit.status
                || !is_same_output(old.stages.output.as_deref(), visit.stages.output.as_deref())
        })
    };
    let now = last_visits(run).into_iter();
    now.filter(|(name, (_, visit))| is_changed(name, visit)).map(|(_, (id, _))| id).collect()
}

/// Whether two outputs are the same but for the metadata of calls.
fn is_same_output(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one == other || without_metadata(one) == without_metadata(other),
        (one, other) => one == other,
    }
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
    let run = projection.run;
    let address = run.tables_at.as_ref().filter(|_| asks_tables(&run.machine, visit.state));
    let mark = if address.is_some() { REMOTE } else { "" };
    let times = if n_visits > 1 { format!("{mark}×{n_visits} ") } else { mark.to_owned() };
    let rest = chars_max.saturating_sub(times.chars().count());
    let (label, tooltip) = match &visit.status {
        VisitStatus::Succeeded => match choice(projection, visit, rest) {
            Some(label) => (label, succeeded(visit, rest).1),
            None => succeeded(visit, rest),
        },
        VisitStatus::Caught(error) => caught(projection, visit, error, rest),
        VisitStatus::Failed(error) => failed(error, rest),
        VisitStatus::Blocked => blocked(&projection.run.trace.outcome, rest),
        VisitStatus::Aborted => ("aborted".to_owned(), None),
        VisitStatus::Running if projection.run.step.is_some() => ("running".to_owned(), None),
        VisitStatus::Running => ("did not end".to_owned(), None),
    };
    let tooltip = match address {
        Some(address) => {
            let place = format!("The tables are at {}.", preview::escape(address));
            Some(tooltip.map_or(place.clone(), |tooltip| format!("{place}\n\n{tooltip}")))
        }
        None => tooltip,
    };
    Some((format!("{times}{label}{}", retries(visit)), tooltip))
}

/// How often the visit was retried, and how long it took in all: ` after 2 retries, 4 s`.
fn retries(visit: &Visit) -> String {
    let count = match visit.n_retries {
        0 => return String::new(),
        1 => " after 1 retry".to_owned(),
        n_retries => format!(" after {n_retries} retries"),
    };
    match visit.exited.map(|exited| exited.millis_since(visit.entered)).filter(|ms| *ms > 0) {
        Some(ms) => format!("{count}, {} s", ms as f64 / 1_000.0),
        None => count,
    }
}

/// Where a Choice went and why: `→ Ship · $.total > 100`; none of other states.
fn choice(projection: &Projection<'_>, visit: &Visit, chars_max: usize) -> Option<String> {
    let machine = &projection.run.machine;
    let StateBody::Choice { rules, .. } = &machine.state(visit.state)?.body else { return None };
    let next = machine.state(visit.next?)?;
    let why = match visit.rule.and_then(|idx| rules.get(idx)) {
        Some(rule) => condition(&rule.test),
        None => Field::Default.name().to_owned(),
    };
    Some(preview::clip(&format!("→ {} · {why}", next.name), chars_max))
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
    use serde_json::json;

    use super::*;
    use crate::ide::testing::{analyse, run};

    fn style(label_chars_max: usize) -> HintStyle<'static> {
        HintStyle { label_chars_max, is_after_name: false, previous: None }
    }

    /// The lines that have hints, with them.
    fn show(analysis: &Analysis, run: &Run, style: HintStyle<'_>) -> String {
        let source = analysis.source();
        let all = TextRange::new(0, source.len());
        let hints = analysis.inlay_hints(run, all, style).into_iter().map(|hint| {
            let line = source.line_column(hint.offset, ColumnEncoding::Utf8).line;
            format!("{}  {}\n", source.slice(source.line_range(line)), hint.label)
        });
        hints.collect()
    }

    #[track_caller]
    fn check(text: &str, input: Value, expected: Expect) {
        let analysis = analyse(text);
        let run = run(&analysis, input);
        expected.assert_eq(&show(&analysis, &run, style(80)));
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
                "More": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 3, "Next": "Add"}], "Default": "Done"}, "Done": {"Type": "Succeed"},  More: ×3 → Done · Default
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
    fn tasks_whose_tables_are_elsewhere_are_marked() {
        let text = r#"{"StartAt": "Get", "States": {
"Get": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem",
  "Parameters": {"TableName": "Orders", "Key": {"Id": {"S": "1"}}}, "Next": "Done"},
"Done": {"Type": "Succeed"}}}"#;
        let analysis = analyse(text);
        let run = run(&analysis, json!({})).with_tables_at(Some("http://localhost:8000".into()));
        expect![[r#"
            "Get": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem",  ☁ ⇒ {}
            "Done": {"Type": "Succeed"}}}  ⇒ {}
        "#]]
        .assert_eq(&show(&analysis, &run, style(80)));
        let all = TextRange::new(0, analysis.source().len());
        let hints = analysis.inlay_hints(&run, all, style(80));
        expect![[r#"
            The tables are at http://localhost:8000.

            ```json
            {}
            ```"#]]
        .assert_eq(hints[0].tooltip.as_deref().unwrap());
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
        .assert_eq(&show(&new, &run, style(80)));
    }

    #[test]
    fn what_has_changed_is_marked() {
        let text = |result: u32| {
            format!(
                "{{\"StartAt\": \"A\", \"States\": {{\n\"A\": {{\"Type\": \"Pass\", \"Result\": 1, \"Next\": \"B\"}},\n\"B\": {{\"Type\": \"Pass\", \"Result\": {result}, \"End\": true}}}}}}"
            )
        };
        let (old, new) = (analyse(&text(1)), analyse(&text(2)));
        let (before, now) = (run(&old, json!({})), run(&new, json!({})));
        let style = HintStyle { previous: Some(&before), ..style(80) };
        expect![[r#"
            "A": {"Type": "Pass", "Result": 1, "Next": "B"},  ⇒ 1
            "B": {"Type": "Pass", "Result": 2, "End": true}}}  Δ ⇒ 2
        "#]]
        .assert_eq(&show(&new, &now, style));
    }

    #[test]
    fn retries_take_their_time() {
        check(
            r#"{"StartAt": "A", "States": {
"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:deleteItem", "End": true, "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}],
"Parameters": {"TableName": "Tab", "Key": {"id": {"S": "1"}}, "ConditionExpression": "attribute_exists(id)"}}}}"#,
            json!({}),
            expect![[r#"
                "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:deleteItem", "End": true, "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}],  ✗ DynamoDB.ConditionalCheckFailedException after 2 retries, 3 s
            "#]],
        );
    }

    #[test]
    fn behind_the_name_if_wanted() {
        let analysis = analyse(r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#);
        let run = run(&analysis, json!({}));
        let style = HintStyle { is_after_name: true, ..style(80) };
        let hints = analysis.inlay_hints(&run, TextRange::new(0, analysis.source().len()), style);
        assert_eq!(
            analysis.source().slice(TextRange::new(0, hints[0].offset)),
            r#"{"StartAt": "A", "States": {"A""#
        );
    }
}
