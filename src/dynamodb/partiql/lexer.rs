//! Tokens of PartiQL.

use super::Problem;
use crate::text::TextRange;

/// A token and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: TextRange,
}

/// What a token is, quotes and escapes resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A keyword or a name without quotes, as written.
    Word(String),
    /// A name in double quotes.
    Quoted(String),
    /// A text in single quotes.
    Text(String),
    /// A number without sign, as written.
    Number(String),
    /// `?`
    Parameter,
    /// Punctuation or an operator.
    Symbol(&'static str),
    End,
}

/// Longer symbols come before those they begin with.
const SYMBOLS: &[&str] = &[
    "<<", ">>", "<>", "<=", ">=", "!=", "<", ">", "=", "(", ")", "[", "]", "{", "}", ",", ".", ":", "+", "-",
    "*", ";",
];

/// The tokens of a statement; the last is always [`TokenKind::End`].
pub(super) fn tokenize(text: &str) -> Result<Vec<Token>, Problem> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = text.get(start..).and_then(|rest| rest.chars().next()) {
        if first.is_whitespace() {
            start += first.len_utf8();
            continue;
        }
        let rest = text.get(start..).unwrap_or_default();
        let (kind, length) = token(rest, first).ok_or_else(|| {
            let range = TextRange::from_usize(start..start + first.len_utf8());
            let what =
                if matches!(first, '\'' | '"') { "Unterminated quote" } else { "Unexpected character" };
            Problem::malformed(what, range)
        })?;
        tokens.push(Token { kind, range: TextRange::from_usize(start..start + length) });
        start += length;
    }
    let end = TextRange::from_usize(text.len()..text.len());
    tokens.push(Token { kind: TokenKind::End, range: end });
    Ok(tokens)
}

/// The token at the beginning of `rest` with its length in bytes.
fn token(rest: &str, first: char) -> Option<(TokenKind, usize)> {
    let run = |accepts: fn(char) -> bool| rest.find(|c| !accepts(c)).unwrap_or(rest.len());
    if first == '\'' || first == '"' {
        let (text, length) = quoted(rest, first)?;
        return Some((if first == '"' { TokenKind::Quoted(text) } else { TokenKind::Text(text) }, length));
    }
    if first == '?' {
        return Some((TokenKind::Parameter, 1));
    }
    if first.is_alphabetic() || first == '_' || first == '$' {
        let length = run(|c| c.is_alphanumeric() || c == '_' || c == '$');
        return Some((TokenKind::Word(rest.get(..length)?.to_owned()), length));
    }
    if first.is_ascii_digit() {
        let length = number_length(rest);
        return Some((TokenKind::Number(rest.get(..length)?.to_owned()), length));
    }
    let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol))?;
    Some((TokenKind::Symbol(symbol), symbol.len()))
}

/// The text between two quotes, in which a doubled quote stands for one.
fn quoted(rest: &str, quote: char) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != quote {
            text.push(c);
        } else if chars.peek().is_some_and(|(_, next)| *next == quote) {
            text.push(quote);
            chars.next();
        } else {
            return Some((text, at + 1));
        }
    }
    None
}

fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let digits = |from: usize| {
        from + bytes.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end
}
