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

/// A variable that no expression can name, and its value.
type Bound = (&'static str, AstNode);

/// Where a node stands, as far as that forbids to put another in its place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Anywhere else.
    Plain,
    /// After `~>`: a call there lacks its first argument, and must stay a call.
    Chained,
    /// A step of a path: `$map(…)[]` keeps arrays of one element, so a call must stay one.
    Step,
}

impl Rewrite {
    /// Rewrites a node and all below it.
    pub(super) fn node(&mut self, node: &mut AstNode, place: Place) {
        match node {
            AstNode::Binary { op: BinaryOp::ChainPipe, lhs, rhs } => {
                self.node(lhs, Place::Plain);
                self.node(rhs, Place::Chained);
            }
            // A call that is a step of a path.
            AstNode::FunctionApplication(inner) => self.node(inner, Place::Step),
            _ => {
                let below = if matches!(node, AstNode::Path { .. }) { Place::Step } else { Place::Plain };
                for child in children_mut(node) {
                    self.node(child, below);
                }
            }
        }
        match node {
            AstNode::Variable(name) | AstNode::Function { name, .. } if self.assigned.contains(name) => {}
            AstNode::Variable(name) => self.name(name),
            AstNode::Function { is_builtin: true, .. } => self.call(node, place),
            AstNode::Binary { op: BinaryOp::Concatenate, lhs, rhs } => {
                self.guard_part(lhs);
                self.guard_part(rhs);
            }
            AstNode::Binary { op: BinaryOp::ChainPipe, lhs, rhs } => {
                let (is_guarded, bound) = self.chain(lhs, rhs);
                if is_guarded {
                    self.guard(node);
                }
                bind_around(node, bound);
            }
            AstNode::Object(pairs) => pairs.iter_mut().for_each(|(_, value)| self.guard_part(value)),
            AstNode::ObjectTransform { pattern, .. } => {
                pattern.iter_mut().for_each(|(_, value)| self.guard_part(value));
            }
            AstNode::Array(items) => items.iter_mut().for_each(|item| self.guard_part(item)),
            _ => {}
        }
    }

    /// Replaces the name of a function, called or passed on, where we have our own.
    fn name(&mut self, name: &mut String) {
        if name == "eval" {
            *name = ABSENT.to_owned();
        } else if name == "distinct" {
            self.hosts.insert(Host::Distinct);
            *name = Host::Distinct.name().to_owned();
        } else {
            self.hosts.extend(Host::named(name));
        }
    }

    /// Rewrites a call of a built-in function; its arguments have been rewritten.
    fn call(&mut self, node: &mut AstNode, place: Place) {
        let is_guarded = place == Place::Plain && multiplies(node);
        let mut bound = Vec::new();
        let AstNode::Function { name, args, .. } = node else { return };
        match name.as_str() {
            "join" | "replace" | "formatInteger" if is_open_at_first(args) => self.close_first(node),
            "now" => {
                self.hosts.insert(Host::Now);
                *name = "fromMillis".to_owned();
                self.check_pictures(args);
                args.insert(0, AstNode::Variable(NOW.to_owned()));
            }
            "millis" if args.is_empty() => {
                self.hosts.insert(Host::Now);
                *node = AstNode::Variable(NOW.to_owned());
            }
            "fromMillis" | "toMillis" => self.check_pictures(args),
            "formatInteger" if place != Place::Chained && !has_placeholder(args) => {
                if args.len() == 1 {
                    args.insert(0, AstNode::Variable(String::new()));
                }
                self.check_first(args, 1, Host::Numeral);
            }
            "join" | "replace" if place != Place::Chained && !has_placeholder(args) => {
                bound = self.check_product(name == "replace", args, place);
            }
            "string" => args.iter_mut().take(1).for_each(|arg| self.guard_part(arg)),
            "reduce" if place == Place::Plain && args.len() == 2 => reduce_nothing_to_nothing(node),
            _ => self.name(name),
        }
        if is_guarded {
            self.guard(node);
        }
        bind_around(node, bound);
    }

    /// `$join(?, ',')` as a function of its first argument, so that this can be checked.
    fn close_first(&mut self, node: &mut AstNode) {
        const FIRST: &str = "asl first";
        if let AstNode::Function { args, .. } = node
            && let Some(first) = args.first_mut()
        {
            *first = AstNode::Variable(FIRST.to_owned());
        }
        self.call(node, Place::Plain);
        let body = Box::new(std::mem::replace(node, AstNode::Null));
        *node = AstNode::Lambda { params: vec![FIRST.to_owned()], body, signature: None, thunk: false };
    }

    /// Rewrites both sides of a `~>`: whether the result is to be measured, and what has to be bound around it.
    fn chain(&mut self, left: &mut AstNode, right: &mut AstNode) -> (bool, Vec<Bound>) {
        let multiplies = multiplies(right);
        let mut bound = Vec::new();
        match right {
            AstNode::Variable(name) if name == "string" => self.guard_part(left),
            AstNode::Function { name, args, is_builtin: true } if !has_placeholder(args) => {
                if name == "string" {
                    self.guard_part(left);
                }
                args.insert(0, std::mem::replace(left, AstNode::Null));
                match name.as_str() {
                    "join" | "replace" => bound = self.check_product(name == "replace", args, Place::Plain),
                    "formatInteger" => self.check_first(args, 1, Host::Numeral),
                    _ => {}
                }
                *left = args.remove(0);
            }
            _ => {}
        }
        (multiplies, bound)
    }

