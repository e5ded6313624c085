//! Mocks in the format of TestState for the tasks of a whole execution.

use std::sync::Arc;

use serde_json::Value;

use super::mock::{self, Mock, MockedReply};
use crate::model::{State, StateBody};
use crate::simulator::mocks::{Manner, MannerNames};
use crate::simulator::{MockConfigError, MockReply, MockedCall, Mocks, StatesError};
use crate::spec::Resource;

const NAMES: MannerNames = MannerNames {
    no_reply: "noReply",
    after: "afterSeconds",
    heartbeat: "heartbeatSeconds",
    worker: "workerName",
};

impl Mocks {
    /// The same mocks with one more, in the format of TestState: `{"result"}` or `{"errorOutput": {"error", "cause"}}`
    /// for all calls of the state, or an array of them, one for each call.
    ///
    /// Ours beside these: `"noReply": true` for a call that nobody answers, and with any of them `afterSeconds`,
    /// `heartbeatSeconds` and `workerName`. A result is held to what the service may answer, as TestState does, unless
    /// `fieldValidationMode` says otherwise.
    ///
    /// # Errors
    ///
    /// What has not the form it needs, or what AWS says of a result that the service could not give.
    pub fn with_test_state(self, state: &State, value: &Value) -> Result<Self, MockConfigError> {
        let StateBody::Task(task) = &state.body else {
            return Err(MockConfigError::Malformed(format!("'{}'", state.name), "a Task state"));
        };
        let resource = Resource::parse(&task.resource);
        match value.as_array() {
            Some(calls) => {
                let calls = calls.iter().map(|value| mocked_call(&state.name, resource.as_ref(), value));
                Ok(self.with_each(&state.name, calls.collect::<Result<_, _>>()?))
            }
            None => Ok(self.with(&state.name, mocked_call(&state.name, resource.as_ref(), value)?)),
        }
    }
}

impl Mocks {
    /// The same mocks with one more: a response for all calls of the state, or an array of them, one for each call.
    /// Each is in the format of Step Functions Local (`Return`, `Throw`, `NoReply`) or in that of TestState.
    ///
    /// # Errors
    ///
    /// As [`Mocks::with_test_state`].
    pub fn with_calls(self, state: &State, value: &Value) -> Result<Self, MockConfigError> {
        let StateBody::Task(task) = &state.body else {
            return Err(MockConfigError::Malformed(format!("'{}'", state.name), "a Task state"));
        };
        let resource = Resource::parse(&task.resource);
        let call = |value: &Value| {
            if MockedCall::REPLIES.iter().any(|reply| value.get(reply).is_some()) {
                return MockedCall::from_response(value, format!("the mock of '{}'", state.name));
            }
            mocked_call(&state.name, resource.as_ref(), value)
        };
        match value.as_array() {
            Some(calls) => Ok(self.with_each(&state.name, calls.iter().map(call).collect::<Result<_, _>>()?)),
            None => Ok(self.with(&state.name, call(value)?)),
        }
    }
}

fn mocked_call(
    state: &str,
    resource: Option<&Resource<'_>>,
    value: &Value,
) -> Result<MockedCall, MockConfigError> {
    let what = format!("the mock of '{state}'");
    let manner = Manner::read(value, &NAMES, &what)?;
    let mut rest = value.clone();
    if let Value::Object(members) = &mut rest {
        let ours = [NAMES.no_reply, NAMES.after, NAMES.heartbeat, NAMES.worker];
        members.retain(|name, _| !ours.contains(&name.as_str()));
        if manner.is_unanswered && members.is_empty() {
            return Ok(manner.call(MockReply::Nothing));
        }
    }
    let refused = |message: String| MockConfigError::Refused(format!("{what}: {message}"));
    if manner.is_unanswered {
        return Err(refused(format!("{} stands alone", NAMES.no_reply)));
    }
    let mock = Mock::from_json(&rest).map_err(|error| refused(error.to_string()))?;
    mock.check_members().map_err(|refusal| refused(refusal.to_string()))?;
    let reply = mock.reply().map_err(|refusal| refused(refusal.to_string()))?;
    if let (MockedReply::Result(result), Some(resource)) = (&reply, resource) {
        mock::check_result(resource, result, mock.field_validation_mode)
            .map_err(|refusal| refused(refusal.to_string()))?;
    }
    Ok(manner.call(MockReply::from(&reply)))
}

impl From<&MockReply> for MockedReply {
    fn from(reply: &MockReply) -> Self {
        match reply {
            MockReply::Return(result) => MockedReply::Result(result.clone()),
            MockReply::Throw { error, cause } => {
                MockedReply::Error(StatesError { name: error.clone(), cause: cause.clone(), place: None })
            }
            MockReply::Nothing => MockedReply::Error(StatesError::timeout()),
        }
    }
}

impl From<&MockedReply> for MockReply {
    fn from(reply: &MockedReply) -> Self {
        match reply {
            MockedReply::Result(result) => MockReply::Return(Arc::clone(result)),
            MockedReply::Error(error) => {
                MockReply::Throw { error: error.name.clone(), cause: error.cause.clone() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model;
    use crate::text::SourceText;

    #[track_caller]
    fn check(value: &Value, expected: Result<MockReply, &str>) {
        let text = json!({"StartAt": "A", "States": {
            "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}});
        let parse = crate::syntax::parse_json(SourceText::new(&text.to_string()), 64);
        let machine = model::lower(&parse).machine;
        let mocks = Mocks::default().with_test_state(&machine.states[0], value);
        let reply = mocks.map(|mocks| mocks.call("A", 0).unwrap().reply.clone());
        assert_eq!(reply.map_err(|error| error.to_string()), expected.map_err(str::to_owned));
    }

    #[test]
    fn results_and_errors() {
        let result = json!({"StatusCode": 200, "Payload": 1});
        check(&json!({"result": result}), Ok(MockReply::Return(Arc::new(result.clone()))));
        check(&json!([{"noReply": true}]), Ok(MockReply::Nothing));
        let throw = MockReply::Throw { error: Some("E".into()), cause: None };
        check(&json!({"errorOutput": {"error": "E"}, "afterSeconds": 3}), Ok(throw));
    }

    #[test]
    fn results_that_the_service_could_not_give() {
        check(
            &json!({"result": {"StatusCode": "200"}}),
            Err("the mock of 'A': Mock result schema validation error: Field 'StatusCode' must be a number"),
        );
    }

    #[test]
    fn mistakes_in_the_form() {
        check(&json!({"reslt": 1}), Err("the mock of 'A': 'reslt' is not known here"));
        check(
            &json!({}),
            Err(
                "the mock of 'A': A test mock should have only one of the following fields: [result, errorOutput].",
            ),
        );
        check(&json!({"noReply": true, "result": {}}), Err("the mock of 'A': noReply stands alone"));
    }
}
