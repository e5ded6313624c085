//! Values as a tree that is opened level by level.

use std::sync::Arc;

use serde_json::{Map, Number, Value};

use super::protocol::Variable;
use crate::simulator::{FrameNumber, Json};
use crate::spec::QueryLanguage;
use crate::spec::quota;

/// Characters of a value on its line.
const PREVIEW_CHARS_MAX: usize = 200;

/// What a reference of the protocol stands for.
#[derive(Clone, Debug)]
pub(super) struct Handle {
    /// The frame it belongs to.
    pub(super) frame: FrameNumber,
    /// Which of the frame's values it is a part of.
    pub(super) root: Root,
    /// The value.
    pub(super) value: Json,
    /// Where in it: a JSON Pointer.
    pub(super) pointer: String,
    /// The language of expressions in the frame.
    pub(super) language: QueryLanguage,
}

/// The values of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// The input of the state.
    Input,
    /// The stages of the data of a state.
    Stages,
    /// The variables.
    Variables,
    /// The context object.
    Context,
    /// The tables.
    Tables,
    /// The error.
    Error,
    /// The value of an expression.
    Result,
}

/// The references that were given out since the execution last stood still.
#[derive(Debug, Default)]
pub(super) struct Handles {
    all: Vec<Handle>,
}

impl Handles {
    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.all.clear();
    }

    /// The reference of a value.
    pub(super) fn add(&mut self, handle: Handle) -> i64 {
        self.all.push(handle);
        i64::try_from(self.all.len()).unwrap_or(i64::MAX)
    }

    /// What a reference stands for.
    pub(super) fn get(&self, reference: i64) -> Option<&Handle> {
        let idx = usize::try_from(reference).ok()?.checked_sub(1)?;
        self.all.get(idx)
    }

    /// Puts a value in the place of one that was changed.
    pub(super) fn replace(&mut self, frame: FrameNumber, root: Root, whole: &Json) {
        for handle in self.all.iter_mut().filter(|handle| handle.frame == frame && handle.root == root) {
            handle.value = whole.clone();
        }
    }

    /// The reference of a value if it can be opened, 0 otherwise.
    pub(super) fn add_container(&mut self, handle: Handle) -> i64 {
        match handle.target() {
            Some(value) if n_children(value) > 0 => self.add(handle),
            _ => 0,
        }
    }

    /// The children of a value, or a page of them.
    pub(super) fn children(&mut self, reference: i64, page: &Page) -> Option<Vec<Variable>> {
        let handle = self.get(reference)?.clone();
        let value = handle.target()?;
        let mut children = Vec::new();
        match value {
            Value::Array(elements) if page.has_indexed => {
                for (idx, element) in page.of(elements.iter().enumerate()) {
                    children.push(self.variable(&idx.to_string(), element, &handle));
                }
            }
            Value::Object(members) if page.has_named => {
                for (key, member) in page.of(members.iter()) {
                    children.push(self.variable(key, member, &handle));
                }
            }
            Value::Array(_) | Value::Object(_) => {}
            scalar if page.has_named => {
                let mut variable = self.variable("", scalar, &handle);
                variable.name = "(value)".to_owned();
                variable.evaluate_name = evaluate_name(&handle);
                children.push(variable);
            }
            _ => {}
        }
        Some(children)
    }

    /// A value under a name.
    pub(super) fn variable(&mut self, name: &str, value: &Value, parent: &Handle) -> Variable {
        let pointer = format!("{}/{}", parent.pointer, name.replace('~', "~0").replace('/', "~1"));
        let handle = Handle { pointer, ..parent.clone() };
        let is_fixed = !matches!(parent.root, Root::Input | Root::Variables);
        Variable {
            name: name.to_owned(),
            value: preview(value),
            kind: kind(value),
            presentation_hint: is_fixed.then(|| serde_json::json!({"attributes": ["readOnly"]})),
            evaluate_name: evaluate_name(&handle),
            variables_reference: self.add_container(handle),
            named_variables: n_named(value),
            indexed_variables: n_indexed(value),
        }
    }
}

