//! ExecuteStatement: carries out one PartiQL statement.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html>

use std::sync::Arc;

use serde_json::Value;

use super::read::Read;
use super::statement::{self, Parameters};
use super::write::Reports;
use crate::dynamodb::Database;
use crate::dynamodb::attribute::Item;
use crate::dynamodb::capacity::CapacityDetail;
use crate::dynamodb::error::{Error, Failure};
use crate::dynamodb::message;
use crate::dynamodb::partiql::Statement;
use crate::dynamodb::response::{Member, Response};
use crate::dynamodb::validate::{self, Constraints};
use crate::dynamodb::wire::{self, Members};

/// One statement.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct ExecuteStatement {
    statement: Statement,
    item_on_failure: bool,
    consistent: bool,
    limit: Option<usize>,
    start: Option<Arc<Item>>,
    capacity: CapacityDetail,
}

impl ExecuteStatement {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<ExecuteStatement, Failure> {
        let mut constraints = Constraints::default();
        let parameters = Parameters::read(members, "", &mut constraints)?;
        let consistent = members.boolean("ConsistentRead")?.unwrap_or_default();
        let limit = members.integer("Limit")?;
        let token = members.string("NextToken")?;
        constraints.at_least(limit, "limit", 1);
        let capacity = validate::capacity_detail(members, &mut constraints)?;
        constraints.finish()?;
        let item_on_failure = parameters.item_on_failure;
        let statement = parameters.statement()?;
        let start = token.map(statement::start_of_token).transpose()?;
        let limit = limit.and_then(|limit| usize::try_from(limit).ok());
        Ok(ExecuteStatement { statement, item_on_failure, consistent, limit, start, capacity })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let table = database.existing(self.statement.table())?;
        if let Statement::Select(select) = &self.statement {
            let read =
                Read::of_select(select, self.consistent, self.limit, self.start.clone(), self.capacity);
            return Ok(paged(statement::page(&read, select, table)?));
        }
        if let Statement::Exists(_) = self.statement {
            return Err(message::exists_outside_transaction().into());
        }
        let Some(write) = statement::write_of(&self.statement, table, self.item_on_failure)? else {
            return Ok(Response::default());
        };
        let reports = Reports { capacity: self.capacity, collections: false };
        let written = write.write.carry_out(database, reports).map_err(|failure| match failure {
            Failure::Error(Error::ConditionalCheckFailedException { .. }) if write.is_insert => {
                Error::DuplicateItemException.into()
            }
            other => other,
        })?;
        let returned = write.returned(written.old.as_ref(), written.new.as_ref());
        Ok(Response::default()
            .with_items("Items", Some(returned.into_iter().collect()))
            .with_json("ConsumedCapacity", written.into_consumed()))
    }
}

