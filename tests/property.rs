//! What holds of every machine: generated ones and mutated examples.
//!
//! The seed is fixed, so a failure repeats; proptest prints the smallest input that fails.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use asl_lsp::diagnostics::Config as Rules;
use asl_lsp::ide::Analysis;
use asl_lsp::simulator::{
    Budget, MockReply, MockedCall, Mocks, NestedMachine, Scenario, Simulation, Step, history_json,
    report_json,
};
use asl_lsp::syntax::Format;
use asl_lsp::text::SourceText;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Map, Value, json};

fn config() -> Config {
    Config { cases: 128, rng_seed: RngSeed::Fixed(0x0a51), failure_persistence: None, ..Config::default() }
}

fn analysis(text: &str) -> Analysis {
    Analysis::new(SourceText::new(text), Format::Json, Arc::new(Rules::default()))
}

fn simulation(analysis: &Analysis, input: &Value, seed: u64) -> Simulation {
    let scenario = Scenario {
        input: Arc::new(input.clone()),
        database: analysis.database(None).unwrap_or_default(),
        mocks: mocks(),
        state_machines: [(Arc::from("Nested"), nested())].into(),
        seed,
        ..Scenario::default()
    };
    Simulation::new(analysis.machine().clone(), Arc::new(scenario))
}

/// The state machine that others start.
fn nested() -> NestedMachine {
    let text = json!({"StartAt": "Wait", "States": {
        "Wait": {"Type": "Wait", "SecondsPath": "$.n", "Next": "Put"},
        "Put": task("putItem", json!({"Item": {"id": {"S": "nested"}, "n": {"N.$": ID}}}), "Done"),
        "Done": {"Type": "Succeed"},
    }});
    NestedMachine { machine: analysis(&text.to_string()).machine().clone(), mocks: Mocks::default() }
}

/// What the tasks answer that wait for a token: late, or never.
fn mocks() -> Mocks {
    (0..=8).fold(Mocks::default(), |mocks, n| {
        let mut call = MockedCall::from(MockReply::Return(Arc::new(json!({"n": n}))));
        call.after_ms = i64::from(n) * 1_500;
        if n % 3 == 0 {
            call.reply = MockReply::Nothing;
        }
        call.heartbeat_ms = (n % 2 == 0).then_some(2_000);
        mocks.with(&format!("Token of S{n}"), call)
    })
}

/// Enough for each machine here; a loop has not ended by then, which is as good.
const STEPS: Budget = Budget::steps(2_000);

/// Everything that is printed of a simulation.
fn printed(simulation: &Simulation) -> String {
    let names = &simulation.scenario().names;
    let history = history_json(simulation.trace(), names);
    format!("{}\n{history}", report_json(simulation.trace(), simulation.machine(), names))
}

// Machines

/// A state of a generated machine, that goes on with the state of this name.
type MakeState = fn(&Shape, &str) -> Value;

/// What a state is made of.
#[derive(Clone, Debug)]
struct Shape {
    make: MakeState,
    number: u32,
    /// The name of a state to jump to.
    jump: String,
}

const ID: &str = "States.Format('{}', $.n)";

