//! An in-memory DynamoDB: a pure function of a database and a request.
//!
//! [`Database::execute`] is the whole of it. Nothing here does I/O, spawns threads, reads a clock or draws random
//! numbers: the same requests give the same database and the same responses. Copies are cheap (tables are shared
//! until one of them changes), so a caller can keep a snapshot of every step.
//!
//! Knows nothing of Step Functions, HTTP and editors. A caller that needs time to pass sets it
//! ([`Database::set_now_millis`]).
//!
//! Start reading at [`Database`], then `operation/put_item.rs` for the shape of an operation: its request is
//! parsed and checked as far as that needs no table, then run against one. `validate/` has the checks
//! operations share and their order, `message/` every text, `expression/` the expression language.
//!
//! Implements <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html>.

mod access;
mod attribute;
mod capacity;
mod diff;
mod error;
mod expiry;
pub mod expression;
mod hash;
mod index;
mod item;
mod json;
mod key;
mod legacy;
mod message;
mod names;
mod notation;
mod number;
mod operation;
mod parameters;
mod partiql;
#[cfg(test)]
mod properties;
mod request;
mod response;
mod seed;
mod sorted_map;
mod table;
mod text;
mod validate;
mod wire;

use std::sync::Arc;

use imbl::OrdMap;
use serde_json::Value;

pub use access::only_reads;
pub use attribute::{AttributeType, AttributeValue};
pub use diff::{ItemDiff, TableDiff};
pub use error::{CancellationReason, Error, ExpressionLocation, is_modelled};
pub use index::{IndexDefinition, IndexKind, IndexProjection, Throughput};
pub use item::Item;
pub use json::{Body, Malformed};
pub use key::{KeyAttribute, KeySchema, KeyValue, PrimaryKey};
pub use message::TextGeneration;
pub use number::{Number, NumberError};
pub use operation::Operation;
pub use parameters::Parameters;
pub use request::Request;
pub use response::{Member, Response};
pub use seed::{SeedError, Seeds, attribute_problem};
pub use table::{Billing, Definition, OnDemand, Table, TableClass};
pub use text::{KeyText, Text};

/// Tables by name, and what else requests depend on.
///
/// Cloning takes constant time, whatever the number of items.
///
/// # Example
///
/// ```
/// use asl_lsp::dynamodb::Database;
/// use serde_json::json;
///
/// let mut database = Database::from_tables(&json!([{
///     "TableName": "Orders",
///     "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
///     "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
///     "Items": [{"id": {"S": "1"}, "total": {"N": "5"}}],
/// }]))
/// .unwrap();
/// let before = database.clone();
/// let response = database
///     .call(
///         "UpdateItem",
///         &json!({
///             "TableName": "Orders",
///             "Key": {"id": {"S": "1"}},
///             "UpdateExpression": "SET #t = #t + :more",
///             "ExpressionAttributeNames": {"#t": "total"},
///             "ExpressionAttributeValues": {":more": {"N": "2.5"}},
///             "ReturnValues": "UPDATED_NEW",
///         }),
///     )
///     .unwrap();
/// assert_eq!(response, json!({"Attributes": {"total": {"N": "7.5"}}}));
/// assert_eq!(before.diff(&database).len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    // Ordered, because results must not depend on a hash; shared, because a snapshot is taken at every step.
    tables: OrdMap<Arc<str>, Arc<Table>>,
    generation: TextGeneration,
    now_millis: u64,
    expires: bool,
    owner: Owner,
    tokens: operation::Tokens,
}

/// Where tables are and whose they are, for ARNs.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Owner {
    region: Arc<str>,
    account: Arc<str>,
}

impl Default for Database {
    /// A database without tables, in `us-east-1`, in the account that local DynamoDBs use, and at the beginning of 1970.
    fn default() -> Database {
        Database {
            tables: OrdMap::new(),
            generation: TextGeneration::default(),
            now_millis: 0,
            expires: false,
            owner: Owner { region: Arc::from("us-east-1"), account: Arc::from("000000000000") },
            tokens: operation::Tokens::default(),
        }
    }
}

impl Database {
    /// The same database answering in another generation of AWS's texts.
    #[must_use]
    pub fn with_text_generation(mut self, generation: TextGeneration) -> Database {
        self.generation = generation;
        self
    }

    /// The same database deleting items at once when the time in the time-to-live attribute of their table has
    /// passed.
    ///
    /// AWS deletes them up to days later. A database that is not asked to keeps them for ever.
    #[must_use]
    pub fn with_expiry(mut self) -> Database {
        self.expires = true;
        self
    }

    /// Sets the time, in milliseconds since 1970, for creation dates, the life of client tokens, and the expiry of items.
    pub fn set_now_millis(&mut self, now_millis: u64) {
        let before = self.now_seconds();
        self.now_millis = now_millis;
        // Items expire by the second, and to find them costs a look at each.
        let now = self.now_seconds();
        if self.expires && before != now {
            expiry::expire(&mut self.tables, now);
        }
    }

    fn now_seconds(&self) -> u64 {
        self.now_millis / 1_000
    }

    /// Sets the region and the account that ARNs name.
    pub fn set_owner(&mut self, region: &str, account: &str) {
        // Asked for before every request of a server, and hardly ever a change.
        if *self.owner.region != *region || *self.owner.account != *account {
            self.owner = Owner { region: Arc::from(region), account: Arc::from(account) };
        }
    }

    /// Carries out a request. A request that fails changes nothing.
    ///
    /// # Errors
    ///
    /// Any [`Error`]; which checks come first is AWS's order.
    pub fn execute(&mut self, request: &Request) -> Result<Response, Error> {
        request.run(self)
    }

    /// Parses and carries out a request given as an operation's name, such as `GetItem`, and its JSON body.
    ///
    /// # Errors
    ///
    /// As [`Request::parse`] and [`Database::execute`].
    pub fn call(&mut self, operation: &str, body: &Value) -> Result<Value, Error> {
        Ok(self.execute(&Request::parse(operation, body)?)?.to_json())
    }

    /// Makes a database of CreateTable requests, each with an optional `Items` array.
    ///
    /// `BillingMode` and `ProvisionedThroughput` may be left out.
    ///
    /// # Errors
    ///
    /// The first table or item that cannot be created, with AWS's reason.
    pub fn from_tables(tables: &Value) -> Result<Database, SeedError> {
        seed::database(tables)
    }

    /// The tables, by name.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.values().map(|table| &**table)
    }

    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name).map(|table| &**table)
    }

    /// Every table's items in attribute-value JSON: `{"Orders": {"Items": […]}}`, by table name and key.
    pub fn to_json(&self) -> Value {
        let tables = self.tables().map(|table| {
            let items = serde_json::Map::from_iter([("Items".to_owned(), table.items_to_json())]);
            (table.name().to_string(), Value::Object(items))
        });
        Value::Object(tables.collect())
    }

    /// The items that differ in a later version of the database, by table name and key.
    ///
    /// Costs no more than the differences where one version was copied from the other.
    pub fn diff(&self, after: &Database) -> Vec<TableDiff> {
        diff::databases(&self.tables, &after.tables)
    }

    /// A table that a request for data names.
    fn existing(&self, name: &str) -> Result<&Table, Error> {
        self.table(name).ok_or_else(message::table_not_found)
    }

    /// A table to be changed; it is copied first if a snapshot shares it.
    fn existing_mut(&mut self, name: &str) -> Result<&mut Table, Error> {
        self.tables.get_mut(name).map(Arc::make_mut).ok_or_else(message::table_not_found)
    }
}
