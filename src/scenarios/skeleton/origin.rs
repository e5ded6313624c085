//! Where data comes from: which part of the execution's input, or of a task's result, a value is.

use std::sync::Arc;

use imbl::OrdMap;

use super::want::Step;
use crate::expr::path::{Path, ReferenceStep, SegmentKind, Step as PathStep};
use crate::model::{ResultPath, StateId};

/// Nesting of objects that are followed.
const DEPTH_MAX: usize = 12;

/// What a value is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Root {
    /// The execution's input.
    Input,
    /// The result of a task.
    Result(StateId),
}

/// Values by name.
pub(super) type Members = OrdMap<Arc<str>, Origin>;

/// Where a value comes from. Cheap to clone: each state of a long chain has what the one before it had, and some more.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Origin {
    /// From nowhere that is followed: it is computed, or written in the definition.
    Unknown,
    /// It is a part of this.
    Part(Root, Arc<[Step]>),
    /// An object that was put together: some members by name, the others from elsewhere.
    Object { members: Members, others: Arc<Origin> },
}

impl Origin {
    /// All of the execution's input.
    pub(super) fn input() -> Origin {
        Origin::Part(Root::Input, Arc::default())
    }

    /// The result of a task.
    pub(super) fn result(state: StateId) -> Origin {
        Origin::Part(Root::Result(state), Arc::default())
    }

    /// Where a part of the value comes from.
    pub(super) fn part(&self, steps: &[Step]) -> Origin {
        let mut origin = self;
        for (idx, step) in steps.iter().enumerate() {
            match (origin, step) {
                (Origin::Unknown, _) => return Origin::Unknown,
                (Origin::Part(root, path), _) => {
                    let rest = steps.get(idx..).unwrap_or_default();
                    return Origin::Part(*root, path.iter().chain(rest).cloned().collect());
                }
                (Origin::Object { members, others }, Step::Name(name)) => {
                    match members.get(name.as_str()) {
                        Some(member) => origin = member,
                        // The others are asked for the same member.
                        None => return others.part(steps.get(idx..).unwrap_or_default()),
                    }
                }
                (Origin::Object { .. }, Step::Each) => return Origin::Unknown,
            }
        }
        origin.clone()
    }

    /// The value with another put in it, as `ResultPath` does.
    pub(super) fn with(&self, path: &ResultPath, result: Origin) -> Origin {
        match path {
            ResultPath::Whole => result,
            ResultPath::Discard | ResultPath::Invalid => self.clone(),
            ResultPath::Path(path) => {
                let names: Option<Vec<&str>> = path
                    .steps()
                    .iter()
                    .map(|step| match step {
                        PathStep::Name(name) => Some(name.as_str()),
                        PathStep::Index(_) => None,
                    })
                    .collect();
                match names {
                    Some(names) if names.len() <= DEPTH_MAX => self.put(&names, result),
                    _ => self.clone(),
                }
            }
        }
    }

    /// Recursive, but no deeper than `DEPTH_MAX`.
    fn put(&self, names: &[&str], result: Origin) -> Origin {
        let Some((name, rest)) = names.split_first() else { return result };
        let inner = self.part(&[Step::Name((*name).to_owned())]).put(rest, result);
        let (mut members, others) = match self {
            Origin::Object { members, others } => (members.clone(), others.clone()),
            other => (Members::new(), Arc::new(other.clone())),
        };
        members.insert(Arc::from(*name), inner);
        Origin::Object { members, others }
    }
}

/// The steps of a reference; any index is any of the elements.
pub(super) fn steps(reference: &[ReferenceStep]) -> Vec<Step> {
    let step = |it: &ReferenceStep| match &it.step {
        PathStep::Name(name) => Step::Name(name.clone()),
        PathStep::Index(_) => Step::Each,
    };
    reference.iter().map(step).collect()
}

/// All steps of a path that goes through names, elements and `[*]` only.
pub(super) fn whole(path: &Path) -> Option<Vec<Step>> {
    let step = |kind: &SegmentKind| match kind {
        SegmentKind::Properties(names) => match names.as_slice() {
            [name] => Some(Step::Name(name.text.clone())),
            _ => None,
        },
        SegmentKind::Indices(_) | SegmentKind::Slice { .. } | SegmentKind::Wildcard => Some(Step::Each),
        SegmentKind::Scan | SegmentKind::Filter(_) | SegmentKind::Function(_) => None,
    };
    path.segments().iter().map(|segment| step(&segment.kind)).collect()
}
