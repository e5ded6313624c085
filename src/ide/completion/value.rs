//! Values of fields that have only a few: types of states, enumerations, `true` and `false`.

use super::{CompletionKind, Draft, Insert, Item};
use crate::ide::doc;
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
                detail: Some(kind.doc().to_owned()),
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
            vec![item("$.", Draft::Text("$.".to_owned()), documentation())]
        }
        ValueKind::Condition => {
            vec![item("{% … %}", Draft::Text("{%  %}".to_owned()), documentation())]
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

fn raw(value: &str) -> Draft {
    Draft::Raw(value.to_owned())
}
