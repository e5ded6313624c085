//! Tokens of JSONPath and of intrinsic functions, for what works on half-typed expressions: highlighting, names,
//! signatures.
//!
//! The parsers of `expr` give up on a path that cannot be read; a cursor is most often in one of these. Here every
//! character belongs to a token or is skipped, and nothing is an error.

use crate::expr::intrinsic::Intrinsic;
use crate::spec::intrinsic;
use crate::text::{TextRange, TextSize};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PathTokenKind {
    /// `$`.
    Input,
    /// `$$`.
    Context,
    /// `$name`.
    Variable,
    /// `@` in a filter.
    Item,
    /// The name of a member, without its dot or brackets.
    Property,
    /// The name of a function, of an intrinsic one with its prefix.
    Function,
    /// A string in single or double quotes.
    String,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Literal,
    /// `*`, `..`, `?` and the operators of filters.
    Operator,
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// `,`.
    Comma,
}

/// A token with its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PathToken {
    pub(super) kind: PathTokenKind,
    pub(super) range: TextRange,
}

/// The tokens of a path or a call.
pub(super) fn path_tokens(text: &str) -> Vec<PathToken> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new() };
    // A text that is neither has none.
    if text.starts_with('$') || Intrinsic::is_meant(text) {
        while lexer.token().is_some() {}
    }
    lexer.tokens
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<PathToken>,
}

impl Lexer<'_> {
    /// Reads one token or skips one character; none at the end.
    fn token(&mut self) -> Option<()> {
        use PathTokenKind as K;
        let rest = self.text.get(self.at..)?;
        let first = rest.chars().next()?;
        match first {
            '$' if rest.starts_with("$$") => self.push(K::Context, 2),
            '$' => match name_len(rest.get(1..).unwrap_or_default()) {
                0 => self.push(K::Input, 1),
                len => self.push(K::Variable, 1 + len),
            },
            '@' => self.push(K::Item, 1),
            '\'' | '"' => self.string(first),
            '.' if rest.starts_with("..") => self.push(K::Operator, 2),
            '(' => self.push(K::Open, 1),
            ')' => self.push(K::Close, 1),
            ',' => self.push(K::Comma, 1),
            '*' | '?' | '<' | '>' | '=' | '!' | '&' | '|' | '~' | '+' | ':' => self.operator(rest),
            '-' | '0'..='9' if !self.is_after_dot() => {
                let len = rest.bytes().take_while(|c| c.is_ascii_digit() || b"-+.eE".contains(c)).count();
                self.push(K::Number, len);
            }
            _ => match word_len(rest) {
                0 => self.at += first.len_utf8(),
                len => self.word(rest, len),
            },
        }
        Some(())
    }

    fn push(&mut self, kind: PathTokenKind, len: usize) {
        self.tokens.push(PathToken { kind, range: TextRange::from_usize(self.at..self.at + len) });
        self.at += len;
    }

    fn is_after_dot(&self) -> bool {
        self.text.get(..self.at).is_some_and(|before| before.ends_with('.'))
    }

    fn operator(&mut self, rest: &str) {
        let len = rest.bytes().take_while(|c| b"<>=!&|~".contains(c)).count();
        self.push(PathTokenKind::Operator, len.max(1));
    }

    /// A string; in brackets of a path it names members.
    fn string(&mut self, quote: char) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let mut is_escaped = false;
        let end = rest.char_indices().skip(1).find(|(_, c)| {
            let is_end = *c == quote && !is_escaped;
            is_escaped = *c == '\\' && !is_escaped;
            is_end
        });
        let len = end.map_or(rest.len(), |(at, _)| at + 1);
        let before = self.text.get(..self.at).unwrap_or_default().trim_end();
        let is_list = before.ends_with(',')
            && self
                .tokens
                .iter()
                .rev()
                .find(|it| it.kind != PathTokenKind::Comma)
                .is_some_and(|it| it.kind == PathTokenKind::Property);
        let is_name = before.ends_with('[') || is_list;
        self.push(if is_name { PathTokenKind::Property } else { PathTokenKind::String }, len);
    }

    fn word(&mut self, rest: &str, len: usize) {
        use PathTokenKind as K;
        if rest.starts_with(intrinsic::PREFIX) && !self.is_after_dot() {
            let name = rest.get(intrinsic::PREFIX.len()..).unwrap_or_default();
            let len = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
            return self.push(K::Function, intrinsic::PREFIX.len() + len);
        }
        let is_call = rest.get(len..).is_some_and(|after| after.starts_with('('));
        let kind = match rest.get(..len) {
            _ if self.is_after_dot() && is_call => K::Function,
            _ if self.is_after_dot() => K::Property,
            Some("true" | "false" | "null") => K::Literal,
            _ => K::Operator,
        };
        self.push(kind, len);
    }
}

