//! Evaluation of JSONata: `jsonata-core` behind our own small interface.
//!
//! The rest of the crate knows [`Program`], [`Limits`] and [`Error`] only; the engine could be replaced here.
//!
//! What this folder adds to the engine:
//! - bounds: time, depth, sequence length, and the size of what strings and arrays are joined to, so that no
//!   expression hangs or fills the memory. Regular expressions run in linear time;
//! - determinism: random numbers, UUIDs and the time come from the caller. Only an evaluation that runs into its
//!   time limit depends on the machine;
//! - AWS's functions, and AWS's texts of errors;
//! - speed: of `$states` and the variables only what the expression can reach is converted.

mod host;
mod rewrite;
mod survey;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorOptions};
use jsonata_core::value::JValue;
use serde_json::{Map, Value};

use self::host::{Host, register};
use self::rewrite::{NOW, Place, Rewrite};
use self::survey::{Reads, Survey};
use self::value::{export, import, states};
use super::parser::{parse_shallow, too_deep};
use super::{Ast, VariableReference};
use crate::expr::{Cost, Entropy, Scope, too_long};
use crate::spec::context::STATES_VARIABLE;
use crate::spec::quota;

/// A JSONata expression, compiled. Cheap to clone and to share between threads.
///
/// Two programs are equal when their texts are.
///
/// # Example
///
/// ```
/// use asl_lsp::expr::{Data, SeededEntropy, jsonata::{Limits, Program}};
/// use serde_json::json;
///
/// let program = Program::compile("$states.input.price * $rate").unwrap();
/// let mut scope = Data::with_input(json!({"price": 20}));
/// scope.variables.insert("rate".to_owned(), json!(1.5));
/// let evaluate = |program: &Program| {
///     program.evaluate(&scope, &Limits::default(), &mut SeededEntropy::new(0))
/// };
/// assert_eq!(evaluate(&program), Ok(Some(json!(30))));
///
/// let undefined = Program::compile("$states.input.missing").unwrap();
/// assert_eq!(evaluate(&undefined), Ok(None));
///
/// let failing = Program::compile("$eval('1')").unwrap();
/// assert_eq!(evaluate(&failing).unwrap_err().to_string(), "T1006: Attempted to invoke a non-function");
/// ```
#[derive(Clone)]
pub struct Program {
    compiled: Arc<Compiled>,
}

struct Compiled {
    text: String,
    /// The tree with ranges, for checks that do not evaluate.
    tree: Ast,
    /// What the tree reads from outside; made when it is asked for.
    references: OnceLock<Vec<VariableReference>>,
    ast: AstNode,
    /// What the expression reads of each variable, `states` among them.
    reads: BTreeMap<String, Reads>,
    hosts: BTreeSet<Host>,
}

/// The bounds and the time of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Longest time, in milliseconds.
    pub milliseconds: u64,
    /// Deepest nesting of calls.
    pub depth: usize,
    /// Most elements of a sequence.
    pub sequence_len: usize,
    /// What `$now()` and `$millis()` give, in milliseconds since 1970.
    pub now_milliseconds: i64,
}

impl Default for Limits {
    /// The bounds of [`quota`], at the beginning of 1970.
    fn default() -> Self {
        Self {
            milliseconds: quota::JSONATA_MILLISECONDS_MAX,
            depth: quota::JSONATA_DEPTH_MAX,
            sequence_len: quota::JSONATA_SEQUENCE_LEN_MAX,
            now_milliseconds: 0,
        }
    }
}

/// Why an expression could not be compiled or gave no result.
///
/// `Display` gives what AWS quotes after `threw an error during evaluation. `.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Error {
    /// JSONata's code (`T1006`), or nothing where the engine has none.
    pub code: String,
    /// JSONata's text without the code.
    pub message: String,
}

impl Error {
    fn parse(text: &str) -> Self {
        // The engine puts words of its own before some codes: `Invalid syntax: S0201: …`.
        let mut rest = text;
        while let Some((code, message)) = rest.split_once(": ") {
            if is_code(code) {
                return match code {
                    // The engine names the function after this one; JSONata does not.
                    "T1006" => Self::new(code, "Attempted to invoke a non-function"),
                    // Codes of JSONata 2.2; in 2.0.6 both limits have one code.
                    "D1011" | "U1001" => Self::new(LIMIT_CODE, STACK_OVERFLOW),
                    "D1012" => Self::new(LIMIT_CODE, TIMEOUT),
                    "D1001" => Self::new(
                        code,
                        message.replace(": inf", ": Infinity").replace(": -inf", ": -Infinity"),
                    ),
                    _ => Self::new(code, message),
                };
            }
            rest = message;
        }
        // The one error of the engine's parser that has no code.
        if text == "Unclosed comment" {
            Self::new("S0106", "Comment has no closing tag")
        } else {
            Self::new("", text)
        }
    }

    fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into() }
    }

    fn unsupported() -> Self {
        Self::new("", "returned an unsupported result type.")
    }

    /// Whether the result was or held a function, which JSON cannot express.
    ///
    /// AWS: `returned an unsupported result type.` without a code.
    pub fn is_unsupported_result(&self) -> bool {
        *self == Self::unsupported()
    }

    /// Whether a number became infinite, or none at all.
    pub fn is_infinite(&self) -> bool {
        self.code == "D1001"
    }
}

const LIMIT_CODE: &str = "U1001";
const STACK_OVERFLOW: &str = "Stack overflow error: Check for non-terminating recursive function. \
     Consider rewriting as tail-recursive.";
const TIMEOUT: &str = "Expression evaluation timeout: Check for infinite loop";

fn is_code(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() == 5
        && bytes.next().is_some_and(|c| c.is_ascii_uppercase())
        && bytes.all(|c| c.is_ascii_digit())
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.code.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.code, self.message)
        }
    }
}

impl std::error::Error for Error {}

impl Program {
    /// Compiles an expression, without `{%` and `%}`.
    ///
    /// # Errors
    ///
    /// JSONata's syntax errors (`S0201`, …), and an error without a code for text that is too long or too deeply
    /// nested.
    pub fn compile(text: &str) -> Result<Self, Error> {
        if text.len() > quota::EXPRESSION_BYTES_MAX {
            return Err(Error::new("", too_long("expression")));
        }
        let Some(tree) = parse_shallow(text) else {
            return Err(Error::new("", too_deep()));
        };
        let mut ast =
            guarded(|| jsonata_core::parser::parse(text).map_err(|error| Error::parse(&error.to_string())))?;
        let mut survey = Survey::default();
        survey.node(&ast);
        if let Some(token) = survey.later_operator {
            let message = format!("The symbol \"{token}\" cannot be used as a unary operator");
            return Err(Error::new("S0211", message));
        }
        if survey.binds_no_variable {
            let message = "The left side of := must be a variable name (start with $)";
            return Err(Error::new("S0212", message));
        }
        let mut rewrite = Rewrite { assigned: survey.assigned, hosts: BTreeSet::new() };
        rewrite.node(&mut ast, Place::Plain);
        let reads = if survey.reads_upwards {
            survey.reads.into_keys().map(|name| (name, Reads::All)).collect()
        } else {
            survey.reads
        };
        let compiled = Compiled {
            text: text.to_owned(),
            tree,
            references: OnceLock::new(),
            ast,
            reads,
            hosts: rewrite.hosts,
        };
        Ok(Self { compiled: Arc::new(compiled) })
    }

    /// The expression as it was written.
    pub fn text(&self) -> &str {
        &self.compiled.text
    }

    /// The tree of the expression, whose ranges are relative to [`Program::text`]. Its tokens lack the comments.
    pub fn tree(&self) -> &Ast {
        &self.compiled.tree
    }

    /// The variables that the expression reads and does not bind itself: [`Ast::references`], once for all who ask.
    pub fn references(&self) -> &[VariableReference] {
        self.compiled.references.get_or_init(|| self.compiled.tree.references())
    }

    /// Evaluates the expression; nothing when its result is undefined.
    ///
    /// # Errors
    ///
    /// JSONata's own errors; `U1001` and `D2015` where a limit is reached; an error without a code
    /// for a result that holds a function ([`Error::is_unsupported_result`]) or is nested too deeply.
    pub fn evaluate(
        &self,
        scope: &dyn Scope,
        limits: &Limits,
        entropy: &mut dyn Entropy,
    ) -> Result<Option<Value>, Error> {
        let start = Instant::now();
        let value = self.evaluate_in(scope, limits, entropy);
        scope.spend(Cost { jsonata_time: start.elapsed(), ..Cost::default() });
        value
    }

    fn evaluate_in(
        &self,
        scope: &dyn Scope,
        limits: &Limits,
        entropy: &mut dyn Entropy,
    ) -> Result<Option<Value>, Error> {
        let mut context = Context::new();
        for (name, reads) in &self.compiled.reads {
            if name == STATES_VARIABLE {
                context.bind(name.clone(), states(scope, reads)?);
            } else if let Some(value) = scope.variable(name) {
                context.bind(name.clone(), import(value, reads, quota::DOCUMENT_NESTING_MAX)?);
            }
        }
        let result = self.run(context, &JValue::Undefined, limits, entropy)?;
        export(&result, &mut 0, quota::DOCUMENT_NESTING_MAX)
    }

