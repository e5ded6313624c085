//! Data on its way through a state: `InputPath`, `Parameters`, `ResultSelector`, `ResultPath`, `OutputPath`,
//! `Arguments`, `Output`, `Assign`.
//!
//! <https://states-language.net/spec.html#filters>

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::context::FieldScope;
use super::event::EventDetails as E;
use super::frame::FrameId;
use super::size::{fits, json_len, too_large};
use super::{Assigned, Flow, Halt, Json, Simulation, StatesError};
use crate::expr::jsonata::{Limits, Program};
use crate::expr::{EvalError, EvalErrorKind, Expr, Scope, SeededEntropy};
use crate::model::{
    Expression, FieldPath, NumberField, PathField, Payload, ResultPath, Slot, State, TextField, Transition,
};
use crate::spec::{ErrorName, Field, QueryLanguage, StateKind, quota};
use crate::text::TextRange;

/// What a field's expressions may read beside the input.
#[derive(Clone, Copy, Default)]
pub(super) struct Extra<'a> {
    pub(super) result: Option<&'a Value>,
    pub(super) error_output: Option<&'a Value>,
    pub(super) task_token: Option<&'a str>,
    pub(super) map_item: Option<&'a Value>,
}

impl Simulation {
    /// The state's input after `InputPath`.
    pub(super) fn effective_input(&mut self, id: FrameId, state: &State) -> Result<Json, Halt> {
        let Some(input) = self.activation(id).map(|activation| activation.input.clone()) else {
            return Ok(Json::default());
        };
        if state.query_language == QueryLanguage::Jsonata {
            return Ok(input);
        }
        let effective = self.path_field(id, &state.input_path, &input)?;
        self.note(id, |stages| stages.after_input_path = Some(effective.clone()));
        Ok(effective)
    }

    /// What `Parameters` or `Arguments` make of the input; the input itself where there are none.
    pub(super) fn arguments(
        &mut self,
        id: FrameId,
        state: &State,
        input: &Json,
        extra: Extra<'_>,
    ) -> Result<Json, Halt> {
        let arguments = match &state.arguments {
            Some(payload) => self.payload(id, payload, input, extra)?,
            None => input.clone(),
        };
        // AWS: what Parameters make of the input is held to the limit as well.
        self.check_size(id, state, &arguments)?;
        self.note(id, |stages| match state.query_language {
            QueryLanguage::JsonPath => stages.after_parameters = Some(arguments.clone()),
            QueryLanguage::Jsonata => stages.after_arguments = Some(arguments.clone()),
        });
        Ok(arguments)
    }

    /// Ends a state that has a result: `ResultSelector`, `ResultPath`, `OutputPath`, or `Output`; and `Assign`.
    pub(super) fn finish(&mut self, id: FrameId, state: &State, result: Json) -> Result<Flow, Halt> {
        self.note(id, |stages| stages.result = Some(result.clone()));
        let Some(raw_input) = self.activation(id).map(|activation| activation.input.clone()) else {
            return Ok(Flow::Suspend);
        };
        let (output, assigned) = match state.query_language {
            QueryLanguage::JsonPath => {
                let selected = match &state.result_selector {
                    Some(payload) => self.payload(id, payload, &result, Extra::default())?,
                    None => result.clone(),
                };
                self.note(id, |stages| stages.after_result_selector = Some(selected.clone()));
                let combined = self.put_result(id, &state.result_path, &raw_input, selected)?;
                self.note(id, |stages| stages.after_result_path = Some(combined.clone()));
                let output = self.path_field(id, &state.output_path, &combined)?;
                // AWS: in `Assign`, `$` is the result (assign/test_assign_from_value).
                (output, self.assign(id, state.assign.as_ref(), &result, Extra::default())?)
            }
            QueryLanguage::Jsonata => {
                let extra = Extra { result: Some(&result), ..Extra::default() };
                let output = match &state.output {
                    Some(payload) => self.payload(id, payload, &raw_input, extra)?,
                    None => result.clone(),
                };
                (output, self.assign(id, state.assign.as_ref(), &raw_input, extra)?)
            }
        };
        self.leave(id, state, output, assigned)
    }

