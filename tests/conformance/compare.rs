//! Compares what a simulation answered with what AWS answered.
//!
//! A history is split into *lanes*: the execution itself, and one lane for each iteration of a Map and each branch of a
//! Parallel. Lanes are compared one by one, so how AWS interleaved them does not matter; the order within a lane does.
//! Ids are not compared. What an event follows (`previousEventId`) is, as a place: a lane and a position in it.
//!
//! Payloads are compared as JSON, in which 1 equals 1.0 and the order of members is free. What differs from run to run
//! is written in the recordings as a placeholder, which stands for anything: see `values.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value};

use crate::values::{Difference, Placeholders, array, short, text};

/// Compares an answer `{"status", "output", "error", "cause", "events"}` with a recorded case.
pub(crate) fn compare_case(case: &Value, answer: &Value) -> Vec<Difference> {
    let expect = &case["expect"];
    let placeholders = Placeholders::of_case(case);
    let mut found = Vec::new();
    for key in ["status", "output", "error", "cause"] {
        // Of some executions the status alone was recorded.
        let is_null_output =
            key == "output" && expect["status"] == "SUCCEEDED" && !array(&expect["events"]).is_empty();
        if expect[key].is_null() && !is_null_output {
            continue;
        }
        let (expected, ours) = (&expect[key], &answer[key]);
        if key == "cause" {
            placeholders.compare(&structured_cause(expected), &structured_cause(ours), key, &mut found);
        } else {
            placeholders.compare(expected, ours, key, &mut found);
        }
    }
    let events = array(&expect["events"]);
    // Some recordings kept the last event alone, as it stands in a log.
    if events.first().is_some_and(|first| first.get("previousEventId").is_some()) {
        found.extend(compare_histories(events, array(&answer["events"]), &placeholders));
    }
    found
}

/// Compares the events of two histories, as GetExecutionHistory gives them.
pub(crate) fn compare_histories(
    expected: &[Value],
    ours: &[Value],
    placeholders: &Placeholders,
) -> Vec<Difference> {
    let mut found = Vec::new();
    if expected.iter().all(|event| event["id"].is_u64()) {
        compare_lanes(&History::new(expected), &History::new(ours), placeholders, &mut found);
    } else {
        compare_around_parallels(expected, ours, placeholders, &mut found);
    }
    found
}

// Lanes

/// What makes a lane: which iteration of which Map, or which branch of which Parallel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strand {
    Iteration {
        map: String,
        index: u64,
    },
    /// A branch is known by its first state: no two states of a machine share a name.
    Branch {
        parallel: String,
        first: String,
    },
}

/// The strands from the outermost to the innermost; none is the execution's own lane.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Lane(Vec<Strand>);

impl Lane {
    fn with(mut self, strand: Strand) -> Self {
        self.0.push(strand);
        self
    }

    /// The lane outside the innermost strand that is meant; the same lane if there is none.
    fn outside(&self, is_meant: impl Fn(&Strand) -> bool) -> Self {
        let depth = self.0.iter().rposition(is_meant).unwrap_or(self.0.len());
        Lane(self.0[..depth].to_vec())
    }

    /// Whether one of these lanes has this one inside.
    fn is_inside_any(&self, lanes: &BTreeSet<Lane>) -> bool {
        (0..self.0.len()).any(|depth| lanes.contains(&Lane(self.0[..depth].to_vec())))
    }

    /// Whether this is another branch or iteration beside that one.
    fn is_beside(&self, other: &Lane) -> bool {
        match (self.0.split_last(), other.0.split_last()) {
            (Some((last, outer)), Some((other_last, other_outer))) => {
                outer == other_outer && last != other_last
            }
            _ => false,
        }
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("main");
        }
        for (depth, strand) in self.0.iter().enumerate() {
            f.write_str(if depth > 0 { "/" } else { "" })?;
            match strand {
                Strand::Iteration { map, index } => write!(f, "{map}[{index}]")?,
                Strand::Branch { parallel, first } => write!(f, "{parallel}[{first}]")?,
            }
        }
        Ok(())
    }
}

