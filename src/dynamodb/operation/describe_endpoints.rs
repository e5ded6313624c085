//! DescribeEndpoints: where the service is, for SDKs that ask.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeEndpoints.html>

use serde_json::json;

use crate::dynamodb::Database;
use crate::dynamodb::error::Failure;
use crate::dynamodb::response::Response;
use crate::dynamodb::wire::Members;

/// A question for the service's address.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct DescribeEndpoints;

impl DescribeEndpoints {
    pub(in crate::dynamodb) fn parse(_: Members<'_>) -> Result<DescribeEndpoints, Failure> {
        Ok(DescribeEndpoints)
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let address = format!("dynamodb.{}.amazonaws.com", database.owner.region);
        let endpoint = json!({"Address": address, "CachePeriodInMinutes": 1440});
        Ok(Response::default().with_json("Endpoints", Some(json!([endpoint]))))
    }
}
