//! Settings of a table that CreateTable and UpdateTable have in common: its capacity and its bounds on demand, its class of
//! storage, its encryption, its stream.
//!
//! They are described and do nothing else: there is no storage to encrypt, no capacity to limit, and nothing is written
//! to a stream.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::dynamodb::Owner;
use crate::dynamodb::error::Error;
use crate::dynamodb::index::Throughput;
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::table::{OnDemand, TableClass};
use crate::dynamodb::validate::Constraints;
use crate::dynamodb::wire::Members;

/// The parameter StreamSpecification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stream {
    is_enabled: bool,
    view: Option<String>,
}

impl Stream {
    pub(super) fn read(members: Members<'_>, constraints: &mut Constraints) -> Result<Option<Stream>, Error> {
        let Some(stream) = members.structure("StreamSpecification")? else { return Ok(None) };
        let is_enabled = stream.boolean("StreamEnabled")?;
        constraints.require(is_enabled.is_some(), "streamSpecification.streamEnabled");
        // In the order of the API's reference: no text of AWS's with it is known.
        let views = ["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"].map(|view| (view, view));
        let path = "streamSpecification.streamViewType";
        let view = constraints.one_of(stream.string("StreamViewType")?, path, &views);
        Ok(Some(Stream { is_enabled: is_enabled.unwrap_or_default(), view: view.map(str::to_owned) }))
    }

    /// Whether a stream that is off is to show something.
    pub(super) const fn is_contradictory(&self) -> bool {
        !self.is_enabled && self.view.is_some()
    }

    /// The view of a stream that is switched on.
    pub(super) fn into_view(self) -> Option<String> {
        self.view.filter(|_| self.is_enabled)
    }
}

/// The parameter ProvisionedThroughput of a table or index, which is at `path`.
pub(super) fn throughput(
    members: Members<'_>,
    path: &str,
    constraints: &mut Constraints,
) -> Result<Option<Throughput>, Error> {
    let Some(throughput) = members.structure("ProvisionedThroughput")? else { return Ok(None) };
    let mut units = |name: &str, member: &str| -> Result<u64, Error> {
        let path = format!("{path}.{member}");
        let units = throughput.long(name)?;
        constraints.require(units.is_some(), &path);
        constraints.at_least(units, &path, 1);
        Ok(units.and_then(|units| u64::try_from(units).ok()).unwrap_or_default())
    };
    let write_units = units("WriteCapacityUnits", "writeCapacityUnits")?;
    let read_units = units("ReadCapacityUnits", "readCapacityUnits")?;
    Ok(Some(Throughput { read_units, write_units }))
}

/// The storage class of that name.
///
/// # Errors
///
/// There is none.
pub(super) fn table_class(name: &str) -> Result<TableClass, Message> {
    let found = TableClass::ALL.into_iter().find(|class| class.as_str() == name);
    found.ok_or_else(message::invalid_table_class)
}

/// The key that AWS keeps for tables in an account, where no other is named.
const MANAGED_KEY: &str = "alias/aws/dynamodb";

/// The parameter SSESpecification: the key to encrypt with, as it was named, or `Some(None)` for the one that belongs to
/// DynamoDB.
pub(super) fn encryption_key(members: Members<'_>) -> Result<Option<Option<Arc<str>>>, Error> {
    let Some(specification) = members.structure("SSESpecification")? else { return Ok(None) };
    let key = specification.string("KMSMasterKeyId")?.unwrap_or(MANAGED_KEY);
    let is_enabled = specification.boolean("Enabled")?.unwrap_or_default();
    Ok(Some(is_enabled.then(|| key.into())))
}

/// The member SSEDescription of a table's description.
pub(super) fn encryption(key: &str, owner: &Owner) -> Value {
    let arn = match key {
        _ if key.starts_with("arn:") => key.to_owned(),
        MANAGED_KEY => format!("arn:aws:kms:{}:{}:key/{MANAGED_KEY_ID}", owner.region, owner.account),
        _ => format!("arn:aws:kms:{}:{}:key/{key}", owner.region, owner.account),
    };
    json!({"KMSMasterKeyArn": arn, "SSEType": "KMS", "Status": "ENABLED"})
}

