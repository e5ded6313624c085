//! Requests that are answered outside: a simulation whose tables are elsewhere says what it asks, waits, and is given
//! the answer.
//!
//! Nothing here knows where the tables are or how they are reached. One request is under way at a time: the simulation
//! stands still until it is answered, so branches and iterations ask in the order in which they run.

use std::sync::Arc;

use serde_json::Value;

use super::frame::{FrameId, Phase};
use super::integration::{self, Reply};
use super::state::{TaskEvents, TaskLimits};
use super::{Flow, Halt, Json, Simulation};
use crate::model::{FieldPath, State};
use crate::spec::Field;

/// A request of a task to DynamoDB.
#[derive(Clone, Debug, PartialEq)]
pub struct RemoteRequest {
    /// The operation, such as `GetItem`.
    pub operation: Arc<str>,
    /// The body, in DynamoDB's JSON.
    pub body: Json,
}

/// What a request came to.
#[derive(Clone, Debug, PartialEq)]
pub enum RemoteAnswer {
    /// The service has carried it out.
    Success {
        /// The body of the response.
        body: Value,
        /// The service's id of the request, if it says one.
        request_id: Option<String>,
    },
    /// The service refused it: an error, which a retrier or catcher may take.
    Failure {
        /// The name of the error without namespace, such as `ConditionalCheckFailedException`.
        code: String,
        /// Its text.
        message: String,
        /// The status of the response, such as 400.
        status: u16,
        /// The service's id of the request, if it says one.
        request_id: Option<String>,
    },
    /// There is no answer: why. The simulation ends as `BLOCKED`.
    Unavailable(String),
}

/// A request as the task that makes it keeps it.
#[derive(Clone, Debug)]
pub(super) struct TaskRequest {
    pub(super) request: RemoteRequest,
    pub(super) is_optimized: bool,
    /// The id where the service says none.
    pub(super) request_id: String,
}

/// A task that waits for an answer.
#[derive(Clone, Debug)]
pub(super) struct AwaitedAnswer {
    events: TaskEvents,
    request: TaskRequest,
    limits: TaskLimits,
}

/// What lies between a simulation and whoever answers it. Executions that a simulation starts share its exchange.
#[derive(Clone, Debug, Default)]
pub(super) enum Exchange {
    /// Nobody asks.
    #[default]
    Idle,
    /// A request has no answer yet.
    Asked(RemoteRequest),
    /// An answer waits for the task that asked, which is the next to go on.
    Answered(RemoteAnswer),
}

impl Simulation {
    /// The request that has to be answered before the simulation goes on.
    pub fn pending_request(&self) -> Option<&RemoteRequest> {
        match &self.exchange {
            Exchange::Asked(request) => Some(request),
            Exchange::Idle | Exchange::Answered(_) => None,
        }
    }

    /// Answers the request that is pending. Without one the answer is dropped.
    pub fn answer(&mut self, answer: RemoteAnswer) {
        if let Exchange::Asked(_) = self.exchange {
            self.exchange = Exchange::Answered(answer);
        }
    }

    /// Asks, and lets the task wait.
    pub(super) fn begin_request(
        &mut self,
        id: FrameId,
        events: TaskEvents,
        request: TaskRequest,
        limits: TaskLimits,
    ) -> Flow {
        self.exchange = Exchange::Asked(request.request.clone());
        self.set_phase(id, Phase::Request(Box::new(AwaitedAnswer { events, request, limits })));
        Flow::Suspend
    }

