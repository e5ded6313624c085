//! Conditions, filters, projections and placeholders.

use serde_json::{Value, json};

use crate::{CONDITION_FAILED, DETECTED, Port, with, with_values};

/// A port whose table `one` has the item `a`.
fn port() -> Port {
    let mut port = Port::new();
    port.put("one", json!({
        "pk": {"S": "a"}, "n": {"N": "5"}, "s": {"S": "text"}, "ss": {"SS": ["x", "y"]}, "ns": {"NS": ["1", "2"]},
        "b": {"B": "AAEC"}, "l": {"L": [{"N": "1"}, {"S": "x"}]}, "m": {"M": {"x": {"N": "1"}, "y.z": {"S": "dot"}}},
        "t": {"BOOL": true}, "nil": {"NULL": true},
    }));
    port
}

fn values() -> Value {
    json!({
        ":n": {"N": "5"}, ":n1": {"N": "1"}, ":n9": {"N": "9"}, ":s": {"S": "te"}, ":x": {"S": "x"}, ":t": {"BOOL": true},
        ":ss": {"SS": ["y", "x"]}, ":l": {"L": [{"N": "1"}, {"S": "x"}]}, ":b": {"B": "AAE="}, ":null": {"NULL": true},
        ":type": {"S": "S"}, ":bad": {"S": "X"}, ":z": {"S": "zz"},
    })
}

/// A delete with a condition, and the values that it uses.
fn delete(condition: &str) -> Value {
    let body = json!({"TableName": "one", "Key": {"pk": {"S": "a"}}, "ConditionExpression": condition});
    with_values(body, condition, values())
}

#[test]
fn mistakes_in_conditions() {
    let mut port = port();
    let mut bad = |condition: &str, text: &str| {
        port.invalid(
            "DeleteItem",
            delete(condition),
            &format!("{DETECTED}Invalid ConditionExpression: {text}"),
        );
    };
    bad("", "The expression can not be empty;");
    bad("INVALID SYNTAX", "Syntax error; token: \"SYNTAX\", near: \"INVALID SYNTAX\"");
    bad("a = ", "Syntax error; token: \"<EOF>\", near: \"=\"");
    bad("a = :n AND", "Syntax error; token: \"<EOF>\", near: \"AND\"");
    bad("a == :n", "Syntax error; token: \"=\", near: \"== :n\"");
    bad("status = :n", "Attribute name is a reserved keyword; reserved keyword: status");
    bad("a.Status = :n", "Attribute name is a reserved keyword; reserved keyword: Status");
    bad(
        "#x = :n",
        "An expression attribute name used in the document path is not defined; attribute name: #x",
    );
    bad(
        "a = :undefined",
        "An expression attribute value used in expression is not defined; attribute value: :undefined",
    );
    bad("f(a)", "Invalid function name; function: f");
    bad("BEGINS_WITH(a, :s)", "Invalid function name; function: BEGINS_WITH");
    bad(
        "size(a, b) = :n",
        "Incorrect number of operands for operator or function; operator or function: size, number of operands: 2",
    );
    bad(
        "attribute_exists(a, b)",
        "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2",
    );
    bad(
        "begins_with(a, :n)",
        "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
    );
    bad(
        "attribute_exists(:n)",
        "Operator or function requires a document path; operator or function: attribute_exists",
    );
    bad("size(a)", "The function is not allowed to be used this way in an expression; function: size");
    bad(
        "attribute_exists(a) < :n",
        "The function is not allowed to be used this way in an expression; function: attribute_exists",
    );
    bad("((a = :n))", "The expression has redundant parentheses;");
    bad(
        "a = a",
        "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a]",
    );
    bad(
        "attribute_type(a, :bad)",
        "Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
    );
    bad(
        "attribute_type(a, :n)",
        "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N",
    );
    bad(
        "size(size(a)) = :n",
        "Incorrect operand type for operator or function; operator or function: size, operand type: N",
    );
    bad(
        "a BETWEEN :n1 AND :x",
        "The BETWEEN operator requires same data type for lower and upper bounds; \
         lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:x}",
    );
    bad(
        "a BETWEEN :n AND :n1",
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; \
         lower bound operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: {N:1}",
    );
    bad(
        "a < :ss",
        "Incorrect operand type for operator or function; operator or function: <, operand type: SS",
    );
    bad("a[x] = :n", "Syntax error; token: \"x\", near: \"[x]\"");
    bad("a[:n] = :n", "Syntax error; token: \":n\", near: \"[:n]\"");
    bad(&format!("a = :n{}", " ".repeat(4_096)), "Expression size has exceeded the maximum allowed size;");
    let many = format!("a = :n{}", " OR a = :n".repeat(151));
    bad(&many, "The expression contains too many operators; operator count: 301");
}

