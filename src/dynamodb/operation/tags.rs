//! Tags, and the tables that the operations on tags are about.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Tag.html>

use std::sync::Arc;

use imbl::OrdMap;
use smol_str::SmolStr;

use super::describe_table;
use crate::dynamodb::error::Error;
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::validate::{self, Constraints};
use crate::dynamodb::wire::Members;
use crate::dynamodb::{Database, Operation, Owner, Table};
use crate::spec::quota;

/// The parameter Tags, by key.
pub(super) fn read(
    members: Members<'_>,
    constraints: &mut Constraints,
) -> Result<OrdMap<Arc<str>, Arc<str>>, Error> {
    let mut tags = OrdMap::new();
    for (tag, number) in members.structures("Tags")?.into_iter().flatten().zip(1..) {
        let (key, value) = (tag.string("Key")?, tag.string("Value")?);
        let path = |member: &str| format!("tags.{number}.member.{member}");
        constraints.require(key.is_some(), path("key"));
        constraints.require(value.is_some(), path("value"));
        match key.map(|key| key.chars().count()) {
            Some(0) => constraints.note(key, &path("key"), "have length greater than or equal to 1"),
            Some(129..) => constraints.note(key, &path("key"), "have length less than or equal to 128"),
            _ => {}
        }
        if value.is_some_and(|value| value.chars().count() > 256) {
            constraints.note(value, &path("value"), "have length less than or equal to 256");
        }
        if let (Some(key), Some(value)) = (key, value) {
            tags.insert(key.into(), value.into());
        }
    }
    Ok(tags)
}

/// Checks how many tags there are and what they are made of.
///
/// # Errors
///
/// There are too many tags, or one has other characters than letters, digits, white space and `_.:/=+-@`.
pub(super) fn check(tags: &OrdMap<Arc<str>, Arc<str>>) -> Result<(), Message> {
    let fits = |char: char| char.is_alphanumeric() || char.is_whitespace() || "_.:/=+-@".contains(char);
    for (key, value) in tags {
        if !key.chars().all(fits) {
            return Err(message::tag_key_invalid(key));
        }
        if !value.chars().all(fits) {
            return Err(message::tag_value_invalid(value));
        }
    }
    if tags.len() > quota::TAGS_MAX { Err(message::too_many_tags()) } else { Ok(()) }
}

/// A table named by its ARN, as the operations on tags want it.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    operation: Operation,
    arn: String,
    table: SmolStr,
}

impl Resource {
    pub(super) fn new(operation: Operation, arn: &str) -> Result<Resource, Message> {
        let Some(rest) = arn.strip_prefix("arn:") else { return Err(message::arn_without_prefix()) };
        let Some((_, table)) = rest.split_once(":table/") else { return Err(message::invalid_arn(arn)) };
        if table.contains("/index/") {
            return Err(message::arn_not_of_table(arn));
        }
        Ok(Resource { operation, arn: arn.to_owned(), table: validate::name_of_arn(arn) })
    }

    pub(super) fn table<'d>(&self, database: &'d Database) -> Result<&'d Table, Error> {
        database.table(&self.table).ok_or_else(|| self.not_found(&database.owner))
    }

    pub(super) fn table_mut<'d>(&self, database: &'d mut Database) -> Result<&'d mut Table, Error> {
        let owner = database.owner.clone();
        database.existing_mut(&self.table).map_err(|_| self.not_found(&owner))
    }

    /// AWS: that there is no such table is said only to whom it would belong.
    fn not_found(&self, owner: &Owner) -> Error {
        if self.arn == describe_table::arn(owner, &self.table) {
            message::arn_not_found(&self.arn)
        } else {
            message::arn_not_authorized(&owner.account, self.operation, &self.arn)
        }
    }
}
