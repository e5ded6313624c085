//! Document paths after their placeholders are resolved, and trees of them.

use std::fmt;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::dynamodb::attribute::AttributeValue;
use crate::dynamodb::item::Item;
use crate::spec::quota;

/// One step into an item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::dynamodb) enum Step {
    Name(SmolStr),
    Index(usize),
}

/// A way into an item: an attribute, then steps into its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dynamodb) struct DocumentPath {
    pub(in crate::dynamodb) root: SmolStr,
    pub(in crate::dynamodb) rest: Vec<Step>,
}

impl DocumentPath {
    /// The path of a whole attribute.
    pub(in crate::dynamodb) fn attribute(name: impl Into<SmolStr>) -> DocumentPath {
        DocumentPath { root: name.into(), rest: Vec::new() }
    }

    /// The value at the path, if the item has one.
    pub(in crate::dynamodb) fn resolve<'i>(&self, item: &'i Item) -> Option<&'i AttributeValue> {
        self.rest.iter().try_fold(item.get(&self.root)?, |value, step| match (step, value) {
            (Step::Name(name), AttributeValue::M(map)) => map.get(name),
            (Step::Index(index), AttributeValue::L(list)) => list.get(*index),
            _ => None,
        })
    }

    /// What a statement calls the value at the path: the last name on the way, with the indexes after it.
    pub(in crate::dynamodb) fn column_name(&self) -> Arc<str> {
        let last = self.rest.iter().rposition(|step| matches!(step, Step::Name(_)));
        let name = match last.and_then(|at| self.rest.get(at)) {
            Some(Step::Name(name)) => name,
            _ => &self.root,
        };
        let indexes = self.rest.get(last.map_or(0, |at| at + 1)..).unwrap_or_default();
        let mut column = name.to_string();
        for step in indexes {
            if let Step::Index(index) = step {
                column.push_str(&format!("[{index}]"));
            }
        }
        column.into()
    }

    fn steps(&self) -> impl Iterator<Item = Step> {
        std::iter::once(Step::Name(self.root.clone())).chain(self.rest.iter().cloned())
    }
}

impl fmt::Display for DocumentPath {
    /// As messages show a path: `[a, b, [1]]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}", self.root)?;
        for step in &self.rest {
            match step {
                Step::Name(name) => write!(f, ", {name}")?,
                Step::Index(index) => write!(f, ", [{index}]")?,
            }
        }
        f.write_str("]")
    }
}

/// Why two paths cannot stand in one expression; both are indexes of paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dynamodb) enum Clash {
    /// One path is the other or leads through it.
    Overlap(usize, usize),
    /// The paths disagree whether a value is a map or a list.
    Conflict(usize, usize),
}

/// Paths merged by their common beginnings. A leaf holds the index of the path that ends there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::dynamodb) struct PathTree {
    pub(in crate::dynamodb) leaf: Option<usize>,
    // Sorted by step, each once. Expressions have few paths: a vector takes less than a tree.
    pub(in crate::dynamodb) children: Vec<(Step, PathTree)>,
}

impl PathTree {
    /// Merges paths of at most [`quota::ATTRIBUTE_NESTING_MAX`] steps.
    ///
    /// # Errors
    ///
    /// The first overlap, or else the first conflict, in the order of the paths.
    pub(in crate::dynamodb) fn new<'p>(
        paths: impl IntoIterator<Item = &'p DocumentPath>,
    ) -> Result<PathTree, Clash> {
        let mut root = PathTree::default();
        let mut conflict = None;
        for (index, path) in paths.into_iter().enumerate() {
            debug_assert!(path.rest.len() <= quota::ATTRIBUTE_NESTING_MAX);
            match root.insert(path, index) {
                Some(Clash::Overlap(one, two)) => return Err(Clash::Overlap(one, two)),
                other => conflict = conflict.or(other),
            }
        }
        conflict.map_or(Ok(root), Err)
    }

    /// The paths of any number of whole attributes, whose names differ.
    pub(super) fn of_attributes<'p>(names: impl IntoIterator<Item = &'p SmolStr>) -> PathTree {
        let leaf = |index| PathTree { leaf: Some(index), children: Vec::new() };
        let names = names.into_iter().enumerate();
        let mut children: Vec<(Step, PathTree)> =
            names.map(|(index, name)| (Step::Name(name.clone()), leaf(index))).collect();
        children.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        PathTree { leaf: None, children }
    }

    fn insert(&mut self, path: &DocumentPath, index: usize) -> Option<Clash> {
        let mut conflict = None;
        let mut node = self;
        for step in path.steps() {
            if let Some(other) = node.leaf {
                return Some(Clash::Overlap(other, index));
            }
            // Names sort before indexes, so a sibling of the other kind is the first or the last.
            let other_kind = |(sibling, _): &&(Step, PathTree)| {
                matches!((sibling, &step), (Step::Name(_), Step::Index(_)) | (Step::Index(_), Step::Name(_)))
            };
            let ends = [node.children.first(), node.children.last()];
            if let Some((_, sibling)) = ends.into_iter().flatten().find(other_kind) {
                conflict = conflict.or(sibling.first_leaf().map(|other| Clash::Conflict(other, index)));
            }
            node = node.child(step);
        }
        if let Some(other) = node.first_leaf() {
            return Some(Clash::Overlap(other, index));
        }
        node.leaf = Some(index);
        conflict
    }

    /// The child at a step, which is made if there is none.
    fn child(&mut self, step: Step) -> &mut PathTree {
        let position = match self.children.binary_search_by(|(other, _)| other.cmp(&step)) {
            Ok(position) => position,
            Err(position) => {
                self.children.insert(position, (step, PathTree::default()));
                position
            }
        };
        // There is one at that position in both cases.
        &mut self.children[position].1
    }

    fn first_leaf(&self) -> Option<usize> {
        let mut node = self;
        loop {
            if node.leaf.is_some() {
                return node.leaf;
            }
            node = &node.children.first()?.1;
        }
    }

    /// The parts of an item the paths lead to, each within the maps and lists around it.
    pub(in crate::dynamodb) fn project(&self, item: &Item) -> Item {
        let parts = self.children.iter().filter_map(|(step, child)| match step {
            Step::Name(name) => Some((name.clone(), child.project_value(item.get(name)?)?)),
            Step::Index(_) => None,
        });
        parts.collect()
    }

    fn project_value(&self, value: &AttributeValue) -> Option<AttributeValue> {
        if self.leaf.is_some() {
            return Some(value.clone());
        }
        match value {
            AttributeValue::M(map) => {
                let part = self.project(map);
                (!part.is_empty()).then(|| AttributeValue::M(part))
            }
            AttributeValue::L(list) => {
                let part: Vec<_> = self
                    .children
                    .iter()
                    .filter_map(|(step, child)| match step {
                        Step::Index(index) => child.project_value(list.get(*index)?),
                        Step::Name(_) => None,
                    })
                    .collect();
                (!part.is_empty()).then(|| AttributeValue::L(part.into()))
            }
            _ => None,
        }
    }
}
