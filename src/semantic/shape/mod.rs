//! What data can be where: the shapes of inputs, results, outputs and variables, inferred without running anything.
//!
//! A [`Shape`] says of a value what it can be. Where nothing is known it is [`Shape::Any`], and everything that could be
//! so is admitted: what a shape excludes does not happen. It has no opinions; a path that leads to nothing is told as
//! [`Missing`], and rules decide what that is.
//!
//! Everything is bounded: members, elements, nesting and the size of a whole shape. What exceeds a bound is
//! [`Shape::Any`].

mod expression;
mod flow;
mod narrow;
mod path;
mod state;
mod task;

use std::sync::Arc;

use serde_json::{Number, Value};

pub use expression::Missing;
pub use flow::Shapes;
pub use state::{Environment, Stages, StateShapes, Variable, VariableShapes};

/// Members that one object keeps; others make it open.
const MEMBERS_MAX: usize = 256;
/// Elements that one array keeps apart.
const ELEMENTS_MAX: usize = 32;
/// Levels of one shape.
const DEPTH_MAX: u32 = 16;
/// Parts of one shape, all levels together.
const NODES_MAX: u32 = 2_000;

/// What a value can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Anything.
    Any,
    /// `null`.
    Null,
    /// `true` or `false`; which, where it is constant.
    Bool(Option<bool>),
    /// A number; which, where it is constant.
    Number(Option<Number>),
    /// A string; which, where it is constant.
    String(Option<Arc<str>>),
    /// An array.
    Array(Arc<ArrayShape>),
    /// An object.
    Object(Arc<ObjectShape>),
}

/// What an array can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrayShape {
    /// The first elements, which are certainly there.
    known: Vec<Shape>,
    /// What any further elements are; none where there are no more.
    rest: Option<Shape>,
    size: Size,
}

/// What an object can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectShape {
    /// Its members, by name.
    members: Vec<Member>,
    /// What members of other names are; none where there are no others.
    rest: Option<Shape>,
    size: Size,
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: Arc<str>,
    /// Its value.
    pub shape: Shape,
    /// Whether it is certainly there.
    pub is_certain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Size {
    nodes: u32,
    depth: u32,
}

impl Member {
    /// A member that is certainly there.
    pub fn certain(name: &str, shape: Shape) -> Self {
        Self { name: Arc::from(name), shape, is_certain: true }
    }

    /// A member that may be there.
    pub fn possible(name: &str, shape: Shape) -> Self {
        Self { name: Arc::from(name), shape, is_certain: false }
    }
}

impl ArrayShape {
    /// The first elements, which are certainly there.
    pub fn known(&self) -> &[Shape] {
        &self.known
    }

    /// What any further elements are; none where there are no more.
    pub fn rest(&self) -> Option<&Shape> {
        self.rest.as_ref()
    }

    /// What any of the elements is; none where there are none.
    pub fn element(&self) -> Option<Shape> {
        let all = self.known.iter().chain(&self.rest);
        all.cloned().reduce(|a, b| a.join(&b))
    }
}

impl ObjectShape {
    /// The members that are known, by name.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// What members of other names are; none where there are no others.
    pub fn rest(&self) -> Option<&Shape> {
        self.rest.as_ref()
    }

    fn find(&self, name: &str) -> Option<&Member> {
        let idx = self.members.binary_search_by(|member| (*member.name).cmp(name)).ok()?;
        self.members.get(idx)
    }
}

impl Shape {
    /// An object with these members and no others.
    pub fn closed(members: Vec<Member>) -> Self {
        Self::object(members, None)
    }

    /// An object with these members and perhaps others, of which nothing is known.
    pub fn open(members: Vec<Member>) -> Self {
        Self::object(members, Some(Shape::Any))
    }

    /// An object; of two members with one name the last counts. `rest` is what members of other names are.
    pub fn object(members: Vec<Member>, rest: Option<Shape>) -> Self {
        let mut members = members;
        members.reverse();
        members.sort_by(|a, b| a.name.cmp(&b.name));
        members.dedup_by(|later, first| later.name == first.name);
        Self::sorted_object(members, rest)
    }

