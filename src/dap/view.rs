//! What a client is shown of an execution that stands still: threads, frames, scopes.

use std::sync::Arc;

use serde_json::{Value, json};

use super::debuggee::{Debuggee, thread_id};
use super::protocol::{ScopeBody, Source, StackFrame, ThreadBody};
use super::values::{Handle, Root, n_indexed, n_named, object, plain_item};
use crate::expr::Scope;
use crate::model::{StateBody, StateId};
use crate::simulator::{FrameNumber, FrameView, Json, Visit, VisitStatus};
use crate::spec::quota;
use crate::text::{ColumnEncoding, LineColumn, TextRange};

/// Visits and moves that are searched for the last error and the state before.
const SEARCH_MAX: usize = 10_000;

impl Debuggee {
    /// The machine itself, then its branches and iterations.
    pub(super) fn threads(&mut self) -> Vec<ThreadBody> {
        let due = self.timeline.due();
        let now = self.timeline.now();
        let mut threads: Vec<ThreadBody> = now
            .frames()
            .take(quota::DEBUGGED_THREADS_MAX)
            .map(|frame| ThreadBody { id: thread_id(frame.number), name: self.frame_name(&frame) })
            .collect();
        // The one that stands at a state is always among them.
        if let Some(frame) = due.and_then(|due| now.frame(due))
            && threads.iter().all(|thread| thread.id != thread_id(frame.number))
        {
            threads.push(ThreadBody { id: thread_id(frame.number), name: self.frame_name(&frame) });
        }
        if threads.is_empty() {
            threads.push(ThreadBody { id: 1, name: self.program.name.clone() });
        }
        threads
    }

    /// The frame of a thread.
    pub(super) fn frame_of_thread(&self, thread: i64) -> Option<FrameNumber> {
        let number = FrameNumber(u32::try_from(thread.checked_sub(1)?).ok()?);
        self.timeline.now().frame(number).map(|frame| frame.number)
    }

    fn frame_name(&self, frame: &FrameView<'_>) -> String {
        let now = self.timeline.now();
        let owner = frame.parent.and_then(|parent| now.frame(parent)).and_then(|parent| parent.state);
        let Some(owner) = owner.and_then(|owner| now.machine().state(owner)) else {
            return self.program.name.clone();
        };
        match &owner.body {
            StateBody::Map(_) => format!("{}: iteration {}", owner.name, frame.idx),
            _ => format!("{}: branch {}", owner.name, frame.idx + 1),
        }
    }

    /// The frames of a thread, the innermost first.
    pub(super) fn stack(&mut self, frame: FrameNumber, lines_at: u32, columns_at: u32) -> Vec<StackFrame> {
        let mut stack = Vec::new();
        let mut next = Some(frame);
        while let Some(number) = next {
            let Some(view) = self.timeline.now().frame(number) else { break };
            next = view.parent;
            let state = view.state.and_then(|id| self.timeline.now().machine().state(id));
            let name = state.map(|state| state.name.to_string()).unwrap_or_default();
            let name = format!("{name} ({})", self.frame_name(&view));
            let (start, end) = self.place_of(view.state);
            self.shown_frames.push(number);
            stack.push(StackFrame {
                id: i64::try_from(self.shown_frames.len()).unwrap_or(i64::MAX),
                name,
                source: self.source(),
                line: i64::from(start.line + lines_at),
                column: i64::from(start.column + columns_at),
                end_line: i64::from(end.line + lines_at),
                end_column: i64::from(end.column + columns_at),
                can_restart: true,
            });
        }
        stack
    }

    /// Where the name of a state stands.
    fn place_of(&self, state: Option<StateId>) -> (LineColumn, LineColumn) {
        let analysis = &self.program.analysis;
        let key = state.and_then(|id| analysis.lowered().source_map.state_key(analysis.parse(), id));
        let range = key.map_or(TextRange::new(0, 0), |key| key.range());
        let place = |offset| analysis.source().line_column(offset, ColumnEncoding::Utf16);
        (place(range.start()), place(range.end()))
    }

    /// The definition's file.
    pub(super) fn source(&self) -> Source {
        let name = self.program.path.file_name().map(|name| name.to_string_lossy().into_owned());
        Source { name, path: Some(self.program.path.to_string_lossy().into_owned()), source_reference: None }
    }

