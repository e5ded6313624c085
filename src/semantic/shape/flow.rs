//! Shapes on their way through a machine: along transitions, joined where they meet, around loops until nothing
//! changes, into branches and iterations and out of them.
//!
//! The order of work is that of the graph, so that most states are looked at once. A loop that goes on changing its data
//! loses constants first and then all that is known.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::state::{
    Environment, Stages, StateShapes, Variable, VariableShapes, caught_error, context_object, hands_on,
    items, join_variables, path_field, put_result, with_item,
};
use super::task::Answers;
use super::{Shape, expression, narrow};
use crate::model::{
    Catcher, ChoiceRule, Payload, ScopeId, State, StateBody, StateId, StateMachine, Transition,
};
use crate::spec::context::CONTEXT_FIELDS;
use crate::spec::{QueryLanguage, StateKind, quota};

/// Changes of a state's input after which constants are let go.
const CHANGES_WITH_LITERALS_MAX: u8 = 2;
/// Changes of a state's input after which nothing is known of it.
const CHANGES_MAX: u8 = 6;

/// What is known before a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Before {
    pub(super) input: Shape,
    pub(super) variables: VariableShapes,
}

/// The shapes of a machine's data.
#[derive(Debug)]
pub struct Shapes {
    /// By state; none where no execution comes to it.
    before: Vec<Option<Before>>,
    /// By state: what becomes of it there; of states that hand their input on, it is made when it is asked for.
    stages: Vec<Option<Arc<Stages>>>,
    /// By scope: what it gives; none where it never ends.
    pub(super) outputs: Vec<Option<Shape>>,
    /// By scope: the context object in it.
    contexts: Vec<Shape>,
    pub(super) answers: Answers,
    /// Whether all is known that comes out of processors of Map states: one from which nothing comes may have no items.
    pub(super) has_settled: bool,
}

impl Shapes {
    /// Infers the shapes of a machine's data from that of its input.
    ///
    /// Nothing is known of variables where they are too many to be followed: [`quota::SHAPED_VARIABLES_MAX`].
    pub fn infer(machine: &StateMachine, input: Shape) -> Self {
        Self::infer_within(machine, input, quota::SHAPED_VARIABLES_MAX)
    }

    fn infer_within(machine: &StateMachine, input: Shape, n_variables_max: usize) -> Self {
        let mut inference = Inference::new(machine, &input, Some(n_variables_max));
        if !inference.run(input.clone()) {
            inference = Inference::new(machine, &input, None);
            inference.run(input);
        }
        inference.shapes
    }

    /// The shapes in and around a state; none where no execution comes to it.
    pub fn state<'m>(&self, machine: &'m StateMachine, id: StateId) -> Option<StateShapes<'m>> {
        let before = self.before.get(id.0 as usize)?.as_ref()?;
        match self.stages.get(id.0 as usize)? {
            Some(stages) => Some(StateShapes { state: machine.state(id)?, stages: Arc::clone(stages) }),
            None => self.around(machine, id, before),
        }
    }

    /// As [`Shapes::state`], of a state that is not led to as one whose input can be anything.
    pub fn state_or_unknown<'m>(&self, machine: &'m StateMachine, id: StateId) -> Option<StateShapes<'m>> {
        let unknown = || Before { input: Shape::Any, variables: VariableShapes::default() };
        self.state(machine, id).or_else(|| self.around(machine, id, &unknown()))
    }

    fn around<'m>(&self, machine: &'m StateMachine, id: StateId, before: &Before) -> Option<StateShapes<'m>> {
        let state = machine.state(id)?;
        let context = self.contexts.get(state.scope.0 as usize).cloned().unwrap_or(Shape::Any);
        Some(StateShapes { state, stages: Arc::new(Stages::new(self, (id, state), before, context)) })
    }

    /// The attributes of a table's items, as far as the machine writes them.
    pub fn item(&self, table: &str) -> Option<&Shape> {
        self.answers.item(table)
    }
}

/// The inference on its way.
struct Inference<'a> {
    machine: &'a StateMachine,
    shapes: Shapes,
    /// By state: how often what is known before it has changed.
    changes: Vec<u8>,
    /// By scope, of what it gives.
    output_changes: Vec<u8>,
    order: Order,
    todo: BTreeSet<(u32, StateId)>,
    /// How many more variables may be joined; none where variables are not followed.
    n_variables_left: Option<usize>,
}

