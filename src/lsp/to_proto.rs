//! From our words to the protocol's.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use serde_json::Value;
use tower_lsp::ls_types as lsp;

use crate::diagnostics::{Diagnostic, RULES, Severity, Tag, code_link};
use crate::ide::{
    CallHierarchyItem, CodeActionKind, CodeLens, Completion, CompletionKind, Definition, DocumentSymbol,
    Hover, InlayHint, Reference, ReferenceKind, ScenarioSymbol, SemanticToken, SignatureHelp,
};
use crate::lsp::capabilities::{Negotiated, command};
use crate::lsp::snapshot::Snapshot;
use crate::scenarios::Problem;
use crate::spec::{StateKind, quota};
use crate::text::{ColumnEncoding, SourceText, TextEdit, TextRange, TextSize};

/// The `source` of findings about a definition.
const SOURCE: &str = env!("CARGO_PKG_NAME");
/// The `source` of findings about a run.
const SIMULATION_SOURCE: &str = "simulation";

/// The pages about rules, by their names. Made once, as findings are many; only looked up in.
static RULE_PAGES: LazyLock<HashMap<&'static str, lsp::Uri>> = LazyLock::new(|| {
    let page = |rule| code_link(rule, env!("CARGO_PKG_REPOSITORY")).parse().ok();
    RULES.iter().filter_map(|rule| Some((rule.name, page(rule)?))).collect()
});

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
pub(super) fn diagnostic(found: &Diagnostic, uri: &lsp::Uri, places: Places<'_>) -> lsp::Diagnostic {
    let page = RULE_PAGES.get(found.rule).cloned();
    let related = found.related.iter().map(|related| lsp::DiagnosticRelatedInformation {
        location: lsp::Location { uri: uri.clone(), range: places.range(related.range) },
        message: related.message.clone(),
    });
    let related: Vec<_> = related.collect();
    lsp::Diagnostic {
        range: places.range(found.range),
        severity: Some(severity(found.severity)),
        code: Some(lsp::NumberOrString::String(found.code.to_owned())),
        code_description: page.map(|href| lsp::CodeDescription { href }),
        source: Some(SOURCE.to_owned()),
        message: found.message.clone(),
        related_information: (!found.related.is_empty()).then_some(related),
        tags: found.tag.map(|tag| vec![diagnostic_tag(tag)]),
        ..lsp::Diagnostic::default()
    }
}

/// Says that there are findings that are not shown.
pub(super) fn others_diagnostic(n_others: usize) -> lsp::Diagnostic {
    let others =
        if n_others == 1 { "1 more finding is".into() } else { format!("{n_others} more findings are") };
    lsp::Diagnostic {
        severity: Some(lsp::DiagnosticSeverity::INFORMATION),
        code: Some(lsp::NumberOrString::String("too-many-findings".to_owned())),
        source: Some(SOURCE.to_owned()),
        message: format!("{others} not shown, none is more severe than these"),
        ..lsp::Diagnostic::default()
    }
}

