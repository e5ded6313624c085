//! The parameters from before there were expressions: Expected, AttributeUpdates, AttributesToGet, KeyConditions,
//! QueryFilter, ScanFilter and ConditionalOperator.
//!
//! They are read and checked here and then become the same conditions, updates and projections that expressions
//! become; nothing else knows of them.
//!
//! Implements
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html>.

use smol_str::SmolStr;

use super::attribute::{AttributeType, AttributeValue};
use super::error::Error;
use super::expression::ast::Comparator;
use super::expression::condition::{Condition, Operand};
use super::expression::path::DocumentPath;
use super::expression::projection::Projection;
use super::expression::update::{Action, Update, Value as UpdateValue};
use super::message::{self, Message};
use super::validate::Constraints;
use super::wire::{Members, ValueReader};

/// Refuses a request that has parameters of both ages; both lists are in the order of AWS's text.
pub(super) fn refuse_mixed(
    members: Members<'_>,
    legacy: &[&'static str],
    expressions: &[&'static str],
) -> Result<(), Message> {
    let is_mixed = [legacy, expressions].iter().all(|names| names.iter().any(|name| members.has(name)));
    if !is_mixed {
        return Ok(());
    }
    let present = |names: &[&'static str]| -> Vec<&'static str> {
        names.iter().copied().filter(|name| members.has(name)).collect()
    };
    Err(message::mixed_parameters(&present(legacy), &present(expressions)))
}

/// A comparison operator of the older parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    In,
    Null,
    Between,
    Less,
    NotContains,
    Equal,
    Greater,
    NotNull,
    NotEqual,
    LessOrEqual,
    BeginsWith,
    GreaterOrEqual,
    Contains,
}

/// The operators in the order of AWS's text.
const OPERATORS: &[(&str, Operator)] = &[
    ("IN", Operator::In),
    ("NULL", Operator::Null),
    ("BETWEEN", Operator::Between),
    ("LT", Operator::Less),
    ("NOT_CONTAINS", Operator::NotContains),
    ("EQ", Operator::Equal),
    ("GT", Operator::Greater),
    ("NOT_NULL", Operator::NotNull),
    ("NE", Operator::NotEqual),
    ("LE", Operator::LessOrEqual),
    ("BEGINS_WITH", Operator::BeginsWith),
    ("GE", Operator::GreaterOrEqual),
    ("CONTAINS", Operator::Contains),
];

impl Operator {
    fn as_str(self) -> &'static str {
        OPERATORS.iter().find(|(_, operator)| *operator == self).map_or("", |(name, _)| name)
    }

    fn takes(self, count: usize) -> bool {
        match self {
            Operator::Null | Operator::NotNull => count == 0,
            Operator::Between => count == 2,
            Operator::In => count > 0,
            Operator::Less
            | Operator::NotContains
            | Operator::Equal
            | Operator::Greater
            | Operator::NotEqual
            | Operator::LessOrEqual
            | Operator::BeginsWith
            | Operator::GreaterOrEqual
            | Operator::Contains => count == 1,
        }
    }

    fn accepts(self, kind: AttributeType) -> bool {
        let scalar = matches!(kind, AttributeType::S | AttributeType::N | AttributeType::B);
        match self {
            Operator::Equal | Operator::NotEqual | Operator::Null | Operator::NotNull => true,
            Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual
            | Operator::Between
            | Operator::In => scalar,
            Operator::BeginsWith => matches!(kind, AttributeType::S | AttributeType::B),
            Operator::Contains | Operator::NotContains => {
                scalar || matches!(kind, AttributeType::Bool | AttributeType::Null)
            }
        }
    }
}

/// A parameter that maps attribute names to comparisons, as read.
pub(super) struct Comparisons<'r> {
    entries: Option<Vec<Entry<'r>>>,
    conditional_operator: Option<&'r str>,
}

struct Entry<'r> {
    name: &'r str,
    operator: Option<&'r str>,
    list: Option<Vec<AttributeValue>>,
    value: Option<AttributeValue>,
    exists: Option<bool>,
    problem: Option<Message>,
}

/// A comparison of one attribute, checked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Comparison {
    pub(super) name: SmolStr,
    pub(super) operator: Operator,
    pub(super) values: Vec<AttributeValue>,
}

