//! Every text of a `ValidationException`, in one place.
//!
//! AWS changed many of these texts during 2026. A [`Message`] therefore knows both wordings, and
//! [`Message::render`] chooses by [`TextGeneration`] and operation. One function makes one text; what its
//! parameters are is all a caller has to know.
//!
//! The texts are facts of the wire protocol: oddities of spacing, grammar and spelling are AWS's.

use std::fmt::Display;

use super::attribute::AttributeType;
use super::error::{CancellationReason, Error};
use super::index::IndexKind;
use super::number::NumberError;

/// Which of AWS's two generations of texts to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextGeneration {
    /// The texts in use until 2026, which Step Functions' causes carry.
    #[default]
    Before2026,
    /// The texts of the newer validation layer.
    Since2026,
}

/// How far an operation has got with the texts of 2026.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    /// The operations that write one item: newer texts in an envelope.
    Enveloped,
    /// Newer texts without an envelope.
    Current,
    /// Newer texts of the model's constraints alone.
    Older,
}

/// The text of a broken rule, in both generations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    // Boxed: whatever can fail hands around room for what it fails with, and hardly anything fails.
    inner: Box<Wording>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Wording {
    text: String,
    /// The newer wording, where it is another one.
    since_2026: Option<String>,
    /// Whether the newer layer puts its envelope around the text in the operations that write one item.
    enveloped: bool,
    /// Whether the newer wording is also that of operations without the envelope.
    of_value: bool,
    /// Whether an action that breaks the rule makes its transaction an invalid request instead of a cancelled one.
    fails_request: bool,
}

const ENVELOPE: &str = "1 validation error detected: ";

impl Message {
    /// A text that is the same in both generations.
    pub(super) fn bare(text: impl Into<String>) -> Message {
        let wording = Wording {
            text: text.into(),
            since_2026: None,
            enveloped: false,
            of_value: false,
            fails_request: false,
        };
        Message { inner: Box::new(wording) }
    }

    /// A text that the newer layer wraps in its envelope.
    pub(super) fn enveloped(text: impl Into<String>) -> Message {
        let mut message = Message::bare(text);
        message.inner.enveloped = true;
        message
    }

    /// A text about what no transaction accepts, so that it is not cancelled but refused.
    fn of_request(text: impl Into<String>) -> Message {
        let mut message = Message::bare(text);
        message.inner.fails_request = true;
        message
    }

    /// A text about an attribute value, which the newer layer words anew in reads as well.
    fn of_value(mut self) -> Message {
        self.inner.of_value = true;
        self
    }

    /// Whether the rule is one of the whole request, also where an action of a transaction breaks it.
    pub(super) fn fails_request(&self) -> bool {
        self.inner.fails_request
    }

    fn with_newer(mut self, text: impl Into<String>) -> Message {
        self.inner.since_2026 = Some(text.into());
        self
    }

    /// The same message behind a prefix, such as `Invalid UpdateExpression: `.
    pub(super) fn prefixed(mut self, prefix: &str) -> Message {
        self.inner.text.insert_str(0, prefix);
        if let Some(newer) = &mut self.inner.since_2026 {
            newer.insert_str(0, prefix);
        }
        self
    }

    /// The same message with the place in a literal that it is about, such as `root.a[1]`.
    pub(super) fn at_place(self, place: &str) -> Message {
        self.followed_by(&format!(" under {place}"))
    }

    /// The same message with a place in a statement, such as `1:8:5`.
    pub(super) fn at(self, position: &str) -> Message {
        self.followed_by(&format!(" at {position}"))
    }

    fn followed_by(mut self, suffix: &str) -> Message {
        self.inner.text.push_str(suffix);
        if let Some(newer) = &mut self.inner.since_2026 {
            newer.push_str(suffix);
        }
        self
    }

    /// The text for a generation, in an operation of that layer.
    pub(super) fn render(&self, generation: TextGeneration, layer: Layer) -> String {
        let Wording { text, since_2026, .. } = &*self.inner;
        let newer = since_2026.as_ref().unwrap_or(text);
        match (generation, layer) {
            (TextGeneration::Before2026, _) => text.clone(),
            (TextGeneration::Since2026, Layer::Enveloped) if self.inner.enveloped => {
                format!("{ENVELOPE}{newer}")
            }
            (TextGeneration::Since2026, Layer::Current) if self.inner.of_value => newer.clone(),
            (TextGeneration::Since2026, _) if self.inner.enveloped => text.clone(),
            (TextGeneration::Since2026, _) => newer.clone(),
        }
    }

    /// The older wording, which is also what an editor shows.
    pub(super) fn text(&self) -> &str {
        &self.inner.text
    }
}

// ---------------------------------------------------------------------------------------- model constraints

/// Several broken constraints of the service's model, `(older, newer)` each; `newer_alone` is what the newer layer tells
/// in the place of all.
pub(super) fn constraints(broken: &[(String, String)], newer_alone: Option<&str>) -> Message {
    let join = |pick: fn(&(String, String)) -> &str| {
        let plural = if broken.len() == 1 { "error" } else { "errors" };
        let list: Vec<&str> = broken.iter().map(pick).collect();
        format!("{} validation {plural} detected: {}", broken.len(), list.join("; "))
    };
    let older = join(|(older, _)| older);
    match newer_alone {
        Some(newer) if newer.starts_with("Value ") => {
            Message::bare(older).with_newer(format!("{ENVELOPE}{newer}"))
        }
        // AWS: where the newer layer has no envelope, this one has no count either.
        Some(newer) => Message::enveloped(older).with_newer(newer).of_value(),
        None => Message::bare(older).with_newer(join(|(_, newer)| newer)),
    }
}