    /// Ends a state that has no result, with its input as output: `OutputPath`, or `Output`; and `Assign`.
    pub(super) fn pass_on(&mut self, id: FrameId, state: &State, input: &Json) -> Result<Flow, Halt> {
        let output = match state.query_language {
            QueryLanguage::JsonPath => self.path_field(id, &state.output_path, input)?,
            QueryLanguage::Jsonata => match &state.output {
                Some(payload) => self.payload(id, payload, input, Extra::default())?,
                None => input.clone(),
            },
        };
        let assigned = self.assign(id, state.assign.as_ref(), input, Extra::default())?;
        self.leave(id, state, output, assigned)
    }

    /// Goes where `Next` leads, or ends the scope.
    pub(super) fn leave(
        &mut self,
        id: FrameId,
        state: &State,
        output: Json,
        assigned: Assigned,
    ) -> Result<Flow, Halt> {
        self.check_size(id, state, &output)?;
        let next = match &state.next {
            Some(transition) => Some(target(transition, Field::Next)?),
            None => None,
        };
        Ok(Flow::Exit { output, next, assigned })
    }

    /// An output larger than AWS hands on is an error.
    pub(super) fn check_size(&self, id: FrameId, state: &State, output: &Json) -> Result<(), Halt> {
        let is_input = self.activation(id).is_some_and(|activation| Arc::ptr_eq(&activation.input, output));
        if is_input || fits(output, quota::PAYLOAD_BYTES_MAX) {
            return Ok(());
        }
        Err(StatesError::new(ErrorName::DATA_LIMIT_EXCEEDED, too_large(&state.name)).into())
    }

    /// What `InputPath` or `OutputPath` selects.
    pub(super) fn path_field(&mut self, id: FrameId, field: &PathField, value: &Json) -> Result<Json, Halt> {
        match field {
            PathField::Whole => Ok(value.clone()),
            PathField::Nothing => Ok(Arc::new(Value::Object(Map::new()))),
            PathField::Path(slot) => self.path_value(id, slot, value),
        }
    }

    /// The value at a path of a field that holds nothing else: `InputPath`, `SecondsPath`, `Variable`.
    pub(super) fn path_value(&mut self, id: FrameId, slot: &Slot, value: &Value) -> Result<Json, Halt> {
        self.evaluate(id, slot, value, Extra::default()).map_err(|fault| match fault {
            Fault::Query(fault) => self.query_fault(id, slot, fault),
            Fault::Eval(error) if error.kind == EvalErrorKind::UndefinedVariable => {
                self.runtime(id, slot, &error, error.message.clone())
            }
            Fault::Eval(error) => {
                let message = format!("Invalid path '{}' : {}", slot.expr.text(), error.message);
                self.runtime(id, slot, &error, message)
            }
        })
    }

    /// Puts a result into the state's input.
    pub(super) fn put_result(
        &mut self,
        id: FrameId,
        path: &ResultPath,
        input: &Json,
        result: Json,
    ) -> Result<Json, Halt> {
        match path {
            ResultPath::Whole => Ok(result),
            ResultPath::Discard => Ok(input.clone()),
            ResultPath::Path(path) => {
                let mut combined = Value::clone(input);
                match path.set(&mut combined, Value::clone(&result)) {
                    Ok(()) => Ok(Arc::new(combined)),
                    Err(error) => {
                        let cause = self.cause(id, &error.message);
                        let error_value = StatesError::new(ErrorName::RESULT_PATH_MATCH_FAILURE, cause);
                        Err(error_value.at(&FieldPath::new(Field::ResultPath.name()), error.range).into())
                    }
                }
            }
            ResultPath::Invalid => {
                Err(Halt::Blocked(FieldPath::new(Field::ResultPath.name()), "The path is invalid".into()))
            }
        }
    }

    /// The variables that `Assign` sets. All its expressions see the old values.
    pub(super) fn assign(
        &mut self,
        id: FrameId,
        assign: Option<&Payload>,
        input: &Value,
        extra: Extra<'_>,
    ) -> Result<Assigned, Halt> {
        let Some(payload) = assign else { return Ok(None) };
        let values = self.payload(id, payload, input, extra)?;
        let Value::Object(values) = &*values else { return Ok(None) };
        if values.is_empty() {
            return Ok(None);
        }
        self.check_variables(id, values)?;
        Ok(Some(
            values.iter().map(|(name, value)| (Arc::from(name.as_str()), Arc::new(value.clone()))).collect(),
        ))
    }

