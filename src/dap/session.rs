//! What a client asks, answered: one session of the protocol, without its transport.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::binding::is_same;
use super::breakpoints::ErrorKind;
use super::debuggee::{Debuggee, Goal, Stop, Stops, output};
use super::fault::Fault;
use super::launch::Program;
use super::protocol::{
    Capabilities, EvaluateArguments, ExceptionFilter, FrameArguments, FunctionBreakpoint,
    InitializeArguments, Message, Request, RestartArguments, SetVariableArguments, SourceArguments,
    SourceBreakpoint, StackTraceArguments, ThreadArguments, VariablesArguments,
};
use super::timeline::Edit;
use super::values::{Handle, Page, Root, kind, n_indexed, n_named, preview, replaced};
use crate::simulator::{FrameNumber, Json};

/// What a request is answered with: a body, or why there is none.
pub(super) type Answer = Result<Value, String>;

/// A session.
#[derive(Debug)]
pub(super) struct Session {
    /// Whether the client counts lines and columns from 1: what is added to ours.
    pub(super) lines_at: u32,
    pub(super) columns_at: u32,
    /// The launch configuration.
    launch: Value,
    pub(super) debuggee: Option<Debuggee>,
    pub(super) stops: Stops,
    /// What the client asked for at lines and at names, for a definition that is read again.
    pub(super) asked_lines: Vec<SourceBreakpoint>,
    pub(super) asked_names: Vec<FunctionBreakpoint>,
    is_configured: bool,
    pub(super) next_breakpoint: i64,
    is_over: bool,
    /// What is to be sent after the answer.
    outbox: Vec<Message>,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            lines_at: 1,
            columns_at: 1,
            launch: Value::Null,
            debuggee: None,
            stops: Stops::default(),
            asked_lines: Vec::new(),
            asked_names: Vec::new(),
            is_configured: false,
            next_breakpoint: 1,
            is_over: false,
            outbox: Vec::new(),
        }
    }
}

impl Session {
    /// Whether there is something to do while nobody asks.
    pub(super) fn is_running(&self) -> bool {
        self.debuggee.as_ref().is_some_and(Debuggee::is_running)
    }

    /// Whether the client has said goodbye.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Runs on for a while. Returns what is to be sent.
    pub(super) fn run_slice(&mut self) -> Vec<Message> {
        if let Some(debuggee) = &mut self.debuggee {
            debuggee.run_slice(&self.stops, &mut self.outbox);
        }
        std::mem::take(&mut self.outbox)
    }

    /// Gives up after a mistake of ours.
    pub(super) fn give_up(&mut self) -> Vec<Message> {
        self.outbox.push(output("stderr", "The debugger has failed; this is a mistake in asl-lsp.\n"));
        if let Some(debuggee) = &mut self.debuggee {
            debuggee.terminate(&mut self.outbox);
        }
        std::mem::take(&mut self.outbox)
    }

    /// Answers a request. Returns what is to be sent, the answer first.
    pub(super) fn handle(&mut self, request: &Request) -> Vec<Message> {
        let result = self.answer(&request.command, &request.arguments);
        let answer = Message::Response { request_seq: request.seq, command: request.command.clone(), result };
        std::iter::once(answer).chain(std::mem::take(&mut self.outbox)).collect()
    }

