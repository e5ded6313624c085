//! Expressions of DynamoDB: a name for a reserved word, values and names that are missing, those that nothing uses.

use std::collections::BTreeSet;

use super::scene::Scene;
use super::{CodeAction, CodeActionKind};
use crate::dynamodb::expression::{
    TokenKind, is_reserved_word, parse_condition, parse_projection, parse_update, tokenize,
};
use crate::ide::context::{context, member_of};
use crate::ide::expressions::{Expression, ExpressionLanguage, expression};
use crate::spec::QueryLanguage;
use crate::spec::dynamodb::parameter::{EXPRESSION_ATTRIBUTE_NAMES, EXPRESSION_ATTRIBUTE_VALUES};
use crate::spec::dynamodb::{ExpressionKind, expression_kind};
use crate::syntax::edit::{Draft, insert_member, remove_children, replace_text};
use crate::syntax::{Member, Node, NodeKind};
use crate::text::{TextEdit, TextRange};

const FIXES: &[&str] = &["dynamodb-expression", "dynamodb-placeholder"];

pub(super) fn actions(scene: &Scene<'_>, acc: &mut Vec<CodeAction>) {
    if !scene.is_dynamodb() {
        return;
    }
    let own = scene.member.and_then(|member| expression_of(member).map(|it| (member, it)));
    if let Some((member, expression)) = own
        && let Some(request) = member.node().parent()
    {
        reserved_word(scene, &expression, request, acc);
        missing(scene, &expression, request, acc);
    }
    unused(scene, acc);
}

