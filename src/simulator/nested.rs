//! Executions of other state machines, which tasks start: `startExecution`, with or without waiting for its end, and
//! `startSyncExecution`.
//!
//! Such an execution is a simulation of its own. It is advanced a step at a time, in the order of virtual time, with
//! the tables and objects of the one that started it. How deep they nest is bounded, and so is what a step does.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html>

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::frame::{AwaitedExecution, Frame, FrameId, Phase};
use super::integration::{Call, Reply};
use super::state::{TaskEvents, TaskLimits};
use super::{
    Flow, Halt, Json, Mocks, Names, NestedExecution, Outcome, Scenario, Simulation, StatesError, Step,
    TableChange, Time, Trace,
};
use crate::dynamodb::Database;
use crate::expr::Entropy;
use crate::model::{FieldPath, State, StateMachine};
pub(super) use crate::spec::service::parameter::STATE_MACHINE_ARN;
use crate::spec::{ErrorName, Field, Pattern, Resource, ServiceKind, quota};

pub(super) const EXECUTION_ARN: &str = "ExecutionArn";
pub(super) const START_DATE: &str = "StartDate";
pub(super) const NAME: &str = "Name";
const INPUT: &str = "Input";

/// How the reason begins why something within an execution that was started cannot go on.
const BLOCKED_WITHIN: &str = "An execution of ";

/// A state machine that tasks may start executions of.
#[derive(Clone, Debug)]
pub struct NestedMachine {
    /// The state machine.
    pub machine: Arc<StateMachine>,
    /// What its tasks answer.
    pub mocks: Mocks,
}

/// An execution that has been started.
#[derive(Clone, Debug)]
pub(super) struct StartedExecution {
    simulation: Simulation,
    is_sdk: bool,
    pattern: Pattern,
    is_sync_api: bool,
    request_id: String,
    /// The tables when it started.
    before: Database,
}

/// What a resource starts executions of state machines with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StartAction {
    /// `StartExecution`
    Start,
    /// `StartSyncExecution`
    StartSync,
}

fn start_action(resource: &Resource<'_>) -> Option<StartAction> {
    match (resource.kind, resource.service, resource.action) {
        (ServiceKind::Optimized, "states", "startExecution")
        | (ServiceKind::Sdk, "sfn", "startExecution") => Some(StartAction::Start),
        (ServiceKind::Sdk, "sfn", "startSyncExecution") => Some(StartAction::StartSync),
        _ => None,
    }
}

/// Whether a resource starts an execution.
pub(super) fn starts_execution(resource: &Resource<'_>) -> bool {
    start_action(resource).is_some()
}

impl Simulation {
    /// Starts the execution that a task asks for, if the state machine is one that was given.
    pub(super) fn start_execution(&mut self, id: FrameId, call: &Call<'_>) -> Option<Result<Reply, String>> {
        let action = start_action(&call.resource)?;
        // Whoever gets the token is not simulated.
        if call.resource.pattern == Pattern::WaitForTaskToken {
            return None;
        }
        let machine_arn = call.parameters.get(STATE_MACHINE_ARN)?.as_str()?;
        let nested = self.nested_machine(machine_arn)?.clone();
        if let Err(reason) = self.count_start() {
            return Some(Err(reason));
        }
        let request_id = self.entropy.uuid_v4();
        let is_sdk = call.resource.kind == ServiceKind::Sdk;
        let refuse = |name: &str, message: String| {
            let error = api_error(is_sdk, name, &message, &request_id);
            Some(Ok(Reply::Failure(error)))
        };
        let input = match execution_input(call.parameters.get(INPUT)) {
            Ok(input) => input,
            Err(message) => return refuse("InvalidExecutionInput", message),
        };
        let name = call.parameters.get(NAME).and_then(Value::as_str).map(str::to_owned);
        let name = name.unwrap_or_else(|| self.entropy.uuid_v4());
        let is_express = action == StartAction::StartSync;
        let names = self.nested_names(machine_arn, &name, is_express);
        // AWS: to start what is running with the same input is to start it once.
        if let Some(simulation) = self.detached.remove(&names.execution_arn, &input) {
            return Some(Ok(Reply::Execution(Box::new(StartedExecution {
                simulation,
                is_sdk,
                pattern: call.resource.pattern,
                is_sync_api: false,
                request_id,
                before: self.trace.database.clone(),
            }))));
        }
        if !self.started_arns.insert(names.execution_arn.clone()) {
            let message = format!("Execution Already Exists: '{}'", names.execution_arn);
            return refuse("ExecutionAlreadyExists", message);
        }
        let scenario = Scenario {
            input: Arc::new(input),
            database: self.trace.database.clone(),
            is_database_remote: self.scenario.is_database_remote,
            mocks: nested.mocks,
            names,
            objects: self.objects.clone(),
            state_machines: self.scenario.state_machines.clone(),
            nesting: self.scenario.nesting + 1,
            start_time: self.frames.get(&id).map_or(self.trace.now, |frame| frame.time),
            seed: self.entropy.next_u64(),
            is_express,
            ..Scenario::default()
        };
        Some(Ok(Reply::Execution(Box::new(StartedExecution {
            simulation: Simulation::new(nested.machine, Arc::new(scenario)),
            is_sdk,
            pattern: call.resource.pattern,
            is_sync_api: is_express,
            request_id,
            before: self.trace.database.clone(),
        }))))
    }

