//! The names that a definition gives and uses: of states and of variables, each with all its places.
//!
//! A state's name belongs to the scope whose transitions may give it. A variable belongs to the outermost scope that
//! assigns it, as far as the scopes see each other: an inner scope reads the variables around it, except in a
//! distributed Map, whose items are executions of their own.
//!
//! Specification: <https://states-language.net/spec.html#variables>.

use std::collections::{BTreeMap, BTreeSet};

use super::Analysis;
use super::context::{Context, Role, walk};
use super::expressions::{Expression, ExpressionLanguage, expression};
use super::path_tokens::{PathTokenKind, path_tokens};
use crate::expr::jsonata;
use crate::model::ScopeId;
use crate::spec::context::STATES_VARIABLE;
use crate::spec::{Field, ValueKind, field_value};
use crate::syntax::{Node, NodeId};
use crate::text::{TextRange, TextSize};

/// What a name is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Symbol {
    /// A state of a scope, whether or not it is there.
    State {
        /// The scope.
        scope: ScopeId,
        /// The state's name.
        name: String,
    },
    /// A variable, whether or not something assigns it.
    Variable {
        /// The object with the `StartAt` and `States` of the outermost scope that has it.
        scope: NodeId,
        /// The variable's name, without the `$`.
        name: String,
    },
}

/// What a name does at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// It is a state's key, or assigns a variable.
    Definition,
    /// It refers to it.
    Reference,
}

/// A place where a name stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// Where the name is in the document, without quotes and `$`.
    pub(super) range: TextRange,
    /// The string it stands in.
    pub(super) node: NodeId,
    /// Where it is in the string's decoded text.
    pub(super) in_string: TextRange,
    /// What it is the name of.
    pub(super) symbol: Symbol,
    /// What it does.
    pub(super) used: Use,
}

/// All names of a document.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    /// In the order of the text.
    pub(super) occurrences: Vec<Occurrence>,
    /// The scope around each scope whose variables it sees.
    outer: BTreeMap<NodeId, NodeId>,
}

impl Symbols {
    /// The name that an offset touches.
    pub(super) fn at(&self, offset: TextSize) -> Option<&Occurrence> {
        let is_at = |it: &&Occurrence| it.range.touches(offset);
        // The quotes around the name of a state count, too.
        let is_beside = |it: &&Occurrence| {
            let quoted = TextRange::new(it.range.start().saturating_sub(1), it.range.end() + 1);
            matches!(it.symbol, Symbol::State { .. }) && quoted.touches(offset)
        };
        self.occurrences.iter().find(is_at).or_else(|| self.occurrences.iter().find(is_beside))
    }

    /// All places of a name, in the order of the text.
    pub(super) fn of<'s>(&'s self, symbol: &'s Symbol) -> impl Iterator<Item = &'s Occurrence> {
        self.occurrences.iter().filter(move |it| it.symbol == *symbol)
    }

    /// Whether a variable of one of the scopes could be seen where one of the other can.
    pub(super) fn see_each_other(&self, a: NodeId, b: NodeId) -> bool {
        self.outwards(a).any(|scope| scope == b) || self.outwards(b).any(|scope| scope == a)
    }

    fn outwards(&self, scope: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(Some(scope), |scope| self.outer.get(scope).copied())
    }
}

pub(super) fn symbols(analysis: &Analysis) -> Symbols {
    let mut occurrences = states(analysis);
    let mut outer = BTreeMap::new();
    let mut found = Vec::new();
    if let Some(root) = analysis.parse().root() {
        walk(root, |ctx, member, node| {
            if ctx.scope == Some(node) {
                note_scope(ctx, node, &mut outer);
            }
            assigned(ctx, node, &mut found);
            if let Some(expression) = expression(ctx, member, node) {
                read(ctx, &expression, &mut found);
            }
            true
        });
    }
    let mut symbols = Symbols { occurrences: Vec::new(), outer };
    let names: BTreeSet<(NodeId, &str)> =
        found.iter().filter(|it| it.used == Use::Definition).map(|it| (it.scope, it.name.as_str())).collect();
    let assigned_anywhere: BTreeSet<&str> = names.iter().map(|(_, name)| *name).collect();
    for it in &found {
        // A function is called, unless the machine has a variable of that name.
        if it.is_builtin && !assigned_anywhere.contains(it.name.as_str()) {
            continue;
        }
        let mut scopes: Vec<NodeId> = symbols.outwards(it.scope).collect();
        let outermost = scopes.last().copied().unwrap_or(it.scope);
        scopes.retain(|scope| names.contains(&(*scope, it.name.as_str())));
        let scope = scopes.last().copied().unwrap_or(outermost);
        occurrences.push(Occurrence {
            range: it.range,
            node: it.node,
            in_string: it.in_string,
            symbol: Symbol::Variable { scope, name: it.name.clone() },
            used: it.used,
        });
    }
    occurrences.sort_by_key(|it| it.range);
    symbols.occurrences = occurrences;
    symbols
}

