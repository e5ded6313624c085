//! From a keystroke to its diagnostics, through the whole server: on 1,000 states the aim is 4 ms. AWS's own server takes
//! 187 ms of CPU, after a pause of half a second.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up is to stop")]

use asl_lsp::lsp;
use divan::Bencher;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf};
use tokio::runtime::Runtime;

fn main() {
    divan::main();
}

const URI: &str = "file:///no-such-folder/bench.asl.json";

struct Client {
    runtime: Runtime,
    input: ReadHalf<DuplexStream>,
    output: WriteHalf<DuplexStream>,
    version: i64,
}

impl Client {
    fn new(text: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (ours, theirs) = tokio::io::duplex(1 << 20);
        let (reader, writer) = tokio::io::split(theirs);
        runtime.spawn(async move { lsp::serve(reader, writer).await });
        let (input, output) = tokio::io::split(ours);
        let mut client = Self { runtime, input, output, version: 1 };
        client.send(json!({"id": 1, "method": "initialize", "params": {"capabilities": {}}}));
        client.receive(|message| message["id"] == 1);
        client.send(json!({"method": "initialized", "params": {}}));
        let document = json!({"uri": URI, "languageId": "asl", "version": 1, "text": text});
        client.send(json!({"method": "textDocument/didOpen", "params": {"textDocument": document}}));
        client.await_diagnostics();
        client
    }

    fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = json!("2.0");
        let body = message.to_string();
        let text = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.runtime.block_on(self.output.write_all(text.as_bytes())).expect("the server reads");
    }

    fn receive(&mut self, is_wanted: impl Fn(&Value) -> bool) {
        loop {
            let message = self.runtime.block_on(read(&mut self.input));
            if is_wanted(&message) {
                return;
            }
        }
    }

    fn await_diagnostics(&mut self) {
        let version = self.version;
        self.receive(|message| {
            message["method"] == "textDocument/publishDiagnostics" && message["params"]["version"] == version
        });
    }

    /// Types one character into the comment at the start, and waits for the diagnostics of that version.
    fn type_character(&mut self) {
        self.version += 1;
        let place = json!({"line": 1, "character": 15});
        let change = json!({"range": {"start": place, "end": place}, "text": "x"});
        let document = json!({"uri": URI, "version": self.version});
        let params = json!({"textDocument": document, "contentChanges": [change]});
        self.send(json!({"method": "textDocument/didChange", "params": params}));
        self.await_diagnostics();
    }
}

async fn read(input: &mut ReadHalf<DuplexStream>) -> Value {
    let mut header = Vec::new();
    while !header.ends_with(b"\r\n\r\n") {
        header.push(input.read_u8().await.expect("the server writes"));
    }
    let header = String::from_utf8(header).expect("a header");
    let len = header.lines().find_map(|line| line.strip_prefix("Content-Length: ")).expect("a length");
    let mut body = vec![0; len.parse().expect("a number")];
    input.read_exact(&mut body).await.expect("the server writes");
    serde_json::from_slice(&body).expect("JSON")
}

fn chain(n_states: usize) -> String {
    let state = |i: usize| {
        let next =
            if i + 1 < n_states { format!("\"Next\": \"S{}\"", i + 1) } else { "\"End\": true".to_owned() };
        format!(
            "    \"S{i}\": {{\n      \"Type\": \"Pass\",\n      \"Parameters\": {{\"n.$\": \"$.n\"}},\n      {next}\n    }}"
        )
    };
    let states: Vec<String> = (0..n_states).map(state).collect();
    format!(
        "{{\n  \"Comment\": \"a chain\",\n  \"StartAt\": \"S0\",\n  \"States\": {{\n{}\n  }}\n}}\n",
        states.join(",\n")
    )
}

#[divan::bench(sample_count = 50)]
fn change_to_diagnostics_1000_states(bencher: Bencher<'_, '_>) {
    let mut client = Client::new(&chain(1_000));
    bencher.bench_local(|| client.type_character());
}
