//! One function a request: of a snapshot and the parameters, without waiting for anything.

use tower_lsp::ls_types as lsp;

use super::from_proto;
use super::state::Snapshot;
use super::to_proto;
use crate::ide::Run;
use crate::text::{TextRange, TextSize};

pub(super) fn hover(snapshot: &Snapshot, params: &lsp::HoverParams) -> Option<lsp::Hover> {
    let offset = offset(snapshot, params.text_document_position_params.position);
    let hover = snapshot.analysis.hover(offset, snapshot.run.as_deref())?;
    Some(to_proto::hover(hover, snapshot.places()))
}

pub(super) fn completion(
    snapshot: &Snapshot,
    params: &lsp::CompletionParams,
) -> Option<lsp::CompletionResponse> {
    let offset = offset(snapshot, params.text_document_position.position);
    let context = params.context.as_ref();
    // A blank or colon asks for a value; a blank elsewhere only indents.
    let trigger = context.and_then(|context| context.trigger_character.as_deref());
    if matches!(trigger, Some(" " | ":")) && !is_after_colon(snapshot, offset) {
        return None;
    }
    let completions = snapshot.analysis.completion(offset, snapshot.run.as_deref());
    // A bracket or `#` asks for something within an expression; a bracket elsewhere begins an array.
    if matches!(trigger, Some("[" | "#")) && !completions.iter().all(|it| it.kind.is_of_expression()) {
        return None;
    }
    let items = completions.into_iter().enumerate();
    let items = items.map(|(idx, it)| to_proto::completion_item(it, idx, snapshot, offset)).collect();
    Some(lsp::CompletionResponse::Array(items))
}

/// A completion with its documentation, found again where it was offered. One that is no longer offered there stays as it
/// is.
pub(super) fn completion_resolve(
    snapshot: &Snapshot,
    item: &lsp::CompletionItem,
) -> Option<lsp::CompletionItem> {
    let place = to_proto::CompletionRef::of(item)?;
    let completions = snapshot.analysis.completion(place.offset, snapshot.run.as_deref());
    let is_it = |it: &crate::ide::Completion| it.label == item.label;
    let nth = completions.get(place.idx).filter(|it| is_it(it));
    let found = nth.or_else(|| completions.iter().find(|it| is_it(it)))?;
    let documentation = Some(to_proto::documentation(found.documentation.clone()));
    Some(lsp::CompletionItem { documentation, ..item.clone() })
}

/// Whether nothing but blanks stands between a colon and the offset.
fn is_after_colon(snapshot: &Snapshot, offset: TextSize) -> bool {
    let before = snapshot.analysis.source().slice(TextRange::new(0, offset));
    before.trim_end_matches([' ', '\t']).ends_with(':')
}

pub(super) fn goto_definition(
    snapshot: &Snapshot,
    params: &lsp::GotoDefinitionParams,
) -> Option<lsp::GotoDefinitionResponse> {
    let offset = offset(snapshot, params.text_document_position_params.position);
    let definition = snapshot.analysis.goto_definition(offset)?;
    let (uri, has_links) = (snapshot.uri.clone(), snapshot.negotiated.has_definition_links);
    Some(to_proto::definition(&definition, uri, snapshot.places(), has_links))
}

pub(super) fn document_symbol(
    snapshot: &Snapshot,
    _params: &lsp::DocumentSymbolParams,
) -> Option<lsp::DocumentSymbolResponse> {
    let symbols = snapshot.analysis.document_symbols();
    let places = snapshot.places();
    if !snapshot.negotiated.has_nested_symbols {
        let flat = to_proto::symbol_information(symbols, &snapshot.uri, places);
        return Some(lsp::DocumentSymbolResponse::Flat(flat));
    }
    let nested = symbols.into_iter().map(|symbol| to_proto::document_symbol(symbol, places)).collect();
    Some(lsp::DocumentSymbolResponse::Nested(nested))
}

pub(super) fn inlay_hint(snapshot: &Snapshot, params: &lsp::InlayHintParams) -> Option<Vec<lsp::InlayHint>> {
    let settings = &snapshot.settings.inlay_hints;
    let run = snapshot.run.as_deref().filter(|_| settings.enabled)?;
    let range = from_proto::range(snapshot.analysis.source(), params.range, snapshot.encoding());
    let hints = snapshot.analysis.inlay_hints(run, range, settings.max_length);
    Some(hints.into_iter().map(|hint| to_proto::inlay_hint(hint, snapshot.places())).collect())
}

pub(super) fn code_lens(snapshot: &Snapshot, _params: &lsp::CodeLensParams) -> Option<Vec<lsp::CodeLens>> {
    let lenses = snapshot.analysis.code_lens(snapshot.run.as_deref());
    let lens = |lens| to_proto::code_lens(lens, &snapshot.uri, snapshot.places());
    Some(lenses.into_iter().map(lens).collect())
}

/// All findings: about the definition, about a run of it, about what the simulation is fed with.
pub(super) fn diagnostics(snapshot: &Snapshot, run: Option<&Run>) -> Vec<lsp::Diagnostic> {
    let places = snapshot.places();
    let analysis = &snapshot.analysis;
    let mut found: Vec<_> =
        analysis.diagnostics().iter().map(|it| to_proto::diagnostic(it, places)).collect();
    let problems = snapshot.fed.problems().iter().cloned();
    found.extend(problems.map(to_proto::scenario_diagnostic));
    let of_run = run.map(|run| analysis.run_diagnostics(run)).unwrap_or_default();
    found.extend(of_run.iter().map(|it| to_proto::run_diagnostic(it, places)));
    found
}

fn offset(snapshot: &Snapshot, position: lsp::Position) -> TextSize {
    from_proto::offset(snapshot.analysis.source(), position, snapshot.encoding())
}
