//! The name of a state that AWS does not take.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "invalid-state-name",
    code: "INVALID_STATE_NAME",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds names of states that are empty or too long.",
    doc: "The name of a state has 1 to 80 characters.",
    failing: r#"{"StartAt": "", "States": {"": {"Type": "Succeed"}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#,
    link: "https://states-language.net/spec.html#state-types",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    for error in facts.lowered.errors.iter().filter(|error| error.kind.is_state_name()) {
        ctx.report(Some(facts.parse.node(error.node)), error.range, error.message());
    }
}