impl<'a> Inference<'a> {
    fn new(machine: &'a StateMachine, input: &Shape, n_variables_left: Option<usize>) -> Self {
        let context = context_object(CONTEXT_FIELDS, input);
        let shapes = Shapes {
            before: vec![None; machine.states.len()],
            stages: vec![None; machine.states.len()],
            outputs: vec![None; machine.scopes.len()],
            contexts: vec![context; machine.scopes.len()],
            answers: Answers::new(machine),
            has_settled: false,
        };
        Self {
            machine,
            shapes,
            changes: vec![0; machine.states.len()],
            output_changes: vec![0; machine.scopes.len()],
            order: Order::new(machine),
            todo: BTreeSet::new(),
            n_variables_left,
        }
    }

    /// Returns whether it came to its end: else the variables are too many.
    fn run(&mut self, input: Shape) -> bool {
        self.enter_scope(ScopeId::ROOT, Before { input, variables: VariableShapes::default() });
        loop {
            while let Some((_, id)) = self.todo.pop_first() {
                self.state(id);
                if self.n_variables_left == Some(0) {
                    return false;
                }
            }
            if self.shapes.has_settled {
                return true;
            }
            self.shapes.has_settled = true;
            for (id, state) in self.machine.all_states() {
                let is_reached = self.shapes.before.get(id.0 as usize).is_some_and(Option::is_some);
                if is_reached && matches!(state.body, StateBody::Map(_)) {
                    self.request(id);
                }
            }
        }
    }

    fn request(&mut self, id: StateId) {
        if let Some(place) = self.order.first.get(id.0 as usize) {
            self.todo.insert((*place, id));
        }
    }

    /// As [`Inference::request`], once all that is to be done within the state is done.
    fn request_after(&mut self, id: StateId) {
        if let Some(place) = self.order.last_within.get(id.0 as usize) {
            self.todo.insert((*place, id));
        }
    }

    fn enter_scope(&mut self, scope: ScopeId, before: Before) {
        let start = self.machine.scope(scope).and_then(|scope| scope.start_at.as_ref());
        self.enter(start, before);
    }

    /// An execution comes to a state with this.
    fn enter(&mut self, transition: Option<&Transition>, mut before: Before) {
        let Some(id) = transition.and_then(|transition| transition.target) else { return };
        match &mut self.n_variables_left {
            Some(left) => *left = left.saturating_sub(before.variables.len()),
            None => before.variables = VariableShapes::default(),
        }
        let idx = id.0 as usize;
        let (Some(known), Some(n_changes)) = (self.shapes.before.get_mut(idx), self.changes.get_mut(idx))
        else {
            return;
        };
        let joined = match known {
            None => before,
            Some(known) => Before {
                input: widen(known.input.join(&before.input), *n_changes),
                variables: widen_variables(join_variables(&known.variables, &before.variables), *n_changes),
            },
        };
        if known.as_ref() == Some(&joined) {
            return;
        }
        *n_changes = n_changes.saturating_add(1);
        *known = Some(joined);
        self.request(id);
    }

    /// A scope ends with an output.
    fn end(&mut self, scope: ScopeId, output: Shape) {
        let idx = scope.0 as usize;
        let (Some(known), Some(n_changes)) =
            (self.shapes.outputs.get_mut(idx), self.output_changes.get_mut(idx))
        else {
            return;
        };
        let joined = match known {
            None => output,
            Some(known) => widen(known.join(&output), *n_changes),
        };
        if known.as_ref() == Some(&joined) {
            return;
        }
        *n_changes = n_changes.saturating_add(1);
        *known = Some(joined);
        if let Some(owner) = self.machine.scope(scope).and_then(|scope| scope.owner) {
            self.request_after(owner);
        }
    }

