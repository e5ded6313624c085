//! Results for people.

use anyhow::Result;
use serde_json::Value;

use super::{CaseResult, SuiteResult, Verdict};
use crate::cli::Io;
use crate::cli::render::json_line;
use crate::scenarios::Mismatch;

/// Writes a line for each scenario, what differs, what was not reached, and a count.
pub(super) fn write(results: &[SuiteResult], tells_coverage: bool, io: &mut Io<'_>) -> Result<()> {
    let (mut n_passed, mut n_failed) = (0_usize, 0_usize);
    for suite in results {
        writeln!(io.output, "{}", suite.suite.path.display())?;
        for result in &suite.results {
            *(if result.is_passed() { &mut n_passed } else { &mut n_failed }) += 1;
            write_case(result, io)?;
        }
        let missed = suite.coverage.missed();
        if tells_coverage && !missed.is_empty() {
            let machine = suite.suite.analysis.machine();
            let labels: Vec<String> = missed.iter().map(|part| part.label(machine)).collect();
            writeln!(io.output, "  not reached: {}", labels.join(", "))?;
        }
        writeln!(io.output)?;
    }
    let n_all = n_passed + n_failed;
    let noun = if n_all == 1 { "scenario" } else { "scenarios" };
    writeln!(io.output, "{n_all} {noun}: {n_passed} passed, {n_failed} failed")?;
    Ok(())
}

fn write_case(result: &CaseResult, io: &mut Io<'_>) -> Result<()> {
    let status =
        result.trace.as_ref().map(|trace| format!("  {}", trace.outcome.status())).unwrap_or_default();
    let word = match &result.verdict {
        Verdict::Passed => "ok    ",
        Verdict::Failed(_) => "FAILED",
        Verdict::Broken(_) => "ERROR ",
    };
    let word = match (io.has_color, &result.verdict) {
        (false, _) => word.to_owned(),
        (true, Verdict::Passed) => format!("\u{1b}[32m{word}\u{1b}[0m"),
        (true, _) => format!("\u{1b}[31m{word}\u{1b}[0m"),
    };
    writeln!(io.output, "  {word}  {}{status}", result.name)?;
    match &result.verdict {
        Verdict::Passed => {}
        Verdict::Failed(mismatches) => {
            for mismatch in mismatches {
                write_mismatch(mismatch, io)?;
            }
        }
        Verdict::Broken(reason) => writeln!(io.output, "          {reason}")?,
    }
    Ok(())
}

fn write_mismatch(mismatch: &Mismatch, io: &mut Io<'_>) -> Result<()> {
    let value = |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), json_line);
    writeln!(io.output, "          {}", place(&mismatch.pointer))?;
    writeln!(io.output, "            expected  {}", value(&mismatch.expected))?;
    writeln!(io.output, "            actual    {}", value(&mismatch.actual))?;
    Ok(())
}

/// A JSON Pointer as people write it: `states.GetOrder.output.Item`.
pub(super) fn place(pointer: &str) -> String {
    let parts = pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
    parts.collect::<Vec<_>>().join(".")
}
