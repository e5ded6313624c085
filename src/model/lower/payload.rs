//! Expressions and the templates they stand in.

use std::collections::HashSet;

use super::fields::{Fields, is_jsonata};
use super::filled_in::{FILLED_IN, has_substitution};
use super::*;
use crate::expr::ExprError;
use crate::expr::jsonata::{Program, delimited};
use crate::expr::path::Path;
use crate::syntax::NodeKind;

impl<'a> Ctx<'a> {
    /// A payload template.
    ///
    /// Recursive, but never deeper than the nesting that the parser admits.
    pub(super) fn payload(&mut self, node: Node<'a>, language: QueryLanguage) -> Payload {
        if !has_expression(node, language) {
            return Payload::Literal(Arc::new(node.to_value()));
        }
        match node.kind() {
            NodeKind::Object => {
                let mut members: Vec<(Arc<str>, Payload)> = Vec::new();
                for member in node.members() {
                    let key = member.key();
                    let Some(value) = member.value() else {
                        self.problem(member.key_node(), "The field has no value");
                        continue;
                    };
                    let (key, payload) = match key.strip_suffix(".$") {
                        Some(name) if language == QueryLanguage::JsonPath => {
                            (Arc::from(name), self.payload_expression(value, &key))
                        }
                        _ => (Arc::from(&*key), self.payload(value, language)),
                    };
                    members.push((key, payload));
                }
                keep_last(&mut members);
                Payload::Object(members)
            }
            NodeKind::Array => {
                Payload::Array(node.elements().map(|element| self.payload(element, language)).collect())
            }
            NodeKind::Error => {
                self.problem(node, "The value cannot be read");
                Payload::Literal(Arc::new(Value::Null))
            }
            NodeKind::Substitution => {
                self.problem(node, FILLED_IN);
                Payload::Literal(Arc::new(Value::Null))
            }
            _ => match self.jsonata_slot(node, language) {
                Some(slot) => Payload::Expr(Box::new(slot)),
                None => Payload::Literal(Arc::new(node.to_value())),
            },
        }
    }

    /// The value of a key that ends in `.$`.
    fn payload_expression(&mut self, node: Node<'a>, key: &str) -> Payload {
        let nothing = Payload::Literal(Arc::new(Value::Null));
        let Some(text) = node.text() else {
            let kind = LowerErrorKind::BadPayloadExpression(key.to_owned(), "it is not a string".to_owned());
            self.error(node, node.range(), kind);
            return nothing;
        };
        match self.path_or_function(node, &text) {
            Ok(expr) => Payload::Expr(Box::new(self.slot(node, expr))),
            Err(_) if has_substitution(node) => {
                self.problem(node, FILLED_IN);
                nothing
            }
            Err((range, why)) if text.contains("[?(") => {
                self.error(node, range, LowerErrorKind::DoubtfulFilter(why));
                nothing
            }
            Err((range, why)) => {
                self.error(node, range, LowerErrorKind::BadPayloadExpression(key.to_owned(), why));
                nothing
            }
        }
    }

    fn path_or_function(&mut self, node: Node<'a>, text: &str) -> Result<Expression, (TextRange, String)> {
        let (expr, errors) = Expr::parse_payload(text);
        let expr = expr.filter(|_| errors.is_empty());
        expr.map(Expression::JsonPath).ok_or_else(|| expression_error(node, errors))
    }

    /// A field that holds a reference path.
    pub(super) fn reference_slot(&mut self, node: Node<'a>) -> Option<Slot> {
        let slot = self.path_slot(node)?;
        let Expression::JsonPath(Expr::Path(path)) = &slot.expr else { return Some(slot) };
        match path.indefinite_part() {
            None => Some(slot),
            Some(range) => {
                let range = node.decoded().map_or(node.range(), |decoded| decoded.to_source(range));
                self.error(node, range, LowerErrorKind::NotAReferencePath);
                None
            }
        }
    }

    /// A field that holds a path.
    pub(super) fn path_slot(&mut self, node: Node<'a>) -> Option<Slot> {
        let text = node.text()?;
        let (path, errors) = Path::parse(&text);
        match path {
            Some(path) => Some(self.slot(node, Expression::JsonPath(Expr::Path(path)))),
            None => {
                let (range, why) = expression_error(node, errors);
                let is_filter = text.contains("[?(");
                let kind = if is_filter {
                    LowerErrorKind::DoubtfulFilter(why)
                } else {
                    LowerErrorKind::BadPath(why)
                };
                self.error(node, range, kind);
                None
            }
        }
    }

    pub(super) fn path_field(&mut self, node: Option<Node<'a>>) -> PathField {
        let Some(node) = node else { return PathField::Whole };
        match node.text() {
            None => PathField::Nothing,
            Some(text) if text == "$" => PathField::Whole,
            Some(_) => self.path_slot(node).map_or(PathField::Whole, |slot| PathField::Path(Box::new(slot))),
        }
    }

    /// The JSONata expression of a string between `{%` and `%}`; none of anything else.
    pub(super) fn jsonata_slot(&mut self, node: Node<'a>, language: QueryLanguage) -> Option<Slot> {
        if language != QueryLanguage::Jsonata || !is_jsonata(node) {
            return None;
        }
        let text = node.text()?;
        let (inner, range) = delimited(&text)?;
        match Program::compile(inner) {
            Ok(program) => Some(self.slot(node, Expression::Jsonata(program))),
            Err(_) if has_substitution(node) => {
                self.problem(node, FILLED_IN);
                None
            }
            Err(error) => {
                // The engine keeps no places: ours tells where it stopped to understand.
                let (_, errors) = crate::expr::jsonata::parse(inner);
                let at = errors.first().map_or(range, |error| error.range.shift(range.start()));
                let at = if at.is_empty() { range } else { at };
                let at = node.decoded().map_or(node.range(), |decoded| decoded.to_source(at));
                let ours = errors.first().map(|error| error.message.as_str()).unwrap_or_default();
                self.error(node, at, LowerErrorKind::BadJsonata(jsonata_message(error.message, ours)));
                None
            }
        }
    }

