//! What actions of AWS Lambda answer.

use super::{ANY, Answer, BOOLEAN, NUMBER, Shape, TEXT, answer, number, opt, req, text};

/// By action.
pub(super) static ANSWERS: &[Answer] = &[
    answer("lambda", "invoke", &INVOCATION_RESPONSE),
    answer("lambda", "getFunction", &GET_FUNCTION_RESPONSE),
];

static VERSION: Shape = text(1, 1024);

static DURABLE_EXECUTION_ARN: Shape = text(1, 1024);

static INVOCATION_RESPONSE: Shape = Shape::Structure(&[
    opt("StatusCode", &NUMBER),
    opt("FunctionError", &TEXT),
    opt("LogResult", &TEXT),
    opt("Payload", &TEXT),
    opt("ExecutedVersion", &VERSION),
    opt("DurableExecutionArn", &DURABLE_EXECUTION_ARN),
]);

static NAMESPACED_FUNCTION_NAME: Shape = text(1, 256);

static NAME_SPACED_FUNCTION_ARN: Shape = text(0, 10000);

static RUNTIME: Shape = Shape::OneOf(&[
    "nodejs",
    "nodejs4.3",
    "nodejs6.10",
    "nodejs8.10",
    "nodejs10.x",
    "nodejs12.x",
    "nodejs14.x",
    "nodejs16.x",
    "java8",
    "java8.al2",
    "java11",
    "python2.7",
    "python3.6",
    "python3.7",
    "python3.8",
    "python3.9",
    "dotnetcore1.0",
    "dotnetcore2.0",
    "dotnetcore2.1",
    "dotnetcore3.1",
    "dotnet6",
    "dotnet8",
    "nodejs4.3-edge",
    "go1.x",
    "ruby2.5",
    "ruby2.7",
    "provided",
    "provided.al2",
    "nodejs18.x",
    "python3.10",
    "java17",
    "ruby3.2",
    "ruby3.3",
    "ruby3.4",
    "python3.11",
    "nodejs20.x",
    "provided.al2023",
    "python3.12",
    "java21",
    "python3.13",
    "nodejs22.x",
    "nodejs24.x",
    "python3.14",
    "java25",
    "dotnet10",
    "ruby4.0",
]);

static HANDLER: Shape = text(0, 128);

static DESCRIPTION: Shape = text(0, 256);

static TIMEOUT: Shape = number(1.0, f64::MAX);

// AWS: 10241 exceeds the maximum (recorded), though the published model says 32768.
static MEMORY_SIZE: Shape = number(128.0, 10240.0);

static SUBNET_IDS: Shape = Shape::List(&TEXT);

static SECURITY_GROUP_IDS: Shape = Shape::List(&TEXT);

static VPC_CONFIG_RESPONSE: Shape = Shape::Structure(&[
    opt("SubnetIds", &SUBNET_IDS),
    opt("SecurityGroupIds", &SECURITY_GROUP_IDS),
    opt("VpcId", &TEXT),
    opt("Ipv6AllowedForDualStack", &BOOLEAN),
]);

static DEAD_LETTER_CONFIG: Shape = Shape::Structure(&[opt("TargetArn", &TEXT)]);

static ENVIRONMENT_VARIABLES: Shape = Shape::Map(&TEXT);

static ENVIRONMENT_ERROR: Shape = Shape::Structure(&[opt("ErrorCode", &TEXT), opt("Message", &TEXT)]);

static ENVIRONMENT_RESPONSE: Shape =
    Shape::Structure(&[opt("Variables", &ENVIRONMENT_VARIABLES), opt("Error", &ENVIRONMENT_ERROR)]);

static TRACING_MODE: Shape = Shape::OneOf(&["Active", "PassThrough"]);

static TRACING_CONFIG_RESPONSE: Shape = Shape::Structure(&[opt("Mode", &TRACING_MODE)]);

static FUNCTION_ARN: Shape = text(0, 10000);

static LAYER_VERSION_ARN: Shape = text(1, 140);

static LAYER: Shape = Shape::Structure(&[
    opt("Arn", &LAYER_VERSION_ARN),
    opt("CodeSize", &NUMBER),
    opt("SigningProfileVersionArn", &TEXT),
    opt("SigningJobArn", &TEXT),
]);

