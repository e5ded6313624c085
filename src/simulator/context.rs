//! The context object: `$$` and `$states.context`.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html>

use std::cell::{Cell, OnceCell};

use serde_json::{Map, Value, json};

use super::frame::Frame;
use super::{Simulation, Time};
use crate::expr::{Cost, Scope};
use crate::model::State;
use crate::spec::StateKind;

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
    /// What evaluations took.
    pub(super) cost: Cell<Cost>,
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

    fn spend(&self, cost: Cost) {
        let spent = self.cost.get();
        self.cost.set(Cost {
            values_read: spent.values_read.saturating_add(cost.values_read),
            jsonata_time: spent.jsonata_time.saturating_add(cost.jsonata_time),
        });
    }
}

impl FieldScope<'_> {
    fn context_object(&self) -> Value {
        let scenario = &self.simulation.scenario;
        let item = self.map_item.or(self.frame.map_item.as_deref());
        if let (true, Some(given)) = (scenario.is_context_whole, &scenario.context) {
            let mut context = given.clone();
            if let Some(item) = item {
                merge(&mut context, &json!({"Map": {"Item": item}}));
            }
            return context;
        }
        let names = &scenario.names;
        let mut context = Map::new();
        let child = self.frame.child_execution.as_deref();
        let (id, name, input) = match child {
            Some(child) => {
                let id = names.execution_arn.rsplit_once(':').map_or("", |(machine, _)| machine);
                (format!("{id}/{}", child.name), child.name.as_str(), &child.input)
            }
            None => (names.execution_arn.to_string(), &*names.execution_name, &scenario.input),
        };
        let mut execution = json!({
            "Id": id,
            "Input": &**input,
            "Name": name,
            "RoleArn": &*names.role_arn,
            "StartTime": scenario.start_time.to_string(),
        });
        // AWS: an Express execution cannot be redriven and has no such count.
        if !scenario.is_express {
            execution["RedriveCount"] = json!(0);
        }
        context.insert("Execution".into(), execution);
        if let Some(activation) = &self.frame.activation {
            let state = self.simulation.machine.state(activation.state);
            let mut entry = json!({
                "EnteredTime": Time::to_string(&activation.entered_time),
                "Name": state.map(|state| &*state.name),
            });
            // AWS: only states that can be retried count their retries.
            if state.and_then(State::kind).is_some_and(StateKind::can_retry) {
                entry["RetryCount"] = json!(activation.retry_count());
            }
            context.insert("State".into(), entry);
        }
        context.insert(
            "StateMachine".into(),
            json!({"Id": &*names.state_machine_arn, "Name": &*names.state_machine_name}),
        );
        if let Some(token) = self.task_token {
            context.insert("Task".into(), json!({"Token": token}));
        }
        if let Some(item) = item {
            context.insert("Map".into(), json!({"Item": item}));
        }
        let mut context = Value::Object(context);
        if let Some(given) = &scenario.context {
            merge(&mut context, given);
            // A token that was given is that of the tasks that have one.
            if let Value::Object(context) = &mut context
                && self.task_token.is_none()
            {
                context.shift_remove("Task");
            }
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
