//! Payload templates as JSONata: as a template again, or as one expression where more is done with it.

use super::expression::{payload, string};
use super::{Converted, Refusal};
use crate::expr::jsonata;
use crate::syntax::edit::{self, Draft};
use crate::syntax::{Node, NodeKind};

/// An expression between its delimiters.
pub(super) fn delimited(expression: &str) -> Draft {
    Draft::Fixed(format!("{} {expression} {}", jsonata::OPEN, jsonata::CLOSE))
}

/// A template with `root` for `$`.
pub(super) fn template(node: Node<'_>, root: &str) -> Converted<Draft> {
    check_literals(node)?;
    if !has_expressions(node) {
        return Ok(edit::moved(node.parse(), node));
    }
    if node.is_object() {
        let members = node.members().map(|member| {
            let value = member.value().ok_or_else(|| Refusal::new("a value is missing".to_owned()))?;
            let key = member.key();
            Ok(match key.strip_suffix(".$") {
                Some(name) => {
                    let text = value.text().ok_or_else(|| Refusal::new(format!("{key} is no string")))?;
                    (name.to_owned(), delimited(&payload(&text, root)?))
                }
                None => (key.into_owned(), template(value, root)?),
            })
        });
        let members = members.collect::<Converted<Vec<_>>>()?;
        let is_short = node.raw().len() < 60 && !node.raw().contains('\n');
        return Ok(if is_short { Draft::Inline(members) } else { Draft::Object(members) });
    }
    let elements = node.elements().map(|element| template(element, root)).collect::<Converted<Vec<_>>>()?;
    Ok(Draft::Array(elements))
}

/// A template as one expression.
pub(super) fn template_expression(node: Node<'_>, root: &str) -> Converted<String> {
    let missing = || Refusal::new("a value is missing".to_owned());
    Ok(match node.kind() {
        NodeKind::Object => {
            let members = node.members().map(|member| {
                let (key, value) = (member.key(), member.value().ok_or_else(missing)?);
                Ok(match key.strip_suffix(".$") {
                    Some(name) => {
                        let text = value.text().ok_or_else(missing)?;
                        format!("{}: {}", string(name), payload(&text, root)?)
                    }
                    None => format!("{}: {}", string(&key), template_expression(value, root)?),
                })
            });
            format!("{{{}}}", members.collect::<Converted<Vec<_>>>()?.join(", "))
        }
        NodeKind::Array => {
            let elements = node.elements().map(|element| template_expression(element, root));
            format!("[{}]", elements.collect::<Converted<Vec<_>>>()?.join(", "))
        }
        NodeKind::String(_) => string(&node.text().ok_or_else(missing)?),
        NodeKind::Number | NodeKind::Bool | NodeKind::Null => node.raw().to_owned(),
        NodeKind::Member | NodeKind::Substitution | NodeKind::Error => return Err(missing()),
    })
}

/// A literal as one expression; keys that end with `.$` are only names.
pub(super) fn literal_expression(node: Node<'_>) -> Converted<String> {
    if has_expressions(node) {
        return Err(Refusal::new("a key ends with .$, which JSONata does not admit".to_owned()));
    }
    template_expression(node, "")
}

/// A literal as it is.
pub(super) fn literal(node: Node<'_>) -> Converted<Draft> {
    if has_expressions(node) {
        return Err(Refusal::new("a key ends with .$, which JSONata does not admit".to_owned()));
    }
    template(node, "")
}

/// Whether a key of a template has an expression for a value.
fn has_expressions(node: Node<'_>) -> bool {
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        if node.members().any(|member| member.key().ends_with(".$")) {
            return true;
        }
        stack.extend(node.members().filter_map(|member| member.value()));
        stack.extend(node.elements());
    }
    false
}

/// Refuses strings that would become expressions.
fn check_literals(node: Node<'_>) -> Converted<()> {
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        if node.text().is_some_and(|text| text.starts_with(jsonata::OPEN)) {
            return Err(Refusal::new("a string begins like an expression of JSONata".to_owned()));
        }
        stack.extend(node.children());
    }
    Ok(())
}
