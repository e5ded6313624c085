//! TagResource: gives a table tags.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html>

use std::sync::Arc;

use imbl::OrdMap;

use super::tags::{self, Resource};
use crate::dynamodb::error::Failure;
use crate::dynamodb::message;
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::Constraints;
use crate::dynamodb::wire::Members;
use crate::dynamodb::{Database, Operation};

/// New tags for a table.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct TagResource {
    resource: Resource,
    tags: OrdMap<Arc<str>, Arc<str>>,
}

impl TagResource {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<TagResource, Failure> {
        let mut constraints = Constraints::default();
        let arn = members.string("ResourceArn")?;
        constraints.require(arn.is_some(), "resourceArn");
        constraints.require(members.has("Tags"), "tags");
        let tags = tags::read(members, &mut constraints)?;
        constraints.finish()?;
        if tags.is_empty() {
            return Err(message::tags_missing("Tag").into());
        }
        tags::check(&tags)?;
        Ok(TagResource { resource: Resource::new(Operation::TagResource, arn.unwrap_or_default())?, tags })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let table = self.resource.table_mut(database)?;
        let definition = table.definition_mut();
        let tags = self.tags.clone().union(definition.tags.clone());
        tags::check(&tags)?;
        definition.tags = tags;
        Ok(Response::default())
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::dynamodb::operation::testing::{check, check_all};

    #[test]
    fn tags() {
        let with = |member: &str, value: Value| {
            let mut body = json!({"ResourceArn": "arn:aws:dynamodb:us-east-1:000000000000:table/one"});
            body[member] = value;
            body
        };
        let tag = |key: &str, value: &str| json!([{"Key": key, "Value": value}]);
        check_all(
            &[
                ("TagResource", with("Tags", tag("b", "1"))),
                ("TagResource", with("Tags", tag("a", "2"))),
                ("TagResource", with("Tags", tag("b", "3"))),
                ("ListTagsOfResource", with("NextToken", json!(null))),
                ("UntagResource", with("TagKeys", json!(["b", "c"]))),
                ("ListTagsOfResource", with("NextToken", json!(null))),
            ],
            expect![[r#"
                {}
                {}
                {}
                {"Tags":[{"Key":"a","Value":"2"},{"Key":"b","Value":"3"}]}
                {}
                {"Tags":[{"Key":"a","Value":"2"}]}"#]],
        );
        check(
            "TagResource",
            with("Tags", json!([])),
            expect!["ValidationException: Atleast one Tag needs to be provided as input."],
        );
        check(
            "ListTagsOfResource",
            json!({"ResourceArn": "table"}),
            expect!["ValidationException: Invalid TableArn: ARNs must start with 'arn:'"],
        );
        check(
            "ListTagsOfResource",
            json!({"ResourceArn": "arn:aws:dynamodb:us-east-1:000000000000:table/none"}),
            expect![[
                r#"ResourceNotFoundException: Requested resource not found: ResourcArn: arn:aws:dynamodb:us-east-1:000000000000:table/none not found"#
            ]],
        );
    }
}
