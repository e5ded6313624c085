//! What can be done about a place: fixes of mistakes, and changes of form that keep the meaning.
//!
//! One file an action. Each looks at the document itself, not at diagnostics: it names the codes of the findings that
//! it does away with, and whoever shows both brings them together.

mod add_state;
mod dynamodb_expression;
mod end_or_next;
mod error_prefix;
mod extract_branch;
mod handlers;
mod item_processor;
mod number_value;
mod remove_state;
mod scene;
mod sdk_action;
mod sort_states;
#[cfg(test)]
mod testing;
mod to_jsonata;

use self::scene::Scene;
use super::Analysis;
use crate::text::{TextEdit, TextRange};

/// What an action is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeActionKind {
    /// It does away with a mistake.
    QuickFix,
    /// It says the same in another way.
    Rewrite,
    /// It takes a part out into something of its own.
    Extract,
}

/// Something that can be done about a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeAction {
    /// What it does, in the imperative. No two actions of one place have the same.
    pub title: String,
    /// What it is for.
    pub kind: CodeActionKind,
    /// The codes of the findings that it does away with, if they are about `range`.
    pub fixes: &'static [&'static str],
    /// What it is about.
    pub range: TextRange,
    /// Whether it is the one to be taken without asking, where it fixes a finding.
    pub is_preferred: bool,
    /// What it changes, in the order of the text.
    pub edits: Vec<TextEdit>,
    /// Why it cannot be done here; there are no edits then.
    pub disabled: Option<String>,
}

/// The actions for a range, fixes first.
pub(super) fn code_actions(analysis: &Analysis, range: TextRange) -> Vec<CodeAction> {
    let mut actions = Vec::new();
    let Some(scene) = Scene::new(analysis, range) else { return actions };
    for source in SOURCES {
        source(&scene, &mut actions);
    }
    actions.sort_by_key(|action| action.kind != CodeActionKind::QuickFix);
    for action in &mut actions {
        action.edits.sort_by_key(|edit| edit.range);
    }
    actions.retain(|action| !action.edits.is_empty() || action.disabled.is_some());
    actions
}

/// Adds the actions of one file.
type Source = fn(&Scene<'_>, &mut Vec<CodeAction>);

const SOURCES: &[Source] = &[
    add_state::actions,
    sdk_action::actions,
    error_prefix::actions,
    dynamodb_expression::actions,
    number_value::actions,
    item_processor::actions,
    end_or_next::actions,
    handlers::actions,
    remove_state::actions,
    extract_branch::actions,
    sort_states::actions,
    to_jsonata::actions,
];
