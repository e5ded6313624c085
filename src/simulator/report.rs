//! A trace as JSON: the history as `GetExecutionHistory` prints it, and a report of every state.
//!
//! One of the few formats below the protocol: the command line and the editors show the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::event::{EventDetails as E, HistoryEvent, TaskRef};
use super::trace::{NestedExecution, Outcome, Trace, Visit, VisitStatus};
use super::{Json, Names};
use crate::model::{StateId, StateMachine};
use crate::spec::ErrorName;

/// The history: `{"events": […]}`.
pub fn history_json(trace: &Trace, names: &Names) -> Value {
    json!({"events": events(trace, names)})
}

/// Everything about a simulation: status, output, every visit to every state, the history and the tables.
pub fn report_json(trace: &Trace, machine: &StateMachine, names: &Names) -> Value {
    let mut report = Map::new();
    report.insert("status".into(), json!(trace.outcome.status()));
    report.extend(ending(&trace.outcome));
    if let Outcome::Blocked(blocked) = &trace.outcome {
        let state = blocked.state.and_then(|id| machine.state(id)).map(|state| &*state.name);
        report.insert(
            "blocked".into(),
            json!({"state": state, "field": blocked.field.as_str(), "reason": blocked.reason}),
        );
    }
    report.insert("states".into(), states(trace, machine));
    report.insert("events".into(), events(trace, names));
    report.insert("tables".into(), trace.database.to_json());
    if !trace.executions.is_empty() {
        let executions = trace.executions.iter().map(|execution| execution_json(execution));
        report.insert("executions".into(), executions.collect());
    }
    let written: Vec<Value> = trace
        .written
        .iter()
        .map(|(bucket, key, body)| json!({"bucket": bucket, "key": key, "body": String::from_utf8_lossy(body)}))
        .collect();
    if !written.is_empty() {
        report.insert("objects".into(), Value::Array(written));
    }
    Value::Object(report)
}

/// An execution that a task started.
fn execution_json(execution: &NestedExecution) -> Value {
    let NestedExecution { names, input, events, outcome } = execution;
    let mut map = Map::new();
    map.insert("executionArn".into(), json!(&*names.execution_arn));
    map.insert("stateMachineArn".into(), json!(&*names.state_machine_arn));
    map.insert("status".into(), json!(outcome.status()));
    map.insert("input".into(), Value::clone(input));
    map.extend(ending(outcome));
    if let Outcome::Blocked(blocked) = outcome {
        map.insert("blocked".into(), json!({"field": blocked.field.as_str(), "reason": blocked.reason}));
    }
    map.insert("events".into(), events.iter().map(|event| event_json(event, names)).collect());
    Value::Object(map)
}

/// Output, error and cause.
fn ending(outcome: &Outcome) -> [(String, Value); 3] {
    let (output, error, cause) = match outcome {
        Outcome::Succeeded { output } => (Value::clone(output), Value::Null, Value::Null),
        Outcome::Failed { error } => (Value::Null, text(error.name.as_ref()), text(error.cause.as_ref())),
        Outcome::Running | Outcome::TimedOut | Outcome::Aborted | Outcome::Blocked(_) => {
            (Value::Null, Value::Null, Value::Null)
        }
    };
    [("output".into(), output), ("error".into(), error), ("cause".into(), cause)]
}

/// The states that were visited, in the order of their first visit.
fn states(trace: &Trace, machine: &StateMachine) -> Value {
    let mut order: Vec<StateId> = Vec::new();
    let mut visits: BTreeMap<StateId, Vec<Value>> = BTreeMap::new();
    for visit in &trace.visits {
        let known = visits.entry(visit.state).or_default();
        if known.is_empty() {
            order.push(visit.state);
        }
        known.push(visit_json(visit, machine));
    }
    let state = |id: StateId| {
        let name = machine.state(id).map(|state| &*state.name);
        json!({"name": name, "path": machine.path_of(id), "visits": visits.remove(&id)})
    };
    Value::Array(order.into_iter().map(state).collect())
}

fn visit_json(visit: &Visit, machine: &StateMachine) -> Value {
    let mut map = Map::new();
    let (status, error) = match &visit.status {
        VisitStatus::Running => ("RUNNING", None),
        VisitStatus::Succeeded => ("SUCCEEDED", None),
        VisitStatus::Caught(error) => ("CAUGHT_ERROR", Some(error)),
        VisitStatus::Failed(error) => ("FAILED", Some(error)),
        VisitStatus::Aborted => ("ABORTED", None),
        VisitStatus::Blocked => ("BLOCKED", None),
    };
    map.insert("status".into(), json!(status));
    for (name, value) in visit.stages.named() {
        map.insert(name.into(), Value::clone(value));
    }
    if let Some(assigned) = &visit.assigned {
        let variables = assigned.iter().map(|(name, value)| (name.to_string(), Value::clone(value)));
        map.insert("variables".into(), Value::Object(variables.collect()));
    }
    if let Some(error) = error {
        map.insert("error".into(), text(error.name.as_ref()));
        map.insert("cause".into(), text(error.cause.as_ref()));
    }
    if visit.catcher.is_some() || visit.n_retries > 0 {
        let mut details = Map::new();
        if let Some(idx) = visit.catcher {
            details.insert("catchIndex".into(), json!(idx));
        }
        if visit.n_retries > 0 {
            details.insert("retries".into(), json!(visit.n_retries));
        }
        map.insert("errorDetails".into(), Value::Object(details));
    }
    if let Some(state) = visit.next.and_then(|id| machine.state(id)) {
        map.insert("next".into(), json!(&*state.name));
    }
    Value::Object(map)
}

