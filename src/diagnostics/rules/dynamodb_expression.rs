//! An expression of DynamoDB that it does not take.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::dynamodb::expression::ast::{Clauses, Comparator, Condition, Update};
use crate::dynamodb::expression::{ExpressionError, parse_condition, parse_projection, parse_update};
use crate::semantic::{Given, Operation};
use crate::spec::dynamodb::{ExpressionKind, Holds};
use crate::spec::resource::parameter;
use crate::syntax::Node;
use crate::text::TextRange;

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "dynamodb-expression",
    code: "dynamodb-expression",
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds mistakes in condition, update, filter, projection and key condition expressions: syntax, reserved words, functions and operands.",
    doc: "DynamoDB refuses the request: the task fails with `DynamoDB.AmazonDynamoDBException` (through the AWS SDK `DynamoDb.DynamoDbException`). A reserved word gets a name of its own: `#status` with `\"ExpressionAttributeNames\": {\"#status\": \"status\"}`. A key condition compares the key attributes with values, joined by `AND`.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:deleteItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}, "ConditionExpression": "attribute_exists(status)"}, "End": true}}}"#,
    passing: r##"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:deleteItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S": "1"}}, "ConditionExpression": "attribute_exists(#s)", "ExpressionAttributeNames": {"#s": "status"}}, "End": true}}}"##,
    link: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html",
    config: Config::default,
    check: Check::Operation(check),
};

fn check(ctx: &mut Reporter<'_>, operation: &Operation<'_>) {
    for expression in expressions(operation) {
        let Expression { parameter, kind, node, .. } = expression;
        let text = node.text().unwrap_or_default();
        if text.trim().is_empty() {
            report(ctx, node, None, &format!("Invalid {parameter}: The expression can not be empty;"));
            continue;
        }
        let errors = match kind {
            ExpressionKind::Update => {
                let (tree, mut errors) = parse_update(&text);
                errors.extend(tree.iter().flat_map(|tree| operands(operation, tree)));
                errors
            }
            ExpressionKind::Projection => parse_projection(&text).1,
            ExpressionKind::KeyCondition => {
                let (tree, mut errors) = parse_condition(&text);
                errors.extend(tree.iter().filter_map(unfit_operator));
                errors
            }
            ExpressionKind::Condition | ExpressionKind::Filter => parse_condition(&text).1,
        };
        for error in errors {
            let message = if kind == ExpressionKind::KeyCondition && error.message.starts_with(OPERATOR) {
                error.message
            } else {
                format!("Invalid {parameter}: {}", error.message)
            };
            report(ctx, node, Some(error.range), &message);
        }
    }
}

const OPERATOR: &str = "Invalid operator used in KeyConditionExpression: ";

fn report(ctx: &mut Reporter<'_>, node: Node<'_>, range: Option<TextRange>, message: &str) {
    let range = range.and_then(|range| Some(node.decoded()?.to_source(range)));
    let range = range.filter(|range| !range.is_empty()).unwrap_or(node.range());
    ctx.report(Some(node), range, message);
}

/// The first operator that a key condition cannot have.
fn unfit_operator(tree: &Condition<'_>) -> Option<ExpressionError> {
    let unfit =
        |operator: &str, range| Some(ExpressionError { message: format!("{OPERATOR}{operator}"), range });
    // No deeper than the parser admits.
    let mut todo = vec![tree];
    while let Some(condition) = todo.pop() {
        match condition {
            Condition::And(terms) => todo.extend(terms.iter().rev()),
            Condition::Parens { inner, .. } => todo.push(inner),
            Condition::Or(_) => return unfit("OR", TextRange::default()),
            Condition::Not(_) => return unfit("NOT", TextRange::default()),
            Condition::In { range, .. } => return unfit("IN", *range),
            Condition::Compare { comparator: Comparator::NotEqual, range, .. } => return unfit("<>", *range),
            Condition::Function(function) if function.name != BEGINS_WITH => {
                return unfit(function.name, function.range);
            }
            Condition::Compare { .. } | Condition::Between { .. } | Condition::Function(_) => {}
        }
    }
    None
}

/// The one function of key conditions.
const BEGINS_WITH: &str = "begins_with";

/// The operands of `ADD` and `DELETE` whose type is known and does not fit.
fn operands(operation: &Operation<'_>, tree: &Update<'_>) -> Vec<ExpressionError> {
    let values = operation.map(parameter::EXPRESSION_ATTRIBUTE_VALUES).unwrap_or_default();
    let kind_of = |name: &str| {
        let value = values.iter().find(|entry| entry.name == name)?.value?;
        let [member] = operation.entries(value).try_into().ok()?;
        Some(member.name)
    };
    let mut errors = Vec::new();
    for section in &tree.sections {
        let (clauses, fitting): (_, &[&str]) = match &section.clauses {
            Clauses::Add(clauses) => (clauses, &["N", "SS", "NS", "BS"]),
            Clauses::Delete(clauses) => (clauses, &["SS", "NS", "BS"]),
            Clauses::Set(_) | Clauses::Remove(_) => continue,
        };
        for (_, value) in clauses {
            let Some(kind) = kind_of(value.name) else { continue };
            let Some((_, name)) = TYPE_NAMES.iter().find(|(known, _)| *known == kind) else { continue };
            if !fitting.contains(&&*kind) {
                let keyword = section.clauses.keyword();
                let message = format!(
                    "Incorrect operand type for operator or function; operator: {keyword}, operand type: {name}"
                );
                errors.push(ExpressionError { message, range: value.range });
            }
        }
    }
    errors
}

