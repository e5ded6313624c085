//! A flowchart of Mermaid. <https://mermaid.js.org/syntax/flowchart.html>

use std::fmt::Write as _;

use super::{EdgeKind, Graph, GraphNode, NodeStatus};

/// Renders the graph.
pub(super) fn render(graph: &Graph) -> String {
    let mut text = String::from("flowchart TD\n");
    let mut taken = cluster(graph, 0, &mut text);
    for edge in &graph.edges {
        let arrow = if edge.kind == EdgeKind::Catch { "-.->" } else { "-->" };
        let count = if edge.n_taken > 1 { format!(" ×{}", edge.n_taken) } else { String::new() };
        let label = match format!("{}{count}", edge.label).trim() {
            "" => String::new(),
            label => format!("|\"{}\"|", escape(label)),
        };
        let _ = writeln!(text, "  s{} {arrow}{label} s{}", edge.from, edge.to);
        taken.push(edge.n_taken > 0);
    }
    // Mermaid numbers all links as they are written, those of the clusters included.
    for (idx, _) in taken.iter().enumerate().filter(|(_, is_taken)| **is_taken) {
        let _ = writeln!(text, "  linkStyle {idx} stroke:#2e7d32,stroke-width:3px");
    }
    if graph.has_run() {
        text += "  classDef succeeded stroke:#2e7d32,stroke-width:2px\n";
        text += "  classDef caught stroke:#b26a00,stroke-width:2px\n";
        text += "  classDef failed stroke:#c62828,stroke-width:3px\n";
        text += "  classDef stopped stroke:#b26a00,stroke-dasharray:4\n";
        text += "  classDef missed opacity:0.5\n";
        for (idx, node) in graph.nodes.iter().enumerate() {
            let class = node.run.as_ref().map_or("missed", |run| NodeStatus::name(run.status));
            let _ = writeln!(text, "  class s{idx} {class}");
        }
    }
    text
}

/// Writes the states of a cluster and those within them, with the links to where they start; whether the run took each
/// of these links. An explicit stack: definitions nest as deep as they like.
fn cluster(graph: &Graph, root: usize, text: &mut String) -> Vec<bool> {
    enum Task {
        Open(usize),
        Text(&'static str),
    }
    let mut todo = vec![Task::Open(root)];
    let mut taken = Vec::new();
    while let Some(task) = todo.pop() {
        let idx = match task {
            Task::Text(line) => {
                *text += line;
                continue;
            }
            Task::Open(idx) => idx,
        };
        let Some(cluster) = graph.clusters.get(idx) else { continue };
        if let Some(owner) = cluster.owner.and_then(|owner| graph.nodes.get(owner)) {
            let _ =
                writeln!(text, "  subgraph c{idx}[\"{}: {}\"]", escape(&owner.name), escape(&cluster.title));
            todo.push(Task::Text("  end\n"));
        }
        for &state in &cluster.nodes {
            let Some(node) = graph.nodes.get(state) else { continue };
            let _ = writeln!(text, "  s{state}{}", shape(node));
            todo.extend(node.clusters.iter().rev().map(|inner| Task::Open(*inner)));
        }
        if let Some(start) = cluster.start {
            let _ = writeln!(text, "  start{idx}(( )) --> s{start}");
            taken.push(graph.is_visited(start));
        }
        if let Some(owner) = cluster.owner {
            let _ = writeln!(text, "  s{owner} -.- start{idx}");
            taken.push(false);
        }
    }
    taken
}

fn shape(node: &GraphNode) -> String {
    use crate::spec::StateKind as K;
    let kind = node.kind.map_or("?", K::name);
    let detail = node.detail.as_deref().unwrap_or(kind);
    let note = node.run.as_ref().map(super::NodeRun::note).filter(|note| !note.is_empty());
    let note = note.map(|note| format!("<br>{note}")).unwrap_or_default();
    let label = format!("\"{}<br>{}{note}\"", escape(&node.name), escape(detail));
    match node.kind {
        Some(K::Choice) => format!("{{{{{label}}}}}"),
        Some(K::Succeed | K::Fail) => format!("([{label}])"),
        Some(K::Parallel | K::Map) => format!("[[{label}]]"),
        _ => format!("[{label}]"),
    }
}

/// A text in quotes: what has a meaning to Mermaid or HTML becomes a numbered entity.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '<' | '>' | '&' | '#' | ';' | '`' | '\\' | '|' | '{' | '}' | '[' | ']' | '(' | ')' => {
                let _ = write!(escaped, "#{};", u32::from(character));
            }
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}
