//! Definitions in YAML: the same tree, the same findings, the same values as in JSON.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use asl_lsp::ide::Analysis;
use asl_lsp::syntax::{Format, Node};
use asl_lsp::text::SourceText;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Value, json};

fn analysis(text: &str, format: Format) -> Analysis {
    Analysis::new(SourceText::new(text), format, Arc::default())
}

fn value(text: &str) -> Value {
    let analysis = analysis(text, Format::Yaml);
    assert!(analysis.parse().errors().is_empty(), "{:?} in\n{text}", analysis.parse().errors());
    analysis.parse().root().map(Node::to_value).unwrap_or_default()
}

/// What is found in a definition, without places.
fn findings(text: &str, format: Format) -> Vec<String> {
    let analysis = analysis(text, format);
    let place = |node| analysis.parse().node(node).pointer();
    let shown = analysis
        .diagnostics()
        .iter()
        .map(|it| format!("{} {} {}", it.code, it.node.map(place).unwrap_or_default(), it.message));
    let mut shown: Vec<String> = shown.collect();
    shown.sort();
    shown
}

/// A value in YAML, its strings in several styles.
fn yaml(value: &Value, indent: usize, text: &mut String) {
    let blanks = " ".repeat(indent);
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, value) in members {
                let _ = write!(text, "\n{blanks}{}:", string(key, indent));
                yaml(value, indent + 2, text);
            }
        }
        Value::Array(elements) if !elements.is_empty() => {
            for element in elements {
                let _ = write!(text, "\n{blanks}-");
                yaml(element, indent + 2, text);
            }
        }
        Value::String(value) => {
            let _ = write!(text, " {}", string(value, indent));
        }
        other => {
            let _ = write!(text, " {other}");
        }
    }
}

fn string(value: &str, indent: usize) -> String {
    let is_printable = value.chars().all(|c| !c.is_control());
    let is_word = value.chars().all(|c| c.is_ascii_alphabetic()) && value.len() > 5;
    if is_word {
        value.to_owned()
    } else if is_printable && value.len().is_multiple_of(2) {
        format!("'{}'", value.replace('\'', "''"))
    } else if value.ends_with('\n')
        && value.starts_with(|c: char| c.is_alphabetic())
        && !value.contains("\n\n")
    {
        format!(
            "|\n{}",
            value.lines().map(|line| format!("{}{line}\n", " ".repeat(indent + 2))).collect::<String>()
        )
    } else {
        Value::from(value).to_string()
    }
}

fn definitions() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("examples"), root.join("../shared/corpus/documents")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn definitions_have_the_same_findings_in_both_formats() {
    let definitions = definitions();
    assert!(definitions.len() >= 6, "there are examples");
    for path in definitions {
        let text = fs::read_to_string(&path).unwrap();
        let Ok(json) = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) else { continue };
        let mut written = String::new();
        yaml(&json, 0, &mut written);
        assert_eq!(value(&written), json, "{}", path.display());
        let compact = json.to_string();
        assert_eq!(
            findings(&written, Format::Yaml),
            findings(&compact, Format::Json),
            "{}\n{written}",
            path.display()
        );
    }
}

#[test]
fn json_is_read_as_yaml() {
    for path in definitions() {
        let text = fs::read_to_string(&path).unwrap();
        let Ok(json) = serde_json::from_str::<Value>(&text) else { continue };
        // Pairs of surrogates are escapes of JSON only.
        if text.to_lowercase().contains("\\ud8") {
            continue;
        }
        // Tabs may indent JSON, but not YAML.
        assert_eq!(value(&text.replace('\t', " ")), json, "{}", path.display());
    }
}

/// Each is half a megabyte of one mistake.
#[test]
fn bad_input_ends_soon() {
    let pieces =
        ["[", "{", "- ", "? ", "a: ", "a: @\n", "a: [\n", "a: &a [*a]\n", "w\n", "\t", ":", "\0", "é: ü\n"];
    for piece in pieces {
        let start = std::time::Instant::now();
        let text = piece.repeat(500_000 / piece.len());
        let n_findings = analysis(&text, Format::Yaml).diagnostics().len();
        assert!(n_findings > 0, "{piece:?} is no definition");
        assert!(start.elapsed() < std::time::Duration::from_secs(20), "{piece:?} took {:?}", start.elapsed());
    }
}

fn values() -> impl Strategy<Value = Value> {
    let texts = select(vec![
        "", "a", "it's", "no: yes", "# x", "- x", "{% $x %}", "a\nb\n", " x ", "é😀", "null", "1e3",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        (-1000..1000_i32).prop_map(|n| json!(f64::from(n) / 8.0)),
        texts.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((select(vec!["a", "Type", "x y", "b:", "#c", "é"]), inner), 0..4).prop_map(
                |members| Value::Object(
                    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
                )
            ),
        ]
    })
}

fn config() -> Config {
    Config { cases: 512, rng_seed: RngSeed::Fixed(0x0a51), failure_persistence: None, ..Config::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn values_are_read_as_they_were_written(json in values()) {
        let mut written = String::new();
        yaml(&json, 0, &mut written);
        prop_assert_eq!(value(&written), json, "{}", written);
    }

    /// Whatever is in a document, it has a tree, and each node of it stands where the text is.
    #[test]
    fn every_text_has_a_tree(
        pieces in prop::collection::vec(select(vec![
            "a", ":", " ", "\n", "  ", "- ", "[", "]", "{", "}", ",", "'", "\"", "|", ">", "&k", "*k", "<<", "!Ref", "#",
            "\t", "é", "😀", "? ", "---\n", "...", "%", "@", "\\", "1", "~", "\r\n", "\u{85}", "\u{feff}", "|2-", "\0",
        ]), 0..40)
    ) {
        let text = pieces.concat();
        let analysis = analysis(&text, Format::Yaml);
        let mut nodes: Vec<Node<'_>> = analysis.parse().root().into_iter().collect();
        while let Some(node) = nodes.pop() {
            prop_assert!(text.get(node.range().to_usize()).is_some(), "{:?} in {:?}", node, text);
            if let Some(decoded) = node.decoded() {
                let end = u32::try_from(decoded.text.len()).unwrap();
                let range = decoded.to_source(asl_lsp::text::TextRange::new(0, end));
                prop_assert!(range.end() as usize <= text.len(), "{:?} in {:?}", node, text);
            }
            nodes.extend(node.children());
        }
        for error in analysis.parse().errors() {
            prop_assert!(text.get(error.range.to_usize()).is_some(), "{:?} in {:?}", error, text);
        }
        let _ = analysis.diagnostics();
    }
}