/// A variable's name at a place, before it is known which scope has it.
struct Found {
    scope: NodeId,
    name: String,
    range: TextRange,
    node: NodeId,
    in_string: TextRange,
    used: Use,
    is_builtin: bool,
}

fn states(analysis: &Analysis) -> Vec<Occurrence> {
    let (parse, lowered) = (analysis.parse(), analysis.lowered());
    let occurrence = |node: Node<'_>, scope: ScopeId, used: Use| {
        let decoded = node.decoded()?;
        let in_string = TextRange::from_usize(0..decoded.text.len());
        Some(Occurrence {
            range: decoded.to_source(in_string),
            node: node.id(),
            in_string,
            symbol: Symbol::State { scope, name: decoded.text.into_owned() },
            used,
        })
    };
    let keys = lowered.machine.all_states().filter_map(|(id, state)| {
        occurrence(lowered.source_map.state_key(parse, id)?, state.scope, Use::Definition)
    });
    let uses = lowered.source_map.state_name_uses().iter();
    keys.chain(uses.filter_map(|it| occurrence(parse.node(it.node), it.scope, Use::Reference))).collect()
}

/// Notes which scope's variables a scope sees.
fn note_scope(ctx: &Context<'_>, scope: Node<'_>, outer: &mut BTreeMap<NodeId, NodeId>) {
    let mode =
        scope.value_of(Field::ProcessorConfig.name()).and_then(|config| config.value_of(Field::Mode.name()));
    if mode.and_then(Node::text).is_some_and(|mode| mode == field_value::DISTRIBUTED) {
        return;
    }
    // The state that the scope is in is still noted; the object of its `States` has the scope around.
    let around =
        ctx.state.and_then(|state| state.node().parent()).and_then(Node::parent).and_then(Node::parent);
    if let Some(around) = around.filter(|around| *around != scope) {
        outer.insert(scope.id(), around.id());
    }
}

/// The variables that an object assigns.
fn assigned(ctx: &Context<'_>, node: Node<'_>, found: &mut Vec<Found>) {
    let is_variables = matches!(ctx.role, Role::Template)
        && ctx.template == Some(node)
        && ctx.field.is_some_and(|spec| spec.value == ValueKind::Variables);
    let Some(scope) = ctx.scope.filter(|_| is_variables) else { return };
    for member in node.members() {
        let key = member.key_node();
        let Some(decoded) = key.decoded() else { continue };
        let name = decoded.text.strip_suffix(".$").unwrap_or(&decoded.text);
        if name.is_empty() {
            continue;
        }
        let in_string = TextRange::from_usize(0..name.len());
        found.push(Found {
            scope: scope.id(),
            name: name.to_owned(),
            range: decoded.to_source(in_string),
            node: key.id(),
            in_string,
            used: Use::Definition,
            is_builtin: false,
        });
    }
}

/// The variables that an expression reads.
fn read(ctx: &Context<'_>, expression: &Expression<'_>, found: &mut Vec<Found>) {
    let Some(scope) = ctx.scope else { return };
    let mut add = |range: TextRange, is_builtin: bool| {
        // Without the `$`.
        let range = TextRange::new(range.start() + 1, range.end());
        let Some(name) = expression.text().get(range.to_usize()).filter(|name| !name.is_empty()) else {
            return;
        };
        found.push(Found {
            scope: scope.id(),
            name: name.to_owned(),
            range: expression.to_source(range),
            node: expression.node.id(),
            in_string: expression.in_string(range),
            used: Use::Reference,
            is_builtin,
        });
    };
    match expression.language {
        ExpressionLanguage::JsonPath => {
            let tokens = path_tokens(expression.text());
            tokens.iter().filter(|it| it.kind == PathTokenKind::Variable).for_each(|it| add(it.range, false));
        }
        ExpressionLanguage::Jsonata => {
            let (ast, _) = jsonata::parse(expression.text());
            for reference in ast.references() {
                if reference.variable.text != STATES_VARIABLE {
                    add(reference.variable.range, reference.builtin.is_some());
                }
            }
        }
        ExpressionLanguage::DynamoDb(_) => {}
    }
}
