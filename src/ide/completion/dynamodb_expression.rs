//! Expressions of DynamoDB: their words, the attributes of the table, and placeholders, those that are defined and new
//! ones that are defined along with it.

use super::table::{self, TableFacts};
use super::text::{StringText, Suggestion};
use super::{CompletionKind, Scene, attribute_value};
use crate::dynamodb::expression::is_reserved_word;
use crate::ide::preview;
use crate::ide::request::{Request, RequestRole};
use crate::spec::dynamodb::parameter;
use crate::spec::dynamodb_expression::{EXPRESSION_WORDS, ExpressionKind};
use crate::spec::{Holds, QueryLanguage};
use crate::syntax::edit::{Draft, Style, indentation, plain};
use crate::syntax::{Format, Member, Node};
use crate::text::{TextEdit, TextRange};

/// The expression in a string, and the parameters it is one of.
pub(super) struct Expression<'a> {
    kind: ExpressionKind,
    parameters: Node<'a>,
    table: Option<std::borrow::Cow<'a, str>>,
}

impl<'a> Expression<'a> {
    /// The expression that a string is; none where it is none.
    pub(super) fn of(node: Node<'a>) -> Option<Self> {
        let request = Request::of(node)?;
        match request.role {
            RequestRole::Value(Holds::Expression(kind)) => {
                Some(Self { kind, parameters: request.object, table: request.table })
            }
            _ => None,
        }
    }

