//! Service integrations: the ARNs a Task may name, what their errors are, and members of what they answer.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html>,
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html>.

/// How a task waits for what it called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pattern {
    /// For the answer to the request.
    RequestResponse,
    /// For the end of the job that the request started (`.sync`).
    Sync,
    /// As [`Pattern::Sync`], with the job's output as JSON instead of text (`.sync:2`).
    Sync2,
    /// Until somebody returns the task token (`.waitForTaskToken`).
    WaitForTaskToken,
}

impl Pattern {
    /// What the pattern adds to the action in the ARN.
    pub const fn suffix(self) -> &'static str {
        match self {
            Pattern::RequestResponse => "",
            Pattern::Sync => ".sync",
            Pattern::Sync2 => ".sync:2",
            Pattern::WaitForTaskToken => ".waitForTaskToken",
        }
    }
}

/// What kind of thing a Task calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServiceKind {
    /// An optimized integration, `arn:aws:states:::SERVICE:ACTION`.
    Optimized,
    /// An AWS SDK integration, `arn:aws:states:::aws-sdk:SERVICE:ACTION`.
    Sdk,
    /// A Lambda function, by its own ARN.
    LambdaFunction,
    /// An activity, by its own ARN.
    Activity,
}

/// The parts of a Task's `Resource`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Resource<'a> {
    /// What kind of thing it is.
    pub kind: ServiceKind,
    /// The service: `dynamodb`, `lambda`; for an activity `states`.
    pub service: &'a str,
    /// The action, without the pattern: `getItem`; of a function or activity its name.
    pub action: &'a str,
    /// How the task waits.
    pub pattern: Pattern,
}

/// The service of DynamoDB's integrations.
pub const DYNAMODB: &str = "dynamodb";
/// What begins the ARN of an optimized integration.
pub const OPTIMIZED_PREFIX: &str = "arn:aws:states:::";
/// What begins the ARN of an AWS SDK integration.
pub const SDK_PREFIX: &str = "arn:aws:states:::aws-sdk:";
/// What follows `arn:aws:states:::` in the ARN of an AWS SDK integration.
pub const SDK: &str = "aws-sdk";

/// What the AWS CLI or ARNs call a service, and what its AWS SDK integration is called: as in the SDK for Java.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html>.
const SDK_SERVICES: &[(&str, &str)] = &[
    ("ce", "costexplorer"),
    ("cognito-idp", "cognitoidentityprovider"),
    ("cognitoidp", "cognitoidentityprovider"),
    ("elbv2", "elasticloadbalancingv2"),
    ("events", "eventbridge"),
    ("logs", "cloudwatchlogs"),
    ("monitoring", "cloudwatch"),
    ("states", "sfn"),
    ("stepfunctions", "sfn"),
];

/// What an `ItemReader` may call.
pub const ITEM_READER_ARNS: &[&str] = &["arn:aws:states:::s3:getObject", "arn:aws:states:::s3:listObjectsV2"];
/// What a `ResultWriter` may call.
pub const RESULT_WRITER_ARNS: &[&str] = &["arn:aws:states:::s3:putObject"];
/// The ARNs of a function and of an activity, with the parts that are to be replaced.
pub const OWN_ARNS: [(&str, &str); 2] = [
    ("arn:aws:lambda:us-east-1:123456789012:function:NAME", "A Lambda function, by its own ARN."),
    (
        "arn:aws:states:us-east-1:123456789012:activity:NAME",
        "An activity: a worker of yours asks for the task.",
    ),
];

/// The action that reads one item.
pub const GET_ITEM: &str = "getItem";
/// The action that writes an item.
pub const PUT_ITEM: &str = "putItem";
/// The action that starts an execution of another state machine.
pub const START_EXECUTION: &str = "startExecution";
/// What the optimized integration adds to the result of a call.
pub const SDK_METADATA: [&str; 2] = ["SdkHttpMetadata", "SdkResponseMetadata"];
/// The page about service integrations.
pub const LINK: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html";
/// The page about the optimized DynamoDB integration.
pub const DYNAMODB_LINK: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html";
/// The page about attribute values.
pub const ATTRIBUTE_VALUE_LINK: &str =
    "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html";

