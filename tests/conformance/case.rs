//! The recorded cases: where they lie, and what a simulation of one is given.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use asl_lsp::dynamodb::Database;
use asl_lsp::expr::parse_timestamp;
use asl_lsp::model::StateMachine;
use asl_lsp::simulator::{Budget, Mocks, Names, Scenario, Simulation, Step, Time, history_json, report_json};
use asl_lsp::spec::quota;
use asl_lsp::text::SourceText;
use asl_lsp::{model, syntax};
use serde_json::{Value, json};

use crate::values::{Placeholders, array};

/// A case and the file it lies in, which is its name.
pub(crate) struct Case {
    /// Below the folder of the recordings, such as `base/test_pass.json`.
    pub(crate) file: String,
    pub(crate) value: Value,
}

/// The folder of the recordings and documents. A clone of the project does not have it.
pub(crate) fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !folder.is_dir() {
        println!("There are no recordings at {}: nothing to compare with.", folder.display());
        return None;
    }
    Some(folder)
}

/// The recorded cases of a kind, by file.
pub(crate) fn cases(kind: &str) -> Option<Vec<Case>> {
    let folder = corpus()?.join("aws");
    let index = read(&folder.join("index.json"));
    let mut cases: Vec<Case> = index
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["kind"] == kind)
        .map(|entry| {
            let file = entry["file"].as_str().unwrap().to_owned();
            Case { value: read(&folder.join(&file)), file }
        })
        .collect();
    cases.sort_by(|a, b| a.file.cmp(&b.file));
    Some(cases)
}

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

impl Case {
    pub(crate) fn group(&self) -> &str {
        self.value["group"].as_str().unwrap()
    }

    pub(crate) fn is_express(&self) -> bool {
        self.value["type"] == "EXPRESS"
    }

    /// The definition's text; nothing where the recording did not keep it.
    pub(crate) fn definition(&self) -> Option<String> {
        match &self.value["definition"] {
            Value::Null => {
                let text = self.value["definition_text"].as_str()?;
                (!text.is_empty()).then(|| text.to_owned())
            }
            definition => Some(serde_json::to_string_pretty(definition).unwrap()),
        }
    }

    /// Runs the definition and gives its status, output, error, cause and events.
    pub(crate) fn simulate(&self) -> Option<Value> {
        let (machine, scenario, simulation) = self.run()?;
        let report = report_json(simulation.trace(), &machine, &scenario.names);
        Some(json!({
            "status": report["status"],
            "output": report["output"],
            "error": report["error"],
            "cause": report["cause"],
            "events": history_json(simulation.trace(), &scenario.names)["events"],
        }))
    }

    /// Runs the definition to its end.
    pub(crate) fn run(&self) -> Option<(Arc<StateMachine>, Arc<Scenario>, Simulation)> {
        const STEPS_MAX: u64 = 200_000;
        let parse = syntax::parse_json(SourceText::new(&self.definition()?), quota::DOCUMENT_NESTING_MAX);
        let machine = model::lower(&parse).machine;
        let scenario = Arc::new(self.scenario());
        let mut simulation = Simulation::new(machine.clone(), scenario.clone());
        if self.is_unfinished() {
            // What was recorded of an execution that went on is the beginning of what we come to.
            let n_recorded = self.value["expect"]["events"].as_array().map_or(0, Vec::len);
            while simulation.trace().events.len() < n_recorded && simulation.step() == Step::Advanced {}
        } else {
            simulation.run(Budget::steps(STEPS_MAX));
        }
        Some((machine, scenario, simulation))
    }

    fn scenario(&self) -> Scenario {
        let case = &self.value;
        let mut scenario = Scenario {
            // An execution that is started without an input has an empty object.
            input: Arc::new(if case["input"].is_null() { json!({}) } else { case["input"].clone() }),
            names: self.names(),
            mocks: self.mocks(),
            context: self.task_token().map(|token| json!({"Task": {"Token": token}})),
            is_express: self.is_express(),
            start_time: self.start_time(),
            ..Scenario::default()
        };
        // Nothing else happens in these executions before they are stopped.
        if self.needs("external_stop") {
            scenario.stop_time = Some(scenario.start_time.plus_seconds(1));
        }
        for object in case["s3_objects"].as_array().into_iter().flatten() {
            let text = |key: &str| object[key].as_str().unwrap();
            scenario.objects.insert(text("Bucket"), text("Key"), text("Body").as_bytes());
        }
        if case["tables"].is_array() {
            scenario.database = Database::from_tables(&case["tables"]).unwrap();
        }
        scenario
    }

