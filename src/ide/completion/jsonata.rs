//! JSONata: the fields of `$states` that are there, members of what a path leads to, variables, functions.

use super::CompletionKind;
use super::data::{Candidate, Data, Step};
use super::text::{StringText, Suggestion};
use crate::expr::jsonata::{self, OPEN, Symbol, Token, TokenKind};
use crate::semantic::{Environment, Shape};
use crate::spec::context::{
    ContextField, STATES_CONTEXT, STATES_FIELDS, STATES_VARIABLE, StatesField, context_fields_at,
};
use crate::spec::jsonata::{JSONATA_FUNCTIONS, JsonataFunction};
use crate::text::TextSize;

/// What could be put at the cursor; none outside of an expression.
pub(super) fn suggestions(text: &StringText<'_>, data: &Data) -> Vec<Suggestion> {
    let Some(typed) = text.before().strip_prefix(OPEN) else { return Vec::new() };
    let (ast, _) = jsonata::parse(typed);
    let tokens: Vec<Token> = ast.tokens.into_iter().filter(|token| token.kind != TokenKind::End).collect();
    let ends_here = |token: &&Token| token.range.end() as usize == typed.len();
    let partial = tokens.last().filter(ends_here).filter(|token| is_word(token.kind));
    let before = tokens.len() - usize::from(partial.is_some());
    let tokens = tokens.get(..before).unwrap_or_default();
    let is_closed = partial.is_some() || !tokens.last().is_some_and(|token| is_text(token, typed));
    let start = OPEN.len() + partial.map_or(typed.len(), |token| token.range.start() as usize);
    // Right behind the delimiter, as nobody writes it.
    let lead = if typed.is_empty() { " " } else { "" };
    let found = match tokens.last().map(|token| token.kind) {
        _ if !is_closed => Vec::new(),
        Some(TokenKind::Operator(Symbol::Dot)) => match chain(typed, tokens) {
            Some((variable, steps)) => fields(text, data, &variable, &steps, start),
            None => Vec::new(),
        },
        Some(kind) if is_operand(kind) => Vec::new(),
        _ => roots(text, data, start),
    };
    let led = |it: Suggestion| Suggestion {
        text: format!("{lead}{}", it.text),
        caret: it.caret.map(|caret| caret + lead.len()),
        ..it
    };
    found.into_iter().map(led).collect()
}

fn is_word(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Name
            | TokenKind::QuotedName
            | TokenKind::Variable
            | TokenKind::Literal
            | TokenKind::Operator(Symbol::And | Symbol::Or | Symbol::In)
    )
}

/// Whether a token is a text or a comment that the cursor may be in.
fn is_text(token: &Token, typed: &str) -> bool {
    let is_text = matches!(token.kind, TokenKind::String | TokenKind::Regex | TokenKind::Comment);
    is_text && token.range.end() as usize == typed.len()
}

/// Whether nothing but an operator can follow.
fn is_operand(kind: TokenKind) -> bool {
    match kind {
        TokenKind::Operator(symbol) => {
            matches!(symbol, Symbol::CloseBracket | Symbol::CloseBrace | Symbol::CloseParen)
        }
        TokenKind::Comment => false,
        _ => true,
    }
}

/// The variable and the steps before a dot at the end: `$states.input.list[0].`
fn chain(typed: &str, tokens: &[Token]) -> Option<(String, Vec<Step>)> {
    let slice = |token: &Token| typed.get(token.range.to_usize()).unwrap_or_default();
    let mut steps = Vec::new();
    let mut idx = tokens.len().checked_sub(1)?;
    loop {
        idx = idx.checked_sub(1)?;
        let mut token = tokens.get(idx)?;
        // What is in brackets chooses elements.
        while token.kind == TokenKind::Operator(Symbol::CloseBracket) {
            let mut depth = 0_usize;
            loop {
                match tokens.get(idx)?.kind {
                    TokenKind::Operator(Symbol::CloseBracket) => depth += 1,
                    TokenKind::Operator(Symbol::OpenBracket) => depth -= 1,
                    _ => {}
                }
                idx = idx.checked_sub(1)?;
                if depth == 0 {
                    break;
                }
            }
            steps.push(Step::Each);
            token = tokens.get(idx)?;
        }
        match token.kind {
            TokenKind::Name | TokenKind::QuotedName | TokenKind::Literal => {
                steps.push(Step::Name(slice(token).trim_matches('`').to_owned()));
            }
            TokenKind::Variable => {
                steps.reverse();
                return Some((slice(token).strip_prefix('$')?.to_owned(), steps));
            }
            _ => return None,
        }
        idx = idx.checked_sub(1)?;
        if tokens.get(idx)?.kind != TokenKind::Operator(Symbol::Dot) {
            return None;
        }
    }
}

