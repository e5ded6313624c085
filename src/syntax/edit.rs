//! New parts of a document, written in the format that the document has.
//!
//! Knows JSON and nothing of what it means. A [`Draft`] is JSON with places to fill in; it is rendered for editors
//! that can jump between such places and for those that cannot.

use super::tree::{NodeKind, StringStyle};
use super::{Member, Node, Parse};
use crate::text::{ColumnEncoding, TextEdit, TextRange, TextSize};

/// JSON that is to be put into a document, with places to be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Draft {
    /// A string; what is in the quotes is to be replaced.
    Text(String),
    /// A string as it is.
    Fixed(String),
    /// A number, `true`, `false` or `null`, to be replaced.
    Raw(String),
    /// An object, a line for each member.
    Object(Vec<(String, Draft)>),
    /// An object on one line.
    Inline(Vec<(String, Draft)>),
    /// An array, a line for each element.
    Array(Vec<Draft>),
    /// An array on one line.
    InlineArray(Vec<Draft>),
    /// A value as it is written elsewhere, with what stands at the beginning of its lines there.
    Moved {
        /// The value's text.
        text: String,
        /// What all its lines but the first begin with.
        base: String,
    },
}

/// How a document is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// What a level of nesting adds to a line's beginning.
    pub indent: String,
    /// What ends a line.
    pub newline: &'static str,
}

/// A part of a rendered draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text as it is.
    Text(String),
    /// A place to fill in, with what stands there until then.
    Hole(String),
}

impl Style {
    /// How a document is written: with the shortest indentation it has anywhere, and its line ends.
    pub fn of(parse: &Parse) -> Self {
        let text = parse.source().as_str();
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let blank = |line: &str| -> String { line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect() };
        let indents = text.lines().filter(|line| !line.trim().is_empty()).take(1_000).map(blank);
        let shortest = indents.filter(|indent| !indent.is_empty()).min_by_key(String::len);
        let indent = match shortest {
            Some(indent) if indent.starts_with('\t') => "\t".to_owned(),
            Some(indent) => indent,
            None => "  ".to_owned(),
        };
        Self { indent, newline }
    }
}

/// The blanks at the beginning of the line of an offset, up to the offset.
pub fn indentation(parse: &Parse, offset: TextSize) -> String {
    let source = parse.source();
    let line = source.line_range(source.line_column(offset, ColumnEncoding::Utf8).line);
    let before = source.slice(line).get(..(offset - line.start()) as usize).unwrap_or_default();
    before.chars().take_while(|c| matches!(c, ' ' | '\t')).collect()
}

/// A JSON string of a text.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Writes another text in the place of a part of a string. `range` is of the decoded text; what stands beside it is
/// kept as it is written. None of anything but a string.
pub fn replace_text(node: Node<'_>, range: TextRange, new_text: &str) -> Option<TextEdit> {
    let NodeKind::String(style) = node.kind() else { return None };
    let decoded = node.decoded()?;
    if matches!(style, StringStyle::Bare | StringStyle::Missing) {
        let mut text = decoded.text.into_owned();
        text.get(range.to_usize())?;
        text.replace_range(range.to_usize(), new_text);
        return Some(TextEdit::new(node.range(), quoted(&text)));
    }
    let escaped = quoted(new_text);
    let escaped = escaped.get(1..escaped.len().saturating_sub(1))?;
    Some(TextEdit::new(decoded.to_source(range), escaped))
}

/// Another value in the place of one.
pub fn replace_value(parse: &Parse, node: Node<'_>, draft: &Draft) -> TextEdit {
    let base = indentation(parse, node.range().start());
    TextEdit::new(node.range(), plain(&draft.render(&Style::of(parse), &base)))
}

