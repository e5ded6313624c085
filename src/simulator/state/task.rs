//! Task: calls a service, a function or an activity.

use std::sync::Arc;

use serde_json::Value;

use super::task_events::TaskEvents;
use crate::model::{FieldPath, NumberField, State, TaskState};
use crate::simulator::data_flow::Extra;
use crate::simulator::event::EventDetails as E;
use crate::simulator::frame::{FrameId, PendingTask, Phase};
use crate::simulator::integration::{Answer, Call, Reply};
use crate::simulator::size::{fits, too_large};
use crate::simulator::{Flow, Halt, Json, Simulation, StatesError, Time};
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
        let answer = match self.call(id, state, &call) {
            Ok(answer) => answer,
            Err(reason) => return Err(Halt::Blocked(FieldPath::new(Field::Resource.name()), reason)),
        };
        if let Reply::NotStarted(problem) = &answer.reply {
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
        // A worker that takes an activity's task comes back, sends a heartbeat, or has a name at least.
        let is_activity = call.resource.kind == ServiceKind::Activity;
        let is_taken = !is_activity || answer.is_by_somebody();
        if is_taken {
            self.frame_event(id, events.started(answer.worker_name.clone()));
        }
        if submitted {
            let output = self.submitted(id, &call, &answer.reply);
            self.frame_event(id, E::TaskSubmitted { task: events.task.clone(), output });
        }
        let limits = TaskLimits {
            timeout_ms: timeout_seconds.map(|seconds| seconds.saturating_mul(1_000)),
            // Only whoever has the token or took the activity's task can send a heartbeat.
            heartbeat_ms: heartbeat_seconds
                .filter(|_| call.resource.pattern == Pattern::WaitForTaskToken || (is_activity && is_taken))
                .map(|seconds| seconds.saturating_mul(1_000)),
        };
        self.await_reply(id, state, events, answer, limits)
    }

    /// Ends the task at once, or lets it wait for what ends it.
    fn await_reply(
        &mut self,
        id: FrameId,
        state: &State,
        events: TaskEvents,
        answer: Answer,
        limits: TaskLimits,
    ) -> Result<Flow, Halt> {
        let (delay_ms, reply) = match answer.reply {
            Reply::Execution(nested) => return self.begin_execution(id, state, events, *nested, limits),
            Reply::Request(request) => return Ok(self.begin_request(id, events, *request, limits)),
            reply => limits.end(reply, answer.after_ms, answer.heartbeat_ms),
        };
        let pending = PendingTask { events, reply };
        match delay_ms {
            Some(0) => self.end_task(id, state, pending),
            delay_ms => {
                if let Some(frame) = self.frames.get_mut(&id) {
                    // What never ends is due at the end of time: the execution is over before.
                    frame.time = delay_ms.map_or(Time(i64::MAX), |delay_ms| frame.time.plus_millis(delay_ms));
                }
                self.set_phase(id, Phase::Task(Box::new(pending)));
                Ok(Flow::Suspend)
            }
        }
    }

    /// Ends a task with the answer to a request, which takes no time of the simulation's clock.
    pub(in crate::simulator) fn end_request(
        &mut self,
        id: FrameId,
        state: &State,
        events: TaskEvents,
        reply: Reply,
        limits: TaskLimits,
    ) -> Result<Flow, Halt> {
        self.await_reply(id, state, events, Answer::from(reply), limits)
    }

    /// Ends a task with what it came to.
    pub(in crate::simulator) fn end_task(
        &mut self,
        id: FrameId,
        state: &State,
        pending: PendingTask,
    ) -> Result<Flow, Halt> {
        let PendingTask { events, reply } = pending;
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
            Reply::NotStarted(_) | Reply::Nothing | Reply::Execution(_) | Reply::Request(_) => {
                Ok(Flow::Suspend)
            }
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

/// How long a task may take, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(in crate::simulator) struct TaskLimits {
    pub(in crate::simulator) timeout_ms: Option<i64>,
    pub(in crate::simulator) heartbeat_ms: Option<i64>,
}

impl TaskLimits {
    /// When a task ends and with what; no time for one that never does.
    fn end(self, reply: Reply, after_ms: i64, beat_ms: Option<i64>) -> (Option<i64>, Reply) {
        let is_mocked_timeout =
            matches!(&reply, Reply::Failure(error) if error.name.as_deref() == Some(ErrorName::TIMEOUT));
        let answered_ms = match &reply {
            Reply::Nothing => None,
            // An answer that says that the time is over comes when it is.
            _ if is_mocked_timeout && after_ms == 0 => Some(self.timeout_ms.unwrap_or(0)),
            _ => Some(after_ms),
        };
        // Heartbeats that come often enough come until the end.
        let silent_ms = self.heartbeat_ms.filter(|limit| beat_ms.is_none_or(|beat| beat > *limit));
        let limits = [(self.timeout_ms, ErrorName::TIMEOUT), (silent_ms, ErrorName::HEARTBEAT_TIMEOUT)];
        let first = limits.into_iter().filter_map(|(limit_ms, name)| Some((limit_ms?, name))).min();
        match (answered_ms, first) {
            (Some(answered_ms), Some((limit_ms, _))) if answered_ms <= limit_ms => (Some(answered_ms), reply),
            (_, Some((limit_ms, name))) => (Some(limit_ms), Reply::Failure(StatesError::without_cause(name))),
            (answered_ms, None) => (answered_ms, reply),
        }
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
