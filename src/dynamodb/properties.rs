//! Properties that hold for all inputs, tried on many: against naive models, and by doing and undoing.
//!
//! The seed is fixed, so a failure repeats; proptest prints the smallest input that fails.

use std::collections::BTreeMap;

use bigdecimal::BigDecimal;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Value, json};

use super::expression::{parse_condition, parse_projection, parse_update};
use super::{Database, Number, Operation, TableDiff};

fn config() -> Config {
    Config { cases: 256, failure_persistence: None, rng_seed: RngSeed::Fixed(0x5eed), ..Config::default() }
}

// ------------------------------------------------------------------------------------------------------ numbers

/// Texts of numbers, many of them near the limits of digits and magnitude.
fn number_text() -> impl Strategy<Value = String> {
    ("[+-]?", "[0-9]{1,20}", "(\\.[0-9]{0,20})?", prop_oneof![Just(0), -140..140i32, Just(125), Just(-130)])
        .prop_map(|(sign, whole, fraction, exponent)| format!("{sign}{whole}{fraction}e{exponent}"))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn numbers_agree_with_a_general_library(a in number_text(), b in number_text()) {
        if let (Ok(x), Ok(y)) = (Number::parse(&a), Number::parse(&b)) {
            let (p, q): (BigDecimal, BigDecimal) = (a.parse().unwrap(), b.parse().unwrap());
            prop_assert_eq!(x.cmp(&y), p.cmp(&q));
            prop_assert_eq!(x == y, p == q);
            let sum = &p + &q;
            match x.checked_add(y) {
                Ok(z) => prop_assert_eq!(z.to_string().parse::<BigDecimal>().unwrap(), sum),
                Err(_) => prop_assert!(Number::parse(&sum.normalized().to_string()).is_err()),
            }
        }
    }

    #[test]
    fn the_canonical_text_reads_back(text in number_text()) {
        if let Ok(number) = Number::parse(&text) {
            prop_assert_eq!(Number::parse(&number.to_string()), Ok(number));
            prop_assert!(!number.to_string().contains('e'));
        }
    }

    #[test]
    fn any_text_is_a_number_or_an_error(text in "\\PC{0,12}") {
        let _ = Number::parse(&text);
    }
}

// -------------------------------------------------------------------------------------------------- expressions

fn path() -> impl Strategy<Value = String> {
    let step =
        prop_oneof![Just(".b".to_owned()), Just(".#n".to_owned()), (0..9u32).prop_map(|i| format!("[{i}]"))];
    (prop_oneof![Just("attr"), Just("#n")], prop::collection::vec(step, 0..3))
        .prop_map(|(root, steps)| format!("{root}{}", steps.concat()))
}

fn operand() -> impl Strategy<Value = String> {
    prop_oneof![path(), Just(":v".to_owned()), path().prop_map(|path| format!("size ( {path} )"))]
}

fn condition() -> impl Strategy<Value = String> {
    let comparator = prop_oneof![Just("="), Just("<>"), Just("<"), Just("<="), Just(">"), Just(">=")];
    let leaf = prop_oneof![
        (operand(), comparator, operand()).prop_map(|(a, op, b)| format!("{a}{op}{b}")),
        (operand(), operand(), operand()).prop_map(|(a, b, c)| format!("{a} between {b} and {c}")),
        (operand(), operand(), operand()).prop_map(|(a, b, c)| format!("{a} In ({b},{c})")),
        path().prop_map(|path| format!("attribute_exists({path})")),
        (path(), operand()).prop_map(|(a, b)| format!("contains({a} ,{b})")),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) and {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} or ( {b} )")),
            inner.prop_map(|a| format!("not ({a})")),
        ]
    })
}

