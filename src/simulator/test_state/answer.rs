//! The answer of a test, in the format of AWS's response.

use serde_json::{Map, Value, json};

use crate::model::{State, StateBody};
use crate::simulator::{Json, Stages, StatesError};
use crate::spec::{QueryLanguage, StateKind};

/// What a test came to.
#[derive(Clone, Debug, PartialEq)]
pub struct TestStateAnswer {
    /// How it went.
    pub status: TestStatus,
    /// The state's output, or that of the catcher.
    pub output: Option<Json>,
    /// The error, caught or not.
    pub error: Option<StatesError>,
    /// The state that comes next.
    pub next_state: Option<std::sync::Arc<str>>,
    /// The data on its way.
    pub inspection: Inspection,
}

/// How a test went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestStatus {
    /// The state succeeded.
    Succeeded,
    /// It failed.
    Failed,
    /// It failed, and a retrier would try again.
    Retriable,
    /// It failed, and a catcher took the error.
    CaughtError,
}

impl TestStatus {
    /// The status as AWS names it.
    pub const fn name(self) -> &'static str {
        match self {
            TestStatus::Succeeded => "SUCCEEDED",
            TestStatus::Failed => "FAILED",
            TestStatus::Retriable => "RETRIABLE",
            TestStatus::CaughtError => "CAUGHT_ERROR",
        }
    }
}

/// How much an answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InspectionLevel {
    /// Status, output and next state.
    Info,
    /// The data on its way, too.
    Debug,
    /// What HTTP tasks send and get, too: nothing more for all others.
    Trace,
}

/// The data of a state on its way, and what it was to do with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    kind: Option<StateKind>,
    query_language: QueryLanguage,
    has_own_result: bool,
    /// The stages of any state.
    pub stages: Stages,
    /// The items of a Map after `ItemsPointer`.
    pub after_items_pointer: Option<Json>,
    /// The inputs of the iterations, as `ItemSelector` makes them.
    pub after_item_selector: Option<Json>,
    /// The batches of items.
    pub after_item_batcher: Option<Json>,
    /// Iterations at once; 0 for no limit.
    pub max_concurrency: Option<usize>,
    /// How many iterations may fail.
    pub tolerated_failure_count: Option<f64>,
    /// What percentage of them.
    pub tolerated_failure_percentage: Option<f64>,
    /// Who took the error.
    pub error_details: ErrorDetails,
    /// The variables after the state.
    pub variables: Map<String, Value>,
}

/// Who took an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErrorDetails {
    /// The retrier that is for it: its index.
    pub retry_index: Option<usize>,
    /// The wait before the retry, in seconds.
    pub retry_backoff_interval_seconds: Option<i64>,
    /// The catcher that took it: its index.
    pub catch_index: Option<usize>,
}

impl Inspection {
    /// Of a state that has not run.
    pub(super) fn new(state: &State) -> Self {
        Self {
            kind: state.kind(),
            query_language: state.query_language,
            has_own_result: matches!(&state.body, StateBody::Pass { result: Some(_) }),
            stages: Stages::default(),
            after_items_pointer: None,
            after_item_selector: None,
            after_item_batcher: None,
            max_concurrency: None,
            tolerated_failure_count: None,
            tolerated_failure_percentage: None,
            error_details: ErrorDetails::default(),
            variables: Map::new(),
        }
    }

    /// The stages that AWS shows of such a state, by name, in the order of the data's way.
    pub fn shown_stages(&self) -> Vec<(&'static str, &Json)> {
        let stages = &self.stages;
        let is_task = self.kind == Some(StateKind::Task);
        // AWS: a Pass with a Result shows nothing of what comes before it (test_state/IO_RESULT_PASS_STATE), a
        // Parallel with a mock neither.
        let is_cut = self.has_own_result || self.kind == Some(StateKind::Parallel);
        let has_result = is_task || self.has_own_result;
        let all = [
            ("input", Some(&stages.input), true),
            ("afterInputPath", stages.after_input_path.as_ref(), !is_cut),
            ("afterParameters", stages.after_parameters.as_ref(), !is_cut),
            ("afterArguments", stages.after_arguments.as_ref(), !is_cut),
            ("afterItemsPath", stages.after_items_path.as_ref(), true),
            ("afterItemsPointer", self.after_items_pointer.as_ref(), true),
            ("afterItemSelector", self.after_item_selector.as_ref(), true),
            ("afterItemBatcher", self.after_item_batcher.as_ref(), true),
            ("result", stages.result.as_ref(), has_result),
            ("afterResultSelector", stages.after_result_selector.as_ref(), true),
            ("afterResultPath", stages.after_result_path.as_ref(), true),
        ];
        all.into_iter()
            .filter(|(.., is_shown)| *is_shown)
            .filter_map(|(name, value, _)| Some((name, value?)))
            .collect()
    }

    fn to_json(&self) -> Value {
        let mut map = Map::new();
        for (name, value) in self.shown_stages() {
            map.insert(name.to_owned(), text(value));
        }
        if !self.variables.is_empty() {
            map.insert("variables".to_owned(), json!(json!(self.variables).to_string()));
        }
        let numbers = [
            ("maxConcurrency", self.max_concurrency.map(|number| json!(number))),
            // A whole number, as was checked.
            ("toleratedFailureCount", self.tolerated_failure_count.map(|number| json!(number as i64))),
            ("toleratedFailurePercentage", self.tolerated_failure_percentage.map(|number| json!(number))),
        ];
        for (name, number) in numbers {
            if let Some(number) = number {
                map.insert(name.to_owned(), number);
            }
        }
        let ErrorDetails { retry_index, retry_backoff_interval_seconds, catch_index } = self.error_details;
        let details = [
            ("retryIndex", retry_index.map(|idx| json!(idx))),
            ("retryBackoffIntervalSeconds", retry_backoff_interval_seconds.map(|seconds| json!(seconds))),
            ("catchIndex", catch_index.map(|idx| json!(idx))),
        ];
        let details: Map<String, Value> =
            details.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        if !details.is_empty() {
            map.insert("errorDetails".to_owned(), Value::Object(details));
        }
        Value::Object(map)
    }
}

impl TestStateAnswer {
    /// The answer as `TestState` gives it: payloads are JSON text.
    pub fn to_json(&self, level: InspectionLevel) -> Value {
        let mut map = Map::new();
        if let Some(output) = &self.output {
            map.insert("output".to_owned(), text(output));
        }
        if let Some(error) = &self.error {
            for (name, value) in [("error", &error.name), ("cause", &error.cause)] {
                if let Some(value) = value {
                    map.insert(name.to_owned(), json!(&**value));
                }
            }
        }
        if level != InspectionLevel::Info {
            map.insert("inspectionData".to_owned(), self.inspection.to_json());
        }
        if let Some(next) = &self.next_state {
            map.insert("nextState".to_owned(), json!(&**next));
        }
        map.insert("status".to_owned(), json!(self.status.name()));
        Value::Object(map)
    }
}

fn text(value: &Json) -> Value {
    Value::String(value.to_string())
}
