//! Every limit of `spec::quota`, at the limit and one above it.
//!
//! A test here has the name of the limit; [`ELSEWHERE`] says where the others are.

#![allow(clippy::unwrap_used)]

#[cfg(test)]
#[path = "../common/command.rs"]
mod command;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod dynamodb;
#[cfg(test)]
mod executions;
#[cfg(test)]
mod expressions;
#[cfg(test)]
mod files;

use std::fs;
use std::path::{Path, PathBuf};

use asl_lsp::spec::quota;

/// Limits whose tests need what is private, a connection or a session: the file and the test.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("DOCUMENT_BYTES_MAX", "tests/lsp/survival.rs", "documents_up_to_the_limit_are_analysed"),
    ("YAML_COPIED_NODES_MAX", "src/syntax/yaml/mod.rs", "aliases_of_aliases_are_bounded"),
    ("VARIABLE_FLOW_WORDS_MAX", "src/semantic/variables.rs", "what_is_too_much_is_not_followed"),
    ("SHAPED_VARIABLES_MAX", "src/semantic/shape/flow.rs", "variables_that_are_too_many_are_not_followed"),
    ("JSONATA_MILLISECONDS_MAX", "tests/hostile.rs", "jsonata_that_recurses_for_ever"),
    ("STEP_VALUES_READ_MAX", "src/simulator/effort.rs", "values_read_in_a_step_are_limited"),
    ("STEP_JSONATA_MILLISECONDS_MAX", "src/simulator/effort.rs", "the_time_of_jsonata_in_a_step_is_limited"),
    ("STEP_BYTES_MAX", "src/simulator/effort.rs", "what_expressions_give_in_a_step_is_limited"),
    ("NESTED_EVENTS_MAX", "src/simulator/nested.rs", "events_of_executions_are_limited"),
    ("STARTED_EXECUTIONS_MAX", "tests/hostile.rs", "executions_that_multiply"),
    ("SIMULATION_BYTES_MAX", "src/simulator/size.rs", "a_simulation_keeps_so_much_and_no_more"),
    ("SIMULATION_SECONDS_MAX", "src/cli/simulate.rs", "an_execution_takes_some_time_at_most"),
    ("LIVE_SECONDS_MAX", "tests/lsp/live.rs", "an_endless_run_is_stopped_and_said_to_be"),
    ("COMMAND_SECONDS_MAX", "src/lsp/steps.rs", "time_ends_a_run_between_two_steps"),
    ("STEP_SECONDS_MAX", "src/lsp/steps.rs", "time_ends_a_run_between_two_steps"),
    ("DEBUGGED_STEPS_MAX", "src/dap/debuggee.rs", "an_execution_without_end_is_halted"),
    ("REMOTE_REQUESTS_MAX", "src/session/remote_tables.rs", "requests_are_counted"),
    ("REMOTE_KNOWN_BYTES_MAX", "src/lsp/remote.rs", "what_is_kept_has_a_limit"),
    ("REMOTE_ANSWER_BYTES_MAX", "tests/remote.rs", "an_answer_that_is_too_long"),
    ("REMOTE_ANSWER_SECONDS_MAX", "tests/remote.rs", "an_endpoint_that_does_not_answer"),
    ("COMPANION_BYTES_MAX", "tests/lsp/survival.rs", "files_beside_a_document_that_are_too_large"),
    ("PROJECT_FILE_BYTES_MAX", "tests/lsp/survival.rs", "files_beside_a_document_that_are_too_large"),
    ("CREDENTIALS_BYTES_MAX", "src/remote/credentials.rs", "files_that_are_too_large_count_as_absent"),
    (
        "FOLDER_SCENARIOS_MAX",
        "src/lsp/scenario_documents.rs",
        "the_first_files_of_a_folder_are_looked_through",
    ),
    ("HTTP_CONNECTIONS_MAX", "tests/endpoint.rs", "connections_up_to_the_limit_are_served"),
    ("HTTP_BODY_BYTES_MAX", "tests/endpoint.rs", "bodies_end_at_16_mb"),
    ("HTTP_BODIES_BYTES_MAX", "tests/endpoint.rs", "bodies_that_have_no_room_are_refused"),
    ("REQUEST_LEVELS_MAX", "src/dynamodb/json/reader.rs", "levels"),
    ("HTTP_HEADER_BYTES_MAX", "tests/endpoint.rs", "headers_are_limited"),
    ("HTTP_REQUEST_SECONDS_MAX", "tests/endpoint.rs", "half_a_request_is_not_waited_for"),
    ("HTTP_WRITE_SECONDS_MAX", "src/endpoint/patient.rs", "a_client_that_does_not_read_is_given_up"),
    ("HTTP_SHUTDOWN_SECONDS_MAX", "tests/endpoint.rs", "the_end_waits_for_requests_under_way"),
    ("FINDINGS_SHOWN_MAX", "tests/lsp/survival.rs", "findings_up_to_a_number_are_shown"),
    ("MESSAGE_HEADER_BYTES_MAX", "src/lsp/transport.rs", "headers_up_to_the_limit_are_read"),
    ("MESSAGE_HEADER_LINES_MAX", "src/dap/transport.rs", "headers_up_to_the_limit_are_read"),
    ("MESSAGE_BYTES_MAX", "src/lsp/transport.rs", "a_message_above_the_limit_is_read_over"),
    ("DEBUG_MESSAGE_BYTES_MAX", "src/dap/transport.rs", "a_message_above_the_limit_is_read_over"),
    ("REQUESTS_MAX", "tests/lsp/faults.rs", "more_requests_than_are_worked_on_at_once"),
    ("BREAKPOINTS_MAX", "tests/dap/breakpoints.rs", "more_breakpoints_than_are_set"),
    ("DEBUGGED_CHILDREN_MAX", "src/dap/values.rs", "more_children_than_are_shown"),
    ("DEBUGGED_THREADS_MAX", "tests/dap/values.rs", "more_iterations_than_are_listed"),
    ("DEBUGGED_OUTPUT_LINES_MAX", "src/dap/debuggee.rs", "outputs_are_written_up_to_a_number_of_lines"),
    ("LAID_OUT_STATES_MAX", "src/ide/graph/mod.rs", "large_graphs_are_refused_with_a_reason"),
];

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder for the files of one test.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("limits").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Whether a text has a test of this name.
fn has_test(text: &str, name: &str) -> bool {
    let heads = [format!("fn {name}()"), format!("async fn {name}()")];
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.windows(2).any(|pair| {
        matches!(pair[0], "#[test]" | "#[tokio::test]") && heads.iter().any(|head| pair[1].starts_with(head))
    })
}

/// Each row of the table has a test of its name here, or is named in [`ELSEWHERE`].
#[test]
fn every_limit_has_a_test() {
    let here: String = ["documents", "dynamodb", "executions", "expressions", "files"]
        .map(|module| fs::read_to_string(project().join(format!("tests/limits/{module}.rs"))).unwrap())
        .concat();
    let mut problems = Vec::new();
    for limit in quota::SECTIONS.iter().flat_map(|section| section.limits) {
        let elsewhere = ELSEWHERE.iter().find(|(name, ..)| *name == limit.name);
        let is_tested = match elsewhere {
            Some((_, file, test)) => {
                fs::read_to_string(project().join(file)).is_ok_and(|text| has_test(&text, test))
            }
            None => has_test(&here, &limit.name.to_lowercase()),
        };
        if !is_tested {
            problems.push(limit.name);
        }
    }
    assert!(problems.is_empty(), "limits without a test: {problems:?}");
}
