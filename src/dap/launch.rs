//! What a launch configuration says to debug.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::ide::Analysis;
use crate::scenarios::SCENARIO_SUFFIXES;
use crate::session::{Setup, Suite, open, parse_json, read_json, read_objects, stem, time};
use crate::simulator::{Mocks, Objects, Scenario};

/// A launch configuration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct LaunchArguments {
    /// The definition's file.
    program: Option<String>,
    /// The input: a value, or the path of a file that holds it.
    input: Option<Value>,
    /// The tables: an array, or the path of a file.
    tables: Option<Value>,
    /// The name of a scenario, which says input, tables, mocks and all else.
    scenario: Option<String>,
    /// The file of scenarios; the one beside the definition where none is named.
    scenarios: Option<String>,
    /// What tasks answer.
    mocks: Option<MockArguments>,
    /// A folder in the place of Amazon S3.
    s3: Option<String>,
    seed: Option<u64>,
    start_time: Option<String>,
    /// Laid over the context object: an object, or the path of a file.
    context: Option<Value>,
    stop_on_entry: Option<bool>,
    state_machine_type: Option<StateMachineType>,
    /// The name of the state machine, also in the mock configuration.
    state_machine_name: Option<String>,
    no_debug: Option<bool>,
}

/// The mock configuration of Step Functions Local and the test case in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MockArguments {
    config: String,
    test_case: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
enum StateMachineType {
    Standard,
    Express,
}

/// What is debugged.
#[derive(Debug)]
pub(super) struct Program {
    /// The definition's file, as it was named but for links and dots.
    pub(super) path: PathBuf,
    /// The definition.
    pub(super) analysis: Analysis,
    /// The state machine's name.
    pub(super) name: String,
    /// What it is run with.
    pub(super) scenario: Arc<Scenario>,
    /// Whether to stop before the first state.
    pub(super) stops_on_entry: bool,
    /// Whether breakpoints are passed over.
    pub(super) is_run_only: bool,
}

impl Program {
    /// Reads what the launch configuration names. Relative paths are looked for beside the definition.
    pub(super) fn load(arguments: &Value) -> Result<Self> {
        let arguments: LaunchArguments =
            serde_json::from_value(arguments.clone()).context("the launch configuration")?;
        let Some(program) = arguments.program.filter(|program| !program.is_empty()) else {
            bail!("program: name the file of a state machine's definition");
        };
        let path = Path::new(&program);
        let analysis = open(path, Arc::default()).context("program")?;
        if let Some(error) = analysis.parse().errors().first() {
            let at = analysis.source().line_column(error.range.start(), crate::text::ColumnEncoding::Utf32);
            bail!("program: {program}:{}:{}: {}", at.line + 1, at.column + 1, error.message());
        }
        if !analysis.parse().root().is_some_and(|root| root.is_object()) {
            bail!("program: {program} holds no state machine");
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        let beside = |file: &str| folder.join(file);
        let path_of_file = || path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if let Some(scenario) = &arguments.scenario {
            let (name, scenario) = of_suite(path, &analysis, arguments.scenarios.as_deref(), scenario)?;
            return Ok(Self {
                path: path_of_file(),
                analysis,
                name,
                scenario: Arc::new(scenario),
                stops_on_entry: arguments.stop_on_entry.unwrap_or_default(),
                is_run_only: arguments.no_debug.unwrap_or_default(),
            });
        }
        let name = arguments.state_machine_name.unwrap_or_else(|| stem(path));
        let setup = Setup {
            input: arguments.input.map(|input| value(input, folder).context("input")).transpose()?,
            tables: arguments.tables.map(|tables| value(tables, folder).context("tables")).transpose()?,
            context: arguments
                .context
                .map(|context| value(context, folder).context("context"))
                .transpose()?,
            mocks: match &arguments.mocks {
                Some(mocks) => {
                    let config = read_json(&beside(&mocks.config)).context("mocks")?;
                    Mocks::from_config(&config, &name, &mocks.test_case).context("mocks")?
                }
                None => Mocks::default(),
            },
            objects: match &arguments.s3 {
                Some(folder) => read_objects(&beside(folder)).context("s3")?,
                None => Objects::default(),
            },
            start_time: match &arguments.start_time {
                Some(text) => Some(time(text).with_context(|| {
                    format!("startTime: not a time such as 2026-01-31T09:00:00Z: {text}")
                })?),
                None => None,
            },
            seed: arguments.seed.unwrap_or_default(),
            is_express: arguments.state_machine_type == Some(StateMachineType::Express),
            name: name.clone(),
            ..Setup::default()
        };
        let scenario = Arc::new(setup.scenario(&analysis).context("tables")?);
        Ok(Self {
            path: path_of_file(),
            analysis,
            name,
            scenario,
            stops_on_entry: arguments.stop_on_entry.unwrap_or_default(),
            is_run_only: arguments.no_debug.unwrap_or_default(),
        })
    }
}

/// The scenario of a file of scenarios, and the name of its state machine.
fn of_suite(
    definition: &Path,
    analysis: &Analysis,
    file: Option<&str>,
    name: &str,
) -> Result<(String, Scenario)> {
    let folder = definition.parent().unwrap_or(Path::new(""));
    let beside = || {
        let names = SCENARIO_SUFFIXES.map(|suffix| folder.join(format!("{}{suffix}", stem(definition))));
        names.into_iter().find(|path| path.is_file())
    };
    let file = match file {
        Some(file) => folder.join(file),
        None => beside().context("scenario: there is no file of scenarios beside the definition")?,
    };
    let suite = Suite::read(&file).context("scenarios")?;
    if suite.analysis.fingerprint() != analysis.fingerprint() {
        bail!("scenarios: {} is for another definition", file.display());
    }
    let cases = suite.cases().context("scenarios")?;
    let case = cases.iter().find(|case| case.name == name);
    let case = case.with_context(|| format!("scenario: none in {} is called {name}", file.display()))?;
    let scenario = suite.scenario(case).map_err(|error| suite.located(&error)).context("scenario")?;
    Ok((suite.machine_name, scenario))
}

/// A value of a launch configuration: a string is JSON where it looks like an object or array, and the path of a
/// file otherwise.
fn value(given: Value, folder: &Path) -> Result<Value> {
    match given {
        Value::String(text) if text.trim_start().starts_with(['{', '[', '"']) => {
            parse_json(&text, "the value")
        }
        Value::String(text) if text.is_empty() => Ok(Value::Object(Map::new())),
        Value::String(text) => read_json(&folder.join(text)),
        value => Ok(value),
    }
}