/// Which children are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    pub(super) has_named: bool,
    pub(super) has_indexed: bool,
    pub(super) start: usize,
    /// How many; 0 for all.
    pub(super) count: usize,
}

impl Page {
    fn of<T>(&self, children: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        let count = if self.count == 0 { quota::DEBUGGED_CHILDREN_MAX } else { self.count };
        children.skip(self.start).take(count)
    }
}

impl Handle {
    /// The value it leads to.
    pub(super) fn target(&self) -> Option<&Value> {
        self.value.pointer(&self.pointer)
    }
}

/// How many children an object has, if it is one.
pub(super) fn n_named(value: &Value) -> Option<usize> {
    value.as_object().map(Map::len)
}

/// How many children an array has, if it is one.
pub(super) fn n_indexed(value: &Value) -> Option<usize> {
    value.as_array().map(Vec::len)
}

fn n_children(value: &Value) -> usize {
    n_named(value).or(n_indexed(value)).unwrap_or(0)
}

/// The type of a value, as JSON names it.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A value on one line.
pub(super) fn preview(value: &Value) -> String {
    let mut text = Clipped { text: String::new(), chars_left: PREVIEW_CHARS_MAX };
    // Only a full text is an error.
    match std::fmt::Write::write_fmt(&mut text, format_args!("{value}")) {
        Ok(()) => text.text,
        Err(std::fmt::Error) => text.text + "…",
    }
}

/// A text that takes no more than so many characters: a large value is not written to its end.
struct Clipped {
    text: String,
    chars_left: usize,
}

impl std::fmt::Write for Clipped {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for character in text.chars() {
            let Some(left) = self.chars_left.checked_sub(1) else { return Err(std::fmt::Error) };
            self.chars_left = left;
            self.text.push(character);
        }
        Ok(())
    }
}

/// An expression that gives the value again; none where no expression does.
fn evaluate_name(handle: &Handle) -> Option<String> {
    let steps: Vec<String> =
        handle.pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let is_jsonata = handle.language == QueryLanguage::Jsonata;
    let (mut text, steps) = match handle.root {
        Root::Input => (if is_jsonata { "$states.input" } else { "$" }.to_owned(), steps.as_slice()),
        Root::Context => (if is_jsonata { "$states.context" } else { "$$" }.to_owned(), steps.as_slice()),
        Root::Variables => {
            let (name, rest) = steps.split_first()?;
            (format!("${name}"), rest)
        }
        Root::Stages | Root::Tables | Root::Error | Root::Result => return None,
    };
    for step in steps {
        let is_index = step.bytes().all(|byte| byte.is_ascii_digit());
        let is_word = step.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && step.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if is_index {
            text += &format!("[{step}]");
        } else if is_word {
            text += &format!(".{step}");
        } else if is_jsonata {
            text += &format!(".`{step}`");
        } else {
            text += &format!("['{}']", step.replace('\\', "\\\\").replace('\'', "\\'"));
        }
    }
    Some(text)
}

/// A value with one part replaced; none where the pointer leads nowhere.
pub(super) fn replaced(whole: &Value, pointer: &str, part: Value) -> Option<Value> {
    let mut whole = whole.clone();
    *whole.pointer_mut(pointer)? = part;
    Some(whole)
}

/// An item of a table, with plain values in the place of attribute values.
pub(super) fn plain_item(item: &Value) -> Value {
    let members = item.as_object().into_iter().flatten();
    Value::Object(members.map(|(name, value)| (name.clone(), plain(value))).collect())
}

