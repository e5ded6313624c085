//! What is at a place in YAML. Where nothing stands yet, the indentation tells what the place belongs to.

use crate::syntax::cursor::{Cursor, Place};
use crate::syntax::tree::{Member, Node, NodeKind, Parse, StringStyle};
use crate::text::{ColumnEncoding, TextRange, TextSize};

/// What is at an offset; none within comments, and where nothing can be put.
pub(crate) fn cursor(parse: &Parse, offset: TextSize) -> Option<Cursor<'_>> {
    let scene = Scene::new(parse, offset);
    if scene.is_comment() {
        return None;
    }
    let Some(root) = parse.root() else { return Some(bare(Place::Root, scene.word())) };
    let innermost = parse.node_at(offset).unwrap_or(root);
    if is_scalar(innermost) && !innermost.range().is_empty() && innermost.range().touches(offset) {
        return scene.at_scalar(innermost);
    }
    match enclosing_flow(innermost, offset) {
        Some(flow) => scene.in_flow(flow),
        None => scene.in_block(root),
    }
}

fn bare(place: Place<'_>, replace: TextRange) -> Cursor<'_> {
    Cursor { place, replace, comma_before: None, needs_comma_after: false }
}

/// The line of an offset.
struct Scene<'a> {
    parse: &'a Parse,
    offset: TextSize,
    line: TextRange,
    /// The line up to the offset.
    before: &'a str,
}

impl<'a> Scene<'a> {
    fn new(parse: &'a Parse, offset: TextSize) -> Self {
        let source = parse.source();
        let line = source.line_range(source.line_column(offset, ColumnEncoding::Utf8).line);
        let before = source.slice(TextRange::new(line.start(), offset));
        Self { parse, offset, line, before }
    }

    fn is_comment(&self) -> bool {
        let mut quote = None;
        let mut previous = ' ';
        for character in self.before.chars() {
            match (quote, character) {
                (Some(open), _) if open == character => quote = None,
                (None, '\'' | '"') if previous.is_whitespace() || "[{,".contains(previous) => {
                    quote = Some(character)
                }
                (None, '#') if previous.is_whitespace() => return true,
                _ => {}
            }
            previous = character;
        }
        false
    }

    /// The word that is being typed: what stands on the line around the offset, without what precedes it.
    fn word(&self) -> TextRange {
        let content = self.content_start();
        let line = self.parse.source().slice(self.line).trim_end();
        let end = self.line.start() + size(line.len());
        TextRange::new(content.min(self.offset), end.max(self.offset))
    }

    /// Where the line begins behind its blanks and dashes.
    fn content_start(&self) -> TextSize {
        let mut rest = self.before.trim_start_matches(' ');
        while let Some(behind) = rest.strip_prefix("- ") {
            rest = behind.trim_start_matches(' ');
        }
        self.offset - size(rest.len())
    }

    fn column(&self, offset: TextSize) -> TextSize {
        offset - self.line.start()
    }

