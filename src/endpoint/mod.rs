//! The in-memory DynamoDB behind a port, for the AWS CLI, the SDKs and NoSQL Workbench.
//!
//! `protocol.rs` is the service as a pure function: what a request's headers and body are answered. `server.rs` is
//! the only part that waits, reads and writes: it limits what clients may cost and hands their requests over one
//! after the other. `patient.rs` gives up on clients that do not read.
//!
//! Every request is believed, whatever its signature: the port is for one machine. There are no CORS headers, so that
//! a page in a browser cannot reach the tables.
//!
//! Implements DynamoDB's JSON protocol, version 1.0:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html>.

mod compression;
mod patient;
mod protocol;
mod server;

pub use protocol::{Answer, Message, RequestIds, answer};
pub use server::{Limits, serve};
