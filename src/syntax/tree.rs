//! The lossless tree: an arena of nodes over the text, and the tokens that tile it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::builder::size;
use super::string::{self, Decoded};
use super::yaml;
use crate::spec::quota;
use crate::text::{SourceText, TextRange, TextSize};

/// What a document is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// JSON.
    #[default]
    Json,
    /// YAML.
    Yaml,
}

impl Format {
    /// The format of a file of this name, or of this path or URI; JSON where the name tells nothing.
    pub fn of_name(name: &str) -> Self {
        let extension = name.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default();
        let is_yaml = ["yaml", "yml"].iter().any(|yaml| extension.eq_ignore_ascii_case(yaml));
        if is_yaml { Format::Yaml } else { Format::Json }
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// `{ … }`; its children are members.
    Object,
    /// `"key": value`; its children are the key, a string, and the value where there is one.
    Member,
    /// `[ … ]`; its children are the elements.
    Array,
    /// A string, or a key in whatever form it was written.
    String(StringStyle),
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`.
    Null,
    /// `${name}` without quotes, for a value that is filled in when the definition is deployed.
    Substitution,
    /// Text that stands where a value is expected and is none.
    Error,
}

/// How a string is written, which decides how it is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StringStyle {
    /// `"…"`, letter by letter.
    Quoted,
    /// `"…"` with an escape sequence in it.
    Escaped,
    /// `"…` up to the end of the line.
    Unterminated,
    /// Without quotes; only keys, and always with an error.
    Bare,
    /// Not written at all, as the key in `{: 1}`; the range is empty.
    Missing,
    /// Without quotes, as YAML allows.
    Plain,
    /// `'…'`, in YAML.
    SingleQuoted,
    /// `"…"`, in YAML.
    DoubleQuoted,
    /// From `|` or `>` to the end of its last line, in YAML.
    Block,
    /// A value with a tag that says that another value will stand there, as `!Ref Name` in a template of
    /// CloudFormation; its text is a placeholder.
    Tagged,
}

/// What a token is. White space and comments are tokens too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// `{`.
    OpenBrace,
    /// `}`.
    CloseBrace,
    /// `[`.
    OpenBracket,
    /// `]`.
    CloseBracket,
    /// `,`.
    Comma,
    /// `:`.
    Colon,
    /// A string with both quotes.
    String,
    /// A string that lacks its closing quote.
    UnterminatedString,
    /// Digits and what belongs to a number.
    Number,
    /// A run of letters, such as `true`.
    Word,
    /// `${…}` without quotes.
    Substitution,
    /// Blanks, tabs and line ends.
    Whitespace,
    /// `// …` or `/* … */`, which JSON does not have.
    Comment,
    /// Any other character.
    Unknown,
}

/// A token; it ends where the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it begins.
    pub start: TextSize,
}

/// What is wrong with the text as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// There is no value in the document.
    Empty,
    /// Something else was expected here.
    Expected(&'static str),
    /// The token cannot stand here.
    Unexpected,
    /// The document goes on after its value.
    AfterEnd,
    /// An opening bracket has no closing one.
    Unclosed,
    /// A string has no closing quote.
    UnterminatedString,
    /// An escape sequence that JSON does not have.
    InvalidEscape,
    /// A control character within a string.
    ControlCharacter,
    /// A number that JSON does not have, or that is out of range.
    InvalidNumber,
    /// A key without quotes.
    UnquotedKey,
    /// A comma with nothing after it.
    TrailingComma,
    /// A comment.
    Comment,
    /// Brackets nested deeper than the limit.
    TooDeep(usize),
    /// An expression in `{% %}` without quotes, in YAML.
    UnquotedExpression,
    /// A tab in the indentation, in YAML.
    Tab,
    /// A line that is indented as none around it, in YAML.
    Indentation,
    /// An alias of an anchor that is not there before it, in YAML.
    UnknownAnchor,
    /// Aliases that stand for more than can be held, in YAML.
    TooManyAliases,
    /// Another mistake in YAML.
    InvalidYaml,
}

