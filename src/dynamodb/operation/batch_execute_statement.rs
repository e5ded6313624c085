//! BatchExecuteStatement: carries out up to 25 statements, each for one item and each on its own.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html>

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use smol_str::SmolStr;

use super::Operation;
use super::statement::{self, Parameters, StatementWrite};
use super::write::Reports;
use crate::dynamodb::capacity::{CapacityDetail, Consumed, ConsumedByTable, Kind};
use crate::dynamodb::error::{Error, Failure};
use crate::dynamodb::expression::projection::Projection;
use crate::dynamodb::item::{GivenItem, Item};
use crate::dynamodb::key::{self, PrimaryKey};
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::partiql::Statement;
use crate::dynamodb::response::Response;
use crate::dynamodb::table::Table;
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
    consistent: bool,
}

/// A statement that fits its table.
struct Prepared {
    table: SmolStr,
    access: Access,
}

enum Access {
    Read { key: GivenItem, projection: Option<Projection>, consistent: bool },
    Write(StatementWrite),
}

/// What one statement comes to.
struct Outcome {
    item: Option<Item>,
    consumed: Consumed,
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
                statement: parameters.parse().into_result(),
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
        self.refuse_duplicates(database)?;
        let generation = database.generation;
        let mut responses = Vec::new();
        let mut consumed = ConsumedByTable::default();
        for statement in &self.statements {
            let mut response = Map::new();
            // AWS: the table is told once the statement is carried out, whether that succeeds or fails.
            let outcome = self.prepare(statement, database).and_then(|prepared| {
                response.insert("TableName".to_owned(), (&*prepared.table).into());
                let outcome = prepared.carry_out(database)?;
                consumed.add(&prepared.table, outcome.consumed);
                Ok(outcome.item)
            });
            match outcome {
                Ok(item) => {
                    if let Some(item) = item {
                        response.insert("Item".to_owned(), wire::item_to_json(&item));
                    }
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
            .with_json("ConsumedCapacity", consumed.report(self.capacity, Kind::Plain)))
    }

    /// No two statements may be about one item.
    fn refuse_duplicates(&self, database: &Database) -> Result<(), Failure> {
        let mut seen = BTreeSet::new();
        for statement in &self.statements {
            let Ok(prepared) = self.prepare(statement, database) else { continue };
            let table = database.existing(&prepared.table)?;
            let Ok(key) = prepared.key(table) else { continue };
            if !seen.insert((prepared.table, key)) {
                return Err(message::duplicate_keys().into());
            }
        }
        Ok(())
    }

    /// What a statement comes to before it is carried out.
    fn prepare(&self, batch: &BatchStatement, database: &Database) -> Result<Prepared, Failure> {
        let statement = batch.statement.as_ref().map_err(Failure::clone)?;
        let table = database.existing(statement.table())?;
        let access = match statement {
            Statement::Exists(_) => return Err(message::exists_outside_transaction().into()),
            Statement::Select(select) => Access::Read {
                key: statement::single_key(select, table, "BatchExecuteStatement")?,
                projection: statement::projection(select),
                consistent: batch.consistent,
            },
            // AWS: what fails a condition is not shown in a batch.
            _ => match statement::write_of(statement, table, false)? {
                Some(write) => Access::Write(write),
                None => return Err(message::exists_outside_transaction().into()),
            },
        };
        Ok(Prepared { table: SmolStr::new(table.name()), access })
    }
}

impl Prepared {
    fn key(&self, table: &Table) -> Result<PrimaryKey, Message> {
        match &self.access {
            Access::Read { key, .. } => key::of_request(table.key_schema(), key),
            Access::Write(write) => write.write.key(table),
        }
    }

