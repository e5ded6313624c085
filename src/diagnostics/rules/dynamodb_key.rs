//! A key that no item can have.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::semantic::Operation;
use crate::spec::dynamodb::{Holds, parameter};
use crate::spec::resource::ATTRIBUTE_TYPES;
use crate::syntax::Node;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "dynamodb-key",
    code: "dynamodb-key",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds keys of DynamoDB items with more than two attributes, with attributes of a type that keys do not have, or empty.",
    doc: "A key has a partition key and perhaps a sort key, each a string, a number or binary data and not empty. DynamoDB refuses any other.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"BOOL": true}}}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.CoreComponents.html",
    config: Config::default,
    check: Check::Operation(check),
};

fn check(ctx: &mut Reporter<'_>, operation: &Operation<'_>) {
    for (given, node) in operation.known() {
        match given.holds {
            // The key of a page of an index has more members.
            Holds::Key if given.name == parameter::KEY => check_key(ctx, operation, node),
            Holds::Keys => node.elements().for_each(|node| check_key(ctx, operation, node)),
            _ => {}
        }
    }
}

fn check_key<'a>(ctx: &mut Reporter<'_>, operation: &Operation<'a>, key: Node<'a>) {
    if !key.is_object() {
        return;
    }
    let n_entries = key.members().count();
    if n_entries == 0 || n_entries > KEY_ATTRIBUTES_MAX {
        let message = format!(
            "The provided key element does not match the schema: a key has 1 to {KEY_ATTRIBUTES_MAX} attributes"
        );
        ctx.report(Some(key), key.range(), message);
    }
    for entry in operation.each_entry(key) {
        let mut members = entry.value.into_iter().flat_map(|value| operation.each_entry(value));
        let (Some(member), None) = (members.next(), members.next()) else { continue };
        let is_type = ATTRIBUTE_TYPES.iter().any(|(name, _)| *name == member.name);
        if is_type && !KEY_TYPES.contains(&&*member.name) {
            let message = format!(
                "The provided key element does not match the schema: the types of keys are {}",
                KEY_TYPES.join(", ")
            );
            ctx.report(Some(member.key), member.key.range(), message);
        }
        if let Some(value) = member.value.filter(|value| value.text().is_some_and(|text| text.is_empty())) {
            let kind = if member.name == "B" { "binary" } else { "string" };
            let message = format!(
                "One or more parameter values were invalid: The AttributeValue for a key attribute cannot contain an \
                 empty {kind} value. Key: {}",
                entry.name
            );
            ctx.report(Some(value), value.range(), message);
        }
    }
}

/// A partition key and a sort key.
const KEY_ATTRIBUTES_MAX: usize = 2;
/// The types that attributes of keys have.
const KEY_TYPES: [&str; 3] = ["S", "N", "B"];

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn of_one_item_and_of_a_batch() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Next": "B", "Parameters": {"TableName": "Orders", "Key": {"a": {"S": ""}, "b.$": "$.b", "c": {"L": []}}}},
"B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:batchGetItem", "End": true, "Parameters": {"RequestItems": {"Orders": {"Keys": [{}]}}}}"#,
            expect![[r#"
                "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Next": "B", "Parameters": {"TableName": "Orders", "Key": {"a": {"S": ""}, "b.$": "$.b", "c": {"L": []}}}},
                                                                                                                                ^^^^^^^^
                hint assumed-table: The simulation assumes that table Orders has the key a (S), from the keys used here. Declare it in a tables file, a JSON array of CreateTable requests, to say otherwise.
                "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Next": "B", "Parameters": {"TableName": "Orders", "Key": {"a": {"S": ""}, "b.$": "$.b", "c": {"L": []}}}},
                                                                                                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                error dynamodb-key: The provided key element does not match the schema: a key has 1 to 2 attributes
                "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Next": "B", "Parameters": {"TableName": "Orders", "Key": {"a": {"S": ""}, "b.$": "$.b", "c": {"L": []}}}},
                                                                                                                                                             ^^
                error dynamodb-key: One or more parameter values were invalid: The AttributeValue for a key attribute cannot contain an empty string value. Key: a
                "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Next": "B", "Parameters": {"TableName": "Orders", "Key": {"a": {"S": ""}, "b.$": "$.b", "c": {"L": []}}}},
                                                                                                                                                                                      ^^^
                error dynamodb-key: The provided key element does not match the schema: the types of keys are S, N, B
                "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:batchGetItem", "End": true, "Parameters": {"RequestItems": {"Orders": {"Keys": [{}]}}}}
                                                                                                                                                                     ^^
                error dynamodb-key: The provided key element does not match the schema: a key has 1 to 2 attributes
            "#]],
        );
    }
}
