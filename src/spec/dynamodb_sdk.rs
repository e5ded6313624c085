//! The actions of DynamoDB that only the AWS SDK integration has, with their parameters, and what it adds to the others.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html>.

use super::resource::{ActionParameter, DYNAMODB_ACTIONS, DynamoDbAction, ParameterKind as P, parameter};

const fn required(name: &'static str, kind: P, doc: &'static str) -> ActionParameter {
    ActionParameter { name, kind, is_required: true, doc }
}

const fn optional(name: &'static str, kind: P, doc: &'static str) -> ActionParameter {
    ActionParameter { name, kind, is_required: false, doc }
}

const TABLE: ActionParameter = required(parameter::TABLE_NAME, P::TableName, "The table's name or ARN.");
const INDEX: ActionParameter =
    optional("IndexName", P::IndexName, "The index to read in the place of the table.");
const NAMES: ActionParameter = optional(
    parameter::EXPRESSION_ATTRIBUTE_NAMES,
    P::Names,
    "Names for `#name` in expressions: for reserved words and names with dots.",
);
const VALUES: ActionParameter =
    optional(parameter::EXPRESSION_ATTRIBUTE_VALUES, P::Values, "Values for `:value` in expressions.");
const FILTER: ActionParameter =
    optional("FilterExpression", P::Expression, "Which of the items that were read to return.");
const PROJECTION: ActionParameter =
    optional(parameter::PROJECTION_EXPRESSION, P::Expression, "The attributes to read. Default: all.");
const CAPACITY: ActionParameter = optional(
    parameter::RETURN_CONSUMED_CAPACITY,
    P::Enum(&["NONE", "TOTAL", "INDEXES"]),
    "Whether to tell the capacity used.",
);
const METRICS: ActionParameter = optional(
    parameter::RETURN_ITEM_COLLECTION_METRICS,
    P::Enum(&["NONE", "SIZE"]),
    "Whether to tell the size of the item collection.",
);
const CONSISTENT: ActionParameter =
    optional("ConsistentRead", P::Boolean, "Whether to see all writes that were done before.");
const LIMIT: ActionParameter =
    optional("Limit", P::Number, "Items to read at most, before they are filtered.");
const START_KEY: ActionParameter =
    optional("ExclusiveStartKey", P::AttributeMap, "Where to go on: `LastEvaluatedKey` of the call before.");
const SELECT: ActionParameter = optional(
    "Select",
    P::Enum(&["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"]),
    "What to return: attributes, or only how many items there are.",
);
const TOKEN: ActionParameter =
    optional("ClientRequestToken", P::Text, "Makes a call that is repeated within ten minutes act once.");
const ON_FAILURE: ActionParameter = optional(
    "ReturnValuesOnConditionCheckFailure",
    P::Enum(&["NONE", "ALL_OLD"]),
    "Whether to return the item where the condition does not hold for it.",
);
const STATEMENT: ActionParameter = required("Statement", P::Text, "The PartiQL statement.");
const STATEMENT_PARAMETERS: ActionParameter =
    optional("Parameters", P::ValueList, "The attribute values for each `?` of the statement.");
const NEXT_TOKEN: ActionParameter =
    optional("NextToken", P::Text, "Where to go on: that of the call before.");
const KEY_CONDITION: ActionParameter = optional(
    parameter::KEY_CONDITION_EXPRESSION,
    P::Expression,
    "The partition key's value and perhaps a condition on the sort key.",
);

/// What the AWS SDK integration takes beside the parameters of the optimized one.
const ADDED: &[(&str, &[ActionParameter])] =
    &[("putItem", &[ON_FAILURE]), ("updateItem", &[ON_FAILURE]), ("deleteItem", &[ON_FAILURE])];

