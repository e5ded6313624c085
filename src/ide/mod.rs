//! What editors ask of one version of a document: a facade of one thin method a feature.
//!
//! An [`Analysis`] is an immutable snapshot whose layers are made when they are first asked for. It takes and gives
//! byte offsets and plain values; it knows no protocol, runs nothing and reads nothing but its arguments. Values of
//! a simulation come as a [`Trace`](crate::simulator::Trace), whose ids the source map leads back to the text.

use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::diagnostics::{self, Config, Diagnostic};
use crate::dynamodb::{Database, SeedError};
use crate::model::{self, Lowered, StateMachine};
use crate::semantic::{self, Facts};
use crate::spec::quota;
use crate::syntax::{self, Parse};
use crate::text::SourceText;

/// One version of a document.
#[derive(Debug)]
pub struct Analysis {
    source: SourceText,
    config: Arc<Config>,
    parse: OnceLock<Parse>,
    lowered: OnceLock<Lowered>,
    machine: OnceLock<Arc<StateMachine>>,
    diagnostics: OnceLock<Vec<Diagnostic>>,
}

impl Analysis {
    /// A version of a document. Nothing is parsed yet.
    pub fn new(source: SourceText, config: Arc<Config>) -> Self {
        Self {
            source,
            config,
            parse: OnceLock::new(),
            lowered: OnceLock::new(),
            machine: OnceLock::new(),
            diagnostics: OnceLock::new(),
        }
    }

    /// The text.
    pub fn source(&self) -> &SourceText {
        &self.source
    }

    /// The tree.
    pub fn parse(&self) -> &Parse {
        self.parse.get_or_init(|| syntax::parse_json(self.source.clone(), quota::DOCUMENT_NESTING_MAX))
    }

    /// The model, its source map and the errors on the way.
    pub fn lowered(&self) -> &Lowered {
        self.lowered.get_or_init(|| model::lower(self.parse()))
    }

    /// The model, to be simulated.
    pub fn machine(&self) -> &Arc<StateMachine> {
        self.machine.get_or_init(|| Arc::new(self.lowered().machine.clone()))
    }

    /// The findings of all rules, by their place in the text.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        self.diagnostics.get_or_init(|| {
            let facts = Facts::new(self.parse(), self.lowered());
            diagnostics::check(&facts, &self.config)
        })
    }

    /// The tables to simulate with: those declared, a JSON array of CreateTable requests with `Items`, and those that
    /// the definition uses but nobody declared, empty and with the key that is assumed.
    ///
    /// # Errors
    ///
    /// A table or item that cannot be created.
    pub fn database(&self, declared: Option<&Value>) -> Result<Database, SeedError> {
        semantic::database(&self.lowered().machine, declared)
    }
}
