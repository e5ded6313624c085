//! Reading of paths.
//!
//! Recursion follows the steps of the path and, for `..`, the depth of the value; both are bounded. Work is counted
//! in values visited and values copied ([`quota::PATH_VISITS_MAX`]), so no path takes more than a fraction of a
//! second or more than a few hundred megabytes.

use std::borrow::Cow;
use std::cell::Cell;

use serde_json::{Map, Value};

use super::function::{Arguments, PathFunction};
use super::{Call, Name, Path, Segment, SegmentKind, fragments, is_definite_step, is_inverted};
use crate::expr::java::{class_name, to_java_string};
use crate::expr::{Cost, EvalError, EvalErrorKind};
use crate::spec::quota;
use crate::text::TextRange;

/// The class that AWS's JSONPath library names when it meets a value of the wrong type.
const JSON_PROVIDER: &str = "com.jayway.jsonpath.spi.json.JacksonJsonProvider";

/// Reads a path of a document, and says what that took.
pub(super) fn evaluate<'v>(path: &Path, document: &'v Value) -> (Result<Cow<'v, Value>, EvalError>, Cost) {
    if let Some(value) = read_plain(&path.segments, document) {
        return (Ok(Cow::Borrowed(value)), Cost::values(path.segments.len()));
    }
    let effort = Effort::default();
    let value = Reader { document, effort: &effort, require_properties: false }.read(path, document);
    (value, Cost::values(effort.visits.get()))
}

/// Follows single names and indices without a copy; nothing at the first step that is anything else.
fn read_plain<'v>(segments: &[Segment], document: &'v Value) -> Option<&'v Value> {
    let mut value = document;
    for segment in segments {
        value = match &segment.kind {
            SegmentKind::Properties(names) => match names.as_slice() {
                [name] => value.as_object()?.get(&name.text)?,
                _ => return None,
            },
            SegmentKind::Indices(indices) => match indices.as_slice() {
                [index] => element(value.as_array()?, *index)?,
                _ => return None,
            },
            _ => return None,
        };
    }
    Some(value)
}

/// Whether all steps but the last lead to an array, and the last is an index.
fn ends_beyond_array(segments: &[Segment], document: &Value) -> bool {
    segments.split_last().is_some_and(|(last, before)| {
        matches!(last.kind, SegmentKind::Indices(_))
            && read_plain(before, document).is_some_and(Value::is_array)
    })
}

fn element(items: &[Value], index: i32) -> Option<&Value> {
    match usize::try_from(index) {
        Ok(index) => items.get(index),
        Err(_) => {
            let from_end = usize::try_from(index.unsigned_abs()).ok()?;
            items.get(items.len().checked_sub(from_end)?)
        }
    }
}

/// What the reading of a path has cost so far.
#[derive(Default)]
struct Effort {
    visits: Cell<usize>,
    depth: Cell<usize>,
}

/// What the reading of a path needs everywhere.
#[derive(Clone, Copy)]
pub(super) struct Reader<'v, 'c> {
    document: &'v Value,
    effort: &'c Effort,
    /// Whether a missing property is an error even after an indefinite step.
    require_properties: bool,
}

/// One step from the root to where the reading is, for messages.
enum Place<'p> {
    Name(&'p str),
    Index(i64),
}

