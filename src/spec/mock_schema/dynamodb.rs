//! What actions of Amazon DynamoDB answer.

use super::{Answer, BOOLEAN, NUMBER, Shape, TEXT, answer, number, opt, req, text};

/// By action.
pub(super) static ANSWERS: &[Answer] = &[
    answer("dynamodb", "batchExecuteStatement", &BATCH_EXECUTE_STATEMENT_OUTPUT),
    answer("dynamodb", "batchGetItem", &BATCH_GET_ITEM_OUTPUT),
    answer("dynamodb", "batchWriteItem", &BATCH_WRITE_ITEM_OUTPUT),
    answer("dynamodb", "createTable", &CREATE_TABLE_OUTPUT),
    answer("dynamodb", "deleteItem", &DELETE_ITEM_OUTPUT),
    answer("dynamodb", "deleteTable", &DELETE_TABLE_OUTPUT),
    answer("dynamodb", "describeEndpoints", &DESCRIBE_ENDPOINTS_RESPONSE),
    answer("dynamodb", "describeLimits", &DESCRIBE_LIMITS_OUTPUT),
    answer("dynamodb", "describeTable", &DESCRIBE_TABLE_OUTPUT),
    answer("dynamodb", "describeTimeToLive", &DESCRIBE_TIME_TO_LIVE_OUTPUT),
    answer("dynamodb", "executeStatement", &EXECUTE_STATEMENT_OUTPUT),
    answer("dynamodb", "executeTransaction", &EXECUTE_TRANSACTION_OUTPUT),
    answer("dynamodb", "getItem", &GET_ITEM_OUTPUT),
    answer("dynamodb", "listTables", &LIST_TABLES_OUTPUT),
    answer("dynamodb", "listTagsOfResource", &LIST_TAGS_OF_RESOURCE_OUTPUT),
    answer("dynamodb", "putItem", &PUT_ITEM_OUTPUT),
    answer("dynamodb", "query", &QUERY_OUTPUT),
    answer("dynamodb", "scan", &SCAN_OUTPUT),
    answer("dynamodb", "transactGetItems", &TRANSACT_GET_ITEMS_OUTPUT),
    answer("dynamodb", "transactWriteItems", &TRANSACT_WRITE_ITEMS_OUTPUT),
    answer("dynamodb", "updateItem", &UPDATE_ITEM_OUTPUT),
    answer("dynamodb", "updateTable", &UPDATE_TABLE_OUTPUT),
    answer("dynamodb", "updateTimeToLive", &UPDATE_TIME_TO_LIVE_OUTPUT),
];

static BATCH_STATEMENT_ERROR_CODE_ENUM: Shape = Shape::OneOf(&[
    "ConditionalCheckFailed",
    "ItemCollectionSizeLimitExceeded",
    "RequestLimitExceeded",
    "ValidationError",
    "ProvisionedThroughputExceeded",
    "TransactionConflict",
    "ThrottlingError",
    "InternalServerError",
    "ResourceNotFound",
    "AccessDenied",
    "DuplicateItem",
]);

static STRING_SET_ATTRIBUTE_VALUE: Shape = Shape::List(&TEXT);

static NUMBER_SET_ATTRIBUTE_VALUE: Shape = Shape::List(&TEXT);

static BINARY_SET_ATTRIBUTE_VALUE: Shape = Shape::List(&TEXT);

static MAP_ATTRIBUTE_VALUE: Shape = Shape::Map(&ATTRIBUTE_VALUE);

static LIST_ATTRIBUTE_VALUE: Shape = Shape::List(&ATTRIBUTE_VALUE);

static ATTRIBUTE_VALUE: Shape = Shape::Structure(&[
    opt("S", &TEXT),
    opt("N", &TEXT),
    opt("B", &TEXT),
    opt("SS", &STRING_SET_ATTRIBUTE_VALUE),
    opt("NS", &NUMBER_SET_ATTRIBUTE_VALUE),
    opt("BS", &BINARY_SET_ATTRIBUTE_VALUE),
    opt("M", &MAP_ATTRIBUTE_VALUE),
    opt("L", &LIST_ATTRIBUTE_VALUE),
    opt("NULL", &BOOLEAN),
    opt("BOOL", &BOOLEAN),
]);

static ATTRIBUTE_MAP: Shape = Shape::Map(&ATTRIBUTE_VALUE);

