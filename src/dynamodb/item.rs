//! Items: as requests give them, as tables keep them, and while they are changed.
//!
//! An item is cheap to clone. Its attributes are sorted by name, and their names are kept apart, so that items with the
//! same attributes can share them.
//!
//! Knows nothing of tables, requests or JSON.

use std::fmt;

use smol_str::SmolStr;
use triomphe::{Arc, HeaderWithLength, ThinArc};

use super::attribute::{AttributeValue, share_names};
use super::names::{self, KnownNames, Names};

/// Attributes by name: an item, or a value of type map, which has the same shape.
///
/// Iteration is in the order of the names' bytes. Equality does not depend on how it was built. A clone shares
/// everything with its original.
#[derive(Clone)]
pub struct Item {
    // One allocation for all values, in the order of their names; long strings, sets, lists and maps have their own.
    attributes: ThinArc<Header, AttributeValue>,
}

struct Header {
    names: Names,
    /// The size of the item, which every write asks for several times.
    bytes: usize,
}

impl Item {
    /// An item without attributes.
    pub fn new() -> Item {
        Item::from_iter(std::iter::empty::<(SmolStr, AttributeValue)>())
    }

    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&AttributeValue> {
        self.values().get(self.position(name).ok()?)
    }

    /// Whether the item has an attribute of that name.
    pub fn contains(&self, name: &str) -> bool {
        self.position(name).is_ok()
    }

    /// The attributes, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&SmolStr, &AttributeValue)> {
        self.names().as_slice().iter().zip(self.values())
    }

    /// The number of attributes.
    pub fn len(&self) -> usize {
        self.values().len()
    }

    /// Whether the item has no attributes.
    pub fn is_empty(&self) -> bool {
        self.values().is_empty()
    }

    /// Bytes the item counts for: each attribute's name and value.
    pub fn size_bytes(&self) -> usize {
        self.attributes.header.header.bytes
    }

    /// Levels of values in the item; 0 without attributes.
    pub fn nesting_levels(&self) -> usize {
        self.values().iter().map(AttributeValue::nesting_levels).max().unwrap_or(0)
    }

    /// The item's attributes, to be changed.
    pub(super) fn draft(&self) -> Draft<'_> {
        Draft {
            before: self,
            values: self.values().to_vec(),
            removed: Vec::new(),
            added: Vec::new(),
            bytes: self.size_bytes(),
        }
    }

    /// The same item with lists of names from those that are known; its own are known from now on.
    pub(super) fn with_shared_names(self, known: &mut KnownNames) -> Item {
        if self.shares_names(known) {
            return self;
        }
        self.remember_names(known);
        self.with_known_names(known)
    }

    pub(super) fn remember_names(&self, known: &mut KnownNames) {
        known.remember(self.names());
        self.values().iter().for_each(|value| value.remember_names(known));
    }

    pub(super) fn with_known_names(&self, known: &KnownNames) -> Item {
        let names = known.list_of(self.names().as_slice().iter()).unwrap_or(self.names());
        let header = Header { names: names.clone(), bytes: self.size_bytes() };
        let values = self.values().iter().map(|value| value.with_known_names(known));
        Item { attributes: ThinArc::from_header_and_iter(header, values) }
    }

    pub(super) fn shares_names(&self, known: &KnownNames) -> bool {
        known.has(self.names()) && share_names(self.values(), known)
    }

    /// Where an attribute is, or else where it would be.
    fn position(&self, name: &str) -> Result<usize, usize> {
        names::position(self.names().as_slice(), name)
    }

    fn names(&self) -> &Names {
        &self.attributes.header.header.names
    }

    fn values(&self) -> &[AttributeValue] {
        &self.attributes.slice
    }
}

impl Default for Item {
    fn default() -> Item {
        Item::new()
    }
}

impl PartialEq for Item {
    fn eq(&self, other: &Item) -> bool {
        self.attributes.as_ptr() == other.attributes.as_ptr()
            || self.size_bytes() == other.size_bytes()
                && self.names() == other.names()
                && self.values() == other.values()
    }
}

impl Eq for Item {}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<N: Into<SmolStr>> FromIterator<(N, AttributeValue)> for Item {
    /// Collects attributes; of two of the same name the last counts.
    fn from_iter<I: IntoIterator<Item = (N, AttributeValue)>>(attributes: I) -> Item {
        GivenItem::from_iter(attributes).into()
    }
}

/// Attributes as requests give them: sorted by name, but not yet in the form in which items are kept.
///
/// A key never takes that form, and an item takes it once, in its table, which has the names of its attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct GivenItem {
    attributes: Vec<(SmolStr, AttributeValue)>,
    bytes: usize,
}

