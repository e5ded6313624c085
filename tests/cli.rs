//! The command line: what its commands print, and how they end.
//!
//! Commands run in this process, through [`Io`]; only what the process itself does is tested on the binary.

#![allow(clippy::unwrap_used)]

#[path = "common/command.rs"]
mod command;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use asl_lsp::cli::{self, Io};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

use command::{Done, run, run_with_input};

/// A folder for the files of one test.
fn folder(test: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cli").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A file that holds this.
fn file(test: &str, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder(test).join(name);
    fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

// The examples, as the readme runs them

const ORDER: &[&str] = &["simulate", "examples/order.asl.json"];
const PUT_ORDER: &[&str] = &["simulate", "examples/put-order.asl.json"];
const GET_ORDER: &[&str] = &["simulate", "examples/get-order.asl.json"];
const GET_STORED_ORDER: &[&str] =
    &["simulate", "examples/get-order.asl.json", "--tables", "@examples/get-order.tables.json"];
const INVENTORY: &[&str] = &[
    "simulate",
    "examples/inventory.asl.json",
    "--input",
    "@examples/inventory.input.json",
    "--tables",
    "@examples/inventory.tables.json",
];
const SOLD_OUT: &[&str] = &[
    "simulate",
    "examples/inventory.asl.json",
    "--input",
    r#"{"sku": "lamp", "pieces": 9}"#,
    "--tables",
    "@examples/inventory.tables.json",
];
const APPROVAL: &[&str] = &[
    "simulate",
    "examples/approval.asl.json",
    "--input",
    "@examples/approval.input.json",
    "--tables",
    "@examples/approval.tables.json",
];
const THROTTLED: &[&str] = &[
    "simulate",
    "examples/throttled.asl.json",
    "--input",
    "@examples/throttled.input.json",
    "--mock-config",
    "examples/throttled.mocks.json",
    "--test-case",
    "Throttled",
];

const GREETING: &[&str] =
    &["simulate", "examples/greeting.asl.yaml", "--input", "@examples/greeting.input.json"];

const EXAMPLES: &[&[&str]] =
    &[ORDER, PUT_ORDER, GET_ORDER, GET_STORED_ORDER, INVENTORY, SOLD_OUT, APPROVAL, THROTTLED, GREETING];

#[track_caller]
fn check_text(arguments: &[&str], code: u8, expected: Expect) {
    let done = run(arguments);
    expected.assert_eq(&done.output);
    assert_eq!((done.code, done.errors.as_str()), (code, ""));
}

#[test]
fn text_of_order() {
    check_text(
        ORDER,
        0,
        expect![[r#"
        SaveOrder  {}
        GetOrder   {"Item": {"OrderId": {"S": "001"}, "Status": {"S": "Created"}}}

        SUCCEEDED  {"Item": {"OrderId": {"S": "001"}, "Status": {"S": "Created"}}}

        Orders: 1 item
          {"OrderId": {"S": "001"}, "Status": {"S": "Created"}}

        SdkHttpMetadata and SdkResponseMetadata are left out here; --format json shows them.
    "#]],
    );
}

#[test]
fn text_of_greeting() {
    check_text(
        GREETING,
        0,
        expect![[r#"
        ChooseGreeting  {"name": "Ada", "language": "de"}
        Greet           {"message": "Guten Tag, Ada!"}

        SUCCEEDED  {"message": "Guten Tag, Ada!"}
    "#]],
    );
}

#[test]
fn text_of_put_order() {
    check_text(
        PUT_ORDER,
        0,
        expect![[r#"
        SaveOrder  {}

        SUCCEEDED  {}

        Orders: 1 item
          {"OrderId": {"S": "123"}, "Status": {"S": "Pending"}}

        SdkHttpMetadata and SdkResponseMetadata are left out here; --format json shows them.
    "#]],
    );
}

#[test]
fn text_of_get_order() {
    check_text(
        GET_ORDER,
        0,
        expect![[r#"
        GetOrder  {}

        SUCCEEDED  {}

        Orders: 0 items

        SdkHttpMetadata and SdkResponseMetadata are left out here; --format json shows them.
    "#]],
    );
    check_text(
        GET_STORED_ORDER,
        0,
        expect![[r#"
        GetOrder  {"Item": {"OrderId": {"S": "123"}, "Status": {"S": "Pending"}}}

        SUCCEEDED  {"Item": {"OrderId": {"S": "123"}, "Status": {"S": "Pending"}}}

        Orders: 1 item
          {"OrderId": {"S": "123"}, "Status": {"S": "Pending"}}

        SdkHttpMetadata and SdkResponseMetadata are left out here; --format json shows them.
    "#]],
    );
}

#[test]
fn text_of_inventory() {
    check_text(
        INVENTORY,
        0,
        expect![[r#"
        TakeFromStock  {"sku": "lamp", "pieces": 2, "stock": {"left": 3}}
        Reserved       {"sku": "lamp", "pieces": 2, "stock": {"left": 3}}

        SUCCEEDED  {"sku": "lamp", "pieces": 2, "stock": {"left": 3}}

        Inventory: 1 item
          {"Sku": {"S": "lamp"}, "Stock": {"N": "3"}}
    "#]],
    );
    check_text(
        SOLD_OUT,
        1,
        expect![[r#"
            TakeFromStock  caught DynamoDB.ConditionalCheckFailedException: The conditional request failed (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; Request ID: ZKYIKM62QM5A7VWX4QALLSZWUR4VL2O6GX7VBD5TUWLJWDRWXQL6; Proxy: null) → SoldOut
            SoldOut        failed with SoldOut

            FAILED  SoldOut: There are not 9 pieces of lamp left.

            Inventory: 1 item
              {"Sku": {"S": "lamp"}, "Stock": {"N": "5"}}
        "#]],
    );
}

#[test]
fn text_of_approval() {
    check_text(
        APPROVAL,
        0,
        expect![[r#"
        IsLarge        {"id": "r-17", "amount": 2500}
        WaitForReview  {"id": "r-17", "amount": 2500}
        ReadDecision   {"id": "r-17", "amount": 2500, "decision": {"Item": {"RequestId": {"S": "r-17"}, "Verdict": {"S": "approved"}}}}
        WasApproved    {"id": "r-17", "amount": 2500, "decision": {"Item": {"RequestId": {"S": "r-17"}, "Verdict": {"S": "approved"}}}}
        Approve        {"id": "r-17", "amount": 2500, "decision": {"Item": {"RequestId": {"S": "r-17"}, "Verdict": {"S": "approved"}}}}

        SUCCEEDED  {"id": "r-17", "amount": 2500, "decision": {"Item": {"RequestId": {"S": "r-17"}, "Verdict": {"S": "approved"}}}}

        Decisions: 1 item
          {"DecidedAt": {"S": "2026-01-02T00:00:00.000Z"}, "RequestId": {"S": "r-17"}, "Verdict": {"S": "approved"}}

        SdkHttpMetadata and SdkResponseMetadata are left out here; --format json shows them.
    "#]],
    );
    let small = &["simulate", "examples/approval.asl.json", "--input", r#"{"id": "r-1", "amount": 10}"#];
    check_text(
        small,
        0,
        expect![[r#"
        IsLarge  {"id": "r-1", "amount": 10}
        Approve  {"id": "r-1", "amount": 10}

        SUCCEEDED  {"id": "r-1", "amount": 10}

        Decisions: 1 item
          {"DecidedAt": {"S": "2026-01-01T00:00:00.000Z"}, "RequestId": {"S": "r-1"}, "Verdict": {"S": "approved"}}
    "#]],
    );
}

#[test]
fn text_of_throttled() {
    check_text(
        THROTTLED,
        0,
        expect![[r#"
        WriteEvent  {}  (2 retries in 6 s)

        SUCCEEDED  {}

        Events: 1 item
          {"At": {"S": "2026-01-01T00:00:00.000Z"}, "Id": {"S": "e-1"}}

        SdkHttpMetadata and SdkResponseMetadata are left out here; --format json shows them.
    "#]],
    );
}

#[test]
fn text_of_nested_states() {
    let definition = json!({"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "End": true, "Branches": [
        {"StartAt": "Left", "States": {"Left": {"Type": "Pass", "Result": 1, "End": true}}},
        {"StartAt": "Right", "States": {"Right": {"Type": "Fail", "Error": "Broken"}}},
    ]}}});
    let file = file("nested", "nested.asl.json", definition.to_string());
    check_text(
        &["simulate", &file],
        1,
        expect![[r#"
        Both     failed with Broken
          Left   1
          Right  failed with Broken

        FAILED  Broken
    "#]],
    );
}

#[test]
fn text_of_what_cannot_be_simulated() {
    let definition = json!({"StartAt": "Call", "States": {"Call": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:call", "End": true,
    }}});
    let file = file("blocked", "blocked.asl.json", definition.to_string());
    check_text(
        &["simulate", &file],
        1,
        expect![[r#"
            Call  cannot be simulated

            BLOCKED at Call (Resource)  the function call is not simulated: mock the state 'Call' in a MockConfigFile.json (--mock-config FILE --test-case NAME) or with --mock
        "#]],
    );
}

// --format json

fn json_of(arguments: &[&str]) -> Value {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
    let done = run(&arguments);
    assert_eq!(done.errors, "");
    serde_json::from_str(&done.output).unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn json_has_these_members() {
    for example in EXAMPLES {
        let report = json_of(example);
        assert_eq!(keys(&report)[..5], ["status", "output", "error", "cause", "states"], "{example:?}");
        assert!(report["events"].is_array() && report["tables"].is_object(), "{example:?}");
        for state in report["states"].as_array().unwrap() {
            assert_eq!(keys(state), ["name", "path", "visits"], "{example:?}");
            for visit in state["visits"].as_array().unwrap() {
                assert!(visit["status"].is_string() && !visit["input"].is_null(), "{example:?}");
            }
        }
    }
}

#[test]
fn json_of_order() {
    let report = json_of(ORDER);
    assert_eq!(report["status"], "SUCCEEDED");
    let order = json!({"OrderId": {"S": "001"}, "Status": {"S": "Created"}});
    assert_eq!(report["output"]["Item"], order);
    assert_eq!(report["tables"], json!({"Orders": {"Items": [order]}}));
    let save = &report["states"][0];
    assert_eq!((&save["name"], &save["path"]), (&json!("SaveOrder"), &json!(["SaveOrder"])));
    assert_eq!(save["visits"][0]["next"], "GetOrder");
    let get = &report["states"][1]["visits"][0];
    assert_eq!(get["afterParameters"], json!({"TableName": "Orders", "Key": {"OrderId": {"S": "001"}}}));
    assert_eq!(get["result"]["Item"], order);
    assert_eq!(get["output"]["SdkHttpMetadata"]["HttpStatusCode"], 200);
    assert_eq!(get["next"], Value::Null);
}

#[test]
fn json_of_an_empty_table_has_no_item() {
    let report = json_of(GET_ORDER);
    assert_eq!(keys(&report["output"]), ["SdkHttpMetadata", "SdkResponseMetadata"]);
    assert_eq!(report["tables"], json!({"Orders": {"Items": []}}));
}

#[test]
fn json_names_the_stages_of_the_data_flow() {
    let visit = &json_of(INVENTORY)["states"][0]["visits"][0];
    let stages = [
        "status",
        "input",
        "afterInputPath",
        "afterParameters",
        "result",
        "afterResultSelector",
        "afterResultPath",
        "output",
        "next",
    ];
    assert_eq!(keys(visit), stages);
    assert_eq!(visit["afterResultSelector"], json!({"left": 3}));
}

#[test]
fn json_names_the_stages_of_jsonata() {
    let definition = json!({"QueryLanguage": "JSONata", "StartAt": "Call", "States": {"Call": {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:getItem",
        "Arguments": {"TableName": "Orders", "Key": {"Id": {"S": "{% $states.input.id %}"}}},
        "Assign": {"id": "{% $states.input.id %}"},
        "Output": "{% $states.input.id %}",
        "End": true,
    }}});
    let file = file("stages", "stages.asl.json", definition.to_string());
    let report = json_of(&["simulate", &file, "--input", r#"{"id": "1"}"#]);
    let visit = &report["states"][0]["visits"][0];
    assert_eq!(visit["afterArguments"], json!({"TableName": "Orders", "Key": {"Id": {"S": "1"}}}));
    assert_eq!(visit["variables"], json!({"id": "1"}));
    assert_eq!(visit["output"], "1");
}

#[test]
fn json_of_a_caught_and_a_failed_state() {
    let report = json_of(SOLD_OUT);
    assert_eq!(
        (&report["status"], &report["error"], &report["cause"]),
        (&json!("FAILED"), &json!("SoldOut"), &json!("There are not 9 pieces of lamp left."))
    );
    let caught = &report["states"][0]["visits"][0];
    assert_eq!(caught["status"], "CAUGHT_ERROR");
    assert_eq!(caught["error"], "DynamoDB.ConditionalCheckFailedException");
    assert_eq!(caught["errorDetails"]["catchIndex"], 0);
    assert_eq!(caught["next"], "SoldOut");
    assert_eq!(report["states"][1]["visits"][0]["status"], "FAILED");
}

#[test]
fn json_has_a_visit_for_each_time() {
    let definition = json!({"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {
        "StartAt": "Inner", "States": {"Inner": {"Type": "Pass", "End": true}},
    }}}});
    let file = file("visits", "visits.asl.json", definition.to_string());
    let report = json_of(&["simulate", &file, "--input", "[1, 2, 3]"]);
    let inner = &report["states"][1];
    assert_eq!(inner["path"], json!(["Each", "Inner"]));
    let outputs: Vec<&Value> =
        inner["visits"].as_array().unwrap().iter().map(|visit| &visit["output"]).collect();
    assert_eq!(outputs, [1, 2, 3]);
}

// --format history

/// The events with their ids, types and the names of their details.
fn history_of(arguments: &[&str]) -> String {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--format", "history"]).collect();
    let done = run(&arguments);
    let history: Value = serde_json::from_str(&done.output).unwrap();
    assert_eq!(keys(&history), ["events"]);
    let events = history["events"].as_array().unwrap();
    let line = |event: &Value| {
        let details: Vec<String> = event
            .as_object()
            .unwrap()
            .iter()
            .filter(|(key, _)| key.ends_with("EventDetails"))
            .map(|(key, details)| format!("{key} {}", keys(details).join(" ")))
            .collect();
        let kind = event["type"].as_str().unwrap();
        format!("{} {} {kind} {}\n", event["id"], event["previousEventId"], details.join(" "))
    };
    events.iter().map(line).collect()
}

#[test]
fn history_of_order() {
    expect![[r#"
        1 0 ExecutionStarted executionStartedEventDetails input inputDetails roleArn
        2 0 TaskStateEntered stateEnteredEventDetails name input inputDetails
        3 2 TaskScheduled taskScheduledEventDetails resourceType resource region parameters
        4 3 TaskStarted taskStartedEventDetails resourceType resource
        5 4 TaskSucceeded taskSucceededEventDetails resourceType resource output outputDetails
        6 5 TaskStateExited stateExitedEventDetails name output outputDetails
        7 6 TaskStateEntered stateEnteredEventDetails name input inputDetails
        8 7 TaskScheduled taskScheduledEventDetails resourceType resource region parameters
        9 8 TaskStarted taskStartedEventDetails resourceType resource
        10 9 TaskSucceeded taskSucceededEventDetails resourceType resource output outputDetails
        11 10 TaskStateExited stateExitedEventDetails name output outputDetails
        12 11 ExecutionSucceeded executionSucceededEventDetails output outputDetails
    "#]]
    .assert_eq(&history_of(ORDER));
}

#[test]
fn history_of_sold_out() {
    expect![[r#"
        1 0 ExecutionStarted executionStartedEventDetails input inputDetails roleArn
        2 0 TaskStateEntered stateEnteredEventDetails name input inputDetails
        3 2 TaskScheduled taskScheduledEventDetails resourceType resource region parameters
        4 3 TaskStarted taskStartedEventDetails resourceType resource
        5 4 TaskFailed taskFailedEventDetails resourceType resource error cause
        6 5 TaskStateExited stateExitedEventDetails name output outputDetails
        7 6 FailStateEntered stateEnteredEventDetails name input inputDetails
        8 7 ExecutionFailed executionFailedEventDetails error cause
    "#]]
    .assert_eq(&history_of(SOLD_OUT));
}

#[test]
fn history_of_approval() {
    expect![[r#"
        1 0 ExecutionStarted executionStartedEventDetails input inputDetails roleArn
        2 0 ChoiceStateEntered stateEnteredEventDetails name input inputDetails
        3 2 ChoiceStateExited stateExitedEventDetails name output outputDetails
        4 3 WaitStateEntered stateEnteredEventDetails name input inputDetails
        5 4 WaitStateExited stateExitedEventDetails name output outputDetails
        6 5 TaskStateEntered stateEnteredEventDetails name input inputDetails
        7 6 TaskScheduled taskScheduledEventDetails resourceType resource region parameters
        8 7 TaskStarted taskStartedEventDetails resourceType resource
        9 8 TaskSucceeded taskSucceededEventDetails resourceType resource output outputDetails
        10 9 TaskStateExited stateExitedEventDetails name output outputDetails
        11 10 ChoiceStateEntered stateEnteredEventDetails name input inputDetails
        12 11 ChoiceStateExited stateExitedEventDetails name output outputDetails
        13 12 TaskStateEntered stateEnteredEventDetails name input inputDetails
        14 13 TaskScheduled taskScheduledEventDetails resourceType resource region parameters
        15 14 TaskStarted taskStartedEventDetails resourceType resource
        16 15 TaskSucceeded taskSucceededEventDetails resourceType resource output outputDetails
        17 16 TaskStateExited stateExitedEventDetails name output outputDetails
        18 17 ExecutionSucceeded executionSucceededEventDetails output outputDetails
    "#]]
    .assert_eq(&history_of(APPROVAL));
}

#[test]
fn history_of_throttled() {
    expect![[r#"
        1 0 ExecutionStarted executionStartedEventDetails input inputDetails roleArn
        2 0 TaskStateEntered stateEnteredEventDetails name input inputDetails
        3 2 TaskScheduled taskScheduledEventDetails resourceType resource region parameters
        4 3 TaskStarted taskStartedEventDetails resourceType resource
        5 4 TaskFailed taskFailedEventDetails resourceType resource error cause
        6 5 TaskScheduled taskScheduledEventDetails resourceType resource region parameters
        7 6 TaskStarted taskStartedEventDetails resourceType resource
        8 7 TaskFailed taskFailedEventDetails resourceType resource error cause
        9 8 TaskScheduled taskScheduledEventDetails resourceType resource region parameters
        10 9 TaskStarted taskStartedEventDetails resourceType resource
        11 10 TaskSucceeded taskSucceededEventDetails resourceType resource output outputDetails
        12 11 TaskStateExited stateExitedEventDetails name output outputDetails
        13 12 ExecutionSucceeded executionSucceededEventDetails output outputDetails
    "#]]
    .assert_eq(&history_of(THROTTLED));
}

#[test]
fn payloads_of_a_history_are_json_in_text() {
    let done = run(&[
        "simulate",
        "examples/get-order.asl.json",
        "--input",
        r#"{"b": 1, "a": [2.0]}"#,
        "--format",
        "history",
    ]);
    let history: Value = serde_json::from_str(&done.output).unwrap();
    let input = &history["events"][1]["stateEnteredEventDetails"]["input"];
    assert_eq!(input, r#"{"b":1,"a":[2.0]}"#);
    assert_eq!(history["events"][1]["timestamp"], "2026-01-01T00:00:00.000Z");
}

// What a simulation is given

#[test]
fn input_comes_from_the_argument_a_file_or_standard_input() {
    let input = r#"{"id": "r-1", "amount": 10}"#;
    let base = ["simulate", "examples/approval.asl.json", "--format", "json", "--input"];
    let with = |argument: &str, stdin: &str| {
        let arguments: Vec<&str> = base.iter().copied().chain([argument]).collect();
        run_with_input(&arguments, stdin)
    };
    let expected = with(input, "");
    assert_eq!(expected.code, 0, "{}", expected.errors);
    assert_eq!(with("-", input), expected);
    let path = file("input", "input.json", format!("\u{feff}{input}"));
    assert_eq!(with(&format!("@{path}"), ""), expected);
}

#[test]
fn input_may_be_any_json() {
    let definition = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}});
    let file = file("any_input", "any.asl.json", definition.to_string());
    for (argument, output) in [("-1", json!(-1)), ("null", json!(null)), (r#""x""#, json!("x"))] {
        assert_eq!(json_of(&["simulate", &file, "--input", argument])["output"], output);
    }
    assert_eq!(json_of(&["simulate", &file])["output"], json!({}));
}

#[test]
fn the_name_selects_the_machine_of_the_mocks() {
    let renamed = file("name", "renamed.asl.json", fs::read("examples/throttled.asl.json").unwrap());
    let mocks = ["--mock-config", "examples/throttled.mocks.json", "--test-case", "Throttled"];
    let base = ["simulate", renamed.as_str(), "--input", r#"{"id": "e-1"}"#];
    let arguments: Vec<&str> = base.into_iter().chain(mocks).collect();
    check_usage(
        &arguments,
        "error: examples/throttled.mocks.json: the mock configuration has no state machine 'renamed' under StateMachines\n",
    );
    let arguments: Vec<&str> = arguments.into_iter().chain(["--name", "throttled"]).collect();
    assert_eq!(run(&arguments).code, 0);
}

#[test]
fn express_executions_have_no_redrive_count() {
    let definition = json!({"StartAt": "A", "States": {"A": {
        "Type": "Pass", "Parameters": {"execution.$": "$$.Execution"}, "End": true,
    }}});
    let file = file("express", "express.asl.json", definition.to_string());
    let count = |kind: &str| {
        json_of(&["simulate", &file, "--type", kind])["output"]["execution"].get("RedriveCount").cloned()
    };
    assert_eq!(count("STANDARD"), Some(json!(0)));
    assert_eq!(count("express"), None);
}

// Wrong use and unreadable files

#[track_caller]
fn check_usage(arguments: &[&str], errors: &str) {
    let done = run(arguments);
    assert_eq!(done, Done { code: 2, output: String::new(), errors: errors.to_owned() });
}

/// The messages of the argument parser are its own; what they say of is not.
#[test]
fn wrong_arguments() {
    let check = |arguments: &[&str], mentions: &str| {
        let done = run(arguments);
        assert_eq!((done.code, done.output.as_str()), (2, ""), "{arguments:?}");
        assert!(done.errors.contains(mentions), "{arguments:?}: {}", done.errors);
    };
    check(&["frobnicate"], "frobnicate");
    check(&["simulate"], "<FILE>");
    check(&["simulate", "a", "b"], "'b'");
    check(&["simulate", "a", "--format", "xml"], "text, json, history");
    check(&["check", "a", "--format", "history"], "text, json");
    let order = "examples/order.asl.json";
    let large = format!("\"{}\"", "x".repeat(262_143));
    check(
        &["simulate", order, "--input", &large],
        "--input: 262145 bytes as JSON: an execution takes at most 262144",
    );
    check(&["simulate", order, "--mock", "Nowhere={}"], "--mock: no state is called 'Nowhere'");
    check(&["simulate", order, "--mock", "{}"], "--mock: not STATE=JSON");
    check(&["simulate", order, "--mock", "GetOrder={"], "--mock: the argument is not JSON");
    check(&["simulate", order, "--mock", "GetOrder={}"], "only one of the following fields");
    check(&["simulate", order, "--state-machine", "Name"], "--state-machine: not NAME=FILE: Name");
    check(&["simulate", order, "--state-machine", "N=nowhere.json"], "cannot read nowhere.json");
    check(&["simulate", order, "--stop-after", "soon"], "--stop-after");
    let twice = ["simulate", order, "--state", "GetOrder", "--mock", "{}", "--mock", "{}"];
    check(&twice, "--mock: one state has one mock");
    check(&["simulate", "a", "--type", "FAST"], "STANDARD, EXPRESS");
    check(&["simulate", "a", "--mock-config", "b"], "--test-case <NAME>");
    check(&["simulate", "a", "--test-case", "b"], "--mock-config <FILE>");
    check(&["simulate", "a", "--inputs", "{}"], "--inputs");
}

#[test]
fn files_that_cannot_be_read() {
    let missing = |name: &str| format!("cannot read {name}: No such file or directory (os error 2)\n");
    check_usage(&["simulate", "missing.asl.json"], &format!("error: {}", missing("missing.asl.json")));
    check_usage(&["check", "missing"], &format!("error: {}", missing("missing")));
    check_usage(&["simulate", "examples"], "error: examples is a folder, not a file\n");
    let order = "examples/order.asl.json";
    for (option, argument) in [("--input", "@missing"), ("--tables", "@missing"), ("--tables", "missing")] {
        check_usage(
            &["simulate", order, option, argument],
            &format!("error: {option}: {}", missing("missing")),
        );
    }
    check_usage(
        &["simulate", order, "--mock-config", "missing", "--test-case", "x"],
        &format!("error: --mock-config: {}", missing("missing")),
    );
    check_usage(
        &["check", "src/cli"],
        "error: src/cli holds no *.asl.json, *.asl, *.asl.yaml or *.asl.yml\n",
    );
}

#[test]
fn files_are_reported_in_their_order() {
    let folder = folder("many");
    let paths: Vec<String> = (0..40).map(|idx| format!("{}/{idx}.asl.json", folder.display())).collect();
    paths.iter().for_each(|path| fs::write(path, "{}").unwrap());
    let paths: Vec<&str> = paths.iter().rev().map(String::as_str).collect();
    let done = run(&[&["check", "--format", "json"], paths.as_slice()].concat());
    let report: Value = serde_json::from_str(&done.output).unwrap();
    let reported: Vec<&str> =
        report["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert_eq!(reported, paths);
}

#[test]
fn texts_that_are_not_json() {
    let order = "examples/order.asl.json";
    check_usage(
        &["simulate", order, "--input", "{x"],
        "error: --input: the argument is not JSON: key must be a string at line 1 column 2\n",
    );
    let done = run_with_input(&["simulate", order, "--input", "-"], "");
    assert_eq!(
        done.errors,
        "error: --input: standard input is not JSON: EOF while parsing a value at line 1 column 0\n"
    );
    let tables = file("not_json", "tables.json", "[\n  {]\n");
    check_usage(
        &["simulate", order, "--tables", &format!("@{tables}")],
        &format!("error: --tables: {tables} is not JSON: key must be a string at line 2 column 4\n"),
    );
}

#[test]
fn tables_that_dynamodb_refuses() {
    let tables = file("tables", "tables.json", r#"[{"TableName": "Orders"}]"#);
    let done = run(&["simulate", "examples/order.asl.json", "--tables", &tables]);
    assert_eq!(done.code, 2);
    expect![[r#"
        error: --tables: tables.json: table `Orders`: 2 validation errors detected: Value null at 'attributeDefinitions' failed to satisfy constraint: Member must not be null; Value null at 'keySchema' failed to satisfy constraint: Member must not be null
    "#]].assert_eq(&done.errors.replace(&tables, "tables.json"));
}

#[test]
fn definitions_that_are_not_json_are_refused_with_the_place() {
    let check = |content: &[u8], expected: Expect| {
        let path = file("unreadable", "broken.asl.json", content);
        let done = run(&["simulate", &path]);
        assert_eq!((done.code, done.output.as_str()), (2, ""));
        expected.assert_eq(&done.errors.replace(&path, "broken.asl.json"));
    };
    check(
        b"",
        expect![[r#"
            error: broken.asl.json:1:1: The document is empty: a state machine is a JSON object
        "#]],
    );
    check(
        b"[]",
        expect![[r#"
        error: broken.asl.json:1:1: Definition must be a valid JSON object
    "#]],
    );
    check(
        b"{\n  \"StartAt\": \"\xc3\xa9\", \"States\" {}\n}",
        expect![[r#"
            error: broken.asl.json:2:28: Expected a colon before this
        "#]],
    );
    check(
        b"{\"StartAt\": \"A\"",
        expect![[r#"
        error: broken.asl.json:1:1: This bracket is never closed
    "#]],
    );
    check(
        b"{\"StartAt\": \"\xff\"}",
        expect![[r#"
        error: broken.asl.json is not UTF-8: the byte at offset 13 begins no character
    "#]],
    );
}

/// A definition with mistakes is JSON all the same, and runs as far as it goes.
#[test]
fn definitions_with_mistakes_run_as_far_as_they_go() {
    let definition =
        json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pas"}}});
    let path = file("mistakes", "mistakes.asl.json", definition.to_string());
    check_text(
        &["simulate", &path],
        1,
        expect![[r#"
        A  {}
        B  cannot be simulated

        BLOCKED at B (Type)  The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]
    "#]],
    );
}

// check

#[test]
fn check_prints_findings_with_their_lines() {
    let definition = "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": { \"Type\": \"Pass\", \"Next\": \"B\" }\n  }\n}\n";
    let path = file("findings", "findings.asl.json", definition);
    let done = run(&["check", &path]);
    assert_eq!(done.code, 1);
    expect![[r#"
        error[MISSING_END_STATE]: Workflow has no terminal state
         --> findings.asl.json:3:3
          |
        3 |   "States": {
          |   ^^^^^^^^

        error[MISSING_TRANSITION_TARGET]: Missing 'Next' target: B
         --> findings.asl.json:4:36
          |
        4 |     "A": { "Type": "Pass", "Next": "B" }
          |                                    ^^^

        1 file checked: 2 errors, 0 warnings
    "#]]
    .assert_eq(&done.output.replace(&path, "findings.asl.json"));
}

#[test]
fn check_of_json_has_pointers_and_ranges() {
    let definition = "{\"StartAt\": \"Ä\", \"States\": {\"Ä\": {\"Type\": \"Pass\", \"Next\": \"B/C\"}}}";
    let path = file("ranges", "ranges.asl.json", definition);
    let done = run(&["check", "--format", "json", &path]);
    assert_eq!((done.code, done.errors.as_str()), (1, ""));
    let report: Value = serde_json::from_str(&done.output).unwrap();
    let file = &report["files"][0];
    assert_eq!(file["path"], path);
    let found = file["diagnostics"].as_array().unwrap();
    let target = found.iter().find(|found| found["code"] == "MISSING_TRANSITION_TARGET").unwrap();
    assert_eq!(keys(target), ["code", "rule", "severity", "message", "path", "range", "related"]);
    assert_eq!((&target["severity"], &target["path"]), (&json!("error"), &json!("/States/Ä/Next")));
    // Columns are counted as the protocol does, in UTF-16: as many as here, where each character is one.
    let start = definition.chars().position(|char| char == 'B').unwrap() - 1;
    let expected = json!({
        "start": {"line": 0, "character": start},
        "end": {"line": 0, "character": start + "'B/C'".len()},
    });
    assert_eq!(target["range"], expected);
}

#[test]
fn check_takes_files_and_folders() {
    let folder = folder("folders");
    let good = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;
    for name in
        ["b.asl.json", "a/z.asl", "a/a.asl.json", "node_modules/x.asl.json", ".hidden/x.asl", "other.json"]
    {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, good).unwrap();
    }
    let (name, other) = (folder.to_str().unwrap(), folder.join("other.json"));
    let done = run(&["check", "--format", "json", name, other.to_str().unwrap()]);
    assert_eq!((done.code, done.errors.as_str()), (0, ""));
    let report: Value = serde_json::from_str(&done.output).unwrap();
    let paths: Vec<&str> = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["path"].as_str().unwrap().strip_prefix(name).unwrap())
        .collect();
    assert_eq!(paths, ["/a/a.asl.json", "/a/z.asl", "/b.asl.json", "/other.json"]);
}

#[test]
fn check_ends_well_without_errors() {
    let done = run(&["check", "examples"]);
    assert_eq!((done.code, done.errors.as_str()), (0, ""));
    assert!(done.output.ends_with("7 files checked: 0 errors, 0 warnings\n"), "{}", done.output);
    // A warning alone is no failure.
    let definition =
        r#"{"StartAt": "A", "Comment": "", "Comment": "", "States": {"A": {"Type": "Succeed"}}}"#;
    let path = file("warning", "warning.asl.json", definition);
    let done = run(&["check", &path]);
    assert_eq!(done.code, 0);
    assert!(done.output.ends_with("1 file checked: 0 errors, 1 warning\n"), "{}", done.output);
}

#[test]
fn check_knows_what_express_lacks() {
    let definition = json!({"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync",
        "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:other"}, "End": true,
    }}});
    let path = file("express_check", "express.asl.json", definition.to_string());
    assert_eq!(run(&["check", &path]).code, 0);
    assert_eq!(run(&["check", "--type", "EXPRESS", &path]).code, 1);
}

// Graph

#[test]
fn graph_draws_every_example() {
    for format in ["svg", "html", "mermaid", "dot"] {
        for definition in ["order.asl.json", "approval.asl.json", "greeting.asl.yaml"] {
            let path = format!("examples/{definition}");
            let done = run(&["graph", &path, "--format", format, "--run"]);
            assert_eq!((done.code, done.errors.as_str()), (0, ""), "{definition} as {format}");
        }
    }
}

#[test]
fn graph_shows_the_path_of_a_run() {
    let file = file(
        "graph_shows_the_path_of_a_run",
        "m.asl.json",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 3, "Next": "B"}], "Default": "C"},
            "B": {"Type": "Wait", "Seconds": 2, "Next": "C"}, "C": {"Type": "Succeed"}}}"#,
    );
    let done = run(&["graph", &file, "--format", "dot", "--input", r#"{"n": 1}"#]);
    expect![[r##"
        digraph {
          node [shape=box, style=rounded, fontname="sans-serif"];
          edge [fontname="sans-serif", fontsize=10];
          s0 [label="A\nChoice", shape=diamond, style=solid, color="#2e7d32", penwidth=2];
          s1 [label="B\nWait\n2 s", color="#2e7d32", penwidth=2];
          s2 [label="C\nSucceed", peripheries=2, color="#2e7d32", penwidth=2];
          start0 [shape=point];
          start0 -> s0;
          s0 -> s1 [label="$.n < 3", color="#2e7d32", penwidth=2];
          s0 -> s2 [label="otherwise"];
          s1 -> s2 [color="#2e7d32", penwidth=2];
        }
    "##]]
    .assert_eq(&done.output);
}

#[test]
fn graph_says_what_it_cannot_draw() {
    let nothing = file("graph_says_what_it_cannot_draw", "m.asl.json", "{}");
    let done = run(&["graph", &nothing]);
    assert_eq!((done.code, done.errors.as_str()), (2, &*format!("error: {nothing} has no states\n")));
    let done = run(&["graph", "gone.asl.json"]);
    assert!(done.code == 2 && done.errors.starts_with("error: cannot read gone.asl.json"), "{done:?}");
    let done = run(&["graph", "examples/order.asl.json", "--format", "png"]);
    assert!(done.code == 2 && done.errors.contains("invalid value 'png'"), "{done:?}");
}

// Help

#[test]
fn every_command_has_help() {
    for (command, mentions) in [
        (&["--help"][..], &["Usage: asl-lsp", "simulate", "check", "server"][..]),
        (
            &["simulate", "--help"],
            &[
                "Usage: asl-lsp simulate",
                "--input",
                "--tables",
                "--mock-config",
                "--test-case",
                "--mock <STATE=JSON|@FILE>",
                "--state-machine <NAME=FILE>",
                "--stop-after <SECONDS>",
                "--name",
                "--type",
                "--format",
            ],
        ),
        (&["check", "--help"], &["Usage: asl-lsp check", "--format", "--type"]),
        (&["server", "--help"], &["Usage: asl-lsp server"]),
        (&["dap", "--help"], &["Usage: asl-lsp dap"]),
        (&["graph", "--help"], &["Usage: asl-lsp graph", "--format", "--run", "--input", "--mock-config"]),
    ] {
        let done = run(command);
        assert_eq!((done.code, done.errors.as_str()), (0, ""), "{command:?}");
        for text in mentions {
            assert!(done.output.contains(text), "{command:?} does not mention {text}");
        }
        assert!(done.output.lines().all(|line| line.chars().count() <= 100), "{command:?} has long lines");
    }
    assert_eq!(run(&["help", "simulate"]), run(&["simulate", "--help"]));
}

#[test]
fn every_shell_completes_commands_and_options() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let done = run(&["completions", shell]);
        assert_eq!((done.code, done.errors.as_str()), (0, ""), "{shell}");
        for text in ["simulate", "mock-config", "sarif"] {
            assert!(done.output.contains(text), "{shell} does not know {text}");
        }
    }
    assert_eq!(run(&["completions", "csh"]).code, 2);
}

/// What bash completes the last of these words to.
#[cfg(unix)]
fn completed(words: &[&str]) -> String {
    let script = file("completed", "asl-lsp.bash", run(&["completions", "bash"]).output);
    let complete = "source $0; COMP_WORDS=(asl-lsp \"$@\"); COMP_CWORD=$#; \
                    _asl__lsp asl-lsp \"${COMP_WORDS[-1]}\" \"${COMP_WORDS[-2]}\"; echo \"${COMPREPLY[*]}\"";
    let done = Command::new("bash").args(["--norc", "-c", complete, &script]).args(words).output().unwrap();
    String::from_utf8(done.stdout).unwrap() + &String::from_utf8(done.stderr).unwrap()
}

#[cfg(unix)]
#[test]
fn bash_completes() {
    assert_eq!(completed(&["sim"]), "simulate\n");
    assert_eq!(completed(&["simulate", "--mock"]), "--mock-config --mock\n");
    assert_eq!(completed(&["check", "--format", "s"]), "sarif\n");
}

#[test]
fn manual_pages_name_what_there_is() {
    let page = run(&["man"]);
    assert_eq!((page.code, page.errors.as_str()), (0, ""));
    assert!(page.output.contains(".TH asl-lsp 1"), "{}", page.output);
    assert!(page.output.contains("asl\\-lsp\\-simulate(1)"), "{}", page.output);
    let page = run(&["man", "simulate"]);
    assert!(page.output.contains(".TH asl-lsp-simulate 1"), "{}", page.output);
    assert!(page.output.contains("\\-\\-mock\\-config"), "{}", page.output);
    check_usage(&["man", "frobnicate"], "error: there is no command frobnicate\n");
}

#[test]
fn mocks_of_single_states() {
    let file = "examples/throttled.asl.json";
    let throttled = r#"{"errorOutput": {"error": "DynamoDB.ProvisionedThroughputExceededException"}}"#;
    let mock = format!(r#"WriteEvent=[{throttled}, {{"result": {{}}, "fieldValidationMode": "NONE"}}]"#);
    let done = run(&["simulate", file, "--input", r#"{"id": "e-1"}"#, "--mock", &mock]);
    assert!(done.output.contains("(1 retry in "), "{}{}", done.output, done.errors);
}

#[test]
fn an_execution_that_is_stopped() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("stopped.asl.json");
    let wait = r#"{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "End": true}}}"#;
    std::fs::write(&file, wait).unwrap();
    let done = run(&["simulate", file.to_str().unwrap(), "--stop-after", "30"]);
    assert_eq!((done.code, done.output.as_str()), (1, "W  given up\n\nABORTED\n"));
}

#[test]
fn the_version_is_the_crates() {
    let done = run(&["--version"]);
    assert_eq!(done.output, format!("asl-lsp {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(done.code, 0);
}

#[test]
fn a_terminal_without_arguments_shows_the_help() {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut io = Io {
        input: &mut std::io::empty(),
        output: &mut output,
        errors: &mut errors,
        is_terminal: true,
        has_color: false,
    };
    assert_eq!(cli::run(vec!["asl-lsp".into()], &mut io), 0);
    assert_eq!(String::from_utf8(output).unwrap(), run(&["--help"]).output);
}

// The same again

#[test]
fn the_same_arguments_give_the_same_bytes() {
    for example in EXAMPLES {
        for format in ["text", "json", "history"] {
            let arguments: Vec<&str> = example.iter().copied().chain(["--format", format]).collect();
            assert_eq!(run(&arguments), run(&arguments), "{arguments:?}");
        }
    }
    for format in ["text", "json"] {
        let arguments = ["check", "--format", format, "examples"];
        assert_eq!(run(&arguments), run(&arguments));
    }
}

// The process

fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asl-lsp"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    command
}

#[test]
fn the_binary_does_the_same() {
    for example in EXAMPLES {
        let done = run(example);
        let process = binary().args(*example).output().unwrap();
        assert_eq!(process.status.code(), Some(i32::from(done.code)), "{example:?}");
        assert_eq!(String::from_utf8(process.stdout).unwrap(), done.output, "{example:?}");
    }
    let process = binary().arg("frobnicate").output().unwrap();
    assert_eq!(process.status.code(), Some(2));
}

/// `asl-lsp … | head -1`: nobody reads on.
#[test]
fn a_closed_pipe_is_no_failure() {
    let check = |arguments: &[&str]| {
        let mut process = binary();
        process.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = process.spawn().unwrap();
        drop(process.stdout.take());
        let output = process.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), String::from_utf8(output.stderr).unwrap()),
            (Some(0), String::new())
        );
    };
    check(&["simulate", "examples/order.asl.json", "--format", "json"]);
    check(&["simulate", "examples/order.asl.json"]);
    check(&["check", "examples"]);
    check(&["--help"]);
}

/// Standard output belongs to the protocol: nothing of the command line may hold it.
#[test]
fn the_server_answers_over_pipes() {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::process::{Command, Stdio};

    let mut server = Command::new(env!("CARGO_BIN_EXE_asl-lsp"))
        .arg("server")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut input = server.stdin.take().expect("a pipe to its input");
    let mut output = BufReader::new(server.stdout.take().expect("a pipe from its output"));
    let mut send = |message: &str| {
        write!(input, "Content-Length: {}\r\n\r\n{message}", message.len()).and_then(|()| input.flush())
    };
    send(r#"{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}"#).unwrap();
    let mut header = String::new();
    output.read_line(&mut header).unwrap();
    let len: usize = header.trim().strip_prefix("Content-Length: ").expect("a header").parse().unwrap();
    let mut body = vec![0; len + 2];
    output.read_exact(&mut body).unwrap();
    assert!(String::from_utf8(body).unwrap().contains("inlayHintProvider"));
    send(r#"{"jsonrpc": "2.0", "id": 2, "method": "shutdown"}"#).unwrap();
    send(r#"{"jsonrpc": "2.0", "method": "exit"}"#).unwrap();
    assert!(server.wait().unwrap().success());
}

// Tables as people have them

#[test]
fn simulate_takes_tables_from_a_template_and_a_scan() {
    let template = file(
        "template-and-scan",
        "template.yaml",
        "Parameters: {Stage: {Type: String, Default: dev}}
Resources:
  Users:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub users-${Stage}
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      TimeToLiveSpecification: {AttributeName: until, Enabled: true}
",
    );
    let folder = PathBuf::from(&template).parent().unwrap().to_owned();
    let scan = folder.join("dump.json");
    let items = json!([{"id": {"S": "1"}, "until": {"N": "1700000000"}}, {"id": {"S": "2"}}]);
    fs::write(&scan, json!({"Items": items, "Count": 2}).to_string()).unwrap();
    let definition = folder.join("scan.asl.json");
    let state = json!({
        "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:scan", "End": true,
        "Parameters": {"TableName": "users-dev"}, "ResultSelector": {"Count.$": "$.Count"},
    });
    fs::write(&definition, json!({"StartAt": "Scan", "States": {"Scan": state}}).to_string()).unwrap();
    let (definition, dump) =
        (definition.to_str().unwrap().to_owned(), format!("users-dev={}", scan.display()));
    let count = |more: &[&str]| {
        let arguments =
            [&["simulate", &definition, "--format", "json", "--tables", &template, &dump], more].concat();
        let done = run(&arguments);
        let report: Value = serde_json::from_str(&done.output).unwrap_or_else(|_| panic!("{done:?}"));
        report["output"]["Count"].clone()
    };
    assert_eq!(count(&[]), json!(2));
    assert_eq!(count(&["--ttl", "--start-time", "2026-01-31T09:00:00Z"]), json!(1));
}

#[test]
fn tables_of_a_scan_need_a_declaration() {
    let scan = file("scan-alone", "Orders.json", r#"{"Items": [{"id": {"S": "1"}}]}"#);
    let done = run(&["dynamodb", "--port", "0", "--tables", &scan]);
    assert_eq!(
        (done.code, done.errors),
        (
            2,
            format!(
                "error: --tables: {scan}: Items: no file declares the table `Orders`: \
                 give its CreateTable request or a template, too\n"
            )
        )
    );
}

// Formatting

#[test]
fn standard_input_is_formatted() {
    let done = run_with_input(&["fmt", "--indent", "4"], "{\"StartAt\":\n\"A\"}");
    assert_eq!((done.code, done.output.as_str()), (0, "{\n    \"StartAt\": \"A\"\n}\n"));
    assert_eq!(run_with_input(&["fmt", "-", "--check"], "{\"a\":1}").code, 1);
    assert_eq!(run_with_input(&["fmt", "--check"], "{ \"a\": 1 }\n").code, 0);
}

#[test]
fn files_are_formatted_in_place() {
    let path = file("fmt", "a.asl.json", "{\"States\":{\n}}");
    let checked = run(&["fmt", "--check", &path]);
    assert_eq!((checked.code, checked.output), (1, format!("{path} is not formatted\n")));
    assert_eq!(fs::read_to_string(&path).unwrap(), "{\"States\":{\n}}");
    assert_eq!(run(&["fmt", &path]).code, 0);
    assert_eq!(fs::read_to_string(&path).unwrap(), "{\n  \"States\": {}\n}\n");
    let again = run(&["fmt", "--check", &path]);
    assert_eq!((again.code, again.output.as_str()), (0, ""));
}

#[test]
fn widths_that_make_no_sense_are_refused() {
    let done = run(&["fmt", "--indent", "99"]);
    assert!(done.code == 2 && done.errors.contains("1 to 16, or tab"), "{done:?}");
}

// Findings

const NO_DOLLAR: &str =
    r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"x": "$.x"}, "End": true}}}"#;

#[test]
fn explain_tells_a_rule_or_lists_all() {
    let done = run(&["explain", "NO_DOLLAR"]);
    assert_eq!((done.code, done.errors.as_str()), (0, ""));
    assert!(done.output.starts_with("## NO_DOLLAR (`no-dollar`)\n\nFinds values in payload templates"));
    // Several rules have this code.
    let done = run(&["explain", "schema_validation_failed"]);
    assert!(done.output.contains("(`schema`)") && done.output.contains("(`express`)"), "{}", done.output);
    let done = run(&["explain"]);
    assert!(done.output.lines().any(|line| line.starts_with("unused-variable ")), "{}", done.output);
    let done = run(&["explain", "nonsense"]);
    assert_eq!((done.code, done.output.as_str()), (2, ""));
}

#[test]
fn check_of_sarif_has_rules_and_places() {
    let path = file("sarif", "sarif.asl.json", NO_DOLLAR);
    let done = run(&["check", "--format", "sarif", &path]);
    assert_eq!((done.code, done.errors.as_str()), (0, ""));
    let log: Value = serde_json::from_str(&done.output).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "asl-lsp");
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    let result = &results[0];
    assert_eq!((&result["ruleId"], &result["level"]), (&json!("NO_DOLLAR/no-dollar"), &json!("warning")));
    let rule =
        &run["tool"]["driver"]["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
    assert_eq!(rule["id"], result["ruleId"]);
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], format!("file://{path}"));
    let column = NO_DOLLAR.find("\"$.x\"").unwrap() + 1;
    let expected = json!({"startLine": 1, "startColumn": column, "endLine": 1, "endColumn": column + 5});
    assert_eq!(place["region"], expected);
}

#[test]
fn check_takes_severities_from_the_project() {
    let path = file("project", "project.asl.json", NO_DOLLAR);
    let settings = std::path::Path::new(&path).with_file_name("asl-lsp.toml");
    let severity = |text: &str| {
        fs::write(&settings, text).unwrap();
        let done = run(&["check", "--format", "json", &path]);
        let report: Option<Value> = serde_json::from_str(&done.output).ok();
        let found = report.map(|report| report["files"][0]["diagnostics"][0]["severity"].clone());
        (done.code, found, done.errors)
    };
    assert_eq!(severity(""), (0, Some(json!("warning")), String::new()));
    assert_eq!(severity("[diagnostics]\nNO_DOLLAR = \"error\""), (1, Some(json!("error")), String::new()));
    assert_eq!(severity("[diagnostics]\nno-dollar = \"off\""), (0, Some(Value::Null), String::new()));
    let (code, found, errors) = severity("[diagnostics]\nfoo = \"off\"");
    assert_eq!((code, found), (2, None));
    assert!(errors.contains("there is no finding foo"), "{errors}");
}

#[test]
fn check_holds_keys_to_a_tables_file() {
    let definition = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
"Parameters": {"TableName": "Orders", "Key": {"Id": {"S": "1"}}}, "End": true}}}"#;
    let path = file("declared", "declared.asl.json", definition);
    let tables = file(
        "declared-tables",
        "tables.json",
        r#"[{"TableName": "Orders",
"KeySchema": [{"AttributeName": "OrderId", "KeyType": "HASH"}],
"AttributeDefinitions": [{"AttributeName": "OrderId", "AttributeType": "S"}]}]"#,
    );
    let done = run(&["check", "--tables", &format!("@{tables}"), &path]);
    assert!(done.output.contains("warning[dynamodb-schema]"), "{}", done.output);
    assert!(!run(&["check", &path]).output.contains("dynamodb-schema"));
}
