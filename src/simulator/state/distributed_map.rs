//! Distributed Map: each item, or batch of items, is an execution of its own, whose events nobody sees.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html>

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::expr::Entropy;
use crate::model::{
    Distributed, FieldPath, ItemBatcher, ItemReader, MapState, ResultWriter, ScopeId, State, StateBody,
};
use crate::simulator::data_flow::Extra;
use crate::simulator::event::EventDetails as E;
use crate::simulator::frame::{
    ChildExecution, Children, Frame, FrameId, HistoryId, Item, MapRun, Phase, Tolerance, Variables,
};
use crate::simulator::item_reader::{self, Place, ReadError, ReadItem};
use crate::simulator::result_writer::{
    ChildMachine, ChildOutcome, ChildResult, Destination, Run, Transformation, transform,
};
use crate::simulator::size::json_len;
use crate::simulator::{Flow, Halt, Json, Objects, Simulation, StatesError, Time};
use crate::spec::{ErrorName, Field, field_value};

/// How the ARN of a reader ends that lists objects.
const LIST_OBJECTS: &str = ":s3:listObjectsV2";
/// `Map.Item.Source` of items that come from the state's input.
const STATE_DATA: &str = "STATE_DATA";

impl Simulation {
    pub(super) fn run_distributed_map(
        &mut self,
        id: FrameId,
        state: &State,
        map: &MapState,
        distributed: &Distributed,
        input: &Json,
    ) -> Result<Flow, Halt> {
        let values = match &distributed.item_reader {
            Some(_) => None,
            None => Some(self.map_items(id, state, map, input)?),
        };
        if let Some(concurrency) = &map.max_concurrency {
            self.max_concurrency(id, concurrency, input)?;
        }
        // AWS: with an ItemReader the length is not known yet and 0 is written.
        let length = values.as_ref().and_then(|values| values.as_array()).map_or(0, Vec::len);
        self.frame_event(id, E::MapStateStarted { length });
        let tolerance = self.tolerance(id, map, input)?;
        let run_id = self.entropy.uuid_v4();
        let label = match &distributed.label {
            Some(label) => label.to_string(),
            None => self.entropy.uuid_v4(),
        };
        let arn = self.scenario.names.state_machine_arn.replacen(":stateMachine:", ":mapRun:", 1);
        let arn = format!("{arn}/{label}:{run_id}");
        let started = self.frame_event(id, E::MapRunStarted { arn: arn.as_str().into() });
        let items = self.run_items(id, map, distributed, input, values)?;
        let destination = match &distributed.result_writer {
            Some(writer) => self.destination(id, writer, input)?,
            None => None,
        };
        let Some(time) = self.frames.get(&id).map(|frame| frame.time) else { return Ok(Flow::Suspend) };
        let results = vec![None; items.len()];
        let run = MapRun { arn, label, n_failed: 0, tolerance, destination, results };
        let children = Children {
            outputs: vec![None; items.len()],
            n_done: 0,
            next: 0,
            items: items.into(),
            last_event: started,
            time,
            run: Some(run),
        };
        let is_empty = children.items.is_empty();
        self.set_phase(id, Phase::Children(Box::new(children)));
        if is_empty {
            return self.end_run(id, state);
        }
        self.start_iterations(id, started, time);
        Ok(Flow::Children)
    }

    /// The items of a run, or batches of them: read from where the state says, or the values that it has.
    fn run_items(
        &mut self,
        id: FrameId,
        map: &MapState,
        distributed: &Distributed,
        input: &Json,
        values: Option<Json>,
    ) -> Result<Vec<Item>, Halt> {
        let (values, sources) = match (&distributed.item_reader, values) {
            (Some(reader), _) => match self.read_items(id, reader, input)? {
                Ok(items) => {
                    let (values, sources): (Vec<Value>, Vec<Arc<str>>) =
                        items.into_iter().map(|item| (item.value, item.source)).unzip();
                    (Arc::new(Value::Array(values)), sources)
                }
                Err(cause) => {
                    return Err(self.fail_run(id, StatesError::new(ErrorName::ITEM_READER_FAILED, cause)));
                }
            },
            (None, Some(values)) => (values, Vec::new()),
            (None, None) => (Arc::new(json!([])), Vec::new()),
        };
        let state_data = Arc::from(STATE_DATA);
        let source = |idx: usize| Some(sources.get(idx).unwrap_or(&state_data).clone());
        let items = self.selected_items(id, map, input, &values, source)?;
        match &distributed.item_batcher {
            Some(batcher) => self.batches(id, batcher, input, items),
            None => Ok(items),
        }
    }

