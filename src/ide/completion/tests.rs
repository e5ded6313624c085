//! What is offered where, and that every edit leaves a valid document.

use expect_test::{Expect, expect};

use super::*;
use crate::ide::testing::{CURSOR, analyse, analyse_as, fixture, run, run_with_tables, yaml_fixture};
use crate::text::apply_edits;

/// The labels, in order; at most the first `n_max`.
#[track_caller]
fn check(text: &str, n_max: usize, expected: Expect) {
    let (analysis, offset) = fixture(text);
    let completions = analysis.completion(offset, None);
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
    let completions = analysis.completion(offset, None);
    apply_all(text, &analysis, &completions);
    let labels: Vec<&str> = completions.iter().take(n_max).map(|it| it.label.as_str()).collect();
    expected.assert_eq(&labels.join(", "));
}

/// As [`check_edit`], in YAML.
#[track_caller]
fn check_yaml_edit(text: &str, label: &str, expected: Expect) {
    let (analysis, offset) = yaml_fixture(text);
    let completions = analysis.completion(offset, None);
    apply_all(text, &analysis, &completions);
    let completion = completions.iter().find(|it| it.label == label);
    expected.assert_eq(&apply(&analysis, completion.expect("it is offered")));
}

/// The document with one of them.
#[track_caller]
fn check_edit(text: &str, label: &str, expected: Expect) {
    let (analysis, offset) = fixture(text);
    let completions = analysis.completion(offset, None);
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
        assert!(!analysis.documentation(completion).is_empty(), "{label} is not documented");
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
            "arn:aws:states:::dynamodb:getItem, arn:aws:states:::dynamodb:putItem, arn:aws:states:::dynamodb:updateItem, arn:aws:states:::dynamodb:deleteItem, arn:aws:states:::aws-sdk:dynamodb:query, arn:aws:states:::aws-sdk:dynamodb:scan, arn:aws:states:::aws-sdk:dynamodb:batchGetItem … 116 more"
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
        expect!["Key, ConditionExpression … 10 more"],
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
            "DynamoDB.ConditionalCheckFailedException, DynamoDB.ProvisionedThroughputExceededException … 19 more"
        ],
    );
    check(
        &catch("aws-sdk:dynamodb:putItem", "[<|>]"),
        2,
        expect![
            "DynamoDb.ConditionalCheckFailedException, DynamoDb.ProvisionedThroughputExceededException … 20 more"
        ],
    );
    check(
        &catch("lambda:invoke", "[\"States.ALL\", <|>]"),
        2,
        expect!["Lambda.ServiceException, Lambda.AWSLambdaException … 15 more"],
    );
    check(
        &catch("lambda:invoke", "<|>"),
        2,
        expect!["Lambda.ServiceException, Lambda.AWSLambdaException … 16 more"],
    );
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
            "DynamoDB putItem, DynamoDB getItem, DynamoDB updateItem, DynamoDB deleteItem, DynamoDB query, DynamoDB scan, DynamoDB batchWriteItem, DynamoDB transactWriteItems, Lambda invoke, Task, Pass, Choice, Wait, Succeed, Fail, Parallel, Map"
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
    let completions = analysis.completion(offset, None);
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
            apply_all(text, &analysis, &analysis.completion(offset, None));
            let (analysis, offset) = fixture(&format!("{head}{CURSOR}"));
            apply_all(head, &analysis, &analysis.completion(offset, None));
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

// Within expressions

/// As [`check`], after a run from an input.
#[track_caller]
fn check_run(text: &str, input: serde_json::Value, n_max: usize, expected: Expect) {
    let (analysis, offset) = fixture(text);
    let run = run(&analyse(&text.replacen(CURSOR, "", 1)), input);
    let completions = analysis.completion(offset, Some(&run));
    apply_all(text, &analysis, &completions);
    let shown = |it: &Completion| format!("{} ({})", it.label, it.detail.as_deref().unwrap_or_default());
    let labels: Vec<String> = completions.iter().take(n_max).map(shown).collect();
    expected.assert_eq(&labels.join(", "));
}

/// A Pass `A` with a result, and a state `B` that gets it.
fn after_pass(result: &str, body: &str) -> String {
    format!(
        "{{\"StartAt\": \"A\", \"States\": {{\"A\": {{\"Type\": \"Pass\", \"Result\": {result}, \"Next\": \"B\", \"Assign\": {{\"v\": {{\"w\": 1}}}}}}, \"B\": {{{body}}}}}}}"
    )
}

