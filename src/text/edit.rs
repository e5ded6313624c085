//! Replacements of parts of a text.

use super::TextRange;

/// The replacement of one range of a text by another text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced; empty for an insertion.
    pub range: TextRange,
    /// What comes in its place.
    pub new_text: String,
}

impl TextEdit {
    /// An edit that puts `new_text` in the place of `range`.
    pub fn new(range: TextRange, new_text: impl Into<String>) -> Self {
        Self { range, new_text: new_text.into() }
    }
}

/// Applies edits, whose ranges all refer to `text` as it is, and returns the new text.
///
/// The edits may come in any order. One that overlaps an earlier one, lies outside the text or cuts a
/// character is left out.
pub fn apply_edits(text: &str, edits: &[TextEdit]) -> String {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for edit in sorted {
        let range = edit.range.to_usize();
        let Some(kept) = text.get(done..range.start) else { continue };
        if text.get(range.clone()).is_none() {
            continue;
        }
        result.push_str(kept);
        result.push_str(&edit.new_text);
        done = range.end;
    }
    result.push_str(text.get(done..).unwrap_or_default());
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_apply_in_any_order() {
        let edits = [TextEdit::new(TextRange::new(4, 5), "Z"), TextEdit::new(TextRange::new(0, 1), "AA")];
        assert_eq!(apply_edits("abcdef", &edits), "AAbcdZf");
    }

    #[test]
    fn overlapping_and_outside_edits_are_left_out() {
        let edits = [
            TextEdit::new(TextRange::new(0, 3), "x"),
            TextEdit::new(TextRange::new(2, 4), "y"),
            TextEdit::new(TextRange::new(90, 91), "z"),
        ];
        assert_eq!(apply_edits("abcdef", &edits), "xdef");
    }
}
