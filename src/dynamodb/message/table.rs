//! Tables, their indexes, tags and settings.

use super::Message;
use super::value::invalid_value;
use crate::dynamodb::Operation;
use crate::dynamodb::error::Error;
use crate::dynamodb::index::{IndexKind, Throughput};

/// A request for data names a table that does not exist.
pub(in crate::dynamodb) fn table_not_found() -> Error {
    Error::ResourceNotFoundException { message: "Requested resource not found".to_owned() }
}

/// A request about a table names one that does not exist.
pub(in crate::dynamodb) fn named_table_not_found(name: &str) -> Error {
    let message = format!("Requested resource not found: Table: {name} not found");
    Error::ResourceNotFoundException { message }
}

pub(in crate::dynamodb) fn table_exists(name: &str) -> Error {
    Error::ResourceInUseException { message: format!("Table already exists: {name}") }
}

pub(in crate::dynamodb) fn invalid_table_class() -> Message {
    Message::bare(
        "Invalid table-class parameter provided. Please try again with a valid table-class value: \
         [STANDARD, STANDARD_INFREQUENT_ACCESS].",
    )
}

pub(in crate::dynamodb) fn deletion_protected() -> Message {
    Message::bare(
        "Resource cannot be deleted as it is currently protected against deletion. \
         Disable deletion protection first.",
    )
}

pub(in crate::dynamodb) fn nothing_to_update() -> Message {
    Message::bare(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, \
         SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, \
         DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required",
    )
}

pub(in crate::dynamodb) fn one_index_change_at_a_time() -> Error {
    let message =
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table";
    Error::LimitExceededException { message: message.to_owned() }
}

pub(in crate::dynamodb) fn index_not_found(name: &str) -> Error {
    let message = format!("Requested resource not found: Index: {name} not found");
    Error::ResourceNotFoundException { message }
}

pub(in crate::dynamodb) fn index_exists(name: &str) -> Message {
    Message::bare(format!("Attempting to create an index which already exists: {name}"))
}

/// The schemas are those of the keys that the attribute is in, as there is and as asked for.
pub(in crate::dynamodb) fn attribute_redefined(existing: &str, new: &str) -> Message {
    invalid_value(format_args!(
        "Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. \
         Existing schema: {existing} New schema: {new}"
    ))
}

pub(in crate::dynamodb) fn index_attributes_undefined(index: &str) -> Message {
    invalid_value(format_args!("AttributeDefinitions is not specified for index: {index}"))
}

/// `change` is `update` or `delete`.
pub(in crate::dynamodb) fn index_not_global(change: &str, name: &str) -> Message {
    Message::bare(format!("Cannot {change} an index that is not a GlobalSecondaryIndex: {name}"))
}

pub(in crate::dynamodb) fn several_changes_of_index() -> Message {
    invalid_value("Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object")
}

pub(in crate::dynamodb) fn no_change_of_index() -> Message {
    invalid_value(
        "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, \
         GlobalSecondaryIndexUpdate.Delete must not be null",
    )
}

pub(in crate::dynamodb) fn duplicate_non_key_attribute(name: &str) -> Message {
    invalid_value(format_args!("Duplicate element in NonKeyAttributes: {name}"))
}

pub(in crate::dynamodb) fn ttl_already(enabled: bool) -> Message {
    Message::bare(format!("TimeToLive is already {}", if enabled { "enabled" } else { "disabled" }))
}

pub(in crate::dynamodb) fn ttl_other_attribute(current: &str) -> Message {
    Message::bare(format!(
        "TimeToLive is active on a different AttributeName: current AttributeName is {current}"
    ))
}

pub(in crate::dynamodb) fn invalid_arn(arn: &str) -> Message {
    Message::bare(format!("Invalid TableArn: Invalid ResourceArn provided as input {arn}"))
}

pub(in crate::dynamodb) fn arn_without_prefix() -> Message {
    Message::bare("Invalid TableArn: ARNs must start with 'arn:'")
}

pub(in crate::dynamodb) fn arn_not_of_table(arn: &str) -> Message {
    invalid_value(format_args!(
        "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: {arn}"
    ))
}

pub(in crate::dynamodb) fn tag_key_invalid(key: &str) -> Message {
    Message::bare(format!("The Tag Key provided is invalid, Key: {key}"))
}

pub(in crate::dynamodb) fn tag_value_invalid(value: &str) -> Message {
    Message::bare(format!("The Tag Value provided is invalid, Value: {value}"))
}

pub(in crate::dynamodb) fn too_many_tags() -> Message {
    Message::bare("Number of Tags exceed the current limit for the provided ResourceArn")
}

/// AWS: the spelling is the service's.
pub(in crate::dynamodb) fn arn_not_found(arn: &str) -> Error {
    Error::ResourceNotFoundException {
        message: format!("Requested resource not found: ResourcArn: {arn} not found"),
    }
}

/// A table that is not there and, by its ARN, would be somebody else's.
pub(in crate::dynamodb) fn arn_not_authorized(account: &str, operation: Operation, arn: &str) -> Error {
    let message = format!(
        "User: arn:aws:iam::{account}:root is not authorized to perform: dynamodb:{} on resource: {arn}",
        operation.as_str()
    );
    Error::AccessDeniedException { message }
}

pub(in crate::dynamodb) fn tags_missing(what: &str) -> Message {
    Message::bare(format!("Atleast one {what} needs to be provided as input."))
}

pub(in crate::dynamodb) fn throughput_with_pay_per_request() -> Message {
    invalid_value(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
    )
}

