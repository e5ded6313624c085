//! Progress of simulations that take long: the client is told after a while, and can stop them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tower_lsp::Client;
use tower_lsp::ls_types::ProgressToken;

use super::companion::stem;
use super::snapshot::Snapshot;
use super::state::State;

/// What takes less is not worth being told of.
const PATIENCE: Duration = Duration::from_millis(400);

/// Ends the progress when it is dropped.
pub(super) struct Progress(Option<tokio::sync::oneshot::Sender<()>>);

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(sender) = self.0.take() {
            let _ = sender.send(());
        }
    }
}

/// Tells the client of work on a document, if it takes long. `token` is the client's, where it gave one; `cancel` is
/// set when the client stops the work.
pub(super) fn tell(
    client: &Client,
    state: &Arc<State>,
    snapshot: &Snapshot,
    token: Option<ProgressToken>,
    cancel: &Arc<AtomicBool>,
) -> Progress {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let is_clients = token.is_some();
    if !is_clients && !snapshot.negotiated.shows_progress {
        return Progress(None);
    }
    let (client, state, cancel) = (client.clone(), Arc::clone(state), Arc::clone(cancel));
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let token = token.unwrap_or_else(|| ProgressToken::String(format!("asl-lsp simulation {number}")));
    let title = format!("Simulating {}", stem(&snapshot.uri));
    let (sender, mut ended) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        if tokio::time::timeout(PATIENCE, &mut ended).await.is_ok() {
            return;
        }
        if !is_clients && client.create_work_done_progress(token.clone()).await.is_err() {
            return;
        }
        state.let_cancel(&token, &cancel);
        let progress = client.progress(token.clone(), title).with_cancel_button().begin().await;
        let _ = ended.await;
        state.forget_progress(&token);
        progress.finish().await;
    });
    Progress(Some(sender))
}
