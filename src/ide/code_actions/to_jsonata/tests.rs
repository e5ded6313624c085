//! Both are run: the original and what it is converted to.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::ide::Analysis;
use crate::ide::testing::{analyse, analyse_as, fixture, run};
use crate::simulator::Outcome;
use crate::syntax::Format;
use crate::text::{TextRange, apply_edits};

/// A machine after the conversion at its beginning, or why it is refused.
fn converted(analysis: &Analysis) -> Result<String, String> {
    let actions = analysis.code_actions(TextRange::empty(2));
    let action = actions
        .iter()
        .find(|action| action.title.starts_with("Convert the state machine to JSONata"))
        .unwrap();
    match &action.disabled {
        Some(reason) => Err(reason.clone()),
        None => Ok(apply_edits(analysis.source().as_str(), &action.edits)),
    }
}

/// The output of a run that succeeds.
#[track_caller]
fn output(analysis: &Analysis, input: &Value) -> Value {
    let problems: Vec<_> = analysis.diagnostics().iter().map(|it| &it.message).collect();
    match run(analysis, input.clone()).trace.outcome {
        Outcome::Succeeded { output } => (*output).clone(),
        other => panic!("{other:?} {problems:?}\n{}", analysis.source().as_str()),
    }
}

/// Both output the same.
#[track_caller]
fn same(states: &str, input: Value) {
    let original = analyse(&format!(r#"{{"StartAt": "A", "States": {{{states}}}}}"#));
    let converted = analyse(&converted(&original).unwrap());
    assert_eq!(output(&converted, &input), output(&original, &input), "{}", converted.source().as_str());
}

#[track_caller]
fn refused(state: &str, expected: Expect) {
    let original = analyse(&format!(r#"{{"StartAt": "A", "States": {{"A": {{{state}, "End": true}}}}}}"#));
    expected.assert_eq(&converted(&original).unwrap_err());
}

#[test]
fn comments_are_not_lost() {
    let yaml = |state: &str| {
        let text =
            format!("StartAt: A # start\nStates:\n  # the only one\n  A:{state}\n    End: true # end\n");
        converted(&analyse_as(Format::Yaml, &text))
    };
    expect![[r#"
        StartAt: A # start
        QueryLanguage: JSONata
        States:
          # the only one
          A:
            Type: Pass
            End: true # end
    "#]]
    .assert_eq(&yaml("\n    Type: Pass").unwrap());
    assert!(yaml("\n    Type: Pass\n    Comment: 'not # one'").is_ok());
    for state in [" # here\n    Type: Pass", "\n    # here\n    Type: Pass", "\n    Type: Pass # here"] {
        assert_eq!(yaml(state), Err("Not convertible: comments would be lost".to_owned()), "{state}");
    }
}

#[test]
fn pass_states_shape_data() {
    let input =
        || json!({"a": {"b": [1]}, "n": 2, "l": [[1], [2, 3]], "e": [], "o": [{"b": [4]}], "in x": null});
    for state in [
        r#""InputPath": "$.a""#,
        r#""OutputPath": "$.a.b""#,
        r#""OutputPath": "$.l[0]""#,
        r#""OutputPath": "$.l""#,
        r#""OutputPath": "$.o[0].b""#,
        r#""OutputPath": "$.e""#,
        r#""OutputPath": "$['in x']""#,
        r#""Result": {"x": [1, [2], {"y": null}]}"#,
        r#""Result": [1], "ResultPath": "$.r""#,
        r#""Result": "it's", "ResultPath": "$.a.b""#,
        r#""Result": 5, "ResultPath": "$.new.deep""#,
        r#""Result": 5, "ResultPath": null"#,
        r#""Parameters": {"x.$": "$.n", "y": {"z.$": "$.a.b"}, "k": [1, "s"]}"#,
        r#""Parameters": {"x.$": "$.l", "e.$": "$.e", "o": {}}, "ResultPath": "$.p""#,
        r#""InputPath": "$.a", "Parameters": {"x.$": "$.b"}, "ResultPath": "$.p", "OutputPath": "$.p.x""#,
        r#""Parameters": [{"x.$": "$.n"}, 1]"#,
    ] {
        same(&format!(r#""A": {{"Type": "Pass", {state}, "End": true}}"#), input());
    }
}

#[test]
fn functions_give_the_same() {
    let input = || json!({"n": 2, "s": "a \"b\" 'c'", "l": [1, 2, 3], "o": {"x": 1}, "p": {"x": 2, "y": [1]}, "t": true, "j": "{\"k\":[1]}"});
    for call in [
        "States.Format('{} {} {}!', $.n, $.s, $.t)",
        "States.StringToJson($.j)",
        "States.JsonToString($.p)",
        "States.ArrayPartition($.l, 2)",
        "States.ArrayRange(1, 9, $.n)",
        "States.ArrayLength($.l)",
        "States.Base64Encode($.s)",
        "States.Hash($.s, 'SHA-256')",
        "States.JsonMerge($.o, $.p, false)",
        "States.MathAdd($.n, -5)",
        "States.Array(1, 'a', null)",
    ] {
        same(&format!(r#""A": {{"Type": "Pass", "Parameters": {{"r.$": "{call}"}}, "End": true}}"#), input());
    }
}

#[test]
fn rules_choose_the_same() {
    let rules = r#"
{"Variable": "$.a", "StringEquals": "x", "Next": "B"},
{"Variable": "$.a", "NumericLessThan": 5, "Next": "C"},
{"And": [{"Variable": "$.a", "IsBoolean": true}, {"Not": {"Variable": "$.a", "BooleanEquals": false}}], "Next": "D"},
{"Variable": "$.a", "NumericGreaterThanEqualsPath": "$.b", "Next": "E", "Assign": {"v.$": "$.b"}},
{"Or": [{"Variable": "$.a", "IsNull": true}, {"Variable": "$.c", "IsPresent": true}], "Next": "F"}"#;
    let ends: String = ["B", "C", "D", "E", "F", "G"]
        .map(|name| format!(r#", "{name}": {{"Type": "Pass", "Result": "{name}", "End": true}}"#))
        .concat();
    let states = format!(r#""A": {{"Type": "Choice", "Choices": [{rules}], "Default": "G"}}{ends}"#);
    for a in [json!("x"), json!(1), json!(true), json!(false), json!(9), json!(null), json!("y"), json!([1])]
    {
        same(&states, json!({"a": a, "b": 7}));
    }
    same(&states, json!({"a": "y", "b": 7, "c": 0}));
}

#[test]
fn variables_and_waits_and_failures() {
    same(
        r#""A": {"Type": "Pass", "Parameters": {"n.$": "$.n"}, "Assign": {"v.$": "$.n", "w": {"x.$": "$$.State.Name"}}, "Next": "B"},
"B": {"Type": "Wait", "SecondsPath": "$v", "Next": "C"},
"C": {"Type": "Pass", "Parameters": {"v.$": "$v", "w.$": "$w.x"}, "End": true}"#,
        json!({"n": 3}),
    );
    same(
        r#""A": {"Type": "Parallel", "Branches": [{"StartAt": "F", "States": {"F": {"Type": "Fail", "ErrorPath": "$.e", "Cause": "c"}}}],
"Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "B"}], "End": true}, "B": {"Type": "Succeed"}"#,
        json!({"e": "Mine"}),
    );
}

#[test]
fn branches_and_iterations() {
    same(
        r#""A": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrencyPath": "$.max", "ItemSelector": {"v.$": "$$.Map.Item.Value", "n.$": "$.n"},
"ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "Parameters": {"r.$": "States.MathAdd($.v, $.n)"}, "End": true}}},
"ResultSelector": {"first.$": "$[0].r", "all.$": "$"}, "ResultPath": "$.mapped", "Next": "B"},
"B": {"Type": "Parallel", "InputPath": "$.mapped", "Branches": [{"StartAt": "P", "States": {"P": {"Type": "Pass", "OutputPath": "$.first", "End": true}}}],
"Parameters": {"first.$": "$.first"}, "OutputPath": "$[0]", "End": true}"#,
        json!({"items": [1, 2], "n": 10, "max": 1}),
    );
}

#[test]
fn tasks_of_dynamodb() {
    same(
        r#""A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": {"TableName": "Orders", "Item": {"id": {"S.$": "$.id"}, "n": {"N.$": "States.Format('{}', $.n)"}}}, "ResultPath": null, "Next": "B"},
"B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "Orders", "Key": {"id": {"S.$": "$.id"}}},
"ResultSelector": {"n.$": "$.Item.n.N"}, "ResultPath": "$.read", "End": true}"#,
        json!({"id": "1", "n": 7}),
    );
}

#[test]
fn what_has_no_counterpart_is_refused() {
    refused(
        r#""Type": "Pass", "OutputPath": "$.a[*]""#,
        expect!["Not convertible: $.a[*] may lead to several values"],
    );
    refused(r#""Type": "Pass", "InputPath": null"#, expect!["Not convertible: InputPath is null"]);
    refused(
        r#""Type": "Pass", "Parameters": {"x.$": "States.StringSplit($.a, ',')"}"#,
        expect!["Not convertible: States.StringSplit has no counterpart that always gives the same"],
    );
    refused(
        r#""Type": "Pass", "Result": "{% 1 %}""#,
        expect!["Not convertible: a string begins like an expression of JSONata"],
    );
    refused(
        r#""Type": "Choice", "Choices": [{"Variable": "$.a", "StringMatches": "a*", "Next": "A"}]"#,
        expect!["Not convertible: JSONata has nothing like StringMatches"],
    );
    refused(r#""Type": "Map", "ItemReader": {}"#, expect!["Not convertible: ItemReader is not converted"]);
}

#[test]
fn what_depends_on_the_data_is_said() {
    let analysis =
        analyse(r#"{"States": {"A": {"Type": "Pass", "Parameters": {"x.$": "States.MathAdd($.a, 1)"}}}}"#);
    let titles: Vec<String> =
        analysis.code_actions(TextRange::empty(2)).into_iter().map(|it| it.title).collect();
    assert_eq!(titles, ["Convert the state machine to JSONata (States.MathAdd of whole numbers only)"]);
}

#[test]
fn one_state_alone() {
    let (analysis, offset) = fixture(
        r#"{
  "StartAt": "A",
  "States": {
    "A<|>": {
      "Type": "Task",
      "Resource": "arn:aws:states:::sqs:sendMessage",
      "Parameters": {
        "QueueUrl": "q",
        "MessageBody.$": "$.a"
      },
      "ResultPath": "$.sent",
      "Retry": [
        {
          "ErrorEquals": ["States.ALL"]
        }
      ],
      "End": true
    }
  }
}"#,
    );
    let actions = analysis.code_actions(TextRange::empty(offset));
    let action = actions.iter().find(|action| action.title == "Convert the state to JSONata").unwrap();
    expect![[r#"
        {
          "StartAt": "A",
          "States": {
            "A": {
              "Type": "Task",
              "QueryLanguage": "JSONata",
              "Resource": "arn:aws:states:::sqs:sendMessage",
              "Arguments": {
                "QueueUrl": "q",
                "MessageBody": "{% $states.input.a %}"
              },
              "Retry": [
                {
                  "ErrorEquals": ["States.ALL"]
                }
              ],
              "Output": "{% $merge([$states.input, {'sent': $states.result}]) %}",
              "End": true
            }
          }
        }"#]]
    .assert_eq(&apply_edits(analysis.source().as_str(), &action.edits));
}
