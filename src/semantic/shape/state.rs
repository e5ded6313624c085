//! The shapes in and around one state, and what an expression in each of its fields can read.
//!
//! The order of the fields is that of <https://states-language.net/spec.html#filters>.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use imbl::OrdMap;

use super::flow::{Before, Shapes};
use super::{Member, Missing, Shape, expression, narrow, path};
use crate::model::{
    ChoiceRule, Distributed, FieldPath, MapState, PathField, Payload, ResultPath, ScopeId, Slot, State,
    StateBody, StateId, Test,
};
use crate::spec::context::{CONTEXT_FIELDS, ContextField, ContextType, MAP_FIELD, TASK_FIELD};
use crate::spec::resource::error_output;
use crate::spec::{Comparison, Field, Pattern, QueryLanguage, Resource, StateKind};

/// VariableShapes by name, without `$`.
pub type VariableShapes = OrdMap<Arc<str>, Variable>;

/// What is known of a variable at some place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// What it holds.
    pub shape: Shape,
    /// Whether it is assigned on every way to the place.
    pub is_certain: bool,
}

/// What an expression can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// `$` in JSONPath, `$states.input` in JSONata.
    pub input: Shape,
    /// `$states.result`, where there is one.
    pub result: Option<Shape>,
    /// `$states.errorOutput`, where there is one.
    pub error_output: Option<Shape>,
    /// `$$` in JSONPath, `$states.context` in JSONata.
    pub context: Shape,
    /// The variables that are assigned on some way to the place.
    pub variables: VariableShapes,
}

impl Environment {
    /// What holds in either.
    pub(super) fn join(&self, other: &Environment) -> Environment {
        Environment {
            input: self.input.join(&other.input),
            variables: join_variables(&self.variables, &other.variables),
            ..self.clone()
        }
    }

    pub(super) fn with_input(&self, input: Shape) -> Environment {
        Environment { input, ..self.clone() }
    }
}

/// The shapes in and around one state.
#[derive(Debug)]
pub struct StateShapes<'a> {
    pub(super) state: &'a State,
    pub(super) stages: Arc<Stages>,
}

/// The data of a state on its way.
#[derive(Debug)]
pub struct Stages {
    /// The state's own input and what can be read beside it.
    pub(super) outer: Arc<Environment>,
    /// The same after `InputPath`, shared where there is none.
    pub(super) inner: Arc<Environment>,
    /// What each branch or iteration gets.
    pub(super) inner_input: Option<Shape>,
    /// The result as it comes; none where the state has none.
    pub result: Option<Shape>,
    /// The state's input with its result in it, as `OutputPath` sees it.
    pub(super) combined: Shape,
}

impl Deref for StateShapes<'_> {
    type Target = Stages;

    fn deref(&self) -> &Stages {
        &self.stages
    }
}

impl Stages {
    /// What becomes of what is known before a state.
    pub(super) fn new(
        shapes: &Shapes,
        (id, state): (StateId, &State),
        before: &Before,
        context: Shape,
    ) -> Self {
        let outer = Arc::new(Environment {
            input: before.input.clone(),
            result: None,
            error_output: None,
            context: with_token(context, state),
            variables: before.variables.clone(),
        });
        let inner = match &state.input_path {
            PathField::Whole => Arc::clone(&outer),
            field => Arc::new(outer.with_input(path_field(field, &outer, &outer.input))),
        };
        // What `Parameters` or `Arguments` make of the input. Nothing else follows from those of a task.
        let arguments = || match &state.arguments {
            Some(payload) => expression::payload(payload, &inner),
            None => inner.input.clone(),
        };
        let output = |scope: ScopeId| shapes.outputs.get(scope.0 as usize).cloned().flatten();
        let inner_input = match &state.body {
            StateBody::Map(map) => Some(item(map, &inner)),
            StateBody::Parallel { .. } => Some(arguments()),
            _ => None,
        };
        let is_path = state.query_language == QueryLanguage::JsonPath;
        let result = match &state.body {
            StateBody::Task(_) => Some(shapes.answers.of(id)),
            StateBody::Pass { result } if is_path => {
                Some(result.as_ref().map_or_else(arguments, |result| Shape::of(result)))
            }
            StateBody::Parallel { branches } => {
                let all: Option<Vec<Shape>> = branches.iter().map(|branch| output(*branch)).collect();
                all.map(|all| Shape::array(all, None))
            }
            StateBody::Map(map) => {
                let output = map.processor.and_then(output);
                (output.is_some() || shapes.has_settled).then(|| map_result(map, output))
            }
            _ => None,
        };
        let mut this = Self { combined: inner.input.clone(), outer, inner, inner_input, result };
        this.forget(state);
        if is_path && let Some(result) = &this.result {
            let selected = match &state.result_selector {
                Some(payload) => expression::payload(payload, &this.inner.with_input(result.clone())),
                None => result.clone(),
            };
            this.combined = put_result(&state.result_path, &this.outer.input, selected);
        }
        let is_doubtful = |field: Field| {
            state.problems.iter().any(|problem| problem.field.as_str().starts_with(field.name()))
        };
        if is_doubtful(Field::ResultSelector) || is_doubtful(Field::ResultPath) {
            this.combined = Shape::Any;
        }
        this
    }

