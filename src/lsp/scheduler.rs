//! Diagnostics and live simulation: when they are computed, and that nothing outdated is shown.
//!
//! Each document has one worker at most. It publishes what is known of the latest text, then simulates it unless
//! that was done for the same machine, input and tables. A later request stops the simulation and sends the worker
//! round again. Only here does anybody look at a clock: the simulator counts steps.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::Value;
use tower_lsp::Client;
use tower_lsp::jsonrpc;
use tower_lsp::ls_types::notification::{Notification, PublishDiagnostics};
use tower_lsp::ls_types::{
    Diagnostic, DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, ProgressToken,
    PublishDiagnosticsParams, Registration, Uri,
};

use super::commands::read;
use super::snapshot::Snapshot;
use super::state::{Job, State};
use super::steps::{Goal, run_to};
use super::transport::{Message, Outlet};
use super::{handlers, progress, scenario_handlers, to_proto, views};
use crate::scenarios::{FileReference, ReferenceKind};
use crate::simulator::{RemoteRequest, Scenario, report_json};
use crate::spec::quota;

/// How long a live simulation may take.
const LIVE_TIME_MAX: Duration = Duration::from_secs(quota::LIVE_SECONDS_MAX);
/// How long a simulation on command may take.
const COMMAND_TIME_MAX: Duration = Duration::from_secs(quota::COMMAND_SECONDS_MAX);
/// A run that took this long is not started again at every keystroke.
const SLOW_RUN: Duration = Duration::from_millis(20);
/// How long to wait for further changes at most.
const DEBOUNCE_MAX: Duration = Duration::from_millis(100);
/// How long to wait for the answer to a refresh before the next may be sent.
const REFRESH_SECONDS_MAX: Duration = Duration::from_secs(2);

/// Sends work to threads and results to the client. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Scheduler {
    pub(super) client: Client,
    pub(super) state: Arc<State>,
    outlet: Outlet,
    refresh: Arc<Refresh>,
}

/// Refreshes under way: one at most of each kind, and one more if there was news meanwhile.
#[derive(Debug, Default)]
struct Refresh {
    inlay_hints: AtomicU8,
    code_lenses: AtomicU8,
    diagnostics: AtomicU8,
    /// Looking at the files of scenarios that are open.
    scenarios: AtomicU8,
    /// Reading the files beside definitions.
    companions: AtomicU8,
    /// What the client watches because a file of scenarios names it.
    watched: Mutex<BTreeSet<String>>,
}

const IDLE: u8 = 0;
const UNDER_WAY: u8 = 1;
const ONCE_MORE: u8 = 2;

/// The argument of the command that simulates.
#[derive(Debug, Deserialize)]
struct SimulateArgument {
    /// The document, which has to be open.
    uri: Uri,
    /// The execution's input; without it, or with `null`, the last one given, the file's, or `{}`.
    #[serde(default)]
    input: Option<Value>,
    /// CreateTable requests, each perhaps with `Items`; without it the last ones given or the file's.
    #[serde(default)]
    tables: Option<Value>,
    /// Whether to send what tasks ask of DynamoDB to the tables elsewhere.
    #[serde(default)]
    remote: bool,
}

/// The argument of the command that takes a scenario.
#[derive(Debug, Deserialize)]
struct ScenarioArgument {
    /// The document, which has to be open.
    uri: Uri,
    /// The scenario; without it, the next one.
    #[serde(default)]
    name: Option<String>,
}

/// Stops a simulation when whoever waits for it goes away.
pub(super) struct CancelOnDrop(pub(super) Arc<AtomicBool>);

/// A worker of a document. Where it goes away by a panic, the next request finds none and starts another.
struct Working {
    state: Arc<State>,
    uri: Uri,
    opening: u64,
}

impl Drop for Working {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.state.give_up(&self.uri, self.opening);
        }
    }
}

/// Tells a client that asked for it of the simulation that is shown now.
enum Told {}

