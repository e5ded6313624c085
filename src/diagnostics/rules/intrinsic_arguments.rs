//! Arguments that an intrinsic function does not take.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::expr::Expr;
use crate::expr::intrinsic::{ArgumentKind, Call};
use crate::model::{Expression, Slot};
use crate::spec::intrinsic::{HASH_ALGORITHMS, IntrinsicFunction, Parameter, ValueType};
use crate::spec::{Field, quota};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "intrinsic-arguments",
    code: "intrinsic-arguments",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds arguments of intrinsic functions of the wrong type or beyond their limits, and templates whose `{}` do not fit the arguments.",
    doc: "The function fails when it is called and the execution ends with `States.Runtime`. `States.Format` has as many `{}` as further arguments; `ErrorPath` and `CausePath` need a function that gives a string.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"x.$": "States.Format('{} {}', $.a)"}, "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"x.$": "States.Format('{} {}', $.a, $.b)"}, "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html",
    config: Config::default,
    check: Check::Expression(check),
};

fn check(ctx: &mut Reporter<'_>, _view: &StateView<'_>, slot: &Slot) {
    let Expression::JsonPath(Expr::Intrinsic(intrinsic)) = &slot.expr else { return };
    let outer = intrinsic.call();
    let needs_text =
        [Field::ErrorPath, Field::CausePath].iter().any(|field| slot.field.as_str() == field.name());
    if needs_text
        && let Some(function) = outer.function.map(IntrinsicFunction::row)
        && !fits(function.returns, ValueType::String)
    {
        let message = format!("'{}' needs a function that gives a string", slot.field);
        ctx.report_in(slot, outer.name_range, message);
    }
    // No deeper than the parser admits.
    let mut todo = vec![outer];
    while let Some(call) = todo.pop() {
        let Some(function) = call.function else { continue };
        check_call(ctx, slot, call, function);
        todo.extend(call.arguments.iter().filter_map(|argument| match &argument.kind {
            ArgumentKind::Call(inner) => Some(inner),
            _ => None,
        }));
    }
}

fn check_call(ctx: &mut Reporter<'_>, slot: &Slot, call: &Call, function: IntrinsicFunction) {
    let row = function.row();
    for (idx, argument) in call.arguments.iter().enumerate() {
        let parameter = row.parameters.get(idx).or(row.parameters.last());
        let Some(parameter) = parameter else { continue };
        let given = match &argument.kind {
            ArgumentKind::String(_) => ValueType::String,
            ArgumentKind::Number(_) => ValueType::Number,
            ArgumentKind::Bool(_) => ValueType::Boolean,
            ArgumentKind::Call(inner) => match inner.function {
                Some(inner) => inner.row().returns,
                None => continue,
            },
            ArgumentKind::Null if parameter.value_type != ValueType::Any => {
                let message = wrong_type(row.name, parameter, "null");
                ctx.report_in(slot, argument.range, message);
                continue;
            }
            ArgumentKind::Null | ArgumentKind::Path(_) | ArgumentKind::Error => continue,
        };
        if !fits(given, parameter.value_type) {
            let message = wrong_type(row.name, parameter, given.text());
            ctx.report_in(slot, argument.range, message);
        }
    }
    if let Some((idx, message)) = beyond_limits(call, function) {
        let range = call.arguments.get(idx).map_or(call.range, |argument| argument.range);
        ctx.report_in(slot, range, message);
    }
}

fn wrong_type(function: &str, parameter: &Parameter, given: &str) -> String {
    let Parameter { name, value_type, .. } = parameter;
    format!("'{name}' of {function} has the type {}, not {given}", value_type.text())
}

fn fits(given: ValueType, wanted: ValueType) -> bool {
    given == ValueType::Any || wanted == ValueType::Any || given == wanted
}

