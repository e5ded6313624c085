//! What a part of an expression means: a function, a member of the context object or of `$states`.

use serde_json::Value;

use super::Hover;
use crate::dynamodb::expression as dynamodb;
use crate::expr::jsonata::{self, TokenKind};
use crate::ide::context::context;
use crate::ide::expressions::{Expression, ExpressionLanguage, expression};
use crate::ide::path_tokens::{PathTokenKind, path_tokens};
use crate::ide::preview::{self, code};
use crate::ide::request::Request;
use crate::spec::context::{STATES_CONTEXT, STATES_FIELDS, STATES_VARIABLE, context_fields_at};
use crate::spec::dynamodb::parameter;
use crate::spec::dynamodb_expression::EXPRESSION_WORDS;
use crate::spec::intrinsic::Intrinsic;
use crate::spec::jsonata::{JsonataFunction, Origin};
use crate::syntax::{Member, Node};
use crate::text::{TextRange, TextSize};

/// Characters of a placeholder's value.
const VALUE_CHARS_MAX: usize = 200;

/// About the part at an offset; none where there is nothing to say that the field does not say.
pub(super) fn hover(node: Node<'_>, member: Option<Member<'_>>, offset: TextSize) -> Option<Hover> {
    let expression = expression(&context(node), member, node)?;
    let at = expression.offset_of(offset);
    let (range, markdown) = match expression.language {
        ExpressionLanguage::JsonPath => in_path(&expression, at),
        ExpressionLanguage::Jsonata => in_jsonata(&expression, at),
        ExpressionLanguage::DynamoDb(_) => in_dynamodb(&expression, at),
    }?;
    Some(Hover { range: expression.to_source(range), markdown })
}

fn in_path(expression: &Expression<'_>, at: TextSize) -> Option<(TextRange, String)> {
    let text = expression.text();
    let tokens = path_tokens(text);
    let idx = tokens.iter().position(|token| token.range.contains(at))?;
    let token = tokens.get(idx)?;
    let word = |range: TextRange| text.get(range.to_usize()).unwrap_or_default();
    match token.kind {
        PathTokenKind::Function => {
            let function = Intrinsic::find(word(token.range))?;
            let limits =
                if function.limits.is_empty() { String::new() } else { format!("\n\n{}", function.limits) };
            Some((token.range, format!("{}\n\n{}{limits}", code(&function.signature()), function.doc)))
        }
        PathTokenKind::Context | PathTokenKind::Property => {
            // The names from the context object down to this one.
            let before = tokens.get(..=idx)?;
            let root = before.iter().rposition(|it| it.kind != PathTokenKind::Property)?;
            let is_context = before.get(root)?.kind == PathTokenKind::Context;
            let names: Vec<&str> = before.get(root + 1..)?.iter().map(|it| word(it.range)).collect();
            Some((token.range, is_context.then(|| of_context("$$", &names))??))
        }
        _ => None,
    }
}

fn in_jsonata(expression: &Expression<'_>, at: TextSize) -> Option<(TextRange, String)> {
    let text = expression.text();
    let (ast, _) = jsonata::parse(text);
    for reference in ast.references().into_iter().filter(|it| it.range.touches(at)) {
        if reference.variable.text != STATES_VARIABLE {
            continue;
        }
        let idx = reference.fields.iter().position(|field| field.range.touches(at))?;
        let names: Vec<&str> =
            reference.fields.iter().take(idx + 1).map(|field| field.text.as_str()).collect();
        let range = reference.fields.get(idx)?.range;
        let (first, rest) = names.split_first()?;
        let root = format!("${STATES_VARIABLE}.{first}");
        if *first == STATES_CONTEXT && !rest.is_empty() {
            return Some((range, of_context(&root, rest)?));
        }
        let field = STATES_FIELDS.iter().find(|field| field.name == *first && rest.is_empty())?;
        return Some((range, format!("{}\n\n{}", code(&root), field.doc)));
    }
    let token = ast.tokens.iter().find(|it| it.kind == TokenKind::Variable && it.range.contains(at))?;
    let function = JsonataFunction::find(text.get(token.range.to_usize())?.strip_prefix('$')?)?;
    let origin = match function.origin {
        Origin::StepFunctions => "Step Functions adds it to JSONata.",
        Origin::Jsonata => "",
    };
    let markdown = format!("{}\n\n{}\n\n{origin}", code(&function.signature()), function.doc);
    Some((token.range, markdown.trim_end().to_owned()))
}

