//! Tokens of expressions.
//!
//! Every byte that is not white space belongs to a token; a character that begins none is a token of its own, so
//! that the parser can name it. Keywords are names here: which words are keywords depends on the expression.

use crate::text::TextRange;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A name, a keyword or the name of a function.
    Name,
    /// `#name`
    NamePlaceholder,
    /// `:value`
    ValuePlaceholder,
    /// Decimal digits.
    Digits,
    /// `(`
    LeftParen,
    /// `)`
    RightParen,
    /// `[`
    LeftBracket,
    /// `]`
    RightBracket,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// A character that begins no token.
    Unknown,
    /// The end of the text.
    End,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub range: TextRange,
}

/// The tokens of `text`; the last is always the only [`TokenKind::End`].
pub fn tokenize(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 2 + 2);
    let mut token = token_after(text, 0);
    while token.kind != TokenKind::End {
        tokens.push(token);
        token = token_after(text, token.range.to_usize().end);
    }
    tokens.push(token);
    tokens
}

/// The first token at `start` or after it.
pub(super) fn token_after(text: &str, mut start: usize) -> Token {
    let bytes = text.as_bytes();
    while bytes.get(start).is_some_and(u8::is_ascii_whitespace) {
        start += 1;
    }
    let (kind, length) = match bytes.get(start) {
        Some(first) => token_at(text, start, *first),
        None => (TokenKind::End, 0),
    };
    Token { kind, range: TextRange::from_usize(start..start + length) }
}

/// Which bytes names and placeholders go on with. A table: most bytes of expressions are looked up.
const IS_OF_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < u8::MAX {
        table[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_';
        byte += 1;
    }
    table
};

fn token_at(text: &str, start: usize, first: u8) -> (TokenKind, usize) {
    let rest = text.as_bytes().get(start + 1..).unwrap_or_default();
    let word = || rest.iter().take_while(|byte| IS_OF_WORD[usize::from(**byte)]).count();
    let second = rest.first();
    match first {
        b'a'..=b'z' | b'A'..=b'Z' => (TokenKind::Name, 1 + word()),
        b'0'..=b'9' => (TokenKind::Digits, 1 + rest.iter().take_while(|byte| byte.is_ascii_digit()).count()),
        b'#' | b':' => match (word(), first) {
            (0, _) => (TokenKind::Unknown, 1),
            (length, b'#') => (TokenKind::NamePlaceholder, 1 + length),
            (length, _) => (TokenKind::ValuePlaceholder, 1 + length),
        },
        b'(' => (TokenKind::LeftParen, 1),
        b')' => (TokenKind::RightParen, 1),
        b'[' => (TokenKind::LeftBracket, 1),
        b']' => (TokenKind::RightBracket, 1),
        b',' => (TokenKind::Comma, 1),
        b'.' => (TokenKind::Dot, 1),
        b'=' => (TokenKind::Equal, 1),
        b'+' => (TokenKind::Plus, 1),
        b'-' => (TokenKind::Minus, 1),
        b'<' => match second {
            Some(b'>') => (TokenKind::NotEqual, 2),
            Some(b'=') => (TokenKind::LessOrEqual, 2),
            _ => (TokenKind::Less, 1),
        },
        b'>' if second == Some(&b'=') => (TokenKind::GreaterOrEqual, 2),
        b'>' => (TokenKind::Greater, 1),
        _ => (
            TokenKind::Unknown,
            text.get(start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let show = |token: Token| format!("{:?} {}", token.kind, &text[token.range.to_usize()]);
        expected.assert_eq(&tokenize(text).into_iter().map(show).collect::<Vec<_>>().join(" | "));
    }

    #[test]
    fn comparison() {
        check(
            "a.#b[1]<>:c",
            expect![[
                r#"Name a | Dot . | NamePlaceholder #b | LeftBracket [ | Digits 1 | RightBracket ] | NotEqual <> | ValuePlaceholder :c | End "#
            ]],
        );
    }

    #[test]
    fn characters_that_begin_no_token() {
        check("_a # é!", expect!["Unknown _ | Name a | Unknown # | Unknown é | Unknown ! | End "]);
    }
}
