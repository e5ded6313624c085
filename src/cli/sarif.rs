//! Findings in SARIF 2.1.0, which CI systems read.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>. Lines and columns are counted from 1, columns in
//! UTF-16 code units.

use serde_json::{Value, json};

use crate::diagnostics::{Diagnostic, RULES, Rule, Severity, code_link};
use crate::ide::Analysis;
use crate::text::{ColumnEncoding, TextRange};

/// A log with one run and no results.
pub(super) fn log() -> Value {
    let rules: Vec<Value> = RULES.iter().map(descriptor).collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "utf16CodeUnits",
            "results": [],
        }],
    })
}

/// A finding in a file. `path` is relative, or begins with a slash.
pub(super) fn result(found: &Diagnostic, analysis: &Analysis, path: &str) -> Value {
    let idx = RULES.iter().position(|rule| rule.name == found.rule);
    let pointer = found.node.map(|node| analysis.parse().node(node).pointer()).unwrap_or_default();
    let mut result = json!({
        "ruleId": idx.and_then(|idx| RULES.get(idx)).map_or(found.code.to_owned(), id),
        "level": level(found.severity),
        "message": {"text": found.message},
        "locations": [{
            "physicalLocation": location(found.range, analysis, path),
            "logicalLocations": [{"fullyQualifiedName": pointer}],
        }],
    });
    if let (Some(idx), Some(members)) = (idx, result.as_object_mut()) {
        members.insert("ruleIndex".to_owned(), json!(idx));
    }
    let related = found.related.iter().map(|related| {
        json!({
            "physicalLocation": location(related.range, analysis, path),
            "message": {"text": related.message},
        })
    });
    let related: Vec<Value> = related.collect();
    if let (false, Some(members)) = (related.is_empty(), result.as_object_mut()) {
        members.insert("relatedLocations".to_owned(), Value::Array(related));
    }
    result
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": id(rule),
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.doc, "markdown": rule.doc},
        "helpUri": code_link(rule, env!("CARGO_PKG_REPOSITORY")),
        "defaultConfiguration": {"level": level(rule.severity)},
    })
}

/// The code, and below it the rule where several have the same one.
fn id(rule: &Rule) -> String {
    if rule.code == rule.name { rule.code.to_owned() } else { format!("{}/{}", rule.code, rule.name) }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "note",
    }
}

fn location(range: TextRange, analysis: &Analysis, path: &str) -> Value {
    let place = |offset| analysis.source().line_column(offset, ColumnEncoding::Utf16);
    let (start, end) = (place(range.start()), place(range.end()));
    json!({
        "artifactLocation": {"uri": uri(path)},
        "region": {
            "startLine": start.line + 1,
            "startColumn": start.column + 1,
            "endLine": end.line + 1,
            "endColumn": end.column + 1,
        },
    })
}

/// A path as a URI reference: what a URI cannot hold is escaped.
fn uri(path: &str) -> String {
    uri_of(path, std::path::MAIN_SEPARATOR)
}

fn uri_of(path: &str, separator: char) -> String {
    let path = path.replace(separator, "/");
    // As in `C:/folder`, which would be a URI of the scheme C.
    let has_drive = separator == '\\' && path.as_bytes().get(1) == Some(&b':');
    let mut uri = match path.starts_with('/') {
        true => "file://".to_owned(),
        false if has_drive => "file:///".to_owned(),
        false => String::new(),
    };
    for (idx, byte) in path.bytes().enumerate() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) || (has_drive && idx == 1);
        if is_plain {
            uri.push(char::from(byte));
        } else {
            uri += &format!("%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("a b/ü.asl.json"), "a%20b/%C3%BC.asl.json");
        assert_eq!(uri_of("/tmp/a:b", '/'), "file:///tmp/a%3Ab");
        assert_eq!(uri_of(r"C:\a b\c", '\\'), "file:///C:/a%20b/c");
        assert_eq!(uri_of(r"a\b", '\\'), "a/b");
    }

    #[test]
    fn rules_have_ids_of_their_own() {
        let mut ids: Vec<String> = RULES.iter().map(id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), RULES.len());
    }
}