    /// How many items may fail. AWS looks at it after `MapStateStarted`.
    pub(in crate::simulator) fn tolerance(
        &mut self,
        id: FrameId,
        map: &MapState,
        input: &Json,
    ) -> Result<Tolerance, Halt> {
        let mut tolerance = Tolerance::default();
        if let Some(field) = &map.tolerated_failure_count {
            let count = self.integer(id, field, input, Field::ToleratedFailureCountPath.name())?;
            if count < 0 {
                return Err(self.runtime_error(id, "ToleratedFailureCount cannot be negative."));
            }
            tolerance.count = Some(count as f64);
        }
        if let Some(field) = &map.tolerated_failure_percentage {
            let value = self.number(id, field, input)?;
            let parsed = value.as_f64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
            let Some(percentage) = parsed else {
                return Err(self.not_a(
                    id,
                    field,
                    &value,
                    Field::ToleratedFailurePercentagePath.name(),
                    "float",
                ));
            };
            if !(0.0..=100.0).contains(&percentage) {
                return Err(self.runtime_error(id, "ToleratedFailurePercentage must be between 0 and 100."));
            }
            tolerance.percentage = Some(percentage);
        }
        Ok(tolerance)
    }

    /// The items an `ItemReader` finds; the inner error is the cause of `States.ItemReaderFailed`.
    fn read_items(
        &mut self,
        id: FrameId,
        reader: &ItemReader,
        input: &Json,
    ) -> Result<Result<Vec<ReadItem>, String>, Halt> {
        let blocked = |reason: String| Halt::Blocked(FieldPath::new(Field::ItemReader.name()), reason);
        let arguments = match &reader.arguments {
            Some(payload) => self.payload(id, payload, input, Extra::default())?,
            None => input.clone(),
        };
        let max_items = match &reader.max_items {
            Some(field) => self.integer(id, field, input, Field::MaxItemsPath.name())?,
            None => 0,
        };
        if max_items < 0 {
            return Ok(Err("field MaxItems must be positive".to_owned()));
        }
        let text = |key: &str| arguments.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let bucket = text("Bucket");
        // AWS: 0 is no limit (scenarios/test_map_item_reader_csv_max_items[0]).
        let items_max = usize::try_from(max_items).ok().filter(|&n| n > 0).unwrap_or(usize::MAX);
        let transformation = reader.config.get(Field::Transformation.name()).and_then(Value::as_str);
        let items = match item_reader::check_bucket(&self.objects, &bucket) {
            Err(error) => Err(error),
            Ok(()) if !reader.resource.ends_with(LIST_OBJECTS) => {
                let place = Place { bucket, key: text("Key") };
                item_reader::read_object(&self.objects, &place, &reader.config, items_max)
            }
            Ok(()) if transformation == Some(field_value::LOAD_AND_FLATTEN) => {
                let prefix = text("Prefix");
                item_reader::load_and_flatten(&self.objects, &bucket, &prefix, &reader.config, items_max)
            }
            Ok(()) => {
                let source: Arc<str> = Arc::from(format!("S3://{bucket}"));
                let listed = self.listed_objects(&bucket, &text("Prefix"), id).into_iter().take(items_max);
                Ok(listed.map(|value| ReadItem { value, source: source.clone() }).collect())
            }
        };
        match items {
            Ok(items) => Ok(Ok(items)),
            Err(ReadError::Failed(cause)) => Ok(Err(cause)),
            Err(ReadError::Unsupported(reason)) => Err(blocked(reason)),
        }
    }

    /// What `listObjectsV2` tells of each object.
    fn listed_objects(&self, bucket: &str, prefix: &str, id: FrameId) -> Vec<Value> {
        let seconds = self.frames.get(&id).map_or(0, |frame| frame.time.0 / 1_000);
        let object = |(key, body): (&Arc<str>, &Arc<[u8]>)| {
            use md5::{Digest, Md5};
            let etag: String = Md5::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
            json!({
                "Etag": format!("\"{etag}\""),
                "Key": &**key,
                "LastModified": seconds,
                "Size": body.len(),
                "StorageClass": "STANDARD",
            })
        };
        self.objects.list(bucket, prefix).map(object).collect()
    }

