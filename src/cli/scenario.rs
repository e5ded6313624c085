//! What the command line says to run a state machine with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Error, Result, bail};
use clap::Args;
use serde_json::Value;

use super::dynamodb::seeds;
use super::input::{file_argument, json_argument};
use super::simulate::unreadable;
use super::{Io, TypeArgument};
use crate::ide::Analysis;
use crate::model::{State, StateMachine};
use crate::session::{Setup, open, read_json, read_objects, stem, time};
use crate::simulator::{Mocks, NestedMachine, Objects, Scenario};
use crate::spec::quota;

/// What to run a state machine with.
#[derive(Args)]
pub(super) struct RunArguments {
    /// The execution's input: JSON, @FILE, or - for standard input [default: {}]
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    pub(super) input: Option<String>,
    /// The tables: CreateTable requests with Items, templates, batch-write-item requests, output of scans
    #[arg(long, value_name = "@FILE|TABLE=FILE", num_args = 1..)]
    tables: Vec<String>,
    /// Delete items when the time in their table's time-to-live attribute has passed, on the simulation's clock
    #[arg(long)]
    ttl: bool,
    /// What tasks answer: a MockConfigFile.json of Step Functions Local
    #[arg(long, value_name = "FILE", requires = "test_case")]
    mock_config: Option<String>,
    /// The test case of the mock configuration
    #[arg(long, value_name = "NAME", requires = "mock_config")]
    test_case: Option<String>,
    /// What a state's task answers: result or errorOutput, as in TestState; an array for one answer a call. May be
    /// repeated. With --state, what the tested state's task, branches or iterations come to, without STATE=
    #[arg(long, value_name = "STATE=JSON|@FILE")]
    pub(super) mock: Vec<String>,
    /// The definition of a state machine that tasks start executions of, by its name or ARN. May be repeated
    #[arg(long, value_name = "NAME=FILE")]
    state_machine: Vec<String>,
    /// The context object: laid over that of an execution, or all there is for a tested state
    #[arg(long, value_name = "JSON|@FILE")]
    context: Option<String>,
    /// A folder in the place of Amazon S3: the object s3://bucket/key is the file DIR/bucket/key
    #[arg(long, value_name = "DIR")]
    s3: Option<PathBuf>,
    /// Where chance comes from: the same number, the same ids, tokens and random numbers
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// When the execution starts, such as 2026-01-31T09:00:00Z
    #[arg(long, value_name = "RFC3339")]
    start_time: Option<String>,
    /// Somebody stops the execution after so many seconds of its time
    #[arg(long, value_name = "SECONDS")]
    stop_after: Option<u32>,
    /// The name of the state machine, also in the mock configuration [default: the file's name up to the first dot]
    #[arg(long)]
    name: Option<String>,
    /// The type of the state machine
    #[arg(long = "type", value_name = "TYPE", value_enum, ignore_case = true, default_value = "STANDARD")]
    workflow_type: TypeArgument,
}

impl RunArguments {
    /// Whether anything says what to run with.
    pub(super) fn are_given(&self) -> bool {
        let texts = [&self.input, &self.mock_config, &self.context, &self.start_time, &self.name];
        texts.into_iter().any(Option::is_some)
            || self.s3.is_some()
            || self.stop_after.is_some()
            || self.seed != 0
            || self.ttl
            || !self.tables.is_empty()
            || !self.mock.is_empty()
            || !self.state_machine.is_empty()
    }
}

/// What the arguments say to run the machine of a file with.
pub(super) fn scenario(
    arguments: &RunArguments,
    file: &Path,
    analysis: &Analysis,
    io: &mut Io<'_>,
) -> Result<Scenario> {
    let input = json_of("--input", arguments.input.as_ref(), io)?;
    // AWS starts no execution with more.
    let n_bytes = input.as_ref().map_or(0, |input| input.to_string().len());
    if n_bytes > quota::PAYLOAD_BYTES_MAX {
        let limit = quota::PAYLOAD_BYTES_MAX;
        bail!("--input: {n_bytes} bytes as JSON: an execution takes at most {limit}");
    }
    let seeds = seeds(&arguments.tables).context("--tables")?;
    let tables = Some(seeds.tables().map_err(Error::msg).context("--tables")?);
    let name = arguments.name.clone().unwrap_or_else(|| stem(file));
    let mocks = match (&arguments.mock_config, &arguments.test_case) {
        (Some(file), Some(test_case)) => {
            let config = read_json(file_argument(file)).context("--mock-config")?;
            Mocks::from_config(&config, &name, test_case).with_context(|| file.clone())?
        }
        _ => Mocks::default(),
    };
    let context = json_of("--context", arguments.context.as_ref(), io)?;
    let start_time = match &arguments.start_time {
        Some(text) => Some(
            time(text)
                .with_context(|| format!("--start-time: not a time such as 2026-01-31T09:00:00Z: {text}"))?,
        ),
        None => None,
    };
    let setup = Setup {
        name,
        input,
        tables,
        mocks,
        context,
        state_machines: state_machines(arguments, io)?,
        objects: match &arguments.s3 {
            Some(folder) => read_objects(folder).context("--s3")?,
            None => Objects::default(),
        },
        start_time,
        stop_after_seconds: arguments.stop_after,
        seed: arguments.seed,
        is_express: matches!(arguments.workflow_type, TypeArgument::Express),
    };
    let scenario = setup.scenario(analysis);
    let mut scenario = scenario.map_err(|error| Error::msg(seeds.explain(&error))).context("--tables")?;
    if arguments.ttl {
        scenario.database = scenario.database.with_expiry();
    }
    Ok(scenario)
}

