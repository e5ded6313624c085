//! UpdateTable: changes how a table is billed, its global secondary indexes and its settings, at once.
//!
//! WarmThroughput is accepted: there is no capacity to limit.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html>

use std::iter;
use std::sync::Arc;

use smol_str::SmolStr;

use super::describe_table::{self, Status};
use super::index_request::{IndexRequest, Indexes};
use super::key_elements::{Definitions, attribute_definitions};
use super::settings::{self, Stream};
use crate::dynamodb::Database;
use crate::dynamodb::error::{Error, Failure};
use crate::dynamodb::index::{IndexKind, Throughput};
use crate::dynamodb::key::{KeyAttribute, KeySchema};
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::notation;
use crate::dynamodb::response::Response;
use crate::dynamodb::table::{Billing, OnDemand, Table, TableClass};
use crate::dynamodb::validate::Constraints;
use crate::dynamodb::wire::Members;
use crate::spec::quota;

/// A change of a table.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct UpdateTable {
    table: SmolStr,
    attributes: Vec<KeyAttribute>,
    billing: Option<Billing>,
    index: Option<IndexUpdate>,
    deletion_protection: Option<bool>,
    table_class: Option<TableClass>,
    stream: Option<Option<String>>,
    encryption_key: Option<Option<Arc<str>>>,
    on_demand: Option<OnDemand>,
}

/// A change of one global secondary index; a request has at most one.
#[derive(Clone, Debug)]
enum IndexUpdate {
    Create(IndexRequest),
    Update(Arc<str>, Throughput),
    Delete(Arc<str>),
}

impl UpdateTable {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<UpdateTable, Failure> {
        members.string("TableName")?;
        let mut constraints = Constraints::default();
        let attributes = match members.has("AttributeDefinitions") {
            true => attribute_definitions(members, &mut constraints)?,
            false => Vec::new(),
        };
        let modes = [("PROVISIONED", false), ("PAY_PER_REQUEST", true)];
        let by_request = constraints.one_of(members.string("BillingMode")?, "billingMode", &modes);
        let units = settings::throughput(members, "provisionedThroughput", &mut constraints)?;
        let index_updates = index_updates(members, &mut constraints)?;
        let table_class = members.string("TableClass")?;
        let stream = Stream::read(members, &mut constraints)?;
        let encryption_key = settings::encryption_key(members)?;
        let on_demand = settings::on_demand(members)?;
        let deletion_protection = members.boolean("DeletionProtectionEnabled")?;
        // Everything is read: now what is missing or wrong is told, the name first.
        let table = describe_table::required_name(members)?;
        constraints.finish()?;
        let table_class = table_class.map(settings::table_class).transpose()?;

        let billing = match (by_request, units) {
            (Some(true), Some(_)) => return Err(message::throughput_with_pay_per_request().into()),
            (Some(true), None) => Some(Billing::PayPerRequest),
            (Some(false), None) => return Err(message::throughput_missing().into()),
            (Some(false) | None, units) => units.map(Billing::Provisioned),
        };
        let index = only_index_update(members, index_updates)?;
        if stream.as_ref().is_some_and(Stream::is_contradictory) {
            return Err(message::stream_switched_off_with_view().into());
        }
        let stream = stream.map(Stream::into_view);
        let nothing = billing.is_none()
            && !members.has("WarmThroughput")
            && encryption_key.is_none()
            && on_demand.is_none()
            && index.is_none()
            && deletion_protection.is_none()
            && table_class.is_none()
            && stream.is_none();
        if nothing {
            return Err(message::nothing_to_update().into());
        }
        Ok(UpdateTable {
            table,
            attributes,
            billing,
            index,
            deletion_protection,
            table_class,
            stream,
            encryption_key,
            on_demand,
        })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let table = database.table(&self.table).ok_or_else(|| message::named_table_not_found(&self.table))?;
        let mut changed = table.clone();
        self.change(&mut changed, database.now_millis)?;
        let description = describe_table::description(&changed, &database.owner, Status::Updating);
        database.tables.insert(Arc::clone(changed.name()), Arc::new(changed));
        Ok(Response::default().with_json("TableDescription", Some(description)))
    }

