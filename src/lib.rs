//! A language server for Amazon States Language with a simulator inside.
//!
//! ```text
//!  an edit ─► text ─► syntax ─► model ─► semantic ─► diagnostics ─► ide ─► lsp, cli, dap
//!                                 │                                  ▲
//!                    scenario ─► simulator ─► trace ─────────────────┘
//!  spec: the language as tables, read by all;  expr: its expressions;  dynamodb: the tables behind its tasks
//! ```
//!
//! Layers, from the bottom: [`text`], [`syntax`], [`spec`], [`expr`], [`dynamodb`], [`model`], [`semantic`],
//! [`diagnostics`], [`simulator`], [`scenarios`], [`ide`], [`session`], [`dap`], [`lsp`], [`endpoint`], `remote` and
//! [`cli`]. Everything below the last six is a pure function of its arguments. `ARCHITECTURE.md` says which layer may know
//! which, and where a change goes.
//!
//! Start reading at [`ide::Analysis`], what the product can do, and [`simulator::Simulation`], how a definition runs.

pub mod cli;
pub mod dap;
pub mod diagnostics;
pub mod dynamodb;
pub mod endpoint;
pub mod expr;
pub mod ide;
pub mod lsp;
pub mod model;
#[cfg(feature = "remote-dynamodb")]
pub mod remote;
pub mod scenarios;
pub mod semantic;
pub mod session;
pub mod simulator;
pub mod spec;
pub mod syntax;
pub mod text;
