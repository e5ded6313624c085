//! What actions of AWS Step Functions answer.

use super::{ANY, Answer, BOOLEAN, NUMBER, Shape, TEXT, answer, number, opt, req, text};

/// By action.
pub(super) static ANSWERS: &[Answer] = &[
    answer("sfn", "startExecution", &START_EXECUTION_OUTPUT),
    answer("sfn", "startSyncExecution", &START_SYNC_EXECUTION_OUTPUT),
    answer("sfn", "describeExecution", &DESCRIBE_EXECUTION_OUTPUT),
    answer("sfn", "stopExecution", &STOP_EXECUTION_OUTPUT),
];

static ARN: Shape = text(1, 256);

static START_EXECUTION_OUTPUT: Shape =
    Shape::Structure(&[req("ExecutionArn", &ARN), req("StartDate", &TEXT)]);

static NAME: Shape = text(1, 80);

static SYNC_EXECUTION_STATUS: Shape = Shape::OneOf(&["SUCCEEDED", "FAILED", "TIMED_OUT"]);

static SENSITIVE_ERROR: Shape = text(0, 256);

static SENSITIVE_CAUSE: Shape = text(0, 32768);

static SENSITIVE_DATA: Shape = text(0, 262144);

static CLOUD_WATCH_EVENTS_EXECUTION_DATA_DETAILS: Shape = Shape::Structure(&[opt("Included", &BOOLEAN)]);

static TRACE_HEADER: Shape = text(0, 256);

static BILLED_MEMORY_USED: Shape = number(0.0, f64::MAX);

static BILLED_DURATION: Shape = number(0.0, f64::MAX);

static BILLING_DETAILS: Shape = Shape::Structure(&[
    opt("BilledMemoryUsedInMB", &BILLED_MEMORY_USED),
    opt("BilledDurationInMilliseconds", &BILLED_DURATION),
]);

static START_SYNC_EXECUTION_OUTPUT: Shape = Shape::Structure(&[
    req("ExecutionArn", &ARN),
    opt("StateMachineArn", &ARN),
    opt("Name", &NAME),
    req("StartDate", &TEXT),
    req("StopDate", &TEXT),
    req("Status", &SYNC_EXECUTION_STATUS),
    opt("Error", &SENSITIVE_ERROR),
    opt("Cause", &SENSITIVE_CAUSE),
    opt("Input", &SENSITIVE_DATA),
    opt("InputDetails", &CLOUD_WATCH_EVENTS_EXECUTION_DATA_DETAILS),
    opt("Output", &SENSITIVE_DATA),
    opt("OutputDetails", &CLOUD_WATCH_EVENTS_EXECUTION_DATA_DETAILS),
    opt("TraceHeader", &TRACE_HEADER),
    opt("BillingDetails", &BILLING_DETAILS),
]);

static EXECUTION_STATUS: Shape =
    Shape::OneOf(&["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]);

static LONG_ARN: Shape = text(1, 2000);

static EXECUTION_REDRIVE_STATUS: Shape =
    Shape::OneOf(&["REDRIVABLE", "NOT_REDRIVABLE", "REDRIVABLE_BY_MAP_RUN"]);

static DESCRIBE_EXECUTION_OUTPUT: Shape = Shape::Structure(&[
    req("ExecutionArn", &ARN),
    req("StateMachineArn", &ARN),
    opt("Name", &NAME),
    req("Status", &EXECUTION_STATUS),
    req("StartDate", &TEXT),
    opt("StopDate", &TEXT),
    opt("Input", &SENSITIVE_DATA),
    opt("InputDetails", &CLOUD_WATCH_EVENTS_EXECUTION_DATA_DETAILS),
    opt("Output", &SENSITIVE_DATA),
    opt("OutputDetails", &CLOUD_WATCH_EVENTS_EXECUTION_DATA_DETAILS),
    opt("TraceHeader", &TRACE_HEADER),
    opt("MapRunArn", &LONG_ARN),
    opt("Error", &SENSITIVE_ERROR),
    opt("Cause", &SENSITIVE_CAUSE),
    opt("StateMachineVersionArn", &ARN),
    opt("StateMachineAliasArn", &ARN),
    opt("RedriveCount", &NUMBER),
    opt("RedriveDate", &TEXT),
    opt("RedriveStatus", &EXECUTION_REDRIVE_STATUS),
    opt("RedriveStatusReason", &SENSITIVE_DATA),
]);

static STOP_EXECUTION_OUTPUT: Shape = Shape::Structure(&[req("StopDate", &TEXT)]);

/// An execution that was waited for with `.sync:2`, which makes JSON of its input and output.
pub(super) static JSON_EXECUTION: Shape = Shape::Structure(&[
    req("ExecutionArn", &ARN),
    req("StateMachineArn", &ARN),
    opt("Name", &NAME),
    req("Status", &EXECUTION_STATUS),
    req("StartDate", &TEXT),
    opt("StopDate", &TEXT),
    opt("Input", &ANY),
    opt("InputDetails", &CLOUD_WATCH_EVENTS_EXECUTION_DATA_DETAILS),
    opt("Output", &ANY),
    opt("OutputDetails", &CLOUD_WATCH_EVENTS_EXECUTION_DATA_DETAILS),
    opt("TraceHeader", &TRACE_HEADER),
    opt("MapRunArn", &LONG_ARN),
    opt("Error", &SENSITIVE_ERROR),
    opt("Cause", &SENSITIVE_CAUSE),
    opt("StateMachineVersionArn", &ARN),
    opt("StateMachineAliasArn", &ARN),
    opt("RedriveCount", &NUMBER),
    opt("RedriveDate", &TEXT),
    opt("RedriveStatus", &EXECUTION_REDRIVE_STATUS),
    opt("RedriveStatusReason", &SENSITIVE_DATA),
]);
