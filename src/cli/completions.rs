//! `asl-lsp completions`: what a shell completes the command line with.

use anyhow::Result;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Command, Io, SUCCESS};

#[derive(Args)]
pub(super) struct Arguments {
    /// The shell that is to complete `asl-lsp`
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, io: &mut Io<'_>) -> Result<u8> {
    let mut command = Command::command();
    let name = command.get_name().to_owned();
    // The generator takes it for impossible that a write fails, which a closed pipe's does.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name.as_str(), &mut script);
    let script = String::from_utf8(script)?;
    // For bash the generator spells a name with a hyphen in two ways, so that no option of a command is found:
    // <https://github.com/clap-rs/clap/issues/6421>.
    let script = script.replace(&name.replace('-', "__subcmd__"), &name.replace('-', "__"));
    io.output.write_all(script.as_bytes())?;
    Ok(SUCCESS)
}
