//! From our words to the protocol's.

use serde_json::Value;
use tower_lsp::ls_types as lsp;

use crate::diagnostics::{Diagnostic, RULES, Severity};
use crate::ide::{CodeLens, Completion, CompletionKind, Definition, DocumentSymbol, Hover, InlayHint};
use crate::lsp::capabilities::SIMULATE_COMMAND;
use crate::lsp::state::Snapshot;
use crate::spec::{StateKind, quota};
use crate::text::{ColumnEncoding, SourceText, TextEdit, TextRange, TextSize};

/// The `source` of findings about a definition.
const SOURCE: &str = env!("CARGO_PKG_NAME");
/// The `source` of findings about a run.
const SIMULATION_SOURCE: &str = "simulation";

/// A text whose places are to be named, and what columns count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places<'a> {
    pub(super) source: &'a SourceText,
    pub(super) encoding: ColumnEncoding,
}

impl Places<'_> {
    pub(super) fn position(self, offset: TextSize) -> lsp::Position {
        let at = self.source.line_column(offset, self.encoding);
        lsp::Position::new(at.line, at.column)
    }

    pub(super) fn range(self, range: TextRange) -> lsp::Range {
        lsp::Range::new(self.position(range.start()), self.position(range.end()))
    }
}

/// A finding about the definition.
pub(super) fn diagnostic(found: &Diagnostic, places: Places<'_>) -> lsp::Diagnostic {
    let rule = RULES.iter().find(|rule| rule.code == found.code);
    let link = rule.and_then(|rule| rule.link.parse().ok());
    lsp::Diagnostic {
        range: places.range(found.range),
        severity: Some(severity(found.severity)),
        code: Some(lsp::NumberOrString::String(found.code.to_owned())),
        code_description: link.map(|href| lsp::CodeDescription { href }),
        source: Some(SOURCE.to_owned()),
        message: found.message.clone(),
        tags: found.is_unnecessary.then(|| vec![lsp::DiagnosticTag::UNNECESSARY]),
        ..lsp::Diagnostic::default()
    }
}

/// A finding about a run.
pub(super) fn run_diagnostic(found: &Diagnostic, places: Places<'_>) -> lsp::Diagnostic {
    lsp::Diagnostic { source: Some(SIMULATION_SOURCE.to_owned()), ..diagnostic(found, places) }
}

/// Something about what a simulation is fed with, which is no part of the document.
pub(super) fn scenario_diagnostic(message: String) -> lsp::Diagnostic {
    lsp::Diagnostic {
        severity: Some(lsp::DiagnosticSeverity::WARNING),
        code: Some(lsp::NumberOrString::String("scenario".to_owned())),
        source: Some(SIMULATION_SOURCE.to_owned()),
        message,
        ..lsp::Diagnostic::default()
    }
}

/// The only finding about a document that is too large.
pub(super) fn too_large() -> lsp::Diagnostic {
    let message = format!(
        "The document is larger than {} bytes and is not analysed. AWS accepts definitions of up to {} characters.",
        quota::DOCUMENT_BYTES_MAX,
        quota::DEFINITION_CHARS_MAX
    );
    lsp::Diagnostic {
        severity: Some(lsp::DiagnosticSeverity::INFORMATION),
        code: Some(lsp::NumberOrString::String("document-too-large".to_owned())),
        source: Some(SOURCE.to_owned()),
        message,
        ..lsp::Diagnostic::default()
    }
}

fn severity(severity: Severity) -> lsp::DiagnosticSeverity {
    match severity {
        Severity::Error => lsp::DiagnosticSeverity::ERROR,
        Severity::Warning => lsp::DiagnosticSeverity::WARNING,
        Severity::Information => lsp::DiagnosticSeverity::INFORMATION,
        Severity::Hint => lsp::DiagnosticSeverity::HINT,
    }
}

pub(super) fn hover(hover: Hover, places: Places<'_>) -> lsp::Hover {
    lsp::Hover {
        contents: lsp::HoverContents::Markup(markdown(hover.markdown)),
        range: Some(places.range(hover.range)),
    }
}

