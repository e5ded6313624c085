//! The JSON parser: one pass, iterative, and it always yields a tree.
//!
//! [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259) decides what is an error. What a person has half typed
//! decides how it recovers: a missing comma, colon, value, quote or bracket costs one error and no other
//! member of the document.

use std::ops::Range;

use super::builder::TreeBuilder;
use super::tree::{Format, NodeKind, Parse, StringStyle, SyntaxErrorKind as Wrong, TokenKind};
use crate::text::{SourceText, TextRange};

/// Parses a document. Values nested deeper than `nesting_max` become one error node.
pub fn parse_json(source: SourceText, nesting_max: usize) -> Parse {
    let builder = TreeBuilder::new(source.clone(), Format::Json);
    let mut parser = Parser {
        lexer: Lexer { text: source.as_str(), at: 0, flaw: None, has_escape: false },
        builder,
        current: None,
        after: None,
        stack: Vec::new(),
        nesting_max,
        previous: TextRange::default(),
        rooted: false,
    };
    parser.current = parser.lex();
    parser.run();
    parser.builder.finish()
}

#[derive(Clone, Copy)]
struct Lexeme {
    kind: TokenKind,
    range: TextRange,
    /// Whether there is an escape sequence in it.
    has_escape: bool,
}

/// What an open container waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wait {
    /// The first member or element, or the closing bracket.
    First,
    /// A member or element, after a comma.
    Next,
    /// The colon after a key.
    Colon,
    /// The value after a colon.
    Value,
    /// A comma or the closing bracket.
    Comma,
}

#[derive(Clone, Copy)]
struct Frame {
    is_object: bool,
    wait: Wait,
    bracket: TextRange,
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    builder: TreeBuilder,
    /// The next token that is no trivia; none at the end.
    current: Option<Lexeme>,
    /// The one after it, once it was looked at.
    after: Option<Option<Lexeme>>,
    stack: Vec<Frame>,
    nesting_max: usize,
    /// The last token taken that is no trivia.
    previous: TextRange,
    rooted: bool,
}

