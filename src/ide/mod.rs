//! What editors ask of one version of a document: a facade of one thin method a feature.
//!
//! An [`Analysis`] is an immutable snapshot whose layers are made when they are first asked for. It takes and gives
//! byte offsets and plain values; it knows no protocol, runs nothing and reads nothing but its arguments. Values of
//! a simulation come as a [`Trace`](crate::simulator::Trace), whose ids the source map leads back to the text.

mod call_hierarchy;
mod code_actions;
mod code_lens;
mod completion;
mod context;
mod doc;
mod document_links;
mod document_symbols;
mod expressions;
mod folding_ranges;
mod goto_definition;
mod graph;
mod history;
mod hover;
mod inlay_hints;
mod path_tokens;
mod preview;
mod references;
mod rename;
mod request;
mod run;
mod run_diagnostics;
mod scenarios;
mod selection_ranges;
mod semantic_tokens;
mod signature_help;
mod symbols;
#[cfg(test)]
mod testing;

use std::sync::{Arc, OnceLock};

use serde_json::Value;

use self::symbols::Symbols;
use crate::diagnostics::{self, Config, Diagnostic};
use crate::dynamodb::{Database, SeedError};
use crate::model::{self, Fingerprint, Lowered, StateMachine};
use crate::semantic::{self, Facts, Shape, Shapes};
use crate::spec::quota;
use crate::syntax::{self, Format, Parse};
use crate::text::{SourceText, TextEdit, TextRange, TextSize};

pub use call_hierarchy::{Call, CallHierarchyItem};
pub use code_actions::{CodeAction, CodeActionKind};
pub use code_lens::CodeLens;
pub use completion::{Completion, CompletionKind, Documentation};
pub use document_links::{DocumentLink, LinkTarget};
pub use document_symbols::DocumentSymbol;
pub use goto_definition::Definition;
pub use graph::{EdgeKind, Graph, GraphCluster, GraphEdge, GraphError, GraphNode, NodeRun, NodeStatus};
pub use history::HistoryLine;
pub use hover::Hover;
pub use inlay_hints::{HintStyle, InlayHint};
pub use references::{Reference, ReferenceKind};
pub use rename::Renamable;
pub use run::{Run, RunStep};
pub use run_diagnostics::{SIMULATION_BLOCKED, SIMULATION_FAILED};
pub use scenarios::{ScenarioDocument, ScenarioSymbol, Surroundings};
pub use semantic_tokens::{SemanticModifiers, SemanticToken, SemanticTokenType};
pub use signature_help::SignatureHelp;

/// One version of a document.
#[derive(Debug)]
pub struct Analysis {
    source: SourceText,
    format: Format,
    config: Arc<Config>,
    parse: OnceLock<Parse>,
    lowered: OnceLock<Lowered>,
    fingerprint: OnceLock<Fingerprint>,
    shapes: OnceLock<Arc<Shapes>>,
    diagnostics: OnceLock<Vec<Diagnostic>>,
    symbols: OnceLock<Symbols>,
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
            fingerprint: OnceLock::new(),
            shapes: OnceLock::new(),
            diagnostics: OnceLock::new(),
            symbols: OnceLock::new(),
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
        &self.lowered().machine
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

