//! What data an expression can read where the cursor is: as it was in the last run, and as it is inferred.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Scene;
use crate::ide::Run;
use crate::ide::preview;
use crate::model::{FieldPath, StateId};
use crate::semantic::{Environment, Shape, Variable, VariableShapes};
use crate::simulator::{Visit, VisitStatus};
use crate::spec::{Field, QueryLanguage};
use crate::syntax::{Node, NodeKind};

/// Members of one object that are offered.
const OFFERED_MAX: usize = 200;
/// Letters of a value that a label's detail shows.
const PREVIEW_CHARS_MAX: usize = 40;

/// A step from data to what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A member.
    Name(String),
    /// An element.
    Index(i32),
    /// Each element.
    Each,
    /// Something that is not followed.
    Unknown,
}

/// Something that data has.
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) shape: Shape,
    /// Whether the last run had it.
    pub(super) is_seen: bool,
    /// Whether it is certainly there.
    pub(super) is_certain: bool,
}

/// The data that an expression can read.
pub(super) struct Data {
    /// As the last run had it.
    run: Option<Environment>,
    /// As it is inferred.
    pub(super) inferred: Environment,
}

impl Data {
    /// What a string in a state can read.
    pub(super) fn of(scene: &Scene<'_>, node: Node<'_>) -> Option<Self> {
        let lowered = scene.analysis.lowered();
        let (parse, machine) = (scene.analysis.parse(), &lowered.machine);
        let id = lowered.source_map.state_at(parse, node.range().start())?;
        let field = field_path(node, lowered.source_map.state_node(parse, id)?);
        let shapes = scene.analysis.shapes().state_or_unknown(machine, id)?;
        let inferred = shapes.environment(&field).into_owned();
        let run = scene.run.and_then(|run| run_environment(run, machine.path_of(id), &field));
        Some(Self { run, inferred })
    }

    /// What there is of something, from the last run first.
    fn shapes(&self, of: impl Fn(&Environment) -> Option<Shape>) -> Vec<(Shape, bool)> {
        let run = self.run.as_ref().and_then(&of).map(|shape| (shape, true));
        run.into_iter().chain(of(&self.inferred).map(|shape| (shape, false))).collect()
    }

    /// The members of what steps lead to. In JSONata a step goes through the elements of an array.
    pub(super) fn members(
        &self,
        of: impl Fn(&Environment) -> Option<Shape>,
        steps: &[Step],
        through_arrays: bool,
    ) -> Vec<Candidate> {
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        let mut candidates: Vec<Candidate> = Vec::new();
        for (shape, is_seen) in self.shapes(of) {
            let Some(shape) = follow(shape, steps, through_arrays) else { continue };
            let shape = if through_arrays { element(shape) } else { shape };
            for member in shape.members().iter().take(OFFERED_MAX) {
                if found.contains_key(&*member.name) {
                    continue;
                }
                found.insert(member.name.to_string(), candidates.len());
                candidates.push(Candidate {
                    name: member.name.to_string(),
                    shape: member.shape.clone(),
                    is_seen,
                    is_certain: member.is_certain,
                });
            }
        }
        candidates.sort_by_key(|it| (!it.is_seen, !it.is_certain));
        candidates
    }

    /// The indices of the array that steps lead to: of those known, else the first; none where it can be none.
    pub(super) fn indices(
        &self,
        of: impl Fn(&Environment) -> Option<Shape>,
        steps: &[Step],
    ) -> Vec<Candidate> {
        const INDICES_MAX: usize = 10;
        for (shape, is_seen) in self.shapes(of) {
            let Some(Shape::Array(array)) = follow(shape, steps, false) else { continue };
            let mut elements: Vec<Shape> = array.known().iter().take(INDICES_MAX).cloned().collect();
            if elements.is_empty() {
                elements.extend(array.rest().cloned());
            }
            let candidate = |(idx, shape): (usize, Shape)| Candidate {
                name: idx.to_string(),
                shape,
                is_seen,
                is_certain: true,
            };
            return elements.into_iter().enumerate().map(candidate).collect();
        }
        Vec::new()
    }

    /// The variables that can be read.
    pub(super) fn variables(&self) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> = Vec::new();
        let run = self.run.iter().flat_map(|run| run.variables.iter().map(|it| (it, true)));
        for ((name, variable), is_seen) in run.chain(self.inferred.variables.iter().map(|it| (it, false))) {
            if candidates.iter().all(|known| *known.name != **name) {
                candidates.push(Candidate {
                    name: name.to_string(),
                    shape: variable.shape.clone(),
                    is_seen,
                    is_certain: variable.is_certain,
                });
            }
        }
        candidates
    }
}

impl Candidate {
    /// Its value or type, in a few words.
    pub(super) fn detail(&self) -> String {
        describe(&self.shape)
    }

