//! Attribute values, numbers, sizes and keys.

use serde_json::{Value, json};

use crate::{DETECTED, Port, with};

/// Puts an item with this attribute.
#[track_caller]
fn refused(attribute: Value, text: &str) {
    Port::new().invalid(
        "PutItem",
        json!({"TableName": "one", "Item": {"pk": {"S": "a"}, "a": attribute}}),
        text,
    );
}

/// What a put of the attribute is read back as.
#[track_caller]
fn stored(attribute: Value, expected: Value) {
    let mut port = Port::new();
    port.put("one", json!({"pk": {"S": "a"}, "a": attribute}));
    let item = port.ok("GetItem", json!({"TableName": "one", "Key": {"pk": {"S": "a"}}}));
    assert_eq!(item["Item"]["a"], expected);
}

const PARAMETER: &str = "One or more parameter values were invalid: ";

#[test]
fn one_type_each() {
    refused(
        json!({}),
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
    );
    refused(
        json!({"S": "a", "N": "1"}),
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
    );
    refused(
        json!({"NULL": false}),
        &format!("{DETECTED}{PARAMETER}Null attribute value types must have the value of true"),
    );
}

#[test]
fn sets() {
    for nested in [false, true] {
        let value = |set: Value| if nested { json!({"M": {"x": {"L": [set]}}}) } else { set };
        let bad = |set: Value, text: &str| refused(value(set), &format!("{DETECTED}{text}"));
        bad(json!({"SS": []}), &format!("{PARAMETER}An string set  may not be empty"));
        bad(json!({"NS": []}), &format!("{PARAMETER}An number set  may not be empty"));
        bad(json!({"BS": []}), &format!("{PARAMETER}Binary sets should not be empty"));
        bad(
            json!({"SS": ["a", "a"]}),
            &format!("{PARAMETER}Input collection [\"a\", \"a\"] contains duplicates."),
        );
        bad(json!({"NS": ["1", "1.0"]}), &format!("{PARAMETER}Input collection contains duplicates."));
        bad(
            json!({"BS": ["Yg==", "Yg=="]}),
            &format!("{PARAMETER}Input collection [\"Yg==\",\"Yg==\"]of type BS contains duplicates."),
        );
    }
    stored(json!({"SS": ["b", "", "a"]}), json!({"SS": ["", "a", "b"]}));
}

#[test]
fn empty_strings_are_values() {
    stored(json!({"S": ""}), json!({"S": ""}));
    stored(json!({"B": ""}), json!({"B": ""}));
    stored(
        json!({"L": [{"S": ""}, {"M": {"x": {"B": ""}}}]}),
        json!({"L": [{"S": ""}, {"M": {"x": {"B": ""}}}]}),
    );
}

#[test]
fn nesting() {
    let nested = |levels: usize| (0..levels).fold(json!({"S": "x"}), |inner, _| json!({"L": [inner]}));
    stored(nested(31), nested(31));
    refused(
        nested(32),
        &format!(
            "{DETECTED}Nesting Levels have exceeded supported limits: \
             Attributes in the item have nested levels beyond supported limit"
        ),
    );
}

