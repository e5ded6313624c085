//! A server in this process and a client that speaks plain JSON-RPC to it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::Duration;

use asl_lsp::lsp;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How long to wait for a message that has to come.
const PATIENCE: Duration = Duration::from_secs(20);
/// The document of most tests.
pub(crate) const URI: &str = "file:///no-such-folder/order.asl.json";

/// What the client says of itself.
#[derive(Clone)]
pub(crate) struct Builder {
    capabilities: Value,
    settings: Value,
}

/// A connection to a server.
///
/// Dropping it fails the test if an answer was not waited for, or if the server said something nobody asked for.
pub(crate) struct TestServer {
    output: WriteHalf<DuplexStream>,
    incoming: mpsc::UnboundedReceiver<Value>,
    reader: JoinHandle<()>,
    server: JoinHandle<bool>,
    next_id: i64,
    /// Requests that were sent and not yet answered.
    open: RefCell<Vec<i64>>,
    /// A request sent by hand, whose answer nobody waits for.
    forgiven: Option<i64>,
    /// What came and was not yet waited for.
    unread: VecDeque<Value>,
    /// What the server answered to `initialize`.
    pub(crate) initialized: Value,
}

impl Builder {
    pub(crate) fn new() -> Self {
        let capabilities = json!({
            "workspace": {"inlayHint": {"refreshSupport": true}, "codeLens": {"refreshSupport": true}},
            "textDocument": {
                "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
                "completion": {"completionItem": {"snippetSupport": true}},
            },
        });
        Self { capabilities, settings: Value::Null }
    }

    /// Offers other position encodings.
    pub(crate) fn encodings(mut self, encodings: &[&str]) -> Self {
        self.capabilities["general"] = json!({"positionEncodings": encodings});
        self
    }

    /// Does not take snippets.
    pub(crate) fn without_snippets(mut self) -> Self {
        self.capabilities["textDocument"]["completion"] = json!({});
        self
    }

    /// Asks for the edits of code actions when they are chosen, and takes edits with versions.
    pub(crate) fn resolving_code_actions(mut self) -> Self {
        self.capabilities["textDocument"]["codeAction"] =
            json!({"dataSupport": true, "resolveSupport": {"properties": ["edit"]}});
        self.capabilities["workspace"]["workspaceEdit"] = json!({"documentChanges": true});
        self
    }

    /// Watches files when it is asked to.
    pub(crate) fn watching_files(mut self) -> Self {
        self.capabilities["workspace"]["didChangeWatchedFiles"] = json!({"dynamicRegistration": true});
        self
    }

    /// Asks for diagnostics itself.
    pub(crate) fn pulling_diagnostics(mut self) -> Self {
        self.capabilities["textDocument"]["diagnostic"] = json!({});
        self.capabilities["workspace"]["diagnostics"] = json!({"refreshSupport": true});
        self
    }

    /// Wants to be told of simulations.
    pub(crate) fn told_of_simulations(mut self) -> Self {
        self.capabilities["experimental"] = json!({"asl": {"simulation": true}});
        self
    }

    /// Makes files when it is asked to.
    pub(crate) fn creating_files(mut self) -> Self {
        self.capabilities["workspace"]["workspaceEdit"] =
            json!({"documentChanges": true, "resourceOperations": ["create"]});
        self
    }

    /// Says what it does with completions.
    pub(crate) fn completion_item(mut self, item: Value) -> Self {
        self.capabilities["textDocument"]["completion"]["completionItem"] = item;
        self
    }

    /// Sends settings with `initialize`.
    pub(crate) fn settings(mut self, settings: Value) -> Self {
        self.settings = settings;
        self
    }

    /// Starts a server and meets it.
    pub(crate) async fn start(self) -> TestServer {
        let mut server = Self::connect();
        let params = json!({
            "capabilities": self.capabilities, "initializationOptions": self.settings, "processId": null, "rootUri": null,
        });
        server.initialized = server.request("initialize", params).await.expect("initialize");
        server.notify("initialized", json!({})).await;
        server
    }

    /// Starts a server without a word.
    pub(crate) fn connect() -> TestServer {
        let (client, server) = tokio::io::duplex(1 << 16);
        let (server_input, server_output) = tokio::io::split(server);
        let (input, output) = tokio::io::split(client);
        let (sender, incoming) = mpsc::unbounded_channel();
        TestServer {
            output,
            incoming,
            reader: tokio::spawn(read(input, sender)),
            server: tokio::spawn(lsp::serve(server_input, server_output)),
            next_id: 0,
            open: RefCell::default(),
            forgiven: None,
            unread: VecDeque::new(),
            initialized: Value::Null,
        }
    }
}

impl TestServer {
    pub(crate) async fn send_raw(&mut self, bytes: &[u8]) {
        self.output.write_all(bytes).await.expect("the server reads");
    }

    async fn send(&mut self, message: Value) {
        let body = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await;
    }