/// The id of the key that AWS keeps for tables, which is another one in each account.
const MANAGED_KEY_ID: &str = "d5a3f1c0-6b1e-4c57-9a53-0d4b8f6e2a71";

/// The parameter OnDemandThroughput.
pub(super) fn on_demand(members: Members<'_>) -> Result<Option<OnDemand>, Error> {
    let Some(bounds) = members.structure("OnDemandThroughput")? else { return Ok(None) };
    Ok(Some(OnDemand {
        read_units_max: bounds.long("MaxReadRequestUnits")?,
        write_units_max: bounds.long("MaxWriteRequestUnits")?,
    }))
}

/// The member OnDemandThroughput of a table's description.
pub(super) fn on_demand_description(bounds: OnDemand) -> Value {
    let members =
        [("MaxReadRequestUnits", bounds.read_units_max), ("MaxWriteRequestUnits", bounds.write_units_max)];
    let given = members.into_iter().filter_map(|(name, units)| Some((name.to_owned(), units?.into())));
    Value::Object(given.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::dynamodb::Database;
    use crate::dynamodb::operation::testing::{check, with};

    fn create(more: Value) -> Value {
        let body = json!({
            "TableName": "new", "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        });
        with(body, more)
    }

    /// The member of a table's description after its creation and after a change of it.
    #[track_caller]
    fn described(member: &str, created: Value, updated: Value, expected: [Value; 2]) {
        let mut database = Database::default();
        let describe = |database: &mut Database| {
            let described = database.call("DescribeTable", &json!({"TableName": "new"})).unwrap();
            described["Table"][member].clone()
        };
        database.call("CreateTable", &create(created)).unwrap();
        let after_creation = describe(&mut database);
        let mut update = updated;
        update["TableName"] = "new".into();
        database.call("UpdateTable", &update).unwrap();
        assert_eq!([after_creation, describe(&mut database)], expected);
    }

    #[test]
    fn encryption_is_described() {
        let with = |key: &str| {
            json!({
                "KMSMasterKeyArn": format!("arn:aws:kms:us-east-1:000000000000:key/{key}"),
                "SSEType": "KMS", "Status": "ENABLED",
            })
        };
        described(
            "SSEDescription",
            json!({"SSESpecification": {"Enabled": true}}),
            json!({"SSESpecification": {"Enabled": true, "KMSMasterKeyId": "mine"}}),
            [with("d5a3f1c0-6b1e-4c57-9a53-0d4b8f6e2a71"), with("mine")],
        );
        described(
            "SSEDescription",
            json!({"SSESpecification": {"Enabled": true}}),
            json!({"SSESpecification": {"Enabled": false}}),
            [with("d5a3f1c0-6b1e-4c57-9a53-0d4b8f6e2a71"), Value::Null],
        );
    }

    #[test]
    fn bounds_on_demand_are_described() {
        described(
            "OnDemandThroughput",
            json!({"OnDemandThroughput": {"MaxReadRequestUnits": 10, "MaxWriteRequestUnits": 5}}),
            json!({"OnDemandThroughput": {"MaxReadRequestUnits": 20}}),
            [
                json!({"MaxReadRequestUnits": 10, "MaxWriteRequestUnits": 5}),
                json!({"MaxReadRequestUnits": 20, "MaxWriteRequestUnits": 5}),
            ],
        );
    }

    #[test]
    fn a_stream_that_is_off_shows_nothing() {
        let stream = json!({"StreamSpecification": {"StreamEnabled": false, "StreamViewType": "NEW_IMAGE"}});
        check(
            "CreateTable",
            create(stream.clone()),
            expect![
                "ValidationException: One or more parameter values were invalid: Table is being created with a stream disabled, UpdateViewType should not be specified"
            ],
        );
        let mut update = stream;
        update["TableName"] = "one".into();
        check(
            "UpdateTable",
            update,
            expect![
                "ValidationException: One or more parameter values were invalid: If stream is being disabled, then UpdateViewType must not be specified"
            ],
        );
    }
}
