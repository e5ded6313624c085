//! A map in the order of its keys, whose copies share all they have in common.
//!
//! A tree of nodes that are copied before they are changed if another version has them too, so that a copy takes
//! constant time and a change that of its way to a leaf. `imbl::OrdMap` does the same, but splits every full node in
//! halves: of keys that come in ascending order, as those of seeds and of most tables do, it leaves half of each node
//! empty for ever. Here they leave full nodes behind, which takes half the room.
//!
//! Invariants: all leaves lie equally deep; the key beside a child is above no key in the child and above every key of
//! the child before, except that the key beside the first child means nothing.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::ops::Bound;

use triomphe::Arc;

/// Entries of a leaf and children of a branch, at most.
const MEMBERS_MAX: usize = 32;
/// A node with fewer members is joined with a neighbour, where one node has room for both.
const MEMBERS_MIN: usize = MEMBERS_MAX / 4;

/// Values by key, in the order of the keys.
#[derive(Clone)]
pub(super) struct SortedMap<K, V> {
    root: Node<K, V>,
    len: usize,
}

#[derive(Clone)]
enum Node<K, V> {
    Leaf(Arc<Vec<(K, V)>>),
    Branch(Arc<Vec<(K, Node<K, V>)>>),
}

/// An entry that differs between two versions of a map.
pub(super) struct Difference<'m, K, V> {
    pub(super) key: &'m K,
    /// The value in the earlier version, if that has the key.
    pub(super) before: Option<&'m V>,
    /// The value in the later version, if that has the key.
    pub(super) after: Option<&'m V>,
}

impl<K: Ord + Clone, V: Clone> SortedMap<K, V> {
    /// A map without entries.
    pub(super) fn new() -> SortedMap<K, V> {
        SortedMap { root: Node::Leaf(Arc::new(Vec::new())), len: 0 }
    }

    /// The number of entries.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        let mut node = &self.root;
        loop {
            match node {
                Node::Leaf(entries) => {
                    return entries.get(position(entries, key).ok()?).map(|(_, value)| value);
                }
                Node::Branch(children) => node = &children[child_of(children, key)].1,
            }
        }
    }

    /// Sets the value of a key and returns the one before.
    pub(super) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.root.insert(key, value) {
            Inserted::Replaced(old) => return Some(old),
            Inserted::Added => {}
            Inserted::Split(separator, right) => {
                let children = vec![(separator.clone(), self.root.clone()), (separator, right)];
                self.root = Node::Branch(Arc::new(children));
            }
        }
        self.len += 1;
        None
    }

    /// Removes a key and returns its value.
    pub(super) fn remove(&mut self, key: &K) -> Option<V> {
        let old = self.root.remove(key)?;
        self.len -= 1;
        while let Node::Branch(children) = &self.root
            && let [(_, only)] = children.as_slice()
        {
            self.root = only.clone();
        }
        Some(old)
    }

    /// The entries in the order of their keys.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.range::<K>(Bound::Unbounded, Bound::Unbounded)
    }

    /// The entries between two bounds in the order of their keys: none if the bounds leave nothing between them.
    pub(super) fn range<'m, Q>(
        &'m self,
        lower: Bound<&Q>,
        upper: Bound<&Q>,
    ) -> impl DoubleEndedIterator<Item = (&'m K, &'m V)> + use<'m, K, V, Q>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.root.leaves(lower, upper).flatten().map(|(key, value)| (key, value))
    }
}

