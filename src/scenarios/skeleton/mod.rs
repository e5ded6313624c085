//! A file of scenarios for a machine that has none: an input that holds what the machine reads, the tables it uses, and
//! mocks for the tasks that are not simulated.
//!
//! Everything in it is an example. It is made of what the definition says; that it is what the machine will really be
//! given is for people to see to.

mod demand;
mod origin;
mod reading;
mod text;
mod want;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use self::demand::{Demand, demand};
use self::origin::Root;
use self::want::{Want, answer};
use super::format::name;
use crate::model::{State, StateBody, StateId, StateMachine};
use crate::semantic::{self, AssumedTable, assume_tables};
use crate::simulator::{Budget, Mocks, Scenario, Simulation, Trace, is_simulated};
use crate::spec::Resource;
use crate::spec::dynamodb::parameter;
use crate::spec::mock_schema::answer_shape;
use crate::spec::resource;

/// Steps of the runs that tell which items are looked for.
const STEPS_MAX: Budget = Budget::steps(10_000);
/// Runs of that kind: each may come further than the one before.
const RUNS_MAX: usize = 8;
/// The name of the scenario.
const SCENARIO_NAME: &str = "first";

/// Whether a machine does not come far without a scenario: it reads what is not in an empty input, or has tasks that
/// are not simulated.
pub fn needs_scenario(machine: &StateMachine) -> bool {
    mocked_states(machine).next().is_some() || !demand(machine).of(Root::Input).is_empty()
}

/// A file of scenarios for a machine, as JSON: one scenario whose input holds every path that the machine reads, the
/// tables with the keys that its tasks use, and a mock of the form the service answers in for each task that needs one.
///
/// Objects keep the order in which the machine reads. The same machine gives the same text.
pub fn skeleton(machine: &Arc<StateMachine>) -> String {
    text::text(&skeleton_json(machine))
}

fn skeleton_json(machine: &Arc<StateMachine>) -> Value {
    let demand = demand(machine);
    let input = demand.of(Root::Input).example("input");
    let input = if input.is_object() || input.is_array() { input } else { json!({}) };
    let mocks = mocks(machine, &demand);
    let tables = tables(machine, &demand, &input, &mocks);
    let mut file = Map::new();
    if !tables.is_empty() {
        file.insert(name::TABLES.to_owned(), Value::Array(tables));
    }
    if !mocks.is_empty() {
        file.insert(name::MOCKS.to_owned(), Value::Object(mocks));
    }
    let mut scenario = Map::new();
    scenario.insert(name::INPUT.to_owned(), input);
    file.insert(name::SCENARIOS.to_owned(), json!({ SCENARIO_NAME: scenario }));
    Value::Object(file)
}

/// The tasks that need a mock.
fn mocked_states(machine: &StateMachine) -> impl Iterator<Item = (StateId, &State, Option<Resource<'_>>)> {
    machine.all_states().filter_map(|(id, state)| {
        let StateBody::Task(task) = &state.body else { return None };
        let is_mocked = !task.resource.is_empty() && !is_simulated(&task.resource);
        is_mocked.then(|| (id, state, Resource::parse(&task.resource)))
    })
}

fn mocks(machine: &StateMachine, demand: &Demand) -> Map<String, Value> {
    let mock = |(id, state, resource): (StateId, &State, Option<Resource<'_>>)| {
        let want = demand.of(Root::Result(id));
        let shape = resource.as_ref().and_then(answer_shape);
        let result = match shape {
            Some(shape) => answer(shape, &want, "result"),
            None if want.is_empty() => json!({}),
            None => want.example("result"),
        };
        (state.name.to_string(), json!({ name::RETURN: result }))
    };
    mocked_states(machine).map(mock).collect()
}

/// The tables that the machine uses. Those that it reads and never fills hold an item for each key that it asks for.
fn tables(
    machine: &Arc<StateMachine>,
    demand: &Demand,
    input: &Value,
    mocks: &Map<String, Value>,
) -> Vec<Value> {
    let assumed = assume_tables(machine);
    let filled = filled_tables(machine);
    let mut requests: Vec<Value> = assumed.iter().map(AssumedTable::create_request).collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for _ in 0..RUNS_MAX {
        let Some(trace) = run(machine, &requests, input, mocks) else { break };
        let mut is_new = false;
        for Sought { table, key, item } in sought_items(machine, &trace, demand) {
            let idx = assumed.iter().position(|known| *known.name == *table);
            let request = idx.filter(|_| !filled.contains(&table)).and_then(|idx| requests.get_mut(idx));
            let Some(Value::Object(request)) = request else { continue };
            if seen.insert(format!("{table} {key}"))
                && let Value::Array(items) =
                    request.entry(resource::answer::ITEMS).or_insert_with(|| json!([]))
            {
                items.push(item);
                is_new = true;
            }
        }
        if !is_new {
            break;
        }
    }
    requests
}

/// The tables that the machine puts items into.
fn filled_tables(machine: &StateMachine) -> BTreeSet<String> {
    let puts = machine.all_states().filter(|(_, state)| action_of(state) == Some(resource::PUT_ITEM));
    let table = |state: &State| {
        Some(state.arguments.as_ref()?.literal_of(parameter::TABLE_NAME)?.as_str()?.to_owned())
    };
    puts.filter_map(|(_, state)| table(state)).collect()
}

