//! The graph of a machine, with the path that a run took.
//!
//! A [`Graph`] is a plain value; the renderers beside it make text of it. Branches and processors are clusters.

mod build;
mod dot;
mod html;
mod label;
mod layout;
mod mermaid;
mod settle;
mod svg;

use crate::model::StateId;
use crate::spec::StateKind;
use crate::spec::quota;
use crate::text::TextRange;

/// The graph of a machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    /// The states, by id.
    pub nodes: Vec<GraphNode>,
    /// The transitions, in the order of the states and of the fields in them.
    pub edges: Vec<GraphEdge>,
    /// The machine itself, then branches and processors, by scope.
    pub clusters: Vec<GraphCluster>,
    /// How the run ended, if there was one: `SUCCEEDED`.
    pub outcome: Option<String>,
}

/// A state.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphNode {
    /// The state.
    pub state: StateId,
    /// Its name.
    pub name: String,
    /// Its type; none when it has none that is known.
    pub kind: Option<StateKind>,
    /// What a task calls: `dynamodb:getItem`.
    pub detail: Option<String>,
    /// Where its name stands.
    pub range: TextRange,
    /// The clusters within it: indices into [`Graph::clusters`].
    pub clusters: Vec<usize>,
    /// Whether an execution of its scope can end with it.
    pub is_end: bool,
    /// What the run did there; none where there was no run or it did not come there.
    pub run: Option<NodeRun>,
}

/// What a run did in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeRun {
    /// How often it was entered.
    pub n_visits: usize,
    /// How the last visit went.
    pub status: NodeStatus,
    /// Virtual time in all visits together, in milliseconds.
    pub milliseconds: i64,
    /// Retries in all visits together.
    pub n_retries: u32,
}

/// How a visit went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeStatus {
    /// It ended with an output.
    Succeeded,
    /// A catcher took its error.
    Caught,
    /// It failed.
    Failed,
    /// It did not end, or cannot be simulated.
    Stopped,
}

/// Why a transition is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeKind {
    /// `Next`.
    Next,
    /// A rule of a Choice.
    Rule,
    /// `Default`.
    Default,
    /// A catcher.
    Catch,
}

/// A transition. Those of one kind between the same states are one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphEdge {
    /// From: an index into [`Graph::nodes`].
    pub from: usize,
    /// To: an index into [`Graph::nodes`].
    pub to: usize,
    /// Why it is taken.
    pub kind: EdgeKind,
    /// The condition or the errors; empty for `Next`.
    pub label: String,
    /// How often the run took it.
    pub n_taken: usize,
}

/// A set of states with a start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphCluster {
    /// The state it is in: an index into [`Graph::nodes`]; none for the machine itself.
    pub owner: Option<usize>,
    /// What it is called: `branch 1`.
    pub title: String,
    /// Where it starts: an index into [`Graph::nodes`].
    pub start: Option<usize>,
    /// Its states: indices into [`Graph::nodes`].
    pub nodes: Vec<usize>,
}

/// Why a graph is not laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// It is too large to be looked at.
    #[error(
        "a graph of {0} states is not laid out: {limit} are the most; mermaid and dot have no limit",
        limit = quota::LAID_OUT_STATES_MAX
    )]
    TooLarge(usize),
    /// Too many lines cross it.
    #[error("the graph has too many long transitions to be laid out: mermaid and dot have no limit")]
    TooTangled,
    /// The library that lays it out gave up.
    #[error("the graph could not be laid out: mermaid and dot show it")]
    Failed,
}

impl Graph {
    /// The graph in the language of Graphviz.
    pub fn to_dot(&self) -> String {
        dot::render(self)
    }

    /// The graph as a flowchart of Mermaid.
    pub fn to_mermaid(&self) -> String {
        mermaid::render(self)
    }

    /// The graph as a picture that needs nothing else, in light and dark surroundings.
    ///
    /// # Errors
    ///
    /// A graph that is too large, or that the layout fails on.
    pub fn to_svg(&self) -> Result<String, GraphError> {
        layout::lay_out(self).map(|picture| svg::render(self, &picture))
    }

    /// The picture as a page that can be moved and zoomed.
    ///
    /// # Errors
    ///
    /// Those of [`Graph::to_svg`].
    pub fn to_html(&self, title: &str) -> Result<String, GraphError> {
        self.to_svg().map(|svg| html::render(&svg, title))
    }

    /// Whether a run is shown.
    fn has_run(&self) -> bool {
        self.outcome.is_some()
    }

    /// Where the run began in a cluster and ended: whether its start was taken.
    fn is_visited(&self, node: usize) -> bool {
        self.nodes.get(node).is_some_and(|node| node.run.is_some())
    }
}

impl NodeRun {
    /// `×3 · 2 retries · 5 s`; empty for one quick visit.
    fn note(&self) -> String {
        let mut parts = Vec::new();
        if self.n_visits > 1 {
            parts.push(format!("×{}", self.n_visits));
        }
        match self.n_retries {
            0 => {}
            1 => parts.push("1 retry".to_owned()),
            n => parts.push(format!("{n} retries")),
        }
        if self.milliseconds > 0 {
            parts.push(format!("{} s", self.milliseconds as f64 / 1_000.0));
        }
        parts.join(" · ")
    }
}

