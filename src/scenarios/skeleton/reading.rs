//! What values are read as: by comparisons, functions and operators around them.

use serde_json::Value;

use super::want::Kind;
use crate::expr::Expr;
use crate::expr::intrinsic::{ArgumentKind, Call};
use crate::expr::jsonata::{Node, NodeKind, Symbol};
use crate::model::{Comparand, Expression, Slot};
use crate::spec::intrinsic::ValueType;
use crate::spec::{ChoiceOperator, Comparison, Operand};
use crate::text::TextSize;

/// Functions of JSONata whose first argument is a number, or numbers.
const NUMERIC_FUNCTIONS: [&str; 11] =
    ["sum", "max", "min", "average", "abs", "floor", "ceil", "round", "power", "sqrt", "formatNumber"];

/// What a rule reads its variable as: what it is compared with, so that the first rule that asks holds.
pub(super) fn kind_of_test(operator: &ChoiceOperator, with: &Comparand) -> Kind {
    let of_operand = |operand: Operand| match (operand, with) {
        (_, Comparand::Value(value)) => Kind::Exactly(value.clone()),
        (Operand::String, Comparand::Path(_)) => Kind::Text,
        (Operand::Numeric, Comparand::Path(_)) => Kind::Number,
        (Operand::Boolean, Comparand::Path(_)) => Kind::Boolean,
        (Operand::Timestamp, Comparand::Path(_)) => Kind::Timestamp,
    };
    match operator.comparison {
        Comparison::Equals(operand)
        | Comparison::LessThan(operand)
        | Comparison::GreaterThan(operand)
        | Comparison::LessThanEquals(operand)
        | Comparison::GreaterThanEquals(operand) => of_operand(operand),
        Comparison::Matches | Comparison::IsString => Kind::Text,
        Comparison::IsNumeric => Kind::Number,
        Comparison::IsBoolean => Kind::Boolean,
        Comparison::IsTimestamp => Kind::Timestamp,
        Comparison::IsNull | Comparison::IsPresent => Kind::Any,
    }
}

/// What the expression in an attribute value `N` reads: text that is a number where it is a mere path, numbers that are
/// made text where it is not.
pub(super) fn number_kind(slot: &Slot) -> Kind {
    match &slot.expr {
        Expression::JsonPath(Expr::Path(_)) => Kind::NumberText,
        Expression::JsonPath(Expr::Intrinsic(_)) => Kind::Number,
        Expression::Jsonata(program) => match &program.tree().root.kind {
            NodeKind::Path(_) | NodeKind::Variable(_) => Kind::NumberText,
            _ => Kind::Number,
        },
    }
}

/// What a call reads its paths as, by where they begin. `result` is what the call's own value is read as.
pub(super) fn kinds_in_intrinsic(call: &Call, result: &Kind) -> Vec<(TextSize, Kind)> {
    let mut found = Vec::new();
    let mut todo = vec![call];
    while let Some(call) = todo.pop() {
        let parameters = call.function.map(|function| function.row().parameters).unwrap_or_default();
        for (idx, argument) in call.arguments.iter().enumerate() {
            let parameter = parameters.get(idx).or(parameters.last());
            let kind = match parameter.map(|parameter| parameter.value_type) {
                Some(ValueType::String) => Kind::Text,
                Some(ValueType::Number) => Kind::Number,
                Some(ValueType::Boolean) => Kind::Boolean,
                Some(ValueType::Array) => Kind::Array,
                Some(ValueType::Any | ValueType::Object) | None => match result {
                    Kind::Number => Kind::Number,
                    _ => Kind::Any,
                },
            };
            match &argument.kind {
                ArgumentKind::Path(_) => found.push((argument.range.start(), kind)),
                ArgumentKind::Call(call) => todo.push(call),
                _ => {}
            }
        }
    }
    found
}

/// What an expression reads its variables as, by where they begin. `result` is what the value of all of it is read as.
///
/// Recursive, but never deeper than the tree, which the parser bounds.
pub(super) fn kinds_in_jsonata(root: &Node, text: &str, result: Kind) -> Vec<(TextSize, Kind)> {
    let mut found = Vec::new();
    walk(root, text, result, &mut found);
    found
}

/// The value of a literal, where JSON has it.
fn literal(node: &Node, text: &str) -> Option<Value> {
    let is_literal = matches!(node.kind, NodeKind::Literal);
    let text = text.get(node.range.to_usize()).filter(|_| is_literal)?;
    let quoted = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    match quoted {
        Some(inner) => (!inner.contains('\\')).then(|| Value::from(inner)),
        None => serde_json::from_str(text).ok(),
    }
}

fn walk(node: &Node, text: &str, kind: Kind, found: &mut Vec<(TextSize, Kind)>) {
    match &node.kind {
        NodeKind::Variable(_) => found.push((node.range.start(), kind)),
        NodeKind::Path(parts) => {
            found.push((node.range.start(), kind));
            parts.iter().skip(1).for_each(|part| walk(part, text, Kind::Any, found));
        }
        NodeKind::Negation(inner) => walk(inner, text, Kind::Number, found),
        NodeKind::Binary { operator: Symbol::Equal, operands, .. } => {
            let [left, right] = operands.as_ref();
            for (operand, other) in [(left, right), (right, left)] {
                walk(operand, text, literal(other, text).map_or(Kind::Any, Kind::Exactly), found);
            }
        }
        NodeKind::Binary { operator, operands, .. } => {
            let kind = match operator {
                Symbol::Plus | Symbol::Minus | Symbol::Star | Symbol::Slash | Symbol::Percent => Kind::Number,
                Symbol::Less | Symbol::Greater | Symbol::LessOrEqual | Symbol::GreaterOrEqual => Kind::Number,
                Symbol::Ampersand => kind,
                _ => Kind::Any,
            };
            operands.iter().for_each(|operand| walk(operand, text, kind.clone(), found));
        }
        NodeKind::Call { function, arguments, .. } => {
            let kind = match &function.kind {
                NodeKind::Variable(name) if NUMERIC_FUNCTIONS.contains(&name.as_str()) => Kind::Number,
                NodeKind::Variable(name) if name == "string" => kind,
                _ => Kind::Any,
            };
            arguments.iter().for_each(|argument| walk(argument, text, kind.clone(), found));
        }
        NodeKind::Conditional(parts) => {
            for (idx, part) in parts.iter().enumerate() {
                walk(part, text, if idx == 0 { Kind::Any } else { kind.clone() }, found);
            }
        }
        NodeKind::Block(parts) => {
            let last = parts.len().saturating_sub(1);
            for (idx, part) in parts.iter().enumerate() {
                walk(part, text, if idx == last { kind.clone() } else { Kind::Any }, found);
            }
        }
        _ => node.children().into_iter().for_each(|child| walk(child, text, Kind::Any, found)),
    }
}
