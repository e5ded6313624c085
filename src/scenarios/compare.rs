//! What came out of a run otherwise than expected.

use serde_json::{Value, json};

use super::format::name;
use super::matching::{Difference, differences, is_match};
use crate::model::{ScopeId, StateId, StateMachine};
use crate::simulator::{Outcome, StatesError, Trace, Visit, VisitStatus};

/// Something that came out otherwise than expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// The JSON Pointer, in `expect`, of what was expected. Where nothing was, it leads beyond what is there.
    pub pointer: String,
    /// What was expected; none for nothing.
    pub expected: Option<Value>,
    /// What came out; none for nothing.
    pub actual: Option<Value>,
    /// The state it is about.
    pub state: Option<StateId>,
}

/// Compares a run with what was expected of it: all that differs, in the order of the format.
pub fn compare(expect: &Value, trace: &Trace, machine: &StateMachine) -> Vec<Mismatch> {
    let is_exact = is_exact(expect);
    let mut found = Vec::new();
    for Slot { pointer, expected, actual, state } in slots(expect, trace, machine) {
        match actual {
            Some(actual) => {
                let at = |it: Difference| Mismatch {
                    pointer: format!("{pointer}{}", it.pointer),
                    expected: it.expected,
                    actual: it.actual,
                    state,
                };
                found.extend(differences(expected, &actual, is_exact).into_iter().map(at));
            }
            None => found.push(Mismatch { pointer, expected: Some(expected.clone()), actual: None, state }),
        }
    }
    for (table, expected) in members(expect.get(name::TABLES)) {
        compare_table(table, expected, trace, is_exact, &mut found);
    }
    found
}

pub(super) fn is_exact(expect: &Value) -> bool {
    expect.get(name::EXACTLY).and_then(Value::as_bool) == Some(true)
}

/// A value that is expected, with what came out in its place.
pub(super) struct Slot<'e> {
    /// The JSON Pointer in `expect`.
    pub(super) pointer: String,
    pub(super) expected: &'e Value,
    pub(super) actual: Option<Value>,
    pub(super) state: Option<StateId>,
}

/// All values that are expected, but for items of tables.
pub(super) fn slots<'e>(expect: &'e Value, trace: &Trace, machine: &StateMachine) -> Vec<Slot<'e>> {
    let failure = match &trace.outcome {
        Outcome::Failed { error } => Some(error),
        _ => None,
    };
    let failed = trace.visits.iter().rev().find(|visit| matches!(visit.status, VisitStatus::Failed(_)));
    let failed = failed.map(|visit| visit.state);
    let values = [
        (name::STATUS, Some(json!(trace.outcome.status())), failed),
        (name::OUTPUT, trace.outcome.output().map(|output| Value::clone(output)), None),
        (name::ERROR, failure.and_then(error_name), failed),
        (name::CAUSE, failure.and_then(error_cause), failed),
        (name::PATH, Some(json!(path_of(trace, machine))), None),
    ];
    let mut slots: Vec<Slot<'e>> = Vec::new();
    for (key, actual, state) in values {
        slots.extend(expect.get(key).map(|expected| Slot {
            pointer: format!("/{key}"),
            expected,
            actual,
            state,
        }));
    }
    for (state_name, expected) in members(expect.get(name::STATES)) {
        let pointer = format!("/{}/{}", name::STATES, escaped(state_name));
        match find_state(machine, state_name) {
            Some(state) => state_slots(&pointer, expected, state, trace, &mut slots),
            None => slots.push(Slot { pointer, expected, actual: None, state: None }),
        }
    }
    slots
}

fn state_slots<'e>(
    pointer: &str,
    expect: &'e Value,
    state: StateId,
    trace: &Trace,
    slots: &mut Vec<Slot<'e>>,
) {
    let visits: Vec<&Visit> = trace.visits_to(state).collect();
    let n_retries: u32 = visits.iter().map(|visit| visit.n_retries).sum();
    let last = visits.last();
    let error = last.and_then(|visit| match &visit.status {
        VisitStatus::Caught(error) | VisitStatus::Failed(error) => Some(error),
        _ => None,
    });
    let variables = last.and_then(|visit| visit.assigned.as_ref()).map(|assigned| {
        let members = assigned.iter().map(|(name, value)| (name.to_string(), Value::clone(value)));
        Value::Object(members.collect())
    });
    let values = [
        (name::VISITS, Some(json!(visits.len()))),
        (name::RETRIES, Some(json!(n_retries))),
        (name::INPUT, last.map(|visit| Value::clone(&visit.stages.input))),
        (name::OUTPUT, last.and_then(|visit| visit.stages.output.as_deref().cloned())),
        (name::VARIABLES, variables),
        (name::ERROR, error.and_then(error_name)),
        (name::CAUSE, error.and_then(error_cause)),
    ];
    for (key, actual) in values {
        let pointer = format!("{pointer}/{key}");
        slots.extend(expect.get(key).map(|expected| Slot { pointer, expected, actual, state: Some(state) }));
    }
}

fn error_name(error: &StatesError) -> Option<Value> {
    error.name.as_ref().map(|name| json!(&**name))
}

