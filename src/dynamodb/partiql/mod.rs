//! PartiQL, as far as DynamoDB takes it: SELECT, INSERT, UPDATE, DELETE and EXISTS.
//!
//! A statement is parsed with its parameters at hand and becomes the same conditions, updates and paths that
//! expressions become. Nothing here knows of tables.
//!
//! Implements <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html>.

mod condition;
mod lexer;
mod parser;
mod value;

use std::sync::Arc;

use super::attribute::AttributeValue;
use super::error::{Error, ExpressionLocation, Failure, Violation};
use super::expression;
use super::expression::condition::Condition;
use super::expression::path::DocumentPath;
use super::expression::update::Update;
use super::item::Item;
use super::message::{self, Message};
use crate::text::TextRange;

/// A statement whose parameters are filled in.
#[derive(Clone, Debug)]
pub(super) enum Statement {
    Select(Select),
    Insert {
        table: Arc<str>,
        item: Item,
    },
    Update {
        table: Arc<str>,
        update: Update,
        condition: Condition,
        returning: Returning,
    },
    Delete {
        table: Arc<str>,
        condition: Condition,
        returning: Returning,
    },
    /// A check of a transaction: whether the selected item exists.
    Exists(Select),
}

/// A read.
#[derive(Clone, Debug)]
pub(super) struct Select {
    pub(super) table: Arc<str>,
    pub(super) index: Option<Arc<str>>,
    /// The selected paths; `None` selects whole items.
    pub(super) paths: Option<Vec<DocumentPath>>,
    pub(super) condition: Option<Condition>,
    /// The attributes to order by, each with whether descending.
    pub(super) order: Vec<(Arc<str>, bool)>,
    /// What is wrong with a column such as `COUNT(*)` of an index: AWS looks at the key of the index first.
    pub(super) refused_column: Option<Message>,
}

/// What a write returns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Returning {
    #[default]
    Nothing,
    AllOld,
    AllNew,
    ModifiedOld,
    ModifiedNew,
}

impl Statement {
    /// Parses a statement and fills in its parameters, one for each question mark.
    ///
    /// # Errors
    ///
    /// A violation with the place in the statement, or [`Error::Unsupported`].
    pub(super) fn parse(text: &str, parameters: &[AttributeValue]) -> Result<Statement, Failure> {
        parser::statement(text, parameters).map_err(|problem| match problem.kind {
            ProblemKind::Rule(message) => {
                let location = Some(ExpressionLocation { parameter: "Statement", range: problem.range });
                Violation { message, location }.into()
            }
            ProblemKind::Unsupported(what) => Error::Unsupported { what: format!("PartiQL: {what}") }.into(),
        })
    }

    /// The table the statement is about.
    pub(super) fn table(&self) -> &Arc<str> {
        match self {
            Statement::Select(select) | Statement::Exists(select) => &select.table,
            Statement::Insert { table, .. }
            | Statement::Update { table, .. }
            | Statement::Delete { table, .. } => table,
        }
    }
}

/// What is wrong with a statement, and where.
struct Problem {
    kind: ProblemKind,
    range: TextRange,
}

enum ProblemKind {
    Rule(Message),
    Unsupported(&'static str),
}

impl From<expression::Problem> for Problem {
    fn from(problem: expression::Problem) -> Problem {
        Problem::rule(problem.message, problem.range)
    }
}

impl Problem {
    fn rule(message: Message, range: TextRange) -> Problem {
        Problem { kind: ProblemKind::Rule(message), range }
    }

    fn malformed(what: &str, range: TextRange) -> Problem {
        Problem::rule(message::malformed_statement(what), range)
    }
}
