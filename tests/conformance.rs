//! Runs the executions that were recorded from AWS, where their folder is there.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use asl_lsp::dynamodb::Database;
use asl_lsp::simulator::{Budget, Mocks, Names, Scenario, Simulation, history_json, report_json};
use asl_lsp::spec::quota;
use asl_lsp::text::SourceText;
use asl_lsp::{model, syntax};
use serde_json::{Value, json};

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    folder.is_dir().then_some(folder)
}

fn scenario(case: &Value) -> Scenario {
    let names = &case["names"];
    let name = |key: &str, default: &str| Arc::from(names[key].as_str().unwrap_or(default));
    let base = Names::new("recorded");
    let mut scenario = Scenario {
        input: Arc::new(if case["input"].is_null() && case.get("input").is_none() {
            json!({})
        } else {
            case["input"].clone()
        }),
        names: Names {
            state_machine_arn: name("stateMachineArn", &base.state_machine_arn),
            state_machine_name: Arc::from(
                names["stateMachineArn"]
                    .as_str()
                    .and_then(|arn| arn.rsplit(':').next())
                    .unwrap_or("recorded"),
            ),
            execution_arn: name("executionArn", &base.execution_arn),
            execution_name: Arc::from(
                names["executionArn"].as_str().and_then(|arn| arn.rsplit(':').next()).unwrap_or("recorded"),
            ),
            role_arn: name("roleArn", &base.role_arn),
            region: base.region.clone(),
        },
        is_express: case["type"] == "EXPRESS",
        ..Scenario::default()
    };
    if serde_json::to_string(&case["placeholders"]["bound"]).unwrap().contains("a_task_token") {
        scenario.context = Some(json!({"Task": {"Token": "a_task_token"}}));
    }
    for object in case["s3_objects"].as_array().into_iter().flatten() {
        let text = |key: &str| object[key].as_str().unwrap();
        scenario.objects.insert(text("Bucket"), text("Key"), text("Body").as_bytes());
    }
    if case["tables"].is_array() {
        scenario.database = Database::from_tables(&case["tables"]).unwrap();
    }
    if let Some(machines) = case["mocks"]["StateMachines"].as_object() {
        let (machine, cases) = machines.iter().next().unwrap();
        let test_case = case["mock_test_case"].as_str().map(str::to_owned);
        let test_case = test_case
            .unwrap_or_else(|| cases["TestCases"].as_object().unwrap().keys().next().unwrap().clone());
        scenario.mocks = Mocks::from_config(&case["mocks"], machine, &test_case).unwrap();
    }
    scenario
}

#[test]
fn executions() {
    let Some(corpus) = corpus() else {
        println!("no recordings here");
        return;
    };
    let index: Value =
        serde_json::from_str(&std::fs::read_to_string(corpus.join("aws/index.json")).unwrap()).unwrap();
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/conformance");
    std::fs::create_dir_all(&out).unwrap();
    let mut all = Vec::new();
    for entry in index.as_array().unwrap() {
        if entry["kind"] != "execution" {
            continue;
        }
        let file = entry["file"].as_str().unwrap();
        let case: Value =
            serde_json::from_str(&std::fs::read_to_string(corpus.join("aws").join(file)).unwrap()).unwrap();
        if !case["definition"].is_object() {
            continue;
        }
        let text = serde_json::to_string_pretty(&case["definition"]).unwrap();
        let parse = syntax::parse_json(SourceText::new(&text), quota::DOCUMENT_NESTING_MAX);
        let lowered = model::lower(&parse);
        let scenario = Arc::new(scenario(&case));
        let machine = Arc::new(lowered.machine);
        let mut simulation = Simulation::new(machine.clone(), scenario.clone());
        simulation.run(Budget::steps(200_000));
        let mut report = report_json(simulation.trace(), &machine, &scenario.names);
        report["file"] = json!(file);
        report.as_object_mut().unwrap().shift_remove("states");
        report["events"] = history_json(simulation.trace(), &scenario.names)["events"].clone();
        all.push(report);
    }
    std::fs::write(out.join("all.json"), serde_json::to_string(&all).unwrap()).unwrap();
}
