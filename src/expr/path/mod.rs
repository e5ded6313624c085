//! JSONPath as Step Functions reads it: the dialect of the Jayway library, with the roots `$$` and `$variable`.
//!
//! Definite paths give one value or an error; indefinite paths (`..`, `*`, slices, lists, filters) give an array.
//! Messages are the library's own, because AWS quotes them:
//! `Invalid path '$.a' : No results for path: $['a']`.
//!
//! RFC 9535 is *not* followed: it is a different language (`$.a-b`, functions, slices with two numbers only,
//! filters with `=~`, `in`, …). Reference paths, the part that `ResultPath` may use, are in [`ReferencePath`].
//!
//! Specification: <https://states-language.net/#path>.

mod eval;
mod filter;
mod function;
mod parser;
mod reference;

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde_json::Value;

pub(crate) use filter::compare_numbers;
pub use filter::{Comparison, Filter, Operand, OperandKind, Operator};
pub use function::{FUNCTIONS, PathFunction};
pub(super) use parser::parse_at;
pub use reference::{ReferencePath, Step};

use super::{EvalError, EvalErrorKind, ExprError, Scope};
use crate::text::TextRange;

/// Which paths are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Paths of a state machine: begin with `$`, `$$` or `$variable`.
    StepFunctions,
    /// Paths as the library itself takes them: `$` may be left out, `@` is another `$`, and there are no variables.
    Library,
}

/// What a path begins with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Root {
    /// `$`: the input.
    Input,
    /// `$$`: the context object.
    Context,
    /// `$name`: a variable, without the `$`.
    Variable(String),
    /// `@`: the item that a filter looks at.
    Item,
}

/// A JSONPath, parsed.
///
/// Two paths are equal when their texts are.
///
/// # Example
///
/// ```
/// use asl_lsp::expr::{Data, path::Path};
/// use serde_json::json;
///
/// let scope = Data::with_input(json!({"order": {"lines": [{"sku": "a", "n": 1}, {"sku": "b", "n": 5}]}}));
/// let read = |text| Path::parse(text).0.unwrap().evaluate(&scope).map(|value| value.into_owned());
///
/// assert_eq!(read("$.order.lines[0].sku"), Ok(json!("a")));
/// assert_eq!(read("$.order.lines[?(@.n > 2)].sku"), Ok(json!(["b"])));
/// assert_eq!(read("$.order.total").unwrap_err().message, "No results for path: $['order']['total']");
/// ```
#[derive(Clone)]
pub struct Path {
    text: Arc<str>,
    root: Root,
    root_range: TextRange,
    segments: Vec<Segment>,
}

/// One step of a path.
#[derive(Clone, Debug)]
pub struct Segment {
    /// What the step does.
    pub kind: SegmentKind,
    /// The step with its dot or brackets.
    pub range: TextRange,
}

/// What one step of a path does.
#[derive(Clone, Debug)]
pub enum SegmentKind {
    /// `.name`, `['name']` or `['a','b']`: the names, never empty.
    Properties(Vec<Name>),
    /// `[0]`, `[-1]` or `[0,2]`: the indices, never empty; negative ones count from the end.
    Indices(Vec<i32>),
    /// `[from:to]`; at least one of the two is given.
    Slice {
        /// First index; negative ones count from the end if `to` is absent.
        from: Option<i32>,
        /// Index after the last; negative ones count from the end if `from` is absent.
        to: Option<i32>,
    },
    /// `*` or `[*]`.
    Wildcard,
    /// `..`: the next step is tried at every depth.
    Scan,
    /// `[?(…)]`.
    Filter(Box<Filter>),
    /// `name(…)`.
    Function(Call),
}

/// The name of a property in a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The name, escapes resolved.
    pub text: String,
    /// The name without quotes, as written.
    pub range: TextRange,
}

/// A call of one of the library's functions at the end of a path.
#[derive(Clone, Debug)]
pub struct Call {
    /// The name as written; see [`FUNCTIONS`].
    pub name: Name,
    /// The arguments.
    pub arguments: Vec<Argument>,
}

/// An argument of a path function.
#[derive(Clone, Debug)]
pub enum Argument {
    /// A JSON value.
    Json(Value),
    /// A path, read from the root of the document.
    Path(Path),
}

