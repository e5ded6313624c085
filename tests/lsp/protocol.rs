//! What the protocol asks of a server: encodings, the order of edits, cancellation.

use serde_json::{Value, json};

use crate::test_server::{Builder, URI, at};

const ORDER: &str = include_str!("../../examples/order.asl.json");

#[tokio::test]
async fn one_document_from_open_to_shutdown() {
    let mut server = Builder::new().start().await;
    assert_eq!(server.initialized["capabilities"]["positionEncoding"], "utf-16");
    server.open(URI, ORDER).await;
    let diagnostics = server.diagnostics(URI, 1).await;
    let codes: Vec<_> = diagnostics.iter().map(|found| found["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["missing-retry", "missing-retry", "assumed-table"]);
    server.await_run().await;
    assert_eq!(
        server.hints(URI).await,
        [
            "⇒ {} · Orders ← {OrderId: \"001\", Status: \"Created\"}",
            "⇒ {Item: {OrderId: \"001\", Status: \"Created\"}}"
        ]
    );
    let hover = server.hover(URI, 4, 6).await.unwrap();
    assert!(hover.contains("| `Status` | S | `\"Created\"` |"), "{hover}");
    let symbols = server.request("textDocument/documentSymbol", json!({"textDocument": {"uri": URI}})).await;
    assert_eq!(symbols.unwrap().as_array().unwrap().len(), 2);
    let definition = server.request("textDocument/definition", at(URI, 2, 16)).await.unwrap();
    assert_eq!(definition["range"]["start"]["line"], 4);
    let lenses =
        server.request("textDocument/codeLens", json!({"textDocument": {"uri": URI}})).await.unwrap();
    assert_eq!(lenses[0]["command"]["title"], "▶ Simulate · SUCCEEDED");
    let report = server.simulate(lenses[0]["command"]["arguments"][0].clone()).await.unwrap();
    assert_eq!(report["status"], "SUCCEEDED");
    assert_eq!(report["states"][1]["visits"][0]["output"]["Item"]["Status"], json!({"S": "Created"}));
    assert_eq!(server.request("shutdown", Value::Null).await, Ok(Value::Null));
    server.notify("exit", Value::Null).await;
    assert!(server.ended().await);
}

/// The hover over a key behind characters that the encodings count differently.
async fn hover_behind_emoji(encodings: &[&str], column: u32) -> Option<String> {
    let mut server = Builder::new().encodings(encodings).start().await;
    server.open(URI, "{\"Comment\": \"é😀\", \"TimeoutSeconds\": 1}").await;
    server.hover(URI, 0, column).await
}

#[tokio::test]
async fn columns_are_what_was_agreed_on() {
    // The key begins at byte 22, at UTF-16 unit 19.
    for (encodings, column) in [(["utf-8", "utf-16"].as_slice(), 22), (["utf-16"].as_slice(), 19)] {
        assert_eq!(hover_behind_emoji(encodings, column - 1).await, None);
        let hover = hover_behind_emoji(encodings, column).await;
        assert!(hover.is_some_and(|hover| hover.contains("TimeoutSeconds")), "{encodings:?}");
    }
}

#[tokio::test]
async fn edits_act_in_their_order() {
    let mut server = Builder::new().start().await;
    server.open(URI, "{\"States\": {}}").await;
    // Each edit stands before all earlier ones: in any other order the text is another.
    for version in 2..300 {
        let start = json!({"line": 0, "character": 12});
        let text = format!("\"S{version}\": {{}}, ");
        let change = json!([{"range": {"start": start, "end": start}, "text": text}]);
        server.edit(URI, version, change).await;
    }
    let symbols = server.request("textDocument/documentSymbol", json!({"textDocument": {"uri": URI}})).await;
    let symbols = symbols.unwrap();
    let names: Vec<_> = symbols.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    let expected: Vec<_> = (2..300).rev().map(|version| format!("S{version}")).collect();
    assert_eq!(names, expected);
}

/// An Express execution without end runs until it is stopped.
const ENDLESS: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 0, "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}}"#;

#[tokio::test]
async fn a_cancelled_simulation_stops() {
    let settings = json!({"workflowType": "EXPRESS", "simulation": {"onChange": false}});
    let mut server = Builder::new().settings(settings).start().await;
    server.open(URI, ENDLESS).await;
    let params = json!({"command": "asl.simulate", "arguments": [{"uri": URI}]});
    let id = server.send_request("workspace/executeCommand", params).await;
    // Others are answered meanwhile.
    assert!(server.hover(URI, 0, 2).await.is_some());
    server.notify("$/cancelRequest", json!({"id": id})).await;
    assert_eq!(server.answer(id).await.unwrap_err()["code"], -32800);
}

#[tokio::test]
async fn a_command_says_what_is_wrong_with_it() {
    let mut server = Builder::new().start().await;
    let error = server.simulate(json!({"uri": URI})).await.unwrap_err();
    assert_eq!(error["message"], format!("The document is not open: {URI}"));
    let error = server.simulate(json!({})).await.unwrap_err();
    assert!(error["message"].as_str().unwrap().contains("missing field `uri`"), "{error}");
    server.open(URI, ORDER).await;
    let error = server.simulate(json!({"uri": URI, "tables": {}})).await.unwrap_err();
    assert!(error["message"].as_str().unwrap().contains("tables: expected an array"), "{error}");
    let params = json!({"command": "asl.fly"});
    assert_eq!(server.request("workspace/executeCommand", params).await.unwrap_err()["code"], -32602);
}
