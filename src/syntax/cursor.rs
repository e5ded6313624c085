//! What is at a place in a document, also in one that is half typed.
//!
//! The tree tells what is there; this tells what could be: where the next key or value would go, what would have to
//! be replaced by it, and which quotes, colons and commas are still missing around it. It follows the tokens up to
//! the place, waiting for the same things as the parser does.

use super::{Format, Member, Node, NodeKind, Parse, Token, TokenKind, yaml};
use crate::text::{TextRange, TextSize};

/// A place in a document, with what could be put there.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    /// What stands there or could.
    pub place: Place<'a>,
    /// What is replaced by something that is put there: the string or word that is being typed, quotes included;
    /// empty where there is none. Never longer than a line.
    pub replace: TextRange,
    /// Where a comma is missing before it: behind what precedes.
    pub comma_before: Option<TextSize>,
    /// Whether a comma has to follow it.
    pub needs_comma_after: bool,
}

/// What stands at a place or could.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// A key, or a whole member.
    Key {
        /// The object it is of.
        object: Node<'a>,
        /// The member whose key is being typed.
        member: Option<Member<'a>>,
        /// Whether a colon follows, so that only the key is wanted.
        has_colon: bool,
    },
    /// The value of a member.
    Value {
        /// The member.
        member: Member<'a>,
        /// Whether the colon before it is missing.
        needs_colon: bool,
    },
    /// An element of an array.
    Element {
        /// The array.
        array: Node<'a>,
        /// What stands there, if that is known.
        element: Option<Node<'a>>,
    },
    /// The document's own value.
    Root,
}

/// What an open container waits for, as in the parser.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wait {
    First,
    Next,
    /// The colon after the key that begins here.
    Colon(TextSize),
    /// The value after the colon of the key that begins here.
    Value(TextSize),
    Comma,
}

struct Open {
    is_object: bool,
    start: TextSize,
    wait: Wait,
}

/// What is at an offset; none within comments, and where nothing can be put.
pub fn cursor(parse: &Parse, offset: TextSize) -> Option<Cursor<'_>> {
    if parse.format() == Format::Yaml {
        return yaml::cursor(parse, offset);
    }
    let tokens = Tokens { parse };
    let current = tokens.current(offset)?;
    let start = current.map_or(offset, |idx| parse.token_range(idx).start());
    let (stack, previous, is_rooted) = tokens.walk_to(start);
    let replace = current.map_or(TextRange::empty(offset), |idx| tokens.replaced(idx, offset));
    let next = tokens.significant_from(replace.end());
    let is_key = current.is_some() && next.is_some_and(|idx| tokens.kind(idx) == Some(TokenKind::Colon));
    let Some(top) = stack.last() else {
        let place = (!is_rooted && next.is_none()).then_some(Place::Root)?;
        return Some(Cursor { place, replace, comma_before: None, needs_comma_after: false });
    };
    let node = parse.node_at(top.start).filter(|node| node.range().start() == top.start)?;
    if !top.is_object {
        let array = Some(node).filter(|node| node.is_array())?;
        let comma_before = (top.wait == Wait::Comma).then_some(previous.end());
        let needs_comma_after = tokens.needs_comma(replace.end());
        return Some(Cursor {
            place: Place::Element { array, element: None },
            replace,
            comma_before,
            needs_comma_after,
        });
    }
    let object = Some(node).filter(|node| node.is_object())?;
    let member_at = |start: TextSize| object.members().find(|it| it.key_node().range().start() == start);
    match top.wait {
        Wait::Colon(key) | Wait::Value(key) if !is_key => {
            let needs_colon = matches!(top.wait, Wait::Colon(_));
            let place = Place::Value { member: member_at(key)?, needs_colon };
            if current.is_none() && next.is_some_and(|idx| tokens.kind(idx) == Some(TokenKind::Colon)) {
                // Between a key and its colon.
                return None;
            }
            if current.is_some() {
                let needs_comma_after = tokens.needs_comma(replace.end());
                return Some(Cursor { place, replace, comma_before: None, needs_comma_after });
            }
            // There may be a value behind the cursor already: it is replaced if it is on the same line.
            let value = next.filter(|&idx| tokens.is_value(idx));
            let replace = match value {
                None => replace,
                Some(idx) if tokens.is_scalar(idx) => {
                    let covered = replace.cover(parse.token_range(idx));
                    // On another line it is a key that is half typed.
                    if parse.source().slice(covered).contains('\n') { replace } else { covered }
                }
                Some(_) => return None,
            };
            let needs_comma_after = tokens.needs_comma(replace.end());
            Some(Cursor { place, replace, comma_before: None, needs_comma_after })
        }
        wait => {
            let has_colon = next.is_some_and(|idx| tokens.kind(idx) == Some(TokenKind::Colon));
            let place = Place::Key { object, member: current.and_then(|_| member_at(start)), has_colon };
            let comma_before = (wait == Wait::Comma).then_some(previous.end());
            let needs_comma_after = !has_colon && tokens.needs_comma(replace.end());
            Some(Cursor { place, replace, comma_before, needs_comma_after })
        }
    }
}