    fn at_scalar(&self, node: Node<'a>) -> Option<Cursor<'a>> {
        let is_one_line = !node.raw().contains('\n');
        if node.is_copy() || !is_one_line {
            return None;
        }
        let parent = node.parent();
        let is_plain = node.kind() == NodeKind::String(StringStyle::Plain);
        let place = match parent.map(Node::kind) {
            // A word that stands for the whole document: its first key is being typed.
            None => Place::Key { object: node, member: None, has_colon: false },
            Some(NodeKind::Array) => Place::Element { array: parent?, element: Some(node) },
            Some(NodeKind::Member) => {
                let object = parent?.parent()?;
                let member = object.members().find(|member| Some(member.node()) == parent)?;
                let key = member.key_node();
                let is_below = self.line.start() > key.range().end();
                if key == node {
                    Place::Key { object, member: Some(member), has_colon: true }
                } else if is_plain && is_below {
                    // The first key of what the member will hold.
                    Place::Key { object: node, member: None, has_colon: false }
                } else {
                    Place::Value { member, needs_colon: false }
                }
            }
            Some(_) => return None,
        };
        Some(bare(place, node.range()))
    }

    /// Between the parts of a mapping or sequence in brackets.
    fn in_flow(&self, flow: Node<'a>) -> Option<Cursor<'a>> {
        let source = self.parse.source();
        let inside = source.slice(TextRange::new(flow.range().start(), self.offset)).trim_end();
        let rest = source.slice(TextRange::new(self.offset, flow.range().end())).trim_start();
        let replace = TextRange::empty(self.offset);
        let last = inside.chars().next_back()?;
        let previous_end = flow.range().start() + size(inside.len());
        let comma_before = (!matches!(last, '{' | '[' | ',' | ':')).then_some(previous_end);
        let needs_comma_after = rest.chars().next().is_some_and(|next| !matches!(next, ',' | '}' | ']'));
        let place = if flow.is_array() {
            Place::Element { array: flow, element: None }
        } else if last == ':' {
            let member = flow.members().filter(|it| it.key_node().range().end() <= self.offset).last()?;
            return Some(Cursor {
                comma_before: None,
                ..bare(Place::Value { member, needs_colon: false }, replace)
            });
        } else {
            Place::Key { object: flow, member: None, has_colon: false }
        };
        Some(Cursor { place, replace, comma_before, needs_comma_after })
    }

    fn in_block(&self, root: Node<'a>) -> Option<Cursor<'a>> {
        let content = self.content_start();
        let source = self.parse.source();
        let typed = source.slice(TextRange::new(content, self.offset));
        let behind = source.slice(TextRange::new(self.offset, self.line.end())).trim();
        let replace = TextRange::empty(self.offset);
        // Behind a key and its colon.
        if typed.trim_end().ends_with(':') {
            let member = self.member_at(root, content)?;
            let is_free = member.value().is_none_or(|value| value.range().is_empty());
            return (is_free && behind.is_empty())
                .then(|| bare(Place::Value { member, needs_colon: false }, replace));
        }
        if typed.contains(": ") || (typed.is_empty() && !behind.is_empty()) {
            return None;
        }
        let column = self.column(content);
        // Behind a dash that has nothing yet.
        let is_dash = self.before.trim_end().ends_with('-') || self.before.trim_start().starts_with("- ");
        if is_dash && let Some(array) = self.array_at(root, content) {
            let is_empty =
                |node: &Node<'_>| node.range().is_empty() && self.line.touches(node.range().start());
            let element = array.elements().find(is_empty);
            return Some(bare(Place::Element { array, element }, self.word()));
        }
        let object = self.object_at(root, column)?;
        Some(bare(Place::Key { object, member: None, has_colon: false }, self.word()))
    }

    /// The member whose key begins at an offset.
    fn member_at(&self, root: Node<'a>, key_start: TextSize) -> Option<Member<'a>> {
        chain(root, key_start)
            .into_iter()
            .rev()
            .find_map(|node| node.members().find(|member| member.key_node().range().start() == key_start))
    }

    /// The sequence whose dash stands on this line before an offset.
    fn array_at(&self, root: Node<'a>, content: TextSize) -> Option<Node<'a>> {
        let dash = self.line.start() + size(self.before.find('-')?);
        let column = self.column(dash);
        let is_it =
            |node: &Node<'a>| node.is_array() && column_of(self.parse, node.range().start()) == column;
        chain(root, content)
            .into_iter()
            .rev()
            .find(is_it)
            .or_else(|| self.chain_above(root).into_iter().rev().find(is_it))
    }

    /// The mapping that a key at a column of this line belongs to: one whose keys stand there, or what a key above that
    /// has nothing yet will hold.
    fn object_at(&self, root: Node<'a>, column: TextSize) -> Option<Node<'a>> {
        let chain = self.chain_above(root);
        let column_of = |node: Node<'_>| column_of(self.parse, node.range().start());
        for node in chain.into_iter().rev() {
            match node.kind() {
                NodeKind::Object if column_of(node) == column && !is_flow(node) => return Some(node),
                NodeKind::Member => {
                    let value = node.children().nth(1).filter(|value| value.range().is_empty());
                    if let Some(value) = value.filter(|_| column_of(node) < column) {
                        return Some(value);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// What the last line above that is not blank ends in, from the outside in.
    fn chain_above(&self, root: Node<'a>) -> Vec<Node<'a>> {
        let above = self.parse.source().slice(TextRange::new(0, self.line.start()));
        let mut end = 0;
        let mut start = above.len();
        for line in above.lines().rev() {
            start = above.get(..start).and_then(|before| before.rfind(line)).unwrap_or(0);
            let content = line.split(" #").next().unwrap_or_default();
            if !content.trim().is_empty() && !content.trim_start().starts_with('#') {
                end = start + content.trim_end().len();
                break;
            }
        }
        chain(root, size(end))
    }
}

/// The nodes that end at or behind an offset and begin before it, from the outside in; of what ends before it, the last.
fn chain(root: Node<'_>, offset: TextSize) -> Vec<Node<'_>> {
    let mut chain = vec![root];
    let mut node = root;
    while let Some(child) =
        node.children().filter(|child| child.range().start() <= offset && !child.is_copy()).last()
    {
        chain.push(child);
        node = child;
    }
    chain
}

fn column_of(parse: &Parse, offset: TextSize) -> TextSize {
    parse.source().line_column(offset, ColumnEncoding::Utf8).column
}

fn is_flow(node: Node<'_>) -> bool {
    node.raw().starts_with(['{', '['])
}

/// The innermost mapping or sequence in brackets that an offset is in.
fn enclosing_flow(node: Node<'_>, offset: TextSize) -> Option<Node<'_>> {
    let is_inside = |node: &Node<'_>| {
        (node.is_object() || node.is_array())
            && is_flow(*node)
            && node.range().start() < offset
            && offset < node.range().end()
    };
    std::iter::successors(Some(node), |node| node.parent()).find(is_inside)
}

fn is_scalar(node: Node<'_>) -> bool {
    !matches!(node.kind(), NodeKind::Object | NodeKind::Array | NodeKind::Member)
}

fn size(n: usize) -> TextSize {
    TextSize::try_from(n).unwrap_or(TextSize::MAX)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::syntax::parse_yaml;
    use crate::text::SourceText;

    /// The place and what is replaced.
    #[track_caller]
    fn check(fixture: &str, expected: Expect) {
        let at = fixture.find("<|>").expect("a cursor");
        let source = SourceText::new(&fixture.replacen("<|>", "", 1));
        let parse = parse_yaml(source.clone(), 64);
        let shown = match cursor(&parse, TextSize::try_from(at).unwrap()) {
            None => "nothing".to_owned(),
            Some(cursor) => {
                let place = match cursor.place {
                    Place::Key { object, has_colon, .. } => {
                        format!(
                            "key of {:?}{}",
                            object.pointer(),
                            if has_colon { " before a colon" } else { "" }
                        )
                    }
                    Place::Value { member, .. } => format!("value of {:?}", member.key()),
                    Place::Element { array, .. } => format!("element of {:?}", array.pointer()),
                    Place::Root => "root".to_owned(),
                };
                let comma = if cursor.comma_before.is_some() { ", comma before" } else { "" };
                format!("{place}, replaces {:?}{comma}", source.slice(cursor.replace))
            }
        };
        expected.assert_eq(&shown);
    }

    #[test]
    fn keys_by_their_indentation() {
        check("a:\n  b:\n    c: 1\n    <|>\n", expect![[r#"key of "/a/b", replaces """#]]);
        check("a:\n  b:\n    c: 1\n  <|>\n", expect![[r#"key of "/a", replaces """#]]);
        check("a:\n  b:\n    c: 1\n<|>", expect![[r#"key of "", replaces """#]]);
        check("a:\n  b:\n    c: 1\n  <|>\nd: 2\n", expect![[r#"key of "/a", replaces """#]]);
    }

    #[test]
    fn keys_that_are_half_typed() {
        check("a:\n  b: 1\n  Ne<|>\nd: 2\n", expect![[r#"key of "/a", replaces "Ne""#]]);
        check("a:\n  Ty<|>\n  b: 1\n", expect!["nothing"]);
        check("a:\n  Ty<|>\n", expect![[r#"key of "/a", replaces "Ty""#]]);
        check("St<|>", expect![[r#"key of "", replaces "St""#]]);
        check("a:\n  b<|>: 1\n", expect![[r#"key of "/a" before a colon, replaces "b""#]]);
    }

    #[test]
    fn the_first_key_of_what_holds_nothing_yet() {
        check("a:\n  b:\n    <|>\n  c: 1\n", expect![[r#"key of "/a/b", replaces """#]]);
        check("a:\n  b: # c\n\n    <|>\n", expect![[r#"key of "/a/b", replaces """#]]);
    }

    #[test]
    fn values() {
        check("a: <|>\nb: 1\n", expect![[r#"value of "a", replaces """#]]);
        check("a:<|>\nb: 1\n", expect![[r#"value of "a", replaces """#]]);
        check("a:\n  - b: <|>\n", expect![[r#"value of "b", replaces """#]]);
        check("a: x<|>y\n", expect![[r#"value of "a", replaces "xy""#]]);
        check("a: '<|>'\n", expect![[r#"value of "a", replaces "''""#]]);
    }

    #[test]
    fn elements() {
        check("a:\n  - <|>\nb: 1\n", expect![[r#"element of "/a", replaces """#]]);
        check("a:\n  - x\n  - <|>\n", expect![[r#"element of "/a", replaces """#]]);
        check("a:\n  - x<|>\n", expect![[r#"element of "/a", replaces "x""#]]);
        check("a: [<|>]\n", expect![[r#"element of "/a", replaces """#]]);
        check("a: [x <|>]\n", expect![[r#"element of "/a", replaces "", comma before"#]]);
    }

    #[test]
    fn members_behind_a_dash() {
        check("a:\n  - b: 1\n    <|>\n", expect![[r#"key of "/a/0", replaces """#]]);
        check("a:\n  - b: 1\n    Ne<|>\n  - c: 2\n", expect![[r#"key of "/a/0", replaces "Ne""#]]);
    }

    #[test]
    fn in_brackets() {
        check("a: {b: 1, <|>}\n", expect![[r#"key of "/a", replaces """#]]);
        check("a: {b: <|>}\n", expect![[r#"value of "b", replaces """#]]);
        check("a: {<|>}\n", expect![[r#"key of "/a", replaces """#]]);
        check("a:\n  b: {c: x, <|>}\n", expect![[r#"key of "/a/b", replaces """#]]);
    }

    #[test]
    fn nothing_in_comments() {
        check("a: 1 # <|>\n", expect!["nothing"]);
        check("# <|>\na: 1\n", expect!["nothing"]);
    }

    #[test]
    fn an_empty_document() {
        check("<|>", expect![[r#"root, replaces """#]]);
    }
}
