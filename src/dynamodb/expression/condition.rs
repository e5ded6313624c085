//! Conditions whose placeholders are resolved, and what they are for an item.
//!
//! A comparison with a missing attribute is false, except `<>`, which is true. Values of different types are not
//! equal and have no order.

use std::cmp::Ordering;

use super::ast::{self, Comparator};
use super::path::DocumentPath;
use super::scope::Scope;
use super::{Problem, check, parser};
use crate::dynamodb::attribute::{AttributeType, AttributeValue};
use crate::dynamodb::item::Item;
use crate::dynamodb::message;
use crate::dynamodb::number::Number;
use crate::dynamodb::wire;
use crate::text::TextRange;

/// A condition ready to be evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dynamodb) enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Compare(Comparator, Operand, Operand),
    /// An operand, a lower bound and an upper one. Boxed, so that no condition is as large as three operands.
    Between(Box<[Operand; 3]>),
    In(Operand, Vec<Operand>),
    Exists(DocumentPath),
    NotExists(DocumentPath),
    HasType(Operand, AttributeType),
    BeginsWith(Operand, Operand),
    Contains(Operand, Operand),
}

/// What a condition compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dynamodb) enum Operand {
    Path(DocumentPath),
    Value(AttributeValue),
    /// The size of what the operand is.
    Size(Box<Operand>),
    /// Whether a condition holds, which statements compare.
    Holds(Box<Condition>),
}

impl Condition {
    /// Parses and binds a condition or filter expression.
    pub(in crate::dynamodb) fn parse(text: &str, scope: &mut Scope<'_>) -> Result<Condition, Problem> {
        let tree = parser::condition(text)?;
        if let Some(problem) = check::condition(&tree).into_iter().next() {
            return Err(problem);
        }
        bind(&tree, scope)
    }

    /// Whether the condition holds for an item; an item that does not exist has no attributes.
    pub(in crate::dynamodb) fn holds(&self, item: &Item) -> bool {
        match self {
            Condition::And(terms) => terms.iter().all(|term| term.holds(item)),
            Condition::Or(terms) => terms.iter().any(|term| term.holds(item)),
            Condition::Not(inner) => !inner.holds(item),
            Condition::Compare(comparator, left, right) => {
                let (left, right) = (left.evaluate(item), right.evaluate(item));
                compare(*comparator, left.as_deref(), right.as_deref())
            }
            Condition::Between(operands) => {
                let [operand, lower, upper] = &**operands;
                let value = operand.evaluate(item);
                compare(Comparator::GreaterOrEqual, value.as_deref(), lower.evaluate(item).as_deref())
                    && compare(Comparator::LessOrEqual, value.as_deref(), upper.evaluate(item).as_deref())
            }
            Condition::In(operand, list) => operand.evaluate(item).is_some_and(|value| {
                list.iter().any(|member| member.evaluate(item).as_deref() == Some(&*value))
            }),
            Condition::Exists(path) => path.resolve(item).is_some(),
            Condition::NotExists(path) => path.resolve(item).is_none(),
            Condition::HasType(operand, kind) => {
                operand.evaluate(item).is_some_and(|value| value.kind() == *kind)
            }
            Condition::BeginsWith(operand, prefix) => {
                match (operand.evaluate(item).as_deref(), prefix.evaluate(item).as_deref()) {
                    (Some(AttributeValue::S(text)), Some(AttributeValue::S(prefix))) => {
                        text.starts_with(&**prefix)
                    }
                    (Some(AttributeValue::B(bytes)), Some(AttributeValue::B(prefix))) => {
                        bytes.starts_with(prefix)
                    }
                    _ => false,
                }
            }
            Condition::Contains(container, member) => {
                match (container.evaluate(item).as_deref(), member.evaluate(item).as_deref()) {
                    (Some(container), Some(member)) => contains(container, member),
                    _ => false,
                }
            }
        }
    }

