//! Parsing and formatting.

use asl_lsp::syntax::{Format, Parse, cursor, format, parse};
use asl_lsp::text::{SourceText, TextSize, apply_edits};

use super::input::{places, text};

/// As `spec::quota` has it for documents.
const NESTING_MAX: usize = 512;

/// Parses a text as JSON and as YAML: tokens tile it, all places are within it, and formatting changes white space
/// only, and nothing the second time.
pub fn syntax(data: &[u8]) {
    let text = text(data);
    for language in [Format::Json, Format::Yaml] {
        let tree = tree(&text, language);
        tokens_tile(&tree, &text);
        places_are_within(&tree, &text);
        formatting_is_stable(&tree, &text, language);
    }
}

fn tree(text: &str, language: Format) -> Parse {
    parse(SourceText::new(text), language, NESTING_MAX)
}

fn tokens_tile(tree: &Parse, text: &str) {
    let mut end = 0;
    for idx in 0..tree.tokens().len() {
        let range = tree.token_range(idx);
        assert_eq!(range.start(), end, "a gap before token {idx}");
        end = range.end();
    }
    if !tree.tokens().is_empty() {
        assert_eq!(end as usize, text.len(), "the tokens end before the text");
    }
}

fn places_are_within(tree: &Parse, text: &str) {
    for node in tree.nodes() {
        let range = node.range();
        assert!(
            text.get(range.start() as usize..range.end() as usize).is_some(),
            "{range:?} is no part of the text"
        );
        assert!(tree.resolve(&node.pointer()).is_some() || node.parent().is_some(), "{:?}", node.pointer());
    }
    for error in tree.errors() {
        assert!(error.range.end() as usize <= text.len(), "{error:?} lies behind the text");
        assert!(!error.message().is_empty());
    }
    for place in places(text, text.len() + 1) {
        let offset = TextSize::try_from(place).unwrap_or(TextSize::MAX);
        let _ = cursor(tree, offset);
        let _ = tree.node_at(offset);
    }
}

fn formatting_is_stable(tree: &Parse, text: &str, language: Format) {
    let formatted = apply_edits(text, &format(tree, "  "));
    let again = self::tree(&formatted, language);
    if tree.errors().is_empty() {
        assert!(again.errors().is_empty(), "formatted, it has mistakes: {:?}\n{formatted}", again.errors());
        let value = |tree: &Parse| tree.root().map(|root| root.to_value());
        assert_eq!(value(tree), value(&again), "formatted, it means something else:\n{formatted}");
        assert_eq!(format(&again, "  "), [], "formatting twice differs from once:\n{formatted}");
    }
}
