//! JSONata 2.0.6 as Step Functions has it: `{% $states.input.price * 2 %}`.
//!
//! Two halves that share only the text. [`Program`] evaluates; the engine below it is `jsonata-core`, which carries
//! no positions. The parser of this folder keeps every range and never gives up, for the editor; it evaluates
//! nothing.
//!
//! AWS's differences from plain JSONata: `$states`; variables of the state machine; the functions `$partition`,
//! `$range`, `$hash`, `$uuid`, `$parse` and `$random` with a seed; no `$eval`.
//!
//! Specification: <https://states-language.net/#jsonata>,
//! <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html>.

mod ast;
mod engine;
mod lexer;
mod parser;

pub use ast::{Ast, Name, Node, NodeKind, VariableReference};
pub use engine::{Error, Limits, Program};
pub use lexer::{Symbol, Token, TokenKind};
pub use parser::parse;

use crate::text::TextRange;

/// What opens an expression in a string.
pub const OPEN: &str = "{%";
/// What closes an expression in a string.
pub const CLOSE: &str = "%}";

/// The expression in a string that is wholly one, `{% … %}`, and its range in the string; nothing for other strings.
///
/// The range is without the delimiters and the blanks around the expression, as AWS quotes it in errors.
///
/// # Example
///
/// ```
/// use asl_lsp::expr::jsonata::delimited;
///
/// let (inner, range) = delimited("{% $states.input.n + 1 %}").unwrap();
/// assert_eq!(inner, "$states.input.n + 1");
/// assert_eq!(range.start(), 3);
/// assert!(delimited("{% open").is_none() && delimited(" {% 1 %}").is_none());
/// ```
pub fn delimited(text: &str) -> Option<(&str, TextRange)> {
    let inner = text.strip_prefix(OPEN)?.strip_suffix(CLOSE)?;
    let trimmed = inner.trim();
    let start = OPEN.len() + (inner.len() - inner.trim_start().len());
    Some((trimmed, TextRange::from_usize(start..start + trimmed.len())))
}
