//! What evaluating an expression took, for whoever bounds many of them together.

use std::time::Duration;

/// What one evaluation took. An evaluation bounds itself; a sum of these bounds many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Values that JSONPath and the intrinsic functions read.
    pub values_read: usize,
    /// Time that the engine of JSONata took.
    pub jsonata_time: Duration,
}

impl Cost {
    /// Of an evaluation that read so many values.
    pub const fn values(values_read: usize) -> Self {
        Self { values_read, jsonata_time: Duration::ZERO }
    }
}