/// The actions, the most used first.
pub const DYNAMODB_SDK_ACTIONS: &[DynamoDbAction] = &[
    DynamoDbAction {
        name: "query",
        doc: "Reads the items of one partition key, or of a part of them, in the order of the sort key.",
        parameters: &[
            TABLE,
            KEY_CONDITION,
            VALUES,
            NAMES,
            INDEX,
            FILTER,
            PROJECTION,
            optional("ScanIndexForward", P::Boolean, "Whether to read in ascending order. Default: `true`."),
            LIMIT,
            START_KEY,
            CONSISTENT,
            SELECT,
            CAPACITY,
            optional("KeyConditions", P::Legacy, "The older form of `KeyConditionExpression`."),
            optional("QueryFilter", P::Legacy, "The older form of `FilterExpression`."),
        ],
    },
    DynamoDbAction {
        name: "scan",
        doc: "Reads all items of a table or index.",
        parameters: &[
            TABLE,
            FILTER,
            VALUES,
            NAMES,
            INDEX,
            PROJECTION,
            LIMIT,
            START_KEY,
            optional("Segment", P::Number, "Which of the parts to read, from 0."),
            optional("TotalSegments", P::Number, "Into how many parts the table is divided."),
            CONSISTENT,
            SELECT,
            CAPACITY,
            optional("ScanFilter", P::Legacy, "The older form of `FilterExpression`."),
        ],
    },
    DynamoDbAction {
        name: "batchGetItem",
        doc: "Reads up to 100 items by their keys.",
        parameters: &[
            required("RequestItems", P::Requests, "By table: `Keys` and how to read them."),
            CAPACITY,
        ],
    },
    DynamoDbAction {
        name: "batchWriteItem",
        doc: "Puts or deletes up to 25 items.",
        parameters: &[
            required("RequestItems", P::Requests, "By table: a list of `PutRequest` and `DeleteRequest`."),
            CAPACITY,
            METRICS,
        ],
    },
    DynamoDbAction {
        name: "transactWriteItems",
        doc: "Writes up to 100 items, all or none of them.",
        parameters: &[
            required("TransactItems", P::List, "A list of `Put`, `Update`, `Delete` and `ConditionCheck`."),
            TOKEN,
            CAPACITY,
            METRICS,
        ],
    },
    DynamoDbAction {
        name: "transactGetItems",
        doc: "Reads up to 100 items as they are at one moment.",
        parameters: &[required("TransactItems", P::List, "A list of `Get`."), CAPACITY],
    },
    DynamoDbAction {
        name: "executeStatement",
        doc: "Executes a PartiQL statement.",
        parameters: &[STATEMENT, STATEMENT_PARAMETERS, LIMIT, NEXT_TOKEN, CONSISTENT, ON_FAILURE, CAPACITY],
    },
    DynamoDbAction {
        name: "batchExecuteStatement",
        doc: "Executes up to 25 PartiQL statements.",
        parameters: &[
            required("Statements", P::List, "A list of `Statement` with its `Parameters`."),
            CAPACITY,
        ],
    },
    DynamoDbAction {
        name: "executeTransaction",
        doc: "Executes up to 100 PartiQL statements, all or none of them.",
        parameters: &[
            required("TransactStatements", P::List, "A list of `Statement` with its `Parameters`."),
            TOKEN,
            CAPACITY,
        ],
    },
    DynamoDbAction {
        name: "describeTable",
        doc: "Tells a table's key, indexes and settings.",
        parameters: &[TABLE],
    },
    DynamoDbAction {
        name: "createTable",
        doc: "Makes a table.",
        parameters: &[
            TABLE,
            required(
                "KeySchema",
                P::List,
                "The key: a list of `AttributeName` with `KeyType`, HASH or RANGE.",
            ),
            required(
                "AttributeDefinitions",
                P::List,
                "The attributes of all keys: a list of `AttributeName` with `AttributeType`.",
            ),
            optional("BillingMode", P::Enum(&["PAY_PER_REQUEST", "PROVISIONED"]), "How it is paid for."),
            optional("GlobalSecondaryIndexes", P::List, "Indexes with any key."),
            optional("LocalSecondaryIndexes", P::List, "Indexes with another sort key."),
            optional("ProvisionedThroughput", P::Object, "`ReadCapacityUnits` and `WriteCapacityUnits`."),
            optional("StreamSpecification", P::Object, "Whether changes are streamed."),
            optional("SSESpecification", P::Object, "How it is encrypted."),
            optional("TableClass", P::Enum(&["STANDARD", "STANDARD_INFREQUENT_ACCESS"]), "Its class."),
            optional("DeletionProtectionEnabled", P::Boolean, "Whether it cannot be deleted."),
            optional("Tags", P::List, "A list of `Key` with `Value`."),
        ],
    },
    DynamoDbAction {
        name: "updateTable",
        doc: "Changes a table's settings or indexes.",
        parameters: &[
            TABLE,
            optional("AttributeDefinitions", P::List, "The attributes of new keys."),
            optional("BillingMode", P::Enum(&["PAY_PER_REQUEST", "PROVISIONED"]), "How it is paid for."),
            optional("GlobalSecondaryIndexUpdates", P::List, "A list of `Create`, `Update` and `Delete`."),
            optional("ProvisionedThroughput", P::Object, "`ReadCapacityUnits` and `WriteCapacityUnits`."),
            optional("StreamSpecification", P::Object, "Whether changes are streamed."),
            optional("DeletionProtectionEnabled", P::Boolean, "Whether it cannot be deleted."),
        ],
    },
    DynamoDbAction { name: "deleteTable", doc: "Deletes a table with its items.", parameters: &[TABLE] },
    DynamoDbAction {
        name: "listTables",
        doc: "Lists the names of tables.",
        parameters: &[
            optional("ExclusiveStartTableName", P::Text, "Where to go on: that of the call before."),
            LIMIT,
        ],
    },
    DynamoDbAction {
        name: "describeTimeToLive",
        doc: "Tells which attribute says when items expire.",
        parameters: &[TABLE],
    },
    DynamoDbAction {
        name: "updateTimeToLive",
        doc: "Says which attribute tells when items expire.",
        parameters: &[
            TABLE,
            required("TimeToLiveSpecification", P::Object, "`AttributeName` and whether it is `Enabled`."),
        ],
    },
];