    fn answer(&mut self, command: &str, arguments: &Value) -> Answer {
        match command {
            "initialize" => self.initialize(&parse(arguments)?),
            "launch" => self.launch(arguments),
            "attach" => Err("There is nothing to attach to: use a launch configuration".to_owned()),
            "configurationDone" => self.configuration_done(),
            "setBreakpoints" => self.set_breakpoints(parse(arguments)?),
            "setFunctionBreakpoints" => self.set_function_breakpoints(parse(arguments)?),
            "setExceptionBreakpoints" => self.set_exception_breakpoints(&parse(arguments)?),
            "breakpointLocations" => self.breakpoint_locations(&parse(arguments)?),
            "restart" => self.restart(parse(arguments)?),
            "disconnect" => {
                self.is_over = true;
                Ok(Value::Null)
            }
            "threads" => Ok(match &mut self.debuggee {
                Some(debuggee) => json!({"threads": debuggee.threads()}),
                None => json!({"threads": []}),
            }),
            "pause" => {
                let outbox = &mut self.outbox;
                let debuggee = self.debuggee.as_mut().filter(|debuggee| debuggee.is_running());
                let debuggee = debuggee.ok_or_else(|| "Nothing is running".to_owned())?;
                debuggee.stand_still(Stop::new("pause"), outbox);
                Ok(Value::Null)
            }
            "terminate" => {
                if let Some(debuggee) = &mut self.debuggee {
                    debuggee.terminate(&mut self.outbox);
                }
                Ok(Value::Null)
            }
            "continue" => {
                self.standing()?.run(Goal::End);
                Ok(json!({"allThreadsContinued": true}))
            }
            "next" => self.step(&parse(arguments)?, Goal::Over),
            "stepIn" => self.step(&parse(arguments)?, |_| Goal::Into),
            "stepOut" => self.step_out(&parse(arguments)?),
            "stepBack" => {
                let ThreadArguments { thread_id } = parse(arguments)?;
                let (debuggee, _, outbox) = self.parts()?;
                let frame = debuggee.frame_of_thread(thread_id).ok_or_else(no_thread)?;
                debuggee.step_back(frame, outbox);
                Ok(Value::Null)
            }
            "reverseContinue" => {
                let (debuggee, stops, outbox) = self.parts()?;
                debuggee.run_back(stops, outbox);
                Ok(Value::Null)
            }
            "restartFrame" => {
                let FrameArguments { frame_id } = parse(arguments)?;
                let (debuggee, _, outbox) = self.parts()?;
                let frame = debuggee.shown_frame(Some(frame_id))?;
                debuggee.restart_frame(frame, outbox);
                Ok(Value::Null)
            }
            "stackTrace" => self.stack_trace(&parse(arguments)?),
            "scopes" => {
                let FrameArguments { frame_id } = parse(arguments)?;
                let debuggee = self.standing()?;
                let frame = debuggee.shown_frame(Some(frame_id))?;
                Ok(json!({"scopes": debuggee.scopes(frame)}))
            }
            "variables" => self.variables(&parse(arguments)?),
            "setVariable" => self.set_variable(&parse(arguments)?),
            "evaluate" => self.evaluate(&parse(arguments)?),
            "exceptionInfo" => {
                let fault = self.standing()?.fault.as_ref();
                fault.map(Fault::to_json).ok_or_else(|| "The execution did not stop at an error".to_owned())
            }
            "source" => self.source(&parse(arguments)?),
            "loadedSources" => Ok(match &self.debuggee {
                Some(debuggee) => json!({"sources": [debuggee.source()]}),
                None => json!({"sources": []}),
            }),
            _ => Err(format!("The request '{command}' is not known")),
        }
    }

    // Beginning

    fn initialize(&mut self, arguments: &InitializeArguments) -> Answer {
        let base = |starts_at_1: Option<bool>| u32::from(starts_at_1.unwrap_or(true));
        self.lines_at = base(arguments.lines_start_at_1);
        self.columns_at = base(arguments.columns_start_at_1);
        let filters = ErrorKind::ALL.map(|(kind, label, description)| ExceptionFilter {
            filter: kind.filter(),
            label,
            description,
            default: kind == ErrorKind::Failed,
        });
        to_json(Capabilities {
            supports_configuration_done_request: true,
            supports_function_breakpoints: true,
            supports_conditional_breakpoints: true,
            supports_hit_conditional_breakpoints: true,
            supports_log_points: true,
            supports_breakpoint_locations_request: true,
            supports_evaluate_for_hovers: true,
            supports_set_variable: true,
            supports_step_back: true,
            supports_restart_frame: true,
            supports_restart_request: true,
            supports_exception_info_request: true,
            supports_loaded_sources_request: true,
            supports_terminate_request: true,
            support_terminate_debuggee: true,
            supports_clipboard_context: true,
            exception_breakpoint_filters: filters.into(),
        })
    }

    fn launch(&mut self, arguments: &Value) -> Answer {
        if self.debuggee.is_some() {
            return Err("The session has been launched already".to_owned());
        }
        let program = Program::load(arguments).map_err(|error| format!("{error:#}"))?;
        self.launch = arguments.clone();
        self.debuggee = Some(Debuggee::new(program));
        // Now, when lines can be told to be states'.
        self.outbox.push(Message::Event { event: "initialized", body: json!({}) });
        Ok(Value::Null)
    }

    fn configuration_done(&mut self) -> Answer {
        let debuggee = self.debuggee.as_mut().ok_or_else(not_launched)?;
        if !std::mem::replace(&mut self.is_configured, true) {
            debuggee.start(&self.stops, &mut self.outbox);
        }
        Ok(Value::Null)
    }

