//! One state alone, as AWS's `TestState` API runs it: with a mocked result or error, a context object and variables
//! of one's own, and every stage of its data in the answer.
//!
//! A request is checked as AWS checks it, in AWS's words ([`Refusal`]); then the state runs in a [`Simulation`] that
//! holds nothing else. What is not mocked runs as in any simulation: DynamoDB against the tables of the scenario, and
//! what cannot be simulated says so.
//!
//! AWS: <https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html>.

mod answer;
mod context;
mod machine;
mod map;
mod mock;
mod mocked_calls;
mod refusal;

use std::sync::Arc;

use serde_json::{Map, Value};

pub use answer::{ErrorDetails, Inspection, InspectionLevel, TestStateAnswer, TestStatus};
pub use machine::{LONE_STATE_NAME, machine_around_state};
pub use mock::{FieldValidationMode, Mock, MockError, StateConfiguration, TestStateFormatError};
pub use refusal::Refusal;

use self::mock::MockedReply;
use super::data_flow::Extra;
use super::frame::FrameId;
use super::retry::delay_ms;
use super::{Assigned, Flow, Halt, Json, MockReply, Scenario, Simulation, StatesError, VisitId, VisitStatus};
use crate::model::{State, StateBody, StateId, StateMachine};
use crate::spec::StateKind;

/// A test of one state.
#[derive(Clone, Debug)]
pub struct TestStateRequest {
    /// The machine that has the state; see [`machine_around_state`] for a state without one.
    pub machine: Arc<StateMachine>,
    /// The name of the state, which may be nested in others.
    pub state_name: Arc<str>,
    /// Input, tables, mocks, names, clock and seed. A context object is taken as it is, in the place of the one that
    /// would be made.
    pub scenario: Scenario,
    /// The values of variables, by name.
    pub variables: Map<String, Value>,
    /// What the state's task, branches or iterations come to. Without one the scenario's mocks count.
    pub mock: Option<Mock>,
    /// The situation the state is in.
    pub configuration: StateConfiguration,
    /// Whether there is a role to run the state with. AWS asks for one to test a task without a mock.
    pub has_role: bool,
    /// Whether secrets of HTTP tasks are asked for.
    pub reveals_secrets: bool,
}

/// Tests one state.
///
/// # Errors
///
/// What AWS refuses, and [`Refusal::Blocked`] for what cannot be simulated. That the definition is valid is for the
/// caller to see to, who knows its text: [`Refusal::invalid_definition`].
///
/// # Example
///
/// ```
/// use std::sync::Arc;
/// use asl_lsp::simulator::{InspectionLevel, Mock, Scenario, StateConfiguration, TestStateRequest, test_state};
/// use asl_lsp::{model, syntax, text::SourceText};
/// use serde_json::{Map, json};
///
/// let text = r#"{"StartAt": "Ask", "States": {"Ask": {
///     "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultPath": "$.answer", "Next": "Decide"}}}"#;
/// let machine = model::lower(&syntax::parse_json(SourceText::new(text), 64)).machine;
/// let request = TestStateRequest {
///     machine,
///     state_name: "Ask".into(),
///     scenario: Scenario { input: Arc::new(json!({"question": "why"})), ..Scenario::default() },
///     variables: Map::new(),
///     mock: Some(Mock::result(&json!({"Payload": 42}))),
///     configuration: StateConfiguration::default(),
///     has_role: true,
///     reveals_secrets: false,
/// };
/// let answer = test_state(&request).unwrap().to_json(InspectionLevel::Info);
/// assert_eq!(answer, json!({
///     "output": r#"{"question":"why","answer":{"Payload":42}}"#,
///     "nextState": "Decide",
///     "status": "SUCCEEDED",
/// }));
/// ```
pub fn test_state(request: &TestStateRequest) -> Result<TestStateAnswer, Refusal> {
    let state_id = machine::find(&request.machine, &request.state_name)
        .ok_or(Refusal::Validation("State not found in definition".to_owned()))?;
    let alone = machine::alone(&request.machine, state_id);
    let Some(state) = alone.state(state_id) else {
        return Err(Refusal::Validation("State not found in definition".to_owned()));
    };
    let mock = refusal::check(request, state)?;
    let mut scenario = request.scenario.clone();
    scenario.is_context_whole = scenario.context.is_some();
    // AWS: the context object of a test is that of an Express execution (test_state/test_state_task_catch_error).
    scenario.is_express = true;
    if state.kind() == Some(StateKind::Task)
        && let Some(reply) = &mock
    {
        scenario.mocks = scenario.mocks.with(&state.name, MockReply::from(reply).into());
    }
    let machine = Arc::new(alone.clone());
    let mut simulation = Simulation::new(machine, Arc::new(scenario));
    let Some(id) = simulation.frames.iter().map(|(id, _)| id).next() else {
        return Err(Refusal::Blocked("The state cannot be entered".to_owned()));
    };
    let given: Vec<(Arc<str>, Json)> = request
        .variables
        .iter()
        .map(|(name, value)| (Arc::from(name.as_str()), Arc::new(value.clone())))
        .collect();
    if let Some(frame) = simulation.frames.get_mut(&id) {
        frame.variables.assign(&given);
    }
    let test = Test { request, state, state_id, id, mock, inspection: Inspection::new(state) };
    test.run(simulation)
}