/// An event without what differs from run to run.
#[derive(Clone, Debug)]
struct Event {
    kind: String,
    /// The details under the name of their member, payloads parsed.
    value: Value,
    /// The lane and the position of the event it follows.
    follows: Option<(Lane, usize)>,
}

/// Where an event with an id was put.
struct Put {
    lane: Lane,
    position: usize,
    kind: String,
    /// The state that was entered or, after its start, is running.
    state: String,
}

struct History {
    lanes: BTreeMap<Lane, Vec<Event>>,
}

impl History {
    fn new(events: &[Value]) -> Self {
        let mut lanes: BTreeMap<Lane, Vec<Event>> = BTreeMap::new();
        let mut put: BTreeMap<u64, Put> = BTreeMap::new();
        for event in events {
            let kind = text(&event["type"]);
            let before = event["previousEventId"].as_u64().and_then(|id| put.get(&id));
            let lane = lane(event, &kind, before);
            let follows = before.map(|before| (before.lane.clone(), before.position));
            let state = match before {
                Some(before) if kind == "ParallelStateStarted" => before.state.clone(),
                _ => text(&details(event)["name"]),
            };
            let events = lanes.entry(lane.clone()).or_default();
            if let Some(id) = event["id"].as_u64() {
                put.insert(id, Put { lane, position: events.len(), kind: kind.clone(), state });
            }
            events.push(Event { kind, value: normalized(event), follows });
        }
        Self { lanes }
    }

    /// The lanes in which something failed: what runs inside them may have been cut off anywhere.
    fn failed(&self) -> impl Iterator<Item = &Lane> {
        const FAILURES: [&str; 7] = [
            "ParallelStateFailed",
            "ParallelStateAborted",
            "MapStateFailed",
            "MapStateAborted",
            "ExecutionFailed",
            "ExecutionAborted",
            "ExecutionTimedOut",
        ];
        let is_failed = |events: &[Event]| events.iter().any(|event| FAILURES.contains(&event.kind.as_str()));
        self.lanes.iter().filter(move |(_, events)| is_failed(events)).map(|(lane, _)| lane)
    }
}

/// The lane of an event, by its kind and the event it follows.
fn lane(event: &Value, kind: &str, before: Option<&Put>) -> Lane {
    let Some(before) = before else { return Lane::default() };
    let name = text(&details(event)["name"]);
    let is_of_map = |strand: &Strand| matches!(strand, Strand::Iteration { .. });
    match kind {
        "MapIterationStarted" | "MapIterationSucceeded" | "MapIterationFailed" | "MapIterationAborted" => {
            let index = details(event)["index"].as_u64().unwrap_or_default();
            let outside =
                before.lane.outside(|strand| matches!(strand, Strand::Iteration { map, .. } if *map == name));
            outside.with(Strand::Iteration { map: name, index })
        }
        "MapStateExited" | "ParallelStateExited" => before.lane.outside(|strand| match strand {
            Strand::Iteration { map, .. } => *map == name,
            Strand::Branch { parallel, .. } => *parallel == name,
        }),
        // These bear no name. They follow the event of the branch or iteration that ended last, or their own state's.
        "MapStateSucceeded" | "MapStateFailed" | "MapStateAborted" => match before.kind.as_str() {
            "MapStateEntered" | "MapStateStarted" => before.lane.clone(),
            kind if kind.starts_with("MapRun") => before.lane.clone(),
            _ => before.lane.outside(is_of_map),
        },
        "ParallelStateSucceeded" | "ParallelStateFailed" | "ParallelStateAborted" => {
            match before.kind.as_str() {
                "ParallelStateEntered" | "ParallelStateStarted" => before.lane.clone(),
                _ => before.lane.outside(|strand| !is_of_map(strand)),
            }
        }
        "ExecutionSucceeded" | "ExecutionFailed" | "ExecutionAborted" | "ExecutionTimedOut" => {
            Lane::default()
        }
        _ if before.kind == "ParallelStateStarted" && kind.ends_with("StateEntered") => {
            before.lane.clone().with(Strand::Branch { parallel: before.state.clone(), first: name })
        }
        _ => before.lane.clone(),
    }
}

