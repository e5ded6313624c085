//! `asl-lsp man`: manual pages.

use anyhow::{Context, Result};
use clap::{Args, CommandFactory};
use clap_mangen::Man;

use super::{Command, Io, SUCCESS};

#[derive(Args)]
pub(super) struct Arguments {
    /// The command that the page is about; without one asl-lsp itself
    command: Option<String>,
}

/// What the foot of each page names.
const SOURCE: &str = concat!("asl-lsp ", env!("CARGO_PKG_VERSION"));

pub(super) fn run(arguments: &Arguments, io: &mut Io<'_>) -> Result<u8> {
    let mut command = Command::command().disable_help_subcommand(true);
    // Gives the commands their full names.
    command.build();
    let page = match &arguments.command {
        Some(name) => {
            command.find_subcommand(name).with_context(|| format!("there is no command {name}"))?.clone()
        }
        None => command,
    };
    Man::new(page).source(SOURCE).render(&mut io.output)?;
    Ok(SUCCESS)
}
