//! The recorded cases: where they lie, and what a simulation of one is given.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use asl_lsp::dynamodb::Database;
use asl_lsp::model::StateMachine;
use asl_lsp::simulator::{Budget, Mocks, Names, Scenario, Simulation, history_json, report_json};
use asl_lsp::spec::quota;
use asl_lsp::text::SourceText;
use asl_lsp::{model, syntax};
use serde_json::{Value, json};

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
        let machine = Arc::new(model::lower(&parse).machine);
        let scenario = Arc::new(self.scenario());
        let mut simulation = Simulation::new(machine.clone(), scenario.clone());
        simulation.run(Budget::steps(STEPS_MAX));
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
            ..Scenario::default()
        };
        for object in case["s3_objects"].as_array().into_iter().flatten() {
            let text = |key: &str| object[key].as_str().unwrap();
            scenario.objects.insert(text("Bucket"), text("Key"), text("Body").as_bytes());
        }
        if case["tables"].is_array() {
            scenario.database = Database::from_tables(&case["tables"]).unwrap();
        }
        scenario
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
        Mocks::from_config(&self.value["mocks"], machine, test_case).unwrap()
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
