//! What the views of a run are made of, as plain JSON: editors/PROTOCOL.md describes each answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::companion;
use super::snapshot::Snapshot;
use crate::ide::{GraphError, GraphNode, Run};
use crate::model::{ScopeId, StateId, StateMachine};
use crate::simulator::{
    InspectionLevel, Outcome, StateConfiguration, TestStateRequest, Trace, Visit, history_json, test_state,
};

/// How a graph is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum GraphFormat {
    /// As a picture.
    #[default]
    Svg,
    /// As a flowchart of Mermaid.
    Mermaid,
    /// In the language of Graphviz.
    Dot,
}

/// How the simulation that is shown went, in short.
pub(super) fn simulation(snapshot: &Snapshot) -> Value {
    let run = snapshot.run.as_deref();
    let trace = run.map(|run| &run.trace);
    let error = trace.and_then(|trace| match &trace.outcome {
        Outcome::Failed { error } => error.name.as_deref(),
        _ => None,
    });
    let scenario = snapshot.fed.scenario_name().map(
        |(name, count)| json!({"name": name, "isChosen": snapshot.fed.is_scenario_chosen(), "count": count}),
    );
    let mut simulation = json!({
        "uri": snapshot.uri,
        "version": snapshot.version,
        "isCurrent": snapshot.is_run_current(),
        "status": trace.map(|trace| trace.outcome.status()),
        "error": error,
        "scenario": scenario,
        "step": snapshot.view.as_ref().map(|view| view.step),
        "steps": snapshot.whole.as_ref().map_or(0, |whole| whole.n_steps),
        "event": trace.and_then(|trace| trace.events.last()).map(|event| event.id),
        "state": snapshot.view.as_ref().and_then(|view| focus(snapshot, &view.run)),
    });
    if let (Some(address), Value::Object(members)) =
        (run.and_then(|run| run.tables_at.as_ref()), &mut simulation)
    {
        members.insert("tablesAt".to_owned(), json!(&**address));
    }
    simulation
}

/// The state that a step was about.
fn focus(snapshot: &Snapshot, run: &Run) -> Option<Value> {
    let line = snapshot.analysis.history(run).into_iter().rev().find(|line| line.state.is_some())?;
    let range = line.range.map(|range| snapshot.places().range(range));
    Some(json!({"name": line.state, "range": range}))
}

/// What is in the tables, and what changed: in the step that is shown, or in the whole simulation.
pub(super) fn tables(snapshot: &Snapshot) -> Option<Value> {
    let run = snapshot.run.as_ref()?;
    let trace = &run.trace;
    if let Some(address) = &run.tables_at {
        // What is in them is not known here.
        return Some(json!({
            "step": snapshot.view.as_ref().map(|view| view.step),
            "steps": snapshot.whole.as_ref().map_or(0, |whole| whole.n_steps),
            "tablesAt": &**address, "tables": {}, "keys": {}, "changes": [],
        }));
    }
    let before = match &snapshot.view {
        Some(view) => &view.before,
        None => &snapshot.whole.as_ref()?.before,
    };
    let mut changes = Vec::new();
    for table in before.diff(&trace.database) {
        for item in &table.items {
            let (before, after) = item.to_json();
            changes.push(json!({"table": &*table.table, "before": before, "after": after}));
        }
    }
    let keys = trace.database.tables().map(|table| {
        let names = table.key_schema().attributes().map(|attribute| json!(&*attribute.name));
        (table.name().to_string(), names.collect::<Value>())
    });
    Some(json!({
        "step": snapshot.view.as_ref().map(|view| view.step),
        "steps": snapshot.whole.as_ref().map_or(0, |whole| whole.n_steps),
        "tables": trace.database.to_json(),
        "keys": keys.collect::<Map<String, Value>>(),
        "changes": changes,
    }))
}

/// The events so far, each with the state it belongs to.
pub(super) fn history(snapshot: &Snapshot) -> Option<Value> {
    let run = snapshot.run.as_deref()?;
    let places = snapshot.places();
    let Value::Object(mut history) = history_json(&run.trace, &snapshot.names()) else { return None };
    let lines = snapshot.analysis.history(run);
    if let Some(Value::Array(events)) = history.get_mut("events") {
        for (event, line) in events.iter_mut().zip(lines) {
            if let Value::Object(event) = event {
                event.insert("state".to_owned(), json!(line.state));
                event.insert("range".to_owned(), json!(line.range.map(|range| places.range(range))));
            }
        }
    }
    history.insert("status".to_owned(), json!(run.trace.outcome.status()));
    Some(Value::Object(history))
}

