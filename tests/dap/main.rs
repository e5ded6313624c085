//! The debugger, as a client of the Debug Adapter Protocol sees it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod breakpoints;
mod client;
mod protocol;
mod stepping;
mod values;
