//! Distributed Map: each item, or batch of items, is an execution of its own, whose events nobody sees.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html>

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::expr::Entropy;
use crate::model::{Distributed, FieldPath, ItemBatcher, ItemReader, MapState, ResultWriter, ScopeId, State};
use crate::simulator::data_flow::{Extra, fits};
use crate::simulator::event::EventDetails as E;
use crate::simulator::frame::{
    ChildExecution, Children, Frame, FrameId, HistoryId, Item, MapRun, Phase, Tolerance, Variables,
};
use crate::simulator::item_reader::{self, ReadError};
use crate::simulator::{Flow, Halt, Json, Simulation, StatesError, Time};
use crate::spec::{ErrorName, Field};

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
        let values = match (&distributed.item_reader, values) {
            (Some(reader), _) => match self.read_items(id, reader, input)? {
                Ok(items) => Arc::new(Value::Array(items)),
                Err(cause) => {
                    return Err(self.fail_run(id, StatesError::new(ErrorName::ITEM_READER_FAILED, cause)));
                }
            },
            (None, Some(values)) => values,
            (None, None) => Arc::new(json!([])),
        };
        let mut items = self.selected_items(id, map, input, &values)?;
        if let Some(batcher) = &distributed.item_batcher {
            items = self.batches(id, batcher, input, items)?;
        }
        let destination = match &distributed.result_writer {
            Some(writer) => self.destination(id, writer, input)?,
            None => None,
        };
        let Some(time) = self.frames.get(&id).map(|frame| frame.time) else { return Ok(Flow::Suspend) };
        let run = MapRun { arn, n_failed: 0, tolerance, destination };
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
    ) -> Result<Result<Vec<Value>, String>, Halt> {
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
        if !self.objects.has_bucket(&bucket) {
            return Err(blocked(format!(
                "There is no bucket '{bucket}': give a folder that holds it, DIR/{bucket}/…, with --s3 DIR"
            )));
        }
        let items = if reader.resource.ends_with(":s3:listObjectsV2") {
            Ok(self.listed_objects(&bucket, &text("Prefix"), id))
        } else {
            let key = text("Key");
            let Some(body) = self.objects.get(&bucket, &key) else {
                let message = format!("There is no object '{key}' in the bucket '{bucket}'");
                return Err(blocked(message));
            };
            item_reader::read(body, &reader.config)
        };
        match items {
            Ok(mut items) => {
                if max_items > 0 {
                    items.truncate(usize::try_from(max_items).unwrap_or(usize::MAX));
                }
                Ok(Ok(items))
            }
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
        let mut batches: Vec<Vec<Value>> = Vec::new();
        for item in items {
            let value = Value::clone(&item.input);
            let has_room = |last: &&mut Vec<Value>| {
                last.len() < n_max
                    && (bytes_max == usize::MAX
                        || fits(&batch(&[last, [value.clone()].as_slice()].concat()), bytes_max))
            };
            match batches.last_mut().filter(has_room) {
                Some(last) => last.push(value),
                None => batches.push(vec![value]),
            }
        }
        let item = |items: Vec<Value>| Item { input: Arc::new(batch(&items)), value: None };
        Ok(batches.into_iter().map(item).collect())
    }

    /// Where a `ResultWriter` writes to, if it names a place.
    fn destination(
        &mut self,
        id: FrameId,
        writer: &ResultWriter,
        input: &Json,
    ) -> Result<Option<(String, String)>, Halt> {
        if !writer.config.is_null() {
            let reason = "A ResultWriter with a WriterConfig is not simulated yet".to_owned();
            return Err(Halt::Blocked(FieldPath::new(Field::ResultWriter.name()), reason));
        }
        let Some(payload) = &writer.arguments else { return Ok(None) };
        let arguments = self.payload(id, payload, input, Extra::default())?;
        let text = |key: &str| arguments.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Some((text("Bucket"), text("Prefix"))))
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
            frame.child_execution = Some(Arc::new(ChildExecution { name, input: item.input }));
            frame.variables = Variables::default();
            frame.map_item = None;
        }
    }

    /// The execution of one item has ended with an output.
    pub(super) fn child_execution_ended(
        &mut self,
        id: FrameId,
        state: &State,
        child: &Frame,
        output: Option<Json>,
    ) -> Result<Flow, Halt> {
        self.child_events.remove(&child.history);
        let phase = self.activation_mut(id).map(|activation| &mut activation.phase);
        let Some(Phase::Children(children)) = phase else { return Ok(Flow::Suspend) };
        let has_failed = output.is_none();
        if let Some(slot) = children.outputs.get_mut(child.idx) {
            *slot = output;
        }
        children.n_done += 1;
        children.time = children.time.max(child.time);
        let (n_done, n_items, last_event) = (children.n_done, children.outputs.len(), children.last_event);
        let Some(run) = &mut children.run else { return Ok(Flow::Suspend) };
        run.n_failed += usize::from(has_failed);
        if run.tolerance.is_exceeded(run.n_failed, n_items) {
            self.abort_children(id, last_event, child.time);
            self.advance_time(id, child.time);
            return Err(self.fail_run(id, StatesError::too_many_failures()));
        }
        if n_done < n_items {
            self.start_iterations(id, last_event, child.time);
            return Ok(Flow::Children);
        }
        self.end_run(id, state)
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

    /// All items are done: the results are put together, or written where they are to go.
    fn end_run(&mut self, id: FrameId, state: &State) -> Result<Flow, Halt> {
        let phase = self.activation_mut(id).map(|activation| &mut activation.phase);
        let Some(Phase::Children(children)) = phase else { return Ok(Flow::Suspend) };
        let outputs: Vec<Value> = std::mem::take(&mut children.outputs)
            .into_iter()
            .flatten()
            .map(|output| Value::clone(&output))
            .collect();
        let (time, run) = (children.time, children.run.take());
        self.set_phase(id, Phase::Running);
        self.advance_time(id, time);
        let succeeded = self.frame_event(id, E::MapRunSucceeded);
        let history = self.history(id);
        self.event(history, succeeded, time, E::MapStateSucceeded);
        let result = match run {
            Some(MapRun { arn, destination: Some((bucket, prefix)), .. }) => {
                self.write_results(&arn, &bucket, &prefix, &outputs)
            }
            _ => Value::Array(outputs),
        };
        self.finish(id, state, Arc::new(result))
    }

    /// Writes the results into the simulation's objects; the result is where they are.
    fn write_results(&mut self, arn: &str, bucket: &str, prefix: &str, outputs: &[Value]) -> Value {
        let run_id = arn.rsplit(':').next().unwrap_or_default();
        let folder = if prefix.is_empty() { run_id.to_owned() } else { format!("{prefix}/{run_id}") };
        let results: Vec<Value> = outputs
            .iter()
            .map(|output| json!({"Output": output.to_string(), "Status": "SUCCEEDED"}))
            .collect();
        let results_key = format!("{folder}/SUCCEEDED_0.json");
        let body = Value::Array(results).to_string();
        let manifest = json!({
            "DestinationBucket": bucket,
            "MapRunArn": arn,
            "ResultFiles": {"FAILED": [], "PENDING": [], "SUCCEEDED": [{"Key": results_key, "Size": body.len()}]},
        });
        let manifest_key = format!("{folder}/manifest.json");
        self.objects.insert(bucket, &results_key, body.as_bytes());
        self.objects.insert(bucket, &manifest_key, manifest.to_string().as_bytes());
        json!({"MapRunArn": arn, "ResultWriterDetails": {"Bucket": bucket, "Key": manifest_key}})
    }
}
