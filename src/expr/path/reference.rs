//! Reference paths: the paths that name one place, which `ResultPath` writes to.

use std::fmt;

use serde_json::{Map, Value};

use super::{Path, Segment, SegmentKind};
use crate::expr::{EvalError, EvalErrorKind, ExprError};
use crate::text::TextRange;

/// One step of a reference path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// A property.
    Name(String),
    /// An element of an array; negative indices count from the end.
    Index(i32),
}

impl Step {
    /// The step that a segment stands for, if it names exactly one place.
    pub(super) fn of(segment: &Segment) -> Option<Self> {
        match &segment.kind {
            SegmentKind::Properties(names) => match names.as_slice() {
                [name] => Some(Step::Name(name.text.clone())),
                _ => None,
            },
            SegmentKind::Indices(indices) => match indices.as_slice() {
                [index] => Some(Step::Index(*index)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A path of names and single indices.
///
/// # Example
///
/// ```
/// use asl_lsp::expr::path::ReferencePath;
/// use serde_json::json;
///
/// let (path, _) = ReferencePath::parse("$.saved.user");
/// let mut input = json!({"id": 1});
/// path.unwrap().set(&mut input, json!("ada")).unwrap();
/// assert_eq!(input, json!({"id": 1, "saved": {"user": "ada"}}));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ReferencePath {
    path: Path,
    steps: Vec<Step>,
}

impl ReferencePath {
    /// Parses a reference path. Without one there is at least one error.
    pub fn parse(text: &str) -> (Option<Self>, Vec<ExprError>) {
        let (path, errors) = Path::parse(text);
        let Some(path) = path else { return (None, errors) };
        match path.indefinite_part() {
            Some(range) => (None, vec![ExprError::new("Value is not a Reference Path", range)]),
            None => {
                let steps = path.segments().iter().filter_map(Step::of).collect();
                (Some(Self { path, steps }), errors)
            }
        }
    }

    /// The path as any other path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The steps after the root.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Puts a result into an input, as `ResultPath` does.
    ///
    /// `$` replaces the input; missing objects on the way are made; an existing value at the place is replaced. An
    /// element of an array is replaced, never added.
    ///
    /// # Errors
    ///
    /// [`EvalErrorKind::ReferencePathConflict`] where a step meets a value that is neither object nor array of the
    /// fitting kind (AWS: `Unable to apply ReferencePath $.a to input "text"`), and for an array without the element.
    /// The input is then left as it was.
    pub fn set(&self, input: &mut Value, result: Value) -> Result<(), EvalError> {
        if self.steps.is_empty() {
            *input = result;
            return Ok(());
        }
        if let Some(range) = self.first_conflict(input) {
            let text = serde_json::to_string(input).unwrap_or_default();
            let message = format!("Unable to apply ReferencePath {} to input {text}", self.path.text());
            return Err(EvalError::new(EvalErrorKind::ReferencePathConflict, message, range));
        }
        let mut place = input;
        for step in &self.steps {
            place = match (step, place) {
                (Step::Name(name), Value::Object(members)) => {
                    members.entry(name.as_str()).or_insert(Value::Null)
                }
                (Step::Name(name), made) => {
                    *made = Value::Object(Map::new());
                    match made {
                        Value::Object(members) => members.entry(name.as_str()).or_insert(Value::Null),
                        other => other,
                    }
                }
                (Step::Index(index), Value::Array(items)) => match resolve(items.len(), *index) {
                    Some(index) => match items.get_mut(index) {
                        Some(item) => item,
                        None => return Ok(()),
                    },
                    None => return Ok(()),
                },
                // Excluded by `first_conflict`.
                (Step::Index(_), _) => return Ok(()),
            };
        }
        *place = result;
        Ok(())
    }

    /// The first step that cannot be taken in this input, before anything is changed.
    fn first_conflict(&self, input: &Value) -> Option<TextRange> {
        let mut place = Some(input);
        for (step, segment) in self.steps.iter().zip(self.path.segments()) {
            place = match (step, place) {
                (Step::Name(name), Some(Value::Object(members))) => members.get(name),
                (Step::Name(_), None) => None,
                (Step::Index(index), Some(Value::Array(items))) => {
                    match resolve(items.len(), *index).and_then(|index| items.get(index)) {
                        Some(item) => Some(item),
                        None => return Some(segment.range),
                    }
                }
                _ => return Some(segment.range),
            };
        }
        None
    }
}

impl fmt::Debug for ReferencePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReferencePath({:?})", self.path.text())
    }
}

fn resolve(len: usize, index: i32) -> Option<usize> {
    match usize::try_from(index) {
        Ok(index) => (index < len).then_some(index),
        Err(_) => len.checked_sub(usize::try_from(index.unsigned_abs()).ok()?),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(path: &str, input: Value, expected: Expect) {
        let (path, errors) = ReferencePath::parse(path);
        let rendered = match path {
            None => format!("{errors:?}"),
            Some(path) => {
                let mut output = input.clone();
                match path.set(&mut output, json!("R")) {
                    Ok(()) => output.to_string(),
                    Err(error) => {
                        assert_eq!(output, input);
                        error.message
                    }
                }
            }
        };
        expected.assert_eq(&rendered);
    }

    #[test]
    fn the_root_replaces_the_input() {
        check("$", json!({"a": 1}), expect![[r#""R""#]]);
    }

    #[test]
    fn a_property_is_added_or_replaced() {
        check("$.b", json!({"a": 1}), expect![[r#"{"a":1,"b":"R"}"#]]);
        check("$['a']", json!({"a": {"x": 1}, "c": 2}), expect![[r#"{"a":"R","c":2}"#]]);
    }

    #[test]
    fn missing_parents_are_made() {
        check("$.x.y.z", json!({"a": 1}), expect![[r#"{"a":1,"x":{"y":{"z":"R"}}}"#]]);
    }

    #[test]
    fn an_element_is_replaced_but_not_added() {
        check("$.a[1].b", json!({"a": [0, {}]}), expect![[r#"{"a":[0,{"b":"R"}]}"#]]);
        check("$.a[-1]", json!({"a": [0, 1]}), expect![[r#"{"a":[0,"R"]}"#]]);
        check(
            "$.a[2]",
            json!({"a": [0, 1]}),
            expect![[r#"Unable to apply ReferencePath $.a[2] to input {"a":[0,1]}"#]],
        );
    }

    #[test]
    fn a_scalar_on_the_way_is_a_conflict() {
        check("$.r", json!("input1"), expect![[r#"Unable to apply ReferencePath $.r to input "input1""#]]);
        check("$.a.b", json!({"a": 1}), expect![[r#"Unable to apply ReferencePath $.a.b to input {"a":1}"#]]);
        check(
            "$.a.b",
            json!({"a": [1]}),
            expect![[r#"Unable to apply ReferencePath $.a.b to input {"a":[1]}"#]],
        );
    }

    #[test]
    fn indefinite_paths_are_refused() {
        check(
            "$.a[*]",
            json!({}),
            expect![[r#"[ExprError { message: "Value is not a Reference Path", range: 3..6 }]"#]],
        );
    }
}
