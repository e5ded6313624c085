//! UpdateItem and the return values of writes.

use serde_json::{Value, json};

use crate::{DETECTED, Port, constraint_of, with, with_values};

fn port() -> Port {
    let mut port = Port::new();
    port.put("one", item());
    port
}

fn item() -> Value {
    json!({
        "pk": {"S": "a"}, "n": {"N": "5"}, "s": {"S": "text"}, "ss": {"SS": ["x", "y"]},
        "l": {"L": [{"N": "0"}, {"N": "1"}, {"N": "2"}]}, "m": {"M": {"x": {"N": "1"}, "l": {"L": [{"N": "7"}, {"N": "8"}]}}},
    })
}

fn update(expression: &str, more: Value) -> Value {
    let values = json!({
        ":n": {"N": "1"}, ":s": {"S": "new"}, ":l": {"L": [{"N": "9"}]}, ":ss": {"SS": ["y", "z"]}, ":m": {"M": {}},
        ":b": {"B": "AA=="}, ":null": {"NULL": true}, ":t": {"BOOL": true}, ":all": {"SS": ["x", "y"]}, ":big": {"N": "1e50"},
        ":max": {"N": "9e125"},
    });
    let body = json!({"TableName": "one", "Key": {"pk": {"S": "a"}}, "UpdateExpression": expression});
    with(with_values(body, expression, values), more)
}

#[test]
fn mistakes_in_updates() {
    let mut port = port();
    let mut bad = |expression: &str, text: &str| {
        port.invalid(
            "UpdateItem",
            update(expression, json!({})),
            &format!("{DETECTED}Invalid UpdateExpression: {text}"),
        );
    };
    bad("", "The expression can not be empty;");
    bad("INVALID SYNTAX HERE", "Syntax error; token: \"INVALID\", near: \"INVALID SYNTAX\"");
    bad("SET a", "Syntax error; token: \"<EOF>\", near: \"a\"");
    bad("SET a = :n SET b = :n", "The \"SET\" section can only be used once in an update expression;");
    bad("REMOVE a REMOVE b", "The \"REMOVE\" section can only be used once in an update expression;");
    bad("SET status = :n", "Attribute name is a reserved keyword; reserved keyword: status");
    bad("SET a = f(:n)", "Invalid function name; function: f");
    bad("SET a = if_not_exists(b + :n, :n)", "Syntax error; token: \"+\", near: \"b + :n\"");
    bad("SET a = b + c + :n", "Syntax error; token: \"+\", near: \"c + :n\"");
    bad("ADD a :s", "Incorrect operand type for operator or function; operator: ADD, operand type: STRING");
    bad("ADD a :b", "Incorrect operand type for operator or function; operator: ADD, operand type: BINARY");
    bad("ADD a :null", "Incorrect operand type for operator or function; operator: ADD, operand type: NULL");
    bad("ADD a :t", "Incorrect operand type for operator or function; operator: ADD, operand type: BOOLEAN");
    bad("ADD a :l", "Incorrect operand type for operator or function; operator: ADD, operand type: LIST");
    bad("ADD a :m", "Incorrect operand type for operator or function; operator: ADD, operand type: MAP");
    bad(
        "DELETE a :n",
        "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER",
    );
    bad(
        "SET a = :n, a.b = :n",
        "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]",
    );
    bad(
        "SET a.b = :n REMOVE a[1]",
        "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [1]]",
    );
    // The first of several mistakes.
    bad("SET a = f(status)", "Attribute name is a reserved keyword; reserved keyword: status");
    bad("SET a = f(:n) SET b = :n", "Invalid function name; function: f");
    bad(
        "SET #a = :undefined SET b = :n",
        "The \"SET\" section can only be used once in an update expression;",
    );
    bad(
        "SET #a = :undefined",
        "An expression attribute name used in the document path is not defined; attribute name: #a",
    );
    bad(
        "SET a = :undefined, a.b = :n",
        "An expression attribute value used in expression is not defined; attribute value: :undefined",
    );
    bad(
        "SET a.b = :n, a[1] = :n ADD a.b :s",
        "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, b]",
    );
}

#[test]
fn functions_in_updates() {
    let mut port = port();
    let mut bad = |expression: &str, text: &str| {
        port.invalid(
            "UpdateItem",
            update(expression, json!({})),
            &format!("{DETECTED}Invalid UpdateExpression: {text}"),
        );
    };
    for function in ["size", "attribute_exists"] {
        bad(
            &format!("SET a = {function}(b)"),
            &format!("The function is not allowed in an update expression; function: {function}"),
        );
    }
    // The only function that gives another its argument is `if_not_exists`.
    bad(
        "SET a = list_append(list_append(a, b), b)",
        "The function is not allowed to be used this way in an expression; function: list_append",
    );
}

