//! A task that waits for its token and hands it to nobody.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::{Expression, Payload, Slot};
use crate::spec::context::STATES_CONTEXT;
use crate::spec::{Field, Pattern};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "missing-task-token",
    code: "missing-task-token",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds tasks with `.waitForTaskToken` that do not hand out the token.",
    doc: "The task ends when somebody returns the token `$$.Task.Token` (under JSONata `$states.context.Task.Token`). If it is not among what the task sends, nobody can, and the task ends with a timeout, if it has one.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "q", "MessageBody": {"text": "x"}}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    let waits = view.resource.is_some_and(|resource| resource.pattern == Pattern::WaitForTaskToken);
    // Without arguments the task sends its input, in which the token may be.
    let Some(arguments) = view.state.arguments.as_ref().filter(|_| waits) else { return };
    // A variable or the input may hold the token of another field only by chance: the context has to be read.
    let reads_context = |slot: &Slot| match &slot.expr {
        Expression::JsonPath(expr) => expr.text().contains("$$"),
        Expression::Jsonata(program) => program.text().contains(STATES_CONTEXT),
    };
    let slots = arguments.slots();
    let is_open = matches!(arguments, Payload::Expr(_)) || view.node.raw().contains("${");
    if !is_open
        && !slots.into_iter().any(reads_context)
        && let Some(node) = view.node.value_of(Field::Resource.name())
    {
        let message = "The task waits for its token but does not hand it out";
        ctx.report(Some(node), node.range(), message);
    }
}
