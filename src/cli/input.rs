//! Values that commands are given.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Io;
use crate::session::{parse_json, read_json};
use crate::text::{ColumnEncoding, SourceText, TextSize};

/// A value from the command line: JSON itself, `@FILE`, or `-` for standard input.
pub(super) fn json_argument(argument: &str, io: &mut Io<'_>) -> Result<Value> {
    if let Some(path) = argument.strip_prefix('@') {
        return read_json(Path::new(path));
    }
    if argument == "-" {
        let mut text = String::new();
        io.input.read_to_string(&mut text).context("cannot read standard input")?;
        return parse_json(&text, "standard input");
    }
    parse_json(argument, "the argument")
}

/// A file argument: `FILE` or `@FILE`.
pub(super) fn file_argument(argument: &str) -> &Path {
    Path::new(argument.strip_prefix('@').unwrap_or(argument))
}

/// A place for people: `12:5`, both counted from 1.
pub(super) fn place(source: &SourceText, offset: TextSize) -> String {
    let at = source.line_column(offset, ColumnEncoding::Utf32);
    format!("{}:{}", at.line + 1, at.column + 1)
}
