//! Runs the specifications in `tests/spec`: prose with examples that are checked.
//!
//! An example is made of fenced blocks. `asl` is a definition, or its states alone: then the first is the start. `input`,
//! `tables`, `mocks` (by state, the calls and what they answer), `machines` (by name, the definitions of what it starts) and
//! `objects` (by bucket and key, their text) are what it is simulated with. `trace` is what
//! `asl-lsp simulate` prints of it, `diagnostics` what `asl-lsp check` prints. A block holds until one of its kind or a
//! heading follows. `UPDATE_EXPECT=1` writes the traces and diagnostics.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "common/command.rs"]
mod command;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

/// A part of a specification.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// Lines of prose.
    Prose(String),
    /// A fenced block.
    Block { kind: String, text: String, line: usize },
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut prose = String::new();
    let mut lines = (1..).zip(text.lines());
    while let Some((line, content)) = lines.next() {
        let Some(kind) = content.strip_prefix("```") else {
            prose.push_str(content);
            prose.push('\n');
            continue;
        };
        parts.push(Part::Prose(std::mem::take(&mut prose)));
        let mut text = String::new();
        for (_, content) in lines.by_ref().take_while(|(_, content)| *content != "```") {
            text.push_str(content);
            text.push('\n');
        }
        parts.push(Part::Block { kind: kind.to_owned(), text, line });
    }
    parts.push(Part::Prose(prose));
    parts
}

fn print(parts: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Prose(text) => text.clone(),
        Part::Block { kind, text, .. } => format!("```{kind}\n{text}```\n"),
    };
    parts.iter().map(part).collect()
}

/// What an example has said so far.
#[derive(Default)]
struct Example {
    blocks: BTreeMap<String, String>,
}

impl Example {
    fn json(&self, kind: &str) -> Option<Value> {
        let text = self.blocks.get(kind)?;
        Some(serde_json::from_str(text).unwrap_or_else(|error| panic!("{kind}: {error}\n{text}")))
    }

    /// The definition's text. Around states alone goes what they need, on their first line, so that the numbers of lines
    /// are those of the block.
    fn definition(&self) -> String {
        let text = &self.blocks["asl"];
        let states: Option<Map<String, Value>> = serde_json::from_str(text).ok();
        match states {
            Some(states) if !states.contains_key("States") => {
                let start = states.keys().next().map_or("", String::as_str);
                format!("{{ \"StartAt\": {}, \"States\": {}}}\n", Value::from(start), text.trim_end())
            }
            _ => text.clone(),
        }
    }

    fn trace(&self, folder: &Path) -> String {
        let definition = write(folder, "example.asl.json", &self.definition());
        let mut arguments = vec!["simulate".to_owned(), definition];
        if let Some(input) = self.blocks.get("input") {
            arguments.extend(["--input".to_owned(), input.clone()]);
        }
        if let Some(tables) = self.blocks.get("tables") {
            arguments.extend(["--tables".to_owned(), write(folder, "tables.json", tables)]);
        }
        if let Some(mocks) = self.json("mocks") {
            let states: Map<String, Value> =
                mocks.as_object().unwrap().keys().map(|name| (name.clone(), json!(name))).collect();
            let config = json!({
                "StateMachines": {"example": {"TestCases": {"example": states}}},
                "MockedResponses": mocks,
            });
            let file = write(folder, "mocks.json", &config.to_string());
            arguments.extend(["--mock-config".to_owned(), file]);
            arguments.extend(["--test-case".to_owned(), "example".to_owned()]);
        }
        for (name, definition) in self.json("machines").iter().filter_map(Value::as_object).flatten() {
            let file = write(folder, &format!("{name}.machine.json"), &definition.to_string());
            arguments.extend(["--state-machine".to_owned(), format!("{name}={file}")]);
        }
        if let Some(objects) = self.json("objects") {
            let root = folder.join("s3");
            let _ = fs::remove_dir_all(&root);
            for (place, body) in objects.as_object().unwrap() {
                let file = root.join(place);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, body.as_str().unwrap()).unwrap();
            }
            arguments.extend(["--s3".to_owned(), root.to_str().unwrap().to_owned()]);
        }
        let note = "\nSdkHttpMetadata and SdkResponseMetadata are left out here; --format json shows them.\n";
        run(&arguments).replace(note, "")
    }

    fn diagnostics(&self, folder: &Path) -> String {
        let definition = write(folder, "example.asl.json", &self.definition());
        let printed = run(&["check".to_owned(), definition.clone()]);
        let (findings, _) = printed.trim_end().rsplit_once('\n').unwrap_or_default();
        let findings = findings.trim_end();
        if findings.is_empty() {
            "none\n".to_owned()
        } else {
            format!("{}\n", findings.replace(&definition, "definition"))
        }
    }
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn run(arguments: &[String]) -> String {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = command::run(&arguments);
    done.output + &done.errors
}

/// The specification with the traces and diagnostics as they are, and the lines of those that were otherwise.
fn check(text: &str, folder: &Path) -> (String, Vec<usize>) {
    let mut parts = parts(text);
    let mut example = Example::default();
    let mut changed = Vec::new();
    for part in &mut parts {
        match part {
            Part::Prose(text) => {
                if text.lines().any(|line| line.starts_with('#')) {
                    example = Example::default();
                }
            }
            Part::Block { kind, text, line } => {
                let actual = match kind.as_str() {
                    "trace" => example.trace(folder),
                    "diagnostics" => example.diagnostics(folder),
                    "asl" | "input" | "tables" | "mocks" | "machines" | "objects" => {
                        example.blocks.insert(kind.clone(), text.clone());
                        continue;
                    }
                    _ => panic!("line {line}: no block is of the kind '{kind}'"),
                };
                if *text != actual {
                    changed.push(*line);
                    *text = actual;
                }
            }
        }
    }
    (print(&parts), changed)
}

#[test]
fn specifications() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("spec");
    fs::create_dir_all(&folder).unwrap();
    let specifications = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spec");
    let is_update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut problems = Vec::new();
    for entry in fs::read_dir(specifications).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(print(&parts(&text)), text, "{}", path.display());
        let (actual, changed) = check(&text, &folder);
        if is_update {
            fs::write(&path, actual).unwrap();
        } else if !changed.is_empty() {
            problems.push(format!("{}: lines {changed:?}; now it is\n{actual}", path.display()));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// That the harness sees a difference.
#[test]
fn differences_are_seen() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("spec_of_spec");
    fs::create_dir_all(&folder).unwrap();
    let text = "# A\n```asl\n{ \"A\": { \"Type\": \"Succeed\" } }\n```\n```input\n1\n```\n```trace\n```\n";
    let (actual, changed) = check(text, &folder);
    assert_eq!(changed, [8]);
    assert_eq!(actual, text.replace("```trace\n", "```trace\nA  1\n\nSUCCEEDED  1\n"));
    assert_eq!(check(&actual, &folder), (actual.clone(), vec![]));
}
