//! Limits of executions and of what a simulation takes.

use std::sync::Arc;

use asl_lsp::diagnostics::Config;
use asl_lsp::ide::Analysis;
use asl_lsp::simulator::{Budget, Mocks, NestedMachine, Outcome, Scenario, Simulation, Trace};
use asl_lsp::spec::quota;
use asl_lsp::syntax::Format;
use asl_lsp::text::SourceText;
use serde_json::{Value, json};

fn analysis(machine: &Value) -> Analysis {
    Analysis::new(SourceText::new(&machine.to_string()), Format::Json, Arc::new(Config::default()))
}

fn run(machine: &Value, scenario: Scenario) -> Trace {
    let mut simulation = Simulation::new(Arc::clone(analysis(machine).machine()), Arc::new(scenario));
    simulation.run(Budget::steps(quota::SIMULATION_STEPS_MAX));
    simulation.into_trace()
}

/// Runs a machine of one state.
pub(crate) fn run_state(state: &Value, input: Value) -> Trace {
    let machine = json!({"StartAt": "A", "States": {"A": state}});
    run(&machine, Scenario { input: Arc::new(input), ..Scenario::default() })
}

/// An outcome in one line.
pub(crate) fn outcome(trace: &Trace) -> String {
    let status = trace.outcome.status();
    match &trace.outcome {
        Outcome::Succeeded { output } => format!("{status} {output}").chars().take(200).collect(),
        Outcome::Failed { error } => {
            let text = |text: &Option<Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
            format!("{status} {}: {}", text(&error.name), text(&error.cause))
        }
        Outcome::Blocked(blocked) => format!("{status} {}", blocked.reason),
        Outcome::TimedOut | Outcome::Aborted | Outcome::Running => status.to_owned(),
    }
}

#[track_caller]
fn check(at: &Trace, above: &Trace, expected: &str) {
    let (at, above) = (outcome(at), outcome(above));
    assert!(at.starts_with("SUCCEEDED"), "{at}");
    assert!(above.contains(expected), "{above}");
}

/// A JSONata state whose output is a text of so many bytes as JSON.
fn text_state(n_bytes: usize) -> Trace {
    let output = format!("{{% $pad('', {}, 'x') %}}", n_bytes - 2);
    run_state(&json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": output, "End": true}), json!({}))
}

#[test]
fn payload_bytes_max() {
    let limit = quota::PAYLOAD_BYTES_MAX;
    check(&text_state(limit), &text_state(limit + 1), "States.DataLimitExceeded");
}

#[test]
fn history_events_max() {
    // A round is two events; the beginning and the end are one each, and the last state three with its own end.
    let machine = |n_rounds: usize| {
        let states = json!({
            "A": {"Type": "Pass", "Output": "{% $states.input + 1 %}", "Next": "B"},
            "B": {"Type": "Choice", "Choices": [{"Condition": format!("{{% $states.input < {n_rounds} %}}"), "Next": "A"}], "Default": "C"},
            "C": {"Type": "Succeed"},
        });
        let machine = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": states});
        run(&machine, Scenario { input: Arc::new(json!(0)), ..Scenario::default() })
    };
    let n_rounds = (quota::HISTORY_EVENTS_MAX - 4) / 4;
    let at = machine(n_rounds);
    assert_eq!(at.events.len(), 25_000);
    check(&at, &machine(n_rounds + 1), "reached the maximum number of history events (25000)");
}

#[test]
fn variable_bytes_max() {
    let state = |n_bytes: usize| {
        let value = format!("{{% $pad('', {}, 'x') %}}", n_bytes - 2);
        let state = json!({"Type": "Pass", "QueryLanguage": "JSONata", "Assign": {"v": value}, "Output": 1, "End": true});
        run_state(&state, json!({}))
    };
    let limit = quota::VARIABLE_BYTES_MAX;
    check(&state(limit), &state(limit + 1), "have more than the maximum of 262144 bytes");
}

#[test]
fn variables_total_bytes_max() {
    // So many variables of the largest size, and one more of three bytes.
    let machine = |n_variables: usize, has_more: bool| {
        let value = format!("{{% $pad('', {}, 'x') %}}", quota::VARIABLE_BYTES_MAX - 2);
        let mut states: serde_json::Map<String, Value> = (0..n_variables)
            .map(|n| {
                let state = json!({"Type": "Pass", "Assign": {format!("v{n}"): value}, "Next": format!("S{}", n + 1)});
                (format!("S{n}"), state)
            })
            .collect();
        let assign = if has_more { json!({"w": "x"}) } else { json!({}) };
        states.insert(format!("S{n_variables}"), json!({"Type": "Pass", "Assign": assign, "End": true}));
        run(&json!({"QueryLanguage": "JSONata", "StartAt": "S0", "States": states}), Scenario::default())
    };
    let n_variables = quota::VARIABLES_TOTAL_BYTES_MAX / quota::VARIABLE_BYTES_MAX;
    let expected = "The variables of the execution have more than the maximum of 10485760 bytes";
    check(&machine(n_variables, false), &machine(n_variables, true), expected);
}

fn wait(seconds: u64, is_express: bool) -> Trace {
    let states = json!({"A": {"Type": "Wait", "Seconds": seconds, "Next": "B"}, "B": {"Type": "Succeed"}});
    run(&json!({"StartAt": "A", "States": states}), Scenario { is_express, ..Scenario::default() })
}

#[test]
fn standard_execution_seconds_max() {
    let limit = quota::STANDARD_EXECUTION_SECONDS_MAX;
    check(&wait(limit, false), &wait(limit + 1, false), "TIMED_OUT");
}

#[test]
fn express_execution_seconds_max() {
    let limit = quota::EXPRESS_EXECUTION_SECONDS_MAX;
    check(&wait(limit, true), &wait(limit + 1, true), "TIMED_OUT");
}

#[test]
fn wait_days_max() {
    let until = |year: u32| {
        let state = json!({"Type": "Wait", "Timestamp": format!("{year}-01-01T00:00:00Z"), "End": true});
        outcome(&run_state(&state, json!({})))
    };
    // Below it the execution ends after its year.
    assert_eq!(until(2_090), "TIMED_OUT");
    assert!(until(2_100).contains("Wait state delay is too long."), "{}", until(2_100));
}

/// A Map whose iterations wait a second, and how long it takes.
fn map_seconds(n_items: usize, is_distributed: bool) -> i64 {
    let mut processor = json!({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "End": true}}});
    if is_distributed {
        processor["ProcessorConfig"] = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
    }
    let state = json!({"Type": "Map", "ItemProcessor": processor, "ResultPath": null, "End": true});
    let trace = run_state(&state, Value::Array((0..n_items).map(Value::from).collect()));
    assert!(outcome(&trace).starts_with("SUCCEEDED"), "{}", outcome(&trace));
    trace.now.millis_since(asl_lsp::simulator::Time::DEFAULT_START) / 1_000
}