/// A place that a path reads, for static analysis.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// What the path begins with; never [`Root::Item`].
    pub root: Root,
    /// The root as written (`$`, `$$`, `$name`).
    pub root_range: TextRange,
    /// The leading steps that name one value each; what follows them may read anything below.
    pub steps: Vec<ReferenceStep>,
    /// The whole path.
    pub range: TextRange,
}

/// One leading step of a [`Reference`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReferenceStep {
    /// The property or index.
    pub step: Step,
    /// Where the step is written.
    pub range: TextRange,
}

impl Path {
    /// Parses a path of a state machine. Without a path there is at least one error.
    pub fn parse(text: &str) -> (Option<Self>, Vec<ExprError>) {
        Self::parse_as(text, Dialect::StepFunctions)
    }

    /// Parses a path of a dialect. Without a path there is at least one error.
    pub fn parse_as(text: &str, dialect: Dialect) -> (Option<Self>, Vec<ExprError>) {
        match parser::parse(text, dialect) {
            Ok(path) => (Some(path), Vec::new()),
            Err(error) => (None, vec![error]),
        }
    }

    /// The first step that does not name one place: what keeps the path from being a reference path.
    pub fn indefinite_part(&self) -> Option<TextRange> {
        self.segments.iter().find(|segment| Step::of(segment).is_none()).map(|segment| segment.range)
    }

    /// The path as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the path begins with.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Where the root is written.
    pub fn root_range(&self) -> TextRange {
        self.root_range
    }

    /// The steps after the root.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The whole path, without blanks at its ends.
    pub fn range(&self) -> TextRange {
        self.segments.iter().fold(self.root_range, |range, segment| range.cover(segment.range))
    }

    /// Whether the path gives one value, rather than an array of what it finds.
    pub fn is_definite(&self) -> bool {
        is_inverted(&self.segments) || segments_are_definite(&self.segments)
    }

    /// Whether the path may stand where a reference path is asked for: names and single indices only.
    pub fn is_reference_path(&self) -> bool {
        self.segments.iter().all(|segment| Step::of(segment).is_some())
    }

