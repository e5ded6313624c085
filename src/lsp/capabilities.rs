//! What client and server agree on when they meet.

use tower_lsp::ls_types::{SemanticTokenType as SemanticTokenTypeName, *};

use crate::ide::{SemanticModifiers, SemanticTokenType};
use crate::text::ColumnEncoding;

/// The commands, which editors/PROTOCOL.md describes.
pub(super) mod command {
    /// Runs a simulation.
    pub(in crate::lsp) const SIMULATE: &str = "asl.simulate";
    /// Takes the next scenario of the file beside a definition, or the one of a name.
    pub(in crate::lsp) const SCENARIO: &str = "asl.scenario";
    /// Tells which scenarios there are.
    pub(in crate::lsp) const SCENARIOS: &str = "asl.scenarios";
    /// Makes a first file of scenarios.
    pub(in crate::lsp) const CREATE_SCENARIO: &str = "asl.createScenario";
    /// Tells how the last simulation went.
    pub(in crate::lsp) const SIMULATION: &str = "asl.simulation";
    /// Goes to a step of the last simulation.
    pub(in crate::lsp) const STEP: &str = "asl.step";
    /// Tells what is in the tables.
    pub(in crate::lsp) const TABLES: &str = "asl.tables";
    /// Tells the events.
    pub(in crate::lsp) const HISTORY: &str = "asl.history";
    /// Tests one state with the input that it last had.
    pub(in crate::lsp) const TEST_STATE: &str = "asl.testState";
    /// Draws the graph.
    pub(in crate::lsp) const GRAPH: &str = "asl-lsp.graph";

    /// All of them.
    pub(in crate::lsp) const ALL: [&str; 10] = [
        SIMULATE,
        SCENARIO,
        SCENARIOS,
        CREATE_SCENARIO,
        SIMULATION,
        STEP,
        TABLES,
        HISTORY,
        TEST_STATE,
        GRAPH,
    ];
}

/// What the client can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Negotiated {
    /// What columns count.
    pub(super) encoding: ColumnEncoding,
    /// Whether completions may have places to fill in.
    pub(super) has_snippets: bool,
    /// Whether it asks for the documentation of a completion when it shows it.
    pub(super) resolves_documentation: bool,
    /// Whether a completion's label may have details.
    pub(super) has_label_details: bool,
    /// Whether a symbol may have children.
    pub(super) has_nested_symbols: bool,
    /// Whether a definition may say which part of it is the name.
    pub(super) has_definition_links: bool,
    /// Whether it can be asked to fetch inlay hints again.
    pub(super) refreshes_inlay_hints: bool,
    /// Whether it can be asked to fetch code lenses again.
    pub(super) refreshes_code_lenses: bool,
    /// Whether it asks for diagnostics, can be asked to ask again, and takes none that are pushed.
    pub(super) pulls_diagnostics: bool,
    /// Whether it asks for the edits of a code action when it is chosen.
    pub(super) resolves_code_actions: bool,
    /// Whether it shows code actions that cannot be done, with the reason.
    pub(super) shows_disabled_actions: bool,
    /// Whether edits may name the version of the document they are for.
    pub(super) has_document_changes: bool,
    /// Whether it can be asked for settings.
    pub(super) has_configuration: bool,
    /// Whether it can be asked to watch files.
    pub(super) watches_files: bool,
    /// Whether it makes files when it is asked to.
    pub(super) creates_files: bool,
    /// Whether it shows a document when it is asked to.
    pub(super) shows_documents: bool,
    /// Whether it shows progress that the server begins.
    pub(super) shows_progress: bool,
    /// Whether it wants to be told of simulations.
    pub(super) wants_simulations: bool,
}

