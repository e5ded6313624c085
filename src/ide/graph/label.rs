//! Conditions, errors and resources in a few words.

use std::fmt::Write as _;
use std::sync::Arc;

use super::clip;
use crate::model::{Comparand, Expression, Payload, Test};
use crate::spec::{Comparison, Resource, ServiceKind};

/// Characters of a condition that are written; the label is clipped in the end.
const CHARS_MAX: usize = 200;
/// Levels of a condition that are written.
const DEPTH_MAX: usize = 16;

/// When a rule holds: `$.n < 3 and $.x is present`.
pub(in crate::ide) fn condition(test: &Test) -> String {
    let mut text = String::new();
    write(test, 0, &mut text);
    text
}

fn write(test: &Test, depth: usize, text: &mut String) {
    if text.len() > CHARS_MAX || depth > DEPTH_MAX {
        *text += "…";
        return;
    }
    match test {
        Test::Compare { variable, operator, with } => {
            *text += variable.expr.text();
            let value = match with {
                Comparand::Value(value) => clip(&value.to_string(), CHARS_MAX),
                Comparand::Path(slot) => slot.expr.text().to_owned(),
            };
            let is_negated = matches!(with, Comparand::Value(serde_json::Value::Bool(false)));
            let is = if is_negated { "is not" } else { "is" };
            let _ = match operator.comparison {
                Comparison::Equals(_) => write!(text, " = {value}"),
                Comparison::LessThan(_) => write!(text, " < {value}"),
                Comparison::GreaterThan(_) => write!(text, " > {value}"),
                Comparison::LessThanEquals(_) => write!(text, " ≤ {value}"),
                Comparison::GreaterThanEquals(_) => write!(text, " ≥ {value}"),
                Comparison::Matches => write!(text, " matches {value}"),
                Comparison::IsNull => write!(text, " {is} null"),
                Comparison::IsPresent => write!(text, " {is} present"),
                Comparison::IsNumeric => write!(text, " {is} a number"),
                Comparison::IsString => write!(text, " {is} a string"),
                Comparison::IsBoolean => write!(text, " {is} a boolean"),
                Comparison::IsTimestamp => write!(text, " {is} a timestamp"),
            };
        }
        Test::And(tests) => list(tests, " and ", depth, text),
        Test::Or(tests) => list(tests, " or ", depth, text),
        // A list puts itself in parentheses.
        Test::Not(test) if matches!(&**test, Test::And(tests) | Test::Or(tests) if tests.len() > 1) => {
            *text += "not ";
            write(test, depth + 1, text);
        }
        Test::Not(test) => {
            *text += "not (";
            write(test, depth + 1, text);
            *text += ")";
        }
        Test::Condition(Payload::Expr(slot)) => match &slot.expr {
            Expression::Jsonata(program) => *text += program.text(),
            Expression::JsonPath(expr) => *text += expr.text(),
        },
        Test::Condition(payload) => {
            *text += &payload.literal().map(ToString::to_string).unwrap_or_default();
        }
        Test::Invalid => *text += "?",
    }
}

fn list(tests: &[Test], separator: &str, depth: usize, text: &mut String) {
    let needs_parentheses = depth > 0 && tests.len() > 1;
    if needs_parentheses {
        *text += "(";
    }
    for (idx, test) in tests.iter().enumerate() {
        if idx > 0 {
            *text += separator;
        }
        write(test, depth + 1, text);
    }
    if needs_parentheses {
        *text += ")";
    }
}

/// The errors that a catcher takes.
pub(super) fn errors(names: &[Arc<str>]) -> String {
    names.join(", ")
}

/// What a task calls, without what all ARNs have: `dynamodb:getItem`.
pub(super) fn resource(arn: &str) -> String {
    match Resource::parse(arn) {
        Some(resource) if matches!(resource.kind, ServiceKind::Optimized | ServiceKind::Sdk) => {
            format!("{}:{}", resource.resource_type(), resource.resource_name())
        }
        _ => arn.rsplit(':').next().unwrap_or_default().to_owned(),
    }
}
