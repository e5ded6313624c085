//! What is filled in when the definition is deployed, so that nothing can be said of it before.

use crate::spec::{is_placeholder, is_template_function, is_template_reference};
use crate::syntax::{Node, NodeKind};

/// What keeps a state from being run whose fields are not complete.
pub(super) const FILLED_IN: &str = "The value is filled in when the definition is deployed";

/// Whether a value as a whole is filled in, and may become anything: `${…}` with or without quotes, or a function of
/// CloudFormation such as `{"Fn::GetAtt": …}`.
pub fn is_filled_in(node: Node<'_>) -> bool {
    match node.kind() {
        NodeKind::Substitution => true,
        NodeKind::String(_) => node.text().is_some_and(|text| is_placeholder(&text)),
        NodeKind::Object => is_function(node),
        _ => false,
    }
}

fn is_function(object: Node<'_>) -> bool {
    let mut members = object.members();
    let (Some(only), None) = (members.next(), members.next()) else { return false };
    let key = only.key();
    // States and variables may have any name; what they hold tells them from a `Ref`.
    is_template_function(&key) || (is_template_reference(&key) && only.value().is_some_and(Node::is_string))
}

/// Whether a value is or holds a `${…}`, as CloudFormation, SAM and Terraform fill in.
pub(super) fn has_substitution(node: Node<'_>) -> bool {
    if node.kind() == NodeKind::Substitution {
        return true;
    }
    // Looking for one character first is cheaper, and most strings have none.
    node.text().is_some_and(|text| {
        text.contains('$') && text.split_once("${").is_some_and(|(_, rest)| rest.contains('}'))
    })
}

/// The first `${…}` without quotes in a value.
pub(super) fn unquoted_substitution(node: Node<'_>) -> Option<Node<'_>> {
    let mut todo = vec![node];
    while let Some(node) = todo.pop() {
        if node.kind() == NodeKind::Substitution {
            return Some(node);
        }
        todo.extend(node.children());
    }
    None
}
