//! The reserved error names: who raises them and what may catch them.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html>

/// Which entries of `ErrorEquals` match an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatchScope {
    /// Its own name and `States.ALL`.
    NameAndAll,
    /// Nothing: the execution ends.
    Nothing,
    /// It is a pattern for other errors and is never raised.
    Pattern,
}

/// A reserved error name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorName {
    /// The name, as `ErrorEquals` has it.
    pub name: &'static str,
    /// What may catch it.
    pub catch: CatchScope,
    /// Who raises it and when.
    pub doc: &'static str,
}

/// The exceptions with which the API of Step Functions refuses a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExceptionName;

impl ExceptionName {
    /// A definition that cannot be used.
    pub const INVALID_DEFINITION: &'static str = "InvalidDefinition";
    /// Another part of the request that cannot.
    pub const VALIDATION: &'static str = "ValidationException";
}

impl ErrorName {
    /// Matches every error but those that are [`CatchScope::Nothing`].
    pub const ALL: &'static str = "States.ALL";
    /// A branch of a Parallel state failed.
    pub const BRANCH_FAILED: &'static str = "States.BranchFailed";
    /// A result or payload is larger than 256 KiB.
    pub const DATA_LIMIT_EXCEEDED: &'static str = "States.DataLimitExceeded";
    /// More items of a Map failed than it tolerates.
    pub const EXCEED_TOLERATED_FAILURE_THRESHOLD: &'static str = "States.ExceedToleratedFailureThreshold";
    /// No heartbeat came in time.
    pub const HEARTBEAT_TIMEOUT: &'static str = "States.HeartbeatTimeout";
    /// The items of a distributed Map could not be read.
    pub const ITEM_READER_FAILED: &'static str = "States.ItemReaderFailed";
    /// The role may not do it.
    pub const PERMISSIONS: &'static str = "States.Permissions";
    /// A JSONata expression failed.
    pub const QUERY_EVALUATION_ERROR: &'static str = "States.QueryEvaluationError";
    /// `ResultPath` does not fit the input.
    pub const RESULT_PATH_MATCH_FAILURE: &'static str = "States.ResultPathMatchFailure";
    /// The results of a distributed Map could not be written.
    pub const RESULT_WRITER_FAILED: &'static str = "States.ResultWriterFailed";
    /// Something that cannot be executed.
    pub const RUNTIME: &'static str = "States.Runtime";
    /// A task failed, or (as a pattern) any error but a timeout.
    pub const TASK_FAILED: &'static str = "States.TaskFailed";
    /// It took longer than `TimeoutSeconds`.
    pub const TIMEOUT: &'static str = "States.Timeout";

    /// The page about errors.
    pub const LINK: &str =
        "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html";

    /// Whether this is the name of an HTTP task's answer with a status that is no success:
    /// `States.Http.StatusCode.429`.
    pub fn is_http_status(name: &str) -> bool {
        name.strip_prefix("States.Http.StatusCode.")
            .is_some_and(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit()))
    }

    /// The entry of this name.
    pub fn from_name(name: &str) -> Option<&'static ErrorName> {
        ERROR_NAMES.iter().find(|error| error.name == name)
    }
}

const fn error(name: &'static str, catch: CatchScope, doc: &'static str) -> ErrorName {
    ErrorName { name, catch, doc }
}

/// All reserved names.
pub const ERROR_NAMES: &[ErrorName] = &[
    error(
        ErrorName::ALL,
        CatchScope::Pattern,
        "Matches any error, except `States.Runtime`. Must stand alone, in the last retrier or catcher.",
    ),
    error(
        ErrorName::TASK_FAILED,
        CatchScope::NameAndAll,
        "A task failed. In `ErrorEquals` it matches any error but `States.Timeout`.",
    ),
    error(
        ErrorName::TIMEOUT,
        CatchScope::NameAndAll,
        "A task ran longer than `TimeoutSeconds`, or sent no heartbeat for `HeartbeatSeconds`.",
    ),
    error(
        ErrorName::HEARTBEAT_TIMEOUT,
        CatchScope::NameAndAll,
        "A task sent no heartbeat for `HeartbeatSeconds`.",
    ),
    error(
        ErrorName::PERMISSIONS,
        CatchScope::NameAndAll,
        "The execution role may not do what the task asks for.",
    ),
    error(
        ErrorName::QUERY_EVALUATION_ERROR,
        CatchScope::NameAndAll,
        "A JSONata expression failed, returned nothing or a value of the wrong type.",
    ),
    error(ErrorName::BRANCH_FAILED, CatchScope::NameAndAll, "A branch of a Parallel state failed."),
    error(
        ErrorName::EXCEED_TOLERATED_FAILURE_THRESHOLD,
        CatchScope::NameAndAll,
        "More items of a Map failed than `ToleratedFailureCount` or `ToleratedFailurePercentage` admits.",
    ),
    error(
        ErrorName::ITEM_READER_FAILED,
        CatchScope::NameAndAll,
        "A Map state could not read its items from the source that `ItemReader` names.",
    ),
    error(
        ErrorName::RESULT_WRITER_FAILED,
        CatchScope::NameAndAll,
        "A Map state could not write its results to the place that `ResultWriter` names.",
    ),
    error("States.Http.Socket", CatchScope::NameAndAll, "An HTTP task got no answer within 60 seconds."),
    error(
        "States.IntrinsicFailure",
        CatchScope::NameAndAll,
        "An intrinsic function failed. AWS reports it as `States.Runtime`.",
    ),
    error(
        "States.NoChoiceMatched",
        CatchScope::NameAndAll,
        "No rule of a Choice state held and it has no `Default`. AWS reports it as `States.Runtime`.",
    ),
    error(
        "States.ParameterPathFailure",
        CatchScope::NameAndAll,
        "A path in a payload template led nowhere. AWS reports it as `States.Runtime`.",
    ),
    error(
        ErrorName::RESULT_PATH_MATCH_FAILURE,
        CatchScope::NameAndAll,
        "`ResultPath` cannot be applied to the state's input.",
    ),
    // AWS: its documentation says that States.ALL does not match this one; recorded, it does
    // (error_handling/test_service_task_lambada_catch_state_all_data_limit_exceeded_on_large_utf8_response).
    error(
        ErrorName::DATA_LIMIT_EXCEEDED,
        CatchScope::NameAndAll,
        "A result or payload is larger than 256 KiB.",
    ),
    error(
        ErrorName::RUNTIME,
        CatchScope::Nothing,
        "The state cannot be executed, such as when a path leads nowhere. It is never retried nor caught by `States.ALL`.",
    ),
];
