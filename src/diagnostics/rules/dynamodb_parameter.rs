//! Parameters of a DynamoDB task that the action does not have, or that it lacks.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::semantic::Operation;
use crate::spec::dynamodb::parameter::{KEY_CONDITION, KEYS};
use crate::spec::dynamodb::{Holds, Parameter};
use crate::syntax::Node;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "dynamodb-parameter",
    code: "dynamodb-parameter",
    // AWS accepts such a definition: what it does not know it drops, and what is missing fails the task.
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds parameters that an action of DynamoDB does not have or take with that value, and required ones that are missing.",
    doc: "The optimized integration hands the parameters it knows to DynamoDB and drops all others, so that a misspelt `ConditionExpression` has no effect. Without `TableName`, `Key` or `Item` the task fails with `DynamoDB.AmazonDynamoDBException`.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders"}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html",
    config: Config::default,
    check: Check::Operation(check),
};

fn check(ctx: &mut Reporter<'_>, operation: &Operation<'_>) {
    let spec = operation.spec;
    let is_taken = |name: &str| spec.takes(name, operation.service);
    let entries = operation.all_given();
    for entry in entries {
        let name = &entry.name;
        if !is_taken(name) {
            if !spec.is_complete && !spec.parameters.iter().any(|it| it.name.eq_ignore_ascii_case(name)) {
                continue;
            }
            let known = spec.parameters.iter().find(|known| known.name.eq_ignore_ascii_case(name));
            let known = known.filter(|known| is_taken(known.name));
            let hint = known.map(|known| format!("; it is written '{}'", known.name)).unwrap_or_default();
            let message = format!("'{name}' is no parameter of {}: it has no effect{hint}", spec.name);
            ctx.report(Some(entry.key), entry.key.range(), message);
        } else if let (Some(value), Some(parameter)) = (entry.value, spec.parameter(name)) {
            check_value(ctx, parameter, value);
            check_parts(ctx, operation, parameter, value);
        }
    }
    let is_given = |name: &str| entries.iter().any(|entry| entry.name == name);
    let object = operation.object;
    let place = operation.place();
    for parameter in spec.parameters.iter().filter(|parameter| parameter.is_required) {
        if !is_given(parameter.name) {
            let message = format!("{} needs the parameter '{}'", spec.name, parameter.name);
            ctx.report(Some(object), place.range(), message);
        }
    }
    if spec.parameter(KEY_CONDITION).is_some() && !is_given(KEY_CONDITION) && !is_given(KEY_CONDITIONS) {
        let message =
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.";
        ctx.report(Some(object), place.range(), message);
    }
    let given = |is_older: bool| {
        let is_expression = |parameter: &Parameter| matches!(parameter.holds, Holds::Expression(_));
        let names = spec.parameters.iter().filter(|parameter| match is_older {
            true => parameter.is_older,
            false => is_expression(parameter),
        });
        names.map(|parameter| parameter.name).filter(|name| is_given(name)).collect::<Vec<_>>()
    };
    let (older, newer) = (given(true), given(false));
    if let (Some(first), false) = (older.first(), newer.is_empty()) {
        let message = format!(
            "Can not use both expression and non-expression parameters in the same request: \
             Non-expression parameters: {{{}}} Expression parameters: {{{}}}",
            older.join(", "),
            newer.join(", ")
        );
        let key = operation.key_of(first).unwrap_or(place);
        ctx.report(Some(object), key.range(), message);
    }
}

/// How many items are read.
const LIMIT: &str = "Limit";
/// Older than [`KEY_CONDITION`].
const KEY_CONDITIONS: &str = "KeyConditions";

