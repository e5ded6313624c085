//! Where everything stands: scopes are laid out from the innermost to the outermost, each by `layout-rs`, and a state
//! with scopes within it is a box as large as they need.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use layout::core::base::Orientation;
use layout::core::format::{ClipHandle, RenderBackend};
use layout::core::geometry::{Point as Spot, Position};
use layout::core::style::StyleAttr;
use layout::std_shapes::shapes::{Arrow, Element, ShapeKind};
use layout::topo::layout::VisualGraph;

use super::settle::{Element as Settled, settle};
use super::{Graph, GraphError};
use crate::spec::quota;

/// Sizes, in pixels.
const NODE_HEIGHT: f64 = 44.0;
const NODE_WIDTH_MIN: f64 = 90.0;
const NODE_WIDTH_MAX: f64 = 320.0;
/// Of a state's title with scopes below it.
pub(super) const HEADER_HEIGHT: f64 = 44.0;
/// Of a cluster's own title.
pub(super) const TITLE_HEIGHT: f64 = 20.0;
const LABEL_HEIGHT: f64 = 18.0;
const PADDING: f64 = 14.0;
const DOT: f64 = 14.0;
/// The width of a character: in names, and in smaller texts.
const NAME_CHAR: f64 = 8.2;
pub(super) const SMALL_CHAR: f64 = 6.4;
/// How far the two lines of a state that leads to itself are from its middle.
const LOOP_OFFSET: f64 = 16.0;
/// Space that boxes, and labels, dots and lines, keep from what is beside them.
const NODE_GAP: f64 = 16.0;
const SMALL_GAP: f64 = 9.0;
/// How much the ends of a long line and the way between should be upright; short lines count 1.
const END_WEIGHT: f64 = 1.0;
const WAY_WEIGHT: f64 = 6.0;
/// Free space around things, for the library.
const NODE_HALO: f64 = 34.0;
const SMALL_HALO: f64 = 22.0;

/// Elements of one scope: what the library can order within a second or two.
const ELEMENTS_MAX: usize = 1_500;

fn set(flags: &mut [bool], idx: usize, is_set: bool) {
    if let Some(flag) = flags.get_mut(idx) {
        *flag = is_set;
    }
}

/// A point, from the top left.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A line of cubic curves: its start, then for each curve two control points and an end.
pub(super) type Curve = Vec<Point>;

/// A graph with places.
#[derive(Clone, Debug, Default)]
pub(super) struct Picture {
    pub(super) width: f64,
    pub(super) height: f64,
    /// By node.
    pub(super) nodes: Vec<Rect>,
    /// By edge: its line, in two pieces where there is a label between them.
    pub(super) edges: Vec<Vec<Curve>>,
    /// By edge: the middle of its label.
    pub(super) labels: Vec<Option<Point>>,
    /// By cluster.
    pub(super) clusters: Vec<Cluster>,
}

/// A cluster with places.
#[derive(Clone, Debug, Default)]
pub(super) struct Cluster {
    pub(super) frame: Rect,
    /// The dot where it starts, and the line from it.
    pub(super) start: Option<(Point, Curve)>,
    /// The dot where it ends, and the lines to it with the states they come from.
    pub(super) end: Option<(Point, Vec<(usize, Curve)>)>,
}

/// What an element of one scope stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
    Node(usize),
    Label(usize),
    Start,
    End,
}

/// What an arrow of one scope stands for.
#[derive(Clone, Copy, Debug)]
enum Line {
    Edge(usize),
    Start,
    End(usize),
}

/// One scope, laid out from its own top left.
#[derive(Clone, Debug, Default)]
struct Scope {
    width: f64,
    height: f64,
    places: BTreeMap<Item, Rect>,
    lines: Vec<(Line, Curve)>,
}