/// One broken constraint. `value` is absent where the request has none; `path` is in the model's lower camel case.
///
/// AWS: the newer layer has other words for lower bounds only. What is missing, too long, or none of the values or
/// characters that are allowed is told as before.
pub(super) fn constraint(value: Option<&str>, path: &str, rule: &str) -> (String, String) {
    let shown = value.map_or_else(|| "null".to_owned(), |value| format!("'{value}'"));
    let older = format!("Value {shown} at '{path}' failed to satisfy constraint: Member must {rule}");
    let newer = if rule.contains(" greater than or equal to ") {
        format!("Value at '{}' failed to satisfy constraint: Member must {rule}", pascal_case(path))
    } else {
        older.clone()
    };
    (older, newer)
}

/// The newer layer words a bad ReturnValues in a way of its own, spelling mistake included.
pub(super) fn return_values(value: &str, rule: &str) -> (String, String) {
    let newer = "Failed to satisfy constraint: Member must satisfy enum value set: \
                 [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]";
    (constraint(Some(value), "returnValues", rule).0, newer.to_owned())
}

/// The newer layer words a bad ConditionalOperator in a way of its own.
pub(super) fn conditional_operator(value: &str, rule: &str) -> (String, String) {
    let newer = "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]";
    (constraint(Some(value), "conditionalOperator", rule).0, newer.to_owned())
}

/// Capitalizes the names of members; a key of a map, such as a table's name, stays as it is.
fn pascal_case(path: &str) -> String {
    let capitalize = |member: &str| {
        let mut chars = member.chars();
        chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
    };
    // What is between the first member and the last is a key, which may have dots, and the word for what is at it.
    match (path.split_once('.'), path.rsplit_once('.')) {
        (Some((first, _)), Some((rest, last))) => {
            let between = rest.get(first.len()..).unwrap_or_default();
            format!("{}{between}.{}", capitalize(first), capitalize(last))
        }
        _ => capitalize(path),
    }
}

/// A parameter that is checked by hand before the model.
pub(super) fn parameter_required(name: &str) -> Message {
    Message::bare(format!("The parameter '{name}' is required but was not present in the request"))
}

// ------------------------------------------------------------------------------------------ attribute values

pub(super) fn invalid_value(what: impl Display) -> Message {
    Message::bare(format!("One or more parameter values were invalid: {what}"))
}

pub(super) fn value_empty() -> Message {
    Message::bare("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
}

pub(super) fn value_has_two_types() -> Message {
    Message::bare(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
    )
}

pub(super) fn null_is_false() -> Message {
    Message::enveloped(
        "One or more parameter values were invalid: Null attribute value types must have the value of true",
    )
}

pub(super) fn set_empty(kind: AttributeType) -> Message {
    let what = match kind {
        AttributeType::Ss => "An string set  may not be empty",
        AttributeType::Ns => "An number set  may not be empty",
        _ => "Binary sets should not be empty",
    };
    Message::enveloped(format!("One or more parameter values were invalid: {what}"))
}

/// `members` are those sent; the newer layer tells those before the first repeated one in their order, `arranged`.
/// Numbers are not listed.
pub(super) fn set_has_duplicates(kind: AttributeType, members: &[&str], arranged: &[&str]) -> Message {
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
                .with_newer(
                    "One or more parameter values were invalid: Input collection contains duplicates.",
                )
                .of_value();
        }
    };
    let prefix = "One or more parameter values were invalid: ";
    Message::enveloped(format!("{prefix}{older}")).with_newer(format!("{prefix}{newer}")).of_value()
}

