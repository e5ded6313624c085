//! An update of a key attribute.

use super::dynamodb_expression::{Expression, expressions, targets};
use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::dynamodb::expression::ast::{Part, Path, PathElementKind};
use crate::dynamodb::expression::{parse_condition, parse_update};
use crate::semantic::{Entry, Operation};
use crate::spec::dynamodb::ExpressionKind;
use crate::spec::dynamodb::parameter;
use crate::text::TextRange;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "dynamodb-key-update",
    code: "dynamodb-key-update",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds update expressions that change an attribute of the item's key, and filters on key attributes.",
    doc: "The key of an item cannot be changed: delete the item and put another one. A filter cannot look at the attributes that the key condition looks at.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}, "UpdateExpression": "REMOVE id"}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}, "UpdateExpression": "REMOVE note"}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html",
    config: Config::default,
    check: Check::Operation(check),
};

fn check(ctx: &mut Reporter<'_>, operation: &Operation<'_>) {
    let expressions = expressions(operation);
    if expressions.is_empty() {
        return;
    }
    let names = operation.map(parameter::EXPRESSION_ATTRIBUTE_NAMES).unwrap_or_default();
    let declared = operation.table.as_deref().and_then(|table| ctx.config.declared_tables.get(table));
    let mut key: Vec<String> =
        declared.iter().flat_map(|table| &table.key).map(|attribute| attribute.name.clone()).collect();
    if key.is_empty() {
        let given = operation.map(parameter::KEY).unwrap_or_default();
        key.extend(given.into_iter().map(|entry| entry.name.into_owned()));
    }
    for Expression { kind, node, .. } in &expressions {
        let Some(decoded) = node.decoded() else { continue };
        match kind {
            ExpressionKind::Update => {
                let tree = parse_update(&decoded.text).0;
                for path in tree.iter().flat_map(targets) {
                    let Some(name) = root_name(path, &names) else { continue };
                    if key.contains(&name) {
                        let message = format!(
                            "One or more parameter values were invalid: Cannot update attribute {name}. \
                             This attribute is part of the key"
                        );
                        ctx.report(Some(*node), decoded.to_source(path.range), message);
                    }
                }
            }
            ExpressionKind::Filter => {
                let condition = expressions.iter().find(|other| other.kind == ExpressionKind::KeyCondition);
                let text = condition.and_then(|condition| condition.node.text()).unwrap_or_default();
                let keys = attributes(&text, &names);
                for (name, range) in attributes(&decoded.text, &names) {
                    if keys.iter().any(|(key, _)| *key == name) {
                        let message = format!(
                            "Filter Expression can only contain non-primary key attributes: \
                             Primary key attribute: {name}"
                        );
                        ctx.report(Some(*node), decoded.to_source(range), message);
                    }
                }
            }
            ExpressionKind::Condition | ExpressionKind::KeyCondition | ExpressionKind::Projection => {}
        }
    }
}

/// The attributes that a condition looks at, by the first steps of its paths.
pub(super) fn attributes(text: &str, names: &[Entry<'_>]) -> Vec<(String, TextRange)> {
    let mut found = Vec::new();
    if let Some(tree) = parse_condition(text).0 {
        tree.walk(&mut |part| {
            if let Part::Path(path) = part {
                found.extend(root_name(path, names).map(|name| (name, path.range)));
            }
        });
    }
    found
}

/// The attribute that a path begins with, if it is known.
fn root_name(path: &Path<'_>, names: &[Entry<'_>]) -> Option<String> {
    match path.elements.first()?.kind {
        PathElementKind::Name(name) => Some(name.to_owned()),
        PathElementKind::Placeholder(placeholder) => {
            let entry = names.iter().find(|entry| entry.name == placeholder)?;
            Some(entry.value?.text()?.into_owned())
        }
        PathElementKind::Index(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn by_name_and_by_placeholder() {
        check_states(
            r##""A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Next": "B", "Parameters": {"TableName": "Orders", "Key": {"id": {"S.$": "$.id"}},
"UpdateExpression": "SET #i = :v", "ExpressionAttributeNames": {"#i": "id"}, "ExpressionAttributeValues": {":v": {"S": "1"}}}},
"B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "End": true, "Parameters": {"TableName": "Orders",
"KeyConditionExpression": "id = :v", "FilterExpression": "id > :v OR n = :v", "ExpressionAttributeValues": {":v": {"S": "1"}}}}"##,
            expect![[r##"
                "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Next": "B", "Parameters": {"TableName": "Orders", "Key": {"id": {"S.$": "$.id"}},
                                                                                                                                   ^^^^^^^^
                hint assumed-table: The simulation assumes that table Orders has the key id (S), from the keys used here. Declare it in a tables file, a JSON array of CreateTable requests, to say otherwise.
                "UpdateExpression": "SET #i = :v", "ExpressionAttributeNames": {"#i": "id"}, "ExpressionAttributeValues": {":v": {"S": "1"}}}},
                                         ^^
                error dynamodb-key-update: One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key
                "KeyConditionExpression": "id = :v", "FilterExpression": "id > :v OR n = :v", "ExpressionAttributeValues": {":v": {"S": "1"}}}}
                                                                          ^^
                error dynamodb-key-update: Filter Expression can only contain non-primary key attributes: Primary key attribute: id
            "##]],
        );
    }
}