/// Lays out a graph.
pub(super) fn lay_out(graph: &Graph) -> Result<Picture, GraphError> {
    if graph.nodes.len() > quota::LAID_OUT_STATES_MAX {
        return Err(GraphError::TooLarge(graph.nodes.len()));
    }
    // By node: its size, which is known once the scopes in it are laid out.
    let mut sizes: Vec<(f64, f64)> = graph.nodes.iter().map(own_size).collect();
    let mut scopes: Vec<Scope> = vec![Scope::default(); graph.clusters.len()];
    for idx in innermost_first(graph) {
        let scope = lay_out_scope(graph, idx, &sizes)?;
        let owner = graph.clusters.get(idx).and_then(|cluster| cluster.owner);
        if let Some(slot) = scopes.get_mut(idx) {
            *slot = scope;
        }
        if let Some(owner) = owner
            && let (Some(node), Some(size)) = (graph.nodes.get(owner), sizes.get_mut(owner))
        {
            *size = size_around(node, own_size(node), &scopes);
        }
    }
    let mut picture = Picture {
        nodes: vec![Rect::default(); graph.nodes.len()],
        edges: vec![Vec::new(); graph.edges.len()],
        labels: vec![None; graph.edges.len()],
        clusters: vec![Cluster::default(); graph.clusters.len()],
        ..Picture::default()
    };
    let root = scopes.first().cloned().unwrap_or_default();
    picture.width = root.width + 2.0 * PADDING;
    picture.height = root.height + 2.0 * PADDING;
    place(graph, &scopes, &mut picture);
    Ok(picture)
}

/// The clusters, those within others before these.
fn innermost_first(graph: &Graph) -> Vec<usize> {
    let mut order = Vec::new();
    let mut todo = vec![0];
    while let Some(idx) = todo.pop() {
        let Some(cluster) = graph.clusters.get(idx) else { continue };
        order.push(idx);
        let nodes = cluster.nodes.iter().filter_map(|node| graph.nodes.get(*node));
        todo.extend(nodes.flat_map(|node| &node.clusters));
    }
    order.reverse();
    order
}

/// The size of a state without anything in it.
fn own_size(node: &super::GraphNode) -> (f64, f64) {
    let chars = |text: &str| text.chars().count() as f64;
    let kind = node.kind.map_or("?", crate::spec::StateKind::name);
    let detail = node.detail.as_deref().unwrap_or(kind);
    let note = node.run.as_ref().map(super::NodeRun::note).unwrap_or_default();
    let second = chars(detail) + if note.is_empty() { 0.0 } else { chars(&note) + 3.0 };
    let width = (chars(&node.name) * NAME_CHAR).max(second * SMALL_CHAR) + 36.0;
    // The ends of a terminal state are round.
    let ends = if node.kind.is_some_and(crate::spec::StateKind::is_terminal) { 14.0 } else { 0.0 };
    ((width + ends).clamp(NODE_WIDTH_MIN, NODE_WIDTH_MAX), NODE_HEIGHT)
}

/// The size of a state around the scopes in it, which stand side by side.
fn size_around(node: &super::GraphNode, own: (f64, f64), scopes: &[Scope]) -> (f64, f64) {
    let inner = || node.clusters.iter().filter_map(|idx| scopes.get(*idx));
    let width: f64 = inner().map(|scope| scope.width + 3.0 * PADDING).sum::<f64>() + PADDING;
    let height = inner().map(|scope| scope.height).fold(0.0, f64::max);
    (own.0.max(width), HEADER_HEIGHT + TITLE_HEIGHT + height + 3.0 * PADDING)
}

/// Lays out one scope, its states being boxes of known sizes.
fn lay_out_scope(graph: &Graph, idx: usize, sizes: &[(f64, f64)]) -> Result<Scope, GraphError> {
    let Some(cluster) = graph.clusters.get(idx) else { return Ok(Scope::default()) };
    if cluster.nodes.is_empty() {
        return Ok(Scope { width: NODE_WIDTH_MIN, height: DOT, ..Scope::default() });
    }
    let mut drawing = Drawing::default();
    // From the start on, so that the first state is the first.
    if cluster.start.is_some() {
        drawing.add(Item::Start, (DOT, DOT), SMALL_HALO);
    }
    for node in in_order(graph, cluster) {
        drawing.add(
            Item::Node(node),
            sizes.get(node).copied().unwrap_or((NODE_WIDTH_MIN, NODE_HEIGHT)),
            NODE_HALO,
        );
    }
    if let Some(start) = cluster.start {
        drawing.connect(Line::Start, Item::Start, Item::Node(start), 0.0);
    }
    for (edge_idx, edge) in edges_in_order(graph, cluster) {
        let (from, to) = (Item::Node(edge.from), Item::Node(edge.to));
        if edge.label.is_empty() && edge.from != edge.to {
            drawing.connect(Line::Edge(edge_idx), from, to, 0.0);
            continue;
        }
        let chars = label_text(edge).chars().count() as f64;
        drawing.add(Item::Label(edge_idx), (chars * SMALL_CHAR + 12.0, LABEL_HEIGHT), SMALL_HALO);
        let offset = if edge.from == edge.to { LOOP_OFFSET } else { 0.0 };
        drawing.connect(Line::Edge(edge_idx), from, Item::Label(edge_idx), offset);
        drawing.connect(Line::Edge(edge_idx), Item::Label(edge_idx), to, offset);
    }
    let ends: Vec<usize> = cluster
        .nodes
        .iter()
        .copied()
        .filter(|node| graph.nodes.get(*node).is_some_and(|node| node.is_end))
        .collect();
    if !ends.is_empty() {
        drawing.add(Item::End, (DOT, DOT), SMALL_HALO);
        for node in ends {
            drawing.connect(Line::End(node), Item::Node(node), Item::End, 0.0);
        }
    }
    drawing.finish()
}