    /// Calls `visit` with every path of the condition.
    pub(in crate::dynamodb) fn each_path<'c>(&'c self, visit: &mut dyn FnMut(&'c DocumentPath)) {
        match self {
            Condition::And(terms) | Condition::Or(terms) => {
                terms.iter().for_each(|term| term.each_path(visit))
            }
            Condition::Not(inner) => inner.each_path(visit),
            Condition::Compare(_, left, right)
            | Condition::BeginsWith(left, right)
            | Condition::Contains(left, right) => {
                left.each_path(visit);
                right.each_path(visit);
            }
            Condition::Between(operands) => operands.iter().for_each(|operand| operand.each_path(visit)),
            Condition::In(operand, list) => {
                operand.each_path(visit);
                list.iter().for_each(|operand| operand.each_path(visit));
            }
            Condition::Exists(path) | Condition::NotExists(path) => visit(path),
            Condition::HasType(operand, _) => operand.each_path(visit),
        }
    }
}

impl Operand {
    fn evaluate<'v>(&'v self, item: &'v Item) -> Option<Evaluated<'v>> {
        match self {
            Operand::Path(path) => path.resolve(item).map(Evaluated::Borrowed),
            Operand::Value(value) => Some(Evaluated::Borrowed(value)),
            Operand::Size(inner) => {
                let size = size(&*inner.evaluate(item)?)?;
                Some(Evaluated::Owned(AttributeValue::N(Number::from(size))))
            }
            Operand::Holds(condition) => Some(Evaluated::Owned(AttributeValue::Bool(condition.holds(item)))),
        }
    }

    fn each_path<'c>(&'c self, visit: &mut dyn FnMut(&'c DocumentPath)) {
        match self {
            Operand::Path(path) => visit(path),
            Operand::Value(_) => {}
            Operand::Size(inner) => inner.each_path(visit),
            Operand::Holds(condition) => condition.each_path(visit),
        }
    }
}

/// The value of an operand: part of the item or of the condition, or computed.
enum Evaluated<'v> {
    Borrowed(&'v AttributeValue),
    Owned(AttributeValue),
}

impl std::ops::Deref for Evaluated<'_> {
    type Target = AttributeValue;

    fn deref(&self) -> &AttributeValue {
        match self {
            Evaluated::Borrowed(value) => value,
            Evaluated::Owned(value) => value,
        }
    }
}

/// Compares two values, either of which may be missing.
pub(in crate::dynamodb) fn compare(
    comparator: Comparator,
    left: Option<&AttributeValue>,
    right: Option<&AttributeValue>,
) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return comparator == Comparator::NotEqual };
    let order = || left.compare(right);
    match comparator {
        Comparator::Equal => left == right,
        Comparator::NotEqual => left != right,
        Comparator::Less => order() == Some(Ordering::Less),
        Comparator::LessOrEqual => order().is_some_and(Ordering::is_le),
        Comparator::Greater => order() == Some(Ordering::Greater),
        Comparator::GreaterOrEqual => order().is_some_and(Ordering::is_ge),
    }
}

fn contains(container: &AttributeValue, member: &AttributeValue) -> bool {
    match (container, member) {
        (AttributeValue::S(text), AttributeValue::S(part)) => text.contains(&**part),
        (AttributeValue::B(bytes), AttributeValue::B(part)) => memchr::memmem::find(bytes, part).is_some(),
        (AttributeValue::Ss(set), AttributeValue::S(text)) => set.binary_search(text).is_ok(),
        (AttributeValue::Ns(set), AttributeValue::N(number)) => set.binary_search(number).is_ok(),
        (AttributeValue::Bs(set), AttributeValue::B(bytes)) => set.binary_search(bytes).is_ok(),
        (AttributeValue::L(list), member) => list.contains(member),
        _ => false,
    }
}

