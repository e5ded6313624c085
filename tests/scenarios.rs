//! `asl-lsp test`: scenarios as tests.

#![allow(clippy::unwrap_used)]

#[path = "common/command.rs"]
mod command;

use std::fs;
use std::path::{Path, PathBuf};

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use command::Done;

fn run(arguments: &[&str]) -> Done {
    command::run(&[&["test"], arguments].concat())
}

/// A folder with files in it.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scenarios").join(name);
    let _ = fs::remove_dir_all(&folder);
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

const MACHINE: &str = r#"{"StartAt": "Choose", "States": {
  "Choose": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericGreaterThan": 1, "Next": "Many"}], "Default": "Few"},
  "Many": {"Type": "Pass", "Result": {"size": "many", "list": [1, 2]}, "End": true},
  "Few": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "End": true}
}}"#;

/// What is printed of scenarios of that machine, the folder's path as `DIR`.
#[track_caller]
fn check(name: &str, scenarios: &Value, flags: &[&str], code: u8, expected: Expect) {
    let folder = folder(name, &[("m.asl.json", MACHINE), ("m.scenarios.json", &scenarios.to_string())]);
    let path = folder.display().to_string();
    let done = run(&[&[path.as_str()], flags].concat());
    assert_eq!((done.code, done.errors.replace(&path, "DIR").as_str()), (code, ""));
    expected.assert_eq(&done.output.replace(&path, "DIR"));
}

fn scenarios() -> Value {
    json!({"scenarios": {
        "many": {"input": {"n": 2}, "expect": {"output": {"size": "few", "list": [1]}, "path": ["Choose", "Few"]}},
        "a/b": {"input": {"n": 3}},
        "few": {"input": {"n": 1}},
        "nobody": {"input": {"n": 1}, "mocks": {"Gone": {"Return": 1}}},
    }})
}

#[test]
fn the_examples_pass() {
    let done = run(&["examples"]);
    assert_eq!((done.code, done.errors.as_str()), (0, ""), "{}", done.output);
    let examples = fs::read_dir("examples").unwrap().map(|entry| entry.unwrap().path());
    let names: Vec<String> =
        examples.map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    let definitions = names.iter().filter(|name| name.ends_with(".asl.json") || name.ends_with(".asl.yaml"));
    for definition in definitions {
        let stem = definition.split('.').next().unwrap();
        assert!(
            done.output.contains(&format!("examples/{stem}.scenarios.")),
            "{definition} has no scenarios"
        );
    }
    assert!(!done.output.contains("not reached"), "{}", done.output);
}