    /// Evaluates the expression on an input document, as plain JSONata does outside of Step Functions.
    ///
    /// # Errors
    ///
    /// As [`Program::evaluate`].
    pub fn evaluate_document(
        &self,
        document: Option<&Value>,
        variables: &Map<String, Value>,
        limits: &Limits,
        entropy: &mut dyn Entropy,
    ) -> Result<Option<Value>, Error> {
        let whole = |value| import(value, &Reads::All, quota::DOCUMENT_NESTING_MAX);
        let mut context = Context::new();
        for (name, value) in variables {
            context.bind(name.clone(), whole(value)?);
        }
        let document = document.map_or(Ok(JValue::Undefined), whole)?;
        let result = self.run(context, &document, limits, entropy)?;
        export(&result, &mut 0, quota::DOCUMENT_NESTING_MAX)
    }

    fn run(
        &self,
        mut context: Context,
        input: &JValue,
        limits: &Limits,
        entropy: &mut dyn Entropy,
    ) -> Result<JValue, Error> {
        if self.compiled.hosts.contains(&Host::Now) {
            // Exact up to the year 287396.
            context.bind(NOW.to_owned(), JValue::Number(limits.now_milliseconds as f64));
        }
        let options = EvaluatorOptions {
            timeout_ms: Some(limits.milliseconds),
            max_stack_depth: Some(limits.depth),
            max_sequence_length: Some(limits.sequence_len),
            cancel: None,
        };
        let mut evaluator = Evaluator::with_options(context, options);
        register(&mut evaluator, &self.compiled.hosts, entropy)
            .map_err(|error| Error::parse(error.message()))?;
        guarded(|| {
            evaluator.evaluate(&self.compiled.ast, input).map_err(|error| Error::parse(error.message()))
        })
    }
}

/// Runs the engine. Some of its date and number pictures panic on odd input (`$fromMillis(0, '[,Y]')`), which may
/// not end the program: an expression is odd most of the time while it is being typed.
fn guarded<T>(run: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    // What the closure borrows is not used again after a panic.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run))
        .unwrap_or_else(|_| Err(Error::new("", "The expression cannot be evaluated")))
}

impl PartialEq for Program {
    fn eq(&self, other: &Self) -> bool {
        self.compiled.text == other.compiled.text
    }
}

impl Eq for Program {}