    /// A number, written in one field or found by the path in another.
    pub(super) fn number(
        &mut self,
        fields: &Fields<'a>,
        field: Field,
        path: Option<Field>,
    ) -> Option<NumberField> {
        if let Some(node) = fields.get(field) {
            if let Some(number) = node.number() {
                return Some(NumberField::Literal(number));
            }
            return self.jsonata_slot(node, fields.language).map(|slot| NumberField::Expr(Box::new(slot)));
        }
        let node = fields.get(path?)?;
        self.reference_slot(node).map(|slot| NumberField::Expr(Box::new(slot)))
    }

    /// A string, written in one field or found by the path or function in another.
    pub(super) fn text(&mut self, fields: &Fields<'a>, field: Field, path: Field) -> Option<TextField> {
        if let Some(node) = fields.get(field) {
            if let Some(slot) = self.jsonata_slot(node, fields.language) {
                return Some(TextField::Expr(Box::new(slot)));
            }
            return node.text().map(|text| TextField::Literal(Arc::from(text)));
        }
        let node = fields.get(path)?;
        let text = node.text()?;
        match self.path_or_function(node, &text) {
            Ok(expr) => Some(TextField::Expr(Box::new(self.slot(node, expr)))),
            Err((range, why)) => {
                self.error(node, range, LowerErrorKind::BadPath(why));
                None
            }
        }
    }

    fn slot(&mut self, node: Node<'a>, expr: Expression) -> Slot {
        let slots = &mut self.source_map.slots;
        // There are fewer than bytes in a document.
        let id = SlotId(u32::try_from(slots.len()).unwrap_or(u32::MAX));
        slots.push(node.id());
        Slot { expr, field: self.field_path(node), id }
    }

    /// Where a node stands within its state.
    pub(super) fn field_path(&mut self, node: Node<'a>) -> FieldPath {
        let mut at = node;
        while let Some(parent) = at.parent().filter(|_| self.state.is_none_or(|(_, state)| state != at)) {
            match parent.kind() {
                NodeKind::Member => {
                    self.keys.push(parent.children().next().and_then(Node::text).unwrap_or_default());
                }
                NodeKind::Array => {
                    self.keys.push(at.element_idx().unwrap_or(0).to_string().into());
                }
                _ => {}
            }
            at = parent;
        }
        self.path.clear();
        for (idx, key) in self.keys.drain(..).rev().enumerate() {
            self.path.push_str(if idx > 0 { "/" } else { "" });
            self.path.push_str(&key);
        }
        FieldPath::new(&self.path)
    }
}

/// Of members with the same name only the last counts.
fn keep_last(members: &mut Vec<(Arc<str>, Payload)>) {
    // Comparing few names takes less than hashing them.
    const FEW: usize = 16;
    let differs = |(index, (name, _)): (usize, &(Arc<str>, Payload))| {
        members.iter().take(index).all(|(other, _)| other != name)
    };
    if members.len() <= FEW && members.iter().enumerate().all(differs) {
        return;
    }
    let mut names = HashSet::with_capacity(members.len());
    let mut is_last: Vec<bool> = members.iter().rev().map(|(name, _)| names.insert(&**name)).collect();
    if names.len() < members.len() {
        members.retain(|_| is_last.pop().unwrap_or(true));
    }
}

/// What JSONata says of a mistake. The engine names tokens in its own way where another one was expected; ours has them
/// as they are written.
fn jsonata_message(message: String, ours: &str) -> String {
    let Some((expected, found)) =
        ours.strip_prefix("Expected '").and_then(|rest| rest.split_once("', found "))
    else {
        return message;
    };
    if !message.starts_with("Expected ") {
        return message;
    }
    match found.strip_prefix('\'').and_then(|found| found.strip_suffix('\'')) {
        Some(found) => format!("Expected \"{expected}\", got \"{found}\""),
        None => format!("Expected \"{expected}\" before end of expression"),
    }
}

/// The first mistake in an expression, at its place in the document.
fn expression_error(node: Node<'_>, errors: Vec<ExprError>) -> (TextRange, String) {
    let Some(error) = errors.into_iter().next() else { return (node.range(), String::new()) };
    let range = node.decoded().map_or(node.range(), |decoded| decoded.to_source(error.range));
    // An empty range cannot be seen: the string as a whole then.
    (if range.is_empty() { node.range() } else { range }, error.message)
}

/// Whether there is an expression anywhere in a template, or something that is to be one.
fn has_expression(node: Node<'_>, language: QueryLanguage) -> bool {
    match node.kind() {
        NodeKind::Object => node.members().any(|member| {
            let is_key = language == QueryLanguage::JsonPath && member.key_ends_with(".$");
            is_key || member.value().is_none_or(|value| has_expression(value, language))
        }),
        NodeKind::Array => node.elements().any(|element| has_expression(element, language)),
        NodeKind::String(_) => language == QueryLanguage::Jsonata && is_jsonata(node),
        NodeKind::Error | NodeKind::Substitution => true,
        NodeKind::Member | NodeKind::Number | NodeKind::Bool | NodeKind::Null => false,
    }
}
