//! Where it stops.

use serde_json::{Value, json};

use crate::client::{Client, path};

const COUNT: &str = "count.asl.json";

/// Launches a count to 3 with a breakpoint at `Add`, which begins on line 10.
fn count(mut breakpoint: Value) -> Client {
    let mut client = Client::launched(COUNT, json!({"input": {"n": 0, "limit": 3}}));
    breakpoint["line"] = json!(10);
    client.break_at(COUNT, json!([breakpoint]));
    client
}

#[test]
fn a_line_within_a_state_is_the_states() {
    let mut client = Client::launched("fan.asl.json", json!({}));
    let bound =
        client.break_at("fan.asl.json", json!([{"line": 2}, {"line": 24}, {"line": 37}, {"line": 900}]));
    let lines: Vec<String> =
        bound.as_array().unwrap().iter().map(|at| format!("{} {}", at["verified"], at["line"])).collect();
    assert_eq!(lines, ["false null", "true 20", "true 32", "false null"]);
    assert_eq!(bound[0]["message"], "No state is here");
}

#[test]
fn more_breakpoints_than_are_set() {
    let mut client = Client::launched(COUNT, json!({}));
    let limit = asl_lsp::spec::quota::BREAKPOINTS_MAX;
    let arguments = |n_lines: usize| {
        let breakpoints: Vec<Value> = (0..n_lines).map(|line| json!({"line": line + 1})).collect();
        json!({"source": {"path": path(COUNT)}, "breakpoints": breakpoints})
    };
    let bound = client.request("setBreakpoints", arguments(limit));
    assert_eq!(bound["breakpoints"].as_array().unwrap().len(), limit);
    let refusal = client.refusal("setBreakpoints", arguments(limit + 1));
    assert_eq!(refusal, "More than 10000 breakpoints are not set");
}

#[test]
fn another_files_breakpoints_are_not_bound() {
    let mut client = Client::launched(COUNT, json!({}));
    let bound = client.break_at("fan.asl.json", json!([{"line": 4}]));
    assert_eq!(bound[0]["message"], "Another file is being debugged");
}

#[test]
fn conditions_and_hits_choose_the_visit() {
    let mut client = count(json!({"condition": "$states.input.n = 2"}));
    assert_eq!(client.begin(), "breakpoint at Add (count)");
    assert_eq!(client.evaluate(1, "$states.input.n"), "2");
    let mut client = count(json!({"hitCondition": ">= 2"}));
    client.begin();
    assert_eq!(client.evaluate(1, "$states.input.n"), "1");
    client.go("continue");
    assert_eq!(client.evaluate(1, "$states.input.n"), "2");
}

#[test]
fn a_condition_that_cannot_be_evaluated_stops() {
    let mut client = count(json!({"condition": "$states.input.n + 'x'"}));
    assert_eq!(client.begin(), "breakpoint at Add (count)");
    assert!(client.outputs[1].starts_with("The breakpoint's condition: T2002"), "{:?}", client.outputs);
}

#[test]
fn a_condition_that_cannot_be_read_is_told() {
    let mut client = Client::launched(COUNT, json!({}));
    let bound = client.break_at(COUNT, json!([{"line": 10, "condition": "("}]));
    assert_eq!(bound[0]["verified"], false);
    assert!(bound[0]["message"].as_str().unwrap().starts_with("The condition: S0"), "{bound}");
}

#[test]
fn a_logpoint_prints_and_runs_on() {
    let mut client = count(json!({"logMessage": "n is {$states.input.n}"}));
    client.request("configurationDone", json!({}));
    assert_eq!(client.end(), 0);
    let logs: Vec<&String> = client.outputs.iter().filter(|line| line.starts_with("n is")).collect();
    assert_eq!(logs, ["n is 0", "n is 1", "n is 2"]);
}

#[test]
fn a_scenario_says_what_is_debugged() {
    let mut client = Client::launched(COUNT, json!({"scenario": "to two", "stopOnEntry": true}));
    client.begin();
    assert_eq!(client.evaluate(1, "$states.input.n"), "1");
    let mut client = Client::in_process();
    let arguments = json!({"program": path(COUNT), "scenario": "to three"});
    let reason = client.refusal("launch", arguments);
    assert!(reason.contains("count.scenarios.json is called to three"), "{reason}");
}

#[test]
fn states_are_functions() {
    let mut client = Client::launched(COUNT, json!({"input": {"n": 0, "limit": 3}}));
    let bound = client
        .request("setFunctionBreakpoints", json!({"breakpoints": [{"name": "Done"}, {"name": "Gone"}]}));
    assert_eq!(bound["breakpoints"][1]["message"], "No state is called 'Gone'");
    assert_eq!(client.begin(), "breakpoint at Done (count)");
}

#[test]
fn places_for_breakpoints_are_told() {
    let mut client = Client::launched(COUNT, json!({}));
    let arguments = json!({"source": {"path": path(COUNT)}, "line": 1, "endLine": 12});
    let places = client.request("breakpointLocations", arguments);
    assert_eq!(places["breakpoints"], json!([{"line": 5, "column": 5}, {"line": 10, "column": 5}]));
}

/// Runs the failing fixture and stops at such errors.
fn faults(filters: &[&str]) -> Client {
    let mut client = Client::launched("faults.asl.yaml", json!({"input": {"id": "1"}}));
    client.request("setExceptionBreakpoints", json!({"filters": filters}));
    client
}

#[test]
fn each_kind_of_error_has_its_filter() {
    let mut client = faults(&["retried", "caught", "failed"]);
    assert_eq!(client.begin(), "exception at Touch (faults)");
    let info = client.request("exceptionInfo", json!({"threadId": 1}));
    assert_eq!(info["exceptionId"], "DynamoDB.ConditionalCheckFailedException");
    assert!(info["description"].as_str().unwrap().starts_with("The conditional request failed"), "{info}");
    assert_eq!(client.go("continue"), "exception at Touch (faults)");
    assert_eq!(client.go("continue"), "exception at Stop (faults)");
    let error = client.scope(1, "Error");
    assert_eq!(client.children(error), [r#"Error = "Gone""#, r#"Cause = "There is no such thing""#]);
    client.request("continue", json!({"threadId": 1}));
    assert_eq!(client.end(), 1);
}

#[test]
fn only_what_was_asked_for_stops() {
    let mut client = faults(&["failed"]);
    assert_eq!(client.begin(), "exception at Stop (faults)");
    assert_eq!(
        client.refusal("setExceptionBreakpoints", json!({"filters": ["odd"]})),
        "There is no filter 'odd'"
    );
}

#[test]
fn a_state_that_would_fail_can_be_helped() {
    let tables = json!([{"TableName": "Things", "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}], "Items": [{"Id": {"S": "2"}}]}]);
    let mut client = Client::launched("faults.asl.yaml", json!({"input": {"id": "1"}, "tables": tables}));
    client.request("setExceptionBreakpoints", json!({"filters": ["retried"]}));
    assert_eq!(client.begin(), "exception at Touch (faults)");
    let frame = client.top(1);
    let arguments = json!({"expression": "input = {\"id\": \"2\"}", "frameId": frame, "context": "repl"});
    client.request("evaluate", arguments);
    client.request("continue", json!({"threadId": 1}));
    assert_eq!(client.end(), 0);
}
