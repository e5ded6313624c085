//! ExecuteTransaction: carries out up to a hundred statements, all or none of them.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html>

use serde_json::{Value, json};

use super::client_token::Token;
use super::statement::{self, Parameters, Parsed, StatementWrite};
use super::transact_write_items::{self, check_distinct};
use super::write::Write;
use crate::dynamodb::Database;
use crate::dynamodb::capacity::{CapacityDetail, Consumed, ConsumedByTable, Kind};
use crate::dynamodb::error::{CancellationReason, Error, Failure, Violation};
use crate::dynamodb::key;
use crate::dynamodb::message::{self, Message};
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
        let parsed: Vec<(Parsed, bool)> = read
            .into_iter()
            .map(|parameters| {
                let item_on_failure = parameters.item_on_failure;
                (parameters.parse(), item_on_failure)
            })
            .collect();
        // AWS: bad parameters of any statement come before what is wrong with a statement.
        let bad_parameter = parsed.iter().find_map(|(parsed, _)| match parsed {
            Parsed::BadParameter(failure) => Some(failure.clone()),
            Parsed::Statement(_) | Parsed::BadStatement(_) => None,
        });
        bad_parameter.map_or(Ok(()), Err)?;
        let statements = parsed.into_iter().enumerate().map(|(index, (parsed, item_on_failure))| {
            let statement = parsed.into_result().map_err(|failure| in_statement(failure, index))?;
            Ok((statement, item_on_failure))
        });
        let statements = statements.collect::<Result<Vec<_>, Failure>>()?;
        let mut reads = statements.iter().map(|(statement, _)| matches!(statement, Statement::Select(_)));
        if reads.next().is_some_and(|first| reads.any(|other| other != first)) {
            return Err(message::transaction_mixes_reads_and_writes().into());
        }
        Ok(ExecuteTransaction { statements, token, capacity })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
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
        let keys = each_or_cancelled(selects, |index, select| {
            let Ok(table) = database.existing(&select.table) else { return Ok(Err(table_missing())) };
            if select.index.is_some() {
                return Err(in_statement(message::index_in_transaction().into(), index));
            }
            let key = statement::single_key(select, table, "ExecuteTransaction")
                .map_err(|message| in_statement(message.into(), index))?;
            reason_or(key::of_request(table.key_schema(), &key))
        })?;
        check_distinct(selects.iter().map(|select| &*select.table).zip(&keys).collect())?;
        let mut responses = Vec::new();
        let mut consumed = ConsumedByTable::default();
        for (select, key) in selects.iter().zip(&keys) {
            let item = database.existing(&select.table)?.get(key);
            let bytes = item.map_or(0, |item| item.size_bytes());
            consumed.add(&select.table, Consumed::read(bytes, true));
            responses.push(match (item, statement::projection(select)) {
                (None, _) => json!({}),
                (Some(item), None) => json!({"Item": wire::item_to_json(item)}),
                (Some(item), Some(projection)) => {
                    json!({"Item": wire::item_to_json(&projection.apply(item))})
                }
            });
        }
        Ok(self.respond(responses, &consumed, Kind::TransactionalRead))
    }

    fn write(&self, database: &mut Database) -> Result<Response, Failure> {
        if let Some(token) = &self.token
            && let Some(used) = token.repeated(database)?
        {
            let consumed = used.consumed_again(self.capacity);
            return Ok(Response::default()
                .with_json("Responses", Some(json!([])))
                .with_json("ConsumedCapacity", consumed));
        }
        let statements = self.statement_writes(database)?;
        let writes: Vec<Write> = statements.iter().map(|statement| statement.write.clone()).collect();
        let outcomes = transact_write_items::outcomes(database, &writes)
            .map_err(|failure| name_duplicates(failure, &statements))?;
        let mut consumed = ConsumedByTable::default();
        for (statement, outcome) in statements.iter().zip(&outcomes) {
            let table = database.existing(&statement.write.table)?;
            let used = Consumed::write(table, outcome.old.as_ref(), outcome.new.as_ref());
            consumed.add(&statement.write.table, used);
        }
        if let Some(token) = &self.token {
            token.remember(database, &writes, &outcomes);
        }
        transact_write_items::commit(database, &writes, outcomes)?;
        // AWS: writes have no responses.
        Ok(self.respond(Vec::new(), &consumed, Kind::TransactionalWrite))
    }

    fn statement_writes(&self, database: &Database) -> Result<Vec<StatementWrite>, Failure> {
        each_or_cancelled(&self.statements, |index, (statement, item_on_failure)| {
            let Ok(table) = database.existing(statement.table()) else { return Ok(Err(table_missing())) };
            if let Statement::Update { returning, .. } | Statement::Delete { returning, .. } = statement
                && *returning != Returning::Nothing
            {
                return Err(in_statement(message::returning_in_transaction().into(), index));
            }
            match statement::write_of(statement, table, *item_on_failure) {
                Ok(Some(write)) => match write.write.key(table) {
                    Err(message) if !message.fails_request() => reason_or(Err(message)),
                    _ => Ok(Ok(write)),
                },
                Ok(None) => Err(message::transaction_mixes_reads_and_writes().into()),
                Err(failure) if matches!(statement, Statement::Exists(_)) => {
                    Err(in_statement(failure, index))
                }
                // AWS: a write without a whole key is one with a wrong key.
                Err(Failure::Violation(violation)) => reason_or(Err(match violation.message {
                    message if message == message::where_without_keys() => message::key_does_not_match(),
                    message => message,
                })),
                Err(failure) => Err(failure),
            }
        })
    }

    fn respond(&self, responses: Vec<Value>, consumed: &ConsumedByTable, kind: Kind) -> Response {
        Response::default()
            .with_json("Responses", Some(Value::Array(responses)))
            .with_json("ConsumedCapacity", consumed.report(self.capacity, kind))
    }
}

