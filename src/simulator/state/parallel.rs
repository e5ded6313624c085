//! Parallel: runs its branches, one after the other where virtual time lets it.

use crate::model::{ScopeId, State};
use crate::simulator::data_flow::Extra;
use crate::simulator::event::EventDetails as E;
use crate::simulator::frame::{Children, FrameId, Phase};
use crate::simulator::{Flow, Halt, Simulation};

impl Simulation {
    pub(super) fn run_parallel(
        &mut self,
        id: FrameId,
        state: &State,
        branches: &[ScopeId],
    ) -> Result<Flow, Halt> {
        let input = self.effective_input(id, state)?;
        let input = self.arguments(id, state, &input, Extra::default())?;
        let started = self.frame_event(id, E::ParallelStateStarted);
        let Some(time) = self.frames.get(&id).map(|frame| frame.time) else { return Ok(Flow::Suspend) };
        let children = Children {
            outputs: vec![None; branches.len()],
            n_done: 0,
            next: branches.len(),
            items: [].into(),
            last_event: started,
            time,
            run: None,
        };
        self.set_phase(id, Phase::Children(Box::new(children)));
        for (idx, &scope) in branches.iter().enumerate() {
            self.push_frame(Some(id), idx, scope, input.clone(), started, time);
        }
        Ok(Flow::Children)
    }
}
