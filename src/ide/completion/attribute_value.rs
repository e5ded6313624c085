//! Attribute values of DynamoDB: their types, and the attributes of an item.

use super::value::{booleans, item as value_item};
use super::{CompletionKind, Draft, Insert, Item, Key, Scene, parameter, table};
use crate::ide::context::member_of;
use crate::ide::doc;
use crate::ide::request::{Request, RequestRole};
use crate::spec::resource::ATTRIBUTE_TYPES;
use crate::spec::{Holds, QueryLanguage};
use crate::syntax::{Node, NodeKind};

/// The types an attribute value may have, or the attributes of the table that a map lacks.
pub(super) fn keys(scene: &Scene<'_>, request: &Request<'_>, object: Node<'_>) -> Vec<Item> {
    let mut others = parameter::others(scene, object);
    if request.role == RequestRole::AttributeValue {
        // It has exactly one.
        let kind = attribute_of(object).and_then(|name| kind_of(scene, request, &name));
        return if others.next().is_some() { Vec::new() } else { types(scene.ctx.language, kind.as_deref()) };
    }
    let holds = request.parameter.map(|parameter| parameter.holds);
    // The attributes of the table are those of an item, not of a map within one.
    let is_whole = object.parent().is_some_and(|parent| match parent.kind() {
        NodeKind::Member => parent.parent() == Some(request.object),
        _ => holds == Some(Holds::Keys),
    });
    if !is_whole {
        return Vec::new();
    }
    let given: Vec<String> = others.map(|member| member.key().into_owned()).collect();
    let is_missing = |name: &str| !given.iter().any(|given| given == name);
    let facts = table::facts(scene, request.table.as_deref());
    let mut items: Vec<Item> = Vec::new();
    for (name, kind) in facts.key.iter().filter(|(name, _)| is_missing(name)) {
        items.push(attribute(name, kind, "key of the table"));
    }
    let is_key = |name: &str| facts.key.iter().any(|(key, _)| key == name);
    let is_item = holds == Some(Holds::Item);
    for (name, kind) in facts.attributes.iter().filter(|(name, _)| is_item && is_missing(name)) {
        if !is_key(name) {
            items.push(attribute(name, kind, "attribute of the table"));
        }
    }
    items
}

/// The key of the member that a value is the value of.
fn attribute_of(value: Node<'_>) -> Option<String> {
    let member = value.parent().filter(|parent| parent.kind() == NodeKind::Member).and_then(member_of)?;
    Some(member.key().into_owned())
}

/// The type that an attribute of the table was seen with; of a `:value`, that of the attribute with its name.
fn kind_of(scene: &Scene<'_>, request: &Request<'_>, name: &str) -> Option<String> {
    let holds = request.parameter?.holds;
    let attributes = table::facts(scene, request.table.as_deref()).attributes;
    let mut found = attributes.into_iter().filter(|(attribute, _)| match holds {
        Holds::Values => name.strip_prefix(':') == Some(&table::word_of(attribute)),
        _ => attribute == name,
    });
    found.next().map(|(_, kind)| kind)
}

fn attribute(name: &str, kind: &str, what: &str) -> Item {
    Item {
        label: name.to_owned(),
        kind: CompletionKind::Parameter,
        detail: Some(format!("{what} · {kind}")),
        documentation: doc::attribute_type(kind).unwrap_or_default().into(),
        insert: Insert::Member(Key::Fixed(name.to_owned()), draft(kind)),
    }
}

/// All types, the one that is known first, then in JSONPath those whose value can come from the input.
fn types(language: QueryLanguage, known: Option<&str>) -> Vec<Item> {
    let item = |key: String, kind: &str, draft: Draft| Item {
        kind: CompletionKind::AttributeType,
        detail: ATTRIBUTE_TYPES
            .iter()
            .find(|(known, _)| *known == kind)
            .map(|(_, text)| text.replace('`', "")),
        documentation: doc::attribute_type(kind).unwrap_or_default().into(),
        insert: Insert::Member(Key::Fixed(key.clone()), draft),
        label: key,
    };
    let mut items: Vec<Item> =
        ATTRIBUTE_TYPES.iter().map(|(kind, _)| item((*kind).to_owned(), kind, held(kind))).collect();
    if language == QueryLanguage::JsonPath {
        // A number has to be made a string of.
        let from_input = [
            ("S", Draft::around("$.", "")),
            ("N", Draft::around("States.Format('{}', $.", ")")),
            ("BOOL", Draft::around("$.", "")),
            ("M", Draft::around("$.", "")),
            ("L", Draft::around("$.", "")),
            ("SS", Draft::around("$.", "")),
        ];
        items.extend(from_input.into_iter().map(|(kind, draft)| item(format!("{kind}.$"), kind, draft)));
    }
    items.sort_by_key(|item| {
        known.is_some_and(|kind| item.label.strip_suffix(".$").unwrap_or(&item.label) != kind)
    });
    items
}