fn task(action: &str, parameters: Value, next: &str) -> Value {
    let mut parameters = parameters;
    parameters["TableName"] = json!("Things");
    json!({
        "Type": "Task",
        "Resource": format!("arn:aws:states:::dynamodb:{action}"),
        "Parameters": parameters,
        "ResultPath": "$.result",
        "Retry": [{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 2, "JitterStrategy": "FULL"}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": next}],
        "Next": next,
    })
}

const STATES: &[MakeState] = &[
    |shape, next| json!({"Type": "Pass", "Parameters": {"n": shape.number, "old.$": "$.n"}, "Next": next}),
    |_, next| json!({"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)", "id.$": "States.UUID()"}, "Next": next}),
    |shape, next| {
        json!({
            "Type": "Pass",
            "QueryLanguage": "JSONata",
            "Assign": {"seen": "{% $states.input.n %}"},
            "Output": {"n": format!("{{% $states.input.n * {} %}}", shape.number)},
            "Next": next,
        })
    },
    |shape, next| json!({"Type": "Wait", "Seconds": shape.number, "Next": next}),
    |shape, next| {
        json!({
            "Type": "Choice",
            "Choices": [{"Variable": "$.n", "NumericGreaterThan": shape.number, "Next": shape.jump}],
            "Default": next,
        })
    },
    |shape, next| {
        task("putItem", json!({"Item": {"id": {"S.$": ID}, "n": {"N": shape.number.to_string()}}}), next)
    },
    |_, next| task("getItem", json!({"Key": {"id": {"S.$": ID}}}), next),
    |_, next| {
        let parameters = json!({
            "Key": {"id": {"S.$": ID}},
            "UpdateExpression": "ADD n :one",
            "ConditionExpression": "attribute_exists(id)",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
            "ReturnValues": "ALL_NEW",
        });
        task("updateItem", parameters, next)
    },
    |shape, next| {
        let wait = json!({"Type": "Wait", "SecondsPath": "$", "End": true});
        json!({
            "Type": "Map",
            "Parameters": shape.number,
            "ItemsPath": "$.items",
            "ResultPath": "$.waited",
            "MaxConcurrency": shape.number,
            "ItemProcessor": {"StartAt": format!("Wait for {next}"), "States": {format!("Wait for {next}"): wait}},
            "Next": next,
        })
    },
    |shape, next| {
        let branch = |name: String, seconds: u32| {
            let end = json!({"Type": "Succeed"});
            let wait = json!({"Type": "Wait", "Seconds": seconds, "Next": format!("{name} end")});
            json!({"StartAt": name, "States": {format!("{name} end"): end, name: wait}})
        };
        json!({
            "Type": "Parallel",
            "Branches": [branch(format!("Left of {next}"), shape.number), branch(format!("Right of {next}"), 3)],
            "ResultSelector": {"n": shape.number},
            "Next": next,
        })
    },
    |shape, next| {
        let pattern = ["", ".sync", ".sync:2"][shape.number as usize % 3];
        json!({
            "Type": "Task",
            "Resource": format!("arn:aws:states:::states:startExecution{pattern}"),
            "Parameters": {
                "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:Nested",
                "Input": {"n.$": "$.n"},
            },
            "TimeoutSeconds": 4,
            "ResultPath": "$.started",
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": next}],
            "Next": next,
        })
    },
    |shape, next| {
        let token = json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"},
            "TimeoutSeconds": 9,
            "HeartbeatSeconds": shape.number + 1,
            "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": format!("Late for {next}")}],
            "End": true,
        });
        let late = json!({"Type": "Pass", "End": true});
        let wait = json!({"Type": "Wait", "Seconds": 5, "End": true});
        let (token_name, late_name) = (format!("Token of {next}"), format!("Late for {next}"));
        json!({
            "Type": "Parallel",
            "Branches": [
                {"StartAt": token_name, "States": {&token_name: token, &late_name: late}},
                {"StartAt": format!("Beside {next}"), "States": {format!("Beside {next}"): wait}},
            ],
            "ResultSelector": {"n": shape.number},
            "Next": next,
        })
    },
    |shape, _| json!({"Type": "Fail", "Error": format!("E{}", shape.number), "Cause": "C"}),
];

/// A machine of some states, each of which goes on with the next or jumps.
fn machine() -> impl Strategy<Value = Value> {
    prop::collection::vec((select(STATES), 0..8u32, any::<Index>()), 1..8).prop_map(|shapes| {
        let n = shapes.len();
        let name = |i: usize| format!("S{i}");
        let mut states = Map::new();
        for (i, (make, number, jump)) in shapes.into_iter().enumerate() {
            let shape = Shape { make, number, jump: name(jump.index(n + 1)) };
            states.insert(name(i), (shape.make)(&shape, &name(i + 1)));
        }
        states.insert(name(n), json!({"Type": "Succeed"}));
        json!({"StartAt": name(0), "States": states})
    })
}

fn input() -> impl Strategy<Value = Value> {
    (0..8i32, 0..4usize).prop_map(|(n, n_items)| json!({"n": n, "items": vec![n; n_items]}))
}

/// A source of choices for printing: the same seed prints the same.
struct Choices(u64);

impl Choices {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn blank(&mut self) -> &'static str {
        ["", " ", "\n", "\r\n\t", "  "][self.below(5)]
    }
}

