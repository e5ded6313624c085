//! A version of the language that there is not.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::spec::{Field, field_value};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "version",
    code: "version",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds a `Version` that is not \"1.0\".",
    doc: "There is one version of the States Language, `1.0`.",
    failing: r#"{"StartAt": "A", "Version": "1.1", "States": {"A": {"Type": "Succeed"}}}"#,
    passing: r#"{"StartAt": "A", "Version": "1.0", "States": {"A": {"Type": "Succeed"}}}"#,
    link: "https://states-language.net/spec.html#toplevelfields",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let node = ctx.facts.parse.root().and_then(|root| root.value_of(Field::Version.name()));
    if let Some(node) = node
        && node.text().is_some_and(|version| version != field_value::VERSION && !version.contains("${"))
    {
        ctx.report(Some(node), node.range(), format!("The version is \"{}\"", field_value::VERSION));
    }
}
