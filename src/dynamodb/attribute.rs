//! Attribute values.
//!
//! They are cheap to clone: everything that can be long is shared. Sets are kept sorted and maps are kept
//! sorted by name, so that equality ignores the order in which members were written, as DynamoDB's does.
//!
//! Knows nothing of tables, requests or JSON.

use std::cmp::Ordering;
use std::fmt;

use triomphe::Arc;

use super::item::Item;
use super::names::KnownNames;
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
    pub(super) fn with_known_names(&self, known: &KnownNames) -> AttributeValue {
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

    pub(super) fn remember_names(&self, known: &mut KnownNames) {
        match self {
            AttributeValue::M(map) => map.remember_names(known),
            AttributeValue::L(list) => list.iter().for_each(|value| value.remember_names(known)),
            _ => {}
        }
    }

    pub(super) fn shares_names(&self, known: &KnownNames) -> bool {
        match self {
            AttributeValue::M(map) => map.shares_names(known),
            AttributeValue::L(list) => share_names(list, known),
            _ => true,
        }
    }
}

/// Whether all names within values are those that are known. Most values have none.
pub(super) fn share_names(values: &[AttributeValue], known: &KnownNames) -> bool {
    let mut with_names =
        values.iter().filter(|value| matches!(value, AttributeValue::M(_) | AttributeValue::L(_)));
    with_names.all(|value| value.shares_names(known))
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
    fn values_stay_small() {
        assert_eq!(std::mem::size_of::<AttributeValue>(), 24);
    }
}
