//! What to expect of a run that was right.

use serde_json::{Map, Value, json};

use super::compare::{compare, is_exact, path_of, slots};
use super::format::name;
use super::matching::{is_match, is_placeholder};
use crate::model::StateMachine;
use crate::simulator::{Outcome, Trace, without_metadata};

/// An expectation for a run that has none yet: how it ended, with what, and which way it took.
pub fn expectation_of(trace: &Trace, machine: &StateMachine) -> Value {
    let mut expect = Map::new();
    expect.insert(name::STATUS.to_owned(), json!(trace.outcome.status()));
    match &trace.outcome {
        Outcome::Succeeded { output } => {
            expect.insert(name::OUTPUT.to_owned(), without_metadata(output));
        }
        Outcome::Failed { error } => {
            for (key, text) in [(name::ERROR, &error.name), (name::CAUSE, &error.cause)] {
                if let Some(text) = text {
                    expect.insert(key.to_owned(), json!(&**text));
                }
            }
        }
        Outcome::TimedOut | Outcome::Aborted | Outcome::Running | Outcome::Blocked(_) => {}
    }
    expect.insert(name::PATH.to_owned(), json!(path_of(trace, machine)));
    Value::Object(expect)
}

/// An expectation as it was, with what came out in the place of what did not; what has come to nothing is left out.
/// Placeholders that are true stay, and so does what an object was not expected to have.
pub fn updated_expectation(expect: &Value, trace: &Trace, machine: &StateMachine) -> Value {
    let is_exact = is_exact(expect);
    let mut updated = expect.clone();
    for slot in slots(expect, trace, machine) {
        match slot.actual {
            Some(actual) if is_match(slot.expected, &actual, is_exact) => {}
            Some(actual) => put(&mut updated, &slot.pointer, merged(slot.expected, &actual, is_exact)),
            None => remove(&mut updated, &slot.pointer),
        }
    }
    for mismatch in compare(expect, trace, machine) {
        let mut parts = mismatch.pointer.split('/').skip(1);
        if let (Some(name::TABLES), Some(table)) = (parts.next(), parts.next()) {
            let pointer = format!("/{}/{table}", name::TABLES);
            match trace.database.table(&table.replace("~1", "/").replace("~0", "~")) {
                Some(table) => put(&mut updated, &pointer, table.items_to_json()),
                None => remove(&mut updated, &pointer),
            }
        }
    }
    updated
}

/// What was expected, with the values that are there.
///
/// Recursive, but never deeper than what is expected.
fn merged(expected: &Value, actual: &Value, is_exact: bool) -> Value {
    match (expected, actual) {
        (Value::String(text), _) if is_placeholder(text) && is_match(expected, actual, is_exact) => {
            expected.clone()
        }
        (Value::Object(expected), Value::Object(actual)) => {
            let is_kept = |key: &str| is_exact || expected.contains_key(key);
            let member = |(key, value): (&String, &Value)| {
                let value = expected.get(key).map_or_else(|| value.clone(), |it| merged(it, value, is_exact));
                (key.clone(), value)
            };
            Value::Object(actual.iter().filter(|(key, _)| is_kept(key)).map(member).collect())
        }
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => Value::Array(
            expected.iter().zip(actual).map(|(one, other)| merged(one, other, is_exact)).collect(),
        ),
        _ if is_exact => actual.clone(),
        _ => without_metadata(actual),
    }
}

fn put(value: &mut Value, pointer: &str, new: Value) {
    if let Some(slot) = value.pointer_mut(pointer) {
        *slot = new;
    }
}

fn remove(value: &mut Value, pointer: &str) {
    let Some((path, last)) = pointer.rsplit_once('/') else { return };
    if let Some(Value::Object(members)) = value.pointer_mut(path) {
        members.shift_remove(&last.replace("~1", "/").replace("~0", "~"));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::testing::run;
    use super::*;

    #[track_caller]
    fn check(expect: &Value, updated: Expect) {
        let (machine, trace) = run();
        let value = updated_expectation(expect, &trace, &machine);
        updated.assert_eq(&value.to_string());
        assert_eq!(compare(&value, &trace, &machine), [], "what is updated is true");
    }

    #[test]
    fn of_a_run() {
        let (machine, trace) = run();
        let expectation = expectation_of(&trace, &machine);
        expect![[r#"{"status":"SUCCEEDED","output":{"Item":{"id":{"S":"1"},"status":{"S":"open"}}},"path":["Save","Each","Load"]}"#]]
            .assert_eq(&expectation.to_string());
        assert_eq!(compare(&expectation, &trace, &machine), []);
    }

    #[test]
    fn what_is_true_stays() {
        check(
            &json!({"output": {"Item": {"id": {"S": "<string>"}}}, "path": ["Save", "Each", "Load"]}),
            expect![[r#"{"output":{"Item":{"id":{"S":"<string>"}}},"path":["Save","Each","Load"]}"#]],
        );
    }

    #[test]
    fn what_is_not_true_is_replaced() {
        check(
            &json!({
                "status": "FAILED", "error": "E", "output": {"Item": {"id": {"S": "<number>"}}},
                "states": {"Each": {"output": [1]}, "Load": {"visits": 2}, "Gone": {"visits": 1}},
                "tables": {"Orders": [{"id": {"S": "2"}}], "None": []},
            }),
            expect![[
                r#"{"status":"SUCCEEDED","output":{"Item":{"id":{"S":"1"}}},"states":{"Each":{"output":[2,2]},"Load":{"visits":1}},"tables":{"Orders":[{"id":{"S":"1"},"status":{"S":"open"}}]}}"#
            ]],
        );
    }
}