fn update() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        operand(),
        (operand(), operand()).prop_map(|(a, b)| format!("{a}+{b}")),
        (operand(), operand()).prop_map(|(a, b)| format!("{a} - {b}")),
        (path(), operand()).prop_map(|(a, b)| format!("if_not_exists({a},{b})")),
    ];
    let set = prop::collection::vec((path(), value).prop_map(|(p, v)| format!("{p}={v}")), 1..3);
    let remove = prop::collection::vec(path(), 1..3);
    (set, remove, path()).prop_map(|(set, remove, add)| {
        format!("set {} REMOVE {} add {add} :v", set.join(" , "), remove.join(","))
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn printed_expressions_read_back_the_same(condition in condition(), update in update()) {
        let (tree, _) = parse_condition(&condition);
        let printed = tree.expect(&condition).to_string();
        let (again, errors) = parse_condition(&printed);
        prop_assert_eq!(again.map(|tree| tree.to_string()), Some(printed), "{:?}", errors);

        let (tree, _) = parse_update(&update);
        let printed = tree.expect(&update).to_string();
        let (again, errors) = parse_update(&printed);
        prop_assert_eq!(again.map(|tree| tree.to_string()), Some(printed), "{:?}", errors);
    }

    #[test]
    fn ranges_lie_within_the_text(text in "([a-c#:()\\[\\]<>=,. ]|AND|OR|NOT|IN|SET|:v|size|é){0,30}") {
        let errors = [parse_condition(&text).1, parse_update(&text).1, parse_projection(&text).1];
        for error in errors.into_iter().flatten() {
            prop_assert!(text.get(error.range.to_usize()).is_some(), "{:?}", error);
        }
    }

    #[test]
    fn any_statement_is_answered(statement in "(SELECT|FROM|one|WHERE|pk|=|'a'|\\?|\\{|\\}|\\[|<<|>>|UPDATE|SET|,|1|\\PC| ){0,20}") {
        let _ = Database::default().call("ExecuteStatement", &json!({"Statement": statement}));
    }
}

// ----------------------------------------------------------------------------------------------------- requests

/// JSON whose members have the names that requests know, at places where they may or may not belong.
fn body() -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec![
        "TableName",
        "Item",
        "Key",
        "Keys",
        "pk",
        "sk",
        "table",
        "S",
        "N",
        "B",
        "L",
        "M",
        "SS",
        "NS",
        "NULL",
        "#n",
        ":v",
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
        "ConditionExpression",
        "UpdateExpression",
        "KeyConditionExpression",
        "FilterExpression",
        "ProjectionExpression",
        "Expected",
        "AttributeUpdates",
        "KeyConditions",
        "ScanFilter",
        "ComparisonOperator",
        "AttributeValueList",
        "Value",
        "Exists",
        "Action",
        "RequestItems",
        "PutRequest",
        "DeleteRequest",
        "TransactItems",
        "Put",
        "Update",
        "Delete",
        "ConditionCheck",
        "Get",
        "Statements",
        "Statement",
        "Parameters",
        "TransactStatements",
        "Limit",
        "Segment",
        "TotalSegments",
        "IndexName",
        "Select",
        "ExclusiveStartKey",
        "ReturnValues",
        "ReturnConsumedCapacity",
        "KeySchema",
        "AttributeDefinitions",
        "AttributeName",
        "AttributeType",
        "KeyType",
        "GlobalSecondaryIndexes",
        "Projection",
        "ProjectionType",
        "NonKeyAttributes",
        "BillingMode",
        "ProvisionedThroughput",
        "NextToken",
        "Tags",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec![
            "",
            "table",
            "pk",
            "x",
            "1",
            "-1.5e3",
            "1e999",
            "AAE=",
            "EQ",
            "BETWEEN",
            "ADD",
            "HASH",
            "RANGE",
            "S",
            "N",
            "ALL",
            "INCLUDE",
            "ALL_NEW",
            "INDEXES",
            "COUNT",
            "groups",
            "n = :v",
            "SET n = :v",
            "pk = :v",
            "#n",
            "SELECT * FROM table WHERE pk = ?",
            "INSERT INTO table VALUE ?",
            "PAY_PER_REQUEST",
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names.clone(), inner), 0..6).prop_map(|members| {
                Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
            }),
        ]
    })
}