/// The action of DynamoDB that a task calls.
fn action_of(state: &State) -> Option<&str> {
    let StateBody::Task(task) = &state.body else { return None };
    Resource::parse(&task.resource).filter(Resource::is_dynamodb).map(|resource| resource.action)
}

/// An item that a task asked for by its key.
struct Sought {
    table: String,
    key: Value,
    /// The key with the attributes that are read of the item.
    item: Value,
}

/// What tasks of a run asked for, in their order.
fn sought_items(machine: &StateMachine, trace: &Trace, demand: &Demand) -> Vec<Sought> {
    let mut sought = Vec::new();
    for visit in &trace.visits {
        let is_dynamodb = machine.state(visit.state).is_some_and(|state| action_of(state).is_some());
        let stages = &visit.stages;
        let given = stages.after_arguments.as_ref().or(stages.after_parameters.as_ref());
        let Some(given) = given.filter(|_| is_dynamodb) else { continue };
        let table = given.get(parameter::TABLE_NAME).and_then(Value::as_str);
        let (Some(table), Some(Value::Object(key))) = (table, given.get(parameter::KEY)) else { continue };
        let want = demand.of(Root::Result(visit.state));
        let mut item = key.clone();
        for part in [resource::answer::ITEM, resource::answer::ATTRIBUTES] {
            for (name, attribute) in want.get(part).into_iter().flat_map(Want::members) {
                if let Some(value) = attribute_example(name, attribute)
                    && !item.contains_key(name)
                {
                    item.insert(name.to_owned(), value);
                }
            }
        }
        sought.push(Sought {
            table: table.to_owned(),
            key: Value::Object(key.clone()),
            item: Value::Object(item),
        });
    }
    sought
}

/// An attribute value of the type that it is read as; none where that is none of the scalar types.
fn attribute_example(name: &str, want: &Want) -> Option<Value> {
    let (kind, value) = want.members().next()?;
    Some(match kind {
        "S" => json!({"S": value.example(name)}),
        "N" => json!({"N": "1"}),
        "BOOL" => json!({"BOOL": true}),
        _ => return None,
    })
}

