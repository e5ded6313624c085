//! The methods of the protocol, one line each: which part of the server does it.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};

use super::capabilities::{Negotiated, initialize_result};
use super::companion::WATCHED_GLOBS;
use super::config::{SECTION, Settings, chosen_scenarios, remote_settings};
use super::from_proto::{self, AboutDocument};
use super::guard::caught;
use super::handlers::{self, OfferedAction};
use super::remote::Remote;
use super::scenario_documents::{ScenarioSnapshot, is_scenarios};
use super::scenario_handlers;
use super::scheduler::{Scheduler, watch};
use super::snapshot::Snapshot;
use super::state::State;
use super::to_proto::{self, CompletionRef};
use super::transport::Outlet;
use crate::spec::quota;

/// The protocol's code for a request that is refused.
const REQUEST_FAILED: i64 = -32803;

/// The server of one client.
#[derive(Debug)]
pub(super) struct Server {
    client: Client,
    state: Arc<State>,
    scheduler: Scheduler,
}

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        // Where it panics tower-lsp would wait for its end for ever.
        caught(|| self.meet(&params)).ok_or_else(Error::internal_error)
    }

    async fn initialized(&self, _: InitializedParams) {
        self.watch_files();
    }

    async fn shutdown(&self) -> Result<()> {
        self.state.shut_down();
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.open(params.text_document);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.change(params);
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        self.save(&params.text_document.uri);
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.close(params.text_document.uri);
    }

    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {
        self.reread();
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        self.configure(&params.settings);
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        self.respond_of_either(params, handlers::hover, scenario_handlers::hover).await
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        self.respond_of_either(params, handlers::completion, scenario_handlers::completion).await
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        self.resolve(item).await
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        self.respond_of_either(params, handlers::goto_definition, scenario_handlers::goto_definition).await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        self.respond_of_either(params, handlers::references, scenario_handlers::references).await
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        self.respond_of_either(params, handlers::document_highlight, scenario_handlers::document_highlight)
            .await
    }

    async fn prepare_rename(
        &self,
        params: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        self.respond_of_either(params, handlers::prepare_rename, scenario_handlers::prepare_rename).await
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        self.rename_everywhere(params).await
    }

    async fn linked_editing_range(
        &self,
        params: LinkedEditingRangeParams,
    ) -> Result<Option<LinkedEditingRanges>> {
        self.respond(params, handlers::linked_editing_range).await
    }

    async fn semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        self.respond(params, handlers::semantic_tokens_full).await
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        self.respond(params, handlers::semantic_tokens_range).await
    }

    async fn signature_help(&self, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        self.respond(params, handlers::signature_help).await
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.respond_of_either(params, handlers::formatting, scenario_handlers::formatting).await
    }

    async fn range_formatting(&self, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.respond(params, handlers::range_formatting).await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.respond_of_either(params, handlers::folding_range, scenario_handlers::folding_range).await
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        self.respond_of_either(params, handlers::selection_range, scenario_handlers::selection_range).await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.respond_of_either(params, handlers::document_link, scenario_handlers::document_link).await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        self.respond(params, handlers::prepare_call_hierarchy).await
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        self.respond(params, handlers::incoming_calls).await
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        self.respond(params, handlers::outgoing_calls).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        self.respond(params, handlers::code_action).await
    }

    async fn code_action_resolve(&self, params: CodeAction) -> Result<CodeAction> {
        self.resolve_code_action(params).await
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        self.pull_diagnostics(params).await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        self.find_symbols(params).await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        self.respond_of_either(params, handlers::document_symbol, scenario_handlers::document_symbol).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.respond_with_run(params, handlers::inlay_hint).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.respond_with_run(params, handlers::code_lens).await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        self.scheduler.execute(params).await
    }
}

impl Server {
    pub(super) fn new(client: Client, outlet: Outlet, state: Arc<State>) -> Self {
        let scheduler = Scheduler::new(client.clone(), outlet, Arc::clone(&state));
        Self { client, state, scheduler }
    }

    /// In the place of a message that is no JSON.
    pub(super) async fn unparsable(&self) -> Result<()> {
        Err(Error::parse_error())
    }

