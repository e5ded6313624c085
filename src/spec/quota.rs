//! Quotas of AWS Step Functions, and the bounds we set ourselves, each with its unit in its name.
//!
//! AWS's: <https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html>.

/// Largest definition AWS accepts, in characters.
pub const DEFINITION_CHARS_MAX: usize = 1_048_576;
/// Largest input or output of a state, task or execution, in bytes of UTF-8 JSON.
pub const PAYLOAD_BYTES_MAX: usize = 262_144;
/// Events in the history of one Standard execution.
pub const HISTORY_EVENTS_MAX: usize = 25_000;
/// Characters in the name of a state.
pub const STATE_NAME_CHARS_MAX: usize = 80;
/// Characters in the name of a variable.
pub const VARIABLE_NAME_CHARS_MAX: usize = 80;
/// Largest value of one variable, and of all variables of one Assign, in bytes.
pub const VARIABLE_BYTES_MAX: usize = 262_144;
/// All variables of one execution, in bytes.
pub const VARIABLES_TOTAL_BYTES_MAX: usize = 10 * 1_048_576;
/// Ours: executions that were started one within the other.
pub const NESTED_EXECUTIONS_MAX: usize = 16;
/// Ours: executions that are started in one simulation, those within each other included.
pub const STARTED_EXECUTIONS_MAX: usize = 10_000;
/// Ours: events of all executions that one execution started, in it and within each other.
pub const NESTED_EVENTS_MAX: usize = 1_000_000;
/// Longest time a Standard execution may take, in seconds (one year).
pub const STANDARD_EXECUTION_SECONDS_MAX: u64 = 31_536_000;
/// Longest time an Express execution may take, in seconds (five minutes).
pub const EXPRESS_EXECUTION_SECONDS_MAX: u64 = 300;
/// Intrinsic function calls within one another, the outermost counted.
pub const INTRINSIC_NESTING_MAX: usize = 10;
/// Elements that `States.ArrayRange` and `$range` may return.
pub const ARRAY_RANGE_LEN_MAX: usize = 1_000;
/// Elements that `$range` makes on AWS before it reports that the memory limit is exceeded.
pub const JSONATA_RANGE_LEN_MAX: usize = 360_145;
/// Characters that `States.Hash`, `States.Base64Encode` and `States.Base64Decode` accept.
pub const INTRINSIC_TEXT_CHARS_MAX: usize = 10_000;

/// Ours: nesting of parentheses, filters and calls in an expression that our parsers follow.
pub const EXPRESSION_NESTING_MAX: usize = 128;
/// Ours: characters of one expression that our parsers read.
pub const EXPRESSION_BYTES_MAX: usize = 65_536;
/// Ours: values that the evaluation of one JSONPath may visit.
pub const PATH_VISITS_MAX: usize = 1_000_000;
/// Ours: time one JSONata evaluation may take, in milliseconds.
pub const JSONATA_MILLISECONDS_MAX: u64 = 500;
/// Ours: levels of one JSONata evaluation; a call takes about three, each operator in a row one.
pub const JSONATA_DEPTH_MAX: usize = 1_000;
/// Ours: length of a sequence or string that one JSONata step may make.
pub const JSONATA_SEQUENCE_LEN_MAX: usize = 1_000_000;
/// Ours: nesting of JSON in a document; deeper values are kept as text with an error.
pub const DOCUMENT_NESTING_MAX: usize = 512;
/// Largest number of seconds in `TimeoutSeconds`, `HeartbeatSeconds`, `Seconds` and `IntervalSeconds`.
pub const SECONDS_MAX: i64 = 99_999_999;
/// Largest `MaxDelaySeconds` of a retrier, in seconds.
pub const RETRY_DELAY_SECONDS_MAX: i64 = 31_622_400;
/// Ours: items that an `ItemReader` may read.
pub const READ_ITEMS_MAX: usize = 1_000_000;
/// Largest `MaxItems` of an `ItemReader`.
pub const ITEM_READER_ITEMS_MAX: i64 = 100_000_000;
/// Ours: steps of one JSONPath.
pub const PATH_SEGMENTS_MAX: usize = 256;
/// Ours: steps and levels of a value that the evaluation of one JSONPath may be inside of at once.
pub const PATH_DEPTH_MAX: usize = 512;
/// Ours: data that the intrinsic functions of one expression may take in, in bytes.
pub const INTRINSIC_BYTES_MAX: usize = 16 * 1_048_576;
/// Days of a Wait from which on AWS says it is too long (recorded with a timestamp).
pub const WAIT_DAYS_MAX: i64 = 24_856;
/// Iterations of an inline Map that run at once.
pub const INLINE_MAP_CONCURRENCY: usize = 40;
/// Ours: values that one JSONata evaluation may put into strings, arrays and objects, and give as its result; 16 bytes
/// of text count as one.
pub const JSONATA_VALUES_MAX: usize = 4 * 1_048_576;
/// Ours: length of the text times that of the replacement in `$replace`, or the like in `$join`, in bytes.
pub const JSONATA_PRODUCT_BYTES_MAX: usize = 256 * 1_048_576;
/// Ours: length of a string that `$pad` may make.
pub const JSONATA_PAD_LEN_MAX: usize = 1_048_576;
/// Ours: bytes of a file that is read.
pub const FILE_BYTES_MAX: u64 = 64 * 1_048_576;
/// Ours: real time that one simulation may take on the command line, in seconds.
pub const SIMULATION_SECONDS_MAX: u64 = 300;
/// Ours: steps of one simulation on the command line.
pub const SIMULATION_STEPS_MAX: u64 = 10_000_000;
/// Ours: definitions that one folder may hold for a check.
pub const CHECK_FILES_MAX: usize = 100_000;
/// Ours: files and folders that a folder in the place of Amazon S3 may hold.
pub const S3_OBJECTS_MAX: usize = 100_000;
/// Ours: bytes of all objects of such a folder.
pub const S3_BYTES_MAX: u64 = 256 * 1_048_576;
/// Child executions of a distributed Map that run at once.
pub const DISTRIBUTED_MAP_CONCURRENCY: usize = 10_000;
/// Ours: depth of the tree of one expression; operators in a row count one each.
pub const EXPRESSION_DEPTH_MAX: usize = 512;
/// Ours: mistakes in the JSON of one document that are reported.
pub const SYNTAX_ERRORS_SHOWN_MAX: usize = 100;
/// Characters in the label of a distributed Map.
pub const LABEL_CHARS_MAX: usize = 40;
/// Characters that such a label cannot have, beside blanks and control characters.
pub const LABEL_CHARS_FORBIDDEN: &str = "\"#$%&*,:;<>?[\\]^{}~`|";
/// Ours: length of a document that is analysed, in bytes; four times what AWS accepts.
pub const DOCUMENT_BYTES_MAX: u32 = 4 * 1_048_576;
/// Ours: sets of 64 variables that following the variables of one machine may look at.
pub const VARIABLE_FLOW_WORDS_MAX: usize = 16 * 1_048_576;
