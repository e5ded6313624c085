//! TransactWriteItems: up to a hundred writes and checks of distinct items, all or none of them.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use super::client_token::Token;
use super::write::{self, Change, Reports, Write};
use crate::dynamodb::Database;
use crate::dynamodb::capacity::{Consumed, ConsumedByTable, Kind};
use crate::dynamodb::error::{CancellationReason, Error, Failure};
use crate::dynamodb::item::Item;
use crate::dynamodb::key::PrimaryKey;
use crate::dynamodb::message::{self, Layer, Message, TextGeneration};
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::{self, Attributes, Constraints, Placeholders};
use crate::dynamodb::wire::Members;
use crate::spec::quota;

/// Several writes, all or none.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct TransactWriteItems {
    writes: Vec<Write>,
    reports: Reports,
    token: Option<Token>,
}

/// One action as read.
struct Parameters<'r> {
    kind: ActionKind,
    table: Option<&'r str>,
    attributes: Option<Attributes>,
    update: Option<&'r str>,
    condition: Option<&'r str>,
    placeholders: Placeholders<'r>,
    item_on_failure: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ActionKind {
    Check,
    Put,
    Delete,
    Update,
}

const ACTIONS: [(&str, &str, ActionKind); 4] = [
    ("ConditionCheck", "conditionCheck", ActionKind::Check),
    ("Put", "put", ActionKind::Put),
    ("Delete", "delete", ActionKind::Delete),
    ("Update", "update", ActionKind::Update),
];

impl<'r> Parameters<'r> {
    fn read(
        members: Members<'r>,
        kind: ActionKind,
        path: fmt::Arguments<'_>,
        constraints: &mut Constraints,
    ) -> Result<Parameters<'r>, Error> {
        let (member, member_path) = if kind == ActionKind::Put { ("Item", "item") } else { ("Key", "key") };
        let parameters = Parameters {
            kind,
            table: members.string("TableName")?,
            attributes: Attributes::read(members, member)?,
            update: members.string("UpdateExpression")?.filter(|_| kind == ActionKind::Update),
            condition: members.string("ConditionExpression")?,
            placeholders: Placeholders::read(members)?,
            item_on_failure: validate::item_on_failure(members, format_args!("{path}."), constraints)?,
        };
        constraints.require(parameters.attributes.is_some(), format_args!("{path}.{member_path}"));
        constraints.table_name(parameters.table, format_args!("{path}.tableName"), 1);
        if kind == ActionKind::Check {
            constraints.require(parameters.condition.is_some(), format_args!("{path}.conditionExpression"));
        }
        if kind == ActionKind::Update {
            constraints.require(parameters.update.is_some(), format_args!("{path}.updateExpression"));
        }
        Ok(parameters)
    }

    fn check(self) -> Result<Write, Failure> {
        let mut expressions = vec![("ConditionExpression", self.condition)];
        if self.kind == ActionKind::Update {
            expressions.insert(0, ("UpdateExpression", self.update));
        }
        self.placeholders.need_expression(&expressions)?;
        // AWS: what is in an item to put is looked at before expressions, what is in a key after them.
        let (item, key) = match self.kind {
            ActionKind::Put => (self.attributes, None),
            ActionKind::Check | ActionKind::Delete | ActionKind::Update => (None, self.attributes),
        };
        let item = item.map(Attributes::checked).transpose()?.unwrap_or_default();
        // AWS: that an item to put is too large is known from the request, so it cancels nothing.
        write::check_size(&item)?;
        let mut scope = self.placeholders.into_scope()?;
        let update = validate::update(self.update, &mut scope)?;
        let guard = write::last_condition(self.condition, None, self.item_on_failure, &mut scope)?;
        let key = key.map(Attributes::checked).transpose()?.unwrap_or_default();
        let change = match self.kind {
            ActionKind::Check => Change::Check { key },
            ActionKind::Put => Change::Put(item),
            ActionKind::Delete => Change::Delete { key },
            ActionKind::Update => Change::Update { key, update },
        };
        Ok(Write { table: validate::name_of_arn(self.table.unwrap_or_default()), change, guard })
    }
}

/// Checks the number of a transaction's actions.
pub(super) fn check_count(count: Option<usize>, constraints: &mut Constraints) {
    constraints.require(count.is_some(), "transactItems");
    match count {
        Some(0) => constraints.note(Some("[]"), "transactItems", "have length greater than or equal to 1"),
        Some(quota::TRANSACTION_LEN_MAX..) if count > Some(quota::TRANSACTION_LEN_MAX) => {
            constraints.note(Some("[…]"), "transactItems", "have length less than or equal to 100");
        }
        _ => {}
    }
}