    /// Counts one more execution, if it may be started.
    fn count_start(&mut self) -> Result<(), String> {
        let (deep, many) = (quota::NESTED_EXECUTIONS_MAX, quota::STARTED_EXECUTIONS_MAX);
        if self.scenario.nesting >= deep {
            return Err(format!("Executions are simulated {deep} deep, one within the other"));
        }
        if self.n_started >= many {
            return Err(format!("At most {many} executions are started in one simulation"));
        }
        self.n_started += 1;
        Ok(())
    }

    /// The state machine of this ARN, which may end in a version or alias, or of the name in it.
    fn nested_machine(&self, arn: &str) -> Option<&NestedMachine> {
        let machines = &self.scenario.state_machines;
        machines.get(arn).or_else(|| machines.get(arn.split(':').nth(6)?))
    }

    fn nested_names(&mut self, machine_arn: &str, name: &str, is_express: bool) -> Names {
        let kind = if is_express { ":express:" } else { ":execution:" };
        let mut execution_arn = format!("{}:{name}", machine_arn.replacen(":stateMachine:", kind, 1));
        if is_express {
            execution_arn = format!("{execution_arn}:{}", self.entropy.uuid_v4());
        }
        Names {
            state_machine_name: Arc::from(machine_arn.split(':').nth(6).unwrap_or(machine_arn)),
            state_machine_arn: Arc::from(machine_arn),
            execution_name: Arc::from(name),
            execution_arn: Arc::from(execution_arn),
            role_arn: self.scenario.names.role_arn.clone(),
            region: self.scenario.names.region.clone(),
        }
    }

    /// Waits for the end of an execution, or lets it run by itself.
    pub(super) fn begin_execution(
        &mut self,
        id: FrameId,
        state: &State,
        events: TaskEvents,
        nested: StartedExecution,
        limits: TaskLimits,
    ) -> Result<Flow, Halt> {
        if nested.pattern == Pattern::RequestResponse && !nested.is_sync_api {
            let answer = nested.answer_to_start();
            let result = match nested.is_sdk {
                true => Arc::new(answer),
                false => self.with_metadata(id, answer, &nested.request_id, "application/x-amz-json-1.0"),
            };
            self.detached.push(nested.simulation);
            let pending = super::frame::PendingTask { events, reply: Reply::Success(result) };
            return self.end_task(id, state, pending);
        }
        let now = self.frames.get(&id).map_or(self.trace.now, |frame| frame.time);
        let deadline = limits.timeout_ms.map(|timeout_ms| now.plus_millis(timeout_ms));
        self.set_phase(id, Phase::Execution(Box::new(AwaitedExecution { events, nested, deadline })));
        Ok(Flow::Suspend)
    }

