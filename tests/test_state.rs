//! Runs the tests of single states that were recorded from AWS, and what AWS tells of variables, where their folder is
//! there.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use asl_lsp::diagnostics::{Diagnostic, SCHEMA_VALIDATION_FAILED, Severity};
use asl_lsp::ide::Analysis;
use asl_lsp::semantic;
use asl_lsp::simulator::{
    FieldValidationMode, InspectionLevel, LONE_STATE_NAME, Mock, Names, Refusal, Scenario,
    StateConfiguration, TestStateRequest, machine_around_state, test_state,
};
use asl_lsp::syntax::Format;
use asl_lsp::text::SourceText;
use serde_json::{Map, Value, json};

/// Cases whose answer is not AWS's, by the beginning of their file's name, with ours and the reason.
const GAPS: &[(&str, &str, &str)] = &[(
    "test_base_variable_references_in_assign_templates[BASE_REFERENCE_IN_WAIT]",
    r#"{"WaitSecondsState":["waitTime"]}"#,
    "the recording put a placeholder in the place of the path that reads the variable",
)];

/// What the recordings say differently at each run, where it is all of a string.
const VOLATILE: &[&str] = &["date", "start-date", "entered-time", "start-time"];

fn cases(group: &str) -> Option<Vec<(String, Value)>> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/aws").join(group);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).ok()?.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
    };
    Some(files.into_iter().map(read).collect())
}

