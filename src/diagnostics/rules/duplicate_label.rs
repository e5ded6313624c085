//! Two distributed Maps have the same label.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use std::collections::BTreeMap;

use crate::diagnostics::rule::Finding;
use crate::model::StateBody;
use crate::spec::Field;
use crate::syntax::Node;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "duplicate-label",
    code: "DUPLICATE_LABEL_NAME",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds labels that several distributed Maps have.",
    doc: "A label tells the runs of one distributed Map from those of others, so it is unique within a state machine.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Map", "Label": "x", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "IA", "States": {"IA": {"Type": "Succeed"}}}, "Next": "B"},"B": {"Type": "Map", "Label": "x", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "IB", "States": {"IB": {"Type": "Succeed"}}}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Map", "Label": "xA", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "IA", "States": {"IA": {"Type": "Succeed"}}}, "Next": "B"},"B": {"Type": "Map", "Label": "xB", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "IB", "States": {"IB": {"Type": "Succeed"}}}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    let mut labels: BTreeMap<&str, Node<'_>> = BTreeMap::new();
    for (id, state) in facts.lowered.machine.all_states() {
        let StateBody::Map(map) = &state.body else { continue };
        let Some(label) = map.distributed.as_ref().and_then(|distributed| distributed.label.as_deref())
        else {
            continue;
        };
        let object = facts.lowered.source_map.state_node(facts.parse, id);
        let Some(node) = object.and_then(|object| object.value_of(Field::Label.name())) else { continue };
        match labels.get(label) {
            Some(first) => {
                let finding = Finding::new(Some(node), node.range(), format!("Duplicate label: {label}"));
                ctx.push(finding.related(first.range(), "The first Map with this label"));
            }
            None => {
                labels.insert(label, node);
            }
        }
    }
}
