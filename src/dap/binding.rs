//! Breakpoints that a client asks for, and the states that they are bound to.

use std::path::Path;

use serde_json::json;

use super::breakpoints::{Breakpoint, Conditions, ErrorKind};
use super::debuggee::{Debuggee, Stops};
use super::protocol::{
    BreakpointBody, BreakpointLocationsArguments, SetBreakpointsArguments, SetExceptionBreakpointsArguments,
    SetFunctionBreakpointsArguments, Source, SourceBreakpoint,
};
use super::session::{Answer, Session, not_launched};
use crate::model::StateId;
use crate::spec::quota;
use crate::text::{ColumnEncoding, TextSize};

impl Session {
    pub(super) fn set_breakpoints(&mut self, arguments: SetBreakpointsArguments) -> Answer {
        let debuggee = self.debuggee.as_ref().ok_or_else(not_launched)?;
        if arguments.breakpoints.len() > quota::BREAKPOINTS_MAX {
            return Err(format!("More than {} breakpoints are not set", quota::BREAKPOINTS_MAX));
        }
        if !is_same(&arguments.source, debuggee) {
            let unverified = |_: &SourceBreakpoint| BreakpointBody {
                message: Some("Another file is being debugged".to_owned()),
                ..BreakpointBody::default()
            };
            let bodies: Vec<BreakpointBody> = arguments.breakpoints.iter().map(unverified).collect();
            return Ok(json!({"breakpoints": bodies}));
        }
        self.asked_lines = arguments.breakpoints;
        Ok(json!({"breakpoints": self.bind_lines()}))
    }

    /// Binds the breakpoints at lines to the states there.
    pub(super) fn bind_lines(&mut self) -> Vec<BreakpointBody> {
        self.stops.at_lines.clear();
        let asked = std::mem::take(&mut self.asked_lines);
        let mut bodies = Vec::new();
        for wanted in &asked {
            let line = u32::try_from(wanted.line - i64::from(self.lines_at)).ok();
            let column =
                wanted.column.and_then(|column| u32::try_from(column - i64::from(self.columns_at)).ok());
            let state = line.and_then(|line| state_at(self.debuggee.as_ref()?, line, column));
            let conditions = Conditions {
                condition: wanted.condition.as_deref(),
                hit_condition: wanted.hit_condition.as_deref(),
                log_message: wanted.log_message.as_deref(),
            };
            let bound = state.ok_or_else(|| "No state is here".to_owned());
            bodies.push(self.bind(bound, conditions, |stops| &mut stops.at_lines));
        }
        self.asked_lines = asked;
        bodies
    }

    pub(super) fn bind_names(&mut self) -> Vec<BreakpointBody> {
        self.stops.at_names.clear();
        let asked = std::mem::take(&mut self.asked_names);
        let mut bodies = Vec::new();
        for wanted in &asked {
            let machine = self.debuggee.as_ref().map(|debuggee| debuggee.program.analysis.machine());
            let state = machine.and_then(|machine| {
                machine.all_states().find(|(_, state)| *state.name == *wanted.name).map(|(id, _)| id)
            });
            let conditions = Conditions {
                condition: wanted.condition.as_deref(),
                hit_condition: wanted.hit_condition.as_deref(),
                log_message: None,
            };
            let bound = state.ok_or_else(|| format!("No state is called '{}'", wanted.name));
            bodies.push(self.bind(bound, conditions, |stops| &mut stops.at_names));
        }
        self.asked_names = asked;
        bodies
    }

    fn bind(
        &mut self,
        state: Result<StateId, String>,
        conditions: Conditions<'_>,
        list: impl Fn(&mut Stops) -> &mut Vec<Breakpoint>,
    ) -> BreakpointBody {
        let id = self.next_breakpoint;
        self.next_breakpoint += 1;
        let place = state.as_ref().ok().and_then(|state| self.place(*state));
        let (line, column) = place.unzip();
        match state.and_then(|state| Breakpoint::new(id, state, conditions)) {
            Ok(breakpoint) => {
                list(&mut self.stops).push(breakpoint);
                BreakpointBody { id, verified: true, message: None, line, column }
            }
            Err(message) => BreakpointBody { id, verified: false, message: Some(message), line, column },
        }
    }

