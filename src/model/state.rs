//! States: the fields that many types share, and a body for each type.

use std::sync::Arc;

use serde_json::{Number, Value};

use super::choice::ChoiceRule;
use super::payload::{Payload, Slot};
use super::retry::{Catcher, Retrier};
use super::{Problem, ScopeId, StateId};
use crate::expr::path::ReferencePath;
use crate::spec::{QueryLanguage, StateKind};

/// A state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// Its name.
    pub name: Arc<str>,
    /// The scope it belongs to.
    pub scope: ScopeId,
    /// The language of its expressions.
    pub query_language: QueryLanguage,
    /// `InputPath`; JSONPath only.
    pub input_path: PathField,
    /// `Parameters` or, under JSONata, `Arguments`.
    pub arguments: Option<Payload>,
    /// `ResultSelector`; JSONPath only.
    pub result_selector: Option<Payload>,
    /// `ResultPath`; JSONPath only.
    pub result_path: ResultPath,
    /// `OutputPath`; JSONPath only.
    pub output_path: PathField,
    /// `Output`; JSONata only.
    pub output: Option<Payload>,
    /// `Assign`.
    pub assign: Option<Payload>,
    /// `Next`; none when the state ends its scope, or names nothing.
    pub next: Option<Transition>,
    /// `"End": true`.
    pub is_end: bool,
    /// `Retry`.
    pub retry: Vec<Retrier>,
    /// `Catch`.
    pub catch: Vec<Catcher>,
    /// What is particular to its type.
    pub body: StateBody,
    /// What keeps it from being run.
    pub problems: Vec<Problem>,
}

impl State {
    /// A state of which nothing is known but its name.
    pub fn unknown(name: impl Into<Arc<str>>, scope: ScopeId, query_language: QueryLanguage) -> Self {
        Self {
            name: name.into(),
            scope,
            query_language,
            input_path: PathField::default(),
            arguments: None,
            result_selector: None,
            result_path: ResultPath::default(),
            output_path: PathField::default(),
            output: None,
            assign: None,
            next: None,
            is_end: false,
            retry: Vec::new(),
            catch: Vec::new(),
            body: StateBody::Unknown,
            problems: Vec::new(),
        }
    }

    /// Its type; none when `Type` is missing or names none.
    pub fn kind(&self) -> Option<StateKind> {
        Some(match self.body {
            StateBody::Task(_) => StateKind::Task,
            StateBody::Pass { .. } => StateKind::Pass,
            StateBody::Choice { .. } => StateKind::Choice,
            StateBody::Wait(_) => StateKind::Wait,
            StateBody::Succeed => StateKind::Succeed,
            StateBody::Fail { .. } => StateKind::Fail,
            StateBody::Parallel { .. } => StateKind::Parallel,
            StateBody::Map(_) => StateKind::Map,
            StateBody::Unknown => return None,
        })
    }

    /// All transitions out of it, `Next` and `Default` before rules and catchers.
    pub fn transitions(&self) -> impl Iterator<Item = &Transition> {
        let (default, rules) = match &self.body {
            StateBody::Choice { rules, default } => (default.as_ref(), rules.as_slice()),
            _ => (None, [].as_slice()),
        };
        let rules = rules.iter().filter_map(|rule| rule.next.as_ref());
        let catchers = self.catch.iter().filter_map(|catcher| catcher.next.as_ref());
        self.next.iter().chain(default).chain(rules).chain(catchers)
    }

    /// The variables it sets: its own, those of its rules and of its catchers.
    pub fn assignments(&self) -> impl Iterator<Item = &Payload> {
        let rules = match &self.body {
            StateBody::Choice { rules, .. } => rules.as_slice(),
            _ => &[],
        };
        let rules = rules.iter().filter_map(|rule| rule.assign.as_ref());
        let catchers = self.catch.iter().filter_map(|catcher| catcher.assign.as_ref());
        self.assign.iter().chain(rules).chain(catchers)
    }

    /// All expressions in it, those of the states within it aside, field by field.
    pub fn slots(&self) -> Vec<&Slot> {
        let mut slots = Vec::new();
        self.collect_slots(&mut slots);
        slots
    }