    fn sorted_object(mut members: Vec<Member>, mut rest: Option<Shape>) -> Self {
        if matches!(members.as_slice(), [only] if is_function(&only.name)) {
            return Shape::Any;
        }
        members.retain(|member| {
            !is_filled_in(&member.name) || {
                rest = Some(Shape::Any);
                false
            }
        });
        if members.len() > MEMBERS_MAX {
            members.truncate(MEMBERS_MAX);
            rest = Some(Shape::Any);
        }
        let size = fit(members.iter_mut().map(|member| &mut member.shape).chain(&mut rest).collect());
        Shape::Object(Arc::new(ObjectShape { members, rest, size }))
    }

    /// An array of these elements, then any number of `rest`.
    pub fn array(mut known: Vec<Shape>, mut rest: Option<Shape>) -> Self {
        if known.len() > ELEMENTS_MAX {
            rest = known.drain(..).chain(rest).reduce(|a, b| a.join(&b));
        }
        let size = fit(known.iter_mut().chain(&mut rest).collect());
        Shape::Array(Arc::new(ArrayShape { known, rest, size }))
    }

    /// An array of any number of such elements.
    pub fn array_of(element: Shape) -> Self {
        Self::array(Vec::new(), Some(element))
    }

    /// A constant string; anything where deployment fills it in.
    pub fn text(text: &str) -> Self {
        if is_filled_in(text) { Shape::Any } else { Shape::String(Some(Arc::from(text))) }
    }

    /// Any string.
    pub const fn string() -> Self {
        Shape::String(None)
    }

    /// Any number.
    pub const fn number() -> Self {
        Shape::Number(None)
    }

    /// `true` or `false`.
    pub const fn boolean() -> Self {
        Shape::Bool(None)
    }

    /// The shape of one value, literals included.
    pub fn of(value: &Value) -> Self {
        let mut n_left = NODES_MAX;
        of_value(value, DEPTH_MAX, &mut n_left)
    }

    /// What a value of either shape can be.
    #[must_use]
    pub fn join(&self, other: &Shape) -> Self {
        match (self, other) {
            (Shape::Null, Shape::Null) => Shape::Null,
            (Shape::Bool(a), Shape::Bool(b)) => Shape::Bool(same(a, b)),
            (Shape::Number(a), Shape::Number(b)) => Shape::Number(same(a, b)),
            (Shape::String(a), Shape::String(b)) => Shape::String(same(a, b)),
            (Shape::Array(a), Shape::Array(b)) if Arc::ptr_eq(a, b) => self.clone(),
            (Shape::Object(a), Shape::Object(b)) if Arc::ptr_eq(a, b) => self.clone(),
            (Shape::Array(a), Shape::Array(b)) => join_arrays(a, b),
            (Shape::Object(a), Shape::Object(b)) => join_objects(a, b),
            _ => Shape::Any,
        }
    }

    /// The same without literals, so that a loop comes to an end.
    fn without_literals(&self) -> Self {
        match self {
            Shape::Any | Shape::Null => self.clone(),
            Shape::Bool(_) => Shape::boolean(),
            Shape::Number(_) => Shape::number(),
            Shape::String(_) => Shape::string(),
            Shape::Array(array) => {
                let element = array.element().map(|element| element.without_literals());
                Shape::array(Vec::new(), element)
            }
            Shape::Object(object) => {
                let plain =
                    |member: &Member| Member { shape: member.shape.without_literals(), ..member.clone() };
                let rest = object.rest.as_ref().map(Shape::without_literals);
                Shape::sorted_object(object.members.iter().map(plain).collect(), rest)
            }
        }
    }