    /// Ends a task with the answer to its request.
    pub(super) fn continue_request(&mut self, id: FrameId, state: &State) -> Result<Flow, Halt> {
        let Some(Phase::Request(awaited)) = self.take_phase(id) else { return Ok(Flow::Suspend) };
        let answer = match std::mem::take(&mut self.exchange) {
            Exchange::Answered(answer) => answer,
            Exchange::Idle | Exchange::Asked(_) => {
                debug_assert!(false, "a task goes on without an answer");
                self.exchange = Exchange::Asked(awaited.request.request.clone());
                self.set_phase(id, Phase::Request(awaited));
                return Ok(Flow::Suspend);
            }
        };
        let AwaitedAnswer { events, request, limits } = *awaited;
        let TaskRequest { request: _, is_optimized, request_id } = request;
        let reply = match answer {
            RemoteAnswer::Success { body, request_id: id_of_service } => {
                let request_id = id_of_service.unwrap_or(request_id);
                Reply::Success(self.dynamodb_result(id, body, is_optimized, &request_id))
            }
            RemoteAnswer::Failure { code, message, status, request_id: id_of_service } => {
                let request_id = id_of_service.unwrap_or(request_id);
                let failure = integration::Failure { code: &code, message: &message, status };
                Reply::Failure(failure.error(is_optimized, &request_id))
            }
            RemoteAnswer::Unavailable(reason) => {
                return Err(Halt::Blocked(FieldPath::new(Field::Resource.name()), reason));
            }
        };
        self.end_request(id, state, events, reply, limits)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::model::lower;
    use crate::simulator::{Budget, NestedMachine, Outcome, Scenario, Step, history_json};
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    fn scenario() -> Scenario {
        Scenario { is_database_remote: true, ..Scenario::default() }
    }

    fn machine(states: Value) -> Arc<crate::model::StateMachine> {
        let text = json!({"StartAt": "A", "States": states}).to_string();
        lower(&parse_json(SourceText::new(&text), 64)).machine
    }

    fn get(id: &str) -> Value {
        json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem",
            "Parameters": {"TableName": "t", "Key": {"id": {"S": id}}},
            "End": true,
        })
    }

    /// Runs to the end; each request is noted and answered with its own key.
    fn run(states: Value, scenario: Scenario) -> (Simulation, Vec<String>) {
        run_with(states, scenario, |request| RemoteAnswer::Success {
            body: request.body["Key"]["id"]["S"].clone(),
            request_id: None,
        })
    }

    fn run_with(
        states: Value,
        scenario: Scenario,
        answer: impl Fn(&RemoteRequest) -> RemoteAnswer,
    ) -> (Simulation, Vec<String>) {
        let mut simulation = Simulation::new(machine(states), Arc::new(scenario));
        let mut asked = Vec::new();
        while simulation.run(Budget::steps(100)) == Step::Awaiting {
            assert_eq!(simulation.step(), Step::Awaiting, "nothing happens before the answer");
            let request = simulation.pending_request().unwrap().clone();
            asked.push(format!("{} {}", request.operation, request.body));
            simulation.answer(answer(&request));
        }
        (simulation, asked)
    }

    #[test]
    fn a_task_ends_with_the_answer() {
        let (simulation, asked) = run(json!({"A": get("1")}), scenario());
        assert_eq!(asked, [r#"GetItem {"TableName":"t","Key":{"id":{"S":"1"}}}"#]);
        let history = history_json(simulation.trace(), &simulation.scenario().names);
        let types: Vec<&str> = history["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["type"].as_str().unwrap())
            .collect();
        let expected = [
            "ExecutionStarted",
            "TaskStateEntered",
            "TaskScheduled",
            "TaskStarted",
            "TaskSucceeded",
            "TaskStateExited",
            "ExecutionSucceeded",
        ];
        assert_eq!(types, expected);
    }

    #[test]
    fn branches_get_their_own_answers() {
        let branches: Vec<Value> =
            ["1", "2", "3"].iter().map(|id| json!({"StartAt": "B", "States": {"B": get(id)}})).collect();
        let states = json!({"A": {"Type": "Parallel", "Branches": branches, "End": true}});
        let (simulation, asked) = run(states, scenario());
        assert_eq!(asked.len(), 3);
        assert_eq!(simulation.trace().outcome.output().unwrap().to_string(), r#"["1","2","3"]"#);
    }

    #[test]
    fn executions_that_are_started_ask_too() {
        let start = |resource: &str| {
            json!({
                "Type": "Task",
                "Resource": resource,
                "Parameters": {
                    "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:Child",
                    "Input": {},
                },
                "End": true,
            })
        };
        let children =
            ["arn:aws:states:::states:startExecution", "arn:aws:states:::states:startExecution.sync:2"];
        let mut branches: Vec<Value> = children
            .iter()
            .map(|resource| json!({"StartAt": "B", "States": {"B": start(resource)}}))
            .collect();
        branches.push(json!({"StartAt": "B", "States": {"B": get("own")}}));
        let states = json!({"A": {"Type": "Parallel", "Branches": branches, "End": true}});
        let wait = json!({"Type": "Wait", "Seconds": 1, "Next": "C"});
        let child = NestedMachine {
            machine: machine(json!({"A": wait, "C": get("child")})),
            mocks: Default::default(),
        };
        let state_machines = [(Arc::from("Child"), child)].into_iter().collect();
        let (simulation, asked) = run(states, Scenario { state_machines, ..scenario() });
        assert_eq!(asked.len(), 3, "{asked:?}");
        let output = simulation.trace().outcome.output().unwrap();
        assert_eq!((&output[1]["Output"], &output[2]), (&json!("child"), &json!("own")));
        let executions = &simulation.trace().executions;
        let outputs: Vec<_> =
            executions.iter().map(|nested| nested.outcome.output().unwrap().to_string()).collect();
        assert_eq!(outputs, [r#""child""#, r#""child""#]);
    }

    #[track_caller]
    fn check_failure(resource: &str, code: &str, status: u16, expected: Expect) {
        let mut state = get("1");
        state["Resource"] = json!(resource);
        let (simulation, _) = run_with(json!({"A": state}), scenario(), |_| RemoteAnswer::Failure {
            code: code.to_owned(),
            message: "No".to_owned(),
            status,
            request_id: Some("R1".to_owned()),
        });
        let Outcome::Failed { error } = &simulation.trace().outcome else { panic!("another outcome") };
        expected.assert_eq(&format!(
            "{}: {}",
            error.name.as_deref().unwrap(),
            error.cause.as_deref().unwrap()
        ));
    }

    #[test]
    fn errors_are_named_as_those_of_the_store() {
        let (optimized, sdk) =
            ("arn:aws:states:::dynamodb:getItem", "arn:aws:states:::aws-sdk:dynamodb:getItem");
        check_failure(
            optimized,
            "ResourceNotFoundException",
            400,
            expect![
                "DynamoDB.ResourceNotFoundException: No (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: R1; Proxy: null)"
            ],
        );
        check_failure(
            sdk,
            "ResourceNotFoundException",
            400,
            expect![
                "DynamoDb.ResourceNotFoundException: No (Service: DynamoDb, Status Code: 400, Request ID: R1)"
            ],
        );
        check_failure(
            optimized,
            "ValidationException",
            400,
            expect![
                "DynamoDB.AmazonDynamoDBException: No (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ValidationException; Request ID: R1; Proxy: null)"
            ],
        );
        check_failure(
            sdk,
            "AccessDeniedException",
            400,
            expect!["DynamoDb.DynamoDbException: No (Service: DynamoDb, Status Code: 400, Request ID: R1)"],
        );
        check_failure(
            optimized,
            "InternalServerError",
            500,
            expect![
                "DynamoDB.InternalServerErrorException: No (Service: AmazonDynamoDBv2; Status Code: 500; Error Code: InternalServerError; Request ID: R1; Proxy: null)"
            ],
        );
        check_failure(
            optimized,
            "ProvisionedThroughputExceededException",
            400,
            expect![
                "DynamoDB.ProvisionedThroughputExceededException: No (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ProvisionedThroughputExceededException; Request ID: R1; Proxy: null)"
            ],
        );
    }

    #[test]
    fn a_retrier_asks_again() {
        let mut state = get("1");
        state["Retry"] = json!([{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}]);
        let (_, asked) = run_with(json!({"A": state}), scenario(), |_| RemoteAnswer::Failure {
            code: "ThrottlingException".to_owned(),
            message: "Slow down".to_owned(),
            status: 400,
            request_id: None,
        });
        assert_eq!(asked.len(), 3);
    }

    #[test]
    fn without_an_answer_the_simulation_is_blocked() {
        let (simulation, _) = run_with(json!({"A": get("1")}), scenario(), |_| {
            RemoteAnswer::Unavailable("Nobody is there".into())
        });
        let Outcome::Blocked(blocked) = &simulation.trace().outcome else { panic!("another outcome") };
        assert_eq!(
            (blocked.field.to_string().as_str(), blocked.reason.as_str()),
            ("Resource", "Nobody is there")
        );
    }
}