fn size(value: &AttributeValue) -> Option<u32> {
    let size = match value {
        // AWS: as Java counts, so that a character beyond U+FFFF is two.
        AttributeValue::S(text) => text.encode_utf16().count(),
        AttributeValue::B(bytes) => bytes.len(),
        AttributeValue::Ss(set) => set.len(),
        AttributeValue::Ns(set) => set.len(),
        AttributeValue::Bs(set) => set.len(),
        AttributeValue::L(list) => list.len(),
        AttributeValue::M(map) => map.len(),
        AttributeValue::N(_) | AttributeValue::Bool(_) | AttributeValue::Null => return None,
    };
    u32::try_from(size).ok()
}

// ------------------------------------------------------------------------------------------------------ binding

/// Resolves placeholders and checks operands; the depth is that of the tree, which the parser bounds.
pub(super) fn bind(tree: &ast::Condition<'_>, scope: &mut Scope<'_>) -> Result<Condition, Problem> {
    Ok(match tree {
        ast::Condition::And(terms) => Condition::And(bind_all(terms, scope)?),
        ast::Condition::Or(terms) => Condition::Or(bind_all(terms, scope)?),
        ast::Condition::Not(inner) => Condition::Not(Box::new(bind(inner, scope)?)),
        ast::Condition::Parens { inner, .. } => bind(inner, scope)?,
        ast::Condition::Compare { comparator, left, right, range } => {
            let bound = bind_operand(left, scope).and_then(|left| Ok([left, bind_operand(right, scope)?]));
            let operands = all_defined(bound, &[left, right], scope)?;
            check_distinct(comparator.as_str(), &operands, *range)?;
            let [left, right] = operands;
            if !matches!(comparator, Comparator::Equal | Comparator::NotEqual) {
                check_ordered(comparator.as_str(), [&left, &right], *range)?;
            }
            Condition::Compare(*comparator, left, right)
        }
        ast::Condition::Between { operands, range } => {
            let [operand, lower, upper] = &**operands;
            let bound = bind_operand(operand, scope)
                .and_then(|operand| Ok([operand, bind_operand(lower, scope)?, bind_operand(upper, scope)?]));
            let operands = all_defined(bound, &[operand, lower, upper], scope)?;
            check_distinct("BETWEEN", &operands, *range)?;
            let [operand, lower, upper] = &operands;
            check_same_type(lower, upper, *range)?;
            check_ordered("BETWEEN", [operand, lower, upper], *range)?;
            check_not_reversed(lower, upper, *range)?;
            Condition::Between(Box::new(operands))
        }
        ast::Condition::In { operand, list, range } => {
            let operand = bind_operand(operand, scope)?;
            let list =
                list.iter().map(|member| bind_operand(member, scope)).collect::<Result<Vec<_>, _>>()?;
            if list.contains(&operand)
                && let Operand::Path(path) = &operand
            {
                return Err(Problem::new(message::operands_not_distinct("IN", &path.to_string()), *range));
            }
            Condition::In(operand, list)
        }
        ast::Condition::Function(function) => bind_function(function, scope)?,
    })
}

