//! What expressions and payload templates give, in both query languages.
//!
//! JSONata is followed where it is plain: paths of names, constants, constructors, operators and functions whose type
//! of result is fixed. Of everything else nothing is known.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::state::Environment;
use super::{Member, Shape, path};
use crate::expr::Expr;
use crate::expr::intrinsic::{self, ArgumentKind};
use crate::expr::jsonata::{self, Ast, Node, NodeKind, Symbol};
use crate::expr::path::{Path, Root};
use crate::model::{Expression, Payload, Slot};
use crate::spec::context::{
    STATES_CONTEXT, STATES_ERROR_OUTPUT, STATES_INPUT, STATES_RESULT, STATES_VARIABLE,
};
use crate::spec::intrinsic::{IntrinsicFunction, ValueType};
use crate::spec::jsonata::JsonataFunction;
use crate::text::{TextRange, TextSize};

/// A step of a path that leads to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The step, in the text of its expression.
    pub range: TextRange,
    /// What stands before it: the part of the path that leads to something.
    pub before: TextRange,
    /// What is there.
    pub parent: Shape,
}

/// What a template gives. Recursive, but never deeper than the nesting that the parser admits.
pub(super) fn payload(payload: &Payload, view: &Environment) -> Shape {
    match payload {
        Payload::Literal(value) => Shape::of(value),
        Payload::Object(members) => {
            let member = |(name, payload): &(Arc<str>, Payload)| Member {
                name: name.clone(),
                shape: self::payload(payload, view),
                is_certain: true,
            };
            Shape::closed(members.iter().map(member).collect())
        }
        Payload::Array(elements) => {
            Shape::array(elements.iter().map(|element| self::payload(element, view)).collect(), None)
        }
        Payload::Expr(slot) => self::slot(slot, view),
    }
}

/// What an expression gives; nothing is known where it leads to nothing.
pub(super) fn slot(slot: &Slot, view: &Environment) -> Shape {
    match &slot.expr {
        Expression::JsonPath(Expr::Path(path)) => read(path, view).unwrap_or(Shape::Any),
        Expression::JsonPath(Expr::Intrinsic(call)) => call_result(call.call(), view),
        Expression::Jsonata(program) => {
            let (ast, _) = jsonata::parse(program.text());
            Jsonata::new(&ast, program.text(), view).node(&ast.root).unwrap_or(Shape::Any)
        }
    }
}

/// The steps of an expression that lead to nothing where it is sure to be read: those of its paths in JSONPath, in JSONata
/// only where the path is all of the expression, which may else do without it.
pub(super) fn missing(slot: &Slot, view: &Environment) -> Vec<Missing> {
    match &slot.expr {
        Expression::JsonPath(Expr::Path(path)) => read(path, view).err().into_iter().collect(),
        Expression::JsonPath(Expr::Intrinsic(call)) => {
            let mut found = Vec::new();
            missing_in_call(call.call(), view, &mut found);
            found
        }
        Expression::Jsonata(program) => {
            let is_in_path = |c: char| c.is_alphanumeric() || "$._` ".contains(c);
            if !program.text().chars().all(is_in_path) {
                return Vec::new();
            }
            let (ast, _) = jsonata::parse(program.text());
            if !matches!(ast.root.kind, NodeKind::Path(_)) {
                return Vec::new();
            }
            Jsonata::new(&ast, program.text(), view).node(&ast.root).err().into_iter().collect()
        }
    }
}

/// What a path leads to.
///
/// # Errors
///
/// As [`path::read`].
pub(super) fn read(path: &Path, view: &Environment) -> Result<Shape, Missing> {
    match path.root() {
        Root::Input => path::read(path, &view.input),
        Root::Context => path::read(path, &view.context),
        Root::Variable(name) => view
            .variables
            .get(name.as_str())
            .map_or(Ok(Shape::Any), |variable| path::read(path, &variable.shape)),
        Root::Item => Ok(Shape::Any),
    }
}

fn missing_in_call(call: &intrinsic::Call, view: &Environment, found: &mut Vec<Missing>) {
    for argument in &call.arguments {
        match &argument.kind {
            ArgumentKind::Path(path) => found.extend(read(path, view).err()),
            ArgumentKind::Call(call) => missing_in_call(call, view, found),
            _ => {}
        }
    }
}

