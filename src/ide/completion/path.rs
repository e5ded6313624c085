//! JSONPath and intrinsic functions: members of the data that the path leads to, indices, variables, the context object.

use super::CompletionKind;
use super::data::{Candidate, Data, Step};
use super::text::{StringText, Suggestion};
use crate::expr::path::FUNCTIONS;
use crate::semantic::{Environment, Shape};
use crate::spec::context::{CONTEXT_FIELDS, ContextField, context_fields_at};
use crate::spec::intrinsic::{INTRINSICS, PREFIX};

/// What may stand in a string.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// A path.
    Path,
    /// A path or an intrinsic function.
    PathOrFunction,
}

/// What a path begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Root {
    Input,
    Context,
    Variable(String),
}

/// What is being typed.
#[derive(Debug, PartialEq, Eq)]
enum Spot {
    /// The beginning of a path.
    Root { start: usize },
    /// A name behind a dot.
    Name { root: Root, steps: Vec<Step>, dot: usize },
    /// Something in brackets.
    Bracket { root: Root, steps: Vec<Step>, start: usize },
    /// A name in quotes in brackets.
    Quoted { root: Root, steps: Vec<Step>, start: usize, quote: char },
    /// The name of a function.
    Function { start: usize },
}

/// What could be put at the cursor.
pub(super) fn suggestions(text: &StringText<'_>, data: &Data, takes: Takes) -> Vec<Suggestion> {
    let Some(spot) = spot(text.before(), takes) else { return Vec::new() };
    match spot {
        Spot::Root { start } => {
            let mut found = roots(text, data, start);
            if takes == Takes::PathOrFunction && text.before().get(start..).is_some_and(str::is_empty) {
                found.extend(functions(text, start));
            }
            found
        }
        Spot::Function { start } => functions(text, start),
        Spot::Name { root, steps, dot } => names(text, data, &root, &steps, dot, takes),
        Spot::Bracket { root, steps, start } => brackets(text, data, &root, &steps, start),
        Spot::Quoted { root, steps, start, quote } => quoted(text, data, &root, &steps, start, quote),
    }
}

fn roots(text: &StringText<'_>, data: &Data, start: usize) -> Vec<Suggestion> {
    let range = start..text.word_end();
    let mut found: Vec<Suggestion> = Vec::new();
    for it in data.members(|view| Some(view.input.clone()), &[], false) {
        let path = format!("${}", segment(&it.name));
        found.push(member(&it, &path, range.clone()));
    }
    for it in data.variables() {
        let path = format!("${}", it.name);
        found.push(Suggestion { kind: CompletionKind::Variable, ..member(&it, &path, range.clone()) });
    }
    found.push(Suggestion {
        detail: Some("the input".to_owned()),
        documentation: "`$`: all of the data that the field works on.".to_owned(),
        ..Suggestion::new("$", CompletionKind::Variable, range.clone())
    });
    found.extend(
        CONTEXT_FIELDS.iter().map(|field| context_field(field, &format!("$$.{}", field.name), range.clone())),
    );
    found
}

fn names(
    text: &StringText<'_>,
    data: &Data,
    root: &Root,
    steps: &[Step],
    dot: usize,
    takes: Takes,
) -> Vec<Suggestion> {
    let range = dot + 1..text.word_end();
    let path = text.before().get(..dot).unwrap_or_default();
    if *root == Root::Context
        && let Some(fields) = context_fields(steps)
    {
        return fields.iter().map(|field| context_field(field, field.name, range.clone())).collect();
    }
    let mut found: Vec<Suggestion> = Vec::new();
    for it in data.members(|view| root_shape(view, root), steps, false) {
        let segment = segment(&it.name);
        let whole = format!("{path}{segment}");
        let mut suggestion = member(&it, &it.name, range.clone());
        suggestion.documentation = it.documentation(&whole);
        if !segment.starts_with('.') {
            // A name that needs quotes takes the place of the dot too.
            suggestion.range.start = dot;
            suggestion.filter = Some(format!(".{}", it.name));
            suggestion.text = segment;
        }
        found.push(suggestion);
    }
    if takes == Takes::PathOrFunction && !steps.is_empty() {
        found.extend(FUNCTIONS.iter().map(|function| {
            let suggestion = Suggestion {
                detail: Some("function".to_owned()),
                documentation: function.doc.to_owned(),
                ..Suggestion::new(function.name, CompletionKind::Function, range.clone())
            };
            suggestion.called(false, text)
        }));
    }
    found
}

