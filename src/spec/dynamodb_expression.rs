//! The words of DynamoDB's expressions: functions and keywords, and in which expressions they may stand.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html>,
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html>.

/// The kinds of expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExpressionKind {
    /// A condition that an item has to meet before it is written.
    Condition,
    /// A filter of what is read.
    Filter,
    /// Which keys are read.
    KeyCondition,
    /// What is changed.
    Update,
    /// Which attributes are read.
    Projection,
}

/// A word of an expression that is no attribute's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpressionWord {
    /// The word.
    pub name: &'static str,
    /// The parameters of a function; none of a keyword.
    pub parameters: Option<&'static str>,
    /// The expressions it may stand in.
    pub kinds: &'static [ExpressionKind],
    /// What it does.
    pub doc: &'static str,
}

use ExpressionKind::{Condition, Filter, KeyCondition, Update};

const fn word(name: &'static str, kinds: &'static [ExpressionKind], doc: &'static str) -> ExpressionWord {
    ExpressionWord { name, parameters: None, kinds, doc }
}

const fn function(
    name: &'static str,
    parameters: &'static str,
    kinds: &'static [ExpressionKind],
    doc: &'static str,
) -> ExpressionWord {
    ExpressionWord { name, parameters: Some(parameters), kinds, doc }
}

/// All words, functions first.
pub const EXPRESSION_WORDS: &[ExpressionWord] = &[
    function("attribute_exists", "path", &[Condition, Filter], "Holds if the item has the attribute."),
    function(
        "attribute_not_exists",
        "path",
        &[Condition, Filter],
        "Holds if the item does not have the attribute.",
    ),
    function(
        "attribute_type",
        "path, type",
        &[Condition, Filter],
        "Holds if the attribute is of a type, which a placeholder such as `:type` gives.",
    ),
    function(
        "begins_with",
        "path, start",
        &[Condition, Filter, KeyCondition],
        "Holds if the attribute begins with a string.",
    ),
    function(
        "contains",
        "path, operand",
        &[Condition, Filter],
        "Holds if a string has a part, or a set or list an element.",
    ),
    function(
        "size",
        "path",
        &[Condition, Filter],
        "The size of the attribute: characters, bytes, elements or members.",
    ),
    function(
        "if_not_exists",
        "path, value",
        &[Update],
        "The attribute, or the value if the item does not have it.",
    ),
    function("list_append", "list, list", &[Update], "Both lists, one behind the other."),
    word("SET", &[Update], "Sets attributes: `SET a = :a, b = b + :n`."),
    word("REMOVE", &[Update], "Removes attributes: `REMOVE a, b[1]`."),
    word("ADD", &[Update], "Adds to numbers and sets: `ADD n :n`."),
    word("DELETE", &[Update], "Takes elements out of sets: `DELETE tags :tags`."),
    word("AND", &[Condition, Filter, KeyCondition], "Holds if both do."),
    word("OR", &[Condition, Filter], "Holds if one of both does."),
    word("NOT", &[Condition, Filter], "Holds if the condition does not."),
    word(
        "BETWEEN",
        &[Condition, Filter, KeyCondition],
        "Holds from one value to another: `a BETWEEN :x AND :y`.",
    ),
    word("IN", &[Condition, Filter], "Holds if it is one of several: `a IN (:x, :y)`."),
];
