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
    let parse = ctx.facts.parse;
    let mut todo: Vec<Node<'_>> = parse.root().into_iter().collect();
    let mut members = Vec::new();
    while let Some(node) = todo.pop() {
        todo.extend(node.elements());
        members.clear();
        members.extend(node.members());
        todo.extend(members.iter().filter_map(|member| member.value()));
        if are_distinct(&members) {
            continue;
        }
        for repeated in repeated(&members) {
            // Names of states have a rule of their own.
            let key = node.parent().and_then(|parent| parent.children().next()).and_then(Node::text);
            if key.as_deref() != Some(Field::States.name()) {
                let message = format!("The object has the key \"{}\" more than once", repeated.key());
                ctx.report_unnecessary(Some(repeated.key_node()), repeated.key_node().range(), message);
            }
        }
    }
}

/// Whether a few keys are certain to be different as they are written: cheaper than decoding them.
fn are_distinct(members: &[Member<'_>]) -> bool {
    let is_new = |(idx, member): (usize, &Member<'_>)| {
        let key = name(member);
        !key.contains('\\') && members.iter().take(idx).all(|earlier| name(earlier) != key)
    };
    members.len() <= 8 && members.iter().enumerate().all(is_new)
}

/// A key as it is written, without its quotes and `.$`.
fn name<'a>(member: &Member<'a>) -> &'a str {
    let raw = member.key_node().raw().trim_matches('"');
    raw.strip_suffix(".$").unwrap_or(raw)
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