/// The graph with the path of the simulation that is shown, and where its states stand.
pub(super) fn graph(snapshot: &Snapshot, format: GraphFormat) -> Result<Value, GraphError> {
    let graph = snapshot.analysis.graph(snapshot.run.as_deref());
    let places = snapshot.places();
    let node = |node: &GraphNode| json!({"name": node.name, "range": places.range(node.range)});
    let nodes: Vec<_> = graph.nodes.iter().map(node).collect();
    let (name, text) = match format {
        GraphFormat::Svg => ("svg", graph.to_svg()?),
        GraphFormat::Mermaid => ("mermaid", graph.to_mermaid()),
        GraphFormat::Dot => ("dot", graph.to_dot()),
    };
    Ok(json!({name: text, "nodes": nodes}))
}

/// The scenarios beside a document, and which of them is simulated.
pub(super) fn scenarios(snapshot: &Snapshot) -> Value {
    let named = snapshot.fed.scenario_name().map(|(name, _)| name);
    let names: Vec<&str> = snapshot.fed.scenarios().iter().map(|scenario| scenario.name.as_str()).collect();
    json!({"file": companion::scenarios(&snapshot.uri), "current": named, "scenarios": names})
}

/// Tests a state alone, with the input, variables and tables of its last visit, or with another input.
///
/// # Errors
///
/// Why it cannot be tested.
pub(super) fn tested_state(snapshot: &Snapshot, name: &str, input: Option<Value>) -> Result<Value, String> {
    let machine = snapshot.analysis.machine();
    let found = machine.all_states().find(|(_, state)| *state.name == *name);
    let (id, _) = found.ok_or_else(|| format!("There is no state \"{name}\""))?;
    let trace = snapshot.run.as_ref().filter(|_| snapshot.is_run_current()).map(|run| &run.trace);
    let visit = trace.and_then(|trace| trace.visits_to(id).last());
    let mut scenario = snapshot.scenario()?;
    if let Some(address) = snapshot.tables_at() {
        return Err(format!(
            "The tables are at {address}, and a state alone is tested with tables in memory: simulate with those first"
        ));
    }
    if let Some(tables) = visit.and_then(|visit| visit.tables.as_ref()) {
        scenario.database = tables.before.clone();
    }
    let input = match (input, visit) {
        (Some(input), _) => Arc::new(input),
        (None, Some(visit)) => Arc::clone(&visit.stages.input),
        (None, None) => return Err(format!("The simulation did not reach {name}: give an input")),
    };
    scenario.input = Arc::clone(&input);
    let variables = match (trace, visit) {
        (Some(trace), Some(visit)) => variables_before(machine, trace, visit),
        _ => Map::new(),
    };
    let request = TestStateRequest {
        machine: Arc::clone(machine),
        state_name: Arc::from(name),
        scenario,
        variables: variables.clone(),
        mock: None,
        configuration: StateConfiguration::default(),
        has_role: true,
        reveals_secrets: false,
    };
    let answer = test_state(&request).map_err(|refusal| refusal.to_string())?;
    Ok(json!({
        "state": name,
        "input": &*input,
        "variables": variables,
        "answer": answer.to_json(InspectionLevel::Trace),
    }))
}

/// The variables that a visit could read: those that earlier visits in its scope and the ones around it have set.
fn variables_before(machine: &StateMachine, trace: &Trace, visit: &Visit) -> Map<String, Value> {
    let scope_of = |id: StateId| machine.state(id).map(|state| state.scope);
    let mut around: Vec<ScopeId> = Vec::new();
    let mut next = scope_of(visit.state);
    while let Some(scope) = next {
        around.push(scope);
        next = machine.scope(scope).and_then(|scope| scope.owner).and_then(scope_of);
    }
    let mut values: BTreeMap<String, Value> = BTreeMap::new();
    for earlier in trace.visits.iter().take_while(|it| it.entered_event < visit.entered_event) {
        let is_seen = scope_of(earlier.state).is_some_and(|scope| around.contains(&scope));
        for (name, value) in earlier.assigned.iter().filter(|_| is_seen).flat_map(|it| it.iter()) {
            values.insert(name.to_string(), Value::clone(value));
        }
    }
    values.into_iter().collect()
}
