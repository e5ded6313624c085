//! A path in a field that takes a value.

use super::no_dollar::looks_like_path;
use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::spec::{ChoiceOperator, Field, Owner, QueryLanguage, StateKind, field_spec};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "no-path",
    code: "NO_PATH",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds paths in fields that have a twin for paths: `SecondsPath` for `Seconds`.",
    doc: "The field takes the value itself. For a value from the input use the field of the same name with `Path` at its end.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Fail", "Cause": "$.cause"}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Fail", "CausePath": "$.cause"}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let facts = ctx.facts;
    for object in facts.lowered.source_map.objects() {
        let Some(owner) = object.owner.filter(|_| object.query_language == QueryLanguage::JsonPath) else {
            continue;
        };
        // Most objects have no such fields.
        if !has_twins(owner) {
            continue;
        }
        for member in facts.parse.node(object.node).members() {
            let Some(value) = member.value().filter(|value| value.raw().starts_with("\"$")) else { continue };
            let twin = format!("{}Path", member.key());
            let is_operator = matches!(owner, Owner::ChoiceRule | Owner::NestedRule)
                && ChoiceOperator::from_name(&twin).is_some();
            let has_twin = Field::from_name(&twin).is_some_and(|field| field_spec(owner, field).is_some());
            let is_path = || value.text().is_some_and(|text| looks_like_path(&text));
            if (has_twin || is_operator) && is_path() {
                let message = format!("The path is not evaluated here: use '{twin}'");
                ctx.report(Some(value), value.range(), message);
            }
        }
    }
}

fn has_twins(owner: Owner) -> bool {
    match owner {
        Owner::State(kind) => {
            matches!(kind, StateKind::Task | StateKind::Wait | StateKind::Fail | StateKind::Map)
        }
        Owner::ChoiceRule | Owner::NestedRule | Owner::ReaderConfig | Owner::ItemBatcher => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn of_states_and_rules() {
        check_states(
            r#""A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "StringEquals": "$.b", "Next": "B"}], "Default": "B"},
"B": {"Type": "Wait", "Seconds": "$.n", "End": true}"#,
            expect![[r#"
                "A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "StringEquals": "$.b", "Next": "B"}], "Default": "B"},
                                                                                        ^^^^^
                warning NO_PATH: The path is not evaluated here: use 'StringEqualsPath'
                "B": {"Type": "Wait", "Seconds": "$.n", "End": true}
                                                 ^^^^^
                error SCHEMA_VALIDATION_FAILED: Expected a whole number
                "B": {"Type": "Wait", "Seconds": "$.n", "End": true}
                                                 ^^^^^
                warning NO_PATH: The path is not evaluated here: use 'SecondsPath'
            "#]],
        );
    }
}
