//! What the optimized integrations of services other than DynamoDB take.
//!
//! A parameter is required where the service refuses the call without it, by the model of its API; Step Functions
//! writes all names with a capital. Actions that only Step Functions has (those of API Gateway, HTTP, EMR's `…ByName`
//! and EKS's `call` and `runJob`) are as their pages say. The tables of DynamoDB are in [`super::dynamodb`].
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html>, and of each service its API
//! reference: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>,
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>,
//! <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>,
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html>,
//! <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html>,
//! <https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html>,
//! <https://docs.aws.amazon.com/glue/latest/webapi/API_StartJobRun.html>,
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html>,
//! <https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html>,
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html>.

use super::dynamodb;
use super::request::{Holds, ObjectSpec, Parameter};
use super::resource::{DYNAMODB, Resource, ServiceKind};

/// Names of parameters that more than this table needs.
pub mod parameter {
    /// The state machine that a nested execution runs.
    pub const STATE_MACHINE_ARN: &str = "StateMachineArn";
    /// The function that is invoked.
    pub const FUNCTION_NAME: &str = "FunctionName";
    /// What a function gets.
    pub const PAYLOAD: &str = "Payload";
}

/// The integrations that are used most, beside DynamoDB's: what to call them, a name for a state, the ARN.
pub const COMMON_CALLS: &[(&str, &str, &str)] = &[
    ("Lambda invoke", "Invoke", "arn:aws:states:::lambda:invoke"),
    ("Step Functions startExecution", "StartExecution", "arn:aws:states:::states:startExecution.sync:2"),
    ("SQS sendMessage", "SendMessage", "arn:aws:states:::sqs:sendMessage"),
    ("SNS publish", "Publish", "arn:aws:states:::sns:publish"),
    ("EventBridge putEvents", "PutEvents", "arn:aws:states:::events:putEvents"),
];

