//! A placeholder of DynamoDB without a meaning, or without a use.

use super::dynamodb_expression::{Expression, expressions};
use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::dynamodb::expression::ast::{Part, PathElementKind};
use crate::dynamodb::expression::{parse_condition, parse_projection, parse_update};
use crate::semantic::{Given, Operation};
use crate::spec::dynamodb::parameter;
use crate::spec::dynamodb::{ExpressionKind, Holds};
use crate::syntax::Node;
use crate::text::TextRange;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "dynamodb-placeholder",
    code: "dynamodb-placeholder",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds `#names` and `:values` that expressions use but nothing defines, or that are defined and not used.",
    doc: "DynamoDB refuses a request whose expressions use a placeholder that is not in `ExpressionAttributeNames` or `ExpressionAttributeValues`, and one that defines a placeholder that no expression uses.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:deleteItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}, "ConditionExpression": "a = :a"}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:deleteItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}, "ConditionExpression": "a = :a", "ExpressionAttributeValues": {":a": {"S": "1"}}}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html",
    config: Config::default,
    check: Check::Operation(check),
};

fn check(ctx: &mut Reporter<'_>, operation: &Operation<'_>) {
    let is_absent = |name: &str| matches!(operation.given(name), Given::Absent);
    let has_none = is_absent(parameter::EXPRESSION_ATTRIBUTE_NAMES)
        && is_absent(parameter::EXPRESSION_ATTRIBUTE_VALUES)
        && !operation.known().any(|(parameter, _)| matches!(parameter.holds, Holds::Expression(_)));
    if has_none {
        return;
    }
    let used = used(operation);
    for (parameter, mark, what) in [
        (parameter::EXPRESSION_ATTRIBUTE_NAMES, '#', "name"),
        (parameter::EXPRESSION_ATTRIBUTE_VALUES, ':', "value"),
    ] {
        let given = operation.given(parameter);
        let entries = match given {
            Given::Dynamic => continue,
            Given::Absent => Vec::new(),
            Given::Known(node) if node.is_object() => operation.entries(node),
            Given::Known(_) => continue,
        };
        for place in used.places.iter().filter(|place| place.name.starts_with(mark)) {
            if entries.iter().any(|entry| entry.name == place.name) {
                continue;
            }
            let message = if mark == '#' {
                format!(
                    "Invalid {}: An expression attribute name used in the document path is not defined; \
                     attribute name: {}",
                    place.parameter, place.name
                )
            } else {
                format!(
                    "Invalid {}: An expression attribute value used in expression is not defined; \
                     attribute value: {}",
                    place.parameter, place.name
                )
            };
            ctx.report(Some(place.node), place.range, message);
        }
        if let Given::Known(_) = given
            && used.n_expressions == 0
            && used.is_complete
            && let Some(key) = operation.key_of(parameter)
        {
            ctx.report(
                Some(key),
                key.range(),
                format!("{parameter} can only be specified when using expressions"),
            );
            continue;
        }
        for entry in &entries {
            let is_valid = entry.name.len() > 1
                && entry.name.starts_with(mark)
                && entry.name.chars().skip(1).all(|c| c.is_ascii_alphanumeric() || c == '_');
            if entry.name.contains("${") {
                continue;
            }
            let is_text = mark != '#' || entry.value.is_none_or(|value| value.is_string());
            if !is_text {
                let message = format!("The value for the field '{}' must be a STRING", entry.name);
                let node = entry.value.unwrap_or(entry.key);
                ctx.report(Some(node), node.range(), message);
            }
            if !is_valid {
                let message = format!(
                    "{parameter} contains invalid key: Syntax error; key: \"{}\": a {what} is {mark} and letters or digits",
                    entry.name
                );
                ctx.report(Some(entry.key), entry.key.range(), message);
            } else if used.is_complete && !used.places.iter().any(|place| place.name == entry.name) {
                let message =
                    format!("Value provided in {parameter} unused in expressions: keys: {{{}}}", entry.name);
                ctx.report_unnecessary(Some(entry.key), entry.key.range(), message);
            }
        }
    }
}

/// The placeholders that the expressions of an operation use.
struct Used<'a> {
    places: Vec<UsedAt<'a>>,
    n_expressions: usize,
    /// Whether all expressions are known and can be read.
    is_complete: bool,
}

struct UsedAt<'a> {
    name: String,
    parameter: &'static str,
    node: Node<'a>,
    range: TextRange,
}

