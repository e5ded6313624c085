//! What clients do wrong, and the server survives.

use serde_json::{Map, Value, json};

use crate::test_server::{Builder, TestServer, URI, at};

/// The server still answers.
async fn check_alive(server: &mut TestServer) {
    server.open("file:///no-such-folder/alive.asl", "{\"StartAt\": 1}").await;
    assert!(server.hover("file:///no-such-folder/alive.asl", 0, 3).await.is_some());
}

#[tokio::test]
async fn positions_outside_the_text() {
    let mut server = Builder::new().start().await;
    server.open(URI, "{\"StartAt\": \"A\"}").await;
    for (line, character) in [(0, u32::MAX), (u32::MAX, 0), (u32::MAX, u32::MAX)] {
        for method in ["hover", "definition"] {
            let answer = server.request(&format!("textDocument/{method}"), at(URI, line, character)).await;
            assert!(answer.is_ok(), "{method} {answer:?}");
        }
    }
    // A range that ends before it begins, and one beyond the end.
    let range =
        |a: u32, b: u32| json!({"start": {"line": a, "character": 9}, "end": {"line": b, "character": 2}});
    server
        .edit(URI, 2, json!([{"range": range(0, 0), "text": "x"}, {"range": range(7, 9), "text": "y"}]))
        .await;
    check_alive(&mut server).await;
}

#[tokio::test]
async fn documents_that_are_not_open() {
    let mut server = Builder::new().start().await;
    server.change(URI, 2, "{}").await;
    assert_eq!(server.hover(URI, 0, 0).await, None);
    server.notify("textDocument/didClose", json!({"textDocument": {"uri": URI}})).await;
    check_alive(&mut server).await;
}

#[tokio::test]
async fn a_huge_document_gets_one_finding() {
    let mut server = Builder::new().start().await;
    let text = format!("{{\"Comment\": \"{}\"}}", "x".repeat(5_000_000));
    server.open(URI, &text).await;
    let found = server.diagnostics(URI, 1).await;
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0]["code"], &found[0]["severity"]), (&json!("document-too-large"), &json!(3)));
    assert_eq!(server.hover(URI, 0, 3).await, None);
    // Once it is small again it is analysed.
    server.change(URI, 2, "{\"StartAt\": 1}").await;
    assert!(server.hover(URI, 0, 3).await.is_some());
}

