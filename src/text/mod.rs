//! Text and places in it: offsets, ranges, documents, edits.
//!
//! Knows nothing of JSON, of the States Language or of the language server protocol.

mod edit;
mod range;
mod source;

pub use edit::{TextEdit, apply_edits};
pub use range::{TextRange, TextSize};
pub use source::{ColumnEncoding, LineColumn, SourceText};
