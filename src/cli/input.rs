//! Files and values that commands are given.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use super::Io;
use crate::diagnostics::Config;
use crate::ide::Analysis;
use crate::spec::quota;
use crate::syntax::Format;
use crate::text::{ColumnEncoding, SourceText, TextSize};

/// Reads a definition or another text.
pub(super) fn read_text(path: &Path) -> Result<String> {
    let name = path.display();
    let metadata = std::fs::metadata(path).with_context(|| format!("cannot read {name}"))?;
    if metadata.is_dir() {
        bail!("{name} is a folder, not a file");
    }
    if metadata.len() > quota::FILE_BYTES_MAX {
        let limit = quota::FILE_BYTES_MAX / 1_048_576;
        bail!("{name} has {} bytes: files of up to {limit} MiB are read", metadata.len());
    }
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {name}"))?;
    String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        anyhow!("{name} is not UTF-8: the byte at offset {place} begins no character")
    })
}

/// Reads a definition, in the format that the file's name tells.
pub(super) fn open(path: &Path, config: Arc<Config>) -> Result<Analysis> {
    let format = Format::of_name(&path.to_string_lossy());
    Ok(Analysis::new(SourceText::new(&read_text(path)?), format, config))
}

/// Reads a file of JSON.
pub(super) fn read_json(path: &Path) -> Result<Value> {
    parse_json(&read_text(path)?, &path.display().to_string())
}

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

fn parse_json(text: &str, name: &str) -> Result<Value> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map_err(|error| anyhow!("{name} is not JSON: {error}"))
}

/// A place for people: `12:5`, both counted from 1.
pub(super) fn place(source: &SourceText, offset: TextSize) -> String {
    let at = source.line_column(offset, ColumnEncoding::Utf32);
    format!("{}:{}", at.line + 1, at.column + 1)
}
