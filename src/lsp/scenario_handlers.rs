//! As `handlers.rs`, of files of scenarios; and what a request about a state does in all the files that name it.

use std::path::Path;

use tower_lsp::ls_types as lsp;

use super::companion::file_path;
use super::from_proto;
use super::scenario_documents::{DefinitionRef, ScenarioSnapshot, scenarios_of};
use super::snapshot::Snapshot;
use super::to_proto::{self, DocumentEdits};
use crate::ide::ScenarioSymbol;
use crate::scenarios::Problem;
use crate::text::TextSize;

pub(super) fn hover(snapshot: &ScenarioSnapshot, params: &lsp::HoverParams) -> Option<lsp::Hover> {
    let offset = offset(snapshot, params.text_document_position_params.position);
    let definition = snapshot.readable_definition();
    let hover = snapshot.document.hover(offset, definition.as_ref().map(|it| &*it.analysis))?;
    Some(to_proto::hover(hover, snapshot.places()))
}

pub(super) fn completion(
    snapshot: &ScenarioSnapshot,
    params: &lsp::CompletionParams,
) -> Option<lsp::CompletionResponse> {
    let offset = offset(snapshot, params.text_document_position.position);
    let definition = snapshot.readable_definition();
    let definition = definition.as_ref().map(|it| &*it.analysis);
    let completions = snapshot.document.completion(offset, definition, &snapshot.files_beside());
    let (places, negotiated) = (snapshot.places(), snapshot.negotiated);
    let items = completions.into_iter().enumerate();
    let item = |(idx, it)| to_proto::scenario_completion_item(it, idx, places, negotiated);
    let items = items.map(item).collect();
    Some(lsp::CompletionResponse::Array(items))
}

pub(super) fn goto_definition(
    snapshot: &ScenarioSnapshot,
    params: &lsp::GotoDefinitionParams,
) -> Option<lsp::GotoDefinitionResponse> {
    let offset = offset(snapshot, params.text_document_position_params.position);
    let (name, origin) = snapshot.document.state_at(offset)?;
    let definition = snapshot.readable_definition()?;
    let found = definition.analysis.definition_of_state(&name, origin)?;
    let places = definition.places(snapshot.negotiated);
    if !snapshot.negotiated.has_definition_links {
        let location = to_proto::location(&definition.uri, found.selection_range, places);
        return Some(lsp::GotoDefinitionResponse::Scalar(location));
    }
    Some(lsp::GotoDefinitionResponse::Link(vec![lsp::LocationLink {
        origin_selection_range: Some(snapshot.places().range(origin)),
        target_uri: definition.uri.clone(),
        target_range: places.range(found.range),
        target_selection_range: places.range(found.selection_range),
    }]))
}

pub(super) fn document_symbol(
    snapshot: &ScenarioSnapshot,
    _params: &lsp::DocumentSymbolParams,
) -> Option<lsp::DocumentSymbolResponse> {
    let (places, negotiated) = (snapshot.places(), snapshot.negotiated);
    let symbols = snapshot.document.symbols();
    if !negotiated.has_nested_symbols {
        let flat = |it: ScenarioSymbol| to_proto::scenario_information(it, &snapshot.uri, places);
        return Some(lsp::DocumentSymbolResponse::Flat(symbols.into_iter().map(flat).collect()));
    }
    let nested = symbols.into_iter().map(|it| to_proto::scenario_symbol(it, places)).collect();
    Some(lsp::DocumentSymbolResponse::Nested(nested))
}