fn expression_of(member: Member<'_>) -> Option<Expression<'_>> {
    let value = member.value()?;
    expression(&context(value), Some(member), value)
        .filter(|it| matches!(it.language, ExpressionLanguage::DynamoDb(_)))
}

/// A reserved word at the place: give the attribute a name that is none.
fn reserved_word(
    scene: &Scene<'_>,
    expression: &Expression<'_>,
    request: Node<'_>,
    acc: &mut Vec<CodeAction>,
) {
    let at = expression.offset_of(scene.range.start());
    let Some((word, range)) = reserved_words(expression).into_iter().find(|(_, range)| range.touches(at))
    else {
        return;
    };
    let names = request.get(EXPRESSION_ATTRIBUTE_NAMES).and_then(Member::value);
    let existing = names
        .into_iter()
        .flat_map(Node::members)
        .find(|it| it.value().and_then(Node::text).is_some_and(|name| name == word));
    let placeholder = match existing {
        Some(member) => member.key().into_owned(),
        None => free_placeholder(&word, names),
    };
    // Everywhere in the request where it stands for the attribute.
    let mut edits = Vec::new();
    for member in request.members() {
        let Some(expression) = expression_of(member) else { continue };
        for (_, range) in reserved_words(&expression).into_iter().filter(|(it, _)| *it == word) {
            edits.extend(replace_text(expression.node, expression.in_string(range), &placeholder));
        }
    }
    if existing.is_none() {
        edits.extend(declare(
            scene,
            request,
            EXPRESSION_ATTRIBUTE_NAMES,
            &placeholder,
            Draft::Fixed(word.clone()),
        ));
    }
    acc.push(CodeAction {
        title: format!("Write \"{word}\", a reserved word, as {placeholder}"),
        kind: CodeActionKind::QuickFix,
        fixes: FIXES,
        range: expression.to_source(range),
        is_preferred: true,
        edits,
        disabled: None,
    });
}

/// The reserved words of an expression that stand for attributes.
fn reserved_words(expression: &Expression<'_>) -> Vec<(String, TextRange)> {
    let ExpressionLanguage::DynamoDb(kind) = expression.language else { return Vec::new() };
    let text = expression.text();
    let errors = match kind {
        ExpressionKind::Condition | ExpressionKind::Filter | ExpressionKind::KeyCondition => {
            parse_condition(text).1
        }
        ExpressionKind::Update => parse_update(text).1,
        ExpressionKind::Projection => parse_projection(text).1,
    };
    let word = |range: TextRange| text.get(range.to_usize()).map(|word| (word.to_owned(), range));
    let found = errors.into_iter().filter_map(|error| word(error.range));
    // The parser tells what is an attribute; that is reserved is what is wrong with it.
    found.filter(|(word, _)| is_reserved_word(word)).collect()
}

fn free_placeholder(word: &str, names: Option<Node<'_>>) -> String {
    let is_taken = |name: &str| names.is_some_and(|names| names.get(name).is_some());
    let candidates = std::iter::once(format!("#{word}")).chain((2..100).map(|n| format!("#{word}{n}")));
    candidates.into_iter().find(|name| !is_taken(name)).unwrap_or_else(|| format!("#{word}"))
}

/// Placeholders that the request does not declare.
fn missing(scene: &Scene<'_>, expression: &Expression<'_>, request: Node<'_>, acc: &mut Vec<CodeAction>) {
    let at = expression.offset_of(scene.range.start());
    for token in tokenize(expression.text()).into_iter().filter(|token| token.range.touches(at)) {
        let map = match token.kind {
            TokenKind::NamePlaceholder => EXPRESSION_ATTRIBUTE_NAMES,
            TokenKind::ValuePlaceholder => EXPRESSION_ATTRIBUTE_VALUES,
            _ => continue,
        };
        let Some(name) = expression.text().get(token.range.to_usize()) else { continue };
        let is_given = |key: &str| request.get(key).is_some();
        // The whole map may come from the input.
        if is_given(&format!("{map}.$")) || request.value_of(map).is_some_and(|it| it.get(name).is_some()) {
            continue;
        }
        let bare = name.get(1..).unwrap_or_default();
        let draft = match token.kind {
            TokenKind::NamePlaceholder => Draft::Fixed(bare.to_owned()),
            _ => value_draft(scene.ctx.language, bare),
        };
        acc.push(CodeAction {
            title: format!("Declare {name} in {map}"),
            kind: CodeActionKind::QuickFix,
            fixes: FIXES,
            range: expression.to_source(token.range),
            is_preferred: true,
            edits: declare(scene, request, map, name, draft).into_iter().collect(),
            disabled: None,
        });
    }
}

/// A string from a member of the input that is called like the placeholder.
fn value_draft(language: QueryLanguage, name: &str) -> Draft {
    let (key, value) = match language {
        QueryLanguage::JsonPath => ("S.$", format!("$.{name}")),
        QueryLanguage::Jsonata => ("S", format!("{{% $states.input.{name} %}}")),
    };
    Draft::Inline(vec![(key.to_owned(), Draft::Fixed(value))])
}

fn declare(scene: &Scene<'_>, request: Node<'_>, map: &str, name: &str, draft: Draft) -> Option<TextEdit> {
    match request.value_of(map).filter(|it| it.is_object()) {
        Some(map) => insert_member(scene.parse(), map, None, name, &draft),
        None => {
            let after = scene.member.filter(|member| member.node().parent() == Some(request));
            let draft = Draft::Object(vec![(name.to_owned(), draft)]);
            insert_member(scene.parse(), request, after, map, &draft)
        }
    }
}

/// Declared placeholders that no expression uses, in the map around the place.
fn unused(scene: &Scene<'_>, acc: &mut Vec<CodeAction>) {
    let mut node = Some(scene.node);
    let maps = [EXPRESSION_ATTRIBUTE_NAMES, EXPRESSION_ATTRIBUTE_VALUES];
    let map = loop {
        let Some(at) = node else { return };
        let member = if at.kind() == NodeKind::Member { member_of(at) } else { None };
        match member.filter(|member| maps.iter().any(|map| member.key_is(map))) {
            Some(member) => break member,
            None => node = at.parent(),
        }
    };
    let (Some(request), Some(object)) = (map.node().parent(), map.value().filter(|it| it.is_object())) else {
        return;
    };
    let mut used = BTreeSet::new();
    for member in request.members() {
        let key = member.key();
        let name = key.strip_suffix(".$").unwrap_or(&key);
        if expression_kind(name).is_none() {
            continue;
        }
        // An expression that comes from elsewhere may use any.
        let Some(expression) = expression_of(member).filter(|_| *name == *key) else { return };
        let text = expression.text();
        used.extend(tokenize(text).iter().filter_map(|it| text.get(it.range.to_usize()).map(str::to_owned)));
    }
    let unused: Vec<Node<'_>> =
        object.members().filter(|member| !used.contains(&*member.key())).map(Member::node).collect();
    let is_at = unused.iter().any(|node| node.range().touches(scene.range.start()));
    let is_on_map = map.key_node() == scene.node || object == scene.node;
    if unused.is_empty() || !(is_at || is_on_map) {
        return;
    }
    let is_all = unused.len() == object.members().count();
    acc.push(CodeAction {
        title: format!("Remove what no expression uses from {}", map.key()),
        kind: CodeActionKind::QuickFix,
        fixes: FIXES,
        range: map.node().range(),
        is_preferred: true,
        // DynamoDB refuses an empty map.
        edits: if is_all {
            remove_children(request, &[map.node()])
        } else {
            remove_children(object, &unused)
        },
        disabled: None,
    });
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::ide::code_actions::testing::check;

    #[track_caller]
    fn check_task(parameters: &str, title: &str, expected: Expect) {
        let head = r#"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": "#;
        check(&format!("{head}{parameters}}}}}}}"), title, expected);
    }

    #[test]
    fn within_a_transaction() {
        check(
            r#"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:transactWriteItems", "Parameters": {"TransactItems": [{"Delete": {"TableName": "T", "Key": {}, "ConditionExpression": "st<|>atus = :s"}}]}}}}"#,
            "Write \"status\"",
            expect![[r##"
                {"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:transactWriteItems", "Parameters": {"TransactItems": [{"Delete": {"TableName": "T", "Key": {}, "ConditionExpression": "#status = :s", "ExpressionAttributeNames": {
                  "#status": "status"
                }}}]}}}}"##]],
        );
    }

    #[test]
    fn reserved_words_get_names() {
        check_task(
            r#"{"UpdateExpression": "SET st<|>atus = :s, size = :z", "ConditionExpression": "status <> :s"}"#,
            "Write \"status\"",
            expect![[r##"
                {"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {"UpdateExpression": "SET #status = :s, size = :z", "ExpressionAttributeNames": {
                  "#status": "status"
                }, "ConditionExpression": "#status <> :s"}}}}"##]],
        );
        check_task(
            r##"{"UpdateExpression": "SET name<|> = :s", "ExpressionAttributeNames": {"#n": "name"}}"##,
            "Write \"name\"",
            expect![[
                r##"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {"UpdateExpression": "SET #n = :s", "ExpressionAttributeNames": {"#n": "name"}}}}}"##
            ]],
        );
    }

    #[test]
    fn placeholders_are_declared() {
        check_task(
            r#"{"UpdateExpression": "SET a = :v<|>", "ExpressionAttributeValues": {":w": {"S": "x"}}}"#,
            "Declare :v",
            expect![[
                r#"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {"UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":w": {"S": "x"}, ":v": { "S.$": "$.v" }}}}}}"#
            ]],
        );
        check_task(
            r##"{"UpdateExpression": "SET #<|>a = b"}"##,
            "Declare #a",
            expect![[r##"
            {"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {"UpdateExpression": "SET #a = b", "ExpressionAttributeNames": {
              "#a": "a"
            }}}}}"##]],
        );
        check_task(
            r#"{"UpdateExpression": "SET a = :v<|>", "ExpressionAttributeValues.$": "$.v"}"#,
            "Declare",
            expect!["not offered"],
        );
    }

    #[test]
    fn placeholders_that_nothing_uses_go() {
        check_task(
            r#"{"UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":v": {"S": "x"}, ":w<|>": {"S": "y"}}}"#,
            "Remove what",
            expect![[
                r#"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {"UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":v": {"S": "x"}}}}}}"#
            ]],
        );
        check_task(
            r##"{"UpdateExpression": "SET a = b", "ExpressionAttributeNames": {"#n<|>": "x"}}"##,
            "Remove what",
            expect![[
                r#"{"States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {"UpdateExpression": "SET a = b"}}}}"#
            ]],
        );
        check_task(
            r#"{"UpdateExpression.$": "$.u", "ExpressionAttributeValues": {":w<|>": {"S": "y"}}}"#,
            "Remove what",
            expect!["not offered"],
        );
    }
}