impl<K: Ord + Clone, V: Clone + PartialEq> SortedMap<K, V> {
    /// What differs in a later version, in the order of the keys.
    ///
    /// Costs no more than the differences where one version was copied from the other.
    pub(super) fn diff<'m>(&'m self, later: &'m SortedMap<K, V>) -> Vec<Difference<'m, K, V>> {
        let mut differences = Vec::new();
        let (mut one, mut other) = (Walk::new(&self.root), Walk::new(&later.root));
        while one.align(&mut other) {
            let (before, after) = match (one.entries.first(), other.entries.first()) {
                (Some(before), Some(after)) => match before.0.cmp(&after.0) {
                    Ordering::Less => (Some(before), None),
                    Ordering::Equal => (Some(before), Some(after)),
                    Ordering::Greater => (None, Some(after)),
                },
                ends => ends,
            };
            one.skip(before);
            other.skip(after);
            let Some((key, _)) = before.or(after) else { break };
            let [before, after] = [before, after].map(|entry| entry.map(|(_, value)| value));
            if before != after {
                differences.push(Difference { key, before, after });
            }
        }
        differences
    }
}

impl<K: Ord + Clone, V: Clone + PartialEq> PartialEq for SortedMap<K, V> {
    fn eq(&self, other: &SortedMap<K, V>) -> bool {
        self.len == other.len && self.diff(other).is_empty()
    }
}

impl<K: Ord + Clone, V: Clone + Eq> Eq for SortedMap<K, V> {}

impl<K: Ord + Clone + fmt::Debug, V: Clone + fmt::Debug> fmt::Debug for SortedMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

// -------------------------------------------------------------------------------------------------------- nodes

/// What has become of an entry that was inserted into a node.
enum Inserted<K, V> {
    Replaced(V),
    Added,
    /// The node was full: what is right of it now, and the least key there.
    Split(K, Node<K, V>),
}

impl<K: Ord + Clone, V: Clone> Node<K, V> {
    fn len(&self) -> usize {
        match self {
            Node::Leaf(entries) => entries.len(),
            Node::Branch(children) => children.len(),
        }
    }

    fn insert(&mut self, key: K, value: V) -> Inserted<K, V> {
        let split = match self {
            Node::Leaf(entries) => match position(entries, &key) {
                Ok(at) => {
                    let slot = &mut Arc::make_mut(entries)[at].1;
                    return Inserted::Replaced(std::mem::replace(slot, value));
                }
                Err(at) => add(Arc::make_mut(entries), at, (key, value))
                    .map(|right| (right[0].0.clone(), Node::Leaf(Arc::new(right)))),
            },
            Node::Branch(children) => {
                let at = child_of(children, &key);
                let children = Arc::make_mut(children);
                match children[at].1.insert(key, value) {
                    Inserted::Split(least, right) => add(children, at + 1, (least, right))
                        .map(|right| (right[0].0.clone(), Node::Branch(Arc::new(right)))),
                    other => return other,
                }
            }
        };
        split.map_or(Inserted::Added, |(least, right)| Inserted::Split(least, right))
    }

    fn remove(&mut self, key: &K) -> Option<V> {
        match self {
            Node::Leaf(entries) => {
                let at = position(entries, key).ok()?;
                Some(Arc::make_mut(entries).remove(at).1)
            }
            Node::Branch(children) => {
                let at = child_of(children, key);
                let children = Arc::make_mut(children);
                let old = children[at].1.remove(key)?;
                if children[at].1.len() < MEMBERS_MIN {
                    join(children, at.saturating_sub(1));
                }
                Some(old)
            }
        }
    }

