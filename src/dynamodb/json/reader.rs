//! Reads JSON in one pass, without recursion.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Number;

use super::{Malformed, Node, Values};
use crate::spec::quota;

/// What was read.
#[derive(Debug)]
pub(super) struct Flat<'t> {
    pub(super) nodes: Vec<Node<'t>>,
    /// Whether there are containers below level [`quota::REQUEST_LEVELS_MAX`]; the first of them are as if empty.
    pub(super) is_deep: bool,
}

/// Reads the value that a text is, with white space around it.
///
/// # Errors
///
/// [`Malformed`] for any other text.
pub(super) fn read(text: &str) -> Result<Flat<'_>, Malformed> {
    // Requests have a node for every six bytes or more.
    let nodes = Vec::with_capacity((text.len() / 5).min(NODES_AT_FIRST));
    let flat = Flat { nodes, is_deep: false };
    Reader { text, offset: 0, flat, open: Vec::with_capacity(8), deep: Vec::new() }.read()
}

/// Nodes that there is room for before any is read, at most: about a kilobyte.
const NODES_AT_FIRST: usize = 40;

struct Reader<'t> {
    text: &'t str,
    /// Bytes that are read.
    offset: usize,
    flat: Flat<'t>,
    /// Containers that are not closed yet, from the outermost.
    open: Vec<Open>,
    /// Those within them that have no nodes any more: whether each is an object. However deep, it costs a byte a level.
    deep: Vec<bool>,
}

struct Open {
    is_object: bool,
    /// Where its node is.
    position: usize,
    /// A bit for each name, which others may have too.
    names: u64,
    /// Whether two names have the same bit.
    may_repeat_names: bool,
}

impl Open {
    fn note(&mut self, name: &str) {
        let [first, .., last] = name.as_bytes() else { return self.note_bit(name.len()) };
        self.note_bit(name.len() + usize::from(*first) * 7 + usize::from(*last) * 13);
    }

    const fn note_bit(&mut self, hash: usize) {
        let bit = 1 << (hash % 64);
        self.may_repeat_names |= self.names & bit != 0;
        self.names |= bit;
    }
}

