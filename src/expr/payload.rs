//! Any expression that a field may hold.

use std::sync::Arc;

use super::ExprError;
use super::path::Path;

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expr {
    /// A JSONPath.
    Path(Path),
    /// A call of an intrinsic function.
    Function(Arc<str>),
    /// JSONata, without its delimiters.
    Jsonata(Arc<str>),
}

impl Expr {
    /// Parses what a key that ends in `.$` may hold: a path or an intrinsic function.
    pub fn parse(text: &str) -> (Option<Self>, Vec<ExprError>) {
        if text.trim_start().starts_with("States.") {
            return (Some(Expr::Function(Arc::from(text))), Vec::new());
        }
        let (path, errors) = Path::parse(text);
        (path.map(Expr::Path), errors)
    }

    /// Parses a JSONata expression with its delimiters.
    ///
    /// # Errors
    ///
    /// The first mistake.
    pub fn parse_jsonata(text: &str) -> Result<Self, ExprError> {
        Ok(Expr::Jsonata(Arc::from(text)))
    }
}