    /// The client stops work that it shows the progress of.
    pub(super) async fn cancel_progress(&self, params: WorkDoneProgressCancelParams) {
        self.state.cancel_progress(&params.token);
    }

    /// In the place of a message that is too long to be read.
    pub(super) async fn too_long(&self) -> Result<()> {
        let limit = quota::MESSAGE_BYTES_MAX;
        let message = format!("The message is longer than {limit} bytes and is not read");
        Err(Error { message: message.into(), ..Error::invalid_request() })
    }

    /// In the place of JSON that is no message.
    pub(super) async fn no_message(&self) -> Result<()> {
        Err(Error::invalid_request())
    }

    /// Answers a request from a snapshot taken now, before anything is awaited, on another thread. The answer
    /// about a text that has changed meanwhile is withheld.
    fn respond<P, R>(
        &self,
        params: P,
        handler: fn(&Snapshot, &P) -> Option<R>,
    ) -> impl Future<Output = Result<Option<R>>> + Send + use<P, R>
    where
        P: AboutDocument + Send + 'static,
        R: Send + 'static,
    {
        self.respond_of_either(params, handler, |_, _| None)
    }

    /// As [`Server::respond`], for what shows a run. When one has ended meanwhile, the answer is made anew: answers can
    /// overtake each other, and one from before the run must not be the last that the client gets.
    fn respond_with_run<P, R>(
        &self,
        params: P,
        handler: fn(&Snapshot, &P) -> Option<R>,
    ) -> impl Future<Output = Result<Option<R>>> + Send + use<P, R>
    where
        P: AboutDocument + Clone + Send + 'static,
        R: Send + 'static,
    {
        /// How long to wait for a run that is under way: long enough for most, so that editors draw once.
        const PATIENCE: Duration = Duration::from_millis(200);
        /// Runs that may end while one request is answered, before its answer is sent all the same.
        const ATTEMPTS_MAX: usize = 3;
        let first = self.state.snapshot(params.uri());
        let state = Arc::clone(&self.state);
        async move {
            let mut snapshot = first;
            if let Some(taken) = &snapshot {
                state.settle(taken, PATIENCE).await;
                if !state.is_current(&taken.uri, taken.version) {
                    return Err(Error::new(ErrorCode::ContentModified));
                }
                snapshot = state.snapshot(&taken.uri);
            }
            for _ in 0..ATTEMPTS_MAX {
                let Some(taken) = snapshot else { return Ok(None) };
                let (asked, seen) = (params.clone(), taken.clone());
                let n_bytes = seen.n_bytes();
                let answer = state.threads.analysis.run_on(n_bytes, move || handler(&seen, &asked)).await;
                let answer = answer.ok_or_else(Error::internal_error)?;
                if !state.is_current(&taken.uri, taken.version) {
                    break;
                }
                if state.has_run_of(&taken) {
                    return Ok(answer);
                }
                snapshot = state.snapshot(&taken.uri);
            }
            Err(Error::new(ErrorCode::ContentModified))
        }
    }

    /// As [`Server::respond`], of a definition or of a file of scenarios.
    fn respond_of_either<P, R>(
        &self,
        params: P,
        of_definition: fn(&Snapshot, &P) -> Option<R>,
        of_scenarios: fn(&ScenarioSnapshot, &P) -> Option<R>,
    ) -> impl Future<Output = Result<Option<R>>> + Send + use<P, R>
    where
        P: AboutDocument + Send + 'static,
        R: Send + 'static,
    {
        self.answer_of_either(
            params,
            move |snapshot, params| Ok(of_definition(snapshot, params)),
            move |snapshot, params| Ok(of_scenarios(snapshot, params)),
        )
    }

    /// A name is changed in all documents, or refused with a sentence for people.
    fn rename_everywhere(
        &self,
        params: RenameParams,
    ) -> impl Future<Output = Result<Option<WorkspaceEdit>>> + Send + use<> {
        let failed = |message: String| Error {
            code: ErrorCode::ServerError(REQUEST_FAILED),
            message: message.into(),
            data: None,
        };
        self.answer_of_either(
            params,
            move |snapshot, params| {
                scenario_handlers::rename_in_definition(snapshot, params).map(Some).map_err(failed)
            },
            move |snapshot, params| scenario_handlers::rename(snapshot, params).map(Some).map_err(failed),
        )
    }

