//! The execution that is debugged: running on, stopping, going back.

use serde_json::json;

use super::breakpoints::{Breakpoint, ErrorKind, Verdict};
use super::evaluate::Evaluation;
use super::fault::{Fault, Watched, error_text};
use super::launch::Program;
use super::protocol::Message;
use super::timeline::{Edit, Timeline};
use super::values::{Handles, preview};
use crate::expr::Scope;
use crate::model::StateId;
use crate::simulator::{FrameNumber, Outcome, Simulation, Situation, Step, VisitId, VisitStatus};
use crate::spec::QueryLanguage;
use crate::spec::quota;
use crate::text::ColumnEncoding;

/// Steps between two looks at what the client asks.
const SLICE_STEPS: u32 = 500;

/// How far to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// To the end.
    End,
    /// To the next state that is entered or tried again, wherever.
    Into,
    /// To the next state of this frame, or the next anywhere when it has ended.
    Over(FrameNumber),
    /// To the next state of this frame after the visit that is under way.
    OutTo(FrameNumber, Option<VisitId>),
}

/// Why the execution stands still.
#[derive(Debug)]
pub(super) struct Stop {
    reason: &'static str,
    text: Option<String>,
    hit: Vec<i64>,
    fault: Option<Fault>,
}

impl Stop {
    pub(super) fn new(reason: &'static str) -> Self {
        Self { reason, text: None, hit: Vec::new(), fault: None }
    }
}

/// What to stop at.
#[derive(Debug, Default)]
pub(super) struct Stops {
    /// At lines of the definition.
    pub(super) at_lines: Vec<Breakpoint>,
    /// At states by name.
    pub(super) at_names: Vec<Breakpoint>,
    /// At errors.
    pub(super) at_errors: Vec<ErrorKind>,
}

impl Stops {
    fn at(&self, state: StateId) -> impl Iterator<Item = &Breakpoint> {
        self.at_lines.iter().chain(&self.at_names).filter(move |breakpoint| breakpoint.state == state)
    }
}

/// An execution under the debugger.
#[derive(Debug)]
pub(super) struct Debuggee {
    pub(super) program: Program,
    pub(super) timeline: Timeline,
    /// How far it is running; none while it stands still.
    goal: Option<Goal>,
    /// What went wrong in the step that comes next, where it stands still for that.
    pub(super) fault: Option<Fault>,
    pub(super) handles: Handles,
    /// By the frame's number in the protocol: its frame. Frames are numbered anew at every stop.
    pub(super) shown_frames: Vec<FrameNumber>,
    /// The steps whose outputs have been printed.
    n_printed_steps: u64,
    n_lines_left: u32,
    /// How many steps it may take.
    n_steps_max: u64,
    /// The step at which an error was shown: it is not shown again when that step is done.
    passed_step: Option<u64>,
    has_ended: bool,
}

impl Debuggee {
    pub(super) fn new(program: Program) -> Self {
        let simulation = Simulation::new(program.analysis.machine().clone(), program.scenario.clone());
        Self {
            program,
            timeline: Timeline::new(simulation),
            goal: None,
            fault: None,
            handles: Handles::default(),
            shown_frames: Vec::new(),
            n_printed_steps: 0,
            n_lines_left: quota::DEBUGGED_OUTPUT_LINES_MAX,
            n_steps_max: quota::DEBUGGED_STEPS_MAX,
            passed_step: None,
            has_ended: false,
        }
    }

    /// Whether it is running.
    pub(super) fn is_running(&self) -> bool {
        self.goal.is_some()
    }

    /// Whether it is over, and the client knows.
    pub(super) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Begins: stops before the first state, or runs.
    pub(super) fn start(&mut self, stops: &Stops, outbox: &mut Vec<Message>) {
        if self.timeline.now().trace().outcome.is_final() {
            return self.end(outbox);
        }
        if self.program.stops_on_entry && !self.program.is_run_only {
            return self.stand_still(Stop::new("entry"), outbox);
        }
        match self.arrive(stops, Goal::End, outbox) {
            Some(stop) => self.stand_still(stop, outbox),
            None => self.run(Goal::End),
        }
    }

    /// Goes on, up to a goal.
    pub(super) fn run(&mut self, goal: Goal) {
        self.passed_step = self.fault.as_ref().map(|_| self.timeline.n_steps());
        self.leave();
        self.goal = Some(goal);
    }

    fn leave(&mut self) {
        self.fault = None;
        self.handles.clear();
        self.shown_frames.clear();
    }