#[test]
fn mistakes_that_the_item_shows() {
    let mut port = port();
    let mut bad =
        |expression: &str, text: &str| port.invalid("UpdateItem", update(expression, json!({})), text);
    let operand = "An operand in the update expression has an incorrect data type";
    let path = "The document path provided in the update expression is invalid for update";
    let overflow = "Number overflow. Attempting to store a number with magnitude larger than supported range";
    bad("SET a = s + :n", operand);
    bad("SET a = list_append(n, :l)", operand);
    bad("ADD s :n", operand);
    bad("DELETE n :ss", operand);
    bad("SET a = gone", "The provided expression refers to an attribute that does not exist in the item");
    bad(
        "SET a = gone + :n",
        "The provided expression refers to an attribute that does not exist in the item",
    );
    bad("SET gone.x = :n", path);
    bad("SET s.x = :n", path);
    bad("SET l.x = :n", path);
    bad("SET m[0] = :n", path);
    bad("REMOVE gone.x", path);
    bad("SET n = :max + :max", overflow);
    bad("SET n = :big + :n", overflow);
    bad(
        "SET pk = :s",
        "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key",
    );
}

#[test]
fn what_updates_do() {
    let mut port = port();
    let mut check = |expression: &str, updated: Value| {
        port.put("one", item());
        let answer = port.ok("UpdateItem", update(expression, json!({"ReturnValues": "UPDATED_NEW"})));
        assert_eq!(answer.get("Attributes").unwrap_or(&json!(null)), &updated, "{expression}");
    };
    // All operands are those of the item before.
    check("SET n = s, s = n", json!({"n": {"S": "text"}, "s": {"N": "5"}}));
    check("SET n = n + :n, a = n", json!({"n": {"N": "6"}, "a": {"N": "5"}}));
    check("SET n = :n - n", json!({"n": {"N": "-4"}}));
    check(
        "SET a = if_not_exists(a, :s), n = if_not_exists(n, :s)",
        json!({"a": {"S": "new"}, "n": {"N": "5"}}),
    );
    check(
        "SET a = list_append(if_not_exists(a, :l), l)",
        json!({"a": {"L": [{"N": "9"}, {"N": "0"}, {"N": "1"}, {"N": "2"}]}}),
    );
    check("SET m.x = :s, l[0] = :n", json!({"l": {"L": [{"N": "1"}]}, "m": {"M": {"x": {"S": "new"}}}}));
    check(
        "ADD n :n, gone :n, ss :ss, m.x :n",
        json!({
            "gone": {"N": "1"}, "m": {"M": {"x": {"N": "2"}}}, "n": {"N": "6"}, "ss": {"SS": ["x", "y", "z"]},
        }),
    );
    check("DELETE ss :ss", json!({"ss": {"SS": ["x"]}}));
    check("DELETE ss :all", json!(null));
    check("REMOVE s, gone, l[50]", json!(null));
    check("set n = :n remove s", json!({"n": {"N": "1"}}));
    // Positions are those before the update; what is set past the end is appended, and is then not shown.
    check("SET l[20] = :n", json!(null));
    check("SET m.l[100] = :n", json!(null));
    check("REMOVE m.l[0]", json!({"m": {"M": {"l": {"L": [{"N": "8"}]}}}}));
    check("SET l[1] = :s REMOVE l[0]", json!({"l": {"L": [{"S": "new"}, {"N": "2"}]}}));
}

#[test]
fn updates_create_items() {
    let mut port = Port::new();
    let mut check = |expression: Option<&str>, created: bool| {
        let mut body = update(expression.unwrap_or("x"), json!({"ReturnValues": "ALL_NEW"}));
        if expression.is_none() {
            body.as_object_mut().unwrap().remove("UpdateExpression");
        }
        port.ok("UpdateItem", body);
        let key = json!({"TableName": "one", "Key": {"pk": {"S": "a"}}});
        let there =
            port.ok("DeleteItem", with(key, json!({"ReturnValues": "ALL_OLD"}))).get("Attributes").is_some();
        assert_eq!(there, created, "{expression:?}");
    };
    check(Some("SET a = :n"), true);
    check(Some("ADD a :n"), true);
    check(None, true);
    check(Some("REMOVE a"), false);
    check(Some("REMOVE a.b"), false);
    check(Some("DELETE a :ss"), false);
}

