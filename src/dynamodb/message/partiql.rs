//! Statements of PartiQL.

use super::Message;
use super::value::invalid_value;

pub(in crate::dynamodb) fn malformed_statement(what: &str) -> Message {
    Message::bare(format!("Statement wasn't well formed, can't be processed: {what}"))
}

pub(in crate::dynamodb) fn unknown_function_in_statement(name: &str, position: &str) -> Message {
    Message::bare(format!("Unrecognized function: {name}")).at(position)
}

/// The types in the order that statements have.
pub(in crate::dynamodb) fn invalid_type_name_in_statement(name: &str) -> Message {
    Message::bare(format!(
        "Invalid attribute type name found; type: {name}, valid types: {{N,BS,L,B,NULL,M,S,SS,NS,BOOL}}"
    ))
}

pub(in crate::dynamodb) fn unexpected_path_component(position: &str) -> Message {
    Message::bare("Unexpected path component").at(position)
}

pub(in crate::dynamodb) fn clause_not_supported(clause: &str, position: &str) -> Message {
    Message::bare(format!("Unsupported clause: {clause}")).at(position)
}

pub(in crate::dynamodb) fn alias_in_from() -> Message {
    Message::bare("Aliasing is not supported")
}

pub(in crate::dynamodb) fn index_in_insert(position: &str) -> Message {
    Message::bare("FROM clause may only contain a single table name in data manipulation statements")
        .at(position)
}

pub(in crate::dynamodb) fn multi_attribute_key_in_statement() -> Message {
    Message::bare(
        "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE keys.",
    )
}

pub(in crate::dynamodb) fn write_on_index() -> Message {
    Message::bare("This operation is not supported on an index")
}

/// `name` is that of the function in capitals, here and below.
pub(in crate::dynamodb) fn set_function_argument_count(name: &str, position: &str) -> Message {
    Message::bare(format!("{name} must have exactly two arguments")).at(position)
}

pub(in crate::dynamodb) fn set_function_target(name: &str, position: &str) -> Message {
    Message::bare(format!("The first argument to {name} must equal the assignment value")).at(position)
}

pub(in crate::dynamodb) fn set_function_members(name: &str, position: &str) -> Message {
    Message::bare(format!("The second argument to {name} must be a value with type SET")).at(position)
}

pub(in crate::dynamodb) fn literal_too_deep(place: &str) -> Message {
    Message::bare("Nesting Levels have exceeded supported limits").at_place(place)
}

pub(in crate::dynamodb) fn unsupported_in_literal(what: &str, place: &str, position: &str) -> Message {
    Message::bare(format!("Unsupported data type: {what} under key {place}")).at(position)
}

pub(in crate::dynamodb) fn bag_empty() -> Message {
    Message::bare("Empty bags are not supported")
}

pub(in crate::dynamodb) fn bag_of_other_types() -> Message {
    Message::bare("Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags")
}

pub(in crate::dynamodb) fn bag_has_duplicate_numbers(numbers: &[String], place: &str) -> Message {
    invalid_value(format_args!("Input collection [{}] contains duplicates!", numbers.join(", ")))
        .at_place(place)
}

pub(in crate::dynamodb) fn parameter_count_differs() -> Message {
    Message::bare("Number of parameters in request and statement don't match.")
}

pub(in crate::dynamodb) fn where_without_keys() -> Message {
    Message::bare("Where clause does not contain a mandatory equality on all key attributes")
}

/// Two values for a key attribute in the WHERE clause of a write.
pub(in crate::dynamodb) fn where_with_several_keys(name: &str) -> Message {
    Message::bare(format!(
        "Multiple conditions on same key {name}. Only single item Update/Insert/Delete are supported"
    ))
}

pub(in crate::dynamodb) fn select_without_key(operation: &str) -> Message {
    Message::bare(format!(
        "Select statements within {operation} must specify the primary key in the where clause."
    ))
}

pub(in crate::dynamodb) fn exists_without_condition() -> Message {
    Message::bare("EXISTS() must contain a single item read with additional condition")
}

pub(in crate::dynamodb) fn too_many_decomposed_reads() -> Message {
    Message::bare("Too many decomposed read operations for a given query.")
}

pub(in crate::dynamodb) fn overlapping_key_conditions() -> Message {
    Message::bare("Overlapping conditions with range keys are not supported in where clause")
}

pub(in crate::dynamodb) fn key_type_in_statement(name: &str) -> Message {
    Message::bare(format!(
        "Key attribute's data type should match its data type in table's schema: Key {name}"
    ))
}

pub(in crate::dynamodb) fn order_without_where() -> Message {
    Message::bare("Must have WHERE clause in the statement when using ORDER BY clause.")
}

pub(in crate::dynamodb) fn order_without_partition() -> Message {
    Message::bare(
        "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.",
    )
}

pub(in crate::dynamodb) fn order_of_several_partitions() -> Message {
    Message::bare(
        "Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.",
    )
}

pub(in crate::dynamodb) fn order_by_other_attribute(name: &str) -> Message {
    Message::bare(format!("Attribute {name} in ORDER BY clause must be part of the primary key"))
}

pub(in crate::dynamodb) fn path_too_long_in_from() -> Message {
    Message::bare("A path may contain at most 2 components in the FROM clause")
}

pub(in crate::dynamodb) fn path_component_empty() -> Message {
    Message::bare("Path component cannot be an empty string")
}

/// `clause` is what follows the word RETURNING.
pub(in crate::dynamodb) fn returning_in_delete(clause: &str) -> Message {
    Message::bare(format!(
        "Invalid returning clause: RETURNING {clause}. Only RETURNING ALL OLD * is allowed in DELETE statements."
    ))
}

/// The same message about one statement of a transaction; `index` is the statement's position, from 0.
pub(in crate::dynamodb) fn in_transact_statement(message: Message, index: usize) -> Message {
    message.prefixed(&format!("Validation failed in TransactStatements[{index}]: "))
}

pub(in crate::dynamodb) fn returning_in_transaction() -> Message {
    Message::bare("RETURNING clause is not supported in ExecuteTransaction.")
}

pub(in crate::dynamodb) fn index_in_transaction() -> Message {
    Message::bare("Reads on indices are not supported within transactions.")
}

pub(in crate::dynamodb) fn exists_outside_transaction() -> Message {
    Message::bare("EXISTS can only be used in ExecuteTransaction write requests.")
}

pub(in crate::dynamodb) fn next_token_invalid() -> Message {
    Message::bare("Invalid NextToken")
}

/// A token of another statement or of the same with other parameters.
pub(in crate::dynamodb) fn next_token_of_other_request() -> Message {
    Message::bare("NextToken does not match request")
}

pub(in crate::dynamodb) fn batch_mixes_reads_and_writes() -> Message {
    Message::bare("Read and write requests together in the same batch is not supported.")
}

pub(in crate::dynamodb) fn transaction_mixes_reads_and_writes() -> Message {
    Message::bare(
        "ExecuteTransaction API does not support both read and write operations in the same request.",
    )
}
