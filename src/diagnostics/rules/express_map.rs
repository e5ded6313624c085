//! A job or callback in the Express children of a distributed Map.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::StateBody;
use crate::spec::{Field, Pattern, ServiceKind};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "express-map",
    code: "express-map",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds `.sync`, `.waitForTaskToken` and activities in a distributed Map whose children are Express executions.",
    doc: "With `\"ExecutionType\": \"EXPRESS\"` the iterations are Express executions, which have the request-response pattern only.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Map", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "B", "States": {"B": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "Parameters": {"StateMachineArn": "arn"}, "End": true}}}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Map", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B", "States": {"B": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "Parameters": {"StateMachineArn": "arn"}, "End": true}}}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    let Some(resource) = view.resource else { return };
    if resource.kind != ServiceKind::Activity && resource.pattern == Pattern::RequestResponse {
        return;
    }
    let machine = &ctx.facts.lowered.machine;
    let mut at = Some(view.state);
    while let Some(owner) = at.and_then(|state| machine.scope(state.scope)?.owner) {
        at = machine.state(owner);
        let body = at.map(|state| &state.body);
        let Some(StateBody::Map(map)) = body else { continue };
        let Some(distributed) = &map.distributed else { continue };
        if distributed.is_express
            && let Some(node) = view.node.value_of(Field::Resource.name())
        {
            let message = "The iterations are Express executions, which support neither jobs nor callbacks";
            ctx.report(Some(node), node.range(), message);
        }
        return;
    }
}