/// The response of a read, its last key also as a token.
fn paged(response: Response) -> Response {
    let member = |name: &str| match response.get(name) {
        Some(Member::Json(value)) => Some(value.clone()),
        _ => None,
    };
    let items = match response.get("Items") {
        Some(Member::Items(items)) => items.clone(),
        _ => Vec::new(),
    };
    let last = response.item("LastEvaluatedKey").cloned();
    let token = last.as_ref().map(|last| Value::from(statement::next_token(&wire::item_to_json(last))));
    Response::default()
        .with_items("Items", Some(items))
        .with_json("NextToken", token)
        .with_item("LastEvaluatedKey", last)
        .with_json("ConsumedCapacity", member("ConsumedCapacity"))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use crate::dynamodb::operation::testing::{answer, check, check_all, database};

    #[track_caller]
    fn run(statement: &str, parameters: Value, expected: Expect) {
        check("ExecuteStatement", json!({"Statement": statement, "Parameters": parameters}), expected);
    }

    #[test]
    fn select() {
        run(
            r#"SELECT n, m.b[0] FROM "one" WHERE pk = 'a'"#,
            json!(null),
            expect![[r#"{"Items":[{"b":{"S":"deep"},"n":{"N":"5"}}]}"#]],
        );
        run(
            "SELECT v FROM two WHERE pk = ? AND sk > ?",
            json!([{"S": "a"}, {"N": "1"}]),
            expect![[r#"{"Items":[{"v":{"S":"two"}},{"v":{"S":"ten"}}]}"#]],
        );
        run(
            "select v from two where pk = 'a' order by sk desc",
            json!(null),
            expect![[r#"{"Items":[{"v":{"S":"ten"}},{"v":{"S":"two"}},{"v":{"S":"one"}}]}"#]],
        );
        run(
            r#"SELECT pk, sk FROM "two"."gsi" WHERE gk = 'g'"#,
            json!(null),
            expect![[r#"{"Items":[{"pk":{"S":"a"},"sk":{"N":"1"}},{"pk":{"S":"a"},"sk":{"N":"2"}}]}"#]],
        );
        run(
            "SELECT v FROM two WHERE sk IN [1, -1] OR begins_with(v, 't')",
            json!(null),
            expect![[
                r#"{"Items":[{"v":{"S":"one"}},{"v":{"S":"two"}},{"v":{"S":"ten"}},{"v":{"S":"minus"}}]}"#
            ]],
        );
        run(
            "SELECT v FROM two WHERE gk IS MISSING AND NOT v = 'x' AND size(v) BETWEEN 3 AND 3",
            json!(null),
            expect![[r#"{"Items":[{"v":{"S":"ten"}}]}"#]],
        );
        run(
            "SELECT v FROM two WHERE lk IS NOT MISSING AND v <> 'two' AND lk IS NUMBER",
            json!(null),
            expect![[r#"{"Items":[{"v":{"S":"one"}}]}"#]],
        );
    }

    #[test]
    fn pages() {
        let mut database = database();
        let mut body = json!({"Statement": "SELECT v FROM two WHERE pk = 'a'", "Limit": 2});
        let first = database.call("ExecuteStatement", &body).unwrap();
        assert_eq!(first["Items"].as_array().unwrap().len(), 2);
        body["NextToken"] = first["NextToken"].clone();
        expect![[r#"{"Items":[{"v":{"S":"ten"}}]}"#]].assert_eq(&answer(
            &mut database,
            "ExecuteStatement",
            &body,
        ));
    }

    #[test]
    fn writes() {
        let run = |statement: &str| ("ExecuteStatement", json!({"Statement": statement}));
        check_all(
            &[
                run("INSERT INTO one VALUE {'pk': 'new', 'n': -1.50, 'l': [true, null, {'x': <<1, 2>>}]}"),
                run("INSERT INTO one VALUE {'pk': 'new'}"),
                run(
                    "UPDATE one SET n = n + 1 SET l[0] = 'it''s' REMOVE l[1] WHERE pk = 'new' RETURNING MODIFIED NEW *",
                ),
                run("UPDATE one SET tags = set_add(tags, <<'z'>>) WHERE pk = 'a' RETURNING MODIFIED NEW *"),
                run("UPDATE one SET n = 1 WHERE pk = 'nobody'"),
                run("UPDATE one SET n = 1 WHERE pk = 'a' AND n = 7"),
                run("DELETE FROM one WHERE pk = 'new' RETURNING ALL OLD *"),
                run("DELETE FROM one WHERE pk = 'new' RETURNING ALL OLD *"),
            ],
            expect![[r#"
                {"Items":[]}
                DuplicateItemException: Duplicate primary key exists in table
                {"Items":[{"l":{"L":[{"S":"it's"},{"M":{"x":{"NS":["1","2"]}}}]},"n":{"N":"-0.5"}}]}
                {"Items":[{"tags":{"SS":["x","y","z"]}}]}
                ConditionalCheckFailedException: The conditional request failed
                ConditionalCheckFailedException: The conditional request failed
                {"Items":[{"l":{"L":[{"S":"it's"},{"M":{"x":{"NS":["1","2"]}}}]},"n":{"N":"-0.5"},"pk":{"S":"new"}}]}
                {"Items":[]}"#]],
        );
    }

    #[test]
    fn mistakes() {
        run(
            "SELECT",
            json!(null),
            expect![[
                r#"ValidationException: Statement wasn't well formed, can't be processed: Unexpected end of statement"#
            ]],
        );
        run(
            "SELECT * FROM one WHERE",
            json!(null),
            expect![[
                r#"ValidationException: Statement wasn't well formed, can't be processed: Unexpected end of statement"#
            ]],
        );
        run(
            "SELECT * FROM one WHERE pk = 'a",
            json!(null),
            expect![[
                r#"ValidationException: Statement wasn't well formed, can't be processed: Unterminated quote"#
            ]],
        );
        run(
            "SELECT * FROM one WHERE pk = ?",
            json!(null),
            expect!["ValidationException: Number of parameters in request and statement don't match."],
        );
        run(
            "SELECT * FROM one WHERE pk = 'a'",
            json!([{"S": "x"}]),
            expect!["ValidationException: Number of parameters in request and statement don't match."],
        );
        run(
            "SELECT * FROM one",
            json!([]),
            expect![[
                r#"ValidationException: 1 validation error detected: Value '[]' at 'parameters' failed to satisfy constraint: Member must have length greater than or equal to 1"#
            ]],
        );
        run(
            "SELECT * FROM none",
            json!(null),
            expect!["ResourceNotFoundException: Requested resource not found"],
        );
        run(
            "SELECT * FROM one ORDER BY n",
            json!(null),
            expect![[
                r#"ValidationException: Must have WHERE clause in the statement when using ORDER BY clause."#
            ]],
        );
        run(
            "UPDATE two SET v = 1 WHERE pk = 'a'",
            json!(null),
            expect![[
                r#"ValidationException: Where clause does not contain a mandatory equality on all key attributes"#
            ]],
        );
        run(
            "UPDATE one SET pk = 'b' WHERE pk = 'a'",
            json!(null),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key"#
            ]],
        );
        run(
            "UPDATE one SET a = 1, a.b = 2 WHERE pk = 'a'",
            json!(null),
            expect![[
                r#"ValidationException: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]"#
            ]],
        );
        run(
            "DELETE FROM one",
            json!(null),
            expect![[
                r#"ValidationException: Where clause does not contain a mandatory equality on all key attributes"#
            ]],
        );
        run(
            "INSERT INTO one VALUE {'n': 1}",
            json!(null),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Missing the key pk in the item"#
            ]],
        );
        run(
            "INSERT INTO one VALUE {'pk': 'x', 'n': 1e126}",
            json!(null),
            expect![[
                r#"ValidationException: Number overflow. Attempting to store a number with magnitude larger than supported range"#
            ]],
        );
        run(
            "EXISTS(SELECT * FROM one WHERE pk = 'a')",
            json!(null),
            expect!["ValidationException: EXISTS can only be used in transactions"],
        );
        run(
            "CREATE TABLE x",
            json!(null),
            expect![
                "ValidationException: Statement wasn't well formed, can't be processed: Expected data manipulation"
            ],
        );
        run(
            &format!("SELECT * FROM one WHERE {}", "(".repeat(5_000)),
            json!(null),
            expect!["ValidationException: The expression has exceeded the maximum nesting depth"],
        );
        run(
            &format!("INSERT INTO one VALUE {}", "[".repeat(5_000)),
            json!(null),
            expect![
                "ValidationException: Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"
            ],
        );
    }
}
