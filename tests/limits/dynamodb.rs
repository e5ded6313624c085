//! Limits of the in-memory DynamoDB, which are AWS's.

use asl_lsp::dynamodb::Database;
use asl_lsp::spec::quota;
use serde_json::{Value, json};

fn table(name: &str) -> Value {
    json!({
        "TableName": name,
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        "AttributeDefinitions": [
            {"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"},
        ],
    })
}

fn database() -> Database {
    Database::from_tables(&json!([table("orders")])).unwrap()
}

/// What an operation is answered: nothing where it succeeds.
fn error(operation: &str, body: &Value) -> String {
    database().call(operation, body).err().map(|error| error.to_string()).unwrap_or_default()
}

/// At the limit a request succeeds, one above it is refused with this.
#[track_caller]
fn check(operation: &str, body: impl Fn(usize) -> Value, limit: usize, expected: &str) {
    assert_eq!(error(operation, &body(limit)), "");
    let above = error(operation, &body(limit + 1));
    assert!(above.contains(expected), "{above}");
}

fn key(pk: &str, sk: &str) -> Value {
    json!({"pk": {"S": pk}, "sk": {"S": sk}})
}

fn put(item: Value) -> Value {
    json!({"TableName": "orders", "Item": item})
}

fn text_item(pk: &str, n_bytes: usize) -> Value {
    json!({"pk": {"S": pk}, "sk": {"S": "s"}, "t": {"S": "x".repeat(n_bytes)}})
}

#[test]
fn item_bytes_max() {
    // The names and the keys count.
    let body = |n_bytes: usize| put(text_item("p", n_bytes - 7));
    check("PutItem", body, quota::ITEM_BYTES_MAX, "Item size has exceeded the maximum allowed size");
}

#[test]
fn attribute_nesting_max() {
    let body = |levels: usize| {
        let nested = (1..levels).fold(json!({"N": "1"}), |inner, _| json!({"L": [inner]}));
        put(json!({"pk": {"S": "p"}, "sk": {"S": "s"}, "l": nested}))
    };
    check("PutItem", body, quota::ATTRIBUTE_NESTING_MAX, "Nesting Levels have exceeded supported limits");
}

#[test]
fn partition_key_bytes_max() {
    let body = |n_bytes: usize| put(key(&"x".repeat(n_bytes), "s"));
    check(
        "PutItem",
        body,
        quota::PARTITION_KEY_BYTES_MAX,
        "Size of hashkey has exceeded the maximum size limit of2048",
    );
}

#[test]
fn sort_key_bytes_max() {
    let body = |n_bytes: usize| put(key("p", &"x".repeat(n_bytes)));
    check("PutItem", body, quota::SORT_KEY_BYTES_MAX, "range keys has exceeded the size limit of 1024 bytes");
}

fn condition(expression: &str) -> Value {
    json!({
        "TableName": "orders", "Item": key("p", "s"), "ConditionExpression": expression,
        "ExpressionAttributeValues": {":v": {"N": "1"}},
    })
}

#[test]
fn dynamodb_expression_bytes_max() {
    let body = |n_bytes: usize| condition(&format!("NOT a = :v{}", " ".repeat(n_bytes - 10)));
    check("PutItem", body, quota::DYNAMODB_EXPRESSION_BYTES_MAX, "expression size: 4097");
}

#[test]
fn dynamodb_operators_max() {
    // Each term but the first has two.
    let body = |n_operators: usize| {
        let (n_terms, has_more) = (n_operators / 2, n_operators % 2 == 1);
        let terms = vec!["a<>:v"; n_terms].join(" OR ");
        condition(&if has_more { format!("NOT {terms} OR a<>:v") } else { format!("NOT {terms}") })
    };
    let expected = "The expression contains too many operators; operator count: 301";
    check("PutItem", body, quota::DYNAMODB_OPERATORS_MAX, expected);
}

