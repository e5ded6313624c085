//! DescribeLimits: the quotas of an account, which are AWS's defaults here.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeLimits.html>

use crate::dynamodb::Database;
use crate::dynamodb::error::Failure;
use crate::dynamodb::response::Response;
use crate::dynamodb::wire::Members;

/// A question for an account's quotas.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct DescribeLimits;

/// Capacity units that an account may provision, for reads and writes each.
const ACCOUNT_UNITS_MAX: u32 = 80_000;
/// Capacity units that a table may provision, for reads and writes each.
const TABLE_UNITS_MAX: u32 = 40_000;

impl DescribeLimits {
    pub(in crate::dynamodb) fn parse(_: Members<'_>) -> Result<DescribeLimits, Failure> {
        Ok(DescribeLimits)
    }

    pub(in crate::dynamodb) fn run(&self, _: &mut Database) -> Result<Response, Failure> {
        Ok(Response::default()
            .with_json("AccountMaxReadCapacityUnits", Some(ACCOUNT_UNITS_MAX.into()))
            .with_json("AccountMaxWriteCapacityUnits", Some(ACCOUNT_UNITS_MAX.into()))
            .with_json("TableMaxReadCapacityUnits", Some(TABLE_UNITS_MAX.into()))
            .with_json("TableMaxWriteCapacityUnits", Some(TABLE_UNITS_MAX.into())))
    }
}
