//! `asl-lsp` in the process of a test, without a terminal.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up is to stop")]
#![allow(dead_code, reason = "some tests look at a part of what a command does")]

use asl_lsp::cli::{self, Io};

/// What a command did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) code: u8,
    pub(crate) output: String,
    pub(crate) errors: String,
}

/// Runs `asl-lsp` with these arguments in the project's folder.
pub(crate) fn run(arguments: &[&str]) -> Done {
    run_with_input(arguments, "")
}

pub(crate) fn run_with_input(arguments: &[&str], input: &str) -> Done {
    let arguments = ["asl-lsp"].iter().chain(arguments).map(Into::into).collect();
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut io = Io {
        input: &mut input.as_bytes(),
        output: &mut output,
        errors: &mut errors,
        is_terminal: false,
        has_color: false,
    };
    let code = cli::run(arguments, &mut io);
    Done { code, output: String::from_utf8(output).unwrap(), errors: String::from_utf8(errors).unwrap() }
}