/// A run with what is known so far; none where a mock cannot be used.
fn run(
    machine: &Arc<StateMachine>,
    requests: &[Value],
    input: &Value,
    mocks: &Map<String, Value>,
) -> Option<Trace> {
    let mut all = Mocks::default();
    for (state_name, call) in mocks {
        let (_, state) = machine.all_states().find(|(_, state)| *state.name == **state_name)?;
        all = all.with_calls(state, call).ok()?;
    }
    let database = semantic::database(machine, Some(&Value::Array(requests.to_vec()))).ok()?;
    let scenario = Scenario { input: Arc::new(input.clone()), database, mocks: all, ..Scenario::default() };
    let mut simulation = Simulation::new(machine.clone(), Arc::new(scenario));
    simulation.run(STEPS_MAX);
    Some(simulation.into_trace())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::model::lower;
    use crate::scenarios::{Files, ScenarioFile};
    use crate::syntax::{Format, parse, parse_json};
    use crate::text::SourceText;

    fn machine(text: &str) -> Arc<StateMachine> {
        lower(&parse_json(SourceText::new(text), 64)).machine
    }

    /// Runs the one scenario of a file and says how it ends.
    fn status(file: &str, machine: &Arc<StateMachine>) -> String {
        let parse = parse_json(SourceText::new(file), 64);
        let (file, problems) = ScenarioFile::read(&parse);
        assert_eq!(problems, []);
        let scenario = file.scenario(&file.scenarios[0], machine, "M", &Files::default()).unwrap();
        let mut simulation = Simulation::new(machine.clone(), Arc::new(scenario));
        simulation.run(STEPS_MAX);
        simulation.trace().outcome.status().to_owned()
    }

    #[track_caller]
    fn check(states: &str, status_expected: &str, expected: Expect) {
        let machine = machine(&format!(r#"{{"StartAt": "A", "States": {states}}}"#));
        let file = skeleton(&machine);
        expected.assert_eq(&file);
        assert_eq!(status(&file, &machine), status_expected);
        assert!(needs_scenario(&machine));
    }

    #[test]
    fn the_input_holds_every_path_that_is_read() {
        check(
            r#"{
            "A": {"Type": "Pass", "InputPath": "$.order", "Parameters": {"id.$": "$.id", "who.$": "$.customer.name"},
                "ResultPath": "$.known", "Next": "B"},
            "B": {"Type": "Choice", "Choices": [
                {"And": [{"Variable": "$.order.total", "NumericGreaterThan": 100}, {"Variable": "$.order.kind", "StringEquals": "gold"}], "Next": "C"}],
                "Default": "D"},
            "C": {"Type": "Map", "ItemsPath": "$.order.lines", "ResultPath": null, "Next": "D", "ItemSelector": {"sku.$": "$$.Map.Item.Value.sku"},
                "ItemProcessor": {"StartAt": "Each", "States": {"Each": {"Type": "Pass", "Parameters": {"x.$": "$.sku"}, "End": true}}}},
            "D": {"Type": "Wait", "SecondsPath": "$.delay", "Next": "E"},
            "E": {"Type": "Pass", "Parameters": {"a.$": "States.MathAdd($.known.id, $$.Execution.Input.more)"}, "End": true}}"#,
            "SUCCEEDED",
            expect![[r#"
                {
                  "scenarios": {
                    "first": {
                      "input": {
                        "order": {
                          "id": 1,
                          "customer": { "name": "name-1" },
                          "total": 100,
                          "kind": "gold",
                          "lines": [{ "sku": "sku-1" }]
                        },
                        "delay": 1,
                        "more": 1
                      }
                    }
                  }
                }
            "#]],
        );
    }

    #[test]
    fn jsonata_and_variables() {
        check(
            r#"{
            "A": {"Type": "Pass", "QueryLanguage": "JSONata", "Assign": {"order": "{% $states.input.order %}"}, "Next": "B"},
            "B": {"Type": "Choice", "QueryLanguage": "JSONata", "Choices": [
                {"Condition": "{% $order.total > 10 and $states.input.mode = 'fast' %}", "Next": "C"}], "Default": "C"},
            "C": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"sum": "{% $order.total * 2 %}", "name": "{% $order.name %}"}, "End": true}}"#,
            "SUCCEEDED",
            expect![[r#"
                {
                  "scenarios": {
                    "first": { "input": { "order": { "total": 1, "name": "name-1" }, "mode": "fast" } }
                  }
                }
            "#]],
        );
    }

    #[test]
    fn tables_hold_what_is_asked_for() {
        check(
            r#"{
            "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "ResultPath": "$.found", "Next": "B",
                "Parameters": {"TableName": "Orders", "Key": {"id": {"S.$": "$.orderId"}, "at": {"N.$": "$.at"}}}},
            "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Next": "C", "ResultPath": "$.who",
                "Parameters": {"TableName": "Customers", "Key": {"id": {"S.$": "$.found.Item.customer.S"}}}},
            "C": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true,
                "Parameters": {"TableName": "Log", "Item": {"id": {"S.$": "$.who.Item.id.S"}}}}}"#,
            "SUCCEEDED",
            expect![[r#"
                {
                  "tables": [
                    {
                      "TableName": "Customers",
                      "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
                      "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
                      "BillingMode": "PAY_PER_REQUEST",
                      "Items": [{ "id": { "S": "customer-1" } }]
                    },
                    {
                      "TableName": "Log",
                      "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
                      "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
                      "BillingMode": "PAY_PER_REQUEST"
                    },
                    {
                      "TableName": "Orders",
                      "KeySchema": [
                        { "AttributeName": "id", "KeyType": "HASH" },
                        { "AttributeName": "at", "KeyType": "RANGE" }
                      ],
                      "AttributeDefinitions": [
                        { "AttributeName": "id", "AttributeType": "S" },
                        { "AttributeName": "at", "AttributeType": "N" }
                      ],
                      "BillingMode": "PAY_PER_REQUEST",
                      "Items": [
                        { "id": { "S": "orderId-1" }, "at": { "N": "1" }, "customer": { "S": "customer-1" } }
                      ]
                    }
                  ],
                  "scenarios": { "first": { "input": { "orderId": "orderId-1", "at": "1" } } }
                }
            "#]],
        );
    }

    #[test]
    fn mocks_answer_in_the_services_form() {
        check(
            r#"{
            "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "B", "OutputPath": "$.Payload",
                "Parameters": {"FunctionName": "f", "Payload.$": "$"}},
            "B": {"Type": "Choice", "Choices": [{"Variable": "$.isValid", "BooleanEquals": true, "Next": "C"}], "Default": "C"},
            "C": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true,
                "Parameters": {"QueueUrl": "u", "MessageBody.$": "$.text"}}}"#,
            "SUCCEEDED",
            expect![[r#"
                {
                  "mocks": {
                    "A": { "Return": { "Payload": { "isValid": true, "text": "text-1" } } },
                    "C": { "Return": {} }
                  },
                  "scenarios": { "first": { "input": {} } }
                }
            "#]],
        );
    }

    #[test]
    fn of_the_examples_they_are_valid_and_nothing_is_blocked() {
        for entry in std::fs::read_dir("examples").unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if !name.contains(".asl.") {
                continue;
            }
            let source = SourceText::new(&std::fs::read_to_string(&path).unwrap());
            let machine = lower(&parse(source, Format::of_name(&name), 64)).machine;
            let ended = status(&skeleton(&machine), &machine);
            assert!(ended != "BLOCKED" && ended != "RUNNING", "{name}: {ended}");
        }
    }

    #[test]
    fn a_machine_that_reads_nothing_needs_none() {
        let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"all.$": "$"}, "End": true}}}"#;
        assert!(!needs_scenario(&machine(text)));
        let file = skeleton(&machine(text));
        assert_eq!(file, "{ \"scenarios\": { \"first\": { \"input\": {} } } }\n");
    }
}