    /// Advances the execution that a task waits for, and ends the task when it has ended.
    pub(super) fn continue_execution(&mut self, id: FrameId, state: &State) -> Result<Flow, Halt> {
        let Some(Phase::Execution(mut awaited)) = self.take_phase(id) else { return Ok(Flow::Suspend) };
        let now = self.frames.get(&id).map_or(self.trace.now, |frame| frame.time);
        if awaited.deadline.is_some_and(|deadline| now >= deadline)
            && !awaited.nested.simulation.is_finished()
        {
            // AWS stops what the task waits for.
            self.stop_nested(&mut awaited.nested.simulation, now);
            self.frame_event(id, awaited.events.failed(&StatesError::timeout()));
            return Err(StatesError::timeout().into());
        }
        let step = self.step_nested(&mut awaited.nested.simulation);
        if step == Step::Awaiting {
            // Not a moment passes, so that this frame is the next to go on, with the answer.
            self.set_phase(id, Phase::Execution(awaited));
            return Ok(Flow::Suspend);
        }
        if step == Step::Advanced {
            let due = awaited.nested.simulation.due_time().unwrap_or(now);
            let due = awaited.deadline.map_or(due, |deadline| due.min(deadline));
            if let Some(frame) = self.frames.get_mut(&id) {
                frame.time = frame.time.max(due);
            }
            self.set_phase(id, Phase::Execution(awaited));
            return Ok(Flow::Suspend);
        }
        self.note_execution(&awaited.nested.simulation);
        if let Some(visit) = self.activation(id).map(|activation| activation.visit) {
            let change =
                TableChange { before: awaited.nested.before.clone(), after: self.trace.database.clone() };
            self.trace.visit_mut(visit, |visit| visit.tables = Some(Box::new(change)));
        }
        let reply = awaited
            .nested
            .reply()
            .map_err(|reason| Halt::Blocked(FieldPath::new(Field::Resource.name()), reason))?;
        self.end_task(id, state, super::frame::PendingTask { events: awaited.events, reply })
    }

    /// Takes one step of another simulation with the tables, objects and exchange of this one.
    fn step_nested(&mut self, nested: &mut Simulation) -> Step {
        nested.trace.database = self.trace.database.clone();
        nested.objects = self.objects.clone();
        nested.n_started = self.n_started;
        nested.started_arns = std::mem::take(&mut self.started_arns);
        nested.exchange = std::mem::take(&mut self.exchange);
        nested.step();
        self.n_started = nested.n_started;
        self.started_arns = std::mem::take(&mut nested.started_arns);
        self.trace.database = nested.trace.database.clone();
        self.objects = nested.objects.clone();
        let step = nested.standing();
        self.exchange = std::mem::take(&mut nested.exchange);
        if nested.trace.outcome.is_final() {
            self.adopt_detached(nested);
            return Step::Finished;
        }
        step
    }

    /// Goes on with what an execution that has ended had started and did not wait for: AWS stops none of it.
    fn adopt_detached(&mut self, ended: &mut Simulation) {
        while let Some((_, simulation)) = ended.detached.pop_due() {
            self.detached.push(simulation);
        }
    }

    /// Stops an execution that a task waits for, as AWS does when the task ends before it.
    fn stop_nested(&mut self, nested: &mut Simulation, time: Time) {
        nested.stop(time);
        self.adopt_detached(nested);
        self.note_execution(nested);
    }

    /// Takes a step of an execution that nobody waits for, if one is due before everything else here.
    pub(super) fn step_detached(&mut self) -> bool {
        let Some(due) = self.detached.due_time() else { return false };
        if self.own_due_time().is_some_and(|own| due.is_some_and(|due| own <= due)) {
            return false;
        }
        let Some((number, mut nested)) = self.detached.pop_due() else { return false };
        if self.step_nested(&mut nested) == Step::Finished {
            self.note_execution(&nested);
        } else {
            self.detached.put_back(number, nested);
        }
        true
    }

    /// Whether nothing more will happen, here and in the executions that were started here.
    pub(super) fn is_finished(&self) -> bool {
        self.trace.outcome.is_final() && self.detached.is_empty()
    }

    /// When something happens next, here and in the executions that were started here.
    pub(super) fn due_time(&mut self) -> Option<Time> {
        self.own_due_time().into_iter().chain(self.detached.due_time().flatten()).min()
    }

    fn own_due_time(&mut self) -> Option<Time> {
        if self.trace.outcome.is_final() {
            return None;
        }
        let due = self.frames.due()?;
        self.frames.get(&due).map(|frame| frame.time)
    }