/// The page about the operation of DynamoDB that an action calls.
pub fn operation_link(action: &str) -> String {
    let operation = super::dynamodb::operation_name(action);
    format!("https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_{operation}.html")
}

/// What an error of DynamoDB begins with, through the optimized integration and through the AWS SDK.
pub const DYNAMODB_ERROR_PREFIXES: [(ServiceKind, &str); 2] =
    [(ServiceKind::Optimized, "DynamoDB."), (ServiceKind::Sdk, "DynamoDb.")];

/// Errors of DynamoDB that pass by themselves when there are fewer requests, without the prefix.
pub const THROTTLING: [&str; 3] =
    ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"];

/// Errors of DynamoDB: the name without its prefix, and when it comes. Those that only the optimized integration or
/// only the AWS SDK reports say so.
pub const DYNAMODB_ERRORS: &[(&str, Option<ServiceKind>, &str)] = &[
    ("ConditionalCheckFailedException", None, "The `ConditionExpression` does not hold for the item."),
    (
        "ProvisionedThroughputExceededException",
        None,
        "The table or index is asked for more than its capacity.",
    ),
    ("ThrottlingException", None, "There are too many requests."),
    ("RequestLimitExceeded", None, "The account's requests exceed its limit."),
    ("ResourceNotFoundException", None, "The table, or an index that the request names, does not exist."),
    ("ItemCollectionSizeLimitExceededException", None, "The items of one partition key exceed 10 GB."),
    ("TransactionConflictException", None, "A transaction that is under way has the item."),
    ("InternalServerError", None, "DynamoDB failed."),
    (
        "AmazonDynamoDBException",
        Some(ServiceKind::Optimized),
        "DynamoDB refuses the request: a key or an attribute value is not valid.",
    ),
    (
        "DynamoDbException",
        Some(ServiceKind::Sdk),
        "DynamoDB refuses the request: a key or an attribute value is not valid.",
    ),
    ("TransactionCanceledException", Some(ServiceKind::Sdk), "The transaction was not carried out."),
];

/// What an error of DynamoDB means, and the integration that spells it so.
pub fn dynamodb_error(name: &str) -> Option<(&'static str, ServiceKind)> {
    let (kind, rest) = DYNAMODB_ERROR_PREFIXES
        .iter()
        .find_map(|(kind, prefix)| Some((*kind, name.strip_prefix(prefix)?)))?;
    let error = DYNAMODB_ERRORS
        .iter()
        .find(|(error, only, _)| *error == rest && only.is_none_or(|only| only == kind))?;
    Some((error.2, kind))
}

/// Errors that the integrations of other services raise, by service: the name, and when it comes.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception>
pub const SERVICE_ERRORS: &[(&str, &[(&str, &str)])] = &[(
    "lambda",
    &[
        ("Lambda.ServiceException", "Lambda failed; it passes by itself, so retry it."),
        ("Lambda.AWSLambdaException", "Lambda refuses the call; it may pass by itself, so retry it."),
        ("Lambda.SdkClientException", "Lambda was not reached; it passes by itself, so retry it."),
        (
            "Lambda.TooManyRequestsException",
            "The function is called more often than it may run at once; retry it.",
        ),
        ("Lambda.ClientExecutionTimeoutException", "The function did not answer in time; retry it."),
        (
            "Lambda.Unknown",
            "The function ended without an answer: out of memory, or longer than its timeout.",
        ),
    ],
)];

/// What an error of a service other than DynamoDB means.
pub fn service_error(name: &str) -> Option<&'static str> {
    let mut errors = SERVICE_ERRORS.iter().flat_map(|(_, errors)| *errors);
    errors.find(|(known, _)| *known == name).map(|(_, doc)| *doc)
}

