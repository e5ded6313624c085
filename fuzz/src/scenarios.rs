//! Files of scenarios.

use std::sync::Arc;

use asl_lsp::scenarios::{Coverage, Files, ScenarioFile, compare, updated_expectation};
use asl_lsp::simulator::{Budget, Simulation};
use asl_lsp::syntax;
use asl_lsp::text::SourceText;

use super::analysis::new;
use super::input::{format_of, parts};

const NESTING_MAX: usize = 512;
const STEPS: Budget = Budget::steps(200);

/// The definition of inputs that have none.
const DEFINITION: &str = r#"{"StartAt": "Read", "States": {
    "Read": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Next": "Choose",
        "Parameters": {"TableName": "Orders", "Key": {"id": {"S.$": "$.id"}}},
        "Retry": [{"ErrorEquals": ["States.ALL"]}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Call"}]},
    "Choose": {"Type": "Choice", "Choices": [{"Variable": "$.Item", "IsPresent": true, "Next": "Done"}], "Default": "Call"},
    "Call": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "Next": "Done"},
    "Done": {"Type": "Succeed"}}}"#;

/// Reads a file of scenarios, runs them and writes what they expect anew; after a zero byte the definition.
pub fn scenarios(data: &[u8]) {
    let mut parts = parts(data);
    let text = parts.next().unwrap_or_default();
    let analysis = new(&parts.next().unwrap_or_else(|| DEFINITION.to_owned()));
    let machine = analysis.machine();
    let parse = syntax::parse(SourceText::new(&text), format_of(&text), NESTING_MAX);
    let (file, problems) = ScenarioFile::read(&parse);
    for problem in problems {
        let range = problem.range;
        assert!(text.get(range.start() as usize..range.end() as usize).is_some(), "{problem:?} is outside");
    }
    let mut coverage = Coverage::new(machine);
    for scenario in &file.scenarios {
        let Ok(built) = file.scenario(scenario, machine, "machine", &Files::default()) else { continue };
        let mut simulation = Simulation::new(Arc::clone(machine), Arc::new(built));
        simulation.run(STEPS);
        let trace = simulation.into_trace();
        coverage.add(&trace, machine);
        if let Some(expect) = scenario.expect() {
            let _ = compare(expect, &trace, machine);
            let updated = updated_expectation(expect, &trace, machine);
            assert_eq!(compare(&updated, &trace, machine), [], "what was written anew is not met: {updated}");
        }
    }
}
