//! An object has the same key twice.

use std::collections::HashSet;

use crate::diagnostics::rule::Reporter;
use crate::diagnostics::{Rule, Severity};
use crate::spec::Field;
use crate::syntax::Node;

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
    check,
};

fn check(ctx: &mut Reporter<'_>) {
    let parse = ctx.facts.parse;
    let mut todo: Vec<Node<'_>> = parse.root().into_iter().collect();
    let mut seen = HashSet::new();
    while let Some(node) = todo.pop() {
        seen.clear();
        // Names of states have a rule of their own.
        let is_states = node.parent().is_some_and(|parent| {
            parent.children().next().and_then(Node::text).as_deref() == Some(Field::States.name())
        });
        for member in node.members() {
            let key = member.key();
            let name = key.strip_suffix(".$").unwrap_or(&key).to_owned();
            if !seen.insert(name) && !is_states {
                ctx.report_unnecessary(
                    Some(member.key_node()),
                    member.key_node().range(),
                    format!("The object has the key \"{key}\" more than once"),
                );
            }
            todo.extend(member.value());
        }
        todo.extend(node.elements());
    }
}