    /// Variables that are larger than AWS keeps are an error.
    ///
    /// AWS documents the limits; the error's name is that of all data that is too large, the texts are ours.
    fn check_variables(&self, id: FrameId, values: &Map<String, Value>) -> Result<(), Halt> {
        let Some(frame) = self.frames.get(&id) else { return Ok(()) };
        let too_much = |what: &str, limit: usize| {
            let message = format!("{what} more than the maximum of {limit} bytes.");
            Err(StatesError::new(ErrorName::DATA_LIMIT_EXCEEDED, self.cause(id, &message)).into())
        };
        let (mut assigned, mut replaced) = (0_usize, 0_usize);
        for (name, value) in values {
            assigned = assigned.saturating_add(json_len(value));
            replaced = replaced.saturating_add(frame.variables.own_len(name));
        }
        if assigned > quota::VARIABLE_BYTES_MAX {
            return too_much("The variables that are assigned have", quota::VARIABLE_BYTES_MAX);
        }
        let others = self.variable_bytes(frame.history).saturating_sub(replaced);
        if others.saturating_add(assigned) > quota::VARIABLES_TOTAL_BYTES_MAX {
            return too_much("The variables of the execution have", quota::VARIABLES_TOTAL_BYTES_MAX);
        }
        Ok(())
    }

    /// The value of a payload template.
    ///
    /// Recursive over the template, which is never deeper than the parser's nesting.
    pub(super) fn payload(
        &mut self,
        id: FrameId,
        payload: &Payload,
        input: &Value,
        extra: Extra<'_>,
    ) -> Result<Json, Halt> {
        match payload {
            Payload::Literal(value) => Ok(value.clone()),
            _ => self.payload_value(id, payload, input, extra).map(Arc::new),
        }
    }

    fn payload_value(
        &mut self,
        id: FrameId,
        payload: &Payload,
        input: &Value,
        extra: Extra<'_>,
    ) -> Result<Value, Halt> {
        Ok(match payload {
            Payload::Literal(value) => Value::clone(value),
            Payload::Object(members) => {
                let mut map = Map::with_capacity(members.len());
                for (key, payload) in members {
                    map.insert(key.to_string(), self.payload_value(id, payload, input, extra)?);
                }
                Value::Object(map)
            }
            Payload::Array(elements) => {
                let values = elements.iter().map(|element| self.payload_value(id, element, input, extra));
                Value::Array(values.collect::<Result<_, _>>()?)
            }
            Payload::Expr(slot) => {
                let value = match self.evaluate(id, slot, input, extra) {
                    // AWS: an index beyond the end of an array is null here, and here alone.
                    Err(Fault::Eval(error)) if error.kind == EvalErrorKind::IndexBeyondEnd => Json::default(),
                    result => result.map_err(|fault| self.payload_halt(id, slot, input, fault))?,
                };
                Arc::try_unwrap(value).unwrap_or_else(|shared| Value::clone(&shared))
            }
        })
    }

    /// What a failed expression of a template is to its state.
    pub(super) fn payload_halt(&mut self, id: FrameId, slot: &Slot, input: &Value, fault: Fault) -> Halt {
        match fault {
            Fault::Eval(error) => {
                let message = match (error.kind, &slot.expr) {
                    (
                        EvalErrorKind::PathNotFound
                        | EvalErrorKind::IndexBeyondEnd
                        | EvalErrorKind::PathInvalid,
                        Expression::JsonPath(Expr::Path(path)),
                    ) => format!(
                        "The JSONPath '{}' specified for the field '{}' could not be found in the input '{}'",
                        path.text(),
                        slot.field.last(),
                        serde_json::to_string(input).unwrap_or_default()
                    ),
                    _ => error.message.clone(),
                };
                self.runtime(id, slot, &error, message)
            }
            Fault::Query(fault) => self.query_fault(id, slot, fault),
        }
    }