#[test]
fn the_first_mistake_in_a_condition() {
    let mut port = port();
    let mut bad = |condition: &str, text: &str| {
        port.invalid(
            "DeleteItem",
            delete(condition),
            &format!("{DETECTED}Invalid ConditionExpression: {text}"),
        );
    };
    // Redundant parentheses, unknown function, misused function, reserved word, then each comparison from the left.
    bad("((f(a)))", "The expression has redundant parentheses;");
    bad("size(a) AND f(status)", "Invalid function name; function: f");
    bad(
        "status = :n AND size(a)",
        "The function is not allowed to be used this way in an expression; function: size",
    );
    bad("a = :undefined AND status = :n", "Attribute name is a reserved keyword; reserved keyword: status");
    bad(
        "size(a, b) = :undefined",
        "An expression attribute value used in expression is not defined; attribute value: :undefined",
    );
    bad(
        "size(a, b) = :n AND a = a",
        "Incorrect number of operands for operator or function; operator or function: size, number of operands: 2",
    );
    bad(
        "a = a AND begins_with(a, :n)",
        "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a]",
    );
}

#[test]
fn what_conditions_mean() {
    for (condition, holds) in [
        ("n = :n", true),
        ("n <> :n", false),
        ("n > :n1 and N < :n9", false),
        ("n > :n1 and n < :n9", true),
        ("n BETWEEN :n1 AND :n9", true),
        ("n between :n and :n", true),
        ("n IN (:n1, :n)", true),
        ("n IN (:x)", false),
        // NOT binds tighter than AND, AND tighter than OR.
        ("n = :n OR n = :n1 AND n = :n9", true),
        ("NOT n = :n1 AND n = :n", true),
        ("NOT (n = :n1 OR n = :n)", false),
        // A missing attribute equals nothing and differs from everything, even from another missing one.
        ("gone = :n", false),
        ("gone <> :n", true),
        ("gone <> gone2", true),
        ("gone < :n", false),
        ("NOT gone < :n", true),
        // Values of two types are different and have no order.
        ("n = :x", false),
        ("n <> :x", true),
        ("n < :x", false),
        ("ss = :ss", true),
        ("l = :l", true),
        ("t = :t", true),
        ("nil = :null", true),
        ("begins_with(s, :s)", true),
        ("begins_with(b, :b)", true),
        ("begins_with(n, :s)", false),
        ("contains(s, :x)", true),
        ("contains(ss, :x)", true),
        ("contains(l, :x)", true),
        ("contains(l, :n1)", true),
        ("contains(n, :n)", false),
        ("attribute_exists(m.x)", true),
        ("attribute_exists(m.#dot)", true),
        ("attribute_exists(l[1])", true),
        ("attribute_exists(l[2])", false),
        ("attribute_not_exists(gone)", true),
        ("attribute_type(s, :type)", true),
        ("size(s) < :n", true),
        ("size(l) < :n", true),
        ("size(m) > :n1", true),
        ("size(ss) > :n1", true),
        ("size(b) < :n", true),
        ("size(n) = :n", false),
        ("m.x = l[0]", true),
    ] {
        let mut port = port();
        let mut body = delete(condition);
        if condition.contains("#dot") {
            body["ExpressionAttributeNames"] = json!({"#dot": "y.z"});
        }
        if holds {
            port.answers("DeleteItem", body, json!({}));
        } else {
            port.refuses("DeleteItem", body, CONDITION_FAILED, "The conditional request failed");
        }
    }
}

/// As UTF-16 has it: two for the letter beyond U+FFFF.
#[test]
fn the_size_of_a_string() {
    let mut port = Port::new();
    port.put("one", json!({"pk": {"S": "a"}, "s": {"S": "é𝄞"}}));
    let mut body = delete("size(s) = :size");
    body["ExpressionAttributeValues"] = json!({":size": {"N": "3"}});
    port.answers("DeleteItem", body, json!({}));
}

#[test]
fn placeholders() {
    let mut port = port();
    let mut bad = |more: Value, text: &str| {
        let body = with(json!({"TableName": "one", "Key": {"pk": {"S": "a"}}}), more);
        port.invalid("DeleteItem", body, &format!("{DETECTED}{text}"));
    };
    let names = |more: Value| with(json!({"ConditionExpression": "attribute_exists(pk)"}), more);
    bad(
        names(json!({"ExpressionAttributeNames": {"#x": "y"}})),
        "Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}",
    );
    bad(
        names(json!({"ExpressionAttributeValues": {":x": {"S": "y"}}})),
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}",
    );
    // Unused names are told before unused values.
    bad(
        names(
            json!({"ExpressionAttributeNames": {"#x": "y"}, "ExpressionAttributeValues": {":x": {"S": "y"}}}),
        ),
        "Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}",
    );
    bad(names(json!({"ExpressionAttributeNames": {}})), "ExpressionAttributeNames must not be empty");
    bad(names(json!({"ExpressionAttributeValues": {}})), "ExpressionAttributeValues must not be empty");
    bad(
        names(json!({"ExpressionAttributeNames": {"x": "y"}})),
        "ExpressionAttributeNames contains invalid key: Syntax error; key: \"x\"",
    );
    bad(
        names(json!({"ExpressionAttributeValues": {"x": {"S": "y"}}})),
        "ExpressionAttributeValues contains invalid key: Syntax error; key: \"x\"",
    );
    bad(
        json!({"ExpressionAttributeNames": {"#x": "y"}}),
        "ExpressionAttributeNames can only be specified when using expressions",
    );
    bad(
        json!({"ExpressionAttributeValues": {":x": {"S": "y"}}}),
        "ExpressionAttributeValues can only be specified when using expressions",
    );
    bad(
        json!({"ConditionExpression": "pk = :x", "ExpressionAttributeValues": {":x": {"N": "dog"}}}),
        "The parameter cannot be converted to a numeric value: dog",
    );
    port.invalid(
        "UpdateItem",
        json!({"TableName": "one", "Key": {"pk": {"S": "a"}}, "ExpressionAttributeValues": {":x": {"S": "y"}}}),
        &format!("{DETECTED}ExpressionAttributeValues can only be specified when using expressions"),
    );
    port.invalid(
        "Query",
        json!({"TableName": "one", "ExpressionAttributeValues": {":x": {"S": "y"}}}),
        "ExpressionAttributeValues can only be specified when using expressions: \
         FilterExpression and KeyConditionExpression are null",
    );
    port.invalid(
        "Scan",
        json!({"TableName": "one", "ExpressionAttributeValues": {":x": {"S": "y"}}}),
        "ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null",
    );
    let mut older = Port::older();
    older.invalid(
        "DeleteItem",
        json!({
            "TableName": "one", "Key": {"pk": {"S": "a"}}, "ConditionExpression": "pk = :x",
            "ExpressionAttributeValues": {":x": {"N": "dog"}},
        }),
        "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: dog for key :x",
    );
}