    /// Stands still and says why.
    pub(super) fn stand_still(&mut self, stop: Stop, outbox: &mut Vec<Message>) {
        self.leave();
        self.goal = None;
        let mut body = json!({"reason": stop.reason, "allThreadsStopped": true});
        if let Some(due) = self.timeline.due() {
            body["threadId"] = json!(thread_id(due));
        }
        if let Some(text) = &stop.text {
            body["text"] = json!(text);
        }
        if let Some(fault) = &stop.fault {
            body["description"] = json!(format!("Error ({})", fault.kind));
        }
        if !stop.hit.is_empty() {
            body["hitBreakpointIds"] = json!(stop.hit);
        }
        self.fault = stop.fault;
        outbox.push(Message::Event { event: "stopped", body });
    }

    /// Runs for a while.
    pub(super) fn run_slice(&mut self, stops: &Stops, outbox: &mut Vec<Message>) {
        for _ in 0..SLICE_STEPS {
            let Some(goal) = self.goal else { return };
            if self.timeline.n_steps() >= self.n_steps_max {
                let text = format!("The execution did not end within {} steps.\n", self.n_steps_max);
                outbox.push(output("stderr", &text));
                return self.stand_still(Stop::new("pause"), outbox);
            }
            if let Some(stop) = self.advance(stops, goal, outbox) {
                return self.stand_still(stop, outbox);
            }
            if self.has_ended {
                self.goal = None;
            }
        }
    }

    /// Does one step, and says why to stand still after it, or before it.
    fn advance(&mut self, stops: &Stops, goal: Goal, outbox: &mut Vec<Message>) -> Option<Stop> {
        let at = self.timeline.n_steps();
        let before = self.place();
        let watched = self.watched();
        let n_events = self.timeline.now().trace().events.len();
        let step = self.timeline.forward();
        let looks_for_faults = !stops.at_errors.is_empty() && !self.program.is_run_only;
        if looks_for_faults
            && self.passed_step != Some(at)
            && let Some(fault) = Fault::find(self.timeline.now(), &watched, n_events)
            && stops.at_errors.contains(&fault.kind)
        {
            self.timeline.go_to(at);
            let text = fault.text();
            return Some(Stop { reason: "exception", text: Some(text), hit: Vec::new(), fault: Some(fault) });
        }
        if self.timeline.n_steps() > self.n_printed_steps {
            self.n_printed_steps = self.timeline.n_steps();
            self.print(&watched, outbox);
        }
        if step == Step::Finished {
            self.end(outbox);
            return None;
        }
        // A step of an execution that nobody waits for leaves this one where it was.
        if self.place() == before {
            return None;
        }
        self.arrive(stops, goal, outbox)
    }

    /// The frame that is due and the number of visits so far: what makes a place another one.
    fn place(&mut self) -> (Option<(FrameNumber, Situation)>, usize, usize) {
        let trace = self.timeline.now().trace();
        let (n_visits, n_events) = (trace.visits.len(), trace.events.len());
        (self.timeline.situation(), n_visits, n_events)
    }

    /// The visits that the next step may end: of the frame that is due, and of those around it.
    fn watched(&mut self) -> Vec<Watched> {
        let mut frame = self.timeline.due();
        let now = self.timeline.now();
        let mut watched = Vec::new();
        while let Some(view) = frame.and_then(|frame| now.frame(frame)) {
            let visits = &now.trace().visits;
            let next = || u32::try_from(visits.len()).ok().map(VisitId);
            let known = view.visit.and_then(|visit| visits.get(visit.0 as usize));
            if let Some(visit) = view.visit.or_else(next) {
                let is_running = known.is_none_or(|visit| visit.status == VisitStatus::Running);
                watched.push(Watched { visit, is_running, n_retries: known.map_or(0, |v| v.n_retries) });
            }
            frame = view.parent;
        }
        watched
    }

    /// Why to stand still before the state that is about to be entered.
    fn arrive(&mut self, stops: &Stops, goal: Goal, outbox: &mut Vec<Message>) -> Option<Stop> {
        let (due, situation) = self.timeline.situation()?;
        if situation == Situation::Entering && !self.program.is_run_only {
            let (hit, text, logs) = self.verdicts(stops, due);
            outbox.extend(logs);
            if !hit.is_empty() {
                return Some(Stop { text, hit, ..Stop::new("breakpoint") });
            }
        }
        self.has_reached(goal, due, situation).then(|| Stop::new("step"))
    }

    /// The breakpoints that a frame is stopped by, what was wrong with a condition, and what is printed.
    fn verdicts(&self, stops: &Stops, due: FrameNumber) -> (Vec<i64>, Option<String>, Vec<Message>) {
        let (mut hit, mut text, mut logs) = (Vec::new(), None, Vec::new());
        let now = self.timeline.now();
        let state = now.frame(due).and_then(|frame| frame.state);
        if let (Some(state), Some(scope)) = (state, now.scope(due)) {
            let evaluation = self.evaluation(due, &scope);
            let n_visits = || now.trace().visits_to(state).count() as u64 + 1;
            for breakpoint in stops.at(state) {
                match breakpoint.verdict(&evaluation, n_visits) {
                    Verdict::Pass => {}
                    Verdict::Stop(error) => {
                        hit.push(breakpoint.id);
                        if let Some(error) = error {
                            logs.push(output("stderr", &format!("The breakpoint's condition: {error}\n")));
                            text = Some(error);
                        }
                    }
                    Verdict::Log(line) => logs.push(self.located(output("console", &(line + "\n")), state)),
                }
            }
        }
        (hit, text, logs)
    }