fn brackets(
    text: &StringText<'_>,
    data: &Data,
    root: &Root,
    steps: &[Step],
    start: usize,
) -> Vec<Suggestion> {
    let range = start..text.word_end();
    let close = if text.after().starts_with(']') { "" } else { "]" };
    let path = text.before().get(..start).unwrap_or_default();
    let mut found: Vec<Suggestion> = Vec::new();
    for it in data.indices(|view| root_shape(view, root), steps) {
        let mut suggestion = member(&it, &it.name, range.clone());
        suggestion.documentation = it.documentation(&format!("{path}{}]", it.name));
        suggestion.text = format!("{}{close}", it.name);
        found.push(suggestion);
    }
    if !found.is_empty() {
        let mut all = Suggestion::new("*", CompletionKind::Member, range.clone());
        all.documentation = "All elements: the path gives an array.".to_owned();
        all.text = format!("*{close}");
        found.push(all);
    }
    for it in data.members(|view| root_shape(view, root), steps, false) {
        let name = format!("'{}'", escape(&it.name, '\''));
        let mut suggestion = member(&it, &name, range.clone());
        suggestion.documentation = it.documentation(&format!("{path}{name}]"));
        suggestion.text = format!("{name}{close}");
        found.push(suggestion);
    }
    found
}

fn quoted(
    text: &StringText<'_>,
    data: &Data,
    root: &Root,
    steps: &[Step],
    start: usize,
    quote: char,
) -> Vec<Suggestion> {
    let close = if text.after().contains(quote) { String::new() } else { format!("{quote}]") };
    let path = text.before().get(..start).unwrap_or_default();
    let suggestion = |it: Candidate| {
        let name = escape(&it.name, quote);
        let mut suggestion = member(&it, &it.name, start..text.word_end());
        suggestion.documentation = it.documentation(&format!("{path}{name}{quote}]"));
        suggestion.text = format!("{name}{close}");
        suggestion
    };
    data.members(|view| root_shape(view, root), steps, false).into_iter().map(suggestion).collect()
}

fn functions(text: &StringText<'_>, start: usize) -> Vec<Suggestion> {
    let range = start..text.word_end();
    let suggestion = |function: &&crate::spec::intrinsic::Intrinsic| {
        let signature = function.signature();
        let suggestion = Suggestion {
            signature: signature.strip_prefix(function.name).map(str::to_owned),
            detail: Some(function.returns.text().to_owned()),
            documentation: format!("`{signature}`\n\n{} {}", function.doc, function.limits),
            ..Suggestion::new(function.name, CompletionKind::Function, range.clone())
        };
        suggestion.called(!function.parameters.is_empty(), text)
    };
    INTRINSICS.iter().map(suggestion).collect()
}

fn member(it: &Candidate, label: &str, range: std::ops::Range<usize>) -> Suggestion {
    Suggestion {
        detail: Some(it.detail()),
        documentation: it.documentation(label),
        ..Suggestion::new(label, CompletionKind::Member, range)
    }
}

fn context_field(field: &ContextField, label: &str, range: std::ops::Range<usize>) -> Suggestion {
    Suggestion {
        detail: Some("context object".to_owned()),
        documentation: format!("`{label}`\n\n{}", field.doc),
        ..Suggestion::new(label, CompletionKind::Member, range)
    }
}

