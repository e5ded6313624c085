//! DescribeTable: what a table is. Also makes the descriptions in the responses of other operations.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html>

use serde_json::{Map, Value, json};
use smol_str::SmolStr;

use super::settings;
use crate::dynamodb::error::Failure;
use crate::dynamodb::hash::Hash;
use crate::dynamodb::index::{Index, IndexKind, IndexProjection, Throughput};
use crate::dynamodb::key::KeySchema;
use crate::dynamodb::message;
use crate::dynamodb::response::Response;
use crate::dynamodb::table::{Billing, Table};
use crate::dynamodb::validate;
use crate::dynamodb::wire::Members;
use crate::dynamodb::{Database, Owner};

/// A question what a table is.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct DescribeTable {
    table: SmolStr,
}

impl DescribeTable {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<DescribeTable, Failure> {
        Ok(DescribeTable { table: required_name(members)? })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let table = database.table(&self.table).ok_or_else(|| message::named_table_not_found(&self.table))?;
        let mut description = description(table, &database.owner, Status::Active);
        if let Value::Object(members) = &mut description {
            let warm = json!({"ReadUnitsPerSecond": 12000, "Status": "ACTIVE", "WriteUnitsPerSecond": 4000});
            members.insert("WarmThroughput".to_owned(), warm);
        }
        Ok(Response::default().with_json("Table", Some(description)))
    }
}

/// The table that an operation on tables names.
pub(super) fn required_name(members: Members<'_>) -> Result<SmolStr, Failure> {
    let name = members.string("TableName")?;
    if name.is_none() {
        return Err(message::parameter_required("TableName").into());
    }
    validate::check_table_name(name, "tableName", 1)?;
    Ok(validate::name_of_arn(name.unwrap_or_default()))
}

/// The status in a description; a table is usable at once, so `Creating` is only ever said by CreateTable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Creating,
    Active,
    Updating,
    Deleting,
}

impl Status {
    const fn as_str(self) -> &'static str {
        match self {
            Status::Creating => "CREATING",
            Status::Active => "ACTIVE",
            Status::Updating => "UPDATING",
            Status::Deleting => "DELETING",
        }
    }
}

/// The ARN of a table.
pub(super) fn arn(owner: &Owner, name: &str) -> String {
    format!("arn:aws:dynamodb:{}:{}:table/{name}", owner.region, owner.account)
}

/// A table's description.
pub(super) fn description(table: &Table, owner: &Owner, status: Status) -> Value {
    let definition = table.definition();
    let arn = arn(owner, &definition.name);
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| {
        members.insert(name.to_owned(), value);
    };
    if status != Status::Deleting {
        let attributes = definition.attributes.iter().map(
            |attribute| json!({"AttributeName": &*attribute.name, "AttributeType": attribute.kind.as_str()}),
        );
        put("AttributeDefinitions", attributes.collect());
    }
    if definition.billing == Billing::PayPerRequest {
        let mut summary = json!({"BillingMode": "PAY_PER_REQUEST"});
        if let (Value::Object(summary), true) = (&mut summary, status != Status::Creating) {
            let since = timestamp(definition.created_millis);
            summary.insert("LastUpdateToPayPerRequestDateTime".to_owned(), since);
        }
        put("BillingModeSummary", summary);
    }
    if status != Status::Deleting {
        put("CreationDateTime", timestamp(definition.created_millis));
    }
    put("DeletionProtectionEnabled", definition.deletion_protection.into());
    for (member, kind) in
        [("GlobalSecondaryIndexes", IndexKind::Global), ("LocalSecondaryIndexes", IndexKind::Local)]
    {
        let indexes: Vec<Value> = table
            .index_entries()
            .iter()
            .filter(|index| index.definition.kind == kind && status != Status::Deleting)
            .map(|index| index_description(&arn, index, status))
            .collect();
        if !indexes.is_empty() {
            put(member, indexes.into());
        }
    }
    put("ItemCount", table.len().into());
    if status != Status::Deleting {
        put("KeySchema", key_schema(&definition.key_schema));
    }
    if let (Some(bounds), Billing::PayPerRequest) = (definition.on_demand, definition.billing) {
        put("OnDemandThroughput", settings::on_demand_description(bounds));
    }
    if let Some(key) = &definition.encryption_key {
        put("SSEDescription", settings::encryption(key, owner));
    }
    if let Some(view) = &definition.stream_view {
        put("StreamSpecification", json!({"StreamEnabled": true, "StreamViewType": view}));
    }
    if let Some(class) = definition.table_class {
        let mut summary = Map::new();
        if let Some(millis) = definition.table_class_millis {
            summary.insert("LastUpdateDateTime".to_owned(), timestamp(millis));
        }
        summary.insert("TableClass".to_owned(), class.as_str().into());
        put("TableClassSummary", summary.into());
    }
    let units = match definition.billing {
        Billing::PayPerRequest => Throughput::default(),
        Billing::Provisioned(units) => units,
    };
    put("ProvisionedThroughput", throughput(units));
    put("TableArn", arn.into());
    put("TableId", table_id(&definition.name, definition.created_millis / 1_000).into());
    put("TableName", (&*definition.name).into());
    put("TableSizeBytes", table.size_bytes().into());
    put("TableStatus", status.as_str().into());
    Value::Object(members)
}