/// The failure of a whole transaction by one action, for a reason that is found before conditions count.
pub(super) fn cancelled(count: usize, index: usize, message: &Message) -> Failure {
    if message.fails_request() {
        return message.clone().into();
    }
    let mut reasons = vec![CancellationReason::NONE; count];
    if let Some(reason) = reasons.get_mut(index) {
        *reason = validation_error(message);
    }
    Error::TransactionCanceledException { reasons }.into()
}

/// The reason of an action that breaks a rule of the service.
pub(super) fn validation_error(message: &Message) -> CancellationReason {
    // Transactions keep the older texts.
    let text = message.render(TextGeneration::Before2026, Layer::Older);
    CancellationReason { code: "ValidationError", message: Some(text), item: None }
}

impl TransactWriteItems {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<TransactWriteItems, Failure> {
        let items = members.structures("TransactItems")?;
        let mut constraints = Constraints::default();
        check_count(items.as_ref().map(Vec::len), &mut constraints);
        let mut parameters = Vec::new();
        let (mut empty, mut ambiguous) = (false, false);
        for (item, number) in items.iter().flatten().zip(1..) {
            let mut found = 0;
            for (name, path, kind) in ACTIONS {
                let Some(action) = item.structure(name)? else { continue };
                found += 1;
                let path = format_args!("transactItems.{number}.member.{path}");
                parameters.push(Parameters::read(action, kind, path, &mut constraints)?);
            }
            empty |= found == 0;
            ambiguous |= found > 1;
        }
        let token = Token::read(members, "TransactItems", &mut constraints)?;
        let reports = Reports::read(members, &mut constraints)?;
        constraints.finish()?;
        if empty {
            return Err(message::transact_item_empty().into());
        }
        if ambiguous {
            return Err(message::transact_item_ambiguous().into());
        }
        let writes = parameters.into_iter().map(Parameters::check).collect::<Result<_, _>>()?;
        Ok(TransactWriteItems { writes, reports, token })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        if let Some(token) = &self.token
            && let Some(used) = token.repeated(database)?
        {
            let consumed = used.consumed_again(self.reports.capacity);
            return Ok(Response::default().with_json("ConsumedCapacity", consumed));
        }
        let outcomes = outcomes(database, &self.writes)?;
        let response = self.respond(database, &outcomes)?;
        if let Some(token) = &self.token {
            token.remember(database, &self.writes, &outcomes);
        }
        commit(database, &self.writes, outcomes)?;
        Ok(response)
    }

    fn respond(&self, database: &Database, outcomes: &[Outcome]) -> Result<Response, Failure> {
        if self.reports.are_none() {
            return Ok(Response::default());
        }
        let mut consumed = ConsumedByTable::default();
        let mut collections: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for (write, outcome) in self.writes.iter().zip(outcomes) {
            let table = database.existing(&write.table)?;
            consumed.add(&write.table, Consumed::write(table, outcome.old.as_ref(), outcome.new.as_ref()));
            if let Some(collection) = self.reports.collection(table, &outcome.key) {
                collections.entry(&write.table).or_default().push(collection);
            }
        }
        let collections: Map<String, Value> =
            collections.into_iter().map(|(table, list)| (table.to_owned(), Value::Array(list))).collect();
        Ok(Response::default()
            .with_json("ConsumedCapacity", consumed.report(self.reports.capacity, Kind::TransactionalWrite))
            .with_json(
                "ItemCollectionMetrics",
                (!collections.is_empty()).then_some(Value::Object(collections)),
            ))
    }
}

/// What a write of a transaction comes to.
pub(super) struct Outcome {
    key: PrimaryKey,
    pub(super) old: Option<Item>,
    pub(super) new: Option<Item>,
}

/// What the writes come to, all against the database as it is.
///
/// # Errors
///
/// `ResourceNotFoundException`, a violation for two writes of one item, or the cancellation of the transaction.
pub(super) fn outcomes(database: &Database, writes: &[Write]) -> Result<Vec<Outcome>, Failure> {
    let keys = keys(database, writes)?;
    let mut outcomes = Vec::new();
    let mut reasons = Vec::new();
    for (write, key) in writes.iter().zip(keys) {
        let table = database.existing(&write.table)?;
        let old = table.get(&key).cloned();
        let reason = match write.guard.check(table, old.as_ref()) {
            Ok(()) => match write.after(table, &key, old.as_ref()) {
                Ok(new) => {
                    outcomes.push(Outcome { key, old, new });
                    CancellationReason::NONE
                }
                Err(message) if message.fails_request() => return Err(message.into()),
                Err(message) => validation_error(&message),
            },
            Err(Failure::Error(error @ Error::ConditionalCheckFailedException { .. })) => {
                let message = Some(error.to_string());
                let item = old.filter(|_| write.guard.item_on_failure);
                CancellationReason { code: "ConditionalCheckFailed", message, item }
            }
            Err(failure) => return Err(failure),
        };
        reasons.push(reason);
    }
    if reasons.iter().any(|reason| reason.message.is_some()) {
        return Err(Error::TransactionCanceledException { reasons }.into());
    }
    let bytes: usize =
        outcomes.iter().filter_map(|outcome| outcome.new.as_ref()).map(|item| item.size_bytes()).sum();
    if bytes > quota::TRANSACTION_BYTES_MAX {
        return Err(message::transaction_too_large().into());
    }
    Ok(outcomes)
}

