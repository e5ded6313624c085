//! The picture as SVG: nothing in it comes from elsewhere, and its colours suit light and dark surroundings.

use std::fmt::Write as _;

use super::layout::{HEADER_HEIGHT, Picture, Point, Rect, SMALL_CHAR, TITLE_HEIGHT, label_text};
use super::{Graph, GraphNode, clip, xml};
use crate::spec::StateKind;

/// Every rule begins with the class of the picture: in a page there may be others.
const STYLE: &str = "\
.asl-graph { --ink: #1f2328; --soft: #59636e; --line: #8c959f; --paper: #ffffff; --inner: #f6f8fa; \
--frame: #d1d9e0; --good: #1a7f37; --warn: #9a6700; --bad: #cf222e; font-family: system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { .asl-graph { --ink: #e6edf3; --soft: #9198a1; --line: #7d8590; \
--paper: #161b22; --inner: #0d1117; --frame: #3d444d; --good: #3fb950; --warn: #d29922; --bad: #f85149; } }
.asl-graph .box { fill: var(--paper); stroke: var(--line); stroke-width: 1.2; }
.asl-graph .cluster { fill: var(--inner); stroke: var(--frame); stroke-dasharray: 4 3; }
.asl-graph .name { fill: var(--ink); font-size: 13px; font-weight: 600; }
.asl-graph .detail, .asl-graph .title { fill: var(--soft); font-size: 11px; }
.asl-graph .edge { fill: none; stroke: var(--line); stroke-width: 1.3; }
.asl-graph .arrow { fill: var(--line); stroke: none; }
.asl-graph .catch .edge { stroke-dasharray: 5 4; }
.asl-graph .label rect { fill: var(--paper); opacity: .85; }
.asl-graph .label text { fill: var(--soft); font-size: 11px; }
.asl-graph .catch text { fill: var(--bad); }
.asl-graph .dot { fill: var(--ink); } .asl-graph .ring { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.asl-graph .taken .edge { stroke: var(--good); stroke-width: 2.4; } .asl-graph .taken .arrow { fill: var(--good); }
.asl-graph .succeeded > .box { stroke: var(--good); stroke-width: 2.2; }
.asl-graph .caught > .box, .asl-graph .stopped > .box { stroke: var(--warn); stroke-width: 2.2; }
.asl-graph .failed > .box { stroke: var(--bad); stroke-width: 3; }
.asl-graph .stopped > .box { stroke-dasharray: 6 3; }
.asl-graph .failed > .note { fill: var(--bad); }
.asl-graph .missed > text, .asl-graph .missed > .stripe, .asl-graph .missed > .box { opacity: .45; }
.asl-graph g[data-state] { cursor: pointer; }
";

/// Characters of a name that a box shows.
const NAME_CHARS_MAX: usize = 36;
/// Characters of the line below it.
const DETAIL_CHARS_MAX: usize = 46;

/// Renders the picture.
pub(super) fn render(graph: &Graph, picture: &Picture) -> String {
    let (width, height) = (picture.width.ceil(), picture.height.ceil());
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"asl-graph\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n<style>\n{STYLE}</style>\n"
    );
    for idx in outermost_first(graph) {
        if let Some((node, rect)) = graph.nodes.get(idx).zip(picture.nodes.get(idx)) {
            state(graph, picture, node, *rect, &mut text);
        }
    }
    // Lines lie on the boxes that they are within, and labels on lines.
    lines(graph, picture, &mut text);
    labels(graph, picture, &mut text);
    text + "</svg>\n"
}

/// The states, those around others before these.
fn outermost_first(graph: &Graph) -> Vec<usize> {
    let mut order = Vec::new();
    let mut todo = vec![0];
    while let Some(cluster) = todo.pop().and_then(|idx: usize| graph.clusters.get(idx)) {
        for &idx in &cluster.nodes {
            order.push(idx);
            todo.extend(graph.nodes.get(idx).into_iter().flat_map(|node| &node.clusters));
        }
    }
    order
}

fn state(graph: &Graph, picture: &Picture, node: &GraphNode, rect: Rect, text: &mut String) {
    let class = match &node.run {
        Some(run) => run.status.name(),
        None if graph.has_run() => "missed",
        None => "",
    };
    let kind = node.kind.map_or("?", StateKind::name);
    let _ = write!(
        text,
        "<g class=\"state {class}\" data-state=\"{name}\" data-id=\"{}\">\n<title>{name} ({kind})</title>\n",
        node.state.0,
        name = xml(&node.name),
    );
    let radius =
        if node.kind.is_some_and(StateKind::is_terminal) { 22.0_f64.min(rect.height / 2.0) } else { 6.0 };
    rectangle(rect, "box", radius, text);
    for cluster in &node.clusters {
        if let Some((facts, placed)) = graph.clusters.get(*cluster).zip(picture.clusters.get(*cluster)) {
            rectangle(placed.frame, "cluster", 6.0, text);
            let at = Point { x: placed.frame.x + 8.0, y: placed.frame.y + TITLE_HEIGHT - 5.0 };
            written(at, "title", "start", &facts.title, text);
        }
    }
    let middle = rect.x + rect.width / 2.0;
    if let Some(colour) = node.kind.map(colour) {
        // Within the curve of a terminal state's box.
        let (x, y) = (rect.x + radius.min(10.0) / 2.0 + 4.0, rect.y + 8.0);
        let height = HEADER_HEIGHT.min(rect.height) - 16.0;
        let _ = writeln!(
            text,
            "<rect class=\"stripe\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"3\" height=\"{height:.1}\" rx=\"1.5\" fill=\"{colour}\"/>"
        );
    }
    written(Point { x: middle, y: rect.y + 19.0 }, "name", "middle", &clip(&node.name, NAME_CHARS_MAX), text);
    let note = node.run.as_ref().map(super::NodeRun::note).filter(|note| !note.is_empty());
    let detail = node.detail.as_deref().unwrap_or(kind);
    let line = match note {
        Some(note) => format!("{detail} · {note}"),
        None => detail.to_owned(),
    };
    let at = Point { x: middle, y: rect.y + 35.0 };
    written(at, "detail", "middle", &clip(&line, DETAIL_CHARS_MAX), text);
    *text += "</g>\n";
}