static LAYERS_REFERENCE_LIST: Shape = Shape::List(&LAYER);

static STATE: Shape = Shape::OneOf(&[
    "Pending",
    "Active",
    "Inactive",
    "Failed",
    "Deactivating",
    "Deactivated",
    "ActiveNonInvocable",
    "Deleting",
]);

static STATE_REASON_CODE: Shape = Shape::OneOf(&[
    "Idle",
    "Creating",
    "Restoring",
    "EniLimitExceeded",
    "InsufficientRolePermissions",
    "InvalidConfiguration",
    "InternalError",
    "SubnetOutOfIPAddresses",
    "InvalidSubnet",
    "InvalidSecurityGroup",
    "ImageDeleted",
    "ImageAccessDenied",
    "InvalidImage",
    "KMSKeyAccessDenied",
    "KMSKeyNotFound",
    "InvalidStateKMSKey",
    "DisabledKMSKey",
    "EFSIOError",
    "EFSMountConnectivityError",
    "EFSMountFailure",
    "EFSMountTimeout",
    "InvalidRuntime",
    "InvalidZipFileException",
    "FunctionError",
    "DrainingDurableExecutions",
    "VcpuLimitExceeded",
    "CapacityProviderScalingLimitExceeded",
    "InsufficientCapacity",
    "EC2RequestLimitExceeded",
    "FunctionError.InitTimeout",
    "FunctionError.RuntimeInitError",
    "FunctionError.ExtensionInitError",
    "FunctionError.InvalidEntryPoint",
    "FunctionError.InvalidWorkingDirectory",
    "FunctionError.PermissionDenied",
    "FunctionError.TooManyExtensions",
    "FunctionError.InitResourceExhausted",
    "DisallowedByVpcEncryptionControl",
]);

static LAST_UPDATE_STATUS: Shape = Shape::OneOf(&["Successful", "Failed", "InProgress"]);

static LAST_UPDATE_STATUS_REASON_CODE: Shape = Shape::OneOf(&[
    "EniLimitExceeded",
    "InsufficientRolePermissions",
    "InvalidConfiguration",
    "InternalError",
    "SubnetOutOfIPAddresses",
    "InvalidSubnet",
    "InvalidSecurityGroup",
    "ImageDeleted",
    "ImageAccessDenied",
    "InvalidImage",
    "KMSKeyAccessDenied",
    "KMSKeyNotFound",
    "InvalidStateKMSKey",
    "DisabledKMSKey",
    "EFSIOError",
    "EFSMountConnectivityError",
    "EFSMountFailure",
    "EFSMountTimeout",
    "InvalidRuntime",
    "InvalidZipFileException",
    "FunctionError",
    "VcpuLimitExceeded",
    "CapacityProviderScalingLimitExceeded",
    "InsufficientCapacity",
    "EC2RequestLimitExceeded",
    "FunctionError.InitTimeout",
    "FunctionError.RuntimeInitError",
    "FunctionError.ExtensionInitError",
    "FunctionError.InvalidEntryPoint",
    "FunctionError.InvalidWorkingDirectory",
    "FunctionError.PermissionDenied",
    "FunctionError.TooManyExtensions",
    "FunctionError.InitResourceExhausted",
    "DisallowedByVpcEncryptionControl",
]);

static FILE_SYSTEM_ARN: Shape = text(0, 256);

static LOCAL_MOUNT_PATH: Shape = text(0, 160);

static FILE_SYSTEM_CONFIG: Shape =
    Shape::Structure(&[req("Arn", &FILE_SYSTEM_ARN), req("LocalMountPath", &LOCAL_MOUNT_PATH)]);

static FILE_SYSTEM_CONFIG_LIST: Shape = Shape::List(&FILE_SYSTEM_CONFIG);

static PACKAGE_TYPE: Shape = Shape::OneOf(&["Zip", "Image"]);

static STRING_LIST: Shape = Shape::List(&TEXT);

static WORKING_DIRECTORY: Shape = text(0, 1000);

static IMAGE_CONFIG: Shape = Shape::Structure(&[
    opt("EntryPoint", &STRING_LIST),
    opt("Command", &STRING_LIST),
    opt("WorkingDirectory", &WORKING_DIRECTORY),
]);