static BATCH_STATEMENT_ERROR: Shape = Shape::Structure(&[
    opt("Code", &BATCH_STATEMENT_ERROR_CODE_ENUM),
    opt("Message", &TEXT),
    opt("Item", &ATTRIBUTE_MAP),
]);

static TABLE_NAME: Shape = text(3, 255);

static BATCH_STATEMENT_RESPONSE: Shape = Shape::Structure(&[
    opt("Error", &BATCH_STATEMENT_ERROR),
    opt("TableName", &TABLE_NAME),
    opt("Item", &ATTRIBUTE_MAP),
]);

static PARTI_QL_BATCH_RESPONSE: Shape = Shape::List(&BATCH_STATEMENT_RESPONSE);

static TABLE_ARN: Shape = text(1, 1024);

static CAPACITY: Shape = Shape::Structure(&[
    opt("ReadCapacityUnits", &NUMBER),
    opt("WriteCapacityUnits", &NUMBER),
    opt("CapacityUnits", &NUMBER),
]);

static SECONDARY_INDEXES_CAPACITY_MAP: Shape = Shape::Map(&CAPACITY);

static CONSUMED_CAPACITY: Shape = Shape::Structure(&[
    opt("TableName", &TABLE_ARN),
    opt("CapacityUnits", &NUMBER),
    opt("ReadCapacityUnits", &NUMBER),
    opt("WriteCapacityUnits", &NUMBER),
    opt("Table", &CAPACITY),
    opt("LocalSecondaryIndexes", &SECONDARY_INDEXES_CAPACITY_MAP),
    opt("GlobalSecondaryIndexes", &SECONDARY_INDEXES_CAPACITY_MAP),
]);

static CONSUMED_CAPACITY_MULTIPLE: Shape = Shape::List(&CONSUMED_CAPACITY);

static BATCH_EXECUTE_STATEMENT_OUTPUT: Shape = Shape::Structure(&[
    opt("Responses", &PARTI_QL_BATCH_RESPONSE),
    opt("ConsumedCapacity", &CONSUMED_CAPACITY_MULTIPLE),
]);

static ITEM_LIST: Shape = Shape::List(&ATTRIBUTE_MAP);

static BATCH_GET_RESPONSE_MAP: Shape = Shape::Map(&ITEM_LIST);

static KEY: Shape = Shape::Map(&ATTRIBUTE_VALUE);

static KEY_LIST: Shape = Shape::List(&KEY);

static ATTRIBUTE_NAME: Shape = text(0, 65535);

static ATTRIBUTE_NAME_LIST: Shape = Shape::List(&ATTRIBUTE_NAME);

static EXPRESSION_ATTRIBUTE_NAME_MAP: Shape = Shape::Map(&ATTRIBUTE_NAME);

static KEYS_AND_ATTRIBUTES: Shape = Shape::Structure(&[
    req("Keys", &KEY_LIST),
    opt("AttributesToGet", &ATTRIBUTE_NAME_LIST),
    opt("ConsistentRead", &BOOLEAN),
    opt("ProjectionExpression", &TEXT),
    opt("ExpressionAttributeNames", &EXPRESSION_ATTRIBUTE_NAME_MAP),
]);

static BATCH_GET_REQUEST_MAP: Shape = Shape::Map(&KEYS_AND_ATTRIBUTES);

static BATCH_GET_ITEM_OUTPUT: Shape = Shape::Structure(&[
    opt("Responses", &BATCH_GET_RESPONSE_MAP),
    opt("UnprocessedKeys", &BATCH_GET_REQUEST_MAP),
    opt("ConsumedCapacity", &CONSUMED_CAPACITY_MULTIPLE),
]);

static PUT_ITEM_INPUT_ATTRIBUTE_MAP: Shape = Shape::Map(&ATTRIBUTE_VALUE);

static PUT_REQUEST: Shape = Shape::Structure(&[req("Item", &PUT_ITEM_INPUT_ATTRIBUTE_MAP)]);

static DELETE_REQUEST: Shape = Shape::Structure(&[req("Key", &KEY)]);

static WRITE_REQUEST: Shape =
    Shape::Structure(&[opt("PutRequest", &PUT_REQUEST), opt("DeleteRequest", &DELETE_REQUEST)]);

static WRITE_REQUESTS: Shape = Shape::List(&WRITE_REQUEST);

