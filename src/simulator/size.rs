//! How large values are as compact JSON, without printing them.

use serde_json::Value;

/// AWS's text for a result that is too large; `task` is the state, the resource type or the ARN.
pub(super) fn too_large(task: &str) -> String {
    format!(
        "The state/task '{task}' returned a result with a size exceeding the maximum number of bytes service limit."
    )
}

/// Whether a value takes at most so many bytes as compact JSON. Stops counting when it does not.
pub(super) fn fits(value: &Value, bytes_max: usize) -> bool {
    measure(value, bytes_max).is_some()
}

/// The bytes that a value takes as compact JSON.
pub(super) fn json_len(value: &Value) -> usize {
    measure(value, usize::MAX).unwrap_or(usize::MAX)
}

/// The bytes of a value, if they are at most so many.
fn measure(value: &Value, bytes_max: usize) -> Option<usize> {
    let mut total: usize = 0;
    let mut todo = vec![value];
    while let Some(value) = todo.pop() {
        let bytes = match value {
            Value::Null | Value::Bool(true) => 4,
            Value::Bool(false) => 5,
            Value::Number(number) => number_len(number),
            Value::String(text) => string_len(text),
            Value::Array(elements) => {
                todo.extend(elements);
                1 + elements.len().max(1)
            }
            Value::Object(members) => {
                todo.extend(members.values());
                1 + members.len().max(1) + members.keys().map(|key| string_len(key) + 1).sum::<usize>()
            }
        };
        total = total.checked_add(bytes).filter(|total| *total <= bytes_max)?;
    }
    Some(total)
}

/// The bytes that a value takes in memory, about.
pub(super) fn memory(value: &Value) -> usize {
    /// What the allocator keeps for each piece of memory, and loses at its end.
    const PIECE: usize = 2 * size_of::<usize>();
    /// What a map keeps for a member beside its name and its value: the name's place, its hash and its index.
    const MEMBER: usize = size_of::<String>() + 2 * size_of::<usize>() + PIECE;
    let mut total: usize = 0;
    let mut todo = vec![value];
    while let Some(value) = todo.pop() {
        total = total.saturating_add(size_of::<Value>());
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
            Value::String(text) => total = total.saturating_add(PIECE + text.len()),
            Value::Array(elements) => {
                total = total.saturating_add(PIECE);
                todo.extend(elements);
            }
            Value::Object(members) => {
                total = total.saturating_add(2 * PIECE);
                todo.extend(members.values());
                let names = members.keys().map(|name| MEMBER + name.len()).sum::<usize>();
                total = total.saturating_add(names);
            }
        }
    }
    total
}

fn number_len(number: &serde_json::Number) -> usize {
    match number.as_u64() {
        Some(n) => n.checked_ilog10().map_or(1, |digits| digits as usize + 1),
        None => number.to_string().len(),
    }
}

fn string_len(text: &str) -> usize {
    let escapes = text.bytes().map(|byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 1,
        0..0x20 => 5,
        _ => 0,
    });
    2 + text.len() + escapes.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::simulator::{Outcome, Scenario, Simulation};
    use crate::spec::quota;

    #[test]
    fn sizes_are_those_of_compact_json() {
        for value in [
            json!(null),
            json!([]),
            json!({}),
            json!([1, -2.5, "a\n\u{1}é"]),
            json!({"a": {"b": [true, false]}}),
            json!(10),
        ] {
            let len = serde_json::to_string(&value).unwrap().len();
            assert!(fits(&value, len) && !fits(&value, len - 1), "{value}");
            assert_eq!(json_len(&value), len, "{value}");
        }
    }

    /// A simulation of one state.
    fn simulation(state: &Value, database: crate::dynamodb::Database) -> Simulation {
        let text = json!({"StartAt": "A", "States": {"A": state}}).to_string();
        let machine =
            crate::model::lower(&crate::syntax::parse_json(crate::text::SourceText::new(&text), 64)).machine;
        let input = Arc::new(json!({"t": "x".repeat(100_000)}));
        Simulation::new(machine, Arc::new(Scenario { input, database, ..Scenario::default() }))
    }

    #[test]
    fn a_simulation_keeps_so_much_and_no_more() {
        let mut simulation =
            simulation(&json!({"Type": "Pass", "End": true}), crate::dynamodb::Database::default());
        simulation.keep(quota::SIMULATION_BYTES_MAX, None);
        assert_eq!(simulation.trace().outcome, Outcome::Running);
        simulation.keep(1, None);
        let Outcome::Blocked(blocked) = &simulation.trace().outcome else { panic!("it goes on") };
        assert_eq!(blocked.reason, "The simulation keeps more than 512 MiB of payloads and items");
    }

    #[test]
    fn payloads_count_once_for_each_copy() {
        let kept = |state: &Value| {
            let mut simulation = simulation(state, crate::dynamodb::Database::default());
            simulation.run(crate::simulator::Budget::steps(10));
            simulation.n_kept_bytes / 100_000
        };
        assert_eq!(kept(&json!({"Type": "Pass", "End": true})), 0);
        assert_eq!(kept(&json!({"Type": "Pass", "Parameters": {"u.$": "$.t"}, "End": true})), 1);
        assert_eq!(
            kept(&json!({"Type": "Pass", "Parameters": {"u.$": "$.t", "v.$": "$.t"}, "End": true})),
            2
        );
    }

    #[test]
    fn items_count_when_they_are_written() {
        let tables = json!([{
            "TableName": "Texts",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "Items": [{"id": {"S": "1"}, "t": {"S": "x".repeat(300_000)}}],
        }]);
        let update = json!({
            "Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "End": true, "ResultSelector": {},
            "Parameters": {
                "TableName": "Texts", "Key": {"id": {"S": "1"}}, "UpdateExpression": "SET n = :n",
                "ExpressionAttributeValues": {":n": {"N": "1"}},
            },
        });
        let mut simulation = simulation(&update, crate::dynamodb::Database::from_tables(&tables).unwrap());
        simulation.run(crate::simulator::Budget::steps(10));
        assert_eq!(simulation.n_kept_bytes / 100_000, 3);
    }
}
