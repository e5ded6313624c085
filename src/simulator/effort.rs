//! What the expressions of one step take together, bounded so that each step comes to an end soon: between two steps
//! an execution can be stopped, within one it cannot.

use serde_json::Value;

use super::size::memory;
use crate::expr::Cost;
use crate::spec::quota;

/// What the expressions of a step have taken so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Effort {
    cost: Cost,
    /// Bytes of what they gave, as it lies in memory.
    n_bytes: usize,
}

impl Effort {
    /// Adds an evaluation and what it gave.
    pub(super) fn add(&mut self, cost: Cost, value: Option<&Value>) {
        self.cost.values_read = self.cost.values_read.saturating_add(cost.values_read);
        self.cost.jsonata_time = self.cost.jsonata_time.saturating_add(cost.jsonata_time);
        self.n_bytes = self.n_bytes.saturating_add(value.map_or(0, memory));
    }

    /// Why no more expressions are evaluated in this step; nothing where they are.
    pub(super) fn excess(&self) -> Option<String> {
        const MIB: usize = 1_048_576;
        let what = if self.cost.values_read > quota::STEP_VALUES_READ_MAX {
            format!("read more than {} values", quota::STEP_VALUES_READ_MAX)
        } else if self.cost.jsonata_time.as_millis() > u128::from(quota::STEP_JSONATA_MILLISECONDS_MAX) {
            format!("take more than {} ms", quota::STEP_JSONATA_MILLISECONDS_MAX)
        } else if self.n_bytes > quota::STEP_BYTES_MAX {
            format!("give more than {} MiB", quota::STEP_BYTES_MAX / MIB)
        } else {
            return None;
        };
        Some(format!("The expressions of one step {what}"))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn excess(cost: Cost) -> Option<String> {
        let mut effort = Effort::default();
        effort.add(cost, None);
        effort.excess()
    }

    #[test]
    fn values_read_in_a_step_are_limited() {
        let limit = quota::STEP_VALUES_READ_MAX;
        assert_eq!(excess(Cost::values(limit)), None);
        let reason = "The expressions of one step read more than 20000000 values";
        assert_eq!(excess(Cost::values(limit + 1)).as_deref(), Some(reason));
    }

    #[test]
    fn the_time_of_jsonata_in_a_step_is_limited() {
        let of = |ms| Cost { jsonata_time: Duration::from_millis(ms), ..Cost::default() };
        let limit = quota::STEP_JSONATA_MILLISECONDS_MAX;
        assert_eq!(excess(of(limit)), None);
        let reason = "The expressions of one step take more than 2000 ms";
        assert_eq!(excess(of(limit + 1)).as_deref(), Some(reason));
    }

    #[test]
    fn what_expressions_give_in_a_step_is_limited() {
        let text = |n_bytes: usize| Value::from("x".repeat(n_bytes - memory(&Value::from(""))));
        let mut effort = Effort::default();
        effort.add(Cost::default(), Some(&text(quota::STEP_BYTES_MAX)));
        assert_eq!(effort.excess(), None);
        effort.add(Cost::default(), Some(&Value::Null));
        let reason = "The expressions of one step give more than 128 MiB";
        assert_eq!(effort.excess().as_deref(), Some(reason));
    }
}