impl<'a> Resource<'a> {
    /// The parts of an ARN; none when the text has not the form of an ARN that a Task may name.
    pub fn parse(arn: &'a str) -> Option<Resource<'a>> {
        // Most are integrations of the common partition, and each is looked at several times.
        if let Some(rest) = arn.strip_prefix(OPTIMIZED_PREFIX) {
            return Self::integration(rest);
        }
        let mut parts = arn.splitn(6, ':');
        let (prefix, partition) = (parts.next()?, parts.next()?);
        let (service, region, account, rest) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if prefix != "arn" || !(partition == "aws" || partition.starts_with("aws-")) {
            return None;
        }
        match service {
            "states" => match rest.strip_prefix("activity:") {
                Some(name) if !region.is_empty() && !account.is_empty() && !name.is_empty() => {
                    Some(Resource {
                        kind: ServiceKind::Activity,
                        service,
                        action: name,
                        pattern: Pattern::RequestResponse,
                    })
                }
                // Region and account may be given for an integration too; they say nothing.
                _ => Self::integration(rest),
            },
            "lambda" => Some(Resource {
                kind: ServiceKind::LambdaFunction,
                service,
                action: rest.strip_prefix("function:").filter(|name| !name.is_empty())?,
                pattern: Pattern::RequestResponse,
            }),
            _ => None,
        }
    }

    /// The region and the account of an ARN; none where it gives none.
    pub fn place(arn: &'a str) -> Option<(&'a str, &'a str)> {
        let mut parts = arn.splitn(6, ':').skip(3);
        let (region, account) = (parts.next()?, parts.next()?);
        (!region.is_empty() && !account.is_empty()).then_some((region, account))
    }

    fn integration(rest: &'a str) -> Option<Resource<'a>> {
        let (kind, rest) = match rest.strip_prefix("aws-sdk:") {
            Some(rest) => (ServiceKind::Sdk, rest),
            None => (ServiceKind::Optimized, rest),
        };
        let (service, action) = rest.split_once(':')?;
        let (action, pattern) = [Pattern::Sync2, Pattern::Sync, Pattern::WaitForTaskToken]
            .into_iter()
            .find_map(|pattern| Some((action.strip_suffix(pattern.suffix())?, pattern)))
            .unwrap_or((action, Pattern::RequestResponse));
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        (is_name(service) && is_name(action)).then_some(Resource { kind, service, action, pattern })
    }

    /// `resourceType` of the history's events: `dynamodb` or `aws-sdk:dynamodb`.
    pub fn resource_type(&self) -> String {
        match self.kind {
            ServiceKind::Sdk => format!("{SDK}:{}", self.service),
            _ => self.service.to_owned(),
        }
    }

    /// `resource` of the history's events: the action with its pattern.
    pub fn resource_name(&self) -> String {
        format!("{}{}", self.action, self.pattern.suffix())
    }

    /// Whether this is an action of DynamoDB, through either integration.
    pub fn is_dynamodb(&self) -> bool {
        self.service == DYNAMODB && matches!(self.kind, ServiceKind::Optimized | ServiceKind::Sdk)
    }

    /// What Step Functions calls a service that is called otherwise elsewhere, if this is such an integration.
    pub fn sdk_service(&self) -> Option<&'static str> {
        let renamed = || SDK_SERVICES.iter().find(|(other, _)| *other == self.service);
        (self.kind == ServiceKind::Sdk).then(renamed).flatten().map(|(_, service)| *service)
    }

    /// Whether AWS has this integration. Of those through the SDK only the form of the names is checked: there are ten
    /// thousand.
    pub fn is_known(&self) -> bool {
        match self.kind {
            ServiceKind::Optimized => RESOURCES.iter().any(|spec| {
                spec.service == self.service
                    && spec.action == self.action
                    && spec.patterns.contains(&self.pattern)
            }),
            ServiceKind::Sdk => {
                matches!(self.pattern, Pattern::RequestResponse | Pattern::WaitForTaskToken)
                    && self.service.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
                    && self.sdk_service().is_none()
                    && self.action.starts_with(|first: char| first.is_ascii_lowercase())
            }
            ServiceKind::LambdaFunction | ServiceKind::Activity => true,
        }
    }
}

/// An optimized integration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceSpec {
    /// The service's name in the ARN.
    pub service: &'static str,
    /// The action's name in the ARN.
    pub action: &'static str,
    /// The patterns it has.
    pub patterns: &'static [Pattern],
}

