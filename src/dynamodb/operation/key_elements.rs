//! The elements of the key that a request asks for, and the key they make.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_KeySchemaElement.html>

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::dynamodb::error::Error;
use crate::dynamodb::index::IndexKind;
use crate::dynamodb::key::{KeyAttribute, KeySchema};
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::validate::Constraints;
use crate::dynamodb::wire::Members;
use crate::spec::quota;

/// The part a key attribute plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyRole {
    Hash,
    Range,
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
    let roles = [("HASH", KeyRole::Hash), ("RANGE", KeyRole::Range)];
    let mut elements = Vec::new();
    for (element, number) in list.iter().zip(1..) {
        let path = format!("{path}.{number}.member");
        let name = element.string("AttributeName")?;
        let role = element.string("KeyType")?;
        check_key_name(name, &format!("{path}.attributeName"), constraints);
        constraints.require(role.is_some(), format!("{path}.keyType"));
        let role = constraints.one_of(role, &format!("{path}.keyType"), &roles);
        if let (Some(name), Some(role)) = (name, role) {
            elements.push((name.into(), role));
        }
    }
    if elements.len() > 2 && index != Some(IndexKind::Global) {
        constraints.note(Some(&shown(&elements)), path, "have length less than or equal to 2");
    }
    Ok(elements)
}

fn shown(elements: &[(Arc<str>, KeyRole)]) -> String {
    let shown = elements.iter().map(|(name, role)| {
        let role = if *role == KeyRole::Hash { "HASH" } else { "RANGE" };
        format!("KeySchemaElement(attributeName={name}, keyType={role})")
    });
    format!("[{}]", shown.collect::<Vec<_>>().join(", "))
}

pub(super) fn check_key_name(name: Option<&str>, path: &str, constraints: &mut Constraints) {
    constraints.require(name.is_some(), path);
    match name {
        Some("") => constraints.note(Some(""), path, "have length greater than or equal to 1"),
        Some(name) if name.len() > 255 => {
            constraints.note(Some(name), path, "have length less than or equal to 255");
        }
        _ => {}
    }
}

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
            (None | Some(IndexKind::Local), _) | (_, [KeyRole::Hash, KeyRole::Range]) => {
                message::key_attributes_equal()
            }
            (Some(IndexKind::Global), _) => message::key_attributes_repeated(),
        });
    }
    if roles.first() != Some(&KeyRole::Hash) {
        return Err(message::invalid_key_schema("The first KeySchemaElement is not a HASH key type"));
    }
    let of_role = |wanted| found.iter().filter(move |(_, role)| *role == wanted).map(|(it, _)| it.clone());
    if index == Some(IndexKind::Global) {
        if !roles.is_sorted_by_key(|role| *role == KeyRole::Range) {
            return Err(message::partition_attributes_after_sort());
        }
        for (role, name) in [(KeyRole::Hash, "HASH"), (KeyRole::Range, "RANGE")] {
            if of_role(role).count() > quota::KEY_ATTRIBUTES_MAX {
                return Err(message::too_many_key_attributes(name));
            }
        }
    } else if roles.get(1) == Some(&KeyRole::Hash) {
        return Err(message::invalid_key_schema("The second KeySchemaElement is not a RANGE key type"));
    }
    let (mut hash, mut range) = (of_role(KeyRole::Hash), of_role(KeyRole::Range));
    let partition = hash.next().ok_or_else(undefined)?;
    let sort = range.next();
    Ok(KeySchema { partition, more_partition: hash.collect(), sort, more_sort: range.collect() })
}