/// The argument that a function cannot take for its value, and why.
fn beyond_limits(call: &Call, function: IntrinsicFunction) -> Option<(usize, String)> {
    let number = |idx: usize| match &call.arguments.get(idx)?.kind {
        ArgumentKind::Number(number) => number.as_f64(),
        _ => None,
    };
    let text = |idx: usize| match &call.arguments.get(idx)?.kind {
        ArgumentKind::String(literal) => Some(literal),
        _ => None,
    };
    match function {
        IntrinsicFunction::Format => {
            let n_places = places(&text(0)?.raw);
            let n_arguments = call.arguments.len() - 1;
            let message = || {
                format!("The template has {n_places} {{}}, but there are {n_arguments} arguments for them")
            };
            (n_places != n_arguments).then(|| (0, message()))
        }
        IntrinsicFunction::ArrayPartition => {
            let message = "The size of the chunks is a positive integer";
            number(1).filter(|size| *size < 1.0).map(|_| (1, message.to_owned()))
        }
        IntrinsicFunction::ArrayGetItem => {
            let message = "The index is counted from 0";
            number(1).filter(|index| *index < 0.0).map(|_| (1, message.to_owned()))
        }
        IntrinsicFunction::ArrayRange => {
            let (first, last, step) = (number(0)?.round(), number(1)?.round(), number(2)?.round());
            if step == 0.0 {
                return Some((2, "The step cannot be 0".to_owned()));
            }
            let most = quota::ARRAY_RANGE_LEN_MAX;
            let is_too_long = (last - first) / step + 1.0 > most as f64;
            is_too_long.then(|| (0, format!("The array has more than {most} elements")))
        }
        IntrinsicFunction::Hash => {
            let is_known = HASH_ALGORITHMS.contains(&text(1)?.value().as_str());
            (!is_known).then(|| (1, format!("The algorithm is one of {}", HASH_ALGORITHMS.join(", "))))
        }
        IntrinsicFunction::JsonMerge => match call.arguments.get(2)?.kind {
            ArgumentKind::Bool(true) => {
                Some((2, "Step Functions merges one level only: this argument is false".to_owned()))
            }
            _ => None,
        },
        _ => None,
    }
}

/// How many `{}` a template has.
fn places(template: &str) -> usize {
    let mut n_places = 0;
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '{' if chars.peek() == Some(&'}') => n_places += 1,
            _ => {}
        }
    }
    n_places
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn types_and_limits() {
        check_states(
            r#""A": {"Type": "Pass", "Next": "B", "Parameters": {
"a.$": "States.MathAdd('1', States.UUID())", "b.$": "States.Format('{} \\\\{}', 1)", "c.$": "States.ArrayRange(1, 5000, 1)",
"d.$": "States.Hash($.a, 'sha')", "e.$": "States.JsonMerge($.a, $.b, true)", "f.$": "States.ArrayLength(null)",
"g.$": "States.StringToJson(States.Format('{}{}', $.x))"}},
"B": {"Type": "Fail", "ErrorPath": "States.MathAdd(1, 2)"}"#,
            expect![[r#"
                "a.$": "States.MathAdd('1', States.UUID())", "b.$": "States.Format('{} \\\\{}', 1)", "c.$": "States.ArrayRange(1, 5000, 1)",
                                       ^^^
                warning intrinsic-arguments: 'first' of States.MathAdd has the type number, not string
                "a.$": "States.MathAdd('1', States.UUID())", "b.$": "States.Format('{} \\\\{}', 1)", "c.$": "States.ArrayRange(1, 5000, 1)",
                                            ^^^^^^^^^^^^^
                warning intrinsic-arguments: 'second' of States.MathAdd has the type number, not string
                "a.$": "States.MathAdd('1', States.UUID())", "b.$": "States.Format('{} \\\\{}', 1)", "c.$": "States.ArrayRange(1, 5000, 1)",
                                                                                   ^^^^^^^^^^^
                warning intrinsic-arguments: The template has 2 {}, but there are 1 arguments for them
                "a.$": "States.MathAdd('1', States.UUID())", "b.$": "States.Format('{} \\\\{}', 1)", "c.$": "States.ArrayRange(1, 5000, 1)",
                                                                                                                               ^
                warning intrinsic-arguments: The array has more than 1000 elements
                "d.$": "States.Hash($.a, 'sha')", "e.$": "States.JsonMerge($.a, $.b, true)", "f.$": "States.ArrayLength(null)",
                                         ^^^^^
                warning intrinsic-arguments: The algorithm is one of MD5, SHA-1, SHA-256, SHA-384, SHA-512
                "d.$": "States.Hash($.a, 'sha')", "e.$": "States.JsonMerge($.a, $.b, true)", "f.$": "States.ArrayLength(null)",
                                                                                     ^^^^
                warning intrinsic-arguments: Step Functions merges one level only: this argument is false
                "d.$": "States.Hash($.a, 'sha')", "e.$": "States.JsonMerge($.a, $.b, true)", "f.$": "States.ArrayLength(null)",
                                                                                                                        ^^^^
                warning intrinsic-arguments: 'array' of States.ArrayLength has the type array, not null
                "g.$": "States.StringToJson(States.Format('{}{}', $.x))"}},
                                                          ^^^^^^
                warning intrinsic-arguments: The template has 2 {}, but there are 1 arguments for them
                "B": {"Type": "Fail", "ErrorPath": "States.MathAdd(1, 2)"}
                                                    ^^^^^^^^^^^^^^
                warning intrinsic-arguments: 'ErrorPath' needs a function that gives a string
            "#]],
        );
    }
}
