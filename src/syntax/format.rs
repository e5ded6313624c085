//! The white space of a document, as it should be.
//!
//! Only white space between tokens changes: nothing is reordered, and no string, number or comment is touched. An object
//! or array that is written on one line stays there as long as it is short and flat; every other has a line for each of
//! its parts. Where the JSON is broken, what lies within sound brackets is still formatted, in its own place. In YAML
//! white space means something: only what ends a line or the document for nothing is taken away.

use super::edit::{Style, indentation};
use super::{Format, Node, NodeKind, Parse, StringStyle, SyntaxErrorKind, TokenKind};
use crate::text::{TextEdit, TextRange, TextSize};

/// Characters of a line that an object on one line may fill.
const LINE_CHARS_MAX: usize = 100;
/// Levels of nesting that fit on one line.
const LINE_NESTING_MAX: usize = 2;

/// The edits of white space that format a document, in the order of the text. `indent` is what a level of nesting adds.
pub fn format(parse: &Parse, indent: &str) -> Vec<TextEdit> {
    if parse.format() == Format::Yaml {
        return without_blank_ends(parse);
    }
    let style = Style { indent: indent.to_owned(), ..Style::of(parse) };
    let mut edits = Vec::new();
    let mut stack: Vec<Node<'_>> = parse.root().into_iter().collect();
    while let Some(node) = stack.pop() {
        if is_broken(parse, node.range()) {
            let at = stack.len();
            stack.extend(node.children());
            if let Some(added) = stack.get_mut(at..) {
                added.reverse();
            }
            continue;
        }
        if matches!(node.kind(), NodeKind::Member) {
            stack.extend(node.children().nth(1));
            continue;
        }
        if !node.is_object() && !node.is_array() {
            continue;
        }
        let is_root = node.parent().is_none();
        let base = if is_root { String::new() } else { indentation(parse, node.range().start()) };
        let mut writer =
            Writer { parse, style: &style, base, lines: Vec::new(), column: 0, edits: Vec::new() };
        writer.column = if is_root { 0 } else { writer.source_column(node.range().start()) };
        if writer.container(node.range()).is_some() {
            if is_root {
                writer.ends(node.range());
            }
            edits.append(&mut writer.edits);
        }
    }
    edits.sort_by_key(|edit| edit.range);
    edits
}

/// Takes away the blanks at the ends of lines, but for those within strings, and all but one line end at the end.
fn without_blank_ends(parse: &Parse) -> Vec<TextEdit> {
    let source = parse.source();
    let text = source.as_str();
    let is_in_string = |offset: TextSize| {
        let node = parse.node_at(offset);
        node.is_some_and(|node| {
            let is_one = matches!(node.kind(), NodeKind::String(style) if style != StringStyle::Plain);
            is_one && node.range().touches(offset)
        })
    };
    let end = size(text.trim_end().len());
    let mut edits = Vec::new();
    for line in 0..source.line_count() {
        let range = source.line_range(line);
        let content = source.slice(range);
        let start = range.start() + size(content.trim_end_matches([' ', '\t']).len());
        if start < range.end() && range.end() <= end && !is_in_string(range.end()) {
            edits.push(TextEdit::new(TextRange::new(start, range.end()), ""));
        }
    }
    let rest = TextRange::new(end, source.len());
    let newline = Style::of(parse).newline;
    // What ends a block scalar may be part of it.
    let is_block = parse.node_at(end).is_some_and(|node| node.kind() == NodeKind::String(StringStyle::Block));
    if source.slice(rest) != newline && end > 0 && !is_block {
        edits.push(TextEdit::new(rest, newline));
    }
    edits
}

fn size(n: usize) -> TextSize {
    TextSize::try_from(n).unwrap_or(TextSize::MAX)
}

/// Whether a range has mistakes that leave it open what belongs to what.
fn is_broken(parse: &Parse, range: TextRange) -> bool {
    let errors = parse.errors();
    let first = errors.partition_point(|error| error.range.start() < range.start());
    let within = errors.iter().skip(first).take_while(|error| error.range.start() < range.end());
    within.into_iter().any(|error| {
        !matches!(
            error.kind,
            SyntaxErrorKind::Comment
                | SyntaxErrorKind::TrailingComma
                | SyntaxErrorKind::UnquotedKey
                | SyntaxErrorKind::InvalidEscape
                | SyntaxErrorKind::ControlCharacter
                | SyntaxErrorKind::InvalidNumber
        )
    })
}