fn keys(database: &Database, writes: &[Write]) -> Result<Vec<PrimaryKey>, Failure> {
    for write in writes {
        database.existing(&write.table)?;
    }
    let mut keys = Vec::new();
    for (write, index) in writes.iter().zip(0..) {
        let table = database.existing(&write.table)?;
        let key = write.key(table);
        keys.push(key.map_err(|message| cancelled(writes.len(), index, &message))?);
    }
    check_distinct(writes.iter().map(|write| &*write.table).zip(&keys).collect())?;
    Ok(keys)
}

/// Checks that no two of the items of a transaction, each a table's name and a key in it, are the same.
pub(super) fn check_distinct(mut items: Vec<(&str, &PrimaryKey)>) -> Result<(), Message> {
    items.sort();
    match items.iter().zip(items.iter().skip(1)).any(|(one, other)| one == other) {
        true => Err(message::transaction_repeats_item()),
        false => Ok(()),
    }
}

/// Carries out what the writes come to.
pub(super) fn commit(database: &mut Database, writes: &[Write], outcomes: Vec<Outcome>) -> Result<(), Error> {
    for (write, outcome) in writes.iter().zip(outcomes) {
        if !matches!(write.change, Change::Check { .. }) {
            write::store(database, &write.table, outcome.key, outcome.old.is_some(), outcome.new)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::dynamodb::operation::testing::{check, check_all, database};

    fn transact(actions: Value) -> Value {
        json!({"TransactItems": actions})
    }

    fn put(pk: &str) -> Value {
        json!({"Put": {"TableName": "one", "Item": {"pk": {"S": pk}}}})
    }

    fn guarded(condition: &str) -> Value {
        json!({"ConditionCheck": {
            "TableName": "one", "Key": {"pk": {"S": "a"}}, "ConditionExpression": condition,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }})
    }

    #[test]
    fn all() {
        let update = json!({"Update": {
            "TableName": "two", "Key": {"pk": {"S": "a"}, "sk": {"N": "1"}}, "UpdateExpression": "SET v = :v",
            "ExpressionAttributeValues": {":v": {"S": "changed"}},
        }});
        let delete = json!({"Delete": {"TableName": "two", "Key": {"pk": {"S": "a"}, "sk": {"N": "2"}}}});
        let mut body = transact(json!([put("new"), guarded("attribute_exists(n)"), update, delete]));
        body["ReturnConsumedCapacity"] = "TOTAL".into();
        check_all(
            &[
                ("TransactWriteItems", body),
                ("Scan", json!({"TableName": "one", "ProjectionExpression": "pk"})),
                ("Scan", json!({"TableName": "two", "ProjectionExpression": "v"})),
            ],
            expect![[r#"
                {"ConsumedCapacity":[{"TableName":"one","CapacityUnits":4.0,"WriteCapacityUnits":4.0},{"TableName":"two","CapacityUnits":7.0,"WriteCapacityUnits":7.0}]}
                {"Items":[{"pk":{"S":"a"}},{"pk":{"S":"new"}}],"Count":2,"ScannedCount":2}
                {"Items":[{"v":{"S":"changed"}},{"v":{"S":"ten"}},{"v":{"S":"minus"}}],"Count":3,"ScannedCount":3}"#]],
        );
    }

    #[test]
    fn capacity_of_indexes_is_not_doubled() {
        let mut body = transact(json!([{"Put": {
            "TableName": "two", "Item": {"pk": {"S": "x"}, "sk": {"N": "1"}, "gk": {"S": "g"}, "lk": {"N": "1"}},
        }}]));
        body["ReturnConsumedCapacity"] = "INDEXES".into();
        check(
            "TransactWriteItems",
            body,
            expect![[
                r#"{"ConsumedCapacity":[{"TableName":"two","CapacityUnits":4.0,"WriteCapacityUnits":4.0,"Table":{"CapacityUnits":2.0,"WriteCapacityUnits":2.0},"LocalSecondaryIndexes":{"lsi":{"CapacityUnits":1.0,"WriteCapacityUnits":1.0}},"GlobalSecondaryIndexes":{"gsi":{"CapacityUnits":1.0,"WriteCapacityUnits":1.0}}}]}"#
            ]],
        );
    }

    #[test]
    fn a_repetition_reads_what_was_written() {
        let large =
            json!({"Put": {"TableName": "one", "Item": {"pk": {"S": "x"}, "s": {"S": "x".repeat(9_000)}}}});
        let delete = json!({"Delete": {"TableName": "one", "Key": {"pk": {"S": "x"}}}});
        let request = |action: &Value| json!({"TransactItems": [action], "ClientRequestToken": "t", "ReturnConsumedCapacity": "TOTAL"});
        check_all(
            &[
                ("TransactWriteItems", transact(json!([large]))),
                ("TransactWriteItems", request(&delete)),
                ("TransactWriteItems", request(&delete)),
                ("TransactWriteItems", request(&large)),
            ],
            expect![[r#"
                {}
                {"ConsumedCapacity":[{"TableName":"one","CapacityUnits":18.0,"WriteCapacityUnits":18.0}]}
                {"ConsumedCapacity":[{"TableName":"one","CapacityUnits":6.0,"ReadCapacityUnits":6.0}]}
                IdempotentParameterMismatchException: "#]],
        );
    }

    #[test]
    fn an_item_that_is_too_large_is_refused() {
        let large =
            json!({"Put": {"TableName": "one", "Item": {"pk": {"S": "x"}, "s": {"S": "x".repeat(409_600)}}}});
        check(
            "TransactWriteItems",
            transact(json!([large])),
            expect!["ValidationException: Item size has exceeded the maximum allowed size"],
        );
    }

    #[test]
    fn or_nothing() {
        let mut database = database();
        let before = database.clone();
        let body = transact(json!([put("new"), guarded("attribute_not_exists(n)"), put("newer")]));
        let error = database.call("TransactWriteItems", &body).unwrap_err();
        expect![[r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, None]","CancellationReasons":[{"Code":"None"},{"Item":{"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"}]},"m":{"M":{"a":{"N":"1"},"b":{"L":[{"S":"deep"}]}}},"n":{"N":"5"},"pk":{"S":"a"},"s":{"S":"text"},"tags":{"SS":["x","y"]}},"Code":"ConditionalCheckFailed","Message":"The conditional request failed"},{"Code":"None"}]}"#]].assert_eq(&error.to_json().to_string());
        assert_eq!(before, database);
    }

    #[test]
    fn mistakes() {
        check(
            "TransactWriteItems",
            json!({}),
            expect![[
                r#"ValidationException: 1 validation error detected: Value null at 'transactItems' failed to satisfy constraint: Member must not be null"#
            ]],
        );
        check(
            "TransactWriteItems",
            transact(json!([])),
            expect![[
                r#"ValidationException: 1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1"#
            ]],
        );
        check(
            "TransactWriteItems",
            transact(json!([{}])),
            expect![[
                r#"ValidationException: Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"#
            ]],
        );
        check(
            "TransactWriteItems",
            transact(json!([put("x"), put("x")])),
            expect![[
                r#"ValidationException: Transaction request cannot include multiple operations on one item"#
            ]],
        );
        let bad_key = json!({"Delete": {"TableName": "one", "Key": {"x": {"S": "a"}}}});
        check(
            "TransactWriteItems",
            transact(json!([guarded("attribute_not_exists(n)"), bad_key])),
            expect![[
                r#"TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [None, ValidationError]"#
            ]],
        );
        let wrong_type = json!({"Update": {
            "TableName": "one", "Key": {"pk": {"S": "a"}}, "UpdateExpression": "SET n = n + s",
        }});
        check(
            "TransactWriteItems",
            transact(json!([put("x"), wrong_type])),
            expect![[
                r#"TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [None, ValidationError]"#
            ]],
        );
        check(
            "TransactWriteItems",
            transact(json!([guarded("status = :x")])),
            expect![[
                r#"ValidationException: Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status"#
            ]],
        );
        let elsewhere = json!({"Put": {"TableName": "none", "Item": {"pk": {"S": "x"}}}});
        check(
            "TransactWriteItems",
            transact(json!([bad_key, elsewhere])),
            expect!["ResourceNotFoundException: Requested resource not found"],
        );
        check(
            "TransactWriteItems",
            transact(json!([{"Update": {"TableName": "one"}}])),
            expect![[
                r#"ValidationException: 2 validation errors detected: Value null at 'transactItems.1.member.update.key' failed to satisfy constraint: Member must not be null; Value null at 'transactItems.1.member.update.updateExpression' failed to satisfy constraint: Member must not be null"#
            ]],
        );
    }
}
