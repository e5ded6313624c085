//! `asl-lsp simulate`: runs a state machine and shows what every state outputs, or tests one state.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use serde_json::{Map, Value};

use super::input::place;
use super::render::json_line;
use super::scenario::{RunArguments, json_of, mock_states, scenario};
use super::test_state::{self, Test, around_lone_state, is_lone_state};
use super::{FAILURE, Io, SUCCESS, USAGE};
use crate::diagnostics::Severity;
use crate::ide::Analysis;
use crate::model::StateMachine;
use crate::session::{RemoteTables, RemoteWrites, open};
use crate::simulator::{
    Budget, Mock, NestedExecution, Outcome, Scenario, Simulation, StateConfiguration, Step, Trace, Visit,
    VisitStatus, history_json, report_json,
};
use crate::spec::quota;

/// What is said where metadata was there and is not shown.
pub(super) const METADATA_LEFT_OUT: &str =
    "SdkHttpMetadata and SdkResponseMetadata are left out here; --format json shows them.";

#[derive(Args)]
pub(super) struct Arguments {
    /// The definition, such as order.asl.json; or one state of it, to test that
    file: PathBuf,
    #[command(flatten)]
    run: RunArguments,
    /// Send what tasks ask of DynamoDB to the tables at this address instead, such as http://localhost:8000, signed with
    /// the credentials of the environment (AWS_ACCESS_KEY_ID, AWS_PROFILE and the like). Only reads, see --allow-writes
    #[arg(long, value_name = "URL", conflicts_with_all = ["tables", "ttl", "state"])]
    dynamodb_endpoint: Option<String>,
    /// Let the simulation write to the tables of --dynamodb-endpoint
    #[arg(long, requires = "dynamodb_endpoint")]
    allow_writes: bool,
    /// Test one state, as AWS's TestState API does, instead of running the machine
    #[arg(long, value_name = "NAME")]
    state: Option<String>,
    /// The values of variables for the tested state, by name
    #[arg(long, value_name = "JSON|@FILE")]
    variables: Option<String>,
    /// The situation of the tested state: retrierRetryCount and the like, as in TestState
    #[arg(long, value_name = "JSON|@FILE")]
    state_config: Option<String>,
    /// text: a line for each state; json: every stage of every state; history: as GetExecutionHistory prints it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    History,
}

pub(super) fn run(arguments: &Arguments, io: &mut Io<'_>) -> Result<u8> {
    let mut analysis = open(&arguments.file, Arc::default())?;
    if unreadable(&analysis, &arguments.file, io)? {
        return Ok(USAGE);
    }
    let is_lone = is_lone_state(&analysis);
    let mut state_name = arguments.state.clone();
    if is_lone {
        let (around, name) = around_lone_state(&analysis, state_name.as_deref());
        (analysis, state_name) = (around, Some(name));
    }
    let mut scenario = scenario(&arguments.run, &arguments.file, &analysis, io)?;
    scenario.is_database_remote = arguments.dynamodb_endpoint.is_some();
    let Some(state_name) = state_name else {
        mock_states(&mut scenario, &arguments.run.mock, analysis.machine(), io)?;
        let only_tested =
            [("--variables", &arguments.variables), ("--state-config", &arguments.state_config)];
        if let Some((flag, _)) = only_tested.into_iter().find(|(_, given)| given.is_some()) {
            bail!("{flag} is for one state: name it with --state");
        }
        let remote = match &arguments.dynamodb_endpoint {
            Some(url) => {
                Some(RemoteTables::new(url, writes(arguments.allow_writes)).context("--dynamodb-endpoint")?)
            }
            None => None,
        };
        return run_machine(&analysis, scenario, remote, arguments.format, io);
    };
    if arguments.dynamodb_endpoint.is_some() {
        bail!("--dynamodb-endpoint is for state machines: a state alone is tested with --tables or --mock");
    }
    if matches!(arguments.format, Format::History) {
        bail!("a state alone has no history: use --format text or json");
    }
    let names = scenario.names.clone().of_test();
    let test = Test {
        analysis,
        state_name,
        is_lone,
        scenario: Scenario { names, ..scenario },
        variables: match json_of("--variables", arguments.variables.as_ref(), io)? {
            Some(Value::Object(variables)) => variables,
            Some(_) => bail!("--variables: not a JSON object"),
            None => Map::new(),
        },
        mock: json_of("--mock", only_mock(&arguments.run.mock)?, io)?
            .map(|mock| Mock::from_json(&mock).context("--mock"))
            .transpose()?,
        configuration: json_of("--state-config", arguments.state_config.as_ref(), io)?
            .map(|configuration| StateConfiguration::from_json(&configuration).context("--state-config"))
            .transpose()?
            .unwrap_or_default(),
    };
    test_state::run(test, matches!(arguments.format, Format::Json), io)
}

fn writes(are_allowed: bool) -> RemoteWrites {
    if are_allowed { RemoteWrites::Allowed } else { RemoteWrites::Refused { allowed_by: "--allow-writes" } }
}

