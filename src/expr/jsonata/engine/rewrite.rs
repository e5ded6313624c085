//! Changes to the engine's tree that keep its work within bounds and its time the caller's.
//!
//! The engine bounds time, depth and the length of sequences, but not how large strings and nested values get, and it
//! reads the clock. So what is put together goes through a host function that measures it, and `$now` becomes a
//! variable.

use std::collections::BTreeSet;

use jsonata_core::ast::{AstNode, BinaryOp, Stage};

use super::host::Host;

/// A variable that no expression can name, for the time.
pub(super) const NOW: &str = "asl now";
/// A name that nothing is bound to, in place of `$eval`.
const ABSENT: &str = "asl absent";

/// Changes what the engine would do without bounds, or with the clock.
pub(super) struct Rewrite {
    /// Names that the expression itself gives a meaning; they are left alone.
    pub(super) assigned: BTreeSet<String>,
    pub(super) hosts: BTreeSet<Host>,
}

impl Rewrite {
    /// Rewrites a node. What stands after `~>` must stay a call, so `guardable` is false there.
    pub(super) fn node(&mut self, node: &mut AstNode, guardable: bool) {
        match node {
            AstNode::Binary { op: BinaryOp::ChainPipe, lhs, rhs } => {
                self.node(lhs, true);
                self.node(rhs, false);
            }
            AstNode::FunctionApplication(inner) => self.node(inner, false),
            _ => {
                // A call that is a step of a path stays one: `$map(…)[]` keeps arrays of one element.
                let guardable = !matches!(node, AstNode::Path { .. });
                for child in children_mut(node) {
                    self.node(child, guardable);
                }
            }
        }
        let guard_call = guardable && multiplies(node);
        match node {
            AstNode::Variable(name) | AstNode::Function { name, .. } if self.assigned.contains(name) => {}
            AstNode::Variable(name) if name == "eval" => *name = ABSENT.to_owned(),
            AstNode::Variable(name) | AstNode::Function { name, is_builtin: true, .. }
                if name == "distinct" =>
            {
                self.hosts.insert(Host::Distinct);
                *name = Host::Distinct.name().to_owned();
            }
            AstNode::Variable(name) => self.hosts.extend(Host::named(name)),
            AstNode::Function { name, args, is_builtin: true } => match name.as_str() {
                "eval" => *name = ABSENT.to_owned(),
                "now" => {
                    self.hosts.insert(Host::Now);
                    *name = "fromMillis".to_owned();
                    args.insert(0, AstNode::Variable(NOW.to_owned()));
                }
                "millis" if args.is_empty() => {
                    self.hosts.insert(Host::Now);
                    *node = AstNode::Variable(NOW.to_owned());
                }
                "join" | "replace" if guard_call => {
                    self.check_product(args, 0);
                    self.guard(node);
                }
                "string" => args.iter_mut().take(1).for_each(|arg| self.guard_part(arg)),
                "reduce" if guardable && args.len() == 2 => reduce_nothing_to_nothing(node),
                _ if guard_call => self.guard(node),
                other => self.hosts.extend(Host::named(other)),
            },
            AstNode::Binary { op: BinaryOp::Concatenate, lhs, rhs } => {
                self.guard_part(lhs);
                self.guard_part(rhs);
            }
            AstNode::Binary { op: BinaryOp::ChainPipe, lhs, rhs } if is_string_function(rhs) => {
                self.guard_part(lhs)
            }
            AstNode::Binary { op: BinaryOp::ChainPipe, lhs, rhs } if multiplies(rhs) => {
                if let AstNode::Function { name, args, .. } = rhs.as_mut()
                    && matches!(name.as_str(), "join" | "replace")
                {
                    let mut all = vec![std::mem::replace(lhs.as_mut(), AstNode::Null)];
                    all.append(args);
                    self.check_product(&mut all, 0);
                    let mut all = all.into_iter();
                    **lhs = all.next().unwrap_or(AstNode::Undefined);
                    args.extend(all);
                }
                self.guard(node);
            }
            AstNode::Object(pairs) => pairs.iter_mut().for_each(|(_, value)| self.guard_part(value)),
            AstNode::ObjectTransform { pattern, .. } => {
                pattern.iter_mut().for_each(|(_, value)| self.guard_part(value));
            }
            AstNode::Array(items) => items.iter_mut().for_each(|item| self.guard_part(item)),
            _ => {}
        }
    }

    /// Puts a node through the host function that measures results.
    fn guard(&mut self, node: &mut AstNode) {
        self.hosts.insert(Host::Measure);
        let inner = std::mem::replace(node, AstNode::Null);
        *node = call(Host::Measure, vec![inner]);
    }

    /// Guards a part of an array, object or text, unless it is small or guarded within. A value that is put in twice, over
    /// and over, would grow as 2^n.
    fn guard_part(&mut self, node: &mut AstNode) {
        match node {
            AstNode::Variable(_)
            | AstNode::ParentVariable(_)
            | AstNode::Path { .. }
            | AstNode::Call { .. }
            | AstNode::Block(_)
            | AstNode::Conditional { .. }
            | AstNode::Sort { .. }
            | AstNode::Binary { op: BinaryOp::ChainPipe | BinaryOp::Default | BinaryOp::Coalesce, .. } => {
                self.guard(node);
            }
            AstNode::Function { name, .. } if name != Host::Measure.name() => self.guard(node),
            _ => {}
        }
    }

