//! Definitions and JSON from files.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use crate::diagnostics::Config;
use crate::ide::Analysis;
use crate::spec::quota;
use crate::syntax::Format;
use crate::text::SourceText;

/// Reads a definition or another text.
///
/// # Errors
///
/// A file that cannot be read, is too large or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
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
///
/// # Errors
///
/// Those of [`read_text`].
pub fn open(path: &Path, config: Arc<Config>) -> Result<Analysis> {
    let format = Format::of_name(&path.to_string_lossy());
    Ok(Analysis::new(SourceText::new(&read_text(path)?), format, config))
}

/// Reads a file of JSON.
///
/// # Errors
///
/// Those of [`read_text`], and a text that is not JSON.
pub fn read_json(path: &Path) -> Result<Value> {
    parse_json(&read_text(path)?, &path.display().to_string())
}

/// The JSON in a text; `name` says where the text is from.
///
/// # Errors
///
/// A text that is not JSON.
pub fn parse_json(text: &str, name: &str) -> Result<Value> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map_err(|error| anyhow!("{name} is not JSON: {error}"))
}
