//! A call of a function that does not exist.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::expr::jsonata::NodeKind;
use crate::model::{Expression, Slot};
use crate::spec::jsonata::{EVAL, JSONATA_FUNCTIONS, JsonataFunction};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "unknown-function",
    code: "unknown-function",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds calls of functions that JSONata in Step Functions does not have.",
    doc: "The expression fails with `States.QueryEvaluationError`: `T1006: Attempted to invoke a non-function`. Step Functions has the functions of JSONata 2.0.6 but for `$eval`, and `$partition`, `$range`, `$hash`, `$random`, `$uuid` and `$parse` of its own.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "QueryLanguage": "JSONata", "Output": "{% $eval('1') %}", "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "QueryLanguage": "JSONata", "Output": "{% $number('1') %}", "End": true}}}"#,
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html",
    config: Config::default,
    check: Check::Expression(check),
};

fn check(ctx: &mut Reporter<'_>, _view: &StateView<'_>, slot: &Slot) {
    let Expression::Jsonata(program) = &slot.expr else { return };
    let tree = program.tree();
    let mut called = Vec::new();
    tree.root.visit(&mut |node| {
        if let NodeKind::Call { function, .. } = &node.kind {
            called.push(function);
        }
    });
    if called.is_empty() {
        return;
    }
    let unbound = program.references();
    for function in called {
        let (name, hint) = match &function.kind {
            NodeKind::Variable(name) => {
                let is_unbound = unbound.iter().any(|it| it.variable.range.start() == function.range.start());
                if !is_unbound || JsonataFunction::find(name).is_some() {
                    continue;
                }
                (format!("${name}"), suggestion(name))
            }
            // A function is called by its name with a dollar sign.
            NodeKind::Field(name) if JsonataFunction::find(name).is_some() => {
                (name.clone(), format!("; write ${name}"))
            }
            _ => continue,
        };
        ctx.report_in(slot, function.range, format!("There is no function {name}{hint}"));
    }
}

fn suggestion(name: &str) -> String {
    if name == EVAL {
        return ": Step Functions does not have this one of JSONata's".to_owned();
    }
    match JSONATA_FUNCTIONS.iter().find(|known| known.name.eq_ignore_ascii_case(name)) {
        Some(known) => format!("; it is written ${}", known.name),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn misspelt_and_without_a_dollar_sign() {
        check_states(
            r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "End": true, "Output": {
"case": "{% $toUppercase($upperCase('a')) %}", "bare": "{% sum([1]) %}", "eval": "{% $eval('1') %}",
"own": "{% ($f := function($x) { $x }; $f(1)) %}"}}"#,
            expect![[r#"
                "case": "{% $toUppercase($upperCase('a')) %}", "bare": "{% sum([1]) %}", "eval": "{% $eval('1') %}",
                            ^^^^^^^^^^^^
                warning unknown-function: There is no function $toUppercase
                "case": "{% $toUppercase($upperCase('a')) %}", "bare": "{% sum([1]) %}", "eval": "{% $eval('1') %}",
                                         ^^^^^^^^^^
                warning unknown-function: There is no function $upperCase; it is written $uppercase
                "case": "{% $toUppercase($upperCase('a')) %}", "bare": "{% sum([1]) %}", "eval": "{% $eval('1') %}",
                                                                           ^^^
                warning unknown-function: There is no function sum; write $sum
                "case": "{% $toUppercase($upperCase('a')) %}", "bare": "{% sum([1]) %}", "eval": "{% $eval('1') %}",
                                                                                                     ^^^^^
                warning unknown-function: There is no function $eval: Step Functions does not have this one of JSONata's
            "#]],
        );
    }
}