/// A mistake in the JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: SyntaxErrorKind,
    /// Where.
    pub range: TextRange,
}

impl SyntaxError {
    /// A sentence for people, without a full stop.
    pub fn message(&self) -> String {
        match self.kind {
            SyntaxErrorKind::Empty => "The document is empty: a state machine is a JSON object".into(),
            SyntaxErrorKind::Expected(what) => format!("Expected {what}"),
            SyntaxErrorKind::Unexpected => "This cannot stand here".into(),
            SyntaxErrorKind::AfterEnd => "The document ends before this".into(),
            SyntaxErrorKind::Unclosed => "This bracket is never closed".into(),
            SyntaxErrorKind::UnterminatedString => "This string has no closing quote".into(),
            SyntaxErrorKind::InvalidEscape => "JSON has no such escape sequence".into(),
            SyntaxErrorKind::ControlCharacter => "Control characters in strings must be escaped".into(),
            SyntaxErrorKind::InvalidNumber => "This is not a number that JSON can hold".into(),
            SyntaxErrorKind::UnquotedKey => "Keys must be strings in double quotes".into(),
            SyntaxErrorKind::TrailingComma => "JSON allows no comma after the last element".into(),
            SyntaxErrorKind::Comment => "JSON has no comments; use a \"Comment\" field".into(),
            SyntaxErrorKind::TooDeep(limit) => format!("Nested more than {limit} levels deep"),
            SyntaxErrorKind::UnquotedExpression => "In YAML, an expression in {% %} must be in quotes".into(),
            SyntaxErrorKind::Tab => "YAML is indented with blanks, not with tabs".into(),
            SyntaxErrorKind::Indentation => "This is indented as nothing around it is".into(),
            SyntaxErrorKind::UnknownAnchor => "There is no such anchor before this".into(),
            SyntaxErrorKind::TooManyAliases => {
                format!("The aliases stand for more than {} values", quota::YAML_COPIED_NODES_MAX)
            }
            SyntaxErrorKind::InvalidYaml => "This is not valid YAML".into(),
        }
    }
}

/// A node's place in its [`Parse`]; meaningless in any other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

pub(super) const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
pub(super) struct NodeData {
    pub(super) kind: NodeKind,
    pub(super) range: TextRange,
    pub(super) parent: u32,
    pub(super) first_child: u32,
    pub(super) next_sibling: u32,
}

/// Where a node's text comes from, if not simply from its range.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// The range it is written in.
    pub(super) written: TextRange,
    /// The text that it stands for, if it is a string and that is not easily told.
    pub(super) text: Option<Box<str>>,
    /// Whether it is there because an alias stands in its place.
    pub(super) is_copy: bool,
}

/// A document's tree, tokens and errors.
#[derive(Clone, Debug, Default)]
pub struct Parse {
    pub(super) source: SourceText,
    pub(super) format: Format,
    pub(super) nodes: Vec<NodeData>,
    /// Of JSON only.
    pub(super) tokens: Vec<Token>,
    pub(super) errors: Vec<SyntaxError>,
    /// Of the few nodes that need it, in YAML only.
    pub(super) origins: BTreeMap<u32, Origin>,
    /// Made when it is first needed: the elements of the arrays that are too long to be walked through for each.
    pub(super) long_arrays: OnceLock<HashMap<NodeId, Vec<NodeId>>>,
}

/// Elements of an array that are walked through to find one.
const WALKED_ELEMENTS: usize = 32;

impl Parse {
    /// The text this is the tree of.
    pub fn source(&self) -> &SourceText {
        &self.source
    }