    /// The entries between two bounds, leaf by leaf.
    fn leaves<'m, Q>(&'m self, lower: Bound<&Q>, upper: Bound<&Q>) -> Leaves<'m, K, V>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        match self {
            Node::Leaf(entries) => {
                let start = match lower {
                    Bound::Unbounded => 0,
                    Bound::Included(key) => entries.partition_point(|(other, _)| other.borrow() < key),
                    Bound::Excluded(key) => entries.partition_point(|(other, _)| other.borrow() <= key),
                };
                let end = match upper {
                    Bound::Unbounded => entries.len(),
                    Bound::Included(key) => entries.partition_point(|(other, _)| other.borrow() <= key),
                    Bound::Excluded(key) => entries.partition_point(|(other, _)| other.borrow() < key),
                };
                Box::new(std::iter::once(entries.get(start..end).unwrap_or_default()))
            }
            Node::Branch(children) => {
                let first = match lower {
                    Bound::Unbounded => 0,
                    Bound::Included(key) | Bound::Excluded(key) => child_of(children, key),
                };
                let last = match upper {
                    Bound::Unbounded => children.len() - 1,
                    Bound::Included(key) | Bound::Excluded(key) => child_of(children, key),
                };
                match first.cmp(&last) {
                    Ordering::Greater => Box::new(std::iter::empty()),
                    Ordering::Equal => children[first].1.leaves(lower, upper),
                    // Only the children at the ends have a bound within them.
                    Ordering::Less => {
                        let between = children[first + 1..last].iter();
                        let between = between
                            .flat_map(|(_, child)| child.leaves::<Q>(Bound::Unbounded, Bound::Unbounded));
                        let first = children[first].1.leaves(lower, Bound::Unbounded);
                        let last = children[last].1.leaves(Bound::Unbounded, upper);
                        Box::new(first.chain(between).chain(last))
                    }
                }
            }
        }
    }

    /// Whether both are one node in memory.
    fn is(&self, other: &Node<K, V>) -> bool {
        match (self, other) {
            (Node::Leaf(one), Node::Leaf(other)) => Arc::ptr_eq(one, other),
            (Node::Branch(one), Node::Branch(other)) => Arc::ptr_eq(one, other),
            (Node::Leaf(_), Node::Branch(_)) | (Node::Branch(_), Node::Leaf(_)) => false,
        }
    }
}

type Leaves<'m, K, V> = Box<dyn DoubleEndedIterator<Item = &'m [(K, V)]> + 'm>;

/// Where a key is in a leaf, or else where it would be.
fn position<K: Ord, V>(entries: &[(K, V)], key: &K) -> Result<usize, usize> {
    search(entries, |(other, _)| other.cmp(key))
}

/// The child that a key belongs to.
fn child_of<K: Borrow<Q>, V, Q: Ord + ?Sized>(children: &[(K, Node<K, V>)], key: &Q) -> usize {
    match search(children.get(1..).unwrap_or_default(), |(least, _)| least.borrow().cmp(key)) {
        Ok(before) => before + 1,
        Err(child) => child,
    }
}

/// Where the member is that compares as equal, or else where it would be. The search of the standard library goes on
/// when it has met that member, which costs more comparisons of keys.
#[inline]
fn search<T>(members: &[T], compare: impl Fn(&T) -> Ordering) -> Result<usize, usize> {
    let (mut low, mut high) = (0, members.len());
    while low < high {
        let middle = low.midpoint(high);
        match compare(&members[middle]) {
            Ordering::Less => low = middle + 1,
            Ordering::Equal => return Ok(middle),
            Ordering::Greater => high = middle,
        }
    }
    Err(low)
}

/// Adds a member to those of a node. If there is no room, some of them go to the right and are returned.
fn add<T>(members: &mut Vec<T>, at: usize, member: T) -> Option<Vec<T>> {
    let len = members.len();
    if len < MEMBERS_MAX {
        if len == members.capacity() {
            members.reserve_exact(len.max(4).min(MEMBERS_MAX - len));
        }
        members.insert(at, member);
        return None;
    }
    if at == len {
        // Where one came, more will come.
        let mut right = Vec::with_capacity(MEMBERS_MAX);
        right.push(member);
        return Some(right);
    }
    let middle = len / 2;
    let mut right = members.split_off(middle);
    if at <= middle {
        members.insert(at, member);
    } else {
        right.insert(at - middle, member);
    }
    Some(right)
}

