//! ExecuteTransaction: carries out up to a hundred statements, all or none of them.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html>

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::statement::{self, Parameters, StatementWrite};
use super::transact_write_items::{self, Token, cancelled};
use super::write::Write;
use crate::dynamodb::Database;
use crate::dynamodb::capacity::{CapacityDetail, Consumed, Kind};
use crate::dynamodb::error::{CancellationReason, Error, Failure};
use crate::dynamodb::key;
use crate::dynamodb::message;
use crate::dynamodb::partiql::{Returning, Select, Statement};
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::{self, Constraints};
use crate::dynamodb::wire::{self, Members};
use crate::spec::quota;

/// Several statements, all or none; either all read or all write.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct ExecuteTransaction {
    statements: Vec<(Statement, bool)>,
    token: Option<Token>,
    capacity: CapacityDetail,
}

impl ExecuteTransaction {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<ExecuteTransaction, Failure> {
        let list = members.structures("TransactStatements")?;
        let mut constraints = Constraints::default();
        constraints.require(list.is_some(), "transactStatements");
        let count = list.as_ref().map(Vec::len);
        if count == Some(0) {
            constraints.note(Some("[]"), "transactStatements", "have length greater than or equal to 1");
        }
        if count.is_some_and(|count| count > quota::TRANSACTION_LEN_MAX) {
            constraints.note(Some("[…]"), "transactStatements", "have length less than or equal to 100");
        }
        let mut read = Vec::new();
        for (members, number) in list.into_iter().flatten().zip(1..) {
            let path = format!("transactStatements.{number}.member.");
            read.push(Parameters::read(members, &path, &mut constraints)?);
        }
        let token = Token::read(members, "TransactStatements", &mut constraints)?;
        let capacity = validate::capacity_detail(members, &mut constraints)?;
        constraints.finish()?;
        let statements = read.into_iter().map(|parameters| {
            let item_on_failure = parameters.item_on_failure;
            Ok((parameters.statement()?, item_on_failure))
        });
        let statements = statements.collect::<Result<Vec<_>, Failure>>()?;
        for ((statement, _), index) in statements.iter().zip(0..) {
            match statement {
                Statement::Select(select) if select.index.is_some() => {
                    return Err(message::index_in_transaction(index).into());
                }
                Statement::Update { returning, .. } | Statement::Delete { returning, .. }
                    if *returning != Returning::Nothing =>
                {
                    return Err(message::returning_in_transaction(index).into());
                }
                _ => {}
            }
        }
        let mut reads = statements.iter().map(|(statement, _)| matches!(statement, Statement::Select(_)));
        if reads.next().is_some_and(|first| reads.any(|other| other != first)) {
            return Err(message::transaction_mixes_reads_and_writes().into());
        }
        Ok(ExecuteTransaction { statements, token, capacity })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        for (statement, _) in &self.statements {
            database.existing(statement.table())?;
        }
        let selects: Vec<&Select> = self
            .statements
            .iter()
            .filter_map(|(statement, _)| match statement {
                Statement::Select(select) => Some(select),
                _ => None,
            })
            .collect();
        if selects.is_empty() { self.write(database) } else { self.read(database, &selects) }
    }

    fn read(&self, database: &Database, selects: &[&Select]) -> Result<Response, Failure> {
        let mut responses = Vec::new();
        let mut consumed: BTreeMap<&str, Consumed> = BTreeMap::new();
        for (select, index) in selects.iter().zip(0..) {
            let table = database.existing(&select.table)?;
            let found = statement::single_key(select, table)
                .and_then(|(key, condition)| Ok((key::of_request(table.key_schema(), &key)?, condition)));
            let (key, condition) = found.map_err(|message| cancelled(selects.len(), index, &message))?;
            let item = table.get(&key);
            let bytes = item.map_or(0, |item| item.size_bytes());
            consumed.entry(&select.table).or_default().add(Consumed::read(bytes, true));
            let item = item.filter(|item| condition.is_none_or(|condition| condition.holds(item)));
            responses.push(match (item, statement::projection(select)) {
                (None, _) => json!({}),
                (Some(item), None) => json!({"Item": wire::item_to_json(item)}),
                (Some(item), Some(projection)) => {
                    json!({"Item": wire::item_to_json(&projection.apply(item))})
                }
            });
        }
        Ok(self.respond(responses, consumed, Kind::TransactionalRead))
    }

    fn write(&self, database: &mut Database) -> Result<Response, Failure> {
        if let Some(token) = &self.token
            && token.is_repeated(database)?
        {
            let writes = self.statement_writes(database)?.into_iter().map(|statement| statement.write);
            let writes: Vec<Write> = writes.collect();
            let consumed = transact_write_items::repeated(database, &writes, self.capacity)?;
            let responses = writes.iter().map(|_| json!({})).collect();
            return Ok(Response::default()
                .with_json("Responses", Some(responses))
                .with_json("ConsumedCapacity", consumed));
        }
        let statements = self.statement_writes(database)?;
        let writes: Vec<Write> = statements.iter().map(|statement| statement.write.clone()).collect();
        let outcomes = transact_write_items::outcomes(database, &writes)
            .map_err(|failure| name_duplicates(failure, &statements))?;
        let mut responses = Vec::new();
        let mut consumed: BTreeMap<&str, Consumed> = BTreeMap::new();
        for (statement, outcome) in statements.iter().zip(&outcomes) {
            let table = database.existing(&statement.write.table)?;
            let used = Consumed::write(table, outcome.old.as_deref(), outcome.new.as_deref());
            consumed.entry(&statement.write.table).or_default().add(used);
            let returned = statement.returned(outcome.old.as_ref(), outcome.new.as_ref());
            responses
                .push(returned.map_or_else(|| json!({}), |item| json!({"Item": wire::item_to_json(&item)})));
        }
        transact_write_items::commit(database, &writes, outcomes)?;
        if let Some(token) = &self.token {
            token.remember(database);
        }
        Ok(self.respond(responses, consumed, Kind::TransactionalWrite))
    }

