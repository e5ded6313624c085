//! The rules of a Choice state as conditions.

use super::expression::{path, string};
use super::template::{delimited, template};
use super::{Converted, Refusal, members_of};
use crate::spec::{ChoiceOperator, Comparison, Field, Operand};
use crate::syntax::Node;
use crate::syntax::edit::{self, Draft};

/// A rule: its test as `Condition`, and what else it has.
pub(super) fn rule(node: Node<'_>, input: &str) -> Converted<Draft> {
    let mut members = vec![(Field::Condition.name().to_owned(), delimited(&test(node, input)?))];
    for (key, value) in members_of(node)? {
        let is_test = ChoiceOperator::from_name(&key).is_some();
        match Field::from_name(&key) {
            Some(Field::Variable | Field::And | Field::Or | Field::Not) => {}
            Some(Field::Assign) => members.push((key, template(value, input)?)),
            _ if is_test => {}
            _ => members.push((key, edit::moved(value.parse(), value))),
        }
    }
    Ok(Draft::Object(members))
}

fn test(node: Node<'_>, input: &str) -> Converted<String> {
    let own = |field: Field| node.value_of(field.name());
    let joined = |tests: Node<'_>, word: &str| -> Converted<String> {
        let tests = tests.elements().map(|it| Ok(format!("({})", test(it, input)?)));
        Ok(tests.collect::<Converted<Vec<_>>>()?.join(word))
    };
    if let Some(tests) = own(Field::And) {
        return joined(tests, " and ");
    }
    if let Some(tests) = own(Field::Or) {
        return joined(tests, " or ");
    }
    if let Some(inner) = own(Field::Not) {
        return Ok(format!("$not({})", test(inner, input)?));
    }
    let missing = || Refusal::new("a rule has no test".to_owned());
    let variable = own(Field::Variable).and_then(Node::text).ok_or_else(missing)?;
    let variable = path(&variable, input)?;
    let operator = node.members().find_map(|it| Some((ChoiceOperator::from_name(&it.key())?, it.value()?)));
    let (operator, value) = operator.ok_or_else(missing)?;
    compare(operator, &variable, value, input)
}

fn compare(operator: &ChoiceOperator, variable: &str, value: Node<'_>, input: &str) -> Converted<String> {
    let is_wanted =
        || value.boolean().ok_or_else(|| Refusal::new(format!("{} is no boolean", operator.name)));
    let of_type = |name: &str| -> Converted<String> {
        let sign = if is_wanted()? { "=" } else { "!=" };
        Ok(format!("$type({variable}) {sign} {}", string(name)))
    };
    let (operand, sign) = match operator.comparison {
        Comparison::Equals(operand) => (operand, "="),
        Comparison::LessThan(operand) => (operand, "<"),
        Comparison::GreaterThan(operand) => (operand, ">"),
        Comparison::LessThanEquals(operand) => (operand, "<="),
        Comparison::GreaterThanEquals(operand) => (operand, ">="),
        Comparison::IsPresent if is_wanted()? => return Ok(format!("$exists({variable})")),
        Comparison::IsPresent => return Ok(format!("$not($exists({variable}))")),
        Comparison::IsNull => return of_type("null"),
        Comparison::IsNumeric => return of_type("number"),
        Comparison::IsString => return of_type("string"),
        Comparison::IsBoolean => return of_type("boolean"),
        Comparison::Matches | Comparison::IsTimestamp => return Err(unlike(operator)),
    };
    let kind = match operand {
        Operand::String => "string",
        Operand::Numeric => "number",
        Operand::Boolean => "boolean",
        // A timestamp compares by the instant; JSONata compares texts.
        Operand::Timestamp => return Err(unlike(operator)),
    };
    let (other, is_known) = if operator.is_path {
        let text = value.text().ok_or_else(|| unlike(operator))?;
        (path(&text, input)?, false)
    } else {
        let is_of_kind = match operand {
            Operand::String => value.is_string(),
            Operand::Numeric => value.number().is_some(),
            _ => value.boolean().is_some(),
        };
        let other = value.text().map_or_else(|| value.raw().to_owned(), |text| string(&text));
        (other, is_of_kind)
    };
    // A value of another type makes the rule false; to JSONata `<` it is an error.
    let mut guards = Vec::new();
    if sign != "=" || !is_known {
        guards.push(format!("$type({variable}) = {}", string(kind)));
    }
    if !is_known {
        guards.push(format!("$type({other}) = {}", string(kind)));
    }
    guards.push(format!("{variable} {sign} {other}"));
    Ok(guards.join(" and "))
}

fn unlike(operator: &ChoiceOperator) -> Refusal {
    Refusal::new(format!("JSONata has nothing like {}", operator.name))
}