    fn placeholders(&self, name: &str) -> Vec<Member<'a>> {
        self.parameters.value_of(name).map(|node| node.members().collect()).unwrap_or_default()
    }

    /// What could be put at the cursor.
    pub(super) fn suggestions(&self, scene: &Scene<'_>, text: &StringText<'_>) -> Vec<Suggestion> {
        let before = text.before();
        let word = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        let sigil = before.get(..word).and_then(|before| before.chars().next_back());
        let (start, sigil) = match sigil {
            Some(sigil @ ('#' | ':')) => (word - 1, Some(sigil)),
            // What stands in maps and lists is not known.
            Some('.' | ']') => return Vec::new(),
            _ => (word, None),
        };
        let range = start..text.word_end();
        let facts = table::facts(scene, self.table.as_deref());
        let mut found = Vec::new();
        if sigil != Some(':') {
            found.extend(self.names(scene, &facts, sigil.is_some(), &range));
        }
        if sigil != Some('#') && self.kind != ExpressionKind::Projection {
            found.extend(self.values(scene, &facts, &range));
        }
        if sigil.is_none() {
            found.extend(self.words(text, &range));
        }
        found
    }

    /// Attributes by their own name or, where that is a reserved word, by a placeholder.
    fn names(
        &self,
        scene: &Scene<'_>,
        facts: &TableFacts,
        only_placeholders: bool,
        range: &std::ops::Range<usize>,
    ) -> Vec<Suggestion> {
        let defined = self.placeholders(parameter::EXPRESSION_ATTRIBUTE_NAMES);
        let mut found: Vec<Suggestion> = Vec::new();
        let mut named: Vec<String> = Vec::new();
        for member in &defined {
            let attribute = member.value().and_then(Node::text).unwrap_or_default();
            found.push(Suggestion {
                detail: Some(attribute.to_string()),
                documentation: format!("The attribute {}.", preview::code(&attribute)),
                ..Suggestion::new(&member.key(), CompletionKind::Placeholder, range.clone())
            });
            named.push(attribute.into_owned());
        }
        let is_key = |name: &str| facts.key.iter().any(|(key, _)| key == name);
        for (attribute, kind) in &facts.attributes {
            if named.contains(attribute) || (self.kind == ExpressionKind::KeyCondition && !is_key(attribute))
            {
                continue;
            }
            let what = if is_key(attribute) { "key of the table" } else { "attribute of the table" };
            let detail = format!("{what} · {kind}");
            if !only_placeholders && is_plain(attribute) {
                found.push(Suggestion {
                    detail: Some(detail),
                    documentation: format!("The attribute {}.", preview::code(attribute)),
                    ..Suggestion::new(attribute, CompletionKind::Parameter, range.clone())
                });
                continue;
            }
            let placeholder = format!("#{}", table::word_of(attribute));
            let define = self.define(
                scene,
                parameter::EXPRESSION_ATTRIBUTE_NAMES,
                &placeholder,
                Draft::Fixed(attribute.clone()),
            );
            let is_new = defined.iter().all(|member| !member.key_is(&placeholder));
            if let Some(edit) = define.filter(|_| is_new) {
                found.push(Suggestion {
                    detail: Some(detail),
                    documentation: format!(
                        "The attribute {}, which is given the placeholder {}.",
                        preview::code(attribute),
                        preview::code(&placeholder)
                    ),
                    // It is found by the attribute's name too.
                    filter: Some(if only_placeholders { placeholder.clone() } else { attribute.clone() }),
                    additional_edits: vec![edit],
                    ..Suggestion::new(&placeholder, CompletionKind::Placeholder, range.clone())
                });
            }
        }
        found
    }

    /// Values: the placeholders that are defined, and one for each attribute.
    fn values(
        &self,
        scene: &Scene<'_>,
        facts: &TableFacts,
        range: &std::ops::Range<usize>,
    ) -> Vec<Suggestion> {
        let defined = self.placeholders(parameter::EXPRESSION_ATTRIBUTE_VALUES);
        let mut found: Vec<Suggestion> = defined
            .iter()
            .map(|member| Suggestion {
                detail: member.value().map(|value| preview::line(&value.to_value(), 40)),
                documentation: format!("The value {}.", preview::code(&member.key())),
                ..Suggestion::new(&member.key(), CompletionKind::Placeholder, range.clone())
            })
            .collect();
        for (attribute, kind) in &facts.attributes {
            let placeholder = format!(":{}", table::word_of(attribute));
            if defined.iter().any(|member| member.key_is(&placeholder)) {
                continue;
            }
            let value = attribute_value::draft(kind);
            let name = parameter::EXPRESSION_ATTRIBUTE_VALUES;
            let Some(edit) = self.define(scene, name, &placeholder, value) else { continue };
            found.push(Suggestion {
                detail: Some(format!("new value · {kind}")),
                documentation: format!(
                    "A value for {}, which is given the placeholder {}.",
                    preview::code(attribute),
                    preview::code(&placeholder)
                ),
                additional_edits: vec![edit],
                ..Suggestion::new(&placeholder, CompletionKind::Placeholder, range.clone())
            });
        }
        found
    }

    fn words(&self, text: &StringText<'_>, range: &std::ops::Range<usize>) -> Vec<Suggestion> {
        let words = EXPRESSION_WORDS.iter().filter(|word| word.kinds.contains(&self.kind));
        words
            .map(|word| match word.parameters {
                Some(parameters) => {
                    let suggestion = Suggestion {
                        signature: Some(format!("({parameters})")),
                        documentation: format!("`{}({parameters})`\n\n{}", word.name, word.doc),
                        ..Suggestion::new(word.name, CompletionKind::Function, range.clone())
                    };
                    suggestion.called(true, text)
                }
                None => Suggestion {
                    documentation: format!("`{}`\n\n{}", word.name, word.doc),
                    ..Suggestion::new(word.name, CompletionKind::Keyword, range.clone())
                },
            })
            .collect()
    }

    /// The edit that defines a placeholder. None where the parameter comes from elsewhere, or nothing can be put there.
    fn define(
        &self,
        scene: &Scene<'_>,
        parameter: &str,
        placeholder: &str,
        value: Draft,
    ) -> Option<TextEdit> {
        let parse = scene.analysis.parse();
        let is_path = scene.ctx.language == QueryLanguage::JsonPath;
        if is_path && self.parameters.get(&format!("{parameter}.$")).is_some() {
            return None;
        }
        let entry = vec![(placeholder.to_owned(), value)];
        match self.parameters.value_of(parameter) {
            None => {
                let is_block = self.parameters.raw().contains('\n');
                let object = if is_block { Draft::Object(entry) } else { Draft::Inline(entry) };
                append(parse, self.parameters, parameter, &object)
            }
            Some(object) if object.is_object() => {
                let (key, value) = entry.into_iter().next()?;
                append(parse, object, &key, &value)
            }
            Some(_) => None,
        }
    }
}

