//! The open documents, and the snapshots that requests work on.
//!
//! Knows neither the client nor any feature. Guards of the map never outlive a function here: whoever needs more
//! takes a [`Snapshot`].

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use dashmap::DashMap;
use serde_json::Value;
use tokio::sync::Notify;
use tower_lsp::ls_types::{ProgressToken, TextDocumentContentChangeEvent, Uri};

use super::capabilities::Negotiated;
use super::companion::{Companions, file_path};
use super::config::Settings;
use super::document::{Document, Slot, apply, format};
use super::fed::Fed;
use super::project::Project;
use super::remote::Remote;
use super::scenario_documents::{self, DefinitionRef, OpenScenarios, ScenarioSnapshot};
use super::snapshot::Snapshot;
use super::steps::{Ran, View};
use super::workers::Threads;
use crate::ide::{Run, ScenarioDocument};
use crate::scenarios::{FileReference, ScenarioFile};
use crate::text::SourceText;

/// All that the server knows.
#[derive(Debug, Default)]
pub(super) struct State {
    documents: DashMap<Uri, Document>,
    /// The files of scenarios that are open.
    scenarios: DashMap<Uri, OpenText>,
    /// Set once, by `initialize`.
    negotiated: OnceLock<Negotiated>,
    /// Shared, so that a snapshot has them as they were.
    settings: Mutex<Arc<Settings>>,
    /// The folders that the client works in.
    folders: OnceLock<Vec<PathBuf>>,
    /// The DynamoDB elsewhere, if `initialize` named one.
    remote: OnceLock<Arc<Remote>>,
    /// The names of the scenarios that were chosen, also by an earlier server: the client remembers them.
    chosen: DashMap<Uri, String>,
    /// What stops the work that the client shows the progress of, by the token of the progress.
    cancellable: DashMap<ProgressToken, Arc<AtomicBool>>,
    was_shut_down: AtomicBool,
    /// Told when a worker has nothing left to do.
    settled: Notify,
    /// How many documents were opened.
    n_opened: AtomicU64,
    /// Where work is done that takes time.
    pub(super) threads: Threads,
}

/// An open file of scenarios.
#[derive(Debug)]
struct OpenText {
    /// The client's number for the text.
    version: i32,
    text: SourceText,
    /// None where the text is too large.
    document: Option<Arc<ScenarioDocument>>,
}

/// What a worker is to do.
#[derive(Debug)]
pub(super) struct Job {
    /// The document; none where it is too large to be analysed.
    pub(super) snapshot: Option<Snapshot>,
    /// The client's number for the text.
    pub(super) version: i32,
    /// Set when there is a later request.
    pub(super) cancel: Arc<AtomicBool>,
}

impl State {
    /// What was agreed on with the client.
    pub(super) fn negotiated(&self) -> Negotiated {
        self.negotiated.get().copied().unwrap_or_default()
    }

    /// Notes what was agreed on with the client.
    pub(super) fn set_negotiated(&self, negotiated: Negotiated) {
        let _ = self.negotiated.set(negotiated);
    }

