//! Results for programs: editors and scripts.

use std::path::Path;

use serde_json::{Value, json};

use super::{CaseResult, SuiteResult, Verdict};
use crate::model::{ScopeId, StateId};
use crate::scenarios::Mismatch;
use crate::session::Suite;
use crate::simulator::Outcome;
use crate::text::{ColumnEncoding, SourceText, TextSize};

/// All results.
pub(super) fn of(results: &[SuiteResult]) -> Value {
    let suite = |it: &SuiteResult| {
        json!({
            "path": it.suite.path.display().to_string(),
            "definition": it.suite.definition.display().to_string(),
            "scenarios": it.results.iter().map(|result| case(result, &it.suite)).collect::<Vec<_>>(),
        })
    };
    json!({"files": results.iter().map(suite).collect::<Vec<_>>()})
}

fn case(it: &CaseResult, suite: &Suite) -> Value {
    let (verdict, mismatches, reason) = match &it.verdict {
        Verdict::Passed => ("passed", Vec::new(), None),
        Verdict::Failed(mismatches) => {
            ("failed", mismatches.iter().map(|mismatch| difference(mismatch, it, suite)).collect(), None)
        }
        Verdict::Broken(reason) => ("error", Vec::new(), Some(reason)),
    };
    let blocked = it.trace.as_ref().and_then(|trace| match &trace.outcome {
        Outcome::Blocked(blocked) => blocked.state,
        _ => None,
    });
    json!({
        "name": it.name,
        "line": place(suite.parse.source(), it.range.start()).0,
        "result": verdict,
        "status": it.trace.as_ref().map(|trace| trace.outcome.status()),
        "differences": mismatches,
        "reason": reason,
        "place": blocked.and_then(|state| place_of_state(suite, state)),
    })
}

/// What differs, the state that it comes from, and where it is expected.
fn difference(it: &Mismatch, result: &CaseResult, suite: &Suite) -> Value {
    let state = it.state.or_else(|| source_of(it, result, suite));
    json!({
        "path": it.pointer,
        "expected": it.expected,
        "actual": it.actual,
        "place": state.and_then(|state| place_of_state(suite, state)),
        "expectedAt": place_of_expectation(suite, result, &it.pointer),
    })
}

/// The state that an execution's output comes from, or a step of its path.
fn source_of(it: &Mismatch, result: &CaseResult, suite: &Suite) -> Option<StateId> {
    let machine = suite.analysis.machine();
    let visits = &result.trace.as_ref()?.visits;
    let is_outer = |id: StateId| machine.state(id).is_some_and(|state| state.scope == ScopeId::ROOT);
    let path = visits.iter().map(|visit| visit.state).filter(|id| is_outer(*id));
    let mut parts = it.pointer.split('/').skip(1);
    match (parts.next()?, parts.next().and_then(|idx| idx.parse::<usize>().ok())) {
        ("output", _) => path.last(),
        ("path", Some(idx)) => path.take(idx + 1).last(),
        _ => None,
    }
}

/// Where the name of a state stands.
fn place_of_state(suite: &Suite, state: StateId) -> Option<Value> {
    let analysis = &suite.analysis;
    let key = analysis.lowered().source_map.state_key(analysis.parse(), state)?;
    Some(place_json(&suite.definition, analysis.source(), key.range().start()))
}

/// Where something is expected, or what is nearest to it.
fn place_of_expectation(suite: &Suite, result: &CaseResult, pointer: &str) -> Option<Value> {
    let scenario = result.idx.and_then(|idx| suite.file.scenarios.get(idx))?;
    let name = scenario.name.replace('~', "~0").replace('/', "~1");
    let mut pointer = format!("/scenarios/{name}/expect{pointer}");
    let node = loop {
        match suite.parse.resolve(&pointer) {
            Some(node) => break node,
            None => pointer.truncate(pointer.rfind('/')?),
        }
    };
    Some(place_json(&suite.path, suite.parse.source(), node.range().start()))
}

fn place_json(path: &Path, source: &SourceText, offset: TextSize) -> Value {
    let (line, column) = place(source, offset);
    json!({"path": path.display().to_string(), "line": line, "column": column})
}

/// Line and column from 1; columns count in UTF-16, as editors do.
pub(super) fn place(source: &SourceText, offset: TextSize) -> (u32, u32) {
    let at = source.line_column(offset, ColumnEncoding::Utf16);
    (at.line + 1, at.column + 1)
}