    /// All names of states and variables.
    fn symbols(&self) -> &Symbols {
        self.symbols.get_or_init(|| symbols::symbols(self))
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

    /// What a completion that was offered for this very text means, in Markdown.
    pub fn documentation(&self, completion: &Completion) -> String {
        completion::documentation(self, completion)
    }

    /// What the place at an offset means and, for a state, what it did in a run.
    pub fn hover(&self, offset: TextSize, run: Option<&Run>) -> Option<Hover> {
        hover::hover(self, offset, run)
    }

    /// Where the state or variable that is named at an offset is defined, in the order of the text.
    pub fn goto_definition(&self, offset: TextSize) -> Vec<Definition> {
        goto_definition::goto_definition(self, offset)
    }

    /// All places of the state or variable that is named at an offset, its definitions included, in the order of the
    /// text.
    pub fn references(&self, offset: TextSize) -> Vec<Reference> {
        references::references(self, offset)
    }

    /// What can be renamed at an offset.
    pub fn prepare_rename(&self, offset: TextSize) -> Option<Renamable> {
        rename::prepare_rename(self, offset)
    }

    /// The edits that give the state or variable at an offset another name everywhere, in the order of the text.
    ///
    /// # Errors
    ///
    /// Why it cannot have that name, in a sentence for people.
    pub fn rename(&self, offset: TextSize, new_name: &str) -> Result<Vec<TextEdit>, String> {
        rename::rename(self, offset, new_name)
    }

    /// The places that change together while the name of the state at an offset is typed.
    pub fn linked_editing_ranges(&self, offset: TextSize) -> Vec<TextRange> {
        references::linked_editing_ranges(self, offset)
    }

    /// What the parts of strings within a range are, for highlighting, in the order of the text.
    pub fn semantic_tokens(&self, range: TextRange) -> Vec<SemanticToken> {
        semantic_tokens::semantic_tokens(self, range)
    }

    /// The function whose arguments are being typed at an offset.
    pub fn signature_help(&self, offset: TextSize) -> Option<SignatureHelp> {
        signature_help::signature_help(self, offset)
    }

    /// The edits of white space that format the document, in the order of the text. `indent` is what a level of
    /// nesting adds.
    pub fn format(&self, indent: &str) -> Vec<TextEdit> {
        syntax::format(self.parse(), indent)
    }

    /// What can be folded, in the order of the text.
    pub fn folding_ranges(&self) -> Vec<TextRange> {
        folding_ranges::folding_ranges(self)
    }

    /// What a selection at an offset grows to, the innermost range first.
    pub fn selection_ranges(&self, offset: TextSize) -> Vec<TextRange> {
        selection_ranges::selection_ranges(self, offset)
    }

    /// What the document points to, in the order of the text.
    pub fn document_links(&self) -> Vec<DocumentLink> {
        document_links::document_links(self)
    }

    /// The state that is named at an offset, as a beginning of the hierarchy.
    pub fn prepare_call_hierarchy(&self, offset: TextSize) -> Option<CallHierarchyItem> {
        call_hierarchy::prepare_call_hierarchy(self, offset)
    }

    /// What leads to the state that is named at an offset.
    pub fn incoming_calls(&self, offset: TextSize) -> Vec<Call> {
        call_hierarchy::incoming_calls(self, offset)
    }

    /// Where the state that is named at an offset leads.
    pub fn outgoing_calls(&self, offset: TextSize) -> Vec<Call> {
        call_hierarchy::outgoing_calls(self, offset)
    }

    /// The states, in the order of the text, with those in them.
    pub fn document_symbols(&self) -> Vec<DocumentSymbol> {
        document_symbols::document_symbols(self)
    }

    /// What can be done about a range, fixes first.
    pub fn code_actions(&self, range: TextRange) -> Vec<CodeAction> {
        code_actions::code_actions(self, range)
    }

    /// What each state that opens within `range` did in a run, in the order of the text.
    pub fn inlay_hints(&self, run: &Run, range: TextRange, style: HintStyle<'_>) -> Vec<InlayHint> {
        inlay_hints::inlay_hints(self, run, range, style)
    }

    /// The lines above the text that run the machine, with the status of the last run.
    pub fn code_lens(&self, run: Option<&Run>) -> Vec<CodeLens> {
        code_lens::code_lens(self, run)
    }

    /// The tasks that a run of this very machine came to, with where their names stand, in the order of the text.
    pub fn visited_tasks(&self, run: &Run) -> Vec<(String, TextRange)> {
        code_lens::visited_tasks(self, run)
    }

    /// The graph of the machine, with the path of a run of it.
    pub fn graph(&self, run: Option<&Run>) -> Graph {
        graph::graph(self, run)
    }

    /// The events of a run with the states they belong to, in their order.
    pub fn history(&self, run: &Run) -> Vec<HistoryLine> {
        history::history(self, run)
    }

    /// What went wrong in a run, by its place in the text.
    pub fn run_diagnostics(&self, run: &Run) -> Vec<Diagnostic> {
        run_diagnostics::run_diagnostics(self, run)
    }
}
