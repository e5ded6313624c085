//! The finer parts of what a state did: items before and after, sizes against limits, capacity, what takes its errors.

use std::fmt::Write as _;

use serde_json::Value;

use crate::ide::preview;
use crate::ide::run::Run;
use crate::model::{StateBody, StateId, StateMachine, TextField};
use crate::simulator::Visit;
use crate::spec::dynamodb::parameter;
use crate::spec::{Resource, StateKind, dynamodb, quota};

/// Characters of a value in a table.
const CELL_CHARS_MAX: usize = 48;
/// Rows of a table.
const ROWS_MAX: usize = 40;

/// An item before and after, attribute by attribute; those that changed are emphasised. None where either is no item.
pub(super) fn changes_table(before: &Value, after: &Value) -> Option<String> {
    let (old, new) = (before.as_object()?, after.as_object()?);
    let mut table = String::from("| attribute | before | after |\n| --- | --- | --- |\n");
    let gone = old.keys().filter(|name| !new.contains_key(*name));
    for name in new.keys().chain(gone).take(ROWS_MAX) {
        let cell = |value: Option<&Value>| match value {
            Some(value) => preview::code(&preview::line(value, CELL_CHARS_MAX).replace('|', "\\|")),
            None => String::new(),
        };
        let (one, other) = (old.get(name), new.get(name));
        let shown = preview::code(&name.replace('|', "\\|"));
        let shown = if one == other { shown } else { format!("**{shown}**") };
        let _ = writeln!(table, "| {shown} | {} | {} |", cell(one), cell(other));
    }
    Some(table)
}

/// How large the data is, how much of the limits that is, and what the request consumed.
pub(super) fn sizes(run: &Run, visit: &Visit) -> Option<String> {
    let bytes = |value: &Value| value.to_string().len();
    let mut parts = vec![format!("input {}", size(bytes(&visit.stages.input)))];
    if let Some(output) = &visit.stages.output {
        parts.push(format!("output {}", size(bytes(output))));
    }
    let mut line = format!("{} of {}", parts.join(", "), size(quota::PAYLOAD_BYTES_MAX));
    let largest = visit.tables.iter().flat_map(|change| change.before.diff(&change.after));
    let largest =
        largest.flat_map(|table| table.items).filter_map(|item| item.after).map(|item| item.size_bytes());
    if let Some(bytes) = largest.max() {
        let _ = write!(line, " · item {} of {}", size(bytes), size(quota::ITEM_BYTES_MAX));
    }
    if let Some(units) = capacity(run, visit) {
        let noun = if (units - 1.0).abs() < f64::EPSILON { "unit" } else { "units" };
        let _ = write!(line, " · {units} capacity {noun}");
    }
    Some(line)
}

fn size(bytes: usize) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        _ if bytes.is_multiple_of(1_024) => format!("{} KB", bytes / 1_024),
        _ => format!("{:.1} KB", bytes as f64 / 1_024.0),
    }
}

/// The capacity units that a task's request consumes: it is made again, on the tables as they were before it, and asked
/// what it consumed.
fn capacity(run: &Run, visit: &Visit) -> Option<f64> {
    let StateBody::Task(task) = &run.machine.state(visit.state)?.body else { return None };
    let resource = Resource::parse(&task.resource).filter(Resource::is_dynamodb)?;
    let stages = &visit.stages;
    let mut request = Value::clone(stages.after_arguments.as_ref().or(stages.after_parameters.as_ref())?);
    let members = request.as_object_mut()?;
    members.insert(parameter::RETURN_CONSUMED_CAPACITY.to_owned(), Value::from("TOTAL"));
    let mut database = visit.tables.as_ref()?.before.clone();
    let answer = database.call(&dynamodb::operation_name(resource.action), &request).ok()?;
    match answer.get("ConsumedCapacity")? {
        Value::Array(tables) => Some(tables.iter().filter_map(units).sum()),
        table => units(table),
    }
}

fn units(table: &Value) -> Option<f64> {
    table.get("CapacityUnits")?.as_f64()
}

/// The Fail states that raise an error; none where there are none.
pub(super) fn raised_by(machine: &StateMachine, error: &str) -> Option<String> {
    let is_it = |body: &StateBody| match body {
        StateBody::Fail { error: Some(TextField::Literal(name)), .. } => **name == *error,
        _ => false,
    };
    let states = machine.all_states().filter(|(_, state)| is_it(&state.body));
    let names: Vec<String> =
        states.map(|(_, state)| format!("**{}**", preview::escape(&state.name))).collect();
    (!names.is_empty()).then(|| format!("Raised by {}.", names.join(", ")))
}

/// What becomes of the errors of a state: who tries again, who takes them. None of states that have no errors of this
/// kind, or nobody for them.
pub(super) fn handlers(machine: &StateMachine, id: StateId) -> Option<String> {
    let state = machine.state(id).filter(|state| state.kind().is_some_and(StateKind::can_retry))?;
    let names = |errors: &[std::sync::Arc<str>]| {
        errors.iter().map(|name| preview::code(name)).collect::<Vec<_>>().join(", ")
    };
    let mut lines = Vec::new();
    for retrier in &state.retry {
        let times = if retrier.max_attempts == 1 {
            "once".to_owned()
        } else {
            format!("{} times", retrier.max_attempts)
        };
        let delay = match retrier.interval_seconds {
            0 => String::new(),
            seconds => format!(", first after {seconds} s"),
        };
        lines.push(format!("- retried {times}{delay}: {}", names(&retrier.error_equals)));
    }
    for catcher in &state.catch {
        let next = catcher.next.as_ref().map(|next| preview::escape(&next.name)).unwrap_or_default();
        lines.push(format!("- caught → {next}: {}", names(&catcher.error_equals)));
    }
    (!lines.is_empty()).then(|| format!("Errors\n\n{}", lines.join("\n")))
}