/// The one mock of a tested state.
fn only_mock(mocks: &[String]) -> Result<Option<&String>> {
    match mocks {
        [] => Ok(None),
        [mock] => Ok(Some(mock)),
        _ => bail!("--mock: one state has one mock"),
    }
}

fn run_machine(
    analysis: &Analysis,
    scenario: Scenario,
    mut remote: Option<RemoteTables>,
    format: Format,
    io: &mut Io<'_>,
) -> Result<u8> {
    let scenario = Arc::new(scenario);
    let trace = simulate(analysis.machine(), &scenario, remote.as_mut())?;
    match format {
        Format::Text => write_text(&trace, analysis.machine(), remote.as_ref(), io)?,
        Format::Json => {
            let mut report = report_json(&trace, analysis.machine(), &scenario.names);
            if let Some(remote) = &remote {
                remote.replace_tables(&mut report);
            }
            writeln!(io.output, "{report:#}")?;
        }
        Format::History => writeln!(io.output, "{:#}", history_json(&trace, &scenario.names))?,
    }
    Ok(if matches!(trace.outcome, Outcome::Succeeded { .. }) { SUCCESS } else { FAILURE })
}

pub(super) fn simulate(
    machine: &Arc<StateMachine>,
    scenario: &Arc<Scenario>,
    remote: Option<&mut RemoteTables>,
) -> Result<Trace> {
    simulate_within(machine, scenario, remote, Duration::from_secs(quota::SIMULATION_SECONDS_MAX))
}

/// Simulates to the end, and says when that is too far. The simulation counts steps; only here is a clock looked at.
fn simulate_within(
    machine: &Arc<StateMachine>,
    scenario: &Arc<Scenario>,
    mut remote: Option<&mut RemoteTables>,
    limit: Duration,
) -> Result<Trace> {
    // Few enough that the time is seen to be over soon, where each takes as long as an expression may.
    const SLICE: u64 = 10;
    let mut simulation = Simulation::new(machine.clone(), scenario.clone());
    let start = Instant::now();
    let mut n_slices = 0;
    while n_slices < quota::SIMULATION_STEPS_MAX / SLICE {
        match simulation.run(Budget::steps(SLICE)) {
            Step::Finished => return Ok(simulation.into_trace()),
            Step::Advanced => n_slices += 1,
            // No slice: how many requests are sent is limited where they are.
            Step::Awaiting => {
                let request = simulation.pending_request().cloned();
                if let (Some(remote), Some(request)) = (&mut remote, request) {
                    simulation.answer(remote.answer(&request));
                } else {
                    bail!("nobody answers for remote tables");
                }
            }
        }
        if start.elapsed() >= limit {
            bail!("the execution did not end within {} seconds", limit.as_secs());
        }
    }
    bail!("the execution did not end within {} steps", quota::SIMULATION_STEPS_MAX)
}

/// Says where a text is no JSON object, if it is none. A definition with other mistakes is run as far as it goes.
pub(super) fn unreadable(analysis: &Analysis, path: &Path, io: &mut Io<'_>) -> Result<bool> {
    let has_root = analysis.parse().root().is_some_and(|root| root.is_object());
    if has_root && analysis.parse().errors().is_empty() {
        return Ok(false);
    }
    // A missing comma makes other mistakes, some of them before it.
    let syntax = analysis.parse().errors().first().map(|error| (error.range, error.message()));
    let others = || analysis.diagnostics().iter().find(|found| found.severity == Severity::Error);
    if let Some((range, message)) =
        syntax.or_else(|| others().map(|found| (found.range, found.message.clone())))
    {
        let place = place(analysis.source(), range.start());
        writeln!(io.errors, "error: {}:{place}: {message}", path.display())?;
    }
    Ok(true)
}

fn write_text(
    trace: &Trace,
    machine: &StateMachine,
    remote: Option<&RemoteTables>,
    io: &mut Io<'_>,
) -> Result<()> {
    let label = |visit: &Visit| {
        let path = machine.path_of(visit.state);
        format!("{}{}", "  ".repeat(path.len().saturating_sub(1)), path.last().copied().unwrap_or_default())
    };
    let width = trace.visits.iter().map(|visit| label(visit).chars().count()).max().unwrap_or(0).min(40);
    let mut has_metadata = false;
    for visit in &trace.visits {
        let label = label(visit);
        let padding = width.saturating_sub(label.chars().count());
        let outcome = visit_outcome(visit, trace, machine, &mut has_metadata);
        writeln!(io.output, "{label}{}  {outcome}", " ".repeat(padding))?;
    }
    if !trace.visits.is_empty() {
        writeln!(io.output)?;
    }
    writeln!(io.output, "{}", final_status(trace, machine, &mut has_metadata))?;
    for execution in &trace.executions {
        writeln!(io.output, "\n{}", started(execution, &mut has_metadata))?;
    }
    for (bucket, key, body) in trace.written.iter() {
        writeln!(io.output, "\ns3://{bucket}/{key}: {} bytes", body.len())?;
    }
    if let Some(remote) = remote {
        writeln!(io.output, "\n{}", remote.summary())?;
    }
    let tables = trace.database.tables().filter(|_| remote.is_none());
    for table in tables {
        let items = table.items_to_json();
        let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
        writeln!(
            io.output,
            "\n{}: {} item{}",
            table.name(),
            items.len(),
            if items.len() == 1 { "" } else { "s" }
        )?;
        for item in items {
            writeln!(io.output, "  {}", json_line(item))?;
        }
    }
    if has_metadata {
        writeln!(io.output, "\n{METADATA_LEFT_OUT}")?;
    }
    Ok(())
}

