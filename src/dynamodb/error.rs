//! What a request can fail with: AWS's exceptions, named and worded as AWS does.
//!
//! Inside the module an error starts as a [`Violation`], whose text still depends on the generation of AWS's
//! texts; [`Database::execute`](super::Database::execute) turns it into an [`Error`].

use serde_json::{Value, json};

use super::item::Item;
use super::message::Message;
use super::wire;
use crate::text::TextRange;

/// A failed request. `Display` is AWS's message, word for word.
///
/// # Example
///
/// ```
/// use asl_lsp::dynamodb::Database;
/// use serde_json::json;
///
/// let request = json!({"TableName": "Orders", "Key": {"id": {"S": "1"}}});
/// let error = Database::default().call("GetItem", &request).unwrap_err();
/// assert_eq!(error.code(), "ResourceNotFoundException");
/// assert_eq!(error.to_string(), "Requested resource not found");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The request breaks a rule of the service.
    #[error("{message}")]
    ValidationException {
        /// AWS's text.
        message: String,
        /// Where in an expression the rule is broken, if it is in one.
        location: Option<ExpressionLocation>,
    },
    /// A member of the request has the wrong JSON type.
    #[error("{message}")]
    SerializationException {
        /// AWS's text.
        message: String,
    },
    /// DynamoDB has no operation of that name.
    #[error("")]
    UnknownOperationException,
    /// The table or another resource does not exist.
    #[error("{message}")]
    ResourceNotFoundException {
        /// AWS's text.
        message: String,
    },
    /// The table exists already or cannot be changed now.
    #[error("{message}")]
    ResourceInUseException {
        /// AWS's text.
        message: String,
    },
    /// The condition of a write is false.
    #[error("The conditional request failed")]
    ConditionalCheckFailedException {
        /// The item as it is, if the request asked for it and the item exists.
        item: Option<Item>,
    },
    /// A transaction was not carried out.
    #[error("{}", super::message::transaction_cancelled(reasons))]
    TransactionCanceledException {
        /// One reason for each action, in the order of the request.
        reasons: Vec<CancellationReason>,
    },
    /// A client token was used again for another request.
    #[error("")]
    IdempotentParameterMismatchException,
    /// An `INSERT` statement names an item that exists.
    #[error("Duplicate primary key exists in table")]
    DuplicateItemException,
    /// More tables, indexes or changes at a time than allowed.
    #[error("{message}")]
    LimitExceededException {
        /// AWS's text.
        message: String,
    },
    /// The resource belongs to somebody else.
    #[error("{message}")]
    AccessDeniedException {
        /// AWS's text.
        message: String,
    },
    /// DynamoDB does this, this implementation does not. Not an AWS error.
    #[error("{what} is not supported by this in-memory DynamoDB")]
    Unsupported {
        /// The parameter or syntax.
        what: String,
    },
    /// DynamoDB has an operation of that name, this implementation has not.
    #[error("{operation} is not supported by this in-memory DynamoDB")]
    UnsupportedOperation {
        /// The operation.
        operation: &'static str,
    },
}

/// A place in the text of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpressionLocation {
    /// The request parameter that holds the expression, such as `ConditionExpression`.
    pub parameter: &'static str,
    /// The range of bytes within the expression.
    pub range: TextRange,
}

/// The errors that the service's model declares, so that SDKs have a class of each.
///
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html>
const MODELLED: &[&str] = &[
    "BackupInUseException",
    "BackupNotFoundException",
    "ConditionalCheckFailedException",
    "ContinuousBackupsUnavailableException",
    "DuplicateItemException",
    "ExportConflictException",
    "ExportNotFoundException",
    "GlobalTableAlreadyExistsException",
    "GlobalTableNotFoundException",
    "IdempotentParameterMismatchException",
    "ImportConflictException",
    "ImportNotFoundException",
    "IndexNotFoundException",
    "InternalServerError",
    "InvalidExportTimeException",
    "InvalidRestoreTimeException",
    "ItemCollectionSizeLimitExceededException",
    "LimitExceededException",
    "PointInTimeRecoveryUnavailableException",
    "PolicyNotFoundException",
    "ProvisionedThroughputExceededException",
    "ReplicaAlreadyExistsException",
    "ReplicaNotFoundException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "ResourceInUseException",
    "ResourceNotFoundException",
    "TableAlreadyExistsException",
    "TableInUseException",
    "TableNotFoundException",
    "ThrottlingException",
    "TransactionCanceledException",
    "TransactionConflictException",
    "TransactionInProgressException",
];

/// Whether the service's model declares the error of this name, so that SDKs have a class of it.
///
/// The others reach a caller as the service's general exception.
pub fn is_modelled(code: &str) -> bool {
    MODELLED.contains(&code)
}

/// Why one action of a transaction kept it from being carried out, or that it did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancellationReason {
    /// Such as `None` or `ConditionalCheckFailed`.
    pub code: &'static str,
    /// The text, absent for `None`.
    pub message: Option<String>,
    /// The item as it is, if the action asked for it.
    pub item: Option<Item>,
}

