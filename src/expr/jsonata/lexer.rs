//! Lexer of JSONata, with ranges.
//!
//! A `/` begins a regular expression or divides, depending on what stands before it, so the parser asks for one token
//! at a time and says whether an operand or an operator is due. Every byte of the text belongs to a token, a comment
//! or a blank; nothing is an error that stops the lexer.

use crate::expr::ExprError;
use crate::text::TextRange;

/// A token with its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it is.
    pub range: TextRange,
}

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A string in single or double quotes.
    String,
    /// A number.
    Number,
    /// A name of a field.
    Name,
    /// A name of a field in backquotes.
    QuotedName,
    /// `$`, `$$` or `$name`.
    Variable,
    /// `true`, `false` or `null`.
    Literal,
    /// A regular expression with its flags.
    Regex,
    /// A symbol or one of the words `and`, `or`, `in`.
    Operator(Symbol),
    /// `/* … */`.
    Comment,
    /// The end of the text.
    End,
}

macro_rules! symbols {
    ($($variant:ident $text:literal,)*) => {
        /// The operators and brackets of JSONata.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Symbol {
            $(#[doc = concat!("`", $text, "`")] $variant,)*
        }

        impl Symbol {
            /// The symbol as it is written.
            pub const fn text(self) -> &'static str {
                match self { $(Symbol::$variant => $text,)* }
            }

            /// Longer symbols come before the ones they begin with.
            const ALL: &'static [Symbol] = &[$(Symbol::$variant,)*];
        }
    };
}

symbols! {
    Range "..",
    Bind ":=",
    NotEqual "!=",
    GreaterOrEqual ">=",
    LessOrEqual "<=",
    Descendants "**",
    Chain "~>",
    Coalesce "??",
    Default "?:",
    Dot ".",
    OpenBracket "[",
    CloseBracket "]",
    OpenBrace "{",
    CloseBrace "}",
    OpenParen "(",
    CloseParen ")",
    Comma ",",
    At "@",
    Hash "#",
    Semicolon ";",
    Colon ":",
    Question "?",
    Plus "+",
    Minus "-",
    Star "*",
    Slash "/",
    Percent "%",
    Pipe "|",
    Equal "=",
    Less "<",
    Greater ">",
    Caret "^",
    Ampersand "&",
    Not "!",
    Tilde "~",
    And "and",
    Or "or",
    In "in",
}

/// The symbols that are words.
const WORDS: [Symbol; 3] = [Symbol::And, Symbol::Or, Symbol::In];

/// What the parser expects at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Expect {
    Operand,
    Operator,
}

