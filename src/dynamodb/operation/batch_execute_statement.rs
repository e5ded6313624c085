//! BatchExecuteStatement: carries out up to 25 statements, each for one item and each on its own.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html>

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::Operation;
use super::statement::{self, Parameters};
use super::write::Reports;
use crate::dynamodb::attribute::Item;
use crate::dynamodb::capacity::{CapacityDetail, Consumed, Kind};
use crate::dynamodb::error::{Error, Failure};
use crate::dynamodb::key;
use crate::dynamodb::message;
use crate::dynamodb::partiql::Statement;
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::{self, Constraints};
use crate::dynamodb::wire::{self, Members};
use crate::dynamodb::{Database, request};
use crate::spec::quota;

/// Several statements.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct BatchExecuteStatement {
    statements: Vec<BatchStatement>,
    capacity: CapacityDetail,
}

/// A statement, or what is wrong with it, which fails it alone.
#[derive(Clone, Debug)]
struct BatchStatement {
    statement: Result<Statement, Failure>,
    item_on_failure: bool,
    consistent: bool,
}

/// What one statement comes to.
struct Outcome {
    item: Option<Arc<Item>>,
    consumed: Option<Value>,
}

impl BatchExecuteStatement {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<BatchExecuteStatement, Failure> {
        let list = members.structures("Statements")?;
        let mut constraints = Constraints::default();
        constraints.require(list.is_some(), "statements");
        let count = list.as_ref().map(Vec::len);
        if count == Some(0) {
            constraints.note(Some("[]"), "statements", "have length greater than or equal to 1");
        }
        if count.is_some_and(|count| count > quota::BATCH_STATEMENTS_MAX) {
            constraints.note(Some("[…]"), "statements", "have length less than or equal to 25");
        }
        let mut read = Vec::new();
        for (members, number) in list.into_iter().flatten().zip(1..) {
            let path = format!("statements.{number}.member.");
            let parameters = Parameters::read(members, &path, &mut constraints)?;
            read.push((parameters, members.boolean("ConsistentRead")?.unwrap_or_default()));
        }
        let capacity = validate::capacity_detail(members, &mut constraints)?;
        constraints.finish()?;
        let statements: Vec<BatchStatement> = read
            .into_iter()
            .map(|(parameters, consistent)| BatchStatement {
                item_on_failure: parameters.item_on_failure,
                statement: parameters.statement(),
                consistent,
            })
            .collect();
        let reads = statements.iter().filter_map(|statement| statement.statement.as_ref().ok());
        let mut reads = reads.map(|statement| matches!(statement, Statement::Select(_)));
        if reads.next().is_some_and(|first| reads.any(|other| other != first)) {
            return Err(message::batch_mixes_reads_and_writes().into());
        }
        Ok(BatchExecuteStatement { statements, capacity })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let generation = database.generation;
        let mut responses = Vec::new();
        let mut consumed = Vec::new();
        for statement in &self.statements {
            let mut response = Map::new();
            if let Ok(statement) = &statement.statement {
                response.insert("TableName".to_owned(), (&**statement.table()).into());
            }
            match self.run_one(statement, database) {
                Ok(outcome) => {
                    if let Some(item) = outcome.item {
                        response.insert("Item".to_owned(), wire::item_to_json(&item));
                    }
                    consumed.extend(outcome.consumed);
                }
                Err(failure) => {
                    let error = request::to_error(failure, generation, Operation::BatchExecuteStatement);
                    response.insert("Error".to_owned(), error_member(&error));
                }
            }
            responses.push(Value::Object(response));
        }
        Ok(Response::default()
            .with_json("Responses", Some(Value::Array(responses)))
            .with_json("ConsumedCapacity", (!consumed.is_empty()).then_some(Value::Array(consumed))))
    }

