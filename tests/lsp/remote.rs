//! Tables elsewhere: only a command asks them, and only `initialize` says where they are.

use serde_json::{Value, json};

use crate::port::{Port, orders};
use crate::test_server::{Builder, TestServer, URI};
use asl_lsp::endpoint::Limits;

/// A machine that gets an item, and then goes on.
fn get(id: &str, result: u32) -> String {
    format!(
        r#"{{"StartAt": "Get", "States": {{
"Get": {{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem",
  "Parameters": {{"TableName": "orders", "Key": {{"id": {{"S": "{id}"}}}}}}, "Next": "Then"}},
"Then": {{"Type": "Pass", "Result": {result}, "ResultPath": "$.n", "End": true}}
}}}}"#
    )
}

fn put() -> String {
    r#"{"StartAt": "Put", "States": {
"Put": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:putItem",
  "Parameters": {"TableName": "orders", "Item": {"id": {"S": "1"}, "total": {"N": "6"}}}, "End": true}
}}"#
    .to_owned()
}

/// A server that knows of the port and has simulated a document in memory.
async fn start(options: Value, text: &str) -> TestServer {
    let mut server = Builder::new().settings(options).start().await;
    server.open(URI, text).await;
    server.await_run().await;
    server
}

fn url(port: &Port) -> String {
    format!("http://{}", port.address)
}

#[tokio::test]
async fn typing_asks_nobody_and_knows_what_was_answered() {
    let port = Port::open(orders(), Limits::DEFAULT);
    let url = url(&port);
    let mut server = start(json!({"dynamodbEndpoint": url}), &get("1", 1)).await;
    assert_eq!(server.hints(URI).await, ["⇒ {}", "⇒ {n: 1}"]);
    let report = server.simulate(json!({"uri": URI, "remote": true})).await.unwrap();
    assert_eq!(report["output"]["Item"]["total"], json!({"N": "5"}));
    assert_eq!(report["remoteTables"], format!("The tables are remote and not shown: 1 request to {url}"));
    assert_eq!(report.get("tables"), None);
    server.await_run().await;
    let hints = ["☁ ⇒ {Item: {id: \"1\", total: 5}}", "⇒ {Item: {id: \"1\", total: 5}, n: 1}"];
    assert_eq!(server.hints(URI).await, hints);

    // From here on nobody is there to be asked.
    port.stop();
    server.change(URI, 2, &get("1", 2)).await;
    server.await_run().await;
    let hints = ["☁ ⇒ {Item: {id: \"1\", total: 5}}", "⇒ {Item: {id: \"1\", total: 5}, n: 2}"];
    assert_eq!(server.hints(URI).await, hints);
    server.change(URI, 3, &get("2", 2)).await;
    server.await_run().await;
    let hints = server.hints(URI).await;
    assert!(hints[0].starts_with(&format!("☁ ⏸ {url} was not asked this yet")), "{hints:?}");

    // Without the tables elsewhere, those in memory are there again.
    server.simulate(json!({"uri": URI})).await.unwrap();
    server.await_run().await;
    assert_eq!(server.hints(URI).await, ["⇒ {}", "⇒ {n: 2}"]);
}

#[tokio::test]
async fn writes_have_to_be_allowed() {
    let port = Port::open(orders(), Limits::DEFAULT);
    let url = url(&port);
    let mut server = start(json!({"dynamodbEndpoint": url}), &put()).await;
    let report = server.simulate(json!({"uri": URI, "remote": true})).await.unwrap();
    assert_eq!(
        report["blocked"]["reason"],
        format!(
            "PutItem writes, and the tables at {url} are only read: \
             allow it with the setting asl-lsp.dynamodbAllowWrites"
        )
    );
    server.await_run().await;
    assert_eq!(port.stop().to_json()["orders"]["Items"][0]["total"], json!({"N": "5"}));
}

#[tokio::test]
async fn writes_that_are_allowed_and_steps_that_write_nothing() {
    let port = Port::open(orders(), Limits::DEFAULT);
    let url = url(&port);
    let options = json!({"asl-lsp": {"dynamodbEndpoint": url, "dynamodbAllowWrites": true}});
    let mut server = start(options, &put()).await;
    let report = server.simulate(json!({"uri": URI, "remote": true})).await.unwrap();
    assert_eq!(report["status"], "SUCCEEDED");
    server.await_run().await;
    assert_eq!(port.stop().to_json()["orders"]["Items"][0]["total"], json!({"N": "6"}));

    // The port is gone: steps are shown from what was answered.
    let shown = server.execute("asl.step", json!({"uri": URI, "to": "first"})).await.unwrap();
    assert_eq!((&shown["step"], &shown["tablesAt"]), (&json!(1), &json!(url)));
    let shown = server.execute("asl.step", json!({"uri": URI, "to": "next"})).await.unwrap();
    assert_eq!(shown["status"], "SUCCEEDED");
    let tables = server.execute("asl.tables", json!({"uri": URI})).await.unwrap();
    assert_eq!((&tables["tablesAt"], &tables["tables"]), (&json!(url), &json!({})));
    let tested = server.execute("asl.testState", json!({"uri": URI, "state": "Put"})).await.unwrap_err();
    assert!(tested["message"].as_str().unwrap().starts_with(&format!("The tables are at {url}")), "{tested}");
}

#[tokio::test]
async fn a_line_offers_the_tables() {
    let options = json!({"dynamodbEndpoint": "http://localhost:1"});
    let mut server = start(options, &get("1", 1)).await;
    let document = json!({"textDocument": {"uri": URI}});
    let lenses = server.request("textDocument/codeLens", document).await.unwrap();
    let command = lenses
        .as_array()
        .unwrap()
        .iter()
        .map(|lens| &lens["command"])
        .find(|command| command["title"] == "Simulate with the tables at http://localhost:1")
        .unwrap();
    assert_eq!(command["command"], "asl.simulate");
    assert_eq!(command["arguments"], json!([{"uri": URI, "remote": true}]));
    // Nobody is there.
    let report = server.simulate(command["arguments"][0].clone()).await.unwrap();
    let reason = report["blocked"]["reason"].as_str().unwrap();
    assert!(reason.starts_with("http://localhost:1 cannot be reached"), "{reason}");
    server.await_run().await;
}

#[tokio::test]
async fn nobody_but_initialize_names_them() {
    let port = Port::open(orders(), Limits::DEFAULT);
    let folder = std::env::temp_dir().join(format!("asl-lsp-remote-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let toml = format!("dynamodbEndpoint = \"{0}\"\ndynamodb-endpoint = \"{0}\"\n", url(&port));
    std::fs::write(folder.join("asl-lsp.toml"), toml).unwrap();
    let uri = format!("file://{}/order.asl.json", folder.display());
    let mut server = Builder::new().start().await;
    let later = json!({"settings": {"asl-lsp": {"dynamodbEndpoint": url(&port)}}});
    server.notify("workspace/didChangeConfiguration", later).await;
    server.open(&uri, &get("1", 1)).await;
    server.await_run().await;
    let error = server.simulate(json!({"uri": uri, "remote": true})).await.unwrap_err();
    assert_eq!(error["message"], "No DynamoDB is named: initializationOptions have no \"dynamodbEndpoint\"");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn an_address_that_is_none() {
    let mut server = start(json!({"dynamodbEndpoint": "localhost:8000"}), &get("1", 1)).await;
    let error = server.simulate(json!({"uri": URI, "remote": true})).await.unwrap_err();
    assert_eq!(
        error["message"],
        "dynamodbEndpoint: localhost:8000 is no address such as http://localhost:8000"
    );
}