#[derive(Clone, Copy)]
struct Tokens<'a> {
    parse: &'a Parse,
}

impl Tokens<'_> {
    fn kind(self, idx: usize) -> Option<TokenKind> {
        self.parse.tokens().get(idx).map(|token| token.kind)
    }

    /// The string or word that is being typed at an offset; `None` within a comment.
    fn current(self, offset: TextSize) -> Option<Option<usize>> {
        let Some(at) = self.parse.token_at(offset) else { return Some(None) };
        let before = at.checked_sub(1).filter(|_| self.parse.token_range(at).start() == offset);
        for idx in before.into_iter().chain([at]) {
            let range = self.parse.token_range(idx);
            let is_inside = range.start() < offset && offset < range.end();
            match self.kind(idx) {
                Some(TokenKind::String) if is_inside => return Some(Some(idx)),
                Some(TokenKind::UnterminatedString) if range.start() < offset => return Some(Some(idx)),
                Some(TokenKind::Word | TokenKind::Number) if range.touches(offset) => return Some(Some(idx)),
                Some(TokenKind::Comment) if range.start() < offset => return None,
                _ => {}
            }
        }
        Some(None)
    }

    /// The containers that are open at an offset, the last token before it, and whether the document's value began.
    fn walk_to(self, offset: TextSize) -> (Vec<Open>, TextRange, bool) {
        let mut stack: Vec<Open> = Vec::new();
        let mut previous = TextRange::default();
        let mut is_rooted = false;
        for (idx, &Token { kind, start }) in self.parse.tokens().iter().enumerate() {
            if start >= offset {
                break;
            }
            if matches!(kind, TokenKind::Whitespace | TokenKind::Comment) {
                continue;
            }
            previous = self.parse.token_range(idx);
            match kind {
                TokenKind::OpenBrace | TokenKind::OpenBracket => {
                    let is_object = kind == TokenKind::OpenBrace;
                    stack.push(Open { is_object, start, wait: Wait::First });
                    is_rooted = true;
                }
                TokenKind::CloseBrace | TokenKind::CloseBracket => {
                    let is_object = kind == TokenKind::CloseBrace;
                    // One of the other kind closes what is further out, if it can.
                    if let Some(depth) = stack.iter().rposition(|open| open.is_object == is_object) {
                        stack.truncate(depth);
                        if let Some(outer) = stack.last_mut() {
                            outer.wait = Wait::Comma;
                        }
                    }
                }
                _ => match stack.last_mut() {
                    Some(top) => top.wait = self.after(top, idx, kind, start),
                    None => is_rooted |= is_scalar(kind),
                },
            }
        }
        (stack, previous, is_rooted)
    }

    /// What a container waits for after a token that is no bracket.
    fn after(self, top: &Open, idx: usize, kind: TokenKind, start: TextSize) -> Wait {
        match kind {
            TokenKind::Comma => Wait::Next,
            TokenKind::Colon => match top.wait {
                Wait::Colon(key) => Wait::Value(key),
                wait => wait,
            },
            _ if !is_scalar(kind) => top.wait,
            _ if !top.is_object => Wait::Comma,
            _ => match top.wait {
                Wait::Colon(_) | Wait::Value(_) if !self.is_key(idx) => Wait::Comma,
                _ => Wait::Colon(start),
            },
        }
    }

    /// Whether a colon follows a token.
    fn is_key(self, idx: usize) -> bool {
        self.significant(idx + 1).is_some_and(|next| self.kind(next) == Some(TokenKind::Colon))
    }

    /// The first token at or after an offset that is neither white space nor a comment.
    fn significant_from(self, offset: TextSize) -> Option<usize> {
        let tokens = self.parse.tokens();
        let idx = tokens.partition_point(|token| token.start < offset);
        // An offset within a token, as at the end of what replaces part of it.
        if let Some(before) =
            idx.checked_sub(1).filter(|&before| self.parse.token_range(before).end() > offset)
        {
            let text =
                self.parse.source().slice(TextRange::new(offset, self.parse.token_range(before).end()));
            if !text.trim().is_empty() {
                return Some(before);
            }
        }
        self.significant(idx)
    }

    /// The first token from this one on that is neither white space nor a comment.
    fn significant(self, idx: usize) -> Option<usize> {
        let is_trivia = |kind| matches!(kind, TokenKind::Whitespace | TokenKind::Comment);
        (idx..self.parse.tokens().len()).find(|&idx| !self.kind(idx).is_some_and(is_trivia))
    }

    /// Whether something that is put before an offset has to end with a comma.
    fn needs_comma(self, offset: TextSize) -> bool {
        let rest = TextRange::new(offset, self.parse.source().len());
        let next = self.parse.source().slice(rest).trim_start().chars().next();
        next.is_some_and(|next| !matches!(next, ',' | '}' | ']' | ':'))
    }

    /// Whether a token begins a value rather than a key.
    fn is_value(self, idx: usize) -> bool {
        let kind = self.kind(idx);
        matches!(kind, Some(TokenKind::OpenBrace | TokenKind::OpenBracket))
            || (kind.is_some_and(is_scalar) && !self.is_key(idx))
    }

    fn is_scalar(self, idx: usize) -> bool {
        self.kind(idx).is_some_and(is_scalar)
    }

    /// What is replaced when a token is. Where its closing quote is missing, the commas and brackets behind the
    /// cursor were there before the string was begun, and stay.
    fn replaced(self, idx: usize, offset: TextSize) -> TextRange {
        let range = self.parse.token_range(idx);
        let rest = self.parse.source().slice(TextRange::new(offset, range.end()));
        match self.kind(idx) {
            Some(TokenKind::UnterminatedString) => {
                let kept = TextSize::try_from(structure_at_end(rest).len()).unwrap_or(0);
                TextRange::new(range.start(), range.end() - kept)
            }
            // The quote that closes it opens the next string on the same line: only brackets and commas lie between,
            // and a word follows.
            Some(TokenKind::String) => {
                let inner = rest.strip_suffix('"').unwrap_or(rest);
                let is_structure = !inner.trim().is_empty() && structure_at_end(inner).len() == inner.len();
                let after = TextRange::new(range.end(), self.parse.source().len());
                let next = self.parse.source().slice(after).chars().next();
                let is_word = next.is_some_and(|next| !next.is_whitespace() && !",}]:".contains(next));
                if is_structure && is_word { TextRange::new(range.start(), offset) } else { range }
            }
            _ => range,
        }
    }
}