/// What a type holds, to begin with.
fn held(kind: &str) -> Draft {
    let list = |text: &str| Draft::InlineArray(vec![Draft::Text(text.to_owned())]);
    match kind {
        "N" => Draft::Text("0".to_owned()),
        "BOOL" | "NULL" => Draft::Raw("true".to_owned()),
        "M" => Draft::Object(Vec::new()),
        "L" => Draft::InlineArray(Vec::new()),
        "SS" | "BS" => list(""),
        "NS" => list("0"),
        _ => Draft::Text(String::new()),
    }
}

/// An attribute value of a type.
pub(super) fn draft(kind: &str) -> Draft {
    Draft::Inline(vec![(kind.to_owned(), held(kind))])
}

/// Whole attribute values, and `true` and `false` within one.
pub(super) fn values(scene: &Scene<'_>, request: &Request<'_>, key: &str) -> Vec<Item> {
    match (request.role, key) {
        (RequestRole::AttributeMap, name) => whole(kind_of(scene, request, name).as_deref()),
        (RequestRole::AttributeValue, kind @ "BOOL") => {
            booleans(&doc::attribute_type(kind).unwrap_or_default())
        }
        (RequestRole::AttributeValue, kind @ "NULL") => {
            vec![value_item("true", held(kind), doc::attribute_type(kind).unwrap_or_default())]
        }
        _ => Vec::new(),
    }
}

/// Attribute values of each type, the one that is known first.
pub(super) fn whole(known: Option<&str>) -> Vec<Item> {
    let item = |(kind, text): &(&str, &str)| Item {
        kind: CompletionKind::AttributeType,
        detail: Some(text.replace('`', "")),
        ..value_item(kind, draft(kind), doc::attribute_type(kind).unwrap_or_default())
    };
    let mut items: Vec<Item> = ATTRIBUTE_TYPES.iter().map(item).collect();
    items.sort_by_key(|item| known.is_some_and(|kind| item.label != kind));
    items
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::testing::{check, check_edit, task};

    #[test]
    fn attribute_values() {
        check(
            &task("dynamodb:putItem", r#"{"Item": {"id": {<|>}}}"#),
            20,
            expect!["S, N, BOOL, NULL, M, L, SS, NS, B, BS, S.$, N.$, BOOL.$, M.$, L.$, SS.$"],
        );
        check(&task("dynamodb:putItem", r#"{"Item": {"id": {"S": "1", <|>}}}"#), 20, expect![""]);
        check(&task("dynamodb:putItem", r#"{"Item": {"id": <|>}}"#), 4, expect!["S, N, BOOL, NULL … 6 more"]);
        check(
            &task("dynamodb:putItem", r#"{"Item": {"id": {"M": {"x": {"<|>"}}}}}"#),
            3,
            expect!["S, N, BOOL … 13 more"],
        );
        check(
            &task("dynamodb:putItem", r#"{"Item": {"id": {"L": [{<|>}]}}}"#),
            3,
            expect!["S, N, BOOL … 13 more"],
        );
        check(&task("dynamodb:putItem", r#"{"Item": {"id": {"BOOL": <|>}}}"#), 3, expect!["true, false"]);
        check(
            &task("dynamodb:updateItem", r#"{"ExpressionAttributeValues": {":v": {"<|>"}}}"#),
            2,
            expect!["S, N … 14 more"],
        );
        check(&task("lambda:invoke", r#"{"Item": {"id": {<|>}}}"#), 2, expect![""]);
        check_edit(
            &task("dynamodb:putItem", r#"{"Item": {"id": {"<|>"}}}"#),
            "N.$",
            expect![[
                r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"Item": {"id": {"N.$": "States.Format('{}', $.)"}}}, "End": true}, "B": {"Type": "Succeed"}}}"#
            ]],
        );
    }
}
