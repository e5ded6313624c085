//! The actions of DynamoDB with all that tasks say to them: the one table that checks, completion, hover and the
//! simulator read.
//!
//! Which of them have an optimized integration, [`RESOURCES`] says; the AWS SDK integration has all.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html>

pub use super::dynamodb_expression::ExpressionKind;
use super::quota::{BATCH_READS_MAX, BATCH_STATEMENTS_MAX, BATCH_WRITES_MAX, TRANSACTION_LEN_MAX};
pub use super::request::{Holds, ObjectSpec, Parameter};
use super::resource::{DYNAMODB, RESOURCES};

/// Names of parameters that more than this table needs.
pub mod parameter {
    /// The table's name.
    pub const TABLE_NAME: &str = "TableName";
    /// The key of one item.
    pub const KEY: &str = "Key";
    /// The keys of a batch.
    pub const KEYS: &str = "Keys";
    /// A whole item.
    pub const ITEM: &str = "Item";
    /// The index to read.
    pub const INDEX_NAME: &str = "IndexName";
    /// What to change in an item.
    pub const UPDATE_EXPRESSION: &str = "UpdateExpression";
    /// Names for `#name` in expressions.
    pub const EXPRESSION_ATTRIBUTE_NAMES: &str = "ExpressionAttributeNames";
    /// Values for `:value` in expressions.
    pub const EXPRESSION_ATTRIBUTE_VALUES: &str = "ExpressionAttributeValues";
    /// What the item has to meet.
    pub const CONDITION: &str = "ConditionExpression";
    /// Which of the items read are given.
    pub const FILTER: &str = "FilterExpression";
    /// Which keys are read.
    pub const KEY_CONDITION: &str = "KeyConditionExpression";
    /// The attributes to read.
    pub const PROJECTION: &str = "ProjectionExpression";
    /// The older form of the same.
    pub const ATTRIBUTES_TO_GET: &str = "AttributesToGet";
    /// Which attributes of a written item to return.
    pub const RETURN_VALUES: &str = "ReturnValues";
    /// Whether to tell the capacity used.
    pub const RETURN_CONSUMED_CAPACITY: &str = "ReturnConsumedCapacity";
    /// Whether to tell the size of the item collection.
    pub const RETURN_ITEM_COLLECTION_METRICS: &str = "ReturnItemCollectionMetrics";
}

const fn needs(name: &'static str, holds: Holds, doc: &'static str) -> Parameter {
    Parameter::needed(name, holds, doc)
}

const fn takes(name: &'static str, holds: Holds, doc: &'static str) -> Parameter {
    Parameter::optional(name, holds, doc)
}

const TABLE: Parameter = needs(parameter::TABLE_NAME, Holds::Table, "The table's name or ARN.");
const KEY: Parameter = needs(
    parameter::KEY,
    Holds::Key,
    "The item's key: the partition key and, if the table has one, the sort key.",
);
const ITEM: Parameter = needs(parameter::ITEM, Holds::Item, "The item: its key and all other attributes.");
const INDEX: Parameter =
    takes(parameter::INDEX_NAME, Holds::Index, "The index to read in the place of the table.");
const NAMES: Parameter = takes(
    parameter::EXPRESSION_ATTRIBUTE_NAMES,
    Holds::Names,
    "Names for `#name` in expressions: for reserved words and names with dots.",
);
const VALUES: Parameter =
    takes(parameter::EXPRESSION_ATTRIBUTE_VALUES, Holds::Values, "Values for `:value` in expressions.");
