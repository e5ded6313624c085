//! Choice: goes where the first rule that holds leads.
//!
//! <https://states-language.net/spec.html#choice-state>

use std::cmp::Ordering;

use serde_json::Value;

use crate::expr::parse_timestamp;
use crate::model::{ChoiceRule, Comparand, Payload, Slot, State, Test, Transition};
use crate::simulator::data_flow::{Extra, Fault, target};
use crate::simulator::frame::FrameId;
use crate::simulator::{Flow, Halt, Json, Simulation};
use crate::spec::{ChoiceOperator, Comparison, Field, Operand, QueryLanguage};

impl Simulation {
    pub(super) fn run_choice(
        &mut self,
        id: FrameId,
        state: &State,
        rules: &[ChoiceRule],
        default: Option<&Transition>,
    ) -> Result<Flow, Halt> {
        let input = self.effective_input(id, state)?;
        for (idx, rule) in rules.iter().enumerate() {
            if self.holds(id, &rule.test, &input)? {
                if let Some(visit) = self.activation(id).map(|activation| activation.visit) {
                    self.trace.visit_mut(visit, |visit| visit.rule = Some(idx));
                }
                let Some(next) = &rule.next else { return Err(self.no_next(id)) };
                let next = target(next, Field::Next)?;
                return self.take(id, state, &input, next, rule.output.as_ref(), rule.assign.as_ref());
            }
        }
        let Some(default) = default else { return Err(self.no_next(id)) };
        let next = target(default, Field::Default)?;
        self.take(id, state, &input, next, state.output.as_ref(), state.assign.as_ref())
    }

    fn no_next(&self, id: FrameId) -> Halt {
        let message = "Failed to transition out of the state. The state does not point to a next state.";
        self.runtime_error(id, message)
    }

    /// Leaves by a rule or by `Default`, with its own output and variables.
    fn take(
        &mut self,
        id: FrameId,
        state: &State,
        input: &Json,
        next: crate::model::StateId,
        output: Option<&Payload>,
        assign: Option<&Payload>,
    ) -> Result<Flow, Halt> {
        let output = match (state.query_language, output) {
            (QueryLanguage::JsonPath, _) => self.path_field(id, &state.output_path, input)?,
            (QueryLanguage::Jsonata, Some(payload)) => self.payload(id, payload, input, Extra::default())?,
            (QueryLanguage::Jsonata, None) => input.clone(),
        };
        self.check_size(id, state, &output)?;
        let assigned = self.assign(id, assign, input, Extra::default())?;
        Ok(Flow::Exit { output, next: Some(next), assigned })
    }

    /// Whether a test holds. Recursive over the rule, which is never deeper than the parser's nesting.
    fn holds(&mut self, id: FrameId, test: &Test, input: &Value) -> Result<bool, Halt> {
        Ok(match test {
            Test::And(tests) => {
                for test in tests {
                    if !self.holds(id, test, input)? {
                        return Ok(false);
                    }
                }
                true
            }
            Test::Or(tests) => {
                for test in tests {
                    if self.holds(id, test, input)? {
                        return Ok(true);
                    }
                }
                false
            }
            Test::Not(test) => !self.holds(id, test, input)?,
            Test::Compare { variable, operator, with } => {
                self.compare(id, variable, operator, with, input)?
            }
            Test::Condition(payload) => {
                let value = self.payload(id, payload, input, Extra::default())?;
                let value = match payload {
                    Payload::Expr(slot) => self.expect_type(id, slot, value, "boolean")?,
                    _ => value,
                };
                *value == Value::Bool(true)
            }
            Test::Invalid => false,
        })
    }

    fn compare(
        &mut self,
        id: FrameId,
        variable: &Slot,
        operator: &ChoiceOperator,
        with: &Comparand,
        input: &Value,
    ) -> Result<bool, Halt> {
        let found = match self.evaluate(id, variable, input, Extra::default()) {
            Ok(value) => Some(value),
            Err(Fault::Query(fault)) => return Err(self.query_fault(id, variable, fault)),
            Err(Fault::Eval(_)) if operator.comparison == Comparison::IsPresent => None,
            Err(Fault::Eval(error)) => {
                let path = variable.expr.text();
                let message = format!(
                    "Invalid path '{path}': The choice state's condition path references an invalid value."
                );
                return Err(self.runtime_error_at(id, variable, error.range, &message));
            }
        };
        let comparand;
        let with = match with {
            Comparand::Value(value) => value,
            Comparand::Path(slot) => {
                comparand = self.path_value(id, slot, input)?;
                &*comparand
            }
        };
        if operator.comparison == Comparison::IsPresent {
            return Ok(found.is_some() == (*with == Value::Bool(true)));
        }
        let Some(value) = found else { return Ok(false) };
        if operator.comparison == Comparison::Matches && with.as_str().is_some_and(ends_in_escape) {
            let why =
                "The pattern ends in a backslash that escapes nothing: a failure whose text is not known";
            return Err(Halt::Blocked(variable.field.clone(), why.into()));
        }
        Ok(compares(operator.comparison, &value, with))
    }
}

