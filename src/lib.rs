//! A language server for Amazon States Language with a simulator inside.

pub mod cli;
pub mod diagnostics;
pub mod dynamodb;
pub mod expr;
pub mod ide;
pub mod lsp;
pub mod model;
pub mod semantic;
pub mod simulator;
pub mod spec;
pub mod syntax;
pub mod text;
