//! An expression of JSONata that reads an input it does not have.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::{Expression, Slot};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "top-level-reference",
    code: "UNSUPPORTED_JSONATA_EXPRESSION",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds names, `$` and `$$` outside of any path.",
    doc: "An expression of Step Functions has no context value: `name` or `$` alone refer to nothing, and AWS refuses the definition. The input of the state is `$states.input`, a variable is `$name`.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "QueryLanguage": "JSONata", "Output": "{% phone %}", "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "QueryLanguage": "JSONata", "Output": "{% $states.input.phone %}", "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html",
    config: Config::default,
    check: Check::Expression(check),
};

fn check(ctx: &mut Reporter<'_>, _view: &StateView<'_>, slot: &Slot) {
    let Expression::Jsonata(program) = &slot.expr else { return };
    for name in program.tree().top_level_references() {
        let message = format!("Reference to '{}' at the top level is not supported.", name.text);
        let is_name = name.text.starts_with(|c: char| c.is_alphabetic() || c == '_');
        let hint = if is_name {
            format!(" The input has it as $states.input.{0}, a variable is written ${0}.", name.text)
        } else {
            " The state's input is $states.input.".to_owned()
        };
        ctx.report_in(slot, name.range, message + &hint);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn names_and_contexts() {
        check_states(
            r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "End": true, "Output": {
"name": "{% order.id %}", "context": "{% $ %}", "root": "{% $states.input.a[$$.b] %}",
"within": "{% $states.input.items[price > 2].($ & name) %}"}}"#,
            expect![[r#"
                "name": "{% order.id %}", "context": "{% $ %}", "root": "{% $states.input.a[$$.b] %}",
                            ^^^^^
                error UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'order' at the top level is not supported. The input has it as $states.input.order, a variable is written $order.
                "name": "{% order.id %}", "context": "{% $ %}", "root": "{% $states.input.a[$$.b] %}",
                                                         ^
                error UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$' at the top level is not supported. The state's input is $states.input.
                "name": "{% order.id %}", "context": "{% $ %}", "root": "{% $states.input.a[$$.b] %}",
                                                                                            ^^
                error UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$$' at the top level is not supported. The state's input is $states.input.
            "#]],
        );
    }
}