    /// What a field gives that could not be understood, or that deployment fills in, is not known.
    fn forget(&mut self, state: &State) {
        for problem in &state.problems {
            let first = problem.field.as_str().split('/').next().unwrap_or_default();
            match Field::from_name(first) {
                Some(Field::InputPath) => Arc::make_mut(&mut self.inner).input = Shape::Any,
                Some(
                    Field::ResultSelector
                    | Field::ResultPath
                    | Field::OutputPath
                    | Field::Output
                    | Field::Assign
                    | Field::Catch
                    | Field::Retry
                    | Field::Next
                    | Field::End,
                ) => continue,
                _ => {}
            }
            self.inner_input = Some(Shape::Any);
            let is_task = matches!(state.body, StateBody::Task(_)) && first != Field::Resource.name();
            if self.result.is_some() && !is_task {
                self.result = Some(Shape::Any);
            }
        }
    }
}

impl<'a> StateShapes<'a> {
    /// The state's own input.
    pub fn input(&self) -> &Shape {
        &self.outer.input
    }

    /// Whether the state has a result that the rest of it works on.
    pub(super) fn has_result(&self) -> bool {
        let kind = self.state.kind();
        let is_path = self.state.query_language == QueryLanguage::JsonPath;
        kind.is_some_and(StateKind::can_retry) || (is_path && kind == Some(StateKind::Pass))
    }

    /// What an expression in a field of the state can read; the field is given from the state.
    pub fn environment(&self, field: &FieldPath) -> Cow<'_, Environment> {
        let mut keys = field.as_str().split('/');
        let first = keys.next().and_then(|key| Field::from_name(key.trim_end_matches(".$")));
        let index = keys.next().and_then(|index| index.parse::<usize>().ok());
        let nested = keys.next().and_then(|key| Field::from_name(key.trim_end_matches(".$")));
        match (first, &self.state.body) {
            (Some(Field::InputPath | Field::ResultPath), _) => Cow::Borrowed(&*self.outer),
            (Some(Field::ResultSelector), _) => self.inner_with(self.result_or_any()),
            (Some(Field::OutputPath), _) => self.inner_with(self.combined.clone()),
            (Some(Field::Assign | Field::Output), _) => self.after(),
            (Some(Field::Catch), _) => match nested {
                Some(Field::ResultPath) => Cow::Borrowed(&*self.outer),
                _ => self.caught(),
            },
            (Some(Field::ItemSelector | Field::Parameters), StateBody::Map(map)) => {
                Cow::Owned(self.selecting(map))
            }
            // An ItemReader makes it nothing that is read.
            (Some(Field::ItemsPath), StateBody::Map(map)) if is_read(map) => self.inner_with(Shape::Any),
            (Some(Field::Choices), StateBody::Choice { rules, .. }) => {
                let holds = matches!(nested, Some(Field::Assign | Field::Output));
                let view = self.in_rule(rules, index.unwrap_or(0), holds);
                view.map_or(Cow::Borrowed(&*self.inner), Cow::Owned)
            }
            _ => Cow::Borrowed(&*self.inner),
        }
    }

    fn inner_with(&self, input: Shape) -> Cow<'_, Environment> {
        Cow::Owned(self.inner.with_input(input))
    }

    /// What `OutputPath` selects.
    pub(super) fn selected_output(&self) -> Shape {
        match &self.state.output_path {
            PathField::Whole => self.combined.clone(),
            field => path_field(field, &self.inner.with_input(self.combined.clone()), &self.combined),
        }
    }

    fn result_or_any(&self) -> Shape {
        self.result.clone().unwrap_or(Shape::Any)
    }

    /// What `Assign` and `Output` can read.
    pub(super) fn after(&self) -> Cow<'_, Environment> {
        match self.state.query_language {
            _ if !self.has_result() => Cow::Borrowed(&*self.inner),
            QueryLanguage::JsonPath => self.inner_with(self.result_or_any()),
            QueryLanguage::Jsonata => {
                let result = Some(self.result_or_any());
                Cow::Owned(Environment { result, ..Environment::clone(&self.inner) })
            }
        }
    }

    /// What a catcher can read.
    pub(super) fn caught(&self) -> Cow<'_, Environment> {
        let error = caught_error();
        match self.state.query_language {
            QueryLanguage::JsonPath => self.inner_with(error),
            QueryLanguage::Jsonata => {
                Cow::Owned(Environment { error_output: Some(error), ..Environment::clone(&self.inner) })
            }
        }
    }

    /// What `ItemSelector` can read.
    fn selecting(&self, map: &MapState) -> Environment {
        let items = items(map, &self.inner);
        let context = with_item(&self.inner.context, items.any_element());
        Environment { context, ..Environment::clone(&self.inner) }
    }

    /// What the rule of a Choice can read, or its own fields once it holds; none where that cannot be.
    fn in_rule(&self, rules: &[ChoiceRule], idx: usize, holds: bool) -> Option<Environment> {
        let mut view = Environment::clone(&self.inner);
        for rule in rules.iter().take(idx) {
            view = narrow::assume(&rule.test, false, &view)?;
        }
        match rules.get(idx) {
            Some(rule) if holds => narrow::assume(&rule.test, true, &view),
            _ => Some(view),
        }
    }

    /// The steps of the state's expressions that lead to nothing, with the expression they are of. Where it is tested
    /// whether something is there, nothing is missing.
    pub fn missing(&self) -> Vec<(&'a Slot, Missing)> {
        self.missing_in(self.state.slots())
    }

    /// As [`StateShapes::missing`], where the state's expressions are at hand: [`State::slots`].
    pub fn missing_in(&self, slots: impl IntoIterator<Item = &'a Slot>) -> Vec<(&'a Slot, Missing)> {
        let mut found = Vec::new();
        let state = self.state;
        if !state.problems.is_empty() {
            return found;
        }
        if let StateBody::Choice { rules, .. } = &state.body {
            self.missing_in_rules(rules, &mut found);
        }
        // Expressions of one field read the same.
        let mut last: Option<(&str, Cow<'_, Environment>)> = None;
        for slot in slots {
            let text = slot.field.as_str();
            let first = text.split('/').next().unwrap_or_default();
            if first == Field::Choices.name() {
                continue;
            }
            let field = if first == Field::Catch.name() { text } else { first };
            if last.as_ref().is_none_or(|(known, _)| *known != field) {
                last = Some((field, self.environment(&slot.field)));
            }
            let missing = last.iter().flat_map(|(_, view)| expression::missing(slot, view));
            found.extend(missing.map(|missing| (slot, missing)));
        }
        found
    }
}

