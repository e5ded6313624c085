//! Input that is made to hurt: each ends soon, with a clear outcome and bounded memory.

#![allow(clippy::unwrap_used)]

use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use asl_lsp::diagnostics::{Config, Severity};
use asl_lsp::ide::Analysis;
use asl_lsp::scenarios::needs_scenario;
use asl_lsp::simulator::{Budget, Mocks, NestedMachine, Outcome, Scenario, Simulation, Trace};
use asl_lsp::spec::quota;
use asl_lsp::syntax::Format;
use asl_lsp::text::SourceText;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

/// Runs something and expects it to end soon. Most take milliseconds; the limit is for machines with other work to do.
#[track_caller]
fn soon<T>(run: impl FnOnce() -> T) -> T {
    const LIMIT: Duration = Duration::from_secs(20);
    let start = Instant::now();
    let result = run();
    let elapsed = start.elapsed();
    assert!(elapsed < LIMIT, "took {elapsed:?}");
    result
}

fn analysis(text: &str) -> Analysis {
    Analysis::new(SourceText::new(text), Format::Json, Arc::new(Config::default()))
}

/// A machine with one state.
fn one_state(state: &Value) -> Analysis {
    analysis(&json!({"StartAt": "A", "States": {"A": state}}).to_string())
}

/// Simulates with the tables that the definition assumes.
fn simulate(analysis: &Analysis, input: Value) -> Trace {
    let database = analysis.database(None).unwrap_or_default();
    run(analysis, Scenario { input: Arc::new(input), database, ..Scenario::default() })
}

fn run(analysis: &Analysis, scenario: Scenario) -> Trace {
    let mut simulation = Simulation::new(analysis.machine().clone(), Arc::new(scenario));
    simulation.run(Budget::steps(quota::SIMULATION_STEPS_MAX));
    simulation.into_trace()
}

/// An outcome in one line, without what leads to the cause.
fn outcome(trace: &Trace) -> String {
    let status = trace.outcome.status();
    let line = match &trace.outcome {
        Outcome::Succeeded { output } => format!("{status} {output}"),
        Outcome::Failed { error } => {
            let text = |text: &Option<Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
            let (name, cause) = (text(&error.name), text(&error.cause));
            let cause = cause.split(" threw an error during evaluation. ").last().unwrap_or_default();
            let cause = cause.split(" (Service: ").next().unwrap_or_default();
            format!("{status} {name}: {cause}")
        }
        Outcome::Blocked(blocked) => format!("{status} {}", blocked.reason),
        Outcome::TimedOut | Outcome::Aborted | Outcome::Running => status.to_owned(),
    };
    line.chars().take(240).collect()
}

/// The errors that are found, as `code: message`.
fn errors(analysis: &Analysis) -> Vec<String> {
    let errors = analysis.diagnostics().iter().filter(|found| found.severity == Severity::Error);
    errors.map(|error| format!("{}: {}", error.code, error.message)).collect()
}

// Documents

#[test]
fn a_document_may_end_anywhere() {
    let whole = include_str!("../examples/order.asl.json");
    soon(|| {
        for end in 0..whole.len() {
            let part = analysis(&whole[..end]);
            let is_whole = whole[end..].trim().is_empty();
            assert_eq!(errors(&part).is_empty(), is_whole, "{}", &whole[..end]);
            simulate(&part, json!({}));
        }
    });
}