#[test]
fn members_of_the_input() {
    let result = r#"{"order": {"id": "x", "a b": 2, "lines": [{"sku": 1}, {"sku": 2}]}}"#;
    let parameters = |path: &str| {
        after_pass(result, &format!(r#""Type": "Pass", "Parameters": {{"p.$": "{path}"}}, "End": true"#))
    };
    check(&parameters("$.<|>"), 5, expect![[r#"order"#]]);
    check(&parameters("$.order.<|>"), 3, expect!["a b, id, lines … 13 more"]);
    check(&parameters("$.order.lines[<|>"), 9, expect!["0, 1, *"]);
    check(&parameters("$.order.lines[*].<|>"), 1, expect!["sku … 13 more"]);
    check(&parameters("$.order['<|>']"), 9, expect!["a b, id, lines"]);
    check(&parameters("<|>"), 4, expect!["$.order, $v, $, $$.Execution … 22 more"]);
    check(&parameters("$$.Exec<|>"), 4, expect!["Execution, State, StateMachine, Task … 1 more"]);
    check(&parameters("$$.Execution.<|>"), 3, expect!["Id, Input, Name … 4 more"]);
    check(&parameters("$v.<|>"), 1, expect!["w"]);
    check(&parameters("States.Format('{}', $.order.<|>)"), 3, expect!["a b, id, lines … 13 more"]);
    check(
        &parameters("States.F<|>"),
        3,
        expect!["States.Format, States.StringToJson, States.JsonToString … 15 more"],
    );
    check(&parameters("nothing <|>"), 3, expect![[""]]);
    check_edit(
        &parameters("$.order.i<|>"),
        "a b",
        expect![[
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"order": {"id": "x", "a b": 2, "lines": [{"sku": 1}, {"sku": 2}]}}, "Next": "B", "Assign": {"v": {"w": 1}}}, "B": {"Type": "Pass", "Parameters": {"p.$": "$.order['a b']"}, "End": true}}}"#
        ]],
    );
    check_edit(
        &parameters("States.F<|>"),
        "States.Format",
        expect![[
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"order": {"id": "x", "a b": 2, "lines": [{"sku": 1}, {"sku": 2}]}}, "Next": "B", "Assign": {"v": {"w": 1}}}, "B": {"Type": "Pass", "Parameters": {"p.$": "States.Format()"}, "End": true}}}"#
        ]],
    );
    check_edit(
        &parameters("$.order.lines[<|>]"),
        "1",
        expect![[
            r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"order": {"id": "x", "a b": 2, "lines": [{"sku": 1}, {"sku": 2}]}}, "Next": "B", "Assign": {"v": {"w": 1}}}, "B": {"Type": "Pass", "Parameters": {"p.$": "$.order.lines[1]"}, "End": true}}}"#
        ]],
    );
}