/// The fields of the context object below steps of names.
fn context_fields(steps: &[Step]) -> Option<&'static [ContextField]> {
    let name = |step: &Step| match step {
        Step::Name(name) => Some(name.clone()),
        _ => None,
    };
    let names: Vec<String> = steps.iter().map(name).collect::<Option<_>>()?;
    context_fields_at(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

fn root_shape(view: &Environment, root: &Root) -> Option<Shape> {
    match root {
        Root::Input => Some(view.input.clone()),
        Root::Context => Some(view.context.clone()),
        Root::Variable(name) => view.variables.get(name.as_str()).map(|variable| variable.shape.clone()),
    }
}

/// A step to a member: `.name`, or `['a name']` where it needs quotes.
fn segment(name: &str) -> String {
    let is_plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if is_plain { format!(".{name}") } else { format!("['{}']", escape(name, '\'')) }
}

fn escape(name: &str, quote: char) -> String {
    name.replace('\\', "\\\\").replace(quote, &format!("\\{quote}"))
}

/// What is being typed at the end of a text.
fn spot(text: &str, takes: Takes) -> Option<Spot> {
    if text.trim().is_empty() || takes == Takes::Path || text.starts_with('$') {
        return match text.find('$') {
            Some(0) => path_spot(text, 0).ok(),
            None if text.trim().is_empty() => Some(Spot::Root { start: 0 }),
            _ => None,
        };
    }
    let mut is_quoted = false;
    let mut word = 0;
    let mut idx = 0;
    while let Some(c) = text.get(idx..).and_then(|rest| rest.chars().next()) {
        match c {
            '\\' if is_quoted => idx += 1,
            '\'' => is_quoted = !is_quoted,
            '$' if !is_quoted => match path_spot(text, idx) {
                Ok(spot) => return Some(spot),
                Err(end) => {
                    idx = end.max(idx + 1);
                    word = idx;
                    continue;
                }
            },
            c if !c.is_alphanumeric() && c != '.' => word = idx + c.len_utf8(),
            _ => {}
        }
        idx += c.len_utf8();
        if is_quoted {
            word = idx;
        }
    }
    let typed = text.get(word..)?;
    let is_function = PREFIX.starts_with(typed) || typed.starts_with(PREFIX);
    match (is_quoted, typed.is_empty()) {
        (true, _) => None,
        // An argument begins here.
        (false, true) => text.trim_end().ends_with(['(', ',']).then_some(Spot::Root { start: word }),
        (false, false) => is_function.then_some(Spot::Function { start: word }),
    }
}

/// What is being typed in the path that begins at `start`; where the path ends before the text does, its end.
fn path_spot(text: &str, start: usize) -> Result<Spot, usize> {
    let rest = |idx: usize| text.get(idx..).unwrap_or_default();
    let mut idx = start + 1;
    let root = if rest(idx).starts_with('$') {
        idx += 1;
        Root::Context
    } else {
        let name: String = rest(idx).chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        idx += name.len();
        if name.is_empty() { Root::Input } else { Root::Variable(name) }
    };
    if idx >= text.len() {
        return Ok(Spot::Root { start });
    }
    steps_spot(text, idx, root, Vec::new())
}

fn steps_spot(text: &str, mut idx: usize, root: Root, mut steps: Vec<Step>) -> Result<Spot, usize> {
    let rest = |idx: usize| text.get(idx..).unwrap_or_default();
    loop {
        match rest(idx).chars().next() {
            Some('.') => {
                let dot = idx;
                if rest(idx).starts_with("..") {
                    steps.push(Step::Unknown);
                    idx += 1;
                }
                let name_len =
                    rest(idx + 1).find(['.', '[', ' ', ',', ')', '(']).unwrap_or(rest(idx + 1).len());
                let name = rest(idx + 1).get(..name_len).unwrap_or_default().to_owned();
                idx += 1 + name_len;
                if idx >= text.len() {
                    return Ok(Spot::Name { root, steps, dot });
                }
                steps.push(if name == "*" { Step::Each } else { Step::Name(name) });
            }
            Some('[') => match bracket(text, idx) {
                Bracket::Open(start) => return Ok(Spot::Bracket { root, steps, start }),
                Bracket::Quoted(start, quote) => return Ok(Spot::Quoted { root, steps, start, quote }),
                Bracket::Filter(item) => {
                    steps.push(Step::Each);
                    return steps_spot(text, item + 1, root, steps);
                }
                Bracket::Closed(step, end) => {
                    steps.push(step);
                    idx = end;
                }
                Bracket::Nothing => return Err(text.len()),
            },
            _ => return Err(idx),
        }
    }
}

enum Bracket {
    /// Something is being typed from here on.
    Open(usize),
    /// As in quotes.
    Quoted(usize, char),
    /// A filter is being typed, and the last thing in it is the item, whose `@` is here.
    Filter(usize),
    /// It ends here.
    Closed(Step, usize),
    /// Nothing can be said.
    Nothing,
}

/// A pair of brackets that opens at `idx`.
fn bracket(text: &str, idx: usize) -> Bracket {
    let inner = text.get(idx + 1..).unwrap_or_default();
    if let Some(quote) = inner.chars().next().filter(|quote| matches!(quote, '\'' | '"')) {
        let mut name = String::new();
        let mut chars = inner.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => name.extend(chars.next().map(|(_, c)| c)),
                c if c == quote => {
                    let behind = inner.get(at + 1..).unwrap_or_default();
                    return match behind.find(']') {
                        Some(0) => Bracket::Closed(Step::Name(name), idx + 1 + at + 2),
                        Some(end) => Bracket::Closed(Step::Unknown, idx + 1 + at + 1 + end + 1),
                        None => Bracket::Nothing,
                    };
                }
                c => name.push(c),
            }
        }
        return Bracket::Quoted(idx + 2, quote);
    }
    if inner.starts_with('?') {
        return match (inner.find(")]"), inner.rfind('@')) {
            (Some(end), _) => Bracket::Closed(Step::Each, idx + 1 + end + 2),
            (None, Some(item)) => Bracket::Filter(idx + 1 + item),
            (None, None) => Bracket::Nothing,
        };
    }
    let Some(end) = inner.find(']') else { return Bracket::Open(idx + 1) };
    let content = inner.get(..end).unwrap_or_default().trim();
    let step = match content.parse() {
        Ok(index) => Step::Index(index),
        Err(_) => Step::Each,
    };
    Bracket::Closed(step, idx + 1 + end + 1)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let shown =
            spot(text, Takes::PathOrFunction).map_or("nothing".to_owned(), |spot| format!("{spot:?}"));
        expected.assert_eq(&shown);
    }

    #[test]
    fn spots_in_paths() {
        check("", expect!["Root { start: 0 }"]);
        check("$ab", expect!["Root { start: 0 }"]);
        check(
            "$.a['b'][0].c",
            expect![[r#"Name { root: Input, steps: [Name("a"), Name("b"), Index(0)], dot: 11 }"#]],
        );
        check("$v[", expect![[r#"Bracket { root: Variable("v"), steps: [], start: 3 }"#]]);
        check(
            "$$.Map['",
            expect![[r#"Quoted { root: Context, steps: [Name("Map")], start: 8, quote: '\'' }"#]],
        );
        check(
            "$.l[?(@.a == 1 && @.b",
            expect![[r#"Name { root: Input, steps: [Name("l"), Each], dot: 19 }"#]],
        );
        check("$..x", expect!["Name { root: Input, steps: [Unknown], dot: 1 }"]);
        check("$.a ", expect!["nothing"]);
    }

    #[test]
    fn spots_in_calls() {
        check("Sta", expect!["Function { start: 0 }"]);
        check(
            "States.Format('{$.x}', $.n.",
            expect![[r#"Name { root: Input, steps: [Name("n")], dot: 26 }"#]],
        );
        check("States.Format('it is ", expect!["nothing"]);
        check("States.Array($.a, States.U", expect!["Function { start: 18 }"]);
        check("States.Array(", expect!["Root { start: 13 }"]);
        check("States.UUID()", expect!["nothing"]);
    }

    mod offered {
        use expect_test::expect;

        use super::super::super::testing::{after_pass, check, check_edit, check_run};

        #[test]
        fn members_of_the_input() {
            let result = r#"{"order": {"id": "x", "a b": 2, "lines": [{"sku": 1}, {"sku": 2}]}}"#;
            let parameters = |path: &str| {
                after_pass(
                    result,
                    &format!(r#""Type": "Pass", "Parameters": {{"p.$": "{path}"}}, "End": true"#),
                )
            };
            check(&parameters("$.<|>"), 5, expect![[r#"order"#]]);
            check(&parameters("$.order.<|>"), 3, expect!["a b, id, lines … 13 more"]);
            check(&parameters("$.order.lines[<|>"), 9, expect!["0, 1, *"]);
            check(&parameters("$.order.lines[*].<|>"), 1, expect!["sku … 13 more"]);
            check(&parameters("$.order['<|>']"), 9, expect!["a b, id, lines"]);
            check(&parameters("<|>"), 4, expect!["$.order, $v, $, $$.Execution … 22 more"]);
            check(&parameters("$$.Exec<|>"), 4, expect!["Execution, State, StateMachine, Task … 1 more"]);
            check(&parameters("$$.Execution.<|>"), 3, expect!["Id, Input, Name … 4 more"]);
            check(&parameters("$v.<|>"), 1, expect!["w"]);
            check(&parameters("States.Format('{}', $.order.<|>)"), 3, expect!["a b, id, lines … 13 more"]);
            check(
                &parameters("States.F<|>"),
                3,
                expect!["States.Format, States.StringToJson, States.JsonToString … 15 more"],
            );
            check(&parameters("nothing <|>"), 3, expect![[""]]);
            check_edit(
                &parameters("$.order.i<|>"),
                "a b",
                expect![[
                    r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"order": {"id": "x", "a b": 2, "lines": [{"sku": 1}, {"sku": 2}]}}, "Next": "B", "Assign": {"v": {"w": 1}}}, "B": {"Type": "Pass", "Parameters": {"p.$": "$.order['a b']"}, "End": true}}}"#
                ]],
            );
            check_edit(
                &parameters("States.F<|>"),
                "States.Format",
                expect![[
                    r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"order": {"id": "x", "a b": 2, "lines": [{"sku": 1}, {"sku": 2}]}}, "Next": "B", "Assign": {"v": {"w": 1}}}, "B": {"Type": "Pass", "Parameters": {"p.$": "States.Format()"}, "End": true}}}"#
                ]],
            );
            check_edit(
                &parameters("$.order.lines[<|>]"),
                "1",
                expect![[
                    r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"order": {"id": "x", "a b": 2, "lines": [{"sku": 1}, {"sku": 2}]}}, "Next": "B", "Assign": {"v": {"w": 1}}}, "B": {"Type": "Pass", "Parameters": {"p.$": "$.order.lines[1]"}, "End": true}}}"#
                ]],
            );
        }

        #[test]
        fn the_last_run_goes_before_what_is_inferred() {
            let text = after_pass(r#"{"a": 1}"#, r#""Type": "Pass", "InputPath": "$.<|>", "End": true"#);
            check_run(&text, serde_json::json!({}), 3, expect!["a (1)"]);
            let first = r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1, "InputPath": "$.<|>", "End": true}}}"#;
            check_run(first, serde_json::json!({"id": "o-1", "n": 2}), 3, expect![[r#"id ("o-1"), n (2)"#]]);
        }

        #[test]
        fn paths_where_fields_hold_them() {
            let result = r#"{"n": 1}"#;
            let b = |body: &str| after_pass(result, body);
            check(&b(r#""Type": "Wait", "SecondsPath": "$.<|>", "End": true"#), 3, expect!["n"]);
            check(&b(r#""Type": "Choice", "Choices": [{"Variable": "$.<|>"}]"#), 3, expect!["n"]);
            check(
                &b(r#""Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEqualsPath": "$.<|>"}]"#),
                3,
                expect!["n"],
            );
            check(&b(r#""Type": "Pass", "Result": {"x.$": "$.<|>"}"#), 3, expect![[""]]);
            check(
                &b(
                    r#""Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Tab", "Key": {"id": {"S": "1"}}}, "ResultSelector": {"r.$": "$.<|>"}"#,
                ),
                3,
                expect!["Item, SdkHttpMetadata, SdkResponseMetadata"],
            );
            check(
                &b(
                    r#""Type": "Task", "Resource": "x", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "A", "Assign": {"e.$": "$.<|>"}}]"#,
                ),
                3,
                expect!["Cause, Error"],
            );
        }

        #[test]
        fn half_typed_paths() {
            let text = |line: &str| {
                format!(
                    "{{\"StartAt\": \"A\", \"States\": {{\"A\": {{\"Type\": \"Pass\", \"Result\": {{\"n\": 1}}, \"Next\": \"B\"}}, \"B\": {{\n{line}\n\"Type\": \"Pass\", \"End\": true}}}}}}"
                )
            };
            check_edit(
                &text(r#""InputPath": "$.<|>"#),
                "n",
                expect![[r#"
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"n": 1}, "Next": "B"}, "B": {
        "InputPath": "$.n
        "Type": "Pass", "End": true}}}"#]],
            );
            check_edit(
                &text(r#""InputPath": "$.<|>,"#),
                "n",
                expect![[r#"
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"n": 1}, "Next": "B"}, "B": {
        "InputPath": "$.n,
        "Type": "Pass", "End": true}}}"#]],
            );
        }
    }
}