#[test]
fn dynamodb_in_list_len_max() {
    let body = |n_operands: usize| condition(&format!("NOT a IN ({})", vec![":v"; n_operands].join(",")));
    check("PutItem", body, quota::DYNAMODB_IN_LIST_LEN_MAX, "number of operands: 101");
}

#[test]
fn dynamodb_expression_nesting_max() {
    // What is deeper is refused as what it is, without being followed: no expression that is right is.
    let body = |depth: usize| condition(&format!("{}a<>:v{}", "(".repeat(depth), ")".repeat(depth)));
    let limit = quota::DYNAMODB_EXPRESSION_NESTING_MAX;
    for depth in [limit, limit + 1, 2_000] {
        let text = error("PutItem", &body(depth));
        assert!(text.contains("The expression has redundant parentheses"), "{depth}: {text}");
    }
}

#[test]
fn statement_nesting_max() {
    let body = |depth: usize| {
        let condition = format!("{}sk = 's'{}", "(".repeat(depth), ")".repeat(depth));
        json!({"Statement": format!("SELECT * FROM \"orders\" WHERE pk = 'p' AND {condition}")})
    };
    let limit = quota::STATEMENT_NESTING_MAX;
    let deepest =
        (1..=limit).rev().find(|depth| error("ExecuteStatement", &body(*depth)).is_empty()).unwrap();
    assert!(limit - deepest <= 1, "{deepest}");
    let above = error("ExecuteStatement", &body(deepest + 1));
    assert!(above.contains("The expression has exceeded the maximum nesting depth"), "{above}");
}

#[test]
fn attribute_name_bytes_max() {
    let body =
        |n_bytes: usize| put(json!({"pk": {"S": "p"}, "sk": {"S": "s"}, "x".repeat(n_bytes): {"S": "x"}}));
    check("PutItem", body, quota::ATTRIBUTE_NAME_BYTES_MAX, "must be less than 65536 bytes");
}

#[test]
fn tags_max() {
    let body = |n_tags: usize| {
        let mut table = table("tagged");
        table["BillingMode"] = json!("PAY_PER_REQUEST");
        table["Tags"] = (0..n_tags).map(|n| json!({"Key": n.to_string(), "Value": ""})).collect();
        table
    };
    check("CreateTable", body, quota::TAGS_MAX, "Number of Tags exceed the current limit");
}

#[test]
fn placeholder_bytes_max() {
    let body = |n_bytes: usize| {
        let name = format!(":{}", "v".repeat(n_bytes - 1));
        json!({
            "TableName": "orders", "Item": key("p", "s"), "ConditionExpression": format!("NOT a = {name}"),
            "ExpressionAttributeValues": {name: {"N": "1"}},
        })
    };
    check("PutItem", body, quota::PLACEHOLDER_BYTES_MAX, "contains a key that is too long; key size: 256");
}

#[test]
fn statement_chars_max() {
    let body = |n_chars: usize| {
        let statement = "SELECT * FROM \"orders\"";
        json!({"Statement": format!("{statement}{}", " ".repeat(n_chars - statement.len()))})
    };
    check("ExecuteStatement", body, quota::STATEMENT_CHARS_MAX, "have length less than or equal to 8192");
}

#[test]
fn transaction_len_max() {
    let body = |n_items: usize| {
        let items: Vec<_> = (0..n_items).map(|n| json!({"Put": put(key(&n.to_string(), "s"))})).collect();
        json!({"TransactItems": items})
    };
    check("TransactWriteItems", body, quota::TRANSACTION_LEN_MAX, "have length less than or equal to 100");
    let body = |n_items: usize| {
        let items: Vec<_> = (0..n_items)
            .map(|n| json!({"Get": {"TableName": "orders", "Key": key(&n.to_string(), "s")}}))
            .collect();
        json!({"TransactItems": items})
    };
    check("TransactGetItems", body, quota::TRANSACTION_LEN_MAX, "have length less than or equal to 100");
    let body = |n_items: usize| {
        let select = |n: usize| format!("SELECT * FROM \"orders\" WHERE pk = '{n}' AND sk = 's'");
        let statements: Vec<_> = (0..n_items).map(|n| json!({"Statement": select(n)})).collect();
        json!({"TransactStatements": statements})
    };
    check("ExecuteTransaction", body, quota::TRANSACTION_LEN_MAX, "have length less than or equal to 100");
}

