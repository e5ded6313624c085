//! The attributes that a request defines, the elements of the keys it asks for, and the keys they make.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_KeySchemaElement.html>

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::dynamodb::attribute::AttributeType;
use crate::dynamodb::error::Error;
use crate::dynamodb::index::IndexKind;
use crate::dynamodb::key::{KeyAttribute, KeyRole, KeySchema};
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::validate::Constraints;
use crate::dynamodb::wire::Members;
use crate::spec::quota;

/// The attributes that a request defines for keys.
pub(super) struct Definitions<'r> {
    attributes: &'r [KeyAttribute],
    // A request may define any number, and use each in any number of keys.
    by_name: BTreeMap<&'r str, &'r KeyAttribute>,
}

impl<'r> Definitions<'r> {
    /// Of attributes of the same name the first counts.
    pub(super) fn new(attributes: &'r [KeyAttribute]) -> Definitions<'r> {
        let by_name = attributes.iter().rev().map(|attribute| (&*attribute.name, attribute)).collect();
        Definitions { attributes, by_name }
    }
}

/// The elements of the key of a table or, where there is a kind, of an index.
pub(super) fn key_elements(
    members: Members<'_>,
    path: &str,
    index: Option<IndexKind>,
    constraints: &mut Constraints,
) -> Result<Vec<(Arc<str>, KeyRole)>, Error> {
    let list = members.structures("KeySchema")?;
    constraints.require(list.is_some(), path);
    let list = list.unwrap_or_default();
    if members.has("KeySchema") && list.is_empty() {
        constraints.note(Some("[]"), path, "have length greater than or equal to 1");
    }
    let roles = KeyRole::ALL.map(|role| (role.as_str(), role));
    let mut elements = Vec::new();
    for (element, number) in list.into_iter().zip(1..) {
        let path = format!("{path}.{number}.member");
        elements.extend(named(element, &path, ["KeyType", "keyType"], &roles, constraints)?);
    }
    if elements.len() > 2 && index != Some(IndexKind::Global) {
        constraints.note(Some(&shown(&elements)), path, "have length less than or equal to 2");
    }
    Ok(elements)
}

fn shown(elements: &[(Arc<str>, KeyRole)]) -> String {
    let shown = elements
        .iter()
        .map(|(name, role)| format!("KeySchemaElement(attributeName={name}, keyType={})", role.as_str()));
    format!("[{}]", shown.collect::<Vec<_>>().join(", "))
}

/// The parameter AttributeDefinitions: the attributes that keys may be made of.
pub(super) fn attribute_definitions(
    members: Members<'_>,
    constraints: &mut Constraints,
) -> Result<Vec<KeyAttribute>, Error> {
    let definitions = members.structures("AttributeDefinitions")?;
    constraints.require(definitions.is_some(), "attributeDefinitions");
    let kinds = [("B", AttributeType::B), ("N", AttributeType::N), ("S", AttributeType::S)];
    let mut attributes = Vec::new();
    for (definition, number) in definitions.into_iter().flatten().zip(1..) {
        let path = format!("attributeDefinitions.{number}.member");
        let read = named(definition, &path, ["AttributeType", "attributeType"], &kinds, constraints)?;
        attributes.extend(read.map(|(name, kind)| KeyAttribute { name, kind }));
    }
    Ok(attributes)
}

/// Reads an attribute's name and a second member, by its name and in lower camel case, that has one of few values, as
/// elements of keys and definitions of attributes are; `None` where one of the two is missing or wrong.
fn named<T: Copy>(
    members: Members<'_>,
    path: &str,
    [member, member_path]: [&str; 2],
    options: &[(&str, T)],
    constraints: &mut Constraints,
) -> Result<Option<(Arc<str>, T)>, Error> {
    let name = members.string("AttributeName")?;
    let value = members.string(member)?;
    note_key_name(name, &format!("{path}.attributeName"), constraints);
    let path = format!("{path}.{member_path}");
    constraints.require(value.is_some(), &path);
    let value = constraints.one_of(value, &path, options);
    Ok(name.zip(value).map(|(name, value)| (name.into(), value)))
}

/// Notes the name of a key's attribute that is missing, empty or too long.
fn note_key_name(name: Option<&str>, path: &str, constraints: &mut Constraints) {
    constraints.require(name.is_some(), path);
    if let Some(name) = name {
        constraints.length(name, path, 1..=255);
    }
}

/// The key that elements make: that of a table or, where there is a kind, of an index.
///
/// # Errors
///
/// An attribute that is not defined or named twice, or roles that such a key does not have.
pub(super) fn key_schema(
    elements: &[(Arc<str>, KeyRole)],
    defined: &Definitions<'_>,
    index: Option<IndexKind>,
) -> Result<KeySchema, Message> {
    let undefined = || {
        let keys: Vec<&str> = elements.iter().map(|(name, _)| &**name).collect();
        let defined: Vec<&str> = defined.attributes.iter().map(|attribute| &*attribute.name).collect();
        message::key_attributes_undefined(&keys, &defined)
    };
    let find = |name: &str| defined.by_name.get(name).map(|attribute| KeyAttribute::clone(attribute));
    let found: Option<Vec<(KeyAttribute, KeyRole)>> =
        elements.iter().map(|(name, role)| Some((find(name)?, *role))).collect();
    let found = found.ok_or_else(undefined)?;
    let roles: Vec<KeyRole> = found.iter().map(|(_, role)| *role).collect();
    let mut names = BTreeSet::new();
    if !elements.iter().all(|(name, _)| names.insert(name)) {
        return Err(match (index, &*roles) {
            (None | Some(IndexKind::Local), _) | (_, [KeyRole::Partition, KeyRole::Sort]) => {
                message::key_attributes_equal()
            }
            (Some(IndexKind::Global), _) => message::key_attributes_repeated(),
        });
    }
    if roles.first() != Some(&KeyRole::Partition) {
        return Err(message::invalid_key_schema("The first KeySchemaElement is not a HASH key type"));
    }
    let of_role = |wanted| found.iter().filter(move |(_, role)| *role == wanted).map(|(it, _)| it.clone());
    if index == Some(IndexKind::Global) {
        if !roles.is_sorted_by_key(|role| *role == KeyRole::Sort) {
            return Err(message::partition_attributes_after_sort());
        }
        for role in KeyRole::ALL {
            if of_role(role).count() > quota::KEY_ATTRIBUTES_MAX {
                return Err(message::too_many_key_attributes(role.as_str()));
            }
        }
    } else if roles.get(1) == Some(&KeyRole::Partition) {
        return Err(message::invalid_key_schema("The second KeySchemaElement is not a RANGE key type"));
    }
    let (mut hash, mut range) = (of_role(KeyRole::Partition), of_role(KeyRole::Sort));
    let partition = hash.next().ok_or_else(undefined)?;
    let sort = range.next();
    Ok(KeySchema { partition, more_partition: hash.collect(), sort, more_sort: range.collect() })
}