#[test]
fn the_last_run_goes_before_what_is_inferred() {
    let text = after_pass(r#"{"a": 1}"#, r#""Type": "Pass", "InputPath": "$.<|>", "End": true"#);
    check_run(&text, serde_json::json!({}), 3, expect!["a (1)"]);
    let first = r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1, "InputPath": "$.<|>", "End": true}}}"#;
    check_run(first, serde_json::json!({"id": "o-1", "n": 2}), 3, expect![[r#"id ("o-1"), n (2)"#]]);
}

#[test]
fn paths_where_fields_hold_them() {
    let result = r#"{"n": 1}"#;
    let b = |body: &str| after_pass(result, body);
    check(&b(r#""Type": "Wait", "SecondsPath": "$.<|>", "End": true"#), 3, expect!["n"]);
    check(&b(r#""Type": "Choice", "Choices": [{"Variable": "$.<|>"}]"#), 3, expect!["n"]);
    check(
        &b(r#""Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEqualsPath": "$.<|>"}]"#),
        3,
        expect!["n"],
    );
    check(&b(r#""Type": "Pass", "Result": {"x.$": "$.<|>"}"#), 3, expect![[""]]);
    check(
        &b(
            r#""Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Tab", "Key": {"id": {"S": "1"}}}, "ResultSelector": {"r.$": "$.<|>"}"#,
        ),
        3,
        expect!["Item, SdkHttpMetadata, SdkResponseMetadata"],
    );
    check(
        &b(
            r#""Type": "Task", "Resource": "x", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "A", "Assign": {"e.$": "$.<|>"}}]"#,
        ),
        3,
        expect!["Cause, Error"],
    );
}

#[test]
fn half_typed_paths() {
    let text = |line: &str| {
        format!(
            "{{\"StartAt\": \"A\", \"States\": {{\"A\": {{\"Type\": \"Pass\", \"Result\": {{\"n\": 1}}, \"Next\": \"B\"}}, \"B\": {{\n{line}\n\"Type\": \"Pass\", \"End\": true}}}}}}"
        )
    };
    check_edit(
        &text(r#""InputPath": "$.<|>"#),
        "n",
        expect![[r#"
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"n": 1}, "Next": "B"}, "B": {
        "InputPath": "$.n
        "Type": "Pass", "End": true}}}"#]],
    );
    check_edit(
        &text(r#""InputPath": "$.<|>,"#),
        "n",
        expect![[r#"
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"n": 1}, "Next": "B"}, "B": {
        "InputPath": "$.n,
        "Type": "Pass", "End": true}}}"#]],
    );
}

#[test]
fn jsonata() {
    let output = |expression: &str| {
        format!(
            r#"{{"QueryLanguage": "JSONata", "StartAt": "A", "States": {{"A": {{"Type": "Pass", "Output": {{"items": [{{"a b": 1, "n": 2}}]}}, "Assign": {{"v": {{"w": 1}}}}, "Next": "B"}}, "B": {{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem", "Arguments": {{"TableName": "Tab", "Key": {{"id": {{"S": "1"}}}}}}, "Output": "{expression}", "End": true}}}}}}"#
        )
    };
    check(&output("{% $states.<|> %}"), 9, expect!["input, result, context"]);
    check(&output("{% $states.input.<|> %}"), 9, expect!["items"]);
    check(&output("{% $states.input.items.<|> %}"), 9, expect!["a b, n"]);
    check(&output("{% $states.input.items[0].<|> %}"), 9, expect!["a b, n"]);
    check(&output("{% $states.result.<|> %}"), 9, expect!["Item"]);
    check(&output("{% $states.context.State.<|> %}"), 9, expect!["EnteredTime, Name, RetryCount"]);
    check(&output("{% $v.<|> %}"), 9, expect!["w"]);
    check(
        &output("{% ($x := 1; $<|>) %}"),
        5,
        expect!["$x, $v, $states.input, $states.result, $states.context … 69 more"],
    );
    check(&output("{% 'it is $<|>' %}"), 5, expect![[""]]);
    check(&output("{% $states.input <|> %}"), 5, expect![[""]]);
    check(&output("$<|>"), 5, expect!["{ … }"]);
    check_edit(
        &output("{% $states.input.items.<|> %}"),
        "a b",
        expect![[
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": {"items": [{"a b": 1, "n": 2}]}, "Assign": {"v": {"w": 1}}, "Next": "B"}, "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem", "Arguments": {"TableName": "Tab", "Key": {"id": {"S": "1"}}}, "Output": "{% $states.input.items.`a b` %}", "End": true}}}"#
        ]],
    );
    check_edit(
        &output("{% $su<|> %}"),
        "$sum",
        expect![[
            r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": {"items": [{"a b": 1, "n": 2}]}, "Assign": {"v": {"w": 1}}, "Next": "B"}, "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem", "Arguments": {"TableName": "Tab", "Key": {"id": {"S": "1"}}}, "Output": "{% $sum() %}", "End": true}}}"#
        ]],
    );
    let caught = r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "x", "Catch": [{"ErrorEquals": ["E"], "Output": "{% $states.<|> %}"}]}}}"#;
    check(caught, 9, expect!["input, errorOutput, context"]);
}

#[test]
fn expressions_of_dynamodb() {
    let update = |expression: &str, more: &str| {
        format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {{"TableName": "Tab", "Item": {{"id": {{"S": "1"}}, "status": {{"S": "x"}}, "total": {{"N": "1"}}}}}}, "Next": "B"}}, "B": {{"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {{"TableName": "Tab", "Key": {{"id": {{"S": "1"}}}}, {expression}{more}}}, "End": true}}}}}}"#
        )
    };
    check(
        &update(r#""ConditionExpression": "<|>""#, ""),
        7,
        expect!["id, #status, #total, :id, :status, :total, attribute_exists … 10 more"],
    );
    check(&update(r#""UpdateExpression": "SET #<|>""#, ""), 7, expect!["#id, #status, #total"]);
    check(
        &update(
            r#""UpdateExpression": "SET #s = :<|>""#,
            r##", "ExpressionAttributeNames": {"#s": "status"}, "ExpressionAttributeValues": {":new": {"S": "y"}}"##,
        ),
        7,
        expect![":new, :id, :status, :total"],
    );
    check(&update(r#""UpdateExpression": "SET a.<|>""#, ""), 7, expect![[""]]);
    check_edit(
        &update(r#""UpdateExpression": "SET #<|>""#, ""),
        "#status",
        expect![[
            r##"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "Tab", "Item": {"id": {"S": "1"}, "status": {"S": "x"}, "total": {"N": "1"}}}, "Next": "B"}, "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {"TableName": "Tab", "Key": {"id": {"S": "1"}}, "UpdateExpression": "SET #status", "ExpressionAttributeNames": { "#status": "status" }}, "End": true}}}"##
        ]],
    );
    check_edit(
        &update(
            r#""UpdateExpression": "SET id = :<|>""#,
            r##", "ExpressionAttributeValues": {":new": {"S": "y"}}"##,
        ),
        ":total",
        expect![[
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "Tab", "Item": {"id": {"S": "1"}, "status": {"S": "x"}, "total": {"N": "1"}}}, "Next": "B"}, "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {"TableName": "Tab", "Key": {"id": {"S": "1"}}, "UpdateExpression": "SET id = :total", "ExpressionAttributeValues": {":new": {"S": "y"}, ":total": { "N": "0" }}}, "End": true}}}"#
        ]],
    );
    check_edit(
        &update(r#""ConditionExpression": "attribute_n<|>""#, ""),
        "attribute_not_exists",
        expect![[
            r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "Tab", "Item": {"id": {"S": "1"}, "status": {"S": "x"}, "total": {"N": "1"}}}, "Next": "B"}, "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {"TableName": "Tab", "Key": {"id": {"S": "1"}}, "ConditionExpression": "attribute_not_exists()"}, "End": true}}}"#
        ]],
    );
}

const YAML: &str = "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Result:\n      order: {id: x}\n      a b: 1\n    Next: B\n  B:\n";

#[test]
fn expressions_in_yaml() {
    let b = |body: &str| format!("{YAML}{body}");
    check_yaml(&b("    Type: Pass\n    InputPath: $.<|>\n    End: true\n"), 3, expect!["a b, order"]);
    check_yaml_edit(
        &b("    Type: Pass\n    InputPath: $.<|>\n    End: true\n"),
        "a b",
        expect![[r#"
        StartAt: A
        States:
          A:
            Type: Pass
            Result:
              order: {id: x}
              a b: 1
            Next: B
          B:
            Type: Pass
            InputPath: $['a b']
            End: true
    "#]],
    );
    check_yaml_edit(
        &b("    Type: Pass\n    Parameters: {p.$: $.<|>}\n    End: true\n"),
        "a b",
        expect![[r#"
            StartAt: A
            States:
              A:
                Type: Pass
                Result:
                  order: {id: x}
                  a b: 1
                Next: B
              B:
                Type: Pass
                Parameters: {p.$: '$[''a b'']'}
                End: true
        "#]],
    );
    check_yaml_edit(
        &b("    Type: Pass\n    InputPath: '$.o<|>'\n    End: true\n"),
        "order",
        expect![[r#"
        StartAt: A
        States:
          A:
            Type: Pass
            Result:
              order: {id: x}
              a b: 1
            Next: B
          B:
            Type: Pass
            InputPath: '$.order'
            End: true
    "#]],
    );
    check_yaml_edit(
        &b(
            "    Type: Pass\n    QueryLanguage: JSONata\n    Output: >-\n      {% $states.input\n      .<|> %}\n    End: true\n",
        ),
        "order",
        expect![[r#"
            StartAt: A
            States:
              A:
                Type: Pass
                Result:
                  order: {id: x}
                  a b: 1
                Next: B
              B:
                Type: Pass
                QueryLanguage: JSONata
                Output: >-
                  {% $states.input
                  .order %}
                End: true
        "#]],
    );
    check_yaml_edit(
        &b(
            "    Type: Task\n    Resource: arn:aws:states:::dynamodb:updateItem\n    Parameters:\n      TableName: Tab\n      Key:\n        status: {S: x}\n      ConditionExpression: attribute_exists(<|>)\n    End: true\n",
        ),
        "#status",
        expect![[r#"
            StartAt: A
            States:
              A:
                Type: Pass
                Result:
                  order: {id: x}
                  a b: 1
                Next: B
              B:
                Type: Task
                Resource: arn:aws:states:::dynamodb:updateItem
                Parameters:
                  TableName: Tab
                  Key:
                    status: {S: x}
                  ConditionExpression: attribute_exists(#status)
                  ExpressionAttributeNames:
                    '#status': status
                End: true
        "#]],
    );
}

#[test]
fn parameters_of_the_sdk_actions() {
    check(
        &task("aws-sdk:dynamodb:query", "{<|>}"),
        4,
        expect![
            "TableName, KeyConditionExpression, ExpressionAttributeValues, ExpressionAttributeNames … 14 more"
        ],
    );
    check(
        &task("aws-sdk:dynamodb:query", r#"{"TableName": "T", "Select": "<|>"}"#),
        9,
        expect!["ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES, SPECIFIC_ATTRIBUTES, COUNT"],
    );
    check(
        &task(
            "aws-sdk:dynamodb:putItem",
            r#"{"TableName": "T", "Item": {}, "ReturnValuesOnConditionCheckFailure": "<|>"}"#,
        ),
        9,
        expect!["NONE, ALL_OLD"],
    );
    check(
        &task("aws-sdk:dynamodb:transactWriteItems", "{<|>}"),
        9,
        expect!["TransactItems, ClientRequestToken, ReturnConsumedCapacity, ReturnItemCollectionMetrics"],
    );
}

#[test]
fn names_of_indexes_and_attributes_come_from_the_run() {
    let text = |body: &str| {
        format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query", "Parameters": {{"TableName": "Tab", {body}}}, "End": true}}}}}}"#
        )
    };
    let (analysis, offset) = fixture(&text(r#""IndexName": "<|>""#));
    let tables = serde_json::json!([{
        "TableName": "Tab", "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "at", "AttributeType": "N"}],
        "GlobalSecondaryIndexes": [{"IndexName": "by-time", "KeySchema": [{"AttributeName": "at", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"}}],
        "Items": [{"id": {"S": "1"}, "note": {"L": []}}]
    }]);
    let run = run_with_tables(&analysis, &tables);
    let labels = |analysis: &Analysis, offset| {
        let completions = analysis.completion(offset, Some(&run));
        completions.iter().map(|it| it.label.clone()).take(4).collect::<Vec<_>>().join(", ")
    };
    expect!["by-time"].assert_eq(&labels(&analysis, offset));
    let (analysis, offset) = fixture(&text(r#""FilterExpression": "<|>""#));
    expect!["#at, id, note, :at"].assert_eq(&labels(&analysis, offset));
}

#[test]
fn snippets_of_other_tasks() {
    let machine = "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    <|>\n  }\n}";
    check_edit(
        machine,
        "DynamoDB query",
        expect![[r##"
        {
          "StartAt": "A",
          "States": {
            "A": {
              "Type": "Task",
              "Resource": "arn:aws:states:::aws-sdk:dynamodb:query",
              "Parameters": {
                "TableName": "",
                "KeyConditionExpression": "#key = :value",
                "ExpressionAttributeNames": { "#key": "id" },
                "ExpressionAttributeValues": { ":value": { "S": "" } }
              },
              "End": true
            }
          }
        }"##]],
    );
    check_edit(
        machine,
        "Lambda invoke",
        expect![[r#"
        {
          "StartAt": "A",
          "States": {
            "A": {
              "Type": "Task",
              "Resource": "arn:aws:states:::lambda:invoke",
              "Parameters": {
                "FunctionName": "",
                "Payload.$": "$"
              },
              "End": true
            }
          }
        }"#]],
    );
}

#[test]
fn names_of_errors_that_the_state_can_raise() {
    let catch = |body: &str| state(&format!(r#"{body}, "Catch": [{{"ErrorEquals": ["<|>"]}}]"#));
    check(
        &catch(r#""Type": "Parallel""#),
        20,
        expect![
            "States.ALL, States.TaskFailed, States.Timeout, States.Permissions, States.QueryEvaluationError, States.BranchFailed, States.Http.Socket, States.IntrinsicFailure, States.NoChoiceMatched, States.ParameterPathFailure, States.ResultPathMatchFailure, States.DataLimitExceeded"
        ],
    );
    check(
        &catch(r#""Type": "Task", "Resource": "arn:aws:states:::lambda:invoke""#),
        3,
        expect!["Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException … 15 more"],
    );
}
