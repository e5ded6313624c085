//! The language server: the features of `ide` over the language server protocol.
//!
//! The only folder that names types of the protocol. It keeps the open documents, turns positions into offsets and
//! back, and decides when to simulate; what a feature does is decided in `ide`.
//!
//! Everything runs on one task, so that messages act in the order they come in: a notification changes the state at
//! once and awaits nothing; a request takes its `Snapshot` at once and computes on another thread (`workers`).
//! Standard output is the protocol; logs go to standard error.

mod capabilities;
mod commands;
mod companion;
mod config;
mod document;
mod fed;
mod from_proto;
mod guard;
mod handlers;
mod progress;
mod project;
mod remote;
mod scenario_documents;
mod scenario_handlers;
mod scheduler;
mod server;
mod snapshot;
mod state;
mod steps;
mod to_proto;
mod transport;
mod views;
mod workers;

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp::{LspService, LspServiceBuilder};

use self::guard::Guarded;
pub use self::project::Project;
use self::server::Server;
use self::state::State;
use self::transport::Outlet;
use crate::spec::quota;

/// Bytes on their way from the client's stream to tower-lsp, and from there to the client's.
const PIPE_BYTES: usize = 65_536;

/// Serves one client over standard input and output until it says `exit` or closes the pipe.
///
/// Returns whether the client said `shutdown` before: the exit code is to be 0 then, else 1, as the protocol asks.
///
/// # Errors
///
/// When no runtime can be made.
pub fn run(log_level: tracing::Level) -> io::Result<bool> {
    let logs = tracing_subscriber::fmt().with_writer(io::stderr).with_ansi(false).with_max_level(log_level);
    // Whoever logs already goes on doing so.
    let _ = logs.try_init();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let was_shut_down = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout()));
    // A client that says `exit` and keeps the pipe open leaves a thread that reads from it.
    runtime.shutdown_background();
    Ok(was_shut_down)
}

/// Serves one client over any pair of streams until it says `exit` or closes its side. Returns whether it said
/// `shutdown` before.
///
/// Has to run within a Tokio runtime with timers; a single thread is enough.
pub async fn serve<I, O>(input: I, output: O) -> bool
where
    I: AsyncRead + Unpin,
    O: AsyncWrite,
{
    serve_with(input, output, |builder| builder).await
}

/// As [`serve`], with further methods.
async fn serve_with<I, O>(
    input: I,
    output: O,
    extend: impl FnOnce(LspServiceBuilder<Server>) -> LspServiceBuilder<Server>,
) -> bool
where
    I: AsyncRead + Unpin,
    O: AsyncWrite,
{
    let state = Arc::new(State::default());
    let (outlet, messages) = Outlet::new();
    let builder = LspService::build(|client| Server::new(client, outlet, Arc::clone(&state)))
        .custom_method(transport::UNPARSABLE, Server::unparsable)
        .custom_method(transport::NO_MESSAGE, Server::no_message)
        .custom_method(transport::TOO_LONG, Server::too_long)
        .custom_method("window/workDoneProgress/cancel", Server::cancel_progress);
    let (service, socket) = extend(builder).finish();
    let (checked, receiver) = tokio::io::duplex(PIPE_BYTES);
    let (sender, written) = tokio::io::duplex(PIPE_BYTES);
    let server = tower_lsp::Server::new(receiver, sender, socket).concurrency_level(quota::REQUESTS_MAX);
    // All that the server has written is handed on before it counts as ended.
    let serve = async {
        tokio::join!(server.serve(Guarded(service)), transport::merge(written, messages, output));
    };
    let forward = async {
        transport::forward(input, checked, || state.shut_down()).await;
        // The client has closed its side: the server ends when it has read what is left.
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = serve => {}
        () = forward => {}
    }
    state.cancel_all();
    state.was_shut_down()
}
