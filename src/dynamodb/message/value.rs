//! Attribute values and their numbers, sets and nesting.

use std::fmt::Display;

use super::{Message, Wording};
use crate::dynamodb::attribute::AttributeType;
use crate::dynamodb::number::NumberError;

const INVALID: &str = "One or more parameter values were invalid: ";

pub(in crate::dynamodb) fn invalid_value(what: impl Display) -> Message {
    Message::bare(format!("{INVALID}{what}"))
}

/// The same where the newer layer puts its envelope around it.
pub(super) fn enveloped_invalid_value(what: impl Display) -> Message {
    Message::enveloped(format!("{INVALID}{what}"))
}

pub(in crate::dynamodb) fn value_empty() -> Message {
    Message::bare("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
}

pub(in crate::dynamodb) fn value_has_two_types() -> Message {
    Message::bare(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
    )
}

pub(in crate::dynamodb) fn null_is_false() -> Message {
    enveloped_invalid_value("Null attribute value types must have the value of true")
}

pub(in crate::dynamodb) fn set_empty(kind: AttributeType) -> Message {
    enveloped_invalid_value(match kind {
        AttributeType::Ss => "An string set  may not be empty",
        AttributeType::Ns => "An number set  may not be empty",
        _ => "Binary sets should not be empty",
    })
}

/// `members` are those sent; the newer layer tells those before the first repeated one in their order, `arranged`.
/// Numbers are not listed.
pub(in crate::dynamodb) fn set_has_duplicates(
    kind: AttributeType,
    members: &[&str],
    arranged: &[&str],
) -> Message {
    let quoted: Vec<String> = arranged.iter().map(|member| format!("\"{member}\"")).collect();
    let (older, newer) = match kind {
        AttributeType::Ss => (
            format!("Input collection [{}] contains duplicates.", members.join(", ")),
            format!("Input collection [{}] contains duplicates.", quoted.join(", ")),
        ),
        AttributeType::Bs => (
            format!("Input collection [{}]of type BS contains duplicates.", members.join(", ")),
            format!("Input collection [{}]of type BS contains duplicates.", quoted.join(",")),
        ),
        _ => {
            return Message::enveloped("Input collection contains duplicates")
                .with_newer(format!("{INVALID}Input collection contains duplicates."))
                .of_value();
        }
    };
    enveloped_invalid_value(older).with_newer(format!("{INVALID}{newer}")).of_value()
}

/// `older` is how the older layer takes the same text.
pub(in crate::dynamodb) fn bad_number(error: NumberError, older: NumberError, text: &str) -> Message {
    let message = number_error(error, text);
    if older == error {
        return message;
    }
    let newer = message.text().to_owned();
    number_error(older, text).with_newer(newer).of_value()
}

fn number_error(error: NumberError, text: &str) -> Message {
    match error {
        NumberError::NotNumeric if text.is_empty() => {
            Message::enveloped("The parameter cannot be converted to a numeric value")
                .with_newer("The parameter cannot be converted to a numeric value: ")
                .of_value()
        }
        NumberError::NotNumeric => {
            Message::enveloped(format!("The parameter cannot be converted to a numeric value: {text}"))
        }
        NumberError::Overflow => Message::enveloped(NUMBER_OVERFLOW),
        NumberError::Underflow => Message::enveloped(
            "Number underflow. Attempting to store a number with magnitude smaller than supported range",
        ),
        NumberError::TooPrecise => {
            Message::enveloped("Attempting to store more than 38 significant digits in a Number")
        }
    }
}

const NUMBER_OVERFLOW: &str =
    "Number overflow. Attempting to store a number with magnitude larger than supported range";

/// The result of an addition or subtraction lies outside the range or has too many digits.
pub(in crate::dynamodb) fn arithmetic_overflow() -> Message {
    Message::bare(NUMBER_OVERFLOW)
}

pub(in crate::dynamodb) fn nesting_too_deep() -> Message {
    Message::enveloped(
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
    )
}

/// An item that an update would make too deep.
pub(in crate::dynamodb) fn updated_nesting_too_deep() -> Message {
    Message::bare("Nesting Levels have exceeded supported limits")
}

/// Wraps what is wrong with one value of ExpressionAttributeValues; the newer layer has no wrapper.
pub(in crate::dynamodb) fn in_expression_values(inner: Message, placeholder: &str) -> Message {
    let Wording { text, since_2026, .. } = *inner.inner;
    let older = format!("ExpressionAttributeValues contains invalid value: {text} for key {placeholder}");
    Message::enveloped(older).with_newer(since_2026.unwrap_or(text)).of_value()
}
