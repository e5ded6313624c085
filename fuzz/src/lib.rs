//! What holds of every input, a function for each part of the project: it panics where something does not.
//!
//! Each takes bytes, as a fuzzer has them; `fuzz_targets` gives them those of libFuzzer, and `tests/fuzz.rs` of the
//! crate the inputs that are kept. Texts are taken as they are, so that a definition is an input, and what else a
//! check needs follows a zero byte or comes from the bytes themselves.

mod analysis;
mod dynamodb;
mod expressions;
mod input;
mod mutate;
mod scenarios;
pub mod session;
mod simulation;
mod syntax;

pub use analysis::analysis;
pub use dynamodb::{dynamodb_expression, dynamodb_request};
pub use expressions::{intrinsic, json_path, jsonata};
pub use mutate::{mutate, mutate_freely, mutate_json};
pub use scenarios::scenarios;
pub use session::session;
pub use simulation::simulation;
pub use syntax::syntax;

/// A check, and the name of its target and of the folders of its inputs.
pub type Check = (&'static str, fn(&[u8]));

/// All checks.
pub const CHECKS: &[Check] = &[
    ("analysis", analysis),
    ("dynamodb_expression", dynamodb_expression),
    ("dynamodb_request", dynamodb_request),
    ("intrinsic", intrinsic),
    ("json_path", json_path),
    ("jsonata", jsonata),
    ("scenarios", scenarios),
    ("session", session),
    ("simulation", simulation),
    ("syntax", syntax),
];
