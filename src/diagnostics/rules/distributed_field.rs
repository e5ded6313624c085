//! A field that only a distributed Map has, in an inline one.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::{StateBody, is_filled_in};
use crate::spec::{Field, field_value};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "distributed-field",
    code: "distributed-field",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds `ItemReader`, `ItemBatcher`, `ResultWriter` and `Label` in Map states that are not distributed, and `ProcessorConfig` that is incomplete.",
    doc: "These fields have a meaning only with `\"ProcessorConfig\": {\"Mode\": \"DISTRIBUTED\", \"ExecutionType\": …}` in `ItemProcessor`. The type of the child executions, `STANDARD` or `EXPRESS`, has to be given with that mode and means nothing without it.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Map", "Label": "x", "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Map", "Label": "x", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    let StateBody::Map(map) = &view.state.body else { return };
    let processor = view.node.value_of(Field::ItemProcessor.name());
    let processor = processor.or_else(|| view.node.value_of(Field::Iterator.name()));
    let config = processor.and_then(|processor| processor.value_of(Field::ProcessorConfig.name()));
    let mode = config.and_then(|config| config.value_of(Field::Mode.name()));
    let kind = config.and_then(|config| config.get(Field::ExecutionType.name()));
    if let (Some(config), None, true) = (config, kind, map.distributed.is_some()) {
        let key = config.parent().and_then(|member| member.children().next()).unwrap_or(config);
        let message = format!("A distributed Map needs '{}'", Field::ExecutionType.name());
        ctx.report(Some(config), key.range(), message);
    }
    // What is filled in later may be anything.
    let is_inline = mode.is_none_or(|mode| mode.text().is_some_and(|text| text == field_value::INLINE));
    let is_open = [processor, config].into_iter().flatten().any(is_filled_in);
    if !is_inline || is_open || map.distributed.is_some() {
        return;
    }
    let fields = [Field::ItemReader, Field::ItemBatcher, Field::ResultWriter, Field::Label];
    let given = fields.iter().filter_map(|field| view.node.get(field.name()));
    for member in given.chain(kind) {
        let key = member.key_node();
        let message = format!(
            "Only a Map with \"{}\": \"{}\" has '{}'",
            Field::Mode.name(),
            field_value::DISTRIBUTED,
            member.key()
        );
        ctx.report(Some(key), key.range(), message);
    }
}
