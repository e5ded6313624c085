//! Limits of expressions: of their text, and of what their evaluation takes.

use asl_lsp::expr::intrinsic::Intrinsic;
use asl_lsp::expr::jsonata;
use asl_lsp::expr::path::Path;
use asl_lsp::spec::quota;
use serde_json::{Value, json};

use crate::executions::{outcome, run_state};

/// What a JSONPath gives for an input, or why the execution fails.
fn path_outcome(path: &str, input: Value) -> String {
    outcome(&run_state(&json!({"Type": "Pass", "InputPath": path, "End": true}), input))
}

fn path_error(path: &str) -> String {
    Path::parse(path).1.first().map(|error| error.message.clone()).unwrap_or_default()
}

fn intrinsic_error(call: &str) -> String {
    Intrinsic::parse(call).1.first().map(|error| error.message.clone()).unwrap_or_default()
}

fn jsonata_error(expression: &str) -> String {
    jsonata::parse(expression).1.first().map(|error| error.message.clone()).unwrap_or_default()
}

/// What an expression comes to, as the outcome of an execution.
fn jsonata_outcome(expression: &str) -> String {
    let output = format!("{{% {expression} %}}");
    outcome(&run_state(
        &json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": output, "End": true}),
        json!({}),
    ))
}

#[track_caller]
fn check(at: &str, above: &str, expected: &str) {
    assert_eq!(at, "");
    assert!(above.contains(expected), "{above}");
}

/// The first succeeds, the second fails with this.
#[track_caller]
fn check_jsonata(at: &str, above: &str, expected: &str) {
    let (at, above) = (jsonata_outcome(at), jsonata_outcome(above));
    assert!(at.starts_with("SUCCEEDED"), "{at}");
    assert!(above.contains(expected), "{above}");
}

#[test]
fn expression_bytes_max() {
    let limit = quota::EXPRESSION_BYTES_MAX;
    let path = |n_bytes: usize| format!("$.{}", "a".repeat(n_bytes - 2));
    check(
        &path_error(&path(limit)),
        &path_error(&path(limit + 1)),
        "The path is too long: at most 65536 bytes",
    );
    let call = |n_bytes: usize| format!("States.Format('{}')", "a".repeat(n_bytes - 17));
    check(
        &intrinsic_error(&call(limit)),
        &intrinsic_error(&call(limit + 1)),
        "The expression is too long: at most 65536 bytes",
    );
    let text = |n_bytes: usize| format!("'{}'", "a".repeat(n_bytes - 2));
    check(
        &jsonata_error(&text(limit)),
        &jsonata_error(&text(limit + 1)),
        "The expression is too long: at most 65536 bytes",
    );
}

#[test]
fn expression_nesting_max() {
    let limit = quota::EXPRESSION_NESTING_MAX;
    let brackets = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
    let expected = "The expression is nested too deeply: at most 128 levels";
    // What stands in the brackets is a level.
    check(&jsonata_error(&brackets(limit - 1)), &jsonata_error(&brackets(limit)), expected);
    // The path, the filter and what stands in the brackets are levels.
    let filters = |depth: usize| format!("$[?({}@.a{})]", "(".repeat(depth), ")".repeat(depth));
    let deepest = (1..=limit).rev().find(|depth| path_error(&filters(*depth)).is_empty()).unwrap();
    assert!(limit - deepest <= 4, "{deepest}");
    check(&path_error(&filters(deepest)), &path_error(&filters(deepest + 1)), expected);
}

#[test]
fn expression_depth_max() {
    let row = |n_operators: usize| format!("1{}", " + 1".repeat(n_operators));
    let limit = quota::EXPRESSION_DEPTH_MAX;
    check(&jsonata_error(&row(limit - 1)), &jsonata_error(&row(limit)), "512 operators in a row");
}

#[test]
fn intrinsic_nesting_max() {
    let calls = |depth: usize| format!("{}1{}", "States.MathAdd(1, ".repeat(depth), ")".repeat(depth));
    let limit = quota::INTRINSIC_NESTING_MAX;
    let expected = "Intrinsic functions may be nested 10 deep";
    check(&intrinsic_error(&calls(limit)), &intrinsic_error(&calls(limit + 1)), expected);
}

/// What an intrinsic function comes to, as the outcome of an execution.
fn intrinsic_outcome(call: &str, input: Value) -> String {
    outcome(&run_state(
        &json!({"Type": "Pass", "Parameters": {"x.$": call}, "OutputPath": "$.x", "End": true}),
        input,
    ))
}

#[test]
fn array_range_len_max() {
    let limit = quota::ARRAY_RANGE_LEN_MAX;
    let outcome =
        intrinsic_outcome(&format!("States.ArrayLength(States.ArrayRange(1, {limit}, 1))"), json!({}));
    assert_eq!(outcome, "SUCCEEDED 1000");
    let outcome = intrinsic_outcome(&format!("States.ArrayRange(0, {limit}, 1)"), json!({}));
    assert!(outcome.contains("A range may have at most 1000 elements"), "{outcome}");
}

#[test]
fn jsonata_range_len_max() {
    let range = |len: usize| format!("$count($range(1, {len}, 1))");
    let limit = quota::JSONATA_RANGE_LEN_MAX;
    check_jsonata(&range(limit), &range(limit + 1), "Expression evaluation memory limit exceeded");
}