    /// Whether the recording ends before the execution.
    fn is_unfinished(&self) -> bool {
        self.value["expect"]["status"].is_null()
    }

    fn needs(&self, what: &str) -> bool {
        array(&self.value["needs"]).iter().any(|need| need == what)
    }

    fn has_flag(&self, flag: &str) -> bool {
        array(&self.value["flags"]).iter().any(|own| own == flag)
    }

    /// When the execution starts. Where a time in the input was so many days after the recording, as many before it.
    fn start_time(&self) -> Time {
        let days = || {
            let id = self.value["id"].as_str()?;
            id.rsplit_once('[')?.1.strip_suffix(']')?.parse::<i64>().ok()
        };
        let input = self.value["input"].as_object().into_iter().flatten();
        let time = input.filter_map(|(_, value)| parse_timestamp(value.as_str()?)).next();
        match (self.has_flag("relative_time"), time, days()) {
            (true, Some(time), Some(days)) => Time::from(time).plus_seconds(-days * 86_400),
            _ => Time::DEFAULT_START,
        }
    }

    fn names(&self) -> Names {
        let made_up = Names::new("recorded");
        let recorded = |key: &str, default: &Arc<str>| match self.value["names"][key].as_str() {
            Some(name) => Arc::from(name),
            None => default.clone(),
        };
        let state_machine_arn = recorded("stateMachineArn", &made_up.state_machine_arn);
        let execution_arn = recorded("executionArn", &made_up.execution_arn);
        let last_part = |arn: &str| Arc::from(arn.rsplit(':').next().unwrap_or(arn));
        Names {
            state_machine_name: last_part(&state_machine_arn),
            execution_name: last_part(&execution_arn),
            role_arn: recorded("roleArn", &made_up.role_arn),
            region: made_up.region.clone(),
            state_machine_arn,
            execution_arn,
        }
    }

    /// The results of tasks, for the one state machine that the case's mocks are of.
    fn mocks(&self) -> Mocks {
        let Some(machines) = self.value["mocks"]["StateMachines"].as_object() else {
            return Mocks::default();
        };
        let (machine, test_cases) = machines.iter().next().unwrap();
        let only = || test_cases["TestCases"].as_object().unwrap().keys().next().unwrap().as_str();
        let test_case = self.value["mock_test_case"].as_str().unwrap_or_else(only);
        let mut config = self.value["mocks"].clone();
        for (_, responses) in config["MockedResponses"].as_object_mut().unwrap() {
            for (_, response) in responses.as_object_mut().unwrap() {
                self.complete(response);
            }
        }
        Mocks::from_config(&config, machine, test_case).unwrap()
    }

    /// Adds to a mocked response what the recording knows besides: all that the service answered, where the mock tells
    /// a part of it, and the name of the worker that took an activity's task.
    fn complete(&self, response: &mut Value) {
        let placeholders = Placeholders::of_answers(&self.value);
        let returned = response["Return"].clone();
        let results = array(&self.value["task_calls"]).iter().map(|call| &call["result"]["Return"]);
        let is_told_by = |result: &&Value| match (result.as_object(), returned.as_object()) {
            (Some(result), Some(told)) => told.iter().all(|(key, told)| {
                let mut found = Vec::new();
                let recorded = result.get(key).unwrap_or(&Value::Null);
                placeholders.compare(recorded, told, "", &mut found);
                found.is_empty()
            }),
            _ => false,
        };
        if let Some(result) = results.into_iter().find(is_told_by) {
            response["Return"] = result.clone();
        }
        let events = array(&self.value["expect"]["events"]).iter();
        let workers = events.filter_map(|event| event["activityStartedEventDetails"]["workerName"].as_str());
        if let Some(name) = workers.into_iter().next() {
            response["WorkerName"] = json!(name);
        }
    }

    /// The task token that was recorded. Those that stand for anything may differ from call to call; one that does
    /// not is the same in all calls.
    fn task_token(&self) -> Option<&str> {
        find_text(&self.value["expect"]["events"], "TaskToken")
    }
}

/// The first text that a member of this name has, anywhere in a value.
fn find_text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    match value {
        Value::Object(members) => members.iter().find_map(|(key, value)| match value.as_str() {
            Some(text) if key == name => Some(text),
            _ => find_text(value, name),
        }),
        Value::Array(elements) => elements.iter().find_map(|element| find_text(element, name)),
        _ => None,
    }
}
