//! Facts about a definition, without opinions: who leads where, what is reached, which variables are read,
//! which tables are meant, what data can be where.

mod graph;
mod jsonata_type;
mod operation;
mod scope;
mod shape;
mod tables;
mod variables;

use std::sync::OnceLock;

pub use graph::{Graph, ScopeFacts};
pub use jsonata_type::{JsonType, jsonata_type};
pub use operation::{Entry, Given, Operation, is_unknown_sdk_action, task_requests};
pub use scope::variable_references;
pub use shape::{
    ArrayShape, Environment, Member, Missing, ObjectShape, Shape, Shapes, Stages, StateShapes, Variable,
    VariableShapes,
};
pub use tables::{AssumedTable, KeyAttribute, KeySource, TableSchema, assume_tables, database};
pub use variables::{Assignment, Presence, VariableRead, Variables};

use std::sync::Arc;

use crate::model::{Lowered, Slot, StateId};
use crate::syntax::Parse;

/// Everything that is known of one version of a document.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The document's tree.
    pub parse: &'a Parse,
    /// What it says, and where.
    pub lowered: &'a Lowered,
    /// Which states are reached.
    pub graph: Graph,
    /// The operations of DynamoDB that its tasks ask for.
    pub operations: Vec<Operation<'a>>,
    /// All expressions with their states, state by state.
    pub slots: Vec<(StateId, &'a Slot)>,
    /// Where variables are assigned and read.
    pub variables: Variables<'a>,
    tables: OnceLock<Vec<AssumedTable>>,
    /// What data can be where.
    pub shapes: Arc<Shapes>,
}

impl<'a> Facts<'a> {
    /// Finds the facts of a document.
    pub fn new(parse: &'a Parse, lowered: &'a Lowered) -> Self {
        Self::with_shapes(parse, lowered, Arc::new(Shapes::infer(&lowered.machine, Shape::Any)))
    }

    /// Finds the facts of a document whose shapes are inferred already.
    pub fn with_shapes(parse: &'a Parse, lowered: &'a Lowered, shapes: Arc<Shapes>) -> Self {
        let graph = Graph::new(&lowered.machine);
        let mut slots = Vec::new();
        let mut of_state = Vec::new();
        for (id, state) in lowered.machine.all_states() {
            state.collect_slots(&mut of_state);
            slots.extend(of_state.drain(..).map(|slot| (id, slot)));
        }
        Self {
            parse,
            lowered,
            variables: Variables::new(&lowered.machine, &graph, &slots),
            slots,
            graph,
            operations: operation::operations(parse, lowered),
            tables: OnceLock::new(),
            shapes,
        }
    }

    /// The tables that the definition uses, with what it tells of their keys.
    pub fn tables(&self) -> &[AssumedTable] {
        self.tables.get_or_init(|| assume_tables(&self.lowered.machine))
    }
}
