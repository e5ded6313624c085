//! Whether a context object is one that AWS takes.

use serde_json::Value;

use super::Refusal;
use crate::model::{State, StateBody};
use crate::spec::context::{CONTEXT_FIELDS, ContextField, ContextType, MAP_FIELD, TASK_FIELD};
use crate::spec::{Pattern, Resource};

/// Checks a context object for a state.
pub(super) fn check(context: &Value, state: &State) -> Result<(), Refusal> {
    let refuse = |why: String| Err(Refusal::Validation(format!("Invalid Context object provided: {why}")));
    let Value::Object(members) = context else {
        return refuse("Context object must be a JSON object".to_owned());
    };
    if members.contains_key(MAP_FIELD) {
        return refuse(format!("'{MAP_FIELD}' field is not supported when mocking a Context object"));
    }
    if members.contains_key(TASK_FIELD) && !has_token(state) {
        let [sync, token] = [Pattern::Sync, Pattern::WaitForTaskToken].map(Pattern::suffix);
        return refuse(format!(
            "Context object contains '{TASK_FIELD}' when state is not a Task state with a '{sync}' or '{token}' \
             service integration pattern"
        ));
    }
    match problem(context, CONTEXT_FIELDS) {
        Some(why) => refuse(why),
        None => Ok(()),
    }
}

/// What is wrong with an object that may have these fields, of the context object itself or of one in it.
fn problem(object: &Value, fields: &'static [ContextField]) -> Option<String> {
    let mut todo = vec![(String::new(), object, fields)];
    while let Some((path, object, fields)) = todo.pop() {
        for (name, value) in object.as_object().into_iter().flatten() {
            let Some(field) = fields.iter().find(|field| field.name == name) else {
                return Some(format!("Field '{name}' is not allowed"));
            };
            let place = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let expected = match field.value_type {
                ContextType::Object(below) if value.is_object() => {
                    todo.push((place.clone(), value, below));
                    None
                }
                ContextType::Object(_) => Some("a JSON object"),
                ContextType::String | ContextType::Timestamp => (!value.is_string()).then_some("a string"),
                ContextType::Number => (!value.is_number()).then_some("a number"),
                ContextType::Any => None,
            };
            if let Some(expected) = expected {
                return Some(format!("{place} must be {expected}"));
            }
        }
    }
    None
}

/// Whether a state's task has a token.
fn has_token(state: &State) -> bool {
    let StateBody::Task(task) = &state.body else { return false };
    Resource::parse(&task.resource).is_some_and(|resource| resource.pattern != Pattern::RequestResponse)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check_context(context: Value, expected: Expect) {
        let state = State::unknown("A", crate::model::ScopeId::ROOT, Default::default());
        let refusal = check(&context, &state).err().map(|refusal| refusal.to_string());
        expected.assert_eq(&refusal.unwrap_or_default());
    }

    #[test]
    fn fields_that_it_has() {
        check_context(
            json!({"Execution": {"Id": "x", "Input": [1]}, "State": {"RetryCount": 2}}),
            expect![""],
        );
        check_context(json!({}), expect![""]);
    }

    #[test]
    fn fields_that_it_has_not() {
        check_context(
            json!({"Region": "x"}),
            expect!["Invalid Context object provided: Field 'Region' is not allowed"],
        );
        check_context(
            json!({"State": {"Age": 1}}),
            expect!["Invalid Context object provided: Field 'Age' is not allowed"],
        );
    }

    #[test]
    fn values_of_another_type() {
        check_context(
            json!({"StateMachine": {"Name": 7}}),
            expect!["Invalid Context object provided: StateMachine.Name must be a string"],
        );
    }

    #[test]
    fn a_token_only_for_tasks_that_wait() {
        check_context(
            json!({"Task": {"Token": "t"}}),
            expect![[
                "Invalid Context object provided: Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern"
            ]],
        );
        check_context(
            json!({"Map": {}}),
            expect![
                "Invalid Context object provided: 'Map' field is not supported when mocking a Context object"
            ],
        );
    }
}
