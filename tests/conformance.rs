//! Holds the project to what AWS recorded and to definitions that others accept.
//!
//! The recordings lie beside the project where it is developed; a clone does not have them, and each test then says so
//! and passes. What is known to differ is listed with a reason and with our own answer, and the list must be exact: a
//! case that begins to fail, to pass or to fail otherwise is noticed.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[path = "conformance/case.rs"]
mod case;
#[path = "conformance/compare.rs"]
mod compare;
#[path = "conformance/shapes.rs"]
mod shapes;
#[path = "conformance/values.rs"]
mod values;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use asl_lsp::diagnostics::{Config, Severity, WorkflowType};
use asl_lsp::ide::Analysis;
use asl_lsp::syntax::Format;
use asl_lsp::text::SourceText;
use serde_json::Value;

use self::case::{Case, cases, corpus};
use self::compare::compare_case;

/// A case that is known not to pass.
struct Gap {
    /// Its file's name up to a dot, enough to know it by.
    case: &'static str,
    /// Why it does not pass.
    why: &'static str,
    /// Where we differ first, and how what we have there begins.
    ours: &'static str,
}

impl Gap {
    fn is_of(&self, verdict: &Verdict) -> bool {
        verdict.case.strip_prefix(self.case).is_some_and(|rest| rest.starts_with('.'))
    }
}

/// How a case came out.
struct Verdict {
    case: String,
    group: String,
    /// Nothing where it passed.
    difference: Option<Difference>,
}

struct Difference {
    /// Where, and what we have there.
    ours: String,
    /// What should be there.
    expected: String,
}

/// Prints how many pass, and holds what does not pass to the list.
#[track_caller]
fn report(title: &str, verdicts: &[Verdict], gaps: &[Gap]) {
    let mut groups: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for verdict in verdicts {
        let (passed, total) = groups.entry(&verdict.group).or_default();
        *passed += usize::from(verdict.difference.is_none());
        *total += 1;
    }
    println!("{title}");
    for (group, (passed, total)) in &groups {
        println!("{group:>28} {passed:>4} of {total:>4}");
    }
    let n_passed: usize = groups.values().map(|(passed, _)| passed).sum();
    println!("{:>28} {n_passed:>4} of {:>4}\n", "in all", verdicts.len());

    let mut problems = Vec::new();
    for verdict in verdicts {
        let gap = gaps.iter().find(|gap| gap.is_of(verdict));
        match (&verdict.difference, gap) {
            (Some(difference), Some(gap)) => {
                println!("{}\n    {}", verdict.case, gap.why);
                println!("    {}, expected {}", difference.ours, difference.expected);
                if !difference.ours.starts_with(gap.ours) {
                    problems.push(format!("{} was known for\n    {}\n  but now has", gap.case, gap.ours));
                    problems.push(format!("    {}", difference.ours));
                }
            }
            (Some(difference), None) => {
                problems.push(format!("{} does not pass:", verdict.case));
                problems.push(format!("    {}, expected {}", difference.ours, difference.expected));
            }
            (None, Some(gap)) => problems.push(format!("{} passes now: {}", gap.case, gap.why)),
            (None, None) => {}
        }
    }
    for gap in gaps {
        let n_cases = verdicts.iter().filter(|verdict| gap.is_of(verdict)).count();
        if n_cases != 1 {
            problems.push(format!("{} names {n_cases} cases", gap.case));
        }
    }
    assert!(problems.is_empty(), "{title}:\n{}", problems.join("\n"));
}

#[test]
fn executions() {
    let Some(cases) = cases("execution") else { return };
    let mut verdicts = Vec::new();
    for case in &cases {
        let Some(answer) = case.simulate() else {
            println!("{} was recorded without its definition", case.file);
            continue;
        };
        let first = compare_case(&case.value, &answer).into_iter().next();
        let difference = first.map(|first| Difference {
            ours: format!("{}: {}", first.place, first.ours),
            expected: first.expected,
        });
        verdicts.push(Verdict { case: case.file.clone(), group: case.group().to_owned(), difference });
    }
    report("Recorded executions", &verdicts, EXECUTION_GAPS);
}