    /// Stops the executions that tasks wait for here, as AWS does when it stops the task.
    pub(super) fn stop_awaited(&mut self, time: Time) {
        let waiting = self.frames.iter().filter(|(_, frame)| frame.awaits_execution());
        for id in waiting.map(|(id, _)| id).collect::<Vec<_>>() {
            if let Some(Phase::Execution(mut awaited)) = self.take_phase(id) {
                self.stop_nested(&mut awaited.nested.simulation, time);
            }
        }
    }

    /// As [`Simulation::stop_awaited`], of one frame that is given up.
    pub(super) fn stop_awaited_by(&mut self, frame: &mut Frame, time: Time) {
        let phase = frame.activation.as_mut().map(|activation| &mut activation.phase);
        if let Some(Phase::Execution(awaited)) = phase {
            self.stop_nested(&mut awaited.nested.simulation, time);
        }
    }

    fn note_execution(&mut self, nested: &Simulation) {
        let scenario = nested.scenario();
        let trace: &Trace = nested.trace();
        let inner = trace.executions.iter().map(|inner| inner.events.len()).sum::<usize>();
        self.n_nested_events += trace.events.len() + inner;
        self.keep(nested.n_kept_bytes, None);
        if let Some(reason) = too_many_events(self.n_nested_events) {
            self.detached.clear();
            return self.block(None, FieldPath::root(), reason);
        }
        self.trace.executions.push_back(Arc::new(NestedExecution {
            names: scenario.names.clone(),
            input: scenario.input.clone(),
            events: trace.events.iter().cloned().collect(),
            outcome: trace.outcome.clone(),
        }));
        for (bucket, key, body) in trace.written.iter() {
            self.trace.written.insert(bucket, key, body);
        }
        for inner in &trace.executions {
            self.trace.executions.push_back(inner.clone());
        }
    }
}

impl StartedExecution {
    /// What `StartExecution` answers.
    pub(super) fn answer_to_start(&self) -> Value {
        let scenario = self.simulation.scenario();
        json!({
            EXECUTION_ARN: &*scenario.names.execution_arn,
            START_DATE: scenario.start_time.to_string(),
        })
    }

    /// What a task that waited for it comes to.
    ///
    /// # Errors
    ///
    /// Why the execution could not be simulated to its end.
    fn reply(&self) -> Result<Reply, String> {
        let simulation = &self.simulation;
        let scenario = simulation.scenario();
        let outcome = &simulation.trace().outcome;
        if let Outcome::Blocked(blocked) = outcome {
            // What is blocked further within has said where.
            if blocked.reason.starts_with(BLOCKED_WITHIN) {
                return Err(blocked.reason.clone());
            }
            let name = &scenario.names.state_machine_name;
            let state = blocked.state.and_then(|state| simulation.machine().state(state));
            let place = state.map(|state| format!(" at '{}'", state.name)).unwrap_or_default();
            return Err(format!("{BLOCKED_WITHIN}'{name}' is blocked{place}: {}", blocked.reason));
        }
        if self.is_sync_api {
            return Ok(Reply::Success(Arc::new(self.answer_to_sync())));
        }
        let has_succeeded = matches!(outcome, Outcome::Succeeded { .. });
        let description = self.description();
        if has_succeeded {
            return Ok(Reply::Success(Arc::new(description)));
        }
        // AWS: the cause is the description as text (callback/test_start_execution_sync_delegate_failure).
        Ok(Reply::Failure(StatesError::new(ErrorName::TASK_FAILED, description.to_string())))
    }

    /// `DescribeExecution`'s answer as a task that waited has it; members in the order of the alphabet, as AWS's.
    fn description(&self) -> Value {
        let trace = self.simulation.trace();
        let outcome = &trace.outcome;
        let mut map = Map::new();
        self.insert_error(&mut map);
        self.insert_execution(&mut map, self.pattern == Pattern::Sync2);
        map.insert("RedriveCount".into(), json!(0));
        match outcome {
            Outcome::Succeeded { .. } => {
                map.insert("RedriveStatus".into(), json!("NOT_REDRIVABLE"));
                let reason = "Execution is SUCCEEDED and cannot be redriven";
                map.insert("RedriveStatusReason".into(), json!(reason));
            }
            _ => {
                map.insert("RedriveStatus".into(), json!("REDRIVABLE"));
            }
        }
        map.insert(START_DATE.into(), json!(self.simulation.scenario().start_time.0));
        self.insert_status(&mut map, json!(trace.now.0));
        Value::Object(map)
    }

