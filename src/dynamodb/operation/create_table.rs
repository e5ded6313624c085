//! CreateTable: makes an empty table, which can be used at once.
//!
//! WarmThroughput is accepted: there is no capacity to limit.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html>

use std::collections::BTreeSet;
use std::sync::Arc;

use super::describe_table::{self, Status};
use super::index_request::{IndexRequest, Indexes};
use super::key_elements::{Definitions, attribute_definitions, key_elements, key_schema};
use super::settings::{self, Stream};
use super::tags;
use crate::dynamodb::Database;
use crate::dynamodb::error::Failure;
use crate::dynamodb::index::{IndexDefinition, IndexKind, Throughput};
use crate::dynamodb::key::{KeyAttribute, KeySchema};
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::response::Response;
use crate::dynamodb::table::{Billing, Definition, Table};
use crate::dynamodb::validate::{self, Constraints};
use crate::dynamodb::wire::Members;

/// The creation of a table.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct CreateTable {
    request: TableRequest,
}

impl CreateTable {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<CreateTable, Failure> {
        Ok(CreateTable { request: TableRequest::parse(members, Strictness::Api)? })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let name = self.request.name();
        if database.table(name).is_some() {
            return Err(message::table_exists(name).into());
        }
        let table = self.request.clone().into_table(database.now_millis);
        let description = describe_table::description(&table, &database.owner, Status::Creating);
        database.tables.insert(Arc::clone(table.name()), Arc::new(table));
        Ok(Response::default().with_json("TableDescription", Some(description)))
    }
}

/// How complete a request has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dynamodb) enum Strictness {
    /// As the API asks.
    Api,
    /// As people write tables by hand: how the table is billed may be left out, and attributes may be defined that
    /// no key uses.
    Seed,
}

/// A table as asked for.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct TableRequest {
    definition: Definition,
    indexes: Vec<IndexDefinition>,
}

impl TableRequest {
    pub(in crate::dynamodb) fn name(&self) -> &Arc<str> {
        &self.definition.name
    }

    /// The empty table.
    pub(in crate::dynamodb) fn into_table(self, now_millis: u64) -> Table {
        Table::new(Definition { created_millis: now_millis, ..self.definition }, self.indexes)
    }

