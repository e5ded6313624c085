//! A call of a JSONata function with too many or too few arguments.

use crate::diagnostics::rule::{Check, Reporter, StateView};
use crate::diagnostics::{Config, Rule, Severity};
use crate::expr::jsonata::{NodeKind, Symbol};
use crate::model::{Expression, Slot};

pub(in crate::diagnostics) const RULE: Rule = Rule {
    name: "function-arguments",
    code: "function-arguments",
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Finds calls of JSONata functions with a number of arguments that they do not take.",
    doc: "The expression fails with `States.QueryEvaluationError`: `T0410: Argument … of function … does not match function signature`. An argument that `~>` hands over counts, and one may be missing where JSONata puts the context value in its place.",
    failing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "QueryLanguage": "JSONata", "Output": "{% $uuid(1) %}", "End": true}}}"#,
    passing: r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "QueryLanguage": "JSONata", "Output": "{% $uuid() %}", "End": true}}}"#,
    link: "https://docs.jsonata.org/overview",
    config: Config::default,
    check: Check::Expression(check),
};

fn check(ctx: &mut Reporter<'_>, _view: &StateView<'_>, slot: &Slot) {
    let Expression::Jsonata(program) = &slot.expr else { return };
    let tree = program.tree();
    let mut chained = Vec::new();
    let mut calls = Vec::new();
    tree.root.visit(&mut |node| match &node.kind {
        NodeKind::Binary { operator: Symbol::Chain, operands, .. } => {
            let [_, function] = operands.as_ref();
            chained.push(function.range);
        }
        NodeKind::Call { function, arguments, .. } => calls.push((node, function, arguments)),
        _ => {}
    });
    if calls.is_empty() {
        return;
    }
    let unbound = program.references();
    for (node, function, arguments) in calls {
        let reference = unbound.iter().find(|it| it.variable.range.start() == function.range.start());
        let Some(known) = reference.and_then(|reference| reference.builtin) else { continue };
        let n_arguments = arguments.len() + usize::from(chained.contains(&node.range));
        let is_too_few = n_arguments + usize::from(known.takes_context()) < known.arguments_min();
        let is_too_many = known.arguments_max().is_some_and(|most| n_arguments > most);
        if is_too_few || is_too_many {
            let number = if is_too_few { "few" } else { "many" };
            let message = format!("Too {number} arguments: {}", known.signature());
            ctx.report_in(slot, node.range, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_states;

    #[test]
    fn too_many_and_too_few() {
        check_states(
            r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "End": true, "Output": {
"many": "{% $count([1], 2) %}", "few": "{% $replace('a') %}", "chained": "{% 'a' ~> $uppercase(1) %}",
"right": "{% ['a', 'b'] ~> $join(',') ~> $pad(5) %}", "any": "{% $zip([1], [2], [3]) %}",
"context": "{% $states.input.a.$length() %}", "none": "{% $states.input.a.$sum() %}", "own": "{% $hash('a') %}"}}"#,
            expect![[r#"
                "many": "{% $count([1], 2) %}", "few": "{% $replace('a') %}", "chained": "{% 'a' ~> $uppercase(1) %}",
                            ^^^^^^^^^^^^^^
                warning function-arguments: Too many arguments: $count(array: array): number
                "many": "{% $count([1], 2) %}", "few": "{% $replace('a') %}", "chained": "{% 'a' ~> $uppercase(1) %}",
                                                           ^^^^^^^^^^^^^
                warning function-arguments: Too few arguments: $replace(text: string, pattern: string | regex, replacement: string | function, limit?: number): string
                "many": "{% $count([1], 2) %}", "few": "{% $replace('a') %}", "chained": "{% 'a' ~> $uppercase(1) %}",
                                                                                                    ^^^^^^^^^^^^^
                warning function-arguments: Too many arguments: $uppercase(text: string): string
                "context": "{% $states.input.a.$length() %}", "none": "{% $states.input.a.$sum() %}", "own": "{% $hash('a') %}"}}
                                                                                          ^^^^^^
                warning function-arguments: Too few arguments: $sum(numbers: array): number
                "context": "{% $states.input.a.$length() %}", "none": "{% $states.input.a.$sum() %}", "own": "{% $hash('a') %}"}}
                                                                                                                 ^^^^^^^^^^
                warning function-arguments: Too few arguments: $hash(data: string, algorithm: string): string
            "#]],
        );
    }
}
