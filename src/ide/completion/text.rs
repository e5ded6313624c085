//! Completion within a string: what stands before and behind the cursor in the text that the string stands for, and
//! edits of a part of it.

use super::{Completion, CompletionKind};
use crate::ide::Analysis;
use crate::syntax::edit::{Style, quoted};
use crate::syntax::{Cursor, Decoded, Node, NodeKind, StringStyle};
use crate::text::{TextEdit, TextRange, TextSize};

/// The string that the cursor is in.
pub(super) struct StringText<'a> {
    pub(super) node: Node<'a>,
    decoded: Decoded<'a>,
    /// Where the cursor is in the text.
    at: usize,
    /// Where the text ends, without what a missing quote made part of it.
    end: usize,
    style: Style,
}

/// Something that could be put into the text.
pub(super) struct Suggestion {
    pub(super) label: String,
    pub(super) kind: CompletionKind,
    /// What follows the label: the parameters of a function.
    pub(super) signature: Option<String>,
    pub(super) detail: Option<String>,
    pub(super) documentation: String,
    /// The part of the text that is replaced; the cursor is in it.
    pub(super) range: std::ops::Range<usize>,
    /// What is put there.
    pub(super) text: String,
    /// Where in it the cursor belongs, unless at its end.
    pub(super) caret: Option<usize>,
    /// What the text that is replaced is compared with, where that is not the text that is put there.
    pub(super) filter: Option<String>,
    /// Edits elsewhere that go with it.
    pub(super) additional_edits: Vec<TextEdit>,
}

impl Suggestion {
    /// One that replaces a part of the text by its own label.
    pub(super) fn new(label: &str, kind: CompletionKind, range: std::ops::Range<usize>) -> Self {
        Self {
            label: label.to_owned(),
            kind,
            signature: None,
            detail: None,
            documentation: String::new(),
            range,
            text: label.to_owned(),
            caret: None,
            filter: None,
            additional_edits: Vec::new(),
        }
    }

    /// The same as a call: with parentheses, and the cursor between them where there is something to give.
    pub(super) fn called(mut self, takes_arguments: bool, text: &StringText<'_>) -> Self {
        if !text.after().starts_with('(') {
            self.text += "()";
            self.caret = takes_arguments.then(|| self.text.len() - 1);
        }
        self
    }
}

impl<'a> StringText<'a> {
    /// The string around an offset; none where there is none, or where its text is not written there.
    pub(super) fn at(analysis: &'a Analysis, offset: TextSize, cursor: Option<&Cursor<'_>>) -> Option<Self> {
        let parse = analysis.parse();
        let is_it = |node: &Node<'a>| is_inside(*node, offset);
        let before = offset.checked_sub(1).and_then(|before| parse.node_at(before));
        let node = parse.node_at(offset).filter(is_it).or(before.filter(is_it))?;
        let decoded = node.decoded().filter(Decoded::is_written)?;
        let source_end = cursor.map_or(node.range().end(), |cursor| cursor.replace.end().max(offset));
        let at = decoded.from_source(offset) as usize;
        let end = (decoded.from_source(source_end) as usize).max(at);
        let parent = node.parent()?;
        let container = if parent.kind() == NodeKind::Member { parent.parent()? } else { parent };
        let style = Style { is_flow: container.raw().starts_with(['{', '[']), ..Style::of(parse) };
        Some(Self { node, decoded, at, end, style })
    }

    /// The text up to the cursor.
    pub(super) fn before(&self) -> &str {
        self.decoded.text.get(..self.at).unwrap_or_default()
    }

    /// The text behind the cursor.
    pub(super) fn after(&self) -> &str {
        self.decoded.text.get(self.at..self.end).unwrap_or_default()
    }

    /// Where the word ends that the cursor is in.
    pub(super) fn word_end(&self) -> usize {
        let word = self.after().find(|c: char| !c.is_alphanumeric() && c != '_');
        self.at + word.unwrap_or(self.after().len())
    }

    /// The edit that a suggestion is; none where it cannot be written in this kind of string.
    pub(super) fn completion(&self, suggestion: Suggestion) -> Option<Completion> {
        let NodeKind::String(style) = self.node.kind() else { return None };
        let encode = |text: &str| match style {
            StringStyle::Quoted
            | StringStyle::Escaped
            | StringStyle::Unterminated
            | StringStyle::DoubleQuoted => {
                let quoted = quoted(text);
                Some(quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned())
            }
            StringStyle::SingleQuoted => Some(text.replace('\'', "''")),
            StringStyle::Block => Some(text.to_owned()),
            StringStyle::Plain => {
                let whole = self.with(&suggestion);
                (self.style.scalar(&whole) == whole).then(|| text.to_owned())
            }
            StringStyle::Bare | StringStyle::Missing | StringStyle::Tagged => None,
        };
        let filter = suggestion.filter.clone().unwrap_or_else(|| suggestion.label.clone());
        let (edit, snippet, filter_text) = match encode(&suggestion.text) {
            Some(text) => {
                let at = |offset: usize| TextSize::try_from(offset).unwrap_or(TextSize::MAX);
                let range = TextRange::new(at(suggestion.range.start), at(suggestion.range.end));
                let caret = suggestion.caret.and_then(|caret| suggestion.text.split_at_checked(caret));
                let halves = caret.and_then(|(left, right)| Some((encode(left)?, encode(right)?)));
                let snippet = halves.map(|(left, right)| format!("{}$1{}", escape(&left), escape(&right)));
                (TextEdit::new(self.decoded.to_source(range), text), snippet, filter)
            }
            // A plain string in YAML that needs quotes from now on.
            None if style == StringStyle::Plain => {
                let before = self.decoded.text.get(..suggestion.range.start).unwrap_or_default();
                let whole = self.style.scalar(&self.with(&suggestion));
                (TextEdit::new(self.node.range(), whole), None, format!("{before}{filter}"))
            }
            None => return None,
        };
        Some(Completion {
            label: suggestion.label,
            kind: suggestion.kind,
            signature: suggestion.signature,
            detail: suggestion.detail,
            documentation: suggestion.documentation.into(),
            filter_text,
            edit,
            snippet,
            additional_edits: suggestion.additional_edits,
        })
    }

