//! What a Choice's tests tell of the data of those who come through them.

use std::sync::Arc;

use serde_json::Value;

use super::expression::read;
use super::state::{Environment, Variable};
use super::{Member, Shape, path};
use crate::expr::Expr;
use crate::expr::path::{Path, Root};
use crate::model::{Comparand, Expression, Payload, Slot, Test};
use crate::spec::{ChoiceOperator, Comparison, Operand};

/// Nesting of tests that is followed.
const NESTING_MAX: usize = 5;

/// What is known once a test holds, or does not; none where that cannot be.
pub(super) fn assume(test: &Test, holds: bool, view: &Environment) -> Option<Environment> {
    assume_within(test, holds, view, NESTING_MAX)
}

fn assume_within(test: &Test, holds: bool, view: &Environment, nesting: usize) -> Option<Environment> {
    if nesting == 0 {
        return Some(view.clone());
    }
    match test {
        Test::Compare { variable, operator, with } => compare(variable, operator, with, holds, view),
        Test::And(tests) => all(tests, holds, true, view, nesting - 1),
        // One of them holds unless all do not.
        Test::Or(tests) => all(tests, !holds, false, view, nesting - 1),
        Test::Not(test) => assume_within(test, !holds, view, nesting - 1),
        Test::Condition(Payload::Literal(value)) => (**value == Value::Bool(holds)).then(|| view.clone()),
        Test::Condition(_) | Test::Invalid => Some(view.clone()),
    }
}

/// Where `all`: each test is `each`. Else: one of them is not, and those before it are.
fn all(tests: &[Test], all: bool, each: bool, view: &Environment, nesting: usize) -> Option<Environment> {
    let mut current = Some(view.clone());
    let mut alternatives: Option<Environment> = None;
    for test in tests {
        let Some(before) = current else { break };
        if !all && let Some(other) = assume_within(test, !each, &before, nesting) {
            alternatives = Some(match alternatives {
                Some(known) => known.join(&other),
                None => other,
            });
        }
        current = assume_within(test, each, &before, nesting);
    }
    if all { current } else { alternatives }
}

fn compare(
    variable: &Slot,
    operator: &ChoiceOperator,
    with: &Comparand,
    holds: bool,
    view: &Environment,
) -> Option<Environment> {
    let Expression::JsonPath(Expr::Path(path)) = &variable.expr else { return Some(view.clone()) };
    if !path.is_reference_path() {
        return Some(view.clone());
    }
    let literal = match with {
        Comparand::Value(value) => Some(value),
        Comparand::Path(_) => None,
    };
    let found = read(path, view).ok();
    if operator.comparison == Comparison::IsPresent {
        let Some(is_asked) = literal.and_then(Value::as_bool) else { return Some(view.clone()) };
        return match (holds == is_asked, found) {
            (true, found) => Some(with_shape(path, view, &found?)),
            (false, None) => Some(view.clone()),
            (false, Some(_)) => without(path, view),
        };
    }
    // The execution fails where the variable is not there.
    let mut shape = found?;
    if holds {
        shape = refine(&shape, told(operator.comparison, literal))?;
    } else if let (Comparison::Equals(Operand::String), Some(Value::String(text)), Shape::String(Some(known))) =
        (operator.comparison, literal, &shape)
        && **text == **known
    {
        return None;
    }
    Some(with_shape(path, view, &shape))
}

