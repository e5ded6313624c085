//! The YAML front-end: the events of a scanner, written into the same tree as JSON is.
//!
//! What has no like in JSON is resolved here, so that nobody above knows the difference: an alias is a copy of what has
//! the anchor, in the place of the alias; a merge key adds members; a tag of CloudFormation makes an opaque string, as
//! a placeholder is in JSON. [YAML 1.2](https://yaml.org/spec/1.2.2/) decides what is an error.

mod cursor;
mod scalar;
mod scan;

use std::collections::BTreeMap;

use saphyr_parser::ScalarStyle;

use self::scan::{Kind, Scanned};
use super::builder::TreeBuilder;
use super::tree::{Format, NodeKind, Parse, StringStyle, SyntaxErrorKind as Wrong};
use crate::spec::quota;
use crate::text::{SourceText, TextRange, TextSize};

pub(super) use self::cursor::cursor;
pub(super) use self::scalar::{is_plain, number};

/// The key that adds the members of another mapping: <https://yaml.org/type/merge.html>.
const MERGE_KEY: &str = "<<";

/// Parses a document. Values nested deeper than `nesting_max` become one error node.
pub fn parse_yaml(source: SourceText, nesting_max: usize) -> Parse {
    let (events, mistakes) = scan::scan(source.as_str());
    let mut reader = Reader {
        text: source.as_str(),
        builder: TreeBuilder::new(source.clone(), Format::Yaml),
        frames: Vec::new(),
        anchors: BTreeMap::new(),
        n_copied: 0,
        nesting_max,
        end: 0,
    };
    for mistake in mistakes {
        reader.builder.error(mistake.kind, mistake.range);
    }
    let mut events = events.into_iter();
    while let Some(event) = events.next() {
        if !reader.event(event, &mut events) {
            break;
        }
    }
    while !reader.frames.is_empty() {
        reader.close(TextRange::empty(reader.end));
    }
    if reader.builder.is_empty() {
        reader.builder.error(Wrong::Empty, TextRange::empty(0));
    }
    reader.builder.finish()
}

struct Reader<'a> {
    text: &'a str,
    builder: TreeBuilder,
    frames: Vec<Frame>,
    /// Where what has an anchor begins and ends among the nodes.
    anchors: BTreeMap<usize, std::ops::Range<u32>>,
    n_copied: usize,
    nesting_max: usize,
    /// Where what was read last ends.
    end: TextSize,
}

/// An open mapping or sequence.
struct Frame {
    is_mapping: bool,
    /// Whether it stands in brackets, which end it.
    is_flow: bool,
    /// The key whose value is next.
    key: Option<Key>,
    node: u32,
    anchor: usize,
    /// The mappings whose members are added, with the places of their aliases.
    merged: Vec<(std::ops::Range<u32>, TextRange)>,
}

struct Key {
    end: TextSize,
    is_merge: bool,
}

