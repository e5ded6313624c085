//! Just enough of Rust's lexical rules to tell code, texts, comments and tests apart.

/// A piece of a source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    /// The piece itself; of a string literal, what stands between the quotes.
    pub(crate) text: String,
    /// From 1.
    pub(crate) line: usize,
    /// Whether it is in an item under `#[cfg(test)]`.
    pub(crate) is_test: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// An identifier, a number or a single character of punctuation.
    Code,
    /// A string literal.
    Text,
    /// A comment.
    Comment,
}

/// The pieces of a file without its white space.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = source;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = piece(rest, first);
        let (piece, after) = rest.split_at(length);
        if let Some(kind) = kind {
            let text = if kind == TokenKind::Text { unquoted(piece) } else { piece };
            tokens.push(Token { kind, text: text.to_owned(), line, is_test: false });
        }
        line += piece.matches('\n').count();
        rest = after;
    }
    mark_tests(&mut tokens);
    tokens
}

/// The kind and the length of the piece at the beginning of a text; white space has no kind.
fn piece(rest: &str, first: char) -> (Option<TokenKind>, usize) {
    let until = |end: &str| rest.find(end).unwrap_or(rest.len());
    let while_in = |is_in: fn(char) -> bool| rest.find(|char| !is_in(char)).unwrap_or(rest.len());
    if rest.starts_with("//") {
        return (Some(TokenKind::Comment), until("\n"));
    }
    if rest.starts_with("/*") {
        return (Some(TokenKind::Comment), (until("*/") + 2).min(rest.len()));
    }
    if let Some(length) = text_length(rest) {
        return (Some(TokenKind::Text), length);
    }
    if first.is_whitespace() {
        return (None, while_in(char::is_whitespace));
    }
    if first == '\'' {
        return (Some(TokenKind::Code), character_length(rest));
    }
    if first.is_alphanumeric() || first == '_' {
        return (Some(TokenKind::Code), while_in(|char| char.is_alphanumeric() || char == '_'));
    }
    (Some(TokenKind::Code), first.len_utf8())
}

/// The length of the string literal at the beginning of a text.
fn text_length(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "r", "b", "c", ""].into_iter().find(|prefix| {
        let after = rest.strip_prefix(prefix);
        let after =
            after.map(|after| if prefix.ends_with('r') { after.trim_start_matches('#') } else { after });
        after.is_some_and(|after| after.starts_with('"'))
    })?;
    let body = &rest[prefix.len()..];
    if prefix.ends_with('r') {
        let hashes = &body[..body.find('"')?];
        let open = prefix.len() + hashes.len() + 1;
        let close = format!("\"{hashes}");
        return Some(rest[open..].find(&close).map_or(rest.len(), |at| open + at + close.len()));
    }
    let mut is_escaped = false;
    for (at, char) in body.char_indices().skip(1) {
        match char {
            '"' if !is_escaped => return Some(prefix.len() + at + 1),
            _ => is_escaped = char == '\\' && !is_escaped,
        }
    }
    Some(rest.len())
}

/// The length of a character literal, or of the apostrophe of a lifetime.
fn character_length(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), _) => rest[3..].find('\'').map_or(1, |at| at + 4),
        (_, Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

fn unquoted(literal: &str) -> &str {
    let body = literal.trim_start_matches(['b', 'c', 'r']).trim_matches('#');
    body.strip_prefix('"').and_then(|body| body.strip_suffix('"')).unwrap_or(body)
}

/// Marks the items under `#[cfg(test)]`: up to the brace that closes the first one opened, or to a semicolon before.
fn mark_tests(tokens: &mut [Token]) {
    let attribute = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut at = 0;
    while at < tokens.len() {
        let is_attribute = attribute
            .iter()
            .enumerate()
            .all(|(i, text)| tokens.get(at + i).is_some_and(|token| token.text == *text));
        if !is_attribute {
            at += 1;
            continue;
        }
        let mut depth = 0;
        for token in &mut tokens[at..] {
            token.is_test = true;
            at += 1;
            match (token.kind, token.text.as_str()) {
                (TokenKind::Code, "{") => depth += 1,
                (TokenKind::Code, "}") => depth -= 1,
                (TokenKind::Code, ";") if depth == 0 => break,
                _ => continue,
            }
            if depth == 0 {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &[(TokenKind, &str)]) {
        let tokens = tokens(source);
        let tokens: Vec<_> = tokens.iter().map(|token| (token.kind, token.text.as_str())).collect();
        assert_eq!(tokens, expected);
    }

    #[test]
    fn texts_are_told_from_code() {
        use TokenKind::{Code, Comment, Text};
        check(
            r##"f(r#"a "b""#, "\"\\", b"x") // "c""##,
            &[
                (Code, "f"),
                (Code, "("),
                (Text, r#"a "b""#),
                (Code, ","),
                (Text, r#"\"\\"#),
                (Code, ","),
                (Text, "x"),
                (Code, ")"),
                (Comment, r#"// "c""#),
            ],
        );
        check(
            r#"'"' '\'' &'a str"#,
            &[(Code, r#"'"'"#), (Code, r"'\''"), (Code, "&"), (Code, "'"), (Code, "a"), (Code, "str")],
        );
    }

    #[test]
    fn tests_are_marked() {
        let tokens = tokens("a;\n#[cfg(test)]\nmod tests { fn b() {} }\nc;\n#[cfg(test)]\nmod d;\ne");
        let code = tokens.iter().filter(|token| !token.is_test && token.text.len() == 1);
        let code: Vec<_> =
            code.filter(|token| token.text != ";").map(|token| (token.text.as_str(), token.line)).collect();
        assert_eq!(code, [("a", 1), ("c", 4), ("e", 7)]);
    }
}
