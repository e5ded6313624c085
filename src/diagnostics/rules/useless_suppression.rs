//! A suppression that suppresses nothing.

use crate::diagnostics::rule::Check;
use crate::diagnostics::{Config, Rule, Severity};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "useless-suppression",
    code: "useless-suppression",
    severity: Severity::Hint,
    since: "0.1.0",
    summary: "Finds `asl-lsp: ignore` with a code of which there is no finding.",
    doc: "What it was for is gone. Remove it, so that it does not hide a later mistake.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed", "Comment": "asl-lsp: ignore NO_PATH"}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Fail", "Cause": "$.x", "Comment": "asl-lsp: ignore NO_PATH"}}}"#,
    link: "https://states-language.net/spec.html#state-types",
    config: Config::default,
    check: Check::Findings,
};
