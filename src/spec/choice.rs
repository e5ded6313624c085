//! Comparison operators of Choice rules in the JSONPath query language.
//!
//! <https://states-language.net/spec.html#choice-state>

/// The type of value an operator compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// Strings, by their UTF-16 code units.
    String,
    /// Numbers, by value.
    Numeric,
    /// `true` and `false`.
    Boolean,
    /// RFC 3339 timestamps, by the instant they name.
    Timestamp,
}

/// What an operator tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// Equal.
    Equals(Operand),
    /// The variable is less than the comparison value.
    LessThan(Operand),
    /// The variable is greater than the comparison value.
    GreaterThan(Operand),
    /// Less or equal.
    LessThanEquals(Operand),
    /// Greater or equal.
    GreaterThanEquals(Operand),
    /// The string matches a pattern in which `*` stands for any text.
    Matches,
    /// The value is `null`.
    IsNull,
    /// The path leads to a value.
    IsPresent,
    /// The value is a number.
    IsNumeric,
    /// The value is a string.
    IsString,
    /// The value is a boolean.
    IsBoolean,
    /// The value is a string that holds an RFC 3339 timestamp.
    IsTimestamp,
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChoiceOperator {
    /// The field's name.
    pub name: &'static str,
    /// What it tests.
    pub comparison: Comparison,
    /// Whether its value is a path to the comparison value.
    pub is_path: bool,
}

impl ChoiceOperator {
    /// The operator of this name.
    pub fn from_name(name: &str) -> Option<&'static ChoiceOperator> {
        CHOICE_OPERATORS.iter().find(|operator| operator.name == name)
    }

    /// What the operator tests, in one sentence.
    pub fn doc(&self) -> std::string::String {
        let with = if self.is_path { "the value at this path" } else { "this value" };
        let noun = |operand| match operand {
            Operand::String => "string",
            Operand::Numeric => "number",
            Operand::Boolean => "boolean",
            Operand::Timestamp => "RFC 3339 timestamp",
        };
        match self.comparison {
            Comparison::Equals(operand) => format!("Holds when `Variable` is a {} equal to {with}.", noun(operand)),
            Comparison::LessThan(operand) => format!("Holds when `Variable` is a {} less than {with}.", noun(operand)),
            Comparison::GreaterThan(operand) => {
                format!("Holds when `Variable` is a {} greater than {with}.", noun(operand))
            }
            Comparison::LessThanEquals(operand) => {
                format!("Holds when `Variable` is a {} less than or equal to {with}.", noun(operand))
            }
            Comparison::GreaterThanEquals(operand) => {
                format!("Holds when `Variable` is a {} greater than or equal to {with}.", noun(operand))
            }
            Comparison::Matches => {
                "Holds when `Variable` is a string that matches this pattern: `*` stands for any text, `\\\\*` for an asterisk.".into()
            }
            Comparison::IsNull => "`true`: holds when `Variable` is `null`; `false`: when it is not.".into(),
            Comparison::IsPresent => "`true`: holds when `Variable` leads to a value; `false`: when it leads to none.".into(),
            Comparison::IsNumeric => "`true`: holds when `Variable` is a number; `false`: when it is not.".into(),
            Comparison::IsString => "`true`: holds when `Variable` is a string; `false`: when it is not.".into(),
            Comparison::IsBoolean => "`true`: holds when `Variable` is a boolean; `false`: when it is not.".into(),
            Comparison::IsTimestamp => {
                "`true`: holds when `Variable` is a string with an RFC 3339 timestamp; `false`: when it is not.".into()
            }
        }
    }
}

const fn value(name: &'static str, comparison: Comparison) -> ChoiceOperator {
    ChoiceOperator { name, comparison, is_path: false }
}

const fn path(name: &'static str, comparison: Comparison) -> ChoiceOperator {
    ChoiceOperator { name, comparison, is_path: true }
}

use Comparison::{Equals, GreaterThan, GreaterThanEquals, LessThan, LessThanEquals};
use Operand::{Boolean, Numeric, String, Timestamp};

/// All 39 operators.
pub const CHOICE_OPERATORS: [ChoiceOperator; 39] = [
    value("StringEquals", Equals(String)),
    path("StringEqualsPath", Equals(String)),
    value("StringLessThan", LessThan(String)),
    path("StringLessThanPath", LessThan(String)),
    value("StringGreaterThan", GreaterThan(String)),
    path("StringGreaterThanPath", GreaterThan(String)),
    value("StringLessThanEquals", LessThanEquals(String)),
    path("StringLessThanEqualsPath", LessThanEquals(String)),
    value("StringGreaterThanEquals", GreaterThanEquals(String)),
    path("StringGreaterThanEqualsPath", GreaterThanEquals(String)),
    value("StringMatches", Comparison::Matches),
    value("NumericEquals", Equals(Numeric)),
    path("NumericEqualsPath", Equals(Numeric)),
    value("NumericLessThan", LessThan(Numeric)),
    path("NumericLessThanPath", LessThan(Numeric)),
    value("NumericGreaterThan", GreaterThan(Numeric)),
    path("NumericGreaterThanPath", GreaterThan(Numeric)),
    value("NumericLessThanEquals", LessThanEquals(Numeric)),
    path("NumericLessThanEqualsPath", LessThanEquals(Numeric)),
    value("NumericGreaterThanEquals", GreaterThanEquals(Numeric)),
    path("NumericGreaterThanEqualsPath", GreaterThanEquals(Numeric)),
    value("BooleanEquals", Equals(Boolean)),
    path("BooleanEqualsPath", Equals(Boolean)),
    value("TimestampEquals", Equals(Timestamp)),
    path("TimestampEqualsPath", Equals(Timestamp)),
    value("TimestampLessThan", LessThan(Timestamp)),
    path("TimestampLessThanPath", LessThan(Timestamp)),
    value("TimestampGreaterThan", GreaterThan(Timestamp)),
    path("TimestampGreaterThanPath", GreaterThan(Timestamp)),
    value("TimestampLessThanEquals", LessThanEquals(Timestamp)),
    path("TimestampLessThanEqualsPath", LessThanEquals(Timestamp)),
    value("TimestampGreaterThanEquals", GreaterThanEquals(Timestamp)),
    path("TimestampGreaterThanEqualsPath", GreaterThanEquals(Timestamp)),
    value("IsNull", Comparison::IsNull),
    value("IsPresent", Comparison::IsPresent),
    value("IsNumeric", Comparison::IsNumeric),
    value("IsString", Comparison::IsString),
    value("IsBoolean", Comparison::IsBoolean),
    value("IsTimestamp", Comparison::IsTimestamp),
];
