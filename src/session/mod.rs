//! What the command line, the debugger and the language server share: a definition, input, tables, mocks and objects from
//! files, or a file of scenarios with all that it names, become what a simulation is given.
//!
//! Reading is all that is done here, and asking tables elsewhere. How people name the parts, by flags or in a launch
//! configuration, and which name an error gets, is up to the caller.

mod files;
mod objects;
mod references;
mod remote_tables;
mod suite;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value};

pub use files::{open, parse_json, read_json, read_text};
pub use objects::read_objects;
pub use references::{lies_within, look_up_references, read_references, within};
pub use remote_tables::{RemoteTables, RemoteWrites};
pub use suite::{Case, Suite, definition_of};

use crate::dynamodb::SeedError;
use crate::expr::parse_timestamp;
use crate::ide::Analysis;
use crate::simulator::{Mocks, Names, NestedMachine, Objects, Scenario, Time};

/// What to run a state machine with, as people say it.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// The name of the state machine.
    pub name: String,
    /// The input; `{}` where there is none.
    pub input: Option<Value>,
    /// The tables: a JSON array of CreateTable requests, each with an optional `Items` array.
    pub tables: Option<Value>,
    /// What tasks answer.
    pub mocks: Mocks,
    /// Laid over the context object.
    pub context: Option<Value>,
    /// What stands for Amazon S3.
    pub objects: Objects,
    /// The state machines that tasks start, by name or ARN.
    pub state_machines: BTreeMap<Arc<str>, NestedMachine>,
    /// When the execution starts.
    pub start_time: Option<Time>,
    /// After how many seconds somebody stops it.
    pub stop_after_seconds: Option<u32>,
    /// Where chance comes from.
    pub seed: u64,
    /// Whether it is an Express execution.
    pub is_express: bool,
}

impl Setup {
    /// What a simulation of the definition is given.
    ///
    /// # Errors
    ///
    /// A table or item that cannot be created.
    pub fn scenario(self, analysis: &Analysis) -> Result<Scenario, SeedError> {
        let mut names = Names::new(&self.name);
        if let Some(context) = &self.context {
            names = names.with_context(context);
        }
        // The clock agrees with the context object, if that says when the execution started.
        let started = || self.context.as_ref().and_then(started);
        let start_time = self.start_time.or_else(started).unwrap_or(Time::DEFAULT_START);
        Ok(Scenario {
            input: Arc::new(self.input.unwrap_or_else(|| Value::Object(Map::new()))),
            database: analysis.database(self.tables.as_ref())?,
            mocks: self.mocks,
            names,
            objects: self.objects,
            context: self.context,
            state_machines: self.state_machines,
            start_time,
            stop_time: self.stop_after_seconds.map(|seconds| start_time.plus_seconds(i64::from(seconds))),
            seed: self.seed,
            is_express: self.is_express,
            ..Scenario::default()
        })
    }
}

/// When the execution of a context object started.
fn started(context: &Value) -> Option<Time> {
    time(context.pointer("/Execution/StartTime")?.as_str()?)
}

/// A moment such as `2026-01-31T09:00:00Z`.
pub fn time(text: &str) -> Option<Time> {
    parse_timestamp(text).map(Time::from)
}

/// The name of a file up to its first dot: `order` of `order.asl.json`.
pub fn stem(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.split('.').find(|part| !part.is_empty()).unwrap_or("StateMachine").to_owned()
}
