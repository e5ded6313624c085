//! Frames: the scopes that are running, each at one state.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::Json;
use super::clock::Time;
use super::exchange::AwaitedAnswer;
use super::integration::Reply;
use super::nested::StartedExecution;
use super::result_writer::{ChildResult, Destination};
use super::size::json_len;
use super::state::TaskEvents;
use super::trace::VisitId;
use crate::model::StateId;

/// A frame of a simulation; later ones have greater numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct FrameId(pub(super) u32);

/// The history of an execution: the simulated one's, or one of a child execution of a distributed Map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct HistoryId(pub(super) u32);

impl HistoryId {
    /// The history that the trace holds.
    pub(super) const MAIN: HistoryId = HistoryId(0);
}

/// A child execution of a distributed Map, as its context object shows it.
#[derive(Clone, Debug)]
pub(super) struct ChildExecution {
    pub(super) name: String,
    pub(super) input: Json,
    pub(super) start: Time,
}

/// A scope that is running.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// The frame whose Parallel or Map state runs this one.
    pub(super) parent: Option<FrameId>,
    /// Which branch or iteration of it this is.
    pub(super) idx: usize,
    /// The state to enter when none is running.
    pub(super) next: Option<StateId>,
    /// The state that is running.
    pub(super) activation: Option<Activation>,
    /// The input of the next state.
    pub(super) input: Json,
    /// The variables that can be read here.
    pub(super) variables: Variables,
    /// When it goes on.
    pub(super) time: Time,
    /// The event that its next one follows.
    pub(super) last_event: u32,
    /// The history its events are written to.
    pub(super) history: HistoryId,
    /// The child execution of a distributed Map that it belongs to.
    pub(super) child_execution: Option<Arc<ChildExecution>>,
    /// The item of the innermost Map around it, for the context object.
    pub(super) map_item: Option<Arc<Value>>,
}

impl Frame {
    /// Whether the frame can go on by itself, now or later.
    pub(super) fn is_runnable(&self) -> bool {
        !matches!(&self.activation, Some(Activation { phase: Phase::Children(_), .. }))
    }

    /// Whether its task waits for an execution that it started.
    pub(super) fn awaits_execution(&self) -> bool {
        matches!(&self.activation, Some(Activation { phase: Phase::Execution(_), .. }))
    }
}

/// The scopes that are running, and which of them is due.
///
/// A distributed Map runs ten thousand of them at once, so the one that is due is not looked for among all.
#[derive(Clone, Debug, Default)]
pub(super) struct Frames {
    all: BTreeMap<FrameId, Frame>,
    /// Those that can go on, by when they do; of those due at once the oldest is the first.
    due: BTreeSet<(Time, FrameId)>,
    /// The time under which a frame is in `due`.
    due_at: BTreeMap<FrameId, Time>,
    /// Those that may have changed since `due` was made.
    touched: Vec<FrameId>,
}

impl Frames {
    pub(super) fn get(&self, id: &FrameId) -> Option<&Frame> {
        self.all.get(id)
    }

    pub(super) fn get_mut(&mut self, id: &FrameId) -> Option<&mut Frame> {
        self.touch(*id);
        self.all.get_mut(id)
    }

    pub(super) fn insert(&mut self, id: FrameId, frame: Frame) {
        self.touch(id);
        self.all.insert(id, frame);
    }

    pub(super) fn remove(&mut self, id: &FrameId) -> Option<Frame> {
        self.touch(*id);
        self.all.remove(id)
    }

    /// All, from the oldest to the newest.
    pub(super) fn iter(&self) -> impl Iterator<Item = (FrameId, &Frame)> {
        self.all.iter().map(|(id, frame)| (*id, frame))
    }

    /// The one that goes on first; of those due at once the oldest, so that branches run one after the other.
    pub(super) fn due(&mut self) -> Option<FrameId> {
        for id in std::mem::take(&mut self.touched) {
            if let Some(time) = self.due_at.remove(&id) {
                self.due.remove(&(time, id));
            }
            if let Some(frame) = self.all.get(&id).filter(|frame| frame.is_runnable()) {
                self.due.insert((frame.time, id));
                self.due_at.insert(id, frame.time);
            }
        }
        self.due.first().map(|(_, id)| *id)
    }

    fn touch(&mut self, id: FrameId) {
        if self.touched.last() != Some(&id) {
            self.touched.push(id);
        }
    }
}

/// A state that is running.
#[derive(Clone, Debug)]
pub(super) struct Activation {
    pub(super) state: StateId,
    pub(super) visit: VisitId,
    pub(super) entered_event: u32,
    pub(super) entered_time: Time,
    /// The state's input as it came.
    pub(super) input: Json,
    /// By retrier: how often it has retried.
    pub(super) retries: Vec<u32>,
    pub(super) phase: Phase,
}

impl Activation {
    pub(super) fn new(state: StateId, visit: VisitId, input: Json, time: Time) -> Self {
        let retries = Vec::new();
        Self { state, visit, entered_event: 0, entered_time: time, input, retries, phase: Phase::Running }
    }

    /// `$$.State.RetryCount`.
    pub(super) fn retry_count(&self) -> u32 {
        self.retries.iter().sum()
    }
}

