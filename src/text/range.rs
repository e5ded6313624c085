//! Byte offsets and ranges: the only span type of the crate.

use std::fmt;

/// A byte offset into UTF-8 text, or a length in bytes.
///
/// Documents are bounded far below 4 GiB (`spec::quota`), so 32 bits are enough and halve the size of trees.
pub type TextSize = u32;

/// A half-open range of byte offsets, `start <= end`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct TextRange {
    start: TextSize,
    end: TextSize,
}

impl TextRange {
    /// The range from `start` up to, not including, `end`; empty at `start` when `end` lies before it.
    pub const fn new(start: TextSize, end: TextSize) -> Self {
        Self { start, end: if end < start { start } else { end } }
    }

    /// The range of `len` bytes that begins at `start`.
    pub const fn at(start: TextSize, len: TextSize) -> Self {
        Self::new(start, start.saturating_add(len))
    }

    /// The empty range at `offset`.
    pub const fn empty(offset: TextSize) -> Self {
        Self { start: offset, end: offset }
    }

    /// A range of `usize` offsets, saturating at the largest offset that can be expressed.
    pub fn from_usize(range: std::ops::Range<usize>) -> Self {
        let clip = |n: usize| TextSize::try_from(n).unwrap_or(TextSize::MAX);
        Self::new(clip(range.start), clip(range.end))
    }

    /// The offset of the first byte.
    pub const fn start(self) -> TextSize {
        self.start
    }

    /// The offset after the last byte.
    pub const fn end(self) -> TextSize {
        self.end
    }

    /// The length in bytes.
    pub const fn len(self) -> TextSize {
        self.end - self.start
    }

    /// Whether the range has no bytes.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the byte at `offset` lies within the range.
    pub const fn contains(self, offset: TextSize) -> bool {
        self.start <= offset && offset < self.end
    }

    /// Whether `offset` lies within the range or at its end, as a cursor does.
    pub const fn touches(self, offset: TextSize) -> bool {
        self.start <= offset && offset <= self.end
    }

    /// Whether `other` lies wholly within this range.
    pub const fn contains_range(self, other: TextRange) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest range that holds both.
    pub fn cover(self, other: TextRange) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The range moved towards the end of the text by `by` bytes.
    pub const fn shift(self, by: TextSize) -> Self {
        Self { start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }

    /// The range as a range of `usize`, to index a `str` with `get`.
    pub const fn to_usize(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl fmt::Debug for TextRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
