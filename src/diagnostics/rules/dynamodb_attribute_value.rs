//! Attribute values that DynamoDB cannot read.

use crate::diagnostics::rule::Reporter;
use crate::diagnostics::{Rule, Severity};
use crate::model::StateBody;
use crate::spec::resource::ATTRIBUTE_TYPES;
use crate::spec::{DYNAMODB_ACTIONS, Field, ParameterKind, QueryLanguage, Resource};
use crate::syntax::{Node, NodeKind};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "dynamodb-attribute-value",
    code: "dynamodb-attribute-value",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds attribute values of DynamoDB tasks that are not of the form `{\"S\": …}`.",
    doc: "An attribute value is an object with one member, whose key is the type: `{\"S\": \"text\"}`, `{\"N\": \"42\"}`, `{\"BOOL\": true}`. Numbers are written as strings; from a JSON number they are made by `\"N.$\": \"States.Format('{}', $.n)\"` or, in JSONata, `\"N\": \"{% $string($states.input.n) %}\"`. With anything else the task cannot be started and the execution fails with `States.Runtime`.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"N": 1}}}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"N": "1"}}}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html",
    check,
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    for (id, state) in facts.lowered.machine.all_states() {
        let StateBody::Task(task) = &state.body else { continue };
        if !Resource::parse(&task.resource).is_some_and(|parts| parts.is_dynamodb()) {
            continue;
        }
        let Some(object) = facts.lowered.source_map.state_node(facts.parse, id) else { continue };
        let field = match state.query_language {
            QueryLanguage::JsonPath => Field::Parameters,
            QueryLanguage::Jsonata => Field::Arguments,
        };
        let Some(parameters) = object.value_of(field.name()) else { continue };
        for member in parameters.members().filter(|member| holds_values(&member.key())) {
            let values = member.value().into_iter().flat_map(Node::members);
            for value in values.filter(|value| !is_expression_key(&value.key(), state.query_language)) {
                if let Some(value) = value.value() {
                    check_value(ctx, value, state.query_language);
                }
            }
        }
    }
}

/// Whether a parameter of any action with this name is a map of attribute values.
fn holds_values(name: &str) -> bool {
    DYNAMODB_ACTIONS
        .iter()
        .filter_map(|action| action.parameter(name))
        .any(|parameter| matches!(parameter.kind, ParameterKind::AttributeMap | ParameterKind::Values))
}

fn is_expression_key(key: &str, language: QueryLanguage) -> bool {
    language == QueryLanguage::JsonPath && key.ends_with(".$")
}

fn check_value(ctx: &mut Reporter<'_>, value: Node<'_>, language: QueryLanguage) {
    // Iterative: maps and lists within are added to what is to be done.
    let mut todo = vec![value];
    while let Some(value) = todo.pop() {
        if is_unknown(value) {
            continue;
        }
        if !value.is_object() {
            let message = format!("An attribute value is an object such as {}", suggestion(value));
            ctx.report(Some(value), value.range(), message);
            continue;
        }
        let members: Vec<_> = value.members().collect();
        let [member] = members.as_slice() else {
            let message = match members.len() {
                0 => "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
                _ => {
                    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
                }
            };
            ctx.report(Some(value), value.range(), message);
            continue;
        };
        let key = member.key();
        let is_expression = is_expression_key(&key, language);
        let name = if is_expression { key.strip_suffix(".$").unwrap_or(&key) } else { &*key };
        if !ATTRIBUTE_TYPES.iter().any(|(known, _)| *known == name) {
            let known = ATTRIBUTE_TYPES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            let message = format!("'{name}' is no type of an attribute value; the types are {known}");
            ctx.report(Some(member.key_node()), member.key_node().range(), message);
            continue;
        }
        let Some(inner) = member.value().filter(|inner| !is_expression && !is_unknown(*inner)) else {
            continue;
        };
        match name {
            "S" | "N" | "B" => expect(ctx, inner, inner.is_string(), name, "STRING"),
            "BOOL" | "NULL" => expect(ctx, inner, inner.boolean().is_some(), name, "BOOLEAN"),
            "M" => {
                expect(ctx, inner, inner.is_object(), name, "MAP");
                let members = inner.members().filter(|member| !is_expression_key(&member.key(), language));
                todo.extend(members.filter_map(|member| member.value()));
            }
            "L" => {
                expect(ctx, inner, inner.is_array(), name, "LIST");
                todo.extend(inner.elements());
            }
            _ => {
                expect(ctx, inner, inner.is_array(), name, "LIST");
                for element in inner.elements().filter(|element| !is_unknown(*element)) {
                    expect(ctx, element, element.is_string(), name, "STRING");
                }
            }
        }
    }
}

