//! What SECURITY.md promises, a test or more for each; links out of the workspace are in `tests/lsp/survival.rs`, paths out of
//! it in `tests/scenarios.rs`, what is bounded in `tests/limits`, and panics in `src/lsp/guard.rs`.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A copy of the examples in a folder of its own.
fn workspace(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("security").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for entry in fs::read_dir(project().join("examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
    folder
}

/// The files of a folder with what they hold.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| (path.clone(), fs::read(path).unwrap_or_default())).collect()
}

fn frame(message: &Value) -> String {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len())
}

fn request(id: usize, method: &str, params: &Value) -> String {
    frame(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))
}

fn notification(method: &str, params: &Value) -> String {
    frame(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
}

/// A session that opens a document, changes it, and has all commands carried out.
fn session(folder: &Path, name: &str) -> String {
    let uri = format!("file://{}/{name}", folder.display());
    let document = json!({"uri": uri});
    let text = fs::read_to_string(folder.join(name)).unwrap();
    let item = json!({"uri": uri, "languageId": "asl", "version": 1, "text": text});
    let capabilities = json!({
        "workspace": {"applyEdit": true, "workspaceEdit": {"documentChanges": true, "resourceOperations": ["create"]}},
    });
    let mut said = request(
        1,
        "initialize",
        &json!({"capabilities": capabilities, "rootUri": format!("file://{}", folder.display())}),
    );
    said += &notification("initialized", &json!({}));
    said += &notification("textDocument/didOpen", &json!({"textDocument": item}));
    let commands = [
        "asl.simulate",
        "asl.scenarios",
        "asl.graph",
        "asl.tables",
        "asl.history",
        "asl.simulation",
        "asl.createScenario",
    ];
    for (id, command) in (2..).zip(commands) {
        said += &request(
            id,
            "workspace/executeCommand",
            &json!({"command": command, "arguments": [{"uri": uri}]}),
        );
    }
    let at = json!({"line": 4, "character": 6});
    for (id, method) in (20..).zip(["rename", "formatting", "codeAction", "completion", "hover"]) {
        let params = json!({
            "textDocument": document, "position": at, "newName": "Other", "range": {"start": at, "end": at},
            "context": {"diagnostics": []}, "options": {"tabSize": 2, "insertSpaces": true},
        });
        said += &request(id, &format!("textDocument/{method}"), &params);
    }
    said += &notification("textDocument/didSave", &json!({"textDocument": document}));
    said += &request(90, "shutdown", &Value::Null);
    said + &notification("exit", &Value::Null)
}

/// What the server says in a session, message by message. Fails where anything else is on its standard output.
fn serve(said: &str, arguments: &[&str]) -> Vec<Value> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_asl-lsp"))
        .arg("server")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let said = said.to_owned();
    let writer = std::thread::spawn(move || drop(input.write_all(said.as_bytes())));
    let mut output = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut output).unwrap();
    writer.join().unwrap();
    assert!(child.wait().unwrap().success());
    let mut rest = output.as_slice();
    let mut messages = Vec::new();
    while !rest.is_empty() {
        let end = rest.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let length = std::str::from_utf8(&rest[..end]).unwrap().strip_prefix("Content-Length: ").unwrap();
        let body_end = end + 4 + length.parse::<usize>().unwrap();
        messages.push(serde_json::from_slice(&rest[end + 4..body_end]).unwrap());
        rest = &rest[body_end..];
    }
    messages
}

#[test]
fn the_server_writes_no_file() {
    let folder = workspace("server");
    let before = contents(&folder);
    for name in ["order.asl.json", "inventory.asl.json", "greeting.asl.yaml"] {
        let messages = serve(&session(&folder, name), &[]);
        let n_answers =
            messages.iter().filter(|message| message.get("id").is_some() && message.get("method").is_none());
        assert!(n_answers.count() >= 14, "{name}");
    }
    assert_eq!(contents(&folder), before);
}

/// However much it logs.
#[test]
fn nothing_but_the_protocol_is_on_standard_output() {
    let folder = workspace("output");
    let noise = "Content-Length: 3\r\n\r\n{\"x";
    let said =
        session(&folder, "order.asl.json").replacen("Content-Length", &format!("{noise}Content-Length"), 1);
    let messages = serve(&said, &["--log-level", "trace"]);
    assert!(messages.iter().all(|message| message["jsonrpc"] == "2.0"));
}

