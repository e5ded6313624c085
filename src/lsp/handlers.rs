//! One function a request: of a snapshot and the parameters, without waiting for anything.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower_lsp::ls_types as lsp;

use super::capabilities::command;
use super::config::Placement;
use super::from_proto;
use super::snapshot::Snapshot;
use super::{companion, scenario_handlers, to_proto};
use crate::diagnostics::Diagnostic;
use crate::ide::{CodeAction, HintStyle, LinkTarget, Run};
use crate::scenarios::needs_scenario;
use crate::spec::quota;
use crate::text::{TextEdit, TextRange, TextSize};

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
    let documentation = Some(to_proto::documentation(snapshot.analysis.documentation(found)));
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
    let found = snapshot.analysis.goto_definition(offset);
    let has_links = snapshot.negotiated.has_definition_links;
    (!found.is_empty()).then(|| to_proto::definitions(&found, &snapshot.uri, snapshot.places(), has_links))
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

pub(super) fn references(snapshot: &Snapshot, params: &lsp::ReferenceParams) -> Option<Vec<lsp::Location>> {
    let offset = offset(snapshot, params.text_document_position.position);
    let found = snapshot.analysis.references(offset);
    let wanted = found.iter().filter(|it| params.context.include_declaration || !it.is_definition());
    let mut all: Vec<_> =
        wanted.map(|it| to_proto::location(&snapshot.uri, it.range, snapshot.places())).collect();
    all.extend(scenario_handlers::references_in_scenarios(snapshot, offset));
    Some(all)
}

pub(super) fn document_highlight(
    snapshot: &Snapshot,
    params: &lsp::DocumentHighlightParams,
) -> Option<Vec<lsp::DocumentHighlight>> {
    let offset = offset(snapshot, params.text_document_position_params.position);
    let found = snapshot.analysis.references(offset);
    Some(found.iter().map(|it| to_proto::document_highlight(it, snapshot.places())).collect())
}

pub(super) fn prepare_rename(
    snapshot: &Snapshot,
    params: &lsp::TextDocumentPositionParams,
) -> Option<lsp::PrepareRenameResponse> {
    let found = snapshot.analysis.prepare_rename(offset(snapshot, params.position))?;
    let range = snapshot.places().range(found.range);
    Some(lsp::PrepareRenameResponse::RangeWithPlaceholder { range, placeholder: found.name })
}

