//! A client that edits documents at random, and the check that the server knows what they say in the end.

use std::collections::BTreeMap;
use std::time::Duration;

use arbitrary::{Arbitrary, Unstructured};
use asl_lsp::lsp;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::mpsc;

/// How long to wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// The documents of a session.
const URIS: &[&str] = &[
    "file:///no-such-folder/one.asl.json",
    "file:///no-such-folder/two.asl.json",
    "file:///no-such-folder/three.asl.yaml",
];
/// What documents begin with.
const TEXTS: &[&str] = &[
    include_str!("../../examples/order.asl.json"),
    include_str!("../../examples/throttled.asl.json"),
    include_str!("../../examples/approval.asl.json"),
    include_str!("../../examples/inventory.asl.json"),
    include_str!("../../examples/greeting.asl.yaml"),
    "{\r\n\t\"StartAt\": \"😀\",\r\n\t\"States\": {\"😀\": {\"Type\": \"Pass\", \"Result\": \"ä€𝄞\", \"End\": true}}\r\n}",
    "StartAt: ä\nStates:\n  ä: {Type: Pass, Next: 😀}\n  😀:\n    Type: Succeed\n",
    "",
];
/// What is typed.
const SNIPPETS: &[&str] = &[
    "",
    "",
    "",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    " ",
    "\n",
    "\r\n",
    "\r",
    "x",
    "ä",
    "😀",
    "\"Next\": \"",
    "$.a",
    "$states.",
    "\"End\": true",
    "{% $states.input %}",
    "States.Format('{}', $.x)",
    "\"Retry\": [{\"ErrorEquals\": [\"States.ALL\"]}],",
    "\u{feff}",
    "\u{2028}",
    "\t- ",
    "# ",
    "null",
    "\\u00e9",
];
/// What is asked at a place.
const REQUESTS: &[&str] = &[
    "textDocument/completion",
    "textDocument/hover",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/prepareRename",
    "textDocument/rename",
    "textDocument/documentHighlight",
    "textDocument/signatureHelp",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/selectionRange",
    "textDocument/inlayHint",
    "textDocument/codeLens",
    "textDocument/codeAction",
    "textDocument/formatting",
    "textDocument/semanticTokens/full",
    "textDocument/semanticTokens/range",
    "textDocument/linkedEditingRange",
    "textDocument/documentLink",
    "textDocument/prepareCallHierarchy",
    "textDocument/diagnostic",
    "workspace/symbol",
];

/// Something that a client does. Numbers are taken modulo what there is.
#[derive(Arbitrary, Clone, Debug)]
pub enum Act {
    /// Opens a document with one of the texts.
    Open { document: u8, text: u8 },
    /// Changes parts of it, one after the other.
    Edit { document: u8, first: Change, others: Option<[Change; 2]> },
    /// Changes all of it.
    Replace { document: u8, text: u8 },
    /// Closes it.
    Close { document: u8 },
    /// Asks for something and does not wait.
    Ask { document: u8, request: u8, at: u16 },
    /// Takes back what was asked last.
    Cancel,
}

/// A change of a part.
#[derive(Arbitrary, Clone, Debug)]
pub struct Change {
    at: u16,
    n_chars: u8,
    snippet: u8,
    /// Says the end of a line by a column far behind it.
    is_far: bool,
}

/// What bytes say that is to be done.
pub fn acts(data: &[u8]) -> Vec<Act> {
    const ACTS_MAX: usize = 200;
    let mut bytes = Unstructured::new(data);
    let mut acts = Vec::new();
    while !bytes.is_empty() && acts.len() < ACTS_MAX {
        acts.extend(bytes.arbitrary::<Act>());
    }
    acts
}

/// Drives a server of this process with what the bytes say, then compares it with a new one that opens the last texts.
pub fn session(data: &[u8]) {
    let acts = acts(data);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return };
    runtime.block_on(async {
        let mut edited = in_process().await;
        for act in &acts {
            edited.carry_out(act).await;
        }
        let mut fresh = in_process().await;
        compare(&mut edited, &mut fresh).await;
        edited.leave().await;
        fresh.leave().await;
    });
    runtime.shutdown_background();
}