fn bind_all(terms: &[ast::Condition<'_>], scope: &mut Scope<'_>) -> Result<Vec<Condition>, Problem> {
    let mut bound = Vec::with_capacity(terms.len());
    for term in terms {
        bound.push(bind(term, scope)?);
    }
    Ok(bound)
}

/// The bound operands of one comparison. AWS: what is not defined in any of them comes before what else is wrong.
fn all_defined<T>(
    bound: Result<T, Problem>,
    operands: &[&ast::Operand<'_>],
    scope: &mut Scope<'_>,
) -> Result<T, Problem> {
    if bound.is_err() {
        operands.iter().try_for_each(|operand| check_defined(operand, scope))?;
    }
    bound
}

fn check_defined(operand: &ast::Operand<'_>, scope: &mut Scope<'_>) -> Result<(), Problem> {
    match operand {
        ast::Operand::Path(path) => scope.path(path).map(|_| ()),
        ast::Operand::Value(value) => scope.value(*value).map(|_| ()),
        ast::Operand::Parens { inner, .. } => check_defined(inner, scope),
        ast::Operand::Function(function) => {
            function.arguments.iter().try_for_each(|operand| check_defined(operand, scope))
        }
    }
}

fn bind_operand(operand: &ast::Operand<'_>, scope: &mut Scope<'_>) -> Result<Operand, Problem> {
    match operand {
        ast::Operand::Path(path) => scope.path(path).map(Operand::Path),
        ast::Operand::Value(value) => scope.value(*value).map(Operand::Value),
        ast::Operand::Parens { inner, .. } => bind_operand(inner, scope),
        ast::Operand::Function(function) => size_of(bind_arguments(function, scope)?, function.range),
    }
}

fn bind_function(tree: &ast::Function<'_>, scope: &mut Scope<'_>) -> Result<Condition, Problem> {
    // The static checks let no name through that is none of a condition.
    let known = ["attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"];
    if !known.contains(&tree.name) {
        return Err(Problem::new(message::function_misused(tree.name), tree.name_range));
    }
    function(tree.name, bind_arguments(tree, scope)?, tree.range)
}

fn bind_arguments(function: &ast::Function<'_>, scope: &mut Scope<'_>) -> Result<Vec<Operand>, Problem> {
    let mut bound = Vec::with_capacity(function.arguments.len());
    for argument in &function.arguments {
        bound.push(bind_operand(argument, scope)?);
    }
    Ok(bound)
}

/// The size of an operand.
///
/// # Errors
///
/// The number of operands, or a type that has no size.
pub(in crate::dynamodb) fn size_of(operands: Vec<Operand>, range: TextRange) -> Result<Operand, Problem> {
    let [inner] = exactly("size", operands, range)?;
    if let Operand::Size(_)
    | Operand::Holds(_)
    | Operand::Value(AttributeValue::N(_) | AttributeValue::Bool(_) | AttributeValue::Null) = &inner
    {
        return Err(wrong_type("size", &inner, range));
    }
    Ok(Operand::Size(Box::new(inner)))
}

/// What a function that is true or false comes to.
///
/// # Errors
///
/// The number of operands, then what an operand cannot be; [`message::function_misused`] for another function.
pub(in crate::dynamodb) fn function(
    name: &str,
    operands: Vec<Operand>,
    range: TextRange,
) -> Result<Condition, Problem> {
    match name {
        "attribute_exists" | "attribute_not_exists" => {
            let [operand] = exactly(name, operands, range)?;
            let Operand::Path(path) = operand else {
                return Err(Problem::new(message::requires_document_path(name), range));
            };
            Ok(if name == "attribute_exists" { Condition::Exists(path) } else { Condition::NotExists(path) })
        }
        "attribute_type" => {
            let operands: [Operand; 2] = exactly(name, operands, range)?;
            check_distinct(name, &operands, range)?;
            let [operand, kind] = operands;
            let Operand::Value(AttributeValue::S(text)) = &kind else {
                return Err(wrong_type(name, &kind, range));
            };
            let kind = AttributeType::from_name(text)
                .ok_or_else(|| Problem::new(message::invalid_type_name(text), range))?;
            Ok(Condition::HasType(operand, kind))
        }
        "begins_with" => {
            let operands: [Operand; 2] = exactly(name, operands, range)?;
            check_distinct(name, &operands, range)?;
            if let Some(bad) =
                operands.iter().find(|operand| !fits(operand, &[AttributeType::S, AttributeType::B]))
            {
                return Err(wrong_type(name, bad, range));
            }
            let [operand, prefix] = operands;
            Ok(Condition::BeginsWith(operand, prefix))
        }
        "contains" => {
            let operands: [Operand; 2] = exactly(name, operands, range)?;
            check_distinct(name, &operands, range)?;
            let [container, member] = operands;
            let scalar_without_parts =
                [AttributeType::N, AttributeType::Bool, AttributeType::Null, AttributeType::M];
            if let Operand::Value(value) = &container
                && scalar_without_parts.contains(&value.kind())
            {
                return Err(wrong_type(name, &container, range));
            }
            Ok(Condition::Contains(container, member))
        }
        other => Err(Problem::new(message::function_misused(other), range)),
    }
}

fn exactly<const COUNT: usize>(
    name: &str,
    operands: Vec<Operand>,
    range: TextRange,
) -> Result<[Operand; COUNT], Problem> {
    let count = operands.len();
    operands.try_into().map_err(|_| Problem::new(message::operand_count(name, count), range))
}

fn check_distinct(operator: &str, operands: &[Operand], range: TextRange) -> Result<(), Problem> {
    let Some((first @ Operand::Path(path), rest)) = operands.split_first() else { return Ok(()) };
    if rest.contains(first) {
        return Err(Problem::new(message::operands_not_distinct(operator, &path.to_string()), range));
    }
    Ok(())
}

/// Refuses operands that are known to be of a type without an order.
pub(in crate::dynamodb) fn check_ordered<const COUNT: usize>(
    operator: &str,
    operands: [&Operand; COUNT],
    range: TextRange,
) -> Result<(), Problem> {
    let ordered = [AttributeType::S, AttributeType::N, AttributeType::B];
    match operands.into_iter().find(|operand| !fits(operand, &ordered)) {
        Some(bad) => Err(wrong_type(operator, bad, range)),
        None => Ok(()),
    }
}

fn check_same_type(lower: &Operand, upper: &Operand, range: TextRange) -> Result<(), Problem> {
    let (Operand::Value(lower), Operand::Value(upper)) = (lower, upper) else { return Ok(()) };
    if lower.kind() == upper.kind() {
        return Ok(());
    }
    let (lower, upper) = (wire::value_in_message(lower), wire::value_in_message(upper));
    Err(Problem::new(message::between_types_differ(&lower, &upper), range))
}

fn check_not_reversed(lower: &Operand, upper: &Operand, range: TextRange) -> Result<(), Problem> {
    let (Operand::Value(lower), Operand::Value(upper)) = (lower, upper) else { return Ok(()) };
    if lower.compare(upper) != Some(Ordering::Greater) {
        return Ok(());
    }
    let (lower, upper) = (wire::value_in_message(lower), wire::value_in_message(upper));
    Err(Problem::new(message::between_reversed(&lower, &upper), range))
}

/// Whether an operand may be of one of the types, as far as is known before an item is.
fn fits(operand: &Operand, kinds: &[AttributeType]) -> bool {
    match operand {
        Operand::Value(value) => kinds.contains(&value.kind()),
        Operand::Size(_) => kinds.contains(&AttributeType::N),
        Operand::Holds(_) => kinds.contains(&AttributeType::Bool),
        Operand::Path(_) => true,
    }
}

fn wrong_type(operator: &str, operand: &Operand, range: TextRange) -> Problem {
    let kind = match operand {
        Operand::Value(value) => value.kind().as_str(),
        Operand::Size(_) => AttributeType::N.as_str(),
        Operand::Holds(_) => AttributeType::Bool.as_str(),
        Operand::Path(_) => "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}",
    };
    Problem::new(message::operand_type(operator, kind), range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_contains(bytes: &[u8], part: &[u8], expected: bool) {
        assert_eq!(contains(&AttributeValue::B(bytes.into()), &AttributeValue::B(part.into())), expected);
    }

    #[test]
    fn bytes_within_bytes() {
        check_contains(b"abcd", b"bc", true);
        check_contains(b"abcd", b"cb", false);
        check_contains(b"abcd", b"", true);
        check_contains(b"ab", b"abc", false);
        // As hard to find as can be: compared anew at each place, these are 40 thousand million bytes.
        let part: Vec<u8> = [vec![0; 200_000], vec![1]].concat();
        check_contains(&vec![0; 400_000], &part, false);
    }
}
