//! `asl-lsp test`: runs scenarios and compares what comes out with what they expect.

mod coverage;
mod json;
mod junit;
mod list;
mod text;
mod update;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use serde_json::Value;

use super::files::{Wanted, collect};
use super::{FAILURE, Io, SUCCESS};
use crate::ide::Analysis;
use crate::scenarios::{Coverage, Mismatch, compare};
use crate::session::{Case, Suite};
use crate::simulator::{Budget, Outcome, Simulation, Step, Trace};
use crate::spec::quota;
use crate::text::TextRange;

#[derive(Args)]
pub(super) struct Arguments {
    /// Files of scenarios, such as order.scenarios.json, and folders with such files [default: this folder]
    paths: Vec<PathBuf>,
    /// Run only the scenarios whose names hold this text
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Run only the scenario of this name. May be repeated
    #[arg(long, value_name = "NAME")]
    scenario: Vec<String>,
    /// Say which scenarios there are and where, and run none
    #[arg(long, conflicts_with_all = ["coverage", "update"])]
    list: bool,
    /// text: a line for each scenario, and what differs; json: all of it; junit: XML, as CI servers read it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write which parts of the definitions were reached instead of the results
    #[arg(long, value_enum, value_name = "FORMAT")]
    coverage: Option<CoverageFormat>,
    /// Rewrite what the scenarios expect to what comes out
    #[arg(long)]
    update: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Junit,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CoverageFormat {
    Lcov,
    Json,
}

/// The results of a file of scenarios.
struct SuiteResult {
    suite: Suite,
    results: Vec<CaseResult>,
    coverage: Coverage,
}

/// What came of a scenario.
struct CaseResult {
    name: String,
    range: TextRange,
    idx: Option<usize>,
    verdict: Verdict,
    /// Of one that was run.
    trace: Option<Trace>,
}

enum Verdict {
    /// As expected.
    Passed,
    /// Otherwise than expected.
    Failed(Vec<Mismatch>),
    /// It could not be run, or not to its end: why.
    Broken(String),
}

impl Arguments {
    fn takes_all(&self) -> bool {
        self.filter.is_none() && self.scenario.is_empty()
    }

    /// Whether a scenario of this name is wanted.
    fn takes(&self, name: &str) -> bool {
        let has_text = self.filter.as_deref().is_none_or(|filter| name.contains(filter));
        has_text && (self.scenario.is_empty() || self.scenario.iter().any(|wanted| wanted == name))
    }
}

impl CaseResult {
    fn is_passed(&self) -> bool {
        matches!(self.verdict, Verdict::Passed)
    }
}

pub(super) fn run(arguments: &Arguments, io: &mut Io<'_>) -> Result<u8> {
    let here = [PathBuf::from(".")];
    let paths = if arguments.paths.is_empty() { here.as_slice() } else { arguments.paths.as_slice() };
    let mut files = Vec::new();
    for path in paths {
        collect(path, Wanted::Scenarios, &mut files)?;
    }
    let mut results = Vec::new();
    if arguments.list {
        return list::list(&files, arguments, io);
    }
    for path in &files {
        results.push(run_suite(path, arguments)?);
    }
    if results.iter().all(|suite| suite.results.is_empty()) {
        match (&arguments.filter, arguments.scenario.first()) {
            (Some(filter), _) => bail!("no scenario has \"{filter}\" in its name"),
            (None, Some(name)) => bail!("no scenario is called \"{name}\""),
            (None, None) => bail!("there are no scenarios in the files"),
        }
    }
    if arguments.update {
        for suite in &mut results {
            update::update(suite)?;
        }
    }
    match (arguments.coverage, arguments.format) {
        (Some(CoverageFormat::Lcov), _) => coverage::write_lcov(&results, io)?,
        (Some(CoverageFormat::Json), _) => writeln!(io.output, "{:#}", coverage::json(&results))?,
        (None, Format::Text) => text::write(&results, arguments.takes_all(), io)?,
        (None, Format::Json) => writeln!(io.output, "{:#}", json::of(&results))?,
        (None, Format::Junit) => junit::write(&results, io)?,
    }
    let is_passed = results.iter().flat_map(|suite| &suite.results).all(CaseResult::is_passed);
    Ok(if is_passed { SUCCESS } else { FAILURE })
}

fn run_suite(path: &Path, arguments: &Arguments) -> Result<SuiteResult> {
    let suite = Suite::read(path)?;
    let machine = Arc::clone(suite.analysis.machine());
    let mut coverage = Coverage::new(&machine);
    let mut results = Vec::new();
    for case in suite.cases()? {
        if !arguments.takes(&case.name) {
            continue;
        }
        let result = run_case(&suite, case);
        if let Some(trace) = &result.trace {
            coverage.add(trace, &machine);
        }
        results.push(result);
    }
    Ok(SuiteResult { suite, results, coverage })
}

fn run_case(suite: &Suite, case: Case) -> CaseResult {
    let expect = suite.own(&case).and_then(|scenario| scenario.expect());
    let (verdict, trace) = match suite.scenario(&case) {
        Err(error) => (Verdict::Broken(suite.located(&error).to_string()), None),
        Ok(scenario) => {
            let mut simulation = Simulation::new(suite.analysis.machine().clone(), Arc::new(scenario));
            let step = simulation.run(Budget::steps(quota::SIMULATION_STEPS_MAX));
            let trace = simulation.into_trace();
            (verdict(step, &trace, expect, &suite.analysis), Some(trace))
        }
    };
    CaseResult { name: case.name, range: case.range, idx: case.idx, verdict, trace }
}

fn verdict(step: Step, trace: &Trace, expect: Option<&Value>, analysis: &Analysis) -> Verdict {
    if step == Step::Advanced {
        let limit = quota::SIMULATION_STEPS_MAX;
        return Verdict::Broken(format!("the execution did not end within {limit} steps"));
    }
    let is_expected = expect.is_some_and(|expect| expect.get("status").is_some());
    if let (Outcome::Blocked(blocked), false) = (&trace.outcome, is_expected) {
        let state = blocked.state.and_then(|id| analysis.machine().state(id));
        let place = state.map(|state| format!("{}: ", state.name)).unwrap_or_default();
        return Verdict::Broken(format!("cannot be simulated: {place}{}", blocked.reason));
    }
    let mismatches = expect.map(|expect| compare(expect, trace, analysis.machine())).unwrap_or_default();
    if mismatches.is_empty() { Verdict::Passed } else { Verdict::Failed(mismatches) }
}
