//! What a simulation is given: input, tables, mocks, names, the start of its clock, the seed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::Json;
use super::clock::Time;
use super::mocks::Mocks;
use super::nested::NestedMachine;
use super::objects::Objects;
use crate::dynamodb::Database;

/// What a simulation is given.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The execution's input.
    pub input: Json,
    /// The tables at the start.
    pub database: Database,
    /// Whether the tables are elsewhere: then whoever runs the simulation answers what it asks of them, and `database` is
    /// not used.
    pub is_database_remote: bool,
    /// What tasks answer.
    pub mocks: Mocks,
    /// Names and ARNs.
    pub names: Names,
    /// What item readers read.
    pub objects: Objects,
    /// The state machines that tasks may start executions of, by name or ARN.
    pub state_machines: BTreeMap<Arc<str>, NestedMachine>,
    /// How many executions this one is within.
    pub nesting: usize,
    /// Laid over the context object.
    pub context: Option<Value>,
    /// Whether `context` is all of the context object, but for the items of a Map.
    pub is_context_whole: bool,
    /// When the execution starts.
    pub start_time: Time,
    /// When somebody stops the execution, if it has not ended before.
    pub stop_time: Option<Time>,
    /// Where chance comes from: request ids, tokens, random numbers.
    pub seed: u64,
    /// Whether it is an Express execution.
    pub is_express: bool,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            input: Arc::new(Value::Object(serde_json::Map::new())),
            database: Database::default(),
            is_database_remote: false,
            mocks: Mocks::default(),
            names: Names::new("StateMachine"),
            objects: Objects::default(),
            state_machines: BTreeMap::new(),
            nesting: 0,
            context: None,
            is_context_whole: false,
            start_time: Time::DEFAULT_START,
            stop_time: None,
            seed: 0,
            is_express: false,
        }
    }
}

/// Names and ARNs of the state machine, the execution and its role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// `StateMachine.Name`.
    pub state_machine_name: Arc<str>,
    /// `StateMachine.Id`.
    pub state_machine_arn: Arc<str>,
    /// `Execution.Name`.
    pub execution_name: Arc<str>,
    /// `Execution.Id`.
    pub execution_arn: Arc<str>,
    /// `Execution.RoleArn`.
    pub role_arn: Arc<str>,
    /// Where it runs, as in `TaskScheduled`.
    pub region: Arc<str>,
}

impl Names {
    /// Made-up ARNs, in the account 123456789012, for a state machine of this name.
    pub fn new(state_machine_name: &str) -> Self {
        let region = "us-east-1";
        let arn =
            |kind: &str, rest: &str| Arc::from(format!("arn:aws:states:{region}:123456789012:{kind}:{rest}"));
        Self {
            state_machine_name: Arc::from(state_machine_name),
            state_machine_arn: arn("stateMachine", state_machine_name),
            execution_name: Arc::from("simulation"),
            execution_arn: arn("execution", &format!("{state_machine_name}:simulation")),
            role_arn: Arc::from("arn:aws:iam::123456789012:role/simulation"),
            region: Arc::from(region),
        }
    }
}

impl Names {
    /// The same names but for those that a context object gives.
    #[must_use]
    pub fn with_context(mut self, context: &Value) -> Self {
        let text = |pointer: &str| context.pointer(pointer).and_then(Value::as_str).map(Arc::from);
        let given = [
            (&mut self.state_machine_name, "/StateMachine/Name"),
            (&mut self.state_machine_arn, "/StateMachine/Id"),
            (&mut self.execution_name, "/Execution/Name"),
            (&mut self.execution_arn, "/Execution/Id"),
            (&mut self.role_arn, "/Execution/RoleArn"),
        ];
        for (name, pointer) in given {
            if let Some(text) = text(pointer) {
                *name = text;
            }
        }
        let region = self.execution_arn.split(':').nth(3).filter(|region| !region.is_empty());
        if let Some(region) = region.map(Arc::from) {
            self.region = region;
        }
        self
    }

    /// The same names but for the execution, which is one of an Express state machine, as those of tests are.
    #[must_use]
    pub fn of_test(mut self) -> Self {
        let arn = self.state_machine_arn.replacen(":stateMachine:", ":express:", 1);
        self.execution_arn = Arc::from(format!("{arn}:{}", self.execution_name));
        self
    }
}