impl ResourceSpec {
    /// The ARNs of the action, one for each pattern.
    pub fn arns(&self) -> impl Iterator<Item = String> {
        self.patterns
            .iter()
            .map(|p| format!("{OPTIMIZED_PREFIX}{}:{}{}", self.service, self.action, p.suffix()))
    }
}

const R: &[Pattern] = &[Pattern::RequestResponse];
const RS: &[Pattern] = &[Pattern::RequestResponse, Pattern::Sync];
const RW: &[Pattern] = &[Pattern::RequestResponse, Pattern::WaitForTaskToken];
const RSW: &[Pattern] = &[Pattern::RequestResponse, Pattern::Sync, Pattern::WaitForTaskToken];
const RSSW: &[Pattern] =
    &[Pattern::RequestResponse, Pattern::Sync, Pattern::Sync2, Pattern::WaitForTaskToken];

const fn on(service: &'static str, action: &'static str, patterns: &'static [Pattern]) -> ResourceSpec {
    ResourceSpec { service, action, patterns }
}

/// The optimized integrations, DynamoDB's first.
pub const RESOURCES: &[ResourceSpec] = &[
    on(DYNAMODB, "getItem", R),
    on(DYNAMODB, "putItem", R),
    on(DYNAMODB, "updateItem", R),
    on(DYNAMODB, "deleteItem", R),
    on("lambda", "invoke", RW),
    on("states", "startExecution", RSSW),
    on("sqs", "sendMessage", RW),
    on("sns", "publish", RW),
    on("events", "putEvents", RW),
    on("apigateway", "invoke", RW),
    on("http", "invoke", R),
    on("ecs", "runTask", RSW),
    on("batch", "submitJob", RS),
    on("glue", "startJobRun", RS),
    on("databrew", "startJobRun", RS),
    on("athena", "startQueryExecution", RS),
    on("athena", "stopQueryExecution", R),
    on("athena", "getQueryExecution", R),
    on("athena", "getQueryResults", R),
    on("bedrock", "invokeModel", RW),
    on("bedrock", "createModelCustomizationJob", RSW),
    on("codebuild", "startBuild", RS),
    on("codebuild", "stopBuild", R),
    on("codebuild", "batchDeleteBuilds", R),
    on("codebuild", "batchGetReports", R),
    on("codebuild", "startBuildBatch", RS),
    on("codebuild", "stopBuildBatch", R),
    on("codebuild", "retryBuildBatch", RS),
    on("codebuild", "deleteBuildBatch", R),
    on("eks", "call", RW),
    on("eks", "createCluster", RSW),
    on("eks", "deleteCluster", RSW),
    on("eks", "createNodegroup", RSW),
    on("eks", "deleteNodegroup", RSW),
    on("eks", "runJob", RSW),
    on("elasticmapreduce", "createCluster", RS),
    on("elasticmapreduce", "setClusterTerminationProtection", R),
    on("elasticmapreduce", "terminateCluster", RS),
    on("elasticmapreduce", "addStep", RS),
    on("elasticmapreduce", "cancelStep", R),
    on("elasticmapreduce", "modifyInstanceFleetByName", R),
    on("elasticmapreduce", "modifyInstanceGroupByName", R),
    on("emr-containers", "createVirtualCluster", R),
    on("emr-containers", "deleteVirtualCluster", RS),
    on("emr-containers", "startJobRun", RS),
    on("emr-serverless", "createApplication", RS),
    on("emr-serverless", "startApplication", RS),
    on("emr-serverless", "stopApplication", RS),
    on("emr-serverless", "deleteApplication", RS),
    on("emr-serverless", "startJobRun", RS),
    on("emr-serverless", "cancelJobRun", RS),
    on("mediaconvert", "createJob", RS),
    on("sagemaker", "createTrainingJob", RS),
    on("sagemaker", "createTransformJob", RS),
    on("sagemaker", "createProcessingJob", RS),
    on("sagemaker", "createHyperParameterTuningJob", RS),
    on("sagemaker", "createLabelingJob", RS),
    on("sagemaker", "createModel", R),
    on("sagemaker", "createEndpoint", R),
    on("sagemaker", "createEndpointConfig", R),
    on("sagemaker", "updateEndpoint", R),
];

