//! Mocks and the configuration of a test, in the format of AWS's request, and what a mocked result is held to.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::Refusal;
use crate::simulator::{Json, StatesError};
use crate::spec::mock_schema::{Member, Shape, answer_shape};
use crate::spec::{Pattern, Resource, ServiceKind};

/// What the state's task, branches or iterations come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mock {
    /// The result, as JSON text.
    pub result: Option<Arc<str>>,
    /// The error.
    pub error_output: Option<MockError>,
    /// How a result is compared with what the service may answer.
    pub field_validation_mode: FieldValidationMode,
}

/// A mocked error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockError {
    /// Its name.
    pub error: Arc<str>,
    /// Its cause.
    pub cause: Option<Arc<str>>,
}

/// How a mocked result is compared with what the service may answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldValidationMode {
    /// All required members are there, and all that are there are of the right form.
    #[default]
    Strict,
    /// All members that are there are of the right form.
    Present,
    /// Nothing is compared.
    None,
}

/// The situation that a state is in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateConfiguration {
    /// How often the retrier that takes the error has retried before.
    pub retrier_retry_count: Option<u32>,
    /// The state within a Map or Parallel that raises the mocked error.
    pub error_caused_by_state: Option<Arc<str>>,
    /// How many iterations of a Map have failed.
    pub map_iteration_failure_count: Option<usize>,
    /// What the `ItemReader` of a Map reads, as it lies at its source.
    pub map_item_reader_data: Option<Arc<str>>,
}

/// What is wrong with the form of a mock or configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TestStateFormatError {
    /// Something has not the form it needs.
    #[error("{0} is not {1}")]
    Malformed(&'static str, &'static str),
    /// A member that nothing is known of.
    #[error("'{0}' is not known here")]
    Unknown(String),
}

use TestStateFormatError::{Malformed, Unknown};

const RESULT: &str = "result";
const ERROR_OUTPUT: &str = "errorOutput";

impl Mock {
    /// A mock of a result, which has to be what the service may answer.
    pub fn result(result: &Value) -> Self {
        Self { result: Some(Arc::from(result.to_string())), ..Self::default() }
    }

    /// A mock in the format of AWS's request: `{"result" or "errorOutput": {"error", "cause"},
    /// "fieldValidationMode"}`. The result is JSON text; other JSON than a string is taken as it is.
    ///
    /// # Errors
    ///
    /// What has not the form it needs.
    pub fn from_json(value: &Value) -> Result<Self, TestStateFormatError> {
        let mut mock = Self::default();
        for (name, value) in members("the mock", value)? {
            match name.as_str() {
                RESULT => mock.result = Some(json_text(value)),
                ERROR_OUTPUT => mock.error_output = Some(MockError::from_json(value)?),
                "fieldValidationMode" => {
                    mock.field_validation_mode = match value.as_str() {
                        Some("STRICT") => FieldValidationMode::Strict,
                        Some("PRESENT") => FieldValidationMode::Present,
                        Some("NONE") => FieldValidationMode::None,
                        _ => return Err(Malformed("fieldValidationMode", "STRICT, PRESENT or NONE")),
                    }
                }
                _ => return Err(Unknown(name.clone())),
            }
        }
        Ok(mock)
    }

    /// Whether it has a result or an error.
    pub(super) fn check_members(&self) -> Result<(), Refusal> {
        if self.result.is_some() != self.error_output.is_some() {
            return Ok(());
        }
        Err(Refusal::Validation(format!(
            "A test mock should have only one of the following fields: [{RESULT}, {ERROR_OUTPUT}]."
        )))
    }

    /// What it comes to.
    pub(super) fn reply(&self) -> Result<MockedReply, Refusal> {
        if let Some(MockError { error, cause }) = &self.error_output {
            let error = StatesError { name: Some(error.clone()), cause: cause.clone(), place: None };
            return Ok(MockedReply::Error(error));
        }
        let text = self.result.as_deref().unwrap_or_default();
        match serde_json::from_str(text) {
            Ok(result) => Ok(MockedReply::Result(Arc::new(result))),
            Err(_) => Err(Refusal::Validation("Mocked result must be valid JSON".to_owned())),
        }
    }
}

impl MockError {
    fn from_json(value: &Value) -> Result<Self, TestStateFormatError> {
        let (mut error, mut cause) = (None, None);
        for (name, value) in members(ERROR_OUTPUT, value)? {
            match name.as_str() {
                "error" => error = Some(text("error", value)?),
                "cause" => cause = Some(text("cause", value)?),
                _ => return Err(Unknown(name.clone())),
            }
        }
        let error = error.ok_or(Malformed(ERROR_OUTPUT, "an object with an error"))?;
        Ok(Self { error, cause })
    }
}