/// What the integration that a resource names takes; none where that is not known.
pub fn action(resource: &Resource<'_>) -> Option<&'static ObjectSpec> {
    match resource.kind {
        ServiceKind::Optimized if resource.service == DYNAMODB => {
            dynamodb::action(resource.action).filter(|action| dynamodb::is_optimized(action.name))
        }
        ServiceKind::Sdk if resource.service == DYNAMODB => dynamodb::action(resource.action),
        ServiceKind::Optimized => {
            let named =
                |row: &&(&str, ObjectSpec)| row.0 == resource.service && row.1.name == resource.action;
            SERVICE_ACTIONS.iter().find(named).map(|row| &row.1)
        }
        ServiceKind::Sdk | ServiceKind::LambdaFunction | ServiceKind::Activity => None,
    }
}

const fn needs(name: &'static str, holds: Holds, doc: &'static str) -> Parameter {
    Parameter::needed(name, holds, doc)
}

const fn takes(name: &'static str, holds: Holds, doc: &'static str) -> Parameter {
    Parameter::optional(name, holds, doc)
}

/// An action of which the API has more parameters than are listed.
const fn on(
    service: &'static str,
    name: &'static str,
    doc: &'static str,
    parameters: &'static [Parameter],
) -> (&'static str, ObjectSpec) {
    (service, ObjectSpec::new(name, doc, parameters).and_more())
}

const METHOD: Holds = Holds::Enum(&["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]);

const MESSAGE_ATTRIBUTES: Parameter = takes(
    "MessageAttributes",
    Holds::Map,
    "By name: an object of `DataType` with `StringValue` or `BinaryValue`.",
);
const DEDUPLICATION: Parameter = takes(
    "MessageDeduplicationId",
    Holds::Text,
    "Of FIFO queues and topics: messages with the same one within five minutes count once.",
);
const GROUP: Parameter =
    takes("MessageGroupId", Holds::Text, "Of FIFO queues and topics: messages of a group keep their order.");

const EVENT: ObjectSpec = ObjectSpec::new(
    "event",
    "An event. EventBridge refuses those without `Source`, `DetailType` or `Detail`: the task fails with `EventBridge.FailedEntry`.",
    &[
        needs("Source", Holds::Text, "What the event comes from, in reverse domain notation."),
        needs("DetailType", Holds::Text, "The kind of event, by which rules choose."),
        needs("Detail", Holds::Json, "What happened: an object."),
        takes("EventBusName", Holds::Text, "The bus's name or ARN. Default: the account's default bus."),
        takes("Resources", Holds::Texts, "ARNs of what the event is about."),
        takes("Time", Holds::Text, "When it happened. Default: now."),
        takes("TraceHeader", Holds::Text, "The header of an X-Ray trace."),
    ],
);

const VPC: ObjectSpec = ObjectSpec::new(
    "AwsvpcConfiguration",
    "The network of a task.",
    &[
        needs("Subnets", Holds::Texts, "The subnets."),
        takes("SecurityGroups", Holds::Texts, "The security groups."),
        takes("AssignPublicIp", Holds::Enum(&["ENABLED", "DISABLED"]), "Whether it has a public address."),
    ],
);
const NETWORK: ObjectSpec = ObjectSpec::new(
    "NetworkConfiguration",
    "The network of a task.",
    &[takes("AwsvpcConfiguration", Holds::Object(&VPC), "The network of tasks with the mode `awsvpc`.")],
);
const VARIABLE: ObjectSpec = ObjectSpec::new(
    "Environment",
    "A variable of the environment.",
    &[takes("Name", Holds::Text, "Its name."), takes("Value", Holds::Text, "Its value.")],
);
const ENVIRONMENT: Parameter =
    takes("Environment", Holds::List(&VARIABLE), "Variables of the environment: `Name` with `Value`.");
const COMMAND: Parameter = takes("Command", Holds::Texts, "What is run in the container.");
const CONTAINER: ObjectSpec = ObjectSpec::new(
    "ContainerOverride",
    "What is other than in the task definition.",
    &[
        takes("Name", Holds::Text, "The container of the task definition."),
        COMMAND,
        ENVIRONMENT,
        takes("Cpu", Holds::Integer, "CPU units."),
        takes("Memory", Holds::Integer, "MiB at most."),
        takes("MemoryReservation", Holds::Integer, "MiB that are reserved."),
    ],
)
.and_more();
const TASK_OVERRIDE: ObjectSpec = ObjectSpec::new(
    "Overrides",
    "What is other than in the task definition.",
    &[
        takes("ContainerOverrides", Holds::List(&CONTAINER), "By container."),
        takes("Cpu", Holds::Text, "CPU units."),
        takes("Memory", Holds::Text, "MiB."),
        takes("TaskRoleArn", Holds::Text, "The role of what runs in the containers."),
        takes("ExecutionRoleArn", Holds::Text, "The role of the agent."),
    ],
)
.and_more();
const JOB_OVERRIDE: ObjectSpec = ObjectSpec::new(
    "ContainerOverrides",
    "What is other than in the job definition.",
    &[COMMAND, ENVIRONMENT, takes("InstanceType", Holds::Text, "Of multi-node jobs.")],
)
.and_more();
const ARRAY: ObjectSpec = ObjectSpec::new(
    "ArrayProperties",
    "Of array jobs.",
    &[takes("Size", Holds::Integer, "How many jobs: 2 to 10,000.")],
);
const ATTEMPTS: ObjectSpec = ObjectSpec::new(
    "RetryStrategy",
    "How often the job is tried.",
    &[takes("Attempts", Holds::Integer, "1 to 10.")],
)
.and_more();
const JOB_TIMEOUT: ObjectSpec = ObjectSpec::new(
    "Timeout",
    "How long the job may run.",
    &[takes("AttemptDurationSeconds", Holds::Integer, "Seconds of an attempt, 60 or more.")],
);
const CONNECTION: ObjectSpec = ObjectSpec::new(
    "Authentication",
    "The connection that the task uses.",
    &[needs("ConnectionArn", Holds::Text, "The ARN of the EventBridge connection.")],
);

const BUILD_ID: Parameter = needs("Id", Holds::Text, "The build's id.");
const CLUSTER_ID: Parameter = needs("ClusterId", Holds::Text, "The cluster's id.");
const QUERY_ID: Parameter = needs("QueryExecutionId", Holds::Text, "The query's id.");
const PROJECT: Parameter = needs("ProjectName", Holds::Text, "The project of CodeBuild.");
const APPLICATION: Parameter = needs("ApplicationId", Holds::Text, "The application's id.");
const ROLE: Parameter = needs("RoleArn", Holds::Text, "The role that the service takes.");
const ENDPOINT_NAME: Parameter = needs("EndpointName", Holds::Text, "The endpoint's name.");
const ENDPOINT_CONFIG: Parameter =
    needs("EndpointConfigName", Holds::Text, "The name of the endpoint's configuration.");
const EKS_CLUSTER: Parameter = needs("ClusterName", Holds::Text, "The cluster's name.");
const EKS_AUTHORITY: Parameter =
    takes("CertificateAuthority", Holds::Text, "The cluster's certificate, in Base64.");
const EKS_ENDPOINT: Parameter =
    takes("Endpoint", Holds::Text, "The endpoint of the cluster's Kubernetes API.");

/// By service and action.
const SERVICE_ACTIONS: &[(&str, ObjectSpec)] = &[
    on(
        "lambda",
        "invoke",
        "Invokes a Lambda function. The result has what it returns in `Payload`.",
        &[
            needs(parameter::FUNCTION_NAME, Holds::Text, "The function's name or ARN."),
            takes(parameter::PAYLOAD, Holds::Json, "What the function gets."),
            takes("Qualifier", Holds::Text, "A version or alias."),
            takes(
                "InvocationType",
                Holds::Enum(&["RequestResponse", "Event", "DryRun"]),
                "Whether to wait for the function.",
            ),
            takes("LogType", Holds::Enum(&["None", "Tail"]), "Whether to return the end of the log."),
            takes("ClientContext", Holds::Text, "More about the caller, in Base64."),
        ],
    ),
    on(
        "states",
        "startExecution",
        "Starts an execution of a state machine.",
        &[
            needs(parameter::STATE_MACHINE_ARN, Holds::Text, "The ARN of the state machine."),
            takes("Input", Holds::Json, "The execution's input."),
            takes("Name", Holds::Text, "The execution's name. Default: one that AWS makes."),
            takes("TraceHeader", Holds::Text, "The header of an X-Ray trace."),
        ],
    ),
    on(
        "sqs",
        "sendMessage",
        "Sends a message to a queue.",
        &[
            needs("QueueUrl", Holds::Text, "The URL of the queue."),
            needs("MessageBody", Holds::Json, "The message."),
            takes("DelaySeconds", Holds::Integer, "When it can be received: 0 to 900 seconds later."),
            MESSAGE_ATTRIBUTES,
            DEDUPLICATION,
            GROUP,
        ],
    ),
    (
        "sns",
        ObjectSpec::new(
            "publish",
            "Publishes a message to a topic, or sends it to an endpoint or telephone.",
            &[
                needs("Message", Holds::Json, "The message."),
                takes("TopicArn", Holds::Text, "The ARN of the topic; or else `TargetArn` or `PhoneNumber`."),
                takes("TargetArn", Holds::Text, "The ARN of a topic or endpoint."),
                takes("PhoneNumber", Holds::Text, "A telephone, in the form of E.164."),
                takes("Subject", Holds::Text, "The subject of e-mails."),
                takes(
                    "MessageStructure",
                    Holds::Enum(&["json"]),
                    "`json`: `Message` has a text for each protocol.",
                ),
                MESSAGE_ATTRIBUTES,
                DEDUPLICATION,
                GROUP,
            ],
        )
        .needing(&[&["TopicArn", "TargetArn", "PhoneNumber"]])
        .and_more(),
    ),
    on(
        "events",
        "putEvents",
        "Sends events to EventBridge.",
        &[
            needs("Entries", Holds::List(&EVENT), "The events, 10 at most."),
            takes("EndpointId", Holds::Text, "The id of a global endpoint."),
        ],
    ),
    on(
        "apigateway",
        "invoke",
        "Calls an API of API Gateway.",
        &[
            needs("ApiEndpoint", Holds::Text, "The host of the API."),
            needs("Method", METHOD, "The method."),
            takes("Headers", Holds::Map, "By name: a list of values."),
            takes("Stage", Holds::Text, "The stage of the API."),
            takes("Path", Holds::Text, "The path behind the stage."),
            takes("QueryParameters", Holds::Map, "By name: a list of values."),
            takes("RequestBody", Holds::Json, "The body."),
            takes("AllowNullValues", Holds::Boolean, "Whether `null` in the body stays."),
            takes(
                "AuthType",
                Holds::Enum(&["NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY"]),
                "How the call is authorized. Default: `NO_AUTH`.",
            ),
        ],
    ),
    (
        "http",
        ObjectSpec::new(
            "invoke",
            "Calls an API over HTTPS, with a connection of EventBridge.",
            &[
                needs("ApiEndpoint", Holds::Text, "The URL."),
                needs("Method", METHOD, "The method."),
                takes("Authentication", Holds::Object(&CONNECTION), "The connection: `ConnectionArn`."),
                takes("InvocationConfig", Holds::Object(&CONNECTION), "The connection: `ConnectionArn`."),
                takes("Headers", Holds::Map, "More headers."),
                takes("QueryParameters", Holds::Map, "More parameters of the URL."),
                takes("RequestBody", Holds::Json, "The body."),
                takes("Transform", Holds::Map, "`RequestBodyEncoding` and its options."),
            ],
        )
        .needing(&[&["Authentication", "InvocationConfig"]])
        .and_more(),
    ),
    on(
        "ecs",
        "runTask",
        "Runs a task of ECS or Fargate.",
        &[
            needs(
                "TaskDefinition",
                Holds::Text,
                "The task definition: family, with or without revision, or ARN.",
            ),
            takes("Cluster", Holds::Text, "The cluster. Default: `default`."),
            takes("LaunchType", Holds::Enum(&["EC2", "FARGATE", "EXTERNAL"]), "What it runs on."),
            takes("NetworkConfiguration", Holds::Object(&NETWORK), "The network of the mode `awsvpc`."),
            takes("Overrides", Holds::Object(&TASK_OVERRIDE), "What is other than in the task definition."),
            takes("CapacityProviderStrategy", Holds::Json, "Capacity providers with their shares."),
            takes("PlatformVersion", Holds::Text, "The version of Fargate."),
            takes(
                "PropagateTags",
                Holds::Enum(&["TASK_DEFINITION", "SERVICE", "NONE"]),
                "Where tags come from.",
            ),
            takes("Group", Holds::Text, "The task group."),
            takes("EnableExecuteCommand", Holds::Boolean, "Whether commands can be run in it."),
        ],
    ),
    on(
        "batch",
        "submitJob",
        "Submits a job of AWS Batch.",
        &[
            needs(
                "JobDefinition",
                Holds::Text,
                "The job definition: name, with or without revision, or ARN.",
            ),
            needs("JobName", Holds::Text, "The job's name."),
            needs("JobQueue", Holds::Text, "The queue's name or ARN."),
            takes(
                "ContainerOverrides",
                Holds::Object(&JOB_OVERRIDE),
                "What is other than in the job definition.",
            ),
            takes("Parameters", Holds::Map, "Values of the job definition's parameters."),
            takes("ArrayProperties", Holds::Object(&ARRAY), "Of array jobs."),
            takes("RetryStrategy", Holds::Object(&ATTEMPTS), "How often it is tried."),
            takes("Timeout", Holds::Object(&JOB_TIMEOUT), "How long it may run."),
            takes("DependsOn", Holds::Json, "Jobs that it waits for."),
            takes("ShareIdentifier", Holds::Text, "Of queues with a scheduling policy."),
        ],
    ),
    on(
        "glue",
        "startJobRun",
        "Runs a job of AWS Glue.",
        &[
            needs("JobName", Holds::Text, "The job's name."),
            takes("Arguments", Holds::Map, "Arguments of this run: `--name` and a string."),
            takes("WorkerType", Holds::Text, "The type of workers: `G.1X`."),
            takes("NumberOfWorkers", Holds::Integer, "How many workers."),
            takes("MaxCapacity", Holds::Json, "Data processing units."),
            takes("Timeout", Holds::Integer, "Minutes."),
            takes("SecurityConfiguration", Holds::Text, "The name of a security configuration."),
            takes(
                "ExecutionClass",
                Holds::Enum(&["STANDARD", "FLEX"]),
                "Whether it may wait for spare capacity.",
            ),
        ],
    ),
    on(
        "databrew",
        "startJobRun",
        "Runs a job of DataBrew.",
        &[needs("Name", Holds::Text, "The job's name.")],
    ),
    on(
        "athena",
        "startQueryExecution",
        "Runs a query of Athena.",
        &[
            needs("QueryString", Holds::Text, "The query, in SQL."),
            takes("WorkGroup", Holds::Text, "The workgroup."),
            takes("QueryExecutionContext", Holds::Map, "`Database` and `Catalog`."),
            takes("ResultConfiguration", Holds::Map, "Where results go: `OutputLocation`."),
            takes("ExecutionParameters", Holds::Texts, "Values for each `?` of the query."),
            takes("ClientRequestToken", Holds::Text, "Makes a call that is repeated act once."),
        ],
    ),
    on("athena", "stopQueryExecution", "Stops a query of Athena.", &[QUERY_ID]),
    on("athena", "getQueryExecution", "Tells how a query of Athena goes.", &[QUERY_ID]),
    on(
        "athena",
        "getQueryResults",
        "Reads results of a query of Athena.",
        &[
            QUERY_ID,
            takes("MaxResults", Holds::Integer, "Rows at most: 1 to 1000."),
            takes("NextToken", Holds::Text, "Where to go on: that of the call before."),
        ],
    ),
    on(
        "bedrock",
        "invokeModel",
        "Invokes a model of Bedrock.",
        &[
            needs("ModelId", Holds::Text, "The model's id or ARN."),
            takes("Body", Holds::Json, "What the model gets."),
            takes("Input", Holds::Map, "`S3Uri` of what the model gets."),
            takes("Output", Holds::Map, "`S3Uri` where what it answers goes."),
            takes("ContentType", Holds::Text, "The type of `Body`. Default: `application/json`."),
            takes("Accept", Holds::Text, "The type of the answer. Default: `application/json`."),
            takes("GuardrailIdentifier", Holds::Text, "A guardrail."),
            takes("GuardrailVersion", Holds::Text, "Its version."),
        ],
    ),
    on(
        "bedrock",
        "createModelCustomizationJob",
        "Customizes a model of Bedrock.",
        &[
            needs("BaseModelIdentifier", Holds::Text, "The model to begin with."),
            needs("CustomModelName", Holds::Text, "The name of the new model."),
            needs("JobName", Holds::Text, "The job's name."),
            needs("OutputDataConfig", Holds::Map, "Where output goes: `S3Uri`."),
            ROLE,
            needs("TrainingDataConfig", Holds::Map, "What it is trained with: `S3Uri`."),
            takes("HyperParameters", Holds::Map, "Parameters of the training."),
        ],
    ),
    on(
        "codebuild",
        "startBuild",
        "Runs a build of CodeBuild.",
        &[
            PROJECT,
            takes("SourceVersion", Holds::Text, "The version that is built."),
            takes("EnvironmentVariablesOverride", Holds::Json, "Variables of the environment."),
            takes("BuildspecOverride", Holds::Text, "Another build specification."),
        ],
    ),
    on("codebuild", "stopBuild", "Stops a build.", &[BUILD_ID]),
    on("codebuild", "batchDeleteBuilds", "Deletes builds.", &[needs("Ids", Holds::Texts, "Ids of builds.")]),
    on(
        "codebuild",
        "batchGetReports",
        "Reads reports of builds.",
        &[needs("ReportArns", Holds::Texts, "ARNs of reports.")],
    ),
    on("codebuild", "startBuildBatch", "Runs a batch of builds.", &[PROJECT]),
    on("codebuild", "stopBuildBatch", "Stops a batch of builds.", &[BUILD_ID]),
    on("codebuild", "deleteBuildBatch", "Deletes a batch of builds.", &[BUILD_ID]),
    on(
        "eks",
        "call",
        "Calls the Kubernetes API of a cluster.",
        &[
            EKS_CLUSTER,
            EKS_AUTHORITY,
            EKS_ENDPOINT,
            takes("Method", METHOD, "The method."),
            takes("Path", Holds::Text, "The path in the API."),
            takes("QueryParameters", Holds::Map, "By name: a list of values."),
            takes("RequestBody", Holds::Json, "The body."),
        ],
    ),
    on(
        "eks",
        "runJob",
        "Runs a job in a cluster.",
        &[
            EKS_CLUSTER,
            EKS_AUTHORITY,
            EKS_ENDPOINT,
            takes("Job", Holds::Map, "The job of Kubernetes."),
            takes("Namespace", Holds::Text, "The namespace. Default: `default`."),
            takes("LogOptions", Holds::Map, "Whether logs are returned, and how."),
        ],
    ),
    on(
        "eks",
        "createCluster",
        "Makes a cluster.",
        &[
            needs("Name", Holds::Text, "The cluster's name."),
            needs("ResourcesVpcConfig", Holds::Map, "Its network: `SubnetIds`."),
            ROLE,
        ],
    ),
    on("eks", "deleteCluster", "Deletes a cluster.", &[needs("Name", Holds::Text, "The cluster's name.")]),
    on(
        "eks",
        "createNodegroup",
        "Makes a group of nodes.",
        &[
            EKS_CLUSTER,
            needs("NodegroupName", Holds::Text, "The group's name."),
            needs("NodeRole", Holds::Text, "The role of its nodes."),
            needs("Subnets", Holds::Texts, "Its subnets."),
        ],
    ),
    on(
        "eks",
        "deleteNodegroup",
        "Deletes a group of nodes.",
        &[EKS_CLUSTER, needs("NodegroupName", Holds::Text, "The group's name.")],
    ),
    on(
        "elasticmapreduce",
        "createCluster",
        "Makes a cluster of EMR.",
        &[
            needs("Instances", Holds::Map, "Its machines."),
            needs("Name", Holds::Text, "The cluster's name."),
            takes("ReleaseLabel", Holds::Text, "The release of EMR: `emr-7.0.0`."),
            takes("Applications", Holds::Json, "What is installed: a list of `Name`."),
            takes("ServiceRole", Holds::Text, "The role of EMR."),
            takes("JobFlowRole", Holds::Text, "The instance profile of the machines."),
            takes("LogUri", Holds::Text, "Where logs go in S3."),
        ],
    ),
    on("elasticmapreduce", "terminateCluster", "Ends a cluster.", &[CLUSTER_ID]),
    on(
        "elasticmapreduce",
        "setClusterTerminationProtection",
        "Protects a cluster, or no longer.",
        &[CLUSTER_ID, needs("TerminationProtected", Holds::Boolean, "Whether it is protected.")],
    ),
    on(
        "elasticmapreduce",
        "addStep",
        "Runs a step on a cluster.",
        &[
            CLUSTER_ID,
            needs("Step", Holds::Map, "The step: `Name`, `ActionOnFailure`, `HadoopJarStep`."),
            takes("ExecutionRoleArn", Holds::Text, "The role of the step."),
        ],
    ),
    on(
        "elasticmapreduce",
        "cancelStep",
        "Cancels a step.",
        &[CLUSTER_ID, needs("StepId", Holds::Text, "The step's id.")],
    ),
    on(
        "emr-containers",
        "startJobRun",
        "Runs a job of EMR on EKS.",
        &[
            needs("VirtualClusterId", Holds::Text, "The virtual cluster's id."),
            takes("Name", Holds::Text, "The job's name."),
            takes("ExecutionRoleArn", Holds::Text, "The role of the job."),
            takes("ReleaseLabel", Holds::Text, "The release of EMR."),
            takes("JobDriver", Holds::Map, "What runs."),
        ],
    ),
    on(
        "emr-containers",
        "createVirtualCluster",
        "Makes a virtual cluster.",
        &[
            needs("ContainerProvider", Holds::Map, "The cluster of EKS."),
            needs("Name", Holds::Text, "The cluster's name."),
        ],
    ),
    on(
        "emr-containers",
        "deleteVirtualCluster",
        "Deletes a virtual cluster.",
        &[needs("Id", Holds::Text, "The cluster's id.")],
    ),
    on(
        "emr-serverless",
        "createApplication",
        "Makes an application of EMR Serverless.",
        &[
            needs("ReleaseLabel", Holds::Text, "The release of EMR."),
            needs("Type", Holds::Text, "`SPARK` or `HIVE`."),
            takes("Name", Holds::Text, "The application's name."),
        ],
    ),
    on("emr-serverless", "startApplication", "Starts an application.", &[APPLICATION]),
    on("emr-serverless", "stopApplication", "Stops an application.", &[APPLICATION]),
    on("emr-serverless", "deleteApplication", "Deletes an application.", &[APPLICATION]),
    on(
        "emr-serverless",
        "startJobRun",
        "Runs a job of EMR Serverless.",
        &[
            APPLICATION,
            needs("ExecutionRoleArn", Holds::Text, "The role of the job."),
            takes("Name", Holds::Text, "The job's name."),
            takes("JobDriver", Holds::Map, "What runs."),
        ],
    ),
    on(
        "emr-serverless",
        "cancelJobRun",
        "Cancels a job.",
        &[APPLICATION, needs("JobRunId", Holds::Text, "The id of the job's run.")],
    ),
    on(
        "mediaconvert",
        "createJob",
        "Converts a file of media.",
        &[
            needs("Role", Holds::Text, "The ARN of the role that reads and writes the files."),
            needs("Settings", Holds::Map, "What is done: `Inputs` and `OutputGroups`."),
            takes("Queue", Holds::Text, "The queue."),
            takes("JobTemplate", Holds::Text, "A template."),
        ],
    ),
    on(
        "sagemaker",
        "createTrainingJob",
        "Trains a model.",
        &[
            needs("OutputDataConfig", Holds::Map, "Where the model goes: `S3OutputPath`."),
            ROLE,
            needs("TrainingJobName", Holds::Text, "The job's name."),
            takes("AlgorithmSpecification", Holds::Map, "`TrainingImage` and `TrainingInputMode`."),
            takes("InputDataConfig", Holds::Json, "The channels of data."),
            takes("ResourceConfig", Holds::Map, "The machines."),
            takes("StoppingCondition", Holds::Map, "`MaxRuntimeInSeconds`."),
            takes("HyperParameters", Holds::Map, "Parameters of the algorithm."),
        ],
    ),
    on(
        "sagemaker",
        "createTransformJob",
        "Has a model transform data.",
        &[
            needs("ModelName", Holds::Text, "The model's name."),
            needs("TransformInput", Holds::Map, "What is transformed."),
            needs("TransformJobName", Holds::Text, "The job's name."),
            needs("TransformOutput", Holds::Map, "Where the result goes: `S3OutputPath`."),
            needs("TransformResources", Holds::Map, "`InstanceCount` and `InstanceType`."),
        ],
    ),
    on(
        "sagemaker",
        "createProcessingJob",
        "Processes data.",
        &[
            needs("AppSpecification", Holds::Map, "What runs: `ImageUri`."),
            needs("ProcessingJobName", Holds::Text, "The job's name."),
            needs("ProcessingResources", Holds::Map, "`ClusterConfig`."),
            ROLE,
        ],
    ),
    on(
        "sagemaker",
        "createHyperParameterTuningJob",
        "Looks for the best parameters of a training.",
        &[
            needs("HyperParameterTuningJobConfig", Holds::Map, "How it looks."),
            needs("HyperParameterTuningJobName", Holds::Text, "The job's name."),
            takes("TrainingJobDefinition", Holds::Map, "The training."),
        ],
    ),
    on(
        "sagemaker",
        "createLabelingJob",
        "Has data labelled.",
        &[
            needs("HumanTaskConfig", Holds::Map, "Who labels, and how."),
            needs("InputConfig", Holds::Map, "What is labelled."),
            needs("LabelAttributeName", Holds::Text, "The name of the label."),
            needs("LabelingJobName", Holds::Text, "The job's name."),
            needs("OutputConfig", Holds::Map, "Where labels go."),
            ROLE,
        ],
    ),
    on(
        "sagemaker",
        "createModel",
        "Makes a model.",
        &[
            needs("ModelName", Holds::Text, "The model's name."),
            takes("PrimaryContainer", Holds::Map, "`Image` and `ModelDataUrl`."),
            takes("ExecutionRoleArn", Holds::Text, "The role of the model."),
        ],
    ),
    on("sagemaker", "createEndpoint", "Makes an endpoint.", &[ENDPOINT_CONFIG, ENDPOINT_NAME]),
    on(
        "sagemaker",
        "createEndpointConfig",
        "Makes the configuration of an endpoint.",
        &[ENDPOINT_CONFIG, needs("ProductionVariants", Holds::Json, "The models that it serves.")],
    ),
    on(
        "sagemaker",
        "updateEndpoint",
        "Gives an endpoint another configuration.",
        &[ENDPOINT_CONFIG, ENDPOINT_NAME],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::RESOURCES;

    #[test]
    fn each_action_is_an_integration() {
        for (service, action) in SERVICE_ACTIONS {
            let is_there = RESOURCES.iter().any(|it| it.service == *service && it.action == action.name);
            assert!(is_there, "{service}:{}", action.name);
        }
    }

    #[test]
    fn required_parameters_come_first() {
        for (service, action) in SERVICE_ACTIONS {
            let is_optional = |it: &Parameter| !it.is_required;
            assert!(action.parameters.is_sorted_by_key(is_optional), "{service}:{}", action.name);
            for name in action.one_of.iter().copied().flatten() {
                assert!(action.parameter(name).is_some(), "{service}:{} {name}", action.name);
            }
        }
    }

    #[test]
    fn what_a_resource_takes() {
        let names = |arn: &str| {
            let resource = Resource::parse(arn)?;
            action(&resource).map(|spec| spec.name)
        };
        assert_eq!(names("arn:aws:states:::sqs:sendMessage.waitForTaskToken"), Some("sendMessage"));
        assert_eq!(names("arn:aws:states:::aws-sdk:dynamodb:query"), Some("query"));
        assert_eq!(names("arn:aws:states:::dynamodb:query"), None);
        assert_eq!(names("arn:aws:states:::aws-sdk:sqs:sendMessage"), None);
    }
}
