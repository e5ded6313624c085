//! Which operations and parameters of DynamoDB's API there are here.
//!
//! A parameter that is not supported is refused; one that changes nothing a request could see is accepted. Members that
//! DynamoDB does not know are ignored, as it does. `OPERATIONS.md` shows this table; a test writes it.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html>

use super::error::Error;
use super::operation::Operation;
use super::wire::Members;

/// The parameters of one operation, each kind in the order of the API's model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// Those that do what DynamoDB does.
    pub supported: &'static [&'static str],
    /// Those that are accepted and change nothing.
    pub accepted: &'static [&'static str],
    /// Those that are refused.
    pub refused: &'static [&'static str],
}

const fn all(supported: &'static [&'static str]) -> Parameters {
    Parameters { supported, accepted: &[], refused: &[] }
}

impl Operation {
    /// The parameters of the operation.
    pub const fn parameters(self) -> Parameters {
        of(self)
    }
}

const fn of(operation: Operation) -> Parameters {
    match operation {
        Operation::BatchExecuteStatement => all(&["Statements", "ReturnConsumedCapacity"]),
        Operation::BatchGetItem => all(&["RequestItems", "ReturnConsumedCapacity"]),
        Operation::BatchWriteItem => {
            all(&["RequestItems", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics"])
        }
        Operation::CreateTable => Parameters {
            supported: &[
                "AttributeDefinitions",
                "TableName",
                "KeySchema",
                "LocalSecondaryIndexes",
                "GlobalSecondaryIndexes",
                "BillingMode",
                "ProvisionedThroughput",
                "StreamSpecification",
                "SSESpecification",
                "Tags",
                "TableClass",
                "DeletionProtectionEnabled",
                "OnDemandThroughput",
            ],
            accepted: &["WarmThroughput"],
            refused: &[
                "ResourcePolicy",
                "GlobalTableSourceArn",
                "GlobalTableSettingsReplicationMode",
                "VectorIndexes",
            ],
        },
        Operation::DeleteItem => all(&[
            "TableName",
            "Key",
            "Expected",
            "ConditionalOperator",
            "ReturnValues",
            "ReturnConsumedCapacity",
            "ReturnItemCollectionMetrics",
            "ConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "ReturnValuesOnConditionCheckFailure",
        ]),
        Operation::DeleteTable | Operation::DescribeTable | Operation::DescribeTimeToLive => {
            all(&["TableName"])
        }
        Operation::DescribeEndpoints | Operation::DescribeLimits => all(&[]),
        Operation::ExecuteStatement => all(&[
            "Statement",
            "Parameters",
            "ConsistentRead",
            "NextToken",
            "ReturnConsumedCapacity",
            "Limit",
            "ReturnValuesOnConditionCheckFailure",
        ]),
        Operation::ExecuteTransaction => {
            all(&["TransactStatements", "ClientRequestToken", "ReturnConsumedCapacity"])
        }
        Operation::GetItem => all(&[
            "TableName",
            "Key",
            "AttributesToGet",
            "ConsistentRead",
            "ReturnConsumedCapacity",
            "ProjectionExpression",
            "ExpressionAttributeNames",
        ]),
        Operation::ListTables => all(&["ExclusiveStartTableName", "Limit"]),
        // All tags are on one page, so that nobody has a token.
        Operation::ListTagsOfResource => {
            Parameters { supported: &["ResourceArn"], accepted: &["NextToken"], refused: &[] }
        }
        Operation::PutItem => all(&[
            "TableName",
            "Item",
            "Expected",
            "ReturnValues",
            "ReturnConsumedCapacity",
            "ReturnItemCollectionMetrics",
            "ConditionalOperator",
            "ConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "ReturnValuesOnConditionCheckFailure",
        ]),
        Operation::Query => all(&[
            "TableName",
            "IndexName",
            "Select",
            "AttributesToGet",
            "Limit",
            "ConsistentRead",
            "KeyConditions",
            "QueryFilter",
            "ConditionalOperator",
            "ScanIndexForward",
            "ExclusiveStartKey",
            "ReturnConsumedCapacity",
            "ProjectionExpression",
            "FilterExpression",
            "KeyConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
        ]),
        Operation::Scan => all(&[
            "TableName",
            "IndexName",
            "AttributesToGet",
            "Limit",
            "Select",
            "ScanFilter",
            "ConditionalOperator",
            "ExclusiveStartKey",
            "ReturnConsumedCapacity",
            "TotalSegments",
            "Segment",
            "ProjectionExpression",
            "FilterExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "ConsistentRead",
        ]),
        Operation::TagResource => all(&["ResourceArn", "Tags"]),
        Operation::TransactGetItems => all(&["TransactItems", "ReturnConsumedCapacity"]),
        Operation::TransactWriteItems => all(&[
            "TransactItems",
            "ReturnConsumedCapacity",
            "ReturnItemCollectionMetrics",
            "ClientRequestToken",
        ]),
        Operation::UntagResource => all(&["ResourceArn", "TagKeys"]),
        Operation::UpdateItem => all(&[
            "TableName",
            "Key",
            "AttributeUpdates",
            "Expected",
            "ConditionalOperator",
            "ReturnValues",
            "ReturnConsumedCapacity",
            "ReturnItemCollectionMetrics",
            "UpdateExpression",
            "ConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "ReturnValuesOnConditionCheckFailure",
        ]),
        Operation::UpdateTable => Parameters {
            supported: &[
                "AttributeDefinitions",
                "TableName",
                "BillingMode",
                "ProvisionedThroughput",
                "GlobalSecondaryIndexUpdates",
                "StreamSpecification",
                "SSESpecification",
                "TableClass",
                "DeletionProtectionEnabled",
                "OnDemandThroughput",
            ],
            accepted: &["WarmThroughput"],
            refused: &[
                "ReplicaUpdates",
                "MultiRegionConsistency",
                "GlobalTableWitnessUpdates",
                "GlobalTableSettingsReplicationMode",
                "DisassociationProtectionEnabled",
                "VectorIndexUpdates",
            ],
        },
        Operation::UpdateTimeToLive => all(&["TableName", "TimeToLiveSpecification"]),
    }
}

/// Operations of DynamoDB that this implementation does not have.
pub(super) const UNSUPPORTED_OPERATIONS: &[&str] = &[
    "CancelBulkOperation",
    "CreateBackup",
    "CreateGlobalTable",
    "DeleteBackup",
    "DeleteResourcePolicy",
    "DescribeBackup",
    "DescribeBulkOperation",
    "DescribeContinuousBackups",
    "DescribeContributorInsights",
    "DescribeExport",
    "DescribeGlobalTable",
    "DescribeGlobalTableSettings",
    "DescribeImport",
    "DescribeKinesisStreamingDestination",
    "DescribeTableReplicaAutoScaling",
    "DisableKinesisStreamingDestination",
    "EnableKinesisStreamingDestination",
    "ExportTableToPointInTime",
    "GetResourcePolicy",
    "ImportTable",
    "ListBackups",
    "ListBulkOperations",
    "ListContributorInsights",
    "ListExports",
    "ListGlobalTables",
    "ListImports",
    "PutResourcePolicy",
    "RestoreTableFromBackup",
    "RestoreTableToPointInTime",
    "SearchVectors",
    "StartBulkPutItems",
    "UpdateContinuousBackups",
    "UpdateContributorInsights",
    "UpdateGlobalTable",
    "UpdateGlobalTableSettings",
    "UpdateKinesisStreamingDestination",
    "UpdateTableReplicaAutoScaling",
];

/// Refuses a request with a parameter that is not supported.
///
/// # Errors
///
/// [`Error::Unsupported`], which names the parameter.
pub(super) fn refuse_unsupported(operation: Operation, members: Members<'_>) -> Result<(), Error> {
    match of(operation).refused.iter().find(|name| members.has(name)) {
        Some(name) => Err(Error::Unsupported { what: format!("{} with {name}", operation.as_str()) }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::expect_file;
    use serde_json::json;

    use super::*;
    use crate::dynamodb::Database;

    #[test]
    fn the_page_shows_the_table() {
        let mut page = String::from(
            "# Operations and parameters of the in-memory DynamoDB\n\
             \n\
             Made from `parameters.rs` beside this page. A parameter that DynamoDB does not know is ignored, as DynamoDB\n\
             does. Accepted without effect is what changes nothing that a request could see: there is nothing to encrypt\n\
             and no capacity to limit. A stream is described, but nothing is written to it.\n\
             \n\
             | operation | supported | accepted, without effect | refused |\n\
             |---|---|---|---|\n",
        );
        for operation in Operation::ALL {
            let parameters = of(*operation);
            let [supported, accepted, refused] =
                [parameters.supported, parameters.accepted, parameters.refused].map(|names| names.join(", "));
            writeln!(page, "| {} | {supported} | {accepted} | {refused} |", operation.as_str()).unwrap();
        }
        page.push_str("\nThese operations are refused as `UnknownOperationException`:\n\n");
        for operation in UNSUPPORTED_OPERATIONS {
            writeln!(page, "- {operation}").unwrap();
        }
        // Cells without parameters, as an editor would leave them.
        expect_file!["OPERATIONS.md"].assert_eq(&page.replace("|  |", "| |").replace("|  |", "| |"));
    }

    #[test]
    fn every_supported_parameter_is_read() {
        for operation in Operation::ALL {
            for parameter in of(*operation).supported {
                let mut body = json!({"TableName": "table"});
                // Neither a text nor a number, neither a structure nor a list of anything.
                body[*parameter] = json!([[[]]]);
                let error = Database::default().call(operation.as_str(), &body).unwrap_err();
                assert_eq!(error.code(), "SerializationException", "{operation:?} {parameter}");
            }
        }
    }

    #[test]
    fn every_refused_parameter_is_named() {
        for operation in Operation::ALL {
            for parameter in of(*operation).refused {
                let error =
                    Database::default().call(operation.as_str(), &json!({*parameter: []})).unwrap_err();
                let expected = format!(
                    "{} with {parameter} is not supported by this in-memory DynamoDB",
                    operation.as_str()
                );
                assert_eq!(error.to_string(), expected);
            }
        }
    }
}