#[test]
fn commands_write_no_file_but_those_that_say_so() {
    let folder = workspace("commands");
    let before = contents(&folder);
    for arguments in [
        &["check", "."][..],
        &["simulate", "order.asl.json"],
        &["simulate", "order.asl.json", "--format", "json"],
        &["graph", "order.asl.json", "--format", "svg"],
        &["test", "."],
        &["fmt", "--check", "order.asl.json"],
        &["explain"],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_asl-lsp"));
        let done = command.args(arguments).current_dir(&folder).output().unwrap();
        assert!(done.status.code().is_some(), "{arguments:?}");
        assert_eq!(contents(&folder), before, "{arguments:?}");
    }
}

/// Lines of the crate's own code, tests left out, with these words in them: the files they are in.
fn files_with(words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![project().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            let is_code = |line: &&str| !line.trim_start().starts_with("//");
            if code.lines().filter(is_code).any(|line| words.iter().any(|word| line.contains(word))) {
                let path = path.strip_prefix(project()).unwrap();
                found.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.retain(|path| path.ends_with(".rs"));
    found.sort();
    found
}

#[test]
fn two_files_write_files() {
    let words = [
        "fs::write",
        "fs::create_dir",
        "fs::remove",
        "fs::rename",
        "fs::copy",
        "fs::hard_link",
        "File::create",
        "OpenOptions",
    ];
    assert_eq!(files_with(&words), ["src/cli/fmt.rs", "src/cli/test/update.rs"]);
}

#[test]
fn connections_are_made_by_the_client_of_remote_tables_alone() {
    let words = ["TcpStream::connect", "UdpSocket", "UnixStream", "ureq::"];
    assert_eq!(files_with(&words), ["src/remote/mod.rs"]);
    // That is used for the tables of a simulation, which the command line makes, and the server's command.
    assert_eq!(files_with(&["crate::remote::"]), ["src/session/remote_tables.rs"]);
    assert_eq!(files_with(&["RemoteTables::new"]), ["src/cli/simulate.rs", "src/lsp/remote.rs"]);
    assert_eq!(files_with(&["TcpListener::bind"]), ["src/cli/dynamodb.rs"]);
}

#[test]
fn no_program_is_run() {
    assert_eq!(files_with(&["process::Command", "Command::new(", "libc::", "exec("]), Vec::<String>::new());
}

#[test]
fn the_endpoint_is_local() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_asl-lsp"))
        .args(["dynamodb", "--port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line)
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let address: std::net::SocketAddr =
        line.split(' ').nth(2).unwrap().strip_prefix("http://").unwrap().parse().unwrap();
    assert!(address.ip().is_loopback(), "{line}");
}

/// In VS Code a workspace that is not trusted names no server, and no workspace a DynamoDB elsewhere.
#[test]
fn what_a_workspace_sets_in_vs_code() {
    let package = fs::read_to_string(project().join("editors/vscode/package.json"));
    // The package of the crate is without the editors.
    let Ok(package) = package else { return };
    let package: Value = serde_json::from_str(&package).unwrap();
    let untrusted = &package["capabilities"]["untrustedWorkspaces"];
    assert_eq!(untrusted["supported"], "limited");
    assert_eq!(untrusted["restrictedConfigurations"], json!(["asl-lsp.server.path"]));
    let settings = package["contributes"]["configuration"]["properties"].as_object().unwrap();
    let words = ["path", "command", "args", "env", "dynamodbEndpoint", "dynamodbAllowWrites"];
    let of_the_machine: Vec<(&str, &str)> = settings
        .iter()
        .filter(|(name, _)| words.iter().any(|word| name.rsplit('.').next() == Some(word)))
        .map(|(name, setting)| (name.as_str(), setting["scope"].as_str().unwrap_or_default()))
        .collect();
    let expected = [
        ("asl-lsp.server.path", "machine-overridable"),
        ("asl-lsp.dynamodbEndpoint", "machine"),
        ("asl-lsp.dynamodbAllowWrites", "machine"),
    ];
    assert_eq!(of_the_machine, expected);
}