pub(super) fn linked_editing_range(
    snapshot: &Snapshot,
    params: &lsp::LinkedEditingRangeParams,
) -> Option<lsp::LinkedEditingRanges> {
    let offset = offset(snapshot, params.text_document_position_params.position);
    let found = snapshot.analysis.linked_editing_ranges(offset);
    let ranges: Vec<_> = found.into_iter().map(|range| snapshot.places().range(range)).collect();
    // A name may have any character that needs no escape.
    let word_pattern = Some(r#"[^"\\\x00-\x1f]*"#.to_owned());
    (!ranges.is_empty()).then_some(lsp::LinkedEditingRanges { ranges, word_pattern })
}

pub(super) fn semantic_tokens_full(
    snapshot: &Snapshot,
    _params: &lsp::SemanticTokensParams,
) -> Option<lsp::SemanticTokensResult> {
    let whole = TextRange::new(0, snapshot.analysis.source().len());
    Some(lsp::SemanticTokensResult::Tokens(semantic_tokens(snapshot, whole)))
}

pub(super) fn semantic_tokens_range(
    snapshot: &Snapshot,
    params: &lsp::SemanticTokensRangeParams,
) -> Option<lsp::SemanticTokensRangeResult> {
    let range = from_proto::range(snapshot.analysis.source(), params.range, snapshot.encoding());
    Some(lsp::SemanticTokensRangeResult::Tokens(semantic_tokens(snapshot, range)))
}

fn semantic_tokens(snapshot: &Snapshot, range: TextRange) -> lsp::SemanticTokens {
    let tokens = snapshot.analysis.semantic_tokens(range);
    lsp::SemanticTokens { result_id: None, data: to_proto::semantic_tokens(&tokens, snapshot.places()) }
}

pub(super) fn signature_help(
    snapshot: &Snapshot,
    params: &lsp::SignatureHelpParams,
) -> Option<lsp::SignatureHelp> {
    let offset = offset(snapshot, params.text_document_position_params.position);
    snapshot.analysis.signature_help(offset).map(to_proto::signature_help)
}

pub(super) fn formatting(
    snapshot: &Snapshot,
    params: &lsp::DocumentFormattingParams,
) -> Option<Vec<lsp::TextEdit>> {
    let edits = snapshot.analysis.format(&from_proto::indent(&params.options));
    let mut edits = to_proto::text_edits(edits, snapshot.places());
    let text = snapshot.analysis.source().as_str();
    if params.options.insert_final_newline == Some(true) && !text.is_empty() && !text.ends_with('\n') {
        let end = snapshot.places().position(snapshot.analysis.source().len());
        edits.push(lsp::TextEdit::new(lsp::Range::new(end, end), "\n".to_owned()));
    }
    Some(edits)
}

pub(super) fn range_formatting(
    snapshot: &Snapshot,
    params: &lsp::DocumentRangeFormattingParams,
) -> Option<Vec<lsp::TextEdit>> {
    let range = from_proto::range(snapshot.analysis.source(), params.range, snapshot.encoding());
    let mut edits = snapshot.analysis.format(&from_proto::indent(&params.options));
    edits.retain(|edit| range.start() <= edit.range.end() && edit.range.start() <= range.end());
    Some(to_proto::text_edits(edits, snapshot.places()))
}

pub(super) fn folding_range(
    snapshot: &Snapshot,
    _params: &lsp::FoldingRangeParams,
) -> Option<Vec<lsp::FoldingRange>> {
    let ranges = snapshot.analysis.folding_ranges();
    Some(ranges.into_iter().map(|range| to_proto::folding_range(range, snapshot.places())).collect())
}

pub(super) fn selection_range(
    snapshot: &Snapshot,
    params: &lsp::SelectionRangeParams,
) -> Option<Vec<lsp::SelectionRange>> {
    let of = |position: &lsp::Position| {
        let ranges = snapshot.analysis.selection_ranges(offset(snapshot, *position));
        to_proto::selection_range(&ranges, snapshot.places())
    };
    Some(params.positions.iter().map(of).collect())
}

pub(super) fn document_link(
    snapshot: &Snapshot,
    _params: &lsp::DocumentLinkParams,
) -> Option<Vec<lsp::DocumentLink>> {
    let link = |link: crate::ide::DocumentLink| {
        let target = match link.target {
            LinkTarget::Page(address) => address.parse().ok(),
            LinkTarget::StateMachine(name) => companion::definition(&snapshot.uri, &name),
            LinkTarget::Tables => companion::tables(&snapshot.uri),
        }?;
        let range = snapshot.places().range(link.range);
        Some(lsp::DocumentLink {
            range,
            target: Some(target),
            tooltip: Some(link.tooltip.to_owned()),
            data: None,
        })
    };
    Some(snapshot.analysis.document_links().into_iter().filter_map(link).collect())
}

pub(super) fn prepare_call_hierarchy(
    snapshot: &Snapshot,
    params: &lsp::CallHierarchyPrepareParams,
) -> Option<Vec<lsp::CallHierarchyItem>> {
    let offset = offset(snapshot, params.text_document_position_params.position);
    let item = snapshot.analysis.prepare_call_hierarchy(offset)?;
    Some(vec![to_proto::call_hierarchy_item(item, &snapshot.uri, snapshot.places())])
}

pub(super) fn incoming_calls(
    snapshot: &Snapshot,
    params: &lsp::CallHierarchyIncomingCallsParams,
) -> Option<Vec<lsp::CallHierarchyIncomingCall>> {
    let places = snapshot.places();
    let calls = snapshot.analysis.incoming_calls(offset(snapshot, params.item.selection_range.start));
    let call = |call: crate::ide::Call| lsp::CallHierarchyIncomingCall {
        from: to_proto::call_hierarchy_item(call.item, &snapshot.uri, places),
        from_ranges: call.ranges.into_iter().map(|range| places.range(range)).collect(),
    };
    Some(calls.into_iter().map(call).collect())
}

pub(super) fn outgoing_calls(
    snapshot: &Snapshot,
    params: &lsp::CallHierarchyOutgoingCallsParams,
) -> Option<Vec<lsp::CallHierarchyOutgoingCall>> {
    let places = snapshot.places();
    let calls = snapshot.analysis.outgoing_calls(offset(snapshot, params.item.selection_range.start));
    let call = |call: crate::ide::Call| lsp::CallHierarchyOutgoingCall {
        to: to_proto::call_hierarchy_item(call.item, &snapshot.uri, places),
        from_ranges: call.ranges.into_iter().map(|range| places.range(range)).collect(),
    };
    Some(calls.into_iter().map(call).collect())
}

/// The states of all documents whose names have the letters of the query, in their order.
pub(super) fn workspace_symbol(snapshots: &[Snapshot], query: &str) -> lsp::WorkspaceSymbolResponse {
    let mut found = Vec::new();
    for snapshot in snapshots {
        let symbols = snapshot.analysis.document_symbols();
        let flat = to_proto::symbol_information(symbols, &snapshot.uri, snapshot.places());
        found.extend(flat.into_iter().filter(|symbol| has_letters(&symbol.name, query)));
    }
    lsp::WorkspaceSymbolResponse::Flat(found)
}

fn has_letters(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    let mut wanted = query.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase);
    wanted.all(|wanted| letters.any(|letter| letter == wanted))
}

