//! A field that has a newer name.

use crate::diagnostics::rule::Finding;
use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::StateBody;
use crate::spec::Field;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "deprecated-field",
    code: "deprecated-field",
    severity: Severity::Hint,
    since: "0.1.0",
    summary: "Finds `Iterator` and `Parameters` of Map states.",
    doc: "`ItemProcessor` is the newer name of `Iterator`, `ItemSelector` that of `Parameters` in a Map state. The older ones work, but know nothing of distributed mode.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Map",  "Iterator": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Map",  "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}, "End": true}}}"#,
    link: "https://states-language.net/spec.html#map-state",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    if !matches!(view.state.body, StateBody::Map(_)) {
        return;
    }
    let newer = [(Field::Iterator, Field::ItemProcessor), (Field::Parameters, Field::ItemSelector)];
    for (old, new) in newer {
        if let Some(member) = view.node.get(old.name()) {
            let message = format!("'{}' is called '{}' today", old.name(), new.name());
            let key = member.key_node();
            ctx.push(Finding::new(Some(key), key.range(), message).deprecated());
        }
    }
}
