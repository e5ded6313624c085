//! Attribute values and items.
//!
//! Values are cheap to clone: everything that can be long is shared. Sets are kept sorted and maps are kept
//! sorted by name, so that equality ignores the order in which members were written, as DynamoDB's does.
//!
//! Knows nothing of tables, requests or JSON.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use super::number::Number;

/// One value of an attribute, in one of the ten types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeValue {
    /// A string.
    S(Arc<str>),
    /// A number.
    N(Number),
    /// Bytes.
    B(Arc<[u8]>),
    /// True or false.
    Bool(bool),
    /// The value that says a value is unknown.
    Null,
    /// A set of strings, sorted by their bytes.
    Ss(Arc<[Arc<str>]>),
    /// A set of numbers, ascending.
    Ns(Arc<[Number]>),
    /// A set of byte strings, sorted.
    Bs(Arc<[Arc<[u8]>]>),
    /// A list.
    L(Arc<Vec<AttributeValue>>),
    /// A map.
    M(Arc<Item>),
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
            AttributeValue::M(map) => {
                3 + map.iter().map(|(name, value)| 1 + name.len() + value.size_bytes()).sum::<usize>()
            }
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
}

/// Attributes by name: an item, or a value of type map, which has the same shape.
///
/// Iteration is in the order of the names' bytes. Equality does not depend on how it was built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    // Sorted by name. Items have few attributes and are copied often: a vector beats a tree at both.
    attributes: Vec<(Arc<str>, AttributeValue)>,
}

impl Item {
    /// An item without attributes.
    pub const fn new() -> Item {
        Item { attributes: Vec::new() }
    }

    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&AttributeValue> {
        let index = self.position(name).ok()?;
        self.attributes.get(index).map(|(_, value)| value)
    }

    /// Sets an attribute and returns the value it had.
    pub fn insert(&mut self, name: Arc<str>, value: AttributeValue) -> Option<AttributeValue> {
        match self.position(&name) {
            Ok(index) => self.attributes.get_mut(index).map(|(_, slot)| std::mem::replace(slot, value)),
            Err(index) => {
                self.attributes.insert(index, (name, value));
                None
            }
        }
    }

    /// Removes an attribute and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<AttributeValue> {
        let index = self.position(name).ok()?;
        Some(self.attributes.remove(index).1)
    }

    /// Whether the item has an attribute of that name.
    pub fn contains(&self, name: &str) -> bool {
        self.position(name).is_ok()
    }

    /// The attributes, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &AttributeValue)> {
        self.attributes.iter().map(|(name, value)| (name, value))
    }

    /// The number of attributes.
    pub fn len(&self) -> usize {
        self.attributes.len()
    }

    /// Whether the item has no attributes.
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty()
    }

    /// Bytes the item counts for: each attribute's name and value.
    pub fn size_bytes(&self) -> usize {
        self.iter().map(|(name, value)| name.len() + value.size_bytes()).sum()
    }

    /// Levels of values in the item; 0 without attributes.
    pub fn nesting_levels(&self) -> usize {
        self.iter().map(|(_, value)| value.nesting_levels()).max().unwrap_or(0)
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        self.attributes.binary_search_by(|(other, _)| other.as_bytes().cmp(name.as_bytes()))
    }
}

impl FromIterator<(Arc<str>, AttributeValue)> for Item {
    /// Collects attributes; of two of the same name the last counts.
    fn from_iter<I: IntoIterator<Item = (Arc<str>, AttributeValue)>>(attributes: I) -> Item {
        let mut attributes: Vec<_> = attributes.into_iter().collect();
        // The sort is stable, so the later of two equal names comes last and `dedup_by` can keep it.
        attributes.sort_by(|(a, _), (b, _)| a.as_bytes().cmp(b.as_bytes()));
        attributes.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        Item { attributes }
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
        check_size(
            AttributeValue::L(Arc::new(vec![AttributeValue::Null, AttributeValue::S("ab".into())])),
            8,
        );
        check_size(AttributeValue::M(Arc::new(Item::from_iter([("ab".into(), AttributeValue::Null)]))), 7);
    }

    #[test]
    fn the_last_of_equal_names_counts() {
        let item = Item::from_iter([
            ("b".into(), number("1")),
            ("a".into(), number("2")),
            ("b".into(), number("3")),
        ]);
        assert_eq!(item.len(), 2);
        assert_eq!(item.get("b"), Some(&number("3")));
        assert_eq!(item.get("c"), None);
    }

    #[test]
    fn equality_ignores_the_order_of_insertion() {
        let mut one = Item::new();
        one.insert("a".into(), number("1"));
        one.insert("b".into(), number("2"));
        let mut other = Item::new();
        other.insert("b".into(), number("2"));
        other.insert("a".into(), number("1.0"));
        assert_eq!(one, other);
    }

    #[test]
    fn values_stay_small() {
        assert_eq!(std::mem::size_of::<AttributeValue>(), 24);
    }
}