pub(in crate::dynamodb) fn throughput_missing() -> Message {
    invalid_value(
        "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
    )
}

/// AWS: a capacity that is the one a table has is no change, whatever else a request changes.
pub(in crate::dynamodb) fn throughput_unchanged(units: Throughput) -> Message {
    let Throughput { read_units, write_units } = units;
    Message::bare(format!(
        "The provisioned throughput for the table will not change. The requested value equals the current value. \
         Current ReadCapacityUnits provisioned for the table: {read_units}. \
         Requested ReadCapacityUnits: {read_units}. \
         Current WriteCapacityUnits provisioned for the table: {write_units}. \
         Requested WriteCapacityUnits: {write_units}. \
         Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
    ))
}

pub(in crate::dynamodb) fn stream_created_off_with_view() -> Message {
    invalid_value("Table is being created with a stream disabled, UpdateViewType should not be specified")
}

pub(in crate::dynamodb) fn stream_switched_off_with_view() -> Message {
    invalid_value("If stream is being disabled, then UpdateViewType must not be specified")
}

pub(in crate::dynamodb) fn index_throughput_with_pay_per_request(index: &str) -> Message {
    invalid_value(format_args!(
        "ProvisionedThroughput should not be specified for index: {index} when BillingMode is PAY_PER_REQUEST"
    ))
}

pub(in crate::dynamodb) fn index_throughput_missing(index: &str) -> Message {
    invalid_value(format_args!("ProvisionedThroughput is not specified for index: {index}"))
}

pub(in crate::dynamodb) fn attribute_defined_twice(name: &str) -> Message {
    Message::bare(format!("Attribute Name is duplicated: {name}"))
}

pub(in crate::dynamodb) fn invalid_key_schema(what: &str) -> Message {
    Message::bare(format!("Invalid KeySchema: {what}"))
}

pub(in crate::dynamodb) fn key_attributes_equal() -> Message {
    Message::bare("Both the Hash Key and the Range Key element in the KeySchema have the same name")
}

/// The same in the key of a global index, which may have more than two elements.
pub(in crate::dynamodb) fn key_attributes_repeated() -> Message {
    Message::bare("The KeySchema contains multiple key attributes with the same name")
}

pub(in crate::dynamodb) fn partition_attributes_after_sort() -> Message {
    invalid_value("All HASH key attributes must precede RANGE key attributes in the KeySchema")
}

/// `role` is `HASH` or `RANGE`.
pub(in crate::dynamodb) fn too_many_key_attributes(role: &str) -> Message {
    invalid_value(format_args!("The KeySchema exceeds the maximum allowed number of {role} key attributes"))
}

pub(in crate::dynamodb) fn key_attributes_undefined(keys: &[&str], defined: &[&str]) -> Message {
    invalid_value(format_args!(
        "Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], \
         AttributeDefinitions: [{}]",
        keys.join(", "),
        defined.join(", ")
    ))
}

pub(in crate::dynamodb) fn index_list_empty(kind: IndexKind) -> Message {
    invalid_value(match kind {
        IndexKind::Local => "List of LocalSecondaryIndexes is empty",
        IndexKind::Global => "List of GlobalSecondaryIndexes is empty",
    })
}

pub(in crate::dynamodb) fn too_many_indexes(kind: IndexKind) -> Message {
    invalid_value(match kind {
        IndexKind::Local => "Number of LocalSecondaryIndexes exceeds per-table limit of 5",
        IndexKind::Global => "GlobalSecondaryIndex count exceeds the per-table limit of 20",
    })
}

pub(in crate::dynamodb) fn too_many_non_key_attributes(count: usize) -> Message {
    invalid_value(format_args!(
        "Number of non-key attributes across all indexes exceeds the limit of 100: {count}"
    ))
}

pub(in crate::dynamodb) fn duplicate_index_name(name: &str) -> Message {
    invalid_value(format_args!("Duplicate index name: {name}"))
}

pub(in crate::dynamodb) fn unknown_projection_type() -> Message {
    invalid_value("Unknown ProjectionType: null")
}

pub(in crate::dynamodb) fn non_key_attributes_with(projection: &str) -> Message {
    invalid_value(format_args!("ProjectionType is {projection}, but NonKeyAttributes is specified"))
}

pub(in crate::dynamodb) fn non_key_attributes_missing() -> Message {
    invalid_value("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
}

pub(in crate::dynamodb) fn local_index_needs_sort_key() -> Message {
    invalid_value(
        "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
    )
}

pub(in crate::dynamodb) fn local_index_without_sort_key(name: &str) -> Message {
    invalid_value(format_args!("Index KeySchema does not have a range key for index: {name}"))
}

pub(in crate::dynamodb) fn local_index_other_partition_key(
    name: &str,
    index_key: &str,
    table_key: &str,
) -> Message {
    invalid_value(format_args!(
        "Index KeySchema does not have the same leading hash key as table KeySchema for index: {name}. \
         index hash key: {index_key}, table hash key: {table_key}"
    ))
}

pub(in crate::dynamodb) fn attribute_count_differs() -> Message {
    invalid_value(
        "Number of attributes in KeySchema does not exactly match number of attributes defined in \
         AttributeDefinitions",
    )
}

pub(in crate::dynamodb) fn attributes_unused(defined: &[&str], keys: &[&str]) -> Message {
    invalid_value(format_args!(
        "Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]",
        defined.join(", "),
        keys.join(", ")
    ))
}
