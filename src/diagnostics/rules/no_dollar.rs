//! A path under a key that does not say so.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::expr::Expr;
use crate::expr::intrinsic::Intrinsic;
use crate::spec::{Field, QueryLanguage};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "no-dollar",
    code: "NO_DOLLAR",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds values in payload templates that look like a path or an intrinsic function, under a key without `.$`.",
    doc: "Without `.$` at the end of its key a value is taken as text: the task gets `\"$.id\"` and not what the path leads to.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"id": "$.id"}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"id.$": "$.id"}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html",
    config: Config::default,
    check: Check::State(check),
};

fn check(ctx: &mut Reporter<'_>, view: &StateView<'_>) {
    if view.state.query_language != QueryLanguage::JsonPath {
        return;
    }
    const TEMPLATES: [Field; 9] = [
        Field::Parameters,
        Field::ResultSelector,
        Field::Assign,
        Field::ItemSelector,
        Field::Credentials,
        Field::ItemReader,
        Field::ItemBatcher,
        Field::ResultWriter,
        Field::Catch,
    ];
    for member in view.node.members() {
        let Some(value) = member.value().filter(|value| value.is_object() || value.is_array()) else {
            continue;
        };
        if !may_hold_path(value.raw()) || !TEMPLATES.iter().any(|field| member.key_is(field.name())) {
            continue;
        }
        let mut todo = vec![value];
        while let Some(node) = todo.pop() {
            todo.extend(node.elements());
            for member in node.members() {
                let Some(value) = member.value() else { continue };
                todo.push(value);
                let key = member.key();
                // The fields of the language that hold paths end in Path.
                if !key.ends_with(".$")
                    && !key.ends_with("Path")
                    && value.text().is_some_and(|text| looks_like_path(&text))
                {
                    let message =
                        format!("The value is taken as text: write \"{key}.$\" to have it evaluated");
                    ctx.report(Some(value), value.range(), message);
                }
            }
        }
    }
}

/// Whether a string in a JSON text may look like a path: cheaper than looking at each.
pub(super) fn may_hold_path(raw: &str) -> bool {
    raw.contains("\"$") || raw.contains("\"States.")
}

/// Whether a text is a path with at least one step, or a call of an intrinsic function.
pub(super) fn looks_like_path(text: &str) -> bool {
    let is_path = ["$.", "$[", "$$."].iter().any(|start| text.starts_with(start));
    if !is_path && !Intrinsic::is_meant(text) {
        return false;
    }
    let (expr, errors) = Expr::parse_payload(text);
    errors.is_empty() && expr.is_some()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn paths_and_functions() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true, "Parameters": {"TableName": "Orders",
"Item": {"id": {"S": "$.id"}, "n": {"S": "States.Format('{}', $.n)"}, "price": {"S": "$5"}, "text": {"S": "States. rights"}}},
"ResultSelector": {"a.$": "$.a", "b": "$$.Execution.Id"}}"#,
            expect![[r#"
                "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true, "Parameters": {"TableName": "Orders",
                                                                                                                                ^^^^^^^^
                hint assumed-table: The simulation assumes that table Orders has the key id (S), from the first attribute of the item. Declare it in a tables file, a JSON array of CreateTable requests, to say otherwise.
                "Item": {"id": {"S": "$.id"}, "n": {"S": "States.Format('{}', $.n)"}, "price": {"S": "$5"}, "text": {"S": "States. rights"}}},
                                     ^^^^^^
                warning NO_DOLLAR: The value is taken as text: write "S.$" to have it evaluated
                "Item": {"id": {"S": "$.id"}, "n": {"S": "States.Format('{}', $.n)"}, "price": {"S": "$5"}, "text": {"S": "States. rights"}}},
                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^
                warning NO_DOLLAR: The value is taken as text: write "S.$" to have it evaluated
                "ResultSelector": {"a.$": "$.a", "b": "$$.Execution.Id"}}
                                            ^^
                warning impossible-path: `$.a` leads to nothing: `$` has only `SdkHttpMetadata`, `SdkResponseMetadata` here.
                "ResultSelector": {"a.$": "$.a", "b": "$$.Execution.Id"}}
                                                      ^^^^^^^^^^^^^^^^^
                warning NO_DOLLAR: The value is taken as text: write "b.$" to have it evaluated
            "#]],
        );
    }
}
