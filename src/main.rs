//! The `asl-lsp` binary.

use std::io::{IsTerminal, stderr, stdin, stdout};
use std::process::ExitCode;

use asl_lsp::cli;

/// musl's own has one lock for all threads.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = std::env::args_os().collect();
    let is_terminal = stdin().is_terminal();
    let mut io = cli::Io {
        input: &mut stdin(),
        // Not locked: the language server writes from another thread.
        output: &mut stdout(),
        errors: &mut stderr(),
        is_terminal,
        has_color: stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
    };
    let status = cli::run(arguments, &mut io);
    ExitCode::from(status)
}
