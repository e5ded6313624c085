//! A Map with a mocked result: its items are made and counted, its iterations are not run.

use std::sync::Arc;

use serde_json::Value;

use super::mock::MockedReply;
use super::*;
use crate::model::{Distributed, ItemReader, MapState};
use crate::simulator::frame::{Item, Tolerance};
use crate::simulator::item_reader::{self, ReadError};
use crate::spec::{ErrorName, Field, QueryLanguage};

impl Test<'_> {
    pub(super) fn run_map(
        &mut self,
        simulation: &mut Simulation,
        map: &MapState,
        mock: MockedReply,
    ) -> Result<Flow, Stop> {
        let (id, state) = (self.id, self.state);
        let input = simulation.effective_input(id, state)?;
        let reader = map.distributed.as_ref().and_then(|distributed| distributed.item_reader.as_ref());
        let items = match reader {
            Some(reader) => self.read_items(simulation, reader, &input)?,
            None => Some(simulation.map_items(id, state, map, &input)?),
        };
        let concurrency = match &map.max_concurrency {
            Some(field) => simulation.max_concurrency(id, field, &input)?,
            None => 0,
        };
        self.inspection.max_concurrency = Some(concurrency);
        let tolerance = simulation.tolerance(id, map, &input)?;
        self.inspection.tolerated_failure_count = tolerance.count;
        self.inspection.tolerated_failure_percentage = tolerance.percentage;
        let n_items = match items {
            Some(items) => Some(self.iterations(simulation, map, &input, &items)?),
            // Nobody told what the reader finds: the mocked result has an element for each item.
            None => mock.n_elements(),
        };
        self.check_failures(tolerance, n_items)?;
        match mock {
            MockedReply::Result(result) => Ok(simulation.finish(id, state, result)?),
            MockedReply::Error(error) => Err(Stop::Failed(error)),
        }
    }

    /// The items that the reader finds in the data that was given; nothing when none was.
    fn read_items(
        &mut self,
        simulation: &mut Simulation,
        reader: &ItemReader,
        input: &Json,
    ) -> Result<Option<Json>, Stop> {
        if let Some(payload) = &reader.arguments {
            simulation.payload(self.id, payload, input, Extra::default())?;
        }
        let Some(data) = &self.request.configuration.map_item_reader_data else { return Ok(None) };
        match item_reader::read(data.as_bytes(), &reader.config, usize::MAX) {
            Ok(items) => {
                let items = Arc::new(Value::Array(items));
                let has_pointer = reader.config.get(Field::ItemsPointer.name()).is_some();
                if has_pointer && self.state.query_language == QueryLanguage::JsonPath {
                    self.inspection.after_items_pointer = Some(items.clone());
                }
                Ok(Some(items))
            }
            Err(ReadError::Failed(cause)) => {
                Err(Stop::Failed(StatesError::new(ErrorName::ITEM_READER_FAILED, cause)))
            }
            Err(ReadError::Unsupported(reason)) => Err(Stop::Refused(Refusal::Blocked(reason))),
        }
    }

    /// How many iterations there are, with the input of each in the inspection where the state makes one.
    fn iterations(
        &mut self,
        simulation: &mut Simulation,
        map: &MapState,
        input: &Json,
        values: &Value,
    ) -> Result<usize, Halt> {
        let inputs = |items: &[Item]| {
            Arc::new(Value::Array(items.iter().map(|item| Value::clone(&item.input)).collect()))
        };
        let mut items = simulation.selected_items(self.id, map, input, values, |_| None)?;
        if map.item_selector.is_some() {
            self.inspection.after_item_selector = Some(inputs(&items));
        }
        if let Some(Distributed { item_batcher: Some(batcher), .. }) = &map.distributed {
            items = simulation.batches(self.id, batcher, input, items)?;
            self.inspection.after_item_batcher = Some(inputs(&items));
        }
        Ok(items.len())
    }

    /// Whether the iterations that are said to have failed are too many.
    ///
    /// AWS: a state that says nothing of its tolerance takes any number
    /// (test_state/test_map_state_failure_count, exceeds_tolerated_failure of BASE_MAP_STATE).
    fn check_failures(&self, tolerance: Tolerance, n_items: Option<usize>) -> Result<(), Stop> {
        let Some(n_failed) = self.request.configuration.map_iteration_failure_count else { return Ok(()) };
        if n_items.is_some_and(|n_items| n_failed > n_items) {
            let why =
                "Map iteration failure count must be less than or equal to the number of Map iterations";
            return Err(Stop::Refused(Refusal::Validation(why.to_owned())));
        }
        let says_nothing = tolerance.count.is_none() && tolerance.percentage.is_none();
        if says_nothing || !tolerance.is_exceeded(n_failed, n_items.unwrap_or(n_failed)) {
            return Ok(());
        }
        Err(Stop::Failed(StatesError::too_many_failures()))
    }
}