    fn state(&mut self, id: StateId) {
        let machine = self.machine;
        let before = self.shapes.before.get(id.0 as usize).cloned().flatten();
        let (Some(before), Some(state)) = (before, machine.state(id)) else { return };
        let ends = state.is_end || state.kind().is_some_and(StateKind::is_terminal);
        if hands_on(state) {
            return self.leave(state, ends, (state.next.as_ref(), before.input, before.variables));
        }
        let Some(here) = self.shapes.around(machine, id, &before) else { return };
        if let Some(known) = self.shapes.stages.get_mut(id.0 as usize) {
            *known = Some(Arc::clone(&here.stages));
        }
        let mut exits: Vec<Exit<'_>> = Vec::new();
        let variables = &here.inner.variables;
        match &state.body {
            StateBody::Choice { rules, default } => choose(&here, rules, default.as_ref(), &mut exits),
            StateBody::Fail { .. } | StateBody::Unknown => {}
            _ if here.has_result() && here.result.is_none() => {}
            _ => {
                let output = match (state.query_language, &state.output) {
                    (QueryLanguage::JsonPath, _) => here.selected_output(),
                    (QueryLanguage::Jsonata, Some(payload)) => expression::payload(payload, &here.after()),
                    (QueryLanguage::Jsonata, None) => {
                        here.result.clone().unwrap_or_else(|| here.inner.input.clone())
                    }
                };
                let assigned = match &state.assign {
                    Some(payload) => assign(variables, Some(payload), &here.after()),
                    None => variables.clone(),
                };
                exits.push((state.next.as_ref(), output, assigned));
            }
        }
        for catcher in &state.catch {
            exits.push(caught(&here, catcher));
        }
        if !state.problems.is_empty() {
            for (_, output, variables) in &mut exits {
                *output = Shape::Any;
                *variables = widen_variables(variables.clone(), CHANGES_MAX);
            }
        }
        let scopes = inner_scopes(&here);
        for (scope, context, before) in scopes {
            if let (Some(slot), Some(context)) = (self.shapes.contexts.get_mut(scope.0 as usize), context) {
                *slot = context;
            }
            self.enter_scope(scope, before);
        }
        for exit in exits {
            self.leave(state, ends, exit);
        }
    }

    /// An execution leaves a state, which may end its scope.
    fn leave(&mut self, state: &State, ends: bool, (transition, output, variables): Exit<'_>) {
        match transition {
            Some(_) => self.enter(transition, Before { input: output, variables }),
            None if ends => self.end(state.scope, output),
            None => {}
        }
    }
}

type Exit<'a> = (Option<&'a Transition>, Shape, VariableShapes);

/// Where a Choice leads, each way with what its tests tell.
fn choose<'a>(
    here: &StateShapes<'a>,
    rules: &'a [ChoiceRule],
    default: Option<&'a Transition>,
    exits: &mut Vec<Exit<'a>>,
) {
    let state = here.state;
    let mut leave = |next: Option<&'a Transition>,
                     view: &Environment,
                     output: Option<&Payload>,
                     assigned: Option<&Payload>| {
        let output = match (state.query_language, output) {
            (QueryLanguage::JsonPath, _) => path_field(&state.output_path, view, &view.input),
            (QueryLanguage::Jsonata, Some(payload)) => expression::payload(payload, view),
            (QueryLanguage::Jsonata, None) => view.input.clone(),
        };
        if next.is_some() {
            exits.push((next, output, assign(&view.variables, assigned, view)));
        }
    };
    let mut rest = Some(Environment::clone(&here.inner));
    for rule in rules {
        let Some(view) = rest else { return };
        if let Some(view) = narrow::assume(&rule.test, true, &view) {
            leave(rule.next.as_ref(), &view, rule.output.as_ref(), rule.assign.as_ref());
        }
        rest = narrow::assume(&rule.test, false, &view);
    }
    if let Some(view) = rest {
        leave(default, &view, state.output.as_ref(), state.assign.as_ref());
    }
}

fn caught<'a>(here: &StateShapes<'a>, catcher: &'a Catcher) -> Exit<'a> {
    let view = here.caught();
    let output = match (here.state.query_language, &catcher.output) {
        (QueryLanguage::JsonPath, _) => put_result(&catcher.result_path, &here.outer.input, caught_error()),
        (QueryLanguage::Jsonata, Some(payload)) => expression::payload(payload, &view),
        (QueryLanguage::Jsonata, None) => caught_error(),
    };
    (catcher.next.as_ref(), output, assign(&here.inner.variables, catcher.assign.as_ref(), &view))
}

