//! Facts about a definition, without opinions: who leads where, what is reached, which variables are read,
//! which tables are meant, what data can be where.

mod graph;
mod scope;
mod shape;
mod tables;

pub use graph::{Graph, ScopeFacts};
pub use scope::variable_references;
pub use shape::{
    ArrayShape, Environment, Member, Missing, ObjectShape, Shape, Shapes, Stages, StateShapes, Variable,
    Variables,
};
pub use tables::{AssumedTable, KeySource, assume_tables, database};

use std::sync::Arc;

use crate::model::Lowered;
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
    /// The tables that the definition uses, with what it tells of their keys.
    pub tables: Vec<AssumedTable>,
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
        Self {
            parse,
            lowered,
            graph: Graph::new(&lowered.machine),
            tables: assume_tables(&lowered.machine),
            shapes,
        }
    }
}
