//! Everything that an editor asks of a document.

use std::sync::Arc;

use asl_lsp::diagnostics::Config;
use asl_lsp::ide::Analysis;
use asl_lsp::text::{SourceText, TextEdit, TextRange, TextSize, apply_edits};

use super::input::{format_of, places, text};

/// Checks a document and asks everything at a few places: findings come by place, and edits fit the text.
pub fn analysis(data: &[u8]) {
    let text = text(data);
    let analysis = new(&text);
    let mut last = 0;
    for finding in analysis.diagnostics() {
        let range = finding.range;
        assert!(text.get(range.start() as usize..range.end() as usize).is_some(), "{finding:?} is outside");
        assert!(range.start() >= last, "{finding:?} is out of order");
        last = range.start();
    }
    whole(&analysis);
    for place in places(&text, text.len()) {
        let place = (place..text.len()).find(|&place| text.is_char_boundary(place)).unwrap_or(text.len());
        at(&analysis, &text, TextSize::try_from(place).unwrap_or(TextSize::MAX));
    }
}

pub(crate) fn new(text: &str) -> Analysis {
    Analysis::new(SourceText::new(text), format_of(text), Arc::new(Config::default()))
}

fn whole(analysis: &Analysis) {
    let all = TextRange::new(0, analysis.source().len());
    let _ = analysis.document_symbols();
    let _ = analysis.document_links();
    let _ = analysis.folding_ranges();
    let _ = analysis.code_lens(None);
    let _ = analysis.graph(None).to_mermaid();
    let mut last = 0;
    for token in analysis.semantic_tokens(all) {
        assert!(token.range.start() >= last, "{token:?} overlaps the one before it");
        last = token.range.end();
    }
}

fn at(analysis: &Analysis, text: &str, offset: TextSize) {
    let _ = analysis.hover(offset, None);
    let _ = analysis.goto_definition(offset);
    let _ = analysis.signature_help(offset);
    let _ = analysis.linked_editing_ranges(offset);
    let _ = (
        analysis.prepare_call_hierarchy(offset),
        analysis.incoming_calls(offset),
        analysis.outgoing_calls(offset),
    );
    let selections = analysis.selection_ranges(offset);
    for pair in selections.windows(2) {
        let [inner, outer] = pair else { continue };
        assert!(outer.cover(*inner) == *outer, "{outer:?} does not hold {inner:?}");
    }
    for completion in analysis.completion(offset, None) {
        let mut edits = completion.additional_edits;
        edits.push(completion.edit);
        apply(text, edits);
    }
    for action in analysis.code_actions(TextRange::empty(offset)) {
        apply(text, action.edits);
    }
    rename(analysis, text, offset);
}

/// Renamed to a name that is free, a document has as many states as before, if none had a name that another has.
fn rename(analysis: &Analysis, text: &str, offset: TextSize) {
    let has_doubled_name = ["DUPLICATE_STATE_NAME", "duplicate-key"]
        .iter()
        .any(|code| analysis.diagnostics().iter().any(|found| found.code == *code));
    if has_doubled_name || analysis.prepare_rename(offset).is_none() {
        return;
    }
    if let Ok(edits) = analysis.rename(offset, "renamedByTheCheck") {
        let renamed = new(&apply(text, edits));
        assert_eq!(
            analysis.machine().all_states().count(),
            renamed.machine().all_states().count(),
            "{}",
            renamed.source().as_str()
        );
    }
}

/// Edits lie within the text and apart from each other.
pub(crate) fn apply(text: &str, mut edits: Vec<TextEdit>) -> String {
    edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    let mut last = 0;
    for edit in &edits {
        let range = edit.range;
        assert!(text.get(range.start() as usize..range.end() as usize).is_some(), "{edit:?} is outside");
        assert!(range.start() >= last, "{edit:?} overlaps the one before it");
        last = range.end();
    }
    apply_edits(text, &edits)
}