/// What a code action that is offered without its edits is recognized by.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct OfferedAction {
    pub(super) uri: lsp::Uri,
    pub(super) version: i32,
    range: lsp::Range,
    title: String,
}

pub(super) fn code_action(
    snapshot: &Snapshot,
    params: &lsp::CodeActionParams,
) -> Option<lsp::CodeActionResponse> {
    let range = from_proto::range(snapshot.analysis.source(), params.range, snapshot.encoding());
    let is_wanted = |kind: &lsp::CodeActionKind| {
        let only = params.context.only.as_ref();
        only.is_none_or(|only| only.iter().any(|wanted| is_kind_of(kind.as_str(), wanted.as_str())))
    };
    let action = |action: CodeAction| {
        let kind = to_proto::code_action_kind(action.kind);
        let is_shown = action.disabled.is_none() || snapshot.negotiated.shows_disabled_actions;
        if !is_wanted(&kind) || !is_shown {
            return None;
        }
        let disabled = action.disabled.clone().map(|reason| lsp::CodeActionDisabled { reason });
        let has_edits = disabled.is_none();
        let offered = OfferedAction {
            uri: snapshot.uri.clone(),
            version: snapshot.version,
            range: params.range,
            title: action.title.clone(),
        };
        let is_lazy = snapshot.negotiated.resolves_code_actions;
        let diagnostics = fixed(snapshot, &action, &params.context.diagnostics);
        Some(lsp::CodeActionOrCommand::CodeAction(lsp::CodeAction {
            kind: Some(kind),
            is_preferred: (action.is_preferred && !diagnostics.is_empty()).then_some(true),
            diagnostics: (!diagnostics.is_empty()).then_some(diagnostics),
            title: action.title,
            disabled,
            data: (is_lazy && has_edits).then(|| serde_json::to_value(offered).ok()).flatten(),
            edit: (!is_lazy && has_edits).then(|| workspace_edit(snapshot, action.edits)),
            ..lsp::CodeAction::default()
        }))
    };
    Some(snapshot.analysis.code_actions(range).into_iter().filter_map(action).collect())
}

/// The edits of a code action that was offered for this text.
pub(super) fn code_action_edit(snapshot: &Snapshot, offered: &OfferedAction) -> Option<lsp::WorkspaceEdit> {
    let range = from_proto::range(snapshot.analysis.source(), offered.range, snapshot.encoding());
    let mut actions = snapshot.analysis.code_actions(range).into_iter();
    let action = actions.find(|action| action.title == offered.title)?;
    Some(workspace_edit(snapshot, action.edits))
}