    fn answer_of_either<P, R, F, G>(
        &self,
        params: P,
        of_definition: F,
        of_scenarios: G,
    ) -> impl Future<Output = Result<Option<R>>> + Send + use<P, R, F, G>
    where
        P: AboutDocument + Send + 'static,
        R: Send + 'static,
        F: FnOnce(&Snapshot, &P) -> Result<Option<R>> + Send + 'static,
        G: FnOnce(&ScenarioSnapshot, &P) -> Result<Option<R>> + Send + 'static,
    {
        let snapshot = self.state.scenario_snapshot(params.uri());
        let definition = if snapshot.is_none() { self.state.snapshot(params.uri()) } else { None };
        let state = Arc::clone(&self.state);
        async move {
            let (uri, thread) = (params.uri().clone(), &state.threads.analysis);
            let (version, answer) = match (snapshot, definition) {
                (Some(snapshot), _) => {
                    (snapshot.version, thread.run(move || of_scenarios(&snapshot, &params)).await)
                }
                (None, Some(snapshot)) => {
                    let (version, n_bytes) = (snapshot.version, snapshot.n_bytes());
                    (version, thread.run_on(n_bytes, move || of_definition(&snapshot, &params)).await)
                }
                (None, None) => return Ok(None),
            };
            let Some(answer) = answer else { return Err(Error::internal_error()) };
            if state.is_current(&uri, version) { answer } else { Err(Error::new(ErrorCode::ContentModified)) }
        }
    }

    /// The edits of a code action that was offered without them. Those of a text that has changed since are withheld.
    fn resolve_code_action(
        &self,
        action: CodeAction,
    ) -> impl Future<Output = Result<CodeAction>> + Send + use<> {
        let offered = action.data.clone().and_then(|data| serde_json::from_value::<OfferedAction>(data).ok());
        let snapshot = offered.as_ref().and_then(|offered| self.state.snapshot(&offered.uri));
        let state = Arc::clone(&self.state);
        async move {
            let (Some(offered), Some(snapshot)) = (offered, snapshot) else { return Ok(action) };
            if snapshot.version != offered.version {
                return Err(Error::new(ErrorCode::ContentModified));
            }
            let edit = move || handlers::code_action_edit(&snapshot, &offered);
            let edit = state.threads.analysis.run(edit).await;
            let edit = edit.ok_or_else(Error::internal_error)?;
            Ok(CodeAction { edit, ..action })
        }
    }

    /// The findings about a document, for clients that ask for them.
    fn pull_diagnostics(
        &self,
        params: DocumentDiagnosticParams,
    ) -> impl Future<Output = Result<DocumentDiagnosticReportResult>> + Send + use<> {
        let uri = params.text_document.uri.clone();
        let is_analysed = self.state.snapshot(&uri).is_some() || self.state.scenario_snapshot(&uri).is_some();
        let is_too_large = self.state.is_open(&uri) && !is_analysed;
        let report = self.respond_of_either(params, handlers::diagnostic, scenario_handlers::diagnostic);
        async move {
            let none = || if is_too_large { vec![to_proto::too_large()] } else { Vec::new() };
            let report = report.await?.unwrap_or_else(|| to_proto::diagnostic_report(none(), None));
            Ok(DocumentDiagnosticReportResult::Report(report))
        }
    }

    /// The states of all open documents.
    fn find_symbols(
        &self,
        params: WorkspaceSymbolParams,
    ) -> impl Future<Output = Result<Option<WorkspaceSymbolResponse>>> + Send + use<> {
        let uris = self.state.uris();
        let snapshots: Vec<Snapshot> = uris.iter().filter_map(|uri| self.state.snapshot(uri)).collect();
        let state = Arc::clone(&self.state);
        async move {
            let find = move || handlers::workspace_symbol(&snapshots, &params.query);
            let found = state.threads.analysis.run(find).await;
            found.map(Some).ok_or_else(Error::internal_error)
        }
    }

