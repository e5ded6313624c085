//! The limits: quotas of AWS, and the bounds that this project sets itself, each with its unit in its name.
//!
//! All of them are here, whichever layer holds them: this module depends on nothing and is open to every layer.
//! `src/spec/docs/limits.md` is made from the table, and `tests/limits.rs` names the tests of each row, at the limit and
//! one above it. What merely shortens what is shown, or bounds a guess, stands beside its code.
//!
//! AWS's: <https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html>,
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>.

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// The constant's name, with the unit in it.
    pub name: &'static str,
    /// Whose limit it is.
    pub whose: Whose,
    /// The value in that unit.
    pub value: u64,
    /// What it bounds.
    pub doc: &'static str,
    /// What is said or done above it.
    pub above: &'static str,
}

/// Who sets a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// AWS, as documented or recorded.
    Aws,
    /// This project, so that no input makes it take all time or memory.
    Ours,
}

/// Limits of one part, in the order of the page.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// What they bound.
    pub name: &'static str,
    /// The limits.
    pub limits: &'static [Limit],
}

/// Makes the constants, and the table of them.
macro_rules! limits {
    ($($section:literal { $($(#[doc = $doc:literal])+ $whose:ident $name:ident: $kind:ty = $value:expr, $above:literal;)+ })+) => {
        $($($(#[doc = $doc])+ pub const $name: $kind = $value;)+)+

        /// All limits.
        pub const SECTIONS: &[Section] = &[$(Section {
            name: $section,
            limits: &[$(Limit {
                name: stringify!($name),
                whose: Whose::$whose,
                value: $name as u64,
                doc: concat!($($doc),+),
                above: $above,
            }),+],
        }),+];
    };
}

const KIB: usize = 1_024;
const MIB: usize = 1_048_576;

limits! {
    "Documents" {
        /// Largest definition, in characters.
        Aws DEFINITION_CHARS_MAX: usize = 1_048_576, "`SCHEMA_VALIDATION_FAILED`; the rest of the analysis goes on";
        /// Length of a document that an editor has open and that is analysed, in bytes; four times what AWS accepts.
        Ours DOCUMENT_BYTES_MAX: u32 = 4 * MIB as u32, "the finding `document-too-large`, and nothing else is answered";
        /// Levels of arrays and objects in a document, and of a value in an expression.
        Ours DOCUMENT_NESTING_MAX: usize = 512, "`TOO_DEEPLY_NESTED`; what is deeper counts as absent";
        /// Mistakes in the JSON of one document that are reported.
        Ours SYNTAX_ERRORS_SHOWN_MAX: usize = 100, "the first are reported";
        /// Nodes that aliases and merge keys of one YAML document may copy.
        Ours YAML_COPIED_NODES_MAX: usize = 200_000, "a mistake at the alias; what it stands for is absent";
        /// Characters in the name of a state.
        Aws STATE_NAME_CHARS_MAX: usize = 80, "`SCHEMA_VALIDATION_FAILED`; a rename is refused";
        /// Characters in the name of a variable.
        Aws VARIABLE_NAME_CHARS_MAX: usize = 80, "`SCHEMA_VALIDATION_FAILED`; a rename is refused";
        /// Characters in the label of a distributed Map.
        Aws LABEL_CHARS_MAX: usize = 40, "`SCHEMA_VALIDATION_FAILED`";
        /// Seconds in `TimeoutSeconds`, `HeartbeatSeconds`, `Seconds` and `IntervalSeconds`.
        Aws SECONDS_MAX: i64 = 99_999_999, "`SCHEMA_VALIDATION_FAILED`";
        /// `MaxDelaySeconds` of a retrier.
        Aws RETRY_DELAY_SECONDS_MAX: i64 = 31_622_400, "`SCHEMA_VALIDATION_FAILED`";
        /// `MaxItems` of an `ItemReader`.
        Aws ITEM_READER_ITEMS_MAX: i64 = 100_000_000, "`SCHEMA_VALIDATION_FAILED`";
        /// Sets of 64 variables that following the variables of one machine may look at.
        Ours VARIABLE_FLOW_WORDS_MAX: usize = 16 * 1_048_576, "nothing is reported about variables";
        /// Variables that come to the states of one machine while it is told what data can be where, each as often as it does.
        Ours SHAPED_VARIABLES_MAX: usize = 1_000_000, "nothing is said about what variables hold";
    }
    "Expressions" {
        /// Bytes of one expression that our parsers read.
        Ours EXPRESSION_BYTES_MAX: usize = 65_536, "an error that the expression or path is too long";
        /// Levels of parentheses, filters and calls in an expression that our parsers follow.
        Ours EXPRESSION_NESTING_MAX: usize = 128, "an error that the expression is nested too deeply";
        /// Depth of the tree of one JSONata expression; operators in a row count one each.
        Ours EXPRESSION_DEPTH_MAX: usize = 512, "an error that the expression is nested too deeply";
        /// Intrinsic function calls within one another, the outermost counted.
        Aws INTRINSIC_NESTING_MAX: usize = 10, "an error at the call";
        /// Elements that `States.ArrayRange` may return.
        Aws ARRAY_RANGE_LEN_MAX: usize = 1_000, "the execution fails";
        /// Characters that `States.Hash`, `States.Base64Encode` and `States.Base64Decode` accept.
        Aws INTRINSIC_TEXT_CHARS_MAX: usize = 10_000, "the execution fails";
        /// Data that the intrinsic functions of one expression may take in, in bytes.
        Ours INTRINSIC_BYTES_MAX: usize = 16 * MIB, "the execution fails";
        /// Steps of one JSONPath.
        Ours PATH_SEGMENTS_MAX: usize = 256, "an error that the path has too many steps";
        /// Values that the evaluation of one JSONPath may visit.
        Ours PATH_VISITS_MAX: usize = 1_000_000, "the execution fails";
        /// Steps and levels of a value that the evaluation of one JSONPath may be inside of at once.
        Ours PATH_DEPTH_MAX: usize = 512, "the execution fails";
        /// Bytes that a regular expression in a JSONPath may take when it is compiled.
        Ours PATH_REGEX_BYTES_MAX: usize = MIB, "an error that the expression is not supported";
        /// Time that one JSONata evaluation may take, in milliseconds.
        Ours JSONATA_MILLISECONDS_MAX: u64 = 500, "`States.QueryEvaluationError`: a timeout";
        /// Levels of one JSONata evaluation; a call takes about three, each operator in a row one.
        Ours JSONATA_DEPTH_MAX: usize = 1_000, "`States.QueryEvaluationError`: a stack overflow";
        /// Elements that `$range` makes on AWS before it reports that the memory limit is exceeded.
        Aws JSONATA_RANGE_LEN_MAX: usize = 360_145, "`States.QueryEvaluationError`: the memory limit";
        /// Length of a sequence that one JSONata step may make.
        Ours JSONATA_SEQUENCE_LEN_MAX: usize = 1_000_000, "`States.QueryEvaluationError`";
        /// Values that one JSONata evaluation may put into strings, arrays and objects, and give as its result; 16 bytes of text count as one.
        Ours JSONATA_VALUES_MAX: usize = 4 * MIB, "`States.QueryEvaluationError`: too much data";
        /// Length of the text times that of the replacement in `$replace`, or the like in `$join`, in bytes.
        Ours JSONATA_PRODUCT_BYTES_MAX: usize = 256 * MIB, "`States.QueryEvaluationError`: too much data";
        /// Characters of a string that `$pad` may make.
        Ours JSONATA_PAD_LEN_MAX: usize = MIB, "`States.QueryEvaluationError`";
    }
    "Executions" {
        /// Bytes of an input, a result or an output as compact JSON.
        Aws PAYLOAD_BYTES_MAX: usize = 262_144, "`States.DataLimitExceeded`; an input is refused";
        /// Events in the history of one Standard execution.
        Aws HISTORY_EVENTS_MAX: usize = 25_000, "the execution fails";
        /// Bytes of the variables of one `Assign`.
        Aws VARIABLE_BYTES_MAX: usize = 262_144, "`States.DataLimitExceeded`";
        /// Bytes of all variables of one execution.
        Aws VARIABLES_TOTAL_BYTES_MAX: usize = 10 * MIB, "`States.DataLimitExceeded`";
        /// Seconds that a Standard execution may take: one year.
        Aws STANDARD_EXECUTION_SECONDS_MAX: u64 = 31_536_000, "`TIMED_OUT`";
        /// Seconds that an Express execution may take: five minutes.
        Aws EXPRESS_EXECUTION_SECONDS_MAX: u64 = 300, "`TIMED_OUT`";
        /// Days of a Wait with a timestamp; from here on it is too long.
        Aws WAIT_DAYS_MAX: i64 = 24_856, "the execution fails";
        /// Iterations of an inline Map that run at once.
        Aws INLINE_MAP_CONCURRENCY: usize = 40, "further ones wait";
        /// Child executions of a distributed Map that run at once.
        Aws DISTRIBUTED_MAP_CONCURRENCY: usize = 10_000, "further ones wait";
        /// Values that the JSONPaths and intrinsic functions of one step may read.
        Ours STEP_VALUES_READ_MAX: usize = 20_000_000, "`BLOCKED`";
        /// Time that the JSONata expressions of one step may take, in milliseconds.
        Ours STEP_JSONATA_MILLISECONDS_MAX: u64 = 2_000, "`BLOCKED`";
        /// Bytes of all that the expressions of one step give, as they lie in memory.
        Ours STEP_BYTES_MAX: usize = 128 * MIB, "`BLOCKED`";
        /// Items that an `ItemReader` may read.
        Ours READ_ITEMS_MAX: usize = 1_000_000, "`BLOCKED`";
        /// Executions that were started one within the other.
        Ours NESTED_EXECUTIONS_MAX: usize = 16, "`BLOCKED`";
        /// Executions that are started in one simulation, those within each other included.
        Ours STARTED_EXECUTIONS_MAX: usize = 10_000, "`BLOCKED`";
        /// Events of all executions that one execution started, in it and within each other.
        Ours NESTED_EVENTS_MAX: usize = 1_000_000, "`BLOCKED`";
        /// Bytes of the payloads and items that one simulation keeps, as they lie in memory.
        Ours SIMULATION_BYTES_MAX: usize = 512 * MIB, "`BLOCKED`";
        /// Steps of one simulation on the command line.
        Ours SIMULATION_STEPS_MAX: u64 = 10_000_000, "an error";
        /// Real time that one simulation may take on the command line, in seconds.
        Ours SIMULATION_SECONDS_MAX: u64 = 300, "an error";
        /// Real time that a simulation may take that an editor shows while one types, in seconds.
        Ours LIVE_SECONDS_MAX: u64 = 2, "it is shown as far as it came, as stopped";
        /// Real time that a simulation may take that an editor asked for, in seconds.
        Ours COMMAND_SECONDS_MAX: u64 = 30, "it is answered as far as it came, as `RUNNING`";
        /// Real time that going to a step may take in an editor, in seconds.
        Ours STEP_SECONDS_MAX: u64 = 10, "the step that was come to is shown";
        /// Steps of one execution in the debugger.
        Ours DEBUGGED_STEPS_MAX: u64 = 2_000_000, "it is said and the session ends";
        /// Requests that one simulation sends to a DynamoDB elsewhere: a loop would send them for ever, and somebody may pay for each.
        Ours REMOTE_REQUESTS_MAX: usize = 10_000, "`BLOCKED`";
    }
    "Files" {
        /// Bytes of a file that the command line or the debugger reads.
        Ours FILE_BYTES_MAX: u64 = 64 * MIB as u64, "an error that names the file";
        /// Bytes of a file of inputs, tables or scenarios beside a document that an editor has open.
        Ours COMPANION_BYTES_MAX: u64 = 16 * MIB as u64, "a warning in the document; the file is not used";
        /// Bytes of `asl-lsp.toml`.
        Ours PROJECT_FILE_BYTES_MAX: u64 = MIB as u64, "a warning in the document; the file is not used";
        /// Bytes of a file of credentials, or of AWS's configuration.
        Ours CREDENTIALS_BYTES_MAX: u64 = MIB as u64, "the file counts as absent";
        /// Files of scenarios in one folder that are looked through for a definition's.
        Ours FOLDER_SCENARIOS_MAX: usize = 500, "the first by name are looked through";
        /// Definitions, or files of scenarios, that one folder may hold for a command.
        Ours CHECK_FILES_MAX: usize = 100_000, "an error that names the folder";
        /// Files and folders that a folder in the place of Amazon S3 may hold.
        Ours S3_OBJECTS_MAX: usize = 100_000, "an error that names the folder";
        /// Bytes of all objects of such a folder, and of one object when it is unpacked.
        Ours S3_BYTES_MAX: u64 = 256 * MIB as u64, "an error that names the folder, or `BLOCKED`";
        /// Levels of a file of tables in YAML.
        Ours SEED_LEVELS_MAX: usize = 100, "an error that names the file";
        /// Values of a file of tables in YAML, those that aliases repeat included.
        Ours SEED_VALUES_MAX: usize = 1_000_000, "an error that names the file";
        /// Intrinsic functions of CloudFormation within one another.
        Ours TEMPLATE_FUNCTIONS_MAX: usize = 30, "an error that names the place";
    }
    "DynamoDB" {
        /// Bytes of an item.
        Aws ITEM_BYTES_MAX: usize = 409_600, "`ValidationException`";
        /// Levels of values in an item: the value of an attribute is at the first, what is in it at the second.
        Aws ATTRIBUTE_NESTING_MAX: usize = 32, "`ValidationException`";
        /// Bytes of the value of a partition key.
        Aws PARTITION_KEY_BYTES_MAX: usize = 2_048, "`ValidationException`";
        /// Bytes of the value of a sort key.
        Aws SORT_KEY_BYTES_MAX: usize = 1_024, "`ValidationException`";
        /// Bytes of an expression.
        Aws DYNAMODB_EXPRESSION_BYTES_MAX: usize = 4_096, "`ValidationException`";
        /// Operators and functions of an expression.
        Aws DYNAMODB_OPERATORS_MAX: usize = 300, "`ValidationException`";
        /// Operands of `IN`.
        Aws DYNAMODB_IN_LIST_LEN_MAX: usize = 100, "`ValidationException`";
        /// Levels of an expression that are followed, of which parentheses are three; AWS limits them by the operators alone.
        Ours DYNAMODB_EXPRESSION_NESTING_MAX: usize = 302, "`ValidationException`";
        /// Bytes of the name of an attribute; keys and what an index includes by name have 255.
        Aws ATTRIBUTE_NAME_BYTES_MAX: usize = 65_535, "`ValidationException`";
        /// Tags of a table.
        Aws TAGS_MAX: usize = 50, "`ValidationException`";
        /// Bytes of a placeholder.
        Aws PLACEHOLDER_BYTES_MAX: usize = 255, "`ValidationException`";
        /// Levels of a PartiQL statement that are followed.
        Ours STATEMENT_NESTING_MAX: usize = 100, "`ValidationException`";
        /// Characters of a PartiQL statement.
        Aws STATEMENT_CHARS_MAX: usize = 8_192, "`ValidationException`";
        /// Operations or statements of one transaction.
        Aws TRANSACTION_LEN_MAX: usize = 100, "`ValidationException`";
        /// Bytes of the items of one transaction.
        Aws TRANSACTION_BYTES_MAX: usize = 4 * MIB, "`ValidationException`";
        /// Writes of one batch, in all tables.
        Aws BATCH_WRITES_MAX: usize = 25, "`ValidationException`";
        /// Keys of one batch of reads, in all tables.
        Aws BATCH_READS_MAX: usize = 100, "`ValidationException`";
        /// Statements of one batch.
        Aws BATCH_STATEMENTS_MAX: usize = 25, "`ValidationException`";
        /// Bytes of one page of Query or Scan.
        Aws PAGE_BYTES_MAX: usize = MIB, "`LastEvaluatedKey` in the answer";
        /// Bytes of the answer of a batch of reads.
        Aws BATCH_READ_BYTES_MAX: usize = 16 * MIB, "`UnprocessedKeys` in the answer";
        /// Names of tables in one page of ListTables.
        Aws TABLE_NAMES_PAGE_LEN_MAX: usize = 100, "`LastEvaluatedTableName` in the answer";
        /// Global secondary indexes of a table.
        Aws GLOBAL_INDEXES_MAX: usize = 20, "`ValidationException`";
        /// Local secondary indexes of a table.
        Aws LOCAL_INDEXES_MAX: usize = 5, "`ValidationException`";
        /// Attributes of the partition key of a global secondary index, and as many of its sort key.
        Aws KEY_ATTRIBUTES_MAX: usize = 4, "`ValidationException`";
        /// Attributes that the indexes of a table project.
        Aws PROJECTED_ATTRIBUTES_MAX: usize = 100, "`ValidationException`";
    }
    "DynamoDB over HTTP" {
        /// Connections at a time; below the number of files that a process may open on most systems, which is 1,024.
        Ours HTTP_CONNECTIONS_MAX: usize = 512, "one more is closed at once";
        /// Bytes of the body of one request.
        Aws HTTP_BODY_BYTES_MAX: usize = 16 * MIB, "status 413";
        /// Bytes of the bodies of all requests under way.
        Ours HTTP_BODIES_BYTES_MAX: usize = 128 * MIB, "`ThrottlingException`";
        /// Levels of a request's JSON: the body is at the first.
        Ours REQUEST_LEVELS_MAX: usize = 127, "what is deeper is not read";
        /// Bytes of the headers of one request.
        Ours HTTP_HEADER_BYTES_MAX: usize = 32 * KIB, "status 431";
        /// Time that a request may take to arrive, and that a connection may wait for one, in seconds.
        Ours HTTP_REQUEST_SECONDS_MAX: u64 = 60, "the connection is closed";
        /// Time that a client may not read what it is sent, in seconds.
        Ours HTTP_WRITE_SECONDS_MAX: u64 = 30, "the connection is closed";
        /// Time that requests under way may take when the server ends, in seconds.
        Ours HTTP_SHUTDOWN_SECONDS_MAX: u64 = 2, "their connections are closed";
        /// Bytes of what a DynamoDB elsewhere answers; DynamoDB's own answers are below 17 MB.
        Ours REMOTE_ANSWER_BYTES_MAX: u64 = 32 * MIB as u64, "`BLOCKED`";
        /// Bytes of requests to a DynamoDB elsewhere and of its answers that a session in an editor remembers.
        Ours REMOTE_KNOWN_BYTES_MAX: usize = 32 * MIB, "all are forgotten";
        /// Time that a DynamoDB elsewhere may take for one answer, in seconds.
        Ours REMOTE_ANSWER_SECONDS_MAX: u64 = 10, "`BLOCKED`";
    }
    "Language server and debugger" {
        /// Findings about a definition that an editor is told; VS Code shows as many of one file.
        Ours FINDINGS_SHOWN_MAX: usize = 1_000, "the most severe ones are shown, and how many others there are";
        /// Bytes of the headers of one message.
        Ours MESSAGE_HEADER_BYTES_MAX: usize = 4 * KIB, "they are thrown away up to the next message";
        /// Lines of the headers of one message of a debugger.
        Ours MESSAGE_HEADER_LINES_MAX: usize = 32, "an error is answered";
        /// Bytes of one message to the language server.
        Ours MESSAGE_BYTES_MAX: usize = 256 * MIB, "the message is read over";
        /// Bytes of one message to the debugger.
        Ours DEBUG_MESSAGE_BYTES_MAX: u64 = 64 * MIB as u64, "the message is read over and an error answered";
        /// Requests to the language server that are under way at once.
        Ours REQUESTS_MAX: usize = 64, "further ones wait";
        /// Breakpoints of one kind in one file.
        Ours BREAKPOINTS_MAX: usize = 10_000, "the request is refused";
        /// Members of one value that the debugger shows at once.
        Ours DEBUGGED_CHILDREN_MAX: usize = 10_000, "the first are shown";
        /// Branches and iterations that the debugger lists as threads.
        Ours DEBUGGED_THREADS_MAX: usize = 1_000, "the first are listed";
        /// Lines that one debugged execution writes to the console.
        Ours DEBUGGED_OUTPUT_LINES_MAX: u32 = 10_000, "no more are written";
        /// States of a graph that is laid out.
        Ours LAID_OUT_STATES_MAX: usize = 500, "an error that says so";
    }
}

/// Characters that the label of a distributed Map cannot have, beside blanks and control characters.
pub const LABEL_CHARS_FORBIDDEN: &str = "\"#$%&*,:;<>?[\\]^{}~`|";

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::expect_file;

    use super::*;

    const HEAD: &str = "# Limits

What bounds documents, executions, tables and connections. Those of AWS are AWS's answers; those of this project keep any
input from taking all time or memory. A limit is the largest value that is allowed.
";

    fn page() -> String {
        let mut page = HEAD.to_owned();
        for section in SECTIONS {
            let _ = write!(
                page,
                "\n## {}\n\n| what | limit | whose | above it | name |\n|---|--:|---|---|---|\n",
                section.name
            );
            for limit in section.limits {
                let whose = match limit.whose {
                    Whose::Aws => "AWS",
                    Whose::Ours => "ours",
                };
                let Limit { name, value, doc, above, .. } = limit;
                let _ = writeln!(page, "|{doc} | {} | {whose} | {above} | `{name}` |", grouped(*value));
            }
        }
        page
    }

    /// A number with a comma after every three digits.
    fn grouped(value: u64) -> String {
        let digits = value.to_string();
        let mut text = String::new();
        for (idx, digit) in digits.chars().enumerate() {
            if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text
    }

    /// `UPDATE_EXPECT=1` writes the page.
    #[test]
    fn the_page_is_fresh() {
        expect_file!["docs/limits.md"].assert_eq(&page());
    }
}