fn compare_lanes(
    expected: &History,
    ours: &History,
    placeholders: &Placeholders,
    found: &mut Vec<Difference>,
) {
    let failed: BTreeSet<Lane> = expected.failed().chain(ours.failed()).cloned().collect();
    let lanes: BTreeSet<&Lane> = expected.lanes.keys().chain(ours.lanes.keys()).collect();
    for lane in lanes {
        let is_cut_off = lane.is_inside_any(&failed);
        match (expected.lanes.get(lane), ours.lanes.get(lane)) {
            (Some(expected), Some(ours)) => {
                compare_lane(&LaneComparison { lane, expected, ours, is_cut_off, placeholders }, found);
            }
            _ if is_cut_off => {}
            (expected, ours) => {
                let count = |events: Option<&Vec<Event>>| match events {
                    Some(events) => format!("{} events", events.len()),
                    None => "absent".to_owned(),
                };
                found.push(Difference {
                    place: lane.to_string(),
                    ours: count(ours),
                    expected: count(expected),
                });
            }
        }
    }
}

struct LaneComparison<'a> {
    lane: &'a Lane,
    expected: &'a [Event],
    ours: &'a [Event],
    is_cut_off: bool,
    placeholders: &'a Placeholders,
}

fn compare_lane(ctx: &LaneComparison<'_>, found: &mut Vec<Difference>) {
    let kinds = |events: &[Event]| {
        events.iter().take(4).map(|event| event.kind.as_str()).collect::<Vec<_>>().join(" ")
    };
    for (position, (expected, ours)) in ctx.expected.iter().zip(ctx.ours).enumerate() {
        let place = format!("{}#{position}", ctx.lane);
        if expected.kind != ours.kind {
            let is_abort = expected.kind.ends_with("Aborted") || ours.kind.ends_with("Aborted");
            if !(ctx.is_cut_off && is_abort) {
                found.push(Difference {
                    place,
                    ours: kinds(&ctx.ours[position..]),
                    expected: kinds(&ctx.expected[position..]),
                });
            }
            return;
        }
        let place = format!("{place} {}", expected.kind);
        ctx.placeholders.compare(&expected.value, &ours.value, &place, found);
        if !ctx.is_cut_off && !is_followed(ctx, expected, ours) {
            let follows = |event: &Event| match &event.follows {
                Some((lane, position)) => format!("follows {lane}#{position}"),
                None => "follows nothing".to_owned(),
            };
            found.push(Difference { place, ours: follows(ours), expected: follows(expected) });
        }
    }
    if ctx.expected.len() != ctx.ours.len() && !ctx.is_cut_off {
        let common = ctx.expected.len().min(ctx.ours.len());
        let rest = |events: &[Event]| match events.get(common..) {
            Some([]) | None => "the end".to_owned(),
            Some(events) => kinds(events),
        };
        found.push(Difference {
            place: format!("{}#{common}", ctx.lane),
            ours: rest(ctx.ours),
            expected: rest(ctx.expected),
        });
    }
}

/// Whether two events follow the same event.
fn is_followed(ctx: &LaneComparison<'_>, expected: &Event, ours: &Event) -> bool {
    let is_distributed = || ctx.expected.iter().any(|event| event.kind == "MapRunStarted");
    // AWS: neither of these follows the same event in each recording.
    if expected.kind == "EvaluationFailed" || (expected.kind == "MapStateExited" && is_distributed()) {
        return true;
    }
    match (&expected.follows, &ours.follows) {
        // Which branch or iteration came to an end last may differ.
        (Some((expected, _)), Some((ours, _))) if expected.is_beside(ours) => expected != ctx.lane,
        (expected, ours) => expected == ours,
    }
}

