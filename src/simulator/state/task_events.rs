//! The events of a task: their names depend on what it calls.

use std::sync::Arc;

use crate::simulator::event::{EventDetails as E, TaskRef};
use crate::simulator::{Json, StatesError};
use crate::spec::{Resource, ServiceKind};

/// The events of a task: their names depend on what it calls.
#[derive(Clone, Debug)]
pub(in crate::simulator) struct TaskEvents {
    pub(super) kind: ServiceKind,
    pub(super) task: Arc<TaskRef>,
}

impl TaskEvents {
    pub(super) fn new(resource: &Resource<'_>, arn: &Arc<str>) -> Self {
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

    pub(super) fn scheduled(
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

    pub(super) fn started(&self, worker_name: Option<Arc<str>>) -> E {
        match self.kind {
            ServiceKind::Optimized | ServiceKind::Sdk => E::TaskStarted { task: self.task.clone() },
            ServiceKind::LambdaFunction => E::LambdaFunctionStarted,
            ServiceKind::Activity => E::ActivityStarted { worker_name },
        }
    }

    pub(super) fn succeeded(&self, output: Json) -> E {
        match self.kind {
            ServiceKind::Optimized | ServiceKind::Sdk => E::TaskSucceeded { task: self.task.clone(), output },
            ServiceKind::LambdaFunction => E::LambdaFunctionSucceeded { output },
            ServiceKind::Activity => E::ActivitySucceeded { output },
        }
    }

    pub(in crate::simulator) fn failed(&self, error: &StatesError) -> E {
        let is_timeout = error.is_timeout();
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