    /// Completes a completion; as it is where the document is gone.
    fn resolve(&self, item: CompletionItem) -> impl Future<Output = Result<CompletionItem>> + Send + use<> {
        let place = CompletionRef::of(&item);
        let snapshot = place.and_then(|place| self.state.snapshot(&place.uri));
        let state = Arc::clone(&self.state);
        async move {
            let Some(snapshot) = snapshot else { return Ok(item) };
            let asked = item.clone();
            let resolve = move || handlers::completion_resolve(&snapshot, &asked);
            let answer = state.threads.analysis.run(resolve).await;
            Ok(answer.flatten().unwrap_or(item))
        }
    }

    fn meet(&self, params: &InitializeParams) -> InitializeResult {
        let negotiated = Negotiated::new(&params.capabilities);
        self.state.set_negotiated(negotiated);
        self.state.set_folders(from_proto::folders(params));
        self.state.remember(params.initialization_options.as_ref().map(chosen_scenarios).unwrap_or_default());
        if let Some(settings) = params.initialization_options.as_ref().and_then(remote_settings) {
            self.state.set_remote(Remote::new(settings));
        }
        let settings = params.initialization_options.as_ref().map(Settings::read);
        match settings {
            Some(Ok(Some(settings))) => drop(self.state.set_settings(settings)),
            Some(Err(error)) => tracing::warn!(%error, "the settings are not taken"),
            Some(Ok(None)) | None => {}
        }
        initialize_result(&negotiated)
    }

    fn open(&self, document: TextDocumentItem) {
        self.state.open(document.uri.clone(), &document.language_id, document.version, &document.text);
        self.scheduler.reread();
        self.look_at(&document.uri);
    }

    /// Looks at a document that is new or has changed, and at what depends on it.
    fn look_at(&self, uri: &Uri) {
        if is_scenarios(uri) {
            self.scheduler.reread();
        } else {
            self.scheduler.request(uri);
        }
        self.scheduler.check_scenarios();
    }

    fn change(&self, params: DidChangeTextDocumentParams) {
        let document = params.text_document;
        if self.state.change(&document.uri, document.version, params.content_changes) {
            self.look_at(&document.uri);
        } else {
            tracing::warn!(uri = document.uri.as_str(), "a document was changed that is not open");
        }
    }

    fn save(&self, uri: &Uri) {
        if self.state.reread(uri) {
            self.scheduler.request(uri);
        }
    }

    /// Asks the client to tell when the files beside the definitions change.
    fn watch_files(&self) {
        if !self.state.negotiated().watches_files {
            return;
        }
        let client = self.client.clone();
        let globs = WATCHED_GLOBS.map(str::to_owned).to_vec();
        tokio::spawn(async move { watch(&client, "companions".to_owned(), globs).await });
    }

    /// Reads the files beside all open documents again.
    fn reread(&self) {
        self.scheduler.reread();
        self.scheduler.check_scenarios();
    }

    fn close(&self, uri: Uri) {
        self.state.close(&uri);
        self.look_at(&uri);
        self.scheduler.clear(uri);
    }

    /// Takes settings that came with a notification, or asks for them where it came without.
    fn configure(&self, settings: &Value) {
        if self.take_settings(settings) || !self.state.negotiated().has_configuration {
            return;
        }
        let (client, state, scheduler) =
            (self.client.clone(), Arc::clone(&self.state), self.scheduler.clone());
        tokio::spawn(async move {
            let item = ConfigurationItem { scope_uri: None, section: Some(SECTION.to_owned()) };
            let settings = client.configuration(vec![item]).await.unwrap_or_default();
            if let Some(settings) = settings.first() {
                take_settings(&state, &scheduler, settings);
            }
        });
    }

    fn take_settings(&self, settings: &Value) -> bool {
        take_settings(&self.state, &self.scheduler, settings)
    }
}

/// Takes settings and looks at all documents again. Returns whether there were any to take.
fn take_settings(state: &State, scheduler: &Scheduler, settings: &Value) -> bool {
    match Settings::read(settings) {
        Ok(Some(settings)) => {
            for uri in state.set_settings(settings) {
                scheduler.request(&uri);
            }
            scheduler.refresh();
            true
        }
        Ok(None) => false,
        Err(error) => {
            tracing::warn!(%error, "the settings are not taken");
            true
        }
    }
}