// Parallel states whose ids the recording has lost

/// Compares the events outside Parallel states in order, and those inside each as a bag.
fn compare_around_parallels(
    expected: &[Value],
    ours: &[Value],
    placeholders: &Placeholders,
    found: &mut Vec<Difference>,
) {
    let (expected, ours) = (around_parallels(expected), around_parallels(ours));
    if expected.len() != ours.len() {
        found.push(Difference {
            place: "outside Parallel states".to_owned(),
            ours: format!("{} events", ours.len()),
            expected: format!("{} events", expected.len()),
        });
    }
    for (position, (expected, ours)) in expected.iter().zip(&ours).enumerate() {
        let place = format!("main#{position} {}", text(&expected.event["type"]));
        placeholders.compare(&expected.event, &ours.event, &place, found);
        let mut left: Vec<&Value> = ours.inside.iter().collect();
        for wanted in &expected.inside {
            let same = |event: &&Value| {
                let mut found = Vec::new();
                placeholders.compare(wanted, event, "", &mut found);
                found.is_empty()
            };
            match left.iter().position(same) {
                Some(position) => {
                    left.remove(position);
                }
                None => found.push(Difference {
                    place: format!("{place} inside"),
                    ours: "no such event".to_owned(),
                    expected: short(wanted),
                }),
            }
        }
        let is_cut_off = expected.inside.iter().chain(&ours.inside).any(|event| {
            let kind = text(&event["type"]);
            kind.contains("Abort") || kind.contains("Failed")
        });
        if !is_cut_off {
            found.extend(left.iter().map(|event| Difference {
                place: format!("{place} inside"),
                ours: short(event),
                expected: "no such event".to_owned(),
            }));
        }
    }
}

/// An event, and what happened inside if it entered a Parallel state.
struct Outside {
    event: Value,
    inside: Vec<Value>,
}

fn around_parallels(events: &[Value]) -> Vec<Outside> {
    let mut outside: Vec<Outside> = Vec::new();
    let mut parallel: Option<String> = None;
    for event in events {
        let (kind, name) = (text(&event["type"]), text(&details(event)["name"]));
        let is_end = (kind == "ParallelStateExited" && parallel.as_ref() == Some(&name))
            || (kind.starts_with("Execution") && kind != "ExecutionStarted");
        match outside.last_mut() {
            Some(last) if parallel.is_some() && !is_end => {
                // The recordings that lost their ids lost these events as well.
                if !matches!(
                    kind.as_str(),
                    "ParallelStateSucceeded" | "ParallelStateFailed" | "ParallelStateAborted"
                ) {
                    last.inside.push(normalized(event));
                }
            }
            _ => {
                parallel = (kind == "ParallelStateEntered").then_some(name);
                outside.push(Outside { event: normalized(event), inside: Vec::new() });
            }
        }
    }
    outside
}

// Events

fn details(event: &Value) -> &Value {
    let mut members = event.as_object().into_iter().flatten();
    members.find(|(key, _)| key.ends_with("EventDetails")).map_or(&Value::Null, |(_, details)| details)
}

/// Type and details, payloads as JSON, without ids, timestamps and the word that nothing was truncated.
fn normalized(event: &Value) -> Value {
    const PAYLOADS: [&str; 5] = ["input", "output", "parameters", "taskCredentials", "resultWriter"];
    const NOTES: [&str; 3] = ["inputDetails", "outputDetails", "assignedVariablesDetails"];
    let mut result = Map::new();
    for (key, value) in event.as_object().into_iter().flatten() {
        if key == "type" {
            result.insert(key.clone(), value.clone());
        }
        if !key.ends_with("EventDetails") {
            continue;
        }
        let mut details = Map::new();
        for (key, value) in value.as_object().into_iter().flatten() {
            let value = match key.as_str() {
                key if PAYLOADS.contains(&key) => parsed(value),
                "cause" => structured_cause(value),
                "assignedVariables" => each_parsed(value),
                key if NOTES.contains(&key) && is_untruncated(value) => continue,
                _ => value.clone(),
            };
            details.insert(key.clone(), value);
        }
        result.insert(key.clone(), Value::Object(details));
    }
    Value::Object(result)
}