impl<'a> StateShapes<'a> {
    /// As [`StateShapes::missing`], in the rules of a Choice, one after the other.
    fn missing_in_rules(&self, rules: &'a [ChoiceRule], found: &mut Vec<(&'a Slot, Missing)>) {
        let mut rest = Some(Environment::clone(&self.inner));
        for rule in rules {
            let Some(before) = rest else { return };
            missing_in_test(&rule.test, &before, found);
            let own = rule.output.iter().chain(&rule.assign).flat_map(Payload::slots);
            let own: Vec<&Slot> = own.collect();
            if let Some(view) = (!own.is_empty()).then(|| narrow::assume(&rule.test, true, &before)).flatten()
            {
                for slot in own {
                    found.extend(expression::missing(slot, &view).into_iter().map(|missing| (slot, missing)));
                }
            }
            rest = narrow::assume(&rule.test, false, &before);
        }
    }
}

fn missing_in_test<'a>(test: &'a Test, view: &Environment, found: &mut Vec<(&'a Slot, Missing)>) {
    match test {
        Test::And(tests) | Test::Or(tests) => {
            let holds = matches!(test, Test::And(_));
            let mut view = Some(view.clone());
            for test in tests {
                let Some(before) = view else { break };
                missing_in_test(test, &before, found);
                view = narrow::assume(test, holds, &before);
            }
        }
        Test::Not(test) => missing_in_test(test, view, found),
        Test::Compare { operator, .. } if operator.comparison == Comparison::IsPresent => {}
        Test::Compare { .. } | Test::Condition(_) => {
            for slot in test.slots() {
                found.extend(expression::missing(slot, view).into_iter().map(|missing| (slot, missing)));
            }
        }
        Test::Invalid => {}
    }
}

/// Whether all that a state does with data is to hand its input on.
pub(super) fn hands_on(state: &State) -> bool {
    let is_plain = match &state.body {
        StateBody::Wait(_) | StateBody::Succeed => true,
        StateBody::Pass { result } => result.is_none(),
        _ => false,
    };
    let has_paths = [&state.input_path, &state.output_path].iter().any(|path| **path != PathField::Whole);
    let payloads = [&state.arguments, &state.result_selector, &state.output, &state.assign];
    is_plain
        && !has_paths
        && state.result_path == ResultPath::Whole
        && payloads.iter().all(|payload| payload.is_none())
        && state.catch.is_empty()
        && state.problems.is_empty()
}

