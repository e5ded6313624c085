//! A path in the result of a Pass state.

use super::no_dollar::{looks_like_path, may_hold_path};
use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::StateBody;
use crate::spec::Field;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "static-result",
    code: "PASS_RESULT_IS_STATIC",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds paths in `Result` of a Pass state, where nothing is evaluated.",
    doc: "`Result` is taken as it is. To make the result of parts of the input use `Parameters`.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"id.$": "$.id"}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"id.$": "$.id"}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    if !matches!(view.state.body, StateBody::Pass { result: Some(_) }) {
        return;
    }
    let Some(result) = view.node.value_of(Field::Result.name()) else { return };
    if !may_hold_path(result.raw()) {
        return;
    }
    let mut todo = vec![result];
    while let Some(node) = todo.pop() {
        todo.extend(node.elements());
        todo.extend(node.members().filter_map(|member| member.value()));
        if node.text().is_some_and(|text| looks_like_path(&text)) {
            let message = format!(
                "Result is static: the path is taken as text. Use '{}' to have it evaluated",
                Field::Parameters.name()
            );
            ctx.report(Some(node), node.range(), message);
        }
    }
}
