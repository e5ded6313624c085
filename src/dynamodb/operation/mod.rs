//! The operations: one file each, and the enumerations that only delegate to them.
//!
//! An operation's `parse` reads its request in AWS's order of checks as far as no table is needed; its `run` does
//! the rest against a database and changes it last, so that a failed request changes nothing.

mod batch_execute_statement;
mod batch_get_item;
mod batch_write_item;
mod client_token;
mod create_table;
mod delete_item;
mod delete_table;
mod describe_endpoints;
mod describe_limits;
mod describe_table;
mod describe_time_to_live;
mod execute_statement;
mod execute_transaction;
mod get_item;
mod index_request;
mod key_elements;
mod key_plan;
mod key_range;
mod list_tables;
mod list_tags_of_resource;
mod put_item;
mod query;
mod read;
mod scan;
mod settings;
mod statement;
mod tag_resource;
mod tags;
#[cfg(test)]
mod testing;
mod transact_get_items;
mod transact_write_items;
mod untag_resource;
mod update_item;
mod update_table;
mod update_time_to_live;
mod write;

pub(super) use client_token::Tokens;
pub(super) use create_table::{Strictness, TableRequest};
pub(super) use write::checked_key;

use super::Database;
use super::error::{Error, Failure};
use super::message::Layer;
use super::parameters::UNSUPPORTED_OPERATIONS;
use super::response::Response;
use super::wire::Members;

macro_rules! operations {
    ($($name:ident in $module:ident),* $(,)?) => {
        /// An operation of DynamoDB's API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Operation {
            $(#[doc = concat!("The operation `", stringify!($name), "`.")] $name,)*
        }

        impl Operation {
            /// Every operation that is implemented, by name.
            pub const ALL: &[Operation] = &[$(Operation::$name),*];

            /// The name in AWS's spelling.
            pub const fn as_str(self) -> &'static str {
                match self { $(Operation::$name => stringify!($name)),* }
            }

            fn find(name: &str) -> Option<Operation> {
                match name { $(stringify!($name) => Some(Operation::$name),)* _ => None }
            }
        }

        /// A request that is well-formed, with everything `run` needs.
        #[derive(Clone, Debug)]
        pub(super) enum Action {
            $($name(Box<$module::$name>)),*
        }

        impl Action {
            pub(super) fn parse(operation: Operation, members: Members<'_>) -> Result<Action, Failure> {
                Ok(match operation {
                    $(Operation::$name => Action::$name(Box::new($module::$name::parse(members)?))),*
                })
            }

            pub(super) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
                match self { $(Action::$name(action) => action.run(database)),* }
            }
        }
    };
}

operations! {
    BatchExecuteStatement in batch_execute_statement,
    BatchGetItem in batch_get_item,
    BatchWriteItem in batch_write_item,
    CreateTable in create_table,
    DeleteItem in delete_item,
    DeleteTable in delete_table,
    DescribeEndpoints in describe_endpoints,
    DescribeLimits in describe_limits,
    DescribeTable in describe_table,
    DescribeTimeToLive in describe_time_to_live,
    ExecuteStatement in execute_statement,
    ExecuteTransaction in execute_transaction,
    GetItem in get_item,
    ListTables in list_tables,
    ListTagsOfResource in list_tags_of_resource,
    PutItem in put_item,
    Query in query,
    Scan in scan,
    TagResource in tag_resource,
    TransactGetItems in transact_get_items,
    TransactWriteItems in transact_write_items,
    UntagResource in untag_resource,
    UpdateItem in update_item,
    UpdateTable in update_table,
    UpdateTimeToLive in update_time_to_live,
}

impl Operation {
    /// The operation of that name.
    ///
    /// # Errors
    ///
    /// `UnknownOperationException`, or [`Error::UnsupportedOperation`] for an operation that DynamoDB has.
    pub fn from_name(name: &str) -> Result<Operation, Error> {
        Operation::find(name).ok_or_else(|| {
            match UNSUPPORTED_OPERATIONS.iter().find(|operation| **operation == name) {
                Some(operation) => Error::UnsupportedOperation { operation },
                None => Error::UnknownOperationException,
            }
        })
    }

    /// Whether the operation's requests go through AWS's newer validation layer, where there is one.
    pub(super) const fn has_newer_layer(self) -> bool {
        !matches!(self.layer(), Layer::Older) || matches!(self, Operation::Scan)
    }

    /// How far the operation has got with the newer error texts.
    pub(super) const fn layer(self) -> Layer {
        match self {
            Operation::PutItem | Operation::UpdateItem | Operation::DeleteItem => Layer::Enveloped,
            Operation::GetItem | Operation::BatchGetItem | Operation::Query => Layer::Current,
            _ => Layer::Older,
        }
    }
}