/// The edges of a cluster in the order in which an execution comes to them: where the graph has a circle, it is the
/// later edge that is drawn upwards.
fn edges_in_order<'a>(graph: &'a Graph, cluster: &super::GraphCluster) -> Vec<(usize, &'a super::GraphEdge)> {
    let mut of_node: Vec<Vec<(usize, &super::GraphEdge)>> = vec![Vec::new(); graph.nodes.len()];
    for (idx, edge) in graph.edges.iter().enumerate() {
        if let Some(edges) = of_node.get_mut(edge.from) {
            edges.push((idx, edge));
        }
    }
    let nodes = in_order(graph, cluster).into_iter();
    nodes.filter_map(|node| of_node.get_mut(node).map(std::mem::take)).flatten().collect()
}

/// The text of an edge's label.
pub(super) fn label_text(edge: &super::GraphEdge) -> String {
    let count = if edge.n_taken > 1 { format!("×{}", edge.n_taken) } else { String::new() };
    [edge.label.as_str(), &count].join(" ").trim().to_owned()
}

/// The states of a cluster in the order in which they are come to, then those that are not.
fn in_order(graph: &Graph, cluster: &super::GraphCluster) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    let mut is_known = vec![false; graph.nodes.len()];
    let starts = cluster.start.iter().chain(&cluster.nodes);
    for &start in starts {
        let mut todo = std::collections::VecDeque::from([start]);
        while let Some(node) = todo.pop_front() {
            match is_known.get_mut(node) {
                Some(known) if !*known => *known = true,
                _ => continue,
            }
            order.push(node);
            todo.extend(graph.edges.iter().filter(|edge| edge.from == node).map(|edge| edge.to));
        }
    }
    order
}

/// A scope on its way through the library.
struct Drawing {
    graph: VisualGraph,
    items: Vec<(Item, layout::adt::dag::NodeHandle)>,
    /// What each arrow stands for, what it leads from and to, and how far from the middles.
    lines: Vec<(Line, Item, Item, f64)>,
}

impl Default for Drawing {
    fn default() -> Self {
        Self { graph: VisualGraph::new(Orientation::TopToBottom), items: Vec::new(), lines: Vec::new() }
    }
}

impl Drawing {
    fn add(&mut self, item: Item, (width, height): (f64, f64), halo: f64) {
        let size = Spot::new(width, height);
        let shape = ShapeKind::new_box("");
        let mut element = Element::create(shape, StyleAttr::simple(), Orientation::TopToBottom, size);
        element.pos = Position::new(Spot::zero(), size, Spot::zero(), Spot::splat(halo));
        self.items.push((item, self.graph.add_node(element)));
    }

    fn connect(&mut self, line: Line, from: Item, to: Item, offset: f64) {
        let handle = |item| self.items.iter().find(|(other, _)| *other == item).map(|(_, handle)| *handle);
        if let (Some(tail), Some(head)) = (handle(from), handle(to)) {
            // The number comes back with the drawn line.
            let arrow = Arrow::simple_with_properties("", self.lines.len().to_string());
            self.lines.push((line, from, to, offset));
            self.graph.add_edge(arrow, tail, head);
        }
    }