static BATCH_WRITE_ITEM_REQUEST_MAP: Shape = Shape::Map(&WRITE_REQUESTS);

static ITEM_COLLECTION_KEY_ATTRIBUTE_MAP: Shape = Shape::Map(&ATTRIBUTE_VALUE);

static ITEM_COLLECTION_SIZE_ESTIMATE_RANGE: Shape = Shape::List(&NUMBER);

static ITEM_COLLECTION_METRICS: Shape = Shape::Structure(&[
    opt("ItemCollectionKey", &ITEM_COLLECTION_KEY_ATTRIBUTE_MAP),
    opt("SizeEstimateRangeGB", &ITEM_COLLECTION_SIZE_ESTIMATE_RANGE),
]);

static ITEM_COLLECTION_METRICS_MULTIPLE: Shape = Shape::List(&ITEM_COLLECTION_METRICS);

static ITEM_COLLECTION_METRICS_PER_TABLE: Shape = Shape::Map(&ITEM_COLLECTION_METRICS_MULTIPLE);

static BATCH_WRITE_ITEM_OUTPUT: Shape = Shape::Structure(&[
    opt("UnprocessedItems", &BATCH_WRITE_ITEM_REQUEST_MAP),
    opt("ItemCollectionMetrics", &ITEM_COLLECTION_METRICS_PER_TABLE),
    opt("ConsumedCapacity", &CONSUMED_CAPACITY_MULTIPLE),
]);

static KEY_SCHEMA_ATTRIBUTE_NAME: Shape = text(1, 255);

static SCALAR_ATTRIBUTE_TYPE: Shape = Shape::OneOf(&["S", "N", "B"]);

static ATTRIBUTE_DEFINITION: Shape = Shape::Structure(&[
    req("AttributeName", &KEY_SCHEMA_ATTRIBUTE_NAME),
    req("AttributeType", &SCALAR_ATTRIBUTE_TYPE),
]);

static ATTRIBUTE_DEFINITIONS: Shape = Shape::List(&ATTRIBUTE_DEFINITION);

static KEY_TYPE: Shape = Shape::OneOf(&["HASH", "RANGE"]);

static KEY_SCHEMA_ELEMENT: Shape =
    Shape::Structure(&[req("AttributeName", &KEY_SCHEMA_ATTRIBUTE_NAME), req("KeyType", &KEY_TYPE)]);

static KEY_SCHEMA: Shape = Shape::List(&KEY_SCHEMA_ELEMENT);

static TABLE_STATUS: Shape = Shape::OneOf(&[
    "CREATING",
    "UPDATING",
    "DELETING",
    "ACTIVE",
    "INACCESSIBLE_ENCRYPTION_CREDENTIALS",
    "ARCHIVING",
    "ARCHIVED",
    "REPLICATION_NOT_AUTHORIZED",
]);

static POSITIVE_LONG_OBJECT: Shape = number(1.0, f64::MAX);

static NON_NEGATIVE_LONG_OBJECT: Shape = number(0.0, f64::MAX);

static PROVISIONED_THROUGHPUT_DESCRIPTION: Shape = Shape::Structure(&[
    opt("LastIncreaseDateTime", &TEXT),
    opt("LastDecreaseDateTime", &TEXT),
    opt("NumberOfDecreasesToday", &POSITIVE_LONG_OBJECT),
    opt("ReadCapacityUnits", &NON_NEGATIVE_LONG_OBJECT),
    opt("WriteCapacityUnits", &NON_NEGATIVE_LONG_OBJECT),
]);

static BILLING_MODE: Shape = Shape::OneOf(&["PROVISIONED", "PAY_PER_REQUEST"]);

static BILLING_MODE_SUMMARY: Shape =
    Shape::Structure(&[opt("BillingMode", &BILLING_MODE), opt("LastUpdateToPayPerRequestDateTime", &TEXT)]);

static INDEX_NAME: Shape = text(3, 255);

static PROJECTION_TYPE: Shape = Shape::OneOf(&["ALL", "KEYS_ONLY", "INCLUDE"]);

static NON_KEY_ATTRIBUTE_NAME: Shape = text(1, 255);

static NON_KEY_ATTRIBUTE_NAME_LIST: Shape = Shape::List(&NON_KEY_ATTRIBUTE_NAME);