    /// Reads the path.
    ///
    /// AWS: an indefinite path gives `[]` where a property on its way is missing (base/test_json_path_array_wildcard_
    /// or_slice_with_no_input), although the library fails there; [`Path::evaluate_strict`] does as the library.
    ///
    /// # Errors
    ///
    /// [`EvalErrorKind::PathNotFound`] and [`EvalErrorKind::IndexBeyondEnd`] when a definite path leads to nothing,
    /// [`EvalErrorKind::PathInvalid`] when a step cannot be applied, [`EvalErrorKind::UndefinedVariable`], and
    /// [`EvalErrorKind::LimitExceeded`].
    pub fn evaluate<'v>(&self, scope: &'v dyn Scope) -> Result<Cow<'v, Value>, EvalError> {
        match self.evaluate_strict(scope) {
            Err(error) if error.kind == EvalErrorKind::PathNotFound && !self.is_definite() => {
                Ok(Cow::Owned(Value::Array(Vec::new())))
            }
            result => result,
        }
    }

    /// Reads the path as the library does, which fails where an indefinite path meets a missing property before its
    /// first indefinite step.
    ///
    /// # Errors
    ///
    /// As [`Path::evaluate`].
    pub fn evaluate_strict<'v>(&self, scope: &'v dyn Scope) -> Result<Cow<'v, Value>, EvalError> {
        let (value, cost) = eval::evaluate(self, self.root_value(scope)?);
        scope.spend(cost);
        value
    }

    /// The places this path reads: its own, and those of the paths within its filters that begin anew at `$`.
    ///
    /// In the order of the text.
    pub fn references(&self) -> Vec<Reference> {
        let mut references = Vec::new();
        self.collect_references(&self.root, &mut references);
        references
    }

    fn root_value<'v>(&self, scope: &'v dyn Scope) -> Result<&'v Value, EvalError> {
        match &self.root {
            Root::Input | Root::Item => Ok(scope.input()),
            Root::Context => Ok(scope.context()),
            Root::Variable(name) => scope.variable(name).ok_or_else(|| {
                let message = format!("Variable '{name}' is undefined");
                EvalError::new(EvalErrorKind::UndefinedVariable, message, self.root_range)
            }),
        }
    }

    /// Within a filter, `$` is the document that the outer path reads.
    fn collect_references(&self, document: &Root, references: &mut Vec<Reference>) {
        if self.root != Root::Item {
            let root = if self.root == Root::Input { document.clone() } else { self.root.clone() };
            let steps = self
                .segments
                .iter()
                .map_while(|segment| {
                    Step::of(segment).map(|step| ReferenceStep { step, range: segment.range })
                })
                .collect();
            references.push(Reference { root, root_range: self.root_range, steps, range: self.range() });
        }
        for segment in &self.segments {
            match &segment.kind {
                SegmentKind::Filter(filter) => {
                    filter.for_each_path(&mut |path| path.collect_references(document, references));
                }
                SegmentKind::Function(call) => {
                    for argument in &call.arguments {
                        if let Argument::Path(path) = argument {
                            path.collect_references(document, references);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Path {}

impl Hash for Path {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({:?})", self.text)
    }
}

/// The library's own text of a path: `$['a'][0][*]`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.root == Root::Item { "@" } else { "$" })?;
        f.write_str(&fragments(&self.segments))
    }
}

/// The library's own text of the steps.
fn fragments(segments: &[Segment]) -> String {
    let mut text = String::new();
    for segment in segments {
        match &segment.kind {
            SegmentKind::Properties(names) => {
                let quoted: Vec<String> = names.iter().map(|name| format!("'{}'", name.text)).collect();
                text.push_str(&format!("[{}]", quoted.join(",")));
            }
            SegmentKind::Indices(indices) => {
                let numbers: Vec<String> = indices.iter().map(i32::to_string).collect();
                text.push_str(&format!("[{}]", numbers.join(",")));
            }
            SegmentKind::Slice { from, to } => {
                let number = |n: &Option<i32>| n.map(|n| n.to_string()).unwrap_or_default();
                text.push_str(&format!("[{}:{}]", number(from), number(to)));
            }
            SegmentKind::Wildcard => text.push_str("[*]"),
            SegmentKind::Scan => text.push_str(".."),
            SegmentKind::Filter(_) => text.push_str("[?]"),
            SegmentKind::Function(call) => {
                let arguments = if call.arguments.is_empty() { "()" } else { "(...)" };
                text.push_str(&format!(".{}{arguments}", call.name.text));
            }
        }
    }
    text
}

/// Whether the step gives one value. Several names do at the end of a path, where they make one object.
fn is_definite_step(segment: &Segment, is_last: bool) -> bool {
    match &segment.kind {
        SegmentKind::Properties(names) => names.len() == 1 || is_last,
        SegmentKind::Indices(indices) => indices.len() == 1,
        SegmentKind::Function(_) => true,
        SegmentKind::Slice { .. } | SegmentKind::Wildcard | SegmentKind::Scan | SegmentKind::Filter(_) => {
            false
        }
    }
}

fn segments_are_definite(segments: &[Segment]) -> bool {
    let last_idx = segments.len().saturating_sub(1);
    segments.iter().enumerate().all(|(idx, segment)| is_definite_step(segment, idx == last_idx))
}

/// Whether the path is read inside out: `$..a.length()` is the length of what `$..a` finds, not of each.
fn is_inverted(segments: &[Segment]) -> bool {
    matches!(segments.first().map(|segment| &segment.kind), Some(SegmentKind::Scan))
        && matches!(segments.last().map(|segment| &segment.kind), Some(SegmentKind::Function(_)))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::expr::Data;

    fn scope() -> Data {
        Data {
            input: json!({
                "item": {"id": 7, "tags": ["a", "b"], "a-b": 1, "x y": 2},
                "lines": [{"n": 1, "sku": "p"}, {"n": 2, "sku": "q", "tags": ["new"]}, {"n": 3, "sku": "pq"}],
                "nil": null,
                "words": ["one", "two"],
            }),
            context: json!({"Execution": {"Name": "run", "Input": {"k": 1}}}),
            variables: [("total".to_owned(), json!({"n": [4, 5]})), ("größe".to_owned(), json!(1))].into(),
            ..Data::default()
        }
    }

    /// Prints what a path gives, or its error with carets under the place.
    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let rendered = match Path::parse(text) {
            (Some(path), _) => match path.evaluate(&scope()) {
                Ok(value) => value.to_string(),
                Err(error) => render(text, error.range, &format!("{:?}: {}", error.kind, error.message)),
            },
            (None, errors) => render(text, errors[0].range, &errors[0].message),
        };
        expected.assert_eq(&rendered);
    }

    fn render(text: &str, range: TextRange, message: &str) -> String {
        let carets = "^".repeat(text.get(range.to_usize()).map_or(1, |part| part.chars().count().max(1)));
        let before = text.get(..range.start() as usize).map_or(0, |part| part.chars().count());
        format!("{text}\n{}{carets} {message}", " ".repeat(before))
    }

    #[test]
    fn errors_are_whole_characters() {
        check(
            "$[*é]",
            expect![[r#"
            $[*é]
             ^^^ Expected wildcard token to end with ']' on position 3"#]],
        );
        check(
            "$[?((@.a == 1 é))]",
            expect![[r#"
            $[?((@.a == 1 é))]
                          ^ Expected character: )"#]],
        );
    }

    #[test]
    fn reads_a_property() {
        check("$.item.id", expect!["7"]);
    }

    #[test]
    fn reads_the_context_object() {
        check("$$.Execution.Input.k", expect!["1"]);
    }

    #[test]
    fn reads_a_variable() {
        check("$total.n[-1]", expect!["5"]);
    }

    #[test]
    fn reads_a_variable_with_a_unicode_name() {
        check("$größe", expect!["1"]);
    }

    #[test]
    fn reads_names_with_hyphens_and_blanks() {
        check("$.item['a-b','x y']", expect![[r#"{"a-b":1,"x y":2}"#]]);
    }

    #[test]
    fn filters_with_every_kind_of_operator() {
        check("$.lines[?(@.n >= 2 && !(@.sku =~ /P.*/i))].sku", expect![[r#"["q"]"#]]);
        check("$.lines[?(@.sku in ['p','q'])].n", expect!["[1,2]"]);
        check("$.lines[?(@.sku nin ['p','q'])].n", expect!["[3]"]);
        check("$.lines[?(@.tags contains 'new' || @.n == 1)].n", expect!["[1,2]"]);
        check("$.lines[?(@.tags size 1)].n", expect!["[2]"]);
        check("$.lines[?(@.tags subsetof ['new','old'])].n", expect!["[2]"]);
        check("$.lines[?(@.tags anyof ['old'])].n", expect!["[]"]);
        check("$.lines[?(@.tags noneof ['old'])].n", expect!["[2]"]);
        check("$.lines[?(@.tags all ['new'])].n", expect!["[2]"]);
        check("$.lines[?(@.sku empty false)].n", expect!["[1,2,3]"]);
        check("$.lines[?(@.n === '1')].n", expect!["[]"]);
        check("$.lines[?(@.n == $.lines.length())].sku", expect![[r#"["pq"]"#]]);
    }

    #[test]
    fn an_indefinite_path_from_a_missing_property_is_empty() {
        // AWS: base/test_json_path_array_wildcard_or_slice_with_no_input.
        check("$.no.items[1:5].value", expect!["[]"]);
        check("$.no[*].value", expect!["[]"]);
        check(
            "$[*]",
            expect![
                "[{\"id\":7,\"tags\":[\"a\",\"b\"],\"a-b\":1,\"x y\":2},[{\"n\":1,\"sku\":\"p\"},{\"n\":2,\"sku\":\"q\",\"tags\":[\"new\"]},{\"n\":3,\"sku\":\"pq\"}],null,[\"one\",\"two\"]]"
            ],
        );
    }

    #[test]
    fn a_missing_property_is_named_as_the_library_does() {
        // AWS: scenarios/test_invalid_jsonpath, scenarios/test_catch_states_runtime.
        check(
            "$.NoSuchInputPath",
            expect![[r#"
                $.NoSuchInputPath
                 ^^^^^^^^^^^^^^^^ PathNotFound: No results for path: $['NoSuchInputPath']"#]],
        );
        check(
            "$.no.such.result.path",
            expect![[r#"
                $.no.such.result.path
                  ^^ PathNotFound: Missing property in path $['no']"#]],
        );
    }

    #[test]
    fn an_undefined_variable_is_underlined() {
        check(
            "$missing.a",
            expect![[r#"
                $missing.a
                ^^^^^^^^ UndefinedVariable: Variable 'missing' is undefined"#]],
        );
    }

    #[test]
    fn functions_end_a_path() {
        check("$..n.sum()", expect!["6.0"]);
        check("$.words.concat(\"-\", $.item.id)", expect![[r#""onetwo-7""#]]);
        check("$.item.keys()", expect![[r#"["id","tags","a-b","x y"]"#]]);
        check("$.words.index(-2)", expect![[r#""one""#]]);
        check("$.words.append(3).length()", expect![[r#"["one","two",3]"#]]);
        check(
            "$.words.sort()",
            expect![[r#"
                $.words.sort()
                        ^^^^ PathInvalid: Function with name: sort does not exist."#]],
        );
    }

    #[test]
    fn mistakes_have_ranges() {
        check(
            "$.lines[?(@.n >)]",
            expect![[r#"
                $.lines[?(@.n >)]
                               ^ Failed to parse filter: [?(@.n >)], error on position: 8, char: )"#]],
        );
        check(
            "$.lines[abc]",
            expect![[r#"
                $.lines[abc]
                       ^^^^^ Could not parse token starting at position 7. Expected ?, ', 0-9, * "#]],
        );
        check(
            "$.a b",
            expect![[r#"
                $.a b
                  ^^^ Use bracket notion ['my prop'] if your property contains blank characters. position: 2"#]],
        );
        check(
            "item.id",
            expect![[r#"
                item.id
                ^^^^^^^ Path must start with '$'"#]],
        );
        check(
            "$1.a",
            expect![[r#"
                $1.a
                ^^ '1' is not the name of a variable"#]],
        );
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = format!("${}{}", "[?(@".repeat(10_000), ")]".repeat(10_000));
        let (path, errors) = Path::parse(&deep);
        assert!(path.is_none());
        assert_eq!(errors[0].message, crate::expr::too_deep());
        let negated = format!("$[?({}@.a)]", "!(".repeat(10_000));
        assert!(Path::parse(&negated).0.is_none());
        let long = format!("${}", ".a".repeat(20_000));
        assert_eq!(Path::parse(&long).1[0].message, "The path has too many steps: at most 256 are read");
    }

    #[test]
    fn deep_values_and_filters_do_not_exhaust_the_stack() {
        let mut deep = json!(1);
        for _ in 0..3_000 {
            deep = Value::Object([("a".to_owned(), deep)].into_iter().collect());
        }
        let scope = Data::with_input(deep);
        let (path, _) = Path::parse("$..a");
        assert_eq!(path.unwrap().evaluate(&scope).unwrap_err().kind, EvalErrorKind::LimitExceeded);
        let many = format!("${}[*]", ".a".repeat(200));
        let nested = (0..30).fold(many, |inner, _| format!("$.a[?({inner})]"));
        let (path, errors) = Path::parse(&nested);
        assert_eq!(errors, []);
        assert_eq!(path.unwrap().evaluate(&scope).unwrap_err().kind, EvalErrorKind::LimitExceeded);
        std::mem::forget(scope);
    }

    #[test]
    fn work_is_bounded() {
        let mut value = json!(1);
        for _ in 0..100 {
            value = json!({"a": value.clone(), "b": [value.get("b"), 2, 3, 4, 5]});
        }
        let scope = Data::with_input(value);
        let (path, _) = Path::parse("$..*..*..*..*");
        let error = path.unwrap().evaluate(&scope).unwrap_err();
        assert_eq!(error.kind, EvalErrorKind::LimitExceeded);
    }

    #[test]
    fn reference_paths_name_one_place() {
        let is_reference = |text| Path::parse(text).0.unwrap().is_reference_path();
        assert!(
            is_reference("$.a['b'][0]") && is_reference("$") && is_reference("$$.a") && is_reference("$v.a")
        );
        assert!(!is_reference("$.a[*]") && !is_reference("$.a[0,1]") && !is_reference("$..a"));
    }

    #[test]
    fn references_list_what_is_read() {
        let (path, _) = Path::parse("$total.n[?(@.x == $.lines[0].n)].y");
        let listed: Vec<String> = path
            .unwrap()
            .references()
            .iter()
            .map(|found| format!("{:?} {:?} {:?}", found.root, found.range, found.steps.len()))
            .collect();
        expect![[r#"
            Variable("total") 0..34 1
            Variable("total") 18..30 3"#]]
        .assert_eq(&listed.join("\n"));
    }

    #[test]
    fn segments_tile_the_path() {
        let text = "$.a['b'][0:2]..c[?(@.x)].length()";
        let (path, _) = Path::parse(text);
        let parts: Vec<&str> =
            path.unwrap().segments().iter().map(|segment| &text[segment.range.to_usize()]).collect();
        assert_eq!(parts, [".a", "['b']", "[0:2]", "..", "c", "[?(@.x)]", ".length()"]);
    }
}
