//! Lists of attribute names, which items with the same attributes share.
//!
//! Most items of a table have the same attributes, so a table remembers a few lists of names and lets its items refer to
//! them. What is remembered changes no result, only how much memory items take.

use std::cmp::Ordering;
use std::sync::Arc;

use smol_str::SmolStr;
use triomphe::ThinArc;

/// Names that are looked through one after the other, at most.
const SCANNED_MAX: usize = 16;

/// The order of names, which is that of their bytes: the first of them tell most names apart without a call.
pub(super) fn order(one: &str, other: &str) -> Ordering {
    match (one.as_bytes().first(), other.as_bytes().first()) {
        (one, other) if one != other => one.cmp(&other),
        _ => one.cmp(other),
    }
}

/// Where a name is among names that are sorted, or else where it would be.
pub(super) fn position(sorted: &[SmolStr], name: &str) -> Result<usize, usize> {
    // Most names are told apart by their lengths, which takes less than comparing a few in their order.
    if sorted.len() <= SCANNED_MAX
        && let Some(position) = sorted.iter().position(|other| other == name)
    {
        return Ok(position);
    }
    sorted.binary_search_by(|other| order(other, name))
}

/// The names of an item's attributes, sorted by their bytes, each once.
#[derive(Clone, Debug)]
pub(super) struct Names(ThinArc<(), SmolStr>);

impl Names {
    /// Names that are sorted already.
    pub(super) fn new(sorted: impl ExactSizeIterator<Item = SmolStr>) -> Names {
        Names(ThinArc::from_header_and_iter((), sorted))
    }

    pub(super) fn as_slice(&self) -> &[SmolStr] {
        &self.0.slice
    }

    /// Whether both are one list in memory.
    fn is(&self, other: &Names) -> bool {
        self.0.as_ptr() == other.0.as_ptr()
    }
}

impl PartialEq for Names {
    fn eq(&self, other: &Names) -> bool {
        self.is(other) || self.as_slice() == other.as_slice()
    }
}

impl Eq for Names {}

/// Lists that a table remembers. Items with ever new attributes must not make it remember ever more.
const KNOWN_MAX: usize = 16;

/// The lists of names that the items of a table share.
#[derive(Clone, Debug, Default)]
pub(super) struct KnownNames {
    // Shared, so that copying a table before its first change does not copy the list.
    lists: Arc<Vec<Names>>,
    /// The list that gives way to the next new one.
    oldest: usize,
}

impl KnownNames {
    /// Remembers names from now on, if they are not yet.
    pub(super) fn remember(&mut self, names: &Names) {
        if self.lists.contains(names) {
            return;
        }
        let lists = Arc::make_mut(&mut self.lists);
        if lists.len() < KNOWN_MAX {
            lists.push(names.clone());
        } else if let Some(oldest) = lists.get_mut(self.oldest) {
            *oldest = names.clone();
        }
        self.oldest = (self.oldest + 1) % KNOWN_MAX;
    }

    /// The list that is remembered for names, which are sorted.
    pub(super) fn list_of<'n>(
        &self,
        sorted: impl ExactSizeIterator<Item = &'n SmolStr> + Clone,
    ) -> Option<&Names> {
        let is_same = |known: &&Names| {
            known.as_slice().len() == sorted.len() && known.as_slice().iter().eq(sorted.clone())
        };
        self.lists.iter().find(is_same)
    }

    /// Whether a list is a remembered one, and not only equal to one.
    pub(super) fn has(&self, names: &Names) -> bool {
        self.lists.iter().any(|known| known.is(names))
    }
}

impl PartialEq for KnownNames {
    /// Always: what is remembered is no part of what a table is.
    fn eq(&self, _other: &KnownNames) -> bool {
        true
    }
}

impl Eq for KnownNames {}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Names {
        Names::new(text.split(' ').map(SmolStr::new).collect::<Vec<_>>().into_iter())
    }

    #[test]
    fn equal_lists_become_one() {
        let mut known = KnownNames::default();
        let first = names("a b");
        known.remember(&first);
        let other = names("a b");
        assert!(!known.has(&other));
        known.remember(&other);
        assert!(known.list_of(other.as_slice().iter()).is_some_and(|known| known.is(&first)));
        assert!(known.has(&first));
    }

    #[test]
    fn few_lists_are_remembered() {
        let mut known = KnownNames::default();
        let first = names("first");
        known.remember(&first);
        for number in 1..KNOWN_MAX {
            known.remember(&names(&number.to_string()));
        }
        assert!(known.has(&first));
        known.remember(&names("one more"));
        assert!(!known.has(&first));
        assert_eq!(known.lists.len(), KNOWN_MAX);
    }
}
