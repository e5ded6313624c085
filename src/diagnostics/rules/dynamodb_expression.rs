//! An expression of DynamoDB that it does not take.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use std::borrow::Cow;

use crate::dynamodb::expression::ast::{
    Clauses, Comparator, Condition, Operand, Part, Path, PathElement, PathElementKind, Update,
};
use crate::dynamodb::expression::{ExpressionError, parse_condition, parse_projection, parse_update};
use crate::semantic::{Entry, Operation};
use crate::spec::dynamodb::{ExpressionKind, Holds, Parameter, parameter};
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
                errors.extend(tree.iter().flat_map(update_functions));
                let targets: Vec<&Path<'_>> = tree.iter().flat_map(targets).collect();
                errors.extend(overlap(&targets));
                errors
            }
            ExpressionKind::Projection => {
                let (paths, mut errors) = parse_projection(&text);
                let paths: Vec<&Path<'_>> = paths.iter().flatten().collect();
                errors.extend(overlap(&paths));
                errors
            }
            ExpressionKind::KeyCondition => {
                let (tree, mut errors) = parse_condition(&text);
                errors.extend(tree.iter().filter_map(unfit_operator));
                errors.extend(tree.iter().flat_map(|tree| functions(operation, tree)));
                errors
            }
            ExpressionKind::Condition | ExpressionKind::Filter => {
                let (tree, mut errors) = parse_condition(&text);
                errors.extend(tree.iter().flat_map(|tree| functions(operation, tree)));
                errors
            }
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