/// The commas, closing brackets and blanks at the end of a text.
fn structure_at_end(text: &str) -> &str {
    let body = text.trim_end_matches([',', '}', ']', ' ', '\t']);
    text.get(body.len()..).unwrap_or_default()
}

fn is_scalar(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::String | TokenKind::UnterminatedString | TokenKind::Number | TokenKind::Word)
}

impl<'a> Place<'a> {
    /// The object or array it is in.
    pub fn container(self) -> Option<Node<'a>> {
        match self {
            Place::Key { object, .. } => Some(object),
            Place::Value { member, .. } => {
                member.node().parent().filter(|parent| parent.kind() == NodeKind::Object)
            }
            Place::Element { array, .. } => Some(array),
            Place::Root => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::syntax::parse_json;
    use crate::text::SourceText;

    /// The place, what is replaced, and what is missing around it.
    #[track_caller]
    fn check(fixture: &str, expected: Expect) {
        let at = fixture.find("<|>").expect("a cursor");
        let source = SourceText::new(&fixture.replacen("<|>", "", 1));
        let parse = parse_json(source.clone(), 64);
        let shown = match cursor(&parse, TextSize::try_from(at).unwrap()) {
            None => "nothing".to_owned(),
            Some(cursor) => show(&cursor, &source),
        };
        expected.assert_eq(&shown);
    }

    fn show(cursor: &Cursor<'_>, source: &SourceText) -> String {
        let place = match cursor.place {
            Place::Key { object, member, has_colon } => {
                let member = member.map(|member| format!(" {:?}", member.key())).unwrap_or_default();
                let colon = if has_colon { " before a colon" } else { "" };
                format!("key{member} of {}{colon}", object.pointer())
            }
            Place::Value { member, needs_colon } => {
                format!("value of {:?}{}", member.key(), if needs_colon { " without colon" } else { "" })
            }
            Place::Element { array, .. } => format!("element of {}", array.pointer()),
            Place::Root => "root".to_owned(),
        };
        let replace = source.slice(cursor.replace);
        let before = cursor.comma_before.map(|at| format!(", comma at {at}")).unwrap_or_default();
        let after = if cursor.needs_comma_after { ", comma after" } else { "" };
        format!("{place}, replaces {replace:?}{before}{after}")
    }

    #[test]
    fn keys_in_quotes() {
        check(r#"{"<|>"}"#, expect![[r#"key "" of , replaces "\"\"""#]]);
        check(r#"{"Ne<|>"}"#, expect![[r#"key "Ne" of , replaces "\"Ne\"""#]]);
        check(
            r#"{"a": {"Ne<|>xt": 1}}"#,
            expect![[r#"key "Next" of /a before a colon, replaces "\"Next\"""#]],
        );
        check(r#"{"a": 1, "Ne<|>" "b": 2}"#, expect![[r#"key "Ne" of , replaces "\"Ne\"", comma after"#]]);
        check(r#"{"a": 1 "Ne<|>", "b": 2}"#, expect![[r#"key "Ne" of , replaces "\"Ne\"", comma at 7"#]]);
    }

    #[test]
    fn keys_without_quotes() {
        check(r#"{Ne<|>}"#, expect![[r#"key "Ne" of , replaces "Ne""#]]);
        check(r#"{"a": 1, Ne<|>: 2}"#, expect![[r#"key "Ne" of  before a colon, replaces "Ne""#]]);
        check(r#"{"a": true Ne<|>}"#, expect![[r#"key "Ne" of , replaces "Ne", comma at 10"#]]);
    }

    #[test]
    fn keys_that_are_not_there_yet() {
        check("{<|>}", expect![[r#"key of , replaces """#]]);
        check("<|>{}", expect!["nothing"]);
        check("{}<|>", expect!["nothing"]);
        check(r#"{"a": 1, <|>}"#, expect![[r#"key of , replaces """#]]);
        check(r#"{"a": 1<|>}"#, expect![[r#"value of "a", replaces "1""#]]);
        check(r#"{"a": 1 <|> "b": 2}"#, expect![[r#"key of , replaces "", comma at 7, comma after"#]]);
        check(r#"{"a": 1, <|> "b": 2}"#, expect![[r#"key of , replaces "", comma after"#]]);
        check(r#"{"a": 1 <|>, "b": 2}"#, expect![[r#"key of , replaces "", comma at 7"#]]);
        check(r#"{"a": {"b": []} <|>}"#, expect![[r#"key of , replaces "", comma at 15"#]]);
        check(r#"{<|> "a": 1}"#, expect![[r#"key of , replaces "", comma after"#]]);
        check(r#"{<|>: 1}"#, expect![[r#"key of  before a colon, replaces """#]]);
        check("{\"a\": {\n<|>", expect![[r#"key of /a, replaces """#]]);
    }

    #[test]
    fn quotes_that_are_not_closed() {
        check("{\"a\": 1,\n\"Ne<|>\n\"b\": 2}", expect![[r#"key "Ne" of , replaces "\"Ne", comma after"#]]);
        check("{\"a\": \"x<|>\n}", expect![[r#"value of "a", replaces "\"x""#]]);
        check("{\"a\": \"<|>,\n\"b\": 2}", expect![[r#"value of "a", replaces "\"""#]]);
        check("{\"a\": \"<|>}", expect![[r#"value of "a", replaces "\"""#]]);
        check("{\"a\": \"<|>}, \"b\": 1}", expect![[r#"value of "a", replaces "\"""#]]);
        check("{\"a\": \"<|>\n\"b\": 2}", expect![[r#"value of "a", replaces "\"", comma after"#]]);
        check("[\"<|>]", expect![[r#"element of , replaces "\"""#]]);
    }

    #[test]
    fn values() {
        check(r#"{"a": <|>}"#, expect![[r#"value of "a", replaces """#]]);
        check(r#"{"a":<|>}"#, expect![[r#"value of "a", replaces """#]]);
        check(r#"{"a": "${x<|>}", "b": 1}"#, expect![[r#"value of "a", replaces "\"${x}\"""#]]);
        check(r#"{"a": "x<|>y"}"#, expect![[r#"value of "a", replaces "\"xy\"""#]]);
        check(r#"{"a": tr<|>}"#, expect![[r#"value of "a", replaces "tr""#]]);
        check(r#"{"a": <|>"x"}"#, expect![[r#"value of "a", replaces "\"x\"""#]]);
        check(r#"{"a": <|> "x", "b": 1}"#, expect![[r#"value of "a", replaces " \"x\"""#]]);
        check(r#"{"a": <|> {}}"#, expect!["nothing"]);
        check("{\"a\": <|>\n\"b\": 1}", expect![[r#"value of "a", replaces "", comma after"#]]);
        check("{\"a\": <|>\n\"b\"}", expect![[r#"value of "a", replaces "", comma after"#]]);
        check(r#"{"a": "x<|>" "b": 1}"#, expect![[r#"value of "a", replaces "\"x\"", comma after"#]]);
        check(r#"{"a" <|>: 1}"#, expect!["nothing"]);
        check(r#"{"a" <|>}"#, expect![[r#"value of "a" without colon, replaces """#]]);
        check(r#"{"a" "x<|>"}"#, expect![[r#"value of "a" without colon, replaces "\"x\"""#]]);
        check(r#"{"a": [{"b": <|>"#, expect![[r#"value of "b", replaces """#]]);
    }

    #[test]
    fn a_key_is_typed_where_a_value_is_missing() {
        check(r#"{"a": "b<|>": 1}"#, expect![[r#"key "b" of  before a colon, replaces "\"b\"""#]]);
        check("{\"a\":\n\"b<|>\": 1}", expect![[r#"key "b" of  before a colon, replaces "\"b\"""#]]);
    }

    #[test]
    fn elements() {
        check("[<|>]", expect![[r#"element of , replaces """#]]);
        check("[1 <|>]", expect![[r#"element of , replaces "", comma at 2"#]]);
        check("[1, <|>]", expect![[r#"element of , replaces """#]]);
        check("[<|> 1]", expect![[r#"element of , replaces "", comma after"#]]);
        check(r#"["a<|>" "b"]"#, expect![[r#"element of , replaces "\"a\"", comma after"#]]);
        check(r#"{"a": ["x", "<|>"]}"#, expect![[r#"element of /a, replaces "\"\"""#]]);
        check(r#"{"a": [{}, <|>"#, expect![[r#"element of /a, replaces """#]]);
    }

    #[test]
    fn brackets_that_do_not_match() {
        check(r#"{"a": [1, {"b": 2, <|>]}"#, expect![[r#"key of /a/1, replaces """#]]);
        check(r#"{"a": {"b": [1, 2}, <|>}"#, expect![[r#"key of , replaces """#]]);
        check(r#"] {"a": 1, <|>}"#, expect![[r#"key of , replaces """#]]);
    }

    #[test]
    fn the_document_itself() {
        check("<|>", expect![[r#"root, replaces """#]]);
        check("  \n <|>\n", expect![[r#"root, replaces """#]]);
        check("st<|>", expect![[r#"root, replaces "st""#]]);
        check("1 <|>", expect!["nothing"]);
    }

    #[test]
    fn comments_are_left_alone() {
        check("{ // a <|>\n}", expect!["nothing"]);
        check("{ /* <|> */ }", expect!["nothing"]);
    }

    #[test]
    fn strings_with_escapes() {
        check(r#"{"a": "\"<|>"}"#, expect![[r#"value of "a", replaces "\"\\\"\"""#]]);
        check(r#"{"a\"b": "x<|>"}"#, expect![[r#"value of "a\"b", replaces "\"x\"""#]]);
    }
}