/// The number and the form of the operations in a batch or transaction.
fn check_parts(ctx: &mut Reporter<'_>, operation: &Operation<'_>, parameter: &Parameter, value: Node<'_>) {
    let Some(spec) = parameter.holds.object() else { return };
    let tables = || operation.entries(value).into_iter().filter_map(|table| table.value);
    let parts: Vec<Node<'_>> = match parameter.holds {
        Holds::ByTable(Holds::List(_)) => tables().flat_map(Node::elements).collect(),
        Holds::ByTable(_) => {
            tables().filter_map(|table| table.value_of(KEYS)).flat_map(Node::elements).collect()
        }
        _ => value.elements().collect(),
    };
    if let Some(n_max) = parameter.n_max {
        let is_empty = value.is_array() && parts.is_empty();
        if is_empty || parts.len() > n_max {
            let message =
                format!("{} takes 1 to {n_max} operations, not {}", operation.spec.name, parts.len());
            ctx.report(Some(value), value.range(), message);
        }
    }
    if !spec.is_union {
        return;
    }
    for part in parts.into_iter().filter(|part| operation.is_known(*part)) {
        let entries = operation.entries(part);
        let is_one = matches!(entries.as_slice(), [entry] if spec.parameter(&entry.name).is_some());
        if !is_one {
            let message = format!("An operation is an object with one of {}", spec.names());
            ctx.report(Some(part), part.range(), message);
        }
    }
}

fn check_value(ctx: &mut Reporter<'_>, parameter: &Parameter, value: Node<'_>) {
    let name = parameter.name;
    let wrong = |is_right: bool, expected: &str| {
        (!is_right).then(|| format!("The value for the field '{name}' must be {expected}"))
    };
    let message = match parameter.holds {
        Holds::Enum(values) => {
            let is_one = value.text().is_some_and(|text| values.contains(&&*text));
            wrong(is_one, &format!("one of {}", values.join(", ")))
        }
        Holds::Boolean => wrong(value.boolean().is_some(), "true or false"),
        Holds::Integer => {
            let number = value.number().and_then(|number| number.as_f64());
            wrong(number.is_some_and(|number| number.fract() == 0.0 && number >= 0.0), "a whole number")
        }
        Holds::Table | Holds::Index | Holds::Text | Holds::Expression(_) => {
            wrong(value.is_string(), "a string")
        }
        Holds::Key
        | Holds::Item
        | Holds::Names
        | Holds::Values
        | Holds::Map
        | Holds::Object(_)
        | Holds::ByTable(_) => wrong(value.is_object(), "an object"),
        Holds::Keys | Holds::Texts | Holds::ValueList | Holds::List(_) => wrong(value.is_array(), "an array"),
        Holds::Json => None,
    };
    let is_zero = name == LIMIT && value.number().is_some_and(|number| number.as_f64() == Some(0.0));
    let zero = || {
        format!(
            "Value at '{LIMIT}' failed to satisfy constraint: Member must have value greater than or equal to 1"
        )
    };
    if let Some(message) = message.or(is_zero.then(zero)) {
        ctx.report(Some(value), value.range(), message);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn misspelt_and_missing() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true,
"Parameters": {"TableName.$": "$.t", "item": {"id": {"S": "1"}}, "Foo": 1}}"#,
            expect![[r#"
                "Parameters": {"TableName.$": "$.t", "item": {"id": {"S": "1"}}, "Foo": 1}}
                ^^^^^^^^^^^^
                warning dynamodb-parameter: putItem needs the parameter 'Item'
                "Parameters": {"TableName.$": "$.t", "item": {"id": {"S": "1"}}, "Foo": 1}}
                                                     ^^^^^^
                warning dynamodb-parameter: 'item' is no parameter of putItem: it has no effect; it is written 'Item'
                "Parameters": {"TableName.$": "$.t", "item": {"id": {"S": "1"}}, "Foo": 1}}
                                                                                 ^^^^^
                warning dynamodb-parameter: 'Foo' is no parameter of putItem: it has no effect
            "#]],
        );
    }

    #[test]
    fn values_and_combinations() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Next": "B",
