//! Map: runs its processor for each item.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::model::{FieldPath, MapState, Payload, State};
use crate::simulator::data_flow::Extra;
use crate::simulator::event::EventDetails as E;
use crate::simulator::frame::{Children, FrameId, Item, Phase};
use crate::simulator::{Flow, Halt, Json, Simulation, Time};
use crate::spec::{Field, QueryLanguage, quota};

impl Simulation {
    pub(super) fn run_map(&mut self, id: FrameId, state: &State, map: &MapState) -> Result<Flow, Halt> {
        if map.distributed.is_some() {
            let field = FieldPath::new(Field::ItemProcessor.name());
            return Err(Halt::Blocked(field, "Distributed Map states are not simulated yet".to_owned()));
        }
        let input = self.effective_input(id, state)?;
        let items = self.map_items(id, state, map, &input)?;
        let Value::Array(values) = &*items else { return Ok(Flow::Suspend) };
        if let Some(concurrency) = &map.max_concurrency {
            self.max_concurrency(id, concurrency, &input)?;
        }
        let items = self.items(id, map, &input, values)?;
        let started = self.frame_event(id, E::MapStateStarted { length: items.len() });
        let Some(time) = self.frames.get(&id).map(|frame| frame.time) else { return Ok(Flow::Suspend) };
        if items.is_empty() {
            self.event(started, time, E::MapStateSucceeded);
            return self.finish(id, state, Arc::new(json!([])));
        }
        let children = Children {
            outputs: vec![None; items.len()],
            n_done: 0,
            next: 0,
            items: items.into(),
            last_event: started,
            time,
        };
        self.set_phase(id, Phase::Children(Box::new(children)));
        self.start_iterations(id, started, time);
        Ok(Flow::Children)
    }

    /// The array of items.
    fn map_items(&mut self, id: FrameId, state: &State, map: &MapState, input: &Json) -> Result<Json, Halt> {
        if state.query_language == QueryLanguage::Jsonata {
            let items = match &map.items {
                Some(payload) => {
                    let items = self.payload(id, payload, input, Extra::default())?;
                    match payload {
                        Payload::Expr(slot) => self.expect_type(id, slot, items, "array")?,
                        _ => items,
                    }
                }
                None => input.clone(),
            };
            if !items.is_array() {
                let message = format!("Map state input must be an array but was: {items}");
                return Err(self.evaluation_failed(id, None, &message));
            }
            return Ok(items);
        }
        let items = match &map.items_path {
            Some(slot) => self.path_value(id, slot, input)?,
            None => input.clone(),
        };
        self.note(id, |stages| stages.after_items_path = Some(items.clone()));
        if items.is_array() {
            return Ok(items);
        }
        let path = map.items_path.as_ref().map_or("$", |slot| slot.expr.text());
        Err(self.runtime_error(id, &format!("Reference path \"{path}\" must point to array.")))
    }

    /// The input of each iteration.
    fn items(
        &mut self,
        id: FrameId,
        map: &MapState,
        input: &Json,
        values: &[Value],
    ) -> Result<Vec<Item>, Halt> {
        let mut items = Vec::with_capacity(values.len());
        for (idx, value) in values.iter().enumerate() {
            let context = Arc::new(json!({"Index": idx, "Value": value}));
            let input = match &map.item_selector {
                Some(payload) => {
                    self.payload(id, payload, input, Extra { map_item: Some(&context), ..Extra::default() })?
                }
                None => Arc::new(value.clone()),
            };
            items.push(Item { input, context });
        }
        Ok(items)
    }

    /// How many iterations may run at once; 0 for no limit of the state's own.
    fn max_concurrency(
        &mut self,
        id: FrameId,
        field: &crate::model::NumberField,
        input: &Value,
    ) -> Result<usize, Halt> {
        let value = self.number(id, field, input)?;
        let path = match field {
            crate::model::NumberField::Expr(slot) => slot.expr.text().to_owned(),
            crate::model::NumberField::Literal(_) => String::new(),
        };
        let number = value.as_f64().filter(|number| number.fract() == 0.0);
        match number {
            Some(number) if number >= 0.0 => Ok(number as usize),
            _ => {
                let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let message = format!(
                    "The MaxConcurrencyPath field refers to value \"{shown}\" which is not a valid integer: {path}"
                );
                Err(self.runtime_error(id, &message))
            }
        }
    }

    /// Starts as many iterations as may run at once.
    pub(super) fn start_iterations(&mut self, id: FrameId, last_event: u32, time: Time) {
        let machine = self.machine.clone();
        let Some(activation) = self.activation(id) else { return };
        let Some(state) = machine.state(activation.state) else { return };
        let crate::model::StateBody::Map(map) = &state.body else { return };
        let Some(scope) = map.processor else { return };
        let input = activation.input.clone();
        let limit = match &map.max_concurrency {
            Some(field) => self.max_concurrency(id, field, &input).unwrap_or(0),
            None => 0,
        };
        let limit =
            if limit == 0 { quota::INLINE_MAP_CONCURRENCY } else { limit.min(quota::INLINE_MAP_CONCURRENCY) };
        loop {
            let Some(Phase::Children(children)) =
                self.activation_mut(id).map(|activation| &mut activation.phase)
            else {
                return;
            };
            let idx = children.next;
            if idx.saturating_sub(children.n_done) >= limit {
                return;
            }
            let Some(item) = children.items.get(idx).cloned() else { return };
            children.next += 1;
            let started =
                self.event(last_event, time, E::MapIterationStarted { name: state.name.clone(), index: idx });
            let child = self.push_frame(Some(id), idx, scope, item.input, started, time);
            if let Some(frame) = self.frames.get_mut(&child) {
                frame.map_item = Some(item.context);
            }
        }
    }
}