    /// The line and column of a state's name, as the client counts.
    fn place(&self, state: StateId) -> Option<(i64, i64)> {
        let analysis = &self.debuggee.as_ref()?.program.analysis;
        let key = analysis.lowered().source_map.state_key(analysis.parse(), state)?;
        let at = analysis.source().line_column(key.range().start(), ColumnEncoding::Utf16);
        Some((i64::from(at.line + self.lines_at), i64::from(at.column + self.columns_at)))
    }

    pub(super) fn set_function_breakpoints(&mut self, arguments: SetFunctionBreakpointsArguments) -> Answer {
        if arguments.breakpoints.len() > quota::BREAKPOINTS_MAX {
            return Err(format!("More than {} breakpoints are not set", quota::BREAKPOINTS_MAX));
        }
        self.asked_names = arguments.breakpoints;
        Ok(json!({"breakpoints": self.bind_names()}))
    }

    pub(super) fn set_exception_breakpoints(
        &mut self,
        arguments: &SetExceptionBreakpointsArguments,
    ) -> Answer {
        let kind_of = |filter: &String| {
            let known = ErrorKind::ALL.iter().find(|(kind, ..)| kind.filter() == filter);
            known.map(|(kind, ..)| *kind).ok_or_else(|| format!("There is no filter '{filter}'"))
        };
        self.stops.at_errors = arguments.filters.iter().map(kind_of).collect::<Result<_, _>>()?;
        let verified = vec![json!({"verified": true}); self.stops.at_errors.len()];
        Ok(json!({"breakpoints": verified}))
    }

    pub(super) fn breakpoint_locations(&self, arguments: &BreakpointLocationsArguments) -> Answer {
        let debuggee = self.debuggee.as_ref().ok_or_else(not_launched)?;
        let lines = arguments.line..=arguments.end_line.unwrap_or(arguments.line);
        let machine = debuggee.program.analysis.machine();
        let mut places: Vec<(i64, i64)> = machine
            .all_states()
            .filter_map(|(id, _)| self.place(id))
            .filter(|(line, _)| lines.contains(line))
            .collect();
        places.sort_unstable();
        if !is_same(&arguments.source, debuggee) {
            places.clear();
        }
        let body = |(line, column): (i64, i64)| json!({"line": line, "column": column});
        Ok(json!({"breakpoints": places.into_iter().map(body).collect::<Vec<_>>()}))
    }
}

/// The state at a line: the first whose name stands there, or else the innermost around it.
fn state_at(debuggee: &Debuggee, line: u32, column: Option<u32>) -> Option<StateId> {
    let analysis = &debuggee.program.analysis;
    let (lowered, parse, source) = (analysis.lowered(), analysis.parse(), analysis.source());
    if line >= source.line_count() {
        return None;
    }
    let on_line = source.line_range(line);
    let keys = lowered.machine.all_states().filter_map(|(id, _)| {
        let key = lowered.source_map.state_key(parse, id)?.range().start();
        (on_line.start() <= key && key <= on_line.end()).then_some((key, id))
    });
    let mut keys: Vec<(TextSize, StateId)> = keys.collect();
    keys.sort_unstable();
    if let Some((first, id)) = keys.first() {
        let column_of = |at: TextSize| source.line_column(at, ColumnEncoding::Utf16).column;
        let wanted = column.unwrap_or_else(|| column_of(*first));
        // The last that begins at or before the column.
        let exact = keys.iter().rev().find(|(at, _)| column_of(*at) <= wanted);
        return Some(exact.map_or(*id, |(_, id)| *id));
    }
    let around = lowered.machine.all_states().filter_map(|(id, _)| {
        let range = parse.node(lowered.source_map.state_member(id)?).range();
        (range.start() <= on_line.end() && on_line.start() <= range.end())
            .then(|| (range.end() - range.start(), id))
    });
    around.min().map(|(_, id)| id)
}

/// Whether a source is the definition that is debugged.
pub(super) fn is_same(source: &Source, debuggee: &Debuggee) -> bool {
    let Some(path) = &source.path else { return false };
    let path = Path::new(path);
    path.canonicalize().unwrap_or_else(|_| path.to_owned()) == debuggee.program.path
}