    /// The whole text with a suggestion in it.
    fn with(&self, suggestion: &Suggestion) -> String {
        let text = &self.decoded.text;
        let before = text.get(..suggestion.range.start).unwrap_or_default();
        let after = text.get(suggestion.range.end..).unwrap_or_default();
        format!("{before}{}{after}", suggestion.text)
    }
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

/// Whether an offset is in the text of a string that is a value, between its quotes.
fn is_inside(node: Node<'_>, offset: TextSize) -> bool {
    let NodeKind::String(style) = node.kind() else { return false };
    let is_key = node
        .parent()
        .is_some_and(|parent| parent.kind() == NodeKind::Member && parent.children().next() == Some(node));
    let range = node.range();
    let has_quotes = matches!(
        style,
        StringStyle::Quoted | StringStyle::Escaped | StringStyle::SingleQuoted | StringStyle::DoubleQuoted
    );
    let starts_behind = range.start() < offset || style == StringStyle::Plain;
    let is_before_end = if has_quotes { offset < range.end() } else { offset <= range.end() };
    !is_key && range.touches(offset) && starts_behind && is_before_end
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::testing::{check_yaml, check_yaml_edit};

    const YAML: &str = "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Result:\n      order: {id: x}\n      a b: 1\n    Next: B\n  B:\n";

    #[test]
    fn expressions_in_yaml() {
        let b = |body: &str| format!("{YAML}{body}");
        check_yaml(&b("    Type: Pass\n    InputPath: $.<|>\n    End: true\n"), 3, expect!["a b, order"]);
        check_yaml_edit(
            &b("    Type: Pass\n    InputPath: $.<|>\n    End: true\n"),
            "a b",
            expect![[r#"
        StartAt: A
        States:
          A:
            Type: Pass
            Result:
              order: {id: x}
              a b: 1
            Next: B
          B:
            Type: Pass
            InputPath: $['a b']
            End: true
    "#]],
        );
        check_yaml_edit(
            &b("    Type: Pass\n    Parameters: {p.$: $.<|>}\n    End: true\n"),
            "a b",
            expect![[r#"
            StartAt: A
            States:
              A:
                Type: Pass
                Result:
                  order: {id: x}
                  a b: 1
                Next: B
              B:
                Type: Pass
                Parameters: {p.$: '$[''a b'']'}
                End: true
        "#]],
        );
        check_yaml_edit(
            &b("    Type: Pass\n    InputPath: '$.o<|>'\n    End: true\n"),
            "order",
            expect![[r#"
        StartAt: A
        States:
          A:
            Type: Pass
            Result:
              order: {id: x}
              a b: 1
            Next: B
          B:
            Type: Pass
            InputPath: '$.order'
            End: true
    "#]],
        );
        check_yaml_edit(
            &b(
                "    Type: Pass\n    QueryLanguage: JSONata\n    Output: >-\n      {% $states.input\n      .<|> %}\n    End: true\n",
            ),
            "order",
            expect![[r#"
            StartAt: A
            States:
              A:
                Type: Pass
                Result:
                  order: {id: x}
                  a b: 1
                Next: B
              B:
                Type: Pass
                QueryLanguage: JSONata
                Output: >-
                  {% $states.input
                  .order %}
                End: true
        "#]],
        );
        check_yaml_edit(
            &b(
                "    Type: Task\n    Resource: arn:aws:states:::dynamodb:updateItem\n    Parameters:\n      TableName: Tab\n      Key:\n        status: {S: x}\n      ConditionExpression: attribute_exists(<|>)\n    End: true\n",
            ),
            "#status",
            expect![[r#"
            StartAt: A
            States:
              A:
                Type: Pass
                Result:
                  order: {id: x}
                  a b: 1
                Next: B
              B:
                Type: Task
                Resource: arn:aws:states:::dynamodb:updateItem
                Parameters:
                  TableName: Tab
                  Key:
                    status: {S: x}
                  ConditionExpression: attribute_exists(#status)
                  ExpressionAttributeNames:
                    '#status': status
                End: true
        "#]],
        );
    }
}