/// What stands between two tokens.
#[derive(Clone, Copy)]
enum Gap {
    Nothing,
    Blank,
    /// A line end, and the indentation of this depth.
    Line(usize),
    /// As [`Gap::Line`], after an empty line.
    EmptyLine(usize),
}

/// An object or array in the tokens.
#[derive(Clone, Copy, Debug, Default)]
struct Shape {
    /// The index of the bracket that closes it.
    close: usize,
    /// Whether it has line ends or comments.
    has_lines: bool,
    /// How deep it nests, itself included.
    nesting: usize,
    /// Characters it has on one line.
    line_chars: usize,
}

/// One that is being written.
struct Open {
    close: usize,
    is_object: bool,
    is_inline: bool,
}

struct Writer<'a> {
    parse: &'a Parse,
    style: &'a Style,
    /// What stands at the beginning of every line.
    base: String,
    /// By depth, as far as they were needed: two line ends with the indentation, and its characters.
    lines: Vec<(String, usize)>,
    /// Characters of the line that is being written.
    column: usize,
    edits: Vec<TextEdit>,
}

impl Writer<'_> {
    /// Formats the tokens of a container. None where its brackets do not match.
    fn container(&mut self, range: TextRange) -> Option<()> {
        let parse = self.parse;
        let first = parse.token_at(range.start())?;
        let last = parse.token_at(range.end().checked_sub(1)?)?;
        let mut shapes = self.shapes(first, last)?.into_iter();
        let mut open: Vec<Open> = Vec::new();
        let mut previous = first;
        for idx in first..=last {
            let token = parse.tokens().get(idx)?;
            if token.kind == TokenKind::Whitespace {
                continue;
            }
            if idx > first {
                let gap = TextRange::new(parse.token_range(previous).end(), token.start);
                let wanted = self.gap(&open, previous, idx, gap)?;
                self.put(gap, wanted)?;
            }
            match token.kind {
                TokenKind::OpenBrace | TokenKind::OpenBracket => {
                    let shape = shapes.next()?;
                    let fits = self.column + shape.line_chars <= LINE_CHARS_MAX;
                    let is_empty = self.next_significant(idx) == shape.close;
                    let is_inline =
                        is_empty || (!shape.has_lines && shape.nesting <= LINE_NESTING_MAX && fits);
                    let is_object = token.kind == TokenKind::OpenBrace;
                    open.push(Open { close: shape.close, is_object, is_inline });
                }
                TokenKind::CloseBrace | TokenKind::CloseBracket => {
                    open.pop()?;
                }
                _ => {}
            }
            self.column += self.chars(idx);
            previous = idx;
        }
        open.is_empty().then_some(())
    }

    /// The containers among some tokens, in the order of their opening brackets.
    fn shapes(&self, first: usize, last: usize) -> Option<Vec<Shape>> {
        let mut shapes: Vec<Shape> = Vec::new();
        // Those that are open, with their places in the list.
        let mut open: Vec<(usize, Shape)> = Vec::new();
        for idx in first..=last {
            let kind = self.parse.tokens().get(idx)?.kind;
            match kind {
                TokenKind::OpenBrace | TokenKind::OpenBracket => {
                    // The blanks within the braces of an object.
                    let line_chars = if kind == TokenKind::OpenBrace { 3 } else { 1 };
                    open.push((shapes.len(), Shape { nesting: 1, line_chars, ..Shape::default() }));
                    shapes.push(Shape::default());
                }
                TokenKind::CloseBrace | TokenKind::CloseBracket => {
                    let (at, mut shape) = open.pop()?;
                    shape.close = idx;
                    shape.line_chars += 1;
                    if let Some((_, outer)) = open.last_mut() {
                        outer.has_lines |= shape.has_lines;
                        outer.nesting = outer.nesting.max(shape.nesting + 1);
                        outer.line_chars += shape.line_chars;
                    }
                    *shapes.get_mut(at)? = shape;
                }
                TokenKind::Whitespace | TokenKind::Comment => {
                    if let Some((_, shape)) = open.last_mut() {
                        let text = self.parse.source().slice(self.parse.token_range(idx));
                        let is_line_end = |byte| matches!(byte, b'\n' | b'\r');
                        shape.has_lines |= kind == TokenKind::Comment || text.bytes().any(is_line_end);
                    }
                }
                _ => {
                    let blank = usize::from(matches!(kind, TokenKind::Comma | TokenKind::Colon));
                    if let Some((_, shape)) = open.last_mut() {
                        shape.line_chars += self.chars(idx) + blank;
                    }
                }
            }
        }
        open.is_empty().then_some(shapes)
    }

    /// What should stand between two tokens.
    fn gap(&self, open: &[Open], previous: usize, next: usize, gap: TextRange) -> Option<Gap> {
        let kind = |idx: usize| self.parse.tokens().get(idx).map(|token| token.kind);
        let (before, after) = (kind(previous)?, kind(next)?);
        let top = open.last()?;
        let n_lines = self.parse.source().slice(gap).bytes().filter(|byte| *byte == b'\n').count();
        let closes = top.close == next;
        let depth = open.len() - usize::from(closes);
        let is_line_comment = before == TokenKind::Comment
            && self.parse.source().slice(self.parse.token_range(previous)).starts_with("//");
        let opens = matches!(before, TokenKind::OpenBrace | TokenKind::OpenBracket);
        let keeps_empty_line = n_lines > 1 && !opens && !closes;
        if is_line_comment {
            return Some(Gap::Line(depth));
        }
        if before == TokenKind::Comment || after == TokenKind::Comment {
            return Some(match (n_lines, closes) {
                (0, true) => Gap::Line(depth),
                (0, false) => Gap::Blank,
                _ if keeps_empty_line => Gap::EmptyLine(depth),
                _ => Gap::Line(depth),
            });
        }
        Some(match (before, after) {
            (_, TokenKind::Comma | TokenKind::Colon) => Gap::Nothing,
            (TokenKind::Colon, _) => Gap::Blank,
            _ if opens && closes => Gap::Nothing,
            _ if !top.is_inline && keeps_empty_line => Gap::EmptyLine(depth),
            _ if !top.is_inline => Gap::Line(depth),
            _ if (opens || closes) && !top.is_object => Gap::Nothing,
            _ => Gap::Blank,
        })
    }

    fn put(&mut self, gap: TextRange, wanted: Gap) -> Option<()> {
        let wanted = match wanted {
            Gap::Nothing => "",
            Gap::Blank => " ",
            Gap::Line(depth) | Gap::EmptyLine(depth) => {
                self.make_lines(depth);
                let (text, chars) = self.lines.get(depth)?;
                self.column = *chars;
                let skipped = if matches!(wanted, Gap::Line(_)) { self.style.newline.len() } else { 0 };
                text.get(skipped..)?
            }
        };
        if !wanted.contains('\n') {
            self.column += wanted.len();
        }
        if self.parse.source().slice(gap) != wanted {
            self.edits.push(TextEdit::new(gap, wanted));
        }
        Some(())
    }

    /// Makes the beginnings of lines up to a depth.
    fn make_lines(&mut self, depth: usize) {
        for depth in self.lines.len()..=depth {
            let indent = format!("{}{}", self.base, self.style.indent.repeat(depth));
            let chars = indent.chars().count();
            self.lines.push((format!("{newline}{newline}{indent}", newline = self.style.newline), chars));
        }
    }

    /// The characters of a token.
    fn chars(&self, idx: usize) -> usize {
        let range = self.parse.token_range(idx);
        // Brackets, commas and colons are every other token.
        if range.len() == 1 { 1 } else { self.parse.source().slice(range).chars().count() }
    }

    /// The white space before and after the document's value.
    fn ends(&mut self, range: TextRange) {
        let source = self.parse.source();
        let before = TextRange::new(0, range.start());
        if !before.is_empty() && source.slice(before).trim().is_empty() {
            self.edits.push(TextEdit::new(before, ""));
        }
        let after = TextRange::new(range.end(), source.len());
        let text = source.slice(after);
        if text.trim().is_empty() && !text.is_empty() && text != self.style.newline {
            self.edits.push(TextEdit::new(after, self.style.newline));
        }
    }

    fn next_significant(&self, idx: usize) -> usize {
        let is_blank = |idx: &usize| {
            self.parse.tokens().get(*idx).is_some_and(|token| token.kind == TokenKind::Whitespace)
        };
        (idx + 1..).find(|idx| !is_blank(idx)).unwrap_or(idx)
    }

    fn source_column(&self, offset: TextSize) -> usize {
        let source = self.parse.source();
        let line = source.line_column(offset, crate::text::ColumnEncoding::Utf32);
        line.column as usize
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::syntax::parse_json;
    use crate::text::{SourceText, apply_edits};

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let formatted = |text: &str| {
            let parse = parse_json(SourceText::new(text), 64);
            apply_edits(text, &format(&parse, "  "))
        };
        let once = formatted(text);
        expected.assert_eq(&once);
        assert_eq!(formatted(&once), once, "formatting again changes nothing");
    }

    #[test]
    fn yaml_keeps_what_it_means() {
        let text = "a:  \n  - b: |\n      x  \n      y\n  - 'c  \n    d' \n\n\n";
        let parse = crate::syntax::parse_yaml(SourceText::new(text), 64);
        let result = crate::text::apply_edits(text, &format(&parse, "  "));
        assert_eq!(result, "a:\n  - b: |\n      x  \n      y\n  - 'c  \n    d'\n");
    }

    #[test]
    fn lines_are_indented() {
        check(
            "{\"StartAt\":\"A\" ,\n\"States\":{\"A\":{\"Type\":\"Pass\",\n\"Result\":[1,\n2], \"End\":true}}}",
            expect![[r#"
                {
                  "StartAt": "A",
                  "States": {
                    "A": {
                      "Type": "Pass",
                      "Result": [
                        1,
                        2
                      ],
                      "End": true
                    }
                  }
                }"#]],
        );
    }

    #[test]
    fn short_objects_stay_on_their_line() {
        check(
            r#"{"Key":{"id":{"S":"x"}},"Names":["a","b"],"Empty":{ },"None":[ ]}"#,
            expect![[r#"
            {
              "Key": { "id": { "S": "x" } },
              "Names": ["a", "b"],
              "Empty": {},
              "None": []
            }"#]],
        );
    }

    #[test]
    fn long_and_deep_ones_do_not() {
        let long = "x".repeat(95);
        check(
            &format!(r#"{{"a": ["{long}"], "b": {{"c": {{"d": {{}}}}}}}}"#),
            expect![[r#"
            {
              "a": [
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
              ],
              "b": {
                "c": { "d": {} }
              }
            }"#]],
        );
    }

    #[test]
    fn one_blank_line_stays_between_members() {
        check(
            "{\n\n  \"a\": 1,\n\n\n  \"b\": 2\n\n}\n\n",
            expect![[r#"
            {
              "a": 1,

              "b": 2
            }
        "#]],
        );
    }

    #[test]
    fn comments_stay_where_they_are() {
        check(
            "{ // first\n\"a\": 1, /* of a */\n  // of b\n\"b\": [ // list\n1]\n}",
            expect![[r#"
            { // first
              "a": 1, /* of a */
              // of b
              "b": [ // list
                1
              ]
            }"#]],
        );
    }

    #[test]
    fn line_ends_are_kept() {
        check("{\r\n\"a\":\r\n1}", expect!["{\r\n  \"a\": 1\r\n}"]);
    }

    #[test]
    fn sound_parts_of_a_broken_document() {
        check(
            "{\n    \"a\": {\"b\":1,\n\"c\":2},\n  \"d\": \"open\n  \"e\" {},\n}",
            expect![[r#"
            {
                "a": {
                  "b": 1,
                  "c": 2
                },
              "d": "open
              "e" {},
            }"#]],
        );
        check("{\"a\": [1,,2], \"b\": {\"c\":1}", expect![[r#"{"a": [1,,2], "b": { "c": 1 }"#]]);
        check("", expect![""]);
    }

    #[test]
    fn nothing_changes_where_nothing_has_to() {
        let text = "{\n  \"StartAt\": \"A\",\n  \"States\": { \"A\": { \"Type\": \"Succeed\" } }\n}\n";
        let parse = parse_json(SourceText::new(text), 64);
        assert_eq!(format(&parse, "  "), []);
    }
}