const CONDITION: Parameter = takes(
    parameter::CONDITION,
    Holds::Expression(ExpressionKind::Condition),
    "What must hold for the item, else the task fails with `ConditionalCheckFailedException`, in a transaction with `TransactionCanceledException`.",
);
const FILTER: Parameter = takes(
    parameter::FILTER,
    Holds::Expression(ExpressionKind::Filter),
    "Which of the items that were read to return.",
);
const KEY_CONDITION: Parameter = takes(
    parameter::KEY_CONDITION,
    Holds::Expression(ExpressionKind::KeyCondition),
    "The partition key's value and perhaps a condition on the sort key.",
);
const PROJECTION: Parameter = takes(
    parameter::PROJECTION,
    Holds::Expression(ExpressionKind::Projection),
    "The attributes to read. Default: all.",
);
const UPDATE: Parameter = takes(
    parameter::UPDATE_EXPRESSION,
    Holds::Expression(ExpressionKind::Update),
    "What to change: `SET`, `REMOVE`, `ADD`, `DELETE`.",
);
const RETURN_OLD: Parameter = takes(
    parameter::RETURN_VALUES,
    Holds::Enum(&["NONE", "ALL_OLD"]),
    "Whether to return the item as it was.",
);
const RETURN_ANY: Parameter = takes(
    parameter::RETURN_VALUES,
    Holds::Enum(&["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"]),
    "Which attributes to return, as they were or as they are.",
);
const RETURN_CAPACITY: Parameter = takes(
    parameter::RETURN_CONSUMED_CAPACITY,
    Holds::Enum(&["NONE", "TOTAL", "INDEXES"]),
    "Whether to tell the capacity used.",
);
const RETURN_METRICS: Parameter = takes(
    parameter::RETURN_ITEM_COLLECTION_METRICS,
    Holds::Enum(&["NONE", "SIZE"]),
    "Whether to tell the size of the item collection.",
);
const RETURN_ON_FAILURE: Parameter = takes(
    "ReturnValuesOnConditionCheckFailure",
    Holds::Enum(&["NONE", "ALL_OLD"]),
    "Whether to return the item where the condition does not hold for it.",
);
const CONSISTENT: Parameter =
    takes("ConsistentRead", Holds::Boolean, "Whether to see all writes that were done before.");
const LIMIT: Parameter = takes("Limit", Holds::Integer, "Items to read at most, before they are filtered.");
const START_KEY: Parameter =
    takes("ExclusiveStartKey", Holds::Key, "Where to go on: `LastEvaluatedKey` of the call before.");
const SELECT: Parameter = takes(
    "Select",
    Holds::Enum(&["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"]),
    "What to return: attributes, or only how many items there are.",
);
const TOKEN: Parameter =
    takes("ClientRequestToken", Holds::Text, "Makes a call that is repeated within ten minutes act once.");
const EXPECTED: Parameter = takes("Expected", Holds::Map, "The older form of `ConditionExpression`.").older();
const CONDITIONAL_OPERATOR: Parameter = takes(
    "ConditionalOperator",
    Holds::Enum(&["AND", "OR"]),
    "How the conditions of the older form are joined.",
);
const TO_GET: Parameter =
    takes(parameter::ATTRIBUTES_TO_GET, Holds::Texts, "The older form of `ProjectionExpression`.").older();
const STATEMENT: Parameter = needs("Statement", Holds::Text, "The PartiQL statement.");
const STATEMENT_PARAMETERS: Parameter =
    takes("Parameters", Holds::ValueList, "The attribute values for each `?` of the statement.");

// Batches and transactions

const PUT_REQUEST: ObjectSpec = ObjectSpec::new("PutRequest", "Puts an item.", &[ITEM]);
const DELETE_REQUEST: ObjectSpec = ObjectSpec::new("DeleteRequest", "Deletes an item.", &[KEY]);
const WRITE_REQUEST: ObjectSpec = ObjectSpec::new(
    "write",
    "One write of a batch.",
    &[
        takes(
            "PutRequest",
            Holds::Object(&PUT_REQUEST),
            "Puts an item, in the place of the one with its key.",
        ),
        takes("DeleteRequest", Holds::Object(&DELETE_REQUEST), "Deletes the item with a key."),
    ],
)
.union();
/// What a batch of reads says of one table.
const TABLE_READS: ObjectSpec = ObjectSpec::new(
    "batchGetItem",
    "What is read from one table.",
    &[
        needs(parameter::KEYS, Holds::Keys, "The keys of the items to read."),
        PROJECTION,
        NAMES,
        CONSISTENT,
        TO_GET,
    ],
);
const PUT: ObjectSpec =
    ObjectSpec::new("Put", "Puts an item.", &[TABLE, ITEM, CONDITION, NAMES, VALUES, RETURN_ON_FAILURE]);
