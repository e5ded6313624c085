//! What a debugger asks of a simulation between two steps, and the little that it may change.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use super::context::FieldScope;
use super::frame::{Frame, FrameId, Phase};
use super::{Json, Simulation, Time, VisitId};
use crate::expr::Scope;
use crate::model::StateId;

/// A scope that is running: the machine itself, a branch or an iteration. Later ones have greater numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameNumber(pub u32);

/// What a frame does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Situation {
    /// It enters a state.
    Entering,
    /// It runs the state again that it is in.
    Retrying,
    /// It ends what it waited for.
    Waiting,
    /// It goes on when the frames below it have ended.
    Children,
}

/// A running scope.
#[derive(Clone, Copy, Debug)]
pub struct FrameView<'a> {
    /// Its number.
    pub number: FrameNumber,
    /// The frame whose Parallel or Map state runs this one.
    pub parent: Option<FrameNumber>,
    /// Which branch or iteration of it this is.
    pub idx: usize,
    /// The state that it is in or about to enter.
    pub state: Option<StateId>,
    /// The visit to the state that it is in.
    pub visit: Option<VisitId>,
    /// What it does next.
    pub situation: Situation,
    /// The state's input.
    pub input: &'a Json,
    /// When it goes on.
    pub time: Time,
}

impl Simulation {
    /// The running scopes, from the oldest to the newest: the machine itself is the first.
    pub fn frames(&self) -> impl Iterator<Item = FrameView<'_>> {
        self.frames.iter().map(|(id, frame)| view(id, frame))
    }

    /// A running scope; none when it has ended.
    pub fn frame(&self, number: FrameNumber) -> Option<FrameView<'_>> {
        let id = FrameId(number.0);
        self.frames.get(&id).map(|frame| view(id, frame))
    }

    /// The scope that the next step advances; none when nothing is left to run.
    pub fn due_frame(&mut self) -> Option<FrameNumber> {
        self.frames.due().map(|id| FrameNumber(id.0))
    }

    /// What expressions of the state that a frame is in, or about to enter, can read.
    pub fn scope(&self, number: FrameNumber) -> Option<impl Scope + '_> {
        let frame = self.frames.get(&FrameId(number.0))?;
        let input = view(FrameId(number.0), frame).input;
        Some(FieldScope {
            simulation: self,
            frame,
            input,
            result: None,
            error_output: None,
            task_token: None,
            map_item: None,
            context: OnceCell::new(),
            cost: Cell::default(),
        })
    }

    /// The variables that can be read in a frame, by name.
    pub fn variables(&self, number: FrameNumber) -> Vec<(Arc<str>, Json)> {
        self.frames.get(&FrameId(number.0)).map(|frame| frame.variables.visible()).unwrap_or_default()
    }

    /// Changes the input of the state that a frame is about to enter. Says whether it could: a state that has begun
    /// keeps its input.
    pub fn set_input(&mut self, number: FrameNumber, input: Json) -> bool {
        let Some(frame) = self.frames.get_mut(&FrameId(number.0)) else { return false };
        if frame.activation.is_some() {
            return false;
        }
        frame.input = input;
        true
    }

    /// Sets a variable in a frame, as `Assign` of a state in it does. Says whether the frame is there.
    pub fn set_variable(&mut self, number: FrameNumber, name: &str, value: Json) -> bool {
        let Some(frame) = self.frames.get_mut(&FrameId(number.0)) else { return false };
        frame.variables.assign(&[(Arc::from(name), value)]);
        true
    }
}

fn view(id: FrameId, frame: &Frame) -> FrameView<'_> {
    let activation = frame.activation.as_ref();
    FrameView {
        number: FrameNumber(id.0),
        parent: frame.parent.map(|id| FrameNumber(id.0)),
        idx: frame.idx,
        state: activation.map(|activation| activation.state).or(frame.next),
        visit: activation.map(|activation| activation.visit),
        situation: match activation.map(|activation| &activation.phase) {
            None => Situation::Entering,
            Some(Phase::Running) => Situation::Retrying,
            Some(Phase::Children(_)) => Situation::Children,
            Some(Phase::Waiting(_) | Phase::Task(_) | Phase::Execution(_) | Phase::Request(_)) => {
                Situation::Waiting
            }
        },
        input: activation.map_or(&frame.input, |activation| &activation.input),
        time: frame.time,
    }
}