/// Runs all cases of a group; those that do not pass have to be known gaps.
fn run(group: &str, check: impl Fn(&Value) -> Result<(), String>) {
    let Some(cases) = cases(group) else {
        println!("no recordings of {group} here");
        return;
    };
    let (mut n_passed, mut unknown) = (0, Vec::new());
    for (name, case) in &cases {
        let gap = GAPS.iter().find(|(prefix, ..)| name.starts_with(prefix));
        match (check(case), gap) {
            (Ok(()), None) => n_passed += 1,
            (Ok(()), Some(_)) => unknown.push(format!("{name}: passes, though it is listed as a gap")),
            (Err(ours), Some((_, expected, reason))) if ours.contains(expected) => {
                println!("gap: {name}: {reason}");
            }
            (Err(why), _) => unknown.push(format!("{name}: {why}")),
        }
    }
    println!("{group}: {n_passed}/{} pass", cases.len());
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

#[test]
fn recorded_tests_of_states() {
    run("test_state", |case| {
        let (expected, answer) = (&case["expect"], answer(case));
        let expected = match expected["status"].as_str() {
            Some("REJECTED") => {
                json!({"status": "REJECTED", "error": expected["error"], "cause": expected["cause"]})
            }
            _ => expected["response"].clone(),
        };
        let wild: Vec<&str> =
            case["placeholders"]["wild"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        match difference("", &expected, &answer, &wild) {
            None => Ok(()),
            Some(difference) => Err(difference),
        }
    });
}

#[test]
fn recorded_variable_references() {
    run("sfn_api_variable_references", |case| {
        let analysis =
            Analysis::new(SourceText::new(&case["definition"].to_string()), Format::Json, Arc::default());
        let machine = analysis.machine();
        let named = semantic::variable_references(machine).into_iter().map(|(id, names)| {
            let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
            (machine.state(id).unwrap().name.to_string(), names)
        });
        let ours = json!(named.collect::<BTreeMap<_, _>>());
        let expected = &case["expect"]["variableReferences"];
        if ours == *expected { Ok(()) } else { Err(format!("{ours} instead of {expected}")) }
    });
}

fn answer(case: &Value) -> Value {
    match request(case).and_then(|request| test_state(&request)) {
        Ok(answer) => answer.to_json(match case["test_state"]["inspectionLevel"].as_str() {
            Some("TRACE") => InspectionLevel::Trace,
            Some("DEBUG") => InspectionLevel::Debug,
            _ => InspectionLevel::Info,
        }),
        Err(refusal) => json!({
            "status": "REJECTED",
            "error": refusal.code(),
            "cause": refusal.to_string(),
        }),
    }
}

fn request(case: &Value) -> Result<TestStateRequest, Refusal> {
    let request = &case["test_state"];
    let definition = case["definition"].to_string();
    let (text, name) = match request["stateName"].as_str() {
        Some(name) => (definition, name),
        None => (machine_around_state(LONE_STATE_NAME, &definition), LONE_STATE_NAME),
    };
    let analysis = Analysis::new(SourceText::new(&text), Format::Json, Arc::default());
    // A state alone may lead to states that are not there.
    let is_mistake = |found: &&Diagnostic| {
        found.severity == Severity::Error
            && (request.get("stateName").is_some() || found.code == SCHEMA_VALIDATION_FAILED)
    };
    let mistakes: Vec<(&str, &str, String)> = analysis
        .diagnostics()
        .iter()
        .filter(is_mistake)
        .map(|found| {
            let place = found.node.map(|node| analysis.parse().node(node).pointer()).unwrap_or_default();
            (found.code, found.message.as_str(), place)
        })
        .collect();
    if !mistakes.is_empty() {
        let mistakes = mistakes.iter().map(|(code, message, place)| (*code, *message, place.as_str()));
        return Err(Refusal::invalid_definition(mistakes));
    }
    let has_role = request["roleArn"].is_string();
    let mut names = Names::new("machine");
    names.execution_arn = "arn:aws:states:us-east-1:111111111111:express:machine:run".into();
    names.state_machine_arn = "arn:aws:states:us-east-1:111111111111:stateMachine:machine".into();
    names.role_arn = "arn:aws:iam::111111111111:role/role".into();
    Ok(TestStateRequest {
        machine: analysis.machine().clone(),
        state_name: name.into(),
        scenario: Scenario {
            input: Arc::new(if case["input_present"] == true { case["input"].clone() } else { json!({}) }),
            context: request.get("context").cloned(),
            names,
            ..Scenario::default()
        },
        variables: request["variables"].as_object().cloned().unwrap_or_else(Map::new),
        mock: mock(case),
        configuration: request
            .get("stateConfiguration")
            .map(|configuration| StateConfiguration::from_json(configuration).unwrap())
            .unwrap_or_default(),
        has_role,
        reveals_secrets: request["revealSecrets"] == true,
    })
}

/// The mock of the case. Three call a function, whose answer is nothing of the simulation's: it comes as a mock.
fn mock(case: &Value) -> Option<Mock> {
    if let Some(mock) = case["test_state"].get("mock") {
        return Some(Mock::from_json(mock).unwrap());
    }
    let result = case["expect"].pointer("/response/inspectionData/result");
    let result = result.filter(|_| case["definition"]["Type"] == "Task")?;
    let result = if result.is_string() { parsed(result) } else { result.clone() };
    Some(Mock { field_validation_mode: FieldValidationMode::None, ..Mock::result(&result) })
}

/// Where two answers differ, and in what. Text that is JSON is compared as JSON, numbers by value.
fn difference(place: &str, expected: &Value, ours: &Value, wild: &[&str]) -> Option<String> {
    let (expected, ours) = (&parsed(expected), &parsed(ours));
    match (expected, ours) {
        (Value::Object(expected), Value::Object(ours)) => {
            let keys = expected.keys().chain(ours.keys().filter(|key| !expected.contains_key(*key)));
            keys.filter(|key| !["SdkHttpMetadata", "SdkResponseMetadata"].contains(&key.as_str())).find_map(
                |key| match (expected.get(key), ours.get(key)) {
                    (Some(expected), Some(ours)) => {
                        difference(&format!("{place}/{key}"), expected, ours, wild)
                    }
                    (Some(expected), None) => Some(format!("{place}/{key} is missing: {expected}")),
                    (_, ours) => Some(format!("{place}/{key} is too much: {}", json!(ours))),
                },
            )
        }
        (Value::Array(expected), Value::Array(ours)) if expected.len() == ours.len() => {
            expected.iter().zip(ours).enumerate().find_map(|(idx, (expected, ours))| {
                difference(&format!("{place}/{idx}"), expected, ours, wild)
            })
        }
        (Value::Number(expected), Value::Number(ours)) if expected.as_f64() == ours.as_f64() => None,
        (Value::String(expected), Value::String(ours)) if is_like(expected, ours, wild) => None,
        (expected, ours) if expected == ours => None,
        (expected, ours) => Some(format!("{place} is {ours} instead of {expected}")),
    }
}

fn parsed(value: &Value) -> Value {
    let text = value.as_str();
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| value.clone())
}

/// Whether a text is the expected one, placeholders in it aside.
fn is_like(expected: &str, ours: &str, wild: &[&str]) -> bool {
    if VOLATILE.contains(&expected) || wild.contains(&expected) {
        return true;
    }
    // What lies between placeholders such as `<resource:1>` has to be there, in order.
    let mut parts = Vec::new();
    let mut rest = expected;
    while let Some((before, after)) = rest.split_once('<') {
        let Some((_, after)) = after.split_once('>') else { break };
        parts.push(before);
        rest = after;
    }
    let Some((first, middle)) = parts.split_first() else { return expected == ours };
    let Some(mut left) = ours.strip_prefix(first) else { return false };
    for part in middle {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(rest)
}
