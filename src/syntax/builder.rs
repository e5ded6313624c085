//! What parsers write a tree into.

use super::tree::{NONE, NodeData, NodeKind, Parse, SyntaxError, SyntaxErrorKind, Token, TokenKind};
use crate::text::{SourceText, TextRange, TextSize};

/// Builds a [`Parse`] from the outside in, in the order of the text.
pub(super) struct TreeBuilder {
    parse: Parse,
    /// The open nodes, each with its last child so far.
    open: Vec<(u32, u32)>,
}

impl TreeBuilder {
    pub(super) fn new(source: SourceText) -> Self {
        // A definition has a token for about every four bytes.
        let n_tokens = source.len() as usize / 4;
        let parse = Parse {
            source,
            nodes: Vec::with_capacity(n_tokens / 2),
            tokens: Vec::with_capacity(n_tokens),
            errors: Vec::new(),
        };
        Self { parse, open: Vec::new() }
    }

    pub(super) fn token(&mut self, kind: TokenKind, start: usize) {
        self.parse.tokens.push(Token { kind, start: size(start) });
    }

    pub(super) fn error(&mut self, kind: SyntaxErrorKind, range: TextRange) {
        self.parse.errors.push(SyntaxError { kind, range });
    }

    /// Opens a node; those that follow are its children, until it is closed.
    pub(super) fn open(&mut self, kind: NodeKind, start: TextSize) {
        let id = self.add(kind, TextRange::empty(start));
        self.open.push((id, NONE));
    }

    /// Closes the node opened last.
    pub(super) fn close(&mut self, end: TextSize) {
        let Some((id, _)) = self.open.pop() else { return };
        if let Some(node) = self.parse.nodes.get_mut(id as usize) {
            node.range = TextRange::new(node.range.start(), end);
        }
    }

    /// A node without children.
    pub(super) fn leaf(&mut self, kind: NodeKind, range: TextRange) {
        self.add(kind, range);
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
