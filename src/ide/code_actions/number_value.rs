//! A number where DynamoDB wants one in a string: quote it, or make a string of what the expression gives.

use super::scene::Scene;
use super::{CodeAction, CodeActionKind};
use crate::expr::jsonata::{self, delimited};
use crate::ide::expressions::is_dynamodb_template;
use crate::spec::QueryLanguage;
use crate::syntax::edit::{Draft, replace_text, replace_value};
use crate::syntax::{Member, Node, NodeKind};
use crate::text::{TextEdit, TextRange};

/// The type of numbers, and of sets of them.
const NUMBER_TYPES: [&str; 2] = ["N", "NS"];

pub(super) fn actions(scene: &Scene<'_>, acc: &mut Vec<CodeAction>) {
    let Some((member, value)) = scene.member.and_then(|it| Some((it, it.value()?))) else { return };
    if !is_dynamodb_template(&crate::ide::context::context(value)) {
        return;
    }
    let key = member.key();
    let is_marked = key.ends_with(".$");
    let kind = key.strip_suffix(".$").unwrap_or(&key);
    if !NUMBER_TYPES.contains(&kind) || !is_alone(member) {
        return;
    }
    let found = match value.kind() {
        NodeKind::Number if !is_marked => Some((
            "Write the number as a string",
            replace_value(scene.parse(), value, &Draft::Fixed(value.raw().to_owned())),
        )),
        _ => wrapped(scene, value, is_marked),
    };
    let Some((title, edit)) = found else { return };
    acc.push(CodeAction {
        title: title.to_owned(),
        kind: CodeActionKind::QuickFix,
        fixes: &["dynamodb-attribute-value"],
        range: member.node().range(),
        is_preferred: true,
        edits: vec![edit],
        disabled: None,
    });
}

/// An attribute value has one member.
fn is_alone(member: Member<'_>) -> bool {
    member.node().parent().is_some_and(|object| object.members().count() == 1)
}

fn wrapped(scene: &Scene<'_>, value: Node<'_>, is_marked: bool) -> Option<(&'static str, TextEdit)> {
    let text = value.text()?;
    match scene.ctx.language {
        // A function may give a string already; a path says nothing of what it leads to.
        QueryLanguage::JsonPath if is_marked && text.starts_with('$') => {
            let new = format!("States.Format('{{}}', {text})");
            let edit = replace_text(value, TextRange::from_usize(0..text.len()), &new)?;
            Some(("Make a string of the number with States.Format", edit))
        }
        QueryLanguage::Jsonata => {
            let (inner, range) = delimited(&text)?;
            let (ast, _) = jsonata::parse(inner);
            let is_string = matches!(&ast.root.kind, jsonata::NodeKind::Call { function, .. }
                if matches!(&function.kind, jsonata::NodeKind::Variable(name) if name == "string"));
            if is_string || inner.is_empty() {
                return None;
            }
            let edit = replace_text(value, range, &format!("$string({inner})"))?;
            Some(("Make a string of the number with $string", edit))
        }
        QueryLanguage::JsonPath => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::ide::code_actions::testing::check;

    #[track_caller]
    fn check_value(language: &str, field: &str, value: &str, expected: Expect) {
        check(
            &format!(
                r#"{{"QueryLanguage": "{language}", "States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "{field}": {{"Item": {{"n": {value}}}}}}}}}}}"#
            ),
            "",
            expected,
        );
    }

    #[test]
    fn numbers_become_strings() {
        let jsonpath = |value: &str, expected: Expect| check_value("JSONPath", "Parameters", value, expected);
        jsonpath(
            r#"{"N": 1<|>}"#,
            expect![[
                r#"{"QueryLanguage": "JSONPath", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"Item": {"n": {"N": "1"}}}}}}"#
            ]],
        );
        jsonpath(
            r#"{"N.$": "$.<|>n"}"#,
            expect![[
                r#"{"QueryLanguage": "JSONPath", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"Item": {"n": {"N.$": "States.Format('{}', $.n)"}}}}}}"#
            ]],
        );
        jsonpath(r#"{"N.$": "States.Format('{}', <|>$.n)"}"#, expect!["not offered"]);
        jsonpath(r#"{"S.$": "$.<|>n"}"#, expect!["not offered"]);
    }

    #[test]
    fn also_in_jsonata() {
        let jsonata = |value: &str, expected: Expect| check_value("JSONata", "Arguments", value, expected);
        jsonata(
            r#"{"N": "{% <|>$states.input.n + 1 %}"}"#,
            expect![[
                r#"{"QueryLanguage": "JSONata", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Arguments": {"Item": {"n": {"N": "{% $string($states.input.n + 1) %}"}}}}}}"#
            ]],
        );
        jsonata(r#"{"N": "{% $string(<|>1) %}"}"#, expect!["not offered"]);
    }
}
