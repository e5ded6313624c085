//! The actions of DynamoDB that the AWS SDK integration calls, and what each operation takes.
//!
//! The rows of [`super::DYNAMODB_ACTIONS`] are those of the optimized integration, with their documentation; these
//! have all that checks need of any action, and of the operations that batches and transactions are made of.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html>

/// What a parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A table's name or ARN.
    Table,
    /// The key of an item: attribute names and values.
    Key,
    /// An item: attribute names and values.
    Item,
    /// A list of keys.
    Keys,
    /// `:value` and attribute values.
    Values,
    /// `#name` and attribute names.
    Names,
    /// An expression.
    Expression(ExpressionKind),
    /// One of these strings.
    Enum(&'static [&'static str]),
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A string.
    Text,
    /// Anything else.
    Other,
    /// Anything else, in the place of expressions: the older form.
    Legacy,
    /// The operations of a batch of reads, by table.
    BatchReads,
    /// The operations of a batch of writes, by table.
    BatchWrites,
    /// The operations of a transaction.
    Transaction,
}

/// What an expression is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// A parameter of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Whether the operation needs it.
    pub is_required: bool,
}

/// An operation: an action, or a part of a batch or transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationSpec {
    /// The action's name in the ARN, or the name of the member that holds the part.
    pub name: &'static str,
    /// Its parameters.
    pub parameters: &'static [Parameter],
}

impl OperationSpec {
    /// The parameter of this name.
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// The action of this name, if its parameters are known.
    pub fn of_action(name: &str) -> Option<&'static OperationSpec> {
        ACTIONS.iter().find(|action| action.name == name)
    }

    /// The members that may hold a part of a parameter's operations; none where it holds no operations.
    pub fn part_names(&self, holds: Holds) -> &'static [&'static str] {
        match holds {
            Holds::BatchWrites => &["PutRequest", "DeleteRequest"],
            Holds::Transaction if self.name == "transactGetItems" => &["Get"],
            Holds::Transaction => &["Put", "Update", "Delete", "ConditionCheck"],
            _ => &[],
        }
    }

    /// The part of a batch or transaction that a member of this name holds.
    pub fn of_part(name: &str) -> Option<&'static OperationSpec> {
        PARTS.iter().find(|part| part.name == name)
    }
}

/// Parameters that checks look up.
pub mod parameter {
    /// The index to read.
    pub const INDEX_NAME: &str = "IndexName";
    /// Which keys are read.
    pub const KEY_CONDITION: &str = "KeyConditionExpression";
    /// Which of the items read are given.
    pub const FILTER: &str = "FilterExpression";
    /// What the item has to meet.
    pub const CONDITION: &str = "ConditionExpression";
    /// What is read.
    pub const PROJECTION: &str = "ProjectionExpression";
    /// The keys of a batch.
    pub const KEYS: &str = "Keys";
}

const fn needs(name: &'static str, holds: Holds) -> Parameter {
    Parameter { name, holds, is_required: true }
}

const fn takes(name: &'static str, holds: Holds) -> Parameter {
    Parameter { name, holds, is_required: false }
}

const CAPACITY: Holds = Holds::Enum(&["NONE", "TOTAL", "INDEXES"]);
const METRICS: Holds = Holds::Enum(&["NONE", "SIZE"]);
const OLD_OR_NONE: Holds = Holds::Enum(&["NONE", "ALL_OLD"]);
const ANY_VALUES: Holds = Holds::Enum(&["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"]);
const JOINED: Holds = Holds::Enum(&["AND", "OR"]);
const SELECT: Holds =
    Holds::Enum(&["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"]);

