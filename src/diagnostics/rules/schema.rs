//! An object lacks a field, has one that it cannot have, or one with a value of the wrong form.

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::model::LowerErrorKind;
use crate::spec::quota;
use crate::syntax::{Node, SyntaxErrorKind};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "schema",
    code: crate::diagnostics::SCHEMA_VALIDATION_FAILED,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Finds fields that are missing, unknown, of the other query language or of the wrong form, and definitions that are too long.",
    doc: "Each type of state has its own fields, and each field its own form: hover over a field to see it. Under `\"QueryLanguage\": \"JSONata\"` the fields that hold paths are replaced by `Arguments`, `Output` and `Assign`.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass"}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#,
    link: "https://states-language.net/spec.html",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    if let Some(empty) = facts.parse.errors().iter().find(|error| error.kind == SyntaxErrorKind::Empty) {
        ctx.report(None, empty.range, LowerErrorKind::NotAnObject.message());
    }
    if let Some(n_chars) = too_many_characters(facts.parse.source().as_str()) {
        let limit = quota::DEFINITION_CHARS_MAX;
        let message = format!("The definition has {n_chars} characters; AWS accepts up to {limit}");
        let root = facts.parse.root();
        ctx.report(root, root.map(Node::opening).unwrap_or_default(), message);
    }
    let has_own_rule = |kind: &LowerErrorKind| {
        kind.is_doubtful() || kind.is_jsonata() || kind.is_state_name() || kind.is_label()
    };
    for error in facts.lowered.errors.iter().filter(|error| !has_own_rule(&error.kind)) {
        ctx.report(Some(facts.parse.node(error.node)), error.range, error.message());
    }
}

