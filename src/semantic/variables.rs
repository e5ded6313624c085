//! Variables by data flow: where they are assigned, where they are read, and whether they have a value by then.
//!
//! A variable is read as it was when its state began: what a state assigns is there for the states that follow. States
//! within a Parallel or Map state see the variables around them and keep their own to themselves; those of a
//! distributed Map see none from outside.
//!
//! Specification: <https://states-language.net/spec.html#variables>.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Graph;
use crate::expr::jsonata::{Node, NodeKind};
use crate::expr::path::Root;
use crate::model::{
    Comparand, Expression, FieldPath, Payload, ScopeId, Slot, State, StateBody, StateId, StateMachine, Test,
};
use crate::spec::context::STATES_VARIABLE;
use crate::spec::jsonata::EXISTS;
use crate::spec::{Comparison, Field, quota};
use crate::text::TextRange;

/// The variables of a machine.
#[derive(Debug, Default)]
pub struct Variables<'a> {
    /// Everything that assigns one, by state.
    pub assignments: Vec<Assignment>,
    /// Everything that reads one, by state; nothing of states that are not reached.
    pub reads: Vec<VariableRead<'a>>,
}

/// A place that assigns a variable.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The state.
    pub state: StateId,
    /// The object of variables within it: `Assign`, `Catch/0/Assign`.
    pub field: FieldPath,
    /// The variable, without the `$`.
    pub name: Arc<str>,
    /// Whether anything reads a variable of this name.
    pub is_read: bool,
    /// A state of a scope around this one that assigns the same name.
    pub outer: Option<StateId>,
}

/// A place that reads a variable.
#[derive(Clone, Debug)]
pub struct VariableRead<'a> {
    /// The state.
    pub state: StateId,
    /// The expression.
    pub slot: &'a Slot,
    /// Where the variable is named, in the expression's text.
    pub range: TextRange,
    /// The variable, without the `$`.
    pub name: Arc<str>,
    /// Whether it has a value by then.
    pub presence: Presence,
    /// Whether the expression, or another one for a variable that has one on some paths, asks if it has a value.
    pub is_tested: bool,
}

/// Whether a variable has a value where it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// On every path to here it is assigned.
    Always,
    /// On some paths to here it is not.
    Sometimes,
    /// It is assigned nowhere.
    Nowhere,
    /// Only the state that reads it assigns it, which takes effect afterwards.
    Afterwards,
    /// It is assigned outside of the distributed Map that reads it.
    OutsideDistributed,
    /// It is assigned by this state, which no path leads from to here or which keeps it to itself.
    Elsewhere(StateId),
}

/// A set of variables: a bit for each.
type Bits = Vec<u64>;

/// What is assigned when a state begins.
#[derive(Clone, Debug)]
struct Entry {
    /// On every path.
    always: Bits,
    /// On some path.
    sometimes: Bits,
}

impl<'a> Variables<'a> {
    /// Follows the variables of a machine.
    pub(super) fn new(machine: &'a StateMachine, graph: &Graph, slots: &[(StateId, &'a Slot)]) -> Self {
        let mut flow = Flow::new(machine);
        let reads = collect_reads(machine, graph, slots, &flow.names);
        if flow.names.is_empty() && reads.is_empty() {
            return Self::default();
        }
        let read: BTreeSet<&str> = reads.iter().map(|read| &*read.name).collect();
        let assignments = flow.assignments(&read);
        let is_followed = flow.run();
        let mut assigning: BTreeMap<&str, BTreeSet<StateId>> = BTreeMap::new();
        for assignment in &assignments {
            let states = assigning.entry(&assignment.name).or_default();
            // This one and another one are enough to tell.
            if states.len() < 2 {
                states.insert(assignment.state);
            }
        }
        let tested: BTreeSet<Arc<str>> =
            reads.iter().filter(|read| read.is_tested).map(|read| read.name.clone()).collect();
        let reads = reads
            .into_iter()
            .map(|read| {
                // What is too large to be followed is not doubted.
                let presence = if is_followed { flow.presence(&read, &assigning) } else { Presence::Always };
                let is_tested =
                    read.is_tested || (presence == Presence::Sometimes && tested.contains(&read.name));
                VariableRead { presence, is_tested, ..read }
            })
            .collect();
        Self { assignments, reads }
    }
}