/// Joins the child at an index with the next one, if both fit into one node.
fn join<K: Ord + Clone, V: Clone>(children: &mut Vec<(K, Node<K, V>)>, left: usize) {
    let Some([(_, one), (least, other)]) = children.get_mut(left..left + 2) else { return };
    if one.len() + other.len() > MEMBERS_MAX {
        return;
    }
    match (one, other) {
        (Node::Leaf(one), Node::Leaf(other)) => Arc::make_mut(one).extend(other.iter().cloned()),
        (Node::Branch(one), Node::Branch(other)) => {
            // The key beside the first child means something when that is no longer the first.
            let first = other.first().map(|(_, child)| (least.clone(), child.clone()));
            Arc::make_mut(one).extend(first.into_iter().chain(other.iter().skip(1).cloned()));
        }
        // All leaves lie equally deep.
        (Node::Leaf(_), Node::Branch(_)) | (Node::Branch(_), Node::Leaf(_)) => return,
    }
    children.remove(left + 1);
}

// -------------------------------------------------------------------------------------------------- differences

/// What is left of a walk over a map: entries of a leaf, then nodes, the next one last.
struct Walk<'m, K, V> {
    entries: &'m [(K, V)],
    nodes: Vec<&'m Node<K, V>>,
}

impl<'m, K: Ord + Clone, V: Clone> Walk<'m, K, V> {
    fn new(root: &'m Node<K, V>) -> Walk<'m, K, V> {
        Walk { entries: &[], nodes: vec![root] }
    }

    /// Goes on to the next entry of each walk past nodes that both share; false at the end of both.
    fn align(&mut self, other: &mut Walk<'m, K, V>) -> bool {
        loop {
            match (self.next_node(), other.next_node()) {
                (Some(one), Some(another)) if one.is(another) => {
                    self.nodes.pop();
                    other.nodes.pop();
                }
                // The larger one is entered first, so that what both share is met in both at the same time.
                (Some(Node::Leaf(_)), Some(Node::Branch(_))) | (None, Some(_)) => other.enter(),
                (Some(Node::Branch(_)), Some(Node::Leaf(_))) | (Some(_), None) => self.enter(),
                (Some(_), Some(_)) => {
                    self.enter();
                    other.enter();
                }
                (None, None) => return !self.entries.is_empty() || !other.entries.is_empty(),
            }
        }
    }

    /// The node that comes next, if no entry comes before it.
    fn next_node(&self) -> Option<&'m Node<K, V>> {
        self.nodes.last().copied().filter(|_| self.entries.is_empty())
    }

    fn enter(&mut self) {
        match self.nodes.pop() {
            Some(Node::Leaf(entries)) => self.entries = entries,
            Some(Node::Branch(children)) => self.nodes.extend(children.iter().rev().map(|(_, child)| child)),
            None => {}
        }
    }

