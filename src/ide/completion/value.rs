//! Values of fields that have only a few: types of states, enumerations, `true` and `false`.

use std::borrow::Cow;

use super::{CompletionKind, Draft, Insert, Item};
use crate::expr::jsonata::{CLOSE, OPEN};
use crate::ide::doc;
use crate::spec::jsonata::LINK as JSONATA_LINK;
use crate::spec::{
    ChoiceOperator, Comparison, FieldSpec, Operand, Owner, QueryLanguage, StateKind, ValueKind,
};

/// The values of a field.
pub(super) fn values(spec: &'static FieldSpec) -> Vec<Item> {
    let owner = spec.owners.first().copied().unwrap_or(Owner::Machine);
    let documentation = || doc::field(spec, owner);
    let text = |value: &str| item(value, Draft::Fixed(value.to_owned()), documentation());
    match spec.value {
        ValueKind::StateType => StateKind::ALL
            .into_iter()
            .map(|kind| Item {
                detail: Some(kind.doc().replace('`', "")),
                ..item(kind.name(), Draft::Fixed(kind.name().to_owned()), doc::state_kind(kind))
            })
            .collect(),
        ValueKind::QueryLanguage => QueryLanguage::ALL.map(|language| text(language.name())).into(),
        ValueKind::Enum(values) => values.iter().map(|value| text(value)).collect(),
        ValueKind::Boolean => booleans(&documentation()),
        ValueKind::NullablePath | ValueKind::NullableReferencePath => vec![
            item("$", Draft::Text("$".to_owned()), documentation()),
            item("null", raw("null"), documentation()),
        ],
        ValueKind::Path | ValueKind::ReferencePath => {
            vec![item("$.", Draft::around("$.", ""), documentation())]
        }
        ValueKind::Condition => {
            vec![item(EXPRESSION_LABEL, EXPRESSION, documentation())]
        }
        _ => Vec::new(),
    }
}

/// The values of a comparison that has only two.
pub(super) fn operands(operator: &'static ChoiceOperator) -> Vec<Item> {
    let is_boolean = !operator.is_path
        && matches!(
            operator.comparison,
            Comparison::Equals(Operand::Boolean)
                | Comparison::IsNull
                | Comparison::IsPresent
                | Comparison::IsNumeric
                | Comparison::IsString
                | Comparison::IsBoolean
                | Comparison::IsTimestamp
        );
    if is_boolean { booleans(&doc::operator(operator)) } else { Vec::new() }
}

/// `true` and `false`.
pub(super) fn booleans(documentation: &str) -> Vec<Item> {
    ["true", "false"].map(|value| item(value, raw(value), documentation.to_owned())).into()
}

/// A value with its documentation.
pub(super) fn item(label: &str, draft: Draft, documentation: String) -> Item {
    Item {
        label: label.to_owned(),
        kind: CompletionKind::Value,
        detail: None,
        documentation: documentation.into(),
        insert: Insert::Value(draft),
    }
}

/// What the list shows of an expression.
pub(super) const EXPRESSION_LABEL: &str = "{% … %}";

/// An expression of JSONata in the place of a value.
pub(super) fn expression() -> Item {
    Item {
        detail: Some("JSONata".to_owned()),
        ..item(
            EXPRESSION_LABEL,
            EXPRESSION,
            format!("An expression of JSONata, which gives the value.\n\n{}", doc::link(JSONATA_LINK)),
        )
    }
}

/// What was typed as text and is meant as an expression, as one.
pub(super) fn typed_expression(text: &str) -> Option<Item> {
    let draft = Draft::Around(Cow::Owned(format!("{OPEN} {text}")), " %}");
    let label = format!("{OPEN} {text} {CLOSE}");
    text.starts_with('$').then(|| Item { label, insert: Insert::Value(draft), ..expression() })
}

/// An expression of JSONata that is still to be written.
pub(super) const EXPRESSION: Draft = Draft::around("{% ", " %}");

fn raw(value: &str) -> Draft {
    Draft::Raw(value.to_owned())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::testing::{check, check_edit, state};

    #[test]
    fn types_of_states() {
        let all = expect!["Task, Pass, Choice, Wait, Succeed, Fail, Parallel, Map"];
        check(&state(r#""Type": <|>"#), 20, all);
        check(&state(r#""Type": "<|>""#), 3, expect!["Task, Pass, Choice … 5 more"]);
        check_edit(
            &state(r#""Type": "P<|>", "End": true"#),
            "Pass",
            expect![[
                r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}, "B": {"Type": "Succeed"}}}"#
            ]],
        );
        check_edit(
            &state("\"Type\":<|>\n\"End\": true"),
            "Pass",
            expect![[r#"
        {"StartAt": "A", "States": {"A": {"Type": "Pass",
        "End": true}, "B": {"Type": "Succeed"}}}"#]],
        );
    }

    #[test]
    fn other_values() {
        check(&state(r#""Type": "Pass", "End": <|>"#), 20, expect!["true, false"]);
        check(&state(r#""Type": "Pass", "InputPath": <|>"#), 20, expect!["$, null"]);
        check(r#"{"QueryLanguage": "<|>"}"#, 20, expect!["JSONPath, JSONata"]);
        check(&state(r#""Type": "Task", "Retry": <|>"#), 20, expect!["[ … ]"]);
        check(&state(r#""Type": "Task", "Retry": [{"JitterStrategy": "<|>"}]"#), 20, expect!["FULL, NONE"]);
        check(&state(r#""Type": "Task", "Retry": [<|>]"#), 20, expect!["retrier"]);
        check(&state(r#""Type": "Task", "Comment": "<|>""#), 20, expect![""]);
    }
}
