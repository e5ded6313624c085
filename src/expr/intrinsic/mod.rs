//! Intrinsic functions: `States.Format('Hello, {}', $.name)`.
//!
//! The parser keeps ranges and always gives a tree, with errors beside it; names, parameters and limits come from
//! [`crate::spec::intrinsic`]. The evaluator holds one function for each of them.
//!
//! Specification: <https://states-language.net/#intrinsic-functions>.

mod eval;
mod parser;

pub(super) use eval::integer_range;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde_json::{Number, Value};

use super::path::{Path, Reference};
use super::{Entropy, EvalError, EvalErrorKind, ExprError, Scope};
use crate::spec::intrinsic::IntrinsicFunction;
use crate::text::TextRange;

/// A call of an intrinsic function, with everything nested in it.
///
/// Two are equal when their texts are.
///
/// # Example
///
/// ```
/// use asl_lsp::expr::{Data, SeededEntropy, intrinsic::Intrinsic};
/// use serde_json::json;
///
/// let (call, errors) = Intrinsic::parse("States.Format('{} has {}', $.name, States.ArrayLength($.items))");
/// assert!(errors.is_empty());
/// let scope = Data::with_input(json!({"name": "ada", "items": [1, 2]}));
/// assert_eq!(call.evaluate(&scope, &mut SeededEntropy::new(0)), Ok(json!("ada has 2")));
///
/// let (_, errors) = Intrinsic::parse("States.MathAdd(1)");
/// assert_eq!(errors[0].message, "States.MathAdd takes 2 arguments, not 1");
/// ```
#[derive(Clone)]
pub struct Intrinsic {
    text: Arc<str>,
    call: Call,
}

/// One call.
#[derive(Clone, Debug)]
pub struct Call {
    /// The function; none when its name is unknown.
    pub function: Option<IntrinsicFunction>,
    /// The name as written.
    pub name: String,
    /// Where the name is written.
    pub name_range: TextRange,
    /// The arguments in order.
    pub arguments: Vec<Argument>,
    /// What lies between the parentheses, for signature help; empty after the name where there are none.
    pub arguments_range: TextRange,
    /// The whole call.
    pub range: TextRange,
}

/// One argument of a call.
#[derive(Clone, Debug)]
pub struct Argument {
    /// What it is.
    pub kind: ArgumentKind,
    /// Where it is written, without blanks around it.
    pub range: TextRange,
}

/// What an argument of a call is.
#[derive(Clone, Debug)]
pub enum ArgumentKind {
    /// A string in single quotes.
    String(StringLiteral),
    /// A number.
    Number(Number),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// A path.
    Path(Path),
    /// A nested call.
    Call(Call),
    /// Something that cannot be read; there is an error for it.
    Error,
}

/// A string in single quotes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StringLiteral {
    /// The text with its escapes, as `States.Format` needs it to tell `\{` from `{`.
    pub raw: String,
}

impl StringLiteral {
    /// The text with its escapes resolved.
    pub fn value(&self) -> String {
        let mut value = String::with_capacity(self.raw.len());
        let mut chars = self.raw.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => value.extend(chars.next()),
                other => value.push(other),
            }
        }
        value
    }
}

impl Intrinsic {
    /// Whether a text is meant as a call: it begins with the prefix of all intrinsic functions.
    pub fn is_meant(text: &str) -> bool {
        text.trim_start().starts_with(crate::spec::intrinsic::PREFIX)
    }

    /// Parses a call. The tree covers what could be read; only one without errors can be evaluated.
    pub fn parse(text: &str) -> (Self, Vec<ExprError>) {
        let (call, errors) = parser::parse(text);
        (Self { text: text.into(), call }, errors)
    }

    /// The call as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The outermost call.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// Evaluates the call.
    ///
    /// # Errors
    ///
    /// [`super::EvalErrorKind::IntrinsicFailure`] when a function is given what it does not take or exceeds its
    /// limits, and those of [`Path::evaluate`] for its arguments; the range tells which one.
    pub fn evaluate(&self, scope: &dyn Scope, entropy: &mut dyn Entropy) -> Result<Value, EvalError> {
        eval::evaluate(&self.call, scope, entropy).map_err(|error| self.framed(error))
    }

    /// An error with the function before it. AWS names the whole expression, however deep the call that failed.
    fn framed(&self, error: EvalError) -> EvalError {
        match error.kind {
            EvalErrorKind::UndefinedVariable | EvalErrorKind::LimitExceeded => error,
            _ => EvalError {
                message: format!("The function '{}' had the following error: {}", self.text, error.message),
                ..error
            },
        }
    }

    /// The places that the paths among the arguments read, in the order of the text.
    pub fn references(&self) -> Vec<Reference> {
        let mut references = Vec::new();
        self.call.for_each_path(&mut |path| references.extend(path.references()));
        references
    }
}