/// The places of a state in the file, in its definition and in the other files of the definition's scenarios.
pub(super) fn references(
    snapshot: &ScenarioSnapshot,
    params: &lsp::ReferenceParams,
) -> Option<Vec<lsp::Location>> {
    let offset = offset(snapshot, params.text_document_position.position);
    let (name, origin) = snapshot.document.state_at(offset)?;
    let Some(definition) = snapshot.readable_definition() else {
        let own = snapshot.document.references(&name).into_iter();
        return Some(own.map(|range| to_proto::location(&snapshot.uri, range, snapshot.places())).collect());
    };
    let places = definition.places(snapshot.negotiated);
    let key = definition.analysis.definition_of_state(&name, origin);
    let of_definition =
        key.map(|key| definition.analysis.references(key.selection_range.start())).unwrap_or_default();
    let wanted = of_definition.iter().filter(|it| params.context.include_declaration || !it.is_definition());
    let mut found: Vec<_> = wanted.map(|it| to_proto::location(&definition.uri, it.range, places)).collect();
    for file in scenarios_of(&definition.uri, snapshot.workspace.as_deref(), &snapshot.open_scenarios) {
        let ranges = file.document.references(&name).into_iter();
        let places = file.places(snapshot.negotiated);
        found.extend(ranges.map(|range| to_proto::location(&file.uri, range, places)));
    }
    Some(found)
}

pub(super) fn document_highlight(
    snapshot: &ScenarioSnapshot,
    params: &lsp::DocumentHighlightParams,
) -> Option<Vec<lsp::DocumentHighlight>> {
    let offset = offset(snapshot, params.text_document_position_params.position);
    let (name, _) = snapshot.document.state_at(offset)?;
    let ranges = snapshot.document.references(&name).into_iter();
    let highlight = |range| lsp::DocumentHighlight { range: snapshot.places().range(range), kind: None };
    Some(ranges.map(highlight).collect())
}

pub(super) fn prepare_rename(
    snapshot: &ScenarioSnapshot,
    params: &lsp::TextDocumentPositionParams,
) -> Option<lsp::PrepareRenameResponse> {
    let (name, origin) = snapshot.document.state_at(offset(snapshot, params.position))?;
    let definition = snapshot.readable_definition()?;
    definition.analysis.definition_of_state(&name, origin)?;
    let range = snapshot.places().range(origin);
    Some(lsp::PrepareRenameResponse::RangeWithPlaceholder { range, placeholder: name })
}

pub(super) fn rename(
    snapshot: &ScenarioSnapshot,
    params: &lsp::RenameParams,
) -> Result<lsp::WorkspaceEdit, String> {
    let offset = offset(snapshot, params.text_document_position.position);
    let found = snapshot.document.state_at(offset).and_then(|(name, origin)| {
        let definition = snapshot.readable_definition()?;
        let key = definition.analysis.definition_of_state(&name, origin)?;
        Some((definition, key.selection_range.start()))
    });
    let Some((definition, key)) = found else {
        return Err("There is no name of a state of the definition here".to_owned());
    };
    let workspace = snapshot.workspace.as_deref();
    let edits = renamed(
        &definition,
        key,
        &params.new_name,
        snapshot.negotiated,
        workspace,
        &snapshot.open_scenarios,
    )?;
    Ok(edits)
}

/// Another name for what is named in a definition; for a state also in the files of its scenarios.
pub(super) fn rename_in_definition(
    snapshot: &Snapshot,
    params: &lsp::RenameParams,
) -> Result<lsp::WorkspaceEdit, String> {
    let position = params.text_document_position.position;
    let offset = from_proto::offset(snapshot.analysis.source(), position, snapshot.encoding());
    let definition = DefinitionRef {
        uri: snapshot.uri.clone(),
        version: Some(snapshot.version),
        analysis: snapshot.analysis.clone(),
    };
    let workspace = snapshot.workspace.as_deref();
    renamed(&definition, offset, &params.new_name, snapshot.negotiated, workspace, &snapshot.open_scenarios)
}

/// The last part of an address, for messages.
fn file_name(uri: &lsp::Uri) -> String {
    let path = file_path(uri);
    let name = path.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "A file of scenarios".to_owned())
}