    /// Whether a value can be one of this shape.
    ///
    /// # Example
    ///
    /// ```
    /// use asl_lsp::semantic::{Member, Shape};
    /// use serde_json::json;
    ///
    /// let shape = Shape::closed(vec![Member::certain("a", Shape::number()), Member::possible("b", Shape::Any)]);
    /// assert!(shape.admits(&json!({"a": 1})));
    /// assert!(!shape.admits(&json!({"b": 1})) && !shape.admits(&json!({"a": 1, "c": 2})));
    /// ```
    pub fn admits(&self, value: &Value) -> bool {
        match (self, value) {
            (Shape::Any, _) | (Shape::Null, Value::Null) => true,
            (Shape::Bool(known), Value::Bool(value)) => known.is_none_or(|known| known == *value),
            (Shape::Number(known), Value::Number(value)) => {
                known.as_ref().is_none_or(|known| known.as_f64() == value.as_f64())
            }
            (Shape::String(known), Value::String(value)) => {
                known.as_ref().is_none_or(|known| **known == **value)
            }
            (Shape::Array(array), Value::Array(values)) => {
                let mut shapes = array.known.iter().map(Some).chain(std::iter::repeat(array.rest.as_ref()));
                let mut pairs = values.iter().zip(&mut shapes);
                values.len() >= array.known.len()
                    && pairs.all(|(value, shape)| shape.is_some_and(|shape| shape.admits(value)))
            }
            (Shape::Object(object), Value::Object(map)) => {
                let is_there = |member: &Member| !member.is_certain || map.contains_key(&*member.name);
                let mut values = map.iter();
                object.members.iter().all(is_there)
                    && values
                        .all(|(name, value)| self.member(name).is_some_and(|(shape, _)| shape.admits(value)))
            }
            _ => false,
        }
    }

    /// The members that are known of it, by name; none of anything but an object.
    pub fn members(&self) -> &[Member] {
        match self {
            Shape::Object(object) => &object.members,
            _ => &[],
        }
    }

    /// The member of a name, with whether it is certainly there; none where there can be none.
    pub fn member(&self, name: &str) -> Option<(Shape, bool)> {
        match self {
            Shape::Any => Some((Shape::Any, false)),
            Shape::Object(object) => match object.find(name) {
                Some(member) => Some((member.shape.clone(), member.is_certain)),
                None => object.rest.clone().map(|shape| (shape, false)),
            },
            _ => None,
        }
    }

    /// The element at an index, negative ones from the end; none where there can be none.
    pub fn element_at(&self, index: i32) -> Option<Shape> {
        let array = match self {
            Shape::Any => return Some(Shape::Any),
            Shape::Array(array) => array,
            _ => return None,
        };
        match usize::try_from(index) {
            Ok(index) => array.known.get(index).or(array.rest.as_ref()).cloned(),
            Err(_) if array.rest.is_some() => array.element(),
            Err(_) => {
                let from_end = usize::try_from(index.unsigned_abs()).ok()?;
                array.known.get(array.known.len().checked_sub(from_end)?).cloned()
            }
        }
    }

    /// What any element of it is: of an array's; nothing is known of anything else.
    pub fn any_element(&self) -> Shape {
        match self {
            Shape::Array(array) => array.element().unwrap_or(Shape::Any),
            _ => Shape::Any,
        }
    }

    /// The type in a word, as JSON names it; `any` where it is not known.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Shape::Any => "any",
            Shape::Null => "null",
            Shape::Bool(_) => "boolean",
            Shape::Number(_) => "number",
            Shape::String(_) => "string",
            Shape::Array(_) => "array",
            Shape::Object(_) => "object",
        }
    }

    fn size(&self) -> Size {
        match self {
            Shape::Array(array) => array.size,
            Shape::Object(object) => object.size,
            _ => Size { nodes: 1, depth: 1 },
        }
    }
}

/// Whether a text has a part such as `${Name}`, which is filled in when the definition is deployed.
fn is_filled_in(text: &str) -> bool {
    text.contains("${")
}

/// Whether an object's only member makes it a call of CloudFormation's, in whose place deployment puts something else.
fn is_function(name: &str) -> bool {
    name == "Ref" || name.starts_with("Fn::")
}

