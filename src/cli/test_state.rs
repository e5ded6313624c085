//! `asl-lsp simulate --state`: one state alone, as AWS's TestState API answers.

use std::borrow::Cow;
use std::sync::Arc;

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::render::json_line;
use super::simulate::{METADATA_LEFT_OUT, without_metadata};
use super::{FAILURE, Io, SUCCESS, USAGE};
use crate::diagnostics::{Diagnostic, SCHEMA_VALIDATION_FAILED, Severity};
use crate::ide::Analysis;
use crate::simulator::{
    InspectionLevel, LONE_STATE_NAME, Mock, Refusal, Scenario, StateConfiguration, TestStateAnswer,
    TestStateRequest, TestStatus, machine_around_state, test_state,
};
use crate::spec::Field;
use crate::syntax::Format;
use crate::text::SourceText;

/// What is tested, and with what.
pub(super) struct Test {
    /// The definition; of a state without a machine that of the machine around it.
    pub(super) analysis: Analysis,
    pub(super) state_name: String,
    /// Whether the definition was one state.
    pub(super) is_lone: bool,
    pub(super) scenario: Scenario,
    pub(super) variables: Map<String, Value>,
    pub(super) mock: Option<Mock>,
    pub(super) configuration: StateConfiguration,
}

/// Whether a document is one state rather than a state machine.
pub(super) fn is_lone_state(analysis: &Analysis) -> bool {
    let Some(root) = analysis.parse().root() else { return false };
    let has = |field: Field| root.value_of(field.name()).is_some();
    has(Field::Type) && !has(Field::States) && !has(Field::StartAt)
}

/// The machine around a state, and the state's name.
pub(super) fn around_lone_state(analysis: &Analysis, name: Option<&str>) -> (Analysis, String) {
    let name = name.unwrap_or(LONE_STATE_NAME);
    let state = match (analysis.parse().format(), analysis.parse().root()) {
        (Format::Yaml, Some(root)) => Cow::Owned(root.to_value().to_string()),
        _ => Cow::Borrowed(analysis.source().as_str()),
    };
    let text = machine_around_state(name, &state);
    (Analysis::new(SourceText::new(&text), Format::Json, Arc::default()), name.to_owned())
}

/// Tests a state and prints the answer.
pub(super) fn run(test: Test, is_json: bool, io: &mut Io<'_>) -> Result<u8> {
    let answer = match mistakes(&test) {
        Some(refusal) => Err(refusal),
        None => test_state(&TestStateRequest {
            machine: test.analysis.machine().clone(),
            state_name: Arc::from(test.state_name.as_str()),
            scenario: test.scenario,
            variables: test.variables,
            mock: test.mock,
            configuration: test.configuration,
            // Nobody is asked for permission here.
            has_role: true,
            reveals_secrets: false,
        }),
    };
    match answer {
        Ok(answer) => {
            if is_json {
                writeln!(io.output, "{:#}", answer.to_json(InspectionLevel::Trace))?;
            } else {
                write_text(&answer, io)?;
            }
            Ok(match answer.status {
                TestStatus::Succeeded | TestStatus::CaughtError => SUCCESS,
                TestStatus::Failed | TestStatus::Retriable => FAILURE,
            })
        }
        Err(refusal) => {
            let is_blocked = matches!(refusal, Refusal::Blocked(_));
            let status = if is_blocked { "BLOCKED" } else { "REJECTED" };
            if is_json {
                let answer = if is_blocked {
                    json!({"status": status, "blocked": {"state": test.state_name, "reason": refusal.to_string()}})
                } else {
                    json!({"status": status, "error": refusal.code(), "cause": refusal.to_string()})
                };
                writeln!(io.output, "{answer:#}")?;
            }
            writeln!(io.errors, "error: {}: {refusal}", refusal.code())?;
            Ok(if is_blocked { FAILURE } else { USAGE })
        }
    }
}

/// The refusal of the definition, if AWS refuses it.
fn mistakes(test: &Test) -> Option<Refusal> {
    // AWS's codes are in capitals. A state alone may lead to states that are not there.
    let is_mistake = |found: &&Diagnostic| {
        let is_of_aws = found.code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        found.severity == Severity::Error
            && is_of_aws
            && (!test.is_lone || found.code == SCHEMA_VALIDATION_FAILED)
    };
    let parse = test.analysis.parse();
    let mistakes: Vec<(&str, &str, String)> = test
        .analysis
        .diagnostics()
        .iter()
        .filter(is_mistake)
        .map(|found| {
            let place = found.node.map(|node| parse.node(node).pointer()).unwrap_or_default();
            (found.code, found.message.as_str(), place)
        })
        .collect();
    let is_refused = !mistakes.is_empty();
    let mistakes = mistakes.iter().map(|(code, message, place)| (*code, *message, place.as_str()));
    is_refused.then(|| Refusal::invalid_definition(mistakes))
}

/// The stages of the data, then what came of it.
fn write_text(answer: &TestStateAnswer, io: &mut Io<'_>) -> Result<()> {
    let inspection = &answer.inspection;
    let mut has_metadata = false;
    let mut shown = |value: &Value| json_line(&without_metadata(value, &mut has_metadata));
    let mut lines: Vec<(&str, String)> =
        inspection.shown_stages().into_iter().map(|(name, value)| (name, shown(value))).collect();
    if !inspection.variables.is_empty() {
        lines.push(("variables", shown(&Value::Object(inspection.variables.clone()))));
    }
    if let Some(output) = &answer.output {
        lines.push(("output", shown(output)));
    }
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, value) in lines {
        writeln!(io.output, "{name:width$}  {value}")?;
    }
    writeln!(io.output, "\n{}", outcome(answer))?;
    if has_metadata {
        writeln!(io.output, "\n{METADATA_LEFT_OUT}")?;
    }
    Ok(())
}

fn outcome(answer: &TestStateAnswer) -> String {
    let mut line = answer.status.name().to_owned();
    if let Some(error) = &answer.error {
        let name = error.name.as_deref().unwrap_or("no error name");
        line.push_str(&match error.cause.as_deref() {
            Some(cause) => format!("  {name}: {cause}"),
            None => format!("  {name}"),
        });
    }
    let details = &answer.inspection.error_details;
    if let (Some(idx), Some(seconds)) = (details.retry_index, details.retry_backoff_interval_seconds) {
        line.push_str(&format!("  (retrier {idx} tries again in {seconds} s)"));
    }
    if let Some(idx) = details.catch_index {
        line.push_str(&format!("  (catcher {idx})"));
    }
    if let Some(next) = &answer.next_state {
        line.push_str(&format!(" → {next}"));
    }
    line
}