    /// What it is written in.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The document's value; none in an empty document.
    pub fn root(&self) -> Option<Node<'_>> {
        (!self.nodes.is_empty()).then(|| self.node(NodeId(0)))
    }

    /// The node of an id that came from this parse.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node { parse: self, id }
    }

    /// All nodes, each before those in it: cheaper than to go from one to the other.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..).map(|id| self.node(NodeId(id))).take(self.nodes.len())
    }

    fn long_arrays(&self) -> &HashMap<NodeId, Vec<NodeId>> {
        self.long_arrays.get_or_init(|| {
            let arrays = self.nodes().filter(|node| node.elements().nth(WALKED_ELEMENTS).is_some());
            arrays.map(|array| (array.id, array.elements().map(Node::id).collect())).collect()
        })
    }

    /// The mistakes, in the order of the text.
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// All tokens; together they are the text. None of a document in YAML.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The index of the token that holds the byte at `offset`, or of the last one.
    pub fn token_at(&self, offset: TextSize) -> Option<usize> {
        self.tokens.partition_point(|token| token.start <= offset).checked_sub(1)
    }

    /// The range of a token; empty at the end of the text for an index beyond the last.
    pub fn token_range(&self, idx: usize) -> TextRange {
        let start_of =
            |idx: usize| self.tokens.get(idx).map_or_else(|| self.source.len(), |token| token.start);
        TextRange::new(start_of(idx), start_of(idx + 1))
    }

    /// The innermost node whose range touches `offset`, as a cursor there does.
    pub fn node_at(&self, offset: TextSize) -> Option<Node<'_>> {
        let mut node = self.root().filter(|node| node.range().touches(offset))?;
        loop {
            // Children stand in the order of the text.
            let before = node.children().take_while(|child| child.range().start() <= offset);
            match before.filter(|child| child.range().touches(offset)).last() {
                Some(child) => node = child,
                None => break,
            }
        }
        Some(node)
    }

    /// The node a JSON Pointer leads to, with the pointer's key matched exactly.
    pub fn resolve(&self, pointer: &str) -> Option<Node<'_>> {
        self.root()?.resolve(pointer)
    }
}

/// A node of a [`Parse`].
#[derive(Clone, Copy)]
pub struct Node<'a> {
    parse: &'a Parse,
    id: NodeId,
}

/// A member of an object.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    node: Node<'a>,
    key: Node<'a>,
}

impl<'a> Node<'a> {
    fn data(self) -> NodeData {
        self.parse.nodes.get(self.id.0 as usize).copied().unwrap_or(NodeData {
            kind: NodeKind::Error,
            range: TextRange::default(),
            parent: NONE,
            first_child: NONE,
            next_sibling: NONE,
        })
    }