fn used<'a>(operation: &Operation<'a>) -> Used<'a> {
    let expressions = expressions(operation);
    let n_given = operation.spec.parameters.iter().filter(|parameter| {
        matches!(parameter.holds, Holds::Expression(_))
            && !matches!(operation.given(parameter.name), Given::Absent)
    });
    let mut used = Used {
        places: Vec::new(),
        n_expressions: expressions.len(),
        is_complete: n_given.count() == expressions.len(),
    };
    for Expression { parameter, kind, node } in expressions {
        let Some(decoded) = node.decoded() else { continue };
        let text = &decoded.text;
        let mut note = |part: Part<'_, '_>| {
            let mut add = |name: &str, range| {
                let range = decoded.to_source(range);
                used.places.push(UsedAt { name: name.to_owned(), parameter, node, range });
            };
            match part {
                Part::Path(path) => {
                    for element in &path.elements {
                        if let PathElementKind::Placeholder(name) = element.kind {
                            add(name, element.range);
                        }
                    }
                }
                Part::Value(value) => add(value.name, value.range),
                Part::Function(_) => {}
            }
        };
        let is_read = match kind {
            ExpressionKind::Update => parse_update(text).0.map(|tree| tree.walk(&mut note)).is_some(),
            ExpressionKind::Projection => {
                let paths = parse_projection(text).0;
                paths.iter().flatten().for_each(|path| note(Part::Path(path)));
                paths.is_some()
            }
            ExpressionKind::Condition | ExpressionKind::Filter | ExpressionKind::KeyCondition => {
                parse_condition(text).0.map(|tree| tree.walk(&mut note)).is_some()
            }
        };
        used.is_complete &= is_read;
    }
    used
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn undefined_unused_and_malformed() {
        check_states(
            r##""A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Next": "B", "Parameters": {"TableName": "Orders", "Key.$": "$.key",
"UpdateExpression": "SET #a.b = :v, c = :w", "ExpressionAttributeNames": {"#b": "b", "c": "c"}, "ExpressionAttributeValues": {":v.$": "$.v", ":x": {"S": "1"}}}},
"B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Next": "C", "Parameters": {"TableName": "Orders", "Key.$": "$.key",
"UpdateExpression.$": "$.update", "ConditionExpression": "a = :a", "ExpressionAttributeValues": {":a": {"S": "1"}, ":b": {"S": "1"}}}},
"C": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true, "Parameters": {"TableName": "Orders", "Item.$": "$.item",
"ExpressionAttributeValues": {":a": {"S": "1"}}}}"##,
            expect![[r##"
                "UpdateExpression": "SET #a.b = :v, c = :w", "ExpressionAttributeNames": {"#b": "b", "c": "c"}, "ExpressionAttributeValues": {":v.$": "$.v", ":x": {"S": "1"}}}},
                                         ^^
                error dynamodb-placeholder: Invalid UpdateExpression: An expression attribute name used in the document path is not defined; attribute name: #a
                "UpdateExpression": "SET #a.b = :v, c = :w", "ExpressionAttributeNames": {"#b": "b", "c": "c"}, "ExpressionAttributeValues": {":v.$": "$.v", ":x": {"S": "1"}}}},
                                                        ^^
                error dynamodb-placeholder: Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :w
                "UpdateExpression": "SET #a.b = :v, c = :w", "ExpressionAttributeNames": {"#b": "b", "c": "c"}, "ExpressionAttributeValues": {":v.$": "$.v", ":x": {"S": "1"}}}},
                                                                                          ^^^^
                error dynamodb-placeholder: Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}
                "UpdateExpression": "SET #a.b = :v, c = :w", "ExpressionAttributeNames": {"#b": "b", "c": "c"}, "ExpressionAttributeValues": {":v.$": "$.v", ":x": {"S": "1"}}}},
                                                                                                     ^^^
                error dynamodb-placeholder: ExpressionAttributeNames contains invalid key: Syntax error; key: "c": a name is # and letters or digits
                "UpdateExpression": "SET #a.b = :v, c = :w", "ExpressionAttributeNames": {"#b": "b", "c": "c"}, "ExpressionAttributeValues": {":v.$": "$.v", ":x": {"S": "1"}}}},
                                                                                                                                                             ^^^^
                error dynamodb-placeholder: Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}
                "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Next": "C", "Parameters": {"TableName": "Orders", "Key.$": "$.key",
                                                                                                                                                        ^^^^
                warning impossible-path: `$.key` leads to nothing: `$` has only `SdkHttpMetadata`, `SdkResponseMetadata` here.
                "UpdateExpression.$": "$.update", "ConditionExpression": "a = :a", "ExpressionAttributeValues": {":a": {"S": "1"}, ":b": {"S": "1"}}}},
                                        ^^^^^^^
                warning impossible-path: `$.update` leads to nothing: `$` has only `SdkHttpMetadata`, `SdkResponseMetadata` here.
                "C": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true, "Parameters": {"TableName": "Orders", "Item.$": "$.item",
                                                                                                                                                      ^^^^^
                warning impossible-path: `$.item` leads to nothing: `$` has only `SdkHttpMetadata`, `SdkResponseMetadata` here.
                "ExpressionAttributeValues": {":a": {"S": "1"}}}}
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^
                error dynamodb-placeholder: ExpressionAttributeValues can only be specified when using expressions
            "##]],
        );
    }
}
