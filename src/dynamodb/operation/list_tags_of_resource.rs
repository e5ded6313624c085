//! ListTagsOfResource: the tags of a table, by key.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html>

use serde_json::{Value, json};

use super::tags::Resource;
use crate::dynamodb::error::Failure;
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::Constraints;
use crate::dynamodb::wire::Members;
use crate::dynamodb::{Database, Operation};

/// A question for a table's tags.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct ListTagsOfResource {
    resource: Resource,
}

impl ListTagsOfResource {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<ListTagsOfResource, Failure> {
        let mut constraints = Constraints::default();
        let arn = members.string("ResourceArn")?;
        constraints.require(arn.is_some(), "resourceArn");
        constraints.finish()?;
        let resource = Resource::new(Operation::ListTagsOfResource, arn.unwrap_or_default())?;
        Ok(ListTagsOfResource { resource })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let tags = self.resource.table(database)?.definition().tags.iter();
        let tags: Value = tags.map(|(key, value)| json!({"Key": &**key, "Value": &**value})).collect();
        Ok(Response::default().with_json("Tags", Some(tags)))
    }
}
