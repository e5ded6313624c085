//! A field that the context object does not have.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::expr::path::{ReferenceStep, Root, Step};
use crate::model::{Expression, Slot, State, StateMachine};
use crate::spec::context::{MAP_FIELD, STATES_CONTEXT, STATES_VARIABLE, TASK_FIELD, context_fields_at};
use crate::spec::{Pattern, ServiceKind, StateKind};
use crate::text::TextRange;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "unknown-context-field",
    code: "unknown-context-field",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds fields of the context object that do not exist, or not there.",
    doc: "A path that leads nowhere ends the execution with `States.Runtime`; under JSONata the expression fails. `Task.Token` exists only in tasks that wait for it (`.waitForTaskToken`), `Map.Item` only in Map states and the states within them.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"id.$": "$$.Execution.ID"}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"id.$": "$$.Execution.Id"}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html",
    config: Config::default,
    check: Check::Expression(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>, slot: &Slot) {
    match &slot.expr {
        Expression::JsonPath(expr) => {
            if !expr.text().contains("$$") {
                return;
            }
            for reference in expr.references() {
                let name = |step: &ReferenceStep| match &step.step {
                    Step::Name(name) => Some((name.clone(), step.range)),
                    Step::Index(_) => None,
                };
                if reference.root == Root::Context {
                    let names: Vec<_> = reference.steps.iter().map_while(name).collect();
                    check_names(ctx, view, slot, &names);
                }
            }
        }
        Expression::Jsonata(program) => {
            for reference in program.references() {
                let is_context = reference.variable.text == STATES_VARIABLE
                    && reference.fields.first().is_some_and(|field| field.text == STATES_CONTEXT);
                if is_context {
                    let names = reference.fields.iter().skip(1).map(|name| (name.text.clone(), name.range));
                    check_names(ctx, view, slot, &names.collect::<Vec<_>>());
                }
            }
        }
    }
}

fn check_names(ctx: &mut Reporter<'_>, view: &StateView<'_>, slot: &Slot, names: &[(String, TextRange)]) {
    let mut before: Vec<&str> = Vec::new();
    for (name, range) in names {
        // Below a value nothing is known.
        let Some(fields) = context_fields_at(&before) else { return };
        if !fields.iter().any(|field| field.name == name) {
            let known = fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ");
            let owner = if before.is_empty() { "The context object".to_owned() } else { before.join(".") };
            ctx.report_in(slot, *range, format!("{owner} has no '{name}'; it has {known}"));
            return;
        }
        before.push(name);
    }
    // AWS: TestState takes a context object with `Task` for `.sync` as well.
    let waits = view.resource.is_some_and(|resource| {
        resource.kind == ServiceKind::Activity || resource.pattern != Pattern::RequestResponse
    });
    let is_unclear = view.state.kind() == Some(StateKind::Task) && view.resource.is_none();
    if let (Some((first, start)), Some((_, end))) = (names.first(), names.last()) {
        if first == TASK_FIELD && !waits && !is_unclear {
            let suffix = Pattern::WaitForTaskToken.suffix();
            let message = format!("Only a task whose Resource ends in {suffix} has a token");
            ctx.report_in(slot, start.cover(*end), message);
        } else if first == MAP_FIELD && !is_in_map(&ctx.facts.lowered.machine, view.state) {
            let message = "Only a Map state and the states within one have an item";
            ctx.report_in(slot, start.cover(*end), message);
        }
    }
}

/// Whether a state is a Map state or within one, at any depth.
fn is_in_map(machine: &StateMachine, state: &State) -> bool {
    let mut at = Some(state);
    while let Some(state) = at {
        if state.kind() == Some(StateKind::Map) {
            return true;
        }
        at = machine.scope(state.scope).and_then(|scope| scope.owner).and_then(|owner| machine.state(owner));
    }
    false
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn in_both_languages() {
        check_states(
            r#""A": {"Type": "Pass", "Parameters": {"a.$": "$$.State.name", "b.$": "States.Format('{}', $$.Foo.Bar)", "c.$": "$$.Execution.Input.x"}, "Next": "B"},
"B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.context.Execution.name & $states.context.Task.Token %}", "End": true}"#,
            expect![[r#"
                "A": {"Type": "Pass", "Parameters": {"a.$": "$$.State.name", "b.$": "States.Format('{}', $$.Foo.Bar)", "c.$": "$$.Execution.Input.x"}, "Next": "B"},
                                                                     ^^^^^
                warning unknown-context-field: State has no 'name'; it has EnteredTime, Name, RetryCount
                "A": {"Type": "Pass", "Parameters": {"a.$": "$$.State.name", "b.$": "States.Format('{}', $$.Foo.Bar)", "c.$": "$$.Execution.Input.x"}, "Next": "B"},
                                                                                                           ^^^^
                warning unknown-context-field: The context object has no 'Foo'; it has Execution, State, StateMachine, Task, Map
                "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.context.Execution.name & $states.context.Task.Token %}", "End": true}
                                                                                                          ^^^^
                warning unknown-context-field: Execution has no 'name'; it has Id, Input, Name, RoleArn, StartTime, RedriveCount, RedriveTime
                "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.context.Execution.name & $states.context.Task.Token %}", "End": true}
                                                                                                                                 ^^^^^^^^^^
                warning unknown-context-field: Only a task whose Resource ends in .waitForTaskToken has a token
            "#]],
        );
    }

    #[test]
    fn an_item_exists_only_within_a_map_state() {
        check_states(
            r#""A": {"Type": "Pass", "Parameters": {"a.$": "$$.Map.Item.Value"}, "Next": "B"},
"B": {"Type": "Map", "ItemSelector": {"a.$": "$$.Map.Item.Value"}, "End": true, "ItemProcessor": {"StartAt": "C", "States": {
"C": {"Type": "Pass", "Parameters": {"a.$": "$$.Map.Item.Index"}, "End": true}}}}"#,
            expect![[r#"
                "A": {"Type": "Pass", "Parameters": {"a.$": "$$.Map.Item.Value"}, "Next": "B"},
                                                               ^^^^^^^^^^^^^^^
                warning unknown-context-field: Only a Map state and the states within one have an item
            "#]],
        );
    }

    #[test]
    fn a_job_may_have_a_token() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "Parameters": {"TaskDefinition": "x", "Cluster.$": "$$.Task.Token"}, "End": true}"#,
            expect![[""]],
        );
    }
}