/// The definitions of the state machines that tasks start, by name or ARN.
fn state_machines(arguments: &RunArguments, io: &mut Io<'_>) -> Result<BTreeMap<Arc<str>, NestedMachine>> {
    let mut machines = BTreeMap::new();
    for argument in &arguments.state_machine {
        let Some((name, file)) =
            argument.split_once('=').filter(|(name, file)| !name.is_empty() && !file.is_empty())
        else {
            bail!("--state-machine: not NAME=FILE: {argument}");
        };
        let path = file_argument(file);
        let analysis = open(path, Arc::default()).context("--state-machine")?;
        if unreadable(&analysis, path, io)? {
            bail!("--state-machine: {file} is no definition");
        }
        let mocks = nested_mocks(arguments, name)?;
        let machine = NestedMachine { machine: analysis.machine().clone(), mocks };
        if machines.insert(Arc::from(name), machine).is_some() {
            bail!("--state-machine: {name} is given twice");
        }
    }
    Ok(machines)
}

/// The mocks of a state machine that is started: those of the same test case, if the configuration has them.
fn nested_mocks(arguments: &RunArguments, name: &str) -> Result<Mocks> {
    let (Some(file), Some(test_case)) = (&arguments.mock_config, &arguments.test_case) else {
        return Ok(Mocks::default());
    };
    let config = read_json(file_argument(file)).context("--mock-config")?;
    let name = name.split(':').nth(6).unwrap_or(name);
    let is_there = config.pointer("/StateMachines").and_then(|machines| machines.get(name)).is_some();
    if !is_there {
        return Ok(Mocks::default());
    }
    Mocks::from_config(&config, name, test_case).with_context(|| file.clone())
}

/// Adds the mocks of `--mock STATE=JSON` to the state machine, and to those that it starts, whichever has the state.
pub(super) fn mock_states(
    scenario: &mut Scenario,
    arguments: &[String],
    machine: &StateMachine,
    io: &mut Io<'_>,
) -> Result<()> {
    for argument in arguments {
        let machines = scenario.state_machines.values().map(|nested| &nested.machine);
        let names: Vec<&StateMachine> =
            std::iter::once(machine).chain(machines.map(|machine| &**machine)).collect();
        let (name, value) = named_state(argument, &names)?;
        let value = json_argument(value, io).context("--mock")?;
        if let Some(state) = find(machine, name) {
            let mocks = std::mem::take(&mut scenario.mocks);
            scenario.mocks = mocks.with_test_state(state, &value).context("--mock")?;
        }
        for nested in scenario.state_machines.values_mut() {
            if let Some(state) = find(&nested.machine, name) {
                let mocks = std::mem::take(&mut nested.mocks);
                nested.mocks = mocks.with_test_state(state, &value).context("--mock")?;
            }
        }
    }
    Ok(())
}

/// The state and the value in `STATE=VALUE`. A name may have an equals sign in it.
fn named_state<'a>(argument: &'a str, machines: &[&StateMachine]) -> Result<(&'a str, &'a str)> {
    let mut splits = argument.match_indices('=').map(|(at, _)| {
        let (name, rest) = argument.split_at(at);
        (name, rest.get(1..).unwrap_or_default())
    });
    let first = splits.clone().next();
    let known = splits.find(|(name, _)| machines.iter().any(|machine| find(machine, name).is_some()));
    match (known, first) {
        (Some(known), _) => Ok(known),
        (None, Some((name, _))) if !name.starts_with(['{', '[', '@']) => {
            bail!("--mock: no state is called '{name}'")
        }
        _ => bail!("--mock: not STATE=JSON: name the state that is mocked, or test one with --state"),
    }
}

fn find<'a>(machine: &'a StateMachine, name: &str) -> Option<&'a State> {
    machine.all_states().map(|(_, state)| state).find(|state| &*state.name == name)
}

/// The value of an argument, if there is one.
pub(super) fn json_of(
    flag: &'static str,
    argument: Option<&String>,
    io: &mut Io<'_>,
) -> Result<Option<Value>> {
    argument.map(|argument| json_argument(argument, io).context(flag)).transpose()
}