const UPDATE_ITEM: ObjectSpec = ObjectSpec::new(
    "Update",
    "Changes an item.",
    &[TABLE, KEY, Parameter { is_required: true, ..UPDATE }, CONDITION, NAMES, VALUES, RETURN_ON_FAILURE],
);
const DELETE: ObjectSpec =
    ObjectSpec::new("Delete", "Deletes an item.", &[TABLE, KEY, CONDITION, NAMES, VALUES, RETURN_ON_FAILURE]);
const CONDITION_CHECK: ObjectSpec = ObjectSpec::new(
    "ConditionCheck",
    "Requires something of an item.",
    &[TABLE, KEY, Parameter { is_required: true, ..CONDITION }, NAMES, VALUES, RETURN_ON_FAILURE],
);
const GET: ObjectSpec = ObjectSpec::new("Get", "Reads an item.", &[TABLE, KEY, PROJECTION, NAMES]);
const TRANSACT_WRITE: ObjectSpec = ObjectSpec::new(
    "write",
    "One operation of a transaction.",
    &[
        takes("Put", Holds::Object(&PUT), "Puts an item, in the place of the one with its key."),
        takes("Update", Holds::Object(&UPDATE_ITEM), "Changes attributes of an item, or makes the item."),
        takes("Delete", Holds::Object(&DELETE), "Deletes the item with a key."),
        takes(
            "ConditionCheck",
            Holds::Object(&CONDITION_CHECK),
            "Changes nothing; the transaction is carried out only if the condition holds for the item.",
        ),
    ],
)
.union();
const TRANSACT_GET: ObjectSpec = ObjectSpec::new(
    "read",
    "One read of a transaction.",
    &[takes("Get", Holds::Object(&GET), "Reads the item with a key.")],
)
.union();
const BATCH_STATEMENT: ObjectSpec = ObjectSpec::new(
    "statement",
    "A PartiQL statement of a batch.",
    &[STATEMENT, STATEMENT_PARAMETERS, CONSISTENT, RETURN_ON_FAILURE],
);
const TRANSACT_STATEMENT: ObjectSpec = ObjectSpec::new(
    "statement",
    "A PartiQL statement of a transaction.",
    &[STATEMENT, STATEMENT_PARAMETERS, RETURN_ON_FAILURE],
);

// Tables

const BILLING_MODE: Parameter =
    takes("BillingMode", Holds::Enum(&["PAY_PER_REQUEST", "PROVISIONED"]), "How it is paid for.");
const KEY_SCHEMA_ELEMENT: ObjectSpec = ObjectSpec::new(
    "KeySchemaElement",
    "An attribute of a key.",
    &[
        needs("AttributeName", Holds::Text, "The attribute's name."),
        needs(
            "KeyType",
            Holds::Enum(&["HASH", "RANGE"]),
            "`HASH`: the partition key; `RANGE`: the sort key.",
        ),
    ],
);
const ATTRIBUTE_DEFINITION: ObjectSpec = ObjectSpec::new(
    "AttributeDefinition",
    "An attribute of a key with its type.",
    &[
        needs("AttributeName", Holds::Text, "The attribute's name."),
        needs("AttributeType", Holds::Enum(&["S", "N", "B"]), "Its type."),
    ],
);
const THROUGHPUT: ObjectSpec = ObjectSpec::new(
    "ProvisionedThroughput",
    "The capacity that is paid for.",
    &[
        needs("ReadCapacityUnits", Holds::Integer, "Reads in a second."),
        needs("WriteCapacityUnits", Holds::Integer, "Writes in a second."),
    ],
);
const INDEX_PROJECTION: ObjectSpec = ObjectSpec::new(
    "Projection",
    "What an index has of the items.",
    &[
        takes("ProjectionType", Holds::Enum(&["ALL", "KEYS_ONLY", "INCLUDE"]), "Which attributes."),
        takes("NonKeyAttributes", Holds::Texts, "The attributes of `INCLUDE`."),
    ],
);
const INDEX_NAME: Parameter = needs(parameter::INDEX_NAME, Holds::Text, "The index's name.");
const KEY_SCHEMA: Parameter = needs(
    "KeySchema",
    Holds::List(&KEY_SCHEMA_ELEMENT),
    "The key: the partition key and perhaps a sort key.",
);
const PROVISIONED: Parameter =
    takes("ProvisionedThroughput", Holds::Object(&THROUGHPUT), "The capacity of `PROVISIONED`.");
