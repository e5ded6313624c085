//! The debugger: the Debug Adapter Protocol over a pair of streams.
//!
//! A session owns a [`Simulation`](crate::simulator::Simulation) and advances it step by step. Nothing is hooked into
//! the simulator: it returns control after every step, so stopping is not calling it, and going back is taking a copy
//! from before and running on. A breakpoint is a state, which the source map finds in the text; the main thread is
//! the machine, the others are branches and iterations.
//!
//! <https://microsoft.github.io/debug-adapter-protocol/>

mod binding;
mod breakpoints;
mod debuggee;
mod evaluate;
mod fault;
mod launch;
mod protocol;
mod session;
mod timeline;
mod transport;
mod values;
mod view;

use std::io::{BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

use self::protocol::Message;
use self::session::Session;
use self::transport::Incoming;

/// Messages that are read ahead.
const INCOMING_MAX: usize = 64;

/// Serves one session: until the client disconnects or its stream ends.
///
/// Requests are read on a thread of their own, so that a running execution can be paused; it ends with the stream.
///
/// # Errors
///
/// What is written does not get through.
pub fn serve(input: impl Read + Send + 'static, output: &mut dyn Write) -> std::io::Result<()> {
    let (sender, receiver) = sync_channel(INCOMING_MAX);
    std::thread::Builder::new().name("dap-reader".into()).spawn(move || {
        let mut input = BufReader::new(input);
        while let Some(incoming) = transport::read(&mut input) {
            if sender.send(incoming).is_err() {
                return;
            }
        }
    })?;
    let mut session = Session::default();
    let mut seq = 0;
    while !session.is_over() {
        let messages = match next(&receiver, session.is_running()) {
            Next::Gone => return Ok(()),
            Next::Nothing => {
                catch_unwind(AssertUnwindSafe(|| session.run_slice())).unwrap_or_else(|_| session.give_up())
            }
            Next::Incoming(Incoming::Malformed(text)) => vec![refusal(0, "", text)],
            Next::Incoming(Incoming::Request(request)) => {
                // What the session was about to change is as it was, or the client hears that it is not.
                catch_unwind(AssertUnwindSafe(|| session.handle(&request))).unwrap_or_else(|_| {
                    let text = "The request has failed; this is a mistake in asl-lsp".to_owned();
                    vec![refusal(request.seq, &request.command, text)]
                })
            }
        };
        for message in messages {
            seq += 1;
            transport::write(output, &message.to_json(seq))?;
        }
    }
    Ok(())
}

/// What there is to do next.
enum Next {
    /// Something that came.
    Incoming(Incoming),
    /// Nothing came, and the execution runs.
    Nothing,
    /// The client is gone.
    Gone,
}

/// Takes what came; waits for it if nothing runs.
fn next(receiver: &Receiver<Incoming>, is_running: bool) -> Next {
    if is_running {
        return match receiver.try_recv() {
            Ok(incoming) => Next::Incoming(incoming),
            Err(TryRecvError::Empty) => Next::Nothing,
            Err(TryRecvError::Disconnected) => Next::Gone,
        };
    }
    receiver.recv().map_or(Next::Gone, Next::Incoming)
}

fn refusal(request_seq: i64, command: &str, text: String) -> Message {
    Message::Response { request_seq, command: command.to_owned(), result: Err(text) }
}
