//! What parsers write a tree into.

use std::ops::Range;

use super::tree::{
    Format, NONE, NodeData, NodeKind, Origin, Parse, SyntaxError, SyntaxErrorKind, Token, TokenKind,
};
use crate::text::{SourceText, TextRange, TextSize};

/// Builds a [`Parse`] from the outside in, in the order of the text.
pub(super) struct TreeBuilder {
    parse: Parse,
    /// The open nodes, each with its last child so far.
    open: Vec<(u32, u32)>,
}

impl TreeBuilder {
    pub(super) fn new(source: SourceText, format: Format) -> Self {
        // A definition in JSON has a token for about every four bytes; of YAML, tokens are not kept.
        let n_tokens = source.len() as usize / 4;
        let parse = Parse {
            source,
            format,
            nodes: Vec::with_capacity(n_tokens / 2),
            tokens: Vec::with_capacity(if format == Format::Json { n_tokens } else { 0 }),
            ..Parse::default()
        };
        Self { parse, open: Vec::new() }
    }

    pub(super) fn token(&mut self, kind: TokenKind, start: usize) {
        self.parse.tokens.push(Token { kind, start: size(start) });
    }

    pub(super) fn error(&mut self, kind: SyntaxErrorKind, range: TextRange) {
        self.parse.errors.push(SyntaxError { kind, range });
    }

    /// Opens a node; those that follow are its children, until it is closed. Returns its number.
    pub(super) fn open(&mut self, kind: NodeKind, start: TextSize) -> u32 {
        let id = self.add(kind, TextRange::empty(start));
        self.open.push((id, NONE));
        id
    }

    /// Closes the node opened last.
    pub(super) fn close(&mut self, end: TextSize) {
        let Some((id, _)) = self.open.pop() else { return };
        if let Some(node) = self.parse.nodes.get_mut(id as usize) {
            node.range = TextRange::new(node.range.start(), end);
        }
    }

    /// A node without children. Returns its number.
    pub(super) fn leaf(&mut self, kind: NodeKind, range: TextRange) -> u32 {
        self.add(kind, range)
    }

    /// How many nodes there are: the number of the next one.
    pub(super) fn len(&self) -> u32 {
        size(self.parse.nodes.len())
    }

    /// Whether there are no nodes.
    pub(super) fn is_empty(&self) -> bool {
        self.parse.nodes.is_empty()
    }

    /// Says what text a string stands for, where that cannot be told from how it is written.
    pub(super) fn set_text(&mut self, id: u32, text: String) {
        let Some(range) = self.parse.nodes.get(id as usize).map(|node| node.range) else { return };
        let text = Some(text.into_boxed_str());
        self.parse.origins.insert(id, Origin { written: range, text, is_copy: false });
    }

    /// Adds a copy of nodes that are closed, the first being the one that the others are in. They stand at `place`.
    pub(super) fn copy(&mut self, nodes: Range<u32>, place: TextRange) {
        let Some(&first) = self.parse.nodes.get(nodes.start as usize) else { return };
        let root = self.add(first.kind, place);
        let moved = |id: u32| if id == NONE { NONE } else { id - nodes.start + root };
        for id in nodes.clone() {
            let Some(&node) = self.parse.nodes.get(id as usize) else { return };
            if id > nodes.start {
                let parent = moved(node.parent);
                let next_sibling = moved(node.next_sibling);
                self.parse.nodes.push(NodeData { range: place, parent, next_sibling, ..node });
            }
            if let Some(copy) = self.parse.nodes.get_mut(moved(id) as usize) {
                copy.first_child = moved(node.first_child);
            }
            let known = self.parse.origins.get(&id);
            let written = known.map_or(node.range, |origin| origin.written);
            let text = known.and_then(|origin| origin.text.clone());
            self.parse.origins.insert(moved(id), Origin { written, text, is_copy: true });
        }
    }

    /// The members of a closed mapping that an open one has not, each with what is in it.
    pub(super) fn members_to_merge(&self, into: u32, from: u32) -> Vec<Range<u32>> {
        let node = |id: u32| self.parse.node(super::NodeId(id));
        let keys: Vec<_> = node(into).members().map(|member| member.key().into_owned()).collect();
        let missing = node(from).members().filter(|member| !keys.contains(&member.key().into_owned()));
        let last_of = |mut last: u32| {
            while let Some(child) = node(last).children().last() {
                last = child.id().0;
            }
            last
        };
        missing.map(|member| member.node().id().0..last_of(member.node().id().0) + 1).collect()
    }

    pub(super) fn finish(mut self) -> Parse {
        self.parse.errors.sort_by_key(|error| error.range);
        self.parse
    }

    fn add(&mut self, kind: NodeKind, range: TextRange) -> u32 {
        let id = size(self.parse.nodes.len());
        let parent = self.open.last().map_or(NONE, |open| open.0);
        self.parse.nodes.push(NodeData { kind, range, parent, first_child: NONE, next_sibling: NONE });
        if let Some((parent, last_child)) = self.open.last_mut() {
            let before = if *last_child == NONE { *parent } else { *last_child };
            let follows_sibling = *last_child != NONE;
            *last_child = id;
            if let Some(node) = self.parse.nodes.get_mut(before as usize) {
                *(if follows_sibling { &mut node.next_sibling } else { &mut node.first_child }) = id;
            }
        }
        id
    }
}

pub(super) fn size(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
