//! A member of `$states` that is not there.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::{Expression, Slot};
use crate::spec::context::{Availability, STATES_FIELDS, STATES_VARIABLE};
use crate::spec::{Field, StateKind};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "states-scope",
    code: "UNSUPPORTED_JSONATA_EXPRESSION",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds `$states.result` and `$states.errorOutput` where they do not exist.",
    doc: "`$states.result` exists in the `Output` and `Assign` of Task, Parallel and Map states themselves; `$states.errorOutput` in those of their catchers. AWS checks this when the state machine is created.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "QueryLanguage": "JSONata", "Arguments": {"MessageBody": "{% $states.result %}"}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "QueryLanguage": "JSONata", "Output": "{% $states.result %}", "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#queryinput-reserved-variable-states",
    config: Config::default,
    check: Check::Expression(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>, slot: &Slot) {
    let Expression::Jsonata(program) = &slot.expr else { return };
    for reference in program.references() {
        if reference.variable.text != STATES_VARIABLE {
            continue;
        }
        let Some(member) = reference.fields.first() else { continue };
        let Some(field) = STATES_FIELDS.iter().find(|field| field.name == member.text) else { continue };
        let is_there = match field.availability {
            Availability::Everywhere => true,
            Availability::Result => has_result(view, slot),
            Availability::Catcher => is_in_catcher(slot),
        };
        if is_there {
            continue;
        }
        let place = match field.availability {
            Availability::Catcher => "the Output and Assign of a catcher",
            _ => "the Output and Assign of a Task, Parallel or Map state, not in those of its catchers",
        };
        let name = format!("${STATES_VARIABLE}.{}", field.name);
        let message = format!("Field '{name}' does not exist. It is there only in {place}");
        ctx.report_in(slot, reference.variable.range.cover(member.range), message);
    }
}

/// Whether an expression is in a field that is evaluated when there is a result.
fn has_result(view: &StateView<'_>, slot: &Slot) -> bool {
    let has_work = matches!(view.state.kind(), Some(StateKind::Task | StateKind::Parallel | StateKind::Map));
    let first = slot.field.as_str().split('/').next().unwrap_or_default();
    has_work && (first == Field::Output.name() || first == Field::Assign.name())
}

fn is_in_catcher(slot: &Slot) -> bool {
    let mut keys = slot.field.as_str().split('/');
    keys.next() == Some(Field::Catch.name())
        && keys.nth(1).is_some_and(|key| key == Field::Output.name() || key == Field::Assign.name())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn where_it_is_not() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "QueryLanguage": "JSONata", "Next": "B",
"Arguments": "{% $states.errorOutput.Cause %}", "Output": "{% $states.result.a & $states.errorOutput.Error %}",
"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B", "Output": "{% [$states.result, $states.errorOutput] %}"}]},
"B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.result %}", "End": true}"#,
            expect![[r#"
                "Arguments": "{% $states.errorOutput.Cause %}", "Output": "{% $states.result.a & $states.errorOutput.Error %}",
                                 ^^^^^^^^^^^^^^^^^^^
                error UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist. It is there only in the Output and Assign of a catcher
                "Arguments": "{% $states.errorOutput.Cause %}", "Output": "{% $states.result.a & $states.errorOutput.Error %}",
                                                                                                 ^^^^^^^^^^^^^^^^^^^
                error UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist. It is there only in the Output and Assign of a catcher
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B", "Output": "{% [$states.result, $states.errorOutput] %}"}]},
                                                                                      ^^^^^^^^^^^^^^
                error UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist. It is there only in the Output and Assign of a Task, Parallel or Map state, not in those of its catchers
                "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.result %}", "End": true}
                                                                                ^^^^^^^^^^^^^^
                error UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist. It is there only in the Output and Assign of a Task, Parallel or Map state, not in those of its catchers
            "#]],
        );
    }
}
