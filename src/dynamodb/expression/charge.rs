//! What an update expression counts for by itself, whatever item it is for.
//!
//! AWS: the newer validation layer bounds the bytes of an UpdateExpression's actions as it does those of an item: what
//! they write, and so many bytes for each action, function and step of a path. The key and what the update leaves
//! alone do not count, nor do values that are copied from the item. Recorded in eu-west-2 in October 2026; the regions
//! with the older layer count the item alone.

use super::path::{DocumentPath, Step};
use super::update::{Action, Update, Value};

/// Bytes of any update.
const UPDATE: usize = 3;
/// Bytes of an action that writes a value: SET or ADD.
const WRITE: usize = 19;
/// Bytes of an action that takes something away: REMOVE or DELETE.
const TAKE: usize = 1;
/// Bytes of a step behind the attribute that an action is about, beside its name or the digits of its index.
const TARGET_STEP: usize = 4;
/// Bytes of a path that is an operand, and of each of its steps beside its name or digits.
const OPERAND: usize = 1;
const OPERAND_STEP: usize = 14;
const IF_NOT_EXISTS: usize = 39;
const LIST_APPEND: usize = 37;
const PLUS: usize = 34;
const MINUS: usize = 37;

impl Update {
    /// Bytes the update expression counts for; 0 for the parameter AttributeUpdates, which is not bounded.
    pub(in crate::dynamodb) fn charged_bytes(&self) -> usize {
        match self.actions_of_expression() {
            Some(actions) => {
                UPDATE + actions.iter().map(|(path, action)| of_action(path, action)).sum::<usize>()
            }
            None => 0,
        }
    }
}

fn of_action(target: &DocumentPath, action: &Action) -> usize {
    let steps = target.rest.iter().map(|step| TARGET_STEP + step_bytes(step));
    let target = target.root.len() + steps.sum::<usize>();
    target
        + match action {
            Action::Set(value) => WRITE + of_value(value),
            Action::Add(value) => WRITE + value.size_bytes(),
            Action::Append(values) => WRITE + values.iter().map(|value| value.size_bytes()).sum::<usize>(),
            Action::Remove | Action::Delete(_) => TAKE,
        }
}

fn of_value(value: &Value) -> usize {
    match value {
        Value::Path(path) => of_operand(path),
        Value::Literal(value) => value.size_bytes(),
        Value::IfNotExists(path, otherwise) => IF_NOT_EXISTS + of_operand(path) + of_value(otherwise),
        Value::ListAppend(first, second) => LIST_APPEND + of_value(first) + of_value(second),
        Value::Plus(left, right) => PLUS + of_value(left) + of_value(right),
        Value::Minus(left, right) => MINUS + of_value(left) + of_value(right),
    }
}

fn of_operand(path: &DocumentPath) -> usize {
    let steps = path.rest.iter().map(|step| OPERAND_STEP + step_bytes(step));
    OPERAND + OPERAND_STEP + path.root.len() + steps.sum::<usize>()
}

fn step_bytes(step: &Step) -> usize {
    match step {
        Step::Name(name) => name.len(),
        Step::Index(index) => index.to_string().len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamodb::attribute::AttributeValue;
    use crate::dynamodb::expression::scope::Scope;
    use crate::dynamodb::number::Number;

    /// The charge of an update with the values `:n` of 2 bytes, `:s` of 10, `:l` of 14 and `:ss` of 5.
    #[track_caller]
    fn check(expression: &str, expected: usize) {
        let text = || AttributeValue::S("0123456789".into());
        let values = [
            (":n", AttributeValue::N(Number::parse("7").unwrap())),
            (":s", text()),
            (":l", AttributeValue::L(vec![text()].into())),
            (":ss", AttributeValue::Ss(["ab".into(), "cde".into()].into_iter().collect())),
        ];
        let mut scope = Scope::new([("#long", "a")], values);
        let update = Update::parse(expression, &mut scope).unwrap();
        assert_eq!(update.charged_bytes(), expected);
    }

    #[test]
    fn values_count_at_every_use() {
        check("SET a = :s", 3 + 19 + 1 + 10);
        check("SET #long = :s", 3 + 19 + 1 + 10);
        check("SET a = :s, bc = :s", 3 + 19 + 1 + 10 + 19 + 2 + 10);
        check("SET a.bc[10] = :l", 3 + 19 + 1 + 4 + 2 + 4 + 2 + 14);
    }

    #[test]
    fn paths_count_instead_of_what_they_copy() {
        check("SET a = bcd", 3 + 19 + 1 + 1 + 14 + 3);
        check("SET a = m.z[10]", 3 + 19 + 1 + 1 + 14 + 1 + 14 + 1 + 14 + 2);
    }

    #[test]
    fn functions() {
        check("SET a = if_not_exists(b, :s)", 3 + 19 + 1 + 39 + 16 + 10);
        check("SET a = list_append(a, :l)", 3 + 19 + 1 + 37 + 16 + 14);
        check("SET a = list_append(if_not_exists(a, :l), :l)", 3 + 19 + 1 + 37 + 39 + 16 + 14 + 14);
        check("SET a = a + :n", 3 + 19 + 1 + 34 + 16 + 2);
        check("SET a = a - :n", 3 + 19 + 1 + 37 + 16 + 2);
    }

    #[test]
    fn other_sections() {
        check("ADD abc :n", 3 + 19 + 3 + 2);
        check("ADD abc :ss", 3 + 19 + 3 + 5);
        check("DELETE abc :ss", 3 + 1 + 3);
        check("REMOVE abc, m.yy, l[10]", 3 + (1 + 3) + (1 + 1 + 4 + 2) + (1 + 1 + 4 + 2));
    }
}