/// What a comparison that holds tells of its variable.
fn told(comparison: Comparison, literal: Option<&Value>) -> Shape {
    let is_asked = literal == Some(&Value::Bool(true));
    match comparison {
        Comparison::Equals(operand) => match (of_operand(operand), literal) {
            (Shape::String(_), Some(Value::String(text))) if operand == Operand::String => Shape::text(text),
            (Shape::Bool(_), Some(Value::Bool(value))) => Shape::Bool(Some(*value)),
            (shape, _) => shape,
        },
        Comparison::LessThan(operand)
        | Comparison::GreaterThan(operand)
        | Comparison::LessThanEquals(operand)
        | Comparison::GreaterThanEquals(operand) => of_operand(operand),
        Comparison::Matches => Shape::string(),
        Comparison::IsNull if is_asked => Shape::Null,
        Comparison::IsNumeric if is_asked => Shape::number(),
        Comparison::IsString | Comparison::IsTimestamp if is_asked => Shape::string(),
        Comparison::IsBoolean if is_asked => Shape::boolean(),
        Comparison::IsNull
        | Comparison::IsNumeric
        | Comparison::IsString
        | Comparison::IsTimestamp
        | Comparison::IsBoolean
        | Comparison::IsPresent => Shape::Any,
    }
}

const fn of_operand(operand: Operand) -> Shape {
    match operand {
        Operand::String | Operand::Timestamp => Shape::string(),
        Operand::Numeric => Shape::number(),
        Operand::Boolean => Shape::boolean(),
    }
}

/// What is both; none where nothing is.
fn refine(known: &Shape, told: Shape) -> Option<Shape> {
    match (known, &told) {
        (_, Shape::Any) => Some(known.clone()),
        (Shape::Any, _) | (Shape::Null, Shape::Null) => Some(told),
        (Shape::Bool(Some(a)), Shape::Bool(Some(b))) if a != b => None,
        (Shape::String(Some(a)), Shape::String(Some(b))) if a != b => None,
        (Shape::Bool(None), Shape::Bool(_)) | (Shape::String(None), Shape::String(_)) => Some(told),
        (Shape::Bool(_), Shape::Bool(_))
        | (Shape::String(_), Shape::String(_))
        | (Shape::Number(_), Shape::Number(_)) => Some(known.clone()),
        _ => None,
    }
}

/// The same with what a path of names leads to, which is certainly there.
fn with_shape(path: &Path, view: &Environment, shape: &Shape) -> Environment {
    let Some(names) = path::names(path) else { return view.clone() };
    let mut view = view.clone();
    match path.root() {
        Root::Input => view.input = put(&view.input, &names, shape),
        Root::Variable(name) => {
            if let Some(variable) = view.variables.get(name.as_str()) {
                let variable = Variable { shape: put(&variable.shape, &names, shape), is_certain: true };
                view.variables.insert(Arc::from(name.as_str()), variable);
            }
        }
        Root::Context | Root::Item => {}
    }
    view
}

fn put(shape: &Shape, names: &[&str], inner: &Shape) -> Shape {
    let Some((name, rest)) = names.split_first() else { return inner.clone() };
    let below = shape.member(name).map_or(Shape::Any, |(shape, _)| shape);
    let (mut members, others) = match shape {
        Shape::Object(object) => (object.members().to_vec(), object.rest().cloned()),
        _ => (Vec::new(), Some(Shape::Any)),
    };
    members.push(Member::certain(name, put(&below, rest, inner)));
    Shape::object(members, others)
}

/// The same where a path leads to nothing; none where it certainly leads to something.
fn without(path: &Path, view: &Environment) -> Option<Environment> {
    let (Some(names), Root::Input) = (path::names(path), path.root()) else { return Some(view.clone()) };
    let (last, parents) = names.split_last()?;
    let mut parent = view.input.clone();
    let mut is_certain = true;
    for name in parents {
        let Some((shape, is_there)) = parent.member(name) else { return Some(view.clone()) };
        is_certain &= is_there;
        parent = shape;
    }
    let Shape::Object(object) = &parent else { return Some(view.clone()) };
    if is_certain && object.members().iter().any(|member| *member.name == **last && member.is_certain) {
        return None;
    }
    if !is_certain || object.rest().is_some() {
        return Some(view.clone());
    }
    let others = object.members().iter().filter(|member| *member.name != **last).cloned().collect();
    let mut view = view.clone();
    view.input = put(&view.input, parents, &Shape::closed(others));
    Some(view)
}