impl<'r> Comparisons<'r> {
    /// Reads the parameter of that name, and ConditionalOperator.
    pub(super) fn read(members: Members<'r>, parameter: &str) -> Result<Comparisons<'r>, Error> {
        let conditional_operator = members.string("ConditionalOperator")?;
        Ok(Comparisons { conditional_operator, ..Comparisons::read_plain(members, parameter)? })
    }

    /// Reads a parameter that ConditionalOperator does not go with. Only a member of Expected means something else
    /// when it has no list of values than when the list is empty.
    pub(super) fn read_plain(members: Members<'r>, parameter: &str) -> Result<Comparisons<'r>, Error> {
        let conditional_operator = None;
        let Some(map) = members.entries(parameter)? else {
            return Ok(Comparisons { entries: None, conditional_operator });
        };
        let mut entries = Vec::new();
        for (name, entry) in map {
            let mut reader = ValueReader::default();
            reader.name(name);
            let list = entry
                .list("AttributeValueList")?
                .map(|list| list.iter().map(|value| reader.value(value)).collect::<Result<Vec<_>, Error>>());
            let is_expected = parameter == "Expected";
            let list = list.transpose()?.or_else(|| (!is_expected).then(Vec::new));
            entries.push(Entry {
                name,
                operator: entry.string("ComparisonOperator")?,
                list,
                value: entry
                    .get("Value")
                    .filter(|_| is_expected)
                    .map(|value| reader.value(value))
                    .transpose()?,
                exists: if is_expected { entry.boolean("Exists")? } else { None },
                problem: reader.into_problem(),
            });
        }
        Ok(Comparisons { entries: Some(entries), conditional_operator })
    }

    /// Notes operators that are none; `path` is the parameter in lower camel case.
    pub(super) fn constrain(&self, path: &str, constraints: &mut Constraints) {
        if let Some(operator) = self.conditional_operator
            && operator != "OR"
            && operator != "AND"
        {
            let rule = "satisfy enum value set: [OR, AND]";
            constraints.note_newer_alone(message::conditional_operator(operator, rule));
        }
        for entry in self.entries.iter().flatten() {
            let path = format!("{path}.{}.member.comparisonOperator", entry.name);
            constraints.one_of(entry.operator, &path, OPERATORS);
            if path.starts_with("expected") {
                continue;
            }
            constraints.require(entry.operator.is_some(), &path);
        }
    }

    /// The comparisons joined into a condition; `None` where the parameter is absent or empty.
    pub(super) fn condition(self) -> Result<Option<Condition>, Message> {
        let count = self.entries.as_ref().map_or(0, Vec::len);
        let any = match self.conditional_operator {
            Some(_) if count == 0 => return Err(message::conditional_operator_alone()),
            Some(_) if count < 2 => return Err(message::conditional_operator_needs_two()),
            operator => operator == Some("OR"),
        };
        let mut terms: Vec<Condition> = self.comparisons()?.into_iter().map(Comparison::condition).collect();
        Ok(match terms.len() {
            0 | 1 => terms.pop(),
            _ if any => Some(Condition::Or(terms)),
            _ => Some(Condition::And(terms)),
        })
    }

    /// The comparisons one by one.
    pub(super) fn comparisons(self) -> Result<Vec<Comparison>, Message> {
        self.entries.into_iter().flatten().map(Entry::comparison).collect()
    }
}

impl Entry<'_> {
    fn comparison(self) -> Result<Comparison, Message> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let name = self.name;
        let operator = OPERATORS.iter().find(|(other, _)| Some(*other) == self.operator);
        if self.value.is_some() && self.list.is_some() {
            return Err(message::expected("Value and AttributeValueList cannot be used together", name));
        }
        let (operator, values) = match operator {
            Some((_, operator)) => {
                if self.exists.is_some() {
                    return Err(message::expected(
                        "Exists and ComparisonOperator cannot be used together",
                        name,
                    ));
                }
                (*operator, operator_values(*operator, self.value, self.list, name)?)
            }
            None => existence(self.value, self.exists, self.list.is_some(), name)?,
        };
        check_values(operator, &values)?;
        Ok(Comparison { name: SmolStr::new(name), operator, values })
    }
}

