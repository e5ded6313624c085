//! An expression of JSONata that never gives what its field takes.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::{Expression, Slot};
use crate::semantic::{JsonType, jsonata_type};
use crate::spec::Field;
use crate::text::TextRange;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "jsonata-type",
    code: "jsonata-type",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds expressions whose result has another type than the field takes, whatever the input is.",
    doc: "The state fails with `States.QueryEvaluationError`. `Condition` takes a boolean, numbers of seconds and limits a number, `Items` an array or an object, the type of an attribute value of DynamoDB a string: numbers are made into text by `$string`.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Choice", "QueryLanguage": "JSONata", "Choices": [{"Condition": "{% 'yes' %}", "Next": "B"}], "Default": "B"}, "B": {"Type": "Succeed"}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Choice", "QueryLanguage": "JSONata", "Choices": [{"Condition": "{% $states.input.answer = 'yes' %}", "Next": "B"}], "Default": "B"}, "B": {"Type": "Succeed"}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html",
    config: Config::default,
    check: Check::Expression(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>, slot: &Slot) {
    let Expression::Jsonata(program) = &slot.expr else { return };
    let Some(wanted) = wanted(view, slot.field.as_str()) else { return };
    let Some(given) = jsonata_type(program).filter(|given| !wanted.contains(given)) else { return };
    let wanted = wanted.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" or ");
    let range = TextRange::from_usize(0..program.text().len());
    let message = format!(
        "The expression gives a value of type {}; '{}' takes {wanted}",
        given.name(),
        slot.field.last()
    );
    ctx.report_in(slot, range, message);
}

/// What a field takes, where that is only some types.
fn wanted(view: &StateView<'_>, field: &str) -> Option<&'static [JsonType]> {
    const NUMBERS: [Field; 9] = [
        Field::Seconds,
        Field::TimeoutSeconds,
        Field::HeartbeatSeconds,
        Field::MaxConcurrency,
        Field::ToleratedFailureCount,
        Field::ToleratedFailurePercentage,
        Field::MaxItems,
        Field::MaxItemsPerBatch,
        Field::MaxInputBytesPerBatch,
    ];
    let first = field.split('/').next()?;
    let last = field.rsplit('/').next()?;
    let is_payload = [Field::Arguments, Field::Output, Field::Assign].iter().any(|it| it.name() == first);
    if is_payload {
        let is_dynamodb = view.resource.is_some_and(|resource| resource.is_dynamodb());
        let is_typed = is_dynamodb && first == Field::Arguments.name() && field.matches('/').count() >= 3;
        return (is_typed && matches!(last, "S" | "N" | "B")).then_some(&[JsonType::String]);
    }
    if last == Field::Condition.name() {
        Some(&[JsonType::Boolean])
    } else if field == Field::Items.name() {
        Some(&[JsonType::Array, JsonType::Object])
    } else if [Field::Timestamp, Field::Error, Field::Cause].iter().any(|it| it.name() == field) {
        Some(&[JsonType::String])
    } else if NUMBERS.iter().any(|it| it.name() == last) {
        Some(&[JsonType::Number])
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn of_every_field() {
        check_states(
            r#""A": {"Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::dynamodb:putItem", "TimeoutSeconds": "{% '5' %}", "Next": "B",
"Arguments": {"TableName": "Orders", "Item": {"id": {"S": "{% $uuid() %}"}, "n": {"N": "{% $states.input.a + 1 %}"}, "m": {"N": "{% $string(1) %}"}}}},
"B": {"Type": "Map", "QueryLanguage": "JSONata", "Items": "{% $count($states.input) %}", "End": true, "ItemProcessor": {"StartAt": "C", "States": {"C": {"Type": "Succeed"}}}}"#,
            expect![[r#"
                "A": {"Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::dynamodb:putItem", "TimeoutSeconds": "{% '5' %}", "Next": "B",
                                                                                                                                         ^^^
                warning jsonata-type: The expression gives a value of type string; 'TimeoutSeconds' takes number
                "Arguments": {"TableName": "Orders", "Item": {"id": {"S": "{% $uuid() %}"}, "n": {"N": "{% $states.input.a + 1 %}"}, "m": {"N": "{% $string(1) %}"}}}},
                                           ^^^^^^^^
                hint assumed-table: The simulation assumes that table Orders has the key id (S), from the first attribute of the item. Declare it in a tables file, a JSON array of CreateTable requests, to say otherwise.
                "Arguments": {"TableName": "Orders", "Item": {"id": {"S": "{% $uuid() %}"}, "n": {"N": "{% $states.input.a + 1 %}"}, "m": {"N": "{% $string(1) %}"}}}},
                                                                                                           ^^^^^^^^^^^^^^^^^^^
                warning jsonata-type: The expression gives a value of type number; 'N' takes string
                "B": {"Type": "Map", "QueryLanguage": "JSONata", "Items": "{% $count($states.input) %}", "End": true, "ItemProcessor": {"StartAt": "C", "States": {"C": {"Type": "Succeed"}}}}
                                                                              ^^^^^^^^^^^^^^^^^^^^^
                warning jsonata-type: The expression gives a value of type number; 'Items' takes array or object
            "#]],
        );
    }
}
