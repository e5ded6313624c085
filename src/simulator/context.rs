//! The context object: `$$` and `$states.context`.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html>

use std::cell::OnceCell;

use serde_json::{Map, Value, json};

use super::frame::Frame;
use super::{Simulation, Time};
use crate::expr::Scope;

/// What the expressions of one field see.
pub(super) struct FieldScope<'a> {
    pub(super) simulation: &'a Simulation,
    pub(super) frame: &'a Frame,
    pub(super) input: &'a Value,
    pub(super) result: Option<&'a Value>,
    pub(super) error_output: Option<&'a Value>,
    pub(super) task_token: Option<&'a str>,
    /// The item that is being selected, in the place of the frame's own.
    pub(super) map_item: Option<&'a Value>,
    /// Made at its first use: most expressions do without.
    pub(super) context: OnceCell<Value>,
}

impl Scope for FieldScope<'_> {
    fn input(&self) -> &Value {
        self.input
    }

    fn context(&self) -> &Value {
        self.context.get_or_init(|| self.context_object())
    }

    fn variable(&self, name: &str) -> Option<&Value> {
        self.frame.variables.get(name).map(|value| &**value)
    }

    fn result(&self) -> Option<&Value> {
        self.result
    }

    fn error_output(&self) -> Option<&Value> {
        self.error_output
    }
}

impl FieldScope<'_> {
    fn context_object(&self) -> Value {
        let scenario = &self.simulation.scenario;
        let names = &scenario.names;
        let mut context = Map::new();
        context.insert(
            "Execution".into(),
            json!({
                "Id": &*names.execution_arn,
                "Input": &*scenario.input,
                "Name": &*names.execution_name,
                "RoleArn": &*names.role_arn,
                "StartTime": scenario.start_time.to_string(),
                "RedriveCount": 0,
            }),
        );
        if let Some(activation) = &self.frame.activation {
            let name = self.simulation.machine.state(activation.state).map(|state| &*state.name);
            context.insert(
                "State".into(),
                json!({
                    "EnteredTime": Time::to_string(&activation.entered_time),
                    "Name": name,
                    "RetryCount": activation.retry_count(),
                }),
            );
        }
        context.insert(
            "StateMachine".into(),
            json!({"Id": &*names.state_machine_arn, "Name": &*names.state_machine_name}),
        );
        if let Some(token) = self.task_token {
            context.insert("Task".into(), json!({"Token": token}));
        }
        if let Some(item) = self.map_item.or(self.frame.map_item.as_deref()) {
            context.insert("Map".into(), json!({"Item": item}));
        }
        let mut context = Value::Object(context);
        if let Some(given) = &scenario.context {
            merge(&mut context, given);
        }
        context
    }
}

/// Lays what was given over what was made, object by object.
fn merge(context: &mut Value, given: &Value) {
    match (context, given) {
        (Value::Object(context), Value::Object(given)) => {
            for (key, value) in given {
                merge(context.entry(key.as_str()).or_insert(Value::Null), value);
            }
        }
        (context, given) => *context = given.clone(),
    }
}
