//! The language server from end to end, in this process.

#[cfg(test)]
mod commands;
#[cfg(test)]
mod completion;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod features;
#[cfg(test)]
mod live;
#[cfg(all(test, feature = "remote-dynamodb"))]
#[path = "../common/port.rs"]
mod port;
#[cfg(test)]
mod protocol;
#[cfg(all(test, feature = "remote-dynamodb"))]
mod remote;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod survival;
#[cfg(test)]
mod test_server;