    fn has_reached(&self, goal: Goal, due: FrameNumber, situation: Situation) -> bool {
        let now = self.timeline.now();
        let enters = situation == Situation::Entering;
        match goal {
            Goal::End => false,
            Goal::Into => enters || situation == Situation::Retrying,
            Goal::Over(frame) => enters && (due == frame || now.frame(frame).is_none()),
            Goal::OutTo(frame, visit) => match now.frame(frame) {
                Some(view) => enters && due == frame && view.visit != visit,
                None => enters,
            },
        }
    }

    /// Goes back to the state of a frame before this one; to that before its first one from there.
    pub(super) fn step_back(&mut self, frame: FrameNumber, outbox: &mut Vec<Message>) {
        let moves = self.timeline.moves();
        let of_frame = moves.iter().rposition(|made| made.frame == Some(frame) && made.entered.is_some());
        let target = of_frame.or_else(|| moves.iter().rposition(|made| made.entered.is_some())).unwrap_or(0);
        self.go_back(target as u64, Stop::new("step"), outbox);
    }

    /// Goes back to the last place that a breakpoint stops at; to the start where none does.
    pub(super) fn run_back(&mut self, stops: &Stops, outbox: &mut Vec<Message>) {
        let visits = self.timeline.now().trace().visits.clone();
        let entries: Vec<(usize, StateId)> = self
            .timeline
            .moves()
            .iter()
            .enumerate()
            .filter_map(|(at, made)| Some((at, visits.get(made.entered?.0 as usize)?.state)))
            .filter(|(_, state)| stops.at(*state).any(|breakpoint| breakpoint.log.is_none()))
            .collect();
        for (at, _) in entries.into_iter().rev() {
            self.timeline.go_to(at as u64);
            let Some((due, Situation::Entering)) = self.timeline.situation() else { continue };
            let (hit, text, _) = self.verdicts(stops, due);
            if !hit.is_empty() {
                return self.stand_still(Stop { text, hit, ..Stop::new("breakpoint") }, outbox);
            }
        }
        self.go_back(0, Stop::new("entry"), outbox);
    }

    /// Goes back to where the state began that a frame is in.
    pub(super) fn restart_frame(&mut self, frame: FrameNumber, outbox: &mut Vec<Message>) {
        let visit = self.timeline.now().frame(frame).and_then(|frame| frame.visit);
        let began = |visit| self.timeline.moves().iter().rposition(|made| made.entered == Some(visit));
        let at = visit.and_then(began).map_or(self.timeline.n_steps(), |at| at as u64);
        self.go_back(at, Stop::new("restart"), outbox);
    }

    fn go_back(&mut self, at: u64, stop: Stop, outbox: &mut Vec<Message>) {
        self.timeline.go_to(at);
        self.passed_step = None;
        self.stand_still(stop, outbox);
    }

    /// Changes something. What was known of the step that comes next no longer holds.
    pub(super) fn edit(&mut self, edit: Edit) -> bool {
        let is_done = self.timeline.edit(edit);
        if is_done {
            self.n_printed_steps = self.n_printed_steps.min(self.timeline.n_steps());
            self.fault = None;
            self.passed_step = None;
        }
        is_done
    }

