//! What tasks answer in the place of the services that are not simulated, and when.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::Json;
use crate::spec::Field;

/// What tasks answer, by the name of the state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mocks {
    by_state: BTreeMap<Arc<str>, Vec<MockRange>>,
}

/// What a mock answers to some of the calls.
#[derive(Clone, Debug, PartialEq)]
struct MockRange {
    first: u32,
    last: u32,
    call: MockedCall,
}

/// What comes of a call, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct MockedCall {
    /// What it answers.
    pub reply: MockReply,
    /// How long it takes, in milliseconds of virtual time.
    pub after_ms: i64,
    /// How often a heartbeat comes, in milliseconds; none if none ever comes.
    pub heartbeat_ms: Option<i64>,
    /// The name of the worker that takes an activity's task.
    pub worker_name: Option<Arc<str>>,
}

/// What a mock answers.
#[derive(Clone, Debug, PartialEq)]
pub enum MockReply {
    /// A result.
    Return(Json),
    /// An error.
    Throw {
        /// `Error`.
        error: Option<Arc<str>>,
        /// `Cause`.
        cause: Option<Arc<str>>,
    },
    /// Nobody answers: the task ends when its time, or that of its execution, is over.
    Nothing,
}

impl From<MockReply> for MockedCall {
    /// A call that is answered at once.
    fn from(reply: MockReply) -> Self {
        Self { reply, after_ms: 0, heartbeat_ms: None, worker_name: None }
    }
}

/// What is wrong with a mock configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MockConfigError {
    /// Something is not there.
    #[error("the mock configuration has no {0}")]
    Missing(String),
    /// Something has not the form it needs.
    #[error("{0} is not {1}")]
    Malformed(String, &'static str),
    /// The service could not answer this.
    #[error("{0}")]
    Refused(String),
}

impl Mocks {
    /// The mocks of a test case of `MockConfigFile.json`, the format of Step Functions Local.
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-test-sm-exec.html>
    ///
    /// Ours beside `Return` and `Throw`: `"NoReply": true` for a call that nobody answers, and with any of them
    /// `AfterSeconds`, `HeartbeatSeconds` and `WorkerName`.
    ///
    /// # Errors
    ///
    /// Says what the configuration lacks, or what in it is malformed.
    pub fn from_config(
        config: &Value,
        state_machine: &str,
        test_case: &str,
    ) -> Result<Self, MockConfigError> {
        let missing = |what: String| MockConfigError::Missing(what);
        let machine = config
            .pointer("/StateMachines")
            .and_then(|machines| machines.get(state_machine))
            .ok_or_else(|| missing(format!("state machine '{state_machine}' under StateMachines")))?;
        let states = machine
            .get("TestCases")
            .and_then(|cases| cases.get(test_case))
            .ok_or_else(|| missing(format!("test case '{test_case}' of state machine '{state_machine}'")))?;
        let states = states
            .as_object()
            .ok_or_else(|| MockConfigError::Malformed(format!("test case '{test_case}'"), "an object"))?;
        let mut mocks = Mocks::default();
        for (state, name) in states {
            let name = name.as_str().ok_or_else(|| {
                MockConfigError::Malformed(format!("the mock of '{state}'"), "the name of a mocked response")
            })?;
            let responses = config
                .get("MockedResponses")
                .and_then(|responses| responses.get(name))
                .ok_or_else(|| missing(format!("mocked response '{name}', which '{state}' names")))?;
            mocks.by_state.insert(Arc::from(state.as_str()), mock_ranges(name, responses)?);
        }
        Ok(mocks)
    }

    /// The same mocks with one more, for all calls of a state.
    #[must_use]
    pub fn with(mut self, state: &str, call: MockedCall) -> Self {
        self.by_state.insert(Arc::from(state), vec![MockRange { first: 0, last: u32::MAX, call }]);
        self
    }

    /// The same mocks with one more, for as many calls of a state as there are here.
    #[must_use]
    pub fn with_each(mut self, state: &str, calls: Vec<MockedCall>) -> Self {
        let ranges = (0_u32..).zip(calls).map(|(idx, call)| MockRange { first: idx, last: idx, call });
        self.by_state.insert(Arc::from(state), ranges.collect());
        self
    }

    /// Whether the state is mocked.
    pub fn has(&self, state: &str) -> bool {
        self.by_state.contains_key(state)
    }

    /// What comes of the call with this number, from 0.
    pub fn call(&self, state: &str, number: u32) -> Option<&MockedCall> {
        let ranges = self.by_state.get(state)?;
        ranges.iter().find(|range| (range.first..=range.last).contains(&number)).map(|range| &range.call)
    }
}

fn mock_ranges(name: &str, responses: &Value) -> Result<Vec<MockRange>, MockConfigError> {
    let malformed = |what: String, expected| MockConfigError::Malformed(what, expected);
    let responses =
        responses.as_object().ok_or_else(|| malformed(format!("mocked response '{name}'"), "an object"))?;
    let mut ranges = Vec::new();
    for (key, response) in responses {
        let (first, last) = key.split_once('-').unwrap_or((key, key));
        let (Ok(first), Ok(last)) = (first.trim().parse(), last.trim().parse()) else {
            let what = format!("'{key}' of mocked response '{name}'");
            return Err(malformed(what, "the number of a call, or a range such as 1-2"));
        };
        let what = format!("call {key} of mocked response '{name}'");
        ranges.push(MockRange { first, last, call: MockedCall::from_response(response, what)? });
    }
    Ok(ranges)
}

impl MockedCall {
    /// The members of a response that say what is answered.
    pub(super) const REPLIES: [&str; 3] = ["Return", "Throw", "NoReply"];

