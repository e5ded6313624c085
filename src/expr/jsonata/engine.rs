//! Evaluation of JSONata: `jsonata-core` behind our own small interface.
//!
//! The rest of the crate knows [`Program`], [`Limits`] and [`Error`] only; the engine could be replaced here.
//!
//! What this file adds to the engine:
//! - bounds: time, depth, sequence length, and the size of what strings and arrays are joined to, so that no
//!   expression hangs or fills the memory. Regular expressions run in linear time;
//! - determinism: random numbers, UUIDs and the time come from the caller. Only an evaluation that runs into its
//!   time limit depends on the machine;
//! - AWS's functions, and AWS's texts of errors;
//! - speed: of `$states` and the variables only what the expression can reach is converted.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage};
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError, EvaluatorOptions};
use jsonata_core::value::JValue;
use serde_json::{Map, Number, Value};

use super::parser::is_too_deep;
use crate::expr::hash::hex_digest;
use crate::expr::intrinsic::integer_range;
use crate::expr::{Entropy, Scope, SeededEntropy};
use crate::spec::context::{
    STATES_CONTEXT, STATES_ERROR_OUTPUT, STATES_INPUT, STATES_RESULT, STATES_VARIABLE,
};
use crate::spec::quota;

/// A JSONata expression, compiled. Cheap to clone and to share between threads.
///
/// Two programs are equal when their texts are.
///
/// # Example
///
/// ```
/// use asl_lsp::expr::{Data, SeededEntropy, jsonata::{Limits, Program}};
/// use serde_json::json;
///
/// let program = Program::compile("$states.input.price * $rate").unwrap();
/// let mut scope = Data::with_input(json!({"price": 20}));
/// scope.variables.insert("rate".to_owned(), json!(1.5));
/// let evaluate = |program: &Program| {
///     program.evaluate(&scope, &Limits::default(), &mut SeededEntropy::new(0))
/// };
/// assert_eq!(evaluate(&program), Ok(Some(json!(30))));
///
/// let undefined = Program::compile("$states.input.missing").unwrap();
/// assert_eq!(evaluate(&undefined), Ok(None));
///
/// let failing = Program::compile("$eval('1')").unwrap();
/// assert_eq!(evaluate(&failing).unwrap_err().to_string(), "T1006: Attempted to invoke a non-function");
/// ```
#[derive(Clone)]
pub struct Program {
    compiled: Arc<Compiled>,
}

struct Compiled {
    text: String,
    ast: AstNode,
    /// What the expression reads of each variable, `states` among them.
    reads: BTreeMap<String, Reads>,
    hosts: BTreeSet<Host>,
}

/// The bounds and the time of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Longest time, in milliseconds.
    pub milliseconds: u64,
    /// Deepest nesting of calls.
    pub depth: usize,
    /// Most elements of a sequence.
    pub sequence_len: usize,
    /// What `$now()` and `$millis()` give, in milliseconds since 1970.
    pub now_milliseconds: i64,
}

impl Default for Limits {
    /// The bounds of [`quota`], at the beginning of 1970.
    fn default() -> Self {
        Self {
            milliseconds: quota::JSONATA_MILLISECONDS_MAX,
            depth: quota::JSONATA_DEPTH_MAX,
            sequence_len: quota::JSONATA_SEQUENCE_LEN_MAX,
            now_milliseconds: 0,
        }
    }
}

/// Why an expression could not be compiled or gave no result.
///
/// `Display` gives what AWS quotes after `threw an error during evaluation. `.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Error {
    /// JSONata's code (`T1006`), or nothing where the engine has none.
    pub code: String,
    /// JSONata's text without the code.
    pub message: String,
}

impl Error {
    fn parse(text: &str) -> Self {
        // The engine puts words of its own before some codes: `Invalid syntax: S0201: …`.
        let mut rest = text;
        while let Some((code, message)) = rest.split_once(": ") {
            if is_code(code) {
                return match code {
                    // The engine names the function after this one; JSONata does not.
                    "T1006" => Self::new(code, "Attempted to invoke a non-function"),
                    // Codes of JSONata 2.2; in 2.0.6 both limits have one code.
                    "D1011" | "U1001" => Self::new(LIMIT_CODE, STACK_OVERFLOW),
                    "D1012" => Self::new(LIMIT_CODE, TIMEOUT),
                    "D1001" => Self::new(
                        code,
                        message.replace(": inf", ": Infinity").replace(": -inf", ": -Infinity"),
                    ),
                    _ => Self::new(code, message),
                };
            }
            rest = message;
        }
        // The one error of the engine's parser that has no code.
        if text == "Unclosed comment" {
            Self::new("S0106", "Comment has no closing tag")
        } else {
            Self::new("", text)
        }
    }

    fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into() }
    }

    fn unsupported() -> Self {
        Self::new("", "returned an unsupported result type.")
    }

    /// Whether the result was or held a function, which JSON cannot express.
    ///
    /// AWS: `returned an unsupported result type.` without a code.
    pub fn is_unsupported_result(&self) -> bool {
        *self == Self::unsupported()
    }
}

const LIMIT_CODE: &str = "U1001";
const STACK_OVERFLOW: &str = "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive.";
const TIMEOUT: &str = "Expression evaluation timeout: Check for infinite loop";

fn is_code(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() == 5
        && bytes.next().is_some_and(|c| c.is_ascii_uppercase())
        && bytes.all(|c| c.is_ascii_digit())
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.code.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.code, self.message)
        }
    }
}

impl std::error::Error for Error {}

impl Program {
    /// Compiles an expression, without `{%` and `%}`.
    ///
    /// # Errors
    ///
    /// JSONata's syntax errors (`S0201`, …), and an error without a code for text that is too long or too deeply
    /// nested.
    pub fn compile(text: &str) -> Result<Self, Error> {
        if text.len() > quota::EXPRESSION_BYTES_MAX {
            return Err(Error::new("", "The expression is too long"));
        }
        if is_too_deep(text) {
            return Err(Error::new("", "The expression is nested too deeply"));
        }
        let mut ast = jsonata_core::parser::parse(text).map_err(|error| Error::parse(&error.to_string()))?;
        let mut survey = Survey::default();
        survey.node(&ast);
        if let Some(token) = survey.later_operator {
            let message = format!("The symbol \"{token}\" cannot be used as a unary operator");
            return Err(Error::new("S0211", message));
        }
        let mut rewrite = Rewrite { assigned: survey.assigned, hosts: BTreeSet::new() };
        rewrite.node(&mut ast, true);
        let reads = if survey.reads_upwards {
            survey.reads.into_keys().map(|name| (name, Reads::All)).collect()
        } else {
            survey.reads
        };
        let compiled = Compiled { text: text.to_owned(), ast, reads, hosts: rewrite.hosts };
        Ok(Self { compiled: Arc::new(compiled) })
    }

    /// The expression as it was written.
    pub fn text(&self) -> &str {
        &self.compiled.text
    }

    /// Evaluates the expression; nothing when its result is undefined.
    ///
    /// # Errors
    ///
    /// JSONata's own errors; `U1001` and `D2015` where a limit is reached; an error without a code
    /// for a result that holds a function ([`Error::is_unsupported_result`]) or is nested too deeply.
    pub fn evaluate(
        &self,
        scope: &dyn Scope,
        limits: &Limits,
        entropy: &mut dyn Entropy,
    ) -> Result<Option<Value>, Error> {
        let mut context = Context::new();
        for (name, reads) in &self.compiled.reads {
            if name == STATES_VARIABLE {
                context.bind(name.clone(), states(scope, reads)?);
            } else if let Some(value) = scope.variable(name) {
                context.bind(name.clone(), import(value, reads, quota::DOCUMENT_NESTING_MAX)?);
            }
        }
        let result = self.run(context, &JValue::Undefined, limits, entropy)?;
        export(&result, &mut 0, quota::DOCUMENT_NESTING_MAX)
    }

    /// Evaluates the expression on an input document, as plain JSONata does outside of Step Functions.
    ///
    /// # Errors
    ///
    /// As [`Program::evaluate`].
    pub fn evaluate_document(
        &self,
        document: Option<&Value>,
        variables: &Map<String, Value>,
        limits: &Limits,
        entropy: &mut dyn Entropy,
    ) -> Result<Option<Value>, Error> {
        let whole = |value| import(value, &Reads::All, quota::DOCUMENT_NESTING_MAX);
        let mut context = Context::new();
        for (name, value) in variables {
            context.bind(name.clone(), whole(value)?);
        }
        let document = document.map_or(Ok(JValue::Undefined), whole)?;
        let result = self.run(context, &document, limits, entropy)?;
        export(&result, &mut 0, quota::DOCUMENT_NESTING_MAX)
    }