fn fields(
    text: &StringText<'_>,
    data: &Data,
    variable: &str,
    steps: &[Step],
    start: usize,
) -> Vec<Suggestion> {
    let range = start..text.word_end();
    if variable != STATES_VARIABLE {
        if is_bound(text, variable) {
            return Vec::new();
        }
        let of = |view: &Environment| view.variables.get(variable).map(|it| it.shape.clone());
        return members(data, of, steps, &format!("${variable}"), &range);
    }
    let Some((first, rest)) = steps.split_first() else {
        let is_there = |field: &&StatesField| data.inferred.states_field(field.name).is_some();
        return STATES_FIELDS.iter().filter(is_there).map(|field| states_field(field, &range)).collect();
    };
    let Step::Name(field) = first else { return Vec::new() };
    if field == STATES_CONTEXT
        && let Some(fields) = context_fields(rest)
    {
        return fields.iter().map(|field| context_field(field, &range)).collect();
    }
    let of = |view: &Environment| view.states_field(field);
    members(data, of, rest, &format!("${STATES_VARIABLE}.{field}"), &range)
}

fn members(
    data: &Data,
    of: impl Fn(&Environment) -> Option<Shape>,
    steps: &[Step],
    root: &str,
    range: &std::ops::Range<usize>,
) -> Vec<Suggestion> {
    let mut path = root.to_owned();
    for step in steps {
        path += &match step {
            Step::Name(name) => format!(".{name}"),
            Step::Index(_) | Step::Each | Step::Unknown => "[…]".to_owned(),
        };
    }
    let suggestion = |it: Candidate| {
        let name = field_name(&it.name)?;
        Some(Suggestion {
            detail: Some(it.detail()),
            documentation: it.documentation(&format!("{path}.{name}")),
            text: name,
            ..Suggestion::new(&it.name, CompletionKind::Member, range.clone())
        })
    };
    data.members(of, steps, true).into_iter().filter_map(suggestion).collect()
}

/// The name of a field as an expression has it, in backquotes where it needs them; none where that cannot be.
fn field_name(name: &str) -> Option<String> {
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let is_plain = starts_well && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_keyword = ["and", "or", "in", "true", "false", "null"].contains(&name);
    match (is_plain && !is_keyword, name.contains('`')) {
        (true, _) => Some(name.to_owned()),
        (false, false) => Some(format!("`{name}`")),
        (false, true) => None,
    }
}

fn roots(text: &StringText<'_>, data: &Data, start: usize) -> Vec<Suggestion> {
    let range = start..text.word_end();
    let mut found: Vec<Suggestion> = bindings(text)
        .into_iter()
        .map(|name| Suggestion {
            detail: Some("bound in the expression".to_owned()),
            documentation: format!("`${name}` is bound in this expression."),
            ..Suggestion::new(&format!("${name}"), CompletionKind::Variable, range.clone())
        })
        .collect();
    found.extend(data.variables().into_iter().map(|it| {
        let path = format!("${}", it.name);
        Suggestion {
            detail: Some(it.detail()),
            documentation: it.documentation(&path),
            ..Suggestion::new(&path, CompletionKind::Variable, range.clone())
        }
    }));
    let is_there = |field: &&StatesField| data.inferred.states_field(field.name).is_some();
    found.extend(STATES_FIELDS.iter().filter(is_there).map(|field| {
        let path = format!("${STATES_VARIABLE}.{}", field.name);
        Suggestion {
            documentation: format!("`{path}`\n\n{}", field.doc),
            ..Suggestion::new(&path, CompletionKind::Variable, range.clone())
        }
    }));
    found.extend(JSONATA_FUNCTIONS.iter().map(|function| {
        let suggestion = function_suggestion(function, range.clone());
        suggestion.called(!function.parameters.is_empty(), text)
    }));
    found
}

fn function_suggestion(function: &JsonataFunction, range: std::ops::Range<usize>) -> Suggestion {
    let (label, signature) = (format!("${}", function.name), function.signature());
    Suggestion {
        signature: signature.strip_prefix(&label).map(str::to_owned),
        detail: Some(function.returns.to_owned()),
        documentation: format!("`{signature}`\n\n{}", function.doc),
        ..Suggestion::new(&label, CompletionKind::Function, range)
    }
}

fn states_field(field: &StatesField, range: &std::ops::Range<usize>) -> Suggestion {
    Suggestion {
        documentation: format!("`${STATES_VARIABLE}.{}`\n\n{}", field.name, field.doc),
        ..Suggestion::new(field.name, CompletionKind::Member, range.clone())
    }
}

