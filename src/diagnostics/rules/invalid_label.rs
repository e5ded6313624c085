//! The label of a distributed Map that AWS does not take.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "invalid-label",
    code: "INVALID_LABEL_NAME",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds labels that are empty, too long or have characters that a label cannot have.",
    doc: "The label of a distributed Map becomes a part of the ARNs of its runs: it has 1 to 40 characters and no blanks, control characters, wildcards, brackets or other special characters.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Map", "Label": "a b", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Map", "Label": "ab", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    for error in facts.lowered.errors.iter().filter(|error| error.kind.is_label()) {
        ctx.report(Some(facts.parse.node(error.node)), error.range, error.message());
    }
}