    fn run_one(&self, batch: &BatchStatement, database: &mut Database) -> Result<Outcome, Failure> {
        let statement = batch.statement.as_ref().map_err(Failure::clone)?;
        let table = database.existing(statement.table())?;
        if let Statement::Select(select) = statement {
            let (key, condition) = statement::single_key(select, table)?;
            let key = key::of_request(table.key_schema(), &key)?;
            let item = table.get(&key);
            let bytes = item.map_or(0, |item| item.size_bytes());
            let consumed = Consumed::read(bytes, batch.consistent);
            let item = item.filter(|item| condition.is_none_or(|condition| condition.holds(item)));
            let item = item.map(|item| match statement::projection(select) {
                Some(projection) => Arc::new(projection.apply(item)),
                None => Arc::clone(item),
            });
            return Ok(Outcome { item, consumed: consumed.report(table.name(), self.capacity, Kind::Plain) });
        }
        if let Statement::Exists(_) = statement {
            return Err(message::exists_outside_transaction().into());
        }
        let Some(write) = statement::write_of(statement, table, batch.item_on_failure)? else {
            return Ok(Outcome { item: None, consumed: None });
        };
        let reports = Reports { capacity: self.capacity, collections: false };
        let written = write.write.carry_out(database, reports).map_err(|failure| match failure {
            Failure::Error(Error::ConditionalCheckFailedException { .. }) if write.is_insert => {
                Error::DuplicateItemException.into()
            }
            other => other,
        })?;
        let item = write.returned(written.old.as_ref(), written.new.as_ref());
        Ok(Outcome { item, consumed: written.into_consumed() })
    }
}

/// An error as the member of one response: its code has no `Exception` at the end.
fn error_member(error: &Error) -> Value {
    let code = match error {
        Error::ValidationException { .. } => "ValidationError",
        error => error.code().strip_suffix("Exception").unwrap_or(error.code()),
    };
    let mut member = json!({"Code": code, "Message": error.to_string()});
    if let (Value::Object(member), Error::ConditionalCheckFailedException { item: Some(item) }) =
        (&mut member, error)
    {
        member.insert("Item".to_owned(), wire::item_to_json(item));
    }
    member
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::dynamodb::operation::testing::check;

    fn batch(statements: &[&str]) -> Value {
        let statements: Vec<Value> = statements.iter().map(|text| json!({"Statement": text})).collect();
        json!({"Statements": statements})
    }

    #[test]
    fn each_statement_for_itself() {
        check(
            "BatchExecuteStatement",
            batch(&[
                "INSERT INTO one VALUE {'pk': 'a'}",
                "UPDATE one SET n = 6 WHERE pk = 'a' RETURNING MODIFIED OLD *",
                "UPDATE one SET n = 6 WHERE pk = 'a' AND n = 5",
                "DELETE FROM none WHERE pk = 'a'",
                "DELETE FROM one",
            ]),
            expect![[
                r#"{"Responses":[{"TableName":"one","Error":{"Code":"DuplicateItem","Message":"Duplicate primary key exists in table"}},{"TableName":"one","Item":{"n":{"N":"5"}}},{"TableName":"one","Error":{"Code":"ConditionalCheckFailed","Message":"The conditional request failed"}},{"TableName":"none","Error":{"Code":"ResourceNotFound","Message":"Requested resource not found"}},{"Error":{"Code":"ValidationError","Message":"Where clause does not contain a mandatory equality on all key attributes"}}]}"#
            ]],
        );
        check(
            "BatchExecuteStatement",
            batch(&[
                "SELECT v FROM two WHERE pk = 'a' AND sk = 1",
                "SELECT v FROM two WHERE pk = 'a' AND sk = 7",
                "SELECT v FROM two WHERE pk = 'a'",
            ]),
            expect![[
                r#"{"Responses":[{"TableName":"two","Item":{"v":{"S":"one"}}},{"TableName":"two"},{"TableName":"two","Error":{"Code":"ValidationError","Message":"Select statements within BatchExecuteStatement must specify the primary key in the where clause."}}]}"#
            ]],
        );
    }

    #[test]
    fn mistakes() {
        check(
            "BatchExecuteStatement",
            json!({}),
            expect![[
                r#"ValidationException: 1 validation error detected: Value null at 'statements' failed to satisfy constraint: Member must not be null"#
            ]],
        );
        check(
            "BatchExecuteStatement",
            batch(&[]),
            expect![[
                r#"ValidationException: 1 validation error detected: Value '[]' at 'statements' failed to satisfy constraint: Member must have length greater than or equal to 1"#
            ]],
        );
        check(
            "BatchExecuteStatement",
            batch(&["x"; 26]),
            expect![[
                r#"ValidationException: 1 validation error detected: Value '[…]' at 'statements' failed to satisfy constraint: Member must have length less than or equal to 25"#
            ]],
        );
        check(
            "BatchExecuteStatement",
            batch(&["SELECT * FROM one WHERE pk = 'a'", "DELETE FROM one WHERE pk = 'a'"]),
            expect![[
                r#"ValidationException: Select and data modification statements are not allowed in a single batch"#
            ]],
        );
    }
}
