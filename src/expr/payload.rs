//! The expression under a key that ends with `.$` in a payload template: a path or an intrinsic function.

use std::borrow::Cow;

use serde_json::Value;

use super::intrinsic::Intrinsic;
use super::path::{Path, Reference};
use super::{Entropy, EvalError, ExprError, Scope};

/// What the text under a `.$` key is meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExprKind {
    /// A path: begins with `$`.
    Path,
    /// A call of an intrinsic function: begins with `States.`.
    Intrinsic,
}

/// Tells what the text under a `.$` key is meant to be; nothing when it can be neither.
pub fn classify(text: &str) -> Option<ExprKind> {
    if text.starts_with('$') {
        Some(ExprKind::Path)
    } else if Intrinsic::is_meant(text) {
        Some(ExprKind::Intrinsic)
    } else {
        None
    }
}

/// The expression under a `.$` key.
///
/// # Example
///
/// ```
/// use asl_lsp::expr::{Data, Expr, SeededEntropy};
/// use serde_json::json;
///
/// let scope = Data::with_input(json!({"n": 2}));
/// for (text, value) in [("$.n", json!(2)), ("States.MathAdd($.n, 1)", json!(3))] {
///     let (expr, errors) = Expr::parse_payload(text);
///     assert!(errors.is_empty());
///     assert_eq!(*expr.unwrap().evaluate(&scope, &mut SeededEntropy::new(0)).unwrap(), value);
/// }
/// assert!(Expr::parse_payload("n").0.is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expr {
    /// A path.
    Path(Path),
    /// A call of an intrinsic function.
    Intrinsic(Intrinsic),
}

impl Expr {
    /// Parses the text under a `.$` key. Without an expression there is at least one error.
    pub fn parse_payload(text: &str) -> (Option<Self>, Vec<ExprError>) {
        match classify(text) {
            Some(ExprKind::Path) => {
                let (path, errors) = Path::parse(text);
                (path.map(Expr::Path), errors)
            }
            Some(ExprKind::Intrinsic) => {
                let (call, errors) = Intrinsic::parse(text);
                (Some(Expr::Intrinsic(call)), errors)
            }
            None => {
                let range = crate::text::TextRange::from_usize(0..text.len());
                let message = "The value must be a valid JSONPath or a valid intrinsic function call";
                (None, vec![ExprError::new(message, range)])
            }
        }
    }

    /// The expression as it was written.
    pub fn text(&self) -> &str {
        match self {
            Expr::Path(path) => path.text(),
            Expr::Intrinsic(call) => call.text(),
        }
    }

    /// Evaluates the expression.
    ///
    /// # Errors
    ///
    /// Those of [`Path::evaluate`] and [`Intrinsic::evaluate`].
    pub fn evaluate<'v>(
        &self,
        scope: &'v dyn Scope,
        entropy: &mut dyn Entropy,
    ) -> Result<Cow<'v, Value>, EvalError> {
        match self {
            Expr::Path(path) => path.evaluate(scope),
            Expr::Intrinsic(call) => call.evaluate(scope, entropy).map(Cow::Owned),
        }
    }

    /// Whether [`Expr::references`] may name a variable: cheaper to ask than those.
    pub fn reads_variables(&self) -> bool {
        let text = self.text();
        let mut after = text.match_indices('$').filter_map(|(at, _)| text.as_bytes().get(at + 1));
        after.any(|next| next.is_ascii_alphabetic() || *next == b'_' || !next.is_ascii())
    }

    /// The places that the expression reads, in the order of the text.
    pub fn references(&self) -> Vec<Reference> {
        match self {
            Expr::Path(path) => path.references(),
            Expr::Intrinsic(call) => call.references(),
        }
    }
}