impl GivenItem {
    /// Attributes of which no two have the same name.
    pub(super) fn of_distinct(mut attributes: Vec<(SmolStr, AttributeValue)>) -> GivenItem {
        attributes.sort_unstable_by(|(a, _), (b, _)| names::order(a, b));
        let bytes = attributes.iter().map(|(name, value)| name.len() + value.size_bytes()).sum();
        GivenItem { attributes, bytes }
    }

    /// The attributes, by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&SmolStr, &AttributeValue)> {
        self.attributes.iter().map(|(name, value)| (name, value))
    }

    /// Bytes the item counts for.
    pub(super) fn size_bytes(&self) -> usize {
        self.bytes
    }

    /// The item, with lists of names that are known, where there are such.
    pub(super) fn to_item(&self, known: &KnownNames) -> Item {
        let names = || self.attributes.iter().map(|(name, _)| name);
        let names = known.list_of(names()).cloned().unwrap_or_else(|| Names::new(names().cloned()));
        let values = self.attributes.iter().map(|(_, value)| value.with_known_names(known));
        Item { attributes: ThinArc::from_header_and_iter(Header { names, bytes: self.bytes }, values) }
    }
}

impl<N: Into<SmolStr>> FromIterator<(N, AttributeValue)> for GivenItem {
    /// Collects attributes; of two of the same name the last counts.
    fn from_iter<I: IntoIterator<Item = (N, AttributeValue)>>(attributes: I) -> GivenItem {
        let mut attributes: Vec<(SmolStr, AttributeValue)> =
            attributes.into_iter().map(|(name, value)| (name.into(), value)).collect();
        // The sort is stable, so the later of two equal names comes last and `dedup_by` can keep it.
        attributes.sort_by(|(a, _), (b, _)| names::order(a, b));
        attributes.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        GivenItem::of_distinct(attributes)
    }
}

impl From<Item> for GivenItem {
    fn from(item: Item) -> GivenItem {
        let attributes = item.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        GivenItem { attributes, bytes: item.size_bytes() }
    }
}

impl From<GivenItem> for Item {
    fn from(given: GivenItem) -> Item {
        let names = Names::new(given.attributes.iter().map(|(name, _)| name.clone()));
        let values = given.attributes.into_iter().map(|(_, value)| value);
        Item { attributes: ThinArc::from_header_and_iter(Header { names, bytes: given.bytes }, values) }
    }
}

/// Attributes that can be looked up by name, in whichever form.
pub(super) trait AnyItem {
    /// The value of an attribute.
    fn attribute(&self, name: &str) -> Option<&AttributeValue>;

    /// The number of attributes.
    fn count(&self) -> usize;
}

impl AnyItem for Item {
    fn attribute(&self, name: &str) -> Option<&AttributeValue> {
        self.get(name)
    }

    fn count(&self) -> usize {
        self.len()
    }
}

impl AnyItem for GivenItem {
    fn attribute(&self, name: &str) -> Option<&AttributeValue> {
        // Only the attributes of keys are asked for, so that an order would gain nothing.
        self.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    fn count(&self) -> usize {
        self.attributes.len()
    }
}

/// An item that is being changed, in the order of the names of its attributes and each of them once at most.
pub(super) struct Draft<'i> {
    before: &'i Item,
    /// The values of the attributes there were, some of them new.
    values: Vec<AttributeValue>,
    /// Which of those attributes are not to stay, by their positions.
    removed: Vec<usize>,
    /// Attributes there were none of, each with the position it comes before.
    added: Vec<(usize, SmolStr, AttributeValue)>,
    bytes: usize,
}