/// A finding about a run.
pub(super) fn run_diagnostic(found: &Diagnostic, uri: &lsp::Uri, places: Places<'_>) -> lsp::Diagnostic {
    lsp::Diagnostic { source: Some(SIMULATION_SOURCE.to_owned()), ..diagnostic(found, uri, places) }
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

/// A mistake in a file of scenarios.
pub(super) fn scenario_problem(problem: Problem, places: Places<'_>) -> lsp::Diagnostic {
    lsp::Diagnostic {
        range: places.range(problem.range),
        severity: Some(lsp::DiagnosticSeverity::ERROR),
        code: Some(lsp::NumberOrString::String("scenario".to_owned())),
        source: Some(SOURCE.to_owned()),
        message: problem.message,
        ..lsp::Diagnostic::default()
    }
}

/// Something about the settings of the project.
pub(super) fn project_diagnostic(message: String) -> lsp::Diagnostic {
    lsp::Diagnostic {
        severity: Some(lsp::DiagnosticSeverity::WARNING),
        code: Some(lsp::NumberOrString::String("settings".to_owned())),
        source: Some(SOURCE.to_owned()),
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

fn diagnostic_tag(tag: Tag) -> lsp::DiagnosticTag {
    match tag {
        Tag::Unnecessary => lsp::DiagnosticTag::UNNECESSARY,
        Tag::Deprecated => lsp::DiagnosticTag::DEPRECATED,
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
    // The documentation is long: who can ask for it when it is shown gets it then.
    let (text, data) = if snapshot.negotiated.resolves_documentation {
        (None, Some(CompletionRef::new(snapshot, offset, idx).to_value()))
    } else {
        (Some(snapshot.analysis.documentation(&completion)), None)
    };
    let item = bare_completion_item(completion, idx, snapshot.places(), snapshot.negotiated);
    lsp::CompletionItem { documentation: text.map(documentation), data, ..item }
}

/// The same in a file of scenarios, of which none has to be asked for its documentation.
pub(super) fn scenario_completion_item(
    completion: Completion,
    idx: usize,
    places: Places<'_>,
    negotiated: Negotiated,
) -> lsp::CompletionItem {
    let text = completion.documentation.text().map(str::to_owned);
    let item = bare_completion_item(completion, idx, places, negotiated);
    lsp::CompletionItem { documentation: text.map(documentation), ..item }
}

/// A completion without its documentation.
fn bare_completion_item(
    completion: Completion,
    idx: usize,
    places: Places<'_>,
    negotiated: Negotiated,
) -> lsp::CompletionItem {
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
    lsp::CompletionItem {
        label: completion.label,
        label_details: negotiated.has_label_details.then_some(label_details),
        kind: Some(kind),
        detail: completion.detail,
        sort_text: Some(format!("{idx:05}")),
        filter_text: Some(completion.filter_text),
        insert_text_format: Some(format),
        insert_text_mode: Some(mode),
        text_edit: Some(lsp::CompletionTextEdit::Edit(text_edit(edit, places))),
        additional_text_edits: (!additional.is_empty()).then_some(additional),
        ..lsp::CompletionItem::default()
    }
}

pub(super) fn text_edits(edits: Vec<TextEdit>, places: Places<'_>) -> Vec<lsp::TextEdit> {
    edits.into_iter().map(|edit| text_edit(edit, places)).collect()
}

/// Edits of one of several documents.
pub(super) struct DocumentEdits<'a> {
    pub(super) uri: lsp::Uri,
    /// The client's number for the text; none for a file that is not open.
    pub(super) version: Option<i32>,
    pub(super) edits: Vec<TextEdit>,
    pub(super) places: Places<'a>,
}

/// Edits of several documents; with their versions where the client takes them.
pub(super) fn workspace_edits(all: Vec<DocumentEdits<'_>>, has_versions: bool) -> lsp::WorkspaceEdit {
    if !has_versions {
        let changes = all.into_iter().map(|it| (it.uri, text_edits(it.edits, it.places))).collect();
        return lsp::WorkspaceEdit { changes: Some(changes), ..lsp::WorkspaceEdit::default() };
    }
    let document = |it: DocumentEdits<'_>| lsp::TextDocumentEdit {
        text_document: lsp::OptionalVersionedTextDocumentIdentifier { uri: it.uri, version: it.version },
        edits: text_edits(it.edits, it.places).into_iter().map(lsp::OneOf::Left).collect(),
    };
    let document_changes = Some(lsp::DocumentChanges::Edits(all.into_iter().map(document).collect()));
    lsp::WorkspaceEdit { document_changes, ..lsp::WorkspaceEdit::default() }
}

/// Edits of one document; with its version where the client takes it.
pub(super) fn workspace_edit(
    edits: Vec<TextEdit>,
    uri: lsp::Uri,
    version: Option<i32>,
    places: Places<'_>,
) -> lsp::WorkspaceEdit {
    workspace_edits(vec![DocumentEdits { uri, version, edits, places }], version.is_some())
}

pub(super) fn code_action_kind(kind: CodeActionKind) -> lsp::CodeActionKind {
    match kind {
        CodeActionKind::QuickFix => lsp::CodeActionKind::QUICKFIX,
        CodeActionKind::Rewrite => lsp::CodeActionKind::REFACTOR_REWRITE,
        CodeActionKind::Extract => lsp::CodeActionKind::REFACTOR_EXTRACT,
    }
}

pub(super) fn document_highlight(reference: &Reference, places: Places<'_>) -> lsp::DocumentHighlight {
    let kind = match reference.kind {
        ReferenceKind::Read => lsp::DocumentHighlightKind::READ,
        ReferenceKind::Write | ReferenceKind::Name => lsp::DocumentHighlightKind::WRITE,
    };
    lsp::DocumentHighlight { range: places.range(reference.range), kind: Some(kind) }
}

/// Tokens as the protocol packs them: each relative to the one before. One that spans lines becomes one for each.
pub(super) fn semantic_tokens(tokens: &[SemanticToken], places: Places<'_>) -> Vec<lsp::SemanticToken> {
    let mut packed = Vec::with_capacity(tokens.len());
    let mut previous = lsp::Position::default();
    let mut add = |range: lsp::Range, token: &SemanticToken| {
        let (start, end) = (range.start, range.end);
        let delta_line = start.line.saturating_sub(previous.line);
        let from = if delta_line == 0 { previous.character } else { 0 };
        packed.push(lsp::SemanticToken {
            delta_line,
            delta_start: start.character.saturating_sub(from),
            length: end.character.saturating_sub(start.character),
            token_type: token.kind as u32,
            token_modifiers_bitset: token.modifiers.0,
        });
        previous = start;
    };
    for token in tokens {
        let whole = places.range(token.range);
        for line in whole.start.line..=whole.end.line {
            let of_line = places.source.line_range(line);
            let start = token.range.start().max(of_line.start());
            let end = token.range.end().min(of_line.end());
            if start < end {
                add(places.range(TextRange::new(start, end)), token);
            }
        }
    }
    packed
}

pub(super) fn signature_help(help: SignatureHelp) -> lsp::SignatureHelp {
    let label = &help.label;
    // Labels count in UTF-16, whatever was agreed on for documents.
    let column = |offset: TextSize| {
        let before = label.get(..offset as usize).unwrap_or_default();
        u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
    };
    let parameter = |range: &TextRange| lsp::ParameterInformation {
        label: lsp::ParameterLabel::LabelOffsets([column(range.start()), column(range.end())]),
        documentation: None,
    };
    // A number beyond the last parameter marks none.
    let active = help.active_parameter.unwrap_or(help.parameters.len());
    lsp::SignatureHelp {
        signatures: vec![lsp::SignatureInformation {
            label: label.clone(),
            documentation: Some(lsp::Documentation::MarkupContent(markdown(help.documentation))),
            parameters: Some(help.parameters.iter().map(parameter).collect()),
            active_parameter: None,
        }],
        active_signature: Some(0),
        active_parameter: u32::try_from(active).ok(),
    }
}

pub(super) fn folding_range(range: TextRange, places: Places<'_>) -> lsp::FoldingRange {
    let range = places.range(range);
    lsp::FoldingRange {
        start_line: range.start.line,
        end_line: range.end.line,
        ..lsp::FoldingRange::default()
    }
}

/// Ranges, the innermost first, as a chain of parents.
pub(super) fn selection_range(ranges: &[TextRange], places: Places<'_>) -> lsp::SelectionRange {
    let mut chain: Option<lsp::SelectionRange> = None;
    for range in ranges.iter().rev() {
        chain = Some(lsp::SelectionRange { range: places.range(*range), parent: chain.map(Box::new) });
    }
    chain.unwrap_or_default()
}

pub(super) fn call_hierarchy_item(
    item: CallHierarchyItem,
    uri: &lsp::Uri,
    places: Places<'_>,
) -> lsp::CallHierarchyItem {
    lsp::CallHierarchyItem {
        name: item.name,
        kind: symbol_kind(item.kind),
        tags: None,
        detail: item.kind.map(|kind| kind.name().to_owned()),
        uri: uri.clone(),
        range: places.range(item.range),
        selection_range: places.range(item.selection_range),
        data: None,
    }
}

/// Findings for a client that asks, or that they are those it has. The id is a digest of the findings: it needs no
/// memory of what was answered before.
pub(super) fn diagnostic_report(
    items: Vec<lsp::Diagnostic>,
    previous_id: Option<&str>,
) -> lsp::DocumentDiagnosticReport {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(&items).unwrap_or_default().hash(&mut hasher);
    let result_id = format!("{:016x}", hasher.finish());
    if previous_id == Some(&result_id) {
        let unchanged_document_diagnostic_report = lsp::UnchangedDocumentDiagnosticReport { result_id };
        return lsp::DocumentDiagnosticReport::Unchanged(lsp::RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report,
        });
    }
    lsp::DocumentDiagnosticReport::Full(lsp::RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: lsp::FullDocumentDiagnosticReport {
            result_id: Some(result_id),
            items,
        },
    })
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

pub(super) fn definitions(
    definitions: &[Definition],
    uri: &lsp::Uri,
    places: Places<'_>,
    has_links: bool,
) -> lsp::GotoDefinitionResponse {
    if !has_links {
        let location = |it: &Definition| location(uri, it.selection_range, places);
        if let [only] = definitions {
            return lsp::GotoDefinitionResponse::Scalar(location(only));
        }
        return lsp::GotoDefinitionResponse::Array(definitions.iter().map(location).collect());
    }
    let link = |it: &Definition| lsp::LocationLink {
        origin_selection_range: Some(places.range(it.origin)),
        target_uri: uri.clone(),
        target_range: places.range(it.range),
        target_selection_range: places.range(it.selection_range),
    };
    lsp::GotoDefinitionResponse::Link(definitions.iter().map(link).collect())
}

pub(super) fn location(uri: &lsp::Uri, range: TextRange, places: Places<'_>) -> lsp::Location {
    lsp::Location { uri: uri.clone(), range: places.range(range) }
}

#[expect(deprecated, reason = "the protocol's type still has the field that tags replace")]
pub(super) fn document_symbol(symbol: DocumentSymbol, places: Places<'_>) -> lsp::DocumentSymbol {
    let children: Vec<_> = symbol.children.into_iter().map(|child| document_symbol(child, places)).collect();
    lsp::DocumentSymbol {
        // The protocol forbids empty names.
        name: if symbol.name.is_empty() { "\"\"".to_owned() } else { symbol.name },
        detail: Some(symbol.detail).filter(|detail| !detail.is_empty()),
        kind: symbol_kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: places.range(symbol.range),
        selection_range: places.range(symbol.selection_range),
        children: (!children.is_empty()).then_some(children),
    }
}

/// A scenario in the outline.
#[expect(deprecated, reason = "the protocol's type still has the field that tags replace")]
pub(super) fn scenario_symbol(symbol: ScenarioSymbol, places: Places<'_>) -> lsp::DocumentSymbol {
    lsp::DocumentSymbol {
        // The protocol forbids empty names.
        name: if symbol.name.is_empty() { "\"\"".to_owned() } else { symbol.name },
        detail: Some(symbol.detail).filter(|detail| !detail.is_empty()),
        kind: lsp::SymbolKind::METHOD,
        tags: None,
        deprecated: None,
        range: places.range(symbol.range),
        selection_range: places.range(symbol.selection_range),
        children: None,
    }
}

/// The same for clients whose lists of symbols are flat.
#[expect(deprecated, reason = "the protocol's type still has the field that tags replace")]
pub(super) fn scenario_information(
    symbol: ScenarioSymbol,
    uri: &lsp::Uri,
    places: Places<'_>,
) -> lsp::SymbolInformation {
    lsp::SymbolInformation {
        name: symbol.name,
        kind: lsp::SymbolKind::METHOD,
        tags: None,
        deprecated: None,
        location: location(uri, symbol.range, places),
        container_name: None,
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
    let arguments = Value::Object(serde_json::Map::new());
    command_lens(places.range(lens.range), lens.title, command::SIMULATE, uri, arguments)
}

/// A lens that carries out a command about a document; `argument` is what the command takes beside `uri`.
pub(super) fn command_lens(
    range: lsp::Range,
    title: String,
    command: &str,
    uri: &lsp::Uri,
    mut argument: Value,
) -> lsp::CodeLens {
    if let Value::Object(members) = &mut argument {
        members.insert("uri".to_owned(), serde_json::json!(uri));
    }
    lsp::CodeLens {
        range,
        command: Some(lsp::Command { title, command: command.to_owned(), arguments: Some(vec![argument]) }),
        data: None,
    }
}

fn markdown(value: String) -> lsp::MarkupContent {
    lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value }
}