#[test]
fn brackets_are_nested_two_hundred_thousand_deep() {
    let check = |text: &str, expected: Expect| {
        let (found, outcome) = soon(|| {
            let analysis = analysis(text);
            (errors(&analysis), outcome(&simulate(&analysis, json!({}))))
        });
        expected.assert_eq(&format!("{}\n{outcome}", found.join("\n")));
    };
    let (open, close) = ("[".repeat(200_000), "]".repeat(200_000));
    check(
        &open,
        expect![[r#"
        SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object
        INVALID_JSON_DESCRIPTION: This bracket is never closed
        TOO_DEEPLY_NESTED: Nested more than 512 levels deep
        BLOCKED Definition must be a valid JSON object"#]],
    );
    check(
        &format!("{open}{close}"),
        expect![[r#"
        SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object
        TOO_DEEPLY_NESTED: Nested more than 512 levels deep
        BLOCKED Definition must be a valid JSON object"#]],
    );
    check(
        &"{\"States\":".repeat(200_000),
        expect![[r#"
            SCHEMA_VALIDATION_FAILED: The definition has 2000000 characters; AWS accepts up to 1048576
            SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt]
            SCHEMA_VALIDATION_FAILED: These fields are required: [Type]
            INVALID_JSON_DESCRIPTION: This bracket is never closed
            TOO_DEEPLY_NESTED: Nested more than 512 levels deep
            BLOCKED These fields are required: [StartAt]"#]],
    );
    let state =
        format!(r#"{{"Type": "Pass", "OutputPath": "$.none", "Result": {open}{close}, "End": true}}"#);
    check(
        &format!(r#"{{"StartAt": "A", "States": {{"A": {state}}}}}"#),
        expect![[r#"
        TOO_DEEPLY_NESTED: Nested more than 512 levels deep
        FAILED States.Runtime: An error occurred while executing the state 'A' (entered at the event id #2). Invalid path '$.none' : Expected to find an object with property ['none'] in path $ but found 'java.util.ArrayList'. This is not a json obj"#]],
    );
}

#[test]
fn ten_megabytes_are_checked_and_run() {
    const N_STATES: usize = 60_000;
    let mut text = String::from(r#"{"StartAt": "S0", "States": {"#);
    for i in 0..N_STATES {
        let comment = "x".repeat(100);
        let next = i + 1;
        writeln!(text, r#""S{i}": {{"Type": "Pass", "Comment": "{comment}", "Next": "S{next}"}},"#).unwrap();
    }
    write!(text, r#""S{N_STATES}": {{"Type": "Succeed"}}}}}}"#).unwrap();
    assert!(text.len() > 9_000_000);
    soon(|| {
        let analysis = analysis(&text);
        let too_long = format!("The definition has {} characters; AWS accepts up to 1048576", text.len());
        assert!(
            matches!(errors(&analysis).as_slice(), [error] if error.contains(&too_long)),
            "{:?}",
            errors(&analysis)
        );
        assert_eq!(outcome(&simulate(&analysis, json!({}))), TOO_MANY_EVENTS);
    });
}

#[test]
fn a_megabyte_of_no_json() {
    for garbage in ["\u{1}{]\"x,:", "{]", ",", "\"", "/**/", "{\"a\":1 "] {
        let text = garbage.repeat(quota::DEFINITION_CHARS_MAX / garbage.len());
        let found = soon(|| errors(&analysis(&text)));
        assert!((1..110).contains(&found.len()), "{garbage}: {}", found.len());
    }
}

/// A definition with very many of one thing is checked in linear time, and has no errors.
#[track_caller]
fn check_many(definition: &Value) {
    let analysis = analysis(&definition.to_string());
    assert_eq!(soon(|| errors(&analysis)), [""; 0]);
}

const MANY: usize = 20_000;

#[test]
fn fields_that_are_very_many() {
    let fields: serde_json::Map<String, Value> = (0..MANY).map(|i| (format!("a{i}.$"), json!("$"))).collect();
    check_many(
        &json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": fields, "End": true}}}),
    );
}

#[test]
fn elements_that_are_very_many() {
    let elements = vec!["{% 1 %}"; MANY];
    let state = json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": elements, "End": true});
    check_many(&json!({"StartAt": "A", "States": {"A": state}}));
}

#[test]
fn findings_that_are_very_many() {
    let pass = |parameters: Value| json!({"Type": "Pass", "Parameters": parameters, "End": true});
    let elements = |path: &str| pass(json!({"a": vec![json!({"x.$": path}); 20_000]}));
    let fields = |path: &str| {
        let fields: serde_json::Map<String, Value> =
            (0..20_000).map(|i| (format!("k{i}.$"), json!(path))).collect();
        pass(Value::Object(fields))
    };
    let rule = json!({"Variable": "$nothing", "IsNull": true, "Next": "A"});
    let choice = json!({"Type": "Choice", "Choices": vec![rule; 20_000]});
    let unknown = ["$.a.b", "$nothing", "$..["].into_iter().flat_map(|path| [elements(path), fields(path)]);
    for state in unknown.chain([choice]) {
        let states = json!({"Start": {"Type": "Pass", "Result": {"a": {}}, "Next": "A"}, "A": state});
        let text = json!({"StartAt": "Start", "States": states}).to_string();
        let found = soon(|| {
            let analysis = analysis(&text);
            let found = analysis.diagnostics().iter().filter_map(|found| found.node);
            found.map(|node| analysis.parse().node(node).pointer()).collect::<Vec<String>>()
        });
        assert!(found.len() >= 20_000, "{} {}", found.len(), &text[..200]);
    }
}

#[test]
fn rules_that_are_very_many() {
    let rules: Vec<Value> =
        (0..MANY).map(|i| json!({"Variable": "$.a", "NumericEquals": i, "Next": "B"})).collect();
    let state = json!({"Type": "Choice", "Choices": rules, "Default": "B"});
    check_many(&json!({"StartAt": "A", "States": {"A": state, "B": {"Type": "Succeed"}}}));
}

#[test]
fn variables_of_a_state_that_are_very_many() {
    let variables: serde_json::Map<String, Value> = (0..MANY).map(|i| (format!("v{i}"), json!(i))).collect();
    check_many(&json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": variables, "End": true}}}));
}

#[test]
fn variables_that_go_everywhere() {
    const STATES: usize = 3_000;
    let state = |i: usize| {
        let choice = json!([{"Condition": "{% $v1 = 1 %}", "Next": format!("s{}", (i * 31 + 7) % STATES)}]);
        let next = format!("s{}", (i + 1) % STATES);
        let state = json!({
            "Type": "Choice", "QueryLanguage": "JSONata", "Assign": {format!("v{i}"): 1}, "Choices": choice, "Default": next,
        });
        (format!("s{i}"), state)
    };
    let states: serde_json::Map<String, Value> = (0..STATES).map(state).collect();
    let analysis = analysis(&json!({"StartAt": "s0", "States": states}).to_string());
    assert_eq!(soon(|| errors(&analysis)), ["MISSING_END_STATE: Workflow has no terminal state"]);
}

#[test]
fn data_that_grows_with_each_state() {
    const STATES: usize = 8_000;
    let state = |i: usize| {
        let next = format!("s{}", i + 1);
        (
            format!("s{i}"),
            json!({"Type": "Pass", "Result": {"n": i}, "ResultPath": format!("$.r{i}"), "Next": next}),
        )
    };
    let mut states: serde_json::Map<String, Value> = (0..STATES).map(state).collect();
    states.insert(format!("s{STATES}"), json!({"Type": "Succeed"}));
    let definition = json!({"StartAt": "s0", "States": states});
    check_many(&definition);
    let analysis = analysis(&definition.to_string());
    assert!(!soon(|| needs_scenario(analysis.machine())));
}

#[test]
fn branches_that_are_very_many() {
    let branch = |i: usize| {
        let name = format!("b{i}");
        json!({"StartAt": name, "States": {name.clone(): {"Type": "Pass", "End": true}}})
    };
    let branches: Vec<Value> = (0..MANY / 2).map(branch).collect();
    check_many(
        &json!({"StartAt": "A", "States": {"A": {"Type": "Parallel", "Branches": branches, "End": true}}}),
    );
}

// Executions

const TOO_MANY_EVENTS: &str =
    "FAILED States.Runtime: The execution reached the maximum number of history events (25000).";

#[test]
fn a_loop_ends_with_the_history() {
    let states = json!({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}});
    let analysis = analysis(&json!({"StartAt": "A", "States": states}).to_string());
    let trace = soon(|| simulate(&analysis, json!({"x": 1})));
    assert_eq!(outcome(&trace), TOO_MANY_EVENTS);
    assert_eq!(trace.events.len(), quota::HISTORY_EVENTS_MAX);
}

fn item_processor() -> Value {
    json!({"StartAt": "Inner", "States": {"Inner": {"Type": "Pass", "End": true}}})
}

#[test]
fn a_map_over_a_million_items_ends_with_the_history() {
    let items = Value::Array((0..1_000_000).map(Value::from).collect());
    let state = json!({"Type": "Map", "ItemProcessor": item_processor(), "End": true});
    assert_eq!(soon(|| outcome(&simulate(&one_state(&state), items))), TOO_MANY_EVENTS);
    let state = json!({
        "Type": "Map",
        "QueryLanguage": "JSONata",
        "Items": "{% [1..1000000] %}",
        "ItemProcessor": item_processor(),
        "End": true,
    });
    assert_eq!(soon(|| outcome(&simulate(&one_state(&state), json!({})))), TOO_MANY_EVENTS);
}

/// Child executions have histories of their own, so that a distributed Map comes to its end.
#[test]
fn a_distributed_map_over_many_items_takes_linear_time() {
    let items = Value::Array((0..50_000).map(Value::from).collect());
    let mut processor = item_processor();
    processor["ProcessorConfig"] = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
    let state = json!({"Type": "Map", "ItemProcessor": processor, "ResultPath": null, "OutputPath": "$[0]", "End": true});
    assert_eq!(soon(|| outcome(&simulate(&one_state(&state), items))), "SUCCEEDED 0");
}

#[test]
fn a_parallel_nested_a_thousand_deep_is_nested_too_deep() {
    const DEPTH: usize = 1_000;
    let mut text = String::from(r#"{"StartAt": "S0", "States": {"#);
    for i in 0..DEPTH {
        let inner = i + 1;
        write!(
            text,
            r#""S{i}": {{"Type": "Parallel", "End": true, "Branches": [{{"StartAt": "S{inner}", "States": {{"#
        )
        .unwrap();
    }
    write!(text, r#""S{DEPTH}": {{"Type": "Succeed"}}{}}}}}"#, "}}]}".repeat(DEPTH)).unwrap();
    let (found, outcome) = soon(|| {
        let analysis = analysis(&text);
        (errors(&analysis), outcome(&simulate(&analysis, json!({}))))
    });
    expect![[r#"
        TOO_DEEPLY_NESTED: Nested more than 512 levels deep
        SCHEMA_VALIDATION_FAILED: Expected an object"#]]
    .assert_eq(&found.join("\n"));
    expect!["BLOCKED Expected an object"].assert_eq(&outcome);
}

// Expressions

#[track_caller]
fn check_jsonata(expression: &str, expected: &str) {
    let state = json!({
        "Type": "Pass",
        "QueryLanguage": "JSONata",
        "Output": format!("{{% {expression} %}}"),
        "End": true,
    });
    let outcome = soon(|| outcome(&simulate(&one_state(&state), json!({}))));
    assert!(outcome.contains(expected), "{outcome}");
}

#[test]
fn jsonata_that_recurses_for_ever() {
    let timeout = "Expression evaluation timeout: Check for infinite loop";
    check_jsonata("($f := function($x) { $f($x) }; $f(1))", timeout);
    let overflow = "Stack overflow error: Check for non-terminating recursive function.";
    check_jsonata("($f := function($x) { 1 + $f($x) }; $f(1))", overflow);
    check_jsonata("($f := function($x) { $f($x + 1) & $f($x) }; $f(1))", overflow);
}

#[test]
fn jsonata_that_allocates_for_ever() {
    check_jsonata("$pad('x', 1000000000)", "The width of $pad exceeds");
    check_jsonata("$pad('x', -1000000000, 'abc')", "The width of $pad exceeds");
    check_jsonata("[1..100000000]", "D2014: ");
    check_jsonata("$range(1, 1000000000, 1)", "Expression evaluation memory limit exceeded");
    check_jsonata(
        "$reduce([1..1000], function($a, $b) { $a & $a }, 'x')",
        "The expression makes too much data",
    );
    check_jsonata("$string([1..1000000])", "States.DataLimitExceeded");
}

#[test]
fn jsonata_that_computes_for_ever() {
    let timeout = "Expression evaluation timeout";
    check_jsonata("$map([1..1000000], function($x) { [1..1000] })", timeout);
    check_jsonata("$count([1..10000].[1..10000])", timeout);
}

/// The engine's expressions do not go back, so that these take linear time.
#[test]
fn jsonata_with_a_regular_expression_made_to_backtrack() {
    let text = format!("{}b", "a".repeat(10_000));
    check_jsonata(&format!("$contains('{text}', /(a+)+$/)"), "SUCCEEDED false");
    check_jsonata(&format!("$length($replace('{text}', /(a|aa)+$/, 'x'))"), "SUCCEEDED 10001");
}

#[test]
fn jsonata_of_great_depth_or_length() {
    let deep = "The expression is nested too deeply";
    check_jsonata(&format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000)), deep);
    check_jsonata(&format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000)), deep);
    check_jsonata(&format!("1{}", " + 1".repeat(10_000)), deep);
    check_jsonata(&format!("1{}", " + 1".repeat(100_000)), "The expression is too long");
}

#[track_caller]
fn check_path(path: &str, expected: &str) {
    let state = json!({"Type": "Pass", "InputPath": path, "End": true});
    let input = json!({"list": [{"a": [1, [2, {"a": [3, [4, 5]]}]]}]});
    let outcome = soon(|| {
        let analysis = one_state(&state);
        errors(&analysis);
        outcome(&simulate(&analysis, input))
    });
    assert!(outcome.contains(expected), "{outcome}");
}

#[test]
fn paths_of_great_depth_or_length() {
    const N: usize = 10_000;
    let deep = "The expression is nested too deeply";
    let long = "The path is too long";
    check_path(&format!("$.list{}{}", "[?(@.a".repeat(N), ")]".repeat(N)), long);
    check_path(&format!("$.list{}{}", "[?(@.a".repeat(1_000), ")]".repeat(1_000)), deep);
    check_path(&format!("$.list[?({}@.a{})]", "(".repeat(N), ")".repeat(N)), deep);
    check_path(&format!("$.list[?({}@.a)]", "!".repeat(N)), deep);
    check_path(&format!("$.list[?(@.a{})]", " && @.a".repeat(N)), long);
    check_path(&format!("${}", "..a".repeat(N)), "The path has too many steps");
    check_path(&format!("${}", "[0]".repeat(N)), "The path has too many steps");
    check_path(&format!("${}", "..*".repeat(12)), "SUCCEEDED");
}

#[test]
fn intrinsic_functions_of_great_depth() {
    let call = format!("{}1{}", "States.MathAdd(1, ".repeat(10_000), ")".repeat(10_000));
    let state = json!({"Type": "Pass", "Parameters": {"x.$": call}, "End": true});
    let outcome = soon(|| outcome(&simulate(&one_state(&state), json!({}))));
    assert!(outcome.ends_with("The expression is too long: at most 65536 bytes are read"), "{outcome}");
}

// What an ItemReader reads

#[track_caller]
fn check_reader(config: &Value, objects: &[(&str, &[u8])], expected: &str) {
    let mut processor = item_processor();
    processor["ProcessorConfig"] = json!({"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"});
    let state = json!({
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": config,
            "Parameters": {"Bucket": "bucket", "Key": "first"},
        },
        "ItemProcessor": processor,
        "ResultSelector": {},
        "End": true,
    });
    let mut scenario = Scenario::default();
    for (key, body) in objects {
        scenario.objects.insert("bucket", key, body);
    }
    let outcome = soon(|| outcome(&run(&one_state(&state), scenario)));
    assert!(outcome.contains(expected), "{outcome}");
}

#[test]
fn an_object_that_grows_without_end() {
    // 260 MiB of zeros in a quarter of one, and the same cut off.
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0_u8; 1_048_576];
    for _ in 0..260 {
        std::io::Write::write_all(&mut encoder, &zeros).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    let athena = json!({"ManifestType": "ATHENA_DATA", "InputType": "JSONL"});
    let manifest = b"s3://bucket/second\n".as_slice();
    check_reader(
        &athena,
        &[("first", manifest), ("second", &bomb)],
        "An object of more than 256 MiB is not read",
    );
    let cut = &bomb[..1_000];
    check_reader(&athena, &[("first", manifest), ("second", cut)], "Failed to decompress the object.");
}

#[test]
fn a_manifest_that_names_itself() {
    let athena = json!({"ManifestType": "ATHENA_DATA", "InputType": "JSONL"});
    let lines = "s3://bucket/first\n".repeat(100_000);
    check_reader(&athena, &[("first", lines.as_bytes())], "Failed to parse a line of the JSONL object.");
    let again = json!({"ManifestType": "ATHENA_DATA", "InputType": "MANIFEST"});
    check_reader(&again, &[("first", lines.as_bytes())], "MANIFEST cannot be read from an object");
}

#[test]
fn more_items_than_are_read() {
    let lines = "1\n".repeat(quota::READ_ITEMS_MAX + 1);
    check_reader(
        &json!({"InputType": "JSONL"}),
        &[("first", lines.as_bytes())],
        "At most 1000000 items are read",
    );
}

// Executions that start executions

#[test]
fn executions_that_multiply() {
    let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:Self";
    let branch = |name: &str| {
        let task = json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution",
            "Parameters": {"StateMachineArn": arn},
            "Retry": [{"ErrorEquals": ["States.ALL"]}],
            "Next": format!("{name} again"),
        });
        let again = json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution",
            "Parameters": {"StateMachineArn": arn},
            "End": true,
        });
        json!({"StartAt": name, "States": {name: task, format!("{name} again"): again}})
    };
    let state = json!({"Type": "Parallel", "Branches": [branch("L"), branch("R")], "End": true});
    let analysis = one_state(&state);
    let nested = NestedMachine { machine: analysis.machine().clone(), mocks: Mocks::default() };
    let scenario = Scenario { state_machines: [(Arc::from("Self"), nested)].into(), ..Scenario::default() };
    // The first has long ended when one of the others may start no more.
    let trace = soon(|| run(&analysis, scenario));
    assert!(outcome(&trace).starts_with("SUCCEEDED"), "{}", outcome(&trace));
    let reasons = trace.executions.iter().filter_map(|execution| match &execution.outcome {
        Outcome::Blocked(blocked) => Some(blocked.reason.as_str()),
        _ => None,
    });
    let reasons: std::collections::BTreeSet<&str> = reasons.collect();
    // All are there at one time, so that the limit of their number comes before that of their depth.
    let expected = ["At most 10000 executions are started in one simulation"];
    assert_eq!(reasons.into_iter().collect::<Vec<_>>(), expected);
}

// Limits of an execution

/// How a state ends with an input that takes about a megabyte.
#[track_caller]
fn check_large(state: &Value, expected: &str) {
    let input = json!({"t": vec!["x"; 10_000]});
    assert_eq!(soon(|| outcome(&simulate(&one_state(state), input))), expected);
}

#[test]
fn an_input_that_is_copied_again_and_again() {
    let fields: serde_json::Map<String, Value> = (0..MANY).map(|i| (format!("a{i}.$"), json!("$"))).collect();
    check_large(
        &json!({"Type": "Pass", "Parameters": fields, "End": true}),
        "BLOCKED The expressions of one step give more than 128 MiB",
    );
}

#[test]
fn an_input_that_is_read_again_and_again() {
    let fields: serde_json::Map<String, Value> =
        (0..MANY).map(|i| (format!("a{i}.$"), json!("States.ArrayLength($..*)"))).collect();
    check_large(
        &json!({"Type": "Pass", "Parameters": fields, "End": true}),
        "BLOCKED The expressions of one step read more than 20000000 values",
    );
}

#[test]
fn many_expressions_that_take_long() {
    let expressions = vec!["{% $count([1..300000]) %}"; 2_000];
    check_large(
        &json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": expressions, "End": true}),
        "BLOCKED The expressions of one step take more than 2000 ms",
    );
}

#[test]
fn variables_that_are_too_large() {
    let text = "x".repeat(quota::VARIABLE_BYTES_MAX / 2);
    let state = json!({"Type": "Pass", "Assign": {"a.$": "$.t", "b.$": "$.t"}, "End": true});
    let outcome = soon(|| outcome(&simulate(&one_state(&state), json!({"t": text}))));
    assert!(outcome.ends_with("The variables that are assigned have more than the maximum of 262144 bytes."));
    assert!(outcome.starts_with("FAILED States.DataLimitExceeded"), "{outcome}");
}

#[test]
fn variables_that_are_too_many() {
    let states: serde_json::Map<String, Value> = (0..50)
        .map(|n| {
            let mut state = json!({"Type": "Pass", "Assign": {}, "Next": format!("S{}", n + 1)});
            state["Assign"][format!("v{n}.$")] = json!("$.t");
            if n == 49 {
                state = json!({"Type": "Succeed"});
            }
            (format!("S{n}"), state)
        })
        .collect();
    let text = json!({"StartAt": "S0", "States": states}).to_string();
    let input = json!({"t": "x".repeat(250_000)});
    let outcome = soon(|| outcome(&simulate(&analysis(&text), input)));
    assert!(
        outcome.ends_with("The variables of the execution have more than the maximum of 10485760 bytes.")
    );
}

#[test]
fn parameters_that_are_too_large() {
    let state = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"a.$": "$.t", "b.$": "$.t"},
        "End": true,
    });
    let input = json!({"t": "x".repeat(quota::PAYLOAD_BYTES_MAX / 2)});
    let outcome = soon(|| outcome(&simulate(&one_state(&state), input)));
    assert!(outcome.starts_with("FAILED States.DataLimitExceeded: The state/task 'A' returned"), "{outcome}");
}

#[test]
fn batches_of_many_items_take_linear_time() {
    let items = Value::Array((0..100_000).map(|_| Value::from(1)).collect());
    let mut processor = item_processor();
    processor["ProcessorConfig"] = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
    let state = json!({
        "Type": "Map",
        "ItemProcessor": processor,
        "ItemBatcher": {"MaxInputBytesPerBatch": 262_144},
        "ResultSelector": {"n.$": "States.ArrayLength($)"},
        "End": true,
    });
    assert_eq!(soon(|| outcome(&simulate(&one_state(&state), items))), r#"SUCCEEDED {"n":1}"#);
}

// Tasks

#[test]
fn numbers_with_huge_exponents() {
    let overflow = "Number overflow. Attempting to store a number with magnitude larger than supported range";
    let underflow =
        "Number underflow. Attempting to store a number with magnitude smaller than supported range";
    let check = |number: &str, expected: &str| {
        let state = json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:putItem",
            "Parameters": {"TableName": "Numbers", "Item": {"Id": {"S": "x"}, "N": {"N": number}}},
            "ResultSelector": {},
            "End": true,
        });
        let outcome = soon(|| outcome(&simulate(&one_state(&state), json!({}))));
        assert!(outcome.ends_with(expected), "{outcome}");
    };
    check("1e999999999999", overflow);
    check("1e2147483648", overflow);
    // An exponent of more than 64 bits is no number at all.
    let huge = "1e9223372036854775808";
    check(huge, &format!("The parameter cannot be converted to a numeric value: {huge}"));
    check("1E+126", overflow);
    check("1e-999999999999", underflow);
    // Zero is out of range by the place of its last digit.
    check("0e999999999999999999", overflow);
    check(&"9".repeat(100_000), overflow);
    check(&format!("0.{}1", "0".repeat(100_000)), underflow);
}

/// What an ItemReader reads are objects that the scenario has, by bucket and key. There are no paths.
#[test]
fn an_item_reader_stays_in_its_buckets() {
    let check = |bucket: &str, key: &str, expected: &str| {
        let mut processor = item_processor();
        processor["ProcessorConfig"] = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
        let state = json!({
            "Type": "Map",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
                "Parameters": {"Bucket": bucket, "Key": key},
            },
            "ItemProcessor": processor,
            "End": true,
        });
        let mut scenario = Scenario::default();
        scenario.objects.insert("bucket", "items.csv", b"a\n1\n");
        let outcome = soon(|| outcome(&run(&one_state(&state), scenario)));
        assert!(outcome.starts_with(expected), "{outcome}");
    };
    check("bucket", "items.csv", r#"SUCCEEDED [{"a":"1"}]"#);
    let absent = "BLOCKED There is no object '../../etc/passwd' in the bucket 'bucket'";
    check("bucket", "../../etc/passwd", absent);
    check("bucket", "/etc/passwd", "BLOCKED There is no object '/etc/passwd' in the bucket 'bucket'");
    check("..", "../etc/passwd", "BLOCKED There is no bucket '..'");
    check("/etc", "passwd", "BLOCKED There is no bucket '/etc'");
}
