//! Attribute values that DynamoDB cannot read.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::semantic::Operation;
use crate::spec::dynamodb::Holds;
use crate::spec::resource::ATTRIBUTE_TYPES;
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
    config: Config::default,
    check: Check::Operation(check),
};

fn check(ctx: &mut Reporter<'_>, operation: &Operation<'_>) {
    for (parameter, node) in operation.known() {
        let known = || node.elements().filter(|node| operation.is_known(*node));
        match parameter.holds {
            Holds::Key | Holds::Item | Holds::Values => check_map(ctx, operation, node),
            Holds::Keys => known().for_each(|key| check_map(ctx, operation, key)),
            Holds::ValueList => known().for_each(|value| check_value(ctx, operation, value)),
            _ => {}
        }
    }
}

fn check_map<'a>(ctx: &mut Reporter<'_>, operation: &Operation<'a>, map: Node<'a>) {
    for value in operation.each_entry(map).filter_map(|entry| entry.value) {
        check_value(ctx, operation, value);
    }
}

fn check_value<'a>(ctx: &mut Reporter<'_>, operation: &Operation<'a>, value: Node<'a>) {
    // Iterative: maps and lists within are added to what is to be done.
    let mut todo = vec![value];
    while let Some(value) = todo.pop() {
        if !value.is_object() {
            let message = format!("An attribute value is an object such as {}", suggestion(value));
            ctx.report(Some(value), value.range(), message);
            continue;
        }
        let mut entries = operation.each_entry(value);
        let (first, second) = (entries.next(), entries.next());
        let (Some(entry), None) = (&first, &second) else {
            let message = match first {
                None => {
                    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
                }
                Some(_) => {
                    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
                }
            };
            ctx.report(Some(value), value.range(), message);
            continue;
        };
        let name = &*entry.name;
        if !ATTRIBUTE_TYPES.iter().any(|(known, _)| *known == name) {
            let known = ATTRIBUTE_TYPES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            let message = format!("'{name}' is no type of an attribute value; the types are {known}");
            ctx.report(Some(entry.key), entry.key.range(), message);
            continue;
        }
        let Some(inner) = entry.value else { continue };
        match name {
            "S" | "N" | "B" => expect(ctx, inner, inner.is_string(), name, "STRING"),
            "BOOL" | "NULL" => expect(ctx, inner, inner.boolean().is_some(), name, "BOOLEAN"),
            "M" => {
                expect(ctx, inner, inner.is_object(), name, "MAP");
                todo.extend(operation.entries(inner).into_iter().filter_map(|entry| entry.value));
            }
            "L" => {
                expect(ctx, inner, inner.is_array(), name, "LIST");
                todo.extend(inner.elements().filter(|element| operation.is_known(*element)));
            }
            _ => {
                expect(ctx, inner, inner.is_array(), name, "LIST");
                if inner.is_array() && inner.elements().next().is_none() {
                    let message = format!("A set is not empty: {name}");
                    ctx.report(Some(inner), inner.range(), message);
                }
                let mut seen = Vec::new();
                for element in inner.elements().filter(|element| operation.is_known(*element)) {
                    expect(ctx, element, element.is_string(), name, "STRING");
                    if seen.contains(&element.raw()) {
                        let message =
                            "One or more parameter values were invalid: Input collection contains duplicates";
                        ctx.report(Some(element), element.range(), message);
                    } else if seen.len() < SET_LEN_MAX {
                        seen.push(element.raw());
                    }
                }
            }
        }
        check_text(ctx, inner, name);
    }
}

/// Elements of a set that are looked at for duplicates.
const SET_LEN_MAX: usize = 100;

/// What DynamoDB does not take of a value with the right type of JSON.
fn check_text(ctx: &mut Reporter<'_>, inner: Node<'_>, name: &str) {
    let is_number = |node: &Node<'_>| {
        let text = node.text().unwrap_or_default();
        let looks = text.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
        looks && text.parse::<f64>().is_ok()
    };
    let wrong = match name {
        "N" if inner.is_string() && !is_number(&inner) => Some(inner),
        "NS" => inner.elements().find(|element| {
            element.is_string()
                && !is_number(element)
                && !element.raw().contains("${")
                && !is_jsonata(*element)
        }),
        _ => None,
    };
    if let Some(node) = wrong {
        let text = node.text().unwrap_or_default();
        let message = format!("The parameter cannot be converted to a numeric value: {text}");
        ctx.report(Some(node), node.range(), message);
    }
    if let (None, "N", Some(text)) = (wrong, name, inner.text())
        && let Some(message) = beyond_range(&text)
    {
        ctx.report(Some(inner), inner.range(), message);
    }
    if name == "NULL" && inner.boolean() == Some(false) {
        let message = "One or more parameter values were invalid: Null attribute value types must have the value of true";
        ctx.report(Some(inner), inner.range(), message);
    }
}

/// What DynamoDB says of a number that it cannot store.
fn beyond_range(text: &str) -> Option<&'static str> {
    let (digits, _) = text.split_once(['e', 'E']).unwrap_or((text, ""));
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let value = text.parse::<f64>().ok()?.abs();
    if value >= 1e126 {
        Some("Number overflow. Attempting to store a number with magnitude larger than supported range")
    } else if value < 1e-130 && digits.contains(|c| c != '0') {
        Some("Number underflow. Attempting to store a number with magnitude smaller than supported range")
    } else if digits.trim_matches('0').len() > 38 {
        Some("Attempting to store more than 38 significant digits in a Number")
    } else {
        None
    }
}

fn is_jsonata(node: Node<'_>) -> bool {
    node.text().is_some_and(|text| text.starts_with(crate::expr::jsonata::OPEN))
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
                hint assumed-table: The simulation assumes that table Orders has the key id (S), from the first attribute of the item. Declare it in a tables file, a JSON array of CreateTable requests, to say otherwise.
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
