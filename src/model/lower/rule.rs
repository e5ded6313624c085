//! Rules of Choice states, retriers and catchers.

use serde_json::Number;

use super::fields::Fields;
use super::filled_in::{FILLED_IN, has_substitution, is_filled_in};
use super::*;
use crate::spec::{ChoiceOperator, Comparison, Operand};

impl<'a> Ctx<'a> {
    pub(super) fn choice_rule(
        &mut self,
        node: Node<'a>,
        language: QueryLanguage,
        scope: ScopeId,
    ) -> ChoiceRule {
        let fields = self.fields(node, Place { owner: Owner::ChoiceRule, language, scope });
        let test = match language {
            _ if !node.is_object() || is_filled_in(node) => Test::Invalid,
            QueryLanguage::JsonPath => self.test(node, &fields),
            QueryLanguage::Jsonata => match fields.get(Field::Condition) {
                Some(node) => Test::Condition(self.payload(node, language)),
                None => Test::Invalid,
            },
        };
        ChoiceRule {
            test,
            next: self.transition(&fields, Field::Next, scope),
            assign: fields.get(Field::Assign).map(|node| self.payload(node, language)),
            output: fields.get(Field::Output).map(|node| self.payload(node, language)),
        }
    }

    /// The test of a rule. Recursive, but never deeper than the nesting that the parser admits.
    fn test(&mut self, node: Node<'a>, fields: &Fields<'a>) -> Test {
        let combinators: Vec<(Field, Node<'a>)> = [Field::And, Field::Or, Field::Not]
            .into_iter()
            .filter_map(|field| Some((field, fields.get(field)?)))
            .collect();
        match (combinators.as_slice(), fields.operators.as_slice()) {
            ([], [(operator, value)]) => self.comparison(node, fields, operator, *value),
            ([(Field::Not, inner)], []) => Test::Not(Box::new(self.nested_test(*inner, fields))),
            ([(field, list)], []) => {
                let tests = list.elements().map(|inner| self.nested_test(inner, fields)).collect();
                if *field == Field::And { Test::And(tests) } else { Test::Or(tests) }
            }
            // One of them has a value of another type, and its error.
            ([], []) if has_combinator(node) => Test::Invalid,
            ([], []) => {
                self.error(node, name_range(node), LowerErrorKind::NoComparison);
                Test::Invalid
            }
            (_, operators) => {
                let member = operators.last().and_then(|(_, value)| value.parent());
                let key = member.and_then(|member| member.children().next());
                self.error(
                    node,
                    key.map_or(name_range(node), Node::range),
                    LowerErrorKind::SeveralComparisons,
                );
                Test::Invalid
            }
        }
    }

    fn nested_test(&mut self, node: Node<'a>, outer: &Fields<'a>) -> Test {
        if !node.is_object() {
            return Test::Invalid;
        }
        let place = Place { owner: Owner::NestedRule, language: outer.language, scope: outer.scope };
        let fields = self.fields(node, place);
        self.test(node, &fields)
    }

    fn comparison(
        &mut self,
        node: Node<'a>,
        fields: &Fields<'a>,
        operator: &'static ChoiceOperator,
        value: Node<'a>,
    ) -> Test {
        let Some(variable) = fields.get(Field::Variable) else {
            if node.get(Field::Variable.name()).is_none() {
                self.error(node, name_range(node), LowerErrorKind::MissingFields(vec![Field::Variable]));
            }
            return Test::Invalid;
        };
        let Some(variable) = self.path_slot(variable) else { return Test::Invalid };
        let with = if !operator.is_path {
            self.comparand(operator, value)
        } else if value.is_string() {
            self.path_slot(value).map(Comparand::Path)
        } else {
            self.error(value, value.range(), LowerErrorKind::WrongType("a string: a path"));
            None
        };
        with.map_or(Test::Invalid, |with| Test::Compare { variable: Box::new(variable), operator, with })
    }

    fn comparand(&mut self, operator: &'static ChoiceOperator, value: Node<'a>) -> Option<Comparand> {
        if is_filled_in(value) && !value.is_string() {
            self.problem(value, FILLED_IN);
            return None;
        }
        if has_substitution(value) {
            return Some(Comparand::Value(value.to_value()));
        }
        let is_timestamp = || value.text().is_some_and(|text| crate::expr::parse_timestamp(&text).is_some());
        let wrong = |is_right: bool, expected| (!is_right).then_some(LowerErrorKind::WrongType(expected));
        let wrong = match operator.comparison {
            Comparison::Equals(operand)
            | Comparison::LessThan(operand)
            | Comparison::GreaterThan(operand)
            | Comparison::LessThanEquals(operand)
            | Comparison::GreaterThanEquals(operand) => match operand {
                Operand::String => wrong(value.is_string(), "a string"),
                Operand::Numeric => wrong(value.number().is_some(), "a number"),
                Operand::Boolean => wrong(value.boolean().is_some(), "true or false"),
                Operand::Timestamp => (!is_timestamp()).then_some(LowerErrorKind::BadTimestamp),
            },
            Comparison::Matches => wrong(value.is_string(), "a string"),
            Comparison::IsNull
            | Comparison::IsPresent
            | Comparison::IsNumeric
            | Comparison::IsString
            | Comparison::IsBoolean
            | Comparison::IsTimestamp => wrong(value.boolean().is_some(), "true or false"),
        };
        match wrong {
            Some(kind) => {
                self.error(value, value.range(), kind);
                None
            }
            None => Some(Comparand::Value(value.to_value())),
        }
    }

    pub(super) fn retrier(&mut self, node: Node<'a>, language: QueryLanguage, scope: ScopeId) -> Retrier {
        let fields = self.fields(node, Place { owner: Owner::Retrier, language, scope });
        // Whole numbers below 10^9, written `3` or `3.0`: a double holds them exactly.
        let whole = |field| {
            let number = fields.get(field).and_then(Node::number);
            number.and_then(|number| number.as_f64()).map(|number| number as i64)
        };
        let backoff_rate = fields.get(Field::BackoffRate).and_then(Node::number);
        Retrier {
            error_equals: error_names(&fields),
            interval_seconds: whole(Field::IntervalSeconds).unwrap_or(1),
            max_attempts: whole(Field::MaxAttempts).unwrap_or(3),
            backoff_rate: backoff_rate.unwrap_or_else(|| Number::from(2)),
            max_delay_seconds: whole(Field::MaxDelaySeconds),
            has_full_jitter: fields.get(Field::JitterStrategy).and_then(Node::text).as_deref()
                == Some(field_value::FULL),
        }
    }

    pub(super) fn catcher(&mut self, node: Node<'a>, language: QueryLanguage, scope: ScopeId) -> Catcher {
        let fields = self.fields(node, Place { owner: Owner::Catcher, language, scope });
        Catcher {
            error_equals: error_names(&fields),
            result_path: self.result_path(fields.get(Field::ResultPath)),
            output: fields.get(Field::Output).map(|node| self.payload(node, language)),
            assign: fields.get(Field::Assign).map(|node| self.payload(node, language)),
            next: self.transition(&fields, Field::Next, scope),
        }
    }
}

fn has_combinator(node: Node<'_>) -> bool {
    [Field::And, Field::Or, Field::Not].iter().any(|field| node.get(field.name()).is_some())
}

fn error_names(fields: &Fields<'_>) -> Vec<Arc<str>> {
    let names = fields.get(Field::ErrorEquals).into_iter().flat_map(Node::elements);
    names.filter_map(Node::text).map(|name| Arc::from(&*name)).collect()
}