/// The edit that puts a member behind the last one of an object; none into an empty block or a broken one.
fn append(parse: &crate::syntax::Parse, object: Node<'_>, key: &str, value: &Draft) -> Option<TextEdit> {
    let is_flow = object.raw().starts_with('{');
    let style = Style { is_flow, ..Style::of(parse) };
    let last = object.members().last();
    let Some(last) = last else {
        if !is_flow || !object.raw().ends_with('}') {
            return None;
        }
        let inline = Style { is_flow: true, ..style };
        let text = format!("{{{}:{}}}", inline.scalar(key), plain(&value.render_after_colon(&inline, "")));
        return Some(TextEdit::new(object.range(), text));
    };
    let value_end = last.value()?.range().end();
    if is_flow && !object.raw().ends_with('}') {
        return None;
    }
    let before = parse.source().slice(TextRange::new(object.range().start(), last.node().range().start()));
    let breaks_lines = before.contains('\n');
    let base = indentation(parse, last.node().range().start());
    let text = match (parse.format(), is_flow) {
        (Format::Yaml, false) => {
            let rendered = plain(&value.render_after_colon(&style, &base));
            format!("{}{base}{}:{rendered}", style.newline, style.scalar(key))
        }
        _ => {
            let lead = if breaks_lines { format!(",{}{base}", style.newline) } else { ", ".to_owned() };
            format!("{lead}{}:{}", style.scalar(key), plain(&value.render_after_colon(&style, &base)))
        }
    };
    Some(TextEdit::new(TextRange::empty(value_end), text))
}

/// Whether an attribute can be written without a placeholder.
fn is_plain(attribute: &str) -> bool {
    let starts_well = attribute.starts_with(|c: char| c.is_ascii_alphabetic());
    starts_well
        && attribute.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !is_reserved_word(attribute)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::testing::{check, check_edit};

    #[test]
    fn expressions_of_dynamodb() {
        let update = |expression: &str, more: &str| {
            format!(
                r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {{"TableName": "Tab", "Item": {{"id": {{"S": "1"}}, "status": {{"S": "x"}}, "total": {{"N": "1"}}}}}}, "Next": "B"}}, "B": {{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {{"TableName": "Tab", "Key": {{"id": {{"S": "1"}}}}, {expression}{more}}}, "End": true}}}}}}"#
            )
        };
        check(
            &update(r#""ConditionExpression": "<|>""#, ""),
            7,
            expect!["id, #status, #total, :id, :status, :total, attribute_exists … 10 more"],
        );
        check(&update(r#""UpdateExpression": "SET #<|>""#, ""), 7, expect!["#id, #status, #total"]);
        check(
            &update(
                r#""UpdateExpression": "SET #s = :<|>""#,
                r##", "ExpressionAttributeNames": {"#s": "status"}, "ExpressionAttributeValues": {":new": {"S": "y"}}"##,
            ),
            7,
            expect![":new, :id, :status, :total"],
        );
        check(&update(r#""UpdateExpression": "SET a.<|>""#, ""), 7, expect![[""]]);
        check_edit(
            &update(r#""UpdateExpression": "SET #<|>""#, ""),
            "#status",
            expect![[
                r##"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "Tab", "Item": {"id": {"S": "1"}, "status": {"S": "x"}, "total": {"N": "1"}}}, "Next": "B"}, "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {"TableName": "Tab", "Key": {"id": {"S": "1"}}, "UpdateExpression": "SET #status", "ExpressionAttributeNames": { "#status": "status" }}, "End": true}}}"##
            ]],
        );
        check_edit(
            &update(
                r#""UpdateExpression": "SET id = :<|>""#,
                r##", "ExpressionAttributeValues": {":new": {"S": "y"}}"##,
            ),
            ":total",
            expect![[
                r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "Tab", "Item": {"id": {"S": "1"}, "status": {"S": "x"}, "total": {"N": "1"}}}, "Next": "B"}, "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {"TableName": "Tab", "Key": {"id": {"S": "1"}}, "UpdateExpression": "SET id = :total", "ExpressionAttributeValues": {":new": {"S": "y"}, ":total": { "N": "0" }}}, "End": true}}}"#
            ]],
        );
        check_edit(
            &update(r#""ConditionExpression": "attribute_n<|>""#, ""),
            "attribute_not_exists",
            expect![[
                r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "Tab", "Item": {"id": {"S": "1"}, "status": {"S": "x"}, "total": {"N": "1"}}}, "Next": "B"}, "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {"TableName": "Tab", "Key": {"id": {"S": "1"}}, "ConditionExpression": "attribute_not_exists()"}, "End": true}}}"#
            ]],
        );
    }
}