fn context_field(field: &ContextField, range: &std::ops::Range<usize>) -> Suggestion {
    Suggestion {
        detail: Some("context object".to_owned()),
        documentation: format!("`{}`\n\n{}", field.name, field.doc),
        ..Suggestion::new(field.name, CompletionKind::Member, range.clone())
    }
}

fn context_fields(steps: &[Step]) -> Option<&'static [ContextField]> {
    let name = |step: &Step| match step {
        Step::Name(name) => Some(name.clone()),
        _ => None,
    };
    let names: Vec<String> = steps.iter().map(name).collect::<Option<_>>()?;
    context_fields_at(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The variables that the expression itself binds at the cursor, innermost first.
fn bindings(text: &StringText<'_>) -> Vec<String> {
    let Some(before) = text.before().strip_prefix(OPEN) else { return Vec::new() };
    let after = text.after();
    let whole = format!("{before}{}", after.strip_suffix(jsonata::CLOSE).unwrap_or(after));
    let (ast, _) = jsonata::parse(&whole);
    let offset = TextSize::try_from(before.len()).unwrap_or(TextSize::MAX);
    let mut names: Vec<String> = Vec::new();
    for name in ast.bindings_at(offset) {
        if !name.text.is_empty() && !names.contains(&name.text) {
            names.push(name.text);
        }
    }
    names
}

fn is_bound(text: &StringText<'_>, variable: &str) -> bool {
    bindings(text).iter().any(|name| name == variable)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::testing::{check, check_edit};

    #[test]
    fn jsonata() {
        let output = |expression: &str| {
            format!(
                r#"{{"QueryLanguage": "JSONata", "StartAt": "A", "States": {{"A": {{"Type": "Pass", "Output": {{"items": [{{"a b": 1, "n": 2}}]}}, "Assign": {{"v": {{"w": 1}}}}, "Next": "B"}}, "B": {{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem", "Arguments": {{"TableName": "Tab", "Key": {{"id": {{"S": "1"}}}}}}, "Output": "{expression}", "End": true}}}}}}"#
            )
        };
        check(&output("{% $states.<|> %}"), 9, expect!["input, result, context"]);
        check(&output("{% $states.input.<|> %}"), 9, expect!["items"]);
        check(&output("{% $states.input.items.<|> %}"), 9, expect!["a b, n"]);
        check(&output("{% $states.input.items[0].<|> %}"), 9, expect!["a b, n"]);
        check(&output("{% $states.result.<|> %}"), 9, expect!["Item"]);
        check(&output("{% $states.context.State.<|> %}"), 9, expect!["EnteredTime, Name, RetryCount"]);
        check(&output("{% $v.<|> %}"), 9, expect!["w"]);
        check(
            &output("{% ($x := 1; $<|>) %}"),
            5,
            expect!["$x, $v, $states.input, $states.result, $states.context … 69 more"],
        );
        check(&output("{% 'it is $<|>' %}"), 5, expect![[""]]);
        check_edit(
            &output("{%<|>%}").replace("\"Assign\": {\"v\": {\"w\": 1}}, ", ""),
            "$uuid",
            expect![[
                r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": {"items": [{"a b": 1, "n": 2}]}, "Next": "B"}, "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem", "Arguments": {"TableName": "Tab", "Key": {"id": {"S": "1"}}}, "Output": "{% $uuid()%}", "End": true}}}"#
            ]],
        );
        check(&output("{% $states.input <|> %}"), 5, expect![[""]]);
        check(&output("$<|>"), 5, expect!["{ … }, {% … %}, {% $ %}"]);
        check_edit(
            &output("{% $states.input.items.<|> %}"),
            "a b",
            expect![[
                r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": {"items": [{"a b": 1, "n": 2}]}, "Assign": {"v": {"w": 1}}, "Next": "B"}, "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem", "Arguments": {"TableName": "Tab", "Key": {"id": {"S": "1"}}}, "Output": "{% $states.input.items.`a b` %}", "End": true}}}"#
            ]],
        );
        check_edit(
            &output("{% $su<|> %}"),
            "$sum",
            expect![[
                r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": {"items": [{"a b": 1, "n": 2}]}, "Assign": {"v": {"w": 1}}, "Next": "B"}, "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem", "Arguments": {"TableName": "Tab", "Key": {"id": {"S": "1"}}}, "Output": "{% $sum() %}", "End": true}}}"#
            ]],
        );
        let caught = r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "x", "Catch": [{"ErrorEquals": ["E"], "Output": "{% $states.<|> %}"}]}}}"#;
        check(caught, 9, expect!["input, errorOutput, context"]);
    }
}