    /// Reads the definition again and begins anew.
    fn restart(&mut self, arguments: RestartArguments) -> Answer {
        let launch = arguments.arguments.unwrap_or_else(|| self.launch.clone());
        let program = Program::load(&launch).map_err(|error| format!("{error:#}"))?;
        self.launch = launch;
        self.debuggee = Some(Debuggee::new(program));
        let bound = self.bind_lines().into_iter().chain(self.bind_names());
        for breakpoint in bound.collect::<Vec<_>>() {
            self.outbox.push(Message::Event {
                event: "breakpoint",
                body: json!({"reason": "changed", "breakpoint": breakpoint}),
            });
        }
        if let Some(debuggee) = &mut self.debuggee {
            debuggee.start(&self.stops, &mut self.outbox);
        }
        Ok(Value::Null)
    }

    // Stepping

    /// The execution, if it stands still.
    fn standing(&mut self) -> Result<&mut Debuggee, String> {
        self.parts().map(|(debuggee, _, _)| debuggee)
    }

    /// The execution, if it stands still, what it stops at and where it tells of it.
    fn parts(&mut self) -> Result<(&mut Debuggee, &Stops, &mut Vec<Message>), String> {
        let debuggee = self.debuggee.as_mut().ok_or_else(not_launched)?;
        if debuggee.is_running() || !self.is_configured {
            return Err("The execution is running".to_owned());
        }
        if debuggee.has_ended() {
            return Err("The execution has ended".to_owned());
        }
        Ok((debuggee, &self.stops, &mut self.outbox))
    }

    fn step(&mut self, arguments: &ThreadArguments, goal: impl Fn(FrameNumber) -> Goal) -> Answer {
        let debuggee = self.standing()?;
        let frame = debuggee.frame_of_thread(arguments.thread_id).ok_or_else(no_thread)?;
        debuggee.run(goal(frame));
        Ok(Value::Null)
    }

    fn step_out(&mut self, arguments: &ThreadArguments) -> Answer {
        let debuggee = self.standing()?;
        let frame = debuggee.frame_of_thread(arguments.thread_id).ok_or_else(no_thread)?;
        let now = debuggee.timeline.now();
        let parent = now.frame(frame).and_then(|frame| frame.parent).and_then(|parent| now.frame(parent));
        let goal = parent.map_or(Goal::End, |parent| Goal::OutTo(parent.number, parent.visit));
        debuggee.run(goal);
        Ok(Value::Null)
    }

    // Looking

    fn stack_trace(&mut self, arguments: &StackTraceArguments) -> Answer {
        let (lines_at, columns_at) = (self.lines_at, self.columns_at);
        let debuggee = self.standing()?;
        let frame = debuggee.frame_of_thread(arguments.thread_id).ok_or_else(no_thread)?;
        let stack = debuggee.stack(frame, lines_at, columns_at);
        let n_frames = stack.len();
        let levels = arguments.levels.filter(|levels| *levels > 0).unwrap_or(usize::MAX);
        let shown: Vec<_> = stack.into_iter().skip(arguments.start_frame.unwrap_or(0)).take(levels).collect();
        Ok(json!({"stackFrames": shown, "totalFrames": n_frames}))
    }

    fn variables(&mut self, arguments: &VariablesArguments) -> Answer {
        let filter = arguments.filter.as_deref();
        let page = Page {
            has_named: filter != Some("indexed"),
            has_indexed: filter != Some("named"),
            start: arguments.start.unwrap_or(0),
            count: arguments.count.unwrap_or(0),
        };
        let children = self.standing()?.handles.children(arguments.variables_reference, &page);
        children.map(|children| json!({"variables": children})).ok_or_else(stale)
    }

    fn evaluate(&mut self, arguments: &EvaluateArguments) -> Answer {
        let context = arguments.context.as_deref().unwrap_or_default();
        let debuggee = self.standing()?;
        let frame = debuggee.shown_frame(arguments.frame_id)?;
        let text = arguments.expression.trim();
        let new_input = text.strip_prefix("input").and_then(|rest| rest.trim_start().strip_prefix('='));
        if let Some(new_input) = new_input.filter(|_| context == "repl") {
            let input = new_value(debuggee, frame, new_input)?;
            change(debuggee, Edit::Input(frame, Arc::new(input.clone())))?;
            return Ok(result(debuggee, frame, input, context));
        }
        let value = evaluated(debuggee, frame, text)?;
        Ok(result(debuggee, frame, value, context))
    }

