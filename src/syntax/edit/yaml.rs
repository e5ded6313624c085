//! Drafts in YAML: blocks where JSON has brackets.

use super::{Draft, Piece, Style};
use crate::syntax::yaml::is_plain;

/// What a level of nesting adds to a line's beginning where the elements of an array are the level.
const DASH: &str = "- ";

/// A text as a key or value, in quotes only where it needs them.
pub(super) fn scalar(text: &str, is_flow: bool) -> String {
    if is_plain(text, is_flow) {
        text.to_owned()
    } else if text.chars().any(char::is_control) {
        super::quoted(text)
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// Whether what stood elsewhere is a mapping or sequence on lines of its own.
fn is_block(text: &str) -> bool {
    if let Some(behind) = behind_quoted(text) {
        return behind.trim_start_matches(' ').starts_with(':');
    }
    let is_scalar = text.starts_with(['{', '[', '|', '>']);
    !is_scalar
        && (text.starts_with("- ") || text.contains(": ") || text.contains(":\n") || text.ends_with(':'))
}

/// What follows the scalar in quotes that a text begins with; none where it begins with none.
fn behind_quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\\' && quote == '"' {
            characters.next();
        } else if character == quote {
            if quote == '\'' && characters.next_if(|(_, next)| *next == quote).is_some() {
                continue;
            }
            return text.get(at + 1..);
        }
    }
    Some("")
}

