//! A mistake of ours costs one answer: what panics while a message is acted on is answered with an internal error, and the
//! server goes on.
//!
//! tower-lsp polls all handlers on one task, which a panic would end.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_service::Service;

/// A service whose calls do not panic.
#[derive(Debug)]
pub(super) struct Guarded<S>(pub(super) S);

/// What such a call comes to.
pub(super) struct Answer<F> {
    /// None once it has panicked, or where making it did.
    inner: Option<F>,
    /// Of a request; a notification is not answered.
    id: Option<Id>,
}

impl<S> Service<Request> for Guarded<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Unpin,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Answer<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let id = request.id().cloned();
        Answer { inner: caught(|| self.0.call(request)), id }
    }
}

impl<F, E> Future for Answer<F>
where
    F: Future<Output = Result<Option<Response>, E>> + Unpin,
{
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let polled = match &mut self.inner {
            Some(inner) => caught(|| Pin::new(inner).poll(context)),
            None => None,
        };
        polled.unwrap_or_else(|| {
            self.inner = None;
            let answer = |id| Response::from_error(id, Error::internal_error());
            Poll::Ready(Ok(self.id.take().map(answer)))
        })
    }
}

/// What something gives; none where it panics.
pub(super) fn caught<R>(act: impl FnOnce() -> R) -> Option<R> {
    let result = catch_unwind(AssertUnwindSafe(act)).ok();
    if result.is_none() {
        // The hook for panics has written why.
        tracing::error!("what was asked for could not be done");
    }
    result
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tower_lsp::jsonrpc::Result;

    use crate::lsp::serve_with;
    use crate::lsp::server::Server;

    /// Not by `panic!`, whose message would be in the output of the tests.
    fn fail() -> ! {
        std::panic::resume_unwind(Box::new(()))
    }

    async fn fail_at_once(_: &Server) -> Result<()> {
        fail()
    }

    async fn fail_later(_: &Server) -> Result<()> {
        tokio::task::yield_now().await;
        fail()
    }

    async fn fail_untold(_: &Server, _: Value) {
        fail()
    }

    async fn say(client: &mut DuplexStream, message: Value) {
        let body = message.to_string();
        let frame = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        client.write_all(frame.as_bytes()).await.unwrap();
    }

    /// The next message.
    async fn hear(client: &mut DuplexStream) -> Value {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            head.push(client.read_u8().await.unwrap() as char);
        }
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        client.read_exact(&mut body).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    async fn ask(client: &mut DuplexStream, id: i64, method: &str, params: Value) -> Value {
        say(client, json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})).await;
        loop {
            let message = hear(client).await;
            if message["id"] == id {
                return message;
            }
        }
    }

    #[tokio::test]
    async fn a_panic_in_a_handler_costs_one_answer() {
        let (mut client, server) = duplex(1 << 16);
        let (input, output) = tokio::io::split(server);
        let server = tokio::spawn(serve_with(input, output, |builder| {
            builder
                .custom_method("test/failAtOnce", fail_at_once)
                .custom_method("test/failLater", fail_later)
                .custom_method("test/failUntold", fail_untold)
        }));
        ask(&mut client, 1, "initialize", json!({"capabilities": {}})).await;
        let text = r#"{"StartAt": 1}"#;
        let uri = "file:///no-such-folder/a.asl.json";
        let document = json!({"uri": uri, "languageId": "asl", "version": 1, "text": text});
        let open = json!({"textDocument": document});
        say(&mut client, json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": open})).await;
        for (id, method) in (2..).zip(["test/failAtOnce", "test/failLater", "test/failAtOnce"]) {
            assert_eq!(ask(&mut client, id, method, Value::Null).await["error"]["code"], -32603, "{method}");
        }
        say(&mut client, json!({"jsonrpc": "2.0", "method": "test/failUntold", "params": {}})).await;
        // What was known before is known after.
        let hover = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 3}});
        let hover = ask(&mut client, 9, "textDocument/hover", hover).await;
        assert!(hover["result"]["contents"]["value"].is_string(), "{hover}");
        ask(&mut client, 10, "shutdown", Value::Null).await;
        say(&mut client, json!({"jsonrpc": "2.0", "method": "exit"})).await;
        assert!(server.await.unwrap());
    }
}