#[test]
fn inline_map_concurrency() {
    let limit = quota::INLINE_MAP_CONCURRENCY;
    assert_eq!((map_seconds(limit, false), map_seconds(limit + 1, false)), (1, 2));
}

#[test]
fn distributed_map_concurrency() {
    let limit = quota::DISTRIBUTED_MAP_CONCURRENCY;
    assert_eq!((map_seconds(limit, true), map_seconds(limit + 1, true)), (1, 2));
}

#[test]
fn read_items_max() {
    let read = |n_items: usize| {
        let mut scenario = Scenario::default();
        scenario.objects.insert("bucket", "items", "1\n".repeat(n_items).as_bytes());
        let state = json!({
            "Type": "Map",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "JSONL"},
                "Parameters": {"Bucket": "bucket", "Key": "items"},
            },
            // All items in one execution, so that it takes no time to run them.
            "ItemBatcher": {"MaxInputBytesPerBatch": 262_144},
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "B",
                "States": {"B": {"Type": "Pass", "Result": 1, "End": true}},
            },
            "End": true,
        });
        run(&json!({"StartAt": "A", "States": {"A": state}}), scenario)
    };
    let limit = quota::READ_ITEMS_MAX;
    check(&read(limit), &read(limit + 1), "At most 1000000 items are read here: give MaxItems");
}

const CHILD: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:Child";

fn started(resource: &str) -> Value {
    json!({"Type": "Task", "Resource": resource, "Parameters": {"StateMachineArn": CHILD}, "ResultPath": null, "End": true})
}

#[test]
fn nested_executions_max() {
    // Each starts itself again, as deep as it goes.
    let machine =
        json!({"StartAt": "A", "States": {"A": started("arn:aws:states:::states:startExecution.sync:2")}});
    let nested = NestedMachine { machine: Arc::clone(analysis(&machine).machine()), mocks: Mocks::default() };
    let scenario = Scenario { state_machines: [(Arc::from("Child"), nested)].into(), ..Scenario::default() };
    let trace = run(&machine, scenario);
    let outcome = outcome(&trace);
    assert!(outcome.ends_with("Executions are simulated 16 deep, one within the other"), "{outcome}");
}

#[test]
fn simulation_steps_max() {
    // An Express execution whose time does not go on has no other end.
    let states = json!({"A": {"Type": "Pass", "Next": "A"}});
    let machine = json!({"StartAt": "A", "States": states});
    let scenario = Scenario { is_express: true, ..Scenario::default() };
    let mut simulation = Simulation::new(Arc::clone(analysis(&machine).machine()), Arc::new(scenario));
    simulation.run(Budget::steps(1_000));
    assert_eq!(simulation.trace().visits.len(), 1_000);
    assert_eq!(outcome(simulation.trace()), "RUNNING");
}