    /// Goes past an entry, if there is one to go past.
    fn skip(&mut self, entry: Option<&(K, V)>) {
        if entry.is_some() {
            self.entries = self.entries.get(1..).unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::{BTreeMap, BTreeSet};
    use std::rc::Rc;

    use proptest::prelude::*;

    use super::*;

    type Map = SortedMap<u16, u8>;
    type Oracle = BTreeMap<u16, u8>;

    /// Keys in runs, so that nodes fill up, get empty and are joined.
    fn changes() -> impl Strategy<Value = Vec<(u16, u16, Option<u8>)>> {
        prop::collection::vec((0..3_000_u16, 1..400_u16, prop::option::of(any::<u8>())), 0..24)
    }

    fn apply(map: &mut Map, oracle: &mut Oracle, changes: &[(u16, u16, Option<u8>)]) {
        for (start, len, value) in changes {
            for key in *start..start + len {
                match value {
                    Some(value) => assert_eq!(map.insert(key, *value), oracle.insert(key, *value)),
                    None => assert_eq!(map.remove(&key), oracle.remove(&key)),
                }
            }
        }
    }

    /// Checks what holds of every node, whose keys are not below `low` and are below `high`. How deep its leaves lie.
    fn check_node(node: &Node<u16, u8>, low: Option<u16>, high: Option<u16>) -> usize {
        assert!(node.len() <= MEMBERS_MAX);
        match node {
            Node::Leaf(entries) => {
                let lies_within =
                    |key: u16| low.is_none_or(|low| low <= key) && high.is_none_or(|high| key < high);
                assert!(entries.iter().all(|(key, _)| lies_within(*key)));
                assert!(entries.is_sorted_by(|(one, _), (other, _)| one < other));
                0
            }
            Node::Branch(children) => {
                let depths = children.iter().enumerate().map(|(at, (least, child))| {
                    let low = if at == 0 { low } else { Some(*least) };
                    let high = children.get(at + 1).map_or(high, |(next, _)| Some(*next));
                    check_node(child, low, high)
                });
                let depths: BTreeSet<usize> = depths.collect();
                assert_eq!(depths.len(), 1);
                depths.first().unwrap() + 1
            }
        }
    }

    #[track_caller]
    fn check_same(map: &Map, oracle: &Oracle) {
        check_node(&map.root, None, None);
        assert_eq!(map.len(), oracle.len());
        assert!(map.iter().eq(oracle.iter()));
        assert!(map.iter().rev().eq(oracle.iter().rev()));
        assert!((0..3_400).all(|key| map.get(&key) == oracle.get(&key)));
    }

    proptest! {
        #[test]
        fn a_map_is_what_a_tree_of_the_standard_library_is(
            early in changes(), late in changes(), low in 0..3_400_u16, high in 0..3_400_u16,
        ) {
            let (mut map, mut oracle) = (Map::new(), Oracle::new());
            apply(&mut map, &mut oracle, &early);
            let (before, oracle_before) = (map.clone(), oracle.clone());
            apply(&mut map, &mut oracle, &late);
            check_same(&map, &oracle);
            check_same(&before, &oracle_before);

            let (low, high) = (low.min(high), low.max(high));
            let range = map.range(Bound::Included(&low), Bound::Excluded(&high));
            prop_assert!(range.eq(oracle.range(low..high)));
            prop_assert_eq!(map.range(Bound::Excluded(&high), Bound::Included(&low)).next(), None);

            let keys: BTreeSet<_> = oracle.keys().chain(oracle_before.keys()).collect();
            let expected: Vec<_> = keys
                .into_iter()
                .map(|key| (key, oracle_before.get(key), oracle.get(key)))
                .filter(|(_, before, after)| before != after)
                .collect();
            let differences = before.diff(&map);
            let differences: Vec<_> = differences.iter().map(|d| (d.key, d.before, d.after)).collect();
            prop_assert_eq!(differences, expected);
            prop_assert_eq!(before == map, oracle_before == oracle);
        }
    }

    /// A value that counts how often such are compared.
    #[derive(Clone)]
    struct Counting(Rc<Cell<usize>>);

    impl PartialEq for Counting {
        fn eq(&self, _other: &Counting) -> bool {
            self.0.set(self.0.get() + 1);
            true
        }
    }

    #[test]
    fn what_two_versions_share_is_not_compared() {
        let compared = Rc::new(Cell::new(0));
        let mut before = SortedMap::new();
        // As many as three levels have room for, so that one more makes a fourth.
        let full = u32::try_from(MEMBERS_MAX.pow(3)).unwrap();
        for key in 0..full {
            before.insert(key, Counting(Rc::clone(&compared)));
        }
        for key in [full, full / 2] {
            let mut after = before.clone();
            after.insert(key, Counting(Rc::clone(&compared)));
            compared.set(0);
            assert_eq!(before.diff(&after).len(), usize::from(key == full));
            assert!(compared.get() <= 2 * MEMBERS_MAX, "{}", compared.get());
        }
    }

    #[test]
    fn ascending_keys_leave_full_nodes() {
        let mut map = Map::new();
        for key in 0..1_000 {
            map.insert(key, 0);
        }
        let leaves: Vec<usize> =
            map.root.leaves::<u16>(Bound::Unbounded, Bound::Unbounded).map(<[_]>::len).collect();
        let (last, full) = leaves.split_last().unwrap();
        assert_eq!(*last, 1_000 % MEMBERS_MAX);
        assert!(full.iter().all(|len| *len == MEMBERS_MAX));
    }
}
