//! The commands beside `asl.simulate`: going through a run, what its views show, scenarios.

use serde_json::{Value, json};

use crate::test_server::{Builder, TestServer, URI};

const MACHINE: &str = r#"{"StartAt": "Save", "States": {
"Save": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Next": "Load",
  "Parameters": {"TableName": "Orders", "Item": {"id": {"S": "1"}}}},
"Load": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "End": true,
  "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}}}
}}"#;

async fn opened() -> TestServer {
    let mut server = Builder::new().start().await;
    server.open(URI, MACHINE).await;
    server.await_run().await;
    server
}

#[tokio::test]
async fn a_run_is_gone_through_step_by_step() {
    let mut server = opened().await;
    let hints = server.hints(URI).await;
    let first = server.execute("asl.step", json!({"uri": URI, "to": "first"})).await.unwrap();
    assert_eq!(
        (&first["step"], &first["steps"], &first["status"]),
        (&json!(1), &json!(2), &json!("RUNNING"))
    );
    assert_eq!(first["state"]["name"], "Save");
    assert_eq!(first["state"]["range"]["start"], json!({"line": 1, "character": 0}));
    assert_eq!(server.hints(URI).await, [hints[0].as_str()]);
    let tables = server.execute("asl.tables", json!({"uri": URI})).await.unwrap();
    assert_eq!(tables["changes"], json!([{"table": "Orders", "before": null, "after": {"id": {"S": "1"}}}]));
    let history = server.execute("asl.history", json!({"uri": URI})).await.unwrap();
    let last = history["events"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["type"], &last["state"]), (&json!("TaskStateExited"), &json!("Save")));
    let next = server.execute("asl.step", json!({"uri": URI, "to": "next"})).await.unwrap();
    assert_eq!((&next["step"], &next["status"]), (&Value::Null, &json!("SUCCEEDED")));
    assert_eq!(server.hints(URI).await, hints);
    let by_event = server.execute("asl.step", json!({"uri": URI, "event": 3})).await.unwrap();
    assert_eq!(by_event["step"], 1);
    // An edit that changes the machine leads back to the end.
    server.change(URI, 2, &MACHINE.replace("\"1\"", "\"2\"")).await;
    server.await_run().await;
    let now = server.execute("asl.simulation", json!({"uri": URI})).await.unwrap();
    assert_eq!((&now["step"], &now["status"]), (&Value::Null, &json!("SUCCEEDED")));
}

#[tokio::test]
async fn the_lens_steps_through() {
    let mut server = opened().await;
    let lenses = |value: Value| -> Vec<String> {
        let lenses = value.as_array().unwrap().clone();
        lenses.iter().map(|lens| lens["command"]["title"].as_str().unwrap().to_owned()).collect()
    };
    let document = json!({"textDocument": {"uri": URI}});
    let shown = server.request("textDocument/codeLens", document.clone()).await.unwrap();
    let task = "Test this state";
    assert_eq!(lenses(shown), ["▶ Simulate · SUCCEEDED", "Step through", task, task]);
    server.execute("asl.step", json!({"uri": URI, "to": "first"})).await.unwrap();
    let shown = server.request("textDocument/codeLens", document).await.unwrap();
    assert_eq!(lenses(shown), ["▶ Simulate · step 1 of 2", "◀ Back", "Forward ▶", "Leave", task]);
}

#[tokio::test]
async fn a_state_is_tested_alone_with_its_last_input() {
    let mut server = opened().await;
    let tested = server.execute("asl.testState", json!({"uri": URI, "state": "Load"})).await.unwrap();
    assert_eq!(tested["input"]["SdkHttpMetadata"]["HttpStatusCode"], 200);
    assert_eq!(tested["answer"]["status"], "SUCCEEDED");
    let other = server.execute("asl.testState", json!({"uri": URI, "state": "None"})).await;
    assert_eq!(other.unwrap_err()["message"], "There is no state \"None\"");
}

#[tokio::test]
async fn who_wants_to_know_is_told_of_simulations() {
    let mut server = Builder::new().told_of_simulations().start().await;
    server.open(URI, MACHINE).await;
    let told = server.wait(|message| message["method"] == "asl/simulation").await["params"].clone();
    assert_eq!(
        (&told["uri"], &told["status"], &told["steps"]),
        (&json!(URI), &json!("SUCCEEDED"), &json!(2))
    );
    assert_eq!(told, server.execute("asl.simulation", json!({"uri": URI})).await.unwrap());
}

#[tokio::test]
async fn graphs_come_in_three_languages() {
    let mut server = opened().await;
    for (format, begins) in [("mermaid", "flowchart"), ("dot", "digraph")] {
        let graph = server.execute("asl-lsp.graph", json!({"uri": URI, "format": format})).await.unwrap();
        assert!(graph[format].as_str().unwrap().trim_start().starts_with(begins), "{graph}");
    }
}

