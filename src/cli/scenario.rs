//! What the command line says to run a state machine with.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Error, Result, bail};
use serde_json::{Map, Value};

use super::dynamodb::seeds;
use super::input::{file_argument, json_argument, open, read_json};
use super::objects::read_objects;
use super::simulate::{Arguments, unreadable};
use super::{Io, TypeArgument};
use crate::dynamodb::Database;
use crate::expr::parse_timestamp;
use crate::ide::Analysis;
use crate::model::{State, StateMachine};
use crate::simulator::{Mocks, Names, NestedMachine, Objects, Scenario, Time};
use crate::spec::quota;

/// What the arguments say to run the machine with.
pub(super) fn scenario(arguments: &Arguments, analysis: &Analysis, io: &mut Io<'_>) -> Result<Scenario> {
    let input = json_of("--input", arguments.input.as_ref(), io)?;
    // AWS starts no execution with more.
    let n_bytes = input.as_ref().map_or(0, |input| input.to_string().len());
    if n_bytes > quota::PAYLOAD_BYTES_MAX {
        let limit = quota::PAYLOAD_BYTES_MAX;
        bail!("--input: {n_bytes} bytes as JSON: an execution takes at most {limit}");
    }
    let database = database(arguments, analysis).context("--tables")?;
    let name = arguments.name.clone().unwrap_or_else(|| stem(&arguments.file));
    let mocks = match (&arguments.mock_config, &arguments.test_case) {
        (Some(file), Some(test_case)) => {
            let config = read_json(file_argument(file)).context("--mock-config")?;
            Mocks::from_config(&config, &name, test_case).with_context(|| file.clone())?
        }
        _ => Mocks::default(),
    };
    let context = json_of("--context", arguments.context.as_ref(), io)?;
    let names = match &context {
        Some(context) => Names::new(&name).with_context(context),
        None => Names::new(&name),
    };
    let start_time = match &arguments.start_time {
        Some(text) => parse_timestamp(text)
            .map(Time::from)
            .with_context(|| format!("--start-time: not a time such as 2026-01-31T09:00:00Z: {text}"))?,
        // The clock agrees with the context object, if that says when the execution started.
        None => context.as_ref().and_then(started).unwrap_or(Time::DEFAULT_START),
    };
    let state_machines = state_machines(arguments, io)?;
    let stop_time = arguments.stop_after.map(|seconds| start_time.plus_seconds(i64::from(seconds)));
    Ok(Scenario {
        input: Arc::new(input.unwrap_or_else(|| Value::Object(Map::new()))),
        database,
        is_database_remote: arguments.dynamodb_endpoint.is_some(),
        mocks,
        names,
        objects: match &arguments.s3 {
            Some(folder) => read_objects(folder).context("--s3")?,
            None => Objects::default(),
        },
        context,
        state_machines,
        start_time,
        stop_time,
        seed: arguments.seed,
        is_express: matches!(arguments.workflow_type, TypeArgument::Express),
        ..Scenario::default()
    })
}

/// The tables of the files, and those that the machine's tasks let assume.
fn database(arguments: &Arguments, analysis: &Analysis) -> Result<Database> {
    let seeds = seeds(&arguments.tables)?;
    let declared = seeds.tables().map_err(Error::msg)?;
    let database = analysis.database(Some(&declared)).map_err(|error| Error::msg(seeds.explain(&error)))?;
    Ok(if arguments.ttl { database.with_expiry() } else { database })
}

/// When the execution of a context object started.
fn started(context: &Value) -> Option<Time> {
    let time = context.pointer("/Execution/StartTime")?.as_str()?;
    parse_timestamp(time).map(Time::from)
}

/// The definitions of the state machines that tasks start, by name or ARN.
fn state_machines(arguments: &Arguments, io: &mut Io<'_>) -> Result<BTreeMap<Arc<str>, NestedMachine>> {
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
fn nested_mocks(arguments: &Arguments, name: &str) -> Result<Mocks> {
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

/// The name of a file up to its first dot: `order` of `order.asl.json`.
fn stem(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.split('.').find(|part| !part.is_empty()).unwrap_or("StateMachine").to_owned()
}