    /// What `StartSyncExecution` answers.
    fn answer_to_sync(&self) -> Value {
        let start = self.simulation.scenario().start_time;
        let now = self.simulation.trace().now;
        // Billed in steps of 100 milliseconds.
        let billed_ms = now.millis_since(start).max(1).saturating_add(99) / 100 * 100;
        let mut map = Map::new();
        let billing = json!({"BilledDurationInMilliseconds": billed_ms, "BilledMemoryUsedInMB": 64});
        map.insert("BillingDetails".into(), billing);
        self.insert_error(&mut map);
        self.insert_execution(&mut map, false);
        map.insert(START_DATE.into(), json!(start.to_string()));
        self.insert_status(&mut map, json!(now.to_string()));
        Value::Object(map)
    }

    fn insert_error(&self, map: &mut Map<String, Value>) {
        let timeout = StatesError::timeout();
        let error = match &self.simulation.trace().outcome {
            Outcome::Failed { error } => error,
            Outcome::TimedOut => &timeout,
            Outcome::Running | Outcome::Succeeded { .. } | Outcome::Aborted | Outcome::Blocked(_) => return,
        };
        for (key, text) in [(Field::Cause, &error.cause), (Field::Error, &error.name)] {
            if let Some(text) = text {
                map.insert(key.name().into(), json!(&**text));
            }
        }
    }

    fn insert_execution(&self, map: &mut Map<String, Value>, is_parsed: bool) {
        let scenario = self.simulation.scenario();
        let payload = |value: &Json| if is_parsed { Value::clone(value) } else { json!(value.to_string()) };
        map.insert(EXECUTION_ARN.into(), json!(&*scenario.names.execution_arn));
        map.insert(INPUT.into(), payload(&scenario.input));
        map.insert("InputDetails".into(), json!({"Included": true}));
        map.insert(NAME.into(), json!(&*scenario.names.execution_name));
        if let Some(output) = self.simulation.trace().outcome.output() {
            map.insert(Field::Output.name().into(), payload(output));
            map.insert("OutputDetails".into(), json!({"Included": true}));
        }
    }

    fn insert_status(&self, map: &mut Map<String, Value>, stop_date: Value) {
        let arn = &self.simulation.scenario().names.state_machine_arn;
        map.insert(STATE_MACHINE_ARN.into(), json!(&**arn));
        map.insert("Status".into(), json!(self.simulation.trace().outcome.status()));
        map.insert("StopDate".into(), stop_date);
    }
}

/// The input that a request gives, which is JSON text or, in a definition, JSON.
fn execution_input(given: Option<&Value>) -> Result<Value, String> {
    match given {
        None | Some(Value::Null) => Ok(json!({})),
        Some(Value::String(text)) => {
            serde_json::from_str(text).map_err(|_| format!("Invalid State Machine Execution Input: '{text}'"))
        }
        Some(other) => Ok(other.clone()),
    }
}

/// An error of the API of Step Functions as the two integrations name it.
fn api_error(is_sdk: bool, name: &str, message: &str, request_id: &str) -> StatesError {
    if is_sdk {
        let cause = format!("{message} (Service: Sfn, Status Code: 400, Request ID: {request_id})");
        return StatesError::new(&format!("Sfn.{name}Exception"), cause);
    }
    let cause = format!(
        "{message} (Service: AWSStepFunctions; Status Code: 400; Error Code: {name}; Request ID: {request_id}; Proxy: null)"
    );
    StatesError::new(&format!("StepFunctions.{name}Exception"), cause)
}

/// Why a simulation does not go on whose executions have so many events; nothing where it does.
fn too_many_events(n_events: usize) -> Option<String> {
    let limit = quota::NESTED_EVENTS_MAX;
    (n_events > limit).then(|| format!("The executions that were started have more than {limit} events"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_executions_are_limited() {
        let limit = quota::NESTED_EVENTS_MAX;
        assert_eq!(too_many_events(limit), None);
        let reason = "The executions that were started have more than 1000000 events";
        assert_eq!(too_many_events(limit + 1).as_deref(), Some(reason));
    }
}