    /// Has the size of what `$join` or `$replace` may make checked beforehand: the length of its first argument times
    /// that of its last.
    fn check_product(&mut self, args: &mut [AstNode], first: usize) {
        if let Some(AstNode::Lambda { body, .. }) = args.last_mut() {
            self.guard(body);
            return;
        }
        let last = match args.split_last() {
            Some((last @ (AstNode::String(_) | AstNode::Variable(_) | AstNode::Path { .. }), before))
                if before.len() > first =>
            {
                last.clone()
            }
            _ => return,
        };
        if let Some(text) = args.get_mut(first) {
            self.hosts.insert(Host::Product);
            let inner = std::mem::replace(text, AstNode::Null);
            *text = call(Host::Product, vec![inner, last]);
        }
    }
}

fn is_string_function(node: &AstNode) -> bool {
    matches!(node, AstNode::Function { name, .. } | AstNode::Variable(name) if name == "string")
}

fn call(host: Host, args: Vec<AstNode>) -> AstNode {
    AstNode::Function { name: host.name().to_owned(), args, is_builtin: true }
}

/// Whether the node calls a function whose result can be much larger than what it is given.
fn multiplies(node: &AstNode) -> bool {
    match node {
        AstNode::Function { name, args, is_builtin: true } => {
            matches!(name.as_str(), "join" | "replace" | "map" | "each" | "zip")
                && !args.iter().any(|arg| matches!(arg, AstNode::Placeholder))
        }
        _ => false,
    }
}

/// `$reduce(list, f)` of an empty list is undefined; the engine says null.
fn reduce_nothing_to_nothing(node: &mut AstNode) {
    const LIST: &str = "asl list";
    let AstNode::Function { args, .. } = node else { return };
    if args.iter().any(|arg| matches!(arg, AstNode::Placeholder)) {
        return;
    }
    let Some(list) = args.first_mut() else { return };
    let list = std::mem::replace(list, AstNode::Variable(LIST.to_owned()));
    let variable = || AstNode::Variable(LIST.to_owned());
    let reduce = std::mem::replace(node, AstNode::Null);
    let count = AstNode::Function { name: "count".to_owned(), args: vec![variable()], is_builtin: true };
    *node = AstNode::Block(vec![
        AstNode::Binary { op: BinaryOp::ColonEqual, lhs: Box::new(variable()), rhs: Box::new(list) },
        AstNode::Conditional { condition: Box::new(count), then_branch: Box::new(reduce), else_branch: None },
    ]);
}

fn children_mut(node: &mut AstNode) -> Vec<&mut AstNode> {
    match node {
        AstNode::Path { steps } => steps
            .iter_mut()
            .flat_map(|step| {
                let filters = step.stages.iter_mut().filter_map(|stage| match stage {
                    Stage::Filter(node) => Some(node.as_mut()),
                    Stage::KeepArray | Stage::Index(_) => None,
                });
                std::iter::once(&mut step.node).chain(filters).collect::<Vec<_>>()
            })
            .collect(),
        AstNode::Binary { lhs, rhs, .. } => vec![lhs, rhs],
        AstNode::Unary { operand, .. } => vec![operand],
        AstNode::Function { args, .. } => args.iter_mut().collect(),
        AstNode::Call { procedure, args } => std::iter::once(procedure.as_mut()).chain(args).collect(),
        AstNode::Lambda { body, .. } => vec![body],
        AstNode::Array(items) | AstNode::Block(items) | AstNode::ArrayGroup(items) => {
            items.iter_mut().collect()
        }
        AstNode::Object(pairs) => pairs.iter_mut().flat_map(|(key, value)| [key, value]).collect(),
        AstNode::ObjectTransform { input, pattern } => std::iter::once(input.as_mut())
            .chain(pattern.iter_mut().flat_map(|(key, value)| [key, value]))
            .collect(),
        AstNode::Conditional { condition, then_branch, else_branch } => {
            [condition, then_branch].into_iter().chain(else_branch).map(AsMut::as_mut).collect()
        }
        AstNode::FunctionApplication(inner) => vec![inner],
        AstNode::Sort { input, terms } => {
            std::iter::once(input.as_mut()).chain(terms.iter_mut().map(|(term, _)| term)).collect()
        }
        AstNode::Transform { location, update, delete } => {
            [location, update].into_iter().chain(delete).map(AsMut::as_mut).collect()
        }
        AstNode::String(_)
        | AstNode::Name(_)
        | AstNode::Number(_)
        | AstNode::Boolean(_)
        | AstNode::Null
        | AstNode::Undefined
        | AstNode::Placeholder
        | AstNode::Regex { .. }
        | AstNode::Variable(_)
        | AstNode::ParentVariable(_)
        | AstNode::Wildcard
        | AstNode::Descendant
        | AstNode::Parent(_) => Vec::new(),
    }
}
