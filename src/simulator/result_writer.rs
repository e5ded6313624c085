//! Results of a distributed Map: what a `ResultWriter` makes of them, and the objects it writes.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html>

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::frame::ChildExecution;
use super::{Json, Objects, StatesError, Time};
use crate::spec::{Field, field_value};

/// What came of one child execution.
#[derive(Clone, Debug)]
pub(super) struct ChildResult {
    pub(super) execution: Arc<ChildExecution>,
    pub(super) outcome: ChildOutcome,
    pub(super) stop: Time,
}

/// How a child execution ended.
#[derive(Clone, Debug)]
pub(super) enum ChildOutcome {
    Succeeded(Json),
    Failed(StatesError),
    /// It was given up with the run.
    Aborted,
}

impl ChildOutcome {
    fn is_success(&self) -> bool {
        matches!(self, ChildOutcome::Succeeded(_))
    }

    fn status(&self) -> &'static str {
        match self {
            ChildOutcome::Succeeded(_) => "SUCCEEDED",
            ChildOutcome::Failed(_) => "FAILED",
            ChildOutcome::Aborted => "ABORTED",
        }
    }
}

impl From<Result<Json, StatesError>> for ChildOutcome {
    fn from(result: Result<Json, StatesError>) -> Self {
        match result {
            Ok(output) => ChildOutcome::Succeeded(output),
            Err(error) => ChildOutcome::Failed(error),
        }
    }
}

/// The state machine that the child executions are of, as their descriptions name it.
#[derive(Clone, Debug)]
pub(super) struct ChildMachine {
    /// The ARN of the state machine with the Map's label.
    pub(super) arn: String,
    pub(super) is_express: bool,
}

/// What to make of the results of the child executions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transformation {
    /// The descriptions of the executions.
    None,
    /// Their outputs.
    Compact,
    /// Their outputs, those that are arrays element by element.
    Flatten,
}

impl Transformation {
    /// The one that a `WriterConfig` names.
    pub(super) fn of(config: &Value) -> Option<Self> {
        match config.get(Field::Transformation.name())?.as_str()? {
            field_value::NONE => Some(Self::None),
            field_value::COMPACT => Some(Self::Compact),
            field_value::FLATTEN => Some(Self::Flatten),
            _ => None,
        }
    }
}

/// The results of the executions that came to an end. One that failed is always described.
pub(super) fn transform<'a>(
    results: impl Iterator<Item = &'a ChildResult>,
    transformation: Transformation,
    machine: &ChildMachine,
) -> Vec<Value> {
    let mut values = Vec::new();
    for result in results {
        match (&result.outcome, transformation) {
            (ChildOutcome::Failed(_) | ChildOutcome::Aborted, _) | (_, Transformation::None) => {
                values.push(description(result, machine))
            }
            (ChildOutcome::Succeeded(output), Transformation::Compact) => values.push(Value::clone(output)),
            (ChildOutcome::Succeeded(output), Transformation::Flatten) => match &**output {
                Value::Array(elements) => values.extend(elements.iter().cloned()),
                other => values.push(other.clone()),
            },
        }
    }
    values
}

/// An execution as `DescribeExecution` describes it, in AWS's spelling here; members in the order of the alphabet.
fn description(result: &ChildResult, machine: &ChildMachine) -> Value {
    let ChildResult { execution, outcome, stop } = result;
    let ChildExecution { name, input, start } = &**execution;
    let mut map = Map::new();
    if let ChildOutcome::Failed(error) = outcome {
        for (key, text) in [(Field::Cause, &error.cause), (Field::Error, &error.name)] {
            if let Some(text) = text {
                map.insert(key.name().into(), json!(&**text));
            }
        }
    }
    let kind = if machine.is_express { ":express:" } else { ":execution:" };
    map.insert(
        "ExecutionArn".into(),
        json!(format!("{}:{name}", machine.arn.replacen(":stateMachine:", kind, 1))),
    );
    map.insert("Input".into(), json!(input.to_string()));
    map.insert("InputDetails".into(), json!({"Included": true}));
    map.insert("Name".into(), json!(name));
    if let ChildOutcome::Succeeded(output) = outcome {
        map.insert(Field::Output.name().into(), json!(output.to_string()));
        map.insert("OutputDetails".into(), json!({"Included": true}));
    }
    // An Express execution cannot be redriven.
    if !machine.is_express {
        map.insert("RedriveCount".into(), json!(0));
        if outcome.is_success() {
            map.insert("RedriveStatus".into(), json!("NOT_REDRIVABLE"));
            let reason = "Execution is SUCCEEDED and cannot be redriven";
            map.insert("RedriveStatusReason".into(), json!(reason));
        } else {
            map.insert("RedriveStatus".into(), json!("REDRIVABLE_BY_MAP_RUN"));
        }
    }
    map.insert("StartDate".into(), json!(start.to_string()));
    map.insert("StateMachineArn".into(), json!(machine.arn));
    map.insert("Status".into(), json!(outcome.status()));
    map.insert("StopDate".into(), json!(stop.to_string()));
    Value::Object(map)
}

/// Where results go and how.
#[derive(Clone, Debug)]
pub(super) struct Destination {
    pub(super) bucket: String,
    pub(super) prefix: String,
    pub(super) config: Arc<Value>,
}

/// What there is to write of a run.
pub(super) struct Run<'a> {
    pub(super) arn: &'a str,
    pub(super) machine: &'a ChildMachine,
    /// Of the executions that ended, in the order of their items.
    pub(super) results: Vec<&'a ChildResult>,
    /// The inputs of those that were not started.
    pub(super) pending: Vec<&'a Json>,
}