static PROJECTION: Shape = Shape::Structure(&[
    opt("ProjectionType", &PROJECTION_TYPE),
    opt("NonKeyAttributes", &NON_KEY_ATTRIBUTE_NAME_LIST),
]);

static LOCAL_SECONDARY_INDEX_DESCRIPTION: Shape = Shape::Structure(&[
    opt("IndexName", &INDEX_NAME),
    opt("KeySchema", &KEY_SCHEMA),
    opt("Projection", &PROJECTION),
    opt("IndexSizeBytes", &NUMBER),
    opt("ItemCount", &NUMBER),
    opt("IndexArn", &TEXT),
]);

static LOCAL_SECONDARY_INDEX_DESCRIPTION_LIST: Shape = Shape::List(&LOCAL_SECONDARY_INDEX_DESCRIPTION);

static INDEX_STATUS: Shape = Shape::OneOf(&["CREATING", "UPDATING", "DELETING", "ACTIVE"]);

static ON_DEMAND_THROUGHPUT: Shape =
    Shape::Structure(&[opt("MaxReadRequestUnits", &NUMBER), opt("MaxWriteRequestUnits", &NUMBER)]);

static GLOBAL_SECONDARY_INDEX_WARM_THROUGHPUT_DESCRIPTION: Shape = Shape::Structure(&[
    opt("ReadUnitsPerSecond", &POSITIVE_LONG_OBJECT),
    opt("WriteUnitsPerSecond", &POSITIVE_LONG_OBJECT),
    opt("Status", &INDEX_STATUS),
]);

static GLOBAL_SECONDARY_INDEX_DESCRIPTION: Shape = Shape::Structure(&[
    opt("IndexName", &INDEX_NAME),
    opt("KeySchema", &KEY_SCHEMA),
    opt("Projection", &PROJECTION),
    opt("IndexStatus", &INDEX_STATUS),
    opt("Backfilling", &BOOLEAN),
    opt("ProvisionedThroughput", &PROVISIONED_THROUGHPUT_DESCRIPTION),
    opt("IndexSizeBytes", &NUMBER),
    opt("ItemCount", &NUMBER),
    opt("IndexArn", &TEXT),
    opt("OnDemandThroughput", &ON_DEMAND_THROUGHPUT),
    opt("WarmThroughput", &GLOBAL_SECONDARY_INDEX_WARM_THROUGHPUT_DESCRIPTION),
]);

static GLOBAL_SECONDARY_INDEX_DESCRIPTION_LIST: Shape = Shape::List(&GLOBAL_SECONDARY_INDEX_DESCRIPTION);

static STREAM_VIEW_TYPE: Shape = Shape::OneOf(&["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"]);

static STREAM_SPECIFICATION: Shape =
    Shape::Structure(&[req("StreamEnabled", &BOOLEAN), opt("StreamViewType", &STREAM_VIEW_TYPE)]);

static STREAM_ARN: Shape = text(37, 1024);

static REPLICA_STATUS: Shape = Shape::OneOf(&[
    "CREATING",
    "CREATION_FAILED",
    "UPDATING",
    "DELETING",
    "ACTIVE",
    "REGION_DISABLED",
    "INACCESSIBLE_ENCRYPTION_CREDENTIALS",
    "ARCHIVING",
    "ARCHIVED",
    "REPLICATION_NOT_AUTHORIZED",
]);

static PROVISIONED_THROUGHPUT_OVERRIDE: Shape =
    Shape::Structure(&[opt("ReadCapacityUnits", &POSITIVE_LONG_OBJECT)]);

static ON_DEMAND_THROUGHPUT_OVERRIDE: Shape = Shape::Structure(&[opt("MaxReadRequestUnits", &NUMBER)]);

static TABLE_WARM_THROUGHPUT_DESCRIPTION: Shape = Shape::Structure(&[
    opt("ReadUnitsPerSecond", &POSITIVE_LONG_OBJECT),
    opt("WriteUnitsPerSecond", &POSITIVE_LONG_OBJECT),
    opt("Status", &TABLE_STATUS),
]);

static REPLICA_GLOBAL_SECONDARY_INDEX_DESCRIPTION: Shape = Shape::Structure(&[
    opt("IndexName", &INDEX_NAME),
    opt("ProvisionedThroughputOverride", &PROVISIONED_THROUGHPUT_OVERRIDE),
    opt("OnDemandThroughputOverride", &ON_DEMAND_THROUGHPUT_OVERRIDE),
    opt("WarmThroughput", &GLOBAL_SECONDARY_INDEX_WARM_THROUGHPUT_DESCRIPTION),
]);

