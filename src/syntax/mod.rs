//! Documents as trees: JSON, and nothing of what it means.
//!
//! Every text has a [`Parse`]: a tree of what could be understood, the tokens that tile the text, and the
//! errors. Parsing is iterative and linear in the length of the text; no input makes it recurse or fail.
//! Nobody outside this folder reads document text.

mod builder;
mod cursor;
pub mod edit;
mod format;
mod json;
mod string;
mod tree;

pub use cursor::{Cursor, Place, cursor};
pub use format::format;
pub use json::parse_json;
pub use string::Decoded;
pub use tree::{
    Member, Node, NodeId, NodeKind, Parse, StringStyle, SyntaxError, SyntaxErrorKind, Token, TokenKind,
};