/// What each element comes to, or the cancellation with the reasons of those that come to nothing.
fn each_or_cancelled<E, T>(
    elements: &[E],
    one: impl Fn(usize, &E) -> Result<Result<T, CancellationReason>, Failure>,
) -> Result<Vec<T>, Failure> {
    let mut values = Vec::with_capacity(elements.len());
    let mut reasons = Vec::with_capacity(elements.len());
    for (element, index) in elements.iter().zip(0..) {
        match one(index, element)? {
            Ok(value) => {
                values.push(value);
                reasons.push(CancellationReason::NONE);
            }
            Err(reason) => reasons.push(reason),
        }
    }
    match values.len() == elements.len() {
        true => Ok(values),
        false => Err(Error::TransactionCanceledException { reasons }.into()),
    }
}

fn reason_or<T>(result: Result<T, Message>) -> Result<Result<T, CancellationReason>, Failure> {
    Ok(result.map_err(|message| transact_write_items::validation_error(&message)))
}

fn table_missing() -> CancellationReason {
    let message = Some(message::table_not_found().to_string());
    CancellationReason { code: "ResourceNotFound", message, item: None }
}

/// The failure as one of a statement of the transaction.
fn in_statement(failure: Failure, index: usize) -> Failure {
    match failure {
        Failure::Violation(violation) => Failure::Violation(Violation {
            message: message::in_transact_statement(violation.message, index),
            location: violation.location,
        }),
        other => other,
    }
}