/// A new member of an object: behind another one of its, or as the last.
pub fn insert_member(
    parse: &Parse,
    object: Node<'_>,
    after: Option<Member<'_>>,
    key: &str,
    draft: &Draft,
) -> Option<TextEdit> {
    if !object.is_object() {
        return None;
    }
    let member =
        |style: &Style, base: &str| format!("{}: {}", quoted(key), plain(&draft.render(style, base)));
    insert_child(parse, object, after.map(Member::node), member)
}

/// A new element of an array: behind another one of its, or as the last.
pub fn insert_element(
    parse: &Parse,
    array: Node<'_>,
    after: Option<Node<'_>>,
    draft: &Draft,
) -> Option<TextEdit> {
    let element = |style: &Style, base: &str| plain(&draft.render(style, base));
    if array.is_array() { insert_child(parse, array, after, element) } else { None }
}

fn insert_child(
    parse: &Parse,
    container: Node<'_>,
    after: Option<Node<'_>>,
    child: impl Fn(&Style, &str) -> String,
) -> Option<TextEdit> {
    let style = Style::of(parse);
    let Some(after) = after.or_else(|| container.children().last()) else {
        // The first one: on a line of its own where the document has lines.
        let base = indentation(parse, container.range().start());
        let (open, close) = if container.is_object() { ('{', '}') } else { ('[', ']') };
        let is_line = !parse.source().as_str().contains('\n');
        let text = if is_line {
            format!("{open}{}{close}", child(&style, &base))
        } else {
            let inner = format!("{base}{}", style.indent);
            let line = style.newline;
            format!("{open}{line}{inner}{}{line}{base}{close}", child(&style, &inner))
        };
        return Some(TextEdit::new(container.range(), text));
    };
    let before = TextRange::new(container.range().start(), after.range().start());
    let is_line = !parse.source().slice(before).contains('\n');
    let base = indentation(parse, after.range().start());
    let lead = if is_line { " ".to_owned() } else { format!("{}{base}", style.newline) };
    let text = format!(",{lead}{}", child(&style, &base));
    Some(TextEdit::new(TextRange::empty(after.range().end()), text))
}

/// Takes members out of an object, or elements out of an array, with their commas. All of them belong to `container`.
pub fn remove_children(container: Node<'_>, removed: &[Node<'_>]) -> Vec<TextEdit> {
    let children: Vec<Node<'_>> = container.children().collect();
    let is_removed = |node: &Node<'_>| removed.contains(node);
    let Some(last_kept) = children.iter().rposition(|child| !is_removed(child)) else {
        let range = container.range();
        let inner = TextRange::new(range.start() + 1, range.end().saturating_sub(1));
        return vec![TextEdit::new(inner, "")];
    };
    let mut edits: Vec<TextEdit> = Vec::new();
    for pair in children.windows(2).take(last_kept) {
        let [child, next] = pair else { continue };
        if is_removed(child) {
            edits.push(TextEdit::new(TextRange::new(child.range().start(), next.range().start()), ""));
        }
    }
    if let (Some(kept), Some(last)) = (children.get(last_kept), children.last())
        && kept != last
    {
        edits.push(TextEdit::new(TextRange::new(kept.range().end(), last.range().end()), ""));
    }
    edits
}

/// Another key for a member.
pub fn rename_key(member: Member<'_>, key: &str) -> Option<TextEdit> {
    let node = member.key_node();
    let len = node.decoded()?.text.len();
    replace_text(node, TextRange::from_usize(0..len), key)
}

/// A value as it is written, to be put elsewhere.
pub fn moved(parse: &Parse, node: Node<'_>) -> Draft {
    Draft::Moved { text: node.raw().to_owned(), base: indentation(parse, node.range().start()) }
}