fn index_description(table_arn: &str, index: &Index, status: Status) -> Value {
    let definition = &index.definition;
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| {
        members.insert(name.to_owned(), value);
    };
    put("IndexArn", format!("{table_arn}/index/{}", definition.name).into());
    put("IndexName", (&*definition.name).into());
    put("IndexSizeBytes", index.bytes.into());
    put("ItemCount", index.entries.len().into());
    put("KeySchema", key_schema(&definition.key_schema));
    put("Projection", projection(&definition.projection));
    if definition.kind == IndexKind::Global {
        let status = if status == Status::Updating { Status::Active } else { status };
        put("IndexStatus", status.as_str().into());
        put("ProvisionedThroughput", throughput(definition.throughput));
    }
    Value::Object(members)
}

fn projection(projection: &IndexProjection) -> Value {
    match projection {
        IndexProjection::All => json!({"ProjectionType": "ALL"}),
        IndexProjection::KeysOnly => json!({"ProjectionType": "KEYS_ONLY"}),
        IndexProjection::Include(names) => {
            let names: Vec<&str> = names.iter().map(|name| &**name).collect();
            json!({"NonKeyAttributes": names, "ProjectionType": "INCLUDE"})
        }
    }
}

fn key_schema(schema: &KeySchema) -> Value {
    let elements = schema.elements();
    elements
        .map(|(attribute, role)| json!({"AttributeName": &*attribute.name, "KeyType": role.as_str()}))
        .collect()
}

fn throughput(units: Throughput) -> Value {
    json!({
        "NumberOfDecreasesToday": 0,
        "ReadCapacityUnits": units.read_units,
        "WriteCapacityUnits": units.write_units,
    })
}

/// Seconds since 1970, with a fraction where there is one.
fn timestamp(millis: u64) -> Value {
    let (seconds, rest) = (millis / 1_000, millis % 1_000);
    // Exact to the millisecond for thousands of years.
    if rest == 0 { seconds.into() } else { (millis as f64 / 1_000.0).into() }
}

/// An identifier in the form of a UUID that depends on nothing but the table's name and age.
fn table_id(name: &str, created_seconds: u64) -> String {
    let hash = |start: Hash| start.with(name.as_bytes()).with(&created_seconds.to_be_bytes()).value();
    let digits = format!("{:016x}{:016x}", hash(Hash::START), hash(Hash::OTHER_START));
    let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
    format!("{}-{}-4{}-a{}-{}", part(0..8), part(8..12), part(13..16), part(17..20), part(20..32))
}