/// What a path of `InputPath` or `OutputPath` selects.
pub(super) fn path_field(field: &PathField, view: &Environment, whole: &Shape) -> Shape {
    match field {
        PathField::Whole => whole.clone(),
        PathField::Nothing => Shape::closed(Vec::new()),
        PathField::Path(slot) => expression::slot(slot, view),
    }
}

pub(super) fn put_result(result_path: &ResultPath, input: &Shape, result: Shape) -> Shape {
    match result_path {
        ResultPath::Whole => result,
        ResultPath::Discard => input.clone(),
        ResultPath::Path(path) => path::set(input, path.steps(), result),
        ResultPath::Invalid => Shape::Any,
    }
}

/// Whether the items of a Map come from elsewhere.
fn is_read(map: &MapState) -> bool {
    map.distributed.as_ref().is_some_and(|it| it.item_reader.is_some())
}

/// The items of a Map.
pub(super) fn items(map: &MapState, view: &Environment) -> Shape {
    match (&map.items_path, &map.items) {
        _ if is_read(map) => Shape::Any,
        (Some(slot), _) => expression::slot(slot, view),
        (None, Some(payload)) => expression::payload(payload, view),
        (None, None) => view.input.clone(),
    }
}

/// The input of one iteration.
fn item(map: &MapState, view: &Environment) -> Shape {
    if map.distributed.as_ref().is_some_and(|it| it.item_batcher.is_some()) {
        return Shape::Any;
    }
    let element = items(map, view).any_element();
    match &map.item_selector {
        Some(payload) => {
            let view = Environment { context: with_item(&view.context, element), ..view.clone() };
            expression::payload(payload, &view)
        }
        None => element,
    }
}

fn map_result(map: &MapState, output: Option<Shape>) -> Shape {
    match &map.distributed {
        None => Shape::array(Vec::new(), output),
        Some(Distributed { result_writer: Some(_), .. }) => Shape::Any,
        // Iterations that failed may be tolerated.
        Some(_) => Shape::array_of(Shape::Any),
    }
}

/// The error output: two strings, or null where a Fail state gives none.
pub(super) fn caught_error() -> Shape {
    Shape::closed(vec![
        Member::certain(error_output::ERROR, Shape::Any),
        Member::certain(error_output::CAUSE, Shape::Any),
    ])
}

pub(super) fn context_object(fields: &[ContextField], input: &Shape) -> Shape {
    let member = |field: &ContextField| {
        let shape = match field.value_type {
            ContextType::Object(below) => context_object(below, input),
            ContextType::String | ContextType::Timestamp => Shape::string(),
            ContextType::Number => Shape::number(),
            ContextType::Any => input.clone(),
        };
        Member::possible(field.name, shape)
    };
    let is_common = |field: &&ContextField| field.name != TASK_FIELD && field.name != MAP_FIELD;
    Shape::open(fields.iter().filter(is_common).map(member).collect())
}

fn with_field(context: Shape, name: &str, value: Shape) -> Shape {
    let Some(field) = CONTEXT_FIELDS.iter().find(|field| field.name == name) else { return context };
    let ContextType::Object(below) = field.value_type else { return context };
    let mut members = context.members().to_vec();
    members.push(Member::certain(name, context_object(below, &value)));
    Shape::open(members)
}

/// The context object of an iteration.
pub(super) fn with_item(context: &Shape, item: Shape) -> Shape {
    with_field(context.clone(), MAP_FIELD, item)
}

/// The context object of a state: one that waits for a token has it.
fn with_token(context: Shape, state: &State) -> Shape {
    let StateBody::Task(task) = &state.body else { return context };
    let waits = Pattern::WaitForTaskToken;
    // Looking at the end of the text spares most tasks the rest.
    if task.resource.ends_with(waits.suffix())
        && Resource::parse(&task.resource).is_some_and(|resource| resource.pattern == waits)
    {
        with_field(context, TASK_FIELD, Shape::Any)
    } else {
        context
    }
}

pub(super) fn join_variables(a: &VariableShapes, b: &VariableShapes) -> VariableShapes {
    if a.ptr_eq(b) || a == b {
        return a.clone();
    }
    let uncertain = |variable: &Variable| Variable { is_certain: false, ..variable.clone() };
    let mut joined = VariableShapes::new();
    for (name, variable) in a.iter() {
        let both = b.get(name).map(|other| Variable {
            shape: variable.shape.join(&other.shape),
            is_certain: variable.is_certain && other.is_certain,
        });
        joined.insert(name.clone(), both.unwrap_or_else(|| uncertain(variable)));
    }
    for (name, variable) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
        joined.insert(name.clone(), uncertain(variable));
    }
    joined
}
