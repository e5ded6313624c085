//! `asl-lsp check`: looks for mistakes in definitions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::input::open;
use super::render::finding;
use super::{FAILURE, Io, SUCCESS, TypeArgument};
use crate::diagnostics::{Config, Diagnostic, Severity};
use crate::ide::Analysis;
use crate::spec::{file_name, quota};
use crate::text::ColumnEncoding;

#[derive(Args)]
pub(super) struct Arguments {
    /// Definitions, and folders in which every *.asl.json, *.asl, *.asl.yaml and *.asl.yml is one
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// text: the source line with carets; json: all findings with JSON Pointers and ranges
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The type of the state machines
    #[arg(long = "type", value_name = "TYPE", value_enum, ignore_case = true, default_value = "STANDARD")]
    workflow_type: TypeArgument,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) fn run(arguments: &Arguments, io: &mut Io<'_>) -> Result<u8> {
    let config = Arc::new(Config { workflow_type: arguments.workflow_type.into(), ..Config::default() });
    let mut files = Vec::new();
    for path in &arguments.paths {
        collect(path, &mut files)?;
    }
    let (mut n_errors, mut n_warnings) = (0, 0);
    let mut reports = Vec::new();
    for path in &files {
        let analysis = open(path, config.clone())?;
        let found = analysis.diagnostics();
        n_errors += found.iter().filter(|found| found.severity == Severity::Error).count();
        n_warnings += found.iter().filter(|found| found.severity == Severity::Warning).count();
        let name = path.display().to_string();
        match arguments.format {
            Format::Text => {
                for found in found {
                    writeln!(io.output, "{}\n", finding(found, analysis.source(), &name, io.has_color))?;
                }
            }
            Format::Json => {
                let found: Vec<Value> = found.iter().map(|found| diagnostic_json(found, &analysis)).collect();
                reports.push(json!({"path": name, "diagnostics": found}));
            }
        }
    }
    match arguments.format {
        Format::Text => {
            let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
            writeln!(
                io.output,
                "{} checked: {}, {}",
                count(files.len(), "file", "files"),
                count(n_errors, "error", "errors"),
                count(n_warnings, "warning", "warnings")
            )?;
        }
        Format::Json => writeln!(io.output, "{:#}", json!({"files": reports}))?,
    }
    Ok(if n_errors > 0 { FAILURE } else { SUCCESS })
}

/// A finding: its range in lines and UTF-16 columns from 0, as the language server protocol has them.
fn diagnostic_json(found: &Diagnostic, analysis: &Analysis) -> Value {
    let place = |offset| {
        let at = analysis.source().line_column(offset, ColumnEncoding::Utf16);
        json!({"line": at.line, "character": at.column})
    };
    let pointer = found.node.map(|node| analysis.parse().node(node).pointer()).unwrap_or_default();
    json!({
        "code": found.code,
        "severity": found.severity.name(),
        "message": found.message,
        "path": pointer,
        "range": {"start": place(found.range.start()), "end": place(found.range.end())},
    })
}

/// The definitions a path names: the file itself, or all in a folder, by name. Links to folders are not followed.
pub(super) fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let metadata = std::fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
    if !metadata.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut folders = vec![path.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind =
                entry.file_type().with_context(|| format!("cannot read {}", entry.path().display()))?;
            if kind.is_dir() && !name.starts_with('.') && name != "node_modules" {
                folders.push(entry.path());
            } else if !kind.is_dir() && (file_name::is_definition(&name)) {
                found.push(entry.path());
            }
            if found.len() > quota::CHECK_FILES_MAX {
                bail!("{} holds more than {} definitions", path.display(), quota::CHECK_FILES_MAX);
            }
        }
    }
    if found.is_empty() {
        bail!("{} holds no *.asl.json, *.asl, *.asl.yaml or *.asl.yml", path.display());
    }
    found.sort();
    files.append(&mut found);
    Ok(())
}