#[test]
fn what_differs_is_shown() {
    check(
        "text",
        &scenarios(),
        &[],
        1,
        expect![[r#"
            DIR/m.scenarios.json
              FAILED  many  SUCCEEDED
                      output.size
                        expected  "few"
                        actual    "many"
                      output.list.1
                        expected  nothing
                        actual    2
                      path.1
                        expected  "Few"
                        actual    "Many"
              ok      a/b  SUCCEEDED
              ERROR   few  BLOCKED
                      cannot be simulated: Few: lambda:invoke is not simulated: mock the state 'Few' in a MockConfigFile.json (--mock-config FILE --test-case NAME) or with --mock
              ERROR   nobody
                      DIR/m.scenarios.json:1:192: No state is called "Gone"

            4 scenarios: 1 passed, 3 failed
        "#]],
    );
}

#[test]
fn what_is_not_reached_is_told() {
    let scenarios = json!({"scenarios": {"many": {"input": {"n": 2}}}});
    check(
        "missed",
        &scenarios,
        &[],
        0,
        expect![[r#"
            DIR/m.scenarios.json
              ok      many  SUCCEEDED
              not reached: Few, Default of Choose

            1 scenario: 1 passed, 0 failed
        "#]],
    );
}

#[test]
fn results_as_junit_writes_them() {
    check(
        "junit",
        &scenarios(),
        &["--format", "junit"],
        1,
        expect![[r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites>
          <testsuite name="DIR/m.scenarios.json" tests="4" failures="1" errors="2">
            <testcase classname="DIR/m.scenarios.json" name="many">
              <failure message="output.size: expected &quot;few&quot;, actual &quot;many&quot;">output.size: expected &quot;few&quot;, actual &quot;many&quot;
        output.list.1: expected nothing, actual 2
        path.1: expected &quot;Few&quot;, actual &quot;Many&quot;</failure>
            </testcase>
            <testcase classname="DIR/m.scenarios.json" name="a/b"/>
            <testcase classname="DIR/m.scenarios.json" name="few">
              <error message="cannot be simulated: Few: lambda:invoke is not simulated: mock the state &apos;Few&apos; in a MockConfigFile.json (--mock-config FILE --test-case NAME) or with --mock"></error>
            </testcase>
            <testcase classname="DIR/m.scenarios.json" name="nobody">
              <error message="DIR/m.scenarios.json:1:192: No state is called &quot;Gone&quot;"></error>
            </testcase>
          </testsuite>
        </testsuites>
    "#]],
    );
}

#[test]
fn results_as_json() {
    check(
        "json",
        &scenarios(),
        &["--format", "json", "--filter", "m"],
        1,
        expect![[r#"
            {
              "files": [
                {
                  "path": "DIR/m.scenarios.json",
                  "definition": "DIR/m.asl.json",
                  "scenarios": [
                    {
                      "name": "many",
                      "line": 1,
                      "result": "failed",
                      "status": "SUCCEEDED",
                      "differences": [
                        {
                          "path": "/output/size",
                          "expected": "few",
                          "actual": "many",
                          "place": {
                            "path": "DIR/m.asl.json",
                            "line": 3,
                            "column": 3
                          },
                          "expectedAt": {
                            "path": "DIR/m.scenarios.json",
                            "line": 1,
                            "column": 66
                          }
                        },
                        {
                          "path": "/output/list/1",
                          "expected": null,
                          "actual": 2,
                          "place": {
                            "path": "DIR/m.asl.json",
                            "line": 3,
                            "column": 3
                          },
                          "expectedAt": {
                            "path": "DIR/m.scenarios.json",
                            "line": 1,
                            "column": 79
                          }
                        },
                        {
                          "path": "/path/1",
                          "expected": "Few",
                          "actual": "Many",
                          "place": {
                            "path": "DIR/m.asl.json",
                            "line": 3,
                            "column": 3
                          },
                          "expectedAt": {
                            "path": "DIR/m.scenarios.json",
                            "line": 1,
                            "column": 101
                          }
                        }
                      ],
                      "reason": null,
                      "place": null
                    }
                  ]
                }
              ]
            }
        "#]],
    );
}

#[test]
fn scenarios_are_listed_without_a_run() {
    let folder = folder(
        "list",
        &[
            ("m.asl.json", MACHINE),
            ("m.scenarios.json", &scenarios().to_string()),
            ("lost.scenarios.json", r#"{"scenarios": {"a": {}}}"#),
        ],
    );
    let path = folder.display().to_string();
    let done = run(&[&path, "--list", "--format", "json", "--filter", "e"]);
    assert_eq!(done.code, 1);
    expect![[r#"
        {
          "files": [
            {
              "path": "DIR/lost.scenarios.json",
              "scenarios": [],
              "reason": "DIR/lost.scenarios.json: no definition beside it: neither \"definition\" nor lost.asl.json"
            },
            {
              "path": "DIR/m.scenarios.json",
              "definition": "DIR/m.asl.json",
              "scenarios": [
                {
                  "name": "few",
                  "line": 1,
                  "column": 134
                }
              ]
            }
          ]
        }
    "#]]
    .assert_eq(&done.output.replace(&path, "DIR"));
    let done = run(&[&path, "--list"]);
    expect![[r#"
        DIR/lost.scenarios.json
          ERROR   DIR/lost.scenarios.json: no definition beside it: neither "definition" nor lost.asl.json
        DIR/m.scenarios.json
          many
          a/b
          few
          nobody
    "#]]
    .assert_eq(&done.output.replace(&path, "DIR"));
}

#[test]
fn one_scenario_is_run_by_its_name() {
    check(
        "one",
        &scenarios(),
        &["--scenario", "a/b"],
        0,
        expect![[r#"
            DIR/m.scenarios.json
              ok      a/b  SUCCEEDED

            1 scenario: 1 passed, 0 failed
        "#]],
    );
    let path = folder("none", &[("m.asl.json", MACHINE), ("m.scenarios.json", &scenarios().to_string())]);
    let done = run(&[&path.display().to_string(), "--scenario", "man"]);
    assert_eq!((done.code, done.errors.as_str()), (2, "error: no scenario is called \"man\"\n"));
}

#[test]
fn coverage_as_lcov_writes_it() {
    let scenarios = json!({"scenarios": {"many": {"input": {"n": 2}}}});
    check(
        "lcov",
        &scenarios,
        &["--coverage", "lcov"],
        0,
        expect![[r#"
        SF:DIR/m.asl.json
        BRDA:2,0,0,1
        BRDA:2,0,1,0
        BRF:2
        BRH:1
        DA:2,1
        DA:3,1
        DA:4,0
        LF:3
        LH:2
        end_of_record
    "#]],
    );
}

#[test]
fn expectations_are_rewritten() {
    let text = r#"{
  "scenarios": {
    "many": { "input": { "n": 2 }, "expect": { "output": { "size": "few" } } },
    "new": {
      "input": { "n": 2 }
    },
    "cannot be simulated": { "input": { "n": 1 }, "expect": { "output": 1 } }
  }
}
"#;
    let folder = folder("update", &[("m.asl.json", MACHINE), ("m.scenarios.json", text)]);
    let path = folder.join("m.scenarios.json").display().to_string();
    assert_eq!(run(&[&path, "--update"]).code, 1);
    expect![[r#"
        {
          "scenarios": {
            "many": { "input": { "n": 2 }, "expect": {
              "output": {
                "size": "many"
              }
            } },
            "new": {
              "input": { "n": 2 },
              "expect": {
                "status": "SUCCEEDED",
                "output": {
                  "size": "many",
                  "list": [1, 2]
                },
                "path": ["Choose", "Many"]
              }
            },
            "cannot be simulated": { "input": { "n": 1 }, "expect": { "output": 1 } }
          }
        }
    "#]]
    .assert_eq(&fs::read_to_string(&path).unwrap());
}

#[track_caller]
fn check_usage(name: &str, file: &str, flags: &[&str], expected: &str) {
    let folder =
        folder(name, &[("w/m.asl.json", MACHINE), ("w/m.scenarios.json", file), ("outside.json", "[]")]);
    let folder = folder.join("w");
    let path = folder.join("m.scenarios.json").display().to_string();
    let done = run(&[&[path.as_str()], flags].concat());
    let errors = done.errors.replace(&folder.display().to_string(), "DIR");
    assert_eq!((done.code, done.output.as_str(), errors.as_str()), (2, "", expected));
}

#[test]
fn files_that_cannot_be_used() {
    check_usage("broken", "{", &[], "error: DIR/m.scenarios.json:1:1: This bracket is never closed\n");
    check_usage(
        "odd",
        r#"{"seeds": 1}"#,
        &[],
        "error: DIR/m.scenarios.json:1:2: There is no \"seeds\" here\n",
    );
    check_usage("empty", "{}", &[], "error: there are no scenarios in the files\n");
    let one = r#"{"scenarios": {"a": {}}}"#;
    check_usage("filter", one, &["--filter", "b"], "error: no scenario has \"b\" in its name\n");
    let lost = r#"{"tables": ["t.json"], "scenarios": {"a": {}}}"#;
    check_usage("lost", lost, &[], "error: cannot read DIR/t.json: No such file or directory (os error 2)\n");
}

/// A file in a folder of its own can name none outside of it: here it lies in no folder that the command is started in.
#[test]
fn paths_do_not_lead_out() {
    let folder = std::env::temp_dir().join(format!("asl-lsp-scenarios-{}", std::process::id()));
    fs::create_dir_all(folder.join("w")).unwrap();
    fs::write(folder.join("w/m.asl.json"), MACHINE).unwrap();
    fs::write(folder.join("w/m.scenarios.json"), r#"{"tables": ["../t.json"], "scenarios": {"a": {}}}"#)
        .unwrap();
    fs::write(folder.join("t.json"), "[]").unwrap();
    let done = run(&[&folder.join("w").display().to_string()]);
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(done.code, 2);
    assert!(done.errors.starts_with("error: ../t.json leads out of "), "{}", done.errors);
}