impl Parser<'_> {
    fn run(&mut self) {
        while let Some(lexeme) = self.current {
            match self.stack.last().copied() {
                None => self.at_top(lexeme),
                Some(frame) if frame.is_object => self.in_object(lexeme, frame),
                Some(frame) => self.in_array(lexeme, frame),
            }
        }
        self.at_end();
    }

    fn at_top(&mut self, lexeme: Lexeme) {
        if self.rooted {
            self.error(Wrong::AfterEnd, lexeme.range);
            while self.current.is_some() {
                self.take();
            }
        } else if is_value_start(lexeme.kind) {
            self.rooted = true;
            self.value(lexeme);
        } else {
            self.error(Wrong::Expected("a JSON object"), lexeme.range);
            self.take();
        }
    }

    fn in_object(&mut self, lexeme: Lexeme, frame: Frame) {
        use TokenKind as T;
        match (frame.wait, lexeme.kind) {
            (Wait::First | Wait::Next | Wait::Comma, T::CloseBrace) => {
                if frame.wait == Wait::Next {
                    self.error(Wrong::TrailingComma, self.previous);
                }
                self.close_container();
            }
            (Wait::Comma, T::Comma) => {
                self.take();
                self.wait(Wait::Next);
            }
            (Wait::First | Wait::Next, T::Comma) | (Wait::Comma, T::Colon) => self.skip(),
            (
                Wait::First | Wait::Next | Wait::Comma,
                T::String | T::UnterminatedString | T::Word | T::Number,
            ) => {
                if frame.wait == Wait::Comma {
                    self.error(Wrong::Expected("a comma before this"), lexeme.range);
                }
                self.key(lexeme);
            }
            (Wait::First | Wait::Next, T::Colon | T::OpenBrace | T::OpenBracket)
            | (Wait::Comma, T::OpenBrace | T::OpenBracket) => {
                self.error(Wrong::Expected("a key in double quotes"), lexeme.range);
                self.builder.open(NodeKind::Member, lexeme.range.start());
                let nothing = TextRange::empty(lexeme.range.start());
                self.builder.leaf(NodeKind::String(StringStyle::Missing), nothing);
                self.wait(if lexeme.kind == T::Colon { Wait::Colon } else { Wait::Value });
            }
            (Wait::Colon, T::Colon) => {
                self.take();
                self.wait(Wait::Value);
            }
            (Wait::Colon, kind) if is_value_start(kind) && !self.is_key_ahead() => {
                self.error(Wrong::Expected("a colon before this"), lexeme.range);
                self.wait(Wait::Value);
            }
            (Wait::Colon, T::Unknown) | (Wait::Value, T::Colon | T::Unknown) => self.skip(),
            (Wait::Colon, _) => self.end_member("a colon and a value after this key"),
            (Wait::Value, kind) if is_value_start(kind) && !self.is_key_ahead() => self.value(lexeme),
            (Wait::Value, _) => self.end_member("a value after the colon"),
            (_, T::CloseBracket) => self.close_outer(lexeme, false),
            (_, _) => self.skip(),
        }
    }

    fn in_array(&mut self, lexeme: Lexeme, frame: Frame) {
        use TokenKind as T;
        match (frame.wait, lexeme.kind) {
            (_, T::CloseBracket) => {
                if frame.wait == Wait::Next {
                    self.error(Wrong::TrailingComma, self.previous);
                }
                self.close_container();
            }
            (_, T::CloseBrace) => self.close_outer(lexeme, true),
            (Wait::Comma, T::Comma) => {
                self.take();
                self.wait(Wait::Next);
            }
            (Wait::Comma, kind) if is_value_start(kind) => {
                self.error(Wrong::Expected("a comma before this"), lexeme.range);
                self.value(lexeme);
            }
            (_, kind) if is_value_start(kind) => self.value(lexeme),
            (_, _) => self.skip(),
        }
    }

    fn at_end(&mut self) {
        if let Some(frame) = self.stack.last() {
            let bracket = frame.bracket;
            if frame.is_object && frame.wait == Wait::Value {
                self.error(Wrong::Expected("a value after the colon"), self.previous);
            }
            self.error(Wrong::Unclosed, bracket);
        } else if !self.rooted {
            self.error(Wrong::Empty, TextRange::empty(self.previous.end()));
        }
        while let Some(frame) = self.stack.pop() {
            self.close_node(frame, self.previous);
        }
    }

    fn key(&mut self, lexeme: Lexeme) {
        self.builder.open(NodeKind::Member, lexeme.range.start());
        let style = lexeme.string_style();
        if style == StringStyle::Bare {
            self.error(Wrong::UnquotedKey, lexeme.range);
        }
        self.builder.leaf(NodeKind::String(style), lexeme.range);
        self.take();
        self.wait(Wait::Colon);
    }

    /// Closes a member that has no value. The next thing on this level may be a key: its comma is not
    /// missed as well.
    fn end_member(&mut self, expected: &'static str) {
        self.error(Wrong::Expected(expected), self.previous);
        self.builder.close(self.previous.end());
        let is_key = self.is_key_ahead();
        self.wait(if is_key { Wait::First } else { Wait::Comma });
    }

    fn value(&mut self, lexeme: Lexeme) {
        use TokenKind as T;
        let leaf = match lexeme.kind {
            T::OpenBrace | T::OpenBracket => {
                if self.stack.len() >= self.nesting_max {
                    return self.too_deep(lexeme);
                }
                let is_object = lexeme.kind == T::OpenBrace;
                let kind = if is_object { NodeKind::Object } else { NodeKind::Array };
                self.builder.open(kind, lexeme.range.start());
                self.stack.push(Frame { is_object, wait: Wait::First, bracket: lexeme.range });
                self.take();
                return;
            }
            T::String | T::UnterminatedString => NodeKind::String(lexeme.string_style()),
            T::Substitution => NodeKind::Substitution,
            T::Number => {
                if !is_json_number(self.lexer.slice(lexeme.range)) {
                    self.error(Wrong::InvalidNumber, lexeme.range);
                }
                NodeKind::Number
            }
            _ => match self.lexer.slice(lexeme.range) {
                "true" | "false" => NodeKind::Bool,
                "null" => NodeKind::Null,
                _ => {
                    self.error(Wrong::Expected("a JSON value"), lexeme.range);
                    NodeKind::Error
                }
            },
        };
        self.builder.leaf(leaf, lexeme.range);
        self.take();
        self.value_done();
    }

    /// Steps over a value that is nested too deep; brackets are counted, not matched.
    fn too_deep(&mut self, lexeme: Lexeme) {
        use TokenKind as T;
        self.error(Wrong::TooDeep(self.nesting_max), lexeme.range);
        let mut depth = 0_usize;
        while let Some(inner) = self.current {
            match inner.kind {
                T::OpenBrace | T::OpenBracket => depth += 1,
                T::CloseBrace | T::CloseBracket => depth -= 1,
                _ => {}
            }
            self.take();
            if depth == 0 {
                break;
            }
        }
        self.builder.leaf(NodeKind::Error, lexeme.range.cover(self.previous));
        self.value_done();
    }

    /// After a value: closes the member it belongs to and waits for a comma.
    fn value_done(&mut self) {
        if self.stack.last().is_some_and(|frame| frame.is_object) {
            self.builder.close(self.previous.end());
        }
        self.wait(Wait::Comma);
    }

    fn close_container(&mut self) {
        let end = self.take();
        if let Some(frame) = self.stack.pop() {
            self.close_node(frame, end);
            self.value_done();
        }
    }

    fn close_node(&mut self, frame: Frame, last: TextRange) {
        if frame.is_object && matches!(frame.wait, Wait::Colon | Wait::Value) {
            self.builder.close(last.end());
        }
        self.builder.close(last.end());
    }

    /// A closing bracket of the other kind: it belongs to a container further out, if there is one.
    fn close_outer(&mut self, lexeme: Lexeme, closes_object: bool) {
        if !self.stack.iter().any(|frame| frame.is_object == closes_object) {
            return self.skip();
        }
        while let Some(frame) = self.stack.last().copied().filter(|frame| frame.is_object != closes_object) {
            self.error(Wrong::Unclosed, frame.bracket);
            self.stack.pop();
            self.close_node(frame, self.previous);
            self.value_done();
        }
        debug_assert!(lexeme.range.len() == 1);
    }

    fn wait(&mut self, wait: Wait) {
        if let Some(frame) = self.stack.last_mut() {
            frame.wait = wait;
        }
    }

    fn skip(&mut self) {
        if let Some(lexeme) = self.current {
            self.error(Wrong::Unexpected, lexeme.range);
            self.take();
        }
    }

    fn error(&mut self, kind: Wrong, range: TextRange) {
        self.builder.error(kind, range);
    }

    /// Whether the next token is a key: a string or word with a colon behind it.
    fn is_key_ahead(&mut self) -> bool {
        if self.current.is_none_or(|first| first.string_style() == StringStyle::Missing) {
            return false;
        }
        let after = match self.after {
            Some(after) => after,
            None => self.lex(),
        };
        self.after = Some(after);
        after.is_some_and(|after| after.kind == TokenKind::Colon)
    }

    fn take(&mut self) -> TextRange {
        if let Some(lexeme) = self.current {
            self.previous = lexeme.range;
            self.current = match self.after.take() {
                Some(after) => after,
                None => self.lex(),
            };
        }
        self.previous
    }

    /// The next token that is no trivia. All are recorded on the way.
    fn lex(&mut self) -> Option<Lexeme> {
        loop {
            let start = self.lexer.at;
            let kind = self.lexer.next()?;
            self.builder.token(kind, start);
            let range = TextRange::from_usize(start..self.lexer.at);
            if let Some((wrong, at)) = self.lexer.flaw.take() {
                let range = at.map_or(range, TextRange::from_usize);
                self.builder.error(wrong, range);
            }
            if !matches!(kind, TokenKind::Whitespace | TokenKind::Comment) {
                return Some(Lexeme { kind, range, has_escape: self.lexer.has_escape });
            }
        }
    }
}

