//! A hash that is the same on every machine and in every run, unlike those of the standard library: FNV-1a.
//!
//! For what is only told apart, never for what somebody might want to be taken for something else.
//!
//! Implements <https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>.

use std::fmt;

/// The hash of the bytes so far, which may be written as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hash(u64);

impl Hash {
    /// The hash of no bytes.
    pub(super) const START: Hash = Hash(0xcbf2_9ce4_8422_2325);

    /// Another start, for a second hash of the same bytes.
    pub(super) const OTHER_START: Hash = Hash(0x8422_2325_cbf2_9ce4);

    /// The hash of the bytes so far and some more.
    pub(super) fn with(self, bytes: &[u8]) -> Hash {
        let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        Hash(bytes.iter().fold(self.0, mix))
    }

    /// The hash as a number.
    pub(super) const fn value(self) -> u64 {
        self.0
    }
}

impl fmt::Write for Hash {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        *self = self.with(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn hashes() {
        assert_eq!(Hash::START.with(b"").value(), 0xcbf2_9ce4_8422_2325);
        assert_eq!(Hash::START.with(b"foobar").value(), 0x8594_4171_f739_67e8);
        let mut written = Hash::START;
        written.write_str("foo").unwrap();
        written.write_str("bar").unwrap();
        assert_eq!(written, Hash::START.with(b"foobar"));
    }
}