impl Destination {
    /// Writes the results and a manifest that lists the objects with them. Gives the state's result: where they are.
    pub(super) fn write(&self, run: &Run<'_>, objects: &mut Objects) -> Value {
        let Destination { bucket, prefix, config } = self;
        let run_id = run.arn.rsplit(':').next().unwrap_or_default();
        let prefix = prefix.trim_end_matches('/');
        let folder = if prefix.is_empty() { run_id.to_owned() } else { format!("{prefix}/{run_id}") };
        let transformation = Transformation::of(config).unwrap_or(Transformation::None);
        let is_lines =
            config.get(Field::OutputType.name()).and_then(Value::as_str) == Some(field_value::JSONL);
        let (text, extension): (fn(&[Value]) -> String, &str) =
            if is_lines { (lines, "jsonl") } else { (array, "json") };
        let of = |has_succeeded: bool| {
            let results = run.results.iter().copied();
            let results = results.filter(|result| result.outcome.is_success() == has_succeeded);
            transform(results, transformation, run.machine)
        };
        let pending =
            run.pending.iter().map(|input| json!({"Input": input.to_string(), "Status": "PENDING"}));
        let files = [("FAILED", of(false)), ("PENDING", pending.collect()), ("SUCCEEDED", of(true))];
        let mut listed = Map::new();
        for (status, results) in files {
            let mut entries = Vec::new();
            if !results.is_empty() {
                let key = format!("{folder}/{status}_0.{extension}");
                let body = text(&results);
                entries.push(json!({"Key": key, "Size": body.len()}));
                objects.insert(bucket, &key, body.as_bytes());
            }
            listed.insert(status.into(), Value::Array(entries));
        }
        let manifest = json!({"DestinationBucket": bucket, "MapRunArn": run.arn, "ResultFiles": listed});
        let key = format!("{folder}/manifest.json");
        objects.insert(bucket, &key, manifest.to_string().as_bytes());
        json!({"MapRunArn": run.arn, "ResultWriterDetails": {"Bucket": bucket, "Key": key}})
    }
}

fn array(results: &[Value]) -> String {
    json!(results).to_string()
}

fn lines(results: &[Value]) -> String {
    results.iter().map(|result| format!("{result}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results() -> Vec<ChildResult> {
        let result = |outcome| ChildResult {
            execution: Arc::new(ChildExecution {
                name: "n".to_owned(),
                input: Arc::new(json!(0)),
                start: Time::DEFAULT_START,
            }),
            outcome: ChildOutcome::from(outcome),
            stop: Time::DEFAULT_START.plus_seconds(1),
        };
        vec![
            result(Ok(Arc::new(json!([1, 2])))),
            result(Ok(Arc::new(json!({"a": 3})))),
            result(Err(StatesError::new("E", "c"))),
        ]
    }

    fn machine() -> ChildMachine {
        ChildMachine { arn: "arn:aws:states:r:1:stateMachine:M/L".to_owned(), is_express: false }
    }

    #[test]
    fn outputs_are_kept_or_flattened() {
        let results = results();
        let succeeded = || results.iter().take(2);
        assert_eq!(
            transform(succeeded(), Transformation::Compact, &machine()),
            [json!([1, 2]), json!({"a": 3})]
        );
        assert_eq!(
            transform(succeeded(), Transformation::Flatten, &machine()),
            [json!(1), json!(2), json!({"a": 3})]
        );
    }

    #[test]
    fn a_failed_execution_is_described() {
        let failed = transform(results().iter().skip(2), Transformation::Flatten, &machine());
        assert_eq!(
            json!(failed).to_string(),
            r#"[{"Cause":"c","Error":"E","ExecutionArn":"arn:aws:states:r:1:execution:M/L:n","Input":"0","InputDetails":{"Included":true},"Name":"n","RedriveCount":0,"RedriveStatus":"REDRIVABLE_BY_MAP_RUN","StartDate":"2026-01-01T00:00:00.000Z","StateMachineArn":"arn:aws:states:r:1:stateMachine:M/L","Status":"FAILED","StopDate":"2026-01-01T00:00:01.000Z"}]"#
        );
    }

    #[test]
    fn results_and_manifest_are_written() {
        let destination = Destination {
            bucket: "b".to_owned(),
            prefix: "out/".to_owned(),
            config: Arc::new(json!({"Transformation": "COMPACT", "OutputType": "JSONL"})),
        };
        let (results, waiting) = (results(), Arc::new(json!(7)));
        let run = Run {
            arn: "arn:aws:states:r:1:mapRun:M/L:id",
            machine: &machine(),
            results: results.iter().collect(),
            pending: vec![&waiting],
        };
        let mut objects = Objects::default();
        let result = destination.write(&run, &mut objects);
        assert_eq!(result["ResultWriterDetails"], json!({"Bucket": "b", "Key": "out/id/manifest.json"}));
        let keys: Vec<&str> = objects.list("b", "").map(|(key, _)| &**key).collect();
        assert_eq!(
            keys,
            [
                "out/id/FAILED_0.jsonl",
                "out/id/PENDING_0.jsonl",
                "out/id/SUCCEEDED_0.jsonl",
                "out/id/manifest.json"
            ]
        );
        let succeeded = objects.get("b", "out/id/SUCCEEDED_0.jsonl").unwrap();
        assert_eq!(&**succeeded, b"[1,2]\n{\"a\":3}\n");
    }
}
