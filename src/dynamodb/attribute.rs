//! Attribute values and items.
//!
//! Values are cheap to clone: everything that can be long is shared. Sets are kept sorted and maps are kept
//! sorted by name, so that equality ignores the order in which members were written, as DynamoDB's does.
//!
//! Knows nothing of tables, requests or JSON.

use std::cmp::Ordering;
use std::fmt;

use smol_str::SmolStr;
use triomphe::{Arc, HeaderWithLength, ThinArc};

use super::names::{self, KnownNames, Names};
use super::number::Number;
use super::text::Text;

/// One value of an attribute, in one of the ten types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeValue {
    /// A string.
    S(Text),
    /// A number.
    N(Number),
    /// Bytes.
    B(Arc<[u8]>),
    /// True or false.
    Bool(bool),
    /// The value that says a value is unknown.
    Null,
    /// A set of strings, sorted by their bytes.
    Ss(Arc<[Text]>),
    /// A set of numbers, ascending.
    Ns(Arc<[Number]>),
    /// A set of byte strings, sorted.
    Bs(Arc<[Arc<[u8]>]>),
    /// A list.
    L(Arc<[AttributeValue]>),
    /// A map.
    M(Item),
}

/// The type of an attribute value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttributeType {
    /// String.
    S,
    /// Number.
    N,
    /// Binary.
    B,
    /// Boolean.
    Bool,
    /// Null.
    Null,
    /// String set.
    Ss,
    /// Number set.
    Ns,
    /// Binary set.
    Bs,
    /// List.
    L,
    /// Map.
    M,
}

impl AttributeType {
    /// Every type.
    pub const ALL: [AttributeType; 10] = [
        AttributeType::S,
        AttributeType::N,
        AttributeType::B,
        AttributeType::Bool,
        AttributeType::Null,
        AttributeType::Ss,
        AttributeType::Ns,
        AttributeType::Bs,
        AttributeType::L,
        AttributeType::M,
    ];

    /// The name in attribute-value JSON, such as `SS`.
    pub const fn as_str(self) -> &'static str {
        match self {
            AttributeType::S => "S",
            AttributeType::N => "N",
            AttributeType::B => "B",
            AttributeType::Bool => "BOOL",
            AttributeType::Null => "NULL",
            AttributeType::Ss => "SS",
            AttributeType::Ns => "NS",
            AttributeType::Bs => "BS",
            AttributeType::L => "L",
            AttributeType::M => "M",
        }
    }

    /// The type of that name, which is case-sensitive.
    pub fn from_name(name: &str) -> Option<AttributeType> {
        Some(match name {
            "S" => AttributeType::S,
            "N" => AttributeType::N,
            "B" => AttributeType::B,
            "BOOL" => AttributeType::Bool,
            "NULL" => AttributeType::Null,
            "SS" => AttributeType::Ss,
            "NS" => AttributeType::Ns,
            "BS" => AttributeType::Bs,
            "L" => AttributeType::L,
            "M" => AttributeType::M,
            _ => return None,
        })
    }

    /// The name that messages about `ADD` and `DELETE` use, such as `STRING`.
    pub(super) const fn long_name(self) -> &'static str {
        match self {
            AttributeType::S => "STRING",
            AttributeType::N => "NUMBER",
            AttributeType::B => "BINARY",
            AttributeType::Bool => "BOOLEAN",
            AttributeType::Null => "NULL",
            AttributeType::Ss => "STRING_SET",
            AttributeType::Ns => "NUMBER_SET",
            AttributeType::Bs => "BINARY_SET",
            AttributeType::L => "LIST",
            AttributeType::M => "MAP",
        }
    }
}

impl fmt::Display for AttributeType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl AttributeValue {
    /// The value's type.
    pub const fn kind(&self) -> AttributeType {
        match self {
            AttributeValue::S(_) => AttributeType::S,
            AttributeValue::N(_) => AttributeType::N,
            AttributeValue::B(_) => AttributeType::B,
            AttributeValue::Bool(_) => AttributeType::Bool,
            AttributeValue::Null => AttributeType::Null,
            AttributeValue::Ss(_) => AttributeType::Ss,
            AttributeValue::Ns(_) => AttributeType::Ns,
            AttributeValue::Bs(_) => AttributeType::Bs,
            AttributeValue::L(_) => AttributeType::L,
            AttributeValue::M(_) => AttributeType::M,
        }
    }

