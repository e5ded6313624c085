//! New parts of a document, written in the format that the document has.
//!
//! Knows JSON and YAML and nothing of what they mean. A [`Draft`] is a value with places to fill in; it is rendered for
//! editors that can jump between such places and for those that cannot.

mod tree;
mod yaml;

use std::borrow::Cow;

use super::{Format, Parse};
use crate::text::{ColumnEncoding, TextSize};

pub use tree::{
    insert_element, insert_member, moved, remove_children, rename_key, replace_text, replace_value,
};

/// A value that is to be put into a document, with places to be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Draft {
    /// A string; what is in the quotes is to be replaced.
    Text(String),
    /// A string as it is.
    Fixed(String),
    /// A string of two parts, between which something is to be filled in.
    Around(Cow<'static, str>, &'static str),
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
    /// What it is written in.
    pub format: Format,
    /// Whether what is written is within brackets, which YAML allows.
    pub is_flow: bool,
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
        Self { format: parse.format(), is_flow: false, indent, newline }
    }

    /// A text as a key or a string: in quotes, in YAML only where it needs them.
    pub fn scalar(&self, text: &str) -> String {
        match self.format {
            Format::Json => quoted(text),
            Format::Yaml => yaml::scalar(text, self.is_flow),
        }
    }
}

/// The blanks at the beginning of the line of an offset, up to the offset.
pub fn indentation(parse: &Parse, offset: TextSize) -> String {
    before(parse, offset).chars().take_while(|c| matches!(c, ' ' | '\t')).collect()
}

/// The blanks that take the place of the dashes behind the indentation of the line of an offset: what begins behind
/// them goes on below itself. None in JSON.
pub fn dash_indentation(parse: &Parse, offset: TextSize) -> String {
    let mut rest = before(parse, offset).trim_start_matches(' ');
    let start = rest;
    if parse.format() == Format::Yaml {
        while let Some(behind) = rest.strip_prefix("- ") {
            rest = behind.trim_start_matches(' ');
        }
    }
    " ".repeat(start.len() - rest.len())
}

/// The line of an offset, up to the offset.
fn before(parse: &Parse, offset: TextSize) -> &str {
    let source = parse.source();
    let line = source.line_range(source.line_column(offset, ColumnEncoding::Utf8).line);
    source.slice(line).get(..(offset - line.start()) as usize).unwrap_or_default()
}

/// A JSON string of a text.
pub fn quoted(text: &str) -> String {
    // A text is always written.
    serde_json::to_string(text).unwrap_or_default()
}

impl Draft {
    /// A string with a place to fill in between two parts of it.
    pub const fn around(before: &'static str, after: &'static str) -> Draft {
        Draft::Around(Cow::Borrowed(before), after)
    }

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
        match style.format {
            Format::Json => {
                let mut writer = Writer { style, base, pieces: Vec::new() };
                writer.draft(self, 0);
                writer.pieces
            }
            Format::Yaml => {
                let mut writer = yaml::Writer::new(style, base);
                writer.value(self, "");
                writer.finish()
            }
        }
    }

    /// As [`Draft::render`], of a member's value with the blank or the line end between it and the colon.
    pub fn render_after_colon(&self, style: &Style, base: &str) -> Vec<Piece> {
        match style.format {
            Format::Json => {
                let mut pieces = vec![Piece::Text(" ".to_owned())];
                pieces.extend(self.render(style, base));
                pieces
            }
            Format::Yaml => {
                let mut writer = yaml::Writer::new(style, base);
                writer.after_colon(self, "");
                writer.finish()
            }
        }
    }
}

/// A rendered string with a place to fill in behind a part of it, which is rendered as it is.
fn around(rendered: &str, before: &str) -> [Piece; 3] {
    let at = rendered.find(before).map_or(rendered.len(), |start| start + before.len());
    let (left, right) = rendered.split_at_checked(at).unwrap_or((rendered, ""));
    [Piece::Text(left.to_owned()), Piece::Hole(String::new()), Piece::Text(right.to_owned())]
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
            Draft::Around(before, after) => {
                self.pieces.extend(around(&quoted(&format!("{before}{after}")), before))
            }
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

    fn json(indent: &str, newline: &'static str) -> Style {
        Style { format: Format::Json, is_flow: false, indent: indent.to_owned(), newline }
    }

    #[test]
    fn a_document_shows_its_style() {
        assert_eq!(style("{\n    \"a\": 1\n}"), json("    ", "\n"));
        assert_eq!(style("{\r\n\t\"a\": {\r\n\t\t}\r\n}"), json("\t", "\r\n"));
        assert_eq!(style("{}"), json("  ", "\n"));
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
