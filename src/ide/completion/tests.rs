//! What is offered where, and that every edit leaves a valid document.

use expect_test::{Expect, expect};

use super::*;
use crate::ide::testing::{CURSOR, analyse_as, fixture, yaml_fixture};
use crate::text::apply_edits;

/// The labels, in order; at most the first `n_max`.
#[track_caller]
fn check(text: &str, n_max: usize, expected: Expect) {
    let (analysis, offset) = fixture(text);
    let completions = analysis.completion(offset);
    apply_all(text, &analysis, &completions);
    let labels: Vec<&str> = completions.iter().take(n_max).map(|it| it.label.as_str()).collect();
    let more = completions.len().saturating_sub(n_max);
    let more = if more > 0 { format!(" … {more} more") } else { String::new() };
    expected.assert_eq(&format!("{}{more}", labels.join(", ")));
}

/// As [`check`], in YAML.
#[track_caller]
fn check_yaml(text: &str, n_max: usize, expected: Expect) {
    let (analysis, offset) = yaml_fixture(text);
    let completions = analysis.completion(offset);
    apply_all(text, &analysis, &completions);
    let labels: Vec<&str> = completions.iter().take(n_max).map(|it| it.label.as_str()).collect();
    expected.assert_eq(&labels.join(", "));
}

/// As [`check_edit`], in YAML.
#[track_caller]
fn check_yaml_edit(text: &str, label: &str, expected: Expect) {
    let (analysis, offset) = yaml_fixture(text);
    let completions = analysis.completion(offset);
    apply_all(text, &analysis, &completions);
    let completion = completions.iter().find(|it| it.label == label);
    expected.assert_eq(&apply(&analysis, completion.expect("it is offered")));
}

/// The document with one of them.
#[track_caller]
fn check_edit(text: &str, label: &str, expected: Expect) {
    let (analysis, offset) = fixture(text);
    let completions = analysis.completion(offset);
    apply_all(text, &analysis, &completions);
    let completion = completions.iter().find(|it| it.label == label);
    expected.assert_eq(&apply(&analysis, completion.expect("it is offered")));
}

fn apply(analysis: &Analysis, completion: &Completion) -> String {
    let mut edits = completion.additional_edits.clone();
    edits.push(completion.edit.clone());
    apply_edits(analysis.source().as_str(), &edits)
}

/// Applies each and looks whether the document is as valid as before, and all of it documented.
#[track_caller]
fn apply_all(text: &str, analysis: &Analysis, completions: &[Completion]) {
    let n_errors = analysis.parse().errors().len();
    for completion in completions {
        let label = &completion.label;
        assert!(!completion.documentation.is_empty(), "{label} is not documented");
        let result = apply(analysis, completion);
        let after = analyse_as(analysis.parse().format(), &result);
        let errors = after.parse().errors();
        assert!(errors.len() <= n_errors, "{label} in {text}:\n{result}\n{errors:?}");
        if let Some(snippet) = &completion.snippet {
            let filled = fill(snippet);
            let bare = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(bare(&filled), bare(&completion.edit.new_text), "{label}: {snippet}");
        }
        let replaced = analysis.source().slice(completion.edit.range);
        assert_eq!(replaced.starts_with('"'), completion.filter_text.starts_with('"'), "{label}");
    }
}

/// A snippet with what stands in its places.
fn fill(snippet: &str) -> String {
    let mut text = String::new();
    let mut chars = snippet.chars().peekable();
    let mut is_inside = false;
    while let Some(char) = chars.next() {
        match char {
            '\\' => text.extend(chars.next()),
            '$' => {
                is_inside = chars.next_if_eq(&'{').is_some();
                while chars.next_if(char::is_ascii_digit).is_some() {}
                if is_inside {
                    assert_eq!(chars.next(), Some(':'), "{snippet}");
                }
            }
            '}' if is_inside => is_inside = false,
            _ => text.push(char),
        }
    }
    text
}

fn state(body: &str) -> String {
    format!("{{\"StartAt\": \"A\", \"States\": {{\"A\": {{{body}}}, \"B\": {{\"Type\": \"Succeed\"}}}}}}")
}

fn task(action: &str, parameters: &str) -> String {
    state(&format!(
        "\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::{action}\", \"Parameters\": {parameters}, \"End\": true"
    ))
}

