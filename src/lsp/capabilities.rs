//! What client and server agree on when they meet.

use tower_lsp::ls_types::{
    ClientCapabilities, CodeLensOptions, CompletionOptions, ExecuteCommandOptions, HoverProviderCapability,
    InitializeResult, OneOf, PositionEncodingKind, ServerCapabilities, ServerInfo,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions,
};

use crate::text::ColumnEncoding;

/// The command that runs a simulation.
pub(super) const SIMULATE_COMMAND: &str = "asl.simulate";

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
    /// Whether it can be asked for settings.
    pub(super) has_configuration: bool,
    /// Whether it can be asked to watch files.
    pub(super) watches_files: bool,
}

impl Negotiated {
    /// What is agreed on with a client that can do this.
    pub(super) fn new(client: &ClientCapabilities) -> Self {
        let workspace = client.workspace.as_ref();
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
            has_configuration: is_true(workspace.and_then(|it| it.configuration)),
            watches_files: is_true(
                workspace
                    .and_then(|it| it.did_change_watched_files.as_ref())
                    .and_then(|it| it.dynamic_registration),
            ),
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
        document_symbol_provider: Some(OneOf::Left(true)),
        inlay_hint_provider: Some(OneOf::Left(true)),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: vec![SIMULATE_COMMAND.to_owned()],
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
