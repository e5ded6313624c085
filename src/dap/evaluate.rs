//! Expressions that somebody types while an execution stands still.

use serde_json::Value;

use crate::expr::jsonata::{Limits, Program, delimited};
use crate::expr::{Expr, Scope, SeededEntropy};
use crate::spec::QueryLanguage;

/// What an expression is evaluated with.
pub(super) struct Evaluation<'a> {
    /// What it reads.
    pub(super) scope: &'a dyn Scope,
    /// The language of the state.
    pub(super) language: QueryLanguage,
    /// What `$now` and `$millis` give.
    pub(super) now_milliseconds: i64,
}

impl Evaluation<'_> {
    /// The value of an expression: in the language of the state where it is of that, in the other otherwise. JSONata
    /// may stand between `{%` and `%}`.
    pub(super) fn value(&self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("There is no expression".to_owned());
        }
        if let Some((inner, _)) = delimited(text) {
            return self.jsonata(inner);
        }
        let is_path = || matches!(Expr::parse_payload(text), (Some(_), errors) if errors.is_empty());
        match self.language {
            QueryLanguage::JsonPath if is_path() => self.json_path(text),
            // `$.a` means nothing to JSONata here: it has no document at its root.
            QueryLanguage::Jsonata if text.starts_with("$.") || text.starts_with("$$") || text == "$" => {
                self.json_path(text)
            }
            _ => self.jsonata(text),
        }
    }

    fn json_path(&self, text: &str) -> Result<Value, String> {
        let (expr, errors) = Expr::parse_payload(text);
        match (expr, errors.into_iter().next()) {
            (Some(expr), None) => expr
                .evaluate(self.scope, &mut SeededEntropy::new(0))
                .map(std::borrow::Cow::into_owned)
                .map_err(|error| error.message),
            (_, error) => Err(error.map_or_else(|| "The path is invalid".to_owned(), |error| error.message)),
        }
    }

    fn jsonata(&self, text: &str) -> Result<Value, String> {
        let program = Program::compile(text).map_err(|error| error.to_string())?;
        self.run(&program)?.ok_or_else(|| "The expression returned nothing (undefined)".to_owned())
    }

    /// The value of a JSONata program; none where it is undefined.
    pub(super) fn run(&self, program: &Program) -> Result<Option<Value>, String> {
        let limits = Limits { now_milliseconds: self.now_milliseconds, ..Limits::default() };
        program.evaluate(self.scope, &limits, &mut SeededEntropy::new(0)).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::expr::Data;

    #[track_caller]
    fn check(language: QueryLanguage, text: &str, expected: &str) {
        let scope = Data {
            input: json!({"n": 2, "items": [1, 2, 3]}),
            context: json!({"State": {"Name": "A"}}),
            variables: [("v".to_owned(), json!({"x": 5}))].into(),
            ..Data::default()
        };
        let evaluation = Evaluation { scope: &scope, language, now_milliseconds: 0 };
        let found = evaluation.value(text).map_or_else(|error| error, |value| value.to_string());
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn each_language_reads_the_input_the_context_and_variables() {
        use QueryLanguage::{JsonPath, Jsonata};
        check(JsonPath, "$.items[1]", "2");
        check(JsonPath, "$$.State.Name", "\"A\"");
        check(JsonPath, "$v.x", "5");
        check(JsonPath, "States.MathAdd($.n, 1)", "3");
        check(JsonPath, "$sum($states.input.items)", "6");
        check(JsonPath, "{% $v.x + 1 %}", "6");
        check(Jsonata, "$states.input.n > 1", "true");
        check(Jsonata, "$.n", "2");
        check(Jsonata, "$v.x", "5");
        check(Jsonata, "1 +", "S0207: Unexpected end of expression");
        check(Jsonata, "$states.input.gone", "The expression returned nothing (undefined)");
        check(Jsonata, " ", "There is no expression");
    }
}
