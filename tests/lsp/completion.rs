//! Completion over the protocol: the edits that a client applies.

use serde_json::{Value, json};

use crate::test_server::{Builder, TestServer, URI, at};

/// The items at a place of a one-line document, perhaps after a trigger character.
async fn items(server: &mut TestServer, text: &str, trigger: Option<&str>) -> Vec<Value> {
    let column = u32::try_from(text.find("<|>").unwrap()).unwrap();
    server.open(URI, &text.replace("<|>", "")).await;
    let mut params = at(URI, 0, column);
    if let Some(trigger) = trigger {
        params["context"] = json!({"triggerKind": 2, "triggerCharacter": trigger});
    }
    let answer = server.request("textDocument/completion", params).await.unwrap();
    answer.as_array().cloned().unwrap_or_default()
}

fn find<'a>(items: &'a [Value], label: &str) -> &'a Value {
    items.iter().find(|item| item["label"] == label).expect("it is offered")
}

/// A one-line document after the edits of an item.
fn apply(text: &str, item: &Value) -> String {
    let mut text = text.replace("<|>", "");
    let mut edits = vec![&item["textEdit"]];
    edits.extend(item["additionalTextEdits"].as_array().into_iter().flatten());
    let column = |place: &Value| usize::try_from(place["character"].as_u64().unwrap()).unwrap();
    edits.sort_by_key(|edit| std::cmp::Reverse(column(&edit["range"]["start"])));
    for edit in edits {
        let range = column(&edit["range"]["start"])..column(&edit["range"]["end"]);
        text.replace_range(range, edit["newText"].as_str().unwrap());
    }
    text
}

#[tokio::test]
async fn an_edit_fits_its_place() {
    let mut server = Builder::new().start().await;
    let text =
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "<|>"}, "B": {"Type": "Succeed"}}}"#;
    let items = items(&mut server, text, Some("\"")).await;
    assert_eq!(apply(text, find(&items, "B")), text.replace("<|>", "B"));
    assert_eq!(find(&items, "B")["filterText"], "\"B\"");
    assert!(find(&items, "B")["documentation"]["value"].as_str().unwrap().contains("**B**"));
}

#[tokio::test]
async fn a_missing_comma_comes_with_it() {
    let mut server = Builder::new().start().await;
    let text = r#"{"States": {"A": {"Type": "Pass"   <|>}}}"#;
    let items = items(&mut server, text, None).await;
    let end = find(&items, "End");
    assert_eq!(
        (&end["insertTextFormat"], &end["textEdit"]["newText"]),
        (&json!(2), &json!("\"End\": ${1:true}"))
    );
    assert_eq!(apply(text, end), r#"{"States": {"A": {"Type": "Pass",   "End": ${1:true}}}}"#);
}

#[tokio::test]
async fn clients_without_snippets_get_plain_text() {
    let mut server = Builder::new().without_snippets().start().await;
    let text = r#"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", <|>}}}"#;
    let items = items(&mut server, text, None).await;
    let result = apply(text, find(&items, "Parameters"));
    let parsed: Value = serde_json::from_str(&result).unwrap();
    assert_eq!(parsed["States"]["A"]["Parameters"]["Key"], json!({"id": {"S": ""}}));
}

#[tokio::test]
async fn a_blank_asks_for_a_value_only() {
    let mut server = Builder::new().start().await;
    assert!(!items(&mut server, r#"{"QueryLanguage": <|>}"#, Some(" ")).await.is_empty());
    assert!(items(&mut server, r#"{ <|>}"#, Some(" ")).await.is_empty());
    assert!(!items(&mut server, r#"{ <|>}"#, None).await.is_empty());
}

#[tokio::test]
async fn documentation_comes_when_it_is_asked_for() {
    let item = json!({"resolveSupport": {"properties": ["documentation"]}, "labelDetailsSupport": true});
    let mut server = Builder::new().completion_item(item).start().await;
    let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"p.$": "States.<|>"}, "End": true}}}"#;
    let items = items(&mut server, text, Some(".")).await;
    let format = find(&items, "States.Format");
    assert_eq!(format["documentation"], Value::Null);
    assert_eq!(
        format["labelDetails"],
        json!({"detail": "(template: string, ...arguments: any): string", "description": "string"})
    );
    let resolved = server.request("completionItem/resolve", format.clone()).await.unwrap();
    assert!(resolved["documentation"]["value"].as_str().unwrap().contains("States.Format("));
    assert_eq!(resolved["label"], format["label"]);
}

#[tokio::test]
async fn a_bracket_asks_within_expressions_only() {
    let mut server = Builder::new().start().await;
    let array = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "x", "Retry": [<|>], "End": true}}}"#;
    assert!(items(&mut server, array, Some("[")).await.is_empty());
    server.notify("textDocument/didClose", json!({"textDocument": {"uri": URI}})).await;
    let path = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": ["x"], "Next": "B"}, "B": {"Type": "Pass", "InputPath": "$[<|>", "End": true}}}"#;
    let items = items(&mut server, path, Some("[")).await;
    assert_eq!(apply(path, find(&items, "0")), path.replace("<|>", "0]"));
}
