//! UpdateTimeToLive: says which attribute holds the time an item expires.
//!
//! Nothing expires: AWS deletes expired items up to days later, so nothing may rely on it.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html>

use std::sync::Arc;

use serde_json::json;
use smol_str::SmolStr;

use crate::dynamodb::Database;
use crate::dynamodb::error::Failure;
use crate::dynamodb::message;
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::{self, Constraints};
use crate::dynamodb::wire::Members;

/// A change of a table's time to live.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct UpdateTimeToLive {
    table: SmolStr,
    attribute: Arc<str>,
    enabled: bool,
}

impl UpdateTimeToLive {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<UpdateTimeToLive, Failure> {
        let specification = members.structure("TimeToLiveSpecification")?;
        let attribute = specification.map(|members| members.string("AttributeName")).transpose()?.flatten();
        let enabled = specification.map(|members| members.boolean("Enabled")).transpose()?.flatten();
        let table = validate::table_name(members, Constraints::default())?;
        let mut constraints = Constraints::default();
        constraints.require(specification.is_some(), "timeToLiveSpecification");
        if specification.is_some() {
            let path = "timeToLiveSpecification.attributeName";
            constraints.require(attribute.is_some(), path);
            constraints.require(enabled.is_some(), "timeToLiveSpecification.enabled");
            if let Some(attribute) = attribute {
                constraints.length(attribute, path, 1..=255);
            }
        }
        constraints.finish()?;
        let attribute = Arc::from(attribute.unwrap_or_default());
        Ok(UpdateTimeToLive { table, attribute, enabled: enabled.unwrap_or_default() })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let table = database.table(&self.table).ok_or_else(|| message::named_table_not_found(&self.table))?;
        match &table.definition().ttl_attribute {
            Some(_) if self.enabled => return Err(message::ttl_already(true).into()),
            Some(current) if *current != self.attribute => {
                return Err(message::ttl_other_attribute(current).into());
            }
            None if !self.enabled => return Err(message::ttl_already(false).into()),
            _ => {}
        }
        let attribute = self.enabled.then(|| Arc::clone(&self.attribute));
        database.existing_mut(&self.table)?.definition_mut().ttl_attribute = attribute;
        let specification = json!({"AttributeName": &*self.attribute, "Enabled": self.enabled});
        Ok(Response::default().with_json("TimeToLiveSpecification", Some(specification)))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::dynamodb::operation::testing::{check, check_all};

    #[test]
    fn on_and_off() {
        let set = |enabled: bool, name: &str| json!({"TableName": "one", "TimeToLiveSpecification": {"AttributeName": name, "Enabled": enabled}});
        let table = json!({"TableName": "one"});
        check_all(
            &[
                ("DescribeTimeToLive", table.clone()),
                ("UpdateTimeToLive", set(false, "expires")),
                ("UpdateTimeToLive", set(true, "expires")),
                ("DescribeTimeToLive", table),
                ("UpdateTimeToLive", set(true, "expires")),
                ("UpdateTimeToLive", set(false, "other")),
                ("UpdateTimeToLive", set(false, "expires")),
                ("DescribeTimeToLive", json!({"TableName": "none"})),
            ],
            expect![[r#"
                {"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}}
                ValidationException: TimeToLive is already disabled
                {"TimeToLiveSpecification":{"AttributeName":"expires","Enabled":true}}
                {"TimeToLiveDescription":{"AttributeName":"expires","TimeToLiveStatus":"ENABLED"}}
                ValidationException: TimeToLive is already enabled
                ValidationException: TimeToLive is active on a different AttributeName: current AttributeName is expires
                {"TimeToLiveSpecification":{"AttributeName":"expires","Enabled":false}}
                ResourceNotFoundException: Requested resource not found: Table: none not found"#]],
        );
        check(
            "UpdateTimeToLive",
            json!({"TableName": "one"}),
            expect![[
                r#"ValidationException: 1 validation error detected: Value null at 'timeToLiveSpecification' failed to satisfy constraint: Member must not be null"#
            ]],
        );
    }
}