struct Flow<'a> {
    machine: &'a StateMachine,
    /// All variables that are assigned, with their bits.
    names: BTreeMap<&'a str, usize>,
    /// By state.
    entries: Vec<Option<Entry>>,
    n_words: usize,
}

impl<'a> Flow<'a> {
    fn new(machine: &'a StateMachine) -> Self {
        let keys = machine.states.iter().flat_map(State::assignments).flat_map(Payload::keys);
        let distinct: BTreeSet<&str> = keys.collect();
        let n_words = distinct.len().div_ceil(64);
        let names = distinct.into_iter().zip(0..).collect();
        Self { machine, names, entries: Vec::new(), n_words }
    }

    /// Follows all paths. Whether it came to an end within its bound.
    fn run(&mut self) -> bool {
        self.run_within(quota::VARIABLE_FLOW_WORDS_MAX)
    }

    fn run_within(&mut self, n_words_max: usize) -> bool {
        self.entries = vec![None; self.machine.states.len()];
        if self.n_words.saturating_mul(self.machine.states.len()) > n_words_max {
            return false;
        }
        let mut work = 0usize;
        // A scope within a state is numbered after the state's own.
        for scope in (0..).map(ScopeId).take(self.machine.scopes.len()) {
            let Some(start) = self.machine.scope(scope).and_then(|scope| scope.start_at.as_ref()?.target)
            else {
                continue;
            };
            let Some(around) = self.around(scope) else { continue };
            let mut todo = vec![start];
            self.merge(start, &around);
            while let Some(id) = todo.pop() {
                let Some(entry) = self.entries.get(id.0 as usize).cloned().flatten() else { continue };
                let Some(state) = self.machine.state(id) else { continue };
                for (target, assigned, perhaps) in exits(state) {
                    work += self.n_words + 1 + assigned.map_or(0, |payload| payload.keys().len());
                    if work > n_words_max {
                        return false;
                    }
                    let mut entry = entry.clone();
                    self.add(&mut entry.sometimes, perhaps);
                    self.add(&mut entry.sometimes, assigned);
                    self.add(&mut entry.always, assigned);
                    if self.merge(target, &entry) {
                        todo.push(target);
                    }
                }
            }
        }
        true
    }

    /// What a scope's first state sees of the variables around it; none where nothing comes to the scope.
    fn around(&self, scope: ScopeId) -> Option<Entry> {
        let nothing = || Entry { always: vec![0; self.n_words], sometimes: vec![0; self.n_words] };
        let Some(owner) = self.machine.scope(scope)?.owner else { return Some(nothing()) };
        let entry = self.entries.get(owner.0 as usize)?.clone()?;
        Some(if self.is_distributed(owner) { nothing() } else { entry })
    }

    fn is_distributed(&self, id: StateId) -> bool {
        let body = self.machine.state(id).map(|state| &state.body);
        matches!(body, Some(StateBody::Map(map)) if map.distributed.is_some())
    }

    fn add(&self, bits: &mut Bits, assigned: Option<&Payload>) {
        for name in assigned.map(Payload::keys).unwrap_or_default() {
            if let Some(&idx) = self.names.get(name)
                && let Some(word) = bits.get_mut(idx / 64)
            {
                *word |= 1 << (idx % 64);
            }
        }
    }

    /// Adds a path to a state. Whether that changes what is known of the state.
    fn merge(&mut self, id: StateId, path: &Entry) -> bool {
        let Some(slot) = self.entries.get_mut(id.0 as usize) else { return false };
        let Some(entry) = slot else {
            *slot = Some(path.clone());
            return true;
        };
        let mut has_changed = false;
        for (word, other) in entry.always.iter_mut().zip(&path.always) {
            has_changed |= *word & !other != 0;
            *word &= other;
        }
        for (word, other) in entry.sometimes.iter_mut().zip(&path.sometimes) {
            has_changed |= other & !*word != 0;
            *word |= other;
        }
        has_changed
    }