fn argument(argument: Option<&intrinsic::Argument>, view: &Environment) -> Shape {
    match argument.map(|argument| &argument.kind) {
        Some(ArgumentKind::String(literal)) => Shape::String(Some(Arc::from(literal.value()))),
        Some(ArgumentKind::Number(number)) => Shape::Number(Some(number.clone())),
        Some(ArgumentKind::Bool(value)) => Shape::Bool(Some(*value)),
        Some(ArgumentKind::Null) => Shape::Null,
        Some(ArgumentKind::Path(path)) => read(path, view).unwrap_or(Shape::Any),
        Some(ArgumentKind::Call(call)) => call_result(call, view),
        Some(ArgumentKind::Error) | None => Shape::Any,
    }
}

/// What an intrinsic function returns. Recursive over calls, which the parser bounds.
fn call_result(call: &intrinsic::Call, view: &Environment) -> Shape {
    let Some(function) = call.function else { return Shape::Any };
    let nth = |idx: usize| argument(call.arguments.get(idx), view);
    match function {
        IntrinsicFunction::Array => {
            Shape::array(call.arguments.iter().map(|it| argument(Some(it), view)).collect(), None)
        }
        IntrinsicFunction::ArrayUnique => Shape::array_of(nth(0).any_element()),
        IntrinsicFunction::ArrayPartition => Shape::array_of(Shape::array_of(nth(0).any_element())),
        IntrinsicFunction::ArrayGetItem => match nth(1) {
            Shape::Number(Some(index)) => index
                .as_i64()
                .and_then(|index| nth(0).element_at(i32::try_from(index).ok()?))
                .unwrap_or(Shape::Any),
            _ => nth(0).any_element(),
        },
        IntrinsicFunction::ArrayRange => Shape::array_of(Shape::number()),
        IntrinsicFunction::StringSplit => Shape::array_of(Shape::string()),
        IntrinsicFunction::JsonMerge => merge(&nth(0), &nth(1)),
        function => match function.row().returns {
            ValueType::String => Shape::string(),
            ValueType::Number => Shape::number(),
            ValueType::Boolean => Shape::boolean(),
            ValueType::Array => Shape::array_of(Shape::Any),
            ValueType::Object => Shape::open(Vec::new()),
            ValueType::Any => Shape::Any,
        },
    }
}

/// One object with the members of both; those of the second take the place of the first's.
fn merge(first: &Shape, second: &Shape) -> Shape {
    let (Shape::Object(a), Shape::Object(b)) = (first, second) else { return Shape::open(Vec::new()) };
    let is_hidden = |name: &str| b.rest().is_some() && second.members().iter().all(|it| &*it.name != name);
    let mut members: Vec<Member> = a
        .members()
        .iter()
        .map(|member| {
            let hidden = is_hidden(&member.name);
            Member { shape: if hidden { Shape::Any } else { member.shape.clone() }, ..member.clone() }
        })
        .collect();
    for member in b.members() {
        let old = first.member(&member.name);
        members.push(match (member.is_certain, old) {
            (false, Some((old, is_certain))) => {
                Member { shape: old.join(&member.shape), is_certain, ..member.clone() }
            }
            _ => member.clone(),
        });
    }
    let is_open = a.rest().is_some() || b.rest().is_some();
    Shape::object(members, is_open.then_some(Shape::Any))
}

/// An expression of JSONata that is looked at.
struct Jsonata<'a> {
    text: &'a str,
    view: &'a Environment,
    /// Where the variables begin that the expression does not bind itself.
    free: BTreeSet<TextSize>,
}

impl<'a> Jsonata<'a> {
    fn new(ast: &Ast, text: &'a str, view: &'a Environment) -> Self {
        let free = ast.references().iter().map(|reference| reference.variable.range.start()).collect();
        Self { text, view, free }
    }

    /// What a node gives, where it gives anything. Recursive over the tree, whose depth the parser bounds.
    fn node(&self, node: &Node) -> Result<Shape, Missing> {
        Ok(match &node.kind {
            NodeKind::Literal => self.literal(node),
            NodeKind::Path(steps) => return self.path(steps),
            NodeKind::Variable(name) => self.variable(node, name),
            NodeKind::Negation(_) => Shape::number(),
            NodeKind::Binary { operator, .. } => operator_result(*operator),
            NodeKind::Block(nodes) => nodes.last().map_or(Ok(Shape::Any), |last| self.node(last))?,
            NodeKind::Conditional(parts) => match parts.as_slice() {
                [_, then, otherwise] => self.any(then).join(&self.any(otherwise)),
                [_, then] => self.any(then),
                _ => Shape::Any,
            },
            // Arrays within it are laid flat.
            NodeKind::Array(_) => Shape::array_of(Shape::Any),
            NodeKind::Object(pairs) => self.object(pairs),
            NodeKind::Call { function, .. } => self.call(function),
            _ => Shape::Any,
        })
    }

