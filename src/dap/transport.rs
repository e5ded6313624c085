//! Messages in their frames: headers, an empty line, so many bytes of JSON.

use std::io::{BufRead, Write};

use serde_json::Value;

use super::protocol::Request;
use crate::spec::quota;

const LENGTH_HEADER: &str = "content-length";
/// Bytes of one line of the headers.
const LINE_BYTES_MAX: u64 = quota::MESSAGE_HEADER_BYTES_MAX as u64;

/// What came from the client.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A request.
    Request(Request),
    /// Something that cannot be answered as a request: what is wrong with it.
    Malformed(String),
}

/// Reads what comes next; nothing at the end of the input.
pub(super) fn read(input: &mut impl BufRead) -> Option<Incoming> {
    let malformed = |text: &str| Some(Incoming::Malformed(text.to_owned()));
    let mut length: Option<u64> = None;
    for _ in 0..quota::MESSAGE_HEADER_LINES_MAX {
        let mut line = Vec::new();
        let n_bytes = std::io::Read::take(&mut *input, LINE_BYTES_MAX).read_until(b'\n', &mut line).ok()?;
        if n_bytes == 0 {
            return None;
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if line.is_empty() {
            return match length {
                Some(length) if length > quota::DEBUG_MESSAGE_BYTES_MAX => {
                    std::io::copy(&mut std::io::Read::take(&mut *input, length), &mut std::io::sink())
                        .ok()?;
                    malformed(&format!("The message is longer than {} bytes", quota::DEBUG_MESSAGE_BYTES_MAX))
                }
                Some(length) => body(input, length),
                None => malformed("There is no Content-Length in the headers"),
            };
        }
        match line.split_once(':') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case(LENGTH_HEADER) => {
                length = value.trim().parse().ok();
            }
            // Other headers have no meaning here, and garbage is read over up to the next message.
            _ => {}
        }
    }
    malformed("The headers do not end")
}

fn body(input: &mut impl BufRead, length: u64) -> Option<Incoming> {
    let mut body = Vec::new();
    let n_bytes =
        std::io::Read::read_to_end(&mut std::io::Read::take(&mut *input, length), &mut body).ok()?;
    if (n_bytes as u64) < length {
        return None;
    }
    let message: Value = match serde_json::from_slice(&body) {
        Ok(message) => message,
        Err(error) => return Some(Incoming::Malformed(format!("The message is not JSON: {error}"))),
    };
    // Responses to requests of ours: there are none to wait for.
    if message.get("type").and_then(Value::as_str).is_some_and(|kind| kind != "request") {
        return Some(Incoming::Malformed("Only requests are understood".to_owned()));
    }
    Some(match serde_json::from_value(message) {
        Ok(request) => Incoming::Request(request),
        Err(error) => Incoming::Malformed(format!("The message is no request: {error}")),
    })
}

/// Writes a message.
pub(super) fn write(output: &mut dyn Write, message: &Value) -> std::io::Result<()> {
    let body = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &[&str]) {
        let mut input = input.as_bytes();
        let mut found = Vec::new();
        while let Some(incoming) = read(&mut input) {
            found.push(match incoming {
                Incoming::Request(request) => format!("{} {}", request.seq, request.command),
                Incoming::Malformed(text) => text,
            });
        }
        assert_eq!(found, expected);
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn requests_follow_each_other() {
        let one = framed(r#"{"seq": 1, "type": "request", "command": "threads"}"#);
        let two = framed(r#"{"seq": 2, "type": "request", "command": "next", "arguments": {}}"#);
        check(&format!("{one}{two}"), &["1 threads", "2 next"]);
    }

    #[test]
    fn what_is_no_request_is_told_and_the_next_is_read() {
        let good = framed(r#"{"seq": 3, "type": "request", "command": "threads"}"#);
        let bad = framed("{");
        check(
            &format!("Content-Type: x\r\n\r\n{bad}{good}"),
            &[
                "There is no Content-Length in the headers",
                "The message is not JSON: EOF while parsing an object at line 1 column 1",
                "3 threads",
            ],
        );
        check(&framed(r#"{"type": "event"}"#), &["Only requests are understood"]);
        check(
            &framed("[]"),
            &["The message is no request: invalid length 0, expected struct Request with 3 elements"],
        );
    }

    #[test]
    fn headers_up_to_the_limit_are_read() {
        let request = r#"{"seq": 1, "type": "request", "command": "threads"}"#;
        let message = |n_lines: usize| {
            let others = "X: 1\r\n".repeat(n_lines - 2);
            format!("{others}Content-Length: {}\r\n\r\n{request}", request.len())
        };
        // The empty line at the end counts.
        let limit = quota::MESSAGE_HEADER_LINES_MAX;
        check(&message(limit), &["1 threads"]);
        check(&message(limit + 1), &["The headers do not end", "There is no Content-Length in the headers"]);
    }

    #[test]
    fn a_message_above_the_limit_is_read_over() {
        let next = framed(r#"{"seq": 3, "type": "request", "command": "threads"}"#);
        let read_two = |n_bytes: u64| {
            let blanks = std::io::Read::take(std::io::repeat(b' '), n_bytes);
            let head = format!("Content-Length: {n_bytes}\r\n\r\n");
            let all = std::io::Read::chain(std::io::Read::chain(head.as_bytes(), blanks), next.as_bytes());
            let mut input = std::io::BufReader::new(all);
            let first = match read(&mut input) {
                Some(Incoming::Malformed(text)) => text,
                other => format!("{other:?}"),
            };
            assert!(matches!(read(&mut input), Some(Incoming::Request(request)) if request.seq == 3));
            first
        };
        let limit = quota::DEBUG_MESSAGE_BYTES_MAX;
        assert!(read_two(limit).starts_with("The message is not JSON"), "{}", read_two(limit));
        assert_eq!(read_two(limit + 1), "The message is longer than 67108864 bytes");
    }

    #[test]
    fn a_message_that_is_cut_off_is_none() {
        check("Content-Length: 10\r\n\r\n{}", &[]);
        check("Content-Length: ten\r\n\r\n", &["There is no Content-Length in the headers"]);
    }
}