#[tokio::test]
async fn a_first_scenario_is_made_by_an_edit() {
    let folder = std::env::temp_dir().join(format!("asl-lsp-create-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let uri = format!("file://{}/order.asl.json", folder.display());
    let mut server = Builder::new().creating_files().start().await;
    server.open(&uri, &MACHINE.replacen("{\"S\": \"1\"}", "{\"S.$\": \"$.orderId\"}", 1)).await;
    server.await_run().await;
    let document = json!({"textDocument": {"uri": uri}});
    let lenses = server.request("textDocument/codeLens", document).await.unwrap();
    let command = lenses[1]["command"].clone();
    assert_eq!(
        (&command["title"], &command["command"]),
        (&json!("Create scenario"), &json!("asl.createScenario"))
    );
    let made = server.execute("asl.createScenario", command["arguments"][0].clone()).await.unwrap();
    let asked = server.wait(|message| message["method"] == "workspace/applyEdit").await;
    let operations = &asked["params"]["edit"]["documentChanges"];
    assert_eq!((&operations[0]["kind"], &operations[0]["uri"]), (&json!("create"), &made["uri"]));
    assert_eq!(operations[1]["edits"][0]["newText"], made["text"]);
    let file: Value = serde_json::from_str(made["text"].as_str().unwrap()).unwrap();
    assert_eq!(file["scenarios"]["first"]["input"], json!({"orderId": "orderId-1"}));
    assert!(made["uri"].as_str().unwrap().ends_with("/order.scenarios.json"));
    assert!(!folder.join("order.scenarios.json").exists(), "the client writes files, the server does not");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn the_scenario_that_was_chosen_outlives_the_server() {
    let folder = std::env::temp_dir().join(format!("asl-lsp-chosen-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let text = json!({"scenarios": {"one": {"input": {}}, "two": {"input": {}}}}).to_string();
    std::fs::write(folder.join("order.scenarios.json"), text).unwrap();
    let uri = format!("file://{}/order.asl.json", folder.display());
    let settings = json!({"scenarios": {&uri: "two"}});
    let mut server = Builder::new().settings(settings).start().await;
    server.open(&uri, MACHINE).await;
    server.await_run().await;
    let scenarios = server.execute("asl.scenarios", json!({"uri": uri})).await.unwrap();
    let file = format!("file://{}/order.scenarios.json", folder.display());
    assert_eq!(scenarios, json!({"file": file, "current": "two", "scenarios": ["one", "two"]}));
    let now = server.execute("asl.simulation", json!({"uri": uri})).await.unwrap();
    assert_eq!(now["scenario"], json!({"name": "two", "isChosen": true, "count": 2}));
    std::fs::remove_dir_all(&folder).unwrap();
}

/// An Express machine goes on until its time is over.
const ENDLESS: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}"#;

#[tokio::test]
async fn long_simulations_show_progress_and_can_be_stopped() {
    let settings = json!({"workflowType": "EXPRESS", "simulation": {"onChange": false}});
    let mut server = Builder::new().settings(settings).start().await;
    server.open(URI, ENDLESS).await;
    server.diagnostics(URI, 1).await;
    let params = json!({"command": "asl.simulate", "arguments": [{"uri": URI}], "workDoneToken": "t"});
    let id = server.send_request("workspace/executeCommand", params).await;
    let begun = server.wait(|message| message["method"] == "$/progress").await;
    assert_eq!(begun["params"]["value"]["title"], "Simulating order");
    assert_eq!(begun["params"]["value"]["cancellable"], true);
    server.notify("window/workDoneProgress/cancel", json!({"token": "t"})).await;
    assert!(server.answer(id).await.is_err());
    let ended = server.wait(|message| message["method"] == "$/progress").await;
    assert_eq!(ended["params"]["value"]["kind"], "end");
}

#[tokio::test]
async fn every_command_is_described() {
    let server = Builder::new().start().await;
    let page = std::fs::read_to_string("editors/PROTOCOL.md").unwrap();
    let commands = &server.initialized["capabilities"]["executeCommandProvider"]["commands"];
    let names: Vec<&str> = commands.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert!(names.len() >= 10);
    let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("### `")).collect();
    let headings: Vec<&str> = headings.iter().filter_map(|heading| heading.strip_suffix('`')).collect();
    for name in &names {
        assert!(headings.contains(name), "{name} has no section");
    }
    let gone: Vec<_> = headings.iter().filter(|it| !names.contains(it) && !it.contains('/')).collect();
    assert!(gone.is_empty(), "{gone:?} are no commands");
}