    /// What expressions in a frame are evaluated with.
    pub(super) fn evaluation<'a>(&self, frame: FrameNumber, scope: &'a dyn Scope) -> Evaluation<'a> {
        let view = self.timeline.now().frame(frame);
        let time = view.map_or(self.timeline.now().trace().now, |view| view.time);
        Evaluation { scope, language: self.language(frame), now_milliseconds: time.0 }
    }

    /// The language of the state that a frame is in.
    pub(super) fn language(&self, frame: FrameNumber) -> QueryLanguage {
        let machine = self.timeline.now().machine();
        let state = self.timeline.now().frame(frame).and_then(|frame| machine.state(frame.state?));
        state.map_or(machine.query_language, |state| state.query_language)
    }

    /// Prints what the states came to that the step ended.
    fn print(&mut self, watched: &[Watched], outbox: &mut Vec<Message>) {
        for watched in watched.iter().filter(|watched| watched.is_running) {
            let now = self.timeline.now();
            let Some(visit) = now.trace().visits.get(watched.visit.0 as usize) else { continue };
            let name = now.machine().state(visit.state).map(|state| state.name.clone()).unwrap_or_default();
            let text = match &visit.status {
                VisitStatus::Running | VisitStatus::Aborted => continue,
                VisitStatus::Succeeded => {
                    format!("⇒ {}", visit.stages.output.as_deref().map(preview).unwrap_or_default())
                }
                VisitStatus::Caught(error) => format!("✗ {}, caught", error_text(error)),
                VisitStatus::Failed(error) => format!("✗ {}", error_text(error)),
                VisitStatus::Blocked => "cannot be simulated".to_owned(),
            };
            let state = visit.state;
            self.n_lines_left = match self.n_lines_left {
                0 => return,
                1 => {
                    outbox.push(output("console", "What further states output is not shown.\n"));
                    0
                }
                n => {
                    outbox.push(self.located(output("stdout", &format!("{name} {text}\n")), state));
                    n - 1
                }
            };
        }
    }

    /// An output with the place of a state.
    fn located(&self, message: Message, state: StateId) -> Message {
        let Message::Event { event, mut body } = message else { return message };
        if let Some(key) =
            self.program.analysis.lowered().source_map.state_key(self.program.analysis.parse(), state)
        {
            let source = self.program.analysis.source();
            body["source"] = json!({"path": self.program.path.to_string_lossy()});
            body["line"] = json!(source.line_column(key.range().start(), ColumnEncoding::Utf16).line + 1);
        }
        Message::Event { event, body }
    }

    /// Tells that it is over, and how it was.
    fn end(&mut self, outbox: &mut Vec<Message>) {
        let outcome = &self.timeline.now().trace().outcome;
        let status = outcome.status();
        let (category, text) = match outcome {
            Outcome::Succeeded { output } => ("stdout", preview(output)),
            Outcome::Failed { error } => ("stderr", error_text(error)),
            Outcome::Blocked(blocked) => ("stderr", blocked.reason.clone()),
            _ => ("stderr", String::new()),
        };
        outbox.push(output(category, &format!("{}\n", format!("{status} {text}").trim_end())));
        let exit_code = u8::from(!matches!(outcome, Outcome::Succeeded { .. }));
        outbox.push(Message::Event { event: "exited", body: json!({"exitCode": exit_code}) });
        self.terminate(outbox);
    }

    /// Tells that nothing more is to come.
    pub(super) fn terminate(&mut self, outbox: &mut Vec<Message>) {
        if !self.has_ended {
            self.leave();
            self.goal = None;
            self.has_ended = true;
            outbox.push(Message::Event { event: "terminated", body: json!({}) });
        }
    }
}

/// The number of a frame's thread in the protocol.
pub(super) fn thread_id(frame: FrameNumber) -> i64 {
    i64::from(frame.0) + 1
}

/// A text for the client to print.
pub(super) fn output(category: &str, text: &str) -> Message {
    Message::Event { event: "output", body: json!({"category": category, "output": text}) }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use super::*;
    use crate::ide::Analysis;
    use crate::simulator::Scenario;
    use crate::syntax::Format;
    use crate::text::SourceText;

    /// Runs an execution without end so many steps: those it took, and what was written.
    fn run(n_steps_max: u64) -> (u64, String) {
        let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}"#;
        let program = Program {
            path: PathBuf::new(),
            analysis: Analysis::new(SourceText::new(text), Format::Json, Arc::default()),
            name: "endless".to_owned(),
            scenario: Arc::new(Scenario { is_express: true, ..Scenario::default() }),
            stops_on_entry: false,
            is_run_only: false,
        };
        let mut debuggee = Debuggee::new(program);
        debuggee.n_steps_max = n_steps_max;
        debuggee.goal = Some(Goal::End);
        let mut outbox = Vec::new();
        while debuggee.is_running() {
            debuggee.run_slice(&Stops::default(), &mut outbox);
        }
        let written = outbox.iter().filter_map(|message| match message {
            Message::Event { event: "output", body } => body["output"].as_str(),
            _ => None,
        });
        (debuggee.timeline.n_steps(), written.collect())
    }

    #[test]
    fn an_execution_without_end_is_halted() {
        let (n_steps, written) = run(1_000);
        assert_eq!(n_steps, 1_000);
        assert!(written.ends_with("The execution did not end within 1000 steps.\n"), "{written}");
        assert!(!written.contains("is not shown"), "{written}");
    }

    #[test]
    fn outputs_are_written_up_to_a_number_of_lines() {
        let limit = u64::from(quota::DEBUGGED_OUTPUT_LINES_MAX);
        let (_, written) = run(limit + 10);
        // The last line says that there are no more, and then comes that it was halted.
        assert_eq!(written.lines().count() as u64, limit + 1);
        assert_eq!(written.matches("What further states output is not shown.").count(), 1);
    }
}