impl Notification for Told {
    type Params = Value;
    const METHOD: &'static str = "asl/simulation";
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Scheduler {
    pub(super) fn new(client: Client, outlet: Outlet, state: Arc<State>) -> Self {
        Self { client, state, outlet, refresh: Arc::default() }
    }

    /// Asks for diagnostics and a simulation of a document as it is now.
    pub(super) fn request(&self, uri: &Uri) {
        if let Some(opening) = self.state.request(uri) {
            let (scheduler, uri) = (self.clone(), uri.clone());
            let working = Working { state: Arc::clone(&self.state), uri: uri.clone(), opening };
            tokio::spawn(async move {
                scheduler.work(uri, opening).await;
                drop(working);
            });
        }
    }

    /// Asks for the findings about all files of scenarios that are open, after one of them or a definition has changed.
    pub(super) fn check_scenarios(&self) {
        if !self.state.has_scenarios() || !is_first(&self.refresh.scenarios) {
            return;
        }
        let scheduler = self.clone();
        tokio::spawn(async move {
            loop {
                scheduler.publish_scenarios().await;
                if !is_once_more(&scheduler.refresh.scenarios) {
                    break;
                }
            }
        });
    }

    async fn publish_scenarios(&self) {
        if self.state.negotiated().pulls_diagnostics {
            return self.refresh();
        }
        for open in self.state.open_scenarios() {
            let Some(snapshot) = self.state.scenario_snapshot(&open.uri) else { continue };
            let version = snapshot.version;
            let found = self.state.threads.analysis.run(move || {
                findings(snapshot.uri.clone(), scenario_handlers::diagnostics(&snapshot), Some(version))
            });
            if let Some(found) = found.await {
                self.publish(&open.uri, version, found).await;
            }
        }
    }

    /// Reads the files beside all definitions again, and simulates those anew that are fed with something else.
    pub(super) fn reread(&self) {
        if !is_first(&self.refresh.companions) {
            return;
        }
        let scheduler = self.clone();
        tokio::spawn(async move {
            loop {
                for uri in scheduler.state.uris() {
                    let (state, asked) = (Arc::clone(&scheduler.state), uri.clone());
                    if scheduler.state.threads.long.run(move || state.reread(&asked)).await == Some(true) {
                        scheduler.request(&uri);
                    }
                }
                scheduler.watch_references().await;
                if !is_once_more(&scheduler.refresh.companions) {
                    break;
                }
            }
        });
    }

    /// Asks the client to tell when a file changes that a file of scenarios names. What was watched stays so.
    async fn watch_references(&self) {
        if !self.state.negotiated().watches_files {
            return;
        }
        let globs: BTreeSet<String> = self.state.references().iter().filter_map(watched_glob).collect();
        let (new, n_known) = {
            let mut watched = self.refresh.watched.lock().unwrap_or_else(PoisonError::into_inner);
            let n_known = watched.len();
            let new: Vec<String> = globs.into_iter().filter(|glob| watched.insert(glob.clone())).collect();
            (new, n_known)
        };
        if !new.is_empty() {
            watch(&self.client, format!("references-{n_known}"), new).await;
        }
    }

    /// Takes away what was said of a document that was closed.
    pub(super) fn clear(&self, uri: Uri) {
        let outlet = self.outlet.clone();
        tokio::spawn(async move {
            if let Some(nothing) = findings(uri, Vec::new(), None) {
                outlet.send(nothing).await;
            }
        });
    }

    /// Works for one opening of a document until there is nothing left to do.
    async fn work(self, uri: Uri, opening: u64) {
        let mut last_run = Duration::ZERO;
        while let Some(job) = self.state.next_job(&uri, opening) {
            let Job { snapshot, version, cancel } = job;
            let Some(snapshot) = snapshot else {
                let found = findings(uri.clone(), vec![to_proto::too_large()], Some(version));
                self.publish(&uri, version, found).await;
                continue;
            };
            let analysis = &self.state.threads.analysis;
            let (to_look_at, n_bytes) = (snapshot.clone(), snapshot.n_bytes());
            let looked = analysis.run_on(n_bytes, move || look_at(&to_look_at)).await;
            let Some((found, to_run)) = looked else { continue };
            self.publish(&uri, version, found).await;
            let to_prepare = snapshot.clone();
            let to_run = match to_run {
                Some(known) => known,
                None => analysis.run_on(n_bytes, move || to_run_of(&to_prepare)).await.flatten(),
            };
            let Some(Ok(scenario)) = to_run else { continue };
            if last_run >= SLOW_RUN {
                tokio::time::sleep(last_run.min(DEBOUNCE_MAX)).await;
            }
            let start = Instant::now();
            let to_run = snapshot.clone();
            let shown = progress::tell(&self.client, &self.state, &snapshot, None, &cancel);
            let ran = self.state.threads.long.run(move || {
                let machine = Arc::clone(to_run.analysis.machine());
                // Nothing is sent: what was not asked on command is not known here.
                let mut ask = |request: &RemoteRequest| to_run.recall(request);
                let stand = run_to(machine, scenario, Goal::End, &cancel, LIVE_TIME_MAX, &mut ask)?;
                let ran = stand.into_ran(to_run.tables_at());
                let found = findings_of(&to_run, handlers::diagnostics(&to_run, Some(&ran.run)));
                Some((ran, found))
            });
            let ran = ran.await.flatten();
            drop(shown);
            let Some((ran, found)) = ran else { continue };
            last_run = start.elapsed();
            if self.state.finish(&snapshot, ran) {
                self.publish(&uri, version, found).await;
                self.refresh();
                self.tell(&uri);
            }
        }
    }

    /// Publishes findings about a version, unless the text has changed since, or the client asks for them itself.
    async fn publish(&self, uri: &Uri, version: i32, found: Option<Message>) {
        if !self.state.negotiated().pulls_diagnostics
            && self.state.is_current(uri, version)
            && let Some(found) = found
        {
            self.outlet.send(found).await;
        }
    }

    /// Asks the client to fetch again what shows a run.
    pub(super) fn refresh(&self) {
        let negotiated = self.state.negotiated();
        if negotiated.refreshes_inlay_hints && is_first(&self.refresh.inlay_hints) {
            let (client, refresh) = (self.client.clone(), Arc::clone(&self.refresh));
            tokio::spawn(async move {
                loop {
                    let _ = tokio::time::timeout(REFRESH_SECONDS_MAX, client.inlay_hint_refresh()).await;
                    if !is_once_more(&refresh.inlay_hints) {
                        break;
                    }
                }
            });
        }
        if negotiated.refreshes_code_lenses && is_first(&self.refresh.code_lenses) {
            let (client, refresh) = (self.client.clone(), Arc::clone(&self.refresh));
            tokio::spawn(async move {
                loop {
                    let _ = tokio::time::timeout(REFRESH_SECONDS_MAX, client.code_lens_refresh()).await;
                    if !is_once_more(&refresh.code_lenses) {
                        break;
                    }
                }
            });
        }
        if negotiated.pulls_diagnostics && is_first(&self.refresh.diagnostics) {
            let (client, refresh) = (self.client.clone(), Arc::clone(&self.refresh));
            tokio::spawn(async move {
                loop {
                    let asked = client.workspace_diagnostic_refresh();
                    let _ = tokio::time::timeout(REFRESH_SECONDS_MAX, asked).await;
                    if !is_once_more(&refresh.diagnostics) {
                        break;
                    }
                }
            });
        }
    }

    /// Tells the client of the simulation that is shown, if it wants to know.
    pub(super) fn tell(&self, uri: &Uri) {
        if !self.state.negotiated().wants_simulations {
            return;
        }
        let (scheduler, uri) = (self.clone(), uri.clone());
        tokio::spawn(async move {
            let Some(snapshot) = scheduler.state.snapshot(&uri) else { return };
            let told = scheduler.state.threads.analysis.run(move || views::simulation(&snapshot)).await;
            if let Some(told) = told {
                scheduler.client.send_notification::<Told>(told).await;
            }
        });
    }

    /// Simulates on command.
    pub(super) async fn simulate(
        &self,
        argument: Value,
        token: Option<ProgressToken>,
    ) -> jsonrpc::Result<Option<Value>> {
        let argument: SimulateArgument =
            read(&argument, "[{\"uri\", \"input\"?, \"tables\"?, \"remote\"?}]")?;
        let uri = argument.uri;
        let mut tables = match self.state.remote().filter(|_| argument.remote) {
            Some(remote) => Some(remote.tables().map_err(jsonrpc::Error::invalid_params)?),
            None if argument.remote => {
                return Err(jsonrpc::Error::invalid_params(
                    "No DynamoDB is named: initializationOptions have no \"dynamodbEndpoint\"",
                ));
            }
            None => None,
        };
        if !self.state.is_open(&uri) {
            return Err(jsonrpc::Error::invalid_params(format!(
                "The document is not open: {}",
                uri.as_str()
            )));
        }
        self.state.reread(&uri);
        self.state.give(&uri, argument.input, argument.tables, argument.remote);
        let Some(snapshot) = self.state.snapshot(&uri) else {
            return Err(jsonrpc::Error::invalid_params("The document is too large to be simulated"));
        };
        let scenario = snapshot.scenario().map_err(jsonrpc::Error::invalid_params)?;
        let guard = CancelOnDrop(Arc::default());
        let (cancel, to_run) = (Arc::clone(&guard.0), snapshot.clone());
        let shown = progress::tell(&self.client, &self.state, &snapshot, token, &guard.0);
        let ran = self.state.threads.long.run(move || {
            let machine = Arc::clone(to_run.analysis.machine());
            let mut ask = |request: &RemoteRequest| match &mut tables {
                Some(tables) => tables.ask(request),
                None => to_run.recall(request),
            };
            let start = Arc::clone(&machine);
            let stand = run_to(start, scenario, Goal::End, &cancel, COMMAND_TIME_MAX, &mut ask)?;
            let ran = stand.into_ran(to_run.tables_at());
            let mut report = report_json(&ran.run.trace, &machine, &to_run.names());
            if let Some(tables) = &tables {
                tables.replace_tables(&mut report);
            }
            Some((ran, report))
        });
        let ran = ran.await.ok_or_else(jsonrpc::Error::internal_error)?;
        drop(shown);
        let (ran, report) = ran.ok_or_else(jsonrpc::Error::request_cancelled)?;
        if self.state.finish(&snapshot, ran) {
            self.refresh();
            self.tell(&uri);
        }
        self.request(&uri);
        Ok(Some(report))
    }
}

impl Scheduler {
    /// Takes another scenario, which is simulated at once. Answers its name.
    pub(super) fn choose_scenario(&self, argument: Value) -> jsonrpc::Result<Option<Value>> {
        let argument: ScenarioArgument = read(&argument, "[{\"uri\", \"name\"?}]")?;
        if !self.state.choose_scenario(&argument.uri, argument.name.as_deref()) {
            return Err(jsonrpc::Error::invalid_params("There is no such scenario beside the document"));
        }
        let snapshot = self.state.snapshot(&argument.uri);
        let name = snapshot.and_then(|it| it.fed.scenario_name().map(|(name, _)| Value::from(name)));
        self.request(&argument.uri);
        Ok(name)
    }
}

/// Asks the client to tell when files change.
pub(super) async fn watch(client: &Client, id: String, globs: Vec<String>) {
    let watcher = |glob| FileSystemWatcher { glob_pattern: GlobPattern::String(glob), kind: None };
    let watchers = globs.into_iter().map(watcher).collect();
    let registration = Registration {
        id,
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: serde_json::to_value(DidChangeWatchedFilesRegistrationOptions { watchers }).ok(),
    };
    if let Err(error) = client.register_capability(vec![registration]).await {
        tracing::warn!(%error, "the client does not watch files");
    }
}

/// What is watched of a file that is named, or of a folder in the place of Amazon S3: its path from wherever it begins,
/// as the folder that it is named from may lie anywhere in the workspace.
fn watched_glob(reference: &FileReference) -> Option<String> {
    let steps = reference.path.split('/').filter(|step| !matches!(*step, "" | "." | ".."));
    // What means something in a pattern may be any character.
    let step = |step: &str| step.replace(['*', '?', '[', ']', '{', '}', ','], "?");
    let path = steps.map(step).collect::<Vec<_>>().join("/");
    let end = if reference.kind == ReferenceKind::Objects { "/**" } else { "" };
    (!path.is_empty()).then(|| format!("**/{path}{end}"))
}

/// Whether nobody is refreshing; if somebody is, they will do it once more.
fn is_first(flag: &AtomicU8) -> bool {
    if flag.compare_exchange(IDLE, UNDER_WAY, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
        return true;
    }
    flag.store(ONCE_MORE, Ordering::Relaxed);
    false
}

/// Whether there was news during a refresh; if not, nobody is refreshing from now on.
fn is_once_more(flag: &AtomicU8) -> bool {
    if flag.compare_exchange(UNDER_WAY, IDLE, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
        return false;
    }
    flag.store(UNDER_WAY, Ordering::Relaxed);
    true
}

/// The message that publishes findings.
fn findings(uri: Uri, diagnostics: Vec<Diagnostic>, version: Option<i32>) -> Option<Message> {
    Message::notification::<PublishDiagnostics>(&PublishDiagnosticsParams { uri, diagnostics, version })
}

/// The message that publishes findings about a snapshot; none where nobody would get it.
fn findings_of(snapshot: &Snapshot, diagnostics: Vec<Diagnostic>) -> Option<Message> {
    if snapshot.negotiated.pulls_diagnostics {
        return None;
    }
    findings(snapshot.uri.clone(), diagnostics, Some(snapshot.version))
}

/// What is known of a version before it is simulated, and, where that takes no time of its own, what to simulate it with.
///
/// A person waits for the findings. So nothing else is done where they do not depend on it: whether the last run is still
/// true matters if something went wrong in it, and a scenario if it may be wrong itself.
fn look_at(snapshot: &Snapshot) -> (Option<Message>, Option<ToRun>) {
    let to_run = (!snapshot.fed.is_sound()).then(|| to_run_of(snapshot));
    let run = snapshot.whole.as_ref().map(|whole| &*whole.run);
    let run = run.filter(|run| run.went_wrong() && snapshot.is_run_current());
    let mut diagnostics = handlers::diagnostics(snapshot, run);
    if let Some(Some(Err(error))) = &to_run {
        diagnostics.push(to_proto::scenario_diagnostic(error.clone()));
    }
    (findings_of(snapshot, diagnostics), to_run)
}

/// What a version has to be simulated with, or what is wrong with that; none if it need not be simulated.
type ToRun = Option<Result<Scenario, String>>;

fn to_run_of(snapshot: &Snapshot) -> ToRun {
    let has_to_run = snapshot.settings.simulation.on_change && !snapshot.is_run_current();
    has_to_run.then(|| snapshot.scenario())
}
