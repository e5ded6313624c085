//! A request that does not fit the key of its table.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use std::borrow::Cow;

use super::dynamodb_key_update::attributes;
use crate::dynamodb::expression::parse_condition;
use crate::semantic::{Entry, Given, KeyAttribute, Operation, TableSchema};
use crate::spec::dynamodb::parameter;
use crate::spec::dynamodb::parameter::INDEX_NAME;
use crate::spec::dynamodb::{ExpressionKind, Holds};
use crate::syntax::Node;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "dynamodb-schema",
    code: "dynamodb-schema",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds keys, items and key conditions that do not fit the declared key of the table or index.",
    doc: "A table that is declared, in a tables file beside the definition, has a key of one or two attributes with types. `Key` has exactly these, an item has them among others, a key condition compares the partition key with `=` and may compare the sort key. What is an index key has the type of the index key.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"OrderId": {"S": "1"}}}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.CoreComponents.html",
    config: example,
    check: Check::Operation(check),
};

/// A table for the examples, declared with a partition key `id` of type `S`.
fn example() -> Config {
    let key = |name: &str| vec![KeyAttribute { name: name.to_owned(), kind: "S".to_owned() }];
    let orders = TableSchema { key: key("id"), indexes: [("ByStatus".to_owned(), key("status"))].into() };
    Config { declared_tables: [("Orders".to_owned(), orders)].into(), ..Config::default() }
}

fn check(ctx: &mut Reporter<'_>, operation: &Operation<'_>) {
    let Some(table) = operation.table.as_deref().and_then(|name| ctx.config.declared_tables.get(name)) else {
        return;
    };
    for given in operation.spec.parameters {
        let Given::Known(node) = operation.given(given.name) else { continue };
        match given.holds {
            // The key of a page of an index has more members.
            Holds::Key if given.name == parameter::KEY => check_key(ctx, operation, table, node),
            Holds::Keys => node.elements().for_each(|node| check_key(ctx, operation, table, node)),
            Holds::Item => check_item(ctx, operation, table, node),
            Holds::Expression(ExpressionKind::KeyCondition) => {
                check_key_condition(ctx, operation, table, node);
            }
            _ => {}
        }
    }
}

/// The type of an attribute value, where it is known.
fn kind_of<'a>(operation: &Operation<'a>, value: Option<Node<'a>>) -> Option<Cow<'a, str>> {
    let [member] = operation.entries(value?).try_into().ok()?;
    let Entry { name, .. } = member;
    Some(name)
}

fn check_key(ctx: &mut Reporter<'_>, operation: &Operation<'_>, table: &TableSchema, node: Node<'_>) {
    if !operation.is_known(node) || !node.is_object() {
        return;
    }
    let entries = operation.entries(node);
    let expected = || {
        let key = table.key.iter().map(|attribute| format!("{} ({})", attribute.name, attribute.kind));
        key.collect::<Vec<_>>().join(", ")
    };
    let message = || format!("The provided key element does not match the schema: the key is {}", expected());
    for entry in &entries {
        if !table.key.iter().any(|attribute| attribute.name == entry.name) {
            ctx.report(Some(entry.key), entry.key.range(), message());
        }
    }
    for attribute in &table.key {
        match entries.iter().find(|entry| entry.name == attribute.name) {
            None => ctx.report(Some(node), node.range(), message()),
            Some(entry) => {
                let kind = kind_of(operation, entry.value);
                if let (Some(kind), Some(value)) = (kind, entry.value)
                    && is_other(attribute, &kind)
                {
                    ctx.report(Some(value), value.range(), message());
                }
            }
        }
    }
}

fn is_other(attribute: &KeyAttribute, kind: &str) -> bool {
    !attribute.kind.is_empty() && attribute.kind != kind
}

fn check_item(ctx: &mut Reporter<'_>, operation: &Operation<'_>, table: &TableSchema, node: Node<'_>) {
    if !node.is_object() {
        return;
    }
    let entries = operation.entries(node);
    for attribute in &table.key {
        if !entries.iter().any(|entry| entry.name == attribute.name) {
            let message = format!(
                "One or more parameter values were invalid: Missing the key {} in the item",
                attribute.name
            );
            ctx.report(Some(node), node.range(), message);
        }
    }
    let of_table = table.key.iter().map(|attribute| (attribute, None));
    let of_indexes =
        table.indexes.iter().flat_map(|(index, key)| key.iter().map(move |it| (it, Some(index))));
    for (attribute, index) in of_table.chain(of_indexes) {
        let Some(entry) = entries.iter().find(|entry| entry.name == attribute.name) else { continue };
        let Some(kind) = kind_of(operation, entry.value).filter(|kind| is_other(attribute, kind)) else {
            continue;
        };
        let KeyAttribute { name, kind: expected } = attribute;
        let message = match index {
            None => format!(
                "One or more parameter values were invalid: Type mismatch for key {name} expected: {expected} actual: {kind}"
            ),
            Some(index) => format!(
                "One or more parameter values were invalid: Type mismatch for Index Key {name} \
                 Expected: {expected} Actual: {kind} IndexName: {index}"
            ),
        };
        let node = entry.value.unwrap_or(entry.key);
        ctx.report(Some(node), node.range(), message);
    }
}

