//! Bad messages, wrong arguments, and the real binary.

use std::process::{Command, Stdio};

use serde_json::json;

use crate::client::{Client, path};

#[test]
fn unknown_requests_and_wrong_arguments_are_refused() {
    let mut client = Client::in_process();
    assert_eq!(client.refusal("dance", json!({})), "The request 'dance' is not known");
    assert_eq!(client.refusal("configurationDone", json!({})), "Nothing has been launched");
    let text = client.refusal("scopes", json!({"frameId": "x"}));
    assert!(text.starts_with("The arguments cannot be understood: invalid type"), "{text}");
    assert!(client.refusal("attach", json!({})).starts_with("There is nothing to attach to"));
}

#[test]
fn a_launch_that_cannot_be_says_why() {
    let mut client = Client::in_process();
    let fan = path("fan.asl.json");
    let mut check = |arguments, expected: &str| {
        let text = client.refusal("launch", arguments);
        assert!(text.starts_with(expected), "{text}");
    };
    check(json!({}), "program: name the file of a state machine's definition");
    check(json!({"program": "/gone.asl.json"}), "program: cannot read /gone.asl.json");
    check(json!({"program": fan, "input": "gone.json"}), "input: cannot read ");
    check(json!({"program": fan, "input": "{"}), "input: the value is not JSON");
    check(json!({"program": fan, "tables": [1]}), "tables: ");
    check(
        json!({"program": fan, "startTime": "noon"}),
        "startTime: not a time such as 2026-01-31T09:00:00Z: noon",
    );
    check(json!({"program": fan, "stateMachineType": "FAST"}), "the launch configuration: unknown variant");
    check(json!({"program": fan, "mocks": {"config": "gone.json", "testCase": "x"}}), "mocks: cannot read ");
    check(json!({"program": fan, "s3": "gone"}), "s3: cannot read ");
}

#[test]
fn bad_frames_cost_one_answer() {
    let mut client = Client::in_process();
    client.send_raw("Content-Length: 1\r\n\r\n{");
    let answer = client.response(0);
    assert_eq!(answer["success"], false);
    assert!(answer["message"].as_str().unwrap().starts_with("The message is not JSON"), "{answer}");
    client.request("threads", json!({}));
}

#[test]
fn the_binary_ends_with_its_input() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_asl-lsp"))
        .arg("dap")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut client = Client::new(child.stdin.take().unwrap(), child.stdout.take().unwrap());
    client.request("initialize", json!({"adapterID": "asl"}));
    let launch = json!({"program": path("fan.asl.json"), "input": {"items": ["a"]}, "stopOnEntry": true});
    client.request("launch", launch);
    client.wait_for("initialized");
    assert_eq!(client.begin(), "entry at Prepare (fan)");
    client.hang_up();
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_binary_ends_after_a_disconnect() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_asl-lsp"))
        .args(["dap", "--stdio"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut client = Client::new(child.stdin.take().unwrap(), child.stdout.take().unwrap());
    client.request("disconnect", json!({}));
    assert!(child.wait().unwrap().success());
}
