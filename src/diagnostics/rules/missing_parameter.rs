//! A task that does not tell a service what it needs.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::semantic::task_requests;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "missing-parameter",
    code: "missing-parameter",
    // The service refuses the call, not always AWS the definition.
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds tasks of optimized integrations without a parameter that the service requires.",
    doc: "The service refuses a call without a parameter that its API requires, and the task fails: `FunctionName` of `lambda:invoke`, `QueueUrl` and `MessageBody` of `sqs:sendMessage`, one of `TopicArn`, `TargetArn` and `PhoneNumber` of `sns:publish`. Nothing is said where the parameters come from elsewhere: with a `.$` key for each, from an expression, or without `Parameters`, when the state's input is the request. DynamoDB has a rule of its own, `dynamodb-parameter`.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"MessageBody.$": "$"}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"MessageBody.$": "$", "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/Orders"}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    let Some(resource) = view.resource.filter(|resource| !resource.is_dynamodb()) else { return };
    for request in task_requests(view.id, view.state, view.node, &resource) {
        let spec = request.spec;
        let entries = request.all_given();
        // Members that the deployment puts there: `Fn::If`, `${…}`.
        if entries.iter().any(|entry| entry.name.contains("::") || entry.name.contains("${")) {
            continue;
        }
        // One that is written in another case is there, if not as it should be.
        let is_given = |name: &str| entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name));
        let place = request.place();
        let name = if Some(spec) == crate::spec::service::action(&resource) {
            format!("{}:{}", resource.service, spec.name)
        } else {
            format!("The {} of {}:{}", spec.name, resource.service, resource.action)
        };
        for parameter in spec.parameters.iter().filter(|parameter| parameter.is_required) {
            if !is_given(parameter.name) {
                let message = format!("{name} needs the parameter '{}'", parameter.name);
                ctx.report(Some(request.object), place.range(), message);
            }
        }
        for group in spec.one_of {
            if !group.iter().any(|name| is_given(name)) {
                let message = format!("{name} needs one of the parameters {}", group.join(", "));
                ctx.report(Some(request.object), place.range(), message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::tests::check_states;

    #[track_caller]
    fn check(resource: &str, parameters: &str, expected: Expect) {
        check_states(
            &format!(
                "\"A\": {{\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::{resource}\", \"End\": true,\n{parameters}}}"
            ),
            expected,
        );
    }

    #[test]
    fn what_services_require() {
        check(
            "lambda:invoke",
            r#""Parameters": {"Payload.$": "$"}"#,
            expect![[r#"
                "Parameters": {"Payload.$": "$"}}
                ^^^^^^^^^^^^
                warning missing-parameter: lambda:invoke needs the parameter 'FunctionName'
            "#]],
        );
        check(
            "sns:publish.waitForTaskToken",
            r#""Parameters": {"Message": "x"}"#,
            expect![[r#"
                "A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish.waitForTaskToken", "End": true,
                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                warning missing-task-token: The task waits for its token but does not hand it out
                "Parameters": {"Message": "x"}}
                ^^^^^^^^^^^^
                warning missing-parameter: sns:publish needs one of the parameters TopicArn, TargetArn, PhoneNumber
            "#]],
        );
        check(
            "events:putEvents",
            r#""Parameters": {"Entries": [{"Source": "x", "Detail": {}, "DetailType.$": "$.t"}, {"Source": "x", "Detail.$": "$"}]}"#,
            expect![[r#"
                "Parameters": {"Entries": [{"Source": "x", "Detail": {}, "DetailType.$": "$.t"}, {"Source": "x", "Detail.$": "$"}]}}
                                                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                warning missing-parameter: The event of events:putEvents needs the parameter 'DetailType'
            "#]],
        );
    }

    #[test]
    fn what_comes_from_elsewhere_is_not_missed() {
        check("sqs:sendMessage", r#""Comment": "The input is the request.""#, expect![""]);
        check("events:putEvents", r#""Parameters": {"Entries.$": "$.entries"}"#, expect![""]);
        check(
            "sqs:sendMessage",
            r#""QueryLanguage": "JSONata", "Arguments": "{% $states.input %}""#,
            expect![""],
        );
        check("ecs:runTask", r#""Parameters": {"${Parameters}": 1}"#, expect![""]);
        check("ecs:runTask.sync", r#""Parameters": {"taskDefinition": "x"}"#, expect![""]);
        check("aws-sdk:sqs:sendMessage", r#""Parameters": {}"#, expect![""]);
    }
}