pub(super) struct Lexer<'t> {
    text: &'t str,
    pos: usize,
    pub(super) comments: Vec<Token>,
    pub(super) errors: Vec<ExprError>,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, pos: 0, comments: Vec::new(), errors: Vec::new() }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.pos..).unwrap_or_default()
    }

    fn token(&mut self, kind: TokenKind, len: usize) -> Token {
        let range = TextRange::from_usize(self.pos..self.pos + len);
        self.pos += len;
        Token { kind, range }
    }

    fn error(&mut self, message: impl Into<String>, range: TextRange) {
        self.errors.push(ExprError::new(message, range));
    }

    /// The next token.
    pub(super) fn next(&mut self, expect: Expect) -> Token {
        self.skip_blanks_and_comments();
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return self.token(TokenKind::End, 0) };
        match first {
            '/' if expect == Expect::Operand => self.regex(),
            '\'' | '"' => self.string(first),
            '`' => self.quoted_name(),
            '0'..='9' => {
                let len = number_len(rest.as_bytes());
                self.token(TokenKind::Number, len)
            }
            '$' => {
                let name_len = name_len(rest.get(1..).unwrap_or_default());
                self.token(TokenKind::Variable, 1 + name_len)
            }
            _ => {
                match Symbol::ALL.iter().find(|symbol| !is_word(**symbol) && rest.starts_with(symbol.text()))
                {
                    Some(symbol) => self.token(TokenKind::Operator(*symbol), symbol.text().len()),
                    None => self.name(),
                }
            }
        }
    }

    fn skip_blanks_and_comments(&mut self) {
        loop {
            let rest = self.rest();
            self.pos += rest.len() - rest.trim_start_matches(is_blank).len();
            let Some(comment) = self.rest().strip_prefix("/*") else { return };
            let len = match comment.find("*/") {
                Some(len) => len + 4,
                None => {
                    let range = TextRange::from_usize(self.pos..self.text.len());
                    self.error("The comment is not closed", range);
                    comment.len() + 2
                }
            };
            let token = self.token(TokenKind::Comment, len);
            self.comments.push(token);
        }
    }

    fn name(&mut self) -> Token {
        let text = self.rest();
        let len = match name_len(text) {
            0 => {
                let c = text.chars().next().unwrap_or_default();
                let range = TextRange::from_usize(self.pos..self.pos + c.len_utf8());
                self.error(format!("Unexpected character '{c}'"), range);
                c.len_utf8().min(text.len())
            }
            len => len,
        };
        let kind = match text.get(..len).unwrap_or_default() {
            "true" | "false" | "null" => TokenKind::Literal,
            word => match WORDS.into_iter().find(|symbol| symbol.text() == word) {
                Some(symbol) => TokenKind::Operator(symbol),
                None => TokenKind::Name,
            },
        };
        self.token(kind, len)
    }

    fn quoted_name(&mut self) -> Token {
        let rest = self.rest();
        match rest.get(1..).and_then(|after| after.find('`')) {
            Some(len) => self.token(TokenKind::QuotedName, len + 2),
            None => {
                let token = self.token(TokenKind::QuotedName, rest.len());
                self.error("The name is not closed; expected '`'", token.range);
                token
            }
        }
    }

    fn string(&mut self, quote: char) -> Token {
        let start = self.pos;
        let mut escaped = false;
        for (offset, c) in self.rest().char_indices().skip(1) {
            if escaped {
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c == quote {
                self.check_escapes(start + 1, start + offset);
                return self.token(TokenKind::String, offset + 1);
            }
        }
        let token = self.token(TokenKind::String, self.text.len() - start);
        self.error(format!("The string is not closed; expected {quote}"), token.range);
        token
    }

    fn check_escapes(&mut self, start: usize, end: usize) {
        let mut chars = self.text.get(start..end).unwrap_or_default().char_indices();
        while let Some((offset, c)) = chars.next() {
            if c != '\\' {
                continue;
            }
            let at = start + offset;
            match chars.next() {
                Some((_, '"' | '\'' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {}
                Some((_, 'u')) => {
                    let digits = self.text.get(at + 2..at + 6).unwrap_or_default();
                    if at + 6 > end || digits.len() != 4 || !digits.bytes().all(|c| c.is_ascii_hexdigit()) {
                        let range = TextRange::from_usize(at..(at + 2).min(end));
                        self.error("Expected four hexadecimal digits after \\u", range);
                    }
                }
                Some((_, other)) => {
                    let range = TextRange::from_usize(at..at + 1 + other.len_utf8());
                    self.error(format!("'\\{other}' is not an escape"), range);
                }
                None => {}
            }
        }
    }

    /// Brackets nest within a regular expression; a `/` between them does not close it.
    fn regex(&mut self) -> Token {
        let rest = self.rest();
        let mut nesting = 0usize;
        let mut escaped = false;
        for (offset, c) in rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '(' | '[' | '{' => nesting += 1,
                ')' | ']' | '}' => nesting = nesting.saturating_sub(1),
                '/' if nesting == 0 => {
                    let flags = rest.get(offset + 1..).unwrap_or_default();
                    let n_flags = flags.bytes().take_while(|c| matches!(c, b'i' | b'm')).count();
                    let token = self.token(TokenKind::Regex, offset + 1 + n_flags);
                    if offset == 1 {
                        self.error("The regular expression is empty", token.range);
                    }
                    return token;
                }
                _ => {}
            }
        }
        let token = self.token(TokenKind::Regex, rest.len());
        self.error("The regular expression is not closed; expected '/'", token.range);
        token
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}')
}

fn is_word(symbol: Symbol) -> bool {
    WORDS.contains(&symbol)
}

/// The length of the name at the start of a text: letters and digits of any script, `_` and `$`.
fn name_len(text: &str) -> usize {
    text.find(|c: char| !matches!(c, '_' | '$') && !c.is_alphanumeric()).unwrap_or(text.len())
}

/// The length of the JSON number at the start of a text.
fn number_len(bytes: &[u8]) -> usize {
    let digits = |from: usize| bytes.iter().skip(from).take_while(|c| c.is_ascii_digit()).count();
    let mut len = if bytes.first() == Some(&b'0') { 1 } else { digits(0) };
    if bytes.get(len) == Some(&b'.') && digits(len + 1) > 0 {
        len += 1 + digits(len + 1);
    }
    if matches!(bytes.get(len), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(len + 1), Some(b'+' | b'-')));
        let exponent = digits(len + 1 + sign);
        if exponent > 0 {
            len += 1 + sign + exponent;
        }
    }
    len
}