    /// As [`State::slots`], into a list that is there: cheaper where it is done for many states.
    pub fn collect_slots<'a>(&'a self, slots: &mut Vec<&'a Slot>) {
        slots.extend(self.input_path.slot());
        self.arguments.iter().for_each(|payload| payload.collect_slots(slots));
        self.body.collect_slots(slots);
        let outputs = self.catch.iter().filter_map(|catcher| catcher.output.as_ref());
        let payloads = self.result_selector.iter().chain(&self.output).chain(outputs);
        payloads.chain(self.assignments()).for_each(|payload| payload.collect_slots(slots));
        slots.extend(self.output_path.slot());
    }

    /// The scopes within it.
    pub fn scopes(&self) -> &[ScopeId] {
        match &self.body {
            StateBody::Parallel { branches } => branches,
            StateBody::Map(map) => map.processor.as_slice(),
            _ => &[],
        }
    }
}

/// Where a state leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Transition {
    /// The name it gives.
    pub name: Arc<str>,
    /// The state of that name in the same scope; none when there is none.
    pub target: Option<StateId>,
}

impl Transition {
    /// Whether the name is filled in when the definition is deployed.
    pub fn is_open(&self) -> bool {
        self.target.is_none() && self.name.contains("${")
    }
}

/// `InputPath` and `OutputPath`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum PathField {
    /// `$`, or no such field.
    #[default]
    Whole,
    /// `null`: an empty object instead.
    Nothing,
    /// A path. Boxed, as in the other fields below: states are many and most have few of them.
    Path(Box<Slot>),
}

impl PathField {
    fn slot(&self) -> Option<&Slot> {
        match self {
            PathField::Path(slot) => Some(slot),
            PathField::Whole | PathField::Nothing => None,
        }
    }
}

/// `ResultPath`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum ResultPath {
    /// `$`, or no such field: the result takes the input's place.
    #[default]
    Whole,
    /// `null`: the result is dropped.
    Discard,
    /// Within the input.
    Path(Box<ReferencePath>),
    /// In a variable: AWS accepts `$$` nowhere and `$name` not at all, so this only carries the problem.
    Invalid,
}

/// A number that may come from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NumberField {
    /// The number.
    Literal(Number),
    /// A reference path or a JSONata expression.
    Expr(Box<Slot>),
}

impl NumberField {
    fn slot(&self) -> Option<&Slot> {
        match self {
            NumberField::Expr(slot) => Some(slot),
            NumberField::Literal(_) => None,
        }
    }
}

/// A string that may come from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TextField {
    /// The string.
    Literal(Arc<str>),
    /// A path, an intrinsic function or a JSONata expression.
    Expr(Box<Slot>),
}

impl TextField {
    fn slot(&self) -> Option<&Slot> {
        match self {
            TextField::Expr(slot) => Some(slot),
            TextField::Literal(_) => None,
        }
    }
}

/// What is particular to a type of state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StateBody {
    /// A Task.
    Task(TaskState),
    /// A Pass, with its `Result`.
    Pass {
        /// `Result`; JSONPath only.
        result: Option<Arc<Value>>,
    },
    /// A Choice.
    Choice {
        /// `Choices`.
        rules: Vec<ChoiceRule>,
        /// `Default`.
        default: Option<Transition>,
    },
    /// A Wait.
    Wait(WaitFor),
    /// A Succeed.
    Succeed,
    /// A Fail.
    Fail {
        /// `Error` or `ErrorPath`.
        error: Option<TextField>,
        /// `Cause` or `CausePath`.
        cause: Option<TextField>,
    },
    /// A Parallel.
    Parallel {
        /// Its branches, in order.
        branches: Vec<ScopeId>,
    },
    /// A Map.
    Map(Box<MapState>),
    /// A state without a type that is known; it has a problem.
    Unknown,
}

impl StateBody {
    fn collect_slots<'a>(&'a self, slots: &mut Vec<&'a Slot>) {
        match self {
            StateBody::Task(task) => {
                let numbers = [&task.timeout_seconds, &task.heartbeat_seconds];
                slots.extend(numbers.into_iter().flatten().filter_map(NumberField::slot));
                task.credentials.iter().for_each(|payload| payload.collect_slots(slots));
            }
            StateBody::Choice { rules, .. } => {
                for rule in rules {
                    slots.extend(rule.test.slots());
                    rule.output.iter().for_each(|payload| payload.collect_slots(slots));
                }
            }
            StateBody::Wait(WaitFor::Seconds(seconds)) => slots.extend(seconds.slot()),
            StateBody::Wait(WaitFor::Until(Instant::Expr(slot))) => slots.push(slot),
            StateBody::Fail { error, cause } => {
                slots.extend([error, cause].into_iter().flatten().filter_map(TextField::slot));
            }
            StateBody::Map(map) => map.collect_slots(slots),
            StateBody::Wait(WaitFor::Until(Instant::Literal(_)) | WaitFor::Nothing)
            | StateBody::Pass { .. }
            | StateBody::Succeed
            | StateBody::Parallel { .. }
            | StateBody::Unknown => {}
        }
    }
}

