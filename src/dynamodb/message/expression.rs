//! Expressions and their placeholders, when they are read and when an update runs.

use super::Message;
use crate::spec::quota;

pub(in crate::dynamodb) fn expression_too_large(bytes: usize) -> Message {
    let newer = "Expression size has exceeded the maximum allowed size;";
    Message::enveloped(format!("{newer} expression size: {bytes}")).with_newer(newer)
}

/// AWS: an update expression's length is not told.
pub(in crate::dynamodb) fn update_too_large() -> Message {
    Message::enveloped("Expression size has exceeded the maximum allowed size;")
}

pub(in crate::dynamodb) fn expression_empty() -> Message {
    Message::enveloped("The expression can not be empty;")
}

/// Ours: AWS follows a statement however deep it is.
pub(in crate::dynamodb) fn statement_too_deep() -> Message {
    Message::bare("The expression has exceeded the maximum nesting depth")
}

/// AWS: the operators are not counted further than to the first that is too many.
pub(in crate::dynamodb) fn too_many_operators() -> Message {
    let count = quota::DYNAMODB_OPERATORS_MAX + 1;
    Message::enveloped(format!("The expression contains too many operators; operator count: {count}"))
}

pub(in crate::dynamodb) fn syntax_error(token: &str, near: &str) -> Message {
    Message::enveloped(format!("Syntax error; token: \"{token}\", near: \"{near}\""))
}

pub(in crate::dynamodb) fn reserved_keyword(word: &str) -> Message {
    Message::enveloped(format!("Attribute name is a reserved keyword; reserved keyword: {word}"))
}

pub(in crate::dynamodb) fn name_not_defined(name: &str) -> Message {
    Message::enveloped(format!(
        "An expression attribute name used in the document path is not defined; attribute name: {name}"
    ))
}

pub(in crate::dynamodb) fn value_not_defined(name: &str) -> Message {
    Message::enveloped(format!(
        "An expression attribute value used in expression is not defined; attribute value: {name}"
    ))
}

pub(in crate::dynamodb) fn redundant_parentheses() -> Message {
    Message::enveloped("The expression has redundant parentheses;")
}

pub(in crate::dynamodb) fn invalid_function(name: &str) -> Message {
    Message::enveloped(format!("Invalid function name; function: {name}"))
}

/// A function of conditions in an update, or one of updates in a condition; `kind` is `a condition` or `an update`.
pub(in crate::dynamodb) fn function_of_other_expressions(kind: &str, name: &str) -> Message {
    Message::enveloped(format!("The function is not allowed in {kind} expression; function: {name}"))
}

pub(in crate::dynamodb) fn function_misused(name: &str) -> Message {
    Message::enveloped(format!(
        "The function is not allowed to be used this way in an expression; function: {name}"
    ))
}

pub(in crate::dynamodb) fn operand_count(name: &str, count: usize) -> Message {
    Message::enveloped(format!(
        "Incorrect number of operands for operator or function; operator or function: {name}, \
         number of operands: {count}"
    ))
}

/// `kind` is a short type name in conditions and functions.
pub(in crate::dynamodb) fn operand_type(name: &str, kind: &str) -> Message {
    Message::enveloped(format!(
        "Incorrect operand type for operator or function; operator or function: {name}, operand type: {kind}"
    ))
}

/// The operand of `ADD` or `DELETE` in an update; `kind` is a long type name.
pub(in crate::dynamodb) fn update_operand_type(operator: &str, kind: &str) -> Message {
    Message::enveloped(format!(
        "Incorrect operand type for operator or function; operator: {operator}, operand type: {kind}"
    ))
}

pub(in crate::dynamodb) fn too_many_in_operands(count: usize) -> Message {
    Message::enveloped(format!(
        "The IN operator is provided with too many operands; number of operands: {count}"
    ))
}

pub(in crate::dynamodb) fn requires_document_path(name: &str) -> Message {
    Message::enveloped(format!("Operator or function requires a document path; operator or function: {name}"))
}

pub(in crate::dynamodb) fn operands_not_distinct(operator: &str, path: &str) -> Message {
    Message::enveloped(format!(
        "The first operand must be distinct from the remaining operands for this operator or function; \
         operator: {operator}, first operand: {path}"
    ))
}

pub(in crate::dynamodb) fn invalid_type_name(name: &str) -> Message {
    Message::enveloped(format!(
        "Invalid attribute type name found; type: {name}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}"
    ))
}

pub(in crate::dynamodb) fn between_types_differ(lower: &str, upper: &str) -> Message {
    Message::enveloped(format!(
        "The BETWEEN operator requires same data type for lower and upper bounds; \
         lower bound operand: AttributeValue: {lower}, upper bound operand: AttributeValue: {upper}"
    ))
}

pub(in crate::dynamodb) fn between_reversed(lower: &str, upper: &str) -> Message {
    Message::enveloped(format!(
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; \
         lower bound operand: AttributeValue: {lower}, upper bound operand: AttributeValue: {upper}"
    ))
}

pub(in crate::dynamodb) fn path_too_deep(levels: usize) -> Message {
    Message::enveloped(format!("The document path has too many nesting elements; nesting levels: {levels}"))
}

pub(in crate::dynamodb) fn list_index_too_large(index: &str) -> Message {
    Message::enveloped(format!("List index is not within the allowable range; index: [{index}]"))
}

pub(in crate::dynamodb) fn paths_overlap(one: &str, two: &str) -> Message {
    Message::enveloped(format!(
        "Two document paths overlap with each other; must remove or rewrite one of these paths; \
         path one: {one}, path two: {two}"
    ))
}

pub(in crate::dynamodb) fn paths_conflict(one: &str, two: &str) -> Message {
    Message::enveloped(format!(
        "Two document paths conflict with each other; must remove or rewrite one of these paths; \
         path one: {one}, path two: {two}"
    ))
}

pub(in crate::dynamodb) fn section_twice(section: &str) -> Message {
    Message::enveloped(format!("The \"{section}\" section can only be used once in an update expression;"))
}

pub(in crate::dynamodb) fn update_operand_has_wrong_type() -> Message {
    Message::bare("An operand in the update expression has an incorrect data type")
}

pub(in crate::dynamodb) fn update_refers_to_missing() -> Message {
    Message::bare("The provided expression refers to an attribute that does not exist in the item")
}

pub(in crate::dynamodb) fn update_path_invalid() -> Message {
    Message::bare("The document path provided in the update expression is invalid for update")
}

/// The text of the older parameter AttributeUpdates.
pub(in crate::dynamodb) fn attribute_to_update_mismatch() -> Message {
    Message::bare("Type mismatch for attribute to update")
}

pub(in crate::dynamodb) fn item_too_large() -> Message {
    Message::bare("Item size has exceeded the maximum allowed size")
}

pub(in crate::dynamodb) fn updated_item_too_large() -> Message {
    Message::bare("Item size to update has exceeded the maximum allowed size")
}
