//! What counts for the 400 KB of an item, and of an update by itself.

use asl_lsp::spec::quota::ITEM_BYTES_MAX;
use serde_json::{Value, json};

use crate::{CANCELED, Port};

const TOO_LARGE: &str = "Item size to update has exceeded the maximum allowed size";

/// An update of the item `k` of table `one` that sets `b` to so many bytes and does more.
fn update(n_bytes: usize, more: &str, values: Value) -> Value {
    let mut values = values;
    values[":pad"] = json!({"S": "x".repeat(n_bytes)});
    json!({
        "TableName": "one", "Key": {"pk": {"S": "k"}},
        "UpdateExpression": format!("SET b = :pad{more}"), "ExpressionAttributeValues": values,
    })
}

/// Says that `more` leaves room for all but so many bytes beside `SET b = :pad`, which counts for 23 itself.
#[track_caller]
fn check(item: Value, more: &str, values: Value, charge: usize) {
    let mut port = Port::new();
    let mut item = item;
    item["pk"] = json!({"S": "k"});
    port.put("one", item);
    let room = ITEM_BYTES_MAX - 23 - charge;
    port.invalid("UpdateItem", update(room + 1, more, values.clone()), TOO_LARGE);
    port.answers("UpdateItem", update(room, more, values), json!({}));
}

#[test]
fn an_update_has_a_size_of_its_own() {
    check(json!({}), "", json!({}), 0);
    check(json!({}), ", c = :c", json!({":c": {"S": "12345"}}), 19 + 1 + 5);
    check(json!({"abc": {"S": "copied for nothing"}}), ", c = abc", json!({}), 19 + 1 + 15 + 3);
    check(json!({"l": {"L": [{"N": "1"}, {"N": "2"}]}}), " REMOVE l[1]", json!({}), 1 + 1 + 4 + 1);
    check(json!({"n": {"N": "1"}}), " ADD n :n", json!({":n": {"N": "1"}}), 19 + 1 + 2);
}

#[test]
fn it_is_looked_at_before_the_condition() {
    let mut port = Port::new();
    let mut body = update(ITEM_BYTES_MAX, "", json!({}));
    body["ConditionExpression"] = json!("attribute_exists(nothing)");
    port.invalid("UpdateItem", body, TOO_LARGE);
}

#[test]
fn other_updates_are_as_large_as_the_item_they_make() {
    // The names `pk` and `b` and the key count with the value.
    let largest = ITEM_BYTES_MAX - 4;
    let text = |n_bytes: usize| json!({"S": "x".repeat(n_bytes)});
    let legacy = |n_bytes: usize| {
        json!({
            "TableName": "one", "Key": {"pk": {"S": "k"}},
            "AttributeUpdates": {"b": {"Action": "PUT", "Value": text(n_bytes)}},
        })
    };
    let mut port = Port::new();
    port.invalid("UpdateItem", legacy(largest + 1), TOO_LARGE);
    port.answers("UpdateItem", legacy(largest), json!({}));
    let statement = |n_bytes: usize| json!({"Statement": "UPDATE one SET b = ? WHERE pk = 'k'", "Parameters": [text(n_bytes)]});
    port.invalid("ExecuteStatement", statement(largest + 1), TOO_LARGE);
    port.answers("ExecuteStatement", statement(largest), json!({"Items": []}));
    let action = |n_bytes: usize| json!({"TransactItems": [{"Update": update(n_bytes, "", json!({}))}]});
    let (_, refused) = port.call("TransactWriteItems", &action(largest + 1));
    assert_eq!(
        (&refused["__type"], &refused["CancellationReasons"][0]["Message"]),
        (&json!(CANCELED), &json!(TOO_LARGE))
    );
    port.answers("TransactWriteItems", action(largest), json!({}));
    let mut older = Port::older();
    older.invalid("UpdateItem", update(largest + 1, "", json!({})), TOO_LARGE);
    older.answers("UpdateItem", update(largest, "", json!({})), json!({}));
}
