//! The commands: what they take, and which part of the server carries them out. editors/PROTOCOL.md describes them.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::*;

use super::capabilities::command;
use super::companion;
use super::scheduler::{CancelOnDrop, Scheduler};
use super::snapshot::Snapshot;
use super::steps::{Goal, Ran, View, run_to};
use super::views::{self, GraphFormat};
use crate::scenarios::skeleton;
use crate::simulator::{RemoteAnswer, RemoteRequest};
use crate::spec::quota;

/// How long going to a step may take.
const STEP_TIME_MAX: Duration = Duration::from_secs(quota::STEP_SECONDS_MAX);
/// How long to wait for the run that a change has set going.
const PATIENCE: Duration = Duration::from_secs(3);

/// The argument of a command about a document.
#[derive(Debug, Deserialize)]
struct DocumentArgument {
    /// The document, which has to be open.
    uri: Uri,
}

/// The argument of the command that draws the graph.
#[derive(Debug, Deserialize)]
struct GraphArgument {
    #[serde(default)]
    format: GraphFormat,
}

/// The argument of the command that goes to a step.
#[derive(Debug, Deserialize)]
struct StepArgument {
    /// Where to go from the step that is shown.
    #[serde(default)]
    to: Option<Direction>,
    /// The number of the step, from 1.
    #[serde(default)]
    step: Option<usize>,
    /// The step that recorded the event of this number.
    #[serde(default)]
    event: Option<u32>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Direction {
    First,
    Previous,
    Next,
    Last,
}

/// The argument of the command that tests a state.
#[derive(Debug, Deserialize)]
struct TestStateArgument {
    /// The name of the state.
    state: String,
    /// The input; that of the state's last visit if it is not given.
    #[serde(default)]
    input: Option<Value>,
}

impl Scheduler {
    /// Carries out a command. What it changes is changed before the first `.await`, and so is its snapshot taken.
    pub(super) async fn execute(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        let ExecuteCommandParams { command, arguments, work_done_progress_params } = params;
        let argument = arguments.into_iter().next().unwrap_or_default();
        match command.as_str() {
            command::SIMULATE => {
                return self.simulate(argument, work_done_progress_params.work_done_token).await;
            }
            command::SCENARIO => return self.choose_scenario(argument),
            _ if !command::ALL.contains(&command.as_str()) => {
                return Err(Error::invalid_params(format!("Unknown command: {command}")));
            }
            _ => {}
        }
        let DocumentArgument { uri } = read(&argument, "[{\"uri\"}] of an open document")?;
        let taken = self.state.snapshot(&uri);
        let Some(snapshot) = taken else {
            let message = format!("The document is not open, or too large: {}", uri.as_str());
            return Err(Error::invalid_params(message));
        };
        match command.as_str() {
            command::CREATE_SCENARIO => self.create_scenario(snapshot).await,
            command::SCENARIOS => Ok(Some(views::scenarios(&snapshot))),
            command::GRAPH => {
                let GraphArgument { format } = read(&argument, "[{\"uri\", \"format\"?}]")?;
                let snapshot = self.settled(snapshot).await;
                let graph = self.computed(move || views::graph(&snapshot, format)).await?;
                graph.map(Some).map_err(|error| Error::invalid_params(error.to_string()))
            }
            command::TEST_STATE => {
                let TestStateArgument { state, input } =
                    read(&argument, "[{\"uri\", \"state\", \"input\"?}]")?;
                let snapshot = self.settled(snapshot).await;
                let tested = self.computed(move || views::tested_state(&snapshot, &state, input)).await?;
                tested.map(Some).map_err(Error::invalid_params)
            }
            command::STEP => {
                let to = read(&argument, "[{\"uri\", \"to\" or \"step\" or \"event\"}]")?;
                let snapshot = self.settled(snapshot).await;
                self.step(snapshot, &to).await
            }
            command::TABLES => {
                let snapshot = self.settled(snapshot).await;
                self.computed(move || views::tables(&snapshot)).await
            }
            command::HISTORY => {
                let snapshot = self.settled(snapshot).await;
                self.computed(move || views::history(&snapshot)).await
            }
            _ => {
                let snapshot = self.settled(snapshot).await;
                self.computed(move || Some(views::simulation(&snapshot))).await
            }
        }
    }

    /// The document once the run that is under way has ended, so that nobody is told what is outdated.
    async fn settled(&self, snapshot: Snapshot) -> Snapshot {
        self.state.settle(&snapshot, PATIENCE).await;
        self.state.snapshot(&snapshot.uri).unwrap_or(snapshot)
    }

    /// Computes what may take long.
    async fn computed<R: Send + 'static>(&self, work: impl FnOnce() -> R + Send + 'static) -> Result<R> {
        self.state.threads.long.run(work).await.ok_or_else(Error::internal_error)
    }