pub(super) struct Writer<'a> {
    style: &'a Style,
    base: &'a str,
    pieces: Vec<Piece>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(style: &'a Style, base: &'a str) -> Self {
        Self { style, base, pieces: Vec::new() }
    }

    pub(super) fn finish(self) -> Vec<Piece> {
        self.pieces
    }

    fn text(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
    }

    fn line(&mut self, indent: &str) {
        let text = format!("{}{}{indent}", self.style.newline, self.base);
        self.text(&text);
    }

    /// What follows a colon: a block on the lines below, or a blank and the value.
    pub(super) fn after_colon(&mut self, draft: &Draft, indent: &str) {
        let inner = format!("{indent}{}", self.style.indent);
        match draft {
            Draft::Object(members) if !members.is_empty() && !self.style.is_flow => {
                self.line(&inner);
                self.members(members, &inner);
            }
            Draft::Array(elements) if !elements.is_empty() && !self.style.is_flow => {
                self.line(&inner);
                self.elements(elements, &inner);
            }
            Draft::Moved { text, base } if is_block(text) => {
                self.line(&inner);
                self.moved(text, base, &inner);
            }
            Draft::Moved { text, base } => {
                self.text(" ");
                self.moved(text, base, indent);
            }
            _ => {
                self.text(" ");
                self.inline(draft, self.style.is_flow);
            }
        }
    }

    /// A value that begins where the cursor is, as after a dash.
    pub(super) fn value(&mut self, draft: &Draft, indent: &str) {
        match draft {
            Draft::Object(members) if !members.is_empty() && !self.style.is_flow => {
                self.members(members, indent)
            }
            Draft::Array(elements) if !elements.is_empty() && !self.style.is_flow => {
                self.elements(elements, indent);
            }
            Draft::Moved { text, base } => self.moved(text, base, indent),
            _ => self.inline(draft, self.style.is_flow),
        }
    }

    /// What stood elsewhere, its lines indented as these are here.
    fn moved(&mut self, text: &str, base: &str, indent: &str) {
        for (idx, line) in text.lines().enumerate() {
            if idx > 0 {
                self.line(indent);
            }
            let line = if idx > 0 { line.strip_prefix(base).unwrap_or(line) } else { line };
            self.text(line);
        }
    }

    fn members(&mut self, members: &[(String, Draft)], indent: &str) {
        for (idx, (key, value)) in members.iter().enumerate() {
            if idx > 0 {
                self.line(indent);
            }
            let key = format!("{}:", scalar(key, false));
            self.text(&key);
            self.after_colon(value, indent);
        }
    }

    fn elements(&mut self, elements: &[Draft], indent: &str) {
        for (idx, element) in elements.iter().enumerate() {
            if idx > 0 {
                self.line(indent);
            }
            self.text(DASH);
            self.value(element, &format!("{indent}{}", " ".repeat(DASH.len())));
        }
    }

    fn inline(&mut self, draft: &Draft, is_flow: bool) {
        match draft {
            Draft::Text(text) if is_plain(text, is_flow) => {
                self.pieces.push(Piece::Hole(text.clone()));
            }
            Draft::Text(text) => {
                self.text("'");
                self.pieces.push(Piece::Hole(text.replace('\'', "''")));
                self.text("'");
            }
            Draft::Fixed(text) => self.text(&scalar(text, is_flow)),
            Draft::Around(before, after) => {
                let rendered = scalar(&format!("{before}{after}"), is_flow);
                self.pieces.extend(super::around(&rendered, before));
            }
            Draft::Moved { text, .. } => self.text(text),
            Draft::Raw(text) => self.pieces.push(Piece::Hole(text.clone())),
            Draft::Object(members) | Draft::Inline(members) => {
                self.text(if members.is_empty() { "{" } else { "{ " });
                for (idx, (key, value)) in members.iter().enumerate() {
                    let key = format!("{}{}: ", if idx > 0 { ", " } else { "" }, scalar(key, true));
                    self.text(&key);
                    self.inline(value, true);
                }
                if members.is_empty() {
                    self.pieces.push(Piece::Hole(String::new()));
                }
                self.text(if members.is_empty() { "}" } else { " }" });
            }
            Draft::Array(elements) | Draft::InlineArray(elements) => {
                self.text("[");
                for (idx, element) in elements.iter().enumerate() {
                    self.text(if idx > 0 { ", " } else { "" });
                    self.inline(element, true);
                }
                if elements.is_empty() {
                    self.pieces.push(Piece::Hole(String::new()));
                }
                self.text("]");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::{Style, plain};
    use super::*;
    use crate::syntax::Format;

    #[track_caller]
    fn check(draft: &Draft, expected: Expect) {
        let style = Style { format: Format::Yaml, is_flow: false, indent: "  ".to_owned(), newline: "\n" };
        expected.assert_eq(&format!("key:{}", plain(&draft.render_after_colon(&style, ""))));
    }

    fn text(text: &str) -> Draft {
        Draft::Text(text.to_owned())
    }

    #[test]
    fn blocks() {
        let member = |key: &str, draft: Draft| (key.to_owned(), draft);
        let inline = Draft::Inline(vec![member("S", text("a, b")), member("N", text("1"))]);
        let list = Draft::Array(vec![
            Draft::Object(vec![member("a", text("x")), member("b", inline)]),
            text("{% %}"),
        ]);
        let draft = Draft::Object(vec![
            member("l.$", list),
            member("m", Draft::Object(Vec::new())),
            member("e", Draft::InlineArray(vec![text("States.ALL")])),
        ]);
        check(
            &draft,
            expect![[r#"
                  key:
                    l.$:
                      - a: x
                        b: { S: 'a, b', N: '1' }
                      - '{% %}'
                    m: {}
                    e: [States.ALL]"#]],
        );
    }

    #[test]
    fn scalars_are_in_quotes_where_they_need_them() {
        let texts = ["a b", "", "it's", "1", "true", "a: b", "- a", "$.x", "{% %}", "a\nb", "*", "x #y", "~"];
        let shown = texts.map(|text| scalar(text, false)).join(" | ");
        expect![[
            r#"a b | '' | it's | '1' | 'true' | 'a: b' | '- a' | $.x | '{% %}' | "a\nb" | '*' | 'x #y' | '~'"#
        ]]
        .assert_eq(&shown);
    }
}
