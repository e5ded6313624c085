//! What can be wrong with an expression: in its text, and in its evaluation.

use std::fmt;

use crate::spec::quota;
use crate::text::TextRange;

/// A mistake in the text of an expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExprError {
    /// What is wrong, as a sentence without a final stop.
    pub message: String,
    /// Where, in bytes of the expression's text.
    pub range: TextRange,
}

impl ExprError {
    /// An error with a message at a range.
    pub fn new(message: impl Into<String>, range: TextRange) -> Self {
        Self { message: message.into(), range }
    }
}

/// What is said of an expression or path with more bytes than are read.
pub(super) fn too_long(what: &str) -> String {
    format!("The {what} is too long: at most {} bytes are read", quota::EXPRESSION_BYTES_MAX)
}

/// What is said of an expression with more levels than are followed.
pub(super) fn too_deep() -> String {
    format!("The expression is nested too deeply: at most {} levels are read", quota::EXPRESSION_NESTING_MAX)
}

/// Why an expression without mistakes in its text gave no value.
///
/// The message is the one that AWS quotes in the cause of an execution; the caller adds the state and the field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EvalError {
    /// Which kind of failure, from which the caller tells the error name.
    pub kind: EvalErrorKind,
    /// What happened, in AWS's or its JSONPath library's words where they are known.
    pub message: String,
    /// The part of the expression that failed, in bytes of its text.
    pub range: TextRange,
}

/// The kinds of failed evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EvalErrorKind {
    /// A path leads to nothing: `No results for path: $['a']`.
    PathNotFound,
    /// A path ends in an index that an array does not have.
    IndexBeyondEnd,
    /// A path or one of its functions cannot be applied to the value.
    PathInvalid,
    /// A variable that has not been assigned.
    UndefinedVariable,
    /// An intrinsic function was given what it does not accept.
    IntrinsicFailure,
    /// A result cannot be put where a reference path says.
    ReferencePathConflict,
    /// A bound of ours was reached before the evaluation ended.
    LimitExceeded,
}

impl EvalError {
    pub(crate) fn new(kind: EvalErrorKind, message: impl Into<String>, range: TextRange) -> Self {
        Self { kind, message: message.into(), range }
    }

    pub(crate) fn limit(limit: usize, what: &str, range: TextRange) -> Self {
        let message = format!("The expression exceeds the limit of {limit} {what}");
        Self::new(EvalErrorKind::LimitExceeded, message, range)
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EvalError {}