const TABLE: Parameter = needs("TableName", Holds::Table);
const KEY: Parameter = needs("Key", Holds::Key);
const ITEM: Parameter = needs("Item", Holds::Item);
const NAMES: Parameter = takes("ExpressionAttributeNames", Holds::Names);
const VALUES: Parameter = takes("ExpressionAttributeValues", Holds::Values);
const CONDITION: Parameter = takes(parameter::CONDITION, Holds::Expression(ExpressionKind::Condition));
const FILTER: Parameter = takes(parameter::FILTER, Holds::Expression(ExpressionKind::Filter));
const PROJECTION: Parameter = takes(parameter::PROJECTION, Holds::Expression(ExpressionKind::Projection));
const UPDATE: Parameter = takes("UpdateExpression", Holds::Expression(ExpressionKind::Update));
const RETURN_CAPACITY: Parameter = takes("ReturnConsumedCapacity", CAPACITY);
const RETURN_METRICS: Parameter = takes("ReturnItemCollectionMetrics", METRICS);
const RETURN_ON_FAILURE: Parameter = takes("ReturnValuesOnConditionCheckFailure", OLD_OR_NONE);
const EXPECTED: Parameter = takes("Expected", Holds::Legacy);
const CONDITIONAL_OPERATOR: Parameter = takes("ConditionalOperator", JOINED);
const TO_GET: Parameter = takes("AttributesToGet", Holds::Legacy);

/// The actions whose parameters are checked.
pub const ACTIONS: &[OperationSpec] = &[
    OperationSpec {
        name: "getItem",
        parameters: &[
            TABLE,
            KEY,
            takes("ConsistentRead", Holds::Boolean),
            PROJECTION,
            NAMES,
            RETURN_CAPACITY,
            TO_GET,
        ],
    },
    OperationSpec {
        name: "putItem",
        parameters: &[
            TABLE,
            ITEM,
            CONDITION,
            NAMES,
            VALUES,
            takes("ReturnValues", OLD_OR_NONE),
            RETURN_CAPACITY,
            RETURN_METRICS,
            RETURN_ON_FAILURE,
            EXPECTED,
            CONDITIONAL_OPERATOR,
        ],
    },
    OperationSpec {
        name: "updateItem",
        parameters: &[
            TABLE,
            KEY,
            UPDATE,
            CONDITION,
            NAMES,
            VALUES,
            takes("ReturnValues", ANY_VALUES),
            RETURN_CAPACITY,
            RETURN_METRICS,
            RETURN_ON_FAILURE,
            takes("AttributeUpdates", Holds::Legacy),
            EXPECTED,
            CONDITIONAL_OPERATOR,
        ],
    },
    OperationSpec {
        name: "deleteItem",
        parameters: &[
            TABLE,
            KEY,
            CONDITION,
            NAMES,
            VALUES,
            takes("ReturnValues", OLD_OR_NONE),
            RETURN_CAPACITY,
            RETURN_METRICS,
            RETURN_ON_FAILURE,
            EXPECTED,
            CONDITIONAL_OPERATOR,
        ],
    },
    OperationSpec {
        name: "query",
        parameters: &[
            TABLE,
            takes(parameter::INDEX_NAME, Holds::Text),
            takes(parameter::KEY_CONDITION, Holds::Expression(ExpressionKind::KeyCondition)),
            FILTER,
            PROJECTION,
            NAMES,
            VALUES,
            takes("Select", SELECT),
            takes("Limit", Holds::Integer),
            takes("ConsistentRead", Holds::Boolean),
            takes("ScanIndexForward", Holds::Boolean),
            takes("ExclusiveStartKey", Holds::Key),
            RETURN_CAPACITY,
            takes("KeyConditions", Holds::Legacy),
            takes("QueryFilter", Holds::Legacy),
            TO_GET,
            CONDITIONAL_OPERATOR,
        ],
    },
    OperationSpec {
        name: "scan",
        parameters: &[
            TABLE,
            takes(parameter::INDEX_NAME, Holds::Text),
            FILTER,
            PROJECTION,
            NAMES,
            VALUES,
            takes("Select", SELECT),
            takes("Limit", Holds::Integer),
            takes("ConsistentRead", Holds::Boolean),
            takes("ExclusiveStartKey", Holds::Key),
            takes("Segment", Holds::Integer),
            takes("TotalSegments", Holds::Integer),
            RETURN_CAPACITY,
            takes("ScanFilter", Holds::Legacy),
            TO_GET,
            CONDITIONAL_OPERATOR,
        ],
    },
    OperationSpec {
        name: "batchGetItem",
        parameters: &[needs("RequestItems", Holds::BatchReads), RETURN_CAPACITY],
    },
    OperationSpec {
        name: "batchWriteItem",
        parameters: &[needs("RequestItems", Holds::BatchWrites), RETURN_CAPACITY, RETURN_METRICS],
    },
    OperationSpec {
        name: "transactGetItems",
        parameters: &[needs("TransactItems", Holds::Transaction), RETURN_CAPACITY],
    },
    OperationSpec {
        name: "transactWriteItems",
        parameters: &[
            needs("TransactItems", Holds::Transaction),
            takes("ClientRequestToken", Holds::Text),
            RETURN_CAPACITY,
            RETURN_METRICS,
        ],
    },
    OperationSpec {
        name: "executeStatement",
        parameters: &[
            needs("Statement", Holds::Text),
            takes("Parameters", Holds::Other),
            takes("ConsistentRead", Holds::Boolean),
            takes("NextToken", Holds::Text),
            takes("Limit", Holds::Integer),
            RETURN_CAPACITY,
            RETURN_ON_FAILURE,
        ],
    },
    OperationSpec {
        name: "batchExecuteStatement",
        parameters: &[needs("Statements", Holds::Other), RETURN_CAPACITY],
    },
    OperationSpec {
        name: "executeTransaction",
        parameters: &[
            needs("TransactStatements", Holds::Other),
            takes("ClientRequestToken", Holds::Text),
            RETURN_CAPACITY,
        ],
    },
];