/// Why a state did not come to an end.
#[derive(Debug)]
enum Stop {
    /// An error, which a retrier or catcher may take.
    Failed(StatesError),
    /// The test cannot be made.
    Refused(Refusal),
}

impl From<Halt> for Stop {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Failed(error) => Stop::Failed(error),
            Halt::Blocked(_, reason) => Stop::Refused(Refusal::Blocked(reason)),
        }
    }
}

/// A test that is running.
struct Test<'a> {
    request: &'a TestStateRequest,
    state: &'a State,
    state_id: StateId,
    id: FrameId,
    mock: Option<MockedReply>,
    inspection: Inspection,
}

impl Test<'_> {
    fn run(mut self, mut simulation: Simulation) -> Result<TestStateAnswer, Refusal> {
        let begun = simulation.begin(self.id, self.state_id, self.state);
        let result = begun.map_err(Stop::from).and_then(|()| self.run_state(&mut simulation));
        let visit = simulation.activation(self.id).map(|activation| activation.visit);
        match result {
            Ok(Flow::Exit { output, next, assigned }) => {
                let answer = TestStateAnswer {
                    status: TestStatus::Succeeded,
                    output: Some(output),
                    error: None,
                    next_state: self.name_of(&simulation, next),
                    inspection: Inspection::new(self.state),
                };
                Ok(self.finish(&simulation, visit, assigned, answer))
            }
            Ok(Flow::Suspend | Flow::Children) => {
                Err(Refusal::Blocked("The state did not come to an end".to_owned()))
            }
            Err(Stop::Failed(error)) => self.fail(&mut simulation, visit, error),
            Err(Stop::Refused(refusal)) => Err(refusal),
        }
    }

    fn run_state(&mut self, simulation: &mut Simulation) -> Result<Flow, Stop> {
        match (&self.state.body, self.mock.take()) {
            (StateBody::Map(map), Some(mock)) => self.run_map(simulation, map, mock),
            // AWS: a mocked Parallel looks at neither its InputPath nor its Arguments
            // (test_state/test_io_jsonata_parallel_state_mock_success).
            (StateBody::Parallel { .. }, Some(MockedReply::Result(result))) => {
                Ok(simulation.finish(self.id, self.state, result)?)
            }
            (StateBody::Parallel { .. }, Some(MockedReply::Error(error))) => Err(Stop::Failed(error)),
            _ => match simulation.run_state(self.id, self.state)? {
                Flow::Suspend if simulation.pending_request().is_some() => {
                    let reason = "A state alone is not tested with remote tables".to_owned();
                    Err(Stop::Refused(Refusal::Blocked(reason)))
                }
                // A Wait: nobody waits for it.
                Flow::Suspend => Ok(simulation.resume(self.id)?),
                flow => Ok(flow),
            },
        }
    }

    /// A retrier or a catcher may take the error.
    fn fail(
        mut self,
        simulation: &mut Simulation,
        visit: Option<VisitId>,
        error: StatesError,
    ) -> Result<TestStateAnswer, Refusal> {
        let error = alone(simulation, self.id, error);
        let mut answer = TestStateAnswer {
            status: TestStatus::Failed,
            output: None,
            error: Some(error.clone()),
            next_state: None,
            inspection: Inspection::new(self.state),
        };
        let mut retriers = self.state.retry.iter().enumerate();
        if let Some((idx, retrier)) = retriers.find(|(_, retrier)| error.is_matched_by(&retrier.error_equals))
        {
            self.inspection.error_details.retry_index = Some(idx);
            let n_retries = self.request.configuration.retrier_retry_count.unwrap_or(0);
            if i64::from(n_retries) < retrier.max_attempts {
                let seconds = delay_ms(retrier, n_retries) / 1_000;
                self.inspection.error_details.retry_backoff_interval_seconds = Some(seconds);
                answer.status = TestStatus::Retriable;
                return Ok(self.finish(simulation, visit, None, answer));
            }
        }
        let mut assigned = None;
        match simulation.catch(self.id, self.state, error) {
            Ok(Flow::Exit { output, next, assigned: variables }) => {
                let caught = visit.and_then(|visit| simulation.trace.visits.get(visit.0 as usize));
                self.inspection.error_details.catch_index = caught.and_then(|visit| visit.catcher);
                answer.status = TestStatus::CaughtError;
                answer.output = Some(output);
                answer.next_state = self.name_of(simulation, next);
                assigned = variables;
            }
            // No catcher, or one whose own output failed.
            Err(Halt::Failed(error)) => answer.error = Some(alone(simulation, self.id, error)),
            Err(Halt::Blocked(_, reason)) => return Err(Refusal::Blocked(reason)),
            Ok(Flow::Suspend | Flow::Children) => {}
        }
        Ok(self.finish(simulation, visit, assigned, answer))
    }

    fn finish(
        mut self,
        simulation: &Simulation,
        visit: Option<VisitId>,
        assigned: Assigned,
        mut answer: TestStateAnswer,
    ) -> TestStateAnswer {
        let visit = visit.and_then(|visit| simulation.trace.visits.get(visit.0 as usize));
        if let Some(visit) = visit {
            debug_assert!(matches!(visit.status, VisitStatus::Running | VisitStatus::Caught(_)));
            self.inspection.stages = visit.stages.clone();
        }
        let mut variables = self.request.variables.clone();
        for (name, value) in assigned.iter().flat_map(|assigned| assigned.iter()) {
            variables.insert(name.to_string(), Value::clone(value));
        }
        self.inspection.variables = variables;
        answer.inspection = self.inspection;
        answer
    }

    fn name_of(&self, simulation: &Simulation, next: Option<StateId>) -> Option<Arc<str>> {
        next.and_then(|id| simulation.machine.state(id)).map(|state| state.name.clone())
    }
}