/// About a function or keyword, or what a placeholder stands for.
fn in_dynamodb(expression: &Expression<'_>, at: TextSize) -> Option<(TextRange, String)> {
    let text = expression.text();
    let tokens = dynamodb::tokenize(text);
    let token = tokens.iter().find(|token| token.range.contains(at))?;
    let word = text.get(token.range.to_usize())?;
    let map = match token.kind {
        dynamodb::TokenKind::NamePlaceholder => parameter::EXPRESSION_ATTRIBUTE_NAMES,
        dynamodb::TokenKind::ValuePlaceholder => parameter::EXPRESSION_ATTRIBUTE_VALUES,
        dynamodb::TokenKind::Name => {
            let known = EXPRESSION_WORDS.iter().find(|known| known.name.eq_ignore_ascii_case(word))?;
            let signature = known.parameters.map(|parameters| format!("({parameters})")).unwrap_or_default();
            let head = code(&format!("{}{signature}", known.name));
            return Some((token.range, format!("{head}\n\n{}", known.doc)));
        }
        _ => return None,
    };
    let request = Request::of(expression.node)?;
    let given = request.object.value_of(map).and_then(|map| map.value_of(word));
    let meaning = match given.map(Node::to_value) {
        Some(Value::String(name)) => format!("The attribute {}.", code(&name)),
        Some(value) => format!("The value {}.", code(&preview::line(&value, VALUE_CHARS_MAX))),
        None => format!("{map} does not define it."),
    };
    Some((token.range, format!("{}\n\n{meaning}", code(word))))
}

/// About a member of the context object.
fn of_context(root: &str, names: &[&str]) -> Option<String> {
    let Some((last, above)) = names.split_last() else {
        let doc = STATES_FIELDS.iter().find(|field| field.name == STATES_CONTEXT)?.doc;
        return Some(format!("{}\n\n{doc}", code(root)));
    };
    let field = context_fields_at(above)?.iter().find(|field| field.name == *last)?;
    Some(format!("{}\n\n{}", code(&format!("{root}.{}", names.join("."))), field.doc))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::ide::testing::fixture;

    #[track_caller]
    fn check(language: &str, key: &str, text: &str, expected: Expect) {
        let (analysis, offset) = fixture(&format!(
            r#"{{"QueryLanguage": "{language}", "States": {{"A": {{"Type": "Pass", "Assign": {{"{key}": "{text}"}}}}}}}}"#
        ));
        let hover = analysis.hover(offset, None);
        let shown = hover.map(|it| format!("{} | {}", analysis.source().slice(it.range), it.markdown));
        expected.assert_eq(&shown.unwrap_or_default());
    }

    #[test]
    fn in_paths() {
        let check = |text: &str, expected: Expect| check("JSONPath", "v.$", text, expected);
        check(
            "States.Math<|>Add(1, 2)",
            expect![[r#"
            States.MathAdd | `States.MathAdd(first: number, second: number): number`

            Adds two integers; other numbers are rounded first.

            The arguments lie between -2147483648 and 2147483647."#]],
        );
        check(
            "$$.Execution.I<|>d",
            expect![[r#"
            Id | `$$.Execution.Id`

            The ARN of the execution."#]],
        );
        check(
            "<|>$$.Execution.Id",
            expect![[r#"
            $$ | `$$`

            The context object: the execution, the state, the state machine, the task."#]],
        );
        check("$.Execution.I<|>d", expect![""]);
    }

    #[test]
    fn in_jsonata() {
        let check = |text: &str, expected: Expect| check("JSONata", "v", text, expected);
        check("{% $unif<|>orm(1) %}", expect![""]);
        check(
            "{% $u<|>uid() %}",
            expect![[r#"
            $uuid | `$uuid(): string`

            Returns a random version 4 UUID.

            Step Functions adds it to JSONata."#]],
        );
        check(
            "{% $states.in<|>put.a %}",
            expect![[r#"
            input | `$states.input`

            The input of the state."#]],
        );
        check(
            "{% $states.context.State.Na<|>me %}",
            expect![[r#"
            Name | `$states.context.State.Name`

            The name of the state."#]],
        );
    }
}
