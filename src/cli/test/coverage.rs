//! What of the definitions the scenarios reached.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use serde_json::{Value, json};

use super::SuiteResult;
use crate::cli::Io;
use crate::model::StateId;
use crate::scenarios::Reached;
use crate::text::ColumnEncoding;

/// Writes the coverage as `lcov` does: a state is a line, each rule, retrier and catcher is a branch.
pub(super) fn write_lcov(results: &[SuiteResult], io: &mut Io<'_>) -> Result<()> {
    let mut by_file: BTreeMap<&PathBuf, Vec<&SuiteResult>> = BTreeMap::new();
    for suite in results {
        by_file.entry(&suite.suite.definition).or_default().push(suite);
    }
    for (path, suites) in by_file {
        let Some(first) = suites.first() else { continue };
        let mut counts: BTreeMap<Reached, u64> = BTreeMap::new();
        for (part, count) in suites.iter().flat_map(|suite| suite.coverage.counts()) {
            *counts.entry(part).or_default() += count;
        }
        writeln!(io.output, "SF:{}", path.display())?;
        let (mut n_lines, mut n_hit, mut n_branches, mut n_taken) = (0, 0, 0, 0);
        let mut lines: BTreeMap<u32, u64> = BTreeMap::new();
        let mut branch_idx: BTreeMap<StateId, usize> = BTreeMap::new();
        for (&part, &count) in &counts {
            let line = line_of(first, part.state());
            let visits = counts.get(&Reached::State(part.state())).copied().unwrap_or(0);
            if matches!(part, Reached::State(_)) {
                *lines.entry(line).or_default() += count;
                continue;
            }
            let idx = branch_idx.entry(part.state()).or_default();
            let taken = if visits == 0 { "-".to_owned() } else { count.to_string() };
            writeln!(io.output, "BRDA:{line},0,{idx},{taken}")?;
            *idx += 1;
            n_branches += 1;
            n_taken += usize::from(count > 0);
        }
        writeln!(io.output, "BRF:{n_branches}\nBRH:{n_taken}")?;
        for (line, count) in lines {
            writeln!(io.output, "DA:{line},{count}")?;
            n_lines += 1;
            n_hit += usize::from(count > 0);
        }
        writeln!(io.output, "LF:{n_lines}\nLH:{n_hit}\nend_of_record")?;
    }
    Ok(())
}

/// The line of a state's name, from 1.
fn line_of(suite: &SuiteResult, state: StateId) -> u32 {
    let analysis = &suite.suite.analysis;
    let key = analysis.lowered().source_map.state_key(analysis.parse(), state);
    let offset = key.map_or(0, |key| key.range().start());
    analysis.source().line_column(offset, ColumnEncoding::Utf8).line + 1
}

/// All parts of the definitions with how often they were reached.
pub(super) fn json(results: &[SuiteResult]) -> Value {
    let suite = |suite: &SuiteResult| {
        let machine = suite.suite.analysis.machine();
        let part = |(part, count): (Reached, u64)| {
            let (kind, idx) = match part {
                Reached::State(_) => ("state", None),
                Reached::Rule(_, idx) => ("rule", Some(idx)),
                Reached::Default(_) => ("default", None),
                Reached::Retrier(_, idx) => ("retrier", Some(idx)),
                Reached::Catcher(_, idx) => ("catcher", Some(idx)),
            };
            let mut value = json!({
                "kind": kind, "state": machine.path_of(part.state()), "line": line_of(suite, part.state()), "count": count,
            });
            if let (Some(idx), Value::Object(members)) = (idx, &mut value) {
                members.insert("index".to_owned(), json!(idx));
            }
            value
        };
        json!({
            "definition": suite.suite.definition.display().to_string(),
            "parts": suite.coverage.counts().map(part).collect::<Vec<_>>(),
        })
    };
    json!({"files": results.iter().map(suite).collect::<Vec<_>>()})
}
