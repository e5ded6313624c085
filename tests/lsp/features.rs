//! The features beside completion and live hints, over the protocol: one request each, and what the protocol adds.

use serde_json::{Value, json};

use crate::test_server::{Builder, TestServer, URI, at};

const TEXT: &str = "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": {\"Type\": \"Pass\", \"Assign\": {\"v.$\": \"States.Format('é{}', $.x)\"}, \"Next\": \"B\"},\n    \"B\": {\"Type\": \"Succeed\", \"OutputPath\": \"$v.y\"}\n  }\n}\n";

async fn opened(server: &mut TestServer) {
    server.open(URI, TEXT).await;
}

async fn ask(server: &mut TestServer, method: &str, params: Value) -> Value {
    server.request(&format!("textDocument/{method}"), params).await.expect(method)
}

fn range(line: u32, from: u32, to: u32) -> Value {
    json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}})
}

#[tokio::test]
async fn names() {
    let mut server = Builder::new().start().await;
    opened(&mut server).await;
    let mut params = at(URI, 1, 14);
    params["context"] = json!({"includeDeclaration": false});
    let found = ask(&mut server, "references", params).await;
    assert_eq!(found, json!([{"uri": URI, "range": range(1, 14, 15)}]));
    let found = ask(&mut server, "documentHighlight", at(URI, 3, 5)).await;
    assert_eq!(found[1], json!({"range": range(3, 5, 6), "kind": 3}));
    let found = ask(&mut server, "linkedEditingRange", at(URI, 3, 5)).await;
    assert_eq!(found["ranges"].as_array().map(Vec::len), Some(2));
    // The é before it is one unit of UTF-16.
    let found = ask(&mut server, "definition", at(URI, 4, 45)).await;
    assert_eq!(found, json!({"uri": URI, "range": range(3, 38, 39)}));
}

#[tokio::test]
async fn renaming() {
    let mut server = Builder::new().start().await;
    opened(&mut server).await;
    let found = ask(&mut server, "prepareRename", at(URI, 4, 45)).await;
    assert_eq!(found, json!({"range": range(4, 45, 46), "placeholder": "v"}));
    let mut params = at(URI, 4, 45);
    params["newName"] = json!("total");
    let edit = ask(&mut server, "rename", params.clone()).await;
    assert_eq!(edit["changes"][URI].as_array().map(Vec::len), Some(2));
    params["newName"] = json!("a b");
    let refused = server.request("textDocument/rename", params).await.unwrap_err();
    assert_eq!(refused["code"], -32803);
    assert!(
        refused["message"].as_str().unwrap().starts_with("The name of a variable begins with"),
        "{refused}"
    );
}