    fn link(self, id: u32) -> Option<Node<'a>> {
        (id != NONE).then_some(Node { parse: self.parse, id: NodeId(id) })
    }

    /// The node's place in its parse.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The parse it belongs to.
    pub fn parse(self) -> &'a Parse {
        self.parse
    }

    /// What it is.
    pub fn kind(self) -> NodeKind {
        self.data().kind
    }

    /// Its range, quotes and brackets included.
    pub fn range(self) -> TextRange {
        self.data().range
    }

    /// The range of its first character: of an object or array the opening bracket.
    pub fn opening(self) -> TextRange {
        let start = self.range().start();
        let first = self.parse.source.slice(self.range()).chars().next();
        TextRange::at(start, first.map_or(0, |first| size(first.len_utf8())))
    }

    /// The node it is a child of.
    pub fn parent(self) -> Option<Node<'a>> {
        self.link(self.data().parent)
    }

    /// Its children in the order of the text.
    pub fn children(self) -> impl Iterator<Item = Node<'a>> {
        std::iter::successors(self.link(self.data().first_child), |node| node.link(node.data().next_sibling))
    }

    /// Its text as written; of what an alias stands for, as it is written there.
    pub fn raw(self) -> &'a str {
        self.parse.source.slice(self.origin().map_or(self.range(), |origin| origin.written))
    }

    /// Whether it is there because an alias stands in its place: what it is can only be changed elsewhere.
    pub fn is_copy(self) -> bool {
        self.origin().is_some_and(|origin| origin.is_copy)
    }

    fn origin(self) -> Option<&'a Origin> {
        if self.parse.origins.is_empty() {
            return None;
        }
        self.parse.origins.get(&self.id.0)
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        self.kind() == NodeKind::Object
    }

    /// Whether it is an array.
    pub fn is_array(self) -> bool {
        self.kind() == NodeKind::Array
    }

    /// Whether it is a string.
    pub fn is_string(self) -> bool {
        matches!(self.kind(), NodeKind::String(_))
    }

    /// The members of an object, in the order of the text; none of anything else.
    pub fn members(self) -> impl Iterator<Item = Member<'a>> {
        self.children().filter(|node| node.kind() == NodeKind::Member).filter_map(|node| {
            let key = node.children().next()?;
            Some(Member { node, key })
        })
    }

    /// The member with this key. Of several the last, which is the one that counts in JSON.
    pub fn get(self, key: &str) -> Option<Member<'a>> {
        self.members().filter(|member| member.key_is(key)).last()
    }

    /// The value of the member with this key.
    pub fn value_of(self, key: &str) -> Option<Node<'a>> {
        self.get(key)?.value()
    }

    /// The elements of an array, in order; none of anything else.
    pub fn elements(self) -> impl Iterator<Item = Node<'a>> {
        self.is_array().then(|| self.children()).into_iter().flatten()
    }

    /// An element of an array; none of anything else.
    pub fn element(self, idx: usize) -> Option<Node<'a>> {
        if idx < WALKED_ELEMENTS {
            return self.elements().nth(idx);
        }
        let elements = self.parse.long_arrays().get(&self.id)?;
        elements.get(idx).map(|&id| self.parse.node(id))
    }

    /// The place of an element in the array that it is in; none of anything else.
    pub fn element_idx(self) -> Option<usize> {
        let array = self.parent().filter(|parent| parent.is_array())?;
        let among_first = array.elements().take(WALKED_ELEMENTS).position(|element| element.id == self.id);
        among_first.or_else(|| {
            // Nodes are numbered in the order of the text.
            self.parse.long_arrays().get(&array.id)?.binary_search(&self.id).ok()
        })
    }

    /// The text of a string; none of anything else.
    pub fn text(self) -> Option<Cow<'a, str>> {
        let NodeKind::String(style) = self.kind() else { return None };
        match self.origin().and_then(|origin| origin.text.as_deref()) {
            Some(text) => Some(Cow::Borrowed(text)),
            None => Some(string::text(self.raw(), style)),
        }
    }

    /// The text of a string with the way back from places in it to places in the document.
    pub fn decoded(self) -> Option<Decoded<'a>> {
        let NodeKind::String(style) = self.kind() else { return None };
        if self.is_copy() || style == StringStyle::Tagged {
            return Some(Decoded::at(self.text()?, self.range()));
        }
        match self.origin().and_then(|origin| origin.text.as_deref()) {
            Some(text) => Some(string::align(text, self.raw(), style, self.range().start())),
            None => Some(string::decode(self.raw(), style, self.range().start())),
        }
    }

    /// The number; none of anything else, or where it is out of range.
    pub fn number(self) -> Option<serde_json::Number> {
        if self.kind() != NodeKind::Number {
            return None;
        }
        match self.parse.format {
            Format::Json => self.raw().parse().ok(),
            Format::Yaml => yaml::number(self.raw()),
        }
    }

    /// `true` or `false`; none of anything else.
    pub fn boolean(self) -> Option<bool> {
        // YAML also has `True` and `TRUE`.
        (self.kind() == NodeKind::Bool).then(|| self.raw().eq_ignore_ascii_case("true"))
    }

    /// The value as `serde_json` would have it; `null` where something is missing or not understood.
    ///
    /// Recursive, but never deeper than the nesting that the parser admits.
    pub fn to_value(self) -> Value {
        match self.kind() {
            NodeKind::Object => {
                let mut map = Map::new();
                for member in self.members() {
                    let value = member.value().map_or(Value::Null, Node::to_value);
                    map.insert(member.key().into_owned(), value);
                }
                Value::Object(map)
            }
            NodeKind::Array => Value::Array(self.children().map(Node::to_value).collect()),
            NodeKind::String(_) => Value::String(self.text().unwrap_or_default().into_owned()),
            NodeKind::Number => self.number().map_or(Value::Null, Value::Number),
            NodeKind::Bool => Value::Bool(self.boolean() == Some(true)),
            NodeKind::Member | NodeKind::Null | NodeKind::Substitution | NodeKind::Error => Value::Null,
        }
    }

    /// The node a JSON Pointer leads to from here; this node for the empty pointer.
    pub fn resolve(self, pointer: &str) -> Option<Node<'a>> {
        let mut node = self;
        for token in pointer.strip_prefix('/').map(|rest| rest.split('/')).into_iter().flatten() {
            let token = token.replace("~1", "/").replace("~0", "~");
            node = match node.kind() {
                NodeKind::Object => node.value_of(&token)?,
                NodeKind::Array => node.element(token.parse().ok()?)?,
                _ => return None,
            };
        }
        Some(node)
    }

    /// The JSON Pointer of this node from the document's root.
    pub fn pointer(self) -> String {
        let mut tokens = Vec::new();
        let mut node = self;
        while let Some(parent) = node.parent() {
            match parent.kind() {
                NodeKind::Member => {
                    let key = parent.children().next().and_then(Node::text).unwrap_or_default();
                    // The key of a member has the pointer of its value.
                    tokens.push(key.replace('~', "~0").replace('/', "~1"));
                    node = parent;
                }
                NodeKind::Array => {
                    tokens.push(node.element_idx().unwrap_or(0).to_string());
                    node = parent;
                }
                _ => node = parent,
            }
        }
        tokens.iter().rev().fold(String::new(), |acc, token| acc + "/" + token)
    }
}