"Parameters": {"TableName": "Orders", "Item.$": "$.item", "ReturnValues": "ALL_NEW", "Expected": {}, "ConditionExpression": "a = b", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}},
"B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "Next": "C", "Parameters": {"TableName": 1, "Limit": "5", "ScanIndexForward": "false"}},
"C": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:transactWriteItems", "End": true, "Parameters": {"TransactItems": [{"Put": {"TableName": "Orders"}}]}}"#,
            expect![[r#"
                "Parameters": {"TableName": "Orders", "Item.$": "$.item", "ReturnValues": "ALL_NEW", "Expected": {}, "ConditionExpression": "a = b", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}},
                                                                                          ^^^^^^^^^
                warning dynamodb-parameter: The value for the field 'ReturnValues' must be one of NONE, ALL_OLD
                "Parameters": {"TableName": "Orders", "Item.$": "$.item", "ReturnValues": "ALL_NEW", "Expected": {}, "ConditionExpression": "a = b", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}},
                                                                                                     ^^^^^^^^^^
                warning dynamodb-parameter: Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}
                "Parameters": {"TableName": "Orders", "Item.$": "$.item", "ReturnValues": "ALL_NEW", "Expected": {}, "ConditionExpression": "a = b", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}},
                                                                                                                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                warning dynamodb-parameter: 'ReturnValuesOnConditionCheckFailure' is no parameter of putItem: it has no effect
                "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "Next": "C", "Parameters": {"TableName": 1, "Limit": "5", "ScanIndexForward": "false"}},
                                                                                                          ^^^^^^^^^^^^
                warning dynamodb-parameter: Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.
                "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "Next": "C", "Parameters": {"TableName": 1, "Limit": "5", "ScanIndexForward": "false"}},
                                                                                                                                      ^
                warning dynamodb-parameter: The value for the field 'TableName' must be a string
                "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "Next": "C", "Parameters": {"TableName": 1, "Limit": "5", "ScanIndexForward": "false"}},
                                                                                                                                                  ^^^
                warning dynamodb-parameter: The value for the field 'Limit' must be a whole number
                "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "Next": "C", "Parameters": {"TableName": 1, "Limit": "5", "ScanIndexForward": "false"}},
                                                                                                                                                                           ^^^^^^^
                warning dynamodb-parameter: The value for the field 'ScanIndexForward' must be true or false
                "C": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:transactWriteItems", "End": true, "Parameters": {"TransactItems": [{"Put": {"TableName": "Orders"}}]}}
                                                                                                                                                         ^^^^^
                warning dynamodb-parameter: Put needs the parameter 'Item'
            "#]],
        );
    }

    #[test]
    fn parts_of_batches_and_transactions() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:transactWriteItems", "Next": "B", "Parameters": {"TransactItems": [
{"Insert": {}}, {"Put": {"TableName": "Orders", "Item.$": "$.a"}, "Delete": {"TableName": "Orders", "Key.$": "$.a"}}]}},
"B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:transactGetItems", "Next": "C", "Parameters": {"TransactItems": []}},
"C": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:scan", "End": true, "Parameters": {"TableName": "Orders", "Limit": 0}}"#,
            expect![[r#"
                {"Insert": {}}, {"Put": {"TableName": "Orders", "Item.$": "$.a"}, "Delete": {"TableName": "Orders", "Key.$": "$.a"}}]}},
                ^^^^^^^^^^^^^^
                warning dynamodb-parameter: An operation is an object with one of Put, Update, Delete, ConditionCheck
                {"Insert": {}}, {"Put": {"TableName": "Orders", "Item.$": "$.a"}, "Delete": {"TableName": "Orders", "Key.$": "$.a"}}]}},
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                warning dynamodb-parameter: An operation is an object with one of Put, Update, Delete, ConditionCheck
                "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:transactGetItems", "Next": "C", "Parameters": {"TransactItems": []}},
                                                                                                                                                     ^^
                warning dynamodb-parameter: transactGetItems takes 1 to 100 operations, not 0
                "C": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:scan", "End": true, "Parameters": {"TableName": "Orders", "Limit": 0}}
                                                                                                                                                        ^
                warning dynamodb-parameter: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1
            "#]],
        );
    }
}
