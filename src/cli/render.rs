//! Values and findings as text for people.

use std::fmt::Write;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::Value;

use crate::diagnostics::{Diagnostic, Severity};
use crate::text::SourceText;

/// JSON in one line with a blank after each colon and comma.
pub(super) fn json_line(value: &Value) -> String {
    let mut out = String::new();
    write_json(value, &mut out);
    out
}

/// Recursive, as the value is: no deeper than what made it admits.
fn write_json(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            out.push('{');
            for (i, (key, value)) in map.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                let _ = write!(out, "{}: ", Value::from(key.as_str()));
                write_json(value, out);
            }
            out.push('}');
        }
        Value::Array(elements) => {
            out.push('[');
            for (i, element) in elements.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                write_json(element, out);
            }
            out.push(']');
        }
        scalar => {
            let _ = write!(out, "{scalar}");
        }
    }
}

/// A finding with its line of the source and carets under its place.
pub(super) fn finding(found: &Diagnostic, source: &SourceText, path: &str, has_color: bool) -> String {
    let level = match found.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Information => Level::INFO,
        Severity::Hint => Level::HELP,
    };
    // Only the lines around are handed over: a document may be one line of a megabyte.
    let first = source.line_column(found.range.start(), Default::default()).line;
    let last = source.line_column(found.range.end(), Default::default()).line;
    let start = source.line_range(first).start();
    let shown = source.slice(crate::text::TextRange::new(start, source.line_range(last).end()));
    let (shown, span) =
        clip(shown, (found.range.start() - start) as usize..(found.range.end() - start) as usize);
    let snippet = Snippet::source(shown)
        .line_start(first as usize + 1)
        .path(path)
        .annotation(AnnotationKind::Primary.span(span));
    let report = [level.primary_title(found.message.as_str()).id(found.code).element(snippet)];
    let renderer = if has_color { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&report).to_string()
}

/// At most some lines and columns around a range.
fn clip(text: &str, span: std::ops::Range<usize>) -> (&str, std::ops::Range<usize>) {
    const BYTES_MAX: usize = 400;
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = if text.len() <= BYTES_MAX {
        (0, text.len())
    } else {
        (floor(span.start.saturating_sub(100)), floor(span.start + 200))
    };
    let end = text.get(span.start..end).and_then(|rest| rest.find('\n')).map_or(end, |at| span.start + at);
    let shown = text.get(start..end).unwrap_or_default();
    (
        shown,
        (span.start - start).min(shown.len())..(span.end.min(end).max(span.start) - start).min(shown.len()),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_line_reads_like_prose() {
        assert_eq!(
            json_line(&json!({"a": [1, {"b": "x\n"}], "c": {}})),
            r#"{"a": [1, {"b": "x\n"}], "c": {}}"#
        );
    }
}
