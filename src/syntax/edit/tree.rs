//! Changes of what is in a document, in the format that it has.

use super::{Draft, Style, dash_indentation, indentation, plain, quoted};
use crate::syntax::tree::{NodeKind, StringStyle};
use crate::syntax::{Format, Member, Node, Parse};
use crate::text::{ColumnEncoding, TextEdit, TextRange, TextSize};

/// Writes another text in the place of a part of a string. `range` is of the decoded text; what stands beside it is
/// kept as it is written. None of anything but a string, and of one that is not written there.
pub fn replace_text(node: Node<'_>, range: TextRange, new_text: &str) -> Option<TextEdit> {
    let NodeKind::String(style) = node.kind() else { return None };
    let decoded = node.decoded()?;
    if !decoded.is_written() {
        return None;
    }
    let escaped = match style {
        StringStyle::Bare | StringStyle::Missing | StringStyle::Plain => {
            let mut text = decoded.text.into_owned();
            text.get(range.to_usize())?;
            text.replace_range(range.to_usize(), new_text);
            let style = Style { is_flow: is_in_flow(node), ..Style::of(node.parse()) };
            return Some(TextEdit::new(node.range(), style.scalar(&text)));
        }
        StringStyle::Quoted
        | StringStyle::Escaped
        | StringStyle::Unterminated
        | StringStyle::DoubleQuoted => {
            let escaped = quoted(new_text);
            escaped.get(1..escaped.len().saturating_sub(1))?.to_owned()
        }
        _ if new_text.chars().any(char::is_control) => return None,
        StringStyle::SingleQuoted => new_text.replace('\'', "''"),
        StringStyle::Block | StringStyle::Tagged => new_text.to_owned(),
    };
    Some(TextEdit::new(decoded.to_source(range), escaped))
}

/// Another value in the place of one.
pub fn replace_value(parse: &Parse, node: Node<'_>, draft: &Draft) -> TextEdit {
    let style = Style { is_flow: is_in_flow(node), ..Style::of(parse) };
    let key = node.parent().filter(|parent| parent.kind() == NodeKind::Member);
    let key = key.and_then(|member| member.children().next()).filter(|key| *key != node);
    match key.filter(|_| style.format == Format::Yaml) {
        // A block goes below its key, another value beside it.
        Some(key) => {
            let colon = TextRange::new(colon_end(parse, key), node.range().end());
            let base = block_indentation(parse, key.range().start());
            TextEdit::new(colon, plain(&draft.render_after_colon(&style, &base)))
        }
        None => {
            let base = block_indentation(parse, node.range().start());
            TextEdit::new(node.range(), plain(&draft.render(&style, &base)))
        }
    }
}

/// A new member of an object: behind another one of its, or as the last.
pub fn insert_member(
    parse: &Parse,
    object: Node<'_>,
    after: Option<Member<'_>>,
    key: &str,
    draft: &Draft,
) -> Option<TextEdit> {
    if !object.is_object() {
        return None;
    }
    let member = |style: &Style, base: &str| {
        format!("{}:{}", style.scalar(key), plain(&draft.render_after_colon(style, base)))
    };
    insert_child(parse, object, after.map(Member::node), member)
}

/// A new element of an array: behind another one of its, or as the last.
pub fn insert_element(
    parse: &Parse,
    array: Node<'_>,
    after: Option<Node<'_>>,
    draft: &Draft,
) -> Option<TextEdit> {
    let element = |style: &Style, base: &str| plain(&draft.render(style, base));
    if array.is_array() { insert_child(parse, array, after, element) } else { None }
}

fn insert_child(
    parse: &Parse,
    container: Node<'_>,
    after: Option<Node<'_>>,
    child: impl Fn(&Style, &str) -> String,
) -> Option<TextEdit> {
    if container.is_copy() {
        return None;
    }
    let style = Style { is_flow: is_flow(container), ..Style::of(parse) };
    let last = after.or_else(|| container.children().filter(|child| !child.is_copy()).last());
    if style.format == Format::Yaml && !style.is_flow {
        return Some(insert_in_block(parse, container, last?, &style, child));
    }
    let Some(after) = last else {
        // The first one: on a line of its own where the document has lines.
        let base = indentation(parse, container.range().start());
        let (open, close) = if container.is_object() { ('{', '}') } else { ('[', ']') };
        let is_line = style.format == Format::Yaml || !parse.source().as_str().contains('\n');
        let text = if is_line {
            format!("{open}{}{close}", child(&style, &base))
        } else {
            let inner = format!("{base}{}", style.indent);
            let line = style.newline;
            format!("{open}{line}{inner}{}{line}{base}{close}", child(&style, &inner))
        };
        return Some(TextEdit::new(container.range(), text));
    };
    let before = TextRange::new(container.range().start(), after.range().start());
    let is_line = !parse.source().slice(before).contains('\n');
    let base = indentation(parse, after.range().start());
    let lead = if is_line { " ".to_owned() } else { format!("{}{base}", style.newline) };
    let text = format!(",{lead}{}", child(&style, &base));
    Some(TextEdit::new(TextRange::empty(after.range().end()), text))
}

