//! `--update`: what a scenario expects becomes what came out.

use anyhow::{Context, Result};

use super::{SuiteResult, Verdict};
use crate::scenarios::{expectation_of, updated_expectation};
use crate::simulator::Outcome;
use crate::syntax::edit::{Draft, insert_member, replace_value};
use crate::text::{TextEdit, apply_edits};

const EXPECT: &str = "expect";

/// Rewrites the expectations of a file that were not met, and adds those that are not there. What could not be run to
/// its end stays as it is.
pub(super) fn update(suite: &mut SuiteResult) -> Result<()> {
    let parse = &suite.suite.parse;
    let machine = suite.suite.analysis.machine();
    let mut edits: Vec<TextEdit> = Vec::new();
    for result in &mut suite.results {
        let Some(trace) = &result.trace else { continue };
        let scenario = result.idx.and_then(|idx| suite.suite.file.scenarios.get(idx));
        let is_final = trace.outcome.is_final() && !matches!(trace.outcome, Outcome::Blocked(_));
        let Some(scenario) = scenario.filter(|_| is_final) else { continue };
        let pointer = format!("/scenarios/{}", scenario.name.replace('~', "~0").replace('/', "~1"));
        let Some(object) = parse.resolve(&pointer).filter(|node| node.is_object()) else { continue };
        let edit = match (object.value_of(EXPECT), scenario.expect()) {
            (Some(node), Some(expect)) if !matches!(result.verdict, Verdict::Passed) => {
                let updated = updated_expectation(expect, trace, machine);
                Some(replace_value(parse, node, &Draft::of_value(&updated)))
            }
            (None, _) => {
                let draft = Draft::of_value(&expectation_of(trace, machine));
                insert_member(parse, object, None, EXPECT, &draft)
            }
            _ => None,
        };
        if let Some(edit) = edit {
            edits.push(edit);
            result.verdict = Verdict::Passed;
        }
    }
    if !edits.is_empty() {
        let path = &suite.suite.path;
        let text = apply_edits(parse.source().as_str(), &edits);
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