/// The completion that comes at this place in the list.
pub(super) fn completion_item(
    completion: Completion,
    idx: usize,
    snapshot: &Snapshot,
    offset: TextSize,
) -> lsp::CompletionItem {
    let (places, negotiated) = (snapshot.places(), snapshot.negotiated);
    let kind = match completion.kind {
        CompletionKind::Field => lsp::CompletionItemKind::FIELD,
        CompletionKind::State => lsp::CompletionItemKind::REFERENCE,
        CompletionKind::Value => lsp::CompletionItemKind::ENUM_MEMBER,
        CompletionKind::Resource => lsp::CompletionItemKind::FUNCTION,
        CompletionKind::Parameter => lsp::CompletionItemKind::PROPERTY,
        CompletionKind::AttributeType => lsp::CompletionItemKind::TYPE_PARAMETER,
        CompletionKind::ErrorName => lsp::CompletionItemKind::CONSTANT,
        CompletionKind::Snippet => lsp::CompletionItemKind::SNIPPET,
        CompletionKind::Member => lsp::CompletionItemKind::FIELD,
        CompletionKind::Variable | CompletionKind::Placeholder => lsp::CompletionItemKind::VARIABLE,
        CompletionKind::Function => lsp::CompletionItemKind::FUNCTION,
        CompletionKind::Keyword => lsp::CompletionItemKind::KEYWORD,
    };
    let snippet = completion.snippet.filter(|_| negotiated.has_snippets);
    // Editors indent the lines of a snippet as the place is, the plain text has its indentation already.
    let (format, mode) = match snippet {
        Some(_) => (lsp::InsertTextFormat::SNIPPET, lsp::InsertTextMode::ADJUST_INDENTATION),
        None => (lsp::InsertTextFormat::PLAIN_TEXT, lsp::InsertTextMode::AS_IS),
    };
    let edit = TextEdit { new_text: snippet.unwrap_or(completion.edit.new_text), ..completion.edit };
    let additional: Vec<_> =
        completion.additional_edits.into_iter().map(|it| text_edit(it, places)).collect();
    let label_details = lsp::CompletionItemLabelDetails {
        detail: completion.signature.clone(),
        description: completion.detail.clone(),
    };
    // The documentation is long: who can ask for it when it is shown gets it then.
    let (documentation, data) = if negotiated.resolves_documentation {
        (None, Some(CompletionRef::new(snapshot, offset, idx).to_value()))
    } else {
        (Some(documentation(completion.documentation)), None)
    };
    lsp::CompletionItem {
        label: completion.label,
        label_details: negotiated.has_label_details.then_some(label_details),
        kind: Some(kind),
        detail: completion.detail,
        documentation,
        data,
        sort_text: Some(format!("{idx:04}")),
        filter_text: Some(completion.filter_text),
        insert_text_format: Some(format),
        insert_text_mode: Some(mode),
        text_edit: Some(lsp::CompletionTextEdit::Edit(text_edit(edit, places))),
        additional_text_edits: (!additional.is_empty()).then_some(additional),
        ..lsp::CompletionItem::default()
    }
}

/// What a completion means.
pub(super) fn documentation(text: String) -> lsp::Documentation {
    lsp::Documentation::MarkupContent(markdown(text))
}

/// Which completion an item is: where it was asked for, and its place in the list.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct CompletionRef {
    /// The document.
    pub(super) uri: lsp::Uri,
    /// The place, in bytes.
    pub(super) offset: TextSize,
    /// The place in the list.
    pub(super) idx: usize,
}

impl CompletionRef {
    fn new(snapshot: &Snapshot, offset: TextSize, idx: usize) -> Self {
        Self { uri: snapshot.uri.clone(), offset, idx }
    }

    fn to_value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The completion that an item says it is.
    pub(super) fn of(item: &lsp::CompletionItem) -> Option<Self> {
        serde::Deserialize::deserialize(item.data.as_ref()?).ok()
    }
}

fn text_edit(edit: TextEdit, places: Places<'_>) -> lsp::TextEdit {
    lsp::TextEdit { range: places.range(edit.range), new_text: edit.new_text }
}