const PROJECTED: Parameter =
    needs("Projection", Holds::Object(&INDEX_PROJECTION), "What it has of the items.");
const GLOBAL_INDEX: ObjectSpec = ObjectSpec::new(
    "GlobalSecondaryIndex",
    "An index with any key.",
    &[INDEX_NAME, KEY_SCHEMA, PROJECTED, PROVISIONED],
)
.and_more();
const LOCAL_INDEX: ObjectSpec = ObjectSpec::new(
    "LocalSecondaryIndex",
    "An index with another sort key.",
    &[INDEX_NAME, KEY_SCHEMA, PROJECTED],
);
const CHANGED_INDEX: ObjectSpec =
    ObjectSpec::new("Update", "Changes an index.", &[INDEX_NAME, PROVISIONED]).and_more();
const DELETED_INDEX: ObjectSpec = ObjectSpec::new("Delete", "Deletes an index.", &[INDEX_NAME]);
const INDEX_UPDATE: ObjectSpec = ObjectSpec::new(
    "change",
    "A change of an index.",
    &[
        takes("Create", Holds::Object(&GLOBAL_INDEX), "Makes an index."),
        takes("Update", Holds::Object(&CHANGED_INDEX), "Changes an index."),
        takes("Delete", Holds::Object(&DELETED_INDEX), "Deletes an index."),
    ],
)
.union();
const STREAM: ObjectSpec = ObjectSpec::new(
    "StreamSpecification",
    "Whether changes are streamed.",
    &[
        needs("StreamEnabled", Holds::Boolean, "Whether they are."),
        takes(
            "StreamViewType",
            Holds::Enum(&["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"]),
            "What is streamed of the items.",
        ),
    ],
);
const ENCRYPTION: ObjectSpec = ObjectSpec::new(
    "SSESpecification",
    "How it is encrypted.",
    &[
        takes("Enabled", Holds::Boolean, "Whether with a key of AWS KMS."),
        takes("SSEType", Holds::Enum(&["AES256", "KMS"]), "The kind of encryption."),
        takes("KMSMasterKeyId", Holds::Text, "The key."),
    ],
);
const TAG: ObjectSpec = ObjectSpec::new(
    "Tag",
    "A tag.",
    &[needs("Key", Holds::Text, "Its name."), needs("Value", Holds::Text, "Its value.")],
);
const TIME_TO_LIVE: ObjectSpec = ObjectSpec::new(
    "TimeToLiveSpecification",
    "When items expire.",
    &[
        needs("AttributeName", Holds::Text, "The attribute with the time, in seconds since 1970."),
        needs("Enabled", Holds::Boolean, "Whether they do."),
    ],
);
const RESOURCE_ARN: Parameter = needs("ResourceArn", Holds::Text, "The ARN of the table.");