#[test]
fn types_of_states() {
    let all = expect!["Task, Pass, Choice, Wait, Succeed, Fail, Parallel, Map"];
    check(&state(r#""Type": <|>"#), 20, all);
    check(&state(r#""Type": "<|>""#), 3, expect!["Task, Pass, Choice … 5 more"]);
    check_edit(
        &state(r#""Type": "P<|>", "End": true"#),
        "Pass",
        expect![[
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}, "B": {"Type": "Succeed"}}}"#
        ]],
    );
    check_edit(
        &state("\"Type\":<|>\n\"End\": true"),
        "Pass",
        expect![[r#"
        {"StartAt": "A", "States": {"A": {"Type": "Pass",
        "End": true}, "B": {"Type": "Succeed"}}}"#]],
    );
}

#[test]
fn fields_of_states() {
    check(&state("<|>"), 20, expect!["Type, Comment, QueryLanguage"]);
    check(
        &state(r#""Type": "Task", "<|>""#),
        9,
        expect![
            "Resource, Parameters, Next, End, QueryLanguage, Credentials, InputPath, ResultSelector, ResultPath … 9 more"
        ],
    );
    check(
        &state(r#""Type": "Task", "Resource": "x", "End": true, "<|>""#),
        6,
        expect!["Parameters, QueryLanguage, Credentials, InputPath, ResultSelector, ResultPath … 9 more"],
    );
    check(
        &state(r#""Type": "Wait", "<|>""#),
        20,
        expect![
            "Seconds, SecondsPath, Timestamp, TimestampPath, Next, End, QueryLanguage, InputPath, OutputPath, Assign, Comment"
        ],
    );
    check(
        &state(r#""Type": "Wait", "Seconds": 1, "Next": "B", <|>"#),
        20,
        expect!["QueryLanguage, InputPath, OutputPath, Assign, Comment"],
    );
    check(
        &state(r#""Type": "Fail", <|>"#),
        20,
        expect!["QueryLanguage, Error, ErrorPath, Cause, CausePath, Comment"],
    );
    check(
        &state(r#""Type": "Pass", "QueryLanguage": "JSONata", <|>"#),
        20,
        expect!["Next, End, Output, Assign, Comment"],
    );
}

#[test]
fn fields_of_the_machine() {
    check("{<|>}", 20, expect!["StartAt, States, QueryLanguage, Version, TimeoutSeconds, Comment"]);
    check(
        r#"{"StartAt": "A", "States": {}, "<|>"}"#,
        20,
        expect!["QueryLanguage, Version, TimeoutSeconds, Comment"],
    );
}

#[test]
fn fields_of_nested_objects() {
    check(
        &state(r#""Type": "Task", "Retry": [{<|>}]"#),
        20,
        expect![
            "ErrorEquals, IntervalSeconds, MaxAttempts, BackoffRate, MaxDelaySeconds, JitterStrategy, Comment"
        ],
    );
    check(
        &state(r#""Type": "Task", "Catch": [{"ErrorEquals": [], "<|>"}]"#),
        20,
        expect!["Next, Assign, ResultPath, Comment"],
    );
    check(&state(r#""Type": "Parallel", "Branches": [{<|>}]"#), 20, expect!["StartAt, States, Comment"]);
    check(
        &state(r#""Type": "Map", "ItemProcessor": {"ProcessorConfig": {<|>}}"#),
        20,
        expect!["Mode, ExecutionType, Comment"],
    );
    check(
        &state(r#""Type": "Map", "ItemReader": {"ReaderConfig": {"<|>"}}"#),
        20,
        expect![
            "InputType, Transformation, ManifestType, CSVDelimiter, CSVHeaderLocation, CSVHeaders, ItemsPointer, MaxItems, MaxItemsPath, Comment"
        ],
    );
    check(&state(r#""Type": "Task", "Credentials": {<|>}"#), 20, expect!["RoleArn, Comment"]);
}

#[test]
fn rules_of_choice_states() {
    let choice = |rule: &str| state(&format!(r#""Type": "Choice", "Choices": [{rule}]"#));
    check(&choice("<|>"), 20, expect!["rule"]);
    check(
        &choice("{<|>}"),
        5,
        expect!["Variable, Next, StringEquals, StringEqualsPath, StringLessThan … 41 more"],
    );
    check(
        &choice(r#"{"Variable": "$.a", <|>}"#),
        4,
        expect!["Next, StringEquals, StringEqualsPath, StringLessThan … 38 more"],
    );
    check(&choice(r#"{"Variable": "$.a", "IsNull": true, <|>}"#), 20, expect!["Next, Assign, Comment"]);
    check(
        &choice(r#"{"Not": {<|>}, "Next": "B"}"#),
        3,
        expect!["Variable, StringEquals, StringEqualsPath … 41 more"],
    );
    check(&choice(r#"{"Variable": "$.a", "IsNull": <|>}"#), 20, expect!["true, false"]);
}

#[test]
fn a_field_brings_what_it_needs() {
    check_edit(
        "{\n  \"States\": {\n    \"A\": {\n      \"Type\": \"Task\",\n      <|>\n    },\n    \"B\": {}\n  }\n}",
        "Catch",
        expect![[r#"
            {
              "States": {
                "A": {
                  "Type": "Task",
                  "Catch": [
                    {
                      "ErrorEquals": ["States.ALL"],
                      "Next": "B"
                    }
                  ]
                },
                "B": {}
              }
            }"#]],
    );
    check_edit(
        "{\n\t\"States\": {\n\t\t\"A\": {\n\t\t\t\"Type\": \"Map\"\n\t\t\t<|>\n\t\t}\n\t}\n}",
        "ItemProcessor",
        expect![[r#"
            {
            	"States": {
            		"A": {
            			"Type": "Map",
            			"ItemProcessor": {
            				"StartAt": "First",
            				"States": {
            					"First": {
            						"Type": "Pass",
            						"End": true
            					}
            				}
            			}
            		}
            	}
            }"#]],
    );
}

#[test]
fn commas_and_colons_are_supplied() {
    check_edit(
        &state(r#""Type": "Pass" <|>"#),
        "End",
        expect![[
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}, "B": {"Type": "Succeed"}}}"#
        ]],
    );
    check_edit(
        &state(r#""Type": "Pass" "E<|>""#),
        "End",
        expect![[
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}, "B": {"Type": "Succeed"}}}"#
        ]],
    );
    check_edit(
        &state(r#""Type": "Pass", "E<|>" "Comment": "x""#),
        "End",
        expect![[
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Comment": "x"}, "B": {"Type": "Succeed"}}}"#
        ]],
    );
    check_edit(
        &state(r#""Type": "Pass", "E<|>": true"#),
        "End",
        expect![[
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}, "B": {"Type": "Succeed"}}}"#
        ]],
    );
    check_edit(
        &state("\"Type\": \"Pass\"\n<|>\n\"Comment\": \"x\""),
        "Next",
        expect![[r#"
        {"StartAt": "A", "States": {"A": {"Type": "Pass",
        "Next": "B",
        "Comment": "x"}, "B": {"Type": "Succeed"}}}"#]],
    );
    check_edit(
        &state(r#""Type": "Pass", "Next" <|>"#),
        "B",
        expect![[
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next" : "B"}, "B": {"Type": "Succeed"}}}"#
        ]],
    );
    check_edit(
        &state("\"Type\": \"Pass\", \"Next\": \"<|>,\n\"Comment\": \"x\""),
        "B",
        expect![[r#"
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B",
        "Comment": "x"}, "B": {"Type": "Succeed"}}}"#]],
    );
    check_edit(
        &state(r#""Type": "Pass",En<|>"#),
        "End",
        expect![[
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}, "B": {"Type": "Succeed"}}}"#
        ]],
    );
    check_edit(
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": <|>"#,
        "A",
        expect![[r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A""#]],
    );
}

#[test]
fn names_of_states() {
    let states = |transition: &str| {
        format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Pass", {transition}}}, "B": {{"Type": "Pass", "Next": "C"}}, "C": {{"Type": "Succeed"}}, "D": {{"Type": "Fail"}}}}}}"#
        )
    };
    // Nothing leads to B and D yet; A itself comes last.
    check(&states(r#""Next": "<|>""#), 20, expect!["B, D, C, A"]);
    check(&states(r#""Next": <|>"#), 20, expect!["B, D, C, A"]);
    check(&states(r#""Catch": [{"ErrorEquals": ["States.ALL"], "Next": "<|>"}]"#), 20, expect![""]);
    check(r#"{"StartAt": "<|>", "States": {"A": {}, "B": {}}}"#, 20, expect!["A, B"]);
    check(&state(r#""Type": "Choice", "Default": "<|>""#), 20, expect!["B, A"]);
    check(&state(r#""Type": "Choice", "Choices": [{"Next": "<|>"}]"#), 20, expect!["B, A"]);
}

#[test]
fn names_are_those_of_the_scope() {
    check(
        r#"{"States": {"A": {"Type": "Map", "ItemProcessor": {"StartAt": "<|>", "States": {"X": {}, "Y": {}}}}}}"#,
        20,
        expect!["X, Y"],
    );
    check(
        r#"{"States": {"A": {"Type": "Parallel", "Branches": [{"States": {"X": {"Type": "Pass", "Next": "<|>"}, "Y": {}}}]}}}"#,
        20,
        expect!["Y, X"],
    );
}

#[test]
fn resources() {
    check(
        &state(r#""Type": "Task", "Resource": "<|>""#),
        7,
        expect![
            "arn:aws:states:::dynamodb:getItem, arn:aws:states:::dynamodb:putItem, arn:aws:states:::dynamodb:updateItem, arn:aws:states:::dynamodb:deleteItem, arn:aws:states:::aws-sdk:dynamodb:query, arn:aws:states:::aws-sdk:dynamodb:scan, arn:aws:states:::aws-sdk:dynamodb:batchGetItem … 107 more"
        ],
    );
    check(
        &state(r#""Type": "Map", "ItemReader": {"Resource": "<|>"}"#),
        20,
        expect!["arn:aws:states:::s3:getObject, arn:aws:states:::s3:listObjectsV2"],
    );
    check_edit(
        &state(r#""Type": "Task", "Resource": "arn:aws:states:::dyn<|>""#),
        "arn:aws:states:::dynamodb:getItem",
        expect![[
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem"}, "B": {"Type": "Succeed"}}}"#
        ]],
    );
}

#[test]
fn parameters() {
    check(
        &task("dynamodb:putItem", "{<|>}"),
        20,
        expect![
            "TableName, Item, ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues, ReturnValues, ReturnConsumedCapacity, ReturnItemCollectionMetrics, ConditionalOperator, TableName.$, Item.$, ExpressionAttributeValues.$, Expected"
        ],
    );
    check(
        &task("dynamodb:getItem", r#"{"TableName": "T", "<|>"}"#),
        4,
        expect!["Key, ConsistentRead, ProjectionExpression, ExpressionAttributeNames … 3 more"],
    );
    check(
        &task("aws-sdk:dynamodb:deleteItem", r#"{"TableName.$": "$.t", <|>}"#),
        2,
        expect!["Key, ConditionExpression … 9 more"],
    );
    check(&task("sqs:sendMessage", "{<|>}"), 20, expect![""]);
    check(&task("dynamodb:putItem", r#"{"ReturnValues": "<|>"}"#), 20, expect!["NONE, ALL_OLD"]);
    check(&task("dynamodb:getItem", r#"{"ConsistentRead": <|>}"#), 20, expect!["true, false"]);
    check_edit(
        &state(r#""Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", <|>"#),
        "Parameters",
        expect![[r#"
            {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {
              "TableName": "",
              "Key": {
                "id": { "S": "" }
              }
            }}, "B": {"Type": "Succeed"}}}"#]],
    );
}

#[test]
fn the_key_of_a_table_is_known() {
    let text = r#"{"StartAt": "A", "States": {
"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "Orders", "Item": {"OrderId": {"S": "1"}}}, "Next": "B"},
"B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", <|>}, "End": true}}}"#;
    check_edit(
        text,
        "Key",
        expect![[r#"
        {"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "Orders", "Item": {"OrderId": {"S": "1"}}}, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {
          "OrderId": { "S": "" }
        }}, "End": true}}}"#]],
    );
    check(&text.replace("\"Orders\", <|>", "\"<|>\""), 20, expect!["Orders"]);
    check(&text.replace("<|>", "\"Key\": {<|>}"), 20, expect!["OrderId"]);
}

#[test]
fn attribute_values() {
    check(
        &task("dynamodb:putItem", r#"{"Item": {"id": {<|>}}}"#),
        20,
        expect!["S, N, BOOL, NULL, M, L, SS, NS, B, BS, S.$, N.$, BOOL.$, M.$, L.$, SS.$"],
    );
    check(&task("dynamodb:putItem", r#"{"Item": {"id": {"S": "1", <|>}}}"#), 20, expect![""]);
    check(&task("dynamodb:putItem", r#"{"Item": {"id": <|>}}"#), 4, expect!["S, N, BOOL, NULL … 6 more"]);
    check(
        &task("dynamodb:putItem", r#"{"Item": {"id": {"M": {"x": {"<|>"}}}}}"#),
        3,
        expect!["S, N, BOOL … 13 more"],
    );
    check(
        &task("dynamodb:putItem", r#"{"Item": {"id": {"L": [{<|>}]}}}"#),
        3,
        expect!["S, N, BOOL … 13 more"],
    );
    check(&task("dynamodb:putItem", r#"{"Item": {"id": {"BOOL": <|>}}}"#), 3, expect!["true, false"]);
    check(
        &task("dynamodb:updateItem", r#"{"ExpressionAttributeValues": {":v": {"<|>"}}}"#),
        2,
        expect!["S, N … 14 more"],
    );
    check(&task("lambda:invoke", r#"{"Item": {"id": {<|>}}}"#), 2, expect![""]);
    check_edit(
        &task("dynamodb:putItem", r#"{"Item": {"id": {"<|>"}}}"#),
        "N.$",
        expect![[
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"Item": {"id": {"N.$": "States.Format('{}', $.)"}}}, "End": true}, "B": {"Type": "Succeed"}}}"#
        ]],
    );
}

#[test]
fn names_of_errors() {
    let catch = |action: &str, names: &str| {
        task(action, "{}").replace(
            "\"End\"",
            &format!("\"Catch\": [{{\"ErrorEquals\": {names}, \"Next\": \"B\"}}], \"End\""),
        )
    };
    check(
        &catch("dynamodb:putItem", "[\"<|>\"]"),
        2,
        expect![
            "DynamoDB.ConditionalCheckFailedException, DynamoDB.ProvisionedThroughputExceededException … 23 more"
        ],
    );
    check(
        &catch("aws-sdk:dynamodb:putItem", "[<|>]"),
        2,
        expect![
            "DynamoDb.ConditionalCheckFailedException, DynamoDb.ProvisionedThroughputExceededException … 24 more"
        ],
    );
    check(
        &catch("lambda:invoke", "[\"States.ALL\", <|>]"),
        2,
        expect!["States.TaskFailed, States.Timeout … 13 more"],
    );
    check(&catch("lambda:invoke", "<|>"), 2, expect!["States.ALL, States.TaskFailed … 14 more"]);
    check_edit(
        &catch("lambda:invoke", "[\"States.T<|>\" \"X\"]"),
        "States.Timeout",
        expect![[
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {}, "Catch": [{"ErrorEquals": ["States.Timeout", "X"], "Next": "B"}], "End": true}, "B": {"Type": "Succeed"}}}"#
        ]],
    );
}

#[test]
fn whole_states() {
    let text = "{\n  \"StartAt\": \"Put\",\n  \"States\": {\n    \"Put\": {\n      \"Type\": \"Task\",\n      \"Resource\": \"arn:aws:states:::dynamodb:putItem\",\n      \"Parameters\": {\n        \"TableName\": \"Orders\",\n        \"Item\": {\n          \"OrderId\": { \"S\": \"1\" }\n        }\n      },\n      \"Next\": \"Get\"\n    },\n    <|>\n    \"Last\": {\n      \"Type\": \"Succeed\"\n    }\n  }\n}\n";
    check(
        text,
        20,
        expect![
            "DynamoDB putItem, DynamoDB getItem, DynamoDB updateItem, DynamoDB deleteItem, Task, Pass, Choice, Wait, Succeed, Fail, Parallel, Map"
        ],
    );
    check_edit(
        text,
        "DynamoDB getItem",
        expect![[r#"
            {
              "StartAt": "Put",
              "States": {
                "Put": {
                  "Type": "Task",
                  "Resource": "arn:aws:states:::dynamodb:putItem",
                  "Parameters": {
                    "TableName": "Orders",
                    "Item": {
                      "OrderId": { "S": "1" }
                    }
                  },
                  "Next": "Get"
                },
                "Get": {
                  "Type": "Task",
                  "Resource": "arn:aws:states:::dynamodb:getItem",
                  "Parameters": {
                    "TableName": "Orders",
                    "Key": {
                      "OrderId": { "S": "" }
                    }
                  },
                  "Next": "Last"
                },
                "Last": {
                  "Type": "Succeed"
                }
              }
            }
        "#]],
    );
    check_edit(
        "{\"States\": {<|>}}",
        "DynamoDB updateItem",
        expect![[r##"
        {"States": {"UpdateItem": {
          "Type": "Task",
          "Resource": "arn:aws:states:::dynamodb:updateItem",
          "Parameters": {
            "TableName": "",
            "Key": {
              "id": { "S": "" }
            },
            "UpdateExpression": "SET #name = :value",
            "ExpressionAttributeNames": { "#name": "name" },
            "ExpressionAttributeValues": { ":value": { "S": "" } }
          },
          "End": true
        }}}"##]],
    );
    check_edit(
        "{\"QueryLanguage\": \"JSONata\", \"States\": {<|>}}",
        "DynamoDB deleteItem",
        expect![[r#"
        {"QueryLanguage": "JSONata", "States": {"DeleteItem": {
          "Type": "Task",
          "Resource": "arn:aws:states:::dynamodb:deleteItem",
          "Arguments": {
            "TableName": "",
            "Key": {
              "id": { "S": "" }
            }
          },
          "End": true
        }}}"#]],
    );
    check_edit(
        "{\"States\": {\"<|>\"}}",
        "Choice",
        expect![[r#"
        {"States": {"Choice": {
          "Type": "Choice",
          "Choices": [
            {
              "Variable": "$.",
              "StringEquals": "",
              "Next": ""
            }
          ]
        }}}"#]],
    );
    check_edit(
        "{\"States\": {\"Map\": {\"Type\": \"Pass\"}, <|>}}",
        "Map",
        expect![[r#"
        {"States": {"Map": {"Type": "Pass"}, "Map2": {
          "Type": "Map",
          "ItemProcessor": {
            "StartAt": "First",
            "States": {
              "First": {
                "Type": "Pass",
                "End": true
              }
            }
          },
          "Next": "Map"
        }}}"#]],
    );
    check_edit(
        "<|>",
        "State machine",
        expect![[r#"
        {
          "Comment": "",
          "StartAt": "First",
          "States": {
            "First": {
              "Type": "Pass",
              "End": true
            }
          }
        }"#]],
    );
}

#[test]
fn other_values() {
    check(&state(r#""Type": "Pass", "End": <|>"#), 20, expect!["true, false"]);
    check(&state(r#""Type": "Pass", "InputPath": <|>"#), 20, expect!["$, null"]);
    check(r#"{"QueryLanguage": "<|>"}"#, 20, expect!["JSONPath, JSONata"]);
    check(&state(r#""Type": "Task", "Retry": <|>"#), 20, expect!["[ … ]"]);
    check(&state(r#""Type": "Task", "Retry": [{"JitterStrategy": "<|>"}]"#), 20, expect!["FULL, NONE"]);
    check(&state(r#""Type": "Task", "Retry": [<|>]"#), 20, expect!["retrier"]);
    check(&state(r#""Type": "Task", "Comment": "<|>""#), 20, expect![""]);
}

#[test]
fn lines_end_as_in_the_document() {
    let (analysis, offset) = fixture("{\r\n    \"States\": {<|>}\r\n}");
    let completions = analysis.completion(offset);
    let pass = completions.iter().find(|it| it.label == "Pass").unwrap();
    assert_eq!(
        pass.edit.new_text,
        "\"Pass\": {\r\n        \"Type\": \"Pass\",\r\n        \"End\": true\r\n    }"
    );
    assert_eq!(
        pass.snippet.as_deref(),
        Some("\"${1:Pass}\": {\r\n    \"Type\": \"Pass\",\r\n    \"End\": ${2:true}\r\n}")
    );
}

/// Wherever the cursor is in a valid document, in whatever prefix of it, each edit leaves it no worse.
#[test]
fn edits_leave_documents_valid_everywhere() {
    let order = include_str!("../../../examples/order.asl.json");
    let one_line: String = order.split_whitespace().collect();
    let inventory = include_str!("../../../examples/inventory.asl.json");
    for (text, n_bytes) in [(order, 2), (&*one_line, 2), (inventory, 9)] {
        for (at, _) in text.char_indices().step_by(n_bytes) {
            let (head, tail) = text.split_at(at);
            let (analysis, offset) = fixture(&format!("{head}{CURSOR}{tail}"));
            apply_all(text, &analysis, &analysis.completion(offset));
            let (analysis, offset) = fixture(&format!("{head}{CURSOR}"));
            apply_all(head, &analysis, &analysis.completion(offset));
        }
    }
}

// YAML

#[test]
fn yaml_fields_of_a_state() {
    check_yaml(
        "StartAt: A\nStates:\n  A:\n    Type: Pass\n    <|>\n",
        4,
        expect!["Next, End, QueryLanguage, InputPath"],
    );
    check_yaml("StartAt: A\nStates:\n  A:\n    Ty<|>\n", 2, expect!["Type, Comment"]);
    check_yaml("StartAt: A\nStates:\n  A:\n    <|>\n", 2, expect!["Type, Comment"]);
}

#[test]
fn yaml_names_of_states() {
    check_yaml(
        "StartAt: <|>\nStates:\n  A:\n    Type: Pass\n    Next: B\n  B:\n    Type: Succeed\n",
        4,
        expect!["A, B"],
    );
}

#[test]
fn yaml_blocks_go_below_their_key() {
    check_yaml_edit(
        "StartAt: A\nStates:\n  A:\n    Type: Task\n    Resource: arn:aws:states:::dynamodb:getItem\n    <|>\n",
        "Parameters",
        expect![[r#"
            StartAt: A
            States:
              A:
                Type: Task
                Resource: arn:aws:states:::dynamodb:getItem
                Parameters:
                  TableName: ''
                  Key:
                    id: { S: '' }
        "#]],
    );
    check_yaml_edit(
        "StartAt: A\nStates:\n  A:\n    Type: Task\n    Resource: arn:aws:states:::dynamodb:getItem\n    Catch: <|>\n",
        "[ … ]",
        expect![[r#"
            StartAt: A
            States:
              A:
                Type: Task
                Resource: arn:aws:states:::dynamodb:getItem
                Catch:
                  - ErrorEquals: [States.ALL]
                    Next: ''
        "#]],
    );
}

#[test]
fn yaml_objects_begin_behind_a_dash() {
    check_yaml_edit(
        "StartAt: A\nStates:\n  A:\n    Type: Task\n    Retry:\n      - <|>\n",
        "retrier",
        expect![[r#"
            StartAt: A
            States:
              A:
                Type: Task
                Retry:
                  - ErrorEquals: [States.ALL]
        "#]],
    );
    check_yaml_edit(
        "StartAt: A\nStates:\n  A:\n    Type: Task\n    Retry:\n      - ErrorEquals: [X]\n        <|>\n",
        "MaxAttempts",
        expect![[r#"
            StartAt: A
            States:
              A:
                Type: Task
                Retry:
                  - ErrorEquals: [X]
                    MaxAttempts: 1
        "#]],
    );
    check_yaml_edit(
        "StartAt: A\nStates:\n  A:\n    Type: Task\n    Retry:\n      - Err<|>\n",
        "ErrorEquals",
        expect![[r#"
            StartAt: A
            States:
              A:
                Type: Task
                Retry:
                  - ErrorEquals: [States.ALL]
        "#]],
    );
}

#[test]
fn yaml_whole_states() {
    check_yaml_edit(
        "StartAt: A\nStates:\n  <|>\n",
        "DynamoDB putItem",
        expect![[r#"
            StartAt: A
            States:
              A:
                Type: Task
                Resource: arn:aws:states:::dynamodb:putItem
                Parameters:
                  TableName: ''
                  Item:
                    id: { S: '' }
                End: true
        "#]],
    );
}

#[test]
fn yaml_in_brackets() {
    check_yaml("StartAt: A\nStates:\n  A: {Type: Pass, <|>}\n", 3, expect!["Next, End, QueryLanguage"]);
    check_yaml_edit(
        "StartAt: A\nStates:\n  A: {Type: Pass, <|>}\n",
        "End",
        expect![[r#"
        StartAt: A
        States:
          A: {Type: Pass, End: true}
    "#]],
    );
}

#[test]
fn yaml_error_names() {
    check_yaml_edit(
        "StartAt: A\nStates:\n  A:\n    Type: Task\n    Retry:\n      - ErrorEquals:\n          - <|>\n",
        "States.Timeout",
        expect![[r#"
            StartAt: A
            States:
              A:
                Type: Task
                Retry:
                  - ErrorEquals:
                      - States.Timeout
        "#]],
    );
}