impl Hash for Program {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.compiled.text.hash(state);
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Program({:?})", self.compiled.text)
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
                "n": 20, "s": "text", "list": [3, 1, 2], "fst": [0],
                "lines": [{"sku": "a", "price": 5, "tags": ["x"]}, {"sku": "b", "price": 7}],
            }),
            context: json!({"Execution": {"Id": "arn:1"}}),
            result: Some(json!({"ok": true})),
            variables: [
                ("rate".to_owned(), json!(1.5)),
                ("order".to_owned(), json!({"id": 9, "x": {"y": 1}})),
            ]
            .into(),
            ..Data::default()
        }
    }

    fn evaluate(text: &str) -> Result<Option<Value>, Error> {
        let limits = Limits { now_milliseconds: 1_700_000_000_000, ..Limits::default() };
        Program::compile(text)
            .and_then(|program| program.evaluate(&scope(), &limits, &mut SeededEntropy::new(1)))
    }

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let rendered = match evaluate(text) {
            Ok(Some(value)) => value.to_string(),
            Ok(None) => "undefined".to_owned(),
            Err(error) => format!("error {error}"),
        };
        expected.assert_eq(&rendered);
    }

    #[test]
    fn reads_states_and_variables() {
        check("$states.input.n * $rate", expect!["30"]);
        check("$states.context.Execution.Id", expect![[r#""arn:1""#]]);
        check("$states.result", expect![[r#"{"ok":true}"#]]);
        check("$states.errorOutput", expect!["undefined"]);
        check("$order.x.y + $order.id", expect!["10"]);
        check("$missing", expect!["undefined"]);
    }

    #[test]
    fn what_is_not_read_changes_nothing() {
        check("$keys($states)", expect![[r#"["input","context","result"]"#]]);
        check("$states.input.lines.sku", expect![[r#"["a","b"]"#]]);
        check("$states.input.lines[price > 5].sku", expect![[r#""b""#]]);
        check("$states.input.lines[0]", expect![[r#"{"sku":"a","price":5,"tags":["x"]}"#]]);
        check("$states.input.lines.tags[]", expect![[r#"["x"]"#]]);
        check("$states.input.lines.{sku: %.n}", expect![[r#"[{"a":20},{"b":20}]"#]]);
        check("$states.input.lines@$l.list", expect!["[3,1,2,3,1,2]"]);
        check("$states.input.list^(<$)", expect!["[1,2,3]"]);
        check("$states.*.n", expect!["20"]);
    }

    #[test]
    fn aws_functions() {
        // AWS: intrinsic_functions/test_array_partition, test_array_range, test_parse.
        check("$partition([0], 2)", expect!["[[0]]"]);
        check("$partition([0, 1, 2, 3], 3)", expect!["[[0,1,2],[3]]"]);
        check("$range(1, 9, 9)", expect!["1"]);
        check("$range(0, 10, 3)", expect!["[0,3,6,9]"]);
        check(r#"$parse('{"Arg1": 1, "Arg2": []}')"#, expect![[r#"{"Arg1":1,"Arg2":[]}"#]]);
        check("$hash('input data', 'MD5')", expect![[r#""812f45842bc6d66ee14572ce20db8e86""#]]);
        check("$uuid() = $uuid()", expect!["false"]);
        check("$random(3) = $random(3)", expect!["true"]);
        check("$map(['1', 'true'], $parse)", expect!["[1,true]"]);
        check("[1, 2, 3] ~> $partition(2)", expect!["[[1,2],[3]]"]);
    }

    #[test]
    fn aws_functions_give_nothing_for_what_they_cannot_use() {
        check("$partition([1], 0)", expect!["undefined"]);
        check("$partition([], 2)", expect!["undefined"]);
        check("$range(1, 5)", expect!["undefined"]);
        check("$range(1, 5, -1)", expect!["undefined"]);
        check("$hash('x')", expect!["undefined"]);
    }

    #[test]
    fn chance_with_a_seed_is_that_of_aws() {
        check("$random(42)", expect!["0.7275636800328681"]);
    }

    #[test]
    fn a_range_is_long() {
        check("$count($range(1, 360145, 1))", expect!["360145"]);
        check("$range(1, 360146, 1)", expect!["error Expression evaluation memory limit exceeded"]);
    }

    #[test]
    fn only_variables_are_bound() {
        check("a := 1", expect!["error S0212: The left side of := must be a variable name (start with $)"]);
        check("($a := $b := 1; $a)", expect!["1"]);
    }

    #[test]
    fn eval_is_absent() {
        check("$eval('1')", expect!["error T1006: Attempted to invoke a non-function"]);
        check("$randomSeeded(1)", expect!["error T1006: Attempted to invoke a non-function"]);
        check("($eval := function($x){ $x }; $eval(1))", expect!["1"]);
    }

    #[test]
    fn time_and_chance_come_from_the_caller() {
        check("$now()", expect![[r#""2023-11-14T22:13:20.000Z""#]]);
        check("$now('[Y]')", expect![[r#""2023""#]]);
        check("$millis()", expect!["1700000000000"]);
        assert_eq!(evaluate("$shuffle([1..20])"), evaluate("$shuffle([1..20])"));
        assert_eq!(evaluate("[$random(), $uuid()]"), evaluate("[$random(), $uuid()]"));
    }

    #[test]
    fn integers_stay_integers() {
        check("4 / 2", expect!["2"]);
        check("1 / 4", expect!["0.25"]);
        check("$power(2, 60)", expect!["1152921504606846976"]);
        check("1 / 0", expect!["error D1001: Number out of range: Infinity"]);
    }

    #[test]
    fn functions_are_no_result() {
        // AWS: `$fn := function($x){$x}` is an unsupported result type.
        assert!(evaluate("$fn := function($x){$x}").unwrap_err().is_unsupported_result());
        assert!(evaluate("{'f': $sum}").unwrap_err().is_unsupported_result());
        assert!(evaluate("/a/").unwrap_err().is_unsupported_result());
    }

    #[test]
    fn an_empty_reduction_is_undefined() {
        check("$reduce([], function($a, $b){ $a + $b })", expect!["undefined"]);
        check("$reduce([1, 2], function($a, $b){ $a + $b })", expect!["3"]);
        check("$reduce([], function($a, $b){ $a + $b }, 0)", expect!["0"]);
    }

    #[test]
    fn syntax_errors_have_codes() {
        let message = |text| Program::compile(text).unwrap_err().to_string();
        expect!["S0207: Unexpected end of expression"].assert_eq(&message("1 +"));
        expect!["S0101: String literal must be terminated by a matching quote"].assert_eq(&message("'a"));
        expect![[r#"S0211: The symbol "?" cannot be used as a unary operator"#]]
            .assert_eq(&message("$a ?? 1"));
        expect![
            "The expression is nested too deeply: at most 128 levels, or 512 operators in a row, are read"
        ]
        .assert_eq(&message(&"(".repeat(10_000)));
    }

    /// Every one of these would run for long or fill the memory without a bound.
    #[test]
    fn runaway_expressions_end_quickly() {
        let big = "x".repeat(200_000);
        let scope = Data::with_input(json!({"s": big, "list": (0..20_000).collect::<Vec<i32>>()}));
        for text in [
            "( $f := function(){ $f() }; $f() )",
            "( $f := function(){ 1 + $f() }; $f() )",
            "( $f := function($s, $n){ $n = 0 ? $s : $f($s & $s, $n - 1) }; $f('xxxxxxxx', 60) )",
            "( $f := function($a, $n){ $n = 0 ? $a : $f([$a, $a], $n - 1) }; $f([1], 60) )",
            "( $f := function($a, $n){ $n = 0 ? $string($a) : $f({'a': $a, 'b': $a}, $n - 1) }; $f([1], 60) )",
            "( $f := function($a, $n){ $n = 0 ? $string($a) : $f($map([1, 2], function(){ $a }), $n - 1) }; $f(1, 60) )",
            "$replace($states.input.s, 'x', $states.input.s)",
            "$replace($states.input.s, /x/, function(){ $states.input.s })",
            "$join($states.input.list.('x'), $states.input.s)",
            "$states.input.list.('x') ~> $join($states.input.s)",
            "$string([1..100000].($states.input.s))",
            "$pad('x', 2000000000)",
            "$map(['x'], $pad(?, 2000000000))",
            "[1..1000000].[1..1000000]",
            "[1..100000000]",
            "$formatInteger(1 / 0, 'w')",
            "0 / 0 ~> $formatInteger('w')",
            "$formatInteger(1e15, 'I')",
            "(1e15).($formatInteger('I'))",
            "$map([1e15], $formatInteger(?, 'I'))",
            "$map([$states.input.s], $replace(?, 'x', $states.input.s))",
            "$fromMillis(0, '[f,1000000000-1000000000]')",
            "0 ~> $fromMillis('[f,*-1000000000]')",
        ] {
            let start = Instant::now();
            let limits = Limits { milliseconds: 200, ..Limits::default() };
            let program = Program::compile(text).unwrap();
            let result = program.evaluate(&scope, &limits, &mut SeededEntropy::new(1));
            assert!(result.is_err(), "{text}: {result:?}");
            assert!(start.elapsed().as_secs() < 5, "{text}: {:?}", start.elapsed());
        }
    }

    #[test]
    fn slow_functions_are_replaced() {
        let scope = Data::with_input(json!((0..50_000).collect::<Vec<i32>>()));
        let program =
            Program::compile("$count($distinct($states.input)) & $match('aaaa', /(a*)*b/)").unwrap();
        let result = program.evaluate(&scope, &Limits::default(), &mut SeededEntropy::new(1));
        assert_eq!(result, Ok(Some(json!("50000"))));
    }

    #[test]
    fn failures_of_the_engine_are_errors() {
        check("$fromMillis(0, '[,Y]')", expect!["error The expression cannot be evaluated"]);
        check("$toMillis('x', '[éM]')", expect!["error The expression cannot be evaluated"]);
    }

    #[test]
    fn open_arguments_are_kept() {
        check("$map([['a', 'b'], ['c', 'd']], $join(?, '-'))", expect![[r#"["a-b","c-d"]"#]]);
        check("($f := $replace('aXb', 'X', ?); $f('-'))", expect![[r#""a-b""#]]);
        check("[1, 2] ~> $map($formatInteger(?, 'w'))", expect![[r#"["one","two"]"#]]);
    }

    #[test]
    fn distinct_compares_by_value() {
        check(
            "$distinct([1, '1', 1, {'a': 1, 'b': 2}, {'b': 2, 'a': 1}, [1], [1]])",
            expect![[r#"[1,"1",{"a":1,"b":2},[1]]"#]],
        );
    }

    #[test]
    fn programs_can_be_shared() {
        fn shared<T: Clone + Send + Sync + Eq + Hash + fmt::Debug>(_: &T) {}
        shared(&Program::compile("1").unwrap());
    }
}
