//! What is shown and changed while it stands still.

use serde_json::json;

use crate::client::Client;

/// Stands before `Keep` of the first iteration.
fn at_keep() -> Client {
    let mut client = Client::launched("fan.asl.json", json!({"input": {"items": ["a", "b"]}}));
    client.break_at("fan.asl.json", json!([{"line": 20}]));
    assert_eq!(client.begin(), "breakpoint at Keep (Each: iteration 0) < Each (fan)");
    client
}

#[test]
fn a_frame_has_its_data() {
    let mut client = at_keep();
    let input = client.scope(2, "Input");
    assert_eq!(client.children(input), [r#"id = "a""#, "index = 0"]);
    let stages = client.scope(2, "State before: Wrap");
    let expected = [
        r#"input = "a""#,
        r#"afterInputPath = "a""#,
        r#"afterParameters = {"id":"a","index":0}"#,
        r#"result = {"id":"a","index":0}"#,
        r#"afterResultSelector = {"id":"a","index":0}"#,
        r#"afterResultPath = {"id":"a","index":0}"#,
        r#"output = {"id":"a","index":0}"#,
    ];
    assert_eq!(client.children(stages), expected);
    let variables = client.scope(2, "Variables");
    assert_eq!(client.children(variables), ["total = 2"]);
    assert_eq!(client.evaluate(2, "$$.Map.Item.Index"), "0");
    let stages = client.scope(1, "State");
    assert_eq!(client.children(stages)[2], r#"afterItemsPath = ["a","b"]"#);
}

#[test]
fn expressions_are_of_both_languages() {
    let mut client = at_keep();
    assert_eq!(client.evaluate(2, "$.id"), "\"a\"");
    assert_eq!(client.evaluate(2, "States.Format('<{}>', $.id)"), "\"<a>\"");
    assert_eq!(client.evaluate(2, "{% $states.input.id & $string($total) %}"), "\"a2\"");
    let frame = client.top(2);
    let arguments = json!({"expression": "$.gone", "frameId": frame, "context": "hover"});
    assert_eq!(client.refusal("evaluate", arguments), "No results for path: $['gone']");
}

#[test]
fn the_input_can_be_changed_before_a_state_runs() {
    let mut client = at_keep();
    let input = client.scope(2, "Input");
    let arguments = json!({"variablesReference": input, "name": "id", "value": "\"changed\""});
    assert_eq!(client.request("setVariable", arguments)["value"], "\"changed\"");
    assert_eq!(client.children(input)[0], r#"id = "changed""#);
    client.go_on("stepOut", 2);
    client.go_on("stepOut", 3);
    let tables = client.scope(1, "Tables");
    assert_eq!(client.children(tables), [r#"Things = [{"Id":"b"},{"Id":"changed"}]"#]);
}

#[test]
fn the_input_of_a_state_that_has_begun_stays() {
    let mut client = at_keep();
    let input = client.scope(1, "Input");
    let arguments = json!({"variablesReference": input, "name": "items", "value": "[]"});
    let expected = "The state has begun: restart its frame to change its input";
    assert_eq!(client.refusal("setVariable", arguments), expected);
}

#[test]
fn variables_can_be_changed() {
    let mut client = at_keep();
    let variables = client.scope(2, "Variables");
    let arguments = json!({"variablesReference": variables, "name": "total", "value": "$total + 40"});
    assert_eq!(client.request("setVariable", arguments)["value"], "42");
    assert_eq!(client.evaluate(2, "$total"), "42");
    let context = client.scope(2, "Context");
    let arguments = json!({"variablesReference": context, "name": "Map", "value": "1"});
    assert_eq!(client.refusal("setVariable", arguments), "Only the input and variables can be changed");
}

#[test]
fn large_arrays_are_paged() {
    let items: Vec<u32> = (0..500).collect();
    let mut client =
        Client::launched("fan.asl.json", json!({"input": {"items": items}, "stopOnEntry": true}));
    client.begin();
    let input = client.scope(1, "Input");
    let body = client.request("variables", json!({"variablesReference": input}));
    assert_eq!(body["variables"][0]["indexedVariables"], 500);
    let array = &body["variables"][0]["variablesReference"];
    let arguments = json!({"variablesReference": array, "filter": "indexed", "start": 400, "count": 2});
    let page = client.request("variables", arguments);
    let names: Vec<&str> =
        page["variables"].as_array().unwrap().iter().map(|child| child["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["400", "401"]);
    assert_eq!(page["variables"][0]["evaluateName"], "$.items[400]");
}

#[test]
fn more_iterations_than_are_listed() {
    let folder = std::env::temp_dir().join(format!("asl-lsp-threads-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("wide.asl.json");
    let processor = json!({
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "B",
        "States": {"B": {"Type": "Pass", "End": true}},
    });
    let state = json!({"Type": "Map", "ItemProcessor": processor, "End": true});
    std::fs::write(&file, json!({"StartAt": "A", "States": {"A": state}}).to_string()).unwrap();
    let listed = |n_items: usize| {
        let input: Vec<usize> = (0..n_items).collect();
        let arguments = json!({"input": input, "stopOnEntry": true});
        let mut client = Client::launched(file.to_str().unwrap(), arguments);
        client.begin();
        client.go("stepIn");
        client.request("threads", json!({}))["threads"].as_array().unwrap().len()
    };
    // The machine itself is one of them.
    let limit = asl_lsp::spec::quota::DEBUGGED_THREADS_MAX;
    assert_eq!([listed(limit - 1), listed(limit), listed(limit + 50)], [limit, limit, limit]);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn frames_have_places() {
    let mut client = at_keep();
    let frames = client.stack(2);
    let places: Vec<String> = frames
        .iter()
        .map(|frame| format!("{}:{}-{}", frame["line"], frame["column"], frame["endColumn"]))
        .collect();
    assert_eq!(places, ["20:11-17", "9:5-11"]);
}

#[test]
fn references_do_not_outlive_a_step() {
    let mut client = at_keep();
    let input = client.scope(2, "Input");
    client.go_on("next", 2);
    let expected = "What this refers to is gone: the execution has gone on";
    assert_eq!(client.refusal("variables", json!({"variablesReference": input})), expected);
}
