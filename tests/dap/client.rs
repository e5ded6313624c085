//! A client of the Debug Adapter Protocol over pipes, for tests.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Client {
    to: Option<Box<dyn Write>>,
    from: Receiver<Value>,
    seq: i64,
    /// Events that came and that nobody has waited for.
    events: Vec<Value>,
    /// What the states printed.
    pub(crate) outputs: Vec<String>,
}

impl Client {
    pub(crate) fn new(to: impl Write + 'static, from: impl Read + Send + 'static) -> Self {
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            let mut from = BufReader::new(from);
            while let Some(message) = read(&mut from) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self { to: Some(Box::new(to)), from: receiver, seq: 0, events: Vec::new(), outputs: Vec::new() }
    }

    /// A client of an adapter on a thread of this process.
    pub(crate) fn in_process() -> Self {
        let (their_input, to) = std::io::pipe().unwrap();
        let (from, mut their_output) = std::io::pipe().unwrap();
        std::thread::spawn(move || asl_lsp::dap::serve(their_input, &mut their_output));
        let mut client = Self::new(to, from);
        client.request("initialize", json!({"adapterID": "asl", "linesStartAt1": true}));
        client
    }

    /// A client of an adapter that has launched a fixture.
    pub(crate) fn launched(fixture: &str, mut arguments: Value) -> Self {
        let mut client = Self::in_process();
        arguments["program"] = json!(path(fixture));
        client.request("launch", arguments);
        client.wait_for("initialized");
        client
    }

    pub(crate) fn send_raw(&mut self, text: &str) {
        let to = self.to.as_mut().unwrap();
        to.write_all(text.as_bytes()).unwrap();
        to.flush().unwrap();
    }

    /// Sends a request and returns the answer's body.
    #[track_caller]
    pub(crate) fn request(&mut self, command: &str, arguments: Value) -> Value {
        let answer = self.ask(command, arguments);
        assert_eq!(answer["success"], true, "{command}: {answer}");
        answer["body"].clone()
    }

    /// Sends a request that is refused and returns the reason.
    #[track_caller]
    pub(crate) fn refusal(&mut self, command: &str, arguments: Value) -> String {
        let answer = self.ask(command, arguments);
        assert_eq!(answer["success"], false, "{command}: {answer}");
        answer["message"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    fn ask(&mut self, command: &str, arguments: Value) -> Value {
        self.seq += 1;
        let message = json!({"seq": self.seq, "type": "request", "command": command, "arguments": arguments});
        let body = message.to_string();
        self.send_raw(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        self.response(self.seq)
    }

    /// The response to a request.
    #[track_caller]
    pub(crate) fn response(&mut self, seq: i64) -> Value {
        loop {
            let message = self.next();
            if message["type"] == "response" && message["request_seq"] == seq {
                return message;
            }
            self.note(message);
        }
    }

    #[track_caller]
    fn next(&mut self) -> Value {
        self.from.recv_timeout(PATIENCE).expect("a message from the adapter")
    }

    fn note(&mut self, message: Value) {
        if message["event"] == "output" {
            self.outputs.push(message["body"]["output"].as_str().unwrap().trim_end().to_owned());
        } else {
            self.events.push(message);
        }
    }

    /// The body of the next event of this name.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, event: &str) -> Value {
        loop {
            if let Some(idx) = self.events.iter().position(|message| message["event"] == event) {
                return self.events.remove(idx)["body"].clone();
            }
            let message = self.next();
            self.note(message);
        }
    }

    /// Ends the adapter's input and waits for its end.
    pub(crate) fn hang_up(&mut self) {
        self.to = None;
        while let Ok(message) = self.from.recv_timeout(PATIENCE) {
            self.note(message);
        }
    }

    // Debugging

    /// Sets breakpoints at lines.
    #[track_caller]
    pub(crate) fn break_at(&mut self, fixture: &str, breakpoints: Value) -> Value {
        let arguments = json!({"source": {"path": path(fixture)}, "breakpoints": breakpoints});
        self.request("setBreakpoints", arguments)["breakpoints"].clone()
    }

    #[track_caller]
    pub(crate) fn begin(&mut self) -> String {
        self.request("configurationDone", json!({}));
        self.stopped()
    }

    /// Sends a request that moves the execution, and says where it stops then.
    #[track_caller]
    pub(crate) fn go(&mut self, command: &str) -> String {
        self.go_on(command, 1)
    }

    #[track_caller]
    pub(crate) fn go_on(&mut self, command: &str, thread: i64) -> String {
        self.request(command, json!({"threadId": thread}));
        self.stopped()
    }

    /// Waits for the next stop: why, and the frames from the innermost.
    #[track_caller]
    pub(crate) fn stopped(&mut self) -> String {
        let body = self.wait_for("stopped");
        let reason = body["reason"].as_str().unwrap();
        let names: Vec<String> = self
            .stack(body["threadId"].as_i64().unwrap_or(1))
            .iter()
            .map(|frame| frame["name"].as_str().unwrap().to_owned())
            .collect();
        format!("{reason} at {}", names.join(" < "))
    }

    #[track_caller]
    pub(crate) fn stack(&mut self, thread: i64) -> Vec<Value> {
        let body = self.request("stackTrace", json!({"threadId": thread}));
        body["stackFrames"].as_array().unwrap().clone()
    }

    /// The innermost frame of a thread.
    #[track_caller]
    pub(crate) fn top(&mut self, thread: i64) -> i64 {
        self.stack(thread)[0]["id"].as_i64().unwrap()
    }

    /// A scope of a thread's innermost frame: its reference.
    #[track_caller]
    pub(crate) fn scope(&mut self, thread: i64, name: &str) -> i64 {
        let frame = self.top(thread);
        let scopes = self.request("scopes", json!({"frameId": frame}));
        let scope = scopes["scopes"].as_array().unwrap().iter().find(|scope| scope["name"] == name);
        scope.unwrap_or_else(|| panic!("{name} in {scopes}"))["variablesReference"].as_i64().unwrap()
    }

    /// The children of a reference, as lines.
    #[track_caller]
    pub(crate) fn children(&mut self, reference: i64) -> Vec<String> {
        let body = self.request("variables", json!({"variablesReference": reference}));
        let line = |variable: &Value| {
            format!("{} = {}", variable["name"].as_str().unwrap(), variable["value"].as_str().unwrap())
        };
        body["variables"].as_array().unwrap().iter().map(line).collect()
    }

    /// The value of an expression in a thread's innermost frame.
    #[track_caller]
    pub(crate) fn evaluate(&mut self, thread: i64, expression: &str) -> String {
        let frame = self.top(thread);
        let arguments = json!({"expression": expression, "frameId": frame, "context": "watch"});
        self.request("evaluate", arguments)["result"].as_str().unwrap().to_owned()
    }

    /// Waits for the end and returns the exit code.
    #[track_caller]
    pub(crate) fn end(&mut self) -> i64 {
        let code = self.wait_for("exited")["exitCode"].as_i64().unwrap();
        self.wait_for("terminated");
        code
    }
}

/// The path of a fixture.
pub(crate) fn path(fixture: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dap/fixtures").join(fixture)
}

fn read(from: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some((_, value)) => length = value.parse().ok()?,
            None => break,
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