impl Lexeme {
    /// What string it is as a key or value.
    fn string_style(self) -> StringStyle {
        match self.kind {
            TokenKind::String if self.has_escape => StringStyle::Escaped,
            TokenKind::String => StringStyle::Quoted,
            TokenKind::UnterminatedString => StringStyle::Unterminated,
            TokenKind::Word | TokenKind::Number | TokenKind::Substitution => StringStyle::Bare,
            _ => StringStyle::Missing,
        }
    }
}

fn is_value_start(kind: TokenKind) -> bool {
    use TokenKind as T;
    matches!(
        kind,
        T::OpenBrace
            | T::OpenBracket
            | T::String
            | T::UnterminatedString
            | T::Number
            | T::Word
            | T::Substitution
    )
}

/// Bytes of a substitution that is looked for: a longer one would make a text of many beginnings slow.
const SUBSTITUTION_BYTES_MAX: usize = 1_024;

/// The length of a `${…}` that ends in its line. Braces within are matched.
fn substitution_len(text: &[u8]) -> Option<usize> {
    let mut depth = 0usize;
    for (idx, byte) in text.strip_prefix(b"$")?.iter().take(SUBSTITUTION_BYTES_MAX).enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.checked_sub(1)?,
            b'\n' | b'\r' => return None,
            _ => {}
        }
        if depth == 0 {
            return (idx > 0).then_some(idx + 2);
        }
    }
    None
}

