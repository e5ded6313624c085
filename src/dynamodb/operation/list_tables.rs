//! ListTables: the names of tables, in pages.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html>

use std::ops::Bound;

use serde_json::{Value, json};

use crate::dynamodb::Database;
use crate::dynamodb::error::Failure;
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::Constraints;
use crate::dynamodb::wire::Members;
use crate::spec::quota;

/// A list of table names.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct ListTables {
    after: Option<String>,
    limit: usize,
}

impl ListTables {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<ListTables, Failure> {
        let after = members.string("ExclusiveStartTableName")?;
        let limit = members.integer("Limit")?;
        let mut constraints = Constraints::default();
        constraints.at_least(limit, "limit", 1);
        constraints.at_most(limit, "limit", 100);
        if let Some(after) = after {
            constraints.name_bytes(after, "exclusiveStartTableName");
            constraints.length(after, "exclusiveStartTableName", 3..=255);
        }
        constraints.finish()?;
        let limit =
            limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(quota::TABLE_NAMES_PAGE_LEN_MAX);
        Ok(ListTables { after: after.map(str::to_owned), limit })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let start = self.after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let mut names = database.tables.range::<_, str>((start, Bound::Unbounded)).map(|(name, _)| &**name);
        let page: Vec<&str> = names.by_ref().take(self.limit).collect();
        let last = names.next().and_then(|_| page.last()).map(|name| Value::from(*name));
        Ok(Response::default()
            .with_json("TableNames", Some(json!(page)))
            .with_json("LastEvaluatedTableName", last))
    }
}