/// How far a state has come.
#[derive(Clone, Debug)]
pub(super) enum Phase {
    /// To be run, again if need be.
    Running,
    /// A Wait that ends at the frame's time with this output.
    Waiting(Json),
    /// A task that ends at the frame's time.
    Task(Box<PendingTask>),
    /// A task that waits for an execution that it started.
    Execution(Box<AwaitedExecution>),
    /// A task that waits for an answer from outside.
    Request(Box<AwaitedAnswer>),
    /// Branches or iterations have to end first.
    Children(Box<Children>),
}

/// A task that has been called and has not ended.
#[derive(Clone, Debug)]
pub(super) struct PendingTask {
    pub(super) events: TaskEvents,
    /// What it comes to.
    pub(super) reply: Reply,
}

/// An execution that a task waits for.
#[derive(Clone, Debug)]
pub(super) struct AwaitedExecution {
    pub(super) events: TaskEvents,
    pub(super) nested: StartedExecution,
    /// When the task gives up waiting.
    pub(super) deadline: Option<Time>,
}

/// The branches or iterations of a state.
#[derive(Clone, Debug)]
pub(super) struct Children {
    /// The outputs so far.
    pub(super) outputs: Vec<Option<Json>>,
    /// How many have ended.
    pub(super) n_done: usize,
    /// The next item to start; items that are running or done come before it.
    pub(super) next: usize,
    /// The input of each iteration; empty for a Parallel.
    pub(super) items: Arc<[Item]>,
    /// The event that the state's own next ones follow: of the child that ended last.
    pub(super) last_event: u32,
    /// When the last one ended.
    pub(super) time: Time,
    /// What a distributed Map knows of its run.
    pub(super) run: Option<MapRun>,
}

/// The run of a distributed Map.
#[derive(Clone, Debug)]
pub(super) struct MapRun {
    pub(super) arn: String,
    pub(super) label: String,
    /// How many items have failed.
    pub(super) n_failed: usize,
    pub(super) tolerance: Tolerance,
    /// Where the results go, once they are there.
    pub(super) destination: Option<Destination>,
    /// By item: what came of its execution.
    pub(super) results: Vec<Option<ChildResult>>,
}

/// How many items may fail.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tolerance {
    pub(super) count: Option<f64>,
    pub(super) percentage: Option<f64>,
}

impl Tolerance {
    /// Whether so many failures of so many items are too many.
    pub(super) fn is_exceeded(&self, n_failed: usize, n_items: usize) -> bool {
        // Numbers of items are far below 2^53.
        let (failed, items) = (n_failed as f64, n_items.max(1) as f64);
        match (self.count, self.percentage) {
            (None, None) => n_failed > 0,
            (count, percentage) => {
                count.is_some_and(|count| failed > count)
                    || percentage.is_some_and(|percentage| failed / items * 100.0 > percentage)
            }
        }
    }
}

/// An item of a Map.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) input: Json,
    /// The item itself, where the input is something else.
    pub(super) value: Option<Json>,
    /// Where it comes from; told in a distributed Map only.
    pub(super) source: Option<Arc<str>>,
}

impl Item {
    /// `$$.Map.Item`. Made when the iteration starts: of many items few are running.
    pub(super) fn context(&self, idx: usize) -> Arc<Value> {
        let value = self.value.as_ref().unwrap_or(&self.input);
        let mut context = json!({"Index": idx, "Value": &**value});
        if let Some(source) = &self.source {
            context["Source"] = json!(&**source);
        }
        Arc::new(context)
    }
}

/// The variables of a scope, over those of the scopes around it.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    /// Each with its bytes as compact JSON.
    own: imbl::OrdMap<Arc<str>, (Json, usize)>,
    own_bytes: usize,
    outer: Option<Arc<Variables>>,
}

impl Variables {
    pub(super) fn get(&self, name: &str) -> Option<&Json> {
        let mut scope = Some(self);
        while let Some(variables) = scope {
            if let Some((value, _)) = variables.own.get(name) {
                return Some(value);
            }
            scope = variables.outer.as_deref();
        }
        None
    }

    /// All that can be read here, by name.
    pub(super) fn visible(&self) -> Vec<(Arc<str>, Json)> {
        let mut visible = BTreeMap::new();
        let mut scope = Some(self);
        while let Some(variables) = scope {
            for (name, (value, _)) in &variables.own {
                visible.entry(name.clone()).or_insert_with(|| value.clone());
            }
            scope = variables.outer.as_deref();
        }
        visible.into_iter().collect()
    }

    pub(super) fn assign(&mut self, assigned: &[(Arc<str>, Json)]) {
        for (name, value) in assigned {
            let bytes = json_len(value);
            let replaced = self.own.insert(name.clone(), (value.clone(), bytes));
            self.own_bytes = (self.own_bytes + bytes).saturating_sub(replaced.map_or(0, |(_, bytes)| bytes));
        }
    }

    /// The bytes of this scope's own variables.
    pub(super) fn own_bytes(&self) -> usize {
        self.own_bytes
    }

    /// The bytes of a variable of this scope; 0 if it has none of this name.
    pub(super) fn own_len(&self, name: &str) -> usize {
        self.own.get(name).map_or(0, |(_, bytes)| *bytes)
    }

    /// The variables of a scope within this one.
    pub(super) fn nested(&self) -> Variables {
        Variables { own: imbl::OrdMap::new(), own_bytes: 0, outer: Some(Arc::new(self.clone())) }
    }
}