pub(super) fn definition(
    definition: &Definition,
    uri: lsp::Uri,
    places: Places<'_>,
    has_links: bool,
) -> lsp::GotoDefinitionResponse {
    let target_selection_range = places.range(definition.selection_range);
    if !has_links {
        return lsp::GotoDefinitionResponse::Scalar(lsp::Location { uri, range: target_selection_range });
    }
    lsp::GotoDefinitionResponse::Link(vec![lsp::LocationLink {
        origin_selection_range: Some(places.range(definition.origin)),
        target_uri: uri,
        target_range: places.range(definition.range),
        target_selection_range,
    }])
}

#[expect(deprecated, reason = "the protocol's type still has the field that tags replace")]
pub(super) fn document_symbol(symbol: DocumentSymbol, places: Places<'_>) -> lsp::DocumentSymbol {
    let children: Vec<_> = symbol.children.into_iter().map(|child| document_symbol(child, places)).collect();
    lsp::DocumentSymbol {
        // The protocol forbids empty names.
        name: if symbol.name.is_empty() { "\"\"".to_owned() } else { symbol.name },
        detail: symbol.kind.map(|kind| kind.name().to_owned()),
        kind: symbol_kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: places.range(symbol.range),
        selection_range: places.range(symbol.selection_range),
        children: (!children.is_empty()).then_some(children),
    }
}

/// The same for clients whose lists of symbols are flat.
#[expect(deprecated, reason = "the protocol's type still has the field that tags replace")]
pub(super) fn symbol_information(
    symbols: Vec<DocumentSymbol>,
    uri: &lsp::Uri,
    places: Places<'_>,
) -> Vec<lsp::SymbolInformation> {
    let mut flat = Vec::new();
    let mut todo: Vec<(DocumentSymbol, Option<String>)> =
        symbols.into_iter().rev().map(|symbol| (symbol, None)).collect();
    while let Some((symbol, container_name)) = todo.pop() {
        flat.push(lsp::SymbolInformation {
            name: symbol.name.clone(),
            kind: symbol_kind(symbol.kind),
            tags: None,
            deprecated: None,
            location: lsp::Location { uri: uri.clone(), range: places.range(symbol.range) },
            container_name,
        });
        let name = symbol.name;
        todo.extend(symbol.children.into_iter().rev().map(|child| (child, Some(name.clone()))));
    }
    flat
}

/// The nearest of the protocol's kinds, so that the icons differ.
fn symbol_kind(kind: Option<StateKind>) -> lsp::SymbolKind {
    match kind {
        Some(StateKind::Task) => lsp::SymbolKind::FUNCTION,
        Some(StateKind::Pass) => lsp::SymbolKind::CONSTANT,
        Some(StateKind::Choice) => lsp::SymbolKind::ENUM,
        Some(StateKind::Wait) => lsp::SymbolKind::EVENT,
        Some(StateKind::Succeed) => lsp::SymbolKind::BOOLEAN,
        Some(StateKind::Fail) => lsp::SymbolKind::NULL,
        Some(StateKind::Parallel) => lsp::SymbolKind::MODULE,
        Some(StateKind::Map) => lsp::SymbolKind::ARRAY,
        None => lsp::SymbolKind::OBJECT,
    }
}

pub(super) fn inlay_hint(hint: InlayHint, places: Places<'_>) -> lsp::InlayHint {
    lsp::InlayHint {
        position: places.position(hint.offset),
        label: lsp::InlayHintLabel::String(hint.label),
        kind: None,
        text_edits: None,
        tooltip: hint.tooltip.map(|text| lsp::InlayHintTooltip::MarkupContent(markdown(text))),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    }
}

pub(super) fn code_lens(lens: CodeLens, uri: &lsp::Uri, places: Places<'_>) -> lsp::CodeLens {
    let arguments = vec![serde_json::json!({"uri": uri})];
    lsp::CodeLens {
        range: places.range(lens.range),
        command: Some(lsp::Command {
            title: lens.title,
            command: SIMULATE_COMMAND.to_owned(),
            arguments: Some(arguments),
        }),
        data: None,
    }
}

fn markdown(value: String) -> lsp::MarkupContent {
    lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value }
}
