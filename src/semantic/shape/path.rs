//! JSONPath over shapes: what a path leads to, and what `ResultPath` makes of an input.

use super::expression::Missing;
use super::{Member, Shape};
use crate::expr::path::{Path, SegmentKind, Step};

/// What a path leads to from its root.
///
/// # Errors
///
/// The first step that leads to nothing, for paths of single names and indices. Of others nothing is certain: an
/// indefinite path that finds nothing gives an empty array.
pub(super) fn read(path: &Path, root: &Shape) -> Result<Shape, Missing> {
    let mut shape = root.clone();
    let mut before = path.root_range();
    for (idx, segment) in path.segments().iter().enumerate() {
        let found = match &segment.kind {
            SegmentKind::Properties(names) => match names.as_slice() {
                [name] => shape.member(&name.text).map(|(shape, _)| shape),
                _ => return Ok(Shape::Any),
            },
            SegmentKind::Indices(indices) => match indices.as_slice() {
                [index] => shape.element_at(*index),
                _ => return Ok(read_each(path, idx, &shape)),
            },
            SegmentKind::Function(call) => return Ok(function_result(&call.name.text)),
            _ => return Ok(read_each(path, idx, &shape)),
        };
        match found {
            Some(found) => shape = found,
            None if path.is_reference_path() => {
                return Err(Missing { range: segment.range, before, parent: shape });
            }
            None => return Ok(Shape::Any),
        }
        before = before.cover(segment.range);
    }
    Ok(shape)
}

/// An indefinite path gives an array of what it finds.
fn read_each(path: &Path, first: usize, shape: &Shape) -> Shape {
    let mut element = shape.clone();
    for segment in path.segments().iter().skip(first) {
        element = match &segment.kind {
            SegmentKind::Properties(names) => match names.as_slice() {
                [name] => element.member(&name.text).map_or(Shape::Any, |(shape, _)| shape),
                _ => Shape::Any,
            },
            SegmentKind::Indices(_) | SegmentKind::Slice { .. } | SegmentKind::Wildcard => {
                element.any_element()
            }
            SegmentKind::Filter(_) => element.any_element(),
            SegmentKind::Scan => return Shape::array_of(Shape::Any),
            SegmentKind::Function(_) => return Shape::Any,
        };
    }
    Shape::array_of(element)
}

fn function_result(name: &str) -> Shape {
    match name {
        "min" | "max" | "avg" | "stddev" | "sum" => Shape::number(),
        "concat" => Shape::string(),
        "keys" => Shape::array_of(Shape::string()),
        _ => Shape::Any,
    }
}

/// The input with a result put where `ResultPath` says.
pub(super) fn set(input: &Shape, steps: &[Step], result: Shape) -> Shape {
    match steps.split_first() {
        None => result,
        Some((Step::Name(name), rest)) => {
            let (mut members, others) = match input {
                Shape::Object(object) => (object.members().to_vec(), object.rest().cloned()),
                Shape::Any => (Vec::new(), Some(Shape::Any)),
                // AWS refuses to put anything into other values.
                _ => return Shape::Any,
            };
            let inner = match input.member(name) {
                _ if rest.is_empty() => result,
                Some((inner, true)) => set(&inner, rest, result),
                // It is made where it is missing.
                Some((inner, false)) => {
                    set(&inner, rest, result.clone()).join(&set(&Shape::closed(Vec::new()), rest, result))
                }
                None => set(&Shape::closed(Vec::new()), rest, result),
            };
            members.push(Member::certain(name, inner));
            Shape::object(members, others)
        }
        Some((Step::Index(_), _)) => Shape::Any,
    }
}

/// The names of a path that has nothing else; none of any other.
pub(super) fn names(path: &Path) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    for segment in path.segments() {
        let SegmentKind::Properties(names) = &segment.kind else { return None };
        let [name] = names.as_slice() else { return None };
        found.push(name.text.as_str());
    }
    Some(found)
}