/// The type of a value placeholder, where it is known.
fn kind_of<'a>(operation: &Operation<'a>, values: &[Entry<'a>], name: &str) -> Option<Cow<'a, str>> {
    let value = values.iter().find(|entry| entry.name == name)?.value?;
    let [member] = operation.entries(value).try_into().ok()?;
    let Entry { name, .. } = member;
    Some(name)
}

/// The operands of `ADD` and `DELETE` whose type is known and does not fit.
fn operands(operation: &Operation<'_>, tree: &Update<'_>) -> Vec<ExpressionError> {
    let values = operation.map(parameter::EXPRESSION_ATTRIBUTE_VALUES).unwrap_or_default();
    let mut errors = Vec::new();
    for section in &tree.sections {
        let (clauses, fitting): (_, &[&str]) = match &section.clauses {
            Clauses::Add(clauses) => (clauses, &["N", "SS", "NS", "BS"]),
            Clauses::Delete(clauses) => (clauses, &["SS", "NS", "BS"]),
            Clauses::Set(_) | Clauses::Remove(_) => continue,
        };
        for (_, value) in clauses {
            let Some(kind) = kind_of(operation, &values, value.name) else { continue };
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

/// Functions of a condition with operands that they do not take.
fn functions(operation: &Operation<'_>, tree: &Condition<'_>) -> Vec<ExpressionError> {
    let values = operation.map(parameter::EXPRESSION_ATTRIBUTE_VALUES).unwrap_or_default();
    let mut errors = Vec::new();
    tree.walk(&mut |part| {
        let Part::Function(function) = part else { return };
        let (name, n_operands) = (function.name, function.arguments.len());
        let expected = match name {
            "attribute_exists" | "attribute_not_exists" | "size" => 1,
            "attribute_type" | "begins_with" | "contains" => 2,
            _ => return,
        };
        if n_operands != expected {
            let message = format!(
                "Incorrect number of operands for operator or function; operator or function: {name}, \
                 number of operands: {n_operands}"
            );
            errors.push(ExpressionError { message, range: function.range });
            return;
        }
        let needs_path = matches!(name, "attribute_exists" | "attribute_not_exists");
        if let (true, Some(Operand::Value(value))) = (needs_path, function.arguments.first()) {
            let message =
                format!("Operator or function requires a document path; operator or function: {name}");
            errors.push(ExpressionError { message, range: value.range });
        }
        if name != BEGINS_WITH {
            return;
        }
        for operand in &function.arguments {
            let Operand::Value(value) = operand else { continue };
            let Some(kind) = kind_of(operation, &values, value.name) else { continue };
            if TYPE_NAMES.iter().any(|(known, _)| *known == kind) && kind != "S" && kind != "B" {
                let message = format!(
                    "Incorrect operand type for operator or function; operator or function: {name}, operand type: {kind}"
                );
                errors.push(ExpressionError { message, range: value.range });
            }
        }
    });
    errors
}

/// Functions of an update with another number of operands than they take.
fn update_functions(tree: &Update<'_>) -> Vec<ExpressionError> {
    let mut errors = Vec::new();
    tree.walk(&mut |part| {
        let Part::Function(function) = part else { return };
        let (name, n_operands) = (function.name, function.arguments.len());
        if matches!(name, "if_not_exists" | "list_append") && n_operands != 2 {
            let message = format!(
                "Incorrect number of operands for operator or function; operator or function: {name}, \
                 number of operands: {n_operands}"
            );
            errors.push(ExpressionError { message, range: function.range });
        }
    });
    errors
}

/// Two paths of which one is the other or leads through it.
fn overlap(paths: &[&Path<'_>]) -> Option<ExpressionError> {
    let shown = |path: &Path<'_>| {
        let step = |element: &PathElement<'_>| match element.kind {
            PathElementKind::Name(name) | PathElementKind::Placeholder(name) => name.to_owned(),
            PathElementKind::Index(index) => format!("[{index}]"),
        };
        path.elements.iter().map(step).collect::<Vec<_>>().join(", ")
    };
    // An expression has at most 4 KB.
    for (idx, second) in paths.iter().enumerate() {
        for first in paths.iter().take(idx) {
            let mut steps = first.elements.iter().zip(&second.elements);
            if steps.all(|(one, two)| one.kind == two.kind) {
                let message = format!(
                    "Two document paths overlap with each other; must remove or rewrite one of these paths; \
                     path one: [{}], path two: [{}]",
                    shown(first),
                    shown(second)
                );
                return Some(ExpressionError { message, range: second.range });
            }
        }
    }
    None
}

/// The paths that an update changes.
pub(super) fn targets<'t, 'a>(tree: &'t Update<'a>) -> Vec<&'t Path<'a>> {
    let mut found = Vec::new();
    for section in &tree.sections {
        match &section.clauses {
            Clauses::Set(clauses) => found.extend(clauses.iter().map(|(path, _)| path)),
            Clauses::Remove(paths) => found.extend(paths),
            Clauses::Add(clauses) | Clauses::Delete(clauses) => {
                found.extend(clauses.iter().map(|(path, _)| path));
            }
        }
    }
    found
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
    let expression = |(parameter, node): (&'static Parameter, Node<'a>)| match parameter.holds {
        Holds::Expression(kind) if node.is_string() => {
            Some(Expression { parameter: parameter.name, kind, node })
        }
        _ => None,
    };
    operation.known().filter_map(expression).collect()
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
    fn operands_and_paths() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "End": true, "Parameters": {"TableName": "Orders", "Key.$": "$.key",
"UpdateExpression": "SET a = :n, a.b = :n", "ExpressionAttributeValues": {":n": {"N": "1"}},
"ConditionExpression": "begins_with(x, :n) AND attribute_exists(:n) AND size(a, b) > :n"}}"#,
            expect![[r#"
                "UpdateExpression": "SET a = :n, a.b = :n", "ExpressionAttributeValues": {":n": {"N": "1"}},
                                                 ^^^
                error dynamodb-expression: Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]
                "ConditionExpression": "begins_with(x, :n) AND attribute_exists(:n) AND size(a, b) > :n"}}
                                                       ^^
                error dynamodb-expression: Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N
                "ConditionExpression": "begins_with(x, :n) AND attribute_exists(:n) AND size(a, b) > :n"}}
                                                                                ^^
                error dynamodb-expression: Invalid ConditionExpression: Operator or function requires a document path; operator or function: attribute_exists
                "ConditionExpression": "begins_with(x, :n) AND attribute_exists(:n) AND size(a, b) > :n"}}
                                                                                        ^^^^^^^^^^
                error dynamodb-expression: Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: size, number of operands: 2
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