    /// The items in batches, as an `ItemBatcher` puts them together.
    pub(in crate::simulator) fn batches(
        &mut self,
        id: FrameId,
        batcher: &ItemBatcher,
        input: &Json,
        items: Vec<Item>,
    ) -> Result<Vec<Item>, Halt> {
        let n_max = match &batcher.max_items_per_batch {
            Some(field) => self.integer(id, field, input, Field::MaxItemsPerBatchPath.name())?,
            None => 0,
        };
        let n_max = usize::try_from(n_max).ok().filter(|&n| n > 0).unwrap_or(usize::MAX);
        let bytes_max = match &batcher.max_input_bytes_per_batch {
            Some(field) => self.integer(id, field, input, Field::MaxInputBytesPerBatchPath.name())?,
            None => 0,
        };
        let bytes_max = usize::try_from(bytes_max).ok().filter(|&n| n > 0).unwrap_or(usize::MAX);
        let batch_input = match &batcher.batch_input {
            Some(payload) => Some(self.payload(id, payload, input, Extra::default())?),
            None => None,
        };
        let batch = |items: &[Value]| {
            let mut batch = Map::new();
            if let Some(input) = &batch_input {
                batch.insert(Field::BatchInput.name().into(), Value::clone(input));
            }
            batch.insert("Items".into(), Value::Array(items.to_vec()));
            Value::Object(batch)
        };
        let empty_len = json_len(&batch(&[]));
        let mut batches: Vec<Vec<Value>> = Vec::new();
        let mut len = 0;
        for item in items {
            let value = Value::clone(&item.input);
            let value_len = json_len(&value);
            match batches.last_mut() {
                // A comma goes before all but the first.
                Some(last) if last.len() < n_max && len + 1 + value_len <= bytes_max => {
                    len += 1 + value_len;
                    last.push(value);
                }
                _ => {
                    len = empty_len + value_len;
                    batches.push(vec![value]);
                }
            }
        }
        let item = |items: Vec<Value>| Item { input: Arc::new(batch(&items)), value: None, source: None };
        Ok(batches.into_iter().map(item).collect())
    }

    /// Where a `ResultWriter` writes to, if it names a place.
    fn destination(
        &mut self,
        id: FrameId,
        writer: &ResultWriter,
        input: &Json,
    ) -> Result<Option<Destination>, Halt> {
        let Some(payload) = &writer.arguments else { return Ok(None) };
        let arguments = self.payload(id, payload, input, Extra::default())?;
        let text = |key: &str| arguments.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let config = writer.config.clone();
        Ok(Some(Destination { bucket: text("Bucket"), prefix: text("Prefix"), config }))
    }

    /// Starts the execution of one item.
    pub(super) fn start_child_execution(
        &mut self,
        id: FrameId,
        idx: usize,
        scope: ScopeId,
        item: Item,
        time: Time,
    ) {
        let name = self.entropy.uuid_v4();
        let child = self.push_frame(Some(id), idx, scope, item.input.clone(), 0, time);
        let history = HistoryId(child.0 + 1);
        // ExecutionStarted is the first event of its history.
        self.child_events.insert(history, 1);
        if let Some(frame) = self.frames.get_mut(&child) {
            frame.history = history;
            frame.child_execution = Some(Arc::new(ChildExecution { name, input: item.input, start: time }));
            frame.variables = Variables::default();
            frame.map_item = None;
        }
    }

