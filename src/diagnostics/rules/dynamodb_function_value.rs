//! An intrinsic function that gives no string for an attribute value.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::expr::Expr;
use crate::model::{Expression, Slot};
use crate::spec::Field;
use crate::spec::intrinsic::{IntrinsicFunction, ValueType};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "dynamodb-function-value",
    code: "dynamodb-function-value",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds intrinsic functions that give a number, a boolean or an array where an attribute value of DynamoDB is text.",
    doc: "The values under `S`, `N` and `B` are strings. With anything else the task cannot be started and the execution fails with `States.Runtime`. `States.Format('{}', …)` makes text of a number.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"n": {"N.$": "States.MathAdd($.n, 1)"}}}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"n": {"N.$": "States.Format('{}', States.MathAdd($.n, 1))"}}}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html",
    config: Config::default,
    check: Check::Expression(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>, slot: &Slot) {
    let Expression::JsonPath(Expr::Intrinsic(intrinsic)) = &slot.expr else { return };
    if !view.resource.is_some_and(|resource| resource.is_dynamodb()) {
        return;
    }
    let field = slot.field.as_str();
    let is_argument = field.split('/').next() == Some(Field::Parameters.name());
    let key = slot.field.last().strip_suffix(".$").unwrap_or_default();
    // Parameters, the map, the attribute, the type.
    if !is_argument || field.matches('/').count() < 3 || !matches!(key, "S" | "N" | "B") {
        return;
    }
    let call = intrinsic.call();
    let Some(row) = call.function.map(IntrinsicFunction::row) else { return };
    if !matches!(row.returns, ValueType::String | ValueType::Any) {
        let message = format!(
            "The value for the field '{key}' must be a STRING: {} gives a value of type {}",
            row.name,
            row.returns.text()
        );
        ctx.report_in(slot, call.range, message);
    }
}