/// An action of DynamoDB, of either integration.
pub fn dynamodb_action(name: &str) -> Option<&'static DynamoDbAction> {
    DYNAMODB_ACTIONS.iter().chain(DYNAMODB_SDK_ACTIONS).find(|action| action.name == name)
}

/// The parameters of an action through one of the integrations, the required ones first; none of an unknown one.
pub fn dynamodb_parameters(name: &str, is_sdk: bool) -> Vec<&'static ActionParameter> {
    let added = ADDED.iter().filter(|(action, _)| is_sdk && *action == name).flat_map(|(_, added)| *added);
    dynamodb_action(name).into_iter().flat_map(|action| action.parameters).chain(added).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn required_parameters_come_first_and_names_are_unique() {
        for action in DYNAMODB_SDK_ACTIONS {
            let needs: Vec<bool> = action.parameters.iter().map(|it| it.is_required).collect();
            assert!(needs.is_sorted_by(|a, b| a >= b), "{}", action.name);
            let mut names: Vec<&str> = action.parameters.iter().map(|it| it.name).collect();
            names.sort_unstable();
            assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{}", action.name);
        }
    }

    #[test]
    fn the_sdk_takes_more() {
        let has = |is_sdk| {
            let parameters = dynamodb_parameters("putItem", is_sdk);
            parameters.iter().any(|it| it.name == "ReturnValuesOnConditionCheckFailure")
        };
        assert!(has(true) && !has(false));
    }
}

#[cfg(test)]
mod agreement {
    use super::*;
    use crate::spec::dynamodb::OperationSpec;

    /// What checks hold a task to and what is offered are the same parameters.
    #[test]
    fn checks_and_completion_know_the_same_parameters() {
        for action in DYNAMODB_SDK_ACTIONS {
            let Some(spec) = OperationSpec::of_action(action.name) else {
                assert!(crate::spec::dynamodb::OTHER_ACTIONS.contains(&action.name), "{}", action.name);
                continue;
            };
            for parameter in action.parameters {
                let known = spec.parameter(parameter.name);
                assert!(known.is_some(), "{} {}", action.name, parameter.name);
                let is_required = known.is_some_and(|known| known.is_required);
                assert_eq!(is_required, parameter.is_required, "{} {}", action.name, parameter.name);
            }
        }
    }
}
