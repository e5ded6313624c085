//! The expression languages.

use asl_lsp::expr::intrinsic::Intrinsic;
use asl_lsp::expr::jsonata::{Limits, Program, parse};
use asl_lsp::expr::path::{Dialect, Path};
use asl_lsp::expr::{Data, ExprError, SeededEntropy};
use serde_json::{Value, json};

use super::input::parts;

/// Parses a path in both dialects and evaluates it; after a zero byte the data as JSON.
pub fn json_path(data: &[u8]) {
    let (text, scope) = expression(data);
    for dialect in [Dialect::StepFunctions, Dialect::Library] {
        // The library's own dialect puts the root before a path without one.
        let text = if dialect == Dialect::Library { format!("$.{text}") } else { text.clone() };
        let (path, errors) = Path::parse_as(&text, dialect);
        places_are_within(&errors, &text);
        let Some(path) = path else {
            assert!(!errors.is_empty(), "no path and no mistake");
            continue;
        };
        let _ = path.to_string();
        let _ = path.references();
        let lax = path.evaluate(&scope).map(|value| value.into_owned());
        assert_eq!(lax, path.evaluate(&scope).map(|value| value.into_owned()), "not the same twice");
        let _ = path.evaluate_strict(&scope);
    }
}

/// Parses and evaluates intrinsic functions; after a zero byte the data as JSON.
pub fn intrinsic(data: &[u8]) {
    let (text, scope) = expression(data);
    let (call, errors) = Intrinsic::parse(&text);
    places_are_within(&errors, &text);
    let _ = call.references();
    let evaluate = || call.evaluate(&scope, &mut SeededEntropy::new(1));
    assert_eq!(evaluate(), evaluate(), "not the same twice");
}

/// Parses JSONata with our parser and with the engine, and evaluates it; after a zero byte the data as JSON.
pub fn jsonata(data: &[u8]) {
    let (text, scope) = expression(data);
    let (tree, errors) = parse(&text);
    places_are_within(&errors, &text);
    let _ = tree.references();
    if let Ok(program) = Program::compile(&text) {
        let limits = Limits { milliseconds: 50, ..Limits::default() };
        let _ = program.evaluate(&scope, &limits, &mut SeededEntropy::new(1));
    }
}

/// An expression, and the data that it reads.
fn expression(data: &[u8]) -> (String, Data) {
    let mut parts = parts(data);
    let text = parts.next().unwrap_or_default();
    let input = parts.next().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_else(some_data);
    let scope = Data {
        context: json!({"Execution": {"Id": "e-1", "Input": input}}),
        result: Some(json!({"ok": true})),
        variables: [("x".to_owned(), json!([1, 2, {"y": "z"}]))].into(),
        ..Data::with_input(input)
    };
    (text, scope)
}

fn some_data() -> Value {
    json!({"a": [1, -2.5, "three", null, true], "b": {"c": {"d": [{"e": 1}, {"e": 2}]}}, "n": 7, "s": "text"})
}

fn places_are_within(errors: &[ExprError], text: &str) {
    for error in errors {
        let range = error.range;
        assert!(text.get(range.start() as usize..range.end() as usize).is_some(), "{error:?} is outside");
    }
}