/// The actions that are offered, the most used first: those of the optimized integration, then the others.
pub const ACTIONS: &[ObjectSpec] = &[
    ObjectSpec::new(
        "getItem",
        "Reads the item with the given key. The result has no `Item` when there is none.",
        &[TABLE, KEY, CONSISTENT, PROJECTION, NAMES, RETURN_CAPACITY, TO_GET],
    ),
    ObjectSpec::new(
        "putItem",
        "Writes an item, in the place of the one with the same key if there is one.",
        &[
            TABLE,
            ITEM,
            CONDITION,
            NAMES,
            VALUES,
            RETURN_OLD,
            RETURN_CAPACITY,
            RETURN_METRICS,
            CONDITIONAL_OPERATOR,
            RETURN_ON_FAILURE.sdk_only(),
            EXPECTED,
        ],
    ),
    ObjectSpec::new(
        "updateItem",
        "Changes attributes of the item with the given key, or makes the item.",
        &[
            TABLE,
            KEY,
            UPDATE,
            CONDITION,
            NAMES,
            VALUES,
            RETURN_ANY,
            RETURN_CAPACITY,
            RETURN_METRICS,
            CONDITIONAL_OPERATOR,
            RETURN_ON_FAILURE.sdk_only(),
            takes("AttributeUpdates", Holds::Map, "The older form of `UpdateExpression`.").older(),
            EXPECTED,
        ],
    ),
    ObjectSpec::new(
        "deleteItem",
        "Deletes the item with the given key. It is no error when there is none.",
        &[
            TABLE,
            KEY,
            CONDITION,
            NAMES,
            VALUES,
            RETURN_OLD,
            RETURN_CAPACITY,
            RETURN_METRICS,
            CONDITIONAL_OPERATOR,
            RETURN_ON_FAILURE.sdk_only(),
            EXPECTED,
        ],
    ),
    ObjectSpec::new(
        "query",
        "Reads the items of one partition key, or of a part of them, in the order of the sort key.",
        &[
            TABLE,
            KEY_CONDITION,
            VALUES,
            NAMES,
            INDEX,
            FILTER,
            PROJECTION,
            takes("ScanIndexForward", Holds::Boolean, "Whether to read in ascending order. Default: `true`."),
            LIMIT,
            START_KEY,
            CONSISTENT,
            SELECT,
            RETURN_CAPACITY,
            CONDITIONAL_OPERATOR,
            takes("KeyConditions", Holds::Map, "The older form of `KeyConditionExpression`.").older(),
            takes("QueryFilter", Holds::Map, "The older form of `FilterExpression`.").older(),
            TO_GET,
        ],
    ),
    ObjectSpec::new(
        "scan",
        "Reads all items of a table or index.",
        &[
            TABLE,
            FILTER,
            VALUES,
            NAMES,
            INDEX,
            PROJECTION,
            LIMIT,
            START_KEY,
            takes("Segment", Holds::Integer, "Which of the parts to read, from 0."),
            takes("TotalSegments", Holds::Integer, "Into how many parts the table is divided."),
            CONSISTENT,
            SELECT,
            RETURN_CAPACITY,
            CONDITIONAL_OPERATOR,
            takes("ScanFilter", Holds::Map, "The older form of `FilterExpression`.").older(),
            TO_GET,
        ],
    ),
    ObjectSpec::new(
        "batchGetItem",
        "Reads up to 100 items by their keys.",
        &[
            needs(
                "RequestItems",
                Holds::ByTable(&Holds::Object(&TABLE_READS)),
                "By table: `Keys` and how to read them.",
            )
            .at_most(BATCH_READS_MAX),
            RETURN_CAPACITY,
        ],
    ),
    ObjectSpec::new(
        "batchWriteItem",
        "Puts or deletes up to 25 items.",
        &[
            needs(
                "RequestItems",
                Holds::ByTable(&Holds::List(&WRITE_REQUEST)),
                "By table: a list of `PutRequest` and `DeleteRequest`.",
            )
            .at_most(BATCH_WRITES_MAX),
            RETURN_CAPACITY,
            RETURN_METRICS,
        ],
    ),
    ObjectSpec::new(
        "transactWriteItems",
        "Writes up to 100 items, all or none of them.",
        &[
            needs(
                "TransactItems",
                Holds::List(&TRANSACT_WRITE),
                "A list of `Put`, `Update`, `Delete` and `ConditionCheck`.",
            )
            .at_most(TRANSACTION_LEN_MAX),
            TOKEN,
            RETURN_CAPACITY,
            RETURN_METRICS,
        ],
    ),
    ObjectSpec::new(
        "transactGetItems",
        "Reads up to 100 items as they are at one moment.",
        &[
            needs("TransactItems", Holds::List(&TRANSACT_GET), "A list of `Get`.")
                .at_most(TRANSACTION_LEN_MAX),
            RETURN_CAPACITY,
        ],
    ),
    ObjectSpec::new(
        "executeStatement",
        "Executes a PartiQL statement.",
        &[
            STATEMENT,
            STATEMENT_PARAMETERS,
            LIMIT,
            takes("NextToken", Holds::Text, "Where to go on: that of the call before."),
            CONSISTENT,
            RETURN_ON_FAILURE,
            RETURN_CAPACITY,
        ],
    ),
    ObjectSpec::new(
        "batchExecuteStatement",
        "Executes up to 25 PartiQL statements.",
        &[
            needs(
                "Statements",
                Holds::List(&BATCH_STATEMENT),
                "A list of `Statement` with its `Parameters`.",
            )
            .at_most(BATCH_STATEMENTS_MAX),
            RETURN_CAPACITY,
        ],
    ),
    ObjectSpec::new(
        "executeTransaction",
        "Executes up to 100 PartiQL statements, all or none of them.",
        &[
            needs(
                "TransactStatements",
                Holds::List(&TRANSACT_STATEMENT),
                "A list of `Statement` with its `Parameters`.",
            )
            .at_most(TRANSACTION_LEN_MAX),
            TOKEN,
            RETURN_CAPACITY,
        ],
    ),
    ObjectSpec::new("describeTable", "Tells a table's key, indexes and settings.", &[TABLE]),
    ObjectSpec::new(
        "createTable",
        "Makes a table.",
        &[
            TABLE,
            takes(
                "KeySchema",
                Holds::List(&KEY_SCHEMA_ELEMENT),
                "The key: a list of `AttributeName` with `KeyType`, HASH or RANGE.",
            ),
            takes(
                "AttributeDefinitions",
                Holds::List(&ATTRIBUTE_DEFINITION),
                "The attributes of all keys: a list of `AttributeName` with `AttributeType`.",
            ),
            BILLING_MODE,
            takes("GlobalSecondaryIndexes", Holds::List(&GLOBAL_INDEX), "Indexes with any key."),
            takes("LocalSecondaryIndexes", Holds::List(&LOCAL_INDEX), "Indexes with another sort key."),
            PROVISIONED,
            takes("StreamSpecification", Holds::Object(&STREAM), "Whether changes are streamed."),
            takes("SSESpecification", Holds::Object(&ENCRYPTION), "How it is encrypted."),
            takes("TableClass", Holds::Enum(&["STANDARD", "STANDARD_INFREQUENT_ACCESS"]), "Its class."),
            takes("DeletionProtectionEnabled", Holds::Boolean, "Whether it cannot be deleted."),
            takes("Tags", Holds::List(&TAG), "A list of `Key` with `Value`."),
        ],
    )
    .and_more(),
    ObjectSpec::new(
        "updateTable",
        "Changes a table's settings or indexes.",
        &[
            TABLE,
            takes("AttributeDefinitions", Holds::List(&ATTRIBUTE_DEFINITION), "The attributes of new keys."),
            BILLING_MODE,
            takes(
                "GlobalSecondaryIndexUpdates",
                Holds::List(&INDEX_UPDATE),
                "A list of `Create`, `Update` and `Delete`.",
            ),
            PROVISIONED,
            takes("StreamSpecification", Holds::Object(&STREAM), "Whether changes are streamed."),
            takes("DeletionProtectionEnabled", Holds::Boolean, "Whether it cannot be deleted."),
        ],
    )
    .and_more(),
    ObjectSpec::new("deleteTable", "Deletes a table with its items.", &[TABLE]),
    ObjectSpec::new(
        "listTables",
        "Lists the names of tables.",
        &[
            takes("ExclusiveStartTableName", Holds::Text, "Where to go on: that of the call before."),
            takes("Limit", Holds::Integer, "Names to list at most."),
        ],
    ),
    ObjectSpec::new("describeTimeToLive", "Tells which attribute says when items expire.", &[TABLE]),
    ObjectSpec::new(
        "updateTimeToLive",
        "Says which attribute tells when items expire.",
        &[
            TABLE,
            needs(
                "TimeToLiveSpecification",
                Holds::Object(&TIME_TO_LIVE),
                "`AttributeName` and whether it is `Enabled`.",
            ),
        ],
    ),
    ObjectSpec::new(
        "tagResource",
        "Tags a table.",
        &[RESOURCE_ARN, needs("Tags", Holds::List(&TAG), "A list of `Key` with `Value`.")],
    ),
    ObjectSpec::new(
        "untagResource",
        "Takes tags from a table.",
        &[RESOURCE_ARN, needs("TagKeys", Holds::Texts, "The names of the tags.")],
    ),
    ObjectSpec::new(
        "listTagsOfResource",
        "Lists the tags of a table.",
        &[RESOURCE_ARN, takes("NextToken", Holds::Text, "Where to go on: that of the call before.")],
    ),
];

