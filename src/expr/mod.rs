//! Expression languages of the States Language: JSONPath, intrinsic functions, JSONata.
//!
//! Each language has a parser that keeps byte ranges and recovers from errors, for the editor, and an evaluator
//! over [`serde_json::Value`], for the simulator. Ranges are relative to the expression's own decoded text.
//!
//! What is deliberately absent: documents, fields and states. An expression knows neither where it stands nor
//! which error name its failure gets; the caller has both. Nothing here reads a clock, a file or a global: data
//! comes from a [`Scope`], chance from an [`Entropy`], and every evaluation has a bound of `spec::quota`.
//!
//! Specification: <https://states-language.net/#path>, <https://states-language.net/#intrinsic-functions>,
//! <https://states-language.net/#jsonata>.

mod cost;
mod entropy;
mod error;
mod hash;
mod identifier;
mod java;
mod payload;
mod scope;
mod timestamp;

pub mod intrinsic;
pub mod jsonata;
pub mod path;

pub use cost::Cost;
pub use entropy::{Entropy, SeededEntropy};
pub use error::{EvalError, EvalErrorKind, ExprError};
use error::{too_deep, too_long};
pub use identifier::is_identifier;
pub use java::to_java_string;
pub use payload::{Expr, ExprKind, classify};
pub use scope::{Data, Scope};
pub use timestamp::parse_timestamp;