/// Prints a definition with other white space, and with its states and their fields in another order. What a payload
/// holds keeps its order, which is that of the output.
fn print(value: &Value, is_payload: bool, choices: &mut Choices) -> String {
    let (open, close, parts) = match value {
        Value::Object(members) => {
            let mut parts: Vec<String> = members
                .iter()
                .map(|(key, value)| {
                    let is_payload =
                        is_payload || ["Parameters", "ResultSelector", "Output"].contains(&key.as_str());
                    let value = print(value, is_payload, choices);
                    format!("{}{}:{}{value}", Value::from(key.as_str()), choices.blank(), choices.blank())
                })
                .collect();
            if !is_payload {
                for i in (1..parts.len()).rev() {
                    parts.swap(i, choices.below(i + 1));
                }
            }
            ("{", "}", parts)
        }
        Value::Array(elements) => {
            ("[", "]", elements.iter().map(|element| print(element, is_payload, choices)).collect())
        }
        scalar => return scalar.to_string(),
    };
    let parts: Vec<String> =
        parts.into_iter().map(|part| format!("{}{part}{}", choices.blank(), choices.blank())).collect();
    format!("{open}{}{close}", parts.join(","))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_same_scenario_gives_the_same_bytes(machine in machine(), input in input(), seed: u64) {
        let text = machine.to_string();
        let run = || {
            let analysis = analysis(&text);
            let mut simulation = simulation(&analysis, &input, seed);
            simulation.run(STEPS);
            printed(&simulation)
        };
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn a_clone_ends_as_the_original_does(machine in machine(), input in input(), at: Index) {
        let analysis = analysis(&machine.to_string());
        let mut whole = simulation(&analysis, &input, 0);
        let mut n_steps: u64 = 0;
        while n_steps < STEPS.n_steps && whole.step() == Step::Advanced {
            n_steps += 1;
        }
        let n_before = at.index(usize::try_from(n_steps).unwrap() + 1) as u64;
        let mut first = simulation(&analysis, &input, 0);
        first.run(Budget::steps(n_before));
        let before = printed(&first);
        let mut second = first.clone();
        second.run(Budget::steps(STEPS.n_steps - n_before));
        prop_assert_eq!(printed(&second), printed(&whole));
        // The clone shared what it did not change.
        prop_assert_eq!(printed(&first), before);
        first.run(Budget::steps(STEPS.n_steps - n_before));
        prop_assert_eq!(printed(&first), printed(&whole));
    }

    #[test]
    fn white_space_and_order_change_nothing(machine in machine(), input in input(), seed: u64) {
        let (plain, other) = (machine.to_string(), print(&machine, false, &mut Choices(seed)));
        let (plain, other) = (analysis(&plain), analysis(&other));
        prop_assert_eq!(plain.machine().fingerprint(), other.machine().fingerprint());
        let history = |analysis: &Analysis| {
            let mut simulation = simulation(analysis, &input, 0);
            simulation.run(STEPS);
            history_json(simulation.trace(), &simulation.scenario().names).to_string()
        };
        prop_assert_eq!(history(&plain), history(&other));
    }
}

// Mutated examples

const EXAMPLES: &[&str] = &[
    include_str!("../examples/approval.asl.json"),
    include_str!("../examples/get-order.asl.json"),
    include_str!("../examples/inventory.asl.json"),
    include_str!("../examples/order.asl.json"),
    include_str!("../examples/throttled.asl.json"),
];

/// Words of the language in wrong places.
const WORDS: &[&str] = &[
    "null",
    "-1",
    "1e400",
    "\"\"",
    "\"$\"",
    "\"$$\"",
    "\"$.a[?(@.b)]\"",
    "\"{% $x %}\"",
    "\"JSONata\"",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\u0000",
    "é",
    "\u{1f600}",
    "\"Type\"",
    "\"Map\"",
    "\"Parallel\"",
    "\"Choice\"",
    "\"Wait\"",
    "\"Next\": \"\"",
    "\"End\": true",
    "\"StartAt\": 1",
    "\"States\": {}",
    "\"Branches\": []",
    "\"ItemProcessor\": {}",
    "\"Seconds\": -1",
    "\"Retry\": [{}]",
    "\"Catch\": 1",
    "\"Assign\": {\"x\": 1}",
    "\"TableName.$\": \"$\"",
];

/// Puts a word in the place of a part of the text.
fn mutated() -> impl Strategy<Value = String> {
    let edit = (any::<Index>(), 0..30usize, select(WORDS));
    (select(EXAMPLES), prop::collection::vec(edit, 1..4)).prop_map(|(example, edits)| {
        let mut text = example.to_owned();
        for (at, length, word) in edits {
            let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let first = at.index(starts.len());
            let last = (first + length).min(starts.len() - 1);
            text.replace_range(starts[first]..starts[last], word);
        }
        text
    })
}

/// A value of an example replaced: mostly a definition that is JSON, with one field gone wrong.
fn replaced() -> impl Strategy<Value = String> {
    (select(EXAMPLES), any::<Index>(), select(WORDS)).prop_map(|(example, at, word)| {
        let mut definition: Value = serde_json::from_str(example).unwrap();
        let pointers = pointers(&definition, String::new());
        let place = definition.pointer_mut(&pointers[at.index(pointers.len())]).unwrap();
        *place = serde_json::from_str(word).unwrap_or(json!({word: word}));
        definition.to_string()
    })
}

fn pointers(value: &Value, pointer: String) -> Vec<String> {
    let below: Vec<String> = match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(key, value)| {
                pointers(value, format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")))
            })
            .collect(),
        Value::Array(elements) => elements
            .iter()
            .enumerate()
            .flat_map(|(index, value)| pointers(value, format!("{pointer}/{index}")))
            .collect(),
        _ => Vec::new(),
    };
    [pointer].into_iter().chain(below).collect()
}

proptest! {
    #![proptest_config(Config { cases: 1_024, ..config() })]

    #[test]
    fn mutated_examples_are_checked_and_run(text in prop_oneof![mutated(), replaced()], input in input()) {
        let analysis = analysis(&text);
        for found in analysis.diagnostics() {
            prop_assert!(text.get(found.range.to_usize()).is_some(), "{found:?}");
        }
        let mut simulation = simulation(&analysis, &input, 0);
        simulation.run(STEPS);
        printed(&simulation);
    }
}
