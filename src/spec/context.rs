//! The context object (`$$` in JSONPath, `$states.context` in JSONata) and the reserved variable `$states`.
//!
//! AWS: <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html>.

/// The name of the reserved variable `$states`, without the `$`.
pub const STATES_VARIABLE: &str = "states";
/// `$states.input`.
pub const STATES_INPUT: &str = "input";
/// `$states.context`.
pub const STATES_CONTEXT: &str = "context";
/// `$states.result`.
pub const STATES_RESULT: &str = "result";
/// `$states.errorOutput`.
pub const STATES_ERROR_OUTPUT: &str = "errorOutput";

/// The token of a task that waits for it, as a path of the context object.
pub const CONTEXT_TASK_TOKEN: &str = "$$.Task.Token";
/// The same in JSONata.
pub const STATES_TASK_TOKEN: &str = "{% $states.context.Task.Token %}";

/// How expressions begin that read the item of an iteration.
pub const MAP_CONTEXT: [&str; 2] = ["$$.Map", "$states.context.Map"];

/// A field of `$states`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StatesField {
    /// Its name.
    pub name: &'static str,
    /// Where it can be used.
    pub availability: Availability,
    /// What it holds, in one sentence.
    pub doc: &'static str,
}

/// Where a field of `$states` can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Availability {
    /// In every expression.
    Everywhere,
    /// In the state's own `Output` and `Assign` of Task, Parallel and Map states, not in those of a catcher.
    Result,
    /// In the `Output` and `Assign` of a catcher.
    Catcher,
}

/// The fields of `$states`.
pub const STATES_FIELDS: &[StatesField] = &[
    StatesField {
        name: STATES_INPUT,
        availability: Availability::Everywhere,
        doc: "The input of the state.",
    },
    StatesField {
        name: STATES_RESULT,
        availability: Availability::Result,
        doc: "The result of the task, of the branches or of the iterations, if the state succeeded.",
    },
    StatesField {
        name: STATES_ERROR_OUTPUT,
        availability: Availability::Catcher,
        doc: "The error that was caught, with its name in Error and its cause in Cause.",
    },
    StatesField {
        name: STATES_CONTEXT,
        availability: Availability::Everywhere,
        doc: "The context object: the execution, the state, the state machine, the task.",
    },
];

/// What a field of the context object holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContextType {
    /// An object with these fields.
    Object(&'static [ContextField]),
    /// A string.
    String,
    /// A number.
    Number,
    /// A time as text, `2024-01-31T12:00:00.000Z`.
    Timestamp,
    /// Any JSON value.
    Any,
}

/// A field of the context object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContextField {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub value_type: ContextType,
    /// What it says, in one sentence, with the condition under which it is there.
    pub doc: &'static str,
}

const fn field(name: &'static str, value_type: ContextType, doc: &'static str) -> ContextField {
    ContextField { name, value_type, doc }
}

/// The field of the context object that holds the task.
pub const TASK_FIELD: &str = "Task";
/// The field of the context object that holds the iteration.
pub const MAP_FIELD: &str = "Map";

/// The fields of the context object.
pub const CONTEXT_FIELDS: &[ContextField] = &[
    field("Execution", ContextType::Object(EXECUTION), "The execution that is running."),
    field("State", ContextType::Object(STATE), "The state that is running."),
    field("StateMachine", ContextType::Object(STATE_MACHINE), "The state machine that is running."),
    field(TASK_FIELD, ContextType::Object(TASK), "The task, in states that wait for a token."),
    field(MAP_FIELD, ContextType::Object(MAP), "The iteration, within a Map state."),
];

const EXECUTION: &[ContextField] = &[
    field("Id", ContextType::String, "The ARN of the execution."),
    field("Input", ContextType::Any, "The input of the execution."),
    field("Name", ContextType::String, "The name of the execution."),
    field("RoleArn", ContextType::String, "The ARN of the role that the execution runs with."),
    field("StartTime", ContextType::Timestamp, "When the execution started."),
    field("RedriveCount", ContextType::Number, "How often the execution was redriven."),
    field("RedriveTime", ContextType::Timestamp, "When the execution was last redriven, if it was."),
];

const STATE: &[ContextField] = &[
    field("EnteredTime", ContextType::Timestamp, "When the state was entered."),
    field("Name", ContextType::String, "The name of the state."),
    field("RetryCount", ContextType::Number, "How often the state was retried since it was entered."),
];

const STATE_MACHINE: &[ContextField] = &[
    field("Id", ContextType::String, "The ARN of the state machine."),
    field("Name", ContextType::String, "The name of the state machine."),
];

const TASK: &[ContextField] =
    &[field("Token", ContextType::String, "The token with which the task is to be reported back.")];

const MAP: &[ContextField] =
    &[field("Item", ContextType::Object(MAP_ITEM), "The item that the iteration works on.")];

const MAP_ITEM: &[ContextField] = &[
    field("Index", ContextType::Number, "The number of the iteration, from 0."),
    field("Value", ContextType::Any, "The item."),
    field("Key", ContextType::String, "The name of the member, when the Map state iterates over an object."),
    field("Source", ContextType::String, "Where the item comes from, in a distributed Map state."),
];

/// The fields below a path of names, from the context object itself (no names) downwards; nothing where the path
/// leads to no object.
pub fn context_fields_at(names: &[&str]) -> Option<&'static [ContextField]> {
    names.iter().try_fold(CONTEXT_FIELDS, |fields, name| {
        match fields.iter().find(|field| field.name == *name)?.value_type {
            ContextType::Object(below) => Some(below),
            ContextType::String | ContextType::Number | ContextType::Timestamp | ContextType::Any => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_path() {
        let names = |path: &[&str]| -> Vec<&str> {
            context_fields_at(path).unwrap_or_default().iter().map(|field| field.name).collect()
        };
        assert_eq!(names(&["StateMachine"]), ["Id", "Name"]);
        assert_eq!(names(&["Map", "Item"]), ["Index", "Value", "Key", "Source"]);
        assert!(names(&["State", "Name"]).is_empty());
    }
}