fn operator_values(
    operator: Operator,
    value: Option<AttributeValue>,
    list: Option<Vec<AttributeValue>>,
    name: &str,
) -> Result<Vec<AttributeValue>, Message> {
    match (value, list) {
        (Some(_), Some(_)) => {
            Err(message::expected("Value and AttributeValueList cannot be used together", name))
        }
        (Some(value), None) => Ok(vec![value]),
        (None, Some(list)) => Ok(list),
        (None, None) if operator.takes(0) => Ok(Vec::new()),
        (None, None) => {
            let operator = operator.as_str();
            let what =
                format!("Value or AttributeValueList must be used with ComparisonOperator: {operator}");
            Err(message::expected(&what, name))
        }
    }
}

/// The oldest form: a value, or whether there is one.
fn existence(
    value: Option<AttributeValue>,
    exists: Option<bool>,
    has_list: bool,
    name: &str,
) -> Result<(Operator, Vec<AttributeValue>), Message> {
    if has_list {
        return Err(message::expected("AttributeValueList can only be used with a ComparisonOperator", name));
    }
    match (value, exists) {
        (Some(_), Some(false)) => Err(message::expected("Value cannot be used when Exists is false", name)),
        (Some(value), _) => Ok((Operator::Equal, vec![value])),
        (None, Some(false)) => Ok((Operator::Null, Vec::new())),
        (None, Some(true)) => Err(message::expected("Value must be provided when Exists is true", name)),
        (None, None) => Err(message::expected("Value must be provided when Exists is null", name)),
    }
}

fn check_values(operator: Operator, values: &[AttributeValue]) -> Result<(), Message> {
    let name = operator.as_str();
    if !operator.takes(values.len()) {
        return Err(message::argument_count(name));
    }
    let Some((first, rest)) = values.split_first() else { return Ok(()) };
    if rest.iter().any(|value| value.kind() != first.kind()) {
        return Err(message::list_types_differ());
    }
    if !operator.accepts(first.kind()) {
        return Err(message::operator_not_valid(name, first.kind()));
    }
    let reversed = |upper: &AttributeValue| first.compare(upper).is_some_and(std::cmp::Ordering::is_gt);
    if operator == Operator::Between && rest.first().is_some_and(reversed) {
        return Err(message::range_reversed());
    }
    Ok(())
}

impl Comparison {
    fn condition(self) -> Condition {
        let path = DocumentPath::attribute(self.name);
        let attribute = Operand::Path(path.clone());
        let mut values = self.values.into_iter().map(Operand::Value);
        // The number of values is checked, so the fallback never shows.
        let mut next = || values.next().unwrap_or(Operand::Value(AttributeValue::Null));
        let comparator = match self.operator {
            Operator::Null => return Condition::NotExists(path),
            Operator::NotNull => return Condition::Exists(path),
            Operator::In => return Condition::In(attribute, values.collect()),
            Operator::Between => return Condition::Between(Box::new([attribute, next(), next()])),
            Operator::BeginsWith => return Condition::BeginsWith(attribute, next()),
            Operator::Contains => return Condition::Contains(attribute, next()),
            Operator::NotContains => {
                // AWS: false for an attribute that does not exist, unlike NOT in an expression.
                let contains = Condition::Contains(attribute, next());
                return Condition::And(vec![Condition::Exists(path), Condition::Not(Box::new(contains))]);
            }
            Operator::Equal => Comparator::Equal,
            Operator::NotEqual => Comparator::NotEqual,
            Operator::Less => Comparator::Less,
            Operator::LessOrEqual => Comparator::LessOrEqual,
            Operator::Greater => Comparator::Greater,
            Operator::GreaterOrEqual => Comparator::GreaterOrEqual,
        };
        Condition::Compare(comparator, attribute, next())
    }
}

/// The parameter AttributeUpdates, as read.
pub(super) struct AttributeUpdates<'r> {
    entries: Option<Vec<UpdateEntry<'r>>>,
}

struct UpdateEntry<'r> {
    name: &'r str,
    action: Option<&'r str>,
    value: Option<AttributeValue>,
    problem: Option<Message>,
}

#[derive(Clone, Copy)]
enum UpdateAction {
    Add,
    Put,
    Delete,
}

