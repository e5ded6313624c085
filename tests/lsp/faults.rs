//! Clients, files and pipes that fail in every way: what the protocol asks for is answered, and the server goes on.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::test_server::{Builder, TestServer, URI, at};

const ORDER: &str = include_str!("../../examples/order.asl.json");
const ONE_STATE: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#;

/// The server still answers.
async fn check_alive(server: &mut TestServer) {
    let uri = "file:///no-such-folder/alive.asl";
    server.open(uri, "{\"StartAt\": 1}").await;
    assert!(server.hover(uri, 0, 3).await.is_some());
}

/// Sends bytes that are no message, and expects this error.
async fn check_refused(bytes: &[u8], code: i64) {
    let mut server = Builder::new().start().await;
    server.send_raw(bytes).await;
    let answer = server.wait(|message| message["error"]["code"] == code).await;
    assert_eq!(answer["id"], Value::Null);
    check_alive(&mut server).await;
}

fn framed(body: &[u8]) -> Vec<u8> {
    [format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat()
}

const PARSE_ERROR: i64 = -32_700;
const INVALID_REQUEST: i64 = -32_600;

#[tokio::test]
async fn a_length_that_is_too_small() {
    let body = r#"{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}"#;
    let message = format!("Content-Length: {}\r\n\r\n{body}", body.len() - 10);
    check_refused(message.as_bytes(), PARSE_ERROR).await;
}

/// The message ends in the middle of the next one, which is lost; the one behind it is read again.
#[tokio::test]
async fn a_length_that_is_too_large() {
    let body = r#"{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}"#;
    let message = format!("Content-Length: {}\r\n\r\n{body}", body.len() + 30);
    let lost = framed(body.as_bytes());
    check_refused(&[message.as_bytes(), &lost].concat(), PARSE_ERROR).await;
}

#[tokio::test]
async fn lengths_that_are_no_numbers() {
    let mut server = Builder::new().start().await;
    for length in ["", "x", "-1", "1e3", "99999999999999999999999", "0x10"] {
        server.send_raw(format!("Content-Length: {length}\r\n\r\n").as_bytes()).await;
    }
    check_alive(&mut server).await;
}

#[tokio::test]
async fn half_headers() {
    let mut server = Builder::new().start().await;
    server.send_raw(b"Content-Len").await;
    server.send_raw(b"gth: 39\r").await;
    server.send_raw(b"\n\r\n{\"jsonrpc\": \"2.0\", \"method\": \"").await;
    server.send_raw(b"$/none\"}\n").await;
    check_alive(&mut server).await;
    // And no more of them.
    server.send_raw(b"Content-Len").await;
    assert!(!server.hang_up().await);
}

#[tokio::test]
async fn a_client_that_is_gone_in_the_middle_of_a_message() {
    let mut server = Builder::new().start().await;
    server.open(URI, ORDER).await;
    server.send_raw(b"Content-Length: 1000\r\n\r\n{\"jsonrpc\": \"2.0\",").await;
    assert!(!server.hang_up().await);
}

#[tokio::test]
async fn text_that_is_not_utf_8() {
    let body = b"{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"\xff\xfe\"}";
    check_refused(&framed(body), PARSE_ERROR).await;
    check_refused(&framed(b"{\"jsonrpc\": \"2.0\", \"method\": \"\\ud83d\"}"), PARSE_ERROR).await;
    check_refused(b"\xff\xfe\xfd: 1\r\n\r\nContent-Length: 1\r\n\r\n\xff", PARSE_ERROR).await;
}

#[tokio::test]
async fn json_that_is_no_message() {
    for body in [
        "[]",
        "1",
        "null",
        "{}",
        r#"{"jsonrpc": "1.0", "id": 1, "method": "shutdown"}"#,
        r#"{"jsonrpc": "2.0", "id": 1.5, "method": "shutdown"}"#,
        r#"{"jsonrpc": "2.0", "id": {}, "method": "shutdown"}"#,
        r#"{"jsonrpc": "2.0", "id": 1, "method": 5}"#,
        r#"[{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}]"#,
    ] {
        check_refused(&framed(body.as_bytes()), INVALID_REQUEST).await;
    }
}

#[tokio::test]
async fn answers_that_nobody_asked_for() {
    let mut server = Builder::new().start().await;
    for answer in [json!({"id": 77, "result": null}), json!({"id": "x", "error": {"code": 1, "message": ""}})]
    {
        let mut message = answer;
        message["jsonrpc"] = json!("2.0");
        server.send_raw(&framed(message.to_string().as_bytes())).await;
    }
    check_alive(&mut server).await;
}

#[tokio::test]
async fn requests_after_shutdown() {
    let mut server = Builder::new().start().await;
    server.open(URI, ORDER).await;
    assert_eq!(server.request("shutdown", Value::Null).await, Ok(Value::Null));
    assert_eq!(
        server.request("textDocument/hover", at(URI, 0, 0)).await.unwrap_err()["code"],
        INVALID_REQUEST
    );
    // A client that says no `exit` and closes its side has said what matters.
    assert!(server.hang_up().await);
}

#[tokio::test]
async fn more_requests_than_are_worked_on_at_once() {
    let mut server = Builder::new().start().await;
    server.open(URI, ORDER).await;
    let mut ids = Vec::new();
    for _ in 0..=asl_lsp::spec::quota::REQUESTS_MAX {
        let params = json!({"command": "asl.simulate", "arguments": [{"uri": URI}]});
        ids.push(server.send_request("workspace/executeCommand", params).await);
    }
    for id in ids {
        assert_eq!(server.answer(id).await.unwrap()["status"], "SUCCEEDED");
    }
}

#[tokio::test]
async fn every_request_is_answered_when_its_document_changes_or_closes() {
    let mut server = Builder::new().start().await;
    let mut ids = Vec::new();
    for version in 1..40 {
        if version % 8 == 1 {
            server.open(URI, ORDER).await;
        } else {
            server.change(URI, version, &format!("{ORDER}{}", " ".repeat(version as usize))).await;
        }
        let document = json!({"textDocument": {"uri": URI}});
        for method in
            ["hover", "completion", "documentSymbol", "codeLens", "semanticTokens/full", "diagnostic"]
        {
            let mut params = document.clone();
            params["position"] = json!({"line": 3, "character": 4});
            ids.push(server.send_request(&format!("textDocument/{method}"), params).await);
        }
        if version % 3 == 0 {
            server.notify("$/cancelRequest", json!({"id": ids[ids.len() - 1]})).await;
        }
        if version % 8 == 0 {
            server.notify("textDocument/didClose", json!({"textDocument": {"uri": URI}})).await;
        }
    }
    for id in ids {
        // A result, or that it is outdated or was taken back.
        let code = server.answer(id).await.err().map(|error| error["code"].as_i64().unwrap());
        assert!(matches!(code, None | Some(-32_801 | -32_800)), "{code:?}");
    }
}

// Files

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("asl-lsp-faults-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

async fn files_changed(server: &mut TestServer) {
    server.notify("workspace/didChangeWatchedFiles", json!({"changes": []})).await;
}

#[tokio::test]
async fn a_workspace_that_vanishes() {
    let folder = folder("vanishing");
    fs::write(folder.join("a.input.json"), r#"{"here": true}"#).unwrap();
    fs::write(folder.join("asl-lsp.toml"), "type = \"EXPRESS\"").unwrap();
    let uri = format!("file://{}/a.asl.json", folder.display());
    let mut server = Builder::new().start().await;
    server.open(&uri, ONE_STATE).await;
    assert_eq!(server.simulate(json!({"uri": uri})).await.unwrap()["output"], json!({"here": true}));
    fs::remove_dir_all(&folder).unwrap();
    files_changed(&mut server).await;
    server.change(&uri, 2, &ONE_STATE.replace("Pass", "Succeed").replace(", \"End\": true", "")).await;
    assert_eq!(server.simulate(json!({"uri": uri})).await.unwrap()["output"], json!({}));
    // A first file of scenarios is an edit, which the client cannot carry out.
    let created = server.execute("asl.createScenario", json!({"uri": uri})).await.unwrap();
    assert_eq!(created["isApplied"], false);
    check_alive(&mut server).await;
}

/// As root everything can be written; a folder in the place of a file cannot be read by anybody.
#[tokio::test]
async fn files_that_cannot_be_read() {
    let folder = folder("unreadable");
    fs::create_dir_all(folder.join("a.scenarios.json")).unwrap();
    fs::create_dir_all(folder.join("asl-lsp.toml")).unwrap();
    fs::write(folder.join("a.input.json"), b"\xff\xfe").unwrap();
    fs::write(folder.join("a.tables.json"), "{").unwrap();
    let uri = format!("file://{}/a.asl.json", folder.display());
    let mut server = Builder::new().start().await;
    server.open(&uri, ONE_STATE).await;
    let found = server.diagnostics(&uri, 1).await;
    let messages: Vec<&str> = found.iter().map(|found| found["message"].as_str().unwrap()).collect();
    for name in ["a.input.json cannot be read", "a.tables.json cannot be used"] {
        assert!(messages.iter().any(|message| message.starts_with(name)), "{name}: {messages:?}");
    }
    assert_eq!(server.simulate(json!({"uri": uri})).await.unwrap()["output"], json!({}));
    fs::remove_dir_all(&folder).unwrap();
}

/// A file of scenarios is written in pieces, removed and written anew while the server reads it.
#[tokio::test]
async fn a_file_of_scenarios_that_changes_all_the_time() {
    let folder = folder("changing");
    let path = folder.join("a.scenarios.json");
    let scenarios = |n: usize| json!({"scenarios": {format!("s{n}"): {"input": {"n": n}}}}).to_string();
    let uri = format!("file://{}/a.asl.json", folder.display());
    let mut server = Builder::new().start().await;
    server.open(&uri, ONE_STATE).await;
    let mut ids = Vec::new();
    for n in 0..60 {
        let text = scenarios(n);
        match n % 4 {
            0 => fs::write(&path, &text[..text.len() / 2]).unwrap(),
            1 => drop(fs::remove_file(&path)),
            2 => fs::write(&path, b"\xff").unwrap(),
            _ => fs::write(&path, text).unwrap(),
        }
        files_changed(&mut server).await;
        let params = json!({"command": "asl.simulate", "arguments": [{"uri": uri}]});
        ids.push(server.send_request("workspace/executeCommand", params).await);
    }
    for id in ids {
        // A result, or what is wrong with the file.
        let answer = server.answer(id).await;
        assert!(
            answer.as_ref().map_or_else(|error| error["code"] == -32_602, |ran| ran["status"] == "SUCCEEDED"),
            "{answer:?}"
        );
    }
    fs::write(&path, scenarios(99)).unwrap();
    files_changed(&mut server).await;
    assert_eq!(server.simulate(json!({"uri": uri})).await.unwrap()["output"], json!({"n": 99}));
    fs::remove_dir_all(&folder).unwrap();
}