    fn statement_writes(&self, database: &Database) -> Result<Vec<StatementWrite>, Failure> {
        let mut writes = Vec::new();
        for ((statement, item_on_failure), index) in self.statements.iter().zip(0..) {
            let table = database.existing(statement.table())?;
            match statement::write_of(statement, table, *item_on_failure) {
                Ok(write) => writes.extend(write),
                Err(Failure::Violation(violation)) => {
                    return Err(cancelled(self.statements.len(), index, &violation.message));
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(writes)
    }

    fn respond(&self, responses: Vec<Value>, consumed: BTreeMap<&str, Consumed>, kind: Kind) -> Response {
        let consumed: Vec<Value> = consumed
            .into_iter()
            .filter_map(|(table, consumed)| consumed.report(table, self.capacity, kind))
            .collect();
        Response::default()
            .with_json("Responses", Some(Value::Array(responses)))
            .with_json("ConsumedCapacity", (!consumed.is_empty()).then_some(Value::Array(consumed)))
    }
}

/// What fails an INSERT is not a condition of the user's: the item is already there.
fn name_duplicates(failure: Failure, statements: &[StatementWrite]) -> Failure {
    let Failure::Error(Error::TransactionCanceledException { mut reasons }) = failure else { return failure };
    for (reason, statement) in reasons.iter_mut().zip(statements) {
        if statement.is_insert && reason.code == "ConditionalCheckFailed" {
            let message = Some(Error::DuplicateItemException.to_string());
            *reason = CancellationReason {
                code: "DuplicateItem",
                message,
                item: reason.item.as_ref().map(Arc::clone),
            };
        }
    }
    Error::TransactionCanceledException { reasons }.into()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::dynamodb::operation::testing::{check, check_all, database};

    fn transaction(statements: &[&str]) -> Value {
        let statements: Vec<Value> = statements.iter().map(|text| json!({"Statement": text})).collect();
        json!({"TransactStatements": statements})
    }

    #[test]
    fn all_or_nothing() {
        let mut all = transaction(&[
            "INSERT INTO one VALUE {'pk': 'new'}",
            "EXISTS(SELECT * FROM two WHERE pk = 'a' AND sk = 1 AND v = 'one')",
            "UPDATE one SET n = 6 WHERE pk = 'a'",
        ]);
        all["ReturnConsumedCapacity"] = "TOTAL".into();
        check_all(
            &[
                ("ExecuteTransaction", all.clone()),
                ("ExecuteTransaction", all),
                (
                    "ExecuteTransaction",
                    transaction(&["SELECT n FROM one WHERE pk = 'a'", "SELECT * FROM one WHERE pk = 'x'"]),
                ),
            ],
            expect![[r#"
                {"Responses":[{},{},{}],"ConsumedCapacity":[{"TableName":"one","CapacityUnits":4.0,"WriteCapacityUnits":4.0},{"TableName":"two","CapacityUnits":2.0,"WriteCapacityUnits":2.0}]}
                TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [DuplicateItem, None, None]
                {"Responses":[{"Item":{"n":{"N":"6"}}},{}]}"#]],
        );
        let mut database = database();
        let before = database.clone();
        let failing =
            transaction(&["DELETE FROM one WHERE pk = 'a'", "UPDATE one SET n = 1 WHERE pk = 'nobody'"]);
        assert!(database.call("ExecuteTransaction", &failing).is_err());
        assert_eq!(before, database);
    }

    #[test]
    fn mistakes() {
        check(
            "ExecuteTransaction",
            json!({}),
            expect![[
                r#"ValidationException: 1 validation error detected: Value null at 'transactStatements' failed to satisfy constraint: Member must not be null"#
            ]],
        );
        check(
            "ExecuteTransaction",
            transaction(&["DELETE FROM two WHERE pk = 'a'"]),
            expect![[
                r#"TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [ValidationError]"#
            ]],
        );
        check(
            "ExecuteTransaction",
            transaction(&["DELETE FROM one WHERE pk = 'a'", "SELECT * FROM one WHERE pk = 'a'"]),
            expect![[
                r#"ValidationException: ExecuteTransaction API does not support both read and write operations in the same request"#
            ]],
        );
        check(
            "ExecuteTransaction",
            transaction(&["SELECT * FROM one"]),
            expect![[
                r#"TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [ValidationError]"#
            ]],
        );
        check(
            "ExecuteTransaction",
            transaction(&["SELECT * FROM none WHERE pk = 'a'"]),
            expect!["ResourceNotFoundException: Requested resource not found"],
        );
    }
}
