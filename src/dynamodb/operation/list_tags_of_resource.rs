//! ListTagsOfResource: the tags of a table, by key.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html>

use serde_json::{Value, json};
use smol_str::SmolStr;

use super::describe_table;
use crate::dynamodb::error::{Error, Failure};
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::{self, Constraints};
use crate::dynamodb::wire::Members;
use crate::dynamodb::{Database, Operation, Owner, Table};

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
        let table = database.table(&self.resource.table);
        let table = table.ok_or_else(|| self.resource.not_found(&database.owner))?;
        let tags = table.definition().tags.iter();
        let tags: Value = tags.map(|(key, value)| json!({"Key": &**key, "Value": &**value})).collect();
        Ok(Response::default().with_json("Tags", Some(tags)))
    }
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