/// An execution that a task started, in one line.
fn started(execution: &NestedExecution, has_metadata: &mut bool) -> String {
    let NestedExecution { names, outcome, .. } = execution;
    let name = format!("execution {} of {}", names.execution_name, names.state_machine_name);
    let came_to = match outcome {
        Outcome::Succeeded { output } => json_line(&without_metadata(output, has_metadata)),
        Outcome::Failed { error } => {
            [error.name.as_deref(), error.cause.as_deref()].map(Option::unwrap_or_default).join(": ")
        }
        Outcome::Blocked(blocked) => blocked.reason.clone(),
        Outcome::Running | Outcome::TimedOut | Outcome::Aborted => String::new(),
    };
    format!("{name}: {}  {came_to}", outcome.status()).trim_end().to_owned()
}

fn visit_outcome(visit: &Visit, trace: &Trace, machine: &StateMachine, has_metadata: &mut bool) -> String {
    let next = visit.next.and_then(|id| machine.state(id)).map(|state| format!(" → {}", state.name));
    let next = next.unwrap_or_default();
    let retries = match visit.n_retries {
        0 => String::new(),
        n => {
            let seconds =
                visit.exited.map_or(0, |exited| exited.millis_since(visit.entered)) as f64 / 1_000.0;
            format!("  ({n} {} in {seconds} s)", if n == 1 { "retry" } else { "retries" })
        }
    };
    let error = |error: &crate::simulator::StatesError| {
        let name = error.name.as_deref().unwrap_or("an error without a name");
        // Causes can be long, and the line of the execution's end says the one that ends it.
        let is_end = matches!(&trace.outcome, Outcome::Failed { error: end } if end == error);
        match error.cause.as_deref().filter(|_| !is_end) {
            Some(cause) => format!("{name}: {cause}"),
            None => name.to_owned(),
        }
    };
    match &visit.status {
        VisitStatus::Succeeded => {
            let output = visit.stages.output.as_deref().map(|output| without_metadata(output, has_metadata));
            format!("{}{retries}", output.map(|output| json_line(&output)).unwrap_or_default())
        }
        VisitStatus::Caught(caught) => format!("caught {}{next}{retries}", error(caught)),
        VisitStatus::Failed(failed) => format!("failed with {}{retries}", error(failed)),
        VisitStatus::Running => "did not end".to_owned(),
        VisitStatus::Aborted => "given up".to_owned(),
        VisitStatus::Blocked => "cannot be simulated".to_owned(),
    }
}

fn final_status(trace: &Trace, machine: &StateMachine, has_metadata: &mut bool) -> String {
    let status = trace.outcome.status();
    match &trace.outcome {
        Outcome::Succeeded { output } => {
            format!("{status}  {}", json_line(&without_metadata(output, has_metadata)))
        }
        Outcome::Failed { error } => {
            let name = error.name.as_deref().unwrap_or("no error name");
            match error.cause.as_deref() {
                Some(cause) => format!("{status}  {name}: {cause}"),
                None => format!("{status}  {name}"),
            }
        }
        Outcome::Blocked(blocked) => {
            let state = blocked.state.and_then(|id| machine.state(id));
            let place = state.map(|state| format!(" at {}", state.name)).unwrap_or_default();
            let field = if blocked.field.as_str().is_empty() {
                String::new()
            } else {
                format!(" ({})", blocked.field)
            };
            format!("{status}{place}{field}  {}", blocked.reason)
        }
        Outcome::TimedOut | Outcome::Aborted | Outcome::Running => status.to_owned(),
    }
}

/// A value without what the SDK tells of the HTTP request, and whether there was any of that.
pub(super) fn without_metadata(value: &Value, has_metadata: &mut bool) -> Value {
    let rest = crate::simulator::without_metadata(value);
    *has_metadata |= rest != *value;
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Format as DocumentFormat;
    use crate::text::SourceText;

    #[test]
    fn an_execution_takes_some_time_at_most() {
        let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}"#;
        let analysis = Analysis::new(SourceText::new(text), DocumentFormat::Json, Arc::default());
        let scenario = Arc::new(Scenario { is_express: true, ..Scenario::default() });
        let error = simulate_within(analysis.machine(), &scenario, None, Duration::ZERO).unwrap_err();
        assert_eq!(error.to_string(), "the execution did not end within 0 seconds");
    }
}