static IMAGE_CONFIG_ERROR: Shape = Shape::Structure(&[opt("ErrorCode", &TEXT), opt("Message", &TEXT)]);

static IMAGE_CONFIG_RESPONSE: Shape =
    Shape::Structure(&[opt("ImageConfig", &IMAGE_CONFIG), opt("Error", &IMAGE_CONFIG_ERROR)]);

static ARCHITECTURE: Shape = Shape::OneOf(&["x86_64", "arm64"]);

static ARCHITECTURES_LIST: Shape = Shape::List(&ARCHITECTURE);

static EPHEMERAL_STORAGE_SIZE: Shape = number(512.0, 10240.0);

static EPHEMERAL_STORAGE: Shape = Shape::Structure(&[req("Size", &EPHEMERAL_STORAGE_SIZE)]);

static SNAP_START_APPLY_ON: Shape = Shape::OneOf(&["PublishedVersions", "None"]);

static SNAP_START_OPTIMIZATION_STATUS: Shape = Shape::OneOf(&["On", "Off"]);

static SNAP_START_RESPONSE: Shape = Shape::Structure(&[
    opt("ApplyOn", &SNAP_START_APPLY_ON),
    opt("OptimizationStatus", &SNAP_START_OPTIMIZATION_STATUS),
]);

static RUNTIME_VERSION_ARN: Shape = text(26, 2048);

static RUNTIME_VERSION_ERROR: Shape = Shape::Structure(&[opt("ErrorCode", &TEXT), opt("Message", &TEXT)]);

static RUNTIME_VERSION_CONFIG: Shape =
    Shape::Structure(&[opt("RuntimeVersionArn", &RUNTIME_VERSION_ARN), opt("Error", &RUNTIME_VERSION_ERROR)]);

static LOG_FORMAT: Shape = Shape::OneOf(&["JSON", "Text"]);

