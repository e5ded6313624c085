//! Text and places in it: offsets, ranges, documents, edits.
//!
//! Knows nothing of JSON, of the States Language or of the language server protocol.

mod range;

pub use range::{TextRange, TextSize};