    /// About how many elements the library has to order: a line takes one in every row that it goes through. Ranks are
    /// the longest ways from the top, without the lines that lead back.
    fn n_elements(&self) -> usize {
        let idx = |item: Item| self.items.iter().position(|(other, _)| *other == item);
        let lines: Vec<(usize, usize)> =
            self.lines.iter().filter_map(|(_, from, to, _)| Some((idx(*from)?, idx(*to)?))).collect();
        let mut below: Vec<Vec<usize>> = vec![Vec::new(); self.items.len()];
        for &(from, to) in &lines {
            if let Some(below) = below.get_mut(from) {
                below.push(to);
            }
        }
        // Depth first: what is met again while it is open is led back to.
        let (mut is_open, mut is_known) = (vec![false; below.len()], vec![false; below.len()]);
        let (mut order, mut leads_back) = (Vec::new(), std::collections::BTreeSet::new());
        for root in 0..below.len() {
            let mut todo = vec![(root, 0)];
            while let Some((node, at)) = todo.pop() {
                if at == 0 {
                    if is_known.get(node).copied().unwrap_or(true) {
                        continue;
                    }
                    set(&mut is_known, node, true);
                    set(&mut is_open, node, true);
                }
                match below.get(node).and_then(|below| below.get(at)) {
                    Some(&next) => {
                        todo.push((node, at + 1));
                        if is_open.get(next).copied().unwrap_or_default() {
                            leads_back.insert((node, next));
                        } else {
                            todo.push((next, 0));
                        }
                    }
                    None => {
                        set(&mut is_open, node, false);
                        order.push(node);
                    }
                }
            }
        }
        let mut ranks = vec![0_usize; below.len()];
        for &from in order.iter().rev() {
            let rank = ranks.get(from).copied().unwrap_or_default();
            for &to in below.get(from).into_iter().flatten() {
                if let Some(slot) = ranks.get_mut(to).filter(|_| !leads_back.contains(&(from, to))) {
                    *slot = (*slot).max(rank + 1);
                }
            }
        }
        let rank = |idx: usize| ranks.get(idx).copied().unwrap_or_default();
        self.items.len() + lines.iter().map(|(from, to)| rank(*from).abs_diff(rank(*to))).sum::<usize>()
    }

    /// Lays out. The library asserts what it expects of itself: where that fails, there is no picture.
    fn finish(mut self) -> Result<Scope, GraphError> {
        if self.n_elements() > ELEMENTS_MAX {
            return Err(GraphError::TooTangled);
        }
        let mut canvas = Canvas::default();
        let graph = &mut self.graph;
        catch_unwind(AssertUnwindSafe(|| graph.do_it(false, false, false, &mut canvas)))
            .map_err(|_| GraphError::Failed)?;
        let mut scope = Scope::default();
        for (item, handle) in &self.items {
            let (top_left, bottom_right) = self.graph.pos(*handle).bbox(false);
            let rect = Rect {
                x: top_left.x,
                y: top_left.y,
                width: bottom_right.x - top_left.x,
                height: bottom_right.y - top_left.y,
            };
            scope.places.insert(*item, rect);
        }
        self.settle(&mut scope.places, &mut canvas.arrows);
        for (number, points, is_reversed) in canvas.arrows {
            let Some((upper, lower, offset)) = self.ends(number, is_reversed) else { continue };
            let Some((line, ..)) = self.lines.get(number) else { continue };
            let (Some(upper), Some(lower)) = (scope.places.get(&upper), scope.places.get(&lower)) else {
                continue;
            };
            let half_row = |y: f64| half_row(&scope.places, y);
            let mut curve = falling(*upper, &points, *lower, offset, half_row);
            if is_reversed {
                curve.reverse();
            }
            scope.lines.push((*line, curve));
        }
        scope.move_to_origin();
        Ok(scope)
    }
}

impl Drawing {
    /// What an arrow is drawn from and to, downwards, and how far from the middles.
    fn ends(&self, number: usize, is_reversed: bool) -> Option<(Item, Item, f64)> {
        let (_, from, to, offset) = *self.lines.get(number)?;
        Some(if is_reversed { (to, from, -offset) } else { (from, to, offset) })
    }