impl<'t> Reader<'t> {
    fn read(mut self) -> Result<Flat<'t>, Malformed> {
        loop {
            let opened = self.value()?;
            if !opened && !self.comes_another()? {
                return Ok(self.flat);
            }
        }
    }

    /// Reads a value, or the beginning of a container. Whether the next value is the first in it.
    fn value(&mut self) -> Result<bool, Malformed> {
        let node = match self.token() {
            Some(b'{') => return self.begin(true, b'}'),
            Some(b'[') => return self.begin(false, b']'),
            Some(b'"') => Node::Text(self.string()?),
            Some(b't') => self.word("true", Node::Bool(true))?,
            Some(b'f') => self.word("false", Node::Bool(false))?,
            Some(b'n') => self.word("null", Node::Null)?,
            _ => Node::Number(self.number()?),
        };
        self.push(node);
        Ok(false)
    }

    /// Opens a container, which ends with `close`. Whether there is anything in it.
    fn begin(&mut self, is_object: bool, close: u8) -> Result<bool, Malformed> {
        self.flat.is_deep |= self.open.len() >= quota::REQUEST_LEVELS_MAX;
        if self.is_kept() {
            let position = self.flat.nodes.len();
            self.open.push(Open { is_object, position, names: 0, may_repeat_names: false });
            self.flat.nodes.push(if is_object { Node::Object(0) } else { Node::Array(0) });
        } else {
            self.deep.push(is_object);
        }
        self.offset += 1;
        if self.token() == Some(close) {
            self.end();
            return Ok(false);
        }
        if is_object {
            self.name()?;
        }
        Ok(true)
    }

    /// Reads what stands after a value, up to the next. Whether there is one.
    fn comes_another(&mut self) -> Result<bool, Malformed> {
        while let Some(is_object) = self.is_in_object() {
            match self.token() {
                Some(b',') => {
                    self.offset += 1;
                    if is_object {
                        self.name()?;
                    }
                    return Ok(true);
                }
                Some(b'}') if is_object => self.end(),
                Some(b']') if !is_object => self.end(),
                _ => return Err(Malformed),
            }
        }
        if self.token().is_none() { Ok(false) } else { Err(Malformed) }
    }

    /// Closes the innermost container.
    fn end(&mut self) {
        self.offset += 1;
        if self.deep.pop().is_some() {
            return;
        }
        let Some(Open { position, may_repeat_names, .. }) = self.open.pop() else { return };
        if may_repeat_names && self.has_equal_names(position) {
            self.keep_last_of_equal_names(position);
        }
        let inside = self.flat.nodes.len() - position - 1;
        if let Some(Node::Array(len) | Node::Object(len)) = self.flat.nodes.get_mut(position) {
            *len = inside;
        }
    }

    /// Whether the innermost container is an object; `None` outside of all.
    fn is_in_object(&self) -> Option<bool> {
        self.deep.last().copied().or_else(|| Some(self.open.last()?.is_object))
    }

    /// Whether what is read has nodes. On the last level that has some, containers are kept as if they were empty.
    fn is_kept(&self) -> bool {
        self.open.len() <= quota::REQUEST_LEVELS_MAX
    }

    fn push(&mut self, node: Node<'t>) {
        if self.is_kept() {
            self.flat.nodes.push(node);
        }
    }

    fn has_equal_names(&self, position: usize) -> bool {
        let nodes = self.flat.nodes.get(position + 1..).unwrap_or_default();
        let mut members = Values { nodes };
        let mut names: Vec<&str> = std::iter::from_fn(|| members.member()).map(|(name, _)| name).collect();
        names.sort_unstable();
        names.windows(2).any(|pair| matches!(pair, [name, next] if name == next))
    }

    /// Keeps the last value of a name in the place of the first.
    fn keep_last_of_equal_names(&mut self, position: usize) {
        let mut nodes = self.flat.nodes.drain(position + 1..);
        let mut places = BTreeMap::new();
        let mut members: Vec<Vec<Node<'t>>> = Vec::new();
        while let (Some(Node::Text(name)), Some(value)) = (nodes.next(), nodes.next()) {
            let place = *places.entry(name.clone()).or_insert(members.len());
            let len = value.len();
            let member = [Node::Text(name), value].into_iter().chain(nodes.by_ref().take(len)).collect();
            match members.get_mut(place) {
                Some(earlier) => *earlier = member,
                None => members.push(member),
            }
        }
        drop(nodes);
        self.flat.nodes.extend(members.into_iter().flatten());
    }

    /// Reads the name of a member and the colon after it.
    fn name(&mut self) -> Result<(), Malformed> {
        if self.token() != Some(b'"') {
            return Err(Malformed);
        }
        let name = self.string()?;
        if let Some(open) = self.open.last_mut() {
            open.note(&name);
        }
        self.push(Node::Text(name));
        if self.token() != Some(b':') {
            return Err(Malformed);
        }
        self.offset += 1;
        Ok(())
    }

    /// The first byte after white space.
    fn token(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.offset) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.offset += 1,
                byte => return byte.copied(),
            }
        }
    }

    fn word(&mut self, word: &str, node: Node<'t>) -> Result<Node<'t>, Malformed> {
        if !self.rest().starts_with(word.as_bytes()) {
            return Err(Malformed);
        }
        self.offset += word.len();
        Ok(node)
    }

    fn number(&mut self) -> Result<Number, Malformed> {
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let start = self.offset;
        self.offset += self.rest().iter().take_while(|byte| is_part(byte)).count();
        self.text.get(start..self.offset).and_then(|number| number.parse().ok()).ok_or(Malformed)
    }

    /// Reads a text, from its first quotation mark on.
    fn string(&mut self) -> Result<Cow<'t, str>, Malformed> {
        let quoted = self.offset;
        self.offset += 1;
        let mut has_escapes = false;
        loop {
            self.offset += plain_len(self.rest());
            match self.rest().first() {
                Some(b'"') => break,
                Some(b'\\') => {
                    has_escapes = true;
                    self.offset += 2;
                }
                _ => return Err(Malformed),
            }
        }
        self.offset += 1;
        let text = if has_escapes {
            let quoted = self.text.get(quoted..self.offset);
            quoted.and_then(|quoted| serde_json::from_str(quoted).ok()).map(Cow::Owned)
        } else {
            self.text.get(quoted + 1..self.offset - 1).map(Cow::Borrowed)
        };
        text.ok_or(Malformed)
    }

    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.offset..).unwrap_or_default()
    }
}