impl StateConfiguration {
    /// A configuration in the format of AWS's request.
    ///
    /// # Errors
    ///
    /// What has not the form it needs.
    pub fn from_json(value: &Value) -> Result<Self, TestStateFormatError> {
        let mut configuration = Self::default();
        for (name, value) in members("the state configuration", value)? {
            let count = |name| {
                let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
                number.ok_or(Malformed(name, "a whole number of 0 or more"))
            };
            match name.as_str() {
                "retrierRetryCount" => configuration.retrier_retry_count = Some(count("retrierRetryCount")?),
                "errorCausedByState" => {
                    configuration.error_caused_by_state = Some(text("errorCausedByState", value)?);
                }
                "mapIterationFailureCount" => {
                    let count = count("mapIterationFailureCount")?;
                    configuration.map_iteration_failure_count = usize::try_from(count).ok();
                }
                "mapItemReaderData" => configuration.map_item_reader_data = Some(json_text(value)),
                _ => return Err(Unknown(name.clone())),
            }
        }
        Ok(configuration)
    }
}

fn members<'a>(what: &'static str, value: &'a Value) -> Result<&'a Map<String, Value>, TestStateFormatError> {
    value.as_object().ok_or(Malformed(what, "a JSON object"))
}

fn text(name: &'static str, value: &Value) -> Result<Arc<str>, TestStateFormatError> {
    value.as_str().map(Arc::from).ok_or(Malformed(name, "a string"))
}

fn json_text(value: &Value) -> Arc<str> {
    match value {
        Value::String(text) => Arc::from(text.as_str()),
        other => Arc::from(other.to_string()),
    }
}

/// What a mock comes to.
#[derive(Clone, Debug)]
pub(super) enum MockedReply {
    Result(Json),
    Error(StatesError),
}

impl MockedReply {
    /// How many elements a result has.
    pub(super) fn n_elements(&self) -> Option<usize> {
        match self {
            MockedReply::Result(result) => result.as_array().map(Vec::len),
            MockedReply::Error(_) => None,
        }
    }
}

/// Whether a task with this resource may have such a result.
pub(super) fn check_result(
    resource: &Resource<'_>,
    result: &Value,
    mode: FieldValidationMode,
) -> Result<(), Refusal> {
    let is_service = matches!(resource.kind, ServiceKind::Optimized | ServiceKind::Sdk);
    // Whoever returns a task token says what comes with it.
    if is_service && resource.pattern != Pattern::WaitForTaskToken && !result.is_object() {
        return Err(Refusal::Validation("Mocked result must be a JSON object.".to_owned()));
    }
    if mode == FieldValidationMode::None {
        return Ok(());
    }
    match answer_shape(resource).and_then(|shape| problem(shape, result, mode)) {
        Some(problem) => Err(Refusal::Validation(format!("Mock result schema validation error: {problem}"))),
        None => Ok(()),
    }
}

/// What is wrong with a value, if it is not of its form: the first in the order of the form's members.
///
/// Recursive over the value, which is no deeper than the parser of JSON lets it be.
fn problem(shape: &Shape, value: &Value, mode: FieldValidationMode) -> Option<String> {
    match shape {
        Shape::Structure(members) => {
            members.iter().find_map(|member| member_problem(member, value.get(member.name), mode))
        }
        _ => value_problem("", shape, value, mode),
    }
}

fn member_problem(member: &Member, value: Option<&Value>, mode: FieldValidationMode) -> Option<String> {
    match value {
        None if member.is_required && mode == FieldValidationMode::Strict => {
            Some(format!("Required field '{}' is missing", member.name))
        }
        None => None,
        Some(value) => value_problem(member.name, member.shape, value, mode),
    }
}

