//! DescribeTimeToLive: which attribute holds the time an item expires.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html>

use serde_json::json;
use smol_str::SmolStr;

use crate::dynamodb::Database;
use crate::dynamodb::error::Failure;
use crate::dynamodb::message;
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::{self, Constraints};
use crate::dynamodb::wire::Members;

/// A question for a table's time to live.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct DescribeTimeToLive {
    table: SmolStr,
}

impl DescribeTimeToLive {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<DescribeTimeToLive, Failure> {
        Ok(DescribeTimeToLive { table: validate::table_name(members, Constraints::default())? })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let table = database.table(&self.table).ok_or_else(|| message::named_table_not_found(&self.table))?;
        let description = match &table.definition().ttl_attribute {
            Some(name) => json!({"AttributeName": &**name, "TimeToLiveStatus": "ENABLED"}),
            None => json!({"TimeToLiveStatus": "DISABLED"}),
        };
        Ok(Response::default().with_json("TimeToLiveDescription", Some(description)))
    }
}