impl Reader<'_> {
    /// Takes an event. Returns whether there is more to come.
    fn event(&mut self, event: Scanned, rest: &mut impl Iterator<Item = Scanned>) -> bool {
        let Scanned { kind, range } = event;
        match kind {
            Kind::NextDocument => {
                let end = TextSize::try_from(self.text.len()).unwrap_or(TextSize::MAX);
                self.builder.error(Wrong::AfterEnd, TextRange::new(range.start(), end));
                return false;
            }
            Kind::Close => self.close(range),
            Kind::Scalar { value, style, anchor, tag } => {
                let range = self.extent(self.without_properties(range), style);
                if self.wants_key() {
                    self.key(&value, style, range, anchor);
                } else if self.merges() {
                    self.merge_is_wrong(range);
                } else {
                    self.scalar(value, style, tag, range, anchor);
                }
            }
            Kind::Open { is_mapping, anchor, tag } => {
                let is_opaque = tag.as_deref().is_some_and(is_opaque);
                if self.wants_key() {
                    self.builder.error(Wrong::Expected("a key that is a string"), range);
                    let end = skip(rest, range);
                    self.open_member(NodeKind::String(StringStyle::Missing), TextRange::empty(range.start()));
                    self.end = end.end();
                } else if self.merges() {
                    self.merge_all(range, rest);
                } else if is_opaque || self.frames.len() >= self.nesting_max {
                    let whole = range.cover(skip(rest, range));
                    match tag.filter(|_| is_opaque) {
                        Some(tag) => self.tagged(&tag, None, whole, anchor),
                        None => {
                            self.builder.error(Wrong::TooDeep(self.nesting_max), range);
                            self.leaf(NodeKind::Error, whole, anchor);
                        }
                    }
                } else {
                    self.open(is_mapping, range, anchor);
                }
            }
            Kind::Alias(anchor) => self.alias(anchor, range),
        }
        true
    }

    fn wants_key(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.is_mapping && frame.key.is_none())
    }

    fn key(&mut self, value: &str, style: ScalarStyle, range: TextRange, anchor: usize) {
        let is_merge = style == ScalarStyle::Plain && value == MERGE_KEY;
        if is_merge {
            if let Some(frame) = self.frames.last_mut() {
                frame.key = Some(Key { end: range.end(), is_merge });
            }
            return;
        }
        let style = match string_style(style) {
            StringStyle::Plain if range.is_empty() => StringStyle::Missing,
            style => style,
        };
        let node = self.open_member(NodeKind::String(style), range);
        self.keep_text(node, value, style, range);
        self.note_anchor(anchor, node);
    }

    /// Opens a member with its key. Returns the key's node.
    fn open_member(&mut self, kind: NodeKind, range: TextRange) -> u32 {
        self.builder.open(NodeKind::Member, range.start());
        let node = self.builder.leaf(kind, range);
        self.end = range.end();
        if let Some(frame) = self.frames.last_mut() {
            frame.key = Some(Key { end: range.end(), is_merge: false });
        }
        node
    }

    fn scalar(
        &mut self,
        value: String,
        style: ScalarStyle,
        tag: Option<String>,
        range: TextRange,
        anchor: usize,
    ) {
        if let Some(tag) = tag.as_deref().filter(|tag| is_opaque(tag)) {
            return self.tagged(tag, Some(value), range, anchor);
        }
        let is_string = tag.as_deref().is_some_and(|tag| tag.ends_with("!str"));
        let kind = match style {
            ScalarStyle::Plain if !is_string => scalar::kind(&value),
            _ => NodeKind::String(string_style(style)),
        };
        let range = match (style, kind) {
            (ScalarStyle::Literal | ScalarStyle::Folded, _) => self.block(range),
            (_, NodeKind::Null) if range.is_empty() => TextRange::empty(self.after_colon()),
            _ => range,
        };
        let node = self.leaf(kind, range, anchor);
        if let NodeKind::String(style) = kind {
            self.keep_text(node, &value, style, range);
        }
    }

    /// A value whose tag says that something else will stand there: a reference of CloudFormation. `!Sub` of a string
    /// has its placeholders in the string already.
    fn tagged(&mut self, tag: &str, value: Option<String>, range: TextRange, anchor: usize) {
        let text = match value {
            Some(value) if tag == "!Sub" => value,
            Some(value) => format!("${{{tag} {value}}}"),
            None => format!("${{{tag}}}"),
        };
        let node = self.leaf(NodeKind::String(StringStyle::Tagged), range, anchor);
        self.builder.set_text(node, text);
    }

    /// Keeps the text of a string that is not simply what stands there.
    fn keep_text(&mut self, node: u32, value: &str, style: StringStyle, range: TextRange) {
        let raw = self.text.get(range.to_usize()).unwrap_or_default();
        let is_one_line =
            matches!(style, StringStyle::Plain | StringStyle::SingleQuoted | StringStyle::DoubleQuoted)
                && !raw.contains(['\n', '\r']);
        if !is_one_line {
            self.builder.set_text(node, value.to_owned());
        }
    }

    fn leaf(&mut self, kind: NodeKind, range: TextRange, anchor: usize) -> u32 {
        let node = self.builder.leaf(kind, range);
        self.end = self.end.max(range.end());
        self.note_anchor(anchor, node);
        self.value_done();
        node
    }

    fn open(&mut self, is_mapping: bool, range: TextRange, anchor: usize) {
        let is_flow =
            !range.is_empty() && self.text.get(range.to_usize()).is_some_and(|raw| raw.ends_with(['{', '[']));
        // Anchors and tags before a bracket are not part of it.
        let start = if is_flow { range.end() - 1 } else { range.start() };
        let kind = if is_mapping { NodeKind::Object } else { NodeKind::Array };
        let node = self.builder.open(kind, start);
        self.frames.push(Frame { is_mapping, is_flow, key: None, node, anchor, merged: Vec::new() });
        self.end = self.end.max(start);
    }

    fn close(&mut self, range: TextRange) {
        let Some(mut frame) = self.frames.pop() else { return };
        if let Some(key) = frame.key.take().filter(|key| !key.is_merge) {
            self.builder.leaf(NodeKind::Null, TextRange::empty(key.end));
            self.builder.close(key.end);
        }
        for (nodes, place) in std::mem::take(&mut frame.merged) {
            self.merge(frame.node, nodes, place);
        }
        // Blank lines and comments behind a block are not part of it.
        if frame.is_flow {
            self.end = self.bracket_end(self.end).unwrap_or(self.end.max(range.end()));
        }
        self.builder.close(self.end);
        if frame.anchor > 0 {
            self.anchors.insert(frame.anchor, frame.node..self.builder.len());
        }
        self.value_done();
    }

    fn alias(&mut self, anchor: usize, range: TextRange) {
        let Some(nodes) = self.anchors.get(&anchor).cloned() else {
            // Within what has the anchor itself: it would never end.
            self.builder.error(Wrong::UnknownAnchor, range);
            if self.wants_key() {
                self.open_member(NodeKind::String(StringStyle::Missing), range);
            } else {
                self.leaf(NodeKind::Error, range, 0);
            }
            return;
        };
        if self.merges() {
            self.merge_from(nodes, range);
            return self.merge_done(range);
        }
        let n_nodes = nodes.len();
        if self.n_copied + n_nodes > quota::YAML_COPIED_NODES_MAX {
            self.builder.error(Wrong::TooManyAliases, range);
            if !self.wants_key() {
                self.leaf(NodeKind::Error, range, 0);
            }
            return;
        }
        self.n_copied += n_nodes;
        if self.wants_key() {
            self.builder.open(NodeKind::Member, range.start());
            self.builder.copy(nodes, range);
            if let Some(frame) = self.frames.last_mut() {
                frame.key = Some(Key { end: range.end(), is_merge: false });
            }
            self.end = range.end();
            return;
        }
        self.builder.copy(nodes, range);
        self.end = self.end.max(range.end());
        self.value_done();
    }

    /// Whether the value of a merge key is next.
    fn merges(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.key.as_ref().is_some_and(|key| key.is_merge))
    }

    /// The aliases in the list behind a merge key.
    fn merge_all(&mut self, start: TextRange, rest: &mut impl Iterator<Item = Scanned>) {
        let mut depth = 1_usize;
        let mut last = start;
        for Scanned { kind, range } in rest {
            last = last.cover(range);
            match kind {
                Kind::Open { .. } => depth += 1,
                Kind::Close => depth -= 1,
                Kind::Alias(anchor) if depth == 1 => {
                    if let Some(nodes) = self.anchors.get(&anchor).cloned() {
                        self.merge_from(nodes, range);
                    }
                }
                Kind::Alias(_) | Kind::NextDocument => {}
                Kind::Scalar { .. } if depth > 1 => {}
                Kind::Scalar { .. } => self.builder.error(Wrong::Expected("an alias of a mapping"), range),
            }
            if depth == 0 {
                break;
            }
        }
        self.merge_done(last);
    }

    fn merge_from(&mut self, nodes: std::ops::Range<u32>, place: TextRange) {
        if let Some(frame) = self.frames.last_mut() {
            frame.merged.push((nodes, place));
        }
    }

    fn merge_is_wrong(&mut self, range: TextRange) {
        self.builder.error(Wrong::Expected("an alias of a mapping"), range);
        self.merge_done(range);
    }

    fn merge_done(&mut self, range: TextRange) {
        if let Some(frame) = self.frames.last_mut() {
            frame.key = None;
        }
        self.end = self.end.max(range.end());
    }

    /// Adds the members of another mapping to the open one, but for those that it has itself.
    fn merge(&mut self, into: u32, nodes: std::ops::Range<u32>, place: TextRange) {
        for member in self.builder.members_to_merge(into, nodes.start) {
            if self.n_copied + member.len() > quota::YAML_COPIED_NODES_MAX {
                self.builder.error(Wrong::TooManyAliases, place);
                return;
            }
            self.n_copied += member.len();
            self.builder.copy(member, place);
        }
    }

    /// After a value: closes the member it belongs to.
    fn value_done(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        if let Some(key) = frame.key.take().filter(|key| !key.is_merge) {
            self.builder.close(self.end.max(key.end));
        }
    }

    fn note_anchor(&mut self, anchor: usize, node: u32) {
        if anchor > 0 {
            self.anchors.insert(anchor, node..node + 1);
        }
    }

    /// The end of the closing bracket that comes next. The scanner's place of it is that of a comma before it.
    fn bracket_end(&self, start: TextSize) -> Option<TextSize> {
        let rest = self.text.get(start as usize..)?;
        let mut characters = rest.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '}' | ']' => return Some(start + TextSize::try_from(at + 1).ok()?),
                '#' => {
                    characters.find(|(_, character)| *character == '\n')?;
                }
                ',' => {}
                _ if character.is_whitespace() => {}
                _ => return None,
            }
        }
        None
    }

    /// The place behind the colon of the key whose value is missing.
    fn after_colon(&self) -> TextSize {
        let key_end = self.frames.last().and_then(|frame| frame.key.as_ref()).map_or(self.end, |key| key.end);
        let rest = self.text.get(key_end as usize..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let has_colon = rest.get(blanks..).is_some_and(|rest| rest.starts_with(':'));
        if has_colon { key_end + TextSize::try_from(blanks).unwrap_or(0) + 1 } else { key_end }
    }

    /// The range of a scalar without the anchor and the tag before it.
    fn without_properties(&self, range: TextRange) -> TextRange {
        let mut start = range.start();
        loop {
            let raw = self.text.get(start as usize..range.end() as usize).unwrap_or_default();
            if !raw.starts_with(['&', '!']) {
                return TextRange::new(start, range.end());
            }
            let word = raw.find(char::is_whitespace).unwrap_or(raw.len());
            let rest = raw.get(word..).unwrap_or_default();
            let blanks = rest.len() - rest.trim_start().len();
            start += TextSize::try_from(word + blanks).unwrap_or(0);
        }
    }

    /// The range of a scalar without the blanks behind it, which the scanner sometimes takes for part of it.
    fn extent(&self, range: TextRange, style: ScalarStyle) -> TextRange {
        let raw = self.text.get(range.to_usize()).unwrap_or_default();
        let length = match style {
            ScalarStyle::DoubleQuoted => quoted_length(raw, '"'),
            ScalarStyle::SingleQuoted => quoted_length(raw, '\''),
            ScalarStyle::Plain => raw.trim_end().len(),
            ScalarStyle::Literal | ScalarStyle::Folded => raw.len(),
        };
        TextRange::at(range.start(), TextSize::try_from(length).unwrap_or(TextSize::MAX))
    }

    /// The range of a block scalar, from its `|` or `>` to the end of its last line that is not blank. The scanner's
    /// begins behind the indentation of the first line.
    fn block(&self, range: TextRange) -> TextRange {
        let before = self.text.get(..range.start() as usize).unwrap_or_default();
        let header = before.trim_end();
        let line = header.rfind('\n').map_or(0, |end| end + 1);
        let start = header
            .get(line..)
            .and_then(|header| header.rfind(['|', '>']))
            .map_or(range.start(), |at| TextSize::try_from(line + at).unwrap_or(TextSize::MAX));
        let raw = self.text.get(range.to_usize()).unwrap_or_default();
        let end = range.start() + TextSize::try_from(raw.trim_end().len()).unwrap_or(0);
        TextRange::new(start, end)
    }
}

