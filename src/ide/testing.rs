//! What the tests of features share.

use std::sync::Arc;

use serde_json::Value;

use super::{Analysis, Run};
use crate::diagnostics::Config;
use crate::simulator::{Budget, Scenario, Simulation};
use crate::syntax::Format;
use crate::text::{ColumnEncoding, SourceText, TextRange, TextSize};

/// Where the cursor is in a fixture.
pub(super) const CURSOR: &str = "<|>";

pub(super) fn analyse(text: &str) -> Analysis {
    analyse_as(Format::Json, text)
}

pub(super) fn analyse_as(format: Format, text: &str) -> Analysis {
    Analysis::new(SourceText::new(text), format, Arc::new(Config::default()))
}

/// As [`fixture`], in YAML.
#[track_caller]
pub(super) fn yaml_fixture(text: &str) -> (Analysis, TextSize) {
    let at = text.find(CURSOR).expect("a cursor");
    (analyse_as(Format::Yaml, &text.replacen(CURSOR, "", 1)), TextSize::try_from(at).unwrap())
}

/// A document and the place of the cursor in it.
#[track_caller]
pub(super) fn fixture(text: &str) -> (Analysis, TextSize) {
    let at = text.find(CURSOR).expect("a cursor");
    let analysis = analyse(&text.replacen(CURSOR, "", 1));
    (analysis, TextSize::try_from(at).unwrap())
}

/// Runs a document to its end.
pub(super) fn run(analysis: &Analysis, input: Value) -> Run {
    let database = analysis.database(None).unwrap();
    run_scenario(analysis, Scenario { input: Arc::new(input), database, ..Scenario::default() })
}

/// As [`run`], with tables.
pub(super) fn run_with_tables(analysis: &Analysis, tables: &Value) -> Run {
    let database = analysis.database(Some(tables)).unwrap();
    run_scenario(analysis, Scenario { database, ..Scenario::default() })
}

fn run_scenario(analysis: &Analysis, scenario: Scenario) -> Run {
    let mut simulation = Simulation::new(analysis.machine().clone(), Arc::new(scenario));
    simulation.run(Budget::steps(200_000));
    Run::new(analysis.machine().clone(), simulation.into_trace())
}

/// The lines that ranges are in, with carets under each range and a note.
pub(super) fn marked(analysis: &Analysis, found: impl IntoIterator<Item = (TextRange, String)>) -> String {
    let source = analysis.source();
    let mut shown = String::new();
    for (range, note) in found {
        let start = source.line_column(range.start(), ColumnEncoding::Utf32);
        let line = source.slice(source.line_range(start.line));
        let carets = "^".repeat(source.slice(range).chars().count().max(1));
        let blanks = " ".repeat(start.column as usize);
        shown += &format!("{line}\n{blanks}{carets} {note}\n");
    }
    shown
}

/// A document with two cursors, which are the ends of a range.
#[track_caller]
pub(super) fn range_fixture(text: &str) -> (Analysis, TextRange) {
    let start = text.find(CURSOR).expect("a cursor");
    let text = text.replacen(CURSOR, "", 1);
    let end = text.find(CURSOR).expect("a second cursor");
    (analyse(&text.replacen(CURSOR, "", 1)), TextRange::from_usize(start..end))
}