    /// Shows another step of the last run.
    async fn step(&self, snapshot: Snapshot, to: &StepArgument) -> Result<Option<Value>> {
        let Some(whole) = snapshot.whole.clone().filter(|_| snapshot.is_run_current()) else {
            return Err(Error::invalid_params("There is no simulation of the document as it is"));
        };
        let n_steps = whole.n_steps;
        let here = snapshot.view.as_ref().map_or(n_steps, |view| view.step);
        let goal = match (to.to, to.step, to.event) {
            (Some(Direction::First), ..) => Goal::Step(1),
            (Some(Direction::Previous), ..) => Goal::Step(here.saturating_sub(1).max(1)),
            (Some(Direction::Next), ..) => Goal::Step(here + 1),
            (None, Some(step), _) => Goal::Step(step.max(1)),
            (None, None, Some(event)) => Goal::Event(event),
            (Some(Direction::Last), ..) | (None, None, None) => Goal::End,
        };
        let is_end = goal == Goal::End || matches!(goal, Goal::Step(step) if step >= n_steps);
        let view = if is_end { None } else { self.replay(&snapshot, goal, whole).await? };
        if !self.state.show(&snapshot, view) {
            return Err(Error::new(tower_lsp::jsonrpc::ErrorCode::ContentModified));
        }
        self.refresh();
        self.tell(&snapshot.uri);
        let shown = self.state.snapshot(&snapshot.uri).unwrap_or(snapshot);
        self.computed(move || Some(views::simulation(&shown))).await
    }

    /// Runs up to a step again; none where that is the last. Tables elsewhere are not asked again.
    async fn replay(&self, snapshot: &Snapshot, goal: Goal, whole: Ran) -> Result<Option<View>> {
        let scenario = snapshot.scenario().map_err(Error::invalid_params)?;
        let guard = CancelOnDrop(Arc::<AtomicBool>::default());
        let (cancel, machine) = (Arc::clone(&guard.0), Arc::clone(snapshot.analysis.machine()));
        let answers = Arc::clone(&whole.answers);
        let replayed = self.computed(move || {
            let mut left = answers.iter().cloned();
            let mut ask = |_: &RemoteRequest| {
                let none = || RemoteAnswer::Unavailable("It was not asked".to_owned());
                left.next().unwrap_or_else(none)
            };
            run_to(machine, scenario, goal, &cancel, STEP_TIME_MAX, &mut ask)
        });
        let stand = replayed.await?.ok_or_else(Error::request_cancelled)?;
        let view = stand.into_view(&whole);
        Ok((view.step < whole.n_steps).then_some(view))
    }

    /// Asks the client to make a first file of scenarios.
    async fn create_scenario(&self, snapshot: Snapshot) -> Result<Option<Value>> {
        if !snapshot.fed.scenarios().is_empty() {
            return Err(Error::invalid_params("There is a file of scenarios beside the document already"));
        }
        let Some(uri) = companion::new_scenarios(&snapshot.uri) else {
            return Err(Error::invalid_params("The document has to be saved first"));
        };
        let text = self.computed(move || skeleton(snapshot.analysis.machine())).await?;
        let negotiated = self.state.negotiated();
        if negotiated.creates_files {
            let (client, uri, text) = (self.client.clone(), uri.clone(), text.clone());
            tokio::spawn(async move {
                let applied = client.apply_edit(new_file(uri.clone(), text)).await;
                if applied.is_ok_and(|applied| applied.applied) && negotiated.shows_documents {
                    let params =
                        ShowDocumentParams { uri, external: None, take_focus: Some(true), selection: None };
                    let _ = client.show_document(params).await;
                }
            });
        }
        Ok(Some(json!({"uri": uri, "text": text, "isApplied": negotiated.creates_files})))
    }
}

/// The edit that makes a file.
fn new_file(uri: Uri, text: String) -> WorkspaceEdit {
    let options = CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) };
    let create = CreateFile { uri: uri.clone(), options: Some(options), annotation_id: None };
    let edit = TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version: None },
        edits: vec![OneOf::Left(TextEdit { range: Range::default(), new_text: text })],
    };
    let operations =
        vec![DocumentChangeOperation::Op(ResourceOp::Create(create)), DocumentChangeOperation::Edit(edit)];
    WorkspaceEdit {
        document_changes: Some(DocumentChanges::Operations(operations)),
        ..WorkspaceEdit::default()
    }
}

/// Reads the argument of a command.
pub(super) fn read<T: DeserializeOwned>(argument: &Value, expected: &str) -> Result<T> {
    T::deserialize(argument).map_err(|error| Error::invalid_params(format!("Expected {expected}: {error}")))
}