    fn presence(&self, read: &VariableRead<'_>, assigning: &BTreeMap<&str, BTreeSet<StateId>>) -> Presence {
        let Some(&idx) = self.names.get(&*read.name) else { return Presence::Nowhere };
        let has = |bits: &Bits| bits.get(idx / 64).is_some_and(|word| word & (1 << (idx % 64)) != 0);
        let entry = |id: StateId| self.entries.get(id.0 as usize).and_then(Option::as_ref);
        let Some(here) = entry(read.state) else { return Presence::Always };
        if has(&here.always) {
            return Presence::Always;
        }
        if has(&here.sometimes) {
            return Presence::Sometimes;
        }
        let mut at = self.machine.state(read.state);
        while let Some(owner) = at.and_then(|state| self.machine.scope(state.scope)?.owner) {
            if self.is_distributed(owner) && entry(owner).is_some_and(|entry| has(&entry.sometimes)) {
                return Presence::OutsideDistributed;
            }
            at = self.machine.state(owner);
        }
        let states = assigning.get(&*read.name);
        match states.and_then(|states| states.iter().find(|state| **state != read.state)) {
            Some(other) => Presence::Elsewhere(*other),
            None if states.is_some() => Presence::Afterwards,
            None => Presence::Nowhere,
        }
    }

    fn assignments(&self, read: &BTreeSet<&str>) -> Vec<Assignment> {
        let mut by_scope: BTreeMap<(ScopeId, &str), StateId> = BTreeMap::new();
        for (id, state) in self.machine.all_states() {
            for name in state.assignments().flat_map(Payload::keys) {
                by_scope.entry((state.scope, name)).or_insert(id);
            }
        }
        let mut found = Vec::new();
        for (id, state) in self.machine.all_states() {
            for (field, payload) in assign_fields(state) {
                for name in payload.keys() {
                    found.push(Assignment {
                        state: id,
                        field: FieldPath::new(&field),
                        name: Arc::from(name),
                        is_read: read.contains(name),
                        outer: self.outer(state.scope, name, &by_scope),
                    });
                }
            }
        }
        found
    }

    /// The state that assigns a name in a scope around another one, as far as that is seen.
    fn outer(
        &self,
        scope: ScopeId,
        name: &str,
        by_scope: &BTreeMap<(ScopeId, &str), StateId>,
    ) -> Option<StateId> {
        let mut scope = scope;
        loop {
            let owner = self.machine.scope(scope)?.owner?;
            if self.is_distributed(owner) {
                return None;
            }
            scope = self.machine.state(owner)?.scope;
            if let Some(&id) = by_scope.get(&(scope, name)) {
                return Some(id);
            }
        }
    }
}

/// The `Assign` objects of a state, with where they stand.
fn assign_fields(state: &State) -> Vec<(String, &Payload)> {
    let assign = Field::Assign.name();
    let mut found: Vec<(String, &Payload)> = Vec::new();
    found.extend(state.assign.as_ref().map(|payload| (assign.to_owned(), payload)));
    if let StateBody::Choice { rules, .. } = &state.body {
        let rules = rules.iter().enumerate().filter_map(|(idx, rule)| Some((idx, rule.assign.as_ref()?)));
        found.extend(rules.map(|(idx, it)| (format!("{}/{idx}/{assign}", Field::Choices.name()), it)));
    }
    let catchers = state.catch.iter().enumerate();
    let catchers = catchers.filter_map(|(idx, catcher)| Some((idx, catcher.assign.as_ref()?)));
    found.extend(catchers.map(|(idx, it)| (format!("{}/{idx}/{assign}", Field::Catch.name()), it)));
    found
}

/// The ways out of a state: where to, what is assigned, and what may be.
fn exits(state: &State) -> Vec<(StateId, Option<&Payload>, Option<&Payload>)> {
    let own = state.assign.as_ref();
    let mut exits = Vec::new();
    exits.extend(state.next.as_ref().and_then(|next| Some((next.target?, own, None))));
    if let StateBody::Choice { rules, default } = &state.body {
        exits.extend(default.as_ref().and_then(|next| Some((next.target?, own, None))));
        // The state's own assignments are for when no rule holds.
        let rules =
            rules.iter().filter_map(|rule| Some((rule.next.as_ref()?.target?, rule.assign.as_ref(), own)));
        exits.extend(rules);
    }
    let catchers = state.catch.iter();
    exits.extend(
        catchers.filter_map(|catcher| Some((catcher.next.as_ref()?.target?, catcher.assign.as_ref(), None))),
    );
    exits
}