fn renamed(
    definition: &DefinitionRef,
    offset: TextSize,
    new_name: &str,
    negotiated: super::capabilities::Negotiated,
    workspace: Option<&Path>,
    open: &[super::scenario_documents::OpenScenarios],
) -> Result<lsp::WorkspaceEdit, String> {
    let edits = definition.analysis.rename(offset, new_name)?;
    let state_name = definition.analysis.state_at(offset);
    let files = match &state_name {
        Some(_) => scenarios_of(&definition.uri, workspace, open),
        None => Vec::new(),
    };
    let mut all = vec![DocumentEdits {
        uri: definition.uri.clone(),
        version: definition.version,
        edits,
        places: definition.places(negotiated),
    }];
    for file in &files {
        let edits = file.document.rename(state_name.as_deref().unwrap_or_default(), new_name);
        let edits = edits.map_err(|why| format!("{} {why}", file_name(&file.uri)))?;
        if !edits.is_empty() {
            let (uri, version, places) = (file.uri.clone(), file.version, file.places(negotiated));
            all.push(DocumentEdits { uri, version, edits, places });
        }
    }
    Ok(to_proto::workspace_edits(all, negotiated.has_document_changes))
}

/// The places of a state in the files of a definition's scenarios.
pub(super) fn references_in_scenarios(snapshot: &Snapshot, offset: TextSize) -> Vec<lsp::Location> {
    let Some(name) = snapshot.analysis.state_at(offset) else { return Vec::new() };
    let mut found = Vec::new();
    for file in scenarios_of(&snapshot.uri, snapshot.workspace.as_deref(), &snapshot.open_scenarios) {
        let ranges = file.document.references(&name).into_iter();
        let places = file.places(snapshot.negotiated);
        found.extend(ranges.map(|range| to_proto::location(&file.uri, range, places)));
    }
    found
}

pub(super) fn document_link(
    snapshot: &ScenarioSnapshot,
    _params: &lsp::DocumentLinkParams,
) -> Option<Vec<lsp::DocumentLink>> {
    let path = file_path(&snapshot.uri)?;
    let folder = path.parent()?;
    let workspace = snapshot.workspace.as_deref().unwrap_or(folder);
    let link = |(range, path): (_, String)| {
        let target =
            crate::session::within(folder, &path, workspace).ok().filter(|target| target.is_file())?;
        Some(lsp::DocumentLink {
            range: snapshot.places().range(range),
            target: lsp::Uri::from_file_path(target),
            tooltip: Some("Open the file".to_owned()),
            data: None,
        })
    };
    Some(snapshot.document.links().into_iter().filter_map(link).collect())
}

pub(super) fn folding_range(
    snapshot: &ScenarioSnapshot,
    _params: &lsp::FoldingRangeParams,
) -> Option<Vec<lsp::FoldingRange>> {
    let ranges = snapshot.document.folding_ranges();
    Some(ranges.into_iter().map(|range| to_proto::folding_range(range, snapshot.places())).collect())
}

pub(super) fn selection_range(
    snapshot: &ScenarioSnapshot,
    params: &lsp::SelectionRangeParams,
) -> Option<Vec<lsp::SelectionRange>> {
    let of = |position: &lsp::Position| {
        let ranges = snapshot.document.selection_ranges(offset(snapshot, *position));
        to_proto::selection_range(&ranges, snapshot.places())
    };
    Some(params.positions.iter().map(of).collect())
}

pub(super) fn formatting(
    snapshot: &ScenarioSnapshot,
    params: &lsp::DocumentFormattingParams,
) -> Option<Vec<lsp::TextEdit>> {
    let edits = snapshot.document.format(&from_proto::indent(&params.options));
    Some(to_proto::text_edits(edits, snapshot.places()))
}

pub(super) fn diagnostic(
    snapshot: &ScenarioSnapshot,
    params: &lsp::DocumentDiagnosticParams,
) -> Option<lsp::DocumentDiagnosticReport> {
    Some(to_proto::diagnostic_report(diagnostics(snapshot), params.previous_result_id.as_deref()))
}

/// All mistakes in the file.
pub(super) fn diagnostics(snapshot: &ScenarioSnapshot) -> Vec<lsp::Diagnostic> {
    let problems = snapshot.document.problems(&snapshot.surroundings());
    problems.into_iter().map(|it: Problem| to_proto::scenario_problem(it, snapshot.places())).collect()
}

fn offset(snapshot: &ScenarioSnapshot, position: lsp::Position) -> TextSize {
    from_proto::offset(snapshot.document.source(), position, snapshot.negotiated.encoding)
}