/// The error without the words on where in an execution it happened: a state alone is in none.
///
/// AWS: test_state/test_state_map_context_object.
fn alone(simulation: &Simulation, id: FrameId, mut error: StatesError) -> StatesError {
    let place = simulation.cause(id, "");
    if let Some(rest) = error.cause.as_deref().and_then(|cause| cause.strip_prefix(&place)) {
        error.cause = Some(Arc::from(rest));
    }
    error
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::model::lower;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    /// Tests a state without a machine; the members of `given` are those of AWS's request.
    #[track_caller]
    fn check(state: Value, given: Value, expected: Expect) {
        let name = LONE_STATE_NAME;
        let text = machine_around_state(name, &state.to_string());
        let machine = lower(&parse_json(SourceText::new(&text), 64)).machine;
        let scenario = Scenario {
            input: Arc::new(given.get("input").cloned().unwrap_or(json!({"n": 1}))),
            context: given.get("context").cloned(),
            ..Scenario::default()
        };
        let request = TestStateRequest {
            machine,
            state_name: name.into(),
            scenario,
            variables: given["variables"].as_object().cloned().unwrap_or_default(),
            mock: given.get("mock").map(|mock| Mock::from_json(mock).unwrap()),
            configuration: given
                .get("stateConfiguration")
                .map(|configuration| StateConfiguration::from_json(configuration).unwrap())
                .unwrap_or_default(),
            has_role: given["roleArn"] != false,
            reveals_secrets: given["revealSecrets"] == true,
        };
        expected.assert_eq(&match test_state(&request) {
            Ok(answer) => format!("{:#}", answer.to_json(InspectionLevel::Trace)),
            Err(refusal) => format!("{}: {refusal}", refusal.code()),
        });
    }

    fn task(fields: Value) -> Value {
        let mut state = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true});
        if let (Value::Object(state), Value::Object(fields)) = (&mut state, fields) {
            state.extend(fields);
        }
        state
    }

    fn map(fields: Value) -> Value {
        let processor = json!({"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}},
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}});
        let mut state = json!({"Type": "Map", "ItemProcessor": processor, "End": true});
        if let (Value::Object(state), Value::Object(fields)) = (&mut state, fields) {
            state.extend(fields);
        }
        state
    }

    fn error() -> Value {
        json!({"errorOutput": {"error": "E", "cause": "C"}})
    }

    #[test]
    fn a_retrier_waits_longer_each_time() {
        check(
            task(json!({"Retry": [{"ErrorEquals": ["X"]}, {"ErrorEquals": ["E"], "IntervalSeconds": 3}]})),
            json!({"mock": error(), "stateConfiguration": {"retrierRetryCount": 2}}),
            expect![[r#"
                {
                  "error": "E",
                  "cause": "C",
                  "inspectionData": {
                    "input": "{\"n\":1}",
                    "afterInputPath": "{\"n\":1}",
                    "afterParameters": "{\"n\":1}",
                    "errorDetails": {
                      "retryIndex": 1,
                      "retryBackoffIntervalSeconds": 12
                    }
                  },
                  "status": "RETRIABLE"
                }"#]],
        );
    }

    #[test]
    fn a_retrier_that_is_used_up_leaves_the_error_to_the_catchers() {
        check(
            task(json!({"Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 2}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Elsewhere"}]})),
            json!({"mock": error(), "stateConfiguration": {"retrierRetryCount": 2}}),
            expect![[r#"
                {
                  "output": "{\"n\":1,\"error\":{\"Error\":\"E\",\"Cause\":\"C\"}}",
                  "error": "E",
                  "cause": "C",
                  "inspectionData": {
                    "input": "{\"n\":1}",
                    "afterInputPath": "{\"n\":1}",
                    "afterParameters": "{\"n\":1}",
                    "errorDetails": {
                      "retryIndex": 0,
                      "catchIndex": 0
                    }
                  },
                  "nextState": "Elsewhere",
                  "status": "CAUGHT_ERROR"
                }"#]],
        );
    }

    #[test]
    fn a_catcher_may_fail_itself() {
        check(
            task(json!({"QueryLanguage": "JSONata", "Arguments": {}, "Catch": [
                {"ErrorEquals": ["E"], "Output": "{% $states.errorOutput.Nothing %}", "Next": "Elsewhere"}]})),
            json!({"mock": error()}),
            expect![[r#"
                {
                  "error": "States.QueryEvaluationError",
                  "cause": "The JSONata expression '$states.errorOutput.Nothing' specified for the field 'Catch[0]/Output' returned nothing (undefined).",
                  "inspectionData": {
                    "input": "{\"n\":1}",
                    "afterArguments": "{}"
                  },
                  "status": "FAILED"
                }"#]],
        );
    }

    #[test]
    fn variables_are_read_and_set() {
        check(
            json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $a %}", "Assign": {"b": 2}, "End": true}),
            json!({"variables": {"a": 1}}),
            expect![[r#"
                {
                  "output": "1",
                  "inspectionData": {
                    "input": "{\"n\":1}",
                    "variables": "{\"a\":1,\"b\":2}"
                  },
                  "status": "SUCCEEDED"
                }"#]],
        );
    }

    #[test]
    fn a_wait_ends_at_once() {
        check(
            json!({"Type": "Wait", "SecondsPath": "$.n", "Next": "Elsewhere"}),
            json!({}),
            expect![[r#"
                {
                  "output": "{\"n\":1}",
                  "inspectionData": {
                    "input": "{\"n\":1}",
                    "afterInputPath": "{\"n\":1}"
                  },
                  "nextState": "Elsewhere",
                  "status": "SUCCEEDED"
                }"#]],
        );
    }

    #[test]
    fn iterations_are_shown_and_counted() {
        let fields = json!({"ItemsPath": "$.items", "ItemSelector": {"v.$": "$$.Map.Item.Value"},
            "ItemBatcher": {"MaxItemsPerBatch": 2}, "ToleratedFailurePercentage": 50});
        let input = json!({"items": [1, 2, 3]});
        let mock = json!({"result": [1, 2]});
        check(
            map(fields.clone()),
            json!({"input": input, "mock": mock, "stateConfiguration": {"mapIterationFailureCount": 1}}),
            expect![[r#"
                {
                  "output": "[1,2]",
                  "inspectionData": {
                    "input": "{\"items\":[1,2,3]}",
                    "afterInputPath": "{\"items\":[1,2,3]}",
                    "afterItemsPath": "[1,2,3]",
                    "afterItemSelector": "[{\"v\":1},{\"v\":2},{\"v\":3}]",
                    "afterItemBatcher": "[{\"Items\":[{\"v\":1},{\"v\":2}]},{\"Items\":[{\"v\":3}]}]",
                    "afterResultSelector": "[1,2]",
                    "afterResultPath": "[1,2]",
                    "maxConcurrency": 0,
                    "toleratedFailurePercentage": 50.0
                  },
                  "status": "SUCCEEDED"
                }"#]],
        );
        check(
            map(fields),
            json!({"input": input, "mock": mock, "stateConfiguration": {"mapIterationFailureCount": 3}}),
            expect![
                "ValidationException: Map iteration failure count must be less than or equal to the number of Map iterations"
            ],
        );
    }

    #[test]
    fn items_from_data_that_was_read() {
        let reader = json!({"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"},
            "ReaderConfig": {"InputType": "JSON", "ItemsPointer": "/list"}});
        check(
            map(json!({"ItemReader": reader})),
            json!({"mock": {"result": [0]}, "stateConfiguration": {"mapItemReaderData": {"list": [7]}}}),
            expect![[r#"
                {
                  "output": "[0]",
                  "inspectionData": {
                    "input": "{\"n\":1}",
                    "afterInputPath": "{\"n\":1}",
                    "afterItemsPointer": "[7]",
                    "afterResultSelector": "[0]",
                    "afterResultPath": "[0]",
                    "maxConcurrency": 0
                  },
                  "status": "SUCCEEDED"
                }"#]],
        );
    }

    #[test]
    fn errors_of_a_state_alone_name_no_execution() {
        check(
            json!({"Type": "Pass", "InputPath": "$.missing", "End": true}),
            json!({}),
            expect![[r#"
            {
              "error": "States.Runtime",
              "cause": "Invalid path '$.missing' : No results for path: $['missing']",
              "inspectionData": {
                "input": "{\"n\":1}"
              },
              "status": "FAILED"
            }"#]],
        );
    }

    #[test]
    fn what_is_neither_mocked_nor_simulated() {
        check(
            task(json!({})),
            json!({}),
            expect![
                "BLOCKED: lambda:invoke is not simulated: mock the state 'StateName' in a MockConfigFile.json (--mock-config FILE --test-case NAME) or with --mock"
            ],
        );
        check(
            task(json!({})),
            json!({"roleArn": false}),
            expect![[r#"ValidationException: RoleArn must be specified when testing a Task state"#]],
        );
    }

    #[test]
    fn a_task_of_dynamodb_meets_the_tables() {
        check(
            json!({"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "End": true,
                "Parameters": {"TableName": "T", "Key": {"id": {"S": "1"}}},
                "Catch": [{"ErrorEquals": ["DynamoDB.ResourceNotFoundException"], "ResultPath": null, "Next": "Elsewhere"}]}),
            json!({}),
            expect![[r#"
                {
                  "output": "{\"n\":1}",
                  "error": "DynamoDB.ResourceNotFoundException",
                  "cause": "Requested resource not found (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: ZKYIKM62QM5A7VWX4QALLSZWUR4VL2O6GX7VBD5TUWLJWDRWXQL6; Proxy: null)",
                  "inspectionData": {
                    "input": "{\"n\":1}",
                    "afterInputPath": "{\"n\":1}",
                    "afterParameters": "{\"TableName\":\"T\",\"Key\":{\"id\":{\"S\":\"1\"}}}",
                    "errorDetails": {
                      "catchIndex": 0
                    }
                  },
                  "nextState": "Elsewhere",
                  "status": "CAUGHT_ERROR"
                }"#]],
        );
    }

    #[test]
    fn mocks_that_do_not_fit() {
        let parallel = json!({"Type": "Parallel", "End": true,
            "Branches": [{"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}]});
        check(
            parallel.clone(),
            json!({"mock": {"result": {}}}),
            expect!["ValidationException: Mocked result must be an array."],
        );
        check(
            parallel,
            json!({"mock": {}}),
            expect![
                "ValidationException: A test mock should have only one of the following fields: [result, errorOutput]."
            ],
        );
        check(
            task(json!({})),
            json!({"mock": error(), "revealSecrets": true}),
            expect![
                "ValidationException: TestState does not support RevealSecrets when a mock is specified."
            ],
        );
        check(
            map(json!({})),
            json!({"stateConfiguration": {"mapIterationFailureCount": 1}}),
            expect![
                "ValidationException: TestState does not support MapIterationFailureCount when a mock is not specified."
            ],
        );
    }
}
