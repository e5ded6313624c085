//! How long a keystroke takes, below the protocol: parse, lower, find facts, run all rules.
//!
//! On a definition of 1 MB the aims are 15 ms for diagnostics and for formatting, 5 ms for completion and for the
//! semantic tokens of a screen, and 1 ms for hover. AWS's own server takes 1,700 ms of CPU for diagnostics, 92 for
//! formatting, 19 for completion, 2 for hover.
//! What was measured stands in `README.md` beside this file.

use std::sync::Arc;

use asl_lsp::ide::Analysis;
use asl_lsp::model;
use asl_lsp::semantic::{Shape, Shapes};
use asl_lsp::spec::quota;
use asl_lsp::syntax;
use asl_lsp::syntax::Format;
use asl_lsp::text::{SourceText, TextRange};
use divan::Bencher;

fn main() {
    divan::main();
}

/// A chain of states of the usual kinds, indented as people do.
fn definition(n_states: usize) -> String {
    let state = |i: usize| {
        let next = if i + 1 < n_states {
            format!("\"Next\": \"State{}\"", i + 1)
        } else {
            "\"End\": true".to_owned()
        };
        match i % 3 {
            0 => format!(
                "    \"State{i}\": {{\n      \"Type\": \"Task\",\n      \"Resource\": \"arn:aws:states:::dynamodb:getItem\",\n      \"Parameters\": {{\n        \"TableName\": \"Orders\",\n        \"Key\": {{\n          \"OrderId\": {{\n            \"S.$\": \"$.orders[0].id\"\n          }}\n        }}\n      }},\n      \"ResultPath\": \"$.order\",\n      {next}\n    }}"
            ),
            1 => format!(
                "    \"State{i}\": {{\n      \"Type\": \"Pass\",\n      \"Comment\": \"Hands its input on.\",\n      {next}\n    }}"
            ),
            _ => format!(
                "    \"State{i}\": {{\n      \"Type\": \"Wait\",\n      \"Seconds\": 5,\n      {next}\n    }}"
            ),
        }
    };
    let states: Vec<String> = (0..n_states).map(state).collect();
    format!("{{\n  \"StartAt\": \"State0\",\n  \"States\": {{\n{}\n  }}\n}}\n", states.join(",\n"))
}

/// A definition of about 1 MB.
fn megabyte() -> String {
    let text = definition(5_700);
    assert!((950_000..1_048_576).contains(&text.len()), "{}", text.len());
    text
}

#[divan::bench]
fn parse_1_mb(bencher: Bencher<'_, '_>) {
    let source = SourceText::new(&megabyte());
    bencher.bench(|| syntax::parse_json(source.clone(), quota::DOCUMENT_NESTING_MAX));
}

#[divan::bench]
fn lower_1_mb(bencher: Bencher<'_, '_>) {
    let parse = syntax::parse_json(SourceText::new(&megabyte()), quota::DOCUMENT_NESTING_MAX);
    bencher.bench(|| model::lower(&parse));
}

/// At the end of the definition, within a path.
#[divan::bench]
fn complete_1_mb(bencher: Bencher<'_, '_>) {
    let text = megabyte();
    let at = text.rfind("$.orders[0].id").map_or(0, |at| at + "$.orders[0].".len());
    let analysis = Analysis::new(SourceText::new(&text), Format::Json, Arc::default());
    // As after the diagnostics of a keystroke.
    analysis.diagnostics();
    let offset = u32::try_from(at).unwrap_or(0);
    bencher.bench(|| analysis.completion(offset, None).len());
}

#[divan::bench]
fn infer_shapes_1000_states(bencher: Bencher<'_, '_>) {
    let parse = syntax::parse_json(SourceText::new(&definition(1_000)), quota::DOCUMENT_NESTING_MAX);
    let machine = model::lower(&parse).machine;
    bencher.bench(|| Shapes::infer(&machine, Shape::Any));
}

/// A version of a document with its findings. It is handed out because the server frees versions on another thread.
fn diagnosed(source: SourceText) -> Analysis {
    let analysis = Analysis::new(source, Format::Json, Arc::default());
    analysis.diagnostics();
    analysis
}

#[divan::bench]
fn diagnose_1_mb(bencher: Bencher<'_, '_>) {
    let source = SourceText::new(&megabyte());
    bencher.bench(|| diagnosed(source.clone()));
}

#[divan::bench]
fn diagnose_1000_states(bencher: Bencher<'_, '_>) {
    let source = SourceText::new(&definition(1_000));
    bencher.bench(|| diagnosed(source.clone()));
}

/// A definition of 1 MB that was parsed and lowered, as it is when a person asks about it.
fn analysed() -> Analysis {
    let analysis = Analysis::new(SourceText::new(&megabyte()), Format::Json, Arc::default());
    analysis.lowered();
    analysis
}

#[divan::bench]
fn hover_1_mb(bencher: Bencher<'_, '_>) {
    let analysis = analysed();
    let middle = analysis
        .source()
        .as_str()
        .find("\"ResultPath\": \"$.order\",\n      \"Next\": \"State3001\"")
        .unwrap_or_default();
    let offset = u32::try_from(middle).unwrap_or_default() + 2;
    assert!(analysis.hover(offset, None).is_some());
    bencher.bench(|| analysis.hover(offset, None));
}

/// Names of states, in the middle.
#[divan::bench]
fn complete_state_names_1_mb(bencher: Bencher<'_, '_>) {
    let analysis = analysed();
    let text = "\"Next\": \"";
    let middle = analysis.source().as_str().find("\"Next\": \"State3001\"").unwrap_or_default() + text.len();
    let offset = u32::try_from(middle).unwrap_or_default();
    assert!(!analysis.completion(offset, None).is_empty());
    bencher.bench(|| analysis.completion(offset, None));
}

/// A screen of a hundred lines in the middle.
#[divan::bench]
fn semantic_tokens_of_a_screen_1_mb(bencher: Bencher<'_, '_>) {
    let analysis = analysed();
    let source = analysis.source();
    let line = source.line_count() / 2;
    let range = TextRange::new(source.line_range(line).start(), source.line_range(line + 100).end());
    assert!(analysis.semantic_tokens(range).len() > 20);
    bencher.bench(|| analysis.semantic_tokens(range));
}

#[divan::bench]
fn semantic_tokens_1_mb(bencher: Bencher<'_, '_>) {
    let analysis = analysed();
    let whole = TextRange::new(0, analysis.source().len());
    bencher.bench(|| analysis.semantic_tokens(whole));
}

/// With another indentation, so that every line changes.
#[divan::bench]
fn format_1_mb(bencher: Bencher<'_, '_>) {
    let analysis = analysed();
    bencher.bench(|| analysis.format("    "));
}

#[divan::bench]
fn references_1_mb(bencher: Bencher<'_, '_>) {
    let source = SourceText::new(&megabyte());
    bencher
        .with_inputs(|| {
            let analysis = Analysis::new(source.clone(), Format::Json, Arc::default());
            analysis.lowered();
            analysis
        })
        .bench_values(|analysis| analysis.references(15).len());
}

#[divan::bench]
fn code_actions_1_mb(bencher: Bencher<'_, '_>) {
    let analysis = analysed();
    let middle = analysis.source().as_str().find("\"State3000\": {").unwrap_or_default();
    let range = TextRange::empty(u32::try_from(middle).unwrap_or_default() + 2);
    bencher.bench(|| analysis.code_actions(range));
}
