//! Something was assumed about a table that nobody declared.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::semantic::KeySource;
use crate::spec::dynamodb::parameter;
use crate::spec::{Field, QueryLanguage};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "assumed-table",
    code: "assumed-table",
    // On valid input, and at every table: a word at the place, not a line in a list.
    severity: Severity::Hint,
    since: "0.1.0",
    summary: "Tells what the simulation assumes about a table that is not declared.",
    doc: "To simulate a DynamoDB task the key of its table must be known. Where no table is declared, the attributes of a `Key` in the definition are the key, else the first attribute of an `Item`. Declare the table, and its items, in a tables file: a JSON array of `CreateTable` requests, each with an optional `Items` array. On the command line it is given by `--tables @FILE`.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#,
    link: "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    for table in facts.tables() {
        if ctx.config.declared_tables.contains_key(&*table.name) {
            continue;
        }
        let Some(state) = facts.lowered.machine.state(table.state) else { continue };
        let field = match state.query_language {
            QueryLanguage::JsonPath => Field::Parameters,
            QueryLanguage::Jsonata => Field::Arguments,
        };
        let object = facts.lowered.source_map.state_node(facts.parse, table.state);
        let parameters = object.and_then(|object| object.value_of(field.name()));
        let Some(node) = parameters.and_then(|node| node.value_of(parameter::TABLE_NAME)) else { continue };
        let key: Vec<String> = table.key.iter().map(|(name, kind)| format!("{name} ({kind})")).collect();
        let source = match table.source {
            KeySource::Key => "the keys used here",
            KeySource::FirstAttribute => "the first attribute of the item",
        };
        let message = format!(
            "The simulation assumes that table {} has the key {}, from {source}. \
             Declare it in a tables file, a JSON array of CreateTable requests, to say otherwise.",
            table.name,
            key.join(", ")
        );
        ctx.report(Some(node), node.range(), message);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn once_a_table() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Next": "B",
"Parameters": {"TableName": "Orders", "Item": {"OrderId": {"S": "1"}}}},
"B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "End": true,
"Parameters": {"TableName": "Orders", "Key": {"OrderId": {"S": "1"}}}}"#,
            expect![[r#"
                "Parameters": {"TableName": "Orders", "Item": {"OrderId": {"S": "1"}}}},
                                            ^^^^^^^^
                hint assumed-table: The simulation assumes that table Orders has the key OrderId (S), from the keys used here. Declare it in a tables file, a JSON array of CreateTable requests, to say otherwise.
            "#]],
        );
    }
}
