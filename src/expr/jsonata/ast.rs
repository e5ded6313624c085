//! The syntax tree of JSONata for the editor: every node has its range, and what could not be read is a node too.

use std::collections::BTreeSet;

use super::lexer::{Symbol, Token};
use crate::spec::jsonata::JsonataFunction;
use crate::text::{TextRange, TextSize};

/// A parsed expression.
#[derive(Clone, Debug)]
pub struct Ast {
    /// The whole expression.
    pub root: Node,
    /// Every token and comment, in order, for highlighting.
    pub tokens: Vec<Token>,
}

/// A node of the tree.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where it is.
    pub range: TextRange,
    /// The number of levels below, this one included: bounds every walk.
    pub(super) depth: usize,
}

/// A name with its range.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The name, without `$` or backquotes.
    pub text: String,
    /// Where it is written, with `$` or backquotes.
    pub range: TextRange,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// A string, number, boolean, null or regular expression.
    Literal,
    /// The name of a field.
    Field(String),
    /// `$name`; empty for `$`, and `$` for `$$`.
    Variable(String),
    /// `*`.
    Wildcard,
    /// `**`.
    Descendants,
    /// `%`.
    Parent,
    /// `?` as an argument.
    Placeholder,
    /// `-x`.
    Negation(Box<Node>),
    /// `a + b` and the like, `~>` included.
    Binary {
        /// The operator.
        operator: Symbol,
        /// Where the operator is.
        operator_range: TextRange,
        /// Both operands.
        operands: Box<[Node; 2]>,
    },
    /// `a.b.c`: two or more steps.
    Path(Vec<Node>),
    /// `a[condition]`.
    Filter {
        /// What is filtered, and the condition or index.
        parts: Box<[Node; 2]>,
    },
    /// `a[]`.
    KeepArray(Box<Node>),
    /// `a{key: value}`.
    GroupBy {
        /// What is grouped.
        base: Box<Node>,
        /// Keys and values.
        pairs: Vec<[Node; 2]>,
    },
    /// `a^(<b, >c)`.
    Sort {
        /// What is sorted.
        base: Box<Node>,
        /// What it is sorted by.
        terms: Vec<Node>,
    },
    /// `a@$v` or `a#$i`.
    Focus {
        /// The step.
        base: Box<Node>,
        /// The variable.
        variable: Name,
    },
    /// `$v := value`.
    Bind {
        /// The variable.
        variable: Name,
        /// Its value.
        value: Box<Node>,
    },
    /// `condition ? then : else`.
    Conditional(Vec<Node>),
    /// `f(a, b)`.
    Call {
        /// What is called.
        function: Box<Node>,
        /// The arguments.
        arguments: Vec<Node>,
        /// What lies between the parentheses, for signature help.
        arguments_range: TextRange,
    },
    /// `function($a, $b)<nn:n>{ body }`.
    Lambda {
        /// The parameters.
        parameters: Vec<Name>,
        /// Where the signature is, if there is one.
        signature: Option<TextRange>,
        /// The body.
        body: Box<Node>,
    },
    /// `(a; b)`.
    Block(Vec<Node>),
    /// `[a, b]`.
    Array(Vec<Node>),
    /// `{key: value}`.
    Object(Vec<[Node; 2]>),
    /// `from..to`, in an array.
    Range(Box<[Node; 2]>),
    /// `|location|update, delete|`.
    Transform(Vec<Node>),
    /// What could not be read, with the parts that could.
    Error(Vec<Node>),
}

/// A variable that an expression reads without binding it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VariableReference {
    /// The variable, without the `$`.
    pub variable: Name,
    /// The names of fields that follow it directly: `input`, `order` of `$states.input.order`.
    pub fields: Vec<Name>,
    /// The variable and those fields.
    pub range: TextRange,
    /// The built-in function of this name, which the expression means unless the state machine has such a variable.
    pub builtin: Option<&'static JsonataFunction>,
}

impl Node {
    /// The nodes directly below, in the order of the text.
    pub fn children(&self) -> Vec<&Node> {
        match &self.kind {
            NodeKind::Literal
            | NodeKind::Field(_)
            | NodeKind::Variable(_)
            | NodeKind::Wildcard
            | NodeKind::Descendants
            | NodeKind::Parent
            | NodeKind::Placeholder => Vec::new(),
            NodeKind::Negation(node) | NodeKind::KeepArray(node) => vec![node],
            NodeKind::Focus { base, .. } => vec![base],
            NodeKind::Bind { value, .. } => vec![value],
            NodeKind::Lambda { body, .. } => vec![body],
            NodeKind::Binary { operands: pair, .. }
            | NodeKind::Filter { parts: pair }
            | NodeKind::Range(pair) => pair.iter().collect(),
            NodeKind::Path(nodes)
            | NodeKind::Conditional(nodes)
            | NodeKind::Block(nodes)
            | NodeKind::Array(nodes)
            | NodeKind::Transform(nodes)
            | NodeKind::Error(nodes) => nodes.iter().collect(),
            NodeKind::Object(pairs) => pairs.iter().flatten().collect(),
            NodeKind::GroupBy { base, pairs } => {
                std::iter::once(base.as_ref()).chain(pairs.iter().flatten()).collect()
            }
            NodeKind::Sort { base, terms } => std::iter::once(base.as_ref()).chain(terms).collect(),
            NodeKind::Call { function, arguments, .. } => {
                std::iter::once(function.as_ref()).chain(arguments).collect()
            }
        }
    }
}