    fn run(
        &self,
        mut context: Context,
        input: &JValue,
        limits: &Limits,
        entropy: &mut dyn Entropy,
    ) -> Result<JValue, Error> {
        if self.compiled.hosts.contains(&Host::Now) {
            // Exact up to the year 287396.
            context.bind(NOW.to_owned(), JValue::Number(limits.now_milliseconds as f64));
        }
        let options = EvaluatorOptions {
            timeout_ms: Some(limits.milliseconds),
            max_stack_depth: Some(limits.depth),
            max_sequence_length: Some(limits.sequence_len),
            cancel: None,
        };
        let mut evaluator = Evaluator::with_options(context, options);
        register(&mut evaluator, &self.compiled.hosts, entropy)
            .map_err(|error| Error::parse(error.message()))?;
        evaluator.evaluate(&self.compiled.ast, input).map_err(|error| Error::parse(error.message()))
    }
}

impl PartialEq for Program {
    fn eq(&self, other: &Self) -> bool {
        self.compiled.text == other.compiled.text
    }
}

impl Eq for Program {}

impl Hash for Program {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.compiled.text.hash(state);
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Program({:?})", self.compiled.text)
    }
}

// ---- what an expression reads ----

/// The part of a value that an expression can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reads {
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

    fn member(&self, name: &str) -> Option<&Reads> {
        match self {
            Reads::All => Some(&Reads::All),
            Reads::Members(members) => members.get(name),
        }
    }
}

/// Finds out what an expression reads and assigns.
#[derive(Default)]
struct Survey {
    reads: BTreeMap<String, Reads>,
    assigned: BTreeSet<String>,
    /// The second character of an operator that came after JSONata 2.0.6: `??`, `?:`.
    later_operator: Option<char>,
    /// Whether something looks at the context of an earlier step: then no value may be cut down.
    reads_upwards: bool,
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

