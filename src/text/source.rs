//! One version of a document: a rope for edits and positions, one contiguous string for the parser.

use std::sync::OnceLock;

use ropey::Rope;

use super::{TextRange, TextSize};

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ColumnEncoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Code units of UTF-16, the default of the language server protocol.
    #[default]
    Utf16,
    /// Characters (Unicode scalar values).
    Utf32,
}

/// A place as editors name it. Both numbers start at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct LineColumn {
    /// Lines end with `\n`, `\r\n` or `\r`, and with nothing else.
    pub line: u32,
    /// In the units of the [`ColumnEncoding`] that was asked for.
    pub column: u32,
}

/// The text of one version of a document. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct SourceText {
    rope: Rope,
    /// Made when it is first asked for, so that a burst of edits pays for it once.
    contiguous: OnceLock<std::sync::Arc<str>>,
    /// Where the lines begin, made when the place of an offset is first asked for: findings have thousands.
    line_starts: OnceLock<std::sync::Arc<[TextSize]>>,
}

/// Bytes from the beginning of a line in which characters are counted one by one, unless all of the text is ASCII;
/// further on, the rope knows.
const COUNTED_BYTES_MAX: usize = 1_024;

impl SourceText {
    /// The text of a whole document.
    pub fn new(text: &str) -> Self {
        let contiguous = OnceLock::new();
        let _ = contiguous.set(std::sync::Arc::from(text));
        Self { rope: Rope::from_str(text), contiguous, line_starts: OnceLock::new() }
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        self.contiguous.get_or_init(|| std::sync::Arc::from(String::from(&self.rope)))
    }

    /// The length in bytes.
    pub fn len(&self) -> TextSize {
        TextSize::try_from(self.rope.len_bytes()).unwrap_or(TextSize::MAX)
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.rope.len_bytes() == 0
    }

    /// The part of the text in `range`; empty where the range lies outside or cuts a character.
    pub fn slice(&self, range: TextRange) -> &str {
        self.as_str().get(range.to_usize()).unwrap_or_default()
    }

    /// The number of lines; an empty text has one.
    pub fn line_count(&self) -> u32 {
        u32::try_from(self.rope.len_lines()).unwrap_or(u32::MAX)
    }

    /// The range of a line without its line end; the last line's for a line beyond it.
    pub fn line_range(&self, line: u32) -> TextRange {
        let line = (line as usize).min(self.rope.len_lines().saturating_sub(1));
        let start = self.rope.line_to_byte(line);
        let end = if line + 1 < self.rope.len_lines() {
            self.rope.line_to_byte(line + 1)
        } else {
            self.rope.len_bytes()
        };
        let text = self.as_str().get(start..end).unwrap_or_default();
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        TextRange::from_usize(start..start + text.len())
    }

    /// Where the byte at `offset` lies. An offset beyond the end counts as the end, one inside a
    /// character as the character's start.
    pub fn line_column(&self, offset: TextSize, encoding: ColumnEncoding) -> LineColumn {
        self.counted_place(offset, encoding).unwrap_or_else(|| self.rope_place(offset, encoding))
    }