pub(super) fn bad_number(error: NumberError, text: &str) -> Message {
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
pub(super) fn arithmetic_overflow() -> Message {
    Message::bare(NUMBER_OVERFLOW)
}

pub(super) fn nesting_too_deep() -> Message {
    Message::enveloped(
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
    )
}

/// An item that an update would make too deep.
pub(super) fn updated_nesting_too_deep() -> Message {
    Message::bare("Nesting Levels have exceeded supported limits")
}

/// Wraps what is wrong with one value of ExpressionAttributeValues; the newer layer has no wrapper.
pub(super) fn in_expression_values(inner: Message, placeholder: &str) -> Message {
    let Wording { text, since_2026, .. } = *inner.inner;
    let older = format!("ExpressionAttributeValues contains invalid value: {text} for key {placeholder}");
    Message::enveloped(older).with_newer(since_2026.unwrap_or(text)).of_value()
}

// ----------------------------------------------------------------------------------------------- parameters

pub(super) fn only_all_old_or_none() -> Message {
    Message::enveloped("ReturnValues can only be ALL_OLD or NONE")
}

/// The newer layer does not tell which expressions are missing.
pub(super) fn placeholders_without_expression(map: &str, null_expressions: &str) -> Message {
    let newer = format!("{map} can only be specified when using expressions");
    Message::enveloped(format!("{newer}{null_expressions}")).with_newer(newer)
}

pub(super) fn placeholders_empty(map: &str) -> Message {
    Message::enveloped(format!("{map} must not be empty"))
}

pub(super) fn placeholder_syntax(map: &str, key: &str) -> Message {
    Message::enveloped(format!("{map} contains invalid key: Syntax error; key: \"{key}\""))
}

pub(super) fn placeholder_too_long(map: &str, bytes: usize) -> Message {
    Message::enveloped(format!(
        "{map} contains invalid key: The expression attribute map contains a key that is too long; \
         key size: {bytes}"
    ))
}

pub(super) fn placeholder_name_empty(key: &str) -> Message {
    Message::enveloped(format!(
        "ExpressionAttributeNames contains invalid value: Empty attribute name for key {key}"
    ))
}

pub(super) fn placeholder_unused(map: &str, keys: &[&str]) -> Message {
    Message::enveloped(format!(
        "Value provided in {map} unused in expressions: keys: {{{}}}",
        keys.join(", ")
    ))
}

pub(super) fn mixed_parameters(legacy: &[&str], expressions: &[&str]) -> Message {
    Message::enveloped(format!(
        "Can not use both expression and non-expression parameters in the same request: \
         Non-expression parameters: {{{}}} Expression parameters: {{{}}}",
        legacy.join(", "),
        expressions.join(", ")
    ))
}

pub(super) fn conditional_operator_alone() -> Message {
    Message::bare("ConditionalOperator cannot be used without Filter or Expected")
}

pub(super) fn conditional_operator_needs_two() -> Message {
    Message::bare("ConditionalOperator can only be used when Filter or Expected has two or more elements")
}

/// A member of Expected whose own members do not go together.
pub(super) fn expected(what: &str, attribute: &str) -> Message {
    Message::enveloped(format!(
        "One or more parameter values were invalid: {what} for Attribute: {attribute}"
    ))
}

pub(super) fn argument_count(operator: &str) -> Message {
    Message::enveloped(format!(
        "One or more parameter values were invalid: Invalid number of argument(s) for the {operator} \
         ComparisonOperator"
    ))
}

pub(super) fn operator_not_valid(operator: &str, kind: AttributeType) -> Message {
    Message::enveloped(format!(
        "One or more parameter values were invalid: ComparisonOperator {operator} is not valid for {kind} \
         AttributeValue type"
    ))
}

pub(super) fn list_types_differ() -> Message {
    Message::enveloped(
        "One or more parameter values were invalid: AttributeValues inside AttributeValueList must be of same type",
    )
}

pub(super) fn range_reversed() -> Message {
    Message::enveloped(
        "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound",
    )
}

pub(super) fn only_delete_without_value() -> Message {
    invalid_value("Only DELETE action is allowed when no attribute value is specified")
}

pub(super) fn update_action_not_supported(action: &str, kind: AttributeType) -> Message {
    invalid_value(format_args!("{action} is not supported for the type {kind}"))
}

pub(super) fn duplicate_attribute_to_get(name: &str) -> Message {
    invalid_value(format_args!("Duplicate value in attribute name: {name}"))
}

pub(super) fn empty_attribute_name() -> Message {
    Message::bare("Empty attribute name")
}

// ---------------------------------------------------------------------------------------------- expressions

pub(super) fn expression_too_large(bytes: usize) -> Message {
    let newer = "Expression size has exceeded the maximum allowed size;";
    Message::enveloped(format!("{newer} expression size: {bytes}")).with_newer(newer)
}

/// AWS: an update expression's length is not told.
pub(super) fn update_too_large() -> Message {
    Message::enveloped("Expression size has exceeded the maximum allowed size;")
}

pub(super) fn expression_empty() -> Message {
    Message::enveloped("The expression can not be empty;")
}

pub(super) fn expression_too_deep() -> Message {
    Message::enveloped("The expression has exceeded the maximum nesting depth")
}

pub(super) fn too_many_operators(count: usize) -> Message {
    Message::enveloped(format!("The expression contains too many operators; operator count: {count}"))
}

pub(super) fn syntax_error(token: &str, near: &str) -> Message {
    Message::enveloped(format!("Syntax error; token: \"{token}\", near: \"{near}\""))
}

pub(super) fn reserved_keyword(word: &str) -> Message {
    Message::enveloped(format!("Attribute name is a reserved keyword; reserved keyword: {word}"))
}

pub(super) fn name_not_defined(name: &str) -> Message {
    Message::enveloped(format!(
        "An expression attribute name used in the document path is not defined; attribute name: {name}"
    ))
}

pub(super) fn value_not_defined(name: &str) -> Message {
    Message::enveloped(format!(
        "An expression attribute value used in expression is not defined; attribute value: {name}"
    ))
}

pub(super) fn redundant_parentheses() -> Message {
    Message::enveloped("The expression has redundant parentheses;")
}

pub(super) fn invalid_function(name: &str) -> Message {
    Message::enveloped(format!("Invalid function name; function: {name}"))
}

pub(super) fn function_misused(name: &str) -> Message {
    Message::enveloped(format!(
        "The function is not allowed to be used this way in an expression; function: {name}"
    ))
}

pub(super) fn operand_count(name: &str, count: usize) -> Message {
    Message::enveloped(format!(
        "Incorrect number of operands for operator or function; operator or function: {name}, \
         number of operands: {count}"
    ))
}

/// `kind` is a short type name in conditions and functions.
pub(super) fn operand_type(name: &str, kind: &str) -> Message {
    Message::enveloped(format!(
        "Incorrect operand type for operator or function; operator or function: {name}, operand type: {kind}"
    ))
}

/// The operand of `ADD` or `DELETE` in an update; `kind` is a long type name.
pub(super) fn update_operand_type(operator: &str, kind: &str) -> Message {
    Message::enveloped(format!(
        "Incorrect operand type for operator or function; operator: {operator}, operand type: {kind}"
    ))
}

pub(super) fn too_many_in_operands(count: usize) -> Message {
    Message::enveloped(format!(
        "The IN operator is provided with too many operands; number of operands: {count}"
    ))
}

pub(super) fn requires_document_path(name: &str) -> Message {
    Message::enveloped(format!("Operator or function requires a document path; operator or function: {name}"))
}

pub(super) fn operands_not_distinct(operator: &str, path: &str) -> Message {
    Message::enveloped(format!(
        "The first operand must be distinct from the remaining operands for this operator or function; \
         operator: {operator}, first operand: {path}"
    ))
}

pub(super) fn invalid_type_name(name: &str) -> Message {
    Message::enveloped(format!(
        "Invalid attribute type name found; type: {name}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}"
    ))
}

pub(super) fn between_types_differ(lower: &str, upper: &str) -> Message {
    Message::enveloped(format!(
        "The BETWEEN operator requires same data type for lower and upper bounds; \
         lower bound operand: AttributeValue: {lower}, upper bound operand: AttributeValue: {upper}"
    ))
}

pub(super) fn between_reversed(lower: &str, upper: &str) -> Message {
    Message::enveloped(format!(
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; \
         lower bound operand: AttributeValue: {lower}, upper bound operand: AttributeValue: {upper}"
    ))
}

pub(super) fn path_too_deep(levels: usize) -> Message {
    Message::enveloped(format!("The document path has too many nesting elements; nesting levels: {levels}"))
}

pub(super) fn list_index_too_large(index: &str) -> Message {
    Message::enveloped(format!("List index is not within the allowable range; index: [{index}]"))
}

pub(super) fn paths_overlap(one: &str, two: &str) -> Message {
    Message::enveloped(format!(
        "Two document paths overlap with each other; must remove or rewrite one of these paths; \
         path one: {one}, path two: {two}"
    ))
}

pub(super) fn paths_conflict(one: &str, two: &str) -> Message {
    Message::enveloped(format!(
        "Two document paths conflict with each other; must remove or rewrite one of these paths; \
         path one: {one}, path two: {two}"
    ))
}

pub(super) fn section_twice(section: &str) -> Message {
    Message::enveloped(format!("The \"{section}\" section can only be used once in an update expression;"))
}

// ------------------------------------------------------------------------------------------ update, at run time

pub(super) fn update_operand_has_wrong_type() -> Message {
    Message::bare("An operand in the update expression has an incorrect data type")
}

pub(super) fn update_refers_to_missing() -> Message {
    Message::bare("The provided expression refers to an attribute that does not exist in the item")
}

pub(super) fn update_path_invalid() -> Message {
    Message::bare("The document path provided in the update expression is invalid for update")
}

/// The text of the older parameter AttributeUpdates.
pub(super) fn attribute_to_update_mismatch() -> Message {
    Message::bare("Type mismatch for attribute to update")
}

pub(super) fn item_too_large() -> Message {
    Message::bare("Item size has exceeded the maximum allowed size")
}

pub(super) fn updated_item_too_large() -> Message {
    Message::bare("Item size to update has exceeded the maximum allowed size")
}

// --------------------------------------------------------------------------------------------------------- keys

pub(super) fn key_does_not_match() -> Message {
    Message::bare("The provided key element does not match the schema")
}

pub(super) fn key_missing_in_item(name: &str) -> Message {
    invalid_value(format_args!("Missing the key {name} in the item"))
}

pub(super) fn key_type_mismatch(name: &str, expected: AttributeType, actual: AttributeType) -> Message {
    invalid_value(format_args!("Type mismatch for key {name} expected: {expected} actual: {actual}"))
}

pub(super) fn index_key_type_mismatch(
    name: &str,
    expected: AttributeType,
    actual: AttributeType,
    index: &str,
) -> Message {
    invalid_value(format_args!(
        "Type mismatch for Index Key {name} Expected: {expected} Actual: {actual} IndexName: {index}"
    ))
}

fn empty_key_value(kind: AttributeType) -> &'static str {
    if kind == AttributeType::B { "binary" } else { "string" }
}