    /// Puts a node through the host function that measures results.
    fn guard(&mut self, node: &mut AstNode) {
        self.hosts.insert(Host::Measure);
        let inner = std::mem::replace(node, AstNode::Null);
        *node = call(Host::Measure, vec![inner]);
    }

    /// Guards a part of an array, object or text, unless it is small or guarded within. A value that is put in twice,
    /// over and over, would grow as 2^n.
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

    /// Has a host function check what `$join` or `$replace` may make, before it does: the first argument goes through it, with
    /// the others and, as `$replace` may take its text from it, the context beside it. The others are evaluated twice; those
    /// that cost something are bound to variables, which are returned. A step of a path has to stay a call, so there they are
    /// not. What a function returns in the place of a text is measured.
    fn check_product(&mut self, is_replace: bool, args: &mut [AstNode], place: Place) -> Vec<Bound> {
        let mut bound = Vec::new();
        let mut others = Vec::new();
        for (arg, name) in args.iter_mut().skip(1).zip(["asl second", "asl third"]) {
            others.push(match arg {
                AstNode::Lambda { body, .. } => {
                    self.guard(body);
                    AstNode::Boolean(true)
                }
                AstNode::String(_)
                | AstNode::Number(_)
                | AstNode::Variable(_)
                | AstNode::Path { .. }
                | AstNode::Regex { .. } => arg.clone(),
                _ if place == Place::Step => arg.clone(),
                _ => {
                    let variable = AstNode::Variable(name.to_owned());
                    bound.push((name, std::mem::replace(arg, variable.clone())));
                    variable
                }
            });
        }
        if is_replace {
            others.resize(2, AstNode::Null);
            others.push(AstNode::Variable(String::new()));
        }
        if let Some(first) = args.first_mut() {
            self.hosts.insert(Host::Product);
            let first_arg = std::mem::replace(first, AstNode::Null);
            *first = call(Host::Product, std::iter::once(first_arg).chain(others).collect());
        }
        bound
    }

    /// Has a host function check the first argument against another one beforehand. The other one is evaluated twice,
    /// so only where that costs nothing.
    fn check_first(&mut self, args: &mut [AstNode], other_idx: usize, host: Host) {
        let other = match args.get(other_idx) {
            Some(other @ (AstNode::String(_) | AstNode::Variable(_) | AstNode::Path { .. })) => {
                Some(other.clone())
            }
            _ => None,
        };
        if let Some(first) = args.first_mut() {
            self.hosts.insert(host);
            let first_arg = std::mem::replace(first, AstNode::Null);
            *first = call(host, std::iter::once(first_arg).chain(other).collect());
        }
    }

    /// Has the widths in the pictures of times checked.
    fn check_pictures(&mut self, args: &mut [AstNode]) {
        for arg in args {
            if !matches!(arg, AstNode::Number(_) | AstNode::Placeholder) {
                self.hosts.insert(Host::Picture);
                let inner = std::mem::replace(arg, AstNode::Null);
                *arg = call(Host::Picture, vec![inner]);
            }
        }
    }
}

fn call(host: Host, args: Vec<AstNode>) -> AstNode {
    AstNode::Function { name: host.name().to_owned(), args, is_builtin: true }
}

/// Whether the node calls a function whose result can be much larger than what it is given.
fn multiplies(node: &AstNode) -> bool {
    match node {
        AstNode::Function { name, args, is_builtin: true } => {
            matches!(name.as_str(), "join" | "replace" | "map" | "each" | "zip") && !has_placeholder(args)
        }
        _ => false,
    }
}

/// Whether the first argument, and no other, is left open.
fn is_open_at_first(args: &[AstNode]) -> bool {
    match args.split_first() {
        Some((AstNode::Placeholder, others)) => !has_placeholder(others),
        _ => false,
    }
}

fn has_placeholder(args: &[AstNode]) -> bool {
    args.iter().any(|arg| matches!(arg, AstNode::Placeholder))
}

/// Binds variables for a node.
fn bind_around(node: &mut AstNode, bound: Vec<Bound>) {
    if bound.is_empty() {
        return;
    }
    let bindings = bound.into_iter().map(|(name, value)| AstNode::Binary {
        op: BinaryOp::ColonEqual,
        lhs: Box::new(AstNode::Variable(name.to_owned())),
        rhs: Box::new(value),
    });
    let inner = std::mem::replace(node, AstNode::Null);
    *node = AstNode::Block(bindings.chain([inner]).collect());
}

/// `$reduce(list, f)` of an empty list is undefined; the engine says null.
fn reduce_nothing_to_nothing(node: &mut AstNode) {
    const LIST: &str = "asl list";
    let AstNode::Function { args, .. } = node else { return };
    if has_placeholder(args) {
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
