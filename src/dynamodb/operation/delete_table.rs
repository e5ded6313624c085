//! DeleteTable: removes a table with its items, at once.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html>

use smol_str::SmolStr;

use super::describe_table::{self, Status};
use crate::dynamodb::Database;
use crate::dynamodb::error::Failure;
use crate::dynamodb::message;
use crate::dynamodb::response::Response;
use crate::dynamodb::wire::Members;

/// A removal of a table.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct DeleteTable {
    table: SmolStr,
}

impl DeleteTable {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<DeleteTable, Failure> {
        Ok(DeleteTable { table: describe_table::required_name(members)? })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let table = database.table(&self.table).ok_or_else(|| message::named_table_not_found(&self.table))?;
        if table.definition().deletion_protection {
            return Err(message::deletion_protected().into());
        }
        let description = describe_table::description(table, &database.owner, Status::Deleting);
        database.tables.remove(&*self.table);
        Ok(Response::default().with_json("TableDescription", Some(description)))
    }
}