/// On a line below what it follows, and below the comment behind that.
fn insert_in_block(
    parse: &Parse,
    container: Node<'_>,
    after: Node<'_>,
    style: &Style,
    child: impl Fn(&Style, &str) -> String,
) -> TextEdit {
    let source = parse.source();
    let line = source.line_column(after.range().end(), ColumnEncoding::Utf8).line;
    let end = source.line_range(line).end().max(after.range().end());
    let base = block_indentation(parse, container.range().start());
    let (dash, inner) = if container.is_array() { ("- ", format!("{base}  ")) } else { ("", base.clone()) };
    let text = format!("{}{base}{dash}{}", style.newline, child(style, &inner));
    TextEdit::new(TextRange::empty(end), text)
}

/// Takes members out of an object, or elements out of an array, with their commas. All of them belong to `container`.
pub fn remove_children(container: Node<'_>, removed: &[Node<'_>]) -> Vec<TextEdit> {
    let children: Vec<Node<'_>> = container.children().collect();
    let is_removed = |node: &Node<'_>| removed.contains(node);
    let Some(last_kept) = children.iter().rposition(|child| !is_removed(child)) else {
        let empty = if container.is_object() { "{}" } else { "[]" };
        return vec![TextEdit::new(container.range(), empty)];
    };
    let mut edits: Vec<TextEdit> = Vec::new();
    for pair in children.windows(2).take(last_kept) {
        let [child, next] = pair else { continue };
        if is_removed(child) {
            edits.push(TextEdit::new(TextRange::new(child.range().start(), next.range().start()), ""));
        }
    }
    if let (Some(kept), Some(last)) = (children.get(last_kept), children.last())
        && kept != last
    {
        edits.push(TextEdit::new(TextRange::new(kept.range().end(), last.range().end()), ""));
    }
    edits
}

/// Another key for a member.
pub fn rename_key(member: Member<'_>, key: &str) -> Option<TextEdit> {
    let node = member.key_node();
    let len = node.decoded()?.text.len();
    replace_text(node, TextRange::from_usize(0..len), key)
}

/// A value as it is written, to be put elsewhere.
pub fn moved(parse: &Parse, node: Node<'_>) -> Draft {
    Draft::Moved { text: node.raw().to_owned(), base: block_indentation(parse, node.range().start()) }
}

/// The blanks before what begins at an offset, a dash before it counting as blanks.
fn block_indentation(parse: &Parse, offset: TextSize) -> String {
    indentation(parse, offset) + &dash_indentation(parse, offset)
}

/// The end of the colon behind a key, or of the key where there is none.
fn colon_end(parse: &Parse, key: Node<'_>) -> TextSize {
    let end = key.range().end();
    let rest = parse.source().slice(TextRange::new(end, parse.source().len()));
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let has_colon = rest.get(blanks..).is_some_and(|rest| rest.starts_with(':'));
    end + if has_colon { TextSize::try_from(blanks + 1).unwrap_or(0) } else { 0 }
}

/// Whether an object or array stands in brackets.
fn is_flow(container: Node<'_>) -> bool {
    container.raw().starts_with(['{', '['])
}