impl Negotiated {
    /// What is agreed on with a client that can do this.
    pub(super) fn new(client: &ClientCapabilities) -> Self {
        let workspace = client.workspace.as_ref();
        let window = client.window.as_ref();
        let document = client.text_document.as_ref();
        let item = document.and_then(|it| it.completion.as_ref()).and_then(|it| it.completion_item.as_ref());
        let is_true = |flag: Option<bool>| flag.unwrap_or(false);
        Self {
            encoding: encoding(client),
            has_snippets: is_true(item.and_then(|item| item.snippet_support)),
            resolves_documentation: item
                .and_then(|item| item.resolve_support.as_ref())
                .is_some_and(|support| support.properties.iter().any(|it| it == "documentation")),
            has_label_details: is_true(item.and_then(|item| item.label_details_support)),
            has_nested_symbols: is_true(
                document
                    .and_then(|it| it.document_symbol.as_ref())
                    .and_then(|it| it.hierarchical_document_symbol_support),
            ),
            has_definition_links: is_true(
                document.and_then(|it| it.definition.as_ref()).and_then(|it| it.link_support),
            ),
            refreshes_inlay_hints: is_true(
                workspace.and_then(|it| it.inlay_hint.as_ref()).and_then(|it| it.refresh_support),
            ),
            refreshes_code_lenses: is_true(
                workspace.and_then(|it| it.code_lens.as_ref()).and_then(|it| it.refresh_support),
            ),
            // Editors that take both show what is pushed at once, and would show what they pull twice.
            pulls_diagnostics: document
                .is_some_and(|it| it.diagnostic.is_some() && it.publish_diagnostics.is_none())
                && is_true(
                    workspace.and_then(|it| it.diagnostics.as_ref()).and_then(|it| it.refresh_support),
                ),
            resolves_code_actions: document
                .and_then(|it| it.code_action.as_ref())
                .filter(|it| is_true(it.data_support))
                .and_then(|it| it.resolve_support.as_ref())
                .is_some_and(|it| it.properties.iter().any(|property| property == "edit")),
            shows_disabled_actions: is_true(
                document.and_then(|it| it.code_action.as_ref()).and_then(|it| it.disabled_support),
            ),
            has_document_changes: is_true(
                workspace.and_then(|it| it.workspace_edit.as_ref()).and_then(|it| it.document_changes),
            ),
            has_configuration: is_true(workspace.and_then(|it| it.configuration)),
            watches_files: is_true(
                workspace
                    .and_then(|it| it.did_change_watched_files.as_ref())
                    .and_then(|it| it.dynamic_registration),
            ),
            creates_files: workspace
                .and_then(|it| it.workspace_edit.as_ref())
                .and_then(|it| it.resource_operations.as_ref())
                .is_some_and(|kinds| kinds.contains(&ResourceOperationKind::Create)),
            shows_documents: window.and_then(|it| it.show_document.as_ref()).is_some_and(|it| it.support),
            shows_progress: is_true(window.and_then(|it| it.work_done_progress)),
            wants_simulations: client
                .experimental
                .as_ref()
                .and_then(|it| it.pointer("/asl/simulation"))
                .is_some_and(|it| it == true),
        }
    }
}

/// Bytes where the client can count them, which saves converting; else UTF-16, which every client can.
fn encoding(client: &ClientCapabilities) -> ColumnEncoding {
    let offered = client.general.as_ref().and_then(|general| general.position_encodings.as_ref());
    let is_utf8 = offered.is_some_and(|offered| offered.contains(&PositionEncodingKind::UTF8));
    if is_utf8 { ColumnEncoding::Utf8 } else { ColumnEncoding::Utf16 }
}

/// What the server can do.
pub(super) fn initialize_result(negotiated: &Negotiated) -> InitializeResult {
    let position_encoding = match negotiated.encoding {
        ColumnEncoding::Utf8 => PositionEncodingKind::UTF8,
        ColumnEncoding::Utf16 => PositionEncodingKind::UTF16,
        ColumnEncoding::Utf32 => PositionEncodingKind::UTF32,
    };
    let text_document_sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(TextDocumentSyncSaveOptions::Supported(true)),
        ..TextDocumentSyncOptions::default()
    };
    let trigger_characters = ["\"", ":", " ", ".", "$", "#", "["].map(str::to_owned).to_vec();
    let capabilities = ServerCapabilities {
        position_encoding: Some(position_encoding),
        text_document_sync: Some(TextDocumentSyncCapability::Options(text_document_sync)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(trigger_characters),
            resolve_provider: Some(true),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        })),
        linked_editing_range_provider: Some(LinkedEditingRangeServerCapabilities::Simple(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        call_hierarchy_provider: Some(CallHierarchyServerCapability::Simple(true)),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        semantic_tokens_provider: Some(SemanticTokensServerCapabilities::SemanticTokensOptions(
            semantic_tokens(),
        )),
        signature_help_provider: Some(SignatureHelpOptions {
            trigger_characters: Some(["(", ","].map(str::to_owned).to_vec()),
            retrigger_characters: Some(vec![")".to_owned()]),
            ..SignatureHelpOptions::default()
        }),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, CodeActionKind::REFACTOR]),
            resolve_provider: Some(negotiated.resolves_code_actions),
            ..CodeActionOptions::default()
        })),
        diagnostic_provider: negotiated
            .pulls_diagnostics
            .then(|| DiagnosticServerCapabilities::Options(DiagnosticOptions::default())),
        inlay_hint_provider: Some(OneOf::Left(true)),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: command::ALL.map(str::to_owned).to_vec(),
            ..ExecuteCommandOptions::default()
        }),
        ..ServerCapabilities::default()
    };
    InitializeResult {
        capabilities,
        server_info: Some(ServerInfo {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
        offset_encoding: None,
    }
}

/// The legend of semantic tokens: the tables of `ide`, in their order.
fn semantic_tokens() -> SemanticTokensOptions {
    let kind = |kind: &SemanticTokenType| SemanticTokenTypeName::from(kind.name());
    SemanticTokensOptions {
        legend: SemanticTokensLegend {
            token_types: SemanticTokenType::ALL.iter().map(kind).collect(),
            token_modifiers: SemanticModifiers::NAMES.map(SemanticTokenModifier::from).to_vec(),
        },
        range: Some(true),
        full: Some(SemanticTokensFullOptions::Bool(true)),
        ..SemanticTokensOptions::default()
    }
}