impl NodeStatus {
    fn name(self) -> &'static str {
        match self {
            NodeStatus::Succeeded => "succeeded",
            NodeStatus::Caught => "caught",
            NodeStatus::Failed => "failed",
            NodeStatus::Stopped => "stopped",
        }
    }
}

impl EdgeKind {
    fn name(self) -> &'static str {
        match self {
            EdgeKind::Next => "next",
            EdgeKind::Rule => "rule",
            EdgeKind::Default => "default",
            EdgeKind::Catch => "catch",
        }
    }
}

/// A text in the content or an attribute of XML. What XML cannot hold is left out.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// The first characters of a text.
fn clip(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        Some((at, _)) => text.get(..at).unwrap_or_default().to_owned() + "…",
        None => text.to_owned(),
    }
}

pub(super) use build::graph;
pub(super) use label::condition;

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::ide::testing::{analyse, run};

    const HOSTILE: &str = r#"{"StartAt": "<a href=\"x\">&'\u0001", "States": {
        "<a href=\"x\">&'\u0001": {"Type": "Choice", "Choices": [
            {"Variable": "$.x", "StringEquals": "]]><script>\"|", "Next": "end"},
            {"Not": {"And": [{"Variable": "$.n", "NumericLessThan": 3}, {"Variable": "$.y", "IsPresent": true}]}, "Next": "end"}],
            "Default": "Fan"},
        "Fan": {"Type": "Map", "ItemProcessor": {"StartAt": "Both", "States": {
            "Both": {"Type": "Parallel", "End": true, "Branches": [
                {"StartAt": "L", "States": {"L": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
                    "Parameters": {"TableName": "T", "Key": {"Id": {"S": "1"}}}, "Next": "L2",
                    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "L2"}]}, "L2": {"Type": "Pass", "End": true}}}]}}},
            "Next": "end"},
        "end": {"Type": "Succeed"}}}"#;

    #[track_caller]
    fn check(render: impl Fn(&Graph) -> String, expected: Expect) {
        let analysis = analyse(HOSTILE);
        let run = run(&analysis, json!([{}, {}]));
        expected.assert_eq(&render(&analysis.graph(Some(&run))));
    }

    #[test]
    fn mermaid() {
        check(
            Graph::to_mermaid,
            expect![[r##"
                flowchart TD
                  s0{{"#60;a href=#34;x#34;#62;#38;' <br>Choice"}}
                  s1[["Fan<br>Map"]]
                  s2(["end<br>Succeed"])
                  start0(( )) --> s0
                  subgraph c1["Fan: each item"]
                  s3[["Both<br>Parallel"]]
                  start1(( )) --> s3
                  s1 -.- start1
                  subgraph c2["Both: branch 1"]
                  s4["L<br>dynamodb:getItem"]
                  s5["L2<br>Pass"]
                  start2(( )) --> s4
                  s3 -.- start2
                  end
                  end
                  s0 -->|"$.x = #34;#93;#93;#62;#60;script#62;#92;#34;#124;#34; or not #40;$.n #60; 3 and $.y is present#41;"| s2
                  s0 -->|"otherwise"| s1
                  s1 --> s2
                  s4 --> s5
                  s4 -.->|"States.ALL"| s5
                  linkStyle 0 stroke:#2e7d32,stroke-width:3px
                  classDef succeeded stroke:#2e7d32,stroke-width:2px
                  classDef caught stroke:#b26a00,stroke-width:2px
                  classDef failed stroke:#c62828,stroke-width:3px
                  classDef stopped stroke:#b26a00,stroke-dasharray:4
                  classDef missed opacity:0.5
                  class s0 failed
                  class s1 missed
                  class s2 missed
                  class s3 missed
                  class s4 missed
                  class s5 missed
            "##]],
        );
    }

    #[test]
    fn mermaid_styles_the_links_that_were_taken() {
        let analysis = analyse(
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"},
            "B": {"Type": "Parallel", "Branches": [{"StartAt": "C", "States": {"C": {"Type": "Succeed"}}}], "Next": "D"},
            "D": {"Type": "Choice", "Choices": [{"Variable": "$[0]", "IsPresent": true, "Next": "E"}], "Default": "A"},
            "E": {"Type": "Succeed"}}}"#,
        );
        let text = analysis.graph(Some(&run(&analysis, json!({})))).to_mermaid();
        let links: Vec<&str> =
            text.lines().filter(|line| ["-->", "-.-"].iter().any(|arrow| line.contains(arrow))).collect();
        let styled =
            text.lines().filter_map(|line| line.trim().strip_prefix("linkStyle ")?.split(' ').next());
        let taken: Vec<&str> = styled.map(|idx| links[idx.parse::<usize>().unwrap()].trim()).collect();
        expect![[r#"
            [
                "start0(( )) --> s0",
                "start1(( )) --> s4",
                "s0 --> s1",
                "s1 --> s2",
                "s2 -->|\"$#91;0#93; is present\"| s3",
            ]
        "#]]
        .assert_debug_eq(&taken);
    }

    #[test]
    fn dot() {
        check(
            Graph::to_dot,
            expect![[r##"
                digraph {
                  node [shape=box, style=rounded, fontname="sans-serif"];
                  edge [fontname="sans-serif", fontsize=10];
                  s0 [label="<a href=\"x\">&' \nChoice", shape=diamond, style=solid, color="#c62828", penwidth=3];
                  s1 [label="Fan\nMap", color=gray, fontcolor=gray];
                  s2 [label="end\nSucceed", peripheries=2, color=gray, fontcolor=gray];
                  start0 [shape=point];
                  start0 -> s0;
                  subgraph cluster_1 {
                  label="Fan: each item";
                  s3 [label="Both\nParallel", color=gray, fontcolor=gray];
                  start1 [shape=point];
                  start1 -> s3;
                  s1 -> start1 [style=dotted, arrowhead=none];
                  subgraph cluster_2 {
                  label="Both: branch 1";
                  s4 [label="L\ndynamodb:getItem", color=gray, fontcolor=gray];
                  s5 [label="L2\nPass", color=gray, fontcolor=gray];
                  start2 [shape=point];
                  start2 -> s4;
                  s3 -> start2 [style=dotted, arrowhead=none];
                  }
                  }
                  s0 -> s2 [label="$.x = \"]]><script>\\\"|\" or not ($.n < 3 and $.y is present)"];
                  s0 -> s1 [label="otherwise"];
                  s1 -> s2;
                  s4 -> s5;
                  s4 -> s5 [label="States.ALL", style=dashed];
                }
            "##]],
        );
    }

    #[test]
    fn svg_is_well_formed_whatever_the_names() {
        let svg = analyse(HOSTILE).graph(None).to_svg().unwrap();
        assert!(svg.contains(r#"data-state="&lt;a href=&quot;x&quot;&gt;&amp;&#39;""#), "{svg}");
        assert!(!svg.contains("<script>") && !svg.contains("NaN"), "{svg}");
        assert_eq!(svg.matches("<g").count(), svg.matches("</g>").count());
    }

    #[test]
    fn the_picture_is_the_same_every_time() {
        let analysis = analyse(HOSTILE);
        let run = run(&analysis, json!([{}, {}]));
        let first = analysis.graph(Some(&run)).to_html("t").unwrap();
        assert_eq!(first, analysis.graph(Some(&run)).to_html("t").unwrap());
    }

    /// A chain with some jumps.
    fn chain(n_states: usize) -> Graph {
        let states: Vec<String> = (0..n_states)
            .map(|idx| match idx {
                idx if idx + 1 == n_states => format!(r#""S{idx}": {{"Type": "Succeed"}}"#),
                idx if idx % 5 == 0 => format!(
                    r#""S{idx}": {{"Type": "Choice", "Choices": [{{"Variable": "$.x", "IsNull": true, "Next": "S{}"}}], "Default": "S{}"}}"#,
                    (idx * 7) % n_states,
                    idx + 1
                ),
                idx => format!(r#""S{idx}": {{"Type": "Pass", "Next": "S{}"}}"#, idx + 1),
            })
            .collect();
        analyse(&format!(r#"{{"StartAt": "S0", "States": {{{}}}}}"#, states.join(","))).graph(None)
    }

    #[test]
    fn large_graphs_are_refused_with_a_reason() {
        assert!(chain(100).to_svg().is_ok());
        // The largest may have too many lines, which is another reason.
        assert!(!matches!(chain(500).to_svg(), Err(GraphError::TooLarge(_))));
        let expected =
            "a graph of 501 states is not laid out: 500 are the most; mermaid and dot have no limit";
        assert_eq!(chain(501).to_svg().unwrap_err().to_string(), expected);
        assert!(chain(501).to_dot().contains("S500"));
    }

    #[test]
    fn tangled_graphs_are_refused_with_a_reason() {
        let next = |idx: usize| format!(r#"{{"Variable": "$.x", "IsNull": true, "Next": "S{}"}}"#, idx % 120);
        let state = |idx: usize| {
            let rules = [7, 31, 53].map(|factor| next(idx * factor + 1)).join(",");
            format!(
                r#""S{idx}": {{"Type": "Choice", "Choices": [{rules}], "Default": "S{}"}}"#,
                (idx + 1) % 120
            )
        };
        let states: Vec<String> = (0..120).map(state).collect();
        let text = format!(r#"{{"StartAt": "S0", "States": {{{}}}}}"#, states.join(","));
        assert_eq!(analyse(&text).graph(None).to_svg(), Err(GraphError::TooTangled));
    }

    #[test]
    fn broken_definitions_have_graphs() {
        for text in [
            "{}",
            "[]",
            "",
            r#"{"StartAt": "X", "States": {"A": {}, "B": {"Type": "Pass", "Next": "B"}, "C": {"Type": "Map"}}}"#,
        ] {
            let graph = analyse(text).graph(None);
            assert!(graph.to_svg().is_ok(), "{text}");
        }
    }
}