fn is_kind_of(kind: &str, wanted: &str) -> bool {
    kind.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The client's diagnostics that an action does away with.
fn fixed(snapshot: &Snapshot, action: &CodeAction, shown: &[lsp::Diagnostic]) -> Vec<lsp::Diagnostic> {
    let is_fixed = |shown: &&lsp::Diagnostic| {
        let range = from_proto::range(snapshot.analysis.source(), shown.range, snapshot.encoding());
        let is_there = range.start() <= action.range.end() && action.range.start() <= range.end();
        let code = match &shown.code {
            Some(lsp::NumberOrString::String(code)) => code.as_str(),
            _ => "",
        };
        is_there && action.fixes.contains(&code)
    };
    shown.iter().filter(is_fixed).cloned().collect()
}

fn workspace_edit(snapshot: &Snapshot, edits: Vec<TextEdit>) -> lsp::WorkspaceEdit {
    let version = snapshot.negotiated.has_document_changes.then_some(snapshot.version);
    to_proto::workspace_edit(edits, snapshot.uri.clone(), version, snapshot.places())
}

pub(super) fn diagnostic(
    snapshot: &Snapshot,
    params: &lsp::DocumentDiagnosticParams,
) -> Option<lsp::DocumentDiagnosticReport> {
    let run = snapshot.whole.as_ref().map(|whole| &*whole.run).filter(|_| snapshot.is_run_current());
    let mut found = diagnostics(snapshot, run);
    if let Err(error) = snapshot.scenario() {
        found.push(to_proto::scenario_diagnostic(error));
    }
    Some(to_proto::diagnostic_report(found, params.previous_result_id.as_deref()))
}

pub(super) fn inlay_hint(snapshot: &Snapshot, params: &lsp::InlayHintParams) -> Option<Vec<lsp::InlayHint>> {
    let settings = &snapshot.settings.inlay_hints;
    let run = snapshot.run.as_deref().filter(|_| settings.enabled)?;
    let range = from_proto::range(snapshot.analysis.source(), params.range, snapshot.encoding());
    let is_marked = settings.mark_changes && snapshot.view.is_none();
    let style = HintStyle {
        label_chars_max: settings.max_length,
        is_after_name: settings.placement == Placement::Name,
        previous: snapshot.previous.as_deref().filter(|_| is_marked),
    };
    let hints = snapshot.analysis.inlay_hints(run, range, style);
    Some(hints.into_iter().map(|hint| to_proto::inlay_hint(hint, snapshot.places())).collect())
}

pub(super) fn code_lens(snapshot: &Snapshot, _params: &lsp::CodeLensParams) -> Option<Vec<lsp::CodeLens>> {
    let lenses = snapshot.analysis.code_lens(snapshot.run.as_deref());
    let lens = |lens| to_proto::code_lens(lens, &snapshot.uri, snapshot.places());
    let mut lenses: Vec<lsp::CodeLens> = lenses.into_iter().map(lens).collect();
    let Some(first) = lenses.first().map(|lens| lens.range) else { return Some(lenses) };
    let at_top = |title: String, command: &str, arguments: Value| {
        to_proto::command_lens(first, title, command, &snapshot.uri, arguments)
    };
    if let Some((name, _)) = snapshot.fed.scenario_name() {
        lenses.push(at_top(format!("Scenario: {name}"), command::SCENARIO, json!({})));
    }
    let can_be_created = snapshot.fed.is_bare() && companion::new_scenarios(&snapshot.uri).is_some();
    if can_be_created && needs_scenario(snapshot.analysis.machine()) {
        lenses.push(at_top("Create scenario".to_owned(), command::CREATE_SCENARIO, json!({})));
    }
    if let Some(remote) = &snapshot.remote {
        let title = format!("Simulate with the tables at {}", remote.url());
        lenses.push(at_top(title, command::SIMULATE, json!({"remote": true})));
    }
    if snapshot.view.is_some() {
        for (title, to) in [("◀ Back", "previous"), ("Forward ▶", "next"), ("Leave", "last")] {
            lenses.push(at_top(title.to_owned(), command::STEP, json!({"to": to})));
        }
    } else if snapshot.whole.is_some() && snapshot.is_run_current() {
        lenses.push(at_top("Step through".to_owned(), command::STEP, json!({"to": "first"})));
    }
    if snapshot.settings.code_lens.test_state {
        let states = snapshot.run.as_deref().map(|run| snapshot.analysis.visited_tasks(run));
        for (name, range) in states.unwrap_or_default() {
            let range = snapshot.places().range(range);
            let arguments = json!({"state": name});
            lenses.push(to_proto::command_lens(
                range,
                "Test this state".to_owned(),
                command::TEST_STATE,
                &snapshot.uri,
                arguments,
            ));
        }
    }
    Some(lenses)
}

/// All findings: about the definition, about a run of it, about what the simulation is fed with.
pub(super) fn diagnostics(snapshot: &Snapshot, run: Option<&Run>) -> Vec<lsp::Diagnostic> {
    let places = snapshot.places();
    let analysis = &snapshot.analysis;
    let (shown, n_others) = most_severe(analysis.diagnostics(), quota::FINDINGS_SHOWN_MAX);
    let mut found: Vec<_> =
        shown.into_iter().map(|it| to_proto::diagnostic(it, &snapshot.uri, places)).collect();
    if n_others > 0 {
        found.push(to_proto::others_diagnostic(n_others));
    }
    let problems = snapshot.fed.problems().iter().cloned();
    found.extend(problems.map(to_proto::scenario_diagnostic));
    found.extend(snapshot.project_problems.iter().cloned().map(to_proto::project_diagnostic));
    let of_run = run.map(|run| analysis.run_diagnostics(run)).unwrap_or_default();
    found.extend(of_run.iter().map(|it| to_proto::run_diagnostic(it, &snapshot.uri, places)));
    found
}

/// So many findings, of the most severe ones the first, and how many others there are.
fn most_severe(found: &[Diagnostic], n_max: usize) -> (Vec<&Diagnostic>, usize) {
    let mut shown: Vec<&Diagnostic> = found.iter().collect();
    if found.len() > n_max {
        shown.sort_by_key(|it| it.severity);
        shown.truncate(n_max);
        shown.sort_by_key(|it| it.range.start());
    }
    let n_others = found.len() - shown.len();
    (shown, n_others)
}

fn offset(snapshot: &Snapshot, position: lsp::Position) -> TextSize {
    from_proto::offset(snapshot.analysis.source(), position, snapshot.encoding())
}