    /// Bytes the value counts for in the size of an item, its name not included.
    pub fn size_bytes(&self) -> usize {
        match self {
            AttributeValue::S(text) => text.len(),
            AttributeValue::N(number) => number.size_bytes(),
            AttributeValue::B(bytes) => bytes.len(),
            AttributeValue::Bool(_) | AttributeValue::Null => 1,
            AttributeValue::Ss(set) => set.iter().map(|text| text.len()).sum(),
            AttributeValue::Ns(set) => set.iter().map(|number| number.size_bytes()).sum(),
            AttributeValue::Bs(set) => set.iter().map(|bytes| bytes.len()).sum(),
            AttributeValue::L(list) => 3 + list.iter().map(|value| 1 + value.size_bytes()).sum::<usize>(),
            AttributeValue::M(map) => 3 + map.len() + map.size_bytes(),
        }
    }

    /// How the value orders against another of the same type: strings, numbers and binary only.
    pub fn compare(&self, other: &AttributeValue) -> Option<Ordering> {
        match (self, other) {
            (AttributeValue::S(a), AttributeValue::S(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
            (AttributeValue::N(a), AttributeValue::N(b)) => Some(a.cmp(b)),
            (AttributeValue::B(a), AttributeValue::B(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// Levels of values: 1 for a scalar, 2 for a list of scalars.
    pub fn nesting_levels(&self) -> usize {
        match self {
            AttributeValue::L(list) => 1 + list.iter().map(AttributeValue::nesting_levels).max().unwrap_or(0),
            AttributeValue::M(map) => 1 + map.nesting_levels(),
            _ => 1,
        }
    }

    /// The same value, its maps with lists of names that are known, where there are such.
    fn with_known_names(&self, known: &KnownNames) -> AttributeValue {
        match self {
            AttributeValue::M(map) if !map.shares_names(known) => {
                AttributeValue::M(map.with_known_names(known))
            }
            AttributeValue::L(list) if !self.shares_names(known) => {
                let values = list.iter().map(|value| value.with_known_names(known));
                AttributeValue::L(values.collect())
            }
            other => other.clone(),
        }
    }

    fn remember_names(&self, known: &mut KnownNames) {
        match self {
            AttributeValue::M(map) => map.remember_names(known),
            AttributeValue::L(list) => list.iter().for_each(|value| value.remember_names(known)),
            _ => {}
        }
    }

    fn shares_names(&self, known: &KnownNames) -> bool {
        match self {
            AttributeValue::M(map) => map.shares_names(known),
            AttributeValue::L(list) => share_names(list, known),
            _ => true,
        }
    }
}

/// Whether all names within values are those that are known. Most values have none.
fn share_names(values: &[AttributeValue], known: &KnownNames) -> bool {
    let mut with_names =
        values.iter().filter(|value| matches!(value, AttributeValue::M(_) | AttributeValue::L(_)));
    with_names.all(|value| value.shares_names(known))
}

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
        self.values().get(names::position(self.names().as_slice(), name).ok()?)
    }

    /// Whether the item has an attribute of that name.
    pub fn contains(&self, name: &str) -> bool {
        names::position(self.names().as_slice(), name).is_ok()
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
    pub(super) fn draft(&self) -> Draft {
        Draft {
            before: self.names().clone(),
            names: None,
            values: self.values().to_vec(),
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

    fn remember_names(&self, known: &mut KnownNames) {
        known.remember(self.names());
        self.values().iter().for_each(|value| value.remember_names(known));
    }

    fn with_known_names(&self, known: &KnownNames) -> Item {
        let names = known.list_of(self.names().as_slice().iter()).unwrap_or(self.names());
        let header = Header { names: names.clone(), bytes: self.size_bytes() };
        let values = self.values().iter().map(|value| value.with_known_names(known));
        Item { attributes: ThinArc::from_header_and_iter(header, values) }
    }

    fn shares_names(&self, known: &KnownNames) -> bool {
        known.has(self.names()) && share_names(self.values(), known)
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
pub(super) trait Attributes {
    /// The value of an attribute.
    fn attribute(&self, name: &str) -> Option<&AttributeValue>;

    /// The number of attributes.
    fn count(&self) -> usize;
}

impl Attributes for Item {
    fn attribute(&self, name: &str) -> Option<&AttributeValue> {
        self.get(name)
    }

    fn count(&self) -> usize {
        self.len()
    }
}

impl Attributes for GivenItem {
    fn attribute(&self, name: &str) -> Option<&AttributeValue> {
        // Only the attributes of keys are asked for, so that an order would gain nothing.
        self.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    fn count(&self) -> usize {
        self.attributes.len()
    }
}

/// An item that is being changed.
pub(super) struct Draft {
    before: Names,
    /// The names, once they are others than before.
    names: Option<Vec<SmolStr>>,
    values: Vec<AttributeValue>,
    bytes: usize,
}

impl Draft {
    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<&AttributeValue> {
        self.values.get(names::position(self.names(), name).ok()?)
    }

    /// Sets an attribute.
    pub(super) fn insert(&mut self, name: &SmolStr, value: AttributeValue) {
        self.bytes += value.size_bytes();
        match names::position(self.names(), name) {
            Ok(position) => {
                if let Some(slot) = self.values.get_mut(position) {
                    self.bytes -= slot.size_bytes();
                    *slot = value;
                }
            }
            Err(position) => {
                self.bytes += name.len();
                self.names_mut().insert(position, name.clone());
                self.values.insert(position, value);
            }
        }
    }

    /// Removes an attribute, if there is one of that name.
    pub(super) fn remove(&mut self, name: &str) {
        if let Ok(position) = names::position(self.names(), name) {
            self.names_mut().remove(position);
            self.bytes -= name.len() + self.values.remove(position).size_bytes();
        }
    }

    /// The item as it is now.
    pub(super) fn finish(self) -> Item {
        let names = self.names.map_or(self.before, |names| Names::new(names.into_iter()));
        let header = Header { names, bytes: self.bytes };
        let header = HeaderWithLength::new(header, self.values.len());
        // Values are moved all at once in this way.
        Item { attributes: Arc::into_thin(Arc::from_header_and_vec(header, self.values)) }
    }

    fn names(&self) -> &[SmolStr] {
        self.names.as_deref().unwrap_or(self.before.as_slice())
    }

    fn names_mut(&mut self) -> &mut Vec<SmolStr> {
        self.names.get_or_insert_with(|| self.before.as_slice().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> AttributeValue {
        AttributeValue::N(Number::parse(text).unwrap())
    }

    #[track_caller]
    fn check_size(value: AttributeValue, expected: usize) {
        assert_eq!(value.size_bytes(), expected, "{value:?}");
    }

    #[test]
    fn sizes() {
        check_size(AttributeValue::S("héllo".into()), 6);
        check_size(AttributeValue::B([1u8, 2, 3].as_slice().into()), 3);
        check_size(AttributeValue::Null, 1);
        check_size(number("0"), 1);
        check_size(number("1"), 2);
        check_size(number("-1"), 3);
        check_size(number("123"), 3);
        check_size(AttributeValue::L(vec![AttributeValue::Null, AttributeValue::S("ab".into())].into()), 8);
        check_size(AttributeValue::M(Item::from_iter([("ab", AttributeValue::Null)])), 7);
    }

    #[test]
    fn the_last_of_equal_names_counts() {
        let item = Item::from_iter([("b", number("1")), ("a", number("2")), ("b", number("3"))]);
        assert_eq!(item.len(), 2);
        assert_eq!(item.get("b"), Some(&number("3")));
        assert_eq!(item.get("c"), None);
    }

    #[test]
    fn equality_ignores_the_order_of_insertion() {
        let one = Item::from_iter([("a", number("1")), ("b", number("2"))]);
        let mut other = Item::new().draft();
        other.insert(&"b".into(), number("2"));
        other.insert(&"a".into(), number("3"));
        other.insert(&"a".into(), number("1.0"));
        other.insert(&"c".into(), number("4"));
        other.remove("c");
        assert_eq!(one, other.finish());
    }

    #[test]
    fn the_size_is_kept_up_to_date() {
        let mut draft = Item::from_iter([("ab", AttributeValue::Null)]).draft();
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

    #[test]
    fn values_stay_small() {
        assert_eq!(std::mem::size_of::<AttributeValue>(), 24);
    }
}