/// An attribute value as a plain one. Items are nested 32 levels at most.
fn plain(attribute: &Value) -> Value {
    let Some((kind, held)) = attribute.as_object().and_then(|map| map.iter().next()) else {
        return attribute.clone();
    };
    let number = |value: &Value| {
        let parsed = value.as_str().and_then(|text| text.parse::<Number>().ok());
        // Digits that a float does not hold stay a text.
        let exact = parsed.filter(|number| value.as_str() == Some(number.to_string().as_str()));
        exact.map_or_else(|| value.clone(), Value::Number)
    };
    match (kind.as_str(), held) {
        ("N", value) => number(value),
        ("NULL", _) => Value::Null,
        ("M", Value::Object(_)) => plain_item(held),
        ("L", Value::Array(list)) => list.iter().map(plain).collect(),
        ("NS", Value::Array(set)) => set.iter().map(number).collect(),
        _ => held.clone(),
    }
}

/// The names and values of an object.
pub(super) fn object(members: impl IntoIterator<Item = (String, Value)>) -> Json {
    Arc::new(Value::Object(members.into_iter().collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn handle(root: Root, language: QueryLanguage, value: Value) -> Handle {
        Handle { frame: FrameNumber(0), root, value: Arc::new(value), pointer: String::new(), language }
    }

    #[track_caller]
    fn check_names(root: Root, language: QueryLanguage, value: Value, expected: &[&str]) {
        let mut handles = Handles::default();
        let reference = handles.add(handle(root, language, value));
        let page = Page { has_named: true, has_indexed: true, start: 0, count: 0 };
        let children = handles.children(reference, &page).unwrap();
        let names: Vec<&str> = children.iter().map(|child| child.evaluate_name.as_deref().unwrap()).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn values_are_named_by_expressions() {
        let value = json!({"a": 1, "b c": 2, "d/e'": 3});
        check_names(Root::Input, QueryLanguage::JsonPath, value.clone(), &["$.a", "$['b c']", "$['d/e\\'']"]);
        let expected = ["$states.input.a", "$states.input.`b c`", "$states.input.`d/e'`"];
        check_names(Root::Input, QueryLanguage::Jsonata, value, &expected);
        check_names(Root::Variables, QueryLanguage::Jsonata, json!({"v": [1]}), &["$v"]);
        check_names(Root::Context, QueryLanguage::JsonPath, json!([7]), &["$$[0]"]);
    }

    #[test]
    fn large_arrays_come_in_pages() {
        let mut handles = Handles::default();
        let array: Vec<Value> = (0..1_000).map(Value::from).collect();
        let reference = handles.add(handle(Root::Input, QueryLanguage::JsonPath, Value::from(array)));
        let page = Page { has_named: false, has_indexed: true, start: 998, count: 100 };
        let children = handles.children(reference, &page).unwrap();
        let shown: Vec<_> = children.iter().map(|child| (&*child.name, &*child.value)).collect();
        assert_eq!(shown, [("998", "998"), ("999", "999")]);
    }

    #[test]
    fn more_children_than_are_shown() {
        let shown = |n_children: usize| {
            let mut handles = Handles::default();
            let array: Vec<Value> = (0..n_children).map(Value::from).collect();
            let reference = handles.add(handle(Root::Input, QueryLanguage::JsonPath, Value::from(array)));
            let all = Page { has_named: false, has_indexed: true, start: 0, count: 0 };
            handles.children(reference, &all).unwrap().len()
        };
        let limit = quota::DEBUGGED_CHILDREN_MAX;
        assert_eq!([shown(limit), shown(limit + 1)], [limit, limit]);
    }

    #[test]
    fn items_are_plain_values() {
        let item = json!({"Id": {"S": "a"}, "n": {"N": "1.5"}, "big": {"N": "12345678901234567890123456789"},
            "m": {"M": {"x": {"L": [{"BOOL": true}, {"NULL": true}]}}}, "s": {"NS": ["1", "2"]}});
        assert_eq!(
            plain_item(&item),
            json!({"Id": "a", "n": 1.5, "big": "12345678901234567890123456789",
                "m": {"x": [true, null]}, "s": [1, 2]})
        );
    }

    #[test]
    fn long_values_are_clipped() {
        let text = preview(&json!("x".repeat(1_000)));
        assert_eq!((text.chars().count(), text.ends_with('…')), (PREVIEW_CHARS_MAX + 1, true));
    }
}
