//! The open documents, and the snapshots that requests work on.
//!
//! Knows neither the client nor any feature. Guards of the map never outlive a function here: whoever needs more
//! takes a [`Snapshot`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use dashmap::DashMap;
use serde_json::Value;
use tokio::sync::Notify;
use tower_lsp::ls_types::{ProgressToken, TextDocumentContentChangeEvent, Uri};

use super::capabilities::Negotiated;
use super::companion::{Companions, file_path, stem};
use super::config::Settings;
use super::project::Project;
use super::remote::Remote;
use super::scenario_documents::{self, DefinitionRef, OpenScenarios, ScenarioSnapshot};
use super::steps::{Ran, View};
use super::workers::Threads;
use super::{from_proto, to_proto::Places};
use crate::diagnostics::{Config, WorkflowType};
use crate::ide::{Analysis, Run, ScenarioDocument};
use crate::model::Fingerprint;
use crate::scenarios::{FileReference, NamedScenario, ScenarioFile};
use crate::semantic::TableSchema;
use crate::simulator::{Names, RemoteAnswer, RemoteRequest, Scenario};
use crate::spec::quota;
use crate::syntax::Format;
use crate::text::{ColumnEncoding, SourceText};

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

/// An open document.
#[derive(Debug)]
struct Document {
    /// The client's number for the text.
    version: i32,
    format: Format,
    text: SourceText,
    /// None where the text is too large.
    analysis: Option<Arc<Analysis>>,
    fed: Arc<Fed>,
    project: Project,
    /// The last simulation that came to an end, perhaps of an older version.
    run: Option<(RunKey, Ran)>,
    /// The one before, of another version or with another scenario.
    previous: Option<Arc<Run>>,
    /// The step of the last simulation that is shown in its place.
    view: Option<(RunKey, View)>,
    slot: Slot,
}

/// What simulations of a document are fed with.
#[derive(Clone, Debug, Default)]
pub(super) struct Fed {
    /// Counts the changes.
    revision: u64,
    companions: Companions,
    /// What the last command gave, which goes before the files.
    input: Option<Value>,
    tables: Option<Value>,
    /// The name of the scenario that was chosen.
    scenario: Option<String>,
    /// Whether the last command sent it to the tables elsewhere.
    pub(super) is_remote: bool,
}

/// What a run depends on: a run with the same key need not be done again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RunKey {
    fingerprint: Fingerprint,
    revision: u64,
    is_express: bool,
}

