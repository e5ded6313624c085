//! What comes from the client, freed of what is no message, and what goes to it.
//!
//! tower-lsp stops reading at the first message that it cannot decode: one stray escape sequence in a document would
//! end the server. So every message is looked at on its way; in the place of a malformed one stands a request that
//! the server answers with the error that the protocol asks for.
//!
//! tower-lsp makes a tree of JSON values of all that it sends, and the text of the message of that, on the task that
//! everything else waits for. Findings about a large document are thousands of values: their message is written where
//! they are found, and goes out between those of tower-lsp.

use std::io;

use serde::Serialize;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tower_lsp::ls_types::notification::Notification;

use crate::spec::quota;

/// The method that stands for a message that is no JSON.
pub(super) const UNPARSABLE: &str = "asl/unparsable";
/// The method that stands for JSON that is no message.
pub(super) const NO_MESSAGE: &str = "asl/noMessage";
/// The method that stands for a message that is too long.
pub(super) const TOO_LONG: &str = "asl/tooLong";

/// The header that every message has.
const LENGTH_HEADER: &str = "content-length";
/// Bytes that are read at once.
const CHUNK_BYTES: usize = 65_536;
/// Messages of ours that may wait for the client to read.
const WAITING_MAX: usize = 8;

/// The body of a message to the client.
#[derive(Debug)]
pub(super) struct Message(Vec<u8>);

impl Message {
    /// A notification. None where its parameters are nothing that JSON can hold, which no type of the protocol is.
    pub(super) fn notification<N: Notification>(params: &N::Params) -> Option<Self> {
        #[derive(Serialize)]
        struct Body<'a, P> {
            jsonrpc: &'static str,
            method: &'static str,
            params: &'a P,
        }
        let body = Body { jsonrpc: "2.0", method: N::METHOD, params };
        serde_json::to_vec(&body).map(Message).ok()
    }
}

/// Sends messages to the client without tower-lsp. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Outlet(mpsc::Sender<Message>);

impl Outlet {
    /// An outlet, and what comes out of it.
    pub(super) fn new() -> (Self, mpsc::Receiver<Message>) {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        (Self(sender), receiver)
    }

    /// Sends a message, when the client has read most of those before. One to a client that is gone is dropped.
    pub(super) async fn send(&self, message: Message) {
        let _ = self.0.send(message).await;
    }
}

/// Hands messages on until one side closes. `note_shutdown` is called when `shutdown` passes: where `exit` follows at
/// once, tower-lsp cancels it before the server has seen it.
pub(super) async fn forward<I, O>(mut input: I, mut output: O, note_shutdown: impl Fn())
where
    I: AsyncRead + Unpin,
    O: AsyncWrite + Unpin,
{
    let mut frames = Frames::default();
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        while let Some(frame) = frames.next() {
            let body = checked(frame, &note_shutdown);
            if write(&mut output, &body).await.is_err() {
                return;
            }
        }
        match input.read(&mut chunk).await {
            Ok(0) | Err(_) => return,
            Ok(n_bytes) => frames.bytes.extend_from_slice(chunk.get(..n_bytes).unwrap_or_default()),
        }
    }
}