/// The actions that are called but neither offered nor checked: those on backups, replicas and the like.
pub const OTHER_ACTIONS: &[&str] = &[
    "createBackup",
    "createGlobalTable",
    "deleteBackup",
    "deleteResourcePolicy",
    "describeBackup",
    "describeContinuousBackups",
    "describeContributorInsights",
    "describeEndpoints",
    "describeExport",
    "describeGlobalTable",
    "describeGlobalTableSettings",
    "describeImport",
    "describeKinesisStreamingDestination",
    "describeLimits",
    "describeTableReplicaAutoScaling",
    "disableKinesisStreamingDestination",
    "enableKinesisStreamingDestination",
    "exportTableToPointInTime",
    "getResourcePolicy",
    "importTable",
    "listBackups",
    "listContributorInsights",
    "listExports",
    "listGlobalTables",
    "listImports",
    "putResourcePolicy",
    "restoreTableFromBackup",
    "restoreTableToPointInTime",
    "updateContinuousBackups",
    "updateContributorInsights",
    "updateGlobalTable",
    "updateGlobalTableSettings",
    "updateKinesisStreamingDestination",
    "updateTableReplicaAutoScaling",
];

/// The action of this name, if its parameters are known.
pub fn action(name: &str) -> Option<&'static ObjectSpec> {
    ACTIONS.iter().find(|action| action.name == name)
}

