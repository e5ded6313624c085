//! An object has the same key twice.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::diagnostics::rule::{Check, Reporter};
use crate::diagnostics::{Config, Rule, Severity};
use crate::spec::Field;
use crate::syntax::{Member, Node};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "duplicate-key",
    code: "duplicate-key",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds keys that an object has more than once.",
    doc: "Of several members with the same key only the last one counts. In a payload template `a` and `a.$` are the same key.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Comment": "x", "Comment": "y", "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Comment": "x", "End": true}}}"#,
    link: "https://www.rfc-editor.org/rfc/rfc8259#section-4",
    config: Config::default,
    check: Check::Document(check),
};

fn check(ctx: &mut Reporter<'_>) {
    let (mut members, mut names) = (Vec::new(), Vec::new());
    for object in ctx.facts.parse.nodes().filter(|node| node.is_object()) {
        members.clear();
        members.extend(object.members());
        if are_distinct(&members, &mut names) || is_states(object) {
            continue;
        }
        for repeated in repeated(&members) {
            let message = format!("The object has the key \"{}\" more than once", repeated.key());
            ctx.report_unnecessary(Some(repeated.key_node()), repeated.key_node().range(), message);
        }
    }
}

/// Whether an object may hold states: their names have a rule of their own.
fn is_states(object: Node<'_>) -> bool {
    let key = object.parent().and_then(|parent| parent.children().next()).and_then(Node::text);
    key.as_deref() == Some(Field::States.name())
}

/// Whether a few keys are certain to be different as they are written: cheaper than decoding them. `names` is room
/// for the names, so that it is not asked for anew for each object.
fn are_distinct<'a>(members: &[Member<'a>], names: &mut Vec<&'a str>) -> bool {
    names.clear();
    members.len() <= 8
        && members.iter().all(|member| {
            let name = plain_name(member).filter(|name| !names.contains(name));
            names.extend(name);
            name.is_some()
        })
}

/// A key without its `.$`, if it is written letter by letter.
fn plain_name<'a>(member: &Member<'a>) -> Option<&'a str> {
    let key = member.simple_key()?;
    Some(key.strip_suffix(".$").unwrap_or(key))
}

/// The members whose key an earlier one has.
fn repeated<'a>(members: &[Member<'a>]) -> Vec<Member<'a>> {
    let keys: Vec<Cow<'a, str>> = members.iter().map(|member| member.key()).collect();
    let name = |idx: usize| keys.get(idx).map(|key| key.strip_suffix(".$").unwrap_or(key));
    // Most objects are small: comparing all pairs is cheaper than anything else.
    if members.len() <= 8 {
        let is_repeated = |idx: &usize| (0..*idx).any(|earlier| name(earlier) == name(*idx));
        return (0..members.len()).filter(is_repeated).filter_map(|idx| members.get(idx).copied()).collect();
    }
    let mut seen = HashSet::with_capacity(members.len());
    let is_repeated = |idx: &usize| name(*idx).is_some_and(|name| !seen.insert(name));
    (0..members.len()).filter(is_repeated).filter_map(|idx| members.get(idx).copied()).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::{check, check_states};

    #[test]
    fn however_the_keys_are_written() {
        check_states(
            r#""A": {"Type": "Pass", "Parameters": {"a": 1, "\u0061": 2, "b.$": "$.b", "b": 3, "c": 4}, "End": true}"#,
            expect![[r#"
                "A": {"Type": "Pass", "Parameters": {"a": 1, "\u0061": 2, "b.$": "$.b", "b": 3, "c": 4}, "End": true}
                                                             ^^^^^^^^
                warning duplicate-key: The object has the key "a" more than once
                "A": {"Type": "Pass", "Parameters": {"a": 1, "\u0061": 2, "b.$": "$.b", "b": 3, "c": 4}, "End": true}
                                                                                        ^^^
                warning duplicate-key: The object has the key "b" more than once
            "#]],
        );
    }

    #[test]
    fn of_many_keys() {
        check_states(
            r#""A": {"Type": "Succeed", "Comment": "1", "Comment": "2", "a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}"#,
            expect![[r#"
                "A": {"Type": "Succeed", "Comment": "1", "Comment": "2", "a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}
                                                         ^^^^^^^^^
                warning duplicate-key: The object has the key "Comment" more than once
                "A": {"Type": "Succeed", "Comment": "1", "Comment": "2", "a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}
                                                                         ^^^
                error SCHEMA_VALIDATION_FAILED: Field 'a' is not supported
                "A": {"Type": "Succeed", "Comment": "1", "Comment": "2", "a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}
                                                                                 ^^^
                error SCHEMA_VALIDATION_FAILED: Field 'b' is not supported
                "A": {"Type": "Succeed", "Comment": "1", "Comment": "2", "a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}
                                                                                         ^^^
                error SCHEMA_VALIDATION_FAILED: Field 'c' is not supported
                "A": {"Type": "Succeed", "Comment": "1", "Comment": "2", "a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}
                                                                                                 ^^^
                error SCHEMA_VALIDATION_FAILED: Field 'd' is not supported
                "A": {"Type": "Succeed", "Comment": "1", "Comment": "2", "a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}
                                                                                                         ^^^
                error SCHEMA_VALIDATION_FAILED: Field 'e' is not supported
                "A": {"Type": "Succeed", "Comment": "1", "Comment": "2", "a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}
                                                                                                                 ^^^
                error SCHEMA_VALIDATION_FAILED: Field 'f' is not supported
            "#]],
        );
    }

    #[test]
    fn names_of_states_have_their_own_rule() {
        check(
            r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "A": {"Type": "Succeed"}}}"#,
            expect![[r#"
                {"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "A": {"Type": "Succeed"}}}
                                                                      ^^^
                error DUPLICATE_STATE_NAME: Duplicate State name: A
            "#]],
        );
    }
}