    /// The settings as they are.
    pub(super) fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes other settings. Returns the documents that have to be looked at again.
    pub(super) fn set_settings(&self, settings: Settings) -> Vec<Uri> {
        let settings = Arc::new(settings);
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&settings);
        for mut document in self.documents.iter_mut() {
            document.analyse(&settings);
        }
        self.documents.iter().map(|document| document.key().clone()).collect()
    }

    /// Notes the folders that the client works in.
    pub(super) fn set_folders(&self, folders: Vec<PathBuf>) {
        let _ = self.folders.set(folders);
    }

    /// Notes the DynamoDB elsewhere.
    pub(super) fn set_remote(&self, remote: Remote) {
        let _ = self.remote.set(Arc::new(remote));
    }

    /// The DynamoDB elsewhere, if there is one.
    pub(super) fn remote(&self) -> Option<Arc<Remote>> {
        self.remote.get().cloned()
    }

    /// The settings of the project that a document belongs to: from its folder up to the client's.
    fn project(&self, uri: &Uri) -> Project {
        let Some(path) = file_path(uri) else { return Project::default() };
        let top = self.workspace(&path);
        path.parent().map(|folder| Project::read(folder, top)).unwrap_or_default()
    }

    /// The innermost folder that the client works in and that a file lies in.
    fn workspace(&self, path: &Path) -> Option<&Path> {
        let folders = self.folders.get().map(Vec::as_slice).unwrap_or_default();
        let top = folders
            .iter()
            .filter(|folder| path.starts_with(folder))
            .max_by_key(|folder| folder.as_os_str().len());
        top.map(PathBuf::as_path)
    }

    fn companions(&self, uri: &Uri) -> Companions {
        let path = file_path(uri);
        let workspace = path.as_deref().and_then(|path| self.workspace(path));
        Companions::read(uri, workspace, &self.open_scenarios())
    }

    /// The files of scenarios that are open and not too large.
    pub(super) fn open_scenarios(&self) -> Vec<OpenScenarios> {
        let open = self.scenarios.iter().filter_map(|it| {
            let (uri, version) = (it.key().clone(), Some(it.version));
            Some(OpenScenarios { uri, version, document: Arc::clone(it.document.as_ref()?) })
        });
        open.collect()
    }

    /// A file of scenarios as it is; none where it is not open, or too large.
    pub(super) fn scenario_snapshot(&self, uri: &Uri) -> Option<ScenarioSnapshot> {
        let (version, document) = {
            let open = self.scenarios.get(uri)?;
            (open.version, Arc::clone(open.document.as_ref()?))
        };
        let definitions = self.documents.iter().filter_map(|it| {
            let (uri, version) = (it.key().clone(), Some(it.version));
            Some(DefinitionRef { uri, version, analysis: Arc::clone(it.analysis.as_ref()?) })
        });
        Some(ScenarioSnapshot {
            uri: uri.clone(),
            version,
            document,
            negotiated: self.negotiated(),
            open_definitions: definitions.collect(),
            open_scenarios: self.open_scenarios(),
            workspace: file_path(uri).and_then(|path| self.workspace(&path).map(Path::to_owned)),
        })
    }

    /// What the files of scenarios name of all documents, from their folders.
    pub(super) fn references(&self) -> Vec<FileReference> {
        let of_definition = |fed: &Fed| fed.companions.scenarios.clone();
        let companions: Vec<_> =
            self.documents.iter().filter_map(|document| of_definition(&document.fed)).collect();
        let open = self.open_scenarios();
        let files = companions.iter().map(|it| &it.file).chain(open.iter().map(|it| it.document.file()));
        files.flat_map(ScenarioFile::references).cloned().collect()
    }

    /// Notes that the client said `shutdown`.
    pub(super) fn shut_down(&self) {
        self.was_shut_down.store(true, Ordering::Relaxed);
        self.cancel_all();
    }

    /// Whether the client said `shutdown`.
    pub(super) fn was_shut_down(&self) -> bool {
        self.was_shut_down.load(Ordering::Relaxed)
    }

    /// Stops all simulations.
    pub(super) fn cancel_all(&self) {
        for document in &self.documents {
            document.slot.cancel.store(true, Ordering::Relaxed);
        }
    }

    /// A document was opened.
    pub(super) fn open(&self, uri: Uri, language: &str, version: i32, text: &str) {
        if scenario_documents::is_scenarios(&uri) {
            let text = SourceText::new(text);
            let document = scenario_documents::document(&uri, text.clone());
            self.scenarios.insert(uri, OpenText { version, text, document });
            return;
        }
        let scenario = self.chosen.get(&uri).map(|name| name.clone());
        let fed = Fed::new(self.companions(&uri), scenario);
        let mut document = Document {
            version,
            format: format(&uri, language),
            text: SourceText::new(text),
            analysis: None,
            fed: Arc::new(fed),
            project: self.project(&uri),
            run: None,
            previous: None,
            view: None,
            slot: Slot { opening: self.n_opened.fetch_add(1, Ordering::Relaxed), ..Slot::default() },
        };
        document.analyse(&self.settings());
        if let Some(old) = self.documents.insert(uri, document) {
            old.slot.cancel.store(true, Ordering::Relaxed);
        }
    }

    /// A document was changed. Returns whether it is open.
    pub(super) fn change(
        &self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) -> bool {
        let (encoding, settings) = (self.negotiated().encoding, self.settings());
        if let Some(mut open) = self.scenarios.get_mut(uri) {
            apply(&mut open.text, changes, encoding);
            open.version = version;
            open.document = scenario_documents::document(uri, open.text.clone());
            return true;
        }
        let Some(mut document) = self.documents.get_mut(uri) else { return false };
        apply(&mut document.text, changes, encoding);
        document.version = version;
        let outdated = document.analysis.take();
        document.analyse(&settings);
        drop(document);
        // The new version is not to wait for it.
        self.threads.long.free(outdated);
        true
    }

    /// The documents that are open.
    pub(super) fn uris(&self) -> Vec<Uri> {
        self.documents.iter().map(|document| document.key().clone()).collect()
    }

    /// Reads the files beside a document again. Returns whether it is open and they changed.
    pub(super) fn reread(&self, uri: &Uri) -> bool {
        let companions = self.companions(uri);
        let project = self.project(uri);
        let is_same = match self.documents.get_mut(uri) {
            Some(mut document) => std::mem::replace(&mut document.project, project.clone()) == project,
            None => true,
        };
        self.feed(uri, !is_same, |fed| {
            let is_new = fed.companions != companions;
            fed.companions = companions;
            is_new
        })
    }

    /// Takes what a command gave for simulations, and whether their tables are elsewhere. Returns whether the document is
    /// open and it is new.
    pub(super) fn give(
        &self,
        uri: &Uri,
        input: Option<Value>,
        tables: Option<Value>,
        is_remote: bool,
    ) -> bool {
        self.feed(uri, false, |fed| fed.give(input, tables, is_remote))
    }

    /// Takes the next scenario of the file beside a document, or the one of a name. Returns whether there is such a one.
    pub(super) fn choose_scenario(&self, uri: &Uri, name: Option<&str>) -> bool {
        self.feed(uri, false, |fed| {
            let name = fed.choose(name);
            let _ = name.map(|name| self.chosen.insert(uri.clone(), name.to_owned()));
            name.is_some()
        })
    }

    /// Changes what a document is fed with, and analyses it again if that or its project is another.
    fn feed(&self, uri: &Uri, has_new_project: bool, change: impl FnOnce(&mut Fed) -> bool) -> bool {
        let settings = self.settings();
        let Some(mut document) = self.documents.get_mut(uri) else { return false };
        let mut fed = Fed::clone(&document.fed);
        let is_new = change(&mut fed);
        if !is_new && !has_new_project {
            return false;
        }
        if is_new {
            fed.revision += 1;
            document.fed = Arc::new(fed);
        }
        document.analyse(&settings);
        true
    }

    /// Whether a file of scenarios is open.
    pub(super) fn has_scenarios(&self) -> bool {
        !self.scenarios.is_empty()
    }

    /// A document was closed.
    pub(super) fn close(&self, uri: &Uri) {
        self.scenarios.remove(uri);
        if let Some((_, document)) = self.documents.remove(uri) {
            document.slot.cancel.store(true, Ordering::Relaxed);
        }
    }

    /// Whether a document is open with this version of its text.
    pub(super) fn is_current(&self, uri: &Uri, version: i32) -> bool {
        self.documents.get(uri).is_some_and(|document| document.version == version)
            || self.scenarios.get(uri).is_some_and(|open| open.version == version)
    }

    /// Waits until nobody works on a snapshot's text any more, which is after it was run; no longer than this.
    pub(super) async fn settle(&self, snapshot: &Snapshot, patience: Duration) {
        let waiting = async {
            loop {
                let mut settled = std::pin::pin!(self.settled.notified());
                // From here on nothing is missed.
                settled.as_mut().enable();
                if !self.is_run_pending(snapshot) {
                    break;
                }
                settled.await;
            }
        };
        let _ = tokio::time::timeout(patience, waiting).await;
    }

    fn is_run_pending(&self, snapshot: &Snapshot) -> bool {
        let is_pending =
            |document: &Document| document.version == snapshot.version && document.slot.is_working;
        snapshot.settings.simulation.on_change
            && self.documents.get(&snapshot.uri).is_some_and(|document| is_pending(&document))
    }

    /// Whether the last run of a document is the one that a snapshot has.
    pub(super) fn has_run_of(&self, snapshot: &Snapshot) -> bool {
        let run_of = |run: &Arc<Run>| Arc::as_ptr(run);
        self.documents
            .get(&snapshot.uri)
            .is_none_or(|document| document.shown().as_ref().map(run_of) == snapshot.run.as_ref().map(run_of))
    }

    /// Whether a document is open.
    pub(super) fn is_open(&self, uri: &Uri) -> bool {
        self.documents.contains_key(uri) || self.scenarios.contains_key(uri)
    }

    /// A document as it is; none where it is not open, or too large.
    pub(super) fn snapshot(&self, uri: &Uri) -> Option<Snapshot> {
        let (negotiated, settings) = (self.negotiated(), self.settings());
        let snapshot = self.documents.get(uri)?.snapshot(uri, negotiated, settings)?;
        let workspace = file_path(uri).and_then(|path| self.workspace(&path).map(Path::to_owned));
        let remote = self.remote();
        Some(Snapshot { open_scenarios: self.open_scenarios(), workspace, remote, ..snapshot })
    }

    /// Asks for work on a document. Where a worker has to be started for it, returns the opening it works for.
    pub(super) fn request(&self, uri: &Uri) -> Option<u64> {
        let mut document = self.documents.get_mut(uri)?;
        let slot = &mut document.slot;
        slot.is_requested = true;
        slot.cancel.store(true, Ordering::Relaxed);
        let is_working = std::mem::replace(&mut slot.is_working, true);
        (!is_working).then_some(slot.opening)
    }

    /// The next thing for a document's worker; none when it can go.
    pub(super) fn next_job(&self, uri: &Uri, opening: u64) -> Option<Job> {
        let (negotiated, settings) = (self.negotiated(), self.settings());
        let mut document = self.documents.get_mut(uri).filter(|document| document.slot.opening == opening)?;
        let is_requested = std::mem::take(&mut document.slot.is_requested);
        if !is_requested {
            document.slot.is_working = false;
            self.settled.notify_waiters();
            return None;
        }
        let cancel = Arc::new(AtomicBool::new(false));
        document.slot.cancel = Arc::clone(&cancel);
        let snapshot = document.snapshot(uri, negotiated, settings);
        let snapshot = snapshot.map(|snapshot| Snapshot { remote: self.remote(), ..snapshot });
        Some(Job { snapshot, version: document.version, cancel })
    }

    /// A document's worker has gone away before there was nothing left to do.
    pub(super) fn give_up(&self, uri: &Uri, opening: u64) {
        if let Some(mut document) = self.documents.get_mut(uri).filter(|it| it.slot.opening == opening) {
            document.slot.is_working = false;
        }
        self.settled.notify_waiters();
    }

    /// Keeps a run. Returns whether the document is still as it was when the run began.
    pub(super) fn finish(&self, snapshot: &Snapshot, ran: Ran) -> bool {
        let Some(mut document) = self.documents.get_mut(&snapshot.uri) else { return false };
        let same_text = document.analysis.as_ref().is_some_and(|it| Arc::ptr_eq(it, &snapshot.analysis));
        let is_current = same_text && document.fed.revision == snapshot.fed.revision;
        if is_current {
            let key = snapshot.key();
            let old = document.run.replace((key, ran));
            if let Some((_, old)) = old.filter(|(old_key, _)| *old_key != key) {
                document.previous = Some(old.run);
            }
            document.view = document.view.take().filter(|(view_key, _)| *view_key == key);
        }
        is_current
    }

    /// Shows a step of the last run, or none for its end. Returns whether that is still the run that a snapshot has.
    pub(super) fn show(&self, snapshot: &Snapshot, view: Option<View>) -> bool {
        let Some(mut document) = self.documents.get_mut(&snapshot.uri) else { return false };
        let is_same = document.run.as_ref().map(|(key, _)| *key) == snapshot.run_key;
        if is_same {
            document.view = view.and_then(|view| Some((snapshot.run_key?, view)));
        }
        is_same
    }

    /// Notes which scenarios were chosen before, by the addresses of documents.
    pub(super) fn remember(&self, chosen: impl IntoIterator<Item = (Uri, String)>) {
        for (uri, name) in chosen {
            self.chosen.insert(uri, name);
        }
    }

    /// Lets the client stop work by the token of its progress.
    pub(super) fn let_cancel(&self, token: &ProgressToken, cancel: &Arc<AtomicBool>) {
        self.cancellable.insert(token.clone(), Arc::clone(cancel));
    }

    /// Work has come to its end.
    pub(super) fn forget_progress(&self, token: &ProgressToken) {
        self.cancellable.remove(token);
    }

    /// Stops work that the client shows the progress of.
    pub(super) fn cancel_progress(&self, token: &ProgressToken) {
        if let Some(cancel) = self.cancellable.get(token) {
            cancel.store(true, Ordering::Relaxed);
        }
    }
}