impl CancellationReason {
    /// The reason of an action that had no part in the failure.
    pub const NONE: CancellationReason = CancellationReason { code: "None", message: None, item: None };
}

impl Error {
    /// The name on the wire, without namespace.
    pub const fn code(&self) -> &'static str {
        match self {
            Error::ValidationException { .. } => "ValidationException",
            Error::SerializationException { .. } => "SerializationException",
            Error::UnknownOperationException => "UnknownOperationException",
            Error::ResourceNotFoundException { .. } => "ResourceNotFoundException",
            Error::ResourceInUseException { .. } => "ResourceInUseException",
            Error::ConditionalCheckFailedException { .. } => "ConditionalCheckFailedException",
            Error::TransactionCanceledException { .. } => "TransactionCanceledException",
            Error::IdempotentParameterMismatchException => "IdempotentParameterMismatchException",
            Error::DuplicateItemException => "DuplicateItemException",
            Error::LimitExceededException { .. } => "LimitExceededException",
            Error::AccessDeniedException { .. } => "AccessDeniedException",
            Error::Unsupported { .. } => "UnsupportedOperationException",
            Error::UnsupportedOperation { .. } => "UnknownOperationException",
        }
    }

    /// The place in an expression, for errors about one.
    pub const fn location(&self) -> Option<ExpressionLocation> {
        match self {
            Error::ValidationException { location, .. } => *location,
            Error::SerializationException { .. }
            | Error::UnknownOperationException
            | Error::ResourceNotFoundException { .. }
            | Error::ResourceInUseException { .. }
            | Error::ConditionalCheckFailedException { .. }
            | Error::TransactionCanceledException { .. }
            | Error::IdempotentParameterMismatchException
            | Error::DuplicateItemException
            | Error::LimitExceededException { .. }
            | Error::AccessDeniedException { .. }
            | Error::Unsupported { .. }
            | Error::UnsupportedOperation { .. } => None,
        }
    }

    /// The body of the HTTP response that carries the error.
    pub fn to_json(&self) -> Value {
        let message = self.to_string();
        match self {
            Error::ValidationException { .. } => {
                json!({"__type": "com.amazon.coral.validate#ValidationException", "message": message})
            }
            Error::SerializationException { .. } => {
                json!({"__type": "com.amazon.coral.service#SerializationException", "Message": message})
            }
            Error::AccessDeniedException { .. } => {
                json!({"__type": "com.amazon.coral.service#AccessDeniedException", "Message": message})
            }
            Error::UnknownOperationException => {
                json!({"__type": "com.amazon.coral.service#UnknownOperationException"})
            }
            // SDKs show the message, which says more than the name.
            Error::UnsupportedOperation { .. } => {
                json!({"__type": "com.amazon.coral.service#UnknownOperationException", "message": message})
            }
            Error::TransactionCanceledException { reasons } => json!({
                "__type": modelled(self.code()),
                "Message": message,
                "CancellationReasons": reasons.iter().map(CancellationReason::to_json).collect::<Vec<_>>(),
            }),
            Error::ConditionalCheckFailedException { item: Some(item) } => json!({
                "__type": modelled(self.code()),
                "message": message,
                "Item": wire::item_to_json(item),
            }),
            Error::ResourceNotFoundException { .. }
            | Error::ResourceInUseException { .. }
            | Error::ConditionalCheckFailedException { item: None }
            | Error::IdempotentParameterMismatchException
            | Error::DuplicateItemException
            | Error::LimitExceededException { .. }
            | Error::Unsupported { .. } => json!({"__type": modelled(self.code()), "message": message}),
        }
    }
}

fn modelled(code: &str) -> String {
    format!("com.amazonaws.dynamodb.v20120810#{code}")
}

impl CancellationReason {
    fn to_json(&self) -> Value {
        let mut reason = serde_json::Map::new();
        if let Some(item) = &self.item {
            reason.insert("Item".to_owned(), wire::item_to_json(item));
        }
        reason.insert("Code".to_owned(), Value::from(self.code));
        if let Some(message) = &self.message {
            reason.insert("Message".to_owned(), Value::from(message.as_str()));
        }
        Value::Object(reason)
    }
}

/// A broken rule of the service: a `ValidationException` whose text is not yet chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Violation {
    pub(super) message: Message,
    pub(super) location: Option<ExpressionLocation>,
}

impl From<Message> for Violation {
    fn from(message: Message) -> Violation {
        Violation { message, location: None }
    }
}

/// Why an operation stops: a violation, or an error whose text depends on nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    Violation(Violation),
    Error(Error),
}

impl From<Violation> for Failure {
    fn from(violation: Violation) -> Failure {
        Failure::Violation(violation)
    }
}

impl From<Message> for Failure {
    fn from(message: Message) -> Failure {
        Failure::Violation(message.into())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Error(error)
    }
}