#[tokio::test]
async fn tokens_are_relative_and_count_in_utf_16() {
    let mut server = Builder::new().start().await;
    opened(&mut server).await;
    let params = json!({"textDocument": {"uri": URI}, "range": range(3, 0, 90)});
    let found = ask(&mut server, "semanticTokens/range", params).await;
    let data: Vec<u64> = found["data"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    let legend = &server.initialized["capabilities"]["semanticTokensProvider"]["legend"];
    let shown: Vec<(u64, u64, u64, &str)> = data
        .chunks(5)
        .map(|it| {
            (it[0], it[1], it[2], legend["tokenTypes"][usize::try_from(it[3]).unwrap()].as_str().unwrap())
        })
        .collect();
    let expected = [
        (3, 5, 1, "class"),
        (0, 14, 4, "type"),
        (0, 19, 1, "variable"),
        (0, 7, 13, "function"),
        (0, 14, 5, "string"),
        (0, 7, 1, "variable"),
        (0, 2, 1, "property"),
        (0, 15, 1, "class"),
    ];
    assert_eq!(shown, expected);
    let full = ask(&mut server, "semanticTokens/full", json!({"textDocument": {"uri": URI}})).await;
    assert!(full["data"].as_array().unwrap().len() > data.len());
}

#[tokio::test]
async fn signatures() {
    let mut server = Builder::new().start().await;
    opened(&mut server).await;
    let help = ask(&mut server, "signatureHelp", at(URI, 3, 66)).await;
    assert_eq!(help["activeParameter"], 1);
    assert_eq!(help["signatures"][0]["parameters"][1]["label"], json!([32, 49]));
}

#[tokio::test]
async fn formatting() {
    let mut server = Builder::new().start().await;
    server.open(URI, "{\"StartAt\":\n\"A\"}").await;
    let options = json!({"tabSize": 4, "insertSpaces": true, "insertFinalNewline": true});
    let params = json!({"textDocument": {"uri": URI}, "options": options});
    let edits = ask(&mut server, "formatting", params.clone()).await;
    let texts: Vec<&str> = edits.as_array().unwrap().iter().filter_map(|it| it["newText"].as_str()).collect();
    assert_eq!(texts, ["\n    ", " ", "\n", "\n"]);
    let mut of_range = params;
    of_range["range"] = range(0, 5, 6);
    assert_eq!(ask(&mut server, "rangeFormatting", of_range).await, json!([]));
}

#[tokio::test]
async fn structure() {
    let mut server = Builder::new().start().await;
    opened(&mut server).await;
    let document = json!({"textDocument": {"uri": URI}});
    let folds = ask(&mut server, "foldingRange", document).await;
    assert_eq!(folds, json!([{"startLine": 0, "endLine": 5}, {"startLine": 2, "endLine": 4}]));
    let position = json!({"line": 1, "character": 14});
    let params = json!({"textDocument": {"uri": URI}, "positions": [position]});
    let selected = ask(&mut server, "selectionRange", params).await;
    assert_eq!(selected[0]["range"], range(1, 14, 15));
    assert_eq!(selected[0]["parent"]["range"], range(1, 13, 16));
    let symbols = server.request("workspace/symbol", json!({"query": "b"})).await.unwrap();
    assert_eq!(symbols[0]["name"], "B");
    assert_eq!(symbols.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn what_leads_where() {
    let mut server = Builder::new().start().await;
    opened(&mut server).await;
    let item = ask(&mut server, "prepareCallHierarchy", at(URI, 3, 5)).await[0].clone();
    let to = server.request("callHierarchy/outgoingCalls", json!({"item": item})).await.unwrap();
    assert_eq!(to[0]["to"]["name"], "B");
    let from = server.request("callHierarchy/incomingCalls", json!({"item": to[0]["to"]})).await.unwrap();
    assert_eq!(from[0]["from"]["name"], "A");
}

#[tokio::test]
async fn links_lead_to_files_that_exist() {
    let mut server = Builder::new().start().await;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let uri = format!("file://{}/approval.asl.json", folder.display());
    let task = |arn: &str, parameters: &str| {
        format!(
            "{{\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::{arn}\", \"Parameters\": {{{parameters}}}}}"
        )
    };
    let nested = |name: &str| {
        task(
            "states:startExecution",
            &format!("\"StateMachineArn\": \"arn:aws:states:eu-west-1:1:stateMachine:{name}\""),
        )
    };
    let get = task("dynamodb:getItem", "\"TableName\": \"T\"");
    let text =
        format!("{{\"States\": {{\"A\": {}, \"B\": {}, \"C\": {get}}}}}", nested("order"), nested("nowhere"));
    server.open(&uri, &text).await;
    let links = ask(&mut server, "documentLink", json!({"textDocument": {"uri": uri}})).await;
    let targets: Vec<&str> =
        links.as_array().unwrap().iter().filter_map(|it| it["target"].as_str()).collect();
    let files: Vec<&str> =
        targets.iter().filter_map(|it| it.rsplit_once("/examples/")).map(|it| it.1).collect();
    assert_eq!(files, ["order.asl.json", "approval.tables.json"], "{targets:?}");
}

#[tokio::test]
async fn actions_come_with_their_diagnostics_and_edits_on_demand() {
    let text = r#"{"StartAt": "A", "States": {}}"#;
    let shown = json!({"range": range(0, 12, 15), "code": "MISSING_TRANSITION_TARGET", "message": "m"});
    let other = json!({"range": range(0, 12, 15), "code": "other", "message": "m"});
    let params = json!({
        "textDocument": {"uri": URI}, "range": range(0, 13, 13),
        "context": {"diagnostics": [shown.clone(), other], "only": ["quickfix"]},
    });
    let mut server = Builder::new().start().await;
    server.open(URI, text).await;
    let actions = ask(&mut server, "codeAction", params.clone()).await;
    assert_eq!(actions[0]["title"], "Add state \"A\"");
    assert_eq!(actions[0]["isPreferred"], true);
    assert_eq!(actions[0]["diagnostics"].as_array().map(Vec::len), Some(1));
    let edits = &actions[0]["edit"]["changes"][URI];
    assert_eq!(
        edits[0]["newText"],
        r#"{"A": {"Type": "Pass", "End": true}}"#
            .replace("{\"Type\": \"Pass\", \"End\": true}", "{\n  \"Type\": \"Pass\",\n  \"End\": true\n}")
    );

    let mut lazy = Builder::new().resolving_code_actions().start().await;
    lazy.open(URI, text).await;
    let actions = ask(&mut lazy, "codeAction", params).await;
    assert_eq!(actions[0]["edit"], Value::Null);
    let resolved = lazy.request("codeAction/resolve", actions[0].clone()).await.unwrap();
    assert_eq!(&resolved["edit"]["documentChanges"][0]["edits"], edits);
    lazy.change(URI, 2, "{}").await;
    let stale = lazy.request("codeAction/resolve", actions[0].clone()).await.unwrap_err();
    assert_eq!(stale["code"], -32801);
}

#[tokio::test]
async fn diagnostics_are_pulled_by_who_can() {
    let mut server = Builder::new().pulling_diagnostics().start().await;
    server.open(URI, r#"{"StartAt": "A", "States": {}}"#).await;
    let report = ask(&mut server, "diagnostic", json!({"textDocument": {"uri": URI}})).await;
    assert_eq!(report["kind"], "full");
    let codes: Vec<&str> =
        report["items"].as_array().unwrap().iter().filter_map(|it| it["code"].as_str()).collect();
    assert!(codes.contains(&"MISSING_TRANSITION_TARGET"), "{codes:?}");
    let params = json!({"textDocument": {"uri": URI}, "previousResultId": report["resultId"]});
    let again = ask(&mut server, "diagnostic", params).await;
    assert_eq!(again, json!({"kind": "unchanged", "resultId": report["resultId"]}));
}
