//! PartiQL: ExecuteStatement, BatchExecuteStatement and ExecuteTransaction.

use serde_json::{Value, json};

use crate::{CANCELED, CONDITION_FAILED, DETECTED, NOT_FOUND, Port};

fn port() -> Port {
    let mut port = Port::new();
    for number in 1..=4 {
        port.put("two", json!({
            "pk": {"S": "a"}, "sk": {"N": number.to_string()}, "gk": {"S": "g"}, "v": {"S": format!("v{number}")},
            "m": {"M": {"x": {"L": [{"N": number.to_string()}]}}},
        }));
    }
    port
}

fn execute(statement: &str) -> Value {
    json!({"Statement": statement})
}

#[track_caller]
fn keys(port: &mut Port, statement: &str) -> String {
    let answer = port.ok("ExecuteStatement", execute(statement));
    let keys: Vec<&str> =
        answer["Items"].as_array().unwrap().iter().map(|item| item["sk"]["N"].as_str().unwrap()).collect();
    keys.join(" ")
}

#[test]
fn select() {
    let mut port = port();
    for (condition, expected) in [
        ("pk = 'a'", "1 2 3 4"),
        ("pk = 'a' AND sk > 2", "3 4"),
        ("pk = 'a' AND sk BETWEEN 2 AND 3", "2 3"),
        ("pk = 'a' AND sk <> 2", "1 3 4"),
        ("pk = 'a' AND sk IN [1, 4]", "1 4"),
        ("pk = 'a' AND (v = 'v1' OR v = 'v2')", "1 2"),
        ("pk = 'a' AND NOT v = 'v1'", "2 3 4"),
        ("begins_with(v, 'v')", "1 2 3 4"),
        ("contains(v, '3')", "3"),
        ("attribute_type(v, 'S')", "1 2 3 4"),
        ("v IS MISSING", ""),
        ("v IS NOT MISSING", "1 2 3 4"),
        ("v IS NULL", ""),
        ("m.x[0] = 2", "2"),
    ] {
        assert_eq!(
            keys(&mut port, &format!("SELECT * FROM \"two\" WHERE {condition}")),
            expected,
            "{condition}"
        );
    }
    assert_eq!(keys(&mut port, "SELECT * FROM \"two\".\"gsi\" WHERE gk = 'g'"), "1 2 3 4");
    let body = json!({
        "Statement": "SELECT v FROM two WHERE pk = ? AND sk = ?", "Parameters": [{"S": "a"}, {"N": "2"}],
    });
    port.answers("ExecuteStatement", body, json!({"Items": [{"v": {"S": "v2"}}]}));
    port.refuses(
        "ExecuteStatement",
        execute("SELECT * FROM \"none\""),
        NOT_FOUND,
        "Requested resource not found",
    );
    port.invalid(
        "ExecuteStatement",
        json!({"Statement": "SELECT * FROM \"two\"", "Parameters": []}),
        &format!(
            "{DETECTED}Value '[]' at 'parameters' failed to satisfy constraint: \
             Member must have length greater than or equal to 1"
        ),
    );
}

#[test]
fn writes() {
    let mut port = Port::new();
    let insert = json!({
        "Statement": "INSERT INTO \"one\" VALUE {'pk': ?, 'n': 1, 'l': [1, 'x'], 's': <<'a', 'b'>>}", "Parameters": [{"S": "a"}],
    });
    port.answers("ExecuteStatement", insert.clone(), json!({"Items": []}));
    port.refuses(
        "ExecuteStatement",
        insert,
        "com.amazonaws.dynamodb.v20120810#DuplicateItemException",
        "Duplicate primary key exists in table",
    );
    let update = "UPDATE \"one\" SET n = n + 1 SET x = 'y' REMOVE l WHERE pk = 'a' RETURNING ALL NEW *";
    port.answers(
        "ExecuteStatement",
        execute(update),
        json!({"Items": [{
            "n": {"N": "2"}, "pk": {"S": "a"}, "s": {"SS": ["a", "b"]}, "x": {"S": "y"},
        }]}),
    );
    port.refuses(
        "ExecuteStatement",
        execute("UPDATE \"one\" SET n = 5 WHERE pk = 'none'"),
        CONDITION_FAILED,
        "The conditional request failed",
    );
    port.invalid(
        "ExecuteStatement",
        execute("DELETE FROM \"one\" WHERE n = 1"),
        "Where clause does not contain a mandatory equality on all key attributes",
    );
    port.answers("ExecuteStatement", execute("DELETE FROM \"one\" WHERE pk = 'a'"), json!({"Items": []}));
    assert_eq!(port.ok("Scan", json!({"TableName": "one"}))["Count"], 0);
}

#[test]
fn batches() {
    let mut port = port();
    let statement = |text: &str| json!({"Statement": text});
    let body = json!({"Statements": [
        statement("SELECT v FROM two WHERE pk = 'a' AND sk = 1"),
        statement("SELECT v FROM two WHERE pk = 'a' AND sk = 9"),
        statement("SELECT v FROM none WHERE pk = 'a'"),
    ]});
    let answer = port.ok("BatchExecuteStatement", body);
    assert_eq!(answer["Responses"][0], json!({"TableName": "two", "Item": {"v": {"S": "v1"}}}));
    assert_eq!(answer["Responses"][1], json!({"TableName": "two"}));
    assert_eq!(answer["Responses"][2]["Error"]["Code"], "ResourceNotFound");
    let many: Vec<Value> =
        (0..26).map(|_| statement("SELECT * FROM two WHERE pk = 'a' AND sk = 1")).collect();
    let (status, answer) = port.call("BatchExecuteStatement", &json!({"Statements": many}));
    assert_eq!(status, 400);
    assert!(
        answer["message"].as_str().unwrap().ends_with("Member must have length less than or equal to 25")
    );
}