/// The colour of a type's stripe: readable on light and dark.
fn colour(kind: StateKind) -> &'static str {
    match kind {
        StateKind::Task => "#d97706",
        StateKind::Pass => "#6b7280",
        StateKind::Choice => "#8b5cf6",
        StateKind::Wait => "#0ea5e9",
        StateKind::Succeed => "#16a34a",
        StateKind::Fail => "#dc2626",
        StateKind::Parallel => "#0d9488",
        StateKind::Map => "#db2777",
    }
}

fn lines(graph: &Graph, picture: &Picture, text: &mut String) {
    for (cluster, placed) in graph.clusters.iter().zip(&picture.clusters) {
        let is_taken = cluster.start.is_some_and(|start| graph.is_visited(start));
        if let Some((dot, curve)) = &placed.start {
            let _ = writeln!(text, "<g class=\"start{}\">", if is_taken { " taken" } else { "" });
            path(curve, true, text);
            let _ = writeln!(
                text,
                "<circle class=\"dot\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"6\"/>\n</g>",
                dot.x, dot.y
            );
        }
        if let Some((dot, curves)) = &placed.end {
            for (node, curve) in curves {
                let run = graph.nodes.get(*node).and_then(|node| node.run.as_ref());
                let is_taken = run.is_some_and(|run| run.status == super::NodeStatus::Succeeded);
                let _ = writeln!(text, "<g class=\"end{}\">", if is_taken { " taken" } else { "" });
                path(curve, true, text);
                *text += "</g>\n";
            }
            let _ = writeln!(
                text,
                "<circle class=\"ring\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6.5\"/>\n\
                 <circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>",
                x = dot.x,
                y = dot.y
            );
        }
    }
    for (edge, curves) in graph.edges.iter().zip(&picture.edges) {
        let taken = if edge.n_taken > 0 { " taken" } else { "" };
        let _ = writeln!(text, "<g class=\"{}{taken}\">", edge.kind.name());
        let last = curves.len().saturating_sub(1);
        for (idx, curve) in curves.iter().enumerate() {
            path(curve, idx == last, text);
        }
        *text += "</g>\n";
    }
}

fn labels(graph: &Graph, picture: &Picture, text: &mut String) {
    for (edge, at) in graph.edges.iter().zip(&picture.labels) {
        let Some(at) = at else { continue };
        let label = label_text(edge);
        if label.is_empty() {
            continue;
        }
        let width = label.chars().count() as f64 * SMALL_CHAR + 6.0;
        let _ = write!(
            text,
            "<g class=\"label {}\"><rect x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"16\" rx=\"3\"/>",
            edge.kind.name(),
            at.x - width / 2.0,
            at.y - 8.0,
        );
        written(Point { x: at.x, y: at.y + 4.0 }, "", "middle", &label, text);
        *text += "</g>\n";
    }
}

/// A line, with a head where it ends.
fn path(curve: &[Point], has_head: bool, text: &mut String) {
    let Some((start, rest)) = curve.split_first() else { return };
    let _ = write!(text, "<path class=\"edge\" d=\"M{:.1} {:.1}", start.x, start.y);
    for piece in rest.chunks_exact(3) {
        let [a, b, end] = piece else { continue };
        let _ = write!(text, " C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}", a.x, a.y, b.x, b.y, end.x, end.y);
    }
    *text += "\"/>\n";
    let [.., before, end] = curve else { return };
    if !has_head {
        return;
    }
    let (dx, dy) = (end.x - before.x, end.y - before.y);
    let length = dx.hypot(dy);
    let (dx, dy) = if length > 0.01 { (dx / length, dy / length) } else { (0.0, 1.0) };
    let corner = |side: f64| (end.x - 9.0 * dx + side * 4.5 * dy, end.y - 9.0 * dy - side * 4.5 * dx);
    let ((ax, ay), (bx, by)) = (corner(1.0), corner(-1.0));
    let _ = writeln!(
        text,
        "<path class=\"arrow\" d=\"M{:.1} {:.1} L{ax:.1} {ay:.1} L{bx:.1} {by:.1} Z\"/>",
        end.x, end.y
    );
}

fn rectangle(rect: Rect, class: &str, radius: f64, text: &mut String) {
    let Rect { x, y, width, height } = rect;
    let _ = writeln!(
        text,
        "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{radius}\"/>"
    );
}

fn written(at: Point, class: &str, anchor: &str, content: &str, text: &mut String) {
    let _ = writeln!(
        text,
        "<text class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
        at.x,
        at.y,
        xml(content)
    );
}