/// What fails an INSERT is not a condition of the user's: the item is already there.
fn name_duplicates(failure: Failure, statements: &[StatementWrite]) -> Failure {
    let Failure::Error(Error::TransactionCanceledException { mut reasons }) = failure else { return failure };
    for (reason, statement) in reasons.iter_mut().zip(statements) {
        if statement.is_insert && reason.code == "ConditionalCheckFailed" {
            let message = Some(Error::DuplicateItemException.to_string());
            *reason = CancellationReason { code: "DuplicateItem", message, item: reason.item.clone() };
        }
    }
    Error::TransactionCanceledException { reasons }.into()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
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
                {"Responses":[],"ConsumedCapacity":[{"TableName":"one","CapacityUnits":4.0,"WriteCapacityUnits":4.0},{"TableName":"two","CapacityUnits":2.0,"WriteCapacityUnits":2.0}]}
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
            expect![
                "ValidationException: ExecuteTransaction API does not support both read and write operations in the same request."
            ],
        );
        check(
            "ExecuteTransaction",
            transaction(&["SELECT * FROM one"]),
            expect![
                "ValidationException: Validation failed in TransactStatements[0]: Select statements within ExecuteTransaction must specify the primary key in the where clause."
            ],
        );
        check(
            "ExecuteTransaction",
            transaction(&["SELECT * FROM none WHERE pk = 'a'"]),
            expect![
                "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [ResourceNotFound]"
            ],
        );
    }

    /// Compares the answer of a transaction with its reasons.
    #[track_caller]
    fn refused(statements: &[&str], expected: Expect) {
        let error = database().call("ExecuteTransaction", &transaction(statements)).unwrap_err();
        expected.assert_eq(&error.to_json().to_string());
    }

    #[test]
    fn what_a_transaction_refuses() {
        let one = "SELECT * FROM one WHERE pk = 'a'";
        refused(
            &["DELETE FROM one WHERE pk = 'a'", "SELECT * FROM one WHERE"],
            expect![[
                r#"{"__type":"com.amazon.coral.validate#ValidationException","message":"Validation failed in TransactStatements[1]: Statement wasn't well formed, can't be processed: Unexpected term"}"#
            ]],
        );
        refused(
            &["SELECT * FROM one WHERE pk = 'a' AND n = 5"],
            expect![[
                r#"{"__type":"com.amazon.coral.validate#ValidationException","message":"Validation failed in TransactStatements[0]: Select statements within ExecuteTransaction must specify the primary key in the where clause."}"#
            ]],
        );
        refused(
            &["SELECT * FROM one WHERE pk IN ['a', 'a']"],
            expect![[
                r#"{"__type":"com.amazon.coral.validate#ValidationException","message":"Validation failed in TransactStatements[0]: Overlapping conditions with range keys are not supported in where clause"}"#
            ]],
        );
        refused(
            &[one, "SELECT n FROM one WHERE pk IN ['a']"],
            expect![[
                r#"{"__type":"com.amazon.coral.validate#ValidationException","message":"Transaction request cannot include multiple operations on one item"}"#
            ]],
        );
        refused(
            &[one, one, "SELECT * FROM one WHERE pk = 1"],
            expect![[
                r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Transaction cancelled, please refer cancellation reasons for specific reasons [None, None, ValidationError]","CancellationReasons":[{"Code":"None"},{"Code":"None"},{"Code":"ValidationError","Message":"The provided key element does not match the schema"}]}"#
            ]],
        );
        refused(
            &[one, "SELECT * FROM none.gsi WHERE pk = 'a'"],
            expect![[
                r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Transaction cancelled, please refer cancellation reasons for specific reasons [None, ResourceNotFound]","CancellationReasons":[{"Code":"None"},{"Code":"ResourceNotFound","Message":"Requested resource not found"}]}"#
            ]],
        );
        refused(
            &[
                "UPDATE none SET n = 1 WHERE pk = 'a' RETURNING ALL NEW *",
                "UPDATE two SET v = 'x' WHERE pk = 'a'",
                "UPDATE two SET v = 'x' WHERE pk = 'a' AND sk = '1'",
                "INSERT INTO two VALUE {'pk': 'x'}",
                "DELETE FROM one WHERE pk = 'a'",
            ],
            expect![[
                r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Transaction cancelled, please refer cancellation reasons for specific reasons [ResourceNotFound, ValidationError, ValidationError, ValidationError, None]","CancellationReasons":[{"Code":"ResourceNotFound","Message":"Requested resource not found"},{"Code":"ValidationError","Message":"The provided key element does not match the schema"},{"Code":"ValidationError","Message":"The provided key element does not match the schema"},{"Code":"ValidationError","Message":"One or more parameter values were invalid: Missing the key sk in the item"},{"Code":"None"}]}"#
            ]],
        );
        refused(
            &["UPDATE none SET n = 1 WHERE pk = 'a'", "DELETE FROM one WHERE pk = 'a' RETURNING ALL OLD *"],
            expect![[
                r#"{"__type":"com.amazon.coral.validate#ValidationException","message":"Validation failed in TransactStatements[1]: RETURNING clause is not supported in ExecuteTransaction."}"#
            ]],
        );
        refused(
            &["EXISTS(SELECT * FROM one WHERE pk = 'a')"],
            expect![[
                r#"{"__type":"com.amazon.coral.validate#ValidationException","message":"Validation failed in TransactStatements[0]: EXISTS() must contain a single item read with additional condition"}"#
            ]],
        );
        refused(
            &["EXISTS(SELECT * FROM one WHERE pk = 'a' AND n = 6)"],
            expect![[
                r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Transaction cancelled, please refer cancellation reasons for specific reasons [ConditionalCheckFailed]","CancellationReasons":[{"Code":"ConditionalCheckFailed","Message":"The conditional request failed"}]}"#
            ]],
        );
        let mut bad_parameter = transaction(&["SELECT", "SELECT * FROM one WHERE pk = ?"]);
        bad_parameter["TransactStatements"][1]["Parameters"] = json!([{"N": "x"}]);
        check(
            "ExecuteTransaction",
            bad_parameter,
            expect!["ValidationException: The parameter cannot be converted to a numeric value: x"],
        );
    }
}