static REPLICA_GLOBAL_SECONDARY_INDEX_DESCRIPTION_LIST: Shape =
    Shape::List(&REPLICA_GLOBAL_SECONDARY_INDEX_DESCRIPTION);

static TABLE_CLASS: Shape = Shape::OneOf(&["STANDARD", "STANDARD_INFREQUENT_ACCESS"]);

static TABLE_CLASS_SUMMARY: Shape =
    Shape::Structure(&[opt("TableClass", &TABLE_CLASS), opt("LastUpdateDateTime", &TEXT)]);

static GLOBAL_TABLE_SETTINGS_REPLICATION_MODE: Shape =
    Shape::OneOf(&["ENABLED", "DISABLED", "ENABLED_WITH_OVERRIDES"]);

static REPLICA_DESCRIPTION: Shape = Shape::Structure(&[
    opt("RegionName", &TEXT),
    opt("ReplicaStatus", &REPLICA_STATUS),
    opt("ReplicaArn", &TEXT),
    opt("ReplicaStatusDescription", &TEXT),
    opt("ReplicaStatusPercentProgress", &TEXT),
    opt("KMSMasterKeyId", &TEXT),
    opt("ProvisionedThroughputOverride", &PROVISIONED_THROUGHPUT_OVERRIDE),
    opt("OnDemandThroughputOverride", &ON_DEMAND_THROUGHPUT_OVERRIDE),
    opt("WarmThroughput", &TABLE_WARM_THROUGHPUT_DESCRIPTION),
    opt("GlobalSecondaryIndexes", &REPLICA_GLOBAL_SECONDARY_INDEX_DESCRIPTION_LIST),
    opt("ReplicaInaccessibleDateTime", &TEXT),
    opt("ReplicaTableClassSummary", &TABLE_CLASS_SUMMARY),
    opt("GlobalTableSettingsReplicationMode", &GLOBAL_TABLE_SETTINGS_REPLICATION_MODE),
]);

static REPLICA_DESCRIPTION_LIST: Shape = Shape::List(&REPLICA_DESCRIPTION);

static WITNESS_STATUS: Shape = Shape::OneOf(&["CREATING", "DELETING", "ACTIVE"]);

static GLOBAL_TABLE_WITNESS_DESCRIPTION: Shape =
    Shape::Structure(&[opt("RegionName", &TEXT), opt("WitnessStatus", &WITNESS_STATUS)]);

static GLOBAL_TABLE_WITNESS_DESCRIPTION_LIST: Shape = Shape::List(&GLOBAL_TABLE_WITNESS_DESCRIPTION);

static BACKUP_ARN: Shape = text(37, 1024);

static RESTORE_SUMMARY: Shape = Shape::Structure(&[
    opt("SourceBackupArn", &BACKUP_ARN),
    opt("SourceTableArn", &TABLE_ARN),
    req("RestoreDateTime", &TEXT),
    req("RestoreInProgress", &BOOLEAN),
]);

static SSE_STATUS: Shape = Shape::OneOf(&["ENABLING", "ENABLED", "DISABLING", "DISABLED", "UPDATING"]);

static SSE_TYPE: Shape = Shape::OneOf(&["AES256", "KMS"]);

static SSE_DESCRIPTION: Shape = Shape::Structure(&[
    opt("Status", &SSE_STATUS),
    opt("SSEType", &SSE_TYPE),
    opt("KMSMasterKeyArn", &TEXT),
    opt("InaccessibleEncryptionDateTime", &TEXT),
]);

static ARCHIVAL_SUMMARY: Shape = Shape::Structure(&[
    opt("ArchivalDateTime", &TEXT),
    opt("ArchivalReason", &TEXT),
    opt("ArchivalBackupArn", &BACKUP_ARN),
]);

static MULTI_REGION_CONSISTENCY: Shape = Shape::OneOf(&["EVENTUAL", "STRONG"]);