#[test]
fn return_values_of_updates() {
    let mut port = port();
    let mut check = |values: &str, attributes: Value| {
        port.put(
            "one",
            json!({"pk": {"S": "a"}, "n": {"N": "5"}, "m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}}),
        );
        let body = update("SET m.x = :n, n = :s REMOVE gone", json!({"ReturnValues": values}));
        assert_eq!(
            port.ok("UpdateItem", body).get("Attributes").unwrap_or(&json!(null)),
            &attributes,
            "{values}"
        );
    };
    check("NONE", json!(null));
    check(
        "ALL_OLD",
        json!({"m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}, "n": {"N": "5"}, "pk": {"S": "a"}}),
    );
    check(
        "ALL_NEW",
        json!({"m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}, "n": {"S": "new"}, "pk": {"S": "a"}}),
    );
    check("UPDATED_OLD", json!({"m": {"M": {"x": {"N": "1"}}}, "n": {"N": "5"}}));
    check("UPDATED_NEW", json!({"m": {"M": {"x": {"N": "1"}}}, "n": {"S": "new"}}));
    let key = json!({"TableName": "one", "Key": {"pk": {"S": "new"}}});
    for values in ["ALL_OLD", "UPDATED_OLD"] {
        port.answers("UpdateItem", with(key.clone(), json!({"ReturnValues": values})), json!({}));
        port.ok("DeleteItem", key.clone());
    }
    port.invalid(
        "UpdateItem",
        with(key, json!({"ReturnValues": "x"})),
        &format!(
            "{DETECTED}Failed to satisfy constraint: Member must satisfy enum value set: \
             [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"
        ),
    );
}

#[test]
fn return_values_of_puts_and_deletes() {
    let mut port = Port::new();
    let put = |values: &str| json!({"TableName": "one", "Item": {"pk": {"S": "a"}}, "ReturnValues": values});
    let delete =
        |values: &str| json!({"TableName": "one", "Key": {"pk": {"S": "a"}}, "ReturnValues": values});
    port.answers("PutItem", put("ALL_OLD"), json!({}));
    port.answers("PutItem", put("ALL_OLD"), json!({"Attributes": {"pk": {"S": "a"}}}));
    port.answers("PutItem", put("NONE"), json!({}));
    port.answers("DeleteItem", delete("ALL_OLD"), json!({"Attributes": {"pk": {"S": "a"}}}));
    port.answers("DeleteItem", delete("ALL_OLD"), json!({}));
    for values in ["ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"] {
        let text = format!("{DETECTED}ReturnValues can only be ALL_OLD or NONE");
        port.invalid("PutItem", put(values), &text);
        port.invalid("DeleteItem", delete(values), &text);
    }
    // AWS: the spelling is the newer layer's.
    let rule = "satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]";
    port.invalid("PutItem", put("x"), &format!("{DETECTED}Failed to satisfy constraint: Member must {rule}"));
    let metrics = constraint_of("'x'", "returnItemCollectionMetrics", "satisfy enum value set: [SIZE, NONE]");
    port.invalid("PutItem", with(put("NONE"), json!({"ReturnItemCollectionMetrics": "x"})), &metrics);
}

#[test]
fn the_older_parameters() {
    let mut port = port();
    let update = |updates: Value| json!({"TableName": "one", "Key": {"pk": {"S": "a"}}, "AttributeUpdates": updates, "ReturnValues": "UPDATED_NEW"});
    port.answers(
        "UpdateItem",
        update(json!({"l": {"Action": "ADD", "Value": {"L": [{"N": "3"}]}}, "n": {"Action": "ADD", "Value": {"N": "1"}}})),
        json!({"Attributes": {"l": {"L": [{"N": "0"}, {"N": "1"}, {"N": "2"}, {"N": "3"}]}, "n": {"N": "6"}}}),
    );
    port.invalid(
        "UpdateItem",
        update(json!({"s": {"Action": "ADD", "Value": {"N": "1"}}})),
        "Type mismatch for attribute to update",
    );
    // An empty map of updates creates an item of its key alone.
    let body = json!({"TableName": "one", "Key": {"pk": {"S": "b"}}, "AttributeUpdates": {}, "ReturnValues": "ALL_NEW"});
    port.answers("UpdateItem", body, json!({"Attributes": {"pk": {"S": "b"}}}));
}

#[test]
fn bad_return_values_are_told_alone() {
    let body = json!({
        "TableName": "one", "Key": {"pk": {"S": "a"}}, "ReturnValues": "x", "ReturnConsumedCapacity": "y",
    });
    Port::new().invalid(
        "UpdateItem",
        body.clone(),
        &format!(
            "{DETECTED}Failed to satisfy constraint: \
             Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"
        ),
    );
    Port::older().invalid(
        "UpdateItem",
        body,
        "2 validation errors detected: Value 'y' at 'returnConsumedCapacity' failed to satisfy constraint: \
         Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; \
         Value 'x' at 'returnValues' failed to satisfy constraint: \
         Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]",
    );
}

#[test]
fn a_missing_key_is_told_last_and_with_it_all_else() {
    let mut port = Port::new();
    let body = json!({"TableName": "", "ReturnConsumedCapacity": "x", "ReturnValues": "y"});
    port.invalid(
        "UpdateItem",
        body,
        "4 validation errors detected: \
         Value 'x' at 'returnConsumedCapacity' failed to satisfy constraint: \
         Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; \
         Value '' at 'tableName' failed to satisfy constraint: \
         Member must have length greater than or equal to 1; \
         Value 'y' at 'returnValues' failed to satisfy constraint: \
         Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]; \
         Value null at 'key' failed to satisfy constraint: Member must not be null",
    );
    let expected = json!({"a": {"Exists": false}, "b": {"Exists": false}});
    port.invalid(
        "UpdateItem",
        json!({"TableName": "one", "Expected": expected, "ConditionalOperator": "XOR"}),
        "2 validation errors detected: \
         Value 'XOR' at 'conditionalOperator' failed to satisfy constraint: \
         Member must satisfy enum value set: [OR, AND]; \
         Value null at 'key' failed to satisfy constraint: Member must not be null",
    );
}