    pub(in crate::dynamodb) fn parse(
        members: Members<'_>,
        strictness: Strictness,
    ) -> Result<TableRequest, Failure> {
        let name = members.string("TableName")?;
        let mut constraints = Constraints::default();
        let attributes = attribute_definitions(members, &mut constraints)?;
        let elements = key_elements(members, "keySchema", None, &mut constraints)?;
        let billing_mode = constraints.one_of(
            members.string("BillingMode")?,
            "billingMode",
            &[("PROVISIONED", Mode::Provisioned), ("PAY_PER_REQUEST", Mode::PayPerRequest)],
        );
        let units = settings::throughput(members, "provisionedThroughput", &mut constraints)?;
        let table_class = members.string("TableClass")?;
        // AWS: what is wrong with a global index is told before what is with a local one.
        let global = IndexRequest::read_all(members, IndexKind::Global, &mut constraints)?;
        let requests = [IndexRequest::read_all(members, IndexKind::Local, &mut constraints)?, global];
        let tags = tags::read(members, &mut constraints)?;
        let stream = Stream::read(members, &mut constraints)?;
        let encryption_key = settings::encryption_key(members)?.flatten();
        let on_demand = settings::on_demand(members)?;
        let deletion_protection = members.boolean("DeletionProtectionEnabled")?.unwrap_or_default();
        // Everything is read: now what is missing or wrong is told, the name first.
        if name.is_none() {
            return Err(message::parameter_required("TableName").into());
        }
        validate::check_table_name(name, "tableName", 3)?;
        constraints.finish()?;

        let table_class = table_class.map(settings::table_class).transpose()?;
        tags::check(&tags)?;
        let billing = billing(billing_mode, units, strictness)?;
        check_unique(&attributes)?;
        if elements.len() > attributes.len() {
            return Err(message::invalid_key_schema("Some index key attribute have no definition").into());
        }
        let defined = Definitions::new(&attributes);
        let key_schema = key_schema(&elements, &defined, None)?;
        let no_indexes = requests.iter().all(Option::is_none);
        if strictness == Strictness::Api && no_indexes && elements.len() != attributes.len() {
            return Err(message::attribute_count_differs().into());
        }
        let indexes = Indexes { defined, table_key: &key_schema, billing }.check(requests)?;
        if strictness == Strictness::Api {
            check_all_used(&attributes, &key_schema, &indexes)?;
        }
        if stream.as_ref().is_some_and(Stream::is_contradictory) {
            return Err(message::stream_created_off_with_view().into());
        }
        let definition = Definition {
            name: name.unwrap_or_default().into(),
            attributes,
            key_schema,
            billing,
            created_millis: 0,
            deletion_protection,
            table_class,
            table_class_millis: None,
            stream_view: stream.and_then(Stream::into_view),
            encryption_key,
            on_demand,
            ttl_attribute: None,
            tags,
        };
        Ok(TableRequest { definition, indexes })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Provisioned,
    PayPerRequest,
}

fn billing(
    mode: Option<Mode>,
    units: Option<Throughput>,
    strictness: Strictness,
) -> Result<Billing, Message> {
    match (mode, units) {
        (Some(Mode::PayPerRequest), Some(_)) => Err(message::throughput_with_pay_per_request()),
        (Some(Mode::PayPerRequest), None) => Ok(Billing::PayPerRequest),
        (Some(Mode::Provisioned) | None, Some(units)) => Ok(Billing::Provisioned(units)),
        (_, None) if strictness == Strictness::Seed => Ok(Billing::PayPerRequest),
        (_, None) => Err(message::throughput_missing()),
    }
}

fn check_unique(attributes: &[KeyAttribute]) -> Result<(), Message> {
    let mut names = BTreeSet::new();
    match attributes.iter().find(|attribute| !names.insert(&attribute.name)) {
        Some(attribute) => Err(message::attribute_defined_twice(&attribute.name)),
        None => Ok(()),
    }
}

/// Every attribute defined must be used by some key.
fn check_all_used(
    attributes: &[KeyAttribute],
    table_key: &KeySchema,
    indexes: &[IndexDefinition],
) -> Result<(), Message> {
    let used =
        |name: &str| table_key.contains(name) || indexes.iter().any(|index| index.key_schema.contains(name));
    if attributes.iter().all(|attribute| used(&attribute.name)) {
        return Ok(());
    }
    let defined: Vec<&str> = attributes.iter().map(|attribute| &*attribute.name).collect();
    let keys: Vec<&str> = defined.iter().copied().filter(|name| used(name)).collect();
    Err(message::attributes_unused(&defined, &keys))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use crate::dynamodb::operation::testing::{answer, check, database, with};

    /// A request for a table with partition key `a` and sort key `b`, with some members replaced.
    fn request(more: Value) -> Value {
        let body = json!({
            "TableName": "new-table",
            "AttributeDefinitions": [
                {"AttributeName": "a", "AttributeType": "S"}, {"AttributeName": "b", "AttributeType": "N"},
            ],
            "KeySchema": [
                {"AttributeName": "a", "KeyType": "HASH"}, {"AttributeName": "b", "KeyType": "RANGE"},
            ],
            "BillingMode": "PAY_PER_REQUEST",
        });
        with(body, more)
    }

    #[track_caller]
    fn refused(more: Value, expected: Expect) {
        check("CreateTable", request(more), expected);
    }

    #[test]
    fn describes_the_new_table() {
        let mut database = database();
        let body = request(json!({"LocalSecondaryIndexes": [{
            "IndexName": "local",
            "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}, {"AttributeName": "b", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "ALL"},
        }]}));
        expect![[r#"{"TableDescription":{"AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"},{"AttributeName":"b","AttributeType":"N"}],"BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST"},"CreationDateTime":0,"DeletionProtectionEnabled":false,"LocalSecondaryIndexes":[{"IndexArn":"arn:aws:dynamodb:us-east-1:000000000000:table/new-table/index/local","IndexName":"local","IndexSizeBytes":0,"ItemCount":0,"KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}],"ItemCount":0,"KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"RANGE"}],"ProvisionedThroughput":{"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,"WriteCapacityUnits":0},"TableArn":"arn:aws:dynamodb:us-east-1:000000000000:table/new-table","TableId":"ae630b1d-301d-47c8-a059-502834574697","TableName":"new-table","TableSizeBytes":0,"TableStatus":"CREATING"}}"#]].assert_eq(&answer(&mut database, "CreateTable", &body));
        expect!["ResourceInUseException: Table already exists: new-table"].assert_eq(&answer(
            &mut database,
            "CreateTable",
            &body,
        ));
        let name = json!({"TableName": "new-table"});
        expect![[r#"{"Table":{"AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"},{"AttributeName":"b","AttributeType":"N"}],"BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST","LastUpdateToPayPerRequestDateTime":0},"CreationDateTime":0,"DeletionProtectionEnabled":false,"LocalSecondaryIndexes":[{"IndexArn":"arn:aws:dynamodb:us-east-1:000000000000:table/new-table/index/local","IndexName":"local","IndexSizeBytes":0,"ItemCount":0,"KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}],"ItemCount":0,"KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"RANGE"}],"ProvisionedThroughput":{"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,"WriteCapacityUnits":0},"TableArn":"arn:aws:dynamodb:us-east-1:000000000000:table/new-table","TableId":"ae630b1d-301d-47c8-a059-502834574697","TableName":"new-table","TableSizeBytes":0,"TableStatus":"ACTIVE","WarmThroughput":{"ReadUnitsPerSecond":12000,"Status":"ACTIVE","WriteUnitsPerSecond":4000}}}"#]].assert_eq(&answer(&mut database, "DescribeTable", &name));
        expect![[r#"{"TableNames":["new-table","one"],"LastEvaluatedTableName":"one"}"#]].assert_eq(&answer(
            &mut database,
            "ListTables",
            &json!({"Limit": 2}),
        ));
        expect![[r#"{"TableNames":["two"]}"#]].assert_eq(&answer(
            &mut database,
            "ListTables",
            &json!({"ExclusiveStartTableName": "one"}),
        ));
        expect![[r#"{"TableDescription":{"BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST","LastUpdateToPayPerRequestDateTime":0},"DeletionProtectionEnabled":false,"ItemCount":0,"ProvisionedThroughput":{"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,"WriteCapacityUnits":0},"TableArn":"arn:aws:dynamodb:us-east-1:000000000000:table/new-table","TableId":"ae630b1d-301d-47c8-a059-502834574697","TableName":"new-table","TableSizeBytes":0,"TableStatus":"DELETING"}}"#]].assert_eq(&answer(&mut database, "DeleteTable", &name));
        expect!["ResourceNotFoundException: Requested resource not found: Table: new-table not found"]
            .assert_eq(&answer(&mut database, "DescribeTable", &name));
    }

    #[test]
    fn mistakes() {
        refused(
            json!({"TableName": null}),
            expect![[
                r#"ValidationException: The parameter 'TableName' is required but was not present in the request"#
            ]],
        );
        refused(
            json!({"TableName": "ab"}),
            expect![[
                r#"ValidationException: 1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3"#
            ]],
        );
        refused(
            json!({"TableName": "a b!"}),
            expect![[
                r#"ValidationException: 1 validation error detected: Value 'a b!' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"#
            ]],
        );
        refused(
            json!({"KeySchema": null}),
            expect![[
                r#"ValidationException: 1 validation error detected: Value null at 'keySchema' failed to satisfy constraint: Member must not be null"#
            ]],
        );
        refused(
            json!({"KeySchema": [{"AttributeName": "a", "KeyType": "RANGE"}]}),
            expect![[
                r#"ValidationException: Invalid KeySchema: The first KeySchemaElement is not a HASH key type"#
            ]],
        );
        refused(
            json!({"KeySchema": [{"AttributeName": "a", "KeyType": "KEY"}]}),
            expect![[
                r#"ValidationException: 1 validation error detected: Value 'KEY' at 'keySchema.1.member.keyType' failed to satisfy constraint: Member must satisfy enum value set: [HASH, RANGE]"#
            ]],
        );
        refused(
            json!({"KeySchema": [{"AttributeName": "c", "KeyType": "HASH"}]}),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [c], AttributeDefinitions: [a, b]"#
            ]],
        );
        refused(
            json!({"KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}]}),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"#
            ]],
        );
        refused(
            json!({"BillingMode": null}),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"#
            ]],
        );
        let units = json!({"ReadCapacityUnits": 1, "WriteCapacityUnits": 1});
        refused(
            json!({"ProvisionedThroughput": units}),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"#
            ]],
        );
        refused(
            json!({"LocalSecondaryIndexes": []}),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: List of LocalSecondaryIndexes is empty"#
            ]],
        );
        let index = |more: Value| {
            let index = json!({
                "IndexName": "index",
                "KeySchema": [{"AttributeName": "b", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            });
            with(index, more)
        };
        refused(
            json!({"GlobalSecondaryIndexes": [index(json!({})), index(json!({}))]}),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Duplicate index name: index"#
            ]],
        );
        refused(
            json!({"GlobalSecondaryIndexes": [index(json!({"Projection": {}}))]}),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Unknown ProjectionType: null"#
            ]],
        );
        refused(
            json!({"LocalSecondaryIndexes": [index(json!({}))]}),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Index KeySchema does not have a range key for index: index"#
            ]],
        );
        refused(
            json!({"ResourcePolicy": "{}"}),
            expect![[
                r#"UnsupportedOperationException: CreateTable with ResourcePolicy is not supported by this in-memory DynamoDB"#
            ]],
        );
    }
}