static APPLICATION_LOG_LEVEL: Shape = Shape::OneOf(&["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]);

static SYSTEM_LOG_LEVEL: Shape = Shape::OneOf(&["DEBUG", "INFO", "WARN"]);

static LOG_GROUP: Shape = text(1, 512);

static LOGGING_CONFIG: Shape = Shape::Structure(&[
    opt("LogFormat", &LOG_FORMAT),
    opt("ApplicationLogLevel", &APPLICATION_LOG_LEVEL),
    opt("SystemLogLevel", &SYSTEM_LOG_LEVEL),
    opt("LogGroup", &LOG_GROUP),
]);

static CAPACITY_PROVIDER_ARN: Shape = text(1, 140);

static PER_EXECUTION_ENVIRONMENT_MAX_CONCURRENCY: Shape = number(1.0, 1600.0);

static EXECUTION_ENVIRONMENT_MEMORY_GI_B_PER_V_CPU: Shape = number(2.0, 8.0);

static LAMBDA_MANAGED_INSTANCES_CAPACITY_PROVIDER_CONFIG: Shape = Shape::Structure(&[
    req("CapacityProviderArn", &CAPACITY_PROVIDER_ARN),
    opt("PerExecutionEnvironmentMaxConcurrency", &PER_EXECUTION_ENVIRONMENT_MAX_CONCURRENCY),
    opt("ExecutionEnvironmentMemoryGiBPerVCpu", &EXECUTION_ENVIRONMENT_MEMORY_GI_B_PER_V_CPU),
]);

static CAPACITY_PROVIDER_CONFIG: Shape = Shape::Structure(&[req(
    "LambdaManagedInstancesCapacityProviderConfig",
    &LAMBDA_MANAGED_INSTANCES_CAPACITY_PROVIDER_CONFIG,
)]);

static RETENTION_PERIOD_IN_DAYS: Shape = number(1.0, 90.0);

static EXECUTION_TIMEOUT: Shape = number(1.0, 31622400.0);

static DURABLE_CONFIG: Shape = Shape::Structure(&[
    opt("RetentionPeriodInDays", &RETENTION_PERIOD_IN_DAYS),
    opt("ExecutionTimeout", &EXECUTION_TIMEOUT),
]);

static TENANT_ISOLATION_MODE: Shape = Shape::OneOf(&["PER_TENANT"]);

static TENANCY_CONFIG: Shape = Shape::Structure(&[req("TenantIsolationMode", &TENANT_ISOLATION_MODE)]);

static FUNCTION_CONFIGURATION: Shape = Shape::Structure(&[
    opt("FunctionName", &NAMESPACED_FUNCTION_NAME),
    opt("FunctionArn", &NAME_SPACED_FUNCTION_ARN),
    opt("Runtime", &RUNTIME),
    opt("Role", &TEXT),
    opt("Handler", &HANDLER),
    opt("CodeSize", &NUMBER),
    opt("Description", &DESCRIPTION),
    opt("Timeout", &TIMEOUT),
    opt("MemorySize", &MEMORY_SIZE),
    opt("LastModified", &TEXT),
    opt("CodeSha256", &TEXT),
    opt("Version", &VERSION),
    opt("VpcConfig", &VPC_CONFIG_RESPONSE),
    opt("DeadLetterConfig", &DEAD_LETTER_CONFIG),
    opt("Environment", &ENVIRONMENT_RESPONSE),
    opt("KMSKeyArn", &TEXT),
    opt("TracingConfig", &TRACING_CONFIG_RESPONSE),
    opt("MasterArn", &FUNCTION_ARN),
    opt("RevisionId", &TEXT),
    opt("Layers", &LAYERS_REFERENCE_LIST),
    opt("State", &STATE),
    opt("StateReason", &TEXT),
    opt("StateReasonCode", &STATE_REASON_CODE),
    opt("LastUpdateStatus", &LAST_UPDATE_STATUS),
    opt("LastUpdateStatusReason", &TEXT),
    opt("LastUpdateStatusReasonCode", &LAST_UPDATE_STATUS_REASON_CODE),
    opt("FileSystemConfigs", &FILE_SYSTEM_CONFIG_LIST),
    opt("PackageType", &PACKAGE_TYPE),
    opt("ImageConfigResponse", &IMAGE_CONFIG_RESPONSE),
    opt("SigningProfileVersionArn", &TEXT),
    opt("SigningJobArn", &TEXT),
    opt("Architectures", &ARCHITECTURES_LIST),
    opt("EphemeralStorage", &EPHEMERAL_STORAGE),
    opt("SnapStart", &SNAP_START_RESPONSE),
    opt("RuntimeVersionConfig", &RUNTIME_VERSION_CONFIG),
    opt("LoggingConfig", &LOGGING_CONFIG),
    opt("CapacityProviderConfig", &CAPACITY_PROVIDER_CONFIG),
    opt("ConfigSha256", &TEXT),
    opt("DurableConfig", &DURABLE_CONFIG),
    opt("TenancyConfig", &TENANCY_CONFIG),
]);

static FUNCTION_CODE_LOCATION: Shape = Shape::Structure(&[
    opt("RepositoryType", &TEXT),
    opt("Location", &TEXT),
    opt("ImageUri", &TEXT),
    opt("ResolvedImageUri", &TEXT),
    opt("SourceKMSKeyArn", &TEXT),
]);

static TAGS: Shape = Shape::Map(&TEXT);

static TAGS_ERROR_CODE: Shape = text(10, 21);

static TAGS_ERROR_MESSAGE: Shape = text(84, 1000);

static TAGS_ERROR: Shape =
    Shape::Structure(&[req("ErrorCode", &TAGS_ERROR_CODE), req("Message", &TAGS_ERROR_MESSAGE)]);

static RESERVED_CONCURRENT_EXECUTIONS: Shape = number(0.0, f64::MAX);

static CONCURRENCY: Shape =
    Shape::Structure(&[opt("ReservedConcurrentExecutions", &RESERVED_CONCURRENT_EXECUTIONS)]);

static GET_FUNCTION_RESPONSE: Shape = Shape::Structure(&[
    opt("Configuration", &FUNCTION_CONFIGURATION),
    opt("Code", &FUNCTION_CODE_LOCATION),
    opt("Tags", &TAGS),
    opt("TagsError", &TAGS_ERROR),
    opt("Concurrency", &CONCURRENCY),
]);

/// The optimized integration makes JSON of the payload.
pub(super) static OPTIMIZED_INVOKE: Shape = Shape::Structure(&[
    opt("StatusCode", &NUMBER),
    opt("FunctionError", &TEXT),
    opt("LogResult", &TEXT),
    opt("Payload", &ANY),
    opt("ExecutedVersion", &VERSION),
]);
