//! From what a file says to what a simulation is given.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::file::{NamedScenario, ScenarioFile};
use super::format::{EXPRESS, name};
use crate::dynamodb::Seeds;
use crate::expr::parse_timestamp;
use crate::model::StateMachine;
use crate::semantic;
use crate::simulator::{Mocks, Names, NestedMachine, Objects, Scenario, Time};

/// The files that a file of scenarios names, by path as it names them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Files {
    /// Texts of tables and mock configurations.
    pub texts: BTreeMap<String, Arc<str>>,
    /// Definitions.
    pub machines: BTreeMap<String, Arc<StateMachine>>,
    /// Folders in the place of Amazon S3.
    pub objects: BTreeMap<String, Objects>,
}

/// Why a scenario cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BuildError {
    /// The JSON Pointer, in the file of scenarios, of what is wrong.
    pub pointer: String,
    /// What is wrong with it, a sentence without a full stop.
    pub message: String,
}

impl ScenarioFile {
    /// What to simulate a scenario with.
    ///
    /// # Errors
    ///
    /// The first thing in the file, or in a file that it names, that cannot be used.
    pub fn scenario(
        &self,
        scenario: &NamedScenario,
        machine: &StateMachine,
        machine_name: &str,
        files: &Files,
    ) -> Result<Scenario, BuildError> {
        Builder { file: self, scenario: Some(scenario), machine, files }.build(machine_name, Mocks::default())
    }

    /// What to simulate a test case of the mock configuration with, that the file names.
    ///
    /// # Errors
    ///
    /// As [`ScenarioFile::scenario`].
    pub fn test_case(
        &self,
        test_case: &str,
        machine: &StateMachine,
        machine_name: &str,
        files: &Files,
    ) -> Result<Scenario, BuildError> {
        let builder = Builder { file: self, scenario: None, machine, files };
        let config = builder.mock_config()?.unwrap_or_default();
        let mocks = Mocks::from_config(&config, machine_name, test_case)
            .map_err(|error| builder.error(name::MOCK_CONFIG, error.to_string()))?;
        builder.build(machine_name, mocks)
    }

    /// The tables that a scenario declares, as CreateTable requests; none where they cannot be read.
    pub fn tables(&self, scenario: &NamedScenario, files: &Files) -> Vec<Value> {
        let machine = StateMachine::default();
        let builder = Builder { file: self, scenario: Some(scenario), machine: &machine, files };
        builder.tables().unwrap_or_default()
    }

    /// The test cases of a state machine in the mock configuration that the file names.
    ///
    /// # Errors
    ///
    /// A configuration that cannot be read.
    pub fn test_cases(&self, machine_name: &str, files: &Files) -> Result<Vec<String>, BuildError> {
        let builder = Builder { file: self, scenario: None, machine: &StateMachine::default(), files };
        let config = builder.mock_config()?.unwrap_or_default();
        let machine = config.get("StateMachines").and_then(|machines| machines.get(machine_name));
        let cases = machine.and_then(|machine| machine.get("TestCases")).and_then(Value::as_object);
        Ok(cases.map(|cases| cases.keys().cloned().collect()).unwrap_or_default())
    }
}

struct Builder<'a> {
    file: &'a ScenarioFile,
    scenario: Option<&'a NamedScenario>,
    machine: &'a StateMachine,
    files: &'a Files,
}

