//! An integration pattern that Express state machines do not have.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity, WorkflowType};
use crate::model::StateBody;
use crate::spec::{Field, Pattern, Resource, ServiceKind};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "express",
    code: crate::diagnostics::SCHEMA_VALIDATION_FAILED,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds jobs, callbacks and activities in an Express state machine.",
    doc: "Express state machines have the request-response pattern only. The rule looks at a definition that is said to be for one (`--type EXPRESS`, or the setting).",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.sync", "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html",
    config: example,
    check: Check::Document(check),
};

/// The examples are for an Express state machine.
fn example() -> Config {
    Config { workflow_type: WorkflowType::Express, ..Config::default() }
}

fn check(ctx: &mut Reporter<'_>) {
    if ctx.config.workflow_type != WorkflowType::Express {
        return;
    }
    let facts = ctx.facts;
    for (id, state) in facts.lowered.machine.all_states() {
        let StateBody::Task(task) = &state.body else { continue };
        let Some(parts) = Resource::parse(&task.resource) else { continue };
        // AWS's text for the callback pattern ends in a blank.
        let message = match (parts.kind, parts.pattern) {
            (ServiceKind::Activity, _) => "Express state machine does not support Activity ARN",
            (_, Pattern::Sync | Pattern::Sync2) => {
                "Express state machine does not support '.sync' service integration"
            }
            (_, Pattern::WaitForTaskToken) => {
                "Express state machine does not support '.waitForTaskToken' service integration"
            }
            (_, Pattern::RequestResponse) => continue,
        };
        let object = facts.lowered.source_map.state_node(facts.parse, id);
        if let Some(node) = object.and_then(|object| object.value_of(Field::Resource.name())) {
            ctx.report(Some(node), node.range(), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostics::{Config, WorkflowType, check};
    use crate::model::lower;
    use crate::semantic::Facts;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    #[track_caller]
    fn check_express(resource: &str, expected: &[&str]) {
        let text = format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "{resource}", "End": true}}}}}}"#
        );
        let parse = parse_json(SourceText::new(&text), 64);
        let lowered = lower(&parse);
        let config = Config { workflow_type: WorkflowType::Express, ..Config::default() };
        let found = check(&Facts::new(&parse, &lowered), &config);
        assert_eq!(found.iter().map(|found| &*found.message).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn patterns() {
        let message = "Express state machine does not support '.waitForTaskToken' service integration";
        check_express("arn:aws:states:::sqs:sendMessage.waitForTaskToken", &[message]);
        let message = "Express state machine does not support '.sync' service integration";
        check_express("arn:aws:states:::states:startExecution.sync:2", &[message]);
        let message = "Express state machine does not support Activity ARN";
        check_express("arn:aws:states:us-east-1:111111111111:activity:a", &[message]);
        check_express("arn:aws:states:::sqs:sendMessage", &[]);
    }
}
