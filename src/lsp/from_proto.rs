//! From the protocol's words to ours.

use std::path::PathBuf;

use tower_lsp::ls_types::*;

use super::companion::file_path;
use crate::text::{ColumnEncoding, LineColumn, SourceText, TextRange, TextSize};

/// The offset of a position. One outside the text is moved into it, as the protocol asks.
pub(super) fn offset(source: &SourceText, position: Position, encoding: ColumnEncoding) -> TextSize {
    source.offset(LineColumn { line: position.line, column: position.character }, encoding)
}

/// The range of offsets of a range; one that ends before it begins is taken the other way round.
pub(super) fn range(source: &SourceText, range: Range, encoding: ColumnEncoding) -> TextRange {
    let (start, end) = (offset(source, range.start, encoding), offset(source, range.end, encoding));
    TextRange::new(start.min(end), start.max(end))
}

/// What a level of nesting adds to the beginning of a line.
pub(super) fn indent(options: &FormattingOptions) -> String {
    /// Blanks of the widest indentation that makes sense.
    const INDENT_MAX: u32 = 16;
    if options.insert_spaces {
        " ".repeat(options.tab_size.min(INDENT_MAX) as usize)
    } else {
        "\t".to_owned()
    }
}

/// The folders that a client works in.
#[expect(deprecated, reason = "older clients tell their one folder so")]
pub(super) fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    let folders = params.workspace_folders.iter().flatten().map(|folder| &folder.uri);
    let found: Vec<PathBuf> = folders.filter_map(file_path).collect();
    if found.is_empty() { params.root_uri.iter().filter_map(file_path).collect() } else { found }
}

/// Parameters of a request about one document.
pub(super) trait AboutDocument {
    /// The document.
    fn uri(&self) -> &Uri;
}

macro_rules! about_document {
    ($($params:ty: $($field:ident).+;)*) => {
        $(impl AboutDocument for $params {
            fn uri(&self) -> &Uri {
                &self.$($field).+.uri
            }
        })*
    };
}

about_document! {
    CallHierarchyIncomingCallsParams: item;
    CallHierarchyOutgoingCallsParams: item;
    CallHierarchyPrepareParams: text_document_position_params.text_document;
    CodeActionParams: text_document;
    CodeLensParams: text_document;
    CompletionParams: text_document_position.text_document;
    DocumentDiagnosticParams: text_document;
    DocumentFormattingParams: text_document;
    DocumentHighlightParams: text_document_position_params.text_document;
    DocumentLinkParams: text_document;
    DocumentRangeFormattingParams: text_document;
    DocumentSymbolParams: text_document;
    FoldingRangeParams: text_document;
    GotoDefinitionParams: text_document_position_params.text_document;
    HoverParams: text_document_position_params.text_document;
    InlayHintParams: text_document;
    LinkedEditingRangeParams: text_document_position_params.text_document;
    ReferenceParams: text_document_position.text_document;
    RenameParams: text_document_position.text_document;
    SelectionRangeParams: text_document;
    SemanticTokensParams: text_document;
    SemanticTokensRangeParams: text_document;
    SignatureHelpParams: text_document_position_params.text_document;
    TextDocumentPositionParams: text_document;
}