#[test]
fn transaction_bytes_max() {
    // Items of 400,000 bytes, and what is left in the last.
    let body = |n_bytes: usize| {
        const LARGE: usize = 400_000;
        let sizes = std::iter::repeat_n(LARGE, n_bytes / LARGE).chain([n_bytes % LARGE]);
        let items = sizes.enumerate().map(|(n, size)| {
            let pk = format!("{n:02}");
            json!({"Put": put(text_item(&pk, size - 8))})
        });
        json!({"TransactItems": items.collect::<Vec<_>>()})
    };
    check("TransactWriteItems", body, quota::TRANSACTION_BYTES_MAX, "payload size cannot exceed 4MB");
}

#[test]
fn batch_writes_max() {
    let body = |n_writes: usize| {
        let write = |n: usize| json!({"PutRequest": {"Item": key(&n.to_string(), "s")}});
        json!({"RequestItems": {"orders": (0..n_writes).map(write).collect::<Vec<_>>()}})
    };
    check("BatchWriteItem", body, quota::BATCH_WRITES_MAX, "have length less than or equal to 25");
}

#[test]
fn batch_reads_max() {
    let body = |n_keys: usize| {
        let keys: Vec<_> = (0..n_keys).map(|n| key(&n.to_string(), "s")).collect();
        json!({"RequestItems": {"orders": {"Keys": keys}}})
    };
    check("BatchGetItem", body, quota::BATCH_READS_MAX, "have length less than or equal to 100");
}

#[test]
fn batch_statements_max() {
    let body = |n_statements: usize| {
        let select = |n: usize| format!("SELECT * FROM \"orders\" WHERE pk = '{n}' AND sk = 's'");
        let statements: Vec<_> = (0..n_statements).map(|n| json!({"Statement": select(n)})).collect();
        json!({"Statements": statements})
    };
    check("BatchExecuteStatement", body, quota::BATCH_STATEMENTS_MAX, "have length less than or equal to 25");
}

/// A database with items of so many bytes each.
fn filled(n_items: usize, n_bytes: usize) -> Database {
    let mut database = database();
    for n in 0..n_items {
        database.call("PutItem", &put(text_item(&format!("{n:02}"), n_bytes - 8))).unwrap();
    }
    database
}

#[test]
fn page_bytes_max() {
    // Four items fill a page to the byte; the fifth is on the next.
    let mut database = filled(5, quota::PAGE_BYTES_MAX / 4);
    let page = database.call("Scan", &json!({"TableName": "orders", "Select": "COUNT"})).unwrap();
    assert_eq!((&page["Count"], page.get("LastEvaluatedKey").is_some()), (&json!(4), true));
    let mut database = filled(5, quota::PAGE_BYTES_MAX / 5);
    let page = database.call("Scan", &json!({"TableName": "orders", "Select": "COUNT"})).unwrap();
    assert_eq!((&page["Count"], page.get("LastEvaluatedKey").is_some()), (&json!(5), false));
}

#[test]
fn batch_read_bytes_max() {
    let read = |n_items: usize| {
        let keys: Vec<_> = (0..n_items).map(|n| key(&format!("{n:02}"), "s")).collect();
        let body = json!({"RequestItems": {"orders": {"Keys": keys}}});
        let answer = filled(n_items, 409_600).call("BatchGetItem", &body).unwrap();
        let n_left = answer["UnprocessedKeys"]["orders"]["Keys"].as_array().map_or(0, Vec::len);
        (answer["Responses"]["orders"].as_array().unwrap().len(), n_left)
    };
    // Forty-one items of the largest size are the first that have as much.
    let n_items = quota::BATCH_READ_BYTES_MAX.div_ceil(409_600);
    assert_eq!(read(n_items), (n_items, 0));
    assert_eq!(read(n_items + 1), (n_items, 1));
}