impl MapState {
    fn collect_slots<'a>(&'a self, slots: &mut Vec<&'a Slot>) {
        let mut numbers =
            vec![&self.max_concurrency, &self.tolerated_failure_count, &self.tolerated_failure_percentage];
        let mut payloads = vec![&self.items, &self.item_selector];
        if let Some(distributed) = &self.distributed {
            if let Some(reader) = &distributed.item_reader {
                payloads.push(&reader.arguments);
                numbers.push(&reader.max_items);
            }
            if let Some(batcher) = &distributed.item_batcher {
                payloads.push(&batcher.batch_input);
                numbers.extend([&batcher.max_items_per_batch, &batcher.max_input_bytes_per_batch]);
            }
            payloads.extend(distributed.result_writer.iter().map(|writer| &writer.arguments));
        }
        slots.extend(self.items_path.iter());
        slots.extend(numbers.into_iter().flatten().filter_map(NumberField::slot));
        payloads.into_iter().flatten().for_each(|payload| payload.collect_slots(slots));
    }
}

/// A Task.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TaskState {
    /// `Resource`, the ARN; empty when there is none.
    pub resource: Arc<str>,
    /// `TimeoutSeconds` or `TimeoutSecondsPath`.
    pub timeout_seconds: Option<NumberField>,
    /// `HeartbeatSeconds` or `HeartbeatSecondsPath`.
    pub heartbeat_seconds: Option<NumberField>,
    /// `Credentials`.
    pub credentials: Option<Payload>,
}

/// How long a Wait waits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WaitFor {
    /// `Seconds` or `SecondsPath`.
    Seconds(NumberField),
    /// `Timestamp` or `TimestampPath`.
    Until(Instant),
    /// None of them; the state has a problem.
    Nothing,
}

/// A moment that may come from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Instant {
    /// An RFC 3339 timestamp.
    Literal(Arc<str>),
    /// A reference path or a JSONata expression.
    Expr(Box<Slot>),
}

/// A Map.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct MapState {
    /// `ItemProcessor` or `Iterator`.
    pub processor: Option<ScopeId>,
    /// `ItemsPath`; JSONPath only.
    pub items_path: Option<Slot>,
    /// `Items`; JSONata only.
    pub items: Option<Payload>,
    /// `ItemSelector` or, older, `Parameters`.
    pub item_selector: Option<Payload>,
    /// `MaxConcurrency` or `MaxConcurrencyPath`.
    pub max_concurrency: Option<NumberField>,
    /// `ToleratedFailureCount` or its path.
    pub tolerated_failure_count: Option<NumberField>,
    /// `ToleratedFailurePercentage` or its path.
    pub tolerated_failure_percentage: Option<NumberField>,
    /// What only a distributed Map has; none for an inline one.
    pub distributed: Option<Distributed>,
}

/// What only a distributed Map has.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Distributed {
    /// Whether the children are Express executions.
    pub is_express: bool,
    /// `Label`.
    pub label: Option<Arc<str>>,
    /// `ItemReader`.
    pub item_reader: Option<ItemReader>,
    /// `ItemBatcher`.
    pub item_batcher: Option<ItemBatcher>,
    /// `ResultWriter`.
    pub result_writer: Option<ResultWriter>,
}

/// `ItemReader`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct ItemReader {
    /// `Resource`.
    pub resource: Arc<str>,
    /// `Parameters` or `Arguments`.
    pub arguments: Option<Payload>,
    /// `ReaderConfig` as it is, without the paths in it.
    pub config: Arc<Value>,
    /// `MaxItems` or `MaxItemsPath`.
    pub max_items: Option<NumberField>,
}

/// `ItemBatcher`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct ItemBatcher {
    /// `BatchInput`.
    pub batch_input: Option<Payload>,
    /// `MaxItemsPerBatch` or its path.
    pub max_items_per_batch: Option<NumberField>,
    /// `MaxInputBytesPerBatch` or its path.
    pub max_input_bytes_per_batch: Option<NumberField>,
}

/// `ResultWriter`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct ResultWriter {
    /// `Resource`; none when only a `WriterConfig` is given.
    pub resource: Option<Arc<str>>,
    /// `Parameters` or `Arguments`.
    pub arguments: Option<Payload>,
    /// `WriterConfig` as it is.
    pub config: Arc<Value>,
}