fn is_untruncated(note: &Value) -> bool {
    *note == serde_json::json!({"truncated": false}) || *note == serde_json::json!({"included": true})
}

/// The JSON that a text holds; else the text.
fn parsed(value: &Value) -> Value {
    let json = value.as_str().and_then(|text| serde_json::from_str(text).ok());
    json.unwrap_or_else(|| value.clone())
}

fn each_parsed(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), parsed(value))).collect(),
        other => other.clone(),
    }
}

/// A cause as JSON, if it is an object in text: the recordings have it so.
fn structured_cause(cause: &Value) -> Value {
    if cause.as_str().is_some_and(|cause| cause.starts_with('{')) { parsed(cause) } else { cause.clone() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// An event with its id, the id it follows, its type and its details.
    fn event(id: u64, follows: u64, kind: &str, details: Value) -> Value {
        let member = format!("{}{}EventDetails", kind[..1].to_lowercase(), &kind[1..]);
        json!({"id": id, "previousEventId": follows, "type": kind, "timestamp": id, member: details})
    }

    fn entered(id: u64, follows: u64, kind: &str, name: &str) -> Value {
        event(id, follows, kind, json!({"name": name, "input": "{}"}))
    }

    /// Two iterations of a Map, one after the other.
    fn map() -> Vec<Value> {
        let iteration = |index: u64| json!({"name": "Each", "index": index});
        vec![
            event(1, 0, "ExecutionStarted", json!({"input": "{\"n\": 1.0}"})),
            entered(2, 0, "MapStateEntered", "Each"),
            event(3, 2, "MapStateStarted", json!({"length": 2})),
            event(4, 3, "MapIterationStarted", iteration(0)),
            entered(5, 4, "PassStateEntered", "Inner"),
            event(6, 5, "PassStateExited", json!({"name": "Inner", "output": "0"})),
            event(7, 6, "MapIterationSucceeded", iteration(0)),
            event(8, 3, "MapIterationStarted", iteration(1)),
            entered(9, 8, "PassStateEntered", "Inner"),
            event(10, 9, "PassStateExited", json!({"name": "Inner", "output": "1"})),
            event(11, 10, "MapIterationSucceeded", iteration(1)),
            event(12, 11, "MapStateSucceeded", Value::Null),
            event(13, 12, "MapStateExited", json!({"name": "Each", "output": "[0, 1]"})),
            event(14, 13, "ExecutionSucceeded", json!({"output": "[0, 1]"})),
        ]
    }

    /// The same events in another order, with new ids.
    fn reordered(events: &[Value], order: &[u64]) -> Vec<Value> {
        let new_id = |old: &Value| order.iter().position(|id| old == id).map_or(0, |place| place + 1);
        let mut result = Vec::new();
        for id in order {
            let mut event = events.iter().find(|event| event["id"] == *id).unwrap().clone();
            event["id"] = json!(new_id(&event["id"]));
            event["previousEventId"] = json!(new_id(&event["previousEventId"]));
            result.push(event);
        }
        result
    }

    fn compare(expected: &[Value], ours: &[Value]) -> String {
        let found = compare_histories(expected, ours, &Placeholders::new(["date", "a_queue"]));
        found.iter().map(|difference| format!("{difference}\n")).collect()
    }

    #[track_caller]
    fn check_same(expected: &[Value], ours: &[Value]) {
        assert_eq!(compare(expected, ours), "");
    }

    /// Changes one event of ours, and expects one difference.
    #[track_caller]
    fn check_changed(id: usize, pointer: &str, value: Value, expected: &str) {
        let mut ours = map();
        *ours[id - 1].pointer_mut(pointer).unwrap() = value;
        assert_eq!(compare(&map(), &ours), expected);
    }

    #[test]
    fn a_history_is_like_itself() {
        check_same(&map(), &map());
    }

    #[test]
    fn payloads_are_compared_as_json() {
        let mut ours = map();
        ours[0]["executionStartedEventDetails"] =
            json!({"input": {"n": 1}, "inputDetails": {"truncated": false}});
        check_same(&map(), &ours);
        check_changed(
            1,
            "/executionStartedEventDetails/input",
            json!("{\"n\": 2}"),
            "main#0 ExecutionStarted.executionStartedEventDetails.input.n: 2, expected 1.0\n",
        );
    }

    #[test]
    fn wrong_values_are_seen_in_every_lane() {
        check_changed(
            10,
            "/passStateExitedEventDetails/output",
            json!("7"),
            "Each[1]#2 PassStateExited.passStateExitedEventDetails.output: 7, expected 1\n",
        );
        check_changed(
            14,
            "/executionSucceededEventDetails/output",
            json!("[0, \"1\"]"),
            "main#5 ExecutionSucceeded.executionSucceededEventDetails.output[1]: \"1\", expected 1\n",
        );
    }

    #[test]
    fn missing_and_additional_members_are_seen() {
        let mut ours = map();
        ours[2]["mapStateStartedEventDetails"] = json!({"size": 2});
        let expected = "main#2 MapStateStarted.mapStateStartedEventDetails.length: absent, expected 2\n\
                        main#2 MapStateStarted.mapStateStartedEventDetails.size: 2, expected absent\n";
        assert_eq!(compare(&map(), &ours), expected);
    }

    #[test]
    fn lanes_may_interleave() {
        check_same(&map(), &reordered(&map(), &[1, 2, 3, 4, 8, 9, 5, 6, 10, 7, 11, 12, 13, 14]));
        check_same(&map(), &reordered(&map(), &[1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14]));
    }

    #[test]
    fn another_iteration_may_end_last() {
        let mut ours = reordered(&map(), &[1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14]);
        ours[11]["previousEventId"] = json!(11);
        check_same(&map(), &ours);
    }

    #[test]
    fn the_order_within_a_lane_counts() {
        let mut ours = map();
        ours.swap(4, 5);
        for (index, id) in [(4, 5), (5, 6)] {
            ours[index]["id"] = json!(id);
            ours[index]["previousEventId"] = json!(id - 1);
        }
        assert_eq!(
            compare(&map(), &ours),
            "Each[0]#1: PassStateExited PassStateEntered MapIterationSucceeded, \
             expected PassStateEntered PassStateExited MapIterationSucceeded\n"
        );
    }

    #[test]
    fn the_chain_counts() {
        check_changed(
            9,
            "/previousEventId",
            json!(3),
            "main#3: PassStateEntered PassStateExited MapStateSucceeded MapStateExited, \
             expected MapStateSucceeded MapStateExited ExecutionSucceeded\n\
             Each[1]#1: MapIterationSucceeded, expected PassStateEntered PassStateExited MapIterationSucceeded\n",
        );
        check_changed(
            13,
            "/previousEventId",
            json!(3),
            "main#4 MapStateExited: follows main#2, expected follows main#3\n",
        );
    }

    #[test]
    fn missing_events_and_lanes_are_seen() {
        let all: Vec<u64> = (1..=14).collect();
        assert_eq!(
            compare(&map(), &reordered(&map(), &all[..12])),
            "main#4: the end, expected MapStateExited ExecutionSucceeded\n"
        );
        let without: Vec<u64> = all.iter().copied().filter(|id| !(8..=11).contains(id)).collect();
        let mut ours = reordered(&map(), &without);
        ours[7]["previousEventId"] = json!(7);
        assert_eq!(compare(&map(), &ours), "Each[1]: absent, expected 4 events\n");
    }

    /// A Parallel whose second branch fails.
    fn failed_parallel(first_branch: &[Value]) -> Vec<Value> {
        let mut events = vec![
            event(1, 0, "ExecutionStarted", json!({"input": "{}"})),
            entered(2, 0, "ParallelStateEntered", "Both"),
            event(3, 2, "ParallelStateStarted", Value::Null),
        ];
        events.extend_from_slice(first_branch);
        events.extend([
            entered(20, 3, "FailStateEntered", "Broken"),
            event(21, 20, "ParallelStateFailed", json!({"error": "E"})),
            event(22, 21, "ExecutionFailed", json!({"error": "E"})),
        ]);
        events
    }

    #[test]
    fn a_branch_beside_a_failed_one_may_have_come_to_any_point() {
        let branch = [
            entered(4, 3, "WaitStateEntered", "Slow"),
            event(5, 4, "WaitStateExited", json!({"name": "Slow", "output": "{}"})),
        ];
        check_same(&failed_parallel(&branch), &failed_parallel(&branch[..1]));
        check_same(&failed_parallel(&branch[..1]), &failed_parallel(&branch));
        check_same(&failed_parallel(&branch), &failed_parallel(&[]));
        let other = [entered(4, 3, "WaitStateEntered", "Slow"), entered(5, 4, "PassStateEntered", "Next")];
        assert_eq!(
            compare(&failed_parallel(&branch), &failed_parallel(&other)),
            "Both[Slow]#1: PassStateEntered, expected WaitStateExited\n"
        );
    }

    #[test]
    fn nested_states_have_lanes_of_their_own() {
        let iteration = json!({"name": "Inner", "index": 0});
        let branch = [
            entered(4, 3, "MapStateEntered", "Inner"),
            event(5, 4, "MapStateStarted", json!({"length": 1})),
            event(6, 5, "MapIterationStarted", iteration.clone()),
            entered(7, 6, "FailStateEntered", "Deep"),
            event(8, 7, "MapIterationFailed", iteration),
            event(9, 8, "MapStateFailed", json!({"error": "E"})),
        ];
        let mut events = failed_parallel(&branch);
        events.remove(9);
        events[9]["previousEventId"] = json!(9);
        let lanes: Vec<String> = History::new(&events)
            .lanes
            .iter()
            .map(|(lane, events)| format!("{lane} {}", events.len()))
            .collect();
        assert_eq!(lanes, ["main 5", "Both[Inner] 3", "Both[Inner]/Inner[0] 3"]);
    }

    #[test]
    fn lost_ids_make_a_bag() {
        let event_without_id = |kind: &str, name: &str| {
            let mut event = entered(1, 0, kind, name);
            event["id"] = json!([0]);
            event
        };
        let (first, second) =
            (event_without_id("PassStateEntered", "A"), event_without_id("PassStateEntered", "B"));
        let around = |inside: &[Value]| {
            let mut events = vec![entered(1, 0, "ParallelStateEntered", "Both")];
            events.extend_from_slice(inside);
            events.push(event(9, 8, "ParallelStateExited", json!({"name": "Both", "output": "[]"})));
            events
        };
        check_same(&around(&[first.clone(), second.clone()]), &around(&[second.clone(), first.clone()]));
        let twice = compare(&around(&[first.clone(), second]), &around(&[first.clone(), first]));
        assert_eq!(twice.lines().count(), 2, "{twice}");
    }

    #[test]
    fn outcomes_are_compared_as_far_as_recorded() {
        let case = json!({"expect": {"status": "FAILED", "error": "E", "cause": "{\"a\": 1}"}});
        let answer = |error: &str| {
            let cause = "{\"a\":1.0}";
            json!({"status": "FAILED", "error": error, "cause": cause, "output": null, "events": []})
        };
        assert_eq!(compare_case(&case, &answer("E")), []);
        assert_eq!(compare_case(&case, &answer("F")).len(), 1);
    }
}