    fn any(&self, node: &Node) -> Shape {
        self.node(node).unwrap_or(Shape::Any)
    }

    fn slice(&self, node: &Node) -> &str {
        self.text.get(node.range.to_usize()).unwrap_or_default()
    }

    fn literal(&self, node: &Node) -> Shape {
        let text = self.slice(node);
        match text.chars().next() {
            Some('"' | '\'') => Shape::String(plain_string(text).map(Arc::from)),
            Some('/') | None => Shape::Any,
            Some('n') => Shape::Null,
            Some('t') => Shape::Bool(Some(true)),
            Some('f') => Shape::Bool(Some(false)),
            Some(_) => Shape::Number(text.parse().ok()),
        }
    }

    fn variable(&self, node: &Node, name: &str) -> Shape {
        let is_free = self.free.contains(&node.range.start());
        let variable = self.view.variables.get(name).filter(|_| is_free);
        variable.map_or(Shape::Any, |variable| variable.shape.clone())
    }

    /// `$states.input.a.b`, `$variable.a`: names only.
    fn path(&self, steps: &[Node]) -> Result<Shape, Missing> {
        let Some((first, mut rest)) = steps.split_first() else { return Ok(Shape::Any) };
        let NodeKind::Variable(name) = &first.kind else { return Ok(Shape::Any) };
        if !self.free.contains(&first.range.start()) {
            return Ok(Shape::Any);
        }
        let mut before = first.range;
        let mut shape = if name == STATES_VARIABLE {
            let Some((field, after)) = rest.split_first() else { return Ok(Shape::Any) };
            let NodeKind::Field(field_name) = &field.kind else { return Ok(Shape::Any) };
            before = before.cover(field.range);
            rest = after;
            match self.view.states_field(field_name) {
                Some(shape) => shape,
                None => return Ok(Shape::Any),
            }
        } else {
            self.variable(first, name)
        };
        for step in rest {
            let NodeKind::Field(name) = &step.kind else { return Ok(Shape::Any) };
            shape = match (&shape, shape.member(name)) {
                // A step goes through the elements of an array.
                (Shape::Array(_), _) => return Ok(Shape::Any),
                (_, Some((found, _))) => found,
                (_, None) => return Err(Missing { range: step.range, before, parent: shape }),
            };
            before = before.cover(step.range);
        }
        Ok(shape)
    }

    fn object(&self, pairs: &[[Node; 2]]) -> Shape {
        let mut members = Vec::with_capacity(pairs.len());
        for [key, value] in pairs {
            let name = Some(self.slice(key)).filter(|_| matches!(key.kind, NodeKind::Literal));
            let Some(name) = name.and_then(plain_string) else { return Shape::open(Vec::new()) };
            let is_certain =
                matches!(value.kind, NodeKind::Literal | NodeKind::Object(_) | NodeKind::Array(_));
            // A member whose value is nothing is left out.
            if let Ok(shape) = self.node(value) {
                members.push(Member { name: Arc::from(name), shape, is_certain });
            }
        }
        Shape::closed(members)
    }

    fn call(&self, function: &Node) -> Shape {
        let NodeKind::Variable(name) = &function.kind else { return Shape::Any };
        let is_own =
            self.free.contains(&function.range.start()) && !self.view.variables.contains_key(name.as_str());
        match JsonataFunction::find(name).filter(|_| is_own).map(|function| function.returns) {
            Some("string") => Shape::string(),
            Some("number") => Shape::number(),
            Some("boolean") => Shape::boolean(),
            _ => Shape::Any,
        }
    }
}

impl Environment {
    /// A field of `$states`; none where it is not there.
    pub fn states_field(&self, name: &str) -> Option<Shape> {
        match name {
            STATES_INPUT => Some(self.input.clone()),
            STATES_CONTEXT => Some(self.context.clone()),
            STATES_RESULT => self.result.clone(),
            STATES_ERROR_OUTPUT => self.error_output.clone(),
            _ => None,
        }
    }
}

fn operator_result(operator: Symbol) -> Shape {
    match operator {
        Symbol::Ampersand => Shape::string(),
        Symbol::Plus | Symbol::Minus | Symbol::Star | Symbol::Slash | Symbol::Percent => Shape::number(),
        Symbol::Equal
        | Symbol::NotEqual
        | Symbol::Less
        | Symbol::LessOrEqual
        | Symbol::Greater
        | Symbol::GreaterOrEqual
        | Symbol::And
        | Symbol::Or
        | Symbol::In => Shape::boolean(),
        _ => Shape::Any,
    }
}

/// The text of a string in quotes, if nothing is escaped in it.
fn plain_string(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains('\\')).then_some(inner)
}