    fn carry_out(&self, database: &mut Database) -> Result<Outcome, Failure> {
        let write = match &self.access {
            Access::Read { projection, consistent, .. } => {
                let table = database.existing(&self.table)?;
                let item = table.get(&self.key(table)?);
                let bytes = item.map_or(0, |item| item.size_bytes());
                let item = item.map(|item| match projection {
                    Some(projection) => projection.apply(item),
                    None => item.clone(),
                });
                return Ok(Outcome { item, consumed: Consumed::read(bytes, *consistent) });
            }
            Access::Write(write) => write,
        };
        let written =
            write.write.carry_out(database, Reports::default()).map_err(|failure| match failure {
                Failure::Error(Error::ConditionalCheckFailedException { .. }) if write.is_insert => {
                    Error::DuplicateItemException.into()
                }
                other => other,
            })?;
        let (old, new) = (written.old.as_ref(), written.new.as_ref());
        let table = database.existing(&self.table)?;
        let consumed = Consumed::write(table, old, new);
        Ok(Outcome { item: write.returned(old, new), consumed })
    }
}

/// An error as the member of one response: its code has no `Exception` at the end.
fn error_member(error: &Error) -> Value {
    let code = match error {
        Error::ValidationException { .. } => "ValidationError",
        error => error.code().strip_suffix("Exception").unwrap_or(error.code()),
    };
    json!({"Code": code, "Message": error.to_string()})
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
            expect!["ValidationException: Provided list of item keys contains duplicates"],
        );
        check(
            "BatchExecuteStatement",
            batch(&[
                "SELECT v FROM two WHERE pk = 'a' AND sk = 1",
                "SELECT v FROM two WHERE pk = 'a' AND sk = 7",
                "SELECT v FROM two WHERE pk = 'a'",
            ]),
            expect![[
                r#"{"Responses":[{"TableName":"two","Item":{"v":{"S":"one"}}},{"TableName":"two"},{"Error":{"Code":"ValidationError","Message":"Select statements within BatchExecuteStatement must specify the primary key in the where clause."}}]}"#
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
            expect![
                "ValidationException: Read and write requests together in the same batch is not supported."
            ],
        );
    }

    #[test]
    fn what_a_batch_refuses() {
        let one = "SELECT * FROM one WHERE pk = 'a'";
        check(
            "BatchExecuteStatement",
            batch(&[one, one]),
            expect!["ValidationException: Provided list of item keys contains duplicates"],
        );
        check(
            "BatchExecuteStatement",
            batch(&[
                "SELECT v FROM two WHERE pk IN ['a'] AND sk = 1",
                "SELECT v FROM two WHERE pk = 'a' AND sk = 1 AND v = 'one'",
                "SELECT v FROM two WHERE pk = 'a' AND sk = 1 AND pk = 'b'",
                "SELECT v FROM two.gsi WHERE pk = 'a' AND sk = 1 AND gk = 'g'",
                "SELECT v FROM none WHERE pk = 'a'",
                "SLECT v FROM two",
            ]),
            expect![[
                r#"{"Responses":[{"TableName":"two","Item":{"v":{"S":"one"}}},{"Error":{"Code":"ValidationError","Message":"Select statements within BatchExecuteStatement must specify the primary key in the where clause."}},{"Error":{"Code":"ValidationError","Message":"Select statements within BatchExecuteStatement must specify the primary key in the where clause."}},{"Error":{"Code":"ValidationError","Message":"Select statements within BatchExecuteStatement must specify the primary key in the where clause."}},{"Error":{"Code":"ResourceNotFound","Message":"Requested resource not found"}},{"Error":{"Code":"ValidationError","Message":"Statement wasn't well formed, can't be processed: Expected data manipulation"}}]}"#
            ]],
        );
    }

    #[test]
    fn capacity_is_that_of_a_table() {
        let mut request = batch(&["INSERT INTO one VALUE {'pk': 'x'}", "DELETE FROM one WHERE pk = 'a'"]);
        request["ReturnConsumedCapacity"] = "TOTAL".into();
        check(
            "BatchExecuteStatement",
            request,
            expect![[
                r#"{"Responses":[{"TableName":"one"},{"TableName":"one"}],"ConsumedCapacity":[{"TableName":"one","CapacityUnits":2.0}]}"#
            ]],
        );
    }
}