    /// Moves boxes and the points that lines lead through sideways, to where lines are straighter.
    fn settle(&self, places: &mut BTreeMap<Item, Rect>, arrows: &mut [(usize, Vec<Point>, bool)]) {
        let items: Vec<Item> = places.keys().copied().collect();
        let mut elements: Vec<Settled> = places
            .iter()
            .map(|(item, rect)| Settled {
                x: rect.x + rect.width / 2.0,
                y: rect.y + rect.height / 2.0,
                half: rect.width / 2.0 + if matches!(item, Item::Node(_)) { NODE_GAP } else { SMALL_GAP },
            })
            .collect();
        let mut links = Vec::new();
        for (number, points, is_reversed) in &*arrows {
            let ends = self.ends(*number, *is_reversed);
            let places =
                ends.map(|(upper, lower, _)| (items.binary_search(&upper), items.binary_search(&lower)));
            let Some((Ok(upper), Ok(lower))) = places else { continue };
            let between = points.get(1..points.len().saturating_sub(1)).unwrap_or_default();
            let mut above = upper;
            for (at, point) in between.iter().enumerate() {
                links.push((above, elements.len(), if at == 0 { END_WEIGHT } else { WAY_WEIGHT }));
                above = elements.len();
                elements.push(Settled { x: point.x, y: point.y, half: SMALL_GAP });
            }
            links.push((above, lower, if between.is_empty() { 1.0 } else { END_WEIGHT }));
        }
        settle(&mut elements, &links);
        let mut moved = elements.into_iter().map(|element| element.x);
        for (rect, x) in places.values_mut().zip(moved.by_ref()) {
            rect.x = x - rect.width / 2.0;
        }
        for (number, points, is_reversed) in arrows {
            if self.ends(*number, *is_reversed).is_none() {
                continue;
            }
            let n_between = points.len().saturating_sub(2);
            for (point, x) in points.iter_mut().skip(1).take(n_between).zip(moved.by_ref()) {
                point.x = x;
            }
        }
    }
}

impl Scope {
    /// Moves everything so that the top left is the origin, and measures it.
    fn move_to_origin(&mut self) {
        let corners = self.places.values().flat_map(|rect| {
            [Point { x: rect.x, y: rect.y }, Point { x: rect.x + rect.width, y: rect.y + rect.height }]
        });
        let points: Vec<Point> =
            corners.chain(self.lines.iter().flat_map(|(_, curve)| curve.iter().copied())).collect();
        let least = |of: fn(&Point) -> f64| points.iter().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&Point) -> f64| points.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let (left, top) = (least(|point| point.x), least(|point| point.y));
        (self.width, self.height) = (most(|point| point.x) - left, most(|point| point.y) - top);
        for rect in self.places.values_mut() {
            rect.x -= left;
            rect.y -= top;
        }
        for (_, curve) in &mut self.lines {
            for point in curve {
                point.x -= left;
                point.y -= top;
            }
        }
    }
}

/// A line from the bottom of a box to the top of another, upright at every point it leads through and as long as it is
/// beside the boxes of that point's row. The library's own lines leave boxes at their sides and cross others there.
fn falling(upper: Rect, points: &[Point], lower: Rect, offset: f64, half_row: impl Fn(f64) -> f64) -> Curve {
    let middle = |rect: Rect| Point { x: rect.x + rect.width / 2.0 + offset, y: rect.y + rect.height / 2.0 };
    let between = points.get(1..points.len().saturating_sub(1)).unwrap_or_default();
    let (first, last) = (middle(upper), middle(lower));
    let mut stops = vec![
        Point { x: first.x, y: upper.y + upper.height },
        Point { x: first.x, y: first.y + half_row(first.y) },
    ];
    for point in between {
        let half = half_row(point.y);
        stops.extend([Point { x: point.x, y: point.y - half }, Point { x: point.x, y: point.y + half }]);
    }
    stops.extend([Point { x: last.x, y: last.y - half_row(last.y) }, Point { x: last.x, y: lower.y }]);
    let mut stops = stops.into_iter();
    let Some(mut at) = stops.next() else { return Vec::new() };
    let mut curve = vec![at];
    for next in stops {
        // A box as high as its row needs no way along it.
        if next == at {
            continue;
        }
        let half = (next.y - at.y) / 2.0;
        curve.extend([Point { x: at.x, y: at.y + half }, Point { x: next.x, y: next.y - half }, next]);
        at = next;
    }
    curve
}

/// Half the height of the row whose middle is at a height.
fn half_row(places: &BTreeMap<Item, Rect>, y: f64) -> f64 {
    let in_row = places.values().filter(|rect| (rect.y + rect.height / 2.0 - y).abs() < 1.0);
    in_row.map(|rect| rect.height / 2.0).fold(0.0, f64::max)
}

/// What the library draws on: only the lines are of interest.
#[derive(Default)]
struct Canvas {
    /// The number of an arrow, the points it leads through, and whether it was turned round to make the graph one
    /// without circles.
    arrows: Vec<(usize, Vec<Point>, bool)>,
}

impl RenderBackend for Canvas {
    fn draw_rect(&mut self, _: Spot, _: Spot, _: &StyleAttr, _: Option<String>, _: Option<ClipHandle>) {}