#[test]
fn intrinsic_text_chars_max() {
    let limit = quota::INTRINSIC_TEXT_CHARS_MAX;
    let hash =
        |n_chars: usize| intrinsic_outcome("States.Base64Encode($.t)", json!({"t": "a".repeat(n_chars)}));
    assert!(hash(limit).starts_with("SUCCEEDED"), "{}", hash(limit));
    assert!(hash(limit + 1).contains("10000"), "{}", hash(limit + 1));
}

#[test]
fn intrinsic_bytes_max() {
    // Each argument is the whole input: what all of them take in is limited.
    let input = || json!({"t": "a".repeat(1_048_576 - 64)});
    let call = |n_arguments: usize| {
        format!("States.ArrayLength(States.Array({}))", ["$.t"; 64][..n_arguments].join(", "))
    };
    let n_arguments = quota::INTRINSIC_BYTES_MAX / 1_048_576;
    assert_eq!(intrinsic_outcome(&call(n_arguments / 2), input()), "SUCCEEDED 8");
    let above = intrinsic_outcome(&call(n_arguments + 1), input());
    assert!(above.contains("the limit of 16777216 bytes given to intrinsic functions"), "{above}");
}

#[test]
fn path_segments_max() {
    let path = |n_steps: usize| format!("${}", ".a".repeat(n_steps));
    let limit = quota::PATH_SEGMENTS_MAX;
    check(
        &path_error(&path(limit)),
        &path_error(&path(limit + 1)),
        "The path has too many steps: at most 256",
    );
}

#[test]
fn path_visits_max() {
    let input = |n_items: usize| json!({"list": vec![0; n_items]});
    let at = path_outcome("$.list[?(@ == 1)]", input(quota::PATH_VISITS_MAX / 8));
    assert_eq!(at, "SUCCEEDED []");
    let above = path_outcome("$.list[?(@ == 1)]", input(quota::PATH_VISITS_MAX + 1));
    assert!(above.contains("the limit of 1000000 values read"), "{above}");
}

#[test]
fn path_depth_max() {
    let nested = |depth: usize| (0..depth).fold(json!({"b": 1}), |value, _| json!({"a": value}));
    let limit = quota::PATH_DEPTH_MAX;
    let at = path_outcome("$..b", nested(limit - 8));
    assert_eq!(at, "SUCCEEDED [1]");
    let above = path_outcome("$..b", nested(limit + 1));
    assert!(above.contains("the limit of 512 levels of values"), "{above}");
}

#[test]
fn path_regex_bytes_max() {
    let filter = |count: usize| format!("$[?(@.a =~ /{}/)]", "\\w".repeat(count));
    let expected = "takes more than 1048576 bytes when it is compiled";
    check(&path_error(&filter(10)), &path_error(&filter(10_000)), expected);
}

#[test]
fn jsonata_depth_max() {
    // A call takes about three levels.
    let calls = |depth: usize| format!("($f := function($x) {{ $x < {depth} ? 1 + $f($x + 1) : 1 }}; $f(1))");
    let limit = quota::JSONATA_DEPTH_MAX;
    check_jsonata(&calls(limit / 10), &calls(limit), "Stack overflow error");
}

#[test]
fn jsonata_sequence_len_max() {
    let range = |len: usize| format!("$count([1..{len}])");
    let limit = quota::JSONATA_SEQUENCE_LEN_MAX;
    check_jsonata(
        &range(limit),
        &range(limit + 1),
        "D2015: The maximum sequence length of 1000000 was exceeded",
    );
}

#[test]
fn jsonata_values_max() {
    // A text of 16 bytes counts as one value, beside itself.
    let text =
        |doublings: usize| format!("$length($reduce([1..{doublings}], function($a, $b) {{ $a & $a }}, 'x'))");
    check_jsonata(&text(20), &text(27), "The expression makes too much data: more than 4194304 values");
}

#[test]
fn jsonata_product_bytes_max() {
    let replace = |len: usize| format!("$length($replace($pad('', {len}, 'a'), 'b', $pad('', 16384, 'c')))");
    let limit = quota::JSONATA_PRODUCT_BYTES_MAX / 16_384;
    let expected = "more than 268435456 bytes";
    check_jsonata(&replace(limit), &replace(limit + 1), expected);
    // However the text comes to the function.
    let (text, long) = (format!("$pad('', {}, 'a')", limit + 1), "$pad('', 16384, 'c')");
    for above in [
        format!("$length({text} ~> $replace('b', {long}))"),
        format!("$length({{'a': 1}}.$replace({text}, 'b', {long}))"),
        format!("($t := {text}; $length($t.$replace('b', {long})))"),
        format!("($t := {text}; $length($t.$replace('b', {long}, 5)))"),
        format!("$length($replace({text}, /b/, {long}, 5))"),
        format!("$map([1], function($i) {{ $length($replace({text}, 'b', {long})) }})"),
        format!("$length($join([1..{}].'', {long}))", limit + 1).replace(".''", ".$string($)"),
    ] {
        let outcome = jsonata_outcome(&above);
        assert!(outcome.contains(expected), "{above}: {outcome}");
    }
}

#[test]
fn jsonata_pad_len_max() {
    let pad = |len: usize| format!("$length($pad('x', {len}))");
    let limit = quota::JSONATA_PAD_LEN_MAX;
    check_jsonata(&pad(limit), &pad(limit + 1), "The width of $pad exceeds 1048576 characters");
}