impl<'a> Builder<'a> {
    fn build(&self, machine_name: &str, config_mocks: Mocks) -> Result<Scenario, BuildError> {
        let context = self.member(name::CONTEXT).cloned();
        let names = Names::new(machine_name);
        let start_time = match self.member(name::START_TIME) {
            Some(time) => {
                let time = time.as_str().and_then(parse_timestamp).map(Time::from);
                time.ok_or_else(|| self.error(name::START_TIME, "Not a time such as 2026-01-31T09:00:00Z"))?
            }
            None => Time::DEFAULT_START,
        };
        let seed = match self.member(name::SEED) {
            Some(seed) => seed.as_u64().ok_or_else(|| self.error(name::SEED, "Not a whole number"))?,
            None => 0,
        };
        Ok(Scenario {
            input: Arc::new(self.member(name::INPUT).cloned().unwrap_or_else(|| Value::Object(Map::new()))),
            database: semantic::database(self.machine, Some(&Value::Array(self.tables()?)))
                .map_err(|error| self.error(name::TABLES, error.to_string()))?,
            mocks: self.mocks(config_mocks)?,
            names: context.as_ref().map(|context| names.clone().with_context(context)).unwrap_or(names),
            objects: self.objects()?,
            state_machines: self.state_machines()?,
            context,
            start_time,
            seed,
            is_express: self.file.common.get(name::TYPE).and_then(Value::as_str) == Some(EXPRESS),
            ..Scenario::default()
        })
    }