    /// The value of an expression.
    pub(super) fn evaluate(
        &mut self,
        id: FrameId,
        slot: &Slot,
        input: &Value,
        extra: Extra<'_>,
    ) -> Result<Json, Fault> {
        if let Some(reason) = self.effort.excess() {
            return Err(Fault::Query(QueryFault::Unknown(reason)));
        }
        let mut entropy = self.entropy.clone();
        let Some(frame) = self.frames.get(&id) else { return Ok(Json::default()) };
        let scope = FieldScope {
            simulation: self,
            frame,
            input,
            result: extra.result,
            error_output: extra.error_output,
            task_token: extra.task_token,
            map_item: extra.map_item,
            context: OnceCell::new(),
            cost: Cell::default(),
        };
        let value = match &slot.expr {
            Expression::JsonPath(expr) => self.json_path(expr, &scope, &mut entropy),
            Expression::Jsonata(program) => self.jsonata(program, &scope, &mut entropy),
        };
        let cost = scope.cost.get();
        // A variable as a whole is shared, and takes no memory of its own.
        let made = value.as_ref().ok().filter(|value| Arc::strong_count(value) == 1);
        self.effort.add(cost, made.map(|value| &**value));
        self.entropy = entropy;
        value
    }

    fn json_path(
        &self,
        expr: &Expr,
        scope: &FieldScope<'_>,
        entropy: &mut SeededEntropy,
    ) -> Result<Json, Fault> {
        // A variable as a whole is shared, not copied.
        if let Expr::Path(path) = expr
            && let crate::expr::path::Root::Variable(name) = path.root()
            && path.segments().is_empty()
            && let Some(value) = scope.frame.variables.get(name)
        {
            return Ok(value.clone());
        }
        let scope: &dyn Scope = scope;
        expr.evaluate(scope, entropy).map(|value| Arc::new(value.into_owned())).map_err(Fault::Eval)
    }

    fn jsonata(
        &self,
        program: &Program,
        scope: &FieldScope<'_>,
        entropy: &mut SeededEntropy,
    ) -> Result<Json, Fault> {
        let limits = Limits { now_milliseconds: scope.frame.time.0, ..Limits::default() };
        match program.evaluate(scope, &limits, entropy) {
            Ok(Some(value)) => Ok(Arc::new(value)),
            Ok(None) => Err(QueryFault::Failed("returned nothing (undefined).".to_owned())),
            Err(error) if error.is_unsupported_result() => Err(QueryFault::Failed(error.to_string())),
            // AWS: 1/0 is the text "Infinity", also within arrays and objects; the engine gives up at once.
            Err(error) if error.is_infinite() => Err(QueryFault::Unknown(format!(
                "{error}. AWS goes on with numbers without bounds, the simulation does not"
            ))),
            Err(error) => Err(QueryFault::Failed(format!("threw an error during evaluation. {error}"))),
        }
        .map_err(Fault::Query)
    }

    /// What an expression of JSONata that gave nothing is to its state.
    pub(super) fn query_fault(&mut self, id: FrameId, slot: &Slot, fault: QueryFault) -> Halt {
        match fault {
            QueryFault::Failed(what) => self.query_error(id, slot, &what),
            QueryFault::Unknown(why) => Halt::Blocked(slot.field.clone(), why),
        }
    }

    /// An error of JSONata: AWS writes an event of its own for it. `what` says what the expression did.
    pub(super) fn query_error(&mut self, id: FrameId, slot: &Slot, what: &str) -> Halt {
        let text = slot.expr.text();
        let message = format!(
            "The JSONata expression '{text}' specified for the field '{}' {what}",
            slot.field.location()
        );
        let range = TextRange::from_usize(0..text.len());
        match self.evaluation_failed(id, Some(&slot.field), &message) {
            Halt::Failed(error) => Halt::Failed(error.at(&slot.field, range)),
            halt => halt,
        }
    }

    /// An error of a JSONata state, with its event.
    pub(super) fn evaluation_failed(
        &mut self,
        id: FrameId,
        location: Option<&FieldPath>,
        message: &str,
    ) -> Halt {
        let error = StatesError::new(ErrorName::QUERY_EVALUATION_ERROR, self.cause(id, message));
        let state = self.activation(id).and_then(|activation| self.machine.state(activation.state));
        if let (Some(state), Some(name), Some(cause)) = (state, &error.name, &error.cause) {
            let location = location.map(|field| Arc::from(field.location()));
            let details = E::EvaluationFailed {
                state: state.name.clone(),
                error: name.clone(),
                cause: cause.clone(),
                location,
            };
            let is_map = state.kind() == Some(StateKind::Map);
            self.frame_event(id, details);
            if is_map {
                self.frame_event(id, E::MapStateFailed);
            }
        }
        error.into()
    }

