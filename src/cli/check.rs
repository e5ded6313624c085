//! `asl-lsp check`: looks for mistakes in definitions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::files::{Wanted, collect};
use super::input::json_argument;
use super::render::finding;
use super::{FAILURE, Io, SUCCESS, TypeArgument, sarif};
use crate::diagnostics::{Config, Diagnostic, Severity, WorkflowType};
use crate::ide::Analysis;
use crate::lsp::Project;
use crate::semantic::TableSchema;
use crate::session::open;
use crate::text::ColumnEncoding;

#[derive(Args)]
pub(super) struct Arguments {
    /// Definitions, and folders in which every *.asl.json, *.asl, *.asl.yaml and *.asl.yml is one
    #[arg(default_value = ".")]
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
    let mut files = Vec::new();
    for path in &arguments.paths {
        collect(path, Wanted::Definitions, &mut files)?;
    }
    let mut projects =
        Projects { said: arguments.workflow_type.map(Into::into), tables, read: BTreeMap::new() };
    let jobs: Vec<(PathBuf, Arc<Config>)> = files
        .into_iter()
        .map(|path| projects.of(&path).map(|config| (path, config)))
        .collect::<Result<_>>()?;
    let (mut n_errors, mut n_warnings) = (0, 0);
    let mut reports = Vec::new();
    analyse_all(&jobs, |path, analysis| {
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
                let found: Vec<Value> = found.iter().map(|found| diagnostic_json(found, analysis)).collect();
                reports.push(json!({"path": name, "diagnostics": found}));
            }
            Format::Sarif => {
                reports.extend(found.iter().map(|found| sarif::result(found, analysis, &name)));
            }
        }
        Ok(())
    })?;
    match arguments.format {
        Format::Text => {
            let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
            writeln!(
                io.output,
                "{} checked: {}, {}",
                count(jobs.len(), "file", "files"),
                count(n_errors, "error", "errors"),
                count(n_warnings, "warning", "warnings")
            )?;
        }
        Format::Json => writeln!(io.output, "{:#}", json!({"files": reports}))?,
        Format::Sarif => writeln!(io.output, "{:#}", sarif::log(reports))?,
    }
    Ok(if n_errors > 0 { FAILURE } else { SUCCESS })
}

/// Reads and analyses files on as many threads as the machine runs at once, and hands them on in their order.
fn analyse_all(
    jobs: &[(PathBuf, Arc<Config>)],
    mut report: impl FnMut(&Path, &Analysis) -> Result<()>,
) -> Result<()> {
    let n_threads = thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    let next = AtomicUsize::new(0);
    // A bound for what waits to be reported. Nobody receives any more once a report failed, which ends the threads.
    let (sender, analyses) = mpsc::sync_channel(2 * n_threads);
    thread::scope(|scope| {
        for _ in 0..n_threads {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let idx = next.fetch_add(1, Ordering::Relaxed);
                    let Some((path, config)) = jobs.get(idx) else { return };
                    let analysis = open(path, config.clone()).inspect(|analysis| {
                        analysis.diagnostics();
                    });
                    if sender.send((idx, analysis)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut due = jobs.iter().enumerate().peekable();
        for (idx, analysis) in analyses {
            early.insert(idx, analysis);
            while let Some(analysis) = due.peek().and_then(|(idx, _)| early.remove(idx)) {
                if let Some((_, (path, _))) = due.next() {
                    report(path, &analysis?)?;
                }
            }
        }
        Ok(())
    })
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

/// What the files are checked with: the settings of the projects that they belong to, and what the command line says.
struct Projects {
    said: Option<WorkflowType>,
    tables: BTreeMap<String, TableSchema>,
    /// By folder.
    read: BTreeMap<PathBuf, Arc<Config>>,
}

impl Projects {
    /// What the nearest `asl-lsp.toml` says, up to the folder that the command runs in.
    fn of(&mut self, file: &Path) -> Result<Arc<Config>> {
        let file = std::path::absolute(file).with_context(|| format!("cannot find {}", file.display()))?;
        let folder = file.parent().unwrap_or(&file).to_owned();
        if let Some(config) = self.read.get(&folder) {
            return Ok(config.clone());
        }
        let top = std::env::current_dir().ok();
        let project = Project::read(&folder, top.as_deref());
        if let Some(problem) = project.problems.first() {
            bail!("{problem}");
        }
        let config = Arc::new(Config {
            workflow_type: self.said.or(project.workflow_type).unwrap_or_default(),
            declared_tables: self.tables.clone(),
            levels: project.levels,
        });
        self.read.insert(folder, config.clone());
        Ok(config)
    }
}
