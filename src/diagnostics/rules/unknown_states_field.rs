//! A member that `$states` never has.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::{Expression, Slot};
use crate::spec::context::{STATES_FIELDS, STATES_VARIABLE};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "unknown-states-field",
    code: "unknown-states-field",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds members of `$states` that do not exist.",
    doc: "`$states` has `input`, `context` and, in some fields, `result` or `errorOutput`. Any other member is undefined, and the expression then fails with `States.QueryEvaluationError`.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "QueryLanguage": "JSONata", "Output": "{% $states.output %}", "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "QueryLanguage": "JSONata", "Output": "{% $states.input %}", "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#queryinput-reserved-variable-states",
    config: Config::default,
    check: Check::Expression(check),
};

fn check(ctx: &mut Reporter<'_>, _view: &StateView<'_>, slot: &Slot) {
    let Expression::Jsonata(program) = &slot.expr else { return };
    for reference in program.references() {
        let Some(member) = reference.fields.first() else { continue };
        let is_known = STATES_FIELDS.iter().any(|field| field.name == member.text);
        if reference.variable.text != STATES_VARIABLE || is_known {
            continue;
        }
        let known = STATES_FIELDS.iter().map(|field| field.name).collect::<Vec<_>>().join(", ");
        let message = format!("${STATES_VARIABLE} has no '{}'; it has {known}", member.text);
        ctx.report_in(slot, member.range, message);
    }
}
