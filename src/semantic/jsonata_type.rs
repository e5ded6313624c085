//! What an expression of JSONata is certain to give, as far as its text alone tells.

use crate::expr::jsonata::{Node, NodeKind, Program, Symbol};

/// The type of JSON that a value has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `null`.
    Null,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl JsonType {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            JsonType::String => "string",
            JsonType::Number => "number",
            JsonType::Boolean => "boolean",
            JsonType::Null => "null",
            JsonType::Array => "array",
            JsonType::Object => "object",
        }
    }

    /// The type that a table of functions has this word for; none where it may be one of several.
    pub fn from_name(name: &str) -> Option<JsonType> {
        let all = [JsonType::String, JsonType::Number, JsonType::Boolean, JsonType::Object];
        // A function that gives an array gives its one element where there is one.
        all.into_iter().find(|kind| kind.name() == name)
    }
}

/// The type of what an expression gives, if it gives anything and there is only one type that it can be.
pub fn jsonata_type(program: &Program) -> Option<JsonType> {
    let unbound: Vec<u32> =
        program.references().iter().map(|reference| reference.variable.range.start()).collect();
    type_of(&program.tree().root, program.text(), &unbound)
}

/// Recursive, but never deeper than the tree, which the parser bounds.
fn type_of(node: &Node, text: &str, unbound: &[u32]) -> Option<JsonType> {
    match &node.kind {
        NodeKind::Literal => literal(text.get(node.range.to_usize())?),
        NodeKind::Negation(_) => Some(JsonType::Number),
        NodeKind::Binary { operator, operands, .. } => match operator {
            Symbol::Plus | Symbol::Minus | Symbol::Star | Symbol::Slash | Symbol::Percent => {
                Some(JsonType::Number)
            }
            Symbol::Ampersand => Some(JsonType::String),
            Symbol::Equal
            | Symbol::NotEqual
            | Symbol::Less
            | Symbol::Greater
            | Symbol::LessOrEqual
            | Symbol::GreaterOrEqual
            | Symbol::In
            | Symbol::And
            | Symbol::Or => Some(JsonType::Boolean),
            Symbol::Chain => {
                let [_, function] = operands.as_ref();
                match &function.kind {
                    NodeKind::Call { .. } => type_of(function, text, unbound),
                    _ => returns(function, unbound),
                }
            }
            _ => None,
        },
        NodeKind::Call { function, .. } => returns(function, unbound),
        NodeKind::Conditional(parts) => {
            let [_, then, otherwise] = parts.as_slice() else { return None };
            type_of(then, text, unbound).filter(|kind| type_of(otherwise, text, unbound) == Some(*kind))
        }
        NodeKind::Block(nodes) => type_of(nodes.last()?, text, unbound),
        NodeKind::Bind { value, .. } => type_of(value, text, unbound),
        NodeKind::Array(_) => Some(JsonType::Array),
        NodeKind::Object(_) => Some(JsonType::Object),
        _ => None,
    }
}

/// What a built-in function gives that is called by its name.
fn returns(function: &Node, unbound: &[u32]) -> Option<JsonType> {
    let NodeKind::Variable(name) = &function.kind else { return None };
    if !unbound.contains(&function.range.start()) {
        return None;
    }
    JsonType::from_name(crate::spec::jsonata::JsonataFunction::find(name)?.returns)
}

fn literal(text: &str) -> Option<JsonType> {
    match text.chars().next()? {
        '"' | '\'' => Some(JsonType::String),
        't' | 'f' => Some(JsonType::Boolean),
        'n' => Some(JsonType::Null),
        c if c.is_ascii_digit() => Some(JsonType::Number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<JsonType>) {
        assert_eq!(jsonata_type(&Program::compile(text).unwrap()), expected, "{text}");
    }

    #[test]
    fn operators_and_literals() {
        check("$x + 1", Some(JsonType::Number));
        check("$x & 'a'", Some(JsonType::String));
        check("$x = 1 and $y", Some(JsonType::Boolean));
        check("-$x", Some(JsonType::Number));
        check("'5'", Some(JsonType::String));
        check("null", Some(JsonType::Null));
        check("$x.y", None);
    }

    #[test]
    fn functions_and_branches() {
        check("$number('1')", Some(JsonType::Number));
        check("$x ~> $string", Some(JsonType::String));
        check("$x ~> $join(',')", Some(JsonType::String));
        check("$b ? 1 : 2", Some(JsonType::Number));
        check("$b ? 1 : '2'", None);
        check("($n := 1; {'a': $n})", Some(JsonType::Object));
        check("($string := function($x) { 1 }; $string(1))", None);
        check("$map([1], $string)", None);
    }
}