static TABLE_DESCRIPTION: Shape = Shape::Structure(&[
    opt("AttributeDefinitions", &ATTRIBUTE_DEFINITIONS),
    opt("TableName", &TABLE_NAME),
    opt("KeySchema", &KEY_SCHEMA),
    opt("TableStatus", &TABLE_STATUS),
    opt("CreationDateTime", &TEXT),
    opt("ProvisionedThroughput", &PROVISIONED_THROUGHPUT_DESCRIPTION),
    opt("TableSizeBytes", &NUMBER),
    opt("ItemCount", &NUMBER),
    opt("TableArn", &TEXT),
    opt("TableId", &TEXT),
    opt("BillingModeSummary", &BILLING_MODE_SUMMARY),
    opt("LocalSecondaryIndexes", &LOCAL_SECONDARY_INDEX_DESCRIPTION_LIST),
    opt("GlobalSecondaryIndexes", &GLOBAL_SECONDARY_INDEX_DESCRIPTION_LIST),
    opt("StreamSpecification", &STREAM_SPECIFICATION),
    opt("LatestStreamLabel", &TEXT),
    opt("LatestStreamArn", &STREAM_ARN),
    opt("GlobalTableVersion", &TEXT),
    opt("Replicas", &REPLICA_DESCRIPTION_LIST),
    opt("GlobalTableWitnesses", &GLOBAL_TABLE_WITNESS_DESCRIPTION_LIST),
    opt("GlobalTableSettingsReplicationMode", &GLOBAL_TABLE_SETTINGS_REPLICATION_MODE),
    opt("RestoreSummary", &RESTORE_SUMMARY),
    opt("SSEDescription", &SSE_DESCRIPTION),
    opt("ArchivalSummary", &ARCHIVAL_SUMMARY),
    opt("TableClassSummary", &TABLE_CLASS_SUMMARY),
    opt("DeletionProtectionEnabled", &BOOLEAN),
    opt("OnDemandThroughput", &ON_DEMAND_THROUGHPUT),
    opt("WarmThroughput", &TABLE_WARM_THROUGHPUT_DESCRIPTION),
    opt("MultiRegionConsistency", &MULTI_REGION_CONSISTENCY),
]);

static CREATE_TABLE_OUTPUT: Shape = Shape::Structure(&[opt("TableDescription", &TABLE_DESCRIPTION)]);

static DELETE_ITEM_OUTPUT: Shape = Shape::Structure(&[
    opt("Attributes", &ATTRIBUTE_MAP),
    opt("ConsumedCapacity", &CONSUMED_CAPACITY),
    opt("ItemCollectionMetrics", &ITEM_COLLECTION_METRICS),
]);

static DELETE_TABLE_OUTPUT: Shape = Shape::Structure(&[opt("TableDescription", &TABLE_DESCRIPTION)]);

static ENDPOINT: Shape = Shape::Structure(&[req("Address", &TEXT), req("CachePeriodInMinutes", &NUMBER)]);

static ENDPOINTS: Shape = Shape::List(&ENDPOINT);

static DESCRIBE_ENDPOINTS_RESPONSE: Shape = Shape::Structure(&[req("Endpoints", &ENDPOINTS)]);

static DESCRIBE_LIMITS_OUTPUT: Shape = Shape::Structure(&[
    opt("AccountMaxReadCapacityUnits", &POSITIVE_LONG_OBJECT),
    opt("AccountMaxWriteCapacityUnits", &POSITIVE_LONG_OBJECT),
    opt("TableMaxReadCapacityUnits", &POSITIVE_LONG_OBJECT),
    opt("TableMaxWriteCapacityUnits", &POSITIVE_LONG_OBJECT),
]);

static DESCRIBE_TABLE_OUTPUT: Shape = Shape::Structure(&[opt("Table", &TABLE_DESCRIPTION)]);

static TIME_TO_LIVE_STATUS: Shape = Shape::OneOf(&["ENABLING", "DISABLING", "ENABLED", "DISABLED"]);

static TIME_TO_LIVE_ATTRIBUTE_NAME: Shape = text(1, 255);

static TIME_TO_LIVE_DESCRIPTION: Shape = Shape::Structure(&[
    opt("TimeToLiveStatus", &TIME_TO_LIVE_STATUS),
    opt("AttributeName", &TIME_TO_LIVE_ATTRIBUTE_NAME),
]);

static DESCRIBE_TIME_TO_LIVE_OUTPUT: Shape =
    Shape::Structure(&[opt("TimeToLiveDescription", &TIME_TO_LIVE_DESCRIPTION)]);

static PARTI_QL_NEXT_TOKEN: Shape = text(1, 32768);

