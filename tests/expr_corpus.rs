//! Runs the expression languages against the corpora of other implementations, where they are at hand.
//!
//! The corpora lie outside the repository (`../shared/corpus`, or below the folder that `ASL_SHARED` names). Without
//! them the tests say so and pass. What is known to differ is listed by case with a reason; the lists must match
//! exactly, so an improvement is noticed as well as a regression.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

fn shared() -> PathBuf {
    match std::env::var_os("ASL_SHARED") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
    }
}

/// The lines of a corpus file as JSON, or nothing where the corpus is absent. Lines that hold no valid JSON text
/// (unpaired surrogates) are left out.
fn corpus(name: &str) -> Option<Vec<Value>> {
    let file = shared().join("corpus").join(name);
    match std::fs::read_to_string(&file) {
        Ok(text) => Some(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()),
        Err(_) => {
            println!("{name}: not at {}, nothing to compare with", file.display());
            None
        }
    }
}

/// The files of a corpus folder as JSON, by name, or nothing where the corpus is absent.
fn corpus_folder(name: &str) -> Option<Vec<(String, Value)>> {
    let folder = shared().join("corpus").join(name);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("{name}: not at {}, nothing to compare with", folder.display());
        return None;
    };
    let mut cases: Vec<(String, Value)> = entries
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let case = serde_json::from_str(&std::fs::read_to_string(&path).ok()?).ok()?;
            Some((path.file_name()?.to_string_lossy().into_owned(), case))
        })
        .collect();
    cases.sort_by(|left, right| left.0.cmp(&right.0));
    Some(cases)
}

/// Equality of values in which 1 equals 1.0.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, value)| right.get(name).is_some_and(|other| same(value, other)))
        }
        (left, right) => left == right,
    }
}

/// Compares what failed with what is known to fail.
#[track_caller]
fn report(corpus: &str, total: usize, failed: &[(String, String)], known: &[(&str, &str)]) {
    println!("{corpus}: {} of {total}", total - failed.len());
    for (case, why) in failed {
        println!("  differs: {case}\n    {why}");
    }
    let failed: BTreeSet<&str> = failed.iter().map(|(case, _)| case.as_str()).collect();
    let known: BTreeSet<&str> = known.iter().map(|(case, _)| *case).collect();
    let new: Vec<_> = failed.difference(&known).collect();
    let gone: Vec<_> = known.difference(&failed).collect();
    assert!(new.is_empty() && gone.is_empty(), "{corpus}: now failing {new:#?}, no longer failing {gone:#?}");
}

mod jsonpath {
    use asl_lsp::expr::path::{Dialect, Path};
    use asl_lsp::expr::{Data, EvalErrorKind};

    use super::*;

    const KNOWN: &[(&str, &str)] =
        &[("$[0]", "the document of the recording had been changed by the case before it that appends")];

    #[test]
    fn jayway_corpus() {
        let Some(cases) = corpus("jsonpath/jayway.jsonl") else { return };
        let mut failed = Vec::new();
        for case in &cases {
            let path = case["path"].as_str().unwrap();
            if let Err(why) = check(case, path) {
                failed.push((path.to_owned(), why));
            }
        }
        report("Jayway", cases.len(), &failed, KNOWN);
    }

    fn check(case: &Value, text: &str) -> Result<(), String> {
        let expected_error = case.get("error").map(|error| error["message"].as_str().unwrap());
        let scope = Data::with_input(case["document"].clone());
        let path = match Path::parse_as(text, Dialect::Library) {
            (Some(path), _) => path,
            (None, errors) => {
                let at = case.pointer("/error/at").and_then(Value::as_str);
                let same = at == Some("compile") && expected_error == Some(&errors[0].message);
                return if same {
                    Ok(())
                } else {
                    Err(format!("{}, not {expected_error:?}", errors[0].message))
                };
            }
        };
        if let Some(definite) = case.get("definite").and_then(Value::as_bool)
            && definite != path.is_definite()
        {
            return Err(format!("definite: {}", path.is_definite()));
        }
        match (path.evaluate_strict(&scope), expected_error) {
            (Ok(value), None) if same(&value, &case["expected"]) => Ok(()),
            (Ok(value), None) => Err(format!("{value}, not {}", case["expected"])),
            (Err(error), Some(message))
                if error.message == message
                    && matches!(error.kind, EvalErrorKind::PathNotFound | EvalErrorKind::IndexBeyondEnd) =>
            {
                Ok(())
            }
            (Ok(value), Some(message)) => Err(format!("{value}, not the error {message}")),
            (Err(error), _) => Err(format!("{error:?}, not {expected_error:?}")),
        }
    }
}

mod aws {
    use asl_lsp::expr::jsonata::{Limits, Program, delimited};
    use asl_lsp::expr::{Data, Expr, SeededEntropy};
    use serde_json::json;

