//! Live simulation: what is shown is true of the text it is shown in.

use serde_json::{Value, json};

use crate::test_server::{Builder, URI};

fn pass(result: u32) -> String {
    format!(
        "{{\"StartAt\": \"A\", \"States\": {{\n\"A\": {{\"Type\": \"Pass\", \"Result\": {result}, \"End\": true}}\n}}}}"
    )
}

#[tokio::test]
async fn a_change_brings_other_values() {
    let mut server = Builder::new().start().await;
    server.open(URI, &pass(1)).await;
    server.await_run().await;
    assert_eq!(server.hints(URI).await, ["⇒ 1"]);
    server.change(URI, 2, &pass(2)).await;
    // Until the new run has ended nothing is shown, rather than the old value.
    assert_ne!(server.hints(URI).await, ["⇒ 1"]);
    server.await_run().await;
    assert_eq!(server.hints(URI).await, ["⇒ 2"]);
}

#[tokio::test]
async fn white_space_moves_the_values_and_runs_nothing() {
    let mut server = Builder::new().start().await;
    server.open(URI, &pass(1)).await;
    server.await_run().await;
    server.change(URI, 2, &pass(1).replace('\n', "\n\n")).await;
    server.diagnostics(URI, 2).await;
    assert_eq!(server.hints(URI).await, ["⇒ 1"]);
}

#[tokio::test]
async fn a_run_of_an_older_text_is_given_up() {
    let settings = json!({"workflowType": "EXPRESS"});
    let mut server = Builder::new().settings(settings).start().await;
    let endless = "{\"StartAt\": \"A\", \"States\": {\n\"A\": {\"Type\": \"Pass\", \"Next\": \"A\"}\n}}";
    server.open(URI, endless).await;
    server.diagnostics(URI, 1).await;
    server.change(URI, 2, &pass(7)).await;
    server.await_run().await;
    assert_eq!(server.hints(URI).await, ["⇒ 7"]);
}

/// The time that a live run may take ends it.
#[tokio::test]
async fn an_endless_run_is_stopped_and_said_to_be() {
    let mut server = Builder::new().settings(json!({"workflowType": "EXPRESS"})).start().await;
    server
        .open(URI, "{\"StartAt\": \"A\", \"States\": {\n\"A\": {\"Type\": \"Pass\", \"Next\": \"A\"}\n}}")
        .await;
    server.await_run().await;
    let lenses =
        server.request("textDocument/codeLens", json!({"textDocument": {"uri": URI}})).await.unwrap();
    assert_eq!(lenses[0]["command"]["title"], "▶ Simulate · stopped: it takes too long");
}

#[tokio::test]
async fn errors_of_a_run_are_findings_of_their_own() {
    let mut server = Builder::new().start().await;
    let text = "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\",\n\"Parameters\": {\"b.$\": \"$.missing\"},\n\"End\": true}}}";
    server.open(URI, text).await;
    assert_eq!(server.diagnostics(URI, 1).await, Vec::<Value>::new());
    let found = server.diagnostics(URI, 1).await;
    assert_eq!(found[0]["source"], "simulation");
    assert_eq!(found[0]["range"]["start"]["line"], 1);
}

#[tokio::test]
async fn input_and_tables_of_a_command_are_kept() {
    let mut server = Builder::new().start().await;
    let text = r#"{"StartAt": "Get", "States": {"Get": {"Type": "Task", "End": true,
"Resource": "arn:aws:states:::dynamodb:getItem",
"Parameters": {"TableName": "Orders", "Key": {"Id": {"S.$": "$.id"}}}}}}"#;
    server.open(URI, text).await;
    server.await_run().await;
    assert_eq!(server.hints(URI).await, ["✗ States.Runtime"]);
    let tables = json!([{
        "TableName": "Orders", "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}],
        "Items": [{"Id": {"S": "7"}, "Total": {"N": "3"}}],
    }]);
    let report = server.simulate(json!({"uri": URI, "input": {"id": "7"}, "tables": tables})).await.unwrap();
    assert_eq!(report["states"][0]["visits"][0]["result"]["Item"]["Total"], json!({"N": "3"}));
    assert_eq!(report["tables"]["Orders"]["Items"][0]["Id"], json!({"S": "7"}));
    server.await_run().await;
    assert_eq!(server.hints(URI).await, ["⇒ {Item: {Id: \"7\", Total: 3}}"]);
    // The next run, after a change, has the same.
    server.change(URI, 2, &text.replace("$.id", "$['id']")).await;
    server.await_run().await;
    assert_eq!(server.hints(URI).await, ["⇒ {Item: {Id: \"7\", Total: 3}}"]);
}