impl<'v, 'c> Reader<'v, 'c> {
    pub(super) fn document(&self) -> &'v Value {
        self.document
    }

    pub(super) fn requiring_properties(&self) -> Self {
        Self { require_properties: true, ..*self }
    }

    /// Reads a path from a value.
    pub(super) fn read(&self, path: &Path, start: &'v Value) -> Result<Cow<'v, Value>, EvalError> {
        if is_inverted(&path.segments) {
            return self.read_inverted(path, start);
        }
        let mut found = Vec::new();
        let mut walk = Walk { reader: *self, path, places: Vec::new() };
        walk.step(&path.segments, true, start, &mut found)?;
        if path.is_definite() {
            return found.into_iter().next().ok_or_else(|| {
                let message = format!("No results for path: {path}");
                let range = path.segments.last().map_or(path.root_range, |segment| segment.range);
                let kind = if ends_beyond_array(&path.segments, start) {
                    EvalErrorKind::IndexBeyondEnd
                } else {
                    EvalErrorKind::PathNotFound
                };
                EvalError::new(kind, message, range)
            });
        }
        found
            .into_iter()
            .map(|value| self.own(value, path))
            .collect::<Result<_, _>>()
            .map(|all| Cow::Owned(Value::Array(all)))
    }

    /// `$..a.sum()`: the function takes what the path before it finds.
    fn read_inverted(&self, path: &Path, start: &'v Value) -> Result<Cow<'v, Value>, EvalError> {
        let Some((Segment { kind: SegmentKind::Function(call), range }, before)) = path.segments.split_last()
        else {
            return Ok(Cow::Borrowed(start));
        };
        let inner = Path { segments: before.to_vec(), ..path.clone() };
        let found = self.read(&inner, start)?;
        let function = find_function(call)?;
        let mut arguments = Arguments::evaluate(call, self, *range)?;
        arguments.prepend(found.into_owned());
        function.call(start, &arguments, *range).map(Cow::Owned)
    }

    /// Counts work.
    pub(super) fn visit(&self, n_values: usize, range: TextRange) -> Result<(), EvalError> {
        let visits = self.effort.visits.get().saturating_add(n_values);
        self.effort.visits.set(visits);
        let limit = quota::PATH_VISITS_MAX;
        if visits > limit { Err(EvalError::limit(limit, "values read", range)) } else { Ok(()) }
    }

    /// Goes one call deeper, unless that is too deep. Every call that succeeds needs a [`Self::leave`].
    fn enter(&self, range: TextRange) -> Result<(), EvalError> {
        self.visit(1, range)?;
        let depth = self.effort.depth.get();
        if depth >= quota::PATH_DEPTH_MAX {
            return Err(EvalError::limit(quota::PATH_DEPTH_MAX, "levels of values", range));
        }
        self.effort.depth.set(depth + 1);
        Ok(())
    }

    fn leave(&self) {
        self.effort.depth.set(self.effort.depth.get().saturating_sub(1));
    }

    /// Copies a value, counting it.
    fn own(&self, value: Cow<'_, Value>, path: &Path) -> Result<Value, EvalError> {
        match value {
            Cow::Owned(value) => Ok(value),
            Cow::Borrowed(value) => {
                self.count(value, path.root_range, quota::DOCUMENT_NESTING_MAX)?;
                Ok(value.clone())
            }
        }
    }

    fn count(&self, value: &Value, range: TextRange, depth_left: usize) -> Result<(), EvalError> {
        if depth_left == 0 {
            return Err(EvalError::limit(quota::DOCUMENT_NESTING_MAX, "levels of values", range));
        }
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => self.visit(1, range),
            Value::String(text) => self.visit(1 + text.len() / 64, range),
            Value::Array(items) => {
                self.visit(1, range)?;
                items.iter().try_for_each(|item| self.count(item, range, depth_left - 1))
            }
            Value::Object(members) => {
                self.visit(1, range)?;
                members.values().try_for_each(|member| self.count(member, range, depth_left - 1))
            }
        }
    }
}

/// The walk along one path.
struct Walk<'p, 'v, 'c> {
    reader: Reader<'v, 'c>,
    path: &'p Path,
    places: Vec<Place<'p>>,
}

