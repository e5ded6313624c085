//! Simulations per second. The figures of the peers, per CPU second, stand beside ours in each bench's comment.

#![allow(clippy::expect_used)]

use std::sync::Arc;

use asl_lsp::model::{self, StateMachine};
use asl_lsp::semantic;
use asl_lsp::simulator::{Budget, Mocks, NestedMachine, Outcome, Scenario, Simulation};
use asl_lsp::syntax;
use asl_lsp::text::SourceText;
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

fn machine(text: &str) -> Arc<StateMachine> {
    let lowered = model::lower(&syntax::parse_json(SourceText::new(text), 64));
    assert!(lowered.errors.is_empty(), "{:?}", lowered.errors);
    lowered.machine
}

fn run(machine: &Arc<StateMachine>, scenario: &Arc<Scenario>) -> usize {
    let mut simulation = Simulation::new(machine.clone(), scenario.clone());
    simulation.run(Budget::steps(1_000_000));
    assert!(
        matches!(simulation.trace().outcome, Outcome::Succeeded { .. }),
        "{:?}",
        simulation.trace().outcome
    );
    simulation.trace().visits.len()
}

fn scenario(machine: &StateMachine, input: serde_json::Value) -> Arc<Scenario> {
    let database = semantic::database(machine, None).expect("the assumed tables");
    // An Express execution has no limit of events: the loops below are longer than a Standard history.
    Arc::new(Scenario { database, input: Arc::new(input), is_express: true, ..Scenario::default() })
}

/// The example with two DynamoDB tasks. Aim: under 50 µs.
#[divan::bench]
fn order_example(bencher: Bencher<'_, '_>) {
    let machine = machine(include_str!("../examples/order.asl.json"));
    let scenario = scenario(&machine, serde_json::json!({}));
    bencher.bench(|| run(&machine, &scenario));
}

/// A chain of 1,000 Pass states. Aim: 1,000,000 transitions/s; the fastest peer does 160,000.
#[divan::bench]
fn pass_chain(bencher: Bencher<'_, '_>) {
    let state = |i: usize| match i {
        999 => r#""S999": {"Type": "Pass", "End": true}"#.to_owned(),
        i => format!(r#""S{i}": {{"Type": "Pass", "Next": "S{}"}}"#, i + 1),
    };
    let states: Vec<String> = (0..1_000).map(state).collect();
    let machine = machine(&format!(r#"{{"StartAt": "S0", "States": {{{}}}}}"#, states.join(",")));
    let scenario = scenario(&machine, serde_json::json!({"a": 1}));
    bencher.counter(ItemsCount::new(1_000_usize)).bench(|| run(&machine, &scenario));
}

/// A Choice loop to 2,000 with States.MathAdd. Aim: 500,000 transitions/s; peer 40,000.
#[divan::bench]
fn choice_loop(bencher: Bencher<'_, '_>) {
    let machine = machine(
        r#"{"StartAt": "Add", "States": {
            "Add": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "More"},
            "More": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 2000, "Next": "Add"}], "Default": "Done"},
            "Done": {"Type": "Succeed"}}}"#,
    );
    let scenario = scenario(&machine, serde_json::json!({"n": 0}));
    bencher.counter(ItemsCount::new(4_001_usize)).bench(|| run(&machine, &scenario));
}

/// The same in JSONata. Aim: 100,000 transitions/s; peer 3,000.
#[divan::bench]
fn choice_loop_jsonata(bencher: Bencher<'_, '_>) {
    let machine = machine(
        r#"{"QueryLanguage": "JSONata", "StartAt": "Add", "States": {
            "Add": {"Type": "Pass", "Output": {"n": "{% $states.input.n + 1 %}"}, "Next": "More"},
            "More": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.n < 2000 %}", "Next": "Add"}], "Default": "Done"},
            "Done": {"Type": "Succeed"}}}"#,
    );
    let scenario = scenario(&machine, serde_json::json!({"n": 0}));
    bencher.counter(ItemsCount::new(4_001_usize)).bench(|| run(&machine, &scenario));
}

/// A Map over 1,000 items. Aim: 500,000 transitions/s; peer 15,000.
#[divan::bench]
fn map_1000_items(bencher: Bencher<'_, '_>) {
    let machine = machine(
        r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true,
            "ItemProcessor": {"StartAt": "One", "States": {"One": {"Type": "Pass", "End": true}}}}}}"#,
    );
    let items: Vec<u32> = (0..1_000).collect();
    let scenario = scenario(&machine, serde_json::json!(items));
    bencher.counter(ItemsCount::new(1_000_usize)).bench(|| run(&machine, &scenario));
}

/// A Wait of a year. Aim: instant.
#[divan::bench]
fn wait_of_a_year(bencher: Bencher<'_, '_>) {
    let machine =
        machine(r#"{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 31536000, "End": true}}}"#);
    let scenario = Scenario { is_express: false, ..(*scenario(&machine, serde_json::json!({}))).clone() };
    let scenario = Arc::new(scenario);
    bencher.bench(|| run(&machine, &scenario));
}

/// 100 executions of another machine, one after the other.
#[divan::bench]
fn nested_executions(bencher: Bencher<'_, '_>) {
    let machine = machine(
        r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "MaxConcurrency": 1,
            "ItemProcessor": {"StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::states:startExecution.sync:2",
                "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:Inner"}}}}}}}"#,
    );
    let inner = self::machine(r#"{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}"#);
    let nested = NestedMachine { machine: inner, mocks: Mocks::default() };
    let items: Vec<u32> = (0..100).collect();
    let mut scenario = (*scenario(&machine, serde_json::json!(items))).clone();
    scenario.state_machines = [(Arc::from("Inner"), nested)].into();
    let scenario = Arc::new(scenario);
    bencher.counter(ItemsCount::new(100_usize)).bench(|| run(&machine, &scenario));
}

/// 100 pairs of putItem and getItem. Aim: 200,000 tasks/s.
#[divan::bench]
fn dynamodb_pairs(bencher: Bencher<'_, '_>) {
    let pair = |i: usize| {
        let next = if i == 99 { r#""End": true"#.to_owned() } else { format!(r#""Next": "P{}""#, i + 1) };
        format!(
            r#""P{i}": {{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:putItem", "ResultPath": null, "Next": "G{i}",
                "Parameters": {{"TableName": "Table", "Item": {{"id": {{"S": "{i}"}}, "n": {{"N": "1"}}}}}}}},
            "G{i}": {{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem", "ResultPath": null, {next},
                "Parameters": {{"TableName": "Table", "Key": {{"id": {{"S": "{i}"}}}}}}}}"#
        )
    };
    let states: Vec<String> = (0..100).map(pair).collect();
    let machine = machine(&format!(r#"{{"StartAt": "P0", "States": {{{}}}}}"#, states.join(",")));
    let scenario = scenario(&machine, serde_json::json!({}));
    bencher.counter(ItemsCount::new(200_usize)).bench(|| run(&machine, &scenario));
}