/// How many bytes there are before a quotation mark, a backslash or a control character, or the end.
fn plain_len(bytes: &[u8]) -> usize {
    // Eight bytes at a time. The highest bit of a byte says whether it is one of those; it may be wrong only behind
    // the first that is.
    const LOW: u64 = u64::MAX / 0xff;
    const HIGH: u64 = LOW << 7;
    let (words, rest) = bytes.as_chunks();
    for (word, offset) in words.iter().zip((0..).step_by(8)) {
        let word = u64::from_le_bytes(*word);
        let is_below = |word: u64, limit: u8| word.wrapping_sub(LOW * u64::from(limit)) & !word;
        let is = |byte: u8| is_below(word ^ (LOW * u64::from(byte)), 1);
        let found = (is_below(word, 0x20) | is(b'"') | is(b'\\')) & HIGH;
        if found != 0 {
            return offset + found.trailing_zeros() as usize / 8;
        }
    }
    let is_plain = |byte: &&u8| !matches!(byte, 0..0x20 | b'"' | b'\\');
    bytes.len() - rest.len() + rest.iter().take_while(is_plain).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::dynamodb::json::Body;

    fn read(text: &[u8]) -> Option<Value> {
        Body::read(text).ok().map(|body| body.json().to_value())
    }

    /// What a text is read as is what `serde_json` reads, members in the same order.
    #[track_caller]
    fn check(text: &[u8]) {
        let expected = serde_json::from_slice::<Value>(text).ok();
        let as_text = |value: Option<Value>| value.map(|value| value.to_string());
        assert_eq!(as_text(read(text)), as_text(expected), "{}", String::from_utf8_lossy(text));
    }

    #[test]
    fn what_is_json() {
        check(br#" {"a": [1, -2.5e3, true, false, null, "x"], "b": {}, "c": []} "#);
        check(b"\r\n\t 5 ");
        check(br#""\u00e9\ud83d\ude00\\\"\n/\/ and plain text that is longer than one word""#);
        check("\"é\u{10ffff}\u{7f}\"".as_bytes());
        check(b"18446744073709551615");
        check(b"18446744073709551616");
        check(b"-0");
    }

    #[test]
    fn what_is_none() {
        for text in [
            "",
            " ",
            "{",
            "[",
            "}",
            "]",
            "[}",
            "{]",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{,}",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1,}"#,
            r#"{"a" 1}"#,
            r#"{a:1}"#,
            r#"{1:1}"#,
            r#"{"a":1 "b":2}"#,
            "1 2",
            "{}{}",
            "tru",
            "nul",
            "truefalse",
            "+1",
            "-",
            "01",
            "1.",
            ".1",
            "1e",
            "1e999",
            "--1",
            "NaN",
            r#"""#,
            r#""a"#,
            r#""\"#,
            r#""\""#,
            r#""\x""#,
            r#""\ud800""#,
            r#""\u12""#,
            "\"\u{1f}\"",
            "\"12345678\n\"",
            "'a'",
            "\u{feff}1",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
            check(text.as_bytes());
        }
        check(b"\"\xff\"");
        check(b"\"\xed\xa0\x80\"");
    }

    #[test]
    fn the_last_of_equal_names_counts_in_the_place_of_the_first() {
        check(br#"{"a": 1, "b": {"c": [2]}, "a": {"d": 3, "d": [4, 5]}, "b": 6, "e": 7}"#);
        check(br#"[{"a": 1, "\u0061": 2}, 3]"#);
        assert_eq!(read(br#"{"a": 1, "b": 2, "a": 3}"#).unwrap().to_string(), r#"{"a":3,"b":2}"#);
    }

    #[test]
    fn levels() {
        const MAX: usize = quota::REQUEST_LEVELS_MAX;
        let nested = |levels: usize, inside: &str| {
            format!("{}{inside}{}", r#"[{"a":"#.repeat(levels / 2), "}]".repeat(levels / 2))
        };
        let deep = |levels: usize, inside: &str, expected: &str, is_deep: bool| {
            let text = nested(levels, inside);
            let body = Body::read(text.as_bytes()).unwrap();
            assert_eq!(body.is_deep(), is_deep);
            assert_eq!(body.json().to_value().to_string(), expected);
        };
        let last = MAX - 1;
        deep(last, r#"["x"]"#, &nested(last, r#"["x"]"#), false);
        deep(last, r#"[{}]"#, &nested(last, r#"[{}]"#), true);
        deep(last, r#"[{"b":{"c":[2]}},"x"]"#, &nested(last, r#"[{},"x"]"#), true);
        deep(300_000, "1", &nested(last, "[{}]"), true);
        for text in
            [nested(1_000, "x"), nested(1_000, "[}"), "[".repeat(1_000), format!("{}]", nested(1_000, "1"))]
        {
            assert!(Body::read(text.as_bytes()).is_err());
        }
    }

    proptest! {
        #[test]
        fn plain_bytes_are_counted(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let is_plain = |byte: &&u8| !matches!(byte, 0..0x20 | b'"' | b'\\');
            prop_assert_eq!(plain_len(&bytes), bytes.iter().take_while(is_plain).count());
        }

        #[test]
        fn any_text_is_read_as_serde_json_reads_it(text in r#"[\[\]{}:,"\\ntrue0-9.eE+ -]{0,12}"#) {
            check(text.as_bytes());
        }

        #[test]
        fn pieces_of_json_are_read_as_serde_json_reads_them(
            pieces in proptest::collection::vec(
                prop::sample::select(vec![
                    "{", "}", "[", "]", ",", ":", r#""a""#, r#""b":"#, r#""\u0062":"#, "1", "null", "true", " ",
                    r#"{"a":1}"#, r#"[2,"x"]"#,
                ]),
                0..14,
            ),
        ) {
            check(pieces.concat().as_bytes());
        }
    }
}