fn of_value(value: &Value, depth: u32, n_left: &mut u32) -> Shape {
    let Some(left) = n_left.checked_sub(1) else { return Shape::Any };
    *n_left = left;
    match value {
        Value::Null => Shape::Null,
        Value::Bool(value) => Shape::Bool(Some(*value)),
        Value::Number(number) => Shape::Number(Some(number.clone())),
        Value::String(text) => Shape::text(text),
        Value::Array(_) | Value::Object(_) if depth == 0 => Shape::Any,
        Value::Array(elements) => {
            let first = elements.iter().take(ELEMENTS_MAX);
            let known: Vec<Shape> = first.map(|element| of_value(element, depth - 1, n_left)).collect();
            let has_more = elements.len() > known.len();
            Shape::array(known, has_more.then_some(Shape::Any))
        }
        Value::Object(map) => {
            let first = map.iter().take(MEMBERS_MAX);
            let members: Vec<Member> = first
                .map(|(name, value)| Member::certain(name, of_value(value, depth - 1, n_left)))
                .collect();
            let has_more = map.len() > members.len();
            Shape::object(members, has_more.then_some(Shape::Any))
        }
    }
}

fn same<T: PartialEq + Clone>(a: &Option<T>, b: &Option<T>) -> Option<T> {
    if a == b { a.clone() } else { None }
}

fn join_arrays(a: &ArrayShape, b: &ArrayShape) -> Shape {
    if a.known.len() == b.known.len() && a.rest.is_none() && b.rest.is_none() {
        return Shape::array(a.known.iter().zip(&b.known).map(|(a, b)| a.join(b)).collect(), None);
    }
    let element = [a.element(), b.element()].into_iter().flatten().reduce(|a, b| a.join(&b));
    Shape::array(Vec::new(), element)
}

fn join_objects(a: &ObjectShape, b: &ObjectShape) -> Shape {
    let alone = |member: &Member, other: &ObjectShape| Member {
        shape: other.rest.as_ref().map_or(member.shape.clone(), |rest| member.shape.join(rest)),
        is_certain: false,
        name: member.name.clone(),
    };
    let mut members = Vec::with_capacity(a.members.len().max(b.members.len()));
    let (mut left, mut right) = (a.members.iter().peekable(), b.members.iter().peekable());
    loop {
        let order = match (left.peek(), right.peek()) {
            (Some(x), Some(y)) => x.name.cmp(&y.name),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => break,
        };
        match order {
            std::cmp::Ordering::Less => members.extend(left.next().map(|member| alone(member, b))),
            std::cmp::Ordering::Greater => members.extend(right.next().map(|member| alone(member, a))),
            std::cmp::Ordering::Equal => members.extend(left.next().zip(right.next()).map(|(x, y)| Member {
                name: x.name.clone(),
                shape: x.shape.join(&y.shape),
                is_certain: x.is_certain && y.is_certain,
            })),
        }
    }
    let rest = match (&a.rest, &b.rest) {
        (Some(a), Some(b)) => Some(a.join(b)),
        (a, b) => a.clone().or(b.clone()),
    };
    Shape::sorted_object(members, rest)
}