    /// What is known of it, in Markdown; `path` leads to it.
    pub(super) fn documentation(&self, path: &str) -> String {
        let source = match (self.is_seen, self.is_certain) {
            (true, _) => "As the last simulation had it.",
            (false, true) => "Inferred from the states before.",
            (false, false) => "Inferred from the states before; it may be missing.",
        };
        format!("{} · {}\n\n{source}", preview::code(path), preview::escape(&describe(&self.shape)))
    }
}

fn follow(shape: Shape, steps: &[Step], through_arrays: bool) -> Option<Shape> {
    steps.iter().try_fold(shape, |shape, step| match step {
        Step::Name(name) => {
            let shape = if through_arrays { element(shape) } else { shape };
            shape.member(name).map(|(shape, _)| shape)
        }
        Step::Index(index) => shape.element_at(*index),
        Step::Each => Some(element(shape)),
        Step::Unknown => None,
    })
}

/// What an array holds; anything else as it is.
fn element(shape: Shape) -> Shape {
    if matches!(shape, Shape::Array(_)) { shape.any_element() } else { shape }
}

fn describe(shape: &Shape) -> String {
    let clip = |text: String| -> String {
        let is_long = text.chars().count() > PREVIEW_CHARS_MAX;
        let cut: String = text.chars().take(PREVIEW_CHARS_MAX).collect();
        if is_long { format!("{cut}…") } else { cut }
    };
    match shape {
        Shape::Bool(Some(value)) => value.to_string(),
        Shape::Number(Some(number)) => number.to_string(),
        Shape::String(Some(text)) => clip(format!("{text:?}")),
        Shape::Array(array) if array.rest().is_none() => format!("array of {}", array.known().len()),
        Shape::Object(object) if !object.members().is_empty() => {
            let names: Vec<&str> = object.members().iter().map(|member| &*member.name).collect();
            clip(format!("object: {}", names.join(", ")))
        }
        other => other.type_name().to_owned(),
    }
}

/// Where a string stands within its state.
fn field_path(node: Node<'_>, state: Node<'_>) -> FieldPath {
    let mut keys = Vec::new();
    let mut at = node;
    while at != state {
        let Some(parent) = at.parent() else { break };
        match parent.kind() {
            NodeKind::Member => keys.extend(parent.children().next().and_then(Node::text)),
            NodeKind::Array => {
                let idx = at.element_idx().unwrap_or(0);
                keys.push(idx.to_string().into());
            }
            _ => {}
        }
        at = parent;
    }
    keys.reverse();
    FieldPath::new(&keys.join("/"))
}

/// What the last visit to a state had. Its own text may have changed since, which changes nothing before it.
fn run_environment(run: &Run, path: Vec<&str>, field: &FieldPath) -> Option<Environment> {
    let (id, state) = run.machine.all_states().find(|(id, _)| run.machine.path_of(*id) == path)?;
    let (idx, visit) = run.trace.visits.iter().enumerate().filter(|(_, visit)| visit.state == id).last()?;
    let is_path = state.query_language == QueryLanguage::JsonPath;
    let stages = &visit.stages;
    let of = |value: &serde_json::Value| Shape::of(value);
    let inner = stages.after_input_path.as_ref().unwrap_or(&stages.input);
    let result = stages.result.as_deref().map(of);
    let caught = match &visit.status {
        VisitStatus::Caught(error) => Some(of(&error.output())),
        _ => None,
    };
    let first = field.as_str().split('/').next().and_then(Field::from_name);
    let is_catch = first == Some(Field::Catch);
    let input = match first {
        Some(Field::InputPath | Field::ResultPath) => of(&stages.input),
        Some(Field::ResultSelector) => result.clone()?,
        Some(Field::Assign) if is_path => result.clone().unwrap_or_else(|| of(inner)),
        Some(Field::OutputPath) => of(stages.after_result_path.as_ref().unwrap_or(inner)),
        Some(Field::Catch) if is_path && !field.as_str().ends_with(Field::ResultPath.name()) => {
            caught.clone()?
        }
        _ => of(inner),
    };
    Some(Environment {
        input,
        result: result.filter(|_| matches!(first, Some(Field::Output | Field::Assign))),
        error_output: caught.filter(|_| is_catch),
        context: Shape::Any,
        variables: run_variables(run, id, idx),
    })
}

/// The variables that were assigned before a visit.
fn run_variables(run: &Run, id: StateId, visit_idx: usize) -> VariableShapes {
    let is_before = |visit: &&Visit| visit.state != id || visit.exited.is_some();
    let visits = run.trace.visits.iter().take(visit_idx).filter(is_before);
    let assigned = visits.filter_map(|visit| visit.assigned.as_ref()).flat_map(|assigned| assigned.iter());
    let last: BTreeMap<&Arc<str>, _> = assigned.map(|(name, value)| (name, value)).collect();
    let variable = |value: &serde_json::Value| Variable { shape: Shape::of(value), is_certain: true };
    last.into_iter().map(|(name, value)| (name.clone(), variable(value))).collect()
}