    fn node(&mut self, node: &AstNode) {
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

// ---- rewriting: bounds and the caller's time ----

/// A variable that no expression can name, for the time.
const NOW: &str = "asl now";
/// A name that nothing is bound to, in place of `$eval`.
const ABSENT: &str = "asl absent";

/// Changes what the engine would do without bounds, or with the clock.
struct Rewrite {
    /// Names that the expression itself gives a meaning; they are left alone.
    assigned: BTreeSet<String>,
    hosts: BTreeSet<Host>,
}

impl Rewrite {
    /// Rewrites a node. What stands after `~>` must stay a call, so `guardable` is false there.
    fn node(&mut self, node: &mut AstNode, guardable: bool) {
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

// ---- host functions ----

/// The functions that this file gives to the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Host {
    Partition,
    Range,
    Hash,
    Random,
    Uuid,
    Parse,
    Pad,
    Shuffle,
    /// Not a function: the expression asks for the time.
    Now,
    /// `$distinct`, under a name of our own: the engine's compares each element with every other.
    Distinct,
    /// Not for users: counts what is put together.
    Measure,
    /// Not for users: checks what `$join` and `$replace` may make.
    Product,
}

impl Host {
    const NAMED: [Host; 8] = [
        Host::Partition,
        Host::Range,
        Host::Hash,
        Host::Random,
        Host::Uuid,
        Host::Parse,
        Host::Pad,
        Host::Shuffle,
    ];

    fn name(self) -> &'static str {
        match self {
            Host::Partition => "partition",
            Host::Range => "range",
            Host::Hash => "hash",
            Host::Random => "random",
            Host::Uuid => "uuid",
            Host::Parse => "parse",
            Host::Pad => "pad",
            Host::Shuffle => "shuffle",
            Host::Now => NOW,
            Host::Distinct => "asl distinct",
            Host::Measure => "asl measure",
            Host::Product => "asl product",
        }
    }

    fn named(name: &str) -> Option<Host> {
        Self::NAMED.into_iter().find(|host| host.name() == name)
    }
}

type HostResult = Result<JValue, EvaluatorError>;

fn failure(message: impl Into<String>) -> EvaluatorError {
    EvaluatorError::EvaluationError(message.into())
}

/// Registers the functions that a program names.
fn register(
    evaluator: &mut Evaluator,
    hosts: &BTreeSet<Host>,
    entropy: &mut dyn Entropy,
) -> Result<(), EvaluatorError> {
    let chance = [Host::Random, Host::Uuid, Host::Shuffle].iter().any(|host| hosts.contains(host));
    let seed = if chance { entropy.next_u64() } else { 0 };
    let source = Rc::new(RefCell::new(SeededEntropy::new(seed)));
    for host in hosts {
        let name = host.name();
        match host {
            Host::Partition => evaluator.register_fn(name, partition)?,
            Host::Range => evaluator.register_fn(name, range)?,
            Host::Hash => evaluator.register_fn(name, hash)?,
            Host::Parse => evaluator.register_fn(name, parse)?,
            Host::Pad => evaluator.register_fn_override(name, pad)?,
            Host::Random => {
                let source = Rc::clone(&source);
                evaluator.register_fn_override(name, move |args: &[JValue]| random(args, &source))?;
            }
            Host::Uuid => {
                let source = Rc::clone(&source);
                evaluator.register_fn(name, move |_: &[JValue]| {
                    Ok(JValue::string(source.borrow_mut().uuid_v4()))
                })?;
            }
            Host::Shuffle => {
                let source = Rc::clone(&source);
                evaluator.register_fn_override(name, move |args: &[JValue]| shuffle(args, &source))?;
            }
            Host::Measure => {
                let used = Cell::new(0usize);
                evaluator.register_fn(name, move |args: &[JValue]| measure(args, &used))?;
            }
            Host::Distinct => evaluator.register_fn(name, distinct)?,
            Host::Product => evaluator.register_fn(name, product)?,
            Host::Now => {}
        }
    }
    Ok(())
}

fn argument(args: &[JValue], idx: usize) -> &JValue {
    args.get(idx).unwrap_or(&JValue::Undefined)
}

fn type_error(index: usize, function: Host) -> EvaluatorError {
    failure(format!(
        "T0410: Argument {index} of function \"{}\" does not match function signature",
        function.name()
    ))
}

fn integer_argument(args: &[JValue], idx: usize, function: Host) -> Result<i64, EvaluatorError> {
    let number = argument(args, idx).as_f64().ok_or_else(|| type_error(idx + 1, function))?;
    to_integer(number.trunc()).ok_or_else(|| type_error(idx + 1, function))
}

fn text_argument(args: &[JValue], idx: usize, function: Host) -> Result<&str, EvaluatorError> {
    argument(args, idx).as_str().ok_or_else(|| type_error(idx + 1, function))
}

/// `$partition(array, size)`.
///
/// AWS: `$partition([0], 2)` is `[[0]]`, not unwrapped (intrinsic_functions/test_array_partition).
fn partition(args: &[JValue]) -> HostResult {
    let single;
    let items: &[JValue] = match argument(args, 0) {
        JValue::Undefined => return Ok(JValue::Undefined),
        JValue::Array(items) => items,
        other => {
            single = other;
            std::slice::from_ref(single)
        }
    };
    match usize::try_from(integer_argument(args, 1, Host::Partition)?) {
        Ok(size) if size > 0 => {
            Ok(JValue::array(items.chunks(size).map(|chunk| JValue::array(chunk.to_vec())).collect()))
        }
        _ => Err(type_error(2, Host::Partition)),
    }
}

/// `$range(first, last, step)`.
///
/// AWS: a range of one element is that element (intrinsic_functions/test_array_range).
fn range(args: &[JValue]) -> HostResult {
    let number = |idx| integer_argument(args, idx, Host::Range);
    let numbers = integer_range(number(0)?, number(1)?, number(2)?).map_err(failure)?;
    // Within the range of i64 that came from doubles, so the way back is exact.
    Ok(JValue::sequence(numbers.into_iter().map(|n| JValue::Number(n as f64)).collect()).unwrap_sequence())
}

fn hash(args: &[JValue]) -> HostResult {
    let (data, algorithm) = (text_argument(args, 0, Host::Hash)?, text_argument(args, 1, Host::Hash)?);
    hex_digest(data, algorithm).map(JValue::string).ok_or_else(|| type_error(2, Host::Hash))
}

fn parse(args: &[JValue]) -> HostResult {
    if argument(args, 0).is_undefined() {
        return Ok(JValue::Undefined);
    }
    let text = text_argument(args, 0, Host::Parse)?;
    let value: Value =
        serde_json::from_str(text).map_err(|_| failure(format!("Unable to parse the JSON text {text:?}")))?;
    Ok(JValue::from(value))
}

/// `$random([seed])`: a number from 0 up to 1; the same seed gives the same number.
fn random(args: &[JValue], source: &RefCell<SeededEntropy>) -> HostResult {
    let number = match argument(args, 0) {
        JValue::Undefined => source.borrow_mut().next_f64(),
        JValue::Number(seed) => SeededEntropy::new(seed.to_bits()).next_f64(),
        _ => return Err(type_error(1, Host::Random)),
    };
    Ok(JValue::Number(number))
}

fn shuffle(args: &[JValue], source: &RefCell<SeededEntropy>) -> HostResult {
    let mut items = match argument(args, 0) {
        JValue::Array(items) => items.to_vec(),
        other => return Ok(other.clone()),
    };
    let mut source = source.borrow_mut();
    for last_idx in (1..items.len()).rev() {
        let choices = u64::try_from(last_idx).unwrap_or(u64::MAX).saturating_add(1);
        let idx = usize::try_from(source.next_u64() % choices).unwrap_or(0);
        items.swap(last_idx, idx);
    }
    Ok(JValue::array(items))
}

/// `$pad(text, width, characters)`, with a bound on the width.
fn pad(args: &[JValue]) -> HostResult {
    if argument(args, 0).is_undefined() {
        return Ok(JValue::Undefined);
    }
    let text = text_argument(args, 0, Host::Pad)?;
    let width = integer_argument(args, 1, Host::Pad)?;
    let filler = match argument(args, 2) {
        JValue::Undefined => " ",
        JValue::String(filler) if filler.is_empty() => " ",
        JValue::String(filler) => filler,
        _ => return Err(type_error(3, Host::Pad)),
    };
    let len = text.chars().count();
    let wanted = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
    if wanted > quota::JSONATA_PAD_LEN_MAX {
        return Err(failure(format!("The width of $pad exceeds {} characters", quota::JSONATA_PAD_LEN_MAX)));
    }
    let filling: String = filler.chars().cycle().take(wanted.saturating_sub(len)).collect();
    Ok(JValue::string(if width < 0 { format!("{filling}{text}") } else { format!("{text}{filling}") }))
}

/// `$distinct(array)`.
fn distinct(args: &[JValue]) -> HostResult {
    if args.len() > 1 {
        return Err(failure("T0410: Argument 2 of function \"distinct\" does not match function signature"));
    }
    let items = match argument(args, 0) {
        JValue::Array(items) if items.len() > 1 => items,
        other => return Ok(other.clone()),
    };
    let mut seen = HashSet::new();
    let mut key = String::new();
    let mut unique = Vec::new();
    for item in items.iter() {
        key.clear();
        write_key(item, &mut key, quota::DOCUMENT_NESTING_MAX);
        if !seen.contains(key.as_str()) {
            seen.insert(key.clone());
            unique.push(item.clone());
        }
    }
    let mut result = JValue::array(unique);
    if items.sequence {
        result.mark_sequence();
    }
    Ok(result)
}

/// A text that equal values share, whatever the order of their members.
fn write_key(value: &JValue, key: &mut String, depth_left: usize) {
    let Some(depth_left) = depth_left.checked_sub(1) else { return };
    match value {
        JValue::Array(items) => {
            key.push('[');
            for item in items.iter() {
                write_key(item, key, depth_left);
                key.push(',');
            }
            key.push(']');
        }
        JValue::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_unstable_by_key(|(name, _)| *name);
            key.push('{');
            for (name, member) in sorted {
                key.push_str(&format!("{name:?}:"));
                write_key(member, key, depth_left);
                key.push(',');
            }
            key.push('}');
        }
        JValue::String(text) => key.push_str(&format!("{text:?}")),
        // Functions are equal to themselves alone; which of them stays makes no difference to a result.
        other => key.push_str(&format!("{other:?}")),
    }
}

/// Gives back its argument, unless too much has been put together.
fn measure(args: &[JValue], used: &Cell<usize>) -> HostResult {
    let value = argument(args, 0);
    match add_size(value, used.get(), quota::DOCUMENT_NESTING_MAX) {
        Some(size) => {
            used.set(size);
            Ok(value.clone())
        }
        None => Err(failure(TOO_MUCH)),
    }
}

const TOO_MUCH: &str = "The expression makes too much data";

/// Adds the number of values in a value, a long string counting as several; nothing when that is too much. Values
/// that are shared count each time, as they would in a result.
fn add_size(value: &JValue, size: usize, depth_left: usize) -> Option<usize> {
    let depth_left = depth_left.checked_sub(1)?;
    let own = match value {
        JValue::String(text) => 1 + text.len() / 16,
        _ => 1,
    };
    let size = size + own;
    if size > quota::JSONATA_VALUES_MAX {
        return None;
    }
    match value {
        JValue::Array(items) => items.iter().try_fold(size, |size, item| add_size(item, size, depth_left)),
        JValue::Object(members) => {
            members.values().try_fold(size, |size, member| add_size(member, size, depth_left))
        }
        _ => Some(size),
    }
}

/// Gives back its first argument, unless its length times that of the second is too much.
fn product(args: &[JValue]) -> HostResult {
    let len = |value: &JValue| match value {
        JValue::String(text) => text.len(),
        JValue::Array(items) => items.len(),
        _ => 0,
    };
    let (first, last) = (argument(args, 0), argument(args, 1));
    if len(first).saturating_mul(len(last)) > quota::JSONATA_PRODUCT_BYTES_MAX {
        return Err(failure(TOO_MUCH));
    }
    Ok(first.clone())
}

// ---- values in and out ----

fn too_deep() -> Error {
    Error::new("", "The value is nested too deeply")
}

/// `$states`, as far as it is read. The context object is asked for only when it is.
fn states(scope: &dyn Scope, reads: &Reads) -> Result<JValue, Error> {
    let mut members = Vec::with_capacity(2);
    let depth = quota::DOCUMENT_NESTING_MAX;
    if let Some(reads) = reads.member(STATES_INPUT) {
        members.push((STATES_INPUT.to_owned(), import(scope.input(), reads, depth)?));
    }
    if let Some(reads) = reads.member(STATES_CONTEXT) {
        members.push((STATES_CONTEXT.to_owned(), import(scope.context(), reads, depth)?));
    }
    if let (Some(reads), Some(result)) = (reads.member(STATES_RESULT), scope.result()) {
        members.push((STATES_RESULT.to_owned(), import(result, reads, depth)?));
    }
    if let (Some(reads), Some(error)) = (reads.member(STATES_ERROR_OUTPUT), scope.error_output()) {
        members.push((STATES_ERROR_OUTPUT.to_owned(), import(error, reads, depth)?));
    }
    Ok(JValue::object(members.into_iter().collect()))
}

/// Converts the part of a value that is read. A path maps over arrays, so what is read of an array is read of each
/// of its elements.
fn import(value: &Value, reads: &Reads, depth_left: usize) -> Result<JValue, Error> {
    if depth_left == 0 {
        return Err(too_deep());
    }
    Ok(match value {
        Value::Null => JValue::Null,
        Value::Bool(flag) => JValue::Bool(*flag),
        Value::Number(number) => JValue::Number(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => JValue::string(text.as_str()),
        Value::Array(items) => {
            let items = items.iter().map(|item| import(item, reads, depth_left - 1));
            JValue::array(items.collect::<Result<_, _>>()?)
        }
        Value::Object(members) => match reads {
            Reads::All => JValue::object(
                members
                    .iter()
                    .map(|(name, member)| Ok((name.clone(), import(member, reads, depth_left - 1)?)))
                    .collect::<Result<_, Error>>()?,
            ),
            Reads::Members(wanted) => {
                let mut found = Vec::with_capacity(wanted.len());
                for (name, reads) in wanted {
                    if let Some(member) = members.get(name) {
                        found.push((name.clone(), import(member, reads, depth_left - 1)?));
                    }
                }
                JValue::object(found.into_iter().collect())
            }
        },
    })
}

/// Converts a result; nothing when it is undefined.
fn export(value: &JValue, n_values: &mut usize, depth_left: usize) -> Result<Option<Value>, Error> {
    if depth_left == 0 {
        return Err(too_deep());
    }
    *n_values += 1;
    if *n_values > quota::JSONATA_VALUES_MAX {
        return Err(Error::new("", TOO_MUCH));
    }
    Ok(Some(match value {
        JValue::Undefined => return Ok(None),
        JValue::Null => Value::Null,
        JValue::Bool(flag) => Value::Bool(*flag),
        JValue::Number(number) => Value::Number(export_number(*number)?),
        JValue::String(text) => Value::String(text.to_string()),
        JValue::Array(items) => {
            let mut exported = Vec::with_capacity(items.len());
            for item in items.iter() {
                exported.extend(export(item, n_values, depth_left - 1)?);
            }
            Value::Array(exported)
        }
        JValue::Object(members) => {
            let mut exported = Map::with_capacity(members.len());
            for (name, member) in members.iter() {
                if let Some(member) = export(member, n_values, depth_left - 1)? {
                    exported.insert(name.clone(), member);
                }
            }
            Value::Object(exported)
        }
        JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => return Err(Error::unsupported()),
    }))
}

/// Integers below 10^21 are printed as integers, as JavaScript does.
fn export_number(number: f64) -> Result<Number, Error> {
    match to_integer(number) {
        Some(integer) => Ok(integer.into()),
        None => Number::from_f64(number)
            .ok_or_else(|| Error::parse(&format!("D1001: Number out of range: {number}"))),
    }
}

/// The number as an integer, if it is one that fits.
fn to_integer(number: f64) -> Option<i64> {
    // 2^63 is a double; its neighbours are 1024 away.
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    #[allow(clippy::cast_possible_truncation)]
    let integer = (number.fract() == 0.0 && (-BOUND..BOUND).contains(&number)).then_some(number as i64);
    integer
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::expr::Data;

    fn scope() -> Data {
        Data {
            input: json!({
                "n": 20, "s": "text", "list": [3, 1, 2], "fst": [0],
                "lines": [{"sku": "a", "price": 5, "tags": ["x"]}, {"sku": "b", "price": 7}],
            }),
            context: json!({"Execution": {"Id": "arn:1"}}),
            result: Some(json!({"ok": true})),
            variables: [
                ("rate".to_owned(), json!(1.5)),
                ("order".to_owned(), json!({"id": 9, "x": {"y": 1}})),
            ]
            .into(),
            ..Data::default()
        }
    }

    fn evaluate(text: &str) -> Result<Option<Value>, Error> {
        let limits = Limits { now_milliseconds: 1_700_000_000_000, ..Limits::default() };
        Program::compile(text)
            .and_then(|program| program.evaluate(&scope(), &limits, &mut SeededEntropy::new(1)))
    }

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let rendered = match evaluate(text) {
            Ok(Some(value)) => value.to_string(),
            Ok(None) => "undefined".to_owned(),
            Err(error) => format!("error {error}"),
        };
        expected.assert_eq(&rendered);
    }

    #[test]
    fn reads_states_and_variables() {
        check("$states.input.n * $rate", expect!["30"]);
        check("$states.context.Execution.Id", expect![[r#""arn:1""#]]);
        check("$states.result", expect![[r#"{"ok":true}"#]]);
        check("$states.errorOutput", expect!["undefined"]);
        check("$order.x.y + $order.id", expect!["10"]);
        check("$missing", expect!["undefined"]);
    }

    #[test]
    fn what_is_not_read_changes_nothing() {
        check("$keys($states)", expect![[r#"["input","context","result"]"#]]);
        check("$states.input.lines.sku", expect![[r#"["a","b"]"#]]);
        check("$states.input.lines[price > 5].sku", expect![[r#""b""#]]);
        check("$states.input.lines[0]", expect![[r#"{"sku":"a","price":5,"tags":["x"]}"#]]);
        check("$states.input.lines.tags[]", expect![[r#"["x"]"#]]);
        check("$states.input.lines.{sku: %.n}", expect![[r#"[{"a":20},{"b":20}]"#]]);
        check("$states.input.lines@$l.list", expect!["[3,1,2,3,1,2]"]);
        check("$states.input.list^(<$)", expect!["[1,2,3]"]);
        check("$states.*.n", expect!["20"]);
    }

    #[test]
    fn aws_functions() {
        // AWS: intrinsic_functions/test_array_partition, test_array_range, test_parse.
        check("$partition([0], 2)", expect!["[[0]]"]);
        check("$partition([0, 1, 2, 3], 3)", expect!["[[0,1,2],[3]]"]);
        check("$range(1, 9, 9)", expect!["1"]);
        check("$range(0, 10, 3)", expect!["[0,3,6,9]"]);
        check(r#"$parse('{"Arg1": 1, "Arg2": []}')"#, expect![[r#"{"Arg1":1,"Arg2":[]}"#]]);
        check("$hash('input data', 'MD5')", expect![[r#""812f45842bc6d66ee14572ce20db8e86""#]]);
        check("$uuid() = $uuid()", expect!["false"]);
        check("$random(3) = $random(3)", expect!["true"]);
        check("$map(['1', 'true'], $parse)", expect!["[1,true]"]);
        check("[1, 2, 3] ~> $partition(2)", expect!["[[1,2],[3]]"]);
    }

    #[test]
    fn eval_is_absent() {
        check("$eval('1')", expect!["error T1006: Attempted to invoke a non-function"]);
        check("$randomSeeded(1)", expect!["error T1006: Attempted to invoke a non-function"]);
        check("($eval := function($x){ $x }; $eval(1))", expect!["1"]);
    }

    #[test]
    fn time_and_chance_come_from_the_caller() {
        check("$now()", expect![[r#""2023-11-14T22:13:20.000Z""#]]);
        check("$now('[Y]')", expect![[r#""2023""#]]);
        check("$millis()", expect!["1700000000000"]);
        assert_eq!(evaluate("$shuffle([1..20])"), evaluate("$shuffle([1..20])"));
        assert_eq!(evaluate("[$random(), $uuid()]"), evaluate("[$random(), $uuid()]"));
    }

    #[test]
    fn integers_stay_integers() {
        check("4 / 2", expect!["2"]);
        check("1 / 4", expect!["0.25"]);
        check("$power(2, 60)", expect!["1152921504606846976"]);
        check("1 / 0", expect!["error D1001: Number out of range: Infinity"]);
    }

    #[test]
    fn functions_are_no_result() {
        // AWS: `$fn := function($x){$x}` is an unsupported result type.
        assert!(evaluate("$fn := function($x){$x}").unwrap_err().is_unsupported_result());
        assert!(evaluate("{'f': $sum}").unwrap_err().is_unsupported_result());
        assert!(evaluate("/a/").unwrap_err().is_unsupported_result());
    }

    #[test]
    fn an_empty_reduction_is_undefined() {
        check("$reduce([], function($a, $b){ $a + $b })", expect!["undefined"]);
        check("$reduce([1, 2], function($a, $b){ $a + $b })", expect!["3"]);
        check("$reduce([], function($a, $b){ $a + $b }, 0)", expect!["0"]);
    }

    #[test]
    fn syntax_errors_have_codes() {
        let message = |text| Program::compile(text).unwrap_err().to_string();
        expect!["S0207: Unexpected end of expression"].assert_eq(&message("1 +"));
        expect!["S0101: String literal must be terminated by a matching quote"].assert_eq(&message("'a"));
        expect![[r#"S0211: The symbol "?" cannot be used as a unary operator"#]]
            .assert_eq(&message("$a ?? 1"));
        expect!["The expression is nested too deeply"].assert_eq(&message(&"(".repeat(10_000)));
    }

    /// Every one of these would run for long or fill the memory without a bound.
    #[test]
    fn runaway_expressions_end_quickly() {
        let big = "x".repeat(200_000);
        let scope = Data::with_input(json!({"s": big, "list": (0..20_000).collect::<Vec<i32>>()}));
        for text in [
            "( $f := function(){ $f() }; $f() )",
            "( $f := function(){ 1 + $f() }; $f() )",
            "( $f := function($s, $n){ $n = 0 ? $s : $f($s & $s, $n - 1) }; $f('xxxxxxxx', 60) )",
            "( $f := function($a, $n){ $n = 0 ? $a : $f([$a, $a], $n - 1) }; $f([1], 60) )",
            "( $f := function($a, $n){ $n = 0 ? $string($a) : $f({'a': $a, 'b': $a}, $n - 1) }; $f([1], 60) )",
            "( $f := function($a, $n){ $n = 0 ? $string($a) : $f($map([1, 2], function(){ $a }), $n - 1) }; $f(1, 60) )",
            "$replace($states.input.s, 'x', $states.input.s)",
            "$replace($states.input.s, /x/, function(){ $states.input.s })",
            "$join($states.input.list.('x'), $states.input.s)",
            "$states.input.list.('x') ~> $join($states.input.s)",
            "$string([1..100000].($states.input.s))",
            "$pad('x', 2000000000)",
            "$map(['x'], $pad(?, 2000000000))",
            "[1..1000000].[1..1000000]",
            "[1..100000000]",
        ] {
            let start = Instant::now();
            let limits = Limits { milliseconds: 200, ..Limits::default() };
            let program = Program::compile(text).unwrap();
            let result = program.evaluate(&scope, &limits, &mut SeededEntropy::new(1));
            assert!(result.is_err(), "{text}: {result:?}");
            assert!(start.elapsed().as_secs() < 5, "{text}: {:?}", start.elapsed());
        }
    }

    #[test]
    fn slow_functions_are_replaced() {
        let scope = Data::with_input(json!((0..50_000).collect::<Vec<i32>>()));
        let program =
            Program::compile("$count($distinct($states.input)) & $match('aaaa', /(a*)*b/)").unwrap();
        let result = program.evaluate(&scope, &Limits::default(), &mut SeededEntropy::new(1));
        assert_eq!(result, Ok(Some(json!("50000"))));
    }

    #[test]
    fn distinct_compares_by_value() {
        check(
            "$distinct([1, '1', 1, {'a': 1, 'b': 2}, {'b': 2, 'a': 1}, [1], [1]])",
            expect![[r#"[1,"1",{"a":1,"b":2},[1]]"#]],
        );
    }

    #[test]
    fn programs_can_be_shared() {
        fn shared<T: Clone + Send + Sync + Eq + Hash + fmt::Debug>(_: &T) {}
        shared(&Program::compile("1").unwrap());
    }
}