impl Node {
    /// Calls `visit` with the node and everything below it, in the order of the text.
    ///
    /// Recursive, but never deeper than the tree, which the parser bounds.
    pub fn visit<'n>(&'n self, visit: &mut dyn FnMut(&'n Node)) {
        visit(self);
        self.children().into_iter().for_each(|child| child.visit(visit));
    }
}

impl Ast {
    /// The variables that the expression reads and does not bind itself, `$states` among them, in the order of the
    /// text. Names of built-in functions are marked as such.
    pub fn references(&self) -> Vec<VariableReference> {
        let mut walk = ScopeWalk { frames: vec![Frame::of(&self.root, false)], references: Vec::new() };
        walk.node(&self.root);
        walk.references.sort_by_key(|reference| reference.range.start());
        walk.references
    }

    /// Where the expression reads an input that expressions of Step Functions do not have: `name`, `$`, `$$`, `*`,
    /// `**` or `%` outside of any path, in the order of the text.
    ///
    /// AWS: `Reference to 'phone' at the top level is not supported.`
    pub fn top_level_references(&self) -> Vec<Name> {
        let mut found = Vec::new();
        collect_top_level(&self.root, true, &mut found);
        found.sort_by_key(|name| name.range.start());
        found
    }

    /// The variables that can be read at an offset because the expression binds them: parameters of the functions
    /// around it and variables of the blocks around it that are bound before it. Innermost first.
    pub fn bindings_at(&self, offset: TextSize) -> Vec<Name> {
        let mut found = Vec::new();
        collect_bindings(&self.root, offset, &mut found);
        found.reverse();
        found
    }

    /// The innermost call whose parentheses are around an offset, for signature help.
    pub fn call_at(&self, offset: TextSize) -> Option<&Node> {
        let mut innermost = None;
        let mut node = &self.root;
        loop {
            if let NodeKind::Call { arguments_range, .. } = &node.kind
                && arguments_range.touches(offset)
            {
                innermost = Some(node);
            }
            match node.children().into_iter().find(|child| child.range.touches(offset)) {
                Some(child) => node = child,
                None => return innermost,
            }
        }
    }
}

/// The variables of one block or function.
struct Frame {
    /// Bound so far.
    bound: BTreeSet<String>,
    /// Bound in the end: a function that is called later sees them.
    eventually: BTreeSet<String>,
    is_function: bool,
}

impl Frame {
    fn of(node: &Node, is_function: bool) -> Self {
        let mut eventually = BTreeSet::new();
        collect_frame(node, true, &mut eventually);
        Self { bound: BTreeSet::new(), eventually, is_function }
    }
}

/// The variables bound directly in the frame of a node, without those of blocks and functions in it.
fn collect_frame(node: &Node, is_root: bool, names: &mut BTreeSet<String>) {
    match &node.kind {
        NodeKind::Block(_) | NodeKind::Lambda { .. } if !is_root => return,
        NodeKind::Bind { variable, .. } | NodeKind::Focus { variable, .. } => {
            names.insert(variable.text.clone());
        }
        _ => {}
    }
    for child in node.children() {
        collect_frame(child, false, names);
    }
}

/// Finds the variables that are read from outside.
struct ScopeWalk {
    frames: Vec<Frame>,
    references: Vec<VariableReference>,
}

impl ScopeWalk {
    fn is_bound(&self, name: &str) -> bool {
        let mut within_function = false;
        for frame in self.frames.iter().rev() {
            if frame.bound.contains(name) || (within_function && frame.eventually.contains(name)) {
                return true;
            }
            within_function |= frame.is_function;
        }
        false
    }

    fn bind(&mut self, name: &str) {
        if let Some(frame) = self.frames.last_mut() {
            frame.bound.insert(name.to_owned());
        }
    }

    fn within(&mut self, frame: Frame, nodes: &[&Node]) {
        self.frames.push(frame);
        for node in nodes {
            self.node(node);
        }
        self.frames.pop();
    }