/// A client of a server in this process.
async fn in_process() -> Client {
    const PIPE_BYTES: usize = 1 << 16;
    let (client, server) = tokio::io::duplex(PIPE_BYTES);
    let (server_input, server_output) = tokio::io::split(server);
    let (input, output) = tokio::io::split(client);
    tokio::spawn(lsp::serve(server_input, server_output));
    Client::meet(input, output).await
}

/// Opens in a new server what is open in another, and expects the same of both.
///
/// A simulation may still be under way, so they are asked until they agree, for a bounded time.
pub async fn compare(edited: &mut Client, fresh: &mut Client) {
    const ATTEMPTS: u32 = 100;
    const PAUSE: Duration = Duration::from_millis(100);
    edited.settle().await;
    for (document, text) in edited.texts.clone() {
        fresh.open(document, &text).await;
        for attempt in 1..=ATTEMPTS {
            let (theirs, ours) = (edited.everything(document).await, fresh.everything(document).await);
            if theirs == ours {
                break;
            }
            assert!(
                attempt < ATTEMPTS,
                "edited to {text:?} the server says\n{theirs:#}\nand opened with it\n{ours:#}"
            );
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// A client that keeps the texts itself.
pub struct Client {
    output: Box<dyn AsyncWrite + Unpin + Send>,
    incoming: mpsc::UnboundedReceiver<Value>,
    n_requests: i64,
    /// What was asked and not answered, by id.
    open: BTreeMap<i64, String>,
    version: i32,
    /// The texts of open documents, by their number.
    pub texts: BTreeMap<usize, String>,
}

impl Client {
    /// Meets a server that reads and writes these streams.
    pub async fn meet(
        input: impl AsyncRead + Unpin + Send + 'static,
        output: impl AsyncWrite + Unpin + Send + 'static,
    ) -> Client {
        let (sender, incoming) = mpsc::unbounded_channel();
        tokio::spawn(read(input, sender));
        let mut client = Client {
            output: Box::new(output),
            incoming,
            n_requests: 0,
            open: BTreeMap::new(),
            version: 0,
            texts: BTreeMap::new(),
        };
        let capabilities = json!({
            "textDocument": {"diagnostic": {}, "completion": {"completionItem": {"snippetSupport": true}}},
            "workspace": {"diagnostics": {"refreshSupport": true}, "inlayHint": {"refreshSupport": true}},
        });
        client
            .request("initialize", json!({"capabilities": capabilities, "processId": null, "rootUri": null}))
            .await;
        client.notify("initialized", json!({})).await;
        client
    }

    /// Says good-bye.
    pub async fn leave(mut self) {
        self.settle().await;
        self.request("shutdown", Value::Null).await;
        self.notify("exit", Value::Null).await;
    }

    /// Does something; what makes no sense with the documents as they are is left out.
    pub async fn carry_out(&mut self, act: &Act) {
        match act {
            Act::Open { document, text } => {
                let document = usize::from(*document) % URIS.len();
                if !self.texts.contains_key(&document) {
                    self.open(document, TEXTS[usize::from(*text) % TEXTS.len()]).await;
                }
            }
            Act::Edit { document, first, others } => {
                let changes: Vec<&Change> = std::iter::once(first).chain(others.iter().flatten()).collect();
                self.edit(usize::from(*document) % URIS.len(), &changes).await;
            }
            Act::Replace { document, text } => {
                let document = usize::from(*document) % URIS.len();
                let text = TEXTS[usize::from(*text) % TEXTS.len()];
                if let Some(kept) = self.texts.get_mut(&document) {
                    text.clone_into(kept);
                    self.changed(document, json!([{"text": text}])).await;
                }
            }
            Act::Close { document } => {
                let document = usize::from(*document) % URIS.len();
                if self.texts.remove(&document).is_some() {
                    let params = json!({"textDocument": {"uri": URIS[document]}});
                    self.notify("textDocument/didClose", params).await;
                }
            }
            Act::Ask { document, request, at } => {
                let method = REQUESTS[usize::from(*request) % REQUESTS.len()];
                let params = self.params(usize::from(*document) % URIS.len(), usize::from(*at));
                self.send_request(method, params).await;
            }
            Act::Cancel => {
                let id = self.n_requests;
                self.notify("$/cancelRequest", json!({"id": id})).await;
            }
        }
    }

    /// Opens a document.
    pub async fn open(&mut self, document: usize, text: &str) {
        self.version += 1;
        self.texts.insert(document, text.to_owned());
        let item = json!({"uri": URIS[document], "languageId": "asl", "version": self.version, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": item})).await;
    }

    async fn edit(&mut self, document: usize, changes: &[&Change]) {
        let Some(mut text) = self.texts.remove(&document) else { return };
        let mut said = Vec::new();
        for change in changes {
            let start = char_offset(&text, usize::from(change.at));
            let end = text[start..].char_indices().nth(usize::from(change.n_chars) % 40);
            let end = end.map_or(text.len(), |(idx, _)| start + idx);
            let (start, end) = (out_of_line_break(&text, start), out_of_line_break(&text, end));
            let snippet = SNIPPETS[usize::from(change.snippet) % SNIPPETS.len()];
            let range = json!({"start": position(&text, start, change.is_far), "end": position(&text, end, change.is_far)});
            said.push(json!({"range": range, "text": snippet}));
            text.replace_range(start..end, snippet);
        }
        self.texts.insert(document, text);
        self.changed(document, Value::Array(said)).await;
    }

    async fn changed(&mut self, document: usize, changes: Value) {
        self.version += 1;
        let identifier = json!({"uri": URIS[document], "version": self.version});
        self.notify("textDocument/didChange", json!({"textDocument": identifier, "contentChanges": changes}))
            .await;
    }

    /// The parameters of every request, at a character of a document.
    fn params(&self, document: usize, at: usize) -> Value {
        let text = self.texts.get(&document).map_or("", String::as_str);
        let position = position(text, out_of_line_break(text, char_offset(text, at)), false);
        let all = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9_999, "character": 0}});
        json!({
            "textDocument": {"uri": URIS[document]}, "position": position, "positions": [position],
            "range": if at.is_multiple_of(2) { all } else { json!({"start": position, "end": position}) },
            "context": {"includeDeclaration": true, "diagnostics": [], "triggerKind": 1, "isRetrigger": false}, "newName": "renamed",
            "options": {"tabSize": 2, "insertSpaces": true}, "query": "a",
        })
    }

    /// Asks for a simulation with an input, without waiting; the number of the request.
    pub async fn ask_to_simulate(&mut self, document: usize, input: Value) -> i64 {
        let params =
            json!({"command": "asl.simulate", "arguments": [{"uri": URIS[document], "input": input}]});
        self.send_request("workspace/executeCommand", params).await
    }

    /// Takes back a request; the answer to it.
    pub async fn cancel(&mut self, id: i64) -> Value {
        self.notify("$/cancelRequest", json!({"id": id})).await;
        self.answer(id).await
    }

    /// What the server says of a document when it is asked for all of it.
    async fn everything(&mut self, document: usize) -> Value {
        let text_document = json!({"uri": URIS[document]});
        let params = json!({"command": "asl.simulate", "arguments": [{"uri": URIS[document]}]});
        let mut said = json!({"simulation": self.request("workspace/executeCommand", params).await});
        for method in [
            "textDocument/diagnostic",
            "textDocument/inlayHint",
            "textDocument/codeLens",
            "textDocument/semanticTokens/full",
            "textDocument/documentSymbol",
            "textDocument/completion",
            "textDocument/hover",
        ] {
            let mut params = self.params(document, 40);
            params["textDocument"] = text_document.clone();
            said[method] = self.request(method, params).await;
        }
        said
    }

    async fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({"jsonrpc": "2.0", "method": method, "params": params})).await;
    }

    async fn send_request(&mut self, method: &str, params: Value) -> i64 {
        self.n_requests += 1;
        let id = self.n_requests;
        self.open.insert(id, method.to_owned());
        let mut message = json!({"jsonrpc": "2.0", "id": id, "method": method});
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(message).await;
        id
    }

    /// Asks and waits for the answer.
    async fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.send_request(method, params).await;
        self.answer(id).await
    }

    /// Waits for the answer to a request: its result or its error.
    async fn answer(&mut self, id: i64) -> Value {
        loop {
            let message = self.receive().await;
            if message["id"] == id && message.get("method").is_none() {
                return message.get("error").or(message.get("result")).cloned().unwrap_or_default();
            }
        }
    }

    /// Waits until nothing is unanswered.
    async fn settle(&mut self) {
        while !self.open.is_empty() {
            self.receive().await;
        }
    }

    /// The next message. Answers are what the protocol allows; requests of the server are answered.
    async fn receive(&mut self) -> Value {
        let message = tokio::time::timeout(PATIENCE, self.incoming.recv()).await;
        let Ok(message) = message else { panic!("not answered within {PATIENCE:?}: {:?}", self.open) };
        let Some(message) = message else { panic!("the server has gone, with {:?} unanswered", self.open) };
        match (message.get("method"), message["id"].as_i64()) {
            (Some(_), Some(id)) => self.send(json!({"jsonrpc": "2.0", "id": id, "result": null})).await,
            (Some(_), None) => {}
            (None, id) => {
                let method = id.and_then(|id| self.open.remove(&id));
                assert!(method.is_some(), "an answer to nothing: {message}");
                // Cancelled, outdated, refused with a reason: all else is a mistake of the server.
                let code = message["error"]["code"].as_i64();
                let is_allowed = code.is_none_or(|code| matches!(code, -32_800 | -32_801 | -32_803));
                assert!(is_allowed, "{method:?}: {message}");
            }
        }
        message
    }

    async fn send(&mut self, message: Value) {
        let body = message.to_string();
        let framed = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        // A server that has gone is noticed when its answer does not come.
        let _ = self.output.write_all(framed.as_bytes()).await;
        let _ = self.output.flush().await;
    }
}

