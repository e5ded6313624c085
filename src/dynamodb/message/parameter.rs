//! Parameters, alone and beside each other.

use super::Message;
use super::value::{enveloped_invalid_value, invalid_value};
use crate::dynamodb::attribute::AttributeType;
use crate::spec::quota;

pub(in crate::dynamodb) fn only_all_old_or_none() -> Message {
    Message::enveloped("ReturnValues can only be ALL_OLD or NONE")
}

/// The newer layer does not tell which expressions are missing.
pub(in crate::dynamodb) fn placeholders_without_expression(map: &str, null_expressions: &str) -> Message {
    let newer = format!("{map} can only be specified when using expressions");
    Message::enveloped(format!("{newer}{null_expressions}")).with_newer(newer)
}

pub(in crate::dynamodb) fn placeholders_empty(map: &str) -> Message {
    Message::enveloped(format!("{map} must not be empty"))
}

pub(in crate::dynamodb) fn placeholder_syntax(map: &str, key: &str) -> Message {
    Message::enveloped(format!("{map} contains invalid key: Syntax error; key: \"{key}\""))
}

pub(in crate::dynamodb) fn placeholder_too_long(map: &str, bytes: usize) -> Message {
    Message::enveloped(format!(
        "{map} contains invalid key: The expression attribute map contains a key that is too long; \
         key size: {bytes}"
    ))
}

/// # Errors
///
/// The name that a placeholder stands for is empty or too long.
pub(in crate::dynamodb) fn check_placeholder_name(key: &str, name: &str) -> Result<(), Message> {
    let Some(text) = wrong_attribute_name(name) else { return Ok(()) };
    let text = format!("ExpressionAttributeNames contains invalid value: {text} for key {key}");
    Err(Message::enveloped(text))
}

pub(in crate::dynamodb) fn placeholder_unused(map: &str, keys: &[&str]) -> Message {
    Message::enveloped(format!(
        "Value provided in {map} unused in expressions: keys: {{{}}}",
        keys.join(", ")
    ))
}

pub(in crate::dynamodb) fn mixed_parameters(legacy: &[&str], expressions: &[&str]) -> Message {
    Message::enveloped(format!(
        "Can not use both expression and non-expression parameters in the same request: \
         Non-expression parameters: {{{}}} Expression parameters: {{{}}}",
        legacy.join(", "),
        expressions.join(", ")
    ))
}

pub(in crate::dynamodb) fn conditional_operator_alone() -> Message {
    Message::bare("ConditionalOperator cannot be used without Filter or Expected")
}

pub(in crate::dynamodb) fn conditional_operator_needs_two() -> Message {
    Message::bare("ConditionalOperator can only be used when Filter or Expected has two or more elements")
}

/// A member of Expected whose own members do not go together.
pub(in crate::dynamodb) fn expected(what: &str, attribute: &str) -> Message {
    enveloped_invalid_value(format_args!("{what} for Attribute: {attribute}"))
}

pub(in crate::dynamodb) fn argument_count(operator: &str) -> Message {
    enveloped_invalid_value(format_args!(
        "Invalid number of argument(s) for the {operator} ComparisonOperator"
    ))
}

pub(in crate::dynamodb) fn operator_not_valid(operator: &str, kind: AttributeType) -> Message {
    enveloped_invalid_value(format_args!(
        "ComparisonOperator {operator} is not valid for {kind} AttributeValue type"
    ))
}

pub(in crate::dynamodb) fn list_types_differ() -> Message {
    enveloped_invalid_value("AttributeValues inside AttributeValueList must be of same type")
}

pub(in crate::dynamodb) fn range_reversed() -> Message {
    Message::enveloped(
        "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound",
    )
}

pub(in crate::dynamodb) fn only_delete_without_value() -> Message {
    invalid_value("Only DELETE action is allowed when no attribute value is specified")
}

pub(in crate::dynamodb) fn update_action_not_supported(action: &str, kind: AttributeType) -> Message {
    invalid_value(format_args!("{action} is not supported for the type {kind}"))
}

pub(in crate::dynamodb) fn duplicate_attribute_to_get(name: &str) -> Message {
    invalid_value(format_args!("Duplicate value in attribute name: {name}"))
}

/// # Errors
///
/// The name is empty or too long.
pub(in crate::dynamodb) fn check_attribute_name(name: &str) -> Result<(), Message> {
    wrong_attribute_name(name).map_or(Ok(()), |text| Err(Message::bare(text)))
}

fn wrong_attribute_name(name: &str) -> Option<&'static str> {
    match name.len() {
        0 => Some("Empty attribute name"),
        1..=quota::ATTRIBUTE_NAME_BYTES_MAX => None,
        _ => Some("Attribute name is too large, must be less than 65536 bytes"),
    }
}