    fn draw_line(&mut self, _: Spot, _: Spot, _: &StyleAttr, _: Option<String>) {}

    fn draw_circle(&mut self, _: Spot, _: Spot, _: &StyleAttr, _: Option<String>) {}

    fn draw_text(&mut self, _: Spot, _: &str, _: &StyleAttr) {}

    fn draw_arrow(
        &mut self,
        path: &[(Spot, Spot)],
        _: bool,
        head: (bool, bool),
        _: &StyleAttr,
        properties: Option<String>,
        _: &str,
    ) {
        let Some(number) = properties.and_then(|number| number.parse().ok()) else { return };
        // The first pair is the start and its control point, the others a control point and an end.
        let point = |spot: &Spot| Point { x: spot.x, y: spot.y };
        let Some(((start, _), rest)) = path.split_first() else { return };
        let ends = rest.iter().map(|(_, end)| point(end));
        self.arrows.push((number, std::iter::once(point(start)).chain(ends).collect(), head.0));
    }

    fn create_clip(&mut self, _: Spot, _: Spot, _: usize) -> ClipHandle {
        0
    }
}

/// Puts all scopes at their places, from the outermost to the innermost.
fn place(graph: &Graph, scopes: &[Scope], picture: &mut Picture) {
    let mut todo = vec![(0, Point { x: PADDING, y: PADDING })];
    while let Some((idx, origin)) = todo.pop() {
        let Some(scope) = scopes.get(idx) else { continue };
        for (item, rect) in &scope.places {
            let rect = Rect { x: rect.x + origin.x, y: rect.y + origin.y, ..*rect };
            let middle = Point { x: rect.x + rect.width / 2.0, y: rect.y + rect.height / 2.0 };
            match *item {
                Item::Node(node) => {
                    if let Some(slot) = picture.nodes.get_mut(node) {
                        *slot = rect;
                    }
                    let Some(node) = graph.nodes.get(node) else { continue };
                    todo.extend(inside(node, rect, scopes, picture));
                }
                Item::Label(edge) => {
                    if let Some(slot) = picture.labels.get_mut(edge) {
                        *slot = Some(middle);
                    }
                }
                Item::Start => {
                    if let Some(cluster) = picture.clusters.get_mut(idx) {
                        cluster.start = Some((middle, Vec::new()));
                    }
                }
                Item::End => {
                    if let Some(cluster) = picture.clusters.get_mut(idx) {
                        cluster.end = Some((middle, Vec::new()));
                    }
                }
            }
        }
        for (line, curve) in &scope.lines {
            let moved = curve.iter().map(|point| Point { x: point.x + origin.x, y: point.y + origin.y });
            let curve: Curve = moved.collect();
            let cluster = picture.clusters.get_mut(idx);
            match (*line, cluster) {
                (Line::Edge(edge), _) => {
                    if let Some(curves) = picture.edges.get_mut(edge) {
                        curves.push(curve);
                    }
                }
                (Line::Start, Some(Cluster { start: Some((_, slot)), .. })) => *slot = curve,
                (Line::End(node), Some(Cluster { end: Some((_, curves)), .. })) => curves.push((node, curve)),
                _ => {}
            }
        }
    }
}

/// The scopes within a state, with their origins. Their frames are noted.
fn inside(
    node: &super::GraphNode,
    rect: Rect,
    scopes: &[Scope],
    picture: &mut Picture,
) -> Vec<(usize, Point)> {
    let frames = node.clusters.iter().filter_map(|idx| Some((*idx, scopes.get(*idx)?)));
    let frames: Vec<(usize, &Scope)> = frames.collect();
    let needed: f64 = frames.iter().map(|(_, scope)| scope.width + 3.0 * PADDING).sum::<f64>() + PADDING;
    let mut x = rect.x + (rect.width - needed) / 2.0 + PADDING;
    let mut origins = Vec::new();
    for (idx, scope) in frames {
        let frame = Rect {
            x,
            y: rect.y + HEADER_HEIGHT,
            width: scope.width + 2.0 * PADDING,
            height: rect.height - HEADER_HEIGHT - PADDING,
        };
        if let Some(cluster) = picture.clusters.get_mut(idx) {
            cluster.frame = frame;
        }
        origins.push((idx, Point { x: x + PADDING, y: frame.y + TITLE_HEIGHT + PADDING / 2.0 }));
        x += frame.width + PADDING;
    }
    origins
}