fn collect_reads<'a>(
    machine: &'a StateMachine,
    graph: &Graph,
    slots: &[(StateId, &'a Slot)],
    assigned: &BTreeMap<&str, usize>,
) -> Vec<VariableRead<'a>> {
    let mut reads = Vec::new();
    for of_state in slots.chunk_by(|a, b| a.0 == b.0) {
        let Some(&(id, _)) = of_state.first() else { continue };
        let Some(state) = machine.state(id).filter(|_| graph.is_reached(id)) else { continue };
        let first = reads.len();
        for (_, slot) in of_state {
            collect(id, slot, assigned, &mut reads);
        }
        if reads.len() > first {
            let tested = tested_fields(state);
            let is_tested = |read: &VariableRead<'_>| read.is_tested || tested.contains(&&read.slot.field);
            let names: BTreeSet<Arc<str>> = reads
                .iter()
                .skip(first)
                .filter(|read| is_tested(read))
                .map(|read| read.name.clone())
                .collect();
            for read in reads.iter_mut().skip(first) {
                read.is_tested = names.contains(&read.name);
            }
        }
    }
    reads
}

fn collect<'a>(
    state: StateId,
    slot: &'a Slot,
    assigned: &BTreeMap<&str, usize>,
    reads: &mut Vec<VariableRead<'a>>,
) {
    let read = |name: &str, range, is_tested| VariableRead {
        state,
        slot,
        range,
        name: Arc::from(name),
        presence: Presence::Always,
        is_tested,
    };
    match &slot.expr {
        Expression::JsonPath(expr) => {
            if !expr.reads_variables() {
                return;
            }
            for reference in expr.references() {
                if let Root::Variable(name) = &reference.root {
                    reads.push(read(name, reference.root_range, false));
                }
            }
        }
        Expression::Jsonata(program) => {
            let tree = program.tree();
            let mut tested = Vec::new();
            let mut called = Vec::new();
            tree.root.visit(&mut |node| uses(node, &mut tested, &mut called));
            for reference in program.references() {
                let (name, range) = (reference.variable.text.as_str(), reference.variable.range);
                let is_function = (reference.builtin.is_some() && !assigned.contains_key(name))
                    || called.contains(&range.start());
                if name != STATES_VARIABLE && !is_function {
                    let is_tested = tested.iter().any(|test: &TextRange| test.contains_range(range));
                    reads.push(read(name, range, is_tested));
                }
            }
        }
    }
}

/// Notes what `$exists` is asked about, and where functions are called by a name.
fn uses(node: &Node, tested: &mut Vec<TextRange>, called: &mut Vec<u32>) {
    if let NodeKind::Call { function, arguments, .. } = &node.kind
        && let NodeKind::Variable(name) = &function.kind
    {
        called.push(function.range.start());
        if name == EXISTS {
            tested.extend(arguments.iter().map(|argument| argument.range));
        }
    }
}