#[test]
fn transactions() {
    let mut port = Port::new();
    port.put("one", json!({"pk": {"S": "a"}}));
    let statement = |text: &str| json!({"Statement": text});
    let body = json!({"TransactStatements": [
        statement("INSERT INTO one VALUE {'pk': 'b'}"), statement("INSERT INTO one VALUE {'pk': 'a'}"),
    ]});
    port.refuses(
        "ExecuteTransaction",
        body,
        CANCELED,
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, DuplicateItem]",
    );
    assert_eq!(port.ok("Scan", json!({"TableName": "one"}))["Count"], 1);
    let body = json!({"TransactStatements": [
        statement("SELECT * FROM one WHERE pk = 'a'"), statement("SELECT * FROM one WHERE pk = 'none'"),
    ]});
    port.answers("ExecuteTransaction", body, json!({"Responses": [{"Item": {"pk": {"S": "a"}}}, {}]}));
}

#[test]
fn columns_are_named_after_the_end_of_their_paths() {
    let mut port = port();
    port.answers(
        "ExecuteStatement",
        execute("SELECT v, m.x FROM two WHERE pk = 'a' AND sk = 1"),
        json!({"Items": [{"v": {"S": "v1"}, "x": {"L": [{"N": "1"}]}}]}),
    );
}

#[test]
fn mistakes() {
    let mut port = port();
    let mut bad = |statement: &str, text: &str| port.invalid("ExecuteStatement", execute(statement), text);
    bad("SLECT * FROM two", "Statement wasn't well formed, can't be processed: Expected data manipulation");
    bad("SELECT * FROM two.nothing WHERE pk = 'a'", "The table does not have the specified index");
    bad(
        "SELECT * FROM two.gsi.more WHERE pk = 'a'",
        "A path may contain at most 2 components in the FROM clause",
    );
    bad("SELECT * FROM \"two\".\"\" WHERE pk = 'a'", "Path component cannot be an empty string");
    bad("SELECT * FROM \"\" WHERE pk = 'a'", "Path component cannot be an empty string");
    for (index, key) in [("gsi-keys", "gk"), ("lsi-some", "pk")] {
        bad(
            &format!("SELECT pk FROM two.\"{index}\" WHERE {key} = 'g' AND v = 'x'"),
            &format!(
                "One or more parameter values were invalid: Secondary index {index} does not project one or more \
                 filter attributes: [v]"
            ),
        );
    }
    bad(
        "SELECT v FROM two.\"gsi-keys\" WHERE gk = 'g'",
        "One or more parameter values were invalid: Global secondary index gsi-keys does not project [v]",
    );
    bad(
        "SELECT * FROM two WHERE v < true",
        "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL",
    );
    for clause in ["MODIFIED OLD *", "ALL NEW *", "MODIFIED NEW *"] {
        bad(
            &format!("DELETE FROM one WHERE pk = 'a' RETURNING {clause}"),
            &format!(
                "Invalid returning clause: RETURNING {clause}. Only RETURNING ALL OLD * is allowed in DELETE statements."
            ),
        );
    }
    port.invalid(
        "ExecuteStatement",
        json!({"Statement": "SELECT * FROM two.gsi WHERE gk = 'g'", "ConsistentRead": true}),
        "Strongly consistent read is not supported on Global Secondary Indexes",
    );
    let mut bad = |statement: &str, text: &str| {
        let text = format!("Validation failed in TransactStatements[0]: {text}");
        port.invalid("ExecuteTransaction", json!({"TransactStatements": [{"Statement": statement}]}), &text);
    };
    bad(
        "UPDATE one SET a = 1 WHERE pk = 'a' RETURNING ALL NEW *",
        "RETURNING clause is not supported in ExecuteTransaction.",
    );
    bad("SELECT * FROM two.gsi WHERE gk = 'g'", "Reads on indices are not supported within transactions.");
}

#[test]
fn what_batches_return() {
    let mut port = port();
    let mut run = |statement: &str| {
        port.ok("BatchExecuteStatement", json!({"Statements": [{"Statement": statement}]}))["Responses"][0]
            .clone()
    };
    let removed = run("UPDATE two REMOVE v WHERE pk = 'a' AND sk = 1 RETURNING MODIFIED NEW *");
    assert_eq!(removed, json!({"TableName": "two"}));
    let updated = run("UPDATE two SET v = 'x' WHERE pk = 'a' AND sk = 1 RETURNING MODIFIED NEW *");
    assert_eq!(updated["Item"], json!({"v": {"S": "x"}}));
    assert_eq!(
        run("DELETE FROM two WHERE pk = 'a' AND sk = 1 RETURNING ALL OLD *")["Item"]["v"],
        json!({"S": "x"})
    );
    let error = run("SELECT * FROM two.gsi WHERE pk = 'a' AND sk = 1 AND gk = 'g'")["Error"].clone();
    assert_eq!(error["Code"], "ValidationError");
    assert!(error["Message"].as_str().unwrap().contains("must specify the primary key in the where clause"));
}

#[test]
fn what_is_not_there_is_deleted_whatever_else_is_asked() {
    let mut port = port();
    let delete =
        |sort: &str| execute(&format!("DELETE FROM two WHERE pk = 'a' AND sk = {sort} AND v = 'other'"));
    port.answers("ExecuteStatement", delete("9"), json!({"Items": []}));
    port.refuses("ExecuteStatement", delete("1"), CONDITION_FAILED, "The conditional request failed");
}