fn events(trace: &Trace, names: &Names) -> Value {
    Value::Array(trace.events.iter().map(|event| event_json(event, names)).collect())
}

fn event_json(event: &HistoryEvent, names: &Names) -> Value {
    let (kind, details) = kind_and_details(&event.details, names);
    let mut map = Map::new();
    map.insert("timestamp".into(), json!(event.time.to_string()));
    map.insert("type".into(), json!(kind));
    map.insert("id".into(), json!(event.id));
    map.insert("previousEventId".into(), json!(event.previous));
    if let Some((key, details)) = details {
        map.insert(format!("{key}EventDetails"), Value::Object(details));
    }
    Value::Object(map)
}

type Details = Option<(&'static str, Map<String, Value>)>;

fn kind_and_details(details: &E, names: &Names) -> (String, Details) {
    let plain = |kind: &str, key: &'static str, fields: Fields| (kind.to_owned(), Some((key, fields.0)));
    let fields = Fields::default;
    match details {
        E::ExecutionStarted { input, role_arn } => plain(
            "ExecutionStarted",
            "executionStarted",
            fields().payload("input", input).str("roleArn", role_arn),
        ),
        E::ExecutionSucceeded { output } => {
            plain("ExecutionSucceeded", "executionSucceeded", fields().payload("output", output))
        }
        E::ExecutionFailed { error, cause } => {
            plain("ExecutionFailed", "executionFailed", fields().error(error, cause))
        }
        E::ExecutionTimedOut => {
            plain("ExecutionTimedOut", "executionTimedOut", fields().str("error", ErrorName::TIMEOUT))
        }
        E::ExecutionAborted => plain("ExecutionAborted", "executionAborted", fields()),
        E::StateEntered { kind, name, input } => plain(
            &format!("{}StateEntered", kind.name()),
            "stateEntered",
            fields().str("name", name).payload("input", input),
        ),
        E::StateExited { kind, name, output, assigned } => plain(
            &format!("{}StateExited", kind.name()),
            "stateExited",
            fields().str("name", name).payload("output", output).variables(assigned.as_deref()),
        ),
        E::TaskScheduled { task, parameters, timeout_seconds, heartbeat_seconds, credentials } => plain(
            "TaskScheduled",
            "taskScheduled",
            fields()
                .task(task)
                .str("region", &names.region)
                .text("parameters", parameters)
                .seconds(*timeout_seconds, *heartbeat_seconds)
                .credentials(credentials.as_ref()),
        ),
        E::TaskStarted { task } => plain("TaskStarted", "taskStarted", fields().task(task)),
        E::TaskSubmitted { task, output } => {
            plain("TaskSubmitted", "taskSubmitted", fields().task(task).payload("output", output))
        }
        E::TaskSucceeded { task, output } => {
            plain("TaskSucceeded", "taskSucceeded", fields().task(task).payload("output", output))
        }
        E::TaskFailed { task, error, cause } => {
            plain("TaskFailed", "taskFailed", fields().task(task).error(error, cause))
        }
        E::TaskTimedOut { task, error } => {
            plain("TaskTimedOut", "taskTimedOut", fields().task(task).error(error, &None))
        }
        E::LambdaFunctionScheduled { task, input, timeout_seconds, credentials } => plain(
            "LambdaFunctionScheduled",
            "lambdaFunctionScheduled",
            fields()
                .str("resource", &task.resource)
                .payload("input", input)
                .seconds(*timeout_seconds, None)
                .credentials(credentials.as_ref()),
        ),
        E::LambdaFunctionSucceeded { output } => {
            plain("LambdaFunctionSucceeded", "lambdaFunctionSucceeded", fields().payload("output", output))
        }
        E::LambdaFunctionFailed { error, cause } => {
            plain("LambdaFunctionFailed", "lambdaFunctionFailed", fields().error(error, cause))
        }
        E::LambdaFunctionTimedOut { error } => {
            plain("LambdaFunctionTimedOut", "lambdaFunctionTimedOut", fields().error(error, &None))
        }
        E::ActivityScheduled { task, input, timeout_seconds, heartbeat_seconds } => plain(
            "ActivityScheduled",
            "activityScheduled",
            fields()
                .str("resource", &task.resource)
                .payload("input", input)
                .seconds(*timeout_seconds, *heartbeat_seconds),
        ),
        E::ActivityStarted { worker_name } => {
            let named = match worker_name {
                Some(name) => fields().str("workerName", name),
                None => fields(),
            };
            plain("ActivityStarted", "activityStarted", named)
        }
        E::ActivitySucceeded { output } => {
            plain("ActivitySucceeded", "activitySucceeded", fields().payload("output", output))
        }
        E::ActivityFailed { error, cause } => {
            plain("ActivityFailed", "activityFailed", fields().error(error, cause))
        }
        E::ActivityTimedOut { error } => {
            plain("ActivityTimedOut", "activityTimedOut", fields().error(error, &None))
        }
        E::EvaluationFailed { state, error, cause, location } => {
            let located = match location {
                Some(location) => fields().str("location", location),
                None => fields(),
            };
            let error = (Some(error.clone()), Some(cause.clone()));
            plain(
                "EvaluationFailed",
                "evaluationFailed",
                located.str("state", state).error(&error.0, &error.1),
            )
        }
        E::MapStateStarted { length } => {
            plain("MapStateStarted", "mapStateStarted", fields().value("length", json!(length)))
        }
        E::MapIterationStarted { name, index } => {
            plain("MapIterationStarted", "mapIterationStarted", fields().iteration(name, *index))
        }
        E::MapIterationSucceeded { name, index } => {
            plain("MapIterationSucceeded", "mapIterationSucceeded", fields().iteration(name, *index))
        }
        E::MapIterationFailed { name, index } => {
            plain("MapIterationFailed", "mapIterationFailed", fields().iteration(name, *index))
        }
        E::MapIterationAborted { name, index } => {
            plain("MapIterationAborted", "mapIterationAborted", fields().iteration(name, *index))
        }
        E::MapRunStarted { arn } => plain("MapRunStarted", "mapRunStarted", fields().str("mapRunArn", arn)),
        E::MapRunFailed { error, cause } => {
            plain("MapRunFailed", "mapRunFailed", fields().error(error, cause))
        }
        E::MapRunSucceeded => ("MapRunSucceeded".to_owned(), None),
        E::TaskStateAborted => ("TaskStateAborted".to_owned(), None),
        E::LambdaFunctionStarted => ("LambdaFunctionStarted".to_owned(), None),
        E::ParallelStateStarted => ("ParallelStateStarted".to_owned(), None),
        E::ParallelStateSucceeded => ("ParallelStateSucceeded".to_owned(), None),
        E::ParallelStateFailed => ("ParallelStateFailed".to_owned(), None),
        E::MapStateSucceeded => ("MapStateSucceeded".to_owned(), None),
        E::MapStateFailed => ("MapStateFailed".to_owned(), None),
    }
}

/// The fields of an event's details, in the order they are added.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn value(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    fn str(self, name: &str, value: &str) -> Self {
        self.value(name, json!(value))
    }

    /// A payload as JSON text.
    fn text(self, name: &str, payload: &Json) -> Self {
        self.value(name, json!(payload.to_string()))
    }

    /// A payload as JSON text, with the note that it is whole.
    fn payload(self, name: &str, payload: &Json) -> Self {
        self.text(name, payload).value(&format!("{name}Details"), json!({"truncated": false}))
    }

    fn error(self, error: &Option<Arc<str>>, cause: &Option<Arc<str>>) -> Self {
        let with_error = match error {
            Some(error) => self.str("error", error),
            None => self,
        };
        match cause {
            Some(cause) => with_error.str("cause", cause),
            None => with_error,
        }
    }

    fn task(self, task: &TaskRef) -> Self {
        self.str("resourceType", &task.resource_type).str("resource", &task.resource)
    }

    fn seconds(self, timeout: Option<i64>, heartbeat: Option<i64>) -> Self {
        let with_timeout = match timeout {
            Some(seconds) => self.value("timeoutInSeconds", json!(seconds)),
            None => self,
        };
        match heartbeat {
            Some(seconds) => with_timeout.value("heartbeatInSeconds", json!(seconds)),
            None => with_timeout,
        }
    }

    fn credentials(self, credentials: Option<&Json>) -> Self {
        match credentials {
            Some(credentials) => self.value("taskCredentials", Value::clone(credentials)),
            None => self,
        }
    }

    fn iteration(self, name: &str, index: usize) -> Self {
        self.str("name", name).value("index", json!(index))
    }

    fn variables(self, assigned: Option<&[(Arc<str>, Json)]>) -> Self {
        let Some(assigned) = assigned else { return self };
        let variables = assigned.iter().map(|(name, value)| (name.to_string(), json!(value.to_string())));
        self.value("assignedVariables", Value::Object(variables.collect()))
            .value("assignedVariablesDetails", json!({"truncated": false}))
    }
}

fn text(text: Option<&Arc<str>>) -> Value {
    text.map_or(Value::Null, |text| json!(&**text))
}
