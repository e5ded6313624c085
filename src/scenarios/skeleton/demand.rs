//! What a machine reads of its input and of its tasks' results: its data flow walked once, state by state.
//!
//! Each state is looked at as it is first come to. What cannot be followed is left out: an example that lacks a path
//! is completed by hand, one that has wrong ones misleads.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::origin::{Members, Origin, Root, steps, whole};
use super::reading::{kind_of_test, kinds_in_intrinsic, kinds_in_jsonata, number_kind};
use super::want::{Kind, Step, Want};
use crate::expr::Expr;
use crate::expr::jsonata::Program;
use crate::expr::path::Root as PathRoot;
use crate::model::{
    Catcher, ChoiceRule, Comparand, Distributed, Expression, Instant, MapState, NumberField, PathField,
    Payload, ScopeId, Slot, State, StateBody, StateId, StateMachine, Test, TextField, Transition, WaitFor,
};
use crate::spec::context::{STATES_CONTEXT, STATES_INPUT, STATES_RESULT, STATES_VARIABLE};
use crate::spec::{QueryLanguage, resource};
use crate::text::TextSize;

/// What is read.
#[derive(Debug, Default)]
pub(super) struct Demand {
    wants: BTreeMap<Root, Want>,
}

impl Demand {
    /// What is read of the input or a result.
    pub(super) fn of(&self, root: Root) -> Want {
        self.wants.get(&root).cloned().unwrap_or_default()
    }

    fn note(&mut self, origin: &Origin, kind: Kind) {
        if let Origin::Part(root, path) = origin
            && !path.is_empty()
        {
            self.wants.entry(*root).or_default().note(path, kind);
        }
    }
}

/// What an expression can read.
#[derive(Clone, Debug)]
pub(super) struct Known {
    input: Origin,
    result: Origin,
    /// `$$.Map.Item.Value`.
    item: Origin,
    variables: Members,
}

impl Known {
    fn with_input(&self, input: Origin) -> Known {
        Known { input, ..self.clone() }
    }

    /// Where what a root and steps name comes from.
    fn resolve(&self, root: &PathRoot, steps: &[Step]) -> Origin {
        match root {
            PathRoot::Input => self.input.part(steps),
            PathRoot::Context => self.context(steps),
            PathRoot::Variable(name) => {
                self.variables.get(name.as_str()).map_or(Origin::Unknown, |origin| origin.part(steps))
            }
            PathRoot::Item => Origin::Unknown,
        }
    }

    fn context(&self, steps: &[Step]) -> Origin {
        let names: Vec<&str> = steps
            .iter()
            .map(|step| match step {
                Step::Name(name) => name.as_str(),
                Step::Each => "",
            })
            .collect();
        match names.as_slice() {
            ["Execution", "Input", ..] => Origin::input().part(steps.get(2..).unwrap_or_default()),
            ["Map", "Item", "Value", ..] => self.item.part(steps.get(3..).unwrap_or_default()),
            _ => Origin::Unknown,
        }
    }
}

/// Finds what a machine reads.
pub(super) fn demand(machine: &StateMachine) -> Demand {
    let mut walk = Walk { machine, demand: Demand::default(), seen: BTreeSet::new(), todo: VecDeque::new() };
    let known = Known {
        input: Origin::input(),
        result: Origin::Unknown,
        item: Origin::Unknown,
        variables: Members::new(),
    };
    walk.enter_scope(ScopeId::ROOT, &known);
    while let Some((id, known)) = walk.todo.pop_front() {
        if let Some(state) = machine.state(id) {
            walk.state(id, state, &known);
        }
    }
    walk.demand
}

struct Walk<'a> {
    machine: &'a StateMachine,
    demand: Demand,
    seen: BTreeSet<StateId>,
    todo: VecDeque<(StateId, Known)>,
}