fn check_key_condition(
    ctx: &mut Reporter<'_>,
    operation: &Operation<'_>,
    table: &TableSchema,
    node: Node<'_>,
) {
    let key = match operation.given(INDEX_NAME) {
        Given::Absent => &table.key,
        Given::Dynamic => return,
        Given::Known(index) => {
            let name = index.text().unwrap_or_default();
            match table.indexes.get(&*name) {
                Some(key) => key,
                None => {
                    let message = format!("The table does not have the specified index: {name}");
                    ctx.report(Some(index), index.range(), message);
                    return;
                }
            }
        }
    };
    let Some(decoded) = node.decoded() else { return };
    let names = match operation.given(parameter::EXPRESSION_ATTRIBUTE_NAMES) {
        Given::Dynamic => return,
        Given::Absent => Vec::new(),
        Given::Known(names) => operation.entries(names),
    };
    if parse_condition(&decoded.text).0.is_none() || names.iter().any(|name| name.value.is_none()) {
        return;
    }
    let found = attributes(&decoded.text, &names);
    for (name, range) in &found {
        if !key.iter().any(|attribute| attribute.name == *name) {
            let expected = key.iter().map(|attribute| attribute.name.as_str()).collect::<Vec<_>>().join(", ");
            let message = format!("{name} is no attribute of the key, which is {expected}");
            ctx.report(Some(node), decoded.to_source(*range), message);
        }
    }
    if let Some(partition) = key.first()
        && !found.iter().any(|(name, _)| *name == partition.name)
    {
        let message = format!("Query condition missed key schema element: {}", partition.name);
        ctx.report(Some(node), node.range(), message);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states_with;

    #[test]
    fn keys_items_and_conditions() {
        check_states_with(
            &super::example(),
            r##""A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Next": "B", "Parameters": {"TableName": "Orders", "Key": {"id": {"N": "1"}, "at": {"S": "2"}}}},
"B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Next": "C", "Parameters": {"TableName": "Orders", "Item": {"status": {"N": "1"}}}},
"C": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "Next": "D", "Parameters": {"TableName": "Orders", "KeyConditionExpression": "n = :n", "ExpressionAttributeValues": {":n": {"S": "1"}}}},
"D": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "Next": "E", "Parameters": {"TableName": "Orders", "IndexName": "ByStatus", "KeyConditionExpression": "#s = :n", "ExpressionAttributeNames": {"#s": "status"}, "ExpressionAttributeValues": {":n": {"S": "1"}}}},
"E": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "End": true, "Parameters": {"TableName": "Orders", "IndexName": "Foo", "KeyConditionExpression": "id = :n", "ExpressionAttributeValues": {":n": {"S": "1"}}}}"##,
            expect![[r#"
                "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Next": "B", "Parameters": {"TableName": "Orders", "Key": {"id": {"N": "1"}, "at": {"S": "2"}}}},
                                                                                                                                                        ^^^^^^^^^^
                warning dynamodb-schema: The provided key element does not match the schema: the key is id (S)
                "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Next": "B", "Parameters": {"TableName": "Orders", "Key": {"id": {"N": "1"}, "at": {"S": "2"}}}},
                                                                                                                                                                    ^^^^
                warning dynamodb-schema: The provided key element does not match the schema: the key is id (S)
                "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Next": "C", "Parameters": {"TableName": "Orders", "Item": {"status": {"N": "1"}}}},
                                                                                                                                                  ^^^^^^^^^^^^^^^^^^^^^^
                warning dynamodb-schema: One or more parameter values were invalid: Missing the key id in the item
                "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Next": "C", "Parameters": {"TableName": "Orders", "Item": {"status": {"N": "1"}}}},
                                                                                                                                                             ^^^^^^^^^^
                warning dynamodb-schema: One or more parameter values were invalid: Type mismatch for Index Key status Expected: S Actual: N IndexName: ByStatus
                "C": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "Next": "D", "Parameters": {"TableName": "Orders", "KeyConditionExpression": "n = :n", "ExpressionAttributeValues": {":n": {"S": "1"}}}},
                                                                                                                                                                          ^^^^^^^^
                warning dynamodb-schema: Query condition missed key schema element: id
                "C": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "Next": "D", "Parameters": {"TableName": "Orders", "KeyConditionExpression": "n = :n", "ExpressionAttributeValues": {":n": {"S": "1"}}}},
                                                                                                                                                                           ^
                warning dynamodb-schema: n is no attribute of the key, which is id
                "E": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "End": true, "Parameters": {"TableName": "Orders", "IndexName": "Foo", "KeyConditionExpression": "id = :n", "ExpressionAttributeValues": {":n": {"S": "1"}}}}
                                                                                                                                                             ^^^^^
                warning dynamodb-schema: The table does not have the specified index: Foo
            "#]],
        );
    }
}