fn error_cause(error: &StatesError) -> Option<Value> {
    error.cause.as_ref().map(|cause| json!(&**cause))
}

/// The names of the states of the machine itself in the order they were entered.
pub(super) fn path_of<'a>(trace: &Trace, machine: &'a StateMachine) -> Vec<&'a str> {
    let states = trace.visits.iter().filter_map(|visit| machine.state(visit.state));
    states.filter(|state| state.scope == ScopeId::ROOT).map(|state| &*state.name).collect()
}

/// The state of a name, or of names from the outside in with slashes between them.
fn find_state(machine: &StateMachine, name: &str) -> Option<StateId> {
    let by_name = machine.all_states().find(|(_, state)| &*state.name == name).map(|(id, _)| id);
    by_name
        .or_else(|| machine.all_states().map(|(id, _)| id).find(|&id| machine.path_of(id).join("/") == name))
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Each expected item has to be there, and where exactly these are expected no other.
fn compare_table(table: &str, expected: &Value, trace: &Trace, is_exact: bool, found: &mut Vec<Mismatch>) {
    let pointer = format!("/{}/{}", name::TABLES, escaped(table));
    let Some(table) = trace.database.table(table) else {
        let expected = Some(expected.clone());
        return found.push(Mismatch { pointer, expected, actual: None, state: None });
    };
    let mut rest = match table.items_to_json() {
        Value::Array(items) => items,
        _ => Vec::new(),
    };
    for (idx, item) in expected.as_array().into_iter().flatten().enumerate() {
        if let Some(at) = rest.iter().position(|actual| is_match(item, actual, is_exact)) {
            rest.remove(at);
            continue;
        }
        // The item with the most in common is most likely the one that is meant.
        let near = rest.iter().filter(|near| shares_a_member(item, near));
        let near = near.min_by_key(|near| differences(item, near, is_exact).len());
        let pointer = format!("{pointer}/{idx}");
        match near {
            Some(near) => {
                let at = |it: Difference| Mismatch {
                    pointer: format!("{pointer}{}", it.pointer),
                    expected: it.expected,
                    actual: it.actual,
                    state: None,
                };
                found.extend(differences(item, near, is_exact).into_iter().map(at));
            }
            None => found.push(Mismatch { pointer, expected: Some(item.clone()), actual: None, state: None }),
        }
    }
    if is_exact {
        let other =
            |item| Mismatch { pointer: pointer.clone(), expected: None, actual: Some(item), state: None };
        found.extend(rest.into_iter().map(other));
    }
}

fn shares_a_member(one: &Value, other: &Value) -> bool {
    members(Some(one)).any(|(key, value)| other.get(key) == Some(value))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::testing::run;
    use super::*;

    /// What differs, one a line.
    #[track_caller]
    fn check(expected: Value, shown: Expect) {
        let (machine, trace) = run();
        let line = |it: &Mismatch| {
            let value = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), Value::to_string);
            format!("{} expected {} actual {}", it.pointer, value(&it.expected), value(&it.actual))
        };
        let found: Vec<String> = compare(&expected, &trace, &machine).iter().map(line).collect();
        shown.assert_eq(&found.join("\n"));
    }

    #[test]
    fn all_as_expected() {
        check(
            json!({
                "status": "SUCCEEDED", "output": {"Item": {"id": {"S": "1"}}}, "path": ["Save", "Each", "Load"],
                "states": {"Load": {"visits": 1, "retries": 0}, "Each/Step": {"visits": 2, "output": 2}},
                "tables": {"Orders": [{"id": {"S": "1"}}]},
            }),
            expect![""],
        );
    }

    #[test]
    fn values_that_differ() {
        check(
            json!({
                "status": "FAILED", "error": "E", "output": {"Item": {"id": {"S": "2"}, "x": {}}}, "path": ["Save"],
                "states": {"Load": {"visits": 2}, "Gone": {"visits": 1}, "Save": {"variables": {"n": 1}}},
            }),
            expect![[r#"
                /status expected "FAILED" actual "SUCCEEDED"
                /output/Item/id/S expected "2" actual "1"
                /output/Item/x expected {} actual nothing
                /error expected "E" actual nothing
                /path/1 expected nothing actual "Each"
                /path/2 expected nothing actual "Load"
                /states/Load/visits expected 2 actual 1
                /states/Gone expected {"visits":1} actual nothing
                /states/Save/variables expected {"n":1} actual nothing"#]],
        );
    }

    #[test]
    fn items_in_any_order() {
        check(
            json!({"tables": {
                "Orders": [{"id": {"S": "1"}, "status": {"S": "new"}}, {"id": {"S": "3"}}], "None": [],
            }}),
            expect![[r#"
                /tables/Orders/0/status/S expected "new" actual "open"
                /tables/Orders/1 expected {"id":{"S":"3"}} actual nothing
                /tables/None expected [] actual nothing"#]],
        );
    }

    #[test]
    fn exactly_these() {
        check(
            json!({"exactly": true, "tables": {"Orders": []}, "states": {"Each": {"output": [2, 2]}}}),
            expect![[r#"/tables/Orders expected nothing actual {"id":{"S":"1"},"status":{"S":"open"}}"#]],
        );
    }
}