    use super::*;

    /// The context object of every recording, as far as these cases read it.
    fn context(case: &Value) -> Value {
        let name = |key: &str| case.pointer(key).cloned().unwrap_or(Value::Null);
        json!({
            "Execution": {"Name": name("/names/execution"), "Input": case["input"].clone()},
            "StateMachine": {"Name": name("/names/state_machine")},
        })
    }

    /// The one expression of a machine that has one Pass state with one `.$` key.
    fn payload_expression(case: &Value) -> Option<(&str, &str)> {
        let mut states = case.pointer("/definition/States")?.as_object()?.values();
        let state = states.next()?;
        if state.get("OutputPath").is_some() || state.get("ResultPath").is_some() {
            return None;
        }
        let parameters = state.get("Parameters")?.as_object()?;
        let (key, text) = parameters.iter().next()?;
        let single = states.next().is_none() && parameters.len() == 1;
        if single { Some((key.strip_suffix(".$")?, text.as_str()?)) } else { None }
    }

    /// The one expression of a machine that has one JSONata Pass state, and the pointer to its result in the output.
    fn jsonata_expression(case: &Value) -> Option<(String, &str)> {
        let mut states = case.pointer("/definition/States")?.as_object()?.values();
        let output = states.next()?.get("Output")?;
        if states.next().is_some() {
            return None;
        }
        let (pointer, text) = match output {
            Value::Object(members) if members.len() == 1 => {
                let (key, text) = members.iter().next()?;
                (format!("/{key}"), text)
            }
            text => (String::new(), text),
        };
        Some((pointer, delimited(text.as_str()?)?.0))
    }

    #[test]
    fn recorded_jsonata_expressions() {
        let Some(cases) = corpus_folder("aws/intrinsic_functions") else { return };
        let (mut total, mut failed) = (0, Vec::new());
        for (name, case) in cases {
            let Some((pointer, text)) = jsonata_expression(&case) else { continue };
            total += 1;
            let scope = Data { input: case["input"].clone(), context: context(&case), ..Data::default() };
            let result = Program::compile(text)
                .and_then(|program| program.evaluate(&scope, &Limits::default(), &mut SeededEntropy::new(0)));
            let free = text.contains("$random(") || text.contains("$uuid");
            let cause = case["expect"]["cause"].as_str();
            let agrees = match (&result, cause) {
                (Ok(Some(value)), None) => {
                    free || case["expect"]["output"]
                        .pointer(&pointer)
                        .is_some_and(|expected| same(value, expected))
                }
                (Err(error), Some(cause)) => {
                    cause.ends_with(&format!("threw an error during evaluation. {error}"))
                }
                _ => false,
            };
            if !agrees {
                failed.push((name, format!("{text}: {result:?}, not {}", case["expect"])));
            }
        }
        report("AWS JSONata expressions", total, &failed, &[]);
    }

    #[test]
    fn recorded_payload_expressions() {
        let Some(index) = corpus_folder("aws/intrinsic_functions").zip(corpus_folder("aws/base")) else {
            return;
        };
        let (mut total, mut failed) = (0, Vec::new());
        for (name, case) in index.0.into_iter().chain(index.1) {
            let Some((key, text)) = payload_expression(&case) else { continue };
            let expected = &case["expect"]["output"][key];
            if case["expect"]["status"] != "SUCCEEDED" || expected.to_string().contains("ArnPart") {
                continue;
            }
            total += 1;
            let scope = Data { input: case["input"].clone(), context: context(&case), ..Data::default() };
            let (expr, errors) = Expr::parse_payload(text);
            let result = expr.map(|expr| {
                expr.evaluate(&scope, &mut SeededEntropy::new(0)).map(|value| value.into_owned())
            });
            let free = text.contains("Random") || text.contains("UUID");
            match result {
                Some(Ok(value)) if errors.is_empty() && (free || same(&value, expected)) => {}
                other => failed.push((name, format!("{text}: {other:?} {errors:?}, not {expected}"))),
            }
        }
        report("AWS payload expressions", total, &failed, &[]);
    }
}

mod jsonata {
    use asl_lsp::expr::SeededEntropy;
    use asl_lsp::expr::jsonata::{Limits, Program, Token, parse};

    use super::*;

    const ABSENT: &str = "AWS has no $eval";
    const BOUND: &str = "our bound on sequences is a million elements";