impl<'p, 'v, 'c> Walk<'p, 'v, 'c>
where
    'v: 'p,
{
    /// Applies the first of the remaining steps to a value. `upstream` tells whether all steps before it are definite.
    fn step<'a>(
        &mut self,
        segments: &'p [Segment],
        upstream: bool,
        value: &'a Value,
        found: &mut Vec<Cow<'a, Value>>,
    ) -> Result<(), EvalError>
    where
        'v: 'a,
        'a: 'p,
    {
        let Some((segment, rest)) = segments.split_first() else {
            found.push(Cow::Borrowed(value));
            return Ok(());
        };
        self.reader.enter(segment.range)?;
        let result = self.apply(segment, rest, segments, upstream, value, found);
        self.reader.leave();
        result
    }

    fn apply<'a>(
        &mut self,
        segment: &'p Segment,
        rest: &'p [Segment],
        segments: &'p [Segment],
        upstream: bool,
        value: &'a Value,
        found: &mut Vec<Cow<'a, Value>>,
    ) -> Result<(), EvalError>
    where
        'v: 'a,
        'a: 'p,
    {
        let definite = upstream && is_definite_step(segment, rest.is_empty());
        match &segment.kind {
            SegmentKind::Properties(names) => match value {
                Value::Object(members) => self.properties(names, members, segments, upstream, found),
                _ if !upstream => Ok(()),
                other => Err(self.not_an_object(segment, other)),
            },
            SegmentKind::Indices(indices) => {
                let Some(items) = self.array(segments, upstream, value)? else { return Ok(()) };
                for index in indices {
                    if let Some(item) = element(items, *index) {
                        self.within(Place::Index(i64::from(*index)), rest, definite, item, found)?;
                    }
                }
                Ok(())
            }
            SegmentKind::Slice { from, to } => {
                let Some(items) = self.array(segments, upstream, value)? else { return Ok(()) };
                for index in slice_range(items.len(), *from, *to) {
                    let Some(item) = i32::try_from(index).ok().and_then(|index| element(items, index)) else {
                        continue;
                    };
                    self.within(Place::Index(index), rest, false, item, found)?;
                }
                Ok(())
            }
            SegmentKind::Wildcard => self.wildcard(rest, value, found),
            SegmentKind::Scan => self.scan(rest, value, found),
            SegmentKind::Filter(filter) => match value {
                Value::Array(items) => {
                    for (index, item) in (0i64..).zip(items) {
                        self.reader.visit(1, segment.range)?;
                        if filter.accepts(item, &self.reader)? {
                            self.within(Place::Index(index), rest, false, item, found)?;
                        }
                    }
                    Ok(())
                }
                Value::Object(_) => {
                    if filter.accepts(value, &self.reader)? {
                        self.step(rest, false, value, found)?;
                    }
                    Ok(())
                }
                _ if !upstream => Ok(()),
                other => {
                    let message = format!(
                        "Filter: {} can not be applied to primitives. Current context is: {}",
                        fragments(segments),
                        to_java_string(other)
                    );
                    Err(EvalError::new(EvalErrorKind::PathInvalid, message, segment.range))
                }
            },
            SegmentKind::Function(call) => self.call(call, segment.range, rest, definite, value, found),
        }
    }

    /// Applies the remaining steps to a value one place further.
    fn within<'a>(
        &mut self,
        place: Place<'p>,
        rest: &'p [Segment],
        upstream: bool,
        value: &'a Value,
        found: &mut Vec<Cow<'a, Value>>,
    ) -> Result<(), EvalError>
    where
        'v: 'a,
        'a: 'p,
    {
        self.places.push(place);
        let result = self.step(rest, upstream, value, found);
        self.places.pop();
        result
    }

    fn properties<'a>(
        &mut self,
        names: &'p [Name],
        members: &'a Map<String, Value>,
        segments: &'p [Segment],
        upstream: bool,
        found: &mut Vec<Cow<'a, Value>>,
    ) -> Result<(), EvalError>
    where
        'v: 'a,
        'a: 'p,
    {
        let rest = segments.get(1..).unwrap_or_default();
        if names.len() > 1 && rest.is_empty() {
            let mut merged = Map::new();
            for name in names {
                match members.get(&name.text) {
                    Some(member) => {
                        let member = self.reader.own(Cow::Borrowed(member), self.path)?;
                        merged.insert(name.text.clone(), member);
                    }
                    None if self.reader.require_properties => return Err(self.missing(names, name)),
                    None => {}
                }
            }
            found.push(Cow::Owned(Value::Object(merged)));
            return Ok(());
        }
        let definite = upstream && names.len() == 1;
        for name in names {
            match members.get(&name.text) {
                Some(member) => self.within(Place::Name(&name.text), rest, definite, member, found)?,
                None if self.reader.require_properties => {
                    return Err(self.missing(std::slice::from_ref(name), name));
                }
                None if rest.is_empty() || !definite => {}
                None => return Err(self.missing(std::slice::from_ref(name), name)),
            }
        }
        Ok(())
    }

    fn wildcard<'a>(
        &mut self,
        rest: &'p [Segment],
        value: &'a Value,
        found: &mut Vec<Cow<'a, Value>>,
    ) -> Result<(), EvalError>
    where
        'v: 'a,
        'a: 'p,
    {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    self.within(Place::Name(name), rest, false, member, found)?;
                }
            }
            Value::Array(items) => {
                for (index, item) in (0i64..).zip(items) {
                    self.within(Place::Index(index), rest, false, item, found)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// `..`: tries the next step here and, in the order of the document, everywhere below.
    fn scan<'a>(
        &mut self,
        rest: &'p [Segment],
        value: &'a Value,
        found: &mut Vec<Cow<'a, Value>>,
    ) -> Result<(), EvalError>
    where
        'v: 'a,
        'a: 'p,
    {
        let Some(next) = rest.first() else { return Ok(()) };
        self.reader.enter(next.range)?;
        let result = self.scan_here_and_below(next, rest, value, found);
        self.reader.leave();
        result
    }

    fn scan_here_and_below<'a>(
        &mut self,
        next: &'p Segment,
        rest: &'p [Segment],
        value: &'a Value,
        found: &mut Vec<Cow<'a, Value>>,
    ) -> Result<(), EvalError>
    where
        'v: 'a,
        'a: 'p,
    {
        match value {
            Value::Object(members) => {
                let applies = match &next.kind {
                    SegmentKind::Properties(names) => {
                        (names.len() > 1 && rest.len() > 1)
                            || names.iter().all(|name| members.contains_key(&name.text))
                    }
                    SegmentKind::Wildcard => true,
                    SegmentKind::Filter(filter) => filter.accepts(value, &self.reader)?,
                    SegmentKind::Indices(_)
                    | SegmentKind::Slice { .. }
                    | SegmentKind::Scan
                    | SegmentKind::Function(_) => false,
                };
                if applies {
                    self.step(rest, false, value, found)?;
                }
                for (name, member) in members {
                    self.places.push(Place::Name(name));
                    let result = self.scan(rest, member, found);
                    self.places.pop();
                    result?;
                }
            }
            Value::Array(items) => {
                match &next.kind {
                    SegmentKind::Wildcard | SegmentKind::Indices(_) | SegmentKind::Slice { .. } => {
                        self.step(rest, false, value, found)?;
                    }
                    SegmentKind::Filter(_) => {}
                    SegmentKind::Properties(_) | SegmentKind::Scan | SegmentKind::Function(_) => {}
                }
                for (index, item) in (0i64..).zip(items) {
                    self.places.push(Place::Index(index));
                    let result = self.scan(rest, item, found);
                    self.places.pop();
                    result?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn call<'a>(
        &mut self,
        call: &'p Call,
        range: TextRange,
        rest: &'p [Segment],
        upstream: bool,
        value: &'a Value,
        found: &mut Vec<Cow<'a, Value>>,
    ) -> Result<(), EvalError>
    where
        'v: 'a,
        'a: 'p,
    {
        let function = find_function(call)?;
        let arguments = Arguments::evaluate(call, &self.reader, range)?;
        let result = function.call(value, &arguments, range)?;
        if !rest.is_empty() {
            let after = Path { segments: rest.to_vec(), ..self.path.clone() };
            let mut below = Vec::new();
            let reader = Reader { document: self.reader.document, ..self.reader };
            let mut walk = Walk { reader, path: &after, places: Vec::new() };
            walk.step(&after.segments, upstream, &result, &mut below)?;
            let below: Vec<Value> = below.into_iter().map(Cow::into_owned).collect();
            found.push(Cow::Owned(result));
            found.extend(below.into_iter().map(Cow::Owned));
            return Ok(());
        }
        found.push(Cow::Owned(result));
        Ok(())
    }

    /// The elements of an array; none where the value is to be passed over.
    fn array<'a>(
        &self,
        segments: &[Segment],
        upstream: bool,
        value: &'a Value,
    ) -> Result<Option<&'a Vec<Value>>, EvalError> {
        let range = segments.first().map_or(self.path.root_range, |segment| segment.range);
        match value {
            Value::Array(items) => Ok(Some(items)),
            _ if !upstream => Ok(None),
            Value::Null => {
                let message = format!("The path {} is null", self.place_text());
                Err(EvalError::new(EvalErrorKind::PathNotFound, message, range))
            }
            other => {
                let message = format!(
                    "Filter: {} can only be applied to arrays. Current context is: {}",
                    fragments(segments),
                    to_java_string(other)
                );
                Err(EvalError::new(EvalErrorKind::PathNotFound, message, range))
            }
        }
    }

    fn not_an_object(&self, segment: &Segment, value: &Value) -> EvalError {
        let message = format!(
            "Expected to find an object with property {} in path {} but found '{}'. This is not a json object \
             according to the JsonProvider: '{JSON_PROVIDER}'.",
            fragments(std::slice::from_ref(segment)),
            self.place_text(),
            class_name(value),
        );
        EvalError::new(EvalErrorKind::PathNotFound, message, segment.range)
    }

    fn missing(&self, names: &[Name], name: &Name) -> EvalError {
        let quoted: Vec<String> = names.iter().map(|name| format!("'{}'", name.text)).collect();
        let message = format!("Missing property in path {}[{}]", self.place_text(), quoted.join(", "));
        EvalError::new(EvalErrorKind::PathNotFound, message, name.range)
    }

    fn place_text(&self) -> String {
        let mut text = String::from(if self.path.root == super::Root::Item { "@" } else { "$" });
        for place in &self.places {
            match place {
                Place::Name(name) => text.push_str(&format!("['{name}']")),
                Place::Index(index) => text.push_str(&format!("[{index}]")),
            }
        }
        text
    }
}

fn find_function(call: &Call) -> Result<&'static PathFunction, EvalError> {
    PathFunction::find(&call.name.text).ok_or_else(|| {
        let message = format!("Function with name: {} does not exist.", call.name.text);
        EvalError::new(EvalErrorKind::PathInvalid, message, call.name.range)
    })
}

/// The indices of a slice. With both ends given, negative ones are not counted from the end.
fn slice_range(len: usize, from: Option<i32>, to: Option<i32>) -> std::ops::Range<i64> {
    let len = i64::try_from(len).unwrap_or(i64::MAX);
    let from_end = |n: i64| if n < 0 { len + n } else { n };
    match (from.map(i64::from), to.map(i64::from)) {
        (Some(from), None) => from_end(from).max(0)..len,
        (None, Some(to)) => 0..from_end(to).min(len),
        // AWS and the library: element -1 of `[-1:2]` is the last one, so it comes first.
        (Some(from), Some(to)) => from.max(-len)..to.min(len),
        (None, None) => 0..0,
    }
}