impl Draft<'_> {
    /// Sets an attribute.
    pub(super) fn insert(&mut self, name: &SmolStr, value: AttributeValue) {
        self.bytes += value.size_bytes();
        match self.before.position(name) {
            Ok(position) => {
                if let Some(slot) = self.values.get_mut(position) {
                    self.bytes -= slot.size_bytes();
                    *slot = value;
                }
            }
            Err(position) => {
                self.bytes += name.len();
                self.added.push((position, name.clone(), value));
            }
        }
    }

    /// Removes an attribute, if there is one of that name.
    pub(super) fn remove(&mut self, name: &str) {
        if let Ok(position) = self.before.position(name) {
            self.bytes -= name.len() + self.values.get(position).map_or(0, AttributeValue::size_bytes);
            self.removed.push(position);
        }
    }

    /// The item as it is now.
    pub(super) fn finish(self) -> Item {
        let bytes = self.bytes;
        let (names, values) = match self.added.is_empty() && self.removed.is_empty() {
            true => (self.before.names().clone(), self.values),
            false => self.merged(),
        };
        let header = HeaderWithLength::new(Header { names, bytes }, values.len());
        // Values are moved all at once in this way.
        Item { attributes: Arc::into_thin(Arc::from_header_and_vec(header, values)) }
    }

    /// All names and values, in one pass: each attribute that comes or goes would move those behind it.
    fn merged(self) -> (Names, Vec<AttributeValue>) {
        let room = self.values.len() + self.added.len();
        let (mut names, mut values) = (Vec::with_capacity(room), Vec::with_capacity(room));
        let mut added = self.added.into_iter().peekable();
        let mut removed = self.removed.into_iter().peekable();
        for ((name, value), position) in self.before.names().as_slice().iter().zip(self.values).zip(0..) {
            while let Some((_, name, value)) = added.next_if(|(before, ..)| *before == position) {
                names.push(name);
                values.push(value);
            }
            if removed.next_if_eq(&position).is_none() {
                names.push(name.clone());
                values.push(value);
            }
        }
        for (_, name, value) in added {
            names.push(name);
            values.push(value);
        }
        debug_assert!(names.is_sorted_by(|one, other| names::order(one, other).is_lt()));
        (Names::new(names.into_iter()), values)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::dynamodb::number::Number;

    fn number(text: &str) -> AttributeValue {
        AttributeValue::N(Number::parse(text).unwrap())
    }

    #[test]
    fn the_last_of_equal_names_counts() {
        let item = Item::from_iter([("b", number("1")), ("a", number("2")), ("b", number("3"))]);
        assert_eq!(item.len(), 2);
        assert_eq!(item.get("b"), Some(&number("3")));
        assert_eq!(item.get("c"), None);
    }

    #[test]
    fn attributes_come_and_go_in_one_pass() {
        let names = |text: &str| text.chars().map(|name| (name.to_string(), number("1"))).collect::<Item>();
        for (before, removed, added) in [
            ("", "", "ab"),
            ("bd", "", "abcde"),
            ("abc", "abc", ""),
            ("bdf", "bf", "ace"),
            ("bc", "bz", "ad"),
        ] {
            let item = names(before);
            let mut draft = item.draft();
            let changes: BTreeMap<char, bool> = removed
                .chars()
                .map(|name| (name, false))
                .chain(added.chars().map(|name| (name, true)))
                .collect();
            for (name, is_added) in changes {
                let name = SmolStr::from(name.to_string());
                if is_added { draft.insert(&name, number("1")) } else { draft.remove(&name) }
            }
            let left: String = before.chars().filter(|name| !removed.contains(*name)).collect();
            let expected = names(&(left + added));
            let after = draft.finish();
            assert_eq!(after, expected);
            assert!(after.iter().map(|(name, _)| name).is_sorted());
        }
    }

    #[test]
    fn the_size_is_kept_up_to_date() {
        let item = Item::from_iter([("ab", AttributeValue::Null)]);
        let mut draft = item.draft();
        draft.insert(&"c".into(), AttributeValue::S("text".into()));
        let item = draft.finish();
        assert_eq!(item.size_bytes(), 8);
        let mut draft = item.draft();
        draft.remove("ab");
        assert_eq!(draft.finish().size_bytes(), 5);
    }

    #[test]
    fn items_share_the_names_that_are_known() {
        let mut known = KnownNames::default();
        let item = || {
            let inner = AttributeValue::M(Item::from_iter([("x", AttributeValue::Null)]));
            Item::from_iter([("a", number("1")), ("l", AttributeValue::L(vec![inner].into()))])
        };
        let shared = item().with_shared_names(&mut known);
        assert!(!item().shares_names(&known));
        assert!(shared.shares_names(&known));
        assert_eq!(shared, item());
    }

    #[test]
    fn a_given_item_takes_the_names_that_are_known() {
        let mut known = KnownNames::default();
        let inner = AttributeValue::M(Item::from_iter([("x", AttributeValue::Null)]));
        let given = GivenItem::from_iter([("m", inner), ("a", number("1")), ("a", number("2"))]);
        let stored = given.to_item(&known).with_shared_names(&mut known);
        assert_eq!(stored.get("a"), Some(&number("2")));
        assert_eq!(stored.size_bytes(), given.size_bytes());
        assert!(given.to_item(&known).shares_names(&known));
        assert_eq!(given.to_item(&known), stored);
    }
}
