//! Operations on tables: CreateTable, DescribeTable, UpdateTable, DeleteTable, ListTables, tags and time to live.

use serde_json::{Value, json};

use crate::{DENIED, DETECTED, IN_USE, NOT_FOUND, Port, table, with};

const PARAMETER: &str = "One or more parameter values were invalid: ";

#[test]
fn the_life_of_a_table() {
    let mut port = Port::new();
    let body = table("new-table", json!([["pk", "S"]]), json!({}));
    let created = port.ok("CreateTable", body.clone());
    assert_eq!(created["TableDescription"]["TableStatus"], "CREATING");
    port.refuses("CreateTable", body, IN_USE, "Table already exists: new-table");
    let name = json!({"TableName": "new-table"});
    let described = port.ok("DescribeTable", name.clone())["Table"].clone();
    let id = described["TableId"].clone();
    assert_eq!(id.as_str().unwrap().len(), 36);
    assert_eq!(
        described,
        json!({
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST", "LastUpdateToPayPerRequestDateTime": 0},
            "CreationDateTime": 0,
            "DeletionProtectionEnabled": false,
            "ItemCount": 0,
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "ProvisionedThroughput": {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0},
            "TableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/new-table",
            "TableId": id,
            "TableName": "new-table",
            "TableSizeBytes": 0,
            "TableStatus": "ACTIVE",
            "WarmThroughput": {"ReadUnitsPerSecond": 12000, "Status": "ACTIVE", "WriteUnitsPerSecond": 4000},
        })
    );
    let deleted = port.ok("DeleteTable", name.clone())["TableDescription"].clone();
    assert_eq!(deleted["TableStatus"], "DELETING");
    assert_eq!(deleted.get("KeySchema"), None);
    for operation in ["DescribeTable", "DeleteTable"] {
        port.refuses(
            operation,
            name.clone(),
            NOT_FOUND,
            "Requested resource not found: Table: new-table not found",
        );
    }
}