/// Members of what DynamoDB's actions and the optimized integrations answer.
pub mod answer {
    /// The item that was read.
    pub const ITEM: &str = "Item";
    /// The items that were found.
    pub const ITEMS: &str = "Items";
    /// The attributes of the item that was written.
    pub const ATTRIBUTES: &str = "Attributes";
    /// The capacity used.
    pub const CONSUMED_CAPACITY: &str = "ConsumedCapacity";
    /// The size of the item collection.
    pub const ITEM_COLLECTION_METRICS: &str = "ItemCollectionMetrics";
    /// The value of a parameter that asks for nothing to be returned.
    pub const NONE: &str = "NONE";
    /// Of `SdkHttpMetadata`: each header with all its values.
    pub const ALL_HTTP_HEADERS: &str = "AllHttpHeaders";
    /// Of `SdkHttpMetadata`: each header with its value.
    pub const HTTP_HEADERS: &str = "HttpHeaders";
    /// Of `SdkHttpMetadata`: the status.
    pub const HTTP_STATUS_CODE: &str = "HttpStatusCode";
    /// Of `SdkResponseMetadata`.
    pub const REQUEST_ID: &str = "RequestId";
}

/// Members of the error output, which catchers hand on.
pub mod error_output {
    /// The error's name.
    pub const ERROR: &str = "Error";
    /// What happened.
    pub const CAUSE: &str = "Cause";
}

/// The types of an attribute value: name in JSON, what it holds.
pub const ATTRIBUTE_TYPES: &[(&str, &str)] = &[
    ("S", "A string."),
    (
        "N",
        "A number, written as a string: `{\"N\": \"42\"}`. From a JSON number: `\"N.$\": \"States.Format('{}', $.n)\"`.",
    ),
    ("BOOL", "`true` or `false`."),
    ("NULL", "`true`, for the null value."),
    ("M", "A map of attribute values."),
    ("L", "A list of attribute values."),
    ("SS", "A set of strings, not empty."),
    ("NS", "A set of numbers, written as strings, not empty."),
    ("B", "Binary data in Base64."),
    ("BS", "A set of binary values in Base64, not empty."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arn: &str, expected: Option<(ServiceKind, &str, &str, Pattern)>) {
        let parts = Resource::parse(arn).map(|r| (r.kind, r.service, r.action, r.pattern));
        assert_eq!(parts, expected);
    }

    #[test]
    fn optimized() {
        let expected = (ServiceKind::Optimized, "dynamodb", "getItem", Pattern::RequestResponse);
        check("arn:aws:states:::dynamodb:getItem", Some(expected));
    }

    #[test]
    fn sdk_with_token() {
        let expected = (ServiceKind::Sdk, "dynamodb", "query", Pattern::WaitForTaskToken);
        check("arn:aws-cn:states:::aws-sdk:dynamodb:query.waitForTaskToken", Some(expected));
    }

    #[test]
    fn sync_2() {
        let expected = (ServiceKind::Optimized, "states", "startExecution", Pattern::Sync2);
        check("arn:aws:states:::states:startExecution.sync:2", Some(expected));
    }

    #[test]
    fn lambda_function_with_version() {
        let expected = (ServiceKind::LambdaFunction, "lambda", "f:1", Pattern::RequestResponse);
        check("arn:aws:lambda:us-east-1:111111111111:function:f:1", Some(expected));
    }

    #[test]
    fn no_resource() {
        check("arn:aws:states:::dynamodb", None);
        check("dynamodb:getItem", None);
    }

    #[test]
    fn query_is_no_optimized_action() {
        assert!(!Resource::parse("arn:aws:states:::dynamodb:query").unwrap().is_known());
    }
}