    fn set_variable(&mut self, arguments: &SetVariableArguments) -> Answer {
        let debuggee = self.standing()?;
        let handle = debuggee.handles.get(arguments.variables_reference).ok_or_else(stale)?.clone();
        let new = new_value(debuggee, handle.frame, &arguments.value)?;
        let is_whole = handle.target().is_some_and(|target| !target.is_object() && !target.is_array());
        let pointer = match &handle.pointer {
            pointer if is_whole => pointer.clone(),
            pointer => format!("{pointer}/{}", arguments.name.replace('~', "~0").replace('/', "~1")),
        };
        let whole = replaced(&handle.value, &pointer, new.clone()).ok_or_else(stale)?;
        let edit = match handle.root {
            Root::Input => Edit::Input(handle.frame, Arc::new(whole.clone())),
            Root::Variables => {
                let name = pointer.split('/').nth(1).unwrap_or_default();
                let name = name.replace("~1", "/").replace("~0", "~");
                let value = whole.get(&name).cloned().unwrap_or_default();
                Edit::Variable(handle.frame, Arc::from(name), Arc::new(value))
            }
            _ => return Err("Only the input and variables can be changed".to_owned()),
        };
        change(debuggee, edit)?;
        let whole: Json = Arc::new(whole);
        debuggee.handles.replace(handle.frame, handle.root, &whole);
        let (named, indexed) = (n_named(&new), n_indexed(&new));
        let body = json!({"value": preview(&new), "type": kind(&new),
            "variablesReference": debuggee.handles.add_container(Handle { value: whole, pointer, ..handle })});
        Ok(with_counts(body, named, indexed))
    }

    fn source(&self, arguments: &SourceArguments) -> Answer {
        let debuggee = self.debuggee.as_ref().ok_or_else(not_launched)?;
        if arguments.source.as_ref().is_some_and(|source| !is_same(source, debuggee)) {
            return Err("There is no such source".to_owned());
        }
        let text = debuggee.program.analysis.source().as_str();
        Ok(json!({"content": text, "mimeType": "text/plain"}))
    }
}

/// The value of an expression in a frame.
fn evaluated(debuggee: &Debuggee, frame: FrameNumber, text: &str) -> Result<Value, String> {
    let scope = debuggee.timeline.now().scope(frame).ok_or_else(stale)?;
    debuggee.evaluation(frame, &scope).value(text)
}

/// What somebody typed as a new value: JSON, or an expression.
fn new_value(debuggee: &Debuggee, frame: FrameNumber, text: &str) -> Result<Value, String> {
    match serde_json::from_str(text) {
        Ok(value) => Ok(value),
        Err(_) => evaluated(debuggee, frame, text),
    }
}

fn change(debuggee: &mut Debuggee, edit: Edit) -> Result<(), String> {
    let is_input = matches!(edit, Edit::Input(..));
    if debuggee.edit(edit) {
        return Ok(());
    }
    Err(if is_input {
        "The state has begun: restart its frame to change its input".to_owned()
    } else {
        stale()
    })
}

/// A value as the result of an expression.
fn result(debuggee: &mut Debuggee, frame: FrameNumber, value: Value, context: &str) -> Value {
    let text = match context {
        "repl" | "clipboard" => serde_json::to_string_pretty(&value).unwrap_or_default(),
        _ => preview(&value),
    };
    let (named, indexed, kind) = (n_named(&value), n_indexed(&value), kind(&value));
    let language = debuggee.language(frame);
    let handle =
        Handle { frame, root: Root::Result, value: Arc::new(value), pointer: String::new(), language };
    let reference = debuggee.handles.add_container(handle);
    with_counts(json!({"result": text, "type": kind, "variablesReference": reference}), named, indexed)
}

fn with_counts(mut body: Value, named: Option<usize>, indexed: Option<usize>) -> Value {
    if let Some(named) = named {
        body["namedVariables"] = json!(named);
    }
    if let Some(indexed) = indexed {
        body["indexedVariables"] = json!(indexed);
    }
    body
}

fn parse<T: DeserializeOwned>(arguments: &Value) -> Result<T, String> {
    let arguments = if arguments.is_null() { json!({}) } else { arguments.clone() };
    serde_json::from_value(arguments).map_err(|error| format!("The arguments cannot be understood: {error}"))
}

fn to_json(body: impl serde::Serialize) -> Answer {
    serde_json::to_value(body).map_err(|error| error.to_string())
}

pub(super) fn not_launched() -> String {
    "Nothing has been launched".to_owned()
}

fn no_thread() -> String {
    "There is no such thread".to_owned()
}

fn stale() -> String {
    "What this refers to is gone: the execution has gone on".to_owned()
}