#[test]
fn projections() {
    let mut port = port();
    let get = |projection: &str| json!({"TableName": "one", "Key": {"pk": {"S": "a"}}, "ProjectionExpression": projection});
    port.answers(
        "GetItem",
        get("n, l[1], m.x"),
        json!({"Item": {
            "l": {"L": [{"S": "x"}]}, "m": {"M": {"x": {"N": "1"}}}, "n": {"N": "5"},
        }}),
    );
    port.answers("GetItem", get("gone"), json!({"Item": {}}));
    let mut bad = |projection: &str, text: &str| {
        port.invalid("GetItem", get(projection), &format!("Invalid ProjectionExpression: {text}"));
    };
    bad("", "The expression can not be empty;");
    bad(
        "a, b, a",
        "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]",
    );
    bad(
        "a, a.b",
        "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]",
    );
    bad(
        "a.b, a[1]",
        "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [1]]",
    );
    bad("abort", "Attribute name is a reserved keyword; reserved keyword: abort");
    bad("a,,b", "Syntax error; token: \",\", near: \",,b\"");
    bad("#x", "An expression attribute name used in the document path is not defined; attribute name: #x");
}

#[test]
fn item_on_failure() {
    let mut port = Port::new();
    port.put("one", json!({"pk": {"S": "a"}}));
    let put = |key: &str, more: Value| {
        let body = json!({
            "TableName": "one", "Item": {"pk": {"S": key}}, "ConditionExpression": "attribute_exists(gone)",
        });
        with(body, more)
    };
    let all = json!({"ReturnValuesOnConditionCheckFailure": "ALL_OLD"});
    let (_, answer) = port.call("PutItem", &put("a", all.clone()));
    assert_eq!(
        answer,
        json!({
            "__type": CONDITION_FAILED, "message": "The conditional request failed", "Item": {"pk": {"S": "a"}},
        })
    );
    let plain = json!({"__type": CONDITION_FAILED, "message": "The conditional request failed"});
    assert_eq!(port.call("PutItem", &put("b", all)).1, plain);
    assert_eq!(port.call("PutItem", &put("a", json!({}))).1, plain);
}

#[test]
fn functions_of_updates_are_none_of_conditions() {
    let mut port = port();
    for function in ["list_append", "if_not_exists"] {
        port.invalid(
            "DeleteItem",
            delete(&format!("{function}(l, :l) = :l")),
            &format!(
                "{DETECTED}Invalid ConditionExpression: The function is not allowed in a condition expression; \
                 function: {function}"
            ),
        );
    }
}

#[test]
fn depth_is_not_what_is_wrong() {
    let mut port = port();
    let mut bad = |condition: &str, text: &str| {
        port.invalid(
            "DeleteItem",
            delete(condition),
            &format!("{DETECTED}Invalid ConditionExpression: {text}"),
        );
    };
    bad(
        &format!("{}n = :n{}", "(".repeat(2_000), ")".repeat(2_000)),
        "The expression has redundant parentheses;",
    );
    bad(&"(".repeat(4_096), "Syntax error; token: \"<EOF>\", near: \"(\"");
    bad(
        &format!("{}n = :n", "NOT ".repeat(1_000)),
        "The expression contains too many operators; operator count: 301",
    );
    bad(
        &format!("n < {}s{}", "size(".repeat(600), ")".repeat(600)),
        "The function is not allowed to be used this way in an expression; function: size",
    );
    let deep = format!("{}n = :n{}", "n = :n9 OR (".repeat(90), ")".repeat(90));
    port.answers("DeleteItem", delete(&deep), json!({}));
}
