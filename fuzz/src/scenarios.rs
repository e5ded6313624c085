//! Files of scenarios.

use std::sync::Arc;

use asl_lsp::ide::{Analysis, ScenarioDocument, Surroundings};
use asl_lsp::model::StateMachine;
use asl_lsp::scenarios::{Coverage, Files, ScenarioFile, compare, skeleton, updated_expectation};
use asl_lsp::simulator::{Budget, Simulation};
use asl_lsp::syntax::{self, Format};
use asl_lsp::text::{SourceText, TextSize};

use super::analysis::{apply, new};
use super::input::{format_of, parts, places};

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
///
/// Mistakes lie within the text, edits fit it, and what was written anew is met. A first file made from the definition
/// is one without mistakes.
pub fn scenarios(data: &[u8]) {
    let mut parts = parts(data);
    let text = parts.next().unwrap_or_default();
    let analysis = Arc::new(new(&parts.next().unwrap_or_else(|| DEFINITION.to_owned())));
    let machine = analysis.machine();
    document(&text, &analysis);
    first_file_is_right(machine);
    let parse = syntax::parse(SourceText::new(&text), format_of(&text), NESTING_MAX);
    let (file, _) = ScenarioFile::read(&parse);
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

/// Everything that an editor asks of the file.
fn document(text: &str, analysis: &Arc<Analysis>) {
    let document = ScenarioDocument::new(SourceText::new(text), format_of(text));
    let surroundings = Surroundings { definition: Some(Ok(Arc::clone(analysis))), ..Surroundings::default() };
    for problem in document.problems(&surroundings) {
        let range = problem.range;
        assert!(text.get(range.start() as usize..range.end() as usize).is_some(), "{problem:?} is outside");
    }
    let _ = (document.symbols(), document.links());
    for place in places(text, text.len()) {
        let place = (place..text.len()).find(|&place| text.is_char_boundary(place)).unwrap_or(text.len());
        let offset = TextSize::try_from(place).unwrap_or(TextSize::MAX);
        let _ = document.hover(offset, Some(analysis));
        for completion in document.completion(offset, Some(analysis), &["tables.json".to_owned()]) {
            let mut edits = completion.additional_edits;
            edits.push(completion.edit);
            apply(text, edits);
        }
        if let Some((name, _)) = document.state_at(offset)
            && let Ok(edits) = document.rename(&name, "renamedByTheCheck")
        {
            apply(text, edits);
        }
    }
}

fn first_file_is_right(machine: &Arc<StateMachine>) {
    let text = skeleton(machine);
    let parse = syntax::parse(SourceText::new(&text), Format::Json, NESTING_MAX);
    let (_, problems) = ScenarioFile::read(&parse);
    assert!(parse.errors().is_empty() && problems.is_empty(), "{problems:?}\n{text}");
}