/// The types as such messages name them.
const TYPE_NAMES: [(&str, &str); 7] = [
    ("S", "STRING"),
    ("N", "NUMBER"),
    ("B", "BINARY"),
    ("NULL", "NULL"),
    ("BOOL", "BOOLEAN"),
    ("L", "LIST"),
    ("M", "MAP"),
];

/// An expression of an operation, written down.
pub(super) struct Expression<'a> {
    /// The parameter that holds it.
    pub(super) parameter: &'static str,
    /// What it is for.
    pub(super) kind: ExpressionKind,
    /// The string.
    pub(super) node: Node<'a>,
}

/// The expressions of an operation that are known.
pub(super) fn expressions<'a>(operation: &Operation<'a>) -> Vec<Expression<'a>> {
    let mut found = Vec::new();
    for parameter in operation.spec.parameters {
        let Holds::Expression(kind) = parameter.holds else { continue };
        if let Given::Known(node) = operation.given(parameter.name)
            && node.is_string()
        {
            found.push(Expression { parameter: parameter.name, kind, node });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn of_every_kind() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:updateItem", "Next": "B", "Parameters": {"TableName": "Orders", "Key.$": "$.key",
"UpdateExpression": "SET a = :v ADD n :s REMOVE name", "ConditionExpression": "exists(a) AND b =", "ExpressionAttributeValues": {":v": {"S": "x"}, ":s": {"S": "y"}}}},
"B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "End": true, "Parameters": {"TableName": "Orders",
"KeyConditionExpression": "id <> :i", "FilterExpression": "size(", "ProjectionExpression": "a, comment", "ExpressionAttributeValues": {":i": {"S": "1"}}}}"#,
            expect![[r#"
                "UpdateExpression": "SET a = :v ADD n :s REMOVE name", "ConditionExpression": "exists(a) AND b =", "ExpressionAttributeValues": {":v": {"S": "x"}, ":s": {"S": "y"}}}},
                                                      ^^
                error dynamodb-expression: Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING
                "UpdateExpression": "SET a = :v ADD n :s REMOVE name", "ConditionExpression": "exists(a) AND b =", "ExpressionAttributeValues": {":v": {"S": "x"}, ":s": {"S": "y"}}}},
                                                                ^^^^
                error dynamodb-expression: Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: name
                "UpdateExpression": "SET a = :v ADD n :s REMOVE name", "ConditionExpression": "exists(a) AND b =", "ExpressionAttributeValues": {":v": {"S": "x"}, ":s": {"S": "y"}}}},
                                                                                              ^^^^^^^^^^^^^^^^^^^
                error dynamodb-expression: Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="
                "KeyConditionExpression": "id <> :i", "FilterExpression": "size(", "ProjectionExpression": "a, comment", "ExpressionAttributeValues": {":i": {"S": "1"}}}}
                                           ^^^^^^^^
                error dynamodb-expression: Invalid operator used in KeyConditionExpression: <>
                "KeyConditionExpression": "id <> :i", "FilterExpression": "size(", "ProjectionExpression": "a, comment", "ExpressionAttributeValues": {":i": {"S": "1"}}}}
                                                                          ^^^^^^^
                error dynamodb-expression: Invalid FilterExpression: Syntax error; token: "<EOF>", near: "("
                "KeyConditionExpression": "id <> :i", "FilterExpression": "size(", "ProjectionExpression": "a, comment", "ExpressionAttributeValues": {":i": {"S": "1"}}}}
                                                                                                               ^^^^^^^
                error dynamodb-expression: Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: comment
            "#]],
        );
    }

    #[test]
    fn of_a_transaction_and_under_jsonata() {
        check_states(
            r#""A": {"Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::aws-sdk:dynamodb:transactWriteItems", "End": true, "Arguments": {"TransactItems": [
{"Update": {"TableName": "Orders", "Key": "{% $states.input.key %}", "UpdateExpression": "SET status = 1"}},
{"Delete": {"TableName": "Orders", "Key": "{% $states.input.key %}", "ConditionExpression": "{% $states.input.condition %}"}}]}}"#,
            expect![[r#"
                {"Update": {"TableName": "Orders", "Key": "{% $states.input.key %}", "UpdateExpression": "SET status = 1"}},
                                                                                                                       ^
                error dynamodb-expression: Invalid UpdateExpression: Syntax error; token: "1", near: "= 1"
            "#]],
        );
    }
}
