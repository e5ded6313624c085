//! Map: runs its processor for each item; here within the execution, in `distributed_map` as executions of their own.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::model::{MapState, NumberField, Payload, State, StateBody};
use crate::simulator::data_flow::Extra;
use crate::simulator::event::EventDetails as E;
use crate::simulator::frame::{Children, FrameId, Item, Phase};
use crate::simulator::{Flow, Halt, Json, Simulation, Time};
use crate::spec::{Field, QueryLanguage, quota};

impl Simulation {
    pub(super) fn run_map(&mut self, id: FrameId, state: &State, map: &MapState) -> Result<Flow, Halt> {
        let input = self.effective_input(id, state)?;
        if let Some(distributed) = &map.distributed {
            return self.run_distributed_map(id, state, map, distributed, &input);
        }
        let items = self.map_items(id, state, map, &input)?;
        if let Some(concurrency) = &map.max_concurrency {
            self.max_concurrency(id, concurrency, &input)?;
        }
        let items = self.selected_items(id, map, &input, &items, |_| None)?;
        let started = self.frame_event(id, E::MapStateStarted { length: items.len() });
        let Some(time) = self.frames.get(&id).map(|frame| frame.time) else { return Ok(Flow::Suspend) };
        if items.is_empty() {
            let history = self.history(id);
            self.event(history, started, time, E::MapStateSucceeded);
            return self.finish(id, state, Arc::new(json!([])));
        }
        let children = Children {
            outputs: vec![None; items.len()],
            n_done: 0,
            next: 0,
            items: items.into(),
            last_event: started,
            time,
            run: None,
        };
        self.set_phase(id, Phase::Children(Box::new(children)));
        self.start_iterations(id, started, time);
        Ok(Flow::Children)
    }

    /// The array of items.
    pub(in crate::simulator) fn map_items(
        &mut self,
        id: FrameId,
        state: &State,
        map: &MapState,
        input: &Json,
    ) -> Result<Json, Halt> {
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
        if items.is_array() {
            self.note(id, |stages| stages.after_items_path = Some(items.clone()));
            return Ok(items);
        }
        let path = map.items_path.as_ref().map_or("$", |slot| slot.expr.text());
        // AWS: a path of the context object is shown with one `$` (test_state/test_state_map_context_object).
        let path = if path.starts_with("$$") { path.get(1..).unwrap_or_default() } else { path };
        Err(self.runtime_error(id, &format!("Reference path \"{path}\" must point to array.")))
    }

    /// The input of each iteration: the item, or what `ItemSelector` makes of it.
    pub(in crate::simulator) fn selected_items(
        &mut self,
        id: FrameId,
        map: &MapState,
        input: &Json,
        values: &Value,
        source: impl Fn(usize) -> Option<Arc<str>>,
    ) -> Result<Vec<Item>, Halt> {
        let values = values.as_array().map(Vec::as_slice).unwrap_or_default();
        let mut items = Vec::with_capacity(values.len());
        for (idx, value) in values.iter().enumerate() {
            let mut item = Item { input: Arc::new(value.clone()), value: None, source: source(idx) };
            if let Some(payload) = &map.item_selector {
                let context = item.context(idx);
                let extra = Extra { map_item: Some(&context), ..Extra::default() };
                let selected = self.payload(id, payload, input, extra)?;
                item.value = Some(std::mem::replace(&mut item.input, selected));
            }
            items.push(item);
        }
        Ok(items)
    }

    /// How many iterations may run at once; 0 for no limit of the state's own.
    ///
    /// AWS: a string of digits is a number here (assign/test_reference_in_map_state).
    pub(in crate::simulator) fn max_concurrency(
        &mut self,
        id: FrameId,
        field: &NumberField,
        input: &Value,
    ) -> Result<usize, Halt> {
        let value = self.integer(id, field, input, Field::MaxConcurrencyPath.name())?;
        if let (true, NumberField::Expr(slot)) = (value < 0, field) {
            let why = "AWS's answer to a negative number is not known";
            return Err(Halt::Blocked(slot.field.clone(), why.into()));
        }
        // At most as many as there are items.
        Ok(usize::try_from(value).unwrap_or(0))
    }

    /// A whole number that a field holds, or that its path leads to.
    pub(super) fn integer(
        &mut self,
        id: FrameId,
        field: &NumberField,
        input: &Value,
        name: &str,
    ) -> Result<i64, Halt> {
        let value = self.number(id, field, input)?;
        let whole = value.as_f64().filter(|number| number.fract() == 0.0).map(|number| number as i64);
        let parsed = whole.or_else(|| value.as_str().and_then(|text| text.parse().ok()));
        parsed.ok_or_else(|| self.not_a(id, field, &value, name, "integer"))
    }

    /// The error of a path that leads to something else than a number.
    pub(super) fn not_a(
        &self,
        id: FrameId,
        field: &NumberField,
        value: &Value,
        name: &str,
        kind: &str,
    ) -> Halt {
        let path = match field {
            NumberField::Expr(slot) => slot.expr.text(),
            NumberField::Literal(_) => "",
        };
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let message =
            format!("The {name} field refers to value \"{shown}\" which is not a valid {kind}: {path}");
        self.runtime_error(id, &message)
    }

    /// Starts as many iterations as may run at once.
    pub(super) fn start_iterations(&mut self, id: FrameId, last_event: u32, time: Time) {
        let machine = self.machine.clone();
        let Some(activation) = self.activation(id) else { return };
        let Some(state) = machine.state(activation.state) else { return };
        let StateBody::Map(map) = &state.body else { return };
        let Some(scope) = map.processor else { return };
        let input = activation.input.clone();
        let limit = match &map.max_concurrency {
            Some(field) => self.max_concurrency(id, field, &input).unwrap_or(0),
            None => 0,
        };
        let most = if map.distributed.is_some() {
            quota::DISTRIBUTED_MAP_CONCURRENCY
        } else {
            quota::INLINE_MAP_CONCURRENCY
        };
        let limit = if limit == 0 { most } else { limit.min(most) };
        loop {
            let phase = self.activation_mut(id).map(|activation| &mut activation.phase);
            let Some(Phase::Children(children)) = phase else { return };
            let idx = children.next;
            if idx.saturating_sub(children.n_done) >= limit {
                return;
            }
            let Some(item) = children.items.get(idx).cloned() else { return };
            children.next += 1;
            if map.distributed.is_some() {
                self.start_child_execution(id, idx, scope, item, time);
                continue;
            }
            let details = E::MapIterationStarted { name: state.name.clone(), index: idx };
            let history = self.history(id);
            let started = self.event(history, last_event, time, details);
            let context = item.context(idx);
            let child = self.push_frame(Some(id), idx, scope, item.input, started, time);
            if let Some(frame) = self.frames.get_mut(&child) {
                frame.map_item = Some(context);
            }
        }
    }
}