/// The length of the variable's name at the start of a text.
fn name_len(text: &str) -> usize {
    text.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(text.len())
}

/// The length of the member's name at the start of a text: it may have any character that ends no step.
fn word_len(text: &str) -> usize {
    text.find(|c: char| c.is_whitespace() || ".[]()'\",?*@=<>!&|~+:\\".contains(c)).unwrap_or(text.len())
}

/// The calls that are open at an offset, the innermost last: the function's name and how many commas follow its
/// parenthesis.
pub(super) fn open_calls(text: &str, offset: TextSize) -> Vec<(TextRange, usize)> {
    let mut open: Vec<(Option<TextRange>, usize)> = Vec::new();
    let mut previous: Option<PathToken> = None;
    for token in path_tokens(text) {
        if token.range.start() >= offset {
            break;
        }
        match token.kind {
            PathTokenKind::Open => {
                let name = previous.filter(|it| it.kind == PathTokenKind::Function).map(|it| it.range);
                open.push((name, 0));
            }
            PathTokenKind::Close => drop(open.pop()),
            PathTokenKind::Comma => {
                if let Some((_, n_commas)) = open.last_mut() {
                    *n_commas += 1;
                }
            }
            _ => {}
        }
        previous = Some(token);
    }
    open.into_iter().filter_map(|(name, n_commas)| Some((name?, n_commas))).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let show = |token: PathToken| format!("{:?} {}", token.kind, &text[token.range.to_usize()]);
        expected.assert_eq(&path_tokens(text).into_iter().map(show).collect::<Vec<_>>().join(" | "));
    }

    #[test]
    fn paths() {
        check(
            "$.a-b['c','d'][0].e..f[*]",
            expect![
                "Input $ | Property a-b | Property 'c' | Comma , | Property 'd' | Number 0 | Property e | Operator .. | Property f | Operator *"
            ],
        );
    }

    #[test]
    fn filters_and_functions() {
        check(
            "$$.Map[?(@.n >= $limit && @.s == 'x')].length()",
            expect![
                "Context $$ | Property Map | Operator ? | Open ( | Item @ | Property n | Operator >= | Variable $limit | Operator && | Item @ | Property s | Operator == | String 'x' | Close ) | Function length | Open ( | Close )"
            ],
        );
    }

    #[test]
    fn intrinsic_functions() {
        check(
            r"States.Format('{} \' {}', $.a, States.MathAdd(-1, true))",
            expect![[
                r"Function States.Format | Open ( | String '{} \' {}' | Comma , | Input $ | Property a | Comma , | Function States.MathAdd | Open ( | Number -1 | Comma , | Literal true | Close ) | Close )"
            ]],
        );
    }

    #[test]
    fn half_typed() {
        check("States.Format('{", expect!["Function States.Format | Open ( | String '{"]);
        check("$.a[", expect!["Input $ | Property a"]);
        check("hello $.a", expect![""]);
    }

    #[test]
    fn open_calls_count_their_commas() {
        let calls = |text: &str| open_calls(text, TextSize::try_from(text.len()).unwrap());
        assert_eq!(
            calls("States.Format('a, b', $.x, States.MathAdd(1"),
            [(TextRange::new(0, 13), 2), (TextRange::new(27, 41), 0)]
        );
        assert_eq!(calls("States.UUID()"), []);
    }
}