    /// As [`SourceText::line_column`], by counting from the beginning of the line; none where that is far.
    fn counted_place(&self, offset: TextSize, encoding: ColumnEncoding) -> Option<LineColumn> {
        let text = self.as_str();
        let mut byte = text.len().min(offset as usize);
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start as usize <= byte).saturating_sub(1);
        let before = text.get(*starts.get(line)? as usize..byte)?;
        let is_ascii = self.rope.len_chars() == self.rope.len_bytes();
        let column = match encoding {
            ColumnEncoding::Utf8 => before.len(),
            _ if is_ascii => before.len(),
            _ if before.len() > COUNTED_BYTES_MAX => return None,
            _ if before.is_ascii() => before.len(),
            ColumnEncoding::Utf16 => before.encode_utf16().count(),
            ColumnEncoding::Utf32 => before.chars().count(),
        };
        Some(LineColumn { line: clip(line), column: clip(column) })
    }

    /// The offsets that lines begin at.
    fn line_starts(&self) -> &[TextSize] {
        self.line_starts.get_or_init(|| {
            let bytes = self.as_str().as_bytes();
            let is_end = |&(idx, byte): &(usize, &u8)| match byte {
                b'\n' => true,
                b'\r' => bytes.get(idx + 1) != Some(&b'\n'),
                _ => false,
            };
            let ends = bytes.iter().enumerate().filter(is_end);
            std::iter::once(0).chain(ends.map(|(idx, _)| clip(idx + 1))).collect()
        })
    }

    /// As [`SourceText::line_column`], by descending the rope.
    fn rope_place(&self, offset: TextSize, encoding: ColumnEncoding) -> LineColumn {
        let byte = (offset as usize).min(self.rope.len_bytes());
        let char_idx = self.rope.byte_to_char(byte);
        let line = self.rope.char_to_line(char_idx);
        let line_start = self.rope.line_to_char(line);
        let column = match encoding {
            ColumnEncoding::Utf8 => self.rope.char_to_byte(char_idx) - self.rope.char_to_byte(line_start),
            ColumnEncoding::Utf16 => {
                self.rope.char_to_utf16_cu(char_idx) - self.rope.char_to_utf16_cu(line_start)
            }
            ColumnEncoding::Utf32 => char_idx - line_start,
        };
        LineColumn { line: clip(line), column: clip(column) }
    }

    /// The byte offset of a place. A column beyond the line's end counts as the line's end, a line
    /// beyond the last as the end of the text, as the language server protocol asks; a column inside a
    /// character counts as the character's start.
    pub fn offset(&self, place: LineColumn, encoding: ColumnEncoding) -> TextSize {
        if place.line as usize >= self.rope.len_lines() {
            return self.len();
        }
        let line = self.line_range(place.line);
        let start_char = self.rope.byte_to_char(line.start() as usize);
        let end_char = self.rope.byte_to_char(line.end() as usize);
        let column = place.column as usize;
        let char_idx = match encoding {
            ColumnEncoding::Utf8 => {
                let byte = (line.start() as usize + column).min(line.end() as usize);
                self.rope.byte_to_char(byte)
            }
            ColumnEncoding::Utf16 => {
                let units = self.rope.char_to_utf16_cu(start_char) + column;
                self.rope.utf16_cu_to_char(units.min(self.rope.len_utf16_cu()))
            }
            ColumnEncoding::Utf32 => start_char + column,
        };
        let byte = self.rope.char_to_byte(char_idx.min(end_char));
        TextSize::try_from(byte).unwrap_or(TextSize::MAX)
    }

    /// Replaces a range by another text. A range outside the text is clipped to it, and one that cuts a
    /// character is widened to the character's start.
    pub fn replace(&mut self, range: TextRange, new_text: &str) {
        let start = self.rope.byte_to_char((range.start() as usize).min(self.rope.len_bytes()));
        let end = self.rope.byte_to_char((range.end() as usize).min(self.rope.len_bytes()));
        self.rope.remove(start..end.max(start));
        self.rope.insert(start, new_text);
        self.contiguous = OnceLock::new();
        self.line_starts = OnceLock::new();
    }
}

fn clip(n: usize) -> TextSize {
    TextSize::try_from(n).unwrap_or(TextSize::MAX)
}

impl PartialEq for SourceText {
    fn eq(&self, other: &Self) -> bool {
        self.rope == other.rope
    }
}

impl Eq for SourceText {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place(line: u32, column: u32) -> LineColumn {
        LineColumn { line, column }
    }