/// Whether what a node is in stands in brackets.
fn is_in_flow(node: Node<'_>) -> bool {
    let mut around = std::iter::successors(node.parent(), |node| node.parent());
    around.any(|node| node.kind() != NodeKind::Member && is_flow(node))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use super::*;
    use crate::syntax::{parse_json, parse_yaml};
    use crate::text::{SourceText, apply_edits};

    fn parse(text: &str) -> Parse {
        parse_yaml(SourceText::new(text), 64)
    }

    /// The document after an edit, which has this value.
    #[track_caller]
    fn check(text: &str, edit: impl Fn(&Parse) -> Vec<TextEdit>, value: Value, expected: Expect) {
        let before = parse(text);
        let result = apply_edits(text, &edit(&before));
        expected.assert_eq(&result);
        let after = parse(&result);
        assert_eq!(after.errors(), []);
        assert_eq!(after.root().map(Node::to_value), Some(value));
    }

    const TEXT: &str = "a:\n  - b: 1 # one\n    c: x\n  - d\ne: {f: 1}\ng: it's\n";

    fn at<'a>(parse: &'a Parse, pointer: &str) -> Node<'a> {
        parse.resolve(pointer).expect("a node")
    }

    #[test]
    fn members_are_inserted_in_blocks() {
        let block = Draft::of_value(&json!({"x": [{"y": 1}]}));
        check(
            TEXT,
            |parse| {
                insert_member(parse, at(parse, "/a/0"), at(parse, "/a/0").get("b"), "n", &block)
                    .into_iter()
                    .collect()
            },
            json!({"a": [{"b": 1, "n": {"x": [{"y": 1}]}, "c": "x"}, "d"], "e": {"f": 1}, "g": "it's"}),
            expect![[r#"
                a:
                  - b: 1 # one
                    n:
                      x:
                        - y: 1
                    c: x
                  - d
                e: {f: 1}
                g: it's
            "#]],
        );
    }

    #[test]
    fn members_are_inserted_in_brackets() {
        let block = Draft::of_value(&json!({"x": "a, b"}));
        check(
            TEXT,
            |parse| insert_member(parse, at(parse, "/e"), None, "n", &block).into_iter().collect(),
            json!({"a": [{"b": 1, "c": "x"}, "d"], "e": {"f": 1, "n": {"x": "a, b"}}, "g": "it's"}),
            expect![[r#"
                a:
                  - b: 1 # one
                    c: x
                  - d
                e: {f: 1, n: { x: 'a, b' }}
                g: it's
            "#]],
        );
    }

    #[test]
    fn elements_are_inserted() {
        let block = Draft::of_value(&json!({"x": 1, "y": 2}));
        check(
            TEXT,
            |parse| insert_element(parse, at(parse, "/a"), None, &block).into_iter().collect(),
            json!({"a": [{"b": 1, "c": "x"}, "d", {"x": 1, "y": 2}], "e": {"f": 1}, "g": "it's"}),
            expect![[r#"
                a:
                  - b: 1 # one
                    c: x
                  - d
                  - x: 1
                    y: 2
                e: {f: 1}
                g: it's
            "#]],
        );
    }

    #[test]
    fn children_are_removed() {
        check(
            TEXT,
            |parse| remove_children(at(parse, "/a/0"), &[at(parse, "/a/0").get("b").expect("b").node()]),
            json!({"a": [{"c": "x"}, "d"], "e": {"f": 1}, "g": "it's"}),
            expect![[r#"
                a:
                  - c: x
                  - d
                e: {f: 1}
                g: it's
            "#]],
        );
        check(
            TEXT,
            |parse| remove_children(at(parse, "/a"), &[at(parse, "/a/1")]),
            json!({"a": [{"b": 1, "c": "x"}], "e": {"f": 1}, "g": "it's"}),
            expect![[r#"
                a:
                  - b: 1 # one
                    c: x
                e: {f: 1}
                g: it's
            "#]],
        );
    }

    #[test]
    fn values_are_replaced() {
        let block = Draft::of_value(&json!({"x": 1}));
        check(
            TEXT,
            |parse| vec![replace_value(parse, at(parse, "/g"), &block)],
            json!({"a": [{"b": 1, "c": "x"}, "d"], "e": {"f": 1}, "g": {"x": 1}}),
            expect![[r#"
                a:
                  - b: 1 # one
                    c: x
                  - d
                e: {f: 1}
                g:
                  x: 1
            "#]],
        );
        check(
            TEXT,
            |parse| vec![replace_value(parse, at(parse, "/a"), &Draft::Fixed("z".to_owned()))],
            json!({"a": "z", "e": {"f": 1}, "g": "it's"}),
            expect![[r#"
                a: z
                e: {f: 1}
                g: it's
            "#]],
        );
    }

    #[test]
    fn texts_are_quoted_where_they_have_to_be() {
        check(
            TEXT,
            |parse| replace_text(at(parse, "/g"), TextRange::new(0, 2), "x: ").into_iter().collect(),
            json!({"a": [{"b": 1, "c": "x"}, "d"], "e": {"f": 1}, "g": "x: 's"}),
            expect![[r#"
                a:
                  - b: 1 # one
                    c: x
                  - d
                e: {f: 1}
                g: 'x: ''s'
            "#]],
        );
    }

    #[test]
    fn blocks_are_moved() {
        check(
            TEXT,
            |parse| {
                let root = at(parse, "");
                let text = moved(parse, at(parse, "/a/0"));
                insert_member(parse, root, None, "n", &text).into_iter().collect()
            },
            json!({"a": [{"b": 1, "c": "x"}, "d"], "e": {"f": 1}, "g": "it's", "n": {"b": 1, "c": "x"}}),
            expect![[r#"
                a:
                  - b: 1 # one
                    c: x
                  - d
                e: {f: 1}
                g: it's
                n:
                  b: 1 # one
                  c: x
            "#]],
        );
    }

    #[test]
    fn what_an_alias_stands_for_is_not_changed_there() {
        let parse = parse("a: &k {b: x}\nc: *k\n");
        let copy = at(&parse, "/c/b");
        assert_eq!(replace_text(copy, TextRange::new(0, 1), "y"), None);
        assert_eq!(insert_member(&parse, at(&parse, "/c"), None, "n", &Draft::Raw("1".to_owned())), None);
    }

    // JSON

    #[track_caller]
    fn check_replaced(raw: &str, range: TextRange, new_text: &str, expected: &str) {
        let parse = parse_json(SourceText::new(raw), 64);
        let edit = replace_text(parse.root().unwrap(), range, new_text).unwrap();
        assert_eq!(crate::text::apply_edits(raw, &[edit]), expected);
    }

    #[test]
    fn a_part_of_a_string_is_replaced_in_its_escapes() {
        check_replaced(
            r#""a\"b\u0041""#,
            TextRange::new(2, 3),
            "c\"\u{e9}\\",
            r#""a\"c\"\u00e9\\\u0041""#.replace("\\u00e9", "é").as_str(),
        );
    }

    #[track_caller]
    fn check_edit(text: &str, edit: impl Fn(&Parse, Node<'_>) -> Vec<TextEdit>, expected: &str) {
        let parse = parse_json(SourceText::new(text), 64);
        let edits = edit(&parse, parse.root().unwrap());
        assert_eq!(crate::text::apply_edits(text, &edits), expected);
    }

    #[test]
    fn members_are_put_in() {
        let add = |parse: &Parse, root: Node<'_>| {
            insert_member(parse, root, root.get("a"), "b", &Draft::Raw("2".to_owned())).into_iter().collect()
        };
        check_edit("{}", add, r#"{"b": 2}"#);
        check_edit("{\n}", add, "{\n  \"b\": 2\n}");
        check_edit(
            "{\n    \"a\": 1,\n    \"c\": 3\n}",
            add,
            "{\n    \"a\": 1,\n    \"b\": 2,\n    \"c\": 3\n}",
        );
        check_edit(r#"{ "a": 1 }"#, add, r#"{ "a": 1, "b": 2 }"#);
    }

    #[test]
    fn children_are_taken_out() {
        let remove = |keys: &'static [usize]| {
            move |_: &Parse, root: Node<'_>| {
                let children: Vec<Node<'_>> = root.children().collect();
                remove_children(root, &keys.iter().map(|&at| children[at]).collect::<Vec<_>>())
            }
        };
        check_edit("[1, 2, 3]", remove(&[0]), "[2, 3]");
        check_edit("[1, 2, 3]", remove(&[1]), "[1, 3]");
        check_edit("[1, 2, 3]", remove(&[1, 2]), "[1]");
        check_edit("[1, 2, 3]", remove(&[0, 1, 2]), "[]");
        check_edit("[1, 2, 3]", remove(&[0, 2]), "[2]");
    }

    #[test]
    fn what_is_moved_keeps_its_form() {
        let parse = parse_json(SourceText::new("{\n  \"a\": {\n    \"b\": 1\n  }\n}"), 64);
        let node = parse.resolve("/a").unwrap();
        let draft = Draft::Object(vec![("c".to_owned(), moved(&parse, node))]);
        let text = plain(&draft.render(&Style::of(&parse), ""));
        assert_eq!(text, "{\n  \"c\": {\n    \"b\": 1\n  }\n}");
    }
}
