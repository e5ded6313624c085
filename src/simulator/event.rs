//! Events of the history, as `GetExecutionHistory` names them.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html>

use std::sync::Arc;

use super::clock::Time;
use super::{Assigned, Json};
use crate::spec::StateKind;

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEvent {
    /// Its number, from 1.
    pub id: u32,
    /// The event it follows; 0 for the first, and for the first state's.
    pub previous: u32,
    /// When it happened.
    pub time: Time,
    /// What happened.
    pub details: EventDetails,
}

/// What a task calls, in the words of the events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskRef {
    /// `resource`: the action with its pattern, or the ARN of a function or activity.
    pub resource: Arc<str>,
    /// `resourceType`: `dynamodb`, `aws-sdk:dynamodb`.
    pub resource_type: Arc<str>,
}

/// What happened. The names are those of the event types, states' types and details aside.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "AWS's names for the events and their details")]
pub enum EventDetails {
    ExecutionStarted {
        input: Json,
        role_arn: Arc<str>,
    },
    ExecutionSucceeded {
        output: Json,
    },
    ExecutionFailed {
        error: Option<Arc<str>>,
        cause: Option<Arc<str>>,
    },
    ExecutionTimedOut,
    ExecutionAborted,
    StateEntered {
        kind: StateKind,
        name: Arc<str>,
        input: Json,
    },
    StateExited {
        kind: StateKind,
        name: Arc<str>,
        output: Json,
        assigned: Assigned,
    },
    TaskScheduled {
        task: Arc<TaskRef>,
        parameters: Json,
        timeout_seconds: Option<i64>,
        heartbeat_seconds: Option<i64>,
        credentials: Option<Json>,
    },
    TaskStarted {
        task: Arc<TaskRef>,
    },
    TaskSubmitted {
        task: Arc<TaskRef>,
        output: Json,
    },
    TaskSucceeded {
        task: Arc<TaskRef>,
        output: Json,
    },
    TaskFailed {
        task: Arc<TaskRef>,
        error: Option<Arc<str>>,
        cause: Option<Arc<str>>,
    },
    TaskTimedOut {
        task: Arc<TaskRef>,
        error: Option<Arc<str>>,
    },
    TaskStateAborted,
    LambdaFunctionScheduled {
        task: Arc<TaskRef>,
        input: Json,
        timeout_seconds: Option<i64>,
        credentials: Option<Json>,
    },
    LambdaFunctionStarted,
    LambdaFunctionSucceeded {
        output: Json,
    },
    LambdaFunctionFailed {
        error: Option<Arc<str>>,
        cause: Option<Arc<str>>,
    },
    LambdaFunctionTimedOut {
        error: Option<Arc<str>>,
    },
    ActivityScheduled {
        task: Arc<TaskRef>,
        input: Json,
        timeout_seconds: Option<i64>,
        heartbeat_seconds: Option<i64>,
    },
    ActivityStarted {
        worker_name: Option<Arc<str>>,
    },
    ActivitySucceeded {
        output: Json,
    },
    ActivityFailed {
        error: Option<Arc<str>>,
        cause: Option<Arc<str>>,
    },
    ActivityTimedOut {
        error: Option<Arc<str>>,
    },
    EvaluationFailed {
        state: Arc<str>,
        error: Arc<str>,
        cause: Arc<str>,
        location: Option<Arc<str>>,
    },
    ParallelStateStarted,
    ParallelStateSucceeded,
    ParallelStateFailed,
    MapStateStarted {
        length: usize,
    },
    MapRunStarted {
        arn: Arc<str>,
    },
    MapRunSucceeded,
    MapRunFailed {
        error: Option<Arc<str>>,
        cause: Option<Arc<str>>,
    },
    MapStateSucceeded,
    MapStateFailed,
    MapIterationStarted {
        name: Arc<str>,
        index: usize,
    },
    MapIterationSucceeded {
        name: Arc<str>,
        index: usize,
    },
    MapIterationFailed {
        name: Arc<str>,
        index: usize,
    },
    MapIterationAborted {
        name: Arc<str>,
        index: usize,
    },
}