    #[test]
    fn columns_count_what_the_encoding_says() {
        let text = SourceText::new("a\n\"é😀x\"");
        let offset = TextSize::try_from("a\n\"é😀".len()).unwrap();
        assert_eq!(text.line_column(offset, ColumnEncoding::Utf8), place(1, 7));
        assert_eq!(text.line_column(offset, ColumnEncoding::Utf16), place(1, 4));
        assert_eq!(text.line_column(offset, ColumnEncoding::Utf32), place(1, 3));
        assert_eq!(text.offset(place(1, 4), ColumnEncoding::Utf16), offset);
    }

    #[test]
    fn a_column_within_a_character_is_its_start() {
        let text = SourceText::new("😀x");
        assert_eq!(text.offset(place(0, 1), ColumnEncoding::Utf16), 0);
        assert_eq!(text.offset(place(0, 2), ColumnEncoding::Utf8), 0);
    }

    #[test]
    fn places_beyond_the_text_are_clipped() {
        let text = SourceText::new("ab\r\ncd");
        assert_eq!(text.offset(place(0, 99), ColumnEncoding::Utf16), 2);
        assert_eq!(text.offset(place(9, 0), ColumnEncoding::Utf16), 6);
        assert_eq!(text.line_column(99, ColumnEncoding::Utf16), place(1, 2));
    }

    #[test]
    fn places_far_from_the_beginning_of_their_line_are_found() {
        let text = SourceText::new(&format!("x\n{}y", "é".repeat(COUNTED_BYTES_MAX)));
        assert_eq!(text.line_column(text.len() - 1, ColumnEncoding::Utf16), place(1, 1_024));
        assert_eq!(text.line_column(3, ColumnEncoding::Utf16), place(1, 0));
        let ascii = SourceText::new(&format!("x\n{}y", "z".repeat(2 * COUNTED_BYTES_MAX)));
        assert_eq!(ascii.line_column(ascii.len() - 1, ColumnEncoding::Utf16), place(1, 2_048));
        let bytes = text.line_column(text.len() - 1, ColumnEncoding::Utf8);
        assert_eq!(bytes, place(1, 2_048));
    }

    #[test]
    fn only_the_three_line_ends_of_the_protocol_count() {
        assert_eq!(SourceText::new("a\u{2028}b\u{85}c\u{b}d\re\r\nf\ng").line_count(), 4);
    }

    proptest! {
        #[test]
        fn edits_on_the_rope_equal_edits_on_a_string(
            start in "[a-é😀\n\r]{0,30}",
            edits in prop::collection::vec((0usize..40, 0usize..40, "[x-zé😀\n]{0,4}"), 0..8),
        ) {
            let mut text = SourceText::new(&start);
            let mut string = start;
            for (from, len, new_text) in edits {
                let floor = |mut at: usize| { at = at.min(string.len()); while !string.is_char_boundary(at) { at -= 1; } at };
                let range = floor(from)..floor(from + len);
                text.replace(TextRange::from_usize(from..from + len), &new_text);
                string.replace_range(range, &new_text);
                prop_assert_eq!(text.as_str(), string.as_str());
            }
        }

        #[test]
        fn places_are_counted_as_the_rope_has_them(string in "[a-é😀\n\r]{0,30}", offset in 0u32..80) {
            let text = SourceText::new(&string);
            for encoding in [ColumnEncoding::Utf8, ColumnEncoding::Utf16, ColumnEncoding::Utf32] {
                prop_assert_eq!(text.counted_place(offset, encoding), Some(text.rope_place(offset, encoding)));
            }
        }

        #[test]
        fn a_place_and_its_offset_agree(string in "[a-é😀\n\r]{0,30}") {
            let text = SourceText::new(&string);
            for encoding in [ColumnEncoding::Utf8, ColumnEncoding::Utf16, ColumnEncoding::Utf32] {
                for (at, c) in string.char_indices() {
                    // Between \r and \n there is no place that an editor could name.
                    if c == '\n' && string[..at].ends_with('\r') { continue; }
                    let offset = TextSize::try_from(at).unwrap();
                    prop_assert_eq!(text.offset(text.line_column(offset, encoding), encoding), offset);
                }
            }
        }
    }
}
