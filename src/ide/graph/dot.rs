//! The language of Graphviz. <https://graphviz.org/doc/info/lang.html>

use std::fmt::Write as _;

use super::{EdgeKind, Graph, GraphNode, NodeStatus};

/// Renders the graph.
pub(super) fn render(graph: &Graph) -> String {
    let mut text = String::from("digraph {\n");
    text += "  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n";
    text += "  edge [fontname=\"sans-serif\", fontsize=10];\n";
    clusters(graph, &mut text);
    for edge in &graph.edges {
        let count = if edge.n_taken > 1 { format!(" ×{}", edge.n_taken) } else { String::new() };
        let mut attributes = Vec::new();
        let label = format!("{}{count}", edge.label);
        if !label.is_empty() {
            attributes.push(format!("label={}", quoted(label.trim())));
        }
        if edge.kind == EdgeKind::Catch {
            attributes.push("style=dashed".to_owned());
        }
        if edge.n_taken > 0 {
            attributes.push("color=\"#2e7d32\", penwidth=2".to_owned());
        }
        let attributes =
            if attributes.is_empty() { String::new() } else { format!(" [{}]", attributes.join(", ")) };
        let _ = writeln!(text, "  s{} -> s{}{attributes};", edge.from, edge.to);
    }
    text + "}\n"
}

/// Writes the clusters with their states. An explicit stack: definitions nest as deep as they like.
fn clusters(graph: &Graph, text: &mut String) {
    let mut todo = vec![Some(0)];
    while let Some(task) = todo.pop() {
        let Some(idx) = task else {
            *text += "  }\n";
            continue;
        };
        let Some(cluster) = graph.clusters.get(idx) else { continue };
        if let Some(owner) = cluster.owner.and_then(|owner| graph.nodes.get(owner)) {
            let title = quoted(&format!("{}: {}", owner.name, cluster.title));
            let _ = writeln!(text, "  subgraph cluster_{idx} {{\n  label={title};");
            todo.push(None);
        }
        for &state in &cluster.nodes {
            let Some(node) = graph.nodes.get(state) else { continue };
            let _ = writeln!(text, "  s{state} [{}];", attributes(graph, node));
            todo.extend(node.clusters.iter().rev().map(|inner| Some(*inner)));
        }
        if let Some(start) = cluster.start {
            let _ = writeln!(text, "  start{idx} [shape=point];\n  start{idx} -> s{start};");
            if let Some(owner) = cluster.owner {
                let _ = writeln!(text, "  s{owner} -> start{idx} [style=dotted, arrowhead=none];");
            }
        }
    }
}

fn attributes(graph: &Graph, node: &GraphNode) -> String {
    use crate::spec::StateKind as K;
    let detail = node.detail.as_deref().unwrap_or(node.kind.map_or("?", K::name));
    let note = node.run.as_ref().map(super::NodeRun::note).filter(|note| !note.is_empty());
    let lines: Vec<&str> =
        [Some(node.name.as_str()), Some(detail), note.as_deref()].into_iter().flatten().collect();
    let mut text = format!("label={}", quoted(&lines.join("\n")));
    match node.kind {
        Some(K::Choice) => text += ", shape=diamond, style=solid",
        Some(K::Succeed | K::Fail) => text += ", peripheries=2",
        _ => {}
    }
    match node.run.as_ref().map(|run| run.status) {
        Some(NodeStatus::Succeeded) => text += ", color=\"#2e7d32\", penwidth=2",
        Some(NodeStatus::Caught | NodeStatus::Stopped) => text += ", color=\"#b26a00\", penwidth=2",
        Some(NodeStatus::Failed) => text += ", color=\"#c62828\", penwidth=3",
        None if graph.has_run() => text += ", color=gray, fontcolor=gray",
        None => {}
    }
    text
}

/// A string of the language. A backslash begins an escape only in labels, so it is doubled.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            '\n' => quoted += "\\n",
            character if character.is_control() => quoted.push(' '),
            character => quoted.push(character),
        }
    }
    quoted + "\""
}