/// Whether a comparison holds. Values of another type compare as nothing: AWS never fails there.
fn compares(comparison: Comparison, value: &Value, with: &Value) -> bool {
    let is = |is_type: bool| is_type == (*with == Value::Bool(true));
    match comparison {
        Comparison::Equals(operand) => order(operand, value, with) == Some(Ordering::Equal),
        Comparison::LessThan(operand) => order(operand, value, with) == Some(Ordering::Less),
        Comparison::GreaterThan(operand) => order(operand, value, with) == Some(Ordering::Greater),
        Comparison::LessThanEquals(operand) => order(operand, value, with).is_some_and(Ordering::is_le),
        Comparison::GreaterThanEquals(operand) => order(operand, value, with).is_some_and(Ordering::is_ge),
        Comparison::IsNull => is(value.is_null()),
        Comparison::IsNumeric => is(value.is_number()),
        Comparison::IsString => is(value.is_string()),
        Comparison::IsBoolean => is(value.is_boolean()),
        Comparison::IsTimestamp => is(value.as_str().is_some_and(|text| parse_timestamp(text).is_some())),
        Comparison::IsPresent => is(true),
        Comparison::Matches => match (value, with) {
            (Value::String(text), Value::String(pattern)) => matches_pattern(pattern, text),
            _ => false,
        },
    }
}

fn order(operand: Operand, value: &Value, with: &Value) -> Option<Ordering> {
    match operand {
        // By UTF-16 code units, as Java compares.
        Operand::String => Some(value.as_str()?.encode_utf16().cmp(with.as_str()?.encode_utf16())),
        Operand::Numeric => match (value.as_i64(), with.as_i64()) {
            (Some(value), Some(with)) => Some(value.cmp(&with)),
            _ => value.as_f64()?.partial_cmp(&with.as_f64()?),
        },
        Operand::Boolean => Some(value.as_bool()?.cmp(&with.as_bool()?)),
        Operand::Timestamp => Some(parse_timestamp(value.as_str()?)?.cmp(&parse_timestamp(with.as_str()?)?)),
    }
}

/// Whether a pattern of `StringMatches` ends within an escape.
fn ends_in_escape(pattern: &str) -> bool {
    (pattern.len() - pattern.trim_end_matches('\\').len()) % 2 == 1
}

/// Whether a text matches a pattern of `StringMatches`: `*` stands for any text, `\*` and `\\` for themselves.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    // The parts between asterisks, each a literal text.
    let mut parts = vec![String::new()];
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '*' => parts.push(String::new()),
            '\\' => parts.last_mut().into_iter().for_each(|part| part.extend(chars.next())),
            c => parts.last_mut().into_iter().for_each(|part| part.push(c)),
        }
    }
    let [first, middle @ .., last] = parts.as_slice() else {
        return parts.first().is_some_and(|part| part == text);
    };
    let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
    for part in middle {
        let Some(at) = rest.find(part.as_str()) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.len() >= last.len() && rest.ends_with(last.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(operator: &str, value: Value, with: Value, holds: bool) {
        let operator = ChoiceOperator::from_name(operator).unwrap();
        assert_eq!(compares(operator.comparison, &value, &with), holds);
    }

    #[test]
    fn a_pattern_that_ends_in_an_escape() {
        assert!(ends_in_escape(r"a\"));
        assert!(!ends_in_escape(r"a\\"));
        assert!(!ends_in_escape(""));
    }

    #[test]
    fn numbers_compare_by_value() {
        check("NumericEquals", json!(1), json!(1.0), true);
        check("NumericEquals", json!("1"), json!(1), false);
        check("NumericLessThan", json!(0), json!(1), true);
        check("NumericGreaterThanEquals", json!(0), json!(0), true);
    }

    #[test]
    fn strings_compare_by_code_units() {
        check("StringLessThan", json!("A"), json!("AB"), true);
        check("StringGreaterThan", json!("A"), json!("A "), false);
        // U+FF5E comes after U+1F600 in UTF-16, before it in UTF-8.
        check("StringGreaterThan", json!("\u{ff5e}"), json!("\u{1f600}"), true);
    }

    #[test]
    fn timestamps_compare_as_instants() {
        check("TimestampEquals", json!("2012-10-09T19:00:55Z"), json!("2012-10-09T20:00:55+01:00"), true);
        check("TimestampEquals", json!("2023-02-24 12:15:56.832957"), json!("2012-10-09T19:00:55Z"), false);
    }

    #[test]
    fn type_tests_hold_for_true_and_false() {
        check("IsNumeric", json!(0.0), json!(true), true);
        check("IsNumeric", json!(0.0), json!(false), false);
        check("IsNull", json!("x"), json!(false), true);
        check("IsTimestamp", json!("2012-10-09T19:00:55"), json!(true), false);
    }

    #[test]
    fn patterns() {
        check("StringMatches", json!("log-2026.txt"), json!("log-*.txt"), true);
        check("StringMatches", json!("aXbXc"), json!("a*X*c"), true);
        check("StringMatches", json!("a*b"), json!("a\\*b"), true);
        check("StringMatches", json!("axb"), json!("a\\*b"), false);
        check("StringMatches", json!("ab"), json!("ab*b"), false);
        check("StringMatches", json!(1), json!("*"), false);
    }
}
