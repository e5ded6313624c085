//! A graph from a machine and a run of it.

use std::collections::BTreeMap;

use super::label::{condition, errors, resource};
use super::{EdgeKind, Graph, GraphCluster, GraphEdge, GraphNode, NodeRun, NodeStatus};
use crate::ide::{Analysis, Run};
use crate::model::{ScopeId, State, StateBody, StateId, StateMachine};
use crate::simulator::{Visit, VisitStatus};
use crate::text::TextRange;

/// Characters of a label.
const LABEL_CHARS_MAX: usize = 60;

/// A transition of a state, before those between the same states are joined.
struct Way {
    kind: EdgeKind,
    /// Which rule or catcher.
    idx: usize,
    to: StateId,
    label: String,
}

/// The graph of a document. A run of another version of the machine is not shown.
pub(in crate::ide) fn graph(analysis: &Analysis, run: Option<&Run>) -> Graph {
    let machine = analysis.machine();
    let run = run.filter(|run| run.fingerprint == analysis.fingerprint());
    let nodes = machine.all_states().map(|(id, state)| node(analysis, machine, id, state, run)).collect();
    let visits = run.map(|run| &run.trace.visits);
    let mut edges = Vec::new();
    for (id, state) in machine.all_states() {
        let taken = |way: &Way| {
            let visits = visits.into_iter().flatten().filter(|visit| visit.state == id);
            visits.filter(|visit| takes(visit, way)).count()
        };
        edges.extend(joined(id, ways(state), taken));
    }
    Graph {
        nodes,
        edges,
        clusters: clusters(machine),
        outcome: run.map(|run| run.trace.outcome.status().to_owned()),
    }
}

fn node(
    analysis: &Analysis,
    machine: &StateMachine,
    id: StateId,
    state: &State,
    run: Option<&Run>,
) -> GraphNode {
    let key = analysis.lowered().source_map.state_key(analysis.parse(), id);
    let is_terminal = state.kind().is_some_and(crate::spec::StateKind::is_terminal);
    GraphNode {
        state: id,
        name: state.name.to_string(),
        kind: state.kind(),
        detail: match &state.body {
            StateBody::Task(task) => Some(resource(&task.resource)).filter(|detail| !detail.is_empty()),
            _ => None,
        },
        range: key.map_or(TextRange::new(0, 0), |key| key.range()),
        clusters: state
            .scopes()
            .iter()
            .map(|scope| scope.0 as usize)
            .filter(|idx| *idx < machine.scopes.len())
            .collect(),
        is_end: state.is_end || is_terminal,
        run: run.and_then(|run| node_run(run, id)),
    }
}

fn node_run(run: &Run, id: StateId) -> Option<NodeRun> {
    let mut found: Option<NodeRun> = None;
    for visit in run.trace.visits_to(id) {
        let sum = found.take();
        let exited = visit.exited.unwrap_or(run.trace.now);
        let status = match visit.status {
            VisitStatus::Succeeded => NodeStatus::Succeeded,
            VisitStatus::Caught(_) => NodeStatus::Caught,
            VisitStatus::Failed(_) => NodeStatus::Failed,
            VisitStatus::Running | VisitStatus::Aborted | VisitStatus::Blocked => NodeStatus::Stopped,
        };
        // Of several iterations one that failed counts.
        let failed_before = sum.as_ref().is_some_and(|sum| sum.status == NodeStatus::Failed);
        found = Some(NodeRun {
            n_visits: sum.as_ref().map_or(0, |sum| sum.n_visits) + 1,
            status: if failed_before { NodeStatus::Failed } else { status },
            milliseconds: sum.as_ref().map_or(0, |sum| sum.milliseconds)
                + exited.millis_since(visit.entered).max(0),
            n_retries: sum.as_ref().map_or(0, |sum| sum.n_retries) + visit.n_retries,
        });
    }
    found
}

/// All ways out of a state, in the order in which they are tried.
fn ways(state: &State) -> Vec<Way> {
    let mut ways = Vec::new();
    if let StateBody::Choice { rules, default } = &state.body {
        for (idx, rule) in rules.iter().enumerate() {
            if let Some(to) = rule.next.as_ref().and_then(|next| next.target) {
                ways.push(Way { kind: EdgeKind::Rule, idx, to, label: condition(&rule.test) });
            }
        }
        if let Some(to) = default.as_ref().and_then(|next| next.target) {
            ways.push(Way { kind: EdgeKind::Default, idx: 0, to, label: "otherwise".to_owned() });
        }
    }
    if let Some(to) = state.next.as_ref().and_then(|next| next.target) {
        ways.push(Way { kind: EdgeKind::Next, idx: 0, to, label: String::new() });
    }
    for (idx, catcher) in state.catch.iter().enumerate() {
        if let Some(to) = catcher.next.as_ref().and_then(|next| next.target) {
            ways.push(Way { kind: EdgeKind::Catch, idx, to, label: errors(&catcher.error_equals) });
        }
    }
    ways
}

/// Whether a visit left by this way.
fn takes(visit: &Visit, way: &Way) -> bool {
    if visit.next != Some(way.to) {
        return false;
    }
    match way.kind {
        EdgeKind::Catch => visit.catcher == Some(way.idx),
        EdgeKind::Rule => visit.rule == Some(way.idx),
        EdgeKind::Default => visit.rule.is_none(),
        EdgeKind::Next => visit.catcher.is_none(),
    }
}

/// One edge for all ways of a kind between the same states.
fn joined(from: StateId, ways: Vec<Way>, taken: impl Fn(&Way) -> usize) -> Vec<GraphEdge> {
    let mut edges: Vec<GraphEdge> = Vec::new();
    let mut known: BTreeMap<(StateId, &'static str), usize> = BTreeMap::new();
    for way in ways {
        let n_taken = taken(&way);
        let key = (way.to, way.kind.name());
        if let Some(edge) = known.get(&key).and_then(|idx| edges.get_mut(*idx)) {
            edge.n_taken += n_taken;
            let separator = if way.kind == EdgeKind::Rule { " or " } else { ", " };
            edge.label = format!("{}{separator}{}", edge.label, way.label);
            continue;
        }
        known.insert(key, edges.len());
        edges.push(GraphEdge {
            from: from.0 as usize,
            to: way.to.0 as usize,
            kind: way.kind,
            label: way.label,
            n_taken,
        });
    }
    for edge in &mut edges {
        edge.label = super::clip(&edge.label, LABEL_CHARS_MAX);
    }
    edges
}

fn clusters(machine: &StateMachine) -> Vec<GraphCluster> {
    let cluster = |(idx, scope): (u32, &crate::model::Scope)| {
        let owner = scope.owner.and_then(|owner| machine.state(owner));
        let title = match owner.map(|owner| (&owner.body, owner.scopes())) {
            Some((StateBody::Parallel { .. }, scopes)) => {
                let branch = scopes.iter().position(|scope| *scope == ScopeId(idx)).unwrap_or(0);
                format!("branch {}", branch + 1)
            }
            Some(_) => "each item".to_owned(),
            None => String::new(),
        };
        GraphCluster {
            owner: scope.owner.map(|owner| owner.0 as usize),
            title,
            start: scope.start_at.as_ref().and_then(|start| start.target).map(|id| id.0 as usize),
            nodes: scope.states.iter().map(|id| id.0 as usize).collect(),
        }
    };
    (0..).zip(&machine.scopes).map(cluster).collect()
}
