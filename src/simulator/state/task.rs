//! Task: calls a service, a function or an activity.

use std::sync::Arc;

use serde_json::Value;

use crate::model::{FieldPath, NumberField, State, TaskState};
use crate::simulator::data_flow::{Extra, fits, too_large};
use crate::simulator::event::{EventDetails as E, TaskRef};
use crate::simulator::frame::FrameId;
use crate::simulator::integration::{Call, Reply};
use crate::simulator::{Flow, Halt, Json, Simulation, StatesError};
use crate::spec::{ErrorName, Field, Pattern, Resource, ServiceKind, quota};

impl Simulation {
    pub(super) fn run_task(&mut self, id: FrameId, state: &State, task: &TaskState) -> Result<Flow, Halt> {
        let input = self.effective_input(id, state)?;
        let resource = Resource::parse(&task.resource).unwrap_or(Resource {
            // A substitution that stands for the ARN of a function, as in a template.
            kind: ServiceKind::LambdaFunction,
            service: "lambda",
            action: &task.resource,
            pattern: Pattern::RequestResponse,
        });
        // AWS: jobs have a token as well (callback/test_sync_with_task_token).
        let submitted = resource.pattern != Pattern::RequestResponse;
        let token = submitted.then(|| self.task_token());
        let extra = Extra { task_token: token.as_deref(), ..Extra::default() };
        let parameters = self.arguments(id, state, &input, extra)?;
        let timeout_seconds = self.seconds(id, task.timeout_seconds.as_ref(), &input)?;
        let heartbeat_seconds = self.seconds(id, task.heartbeat_seconds.as_ref(), &input)?;
        let credentials = match &task.credentials {
            Some(payload) => Some(self.payload(id, payload, &input, Extra::default())?),
            None => None,
        };
        let call = Call { resource, parameters: parameters.clone() };
        let reply = match self.call(id, state, &call) {
            Ok(reply) => reply,
            Err(reason) => return Err(Halt::Blocked(FieldPath::new(Field::Resource.name()), reason)),
        };
        if let Reply::NotStarted(problem) = &reply {
            let text = parameters.to_string();
            let message = format!("The Parameters '{text}' could not be used to start the Task: [{problem}]");
            return Err(self.runtime_error(id, &message));
        }
        let events = TaskEvents::new(&call.resource, &task.resource);
        let credentials = credentials.map(|credentials| match credentials.get(Field::RoleArn.name()) {
            Some(role) => Arc::new(serde_json::json!({"roleArn": role})),
            None => credentials,
        });
        self.frame_event(id, events.scheduled(parameters, timeout_seconds, heartbeat_seconds, credentials));
        self.frame_event(id, events.started());
        if submitted {
            let output = self.submitted(id, &call);
            self.frame_event(id, E::TaskSubmitted { task: events.task.clone(), output });
        }
        match reply {
            Reply::Success(result) => {
                if let Some(error) = too_large_result(&events, &result) {
                    self.frame_event(id, events.failed(&error));
                    return Err(error.into());
                }
                self.frame_event(id, events.succeeded(result.clone()));
                self.finish(id, state, result)
            }
            Reply::Failure(error) => {
                self.frame_event(id, events.failed(&error));
                Err(error.into())
            }
            Reply::NotStarted(_) => Ok(Flow::Suspend),
        }
    }

    fn seconds(
        &mut self,
        id: FrameId,
        field: Option<&NumberField>,
        input: &Value,
    ) -> Result<Option<i64>, Halt> {
        let Some(field) = field else { return Ok(None) };
        let value = self.number(id, field, input)?;
        // Whole numbers of at most eight digits, or rounded towards zero.
        Ok(value.as_f64().map(|seconds| seconds as i64))
    }
}

fn too_large_result(events: &TaskEvents, result: &Json) -> Option<StatesError> {
    if fits(result, quota::PAYLOAD_BYTES_MAX) {
        return None;
    }
    let task = match events.kind {
        ServiceKind::LambdaFunction | ServiceKind::Activity => &events.task.resource,
        ServiceKind::Optimized | ServiceKind::Sdk => &events.task.resource_type,
    };
    Some(StatesError::new(ErrorName::DATA_LIMIT_EXCEEDED, too_large(task)))
}

/// The events of a task: their names depend on what it calls.
struct TaskEvents {
    kind: ServiceKind,
    task: Arc<TaskRef>,
}

impl TaskEvents {
    fn new(resource: &Resource<'_>, arn: &Arc<str>) -> Self {
        let task = match resource.kind {
            ServiceKind::Optimized | ServiceKind::Sdk => TaskRef {
                resource: resource.resource_name().into(),
                resource_type: resource.resource_type().into(),
            },
            ServiceKind::LambdaFunction | ServiceKind::Activity => {
                TaskRef { resource: arn.clone(), resource_type: resource.service.into() }
            }
        };
        Self { kind: resource.kind, task: Arc::new(task) }
    }

    fn scheduled(
        &self,
        parameters: Json,
        timeout_seconds: Option<i64>,
        heartbeat_seconds: Option<i64>,
        credentials: Option<Json>,
    ) -> E {
        let task = self.task.clone();
        match self.kind {
            ServiceKind::Optimized | ServiceKind::Sdk => {
                E::TaskScheduled { task, parameters, timeout_seconds, heartbeat_seconds, credentials }
            }
            ServiceKind::LambdaFunction => {
                E::LambdaFunctionScheduled { task, input: parameters, timeout_seconds, credentials }
            }
            ServiceKind::Activity => {
                E::ActivityScheduled { task, input: parameters, timeout_seconds, heartbeat_seconds }
            }
        }
    }

    fn started(&self) -> E {
        match self.kind {
            ServiceKind::Optimized | ServiceKind::Sdk => E::TaskStarted { task: self.task.clone() },
            ServiceKind::LambdaFunction => E::LambdaFunctionStarted,
            ServiceKind::Activity => E::ActivityStarted,
        }
    }

    fn succeeded(&self, output: Json) -> E {
        match self.kind {
            ServiceKind::Optimized | ServiceKind::Sdk => E::TaskSucceeded { task: self.task.clone(), output },
            ServiceKind::LambdaFunction => E::LambdaFunctionSucceeded { output },
            ServiceKind::Activity => E::ActivitySucceeded { output },
        }
    }

    fn failed(&self, error: &StatesError) -> E {
        let is_timeout = error.name.as_deref() == Some(ErrorName::TIMEOUT);
        let (error, cause) = (error.name.clone(), error.cause.clone());
        match (self.kind, is_timeout) {
            (ServiceKind::Optimized | ServiceKind::Sdk, true) => {
                E::TaskTimedOut { task: self.task.clone(), error }
            }
            (ServiceKind::Optimized | ServiceKind::Sdk, false) => {
                E::TaskFailed { task: self.task.clone(), error, cause }
            }
            (ServiceKind::LambdaFunction, true) => E::LambdaFunctionTimedOut { error },
            (ServiceKind::LambdaFunction, false) => E::LambdaFunctionFailed { error, cause },
            (ServiceKind::Activity, true) => E::ActivityTimedOut { error },
            (ServiceKind::Activity, false) => E::ActivityFailed { error, cause },
        }
    }
}