/// No recorded execution has data that its definition's shapes exclude, nor succeeds with a path that is said to lead to
/// nothing.
#[test]
fn shapes_admit_what_happens() {
    let Some(cases) = cases("execution") else { return };
    let problems: Vec<String> = cases.iter().flat_map(shapes::exclusions).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

const UNMOCKED: &str = "the recording does not hold what the function answered";
const REDRIVE: &str = "recorded when the context object had no RedriveCount yet";

const EXECUTION_GAPS: &[Gap] = &[
    Gap {
        case: "activities/test_activity_task_on_deleted",
        why: "an activity does not exist unless it is mocked, and no mock tells of a deleted one",
        ours: r#"status: "BLOCKED""#,
    },
    Gap {
        case: "express/test_catch.start_execution_sync_response",
        why: UNMOCKED,
        ours: r#"status: "BLOCKED""#,
    },
    Gap {
        case: "local_mocking/test_lambda_service_invoke_sync_execution.start_execution_sync_response",
        why: "the mock answers less than the function that was recorded, whose answer was not",
        ours: "output.ExecutedVersion: absent",
    },
    Gap {
        case: "scenarios/test_lambda_invoke_with_retry_extended_input",
        why: REDRIVE,
        ours: "main#2 LambdaFunctionScheduled.lambdaFunctionScheduledEventDetails.input.ThisContextObject.Execution.Re",
    },
    Gap {
        case: "scenarios/test_lambda_service_invoke_with_retry_extended_input",
        why: REDRIVE,
        ours: "main#2 TaskScheduled.taskScheduledEventDetails.parameters.Payload.ThisContextObject.Execution.RedriveCount: 0",
    },
    Gap {
        case: "scenarios/test_map_state_config_distributed_reentrant_lambda",
        why: UNMOCKED,
        ours: r#"status: "BLOCKED""#,
    },
];

/// Definitions that AWS refuses are refused at the same place with the same code and message; those that it accepts
/// are accepted.
#[test]
fn refused_definitions() {
    let Some(cases) = cases("create_error") else { return };
    let verdicts: Vec<Verdict> = cases
        .iter()
        .map(|case| Verdict {
            case: case.file.clone(),
            group: case.group().to_owned(),
            difference: compare_refusal(case),
        })
        .collect();
    report("Recorded refusals", &verdicts, &[]);
}

/// What AWS finds in a definition.
#[derive(Debug)]
struct Finding {
    code: String,
    message: String,
    /// A JSON Pointer.
    location: String,
}

impl Finding {
    /// The finding that a refusal to create the state machine tells in one line: `CODE: message at /location`.
    fn from_exception(message: &str) -> Option<Self> {
        let finding = message.strip_prefix("Invalid State Machine Definition: '")?.strip_suffix('\'')?;
        let (code, rest) = finding.split_once(": ")?;
        let (message, location) = rest.rsplit_once(" at ")?;
        Some(Self { code: code.to_owned(), message: message.to_owned(), location: location.to_owned() })
    }

    fn from_diagnostic(diagnostic: &Value) -> Self {
        let text = |key: &str| diagnostic[key].as_str().unwrap_or_default().to_owned();
        Self { code: text("code"), message: text("message"), location: text("location") }
    }
}

fn compare_refusal(case: &Case) -> Option<Difference> {
    let ours = errors(&case.definition().unwrap_or_default(), case.is_express());
    let shown = ours.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let expect = &case.value["expect"];
    let differs = |expected: &str| Some(Difference { ours: shown.clone(), expected: expected.to_owned() });
    if expect["status"] == "OK" {
        return if ours.is_empty() { None } else { differs("no error") };
    }
    // Of some refusals the text is another simulator's: there the fact alone counts.
    if case.value["trust"] != "aws" {
        return if ours.is_empty() { differs("an error") } else { None };
    }
    let expected: Vec<Finding> = match expect["exception"]["message"].as_str() {
        Some(message) => vec![Finding::from_exception(message).unwrap()],
        None => expect["diagnostics"].as_array().unwrap().iter().map(Finding::from_diagnostic).collect(),
    };
    let missing = expected.iter().find(|expected| !ours.iter().any(|ours| ours.is(expected)))?;
    differs(&format!("{} at {}: {}", missing.code, missing.location, missing.message))
}

/// An error that we find.
struct Refusal {
    code: &'static str,
    message: String,
    pointer: String,
}

impl Refusal {
    /// Whether this is the finding. Ours may say more after AWS's words, and be at a more exact place.
    fn is(&self, finding: &Finding) -> bool {
        // The words and places of these are those of the JSON parser that AWS uses.
        if finding.code == "INVALID_JSON_DESCRIPTION" {
            return self.code == finding.code;
        }
        let pointer = if self.pointer.is_empty() { "/" } else { &self.pointer };
        self.code == finding.code
            && self.message.starts_with(finding.message.trim_end())
            && pointer.starts_with(&finding.location)
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}: {}", self.code, self.pointer, self.message)
    }
}

fn errors(definition: &str, is_express: bool) -> Vec<Refusal> {
    let workflow_type = if is_express { WorkflowType::Express } else { WorkflowType::Standard };
    let config = Config { workflow_type, ..Config::default() };
    let analysis = Analysis::new(SourceText::new(definition), Format::Json, Arc::new(config));
    let errors = analysis.diagnostics().iter().filter(|found| found.severity == Severity::Error);
    errors
        .map(|error| Refusal {
            code: error.code,
            message: error.message.clone(),
            pointer: error.node.map(|node| analysis.parse().node(node).pointer()).unwrap_or_default(),
        })
        .collect()
}

/// Nothing that AWS accepted has an error.
#[test]
fn accepted_definitions() {
    let mut verdicts = Vec::new();
    for kind in ["execution", "variable_references"] {
        let Some(cases) = cases(kind) else { return };
        for case in cases {
            let Some(definition) = case.definition() else { continue };
            let difference = first_error(&definition, case.is_express());
            verdicts.push(Verdict { group: case.group().to_owned(), case: case.file, difference });
        }
    }
    report("Definitions that AWS accepted, without an error", &verdicts, ACCEPTED_GAPS);
}

const ACCEPTED_GAPS: &[Gap] = &[Gap {
    case: "sfn_api_variable_references/test_base_variable_references_in_assign_templates[BASE_REFERENCE_IN_WAIT]",
    why: "the recording has a placeholder in the place of the path",
    ours: "SCHEMA_VALIDATION_FAILED at /States/WaitUntilState/TimestampPath: Value is not a valid JSONPath",
}];

/// Nothing that several validators accept has an error.
#[test]
fn documents() {
    let Some(folder) = corpus().map(|corpus| corpus.join("documents")) else { return };
    let mut verdicts = Vec::new();
    for path in files(&folder) {
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        let group = name.split('/').next().unwrap_or_default().to_owned();
        let difference = first_error(&fs::read_to_string(&path).unwrap(), false);
        verdicts.push(Verdict { case: name, group, difference });
    }
    report("Documents without an error", &verdicts, &[]);
}

fn first_error(definition: &str, is_express: bool) -> Option<Difference> {
    let first = errors(definition, is_express).into_iter().next()?;
    Some(Difference { ours: first.to_string(), expected: "no error".to_owned() })
}

/// The files below a folder that are JSON, by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json" || extension == "asl") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
