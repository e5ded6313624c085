//! The line above `StartAt` that runs the machine and says how the last run ended.

use std::collections::BTreeSet;

use super::{Analysis, Run};
use crate::model::StateId;
use crate::simulator::Outcome;
use crate::spec::{Field, StateKind};
use crate::text::TextRange;

/// A line above the text that runs the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLens {
    /// What it stands above.
    pub range: TextRange,
    /// What it says.
    pub title: String,
}

pub(super) fn code_lens(analysis: &Analysis, run: Option<&Run>) -> Vec<CodeLens> {
    let Some(root) = analysis.parse().root().filter(|root| root.is_object()) else { return Vec::new() };
    let start_at = root.get(Field::StartAt.name()).map(|member| member.key_node().range());
    let range = start_at.unwrap_or(root.opening());
    let current = run.filter(|run| run.fingerprint == analysis.fingerprint());
    let title = match current.map(|run| &run.trace.outcome) {
        None => "▶ Simulate".to_owned(),
        Some(Outcome::Failed { error }) => {
            let name = error.name.as_deref().map(|name| format!(": {name}")).unwrap_or_default();
            format!("▶ Simulate · FAILED{name}")
        }
        Some(Outcome::Running) => "▶ Simulate · stopped: it takes too long".to_owned(),
        Some(outcome) => format!("▶ Simulate · {}", outcome.status()),
    };
    let title = match current.and_then(|run| run.step) {
        Some(step) => format!("▶ Simulate · step {} of {}", step.number, step.n_steps),
        None => title,
    };
    let address = current.and_then(|run| run.tables_at.as_ref());
    let title = address.map_or(title.clone(), |address| format!("{title} · tables at {address}"));
    vec![CodeLens { range, title }]
}

/// The tasks that a run of this very machine came to, with where their names stand, in the order of the text.
pub(super) fn visited_tasks(analysis: &Analysis, run: &Run) -> Vec<(String, TextRange)> {
    if run.fingerprint != analysis.fingerprint() {
        return Vec::new();
    }
    let lowered = analysis.lowered();
    let visited: BTreeSet<StateId> = run.trace.visits.iter().map(|visit| visit.state).collect();
    let task = |id: StateId| {
        let state = lowered.machine.state(id).filter(|state| state.kind() == Some(StateKind::Task))?;
        let key = lowered.source_map.state_key(analysis.parse(), id)?;
        Some((state.name.to_string(), key.range()))
    };
    let mut tasks: Vec<_> = visited.into_iter().filter_map(task).collect();
    tasks.sort_by_key(|(_, range)| range.start());
    tasks
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::ide::testing::{analyse, run};

    #[track_caller]
    fn check(text: &str, is_run: bool, place: &str, title: &str) {
        let analysis = analyse(text);
        let run = is_run.then(|| run(&analysis, json!({})));
        let lenses = analysis.code_lens(run.as_ref());
        let shown: Vec<_> =
            lenses.iter().map(|lens| (analysis.source().slice(lens.range), lens.title.as_str())).collect();
        assert_eq!(shown, [(place, title)]);
    }

    #[test]
    fn above_start_at_with_the_last_status() {
        let text = r#"{"Comment": "x", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;
        check(text, false, r#""StartAt""#, "▶ Simulate");
        check(text, true, r#""StartAt""#, "▶ Simulate · SUCCEEDED");
    }

    #[test]
    fn tables_elsewhere_are_named() {
        let analysis = analyse(r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#);
        let run = run(&analysis, json!({})).with_tables_at(Some("http://localhost:8000".into()));
        let lenses = analysis.code_lens(Some(&run));
        assert_eq!(lenses[0].title, "▶ Simulate · SUCCEEDED · tables at http://localhost:8000");
    }

    #[test]
    fn a_failure_is_named() {
        let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "Oops"}}}"#;
        check(text, true, r#""StartAt""#, "▶ Simulate · FAILED: Oops");
    }

    #[test]
    fn without_start_at_it_stands_at_the_top() {
        check(r#"{"States": {}}"#, true, "{", "▶ Simulate · BLOCKED");
    }
}