impl<'a> Member<'a> {
    /// The member as a node.
    pub fn node(self) -> Node<'a> {
        self.node
    }

    /// The text of its key.
    pub fn key(self) -> Cow<'a, str> {
        self.key.text().unwrap_or_default()
    }

    /// Whether its key is this one; cheaper than comparing [`Member::key`].
    pub fn key_is(self, key: &str) -> bool {
        // The length mostly tells already, without a look at the text. Only JSON has such strings: each where it stands.
        let is_quoted = self.key.kind() == NodeKind::String(StringStyle::Quoted);
        if is_quoted && self.key.range().len() != size(key.len() + "\"\"".len()) {
            return false;
        }
        self.simple_key().map_or_else(|| self.key() == key, |simple| simple == key)
    }

    /// Whether its key ends with this; cheaper than looking at [`Member::key`].
    pub fn key_ends_with(self, suffix: &str) -> bool {
        self.simple_key().map_or_else(|| self.key().ends_with(suffix), |simple| simple.ends_with(suffix))
    }

    /// Its key, if it is written letter by letter: cheaper than [`Member::key`].
    pub fn simple_key(self) -> Option<&'a str> {
        let raw = self.key.raw();
        match self.key.kind() {
            NodeKind::String(StringStyle::Quoted) => string::between_quotes(raw),
            NodeKind::String(StringStyle::Plain) if !raw.contains('\n') => Some(raw),
            _ => None,
        }
    }

    /// Its key as a node.
    pub fn key_node(self) -> Node<'a> {
        self.key
    }

    /// Its value, where there is one.
    pub fn value(self) -> Option<Node<'a>> {
        self.node.children().nth(1)
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && std::ptr::eq(self.parse, other.parse)
    }
}

impl Eq for Node<'_> {}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}@{:?}", self.kind(), self.range())
    }
}

impl std::fmt::Debug for Member<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}@{:?}", self.key(), self.node.range())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse_json;

    #[test]
    fn members_are_found_however_their_keys_are_written() {
        let text = r#"{"a": 1, "\u0062": 2, "": 3, "\"": 4, "ab": 5, "\\": 6, "é": 7, "\q": 8}"#;
        let parse = parse_json(SourceText::new(text), 16);
        let get = |key: &str| parse.root().and_then(|root| root.value_of(key)).map(Node::raw);
        let keys = ["a", "b", "", "\"", "ab", "\\", "é", "\\q", "A", "u", "abc"];
        let found = keys.map(|key| get(key).unwrap_or("-"));
        assert_eq!(found, ["1", "2", "3", "4", "5", "6", "7", "8", "-", "-", "-"]);
    }
}