/// What only the execution or the deployment knows, or the parser could not read.
fn is_unknown(node: Node<'_>) -> bool {
    node.kind() == NodeKind::Error
        || node
            .text()
            .is_some_and(|text| text.contains("${") || crate::expr::jsonata::delimited(&text).is_some())
}

fn expect(ctx: &mut Reporter<'_>, node: Node<'_>, is_right: bool, name: &str, kind: &str) {
    if is_right {
        return;
    }
    let mut message = format!("The value for the field '{name}' must be a {kind}");
    if node.kind() == NodeKind::Number {
        message += &format!(": write \"{}\"", node.raw());
    }
    ctx.report(Some(node), node.range(), message);
}

fn suggestion(node: Node<'_>) -> String {
    match node.kind() {
        NodeKind::Number => format!("{{\"N\": \"{}\"}}", node.raw()),
        NodeKind::Bool => format!("{{\"BOOL\": {}}}", node.raw()),
        NodeKind::Null => "{\"NULL\": true}".to_owned(),
        NodeKind::Array => "{\"L\": […]}".to_owned(),
        _ => format!("{{\"S\": {}}}", node.raw()),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn every_way_to_be_wrong() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true, "Parameters": {"TableName": "Orders",
"Item": {
"id": {"S": "1"},
"n": {"N": 1},
"bare": "x",
"empty": {},
"two": {"S": "a", "N": "1"},
"type": {"String": "a"},
"flag": {"BOOL": "true"},
"map": {"M": {"inner": {"N": 2}, "other.$": "$.x"}},
"list": {"L": [{"S": "a"}, 3]},
"set": {"NS": ["1", 2]},
"path": {"N.$": "$.n"}
}}}"#,
            expect![[r#"
                "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true, "Parameters": {"TableName": "Orders",
                                                                                                                                ^^^^^^^^
                information assumed-table: The simulation assumes that table Orders has the key id (S), from the first attribute of the item. Declare it in a tables file, a JSON array of CreateTable requests, to say otherwise.
                "n": {"N": 1},
                           ^
                error dynamodb-attribute-value: The value for the field 'N' must be a STRING: write "1"
                "bare": "x",
                        ^^^
                error dynamodb-attribute-value: An attribute value is an object such as {"S": "x"}
                "empty": {},
                         ^^
                error dynamodb-attribute-value: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes
                "two": {"S": "a", "N": "1"},
                       ^^^^^^^^^^^^^^^^^^^^
                error dynamodb-attribute-value: Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes
                "type": {"String": "a"},
                         ^^^^^^^^
                error dynamodb-attribute-value: 'String' is no type of an attribute value; the types are S, N, BOOL, NULL, M, L, SS, NS, B, BS
                "flag": {"BOOL": "true"},
                                 ^^^^^^
                error dynamodb-attribute-value: The value for the field 'BOOL' must be a BOOLEAN
                "map": {"M": {"inner": {"N": 2}, "other.$": "$.x"}},
                                             ^
                error dynamodb-attribute-value: The value for the field 'N' must be a STRING: write "2"
                "list": {"L": [{"S": "a"}, 3]},
                                           ^
                error dynamodb-attribute-value: An attribute value is an object such as {"N": "3"}
                "set": {"NS": ["1", 2]},
                                    ^
                error dynamodb-attribute-value: The value for the field 'NS' must be a STRING: write "2"
            "#]],
        );
    }
}
