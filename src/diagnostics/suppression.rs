//! Comments that keep findings from being shown: `"Comment": "asl-lsp: ignore CODE, CODE"`.
//!
//! They cover the object they stand in: a state, or at the top the document.

use super::rules::{unknown_suppression, useless_suppression};
use super::{Diagnostic, Rule, Tag, rules_of};
use crate::semantic::Facts;
use crate::spec::Field;
use crate::syntax::{Node, NodeId};
use crate::text::TextRange;

/// What a comment says to suppress what follows.
const MARK: &str = "asl-lsp: ignore ";

/// A code that a comment suppresses.
struct Suppression<'a> {
    code: &'a str,
    /// Where the code is written.
    range: TextRange,
    comment: NodeId,
    /// What it is about.
    covers: TextRange,
    is_used: bool,
}

/// Takes out what the document suppresses, and adds findings about suppressions.
pub(super) fn apply(facts: &Facts<'_>, found: &mut Vec<Diagnostic>) {
    if !facts.parse.source().as_str().contains(MARK) {
        return;
    }
    let mut texts = Vec::new();
    collect_comments(facts, &mut texts);
    let mut suppressions: Vec<Suppression<'_>> = Vec::new();
    for (comment, text, covers) in &texts {
        suppressions.extend(codes(*comment, text).map(|(code, range)| Suppression {
            code,
            range,
            comment: comment.id(),
            covers: *covers,
            is_used: false,
        }));
    }
    found.retain(|diagnostic| {
        let mut is_shown = true;
        for suppression in &mut suppressions {
            if (suppression.code == diagnostic.code || suppression.code == diagnostic.rule)
                && suppression.covers.contains_range(diagnostic.range)
            {
                suppression.is_used = true;
                is_shown = false;
            }
        }
        is_shown
    });
    for suppression in suppressions {
        let code = suppression.code;
        let (rule, message, tag): (&Rule, _, _) = if rules_of(code).next().is_none() {
            (&unknown_suppression::RULE, format!("There is no finding with the code {code}"), None)
        } else if !suppression.is_used {
            let message = format!("There is no {code} to ignore here");
            (&useless_suppression::RULE, message, Some(Tag::Unnecessary))
        } else {
            continue;
        };
        found.push(Diagnostic {
            rule: rule.name,
            code: rule.code,
            severity: rule.severity,
            message,
            range: suppression.range,
            node: Some(suppression.comment),
            tag,
            related: Vec::new(),
        });
    }
}

/// The comments that suppress something, with their texts and what they cover.
fn collect_comments<'a>(facts: &Facts<'a>, texts: &mut Vec<(Node<'a>, String, TextRange)>) {
    for object in facts.lowered.source_map.objects() {
        let node = facts.parse.node(object.node);
        let Some(comment) = node.value_of(Field::Comment.name()) else { continue };
        let Some(text) = comment.text().filter(|text| text.contains(MARK)) else { continue };
        // The name of a state belongs to it.
        let member = node.parent().filter(|parent| parent.kind() == crate::syntax::NodeKind::Member);
        let covers = match node.parent() {
            Some(_) => member.unwrap_or(node).range(),
            None => TextRange::new(0, facts.parse.source().len()),
        };
        texts.push((comment, text.into_owned(), covers));
    }
}

/// The codes that a comment names, with their places.
fn codes<'t>(comment: Node<'_>, text: &'t str) -> impl Iterator<Item = (&'t str, TextRange)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(MARK) {
        let mut start = at + MARK.len();
        loop {
            let rest = text.get(start..).unwrap_or_default();
            start += rest.len() - rest.trim_start_matches(' ').len();
            let rest = text.get(start..).unwrap_or_default();
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            let len = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let Some(code) = rest.get(..len).filter(|code| !code.is_empty()) else { break };
            let range = TextRange::from_usize(start..start + len);
            let range = comment.decoded().map_or(comment.range(), |decoded| decoded.to_source(range));
            found.push((code, range));
            match rest.get(len..).and_then(|rest| rest.trim_start_matches(' ').strip_prefix(',')) {
                Some(after) => start = text.len() - after.len(),
                None => break,
            }
        }
    }
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::rules::tests::{check, check_states};

    #[test]
    fn in_a_state() {
        check_states(
            r#""A": {"Type": "Pass", "Comment": "asl-lsp: ignore NO_DOLLAR, unused-variable because it is so", "Parameters": {"a": "$.a"}, "Assign": {"v": 1}, "Next": "B"},
"B": {"Type": "Pass", "Parameters": {"a": "$.a"}, "End": true}"#,
            expect![[r#"
                "B": {"Type": "Pass", "Parameters": {"a": "$.a"}, "End": true}
                                                          ^^^^^
                warning NO_DOLLAR: The value is taken as text: write "a.$" to have it evaluated
            "#]],
        );
    }

    #[test]
    fn of_a_name_and_at_the_top() {
        check_states(
            r#""A": {"Type": "Succeed"}, "B": {"Type": "Succeed", "Comment": "asl-lsp: ignore missing-transition-target"}"#,
            expect![[r#""#]],
        );
        check(
            r#"{"Comment": "asl-lsp: ignore NO_PATH", "StartAt": "A", "States": {"A": {"Type": "Fail", "Cause": "$.a"}}}"#,
            expect![[r#""#]],
        );
    }

    #[test]
    fn unknown_and_useless() {
        check_states(
            r#""A": {"Type": "Succeed", "Comment": "asl-lsp: ignore nonsense, NO_PATH"}"#,
            expect![[r#"
                "A": {"Type": "Succeed", "Comment": "asl-lsp: ignore nonsense, NO_PATH"}
                                                                     ^^^^^^^^
                warning unknown-suppression: There is no finding with the code nonsense
                "A": {"Type": "Succeed", "Comment": "asl-lsp: ignore nonsense, NO_PATH"}
                                                                               ^^^^^^^
                hint useless-suppression: There is no NO_PATH to ignore here
            "#]],
        );
    }
}