/// The scopes within a state, with the context object in them and what their first states get.
fn inner_scopes(here: &StateShapes<'_>) -> Vec<(ScopeId, Option<Shape>, Before)> {
    let variables = here.inner.variables.clone();
    let input = here.inner_input.clone().unwrap_or(Shape::Any);
    match &here.state.body {
        StateBody::Parallel { branches } => {
            let before = Before { input, variables };
            let context = &here.inner.context;
            branches.iter().map(|&branch| (branch, Some(context.clone()), before.clone())).collect()
        }
        StateBody::Map(map) => {
            let Some(scope) = map.processor else { return Vec::new() };
            if map.distributed.is_some() {
                // An execution of its own: it has its own input and sees no variables.
                let context = with_item(&context_object(CONTEXT_FIELDS, &Shape::Any), Shape::Any);
                return vec![(scope, Some(context), Before { input, variables: VariableShapes::default() })];
            }
            let element = items(map, &here.inner).any_element();
            let context = with_item(&here.inner.context, element);
            vec![(scope, Some(context), Before { input, variables })]
        }
        _ => Vec::new(),
    }
}

fn assign(variables: &VariableShapes, payload: Option<&Payload>, view: &Environment) -> VariableShapes {
    let Some(payload) = payload else { return variables.clone() };
    let values = expression::payload(payload, view);
    if values.members().is_empty() {
        return variables.clone();
    }
    let mut assigned = variables.clone();
    for member in values.members() {
        assigned.insert(member.name.clone(), Variable { shape: member.shape.clone(), is_certain: true });
    }
    assigned
}

/// What is still known after so many changes.
fn widen(shape: Shape, n_changes: u8) -> Shape {
    match n_changes {
        0..CHANGES_WITH_LITERALS_MAX => shape,
        CHANGES_WITH_LITERALS_MAX..CHANGES_MAX => shape.without_literals(),
        _ => Shape::Any,
    }
}

fn widen_variables(variables: VariableShapes, n_changes: u8) -> VariableShapes {
    if n_changes < CHANGES_WITH_LITERALS_MAX {
        return variables;
    }
    let plain =
        |variable: &Variable| Variable { shape: widen(variable.shape.clone(), n_changes), ..*variable };
    variables.iter().map(|(name, variable)| (name.clone(), plain(variable))).collect()
}

/// The order of work, by state.
struct Order {
    /// The place of a state: before those it leads to, as far as there are no loops, and before those within it, which
    /// come before what follows.
    first: Vec<u32>,
    /// The place of the last of those within it, its own if there are none.
    last_within: Vec<u32>,
}

impl Order {
    fn new(machine: &StateMachine) -> Self {
        let first = order(machine);
        let mut last_within = first.clone();
        for (id, state) in machine.all_states() {
            // Nothing leads to the others.
            let Some(place) = first.get(id.0 as usize).copied().filter(|place| *place != u32::MAX) else {
                continue;
            };
            let mut scope = state.scope;
            while let Some(owner) = machine.scope(scope).and_then(|scope| scope.owner) {
                let (Some(last), Some(around)) =
                    (last_within.get_mut(owner.0 as usize), machine.state(owner))
                else {
                    break;
                };
                *last = (*last).max(place);
                scope = around.scope;
            }
        }
        Self { first, last_within }
    }
}

