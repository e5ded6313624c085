//! Requests: an operation with its parameters, checked as far as that is possible without tables.

use serde_json::Value;

use super::Database;
use super::error::{Error, Failure};
use super::message::TextGeneration;
use super::operation::{Action, Operation};
use super::response::Response;
use super::wire::Members;

/// A request that can be carried out any number of times.
///
/// A request that breaks a rule is still a request: [`Database::execute`] answers the error, whose text depends on
/// the database's generation of texts.
#[derive(Clone, Debug)]
pub struct Request {
    operation: Operation,
    action: Result<Action, Failure>,
}

impl Request {
    /// Reads a request from the operation's name in AWS's spelling, such as `GetItem`, and its JSON body.
    ///
    /// # Errors
    ///
    /// - `UnknownOperationException` for a name that is none.
    /// - `SerializationException` for a member of the wrong JSON type.
    /// - [`Error::Unsupported`] for an operation of DynamoDB that is not implemented.
    ///
    /// # Example
    ///
    /// ```
    /// use asl_lsp::dynamodb::Request;
    /// use serde_json::json;
    ///
    /// let error = Request::parse("GetItem", &json!({"TableName": 5})).unwrap_err();
    /// assert_eq!(error.to_string(), "NUMBER_VALUE cannot be converted to String");
    /// ```
    pub fn parse(operation: &str, body: &Value) -> Result<Request, Error> {
        let operation = Operation::from_name(operation)?;
        let action = Action::parse(operation, Members::new(body)?);
        match action {
            Err(Failure::Error(
                error @ (Error::SerializationException { .. } | Error::Unsupported { .. }),
            )) => Err(error),
            action => Ok(Request { operation, action }),
        }
    }

    /// The operation the request asks for.
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    pub(super) fn run(&self, database: &mut Database) -> Result<Response, Error> {
        let generation = database.generation;
        let result = match &self.action {
            Ok(action) => action.run(database),
            Err(failure) => Err(failure.clone()),
        };
        result.map_err(|failure| to_error(failure, generation, self.operation))
    }
}

/// Chooses the text of a failure.
pub(super) fn to_error(failure: Failure, generation: TextGeneration, operation: Operation) -> Error {
    match failure {
        Failure::Error(error) => error,
        Failure::Violation(violation) => Error::ValidationException {
            message: violation.message.render(generation, operation.writes_one_item()),
            location: violation.location,
        },
    }
}