#[test]
fn mistakes_in_new_tables() {
    let mut port = Port::new();
    let hash = json!([["pk", "S"]]);
    let both = json!([["pk", "S"], ["sk", "S"]]);
    let index = |name: &str, key: &str, role: &str| {
        json!({
            "IndexName": name, "Projection": {"ProjectionType": "ALL"},
            "KeySchema": [{"AttributeName": key, "KeyType": role}],
        })
    };
    let mut bad = |body: Value, text: &str| port.invalid("CreateTable", body, text);
    bad(
        table(
            "new-table",
            hash.clone(),
            json!({"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}),
        ),
        &format!(
            "{PARAMETER}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
        ),
    );
    bad(
        table("new-table", hash.clone(), json!({"LocalSecondaryIndexes": [index("lsi", "pk", "HASH")]})),
        &format!(
            "{PARAMETER}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"
        ),
    );
    let twice = [index("same", "sk", "HASH"), index("same", "sk", "HASH")];
    bad(
        table("new-table", both.clone(), json!({"GlobalSecondaryIndexes": twice})),
        &format!("{PARAMETER}Duplicate index name: same"),
    );
    bad(
        table("new-table", hash.clone(), json!({"AttributeDefinitions": []})),
        "Invalid KeySchema: Some index key attribute have no definition",
    );
    bad(
        table("new-table", hash, json!({"KeySchema": [{"AttributeName": "pk", "KeyType": "BANANA"}]})),
        &format!(
            "{DETECTED}Value 'BANANA' at 'keySchema.1.member.keyType' failed to satisfy constraint: \
             Member must satisfy enum value set: [HASH, RANGE]"
        ),
    );
    let many: Vec<Value> = (0..21).map(|number| index(&format!("gsi{number}"), "sk", "HASH")).collect();
    bad(
        table("new-table", both, json!({"GlobalSecondaryIndexes": many})),
        &format!("{PARAMETER}GlobalSecondaryIndex count exceeds the per-table limit of 20"),
    );
}

#[test]
fn lists_of_tables() {
    let mut port = Port::new();
    port.answers(
        "ListTables",
        json!({"Limit": 2}),
        json!({"TableNames": ["binary", "one"], "LastEvaluatedTableName": "one"}),
    );
    port.answers("ListTables", json!({"ExclusiveStartTableName": "one"}), json!({"TableNames": ["two"]}));
    port.invalid(
        "ListTables",
        json!({"Limit": 2147483647, "ExclusiveStartTableName": "89hls;;f;d"}),
        "2 validation errors detected: \
         Value '2147483647' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 100; \
         Value '89hls;;f;d' at 'exclusiveStartTableName' failed to satisfy constraint: \
         Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    );
}

#[test]
fn time_to_live() {
    let mut port = Port::new();
    let name = json!({"TableName": "one"});
    let update = |attribute: &str, enabled: bool| json!({"TableName": "one", "TimeToLiveSpecification": {"AttributeName": attribute, "Enabled": enabled}});
    port.answers(
        "DescribeTimeToLive",
        name.clone(),
        json!({"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}),
    );
    port.answers(
        "UpdateTimeToLive",
        update("until", true),
        json!({"TimeToLiveSpecification": {"AttributeName": "until", "Enabled": true}}),
    );
    port.answers(
        "DescribeTimeToLive",
        name,
        json!({"TimeToLiveDescription": {"AttributeName": "until", "TimeToLiveStatus": "ENABLED"}}),
    );
    port.invalid("UpdateTimeToLive", update("until", true), "TimeToLive is already enabled");
    let long = "x".repeat(256);
    port.invalid(
        "UpdateTimeToLive",
        update(&long, true),
        &format!(
            "{DETECTED}Value '{long}' at 'timeToLiveSpecification.attributeName' failed to satisfy constraint: \
             Member must have length less than or equal to 255"
        ),
    );
}

#[test]
fn tags() {
    let mut port = Port::new();
    let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/one";
    port.ok("TagResource", json!({"ResourceArn": arn, "Tags": [{"Key": "k", "Value": "v"}]}));
    port.answers(
        "ListTagsOfResource",
        json!({"ResourceArn": arn}),
        json!({"Tags": [{"Key": "k", "Value": "v"}]}),
    );
    port.ok("UntagResource", json!({"ResourceArn": arn, "TagKeys": ["k"]}));
    port.answers("ListTagsOfResource", json!({"ResourceArn": arn}), json!({"Tags": []}));
    let absent = arn.replace("/one", "/none");
    port.refuses(
        "ListTagsOfResource",
        json!({"ResourceArn": absent}),
        NOT_FOUND,
        &format!("Requested resource not found: ResourcArn: {absent} not found"),
    );
    // What somebody else has or has not is not said.
    for foreign in [absent.replace("123456789012", "000000000000"), absent.replace("us-east-1", "eu-west-1")]
    {
        port.refuses(
            "ListTagsOfResource",
            json!({"ResourceArn": foreign}),
            DENIED,
            &format!(
                "User: arn:aws:iam::123456789012:root is not authorized to perform: \
                 dynamodb:ListTagsOfResource on resource: {foreign}"
            ),
        );
    }
}

#[test]
fn capacity_has_to_change() {
    let mut port = Port::new();
    let units = json!({"ReadCapacityUnits": 5, "WriteCapacityUnits": 6});
    let mut body = table("provisioned", json!([["pk", "S"]]), json!({"ProvisionedThroughput": units}));
    body.as_object_mut().unwrap().remove("BillingMode");
    port.ok("CreateTable", body);
    let update = json!({
        "TableName": "provisioned", "BillingMode": "PROVISIONED", "ProvisionedThroughput": units,
    });
    port.invalid(
        "UpdateTable",
        update,
        "The provisioned throughput for the table will not change. \
         The requested value equals the current value. \
         Current ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5. \
         Current WriteCapacityUnits provisioned for the table: 6. Requested WriteCapacityUnits: 6. \
         Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
    );
    let by_request = json!({"TableName": "one", "BillingMode": "PAY_PER_REQUEST"});
    port.ok("UpdateTable", by_request);
}

#[test]
fn indexes_come_and_go() {
    let mut port = Port::new();
    port.put("one", json!({"pk": {"S": "a"}, "g": {"S": "x"}}));
    let create = json!({
        "TableName": "one", "AttributeDefinitions": [{"AttributeName": "g", "AttributeType": "S"}],
        "GlobalSecondaryIndexUpdates": [{"Create": {
            "IndexName": "by-g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }}],
    });
    let description = port.ok("UpdateTable", create)["TableDescription"].clone();
    assert_eq!(description["TableStatus"], "UPDATING");
    let query = json!({
        "TableName": "one", "IndexName": "by-g", "KeyConditionExpression": "g = :g",
        "ExpressionAttributeValues": {":g": {"S": "x"}},
    });
    assert_eq!(port.ok("Query", query)["Count"], 1);
    let delete =
        json!({"TableName": "one", "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-g"}}]});
    port.ok("UpdateTable", delete);
    let described = port.ok("DescribeTable", json!({"TableName": "one"}));
    assert_eq!(described["Table"].get("GlobalSecondaryIndexes"), None);
}

#[test]
fn definitions_of_a_new_index() {
    let mut port = Port::new();
    let create = |key: &str, definitions: Value| {
        let key = json!([{"AttributeName": key, "KeyType": "HASH"}]);
        let index =
            json!({"IndexName": "new-index", "KeySchema": key, "Projection": {"ProjectionType": "ALL"}});
        json!({
            "TableName": "two", "AttributeDefinitions": definitions,
            "GlobalSecondaryIndexUpdates": [{"Create": index}],
        })
    };
    // The table defines `lk`, yet the request has to say so.
    port.invalid(
        "UpdateTable",
        create("lk", json!([])),
        &format!("{PARAMETER}AttributeDefinitions is not specified for index: new-index"),
    );
    let other = json!([{"AttributeName": "other", "AttributeType": "S"}]);
    port.invalid(
        "UpdateTable",
        create("lk", other),
        &format!(
            "{PARAMETER}Some index key attributes are not defined in AttributeDefinitions. \
             Keys: [lk], AttributeDefinitions: [other]"
        ),
    );
    let mut of_one = create("pk", json!([{"AttributeName": "pk", "AttributeType": "N"}]));
    of_one["TableName"] = json!("one");
    port.invalid(
        "UpdateTable",
        of_one,
        &format!(
            "{PARAMETER}Attributes cannot be redefined. Please check that your attribute has the same type as \
             previously defined. Existing schema: Schema:[SchemaElement: key{{pk:S:HASH}}] \
             New schema: Schema:[SchemaElement: key{{pk:N:HASH}}]"
        ),
    );
    // What the new key does not use keeps its type.
    let definition = |name: &str, kind: &str| json!({"AttributeName": name, "AttributeType": kind});
    port.ok("UpdateTable", create("other", json!([definition("other", "S"), definition("lk", "S")])));
    let described = port.ok("DescribeTable", json!({"TableName": "two"}))["Table"].clone();
    let definitions = described["AttributeDefinitions"].as_array().unwrap();
    assert!(definitions.contains(&definition("lk", "N")), "{definitions:?}");
}

#[test]
fn deletion_protection() {
    let mut port = Port::new();
    let body = table("kept-table", json!([["pk", "S"]]), json!({"DeletionProtectionEnabled": true}));
    port.ok("CreateTable", body);
    let name = json!({"TableName": "kept-table"});
    port.invalid(
        "DeleteTable",
        name.clone(),
        "Resource cannot be deleted as it is currently protected against deletion. \
         Disable deletion protection first.",
    );
    port.ok("UpdateTable", with(name.clone(), json!({"DeletionProtectionEnabled": false})));
    port.ok("DeleteTable", name);
}

#[test]
fn streams_and_tags_are_checked() {
    let mut port = Port::new();
    let mut bad = |more: Value, value: &str, path: &str, rule: &str| {
        let body = table("new-table", json!([["pk", "S"]]), more);
        let text =
            format!("{DETECTED}Value '{value}' at '{path}' failed to satisfy constraint: Member must {rule}");
        port.invalid("CreateTable", body, &text);
    };
    bad(
        json!({"StreamSpecification": {"StreamEnabled": true, "StreamViewType": "x"}}),
        "x",
        "streamSpecification.streamViewType",
        "satisfy enum value set: [NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES, KEYS_ONLY]",
    );
    let long = "x".repeat(257);
    bad(
        json!({"Tags": [{"Key": "", "Value": ""}]}),
        "",
        "tags.1.member.key",
        "have length greater than or equal to 1",
    );
    bad(
        json!({"Tags": [{"Key": &long[..129], "Value": ""}]}),
        &long[..129],
        "tags.1.member.key",
        "have length less than or equal to 128",
    );
    bad(
        json!({"Tags": [{"Key": "k", "Value": long}]}),
        &long,
        "tags.1.member.value",
        "have length less than or equal to 256",
    );
}

#[test]
fn a_deleted_table_shows_no_indexes() {
    let deleted = Port::new().ok("DeleteTable", json!({"TableName": "two"}))["TableDescription"].clone();
    assert_eq!((deleted.get("GlobalSecondaryIndexes"), deleted.get("LocalSecondaryIndexes")), (None, None));
}

#[test]
fn names_of_projected_attributes() {
    let mut port = Port::new();
    let keys = json!([["pk", "S"], ["sk", "S"]]);
    let body = |names: Value| {
        let index = json!({
            "IndexName": "gsi", "KeySchema": [{"AttributeName": "sk", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": names},
        });
        table("new-table", keys.clone(), json!({"GlobalSecondaryIndexes": [index]}))
    };
    for name in [String::new(), "x".repeat(256)] {
        let text = format!(
            "{DETECTED}Value '[{name}]' at 'globalSecondaryIndexes.1.member.projection.nonKeyAttributes' failed to \
             satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 255, \
             Member must have length greater than or equal to 1]"
        );
        port.invalid("CreateTable", body(json!([name])), &text);
    }
    port.invalid(
        "CreateTable",
        body(json!(["a", "a"])),
        &format!("{PARAMETER}Duplicate element in NonKeyAttributes: a"),
    );
    port.ok("CreateTable", body(json!(["x".repeat(255)])));
}

#[test]
fn table_classes() {
    let mut port = Port::new();
    let body = |class: &str| table("new-table", json!([["pk", "S"]]), json!({"TableClass": class}));
    let text = "Invalid table-class parameter provided. Please try again with a valid table-class value: \
                [STANDARD, STANDARD_INFREQUENT_ACCESS].";
    port.invalid("CreateTable", body("standard"), text);
    port.ok("CreateTable", body("STANDARD"));
    let summary = |port: &mut Port| {
        port.ok("DescribeTable", json!({"TableName": "new-table"}))["Table"]["TableClassSummary"].to_string()
    };
    assert_eq!(summary(&mut port), r#"{"TableClass":"STANDARD"}"#);
    port.invalid("UpdateTable", json!({"TableName": "new-table", "TableClass": "junk"}), text);
    port.ok("UpdateTable", json!({"TableName": "new-table", "TableClass": "STANDARD_INFREQUENT_ACCESS"}));
    let changed = r#"{"LastUpdateDateTime":0,"TableClass":"STANDARD_INFREQUENT_ACCESS"}"#;
    assert_eq!(summary(&mut port), changed);
}

#[test]
fn resources_with_tags() {
    let mut port = Port::new();
    let tag = |arn: &str, tags: Value| json!({"ResourceArn": arn, "Tags": tags});
    let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/two";
    let tags = |from: usize, to: usize| {
        (from..to).map(|n| json!({"Key": n.to_string(), "Value": ""})).collect::<Value>()
    };
    port.invalid("TagResource", tag("two", tags(0, 1)), "Invalid TableArn: ARNs must start with 'arn:'");
    let index = format!("{arn}/index/gsi");
    port.invalid(
        "TagResource",
        tag(&index, tags(0, 1)),
        &format!(
            "{PARAMETER}Invalid resource arn provided, only table or stream is accepted. \
             Provided resource arn: {index}"
        ),
    );
    port.invalid(
        "TagResource",
        tag(arn, json!([{"Key": "#", "Value": ""}])),
        "The Tag Key provided is invalid, Key: #",
    );
    port.invalid(
        "TagResource",
        tag(arn, json!([{"Key": "a", "Value": "#"}])),
        "The Tag Value provided is invalid, Value: #",
    );
    port.ok("TagResource", tag(arn, json!([{"Key": "\u{43f} .:/=+-@_", "Value": "\u{43f}"}])));
    port.ok("TagResource", tag(arn, tags(0, 30)));
    port.ok("TagResource", tag(arn, tags(20, 49)));
    port.invalid(
        "TagResource",
        tag(arn, tags(48, 50)),
        "Number of Tags exceed the current limit for the provided ResourceArn",
    );
}

#[test]
fn changes_of_indexes() {
    let mut port = Port::new();
    let attribute = |name: &str, kind: &str| json!({"AttributeName": name, "AttributeType": kind});
    let create = json!({
        "IndexName": "by-g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    });
    let body = |table: &str, attributes: Value, change: Value| {
        json!({
            "TableName": table, "AttributeDefinitions": attributes, "GlobalSecondaryIndexUpdates": [change],
        })
    };
    // The table knows `gk`, but what the request is about is to be defined in it.
    port.invalid(
        "UpdateTable",
        body("one", json!([attribute("h", "S")]), json!({"Create": create})),
        &format!(
            "{PARAMETER}Some index key attributes are not defined in AttributeDefinitions. \
             Keys: [g], AttributeDefinitions: [h]"
        ),
    );
    let two = json!({"Create": create, "Delete": {"IndexName": "gsi"}});
    port.invalid(
        "UpdateTable",
        body("one", json!([attribute("g", "S")]), two),
        &format!(
            "{PARAMETER}Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object"
        ),
    );
    port.invalid(
        "UpdateTable",
        json!({"TableName": "two", "GlobalSecondaryIndexUpdates": [{}]}),
        &format!(
            "{PARAMETER}One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, \
             GlobalSecondaryIndexUpdate.Delete must not be null"
        ),
    );
    port.invalid(
        "UpdateTable",
        json!({"TableName": "two", "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "lsi"}}]}),
        "Cannot delete an index that is not a GlobalSecondaryIndex: lsi",
    );
}

#[test]
fn new_indexes_leave_out_what_has_no_key_for_them() {
    let mut port = Port::new();
    for (pk, g) in [("empty", String::new()), ("long", "x".repeat(2_049)), ("right", "x".to_owned())] {
        port.put("one", json!({"pk": {"S": pk}, "g": {"S": g}}));
    }
    let create = json!({
        "IndexName": "by-g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    });
    let body = json!({
        "TableName": "one", "AttributeDefinitions": [{"AttributeName": "g", "AttributeType": "S"}],
        "GlobalSecondaryIndexUpdates": [{"Create": create}],
    });
    port.ok("UpdateTable", body);
    port.answers(
        "Scan",
        json!({"TableName": "one", "IndexName": "by-g"}),
        json!({"Items": [{"g": {"S": "x"}, "pk": {"S": "right"}}], "Count": 1, "ScannedCount": 1}),
    );
}