#[test]
fn numbers_are_canonical() {
    for (text, canonical) in [
        ("1e3", "1000"),
        ("1.10", "1.1"),
        ("123e-2", "1.23"),
        (".5", "0.5"),
        ("0e5", "0"),
        ("-0", "0"),
        ("+3", "3"),
        ("1e+5", "100000"),
        ("0001.23", "1.23"),
        ("-17.4E3", "-17400"),
        ("-0.0", "0"),
        ("5.", "5"),
        ("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
        ("000000000000000000000000000000000000000000001", "1"),
    ] {
        stored(json!({"N": text}), json!({"N": canonical}));
    }
    stored(json!({"N": "1e125"}), json!({"N": format!("1{}", "0".repeat(125))}));
    stored(json!({"N": "1e-130"}), json!({"N": format!("0.{}1", "0".repeat(129))}));
    stored(json!({"N": format!("1{}", "0".repeat(100))}), json!({"N": format!("1{}", "0".repeat(100))}));
}

#[test]
fn numbers_that_are_none() {
    for text in ["dog", "NaN", "Infinity", " 1", "1 ", "1e", "--1", "0x10", "1,000"] {
        refused(
            json!({"N": text}),
            &format!("{DETECTED}The parameter cannot be converted to a numeric value: {text}"),
        );
    }
    refused(json!({"N": ""}), &format!("{DETECTED}The parameter cannot be converted to a numeric value: "));
    let overflow = format!(
        "{DETECTED}Number overflow. Attempting to store a number with magnitude larger than supported range"
    );
    for text in ["1e126", "-1e126", "1e100000000", "100e125"] {
        refused(json!({"N": text}), &overflow);
    }
    let underflow = format!(
        "{DETECTED}Number underflow. Attempting to store a number with magnitude smaller than supported range"
    );
    for text in ["1e-131", "-1e-131", "1e-100000000"] {
        refused(json!({"N": text}), &underflow);
    }
    let precise = format!("{DETECTED}Attempting to store more than 38 significant digits in a Number");
    for text in ["123456789012345678901234567890123456789", "1.23456789012345678901234567890123456789"] {
        refused(json!({"N": text}), &precise);
    }
}

#[test]
fn equal_numbers_are_one_key() {
    let mut port = Port::new();
    port.put("two", json!({"pk": {"S": "a"}, "sk": {"N": "1e2"}, "v": {"S": "x"}}));
    let key = json!({"pk": {"S": "a"}, "sk": {"N": "100.0"}});
    let item = port.ok("GetItem", json!({"TableName": "two", "Key": key}));
    assert_eq!(item["Item"]["sk"], json!({"N": "100"}));
}

// Sizes

#[test]
fn items_of_400_kb() {
    let mut port = Port::new();
    let item = |bytes: usize| json!({"pk": {"S": "a"}, "b": {"S": "x".repeat(bytes)}});
    // Names count: 2 + 1 + 1 bytes.
    port.put("one", item(409_600 - 4));
    port.invalid(
        "PutItem",
        json!({"TableName": "one", "Item": item(409_600 - 3)}),
        "Item size has exceeded the maximum allowed size",
    );
    port.invalid(
        "UpdateItem",
        json!({
            "TableName": "one", "Key": {"pk": {"S": "a"}}, "UpdateExpression": "SET c = :c",
            "ExpressionAttributeValues": {":c": {"S": "x"}},
        }),
        "Item size to update has exceeded the maximum allowed size",
    );
    port.invalid(
        "BatchWriteItem",
        json!({"RequestItems": {"one": [{"PutRequest": {"Item": item(409_600)}}]}}),
        "Item size has exceeded the maximum allowed size",
    );
}

/// The capacity of a write tells the size of the item to the kilobyte; this finds it to the byte.
#[track_caller]
fn check_size(value: Value, bytes: usize) {
    let mut port = Port::new();
    let mut units = |padding: usize| {
        let item = json!({"pk": {"S": "a"}, "a": value, "p": {"S": "x".repeat(padding)}});
        let body = json!({"TableName": "one", "Item": item, "ReturnConsumedCapacity": "TOTAL"});
        port.ok("PutItem", body)["ConsumedCapacity"]["CapacityUnits"].as_f64().unwrap()
    };
    // `pk`, its value, and two names of one letter.
    let padding = 1_024 - bytes - 5;
    assert_eq!((units(padding), units(padding + 1)), (1.0, 2.0), "{value}");
}

#[test]
fn sizes_of_values() {
    check_size(json!({"S": "héllo"}), 6);
    check_size(json!({"B": "AAEC"}), 3);
    check_size(json!({"BOOL": true}), 1);
    check_size(json!({"NULL": true}), 1);
    check_size(json!({"N": "0"}), 1);
    check_size(json!({"N": "1"}), 2);
    check_size(json!({"N": "12"}), 2);
    check_size(json!({"N": "123"}), 3);
    for (text, bytes) in [
        ("1234", 3),
        ("12345678901234567890123456789012345678", 20),
        ("0042", 2),
        ("100", 2),
        ("1010", 3),
        ("0.0000001", 2),
        ("1E125", 2),
        ("1E-100", 2),
        ("1.5", 3),
        ("15", 2),
        ("1.2", 3),
        ("1.200", 3),
        ("1.234", 4),
        ("3.14159", 5),
        ("123456", 4),
        ("100.5", 4),
        ("0.15", 2),
        ("-42", 3),
        ("-0", 1),
        ("-1", 3),
    ] {
        check_size(json!({"N": text}), bytes);
    }
    check_size(json!({"SS": ["ab", "c"]}), 3);
    check_size(json!({"L": []}), 3);
    check_size(json!({"L": [{"S": "ab"}]}), 6);
    check_size(json!({"M": {"k": {"S": "ab"}}}), 7);
}

#[test]
fn sizes_of_keys() {
    let mut port = Port::new();
    let hash = format!("{PARAMETER}Size of hashkey has exceeded the maximum size limit of2048 bytes");
    let range =
        format!("{PARAMETER}Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
    let text = |bytes: usize| "x".repeat(bytes);
    port.put("one", json!({"pk": {"S": text(2_048)}}));
    port.invalid("PutItem", json!({"TableName": "one", "Item": {"pk": {"S": text(2_049)}}}), &hash);
    port.invalid("GetItem", json!({"TableName": "one", "Key": {"pk": {"S": text(2_049)}}}), &hash);
    port.invalid("DeleteItem", json!({"TableName": "one", "Key": {"pk": {"S": text(2_049)}}}), &hash);
    // Raw bytes count, not their base64.
    let zeros = |bytes: usize| "AAAA".repeat(bytes / 3);
    port.put("binary", json!({"pk": {"B": zeros(2_046)}, "sk": {"B": zeros(1_023)}}));
    port.invalid(
        "PutItem",
        json!({"TableName": "binary", "Item": {"pk": {"B": "AAAA"}, "sk": {"B": zeros(1_026)}}}),
        &range,
    );
}

// Keys

#[test]
fn key_members() {
    let mut port = Port::new();
    let schema = "The provided key element does not match the schema";
    for key in [
        json!({}),
        json!({"x": {"S": "a"}}),
        json!({"pk": {"N": "1"}}),
        json!({"pk": {"S": "a"}, "x": {"S": "a"}}),
    ] {
        for operation in ["GetItem", "DeleteItem", "UpdateItem"] {
            port.invalid(operation, json!({"TableName": "one", "Key": key}), schema);
        }
    }
    let put = |item: Value| json!({"TableName": "two", "Item": item});
    port.invalid(
        "PutItem",
        put(json!({"sk": {"N": "1"}})),
        &format!("{PARAMETER}Missing the key pk in the item"),
    );
    port.invalid(
        "PutItem",
        put(json!({"pk": {"S": "a"}})),
        &format!("{PARAMETER}Missing the key sk in the item"),
    );
    port.invalid(
        "PutItem",
        put(json!({"pk": {"N": "1"}, "sk": {"N": "1"}})),
        &format!("{PARAMETER}Type mismatch for key pk expected: S actual: N"),
    );
    let indexed = |value: Value| put(json!({"pk": {"S": "a"}, "sk": {"N": "1"}, "gk": value}));
    port.invalid(
        "PutItem",
        indexed(json!({"N": "1"})),
        &format!("{PARAMETER}Type mismatch for Index Key gk Expected: S Actual: N IndexName: gsi"),
    );
    port.invalid(
        "PutItem",
        indexed(json!({"NULL": true})),
        &format!("{PARAMETER}Type mismatch for Index Key gk Expected: S Actual: NULL IndexName: gsi"),
    );
}

#[test]
fn keys_are_not_empty() {
    let mut port = Port::new();
    let not_valid = "One or more parameter values are not valid. ";
    let empty = "The AttributeValue for a key attribute cannot contain an empty";
    port.invalid(
        "PutItem",
        json!({"TableName": "one", "Item": {"pk": {"S": ""}}}),
        &format!("{not_valid}{empty} string value. Key: pk"),
    );
    port.invalid(
        "PutItem",
        json!({"TableName": "binary", "Item": {"pk": {"B": ""}, "sk": {"B": "AAAA"}}}),
        &format!("{not_valid}{empty} binary value. Key: pk"),
    );
    for operation in ["GetItem", "UpdateItem", "DeleteItem"] {
        port.invalid(
            operation,
            json!({"TableName": "one", "Key": {"pk": {"S": ""}}}),
            &format!("{not_valid}{empty} string value. Key: pk"),
        );
    }
    let item = json!({"pk": {"S": "a"}, "sk": {"N": "1"}, "gk": {"S": ""}});
    port.invalid(
        "PutItem",
        json!({"TableName": "two", "Item": item}),
        &format!(
            "{not_valid}A value specified for a secondary index key is not supported. {empty} string value. \
             IndexName: gsi, IndexKey: gk"
        ),
    );
    let key = json!({"TableName": "two", "Key": {"pk": {"S": "a"}, "sk": {"N": "1"}}});
    port.invalid(
        "UpdateItem",
        with(
            key,
            json!({"UpdateExpression": "SET gk = :e", "ExpressionAttributeValues": {":e": {"S": ""}}}),
        ),
        &format!(
            "{not_valid}The update expression attempted to update a secondary index key to a value that is not \
             supported. {empty} string value."
        ),
    );
}

#[test]
fn sort_keys_have_an_order() {
    let mut port = Port::new();
    for number in ["10", "9", "-1.5", "-20", "1e3", "0"] {
        port.put("two", json!({"pk": {"S": "a"}, "sk": {"N": number}}));
    }
    let mut query = |forward: bool| -> Vec<String> {
        let body = json!({
            "TableName": "two", "KeyConditionExpression": "pk = :p", "ScanIndexForward": forward,
            "ExpressionAttributeValues": {":p": {"S": "a"}},
        });
        let items = port.ok("Query", body)["Items"].as_array().unwrap().clone();
        items.iter().map(|item| item["sk"]["N"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(query(true), ["-20", "-1.5", "0", "9", "10", "1000"]);
    assert_eq!(query(false), ["1000", "10", "9", "0", "-1.5", "-20"]);
}

#[test]
fn strings_are_ordered_by_their_utf_8_bytes() {
    let mut port = Port::new();
    port.ok("CreateTable", crate::table("texts", json!([["pk", "S"], ["sk", "S"]]), json!({})));
    // In UTF-16 the last two are the other way round.
    for text in ["\u{1F600}", "\u{FF5E}", "a", "B", "é"] {
        port.put("texts", json!({"pk": {"S": "a"}, "sk": {"S": text}}));
    }
    let body = json!({
        "TableName": "texts", "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "a"}},
    });
    let items = port.ok("Query", body)["Items"].as_array().unwrap().clone();
    let texts: Vec<&str> = items.iter().map(|item| item["sk"]["S"].as_str().unwrap()).collect();
    assert_eq!(texts, ["B", "a", "é", "\u{FF5E}", "\u{1F600}"]);
}

#[test]
fn names_of_attributes_below_64_kb() {
    let mut port = Port::new();
    let name = "x".repeat(65_536);
    let one = |more: Value| with(json!({"TableName": "one", "Key": {"pk": {"S": "a"}}}), more);
    let text = "Attribute name is too large, must be less than 65536 bytes";
    port.invalid("PutItem", json!({"TableName": "one", "Item": {"pk": {"S": "a"}, &name: {"S": "x"}}}), text);
    port.invalid("GetItem", one(json!({"AttributesToGet": [&name]})), text);
    port.invalid("UpdateItem", one(json!({"AttributeUpdates": {&name: {"Value": {"S": "x"}}}})), text);
    port.invalid(
        "GetItem",
        one(json!({"ProjectionExpression": "#n", "ExpressionAttributeNames": {"#n": &name}})),
        &format!("ExpressionAttributeNames contains invalid value: {text} for key #n"),
    );
    port.put("one", json!({"pk": {"S": "a"}, &name[1..]: {"S": "x"}}));
}

#[test]
fn keys_of_indexes_have_the_size_of_keys() {
    let mut port = Port::new();
    let long = json!({"S": "x".repeat(2_049)});
    let item = json!({"pk": {"S": "a"}, "sk": {"N": "1"}, "gk": long});
    let text = format!("{PARAMETER}Size of hashkey has exceeded the maximum size limit of2048 bytes");
    port.invalid("PutItem", json!({"TableName": "two", "Item": item}), &text);
    let update = json!({
        "TableName": "two", "Key": {"pk": {"S": "a"}, "sk": {"N": "1"}}, "UpdateExpression": "SET gk = :v",
        "ExpressionAttributeValues": {":v": long},
    });
    port.invalid("UpdateItem", update, &text);
    port.invalid("BatchWriteItem", json!({"RequestItems": {"two": [{"PutRequest": {"Item": item}}]}}), &text);
}
