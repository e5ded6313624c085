//! Expressions: conditions, updates, projections and key conditions.
//!
//! Three steps, each usable without the next: parsing ([`parse_condition`] and its siblings) turns text into a
//! tree with ranges; binding resolves the placeholders and checks operands; evaluation works on items. An editor
//! needs only the first. Nothing here knows of tables or requests.
//!
//! Implements <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html>.

pub mod ast;
mod charge;
mod check;
pub(super) mod condition;
pub(super) mod key_condition;
mod lexer;
mod parser;
pub(super) mod path;
pub(super) mod projection;
mod reserved;
pub(super) mod scope;
pub(super) mod update;

use crate::dynamodb::error::{ExpressionLocation, Violation};
use crate::dynamodb::message::Message;
use crate::text::TextRange;

pub use lexer::{Token, TokenKind, tokenize};
pub use reserved::{RESERVED_WORDS, is_reserved_word};

/// A mistake in the text of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionError {
    /// AWS's text, without the part that names the parameter.
    pub message: String,
    /// The offending part of the text.
    pub range: TextRange,
}

/// Parses a condition, filter or key condition expression.
///
/// A syntax error leaves no tree. Reserved words, unknown functions and redundant parentheses are reported with
/// the tree; AWS would report the first of the list.
///
/// # Example
///
/// ```
/// use asl_lsp::dynamodb::expression::parse_condition;
///
/// let (tree, errors) = parse_condition("status = :new");
/// assert!(tree.is_some());
/// assert_eq!(errors[0].message, "Attribute name is a reserved keyword; reserved keyword: status");
/// assert_eq!(errors[0].range.to_usize(), 0..6);
/// ```
pub fn parse_condition(text: &str) -> (Option<ast::Condition<'_>>, Vec<ExpressionError>) {
    with_checks(parser::condition(text), check::condition)
}

/// Parses an update expression; errors as for [`parse_condition`].
///
/// # Example
///
/// ```
/// use asl_lsp::dynamodb::expression::parse_update;
///
/// let (tree, errors) = parse_update("SET total = total + ");
/// assert!(tree.is_none());
/// assert_eq!(errors[0].message, r#"Syntax error; token: "<EOF>", near: "+""#);
/// ```
pub fn parse_update(text: &str) -> (Option<ast::Update<'_>>, Vec<ExpressionError>) {
    with_checks(parser::update(text), check::update)
}

/// Parses a projection expression; errors as for [`parse_condition`].
///
/// # Example
///
/// ```
/// use asl_lsp::dynamodb::expression::parse_projection;
///
/// let (paths, errors) = parse_projection("id, entries[0].cost");
/// assert_eq!(paths.map(|paths| paths.len()), Some(2));
/// assert!(errors.is_empty());
/// ```
pub fn parse_projection(text: &str) -> (Option<Vec<ast::Path<'_>>>, Vec<ExpressionError>) {
    with_checks(parser::projection(text), |paths| check::paths(paths))
}

fn with_checks<T>(
    parsed: Result<T, Problem>,
    check: impl FnOnce(&T) -> Vec<Problem>,
) -> (Option<T>, Vec<ExpressionError>) {
    match parsed {
        Ok(tree) => {
            let errors = check(&tree).into_iter().map(Problem::into_error).collect();
            (Some(tree), errors)
        }
        Err(problem) => (None, vec![problem.into_error()]),
    }
}

/// A mistake in an expression, its text not yet chosen.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub(super) message: Message,
    pub(super) range: TextRange,
}

impl Problem {
    fn new(message: Message, range: TextRange) -> Problem {
        Problem { message, range }
    }

    fn into_error(self) -> ExpressionError {
        ExpressionError { message: self.message.text().to_owned(), range: self.range }
    }

    /// The mistake as one of a request, whose parameter holds the expression.
    pub(super) fn into_violation(self, parameter: &'static str) -> Violation {
        Violation {
            message: self.message.prefixed(&format!("Invalid {parameter}: ")),
            location: Some(ExpressionLocation { parameter, range: self.range }),
        }
    }
}