fn string_style(style: ScalarStyle) -> StringStyle {
    match style {
        ScalarStyle::Plain => StringStyle::Plain,
        ScalarStyle::SingleQuoted => StringStyle::SingleQuoted,
        ScalarStyle::DoubleQuoted => StringStyle::DoubleQuoted,
        ScalarStyle::Literal | ScalarStyle::Folded => StringStyle::Block,
    }
}

/// The length of a string in quotes with both quotes.
fn quoted_length(raw: &str, quote: char) -> usize {
    let mut characters = raw.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        let is_escaped = match quote {
            '"' => character == '\\',
            _ => character == quote && characters.peek().is_some_and(|next| next.1 == quote),
        };
        if is_escaped {
            characters.next();
        } else if character == quote {
            return at + 1;
        }
    }
    raw.trim_end().len()
}

/// Whether a tag is one of an application, which says that another value will stand there; YAML's own only name types.
fn is_opaque(tag: &str) -> bool {
    tag.starts_with('!') && !tag.starts_with("!!") && tag.len() > 1
}

/// Steps over the rest of a mapping or sequence. Returns the range of its end.
fn skip(events: &mut impl Iterator<Item = Scanned>, start: TextRange) -> TextRange {
    let mut depth = 1_usize;
    let mut last = start;
    for event in events {
        match event.kind {
            Kind::Open { .. } => depth += 1,
            Kind::Close => depth -= 1,
            // Of a block, the end is told to be at the beginning of what follows.
            _ => last = event.range,
        }
        if depth == 0 {
            return if event.range.is_empty() { last } else { event.range };
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::syntax::Node;

    fn parse(text: &str) -> Parse {
        parse_yaml(SourceText::new(text), 16)
    }

    /// The value, and each mistake with what it underlines.
    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let parse = parse(text);
        let mut shown = parse.root().map(Node::to_value).unwrap_or_default().to_string();
        for error in parse.errors() {
            shown += &format!("\n{}: {:?}", error.message(), parse.source().slice(error.range));
        }
        expected.assert_eq(&shown);
    }

    /// What stands in the range of each node, one a line.
    #[track_caller]
    fn check_ranges(text: &str, expected: Expect) {
        let parse = parse(text);
        let nodes =
            (0..u32::try_from(parse.nodes.len()).unwrap()).map(|id| parse.node(super::super::NodeId(id)));
        let shown: Vec<_> =
            nodes.map(|node| format!("{:?} {:?}", node.kind(), parse.source().slice(node.range()))).collect();
        expected.assert_eq(&shown.join("\n"));
    }

    /// Where the letter `x` of the only value of a mapping stands.
    #[track_caller]
    fn check_place_of_x(text: &str) {
        let parse = parse(text);
        let value = parse.root().and_then(|root| root.members().next()?.value()).expect("a value");
        let decoded = value.decoded().expect("a string");
        let at = TextSize::try_from(decoded.text.find('x').expect("an x")).unwrap();
        let range = decoded.to_source(TextRange::at(at, 1));
        assert_eq!((parse.source().slice(range), range.start() as usize), ("x", text.find('x').unwrap()));
        assert_eq!(decoded.from_source(range.start()), at);
    }

    #[test]
    fn blocks_and_flows() {
        check(
            "a:\n  - 1\n  - b: true\n    c: ~\nd: {e: [x, 'y']}\n",
            expect![[r#"{"a":[1,{"b":true,"c":null}],"d":{"e":["x","y"]}}"#]],
        );
    }

    #[test]
    fn ranges_of_blocks_end_with_what_is_in_them() {
        check_ranges(
            "a:\n  - b: 1 # one\n\n# two\nc: [x]\n",
            expect![[r#"
                Object "a:\n  - b: 1 # one\n\n# two\nc: [x]"
                Member "a:\n  - b: 1"
                String(Plain) "a"
                Array "- b: 1"
                Object "b: 1"
                Member "b: 1"
                String(Plain) "b"
                Number "1"
                Member "c: [x]"
                String(Plain) "c"
                Array "[x]"
                String(Plain) "x""#]],
        );
    }

    #[test]
    fn anchors_and_tags_are_not_part_of_a_value() {
        check_ranges(
            "a: &k 'x'\nb: !!str 5\nc: &m {d: *k}\n",
            expect![[r#"
                Object "a: &k 'x'\nb: !!str 5\nc: &m {d: *k}"
                Member "a: &k 'x'"
                String(Plain) "a"
                String(SingleQuoted) "'x'"
                Member "b: !!str 5"
                String(Plain) "b"
                String(Plain) "5"
                Member "c: &m {d: *k}"
                String(Plain) "c"
                Object "{d: *k}"
                Member "d: *k"
                String(Plain) "d"
                String(SingleQuoted) "*k""#]],
        );
    }

    #[test]
    fn a_missing_value_is_null_behind_the_colon() {
        check_ranges(
            "a:\nb :",
            expect![[r#"
                Object "a:\nb :"
                Member "a:"
                String(Plain) "a"
                Null ""
                Member "b :"
                String(Plain) "b"
                Null """#]],
        );
    }

    #[test]
    fn strings_of_all_styles() {
        check(
            "a: |\n  x\n   y\nb: >-\n  x\n  y\n\n  z\nc: \"x\\\n  y\\u00e9\"\nd: 'it''s'\ne: plain\n  text\n",
            expect![[r#"{"a":"x\n y\n","b":"x y\nz","c":"xyé","d":"it's","e":"plain text"}"#]],
        );
    }

    #[test]
    fn places_in_strings_lead_back() {
        check_place_of_x("a: ab x");
        check_place_of_x("é: 'ab'' x'");
        check_place_of_x("a: \"é\\u00e9 \\t x\"");
        check_place_of_x("a: |\n  first\n   second x\n");
        check_place_of_x("a: >-\n  first\n  second x\n");
        check_place_of_x("a: first\n   second x\n");
        check_place_of_x("a: 'first it''s\n   second x'\n");
        check_place_of_x("a: \"first \\\"\\\n   second x\"\n");
    }

    #[test]
    fn aliases_are_copies() {
        check("a: &k {b: 1, c: [x]}\nd: *k\n", expect![[r#"{"a":{"b":1,"c":["x"]},"d":{"b":1,"c":["x"]}}"#]]);
    }

    #[test]
    fn merge_keys_add_what_is_not_there() {
        check(
            "a: &k {b: 1, c: 2}\nl: &l {e: 5}\nd:\n  <<: [*k, *l]\n  b: 3\n",
            expect![[r#"{"a":{"b":1,"c":2},"l":{"e":5},"d":{"b":3,"c":2,"e":5}}"#]],
        );
    }

    #[test]
    fn an_alias_of_what_it_is_in_is_none() {
        check(
            "a: &k\n  b: *k\n",
            expect![[r#"
                {"a":{"b":null}}
                There is no such anchor before this: "*k""#]],
        );
    }

    #[test]
    fn elements_that_are_copies() {
        let parse = parse(&format!("[{}&a [1, 2], {}x]", "y, ".repeat(40), "*a, ".repeat(40)));
        let array = parse.root().unwrap();
        for (idx, element) in array.elements().enumerate() {
            assert_eq!((array.element(idx), element.element_idx()), (Some(element), Some(idx)));
        }
        assert_eq!(array.element(60).and_then(|copy| copy.element(1)?.element_idx()), Some(1));
    }

    #[test]
    fn aliases_of_aliases_are_bounded() {
        let mut text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n".to_owned();
        for i in 1..12 {
            let before = format!("*a{}", i - 1);
            text += &format!("a{i}: &a{i} [{}]\n", [before.as_str(); 10].join(", "));
        }
        let parse = parse(&text);
        assert!(parse.nodes.len() < 2 * quota::YAML_COPIED_NODES_MAX);
        assert!(parse.errors().iter().any(|error| error.kind == Wrong::TooManyAliases));
    }

    #[test]
    fn tags_of_applications_are_placeholders() {
        check(
            "a: !GetAtt F.Arn\nb: !Sub 'x-${Y}'\nc: !Join [':', [a, b]]\nd: 1\n",
            expect![[r#"{"a":"${!GetAtt F.Arn}","b":"x-${Y}","c":"${!Join}","d":1}"#]],
        );
    }

    #[test]
    fn a_half_typed_key_costs_its_line() {
        check(
            "a:\n  b: 1\n  Ne\nc: 2\n",
            expect![[r#"
                {"a":{"b":1},"c":2}
                Expected a colon and a value after this key: "Ne""#]],
        );
    }

    #[test]
    fn a_quote_that_is_not_closed_costs_its_value() {
        check(
            "a:\n  b: \"x\n  c: 1\n",
            expect![[r#"
                {"a":{"b":null,"c":1}}
                This string has no closing quote: "\"x""#]],
        );
    }

    #[test]
    fn expressions_need_quotes() {
        check(
            "a: {% $x %}\nb: '{% $y %}'\n",
            expect![[r#"
                {"a":null,"b":"{% $y %}"}
                In YAML, an expression in {% %} must be in quotes: "{% $x %}""#]],
        );
    }

    #[test]
    fn tabs_do_not_indent() {
        check(
            "a:\n\tb: 1\nc: 2\n",
            expect![[r#"
            {"a":null,"c":2}
            YAML is indented with blanks, not with tabs: "b: 1""#]],
        );
    }

    #[test]
    fn a_line_that_is_indented_wrong_costs_itself() {
        check(
            "a:\n    b: 1\n  c: 2\nd: 3\n",
            expect![[r#"
            {"a":{"b":1},"d":3}
            This is indented as nothing around it is: "c: 2""#]],
        );
    }

    #[test]
    fn brackets_that_are_not_closed_cost_their_value() {
        check(
            "a: [1, 2\nb: 3\n",
            expect![[r#"
            {"a":null,"b":3}
            Expected a comma or a closing bracket: "[1, 2""#]],
        );
    }

    #[test]
    fn a_half_typed_first_key_costs_its_line() {
        check(
            "a:\n  Ty\n  b: 1\nc: 2\n",
            expect![[r#"
            {"a":{"b":1},"c":2}
            Expected a colon and a value after this key: "Ty""#]],
        );
    }

    #[test]
    fn a_line_that_is_indented_more_costs_itself() {
        check(
            "a: 1\n  b: 2\nc: 3\n",
            expect![[r#"
            {"a":1,"c":3}
            This is indented as nothing around it is: "b: 2""#]],
        );
    }

    #[test]
    fn several_mistakes_cost_their_lines() {
        check(
            "a:\n  Ty\n  b: 1\nc: @x\nd: [1\ne: {f: 1}\ng: *k\nh: 1",
            expect![[r#"
            {"a":{"b":1},"c":null,"d":null,"e":{"f":1},"g":null,"h":1}
            Expected a colon and a value after this key: "Ty"
            This is not valid YAML: "@x"
            Expected a comma or a closing bracket: "[1"
            There is no such anchor before this: "*k""#]],
        );
    }

    #[test]
    fn a_second_document_is_left_out() {
        check(
            "a: 1\n---\nb: 2\n",
            expect![[r#"
            {"a":1}
            The document ends before this: "---\nb: 2\n""#]],
        );
    }

    #[test]
    fn json_is_yaml() {
        check("{\"a\": [1, \"x\\n\"], \"b\": null}", expect![[r#"{"a":[1,"x\n"],"b":null}"#]]);
    }

    #[test]
    fn nothing_is_empty() {
        check(
            "# only a comment\n",
            expect![[r#"
            null
            The document is empty: a state machine is a JSON object: """#]],
        );
    }

    #[test]
    fn what_is_too_deep_is_an_error() {
        check(
            &format!("a: {}1{}\nb: 2\n", "[".repeat(20), "]".repeat(20)),
            expect![[r#"
            {"a":[[[[[[[[[[[[[[[null]]]]]]]]]]]]]]],"b":2}
            Nested more than 16 levels deep: "[""#]],
        );
    }
}