    fn change(&self, table: &mut Table, now_millis: u64) -> Result<(), Failure> {
        let definition = table.definition_mut();
        if let Some(billing) = self.billing {
            if let (Billing::Provisioned(units), true) = (billing, billing == definition.billing) {
                return Err(message::throughput_unchanged(units).into());
            }
            definition.billing = billing;
        }
        if let Some(protected) = self.deletion_protection {
            definition.deletion_protection = protected;
        }
        if let Some(class) = self.table_class {
            if definition.table_class.unwrap_or_default() != class {
                definition.table_class_millis = Some(now_millis);
            }
            definition.table_class = Some(class);
        }
        if let Some(stream) = &self.stream {
            definition.stream_view.clone_from(stream);
        }
        if let Some(key) = &self.encryption_key {
            definition.encryption_key.clone_from(key);
        }
        if let Some(bounds) = self.on_demand {
            let before = definition.on_demand.unwrap_or_default();
            definition.on_demand = Some(OnDemand {
                read_units_max: bounds.read_units_max.or(before.read_units_max),
                write_units_max: bounds.write_units_max.or(before.write_units_max),
            });
        }
        match &self.index {
            None => Ok(()),
            Some(IndexUpdate::Create(request)) => self.create_index(table, request),
            Some(IndexUpdate::Update(name, _)) if is_local(table, name) => {
                Err(message::index_not_global("update", name).into())
            }
            Some(IndexUpdate::Delete(name)) if is_local(table, name) => {
                Err(message::index_not_global("delete", name).into())
            }
            Some(IndexUpdate::Update(name, units)) => {
                let found = table.set_index_throughput(name, *units);
                found.then_some(()).ok_or_else(|| message::index_not_found(name).into())
            }
            Some(IndexUpdate::Delete(name)) => {
                if !table.drop_index(name) {
                    return Err(message::index_not_found(name).into());
                }
                forget_unused_attributes(table);
                Ok(())
            }
        }
    }

    fn create_index(&self, table: &mut Table, request: &IndexRequest) -> Result<(), Failure> {
        if table.index(&request.name).is_some() {
            return Err(message::index_exists(&request.name).into());
        }
        let indexes = table.indexes().filter(|index| index.kind == IndexKind::Global).count();
        if indexes >= quota::GLOBAL_INDEXES_MAX {
            let message = "Subscriber limit exceeded: too many global secondary indexes".to_owned();
            return Err(Error::LimitExceededException { message }.into());
        }
        let definition = table.definition();
        // AWS: the attributes of the new key must be defined in the request, those of the table do not count.
        if self.attributes.is_empty() {
            return Err(message::index_attributes_undefined(&request.name).into());
        }
        let (table_key, billing) = (&definition.key_schema, definition.billing);
        let defined = Definitions::new(&self.attributes);
        let index = Indexes { defined, table_key, billing }.index(request.clone())?;
        check_types(table, &index.key_schema)?;
        // What other keys are made of keeps its type, whatever the request says of it.
        let attributes = &mut table.definition_mut().attributes;
        for attribute in self.attributes.iter().filter(|attribute| index.key_schema.contains(&attribute.name))
        {
            if attributes.iter().all(|known| known.name != attribute.name) {
                attributes.push(attribute.clone());
            }
        }
        table.add_index(index);
        Ok(())
    }
}

fn is_local(table: &Table, index: &str) -> bool {
    table.index(index).is_some_and(|index| index.definition.kind == IndexKind::Local)
}

/// The attributes of a new key must have the types they have in other keys.
fn check_types(table: &Table, new: &KeySchema) -> Result<(), Message> {
    let mut schemas = iter::once(table.key_schema()).chain(table.indexes().map(|index| &index.key_schema));
    let differs = |known: &KeyAttribute| {
        new.attributes().any(|attribute| attribute.name == known.name && attribute.kind != known.kind)
    };
    match schemas.find(|schema| schema.attributes().any(differs)) {
        Some(existing) => {
            let (existing, new) = (notation::key_schema(existing), notation::key_schema(new));
            Err(message::attribute_redefined(&existing, &new))
        }
        None => Ok(()),
    }
}

fn index_updates(members: Members<'_>, constraints: &mut Constraints) -> Result<Vec<IndexUpdate>, Error> {
    let mut updates = Vec::new();
    for (update, number) in members.structures("GlobalSecondaryIndexUpdates")?.into_iter().flatten().zip(1..)
    {
        let path = format!("globalSecondaryIndexUpdates.{number}.member");
        if let Some(create) = update.structure("Create")? {
            let path = format!("{path}.create");
            let request = IndexRequest::read(create, IndexKind::Global, &path, constraints)?;
            updates.push(IndexUpdate::Create(request));
        }
        if let Some(change) = update.structure("Update")? {
            let path = format!("{path}.update");
            let name = index_name(change, &path, constraints)?;
            let units = settings::throughput(change, &format!("{path}.provisionedThroughput"), constraints)?;
            updates.push(IndexUpdate::Update(name, units.unwrap_or_default()));
        }
        if let Some(delete) = update.structure("Delete")? {
            let name = index_name(delete, &format!("{path}.delete"), constraints)?;
            updates.push(IndexUpdate::Delete(name));
        }
    }
    Ok(updates)
}