/// Makes parts fit into one shape: what is too deep, then what is largest, becomes [`Shape::Any`].
fn fit(mut parts: Vec<&mut Shape>) -> Size {
    let mut size = Size { nodes: 1, depth: 1 };
    for part in &mut parts {
        if part.size().depth >= DEPTH_MAX {
            **part = Shape::Any;
        }
        size.nodes = size.nodes.saturating_add(part.size().nodes);
    }
    while size.nodes > NODES_MAX {
        let Some(largest) = parts.iter_mut().max_by_key(|part| part.size().nodes) else { break };
        size.nodes -= largest.size().nodes.saturating_sub(1).max(1);
        **largest = Shape::Any;
    }
    size.depth += parts.iter().map(|part| part.size().depth).max().unwrap_or(0);
    size
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    /// A shape as tests show it: possible members with `?`, `…` for what else there may be.
    pub(super) fn show(shape: &Shape) -> String {
        let literal = |text: Option<String>, name: &str| text.unwrap_or_else(|| name.to_owned());
        match shape {
            Shape::Any => "any".to_owned(),
            Shape::Null => "null".to_owned(),
            Shape::Bool(value) => literal(value.map(|value| value.to_string()), "boolean"),
            Shape::Number(value) => literal(value.as_ref().map(Number::to_string), "number"),
            Shape::String(value) => literal(value.as_ref().map(|text| format!("{text:?}")), "string"),
            Shape::Array(array) => {
                let mut parts: Vec<String> = array.known.iter().map(show).collect();
                parts.extend(array.rest.as_ref().map(|rest| format!("…{}", show(rest))));
                format!("[{}]", parts.join(", "))
            }
            Shape::Object(object) => {
                let member = |member: &Member| {
                    let mark = if member.is_certain { "" } else { "?" };
                    format!("{}{mark}: {}", member.name, show(&member.shape))
                };
                let mut parts: Vec<String> = object.members.iter().map(member).collect();
                parts.extend(object.rest.as_ref().map(|rest| match rest {
                    Shape::Any => "…".to_owned(),
                    rest => format!("…{}", show(rest)),
                }));
                format!("{{{}}}", parts.join(", "))
            }
        }
    }

    #[track_caller]
    fn check_join(a: Value, b: Value, expected: Expect) {
        let (a, b) = (Shape::of(&a), Shape::of(&b));
        assert_eq!(a.join(&b), b.join(&a));
        expected.assert_eq(&show(&a.join(&b)));
    }

    #[test]
    fn values_have_their_literals() {
        expect![[r#"{a: 1, b: ["x", null], c: {}, d: true}"#]]
            .assert_eq(&show(&Shape::of(&json!({"b": ["x", null], "a": 1, "d": true, "c": {}}))));
    }

    #[test]
    fn joins() {
        check_join(json!({"a": 1, "b": "x"}), json!({"a": 2}), expect!["{a: number, b?: \"x\"}"]);
        check_join(json!([1, "a"]), json!([1, "b"]), expect!["[1, string]"]);
        check_join(json!([1]), json!([1, 2]), expect!["[…number]"]);
        check_join(json!([]), json!([{"a": 1}]), expect!["[…{a: 1}]"]);
        check_join(json!(1), json!("x"), expect!["any"]);
    }

    #[test]
    fn an_open_object_may_have_what_the_other_has() {
        let open = Shape::open(vec![Member::certain("a", Shape::string())]);
        let closed = Shape::of(&json!({"b": 1}));
        expect!["{a?: string, b?: any, …}"].assert_eq(&show(&open.join(&closed)));
    }

    #[test]
    fn indices_count_from_both_ends() {
        let array = Shape::of(&json!(["a", "b"]));
        assert_eq!(array.element_at(-1), Some(Shape::String(Some("b".into()))));
        assert_eq!(array.element_at(2), None);
        assert_eq!(Shape::array_of(Shape::Null).element_at(7), Some(Shape::Null));
    }

    #[test]
    fn size_and_depth_are_bounded() {
        let wide: Value =
            (0..10_000).map(|i| (i.to_string(), json!(i))).collect::<serde_json::Map<_, _>>().into();
        assert_eq!(Shape::of(&wide).members().len(), MEMBERS_MAX);
        let deep = (0..100).fold(json!(1), |inner, _| json!({"a": inner}));
        assert!(Shape::of(&deep).size().depth <= DEPTH_MAX + 1);
        let mut grown = Shape::Null;
        for _ in 0..100 {
            grown = Shape::closed(vec![Member::certain("a", grown.clone()), Member::certain("b", grown)]);
        }
        assert!(grown.size().nodes <= NODES_MAX && grown.size().depth <= DEPTH_MAX);
        let long: Value = (0..1_000).collect();
        assert!(Shape::of(&long).size().nodes <= NODES_MAX);
    }
}
