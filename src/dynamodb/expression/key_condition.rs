//! Key conditions: which keys a query reads.
//!
//! A key condition is a condition of few forms: one comparison of a key attribute with a value, or two of them
//! joined by AND. Which attributes are keys is known only when the condition meets a table or index.

use smol_str::SmolStr;

use super::ast::{self, Comparator};
use super::condition::{self, Condition, Operand};
use super::path::DocumentPath;
use super::scope::Scope;
use super::{Problem, check, parser};
use crate::dynamodb::attribute::AttributeValue;
use crate::dynamodb::error::Violation;
use crate::dynamodb::message::{self, Message};

/// Comparisons of attributes that must be the keys of what is queried, at most one for each attribute.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::dynamodb) struct KeyCondition {
    pub(in crate::dynamodb) terms: Vec<KeyTerm>,
}

/// A comparison of one key attribute.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::dynamodb) struct KeyTerm {
    pub(in crate::dynamodb) name: SmolStr,
    pub(in crate::dynamodb) test: KeyTest,
}

/// What a key attribute is compared with.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::dynamodb) enum KeyTest {
    Equal(AttributeValue),
    Less(AttributeValue),
    LessOrEqual(AttributeValue),
    Greater(AttributeValue),
    GreaterOrEqual(AttributeValue),
    Between(AttributeValue, AttributeValue),
    BeginsWith(AttributeValue),
}

impl KeyTest {
    /// The values of the comparison.
    pub(in crate::dynamodb) fn values(&self) -> impl Iterator<Item = &AttributeValue> {
        let (first, second) = match self {
            KeyTest::Equal(value)
            | KeyTest::Less(value)
            | KeyTest::LessOrEqual(value)
            | KeyTest::Greater(value)
            | KeyTest::GreaterOrEqual(value)
            | KeyTest::BeginsWith(value) => (value, None),
            KeyTest::Between(lower, upper) => (lower, Some(upper)),
        };
        std::iter::once(first).chain(second)
    }
}

const PARAMETER: &str = "KeyConditionExpression";

/// A key condition expression whose placeholders are resolved, its form not yet checked: AWS looks at the other
/// expressions of the request before that.
pub(in crate::dynamodb) struct Unchecked {
    condition: Condition,
    operators: Result<(), Message>,
}

impl Unchecked {
    /// Parses and binds a key condition expression.
    pub(in crate::dynamodb) fn parse(text: &str, scope: &mut Scope<'_>) -> Result<Unchecked, Violation> {
        let named = |problem: Problem| problem.into_violation(PARAMETER);
        let tree = parser::condition(text).map_err(named)?;
        if let Some(problem) = check::condition(&tree).into_iter().next() {
            return Err(named(problem));
        }
        let condition = condition::bind(&tree, scope).map_err(named)?;
        Ok(Unchecked { condition, operators: check_operators(&tree) })
    }

    /// Checks the form.
    pub(in crate::dynamodb) fn check(self) -> Result<KeyCondition, Message> {
        self.operators?;
        let mut terms = Vec::new();
        collect(self.condition, &mut terms)?;
        KeyCondition::new(terms)
    }
}

impl KeyCondition {
    /// A key condition of comparisons that are known to have one of its forms.
    pub(in crate::dynamodb) fn new(terms: Vec<KeyTerm>) -> Result<KeyCondition, Message> {
        let repeated = |term: &KeyTerm| terms.iter().filter(|other| other.name == term.name).count() > 1;
        if terms.iter().any(repeated) {
            return Err(message::one_condition_per_key());
        }
        Ok(KeyCondition { terms })
    }
}

fn check_operators(tree: &ast::Condition<'_>) -> Result<(), Message> {
    let operator = match tree {
        ast::Condition::And(terms) => return terms.iter().try_for_each(check_operators),
        ast::Condition::Parens { inner, .. } => return check_operators(inner),
        ast::Condition::Or(_) => "OR",
        ast::Condition::Not(_) => "NOT",
        ast::Condition::In { .. } => "IN",
        ast::Condition::Compare { comparator: Comparator::NotEqual, .. } => "<>",
        ast::Condition::Compare { .. } | ast::Condition::Between { .. } => return Ok(()),
        ast::Condition::Function(function) if function.name == "begins_with" => return Ok(()),
        ast::Condition::Function(function) => function.name,
    };
    Err(message::invalid_key_operator(operator))
}

fn collect(condition: Condition, acc: &mut Vec<KeyTerm>) -> Result<(), Message> {
    let (operands, test): (Vec<Operand>, fn(AttributeValue) -> KeyTest) = match condition {
        Condition::And(terms) => return terms.into_iter().try_for_each(|term| collect(term, acc)),
        Condition::Between(operands) => {
            let [operand, lower, upper] = *operands;
            check_shape([&operand, &lower, &upper])?;
            if let (Operand::Path(path), Operand::Value(lower), Operand::Value(upper)) =
                (operand, lower, upper)
            {
                acc.push(term(path, KeyTest::Between(lower, upper))?);
            }
            return Ok(());
        }
        Condition::Compare(comparator, left, right) => {
            // `:value < name` says the same as `name > :value`.
            let flipped = matches!((&left, &right), (Operand::Value(_), Operand::Path(_)));
            let test = match (comparator, flipped) {
                (Comparator::Equal, _) => KeyTest::Equal,
                (Comparator::Less, false) | (Comparator::Greater, true) => KeyTest::Less,
                (Comparator::LessOrEqual, false) | (Comparator::GreaterOrEqual, true) => KeyTest::LessOrEqual,
                (Comparator::Greater, false) | (Comparator::Less, true) => KeyTest::Greater,
                (Comparator::GreaterOrEqual, false) | (Comparator::LessOrEqual, true) => {
                    KeyTest::GreaterOrEqual
                }
                (Comparator::NotEqual, _) => return Err(message::invalid_key_operator("<>")),
            };
            (if flipped { vec![right, left] } else { vec![left, right] }, test)
        }
        Condition::BeginsWith(operand, prefix) => (vec![operand, prefix], KeyTest::BeginsWith),
        // The operators are checked before.
        _ => return Err(message::invalid_key_operator("")),
    };
    check_shape(&operands)?;
    let mut operands = operands.into_iter();
    if let (Some(Operand::Path(path)), Some(Operand::Value(value))) = (operands.next(), operands.next()) {
        acc.push(term(path, test(value))?);
    }
    Ok(())
}

/// One path and otherwise values.
fn check_shape<'o>(operands: impl IntoIterator<Item = &'o Operand>) -> Result<(), Message> {
    let mut paths = 0;
    for operand in operands {
        match operand {
            Operand::Path(path) if !path.rest.is_empty() => return Err(message::key_condition_nested_path()),
            Operand::Path(_) => paths += 1,
            Operand::Value(_) => {}
            Operand::Size(_) | Operand::Holds(_) => return Err(message::key_condition_nested_operation()),
        }
    }
    match paths {
        0 => Err(message::invalid_key_condition("No key attribute specified")),
        1 => Ok(()),
        _ => Err(message::invalid_key_condition("Multiple attribute names used in one condition")),
    }
}

fn term(path: DocumentPath, test: KeyTest) -> Result<KeyTerm, Message> {
    Ok(KeyTerm { name: path.root, test })
}