impl Call {
    fn for_each_path(&self, visit: &mut dyn FnMut(&Path)) {
        for argument in &self.arguments {
            match &argument.kind {
                ArgumentKind::Path(path) => visit(path),
                ArgumentKind::Call(call) => call.for_each_path(visit),
                _ => {}
            }
        }
    }
}

impl PartialEq for Intrinsic {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Intrinsic {}

impl Hash for Intrinsic {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Debug for Intrinsic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Intrinsic({:?})", self.text)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::expr::{Data, SeededEntropy};

    fn scope() -> Data {
        Data {
            input: json!({
                "obj": {"Arg1": 1, "Arg2": []}, "null": null, "s": "a,b;c", "f": 1.1, "n": 3,
                "arr": [1, 2, 3, 3, 1.0, {"a": 1, "b": 2}, {"b": 2, "a": 1}],
                "template": "Hi {}",
            }),
            context: json!({"StateMachine": {"Name": "my-machine-7"}}),
            variables: [("v".to_owned(), json!("var"))].into(),
            ..Data::default()
        }
    }

    /// Prints what a call gives, or its errors with carets under their places.
    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let (call, errors) = Intrinsic::parse(text);
        let mut rendered = String::new();
        if errors.is_empty() {
            match call.evaluate(&scope(), &mut SeededEntropy::new(1)) {
                Ok(value) => rendered = value.to_string(),
                Err(error) => render(text, error.range, &error.message, &mut rendered),
            }
        }
        for error in &errors {
            render(text, error.range, &error.message, &mut rendered);
        }
        expected.assert_eq(rendered.trim_end());
    }

    fn render(text: &str, range: TextRange, message: &str, out: &mut String) {
        let carets = "^".repeat(text[range.to_usize()].chars().count().max(1));
        let before = text[..range.start() as usize].chars().count();
        out.push_str(&format!("{text}\n{}{carets} {message}\n", " ".repeat(before)));
    }