/// The operations that batches and transactions are made of, by the member that holds them.
pub const PARTS: &[OperationSpec] = &[
    OperationSpec { name: "PutRequest", parameters: &[ITEM] },
    OperationSpec { name: "DeleteRequest", parameters: &[KEY] },
    OperationSpec { name: "Put", parameters: &[TABLE, ITEM, CONDITION, NAMES, VALUES, RETURN_ON_FAILURE] },
    OperationSpec {
        name: "Update",
        parameters: &[
            TABLE,
            KEY,
            needs("UpdateExpression", Holds::Expression(ExpressionKind::Update)),
            CONDITION,
            NAMES,
            VALUES,
            RETURN_ON_FAILURE,
        ],
    },
    OperationSpec { name: "Delete", parameters: &[TABLE, KEY, CONDITION, NAMES, VALUES, RETURN_ON_FAILURE] },
    OperationSpec {
        name: "ConditionCheck",
        parameters: &[
            TABLE,
            KEY,
            needs(parameter::CONDITION, Holds::Expression(ExpressionKind::Condition)),
            NAMES,
            VALUES,
            RETURN_ON_FAILURE,
        ],
    },
    OperationSpec { name: "Get", parameters: &[TABLE, KEY, PROJECTION, NAMES] },
];

/// What a batch of reads says of one table.
pub const BATCH_READ: OperationSpec = OperationSpec {
    name: "batchGetItem",
    parameters: &[
        needs(parameter::KEYS, Holds::Keys),
        takes("ConsistentRead", Holds::Boolean),
        PROJECTION,
        NAMES,
        TO_GET,
    ],
};

/// The actions that are called but not checked: those on tables, backups, streams and the like.
pub const OTHER_ACTIONS: &[&str] = &[
    "createBackup",
    "createGlobalTable",
    "createTable",
    "deleteBackup",
    "deleteResourcePolicy",
    "deleteTable",
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
    "describeTable",
    "describeTableReplicaAutoScaling",
    "describeTimeToLive",
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
    "listTables",
    "listTagsOfResource",
    "putResourcePolicy",
    "restoreTableFromBackup",
    "restoreTableToPointInTime",
    "tagResource",
    "untagResource",
    "updateContinuousBackups",
    "updateContributorInsights",
    "updateGlobalTable",
    "updateGlobalTableSettings",
    "updateKinesisStreamingDestination",
    "updateTable",
    "updateTableReplicaAutoScaling",
    "updateTimeToLive",
];

/// All actions that the AWS SDK integration has.
pub fn sdk_actions() -> impl Iterator<Item = &'static str> {
    ACTIONS.iter().map(|action| action.name).chain(OTHER_ACTIONS.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::DYNAMODB_ACTIONS;

    #[test]
    fn the_optimized_actions_take_what_the_others_do() {
        for action in DYNAMODB_ACTIONS {
            let spec = OperationSpec::of_action(action.name).unwrap();
            for parameter in action.parameters {
                let same = spec.parameter(parameter.name).unwrap();
                assert_eq!(same.is_required, parameter.is_required, "{} {}", action.name, parameter.name);
            }
        }
    }
}