/// Hands on to the client what tower-lsp writes until it is done, and between its messages those of an [`Outlet`].
pub(super) async fn merge<I, O>(mut input: I, mut outlet: mpsc::Receiver<Message>, output: O)
where
    I: AsyncRead + Unpin,
    O: AsyncWrite,
{
    let mut output = std::pin::pin!(output);
    let mut frames = Frames::default();
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        while let Some(frame) = frames.next() {
            // An answer is as long as a client's message at most.
            let Frame::Body(body) = frame else { continue };
            if write(&mut output, &body).await.is_err() {
                return;
            }
        }
        tokio::select! {
            read = input.read(&mut chunk) => match read {
                Ok(0) | Err(_) => return,
                Ok(n_bytes) => frames.bytes.extend_from_slice(chunk.get(..n_bytes).unwrap_or_default()),
            },
            Some(Message(body)) = outlet.recv() => {
                if write(&mut output, &body).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Writes a message with its header.
async fn write(mut output: impl AsyncWrite + Unpin, body: &[u8]) -> io::Result<()> {
    let header = format!("Content-Length: {}\r\n\r\n", body.len());
    output.write_all(header.as_bytes()).await?;
    output.write_all(body).await?;
    output.flush().await
}

/// What came from the client.
enum Frame {
    /// The body of a message.
    Body(Vec<u8>),
    /// A message that was read over.
    TooLong,
}

/// The message, or the request that stands for it.
fn checked(frame: Frame, note_shutdown: impl Fn()) -> Vec<u8> {
    let Frame::Body(body) = frame else { return stand_in(TOO_LONG) };
    let method = match serde_json::from_slice::<Value>(&body) {
        Ok(message) if is_message(&message) => {
            if message.get("method").and_then(Value::as_str) == Some("shutdown") {
                note_shutdown();
            }
            return body;
        }
        Ok(_) => NO_MESSAGE,
        Err(error) => {
            tracing::warn!(%error, "a message cannot be parsed");
            UNPARSABLE
        }
    };
    stand_in(method)
}

fn stand_in(method: &str) -> Vec<u8> {
    serde_json::json!({"jsonrpc": "2.0", "id": null, "method": method}).to_string().into_bytes()
}

/// Whether tower-lsp takes it for a request, a notification or a response.
fn is_message(message: &Value) -> bool {
    let is_absent_or = |key: &str, is_right: fn(&Value) -> bool| message.get(key).is_none_or(is_right);
    message.get("jsonrpc").and_then(Value::as_str) == Some("2.0")
        && is_absent_or("id", |id| id.is_i64() || id.is_string() || id.is_null())
        && is_absent_or("method", Value::is_string)
}

/// Bytes that have come and what of them was understood.
#[derive(Default)]
struct Frames {
    bytes: Vec<u8>,
    /// The length of the body that is being waited for.
    length: Option<usize>,
    /// Bytes of a message that is too long, to be thrown away.
    to_skip: usize,
}

impl Frames {
    /// The next message, if all of it has come.
    fn next(&mut self) -> Option<Frame> {
        loop {
            if self.to_skip > 0 {
                let n_bytes = self.to_skip.min(self.bytes.len());
                self.bytes.drain(..n_bytes);
                self.to_skip -= n_bytes;
                return (self.to_skip == 0).then_some(Frame::TooLong);
            }
            match self.length {
                Some(length) if self.bytes.len() < length => return None,
                Some(length) => {
                    self.length = None;
                    let rest = self.bytes.split_off(length);
                    return Some(Frame::Body(std::mem::replace(&mut self.bytes, rest)));
                }
                None => match self.header()? {
                    length if length > quota::MESSAGE_BYTES_MAX => self.to_skip = length,
                    length => self.length = Some(length),
                },
            }
        }
    }

    /// Takes headers off the bytes: the length they name. What has none is thrown away.
    fn header(&mut self) -> Option<usize> {
        const END: &[u8] = b"\r\n\r\n";
        loop {
            let Some(end) = self.bytes.windows(END.len()).position(|window| window == END) else {
                if self.bytes.len() > quota::MESSAGE_HEADER_BYTES_MAX + END.len() {
                    tracing::warn!("the client sends something else than messages");
                    self.bytes.drain(..self.bytes.len() - END.len());
                }
                return None;
            };
            let head: Vec<u8> = self.bytes.drain(..end + END.len()).collect();
            if end > quota::MESSAGE_HEADER_BYTES_MAX {
                tracing::warn!("the headers of a message are too long");
                continue;
            }
            let head = String::from_utf8_lossy(&head);
            let length = head.lines().rev().find_map(|line| {
                // Garbage may stand before the name, on the same line: the body of a message whose length was wrong.
                let at = line.to_ascii_lowercase().rfind(LENGTH_HEADER)?;
                let value = line.get(at + LENGTH_HEADER.len()..)?.trim_start().strip_prefix(':')?;
                value.trim().parse::<usize>().ok()
            });
            if length.is_some() {
                return length;
            }
            tracing::warn!("a message has no length");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &str, expected: &[&str]) {
        // All at once, and byte by byte.
        for n_bytes in [bytes.len(), 1] {
            let mut frames = Frames::default();
            let mut bodies = Vec::new();
            for chunk in bytes.as_bytes().chunks(n_bytes) {
                frames.bytes.extend_from_slice(chunk);
                while let Some(frame) = frames.next() {
                    bodies.push(String::from_utf8(checked(frame, || ())).unwrap());
                }
            }
            assert_eq!(bodies, expected, "{n_bytes} at a time");
        }
    }

    const CALL: &str = r#"{"jsonrpc":"2.0","method":"x","id":1}"#;

    #[test]
    fn messages_pass() {
        let headers = "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:";
        check(&format!("Content-Length: 37\r\n\r\n{CALL}{headers}37\r\n\r\n{CALL}"), &[CALL, CALL]);
    }

    #[test]
    fn malformed_ones_are_replaced() {
        let unparsable = r#"{"jsonrpc":"2.0","id":null,"method":"asl/unparsable"}"#;
        let no_message = r#"{"jsonrpc":"2.0","id":null,"method":"asl/noMessage"}"#;
        check("Content-Length: 3\r\n\r\n{\"xContent-Length: 2\r\n\r\n[]", &[unparsable, no_message]);
        check("Content-Length: 10\r\n\r\n{\"\\ud83d\"}", &[unparsable]);
        check("Content-Length: 26\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":1.5}", &[no_message]);
    }

    #[test]
    fn headers_up_to_the_limit_are_read() {
        let message = |n_bytes: usize| {
            let length = "Content-Length: 37";
            format!("X: {}\r\n{length}\r\n\r\n{CALL}", "x".repeat(n_bytes - 5 - length.len()))
        };
        let limit = quota::MESSAGE_HEADER_BYTES_MAX;
        check(&message(limit), &[CALL]);
        check(&format!("{}\r\n\r\nContent-Length: 37\r\n\r\n{CALL}", message(limit + 1)), &[CALL]);
    }

    /// A message of so many bytes, and what comes of it and of the one behind it.
    fn pass(n_bytes: usize) -> Vec<String> {
        let mut frames =
            Frames { bytes: format!("Content-Length: {n_bytes}\r\n\r\n").into(), ..Frames::default() };
        let mut bodies = Vec::new();
        let mut left = n_bytes;
        let blanks = vec![b' '; 16 * 1_048_576];
        while left > 0 {
            let n_bytes = left.min(blanks.len());
            frames.bytes.extend_from_slice(&blanks[..n_bytes]);
            left -= n_bytes;
            bodies.extend(frames.next().map(|frame| checked(frame, || ())));
        }
        frames.bytes.extend_from_slice(format!("Content-Length: 37\r\n\r\n{CALL}").as_bytes());
        bodies.extend(frames.next().map(|frame| checked(frame, || ())));
        bodies.into_iter().map(|body| String::from_utf8(body).unwrap()).collect()
    }

    #[test]
    fn a_message_above_the_limit_is_read_over() {
        let unparsable = r#"{"jsonrpc":"2.0","id":null,"method":"asl/unparsable"}"#;
        let too_long = r#"{"jsonrpc":"2.0","id":null,"method":"asl/tooLong"}"#;
        let limit = quota::MESSAGE_BYTES_MAX;
        assert_eq!(pass(limit), [unparsable, CALL]);
        assert_eq!(pass(limit + 1), [too_long, CALL]);
    }

    #[test]
    fn garbage_between_messages_is_skipped() {
        check(&format!("X: 1\r\n\r\n{{\"a\": 1}}Content-Length: 37\r\n\r\n{CALL}"), &[CALL]);
        check(&format!("X: 1\r\n\r\nhello Content-Length: 37\r\n\r\n{CALL}"), &[CALL]);
        check(&format!("{}\r\n\r\nContent-Length: 37\r\n\r\n{CALL}", "x".repeat(9_000)), &[CALL]);
    }

    /// The bodies that come out when tower-lsp writes `parts` and a message of ours is sent after the first.
    #[track_caller]
    fn check_merged(parts: &[&str], expected: &[&str]) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let ((outlet, messages), (mut theirs, input)) = (Outlet::new(), tokio::io::duplex(8));
        let mut output = Vec::new();
        runtime.block_on(async {
            let write = async {
                for (idx, part) in parts.iter().enumerate() {
                    theirs.write_all(part.as_bytes()).await.unwrap();
                    if idx == 0 {
                        outlet.send(Message(b"ours".to_vec())).await;
                    }
                    tokio::task::yield_now().await;
                }
                // What was sent is taken before the end is seen.
                while outlet.0.capacity() < WAITING_MAX {
                    tokio::task::yield_now().await;
                }
                drop(theirs);
            };
            tokio::join!(write, merge(input, messages, &mut output));
        });
        let mut frames = Frames { bytes: output, ..Frames::default() };
        let body = |frame| match frame {
            Frame::Body(body) => String::from_utf8(body).unwrap(),
            Frame::TooLong => "too long".to_owned(),
        };
        let mut bodies: Vec<String> = std::iter::from_fn(|| frames.next()).map(body).collect();
        // Which is first is left to chance.
        bodies.sort();
        assert_eq!(bodies, expected);
        assert!(frames.bytes.is_empty());
    }

    #[test]
    fn ours_go_between_whole_messages() {
        check_merged(
            &["Content-Le", "ngth: 6\r\n\r\nthe", "irsContent-Length: 1\r\n\r\nx"],
            &["ours", "theirs", "x"],
        );
        check_merged(&[""], &["ours"]);
    }

    #[test]
    fn a_notification_is_written_as_tower_lsp_writes_it() {
        use tower_lsp::ls_types::notification::LogMessage;
        use tower_lsp::ls_types::{LogMessageParams, MessageType};
        let params = LogMessageParams { typ: MessageType::INFO, message: "\"x\"".to_owned() };
        let Message(body) = Message::notification::<LogMessage>(&params).unwrap();
        let expected =
            r#"{"jsonrpc":"2.0","method":"window/logMessage","params":{"type":3,"message":"\"x\""}}"#;
        assert_eq!(String::from_utf8(body).unwrap(), expected);
    }
}