    /// The value of an expression that has to be of one type, as AWS names types.
    pub(super) fn expect_type(
        &mut self,
        id: FrameId,
        slot: &Slot,
        value: Json,
        expected: &str,
    ) -> Result<Json, Halt> {
        let actual = match &*value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if actual == expected {
            return Ok(value);
        }
        let what = format!(
            "returned an unexpected result type. Expected '{expected}', but was '{actual}' for value: {value}"
        );
        Err(self.query_error(id, slot, &what))
    }

    /// The cause of an error: what AWS puts before its message.
    pub(super) fn cause(&self, id: FrameId, message: &str) -> String {
        let activation = self.activation(id);
        let state = activation.and_then(|activation| self.machine.state(activation.state));
        let name = state.map(|state| &*state.name).unwrap_or_default();
        let entered = activation.map(|activation| activation.entered_event).unwrap_or_default();
        format!(
            "An error occurred while executing the state '{name}' (entered at the event id #{entered}). {message}"
        )
    }

    fn runtime(&self, id: FrameId, slot: &Slot, error: &EvalError, message: String) -> Halt {
        if error.kind == EvalErrorKind::LimitExceeded {
            return Halt::Blocked(slot.field.clone(), message);
        }
        StatesError::new(ErrorName::RUNTIME, self.cause(id, &message)).at(&slot.field, error.range).into()
    }

    /// An error of `States.Runtime` that a part of an expression raised.
    pub(super) fn runtime_error_at(&self, id: FrameId, slot: &Slot, range: TextRange, message: &str) -> Halt {
        StatesError::new(ErrorName::RUNTIME, self.cause(id, message)).at(&slot.field, range).into()
    }

    /// An error of `States.Runtime` that no expression raised.
    pub(super) fn runtime_error(&self, id: FrameId, message: &str) -> Halt {
        StatesError::new(ErrorName::RUNTIME, self.cause(id, message)).into()
    }

    /// The value of a number field; numbers come as they are.
    pub(super) fn number(&mut self, id: FrameId, field: &NumberField, input: &Value) -> Result<Json, Halt> {
        match field {
            NumberField::Literal(number) => Ok(Arc::new(Value::Number(number.clone()))),
            NumberField::Expr(slot) => {
                let value = self.path_value(id, slot, input)?;
                self.expect_jsonata(id, slot, value, "number")
            }
        }
    }

    /// As [`Simulation::expect_type`], of a JSONata expression; a path's value is looked at elsewhere.
    fn expect_jsonata(
        &mut self,
        id: FrameId,
        slot: &Slot,
        value: Json,
        expected: &str,
    ) -> Result<Json, Halt> {
        match slot.expr {
            Expression::Jsonata(_) => self.expect_type(id, slot, value, expected),
            Expression::JsonPath(_) => Ok(value),
        }
    }

    /// The value of a text field. A path that leads nowhere is told as in a template.
    pub(super) fn text(&mut self, id: FrameId, field: &TextField, input: &Value) -> Result<Json, Halt> {
        match field {
            TextField::Literal(text) => Ok(Arc::new(Value::from(&**text))),
            TextField::Expr(slot) => {
                let value = self.evaluate(id, slot, input, Extra::default());
                let value = value.map_err(|fault| self.payload_halt(id, slot, input, fault))?;
                self.expect_jsonata(id, slot, value, "string")
            }
        }
    }
}

/// Why an expression gave no value.
pub(super) enum Fault {
    /// It failed.
    Eval(EvalError),
    /// It gave nothing for another reason.
    Query(QueryFault),
}

/// Why a JSONata expression gave nothing, or one of either language was not evaluated.
pub(super) enum QueryFault {
    /// It failed: what it did, in AWS's words.
    Failed(String),
    /// What AWS makes of it is more than the simulation can do: why.
    Unknown(String),
}

/// The state a transition leads to.
pub(super) fn target(transition: &Transition, field: Field) -> Result<crate::model::StateId, Halt> {
    transition.target.ok_or_else(|| {
        Halt::Blocked(
            FieldPath::new(field.name()),
            format!("'{}' names no state: {}", field.name(), transition.name),
        )
    })
}
