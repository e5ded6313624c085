//! `asl-lsp graph`: the graph of a state machine, with the path of a run on it.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use super::scenario::{RunArguments, mock_states, scenario};
use super::simulate::{simulate, unreadable};
use super::{Io, SUCCESS, USAGE};
use crate::ide::Run;
use crate::session::{open, stem};

#[derive(Args)]
pub(super) struct Arguments {
    /// The definition, such as order.asl.json
    file: PathBuf,
    /// svg: a picture; html: a page to move and zoom it; mermaid and dot: text for these tools
    #[arg(long, value_enum, default_value = "svg")]
    format: Format,
    /// Run the machine and show its path; any of the arguments below does so too
    #[arg(long)]
    run: bool,
    #[command(flatten)]
    with: RunArguments,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Svg,
    Html,
    Mermaid,
    Dot,
}

pub(super) fn run(arguments: &Arguments, io: &mut Io<'_>) -> Result<u8> {
    let analysis = open(&arguments.file, Arc::default())?;
    if unreadable(&analysis, &arguments.file, io)? {
        return Ok(USAGE);
    }
    if analysis.machine().states.is_empty() {
        bail!("{} has no states", arguments.file.display());
    }
    let run = if arguments.run || arguments.with.are_given() {
        let mut scenario = scenario(&arguments.with, &arguments.file, &analysis, io)?;
        mock_states(&mut scenario, &arguments.with.mock, analysis.machine(), io)?;
        let trace = simulate(analysis.machine(), &Arc::new(scenario), None)?;
        Some(Run::new(analysis.machine().clone(), trace))
    } else {
        None
    };
    let graph = analysis.graph(run.as_ref());
    let text = match arguments.format {
        Format::Svg => graph.to_svg()?,
        Format::Html => graph.to_html(&stem(&arguments.file))?,
        Format::Mermaid => graph.to_mermaid(),
        Format::Dot => graph.to_dot(),
    };
    io.output.write_all(text.as_bytes())?;
    Ok(SUCCESS)
}
