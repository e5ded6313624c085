//! UntagResource: takes tags from a table; those it does not have are no mistake.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html>

use super::tags::Resource;
use crate::dynamodb::error::Failure;
use crate::dynamodb::message;
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::Constraints;
use crate::dynamodb::wire::Members;
use crate::dynamodb::{Database, Operation};

/// Tags to take from a table.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct UntagResource {
    resource: Resource,
    keys: Vec<String>,
}

impl UntagResource {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<UntagResource, Failure> {
        let mut constraints = Constraints::default();
        let arn = members.string("ResourceArn")?;
        let keys = members.strings("TagKeys")?;
        constraints.require(arn.is_some(), "resourceArn");
        constraints.require(keys.is_some(), "tagKeys");
        constraints.finish()?;
        let keys: Vec<String> = keys.unwrap_or_default().into_iter().map(str::to_owned).collect();
        if keys.is_empty() {
            return Err(message::tags_missing("Tag Key").into());
        }
        Ok(UntagResource {
            resource: Resource::new(Operation::UntagResource, arn.unwrap_or_default())?,
            keys,
        })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let definition = self.resource.table_mut(database)?.definition_mut();
        for key in &self.keys {
            definition.tags.remove(key.as_str());
        }
        Ok(Response::default())
    }
}