    pub(crate) async fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({"jsonrpc": "2.0", "method": method, "params": params})).await;
    }

    /// Sends a request without waiting for its answer.
    pub(crate) async fn send_request(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        self.open.borrow_mut().push(id);
        let mut message = json!({"jsonrpc": "2.0", "id": id, "method": method});
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(message).await;
        id
    }

    /// The answer to a request: the result, or the error.
    pub(crate) async fn answer(&mut self, id: i64) -> Result<Value, Value> {
        let message = self.wait(|message| message["id"] == id && message.get("method").is_none()).await;
        self.open.borrow_mut().retain(|open| *open != id);
        match message.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(message["result"].clone()),
        }
    }

    pub(crate) async fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.send_request(method, params).await;
        self.answer(id).await
    }

    /// The next message that fits; others are kept for later.
    pub(crate) async fn wait(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(idx) = self.unread.iter().position(&fits) {
            return self.unread.remove(idx).expect("it is there");
        }
        loop {
            let message = tokio::time::timeout(PATIENCE, self.incoming.recv()).await;
            let message = message.expect("the server answers in time").expect("the server is there");
            // Requests of the server are answered at once.
            if let (Some(id), Some(_)) = (message.get("id"), message.get("method")) {
                self.send(json!({"jsonrpc": "2.0", "id": id, "result": null})).await;
            }
            if fits(&message) {
                return message;
            }
            self.unread.push_back(message);
        }
    }

    pub(crate) async fn open(&mut self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "asl", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document})).await;
    }

    /// Replaces the whole text.
    pub(crate) async fn change(&mut self, uri: &str, version: i32, text: &str) {
        self.edit(uri, version, json!([{"text": text}])).await;
    }

    pub(crate) async fn edit(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({"uri": uri, "version": version});
        let params = json!({"textDocument": document, "contentChanges": changes});
        self.notify("textDocument/didChange", params).await;
    }

    /// The next findings about a version, as `source code: message` and where they begin.
    pub(crate) async fn diagnostics(&mut self, uri: &str, version: i32) -> Vec<Value> {
        let message = self
            .wait(|message| {
                message["method"] == "textDocument/publishDiagnostics"
                    && message["params"]["uri"] == uri
                    && message["params"]["version"] == version
            })
            .await;
        message["params"]["diagnostics"].as_array().expect("an array").clone()
    }

    /// Waits until a simulation has come to an end.
    pub(crate) async fn await_run(&mut self) {
        self.wait(|message| message["method"] == "workspace/inlayHint/refresh").await;
    }

    /// The labels of all hints.
    pub(crate) async fn hints(&mut self, uri: &str) -> Vec<String> {
        let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9999, "character": 0}});
        let params = json!({"textDocument": {"uri": uri}, "range": range});
        let hints = self.request("textDocument/inlayHint", params).await.expect("hints");
        let hints = hints.as_array().cloned().unwrap_or_default();
        hints.iter().map(|hint| hint["label"].as_str().expect("a label").to_owned()).collect()
    }

    pub(crate) async fn hover(&mut self, uri: &str, line: u32, character: u32) -> Option<String> {
        let hover = self.request("textDocument/hover", at(uri, line, character)).await.expect("a hover");
        hover["contents"]["value"].as_str().map(str::to_owned)
    }

    pub(crate) async fn simulate(&mut self, argument: Value) -> Result<Value, Value> {
        self.execute("asl.simulate", argument).await
    }

    /// Carries out a command and returns what it answers.
    pub(crate) async fn execute(&mut self, command: &str, argument: Value) -> Result<Value, Value> {
        let params = json!({"command": command, "arguments": [argument]});
        self.request("workspace/executeCommand", params).await
    }

    /// Takes an answer that may come or not.
    pub(crate) fn forgive_answer(&mut self, id: i64) {
        self.forgiven = Some(id);
    }

    /// Closes this side's output and waits for the server to end. Returns whether it was shut down properly.
    pub(crate) async fn hang_up(mut self) -> bool {
        let _ = self.output.shutdown().await;
        self.ended().await
    }

    /// Waits for the server to end. Returns whether it was shut down properly.
    pub(crate) async fn ended(mut self) -> bool {
        let ended = tokio::time::timeout(PATIENCE, &mut self.server).await;
        ended.expect("the server ends in time").expect("the server does not panic")
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.reader.abort();
        self.server.abort();
        if std::thread::panicking() {
            return;
        }
        assert!(self.open.borrow().is_empty(), "requests nobody waited for: {:?}", self.open);
        while let Ok(message) = self.incoming.try_recv() {
            self.unread.push_back(message);
        }
        let unexpected = self.unread.iter().find(|message| {
            let method = message["method"].as_str().unwrap_or_default();
            let is_forgiven = self.forgiven.is_some_and(|id| message["id"] == id);
            !is_forgiven && method != "textDocument/publishDiagnostics" && !method.ends_with("/refresh")
        });
        assert!(unexpected.is_none(), "nobody asked for {unexpected:?}");
    }
}

/// The parameters of a request about a position.
pub(crate) fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}})
}

async fn read(mut input: ReadHalf<DuplexStream>, sender: mpsc::UnboundedSender<Value>) {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        while let Some((message, len)) = frame(&bytes) {
            bytes.drain(..len);
            if sender.send(message).is_err() {
                return;
            }
        }
        match input.read(&mut chunk).await {
            Ok(0) | Err(_) => return,
            Ok(n) => bytes.extend_from_slice(&chunk[..n]),
        }
    }
}

/// The first message in some bytes, with its length.
fn frame(bytes: &[u8]) -> Option<(Value, usize)> {
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let header = std::str::from_utf8(&bytes[..head]).expect("a header");
    let length = header.lines().find_map(|line| line.strip_prefix("Content-Length: ")).expect("a length");
    let end = head + 4 + length.parse::<usize>().expect("a number");
    let body = bytes.get(head + 4..end)?;
    Some((serde_json::from_slice(body).expect("JSON"), end))
}
