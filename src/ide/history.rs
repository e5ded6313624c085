//! The history of a run, event by event, with the states that the events belong to.

use std::collections::BTreeMap;

use super::{Analysis, Run};
use crate::model::{StateId, StateMachine};
use crate::simulator::{EventDetails, HistoryEvent};
use crate::spec::StateKind;
use crate::text::TextRange;

/// An event of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryLine {
    /// Its number, from 1.
    pub event: u32,
    /// The state it belongs to, by name; none for events of the execution as a whole.
    pub state: Option<String>,
    /// Where the name of that state stands; none where the definition has changed since.
    pub range: Option<TextRange>,
}

/// The events of a run, in their order.
pub(super) fn history(analysis: &Analysis, run: &Run) -> Vec<HistoryLine> {
    let is_current = run.fingerprint == analysis.fingerprint();
    let entered: BTreeMap<u32, StateId> =
        run.trace.visits.iter().map(|visit| (visit.entered_event, visit.state)).collect();
    let mut owners: BTreeMap<u32, StateId> = BTreeMap::new();
    let mut lines = Vec::with_capacity(run.trace.events.len());
    for event in &run.trace.events {
        let owner = owner(event, &run.machine, &entered, &owners);
        owners.extend(owner.map(|state| (event.id, state)));
        let key = || {
            let lowered = analysis.lowered();
            lowered.source_map.state_key(analysis.parse(), owner?).map(|key| key.range())
        };
        lines.push(HistoryLine {
            event: event.id,
            state: owner.and_then(|id| run.machine.state(id)).map(|state| state.name.to_string()),
            range: is_current.then(key).flatten(),
        });
    }
    lines
}

/// The state that an event belongs to: the one it names, or that of the event it follows.
fn owner(
    event: &HistoryEvent,
    machine: &StateMachine,
    entered: &BTreeMap<u32, StateId>,
    owners: &BTreeMap<u32, StateId>,
) -> Option<StateId> {
    let named = |name: &str| machine.all_states().find(|(_, state)| *state.name == *name).map(|(id, _)| id);
    let previous = owners.get(&event.previous).copied();
    match &event.details {
        EventDetails::StateEntered { name, .. } => entered.get(&event.id).copied().or_else(|| named(name)),
        EventDetails::StateExited { name, .. }
        | EventDetails::MapIterationStarted { name, .. }
        | EventDetails::MapIterationSucceeded { name, .. }
        | EventDetails::MapIterationFailed { name, .. }
        | EventDetails::MapIterationAborted { name, .. } => named(name),
        EventDetails::ExecutionStarted { .. }
        | EventDetails::ExecutionSucceeded { .. }
        | EventDetails::ExecutionFailed { .. }
        | EventDetails::ExecutionTimedOut
        | EventDetails::ExecutionAborted => None,
        EventDetails::ParallelStateSucceeded | EventDetails::ParallelStateFailed => {
            outward(machine, previous?, StateKind::Parallel)
        }
        EventDetails::MapStateSucceeded
        | EventDetails::MapStateFailed
        | EventDetails::MapRunSucceeded
        | EventDetails::MapRunFailed { .. } => outward(machine, previous?, StateKind::Map),
        _ => previous,
    }
}

/// The innermost state of a type that a state is in, or is itself.
fn outward(machine: &StateMachine, mut id: StateId, kind: StateKind) -> Option<StateId> {
    // Scopes are nested as deep as the document at most.
    loop {
        let state = machine.state(id)?;
        if state.kind() == Some(kind) {
            return Some(id);
        }
        id = machine.scope(state.scope)?.owner?;
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::ide::testing::{analyse, run};

    #[test]
    fn events_belong_to_states() {
        let analysis = analyse(
            r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "In", "States": {
                "In": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true,
                    "Parameters": {"TableName": "Tab", "Item": {"id": {"S": "1"}}}}}}}}}"#,
        );
        let run = run(&analysis, json!([1]));
        let mut shown = String::new();
        for line in analysis.history(&run) {
            let text = line.range.map(|range| analysis.source().slice(range)).unwrap_or_default();
            shown += &format!("{} {} {text}\n", line.event, line.state.unwrap_or_default());
        }
        expect![[r#"
            1  
            2 Each "Each"
            3 Each "Each"
            4 Each "Each"
            5 In "In"
            6 In "In"
            7 In "In"
            8 In "In"
            9 In "In"
            10 Each "Each"
            11 Each "Each"
            12 Each "Each"
            13  
        "#]]
        .assert_eq(&shown);
    }
}
