//! ExecuteStatement: carries out one PartiQL statement.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html>

use super::read::Read;
use super::statement::{self, Parameters};
use super::write::Reports;
use crate::dynamodb::Database;
use crate::dynamodb::capacity::CapacityDetail;
use crate::dynamodb::error::{Error, Failure};
use crate::dynamodb::item::Item;
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
    start: Option<Item>,
    capacity: CapacityDetail,
    /// What a token of a page of this statement must say.
    fingerprint: String,
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
        let fingerprint = parameters.fingerprint();
        let statement = parameters.parse().into_result()?;
        let start = token.map(|token| statement::start_of_token(token, &fingerprint)).transpose()?;
        let limit = limit.and_then(|limit| usize::try_from(limit).ok());
        Ok(ExecuteStatement { statement, item_on_failure, consistent, limit, start, capacity, fingerprint })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let table = database.existing(self.statement.table())?;
        if let Statement::Select(select) = &self.statement {
            let read =
                Read::of_select(select, self.consistent, self.limit, self.start.clone(), self.capacity);
            return Ok(paged(statement::page(&read, select, table)?, &self.fingerprint));
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
fn paged(response: Response, fingerprint: &str) -> Response {
    let member = |name: &str| match response.get(name) {
        Some(Member::Json(value)) => Some(value.clone()),
        _ => None,
    };
    let items = match response.get("Items") {
        Some(Member::Items(items)) => items.clone(),
        _ => Vec::new(),
    };
    let last = response.item("LastEvaluatedKey").cloned();
    let token =
        last.as_ref().map(|last| statement::next_token(&wire::item_to_json(last), fingerprint).into());
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

    use crate::dynamodb::operation::testing::{answer, check, check_all, database, with};

    #[track_caller]
    fn run(statement: &str, parameters: Value, expected: Expect) {
        check("ExecuteStatement", json!({"Statement": statement, "Parameters": parameters}), expected);
    }

    #[test]
    fn select() {
        run(
            r#"SELECT n, m.b[0] FROM "one" WHERE pk = 'a'"#,
            json!(null),
            expect![[r#"{"Items":[{"b[0]":{"S":"deep"},"n":{"N":"5"}}]}"#]],
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
            expect!["ValidationException: Statement wasn't well formed, can't be processed: Unexpected term"],
        );
        run(
            "SELECT * FROM one WHERE",
            json!(null),
            expect!["ValidationException: Statement wasn't well formed, can't be processed: Unexpected term"],
        );
        run(
            "SELECT * FROM one WHERE pk = 'a",
            json!(null),
            expect!["ValidationException: Statement wasn't well formed, can't be processed: "],
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
            expect![
                "ValidationException: Number overflow. Attempting to store a number with magnitude larger than supported range under root"
            ],
        );
        run(
            "EXISTS(SELECT * FROM one WHERE pk = 'a')",
            json!(null),
            expect!["ValidationException: EXISTS can only be used in ExecuteTransaction write requests."],
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
                "ValidationException: Statement wasn't well formed, can't be processed: Expected a tuple after VALUE"
            ],
        );
    }

    /// Compares the answers of statements, one after the other, each without parameters.
    #[track_caller]
    fn answers(statements: &[&str], expected: Expect) {
        let request = |statement: &&str| ("ExecuteStatement", json!({"Statement": statement}));
        check_all(&statements.iter().map(request).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn comments_and_numbers() {
        answers(
            &[
                "-- first\nSELECT n/**/FROM one -- the table\nWHERE pk/* key */= 'a' --",
                "SELECT n FROM one WHERE pk = 'a' AND n = .5e1",
                "SELECT n FROM one WHERE pk = 'a' AND n > - - 4 AND n BETWEEN - 2 AND +5 AND n IN [- 1, 5]",
                "UPDATE one SET n=n-1 WHERE pk='a' RETURNING MODIFIED NEW *",
                "SELECT n FROM one WHERE pk = 'a' # note",
                "SELECT n FROM one WHERE pk = 'a' /* open",
                "SELECT n FROM one WHERE n = 1e2147483648",
                "SELECT n FROM one WHERE n = 1.5e-2147483647",
                "SELECT n FROM one WHERE n = 1e126",
                "UPDATE one SET n = 1e-131 WHERE pk = 'a'",
                "INSERT INTO one VALUE {'pk': 'x', 'm': {'x': 1e126}}",
                "INSERT INTO one VALUE {'pk': 'x', 'l': [1, 123456789012345678901234567890123456789]}",
                "SELECT n FROM one WHERE n > -n",
            ],
            expect![[r#"
                {"Items":[{"n":{"N":"5"}}]}
                {"Items":[{"n":{"N":"5"}}]}
                {"Items":[{"n":{"N":"5"}}]}
                {"Items":[{"n":{"N":"4"}}]}
                ValidationException: Statement wasn't well formed, can't be processed: 
                ValidationException: Statement wasn't well formed, can't be processed: 
                ValidationException: Statement wasn't well formed, can't be processed: 
                ValidationException: Statement wasn't well formed, can't be processed: 
                ValidationException: Number overflow. Attempting to store a number with magnitude larger than supported range under root
                ValidationException: Number underflow. Attempting to store a number with magnitude smaller than supported range under root
                ValidationException: Number overflow. Attempting to store a number with magnitude larger than supported range under root.x
                ValidationException: Attempting to store more than 38 significant digits in a Number under root[1]
                ValidationException: Statement wasn't well formed, can't be processed: Expected a number"#]],
        );
    }

    #[test]
    fn what_is_left_over() {
        answers(
            &[
                "SELECT n FROM one WHERE pk = 'a' foo",
                "SELECT n FROM one WHERE pk = 'a')",
                "SELECT n FROM one WHERE n = 1 e5",
                "SELECT n FROM one ORDER BY pk WHERE pk = 'a'",
                "INSERT INTO one VALUE {'pk': 'x'} foo",
                "INSERT INTO one t VALUE {'pk': 'x'}",
                "DELETE FROM one WHERE pk = 'x' ORDER BY pk",
                "SELECT n FROM one t WHERE pk = 'a'",
                "SELECT n FROM one AS t WHERE pk = 'a'",
                "UPDATE one t SET n = 1 WHERE pk = 'a'",
                "DELETE FROM one t WHERE pk = 'a'",
                "SELECT n FROM one LIMIT 5",
                "SELECT COUNT(*) FROM one",
            ],
            expect![[r#"
                ValidationException: Statement wasn't well formed, can't be processed: Unexpected token after expression
                ValidationException: Statement wasn't well formed, can't be processed: Unexpected token after expression
                ValidationException: Statement wasn't well formed, can't be processed: Unexpected token after expression
                ValidationException: Statement wasn't well formed, can't be processed: Unexpected token after expression
                ValidationException: Statement wasn't well formed, can't be processed: Unexpected token after expression
                ValidationException: Statement wasn't well formed, can't be processed: Unexpected token after expression
                ValidationException: Statement wasn't well formed, can't be processed: Unexpected token after expression
                ValidationException: Aliasing is not supported
                ValidationException: Aliasing is not supported
                ValidationException: Aliasing is not supported
                ValidationException: Aliasing is not supported
                ValidationException: Unsupported clause: LIMIT at 1:25:1
                ValidationException: Unexpected path component at 1:8:5"#]],
        );
    }

    #[test]
    fn what_is_missing() {
        answers(
            &[
                "SELECT * FROM",
                "DELETE FROM",
                "DELETE FROM WHERE pk = 'a'",
                "SELECT * FROM one WHERE;",
                "SELECT * FROM one WHERE NOT",
                "SELECT * FROM one WHERE (",
                "SELECT * FROM one WHERE pk = 'a' AND",
                "SELECT * FROM one WHERE pk =",
                "SELECT * FROM one WHERE ORDER BY pk",
                "SELECT * FROM one WHERE IS NULL",
                "SELECT * FROM one WHERE pk = LIKE",
                "SELECT * FROM one WHERE pk = 'a' AND n IS FOO",
                "SELECT * FROM one WHERE pk = 'a' AND m.inner = 1",
            ],
            expect![[r#"
                ValidationException: Statement wasn't well formed, can't be processed: Unexpected term
                ValidationException: Statement wasn't well formed, can't be processed: Expected identifier for simple path
                ValidationException: Statement wasn't well formed, can't be processed: Expected identifier for simple path
                ValidationException: Statement wasn't well formed, can't be processed: Unexpected term
                ValidationException: Statement wasn't well formed, can't be processed: Unexpected term
                ValidationException: Statement wasn't well formed, can't be processed: Unexpected term
                ValidationException: Statement wasn't well formed, can't be processed: Missing right-hand side expression of infix operator
                ValidationException: Statement wasn't well formed, can't be processed: Missing right-hand side expression of infix operator
                ValidationException: Statement wasn't well formed, can't be processed: Unexpected keyword
                ValidationException: Statement wasn't well formed, can't be processed: Unexpected operator
                ValidationException: Statement wasn't well formed, can't be processed: Unexpected operator
                ValidationException: Statement wasn't well formed, can't be processed: Expected type name
                ValidationException: Statement wasn't well formed, can't be processed: Invalid path dot component"#]],
        );
    }

    #[test]
    fn from_first() {
        answers(
            &[
                "FROM one WHERE pk = 'a' AND n = 5 SET c = 1 REMOVE l, m, s RETURNING ALL NEW *",
                "FROM one WHERE pk = 'x' SET c = 1",
                "FROM one SET c = 1",
                "FROM one WHERE n = 5 SET c = 1",
                "FROM one SET c = 1 WHERE pk = 'a'",
            ],
            expect![[r#"
                {"Items":[{"c":{"N":"1"},"n":{"N":"5"},"pk":{"S":"a"},"tags":{"SS":["x","y"]}}]}
                ConditionalCheckFailedException: The conditional request failed
                ValidationException: Where clause does not contain a mandatory equality on all key attributes
                ValidationException: Where clause does not contain a mandatory equality on all key attributes
                ValidationException: Statement wasn't well formed, can't be processed: Unexpected token after expression"#]],
        );
    }

    #[test]
    fn functions() {
        answers(
            &[
                "SELECT n FROM one WHERE pk = 'a' AND ATTRIBUTE_EXISTS(m.a) AND NOT attribute_exists(x)",
                "SELECT n FROM one WHERE pk = 'a' AND attribute_exists(x) = false AND true = attribute_exists(n)",
                "SELECT n FROM one WHERE pk = 'a' AND (n BETWEEN 0 AND 9) = attribute_exists(s)",
                "SELECT n FROM one WHERE pk = 'a' AND attribute_exists(n) IN [1, 'true']",
                "SELECT n FROM one WHERE pk = 'a' AND attribute_exists(n) > false",
                "SELECT n FROM one WHERE pk = 'a' AND attribute_exists('n')",
                "SELECT n FROM one WHERE pk = 'a' AND attribute_exists()",
                "SELECT n FROM one WHERE pk = 'a' AND attribute_type(n, 1)",
                "SELECT n FROM one WHERE pk = 'a' AND attribute_type(n, 'X')",
                "SELECT n FROM one WHERE pk = 'a' AND EXISTS(n)",
                "SELECT n FROM one WHERE pk = 'a' AND set_add(tags, <<'x'>>) = tags",
                "UPDATE one SET t = set_add(tags, <<'x'>>) WHERE pk = 'a'",
                "UPDATE one SET tags = set_add(tags, 'x') WHERE pk = 'a'",
                "UPDATE one SET\ntags = set_delete(tags) WHERE pk = 'a'",
                "UPDATE one SET tags = set_add(tags, <<1>>) WHERE pk = 'a'",
                "UPDATE one SET n = 'a' + 1 WHERE pk = 'a' AND n = 7",
                "SELECT l[-1] FROM one WHERE pk = 'a'",
                "SELECT l[-0], m.b[0] FROM one WHERE pk = 'a'",
            ],
            expect![[r#"
                {"Items":[{"n":{"N":"5"}}]}
                {"Items":[{"n":{"N":"5"}}]}
                {"Items":[{"n":{"N":"5"}}]}
                {"Items":[]}
                ValidationException: Incorrect operand type for operator or function; operator or function: >, operand type: BOOL
                ValidationException: Operator or function requires a document path; operator or function: attribute_exists
                ValidationException: Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 0
                ValidationException: Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N
                ValidationException: Invalid attribute type name found; type: X, valid types: {N,BS,L,B,NULL,M,S,SS,NS,BOOL}
                ValidationException: Unrecognized function: exists at 1:38:6
                ValidationException: Unrecognized function: set_add at 1:38:7
                ValidationException: The first argument to SET_ADD must equal the assignment value at 1:20:7
                ValidationException: The second argument to SET_ADD must be a value with type SET at 1:31:4
                ValidationException: SET_DELETE must have exactly two arguments at 2:8:10
                ValidationException: An operand in the update expression has an incorrect data type
                ValidationException: Incorrect operand type for operator or function; operator or function: +, operand type: S
                ValidationException: List index is not within the allowable range; index: [-1] at 1:11:1
                {"Items":[{"b[0]":{"S":"deep"},"l[0]":{"N":"0"}}]}"#]],
        );
    }

    #[test]
    fn literals() {
        answers(
            &[
                "UPDATE one SET x = <<'b', 'b'>> WHERE pk = 'a'",
                "UPDATE one SET x = <<2, 2.0>> WHERE pk = 'a'",
                "UPDATE one SET x = <<1, 'a'>> WHERE pk = 'a'",
                "UPDATE one SET x = <<>> WHERE pk = 'a'",
                "INSERT INTO one VALUE {'pk': 'x', 'y': set_add(<<'a'>>, <<'b'>>)}",
            ],
            expect![[r#"
                ValidationException: One or more parameter values were invalid: Input collection [b, b] contains duplicates.
                ValidationException: One or more parameter values were invalid: Input collection [2, 2.0] contains duplicates! under root
                ValidationException: Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags
                ValidationException: Empty bags are not supported
                ValidationException: Unsupported data type: set_add under key root at 1:40:7"#]],
        );
        run(
            "INSERT INTO one VALUE {'pk': 'x', 'm': {'k': ?}}",
            json!([{"S": "v"}]),
            expect!["ValidationException: Unsupported data type: Parameter under key root.k at 1:46:1"],
        );
        let nested = |levels: usize| {
            let (open, close) = ("{'a':".repeat(levels), "}".repeat(levels));
            json!({"Statement": format!("INSERT INTO one VALUE {{'pk': 'x', 'd': {open}1{close}}}")})
        };
        check_all(
            &[("ExecuteStatement", nested(32)), ("ExecuteStatement", nested(31))],
            expect![[r#"
            ValidationException: Nesting Levels have exceeded supported limits under root.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a
            {"Items":[]}"#]],
        );
        let long = vec!["'v'"; 101].join(",");
        answers(
            &[&format!("SELECT n FROM one WHERE pk = 'a' AND s IN [{long}]")],
            expect![
                "ValidationException: The IN operator is provided with too many operands; number of operands: 101"
            ],
        );
        run(
            "SELECT n FROM one WHERE n = ?",
            json!([{"N": "1e99999999999"}]),
            expect![
                "ValidationException: The parameter cannot be converted to a numeric value: 1e99999999999"
            ],
        );
        run(
            "SELECT n FROM one WHERE n = ?",
            json!([{"N": "1e2147483647"}]),
            expect![
                "ValidationException: Number underflow. Attempting to store a number with magnitude smaller than supported range"
            ],
        );
    }

    #[test]
    fn keys() {
        answers(
            &[
                "SELECT v FROM two WHERE pk = 'a' AND sk > 1 AND NOT sk = 2",
                "SELECT v FROM two WHERE pk IN ['b', 'a'] AND sk < 2",
                "SELECT v FROM two WHERE pk = 'a' AND (sk = 10 OR sk < 2)",
                "SELECT v FROM two WHERE pk = 'a' AND NOT sk = 1 OR pk = 'a' AND sk = 2",
                "SELECT v FROM two WHERE pk = 'a' OR sk = -1",
                "SELECT v FROM two WHERE pk = 'a' OR pk = 'a'",
                "SELECT v FROM two WHERE pk = 'a' AND (sk > 0 OR sk < 5)",
                "SELECT v FROM two WHERE pk = 'a' AND v <> 'x' OR pk = 'a' AND sk = 2",
                "SELECT v FROM two WHERE pk = 1 OR pk = 'a'",
                "SELECT v FROM two WHERE pk = 'a' AND sk IN [1, '2']",
                "SELECT v FROM two WHERE pk > 1",
                "UPDATE two SET v = 'x' WHERE pk = 'a' AND sk = 1 AND pk = 'b'",
                "UPDATE two SET v = 'x' WHERE (pk = 'a' AND sk = 1) AND pk = 'a'",
                "UPDATE two SET v = 'x'",
                "UPDATE two.gsi SET v = 'x' WHERE pk = 'a' AND sk = 1",
                "INSERT INTO two.gsi VALUE {'pk': 'x', 'sk': 1}",
            ],
            expect![[r#"
                {"Items":[{"v":{"S":"ten"}}]}
                {"Items":[{"v":{"S":"one"}},{"v":{"S":"minus"}}]}
                {"Items":[{"v":{"S":"one"}},{"v":{"S":"ten"}}]}
                {"Items":[{"v":{"S":"two"}},{"v":{"S":"ten"}}]}
                {"Items":[{"v":{"S":"one"}},{"v":{"S":"two"}},{"v":{"S":"ten"}},{"v":{"S":"minus"}}]}
                ValidationException: Overlapping conditions with range keys are not supported in where clause
                ValidationException: Overlapping conditions with range keys are not supported in where clause
                ValidationException: Overlapping conditions with range keys are not supported in where clause
                ValidationException: Key attribute's data type should match its data type in table's schema: Key pk
                ValidationException: Key attribute's data type should match its data type in table's schema: Key sk
                {"Items":[]}
                ValidationException: Multiple conditions on same key pk. Only single item Update/Insert/Delete are supported
                {"Items":[]}
                ValidationException: Where clause does not contain a mandatory equality on all key attributes
                ValidationException: This operation is not supported on an index
                ValidationException: FROM clause may only contain a single table name in data manipulation statements at 1:13:3"#]],
        );
        let many: Vec<String> = (0..51).map(|value| value.to_string()).collect();
        answers(
            &[
                &format!("SELECT v FROM two WHERE pk = 'a' AND sk IN [{}]", many.join(",")),
                &format!("SELECT v FROM two WHERE sk IN [{}] OR v = 'ten'", many.join(",")),
            ],
            expect![[r#"
                ValidationException: Too many decomposed read operations for a given query.
                {"Items":[{"v":{"S":"one"}},{"v":{"S":"two"}},{"v":{"S":"ten"}}]}"#]],
        );
    }

    #[test]
    fn indexes() {
        answers(
            &[
                "SELECT sk FROM two.gsi WHERE gk = 'g' AND v = 'one'",
                "SELECT sk FROM two.gsi WHERE gk = 'g' AND b = 1 AND (a = 2 OR sk = 3)",
                "SELECT sk FROM two.gsi WHERE gk IN ['g', 'h'] AND v IS MISSING",
                "SELECT sk FROM two.gsi WHERE v = 'one'",
                "SELECT sk FROM two.gsi WHERE NOT v = 'one'",
                "SELECT sk FROM two.gsi WHERE (gk = 'g' AND v = 'one') OR gk = 'h'",
                "SELECT sk FROM two.gsi WHERE (gk = 'g' AND v = 'one') OR (gk = 'h' AND w = 'one')",
            ],
            expect![[r#"
                ValidationException: One or more parameter values were invalid: Secondary index gsi does not project one or more filter attributes: [v]
                ValidationException: One or more parameter values were invalid: Secondary index gsi does not project one or more filter attributes: [a, b]
                ValidationException: One or more parameter values were invalid: Secondary index gsi does not project one or more filter attributes: [v]
                {"Items":[]}
                {"Items":[{"sk":{"N":"1"}},{"sk":{"N":"2"}},{"sk":{"N":"-1"}}]}
                {"Items":[{"sk":{"N":"-1"}}]}
                ValidationException: One or more parameter values were invalid: Secondary index gsi does not project one or more filter attributes: [w]"#]],
        );
    }

    #[test]
    fn orders() {
        answers(
            &[
                "SELECT sk FROM two WHERE pk = 'a' ORDER BY sk",
                "SELECT sk FROM two WHERE pk = 'a' ORDER BY pk ASC",
                "SELECT sk FROM two WHERE pk IN ['a', 'b'] ORDER BY pk DESC, sk ASC",
                "SELECT sk FROM two WHERE pk IN ['a', 'b'] ORDER BY sk",
                "SELECT sk FROM two WHERE pk > 'a' ORDER BY sk",
                "SELECT sk FROM two WHERE pk = 'a' ORDER BY v",
                "SELECT sk FROM two ORDER BY sk",
            ],
            expect![[r#"
                {"Items":[{"sk":{"N":"1"}},{"sk":{"N":"2"}},{"sk":{"N":"10"}}]}
                {"Items":[{"sk":{"N":"10"}},{"sk":{"N":"2"}},{"sk":{"N":"1"}}]}
                {"Items":[{"sk":{"N":"-1"}},{"sk":{"N":"1"}},{"sk":{"N":"2"}},{"sk":{"N":"10"}}]}
                ValidationException: Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.
                ValidationException: Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.
                ValidationException: Attribute v in ORDER BY clause must be part of the primary key
                ValidationException: Must have WHERE clause in the statement when using ORDER BY clause."#]],
        );
    }

    #[test]
    fn tokens_belong_to_their_statement() {
        let mut database = database();
        let body = |more: Value| {
            let statement = "SELECT sk FROM two WHERE pk IN ['a', 'b'] ORDER BY pk DESC";
            with(json!({"Statement": statement, "Limit": 2}), more)
        };
        let first = database.call("ExecuteStatement", &body(json!({}))).unwrap();
        let token = &first["NextToken"];
        let mut lines = vec![first["Items"].to_string()];
        for more in [
            json!({"NextToken": token, "Limit": 9}),
            json!({"NextToken": token, "Statement": "SELECT sk FROM two WHERE pk = 'a'"}),
            json!({"NextToken": "x"}),
        ] {
            lines.push(answer(&mut database, "ExecuteStatement", &body(more)));
        }
        expect![[r#"
            [{"sk":{"N":"-1"}},{"sk":{"N":"10"}}]
            {"Items":[{"sk":{"N":"2"}},{"sk":{"N":"1"}}]}
            ValidationException: NextToken does not match request
            ValidationException: Invalid NextToken"#]]
        .assert_eq(&lines.join("\n"));
    }
}