/// The variables that rules of a Choice state ask for with `IsPresent`, by field.
fn tested_fields(state: &State) -> Vec<&FieldPath> {
    let mut found = Vec::new();
    let StateBody::Choice { rules, .. } = &state.body else { return found };
    let mut todo: Vec<&Test> = rules.iter().map(|rule| &rule.test).collect();
    while let Some(test) = todo.pop() {
        match test {
            Test::Compare { variable, operator, with: Comparand::Value(_) }
                if operator.comparison == Comparison::IsPresent =>
            {
                found.push(&variable.field);
            }
            Test::And(tests) | Test::Or(tests) => todo.extend(tests),
            Test::Not(test) => todo.push(test),
            Test::Compare { .. } | Test::Condition(_) | Test::Invalid => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::model::lower;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    /// What each read comes to.
    #[track_caller]
    fn check(states: &str, expected: Expect) {
        let text = format!(r#"{{"StartAt": "A", "States": {states}}}"#);
        let machine = lower(&parse_json(SourceText::new(&text), 64)).machine;
        let name = |id: StateId| machine.state(id).map(|state| &*state.name).unwrap_or_default();
        let slots = |(id, state)| State::slots(state).into_iter().map(move |slot| (id, slot));
        let slots: Vec<_> = machine.all_states().flat_map(slots).collect();
        let variables = Variables::new(&machine, &Graph::new(&machine), &slots);
        let reads = variables.reads.iter().map(|read| {
            let presence = match read.presence {
                Presence::Elsewhere(id) => format!("only in {}", name(id)),
                other => format!("{other:?}"),
            };
            let tested = if read.is_tested { ", tested" } else { "" };
            format!("{} reads {}: {presence}{tested}", name(read.state), read.name)
        });
        let outer = variables
            .assignments
            .iter()
            .filter_map(|it| Some(format!("{} assigns {} of {}", name(it.state), it.name, name(it.outer?))));
        expected.assert_eq(&reads.chain(outer).collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn what_is_too_much_is_not_followed() {
        let text = r#"{"StartAt": "A", "States": {
            "A": {"Type": "Pass", "Assign": {"v": 1}, "Next": "B"}, "B": {"Type": "Succeed"}}}"#;
        let machine = lower(&parse_json(SourceText::new(text), 64)).machine;
        // One transition: its set, itself and the variable that is assigned.
        assert!(Flow::new(&machine).run_within(3));
        assert!(!Flow::new(&machine).run_within(2));
        assert!(!Flow::new(&machine).run_within(1));
    }

    #[test]
    fn on_every_path_on_some_and_on_none() {
        check(
            r#"{"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "B", "Assign": {"r": 1, "s": 1}}],
                "Default": "B", "Assign": {"s": 2}},
                "B": {"Type": "Pass", "Parameters": {"r.$": "$r", "s.$": "$s", "t.$": "$t", "u.$": "$u"}, "Assign": {"t": 1}, "End": true}}"#,
            expect![[r#"
                B reads r: Sometimes
                B reads s: Always
                B reads t: Afterwards
                B reads u: Nowhere"#]],
        );
    }

    #[test]
    fn a_catcher_assigns_its_own() {
        check(
            r#"{"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Assign": {"ok": 1}, "Next": "B",
                "Catch": [{"ErrorEquals": ["E"], "Assign": {"failed": 1}, "Next": "C"}]},
                "B": {"Type": "Pass", "Parameters": {"x.$": "$failed"}, "End": true},
                "C": {"Type": "Pass", "Parameters": {"x.$": "$failed", "y.$": "$ok"}, "End": true}}"#,
            expect![[r#"
                B reads failed: only in A
                C reads failed: Always
                C reads ok: only in A"#]],
        );
    }

    #[test]
    fn branches_see_what_is_around_them_and_keep_their_own() {
        check(
            r#"{"A": {"Type": "Pass", "Assign": {"a": 1}, "Next": "P"},
                "P": {"Type": "Parallel", "Next": "Z", "Branches": [{"StartAt": "B", "States": {
                    "B": {"Type": "Pass", "Parameters": {"x.$": "$a"}, "Assign": {"b": 1, "a": 2}, "End": true}}}]},
                "Z": {"Type": "Pass", "Parameters": {"x.$": "$b"}, "End": true}}"#,
            expect![[r#"
                Z reads b: only in B
                B reads a: Always
                B assigns a of A"#]],
        );
    }

    #[test]
    fn a_distributed_map_sees_nothing_from_outside() {
        check(
            r#"{"A": {"Type": "Pass", "Assign": {"a": 1}, "Next": "M"},
                "M": {"Type": "Map", "End": true, "ItemSelector": {"x.$": "$a"}, "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "B", "States": {"B": {"Type": "Pass", "Parameters": {"x.$": "$a"}, "End": true}}}}}"#,
            expect![[r#"
                M reads a: Always
                B reads a: OutsideDistributed"#]],
        );
    }

    #[test]
    fn tests_of_presence() {
        check(
            r#"{"A": {"Type": "Choice", "Choices": [{"Variable": "$x", "IsPresent": true, "Next": "B"}], "Default": "B"},
                "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $exists($y) ? $y : $z %}", "End": true}}"#,
            expect![[r#"
                A reads x: Nowhere, tested
                B reads y: Nowhere, tested
                B reads y: Nowhere, tested
                B reads z: Nowhere"#]],
        );
    }

    #[test]
    fn a_loop_keeps_what_was_assigned_before_it() {
        check(
            r#"{"A": {"Type": "Pass", "Assign": {"n": 0}, "Next": "B"},
                "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Assign": {"n": "{% $n + 1 %}", "last": 1}, "Next": "C"},
                "C": {"Type": "Choice", "QueryLanguage": "JSONata", "Choices": [{"Condition": "{% $n < 3 and $last = 1 %}", "Next": "B"}], "Default": "D"},
                "D": {"Type": "Succeed"}}"#,
            expect![[r#"
                B reads n: Always
                C reads n: Always
                C reads last: Always"#]],
        );
    }
}
