//! A suppression of a code that does not exist.

use crate::diagnostics::rule::Check;
use crate::diagnostics::{Config, Rule, Severity};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "unknown-suppression",
    code: "unknown-suppression",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds `asl-lsp: ignore` with a code that no rule has.",
    doc: "A comment that contains `asl-lsp: ignore CODE, CODE` keeps findings with these codes, or of rules of these names, from being shown: in a state those about the state, at the top all. `asl-lsp explain` lists the codes.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed", "Comment": "asl-lsp: ignore foo"}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed", "Comment": "ignore foo"}}}"#,
    link: "https://states-language.net/spec.html#state-types",
    config: Config::default,
    check: Check::Findings,
};