/// As [`problem`], of the value of a field, or of an element of it.
fn value_problem(field: &str, shape: &Shape, value: &Value, mode: FieldValidationMode) -> Option<String> {
    let is = |is_so: bool, what: &str| (!is_so).then(|| format!("Field '{field}' {what}"));
    match shape {
        Shape::Any => None,
        Shape::Text { chars_min, chars_max } => match value.as_str() {
            None => is(false, "must be a string"),
            Some(text) if text.chars().count() < *chars_min => {
                is(false, "is smaller than the minimum length")
            }
            Some(text) => is(text.chars().count() <= *chars_max, "exceeds the maximum length"),
        },
        Shape::OneOf(names) => match value.as_str() {
            None => is(false, "must be a string"),
            Some(text) => is(names.contains(&text), "is not an expected value"),
        },
        Shape::Number { min, max } => match value.as_f64() {
            None => is(false, "must be a number"),
            Some(number) if number < *min => is(false, "is less than the minimum value"),
            Some(number) => is(number <= *max, "exceeds the maximum value"),
        },
        Shape::Boolean => is(value.is_boolean(), "must be a boolean"),
        Shape::List(shape) => match value.as_array() {
            None => is(false, "must be an array"),
            Some(elements) => elements.iter().find_map(|element| value_problem(field, shape, element, mode)),
        },
        Shape::Map(shape) => match value.as_object() {
            None => is(false, "must be an object"),
            Some(members) => members.iter().find_map(|(name, value)| value_problem(name, shape, value, mode)),
        },
        Shape::Structure(_) => match value.is_object() {
            false => is(false, "must be an object"),
            true => problem(shape, value, mode),
        },
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(resource: &str, mode: FieldValidationMode, result: Value, expected: Expect) {
        let arn = format!("arn:aws:states:::{resource}");
        let refusal = check_result(&Resource::parse(&arn).unwrap(), &result, mode).err();
        expected.assert_eq(&refusal.map(|refusal| refusal.to_string()).unwrap_or_default());
    }

    #[test]
    fn required_members_count_in_strict_mode() {
        let missing = json!({"ExecutionArn": "arn"});
        check(
            "states:startExecution",
            FieldValidationMode::Strict,
            missing.clone(),
            expect!["Mock result schema validation error: Required field 'StartDate' is missing"],
        );
        check("states:startExecution", FieldValidationMode::Present, missing, expect![""]);
    }

    #[test]
    fn types_are_looked_at_to_any_depth() {
        check(
            "dynamodb:getItem",
            FieldValidationMode::Present,
            json!({"Item": {"tags": {"L": [{"S": "a"}, {"S": 1}]}}}),
            expect!["Mock result schema validation error: Field 'S' must be a string"],
        );
        check(
            "aws-sdk:dynamodb:query",
            FieldValidationMode::Present,
            json!({"Items": {}, "Count": 1}),
            expect!["Mock result schema validation error: Field 'Items' must be an array"],
        );
    }

    #[test]
    fn ranges_and_names() {
        check(
            "aws-sdk:lambda:getFunction",
            FieldValidationMode::Strict,
            json!({"Configuration": {"Timeout": 0}}),
            expect!["Mock result schema validation error: Field 'Timeout' is less than the minimum value"],
        );
        check(
            "aws-sdk:s3:getObject",
            FieldValidationMode::Strict,
            json!({"ServerSideEncryption": "rot13"}),
            expect![
                "Mock result schema validation error: Field 'ServerSideEncryption' is not an expected value"
            ],
        );
    }

    #[test]
    fn only_objects_come_from_services() {
        check(
            "lambda:invoke",
            FieldValidationMode::None,
            json!([1]),
            expect!["Mocked result must be a JSON object."],
        );
        check("sqs:sendMessage.waitForTaskToken", FieldValidationMode::Strict, json!("done"), expect![""]);
        check("lambda:invoke", FieldValidationMode::Strict, json!({"Payload": [1], "x": 1}), expect![""]);
    }

    #[test]
    fn a_mock_in_the_format_of_the_request() {
        let mock = Mock::from_json(&json!({"result": "[1]", "fieldValidationMode": "NONE"})).unwrap();
        assert_eq!(mock.result.as_deref(), Some("[1]"));
        assert_eq!(Mock::from_json(&json!({"result": [1]})).unwrap().result.as_deref(), Some("[1]"));
        let error = Mock::from_json(&json!({"errorOutput": {"cause": "x"}})).unwrap_err();
        assert_eq!(error.to_string(), "errorOutput is not an object with an error");
        assert_eq!(
            Mock::from_json(&json!({"reslt": 1})).unwrap_err().to_string(),
            "'reslt' is not known here"
        );
    }

    #[test]
    fn a_configuration_in_the_format_of_the_request() {
        let value = json!({"retrierRetryCount": 2, "mapItemReaderData": "[1]"});
        let configuration = StateConfiguration::from_json(&value).unwrap();
        assert_eq!(configuration.retrier_retry_count, Some(2));
        let error = StateConfiguration::from_json(&json!({"retrierRetryCount": -1})).unwrap_err();
        assert_eq!(error.to_string(), "retrierRetryCount is not a whole number of 0 or more");
    }
}