    const KNOWN: &[(&str, &str)] = &[
        ("function-eval/case000.json#0", ABSENT),
        ("function-eval/case001.json#0", ABSENT),
        ("function-eval/case002.json#0", ABSENT),
        ("function-eval/case003.json#0", ABSENT),
        ("function-eval/case004.json#0", ABSENT),
        ("function-eval/case005.json#0", ABSENT),
        ("function-eval/case006.json#0", ABSENT),
        ("function-eval/case007.json#0", ABSENT),
        ("function-eval/case008.json#0", ABSENT),
        ("function-eval/case008.json#1", ABSENT),
        ("function-eval/case008.json#2", ABSENT),
        ("function-eval/case008.json#3", ABSENT),
        (
            "function-tomillis/parseDateTime.json#28",
            "$now() is the caller's time, $toMillis of a time of day is today's",
        ),
        ("range-operator/case021.json#0", BOUND),
        ("range-operator/case024.json#0", BOUND),
    ];

    #[test]
    fn official_suite() {
        let Some(cases) = corpus("jsonata/suite-2.0.6.jsonl") else { return };
        let mut failed = Vec::new();
        for case in &cases {
            let name = format!("{}/{}", case["group"].as_str().unwrap(), case["name"].as_str().unwrap());
            if let Err(why) = check(case) {
                failed.push((name, format!("{}\n    {why}", case["expr"])));
            }
        }
        report("JSONata suite", cases.len(), &failed, KNOWN);
    }

    fn check(case: &Value) -> Result<(), String> {
        let text = case["expr"].as_str().unwrap();
        let no_bindings = serde_json::Map::new();
        let bindings = case["bindings"].as_object().unwrap_or(&no_bindings);
        let data = if case["has"] == true { Some(&case["data"]) } else { None };
        let mut limits = Limits::default();
        // The results are what counts here, also on a machine that has other work to do.
        limits.milliseconds = case["timelimit"].as_u64().map_or(20_000, |ms| ms.min(limits.milliseconds));
        if let Some(depth) = case["depth"].as_u64() {
            limits.depth = usize::try_from(depth).unwrap();
        }
        let result = Program::compile(text).and_then(|program| {
            program.evaluate_document(data, bindings, &limits, &mut SeededEntropy::new(1))
        });
        let (kind, expected) = (case["exp"]["k"].as_str().unwrap(), &case["exp"]["v"]);
        match (kind, result) {
            ("undef", Ok(None)) => Ok(()),
            ("val", Ok(Some(value))) if same(&value, expected) || unordered(case, &value, expected) => Ok(()),
            ("code", Err(error)) if error.code == *expected => Ok(()),
            (_, result) => Err(format!("{result:?}, not {kind} {expected}")),
        }
    }

    const ANCESTRY: &str = "whether % has an ancestor is left to the engine";

    const KNOWN_PARSER: &[(&str, &str)] = &[
        ("parent-operator/errors.json#0", ANCESTRY),
        ("parent-operator/errors.json#1", ANCESTRY),
        ("parent-operator/errors.json#5", ANCESTRY),
        ("parent-operator/errors.json#8", ANCESTRY),
        ("parent-operator/errors.json#9", ANCESTRY),
        ("parent-operator/errors.json#10", ANCESTRY),
        ("parent-operator/errors.json#11", ANCESTRY),
    ];

    /// The parser for the editor refuses what JSONata refuses, and nothing else.
    #[test]
    fn official_suite_parses() {
        let Some(cases) = corpus("jsonata/suite-2.0.6.jsonl") else { return };
        let mut failed = Vec::new();
        for case in &cases {
            let name = format!("{}/{}", case["group"].as_str().unwrap(), case["name"].as_str().unwrap());
            let text = case["expr"].as_str().unwrap();
            let (ast, errors) = parse(text);
            let refused = case["exp"]["k"] == "code" && case["exp"]["v"].as_str().unwrap().starts_with('S');
            if refused == errors.is_empty() {
                failed.push((name, format!("{text:?}\n    {errors:?}, expected {}", case["exp"])));
            } else if let Err(why) = tiles(text, &ast.tokens) {
                failed.push((name, format!("{text:?}\n    {why}")));
            }
        }
        report("JSONata syntax", cases.len(), &failed, KNOWN_PARSER);
    }

    /// Tokens do not overlap, and only blanks lie between them.
    fn tiles(text: &str, tokens: &[Token]) -> Result<(), String> {
        let mut end = 0;
        for token in tokens {
            let range = token.range.to_usize();
            if range.start < end || !text[end..range.start].trim().is_empty() {
                return Err(format!("token {token:?} after {end}"));
            }
            end = range.end;
        }
        if text[end..].trim().is_empty() { Ok(()) } else { Err(format!("nothing after {end}")) }
    }

    fn unordered(case: &Value, value: &Value, expected: &Value) -> bool {
        match (value, expected) {
            (Value::Array(value), Value::Array(expected)) if case["unordered"] == true => {
                value.len() == expected.len()
                    && expected.iter().all(|item| value.iter().any(|v| same(v, item)))
            }
            _ => false,
        }
    }
}
