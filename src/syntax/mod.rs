//! Documents as trees: JSON and YAML, and nothing of what they mean.
//!
//! Every text has a [`Parse`]: a tree of what could be understood, the tokens that tile the text (of JSON), and the
//! errors. Parsing is iterative; no input makes it recurse or fail. Both formats give the same tree, and nobody
//! outside this folder reads document text.

mod builder;
mod cursor;
pub mod edit;
mod format;
mod json;
mod string;
mod tree;
mod yaml;

pub use cursor::{Cursor, Place, cursor};
pub use format::format;
pub use json::parse_json;
pub use string::Decoded;
pub use tree::{
    Format, Member, Node, NodeId, NodeKind, Parse, StringStyle, SyntaxError, SyntaxErrorKind, Token,
    TokenKind,
};
pub use yaml::parse_yaml;

use crate::text::SourceText;

/// Parses a document. Values nested deeper than `nesting_max` become one error node.
pub fn parse(source: SourceText, format: Format, nesting_max: usize) -> Parse {
    match format {
        Format::Json => parse_json(source, nesting_max),
        Format::Yaml => parse_yaml(source, nesting_max),
    }
}