    /// A response in the format of Step Functions Local; `what` names it in an error.
    pub(super) fn from_response(response: &Value, what: String) -> Result<Self, MockConfigError> {
        let names = MannerNames {
            no_reply: "NoReply",
            after: "AfterSeconds",
            heartbeat: Field::HeartbeatSeconds.name(),
            worker: "WorkerName",
        };
        let manner = Manner::read(response, &names, &what)?;
        let reply = match (response.get("Return"), response.get("Throw"), manner.is_unanswered) {
            (Some(result), None, false) => MockReply::Return(Arc::new(result.clone())),
            (None, Some(error), false) => {
                // An empty text stands for none: a timeout has no cause.
                let text = |key: &str| {
                    error.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(Arc::from)
                };
                MockReply::Throw { error: text(Field::Error.name()), cause: text(Field::Cause.name()) }
            }
            (None, None, true) => MockReply::Nothing,
            _ => {
                let expected = "an object with either Return or Throw (or NoReply)";
                return Err(MockConfigError::Malformed(what, expected));
            }
        };
        Ok(manner.call(reply))
    }
}

/// How a call is answered: the members that are ours, which the two formats spell differently.
#[derive(Debug)]
pub(super) struct Manner {
    pub(super) is_unanswered: bool,
    after_ms: i64,
    heartbeat_ms: Option<i64>,
    worker_name: Option<Arc<str>>,
}

/// The names of the members that are ours.
pub(super) struct MannerNames {
    pub(super) no_reply: &'static str,
    pub(super) after: &'static str,
    pub(super) heartbeat: &'static str,
    pub(super) worker: &'static str,
}

impl Manner {
    /// Reads the members of a response; `what` names it in an error.
    pub(super) fn read(response: &Value, names: &MannerNames, what: &str) -> Result<Self, MockConfigError> {
        let malformed =
            |name: &str, expected| MockConfigError::Malformed(format!("{name} of {what}"), expected);
        let milliseconds = |name: &'static str| match response.get(name) {
            None => Ok(None),
            Some(value) => {
                let seconds = value.as_f64().filter(|seconds| *seconds >= 0.0);
                // A float converts to the nearest integer there is.
                let ms = seconds.map(|seconds| (seconds * 1_000.0) as i64);
                ms.map(Some).ok_or_else(|| malformed(name, "a number of seconds, 0 or more"))
            }
        };
        Ok(Self {
            is_unanswered: match response.get(names.no_reply) {
                None => false,
                Some(value) => value.as_bool().ok_or_else(|| malformed(names.no_reply, "true or false"))?,
            },
            after_ms: milliseconds(names.after)?.unwrap_or(0),
            heartbeat_ms: milliseconds(names.heartbeat)?,
            worker_name: match response.get(names.worker) {
                None => None,
                Some(value) => {
                    Some(Arc::from(value.as_str().ok_or_else(|| malformed(names.worker, "a string"))?))
                }
            },
        })
    }

    /// The call that is answered so.
    pub(super) fn call(self, reply: MockReply) -> MockedCall {
        let Self { is_unanswered: _, after_ms, heartbeat_ms, worker_name } = self;
        MockedCall { reply, after_ms, heartbeat_ms, worker_name }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config() -> Value {
        json!({
            "StateMachines": {"M": {"TestCases": {
                "Happy": {"A": "MockedA"}, "Broken": {"A": "Nothing"}, "Slow": {"A": "Slow"}, "Odd": {"A": "Odd"},
            }}},
            "MockedResponses": {
                "MockedA": {"0": {"Return": {"x": 1}}, "1-2": {"Throw": {"Error": "E", "Cause": "C"}}},
                "Slow": {
                    "0": {"NoReply": true, "HeartbeatSeconds": 5},
                    "1": {"Return": 1, "AfterSeconds": 1.5, "WorkerName": "w"},
                },
                "Odd": {"0": {"Return": 1, "AfterSeconds": -1}},
            },
        })
    }

    #[test]
    fn calls_are_counted_from_zero() {
        let mocks = Mocks::from_config(&config(), "M", "Happy").unwrap();
        let reply = |number| mocks.call("A", number).map(|call| call.reply.clone());
        assert_eq!(reply(0), Some(MockReply::Return(Arc::new(json!({"x": 1})))));
        let throw = MockReply::Throw { error: Some("E".into()), cause: Some("C".into()) };
        assert_eq!(reply(2), Some(throw));
        assert_eq!(reply(3), None);
    }

    #[test]
    fn calls_take_their_time() {
        let mocks = Mocks::from_config(&config(), "M", "Slow").unwrap();
        let unanswered = MockedCall {
            reply: MockReply::Nothing,
            after_ms: 0,
            heartbeat_ms: Some(5_000),
            worker_name: None,
        };
        assert_eq!(mocks.call("A", 0), Some(&unanswered));
        let call = mocks.call("A", 1).unwrap();
        assert_eq!((call.after_ms, call.worker_name.as_deref()), (1_500, Some("w")));
    }

    #[track_caller]
    fn check_error(state_machine: &str, test_case: &str, expected: &str) {
        let error = Mocks::from_config(&config(), state_machine, test_case).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn what_is_missing_is_named() {
        check_error("X", "Happy", "the mock configuration has no state machine 'X' under StateMachines");
        check_error("M", "X", "the mock configuration has no test case 'X' of state machine 'M'");
        check_error(
            "M",
            "Broken",
            "the mock configuration has no mocked response 'Nothing', which 'A' names",
        );
    }

    #[test]
    fn what_is_malformed_is_named() {
        check_error(
            "M",
            "Odd",
            "AfterSeconds of call 0 of mocked response 'Odd' is not a number of seconds, 0 or more",
        );
    }
}
