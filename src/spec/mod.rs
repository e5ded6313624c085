//! The Amazon States Language as data: what lowering, rules, completion, hover and the simulator read.
//!
//! Depends on nothing. Each table is the only place where its names are written.

pub mod context;
pub mod intrinsic;
pub mod jsonata;
pub mod quota;
