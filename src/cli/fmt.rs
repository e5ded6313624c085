//! `asl-lsp fmt`: formats definitions.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::files::{Wanted, collect};
use super::{FAILURE, Io, SUCCESS};
use crate::session::read_text;
use crate::spec::quota;
use crate::syntax;
use crate::text::{SourceText, apply_edits};

#[derive(Args)]
pub(super) struct Arguments {
    /// Definitions, and folders in which every *.asl.json and *.asl is one; without any, or for -, the definition at
    /// standard input, which goes to standard output
    paths: Vec<PathBuf>,
    /// Write nothing: tell which files are not formatted, and exit with 1 if any is not
    #[arg(long)]
    check: bool,
    /// What a level of nesting adds: so many blanks, or "tab"
    #[arg(long, value_name = "WIDTH", default_value = "2", value_parser = indent)]
    indent: String,
}

/// Blanks of the widest indentation that makes sense.
const INDENT_MAX: usize = 16;

fn indent(argument: &str) -> Result<String, String> {
    if argument == "tab" {
        return Ok("\t".to_owned());
    }
    let width = argument.parse().ok().filter(|width| (1..=INDENT_MAX).contains(width));
    width.map(|width| " ".repeat(width)).ok_or_else(|| format!("1 to {INDENT_MAX}, or tab"))
}

pub(super) fn run(arguments: &Arguments, io: &mut Io<'_>) -> Result<u8> {
    if matches!(arguments.paths.as_slice(), []) || arguments.paths.iter().any(|path| path.as_os_str() == "-")
    {
        return standard_input(arguments, io);
    }
    let mut files = Vec::new();
    for path in &arguments.paths {
        collect(path, Wanted::Definitions, &mut files)?;
    }
    let mut n_changed = 0;
    for path in &files {
        let text = read_text(path)?;
        let formatted = format(&text, &arguments.indent);
        if formatted == text {
            continue;
        }
        n_changed += 1;
        if arguments.check {
            writeln!(io.output, "{} is not formatted", path.display())?;
        } else {
            fs::write(path, formatted).with_context(|| format!("cannot write {}", path.display()))?;
            writeln!(io.output, "{} formatted", path.display())?;
        }
    }
    Ok(if arguments.check && n_changed > 0 { FAILURE } else { SUCCESS })
}

fn standard_input(arguments: &Arguments, io: &mut Io<'_>) -> Result<u8> {
    if arguments.paths.len() > 1 {
        bail!("- stands alone");
    }
    let mut text = String::new();
    io.input.read_to_string(&mut text).context("cannot read standard input")?;
    let formatted = format(&text, &arguments.indent);
    if arguments.check {
        return Ok(if formatted == text { SUCCESS } else { FAILURE });
    }
    io.output.write_all(formatted.as_bytes())?;
    Ok(SUCCESS)
}

/// The text formatted, with a line end at its end.
fn format(text: &str, indent: &str) -> String {
    let parse = syntax::parse_json(SourceText::new(text), quota::DOCUMENT_NESTING_MAX);
    let mut formatted = apply_edits(text, &syntax::format(&parse, indent));
    if !formatted.is_empty() && !formatted.ends_with('\n') {
        formatted.push_str(if text.contains("\r\n") { "\r\n" } else { "\n" });
    }
    formatted
}