    /// A member of the scenario, or of the file where the scenario does not have it.
    fn member(&self, key: &str) -> Option<&'a Value> {
        self.own(key).or_else(|| self.file.common.get(key))
    }

    fn own(&self, key: &str) -> Option<&'a Value> {
        self.scenario.and_then(|scenario| scenario.members.get(key))
    }

    /// An error at a member, wherever it is.
    fn error(&self, key: &str, message: impl Into<String>) -> BuildError {
        let pointer = match self.scenario.filter(|_| self.own(key).is_some()) {
            Some(scenario) => {
                let name = scenario.name.replace('~', "~0").replace('/', "~1");
                format!("/{}/{name}/{key}", name::SCENARIOS)
            }
            None => format!("/{key}"),
        };
        BuildError { pointer, message: message.into() }
    }

    /// The requests that create the tables: those of the file, then those of the scenario, which go before.
    fn tables(&self) -> Result<Vec<Value>, BuildError> {
        let mut requests: Vec<Value> = Vec::new();
        for source in [self.file.common.get(name::TABLES), self.own(name::TABLES)].into_iter().flatten() {
            for element in source.as_array().map(Vec::as_slice).unwrap_or_default() {
                let found = match element {
                    Value::String(path) => self.table_file(path)?,
                    other => vec![other.clone()],
                };
                for request in found {
                    let name = request.get("TableName").cloned();
                    requests.retain(|known| name.is_none() || known.get("TableName") != name.as_ref());
                    requests.push(request);
                }
            }
        }
        Ok(requests)
    }

    /// The requests that a file holds, in whichever form of those that people have.
    fn table_file(&self, path: &str) -> Result<Vec<Value>, BuildError> {
        let Some(text) = self.files.texts.get(path) else {
            return Err(self.error(name::TABLES, format!("{path} cannot be read")));
        };
        let mut seeds = Seeds::default();
        let added = seeds.add(path, text, None);
        let tables = added
            .and_then(|()| seeds.tables())
            .map_err(|error| self.error(name::TABLES, error.to_string()))?;
        match tables {
            Value::Array(requests) => Ok(requests),
            other => Ok(vec![other]),
        }
    }

    fn json_file(&self, path: &str, key: &str) -> Result<Value, BuildError> {
        let Some(text) = self.files.texts.get(path) else {
            return Err(self.error(key, format!("{path} cannot be read")));
        };
        serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| self.error(key, format!("{path} is no JSON: {error}")))
    }

    fn mock_config(&self) -> Result<Option<Value>, BuildError> {
        match self.file.common.get(name::MOCK_CONFIG).and_then(Value::as_str) {
            Some(path) => self.json_file(path, name::MOCK_CONFIG).map(Some),
            None => Ok(None),
        }
    }

    fn mocks(&self, mut mocks: Mocks) -> Result<Mocks, BuildError> {
        for source in [self.file.common.get(name::MOCKS), self.own(name::MOCKS)].into_iter().flatten() {
            for (state_name, calls) in source.as_object().into_iter().flatten() {
                let state = self.machine.all_states().find(|(_, state)| &*state.name == state_name);
                let Some((_, state)) = state else {
                    return Err(self.error(name::MOCKS, format!("No state is called \"{state_name}\"")));
                };
                mocks = mocks
                    .with_calls(state, calls)
                    .map_err(|error| self.error(name::MOCKS, error.to_string()))?;
            }
        }
        Ok(mocks)
    }

    fn objects(&self) -> Result<Objects, BuildError> {
        let Some(folder) = self.member(name::S3) else { return Ok(Objects::default()) };
        let known = folder.as_str().and_then(|path| self.files.objects.get(path));
        known.cloned().ok_or_else(|| self.error(name::S3, "The folder cannot be read"))
    }

    fn state_machines(&self) -> Result<BTreeMap<Arc<str>, NestedMachine>, BuildError> {
        let files = self.member(name::STATE_MACHINES).and_then(Value::as_object);
        let machine = |(name, path): (&String, &Value)| {
            let machine = path.as_str().and_then(|path| self.files.machines.get(path)).cloned();
            let machine = machine.ok_or_else(|| {
                self.error(name::STATE_MACHINES, format!("The definition of {name} cannot be read"))
            })?;
            Ok((Arc::from(name.as_str()), NestedMachine { machine, mocks: Mocks::default() }))
        };
        files.into_iter().flatten().map(machine).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::lower;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    const MACHINE: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}}}}"#;

    fn build(file: &Value, files: &Files) -> Result<Scenario, BuildError> {
        let machine = lower(&parse_json(SourceText::new(MACHINE), 64)).machine;
        let (file, problems) = ScenarioFile::read(&parse_json(SourceText::new(&file.to_string()), 64));
        assert_eq!(problems, []);
        file.scenario(&file.scenarios[0], &machine, "M", files)
    }

    #[track_caller]
    fn check_error(file: Value, pointer: &str, message: &str) {
        let error = build(&file, &Files::default()).unwrap_err();
        assert_eq!((error.pointer.as_str(), error.message.as_str()), (pointer, message));
    }

    fn table(items: &Value) -> Value {
        json!({"TableName": "Orders", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST", "Items": items})
    }

    #[test]
    fn a_scenario_goes_before_its_file() {
        let file = json!({
            "input": {"a": 1}, "seed": 7, "tables": [table(&json!([])), "more.json"],
            "scenarios": {"one": {"seed": 8, "tables": [table(&json!([{"id": {"S": "1"}}]))]}},
        });
        let more = json!([{"TableName": "More", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST"}]);
        let mut files = Files::default();
        files.texts.insert("more.json".to_owned(), Arc::from(more.to_string()));
        let scenario = build(&file, &files).unwrap();
        assert_eq!((&*scenario.input, scenario.seed), (&json!({"a": 1}), 8));
        let tables: Vec<_> = scenario.database.tables().map(|it| (it.name().to_string(), it.len())).collect();
        assert_eq!(tables, [("More".to_owned(), 0), ("Orders".to_owned(), 1)]);
    }

    #[test]
    fn mistakes_have_a_place() {
        check_error(
            json!({"scenarios": {"a/b": {"mocks": {"X": {"Return": 1}}}}}),
            "/scenarios/a~1b/mocks",
            "No state is called \"X\"",
        );
        check_error(
            json!({"tables": ["t.json"], "scenarios": {"a": {}}}),
            "/tables",
            "t.json cannot be read",
        );
        check_error(json!({"s3": "f", "scenarios": {"a": {}}}), "/s3", "The folder cannot be read");
    }

    #[test]
    fn test_cases_of_a_mock_configuration() {
        let config = json!({"StateMachines": {"M": {"TestCases": {"Happy": {"A": "R"}}}},
            "MockedResponses": {"R": {"0": {"Return": 5}}}});
        let mut files = Files::default();
        files.texts.insert("m.json".to_owned(), Arc::from(config.to_string()));
        let machine = lower(&parse_json(SourceText::new(MACHINE), 64)).machine;
        let (file, _) = ScenarioFile::read(&parse_json(SourceText::new(r#"{"mockConfig": "m.json"}"#), 64));
        assert_eq!(file.test_cases("M", &files).unwrap(), ["Happy"]);
        assert!(file.test_case("Happy", &machine, "M", &files).unwrap().mocks.has("A"));
    }
}
