//! The way between the model and the text.

use super::{Expression, FieldPath, ScopeId, Slot, StateId};
use crate::expr::jsonata::delimited;
use crate::spec::{Field, Owner, QueryLanguage};
use crate::syntax::{Node, NodeId, Parse};
use crate::text::{TextRange, TextSize};

/// Where everything of a model stands in its [`Parse`]. Valid with that parse only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    /// By [`StateId`]: the member of `States` that holds it.
    pub(super) states: Vec<NodeId>,
    /// By [`ScopeId`]: the object that holds `StartAt` and `States`.
    pub(super) scopes: Vec<NodeId>,
    /// By [`SlotId`](super::SlotId): the string that holds the expression.
    pub(super) slots: Vec<NodeId>,
    /// Every object of the language, by node.
    pub(super) objects: Vec<ObjectInfo>,
    /// Every place that names a state.
    pub(super) state_names: Vec<StateNameUse>,
}

/// What an object of a document is in the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectInfo {
    /// The object.
    pub node: NodeId,
    /// Which fields it may have; none for a state without a type.
    pub owner: Option<Owner>,
    /// The language of its expressions.
    pub query_language: QueryLanguage,
    /// The scope whose states its transitions name.
    pub scope: ScopeId,
    /// The state it is, or is a part of.
    pub state: Option<StateId>,
}

/// A string that names a state: `Next`, `Default` or `StartAt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateNameUse {
    /// The string.
    pub node: NodeId,
    /// The field it is the value of.
    pub field: Field,
    /// The scope in which the name is looked up.
    pub scope: ScopeId,
    /// The state of that name, if there is one.
    pub target: Option<StateId>,
}

impl SourceMap {
    /// The member of `States` that holds a state: its key is the name, its value the object.
    pub fn state_member(&self, id: StateId) -> Option<NodeId> {
        self.states.get(id.0 as usize).copied()
    }

    /// The string that is a state's name.
    pub fn state_key<'a>(&self, parse: &'a Parse, id: StateId) -> Option<Node<'a>> {
        parse.node(self.state_member(id)?).children().next()
    }

    /// The object that is a state.
    pub fn state_node<'a>(&self, parse: &'a Parse, id: StateId) -> Option<Node<'a>> {
        parse.node(self.state_member(id)?).children().nth(1)
    }

    /// The object that holds a scope's `StartAt` and `States`.
    pub fn scope_node<'a>(&self, parse: &'a Parse, id: ScopeId) -> Option<Node<'a>> {
        self.scopes.get(id.0 as usize).map(|&node| parse.node(node))
    }

    /// What an object is in the language.
    pub fn object(&self, node: NodeId) -> Option<&ObjectInfo> {
        let idx = self.objects.binary_search_by_key(&node, |info| info.node).ok()?;
        self.objects.get(idx)
    }

    /// All objects of the language, in the order of the text.
    pub fn objects(&self) -> &[ObjectInfo] {
        &self.objects
    }

    /// All places that name a state, in the order of the text.
    pub fn state_name_uses(&self) -> &[StateNameUse] {
        &self.state_names
    }

    /// The innermost state whose member touches an offset.
    pub fn state_at(&self, parse: &Parse, offset: TextSize) -> Option<StateId> {
        let mut node = parse.node_at(offset);
        while let Some(at) = node {
            let member = self.states.iter().position(|&member| member == at.id());
            if let Some(idx) = member.and_then(|idx| u32::try_from(idx).ok()) {
                return Some(StateId(idx));
            }
            node = at.parent();
        }
        None
    }

    /// The value that a field path leads to from a state, or the part of it that exists: of the longest prefix.
    pub fn field_node<'a>(&self, parse: &'a Parse, id: StateId, field: &FieldPath) -> Option<Node<'a>> {
        let mut node = self.state_node(parse, id)?;
        let mut rest = field.as_str();
        'keys: while !rest.is_empty() {
            // Keys may contain slashes: try the longest key first that exists.
            let ends = rest.match_indices('/').map(|(at, _)| at).chain([rest.len()]);
            for end in ends.collect::<Vec<_>>().into_iter().rev() {
                let (key, after) = rest.split_at(end);
                let child = if node.is_array() {
                    key.parse().ok().and_then(|idx| node.element(idx))
                } else {
                    node.value_of(key)
                };
                if let Some(child) = child {
                    node = child;
                    rest = after.strip_prefix('/').unwrap_or_default();
                    continue 'keys;
                }
            }
            break;
        }
        Some(node)
    }

    /// The string that holds an expression, and where a part of the expression is in the document. `range` is relative
    /// to the text of the expression, which for JSONata is without its delimiters.
    pub fn slot_range<'a>(
        &self,
        parse: &'a Parse,
        slot: &Slot,
        range: TextRange,
    ) -> Option<(Node<'a>, TextRange)> {
        let node = parse.node(*self.slots.get(slot.id.0 as usize)?);
        let Some(decoded) = node.decoded() else { return Some((node, node.range())) };
        let start = match &slot.expr {
            Expression::JsonPath(_) => 0,
            Expression::Jsonata(_) => delimited(&decoded.text).map_or(0, |(_, inner)| inner.start()),
        };
        let range = decoded.to_source(TextRange::new(range.start() + start, range.end() + start));
        // An empty range cannot be seen.
        Some((node, if range.is_empty() { node.range() } else { range }))
    }

    /// The range of a part of an expression: `range` is relative to the decoded text of the field's string.
    pub fn expression_range(
        &self,
        parse: &Parse,
        id: StateId,
        field: &FieldPath,
        range: TextRange,
    ) -> Option<TextRange> {
        let node = self.field_node(parse, id, field)?;
        Some(node.decoded().map_or(node.range(), |decoded| decoded.to_source(range)))
    }
}