    /// The frame that a number of the protocol stands for; the one that is due where there is no number.
    pub(super) fn shown_frame(&mut self, id: Option<i64>) -> Result<FrameNumber, String> {
        let gone = || "The frame is gone".to_owned();
        match id {
            None | Some(0) => self.timeline.due().ok_or_else(gone),
            Some(id) => {
                let idx = usize::try_from(id).ok().and_then(|id| id.checked_sub(1));
                idx.and_then(|idx| self.shown_frames.get(idx)).copied().ok_or_else(gone)
            }
        }
    }

    /// The values of a frame.
    pub(super) fn scopes(&mut self, frame: FrameNumber) -> Vec<ScopeBody> {
        let language = self.language(frame);
        let now = self.timeline.now();
        let Some(view) = now.frame(frame) else { return Vec::new() };
        let mut scopes: Vec<(String, Root, Json)> = vec![("Input".into(), Root::Input, view.input.clone())];
        if let Some((title, stages)) = self.stages(&view) {
            scopes.push((title, Root::Stages, stages));
        }
        let variables = now.variables(frame);
        let variables = variables.into_iter().map(|(name, value)| (name.to_string(), Value::clone(&value)));
        scopes.push(("Variables".into(), Root::Variables, object(variables)));
        let context = now.scope(frame).map(|scope| scope.context().clone()).unwrap_or_default();
        scopes.push(("Context".into(), Root::Context, Arc::new(context)));
        let tables = now.trace().database.tables().map(|table| {
            let items = table.items_to_json();
            let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
            (table.name().to_string(), items.iter().map(plain_item).collect())
        });
        scopes.push(("Tables".into(), Root::Tables, object(tables)));
        if let Some(error) = self.error() {
            scopes.push(("Error".into(), Root::Error, error));
        }
        let scope = |(name, root, value): (String, Root, Json)| ScopeBody {
            name,
            presentation_hint: match root {
                Root::Input => Some("arguments"),
                Root::Variables => Some("locals"),
                _ => None,
            },
            named_variables: n_named(&value),
            indexed_variables: n_indexed(&value),
            variables_reference: self.handles.add(Handle {
                frame,
                root,
                value,
                pointer: String::new(),
                language,
            }),
            expensive: matches!(root, Root::Context | Root::Tables),
        };
        scopes.into_iter().map(scope).collect()
    }

    /// The data of the state that a frame is in, as far as it has come; before it enters one, that of the state
    /// before.
    fn stages(&self, view: &FrameView<'_>) -> Option<(String, Json)> {
        let now = self.timeline.now();
        // The step that goes wrong has been looked at already.
        if let Some(fault) = &self.fault
            && let Some(visit) = fault.visit.and_then(|id| fault.ahead.trace().visits.get(id.0 as usize))
            && Some(visit.state) == view.state
        {
            return Some(("State".into(), stages_json(visit)));
        }
        if let Some(visit) = view.visit.and_then(|id| now.trace().visits.get(id.0 as usize)) {
            return Some(("State".into(), stages_json(visit)));
        }
        let moves = self.timeline.moves().iter().rev().take(SEARCH_MAX);
        let before = moves.filter(|made| made.frame == Some(view.number)).find_map(|made| made.entered)?;
        let visit = now.trace().visits.get(before.0 as usize)?;
        let name = now.machine().state(visit.state).map(|state| state.name.clone()).unwrap_or_default();
        Some((format!("State before: {name}"), stages_json(visit)))
    }

    /// The error at hand, or the last one.
    fn error(&self) -> Option<Json> {
        if let Some(fault) = &self.fault {
            return match (&fault.error, &fault.blocked) {
                (Some(error), _) => Some(error.output()),
                (None, Some(reason)) => Some(object([("reason".to_owned(), json!(reason))])),
                (None, None) => None,
            };
        }
        let visits = self.timeline.now().trace().visits.iter().rev().take(SEARCH_MAX);
        visits
            .filter_map(|visit| match &visit.status {
                VisitStatus::Failed(error) | VisitStatus::Caught(error) => Some(error.output()),
                _ => None,
            })
            .next()
    }
}

/// The stages that a visit has come through, named as AWS's `TestState` names them.
fn stages_json(visit: &Visit) -> Json {
    object(visit.stages.named().map(|(name, stage)| (name.to_owned(), Value::clone(stage))))
}