/// How long a definition is, if AWS refuses it for that.
fn too_many_characters(text: &str) -> Option<usize> {
    // Counting characters can wait until there are enough bytes for too many of them.
    let n_chars = if text.len() > quota::DEFINITION_CHARS_MAX { text.chars().count() } else { 0 };
    (n_chars > quota::DEFINITION_CHARS_MAX).then_some(n_chars)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::{check, check_states};

    #[test]
    fn empty_document() {
        check(
            "",
            expect![[r#"

            ^
            error SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object
        "#]],
        );
    }

    #[test]
    fn characters_count_and_not_bytes() {
        let limit = crate::spec::quota::DEFINITION_CHARS_MAX;
        assert_eq!(super::too_many_characters(&"é".repeat(limit)), None);
        assert_eq!(super::too_many_characters(&"é".repeat(limit + 1)), Some(limit + 1));
    }

    #[test]
    fn no_object() {
        check(
            "[1]",
            expect![[r#"
            [1]
            ^^^
            error SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object
        "#]],
        );
    }

    #[test]
    fn missing_states_and_start() {
        check(
            "{}",
            expect![[r#"
            {}
            ^
            error SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt]
        "#]],
        );
    }

    #[test]
    fn next_or_end() {
        check_states(
            r#""A": {"Type": "Pass", "Next": "B", "End": true},
"B": {"Type": "Pass", "End": false}"#,
            expect![[r#"
                "A": {"Type": "Pass", "Next": "B", "End": true},
                                                   ^^^^^
                error SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [Next, End]
                "B": {"Type": "Pass", "End": false}
                ^^^
                error SCHEMA_VALIDATION_FAILED: This object should have only one of the following fields: [Next, End]
            "#]],
        );
    }

    #[test]
    fn unknown_type() {
        check_states(
            r#""A": {"Type": "Pas", "End": true}"#,
            expect![[r#"
            "A": {"Type": "Pas", "End": true}
                          ^^^^^
            error SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]
        "#]],
        );
    }

    #[test]
    fn unsupported_and_wrong_language() {
        check_states(
            r#""A": {"Type": "Succeed", "Retry": [], "Output": 1, "Foo": 2}"#,
            expect![[r#"
            "A": {"Type": "Succeed", "Retry": [], "Output": 1, "Foo": 2}
                                     ^^^^^^^
            error SCHEMA_VALIDATION_FAILED: Field 'Retry' is not supported
            "A": {"Type": "Succeed", "Retry": [], "Output": 1, "Foo": 2}
                                                  ^^^^^^^^
            error SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage
            "A": {"Type": "Succeed", "Retry": [], "Output": 1, "Foo": 2}
                                                               ^^^^^
            error SCHEMA_VALIDATION_FAILED: Field 'Foo' is not supported
        "#]],
        );
    }

    #[test]
    fn ranges_and_types_of_numbers() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "TimeoutSeconds": 0, "End": true,
"Retry": [{"ErrorEquals": [], "MaxAttempts": -1, "IntervalSeconds": 1.5, "BackoffRate": 0.5}]}"#,
            expect![[r#"
                "A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "TimeoutSeconds": 0, "End": true,
                                                                                                        ^
                error SCHEMA_VALIDATION_FAILED: Minimum value is 1
                "Retry": [{"ErrorEquals": [], "MaxAttempts": -1, "IntervalSeconds": 1.5, "BackoffRate": 0.5}]}
                                          ^^
                error SCHEMA_VALIDATION_FAILED: Value cannot be empty
                "Retry": [{"ErrorEquals": [], "MaxAttempts": -1, "IntervalSeconds": 1.5, "BackoffRate": 0.5}]}
                                                             ^^
                error SCHEMA_VALIDATION_FAILED: Minimum value is 0
                "Retry": [{"ErrorEquals": [], "MaxAttempts": -1, "IntervalSeconds": 1.5, "BackoffRate": 0.5}]}
                                                                                    ^^^
                error SCHEMA_VALIDATION_FAILED: Expected a whole number
                "Retry": [{"ErrorEquals": [], "MaxAttempts": -1, "IntervalSeconds": 1.5, "BackoffRate": 0.5}]}
                                                                                                        ^^^
                error SCHEMA_VALIDATION_FAILED: Minimum value is 1.0
            "#]],
        );
    }

    #[test]
    fn expressions() {
        check_states(
            r#""A": {"Type": "Pass", "InputPath": "x", "ResultPath": "$.a[*]", "Parameters": {"p.$": "$.a["}, "End": true}"#,
            expect![[r#"
                "A": {"Type": "Pass", "InputPath": "x", "ResultPath": "$.a[*]", "Parameters": {"p.$": "$.a["}, "End": true}
                                                    ^
                error SCHEMA_VALIDATION_FAILED: Value is not a valid JSONPath: Path must start with '$'
                "A": {"Type": "Pass", "InputPath": "x", "ResultPath": "$.a[*]", "Parameters": {"p.$": "$.a["}, "End": true}
                                                                      ^^^^^^^^
                error SCHEMA_VALIDATION_FAILED: Value is not a Reference Path
            "#]],
        );
    }

    #[test]
    fn choice_rules() {
        check_states(
            r#""A": {"Type": "Choice", "Choices": [
{"Variable": "$.a", "Next": "B"},
{"Variable": "$.a", "IsNull": true, "IsString": true, "Next": "B"},
{"StringEquals": "x", "Next": "B"},
{"Variable": "$.a", "NumericEquals": "1", "Next": "B"},
{"Not": {"Variable": "$.a", "TimestampEquals": "2026-01-01", "Next": "B"}}
]},
"B": {"Type": "Succeed"}"#,
            expect![[r#"
                {"Variable": "$.a", "Next": "B"},
                ^
                error SCHEMA_VALIDATION_FAILED: A rule needs 'Variable' and one comparison operator, or 'And', 'Or' or 'Not'
                {"Variable": "$.a", "IsNull": true, "IsString": true, "Next": "B"},
                                                    ^^^^^^^^^^
                error SCHEMA_VALIDATION_FAILED: A rule can have only one comparison operator
                {"StringEquals": "x", "Next": "B"},
                ^
                error SCHEMA_VALIDATION_FAILED: These fields are required: [Variable]
                {"Variable": "$.a", "NumericEquals": "1", "Next": "B"},
                                                     ^^^
                error SCHEMA_VALIDATION_FAILED: Expected a number
                {"Not": {"Variable": "$.a", "TimestampEquals": "2026-01-01", "Next": "B"}}
                ^
                error SCHEMA_VALIDATION_FAILED: These fields are required: [Next]
                {"Not": {"Variable": "$.a", "TimestampEquals": "2026-01-01", "Next": "B"}}
                                                               ^^^^^^^^^^^^
                error SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp
                {"Not": {"Variable": "$.a", "TimestampEquals": "2026-01-01", "Next": "B"}}
                                                                             ^^^^^^
                error SCHEMA_VALIDATION_FAILED: Field 'Next' is not supported
            "#]],
        );
    }

    #[test]
    fn substitutions_without_quotes_stand_for_anything() {
        check(
            r#"{"StartAt": "${start}", "TimeoutSeconds": ${t}, "States": {
"A": {"Type": "Wait", "Seconds": ${n}, "Next": ${next}},
"B": {"Type": "Task", "Resource": "${arn}", "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": ${n}}, ${retrier}], "Parameters": {"a": ${a}}, "End": ${end}},
"C": {"Type": "Choice", "Choices": [{"Variable": "$.x", "NumericEquals": ${n}, "Next": "${b}"}, ${rule}]},
"D": {"Type": "Parallel", "Branches": [${branch}], "Next": "C"}}}"#,
            expect![[""]],
        );
    }

    #[test]
    fn substitutions_are_values_of_any_type() {
        check_states(
            r#""A": {"Type": "Wait", "Seconds": "${Seconds}", "Next": "B"},
"B": {"Type": "Task", "Resource": "${Arn}", "TimeoutSeconds": "${T}", "Parameters": {"a.$": "${P}"}, "End": true}"#,
            expect![[r#""#]],
        );
    }

    #[test]
    fn substitutions_stand_for_whole_objects() {
        check(
            r#"{"StartAt": "A", "States": {
"A": ${state}, "B": "${state}", "C": {"Fn::Transform": {"Name": "AWS::Include"}},
"D": {"Type": "${type}", "End": true},
"E": {"Type": "Task", "Resource": "${arn}", "Retry": "${retry}", "Catch": "${catch}", "Credentials": "${role}", "Next": "F"},
"F": {"Type": "Map", "ItemProcessor": "${processor}", "Label": "${label}", "End": true}}}"#,
            expect![[""]],
        );
        check(r#"{"StartAt": "A", "States": "${states}"}"#, expect![[""]]);
        check(r#"{"StartAt": "A", "States": ${states}}"#, expect![[""]]);
    }

    #[test]
    fn functions_of_cloudformation_stand_for_values() {
        check_states(
            r#""A": {"Type": "Task", "Resource": {"Fn::GetAtt": ["Function", "Arn"]}, "TimeoutSeconds": {"Ref": "Timeout"}, "Next": "Ref"},
"Ref": {"Type": "Pass", "Assign": {"Ref": "x"}, "Next": "B"},
"B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "End": true,
"Parameters": {"TableName": {"Ref": "Table"}, "Key": {"pk": {"S": {"Fn::Sub": "${x}"}}}, "ConsistentRead": {"Ref": "c"}}}"#,
            expect![[r#"
                "Ref": {"Type": "Pass", "Assign": {"Ref": "x"}, "Next": "B"},
                                                   ^^^^^
                hint unused-variable: Nothing reads the variable $Ref
            "#]],
        );
        check(
            r#"{"StartAt": "Ref", "States": {"Ref": {"Type": "Pas", "End": true}}}"#,
            expect![[r#"
            {"StartAt": "Ref", "States": {"Ref": {"Type": "Pas", "End": true}}}
                                                          ^^^^^
            error SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]
        "#]],
        );
    }

    #[test]
    fn elements_of_another_type_are_one_mistake() {
        check_states(
            r#""A": {"Type": "Choice", "Default": "B", "Choices": [1, {"And": {}, "Next": "B"}, {"Not": [], "Next": "B"}]},
"B": {"Type": "Parallel", "Branches": ["x"], "End": true, "Retry": ["y"], "Catch": [2]}"#,
            expect![[r#"
                "A": {"Type": "Choice", "Default": "B", "Choices": [1, {"And": {}, "Next": "B"}, {"Not": [], "Next": "B"}]},
                                                                    ^
                error SCHEMA_VALIDATION_FAILED: Expected an object
                "A": {"Type": "Choice", "Default": "B", "Choices": [1, {"And": {}, "Next": "B"}, {"Not": [], "Next": "B"}]},
                                                                               ^^
                error SCHEMA_VALIDATION_FAILED: Expected an array
                "A": {"Type": "Choice", "Default": "B", "Choices": [1, {"And": {}, "Next": "B"}, {"Not": [], "Next": "B"}]},
                                                                                                         ^^
                error SCHEMA_VALIDATION_FAILED: Expected an object
                "B": {"Type": "Parallel", "Branches": ["x"], "End": true, "Retry": ["y"], "Catch": [2]}
                                                       ^^^
                error SCHEMA_VALIDATION_FAILED: Expected an object
                "B": {"Type": "Parallel", "Branches": ["x"], "End": true, "Retry": ["y"], "Catch": [2]}
                                                                                    ^^^
                error SCHEMA_VALIDATION_FAILED: Expected an object
                "B": {"Type": "Parallel", "Branches": ["x"], "End": true, "Retry": ["y"], "Catch": [2]}
                                                                                                    ^
                error SCHEMA_VALIDATION_FAILED: Expected an object
            "#]],
        );
    }

    #[test]
    fn names_of_variables_are_unicode_identifiers() {
        check_states(
            r#""A": {"Type": "Pass", "Assign": {"हिन्दी": 1}, "Next": "B"},
"B": {"Type": "Pass", "Parameters": {"a.$": "$हिन्दी"}, "Assign": {"😀": 1}, "End": true}"#,
            expect![[r#"
                "B": {"Type": "Pass", "Parameters": {"a.$": "$हिन्दी"}, "Assign": {"😀": 1}, "End": true}
                                                                                   ^^^
                error SCHEMA_VALIDATION_FAILED: '😀' cannot be the name of a variable: names are up to 80 letters, digits and '_', do not begin with a digit and are not 'states'
                "B": {"Type": "Pass", "Parameters": {"a.$": "$हिन्दी"}, "Assign": {"😀": 1}, "End": true}
                                                                                   ^^^
                hint unused-variable: Nothing reads the variable $😀
            "#]],
        );
    }

    #[test]
    fn credentials_hold_a_role_alone() {
        check_states(
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Credentials": {"RoleArn.$": "$.role", "Role": "x"}, "End": true}"#,
            expect![[r#"
                "A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Credentials": {"RoleArn.$": "$.role", "Role": "x"}, "End": true}
                                                                                                                             ^^^^^^
                error SCHEMA_VALIDATION_FAILED: Field 'Role' is not supported
            "#]],
        );
    }

    #[test]
    fn an_unknown_language_is_jsonata_and_its_only_mistake() {
        check_states(
            r#""A": {"Type": "Pass", "QueryLanguage": "jsonata", "Output": "{% 1 %}", "End": true}"#,
            expect![[r#"
                "A": {"Type": "Pass", "QueryLanguage": "jsonata", "Output": "{% 1 %}", "End": true}
                                                       ^^^^^^^^^
                error SCHEMA_VALIDATION_FAILED: The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata]
            "#]],
        );
        check(
            r#"{"StartAt": "A", "QueryLanguage": "JSONata", "States": {
"A": {"Type": "Pass", "QueryLanguage": "JSONPath", "InputPath": "$.a", "End": true}}}"#,
            expect![[r#"
                "A": {"Type": "Pass", "QueryLanguage": "JSONPath", "InputPath": "$.a", "End": true}}}
                                                       ^^^^^^^^^^
                error SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine
            "#]],
        );
    }
}
