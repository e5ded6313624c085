//! What tasks call: mocks first, then DynamoDB, in memory or answered from outside. Anything else cannot be simulated
//! and says so.

mod dynamodb;
mod metadata;
mod mock;
mod submit;

pub(super) use dynamodb::Failure;
pub use metadata::without_metadata;

use std::sync::Arc;

use super::exchange::TaskRequest;
use super::frame::FrameId;
use super::nested::StartedExecution;
use super::{Json, Simulation, StatesError, nested};
use crate::expr::Entropy;
use crate::model::State;
use crate::spec::{Resource, ServiceKind, dynamodb as spec};

/// A call of a task.
pub(super) struct Call<'a> {
    pub(super) resource: Resource<'a>,
    pub(super) parameters: Json,
}

/// What a call came to, and when.
pub(super) struct Answer {
    pub(super) reply: Reply,
    /// How long it takes, in milliseconds.
    pub(super) after_ms: i64,
    /// How often a heartbeat comes, in milliseconds.
    pub(super) heartbeat_ms: Option<i64>,
    pub(super) worker_name: Option<Arc<str>>,
}

impl Answer {
    /// Whether anybody works on the task.
    pub(super) fn is_by_somebody(&self) -> bool {
        !matches!(self.reply, Reply::Nothing) || self.heartbeat_ms.is_some() || self.worker_name.is_some()
    }
}

impl From<Reply> for Answer {
    /// At once.
    fn from(reply: Reply) -> Self {
        Self { reply, after_ms: 0, heartbeat_ms: None, worker_name: None }
    }
}

/// What a call came to.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    /// A result.
    Success(Json),
    /// An error of the service.
    Failure(StatesError),
    /// Step Functions could not make the call of these parameters: why.
    NotStarted(String),
    /// Nobody answers.
    Nothing,
    /// An execution that was started.
    Execution(Box<StartedExecution>),
    /// A request that is answered outside.
    Request(Box<TaskRequest>),
}

/// Whether a task with this resource is simulated without a mock.
pub fn is_simulated(arn: &str) -> bool {
    Resource::parse(arn).is_some_and(|resource| dynamodb_operation(&resource).is_some())
}

/// The operation of DynamoDB that a resource calls, if the simulation has it.
fn dynamodb_operation(resource: &Resource<'_>) -> Option<String> {
    let is_action = match resource.kind {
        ServiceKind::Optimized => spec::is_optimized(resource.action),
        ServiceKind::Sdk => true,
        ServiceKind::LambdaFunction | ServiceKind::Activity => false,
    };
    let is_plain = resource.pattern == crate::spec::Pattern::RequestResponse;
    let operation = spec::operation_name(resource.action);
    (resource.is_dynamodb() && is_action && is_plain).then_some(operation)
}

/// What else helps where a task starts an execution.
const NESTED_HINT: &str = ", or give the definition of what it starts (--state-machine NAME=FILE)";

impl Simulation {
    /// Makes the call of a task.
    ///
    /// # Errors
    ///
    /// Why it cannot be simulated, and how to mock it.
    pub(super) fn call(&mut self, id: FrameId, state: &State, call: &Call<'_>) -> Result<Answer, String> {
        if let Some(answer) = self.call_mock(id, state, call.resource.kind) {
            return Ok(answer);
        }
        // A mock that throttles the first calls leaves the others to the tables.
        if let Some(operation) = dynamodb_operation(&call.resource) {
            return self.call_dynamodb(id, &operation, call).map(Answer::from);
        }
        if let Some(reply) = self.start_execution(id, call) {
            return reply.map(Answer::from);
        }
        if self.scenario.mocks.has(&state.name) {
            return Err(format!("The mock of '{}' has no answer to its next call", state.name));
        }
        let name = match call.resource.kind {
            ServiceKind::Optimized | ServiceKind::Sdk => {
                format!("{}:{}", call.resource.resource_type(), call.resource.resource_name())
            }
            ServiceKind::LambdaFunction => format!("the function {}", call.resource.action),
            ServiceKind::Activity => format!("the activity {}", call.resource.action),
        };
        let hint = if nested::starts_execution(&call.resource) { NESTED_HINT } else { "" };
        Err(format!(
            "{name} is not simulated: mock the state '{}' in a MockConfigFile.json \
             (--mock-config FILE --test-case NAME) or with --mock{hint}",
            state.name
        ))
    }

    /// A task token: letters and digits, as long as AWS's are at least.
    pub(super) fn task_token(&mut self) -> String {
        let given = self.scenario.context.as_ref().and_then(|context| context.pointer("/Task/Token"));
        match given.and_then(serde_json::Value::as_str).map(str::to_owned) {
            Some(token) => token,
            None => self.alphanumeric(64),
        }
    }

    /// So many capital letters and digits.
    fn alphanumeric(&mut self, len: usize) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let letter = |bits: u64| ALPHABET.get((bits % 32) as usize).copied().map_or('A', char::from);
        (0..len).map(|_| letter(self.entropy.next_u64() >> 32)).collect()
    }
}