    fn node(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Variable(name) => self.read(name, node.range, &[]),
            NodeKind::Path(steps) => {
                let mut steps = steps.as_slice();
                if let Some((Node { kind: NodeKind::Variable(name), range, .. }, rest)) = steps.split_first()
                {
                    self.read(name, *range, rest);
                    steps = rest;
                }
                for step in steps {
                    self.node(step);
                }
            }
            NodeKind::Bind { variable, value } => {
                // A function may call itself.
                if matches!(value.kind, NodeKind::Lambda { .. }) {
                    self.bind(&variable.text);
                }
                self.node(value);
                self.bind(&variable.text);
            }
            NodeKind::Focus { base, variable } => {
                self.node(base);
                self.bind(&variable.text);
            }
            NodeKind::Lambda { parameters, body, .. } => {
                let mut frame = Frame::of(body, true);
                frame.bound.extend(parameters.iter().map(|parameter| parameter.text.clone()));
                self.within(frame, &[body]);
            }
            NodeKind::Block(nodes) => {
                self.within(Frame::of(node, false), &nodes.iter().collect::<Vec<_>>());
            }
            _ => {
                for child in node.children() {
                    self.node(child);
                }
            }
        }
    }

    fn read(&mut self, name: &str, range: TextRange, rest: &[Node]) {
        let is_context = name.is_empty() || name == "$";
        if is_context || self.is_bound(name) {
            return;
        }
        let mut fields = Vec::new();
        for step in rest {
            // The field counts also where it is filtered or sorted, but what follows no longer does.
            let (field, goes_on) = match leading_field(step) {
                Some(found) => found,
                None => break,
            };
            fields.push(field);
            if !goes_on {
                break;
            }
        }
        let range = fields.last().map_or(range, |last| range.cover(last.range));
        let variable_range =
            TextRange::at(range.start(), TextSize::try_from(name.len() + 1).unwrap_or(TextSize::MAX));
        let variable = Name { text: name.to_owned(), range: variable_range };
        self.references.push(VariableReference {
            variable,
            fields,
            range,
            builtin: JsonataFunction::find(name),
        });
    }
}

/// The field at the start of a step, and whether the step is nothing else.
fn leading_field(step: &Node) -> Option<(Name, bool)> {
    let mut node = step;
    loop {
        node = match &node.kind {
            NodeKind::Field(name) => {
                let name = Name { text: name.clone(), range: node.range };
                return Some((name, std::ptr::eq(node, step)));
            }
            NodeKind::Filter { parts } => parts.first()?,
            NodeKind::KeepArray(base)
            | NodeKind::Sort { base, .. }
            | NodeKind::GroupBy { base, .. }
            | NodeKind::Focus { base, .. } => base,
            _ => return None,
        };
    }
}

fn collect_top_level(node: &Node, at_top: bool, found: &mut Vec<Name>) {
    let mut report = |text: &str| found.push(Name { text: text.to_owned(), range: node.range });
    match &node.kind {
        NodeKind::Variable(name) if name == "$" => report("$$"),
        NodeKind::Variable(name) if name.is_empty() && at_top => report("$"),
        NodeKind::Field(name) if at_top => report(name),
        NodeKind::Wildcard if at_top => report("*"),
        NodeKind::Descendants if at_top => report("**"),
        NodeKind::Parent if at_top => report("%"),
        NodeKind::Path(steps) => {
            for (step_idx, step) in steps.iter().enumerate() {
                collect_top_level(step, at_top && step_idx == 0, found);
            }
        }
        NodeKind::Filter { parts } => {
            let [base, condition] = parts.as_ref();
            collect_top_level(base, at_top, found);
            collect_top_level(condition, false, found);
        }
        NodeKind::Sort { base, terms } => {
            collect_top_level(base, at_top, found);
            terms.iter().for_each(|term| collect_top_level(term, false, found));
        }
        NodeKind::GroupBy { base, pairs } => {
            collect_top_level(base, at_top, found);
            pairs.iter().flatten().for_each(|part| collect_top_level(part, false, found));
        }
        NodeKind::Transform(parts) => parts.iter().for_each(|part| collect_top_level(part, false, found)),
        // A word before parentheses is a call without `$`, not a field.
        NodeKind::Call { function, arguments, .. } => {
            if !matches!(function.kind, NodeKind::Field(_)) {
                collect_top_level(function, at_top, found);
            }
            arguments.iter().for_each(|argument| collect_top_level(argument, at_top, found));
        }
        _ => node.children().into_iter().for_each(|child| collect_top_level(child, at_top, found)),
    }
}

fn collect_bindings(node: &Node, offset: TextSize, found: &mut Vec<Name>) {
    if matches!(node.kind, NodeKind::Block(_) | NodeKind::Lambda { .. }) && !node.range.touches(offset) {
        return;
    }
    if let NodeKind::Lambda { parameters, .. } = &node.kind {
        found.extend(parameters.iter().cloned());
    }
    for child in node.children() {
        if child.range.start() <= offset {
            collect_bindings(child, offset, found);
        }
    }
    if let NodeKind::Bind { variable, .. } | NodeKind::Focus { variable, .. } = &node.kind
        && node.range.end() <= offset
    {
        found.push(variable.clone());
    }
}
