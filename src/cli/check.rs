//! `asl-lsp check`: looks for mistakes in definitions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::input::json_argument;
use super::render::finding;
use super::{FAILURE, Io, SUCCESS, TypeArgument, sarif};
use crate::diagnostics::{Config, Diagnostic, Severity};
use crate::ide::Analysis;
use crate::lsp::Project;
use crate::semantic::TableSchema;
use crate::session::open;
use crate::spec::{file_name, quota};
use crate::text::ColumnEncoding;

#[derive(Args)]
pub(super) struct Arguments {
    /// Definitions, and folders in which every *.asl.json, *.asl, *.asl.yaml and *.asl.yml is one
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// text: the source line with carets, without hints; json: all findings with JSON Pointers and ranges; sarif: SARIF 2.1.0
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The type of the state machines; without it that of asl-lsp.toml, else STANDARD
    #[arg(long = "type", value_name = "TYPE", value_enum, ignore_case = true)]
    workflow_type: Option<TypeArgument>,
    /// A JSON array of CreateTable requests to hold keys and items to: JSON, @FILE, or - for standard input
    #[arg(long, value_name = "JSON")]
    tables: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
}

pub(super) fn run(arguments: &Arguments, io: &mut Io<'_>) -> Result<u8> {
    let tables = match &arguments.tables {
        Some(tables) => TableSchema::declared(&json_argument(tables, io).context("--tables")?),
        None => BTreeMap::new(),
    };
    let mut projects = Projects::default();
    let mut files = Vec::new();
    for path in &arguments.paths {
        collect(path, &mut files)?;
    }
    let (mut n_errors, mut n_warnings) = (0, 0);
    let mut reports = Vec::new();
    for path in &files {
        let project = projects.of(path)?;
        let said = arguments.workflow_type.map(Into::into).or(project.workflow_type);
        let config = Config {
            workflow_type: said.unwrap_or_default(),
            declared_tables: tables.clone(),
            levels: project.levels,
        };
        let analysis = open(path, Arc::new(config))?;
        let found = analysis.diagnostics();
        n_errors += found.iter().filter(|found| found.severity == Severity::Error).count();
        n_warnings += found.iter().filter(|found| found.severity == Severity::Warning).count();
        let name = path.display().to_string();
        match arguments.format {
            Format::Text => {
                // Hints are for editors.
                for found in found.iter().filter(|found| found.severity != Severity::Hint) {
                    writeln!(io.output, "{}\n", finding(found, analysis.source(), &name, io.has_color))?;
                }
            }
            Format::Json => {
                let found: Vec<Value> = found.iter().map(|found| diagnostic_json(found, &analysis)).collect();
                reports.push(json!({"path": name, "diagnostics": found}));
            }
            Format::Sarif => {
                reports.extend(found.iter().map(|found| sarif::result(found, &analysis, &name)));
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
        Format::Sarif => writeln!(io.output, "{:#}", sarif::log(reports))?,
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
    let related = found.related.iter().map(|related| {
        let range = json!({"start": place(related.range.start()), "end": place(related.range.end())});
        json!({"message": related.message, "range": range})
    });
    json!({
        "code": found.code,
        "rule": found.rule,
        "severity": found.severity.name(),
        "message": found.message,
        "path": pointer,
        "range": {"start": place(found.range.start()), "end": place(found.range.end())},
        "related": related.collect::<Vec<_>>(),
    })
}

/// The settings of the projects that the files belong to, by folder.
#[derive(Default)]
struct Projects {
    read: BTreeMap<PathBuf, Project>,
}

impl Projects {
    /// What the nearest `asl-lsp.toml` says, up to the folder that the command runs in.
    fn of(&mut self, file: &Path) -> Result<Project> {
        let file = std::path::absolute(file).with_context(|| format!("cannot find {}", file.display()))?;
        let folder = file.parent().unwrap_or(&file).to_owned();
        if let Some(project) = self.read.get(&folder) {
            return Ok(project.clone());
        }
        let top = std::env::current_dir().ok();
        let project = Project::read(&folder, top.as_deref());
        if let Some(problem) = project.problems.first() {
            bail!("{problem}");
        }
        self.read.insert(folder, project.clone());
        Ok(project)
    }
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