/// An empty key value, in an item to put or in a `Key`.
pub(super) fn key_empty(name: &str, kind: AttributeType) -> Message {
    Message::of_request(format!(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain \
         an empty {} value. Key: {name}",
        empty_key_value(kind)
    ))
}

pub(super) fn index_key_empty(name: &str, kind: AttributeType, index: &str) -> Message {
    Message::of_request(format!(
        "One or more parameter values are not valid. A value specified for a secondary index key is not \
         supported. The AttributeValue for a key attribute cannot contain an empty {} value. \
         IndexName: {index}, IndexKey: {name}",
        empty_key_value(kind)
    ))
}

pub(super) fn updated_index_key_empty(kind: AttributeType) -> Message {
    Message::of_request(format!(
        "One or more parameter values are not valid. The update expression attempted to update a secondary \
         index key to a value that is not supported. The AttributeValue for a key attribute cannot contain \
         an empty {} value.",
        empty_key_value(kind)
    ))
}

pub(super) fn partition_key_too_long() -> Message {
    invalid_value("Size of hashkey has exceeded the maximum size limit of2048 bytes")
}

pub(super) fn sort_key_too_long() -> Message {
    invalid_value("Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
}

pub(super) fn cannot_update_key(name: &str) -> Message {
    invalid_value(format_args!("Cannot update attribute {name}. This attribute is part of the key"))
}

pub(super) fn key_must_be_scalar(label: &str, name: &str) -> Message {
    Message::bare(format!(
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: {label}: {name}"
    ))
}

// ----------------------------------------------------------------------------------------------- query and scan

pub(super) fn key_conditions_missing() -> Message {
    Message::bare(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
    )
}

pub(super) fn condition_count() -> Message {
    Message::bare("Conditions can be of length 1 or 2 only")
}

pub(super) fn not_indexable() -> Message {
    Message::bare("Attempted conditional constraint is not an indexable operation")
}

pub(super) fn one_condition_per_key() -> Message {
    let older = "KeyConditionExpressions must only contain one condition per key";
    Message::bare(older).with_newer(format!("Invalid KeyConditionExpression: {older}"))
}

/// More conditions than the key of what is queried has attributes.
pub(super) fn more_conditions_than_keys(conditions: usize, keys: usize) -> Message {
    condition_count().with_newer(format!(
        "The number of query conditions ({conditions}) exceeds the number of key attributes defined in the schema ({keys})"
    ))
}

pub(super) fn invalid_key_operator(operator: &str) -> Message {
    Message::bare(format!("Invalid operator used in KeyConditionExpression: {operator}"))
}

pub(super) fn key_condition_nested_path() -> Message {
    Message::bare("KeyConditionExpressions cannot have conditions on nested attributes")
}

pub(super) fn key_condition_nested_operation() -> Message {
    Message::bare("KeyConditionExpressions cannot contain nested operations")
}

pub(super) fn invalid_key_condition(what: &str) -> Message {
    Message::bare(format!("Invalid condition in KeyConditionExpression: {what}"))
}

pub(super) fn key_condition_missing(name: &str) -> Message {
    Message::bare(format!("Query condition missed key schema element: {name}"))
}

pub(super) fn key_condition_not_supported() -> Message {
    Message::bare("Query key condition not supported")
}

pub(super) fn key_condition_type() -> Message {
    invalid_value("Condition parameter type does not match schema type")
}

pub(super) fn filter_on_key(filter: &str, name: &str) -> Message {
    Message::bare(format!(
        "{filter} can only contain non-primary key attributes: Primary key attribute: {name}"
    ))
}

pub(super) fn no_such_index(name: &str) -> Message {
    Message::bare(format!("The table does not have the specified index: {name}"))
}

pub(super) fn consistent_read_of_global_index() -> Message {
    Message::bare("Consistent reads are not supported on global secondary indexes")
}

pub(super) fn global_index_is_not_whole(name: &str) -> Message {
    invalid_value(format_args!(
        "Select type ALL_ATTRIBUTES is not supported for global secondary index {name} because its projection \
         type is not ALL"
    ))
}

pub(super) fn global_index_does_not_project(name: &str, attributes: &[&str]) -> Message {
    invalid_value(format_args!("Global secondary index {name} does not project [{}]", attributes.join(", ")))
}

/// In a statement, where AWS does not say which index.
pub(super) fn no_such_index_in_statement() -> Message {
    Message::bare("The table does not have the specified index")
}

/// In a statement, where AWS has other words.
pub(super) fn consistent_statement_on_global_index() -> Message {
    Message::bare("Strongly consistent read is not supported on Global Secondary Indexes")
}

pub(super) fn index_does_not_project_filter(name: &str, attributes: &[String]) -> Message {
    invalid_value(format_args!(
        "Secondary index {name} does not project one or more filter attributes: [{}]",
        attributes.join(", ")
    ))
}

/// AWS: only Query puts the newer layer's envelope around this text.
pub(super) fn select_needs_attributes(is_query: bool) -> Message {
    let text =
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES";
    let message = Message::bare(text);
    if is_query { message.with_newer(format!("{ENVELOPE}{text}")) } else { message }
}

pub(super) fn select_needs_index() -> Message {
    Message::bare("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
}

pub(super) fn select_excludes(parameter: &str, select: &str) -> Message {
    Message::bare(format!("Cannot specify the {parameter} when choosing to get {select}"))
}

pub(super) fn starting_key_invalid() -> Message {
    Message::bare("The provided starting key is invalid")
}

pub(super) fn starting_key_does_not_match() -> Message {
    Message::bare("The provided starting key is invalid: The provided key element does not match the schema")
}

pub(super) fn starting_key_outside() -> Message {
    Message::bare("The provided starting key is outside query boundaries based on provided conditions")
}

pub(super) fn starting_key_outside_range() -> Message {
    Message::bare("The provided starting key does not match the range key predicate")
}

pub(super) fn total_segments_missing() -> Message {
    Message::bare(
        "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    )
}

pub(super) fn segment_missing() -> Message {
    Message::bare(
        "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
    )
}

pub(super) fn segment_too_large(segment: i64, segments: i64) -> Message {
    Message::bare(format!(
        "The Segment parameter is zero-based and must be less than parameter TotalSegments: \
         Segment: {segment} is not less than TotalSegments: {segments}"
    ))
}

// ------------------------------------------------------------------------------------------------------ batches

pub(super) fn batch_empty(operation: &str) -> Message {
    Message::bare(format!("The requestItems parameter is required for {operation}"))
}

pub(super) fn batch_get_empty() -> Message {
    let newer = constraint(None, "requestItems", "have length greater than or equal to 1").1;
    batch_empty("BatchGetItem").with_newer(format!("{ENVELOPE}{newer}"))
}

/// AWS: worded without the value in both generations.
pub(super) fn too_many_keys(table: &str) -> (String, String) {
    let text = format!(
        "Value at 'RequestItems.{table}.member.Keys' failed to satisfy constraint: \
         Member must have length less than or equal to 100"
    );
    (text.clone(), text)
}

/// The constraint of a map's values; `requests` is how [`notation`](super::notation) writes the map.
pub(super) fn batch_write_length(requests: &str) -> (String, String) {
    let text = format!(
        "Value '{requests}' at 'requestItems' failed to satisfy constraint: \
         Map value must satisfy constraint: [Member must have length less than or equal to 25, \
         Member must have length greater than or equal to 1]"
    );
    (text.clone(), text)
}

pub(super) fn too_many_items(operation: &str) -> Message {
    Message::bare(format!("Too many items requested for the {operation} call"))
}

pub(super) fn duplicate_keys() -> Message {
    Message::bare("Provided list of item keys contains duplicates")
}

// ------------------------------------------------------------------------------------------------------- tables

/// A request for data names a table that does not exist.
pub(super) fn table_not_found() -> Error {
    Error::ResourceNotFoundException { message: "Requested resource not found".to_owned() }
}

/// A request about a table names one that does not exist.
pub(super) fn named_table_not_found(name: &str) -> Error {
    let message = format!("Requested resource not found: Table: {name} not found");
    Error::ResourceNotFoundException { message }
}

pub(super) fn table_exists(name: &str) -> Error {
    Error::ResourceInUseException { message: format!("Table already exists: {name}") }
}

pub(super) fn deletion_protected(name: &str) -> Message {
    Message::bare(format!(
        "Resource cannot be deleted as it is currently protected against deletion. \
         Disable deletion protection first. Table: {name}"
    ))
}

pub(super) fn nothing_to_update() -> Message {
    Message::bare(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or \
         SSESpecification or ReplicaUpdates is required",
    )
}

pub(super) fn one_index_change_at_a_time() -> Error {
    let message =
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table";
    Error::LimitExceededException { message: message.to_owned() }
}

pub(super) fn index_not_found(name: &str) -> Error {
    let message = format!("Requested resource not found: Index: {name} not found");
    Error::ResourceNotFoundException { message }
}

pub(super) fn index_exists(name: &str) -> Message {
    Message::bare(format!("Attempting to create an index which already exists: {name}"))
}

pub(super) fn attribute_redefined(name: &str) -> Message {
    invalid_value(format_args!("Attribute {name} is already defined with another type"))
}

pub(super) fn ttl_already(enabled: bool) -> Message {
    Message::bare(format!("TimeToLive is already {}", if enabled { "enabled" } else { "disabled" }))
}

pub(super) fn ttl_other_attribute() -> Message {
    Message::bare("TimeToLive is active on a different AttributeName")
}

pub(super) fn invalid_arn(arn: &str) -> Message {
    Message::bare(format!("Invalid TableArn: Invalid ResourceArn provided as input {arn}"))
}

/// AWS: the spelling is the service's.
pub(super) fn arn_not_found(arn: &str) -> Error {
    Error::ResourceNotFoundException {
        message: format!("Requested resource not found: ResourcArn: {arn} not found"),
    }
}

pub(super) fn tags_missing(what: &str) -> Message {
    Message::bare(format!("Atleast one {what} needs to be provided as input."))
}

pub(super) fn throughput_with_pay_per_request() -> Message {
    invalid_value(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
    )
}

pub(super) fn throughput_missing() -> Message {
    invalid_value(
        "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
    )
}

pub(super) fn index_throughput_with_pay_per_request(index: &str) -> Message {
    invalid_value(format_args!(
        "ProvisionedThroughput should not be specified for index: {index} when BillingMode is PAY_PER_REQUEST"
    ))
}

pub(super) fn index_throughput_missing(index: &str) -> Message {
    invalid_value(format_args!("ProvisionedThroughput must be specified for index: {index}"))
}

pub(super) fn attribute_defined_twice(name: &str) -> Message {
    invalid_value(format_args!("Duplicate AttributeName in AttributeDefinitions: {name}"))
}

pub(super) fn invalid_key_schema(what: &str) -> Message {
    Message::bare(format!("Invalid KeySchema: {what}"))
}

pub(super) fn key_attributes_equal() -> Message {
    Message::bare("Both the Hash Key and the Range Key element in the KeySchema have the same name")
}

pub(super) fn key_attributes_undefined(keys: &[&str], defined: &[&str]) -> Message {
    invalid_value(format_args!(
        "Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], \
         AttributeDefinitions: [{}]",
        keys.join(", "),
        defined.join(", ")
    ))
}

pub(super) fn index_list_empty(kind: IndexKind) -> Message {
    invalid_value(match kind {
        IndexKind::Local => "List of LocalSecondaryIndexes is empty",
        IndexKind::Global => "List of GlobalSecondaryIndexes is empty",
    })
}

pub(super) fn too_many_indexes(kind: IndexKind) -> Message {
    invalid_value(match kind {
        IndexKind::Local => "Number of LocalSecondaryIndexes exceeds per-table limit of 5",
        IndexKind::Global => "GlobalSecondaryIndex count exceeds the per-table limit of 20",
    })
}

pub(super) fn too_many_non_key_attributes(count: usize) -> Message {
    invalid_value(format_args!(
        "Number of non-key attributes across all indexes exceeds the limit of 100: {count}"
    ))
}

pub(super) fn duplicate_index_name(name: &str) -> Message {
    invalid_value(format_args!("Duplicate index name: {name}"))
}

pub(super) fn unknown_projection_type() -> Message {
    invalid_value("Unknown ProjectionType: null")
}

pub(super) fn non_key_attributes_with(projection: &str) -> Message {
    invalid_value(format_args!("ProjectionType is {projection}, but NonKeyAttributes is specified"))
}

pub(super) fn non_key_attributes_missing() -> Message {
    invalid_value("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
}

pub(super) fn local_index_needs_sort_key() -> Message {
    invalid_value(
        "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
    )
}

pub(super) fn local_index_without_sort_key(name: &str) -> Message {
    invalid_value(format_args!("Index KeySchema does not have a range key for index: {name}"))
}

pub(super) fn local_index_other_partition_key(name: &str, index_key: &str, table_key: &str) -> Message {
    invalid_value(format_args!(
        "Index KeySchema does not have the same leading hash key as table KeySchema for index: {name}. \
         index hash key: {index_key}, table hash key: {table_key}"
    ))
}

pub(super) fn attribute_count_differs() -> Message {
    invalid_value(
        "Number of attributes in KeySchema does not exactly match number of attributes defined in \
         AttributeDefinitions",
    )
}

pub(super) fn attributes_unused(defined: &[&str], keys: &[&str]) -> Message {
    invalid_value(format_args!(
        "Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]",
        defined.join(", "),
        keys.join(", ")
    ))
}

// ------------------------------------------------------------------------------------------------------ PartiQL

pub(super) fn malformed_statement(what: &str) -> Message {
    Message::bare(format!("Statement wasn't well formed, can't be processed: {what}"))
}

pub(super) fn unknown_function_in_statement(name: &str, position: &str) -> Message {
    Message::bare(format!("Unrecognized function: {name}")).at(position)
}

/// The types in the order that statements have.
pub(super) fn invalid_type_name_in_statement(name: &str) -> Message {
    Message::bare(format!(
        "Invalid attribute type name found; type: {name}, valid types: {{N,BS,L,B,NULL,M,S,SS,NS,BOOL}}"
    ))
}

pub(super) fn unexpected_path_component(position: &str) -> Message {
    Message::bare("Unexpected path component").at(position)
}

pub(super) fn clause_not_supported(clause: &str, position: &str) -> Message {
    Message::bare(format!("Unsupported clause: {clause}")).at(position)
}

pub(super) fn alias_in_from() -> Message {
    Message::bare("Aliasing is not supported")
}

pub(super) fn index_in_insert(position: &str) -> Message {
    Message::bare("FROM clause may only contain a single table name in data manipulation statements")
        .at(position)
}

pub(super) fn write_on_index() -> Message {
    Message::bare("This operation is not supported on an index")
}

/// `name` is that of the function in capitals, here and below.
pub(super) fn set_function_argument_count(name: &str, position: &str) -> Message {
    Message::bare(format!("{name} must have exactly two arguments")).at(position)
}

pub(super) fn set_function_target(name: &str, position: &str) -> Message {
    Message::bare(format!("The first argument to {name} must equal the assignment value")).at(position)
}

pub(super) fn set_function_members(name: &str, position: &str) -> Message {
    Message::bare(format!("The second argument to {name} must be a value with type SET")).at(position)
}

pub(super) fn literal_too_deep(place: &str) -> Message {
    Message::bare("Nesting Levels have exceeded supported limits").at_place(place)
}

pub(super) fn unsupported_in_literal(what: &str, place: &str, position: &str) -> Message {
    Message::bare(format!("Unsupported data type: {what} under key {place}")).at(position)
}

pub(super) fn bag_empty() -> Message {
    Message::bare("Empty bags are not supported")
}

pub(super) fn bag_of_other_types() -> Message {
    Message::bare("Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags")
}

pub(super) fn bag_has_duplicate_numbers(numbers: &[String], place: &str) -> Message {
    invalid_value(format_args!("Input collection [{}] contains duplicates!", numbers.join(", ")))
        .at_place(place)
}

pub(super) fn parameter_count_differs() -> Message {
    Message::bare("Number of parameters in request and statement don't match.")
}

pub(super) fn where_without_keys() -> Message {
    Message::bare("Where clause does not contain a mandatory equality on all key attributes")
}

/// Two values for a key attribute in the WHERE clause of a write.
pub(super) fn where_with_several_keys(name: &str) -> Message {
    Message::bare(format!(
        "Multiple conditions on same key {name}. Only single item Update/Insert/Delete are supported"
    ))
}

pub(super) fn select_without_key(operation: &str) -> Message {
    Message::bare(format!(
        "Select statements within {operation} must specify the primary key in the where clause."
    ))
}

pub(super) fn exists_without_condition() -> Message {
    Message::bare("EXISTS() must contain a single item read with additional condition")
}

pub(super) fn too_many_decomposed_reads() -> Message {
    Message::bare("Too many decomposed read operations for a given query.")
}

pub(super) fn overlapping_key_conditions() -> Message {
    Message::bare("Overlapping conditions with range keys are not supported in where clause")
}

pub(super) fn key_type_in_statement(name: &str) -> Message {
    Message::bare(format!(
        "Key attribute's data type should match its data type in table's schema: Key {name}"
    ))
}

pub(super) fn order_without_where() -> Message {
    Message::bare("Must have WHERE clause in the statement when using ORDER BY clause.")
}

pub(super) fn order_without_partition() -> Message {
    Message::bare(
        "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.",
    )
}

pub(super) fn order_of_several_partitions() -> Message {
    Message::bare(
        "Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.",
    )
}

pub(super) fn order_by_other_attribute(name: &str) -> Message {
    Message::bare(format!("Attribute {name} in ORDER BY clause must be part of the primary key"))
}

pub(super) fn path_too_long_in_from() -> Message {
    Message::bare("A path may contain at most 2 components in the FROM clause")
}

pub(super) fn path_component_empty() -> Message {
    Message::bare("Path component cannot be an empty string")
}

/// `clause` is what follows the word RETURNING.
pub(super) fn returning_in_delete(clause: &str) -> Message {
    Message::bare(format!(
        "Invalid returning clause: RETURNING {clause}. Only RETURNING ALL OLD * is allowed in DELETE statements."
    ))
}

/// The same message about one statement of a transaction; `index` is the statement's position, from 0.
pub(super) fn in_transact_statement(message: Message, index: usize) -> Message {
    message.prefixed(&format!("Validation failed in TransactStatements[{index}]: "))
}

pub(super) fn returning_in_transaction() -> Message {
    Message::bare("RETURNING clause is not supported in ExecuteTransaction.")
}

pub(super) fn index_in_transaction() -> Message {
    Message::bare("Reads on indices are not supported within transactions.")
}

pub(super) fn exists_outside_transaction() -> Message {
    Message::bare("EXISTS can only be used in ExecuteTransaction write requests.")
}

pub(super) fn next_token_invalid() -> Message {
    Message::bare("Invalid NextToken")
}

/// A token of another statement or of the same with other parameters.
pub(super) fn next_token_of_other_request() -> Message {
    Message::bare("NextToken does not match request")
}

pub(super) fn batch_mixes_reads_and_writes() -> Message {
    Message::bare("Read and write requests together in the same batch is not supported.")
}

pub(super) fn transaction_mixes_reads_and_writes() -> Message {
    Message::bare(
        "ExecuteTransaction API does not support both read and write operations in the same request.",
    )
}

// ------------------------------------------------------------------------------------------------- transactions

pub(super) fn transact_item_ambiguous() -> Message {
    Message::bare("TransactItems can only contain one of Check, Put, Update or Delete")
}

pub(super) fn transaction_repeats_item() -> Message {
    Message::bare("Transaction request cannot include multiple operations on one item")
}

pub(super) fn transaction_too_large() -> Message {
    Message::bare("Collection size of items to be written in a transaction exceeds the limit of 4 MB")
}

/// The message of a cancelled transaction, which lists the code of every action.
pub(super) fn transaction_cancelled(reasons: &[CancellationReason]) -> String {
    let codes: Vec<&str> = reasons.iter().map(|reason| reason.code).collect();
    format!(
        "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
        codes.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newer_layer_wraps_only_single_item_writes() {
        let message = reserved_keyword("status").prefixed("Invalid ConditionExpression: ");
        let old =
            "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status";
        assert_eq!(message.render(TextGeneration::Before2026, Layer::Enveloped), old);
        assert_eq!(message.render(TextGeneration::Since2026, Layer::Current), old);
        assert_eq!(
            message.render(TextGeneration::Since2026, Layer::Enveloped),
            format!("1 validation error detected: {old}")
        );
    }

    #[test]
    fn constraints_are_counted() {
        let broken =
            [constraint(None, "tableName", "not be null"), constraint(Some("x"), "item", "not be y")];
        assert_eq!(
            constraints(&broken, None).render(TextGeneration::Before2026, Layer::Enveloped),
            "2 validation errors detected: Value null at 'tableName' failed to satisfy constraint: \
             Member must not be null; Value 'x' at 'item' failed to satisfy constraint: Member must not be y"
        );
        assert_eq!(
            constraints(&broken[..1], None).render(TextGeneration::Since2026, Layer::Enveloped),
            "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"
        );
    }
}
