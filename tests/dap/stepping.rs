//! Forward, back, in and out.

use serde_json::json;

use crate::client::Client;

fn fan() -> Client {
    let mut client =
        Client::launched("fan.asl.json", json!({"input": {"items": ["a", "b"]}, "stopOnEntry": true}));
    assert_eq!(client.begin(), "entry at Prepare (fan)");
    client
}

#[test]
fn next_goes_over_all_that_is_in_a_state() {
    let mut client = fan();
    assert_eq!(client.go("next"), "step at Each (fan)");
    assert_eq!(client.go("next"), "step at Both (fan)");
    assert_eq!(client.go("next"), "step at Done (fan)");
    client.request("next", json!({"threadId": 1}));
    assert_eq!(client.end(), 0);
    let ends: Vec<&str> = client.outputs.iter().map(|line| line.split(' ').next().unwrap()).collect();
    let expected = [
        "Prepare",
        "Wrap",
        "Keep",
        "Wrap",
        "Keep",
        "Each",
        "Left",
        "Pause",
        "Right",
        "Both",
        "Done",
        "SUCCEEDED",
    ];
    assert_eq!(ends, expected);
}

#[test]
fn step_in_and_out_of_iterations() {
    let mut client = fan();
    client.go("next");
    assert_eq!(client.go("stepIn"), "step at Wrap (Each: iteration 0) < Each (fan)");
    assert_eq!(client.go_on("next", 2), "step at Keep (Each: iteration 0) < Each (fan)");
    assert_eq!(client.go_on("next", 2), "step at Wrap (Each: iteration 1) < Each (fan)");
    assert_eq!(client.go_on("stepOut", 3), "step at Both (fan)");
}

#[test]
fn branches_are_threads() {
    let mut client = fan();
    client.go("next");
    client.go("next");
    assert_eq!(client.go("stepIn"), "step at Left (Both: branch 1) < Both (fan)");
    let threads = client.request("threads", json!({}));
    let names: Vec<&str> = threads["threads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|thread| thread["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["fan", "Both: branch 1", "Both: branch 2"]);
}

#[test]
fn a_state_that_waits_is_one_step() {
    let mut client = fan();
    client.go("next");
    client.go("next");
    client.go("stepIn");
    let at = client.go("stepIn");
    assert_eq!(at, "step at Pause (Both: branch 2) < Both (fan)");
    assert_eq!(client.go("stepIn"), "step at Right (Both: branch 2) < Both (fan)");
}

#[test]
fn stepping_back_undoes_what_was_done() {
    let mut client = fan();
    client.go("next");
    assert_eq!(client.go("next"), "step at Both (fan)");
    let tables = client.scope(1, "Tables");
    assert_eq!(client.children(tables), [r#"Things = [{"Id":"a"},{"Id":"b"}]"#]);
    assert_eq!(client.go("stepBack"), "step at Each (fan)");
    let tables = client.scope(1, "Tables");
    assert_eq!(client.children(tables), ["Things = []"]);
    assert_eq!(client.go("stepBack"), "step at Prepare (fan)");
    assert_eq!(client.go("stepBack"), "step at Prepare (fan)");
    // What was run over before is not printed again.
    client.go("next");
    assert_eq!(client.outputs.iter().filter(|line| line.starts_with("Prepare")).count(), 1);
}

#[test]
fn a_frame_is_restarted_where_its_state_began() {
    let mut client = fan();
    client.go("next");
    client.go("stepIn");
    let frames = client.stack(2);
    client.request("restartFrame", json!({"frameId": frames[1]["id"]}));
    assert_eq!(client.stopped(), "restart at Each (fan)");
}

#[test]
fn going_back_far_stops_at_breakpoints() {
    let mut client = Client::launched("count.asl.json", json!({"input": {"n": 0, "limit": 1000}}));
    client.break_at(
        "count.asl.json",
        json!([{"line": 10, "condition": "$states.input.n = 500"}, {"line": 15}]),
    );
    assert_eq!(client.begin(), "breakpoint at Add (count)");
    assert_eq!(client.go("continue"), "breakpoint at Done (count)");
    assert_eq!(client.go("reverseContinue"), "breakpoint at Add (count)");
    assert_eq!(client.evaluate(1, "$states.input.n"), "500");
    assert_eq!(client.go("reverseContinue"), "entry at More (count)");
}

#[test]
fn a_long_execution_can_be_paused() {
    let mut client = Client::launched("count.asl.json", json!({"input": {"n": 0, "limit": 100_000_000}}));
    client.request("configurationDone", json!({}));
    assert_eq!(client.refusal("stackTrace", json!({"threadId": 1})), "The execution is running");
    client.request("pause", json!({"threadId": 1}));
    assert!(client.stopped().starts_with("pause at "));
    client.request("disconnect", json!({}));
}

#[test]
fn a_restart_reads_the_definition_again() {
    let mut client = fan();
    client.go("next");
    client.request("restart", json!({}));
    assert_eq!(client.stopped(), "entry at Prepare (fan)");
}

#[test]
fn the_exit_code_is_that_of_the_command_line() {
    let mut client = Client::launched("faults.asl.yaml", json!({"input": {"id": "1"}}));
    client.request("configurationDone", json!({}));
    assert_eq!(client.end(), 1);
    assert_eq!(client.outputs.last().unwrap(), "FAILED Gone: There is no such thing");
}
