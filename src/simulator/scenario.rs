//! What a simulation is given: input, tables, mocks, names, the start of its clock, the seed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::Json;
use super::clock::Time;
use super::objects::Objects;
use crate::dynamodb::Database;

/// What a simulation is given.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The execution's input.
    pub input: Json,
    /// The tables at the start.
    pub database: Database,
    /// What tasks answer.
    pub mocks: Mocks,
    /// Names and ARNs.
    pub names: Names,
    /// What item readers read.
    pub objects: Objects,
    /// Laid over the context object.
    pub context: Option<Value>,
    /// Whether `context` is all of the context object, but for the items of a Map.
    pub is_context_whole: bool,
    /// When the execution starts.
    pub start_time: Time,
    /// Where chance comes from: request ids, tokens, random numbers.
    pub seed: u64,
    /// Whether it is an Express execution.
    pub is_express: bool,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            input: Arc::new(Value::Object(serde_json::Map::new())),
            database: Database::default(),
            mocks: Mocks::default(),
            names: Names::new("StateMachine"),
            objects: Objects::default(),
            context: None,
            is_context_whole: false,
            start_time: Time::DEFAULT_START,
            seed: 0,
            is_express: false,
        }
    }
}

/// Names and ARNs of the state machine, the execution and its role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// `StateMachine.Name`.
    pub state_machine_name: Arc<str>,
    /// `StateMachine.Id`.
    pub state_machine_arn: Arc<str>,
    /// `Execution.Name`.
    pub execution_name: Arc<str>,
    /// `Execution.Id`.
    pub execution_arn: Arc<str>,
    /// `Execution.RoleArn`.
    pub role_arn: Arc<str>,
    /// Where it runs, as in `TaskScheduled`.
    pub region: Arc<str>,
}

impl Names {
    /// Made-up ARNs, in the account 123456789012, for a state machine of this name.
    pub fn new(state_machine_name: &str) -> Self {
        let region = "us-east-1";
        let arn =
            |kind: &str, rest: &str| Arc::from(format!("arn:aws:states:{region}:123456789012:{kind}:{rest}"));
        Self {
            state_machine_name: Arc::from(state_machine_name),
            state_machine_arn: arn("stateMachine", state_machine_name),
            execution_name: Arc::from("simulation"),
            execution_arn: arn("execution", &format!("{state_machine_name}:simulation")),
            role_arn: Arc::from("arn:aws:iam::123456789012:role/simulation"),
            region: Arc::from(region),
        }
    }
}

impl Names {
    /// The same names but for those that a context object gives.
    #[must_use]
    pub fn with_context(mut self, context: &Value) -> Self {
        let text = |pointer: &str| context.pointer(pointer).and_then(Value::as_str).map(Arc::from);
        let given = [
            (&mut self.state_machine_name, "/StateMachine/Name"),
            (&mut self.state_machine_arn, "/StateMachine/Id"),
            (&mut self.execution_name, "/Execution/Name"),
            (&mut self.execution_arn, "/Execution/Id"),
            (&mut self.role_arn, "/Execution/RoleArn"),
        ];
        for (name, pointer) in given {
            if let Some(text) = text(pointer) {
                *name = text;
            }
        }
        let region = self.execution_arn.split(':').nth(3).filter(|region| !region.is_empty());
        if let Some(region) = region.map(Arc::from) {
            self.region = region;
        }
        self
    }

    /// The same names but for the execution, which is one of an Express state machine, as those of tests are.
    #[must_use]
    pub fn of_test(mut self) -> Self {
        let arn = self.state_machine_arn.replacen(":stateMachine:", ":express:", 1);
        self.execution_arn = Arc::from(format!("{arn}:{}", self.execution_name));
        self
    }
}

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
    reply: MockReply,
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
}

impl Mocks {
    /// The mocks of a test case of `MockConfigFile.json`, the format of Step Functions Local.
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-test-sm-exec.html>
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
    pub fn with(mut self, state: &str, reply: MockReply) -> Self {
        self.by_state.insert(Arc::from(state), vec![MockRange { first: 0, last: u32::MAX, reply }]);
        self
    }

    /// Whether the state is mocked.
    pub fn has(&self, state: &str) -> bool {
        self.by_state.contains_key(state)
    }

    /// The answer to the call with this number, from 0.
    pub fn reply(&self, state: &str, call: u32) -> Option<&MockReply> {
        let ranges = self.by_state.get(state)?;
        ranges.iter().find(|range| (range.first..=range.last).contains(&call)).map(|range| &range.reply)
    }
}

fn mock_ranges(name: &str, responses: &Value) -> Result<Vec<MockRange>, MockConfigError> {
    let malformed = |what: String, expected| MockConfigError::Malformed(what, expected);
    let responses =
        responses.as_object().ok_or_else(|| malformed(format!("mocked response '{name}'"), "an object"))?;
    let mut ranges = Vec::new();
    for (key, reply) in responses {
        let (first, last) = key.split_once('-').unwrap_or((key, key));
        let (Ok(first), Ok(last)) = (first.trim().parse(), last.trim().parse()) else {
            let what = format!("'{key}' of mocked response '{name}'");
            return Err(malformed(what, "the number of a call, or a range such as 1-2"));
        };
        let reply = match (reply.get("Return"), reply.get("Throw")) {
            (Some(result), None) => MockReply::Return(Arc::new(result.clone())),
            (None, Some(error)) => {
                // An empty text stands for none: a timeout has no cause.
                let text = |key: &str| {
                    error.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(Arc::from)
                };
                MockReply::Throw { error: text("Error"), cause: text("Cause") }
            }
            _ => {
                let what = format!("call {key} of mocked response '{name}'");
                return Err(malformed(what, "an object with either Return or Throw"));
            }
        };
        ranges.push(MockRange { first, last, reply });
    }
    Ok(ranges)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config() -> Value {
        json!({
            "StateMachines": {"M": {"TestCases": {"Happy": {"A": "MockedA"}, "Broken": {"A": "Nothing"}}}},
            "MockedResponses": {"MockedA": {
                "0": {"Return": {"x": 1}},
                "1-2": {"Throw": {"Error": "E", "Cause": "C"}},
            }},
        })
    }

    #[test]
    fn calls_are_counted_from_zero() {
        let mocks = Mocks::from_config(&config(), "M", "Happy").unwrap();
        assert_eq!(mocks.reply("A", 0), Some(&MockReply::Return(Arc::new(json!({"x": 1})))));
        let throw = MockReply::Throw { error: Some("E".into()), cause: Some("C".into()) };
        assert_eq!(mocks.reply("A", 2), Some(&throw));
        assert_eq!(mocks.reply("A", 3), None);
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
}