impl Walk<'_> {
    fn enter_scope(&mut self, scope: ScopeId, known: &Known) {
        let start = self.machine.scope(scope).and_then(|scope| scope.start_at.as_ref());
        self.enter(start, known);
    }

    fn enter(&mut self, transition: Option<&Transition>, known: &Known) {
        if let Some(id) = transition.and_then(|transition| transition.target)
            && self.seen.insert(id)
        {
            self.todo.push_back((id, known.clone()));
        }
    }

    fn state(&mut self, id: StateId, state: &State, known: &Known) {
        let input = match &state.input_path {
            PathField::Whole => known.input.clone(),
            PathField::Nothing => Origin::Unknown,
            PathField::Path(slot) => self.slot(slot, known, Kind::Any),
        };
        let inner = known.with_input(input.clone());
        let arguments = match &state.arguments {
            Some(payload) => self.payload(payload, &inner, ""),
            None => input.clone(),
        };
        let result = self.body(id, state, &inner, &arguments);
        let inner = Known { result: result.clone().unwrap_or(Origin::Unknown), ..inner };
        let (output, after) = match state.query_language {
            QueryLanguage::JsonPath => {
                let selected = match &state.result_selector {
                    Some(payload) => {
                        let known = inner.with_input(inner.result.clone());
                        Some(self.payload(payload, &known, ""))
                    }
                    None => result,
                };
                let combined = match selected.clone() {
                    Some(selected) => known.input.with(&state.result_path, selected),
                    None => input.clone(),
                };
                let output = match &state.output_path {
                    PathField::Whole => combined,
                    PathField::Nothing => Origin::Unknown,
                    PathField::Path(slot) => self.slot(slot, &inner.with_input(combined), Kind::Any),
                };
                (output, inner.with_input(selected.unwrap_or(input)))
            }
            QueryLanguage::Jsonata => {
                let output = match &state.output {
                    Some(payload) => self.payload(payload, &inner, ""),
                    None => result.unwrap_or(input),
                };
                (output, inner.clone())
            }
        };
        let variables = self.assigned(state.assign.as_ref(), &after);
        let next = Known { input: output, variables, result: Origin::Unknown, ..known.clone() };
        self.enter(state.next.as_ref(), &next);
        self.rules(state, &inner, &next);
        for catcher in &state.catch {
            self.catcher(catcher, known);
        }
    }

    /// Reads what is particular to a type of state. Returns where its result comes from; none where it has none.
    fn body(&mut self, id: StateId, state: &State, known: &Known, arguments: &Origin) -> Option<Origin> {
        match &state.body {
            StateBody::Task(task) => {
                for number in [&task.timeout_seconds, &task.heartbeat_seconds].into_iter().flatten() {
                    self.number(number, known);
                }
                if let Some(credentials) = &task.credentials {
                    self.payload(credentials, known, "");
                }
                Some(Origin::result(id))
            }
            StateBody::Pass { result: Some(_) } => Some(Origin::Unknown),
            StateBody::Pass { result: None } => {
                (state.query_language == QueryLanguage::JsonPath).then(|| arguments.clone())
            }
            StateBody::Parallel { branches } => {
                for branch in branches {
                    self.enter_scope(*branch, &known.with_input(arguments.clone()));
                }
                Some(Origin::Unknown)
            }
            StateBody::Map(map) => {
                self.map(map, known);
                Some(Origin::Unknown)
            }
            StateBody::Wait(WaitFor::Seconds(number)) => {
                self.number(number, known);
                None
            }
            StateBody::Wait(WaitFor::Until(Instant::Expr(slot))) => {
                self.slot(slot, known, Kind::Timestamp);
                None
            }
            StateBody::Fail { error, cause, .. } => {
                for text in [error, cause].into_iter().flatten() {
                    if let TextField::Expr(slot) = text {
                        self.slot(slot, known, Kind::Text);
                    }
                }
                None
            }
            StateBody::Choice { .. } | StateBody::Succeed | StateBody::Wait(_) | StateBody::Unknown => None,
        }
    }

    fn map(&mut self, map: &MapState, known: &Known) {
        let items = match (&map.items_path, &map.items) {
            (Some(slot), _) => self.slot(slot, known, Kind::Array),
            (None, Some(payload)) => {
                let origin = self.payload(payload, known, "");
                self.demand.note(&origin, Kind::Array);
                origin
            }
            (None, None) => known.input.clone(),
        };
        let numbers = [&map.max_concurrency, &map.tolerated_failure_count, &map.tolerated_failure_percentage];
        for number in numbers.into_iter().flatten() {
            self.number(number, known);
        }
        let reads = map.distributed.as_ref().is_some_and(|it| it.item_reader.is_some());
        let item = if reads { Origin::Unknown } else { items.part(&[Step::Each]) };
        let within = Known { item: item.clone(), ..known.clone() };
        let mut input = match &map.item_selector {
            Some(payload) => self.payload(payload, &within, ""),
            None => item,
        };
        if let Some(distributed) = &map.distributed {
            self.distributed(distributed, known);
            if distributed.item_batcher.is_some() {
                let members = Members::unit(Arc::from(resource::answer::ITEMS), Origin::Unknown);
                input = Origin::Object { members, others: Arc::new(Origin::Unknown) };
            }
        }
        // Variables from outside are not seen in other executions.
        let variables = if map.distributed.is_some() { Members::new() } else { within.variables.clone() };
        if let Some(processor) = map.processor {
            self.enter_scope(processor, &Known { input, variables, ..within });
        }
    }

    fn distributed(&mut self, distributed: &Distributed, known: &Known) {
        let reader = distributed.item_reader.as_ref().and_then(|it| it.arguments.as_ref());
        let batcher = distributed.item_batcher.as_ref().and_then(|it| it.batch_input.as_ref());
        let writer = distributed.result_writer.as_ref().and_then(|it| it.arguments.as_ref());
        for payload in [reader, batcher, writer].into_iter().flatten() {
            self.payload(payload, known, "");
        }
    }

    fn rules(&mut self, state: &State, known: &Known, next: &Known) {
        let StateBody::Choice { rules, default } = &state.body else { return };
        for ChoiceRule { test, next: target, assign, output } in rules {
            self.test(test, known);
            let mut known = Known { variables: self.assigned(assign.as_ref(), known), ..next.clone() };
            if let Some(output) = output {
                known.input = self.payload(output, &known.with_input(next.input.clone()), "");
            }
            self.enter(target.as_ref(), &known);
        }
        self.enter(default.as_ref(), next);
    }

    fn test(&mut self, test: &Test, known: &Known) {
        let mut todo = vec![test];
        while let Some(test) = todo.pop() {
            match test {
                Test::Compare { variable, operator, with } => {
                    self.slot(variable, known, kind_of_test(operator, with));
                    if let Comparand::Path(slot) = with {
                        self.slot(slot, known, kind_of_test(operator, with));
                    }
                }
                Test::And(tests) | Test::Or(tests) => todo.extend(tests.iter().rev()),
                Test::Not(test) => todo.push(test),
                Test::Condition(payload) => drop(self.payload(payload, known, "")),
                Test::Invalid => {}
            }
        }
    }

    /// The error output is nobody's input: only what lies around it is followed.
    fn catcher(&mut self, catcher: &Catcher, known: &Known) {
        let outer = Known { result: Origin::Unknown, ..known.clone() };
        let input = match &catcher.output {
            Some(payload) => self.payload(payload, &outer, ""),
            None => known.input.with(&catcher.result_path, Origin::Unknown),
        };
        let variables = self.assigned(catcher.assign.as_ref(), &outer.with_input(Origin::Unknown));
        self.enter(catcher.next.as_ref(), &Known { input, variables, ..outer });
    }

    /// The variables after an assignment.
    fn assigned(&mut self, assign: Option<&Payload>, known: &Known) -> Members {
        let mut variables = known.variables.clone();
        let Some(payload) = assign else { return variables };
        if let Origin::Object { members, .. } = self.payload(payload, known, "") {
            variables.extend(members);
        }
        variables
    }

    fn number(&mut self, number: &NumberField, known: &Known) {
        if let NumberField::Expr(slot) = number {
            self.slot(slot, known, Kind::Number);
        }
    }

    /// Reads a payload, and tells where it comes from. `key` is what holds it: attribute values of DynamoDB say of
    /// which type they are.
    ///
    /// Recursive, but never deeper than the nesting that the parser admits.
    fn payload(&mut self, payload: &Payload, known: &Known, key: &str) -> Origin {
        match payload {
            Payload::Literal(_) => Origin::Unknown,
            Payload::Object(members) => {
                let members = members
                    .iter()
                    .map(|(name, payload)| (name.clone(), self.payload(payload, known, name)))
                    .collect();
                Origin::Object { members, others: Arc::new(Origin::Unknown) }
            }
            Payload::Array(elements) => {
                for element in elements {
                    self.payload(element, known, "");
                }
                Origin::Unknown
            }
            Payload::Expr(slot) => {
                let kind = match key {
                    "S" => Kind::Text,
                    "N" => number_kind(slot),
                    "BOOL" => Kind::Boolean,
                    "L" | "SS" | "NS" | "BS" => Kind::Array,
                    _ => Kind::Any,
                };
                self.slot(slot, known, kind)
            }
        }
    }

    /// Reads an expression, and tells where its value comes from.
    fn slot(&mut self, slot: &Slot, known: &Known, kind: Kind) -> Origin {
        match &slot.expr {
            Expression::JsonPath(Expr::Path(path)) => match whole(path) {
                Some(steps) => {
                    let origin = known.resolve(path.root(), &steps);
                    self.demand.note(&origin, kind);
                    origin
                }
                None => {
                    self.references(path.references(), known, &[]);
                    Origin::Unknown
                }
            },
            Expression::JsonPath(Expr::Intrinsic(call)) => {
                let kinds = kinds_in_intrinsic(call.call(), &kind);
                self.references(call.references(), known, &kinds);
                Origin::Unknown
            }
            Expression::Jsonata(program) => self.jsonata(program, known, kind),
        }
    }

    fn references(
        &mut self,
        references: Vec<crate::expr::path::Reference>,
        known: &Known,
        kinds: &[(TextSize, Kind)],
    ) {
        for reference in references {
            let kind = kinds.iter().find(|(at, _)| *at == reference.range.start());
            let kind = kind.map_or(Kind::Any, |(_, kind)| kind.clone());
            let origin = known.resolve(&reference.root, &steps(&reference.steps));
            self.demand.note(&origin, kind);
        }
    }

    fn jsonata(&mut self, program: &Program, known: &Known, kind: Kind) -> Origin {
        let tree = program.tree();
        let kinds = kinds_in_jsonata(&tree.root, program.text(), kind);
        let mut whole = Origin::Unknown;
        for reference in program.references() {
            let names: Vec<Step> =
                reference.fields.iter().map(|field| Step::Name(field.text.clone())).collect();
            let origin = match (reference.variable.text.as_str(), reference.fields.split_first()) {
                (STATES_VARIABLE, Some((field, _))) => {
                    let rest = names.get(1..).unwrap_or_default();
                    match field.text.as_str() {
                        STATES_INPUT => known.input.part(rest),
                        STATES_RESULT => known.result.part(rest),
                        STATES_CONTEXT => known.context(rest),
                        _ => Origin::Unknown,
                    }
                }
                (STATES_VARIABLE, None) => Origin::Unknown,
                (name, _) => known.variables.get(name).map_or(Origin::Unknown, |it| it.part(&names)),
            };
            let kind = kinds.iter().find(|(at, _)| *at == reference.range.start());
            self.demand.note(&origin, kind.map_or(Kind::Any, |(_, kind)| kind.clone()));
            if reference.range == tree.root.range {
                whole = origin;
            }
        }
        whole
    }
}