static EXECUTE_STATEMENT_OUTPUT: Shape = Shape::Structure(&[
    opt("Items", &ITEM_LIST),
    opt("NextToken", &PARTI_QL_NEXT_TOKEN),
    opt("ConsumedCapacity", &CONSUMED_CAPACITY),
    opt("LastEvaluatedKey", &KEY),
]);

static ITEM_RESPONSE: Shape = Shape::Structure(&[opt("Item", &ATTRIBUTE_MAP)]);

static ITEM_RESPONSE_LIST: Shape = Shape::List(&ITEM_RESPONSE);

static EXECUTE_TRANSACTION_OUTPUT: Shape = Shape::Structure(&[
    opt("Responses", &ITEM_RESPONSE_LIST),
    opt("ConsumedCapacity", &CONSUMED_CAPACITY_MULTIPLE),
]);

static GET_ITEM_OUTPUT: Shape =
    Shape::Structure(&[opt("Item", &ATTRIBUTE_MAP), opt("ConsumedCapacity", &CONSUMED_CAPACITY)]);

static TABLE_NAME_LIST: Shape = Shape::List(&TABLE_NAME);

static LIST_TABLES_OUTPUT: Shape =
    Shape::Structure(&[opt("TableNames", &TABLE_NAME_LIST), opt("LastEvaluatedTableName", &TABLE_NAME)]);

static TAG_KEY_STRING: Shape = text(1, 128);

static TAG_VALUE_STRING: Shape = text(0, 256);

static TAG: Shape = Shape::Structure(&[req("Key", &TAG_KEY_STRING), req("Value", &TAG_VALUE_STRING)]);

static TAG_LIST: Shape = Shape::List(&TAG);

static LIST_TAGS_OF_RESOURCE_OUTPUT: Shape =
    Shape::Structure(&[opt("Tags", &TAG_LIST), opt("NextToken", &TEXT)]);

static PUT_ITEM_OUTPUT: Shape = Shape::Structure(&[
    opt("Attributes", &ATTRIBUTE_MAP),
    opt("ConsumedCapacity", &CONSUMED_CAPACITY),
    opt("ItemCollectionMetrics", &ITEM_COLLECTION_METRICS),
]);

static QUERY_OUTPUT: Shape = Shape::Structure(&[
    opt("Items", &ITEM_LIST),
    opt("Count", &NUMBER),
    opt("ScannedCount", &NUMBER),
    opt("LastEvaluatedKey", &KEY),
    opt("ConsumedCapacity", &CONSUMED_CAPACITY),
]);

static SCAN_OUTPUT: Shape = Shape::Structure(&[
    opt("Items", &ITEM_LIST),
    opt("Count", &NUMBER),
    opt("ScannedCount", &NUMBER),
    opt("LastEvaluatedKey", &KEY),
    opt("ConsumedCapacity", &CONSUMED_CAPACITY),
]);

static TRANSACT_GET_ITEMS_OUTPUT: Shape = Shape::Structure(&[
    opt("ConsumedCapacity", &CONSUMED_CAPACITY_MULTIPLE),
    opt("Responses", &ITEM_RESPONSE_LIST),
]);

static TRANSACT_WRITE_ITEMS_OUTPUT: Shape = Shape::Structure(&[
    opt("ConsumedCapacity", &CONSUMED_CAPACITY_MULTIPLE),
    opt("ItemCollectionMetrics", &ITEM_COLLECTION_METRICS_PER_TABLE),
]);

static UPDATE_ITEM_OUTPUT: Shape = Shape::Structure(&[
    opt("Attributes", &ATTRIBUTE_MAP),
    opt("ConsumedCapacity", &CONSUMED_CAPACITY),
    opt("ItemCollectionMetrics", &ITEM_COLLECTION_METRICS),
]);

static UPDATE_TABLE_OUTPUT: Shape = Shape::Structure(&[opt("TableDescription", &TABLE_DESCRIPTION)]);

static TIME_TO_LIVE_SPECIFICATION: Shape =
    Shape::Structure(&[req("Enabled", &BOOLEAN), req("AttributeName", &TIME_TO_LIVE_ATTRIBUTE_NAME)]);

static UPDATE_TIME_TO_LIVE_OUTPUT: Shape =
    Shape::Structure(&[opt("TimeToLiveSpecification", &TIME_TO_LIVE_SPECIFICATION)]);