#[tokio::test]
async fn the_graph_shows_the_last_run() {
    let mut server = Builder::new().start().await;
    server.open(URI, &pass(1)).await;
    server.await_run().await;
    let graph = server.execute("asl-lsp.graph", json!({"uri": URI})).await.unwrap();
    let range = json!({"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 3}});
    assert_eq!(graph["nodes"], json!([{"name": "A", "range": range}]));
    let svg = graph["svg"].as_str().unwrap();
    assert!(svg.contains("class=\"state succeeded\" data-state=\"A\""), "{svg}");
    assert!(server.execute("asl-lsp.graph", json!({"uri": "file:///other.asl.json"})).await.is_err());
}

#[tokio::test]
async fn files_beside_the_document_are_used() {
    let folder = std::env::temp_dir().join(format!("asl-lsp-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let text = std::fs::read_to_string(examples.join("inventory.asl.json")).unwrap();
    for name in ["inventory.input.json", "inventory.tables.json"] {
        std::fs::copy(examples.join(name), folder.join(name)).unwrap();
    }
    std::fs::write(folder.join("asl-lsp.toml"), "[diagnostics]\nmissing-retry = \"off\"\n").unwrap();
    let uri = format!("file://{}/inventory.asl.json", folder.display());
    let mut server = Builder::new().start().await;
    server.open(&uri, &text).await;
    // The table is declared: nothing is assumed. Hints are turned off.
    assert_eq!(server.diagnostics(&uri, 1).await, Vec::<Value>::new());
    server.await_run().await;
    assert_eq!(
        server.hints(&uri).await[1..],
        ["⇒ {sku: \"lamp\", pieces: 2, stock: {left: 3}}", "not reached"]
    );
    std::fs::write(folder.join("inventory.tables.json"), "[{}").unwrap();
    let document = json!({"textDocument": {"uri": uri}});
    server.notify("textDocument/didSave", document).await;
    server.await_run().await;
    let found = loop {
        let found = server.diagnostics(&uri, 1).await;
        if found.iter().any(|found| found["code"] == "scenario") {
            break found;
        }
    };
    assert!(
        found
            .iter()
            .any(|it| it["message"].as_str().unwrap().starts_with("inventory.tables.json cannot be used"))
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn files_beside_the_document_are_watched() {
    let folder = std::env::temp_dir().join(format!("asl-lsp-watched-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let uri = format!("file://{}/order.asl.json", folder.display());
    let mut server = Builder::new().start().await;
    server.open(&uri, &pass(1).replace("\"Result\"", "\"ResultPath\": \"$.n\", \"Result\"")).await;
    server.await_run().await;
    assert_eq!(server.hints(&uri).await, ["⇒ {n: 1}"]);
    std::fs::write(folder.join("order.input.json"), "{\"fed\": true}").unwrap();
    let changed =
        json!({"changes": [{"uri": format!("file://{}/order.input.json", folder.display()), "type": 1}]});
    server.notify("workspace/didChangeWatchedFiles", changed).await;
    server.await_run().await;
    assert_eq!(server.hints(&uri).await, ["⇒ {fed: true, n: 1}"]);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn scenarios_beside_the_document_are_simulated() {
    let folder = std::env::temp_dir().join(format!("asl-lsp-scenarios-lsp-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let text = json!({"scenarios": {"one": {"input": {"fed": 1}}, "two": {"input": {"fed": 2}}}}).to_string();
    std::fs::write(folder.join("order.scenarios.json"), text).unwrap();
    let uri = format!("file://{}/order.asl.json", folder.display());
    let mut server = Builder::new().start().await;
    server.open(&uri, &pass(1).replace("\"Result\"", "\"ResultPath\": \"$.n\", \"Result\"")).await;
    server.await_run().await;
    assert_eq!(server.hints(&uri).await, ["⇒ {fed: 1, n: 1}"]);
    let document = json!({"textDocument": {"uri": uri}});
    let lenses = server.request("textDocument/codeLens", document).await.unwrap();
    let command = lenses[1]["command"].clone();
    assert_eq!((&command["title"], &command["command"]), (&json!("Scenario: one"), &json!("asl.scenario")));
    let chosen = server.execute("asl.scenario", command["arguments"][0].clone()).await;
    assert_eq!(chosen, Ok(json!("two")));
    server.await_run().await;
    assert_eq!(server.hints(&uri).await, ["⇒ {fed: 2, n: 1}"]);
    assert!(server.execute("asl.scenario", json!({"uri": uri, "name": "three"})).await.is_err());
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn settings_may_change_at_any_time() {
    let mut server = Builder::new().start().await;
    server.open(URI, &pass(1)).await;
    server.await_run().await;
    let settings = json!({"settings": {"asl-lsp": {"inlayHints": {"enabled": false}}}});
    server.notify("workspace/didChangeConfiguration", settings).await;
    assert_eq!(server.hints(URI).await, Vec::<String>::new());
}
