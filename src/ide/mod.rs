//! What editors ask of one version of a document: a facade of one thin method a feature.
//!
//! An [`Analysis`] is an immutable snapshot whose layers are made when they are first asked for. It takes and gives
//! byte offsets and plain values; it knows no protocol, runs nothing and reads nothing but its arguments. Values of
//! a simulation come as a [`Trace`](crate::simulator::Trace), whose ids the source map leads back to the text.

mod code_lens;
mod completion;
mod context;
mod doc;
mod document_symbols;
mod goto_definition;
mod hover;
mod inlay_hints;
mod preview;
mod run;
mod run_diagnostics;
#[cfg(test)]
mod testing;

use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::diagnostics::{self, Config, Diagnostic};
use crate::dynamodb::{Database, SeedError};
use crate::model::{self, Fingerprint, Lowered, StateMachine};
use crate::semantic::{self, Facts, Shape, Shapes};
use crate::spec::quota;
use crate::syntax::{self, Format, Parse};
use crate::text::{SourceText, TextRange, TextSize};

pub use code_lens::CodeLens;
pub use completion::{Completion, CompletionKind};
pub use document_symbols::DocumentSymbol;
pub use goto_definition::Definition;
pub use hover::Hover;
pub use inlay_hints::InlayHint;
pub use run::Run;
pub use run_diagnostics::{SIMULATION_BLOCKED, SIMULATION_FAILED};

/// One version of a document.
#[derive(Debug)]
pub struct Analysis {
    source: SourceText,
    format: Format,
    config: Arc<Config>,
    parse: OnceLock<Parse>,
    lowered: OnceLock<Lowered>,
    machine: OnceLock<Arc<StateMachine>>,
    fingerprint: OnceLock<Fingerprint>,
    shapes: OnceLock<Arc<Shapes>>,
    diagnostics: OnceLock<Vec<Diagnostic>>,
}

impl Analysis {
    /// A version of a document. Nothing is parsed yet.
    pub fn new(source: SourceText, format: Format, config: Arc<Config>) -> Self {
        Self {
            source,
            format,
            config,
            parse: OnceLock::new(),
            lowered: OnceLock::new(),
            machine: OnceLock::new(),
            fingerprint: OnceLock::new(),
            shapes: OnceLock::new(),
            diagnostics: OnceLock::new(),
        }
    }

    /// The text.
    pub fn source(&self) -> &SourceText {
        &self.source
    }

    /// What the rules are told from outside.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The tree.
    pub fn parse(&self) -> &Parse {
        self.parse
            .get_or_init(|| syntax::parse(self.source.clone(), self.format, quota::DOCUMENT_NESTING_MAX))
    }

    /// The model, its source map and the errors on the way.
    pub fn lowered(&self) -> &Lowered {
        self.lowered.get_or_init(|| model::lower(self.parse()))
    }

    /// The model, to be simulated.
    pub fn machine(&self) -> &Arc<StateMachine> {
        self.machine.get_or_init(|| Arc::new(self.lowered().machine.clone()))
    }

    /// The machine's fingerprint: equal for documents that mean the same.
    pub fn fingerprint(&self) -> Fingerprint {
        *self.fingerprint.get_or_init(|| self.machine().fingerprint())
    }

    /// What data can be where, whatever the execution's input is.
    pub fn shapes(&self) -> &Arc<Shapes> {
        self.shapes.get_or_init(|| Arc::new(Shapes::infer(&self.lowered().machine, Shape::Any)))
    }

    /// The findings of all rules, by their place in the text.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        self.diagnostics.get_or_init(|| {
            let facts = Facts::with_shapes(self.parse(), self.lowered(), Arc::clone(self.shapes()));
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

    /// What could be put at an offset, the most likely first. The data of the last run are offered before what is inferred.
    pub fn completion(&self, offset: TextSize, run: Option<&Run>) -> Vec<Completion> {
        completion::completion(self, offset, run)
    }

    /// What the place at an offset means and, for a state, what it did in a run.
    pub fn hover(&self, offset: TextSize, run: Option<&Run>) -> Option<Hover> {
        hover::hover(self, offset, run)
    }

    /// The state that is named at an offset.
    pub fn goto_definition(&self, offset: TextSize) -> Option<Definition> {
        goto_definition::goto_definition(self, offset)
    }

    /// The states, in the order of the text, with those in them.
    pub fn document_symbols(&self) -> Vec<DocumentSymbol> {
        document_symbols::document_symbols(self)
    }

    /// What each state that opens within `range` did in a run, in labels of at most about `label_chars_max`
    /// characters, in the order of the text.
    pub fn inlay_hints(&self, run: &Run, range: TextRange, label_chars_max: usize) -> Vec<InlayHint> {
        inlay_hints::inlay_hints(self, run, range, label_chars_max)
    }

    /// The lines above the text that run the machine, with the status of the last run.
    pub fn code_lens(&self, run: Option<&Run>) -> Vec<CodeLens> {
        code_lens::code_lens(self, run)
    }

    /// What went wrong in a run, by its place in the text.
    pub fn run_diagnostics(&self, run: &Run) -> Vec<Diagnostic> {
        run_diagnostics::run_diagnostics(self, run)
    }
}