/// How many errors, notes and hints are shown of a document with so many errors after so many hints, and the message of
/// the last.
async fn shown(server: &mut TestServer, n_hints: usize, n_errors: usize) -> ([usize; 3], String) {
    let unread: Map<String, Value> = (0..n_hints).map(|i| (format!("v{i}"), json!(1))).collect();
    let mut end = json!({"Type": "Succeed"});
    for i in 0..n_errors {
        end[format!("Unknown{i}")] = json!(1);
    }
    let states = json!({"A": {"Type": "Pass", "Assign": unread, "Next": "B"}, "B": end});
    let version = i32::try_from(n_hints + n_errors).unwrap();
    server.change(URI, version, &json!({"StartAt": "A", "States": states}).to_string()).await;
    let found = server.diagnostics(URI, version).await;
    let of = |severity: u32| found.iter().filter(|it| it["severity"] == severity).count();
    ([of(1), of(3), of(4)], found.last().unwrap()["message"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn findings_up_to_a_number_are_shown() {
    let mut server = Builder::new().start().await;
    server.open(URI, "{}").await;
    let limit = asl_lsp::spec::quota::FINDINGS_SHOWN_MAX;
    let last_error = "Field 'Unknown1' is not supported".to_owned();
    assert_eq!(shown(&mut server, limit - 2, 2).await, ([2, 0, limit - 2], last_error));
    let others = "1 more finding is not shown, none is more severe than these".to_owned();
    assert_eq!(shown(&mut server, limit - 1, 2).await, ([2, 1, limit - 2], others));
}

#[tokio::test]
async fn documents_up_to_the_limit_are_analysed() {
    let mut server = Builder::new().start().await;
    let limit = asl_lsp::spec::quota::DOCUMENT_BYTES_MAX as usize;
    for (version, n_bytes, is_analysed) in [(1, limit, true), (2, limit + 1, false)] {
        let text = format!("{{\"Comment\": \"{}\"}}", "x".repeat(n_bytes - 15));
        assert_eq!(text.len(), n_bytes);
        if version == 1 {
            server.open(URI, &text).await;
        } else {
            server.change(URI, version, &text).await;
        }
        let found = server.diagnostics(URI, version).await;
        let is_too_large = found.iter().any(|found| found["code"] == "document-too-large");
        assert_eq!(is_too_large, !is_analysed, "{version}");
        if is_too_large {
            let message = found[0]["message"].as_str().unwrap();
            assert!(message.starts_with("The document is larger than 4194304 bytes"), "{message}");
        }
    }
}

#[tokio::test]
async fn files_beside_a_document_that_are_too_large() {
    use asl_lsp::spec::quota::{COMPANION_BYTES_MAX, PROJECT_FILE_BYTES_MAX};
    let folder = std::env::temp_dir().join(format!("asl-lsp-large-files-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut server = Builder::new().start().await;
    // At the limit they are read, and are not what they should be.
    for (name, more, is_said) in [("a", 0, false), ("b", 1, true)] {
        let sparse = |file: &str, n_bytes: u64| {
            std::fs::File::create(folder.join(file)).unwrap().set_len(n_bytes).unwrap();
        };
        sparse(&format!("{name}.input.json"), COMPANION_BYTES_MAX + more);
        sparse("asl-lsp.toml", PROJECT_FILE_BYTES_MAX + more);
        let uri = format!("file://{}/{name}.asl.json", folder.display());
        server.open(&uri, r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#).await;
        let found = server.diagnostics(&uri, 1).await;
        for expected in
            ["input.json is larger than 16777216 bytes", "asl-lsp.toml is larger than 1048576 bytes"]
        {
            let has = found.iter().any(|found| found["message"].as_str().unwrap().contains(expected));
            assert_eq!(has, is_said, "{expected} {found:?}");
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn documents_that_are_no_definitions() {
    let mut server = Builder::new().start().await;
    let nested = "[".repeat(200_000);
    for (version, text) in
        (1..).zip(["", "[]", "nul", "{\"States\": {\"A\": {\"Type\": \"Pass\", \"Next\": \"", &nested])
    {
        if version == 1 {
            server.open(URI, text).await;
        } else {
            server.change(URI, version, text).await;
        }
        assert!(!server.diagnostics(URI, version).await.is_empty(), "{version}");
        server.hover(URI, 0, 0).await;
        server.hints(URI).await;
    }
    check_alive(&mut server).await;
}

#[tokio::test]
async fn messages_that_are_none() {
    let mut server = Builder::new().start().await;
    server.send_raw(b"Content-Length: 9\r\n\r\n{\"nonsens").await;
    assert_eq!(server.wait(|message| message["error"]["code"] == -32700).await["id"], Value::Null);
    assert_eq!(server.request("asl/nothing", json!({})).await.unwrap_err()["code"], -32601);
    assert_eq!(server.request("textDocument/hover", json!({"x": 1})).await.unwrap_err()["code"], -32602);
    server.notify("textDocument/didOpen", json!({"x": 1})).await;
    check_alive(&mut server).await;
}

#[tokio::test]
async fn requests_before_initialize() {
    let mut server = Builder::connect();
    let error = server.request("textDocument/hover", at(URI, 0, 0)).await.unwrap_err();
    assert_eq!(error["code"], -32002);
    server.notify("exit", Value::Null).await;
    assert!(!server.ended().await);
}

#[tokio::test]
async fn exit_without_shutdown_and_a_closed_pipe() {
    let mut server = Builder::new().start().await;
    server.open(URI, "{}").await;
    server.notify("exit", Value::Null).await;
    assert!(!server.ended().await);
    let mut server = Builder::new().start().await;
    server.open(URI, "{}").await;
    assert!(!server.hang_up().await);
}

#[tokio::test]
async fn exit_right_behind_shutdown() {
    let mut server = Builder::new().start().await;
    let shutdown = r#"{"jsonrpc":"2.0","id":9,"method":"shutdown"}"#;
    let exit = r#"{"jsonrpc":"2.0","method":"exit"}"#;
    let both = [shutdown, exit].map(|body| format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    server.send_raw(both.concat().as_bytes()).await;
    server.forgive_answer(9);
    assert!(server.ended().await);
}

/// Links of a workspace that lead to files elsewhere: none of these is read.
#[cfg(unix)]
#[tokio::test]
async fn links_out_of_the_workspace() {
    let base = std::env::temp_dir().join(format!("asl-lsp-links-{}", std::process::id()));
    let (inside, outside) = (base.join("workspace"), base.join("outside"));
    std::fs::create_dir_all(&inside).unwrap();
    std::fs::create_dir_all(&outside).unwrap();
    for (name, text) in [
        ("a.input.json", r#"{"secret": "of someone"}"#),
        ("a.tables.json", "[]"),
        ("a.scenarios.json", r#"{"scenarios": {"secret": {"input": {"secret": "of someone"}}}}"#),
        ("asl-lsp.toml", "secret = \"of someone\""),
    ] {
        std::fs::write(outside.join(name), text).unwrap();
        std::os::unix::fs::symlink(outside.join(name), inside.join(name)).unwrap();
    }
    let uri = format!("file://{}/a.asl.json", inside.display());
    let mut server = Builder::new().start().await;
    server.open(&uri, r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#).await;
    let ran = server.simulate(json!({"uri": uri})).await.unwrap();
    let hints = server.hints(&uri).await;
    std::fs::remove_dir_all(&base).unwrap();
    assert_eq!(ran["output"], json!({}));
    assert!(!hints.iter().any(|hint| hint.contains("someone")), "{hints:?}");
    let found = server.diagnostics(&uri, 1).await;
    let found: Vec<&str> = found.iter().filter_map(|found| found["message"].as_str()).collect();
    assert!(!found.iter().any(|message| message.contains("someone")), "{found:?}");
    assert!(found.iter().any(|message| message.contains("leads out of")), "{found:?}");
}
