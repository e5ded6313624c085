//! The command line: the same analysis and the same simulation as in the editor.
//!
//! Commands read and write through [`Io`], so that tests run them without a process. Exit codes: 0 all is well, 1 the
//! execution failed, a definition has errors or is not formatted, 2 the command was used wrongly or a file cannot be read.

mod check;
mod completions;
mod dynamodb;
mod explain;
mod files;
mod fmt;
mod graph;
mod input;
mod man;
mod render;
mod sarif;
mod scenario;
mod signals;
mod simulate;
mod test;
mod test_state;

use std::ffi::OsString;
use std::io::{ErrorKind, Read, Write};

use anyhow::Context;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::diagnostics::WorkflowType;
use crate::{dap, lsp};

/// Where a command reads and writes.
pub struct Io<'a> {
    /// Standard input.
    pub input: &'a mut dyn Read,
    /// Standard output.
    pub output: &'a mut dyn Write,
    /// Standard error.
    pub errors: &'a mut dyn Write,
    /// Whether a person types at standard input.
    pub is_terminal: bool,
    /// Whether the output may be coloured.
    pub has_color: bool,
}

/// All is well.
pub const SUCCESS: u8 = 0;
/// The execution failed, or a definition has errors or is not formatted.
pub const FAILURE: u8 = 1;
/// The command was used wrongly, or something cannot be read.
pub const USAGE: u8 = 2;

#[derive(Parser)]
#[command(name = "asl-lsp", version, about, long_about = None, max_term_width = 100)]
struct Command {
    /// Start the language server on standard input and output
    #[arg(long, hide_short_help = true)]
    stdio: bool,
    #[command(subcommand)]
    command: Option<Subcommands>,
}

#[derive(Subcommand)]
enum Subcommands {
    /// Start the language server on standard input and output
    Server(ServerArguments),
    /// Run a state machine against an in-memory DynamoDB and show what every state outputs
    Simulate(Box<simulate::Arguments>),
    /// Draw a state machine, and the path that a run takes through it
    Graph(Box<graph::Arguments>),
    /// Start the debugger, which speaks the Debug Adapter Protocol on standard input and output
    Dap(DapArguments),
    /// Look for mistakes in definitions
    Check(check::Arguments),
    /// Run scenarios and compare what comes out with what they expect
    Test(test::Arguments),
    /// Serve an in-memory DynamoDB to the AWS CLI and SDKs; its tables are gone when it ends
    Dynamodb(dynamodb::Arguments),
    /// Format definitions
    Fmt(fmt::Arguments),
    /// Tell what a finding means and what to do about it
    Explain(explain::Arguments),
    /// Print what a shell completes the command line with
    Completions(completions::Arguments),
    /// Print a manual page
    Man(man::Arguments),
}

#[derive(Args)]
struct ServerArguments {
    /// Accepted and without effect: there is no other way to talk to the server
    #[arg(long)]
    stdio: bool,
    /// How much the server writes to its log, which is standard error
    #[arg(long, value_enum, default_value = "warn")]
    log_level: LogLevel,
}

#[derive(Args)]
struct DapArguments {
    /// Accepted and without effect: there is no other way to talk to the debugger
    #[arg(long)]
    stdio: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl From<LogLevel> for tracing::Level {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => tracing::Level::ERROR,
            LogLevel::Warn => tracing::Level::WARN,
            LogLevel::Info => tracing::Level::INFO,
            LogLevel::Debug => tracing::Level::DEBUG,
            LogLevel::Trace => tracing::Level::TRACE,
        }
    }
}

/// The type of a state machine.
#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "UPPER")]
enum TypeArgument {
    /// Up to a year, with a history
    Standard,
    /// Up to five minutes
    Express,
}

impl From<TypeArgument> for WorkflowType {
    fn from(argument: TypeArgument) -> Self {
        match argument {
            TypeArgument::Standard => WorkflowType::Standard,
            TypeArgument::Express => WorkflowType::Express,
        }
    }
}

/// Runs a command and returns its exit code.
pub fn run(arguments: Vec<OsString>, io: &mut Io<'_>) -> u8 {
    let command = match Command::try_parse_from(arguments) {
        Ok(command) => command,
        Err(error) => {
            let text =
                if io.has_color { error.render().ansi().to_string() } else { error.render().to_string() };
            let is_help = !error.use_stderr();
            let stream: &mut dyn Write = if is_help { io.output } else { io.errors };
            // Nobody reads the help any more: that is no failure.
            let _ = stream.write_all(text.as_bytes());
            return if is_help { SUCCESS } else { USAGE };
        }
    };
    let result = match command.command {
        Some(Subcommands::Simulate(arguments)) => simulate::run(&arguments, io),
        Some(Subcommands::Check(arguments)) => check::run(&arguments, io),
        Some(Subcommands::Test(arguments)) => test::run(&arguments, io),
        Some(Subcommands::Dynamodb(arguments)) => dynamodb::run(&arguments, io),
        Some(Subcommands::Fmt(arguments)) => fmt::run(&arguments, io),
        Some(Subcommands::Explain(arguments)) => explain::run(&arguments, io),
        Some(Subcommands::Completions(arguments)) => completions::run(&arguments, io),
        Some(Subcommands::Man(arguments)) => man::run(&arguments, io),
        None if io.is_terminal && !command.stdio => {
            let help = Command::command().render_long_help();
            let text = if io.has_color { help.ansi().to_string() } else { help.to_string() };
            io.output.write_all(text.as_bytes()).map(|()| SUCCESS).map_err(Into::into)
        }
        Some(Subcommands::Graph(arguments)) => graph::run(&arguments, io),
        Some(Subcommands::Dap(_)) => {
            let served = dap::serve(std::io::stdin(), io.output);
            served.context("the debugger's client is gone").map(|()| SUCCESS)
        }
        Some(Subcommands::Server(arguments)) => serve(arguments.log_level),
        None => serve(LogLevel::Warn),
    };
    result.unwrap_or_else(|error| {
        // Nobody reads on, as in `asl-lsp … | head`: that is no failure.
        if error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe) {
            return SUCCESS;
        }
        let _ = writeln!(io.errors, "error: {error:#}");
        USAGE
    })
}

fn serve(log_level: LogLevel) -> anyhow::Result<u8> {
    let was_shut_down = lsp::run(log_level.into()).context("cannot start the language server")?;
    Ok(if was_shut_down { SUCCESS } else { FAILURE })
}