    #[test]
    fn format_prints_values_as_java_does() {
        // AWS: intrinsic_functions/test_format_1, test_format_2.
        check(
            "States.Format('fst={} and snd={}.', $.obj, $.f)",
            expect![[r#""fst={Arg1=1, Arg2=[]} and snd=1.1.""#]],
        );
        check(
            "States.Format('Formatting argument {}.', $.null)",
            expect![[r#""Formatting argument null.""#]],
        );
        check("States.Format('{}', $v)", expect![[r#""var""#]]);
        check(r"States.Format('\{\} \'{}\' \\', 101)", expect![[r#""{} '101' \\""#]]);
        check("States.Format($.template, 'you')", expect![[r#""Hi you""#]]);
    }

    #[test]
    fn format_counts_its_arguments() {
        check(
            "States.Format('{} {}', 1)",
            expect![[r#"
                States.Format('{} {}', 1)
                              ^^^^^^^ The function 'States.Format('{} {}', 1)' had the following error: The template has more '{}' than there are arguments"#]],
        );
        check(
            "States.Format('{}', 1, 2)",
            expect![[r#"
                States.Format('{}', 1, 2)
                                       ^ The function 'States.Format('{}', 1, 2)' had the following error: There are more arguments than '{}' in the template"#]],
        );
    }

    #[test]
    fn json_goes_to_text_and_back() {
        check("States.StringToJson('{\"a\": [1, 2.5]}')", expect![[r#"{"a":[1,2.5]}"#]]);
        check("States.StringToJson(' ')", expect!["null"]);
        check("States.JsonToString($.obj)", expect![[r#""{\"Arg1\":1,\"Arg2\":[]}""#]]);
        check(
            "States.StringToJson('{')",
            expect![[r#"
                States.StringToJson('{')
                                    ^^^ The function 'States.StringToJson('{')' had the following error: Argument 1 of States.StringToJson must be JSON text"#]],
        );
    }

    #[test]
    fn arrays_are_made_and_cut() {
        check(
            "States.Array(1, 'a', null, true, $.obj)",
            expect![[r#"[1,"a",null,true,{"Arg1":1,"Arg2":[]}]"#]],
        );
        check("States.Array()", expect!["[]"]);
        check("States.ArrayPartition(States.ArrayRange(0, 4, 1), 2)", expect!["[[0,1],[2,3],[4]]"]);
        check("States.ArrayPartition(States.Array(), 3)", expect!["[]"]);
        check("States.ArrayUnique($.arr)", expect![[r#"[1,2,3,{"a":1,"b":2}]"#]]);
        check("States.ArrayLength($.arr)", expect!["7"]);
        check("States.ArrayContains($.arr, 2)", expect!["true"]);
        check("States.ArrayContains(States.Array(), null)", expect!["false"]);
        check("States.ArrayRange(1, 9, 9)", expect!["[1]"]);
        check("States.ArrayRange(3, 1, -1)", expect!["[3,2,1]"]);
    }

    #[test]
    fn arrays_have_limits() {
        check(
            "States.ArrayPartition($.arr, 0)",
            expect![[r#"
                States.ArrayPartition($.arr, 0)
                                             ^ The function 'States.ArrayPartition($.arr, 0)' had the following error: Argument 2 of States.ArrayPartition must be a positive integer"#]],
        );
        check(
            "States.ArrayRange(0, 1000, 1)",
            expect![[r#"
                States.ArrayRange(0, 1000, 1)
                                           ^ The function 'States.ArrayRange(0, 1000, 1)' had the following error: A range may have at most 1000 elements"#]],
        );
        check(
            "States.ArrayGetItem($.arr, 7)",
            expect![[r#"
                States.ArrayGetItem($.arr, 7)
                                           ^ The function 'States.ArrayGetItem($.arr, 7)' had the following error: The index 7 is not within the array of length 7"#]],
        );
        check(
            "States.ArrayLength($.s)",
            expect![[r#"
                States.ArrayLength($.s)
                                   ^^^ The function 'States.ArrayLength($.s)' had the following error: Argument 1 of States.ArrayLength must be an array"#]],
        );
    }

    #[test]
    fn text_is_encoded_hashed_and_split() {
        check("States.Base64Encode('Data to encode')", expect![[r#""RGF0YSB0byBlbmNvZGU=""#]]);
        check("States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", expect![[r#""Data to encode""#]]);
        check("States.Hash('input data', 'MD5')", expect![[r#""812f45842bc6d66ee14572ce20db8e86""#]]);
        check("States.StringSplit($.s, ',;')", expect![[r#"["a","b","c"]"#]]);
        check("States.StringSplit(',,,,', ',')", expect!["[]"]);
        check(
            "States.Hash('x', 'CRC')",
            expect![[r#"
                States.Hash('x', 'CRC')
                                 ^^^^^ The function 'States.Hash('x', 'CRC')' had the following error: Argument 2 of States.Hash must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512"#]],
        );
    }

    #[test]
    fn numbers_are_rounded_half_up() {
        // AWS: intrinsic_functions/test_math_add.
        check("States.MathAdd(1.49, 1.5)", expect!["3"]);
        check("States.MathAdd(1.5, 1.51)", expect!["4"]);
        check("States.MathAdd(-1.5, 0)", expect!["-1"]);
        check("States.MathAdd(-0.5, 0.5)", expect!["1"]);
        check("States.MathAdd(-3.5, 0)", expect!["-3"]);
    }

    #[test]
    fn objects_merge_one_level() {
        check(
            "States.JsonMerge(States.StringToJson('{\"a\":{\"x\":1},\"b\":2}'), States.StringToJson('{\"a\":{\"y\":1}}'), false)",
            expect![[r#"{"a":{"y":1},"b":2}"#]],
        );
        check(
            "States.JsonMerge($.obj, $.obj, true)",
            expect![[r#"
                States.JsonMerge($.obj, $.obj, true)
                                               ^^^^ The function 'States.JsonMerge($.obj, $.obj, true)' had the following error: Argument 3 of States.JsonMerge must be false: AWS merges one level only"#]],
        );
    }

    #[test]
    fn chance_comes_from_the_caller() {
        check("States.UUID()", expect![[r#""910a2dec-8902-4cc1-beeb-8da1658eec67""#]]);
        check("States.MathRandom(12.5, 44.51)", expect!["14"]);
        check("States.MathRandom(0, 999, 3)", expect!["504"]);
        check(
            "States.Format('{}', States.MathRandom(5, 5))",
            expect![[r#"
                States.Format('{}', States.MathRandom(5, 5))
                                                         ^ The function 'States.Format('{}', States.MathRandom(5, 5))' had the following error: The end must be greater than the start"#]],
        );
    }

    #[test]
    fn calls_nest() {
        // AWS: intrinsic_functions/test_nested_calls_2.
        check(
            "States.ArrayGetItem(States.StringSplit($$.StateMachine.Name, '-'), \
             States.MathAdd(States.ArrayLength(States.StringSplit($$.StateMachine.Name, '-')), -1))",
            expect![[r#""7""#]],
        );
        check("States.Array($['obj']['Arg1'],$.arr[?(@.a == 1)].b)", expect!["[1,[2,2]]"]);
    }

    #[test]
    fn a_missing_path_is_the_paths_error() {
        check(
            "States.Format('{}', $.missing)",
            expect![[r#"
                States.Format('{}', $.missing)
                                     ^^^^^^^^ The function 'States.Format('{}', $.missing)' had the following error: The JsonPath argument for the field '$.missing' could not be found in the input '{"obj":{"Arg1":1,"Arg2":[]},"null":null,"s":"a,b;c","f":1.1,"n":3,"arr":[1,2,3,3,1.0,{"a":1,"b":2},{"b":2,"a":1}],"template":"Hi {}"}'"#]],
        );
    }

    #[test]
    fn mistakes_are_all_reported() {
        check(
            "States.format('a')",
            expect![[r#"
            States.format('a')
            ^^^^^^^^^^^^^ Unknown intrinsic function 'States.format'; did you mean States.Format?"#]],
        );
        check(
            "States.MathAdd(1)",
            expect![[r#"
            States.MathAdd(1)
            ^^^^^^^^^^^^^^^^^ States.MathAdd takes 2 arguments, not 1"#]],
        );
        check(
            "States.UUID(1, 2)",
            expect![[r#"
            States.UUID(1, 2)
                        ^^^^ States.UUID takes 0 arguments, not 2"#]],
        );
        check(
            "States.Format('open, $.a)",
            expect![[r#"
            States.Format('open, $.a)
                          ^^^^^^^^^^^ The string is not closed
            States.Format('open, $.a)
                                     ^ Expected ')' at the end of the arguments"#]],
        );
        check(
            "States.Array($.a[, \"b\", 1x, @) more",
            expect![[r#"
                States.Array($.a[, "b", 1x, @) more
                                   ^^^ Strings are written in single quotes
                States.Array($.a[, "b", 1x, @) more
                                        ^^ '1x' is not a number
                States.Array($.a[, "b", 1x, @) more
                                            ^ Expected a string, number, path or intrinsic function
                States.Array($.a[, "b", 1x, @) more
                                               ^^^^ Expected the end of the expression after ')'"#]],
        );
        check(
            "States.Array('a' 'b')",
            expect![[r#"
            States.Array('a' 'b')
                             ^^^ Expected ',' or ')'"#]],
        );
        check(
            "States.UUID",
            expect![[r#"
            States.UUID
                       ^ Expected '(' after the name of the function"#]],
        );
    }

    #[test]
    fn other_escapes_are_refused() {
        // AWS: scenarios/test_illegal_escapes.
        check(
            r#"States.StringToJson('{"t":"An \"e\" here"}')"#,
            expect![[r#"
            States.StringToJson('{"t":"An \"e\" here"}')
                                          ^^ '\"' is not an escape; only \' \{ \} and \\ are
            States.StringToJson('{"t":"An \"e\" here"}')
                                             ^^ '\"' is not an escape; only \' \{ \} and \\ are"#]],
        );
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |n: usize| format!("{}1{}", "States.Array(".repeat(n), ")".repeat(n));
        assert_eq!(Intrinsic::parse(&nested(10)).1, []);
        assert_eq!(Intrinsic::parse(&nested(11)).1.len(), 1);
        assert!(!Intrinsic::parse(&nested(5_000)).1.is_empty());
    }

    #[test]
    fn data_is_bounded() {
        let scope = Data::with_input(json!("x".repeat(200_000)));
        let (call, errors) = Intrinsic::parse(&format!("States.Array({}1)", "$, ".repeat(10_000)));
        assert_eq!(errors, []);
        let error = call.evaluate(&scope, &mut SeededEntropy::new(1)).unwrap_err();
        assert_eq!(error.kind, crate::expr::EvalErrorKind::LimitExceeded);
    }

    #[test]
    fn references_are_those_of_the_arguments() {
        let (call, _) = Intrinsic::parse("States.Array($.a, States.Format('{}', $v.b), $$.State)");
        let ranges: Vec<TextRange> = call.references().iter().map(|reference| reference.range).collect();
        assert_eq!(format!("{ranges:?}"), "[13..16, 38..42, 45..53]");
    }

    #[test]
    fn missing_arguments_are_told_as_aws_tells_them() {
        let message = |text: &str| {
            let scope = Data::with_input(json!({"items": [1], "one": 1}));
            Intrinsic::parse(text).0.evaluate(&scope, &mut SeededEntropy::new(0)).unwrap_err().message
        };
        let missing = |text: &str, path: &str| {
            format!(
                "The function '{text}' had the following error: The JsonPath argument for the field '{path}' \
                 could not be found in the input '{{\"items\":[1],\"one\":1}}'"
            )
        };
        for (text, path) in [
            ("States.Format('{} {}', $.one,$.a.b)", "$.a.b"),
            ("States.Format('{}', States.Array($.nope))", "$.nope"),
            ("States.ArrayLength($.items[5])", "$.items[5]"),
            ("States.Format('{}', $$.Nope.Deep)", "$.Nope.Deep"),
        ] {
            assert_eq!(message(text), missing(text, path));
        }
        assert_eq!(
            message("States.Format('{}', $.one[0])"),
            "The function 'States.Format('{}', $.one[0])' had the following error: \
             Filter: [0] can only be applied to arrays. Current context is: 1"
        );
    }
}