fn is_json_number(text: &str) -> bool {
    text.parse::<serde_json::Number>().is_ok()
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// What is wrong within the last token.
    flaw: Option<Flaw>,
    /// Whether the last string has an escape sequence.
    has_escape: bool,
}

/// What is wrong within a token, and where if not the token as a whole.
type Flaw = (Wrong, Option<Range<usize>>);

impl<'a> Lexer<'a> {
    fn slice(&self, range: TextRange) -> &'a str {
        self.text.get(range.to_usize()).unwrap_or_default()
    }

    fn next(&mut self) -> Option<TokenKind> {
        use TokenKind as T;
        let rest = self.text.as_bytes().get(self.at..)?;
        let kind = match rest.first()? {
            b'{' => T::OpenBrace,
            b'}' => T::CloseBrace,
            b'[' => T::OpenBracket,
            b']' => T::CloseBracket,
            b',' => T::Comma,
            b':' => T::Colon,
            b'"' => return Some(self.string(rest)),
            b' ' | b'\t' | b'\n' | b'\r' => {
                return self.run(T::Whitespace, rest, |b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'));
            }
            b'-' | b'+' | b'.' | b'0'..=b'9' => {
                return self
                    .run(T::Number, rest, |b| matches!(b, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'));
            }
            b'$' if substitution_len(rest).is_some() => {
                self.at += substitution_len(rest).unwrap_or(1);
                return Some(T::Substitution);
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' => {
                return self.run(T::Word, rest, |b| {
                    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'.' | b'-')
                });
            }
            b'/' if matches!(rest.get(1), Some(b'/' | b'*')) => return Some(self.comment(rest)),
            _ => {
                let len =
                    self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                self.at += len;
                return Some(T::Unknown);
            }
        };
        self.at += 1;
        Some(kind)
    }

    fn run(&mut self, kind: TokenKind, rest: &[u8], belongs: impl Fn(u8) -> bool) -> Option<TokenKind> {
        self.at += rest.iter().position(|&b| !belongs(b)).unwrap_or(rest.len());
        Some(kind)
    }

    fn string(&mut self, rest: &[u8]) -> TokenKind {
        self.has_escape = false;
        let mut i = 1;
        loop {
            // Most of a string is plain: find its end or the next thing to look at.
            let plain = rest.get(i..).unwrap_or_default();
            i += plain.iter().position(|&b| b < 0x20 || b == b'"' || b == b'\\').unwrap_or(plain.len());
            match rest.get(i) {
                Some(b'"') => {
                    self.at += i + 1;
                    return TokenKind::String;
                }
                Some(b'\\') => {
                    self.has_escape = true;
                    let escaped = rest.get(i + 1).copied().unwrap_or(b'\n');
                    let is_hex =
                        || rest.get(i + 2..i + 6).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
                    let is_escape = match escaped {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => true,
                        b'u' => is_hex(),
                        _ => false,
                    };
                    if !is_escape {
                        let start = self.at + i;
                        let escaped = self.text.get(start + 1..).and_then(|rest| rest.chars().next());
                        let end = start + 1 + escaped.map_or(0, char::len_utf8);
                        self.flaw.get_or_insert((Wrong::InvalidEscape, Some(start..end)));
                    }
                    // The escaped byte is stepped over unless it ends the line or starts a character.
                    i += if escaped.is_ascii() && escaped >= 0x20 { 2 } else { 1 };
                }
                Some(b'\n' | b'\r') | None => {
                    self.at += i;
                    self.flaw = Some((Wrong::UnterminatedString, None));
                    return TokenKind::UnterminatedString;
                }
                Some(_) => {
                    let start = self.at + i;
                    self.flaw.get_or_insert((Wrong::ControlCharacter, Some(start..start + 1)));
                    i += 1;
                }
            }
        }
    }

    fn comment(&mut self, rest: &[u8]) -> TokenKind {
        let len = if rest.get(1) == Some(&b'/') {
            rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len())
        } else {
            let body = rest.get(2..).unwrap_or_default();
            body.windows(2).position(|pair| pair == b"*/").map_or(rest.len(), |at| at + 4)
        };
        self.at += len;
        self.flaw = Some((Wrong::Comment, None));
        TokenKind::Comment
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;
    use crate::syntax::Node;

    fn parse(text: &str) -> Parse {
        parse_json(SourceText::new(text), 16)
    }

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let parse = parse(text);
        let mut shown = String::new();
        if let Some(root) = parse.root() {
            render(root, &mut shown);
        }
        for error in parse.errors() {
            let range = error.range.to_usize();
            shown += &format!("\n{:?} {:?}: {}", error.range, &text[range], error.message());
        }
        expected.assert_eq(&shown);
    }

    fn render(node: Node<'_>, out: &mut String) {
        match node.kind() {
            NodeKind::Object | NodeKind::Array => {
                out.push(if node.is_object() { '{' } else { '[' });
                for (i, child) in node.children().enumerate() {
                    out.push_str(if i > 0 { ", " } else { "" });
                    render(child, out);
                }
                out.push(if node.is_object() { '}' } else { ']' });
            }
            NodeKind::Member => {
                for (i, child) in node.children().enumerate() {
                    out.push_str(if i > 0 { ": " } else { "" });
                    render(child, out);
                }
            }
            NodeKind::Error => *out += &format!("<{}>", node.raw()),
            _ => out.push_str(node.raw()),
        }
    }

    #[test]
    fn valid() {
        check(
            r#" {"a": [1, true, null, "x"], "b": {}} "#,
            expect![[r#"{"a": [1, true, null, "x"], "b": {}}"#]],
        );
    }

    #[test]
    fn empty() {
        check(
            " \n",
            expect![[r#"

            0..0 "": The document is empty: a state machine is a JSON object"#]],
        );
    }

    #[test]
    fn substitutions_stand_for_values() {
        check(
            r#"{"a": ${b}, "c": [${d["e"]}, ${f({})}]}"#,
            expect![[r#"{"a": ${b}, "c": [${d["e"]}, ${f({})}]}"#]],
        );
        check(
            "[${a",
            expect![[r#"
            [<$>, {a}]
            1..2 "$": Expected a JSON value
            2..3 "{": Expected a comma before this
            2..3 "{": This bracket is never closed
            3..4 "a": Keys must be strings in double quotes"#]],
        );
    }

    #[test]
    fn missing_comma() {
        check(
            "{\"a\": 1\n \"b\": 2}",
            expect![[r#"
            {"a": 1, "b": 2}
            9..12 "\"b\"": Expected a comma before this"#]],
        );
    }

    #[test]
    fn missing_value_before_a_member() {
        check(
            "{\"Next\":\n \"End\": true}",
            expect![[r#"
            {"Next", "End": true}
            7..8 ":": Expected a value after the colon"#]],
        );
    }

    #[test]
    fn missing_value_at_the_end() {
        check(
            "{\"Next\": }",
            expect![[r#"
            {"Next"}
            7..8 ":": Expected a value after the colon"#]],
        );
    }

    #[test]
    fn missing_colon() {
        check(
            "{\"a\" 1, \"b\" \"c\": 2}",
            expect![[r#"
            {"a": 1, "b", "c": 2}
            5..6 "1": Expected a colon before this
            8..11 "\"b\"": Expected a colon and a value after this key"#]],
        );
    }

    #[test]
    fn half_typed_key() {
        check(
            "{\"a\": 1, \"Ne\n}",
            expect![[r#"
            {"a": 1, "Ne}
            9..12 "\"Ne": This string has no closing quote
            9..12 "\"Ne": Expected a colon and a value after this key"#]],
        );
    }

    #[test]
    fn half_typed_string_ends_with_its_line() {
        check(
            "{\"A\": {\"Next\": \"\n}, \"B\": {}}",
            expect![[r#"
            {"A": {"Next": "}, "B": {}}
            15..16 "\"": This string has no closing quote"#]],
        );
    }

    #[test]
    fn unclosed() {
        check(
            "{\"a\": [1, {\"b\":",
            expect![[r#"
            {"a": [1, {"b"}]}
            10..11 "{": This bracket is never closed
            14..15 ":": Expected a value after the colon"#]],
        );
    }

    #[test]
    fn closing_bracket_of_an_outer_container() {
        check(
            "{\"a\": [1, {\"b\": 2], \"c\": 3}",
            expect![[r#"
            {"a": [1, {"b": 2}], "c": 3}
            10..11 "{": This bracket is never closed"#]],
        );
    }

    #[test]
    fn closing_bracket_of_nothing() {
        check(
            "{\"a\": 1]}",
            expect![[r#"
            {"a": 1}
            7..8 "]": This cannot stand here"#]],
        );
    }

    #[test]
    fn trailing_commas_and_comments() {
        check(
            "{\"a\": [1,], // x\n \"b\": 2,}",
            expect![[r#"
            {"a": [1], "b": 2}
            8..9 ",": JSON allows no comma after the last element
            12..16 "// x": JSON has no comments; use a "Comment" field
            24..25 ",": JSON allows no comma after the last element"#]],
        );
    }

    #[test]
    fn words_and_numbers_that_are_none() {
        check(
            "{a: tru, b: 1.e5, \"c\": 'x'}",
            expect![[r#"
            {a: <tru>, b: 1.e5, "c": <x>}
            1..2 "a": Keys must be strings in double quotes
            4..7 "tru": Expected a JSON value
            9..10 "b": Keys must be strings in double quotes
            12..16 "1.e5": This is not a number that JSON can hold
            23..24 "'": This cannot stand here
            24..25 "x": Expected a JSON value
            25..26 "'": This cannot stand here"#]],
        );
    }

    #[test]
    fn escapes() {
        check(
            r#"["\q", "\u00g0", "é\"", "\\"]"#,
            expect![[r#"
            ["\q", "\u00g0", "é\"", "\\"]
            2..4 "\\q": JSON has no such escape sequence
            8..10 "\\u": JSON has no such escape sequence"#]],
        );
    }

    #[test]
    fn text_after_the_end() {
        check(
            "{} {}",
            expect![[r#"
            {}
            3..4 "{": The document ends before this"#]],
        );
    }

    #[test]
    fn too_deep() {
        let deep = "[".repeat(20) + &"]".repeat(20);
        let parse = parse(&deep);
        assert_eq!(parse.errors().iter().map(|error| error.kind).collect::<Vec<_>>(), [Wrong::TooDeep(16)]);
    }

    #[test]
    fn two_hundred_thousand_brackets() {
        let parse = parse(&"[".repeat(200_000));
        assert_eq!(parse.errors().len(), 2);
        assert_eq!(parse.tokens().len(), 200_000);
    }

    #[test]
    fn pointers_lead_there_and_back() {
        let parse = parse(r#"{"a/b": [1, {"c~d": 2}]}"#);
        let node = parse.resolve("/a~1b/1/c~0d").unwrap();
        assert_eq!((node.raw(), node.pointer().as_str()), ("2", "/a~1b/1/c~0d"));
    }

    #[test]
    fn elements_and_their_places() {
        let parse = parse(&format!("[{}[]]", "[0, 1], {}, ".repeat(50)));
        let array = parse.root().unwrap();
        assert_eq!(array.elements().count(), 101);
        for (idx, element) in array.elements().enumerate() {
            assert_eq!((array.element(idx), element.element_idx()), (Some(element), Some(idx)));
        }
        assert_eq!((array.element(101), array.element_idx()), (None, None));
        let inner = array.element(98).unwrap();
        assert_eq!((inner.element(1).and_then(Node::element_idx), inner.element(2)), (Some(1), None));
    }

    fn jsonish() -> impl Strategy<Value = String> {
        let token = prop_oneof![
            Just("{"),
            Just("}"),
            Just("["),
            Just("]"),
            Just(","),
            Just(":"),
            Just("\"a\""),
            Just("\"é"),
            Just("1"),
            Just("-"),
            Just("true"),
            Just("x"),
            Just(" "),
            Just("\n"),
            Just("\\"),
            Just("/*"),
            Just("😀"),
        ];
        prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
    }

    #[test]
    fn flaws_are_whole_characters() {
        check(
            "[\"\\é\", \"\u{1}é\"]",
            expect![[r#"
            ["\é", "é"]
            2..5 "\\é": JSON has no such escape sequence
            9..10 "\u{1}": Control characters in strings must be escaped"#]],
        );
    }

    proptest! {
        #[test]
        fn tokens_tile_any_text(text in jsonish()) {
            let parse = parse(&text);
            let tiled: String = (0..parse.tokens().len())
                .map(|idx| parse.source().slice(parse.token_range(idx)).to_owned()).collect();
            prop_assert_eq!(tiled, text);
            for (id, _) in parse.nodes.iter().enumerate() {
                let node = parse.node(crate::syntax::NodeId(crate::syntax::builder::size(id)));
                if let Some(parent) = node.parent() {
                    prop_assert!(parent.range().contains_range(node.range()), "{node:?} in {parent:?}");
                }
            }
        }

        #[test]
        fn a_text_without_errors_is_what_serde_json_says(text in jsonish()) {
            let parse = parse(&text);
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            prop_assert_eq!(parse.errors().is_empty(), theirs.is_ok(), "{:?}", parse.errors());
            if let Ok(theirs) = theirs {
                prop_assert_eq!(parse.root().map(Node::to_value), Some(theirs));
            }
        }
    }
}
