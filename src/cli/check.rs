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
    let mut listed = Vec::new();
    let has_color = io.has_color;
    report_all(
        &jobs,
        |path, analysis| report(path, analysis, arguments.format, has_color),
        |report| {
            n_errors += report.n_errors;
            n_warnings += report.n_warnings;
            listed.extend(report.listed);
            io.output.write_all(report.text.as_bytes()).map_err(Into::into)
        },
    )?;
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
        Format::Json => writeln!(io.output, "{}", with_elements(&json!({"files": []}), "files", &listed))?,
        Format::Sarif => writeln!(io.output, "{}", with_elements(&sarif::log(), "results", &listed))?,
    }
    Ok(if n_errors > 0 { FAILURE } else { SUCCESS })
}

/// What is said of one file.
#[derive(Default)]
struct Report {
    n_errors: usize,
    n_warnings: usize,
    /// In the format of text, and empty in the others.
    text: String,
    /// In the other formats: what comes into the list of files or of results. As text, which takes a tenth of the memory
    /// of values.
    listed: Vec<String>,
}

fn report(path: &Path, analysis: &Analysis, format: Format, has_color: bool) -> Report {
    let found = analysis.diagnostics();
    let count = |severity| found.iter().filter(|found| found.severity == severity).count();
    let mut report = Report {
        n_errors: count(Severity::Error),
        n_warnings: count(Severity::Warning),
        ..Report::default()
    };
    let name = path.display().to_string();
    match format {
        Format::Text => {
            // Hints are for editors.
            for found in found.iter().filter(|found| found.severity != Severity::Hint) {
                report.text.push_str(&finding(found, analysis.source(), &name, has_color));
                report.text.push_str("\n\n");
            }
        }
        Format::Json => {
            let found: Vec<String> =
                found.iter().map(|found| format!("{:#}", diagnostic_json(found, analysis))).collect();
            let file = json!({"path": name, "diagnostics": []});
            report.listed.push(with_elements(&file, "diagnostics", &found));
        }
        Format::Sarif => {
            let result = |found| format!("{:#}", sarif::result(found, analysis, &name));
            report.listed.extend(found.iter().map(result));
        }
    }
    report
}

/// Reads and analyses files on as many threads as the machine runs at once, and hands the reports on in the files' order.
fn report_all(
    jobs: &[(PathBuf, Arc<Config>)],
    report: impl Fn(&Path, &Analysis) -> Report + Sync,
    mut hand_on: impl FnMut(Report) -> Result<()>,
) -> Result<()> {
    let n_threads = thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    let next = AtomicUsize::new(0);
    // A bound for what waits to be handed on. Nobody receives any more once that failed, which ends the threads.
    let (sender, reports) = mpsc::sync_channel(2 * n_threads);
    thread::scope(|scope| {
        for _ in 0..n_threads {
            let (sender, next, report) = (sender.clone(), &next, &report);
            scope.spawn(move || {
                loop {
                    let idx = next.fetch_add(1, Ordering::Relaxed);
                    let Some((path, config)) = jobs.get(idx) else { return };
                    let report = open(path, config.clone()).map(|analysis| report(path, &analysis));
                    if sender.send((idx, report)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        // Reports of files after one that takes longer: they are small, beside the analyses.
        let mut early = BTreeMap::new();
        let mut due = 0;
        for (idx, report) in reports {
            early.insert(idx, report);
            while let Some(report) = early.remove(&due) {
                hand_on(report?)?;
                due += 1;
            }
        }
        Ok(())
    })
}

/// A document, printed in lines, whose only member of this name is an empty list: with these elements in the list, which are
/// printed in lines already.
fn with_elements(document: &Value, name: &str, elements: &[String]) -> String {
    let text = format!("{document:#}");
    let list = format!("\"{name}\": [");
    let Some((before, after)) = text.split_once(&list).filter(|_| !elements.is_empty()) else { return text };
    let margin = before.len() - before.trim_end_matches(' ').len();
    let (outer, inner) = (format!("\n{}", " ".repeat(margin)), format!("\n{}", " ".repeat(margin + 2)));
    let mut filled = before.to_owned() + &list;
    for (idx, element) in elements.iter().enumerate() {
        filled += if idx > 0 { "," } else { "" };
        for line in element.lines() {
            filled += &inner;
            filled += line;
        }
    }
    filled + &outer + after
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_printed_as_values_are() {
        let elements = [json!({"a": [1, {"b": "c\nd"}], "e": []}), json!("\"list\": []"), json!({})];
        let printed: Vec<String> = elements.iter().map(|element| format!("{element:#}")).collect();
        let of = |elements: &[Value]| json!({"x": {"before": "\"list\": [", "list": elements}, "after": 1});
        assert_eq!(with_elements(&of(&[]), "list", &printed), format!("{:#}", of(&elements)));
        assert_eq!(with_elements(&of(&[]), "list", &[]), format!("{:#}", of(&[])));
    }
}