/// Whether the optimized integration has an action.
pub fn is_optimized(action: &str) -> bool {
    RESOURCES.iter().any(|spec| spec.service == DYNAMODB && spec.action == action)
}

/// The actions of the optimized integration.
pub fn optimized_actions() -> impl Iterator<Item = &'static ObjectSpec> {
    ACTIONS.iter().filter(|action| is_optimized(action.name))
}

/// The names of all actions that the AWS SDK integration has.
pub fn sdk_actions() -> impl Iterator<Item = &'static str> {
    ACTIONS.iter().map(|action| action.name).chain(OTHER_ACTIONS.iter().copied())
}

/// The name of the API's operation that an action calls: `getItem` is `GetItem`.
pub fn operation_name(action: &str) -> String {
    let mut chars = action.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

/// The kind of expression that the parameters of this name hold.
pub fn expression_kind(parameter: &str) -> Option<ExpressionKind> {
    let parameters = [CONDITION, FILTER, KEY_CONDITION, UPDATE, PROJECTION];
    let kind = |known: Parameter| match known.holds {
        Holds::Expression(kind) if known.name == parameter => Some(kind),
        _ => None,
    };
    parameters.into_iter().find_map(kind)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::spec::ServiceKind;

    /// All objects of the table, by way of the parameters that hold them.
    fn objects() -> Vec<&'static ObjectSpec> {
        let mut todo: Vec<&ObjectSpec> = ACTIONS.iter().collect();
        let mut found = Vec::new();
        while let Some(spec) = todo.pop() {
            todo.extend(spec.parameters.iter().filter_map(|parameter| parameter.holds.object()));
            found.push(spec);
        }
        found
    }

    #[test]
    fn required_parameters_come_first_and_older_ones_last() {
        for spec in objects() {
            let place = |it: &Parameter| if it.is_required { 0 } else { 1 + usize::from(it.is_older) };
            assert!(spec.parameters.is_sorted_by_key(place), "{}", spec.name);
            let names: BTreeSet<&str> = spec.parameters.iter().map(|it| it.name).collect();
            assert_eq!(names.len(), spec.parameters.len(), "{}", spec.name);
        }
    }

    #[test]
    fn what_holds_expressions_is_known_by_its_name() {
        for spec in objects() {
            for parameter in spec.parameters {
                let kind = match parameter.holds {
                    Holds::Expression(kind) => Some(kind),
                    _ => None,
                };
                assert_eq!(expression_kind(parameter.name), kind, "{} {}", spec.name, parameter.name);
            }
        }
    }

    #[test]
    fn the_sdk_takes_more() {
        let name = "ReturnValuesOnConditionCheckFailure";
        let put = action("putItem").unwrap();
        assert!(put.takes(name, ServiceKind::Sdk));
        assert!(!put.takes(name, ServiceKind::Optimized));
    }

    #[test]
    fn the_optimized_integration_has_four_actions() {
        let names: Vec<&str> = optimized_actions().map(|action| action.name).collect();
        assert_eq!(names, ["getItem", "putItem", "updateItem", "deleteItem"]);
    }

    #[test]
    fn an_action_is_named_once() {
        let names: BTreeSet<&str> = sdk_actions().collect();
        assert_eq!(names.len(), ACTIONS.len() + OTHER_ACTIONS.len());
    }
}