/// The change of an index, of which a request has one at most.
fn only_index_update(
    members: Members<'_>,
    updates: Vec<IndexUpdate>,
) -> Result<Option<IndexUpdate>, Failure> {
    for update in members.structures("GlobalSecondaryIndexUpdates")?.iter().flatten() {
        match ["Create", "Update", "Delete"].iter().filter(|change| update.has(change)).count() {
            0 => return Err(message::no_change_of_index().into()),
            1 => {}
            _ => return Err(message::several_changes_of_index().into()),
        }
    }
    let mut updates = updates.into_iter();
    match (updates.next(), updates.next()) {
        (update, None) => Ok(update),
        (_, Some(_)) => Err(message::one_index_change_at_a_time().into()),
    }
}

fn index_name(members: Members<'_>, path: &str, constraints: &mut Constraints) -> Result<Arc<str>, Error> {
    let name = members.string("IndexName")?;
    constraints.require(name.is_some(), format!("{path}.indexName"));
    Ok(name.unwrap_or_default().into())
}

/// A table's definition lists only attributes that some key uses.
fn forget_unused_attributes(table: &mut Table) {
    let used: Vec<Arc<str>> = table
        .key_schema()
        .attributes()
        .chain(table.indexes().flat_map(|index| index.key_schema.attributes()))
        .map(|attribute| Arc::clone(&attribute.name))
        .collect();
    table.definition_mut().attributes.retain(|attribute| used.contains(&attribute.name));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::dynamodb::operation::testing::{answer, check, database, with};

    fn update(more: Value) -> Value {
        let body = json!({"TableName": "one"});
        with(body, more)
    }

    #[test]
    fn an_index_is_filled_from_the_items_there_are() {
        let mut database = database();
        let create = update(json!({
            "AttributeDefinitions": [{"AttributeName": "s", "AttributeType": "S"}],
            "GlobalSecondaryIndexUpdates": [{"Create": {
                "IndexName": "by-s",
                "KeySchema": [{"AttributeName": "s", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["n"]},
            }}],
        }));
        database.call("UpdateTable", &create).unwrap();
        let query = json!({
            "TableName": "one", "IndexName": "by-s", "KeyConditionExpression": "s = :s",
            "ExpressionAttributeValues": {":s": {"S": "text"}},
        });
        expect![[
            r#"{"Items":[{"n":{"N":"5"},"pk":{"S":"a"},"s":{"S":"text"}}],"Count":1,"ScannedCount":1}"#
        ]]
        .assert_eq(&answer(&mut database, "Query", &query));
        let delete = update(json!({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-s"}}]}));
        database.call("UpdateTable", &delete).unwrap();
        expect!["ValidationException: The table does not have the specified index: by-s"].assert_eq(&answer(
            &mut database,
            "Query",
            &query,
        ));
        assert_eq!(database.table("one").unwrap().definition().attributes.len(), 1);
        expect!["ResourceNotFoundException: Requested resource not found: Index: by-s not found"]
            .assert_eq(&answer(&mut database, "UpdateTable", &delete));
    }

    #[test]
    fn settings() {
        let mut database = database();
        database.call("UpdateTable", &update(json!({"DeletionProtectionEnabled": true}))).unwrap();
        expect!["ValidationException: Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."].assert_eq(&answer(&mut database, "DeleteTable", &json!({"TableName": "one"})));
        let units = json!({"ReadCapacityUnits": 5, "WriteCapacityUnits": 6});
        let body = update(json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": units}));
        expect![[r#"{"TableDescription":{"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"CreationDateTime":0,"DeletionProtectionEnabled":true,"ItemCount":1,"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"ProvisionedThroughput":{"NumberOfDecreasesToday":0,"ReadCapacityUnits":5,"WriteCapacityUnits":6},"TableArn":"arn:aws:dynamodb:us-east-1:000000000000:table/one","TableId":"2820efb4-3741-488f-a388-8f8de0d9a398","TableName":"one","TableSizeBytes":47,"TableStatus":"UPDATING"}}"#]].assert_eq(&answer(&mut database, "UpdateTable", &body));
    }

    #[test]
    fn mistakes() {
        check(
            "UpdateTable",
            json!({}),
            expect![[
                r#"ValidationException: The parameter 'TableName' is required but was not present in the request"#
            ]],
        );
        check(
            "UpdateTable",
            update(json!({})),
            expect![
                "ValidationException: At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required"
            ],
        );
        check(
            "UpdateTable",
            update(json!({"BillingMode": "PROVISIONED"})),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"#
            ]],
        );
        check(
            "UpdateTable",
            update(json!({"BillingMode": "FREE"})),
            expect![[
                r#"ValidationException: 1 validation error detected: Value 'FREE' at 'billingMode' failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]"#
            ]],
        );
        check(
            "UpdateTable",
            update(json!({"ReplicaUpdates": []})),
            expect![[
                r#"UnsupportedOperationException: UpdateTable with ReplicaUpdates is not supported by this in-memory DynamoDB"#
            ]],
        );
        check(
            "UpdateTable",
            json!({"TableName": "none", "BillingMode": "PAY_PER_REQUEST"}),
            expect!["ResourceNotFoundException: Requested resource not found: Table: none not found"],
        );
    }
}
