//! Projection expressions: which parts of an item to return.

use super::path::{Clash, DocumentPath, PathTree};
use super::scope::Scope;
use super::{Problem, check, parser};
use crate::dynamodb::item::Item;
use crate::dynamodb::message;

/// A projection whose placeholders are resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dynamodb) struct Projection {
    paths: Vec<DocumentPath>,
    tree: PathTree,
    /// Whether what a path leads to stands at the top, under the last name of the path.
    is_flat: bool,
}

impl Projection {
    /// Parses and binds a projection expression.
    pub(in crate::dynamodb) fn parse(text: &str, scope: &mut Scope<'_>) -> Result<Projection, Problem> {
        let paths = parser::projection(text)?;
        if let Some(problem) = check::paths(&paths).into_iter().next() {
            return Err(problem);
        }
        let bound: Vec<DocumentPath> = paths.iter().map(|path| scope.path(path)).collect::<Result<_, _>>()?;
        let tree = PathTree::new(&bound).map_err(|clash| {
            let range = |index: usize| paths.get(index).map(|path| path.range).unwrap_or_default();
            let (Clash::Overlap(_, later) | Clash::Conflict(_, later)) = clash;
            Problem::new(clash_message(clash, &bound), range(later))
        })?;
        Ok(Projection { paths: bound, tree, is_flat: false })
    }

    /// A projection to paths that differ.
    pub(in crate::dynamodb) fn of_paths(paths: Vec<DocumentPath>) -> Projection {
        let tree = PathTree::new(&paths).unwrap_or_default();
        Projection { paths, tree, is_flat: false }
    }

    /// The columns of a statement, which are named after the end of their paths; one that occurs twice counts once.
    pub(in crate::dynamodb) fn columns(mut paths: Vec<DocumentPath>) -> Projection {
        // Statements have room for few.
        let mut seen: Vec<DocumentPath> = Vec::with_capacity(paths.len());
        paths.retain(|path| {
            let new = !seen.contains(path);
            if new {
                seen.push(path.clone());
            }
            new
        });
        Projection { is_flat: true, ..Projection::of_paths(paths) }
    }

    /// The projected paths.
    pub(in crate::dynamodb) fn paths(&self) -> impl Iterator<Item = &DocumentPath> {
        self.paths.iter()
    }

    /// The attributes the projection names or leads into.
    pub(in crate::dynamodb) fn roots(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(|path| &*path.root)
    }

    /// The projected part of an item.
    pub(in crate::dynamodb) fn apply(&self, item: &Item) -> Item {
        if !self.is_flat {
            return self.tree.project(item);
        }
        let columns = self.paths.iter();
        columns.filter_map(|path| Some((path.column_name(), path.resolve(item)?.clone()))).collect()
    }
}

/// The text for two paths that cannot stand together.
pub(super) fn clash_message(clash: Clash, paths: &[DocumentPath]) -> message::Message {
    let show = |index: usize| paths.get(index).map(DocumentPath::to_string).unwrap_or_default();
    match clash {
        Clash::Overlap(one, two) => message::paths_overlap(&show(one), &show(two)),
        Clash::Conflict(one, two) => message::paths_conflict(&show(one), &show(two)),
    }
}
