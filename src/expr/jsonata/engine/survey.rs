//! What an expression reads and assigns, found out once when it is compiled.

use std::collections::{BTreeMap, BTreeSet};

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage};

/// The part of a value that an expression can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    /// Everything.
    All,
    /// These members, and what it reads of them.
    Members(BTreeMap<String, Reads>),
}

impl Reads {
    fn add(&mut self, mut names: std::slice::Iter<'_, &str>) {
        match (self, names.next()) {
            (Reads::All, _) => {}
            (Reads::Members(members), Some(name)) => {
                members.entry((*name).to_owned()).or_insert(Reads::Members(BTreeMap::new())).add(names);
            }
            (this, None) => *this = Reads::All,
        }
    }

    pub(super) fn member(&self, name: &str) -> Option<&Reads> {
        match self {
            Reads::All => Some(&Reads::All),
            Reads::Members(members) => members.get(name),
        }
    }
}

/// Finds out what an expression reads and assigns.
#[derive(Default)]
pub(super) struct Survey {
    pub(super) reads: BTreeMap<String, Reads>,
    pub(super) assigned: BTreeSet<String>,
    /// The second character of an operator that came after JSONata 2.0.6: `??`, `?:`.
    pub(super) later_operator: Option<char>,
    /// Whether `:=` follows something else than a variable, which the engine finds out only when it gets there.
    pub(super) binds_no_variable: bool,
    /// Whether something looks at the context of an earlier step: then no value may be cut down.
    pub(super) reads_upwards: bool,
}

impl Survey {
    fn read(&mut self, variable: &str, names: &[&str]) {
        if !variable.is_empty() && variable != "$" {
            self.reads
                .entry(variable.to_owned())
                .or_insert(Reads::Members(BTreeMap::new()))
                .add(names.iter());
        }
    }

    pub(super) fn node(&mut self, node: &AstNode) {
        match node {
            AstNode::Variable(name) => self.read(name, &[]),
            AstNode::Path { steps } => {
                self.path(steps);
                return;
            }
            AstNode::Parent(_) | AstNode::ParentVariable(_) => self.reads_upwards = true,
            AstNode::Function { name, .. } => self.read(name, &[]),
            AstNode::Lambda { params, .. } => self.assigned.extend(params.iter().cloned()),
            AstNode::Binary { op, lhs, .. } => match (op, lhs.as_ref()) {
                (BinaryOp::ColonEqual, AstNode::Variable(name)) => {
                    self.assigned.insert(name.clone());
                }
                (BinaryOp::ColonEqual, _) => self.binds_no_variable = true,
                (BinaryOp::FocusBind | BinaryOp::IndexBind, _) => self.reads_upwards = true,
                (BinaryOp::Coalesce, _) => self.later_operator = Some('?'),
                (BinaryOp::Default, _) => self.later_operator = Some(':'),
                _ => {}
            },
            _ => {}
        }
        for child in children(node) {
            self.node(child);
        }
    }

    /// `$v.a.b…`: the plain names that follow a variable narrow down what is read of it.
    fn path(&mut self, steps: &[PathStep]) {
        let mut rest = steps;
        if let Some((PathStep { node: AstNode::Variable(variable), .. }, after)) = steps.split_first() {
            let first_is_plain = steps.first().is_some_and(is_plain);
            let mut names = Vec::new();
            for step in after.iter().take_while(|_| first_is_plain) {
                let AstNode::Name(name) = &step.node else { break };
                names.push(name.as_str());
                if !is_plain(step) {
                    break;
                }
            }
            self.read(variable, &names);
            rest = after;
            for stage in steps.first().into_iter().flat_map(|step| &step.stages) {
                self.stage(stage);
            }
        }
        for step in steps {
            if step.focus.is_some()
                || step.index_var.is_some()
                || step.ancestor_label.is_some()
                || step.is_tuple
            {
                self.reads_upwards = true;
            }
        }
        for step in rest {
            self.node(&step.node);
            for stage in &step.stages {
                self.stage(stage);
            }
        }
    }

    fn stage(&mut self, stage: &Stage) {
        if let Stage::Filter(node) = stage {
            self.node(node);
        }
    }
}

fn is_plain(step: &PathStep) -> bool {
    step.stages.iter().all(|stage| matches!(stage, Stage::KeepArray))
}

/// The nodes directly below a node, except those of a path's stages and steps.
fn children(node: &AstNode) -> Vec<&AstNode> {
    match node {
        AstNode::Binary { lhs, rhs, .. } => vec![lhs, rhs],
        AstNode::Unary { operand, .. } => vec![operand],
        AstNode::Function { args, .. } => args.iter().collect(),
        AstNode::Call { procedure, args } => std::iter::once(procedure.as_ref()).chain(args).collect(),
        AstNode::Lambda { body, .. } => vec![body],
        AstNode::Array(items) | AstNode::Block(items) | AstNode::ArrayGroup(items) => items.iter().collect(),
        AstNode::Object(pairs) => pairs.iter().flat_map(|(key, value)| [key, value]).collect(),
        AstNode::ObjectTransform { input, pattern } => std::iter::once(input.as_ref())
            .chain(pattern.iter().flat_map(|(key, value)| [key, value]))
            .collect(),
        AstNode::Conditional { condition, then_branch, else_branch } => {
            [condition, then_branch].into_iter().chain(else_branch).map(AsRef::as_ref).collect()
        }
        AstNode::FunctionApplication(inner) => vec![inner],
        AstNode::Sort { input, terms } => {
            std::iter::once(input.as_ref()).chain(terms.iter().map(|(term, _)| term)).collect()
        }
        AstNode::Transform { location, update, delete } => {
            [location, update].into_iter().chain(delete).map(AsRef::as_ref).collect()
        }
        AstNode::Path { .. }
        | AstNode::String(_)
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