impl Draft {
    /// A value as a draft without anything to fill in.
    pub fn of_value(value: &serde_json::Value) -> Draft {
        use serde_json::Value;
        match value {
            Value::String(text) => Draft::Fixed(text.clone()),
            Value::Array(elements) if elements.iter().all(|it| !it.is_object() && !it.is_array()) => {
                Draft::InlineArray(elements.iter().map(Draft::of_value).collect())
            }
            Value::Array(elements) => Draft::Array(elements.iter().map(Draft::of_value).collect()),
            Value::Object(members) => {
                Draft::Object(members.iter().map(|(key, it)| (key.clone(), Draft::of_value(it))).collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => Draft::Raw(value.to_string()),
        }
    }

    /// Writes the draft in a style. `base` stands at the beginning of all lines but the first.
    pub fn render(&self, style: &Style, base: &str) -> Vec<Piece> {
        let mut writer = Writer { style, base, pieces: Vec::new() };
        writer.draft(self, 0);
        writer.pieces
    }
}

/// Pieces as plain text.
pub fn plain(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) | Piece::Hole(text) => text.as_str(),
        })
        .collect()
}

struct Writer<'a> {
    style: &'a Style,
    base: &'a str,
    pieces: Vec<Piece>,
}

impl Writer<'_> {
    fn text(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
    }

    fn line(&mut self, depth: usize) {
        let text = format!("{}{}{}", self.style.newline, self.base, self.style.indent.repeat(depth));
        self.text(&text);
    }

    fn draft(&mut self, draft: &Draft, depth: usize) {
        match draft {
            Draft::Text(text) => {
                let quoted = quoted(text);
                let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
                self.text("\"");
                self.pieces.push(Piece::Hole(inner.to_owned()));
                self.text("\"");
            }
            Draft::Fixed(text) => self.text(&quoted(text)),
            Draft::Moved { text, base } => {
                for (idx, line) in text.lines().enumerate() {
                    if idx > 0 {
                        self.line(depth);
                    }
                    let line = if idx > 0 { line.strip_prefix(base.as_str()).unwrap_or(line) } else { line };
                    self.text(line);
                }
            }
            Draft::Raw(text) => self.pieces.push(Piece::Hole(text.clone())),
            Draft::Object(members) | Draft::Inline(members) if members.is_empty() => {
                self.text("{");
                self.pieces.push(Piece::Hole(String::new()));
                self.text("}");
            }
            Draft::Object(members) => {
                self.text("{");
                for (idx, (key, value)) in members.iter().enumerate() {
                    self.text(if idx > 0 { "," } else { "" });
                    self.line(depth + 1);
                    self.member(key, value, depth + 1);
                }
                self.line(depth);
                self.text("}");
            }
            Draft::Inline(members) => {
                self.text("{ ");
                for (idx, (key, value)) in members.iter().enumerate() {
                    self.text(if idx > 0 { ", " } else { "" });
                    self.member(key, value, depth);
                }
                self.text(" }");
            }
            Draft::Array(elements) if !elements.is_empty() => {
                self.text("[");
                for (idx, element) in elements.iter().enumerate() {
                    self.text(if idx > 0 { "," } else { "" });
                    self.line(depth + 1);
                    self.draft(element, depth + 1);
                }
                self.line(depth);
                self.text("]");
            }
            Draft::Array(elements) | Draft::InlineArray(elements) => {
                self.text("[");
                for (idx, element) in elements.iter().enumerate() {
                    self.text(if idx > 0 { ", " } else { "" });
                    self.draft(element, depth);
                }
                if elements.is_empty() {
                    self.pieces.push(Piece::Hole(String::new()));
                }
                self.text("]");
            }
        }
    }

    fn member(&mut self, key: &str, value: &Draft, depth: usize) {
        let key = format!("{}: ", quoted(key));
        self.text(&key);
        self.draft(value, depth);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    fn style(text: &str) -> Style {
        Style::of(&parse_json(SourceText::new(text), 64))
    }

    #[test]
    fn a_document_shows_its_style() {
        assert_eq!(style("{\n    \"a\": 1\n}"), Style { indent: "    ".to_owned(), newline: "\n" });
        assert_eq!(
            style("{\r\n\t\"a\": {\r\n\t\t}\r\n}"),
            Style { indent: "\t".to_owned(), newline: "\r\n" }
        );
        assert_eq!(style("{}"), Style { indent: "  ".to_owned(), newline: "\n" });
    }

    #[track_caller]
    fn check_replaced(raw: &str, range: TextRange, new_text: &str, expected: &str) {
        let parse = parse_json(SourceText::new(raw), 64);
        let edit = replace_text(parse.root().unwrap(), range, new_text).unwrap();
        assert_eq!(crate::text::apply_edits(raw, &[edit]), expected);
    }

    #[test]
    fn a_part_of_a_string_is_replaced_in_its_escapes() {
        check_replaced(
            r#""a\"b\u0041""#,
            TextRange::new(2, 3),
            "c\"\u{e9}\\",
            r#""a\"c\"\u00e9\\\u0041""#.replace("\\u00e9", "é").as_str(),
        );
    }

    #[track_caller]
    fn check_edit(text: &str, edit: impl Fn(&Parse, Node<'_>) -> Vec<TextEdit>, expected: &str) {
        let parse = parse_json(SourceText::new(text), 64);
        let edits = edit(&parse, parse.root().unwrap());
        assert_eq!(crate::text::apply_edits(text, &edits), expected);
    }

    #[test]
    fn members_are_put_in() {
        let add = |parse: &Parse, root: Node<'_>| {
            insert_member(parse, root, root.get("a"), "b", &Draft::Raw("2".to_owned())).into_iter().collect()
        };
        check_edit("{}", add, r#"{"b": 2}"#);
        check_edit("{\n}", add, "{\n  \"b\": 2\n}");
        check_edit(
            "{\n    \"a\": 1,\n    \"c\": 3\n}",
            add,
            "{\n    \"a\": 1,\n    \"b\": 2,\n    \"c\": 3\n}",
        );
        check_edit(r#"{ "a": 1 }"#, add, r#"{ "a": 1, "b": 2 }"#);
    }

    #[test]
    fn children_are_taken_out() {
        let remove = |keys: &'static [usize]| {
            move |_: &Parse, root: Node<'_>| {
                let children: Vec<Node<'_>> = root.children().collect();
                remove_children(root, &keys.iter().map(|&at| children[at]).collect::<Vec<_>>())
            }
        };
        check_edit("[1, 2, 3]", remove(&[0]), "[2, 3]");
        check_edit("[1, 2, 3]", remove(&[1]), "[1, 3]");
        check_edit("[1, 2, 3]", remove(&[1, 2]), "[1]");
        check_edit("[1, 2, 3]", remove(&[0, 1, 2]), "[]");
        check_edit("[1, 2, 3]", remove(&[0, 2]), "[2]");
    }

    #[test]
    fn what_is_moved_keeps_its_form() {
        let parse = parse_json(SourceText::new("{\n  \"a\": {\n    \"b\": 1\n  }\n}"), 64);
        let node = parse.resolve("/a").unwrap();
        let draft = Draft::Object(vec![("c".to_owned(), moved(&parse, node))]);
        let text = plain(&draft.render(&Style::of(&parse), ""));
        assert_eq!(text, "{\n  \"c\": {\n    \"b\": 1\n  }\n}");
    }

    #[test]
    fn drafts_are_indented() {
        let text = |text: &str| Draft::Text(text.to_owned());
        let inline = Draft::Inline(vec![("S".to_owned(), text("a\"b"))]);
        let list = Draft::Array(vec![inline, Draft::Object(Vec::new())]);
        let draft = Draft::Object(vec![("l".to_owned(), list), ("n".to_owned(), Draft::Raw("1".to_owned()))]);
        expect![[r#"
            {
                "l": [
                  { "S": "a\"b" },
                  {}
                ],
                "n": 1
              }"#]]
        .assert_eq(&plain(&draft.render(&style("{}"), "  ")));
    }
}
