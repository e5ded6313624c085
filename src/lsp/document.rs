//! An open document, as the server keeps it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tower_lsp::ls_types::{TextDocumentContentChangeEvent, Uri};

use super::capabilities::Negotiated;
use super::config::Settings;
use super::fed::Fed;
use super::from_proto;
use super::project::Project;
use super::snapshot::{RunKey, Snapshot};
use super::steps::{Ran, View};
use crate::diagnostics::Config;
use crate::ide::{Analysis, Run};
use crate::spec::quota;
use crate::syntax::Format;
use crate::text::{ColumnEncoding, SourceText};

/// An open document.
#[derive(Debug)]
pub(super) struct Document {
    /// The client's number for the text.
    pub(super) version: i32,
    pub(super) format: Format,
    pub(super) text: SourceText,
    /// None where the text is too large.
    pub(super) analysis: Option<Arc<Analysis>>,
    pub(super) fed: Arc<Fed>,
    pub(super) project: Project,
    /// The last simulation that came to an end, perhaps of an older version.
    pub(super) run: Option<(RunKey, Ran)>,
    /// The one before, of another version or with another scenario.
    pub(super) previous: Option<Arc<Run>>,
    /// The step of the last simulation that is shown in its place.
    pub(super) view: Option<(RunKey, View)>,
    pub(super) slot: Slot,
}

/// The work on a document: at most one worker, and the latest request wins.
#[derive(Debug, Default)]
pub(super) struct Slot {
    /// Which opening of the document this is, so that a worker of an earlier one goes away.
    pub(super) opening: u64,
    pub(super) is_working: bool,
    pub(super) is_requested: bool,
    /// Set to stop the simulation that is under way.
    pub(super) cancel: Arc<AtomicBool>,
}

impl Document {
    /// Makes the analysis of the text as it is. Nothing is parsed yet.
    pub(super) fn analyse(&mut self, settings: &Settings) {
        if self.text.len() > quota::DOCUMENT_BYTES_MAX {
            self.analysis = None;
            self.run = None;
            return;
        }
        let mut levels = settings.severities.clone();
        levels.extend(self.project.levels.clone());
        let config = Config {
            workflow_type: self.project.workflow_type.unwrap_or(settings.workflow_type.workflow_type()),
            declared_tables: self.fed.declared_tables(),
            levels,
        };
        self.analysis = Some(Arc::new(Analysis::new(self.text.clone(), self.format, Arc::new(config))));
    }

    /// The step that is shown, if it is one of the last run.
    fn view(&self) -> Option<&View> {
        let (key, _) = self.run.as_ref()?;
        self.view.as_ref().filter(|(view_key, _)| view_key == key).map(|(_, view)| view)
    }

    /// The run that is shown.
    pub(super) fn shown(&self) -> Option<Arc<Run>> {
        let run = self.view().map(|view| &view.run).or(self.run.as_ref().map(|(_, ran)| &ran.run));
        run.map(Arc::clone)
    }

    /// This version of it; none where the text is too large. What lies outside of the document is not filled in.
    pub(super) fn snapshot(
        &self,
        uri: &Uri,
        negotiated: Negotiated,
        settings: Arc<Settings>,
    ) -> Option<Snapshot> {
        Some(Snapshot {
            uri: uri.clone(),
            version: self.version,
            analysis: Arc::clone(self.analysis.as_ref()?),
            run: self.shown(),
            whole: self.run.as_ref().map(|(_, ran)| ran.clone()),
            view: self.view().cloned(),
            previous: self.previous.clone(),
            run_key: self.run.as_ref().map(|(key, _)| *key),
            fed: Arc::clone(&self.fed),
            project_problems: self.project.problems.clone(),
            negotiated,
            settings,
            open_scenarios: Vec::new(),
            workspace: None,
            remote: None,
        })
    }
}

/// Changes a text, one change after the other.
pub(super) fn apply(
    text: &mut SourceText,
    changes: Vec<TextDocumentContentChangeEvent>,
    encoding: ColumnEncoding,
) {
    for change in changes {
        match change.range {
            Some(range) => {
                let range = from_proto::range(text, range, encoding);
                text.replace(range, &change.text);
            }
            None => *text = SourceText::new(&change.text),
        }
    }
}

/// What a document is written in: what the editor calls its language, else what its name ends with.
pub(super) fn format(uri: &Uri, language: &str) -> Format {
    if language.eq_ignore_ascii_case("yaml") || language.ends_with("-yaml") {
        return Format::Yaml;
    }
    Format::of_name(uri.path().as_str())
}