proptest! {
    #![proptest_config(Config { cases: 2_048, ..config() })]

    #[test]
    fn any_request_is_answered(
        operation in prop::sample::select(Operation::ALL),
        mut body in body(),
        named: bool,
    ) {
        if let (true, Value::Object(members)) = (named, &mut body) {
            members.insert("TableName".to_owned(), "table".into());
        }
        let mut database = run(&[Step::Put { pk: 0, sk: 0, group: Some(0), n: 0 }]).0;
        let before = database.clone();
        match database.call(operation.as_str(), &body) {
            Ok(_) => {}
            Err(error) => {
                prop_assert_eq!(&database, &before, "{}", error);
                prop_assert!(error.to_json()["__type"].is_string());
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Put { pk: u8, sk: i8, group: Option<u8>, n: i32 },
    Add { pk: u8, sk: i8, by: i32 },
    SetIf { pk: u8, sk: i8, group: u8, below: i32 },
    Delete { pk: u8, sk: i8 },
}

fn step() -> impl Strategy<Value = Step> {
    let key = || (0..4u8, -3..4i8);
    prop_oneof![
        (key(), prop::option::of(0..3u8), -9..9i32).prop_map(|((pk, sk), group, n)| Step::Put {
            pk,
            sk,
            group,
            n
        }),
        (key(), -9..9i32).prop_map(|((pk, sk), by)| Step::Add { pk, sk, by }),
        (key(), 0..3u8, -9..9i32).prop_map(|((pk, sk), group, below)| Step::SetIf { pk, sk, group, below }),
        key().prop_map(|(pk, sk)| Step::Delete { pk, sk }),
    ]
}

/// What the items of the table are: `(group, n)` by key.
type Model = BTreeMap<(u8, i8), (Option<u8>, Option<i32>)>;

fn empty() -> Database {
    Database::from_tables(&json!([{
        "TableName": "table",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        "AttributeDefinitions": [
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "N"},
            {"AttributeName": "group", "AttributeType": "S"},
        ],
        "GlobalSecondaryIndexes": [{
            "IndexName": "groups",
            "KeySchema": [{"AttributeName": "group", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "ALL"},
        }],
    }]))
    .unwrap()
}

fn key(pk: u8, sk: i8) -> Value {
    json!({"pk": {"S": pk.to_string()}, "sk": {"N": sk.to_string()}})
}

fn item(pk: u8, sk: i8, (group, n): (Option<u8>, Option<i32>)) -> Value {
    let mut item = key(pk, sk);
    if let Some(group) = group {
        item["group"] = json!({"S": group.to_string()});
    }
    if let Some(n) = n {
        item["n"] = json!({"N": n.to_string()});
    }
    item
}

fn apply(step: &Step, database: &mut Database, model: &mut Model) {
    match *step {
        Step::Put { pk, sk, group, n } => {
            let body = json!({"TableName": "table", "Item": item(pk, sk, (group, Some(n)))});
            database.call("PutItem", &body).unwrap();
            model.insert((pk, sk), (group, Some(n)));
        }
        Step::Add { pk, sk, by } => {
            let body = json!({
                "TableName": "table", "Key": key(pk, sk), "UpdateExpression": "ADD n :by",
                "ExpressionAttributeValues": {":by": {"N": by.to_string()}},
            });
            database.call("UpdateItem", &body).unwrap();
            let (_, n) = model.entry((pk, sk)).or_default();
            *n = Some(n.unwrap_or(0) + by);
        }
        Step::SetIf { pk, sk, group, below } => {
            let body = json!({
                "TableName": "table", "Key": key(pk, sk), "UpdateExpression": "SET #g = :g",
                "ConditionExpression": "n < :below", "ExpressionAttributeNames": {"#g": "group"},
                "ExpressionAttributeValues": {":below": {"N": below.to_string()}, ":g": {"S": group.to_string()}},
            });
            let done = database.call("UpdateItem", &body).is_ok();
            let expected = model.get_mut(&(pk, sk)).filter(|(_, n)| n.is_some_and(|n| n < below));
            assert_eq!(done, expected.is_some());
            if let Some((current, _)) = expected {
                *current = Some(group);
            }
        }
        Step::Delete { pk, sk } => {
            let body = json!({"TableName": "table", "Key": key(pk, sk), "ReturnValues": "ALL_OLD"});
            let response = database.call("DeleteItem", &body).unwrap();
            let old = model.remove(&(pk, sk));
            assert_eq!(response.get("Attributes"), old.map(|old| item(pk, sk, old)).map(sorted).as_ref());
        }
    }
}

/// The same value with members by name, as responses have them.
fn sorted(value: Value) -> Value {
    let Value::Object(map) = value else { return value };
    let members: BTreeMap<String, Value> = map.into_iter().collect();
    Value::Object(members.into_iter().collect())
}

/// Every page of a query or scan, put together.
fn pages(database: &mut Database, operation: &str, mut body: Value) -> Vec<Value> {
    let mut items = Vec::new();
    loop {
        let response = database.call(operation, &body).unwrap();
        items.extend(response["Items"].as_array().unwrap().iter().cloned());
        match response.get("LastEvaluatedKey") {
            Some(last) => body["ExclusiveStartKey"] = last.clone(),
            None => return items,
        }
    }
}

fn run(steps: &[Step]) -> (Database, Model) {
    let (mut database, mut model) = (empty(), Model::new());
    steps.iter().for_each(|step| apply(step, &mut database, &mut model));
    (database, model)
}

/// Undoes differences by putting back what was before.
fn undo(database: &mut Database, differences: &[TableDiff]) {
    for difference in differences {
        for item in &difference.items {
            let (before, after) = item.to_json();
            let body = |member: &str, value: Value| json!({"TableName": &*difference.table, member: value});
            match (before, after) {
                (Some(before), _) => database.call("PutItem", &body("Item", before)).unwrap(),
                (None, Some(after)) => {
                    let key = json!({"pk": after["pk"], "sk": after["sk"]});
                    database.call("DeleteItem", &body("Key", key)).unwrap()
                }
                (None, None) => panic!("an item that changed is there before or after"),
            };
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_table_is_what_a_sorted_list_is(steps in prop::collection::vec(step(), 0..40), limit in 1..5u32) {
        let (mut database, model) = run(&steps);
        let expected: Vec<Value> =
            model.iter().map(|((pk, sk), rest)| sorted(item(*pk, *sk, *rest))).collect();
        prop_assert_eq!(&database.to_json()["table"]["Items"], &Value::from(expected.clone()));
        let scanned = pages(&mut database, "Scan", json!({"TableName": "table", "Limit": limit}));
        prop_assert_eq!(scanned, expected);
    }

    #[test]
    fn a_query_is_a_part_of_the_list(
        steps in prop::collection::vec(step(), 0..40),
        limit in 1..5u32,
        pk in 0..4u8,
        from in -3..4i8,
        forward: bool,
    ) {
        let (mut database, model) = run(&steps);
        let mut expected: Vec<Value> = model
            .range((pk, from)..=(pk, i8::MAX))
            .map(|((pk, sk), rest)| sorted(item(*pk, *sk, *rest)))
            .collect();
        if !forward {
            expected.reverse();
        }
        let body = json!({
            "TableName": "table", "Limit": limit, "ScanIndexForward": forward,
            "KeyConditionExpression": "pk = :p AND sk >= :s",
            "ExpressionAttributeValues": {":p": {"S": pk.to_string()}, ":s": {"N": from.to_string()}},
        });
        prop_assert_eq!(pages(&mut database, "Query", body), expected);
    }

    #[test]
    fn an_index_is_kept_up_to_date(
        steps in prop::collection::vec(step(), 0..40),
        limit in 1..5u32,
        group in 0..3u8,
        forward: bool,
    ) {
        let (mut database, model) = run(&steps);
        let mut found: Vec<_> = model.iter().filter(|(_, (other, _))| *other == Some(group)).collect();
        found.sort_by_key(|((pk, sk), _)| (*sk, *pk));
        if !forward {
            found.reverse();
        }
        let expected: Vec<Value> = found.into_iter().map(|((pk, sk), rest)| sorted(item(*pk, *sk, *rest))).collect();
        let body = json!({
            "TableName": "table", "IndexName": "groups", "Limit": limit, "ScanIndexForward": forward,
            "KeyConditionExpression": "#g = :g", "ExpressionAttributeNames": {"#g": "group"},
            "ExpressionAttributeValues": {":g": {"S": group.to_string()}},
        });
        prop_assert_eq!(pages(&mut database, "Query", body), expected);
    }

    #[test]
    fn a_snapshot_never_changes_and_differences_lead_back_to_it(
        before in prop::collection::vec(step(), 0..20),
        after in prop::collection::vec(step(), 0..20),
    ) {
        let (mut database, mut model) = run(&before);
        let snapshot = database.clone();
        let shown = snapshot.to_json();
        after.iter().for_each(|step| apply(step, &mut database, &mut model));
        prop_assert_eq!(&snapshot.to_json(), &shown);
        let differences = snapshot.diff(&database);
        undo(&mut database, &differences);
        prop_assert_eq!(database, snapshot);
    }

    #[test]
    fn the_same_requests_give_the_same_database(steps in prop::collection::vec(step(), 0..40)) {
        prop_assert_eq!(run(&steps).0, run(&steps).0);
    }
}