const UPDATE_ACTIONS: &[(&str, UpdateAction)] =
    &[("ADD", UpdateAction::Add), ("PUT", UpdateAction::Put), ("DELETE", UpdateAction::Delete)];

impl<'r> AttributeUpdates<'r> {
    pub(super) fn read(members: Members<'r>) -> Result<AttributeUpdates<'r>, Error> {
        let Some(map) = members.entries("AttributeUpdates")? else {
            return Ok(AttributeUpdates { entries: None });
        };
        let mut entries = Vec::new();
        for (name, entry) in map {
            let mut reader = ValueReader::default();
            entries.push(UpdateEntry {
                name,
                action: entry.string("Action")?,
                value: entry.get("Value").map(|value| reader.value(value)).transpose()?,
                problem: reader.into_problem(),
            });
        }
        Ok(AttributeUpdates { entries: Some(entries) })
    }

    pub(super) fn constrain(&self, constraints: &mut Constraints) {
        for entry in self.entries.iter().flatten() {
            let path = format!("attributeUpdates.{}.member.action", entry.name);
            constraints.one_of(entry.action, &path, UPDATE_ACTIONS);
        }
    }

    /// The update, if the parameter is there.
    pub(super) fn update(self) -> Result<Option<Update>, Message> {
        let Some(entries) = self.entries else { return Ok(None) };
        let actions: Vec<_> = entries.into_iter().map(UpdateEntry::action).collect::<Result<_, _>>()?;
        Ok(Some(Update::of_attributes(actions)))
    }
}

impl UpdateEntry<'_> {
    fn action(self) -> Result<(SmolStr, Action), Message> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        message::check_attribute_name(self.name)?;
        let action = UPDATE_ACTIONS.iter().find(|(name, _)| Some(*name) == self.action);
        let action = match (action.map_or(UpdateAction::Put, |(_, action)| *action), self.value) {
            (UpdateAction::Put, Some(value)) => Action::Set(UpdateValue::Literal(value)),
            (UpdateAction::Delete, None) => Action::Remove,
            (UpdateAction::Add | UpdateAction::Put, None) => return Err(message::only_delete_without_value()),
            (UpdateAction::Delete, Some(value)) => match value.kind() {
                AttributeType::Ss | AttributeType::Ns | AttributeType::Bs => Action::Delete(value),
                kind => return Err(message::update_action_not_supported("DELETE action with value", kind)),
            },
            (UpdateAction::Add, Some(value)) => match value {
                AttributeValue::L(list) => Action::Append(list),
                AttributeValue::N(_)
                | AttributeValue::Ss(_)
                | AttributeValue::Ns(_)
                | AttributeValue::Bs(_) => Action::Add(value),
                value => return Err(message::update_action_not_supported("ADD action", value.kind())),
            },
        };
        Ok((SmolStr::new(self.name), action))
    }
}

/// The parameter AttributesToGet, as read.
pub(super) struct AttributesToGet<'r> {
    names: Option<Vec<&'r str>>,
}

impl<'r> AttributesToGet<'r> {
    pub(super) fn read(members: Members<'r>) -> Result<AttributesToGet<'r>, Error> {
        Ok(AttributesToGet { names: members.strings("AttributesToGet")? })
    }

    pub(super) fn is_given(&self) -> bool {
        self.names.is_some()
    }

    pub(super) fn constrain(&self, path: &str, constraints: &mut Constraints) {
        if self.names.as_ref().is_some_and(Vec::is_empty) {
            constraints.note(Some("[]"), path, "have length greater than or equal to 1");
        }
    }

    /// The projection to the named attributes, if the parameter is there.
    pub(super) fn projection(self) -> Result<Option<Projection>, Message> {
        let Some(mut names) = self.names else { return Ok(None) };
        names.sort_unstable();
        if let Some((name, _)) = names.iter().zip(names.iter().skip(1)).find(|(a, b)| a == b) {
            return Err(message::duplicate_attribute_to_get(name));
        }
        names.iter().try_for_each(|name| message::check_attribute_name(name))?;
        let paths = names.into_iter().map(DocumentPath::attribute);
        Ok(Some(Projection::of_paths(paths.collect())))
    }
}