/// Takes messages off a stream until it ends.
async fn read(input: impl AsyncRead + Unpin, sender: mpsc::UnboundedSender<Value>) {
    let mut input = BufReader::new(input);
    let mut line = String::new();
    let mut n_bytes = 0;
    loop {
        line.clear();
        if !matches!(input.read_line(&mut line).await, Ok(1..)) {
            return;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            n_bytes = value.trim().parse().unwrap_or(0);
        } else if line == "\r\n" {
            let mut body = vec![0; n_bytes];
            let is_read = input.read_exact(&mut body).await.is_ok();
            let Ok(message) = serde_json::from_slice(&body) else {
                panic!("no JSON: {:?}", String::from_utf8_lossy(&body))
            };
            if !is_read || sender.send(message).is_err() {
                return;
            }
        } else {
            panic!("this is not the protocol: {line:?}");
        }
    }
}

/// The offset of a character, counted round and round.
fn char_offset(text: &str, at: usize) -> usize {
    let n_chars = text.chars().count();
    text.char_indices().nth(at % (n_chars + 1)).map_or(text.len(), |(idx, _)| idx)
}

/// An offset that a position can say: between the two characters of a line break it is before both.
fn out_of_line_break(text: &str, offset: usize) -> usize {
    let is_within = text[..offset].ends_with('\r') && text[offset..].starts_with('\n');
    if is_within { offset - 1 } else { offset }
}

/// The line and the column in UTF-16 of an offset. `is_far` puts the end of a line far behind it, which means the same.
fn position(text: &str, offset: usize, is_far: bool) -> Value {
    const FAR: usize = 10_000;
    let before = &text[..offset];
    let breaks =
        |text: &str| text.matches('\n').count() + text.matches('\r').count() - text.matches("\r\n").count();
    let start = before.rfind(['\n', '\r']).map_or(0, |idx| idx + 1);
    let column = before[start..].encode_utf16().count();
    let is_at_end = matches!(text[offset..].chars().next(), None | Some('\n' | '\r'));
    json!({"line": breaks(before), "character": if is_far && is_at_end { column + FAR } else { column }})
}