#[test]
fn table_names_page_len_max() {
    let list = |n_tables: usize| {
        let tables: Vec<_> = (0..n_tables).map(|n| table(&format!("orders{n}"))).collect();
        let answer =
            Database::from_tables(&Value::Array(tables)).unwrap().call("ListTables", &json!({})).unwrap();
        (answer["TableNames"].as_array().unwrap().len(), answer.get("LastEvaluatedTableName").is_some())
    };
    let limit = quota::TABLE_NAMES_PAGE_LEN_MAX;
    assert_eq!(list(limit), (limit, false));
    assert_eq!(list(limit + 1), (limit, true));
}

/// A table with so many indexes of a kind, each with so many attributes beside its keys.
fn indexed(kind: &str, n_indexes: usize, n_projected: usize) -> Value {
    let mut table = table("indexed");
    table["BillingMode"] = json!("PAY_PER_REQUEST");
    let names = |n: usize| (0..n_projected).map(|i| format!("a{n}_{i}")).collect::<Vec<_>>();
    let index = |n: usize| {
        let projection = match n_projected {
            0 => json!({"ProjectionType": "ALL"}),
            _ => json!({"ProjectionType": "INCLUDE", "NonKeyAttributes": names(n)}),
        };
        json!({
            "IndexName": format!("index{n}"),
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            "Projection": projection,
        })
    };
    table[kind] = (0..n_indexes).map(index).collect();
    table
}

#[test]
fn global_indexes_max() {
    let body = |n_indexes: usize| indexed("GlobalSecondaryIndexes", n_indexes, 0);
    check("CreateTable", body, quota::GLOBAL_INDEXES_MAX, "exceeds the per-table limit of 20");
}

#[test]
fn local_indexes_max() {
    let body = |n_indexes: usize| indexed("LocalSecondaryIndexes", n_indexes, 0);
    check("CreateTable", body, quota::LOCAL_INDEXES_MAX, "exceeds per-table limit of 5");
}

#[test]
fn key_attributes_max() {
    for role in ["HASH", "RANGE"] {
        let body = |n_attributes: usize| {
            let mut table = indexed("GlobalSecondaryIndexes", 1, 0);
            let element = |name: &str, role: &str| json!({"AttributeName": name, "KeyType": role});
            let mut key = if role == "RANGE" { vec![element("pk", "HASH")] } else { Vec::new() };
            for name in (0..n_attributes).map(|n| format!("a{n}")) {
                key.push(element(&name, role));
                let definitions = table["AttributeDefinitions"].as_array_mut().unwrap();
                definitions.push(json!({"AttributeName": name, "AttributeType": "S"}));
            }
            table["GlobalSecondaryIndexes"][0]["KeySchema"] = key.into();
            table
        };
        let expected = format!("exceeds the maximum allowed number of {role} key attributes");
        check("CreateTable", body, quota::KEY_ATTRIBUTES_MAX, &expected);
    }
}

#[test]
fn projected_attributes_max() {
    // Five indexes have twenty each, or one of them has one more.
    let body = |n_attributes: usize| {
        let mut table = indexed("GlobalSecondaryIndexes", 5, 20);
        if n_attributes > 100 {
            let names = &mut table["GlobalSecondaryIndexes"][0]["Projection"]["NonKeyAttributes"];
            names.as_array_mut().unwrap().push(json!("more"));
        }
        table
    };
    check("CreateTable", body, quota::PROJECTED_ATTRIBUTES_MAX, "exceeds the limit of 100: 101");
}