/// The work on a document: at most one worker, and the latest request wins.
#[derive(Debug, Default)]
struct Slot {
    /// Which opening of the document this is, so that a worker of an earlier one goes away.
    opening: u64,
    is_working: bool,
    is_requested: bool,
    /// Set to stop the simulation that is under way.
    cancel: Arc<AtomicBool>,
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

/// One version of a document with all that a request needs. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) analysis: Arc<Analysis>,
    /// The simulation that is shown, perhaps of an older version: the last, or a step of it.
    pub(super) run: Option<Arc<Run>>,
    /// The last simulation as a whole.
    pub(super) whole: Option<Ran>,
    /// The step of it that is shown; none for its end.
    pub(super) view: Option<View>,
    /// The simulation before the last.
    pub(super) previous: Option<Arc<Run>>,
    run_key: Option<RunKey>,
    pub(super) fed: Arc<Fed>,
    /// What is wrong with the file of the project.
    pub(super) project_problems: Vec<String>,
    pub(super) negotiated: Negotiated,
    pub(super) settings: Arc<Settings>,
    /// The files of scenarios that are open.
    pub(super) open_scenarios: Vec<OpenScenarios>,
    /// The folder that nothing outside of is read.
    pub(super) workspace: Option<PathBuf>,
    /// The DynamoDB elsewhere, if there is one.
    pub(super) remote: Option<Arc<Remote>>,
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
        let fed = Fed { companions: self.companions(&uri), scenario, ..Fed::default() };
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
        self.feed(uri, false, |fed| {
            let is_new = (input.is_some() && fed.input != input)
                || (tables.is_some() && fed.tables != tables)
                || fed.is_remote != is_remote;
            fed.is_remote = is_remote;
            fed.input = input.or(fed.input.take());
            fed.tables = tables.or(fed.tables.take());
            is_new
        })
    }

    /// Takes the next scenario of the file beside a document, or the one of a name. Returns whether there is such a one.
    pub(super) fn choose_scenario(&self, uri: &Uri, name: Option<&str>) -> bool {
        self.feed(uri, false, |fed| {
            let Some(scenarios) = &fed.companions.scenarios else { return false };
            let all = &scenarios.file.scenarios;
            let current =
                all.iter().position(|it| fed.scenario.as_deref() == Some(it.name.as_str())).unwrap_or(0);
            let next = match name {
                Some(name) => all.iter().find(|it| it.name == name),
                None => all.iter().cycle().nth(current + 1),
            };
            let Some(next) = next else { return false };
            self.chosen.insert(uri.clone(), next.name.clone());
            fed.scenario = Some(next.name.clone());
            // What a command gave before was for another scenario.
            (fed.input, fed.tables, fed.is_remote) = (None, None, false);
            true
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

/// Changes a text, one change after the other.
fn apply(text: &mut SourceText, changes: Vec<TextDocumentContentChangeEvent>, encoding: ColumnEncoding) {
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
fn format(uri: &Uri, language: &str) -> Format {
    if language.eq_ignore_ascii_case("yaml") || language.ends_with("-yaml") {
        return Format::Yaml;
    }
    Format::of_name(uri.path().as_str())
}

impl Document {
    /// Makes the analysis of the text as it is. Nothing is parsed yet.
    fn analyse(&mut self, settings: &Settings) {
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
    fn shown(&self) -> Option<Arc<Run>> {
        let run = self.view().map(|view| &view.run).or(self.run.as_ref().map(|(_, ran)| &ran.run));
        run.map(Arc::clone)
    }

    fn snapshot(&self, uri: &Uri, negotiated: Negotiated, settings: Arc<Settings>) -> Option<Snapshot> {
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

impl Fed {
    /// The execution's input: the command's, else the file's, else an empty object.
    fn input(&self) -> Value {
        let given = self.input.as_ref().or(self.companions.input.as_ref());
        given.cloned().unwrap_or_else(|| Value::Object(serde_json::Map::new()))
    }

    fn tables(&self) -> Option<&Value> {
        self.tables.as_ref().or(self.companions.tables.as_ref())
    }

    /// The scenario that is simulated: the one that was chosen, else the first. None where a command gave an input or
    /// tables, which go before it.
    fn named_scenario(&self) -> Option<&NamedScenario> {
        if self.input.is_some() || self.tables.is_some() {
            return None;
        }
        let file = &self.companions.scenarios.as_ref()?.file;
        let chosen = self.scenario.as_deref().and_then(|name| file.find(name));
        chosen.or(file.scenarios.first())
    }

    /// The scenarios of the file beside the document.
    pub(super) fn scenarios(&self) -> &[NamedScenario] {
        self.companions.scenarios.as_ref().map(|it| it.file.scenarios.as_slice()).unwrap_or_default()
    }

    /// Whether nothing beside the document says what to simulate with.
    pub(super) fn is_bare(&self) -> bool {
        self.companions.scenarios.is_none() && self.companions.input.is_none()
    }

    /// Whether no part of what it simulates with can be wrong: nothing is given beside the document.
    pub(super) fn is_sound(&self) -> bool {
        self.is_bare() && self.tables().is_none()
    }

    /// Whether the scenario that is simulated was chosen, and is not just the first.
    pub(super) fn is_scenario_chosen(&self) -> bool {
        self.named_scenario().is_some_and(|named| self.scenario.as_deref() == Some(named.name.as_str()))
    }

    /// The name of the scenario that is simulated, and how many there are.
    pub(super) fn scenario_name(&self) -> Option<(&str, usize)> {
        let n_scenarios = self.companions.scenarios.as_ref()?.file.scenarios.len();
        Some((self.named_scenario()?.name.as_str(), n_scenarios))
    }

    fn declared_tables(&self) -> BTreeMap<String, TableSchema> {
        if let (Some(scenarios), Some(named)) = (&self.companions.scenarios, self.named_scenario()) {
            let tables = Value::Array(scenarios.file.tables(named, &scenarios.files));
            return TableSchema::declared(&tables);
        }
        self.tables().map(TableSchema::declared).unwrap_or_default()
    }

    /// Why a file beside the document could not be used.
    pub(super) fn problems(&self) -> &[String] {
        &self.companions.problems
    }
}

impl Snapshot {
    /// The text with what columns count.
    pub(super) fn places(&self) -> Places<'_> {
        Places { source: self.analysis.source(), encoding: self.encoding() }
    }

    /// The length of the text, in bytes.
    pub(super) fn n_bytes(&self) -> u32 {
        self.analysis.source().len()
    }

    /// What columns count.
    pub(super) fn encoding(&self) -> ColumnEncoding {
        self.negotiated.encoding
    }

    /// What a run of this snapshot depends on. Parses the document if that was not done yet.
    pub(super) fn key(&self) -> RunKey {
        RunKey {
            fingerprint: self.analysis.fingerprint(),
            revision: self.fed.revision,
            is_express: self.is_express(),
        }
    }

    /// Whether the last run is of this machine, with the same input and tables.
    pub(super) fn is_run_current(&self) -> bool {
        self.run_key == Some(self.key())
    }

    /// What to simulate with.
    ///
    /// # Errors
    ///
    /// What in the files beside the document, or in what a command gave, cannot be used.
    pub(super) fn scenario(&self) -> Result<Scenario, String> {
        if let (Some(scenarios), Some(named)) = (&self.fed.companions.scenarios, self.fed.named_scenario()) {
            let machine = self.analysis.machine();
            let built = scenarios.file.scenario(named, machine, &stem(&self.uri), &scenarios.files);
            let scenario = built.map_err(|error| format!("Scenario \"{}\": {error}", named.name))?;
            return Ok(Scenario {
                is_express: self.is_express() || scenario.is_express,
                is_database_remote: self.fed.is_remote,
                ..scenario
            });
        }
        let database = self.analysis.database(self.fed.tables());
        Ok(Scenario {
            input: Arc::new(self.fed.input()),
            database: database.map_err(|error| format!("The tables cannot be made: {error}"))?,
            names: self.names(),
            is_express: self.is_express(),
            is_database_remote: self.fed.is_remote,
            ..Scenario::default()
        })
    }

    /// The address of the tables that are simulated with, where they are elsewhere.
    pub(super) fn tables_at(&self) -> Option<Arc<str>> {
        self.remote.as_ref().filter(|_| self.fed.is_remote).map(|remote| remote.url())
    }

    /// What is known of what the tables elsewhere would answer. Asks nobody.
    pub(super) fn recall(&self, request: &RemoteRequest) -> RemoteAnswer {
        match &self.remote {
            Some(remote) => remote.recall(request),
            None => RemoteAnswer::Unavailable("There are no tables elsewhere".to_owned()),
        }
    }

    /// The names of the state machine and its execution.
    pub(super) fn names(&self) -> Names {
        Names::new(&stem(&self.uri))
    }

    fn is_express(&self) -> bool {
        self.analysis.config().workflow_type == WorkflowType::Express
    }
}