    /// The execution of one item has ended.
    pub(super) fn child_execution_ended(
        &mut self,
        id: FrameId,
        state: &State,
        child: &Frame,
        outcome: Result<Json, StatesError>,
    ) -> Result<Flow, Halt> {
        self.child_events.remove(&child.history);
        self.variable_bytes.remove(&child.history);
        let phase = self.activation_mut(id).map(|activation| &mut activation.phase);
        let Some(Phase::Children(children)) = phase else { return Ok(Flow::Suspend) };
        children.n_done += 1;
        children.time = children.time.max(child.time);
        let (n_done, n_items, last_event) = (children.n_done, children.outputs.len(), children.last_event);
        let Some(run) = &mut children.run else { return Ok(Flow::Suspend) };
        run.n_failed += usize::from(outcome.is_err());
        if let (Some(slot), Some(execution)) = (run.results.get_mut(child.idx), &child.child_execution) {
            let (execution, outcome) = (execution.clone(), ChildOutcome::from(outcome));
            *slot = Some(ChildResult { execution, outcome, stop: child.time });
        }
        if run.tolerance.is_exceeded(run.n_failed, n_items) {
            self.note_aborted(id, child.time);
            self.abort_children(id, last_event, child.time);
            self.advance_time(id, child.time);
            // What came of the others is written all the same.
            self.take_results(id, state);
            return Err(self.fail_run(id, StatesError::too_many_failures()));
        }
        if n_done < n_items {
            self.start_iterations(id, last_event, child.time);
            return Ok(Flow::Children);
        }
        self.end_run(id, state)
    }

    /// Notes the executions that are running as given up.
    fn note_aborted(&mut self, id: FrameId, time: Time) {
        let running = self.frames.iter().filter(|(_, frame)| frame.parent == Some(id));
        let running: Vec<_> =
            running.filter_map(|(_, frame)| Some((frame.idx, frame.child_execution.clone()?))).collect();
        let phase = self.activation_mut(id).map(|activation| &mut activation.phase);
        let Some(Phase::Children(children)) = phase else { return };
        let Some(run) = &mut children.run else { return };
        for (idx, execution) in running {
            if let Some(slot @ None) = run.results.get_mut(idx) {
                *slot = Some(ChildResult { execution, outcome: ChildOutcome::Aborted, stop: time });
            }
        }
    }

    fn advance_time(&mut self, id: FrameId, time: Time) {
        if let Some(frame) = self.frames.get_mut(&id) {
            frame.time = frame.time.max(time);
        }
    }

    fn fail_run(&mut self, id: FrameId, error: StatesError) -> Halt {
        self.set_phase(id, Phase::Running);
        self.frame_event(id, E::MapRunFailed { error: error.name.clone(), cause: error.cause.clone() });
        self.frame_event(id, E::MapStateFailed);
        error.into()
    }

    /// All items are done: the state's result is what came of them, or where that has been written.
    fn end_run(&mut self, id: FrameId, state: &State) -> Result<Flow, Halt> {
        let phase = self.activation(id).map(|activation| &activation.phase);
        let Some(Phase::Children(children)) = phase else { return Ok(Flow::Suspend) };
        let time = children.time;
        let result = self.take_results(id, state);
        self.advance_time(id, time);
        let succeeded = self.frame_event(id, E::MapRunSucceeded);
        let history = self.history(id);
        self.event(history, succeeded, time, E::MapStateSucceeded);
        self.finish(id, state, Arc::new(result))
    }

    /// Takes the results out of the run: transforms them, or writes them where they are to go.
    fn take_results(&mut self, id: FrameId, state: &State) -> Value {
        let Some(Phase::Children(mut children)) = self.take_phase(id) else { return Value::Null };
        let Some(run) = children.run.take() else { return Value::Null };
        let machine = ChildMachine {
            arn: format!("{}/{}", self.scenario.names.state_machine_arn, run.label),
            is_express: distributed(state).is_some_and(|distributed| distributed.is_express),
        };
        let ended = || run.results.iter().flatten();
        let Some(destination) = &run.destination else {
            let writer = distributed(state).and_then(|distributed| distributed.result_writer.as_ref());
            let transformation = writer.and_then(|writer| Transformation::of(&writer.config));
            // AWS: a state's output is JSON whatever the OutputType.
            let transformation = transformation.unwrap_or(Transformation::Compact);
            return Value::Array(transform(ended(), transformation, &machine));
        };
        let items = children.items.iter().zip(&run.results);
        let pending = items.filter(|(_, result)| result.is_none()).map(|(item, _)| &item.input).collect();
        let written = Run { arn: &run.arn, machine: &machine, results: ended().collect(), pending };
        let mut objects = Objects::default();
        let result = destination.write(&written, &mut objects);
        for (bucket, key, body) in objects.iter() {
            self.objects.insert(bucket, key, body);
            self.trace.written.insert(bucket, key, body);
        }
        result
    }
}

fn distributed(state: &State) -> Option<&Distributed> {
    match &state.body {
        StateBody::Map(map) => map.distributed.as_ref(),
        _ => None,
    }
}
