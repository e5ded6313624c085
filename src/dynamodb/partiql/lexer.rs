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

impl TokenKind {
    /// Whether a path may end here, so that a point would lead on.
    fn ends_path(&self) -> bool {
        matches!(self, TokenKind::Word(_) | TokenKind::Quoted(_) | TokenKind::Symbol("]"))
    }
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
        // AWS: what is no token has no words.
        let problem = || Problem::malformed("", TextRange::from_usize(start..start + first.len_utf8()));
        if let Some(length) = comment(rest) {
            start += length.ok_or_else(problem)?;
            continue;
        }
        let follows_path = tokens.last().is_some_and(|token: &Token| token.kind.ends_path());
        let (kind, length) = token(rest, first, follows_path).ok_or_else(problem)?;
        tokens.push(Token { kind, range: TextRange::from_usize(start..start + length) });
        start += length;
    }
    let end = TextRange::from_usize(text.len()..text.len());
    tokens.push(Token { kind: TokenKind::End, range: end });
    Ok(tokens)
}

/// The length of the comment at the beginning of `rest`, if there is one: `Some(None)` for one without an end.
fn comment(rest: &str) -> Option<Option<usize>> {
    if rest.starts_with("--") {
        return Some(Some(rest.find(['\n', '\r']).unwrap_or(rest.len())));
    }
    let inside = rest.strip_prefix("/*")?;
    Some(inside.find("*/").map(|end| end + 4))
}

/// The token at the beginning of `rest` with its length in bytes.
fn token(rest: &str, first: char, follows_path: bool) -> Option<(TokenKind, usize)> {
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
    let begins_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    if begins_number(rest) || !follows_path && rest.strip_prefix('.').is_some_and(begins_number) {
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