/// The place of each state in the order of work.
fn order(machine: &StateMachine) -> Vec<u32> {
    let mut order = vec![u32::MAX; machine.states.len()];
    let mut n_left = u32::try_from(machine.states.len()).unwrap_or(u32::MAX);
    let mut is_seen = vec![false; machine.states.len()];
    let start = |scope: ScopeId| machine.scope(scope)?.start_at.as_ref()?.target;
    // What is still to be looked at, and each state on the way here with where in it the states behind it begin.
    let mut pending: Vec<StateId> = Vec::new();
    let mut stack: Vec<(StateId, usize)> = Vec::new();
    let mut next = start(ScopeId::ROOT);
    loop {
        if let Some(id) = next.take() {
            let seen = is_seen.get_mut(id.0 as usize);
            if let (Some(seen @ false), Some(state)) = (seen, machine.state(id)) {
                *seen = true;
                // The last is looked at first, and so comes last in the order.
                let inner = state.scopes().iter().rev().filter_map(|&scope| start(scope));
                let targets = state.transitions().filter_map(|transition| transition.target);
                stack.push((id, pending.len()));
                pending.extend(inner.chain(targets));
            }
        }
        let Some(&(id, behind)) = stack.last() else { break };
        if pending.len() > behind {
            next = pending.pop();
        } else {
            n_left = n_left.saturating_sub(1);
            if let Some(place) = order.get_mut(id.0 as usize) {
                *place = n_left;
            }
            stack.pop();
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use super::super::tests::show;
    use super::*;
    use crate::model::lower;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    fn machine(states: &str) -> std::sync::Arc<StateMachine> {
        let text = format!(r#"{{"StartAt": "A", "States": {{{states}}}}}"#);
        lower(&parse_json(SourceText::new(&text), 64)).machine
    }

    /// The inputs of all states but the first, with the variables.
    #[track_caller]
    fn check_from(input: Value, states: &str, expected: Expect) {
        let machine = machine(states);
        let shapes = Shapes::infer(&machine, Shape::of(&input));
        let mut shown = Vec::new();
        for (id, state) in machine.all_states().filter(|(_, state)| &*state.name != "A") {
            let Some(here) = shapes.state(&machine, id) else {
                shown.push(format!("{} never", state.name));
                continue;
            };
            let variable = |(name, it): (&Arc<str>, &Variable)| {
                format!(" ${name}{}: {}", if it.is_certain { "" } else { "?" }, show(&it.shape))
            };
            let variables: String = here.outer.variables.iter().map(variable).collect();
            shown.push(format!("{} {}{variables}", state.name, show(here.input())));
        }
        expected.assert_eq(&shown.join("\n"));
    }

    #[track_caller]
    fn check(states: &str, expected: Expect) {
        check_from(json!({}), states, expected);
    }

    #[test]
    fn results_and_templates() {
        check(
            r#""A": {"Type": "Pass", "Result": {"n": 1}, "ResultPath": "$.r.s", "Next": "B"},
               "B": {"Type": "Pass", "Parameters": {"x.$": "$.r.s.n", "y": ["z"], "t.$": "States.UUID()"}, "Next": "C"},
               "C": {"Type": "Wait", "Seconds": 1, "OutputPath": "$.y", "Next": "D"},
               "D": {"Type": "Succeed"}"#,
            expect![[r#"
                B {r: {s: {n: 1}}}
                C {t: string, x: 1, y: ["z"]}
                D ["z"]"#]],
        );
    }

    #[test]
    fn variables_that_are_too_many_are_not_followed() {
        let machine = machine(
            r#""A": {"Type": "Pass", "Assign": {"v": 1}, "Next": "B"},
               "B": {"Type": "Pass", "Parameters": {"v.$": "$v"}, "Next": "C"}, "C": {"Type": "Succeed"}"#,
        );
        let last = |n_variables_max| {
            let shapes = Shapes::infer_within(&machine, Shape::closed(Vec::new()), n_variables_max);
            let (id, _) = machine.all_states().find(|(_, state)| &*state.name == "C").unwrap();
            show(shapes.state(&machine, id).unwrap().input())
        };
        // One comes to B and to C.
        assert_eq!(last(3), "{v: 1}");
        assert_eq!(last(2), "{v: any}");
    }

    #[test]
    fn ways_meet() {
        check_from(
            json!({"kind": "x"}),
            r#""A": {"Type": "Choice", "Choices": [{"Variable": "$.kind", "StringEquals": "x", "Next": "B"}], "Default": "C"},
               "B": {"Type": "Pass", "Assign": {"v": 1}, "Next": "D"}, "C": {"Type": "Pass", "Next": "D"},
               "D": {"Type": "Succeed"}"#,
            expect![[r#"
                B {kind: "x"}
                C never
                D {kind: "x"} $v: 1"#]],
        );
        check(
            r#""A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "ResultPath": "$.r", "Next": "D",
                "Assign": {"v": 1}, "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "D"}]},
               "D": {"Type": "Succeed"}"#,
            expect!["D {e?: {Cause: any, Error: any}, r?: any} $v?: 1"],
        );
    }

    #[test]
    fn loops_come_to_an_end() {
        check(
            r#""A": {"Type": "Pass", "Result": 0, "ResultPath": "$.n", "Next": "B"},
               "B": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "C"},
               "C": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 9, "Next": "B"}], "Default": "D"},
               "D": {"Type": "Succeed"}"#,
            expect![[r#"
                B {n: number}
                C {n: number}
                D {n: number}"#]],
        );
        check(
            r#""A": {"Type": "Pass", "Next": "B"},
               "B": {"Type": "Pass", "Parameters": {"last.$": "$"}, "Next": "B"}"#,
            expect!["B any"],
        );
    }

    #[test]
    fn branches_and_iterations() {
        check(
            r#""A": {"Type": "Parallel", "Next": "D", "Assign": {"v.$": "$[0].b"}, "Branches": [
                 {"StartAt": "B", "States": {"B": {"Type": "Pass", "Result": {"b": 1}, "End": true}}},
                 {"StartAt": "C", "States": {"C": {"Type": "Fail"}}},
                 {"StartAt": "E", "States": {"E": {"Type": "Pass", "Assign": {"inner": 1}, "End": true}}}]},
               "D": {"Type": "Succeed"}"#,
            expect![[r#"
                D never
                B {}
                C {}
                E {}"#]],
        );
        check_from(
            json!({"list": [{"a": 1}, {"a": 2}]}),
            r#""A": {"Type": "Map", "ItemsPath": "$.list", "Next": "D", "ResultSelector": {"all.$": "$", "one.$": "$[0]"},
                "ItemSelector": {"item.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index"},
                "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}},
               "D": {"Type": "Succeed"}"#,
            expect![[r#"
                D {all: […{i: number, item: {a: number}}], one: {i: number, item: {a: number}}}
                B {i: number, item: {a: number}}"#]],
        );
    }

    #[test]
    fn tests_tell_of_what_comes_through() {
        check_from(
            json!(null),
            r#""A": {"Type": "Pass", "Parameters": {"in.$": "$$.Execution.Input"}, "OutputPath": "$.in", "Next": "B"},
               "B": {"Type": "Succeed"}"#,
            expect!["B null"],
        );
        let text = r#""A": {"Type": "Choice", "Default": "C", "Choices": [
             {"And": [{"Variable": "$.a.b", "IsPresent": true}, {"Variable": "$.s", "IsString": true},
                      {"Not": {"Variable": "$.n", "NumericGreaterThan": 1}}], "Next": "B"}]},
             "B": {"Type": "Succeed"}, "C": {"Type": "Succeed"}"#;
        let machine = machine(text);
        let shapes = Shapes::infer(&machine, Shape::Any);
        let input = |name: &str| {
            let id = machine.find(ScopeId::ROOT, name).unwrap();
            show(shapes.state(&machine, id).unwrap().input())
        };
        expect!["{a: {b: any, …}, n: any, s: string, …}"].assert_eq(&input("B"));
        expect!["any"].assert_eq(&input("C"));
    }

    #[test]
    fn dynamodb_answers_what_it_is_asked_for() {
        let task = |action: &str, parameters: &str| {
            format!(
                r#""A": {{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:{action}", "Next": "B",
                    "Parameters": {{"TableName": "Tab", {parameters}}}}}, "B": {{"Type": "Succeed"}}"#
            )
        };
        check(&task("putItem", r#""Item": {"id": {"S": "1"}}"#), expect!["B {}"]);
        let machine = machine(&task("getItem", r#""Key": {"id": {"S": "1"}}"#));
        let shapes = Shapes::infer(&machine, Shape::Any);
        let id = machine.find(ScopeId::ROOT, "B").unwrap();
        let item = shapes.state(&machine, id).unwrap().input().member("Item").unwrap().0;
        expect!["{S: string}"].assert_eq(&show(&item.member("id").unwrap().0));
        assert!(item.member("other").unwrap().0.member("N").is_some());
        assert!(item.member("other").unwrap().0.member("X").is_none());
    }

    #[test]
    fn jsonata_where_it_is_plain() {
        check_from(
            json!({"a": {"b": "x"}, "l": [{"p": 1}]}),
            r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "Next": "B", "Assign": {"v": "{% $states.input.a %}"},
                "Output": "{% {'b': $states.input.a.b, 'n': 1 + 2, 's': 'x' & 'y', 'l': $states.input.l.p, 't': $now()} %}"},
               "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"w": "{% $v.b %}", "x": "{% ($v := 1; $v.b) %}"}, "Next": "C"},
               "C": {"Type": "Succeed"}"#,
            expect![[r#"
                B {b?: "x", l?: any, n?: number, s?: string, t?: string} $v: {b: "x"}
                C {w: "x", x: any} $v: {b: "x"}"#]],
        );
    }

    #[test]
    fn a_state_with_a_problem_gives_anything() {
        check(
            r#""A": {"Type": "Pass", "Parameters": {"x.$": "$.["}, "Next": "B"}, "B": {"Type": "Succeed"}"#,
            expect!["B any"],
        );
    }
}
