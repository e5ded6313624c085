//! The server as a process: how it ends with its client, and what it does when nobody reads what it says.

#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long anything may take, on a machine with other work to do.
const PATIENCE: Duration = Duration::from_secs(30);

fn start() -> (Child, ChildStdin, ChildStdout) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_asl-lsp"))
        .arg("server")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    (child, input, output)
}

/// The code that a process ends with, which it has to.
#[track_caller]
fn end(mut child: Child) -> i32 {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code().unwrap();
        }
        assert!(start.elapsed() < PATIENCE, "the server goes on");
        thread::sleep(Duration::from_millis(5));
    }
}

fn framed(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn request(id: u32, method: &str, params: &Value) -> Vec<u8> {
    framed(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).unwrap() == 0 {
            return None;
        }
        match line.trim_end().strip_prefix("Content-Length: ") {
            Some(text) => length = Some(text.parse().unwrap()),
            None if line == "\r\n" => break,
            None => {}
        }
    }
    let mut body = vec![0; length.unwrap()];
    output.read_exact(&mut body).unwrap();
    Some(serde_json::from_slice(&body).unwrap())
}

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"capabilities":{}}}"#;

fn initialize() -> Vec<u8> {
    framed(&serde_json::from_str(INITIALIZE).unwrap())
}

/// Says something and closes both pipes: how the server ends.
#[track_caller]
fn check_end(said: &[u8], code: i32) {
    let (child, mut input, output) = start();
    input.write_all(said).unwrap();
    drop(input);
    drop(output);
    assert_eq!(end(child), code);
}

#[test]
fn clients_that_go_away() {
    check_end(b"", 1);
    check_end(b"Content-Le", 1);
    check_end(b"Content-Length: 100\r\n\r\n{\"jsonrpc\"", 1);
    check_end(&initialize(), 1);
    let half = [initialize(), initialize()[..40].to_vec()].concat();
    check_end(&half, 1);
}

/// `shutdown` without `exit`: the end of the input is the end, and a good one.
#[test]
fn shutdown_without_exit() {
    let (child, mut input, output) = start();
    let mut output = BufReader::new(output);
    input.write_all(&initialize()).unwrap();
    read(&mut output).unwrap();
    input.write_all(&request(1, "shutdown", &Value::Null)).unwrap();
    assert_eq!(read(&mut output).unwrap()["id"], 1);
    drop(input);
    assert_eq!(end(child), 0);
}

/// A client that keeps its pipe open after `exit`.
#[test]
fn exit_with_an_open_pipe() {
    let (child, mut input, output) = start();
    let mut output = BufReader::new(output);
    input.write_all(&initialize()).unwrap();
    read(&mut output).unwrap();
    input.write_all(&request(1, "shutdown", &Value::Null)).unwrap();
    read(&mut output).unwrap();
    input.write_all(&framed(&json!({"jsonrpc": "2.0", "method": "exit"}))).unwrap();
    assert_eq!(end(child), 0);
    drop(input);
}

/// A client that asks for more than the pipe holds and reads none of it, then all: nothing is lost, and nothing waits for ever.
#[test]
fn a_pipe_that_is_full() {
    const N_REQUESTS: u32 = 2_000;
    /// More than pipes hold, on most systems 64 KiB.
    const N_UNREAD: u32 = 300;
    let (child, mut input, output) = start();
    let (tell, told) = mpsc::channel();
    let writer = thread::spawn(move || {
        let uri = "file:///no-such-folder/a.asl.json";
        let text = include_str!("../examples/order.asl.json");
        let item = json!({"uri": uri, "languageId": "asl", "version": 1, "text": text});
        input.write_all(&initialize()).unwrap();
        let open =
            json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": item}});
        input.write_all(&framed(&open)).unwrap();
        for id in 1..=N_REQUESTS {
            let params = json!({"textDocument": {"uri": uri}});
            input.write_all(&request(id, "textDocument/documentSymbol", &params)).unwrap();
            tell.send(id).unwrap();
        }
        input.write_all(&request(N_REQUESTS + 1, "shutdown", &Value::Null)).unwrap();
        input.write_all(&framed(&json!({"jsonrpc": "2.0", "method": "exit"}))).unwrap();
        input
    });
    // Nothing is read until as much was said, or until the client itself can say no more.
    while told.recv_timeout(Duration::from_secs(2)).is_ok_and(|id| id < N_UNREAD) {}
    let mut output = BufReader::new(output);
    let mut answered = vec![false; N_REQUESTS as usize + 2];
    while let Some(message) = read(&mut output) {
        if let Some(id) = message["id"].as_u64().filter(|_| message.get("method").is_none()) {
            assert!(!std::mem::replace(&mut answered[usize::try_from(id).unwrap()], true), "{id} twice");
        }
    }
    let unanswered = answered.iter().filter(|is_answered| !**is_answered).count();
    assert_eq!(unanswered, 0);
    drop(writer.join().unwrap());
    assert_eq!(end(child), 0);
}
