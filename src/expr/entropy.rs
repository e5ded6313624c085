//! Where an expression finds chance: a source the caller gives, so that the same seed gives the same result.

/// A source of pseudo-random bits for `States.MathRandom`, `States.UUID`, `$random` and `$uuid`.
pub trait Entropy {
    /// The next 64 bits.
    fn next_u64(&mut self) -> u64;

    /// A number in `0.0..1.0`, made of the next 53 bits.
    fn next_f64(&mut self) -> f64 {
        unit_interval(self.next_u64())
    }

    /// A version 4 UUID in lower case, made of the next 128 bits.
    fn uuid_v4(&mut self) -> String {
        let bits = (u128::from(self.next_u64()) << 64) | u128::from(self.next_u64());
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().to_string()
    }
}

/// SplitMix64: a small generator whose sequence depends on its seed alone.
///
/// # Example
///
/// ```
/// use asl_lsp::expr::{Entropy, SeededEntropy};
///
/// let mut a = SeededEntropy::new(7);
/// let mut b = SeededEntropy::new(7);
/// assert_eq!(a.uuid_v4(), b.uuid_v4());
/// assert_ne!(a.uuid_v4(), a.uuid_v4());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SeededEntropy {
    state: u64,
}

impl SeededEntropy {
    /// A generator at the start of the sequence of `seed`.
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }
}

impl Entropy for SeededEntropy {
    fn next_u64(&mut self) -> u64 {
        // Steele, Lea, Flood: "Fast splittable pseudorandom number generators" (2014).
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Maps 64 bits to `0.0..1.0`.
fn unit_interval(bits: u64) -> f64 {
    const SCALE: f64 = 1.0 / (1u64 << 53) as f64;
    // 53 bits fit a double exactly.
    (bits >> 11) as f64 * SCALE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lie_in_the_unit_interval() {
        assert_eq!(unit_interval(0), 0.0);
        assert!(unit_interval(u64::MAX) < 1.0);
    }

    #[test]
    fn uuids_are_of_version_4() {
        let text = SeededEntropy::new(1).uuid_v4();
        assert_eq!(text.len(), 36);
        assert_eq!(text.as_bytes()[14], b'4');
        assert!(matches!(text.as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
    }
}
