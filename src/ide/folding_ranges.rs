//! What can be folded: objects and arrays of more than one line.

use super::Analysis;
use crate::syntax::{Node, NodeKind};
use crate::text::{ColumnEncoding, TextRange};

/// The objects and arrays that span lines, without their closing line, in the order of the text.
pub(super) fn folding_ranges(analysis: &Analysis) -> Vec<TextRange> {
    let source = analysis.source();
    let line = |offset| source.line_column(offset, ColumnEncoding::Utf8).line;
    let mut ranges = Vec::new();
    let mut stack: Vec<Node<'_>> = analysis.parse().root().into_iter().collect();
    while let Some(node) = stack.pop() {
        let range = node.range();
        let (first, last) = (line(range.start()), line(range.end()));
        if first == last {
            continue;
        }
        if matches!(node.kind(), NodeKind::Object | NodeKind::Array) {
            // The bracket that closes it stays in view, where it begins its line.
            let text = source.slice(TextRange::new(source.line_range(last).start(), range.end()));
            let is_closed = text.trim_start().len() == 1 && text.ends_with(['}', ']']);
            let end = source.line_range(if is_closed { last - 1 } else { last }).end();
            if line(end) > first {
                ranges.push(TextRange::new(range.start(), end));
            }
        }
        let at = stack.len();
        stack.extend(node.children());
        if let Some(added) = stack.get_mut(at..) {
            added.reverse();
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use crate::ide::testing::analyse;
    use crate::text::ColumnEncoding;

    #[track_caller]
    fn check(text: &str, expected: &[(u32, u32)]) {
        let analysis = analyse(text);
        let line = |offset| analysis.source().line_column(offset, ColumnEncoding::Utf8).line;
        let found = analysis.folding_ranges();
        let lines: Vec<(u32, u32)> = found.iter().map(|it| (line(it.start()), line(it.end()))).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn objects_and_arrays_of_several_lines() {
        check("{\n\"States\": {\n\"A\": {},\n\"B\": [\n1\n]\n}\n}", &[(0, 6), (1, 5), (3, 4)]);
    }

    #[test]
    fn what_closes_on_the_line_of_its_last_element() {
        check("{\"a\": [1,\n2]}", &[(0, 1), (0, 1)]);
        check("{\n}", &[]);
    }

    #[test]
    fn what_is_not_closed() {
        check("{\n\"a\": [\n1,\n2", &[(0, 3), (1, 3)]);
    }
}
